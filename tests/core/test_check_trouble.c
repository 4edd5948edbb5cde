/*
 * Checks in trouble: cameras that fail, rights that are lost, pauses, restarts. Each must still end
 * in one of the three ways, by way of the patrol where nobody saw the resident.
 */
#include "core/life.h"

#define HARD_END (START + M(25))

static void answer(struct life *life, int64_t after_ms, enum answer given)
{
	life->now += after_ms;
	assert_int_equal(life_answer(life, given), REFUSE_NO);
}

static void assert_paged(const struct life *life, enum cause cause)
{
	assert_state(life, CHECK_PATROL);
	assert_int_equal(life->check.cause, cause);
	assert_true(life_has(life, EFFECT_PAGE));
}

/* Faults. */

static void a_fault_is_retried_and_then_pages_three_minutes_after_the_start(void **state)
{
	struct life life = life_fault();

	(void)state;
	assert_int_equal(life.check.cause, CAUSE_CAMERA_FAULT);
	assert_int_equal(life.check.look_number, 0);
	assert_int_equal(life.check.next_at, START + M(3));
	assert_int_equal(check_alarm(&life.check, life.now, &life.policy), ALARM_MEDIUM);
	life_do(&life, S(5), EVENT_CLAIM);
	life_do(&life, S(1), EVENT_LOOK);
	assert_int_equal(life.check.look_number, 1);
	assert_true(life.check.replacement_used);
	life_do(&life, S(4), EVENT_FAULT);
	assert_int_equal(life.check.next_at, START + M(3));
	life_wake(&life);
	assert_paged(&life, CAUSE_CAMERA_FAULT);
}

static void a_fault_late_in_the_slot_gets_its_minute_but_never_past_the_hard_end(void **state)
{
	struct life life = life_open();
	struct life late = life_open();

	(void)state;
	life.now = START + M(10);
	life_do(&life, S(0), EVENT_FAULT);
	assert_int_equal(life.check.next_at, life.now + S(60));
	late.now = HARD_END - S(20);
	life_do(&late, S(0), EVENT_FAULT);
	assert_int_equal(late.check.next_at, HARD_END);
	life_wake(&late);
	assert_paged(&late, CAUSE_CAMERA_FAULT);
}

static void a_claim_does_not_hold_back_the_page_of_a_fault(void **state)
{
	struct life life = life_fault();

	(void)state;
	life.now = START + M(3) - S(10);
	life_do(&life, S(0), EVENT_CLAIM);
	assert_int_equal(life.check.next_at, START + M(3));
	life_wake(&life);
	assert_paged(&life, CAUSE_CAMERA_FAULT);
}

static void a_picture_ends_the_fault(void **state)
{
	struct life life = life_fault();

	(void)state;
	life_do(&life, S(5), EVENT_CLAIM);
	life_do(&life, S(1), EVENT_LOOK);
	life_do(&life, S(4), EVENT_SHOWN);
	assert_int_equal(life.check.fault_ms, 0);
	assert_int_equal(life.check.cause, CAUSE_NONE);
	answer(&life, S(5), ANSWER_WELL);
	assert_state(&life, CHECK_CLOSED);
}

static void a_permit_that_brings_no_picture_is_a_fault_by_itself(void **state)
{
	struct life life = life_looking();
	struct life gone = life_looking();
	struct check_event over = life_event(&gone, EVENT_VIEW_OVER);

	(void)state;
	life_wake(&life);
	assert_state(&life, CHECK_FAULT);
	assert_int_equal(life.check.cause, CAUSE_STALE);
	assert_true(life_has(&life, EFFECT_PERMIT_VOID));
	over.view_ms = -1;
	assert_int_equal(life_step(&gone, over), REFUSE_NO);
	assert_state(&gone, CHECK_FAULT);
}

static void a_fault_of_the_look_that_a_claim_prepares_counts(void **state)
{
	struct life life = life_recheck();
	struct check_event fault;

	(void)state;
	life_do(&life, S(1), EVENT_CLAIM);
	fault = life_event(&life, EVENT_FAULT);
	assert_int_equal(life_step(&life, fault), REFUSE_NO);
	assert_state(&life, CHECK_CLAIMED);
	fault.look += 101;
	assert_int_equal(life_step(&life, fault), REFUSE_NO);
	assert_state(&life, CHECK_FAULT);
}

