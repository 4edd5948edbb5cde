/* Local time: ordinary days, gaps and overlaps of real zones, and a walk through a whole year. */
#include "core/zones.h"

#include "core/zone.h"

static int64_t in(const struct zone_window *zone, int64_t local, enum zone_fit expected)
{
	int64_t utc = -1;

	assert_int_equal(zone_to_utc(zone, local, &utc), expected);
	return utc;
}

static void an_ordinary_night_has_one_instant_a_time(void **state)
{
	struct zone_window zone = stockholm();

	(void)state;
	assert_int_equal(in(&zone, local_s(2026, 11, 25, 2, 0), ZONE_ONCE),
	                 local_s(2026, 11, 25, 1, 0));
	assert_int_equal(in(&zone, local_s(2026, 7, 1, 2, 0), ZONE_ONCE),
	                 local_s(2026, 7, 1, 0, 0));
}

static void a_time_that_does_not_exist_is_the_first_after_the_gap(void **state)
{
	struct zone_window zone = stockholm();
	int64_t after = local_s(2027, 3, 28, 1, 0);

	(void)state;
	assert_int_equal(in(&zone, local_s(2027, 3, 28, 1, 59) + 59, ZONE_ONCE), after - 1);
	assert_int_equal(in(&zone, local_s(2027, 3, 28, 2, 0), ZONE_GAP), after);
	assert_int_equal(in(&zone, local_s(2027, 3, 28, 2, 30), ZONE_GAP), after);
	assert_int_equal(in(&zone, local_s(2027, 3, 28, 2, 59) + 59, ZONE_GAP), after);
	assert_int_equal(in(&zone, local_s(2027, 3, 28, 3, 0), ZONE_ONCE), after);
	assert_int_equal(zone_from_utc(&zone, after).minute, 3 * 60);
	assert_int_equal(zone_from_utc(&zone, after - 1).minute, 2 * 60 - 1);
}

static void a_time_that_exists_twice_is_the_first(void **state)
{
	struct zone_window zone = stockholm();

	(void)state;
	assert_int_equal(in(&zone, local_s(2026, 10, 25, 1, 59), ZONE_ONCE),
	                 local_s(2026, 10, 24, 23, 59));
	assert_int_equal(in(&zone, local_s(2026, 10, 25, 2, 0), ZONE_FIRST),
	                 local_s(2026, 10, 25, 0, 0));
	assert_int_equal(in(&zone, local_s(2026, 10, 25, 2, 30), ZONE_FIRST),
	                 local_s(2026, 10, 25, 0, 30));
	assert_int_equal(in(&zone, local_s(2026, 10, 25, 3, 0), ZONE_ONCE),
	                 local_s(2026, 10, 25, 2, 0));
}

static void the_hours_that_exist_twice_are_marked_a_and_b(void **state)
{
	struct zone_window zone = stockholm();
	struct zone_local first = zone_from_utc(&zone, local_s(2026, 10, 25, 0, 30));
	struct zone_local second = zone_from_utc(&zone, local_s(2026, 10, 25, 1, 30));

	(void)state;
	assert_int_equal(first.minute, 150);
	assert_int_equal(first.fold, ZONE_FOLD_A);
	assert_int_equal(first.offset_s, 7200);
	assert_int_equal(second.minute, 150);
	assert_int_equal(second.fold, ZONE_FOLD_B);
	assert_int_equal(second.offset_s, 3600);
	assert_int_equal(zone_from_utc(&zone, local_s(2026, 10, 24, 23, 59)).fold, ZONE_FOLD_NONE);
	assert_int_equal(zone_from_utc(&zone, local_s(2026, 10, 25, 2, 0)).fold, ZONE_FOLD_NONE);
	assert_int_equal(zone_from_utc(&zone, local_s(2026, 11, 25, 1, 30)).fold, ZONE_FOLD_NONE);
}

