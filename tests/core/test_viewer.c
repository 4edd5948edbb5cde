/* The viewer's frames: what one end says the other understands, and hostile bytes end the conversation. */
#include "core/viewer.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct viewer_frame only_frame(const struct buf *buf)
{
	struct viewer_frame frame;
	size_t size;

	assert_int_equal(viewer_next(buf->data, buf->len, &frame, &size), ERR_OK);
	assert_int_equal(size, buf->len);
	return frame;
}

static const struct viewer_expect expect = {.look = 9, .camera = "cam-1", .nonce = {1, 2, 3},
                                            .device_key = {4, 5}, .fresh_ms = 20000, .view_ms = 30000};
static const struct viewer_place place = {.tty = "/dev/pts/3", .mode = VIEWER_SIXEL, .row = 3, .column = 1,
                                          .rows = 18, .columns = 78, .cell_width = 10, .cell_height = 20,
                                          .colours = 256, .utf8 = true};

static void both_ends_agree(void **state)
{
	struct buf buf = buf_new(SNAPSHOT_MAX_BYTES + 64);
	struct viewer_frame frame;
	struct viewer_expect got_expect;
	struct viewer_place got_place;
	uint8_t key[KEY_BYTES] = {7}, got_key[KEY_BYTES];
	int64_t ms;
	const struct viewer_standing standing = {1760000000000, VIEWER_KITTY, 500, 375, 640, 480};
	struct viewer_standing got_standing;
	enum viewer_fault fault;
	char words[REASON_MAX_BYTES];

	(void)state;
	assert_int_equal(viewer_put_key(&buf, key), ERR_OK);
	frame = only_frame(&buf);
	assert_int_equal(viewer_get_key(&frame, got_key), ERR_OK);
	assert_memory_equal(key, got_key, KEY_BYTES);
	buf_free(&buf);

	assert_int_equal(viewer_put_expect(&buf, &expect), ERR_OK);
	frame = only_frame(&buf);
	assert_int_equal(viewer_get_expect(&frame, &got_expect), ERR_OK);
	assert_int_equal(got_expect.look, 9);
	assert_string_equal(got_expect.camera, "cam-1");
	assert_memory_equal(got_expect.nonce, expect.nonce, NONCE_BYTES);
	assert_int_equal(got_expect.view_ms, 30000);
	buf_free(&buf);

	assert_int_equal(viewer_put_place(&buf, &place), ERR_OK);
	frame = only_frame(&buf);
	assert_int_equal(viewer_get_place(&frame, &got_place), ERR_OK);
	assert_string_equal(got_place.tty, "/dev/pts/3");
	assert_int_equal(got_place.mode, VIEWER_SIXEL);
	assert_int_equal(got_place.rows, 18);
	assert_int_equal(got_place.colours, 256);
	assert_true(got_place.utf8);
	buf_free(&buf);

	assert_int_equal(viewer_put_sealed(&buf, "abc", 3), ERR_OK);
	frame = only_frame(&buf);
	assert_int_equal(frame.kind, VIEWER_SEALED);
	assert_int_equal(frame.len, 3);
	assert_memory_equal(frame.body, "abc", 3);
	buf_free(&buf);

	assert_int_equal(viewer_put_standing(&buf, &standing), ERR_OK);
	frame = only_frame(&buf);
	assert_int_equal(viewer_get_standing(&frame, &got_standing), ERR_OK);
	assert_int_equal(got_standing.taken_utc_ms, 1760000000000);
	assert_int_equal(got_standing.mode, VIEWER_KITTY);
	assert_int_equal(got_standing.drawn_width, 500);
	assert_int_equal(got_standing.drawn_height, 375);
	assert_int_equal(got_standing.width, 640);
	assert_int_equal(got_standing.height, 480);
	buf_free(&buf);

	assert_int_equal(viewer_put_fault(&buf, VIEWER_FAULT_CONTENT, "the picture is black"), ERR_OK);
	frame = only_frame(&buf);
	assert_int_equal(viewer_get_fault(&frame, &fault, words), ERR_OK);
	assert_int_equal(fault, VIEWER_FAULT_CONTENT);
	assert_string_equal(words, "the picture is black");
	buf_free(&buf);

	assert_int_equal(viewer_put_end(&buf), ERR_OK);
	frame = only_frame(&buf);
	assert_int_equal(frame.kind, VIEWER_END);
	assert_int_equal(frame.len, 0);
	buf_free(&buf);

	assert_int_equal(viewer_put_hide(&buf), ERR_OK);
	assert_int_equal(only_frame(&buf).kind, VIEWER_HIDE);
	buf_free(&buf);

	assert_int_equal(viewer_put_hidden(&buf), ERR_OK);
	assert_int_equal(only_frame(&buf).kind, VIEWER_HIDDEN);
	buf_free(&buf);

	assert_int_equal(viewer_put_gone(&buf, 12345), ERR_OK);
	frame = only_frame(&buf);
	assert_int_equal(viewer_get_gone(&frame, &ms), ERR_OK);
	assert_int_equal(ms, 12345);
	buf_free(&buf);
}

