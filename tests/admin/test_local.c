/* Times at the centre: what people type means one instant, and what they read cannot be mistaken. */
#include "admin/local.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#define NOW_MS INT64_C(1767312871000) /* 2026-01-02 01:14:31 in Stockholm */

static struct zone_window stockholm(void)
{
	struct zone_window zone;

	assert_int_equal(local_zone("Europe/Stockholm", NOW_MS, &zone), ERR_OK);
	return zone;
}

static int64_t when(const char *text)
{
	struct zone_window zone = stockholm();
	int64_t utc_ms = -1;

	assert_int_equal(local_when(&zone, text, NOW_MS, &utc_ms), ERR_OK);
	return utc_ms / 1000;
}

static void a_typed_time_is_the_centres(void **state)
{
	(void)state;
	assert_int_equal(when("now"), NOW_MS / 1000);
	assert_int_equal(when("2026-01-31T18:00"), 1769878800); /* 17:00 UTC */
	assert_int_equal(when("2026-01-31 18:00"), 1769878800);
	assert_int_equal(when("2026-07-31T18:00"), 1785513600); /* 16:00 UTC */
}

/* Noon lies between two nights, so a date as a bound never cuts one. */
static void a_date_alone_is_its_noon(void **state)
{
	(void)state;
	assert_int_equal(when("2026-01-31"), 1769857200); /* 11:00 UTC */
}

static void a_time_that_does_not_exist_is_the_first_after_it(void **state)
{
	(void)state;
	assert_int_equal(when("2026-03-29T02:30"), 1774746000); /* 01:00 UTC: 03:00 there */
	assert_int_equal(when("2026-10-25T02:30"), 1792888200); /* 00:30 UTC: the first of two */
}

static void what_is_no_time_is_refused(void **state)
{
	static const char *const texts[] = {"", "tomorrow", "2026-1-31", "2026-02-30", "2026-01-31T24:00",
	                                    "2026-01-31T18", "2026-01-31T18:00:00", "2026-01-31T18:60",
	                                    "2026-01-31x", "-026-01-31", "now "};
	struct zone_window zone = stockholm();
	int64_t utc_ms;
	int32_t days;

	(void)state;
	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
		assert_int_equal(local_when(&zone, texts[i], NOW_MS, &utc_ms), ERR_PARSE);
		assert_int_equal(local_date(texts[i], &days), ERR_PARSE);
	}
	assert_int_equal(local_when(&zone, "9999-01-31", NOW_MS, &utc_ms), ERR_LIMIT);
	assert_int_equal(local_date("now", &days), ERR_PARSE);
}

static void an_hour_that_exists_twice_is_marked(void **state)
{
	struct zone_window zone = stockholm();
	char text[LOCAL_TEXT_MAX];

	(void)state;
	local_text(&zone, NOW_MS, text);
	assert_string_equal(text, "2026-01-02 01:14:31");
	local_clock(&zone, INT64_C(1792888200000), text);
	assert_string_equal(text, "02:30A");
	local_text(&zone, INT64_C(1792891800000), text);
	assert_string_equal(text, "2026-10-25 02:30:00B");
	local_day(20454, text);
	assert_string_equal(text, "2026-01-01");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_typed_time_is_the_centres),
		cmocka_unit_test(a_date_alone_is_its_noon),
		cmocka_unit_test(a_time_that_does_not_exist_is_the_first_after_it),
		cmocka_unit_test(what_is_no_time_is_refused),
		cmocka_unit_test(an_hour_that_exists_twice_is_marked),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
