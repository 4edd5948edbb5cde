/* The night's expansion: which date a time belongs to, clock changes, rights and couples. */
#include "core/agreed.h"

#include "core/night.h"

#define SPRING civil_to_days(2027, 3, 27)  /* Saturday; the clock changes on its second date */
#define AUTUMN civil_to_days(2026, 10, 24) /* Saturday */
#define PLAIN civil_to_days(2026, 11, 24)  /* Tuesday */

struct night {
	size_t n;
	struct planned planned[NIGHT_PLANNED_MAX];
};

static struct night expand(const struct agreement *agreement, int32_t night)
{
	struct zone_window zone = stockholm();
	struct policy policy = policy_defaults();
	struct night out;

	assert_null(agreement_fault(agreement, &policy));
	out.n = night_expand(agreement, night, &zone, &policy, out.planned);
	return out;
}

/* The only check of a night with one camera slot. */
static struct planned expand_slot(int from, int to, int32_t night)
{
	struct agreement agreement = agreed();
	struct night out;

	add_slot(&agreement, SLOT_CAMERA, from, to);
	out = expand(&agreement, night);
	assert_int_equal(out.n, 1);
	return out.planned[0];
}

static void a_clock_time_may_start_for_a_quarter_of_an_hour(void **state)
{
	struct planned p = expand_slot(HM(2, 0), -1, PLAIN);

	(void)state;
	assert_int_equal(p.start_ms, utc_ms(2026, 11, 25, 1, 0));
	assert_int_equal(p.early_ms, p.start_ms);
	assert_int_equal(p.latest_ms, p.start_ms + 15 * MS_MINUTE);
	assert_int_equal(p.hard_end_ms, p.start_ms + 25 * MS_MINUTE);
	assert_int_equal(p.note, PLAN_PLAIN);
	assert_int_equal(p.kind, SLOT_CAMERA);
	assert_int_equal(p.right, RIGHT_LOOK);
	assert_int_equal(p.night, PLAIN);
}

static void a_span_uses_its_own_ends(void **state)
{
	struct planned p = expand_slot(HM(1, 0), HM(3, 30), PLAIN);

	(void)state;
	assert_int_equal(p.start_ms, utc_ms(2026, 11, 25, 0, 0));
	assert_int_equal(p.latest_ms, utc_ms(2026, 11, 25, 2, 30));
	assert_int_equal(p.hard_end_ms, utc_ms(2026, 11, 25, 2, 40));
}

static void times_belong_to_the_nights_first_and_second_date(void **state)
{
	(void)state;
	assert_int_equal(expand_slot(HM(18, 0), -1, PLAIN).start_ms, utc_ms(2026, 11, 24, 17, 0));
	assert_int_equal(expand_slot(HM(23, 59), -1, PLAIN).start_ms, utc_ms(2026, 11, 24, 22, 59));
	assert_int_equal(expand_slot(HM(0, 0), -1, PLAIN).start_ms, utc_ms(2026, 11, 24, 23, 0));
	assert_int_equal(expand_slot(HM(9, 59), -1, PLAIN).start_ms, utc_ms(2026, 11, 25, 8, 59));
}

static void a_span_may_cross_midnight(void **state)
{
	struct planned p = expand_slot(HM(23, 30), HM(0, 30), PLAIN);

	(void)state;
	assert_int_equal(p.start_ms, utc_ms(2026, 11, 24, 22, 30));
	assert_int_equal(p.latest_ms, utc_ms(2026, 11, 24, 23, 30));
}

static void a_time_in_the_gap_runs_after_it_and_says_so(void **state)
{
	struct planned p = expand_slot(HM(2, 30), -1, SPRING);

	(void)state;
	assert_int_equal(p.start_ms, utc_ms(2027, 3, 28, 1, 0));
	assert_int_equal(p.latest_ms, utc_ms(2027, 3, 28, 1, 15));
	assert_int_equal(p.note, PLAN_GAP);
	assert_int_equal(expand_slot(HM(3, 0), -1, SPRING).note, PLAN_PLAIN);
	assert_int_equal(expand_slot(HM(1, 59), -1, SPRING).note, PLAN_PLAIN);
}

