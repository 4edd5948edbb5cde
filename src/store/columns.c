/*
 * The tables of store/columns.h. The compiler finds each field's kind; only enums and references
 * are said.
 */
#include "store/columns.h"

#include "store/store.h"

#include <assert.h>

#define FIELD(row, field) (((row *)0)->field)

/* A field of its own name; the type decides its kind. */
#define AS(row, field, column)                                                                      \
	{                                                                                           \
		.name = column,                                                                     \
		.kind = _Generic(FIELD(row, field), int64_t: COLUMN_INT64, int32_t: COLUMN_INT32,   \
		                 uint32_t: COLUMN_UINT32, bool: COLUMN_BOOL, char *: COLUMN_TEXT,   \
		                 uint8_t *: COLUMN_BYTES),                                          \
		.offset = offsetof(row, field), .size = sizeof FIELD(row, field),                   \
		.max = UINT32_MAX,                                                                  \
	}
#define COL(row, field) AS(row, field, #field)
#define ENUM(row, field, count)                                                                     \
	{                                                                                           \
		.name = #field, .kind = COLUMN_UINT32, .offset = offsetof(row, field),              \
		.size = sizeof FIELD(row, field), .max = (count) - 1,                               \
	}
#define REFERENCE(row, field, column)                                                               \
	{                                                                                           \
		.name = column, .kind = COLUMN_REFERENCE, .offset = offsetof(row, field),           \
		.size = sizeof FIELD(row, field),                                                   \
	}
#define BLOB(row, field, len)                                                                       \
	{                                                                                           \
		.name = #field, .kind = COLUMN_BLOB, .offset = offsetof(row, field),                \
		.size = sizeof FIELD(row, field), .len_offset = offsetof(row, len),                 \
	}
#define END {.name = NULL}

/* These numbers stand in databases: in rows, and in the conditions of partial indexes. */
static_assert(CHECK_CLOSED == 9 && CHECK_STATES == 10, "stored states of a check");
static_assert(PAGE_CLOSED == 6 && PAGE_STATES == 7, "stored states of a page");
static_assert(LOOK_OVER == 5 && LOOK_STATES == 8, "stored states of a look");
static_assert(OUTCOME_EXCUSED == 3 && ANSWER_UNUSABLE == 6 && CAUSE_DECEASED == 18,
              "stored judgements");
static_assert(sizeof(enum check_state) == sizeof(uint32_t),
              "enums are read and written as uint32_t");
static_assert(PERSONS_MAX == 2, "looks have a column for each person's check");

static const struct column check_column[] = {
	REFERENCE(struct check, id, "id"),
	COL(struct check, night),
	COL(struct check, resident),
	COL(struct check, agreement),
	COL(struct check, agreement_version),
	COL(struct check, slot),
	COL(struct check, camera),
	COL(struct check, area),
	COL(struct check, priority),
	REFERENCE(struct check, pair, "pair"),
	ENUM(struct check, kind, SLOT_VISIT + 1),
	ENUM(struct check, note, PLAN_NOTES),
	COL(struct check, start_ms),
	COL(struct check, early_ms),
	COL(struct check, latest_ms),
	COL(struct check, hard_end_ms),
	COL(struct check, rechecks_left),
	COL(struct check, recheck_earliest_ms),
	COL(struct check, recheck_due_ms),
	COL(struct check, recheck_late_ms),
	COL(struct check, on_site_ms),
	COL(struct check, page_unanswered_ms),
	COL(struct check, visit_report_ms),
	ENUM(struct check, state, CHECK_STATES),
	ENUM(struct check, outcome, OUTCOME_EXCUSED + 1),
	ENUM(struct check, cause, CAUSES),
	COL(struct check, reason),
	COL(struct check, camera_lost),
	COL(struct check, look_number),
	REFERENCE(struct check, look, "look"),
	COL(struct check, replacement_used),
	COL(struct check, other_person),
	ENUM(struct check, answer, ANSWERS),
	COL(struct check, operator_id),
	COL(struct check, session),
	COL(struct check, claimed_ms),
	COL(struct check, look_ms),
	COL(struct check, shown_ms),
	COL(struct check, view_over_ms),
	COL(struct check, view_ms),
	COL(struct check, answered_ms),
	COL(struct check, first_answer_ms),
	COL(struct check, fault_ms),
	COL(struct check, fault_page_ms),
	REFERENCE(struct check, page, "page"),
	COL(struct check, patrol_ms),
	COL(struct check, on_site_trouble),
	COL(struct check, closed_ms),
	COL(struct check, next_at),
	COL(struct check, decision_version),
	END,
};

