/*
 * Rows as messages and back. What is plain data goes through one table a row, so that a field
 * cannot be sent and forgotten at the other end; words go through the core's names.
 */
#include "wire/rows.h"

#include "base/text.h"

#include <assert.h>
#include <string.h>

enum member_type {
	MEMBER_I64,
	MEMBER_I32,
	MEMBER_U32,
	MEMBER_BOOL,
	MEMBER_TEXT,
};

/* One field of a message and the member of a struct that it carries. */
struct member {
	const char *field;
	enum member_type type;
	size_t offset;
	size_t size; /* of a text */
};

#define CHECK(type, field, member)                                                                 \
	{                                                                                          \
		field, type, offsetof(struct check, member), sizeof((struct check *)0)->member     \
	}
#define PAGE(type, field, member)                                                                  \
	{                                                                                          \
		field, type, offsetof(struct page, member), sizeof((struct page *)0)->member       \
	}

static const struct member check_members[] = {
	CHECK(MEMBER_I64, "id", id),
	CHECK(MEMBER_I32, "night", night),
	CHECK(MEMBER_TEXT, "resident", resident),
	CHECK(MEMBER_TEXT, "agreement", agreement),
	CHECK(MEMBER_U32, "agreement_version", agreement_version),
	CHECK(MEMBER_TEXT, "slot", slot),
	CHECK(MEMBER_TEXT, "camera", camera),
	CHECK(MEMBER_TEXT, "area", area),
	CHECK(MEMBER_I32, "priority", priority),
	CHECK(MEMBER_I64, "pair", pair),
	CHECK(MEMBER_I64, "start_ms", start_ms),
	CHECK(MEMBER_I64, "early_ms", early_ms),
	CHECK(MEMBER_I64, "latest_ms", latest_ms),
	CHECK(MEMBER_I64, "hard_end_ms", hard_end_ms),
	CHECK(MEMBER_I64, "rechecks_left", rechecks_left),
	CHECK(MEMBER_I64, "recheck_earliest_ms", recheck_earliest_ms),
	CHECK(MEMBER_I64, "recheck_due_ms", recheck_due_ms),
	CHECK(MEMBER_I64, "recheck_late_ms", recheck_late_ms),
	CHECK(MEMBER_I64, "on_site_ms", on_site_ms),
	CHECK(MEMBER_I64, "page_unanswered_ms", page_unanswered_ms),
	CHECK(MEMBER_I64, "visit_report_ms", visit_report_ms),
	CHECK(MEMBER_TEXT, "reason", reason),
	CHECK(MEMBER_BOOL, "camera_lost", camera_lost),
	CHECK(MEMBER_I32, "look_number", look_number),
	CHECK(MEMBER_I64, "look", look),
	CHECK(MEMBER_BOOL, "replacement_used", replacement_used),
	CHECK(MEMBER_BOOL, "other_person", other_person),
	CHECK(MEMBER_TEXT, "operator", operator_id),
	CHECK(MEMBER_I64, "session", session),
	CHECK(MEMBER_I64, "claimed_ms", claimed_ms),
	CHECK(MEMBER_I64, "look_ms", look_ms),
	CHECK(MEMBER_I64, "shown_ms", shown_ms),
	CHECK(MEMBER_I64, "view_over_ms", view_over_ms),
	CHECK(MEMBER_I64, "view_ms", view_ms),
	CHECK(MEMBER_I64, "answered_ms", answered_ms),
	CHECK(MEMBER_I64, "first_answer_ms", first_answer_ms),
	CHECK(MEMBER_I64, "fault_ms", fault_ms),
	CHECK(MEMBER_I64, "fault_page_ms", fault_page_ms),
	CHECK(MEMBER_I64, "page", page),
	CHECK(MEMBER_I64, "patrol_ms", patrol_ms),
	CHECK(MEMBER_BOOL, "on_site_trouble", on_site_trouble),
	CHECK(MEMBER_I64, "closed_ms", closed_ms),
	CHECK(MEMBER_I64, "next_at", next_at),
	CHECK(MEMBER_I64, "decision_version", decision_version),
	{0},
};