static void a_time_that_exists_twice_runs_once_at_the_first(void **state)
{
	struct planned p = expand_slot(HM(2, 30), -1, AUTUMN);

	(void)state;
	assert_int_equal(p.start_ms, utc_ms(2026, 10, 25, 0, 30));
	assert_int_equal(p.note, PLAN_FIRST);
	assert_int_equal(expand_slot(HM(3, 0), -1, AUTUMN).note, PLAN_PLAIN);
	assert_int_equal(expand_slot(HM(3, 0), -1, AUTUMN).start_ms, utc_ms(2026, 10, 25, 2, 0));
}

static void a_span_that_the_gap_swallows_keeps_a_quarter_of_an_hour(void **state)
{
	static const struct {
		int from, to;
		int start_min, latest_min; /* UTC */
	} spans[] = {
		{HM(2, 10), HM(2, 50), HM(1, 0), HM(1, 15)},  /* nothing is left */
		{HM(2, 10), HM(3, 5), HM(1, 0), HM(1, 15)},   /* five minutes are */
		{HM(1, 55), HM(2, 40), HM(0, 55), HM(1, 10)},
		{HM(1, 30), HM(3, 15), HM(0, 30), HM(1, 15)}, /* enough: its own ends */
		{HM(2, 10), HM(2, 20), HM(1, 0), HM(1, 10)},  /* no longer than was agreed */
	};

	(void)state;
	for (size_t i = 0; i < sizeof spans / sizeof spans[0]; i++) {
		struct planned p = expand_slot(spans[i].from, spans[i].to, SPRING);

		assert_int_equal(p.start_ms, utc_ms(2027, 3, 28, 0, spans[i].start_min));
		assert_int_equal(p.latest_ms, utc_ms(2027, 3, 28, 0, spans[i].latest_min));
	}
}

static void an_autumn_span_ends_at_its_own_end(void **state)
{
	struct planned p = expand_slot(HM(1, 30), HM(3, 30), AUTUMN);

	(void)state;
	assert_int_equal(p.start_ms, utc_ms(2026, 10, 24, 23, 30));
	assert_int_equal(p.latest_ms, utc_ms(2026, 10, 25, 2, 30));
	assert_int_equal(expand_slot(HM(2, 10), HM(2, 50), AUTUMN).latest_ms,
	                 utc_ms(2026, 10, 25, 0, 50));
}

/* As many looks as agreed, whatever the clock does: never none, never two. */
static void every_night_of_three_years_has_as_many_checks_as_agreed(void **state)
{
	struct agreement agreement = agreed();
	struct zone_window zone = stockholm();
	struct policy policy = policy_defaults();

	(void)state;
	for (int hour = 18; hour < 34; hour++)
		add_slot(&agreement, SLOT_CAMERA, HM(hour % 24, 30), -1);
	assert_null(agreement_fault(&agreement, &policy));
	for (int32_t night = civil_to_days(2026, 1, 2); night < civil_to_days(2028, 12, 30);
	     night++) {
		struct planned planned[NIGHT_PLANNED_MAX];
		size_t n = night_expand(&agreement, night, &zone, &policy, planned);
		int64_t from_ms, to_ms;

		assert_int_equal(n, 16);
		night_bounds(&zone, &policy, night, &from_ms, &to_ms);
		for (size_t i = 0; i < n; i++) {
			assert_in_range(planned[i].start_ms, from_ms, to_ms - 1);
			assert_int_equal(night_of(&zone, &policy, planned[i].start_ms), night);
			assert_true(i == 0 || planned[i - 1].start_ms <= planned[i].start_ms);
		}
	}
}

static void a_night_with_a_clock_change_is_fifteen_or_seventeen_hours(void **state)
{
	static const struct {
		int32_t year, month, day, hours;
	} nights[] = {{2027, 3, 27, 15}, {2026, 10, 24, 17}, {2026, 11, 24, 16}};
	struct zone_window zone = stockholm();
	struct policy policy = policy_defaults();
	int64_t from_ms, to_ms;

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		night_bounds(&zone, &policy,
		             civil_to_days(nights[i].year, nights[i].month, nights[i].day),
		             &from_ms, &to_ms);
		assert_int_equal(to_ms - from_ms, nights[i].hours * MS_HOUR);
	}
}

static void between_ten_and_six_the_next_night_is_meant(void **state)
{
	struct zone_window zone = stockholm();
	struct policy policy = policy_defaults();

	(void)state;
	assert_int_equal(night_of(&zone, &policy, utc_ms(2026, 11, 24, 17, 0)), PLAIN);
	assert_int_equal(night_of(&zone, &policy, utc_ms(2026, 11, 25, 1, 0)), PLAIN);
	assert_int_equal(night_of(&zone, &policy, utc_ms(2026, 11, 25, 9, 0) - 1), PLAIN);
	assert_int_equal(night_of(&zone, &policy, utc_ms(2026, 11, 25, 9, 0)), PLAIN + 1);
	assert_int_equal(night_of(&zone, &policy, utc_ms(2026, 11, 25, 16, 59)), PLAIN + 1);
}

