/* Statements: written from the column tables, prepared once, bound, stepped, read into rows. */
#include "store/sqlite.h"

#include "base/buf.h"

#include <assert.h>
#include <string.h>

/* A select or an insert of the widest row is about two kilobytes. */
enum { SQL_MAX_BYTES = 8192 };

enum err sqlite_err(int code)
{
	switch (code) {
	case SQLITE_CONSTRAINT_UNIQUE:
	case SQLITE_CONSTRAINT_PRIMARYKEY:
		return ERR_EXISTS;
	case SQLITE_CONSTRAINT_FOREIGNKEY:
		return ERR_NOT_FOUND;
	case SQLITE_CONSTRAINT_TRIGGER:
		return ERR_DENIED;
	default:
		break;
	}
	switch (code & 0xff) {
	case SQLITE_OK:
	case SQLITE_ROW:
	case SQLITE_DONE:
		return ERR_OK;
	case SQLITE_NOMEM:
		return ERR_MEMORY;
	case SQLITE_TOOBIG:
		return ERR_LIMIT;
	case SQLITE_NOTADB:
	case SQLITE_CORRUPT:
		return ERR_PARSE;
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return ERR_WRONG_STATE;
	default:
		return ERR_IO;
	}
}

enum err sqlite_exec(struct sqlite *sqlite, const char *sql)
{
	return sqlite_err(sqlite3_exec(sqlite->db, sql, NULL, NULL, NULL));
}

/* "a, b, c" */
static enum err list_columns(struct buf *sql, const struct column *column)
{
	enum err r = ERR_OK;

	for (int i = 0; r == ERR_OK && column[i].name != NULL; i++)
		r = buf_printf(sql, "%s%s", i == 0 ? "" : ", ", column[i].name);
	return r;
}

static enum err write_select(struct buf *sql, const struct query *query)
{
	enum err r;

	if ((r = buf_add_text(sql, "SELECT ")) != ERR_OK
	    || (r = list_columns(sql, query->columns->column)) != ERR_OK)
		return r;
	return buf_printf(sql, " FROM %s %s", query->columns->table, query->text);
}

/* An upsert and not a REPLACE, which would delete the row first and with it what refers to it. */
static enum err write_put(struct buf *sql, const struct query *query)
{
	const struct column *column = query->columns->column;
	enum err r;

	if ((r = buf_printf(sql, "INSERT INTO %s (", query->columns->table)) != ERR_OK
	    || (r = list_columns(sql, column)) != ERR_OK
	    || (r = buf_add_text(sql, ") VALUES (?")) != ERR_OK)
		return r;
	for (int i = 1; r == ERR_OK && column[i].name != NULL; i++)
		r = buf_add_text(sql, ", ?");
	if (r == ERR_OK)
		r = buf_printf(sql, ") ON CONFLICT (%s) DO UPDATE SET ", column[0].name);
	for (int i = 1; r == ERR_OK && column[i].name != NULL; i++)
		r = buf_printf(sql, "%s%s = excluded.%s", i == 1 ? "" : ", ", column[i].name,
		               column[i].name);
	return r;
}

static enum err prepare(struct sqlite *sqlite, const struct query *query, sqlite3_stmt **stmt)
{
	struct buf sql = buf_new(SQL_MAX_BYTES);
	enum err r;

	if (query->verb == VERB_SELECT || query->verb == VERB_ONCE)
		r = write_select(&sql, query);
	else if (query->verb == VERB_PUT)
		r = write_put(&sql, query);
	else
		r = buf_add_text(&sql, query->text);
	if (r == ERR_OK)
		r = sqlite_err(sqlite3_prepare_v3(sqlite->db, (const char *)sql.data, (int)sql.len,
		                                  SQLITE_PREPARE_PERSISTENT, stmt, NULL));
	buf_free(&sql);
	return r;
}

