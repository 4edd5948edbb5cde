/*
 * In few greys a drawing must not show what is not there: an even floor, a wall that grows darker and a
 * noisy one keep their light everywhere, whatever stands beside them, and no edge runs through them.
 */
#include "picture/draw.h"
#include "picture/png_grey.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <png.h>

#include "picture/sixel.h"

#define WIDTH 160
#define HEIGHT 96
#define BESIDE 40  /* columns of something else: above slightly lighter than the area, below darker */
#define WINDOW 16  /* pixels each way that the light is a mean of */
#define BAND 6     /* rows of a sixel, at whose ends false edges used to be */
#define WRONG 450  /* hundredths of a grey that a mean may be wrong by: half of what two levels are apart, and noise */
#define EDGE 450   /* and that two sides of a line may differ by, where nothing differs */

static uint8_t source[HEIGHT][WIDTH];
static int sum[HEIGHT + 1][WIDTH + 1]; /* of what is drawn less the source, above and to the left */

static uint8_t clamped(int grey)
{
	return (uint8_t)(grey < 0 ? 0 : grey > 255 ? 255 : grey);
}

/* A sensor's noise, nearly normal; spread is its standard deviation in greys. */
static int noise(int spread)
{
	int all = 0;

	for (int i = 0; i < 12; i++)
		all += rand() % 256;
	return (all - 12 * 255 / 2) * spread / 256;
}

/* across and down: pixels in which it grows lighter by a grey; 0: nowhere. */
static void paint_area(int grey, int across, int down, int spread)
{
	srand(1);
	for (int y = 0; y < HEIGHT; y++)
		for (int x = 0; x < WIDTH; x++) {
			int light = grey + (across != 0 ? x / across : 0) + (down != 0 ? y / down : 0);
			int beside = x >= BESIDE ? 0 : y < HEIGHT / 2 ? 6 : -6;

			source[y][x] = clamped(light + beside + noise(spread));
		}
}

static void take(int x, int y, int drawn)
{
	sum[y + 1][x + 1] = sum[y][x + 1] + sum[y + 1][x] - sum[y][x] + drawn - source[y][x];
}

static void draw_as_sixel(void)
{
	static const struct viewer_place place = {.tty = "/dev/pts/0", .mode = VIEWER_SIXEL, .rows = 12, .columns = 40,
	                                          .cell_width = 10, .cell_height = 20, .colours = 256, .utf8 = true};
	struct grey grey = {.data = source[0], .width = WIDTH, .height = HEIGHT};
	struct buf out = buf_new(DRAW_BYTES_MAX);
	struct screen screen;

	assert_int_equal(draw(&place, &grey, &out), ERR_OK);
	screen = read_sixel(&out);
	for (int y = 0; y < HEIGHT; y++)
		for (int x = 0; x < WIDTH; x++)
			take(x, y, screen.grey[y * WIDTH + x]);
	free(screen.grey);
	buf_free(&out);
}

static void draw_as_png(void)
{
	static uint8_t drawn[HEIGHT][WIDTH];
	struct grey grey = {.data = source[0], .width = WIDTH, .height = HEIGHT};
	struct buf out = buf_new(DRAW_BYTES_MAX);
	png_image image = {.version = PNG_IMAGE_VERSION};

	assert_int_equal(png_grey(&grey, &out), ERR_OK);
	assert_true(png_image_begin_read_from_memory(&image, out.data, out.len));
	assert_int_equal(PNG_IMAGE_SIZE(image), sizeof drawn);
	assert_true(png_image_finish_read(&image, NULL, drawn, 0, NULL));
	for (int y = 0; y < HEIGHT; y++)
		for (int x = 0; x < WIDTH; x++)
			take(x, y, drawn[y][x]);
	buf_free(&out);
}

/* How much lighter than the source a part of the drawing is, in hundredths of a grey. */
static int lighter(int x, int y, int width, int height)
{
	int all = sum[y + height][x + width] - sum[y][x + width] - sum[y + height][x] + sum[y][x];

	return all * 100 / (width * height);
}

static void assert_light(const char *what, int grey)
{
	for (int y = 0; y + WINDOW <= HEIGHT; y += 2)
		for (int x = BESIDE; x + WINDOW <= WIDTH; x += 2) {
			int wrong = lighter(x, y, WINDOW, WINDOW);

			if (abs(wrong) > WRONG)
				fail_msg("%s, grey %d: at %d, %d it is %d hundredths lighter", what, grey, x, y, wrong);
		}
}

/* Of long lines, along or across, one side must not be lighter than the other. */
static void assert_no_edge(const char *what, int grey)
{
	for (int y = BAND; y + BAND <= HEIGHT; y++) {
		int step = lighter(BESIDE, y - BAND, WIDTH - BESIDE, BAND) - lighter(BESIDE, y, WIDTH - BESIDE, BAND);

		if (abs(step) > EDGE)
			fail_msg("%s, grey %d: an edge of %d hundredths at row %d", what, grey, step, y);
	}
	for (int x = BESIDE + BAND; x + BAND <= WIDTH; x++) {
		int step = lighter(x - BAND, 0, BAND, HEIGHT) - lighter(x, 0, BAND, HEIGHT);

		if (abs(step) > EDGE)
			fail_msg("%s, grey %d: an edge of %d hundredths at column %d", what, grey, step, x);
	}
}

static void (*const drawings[])(void) = {draw_as_sixel, draw_as_png};
static const char *const names[] = {"sixel", "PNG"};

enum { DRAWINGS = sizeof drawings / sizeof *drawings };

static void an_even_area_is_even(void **state)
{
	(void)state;
	for (int grey = 0; grey < 256; grey++)
		for (int i = 0; i < DRAWINGS; i++) {
			paint_area(grey, 0, 0, 0);
			drawings[i]();
			assert_light(names[i], grey);
			assert_no_edge(names[i], grey);
		}
}

static void a_noisy_area_is_even(void **state)
{
	(void)state;
	for (int grey = 20; grey < 236; grey += 1)
		for (int i = 0; i < DRAWINGS; i++) {
			paint_area(grey, 0, 0, 1 + grey % 4);
			drawings[i]();
			assert_light(names[i], grey);
			assert_no_edge(names[i], grey);
		}
}

static void light_that_fades_keeps_its_place(void **state)
{
	(void)state;
	for (int grey = 20; grey < 216; grey += 3)
		for (int i = 0; i < DRAWINGS; i++) {
			paint_area(grey, grey % 2 * 8, (grey + 1) % 2 * 6, grey % 4);
			drawings[i]();
			assert_light(names[i], grey);
		}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_even_area_is_even),
		cmocka_unit_test(a_noisy_area_is_even),
		cmocka_unit_test(light_that_fades_keeps_its_place),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