static void the_replacement_is_asked_for_where_the_lens_was_open(void **state)
{
	static const struct {
		enum cause cause;
		bool first, second;
	} causes[] = {
		{CAUSE_CAMERA_FAULT, true, true}, {CAUSE_STALE, true, true}, {CAUSE_UNUSABLE, true, true},
		{CAUSE_CLOCK, false, false}, {CAUSE_SIGNER, false, false}, {CAUSE_REFUSED, true, false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof causes / sizeof causes[0]; i++) {
		struct life life = life_looking();

		for (int turn = 0; turn < 2; turn++) {
			struct check_event fault = life_event(&life, EVENT_FAULT);

			fault.cause = causes[i].cause;
			assert_int_equal(life_step(&life, fault), REFUSE_NO);
			if (turn == 1 && causes[i].cause == CAUSE_UNUSABLE) {
				assert_int_equal(life_try(&life, EVENT_CLAIM), REFUSE_NO_RECHECK);
				break;
			}
			life_do(&life, S(1), EVENT_CLAIM);
			life_do(&life, S(1), EVENT_LOOK);
			assert_int_equal(life.check.replacement_used,
			                 turn == 0 ? causes[i].first : causes[i].second);
			assert_int_equal(life.check.look_number, 1);
		}
	}
}

static void a_word_from_a_camera_that_is_no_fault_of_a_camera_is_one(void **state)
{
	struct life life = life_looking();
	struct check_event fault = life_event(&life, EVENT_FAULT);

	(void)state;
	fault.cause = CAUSE_DECEASED;
	assert_int_equal(life_step(&life, fault), REFUSE_NO);
	assert_int_equal(life.check.cause, CAUSE_CAMERA_FAULT);
}

static void a_camera_lost_at_its_time_is_a_fault_and_its_return_opens_the_check(void **state)
{
	struct life life = life_planned(SLOT_CAMERA);

	(void)state;
	life.now = START - M(46);
	life_camera(&life, false);
	assert_int_equal(check_alarm(&life.check, life.now, &life.policy), ALARM_NONE);
	assert_int_equal(check_alarm(&life.check, START - M(45), &life.policy), ALARM_TASK);
	life_wake(&life);
	assert_state(&life, CHECK_FAULT);
	assert_int_equal(life.check.cause, CAUSE_CAMERA_LOST);
	assert_int_equal(life.check.next_at, START + M(3));
	life.now += M(1);
	life_camera(&life, true);
	assert_state(&life, CHECK_OPEN);
	assert_int_equal(life.check.next_at, HARD_END);
	life_camera(&life, false);
	life_wake(&life);
	assert_paged(&life, CAUSE_CAMERA_LOST);
	life_camera(&life, true);
	assert_state(&life, CHECK_PATROL);
}

static void a_camera_lost_before_the_recheck_is_a_fault_at_its_time(void **state)
{
	struct life life = life_waiting();

	(void)state;
	life_camera(&life, false);
	assert_state(&life, CHECK_WAITING);
	life_wake(&life);
	assert_state(&life, CHECK_FAULT);
	life_wake(&life);
	assert_paged(&life, CAUSE_CAMERA_LOST);
}

/* Rights and pauses. */

static void a_right_lost_beforehand_becomes_a_visit_that_pages_at_its_time(void **state)
{
	struct life life = life_planned(SLOT_CAMERA);

	(void)state;
	life_do(&life, S(0), EVENT_RIGHT_LOST);
	assert_state(&life, CHECK_PLANNED);
	assert_int_equal(life.check.kind, SLOT_VISIT);
	assert_int_equal(life.effects.n, 0);
	assert_int_equal(life_try(&life, EVENT_CLAIM), REFUSE_VISIT);
	life_wake(&life);
	assert_int_equal(life.now, START);
	assert_paged(&life, CAUSE_WITHDRAWN);
}

static void a_right_lost_between_the_looks_sends_the_patrol_at_once(void **state)
{
	struct life life = life_waiting();

	(void)state;
	life_do(&life, M(1), EVENT_RIGHT_LOST);
	assert_paged(&life, CAUSE_WITHDRAWN);
	assert_int_equal(life.check.kind, SLOT_VISIT);
	assert_int_equal(life_try(&life, EVENT_CLAIM), REFUSE_VISIT);
}

static void a_right_lost_in_flight_ends_view_and_permit(void **state)
{
	struct life life = life_looking();
	struct life shown = life_shown();

	(void)state;
	life_do(&life, S(1), EVENT_RIGHT_LOST);
	assert_true(life_has(&life, EFFECT_PERMIT_VOID));
	assert_true(life_has(&life, EFFECT_VIEW_END));
	/* The operator is told why. */
	for (int i = 0; i < life.effects.n; i++)
		assert_int_equal(life.effects.effect[i].cause, CAUSE_WITHDRAWN);
	assert_paged(&life, CAUSE_WITHDRAWN);
	life_do(&life, S(1), EVENT_SHOWN);
	assert_true(life_has(&life, EFFECT_VIEW_END));
	life_do(&shown, S(1), EVENT_RIGHT_LOST);
	assert_true(life_has(&shown, EFFECT_VIEW_END));
	assert_paged(&shown, CAUSE_WITHDRAWN);
}

static void a_right_lost_after_the_view_lets_the_answer_count_but_no_look_follow(void **state)
{
	struct life well = life_deciding();
	struct life not_seen = life_deciding();
	struct life unusable = life_deciding();

	(void)state;
	life_do(&well, S(1), EVENT_RIGHT_LOST);
	answer(&well, S(1), ANSWER_WELL);
	assert_state(&well, CHECK_CLOSED);
	life_do(&not_seen, S(1), EVENT_RIGHT_LOST);
	answer(&not_seen, S(1), ANSWER_NOT_SEEN);
	assert_paged(&not_seen, CAUSE_NOT_SEEN);
	life_do(&unusable, S(1), EVENT_RIGHT_LOST);
	answer(&unusable, S(1), ANSWER_UNUSABLE);
	assert_paged(&unusable, CAUSE_UNUSABLE);
}

static void an_undo_does_not_bring_back_a_right(void **state)
{
	struct life life = life_shown();
	struct check_event undo;

	(void)state;
	answer(&life, S(5), ANSWER_WELL);
	life_do(&life, S(5), EVENT_RIGHT_LOST);
	undo = life_event(&life, EVENT_UNDO);
	undo.answer = ANSWER_NOT_SEEN;
	assert_int_equal(life_step(&life, undo), REFUSE_NO);
	assert_paged(&life, CAUSE_NOT_SEEN);
}

static void a_pause_excuses_and_its_end_plans_again(void **state)
{
	struct life life = life_planned(SLOT_CAMERA);
	struct life visit = life_planned(SLOT_VISIT);
	struct life lost = life_planned(SLOT_CAMERA);

	(void)state;
	life_do(&life, S(0), EVENT_PAUSE);
	assert_state(&life, CHECK_CLOSED);
	assert_int_equal(life.check.outcome, OUTCOME_EXCUSED);
	assert_int_equal(life.check.cause, CAUSE_PAUSED);
	life_do(&life, S(9), EVENT_RESUME);
	assert_state(&life, CHECK_PLANNED);
	assert_int_equal(life.check.outcome, OUTCOME_NONE);
	assert_int_equal(life.check.next_at, START);

	/* The patrol has crossed it out, so it pages. */
	life_do(&visit, S(0), EVENT_PAUSE);
	life_do(&visit, S(9), EVENT_RESUME);
	life_wake(&visit);
	assert_paged(&visit, CAUSE_PAUSED);

	life_do(&lost, S(0), EVENT_PAUSE);
	life_do(&lost, S(1), EVENT_RIGHT_LOST);
	life_do(&lost, S(1), EVENT_RESUME);
	assert_int_equal(life_try(&lost, EVENT_CLAIM), REFUSE_VISIT);
}

static void a_pause_that_ends_too_late_stays_an_excuse(void **state)
{
	struct life life = life_open();

	(void)state;
	life_do(&life, S(1), EVENT_PAUSE);
	life.now = HARD_END;
	life_do(&life, S(0), EVENT_RESUME);
	assert_state(&life, CHECK_CLOSED);
}

static void a_pause_keeps_the_lens_shut_but_does_not_excuse_somebody_not_seen(void **state)
{
	struct life waiting = life_waiting();
	struct life shown = life_shown();

	(void)state;
	life_do(&waiting, S(1), EVENT_PAUSE);
	assert_paged(&waiting, CAUSE_NOT_SEEN);
	life_do(&shown, S(1), EVENT_PAUSE);
	assert_state(&shown, CHECK_LOOKING);
	answer(&shown, S(1), ANSWER_NOT_SEEN);
	assert_paged(&shown, CAUSE_NOT_SEEN);
}

static void excuses_are_three_and_none_is_given_ahead_of_its_time(void **state)
{
	struct life life = life_planned(SLOT_CAMERA);
	struct check_event excuse = life_event(&life, EVENT_EXCUSE);

	(void)state;
	assert_int_equal(life_step(&life, excuse), REFUSE_NOT_YET);
	excuse.cause = CAUSE_NOT_SEEN;
	assert_int_equal(life_step(&life, excuse), REFUSE_UNKNOWN);
	excuse.cause = CAUSE_DECEASED;
	assert_int_equal(life_step(&life, excuse), REFUSE_NO);
	assert_int_equal(life.check.outcome, OUTCOME_EXCUSED);
	assert_int_equal(life.check.cause, CAUSE_DECEASED);
	assert_string_equal(life.check.operator_id, "anna");
}

/* Restarts. */

static void a_restart_lets_claims_and_unseen_looks_lapse(void **state)
{
	struct life claimed = life_claimed();
	struct life looking = life_recheck();
	int64_t look;

	(void)state;
	life_do(&claimed, S(1), EVENT_RESTART);
	assert_state(&claimed, CHECK_OPEN);
	life_do(&looking, S(1), EVENT_CLAIM);
	life_do(&looking, S(1), EVENT_LOOK);
	look = looking.check.look;
	life_do(&looking, S(1), EVENT_RESTART);
	assert_state(&looking, CHECK_OPEN);
	assert_true(life_has(&looking, EFFECT_PERMIT_VOID));
	assert_int_equal(looking.effects.effect[0].look, look);
	assert_int_equal(looking.check.look_number, 1);
	assert_int_equal(looking.check.rechecks_left, 1);
	assert_true(looking.check.first_answer_ms != 0);
}

static void a_restart_makes_what_is_overdue_due_at_once(void **state)
{
	struct life life = life_open();

	(void)state;
	life.now = HARD_END + M(3);
	life_do(&life, S(0), EVENT_RESTART);
	assert_state(&life, CHECK_OPEN);
	assert_int_equal(life.check.next_at, life.now);
	assert_int_equal(check_alarm(&life.check, life.now, &life.policy), ALARM_HIGH);
	life_wake(&life);
	assert_paged(&life, CAUSE_NO_ANSWER);
	life_do(&life, S(1), EVENT_RESTART);
	assert_state(&life, CHECK_PATROL);
	assert_int_equal(life.effects.n, 0);
}

static void a_picture_seen_before_a_restart_was_a_look(void **state)
{
	struct life shown = life_shown();
	struct life deciding = life_deciding();

	(void)state;
	life_do(&shown, S(1), EVENT_RESTART);
	assert_state(&shown, CHECK_UNDECIDED);
	assert_int_equal(shown.check.look_number, 1);
	answer(&shown, S(1), ANSWER_WELL);
	assert_state(&shown, CHECK_CLOSED);
	life_do(&deciding, S(1), EVENT_RESTART);
	assert_state(&deciding, CHECK_UNDECIDED);
}

static void a_picture_that_the_hub_hears_of_after_its_restart_was_a_look(void **state)
{
	struct life life = life_looking();
	struct life over = life_looking();

	(void)state;
	life_do(&life, S(1), EVENT_RESTART);
	assert_int_equal(life_answer(&life, ANSWER_WELL), REFUSE_STATE);
	life_do(&life, S(1), EVENT_SHOWN);
	assert_state(&life, CHECK_LOOKING);
	assert_int_equal(life.check.look_number, 1);
	assert_int_equal(life.check.session, 7);
	answer(&life, S(1), ANSWER_NOT_SEEN);
	assert_state(&life, CHECK_WAITING);

	life_do(&over, S(1), EVENT_RESTART);
	life_do(&over, S(20), EVENT_VIEW_OVER);
	assert_state(&over, CHECK_DECIDING);
	answer(&over, S(1), ANSWER_WELL);
	assert_state(&over, CHECK_CLOSED);
}

/* What the screen says. */

static void alarms_follow_the_clock(void **state)
{
	struct life life = life_open();
	struct life recheck = life_waiting();
	int64_t first = recheck.check.first_answer_ms;
	const struct policy *policy = &life.policy;

	(void)state;
	assert_int_equal(check_alarm(&life.check, START, policy), ALARM_TASK);
	assert_int_equal(check_alarm(&life.check, START + M(15), policy), ALARM_TASK);
	assert_int_equal(check_alarm(&life.check, START + M(15) + 1, policy), ALARM_HIGH);
	assert_int_equal(check_alarm(&recheck.check, first, policy), ALARM_NONE);
	life_wake(&recheck);
	assert_int_equal(check_alarm(&recheck.check, first + M(8), policy), ALARM_TASK);
	assert_int_equal(check_alarm(&recheck.check, first + M(9), policy), ALARM_MEDIUM);
	assert_int_equal(check_alarm(&recheck.check, first + M(10), policy), ALARM_HIGH);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_fault_is_retried_and_then_pages_three_minutes_after_the_start),
		cmocka_unit_test(a_fault_late_in_the_slot_gets_its_minute_but_never_past_the_hard_end),
		cmocka_unit_test(a_claim_does_not_hold_back_the_page_of_a_fault),
		cmocka_unit_test(a_picture_ends_the_fault),
		cmocka_unit_test(a_permit_that_brings_no_picture_is_a_fault_by_itself),
		cmocka_unit_test(a_fault_of_the_look_that_a_claim_prepares_counts),
		cmocka_unit_test(the_replacement_is_asked_for_where_the_lens_was_open),
		cmocka_unit_test(a_word_from_a_camera_that_is_no_fault_of_a_camera_is_one),
		cmocka_unit_test(a_camera_lost_at_its_time_is_a_fault_and_its_return_opens_the_check),
		cmocka_unit_test(a_camera_lost_before_the_recheck_is_a_fault_at_its_time),
		cmocka_unit_test(a_right_lost_beforehand_becomes_a_visit_that_pages_at_its_time),
		cmocka_unit_test(a_right_lost_between_the_looks_sends_the_patrol_at_once),
		cmocka_unit_test(a_right_lost_in_flight_ends_view_and_permit),
		cmocka_unit_test(a_right_lost_after_the_view_lets_the_answer_count_but_no_look_follow),
		cmocka_unit_test(an_undo_does_not_bring_back_a_right),
		cmocka_unit_test(a_pause_excuses_and_its_end_plans_again),
		cmocka_unit_test(a_pause_that_ends_too_late_stays_an_excuse),
		cmocka_unit_test(a_pause_keeps_the_lens_shut_but_does_not_excuse_somebody_not_seen),
		cmocka_unit_test(excuses_are_three_and_none_is_given_ahead_of_its_time),
		cmocka_unit_test(a_restart_lets_claims_and_unseen_looks_lapse),
		cmocka_unit_test(a_restart_makes_what_is_overdue_due_at_once),
		cmocka_unit_test(a_picture_seen_before_a_restart_was_a_look),
		cmocka_unit_test(a_picture_that_the_hub_hears_of_after_its_restart_was_a_look),
		cmocka_unit_test(alarms_follow_the_clock),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