static const struct column look_column[] = {
	REFERENCE(struct look_row, id, "id"),
	COL(struct look_row, night),
	COL(struct look_row, n_checks),
	REFERENCE(struct look_row, check[0], "check_1"),
	REFERENCE(struct look_row, check[1], "check_2"),
	COL(struct look_row, camera),
	COL(struct look_row, agreement),
	COL(struct look_row, operator_id),
	COL(struct look_row, session),
	COL(struct look_row, number),
	COL(struct look_row, replacement),
	ENUM(struct look_row, state, LOOK_STATES),
	COL(struct look_row, permit_id),
	COL(struct look_row, nonce),
	COL(struct look_row, claimed_ms),
	COL(struct look_row, recorded_ms),
	COL(struct look_row, sent_ms),
	COL(struct look_row, opened_ms),
	COL(struct look_row, lens_ms),
	COL(struct look_row, shown_ms),
	COL(struct look_row, view_ms),
	ENUM(struct look_row, cause, CAUSES),
	END,
};

static const struct column page_column[] = {
	REFERENCE(struct page, number, "number"),
	COL(struct page, night),
	ENUM(struct page, cause, CAUSES),
	COL(struct page, urgent),
	COL(struct page, area),
	ENUM(struct page, state, PAGE_STATES),
	COL(struct page, step),
	COL(struct page, steps),
	COL(struct page, contact),
	COL(struct page, acknowledged_by),
	COL(struct page, held),
	COL(struct page, hold_until_ms),
	COL(struct page, on_site_limit_ms),
	COL(struct page, unanswered_ms),
	COL(struct page, queued_ms),
	COL(struct page, submitted_ms),
	COL(struct page, at_network_ms),
	COL(struct page, delivered_ms),
	COL(struct page, acknowledged_ms),
	COL(struct page, on_site_ms),
	COL(struct page, closed_ms),
	COL(struct page, step_ms),
	COL(struct page, silent),
	COL(struct page, trouble),
	COL(struct page, repeated),
	COL(struct page, emergency_called),
	COL(struct page, next_at),
	COL(struct page, decision_version),
	END,
};

static const struct column resident_column[] = {
	COL(struct resident_row, id),
	COL(struct resident_row, name),
	COL(struct resident_row, address),
	COL(struct resident_row, bed_note),
	COL(struct resident_row, door_note),
	COL(struct resident_row, phone),
	COL(struct resident_row, agreement),
	END,
};

static const struct column agreement_column[] = {
	COL(struct agreement_row, id),
	COL(struct agreement_row, version),
	BLOB(struct agreement_row, doc, doc_len),
	COL(struct agreement_row, signature),
	COL(struct agreement_row, withdrawn_ms),
	END,
};

static const struct column camera_column[] = {
	COL(struct camera_row, id),
	COL(struct camera_row, serial),
	COL(struct camera_row, agreement),
	COL(struct camera_row, device_key),
	COL(struct camera_row, enrolled_ms),
	COL(struct camera_row, accepted_ms),
	COL(struct camera_row, last_seen_ms),
	COL(struct camera_row, connected),
	END,
};

static const struct column operator_column[] = {
	COL(struct operator_row, id),
	COL(struct operator_row, name),
	COL(struct operator_row, user),
	COL(struct operator_row, certificate),
	COL(struct operator_row, key),
	ENUM(struct operator_row, role, ROLES),
	END,
};

