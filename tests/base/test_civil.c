/* The calendar: known days, four centuries there and back, and days that do not exist. */
#include "base/civil.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>

#include <cmocka.h>

static void known_days_have_their_numbers_and_weekdays(void **state)
{
	static const struct {
		int32_t year, month, day, days, weekday;
	} known[] = {
		{1970, 1, 1, 0, 3},
		{1969, 12, 31, -1, 2},
		{2000, 2, 29, 11016, 1},
		{1900, 1, 1, -25567, 0},
		{2026, 10, 25, 20751, 6},
		{2027, 3, 28, 20905, 6},
		{9999, 12, 31, 2932896, 4},
		{1, 1, 1, -719162, 0},
	};

	(void)state;
	for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
		struct civil_date date = civil_from_days(known[i].days);

		assert_int_equal(civil_to_days(known[i].year, known[i].month, known[i].day),
		                 known[i].days);
		assert_int_equal(date.year, known[i].year);
		assert_int_equal(date.month, known[i].month);
		assert_int_equal(date.day, known[i].day);
		assert_int_equal(date.weekday, known[i].weekday);
	}
}

static void every_day_follows_the_one_before(void **state)
{
	struct civil_date before = civil_from_days(civil_to_days(1899, 12, 31));

	(void)state;
	for (int32_t days = civil_to_days(1900, 1, 1); days < civil_to_days(2300, 1, 1); days++) {
		struct civil_date date = civil_from_days(days);

		assert_true(civil_is_valid(date.year, date.month, date.day));
		assert_int_equal(civil_to_days(date.year, date.month, date.day), days);
		assert_int_equal(date.weekday, (before.weekday + 1) % 7);
		if (date.day != 1)
			assert_int_equal(date.day, before.day + 1);
		else
			assert_false(civil_is_valid(before.year, before.month, before.day + 1));
		before = date;
	}
}

static void a_day_that_the_calendar_lacks_is_not_valid(void **state)
{
	(void)state;
	assert_true(civil_is_valid(2024, 2, 29));
	assert_true(civil_is_valid(2000, 2, 29));
	assert_false(civil_is_valid(2026, 2, 29));
	assert_false(civil_is_valid(2100, 2, 29));
	assert_false(civil_is_valid(2026, 4, 31));
	assert_false(civil_is_valid(2026, 0, 1));
	assert_false(civil_is_valid(2026, 13, 1));
	assert_false(civil_is_valid(2026, 1, 0));
	assert_false(civil_is_valid(2026, 1, -1));
	assert_false(civil_is_valid(0, 1, 1));
	assert_false(civil_is_valid(10000, 1, 1));
	assert_false(civil_is_valid(INT32_MIN, INT32_MAX, INT32_MAX));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(known_days_have_their_numbers_and_weekdays),
		cmocka_unit_test(every_day_follows_the_one_before),
		cmocka_unit_test(a_day_that_the_calendar_lacks_is_not_valid),
	};

	return cmocka_run_group_tests_name("base/civil", tests, NULL, NULL);
}
