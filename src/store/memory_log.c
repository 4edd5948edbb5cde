/*
 * The store in memory: what leaves the hub and what is written down. Outbox, standing alarms, log.
 */
#include "store/memory.h"

#include "base/text.h"

#include <string.h>

static int compare_i64(int64_t a, int64_t b)
{
	return (a > b) - (a < b);
}

static int outbox_by_id(const void *a, const void *b)
{
	return compare_i64(((const struct outbox_row *)a)->id, ((const struct outbox_row *)b)->id);
}

static int alarm_by_id(const void *a, const void *b)
{
	return compare_i64(((const struct alarm_row *)a)->id, ((const struct alarm_row *)b)->id);
}

static int alarm_by_subject(const void *a, const void *b)
{
	const struct alarm_row *left = a, *right = b;
	int order = strcmp(left->kind, right->kind);

	return order != 0 ? order : strcmp(left->subject, right->subject);
}

static int log_by_id(const void *a, const void *b)
{
	return compare_i64(((const struct log_row *)a)->id, ((const struct log_row *)b)->id);
}

static int log_by_number(const void *a, const void *b)
{
	return compare_i64(((const struct log_row *)a)->number,
	                   ((const struct log_row *)b)->number);
}

static bool log_is_numbered(const void *row)
{
	return ((const struct log_row *)row)->number >= 0;
}

static bool log_is_unnumbered(const void *row)
{
	return ((const struct log_row *)row)->number < 0;
}

static bool log_is_left(const void *row)
{
	return log_is_numbered(row) && ((const struct log_row *)row)->at_ms > 0;
}

enum { ALARM_BY_ID, ALARM_BY_SUBJECT };
enum { LOG_BY_ID, LOG_BY_ID_UNNUMBERED, LOG_BY_NUMBER, LOG_BY_NUMBER_LEFT };

static const struct order outbox_orders[] = {{outbox_by_id, NULL}, {NULL, NULL}};
static const struct order alarm_orders[] = {
	[ALARM_BY_ID] = {alarm_by_id, NULL},
	[ALARM_BY_SUBJECT] = {alarm_by_subject, NULL},
	{NULL, NULL},
};
static const struct order log_orders[] = {
	[LOG_BY_ID] = {log_by_id, NULL},
	[LOG_BY_ID_UNNUMBERED] = {log_by_id, log_is_unnumbered},
	[LOG_BY_NUMBER] = {log_by_number, log_is_numbered},
	[LOG_BY_NUMBER_LEFT] = {log_by_number, log_is_left},
	{NULL, NULL},
};

const struct kind memory_outbox_kind = {
	.size = sizeof(struct outbox_row),
	.numbered = true,
	.id_offset = offsetof(struct outbox_row, id),
	.orders = outbox_orders,
};

const struct kind memory_alarm_kind = {
	.size = sizeof(struct alarm_row),
	.numbered = true,
	.id_offset = offsetof(struct alarm_row, id),
	.orders = alarm_orders,
};

/* A year of simulated nights is millions of log rows, so each keeps only the bytes that it has. */
const struct kind memory_log_kind = {
	.size = sizeof(struct log_row),
	.numbered = true,
	.id_offset = offsetof(struct log_row, id),
	.len_offset = offsetof(struct log_row, len),
	.tail_offset = offsetof(struct log_row, canonical),
	.orders = log_orders,
};

MEMORY_DEFINE_EACH(each_outbox, struct outbox_row)
MEMORY_DEFINE_EACH(each_alarm, struct alarm_row)

bool memory_outbox_refers(const struct memory *memory, const void *row)
{
	struct log_row record = {.id = ((const struct outbox_row *)row)->record};

	return record.id == 0 || table_find(&memory->table[MEMORY_LOG], LOG_BY_ID, &record) != NULL;
}

static enum err outbox_put(void *impl, struct outbox_row *row)
{
	return memory_put(impl, MEMORY_OUTBOX, row, &row->id);
}

static enum err outbox_get(void *impl, int64_t id, struct outbox_row *row)
{
	struct outbox_row probe = {.id = id};

	return memory_get(impl, MEMORY_OUTBOX, 0, &probe, row);
}

static enum err outbox_strike(void *impl, int64_t id)
{
	struct outbox_row probe = {.id = id};

	return memory_delete(impl, MEMORY_OUTBOX, &probe);
}

static enum err outbox(void *impl, each_outbox_fn *each, void *arg)
{
	return each_outbox(impl, MEMORY_OUTBOX, 0, 0, NULL, 0, each, arg);
}

static enum err alarm_find(void *impl, const char *kind, const char *subject,
                           struct alarm_row *alarm)
{
	struct alarm_row probe = {.id = 0};

	if (text_copy(probe.kind, sizeof probe.kind, kind) != ERR_OK
	    || text_copy(probe.subject, sizeof probe.subject, subject) != ERR_OK)
		return ERR_NOT_FOUND;
	return memory_get(impl, MEMORY_ALARMS, ALARM_BY_SUBJECT, &probe, alarm);
}

