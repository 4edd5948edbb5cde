/*
 * Answers that come late, twice, or are regretted: each belongs to its look, and none takes care
 * away.
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

/* Late and repeated answers. */

static void an_answer_is_right_for_its_look_from_any_session(void **state)
{
	struct life life = life_deciding();
	struct check_event well = life_event(&life, EVENT_ANSWER);

	(void)state;
	well.session = 99;
	well.operator_id = "per";
	assert_int_equal(life_step(&life, well), REFUSE_NO);
	assert_state(&life, CHECK_CLOSED);
	assert_string_equal(life.check.operator_id, "per");
}

static void well_after_the_page_is_recorded_and_closes_nothing(void **state)
{
	struct life life = life_deciding();

	(void)state;
	life.now = HARD_END;
	life_try(&life, EVENT_TICK);
	answer(&life, S(20), ANSWER_WELL);
	assert_state(&life, CHECK_PATROL);
	assert_int_equal(life.check.answer, ANSWER_WELL);
	assert_int_equal(life.check.cause, CAUSE_NO_ANSWER);
	assert_int_equal(life.effects.n, 0);
	answer(&life, S(1), ANSWER_WELL);
	life_do(&life, M(10), EVENT_RESIDENT_SEEN);
	assert_int_equal(life.check.outcome, OUTCOME_VISITED);
}

static void well_from_a_journal_closes_while_the_page_is_held(void **state)
{
	struct life life = life_deciding();
	struct life judged = life_deciding();
	struct check_event well;

	(void)state;
	life.now = HARD_END;
	life_try(&life, EVENT_TICK);
	well = life_event(&life, EVENT_ANSWER);
	well.page_unsent = true;
	assert_int_equal(life_step(&life, well), REFUSE_NO);
	assert_int_equal(life.check.outcome, OUTCOME_SEEN_WELL);
	assert_true(life_has(&life, EFFECT_PAGE_CLOSE));

	/* What a person decided is not called off by it. */
	life_do(&judged, S(1), EVENT_PAGE);
	well.look = judged.check.look;
	assert_int_equal(life_step(&judged, well), REFUSE_NO);
	assert_state(&judged, CHECK_PATROL);
}

static void needs_help_after_the_page_makes_it_urgent_once(void **state)
{
	struct life life = life_deciding();

	(void)state;
	life.now = HARD_END;
	life_try(&life, EVENT_TICK);
	answer(&life, S(20), ANSWER_NEEDS_HELP);
	assert_true(life_has(&life, EFFECT_URGENT));
	assert_int_equal(life.check.cause, CAUSE_NEEDS_HELP);
	answer(&life, S(1), ANSWER_NEEDS_HELP);
	assert_int_equal(life.effects.n, 0);
}

static void an_earlier_look_can_only_ask_for_care(void **state)
{
	struct life life = life_recheck_shown();
	struct check_event help = life_event(&life, EVENT_ANSWER);

	(void)state;
	help.look = 101;
	help.answer = ANSWER_NEEDS_HELP;
	assert_int_equal(life_step(&life, help), REFUSE_LOOK);
	help.earlier_look = true;
	help.answer = ANSWER_WELL;
	assert_int_equal(life_step(&life, help), REFUSE_LOOK);
	help.answer = ANSWER_NEEDS_HELP;
	assert_int_equal(life_step(&life, help), REFUSE_NO);
	assert_paged(&life, CAUSE_NEEDS_HELP);
}

static void a_picture_that_never_stood_says_nothing(void **state)
{
	struct life looking = life_looking(), fault = life_fault();

	(void)state;
	assert_int_equal(life_answer(&looking, ANSWER_WELL), REFUSE_STATE);
	assert_int_equal(life_answer(&looking, ANSWER_NOT_SEEN), REFUSE_STATE);
	assert_state(&looking, CHECK_LOOKING);
	assert_int_equal(life_answer(&fault, ANSWER_WELL), REFUSE_STATE);
	assert_state(&fault, CHECK_FAULT);
}

static void what_the_patrol_closed_takes_no_answer_of_another_look(void **state)
{
	struct life life = life_patrol();
	struct check_event help;

	(void)state;
	life_do(&life, M(20), EVENT_RESIDENT_SEEN);
	help = life_event(&life, EVENT_ANSWER);
	help.answer = ANSWER_NEEDS_HELP;
	help.look = 999;
	assert_int_equal(life_step(&life, help), REFUSE_LOOK);
	assert_int_equal(life.check.answer, ANSWER_NOT_SEEN);
}

