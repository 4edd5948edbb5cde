/* Drawings stay in their place, use what the terminal has, show the picture, and are blanked whole. */
#include "picture/draw.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "picture/sixel.h"

static const struct viewer_place place = {.tty = "/dev/pts/0", .mode = VIEWER_SYMBOLS, .row = 3, .column = 5,
                                          .rows = 12, .columns = 40, .cell_width = 10, .cell_height = 20,
                                          .colours = 16777216, .utf8 = true};

/* Greys from one level to the next, at most. */
#define LEVEL_APART 8

/* A slanted ramp with an edge: every level occurs, and runs break. */
static struct grey make_grey(const struct viewer_place *where, int32_t width, int32_t height)
{
	struct grey grey;
	struct fit fit;

	assert_int_equal(draw_fit(where, &fit), ERR_OK);
	fit_size(&fit, width, height, &grey.width, &grey.height);
	grey.data = malloc((size_t)grey.width * (size_t)grey.height);
	assert_non_null(grey.data);
	for (int32_t y = 0; y < grey.height; y++)
		for (int32_t x = 0; x < grey.width; x++)
			grey.data[y * grey.width + x] = (uint8_t)(x > grey.width / 2 ? x + y : (x * 255 / grey.width) ^ y);
	return grey;
}

static struct buf make_drawing(const struct viewer_place *where, const struct grey *grey)
{
	struct buf out = buf_new(DRAW_BYTES_MAX);

	assert_int_equal(draw(where, grey, &out), ERR_OK);
	return out;
}

/* The rows (from 0, on the screen) that cursor movements name, as a bit set; every column must be in the place. */
static uint64_t rows_named(const struct viewer_place *where, const struct buf *out)
{
	uint64_t rows = 0;
	const char *text = (const char *)out->data;
	int row, column, end;

	for (const char *at = text; (at = strstr(at, "\033[")) != NULL; at += 2) {
		end = 0;
		if (sscanf(at, "\033[%d;%dH%n", &row, &column, &end) != 2 || end == 0)
			continue;
		assert_in_range(row - 1, where->row, where->row + where->rows - 1);
		assert_in_range(column - 1, where->column, where->column + where->columns - 1);
		rows |= (uint64_t)1 << (row - 1);
	}
	return rows;
}

static void assert_stays_in_place(const struct viewer_place *where, const struct buf *out)
{
	uint64_t spare = (uint64_t)1 << (where->row + where->rows - 1);

	assert_memory_equal(out->data, "\0337", 2);
	assert_memory_equal(out->data + out->len - 2, "\0338", 2);
	assert_null(memchr(out->data, '\n', out->len));
	assert_null(memchr(out->data, '\0', out->len));
	assert_int_equal(rows_named(where, out) & spare, 0);
	assert_int_not_equal(rows_named(where, out), 0);
}

/* Printable cells of a symbols drawing, escape sequences skipped; UTF-8 counts once. */
static size_t cells(const struct buf *out)
{
	size_t n = 0;

	for (size_t i = 0; i < out->len; i++) {
		if (out->data[i] == 0x1b && out->data[i + 1] == '[') {
			for (i += 2; out->data[i] < 0x40; i++)
				;
		} else if (out->data[i] == 0x1b) {
			i++;
		} else if ((out->data[i] & 0xc0) != 0x80) {
			n++;
		}
	}
	return n;
}

