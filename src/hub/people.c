/*
 * Withdrawals, pauses and excuses: what changes the standing of a resident in the middle of a
 * night.
 */
#include "hub/inside.h"

#include "base/canon.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool is_of_agreement(const struct check *check, const void *agreement)
{
	return strcmp(check->agreement, agreement) == 0 && check->kind == SLOT_CAMERA;
}

static enum err log_person(struct hub *hub, enum log_type type, const struct session *session,
                           const char *resident, const char *reason)
{
	struct log_event entry = hub_event(hub, type, NULL);

	memcpy(entry.actor, session->operator_id, sizeof entry.actor);
	memcpy(entry.resident, resident, strnlen(resident, ID_MAX - 1) + 1);
	if (reason[0] != '\0')
		log_event_text(&entry, "reason", reason);
	return hub_log(hub, &entry, NULL);
}

/* The agent is told to stop; closing needs no proof. */
static enum err queue_stop(struct hub *hub, const struct agreement_row *row)
{
	struct outbox_row out = {.kind = OUTBOX_STOP,
	                         .subject = row->version,
	                         .created_ms = hub->now.utc_ms,
	                         .next_at = hub->now.utc_ms};
	struct buf payload = buf_new(sizeof out.payload);
	struct canon_writer writer = canon_write(&payload);
	struct agreement agreement;
	enum err r = agreement_decode(&agreement, row->doc, row->doc_len);

	canon_put_text(&writer, row->id);
	if (r == ERR_OK)
		r = writer.err;
	if (r == ERR_OK && agreement.camera[0] != '\0') {
		memcpy(out.name, agreement.camera, sizeof out.name);
		memcpy(out.payload, payload.data, payload.len);
		out.payload_len = payload.len;
		r = hub->store->outbox_put(hub->store->impl, &out);
	}
	buf_free(&payload);
	return r;
}

/* One agreement, inside the transaction: no more looks under it, for whomever it names. */
static enum err withdraw_one(struct hub *hub, const struct session *session,
                             struct agreement_row *row)
{
	struct check_event lost = {.kind = EVENT_RIGHT_LOST, .cause = CAUSE_WITHDRAWN,
	                           .operator_id = session->operator_id};
	struct agreement agreement;
	enum err r = agreement_decode(&agreement, row->doc, row->doc_len);

	for (int i = 0; i < agreement.n_persons && r == ERR_OK; i++)
		hub_note(hub, AFTER_RESIDENT, 0, agreement.person[i].id);
	row->withdrawn_ms = hub->now.utc_ms;
	if (r == ERR_OK && (r = hub->store->agreement_put(hub->store->impl, row)) == ERR_OK
	    && (r = queue_stop(hub, row)) == ERR_OK)
		/*
		 * Closed checks too: what an undo or the end of a pause brings back must not bring
		 * back a look.
		 */
		r = step_wanted(hub, is_of_agreement, row->id, &lost);
	return r;
}

struct naming {
	const char *resident;
	struct list rows; /* struct agreement_row */
};

static bool collect_naming(void *arg, const struct agreement_row *row)
{
	struct naming *naming = arg;
	struct agreement agreement;

	if (strcmp(row->id, ROSTER_ROW) == 0
	    || agreement_decode(&agreement, row->doc, row->doc_len) != ERR_OK)
		return true;
	for (int i = 0; i < agreement.n_persons; i++)
		if (strcmp(agreement.person[i].id, naming->resident) == 0) {
			*(struct agreement_row *)list_add(&naming->rows, sizeof *row) = *row;
			break;
		}
	return true;
}