static enum err alarm_put(void *impl, struct alarm_row *alarm)
{
	struct alarm_row standing;

	alarm->id = 0;
	if (alarm_find(impl, alarm->kind, alarm->subject, &standing) == ERR_OK) {
		alarm->id = standing.id;
		alarm->since_ms = standing.since_ms;
	}
	return memory_put(impl, MEMORY_ALARMS, alarm, &alarm->id);
}

static enum err alarm_delete(void *impl, int64_t id)
{
	struct alarm_row probe = {.id = id};

	return memory_delete(impl, MEMORY_ALARMS, &probe);
}

static enum err alarms(void *impl, each_alarm_fn *each, void *arg)
{
	return each_alarm(impl, MEMORY_ALARMS, ALARM_BY_ID, 0, NULL, 0, each, arg);
}

static enum err log_append(void *impl, struct log_row *row)
{
	row->id = 0;
	row->number = -1;
	return memory_put(impl, MEMORY_LOG, row, &row->id);
}

static enum err number_rows(struct memory *memory)
{
	const struct table *log = &memory->table[MEMORY_LOG];
	const struct index *unnumbered = &log->index[LOG_BY_ID_UNNUMBERED];
	int64_t size = (int64_t)(log->index[LOG_BY_ID].n - unnumbered->n);
	enum err r = ERR_OK;

	while (r == ERR_OK && unnumbered->n > 0) {
		struct log_row row;

		table_read(&memory_log_kind, unnumbered->row[0], &row);
		row.number = size++;
		r = memory_put(memory, MEMORY_LOG, &row, NULL);
	}
	return r;
}

static enum err log_sequence(void *impl, int64_t *size)
{
	struct memory *memory = impl;
	bool own = !memory->open;
	enum err r = own ? memory_begin(memory) : ERR_OK;

	if (r != ERR_OK)
		return r;
	r = number_rows(memory);
	if (own && r == ERR_OK)
		r = memory_commit(memory);
	else if (own)
		memory_rollback(memory);
	if (r == ERR_OK)
		*size = (int64_t)memory->table[MEMORY_LOG].index[LOG_BY_ID].n;
	return r;
}

static enum err log_get(void *impl, int64_t id, struct log_row *row)
{
	struct log_row probe = {.id = id};

	return memory_get(impl, MEMORY_LOG, LOG_BY_ID, &probe, row);
}

static enum err log_numbered(void *impl, int64_t number, struct log_row *row)
{
	struct log_row probe = {.number = number};

	return memory_get(impl, MEMORY_LOG, LOG_BY_NUMBER, &probe, row);
}

static bool passes(const struct log_filter *filter, const struct log_row *row)
{
	return (filter->resident == NULL || strcmp(filter->resident, row->resident) == 0)
	       && (filter->actor == NULL || strcmp(filter->actor, row->actor) == 0)
	       && (filter->from_ms <= 0 || row->at_ms >= filter->from_ms)
	       && (filter->to_ms <= 0 || row->at_ms < filter->to_ms)
	       && (filter->look <= 0 || row->look == filter->look);
}

static enum err log_read(void *impl, const struct log_filter *filter, each_log_fn *each, void *arg)
{
	struct memory *memory = impl;
	const struct index *log = &memory->table[MEMORY_LOG].index[LOG_BY_ID];
	struct log_row probe = {.id = filter->after_id > 0 ? filter->after_id + 1 : 0};
	bool more = true;

	memory->reading++;
	for (size_t i = table_from(&memory->table[MEMORY_LOG], LOG_BY_ID, &probe);
	     more && i < log->n; i++) {
		struct log_row row;

		if (!passes(filter, log->row[i]))
			continue;
		table_read(&memory_log_kind, log->row[i], &row);
		more = each(arg, &row);
	}
	memory->reading--;
	return ERR_OK;
}

/* A row that says nothing any more leaves this order, so the first is always the next. */
static enum err log_erase(void *impl, int64_t before_ms, int64_t limit, int64_t *n)
{
	struct memory *memory = impl;
	const struct index *old = &memory->table[MEMORY_LOG].index[LOG_BY_NUMBER_LEFT];
	enum err r = memory->open && memory->reading == 0 ? ERR_OK : ERR_WRONG_STATE;

	for (*n = 0; r == ERR_OK && *n < limit && old->n > 0; (*n)++) {
		const struct log_row *row = old->row[0];
		struct log_row left = {.id = row->id, .number = row->number};

		if (row->at_ms >= before_ms)
			break;
		memcpy(left.resident, row->resident, sizeof left.resident);
		memcpy(left.leaf, row->leaf, sizeof left.leaf);
		r = memory_put(memory, MEMORY_LOG, &left, NULL);
	}
	return r;
}

static enum err forget(void *impl)
{
	const struct memory *memory = impl;

	return memory->open || memory->reading > 0 ? ERR_WRONG_STATE : ERR_OK;
}

void memory_log_functions(struct store *store)
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
