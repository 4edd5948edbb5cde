/*
 * What becomes of an opening: it is written down before the lens moves and no restart forgets it, and the
 * lens is parked again on every path (SERVICE.md P8, P13, hard cases 7, 12).
 */
#include "camera/guarded.h"

static void gives_a_picture(void **state)
{
	struct home *home = *state;
	int64_t received_ms = home->now.elapsed_ms;
	struct guard_result result;

	assert_int_equal(present(home), PERMIT_GRANTED);
	assert_null(home->verdict.fault);
	assert_int_equal(home->verdict.request.look, home->permit.look);
	result = await_result(home);
	assert_int_equal(result.cause, CAUSE_NONE);
	assert_int_equal(result.jpeg.len, PICTURE_MAX);
	assert_int_equal(result.received_ms, received_ms);
	assert_true(result.captured_ms >= received_ms + 300 && result.captured_ms < received_ms + 350);
	assert_true(result.lens_ms >= 400 && result.lens_ms < 460);
	assert_memory_equal(result.permit.nonce, home->permit.nonce, NONCE_BYTES);
	assert_closed(home);
	guard_result_wipe(home->guard, &result);
	assert_null(result.jpeg.data);
	assert_false(guard_result(home->guard, &result));
}

/* Nothing that takes time, not even the record of the picture's hash, comes between picture and parking. */
static void writes_then_opens_and_parks_before_all_else(void **state)
{
	struct home *home = *state;

	look(home);
	assert_ptr_equal(strstr(home->journal, "openings checkpoint open capture park "), home->journal);
}

/* Records. */

static void forgets_no_opening_over_a_restart(void **state)
{
	struct home *home = *state;

	look(home);
	restart(home);
	forget_journal(home);
	draw_up(home);
	assert_refused(home, PERMIT_NO_RIGHT_LEFT);
}

/* A power cut in the middle of a look: the look has been taken, and the lens is told to close. */
static void forgets_no_opening_that_a_power_cut_ended(void **state)
{
	struct home *home = *state;

	assert_int_equal(present(home), PERMIT_GRANTED);
	tick_for(home, 100);
	home->trouble.deaf_to_park = true;
	guard_free(home->guard, &home->now);
	assert_true(home->lens_open);
	home->trouble.deaf_to_park = false;
	switch_on(home);
	assert_false(home->lens_open);
	home_pass(home, MS_SECOND);
	connect(home);
	draw_up(home);
	forget_journal(home);
	assert_refused(home, PERMIT_NO_RIGHT_LEFT);
}

static void opens_nothing_that_it_cannot_write_down(void **state)
{
	struct home *home = *state;

	home->disk_full = true;
	assert_int_equal(present(home), PERMIT_GRANTED);
	assert_non_null(home->verdict.fault);
	assert_string_equal(home->journal, "");
	assert_closed(home);
	/* The permit is spent all the same; its right is not. */
	home->disk_full = false;
	assert_refused(home, PERMIT_REPLAYED);
	draw_up(home);
	look(home);
}

/* Each of the two records that come before a lens is enough to keep it shut. */
static void opens_nothing_without_either_record(void **state)
{
	static const char *const records[] = {"openings", "checkpoint"};
	struct home *home = *state;

	for (size_t i = 0; i < 2; i++) {
		home->unwritable = records[i];
		draw_up(home);
		assert_int_equal(present(home), PERMIT_GRANTED);
		assert_non_null(home->verdict.fault);
		assert_null(strstr(home->journal, "open "));
		assert_closed(home);
	}
	home->unwritable = NULL;
	draw_up(home);
	look(home);
}

static void does_not_start_on_records_that_it_cannot_read(void **state)
{
	struct home *home = *state;
	struct guard_set_up set_up = home_set_up(home);
	struct record *record;
	struct guard *guard;

	look(home);
	record = record_named(home, "openings");
	for (size_t len = record->data.len; len > 0; len--) {
		record->data.len = len - 1;
		assert_int_not_equal(guard_new(&set_up, &home->now, &guard), ERR_OK);
		assert_null(guard);
	}
}

/* A camera that gives nothing. Whatever happens, the lens is closed within its bound. */

static void bounds_the_capture(void **state)
{
	struct home *home = *state;

	home->trouble.never = true;
	assert_int_equal(present(home), PERMIT_GRANTED);
	assert_ends(home, CAUSE_CAMERA_FAULT);
	assert_closed(home);
	assert_true(home->open_longest_ms > home->policy.lens_open_ms_max / 2);
}

