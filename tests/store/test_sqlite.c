/*
 * What only a file can keep or break: other users, power cuts, second hubs, damage, a full disk,
 * old nights.
 */
#include "sqlite_file.h"

#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static void only_the_owner_can_read_it(void **state)
{
	const struct scratch *scratch = *state;
	struct stat status;
	struct store store;
	char wal[112];
	mode_t before = umask(0);

	store_open(&store, scratch);
	umask(before);
	snprintf(wal, sizeof wal, "%s-wal", scratch->path);
	assert_int_equal(stat(scratch->path, &status), 0);
	assert_int_equal(status.st_mode & 0777, 0600);
	assert_int_equal(stat(wal, &status), 0);
	assert_int_equal(status.st_mode & 0777, 0600);
	close_store(&store);
	assert_int_equal(chmod(scratch->path, 0644), 0);
	store_open(&store, scratch);
	close_store(&store);
	assert_int_equal(stat(scratch->path, &status), 0);
	assert_int_equal(status.st_mode & 0777, 0600);
}

static void what_is_committed_survives_closing(void **state)
{
	const struct scratch *scratch = *state;
	struct store store;
	union row row, back;

	store_open(&store, scratch);
	OK(store.begin(store.impl));
	for (enum row_kind kind = 0; kind < ROW_KINDS; kind++) {
		row_fill(kind, &row, 1);
		OK(row_put(&store, kind, &row));
	}
	OK(store.setting_put(store.impl, "demo", "yes"));
	OK(store.commit(store.impl));
	OK(store.begin(store.impl));
	row_fill(ROW_RESIDENT, &row, 2);
	OK(store.resident_put(store.impl, &row.resident));
	close_store(&store);
	store_open(&store, scratch);
	assert_int_equal(row_get(&store, ROW_RESIDENT, &row, &back), ERR_NOT_FOUND);
	for (enum row_kind kind = 0; kind < ROW_KINDS; kind++) {
		row_fill(kind, &row, 1);
		if (row_columns(kind)->column[0].kind == COLUMN_REFERENCE)
			row.id = 1;
		if (kind == ROW_LOG)
			row.log.number = -1;
		OK(row_get(&store, kind, &row, &back));
		row_assert_equal(kind, &row, &back);
	}
	close_store(&store);
}

/* Commits one check after another and tells of each, until it is killed. */
static void commit_until_killed(const struct scratch *scratch, int told)
{
	struct store store;

	store_open(&store, scratch);
	for (int i = 0;; i++) {
		struct check check = a_check("r", "s", i);
		struct log_row record = {.check = i};

		if (store.begin(store.impl) != ERR_OK
		    || store.check_put(store.impl, &check) != ERR_OK
		    || store.log_append(store.impl, &record) != ERR_OK
		    || store.commit(store.impl) != ERR_OK
		    || write(told, &check.id, sizeof check.id) != sizeof check.id)
			_exit(1);
	}
}

/* Kills a writer after some of its commits; gives the last id that it told of. */
static int64_t kill_writer(const struct scratch *scratch, int commits)
{
	int64_t id = 0, next;
	int ends[2], status;
	pid_t child;

	assert_int_equal(pipe(ends), 0);
	child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		close(ends[0]);
		commit_until_killed(scratch, ends[1]);
	}
	close(ends[1]);
	for (int i = 0; i < commits; i++)
		assert_int_equal(read(ends[0], &id, sizeof id), sizeof id);
	kill(child, SIGKILL);
	while (read(ends[0], &next, sizeof next) == (ssize_t)sizeof next)
		id = next;
	close(ends[0]);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFSIGNALED(status));
	return id;
}

static void what_is_committed_survives_a_kill(void **state)
{
	struct scratch *scratch = *state;

	for (int round = 1; round <= 6; round++) {
		int64_t id = kill_writer(scratch, round * round), records, checks;
		struct store store;

		store_open(&store, scratch);
		checks = ask(database(&store), "SELECT count(*) FROM checks");
		records = ask(database(&store), "SELECT count(*) FROM log");
		/* The last commit may have been made and not been told of; no other may differ. */
		assert_true(checks == id || checks == id + 1);
		assert_int_equal(checks, records);
		close_store(&store);
		scratch_remove(scratch);
		scratch_make(scratch);
	}
}

