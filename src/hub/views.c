/*
 * What becomes of a look: its picture stands and goes, or it comes to nothing — lapses, faults, a
 * claim that was given back. However it ends its row says so, its permit is struck and its console
 * is told; and a couple's two checks end it together, so that neither is left waiting for a picture
 * that will not come.
 */
#include "hub/inside.h"

#include <stdlib.h>
#include <string.h>

/* A look of an operator is hers from whichever session: the link may have been lost in between. */
bool look_of_operator(struct hub *hub, const struct session *session,
                      const struct wire_message *message, struct look_row *look)
{
	return hub->store->look_get(hub->store->impl, wire_int(message, "look"), look) == ERR_OK
	       && strcmp(look->operator_id, session->operator_id) == 0;
}

/* What was seen is in the log, also when its check has gone on to another look. */
static enum err log_report(struct hub *hub, const struct check *check,
                           const struct check_event *event)
{
	struct log_event entry = hub_event(
		hub, event->kind == EVENT_SHOWN ? LOG_PICTURE_SHOWN : LOG_VIEW_OVER, check);

	memcpy(entry.actor, event->operator_id, strlen(event->operator_id) + 1);
	entry.look = event->look;
	if (event->kind == EVENT_VIEW_OVER)
		log_event_int(&entry, "view_ms", event->view_ms);
	return hub_log(hub, &entry, NULL);
}

/* The row first: what the checks make of the report may end the look altogether. */
static enum err take_report(struct hub *hub, struct look_row *look, const struct check_event *event)
{
	enum err r = hub->store->look_put(hub->store->impl, look);
	enum refusal refusal;
	struct check check;

	for (int i = 0; i < look->n_checks && r == ERR_OK; i++) {
		r = hub->store->check_get(hub->store->impl, look->check[i], &check);
		if (r == ERR_OK)
			r = step_check(hub, &check, event, &refusal);
		if (r == ERR_OK && refusal != REFUSE_NO)
			r = log_report(hub, &check, event);
	}
	return r;
}

static void report(struct hub *hub, struct look_row *look, const struct check_event *event)
{
	if (hub_begin(hub) != ERR_OK)
		return;
	if (take_report(hub, look, event) == ERR_OK) {
		hub_commit(hub);
	} else {
		hub_abort(hub);
		hub->failed = true;
	}
}

/* Without a permit that left there is no picture, whatever a console says. */
void look_shown(struct hub *hub, struct session *session, const struct wire_message *message)
{
	struct look_row look;

	if (!look_of_operator(hub, session, message, &look) || look.shown_ms != 0
	    || look.sent_ms == 0)
		return;
	look.shown_ms = hub->now.utc_ms;
	if (look.state < LOOK_SHOWN)
		look.state = LOOK_SHOWN;
	report(hub, &look, &(struct check_event){.kind = EVENT_SHOWN, .look = look.id,
	                                         .operator_id = session->operator_id,
	                                         .session = session->id});
}

void look_view_over(struct hub *hub, struct session *session, const struct wire_message *message)
{
	int64_t view_ms = wire_int(message, "view_ms");
	struct look_row look;

	if (!look_of_operator(hub, session, message, &look) || look.view_ms >= 0
	    || look.state < LOOK_RECORDED || (view_ms >= 0 && look.sent_ms == 0)
	    || (view_ms < 0 && look.state >= LOOK_OVER))
		return;
	look.view_ms = view_ms;
	/*
	 * A view that lasted was a picture that stood, also when the report that it stands was
	 * lost.
	 */
	if (view_ms >= 0 && look.shown_ms == 0)
		look.shown_ms = hub->now.utc_ms - view_ms > look.sent_ms ? hub->now.utc_ms - view_ms
		                                                         : look.sent_ms;
	if (look.state == LOOK_SHOWN || (view_ms >= 0 && look.state < LOOK_SHOWN))
		look.state = LOOK_OVER;
	report(hub, &look,
	       &(struct check_event){.kind = EVENT_VIEW_OVER,
	                             .look = look.id,
	                             .view_ms = view_ms,
	                             .operator_id = session->operator_id,
	                             .session = session->id});
}

struct striking {
	int64_t look;
	struct list ids; /* int64_t */
};

static bool collect_permits(void *arg, const struct outbox_row *row)
{
	struct striking *striking = arg;

	if (row->kind == OUTBOX_PERMIT && row->subject == striking->look)
		*(int64_t *)list_add(&striking->ids, sizeof(int64_t)) = row->id;
	return true;
}

static enum err strike_permits(struct hub *hub, int64_t look)
{
	struct striking striking = {.look = look};
	enum err r = hub->store->outbox(hub->store->impl, collect_permits, &striking);

	for (size_t i = 0; i < striking.ids.n && r == ERR_OK; i++)
		r = hub->store->outbox_strike(hub->store->impl, ((int64_t *)striking.ids.items)[i]);
	free(striking.ids.items);
	return r;
}