/* Every agreement that names her: she withdraws from being looked at, not from a document. */
void people_withdraw(struct hub *hub, struct session *session, const struct wire_message *message)
{
	struct naming naming = {.resident = wire_text(message, "resident")};
	struct resident_row resident;
	enum err r = hub->store->resident_get(hub->store->impl, naming.resident, &resident);

	if (r == ERR_OK)
		r = hub->store->agreements(hub->store->impl, collect_naming, &naming);
	if (r != ERR_OK || naming.rows.n == 0) {
		free(naming.rows.items);
		send_refused(hub, session, message, REFUSE_UNKNOWN);
		return;
	}
	if ((r = hub_begin(hub)) == ERR_OK) {
		for (size_t i = 0; i < naming.rows.n && r == ERR_OK; i++)
			r = withdraw_one(hub, session,
			                 (struct agreement_row *)naming.rows.items + i);
		if (r == ERR_OK)
			r = log_person(hub, LOG_WITHDRAWN, session, resident.id,
			               wire_text(message, "reason"));
		if (r == ERR_OK)
			r = hub_commit(hub);
		else
			hub_abort(hub);
	}
	free(naming.rows.items);
	hub->failed = hub->failed || r != ERR_OK;
	if (r == ERR_OK)
		send_done(hub, session, message,
		          "withdrawn: no more looks, what remains tonight becomes visits");
}

static bool within(const struct pause_row *pause, int64_t at_ms)
{
	return at_ms >= pause->from_ms && (pause->to_ms == 0 || at_ms < pause->to_ms);
}

/*
 * A check that is due already is paused when the pause holds now; what is to come, when it will
 * hold then.
 */
static bool covers(const struct pause_row *pause, const struct check *check, int64_t now_ms)
{
	return within(pause, check->start_ms > now_ms ? check->start_ms : now_ms);
}

bool people_is_paused(struct hub *hub, const struct check *check)
{
	struct pause_row pause;

	return hub->store->pause_get(hub->store->impl, check->resident, &pause) == ERR_OK
	       && covers(&pause, check, hub->now.utc_ms);
}

struct pausing {
	const struct pause_row *pause; /* n of them */
	size_t n;
	int64_t now_ms;
};

static const struct pause_row *pause_of(const struct pausing *pausing, const struct check *check)
{
	for (size_t i = 0; i < pausing->n; i++)
		if (strcmp(pausing->pause[i].resident, check->resident) == 0)
			return &pausing->pause[i];
	return NULL;
}

static bool is_paused_check(const struct check *check, const void *arg)
{
	const struct pausing *pausing = arg;
	const struct pause_row *pause = pause_of(pausing, check);

	return check->state != CHECK_CLOSED && pause != NULL
	    && covers(pause, check, pausing->now_ms);
}

/* Excused by a pause that has been moved since. */
static bool is_paused_no_more(const struct check *check, const void *arg)
{
	const struct pausing *pausing = arg;
	const struct pause_row *pause = pause_of(pausing, check);

	return check->state == CHECK_CLOSED && check->cause == CAUSE_PAUSED && pause != NULL
	       && !covers(pause, check, pausing->now_ms);
}

/* Due, and the lens could still open. */
static bool is_due_in_pause(const struct check *check, const void *arg)
{
	return check->state != CHECK_PLANNED && check->state < CHECK_PATROL
	    && check->kind == SLOT_CAMERA && is_paused_check(check, arg);
}

/* A pause always has an end or a review time, else it would be forgotten (hard case 3). */
static bool pause_is_sound(const struct pause_row *pause)
{
	return (pause->to_ms != 0 || pause->review_ms != 0)
	       && (pause->to_ms == 0 || pause->to_ms > pause->from_ms)
	       && (pause->review_ms == 0 || pause->review_ms > pause->from_ms);
}