static void frames_come_in_pieces(void **state)
{
	struct buf buf = buf_new(4096);
	struct viewer_frame frame;
	size_t size, first;

	(void)state;
	assert_int_equal(viewer_put_expect(&buf, &expect), ERR_OK);
	first = buf.len;
	assert_int_equal(viewer_put_end(&buf), ERR_OK);
	for (size_t len = 0; len < first; len++) {
		uint8_t *piece = malloc(len + 1);

		assert_non_null(piece);
		memcpy(piece, buf.data, len);
		assert_int_equal(viewer_next(piece, len, &frame, &size), ERR_OK);
		assert_int_equal(size, 0);
		free(piece);
	}
	assert_int_equal(viewer_next(buf.data, buf.len, &frame, &size), ERR_OK);
	assert_int_equal(size, first);
	buf_drop(&buf, size);
	assert_int_equal(only_frame(&buf).kind, VIEWER_END);
	buf_free(&buf);
}

static void hostile_heads_are_refused(void **state)
{
	static const struct {
		uint8_t head[5];
		enum err want;
	} rows[] = {
		{{0, 0, 0, 0, VIEWER_END}, ERR_PARSE},               /* no room for its own kind */
		{{0, 0, 0, 1, 0}, ERR_PARSE},                        /* no such kind */
		{{0, 0, 0, 1, VIEWER_KINDS}, ERR_PARSE},
		{{0xff, 0xff, 0xff, 0xff, VIEWER_SEALED}, ERR_LIMIT},
		{{0x00, 0x40, 0x04, 0x02, VIEWER_SEALED}, ERR_LIMIT}, /* one byte more than a snapshot */
		{{0x00, 0x00, 0x10, 0x00, VIEWER_FAULT}, ERR_LIMIT},  /* only a snapshot is large */
		{{0x00, 0x40, 0x04, 0x01, VIEWER_SEALED}, ERR_OK},    /* the largest snapshot: wait for it */
	};
	struct viewer_frame frame;
	size_t size;

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		assert_int_equal(viewer_next(rows[i].head, 5, &frame, &size), rows[i].want);
		assert_int_equal(size, 0);
	}
}

/* Every shorter and every longer body, and every kind but its own, is refused. */
static void wrong_bodies_are_refused(void **state)
{
	struct buf buf = buf_new(4096);
	struct viewer_expect got_expect;
	struct viewer_place got_place;
	struct viewer_frame frame;
	uint8_t body[512] = {0};
	size_t len;

	(void)state;
	assert_int_equal(viewer_put_place(&buf, &place), ERR_OK);
	frame = only_frame(&buf);
	len = frame.len;
	memcpy(body, frame.body, len);
	frame.body = body;
	for (frame.len = 0; frame.len < len; frame.len++)
		assert_int_not_equal(viewer_get_place(&frame, &got_place), ERR_OK);
	frame.len = len + 1;
	assert_int_equal(viewer_get_place(&frame, &got_place), ERR_PARSE);
	frame.len = len;
	assert_int_equal(viewer_get_place(&frame, &got_place), ERR_OK);
	assert_int_equal(viewer_get_expect(&frame, &got_expect), ERR_WRONG_STATE);
	frame.kind = VIEWER_EXPECT;
	assert_int_not_equal(viewer_get_expect(&frame, &got_expect), ERR_OK);
	buf_free(&buf);
}