static void a_weekday_is_that_of_the_date_that_names_the_night(void **state)
{
	struct agreement agreement = agreed();

	(void)state;
	add_slot(&agreement, SLOT_CAMERA, HM(2, 0), -1)->weekdays = 1 << 1; /* Tuesday */
	assert_int_equal(expand(&agreement, PLAIN).n, 1);
	assert_int_equal(expand(&agreement, PLAIN + 1).n, 0);
	assert_int_equal(expand(&agreement, PLAIN - 1).n, 0);
}

static void a_slot_holds_from_its_first_night_to_its_last(void **state)
{
	struct agreement agreement = agreed();
	struct slot *slot = add_slot(&agreement, SLOT_CAMERA, HM(2, 0), -1);

	(void)state;
	slot->from_day = PLAIN;
	slot->to_day = PLAIN + 1;
	assert_int_equal(expand(&agreement, PLAIN - 1).n, 0);
	assert_int_equal(expand(&agreement, PLAIN).n, 1);
	assert_int_equal(expand(&agreement, PLAIN + 1).n, 1);
	assert_int_equal(expand(&agreement, PLAIN + 2).n, 0);
}

/*
 * A decision whose last day is the night's first date lapses at midnight, in the middle of the
 * night.
 */
static void the_right_is_judged_on_the_date_of_the_checks_start(void **state)
{
	struct agreement agreement = agreed();
	struct night night;

	(void)state;
	add_slot(&agreement, SLOT_CAMERA, HM(23, 0), -1);
	add_slot(&agreement, SLOT_CAMERA, HM(2, 0), -1);
	agreement.person[0].to_day = PLAIN;
	night = expand(&agreement, PLAIN);
	assert_int_equal(night.n, 2);
	assert_int_equal(night.planned[0].right, RIGHT_LOOK);
	assert_int_equal(night.planned[0].kind, SLOT_CAMERA);
	assert_int_equal(night.planned[1].right, RIGHT_LAPSED);
	assert_int_equal(night.planned[1].kind, SLOT_VISIT);
}

static void a_lapsed_decision_gives_visits_and_a_signed_end_gives_none(void **state)
{
	struct agreement agreement = agreed();

	(void)state;
	add_slot(&agreement, SLOT_CAMERA, HM(2, 0), -1);
	agreement.person[0].to_day = PLAIN - 100;
	assert_int_equal(expand(&agreement, PLAIN).planned[0].kind, SLOT_VISIT);
	agreement.person[0].signed_end = true;
	assert_int_equal(expand(&agreement, PLAIN).n, 0);
}

static void a_withdrawn_agreement_gives_visits(void **state)
{
	struct agreement agreement = agreed();
	struct night night;

	(void)state;
	add_slot(&agreement, SLOT_CAMERA, HM(2, 0), -1);
	agreement.withdrawn = true;
	night = expand(&agreement, PLAIN);
	assert_int_equal(night.n, 1);
	assert_int_equal(night.planned[0].kind, SLOT_VISIT);
	assert_int_equal(night.planned[0].right, RIGHT_WITHDRAWN);
}

static void a_couple_has_a_check_each_side_by_side(void **state)
{
	struct agreement agreement = agreed_couple();
	struct night night;

	(void)state;
	add_slot(&agreement, SLOT_CAMERA, HM(4, 0), -1);
	add_slot(&agreement, SLOT_VISIT, HM(22, 0), -1);
	add_slot(&agreement, SLOT_CAMERA, HM(1, 0), -1);
	night = expand(&agreement, PLAIN);
	assert_int_equal(night.n, 6);
	for (size_t i = 0; i < night.n; i++) {
		static const int slots[] = {1, 1, 2, 2, 0, 0};

		assert_int_equal(night.planned[i].slot, slots[i]);
		assert_int_equal(night.planned[i].person, i % 2);
	}
	assert_int_equal(night.planned[0].kind, SLOT_VISIT);
}

