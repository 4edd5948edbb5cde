/*
 * The parent's side of the picture process, against children that behave and that do not. A child is this
 * program again, told by an environment variable how to misbehave.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "console/picture.h"
#include "os/clock.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define CHILD "TILLSYN_TEST_CHILD"

static void child_says(enum err r, struct buf *out)
{
	if (r != ERR_OK || write(3, out->data, out->len) != (ssize_t)out->len)
		_exit(9);
	buf_free(out);
}

/* Waits until the parent has sent a whole frame of that kind. */
static void child_hears(enum viewer_kind kind)
{
	static uint8_t bytes[1 << 16];
	static size_t len;

	for (;;) {
		struct viewer_frame frame;
		size_t size = 0;
		ssize_t n;

		while (viewer_next(bytes, len, &frame, &size) == ERR_OK && size > 0) {
			enum viewer_kind heard = frame.kind;

			memmove(bytes, bytes + size, len - size);
			len -= size;
			if (heard == kind)
				return;
		}
		n = read(3, bytes + len, sizeof bytes - len);
		if (n < 0 && errno == EAGAIN)
			usleep(1000);
		else if (n <= 0)
			_exit(8);
		else
			len += (size_t)n;
	}
}

static int child(const char *how)
{
	struct buf out = buf_new(4096);
	uint8_t key[KEY_BYTES] = {7};
	const struct viewer_standing drawn = {123, VIEWER_SIXEL, 640, 480, 64, 48};

	if (strcmp(how, "nonsense") == 0)
		return write(3, "\xff\xff\xff\xff nonsense", 13) < 0;
	if (strcmp(how, "deaf") == 0) {
		signal(SIGTERM, SIG_IGN);
		child_says(viewer_put_key(&out, key), &out);
		for (;;)
			pause();
	}
	child_says(viewer_put_key(&out, key), &out);
	child_hears(VIEWER_EXPECT);
	child_hears(VIEWER_PLACE);
	child_hears(VIEWER_SEALED);
	child_says(viewer_put_standing(&out, &drawn), &out);
	if (strcmp(how, "hides") == 0) {
		child_hears(VIEWER_HIDE);
		child_says(viewer_put_hidden(&out), &out);
		child_hears(VIEWER_PLACE);
		child_says(viewer_put_standing(&out, &drawn), &out);
	}
	child_hears(VIEWER_END);
	child_says(viewer_put_gone(&out, 55), &out);
	return 0;
}

struct bench {
	struct loop *loop;
	struct picture *picture;
	int keys, standing, hidden, gone, died, wiped;
	bool timed_out;
};

static void on_frame(void *arg, const struct viewer_frame *frame)
{
	struct bench *bench = arg;

	bench->keys += frame->kind == VIEWER_KEY;
	bench->standing += frame->kind == VIEWER_STANDING;
	bench->hidden += frame->kind == VIEWER_HIDDEN;
	bench->gone += frame->kind == VIEWER_GONE;
	loop_stop(bench->loop);
}

static void on_died(void *arg)
{
	struct bench *bench = arg;

	bench->died++;
	loop_stop(bench->loop);
}

static void on_wipe(void *arg)
{
	((struct bench *)arg)->wiped++;
}

static const struct picture_handler handler = {on_frame, on_died, on_wipe};

static void on_time(void *arg)
{
	struct bench *bench = arg;

	bench->timed_out = true;
	loop_stop(bench->loop);
}

/* Runs until the child has said something, died, or the time is over. */
static void run(struct bench *bench, int64_t ms)
{
	uint32_t timer = loop_after(bench->loop, ms, on_time, bench);

	bench->timed_out = false;
	loop_run(bench->loop);
	loop_cancel(bench->loop, timer);
}

static void bench_open(struct bench *bench, const char *how)
{
	*bench = (struct bench){.loop = loop_new()};
	assert_non_null(bench->loop);
	setenv(CHILD, how, 1);
	bench->picture = picture_new(bench->loop, "/proc/self/exe", &handler, bench);
}

static void bench_close(struct bench *bench)
{
	picture_free(bench->picture);
	loop_free(bench->loop);
	/* Nobody is left behind. */
	assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
	assert_int_equal(errno, ECHILD);
}

static void expect(struct bench *bench)
{
	struct viewer_expect expect = {.look = 1, .camera = "cam", .fresh_ms = 20000, .view_ms = 30000};
	struct viewer_place place = {.tty = "/dev/null", .rows = 10, .columns = 20, .colours = 256};

	picture_expect(bench->picture, &expect, &place);
}

