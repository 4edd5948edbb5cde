/*
 * The engine of a check, and its rules as one table: what each event does in each state. An event
 * meets a row that time has caught up with first, so nothing depends on whether a tick came before
 * it; and every step works on a copy, so a refusal changes nothing.
 */
#include "core/check.h"

#include "core/check_step.h"

#include <assert.h>

/* Accepted and without meaning: a repeated report, something about what is over. */
static enum refusal nothing(struct check_work *w)
{
	(void)w;
	return REFUSE_NO;
}

/* A state that an event's row leaves out refuses it with REFUSE_STATE. */
static check_handler *const handlers[CHECK_EVENTS][CHECK_STATES] = {
	[EVENT_TICK] = {
		/*
		 * Reached when the state's deadline is; a tick that comes too early meets advance()
		 * alone.
		 */
		[CHECK_PLANNED] = check_time_planned,
		[CHECK_OPEN] = check_time_open,
		[CHECK_CLAIMED] = check_time_claimed,
		[CHECK_LOOKING] = check_time_looking,
		[CHECK_DECIDING] = check_time_deciding,
		[CHECK_UNDECIDED] = check_time_undecided,
		[CHECK_WAITING] = check_time_waiting,
		[CHECK_FAULT] = check_time_fault,
	},
	[EVENT_CAMERA] = {
		[CHECK_PLANNED] = check_camera_flag,
		[CHECK_OPEN] = check_camera_open,
		[CHECK_CLAIMED] = check_camera_claimed,
		[CHECK_LOOKING] = check_camera_looking,
		[CHECK_DECIDING] = check_camera_flag,
		[CHECK_UNDECIDED] = check_camera_flag,
		[CHECK_WAITING] = check_camera_flag,
		[CHECK_FAULT] = check_camera_fault,
		[CHECK_PATROL] = check_camera_flag,
		[CHECK_CLOSED] = check_camera_flag,
	},
	[EVENT_CLAIM] = {
		[CHECK_PLANNED] = check_claim_planned,
		[CHECK_OPEN] = check_claim_open,
		[CHECK_CLAIMED] = check_claim_again,
		[CHECK_LOOKING] = check_claim_taken,
		[CHECK_DECIDING] = check_claim_taken,
		[CHECK_UNDECIDED] = check_claim_undecided,
		[CHECK_WAITING] = check_claim_waiting,
		[CHECK_FAULT] = check_claim_fault,
		[CHECK_PATROL] = check_claim_patrol,
	},
	[EVENT_RELEASE] = {
		[CHECK_PLANNED] = nothing,
		[CHECK_OPEN] = nothing,
		[CHECK_CLAIMED] = check_release_claimed,
		[CHECK_LOOKING] = check_release_looking,
		[CHECK_DECIDING] = check_release_deciding,
		[CHECK_UNDECIDED] = nothing,
		[CHECK_WAITING] = nothing,
		[CHECK_FAULT] = nothing,
		[CHECK_PATROL] = nothing,
		[CHECK_CLOSED] = nothing,
	},
	[EVENT_LOOK] = {
		[CHECK_CLAIMED] = check_look_claimed,
	},
	[EVENT_SHOWN] = {
		[CHECK_OPEN] = check_shown_late,
		[CHECK_CLAIMED] = check_shown_late,
		[CHECK_LOOKING] = check_shown_looking,
		[CHECK_DECIDING] = check_shown_over,
		[CHECK_UNDECIDED] = check_shown_over,
		[CHECK_WAITING] = check_shown_over,
		[CHECK_FAULT] = check_shown_late,
		[CHECK_PATROL] = check_shown_over,
		[CHECK_CLOSED] = check_shown_over,
	},
	[EVENT_VIEW_OVER] = {
		[CHECK_OPEN] = check_view_over_late,
		[CHECK_CLAIMED] = check_view_over_late,
		[CHECK_LOOKING] = check_view_over_looking,
		[CHECK_DECIDING] = check_view_over_record,
		[CHECK_UNDECIDED] = check_view_over_record,
		[CHECK_WAITING] = check_view_over_record,
		[CHECK_FAULT] = check_view_over_late,
		[CHECK_PATROL] = check_view_over_record,
		[CHECK_CLOSED] = check_view_over_record,
	},
	[EVENT_ANSWER] = {
		[CHECK_OPEN] = check_answer_open,
		[CHECK_CLAIMED] = check_answer_open,
		[CHECK_LOOKING] = check_answer_open,
		[CHECK_DECIDING] = check_answer_open,
		[CHECK_UNDECIDED] = check_answer_open,
		[CHECK_WAITING] = check_answer_open,
		[CHECK_FAULT] = check_answer_open,
		[CHECK_PATROL] = check_answer_patrol,
		[CHECK_CLOSED] = check_answer_closed,
	},
	[EVENT_FAULT] = {
		[CHECK_PLANNED] = nothing,
		[CHECK_OPEN] = check_fault_open,
		[CHECK_CLAIMED] = check_fault_claimed,
		[CHECK_LOOKING] = check_fault_looking,
		[CHECK_DECIDING] = nothing,
		[CHECK_UNDECIDED] = nothing,
		[CHECK_WAITING] = nothing,
		[CHECK_FAULT] = check_fault_again,
		[CHECK_PATROL] = nothing,
		[CHECK_CLOSED] = nothing,
	},
	[EVENT_PAGE] = {
		[CHECK_PLANNED] = check_page_planned,
		[CHECK_OPEN] = check_page_open,
		[CHECK_CLAIMED] = check_page_open,
		[CHECK_LOOKING] = check_page_open,
		[CHECK_DECIDING] = check_page_open,
		[CHECK_UNDECIDED] = check_page_open,
		[CHECK_WAITING] = check_page_open,
		[CHECK_FAULT] = check_page_open,
		[CHECK_PATROL] = check_page_patrol,
	},
	[EVENT_RESIDENT_SEEN] = {
		[CHECK_PLANNED] = check_seen_planned,
		[CHECK_PATROL] = check_seen_patrol,
	},
	[EVENT_SITE_TROUBLE] = {
		[CHECK_PATROL] = check_trouble_patrol,
	},
	[EVENT_UNDO] = {
		[CHECK_OPEN] = check_undo_open,
		[CHECK_CLAIMED] = check_undo_open,
		[CHECK_WAITING] = check_undo_open,
		[CHECK_PATROL] = check_undo_patrol,
		[CHECK_CLOSED] = check_undo_closed,
	},
	[EVENT_RIGHT_LOST] = {
		[CHECK_PLANNED] = check_right_planned,
		[CHECK_OPEN] = check_right_open,
		[CHECK_CLAIMED] = check_right_open,
		[CHECK_LOOKING] = check_right_open,
		[CHECK_DECIDING] = check_right_deciding,
		[CHECK_UNDECIDED] = check_right_open,
		[CHECK_WAITING] = check_right_open,
		[CHECK_FAULT] = check_right_open,
		[CHECK_PATROL] = check_right_patrol,
		[CHECK_CLOSED] = check_right_closed,
	},
	[EVENT_PAUSE] = {
		[CHECK_PLANNED] = check_pause_planned,
		[CHECK_OPEN] = check_pause_open,
		[CHECK_CLAIMED] = check_pause_open,
		[CHECK_LOOKING] = check_pause_looking,
		[CHECK_DECIDING] = check_pause_looked,
		[CHECK_UNDECIDED] = check_pause_looked,
		[CHECK_WAITING] = check_pause_waiting,
		[CHECK_FAULT] = check_pause_open,
		[CHECK_PATROL] = nothing,
		[CHECK_CLOSED] = nothing,
	},
	[EVENT_RESUME] = {
		[CHECK_PLANNED] = nothing,
		[CHECK_OPEN] = nothing,
		[CHECK_CLAIMED] = nothing,
		[CHECK_LOOKING] = nothing,
		[CHECK_DECIDING] = nothing,
		[CHECK_UNDECIDED] = nothing,
		[CHECK_WAITING] = nothing,
		[CHECK_FAULT] = nothing,
		[CHECK_PATROL] = nothing,
		[CHECK_CLOSED] = check_resume_closed,
	},
	[EVENT_EXCUSE] = {
		[CHECK_PLANNED] = check_excuse_planned,
		[CHECK_OPEN] = check_excuse_open,
		[CHECK_CLAIMED] = check_excuse_open,
		[CHECK_LOOKING] = check_excuse_open,
		[CHECK_DECIDING] = check_excuse_open,
		[CHECK_UNDECIDED] = check_excuse_open,
		[CHECK_WAITING] = check_excuse_open,
		[CHECK_FAULT] = check_excuse_open,
		[CHECK_PATROL] = check_excuse_open,
	},
	[EVENT_RESTART] = {
		[CHECK_PLANNED] = nothing,
		[CHECK_OPEN] = nothing,
		[CHECK_CLAIMED] = check_restart_claimed,
		[CHECK_LOOKING] = check_restart_looking,
		[CHECK_DECIDING] = check_restart_deciding,
		[CHECK_UNDECIDED] = nothing,
		[CHECK_WAITING] = nothing,
		[CHECK_FAULT] = nothing,
		[CHECK_PATROL] = nothing,
		[CHECK_CLOSED] = nothing,
	},
};

