/*
 * Rows for the store's tests, filled and compared by the column tables: every field gets a value of
 * its own, so a field that a store forgets, or mixes up with its neighbour, does not compare equal.
 */
#ifndef TILLSYN_TESTS_STORE_ROWS_H
#define TILLSYN_TESTS_STORE_ROWS_H

#include "store/columns.h"
#include "store/store.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define OK(call) assert_int_equal(call, ERR_OK)

enum row_kind {
	ROW_CHECK,
	ROW_LOOK,
	ROW_PAGE,
	ROW_RESIDENT,
	ROW_AGREEMENT,
	ROW_CAMERA,
	ROW_OPERATOR,
	ROW_CONTACT,
	ROW_PAUSE,
	ROW_OUTBOX,
	ROW_ALARM,
	ROW_NODE,
	ROW_INDEX,
	ROW_CHECKPOINT,
	ROW_LOG,
	ROW_KINDS,
};

/* Room for a row of any kind. */
union row {
	struct check check;
	struct look_row look;
	struct page page;
	struct resident_row resident;
	struct agreement_row agreement;
	struct camera_row camera;
	struct operator_row operator_row;
	struct contact_row contact;
	struct pause_row pause;
	struct outbox_row outbox;
	struct alarm_row alarm;
	struct log_row log;
	struct node_row node;
	struct index_row index;
	struct checkpoint_row checkpoint;
	int64_t id; /* of the kinds that the store numbers: their first field */
};

static inline const struct columns *row_columns(enum row_kind kind)
{
	static const struct columns *const columns[ROW_KINDS] = {
		[ROW_CHECK] = &check_columns,
		[ROW_LOOK] = &look_columns,
		[ROW_PAGE] = &page_columns,
		[ROW_RESIDENT] = &resident_columns,
		[ROW_AGREEMENT] = &agreement_columns,
		[ROW_CAMERA] = &camera_columns,
		[ROW_OPERATOR] = &operator_columns,
		[ROW_CONTACT] = &contact_columns,
		[ROW_PAUSE] = &pause_columns,
		[ROW_OUTBOX] = &outbox_columns,
		[ROW_ALARM] = &alarm_columns,
		[ROW_LOG] = &log_columns,
		[ROW_NODE] = &node_columns,
		[ROW_INDEX] = &index_columns,
		[ROW_CHECKPOINT] = &checkpoint_columns,
	};

	return columns[kind];
}

/* Text of every byte that fits, the last of them a letter of two bytes. */
static inline void fill_text(char *text, size_t size, uint32_t value)
{
	char digits[16];
	int n = snprintf(digits, sizeof digits, "%u.", value);

	for (size_t i = 0; i + 1 < size; i++)
		text[i] = digits[i % (size_t)n];
	memcpy(text + size - 3, "\303\245", 3);
}

/* An enum's value, or a number too large for an int32_t. */
static inline uint32_t narrow_value(const struct column *column, uint32_t value)
{
	return column->max == UINT32_MAX ? UINT32_MAX - value : value % (column->max + 1);
}

static inline void fill_field(const struct column *column, char *row, uint32_t value)
{
	char *field = row + column->offset;
	uint32_t narrow = 0;
	int32_t number = value % 2 ? INT32_MIN + (int32_t)value : INT32_MAX - (int32_t)value;
	int64_t wide = value % 2 ? INT64_MIN + value : INT64_MAX - value;
	bool yes = value % 2;
	size_t len = column->size - value % 3;

	switch (column->kind) {
	case COLUMN_INT64:
		memcpy(field, &wide, sizeof wide);
		break;
	case COLUMN_INT32:
		memcpy(field, &number, sizeof number);
		break;
	case COLUMN_UINT32:
		narrow = narrow_value(column, value);
		memcpy(field, &narrow, sizeof narrow);
		break;
	case COLUMN_BOOL:
		memcpy(field, &yes, sizeof yes);
		break;
	case COLUMN_REFERENCE:
		break;
	case COLUMN_TEXT:
		fill_text(field, column->size, value);
		break;
	case COLUMN_BLOB:
		memset(field, (int)(value % 255 + 1), len);
		memcpy(row + column->len_offset, &len, sizeof len);
		break;
	case COLUMN_BYTES:
		memset(field, (int)(value % 255 + 1), column->size);
		break;
	}
}

