/*
 * What time does to a check. Every state that is not closed ends by itself at an instant that
 * follows from the row alone, so a restart, a late tick or a lost timer cannot lose it (SERVICE.md,
 * the hard end).
 */
#include "core/check_step.h"

/*
 * How long the report of a view that ended by itself may travel before the view counts as over
 * anyway.
 */
#define VIEW_REPORT_MS (5 * MS_SECOND)

/* A picture that has not been shown by then cannot be fresh any more. */
static int64_t unshown_at(const struct check *check, const struct policy *policy)
{
	return check->look_ms + policy->permit_ms + policy->fresh_ms;
}

/* When a look, or the question after it, is over by itself; beside the hard end. */
static int64_t state_ends_ms(const struct check *check, const struct policy *policy)
{
	int64_t ends = INT64_MAX;

	switch (check->state) {
	case CHECK_CLAIMED:
		ends = check->claimed_ms + policy->lease_ms;
		return check->fault_ms != 0 ? check_earlier(ends, check->fault_page_ms) : ends;
	case CHECK_LOOKING:
		return check->shown_ms != 0 ? check->shown_ms + policy->view_ms + VIEW_REPORT_MS
		                            : unshown_at(check, policy);
	case CHECK_DECIDING:
		return check->view_over_ms + policy->answer_ms;
	case CHECK_WAITING:
		return check_recheck_at_ms(check);
	case CHECK_FAULT:
		return check->fault_page_ms;
	default:
		return ends;
	}
}

/*
 * With the patrol nothing happens by itself; from here on it is a high alarm that nobody has
 * reported.
 */
static int64_t unreported_at(const struct check *check)
{
	if (check->kind == SLOT_VISIT)
		return check_later(check->latest_ms, check->patrol_ms) + check->visit_report_ms;
	return check->patrol_ms + check->on_site_ms + check->visit_report_ms;
}

int64_t check_deadline(const struct check *check, const struct policy *policy)
{
	switch (check->state) {
	case CHECK_CLOSED:
		return 0;
	case CHECK_PLANNED:
		return check->kind == SLOT_VISIT ? check->start_ms : check->early_ms;
	case CHECK_PATROL:
		return unreported_at(check);
	default:
		return check_earlier(state_ends_ms(check, policy),
		                     check_right_ends_ms(check, policy));
	}
}

static bool is_hard_end(const struct check_work *w)
{
	return w->now >= check_right_ends_ms(w->check, w->policy);
}

static enum refusal hard_end(struct check_work *w)
{
	check_to_patrol(w, CAUSE_NO_ANSWER);
	return REFUSE_NO;
}

enum refusal check_time_planned(struct check_work *w)
{
	if (w->check->kind == SLOT_VISIT)
		check_to_patrol(w, w->check->cause);
	else
		check_open(w);
	return REFUSE_NO;
}

enum refusal check_time_open(struct check_work *w)
{
	return hard_end(w);
}

enum refusal check_time_claimed(struct check_work *w)
{
	if (is_hard_end(w))
		return hard_end(w);
	check_unclaim(w);
	return REFUSE_NO;
}

enum refusal check_time_looking(struct check_work *w)
{
	struct check *check = w->check;

	if (is_hard_end(w))
		return hard_end(w);
	check_end_look(w, check->shown_ms == 0 ? CAUSE_STALE : CAUSE_NONE);
	if (check->shown_ms == 0) {
		check_fault(w, CAUSE_STALE);
	} else {
		check->view_over_ms = check->shown_ms + w->policy->view_ms;
		check->state = CHECK_DECIDING;
	}
	return REFUSE_NO;
}

enum refusal check_time_deciding(struct check_work *w)
{
	if (is_hard_end(w))
		return hard_end(w);
	check_let_go(w);
	w->check->state = CHECK_UNDECIDED;
	return REFUSE_NO;
}

enum refusal check_time_undecided(struct check_work *w)
{
	return hard_end(w);
}

enum refusal check_time_waiting(struct check_work *w)
{
	if (is_hard_end(w))
		return hard_end(w);
	check_open(w);
	return REFUSE_NO;
}

enum refusal check_time_fault(struct check_work *w)
{
	check_to_patrol(w, w->check->cause);
	return REFUSE_NO;
}

/*
 * An alarm follows from how late it is, so that a console can raise it before the hub's next word.
 */
static enum alarm lateness(const struct check *check, int64_t utc_ms)
{
	if (check->first_answer_ms != 0) {
		if (utc_ms >= check->first_answer_ms + check->recheck_late_ms)
			return ALARM_HIGH;
		if (utc_ms >= check->first_answer_ms + check->recheck_due_ms)
			return ALARM_MEDIUM;
		return utc_ms >= check_recheck_at_ms(check) ? ALARM_TASK : ALARM_NONE;
	}
	if (utc_ms > check->latest_ms)
		return ALARM_HIGH;
	return utc_ms >= check->early_ms ? ALARM_TASK : ALARM_NONE;
}

static enum alarm planned_alarm(const struct check *check, int64_t utc_ms,
                                const struct policy *policy)
{
	bool work = check->camera_lost && utc_ms >= check->start_ms - policy->camera_work_ms;

	if (check->kind == SLOT_VISIT)
		return ALARM_NONE;
	return work && utc_ms < check->early_ms ? ALARM_TASK : lateness(check, utc_ms);
}

enum alarm check_alarm(const struct check *check, int64_t utc_ms, const struct policy *policy)
{
	enum alarm late = lateness(check, utc_ms);
	bool unmet;

	switch (check->state) {
	case CHECK_PLANNED:
		return planned_alarm(check, utc_ms, policy);
	case CHECK_OPEN:
	case CHECK_CLAIMED:
	case CHECK_WAITING:
		return late;
	case CHECK_FAULT:
		return late == ALARM_HIGH ? ALARM_HIGH : ALARM_MEDIUM;
	case CHECK_DECIDING:
		return utc_ms >= check->view_over_ms + policy->answer_ms ? ALARM_HIGH : ALARM_NONE;
	case CHECK_UNDECIDED:
		return ALARM_HIGH;
	case CHECK_PATROL:
		unmet = check->on_site_trouble || utc_ms >= unreported_at(check);
		return unmet ? ALARM_HIGH : ALARM_NONE;
	default:
		return ALARM_NONE;
	}
}