static enum err end_row(struct hub *hub, struct look_row *look, enum look_state state,
                        enum cause cause)
{
	enum err r;

	look->state = state;
	look->cause = cause;
	r = hub->store->look_put(hub->store->impl, look);
	return r == ERR_OK ? strike_permits(hub, look->id) : r;
}

/* The other of a couple, whose look this was as well: it has the same fault, or is put back. */
static enum err take_along(struct hub *hub, const struct look_row *look, enum cause cause,
                           int64_t except)
{
	bool is_fault = cause >= CAUSE_CAMERA_LOST && cause <= CAUSE_SIGNER;
	struct check_event event = {.kind = is_fault ? EVENT_FAULT : EVENT_RELEASE, .cause = cause};
	enum refusal refusal;
	struct check check;
	enum err r = ERR_OK;

	for (int i = 0; i < look->n_checks && r == ERR_OK; i++) {
		if (look->check[i] == except)
			continue;
		r = hub->store->check_get(hub->store->impl, look->check[i], &check);
		if (r != ERR_OK || check.session != look->session
		    || (check.state != CHECK_CLAIMED
		        && (check.state != CHECK_LOOKING || check.look != look->id)))
			continue;
		event.session = check.session;
		event.look = look->id;
		r = step_check(hub, &check, &event, &refusal);
	}
	return r;
}

struct log_event look_event(struct hub *hub, enum log_type type, const struct look_row *look,
                            int64_t check)
{
	struct log_event entry;
	struct check row;
	bool known = hub->store->check_get(hub->store->impl, check, &row) == ERR_OK;

	entry = hub_event(hub, type, known ? &row : NULL);
	entry.look = look->id;
	log_event_text(&entry, "camera", look->camera);
	return entry;
}

static enum err log_lapsed(struct hub *hub, const struct look_row *look, int64_t check,
                           enum cause cause)
{
	struct log_event entry = look_event(hub, LOG_PERMIT_LAPSED, look, check);

	log_event_text(&entry, "cause", check_cause_name(cause));
	return hub_log(hub, &entry, NULL);
}

enum err look_lapse(struct hub *hub, int64_t id, enum cause cause, int64_t check)
{
	struct look_row look;
	enum err r = hub->store->look_get(hub->store->impl, id, &look);

	if (r != ERR_OK || look.state >= LOOK_SHOWN)
		return r == ERR_NOT_FOUND ? ERR_OK : r;
	hub_note_look_over(hub, look.session, look.id, cause);
	if ((r = end_row(hub, &look, LOOK_LAPSED, cause)) != ERR_OK
	    || (r = log_lapsed(hub, &look, check, cause)) != ERR_OK)
		return r;
	/* An answer about the picture is given to both by itself. */
	return cause == CAUSE_UNUSABLE ? ERR_OK : take_along(hub, &look, cause, check);
}

enum err look_view_ended(struct hub *hub, int64_t id, enum cause cause)
{
	struct look_row look;
	enum err r = hub->store->look_get(hub->store->impl, id, &look);

	if (r != ERR_OK)
		return r == ERR_NOT_FOUND ? ERR_OK : r;
	hub_note_look_over(hub, look.session, look.id, cause);
	if (look.state != LOOK_SHOWN)
		return ERR_OK;
	look.state = LOOK_OVER; /* how long it stood may still be reported */
	return hub->store->look_put(hub->store->impl, &look);
}

static bool collect_looks(void *arg, const struct look_row *look)
{
	*(struct look_row *)list_add(arg, sizeof *look) = *look;
	return true;
}

static enum err open_looks(struct hub *hub, struct list *looks)
{
	return hub->store->looks_open(hub->store->impl, collect_looks, looks);
}

enum err looks_of_claim_lapse(struct hub *hub, int64_t check, bool tell)
{
	struct list looks = {0};
	struct look_row *look;
	enum err r = open_looks(hub, &looks);

	look = looks.items;
	for (size_t i = 0; i < looks.n && r == ERR_OK; i++) {
		if (look[i].state != LOOK_CLAIMED
		    || (look[i].check[0] != check && look[i].check[1] != check))
			continue;
		r = end_row(hub, &look[i], LOOK_LAPSED, CAUSE_NONE);
		if (r == ERR_OK && tell) {
			hub_note_look_over(hub, look[i].session, look[i].id, CAUSE_NONE);
			r = take_along(hub, &look[i], CAUSE_NONE, check);
		}
	}
	free(looks.items);
	return r;
}

static enum err fault(struct hub *hub, struct look_row *look, enum cause cause, const char *words)
{
	struct check_event event = {
		.kind = EVENT_FAULT, .look = look->id, .cause = cause, .reason = words};
	enum refusal refusal;
	struct check check;
	/* The row first, so that no check of it finds a permit to void. */
	enum err r = end_row(hub, look, LOOK_FAULT, cause);