static void one_persons_end_closes_nothing_for_the_other(void **state)
{
	struct agreement agreement = agreed_couple();
	struct night night;

	(void)state;
	add_slot(&agreement, SLOT_CAMERA, HM(1, 0), -1);
	agreement.person[0].to_day = agreement.consent[0].to_day = PLAIN - 10;
	agreement.person[0].signed_end = true;
	night = expand(&agreement, PLAIN);
	assert_int_equal(night.n, 1);
	assert_int_equal(night.planned[0].person, 1);
	assert_int_equal(night.planned[0].right, RIGHT_LOOK);
}

/* 02:15 and 02:45 both become 03:00: two looks were agreed, two are made. */
static void two_times_in_the_gap_stay_two(void **state)
{
	struct agreement agreement = agreed();
	struct night night;

	(void)state;
	add_slot(&agreement, SLOT_CAMERA, HM(2, 15), -1);
	add_slot(&agreement, SLOT_CAMERA, HM(2, 45), -1);
	night = expand(&agreement, SPRING);
	assert_int_equal(night.n, 2);
	assert_int_equal(night.planned[0].slot, 0);
	assert_int_equal(night.planned[0].start_ms, night.planned[1].start_ms);
}

static void the_agreements_own_times_go_before_the_policys(void **state)
{
	struct agreement agreement = agreed();
	struct night night;

	(void)state;
	add_slot(&agreement, SLOT_CAMERA, HM(2, 0), -1);
	add_slot(&agreement, SLOT_CAMERA, HM(4, 0), HM(5, 0));
	agreement.overrides.start_early_ms = 5 * MS_MINUTE;
	agreement.overrides.latest_start_ms = 30 * MS_MINUTE;
	night = expand(&agreement, PLAIN);
	assert_int_equal(night.planned[0].early_ms, night.planned[0].start_ms - 5 * MS_MINUTE);
	assert_int_equal(night.planned[0].latest_ms, night.planned[0].start_ms + 30 * MS_MINUTE);
	assert_int_equal(night.planned[0].hard_end_ms, night.planned[0].start_ms + 40 * MS_MINUTE);
	/* A span is looked at inside itself alone. */
	assert_int_equal(night.planned[1].early_ms, night.planned[1].start_ms);
	assert_int_equal(night.planned[1].latest_ms, night.planned[1].start_ms + 60 * MS_MINUTE);
}

static void the_fullest_agreement_fits(void **state)
{
	struct agreement agreement = agreed_couple();
	struct night night;

	(void)state;
	for (int i = 0; i < SLOTS_MAX; i++)
		add_slot(&agreement, SLOT_CAMERA, HM(0, 20 * i), -1);
	night = expand(&agreement, PLAIN);
	assert_int_equal(night.n, NIGHT_PLANNED_MAX);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_clock_time_may_start_for_a_quarter_of_an_hour),
		cmocka_unit_test(a_span_uses_its_own_ends),
		cmocka_unit_test(times_belong_to_the_nights_first_and_second_date),
		cmocka_unit_test(a_span_may_cross_midnight),
		cmocka_unit_test(a_time_in_the_gap_runs_after_it_and_says_so),
		cmocka_unit_test(a_time_that_exists_twice_runs_once_at_the_first),
		cmocka_unit_test(a_span_that_the_gap_swallows_keeps_a_quarter_of_an_hour),
		cmocka_unit_test(an_autumn_span_ends_at_its_own_end),
		cmocka_unit_test(every_night_of_three_years_has_as_many_checks_as_agreed),
		cmocka_unit_test(a_night_with_a_clock_change_is_fifteen_or_seventeen_hours),
		cmocka_unit_test(between_ten_and_six_the_next_night_is_meant),
		cmocka_unit_test(a_weekday_is_that_of_the_date_that_names_the_night),
		cmocka_unit_test(a_slot_holds_from_its_first_night_to_its_last),
		cmocka_unit_test(the_right_is_judged_on_the_date_of_the_checks_start),
		cmocka_unit_test(a_lapsed_decision_gives_visits_and_a_signed_end_gives_none),
		cmocka_unit_test(a_withdrawn_agreement_gives_visits),
		cmocka_unit_test(a_couple_has_a_check_each_side_by_side),
		cmocka_unit_test(one_persons_end_closes_nothing_for_the_other),
		cmocka_unit_test(two_times_in_the_gap_stay_two),
		cmocka_unit_test(the_agreements_own_times_go_before_the_policys),
		cmocka_unit_test(the_fullest_agreement_fits),
	};

	return cmocka_run_group_tests_name("core/night", tests, NULL, NULL);
}
