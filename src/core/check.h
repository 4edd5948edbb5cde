/*
 * The life of a check (SERVICE.md, "The life of a check"): one resident × slot × night.
 * check_step() is the whole of its rules: pure, it changes the check and says what else has to
 * happen. A check ends exactly one way: seen well, visited, or excused. Nothing else closes it.
 */
#ifndef TILLSYN_CORE_CHECK_H
#define TILLSYN_CORE_CHECK_H

#include "base/limits.h"
#include "base/now.h"
#include "core/agreement.h"
#include "core/night.h"
#include "core/policy.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum check_state {
	CHECK_PLANNED,   /* before its (early) start */
	CHECK_OPEN,      /* due: first look or recheck waits for an operator */
	CHECK_CLAIMED,   /* an operator has it, no permit yet; lease runs */
	CHECK_LOOKING,   /* a permit was recorded: permit, capture, view */
	CHECK_DECIDING,  /* the view is over, the answer is awaited */
	CHECK_UNDECIDED, /* no answer in time: high alarm, anybody may take it */
	CHECK_WAITING,   /* not seen the first time: waiting for the recheck's earliest */
	CHECK_FAULT,     /* no usable picture: retries, then the patrol by itself */
	CHECK_PATROL,    /* with the patrol: paged, or a visit slot that is due */
	CHECK_CLOSED,
	CHECK_STATES,
};

enum check_outcome {
	OUTCOME_NONE,
	OUTCOME_SEEN_WELL,
	OUTCOME_VISITED,
	OUTCOME_EXCUSED,
	OUTCOMES,
};

enum answer {
	ANSWER_NONE,
	ANSWER_WELL,
	ANSWER_NOT_SEEN,
	ANSWER_NEEDS_HELP,
	ANSWER_PATROL,       /* the operator's judgement; needs a reason */
	ANSWER_OTHER_PERSON, /* ends the view at once; the check stays to be answered well, not seen or patrol */
	ANSWER_UNUSABLE,     /* one technical replacement in the same look, then fault */
	ANSWERS,
};

/* Why a check is with the patrol, or in fault, or excused. Neutral words; logged and shown. */
enum cause {
	CAUSE_NONE,
	CAUSE_NOT_SEEN,       /* the last look did not show the resident */
	CAUSE_NEEDS_HELP,
	CAUSE_JUDGEMENT,      /* the operator's, with a reason */
	CAUSE_NO_ANSWER,      /* the hard end: nobody started, or nobody answered */
	CAUSE_CAMERA_LOST,    /* no contact */
	CAUSE_CAMERA_FAULT,   /* power, lens, capture, seal */
	CAUSE_UNUSABLE,       /* dark, covered, moved */
	CAUSE_STALE,          /* not fresh */
	CAUSE_CLOCK,          /* the agent's clock is unsound */
	CAUSE_REFUSED,        /* the lens guard refused */
	CAUSE_SIGNER,         /* no proof in time */
	CAUSE_LAPSED,         /* decision or consent lapsed: visit */
	CAUSE_WITHDRAWN,      /* consent withdrawn: visit */
	CAUSE_VISIT_SLOT,     /* an agreed physical visit */
	CAUSE_PAUSED,         /* excused */
	CAUSE_STAFF_ON_SITE,  /* excused: a worker on site reports the resident seen */
	CAUSE_VISITS_DECLINED,/* excused: unit manager only */
	CAUSE_DECEASED,       /* excused: two persons */
	CAUSES,
};

/* The row. Plain data: the store keeps every field. Times are UTC milliseconds, 0 = not (yet). */
struct check {
	int64_t id;                 /* given by the store; > 0 */
	int32_t night;
	char resident[ID_MAX];
	char agreement[ID_MAX];
	uint32_t agreement_version;
	char slot[ID_MAX];
	char camera[ID_MAX];        /* empty for a visit slot of an agreement without one */
	char area[ID_MAX];
	int32_t priority;
	int64_t pair;               /* the other person's check of the same slot, 0 = none (hard case 4) */
	enum slot_kind kind;        /* becomes SLOT_VISIT when the right is lost */
	enum plan_note note;
	int64_t start_ms, early_ms, latest_ms, hard_end_ms;
	int64_t rechecks_left;      /* of the agreement */
	/* recheck times of its agreement, fixed at expansion */
	int64_t recheck_earliest_ms, recheck_due_ms, recheck_late_ms; /* durations after the first answer */
	int64_t on_site_ms, page_unanswered_ms, visit_report_ms;      /* durations, of its agreement */