static const struct column contact_column[] = {
	COL(struct contact_row, id),
	COL(struct contact_row, name),
	COL(struct contact_row, phone),
	ENUM(struct contact_row, role, CONTACT_ROLES),
	COL(struct contact_row, area),
	COL(struct contact_row, step),
	END,
};

static const struct column pause_column[] = {
	COL(struct pause_row, resident),
	COL(struct pause_row, from_ms),
	COL(struct pause_row, to_ms),
	COL(struct pause_row, review_ms),
	COL(struct pause_row, reason),
	AS(struct pause_row, by, "entered_by"),
	END,
};

static const struct column outbox_column[] = {
	REFERENCE(struct outbox_row, id, "id"),
	ENUM(struct outbox_row, kind, OUTBOX_KINDS),
	COL(struct outbox_row, subject),
	COL(struct outbox_row, name),
	COL(struct outbox_row, created_ms),
	REFERENCE(struct outbox_row, record, "record"),
	COL(struct outbox_row, attempts),
	COL(struct outbox_row, next_at),
	BLOB(struct outbox_row, payload, payload_len),
	END,
};

static const struct column alarm_column[] = {
	REFERENCE(struct alarm_row, id, "id"),
	COL(struct alarm_row, kind),
	COL(struct alarm_row, subject),
	ENUM(struct alarm_row, level, ALARM_HIGH + 1),
	COL(struct alarm_row, text),
	COL(struct alarm_row, since_ms),
	END,
};

/*
 * Here check, look and page are what the entry says and no references: the log stands on its own.
 */
static const struct column log_column[] = {
	REFERENCE(struct log_row, id, "id"),
	COL(struct log_row, number),
	COL(struct log_row, at_ms),
	COL(struct log_row, type),
	COL(struct log_row, actor),
	COL(struct log_row, resident),
	AS(struct log_row, check, "check_id"),
	AS(struct log_row, look, "look_id"),
	AS(struct log_row, page, "page_number"),
	COL(struct log_row, salt),
	COL(struct log_row, leaf),
	BLOB(struct log_row, canonical, len),
	END,
};

static const struct column node_column[] = {
	COL(struct node_row, place),
	COL(struct node_row, hash),
	END,
};

static const struct column index_column[] = {
	COL(struct index_row, resident),
	COL(struct index_row, count),
	COL(struct index_row, last),
	COL(struct index_row, chain),
	END,
};

static const struct column checkpoint_column[] = {
	COL(struct checkpoint_row, size),
	COL(struct checkpoint_row, at_ms),
	BLOB(struct checkpoint_row, note, len),
	END,
};

const struct columns check_columns = {"checks", sizeof(struct check), check_column};
const struct columns look_columns = {"looks", sizeof(struct look_row), look_column};
const struct columns page_columns = {"pages", sizeof(struct page), page_column};
const struct columns resident_columns = {"residents", sizeof(struct resident_row), resident_column};
const struct columns agreement_columns = {
	"agreements", sizeof(struct agreement_row), agreement_column,
};
const struct columns camera_columns = {"cameras", sizeof(struct camera_row), camera_column};
const struct columns operator_columns = {"operators", sizeof(struct operator_row), operator_column};
const struct columns contact_columns = {"contacts", sizeof(struct contact_row), contact_column};
const struct columns pause_columns = {"pauses", sizeof(struct pause_row), pause_column};
const struct columns outbox_columns = {"outbox", sizeof(struct outbox_row), outbox_column};
const struct columns alarm_columns = {"alarms", sizeof(struct alarm_row), alarm_column};
const struct columns log_columns = {"log", sizeof(struct log_row), log_column};
const struct columns node_columns = {"log_nodes", sizeof(struct node_row), node_column};
const struct columns index_columns = {"log_index", sizeof(struct index_row), index_column};
const struct columns checkpoint_columns = {
	"log_checkpoints", sizeof(struct checkpoint_row), checkpoint_column,
};
