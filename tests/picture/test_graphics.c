/* Pictures for kitty and iTerm2, read back as those terminals would: by their sequences, base64 and libpng. */
#include "picture/draw.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <glib.h>
#include <png.h>

static const struct viewer_place place = {.tty = "/dev/pts/0", .mode = VIEWER_KITTY, .row = 3, .column = 5,
                                          .rows = 12, .columns = 40, .cell_width = 10, .cell_height = 20,
                                          .colours = 256, .utf8 = true};

static const int sizes[][2] = {{640, 480}, {480, 640}, {1920, 1080}, {64, 50}};

enum { SIZES = sizeof sizes / sizeof *sizes };

static struct grey make_grey(const struct viewer_place *where, int32_t width, int32_t height)
{
	struct grey grey;
	struct fit fit;

	assert_int_equal(draw_fit(where, &fit), ERR_OK);
	fit_size(&fit, width, height, &grey.width, &grey.height);
	grey.data = malloc((size_t)grey.width * (size_t)grey.height);
	assert_non_null(grey.data);
	srand(7);
	for (int32_t i = 0; i < grey.width * grey.height; i++)
		grey.data[i] = (uint8_t)(i * 3 + i / grey.width + rand() % 16);
	return grey;
}

/* Base64 of a PNG, which must be that picture and nothing more. */
static void assert_is_picture(char *base64, const struct grey *grey)
{
	gsize len;
	guchar *png = g_base64_decode(base64, &len);
	png_image image = {.version = PNG_IMAGE_VERSION};
	uint8_t *pixels;

	assert_true(png_image_begin_read_from_memory(&image, png, len));
	assert_int_equal(image.width, grey->width);
	assert_int_equal(image.height, grey->height);
	assert_int_equal(image.format, PNG_FORMAT_GRAY);
	pixels = malloc(PNG_IMAGE_SIZE(image));
	assert_non_null(pixels);
	assert_true(png_image_finish_read(&image, NULL, pixels, 0, NULL));
	/* One of the two levels that it lies between. */
	for (int32_t i = 0; i < grey->width * grey->height; i++)
		assert_in_range(pixels[i] + 8, grey->data[i], grey->data[i] + 16);
	/* No time, no text: what a PNG may tell besides. */
	assert_null(memmem(png, len, "tIME", 4));
	assert_null(memmem(png, len, "tEXt", 4));
	free(pixels);
	g_free(png);
}

/* Reads "ESC 7 ESC [ row ; column H" and returns what is behind. The picture stays within the place. */
static const char *read_corner(const char *at, const struct grey *grey)
{
	int row, column, end = 0;

	assert_int_equal(sscanf(at, "\0337\033[%d;%dH%n", &row, &column, &end), 2);
	assert_int_not_equal(end, 0);
	row -= 1 + place.row;
	column -= 1 + place.column;
	assert_true(row >= 0 && row * place.cell_height + grey->height <= (place.rows - 1) * place.cell_height);
	assert_true(column >= 0 && column * place.cell_width + grey->width <= place.columns * place.cell_width);
	return at + end;
}

static void kitty_shows_every_pixel(void **state)
{
	(void)state;
	for (size_t i = 0; i < SIZES; i++) {
		struct grey grey = make_grey(&place, sizes[i][0], sizes[i][1]);
		struct buf out = buf_new(DRAW_BYTES_MAX), text = buf_new(DRAW_BYTES_MAX);
		const char *at;
		int more = 1, first = 1;

		assert_int_equal(draw(&place, &grey, &out), ERR_OK);
		assert_int_equal(buf_add(&out, "", 1), ERR_OK);
		at = read_corner((const char *)out.data, &grey);
		while (more) {
			const char *data, *end;
			char keys[128];

			assert_int_equal(sscanf(at, "\033_G%127[^;];", keys), 1);
			data = at + 3 + strlen(keys) + 1;
			end = strstr(data, "\033\\");
			assert_non_null(end);
			assert_in_range(end - data, 1, 4096);
			more = strstr(keys, "m=1") != NULL;
			/* All pieces but the last are whole groups of four. */
			assert_true(!more || (end - data) % 4 == 0);
			assert_non_null(strstr(keys, "q=2"));
			assert_true(!first || strstr(keys, "a=T,f=100,i=7412,p=1,C=1") != NULL);
			first = 0;
			assert_int_equal(buf_add(&text, data, (size_t)(end - data)), ERR_OK);
			at = end + 2;
		}
		assert_string_equal(at, "\0338");
		assert_int_equal(buf_add(&text, "", 1), ERR_OK);
		assert_is_picture((char *)text.data, &grey);
		buf_free(&text);
		buf_free(&out);
		free(grey.data);
	}
}

static void kitty_is_erased_by_its_number_first(void **state)
{
	static const char begin[] = "\033\\\033_Ga=d,d=I,i=7412,q=2\033\\";
	struct viewer_place where = place;
	struct buf out = buf_new(DRAW_BYTES_MAX);

	(void)state;
	assert_int_equal(draw_blank(&place, &out), ERR_OK);
	assert_memory_equal(out.data, begin, sizeof begin - 1);
	buf_free(&out);
	/* Where there is no such picture, the sequence could leave something behind. */
	where.mode = VIEWER_SYMBOLS;
	assert_int_equal(draw_blank(&where, &out), ERR_OK);
	assert_null(memmem(out.data, out.len, "\033_", 2));
	buf_free(&out);
}

static void iterm_shows_every_pixel(void **state)
{
	struct viewer_place where = place;

	(void)state;
	where.mode = VIEWER_ITERM;
	for (size_t i = 0; i < 2 * SIZES; i++) {
		struct grey grey;
		struct buf out = buf_new(DRAW_BYTES_MAX);
		int columns, rows, end = 0;
		char *at, *stop;

		/* Whether the size of a cell is known or not: the terminal fits it to cells. */
		where.cell_width = i % 2 == 0 ? 10 : 0;
		where.cell_height = i % 2 == 0 ? 20 : 0;
		grey = make_grey(&where, sizes[i / 2][0], sizes[i / 2][1]);
		assert_int_equal(draw(&where, &grey, &out), ERR_OK);
		assert_int_equal(buf_add(&out, "", 1), ERR_OK);
		at = (char *)(uintptr_t)read_corner((const char *)out.data, &grey);
		assert_int_equal(sscanf(at,
		                        "\033]1337;File=inline=1;width=%d;height=%d;preserveAspectRatio=1;"
		                        "doNotMoveCursor=1:%n",
		                        &columns, &rows, &end),
		                 2);
		assert_int_not_equal(end, 0);
		assert_in_range(columns, 1, where.columns);
		assert_in_range(rows, 1, where.rows - 1);
		stop = strchr(at, '\a');
		assert_non_null(stop);
		assert_string_equal(stop, "\a\0338");
		*stop = '\0';
		assert_is_picture(at + end, &grey);
		buf_free(&out);
		free(grey.data);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(kitty_shows_every_pixel),
		cmocka_unit_test(kitty_is_erased_by_its_number_first),
		cmocka_unit_test(iterm_shows_every_pixel),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