static struct statement *find_statement(struct sqlite *sqlite, const struct query *query)
{
	for (int i = 0; i < sqlite->n_statements; i++) {
		if (sqlite->statement[i].query == query)
			return &sqlite->statement[i];
	}
	return NULL;
}

/* A prepared statement for the query. One that is being stepped further out is left alone. */
static enum err take(struct sqlite *sqlite, const struct query *query, sqlite3_stmt **stmt)
{
	struct statement *known = find_statement(sqlite, query);
	enum err r;

	*stmt = NULL;
	if (known != NULL && !known->taken) {
		known->taken = true;
		*stmt = known->stmt;
		return ERR_OK;
	}
	r = prepare(sqlite, query, stmt);
	if (r == ERR_OK && known == NULL && query->verb != VERB_ONCE) {
		assert(sqlite->n_statements < STATEMENTS_MAX);
		sqlite->statement[sqlite->n_statements++] = (struct statement){query, *stmt, true};
	}
	return r;
}

static void give_back(struct sqlite *sqlite, sqlite3_stmt *stmt)
{
	for (int i = 0; i < sqlite->n_statements; i++) {
		if (sqlite->statement[i].stmt == stmt) {
			sqlite3_reset(stmt);
			sqlite3_clear_bindings(stmt);
			sqlite->statement[i].taken = false;
			return;
		}
	}
	sqlite3_finalize(stmt);
}

void sqlite_finalize(struct sqlite *sqlite)
{
	for (int i = 0; i < sqlite->n_statements; i++)
		sqlite3_finalize(sqlite->statement[i].stmt);
	sqlite->n_statements = 0;
}

static int bind_values(sqlite3_stmt *stmt, const struct bind *bind)
{
	int n = sqlite3_bind_parameter_count(stmt), code = SQLITE_OK;

	assert((n == 0) == (bind == NULL));
	for (int i = 0; i < n && code == SQLITE_OK; i++) {
		if (bind[i].text != NULL)
			code = sqlite3_bind_text(stmt, i + 1, bind[i].text, -1, SQLITE_STATIC);
		else
			code = sqlite3_bind_int64(stmt, i + 1, bind[i].number);
	}
	return code;
}

/* An integer field of any width, by memcpy because an enum has its own type. */
static int64_t load(const struct column *column, const char *field)
{
	uint32_t narrow;
	int32_t number;
	int64_t wide;
	bool yes;

	switch (column->kind) {
	case COLUMN_INT32:
		memcpy(&number, field, sizeof number);
		return number;
	case COLUMN_UINT32:
		memcpy(&narrow, field, sizeof narrow);
		return narrow;
	case COLUMN_BOOL:
		memcpy(&yes, field, sizeof yes);
		return yes;
	default:
		memcpy(&wide, field, sizeof wide);
		return wide;
	}
}

static int bind_column(sqlite3_stmt *stmt, int place, const struct column *column, const char *row)
{
	const char *field = row + column->offset;
	size_t len = column->size;

	switch (column->kind) {
	case COLUMN_TEXT:
		assert(memchr(field, '\0', column->size) != NULL);
		return sqlite3_bind_text(stmt, place, field, -1, SQLITE_STATIC);
	case COLUMN_BLOB:
		memcpy(&len, row + column->len_offset, sizeof len);
		assert(len <= column->size);
		return sqlite3_bind_blob64(stmt, place, field, len, SQLITE_STATIC);
	case COLUMN_BYTES:
		return sqlite3_bind_blob64(stmt, place, field, len, SQLITE_STATIC);
	case COLUMN_REFERENCE:
		if (load(column, field) == 0)
			return sqlite3_bind_null(stmt, place);
		return sqlite3_bind_int64(stmt, place, load(column, field));
	default:
		return sqlite3_bind_int64(stmt, place, load(column, field));
	}
}

static int bind_row(sqlite3_stmt *stmt, const struct columns *columns, const void *row)
{
	int code = SQLITE_OK;

	for (int i = 0; columns->column[i].name != NULL && code == SQLITE_OK; i++)
		code = bind_column(stmt, i + 1, &columns->column[i], row);
	return code;
}