static void symbols_suit_every_terminal(void **state)
{
	static const int32_t colours[] = {16777216, 256, 16, 8, 2};

	(void)state;
	for (size_t i = 0; i < 2 * sizeof colours / sizeof colours[0]; i++) {
		struct viewer_place where = place;
		struct grey grey;
		struct buf out;

		where.colours = colours[i / 2];
		where.utf8 = i % 2 == 0;
		grey = make_grey(&where, 640, 480);
		out = make_drawing(&where, &grey);
		assert_stays_in_place(&where, &out);
		/* 11 rows of 20 pixels are 293 pixels wide at 4:3: 29 cells. */
		assert_in_range(cells(&out), 29 * 11 - 11, 30 * 11);
		for (size_t k = 0; !where.utf8 && k < out.len; k++)
			assert_in_range(out.data[k], 0x1b, 0x7e);
		if (colours[i / 2] != 16777216)
			assert_null(strstr((const char *)out.data, "38;2;"));
		if (colours[i / 2] < 256)
			assert_null(strstr((const char *)out.data, "38;5;"));
		if (colours[i / 2] == 2)
			assert_null(strstr((const char *)out.data, "\033[3"));
		buf_free(&out);
		free(grey.data);
	}
}

/* What is painted in one cell of the screen: the attributes last set, and the symbol; "" when nothing is. */
static void painted(const struct buf *out, int wanted_row, int wanted_column, char cell[64])
{
	char attributes[48] = "";
	int row = 0, column = 0;

	cell[0] = '\0';
	for (size_t i = 0; i < out->len; i++) {
		const char *at = (const char *)out->data + i;
		int end = 0, to_row, to_column;

		if (at[0] == '\033' && at[1] == '[') {
			if (sscanf(at, "\033[%d;%dH%n", &to_row, &to_column, &end) == 2 && end > 0) {
				row = to_row;
				column = to_column;
			} else {
				sscanf(at, "\033[%47[0-9;]m%n", attributes, &end);
			}
			/* Anything else (repetition, skipping) not every terminal knows. */
			assert_int_not_equal(end, 0);
			i += (size_t)end - 1;
		} else if (at[0] == '\033') {
			i++;
		} else if ((at[0] & 0xc0) != 0x80) {
			if (row - 1 == wanted_row && column - 1 == wanted_column)
				snprintf(cell, 64, "%s %.*s", attributes, at[0] & 0x80 ? 3 : 1, at);
			column++;
		}
	}
}

/* A face that becomes the same grey as its pillow is a person who is not seen. */
static void a_face_is_not_its_pillow(void **state)
{
	static const int32_t colours[] = {16777216, 256, 16, 8, 2};

	(void)state;
	for (size_t i = 0; i < 2 * sizeof colours / sizeof colours[0]; i++) {
		struct viewer_place where = place;
		struct grey grey;
		struct buf out;
		char face[64], pillow[64], floor[64];

		where.colours = colours[i / 2];
		where.utf8 = i % 2 == 0;
		grey = make_grey(&where, 640, 480);
		/* Columns, dark: the floor; light: the pillow; between: the face. */
		for (int32_t k = 0; k < grey.width * grey.height; k++)
			grey.data[k] = (uint8_t)(k % grey.width * 3 / grey.width == 0   ? 30
			                         : k % grey.width * 3 / grey.width == 1 ? 150
			                                                                : 240);
		out = make_drawing(&where, &grey);
		painted(&out, where.row + 5, where.column + 8, floor);
		painted(&out, where.row + 5, where.column + 20, face);
		painted(&out, where.row + 5, where.column + 31, pillow);
		assert_string_not_equal(face, "");
		assert_string_not_equal(face, pillow);
		assert_string_not_equal(face, floor);
		assert_string_not_equal(pillow, floor);
		buf_free(&out);
		free(grey.data);
	}
}

static void sixel_shows_every_pixel(void **state)
{
	static const int sizes[][2] = {{640, 480}, {480, 640}, {1920, 1080}, {64, 50}};
	struct viewer_place where = place;

	(void)state;
	where.mode = VIEWER_SIXEL;
	for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
		struct grey grey = make_grey(&where, sizes[i][0], sizes[i][1]);
		struct buf out = make_drawing(&where, &grey);
		struct screen screen = read_sixel(&out);

		assert_stays_in_place(&where, &out);
		assert_int_equal(screen.width, grey.width);
		assert_int_equal(screen.height, grey.height);
		/* One of the two levels that it lies between. */
		for (int32_t k = 0; k < grey.width * grey.height; k++)
			assert_in_range(screen.grey[k] + LEVEL_APART, grey.data[k], grey.data[k] + 2 * LEVEL_APART);
		free(screen.grey);
		buf_free(&out);
		free(grey.data);
	}
}

