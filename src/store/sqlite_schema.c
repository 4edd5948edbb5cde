/*
 * The schema of the SQLite store as the steps that led to it. A step that was ever released is
 * frozen: a change is a new step behind it. STRICT tables refuse a value of the wrong type;
 * AUTOINCREMENT is why an id is never given twice; a reference that is not there is NULL.
 */
#include "store/sqlite.h"

#include <stdio.h>

static const char *const version_1[] = {
	"CREATE TABLE pages ("
	" number INTEGER PRIMARY KEY AUTOINCREMENT,"
	" night INTEGER NOT NULL, cause INTEGER NOT NULL, urgent INTEGER NOT NULL,"
	" area TEXT NOT NULL,"
	" state INTEGER NOT NULL, step INTEGER NOT NULL, steps INTEGER NOT NULL,"
	" contact TEXT NOT NULL, acknowledged_by TEXT NOT NULL,"
	" held INTEGER NOT NULL, hold_until_ms INTEGER NOT NULL,"
	" on_site_limit_ms INTEGER NOT NULL, unanswered_ms INTEGER NOT NULL,"
	" queued_ms INTEGER NOT NULL, submitted_ms INTEGER NOT NULL,"
	" at_network_ms INTEGER NOT NULL,"
	" delivered_ms INTEGER NOT NULL, acknowledged_ms INTEGER NOT NULL,"
	" on_site_ms INTEGER NOT NULL,"
	" closed_ms INTEGER NOT NULL, step_ms INTEGER NOT NULL,"
	" silent INTEGER NOT NULL, trouble INTEGER NOT NULL, repeated INTEGER NOT NULL,"
	" emergency_called INTEGER NOT NULL,"
	" next_at INTEGER NOT NULL, decision_version INTEGER NOT NULL"
	") STRICT",
	"CREATE INDEX pages_open ON pages (number) WHERE state <> 6",
	"CREATE INDEX pages_next ON pages (next_at, number) WHERE state <> 6 AND next_at > 0",

	"CREATE TABLE looks ("
	" id INTEGER PRIMARY KEY AUTOINCREMENT,"
	" night INTEGER NOT NULL, n_checks INTEGER NOT NULL,"
	" check_1 INTEGER REFERENCES checks (id), check_2 INTEGER REFERENCES checks (id),"
	" camera TEXT NOT NULL, agreement TEXT NOT NULL, operator_id TEXT NOT NULL,"
	" session INTEGER NOT NULL,"
	" number INTEGER NOT NULL, replacement INTEGER NOT NULL, state INTEGER NOT NULL,"
	" permit_id BLOB NOT NULL, nonce BLOB NOT NULL,"
	" claimed_ms INTEGER NOT NULL, recorded_ms INTEGER NOT NULL, sent_ms INTEGER NOT NULL,"
	" opened_ms INTEGER NOT NULL, lens_ms INTEGER NOT NULL,"
	" shown_ms INTEGER NOT NULL, view_ms INTEGER NOT NULL, cause INTEGER NOT NULL"
	") STRICT",
	"CREATE INDEX looks_open ON looks (id) WHERE state < 5",
	"CREATE INDEX looks_night ON looks (night, id)",

	"CREATE TABLE checks ("
	" id INTEGER PRIMARY KEY AUTOINCREMENT,"
	" night INTEGER NOT NULL, resident TEXT NOT NULL,"
	" agreement TEXT NOT NULL, agreement_version INTEGER NOT NULL,"
	" slot TEXT NOT NULL, camera TEXT NOT NULL, area TEXT NOT NULL, priority INTEGER NOT NULL,"
	" pair INTEGER REFERENCES checks (id), kind INTEGER NOT NULL, note INTEGER NOT NULL,"
	" start_ms INTEGER NOT NULL, early_ms INTEGER NOT NULL, latest_ms INTEGER NOT NULL,"
	" hard_end_ms INTEGER NOT NULL, rechecks_left INTEGER NOT NULL,"
	" recheck_earliest_ms INTEGER NOT NULL, recheck_due_ms INTEGER NOT NULL,"
	" recheck_late_ms INTEGER NOT NULL, on_site_ms INTEGER NOT NULL,"
	" page_unanswered_ms INTEGER NOT NULL, visit_report_ms INTEGER NOT NULL,"
	" state INTEGER NOT NULL, outcome INTEGER NOT NULL, cause INTEGER NOT NULL,"
	" reason TEXT NOT NULL,"
	" camera_lost INTEGER NOT NULL,"
	" look_number INTEGER NOT NULL, look INTEGER REFERENCES looks (id),"
	" replacement_used INTEGER NOT NULL, other_person INTEGER NOT NULL,"
	" answer INTEGER NOT NULL,"
	" operator_id TEXT NOT NULL, session INTEGER NOT NULL,"
	" claimed_ms INTEGER NOT NULL, look_ms INTEGER NOT NULL, shown_ms INTEGER NOT NULL,"
	" view_over_ms INTEGER NOT NULL, view_ms INTEGER NOT NULL, answered_ms INTEGER NOT NULL,"
	" first_answer_ms INTEGER NOT NULL, fault_ms INTEGER NOT NULL,"
	" fault_page_ms INTEGER NOT NULL,"
	" page INTEGER REFERENCES pages (number), patrol_ms INTEGER NOT NULL,"
	" on_site_trouble INTEGER NOT NULL, closed_ms INTEGER NOT NULL,"
	" next_at INTEGER NOT NULL, decision_version INTEGER NOT NULL,"
	" UNIQUE (night, resident, slot)"
	") STRICT",
	"CREATE INDEX checks_open ON checks (start_ms, id) WHERE state <> 9",
	"CREATE INDEX checks_next ON checks (next_at, id) WHERE state <> 9 AND next_at > 0",
	"CREATE INDEX checks_page ON checks (page, start_ms, id) WHERE page IS NOT NULL",

	"CREATE TABLE residents ("
	" id TEXT PRIMARY KEY NOT NULL, name TEXT NOT NULL, address TEXT NOT NULL,"
	" bed_note TEXT NOT NULL, door_note TEXT NOT NULL, phone TEXT NOT NULL,"
	" agreement TEXT NOT NULL"
	") STRICT, WITHOUT ROWID",
	"CREATE TABLE agreements ("
	" id TEXT PRIMARY KEY NOT NULL, version INTEGER NOT NULL, doc BLOB NOT NULL,"
	" signature BLOB NOT NULL, withdrawn_ms INTEGER NOT NULL"
	") STRICT",
	"CREATE TABLE cameras ("
	" id TEXT PRIMARY KEY NOT NULL, serial TEXT NOT NULL, agreement TEXT NOT NULL,"
	" device_key BLOB NOT NULL, enrolled_ms INTEGER NOT NULL, accepted_ms INTEGER NOT NULL,"
	" last_seen_ms INTEGER NOT NULL, connected INTEGER NOT NULL"
	") STRICT, WITHOUT ROWID",
	"CREATE TABLE operators ("
	" id TEXT PRIMARY KEY NOT NULL, name TEXT NOT NULL, user TEXT NOT NULL,"
	" certificate BLOB NOT NULL, key BLOB NOT NULL, role INTEGER NOT NULL"
	") STRICT, WITHOUT ROWID",
	"CREATE TABLE contacts ("
	" id TEXT PRIMARY KEY NOT NULL, name TEXT NOT NULL, phone TEXT NOT NULL,"
	" role INTEGER NOT NULL, area TEXT NOT NULL, step INTEGER NOT NULL"
	") STRICT, WITHOUT ROWID",
	"CREATE TABLE pauses ("
	" resident TEXT PRIMARY KEY NOT NULL, from_ms INTEGER NOT NULL, to_ms INTEGER NOT NULL,"
	" review_ms INTEGER NOT NULL, reason TEXT NOT NULL, entered_by TEXT NOT NULL"
	") STRICT, WITHOUT ROWID",
	"CREATE TABLE settings ("
	" name TEXT PRIMARY KEY NOT NULL, value TEXT NOT NULL"
	") STRICT, WITHOUT ROWID",

	"CREATE TABLE alarms ("
	" id INTEGER PRIMARY KEY AUTOINCREMENT,"
	" kind TEXT NOT NULL, subject TEXT NOT NULL, level INTEGER NOT NULL, text TEXT NOT NULL,"
	" since_ms INTEGER NOT NULL,"
	" UNIQUE (kind, subject)"
	") STRICT",

	"CREATE TABLE log ("
	" id INTEGER PRIMARY KEY AUTOINCREMENT,"
	" number INTEGER NOT NULL, at_ms INTEGER NOT NULL, type INTEGER NOT NULL,"
	" actor TEXT NOT NULL, resident TEXT NOT NULL,"
	" check_id INTEGER NOT NULL, look_id INTEGER NOT NULL, page_number INTEGER NOT NULL,"
	" salt BLOB NOT NULL, leaf BLOB NOT NULL, canonical BLOB NOT NULL"
	") STRICT",
	"CREATE UNIQUE INDEX log_number ON log (number) WHERE number >= 0",
	"CREATE INDEX log_unnumbered ON log (id) WHERE number < 0",
	"CREATE INDEX log_resident ON log (resident, id)",
	"CREATE INDEX log_actor ON log (actor, id)",
	"CREATE INDEX log_look ON log (look_id, id) WHERE look_id <> 0",
	"CREATE INDEX log_at ON log (at_ms, id)",
	/* Not the program alone: the file itself refuses that its log is rewritten. */
	"CREATE TRIGGER log_is_written_once BEFORE UPDATE OF"
	" id, at_ms, type, actor, resident, check_id, look_id, page_number, salt, leaf,"
	" canonical ON log"
	" BEGIN SELECT RAISE (ABORT, 'log rows are never changed'); END",
	"CREATE TRIGGER log_is_numbered_once BEFORE UPDATE OF number ON log WHEN OLD.number >= 0"
	" BEGIN SELECT RAISE (ABORT, 'log rows keep their number'); END",
	"CREATE TRIGGER log_is_kept BEFORE DELETE ON log"
	" BEGIN SELECT RAISE (ABORT, 'log rows are never removed'); END",

	"CREATE TABLE outbox ("
	" id INTEGER PRIMARY KEY AUTOINCREMENT,"
	" kind INTEGER NOT NULL, subject INTEGER NOT NULL, name TEXT NOT NULL,"
	" created_ms INTEGER NOT NULL,"
	" record INTEGER REFERENCES log (id),"
	" attempts INTEGER NOT NULL, next_at INTEGER NOT NULL, payload BLOB NOT NULL"
	") STRICT",
	NULL,
};

