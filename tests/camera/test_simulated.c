/*
 * The simulated camera's scenes, seen as an operator would (each is what its name says, and no two are
 * alike), its ways to fail, and what the lens guard makes of them.
 */
#include "camera/home.h"

#include "camera/room.h"

#include <stdio.h>

#include <jpeglib.h>

#define HOME_SEED 5
#define PIXELS (ROOM_WIDTH * ROOM_HEIGHT)

enum { ASLEEP, EMPTY, FLOOR, OTHER, COUPLE, COUPLE_ONE, COVERED, BLACK, SCENES };

static const char *const names[SCENES] = {
	[ASLEEP] = "asleep", [EMPTY] = "empty", [FLOOR] = "floor", [OTHER] = "other",
	[COUPLE] = "couple", [COUPLE_ONE] = "couple-one", [COVERED] = "covered", [BLACK] = "black",
};

/* Every scene once, drawn before the first test. */
struct album {
	uint8_t pixels[SCENES][PIXELS];
};

static struct now start(void)
{
	return (struct now){.utc_ms = SLOT_MS, .elapsed_ms = MS_HOUR, .boot_id = 1};
}

static struct driver camera(const char *script)
{
	struct driver driver;

	assert_int_equal(driver_simulated(&driver, script, HOME_SEED), ERR_OK);
	return driver;
}

static enum lens lens(const struct driver *driver, const struct now *now)
{
	return driver->lens(driver->impl, now);
}

static void pass(struct now *now, int64_t ms)
{
	now->utc_ms += ms;
	now->elapsed_ms += ms;
}

/* Told to park, it gets there, and never says so before. */
static void await_parked(const struct driver *driver, struct now *now)
{
	int64_t until_ms = now->elapsed_ms + MS_SECOND;

	assert_int_equal(lens(driver, now), LENS_OPEN);
	while (lens(driver, now) != LENS_PARKED) {
		assert_true(now->elapsed_ms < until_ms);
		pass(now, 20);
		/* Being told again does not make it begin anew. */
		assert_int_equal(driver->park(driver->impl, now), ERR_OK);
	}
}

/* One opening: opens, takes, parks, and waits until it is parked. */
static struct buf take(const struct driver *driver, struct now *now)
{
	struct buf jpeg = buf_new(JPEG_MAX_BYTES);

	assert_int_equal(driver->open(driver->impl, now), ERR_OK);
	assert_int_equal(lens(driver, now), LENS_OPEN);
	pass(now, 500);
	assert_int_equal(driver->capture(driver->impl, now, &jpeg), ERR_OK);
	assert_int_equal(driver->park(driver->impl, now), ERR_OK);
	await_parked(driver, now);
	return jpeg;
}

static void decode(const struct buf *data, uint8_t *pixels)
{
	struct jpeg_decompress_struct jpeg;
	struct jpeg_error_mgr errors;

	jpeg.err = jpeg_std_error(&errors); /* ends the test program on a fault */
	jpeg_create_decompress(&jpeg);
	jpeg_mem_src(&jpeg, data->data, data->len);
	assert_int_equal(jpeg_read_header(&jpeg, TRUE), JPEG_HEADER_OK);
	assert_int_equal(jpeg.num_components, 1);
	assert_int_equal(jpeg.image_width, ROOM_WIDTH);
	assert_int_equal(jpeg.image_height, ROOM_HEIGHT);
	jpeg_start_decompress(&jpeg);
	while (jpeg.output_scanline < jpeg.output_height) {
		uint8_t *row = pixels + (size_t)jpeg.output_scanline * ROOM_WIDTH;

		jpeg_read_scanlines(&jpeg, &row, 1);
	}
	jpeg_finish_decompress(&jpeg);
	assert_int_equal(errors.num_warnings, 0);
	jpeg_destroy_decompress(&jpeg);
}

static int make_album(void **state)
{
	struct album *album = calloc(1, sizeof *album);
	struct now now = start();

	assert_non_null(album);
	for (int i = 0; i < SCENES; i++) {
		struct driver driver = camera(names[i]);
		struct buf jpeg = take(&driver, &now);

		decode(&jpeg, album->pixels[i]);
		buf_free(&jpeg);
		driver.free(driver.impl);
	}
	*state = album;
	return 0;
}

static int free_album(void **state)
{
	free(*state);
	return 0;
}

struct part {
	int left, top, right, bottom;
};

static const struct part whole = {0, 0, ROOM_WIDTH, ROOM_HEIGHT};