/* Bands are six rows and columns go eight at a time: a picture may end anywhere in either. */
static void sixel_ends_at_any_pixel(void **state)
{
	struct viewer_place where = place;
	uint32_t random = 1;

	(void)state;
	where.mode = VIEWER_SIXEL;
	for (int32_t i = 0; i < 20 * 14; i++) {
		struct grey grey = {.width = i % 20 + 1, .height = i / 20 + 1};
		int32_t n = grey.width * grey.height;
		struct screen screen;
		struct buf out;

		grey.data = malloc((size_t)n);
		assert_non_null(grey.data);
		for (int32_t k = 0; k < n; k++)
			grey.data[k] = (uint8_t)((random = random * 1664525 + 1013904223) >> 24);
		out = make_drawing(&where, &grey);
		screen = read_sixel(&out);
		assert_int_equal(screen.width, grey.width);
		assert_int_equal(screen.height, grey.height);
		for (int32_t k = 0; k < n; k++)
			assert_in_range(screen.grey[k] + LEVEL_APART, grey.data[k], grey.data[k] + 2 * LEVEL_APART);
		free(screen.grey);
		buf_free(&out);
		free(grey.data);
	}
}

/* A room: dark on the left, light on the right, and a sensor's noise on all of it. */
static struct grey make_room(const struct viewer_place *where, int noise)
{
	struct grey grey = make_grey(where, 640, 480);
	uint32_t random = 1;

	for (int32_t k = 0; k < grey.width * grey.height; k++) {
		random = random * 1664525 + 1013904223;
		grey.data[k] = (uint8_t)(60 + k % grey.width * 120 / grey.width + (int)(random >> 24) * noise / 256);
	}
	return grey;
}

/* 1 Mbit/s for a second; a terminal that is large, and a night that is dark. */
static void a_noisy_picture_suits_a_slow_line(void **state)
{
	static const enum viewer_mode graphics[] = {VIEWER_SIXEL, VIEWER_KITTY, VIEWER_ITERM};
	struct viewer_place where = place;

	(void)state;
	where.rows = 49;
	where.columns = 160;
	where.picture_width = where.picture_height = 2000;
	for (size_t i = 0; i < sizeof graphics / sizeof graphics[0]; i++) {
		struct grey grey;
		struct buf out;

		where.mode = graphics[i];
		grey = make_room(&where, 40);
		out = make_drawing(&where, &grey);
		assert_in_range(out.len, 10000, 110000);
		assert_stays_in_place(&where, &out);
		assert_true(grey.data[grey.width / 10] + 60 < grey.data[grey.width * 9 / 10]);
		buf_free(&out);
		free(grey.data);
	}
}

/* What a line carries as it is is shown as it is. */
static void a_quiet_picture_is_not_smoothed(void **state)
{
	struct viewer_place where = place;
	struct grey grey, again;
	struct buf out;

	(void)state;
	where.mode = VIEWER_SIXEL;
	grey = make_room(&where, 20);
	again = make_room(&where, 20);
	out = make_drawing(&where, &grey);
	assert_memory_equal(grey.data, again.data, (size_t)grey.width * (size_t)grey.height);
	buf_free(&out);
	free(grey.data);
	free(again.data);
}

