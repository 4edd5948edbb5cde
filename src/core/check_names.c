/*
 * The words of a check: stable kebab-case names that wire, log and tests share, and the sentences
 * that tell an operator why something was refused. A name is a promise to every log written with
 * it.
 */
#include "core/check.h"

#include "base/text.h"

#include <assert.h>

static const char *const state_names[CHECK_STATES] = {
	[CHECK_PLANNED] = "planned",
	[CHECK_OPEN] = "open",
	[CHECK_CLAIMED] = "claimed",
	[CHECK_LOOKING] = "looking",
	[CHECK_DECIDING] = "deciding",
	[CHECK_UNDECIDED] = "undecided",
	[CHECK_WAITING] = "waiting",
	[CHECK_FAULT] = "fault",
	[CHECK_PATROL] = "patrol",
	[CHECK_CLOSED] = "closed",
};

static const char *const outcome_names[OUTCOMES] = {
	[OUTCOME_NONE] = "none",
	[OUTCOME_SEEN_WELL] = "seen-well",
	[OUTCOME_VISITED] = "visited",
	[OUTCOME_EXCUSED] = "excused",
};

static const char *const answer_names[ANSWERS] = {
	[ANSWER_NONE] = "none",
	[ANSWER_WELL] = "well",
	[ANSWER_NOT_SEEN] = "not-seen",
	[ANSWER_NEEDS_HELP] = "needs-help",
	[ANSWER_PATROL] = "patrol",
	[ANSWER_OTHER_PERSON] = "other-person",
	[ANSWER_UNUSABLE] = "unusable",
};

static const char *const cause_names[CAUSES] = {
	[CAUSE_NONE] = "none",
	[CAUSE_NOT_SEEN] = "not-seen",
	[CAUSE_NEEDS_HELP] = "needs-help",
	[CAUSE_JUDGEMENT] = "judgement",
	[CAUSE_NO_ANSWER] = "no-answer",
	[CAUSE_CAMERA_LOST] = "camera-lost",
	[CAUSE_CAMERA_FAULT] = "camera-fault",
	[CAUSE_UNUSABLE] = "unusable",
	[CAUSE_STALE] = "stale",
	[CAUSE_CLOCK] = "clock",
	[CAUSE_REFUSED] = "refused",
	[CAUSE_SIGNER] = "signer",
	[CAUSE_LAPSED] = "lapsed",
	[CAUSE_WITHDRAWN] = "withdrawn",
	[CAUSE_VISIT_SLOT] = "visit-slot",
	[CAUSE_PAUSED] = "paused",
	[CAUSE_STAFF_ON_SITE] = "staff-on-site",
	[CAUSE_VISITS_DECLINED] = "visits-declined",
	[CAUSE_DECEASED] = "deceased",
};

static const char *const event_names[CHECK_EVENTS] = {
	[EVENT_TICK] = "tick",
	[EVENT_CAMERA] = "camera",
	[EVENT_CLAIM] = "claim",
	[EVENT_RELEASE] = "release",
	[EVENT_LOOK] = "look",
	[EVENT_SHOWN] = "shown",
	[EVENT_VIEW_OVER] = "view-over",
	[EVENT_ANSWER] = "answer",
	[EVENT_FAULT] = "fault",
	[EVENT_PAGE] = "page",
	[EVENT_RESIDENT_SEEN] = "resident-seen",
	[EVENT_SITE_TROUBLE] = "site-trouble",
	[EVENT_UNDO] = "undo",
	[EVENT_RIGHT_LOST] = "right-lost",
	[EVENT_PAUSE] = "pause",
	[EVENT_RESUME] = "resume",
	[EVENT_EXCUSE] = "excuse",
	[EVENT_RESTART] = "restart",
};

static const struct {
	const char *name;
	const char *text;
} refusals[REFUSALS] = {
	[REFUSE_NO] = {"no", "Accepted."},
	[REFUSE_STALE] = {"stale", "This check has changed since you saw it. Look at it again."},
	[REFUSE_STATE] = {"state", "That is not possible for this check now."},
	[REFUSE_CLAIMED] = {"claimed", "Somebody else has this check."},
	[REFUSE_NOT_YET] = {"not-yet", "It is too early: the agreed time has not come."},
	[REFUSE_TOO_LATE] = {"too-late", "It is too late: the time for this is over."},
	[REFUSE_NO_RECHECK] = {"no-recheck",
                               "No look remains: only the patrol can see to her or him."},
	[REFUSE_LOOK] = {"look", "This belongs to another look."},
	[REFUSE_REASON] = {"reason", "A reason is needed."},
	[REFUSE_VISIT] = {"visit", "This is a visit: there is no right to use a camera."},
	[REFUSE_LESS_CARE] = {"less-care", "An answer can only be changed towards more care."},
	[REFUSE_CAMERA] = {"camera", "The camera has no contact."},
	[REFUSE_BOTH] = {"both", "Both persons need an answer."},
	[REFUSE_AUTHORITY] = {"authority", "This needs a unit manager, or two persons."},
	[REFUSE_UNKNOWN] = {"unknown", "There is no such thing."},
};

static const char *name_of(const char *const *names, int n, int value)
{
	assert(value >= 0 && value < n && names[value] != NULL);
	return names[value];
}

static int from_name(const char *const *names, int n, const char *name)
{
	for (int i = 0; i < n; i++)
		if (text_equal(names[i], name))
			return i;
	return -1;
}

const char *check_state_name(enum check_state state)
{
	return name_of(state_names, CHECK_STATES, (int)state);
}

const char *check_outcome_name(enum check_outcome outcome)
{
	return name_of(outcome_names, OUTCOMES, (int)outcome);
}

const char *check_answer_name(enum answer answer)
{
	return name_of(answer_names, ANSWERS, (int)answer);
}

const char *check_cause_name(enum cause cause)
{
	return name_of(cause_names, CAUSES, (int)cause);
}

const char *check_event_name(enum check_event_kind kind)
{
	return name_of(event_names, CHECK_EVENTS, (int)kind);
}

const char *check_refusal_name(enum refusal refusal)
{
	assert((int)refusal >= 0 && refusal < REFUSALS);
	return refusals[refusal].name;
}

const char *check_refusal_text(enum refusal refusal)
{
	assert((int)refusal >= 0 && refusal < REFUSALS);
	return refusals[refusal].text;
}

int check_answer_from_name(const char *name)
{
	return from_name(answer_names, ANSWERS, name);
}

int check_cause_from_name(const char *name)
{
	return from_name(cause_names, CAUSES, name);
}

int check_state_from_name(const char *name)
{
	return from_name(state_names, CHECK_STATES, name);
}

int check_outcome_from_name(const char *name)
{
	return from_name(outcome_names, OUTCOMES, name);
}