static int mean(const uint8_t *pixels, struct part part)
{
	int64_t sum = 0, n = (int64_t)(part.right - part.left) * (part.bottom - part.top);

	for (int y = part.top; y < part.bottom; y++)
		for (int x = part.left; x < part.right; x++)
			sum += pixels[y * ROOM_WIDTH + x];
	return (int)(sum / n);
}

static int difference(const uint8_t *a, const uint8_t *b, struct part part)
{
	int64_t sum = 0, n = (int64_t)(part.right - part.left) * (part.bottom - part.top);

	for (int y = part.top; y < part.bottom; y++)
		for (int x = part.left; x < part.right; x++)
			sum += abs(a[y * ROOM_WIDTH + x] - b[y * ROOM_WIDTH + x]);
	return (int)(sum / n);
}

static int brightest(const uint8_t *pixels)
{
	int level = 0;

	for (int i = 0; i < PIXELS; i++)
		level = pixels[i] > level ? pixels[i] : level;
	return level;
}

/* Places where the light changes within a few pixels, as it does at the edge of a bed or of a face. */
static int edges(const uint8_t *pixels)
{
	int n = 0;

	for (int y = 0; y < ROOM_HEIGHT; y++)
		for (int x = 6; x < ROOM_WIDTH; x++)
			n += abs(pixels[y * ROOM_WIDTH + x] - pixels[y * ROOM_WIDTH + x - 6]) > 40;
	return n;
}

static void draws_rooms_in_the_dark(void **state)
{
	const struct album *album = *state;

	for (int i = 0; i < COVERED; i++) {
		assert_in_range(mean(album->pixels[i], whole), 40, 140);
		assert_true(brightest(album->pixels[i]) > 200);
		assert_true(edges(album->pixels[i]) > 4000);
	}
}

/* Below what a picture process takes for no light at all. */
static void draws_black_as_black(void **state)
{
	const struct album *album = *state;

	assert_true(brightest(album->pixels[BLACK]) < 16);
}

/* Bright, and nothing in it has an edge. */
static void draws_a_covered_lens_without_a_room(void **state)
{
	const struct album *album = *state;

	assert_in_range(mean(album->pixels[COVERED], whole), 60, 200);
	assert_int_equal(edges(album->pixels[COVERED]), 0);
}

static void draws_no_two_scenes_alike(void **state)
{
	const struct part bedside = {0, 300, 300, ROOM_HEIGHT}, bed = {460, 190, 860, 600};
	const struct part right_side = {950, 180, 1180, 640}, right_half = {680, 190, 980, 560};
	const struct album *album = *state;

	assert_true(difference(album->pixels[ASLEEP], album->pixels[EMPTY], bed) > 20);
	/* Somebody lies beside the bed: the brightest thing on a dark floor. */
	assert_true(mean(album->pixels[FLOOR], bedside) > mean(album->pixels[EMPTY], bedside) + 20);
	assert_true(difference(album->pixels[FLOOR], album->pixels[EMPTY], right_side) < 5);
	/* Somebody stands there, and she is in bed as before. */
	assert_true(mean(album->pixels[OTHER], right_side) > mean(album->pixels[ASLEEP], right_side) + 20);
	assert_true(difference(album->pixels[OTHER], album->pixels[ASLEEP], bed) < 15);
	/* One of two. */
	assert_true(difference(album->pixels[COUPLE], album->pixels[COUPLE_ONE], right_half) > 20);
}

static void draws_each_picture_anew_of_the_same_home(void **state)
{
	const struct album *album = *state;
	struct driver driver = camera("asleep");
	struct now now = start();
	struct buf first = take(&driver, &now), second = take(&driver, &now);
	uint8_t *pixels = malloc(PIXELS);

	assert_non_null(pixels);
	assert_true(first.len != second.len || memcmp(first.data, second.data, first.len) != 0);
	decode(&second, pixels);
	assert_true(difference(pixels, album->pixels[ASLEEP], whole) < 10);
	free(pixels);
	buf_free(&first);
	buf_free(&second);
	driver.free(driver.impl);
}

static void plays_its_script_and_repeats_the_end(void **state)
{
	struct driver driver = camera("covered,black");
	struct now now = start();
	uint8_t *pixels = malloc(PIXELS);

	(void)state;
	assert_non_null(pixels);
	for (int i = 0; i < 3; i++) {
		struct buf jpeg = take(&driver, &now);

		decode(&jpeg, pixels);
		assert_int_equal(brightest(pixels) < 16, i > 0);
		buf_free(&jpeg);
	}
	free(pixels);
	driver.free(driver.impl);
}

