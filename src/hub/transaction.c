/*
 * Record first, act after: a transaction collects what is to be published or told, and only a
 * successful commit lets it out. A store that refuses a write ends the hub, since a hub that cannot
 * record must not act; whoever starts it again finds everything due still due.
 */
#include "hub/inside.h"

#include "base/text.h"
#include "os/journal.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum err hub_begin(struct hub *hub)
{
	enum err r;

	assert(!hub->in_transaction);
	r = hub->store->begin(hub->store->impl);
	hub->in_transaction = r == ERR_OK;
	if (r != ERR_OK) {
		hub->failed = true;
		journal_fault("store: cannot begin: %s", err_text(r));
	}
	return r;
}

void hub_abort(struct hub *hub)
{
	assert(hub->in_transaction);
	hub->store->rollback(hub->store->impl);
	hub->in_transaction = false;
	hub->after.n = 0;
}

/* One publication a row is enough, however often it was touched. */
static bool noted(const struct hub *hub, enum after_kind kind, int64_t id, const char *name)
{
	const struct after *after = hub->after.items;

	for (size_t i = 0; i < hub->after.n; i++)
		if (after[i].kind == kind && after[i].id == id && strcmp(after[i].name, name) == 0)
			return true;
	return false;
}

void hub_note(struct hub *hub, enum after_kind kind, int64_t id, const char *name)
{
	struct after *after;

	if (noted(hub, kind, id, name))
		return;
	after = list_add(&hub->after, sizeof *after);
	after->kind = kind;
	after->id = id;
	text_clean(after->name, sizeof after->name, name);
}

void hub_note_look_over(struct hub *hub, int64_t session, int64_t look, enum cause cause)
{
	struct after *after;

	if (session == 0 || noted(hub, AFTER_LOOK_OVER, look, ""))
		return;
	after = list_add(&hub->after, sizeof *after);
	after->kind = AFTER_LOOK_OVER;
	after->id = look;
	after->session = session;
	after->cause = cause;
}

enum err hub_commit(struct hub *hub)
{
	struct list after = hub->after;
	enum err r;

	assert(hub->in_transaction);
	r = hub->store->commit(hub->store->impl);
	hub->in_transaction = false;
	hub->after = (struct list){0};
	if (r != ERR_OK) {
		hub->failed = true;
		journal_fault("store: cannot commit: %s", err_text(r));
	} else {
		for (size_t i = 0; i < after.n; i++)
			publish_after(hub, (struct after *)after.items + i);
	}
	/* Keep the room for the next transaction, unless publishing noted something new. */
	if (hub->after.items == NULL) {
		after.n = 0;
		hub->after = after;
	} else {
		free(after.items);
	}
	return r;
}

struct log_event hub_event(const struct hub *hub, enum log_type type, const struct check *check)
{
	struct log_event event = log_event(type, hub->now.utc_ms);

	if (check != NULL) {
		memcpy(event.resident, check->resident, sizeof event.resident);
		event.check = check->id;
		event.look = check->look;
		event.page = check->page;
	}
	return event;
}

enum err hub_log(struct hub *hub, const struct log_event *event, int64_t *id)
{
	struct log_row row = {.number = -1, .at_ms = event->at_ms, .type = (int32_t)event->type,
	                      .check = event->check, .look = event->look, .page = event->page};
	struct buf canonical = buf_new(LOG_EVENT_MAX_BYTES);
	enum err r = log_event_encode(event, &canonical);

	assert(hub->in_transaction);
	if (r == ERR_OK) {
		memcpy(row.actor, event->actor, sizeof row.actor);
		memcpy(row.resident, event->resident, sizeof row.resident);
		hub->crypto->random(row.salt, sizeof row.salt);
		memcpy(row.canonical, canonical.data, canonical.len);
		row.len = canonical.len;
		log_leaf_hash(hub->crypto, row.salt, row.canonical, row.len, row.leaf);
		r = hub->store->log_append(hub->store->impl, &row);
	}
	buf_free(&canonical);
	if (id != NULL)
		*id = row.id;
	return r;
}
