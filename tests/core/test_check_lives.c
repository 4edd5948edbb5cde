/*
 * Lives of checks: nights as the service describes them, told from the first instant to the end.
 * Where test_check.c holds the table, these hold the limits, the instants and the reasons.
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
	assert_int_equal(life->effects.effect[life->effects.n - 1].cause, cause);
}

/* Whole nights. */

static void a_look_that_shows_her_well_closes_the_check(void **state)
{
	struct life life = life_planned(SLOT_CAMERA);

	(void)state;
	assert_int_equal(life.check.next_at, START);
	life_wake(&life);
	assert_state(&life, CHECK_OPEN);
	assert_int_equal(life.check.next_at, HARD_END);
	life_do(&life, S(10), EVENT_CLAIM);
	life_do(&life, S(2), EVENT_LOOK);
	assert_true(life_has(&life, EFFECT_PERMIT));
	assert_int_equal(life.effects.effect[0].look, life.check.look);
	assert_int_equal(life.check.look_number, 1);
	life_do(&life, S(3), EVENT_SHOWN);
	life_do(&life, S(11), EVENT_ANSWER);
	assert_state(&life, CHECK_CLOSED);
	assert_int_equal(life.check.outcome, OUTCOME_SEEN_WELL);
	assert_string_equal(life.check.operator_id, "anna");
	assert_int_equal(life.check.next_at, 0);
	life_do(&life, S(0), EVENT_VIEW_OVER);
	assert_int_equal(life.check.view_ms, S(11));
}

static void not_seen_twice_goes_to_the_patrol_and_ends_with_the_resident_seen(void **state)
{
	struct life life = life_waiting();
	int64_t answered = life.now;

	(void)state;
	assert_int_equal(life.check.first_answer_ms, answered);
	assert_int_equal(life.check.next_at, answered + M(8));
	life_wake(&life);
	assert_state(&life, CHECK_OPEN);
	assert_int_equal(life.check.look_number, 1);
	assert_int_equal(life.check.next_at, answered + M(15));
	life_do(&life, M(1), EVENT_CLAIM);
	life_do(&life, S(1), EVENT_LOOK);
	assert_int_equal(life.check.look_number, 2);
	assert_int_equal(life.check.rechecks_left, 0);
	life_do(&life, S(3), EVENT_SHOWN);
	answer(&life, S(5), ANSWER_NOT_SEEN);
	assert_paged(&life, CAUSE_NOT_SEEN);
	life_do(&life, M(20), EVENT_RESIDENT_SEEN);
	assert_state(&life, CHECK_CLOSED);
	assert_int_equal(life.check.outcome, OUTCOME_VISITED);
	assert_int_equal(life.check.cause, CAUSE_NOT_SEEN);
	assert_true(life_has(&life, EFFECT_PAGE_CLOSE));
}

static void well_on_the_second_look_closes(void **state)
{
	struct life life = life_recheck_shown();

	(void)state;
	answer(&life, S(5), ANSWER_WELL);
	assert_int_equal(life.check.outcome, OUTCOME_SEEN_WELL);
}

static void without_rechecks_not_seen_is_the_patrol_at_once(void **state)
{
	struct life life = life_shown();

	(void)state;
	life.check.rechecks_left = 0;
	answer(&life, S(5), ANSWER_NOT_SEEN);
	assert_paged(&life, CAUSE_NOT_SEEN);
}

static void help_pages_urgently_and_judgement_needs_a_reason(void **state)
{
	struct life life = life_shown();
	struct life other = life_shown();
	struct check_event patrol = life_event(&other, EVENT_ANSWER);

	(void)state;
	answer(&life, S(5), ANSWER_NEEDS_HELP);
	assert_paged(&life, CAUSE_NEEDS_HELP);
	assert_true(life.effects.effect[life.effects.n - 1].urgent);
	patrol.answer = ANSWER_PATROL;
	assert_int_equal(life_step(&other, patrol), REFUSE_REASON);
	patrol.reason = "";
	assert_int_equal(life_step(&other, patrol), REFUSE_REASON);
	answer(&other, S(5), ANSWER_PATROL);
	assert_paged(&other, CAUSE_JUDGEMENT);
	assert_string_equal(other.check.reason, "cannot tell");
}

