/*
 * Which files are ours, how they are brought forward, and that file and program agree on every
 * field.
 */
#include "sqlite_file.h"

/* Opens what is no database of ours: the error, words of the sentence, and not a byte changed. */
static void assert_refused(const struct scratch *scratch, enum err expected, const char *words)
{
	char fault[REASON_MAX_BYTES];
	size_t len_before, len_after;
	char *before = read_file(scratch->path, &len_before), *after;

	assert_int_equal(try_open(scratch->path, fault), expected);
	if (strstr(fault, words) == NULL)
		fail_msg("the fault is: %s", fault);
	after = read_file(scratch->path, &len_after);
	assert_int_equal(len_before, len_after);
	assert_memory_equal(before, after, len_after);
	free(before);
	free(after);
}

static void a_newer_version_is_refused(void **state)
{
	char fault[REASON_MAX_BYTES];
	const struct scratch *scratch = *state;

	OK(try_open(scratch->path, fault));
	run_sql(scratch, "PRAGMA user_version = 99");
	assert_refused(scratch, ERR_VERSION, "its version is 99");
}

static void what_is_not_ours_is_refused(void **state)
{
	static const char words[] =
		"# a configuration file that was named by mistake\ndatabase = hub.db\n";
	const struct scratch *scratch = *state;
	char text[4096];

	memset(text, 'x', sizeof text);
	memcpy(text, words, sizeof words);
	write_file(scratch->path, text, sizeof text);
	assert_refused(scratch, ERR_PARSE, "not a database");
	write_file(scratch->path, words, sizeof words - 1);
	assert_refused(scratch, ERR_PARSE, "not a database");
	remove(scratch->path);
	run_sql(scratch, "CREATE TABLE recipes (name TEXT)");
	assert_refused(scratch, ERR_PARSE, "another program");
	remove(scratch->path);
	run_sql(scratch, "PRAGMA user_version = 1");
	assert_refused(scratch, ERR_PARSE, "another program");
}

static void a_path_that_is_no_file_is_refused(void **state)
{
	const struct scratch *scratch = *state;
	char fault[REASON_MAX_BYTES], path[128];

	assert_int_equal(try_open(scratch->folder, fault), ERR_PARSE);
	assert_int_equal(try_open("", fault), ERR_PARSE);
	assert_int_equal(try_open(":memory:", fault), ERR_PARSE);
	snprintf(path, sizeof path, "%s/no/hub.db", scratch->folder);
	assert_int_equal(try_open(path, fault), ERR_IO);
	assert_non_null(strstr(fault, "No such file"));
}

static void a_file_of_version_1_is_opened(void **state)
{
	const struct scratch *scratch = *state;
	size_t len;
	char *sql = read_file("tests/store/version_1.sql", &len);
	struct check check;
	struct page page;
	struct log_row record;
	struct seen seen = {0};
	struct store store;
	int64_t size;

	run_sql(scratch, sql);
	free(sql);
	store_open(&store, scratch);
	OK(store.check_find(store.impl, "resident-1", "slot-1", 20000, &check));
	assert_int_equal(check.id, 4);
	assert_int_equal(check.state, CHECK_PATROL);
	assert_int_equal(check.cause, CAUSE_NOT_SEEN);
	assert_int_equal(check.page, 2);
	assert_int_equal(check.look, 3);
	OK(store.page_get(store.impl, 2, &page));
	assert_string_equal(page.contact, "patrol-1");
	OK(store.log_get(store.impl, 1, &record));
	assert_int_equal(record.len, 3);
	assert_memory_equal(record.canonical, "abc", 3);
	OK(store.log_sequence(store.impl, &size));
	assert_int_equal(size, 2);
	OK(store.outbox(store.impl, see_outbox, &seen));
	ASSERT_SEEN(&seen, 5);
	/* Ids that were given and struck in that file stay given. */
	check = a_check("resident-1", "slot-2", 20000);
	OK(store.begin(store.impl));
	OK(store.check_put(store.impl, &check));
	OK(store.commit(store.impl));
	assert_int_equal(check.id, 10);
	close_store(&store);
}

