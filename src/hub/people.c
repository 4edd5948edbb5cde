/* Withdrawals, pauses and excuses: what changes the standing of a resident in the middle of a night. */
#include "hub/inside.h"

#include "base/canon.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool is_of_agreement(const struct check *check, const void *agreement)
{
	return strcmp(check->agreement, agreement) == 0 && check->kind == SLOT_CAMERA;
}

static bool is_of_resident(const struct check *check, const void *resident)
{
	return strcmp(check->resident, resident) == 0;
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
	struct outbox_row out = {.kind = OUTBOX_STOP, .subject = row->version, .created_ms = hub->now.utc_ms,
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

void people_withdraw(struct hub *hub, struct session *session, const struct wire_message *message)
{
	struct check_event lost = {.kind = EVENT_RIGHT_LOST, .cause = CAUSE_WITHDRAWN,
	                           .operator_id = session->operator_id};
	struct resident_row resident;
	struct agreement_row row;
	enum err r;

	if (hub->store->resident_get(hub->store->impl, wire_text(message, "resident"), &resident) != ERR_OK
	    || hub->store->agreement_get(hub->store->impl, resident.agreement, &row) != ERR_OK) {
		send_refused(hub, session, message, REFUSE_UNKNOWN);
		return;
	}
	if (hub_begin(hub) != ERR_OK)
		return;
	row.withdrawn_ms = hub->now.utc_ms;
	if ((r = hub->store->agreement_put(hub->store->impl, &row)) == ERR_OK
	    && (r = queue_stop(hub, &row)) == ERR_OK)
		r = log_person(hub, LOG_WITHDRAWN, session, resident.id, wire_text(message, "reason"));
	if (r != ERR_OK) {
		hub_abort(hub);
		hub->failed = true;
		return;
	}
	hub_note(hub, AFTER_RESIDENT, 0, resident.id);
	if (hub_commit(hub) != ERR_OK)
		return;
	hub_settle(hub); /* the lens first, then the checks */
	step_all(hub, is_of_agreement, row.id, &lost);
	send_done(hub, session, message, "withdrawn: no more looks, what remains tonight becomes visits");
}

static bool within(const struct pause_row *pause, int64_t at_ms)
{
	return at_ms >= pause->from_ms && (pause->to_ms == 0 || at_ms < pause->to_ms);
}

bool people_is_paused(struct hub *hub, const char *resident, int64_t at_ms)
{
	struct pause_row pause;

	return hub->store->pause_get(hub->store->impl, resident, &pause) == ERR_OK && within(&pause, at_ms);
}

static bool is_paused_check(const struct check *check, const void *arg)
{
	const struct pause_row *pause = arg;

	return strcmp(check->resident, pause->resident) == 0 && within(pause, check->start_ms);
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
	struct pause_row pause = {.from_ms = wire_int(message, "from_ms"), .to_ms = wire_int(message, "to_ms"),
	                          .review_ms = wire_int(message, "review_ms")};
	struct resident_row resident;
	enum err r;

	if (hub->store->resident_get(hub->store->impl, wire_text(message, "resident"), &resident) != ERR_OK) {
		send_refused(hub, session, message, REFUSE_UNKNOWN);
		return;
	}
	if (!pause_is_sound(&pause)) {
		send_refused_text(hub, session, message, "pause", "A pause needs an end, or a time to review it, after its beginning.");
		return;
	}
	memcpy(pause.resident, resident.id, sizeof pause.resident);
	memcpy(pause.by, session->operator_id, sizeof pause.by);
	snprintf(pause.reason, sizeof pause.reason, "%s", wire_text(message, "reason"));
	if (hub_begin(hub) != ERR_OK)
		return;
	if ((r = hub->store->pause_put(hub->store->impl, &pause)) == ERR_OK)
		r = log_person(hub, LOG_PAUSED, session, resident.id, pause.reason);
	if (r != ERR_OK) {
		hub_abort(hub);
		hub->failed = true;
		return;
	}
	hub_note(hub, AFTER_RESIDENT, 0, resident.id);
	if (hub_commit(hub) != ERR_OK)
		return;
	step_all(hub, is_paused_check, &pause, &event);
	send_done(hub, session, message, "paused");
}

static bool resume_each(void *arg, const struct check *check)
{
	struct list *ids = arg;

	if (check->state == CHECK_CLOSED && check->cause == CAUSE_PAUSED)
		*(int64_t *)list_add(ids, sizeof(int64_t)) = check->id;
	return true;
}

void people_resume(struct hub *hub, struct session *session, const struct wire_message *message)
{
	struct check_event event = {.kind = EVENT_RESUME, .operator_id = session->operator_id};
	struct list ids = {0};
	struct resident_row resident;
	struct pause_row pause;
	struct check check;
	enum err r;

	if (hub->store->resident_get(hub->store->impl, wire_text(message, "resident"), &resident) != ERR_OK
	    || hub->store->pause_get(hub->store->impl, resident.id, &pause) != ERR_OK) {
		send_refused(hub, session, message, REFUSE_UNKNOWN);
		return;
	}
	if (hub_begin(hub) != ERR_OK)
		return;
	if ((r = hub->store->pause_delete(hub->store->impl, resident.id)) == ERR_OK)
		r = log_person(hub, LOG_PAUSE_ENDED, session, resident.id, "");
	if (r != ERR_OK) {
		hub_abort(hub);
		hub->failed = true;
		return;
	}
	hub_note(hub, AFTER_RESIDENT, 0, resident.id);
	if (hub_commit(hub) != ERR_OK)
		return;
	if (hub->store->checks_of_night(hub->store->impl, hub->night, resume_each, &ids) != ERR_OK)
		hub->failed = true;
	for (size_t i = 0; i < ids.n && !hub->failed; i++) {
		int64_t id = ((int64_t *)ids.items)[i];

		if (hub->store->check_get(hub->store->impl, id, &check) == ERR_OK
		    && is_of_resident(&check, resident.id))
			step_alone(hub, id, &event);
	}
	free(ids.items);
	alarm_lower(hub, "pause", resident.id);
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
	    || log_person(hub, LOG_PAUSE_ENDED, &service, pause->resident, "its end was reached") != ERR_OK) {
		hub_abort(hub);
		hub->failed = true;
		return;
	}
	hub_note(hub, AFTER_RESIDENT, 0, pause->resident);
	hub_commit(hub);
}

void people_tick(struct hub *hub)
{
	struct list pauses = {0};
	const struct pause_row *pause;

	if (hub->store->pauses(hub->store->impl, collect_pause, &pauses) != ERR_OK)
		hub->failed = true;
	pause = pauses.items;
	for (size_t i = 0; i < pauses.n && !hub->failed; i++)
		if (pause[i].to_ms != 0 && pause[i].to_ms <= hub->now.utc_ms)
			end_pause(hub, &pause[i]);
	free(pauses.items);
}

/*
 * Who may excuse: a worker on site who reports the resident seen, by any operator; visits declined, a unit
 * manager only; deceased, two persons — the first request waits as a standing item for a second operator.
 */
static bool second_person(struct hub *hub, const struct session *session, const struct check *check)
{
	struct alarm_row alarm;
	char text[NOTE_MAX_BYTES];

	if (hub->store->alarm_find(hub->store->impl, "deceased", check->resident, &alarm) == ERR_OK) {
		size_t len = strlen(session->operator_id);
		bool same = strncmp(alarm.text, session->operator_id, len) == 0 && alarm.text[len] == ' ';

		if (!same)
			alarm_lower(hub, "deceased", check->resident);
		return !same;
	}
	snprintf(text, sizeof text, "%s reported a resident deceased: a second person has to confirm",
	         session->operator_id);
	alarm_raise(hub, "deceased", check->resident, ALARM_MEDIUM, text);
	return false;
}

static enum refusal may_excuse(struct hub *hub, const struct session *session, const struct check *check,
                               enum cause cause)
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
	struct check_event event = {.kind = EVENT_EXCUSE, .cause = cause < 0 ? CAUSE_NONE : (enum cause)cause,
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
	else
		send_refused(hub, session, message, refusal);
}