/* A visit slot. */

static void an_agreed_visit_is_with_the_patrol_without_a_page(void **state)
{
	struct life life = life_planned(SLOT_VISIT);

	(void)state;
	life_wake(&life);
	assert_int_equal(life.now, START);
	assert_state(&life, CHECK_PATROL);
	assert_int_equal(life.effects.n, 1);
	assert_int_equal(life.effects.effect[0].kind, EFFECT_VISIT);
	assert_int_equal(life.check.next_at, START + M(15) + M(30));
	assert_int_equal(check_alarm(&life.check, life.now, &life.policy), ALARM_NONE);
	life_wake(&life);
	assert_int_equal(check_alarm(&life.check, life.now, &life.policy), ALARM_HIGH);
	assert_int_equal(life.check.next_at, 0);
	life_do(&life, M(1), EVENT_RESIDENT_SEEN);
	assert_int_equal(life.check.outcome, OUTCOME_VISITED);
	assert_false(life_has(&life, EFFECT_PAGE_CLOSE));
}

static void a_visit_that_nobody_reports_can_be_paged(void **state)
{
	struct life life = life_planned(SLOT_VISIT);

	(void)state;
	life_wake(&life);
	life_wake(&life);
	life_do(&life, M(1), EVENT_PAGE);
	assert_string_equal(life.check.operator_id, "anna");
	assert_paged(&life, CAUSE_JUDGEMENT);
	assert_int_equal(life_try(&life, EVENT_PAGE), REFUSE_STATE);
}

static void trouble_on_site_keeps_it_open_with_a_high_alarm(void **state)
{
	struct life life = life_patrol();

	(void)state;
	life_do(&life, M(20), EVENT_SITE_TROUBLE);
	assert_state(&life, CHECK_PATROL);
	assert_int_equal(check_alarm(&life.check, life.now, &life.policy), ALARM_HIGH);
	life_do(&life, M(30), EVENT_RESIDENT_SEEN);
	assert_state(&life, CHECK_CLOSED);
}

/* The hard end. */

static void the_hard_end_pages_from_every_state(void **state)
{
	(void)state;
	struct life lives[] = {life_open(), life_claimed(), life_looking(), life_shown(),
	                       life_deciding(), life_fault()};

	for (size_t i = 0; i < sizeof lives / sizeof lives[0]; i++) {
		struct life *life = &lives[i];
		bool fault = life->check.state == CHECK_FAULT;

		life->now = HARD_END;
		assert_int_equal(life_try(life, EVENT_TICK), REFUSE_NO);
		assert_state(life, CHECK_PATROL);
		assert_true(life_has(life, EFFECT_PAGE));
		/* A look whose picture never came had become a fault on the way. */
		assert_true(life->check.cause == CAUSE_NO_ANSWER || fault || i == 2);
	}
}

static void a_claim_and_a_picture_that_stand_at_the_hard_end_are_taken_away(void **state)
{
	struct life life = life_open();

	(void)state;
	life.now = HARD_END - S(12);
	life_do(&life, S(0), EVENT_CLAIM);
	life_do(&life, S(2), EVENT_LOOK);
	assert_int_equal(life.check.next_at, HARD_END);
	life_do(&life, S(5), EVENT_SHOWN);
	life_wake(&life);
	assert_int_equal(life.now, HARD_END);
	assert_paged(&life, CAUSE_NO_ANSWER);
	assert_true(life_has(&life, EFFECT_VIEW_END));
	assert_int_equal(life.check.session, 0);
}