static void closes_after_a_fault(void **state)
{
	const enum err faults[] = {ERR_IO, ERR_LIMIT, ERR_PARSE, ERR_CLOSED};
	struct home *home = *state;

	for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
		home->trouble.capture = faults[i];
		home->now.utc_ms += MS_DAY;
		home->now.elapsed_ms += MS_DAY;
		draw_up(home);
		home->permit.night += (int32_t)i + 1;
		assert_int_equal(present(home), PERMIT_GRANTED);
		assert_ends(home, CAUSE_CAMERA_FAULT);
		assert_closed(home);
	}
}

static void takes_no_empty_picture(void **state)
{
	struct home *home = *state;

	home->trouble.picture_len = 0;
	assert_int_equal(present(home), PERMIT_GRANTED);
	assert_ends(home, CAUSE_CAMERA_FAULT);
	assert_closed(home);
}

static void calls_a_stuck_lens_a_fault_and_opens_no_more(void **state)
{
	struct home *home = *state;

	home->trouble.stuck = true;
	assert_int_equal(present(home), PERMIT_GRANTED);
	assert_ends(home, CAUSE_CAMERA_FAULT);
	assert_int_equal(guard_lens(home->guard, &home->now), LENS_UNKNOWN);
	forget_journal(home);
	draw_up(home);
	home->permit.replacement = true;
	assert_int_equal(present(home), PERMIT_GRANTED);
	assert_non_null(home->verdict.fault);
	assert_string_equal(home->journal, "");
	/* It is told to park for as long as it takes. */
	for (int i = 0; i < 3; i++) {
		forget_journal(home);
		home_pass(home, guard_tick(home->guard, &home->now) - home->now.elapsed_ms);
		guard_tick(home->guard, &home->now);
		assert_non_null(strstr(home->journal, "park"));
	}
}

static void gives_the_right_back_when_the_lens_never_moved(void **state)
{
	struct home *home = *state;

	home->trouble.refuses_open = true;
	assert_int_equal(present(home), PERMIT_GRANTED);
	assert_ends(home, CAUSE_CAMERA_FAULT);
	home->trouble.refuses_open = false;
	restart(home);
	assert_int_equal(present(home), PERMIT_OLD_CONNECTION);
	draw_up(home);
	look(home);
}

static void gives_nothing_back_of_a_camera_that_does_not_answer(void **state)
{
	struct home *home = *state;

	home->trouble.dies_at_open = true;
	assert_int_equal(present(home), PERMIT_GRANTED);
	assert_ends(home, CAUSE_CAMERA_FAULT);
	home->trouble = (struct trouble){.age_ms = -1, .picture_len = PICTURE_MAX};
	forget_journal(home);
	draw_up(home);
	assert_refused(home, PERMIT_NO_RIGHT_LEFT);
}

static void gives_nothing_back_of_a_lens_that_moved(void **state)
{
	struct home *home = *state;

	home->trouble.opens_saying_no = true;
	assert_int_equal(present(home), PERMIT_GRANTED);
	assert_ends(home, CAUSE_CAMERA_FAULT);
	assert_closed(home);
	forget_journal(home);
	draw_up(home);
	assert_refused(home, PERMIT_NO_RIGHT_LEFT);
}

/* What ends a look from outside closes the lens at the next tick, and leaves no picture. */
static void assert_cut_short(struct home *home, enum cause cause)
{
	forget_journal(home);
	assert_ends(home, cause);
	assert_int_equal(strncmp(home->journal, "park ", 5), 0);
	assert_closed(home);
}

static void closes_when_the_connection_is_lost(void **state)
{
	struct home *home = *state;

	begin(home);
	guard_connection(home->guard, NULL);
	assert_cut_short(home, CAUSE_CAMERA_LOST);
}

static void closes_when_the_agreement_is_stopped(void **state)
{
	struct home *home = *state;

	begin(home);
	assert_int_equal(guard_stop(home->guard, "a1", 1), ERR_OK);
	assert_cut_short(home, CAUSE_WITHDRAWN);
}

static void closes_when_the_agreement_changes(void **state)
{
	struct home *home = *state;

	begin(home);
	assert_int_equal(take_agreement(home, &home->administration), ERR_OK); /* the very same: no change */
	home->agreement.version = 2;
	home->agreement.withdrawn = true;
	assert_int_equal(take_agreement(home, &home->administration), ERR_OK);
	assert_cut_short(home, CAUSE_WITHDRAWN);
}

static void closes_when_the_clock_is_set(void **state)
{
	struct home *home = *state;

	begin(home);
	guard_clock_stepped(home->guard);
	assert_cut_short(home, CAUSE_CLOCK);
}

