/*
 * The store on one SQLite file: opening and transactions. One hub owns the file: it is locked from
 * the first read to the end of the process, so a second hub on it is told so instead of making a
 * second night. What a commit returned for survives a power cut: write-ahead log, flushed at every
 * commit.
 */
#include "store/sqlite.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Who may read the file reads names and addresses: its owner alone. */
enum { FILE_MODE = 0600 };

static enum err fail(char fault[REASON_MAX_BYTES], enum err r, const char *sentence)
{
	snprintf(fault, REASON_MAX_BYTES, "%s", sentence);
	return r;
}

static enum err fail_by_system(char fault[REASON_MAX_BYTES], const char *what)
{
	snprintf(fault, REASON_MAX_BYTES, "The database file cannot be %s: %s.", what,
	         strerror(errno));
	return ERR_IO;
}

static enum err fail_by_sqlite(char fault[REASON_MAX_BYTES], struct sqlite *sqlite, enum err r)
{
	if (r == ERR_WRONG_STATE)
		return fail(fault, r, "The database is in use: another hub has it open.");
	if (r == ERR_PARSE)
		return fail(fault, r, "The file is not a database, or it is damaged.");
	snprintf(fault, REASON_MAX_BYTES, "The database cannot be used: %s.",
	         sqlite3_errmsg(sqlite->db));
	return r;
}

/*
 * The file is created here and not by SQLite, so that no moment of it is readable by others; SQLite
 * gives the files beside it the same mode. One that exists is not opened here: closing it again
 * would drop the lock that this process may already hold on it.
 */
static enum err make_file(const char *path, char fault[REASON_MAX_BYTES])
{
	struct stat status;
	int fd;

	if (path[0] == '\0' || path[0] == ':')
		return fail(fault, ERR_PARSE, "The database needs the name of a file.");
	if (stat(path, &status) == 0) {
		if (!S_ISREG(status.st_mode))
			return fail(fault, ERR_PARSE,
			            "The database's name is that of something that is not a file.");
		if ((status.st_mode & 07777) != FILE_MODE && chmod(path, FILE_MODE) != 0)
			return fail_by_system(fault, "closed to other users");
		return ERR_OK;
	}
	fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, FILE_MODE);
	if (fd < 0)
		return fail_by_system(fault, "created");
	close(fd);
	return ERR_OK;
}

static enum err configure(struct sqlite *sqlite)
{
	static const int off[] = {SQLITE_DBCONFIG_DQS_DML, SQLITE_DBCONFIG_DQS_DDL,
	                          SQLITE_DBCONFIG_TRUSTED_SCHEMA};
	int code = sqlite3_db_config(sqlite->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);

	for (size_t i = 0; i < sizeof off / sizeof off[0] && code == SQLITE_OK; i++)
		code = sqlite3_db_config(sqlite->db, off[i], 0, NULL);
	return sqlite_err(code);
}

/* A setting that SQLite cannot keep is no error to it; so each is read back. */
static enum err settle(struct sqlite *sqlite)
{
	static const struct query journal = {VERB_PLAIN, NULL, "PRAGMA journal_mode = WAL"};
	static const struct query synchronous = {VERB_PLAIN, NULL, "PRAGMA synchronous"};
	static const struct query foreign_keys = {VERB_PLAIN, NULL, "PRAGMA foreign_keys"};
	char mode[16];
	static const struct query secure_delete = {VERB_PLAIN, NULL, "PRAGMA secure_delete"};
	int64_t full, keys, overwritten;
	enum err r;

	if ((r = sqlite_text(sqlite, &journal, NO_BIND, mode, sizeof mode)) != ERR_OK
	    || (r = sqlite_exec(sqlite, "PRAGMA synchronous = FULL")) != ERR_OK
	    || (r = sqlite_exec(sqlite, "PRAGMA foreign_keys = ON")) != ERR_OK
	    || (r = sqlite_exec(sqlite, "PRAGMA secure_delete = ON")) != ERR_OK
	    || (r = sqlite_number(sqlite, &synchronous, NO_BIND, &full)) != ERR_OK
	    || (r = sqlite_number(sqlite, &foreign_keys, NO_BIND, &keys)) != ERR_OK
	    || (r = sqlite_number(sqlite, &secure_delete, NO_BIND, &overwritten)) != ERR_OK)
		return r;
	return strcmp(mode, "wal") == 0 && full == 2 && keys == 1 && overwritten == 1
	             ? ERR_OK
	             : ERR_UNSUPPORTED;
}