static void migrations_go_all_the_way_or_not_at_all(void **state)
{
	static const char *const good[] = {
		"ALTER TABLE residents ADD COLUMN floor TEXT NOT NULL DEFAULT ''", NULL};
	static const char *const bad[] = {"CREATE TABLE floors (n INTEGER) STRICT",
	                                  "CREATE NONSENSE", NULL};
	const char *const *const broken[] = {sqlite_migrations[0], sqlite_migrations[1], sqlite_migrations[2], good, bad, NULL};
	const char *const *const sound[] = {sqlite_migrations[0], sqlite_migrations[1], sqlite_migrations[2], good, NULL};
	struct resident_row resident = {.id = "r1", .name = "Elsa"};
	struct store store;

	store_open(&store, *state);
	OK(store.begin(store.impl));
	OK(store.resident_put(store.impl, &resident));
	OK(store.commit(store.impl));
	assert_int_not_equal(sqlite_migrate(store.impl, broken), ERR_OK);
	assert_int_equal(ask(database(&store), "PRAGMA user_version"), 3);
	assert_int_equal(
		ask(database(&store), "SELECT count(*) FROM pragma_table_info('residents')"), 7);
	assert_int_equal(
		ask(database(&store), "SELECT count(*) FROM sqlite_schema WHERE name = 'floors'"),
		0);
	OK(sqlite_migrate(store.impl, sound));
	assert_int_equal(ask(database(&store), "PRAGMA user_version"), 4);
	assert_int_equal(ask(database(&store), "SELECT count(*) FROM residents WHERE floor = ''"),
	                 1);
	OK(sqlite_migrate(store.impl, sound));
	close_store(&store);
}

/* The file's tables and the program's are the same, and each is STRICT. */
static void the_schema_is_what_the_columns_say(void **state)
{
	struct store store;
	char sql[256];

	store_open(&store, *state);
	for (enum row_kind kind = 0; kind < ROW_KINDS; kind++) {
		const struct columns *columns = row_columns(kind);
		int n = 0;

		for (; columns->column[n].name != NULL; n++) {
			enum column_kind of = columns->column[n].kind;

			snprintf(sql, sizeof sql,
			         "SELECT count(*) FROM pragma_table_info('%s') WHERE cid = %d AND "
			         "name = '%s'"
			         " AND type = '%s'",
			         columns->table, n, columns->column[n].name,
			         of == COLUMN_TEXT    ? "TEXT"
			         : of >= COLUMN_BYTES ? "BLOB"
			                              : "INTEGER");
			if (ask(database(&store), sql) != 1)
				fail_msg("%s.%s", columns->table, columns->column[n].name);
		}
		snprintf(sql, sizeof sql, "SELECT count(*) = %d FROM pragma_table_info('%s')", n,
		         columns->table);
		assert_int_equal(ask(database(&store), sql), 1);
	}
	assert_int_equal(ask(database(&store),
	                     "SELECT count(*) FROM pragma_table_list"
	                     " WHERE type = 'table' AND NOT strict AND name NOT LIKE 'sqlite%'"),
	                 0);
	close_store(&store);
}

struct extent {
	size_t from, to, align;
};

static int compare_extents(const void *a, const void *b)
{
	const struct extent *left = a, *right = b;

	return (left->from > right->from) - (left->from < right->from);
}

static int list_extents(const struct columns *columns, struct extent extent[])
{
	int n = 0;

	for (int i = 0; columns->column[i].name != NULL; i++) {
		const struct column *column = &columns->column[i];
		size_t align = column->kind >= COLUMN_TEXT ? 1 : column->size;

		extent[n++] = (struct extent){column->offset, column->offset + column->size, align};
		if (column->kind == COLUMN_BLOB)
			extent[n++] = (struct extent){column->len_offset,
			                              column->len_offset + sizeof(size_t),
			                              sizeof(size_t)};
	}
	qsort(extent, (size_t)n, sizeof extent[0], compare_extents);
	return n;
}

/* A field added to a row and not to its columns would leave a hole that is no padding. */
static void the_columns_are_all_of_the_row(void **state)
{
	(void)state;
	for (enum row_kind kind = 0; kind < ROW_KINDS; kind++) {
		struct extent extent[64];
		int n = list_extents(row_columns(kind), extent);
		size_t at = 0;

		for (int i = 0; i < n; i++) {
			size_t padded =
				(at + extent[i].align - 1) / extent[i].align * extent[i].align;

			if (extent[i].from != padded)
				fail_msg("%s: bytes %zu to %zu have no column",
				         row_columns(kind)->table, at, extent[i].from);
			at = extent[i].to;
		}
		assert_true(row_columns(kind)->size - at < sizeof(int64_t));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_SCRATCH(a_newer_version_is_refused),
		IN_SCRATCH(what_is_not_ours_is_refused),
		IN_SCRATCH(a_path_that_is_no_file_is_refused),
		IN_SCRATCH(a_file_of_version_1_is_opened),
		IN_SCRATCH(migrations_go_all_the_way_or_not_at_all),
		IN_SCRATCH(the_schema_is_what_the_columns_say),
		cmocka_unit_test(the_columns_are_all_of_the_row),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