static const struct member page_members[] = {
	PAGE(MEMBER_I64, "number", number),
	PAGE(MEMBER_I32, "night", night),
	PAGE(MEMBER_BOOL, "urgent", urgent),
	PAGE(MEMBER_TEXT, "area", area),
	PAGE(MEMBER_I32, "step", step),
	PAGE(MEMBER_I32, "steps", steps),
	PAGE(MEMBER_TEXT, "contact", contact),
	PAGE(MEMBER_TEXT, "acknowledged_by", acknowledged_by),
	PAGE(MEMBER_BOOL, "held", held),
	PAGE(MEMBER_I64, "hold_until_ms", hold_until_ms),
	PAGE(MEMBER_I64, "on_site_limit_ms", on_site_limit_ms),
	PAGE(MEMBER_I64, "unanswered_ms", unanswered_ms),
	PAGE(MEMBER_I64, "queued_ms", queued_ms),
	PAGE(MEMBER_I64, "submitted_ms", submitted_ms),
	PAGE(MEMBER_I64, "at_network_ms", at_network_ms),
	PAGE(MEMBER_I64, "delivered_ms", delivered_ms),
	PAGE(MEMBER_I64, "acknowledged_ms", acknowledged_ms),
	PAGE(MEMBER_I64, "on_site_at_ms", on_site_ms),
	PAGE(MEMBER_I64, "closed_ms", closed_ms),
	PAGE(MEMBER_I64, "step_ms", step_ms),
	PAGE(MEMBER_BOOL, "silent", silent),
	PAGE(MEMBER_BOOL, "trouble", trouble),
	PAGE(MEMBER_BOOL, "repeated", repeated),
	PAGE(MEMBER_BOOL, "emergency_called", emergency_called),
	PAGE(MEMBER_I64, "next_at", next_at),
	PAGE(MEMBER_I64, "decision_version", decision_version),
	{0},
};

static const char *const kind_names[] = {[SLOT_CAMERA] = "camera", [SLOT_VISIT] = "visit"};
static const char *const note_names[] = {
	[PLAN_PLAIN] = "plain", [PLAN_GAP] = "gap", [PLAN_FIRST] = "first", [PLAN_MOVED] = "moved"};

#define COUNT(array) (sizeof (array) / sizeof (array)[0])

static void put(struct wire_message *message, const struct member *members, const void *row)
{
	for (const struct member *m = members; m->field != NULL; m++) {
		const void *at = (const char *)row + m->offset;

		switch (m->type) {
		case MEMBER_I64:
			wire_set_int(message, m->field, *(const int64_t *)at);
			break;
		case MEMBER_I32:
			wire_set_int(message, m->field, *(const int32_t *)at);
			break;
		case MEMBER_U32:
			wire_set_int(message, m->field, *(const uint32_t *)at);
			break;
		case MEMBER_BOOL:
			wire_set_bool(message, m->field, *(const bool *)at);
			break;
		case MEMBER_TEXT:
			wire_set_text(message, m->field, at);
			break;
		}
	}
}

/* A number from outside that its member cannot hold is refused, whatever the table's bounds are. */
static enum err get_number(const struct member *m, int64_t value, void *at)
{
	if (m->type == MEMBER_I32) {
		*(int32_t *)at = (int32_t)value;
		return value < INT32_MIN || value > INT32_MAX ? ERR_PARSE : ERR_OK;
	}
	if (m->type == MEMBER_U32) {
		*(uint32_t *)at = (uint32_t)value;
		return value < 0 || value > UINT32_MAX ? ERR_PARSE : ERR_OK;
	}
	*(int64_t *)at = value;
	return ERR_OK;
}

static enum err get(const struct wire_message *message, const struct member *members, void *row)
{
	enum err r = ERR_OK;

	for (const struct member *m = members; m->field != NULL && r == ERR_OK; m++) {
		void *at = (char *)row + m->offset;

		if (m->type == MEMBER_BOOL)
			*(bool *)at = wire_bool(message, m->field);
		else if (m->type == MEMBER_TEXT)
			r = text_copy(at, m->size, wire_text(message, m->field));
		else
			r = get_number(m, wire_int(message, m->field), at);
	}
	return r;
}

/* The index of a word, or -1. */
static int word_index(const char *const *words, size_t n, const char *word)
{
	for (size_t i = 0; i < n; i++)
		if (text_equal(words[i], word))
			return (int)i;
	return -1;
}

struct wire_message *wire_from_check(const struct check *check)
{
	struct wire_message *message = wire_new(WIRE_CHECK);

	put(message, check_members, check);
	wire_set_text(message, "kind", kind_names[check->kind]);
	wire_set_text(message, "note", note_names[check->note]);
	wire_set_text(message, "state", check_state_name(check->state));
	wire_set_text(message, "outcome", check_outcome_name(check->outcome));
	wire_set_text(message, "cause", check_cause_name(check->cause));
	wire_set_text(message, "answer", check_answer_name(check->answer));
	return message;
}

enum err wire_to_check(const struct wire_message *message, struct check *check)
{
	int kind, note, state, outcome, cause, answer;
	enum err r;

