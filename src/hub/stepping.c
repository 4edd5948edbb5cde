/*
 * One check, one event: the pure step of core/check.h, wrapped in what makes it durable — the log
 * entry, the row, the outbox — all in the caller's transaction.
 */
#include "hub/inside.h"

#include <stdlib.h>
#include <string.h>

/* What the log calls an event that was accepted; ticks are named by what they brought about. */
static const enum log_type event_logs[CHECK_EVENTS] = {
	[EVENT_CLAIM] = LOG_CLAIMED,
	[EVENT_RELEASE] = LOG_RELEASED,
	[EVENT_LOOK] = LOG_LOOK_REQUESTED,
	[EVENT_SHOWN] = LOG_PICTURE_SHOWN,
	[EVENT_VIEW_OVER] = LOG_VIEW_OVER,
	[EVENT_ANSWER] = LOG_ANSWERED,
	[EVENT_FAULT] = LOG_FAULT,
	[EVENT_RESIDENT_SEEN] = LOG_SITE_REPORT,
	[EVENT_SITE_TROUBLE] = LOG_SITE_REPORT,
	[EVENT_UNDO] = LOG_UNDONE,
	[EVENT_RIGHT_LOST] = LOG_RIGHT_LOST,
	[EVENT_PAUSE] = LOG_PAUSED,
	[EVENT_RESUME] = LOG_PAUSE_ENDED,
	[EVENT_EXCUSE] = LOG_EXCUSED,
};

/* A tick or a camera's contact is worth an entry only where it moved the check. */
static enum log_type moved_log(enum check_state before, enum check_state after, bool recheck)
{
	if (before == after)
		return 0;
	switch (after) {
	case CHECK_OPEN:
		return before == CHECK_CLAIMED ? LOG_RELEASED
		     : recheck                 ? LOG_RECHECK_DUE
		                               : LOG_CHECK_DUE;
	case CHECK_UNDECIDED:
		return LOG_UNDECIDED;
	case CHECK_FAULT:
		return LOG_FAULT;
	default:
		return 0;
	}
}

static enum err log_step(struct hub *hub, const struct check *before, const struct check *check,
                         const struct check_event *event)
{
	enum log_type type = event_logs[event->kind];
	struct log_event entry;

	if (type == 0)
		type = moved_log(before->state, check->state, check->look_number > 0);
	/*
	 * A repeated SHOWN, a VIEW_OVER after the answer change nothing and are not news; a second
	 * visit is.
	 */
	if (type == 0 || (type != LOG_SITE_REPORT && memcmp(before, check, sizeof *check) == 0))
		return ERR_OK;
	entry = hub_event(hub, type, check);
	if (event->look != 0)
		entry.look = event->look;
	if (event->operator_id != NULL)
		memcpy(entry.actor, event->operator_id,
		       strnlen(event->operator_id, ID_MAX - 1) + 1);
	if (event->kind == EVENT_ANSWER || event->kind == EVENT_UNDO)
		log_event_text(&entry, "answer", check_answer_name(event->answer));
	if (event->kind == EVENT_VIEW_OVER)
		log_event_int(&entry, "view_ms", event->view_ms);
	if (event->kind == EVENT_LOOK)
		log_event_int(&entry, "look_number", check->look_number);
	if (event->cause != CAUSE_NONE || type == LOG_FAULT)
		log_event_text(&entry, "cause",
		               check_cause_name(event->cause ? event->cause : check->cause));
	if (event->reason != NULL && event->reason[0] != '\0')
		log_event_text(&entry, "reason", event->reason);
	return hub_log(hub, &entry, NULL);
}

static enum err log_closed(struct hub *hub, const struct check *check)
{
	struct log_event entry = hub_event(hub, LOG_CHECK_CLOSED, check);

	log_event_text(&entry, "outcome", check_outcome_name(check->outcome));
	if (check->cause != CAUSE_NONE)
		log_event_text(&entry, "cause", check_cause_name(check->cause));
	return hub_log(hub, &entry, NULL);
}

/*
 * Pages that nobody at a console asked for may have to wait for journals after a start, and go as
 * one list. The cause tells: an operator's late report can be what brings the service's own page
 * about.
 */
static bool is_automatic(const struct check_event *event, enum cause cause)
{
	if (event->kind == EVENT_PAGE)
		return false;
	return event->operator_id == NULL || (cause >= CAUSE_NO_ANSWER && cause <= CAUSE_SIGNER);
}

