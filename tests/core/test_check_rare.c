/*
 * What is rare in a check's life and must be right all the same: reports without a session or a name, a
 * look that is asked for twice, a second look that is stopped, and what the screen says in each state.
 */
#include "core/life.h"

static void assert_paged(const struct life *life, enum cause cause)
{
	assert_state(life, CHECK_PATROL);
	assert_int_equal(life->check.cause, cause);
	assert_true(life_has(life, EFFECT_PAGE));
}

static enum refusal as_nobody(struct life *life, enum check_event_kind kind)
{
	struct check_event event = life_event(life, kind);

	event.session = 0;
	return life_step(life, event);
}

/* Nobody answered the first look, and somebody takes the second. */
static struct life undecided_claimed(void)
{
	struct life life = life_deciding();

	life_wake(&life);
	assert_state(&life, CHECK_UNDECIDED);
	life_do(&life, M(8), EVENT_CLAIM);
	assert_state(&life, CHECK_CLAIMED);
	return life;
}

/* Claims and looks. */

static void nobody_gives_back_what_somebody_has(void **state)
{
	struct life life = life_claimed();
	struct life restarted = life_looking();

	(void)state;
	assert_int_equal(as_nobody(&life, EVENT_RELEASE), REFUSE_CLAIMED);
	assert_int_equal(as_nobody(&life, EVENT_LOOK), REFUSE_CLAIMED);
	assert_state(&life, CHECK_CLAIMED);
	/* Nor a picture of before the restart, whose session nobody knows any more. */
	life_do(&restarted, S(1), EVENT_RESTART);
	assert_int_equal(as_nobody(&restarted, EVENT_SHOWN), REFUSE_NO);
	assert_state(&restarted, CHECK_LOOKING);
	assert_int_equal(as_nobody(&restarted, EVENT_RELEASE), REFUSE_CLAIMED);
	assert_state(&restarted, CHECK_LOOKING);
}

static void a_look_has_a_number_of_its_own(void **state)
{
	struct life life = life_recheck();
	struct check_event look;

	(void)state;
	life_do(&life, S(1), EVENT_CLAIM);
	look = life_event(&life, EVENT_LOOK);
	look.look = life.check.look;
	assert_int_equal(life_step(&life, look), REFUSE_LOOK);
	look.look = 0;
	assert_int_equal(life_step(&life, look), REFUSE_LOOK);
	look.look = -1;
	assert_int_equal(life_step(&life, look), REFUSE_LOOK);
	assert_state(&life, CHECK_CLAIMED);
	assert_false(life_has(&life, EFFECT_PERMIT));
}

/* No claim gets there by itself; a row that an older hub or a hand has left may be so. */
static void a_row_without_a_look_left_opens_no_lens(void **state)
{
	struct life life = life_recheck();

	(void)state;
	life_do(&life, S(1), EVENT_CLAIM);
	life.check.rechecks_left = 0;
	assert_int_equal(life_try(&life, EVENT_LOOK), REFUSE_NO_RECHECK);
	assert_int_equal(life.effects.n, 0);
}

/* The operator saw nothing of use in it, so it is no look; how long it stood is kept. */
static void the_end_of_an_unusable_view_is_recorded_and_counts_no_look(void **state)
{
	struct life life = life_looking();
	struct check_event over;

	(void)state;
	assert_int_equal(life_answer(&life, ANSWER_UNUSABLE), REFUSE_NO);
	assert_state(&life, CHECK_CLAIMED);
	assert_int_equal(life.check.look_number, 0);
	over = life_event(&life, EVENT_VIEW_OVER);
	assert_int_equal(life_step(&life, over), REFUSE_NO);
	assert_state(&life, CHECK_CLAIMED);
	assert_int_equal(life.check.view_ms, S(11));
	assert_int_equal(life.check.look_number, 0);
}

/* Faults. */

static void a_camera_speaks_of_its_own_faults_alone(void **state)
{
	static const struct {
		enum cause said, kept;
	} rows[] = {
		{CAUSE_NO_ANSWER, CAUSE_CAMERA_FAULT}, {CAUSE_CAMERA_LOST, CAUSE_CAMERA_LOST},
		{CAUSE_SIGNER, CAUSE_SIGNER}, {CAUSE_LAPSED, CAUSE_CAMERA_FAULT},
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct life life = life_looking();
		struct check_event fault = life_event(&life, EVENT_FAULT);

		fault.cause = rows[i].said;
		assert_int_equal(life_step(&life, fault), REFUSE_NO);
		assert_state(&life, CHECK_FAULT);
		assert_int_equal(life.check.cause, rows[i].kept);
	}
}

