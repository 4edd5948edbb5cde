/*
 * The stepper's entries: start, message, close, tick. Each ends the same way: number the log,
 * deliver the outbox, and say when the next tick is wanted. What is due is read from the store, so
 * nothing is a timer that dies with a process.
 */
#include "hub/inside.h"

#include "core/night.h"
#include "os/journal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A wall clock that is further off than this was set. */
#define CLOCK_STEP_MS (2 * MS_SECOND)

bool hub_has_failed(const struct hub *hub)
{
	return hub->failed;
}

int64_t hub_next_ms(const struct hub *hub)
{
	return hub->next_ms;
}

static void want_at(struct hub *hub, int64_t at)
{
	if (at > 0 && at < hub->next_ms)
		hub->next_ms = at;
}

/* Ends every entry. */
static void finish(struct hub *hub)
{
	int64_t at = 0;

	if (!hub->failed)
		hub_settle(hub);
	hub->next_ms = hub->now.utc_ms + MS_MINUTE;
	if (hub->store->next_at(hub->store->impl, &at) != ERR_OK)
		hub->failed = true;
	want_at(hub, at);
	want_at(hub, looks_next_ms(hub));
	if (hub->last_activity_ms + hub->settings.policy.nobody_awake_ms > hub->now.utc_ms)
		want_at(hub, hub->last_activity_ms + hub->settings.policy.nobody_awake_ms);
	for (size_t i = 0; i < hub->cameras.n; i++) {
		const struct camera_live *live = (struct camera_live *)hub->cameras.items + i;

		if (live->session == 0 && !live->lost)
			want_at(hub, live->since_ms + hub->settings.policy.camera_lost_ms);
	}
}

static bool collect_due(void *arg, const struct check *check)
{
	*(int64_t *)list_add(arg, sizeof(int64_t)) = check->id;
	return true;
}

static enum err step_due(struct hub *hub, const struct list *due)
{
	struct check_event tick = {.kind = EVENT_TICK};
	enum refusal refusal;
	struct check check;
	enum err r = ERR_OK;

	for (size_t i = 0; i < due->n && r == ERR_OK; i++) {
		r = hub->store->check_get(hub->store->impl, ((int64_t *)due->items)[i], &check);
		if (r == ERR_OK)
			r = step_check(hub, &check, &tick, &refusal);
	}
	return r;
}

/* Everyone at 01:00 is one transaction, as what falls together is one page. */
static void checks_tick(struct hub *hub)
{
	struct list due = {0};
	enum err r = hub->store->checks_due(hub->store->impl, hub->now.utc_ms, collect_due, &due);

	if (r == ERR_OK && due.n > 0 && (r = hub_begin(hub)) == ERR_OK) {
		r = step_due(hub, &due);
		if (r == ERR_OK)
			r = hub_commit(hub);
		else
			hub_abort(hub);
	}
	hub->failed = hub->failed || r != ERR_OK;
	free(due.items);
}

static bool is_work(void *arg, const struct check *check)
{
	bool *work = arg;

	*work = check->state == CHECK_OPEN || check->state == CHECK_UNDECIDED
	     || check->state == CHECK_FAULT;
	return !*work;
}

/*
 * SERVICE.md policy, nobody awake: work is due, and no key on any console for five minutes, or no
 * console.
 */
static void watch_operators(struct hub *hub)
{
	bool work = false;
	/*
	 * After a start the consoles are on their way back: nobody there yet is not nobody awake.
	 */
	bool alone = sessions_count(hub, WIRE_CONSOLE) == 0
	             && hub->now.utc_ms >= hub->started_ms + hub->settings.policy.restart_hold_ms;
	bool asleep = alone
	           || hub->now.utc_ms - hub->last_activity_ms
	                      >= hub->settings.policy.nobody_awake_ms;

	if (hub->store->checks_open(hub->store->impl, is_work, &work) != ERR_OK)
		hub->failed = true;
	if (work && asleep)
		alarm_raise(hub, "nobody-awake", "", ALARM_HIGH,
		            "work is due and nobody is at a console");
	else
		alarm_lower(hub, "nobody-awake", "");
}

void hub_tick(struct hub *hub, const struct now *now)
{
	hub->now = *now;
	hub->automatic_pages.n = 0;
	if (!hub->failed)
		night_tick(hub);
	if (!hub->failed)
		cameras_tick(hub);
	if (!hub->failed)
		looks_tick(hub);
	if (!hub->failed)
		checks_tick(hub);
	if (!hub->failed)
		pages_tick(hub);
	if (!hub->failed)
		people_tick(hub);
	if (!hub->failed)
		watch_operators(hub);
	finish(hub);
}