	enum check_state state;
	enum check_outcome outcome;
	/*
	 * Of state FAULT, PATROL or an excused end; of a planned visit; of the fault that a look
	 * retries.
	 */
	enum cause cause;
	char reason[REASON_MAX_BYTES]; /* the operator's words with it, or empty */
	bool camera_lost;           /* its camera has no contact (set by EVENT_CAMERA) */

	/*
	 * Looks made, the one in flight included: 0 before the first, 1 first, 2 recheck … One that
	 * comes to nothing is taken back, and so is the recheck that it used.
	 */
	int32_t look_number;
	int64_t look;               /* id of the present or latest look, 0 = none */
	bool replacement_used;      /* the look in flight or asked for is the technical replacement of its number */
	bool other_person;          /* the present look was ended for another person's sake */
	enum answer answer;         /* of that look; NONE while it has none */
	char operator_id[ID_MAX];   /* who has it (CLAIMED … DECIDING), or who answered last */
	int64_t session;            /* the console session that has it, 0 = none */
	int64_t claimed_ms;
	int64_t look_ms;            /* permit recorded */
	int64_t shown_ms;           /* picture reported on screen */
	int64_t view_over_ms;
	int64_t view_ms;            /* duration on screen, reported by the picture process; -1 = not shown */
	int64_t answered_ms;        /* the latest answer */
	int64_t first_answer_ms;    /* not seen, first look: base of the recheck's times */
	int64_t fault_ms;           /* when the present fault began */
	int64_t fault_page_ms;      /* when it pages by itself */
	int64_t page;               /* number of its page, 0 = none */
	int64_t patrol_ms;          /* when it went to the patrol */
	bool on_site_trouble;       /* nobody home, no entry, broken off: high alarm, stays open */
	int64_t closed_ms;

	int64_t next_at;            /* the instant at which it next needs attention by itself; 0 = never */
	int64_t decision_version;   /* grows when the operator's choices change */
};

enum check_event_kind {
	EVENT_TICK,          /* next_at reached (or later, or for nothing) */
	EVENT_CAMERA,        /* camera contact lost or back; camera_up */
	EVENT_CLAIM,         /* operator, session, decision_version */
	EVENT_RELEASE,       /* session: put back, Esc before a look, or the console's session ended */
	EVENT_LOOK,          /* session, look (a new id): permit is to be recorded */
	EVENT_SHOWN,         /* look, session: the picture stands */
	EVENT_VIEW_OVER,     /* look, session, view_ms (-1: never shown) */
	EVENT_ANSWER,        /* look, answer, reason, operator; accepted for its look whenever it arrives */
	/*
	 * look (0 = none, or the one that a claim prepares), cause: agent, picture process or hub
	 * says that there is no usable picture. It has no meaning once one stood: then the operator
	 * says "unusable".
	 */
	EVENT_FAULT,
	/*
	 * decision_version, operator, reason: page without a look, or an agreed visit that nobody
	 * reports.
	 */
	EVENT_PAGE,
	EVENT_RESIDENT_SEEN, /* from the site (page or visit slot): closes */
	EVENT_SITE_TROUBLE,  /* nobody home, no entry, visit broken off: stays open */
	EVENT_UNDO,          /* operator, answer, reason: towards more care, within policy.undo_ms */
	/*
	 * cause LAPSED or WITHDRAWN: what remains becomes a visit; a view that is over is still
	 * answered.
	 */
	EVENT_RIGHT_LOST,
	/*
	 * Excused (pause) unless already looked at or with the patrol. The lens stays shut in any
	 * case: where a recheck was to follow, the patrol does.
	 */
	EVENT_PAUSE,
	/*
	 * A pause ended before the check's time was over: planned again. A visit then pages when it
	 * is due.
	 */
	EVENT_RESUME,
	EVENT_EXCUSE,        /* operator, reason, cause STAFF_ON_SITE (once it is due), VISITS_DECLINED, DECEASED */
	EVENT_RESTART,       /* the hub started: permits and looks in flight lapse, due is due again */
	CHECK_EVENTS,
};

struct check_event {
	enum check_event_kind kind;
	int64_t decision_version;   /* of CLAIM and PAGE; must match */
	const char *operator_id;    /* NULL = the service itself */
	int64_t session;
	int64_t look;
	int64_t view_ms;
	enum answer answer;
	enum cause cause;
	const char *reason;         /* NULL = none */
	bool camera_up;
	/*
	 * ANSWER: the look was this check's, though a later one has begun. Only needs-help and
	 * patrol count.
	 */
	bool earlier_look;
	/*
	 * ANSWER: this check's page stands alone and has not been sent (it is held after a hub
	 * start), so that an answer of well from a console's journal still closes the check
	 * (SERVICE.md, after a hub start).
	 */
	bool page_unsent;
};