/* Every field at a value that depends on seed, except references and ids, which stay 0. */
static inline void row_fill(enum row_kind kind, union row *row, uint32_t seed)
{
	const struct columns *columns = row_columns(kind);

	memset(row, 0, sizeof *row);
	for (uint32_t i = 0; columns->column[i].name != NULL; i++)
		fill_field(&columns->column[i], (char *)row, seed * 100 + i);
}

static inline void row_assert_equal(enum row_kind kind, const void *a, const void *b)
{
	const struct columns *columns = row_columns(kind);

	for (int i = 0; columns->column[i].name != NULL; i++) {
		const struct column *column = &columns->column[i];
		const char *left = (const char *)a + column->offset,
			   *right = (const char *)b + column->offset;
		size_t len = column->size;

		if (column->kind == COLUMN_BLOB) {
			assert_memory_equal((const char *)a + column->len_offset,
			                    (const char *)b + column->len_offset, sizeof len);
			memcpy(&len, (const char *)a + column->len_offset, sizeof len);
		}
		if (column->kind == COLUMN_TEXT ? strcmp(left, right) != 0
		                                : memcmp(left, right, len) != 0)
			fail_msg("%s.%s differs", columns->table, column->name);
	}
}

static inline enum err row_put(const struct store *store, enum row_kind kind, union row *row)
{
	switch (kind) {
	case ROW_CHECK:
		return store->check_put(store->impl, &row->check);
	case ROW_LOOK:
		return store->look_put(store->impl, &row->look);
	case ROW_PAGE:
		return store->page_put(store->impl, &row->page);
	case ROW_RESIDENT:
		return store->resident_put(store->impl, &row->resident);
	case ROW_AGREEMENT:
		return store->agreement_put(store->impl, &row->agreement);
	case ROW_CAMERA:
		return store->camera_put(store->impl, &row->camera);
	case ROW_OPERATOR:
		return store->operator_put(store->impl, &row->operator_row);
	case ROW_CONTACT:
		return store->contact_put(store->impl, &row->contact);
	case ROW_PAUSE:
		return store->pause_put(store->impl, &row->pause);
	case ROW_OUTBOX:
		return store->outbox_put(store->impl, &row->outbox);
	case ROW_ALARM:
		return store->alarm_put(store->impl, &row->alarm);
	case ROW_NODE:
		return store->node_put(store->impl, &row->node);
	case ROW_INDEX:
		return store->index_put(store->impl, &row->index);
	case ROW_CHECKPOINT:
		return store->checkpoint_put(store->impl, &row->checkpoint);
	default:
		return store->log_append(store->impl, &row->log);
	}
}

struct index_search {
	const char *resident;
	struct index_row *out;
	bool found;
};

static inline bool find_index(void *arg, const struct index_row *row)
{
	struct index_search *search = arg;

	if (strcmp(row->resident, search->resident) != 0)
		return true;
	*search->out = *row;
	search->found = true;
	return false;
}

static inline enum err index_get_row(const struct store *store, const char *resident,
                                     struct index_row *out)
{
	struct index_search search = {resident, out, false};
	enum err r = store->index(store->impl, find_index, &search);

	return r != ERR_OK || search.found ? r : ERR_NOT_FOUND;
}

/* The stored row that has the key of row. */
static inline enum err row_get(const struct store *store, enum row_kind kind, const union row *row,
                               union row *out)
{
	switch (kind) {
	case ROW_CHECK:
		return store->check_get(store->impl, row->id, &out->check);
	case ROW_LOOK:
		return store->look_get(store->impl, row->id, &out->look);
	case ROW_PAGE:
		return store->page_get(store->impl, row->id, &out->page);
	case ROW_RESIDENT:
		return store->resident_get(store->impl, row->resident.id, &out->resident);
	case ROW_AGREEMENT:
		return store->agreement_get(store->impl, row->agreement.id, &out->agreement);
	case ROW_CAMERA:
		return store->camera_get(store->impl, row->camera.id, &out->camera);
	case ROW_OPERATOR:
		return store->operator_get(store->impl, row->operator_row.id, &out->operator_row);
	case ROW_CONTACT:
		return store->contact_get(store->impl, row->contact.id, &out->contact);
	case ROW_PAUSE:
		return store->pause_get(store->impl, row->pause.resident, &out->pause);
	case ROW_OUTBOX:
		return store->outbox_get(store->impl, row->id, &out->outbox);
	case ROW_ALARM:
		return store->alarm_find(store->impl, row->alarm.kind, row->alarm.subject,
		                         &out->alarm);
	case ROW_NODE:
		return store->node_get(store->impl, row->node.place, &out->node);
	case ROW_INDEX:
		return index_get_row(store, row->index.resident, &out->index);
	case ROW_CHECKPOINT:
		return store->checkpoint_get(store->impl, row->checkpoint.size, &out->checkpoint);
	default:
		return store->log_get(store->impl, row->id, &out->log);
	}
}