void people_pause(struct hub *hub, struct session *session, const struct wire_message *message)
{
	struct check_event event = {.kind = EVENT_PAUSE, .cause = CAUSE_PAUSED,
	                            .operator_id = session->operator_id};
	struct check_event resume = {.kind = EVENT_RESUME, .operator_id = session->operator_id};
	struct pause_row pause = {.from_ms = wire_int(message, "from_ms"),
	                          .to_ms = wire_int(message, "to_ms"),
	                          .review_ms = wire_int(message, "review_ms")};
	struct pausing pausing = {.pause = &pause, .n = 1, .now_ms = hub->now.utc_ms};
	struct resident_row resident;
	enum err r;

	if (hub->store->resident_get(hub->store->impl, wire_text(message, "resident"), &resident)
	    != ERR_OK) {
		send_refused(hub, session, message, REFUSE_UNKNOWN);
		return;
	}
	if (!pause_is_sound(&pause)) {
		send_refused_text(
			hub, session, message, "pause",
			"A pause needs an end, or a time to review it, after its beginning.");
		return;
	}
	memcpy(pause.resident, resident.id, sizeof pause.resident);
	memcpy(pause.by, session->operator_id, sizeof pause.by);
	snprintf(pause.reason, sizeof pause.reason, "%s", wire_text(message, "reason"));
	if (hub_begin(hub) != ERR_OK)
		return;
	if ((r = hub->store->pause_put(hub->store->impl, &pause)) == ERR_OK
	    && (r = log_person(hub, LOG_PAUSED, session, resident.id, pause.reason)) == ERR_OK
	    && (r = step_wanted(hub, is_paused_no_more, &pausing, &resume)) == ERR_OK)
		r = step_wanted(hub, is_paused_check, &pausing, &event);
	if (r != ERR_OK) {
		hub_abort(hub);
		hub->failed = true;
		return;
	}
	hub_note(hub, AFTER_RESIDENT, 0, resident.id);
	if (hub_commit(hub) == ERR_OK)
		send_done(hub, session, message, "paused");
}

static bool is_excused_by_pause(const struct check *check, const void *resident)
{
	return check->state == CHECK_CLOSED && check->cause == CAUSE_PAUSED
	       && strcmp(check->resident, resident) == 0;
}

void people_resume(struct hub *hub, struct session *session, const struct wire_message *message)
{
	struct check_event event = {.kind = EVENT_RESUME, .operator_id = session->operator_id};
	struct resident_row resident;
	struct pause_row pause;
	enum err r;

	if (hub->store->resident_get(hub->store->impl, wire_text(message, "resident"), &resident)
	            != ERR_OK
	    || hub->store->pause_get(hub->store->impl, resident.id, &pause) != ERR_OK) {
		send_refused(hub, session, message, REFUSE_UNKNOWN);
		return;
	}
	if (hub_begin(hub) != ERR_OK)
		return;
	if ((r = hub->store->pause_delete(hub->store->impl, resident.id)) == ERR_OK
	    && (r = log_person(hub, LOG_PAUSE_ENDED, session, resident.id, "")) == ERR_OK)
		r = step_wanted(hub, is_excused_by_pause, resident.id, &event);
	if (r != ERR_OK) {
		hub_abort(hub);
		hub->failed = true;
		return;
	}
	hub_note(hub, AFTER_RESIDENT, 0, resident.id);
	alarm_lower(hub, "pause", resident.id);
	if (hub_commit(hub) == ERR_OK)
		send_done(hub, session, message, "the pause is over");
}

static bool collect_pause(void *arg, const struct pause_row *pause)
{
	*(struct pause_row *)list_add(arg, sizeof *pause) = *pause;
	return true;
}

static void end_pause(struct hub *hub, const struct pause_row *pause)
{
	const struct session service = {.id = 0};

	if (hub_begin(hub) != ERR_OK)
		return;
	if (hub->store->pause_delete(hub->store->impl, pause->resident) != ERR_OK
	    || log_person(hub, LOG_PAUSE_ENDED, &service, pause->resident, "its end was reached")
	               != ERR_OK) {
		hub_abort(hub);
		hub->failed = true;
		return;
	}
	hub_note(hub, AFTER_RESIDENT, 0, pause->resident);
	hub_commit(hub);
}

