/*
 * What the log's entries said is erased after its time, on an administrator's word: leaves, tree,
 * index and with them every proof stay as they are, and the erasure is itself an entry.
 */
#include "hub/inside.h"

#include <string.h>

/* A transaction's worth, so that no look waits for it. */
enum { PIECE = 2000 };

/* Follow-up has at least this long; a shorter time would be a way to hide a night. */
#define LEAST_AGE_MS (31 * MS_DAY)

static enum err log_erasure(struct hub *hub, const struct session *session, int64_t before_ms,
                            int64_t n)
{
	struct log_event entry = hub_event(hub, LOG_ERASED, NULL);

	memcpy(entry.actor, session->operator_id, sizeof entry.actor);
	log_event_int(&entry, "count", n);
	log_event_int(&entry, "to_ms", before_ms);
	return hub_log(hub, &entry, NULL);
}

static bool erase_piece(struct hub *hub, const struct session *session, int64_t before_ms,
                        int64_t *n)
{
	enum err r;

	if (hub_begin(hub) != ERR_OK)
		return false;
	r = hub->store->log_erase(hub->store->impl, before_ms, PIECE, n);
	if (r == ERR_OK && *n > 0)
		r = log_erasure(hub, session, before_ms, *n);
	if (r == ERR_OK && *n > 0)
		return hub_commit(hub) == ERR_OK;
	hub_abort(hub);
	if (r == ERR_OK)
		r = hub->store->forget(hub->store->impl);
	hub->failed = hub->failed || r != ERR_OK;
	return r == ERR_OK;
}

/* What one has in part must not be erased before the rest is there, or it would not hold. */
static bool is_exporting(const struct hub *hub)
{
	struct session *const *session = hub->sessions.items;

	for (size_t i = 0; i < hub->sessions.n; i++)
		if (session[i]->export_open || session[i]->export_head != NULL)
			return true;
	return false;
}

void retain(struct hub *hub, struct session *session, const struct wire_message *message)
{
	int64_t before_ms = wire_int(message, "before_ms"), n = 0;
	struct wire_message *erased;

	if (before_ms > hub->now.utc_ms - LEAST_AGE_MS) {
		refuse_logged(hub, session, message, "state",
		              "The log of the last 31 days is not erased; nothing was changed.");
		return;
	}
	if (is_exporting(hub)) {
		send_refused_text(hub, session, message, "state",
		                  "An export of the log is under way; ask again when it is done.");
		return;
	}
	if (!erase_piece(hub, session, before_ms, &n))
		return;
	erased = wire_new(WIRE_ERASED);
	wire_set_int(erased, "command", wire_int(message, "command"));
	wire_set_int(erased, "count", n);
	send_message(hub, session->id, erased);
	send_done(hub, session, message, "");
}
