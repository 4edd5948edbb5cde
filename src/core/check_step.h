/*
 * What the files of the check share: one step in work, the moves that several events make, and the
 * handlers that the table in check.c joins to events and states. Nothing outside core's check
 * includes it.
 */
#ifndef TILLSYN_CORE_CHECK_STEP_H
#define TILLSYN_CORE_CHECK_STEP_H

#include "core/check.h"

/* A step works on a copy: a handler that refuses may leave it half changed. */
struct check_work {
	struct check *check;
	const struct check_event *event;
	int64_t now;
	const struct policy *policy;
	struct effects *effects;
};

/* Moves, in check_move.c. Each leaves the check in a whole state. */

void check_effect(struct check_work *w, enum effect_kind kind, enum cause cause, bool urgent);
/* Nobody has it any more; who it was stays readable. */
void check_let_go(struct check_work *w);
/* A look counts from its permit; a recheck is then used. */
void check_count_look(struct check *check);
/*
 * A look of which no picture was shown, or none of use, was not made: its number and its right come
 * back.
 */
void check_take_back_look(struct check *check);
/*
 * In flight: the picture goes away; if it never stood, the permit is void and the look was not
 * made.
 */
void check_end_look(struct check_work *w, enum cause cause);
void check_end_fault(struct check *check);
/* Waiting for an operator, or in fault where its camera has no contact. */
void check_open(struct check_work *w);
/* Where a claim came from: fault, undecided, or open. */
void check_unclaim(struct check_work *w);
/* Begins a fault, or goes back to the one that a look retried. */
void check_fault(struct check_work *w, enum cause cause);
/* To the patrol: a page, or an agreed visit that is now due. Ends a look in flight. */
void check_to_patrol(struct check_work *w, enum cause cause);
void check_close(struct check_work *w, enum check_outcome outcome, enum cause cause);
/*
 * Not seen: the recheck if one remains, else the patrol. answered_ms is the base of the recheck's
 * times.
 */
void check_not_seen(struct check_work *w, int64_t answered_ms);
/* The operator's words, when the event has some. */
void check_keep_reason(struct check_work *w);

/* Questions, in check_move.c. */

/* It has been paged, rather than being a visit that the patrol has in its plan. */
bool check_is_paged(const struct check *check);
/* Its latest look was shown and has no answer that decides. */
bool check_is_unanswered(const struct check *check);
/* A look may start from here; for the next look, whichever it is. */
int64_t check_look_from_ms(const struct check *check);
int64_t check_earlier(int64_t a, int64_t b);
int64_t check_later(int64_t a, int64_t b);

typedef enum refusal check_handler(struct check_work *w);

/* Time, in check_time.c: when a state is over by itself, and what happens then. */
int64_t check_deadline(const struct check *check, const struct policy *policy);
check_handler check_time_planned, check_time_open, check_time_claimed, check_time_looking,
	check_time_deciding, check_time_undecided, check_time_waiting, check_time_fault;

/* Looks, in check_look.c. */
check_handler check_camera_flag, check_camera_open, check_camera_claimed, check_camera_looking,
	check_camera_fault;
check_handler check_claim_planned, check_claim_open, check_claim_again, check_claim_taken,
	check_claim_undecided, check_claim_waiting, check_claim_fault, check_claim_patrol;
check_handler check_release_claimed, check_release_looking, check_release_deciding;
check_handler check_look_claimed;
check_handler check_shown_looking, check_shown_late, check_shown_over;
check_handler check_view_over_looking, check_view_over_late, check_view_over_record;
check_handler check_fault_open, check_fault_claimed, check_fault_looking, check_fault_again;

/* Answers, in check_answer.c. */
check_handler check_answer_open, check_answer_patrol, check_answer_closed;
check_handler check_undo_closed, check_undo_open, check_undo_patrol;

/* The patrol, rights, pauses and excuses, in check_patrol.c. */
check_handler check_page_planned, check_page_open, check_page_patrol;
check_handler check_seen_planned, check_seen_patrol, check_trouble_patrol;
check_handler check_right_planned, check_right_open, check_right_deciding, check_right_patrol,
	check_right_closed;
check_handler check_pause_planned, check_pause_open, check_pause_looking, check_pause_waiting,
	check_pause_looked, check_resume_closed;
check_handler check_excuse_planned, check_excuse_open;
check_handler check_restart_claimed, check_restart_looking, check_restart_deciding;

#endif