static void a_fault_without_a_look_is_about_the_one_in_flight(void **state)
{
	struct life life = life_looking();
	struct check_event fault = life_event(&life, EVENT_FAULT);

	(void)state;
	fault.look = 999;
	assert_int_equal(life_step(&life, fault), REFUSE_NO);
	assert_state(&life, CHECK_LOOKING);
	fault.look = 0;
	assert_int_equal(life_step(&life, fault), REFUSE_NO);
	assert_state(&life, CHECK_FAULT);
	assert_true(life_has(&life, EFFECT_PERMIT_VOID));
}

/* Its picture has been seen and can be answered still: that is more than a fault. */
static void a_fault_before_the_second_look_leaves_the_first_to_be_answered(void **state)
{
	struct life life = undecided_claimed();
	struct check_event fault = life_event(&life, EVENT_FAULT);

	(void)state;
	fault.look = 0;
	assert_int_equal(life_step(&life, fault), REFUSE_NO);
	assert_state(&life, CHECK_UNDECIDED);
	assert_int_equal(life_answer(&life, ANSWER_WELL), REFUSE_NO);
	assert_int_equal(life.check.outcome, OUTCOME_SEEN_WELL);
}

/* Answers. */

static void help_that_two_ask_for_is_one_page(void **state)
{
	struct life life = life_shown();
	struct check_event second;

	(void)state;
	assert_int_equal(life_answer(&life, ANSWER_NEEDS_HELP), REFUSE_NO);
	assert_paged(&life, CAUSE_NEEDS_HELP);
	second = life_event(&life, EVENT_ANSWER);
	second.answer = ANSWER_NEEDS_HELP;
	second.operator_id = "per";
	assert_int_equal(life_step(&life, second), REFUSE_NO);
	assert_int_equal(life.effects.n, 0);
	assert_string_equal(life.check.operator_id, "per");
	assert_int_equal(life.check.cause, CAUSE_NEEDS_HELP);
}

/* Whoever had it stays in the row; and what nobody signs is no second opinion. */
static void an_answer_without_a_name_takes_no_name_away(void **state)
{
	struct life life = life_shown();
	struct check_event answer = life_event(&life, EVENT_ANSWER);
	int64_t answered_ms;

	(void)state;
	answer.operator_id = NULL;
	answer.answer = ANSWER_NEEDS_HELP;
	assert_int_equal(life_step(&life, answer), REFUSE_NO);
	assert_string_equal(life.check.operator_id, "anna");
	answered_ms = life.check.answered_ms;
	life.now += S(1);
	assert_int_equal(life_step(&life, answer), REFUSE_NO);
	assert_int_equal(life.check.answered_ms, answered_ms);
}

/* Without a look. */

static void a_page_needs_a_reason(void **state)
{
	struct life life = life_open();
	struct check_event page = life_event(&life, EVENT_PAGE);

	(void)state;
	page.reason = NULL;
	assert_int_equal(life_step(&life, page), REFUSE_REASON);
	page.reason = "";
	assert_int_equal(life_step(&life, page), REFUSE_REASON);
	assert_state(&life, CHECK_OPEN);
	page.reason = "alarm button";
	page.operator_id = NULL;
	assert_int_equal(life_step(&life, page), REFUSE_NO);
	assert_paged(&life, CAUSE_JUDGEMENT);
	assert_string_equal(life.check.reason, "alarm button");
}

static void each_excuse_stands_in_the_record(void **state)
{
	static const enum cause excuses[] = {CAUSE_STAFF_ON_SITE, CAUSE_VISITS_DECLINED, CAUSE_DECEASED};

	(void)state;
	for (size_t i = 0; i < sizeof excuses / sizeof excuses[0]; i++) {
		struct life life = life_claimed();
		struct check_event excuse = life_event(&life, EVENT_EXCUSE);

		excuse.cause = excuses[i];
		excuse.operator_id = NULL;
		assert_int_equal(life_step(&life, excuse), REFUSE_NO);
		assert_int_equal(life.check.outcome, OUTCOME_EXCUSED);
		assert_int_equal(life.check.cause, excuses[i]);
		assert_string_equal(life.check.operator_id, "anna");
	}
}

