/*
 * The store on SQLite: what leaves the hub and what is written down. Outbox, standing alarms, log.
 */
#include "store/sqlite.h"

#include "base/buf.h"

SQLITE_DEFINE_EACH(each_outbox, struct outbox_row)
SQLITE_DEFINE_EACH(each_alarm, struct alarm_row)
SQLITE_DEFINE_EACH(each_log, struct log_row)

static enum err outbox_put(void *impl, struct outbox_row *row)
{
	static const struct query query = {VERB_PUT, &outbox_columns, NULL};

	return sqlite_put(impl, &query, row, &row->id);
}

static enum err outbox_get(void *impl, int64_t id, struct outbox_row *row)
{
	static const struct query query = {VERB_SELECT, &outbox_columns, "WHERE id = ?1"};

	return sqlite_get(impl, &query, BIND({.number = id}), row);
}

static enum err outbox_strike(void *impl, int64_t id)
{
	static const struct query query = {VERB_PLAIN, NULL, "DELETE FROM outbox WHERE id = ?1"};

	return sqlite_change(impl, &query, BIND({.number = id}));
}

static enum err outbox(void *impl, each_outbox_fn *each, void *arg)
{
	static const struct query query = {VERB_SELECT, &outbox_columns, "ORDER BY id"};

	return each_outbox(impl, &query, NO_BIND, each, arg);
}

static enum err alarm_find(void *impl, const char *kind, const char *subject,
                           struct alarm_row *alarm)
{
	static const struct query query = {VERB_SELECT, &alarm_columns,
	                                   "WHERE kind = ?1 AND subject = ?2"};

	return sqlite_get(impl, &query, BIND({.text = kind}, {.text = subject}), alarm);
}

static enum err alarm_put(void *impl, struct alarm_row *alarm)
{
	static const struct query query = {VERB_PUT, &alarm_columns, NULL};
	struct alarm_row standing;
	enum err r = alarm_find(impl, alarm->kind, alarm->subject, &standing);

	if (r != ERR_OK && r != ERR_NOT_FOUND)
		return r;
	alarm->id = 0;
	if (r == ERR_OK) {
		alarm->id = standing.id;
		alarm->since_ms = standing.since_ms;
	}
	return sqlite_put(impl, &query, alarm, &alarm->id);
}

static enum err alarm_delete(void *impl, int64_t id)
{
	static const struct query query = {VERB_PLAIN, NULL, "DELETE FROM alarms WHERE id = ?1"};

	return sqlite_change(impl, &query, BIND({.number = id}));
}

static enum err alarms(void *impl, each_alarm_fn *each, void *arg)
{
	static const struct query query = {VERB_SELECT, &alarm_columns, "ORDER BY id"};

	return each_alarm(impl, &query, NO_BIND, each, arg);
}

static enum err log_append(void *impl, struct log_row *row)
{
	static const struct query query = {VERB_PUT, &log_columns, NULL};

	row->id = 0;
	row->number = -1;
	return sqlite_put(impl, &query, row, &row->id);
}

/*
 * One statement: each unnumbered row's place among them, in the order of ids, behind what has a
 * number.
 */
static enum err number_rows(struct sqlite *sqlite)
{
	static const struct query query = {
		VERB_PLAIN, NULL,
		"UPDATE log SET number = waiting.place FROM ("
		" SELECT id AS row, row_number() OVER (ORDER BY id) - 1"
		"  + (SELECT coalesce(max(number), -1) + 1 FROM log WHERE number >= 0) AS place"
		" FROM log WHERE number < 0) AS waiting"
		" WHERE log.id = waiting.row",
	};
	enum err r = sqlite_change(sqlite, &query, NO_BIND);

	return r == ERR_NOT_FOUND ? ERR_OK : r;
}

static enum err log_sequence(void *impl, int64_t *size)
{
	static const struct query length = {
		VERB_PLAIN, NULL, "SELECT coalesce(max(number), -1) + 1 FROM log WHERE number >= 0",
	};
	struct sqlite *sqlite = impl;
	bool own = !sqlite->open;
	enum err r = own ? sqlite_begin(sqlite) : ERR_OK;

	if (r != ERR_OK)
		return r;
	if ((r = number_rows(sqlite)) == ERR_OK)
		r = sqlite_number(sqlite, &length, NO_BIND, size);
	if (own && r == ERR_OK)
		r = sqlite_commit(sqlite);
	else if (own)
		sqlite_rollback(sqlite);
	return r;
}

