/* The loop: timers, descriptors and signals, and what their callbacks may do to each other. */
#include "net/peers.h"

#include <fcntl.h>
#include <signal.h>

struct fixture {
	struct loop *loop;
	int count, last;
	uint32_t timer, watch;
	int events;
	int fds[2];
};

static int setup(void **state)
{
	struct fixture *f = calloc(1, sizeof *f);

	f->loop = loop_new();
	assert_non_null(f->loop);
	assert_int_equal(pipe(f->fds), 0);
	*state = f;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *f = *state;

	loop_free(f->loop);
	close(f->fds[0]);
	close(f->fds[1]);
	free(f);
	return 0;
}

static void count(void *arg)
{
	struct fixture *f = arg;

	f->count++;
}

static void stop(void *arg)
{
	struct fixture *f = arg;

	loop_stop(f->loop);
}

static void timers_fire_once_each_in_order(void **state)
{
	struct fixture *f = *state;
	uint32_t first = loop_after(f->loop, 1, count, f);
	uint32_t second = loop_after(f->loop, 0, count, f);

	assert_int_not_equal(first, 0);
	assert_true(second > first);
	loop_after(f->loop, 30, stop, f);
	loop_run(f->loop);
	assert_int_equal(f->count, 2);
}

static void a_cancelled_timer_does_not_fire(void **state)
{
	struct fixture *f = *state;
	uint32_t timer = loop_after(f->loop, 1, count, f);

	loop_cancel(f->loop, timer);
	loop_cancel(f->loop, timer);
	loop_cancel(f->loop, 0);
	loop_cancel(f->loop, 999999);
	loop_after(f->loop, 20, stop, f);
	loop_run(f->loop);
	assert_int_equal(f->count, 0);
}

static void cancel_itself_and_arm_again(void *arg)
{
	struct fixture *f = arg;

	loop_cancel(f->loop, f->timer);
	if (++f->count < 3)
		f->timer = loop_after(f->loop, 0, cancel_itself_and_arm_again, f);
	else
		loop_stop(f->loop);
}

static void a_timer_may_cancel_itself_and_arm_again(void **state)
{
	struct fixture *f = *state;

	f->timer = loop_after(f->loop, 0, cancel_itself_and_arm_again, f);
	loop_run(f->loop);
	assert_int_equal(f->count, 3);
}

static void cancel_other(void *arg)
{
	struct fixture *f = arg;

	loop_cancel(f->loop, f->timer);
}

static void a_timer_may_cancel_another_that_is_due_too(void **state)
{
	struct fixture *f = *state;

	loop_after(f->loop, 0, cancel_other, f);
	f->timer = loop_after(f->loop, 0, count, f);
	loop_after(f->loop, 20, stop, f);
	loop_run(f->loop);
	assert_int_equal(f->count, 0);
}

static void no_id_comes_back(void **state)
{
	struct fixture *f = *state;
	uint32_t last = 0, i;

	for (i = 0; i < 10000; i++) {
		uint32_t timer = loop_after(f->loop, 60000, count, f);

		assert_true(timer > last);
		last = timer;
		if (i % 10 != 0)
			loop_cancel(f->loop, timer);
	}
	loop_cancel(f->loop, 1);
	loop_after(f->loop, 0, stop, f);
	loop_run(f->loop);
	assert_int_equal(f->count, 0);
}

static void note_events(void *arg, int events)
{
	struct fixture *f = arg;

	f->count++;
	f->events = events;
	loop_stop(f->loop);
}

static void a_descriptor_is_told_when_readable(void **state)
{
	struct fixture *f = *state;
	char byte;

	f->watch = loop_watch(f->loop, f->fds[0], LOOP_READ, note_events, f);
	assert_int_not_equal(f->watch, 0);
	loop_after(f->loop, 20, stop, f);
	loop_run(f->loop);
	assert_int_equal(f->count, 0);
	assert_int_equal(write(f->fds[1], "x", 1), 1);
	loop_run(f->loop);
	assert_int_equal(f->events, LOOP_READ);
	assert_int_equal(read(f->fds[0], &byte, 1), 1);
	loop_unwatch(f->loop, f->watch);
	loop_unwatch(f->loop, f->watch);
}