static void test_one_look(void **state)
{
	struct bench bench;

	(void)state;
	bench_open(&bench, "good");
	assert_true(picture_start(bench.picture));
	run(&bench, 5000);
	assert_int_equal(bench.keys, 1);
	expect(&bench);
	picture_sealed(bench.picture, "sealed", 6);
	/* Nothing leaves before the console has drawn its own frame. */
	assert_true(picture_is_drawing(bench.picture));
	run(&bench, 200);
	assert_true(bench.timed_out);
	picture_flush(bench.picture);
	run(&bench, 5000);
	assert_int_equal(bench.standing, 1);
	assert_false(picture_is_drawing(bench.picture));
	picture_end(bench.picture);
	run(&bench, 5000);
	assert_int_equal(bench.gone, 1);
	run(&bench, 5000);
	assert_int_equal(bench.died, 1);
	assert_int_equal(bench.wiped, 1);
	bench_close(&bench);
}

/* The window changes while the picture stands. */
static void test_hidden_and_drawn_again(void **state)
{
	const struct viewer_place place = {.tty = "/dev/null", .rows = 8, .columns = 20, .colours = 256};
	struct bench bench;

	(void)state;
	bench_open(&bench, "hides");
	assert_true(picture_start(bench.picture));
	run(&bench, 5000);
	expect(&bench);
	/* There is nothing on the screen yet that would have to go. */
	assert_false(picture_hide(bench.picture));
	picture_sealed(bench.picture, "sealed", 6);
	picture_flush(bench.picture);
	run(&bench, 5000);
	assert_int_equal(bench.standing, 1);
	assert_true(picture_hide(bench.picture));
	run(&bench, 5000);
	assert_int_equal(bench.hidden, 1);
	assert_false(picture_is_drawing(bench.picture));
	picture_place(bench.picture, &place);
	assert_true(picture_is_drawing(bench.picture));
	picture_flush(bench.picture);
	run(&bench, 5000);
	assert_int_equal(bench.standing, 2);
	assert_false(picture_is_drawing(bench.picture));
	picture_end(bench.picture);
	/* What ends is neither hidden nor drawn again. */
	assert_false(picture_hide(bench.picture));
	run(&bench, 5000);
	assert_int_equal(bench.gone, 1);
	run(&bench, 5000);
	assert_int_equal(bench.died, 1);
	assert_int_equal(bench.wiped, 1);
	bench_close(&bench);
}

static void test_nonsense_ends_it(void **state)
{
	struct bench bench;

	(void)state;
	bench_open(&bench, "nonsense");
	assert_true(picture_start(bench.picture));
	run(&bench, 5000);
	assert_int_equal(bench.died, 1);
	/* It had nothing to show, so there is nothing to wipe. */
	assert_int_equal(bench.wiped, 0);
	bench_close(&bench);
}

static void test_deaf_child_is_killed(void **state)
{
	struct bench bench;

	(void)state;
	bench_open(&bench, "deaf");
	assert_true(picture_start(bench.picture));
	run(&bench, 5000);
	picture_sealed(bench.picture, "sealed", 6);
	picture_flush(bench.picture);
	picture_end(bench.picture);
	run(&bench, 5000);
	assert_false(bench.timed_out);
	assert_int_equal(bench.died, 1);
	assert_int_equal(bench.wiped, 1);
	bench_close(&bench);
}

static void test_way_out_is_short(void **state)
{
	struct clock clock = clock_start(0);
	struct bench bench;
	int64_t before;

	(void)state;
	bench_open(&bench, "deaf");
	assert_true(picture_start(bench.picture));
	run(&bench, 5000);
	before = clock_now(&clock).elapsed_ms;
	picture_stop(bench.picture);
	assert_true(clock_now(&clock).elapsed_ms - before < 900);
	assert_int_equal(bench.died, 0);
	bench_close(&bench);
}

static void test_program_that_is_not_there(void **state)
{
	struct bench bench = {.loop = loop_new()};

	(void)state;
	bench.picture = picture_new(bench.loop, "/nonexistent/tillsyn-picture", &handler, &bench);
	if (picture_start(bench.picture))
		run(&bench, 5000);
	assert_int_equal(bench.keys, 0);
	bench_close(&bench);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_one_look),
		cmocka_unit_test(test_hidden_and_drawn_again),
		cmocka_unit_test(test_nonsense_ends_it),
		cmocka_unit_test(test_deaf_child_is_killed),
		cmocka_unit_test(test_way_out_is_short),
		cmocka_unit_test(test_program_that_is_not_there),
	};
	const char *how = getenv(CHILD);

	if (how != NULL)
		return child(how);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