static void refuse_message(struct hub *hub, const struct session *session, const char *reason)
{
	struct wire_message *message = wire_new(WIRE_ERROR);

	journal_note("session %lld: refused a message: %s", (long long)session->id, reason);
	wire_set_text(message, "reason", reason);
	send_message(hub, session->id, message);
}

/* A key was pressed, unless it is a picture process that speaks. */
static void note_activity(struct hub *hub, const struct session *session, enum wire_id id)
{
	if (session->state != WIRE_READY || id == WIRE_SHOWN || id == WIRE_VIEW_OVER
	    || id == WIRE_VIEWER_FAULT)
		return;
	hub->last_activity_ms = hub->now.utc_ms;
	alarm_lower(hub, "nobody-awake", "");
}

static void take_message(struct hub *hub, struct session *session, const void *data, size_t len)
{
	struct wire_message *message;
	char reason[REASON_MAX_BYTES];
	enum err r = wire_decode(session->protocol, WIRE_FROM_PEER, session->state, data, len,
	                         &message, reason);

	if (r != ERR_OK) {
		refuse_message(hub, session, reason);
		if (session->state == WIRE_NEW)
			hub->ports.close(hub->ports.arg, session->id, reason);
		return;
	}
	if (session->protocol == WIRE_CAMERA) {
		camera_message(hub, session, message);
	} else if (session->protocol == WIRE_CONSOLE) {
		console_message(hub, session, message);
		note_activity(hub, session, wire_id(message));
	} else {
		admin_message(hub, session, message);
	}
	wire_free(message);
}

void hub_message(struct hub *hub, const struct now *now, int64_t id, const void *data, size_t len,
                 bool binary)
{
	struct session *session = session_find(hub, id);

	if (session == NULL || hub->failed)
		return;
	hub->now = *now;
	hub->automatic_pages.n = 0;
	if (!binary)
		take_message(hub, session, data, len);
	else if (session->protocol == WIRE_CAMERA)
		camera_picture(hub, session, data, len);
	else
		refuse_message(hub, session, "only a camera sends binary frames");
	finish(hub);
}

static void log_alone(struct hub *hub, const struct log_event *entry)
{
	if (hub->failed || hub_begin(hub) != ERR_OK)
		return;
	if (hub_log(hub, entry, NULL) == ERR_OK) {
		hub_commit(hub);
	} else {
		hub_abort(hub);
		hub->failed = true;
	}
}

void hub_wall_clock(struct hub *hub, const struct now *now, int64_t away_ms)
{
	int64_t news_ms = away_ms - hub->wall_away_ms;
	struct log_event entry;
	char text[NOTE_MAX_BYTES];

	if (hub->failed || (news_ms <= CLOCK_STEP_MS && news_ms >= -CLOCK_STEP_MS))
		return;
	hub->now = *now;
	hub->wall_away_ms = away_ms;
	entry = hub_event(hub, LOG_CLOCK_STEP, NULL);
	log_event_int(&entry, "step_ms", news_ms);
	log_alone(hub, &entry);
	snprintf(text, sizeof text,
	         "the hub's machine had its clock set, %+lld s: the hub goes by its own until it "
	         "is started again",
	         (long long)(away_ms / MS_SECOND));
	if (away_ms > CLOCK_STEP_MS || away_ms < -CLOCK_STEP_MS)
		alarm_raise(hub, "clock", "", ALARM_LOW, text);
	else
		alarm_lower(hub, "clock", "");
}

void hub_zone_unreadable(struct hub *hub, const struct now *now, const char *why)
{
	hub->now = *now;
	if (!hub->failed)
		zone_unreadable(hub, why);
	finish(hub);
}

void hub_signer_news(struct hub *hub, const struct now *now, enum err there)
{
	hub->now = *now;
	if (!hub->failed)
		signer_is(hub, there);
	finish(hub);
}

void hub_stop(struct hub *hub, const struct now *now)
{
	struct log_event entry;

	hub->now = *now;
	entry = hub_event(hub, LOG_HUB_STOPPED, NULL);
	log_alone(hub, &entry);
}

static bool is_unclosed(const struct check *check, const void *arg)
{
	(void)arg;
	return check->state != CHECK_CLOSED;
}