static void a_hang_up_is_told(void **state)
{
	struct fixture *f = *state;

	loop_watch(f->loop, f->fds[0], LOOP_READ, note_events, f);
	close(f->fds[1]);
	loop_run(f->loop);
	assert_int_equal(f->count, 1);
	f->fds[1] = open("/dev/null", O_RDONLY);
}

static void a_paused_watch_tells_nothing(void **state)
{
	struct fixture *f = *state;

	f->watch = loop_watch(f->loop, f->fds[0], LOOP_READ, note_events, f);
	assert_int_equal(write(f->fds[1], "x", 1), 1);
	loop_rewatch(f->loop, f->watch, 0);
	loop_after(f->loop, 20, stop, f);
	loop_run(f->loop);
	assert_int_equal(f->count, 0);
	loop_rewatch(f->loop, f->watch, LOOP_READ);
	loop_run(f->loop);
	assert_int_equal(f->count, 1);
}

static void unwatch_itself(void *arg, int events)
{
	struct fixture *f = arg;

	(void)events;
	f->count++;
	loop_unwatch(f->loop, f->watch);
	loop_rewatch(f->loop, f->watch, LOOP_READ);
}

static void a_watch_may_end_itself(void **state)
{
	struct fixture *f = *state;

	f->watch = loop_watch(f->loop, f->fds[0], LOOP_READ, unwatch_itself, f);
	assert_int_equal(write(f->fds[1], "x", 1), 1);
	loop_after(f->loop, 20, stop, f);
	loop_run(f->loop);
	assert_int_equal(f->count, 1);
}

/* The shell that started a console shares the terminal's flags with it. */
static void watching_does_not_make_a_descriptor_non_blocking(void **state)
{
	struct fixture *f = *state;

	loop_watch(f->loop, f->fds[0], LOOP_READ, note_events, f);
	assert_int_equal(fcntl(f->fds[0], F_GETFL) & O_NONBLOCK, 0);
}

static void a_plain_file_cannot_be_watched(void **state)
{
	struct fixture *f = *state;
	int fd = open("/proc/self/exe", O_RDONLY);

	assert_int_equal(loop_watch(f->loop, fd, LOOP_READ, note_events, f), 0);
	close(fd);
	assert_int_equal(loop_watch(f->loop, 9999, LOOP_READ, note_events, f), 0);
}

static void a_signal_is_an_event(void **state)
{
	struct fixture *f = *state;

	loop_signal(f->loop, SIGUSR1, count, f);
	loop_signal(f->loop, SIGUSR1, stop, f);
	raise(SIGUSR1);
	loop_run(f->loop);
	assert_int_equal(f->count, 1);
}

static void writing_to_nobody_is_an_error_and_no_death(void **state)
{
	struct fixture *f = *state;

	close(f->fds[0]);
	assert_int_equal(write(f->fds[1], "x", 1), -1);
	f->fds[0] = open("/dev/null", O_RDONLY);
}

static void two_loops_live_side_by_side(void **state)
{
	struct fixture *f = *state;
	struct fixture other = { .loop = loop_new() };

	assert_non_null(other.loop);
	loop_after(other.loop, 0, count, &other);
	loop_after(other.loop, 10, stop, &other);
	loop_after(f->loop, 0, count, f);
	loop_run(other.loop);
	loop_free(other.loop);
	assert_int_equal(other.count, 1);
	assert_int_equal(f->count, 0);
	loop_after(f->loop, 10, stop, f);
	loop_run(f->loop);
	assert_int_equal(f->count, 1);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(timers_fire_once_each_in_order),
		CASE(a_cancelled_timer_does_not_fire),
		CASE(a_timer_may_cancel_itself_and_arm_again),
		CASE(a_timer_may_cancel_another_that_is_due_too),
		CASE(no_id_comes_back),
		CASE(a_descriptor_is_told_when_readable),
		CASE(a_hang_up_is_told),
		CASE(a_paused_watch_tells_nothing),
		CASE(a_watch_may_end_itself),
		CASE(watching_does_not_make_a_descriptor_non_blocking),
		CASE(a_plain_file_cannot_be_watched),
		CASE(a_signal_is_an_event),
		CASE(writing_to_nobody_is_an_error_and_no_death),
		CASE(two_loops_live_side_by_side),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
