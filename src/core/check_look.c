/*
 * From a claim to the end of a view, and what a camera does to it. Reports about a look carry its
 * id and are believed whenever they arrive: a picture that stood on a screen was a look, also when
 * the hub had restarted or given the look up before it heard of it (as many looks as agreed, never
 * two).
 */
#include "core/check_step.h"

#include "base/text.h"

#include <assert.h>

/* The camera's contact. A picture that stands, or has stood, does not need it any more. */

enum refusal check_camera_flag(struct check_work *w)
{
	w->check->camera_lost = !w->event->camera_up;
	return REFUSE_NO;
}

enum refusal check_camera_open(struct check_work *w)
{
	check_camera_flag(w);
	if (w->check->camera_lost)
		check_fault(w, CAUSE_CAMERA_LOST);
	return REFUSE_NO;
}

enum refusal check_camera_claimed(struct check_work *w)
{
	check_camera_flag(w);
	if (!w->check->camera_lost)
		return REFUSE_NO;
	if (check_is_unanswered(w->check))
		check_unclaim(w);
	else
		check_fault(w, CAUSE_CAMERA_LOST);
	return REFUSE_NO;
}

static void give_up_look(struct check_work *w, enum cause cause)
{
	check_end_look(w, cause);
	check_fault(w, cause);
}

enum refusal check_camera_looking(struct check_work *w)
{
	check_camera_flag(w);
	if (w->check->camera_lost && w->check->shown_ms == 0)
		give_up_look(w, CAUSE_CAMERA_LOST);
	return REFUSE_NO;
}

enum refusal check_camera_fault(struct check_work *w)
{
	check_camera_flag(w);
	if (!w->check->camera_lost && w->check->cause == CAUSE_CAMERA_LOST)
		check_open(w);
	return REFUSE_NO;
}

/* Claims. */

static enum refusal claim(struct check_work *w)
{
	struct check *check = w->check;

	if (w->event->decision_version != check->decision_version)
		return REFUSE_STALE;
	assert(w->event->operator_id != NULL && w->event->session != 0);
	text_clean(check->operator_id, sizeof check->operator_id, w->event->operator_id);
	check->session = w->event->session;
	check->claimed_ms = w->now;
	check->state = CHECK_CLAIMED;
	return REFUSE_NO;
}

enum refusal check_claim_planned(struct check_work *w)
{
	return w->check->kind == SLOT_VISIT ? REFUSE_VISIT : REFUSE_NOT_YET;
}

enum refusal check_claim_open(struct check_work *w)
{
	return claim(w);
}

/* The same console asks twice: it has it, and its lease is not renewed. */
enum refusal check_claim_again(struct check_work *w)
{
	return w->event->session == w->check->session ? REFUSE_NO : REFUSE_CLAIMED;
}

enum refusal check_claim_taken(struct check_work *w)
{
	(void)w;
	return REFUSE_CLAIMED;
}

/*
 * Nobody answered. Another look is a second look: it needs a recheck that remains, and its
 * distance.
 */
enum refusal check_claim_undecided(struct check_work *w)
{
	if (w->check->kind == SLOT_VISIT)
		return REFUSE_VISIT;
	if (w->check->rechecks_left == 0)
		return REFUSE_NO_RECHECK;
	if (w->now < check_look_from_ms(w->check))
		return REFUSE_NOT_YET;
	return w->check->camera_lost ? REFUSE_CAMERA : claim(w);
}

enum refusal check_claim_waiting(struct check_work *w)
{
	(void)w;
	return REFUSE_NOT_YET;
}

/* A replacement that was of no use either leaves no look (SERVICE.md, unusable). */
static bool is_spent(const struct check *check)
{
	return check->cause == CAUSE_UNUSABLE && check->replacement_used;
}

enum refusal check_claim_fault(struct check_work *w)
{
	if (is_spent(w->check))
		return REFUSE_NO_RECHECK;
	return w->check->camera_lost ? REFUSE_CAMERA : claim(w);
}

