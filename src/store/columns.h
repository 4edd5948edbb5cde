/*
 * The rows as columns: for each row type its table, and for each field its column, kind and place.
 * Every insert, select, bind and read of store/sqlite*.c comes from these tables, so that a field
 * cannot be written and then forgotten when it is read.
 */
#ifndef TILLSYN_STORE_COLUMNS_H
#define TILLSYN_STORE_COLUMNS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum column_kind {
	COLUMN_INT64,
	COLUMN_INT32,
	COLUMN_UINT32,    /* an enum too; a value above max is refused when it is read */
	COLUMN_BOOL,
	COLUMN_REFERENCE, /* int64_t id of a row, 0 is stored as NULL */
	COLUMN_TEXT,      /* char[size] */
	COLUMN_BYTES,     /* uint8_t[size], all of it */
	COLUMN_BLOB,      /* uint8_t[size], of which the size_t at len_offset counts */
};

struct column {
	const char *name;
	enum column_kind kind;
	size_t offset, size;
	size_t len_offset;
	uint32_t max;
};

/* The first column is the key; the list ends with a NULL name. */
struct columns {
	const char *table;
	size_t size; /* of the row */
	const struct column *column;
};

extern const struct columns check_columns, look_columns, page_columns;
extern const struct columns resident_columns, agreement_columns, camera_columns;
extern const struct columns operator_columns, contact_columns, pause_columns;
extern const struct columns outbox_columns, alarm_columns, log_columns;
extern const struct columns node_columns, index_columns, checkpoint_columns;

#endif
