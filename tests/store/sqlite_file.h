/*
 * What the tests of the store's file share: a folder of their own, and looks at the file from
 * outside.
 */
#ifndef TILLSYN_TESTS_STORE_SQLITE_FILE_H
#define TILLSYN_TESTS_STORE_SQLITE_FILE_H

#include "rows.h"

#include "store/sqlite.h"

static inline int make_scratch(void **state)
{
	struct scratch *scratch = calloc(1, sizeof *scratch);

	assert_non_null(scratch);
	scratch_make(scratch);
	*state = scratch;
	return 0;
}

static inline int remove_scratch(void **state)
{
	scratch_remove(*state);
	free(*state);
	return 0;
}

static inline void close_store(const struct store *store)
{
	store->close(store->impl);
}

/* What opening the file says, without keeping it open. */
static inline enum err try_open(const char *path, char fault[REASON_MAX_BYTES])
{
	struct store store;
	enum err r = store_sqlite(&store, path, fault);

	if (r == ERR_OK)
		close_store(&store);
	return r;
}

/* Runs SQL on a closed file, as another program would. */
static inline void run_sql(const struct scratch *scratch, const char *sql)
{
	sqlite3 *db;

	assert_int_equal(sqlite3_open(scratch->path, &db), SQLITE_OK);
	if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK)
		fail_msg("%s", sqlite3_errmsg(db));
	assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

static inline int64_t ask(sqlite3 *db, const char *sql)
{
	sqlite3_stmt *stmt;
	int64_t value;

	assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &stmt, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_step(stmt), SQLITE_ROW);
	value = sqlite3_column_int64(stmt, 0);
	sqlite3_finalize(stmt);
	return value;
}

static inline sqlite3 *database(const struct store *store)
{
	return ((struct sqlite *)store->impl)->db;
}

static inline void write_file(const char *path, const char *text, size_t len)
{
	FILE *file = fopen(path, "wb");

	assert_non_null(file);
	assert_int_equal(fwrite(text, 1, len, file), len);
	assert_int_equal(fclose(file), 0);
}

/* The whole of a small file; the caller frees it. */
static inline char *read_file(const char *path, size_t *len)
{
	FILE *file = fopen(path, "rb");
	char *bytes = malloc(1 << 20);

	assert_non_null(file);
	assert_non_null(bytes);
	*len = fread(bytes, 1, (1 << 20) - 1, file);
	bytes[*len] = '\0';
	fclose(file);
	return bytes;
}

#define IN_SCRATCH(test) cmocka_unit_test_setup_teardown(test, make_scratch, remove_scratch)

#endif
