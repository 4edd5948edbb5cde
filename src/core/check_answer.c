/*
 * Answers. One is right for its look whenever it arrives: from another session, from a console's
 * journal, after the hard end (SERVICE.md hard case 16). An answer that says something about a
 * picture needs one that was shown; one that asks for help needs nothing. Second thoughts only ever
 * move towards more care.
 */
#include "core/check_step.h"

#include "base/text.h"

static bool is_about_this_look(const struct check_work *w)
{
	return w->event->look != 0 && w->event->look == w->check->look;
}

/* How much care an answer asks for; 0 = it says nothing about the resident. */
static int care(enum answer answer)
{
	static const int of[ANSWERS] = {
		[ANSWER_WELL] = 1,
		[ANSWER_NOT_SEEN] = 2,
		[ANSWER_PATROL] = 3,
		[ANSWER_NEEDS_HELP] = 4,
	};

	return of[answer];
}

static bool has_reason(const struct check_work *w)
{
	return w->event->reason != NULL && w->event->reason[0] != '\0';
}

static void record(struct check_work *w)
{
	struct check *check = w->check;

	check->answer = w->event->answer;
	check->answered_ms = w->now;
	if (w->event->operator_id != NULL)
		text_clean(check->operator_id, sizeof check->operator_id, w->event->operator_id);
	check_keep_reason(w);
}

static enum refusal well(struct check_work *w)
{
	if (!check_is_unanswered(w->check))
		return care(w->check->answer) > care(ANSWER_WELL) ? REFUSE_LESS_CARE : REFUSE_STATE;
	record(w);
	check_close(w, OUTCOME_SEEN_WELL, CAUSE_NONE);
	return REFUSE_NO;
}

static enum refusal not_seen(struct check_work *w)
{
	if (w->check->shown_ms == 0)
		return REFUSE_STATE;
	if (w->check->answer == ANSWER_NOT_SEEN)
		return REFUSE_NO;
	if (!check_is_unanswered(w->check))
		return REFUSE_STATE;
	record(w);
	check_not_seen(w, w->now);
	return REFUSE_NO;
}

static enum refusal needs_help(struct check_work *w)
{
	record(w);
	check_to_patrol(w, CAUSE_NEEDS_HELP);
	return REFUSE_NO;
}

static enum refusal patrol(struct check_work *w)
{
	if (!has_reason(w))
		return REFUSE_REASON;
	record(w);
	check_to_patrol(w, CAUSE_JUDGEMENT);
	return REFUSE_NO;
}

static enum refusal other_person(struct check_work *w)
{
	struct check *check = w->check;

	if (!check_is_unanswered(check))
		return REFUSE_STATE;
	record(w);
	check->other_person = true;
	if (check->state == CHECK_LOOKING) {
		check_end_look(w, CAUSE_NONE);
		check->view_over_ms = w->now;
		check->state = CHECK_DECIDING;
	}
	return REFUSE_NO;
}

static bool is_in_look(const struct check *check)
{
	return check->state == CHECK_LOOKING || check->state == CHECK_DECIDING
	       || check->state == CHECK_UNDECIDED;
}

/*
 * The replacement is offered to whoever has the check; without a camera or a right it cannot be
 * made.
 */
static void offer_replacement(struct check_work *w)
{
	struct check *check = w->check;

	if (check->camera_lost) {
		check_fault(w, CAUSE_UNUSABLE);
		return;
	}
	check->replacement_used = true;
	if (check->session == 0) {
		check_open(w);
		return;
	}
	check->claimed_ms = w->now;
	check->state = CHECK_CLAIMED;
}

static enum refusal unusable(struct check_work *w)
{
	struct check *check = w->check;

	if (!is_in_look(check))
		return check->answer == ANSWER_UNUSABLE ? REFUSE_NO : REFUSE_STATE;
	if (check->other_person)
		return REFUSE_STATE;
	if (check->state == CHECK_LOOKING)
		check_end_look(w, CAUSE_UNUSABLE);
	if (check->shown_ms != 0)
		check_take_back_look(check);
	record(w);
	if (check->kind == SLOT_VISIT) {
		check->state = CHECK_FAULT;
		check_to_patrol(w, CAUSE_UNUSABLE);
	} else if (check->replacement_used) {
		check_fault(w, CAUSE_UNUSABLE);
	} else {
		offer_replacement(w);
	}
	return REFUSE_NO;
}

static check_handler *const answers[ANSWERS] = {
	[ANSWER_WELL] = well,
	[ANSWER_NOT_SEEN] = not_seen,
	[ANSWER_NEEDS_HELP] = needs_help,
	[ANSWER_PATROL] = patrol,
	[ANSWER_OTHER_PERSON] = other_person,
	[ANSWER_UNUSABLE] = unusable,
};