/* A plain check of a resident's slot: open, never due. */
static inline struct check a_check(const char *resident, const char *slot, int32_t night)
{
	struct check check = {.night = night, .state = CHECK_OPEN};

	snprintf(check.resident, sizeof check.resident, "%s", resident);
	snprintf(check.slot, sizeof check.slot, "%s", slot);
	return check;
}

/* What an iteration gave: the ids or the first letters of its rows' keys, in order. */
struct seen {
	int n;
	int stop_at; /* ask for no more after so many; 0 = all */
	int64_t id[64];
	char text[256];
};

static inline bool seen_id(struct seen *seen, int64_t id)
{
	assert_true(seen->n < 64);
	seen->id[seen->n++] = id;
	return seen->n != seen->stop_at;
}

static inline bool seen_text(struct seen *seen, const char *text)
{
	assert_true(strlen(seen->text) + strlen(text) + 2 < sizeof seen->text);
	if (seen->n > 0)
		strcat(seen->text, " ");
	strcat(seen->text, text);
	seen->n++;
	return seen->n != seen->stop_at;
}

static inline bool see_check(void *arg, const struct check *check)
{
	return seen_id(arg, check->id);
}

static inline bool see_look(void *arg, const struct look_row *look)
{
	return seen_id(arg, look->id);
}

static inline bool see_page(void *arg, const struct page *page)
{
	return seen_id(arg, page->number);
}

static inline bool see_outbox(void *arg, const struct outbox_row *row)
{
	return seen_id(arg, row->id);
}

static inline bool see_alarm(void *arg, const struct alarm_row *alarm)
{
	return seen_id(arg, alarm->id);
}

static inline bool see_log(void *arg, const struct log_row *row)
{
	return seen_id(arg, row->id);
}

static inline bool see_log_number(void *arg, const struct log_row *row)
{
	return seen_id(arg, row->number);
}

static inline bool see_resident(void *arg, const struct resident_row *resident)
{
	return seen_text(arg, resident->id);
}

static inline bool see_agreement(void *arg, const struct agreement_row *agreement)
{
	return seen_text(arg, agreement->id);
}

static inline bool see_camera(void *arg, const struct camera_row *camera)
{
	return seen_text(arg, camera->id);
}

static inline bool see_operator(void *arg, const struct operator_row *row)
{
	return seen_text(arg, row->id);
}

static inline bool see_contact(void *arg, const struct contact_row *contact)
{
	return seen_text(arg, contact->id);
}

static inline bool see_pause(void *arg, const struct pause_row *pause)
{
	return seen_text(arg, pause->resident);
}

/* Asserts that the iteration gave these ids in this order. */
#define ASSERT_SEEN(seen, ...)                                                                      \
	do {                                                                                        \
		const int64_t expected[] = {__VA_ARGS__};                                           \
                                                                                                    \
		assert_int_equal((seen)->n, sizeof expected / sizeof expected[0]);                  \
		assert_memory_equal((seen)->id, expected, sizeof expected);                         \
	} while (0)

/* A folder of its own for a test's files. */
struct scratch {
	char folder[64];
	char path[96];
};

static inline void scratch_make(struct scratch *scratch)
{
	snprintf(scratch->folder, sizeof scratch->folder, "/tmp/tillsyn-store-XXXXXX");
	assert_non_null(mkdtemp(scratch->folder));
	snprintf(scratch->path, sizeof scratch->path, "%s/hub.db", scratch->folder);
}

static inline void scratch_remove(const struct scratch *scratch)
{
	static const char *const names[] = {"hub.db", "hub.db-wal", "hub.db-shm", "hub.db-journal"};
	char path[160];

	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		snprintf(path, sizeof path, "%s/%s", scratch->folder, names[i]);
		remove(path);
	}
	assert_int_equal(remove(scratch->folder), 0);
}

static inline void store_open(struct store *store, const struct scratch *scratch)
{
	char fault[REASON_MAX_BYTES];
	enum err r = store_sqlite(store, scratch->path, fault);

	if (r != ERR_OK)
		fail_msg("%s (%s)", fault, err_text(r));
}

#endif