/* A demo's database stays one, and no other becomes one. */
static enum err check_demo(struct hub *hub, char fault[REASON_MAX_BYTES])
{
	const char *want = hub->settings.demo ? "yes" : "no";
	char value[PATH_MAX_BYTES];
	enum err r = hub->store->setting_get(hub->store->impl, "demo", value);

	if (r == ERR_OK && strcmp(value, want) == 0)
		return ERR_OK;
	if (r == ERR_OK) {
		snprintf(fault, REASON_MAX_BYTES, "this database %s a demo's, and demo = %s is set",
		         strcmp(value, "yes") == 0 ? "is" : "is not", want);
		return ERR_DENIED;
	}
	if ((r = hub_begin(hub)) != ERR_OK)
		return r;
	r = hub->store->setting_put(hub->store->impl, "demo", want);
	if (r == ERR_OK)
		return hub_commit(hub);
	hub_abort(hub);
	return r;
}

static enum err open_ledger(struct hub *hub, char fault[REASON_MAX_BYTES])
{
	enum err r;

	if (!checkpoint_is_origin(hub->settings.log_origin)) {
		snprintf(fault, REASON_MAX_BYTES,
		         "log_origin is no name for a log: no blank and no plus in it");
		return ERR_PARSE;
	}
	r = ledger_open(hub, &hub->ledger);
	if (r == ERR_PARSE)
		snprintf(fault, REASON_MAX_BYTES,
		         "the log and what is kept beside it do not agree");
	return r;
}

static void come_back(struct hub *hub)
{
	struct check_event restart = {.kind = EVENT_RESTART};
	struct log_event entry = hub_event(hub, LOG_HUB_STARTED, NULL);

	log_event_text(&entry, "demo", hub->settings.demo ? "yes" : "no");
	log_alone(hub, &entry);
	alarm_lower(hub, "clock", "");
	cameras_load(hub);
	wells_read(hub);
	looks_restart(hub);
	if (!hub->failed)
		step_all(hub, is_unclosed, NULL, &restart);
	if (!hub->failed)
		pages_restart(hub);
	if (!hub->failed)
		zone_follow(hub);
	if (!hub->failed)
		night_plan(hub);
	cameras_uncovered(hub);
	if (!hub->failed)
		night_reconcile(hub, NULL, NULL);
}

enum err hub_start(const struct hub_parts *parts, const struct now *now, struct hub **out,
                   char fault[REASON_MAX_BYTES])
{
	struct hub *hub = calloc(1, sizeof *hub);
	int64_t from, to;
	enum err r;

	*out = NULL;
	fault[0] = '\0';
	if (hub == NULL)
		return ERR_MEMORY;
	*hub = (struct hub){.settings = *parts->settings,
	                    .store = parts->store,
	                    .crypto = parts->crypto,
	                    .zone = parts->zone,
	                    .pager = parts->pager,
	                    .signer = parts->signer,
	                    .ports = parts->ports,
	                    .now = *now,
	                    .started_ms = now->utc_ms,
	                    .last_activity_ms = now->utc_ms,
	                    .signer_there = ERR_NOT_YET};
	/* Pages that are sent again at a start may report back before it is over. */
	*out = hub;
	hub->night = night_of(hub->zone, &hub->settings.policy, now->utc_ms);
	night_bounds(hub->zone, &hub->settings.policy, hub->night, &from, &to);
	hub->evening_done = now->utc_ms >= from;
	r = check_demo(hub, fault);
	if (r == ERR_OK)
		r = open_ledger(hub, fault);
	if (r == ERR_OK) {
		come_back(hub);
		hub_tick(hub, now);
		r = hub->failed ? ERR_IO : ERR_OK;
	}
	if (r != ERR_OK) {
		if (fault[0] == '\0')
			snprintf(fault, REASON_MAX_BYTES, "the store refused to be written: %s",
			         err_text(r));
		*out = NULL;
		hub_free(hub);
		return r;
	}
	return ERR_OK;
}

void hub_free(struct hub *hub)
{
	struct session **session;

	if (hub == NULL)
		return;
	session = hub->sessions.items;
	for (size_t i = 0; i < hub->sessions.n; i++) {
		import_free(session[i]->stage);
		export_end(session[i]);
		free(session[i]);
	}
	free(hub->sessions.items);
	free(hub->cameras.items);
	free(hub->after.items);
	free(hub->pager_notes.items);
	free(hub->signed_notes.items);
	free(hub->automatic_pages.items);
	free(hub->wells.items);
	ledger_free(hub->ledger);
	free(hub);
}