static enum err place_result(struct viewer_place changed)
{
	struct buf buf = buf_new(4096);
	struct viewer_place got;
	struct viewer_frame frame;
	enum err r;

	assert_int_equal(viewer_put_place(&buf, &changed), ERR_OK);
	frame = only_frame(&buf);
	r = viewer_get_place(&frame, &got);
	buf_free(&buf);
	return r;
}

static void every_number_of_colours_that_a_terminal_has(void **state)
{
	static const int32_t colours[] = {2, 8, 16, 256, 16777216};
	struct viewer_place changed = place;

	(void)state;
	for (size_t i = 0; i < sizeof colours / sizeof colours[0]; i++) {
		changed.colours = colours[i];
		assert_int_equal(place_result(changed), ERR_OK);
		changed.colours = colours[i] + 1;
		assert_int_equal(place_result(changed), ERR_PARSE);
	}
}

static void impossible_places_are_refused(void **state)
{
	struct viewer_place changed;

	(void)state;
	assert_int_equal(place_result(place), ERR_OK);
	changed = place, changed.rows = 0;
	assert_int_equal(place_result(changed), ERR_PARSE);
	changed = place, changed.columns = 1 << 20;
	assert_int_equal(place_result(changed), ERR_PARSE);
	changed = place, changed.row = -1;
	assert_int_equal(place_result(changed), ERR_PARSE);
	changed = place, changed.cell_width = 100000;
	assert_int_equal(place_result(changed), ERR_PARSE);
	changed = place, changed.colours = 17;
	assert_int_equal(place_result(changed), ERR_PARSE);
	changed = place, changed.mode = (enum viewer_mode)7;
	assert_int_equal(place_result(changed), ERR_PARSE);
	changed = place, memcpy(changed.tty, "pts/3", 6);
	assert_int_equal(place_result(changed), ERR_PARSE);
}

static void limits_of_a_look_are_bounded(void **state)
{
	static const struct {
		int64_t look, fresh_ms, view_ms;
		const char *camera;
	} rows[] = {
		{0, 20000, 30000, "cam-1"},
		{1, 0, 30000, "cam-1"},
		{1, 20000, 0, "cam-1"},
		{1, 20000, INT64_MAX, "cam-1"},
		{1, 20000, 30000, "../cam"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct buf buf = buf_new(4096);
		struct viewer_expect changed = expect, got;
		struct viewer_frame frame;

		changed.look = rows[i].look;
		changed.fresh_ms = rows[i].fresh_ms;
		changed.view_ms = rows[i].view_ms;
		memcpy(changed.camera, rows[i].camera, strlen(rows[i].camera) + 1);
		assert_int_equal(viewer_put_expect(&buf, &changed), ERR_OK);
		frame = only_frame(&buf);
		assert_int_equal(viewer_get_expect(&frame, &got), ERR_PARSE);
		buf_free(&buf);
	}
}

/* What stands on the screen is told by the process that decodes foreign bytes: no number of it is believed. */
static void a_standing_that_cannot_be_is_refused(void **state)
{
	static const struct viewer_standing good = {1760000000000, VIEWER_SIXEL, 500, 375, 640, 480};
	static const struct viewer_standing bad[] = {
		{-1, VIEWER_SIXEL, 500, 375, 640, 480},
		{1760000000000, (enum viewer_mode)(VIEWER_ITERM + 1), 500, 375, 640, 480},
		{1760000000000, VIEWER_SIXEL, 0, 375, 640, 480},
		{1760000000000, VIEWER_SIXEL, 500, 65536, 640, 480},
		{1760000000000, VIEWER_SIXEL, 500, 375, 640, JPEG_SIDE_MAX + 1},
	};
	struct buf buf = buf_new(4096);
	struct viewer_standing got;
	struct viewer_frame frame;

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		assert_int_equal(viewer_put_standing(&buf, &bad[i]), ERR_OK);
		frame = only_frame(&buf);
		assert_int_equal(viewer_get_standing(&frame, &got), ERR_PARSE);
		assert_int_equal(got.mode, VIEWER_SYMBOLS);
		buf_free(&buf);
	}
	assert_int_equal(viewer_put_standing(&buf, &good), ERR_OK);
	frame = only_frame(&buf);
	assert_int_equal(viewer_get_standing(&frame, &got), ERR_OK);
	for (frame.len--; frame.len > 0; frame.len--)
		assert_int_equal(viewer_get_standing(&frame, &got), ERR_PARSE);
	buf_free(&buf);
}