static void the_hard_end_does_not_wait_for_a_tick(void **state)
{
	struct life life = life_deciding();
	struct life other = life_open();

	(void)state;
	life.now = HARD_END;
	assert_int_equal(life_answer(&life, ANSWER_WELL), REFUSE_NO);
	assert_paged(&life, CAUSE_NO_ANSWER);
	other.now = HARD_END;
	assert_int_equal(life_try(&other, EVENT_CLAIM), REFUSE_STATE);
	assert_state(&other, CHECK_OPEN);
}

static void a_recheck_that_nobody_makes_pages_15_minutes_after_the_answer(void **state)
{
	struct life life = life_waiting();
	int64_t answered = life.now;

	(void)state;
	life_wake(&life);
	life_wake(&life);
	assert_int_equal(life.now, answered + M(15));
	assert_paged(&life, CAUSE_NO_ANSWER);
}

static void a_recheck_agreed_for_later_is_not_paged_before_it_may_start(void **state)
{
	struct life life = life_shown();

	(void)state;
	life.check.recheck_earliest_ms = M(18);
	life.check.recheck_due_ms = M(20);
	life.check.recheck_late_ms = M(22);
	answer(&life, S(5), ANSWER_NOT_SEEN);
	life_wake(&life);
	assert_state(&life, CHECK_OPEN);
	assert_int_equal(life.now, life.check.first_answer_ms + M(18));
	life_wake(&life);
	assert_int_equal(life.now, life.check.first_answer_ms + M(27));
	assert_paged(&life, CAUSE_NO_ANSWER);
}

/* Claims, views, answers that do not come. */

static void a_claim_without_a_permit_lapses_after_its_lease(void **state)
{
	struct life life = life_claimed();
	int64_t version = life.check.decision_version;

	(void)state;
	assert_int_equal(life.check.next_at, life.now + S(60));
	life_wake(&life);
	assert_state(&life, CHECK_OPEN);
	assert_int_equal(life.check.session, 0);
	assert_true(life.check.decision_version > version);
}

static void a_look_is_refused_to_whoever_does_not_have_the_check(void **state)
{
	struct life life = life_claimed();
	struct check_event look = life_event(&life, EVENT_LOOK);
	struct check_event claim = life_event(&life, EVENT_CLAIM);

	(void)state;
	look.session = 8;
	assert_int_equal(life_step(&life, look), REFUSE_CLAIMED);
	claim.session = 8;
	assert_int_equal(life_step(&life, claim), REFUSE_CLAIMED);
}

static void a_stale_decision_is_refused(void **state)
{
	struct life life = life_open();
	struct check_event claim = life_event(&life, EVENT_CLAIM);
	struct check_event page = life_event(&life, EVENT_PAGE);

	(void)state;
	claim.decision_version--;
	page.decision_version--;
	assert_int_equal(life_step(&life, claim), REFUSE_STALE);
	assert_int_equal(life_step(&life, page), REFUSE_STALE);
}

static void a_view_whose_end_nobody_reports_ends_by_itself(void **state)
{
	struct life life = life_shown();
	int64_t shown = life.now;

	(void)state;
	life_wake(&life);
	assert_state(&life, CHECK_DECIDING);
	assert_int_equal(life.check.view_over_ms, shown + S(30));
	life_wake(&life);
	assert_int_equal(life.now, shown + S(90));
	assert_state(&life, CHECK_UNDECIDED);
	assert_int_equal(check_alarm(&life.check, life.now, &life.policy), ALARM_HIGH);
	life_wake(&life);
	assert_int_equal(life.now, HARD_END);
	assert_paged(&life, CAUSE_NO_ANSWER);
}

static void the_operator_who_froze_may_still_answer(void **state)
{
	struct life life = life_deciding();

	(void)state;
	life_wake(&life);
	assert_state(&life, CHECK_UNDECIDED);
	answer(&life, M(2), ANSWER_NOT_SEEN);
	assert_state(&life, CHECK_WAITING);
	assert_int_equal(life.check.next_at, life.now + M(8));
}