static void refuses_a_script_that_it_cannot_play(void **state)
{
	static const char *const wrong[] = {"", ",", "asleep,", ",asleep", "asleep,,floor", "sleep",
	                                    "asleep floor", "ASLEEP", "asleep, floor", "asleepy"};
	struct buf long_script = buf_new(4096);
	struct driver driver;

	(void)state;
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
		assert_int_equal(driver_simulated(&driver, wrong[i], 1), ERR_PARSE);
	for (int i = 0; i < 100; i++)
		assert_int_equal(buf_printf(&long_script, "%sblack", i == 0 ? "" : ","), ERR_OK);
	assert_int_equal(driver_simulated(&driver, (const char *)long_script.data, 1), ERR_LIMIT);
	buf_free(&long_script);
}

/* Neither a picture nor a reason to wait for one. */
static void assert_takes_nothing(const struct driver *driver, const struct now *now)
{
	struct buf jpeg = buf_new(JPEG_MAX_BYTES);
	enum err err = driver->capture(driver->impl, now, &jpeg);

	assert_true(err != ERR_OK && err != ERR_NOT_YET);
	assert_int_equal(jpeg.len, 0);
}

/* Not there yet, after so long. */
static void assert_waits(const struct driver *driver, struct now *now, int64_t ms)
{
	struct buf jpeg = buf_new(JPEG_MAX_BYTES);

	pass(now, ms);
	assert_int_equal(driver->capture(driver->impl, now, &jpeg), ERR_NOT_YET);
	assert_int_equal(jpeg.len, 0);
}

static void takes_with_an_open_lens_only(void **state)
{
	struct driver driver = camera("black");
	struct now now = start();
	struct buf jpeg;

	(void)state;
	assert_int_equal(lens(&driver, &now), LENS_PARKED);
	assert_takes_nothing(&driver, &now);
	assert_int_equal(driver.park(driver.impl, &now), ERR_OK);
	assert_int_equal(lens(&driver, &now), LENS_PARKED);
	assert_int_equal(driver.open(driver.impl, &now), ERR_OK);
	assert_waits(&driver, &now, 0);
	assert_int_equal(driver.park(driver.impl, &now), ERR_OK);
	assert_takes_nothing(&driver, &now);
	await_parked(&driver, &now);
	jpeg = take(&driver, &now);
	assert_int_equal(driver.age_ms(driver.impl, &now), 0);
	assert_takes_nothing(&driver, &now);
	buf_free(&jpeg);
	driver.free(driver.impl);
}

static void is_slow_or_sluggish(void **state)
{
	struct driver slow = camera("slow"), sluggish = camera("sluggish");
	struct buf jpeg = buf_new(JPEG_MAX_BYTES);
	struct now now = start();

	(void)state;
	assert_int_equal(slow.open(slow.impl, &now), ERR_OK);
	assert_int_equal(sluggish.open(sluggish.impl, &now), ERR_OK);
	assert_waits(&sluggish, &now, 1400);
	pass(&now, 200);
	assert_int_equal(sluggish.capture(sluggish.impl, &now, &jpeg), ERR_OK);
	assert_waits(&slow, &now, 10 * MS_SECOND);
	assert_int_equal(slow.park(slow.impl, &now), ERR_OK);
	await_parked(&slow, &now);
	buf_free(&jpeg);
	slow.free(slow.impl);
	sluggish.free(sluggish.impl);
}

/* In trouble it stays, saying nothing; a script that goes on brings it back by itself. */
static void assert_comes_back(const struct driver *driver, struct now *now)
{
	struct buf jpeg;

	pass(now, 5 * MS_SECOND);
	assert_int_equal(lens(driver, now), LENS_UNKNOWN);
	assert_int_not_equal(driver->park(driver->impl, now), ERR_OK);
	assert_int_equal(lens(driver, now), LENS_UNKNOWN);
	pass(now, MS_MINUTE);
	assert_int_equal(lens(driver, now), LENS_PARKED);
	jpeg = take(driver, now);
	assert_true(jpeg.len > 0);
	buf_free(&jpeg);
}

static void dies_and_comes_back(void **state)
{
	struct driver driver = camera("dead,black");
	struct now now = start();

	(void)state;
	assert_int_equal(driver.open(driver.impl, &now), ERR_IO);
	assert_takes_nothing(&driver, &now);
	assert_int_equal(lens(&driver, &now), LENS_UNKNOWN);
	assert_comes_back(&driver, &now);
	driver.free(driver.impl);
}

static void sticks_and_comes_back(void **state)
{
	struct driver driver = camera("stuck,black");
	struct buf jpeg = buf_new(JPEG_MAX_BYTES);
	struct now now = start();

	(void)state;
	assert_int_equal(driver.open(driver.impl, &now), ERR_OK);
	pass(&now, 500);
	assert_int_equal(driver.capture(driver.impl, &now, &jpeg), ERR_OK);
	(void)driver.park(driver.impl, &now);
	assert_int_equal(lens(&driver, &now), LENS_UNKNOWN);
	assert_comes_back(&driver, &now);
	buf_free(&jpeg);
	driver.free(driver.impl);
}