static enum err read_text(sqlite3_stmt *stmt, int place, char *field, size_t size)
{
	const unsigned char *text = sqlite3_column_text(stmt, place);
	size_t len = (size_t)sqlite3_column_bytes(stmt, place);

	if (text == NULL)
		return ERR_MEMORY;
	if (len >= size || memchr(text, '\0', len) != NULL)
		return ERR_PARSE;
	memcpy(field, text, len + 1);
	return ERR_OK;
}

static enum err read_bytes(sqlite3_stmt *stmt, int place, const struct column *column, char *row)
{
	const void *bytes = sqlite3_column_blob(stmt, place);
	size_t len = (size_t)sqlite3_column_bytes(stmt, place);

	if (len > column->size || (column->kind == COLUMN_BYTES && len != column->size))
		return ERR_PARSE;
	if (len > 0 && bytes == NULL)
		return ERR_MEMORY;
	if (len > 0)
		memcpy(row + column->offset, bytes, len);
	if (column->kind == COLUMN_BLOB)
		memcpy(row + column->len_offset, &len, sizeof len);
	return ERR_OK;
}

/* Whatever does not fit its field is a damaged file and no row. */
static enum err read_integer(sqlite3_stmt *stmt, int place, const struct column *column,
                             char *field)
{
	int64_t value = sqlite3_column_int64(stmt, place);
	uint32_t narrow = (uint32_t)value;
	int32_t number = (int32_t)value;
	bool yes = value != 0;

	switch (column->kind) {
	case COLUMN_INT32:
		memcpy(field, &number, sizeof number);
		return number == value ? ERR_OK : ERR_PARSE;
	case COLUMN_UINT32:
		memcpy(field, &narrow, sizeof narrow);
		return narrow == value && narrow <= column->max ? ERR_OK : ERR_PARSE;
	case COLUMN_BOOL:
		memcpy(field, &yes, sizeof yes);
		return value == 0 || value == 1 ? ERR_OK : ERR_PARSE;
	default:
		memcpy(field, &value, sizeof value);
		return ERR_OK;
	}
}

static enum err read_row(sqlite3_stmt *stmt, const struct columns *columns, void *out)
{
	enum err r = ERR_OK;
	char *row = out;

	memset(row, 0, columns->size);
	for (int i = 0; columns->column[i].name != NULL && r == ERR_OK; i++) {
		const struct column *column = &columns->column[i];

		if (column->kind == COLUMN_TEXT)
			r = read_text(stmt, i, row + column->offset, column->size);
		else if (column->kind == COLUMN_BYTES || column->kind == COLUMN_BLOB)
			r = read_bytes(stmt, i, column, row);
		else
			r = read_integer(stmt, i, column, row + column->offset);
	}
	return r;
}

enum err cursor_open(struct cursor *cursor, struct sqlite *sqlite, const struct query *query,
                     const struct bind *bind)
{
	enum err r;

	*cursor = (struct cursor){sqlite, query->columns, NULL};
	r = take(sqlite, query, &cursor->stmt);
	if (r == ERR_OK)
		r = sqlite_err(bind_values(cursor->stmt, bind));
	sqlite->reading++;
	return r;
}

enum err cursor_next(struct cursor *cursor, void *row)
{
	int code = sqlite3_step(cursor->stmt);

	if (code == SQLITE_DONE)
		return ERR_NOT_FOUND;
	if (code != SQLITE_ROW)
		return sqlite_err(code);
	return read_row(cursor->stmt, cursor->columns, row);
}

enum err cursor_close(struct cursor *cursor, enum err r)
{
	cursor->sqlite->reading--;
	if (cursor->stmt != NULL)
		give_back(cursor->sqlite, cursor->stmt);
	return r == ERR_NOT_FOUND ? ERR_OK : r;
}