/* Takes the lock, refuses what is not ours before it writes, then brings the schema up to date. */
static enum err open_database(struct sqlite *sqlite, const char *path, char fault[REASON_MAX_BYTES])
{
	int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
	enum err r = sqlite_err(sqlite3_open_v2(path, &sqlite->db, flags, NULL));

	if (r != ERR_OK || (r = configure(sqlite)) != ERR_OK
	    || (r = sqlite_exec(sqlite, "PRAGMA locking_mode = EXCLUSIVE")) != ERR_OK)
		return fail_by_sqlite(fault, sqlite, r);
	if ((r = sqlite_recognise(sqlite, sqlite_migrations, fault)) != ERR_OK)
		return fault[0] != '\0' ? r : fail_by_sqlite(fault, sqlite, r);
	if ((r = settle(sqlite)) != ERR_OK
	    || (r = sqlite_migrate(sqlite, sqlite_migrations)) != ERR_OK)
		return fail_by_sqlite(fault, sqlite, r);
	return ERR_OK;
}

enum err sqlite_begin(void *impl)
{
	static const struct query begin = {VERB_PLAIN, NULL, "BEGIN IMMEDIATE"};
	struct sqlite *sqlite = impl;
	enum err r;

	if (sqlite->open || sqlite->reading > 0)
		return ERR_WRONG_STATE;
	r = sqlite_run(sqlite, &begin);
	sqlite->open = r == ERR_OK;
	sqlite->failed = ERR_OK;
	return r;
}

/* A commit that fails is rolled back here, so that the caller has one thing to know about it. */
enum err sqlite_commit(void *impl)
{
	static const struct query commit = {VERB_PLAIN, NULL, "COMMIT"};
	struct sqlite *sqlite = impl;
	enum err r = sqlite->failed;

	if (!sqlite->open || sqlite->reading > 0)
		return ERR_WRONG_STATE;
	if (r == ERR_OK)
		r = sqlite_run(sqlite, &commit);
	if (r != ERR_OK)
		sqlite_rollback(sqlite);
	sqlite->open = false;
	return r;
}

void sqlite_rollback(void *impl)
{
	static const struct query rollback = {VERB_PLAIN, NULL, "ROLLBACK"};
	struct sqlite *sqlite = impl;

	assert(sqlite->reading == 0);
	if (!sqlite->open)
		return;
	/*
	 * It fails when a full disk made SQLite roll back by itself: what counts is that none is
	 * open.
	 */
	sqlite_run(sqlite, &rollback);
	assert(sqlite3_get_autocommit(sqlite->db) != 0);
	sqlite->open = false;
}

static void sqlite_close(void *impl)
{
	struct sqlite *sqlite = impl;

	sqlite_rollback(sqlite);
	sqlite_finalize(sqlite);
	sqlite3_close(sqlite->db);
	free(sqlite);
}

enum err store_sqlite(struct store *store, const char *path, char fault[REASON_MAX_BYTES])
{
	struct sqlite *sqlite;
	enum err r;

	fault[0] = '\0';
	r = make_file(path, fault);
	if (r != ERR_OK)
		return r;
	sqlite = calloc(1, sizeof *sqlite);
	if (sqlite == NULL)
		return fail(fault, ERR_MEMORY, "There is no memory to open the database.");
	r = open_database(sqlite, path, fault);
	if (r != ERR_OK) {
		sqlite_close(sqlite);
		return r;
	}
	*store = (struct store){
		.impl = sqlite,
		.close = sqlite_close,
		.begin = sqlite_begin,
		.commit = sqlite_commit,
		.rollback = sqlite_rollback,
	};
	sqlite_night_functions(store);
	sqlite_people_functions(store);
	sqlite_log_functions(store);
	sqlite_tree_functions(store);
	return ERR_OK;
}