static void a_view_that_ended_leaves_its_claim_until_the_answer(void **state)
{
	struct life life = life_deciding();
	struct check_event claim = life_event(&life, EVENT_CLAIM);

	(void)state;
	claim.session = 8;
	life.now += S(59);
	assert_int_equal(life_step(&life, claim), REFUSE_CLAIMED);
	assert_int_equal(life.check.session, 7);
}

static void an_undecided_check_can_be_looked_at_again_where_a_look_remains(void **state)
{
	struct life life = life_deciding();
	int64_t shown = life.check.shown_ms;

	(void)state;
	life_wake(&life);
	assert_int_equal(life_try(&life, EVENT_CLAIM), REFUSE_NOT_YET);
	life.now = shown + M(8);
	life_do(&life, S(0), EVENT_CLAIM);
	life_do(&life, S(2), EVENT_LOOK);
	assert_int_equal(life.check.look_number, 2);
	life_do(&life, S(3), EVENT_SHOWN);
	answer(&life, S(5), ANSWER_NOT_SEEN);
	assert_paged(&life, CAUSE_NOT_SEEN);
}

static void without_a_look_left_an_undecided_check_can_only_be_answered(void **state)
{
	struct life life = life_recheck_shown();

	(void)state;
	life_do(&life, S(30), EVENT_VIEW_OVER);
	life_wake(&life);
	assert_state(&life, CHECK_UNDECIDED);
	assert_int_equal(life_try(&life, EVENT_CLAIM), REFUSE_NO_RECHECK);
	answer(&life, S(1), ANSWER_WELL);
	assert_state(&life, CHECK_CLOSED);
}

static void a_claim_of_an_undecided_check_that_lapses_is_undecided_again(void **state)
{
	struct life life = life_deciding();

	(void)state;
	life_wake(&life);
	life_do(&life, M(8), EVENT_CLAIM);
	life_wake(&life);
	assert_state(&life, CHECK_UNDECIDED);
}

/* Another person in the picture; a picture of no use. */

static void another_person_ends_the_view_and_the_question_stays(void **state)
{
	struct life life = life_shown();

	(void)state;
	answer(&life, S(2), ANSWER_OTHER_PERSON);
	assert_state(&life, CHECK_DECIDING);
	assert_true(life_has(&life, EFFECT_VIEW_END));
	assert_true(life.check.other_person);
	assert_int_equal(life.check.session, 7);
	assert_int_equal(life_answer(&life, ANSWER_UNUSABLE), REFUSE_STATE);
	answer(&life, S(5), ANSWER_WELL);
	assert_state(&life, CHECK_CLOSED);
	assert_true(life.check.other_person);
}

static void unusable_gives_one_replacement_and_then_a_fault(void **state)
{
	struct life life = life_shown();
	int64_t first = life.check.look;

	(void)state;
	answer(&life, S(5), ANSWER_UNUSABLE);
	assert_state(&life, CHECK_CLAIMED);
	assert_true(life.check.replacement_used);
	assert_int_equal(life.check.session, 7);
	life_do(&life, S(2), EVENT_LOOK);
	assert_true(life_has(&life, EFFECT_PERMIT));
	assert_true(life.check.look != first);
	assert_int_equal(life.check.look_number, 1);
	assert_int_equal(life.check.rechecks_left, 1);
	assert_true(life.check.replacement_used);
	life_do(&life, S(3), EVENT_SHOWN);
	answer(&life, S(5), ANSWER_UNUSABLE);
	assert_state(&life, CHECK_FAULT);
	assert_int_equal(life.check.cause, CAUSE_UNUSABLE);
	assert_int_equal(life_try(&life, EVENT_CLAIM), REFUSE_NO_RECHECK);
	life_wake(&life);
	assert_int_equal(life.now, START + M(3));
	assert_paged(&life, CAUSE_UNUSABLE);
}