/* Two operators with a look each, and the first to answer says patrol: the other's word is recorded too. */
static void the_patrol_of_a_second_operator_is_recorded(void **state)
{
	struct life life = life_recheck_shown();
	struct check_event earlier = life_event(&life, EVENT_ANSWER), own = earlier;
	int64_t answered;

	(void)state;
	earlier.look = 101;
	earlier.earlier_look = true;
	earlier.answer = own.answer = ANSWER_PATROL;
	earlier.reason = own.reason = "looks wrong";
	earlier.operator_id = "anna";
	own.operator_id = "bo";
	assert_int_equal(life_step(&life, earlier), REFUSE_NO);
	answered = life.check.answered_ms;
	life.now += S(3);
	assert_int_equal(life_step(&life, own), REFUSE_NO);
	assert_string_equal(life.check.operator_id, "bo");
	assert_int_equal(life.check.answered_ms, answered + S(3));
	assert_int_equal(life.effects.n, 0);
	/* Delivered twice it is nothing new. */
	life.now += S(3);
	assert_int_equal(life_step(&life, own), REFUSE_NO);
	assert_int_equal(life.check.answered_ms, answered + S(3));
}

/* Second thoughts. */

static void undo_moves_towards_more_care_within_two_minutes(void **state)
{
	struct life life = life_shown();
	struct check_event undo;
	int64_t answered;

	(void)state;
	answer(&life, S(5), ANSWER_WELL);
	answered = life.now;
	undo = life_event(&life, EVENT_UNDO);
	undo.answer = ANSWER_WELL;
	assert_int_equal(life_step(&life, undo), REFUSE_LESS_CARE);
	undo.answer = ANSWER_NOT_SEEN;
	life.now = answered + M(2) + 1;
	assert_int_equal(life_step(&life, undo), REFUSE_TOO_LATE);
	life.now = answered + M(2);
	assert_int_equal(life_step(&life, undo), REFUSE_NO);
	assert_state(&life, CHECK_WAITING);
	assert_int_equal(life.check.outcome, OUTCOME_NONE);
	assert_int_equal(life.check.closed_ms, 0);
	/* The recheck is not delayed by the mistake. */
	assert_int_equal(life.check.next_at, answered + M(8));
	undo.answer = ANSWER_WELL;
	assert_int_equal(life_step(&life, undo), REFUSE_LESS_CARE);
	undo.answer = ANSWER_PATROL;
	undo.reason = NULL;
	assert_int_equal(life_step(&life, undo), REFUSE_REASON);
	undo.answer = ANSWER_NEEDS_HELP;
	assert_int_equal(life_step(&life, undo), REFUSE_NO);
	assert_paged(&life, CAUSE_NEEDS_HELP);
	undo.answer = ANSWER_NOT_SEEN;
	assert_int_equal(life_step(&life, undo), REFUSE_LESS_CARE);
}

static void undo_of_the_second_look_goes_to_the_patrol(void **state)
{
	struct life life = life_recheck_shown();
	struct check_event undo;

	(void)state;
	answer(&life, S(5), ANSWER_WELL);
	undo = life_event(&life, EVENT_UNDO);
	undo.answer = ANSWER_NOT_SEEN;
	assert_int_equal(life_step(&life, undo), REFUSE_NO);
	assert_paged(&life, CAUSE_NOT_SEEN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_answer_is_right_for_its_look_from_any_session),
		cmocka_unit_test(well_after_the_page_is_recorded_and_closes_nothing),
		cmocka_unit_test(well_from_a_journal_closes_while_the_page_is_held),
		cmocka_unit_test(needs_help_after_the_page_makes_it_urgent_once),
		cmocka_unit_test(an_earlier_look_can_only_ask_for_care),
		cmocka_unit_test(a_picture_that_never_stood_says_nothing),
		cmocka_unit_test(what_the_patrol_closed_takes_no_answer_of_another_look),
		cmocka_unit_test(the_patrol_of_a_second_operator_is_recorded),
		cmocka_unit_test(undo_moves_towards_more_care_within_two_minutes),
		cmocka_unit_test(undo_of_the_second_look_goes_to_the_patrol),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