enum refusal check_claim_patrol(struct check_work *w)
{
	return w->check->kind == SLOT_VISIT ? REFUSE_VISIT : REFUSE_STATE;
}

static bool holds(const struct check_work *w)
{
	return w->event->session != 0 && w->event->session == w->check->session;
}

enum refusal check_release_claimed(struct check_work *w)
{
	if (!holds(w))
		return REFUSE_CLAIMED;
	check_unclaim(w);
	return REFUSE_NO;
}

enum refusal check_release_looking(struct check_work *w)
{
	struct check *check = w->check;

	if (!holds(w))
		return REFUSE_CLAIMED;
	check_end_look(w, CAUSE_NONE);
	if (check->shown_ms == 0) {
		check_unclaim(w);
		return REFUSE_NO;
	}
	check_let_go(w);
	check->view_over_ms = w->now;
	check->state = CHECK_UNDECIDED;
	return REFUSE_NO;
}

enum refusal check_release_deciding(struct check_work *w)
{
	if (!holds(w))
		return REFUSE_CLAIMED;
	check_let_go(w);
	w->check->state = CHECK_UNDECIDED;
	return REFUSE_NO;
}

/* The look. */

/*
 * Whether the next permit is the technical replacement of its look number. The lens guard knows
 * what it opened and refuses the wrong one of the two, the hub can only infer it from how the last
 * attempt ended: after these causes the lens was open, after a refusal the other one is worth a
 * try.
 */
static bool is_replacement(const struct check *check)
{
	if (check->look == 0)
		return false;
	if (check->shown_ms != 0)
		return check->answer == ANSWER_UNUSABLE;
	switch (check->cause) {
	case CAUSE_CAMERA_FAULT:
	case CAUSE_UNUSABLE:
	case CAUSE_STALE:
		return true;
	case CAUSE_REFUSED:
		return !check->replacement_used;
	default:
		return check->replacement_used;
	}
}

enum refusal check_look_claimed(struct check_work *w)
{
	struct check *check = w->check;

	if (!holds(w))
		return REFUSE_CLAIMED;
	if (w->event->look <= 0 || w->event->look == check->look)
		return REFUSE_LOOK;
	if (w->now < check_look_from_ms(check))
		return REFUSE_NOT_YET;
	if (check->look_number > 0 && check->rechecks_left == 0)
		return REFUSE_NO_RECHECK;
	check->replacement_used = is_replacement(check);
	check->look = w->event->look;
	check->look_ms = w->now;
	check->shown_ms = 0;
	check->view_over_ms = 0;
	check->view_ms = -1;
	check->other_person = false;
	check->answer = ANSWER_NONE;
	check->state = CHECK_LOOKING;
	check_count_look(check);
	check_effect(w, EFFECT_PERMIT, CAUSE_NONE, false);
	return REFUSE_NO;
}

static bool is_about_this_look(const struct check_work *w)
{
	return w->event->look != 0 && w->event->look == w->check->look;
}

/*
 * The first word that its picture stood: whatever the fault was, it is over. A look that had been
 * given up was made after all, unless its operator found it of no use.
 */
static void picture_stood(struct check_work *w, int64_t shown_ms)
{
	struct check *check = w->check;

	if (check->state != CHECK_LOOKING && check->answer != ANSWER_UNUSABLE)
		check_count_look(check);
	check->shown_ms = shown_ms;
}

/* A look that had been given up goes on, and whoever reports it has it. */
static void resume_look(struct check_work *w)
{
	check_let_go(w);
	w->check->session = w->event->session;
	w->check->state = CHECK_LOOKING;
}

enum refusal check_shown_looking(struct check_work *w)
{
	if (!is_about_this_look(w))
		return REFUSE_LOOK;
	if (w->check->shown_ms == 0)
		picture_stood(w, w->now);
	check_end_fault(w->check);
	return REFUSE_NO;
}