/* Words come from a process that decodes foreign bytes: none of them may steer the operator's terminal. */
static void words_cannot_steer_the_terminal(void **state)
{
	struct buf buf = buf_new(4096);
	struct viewer_frame frame;
	enum viewer_fault fault;
	char words[REASON_MAX_BYTES], long_words[400];
	uint8_t raw[] = {VIEWER_FAULT_JPEG, 0, 0, 0, 2, 0x1b, 'c'};

	(void)state;
	frame = (struct viewer_frame){.kind = VIEWER_FAULT, .body = raw, .len = sizeof raw};
	assert_int_equal(viewer_get_fault(&frame, &fault, words), ERR_PARSE);
	assert_string_equal(words, "");
	assert_int_equal(viewer_put_fault(&buf, VIEWER_FAULT_JPEG, "bad \x1b[2J"), ERR_OK);
	frame = only_frame(&buf);
	assert_int_equal(viewer_get_fault(&frame, &fault, words), ERR_OK);
	assert_null(strchr(words, 0x1b));
	buf_free(&buf);
	memset(long_words, 'w', sizeof long_words - 1);
	long_words[sizeof long_words - 1] = '\0';
	assert_int_equal(viewer_put_fault(&buf, VIEWER_FAULT_JPEG, long_words), ERR_OK);
	frame = only_frame(&buf);
	assert_int_equal(viewer_get_fault(&frame, &fault, words), ERR_OK);
	raw[0] = VIEWER_FAULTS;
	raw[5] = 'b';
	frame = (struct viewer_frame){.kind = VIEWER_FAULT, .body = raw, .len = sizeof raw};
	assert_int_equal(viewer_get_fault(&frame, &fault, words), ERR_PARSE);
	raw[0] = 0;
	assert_int_equal(viewer_get_fault(&frame, &fault, words), ERR_PARSE);
	raw[0] = VIEWER_FAULT_TIME;
	assert_int_equal(viewer_get_fault(&frame, &fault, words), ERR_OK);
	assert_int_equal(fault, VIEWER_FAULT_TIME);
	buf_free(&buf);
}

/* What does not fit leaves the frames before it whole. */
static void a_full_buffer_stays_whole(void **state)
{
	struct buf buf = buf_new(12);

	(void)state;
	assert_int_equal(viewer_put_end(&buf), ERR_OK);
	assert_int_equal(viewer_put_sealed(&buf, "0123456789", 10), ERR_LIMIT);
	assert_int_equal(buf.len, 5);
	assert_int_equal(only_frame(&buf).kind, VIEWER_END);
	buf_free(&buf);
}

/* A snapshot that the other end would end the conversation over is not sent. */
static void what_the_other_end_refuses_is_not_sent(void **state)
{
	struct buf buf = buf_new(SNAPSHOT_MAX_BYTES + 64);
	uint8_t *sealed = calloc(1, SNAPSHOT_MAX_BYTES + 1);

	(void)state;
	assert_non_null(sealed);
	assert_int_equal(viewer_put_sealed(&buf, sealed, SNAPSHOT_MAX_BYTES + 1), ERR_LIMIT);
	assert_int_equal(buf.len, 0);
	assert_int_equal(viewer_put_sealed(&buf, sealed, SNAPSHOT_MAX_BYTES), ERR_OK);
	assert_int_equal(only_frame(&buf).len, SNAPSHOT_MAX_BYTES);
	buf_free(&buf);
	free(sealed);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(both_ends_agree),
		cmocka_unit_test(frames_come_in_pieces),
		cmocka_unit_test(hostile_heads_are_refused),
		cmocka_unit_test(wrong_bodies_are_refused),
		cmocka_unit_test(every_number_of_colours_that_a_terminal_has),
		cmocka_unit_test(a_standing_that_cannot_be_is_refused),
		cmocka_unit_test(what_the_other_end_refuses_is_not_sent),
		cmocka_unit_test(impossible_places_are_refused),
		cmocka_unit_test(limits_of_a_look_are_bounded),
		cmocka_unit_test(words_cannot_steer_the_terminal),
		cmocka_unit_test(a_full_buffer_stays_whole),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