/*
 * The log as a tree. What stands here follows from the log alone, and is made from it anew if need
 * be.
 */
static const char *const version_2[] = {
	"CREATE TABLE log_nodes ("
	" place INTEGER PRIMARY KEY NOT NULL, hash BLOB NOT NULL"
	") STRICT",
	"CREATE TABLE log_index ("
	" resident TEXT PRIMARY KEY NOT NULL, count INTEGER NOT NULL, last INTEGER NOT NULL,"
	" chain BLOB NOT NULL"
	") STRICT, WITHOUT ROWID",
	"CREATE TABLE log_checkpoints ("
	" size INTEGER PRIMARY KEY NOT NULL, at_ms INTEGER NOT NULL, note BLOB NOT NULL"
	") STRICT",
	NULL,
};

/* After its time what a row says may go, whole or not at all; that it was, and its leaf, never. */
static const char *const version_3[] = {
	"DROP TRIGGER log_is_written_once",
	"CREATE TRIGGER log_is_written_once BEFORE UPDATE OF id, resident, leaf ON log"
	" BEGIN SELECT RAISE (ABORT, 'log rows are never changed'); END",
	"CREATE TRIGGER log_is_erased_whole BEFORE UPDATE OF"
	" at_ms, type, actor, check_id, look_id, page_number, salt, canonical ON log"
	" WHEN OLD.number < 0 OR NEW.at_ms <> 0 OR NEW.type <> 0 OR NEW.actor <> ''"
	" OR NEW.check_id <> 0 OR NEW.look_id <> 0 OR NEW.page_number <> 0"
	" OR NEW.salt <> zeroblob(32) OR NEW.canonical <> zeroblob(0)"
	" BEGIN SELECT RAISE (ABORT, 'log rows are never changed, only erased whole'); END",
	"CREATE INDEX log_left ON log (number) WHERE number >= 0 AND at_ms > 0",
	NULL,
};