enum err sqlite_get(struct sqlite *sqlite, const struct query *query, const struct bind *bind,
                    void *row)
{
	struct cursor cursor;
	enum err r = cursor_open(&cursor, sqlite, query, bind), end;

	if (r == ERR_OK)
		r = cursor_next(&cursor, row);
	end = cursor_close(&cursor, r);
	return r == ERR_NOT_FOUND ? r : end;
}

enum err sqlite_number(struct sqlite *sqlite, const struct query *query, const struct bind *bind,
                       int64_t *number)
{
	struct cursor cursor;
	enum err r = cursor_open(&cursor, sqlite, query, bind);
	int code;

	*number = 0;
	if (r == ERR_OK) {
		code = sqlite3_step(cursor.stmt);
		if (code == SQLITE_ROW)
			*number = sqlite3_column_int64(cursor.stmt, 0);
		r = sqlite_err(code);
	}
	return cursor_close(&cursor, r);
}

enum err sqlite_text(struct sqlite *sqlite, const struct query *query, const struct bind *bind,
                     char *text, size_t size)
{
	struct cursor cursor;
	enum err r = cursor_open(&cursor, sqlite, query, bind), end;

	if (r == ERR_OK) {
		int code = sqlite3_step(cursor.stmt);

		r = code == SQLITE_ROW ? read_text(cursor.stmt, 0, text, size)
		    : code == SQLITE_DONE ? ERR_NOT_FOUND : sqlite_err(code);
	}
	end = cursor_close(&cursor, r);
	return r == ERR_NOT_FOUND ? r : end;
}

enum err sqlite_run(struct sqlite *sqlite, const struct query *query)
{
	sqlite3_stmt *stmt;
	enum err r = take(sqlite, query, &stmt);

	if (r != ERR_OK)
		return r;
	r = sqlite_err(sqlite3_step(stmt));
	give_back(sqlite, stmt);
	return r;
}

/* What SQLite could not write may have ended the transaction, and has certainly spoilt it. */
static enum err note_failure(struct sqlite *sqlite, enum err r)
{
	bool refused = r == ERR_EXISTS || r == ERR_NOT_FOUND || r == ERR_DENIED;

	if (r != ERR_OK && !refused)
		sqlite->failed = r;
	return r;
}

/* Steps a change that is bound, and gives its statement back. */
static enum err finish_change(struct sqlite *sqlite, sqlite3_stmt *stmt, int code)
{
	if (code == SQLITE_OK)
		code = sqlite3_step(stmt);
	give_back(sqlite, stmt);
	return note_failure(sqlite, sqlite_err(code));
}

static enum err take_for_change(struct sqlite *sqlite, const struct query *query,
                                sqlite3_stmt **stmt)
{
	if (!sqlite->open || sqlite->reading > 0)
		return ERR_WRONG_STATE;
	if (sqlite->failed != ERR_OK)
		return sqlite->failed;
	return note_failure(sqlite, take(sqlite, query, stmt));
}

enum err sqlite_put(struct sqlite *sqlite, const struct query *query, const void *row, int64_t *id)
{
	sqlite3_stmt *stmt;
	enum err r = take_for_change(sqlite, query, &stmt);

	assert(id == NULL || *id >= 0);
	if (r != ERR_OK)
		return r;
	r = finish_change(sqlite, stmt, bind_row(stmt, query->columns, row));
	if (r == ERR_OK && id != NULL && *id == 0)
		*id = sqlite3_last_insert_rowid(sqlite->db);
	return r;
}

enum err sqlite_change(struct sqlite *sqlite, const struct query *query, const struct bind *bind)
{
	sqlite3_stmt *stmt;
	enum err r = take_for_change(sqlite, query, &stmt);

	if (r != ERR_OK)
		return r;
	r = finish_change(sqlite, stmt, bind_values(stmt, bind));
	return r == ERR_OK && sqlite3_changes(sqlite->db) == 0 ? ERR_NOT_FOUND : r;
}