static void a_recheck_has_its_own_replacement(void **state)
{
	struct life life = life_shown();

	(void)state;
	answer(&life, S(5), ANSWER_UNUSABLE);
	life_do(&life, S(2), EVENT_LOOK);
	life_do(&life, S(3), EVENT_SHOWN);
	answer(&life, S(5), ANSWER_NOT_SEEN);
	life_wake(&life);
	life_do(&life, S(2), EVENT_CLAIM);
	life_do(&life, S(2), EVENT_LOOK);
	assert_int_equal(life.check.look_number, 2);
	assert_false(life.check.replacement_used);
	life_do(&life, S(3), EVENT_SHOWN);
	answer(&life, S(5), ANSWER_UNUSABLE);
	assert_state(&life, CHECK_CLAIMED);
	life_do(&life, S(2), EVENT_LOOK);
	assert_int_equal(life.check.look_number, 2);
	assert_true(life.check.replacement_used);
}

static void a_replacement_that_nobody_makes_is_open_again(void **state)
{
	struct life life = life_shown();

	(void)state;
	answer(&life, S(5), ANSWER_UNUSABLE);
	life_wake(&life);
	assert_state(&life, CHECK_OPEN);
	life_do(&life, S(1), EVENT_CLAIM);
	life_do(&life, S(1), EVENT_LOOK);
	assert_true(life.check.replacement_used);
	assert_int_equal(life.check.look_number, 1);
}

/* A couple: the hub steps each person's check with the same look, and each lives on by itself. */

static void one_of_a_couple_seen_and_one_not(void **state)
{
	struct life one = life_shown();
	struct life two = life_shown();

	(void)state;
	answer(&one, S(5), ANSWER_WELL);
	answer(&two, S(5), ANSWER_NOT_SEEN);
	assert_state(&one, CHECK_CLOSED);
	assert_state(&two, CHECK_WAITING);
	life_wake(&two);
	assert_state(&two, CHECK_OPEN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_look_that_shows_her_well_closes_the_check),
		cmocka_unit_test(not_seen_twice_goes_to_the_patrol_and_ends_with_the_resident_seen),
		cmocka_unit_test(well_on_the_second_look_closes),
		cmocka_unit_test(without_rechecks_not_seen_is_the_patrol_at_once),
		cmocka_unit_test(help_pages_urgently_and_judgement_needs_a_reason),
		cmocka_unit_test(an_agreed_visit_is_with_the_patrol_without_a_page),
		cmocka_unit_test(a_visit_that_nobody_reports_can_be_paged),
		cmocka_unit_test(trouble_on_site_keeps_it_open_with_a_high_alarm),
		cmocka_unit_test(the_hard_end_pages_from_every_state),
		cmocka_unit_test(a_claim_and_a_picture_that_stand_at_the_hard_end_are_taken_away),
		cmocka_unit_test(the_hard_end_does_not_wait_for_a_tick),
		cmocka_unit_test(a_recheck_that_nobody_makes_pages_15_minutes_after_the_answer),
		cmocka_unit_test(a_recheck_agreed_for_later_is_not_paged_before_it_may_start),
		cmocka_unit_test(a_claim_without_a_permit_lapses_after_its_lease),
		cmocka_unit_test(a_look_is_refused_to_whoever_does_not_have_the_check),
		cmocka_unit_test(a_stale_decision_is_refused),
		cmocka_unit_test(a_view_whose_end_nobody_reports_ends_by_itself),
		cmocka_unit_test(the_operator_who_froze_may_still_answer),
		cmocka_unit_test(a_view_that_ended_leaves_its_claim_until_the_answer),
		cmocka_unit_test(an_undecided_check_can_be_looked_at_again_where_a_look_remains),
		cmocka_unit_test(without_a_look_left_an_undecided_check_can_only_be_answered),
		cmocka_unit_test(a_claim_of_an_undecided_check_that_lapses_is_undecided_again),
		cmocka_unit_test(another_person_ends_the_view_and_the_question_stays),
		cmocka_unit_test(unusable_gives_one_replacement_and_then_a_fault),
		cmocka_unit_test(a_recheck_has_its_own_replacement),
		cmocka_unit_test(a_replacement_that_nobody_makes_is_open_again),
		cmocka_unit_test(one_of_a_couple_seen_and_one_not),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
