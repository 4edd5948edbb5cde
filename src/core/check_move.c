/*
 * The moves of a check: what several events do alike. Each move brings every field that belongs to
 * it along, so that no event can forget one, and no rule about looks, faults or pages is written
 * twice.
 */
#include "core/check_step.h"

#include "base/text.h"

#include <assert.h>

int64_t check_earlier(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

int64_t check_later(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

bool check_is_paged(const struct check *check)
{
	return check->state == CHECK_PATROL && check->cause != CAUSE_VISIT_SLOT;
}

bool check_is_unanswered(const struct check *check)
{
	return check->shown_ms != 0
	       && (check->answer == ANSWER_NONE || check->answer == ANSWER_OTHER_PERSON);
}

int64_t check_recheck_at_ms(const struct check *check)
{
	return check->first_answer_ms + check->recheck_earliest_ms;
}

/*
 * Where later rechecks were agreed (after 15 or 20 minutes) the hard end moves along with "late",
 * or the patrol would be paged before the recheck may start; see agreement_policy().
 */
int64_t check_right_ends_ms(const struct check *check, const struct policy *policy)
{
	int64_t agreed_later = check_later(check->recheck_late_ms - policy->recheck_late_ms, 0);

	if (check->first_answer_ms != 0)
		return check->first_answer_ms + policy->recheck_end_ms + agreed_later;
	return check->hard_end_ms;
}

/*
 * A second look without a first answer (undecided, and somebody else takes it) keeps the distance
 * that was agreed between two looks, counted from the picture; the lens guard counts it from the
 * opening.
 */
int64_t check_look_from_ms(const struct check *check)
{
	if (check->first_answer_ms != 0)
		return check_recheck_at_ms(check);
	if (check->look_number > 0 && check_is_unanswered(check))
		return check->shown_ms + check->recheck_earliest_ms;
	return check->early_ms;
}

void check_effect(struct check_work *w, enum effect_kind kind, enum cause cause, bool urgent)
{
	assert(w->effects->n < EFFECTS_MAX);
	w->effects->effect[w->effects->n++] = (struct effect){kind, w->check->look, cause, urgent};
}

void check_let_go(struct check_work *w)
{
	w->check->session = 0;
	w->check->claimed_ms = 0;
}

void check_count_look(struct check *check)
{
	if (check->look_number > 0 && check->rechecks_left > 0)
		check->rechecks_left--;
	check->look_number++;
}

void check_take_back_look(struct check *check)
{
	assert(check->look_number > 0);
	check->look_number--;
	if (check->look_number > 0)
		check->rechecks_left++;
}

void check_end_look(struct check_work *w, enum cause cause)
{
	assert(w->check->state == CHECK_LOOKING);
	if (w->check->shown_ms == 0) {
		check_effect(w, EFFECT_PERMIT_VOID, cause, false);
		check_take_back_look(w->check);
	}
	check_effect(w, EFFECT_VIEW_END, cause, false);
}

void check_end_fault(struct check *check)
{
	check->fault_ms = 0;
	check->fault_page_ms = 0;
	check->cause = CAUSE_NONE;
}

void check_open(struct check_work *w)
{
	check_let_go(w);
	check_end_fault(w->check);
	w->check->state = CHECK_OPEN;
	if (w->check->camera_lost)
		check_fault(w, CAUSE_CAMERA_LOST);
}

void check_unclaim(struct check_work *w)
{
	struct check *check = w->check;

	if (check->fault_ms != 0) {
		check_fault(w, check->cause);
	} else if (check_is_unanswered(check)) {
		check_let_go(w);
		check->state = CHECK_UNDECIDED;
	} else {
		check_open(w);
	}
}

/* A look that retries does not push the page away: the episode began with its first fault. */
void check_fault(struct check_work *w, enum cause cause)
{
	struct check *check = w->check;
	int64_t retried = w->now + w->policy->fault_retry_ms;

	check_let_go(w);
	if (check->fault_ms == 0) {
		check->fault_ms = w->now;
		check->fault_page_ms = check_later(check->start_ms + w->policy->fault_page_ms,
		                                   retried);
	}
	check->cause = cause;
	check->state = CHECK_FAULT;
}

void check_to_patrol(struct check_work *w, enum cause cause)
{
	struct check *check = w->check;
	bool urgent = cause == CAUSE_NEEDS_HELP;

	if (check->state == CHECK_LOOKING)
		check_end_look(w, cause);
	check_let_go(w);
	check->fault_page_ms = 0;
	check->cause = cause;
	check->state = CHECK_PATROL;
	check->patrol_ms = w->now;
	check_effect(w, cause == CAUSE_VISIT_SLOT ? EFFECT_VISIT : EFFECT_PAGE, cause, urgent);
}

void check_close(struct check_work *w, enum check_outcome outcome, enum cause cause)
{
	struct check *check = w->check;

	if (check->state == CHECK_LOOKING)
		check_end_look(w, cause);
	if (check_is_paged(check))
		check_effect(w, EFFECT_PAGE_CLOSE, CAUSE_NONE, false);
	check_let_go(w);
	check->state = CHECK_CLOSED;
	check->outcome = outcome;
	check->closed_ms = w->now;
	check->fault_page_ms = 0;
	/* What brought it to the patrol stays readable in a visit's record. */
	if (outcome != OUTCOME_VISITED)
		check->cause = cause;
}

void check_not_seen(struct check_work *w, int64_t answered_ms)
{
	struct check *check = w->check;

	if (check->rechecks_left == 0 || check->kind == SLOT_VISIT) {
		check_to_patrol(w, CAUSE_NOT_SEEN);
		return;
	}
	if (check->state == CHECK_LOOKING)
		check_end_look(w, CAUSE_NONE);
	check_let_go(w);
	if (check->first_answer_ms == 0)
		check->first_answer_ms = answered_ms;
	check->state = CHECK_WAITING;
}

void check_keep_reason(struct check_work *w)
{
	if (w->event->reason != NULL && w->event->reason[0] != '\0')
		text_clean(w->check->reason, sizeof w->check->reason, w->event->reason);
}