static enum err log_get(void *impl, int64_t id, struct log_row *row)
{
	static const struct query query = {VERB_SELECT, &log_columns, "WHERE id = ?1"};

	return sqlite_get(impl, &query, BIND({.number = id}), row);
}

static enum err log_numbered(void *impl, int64_t number, struct log_row *row)
{
	static const struct query query = {VERB_SELECT, &log_columns,
	                                   "WHERE number >= 0 AND number = ?1"};

	return sqlite_get(impl, &query, BIND({.number = number}), row);
}

/*
 * Only the bounds that are given are written, so that each reading finds the index that suits it.
 */
static enum err write_filter(const struct log_filter *filter, struct buf *text, struct bind bind[],
                             int *n)
{
	const struct {
		bool given;
		const char *condition;
		struct bind value;
	} bounds[] = {
		{filter->resident != NULL, "AND resident = ? ", {.text = filter->resident}},
		{filter->actor != NULL, "AND actor = ? ", {.text = filter->actor}},
		{filter->from_ms > 0, "AND at_ms >= ? ", {.number = filter->from_ms}},
		{filter->to_ms > 0, "AND at_ms < ? ", {.number = filter->to_ms}},
		{filter->after_id > 0, "AND id > ? ", {.number = filter->after_id}},
		{filter->look > 0, "AND look_id <> 0 AND look_id = ? ", {.number = filter->look}},
	};
	enum err r = buf_add_text(text, "WHERE 1 ");

	*n = 0;
	for (size_t i = 0; i < sizeof bounds / sizeof bounds[0] && r == ERR_OK; i++) {
		if (bounds[i].given) {
			r = buf_add_text(text, bounds[i].condition);
			bind[(*n)++] = bounds[i].value;
		}
	}
	return r == ERR_OK ? buf_printf(text, "ORDER BY id") : r;
}

static enum err log_read(void *impl, const struct log_filter *filter, each_log_fn *each, void *arg)
{
	struct buf text = buf_new(512);
	struct bind bind[6];
	int n;
	enum err r = write_filter(filter, &text, bind, &n);

	if (r == ERR_OK) {
		const struct query query = {VERB_ONCE, &log_columns, (const char *)text.data};

		r = each_log(impl, &query, n == 0 ? NO_BIND : bind, each, arg);
	}
	buf_free(&text);
	return r;
}

static enum err log_erase(void *impl, int64_t before_ms, int64_t limit, int64_t *n)
{
	static const struct query query = {
		VERB_PLAIN, NULL,
		"WITH next AS (SELECT number, at_ms FROM log WHERE number >= 0 AND at_ms > 0"
		"  ORDER BY number LIMIT ?2)"
		" UPDATE log SET at_ms = 0, type = 0, actor = '', check_id = 0, look_id = 0,"
		"  page_number = 0, salt = zeroblob(32), canonical = zeroblob(0)"
		" WHERE number >= 0 AND number IN (SELECT number FROM next)"
		"  AND number < (SELECT coalesce(min(number), 9223372036854775807) FROM next"
		"   WHERE at_ms >= ?1)",
	};
	struct sqlite *sqlite = impl;
	enum err r = sqlite_change(sqlite, &query, BIND({.number = before_ms}, {.number = limit}));

	*n = r == ERR_OK ? sqlite3_changes(sqlite->db) : 0;
	return r == ERR_NOT_FOUND ? ERR_OK : r;
}

/*
 * Pages are overwritten with zeros where rows were (secure_delete); the write-ahead log still has
 * them.
 */
static enum err forget(void *impl)
{
	static const struct query query = {VERB_PLAIN, NULL, "PRAGMA wal_checkpoint(TRUNCATE)"};
	struct sqlite *sqlite = impl;
	int64_t busy;
	enum err r;

	if (sqlite->open || sqlite->reading > 0)
		return ERR_WRONG_STATE;
	r = sqlite_number(sqlite, &query, NO_BIND, &busy);
	return r != ERR_OK ? r : busy == 0 ? ERR_OK : ERR_IO;
}

void sqlite_log_functions(struct store *store)
{
	store->outbox_put = outbox_put;
	store->outbox_get = outbox_get;
	store->outbox_strike = outbox_strike;
	store->outbox = outbox;
	store->alarm_put = alarm_put;
	store->alarm_find = alarm_find;
	store->alarm_delete = alarm_delete;
	store->alarms = alarms;
	store->log_append = log_append;
	store->log_sequence = log_sequence;
	store->log_get = log_get;
	store->log_numbered = log_numbered;
	store->log_read = log_read;
	store->log_erase = log_erase;
	store->forget = forget;
}