	hub_note_look_over(hub, look->session, look->id, cause);
	/*
	 * A check that has moved on (answered, paged) refuses it; the look is a fault all the same.
	 */
	for (int i = 0; i < look->n_checks && r == ERR_OK; i++)
		if ((r = hub->store->check_get(hub->store->impl, look->check[i], &check)) == ERR_OK)
			r = step_check(hub, &check, &event, &refusal);
	return r;
}

void look_fault(struct hub *hub, int64_t id, enum cause cause, const char *words)
{
	struct look_row look;

	if (hub->store->look_get(hub->store->impl, id, &look) != ERR_OK || look.state >= LOOK_SHOWN)
		return;
	if (hub_begin(hub) != ERR_OK)
		return;
	if (fault(hub, &look, cause, words) == ERR_OK) {
		hub_commit(hub);
	} else {
		hub_abort(hub);
		hub->failed = true;
	}
}

void look_viewer_fault(struct hub *hub, struct session *session, const struct wire_message *message)
{
	struct look_row look;
	int cause = check_cause_from_name(wire_text(message, "cause"));

	if (look_of_operator(hub, session, message, &look))
		look_fault(hub, look.id, cause <= 0 ? CAUSE_CAMERA_FAULT : (enum cause)cause,
		           wire_text(message, "words"));
}

void looks_of_camera_fault(struct hub *hub, const char *camera)
{
	const struct camera_live *live = camera_live(hub, camera);
	struct list looks = {0};
	const struct look_row *look;

	if (open_looks(hub, &looks) != ERR_OK)
		hub->failed = true;
	look = looks.items;
	for (size_t i = 0; i < looks.n && !hub->failed; i++)
		/* A picture that has passed needs its camera no more. */
		if (look[i].state >= LOOK_RECORDED && look[i].state <= LOOK_TAKEN
		    && strcmp(look[i].camera, camera) == 0
		    && (live == NULL || live->pictured != look[i].id))
			look_fault(hub, look[i].id, CAUSE_CAMERA_LOST,
			           "the camera's connection ended during the look");
	free(looks.items);
}

static int64_t proof_until(const struct hub *hub, const struct look_row *look)
{
	return look->state == LOOK_RECORDED ? look->recorded_ms + hub->settings.policy.permit_ms
	                                    : 0;
}

/*
 * A signer that says nothing is a fault like any other, and one alarm (DESIGN.md, how an event
 * travels).
 */
void looks_tick(struct hub *hub)
{
	struct list looks = {0};
	const struct look_row *look;

	if (open_looks(hub, &looks) != ERR_OK)
		hub->failed = true;
	look = looks.items;
	for (size_t i = 0; i < looks.n && !hub->failed; i++) {
		int64_t until = proof_until(hub, &look[i]);

		if (until == 0 || hub->now.utc_ms < until)
			continue;
		alarm_raise(hub, "signer", "", ALARM_HIGH,
		            "the log's signer does not answer: no look is possible");
		look_fault(hub, look[i].id, CAUSE_SIGNER, "no proof in time");
	}
	free(looks.items);
}

int64_t looks_next_ms(struct hub *hub)
{
	struct list looks = {0};
	const struct look_row *look;
	int64_t next = 0;

	if (open_looks(hub, &looks) != ERR_OK)
		hub->failed = true;
	look = looks.items;
	for (size_t i = 0; i < looks.n; i++) {
		int64_t until = proof_until(hub, &look[i]);

		if (until != 0 && (next == 0 || until < next))
			next = until;
	}
	free(looks.items);
	return next;
}

/* One look that a restart found open. Its checks hear of the restart by themselves. */
static enum err close_at_restart(struct hub *hub, struct look_row *look)
{
	bool recorded = look->state != LOOK_CLAIMED && look->state < LOOK_SHOWN;
	enum err r = end_row(hub, look, look->state == LOOK_SHOWN ? LOOK_OVER : LOOK_LAPSED,
	                     CAUSE_NONE);

	return r == ERR_OK && recorded ? log_lapsed(hub, look, look->check[0], CAUSE_NONE) : r;
}

/*
 * A restart of the hub voids every permit: the agents' connections are gone, and so are the
 * consoles.
 */
void looks_restart(struct hub *hub)
{
	struct list looks = {0};
	enum err r = open_looks(hub, &looks);

	if (r == ERR_OK && looks.n > 0 && (r = hub_begin(hub)) == ERR_OK) {
		for (size_t i = 0; i < looks.n && r == ERR_OK; i++)
			r = close_at_restart(hub, (struct look_row *)looks.items + i);
		if (r == ERR_OK)
			r = hub_commit(hub);
		else
			hub_abort(hub);
	}
	hub->failed = hub->failed || r != ERR_OK;
	free(looks.items);
}