const char *const *const sqlite_migrations[] = {
	version_1,
	version_2,
	version_3,
	NULL,
};

static int64_t newest(const char *const *const migrations[])
{
	int64_t n = 0;

	while (migrations[n] != NULL)
		n++;
	return n;
}

static enum err read_version(struct sqlite *sqlite, int64_t *version)
{
	static const struct query query = {VERB_PLAIN, NULL, "PRAGMA user_version"};

	return sqlite_number(sqlite, &query, NO_BIND, version);
}

enum err sqlite_recognise(struct sqlite *sqlite, const char *const *const migrations[],
                          char fault[REASON_MAX_BYTES])
{
	static const struct query application_query = {VERB_PLAIN, NULL, "PRAGMA application_id"};
	static const struct query tables_query = {VERB_PLAIN, NULL,
	                                          "SELECT count(*) FROM sqlite_schema"};
	int64_t version, application, tables;
	enum err r;

	if ((r = sqlite_number(sqlite, &tables_query, NO_BIND, &tables)) != ERR_OK
	    || (r = sqlite_number(sqlite, &application_query, NO_BIND, &application)) != ERR_OK
	    || (r = read_version(sqlite, &version)) != ERR_OK)
		return r;
	if (tables == 0 && application == 0 && version == 0)
		return ERR_OK;
	if (application != SQLITE_APPLICATION || version <= 0) {
		snprintf(fault, REASON_MAX_BYTES, "The database is that of another program.");
		return ERR_PARSE;
	}
	if (version > newest(migrations)) {
		snprintf(fault, REASON_MAX_BYTES,
		         "The database was made by a newer program: its version is %lld, this one "
		         "knows up to %lld.",
		         (long long)version, (long long)newest(migrations));
		return ERR_VERSION;
	}
	return ERR_OK;
}

/* The number is ours, and a PRAGMA takes no parameter. */
static enum err set_version(struct sqlite *sqlite, int64_t version)
{
	char sql[96];

	snprintf(sql, sizeof sql, "PRAGMA application_id = %d; PRAGMA user_version = %lld",
	         SQLITE_APPLICATION, (long long)version);
	return sqlite_exec(sqlite, sql);
}

enum err sqlite_migrate(struct sqlite *sqlite, const char *const *const migrations[])
{
	int64_t version, to = newest(migrations);
	enum err r = read_version(sqlite, &version);

	if (r != ERR_OK || version == to || (r = sqlite_begin(sqlite)) != ERR_OK)
		return r;
	for (; version < to && r == ERR_OK; version++) {
		for (int i = 0; migrations[version][i] != NULL && r == ERR_OK; i++)
			r = sqlite_exec(sqlite, migrations[version][i]);
	}
	if (r == ERR_OK)
		r = set_version(sqlite, to);
	if (r == ERR_OK)
		return sqlite_commit(sqlite);
	sqlite_rollback(sqlite);
	return r;
}