struct due_in_pause {
	const struct pausing *pausing;
	bool found;
};

static bool any_due(void *arg, const struct check *check)
{
	struct due_in_pause *due = arg;

	due->found = is_due_in_pause(check, due->pausing);
	return !due->found;
}

void people_tick(struct hub *hub)
{
	struct check_event event = {.kind = EVENT_PAUSE, .cause = CAUSE_PAUSED};
	struct list pauses = {0};
	struct pausing pausing;
	struct due_in_pause due = {.pausing = &pausing};

	if (hub->store->pauses(hub->store->impl, collect_pause, &pauses) != ERR_OK)
		hub->failed = true;
	pausing = (struct pausing){.pause = pauses.items, .n = pauses.n, .now_ms = hub->now.utc_ms};
	for (size_t i = 0; i < pauses.n && !hub->failed; i++)
		if (pausing.pause[i].to_ms != 0 && pausing.pause[i].to_ms <= hub->now.utc_ms)
			end_pause(hub, &pausing.pause[i]);
	if (pauses.n > 0 && hub->store->checks_open(hub->store->impl, any_due, &due) != ERR_OK)
		hub->failed = true;
	if (due.found)
		step_all(hub, is_due_in_pause, &pausing, &event);
	free(pauses.items);
}

/*
 * Who may excuse: a worker on site who reports the resident seen, by any operator; visits declined,
 * a unit manager only; deceased, two persons — the first request waits as a standing item for a
 * second operator.
 */
static bool second_person(struct hub *hub, const struct session *session, const struct check *check)
{
	struct alarm_row alarm;
	char text[NOTE_MAX_BYTES];

	if (hub->store->alarm_find(hub->store->impl, "deceased", check->resident, &alarm)
	    == ERR_OK) {
		size_t len = strlen(session->operator_id);
		bool same = strncmp(alarm.text, session->operator_id, len) == 0
		         && alarm.text[len] == ' ';

		if (!same)
			alarm_lower(hub, "deceased", check->resident);
		return !same;
	}
	snprintf(text, sizeof text,
	         "%s reported a resident deceased: a second person has to confirm",
	         session->operator_id);
	alarm_raise(hub, "deceased", check->resident, ALARM_MEDIUM, text);
	return false;
}

static enum refusal may_excuse(struct hub *hub, const struct session *session,
                               const struct check *check, enum cause cause)
{
	switch (cause) {
	case CAUSE_STAFF_ON_SITE:
		return REFUSE_NO;
	case CAUSE_VISITS_DECLINED:
		return session->role == ROLE_UNIT_MANAGER ? REFUSE_NO : REFUSE_AUTHORITY;
	case CAUSE_DECEASED:
		return second_person(hub, session, check) ? REFUSE_NO : REFUSE_AUTHORITY;
	default:
		return REFUSE_UNKNOWN;
	}
}

void people_excuse(struct hub *hub, struct session *session, const struct wire_message *message)
{
	int cause = check_cause_from_name(wire_text(message, "cause"));
	struct check_event event = {.kind = EVENT_EXCUSE,
	                            .cause = cause < 0 ? CAUSE_NONE : (enum cause)cause,
	                            .operator_id = session->operator_id,
	                            .reason = wire_text(message, "reason")};
	enum refusal refusal = REFUSE_UNKNOWN;
	struct check check;

	if (hub->store->check_get(hub->store->impl, wire_int(message, "check"), &check) == ERR_OK)
		refusal = may_excuse(hub, session, &check, event.cause);
	if (refusal == REFUSE_NO)
		refusal = step_alone(hub, check.id, &event);
	if (refusal == REFUSE_NO)
		send_done(hub, session, message, "excused");
	else if (refusal == REFUSE_AUTHORITY)
		refuse_logged(hub, session, message, check_refusal_name(refusal),
		              check_refusal_text(refusal));
	else
		send_refused(hub, session, message, refusal);
}