/* Why an event was not accepted; check_refusal_text() has the sentence for the operator. */
enum refusal {
	REFUSE_NO,           /* accepted */
	REFUSE_STALE,        /* decision_version differs */
	REFUSE_STATE,        /* not possible in this state */
	REFUSE_CLAIMED,      /* somebody else has it */
	REFUSE_NOT_YET,      /* before its earliest */
	REFUSE_TOO_LATE,     /* beyond its hard end: the right to look is over */
	REFUSE_NO_RECHECK,   /* not seen twice: only the patrol remains */
	REFUSE_LOOK,         /* an answer for a look that is not this check's */
	REFUSE_REASON,       /* a reason is needed */
	REFUSE_VISIT,        /* no camera right: a visit */
	REFUSE_LESS_CARE,    /* undo only moves towards more care */
	REFUSE_CAMERA,       /* camera has no contact */
	REFUSE_BOTH,         /* a couple: both need an answer */
	REFUSE_AUTHORITY,    /* needs a unit manager, or two persons */
	REFUSE_UNKNOWN,      /* no such check, resident, page … */
	REFUSALS,
};

enum effect_kind {
	EFFECT_PERMIT,       /* record a permit for check->look, deliver it when its proof is ready */
	EFFECT_PERMIT_VOID,  /* void the permit of look */
	EFFECT_VIEW_END,     /* tell the console that shows look to end the view */
	EFFECT_PAGE,         /* page the patrol: cause, urgent */
	EFFECT_PAGE_CLOSE,   /* the check no longer needs its page (closed): page_step decides what that means */
	EFFECT_VISIT,        /* a visit slot is now with the patrol: no page, the board shows it */
	EFFECT_URGENT,       /* the check's page became needs-help */
};

struct effect {
	enum effect_kind kind;
	int64_t look;
	enum cause cause; /* of the page; or what took permit or view away, NONE for an answer or its time */
	bool urgent;
};

#define EFFECTS_MAX 6

struct effects {
	int n;
	struct effect effect[EFFECTS_MAX];
};

/* A check as planned. The store gives its id. */
struct check check_plan(const struct agreement *agreement, const struct planned *planned,
                        const struct policy *policy);

/*
 * One step. What time has brought about by now happens first, so that an event means the same
 * whether or not a tick came before it: its effects may include a page that was overdue. On a
 * refusal nothing changes and effects is empty. An event that is merely without meaning now (a tick
 * too early, a repeated SHOWN) is accepted and changes nothing. next_at is set anew at every step;
 * after a step it is never earlier than needed and never 0 unless the check is closed, or waits for
 * people on site with its alarm already raised.
 */
enum refusal check_step(struct check *check, const struct check_event *event, const struct now *now,
                        const struct policy *policy, struct effects *effects);

/*
 * The right to start a look ends here: the hard end, or the recheck's. Reads policy->recheck_end_ms
 * and policy->recheck_late_ms.
 */
int64_t check_right_ends_ms(const struct check *check, const struct policy *policy);
/* The recheck's instants, valid once first_answer_ms is set. */
int64_t check_recheck_at_ms(const struct check *check);

/* SCREENS.md, alarm rules. A due check is a task. */
enum alarm {
	ALARM_NONE,
	ALARM_TASK,
	ALARM_LOW,
	ALARM_MEDIUM,
	ALARM_HIGH,
};

/*
 * What this check asks of an operator now: late, undecided, unreported or trouble on site (high);
 * recheck due, fault (medium); due, or its camera lost shortly before (task). Follows utc_ms
 * without a step.
 */
enum alarm check_alarm(const struct check *check, int64_t utc_ms, const struct policy *policy);

/*
 * Stable lower-case words for wire, log and tests ("seen-well"); the console has its own for
 * people.
 */
const char *check_state_name(enum check_state state);
const char *check_outcome_name(enum check_outcome outcome);
const char *check_answer_name(enum answer answer);
const char *check_cause_name(enum cause cause);
const char *check_event_name(enum check_event_kind kind);
const char *check_refusal_name(enum refusal refusal);
/* A sentence for the operator, in English; translated by the console. */
const char *check_refusal_text(enum refusal refusal);
/* The inverse for hostile names: -1 when unknown. */
int check_answer_from_name(const char *name);
int check_cause_from_name(const char *name);
int check_state_from_name(const char *name);
int check_outcome_from_name(const char *name);

#endif