enum refusal check_shown_late(struct check_work *w)
{
	if (!is_about_this_look(w))
		return REFUSE_LOOK;
	if (w->check->shown_ms != 0)
		return REFUSE_NO;
	picture_stood(w, w->now);
	if (w->check->answer != ANSWER_NONE)
		return REFUSE_NO;
	resume_look(w);
	check_end_fault(w->check);
	return REFUSE_NO;
}

/* It must not stand any more, and the row says that it stood. */
enum refusal check_shown_over(struct check_work *w)
{
	if (!is_about_this_look(w))
		return REFUSE_LOOK;
	if (w->check->shown_ms != 0)
		return REFUSE_NO;
	picture_stood(w, w->now);
	check_effect(w, EFFECT_VIEW_END, w->check->cause, false);
	return REFUSE_NO;
}

/* A view that lasted was a picture that stood, also when the report that it stands was lost. */
static void record_view(struct check_work *w)
{
	struct check *check = w->check;

	if (w->event->view_ms < 0 || check->view_ms >= 0)
		return;
	if (check->shown_ms == 0)
		picture_stood(w, check_later(check->look_ms, w->now - w->event->view_ms));
	if (check->view_over_ms == 0)
		check->view_over_ms = w->now;
	check->view_ms = w->event->view_ms;
}

enum refusal check_view_over_looking(struct check_work *w)
{
	if (!is_about_this_look(w))
		return REFUSE_LOOK;
	record_view(w);
	if (w->check->shown_ms == 0) {
		give_up_look(w, CAUSE_STALE);
		return REFUSE_NO;
	}
	check_end_fault(w->check);
	w->check->view_over_ms = w->now;
	w->check->state = CHECK_DECIDING;
	return REFUSE_NO;
}

enum refusal check_view_over_record(struct check_work *w)
{
	if (!is_about_this_look(w))
		return REFUSE_LOOK;
	record_view(w);
	return REFUSE_NO;
}

enum refusal check_view_over_late(struct check_work *w)
{
	bool unshown = w->check->shown_ms == 0;

	if (!is_about_this_look(w))
		return REFUSE_LOOK;
	record_view(w);
	if (!unshown || w->check->shown_ms == 0 || w->check->answer != ANSWER_NONE)
		return REFUSE_NO;
	resume_look(w);
	return check_view_over_looking(w);
}

/*
 * Faults. The word for it may come from a camera: what is none of a camera's causes is a fault of
 * it.
 */
static enum cause fault_cause(const struct check_work *w)
{
	enum cause cause = w->event->cause;

	return cause >= CAUSE_CAMERA_LOST && cause <= CAUSE_SIGNER ? cause : CAUSE_CAMERA_FAULT;
}

/* What names a look speaks of one that is over. */
enum refusal check_fault_open(struct check_work *w)
{
	if (w->event->look == 0)
		check_fault(w, fault_cause(w));
	return REFUSE_NO;
}

/* The look that is being prepared has an id already, though its permit is not recorded. */
enum refusal check_fault_claimed(struct check_work *w)
{
	if (is_about_this_look(w))
		return REFUSE_NO;
	if (check_is_unanswered(w->check))
		check_unclaim(w);
	else
		check_fault(w, fault_cause(w));
	return REFUSE_NO;
}

enum refusal check_fault_looking(struct check_work *w)
{
	if (w->event->look != 0 && !is_about_this_look(w))
		return REFUSE_NO;
	/* A picture that stood can be answered; whether it was of use is the operator's to say. */
	if (w->check->shown_ms == 0)
		give_up_look(w, fault_cause(w));
	return REFUSE_NO;
}

/* The newest cause is shown, but for those that decide what comes next. */
enum refusal check_fault_again(struct check_work *w)
{
	bool decides = w->check->cause == CAUSE_UNUSABLE || w->check->camera_lost;

	if (!decides && (w->event->look == 0 || is_about_this_look(w)))
		w->check->cause = fault_cause(w);
	return REFUSE_NO;
}
