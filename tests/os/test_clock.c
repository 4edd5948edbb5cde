/* The clock a night is counted by. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "os/clock.h"

#include <stdlib.h>
#include <time.h>
#include <unistd.h>

static void begins_at_the_wall_clock_and_goes_on(void **state)
{
	struct clock clock = clock_start(0);
	struct now first = clock_now(&clock), second;
	int64_t wall_ms = (int64_t)time(NULL) * 1000;

	(void)state;
	assert_true(llabs(first.utc_ms - wall_ms) < 2000);
	usleep(20000);
	second = clock_now(&clock);
	assert_true(second.elapsed_ms - first.elapsed_ms >= 19);
	assert_int_equal(second.utc_ms - first.utc_ms, second.elapsed_ms - first.elapsed_ms);
}

static void a_demo_may_live_in_another_night(void **state)
{
	struct clock real = clock_start(0), demo = clock_start(3600000);
	int64_t apart_ms = clock_now(&demo).utc_ms - clock_now(&real).utc_ms;

	(void)state;
	assert_true(llabs(apart_ms - 3600000) < 1000);
	assert_true(llabs(clock_step_ms(&demo)) < 1000);
}

/* The wall clock jumping is the same as ours having been anchored elsewhere. */
static void a_step_is_told_and_changes_nothing_until_anchored(void **state)
{
	struct clock clock = clock_start(0);
	struct now before;

	(void)state;
	clock.utc_at_start_ms -= 7200000;
	before = clock_now(&clock);
	assert_true(llabs(clock_step_ms(&clock) - 7200000) < 1000);
	assert_true(llabs(clock_now(&clock).utc_ms - before.utc_ms) < 1000);
	clock_anchor(&clock);
	assert_true(llabs(clock_step_ms(&clock)) < 1000);
	assert_true(clock_now(&clock).utc_ms - before.utc_ms > 7100000);
	assert_true(clock_now(&clock).elapsed_ms - before.elapsed_ms < 1000);
}

static void one_boot_has_one_identity(void **state)
{
	(void)state;
	assert_true(clock_start(0).boot_id == clock_start(0).boot_id);
	assert_true(clock_start(0).boot_id != 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(begins_at_the_wall_clock_and_goes_on),
		cmocka_unit_test(a_demo_may_live_in_another_night),
		cmocka_unit_test(a_step_is_told_and_changes_nothing_until_anchored),
		cmocka_unit_test(one_boot_has_one_identity),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