	assert(wire_id(message) == WIRE_CHECK);
	memset(check, 0, sizeof *check);
	r = get(message, check_members, check);
	kind = word_index(kind_names, COUNT(kind_names), wire_text(message, "kind"));
	note = word_index(note_names, COUNT(note_names), wire_text(message, "note"));
	state = check_state_from_name(wire_text(message, "state"));
	outcome = check_outcome_from_name(wire_text(message, "outcome"));
	cause = check_cause_from_name(wire_text(message, "cause"));
	answer = check_answer_from_name(wire_text(message, "answer"));
	if (r == ERR_OK
	    && (kind < 0 || note < 0 || state < 0 || outcome < 0 || cause < 0 || answer < 0))
		r = ERR_PARSE;
	if (r != ERR_OK)
		return r;
	check->kind = (enum slot_kind)kind;
	check->note = (enum plan_note)note;
	check->state = (enum check_state)state;
	check->outcome = (enum check_outcome)outcome;
	check->cause = (enum cause)cause;
	check->answer = (enum answer)answer;
	return ERR_OK;
}

struct wire_message *wire_from_page(const struct page *page)
{
	struct wire_message *message = wire_new(WIRE_PAGE_ROW);

	put(message, page_members, page);
	wire_set_text(message, "cause", check_cause_name(page->cause));
	wire_set_text(message, "state", page_state_name(page->state));
	return message;
}

enum err wire_to_page(const struct wire_message *message, struct page *page)
{
	int cause, state;
	enum err r;

	assert(wire_id(message) == WIRE_PAGE_ROW);
	memset(page, 0, sizeof *page);
	r = get(message, page_members, page);
	cause = check_cause_from_name(wire_text(message, "cause"));
	state = page_state_from_name(wire_text(message, "state"));
	if (r == ERR_OK && (cause < 0 || state < 0))
		r = ERR_PARSE;
	if (r != ERR_OK)
		return r;
	page->cause = (enum cause)cause;
	page->state = (enum page_state)state;
	return ERR_OK;
}

/* Appends one value of a detail. The buffer has room for the longest that an event can hold. */
static void put_value(struct buf *detail, const char *value)
{
	bool quoted = value[0] == '\0' || strpbrk(value, " \"\\=") != NULL;
	enum err r = quoted ? buf_add_text(detail, "\"") : ERR_OK;

	for (; *value != '\0' && r == ERR_OK; value++) {
		if (*value == '"' || *value == '\\')
			r = buf_add_text(detail, "\\");
		if (r == ERR_OK)
			r = buf_add(detail, value, 1);
	}
	if (quoted && r == ERR_OK)
		r = buf_add_text(detail, "\"");
	assert(r == ERR_OK);
}

struct wire_message *wire_from_log(int64_t number, const struct log_event *event)
{
	struct wire_message *message = wire_new(WIRE_LOG_ENTRY);
	struct buf detail = buf_new(LOG_EVENT_MAX_BYTES);

	for (int i = 0; i < event->n_fields; i++) {
		enum err r = buf_printf(&detail, "%s%s=", i > 0 ? " " : "", event->field[i].key);

		assert(r == ERR_OK);
		put_value(&detail, event->field[i].value);
	}
	wire_set_int(message, "number", number);
	wire_set_text(message, "type", log_type_name(event->type));
	wire_set_int(message, "at_ms", event->at_ms);
	wire_set_text(message, "actor", event->actor);
	wire_set_text(message, "resident", event->resident);
	wire_set_int(message, "check", event->check);
	wire_set_int(message, "look", event->look);
	wire_set_int(message, "page", event->page);
	wire_set_text(message, "detail", detail.data == NULL ? "" : (const char *)detail.data);
	buf_free(&detail);
	return message;
}

/* Reads one value at *at and moves past it; false when its closing quote is missing. */
static bool take_value(const char **at, char value[REASON_MAX_BYTES])
{
	const char *c = *at;
	bool quoted = *c == '"';
	size_t n = 0;

	if (quoted)
		c++;
	while (*c != '\0' && *c != (quoted ? '"' : ' ')) {
		if (quoted && *c == '\\' && c[1] != '\0')
			c++;
		if (n + 1 < REASON_MAX_BYTES)
			value[n++] = *c;
		c++;
	}
	value[n] = '\0';
	if (quoted && *c++ != '"')
		return false;
	*at = c;
	return true;
}

bool wire_detail_value(const char *detail, const char *key, char value[REASON_MAX_BYTES])
{
	size_t len = strlen(key);

	value[0] = '\0';
	while (*detail != '\0') {
		size_t n = strcspn(detail, "= ");
		bool found = n == len && memcmp(detail, key, len) == 0;

		detail += n;
		if (*detail != '=')
			break;
		detail++;
		if (!take_value(&detail, value))
			break;
		if (found)
			return true;
		detail += strspn(detail, " ");
	}
	value[0] = '\0';
	return false;
}