/* What an operator chooses by. Look, session and outcome never change without the state. */
static bool looks_the_same(const struct check *a, const struct check *b)
{
	return a->state == b->state && a->kind == b->kind && check_is_paged(a) == check_is_paged(b);
}

static void settle(struct check_work *w, const struct check *before)
{
	if (!looks_the_same(before, w->check))
		w->check->decision_version = before->decision_version + 1;
}

/*
 * Everything that time has brought about by now: in the states before CHECK_PATROL, since from
 * there on only people bring it further. Each turn leaves a state that time does not lead back to.
 */
static void advance(struct check_work *w)
{
	const struct check before = *w->check;

	int turns = 0;

	while (w->check->state < CHECK_PATROL && w->now >= check_deadline(w->check, w->policy)) {
		assert(++turns < CHECK_STATES);
		handlers[EVENT_TICK][w->check->state](w);
	}
	settle(w, &before);
}

static enum refusal handle(struct check_work *w)
{
	const struct check before = *w->check;
	check_handler *handler = handlers[w->event->kind][w->check->state];
	enum refusal refusal = handler == NULL ? REFUSE_STATE : handler(w);

	settle(w, &before);
	return refusal;
}

/*
 * With the patrol there is nothing to wait for once its alarm stands; what is overdue is due at
 * once.
 */
static int64_t next_at(const struct check_work *w)
{
	int64_t deadline = check_deadline(w->check, w->policy);

	if (w->check->state == CHECK_PATROL && deadline <= w->now)
		return 0;
	return deadline == 0 ? 0 : check_later(deadline, w->now);
}

enum refusal check_step(struct check *check, const struct check_event *event, const struct now *now,
                        const struct policy *policy, struct effects *effects)
{
	struct check stepped = *check;
	struct check_work w = {&stepped, event, now->utc_ms, policy, effects};
	enum refusal refusal = REFUSE_NO;

	assert((int)event->kind >= 0 && event->kind < CHECK_EVENTS);
	assert((int)check->state >= 0 && check->state < CHECK_STATES);
	effects->n = 0;
	/* A restart comes first: what was in flight has lapsed, before any of it can be late. */
	if (event->kind != EVENT_RESTART)
		advance(&w);
	if (event->kind != EVENT_TICK)
		refusal = handle(&w);
	if (refusal != REFUSE_NO) {
		effects->n = 0;
		return refusal;
	}
	if (event->kind != EVENT_RESTART)
		advance(&w);
	stepped.next_at = next_at(&w);
	*check = stepped;
	return REFUSE_NO;
}