static void keeps_no_picture_when_stopped_while_it_parks(void **state)
{
	struct home *home = *state;

	assert_int_equal(present(home), PERMIT_GRANTED);
	tick_for(home, 340);
	assert_non_null(strstr(home->journal, "capture"));
	assert_int_equal(guard_stop(home->guard, "a1", 1), ERR_OK);
	assert_cut_short(home, CAUSE_WITHDRAWN);
}

static void leaves_a_look_alone_that_is_not_meant(void **state)
{
	struct home *home = *state;

	begin(home);
	assert_int_equal(guard_stop(home->guard, "a2", 9), ERR_OK);
	assert_ends(home, CAUSE_NONE);
}

static void closes_when_the_guard_ends(void **state)
{
	struct home *home = *state;

	begin(home);
	guard_free(home->guard, &home->now);
	home->guard = NULL;
	assert_false(home->lens_open);
}

static void opens_for_one_look_at_a_time(void **state)
{
	struct home *home = *state;

	begin(home);
	draw_up(home);
	home->permit.replacement = true;
	assert_int_equal(present(home), PERMIT_GRANTED);
	assert_non_null(home->verdict.fault);
	assert_int_equal(home->opens, 1);
	/* Also when the lens is parked again, until its result has been fetched. */
	for (int i = 0; i < 50; i++) {
		guard_tick(home->guard, &home->now);
		home_pass(home, 20);
	}
	assert_int_equal(guard_lens(home->guard, &home->now), LENS_PARKED);
	draw_up(home);
	home->permit.replacement = true;
	assert_int_equal(present(home), PERMIT_GRANTED);
	assert_non_null(home->verdict.fault);
	home->permit.look -= 2;
	assert_ends(home, CAUSE_NONE);
	assert_int_equal(home->opens, 1);
}

static void opens_only_a_lens_that_is_verified_parked(void **state)
{
	struct home *home = *state;

	home->trouble.silent = true;
	assert_int_equal(present(home), PERMIT_GRANTED);
	assert_non_null(home->verdict.fault);
	assert_string_equal(home->journal, "");
	assert_true(guard_is_idle(home->guard));
}

/* Yesterday's picture (SERVICE.md hard case 12). */

static void refuses_the_same_picture_twice(void **state)
{
	struct home *home = *state;

	look(home);
	restart(home);
	home->trouble.same_picture = true;
	draw_up(home);
	home->permit.replacement = true;
	assert_int_equal(present(home), PERMIT_GRANTED);
	assert_ends(home, CAUSE_STALE);
	assert_closed(home);
}

static void refuses_a_picture_from_before_the_look(void **state)
{
	struct home *home = *state;

	home->trouble.age_ms = MS_MINUTE;
	assert_int_equal(present(home), PERMIT_GRANTED);
	assert_ends(home, CAUSE_STALE);
	assert_closed(home);
	home->trouble.age_ms = 0;
	draw_up(home);
	home->permit.replacement = true;
	look(home);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		GUARDED(gives_a_picture),
		GUARDED(writes_then_opens_and_parks_before_all_else),
		GUARDED(forgets_no_opening_over_a_restart),
		GUARDED(forgets_no_opening_that_a_power_cut_ended),
		GUARDED(opens_nothing_that_it_cannot_write_down),
		GUARDED(opens_nothing_without_either_record),
		GUARDED(does_not_start_on_records_that_it_cannot_read),
		GUARDED(bounds_the_capture),
		GUARDED(closes_after_a_fault),
		GUARDED(takes_no_empty_picture),
		GUARDED(calls_a_stuck_lens_a_fault_and_opens_no_more),
		GUARDED(gives_the_right_back_when_the_lens_never_moved),
		GUARDED(gives_nothing_back_of_a_camera_that_does_not_answer),
		GUARDED(gives_nothing_back_of_a_lens_that_moved),
		GUARDED(closes_when_the_connection_is_lost),
		GUARDED(closes_when_the_agreement_is_stopped),
		GUARDED(closes_when_the_agreement_changes),
		GUARDED(closes_when_the_clock_is_set),
		GUARDED(keeps_no_picture_when_stopped_while_it_parks),
		GUARDED(leaves_a_look_alone_that_is_not_meant),
		GUARDED(closes_when_the_guard_ends),
		GUARDED(opens_for_one_look_at_a_time),
		GUARDED(opens_only_a_lens_that_is_verified_parked),
		GUARDED(refuses_the_same_picture_twice),
		GUARDED(refuses_a_picture_from_before_the_look),
	};

	return cmocka_run_group_tests_name("opening", tests, NULL, NULL);
}