static enum err apply(struct hub *hub, struct check *check, const struct check_event *event,
                      const struct effect *effect)
{
	switch (effect->kind) {
	case EFFECT_PERMIT:
		return ERR_OK; /* the caller of EVENT_LOOK records it, once for a couple: look_request() */
	case EFFECT_PERMIT_VOID:
		return look_lapse(hub, effect->look, effect->cause, check->id);
	case EFFECT_VIEW_END:
		return look_view_ended(hub, effect->look, effect->cause);
	case EFFECT_PAGE:
		return page_raise(hub, check, effect, event, is_automatic(event, effect->cause));
	case EFFECT_PAGE_CLOSE:
		return ERR_OK; /* after the row is saved: page_check_closed() */
	case EFFECT_VISIT:
		return ERR_OK; /* the row itself says so */
	case EFFECT_URGENT:
		return page_step_row(hub, check->page, &(struct page_event){.kind = PAGE_EV_URGENT},
		                     NULL);
	}
	return ERR_OK;
}

enum err step_check(struct hub *hub, struct check *check, const struct check_event *event,
                    enum refusal *refusal)
{
	struct check before = *check;
	struct effects effects;
	enum err r;

	*refusal = check_step(check, event, &hub->now, &hub->settings.policy, &effects);
	if (*refusal != REFUSE_NO)
		return ERR_OK;
	if (effects.n == 0 && memcmp(&before, check, sizeof before) == 0
	    && event->kind != EVENT_SITE_TROUBLE)
		return ERR_OK;
	r = log_step(hub, &before, check, event);
	for (int i = 0; i < effects.n && r == ERR_OK; i++)
		r = apply(hub, check, event, &effects.effect[i]);
	if (r == ERR_OK)
		r = hub->store->check_put(hub->store->impl, check);
	if (r == ERR_OK && check->state == CHECK_CLOSED && before.state != CHECK_CLOSED)
		r = log_closed(hub, check);
	if (r == ERR_OK && check->state == CHECK_CLOSED && check->page != 0)
		r = page_check_closed(hub, check->page);
	if (r == ERR_OK && before.state == CHECK_CLAIMED && check->state != CHECK_CLAIMED
	    && event->kind != EVENT_LOOK)
		r = looks_of_claim_lapse(hub, check->id, true);
	if (r == ERR_OK && memcmp(&before, check, sizeof before) != 0)
		hub_note(hub, AFTER_CHECK, check->id, "");
	return r;
}

enum refusal step_alone(struct hub *hub, int64_t id, const struct check_event *event)
{
	enum refusal refusal = REFUSE_UNKNOWN;
	struct check check;
	enum err r;

	if (hub_begin(hub) != ERR_OK)
		return REFUSE_STATE;
	r = hub->store->check_get(hub->store->impl, id, &check);
	if (r == ERR_OK)
		r = step_check(hub, &check, event, &refusal);
	if (r == ERR_OK && refusal == REFUSE_NO)
		r = hub_commit(hub);
	else
		hub_abort(hub);
	if (r != ERR_OK && r != ERR_NOT_FOUND)
		hub->failed = true;
	return refusal;
}

struct wanted {
	want_fn *want;
	const void *arg;
	struct list ids; /* int64_t */
};

static bool collect(void *arg, const struct check *check)
{
	struct wanted *wanted = arg;

	if (wanted->want(check, wanted->arg))
		*(int64_t *)list_add(&wanted->ids, sizeof(int64_t)) = check->id;
	return true;
}

enum err step_wanted(struct hub *hub, want_fn *want, const void *arg,
                     const struct check_event *event)
{
	struct wanted wanted = {.want = want, .arg = arg};
	enum refusal refusal;
	struct check check;
	enum err r = hub->store->checks_of_night(hub->store->impl, hub->night, collect, &wanted);

	for (size_t i = 0; i < wanted.ids.n && r == ERR_OK; i++) {
		r = hub->store->check_get(hub->store->impl, ((int64_t *)wanted.ids.items)[i],
		                          &check);
		if (r == ERR_OK)
			r = step_check(hub, &check, event, &refusal);
	}
	free(wanted.ids.items);
	return r;
}

void step_all(struct hub *hub, want_fn *want, const void *arg, const struct check_event *event)
{
	if (hub->failed || hub_begin(hub) != ERR_OK)
		return;
	if (step_wanted(hub, want, arg, event) == ERR_OK) {
		hub_commit(hub);
	} else {
		hub_abort(hub);
		hub->failed = true;
	}
}