/* Of an earlier look only what asks for the patrol still says something. */
static enum refusal judge_look(const struct check_work *w)
{
	if (answers[w->event->answer] == NULL)
		return REFUSE_UNKNOWN;
	if (is_about_this_look(w))
		return REFUSE_NO;
	if (w->event->earlier_look && care(w->event->answer) >= care(ANSWER_PATROL))
		return REFUSE_NO;
	return REFUSE_LOOK;
}

enum refusal check_answer_open(struct check_work *w)
{
	enum refusal refusal = judge_look(w);

	return refusal != REFUSE_NO ? refusal : answers[w->event->answer](w);
}

/* The page that stands becomes needs-help; where none does, it is sent. */
static void raise(struct check_work *w)
{
	enum effect_kind kind = check_is_paged(w->check) ? EFFECT_URGENT : EFFECT_PAGE;

	if (w->check->cause == CAUSE_NEEDS_HELP)
		return;
	w->check->cause = CAUSE_NEEDS_HELP;
	check_effect(w, kind, CAUSE_NEEDS_HELP, true);
}

/* The patrol was called by the service itself, for want of an answer or of a picture. */
static bool is_automatic(enum cause cause)
{
	return cause >= CAUSE_NO_ANSWER && cause <= CAUSE_SIGNER;
}

/*
 * It is recorded, but the patrol has been called and only it closes; unless its page has not left
 * yet.
 */
static enum refusal late_answer(struct check_work *w)
{
	struct check *check = w->check;

	record(w);
	if (w->event->answer == ANSWER_NEEDS_HELP)
		raise(w);
	if (w->event->answer == ANSWER_OTHER_PERSON)
		check->other_person = true;
	if (w->event->answer == ANSWER_WELL && w->event->page_unsent && is_automatic(check->cause))
		check_close(w, OUTCOME_SEEN_WELL, CAUSE_NONE);
	return REFUSE_NO;
}

/*
 * The answer that stands came from the same operator: this is it once more, and no second opinion.
 */
static bool is_theirs(const struct check_work *w)
{
	return w->event->operator_id == NULL
	    || text_equal(w->event->operator_id, w->check->operator_id);
}

enum refusal check_answer_patrol(struct check_work *w)
{
	const struct check *check = w->check;
	enum answer answer = w->event->answer;
	enum refusal refusal = judge_look(w);

	if (refusal != REFUSE_NO)
		return refusal;
	if (answer == check->answer && is_theirs(w))
		return REFUSE_NO;
	if (answer == ANSWER_PATROL && !has_reason(w))
		return REFUSE_REASON;
	if (care(answer) < care(ANSWER_PATROL) && check->shown_ms == 0 && answer != ANSWER_UNUSABLE)
		return REFUSE_STATE;
	if (care(answer) < care(check->answer))
		return care(answer) == 0 ? REFUSE_STATE : REFUSE_LESS_CARE;
	return late_answer(w);
}

/*
 * A journal may deliver twice, which is nothing new, or after the patrol, which belongs in the
 * record.
 */
enum refusal check_answer_closed(struct check_work *w)
{
	if (!is_about_this_look(w))
		return REFUSE_LOOK;
	if (w->event->answer == w->check->answer)
		return REFUSE_NO;
	if (w->check->outcome == OUTCOME_SEEN_WELL || !check_is_unanswered(w->check)
	    || care(w->event->answer) == 0)
		return REFUSE_STATE;
	record(w);
	return REFUSE_NO;
}

/* Undo: whether it may be, before what it does. */
static enum refusal judge_undo(const struct check_work *w)
{
	if (care(w->check->answer) == 0)
		return REFUSE_STATE;
	if (w->now > w->check->answered_ms + w->policy->undo_ms)
		return REFUSE_TOO_LATE;
	if (care(w->event->answer) <= care(w->check->answer))
		return REFUSE_LESS_CARE;
	return w->event->answer == ANSWER_PATROL && !has_reason(w) ? REFUSE_REASON : REFUSE_NO;
}

/* The recheck's times run from the answer that was undone: an error must not delay it. */
static enum refusal change_answer(struct check_work *w)
{
	int64_t answered_ms = w->check->answered_ms;

	if (w->event->answer != ANSWER_NOT_SEEN)
		return answers[w->event->answer](w);
	record(w);
	check_not_seen(w, answered_ms);
	return REFUSE_NO;
}

enum refusal check_undo_closed(struct check_work *w)
{
	struct check *check = w->check;
	enum refusal refusal = check->outcome == OUTCOME_SEEN_WELL ? judge_undo(w) : REFUSE_STATE;

	if (refusal != REFUSE_NO)
		return refusal;
	check->outcome = OUTCOME_NONE;
	check->closed_ms = 0;
	check->state = CHECK_UNDECIDED;
	return change_answer(w);
}

enum refusal check_undo_open(struct check_work *w)
{
	enum refusal refusal = judge_undo(w);

	return refusal != REFUSE_NO ? refusal : change_answer(w);
}

enum refusal check_undo_patrol(struct check_work *w)
{
	enum refusal refusal = judge_undo(w);

	return refusal != REFUSE_NO ? refusal : late_answer(w);
}