static void a_date_and_a_time_are_read_before_1970_too(void **state)
{
	struct zone_window zone = {.from_s = -1000000, .to_s = 1000000, .offset_before_s = -3600};
	struct zone_local local = zone_from_utc(&zone, -1);

	(void)state;
	assert_int_equal(local.days, -1);
	assert_int_equal(local.minute, 22 * 60 + 59);
	assert_int_equal(local.second, 59);
}

/* Half an hour of summer (Lord Howe), and a whole day that was skipped (Samoa, 2011-12-30). */
static void zones_that_are_unlike_ours_obey_the_same_rules(void **state)
{
	struct zone_window lord_howe = zone_named("Australia/Lord_Howe");
	struct zone_window apia;
	int64_t utc;

	(void)state;
	utc = in(&lord_howe, local_s(2026, 10, 4, 2, 15), ZONE_GAP);
	assert_int_equal(zone_from_utc(&lord_howe, utc).minute, 150);
	in(&lord_howe, local_s(2026, 4, 5, 1, 45), ZONE_FIRST);
	in(&lord_howe, local_s(2026, 4, 5, 1, 15), ZONE_ONCE);
	assert_int_equal(zoneinfo_read("Pacific/Apia", local_s(2011, 1, 1, 0, 0),
	                               local_s(2013, 1, 1, 0, 0), &apia),
	                 ERR_OK);
	utc = in(&apia, local_s(2011, 12, 30, 12, 0), ZONE_GAP);
	assert_int_equal(zone_from_utc(&apia, utc).days, civil_to_days(2011, 12, 31));
}

/* Every instant has a local reading, and reading that back gives the instant, or the A of its B. */
static void there_and_back_through_a_year(const char *name)
{
	struct zone_window zone = zone_named(name);

	for (int64_t utc = local_s(2026, 6, 1, 0, 0); utc < local_s(2027, 6, 1, 0, 0);
	     utc += 60 * 5) {
		struct zone_local local = zone_from_utc(&zone, utc);
		int64_t back;
		enum zone_fit fit = zone_to_utc(&zone, local.local_s, &back);

		assert_int_equal(local.local_s, utc + local.offset_s);
		assert_int_equal(local.local_s,
		                 (int64_t)local.days * 86400 + local.minute * 60 + local.second);
		assert_int_not_equal(fit, ZONE_GAP);
		assert_int_equal(fit == ZONE_FIRST, local.fold != ZONE_FOLD_NONE);
		assert_true(local.fold == ZONE_FOLD_B ? back < utc : back == utc);
	}
}

static void every_instant_is_read_and_found_again(void **state)
{
	(void)state;
	there_and_back_through_a_year("Europe/Stockholm");
	there_and_back_through_a_year("America/St_Johns");
	there_and_back_through_a_year("Africa/Casablanca");
	there_and_back_through_a_year("Asia/Kathmandu");
	there_and_back_through_a_year("Antarctica/Troll");
}

/* A later time on the clock is never an earlier instant: the order of a night's slots stands. */
static void later_local_times_are_never_earlier_instants(void **state)
{
	struct zone_window zone = stockholm();
	int64_t before = INT64_MIN;

	(void)state;
	for (int64_t local = local_s(2026, 10, 24, 18, 0); local < local_s(2027, 3, 29, 10, 0);
	     local += 60) {
		int64_t utc;

		zone_to_utc(&zone, local, &utc);
		assert_true(utc >= before);
		before = utc;
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_ordinary_night_has_one_instant_a_time),
		cmocka_unit_test(a_time_that_does_not_exist_is_the_first_after_the_gap),
		cmocka_unit_test(a_time_that_exists_twice_is_the_first),
		cmocka_unit_test(the_hours_that_exist_twice_are_marked_a_and_b),
		cmocka_unit_test(a_date_and_a_time_are_read_before_1970_too),
		cmocka_unit_test(zones_that_are_unlike_ours_obey_the_same_rules),
		cmocka_unit_test(every_instant_is_read_and_found_again),
		cmocka_unit_test(later_local_times_are_never_earlier_instants),
	};

	return cmocka_run_group_tests_name("core/zone", tests, NULL, NULL);
}
