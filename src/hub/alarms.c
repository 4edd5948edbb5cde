/* Standing alarms: one a kind and subject, in the store until their cause is gone. */
#include "hub/inside.h"

#include "base/text.h"

#include <string.h>

static enum err log_alarm(struct hub *hub, enum log_type type, const struct alarm_row *alarm)
{
	struct log_event entry = hub_event(hub, type, NULL);

	log_event_text(&entry, "kind", alarm->kind);
	log_event_text(&entry, "subject", alarm->subject);
	return hub_log(hub, &entry, NULL);
}

/* Alarms join the caller's transaction, or have one of their own. */
static bool enter(struct hub *hub, bool *own)
{
	*own = !hub->in_transaction;
	return !*own || hub_begin(hub) == ERR_OK;
}

static void leave(struct hub *hub, bool own, enum err r, int64_t alarm)
{
	if (r == ERR_OK)
		hub_note(hub, AFTER_ALARM, alarm, "");
	else
		hub->failed = true;
	if (own && r == ERR_OK)
		hub_commit(hub);
	else if (own)
		hub_abort(hub);
}

void alarm_raise(struct hub *hub, const char *kind, const char *subject, enum alarm level,
                 const char *text)
{
	struct alarm_row alarm;
	bool stands = hub->store->alarm_find(hub->store->impl, kind, subject, &alarm) == ERR_OK;
	bool own;
	enum err r;

	if (stands && alarm.level == level && strcmp(alarm.text, text) == 0)
		return;
	if (!stands) {
		alarm = (struct alarm_row){.since_ms = hub->now.utc_ms};
		text_clean(alarm.kind, sizeof alarm.kind, kind);
		text_clean(alarm.subject, sizeof alarm.subject, subject);
	}
	alarm.level = level;
	text_clean(alarm.text, sizeof alarm.text, text);
	if (!enter(hub, &own))
		return;
	r = hub->store->alarm_put(hub->store->impl, &alarm);
	if (r == ERR_OK && !stands)
		r = log_alarm(hub, LOG_ALARM, &alarm);
	leave(hub, own, r, alarm.id);
}

void alarm_lower(struct hub *hub, const char *kind, const char *subject)
{
	struct alarm_row alarm;
	bool own;
	enum err r;

	if (hub->store->alarm_find(hub->store->impl, kind, subject, &alarm) != ERR_OK
	    || !enter(hub, &own))
		return;
	r = hub->store->alarm_delete(hub->store->impl, alarm.id);
	if (r == ERR_OK)
		r = log_alarm(hub, LOG_ALARM_OVER, &alarm);
	leave(hub, own, r, alarm.id);
}