static void a_pause_shuts_the_lens_on_a_second_look(void **state)
{
	struct life claimed = undecided_claimed();
	struct life looking = undecided_claimed();

	(void)state;
	/* Taken, and not begun: the first look is still to be answered, and no other follows. */
	life_do(&claimed, S(1), EVENT_PAUSE);
	assert_state(&claimed, CHECK_UNDECIDED);
	assert_int_equal(claimed.check.session, 0);
	assert_int_equal(life_try(&claimed, EVENT_CLAIM), REFUSE_VISIT);
	assert_int_equal(life_answer(&claimed, ANSWER_WELL), REFUSE_NO);
	assert_int_equal(claimed.check.outcome, OUTCOME_SEEN_WELL);
	/* In flight: nobody ever said how she was. */
	life_do(&looking, S(1), EVENT_LOOK);
	life_do(&looking, S(1), EVENT_PAUSE);
	assert_paged(&looking, CAUSE_NO_ANSWER);
	assert_true(life_has(&looking, EFFECT_PERMIT_VOID));
}

/* What the screen says. */

static void a_lost_camera_is_work_shortly_before_its_time(void **state)
{
	struct life life = life_planned(SLOT_CAMERA);
	struct life visit = life_planned(SLOT_VISIT);
	const struct policy *policy = &life.policy;

	(void)state;
	assert_int_equal(check_alarm(&life.check, START - 1, policy), ALARM_NONE);
	life_camera(&life, false);
	life_camera(&visit, false);
	assert_int_equal(check_alarm(&life.check, START - policy->camera_work_ms - 1, policy), ALARM_NONE);
	assert_int_equal(check_alarm(&life.check, START - policy->camera_work_ms, policy), ALARM_TASK);
	assert_int_equal(check_alarm(&visit.check, START - policy->camera_work_ms, policy), ALARM_NONE);
	/* Before the hub's next word it is due, and late, by the clock alone. */
	assert_int_equal(check_alarm(&life.check, START, policy), ALARM_TASK);
	assert_int_equal(check_alarm(&life.check, START + M(15) + 1, policy), ALARM_HIGH);
	assert_int_equal(check_alarm(&visit.check, START + M(15) + 1, policy), ALARM_NONE);
}

static void each_state_has_its_alarm(void **state)
{
	struct life claimed = life_claimed(), looking = life_looking(), fault = life_fault();
	struct life deciding = life_deciding(), closed = life_deciding();
	const struct policy *policy = &claimed.policy;
	int64_t late = START + M(15) + 1, over = deciding.check.view_over_ms;

	(void)state;
	assert_int_equal(check_alarm(&claimed.check, claimed.now, policy), ALARM_TASK);
	assert_int_equal(check_alarm(&claimed.check, late, policy), ALARM_HIGH);
	assert_int_equal(check_alarm(&fault.check, fault.now, policy), ALARM_MEDIUM);
	assert_int_equal(check_alarm(&fault.check, late, policy), ALARM_HIGH);
	/* Somebody has her on the screen. */
	assert_int_equal(check_alarm(&looking.check, late, policy), ALARM_NONE);
	assert_int_equal(check_alarm(&deciding.check, over + policy->answer_ms - 1, policy), ALARM_NONE);
	assert_int_equal(check_alarm(&deciding.check, over + policy->answer_ms, policy), ALARM_HIGH);
	life_wake(&deciding);
	assert_int_equal(check_alarm(&deciding.check, deciding.now, policy), ALARM_HIGH);
	assert_int_equal(life_answer(&closed, ANSWER_WELL), REFUSE_NO);
	assert_int_equal(check_alarm(&closed.check, late + MS_DAY, policy), ALARM_NONE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nobody_gives_back_what_somebody_has),
		cmocka_unit_test(a_look_has_a_number_of_its_own),
		cmocka_unit_test(a_row_without_a_look_left_opens_no_lens),
		cmocka_unit_test(the_end_of_an_unusable_view_is_recorded_and_counts_no_look),
		cmocka_unit_test(a_camera_speaks_of_its_own_faults_alone),
		cmocka_unit_test(a_fault_without_a_look_is_about_the_one_in_flight),
		cmocka_unit_test(a_fault_before_the_second_look_leaves_the_first_to_be_answered),
		cmocka_unit_test(help_that_two_ask_for_is_one_page),
		cmocka_unit_test(an_answer_without_a_name_takes_no_name_away),
		cmocka_unit_test(a_page_needs_a_reason),
		cmocka_unit_test(each_excuse_stands_in_the_record),
		cmocka_unit_test(a_pause_shuts_the_lens_on_a_second_look),
		cmocka_unit_test(a_lost_camera_is_work_shortly_before_its_time),
		cmocka_unit_test(each_state_has_its_alarm),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