/* The script's last scene repeats, and so does its trouble. */
static void stays_dead_at_the_end_of_its_script(void **state)
{
	struct driver driver = camera("dead");
	struct now now = start();

	(void)state;
	assert_int_equal(driver.open(driver.impl, &now), ERR_IO);
	pass(&now, MS_DAY);
	assert_int_not_equal(driver.open(driver.impl, &now), ERR_OK);
	driver.free(driver.impl);
}

/* Yesterday's picture, again and again. */
static void freezes(void **state)
{
	struct driver driver = camera("frozen");
	struct now now = start();
	struct buf first = take(&driver, &now), second = take(&driver, &now);

	(void)state;
	assert_int_equal(first.len, second.len);
	assert_memory_equal(first.data, second.data, first.len);
	assert_true(driver.age_ms(driver.impl, &now) >= 12 * MS_HOUR);
	buf_free(&first);
	buf_free(&second);
	driver.free(driver.impl);
}

/* The first opening of a script under the lens guard: how it ends. */
static enum cause ends_as(const char *script)
{
	struct home *home = home_new();
	struct guard_set_up set_up = home_set_up(home);
	struct document agreement = agreement_document(home, &home->administration);
	struct document roster = roster_document(home, 1, "anna", &home->administration);
	struct guard_result result;
	struct guard_permit in;
	uint32_t version;
	char id[ID_MAX];

	set_up.driver = camera(script);
	assert_int_equal(guard_new(&set_up, &home->now, &home->guard), ERR_OK);
	guard_connection(home->guard, home->challenge);
	guard_hub_clock(home->guard, 0);
	assert_int_equal(guard_agreement(home->guard, agreement.bytes, agreement.len, agreement.signature,
	                                 id, &version),
	                 ERR_OK);
	assert_int_equal(guard_roster(home->guard, roster.bytes, roster.len, roster.signature, &version),
	                 ERR_OK);
	draw_up(home);
	in = signed_permit(home);
	assert_int_equal(guard_open(home->guard, &in, &home->now, &home->verdict), PERMIT_GRANTED);
	assert_null(home->verdict.fault);
	while (!guard_result(home->guard, &result)) {
		assert_true(home->now.elapsed_ms < MS_HOUR + 20 * MS_SECOND);
		home_pass(home, 20);
		guard_tick(home->guard, &home->now);
	}
	if (result.cause == CAUSE_NONE)
		assert_true(result.lens_ms <= home->policy.lens_open_ms_max);
	assert_int_equal(result.jpeg.len > 0, result.cause == CAUSE_NONE);
	guard_result_wipe(home->guard, &result);
	home_free(home);
	return result.cause;
}

static void meets_the_guard(void **state)
{
	(void)state;
	assert_int_equal(ends_as("asleep"), CAUSE_NONE);
	assert_int_equal(ends_as("sluggish"), CAUSE_NONE);
	/* A picture all the same; whether it is of any use is for the picture process and the operator. */
	assert_int_equal(ends_as("black"), CAUSE_NONE);
	assert_int_equal(ends_as("frozen"), CAUSE_STALE);
	assert_int_equal(ends_as("slow"), CAUSE_CAMERA_FAULT);
	assert_int_equal(ends_as("stuck"), CAUSE_CAMERA_FAULT);
	assert_int_equal(ends_as("dead"), CAUSE_CAMERA_FAULT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(draws_rooms_in_the_dark),
		cmocka_unit_test(draws_black_as_black),
		cmocka_unit_test(draws_a_covered_lens_without_a_room),
		cmocka_unit_test(draws_no_two_scenes_alike),
		cmocka_unit_test(draws_each_picture_anew_of_the_same_home),
		cmocka_unit_test(plays_its_script_and_repeats_the_end),
		cmocka_unit_test(refuses_a_script_that_it_cannot_play),
		cmocka_unit_test(takes_with_an_open_lens_only),
		cmocka_unit_test(is_slow_or_sluggish),
		cmocka_unit_test(dies_and_comes_back),
		cmocka_unit_test(sticks_and_comes_back),
		cmocka_unit_test(stays_dead_at_the_end_of_its_script),
		cmocka_unit_test(freezes),
		cmocka_unit_test(meets_the_guard),
	};

	return cmocka_run_group_tests_name("simulated", tests, make_album, free_album);
}