static enum err open_elsewhere(const struct scratch *scratch)
{
	char fault[REASON_MAX_BYTES];
	int status;
	pid_t child = fork();

	assert_true(child >= 0);
	if (child == 0) {
		struct store store;

		_exit((int)store_sqlite(&store, scratch->path, fault));
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	return (enum err)WEXITSTATUS(status);
}

static void one_hub_a_file(void **state)
{
	const struct scratch *scratch = *state;
	char fault[REASON_MAX_BYTES];
	struct check check = a_check("r", "s", 1);
	struct store store;

	store_open(&store, scratch);
	assert_int_equal(open_elsewhere(scratch), ERR_WRONG_STATE);
	assert_int_equal(try_open(scratch->path, fault), ERR_WRONG_STATE);
	assert_non_null(strstr(fault, "another hub"));
	/* The refused attempt of this process must not have loosened the lock. */
	assert_int_equal(open_elsewhere(scratch), ERR_WRONG_STATE);
	OK(store.begin(store.impl));
	OK(store.check_put(store.impl, &check));
	OK(store.commit(store.impl));
	close_store(&store);
	assert_int_equal(open_elsewhere(scratch), ERR_OK);
}

static void it_is_flushed_at_every_commit(void **state)
{
	struct store store;

	store_open(&store, *state);
	assert_int_equal(ask(database(&store), "PRAGMA synchronous"), 2);
	assert_int_equal(ask(database(&store), "PRAGMA foreign_keys"), 1);
	assert_int_equal(
		ask(database(&store), "SELECT journal_mode = 'wal' FROM pragma_journal_mode"), 1);
	close_store(&store);
}

static void the_file_refuses_that_its_log_is_rewritten(void **state)
{
	static const char *const attempts[] = {
		"UPDATE log SET actor = 'somebody else'",
		"UPDATE log SET canonical = x'00'",
		"UPDATE log SET number = 5",
		"UPDATE log SET leaf = zeroblob(32)",
		"UPDATE log SET resident = 'somebody else'",
		/* Half of it. */
		"UPDATE log SET canonical = zeroblob(0), salt = zeroblob(32)",
		"UPDATE log SET salt = zeroblob(32)",
		/* All of it but what was said. */
		"UPDATE log SET at_ms = 0, type = 0, actor = '', look_id = 0, salt = zeroblob(32)",
		"DELETE FROM log",
	};
	struct log_row record = {.actor = "op1", .at_ms = 5, .look = 3, .len = 3, .canonical = "abc"};
	struct store store;
	int64_t size;

	memset(record.salt, 7, sizeof record.salt);
	store_open(&store, *state);
	OK(store.begin(store.impl));
	OK(store.log_append(store.impl, &record));
	OK(store.commit(store.impl));
	OK(store.log_sequence(store.impl, &size));
	for (size_t i = 0; i < sizeof attempts / sizeof attempts[0]; i++)
		assert_int_equal(sqlite3_exec(database(&store), attempts[i], NULL, NULL, NULL)
		                         & 0xff,
		                 SQLITE_CONSTRAINT);
	assert_int_equal(ask(database(&store),
	                     "SELECT count(*) FROM log WHERE actor = 'op1' AND number = 0"),
	                 1);
	close_store(&store);
}

/* What does not fit its field is an error and not another check. */
static void a_damaged_value_is_no_row(void **state)
{
	static const char *const damages[] = {
		"UPDATE checks SET state = 77",
		"UPDATE checks SET camera_lost = 2",
		"UPDATE checks SET night = 3000000000",
		"UPDATE checks SET agreement_version = -1",
		"UPDATE checks SET camera = '0123456789012345678901234567890123456789'",
		"UPDATE checks SET camera = 'a' || char(0) || 'b'",
	};
	struct seen seen = {0};
	struct store store;
	struct check check = a_check("r", "s", 1), back;

	store_open(&store, *state);
	OK(store.begin(store.impl));
	OK(store.check_put(store.impl, &check));
	OK(store.commit(store.impl));
	for (size_t i = 0; i < sizeof damages / sizeof damages[0]; i++) {
		assert_int_equal(
			sqlite3_exec(database(&store), "SAVEPOINT damage", NULL, NULL, NULL),
			SQLITE_OK);
		assert_int_equal(sqlite3_exec(database(&store), damages[i], NULL, NULL, NULL),
		                 SQLITE_OK);
		assert_int_equal(store.check_get(store.impl, check.id, &back), ERR_PARSE);
		assert_int_equal(store.checks_open(store.impl, see_check, &seen), ERR_PARSE);
		assert_int_equal(sqlite3_exec(database(&store),
		                              "ROLLBACK TO damage; RELEASE damage", NULL, NULL,
		                              NULL),
		                 SQLITE_OK);
	}
	assert_int_equal(seen.n, 0);
	OK(store.check_get(store.impl, check.id, &back));
	close_store(&store);
}

/* A caller that overlooks the failed put still cannot commit half of what it meant. */
static void a_full_disk_leaves_nothing_half_done(void **state)
{
	struct check check = a_check("r", "s", 1);
	struct agreement_row agreement = {.doc_len = AGREEMENT_MAX_BYTES};
	enum err r = ERR_OK;
	struct store store;

	store_open(&store, *state);
	assert_true(ask(database(&store), "PRAGMA max_page_count = 60") > 0);
	OK(store.begin(store.impl));
	OK(store.check_put(store.impl, &check));
	for (int i = 0; i < 100 && r == ERR_OK; i++) {
		snprintf(agreement.id, sizeof agreement.id, "a%d", i);
		r = store.agreement_put(store.impl, &agreement);
	}
	assert_int_equal(r, ERR_IO);
	assert_int_equal(store.pause_put(store.impl, &(struct pause_row){.resident = "r"}), ERR_IO);
	assert_int_equal(store.commit(store.impl), ERR_IO);
	assert_int_equal(store.check_get(store.impl, check.id, &check), ERR_NOT_FOUND);
	check = a_check("r", "s", 1);
	OK(store.begin(store.impl));
	OK(store.check_put(store.impl, &check));
	OK(store.commit(store.impl));
	close_store(&store);
}

/* Also when SQLite itself would go on with what is left of the transaction. */
static void a_failed_put_spoils_its_transaction(void **state)
{
	struct check check = a_check("r", "s", 1), back;
	struct agreement_row agreement = {.id = "a", .doc_len = AGREEMENT_MAX_BYTES};
	struct store store;

	store_open(&store, *state);
	OK(store.begin(store.impl));
	OK(store.check_put(store.impl, &check));
	sqlite3_limit(database(&store), SQLITE_LIMIT_LENGTH, AGREEMENT_MAX_BYTES / 2);
	assert_int_equal(store.agreement_put(store.impl, &agreement), ERR_LIMIT);
	assert_int_equal(store.commit(store.impl), ERR_LIMIT);
	assert_int_equal(store.check_get(store.impl, check.id, &back), ERR_NOT_FOUND);
	close_store(&store);
}

/* Whether a file of the database has these bytes. */
static bool file_holds(const struct scratch *scratch, const char *suffix, const char *words)
{
	char path[160];
	FILE *file;
	static char bytes[1 << 22];
	size_t n;

	snprintf(path, sizeof path, "%s%s", scratch->path, suffix);
	file = fopen(path, "rb");
	if (file == NULL)
		return false;
	n = fread(bytes, 1, sizeof bytes, file);
	fclose(file);
	return memmem(bytes, n, words, strlen(words)) != NULL;
}

/* Nor does the file keep what was erased, in a page that is free or in the write-ahead log. */
static void what_is_erased_is_not_in_the_file(void **state)
{
	static const char words[] = "what an operator once typed about somebody";
	const struct scratch *scratch = *state;
	struct log_row record = {.at_ms = 5, .len = sizeof words - 1};
	struct store store;
	int64_t size, n;

	memcpy(record.canonical, words, record.len);
	store_open(&store, scratch);
	OK(store.begin(store.impl));
	for (int i = 0; i < 200; i++)
		OK(store.log_append(store.impl, &record));
	OK(store.commit(store.impl));
	OK(store.log_sequence(store.impl, &size));
	assert_true(file_holds(scratch, "", words) || file_holds(scratch, "-wal", words));
	OK(store.begin(store.impl));
	OK(store.log_erase(store.impl, 10, 1000, &n));
	OK(store.commit(store.impl));
	assert_int_equal(n, 200);
	OK(store.forget(store.impl));
	assert_false(file_holds(scratch, "", words));
	assert_false(file_holds(scratch, "-wal", words));
	close_store(&store);
	assert_false(file_holds(scratch, "", words));
}

static void put_many_closed(const struct store *store, int n)
{
	OK(store->begin(store->impl));
	for (int i = 0; i < n; i++) {
		struct check check = a_check("r", "s", i);
		struct look_row look = {.night = i, .state = LOOK_OVER};
		struct page page = {.state = PAGE_CLOSED, .next_at = 1};
		struct log_row record = {.at_ms = i};

		check.state = CHECK_CLOSED;
		check.next_at = 1;
		OK(store->check_put(store->impl, &check));
		OK(store->look_put(store->impl, &look));
		OK(store->page_put(store->impl, &page));
		OK(store->log_append(store->impl, &record));
	}
	OK(store->commit(store->impl));
}

/*
 * Years of closed nights must cost the present one nothing: each question is answered by an index.
 */
static void old_nights_cost_nothing(void **state)
{
	struct seen seen = {0};
	struct sqlite *sqlite;
	struct store store;
	struct check check;
	int64_t size, at;

	store_open(&store, *state);
	sqlite = store.impl;
	put_many_closed(&store, 2000);
	OK(store.log_sequence(store.impl, &size));
	for (int i = 0; i < sqlite->n_statements; i++)
		sqlite3_stmt_status(sqlite->statement[i].stmt, SQLITE_STMTSTATUS_VM_STEP, 1);
	OK(store.checks_due(store.impl, 1000, see_check, &seen));
	OK(store.next_at(store.impl, &at));
	OK(store.checks_open(store.impl, see_check, &seen));
	OK(store.checks_of_night(store.impl, 3000, see_check, &seen));
	OK(store.checks_of_page(store.impl, 1, see_check, &seen));
	OK(store.check_find(store.impl, "r", "s", 1000, &check));
	OK(store.looks_open(store.impl, see_look, &seen));
	OK(store.looks_of_nights(store.impl, 3000, 4000, see_look, &seen));
	OK(store.pages_open(store.impl, see_page, &seen));
	OK(store.pages_due(store.impl, 1000, see_page, &seen));
	OK(store.log_sequence(store.impl, &size));
	assert_int_equal(seen.n, 0);
	for (int i = 0; i < sqlite->n_statements; i++) {
		sqlite3_stmt *stmt = sqlite->statement[i].stmt;

		if (sqlite3_stmt_status(stmt, SQLITE_STMTSTATUS_VM_STEP, 0) > 500)
			fail_msg("reads all there is: %s", sqlite3_sql(stmt));
	}
	close_store(&store);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_SCRATCH(only_the_owner_can_read_it),
		IN_SCRATCH(what_is_committed_survives_closing),
		IN_SCRATCH(what_is_committed_survives_a_kill),
		IN_SCRATCH(one_hub_a_file),
		IN_SCRATCH(it_is_flushed_at_every_commit),
		IN_SCRATCH(the_file_refuses_that_its_log_is_rewritten),
		IN_SCRATCH(what_is_erased_is_not_in_the_file),
		IN_SCRATCH(a_damaged_value_is_no_row),
		IN_SCRATCH(a_full_disk_leaves_nothing_half_done),
		IN_SCRATCH(a_failed_put_spoils_its_transaction),
		IN_SCRATCH(old_nights_cost_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
