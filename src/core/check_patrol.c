/*
 * What does not go through a picture: the patrol, reports from the site, a right that is lost,
 * pauses, excuses, a restart. A check without a right to look keeps the need behind it: it becomes
 * a visit (SERVICE.md P15), and nothing here closes one but somebody who saw the resident, or an
 * excuse.
 */
#include "core/check_step.h"

#include "base/text.h"

#include <assert.h>

static void keep_operator(struct check_work *w)
{
	if (w->event->operator_id != NULL)
		text_clean(w->check->operator_id, sizeof w->check->operator_id,
		           w->event->operator_id);
}

/* The operator's page, without a look. */

static enum refusal judge_page(const struct check_work *w)
{
	if (w->event->decision_version != w->check->decision_version)
		return REFUSE_STALE;
	return w->event->reason == NULL || w->event->reason[0] == '\0' ? REFUSE_REASON : REFUSE_NO;
}

enum refusal check_page_planned(struct check_work *w)
{
	(void)w;
	return REFUSE_NOT_YET;
}

/* A fault that is paged before it pages by itself is still a fault. */
enum refusal check_page_open(struct check_work *w)
{
	enum refusal refusal = judge_page(w);

	if (refusal != REFUSE_NO)
		return refusal;
	keep_operator(w);
	check_keep_reason(w);
	check_to_patrol(w, w->check->state == CHECK_FAULT ? w->check->cause : CAUSE_JUDGEMENT);
	return REFUSE_NO;
}

/* A visit slot that nobody reports can be paged; what has been paged is its page's business. */
enum refusal check_page_patrol(struct check_work *w)
{
	return check_is_paged(w->check) ? REFUSE_STATE : check_page_open(w);
}

/* Reports from the site. */

enum refusal check_seen_planned(struct check_work *w)
{
	(void)w;
	return REFUSE_NOT_YET;
}

enum refusal check_seen_patrol(struct check_work *w)
{
	check_close(w, OUTCOME_VISITED, w->check->cause);
	return REFUSE_NO;
}

enum refusal check_trouble_patrol(struct check_work *w)
{
	w->check->on_site_trouble = true;
	check_keep_reason(w);
	return REFUSE_NO;
}

/* The right to look is lost. */

static enum cause right_cause(const struct check_work *w)
{
	assert(w->event->cause == CAUSE_LAPSED || w->event->cause == CAUSE_WITHDRAWN);
	return w->event->cause;
}

/* It pages when it is due, since the patrol does not have it in its plan. */
enum refusal check_right_planned(struct check_work *w)
{
	if (w->check->kind == SLOT_VISIT)
		return REFUSE_NO;
	w->check->kind = SLOT_VISIT;
	w->check->cause = right_cause(w);
	return REFUSE_NO;
}

enum refusal check_right_open(struct check_work *w)
{
	enum cause cause = right_cause(w);

	w->check->kind = SLOT_VISIT;
	check_to_patrol(w, cause);
	return REFUSE_NO;
}

/*
 * The look was made while the right stood, and its answer counts; only another look does not
 * follow.
 */
enum refusal check_right_deciding(struct check_work *w)
{
	w->check->kind = SLOT_VISIT;
	return REFUSE_NO;
}

enum refusal check_right_patrol(struct check_work *w)
{
	w->check->kind = SLOT_VISIT;
	return REFUSE_NO;
}

/* What an undo, or the end of a pause, may bring back must not bring back a look. */
enum refusal check_right_closed(struct check_work *w)
{
	w->check->rechecks_left = 0;
	if (w->check->outcome == OUTCOME_EXCUSED)
		w->check->kind = SLOT_VISIT;
	return REFUSE_NO;
}

/* Pauses: the lens stays shut; what was looked at already goes on without another look. */

enum refusal check_pause_planned(struct check_work *w)
{
	check_close(w, OUTCOME_EXCUSED, CAUSE_PAUSED);
	return REFUSE_NO;
}

enum refusal check_pause_waiting(struct check_work *w)
{
	w->check->kind = SLOT_VISIT;
	check_to_patrol(w, w->check->first_answer_ms != 0 ? CAUSE_NOT_SEEN : CAUSE_NO_ANSWER);
	return REFUSE_NO;
}

enum refusal check_pause_looked(struct check_work *w)
{
	w->check->kind = SLOT_VISIT;
	return REFUSE_NO;
}

enum refusal check_pause_open(struct check_work *w)
{
	if (w->check->look_number == 0)
		return check_pause_planned(w);
	if (check_is_unanswered(w->check)) {
		check_unclaim(w);
		return check_pause_looked(w);
	}
	return check_pause_waiting(w);
}

enum refusal check_pause_looking(struct check_work *w)
{
	if (w->check->shown_ms != 0)
		return check_pause_looked(w);
	return w->check->look_number == 1 ? check_pause_planned(w) : check_pause_waiting(w);
}

/*
 * Planned again. A visit that was dropped for the pause pages when it is due, whatever it was
 * before: the patrol has crossed it out.
 */
enum refusal check_resume_closed(struct check_work *w)
{
	struct check *check = w->check;
	bool paused = check->outcome == OUTCOME_EXCUSED && check->cause == CAUSE_PAUSED;

	if (!paused || w->now >= check->hard_end_ms)
		return REFUSE_NO;
	check_end_fault(check);
	if (check->kind == SLOT_VISIT)
		check->cause = CAUSE_PAUSED;
	check->outcome = OUTCOME_NONE;
	check->closed_ms = 0;
	check->state = CHECK_PLANNED;
	return REFUSE_NO;
}

/* Excuses. */

static bool is_excuse(enum cause cause)
{
	return cause == CAUSE_STAFF_ON_SITE || cause == CAUSE_VISITS_DECLINED
	       || cause == CAUSE_DECEASED;
}

enum refusal check_excuse_open(struct check_work *w)
{
	if (!is_excuse(w->event->cause))
		return REFUSE_UNKNOWN;
	keep_operator(w);
	check_keep_reason(w);
	check_close(w, OUTCOME_EXCUSED, w->event->cause);
	return REFUSE_NO;
}

/* Whoever saw her at nine has not seen her at three. */
enum refusal check_excuse_planned(struct check_work *w)
{
	return w->event->cause == CAUSE_STAFF_ON_SITE ? REFUSE_NOT_YET : check_excuse_open(w);
}

/* A restart of the hub: claims and permits lapse, pictures that were seen were seen. */

enum refusal check_restart_claimed(struct check_work *w)
{
	check_unclaim(w);
	return REFUSE_NO;
}

enum refusal check_restart_deciding(struct check_work *w)
{
	check_let_go(w);
	w->check->state = CHECK_UNDECIDED;
	return REFUSE_NO;
}

enum refusal check_restart_looking(struct check_work *w)
{
	struct check *check = w->check;

	if (check->shown_ms != 0) {
		check->view_over_ms = check->shown_ms + w->policy->view_ms;
		return check_restart_deciding(w);
	}
	check_end_look(w, CAUSE_NONE);
	check_unclaim(w);
	return REFUSE_NO;
}