static void sixel_is_no_larger_than_the_terminal_takes(void **state)
{
	struct viewer_place where = place;
	struct fit fit;

	(void)state;
	where.mode = VIEWER_SIXEL;
	where.rows = 100;
	where.columns = 300;
	assert_int_equal(draw_fit(&where, &fit), ERR_OK);
	assert_in_range(fit.width, 1, 1000);
	assert_in_range(fit.height, 1, 1000);
	where.picture_width = 800;
	where.picture_height = 600;
	assert_int_equal(draw_fit(&where, &fit), ERR_OK);
	assert_int_equal(fit.width, 800);
	assert_int_equal(fit.height, 600);
	where.picture_width = where.picture_height = 65535;
	where.rows = where.columns = 4096;
	assert_int_equal(draw_fit(&where, &fit), ERR_OK);
	assert_true((int64_t)fit.width * fit.height <= DRAW_PIXELS_MAX);
	assert_true(fit.width > 0 && fit.height > 0);
}

static void what_cannot_be_drawn_is_said(void **state)
{
	struct viewer_place where = place;
	struct fit fit;

	(void)state;
	where.mode = VIEWER_SIXEL;
	where.cell_width = 0;
	assert_int_equal(draw_fit(&where, &fit), ERR_UNSUPPORTED);
	where.mode = VIEWER_KITTY;
	assert_int_equal(draw_fit(&where, &fit), ERR_UNSUPPORTED);
	where = place;
	where.rows = 3;
	assert_int_equal(draw_fit(&where, &fit), ERR_LIMIT);
	where = place;
	where.rows = where.columns = 4096;
	assert_int_equal(draw_fit(&where, &fit), ERR_OK);
	assert_true((int64_t)fit.width * fit.height <= DRAW_PIXELS_MAX);
}

static void blanking_covers_the_place_and_no_more(void **state)
{
	struct buf out = buf_new(DRAW_BYTES_MAX);
	uint64_t all = (((uint64_t)1 << place.rows) - 1) << place.row;
	size_t spaces = 0;

	(void)state;
	assert_int_equal(draw_blank(&place, &out), ERR_OK);
	assert_memory_equal(out.data, "\033\\", 2);
	assert_int_equal(rows_named(&place, &out), all);
	for (size_t i = 0; i < out.len; i++)
		spaces += out.data[i] == ' ';
	assert_int_equal(spaces, place.rows * place.columns);
	buf_free(&out);
}

static struct grey plain_grey(uint8_t *pixels, size_t n, int level, int noise)
{
	for (size_t i = 0; i < n; i++)
		pixels[i] = (uint8_t)(level + (int)(i * 7 % 13) * noise / 12);
	return (struct grey){.data = pixels, .width = (int32_t)n / 100, .height = 100};
}

static void useless_pictures_are_known(void **state)
{
	static uint8_t pixels[200 * 100];
	struct grey grey = plain_grey(pixels, sizeof pixels, 0, 8);

	(void)state;
	assert_int_equal(grey_judge(&grey), CONTENT_BLACK);
	grey = plain_grey(pixels, sizeof pixels, 120, 6);
	assert_int_equal(grey_judge(&grey), CONTENT_FLAT);
	grey = plain_grey(pixels, sizeof pixels, 255, 0);
	assert_int_equal(grey_judge(&grey), CONTENT_FLAT);
	/* A dim room, with something in a twentieth of it. */
	grey = plain_grey(pixels, sizeof pixels, 10, 6);
	memset(pixels, 60, sizeof pixels / 20);
	assert_int_equal(grey_judge(&grey), CONTENT_GOOD);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(symbols_suit_every_terminal),
		cmocka_unit_test(a_face_is_not_its_pillow),
		cmocka_unit_test(sixel_shows_every_pixel),
		cmocka_unit_test(sixel_ends_at_any_pixel),
		cmocka_unit_test(a_noisy_picture_suits_a_slow_line),
		cmocka_unit_test(a_quiet_picture_is_not_smoothed),
		cmocka_unit_test(sixel_is_no_larger_than_the_terminal_takes),
		cmocka_unit_test(what_cannot_be_drawn_is_said),
		cmocka_unit_test(blanking_covers_the_place_and_no_more),
		cmocka_unit_test(useless_pictures_are_known),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
