/* Bringing a picture to another size changes neither its light nor what is thin in it, and adds nothing. */
#include "picture/grey.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define SIDE 800

/* What a source shows at a pixel. */
typedef int shade_at(int32_t x, int32_t y, int32_t line);

static int white(int32_t x, int32_t y, int32_t line)
{
	(void)x, (void)y, (void)line;
	return 255;
}

/* 128, give or take 64. */
static int noise(int32_t x, int32_t y, int32_t line)
{
	uint32_t mixed = ((uint32_t)x * 2654435761u) ^ ((uint32_t)y * 2246822519u);

	(void)line;
	mixed = (mixed ^ mixed >> 15) * 3266489917u;
	return 64 + (int)((mixed ^ mixed >> 16) % 129);
}

static int upright_line(int32_t x, int32_t y, int32_t line)
{
	(void)y;
	return x == line ? 255 : 0;
}

static int level_line(int32_t x, int32_t y, int32_t line)
{
	(void)x;
	return y == line ? 255 : 0;
}

static int edge(int32_t x, int32_t y, int32_t line)
{
	(void)y;
	return x < line ? 40 : 200;
}

/* A picture of one size brought to another; its caller frees the data. */
static struct grey brought(shade_at *shade, int32_t line, int32_t source_width, int32_t source_height,
                           int32_t width, int32_t height, int orientation)
{
	struct grey grey = {.width = width, .height = height, .data = malloc((size_t)width * (size_t)height)};
	uint8_t *row = malloc((size_t)source_width);
	struct shrink shrink;

	assert_non_null(grey.data);
	assert_non_null(row);
	memset(grey.data, 7, (size_t)width * (size_t)height);
	assert_int_equal(shrink_begin(&shrink, &grey, orientation, source_width, source_height), ERR_OK);
	for (int32_t y = 0; y < source_height; y++) {
		for (int32_t x = 0; x < source_width; x++)
			row[x] = (uint8_t)shade(x, y, line);
		shrink_row(&shrink, row);
	}
	shrink_end(&shrink);
	free(row);
	return grey;
}

static void every_pixel_gets_its_light(void **state)
{
	(void)state;
	for (int32_t i = 0; i < 20 * 20 * ORIENTATIONS; i++) {
		int32_t width = i % 20 + 1, height = i / 20 % 20 + 1;
		struct grey grey = brought(white, 0, 11, 9, width, height, i / 400 + 1);

		for (int32_t k = 0; k < width * height; k++)
			assert_in_range(grey.data[k], 254, 255);
		free(grey.data);
	}
}

/* The mean and the variance of one column, or row, of the noise. */
static void spread_of(const struct grey *grey, int32_t from, int32_t step, int32_t n, double *mean,
                      double *variance)
{
	double sum = 0, squares = 0;

	for (int32_t i = 0; i < n; i++) {
		double level = grey->data[from + i * step];

		sum += level;
		squares += level * level;
	}
	*mean = sum / n;
	*variance = squares / n - *mean * *mean;
}

/* Unequal noise from column to column is a pattern that the room does not have. */
static void noise_makes_no_stripes(void **state)
{
	static const int32_t sides[] = {480, 640, 799, 800, 1100, 1280, 1599};

	(void)state;
	for (size_t i = 0; i < sizeof sides / sizeof sides[0]; i++) {
		struct grey grey = brought(noise, 0, sides[i], sides[i], SIDE / 2, SIDE / 2, 1);
		double least = 1e9, most = 0, mean, variance;

		for (int32_t k = 0; k < SIDE; k++) {
			bool row = k >= SIDE / 2;
			int32_t at = k % (SIDE / 2);

			spread_of(&grey, row ? at * (SIDE / 2) : at, row ? 1 : SIDE / 2, SIDE / 2, &mean, &variance);
			assert_true(mean > 120 && mean < 136);
			least = variance < least ? variance : least;
			most = variance > most ? variance : most;
		}
		if (most > 2.2 * least)
			fail_msg("%d: the noise is %.0f here and %.0f there", sides[i], least, most);
		free(grey.data);
	}
}

static int light_of_row(const struct grey *grey, bool upright)
{
	int light = 0;

	if (upright)
		for (int32_t x = 0; x < grey->width; x++)
			light += grey->data[grey->height / 2 * grey->width + x];
	else
		for (int32_t y = 0; y < grey->height; y++)
			light += grey->data[y * grey->width + grey->width / 2];
	return light;
}

/* A cord, the edge of a blanket: as bright wherever it happens to lie between the pixels. */
static void a_thin_line_keeps_its_weight(void **state)
{
	(void)state;
	for (int32_t line = 10; line < 60; line++) {
		struct grey across = brought(upright_line, line, 160, 32, 100, 20, 1);
		struct grey down = brought(level_line, line, 32, 160, 20, 100, 1);

		assert_in_range(light_of_row(&across, true), 255 * 10 / 16 - 16, 255 * 10 / 16 + 16);
		assert_in_range(light_of_row(&down, false), 255 * 10 / 16 - 16, 255 * 10 / 16 + 16);
		free(across.data);
		free(down.data);
	}
}

static void enlarging_adds_nothing(void **state)
{
	struct grey grey = brought(edge, 5, 10, 10, 37, 43, 1);

	(void)state;
	for (int32_t y = 0; y < grey.height; y++) {
		const uint8_t *row = grey.data + y * grey.width;

		assert_in_range(row[0], 39, 40);
		assert_in_range(row[grey.width - 1], 199, 200);
		for (int32_t x = 1; x < grey.width; x++)
			assert_in_range(row[x], row[x - 1], row[x - 1] + 60);
		assert_memory_equal(row, grey.data, (size_t)grey.width);
	}
	free(grey.data);
}

static void the_same_size_stays_as_it_is(void **state)
{
	struct grey grey = brought(noise, 0, 50, 40, 50, 40, 1);

	(void)state;
	for (int32_t y = 0; y < grey.height; y++)
		for (int32_t x = 0; x < grey.width; x++)
			assert_int_equal(grey.data[y * grey.width + x], noise(x, y, 0));
	free(grey.data);
}

static void smoothing_takes_the_noise_and_keeps_the_light(void **state)
{
	struct grey grey = brought(noise, 0, 200, 200, 200, 200, 1);
	double mean, variance = 0, before, light;

	(void)state;
	spread_of(&grey, 0, 1, 200 * 200, &light, &before);
	for (int32_t reach = 1; reach <= 8; reach *= 2) {
		grey_smooth(&grey, reach);
		spread_of(&grey, 0, 1, 200 * 200, &mean, &variance);
		assert_true(mean > light - 1 && mean < light + 1);
		assert_true(variance < before / 2);
		before = variance;
	}
	free(grey.data);
}

static void smoothing_moves_nothing(void **state)
{
	struct grey grey = brought(edge, 30, 60, 50, 60, 50, 1);

	(void)state;
	grey_smooth(&grey, 1);
	grey_smooth(&grey, 2);
	for (int32_t y = 0; y < grey.height; y++)
		for (int32_t x = 0; x < 30; x++) {
			const uint8_t *row = grey.data + y * grey.width;

			assert_in_range(row[29 - x] + row[30 + x], 40 + 200 - 2, 40 + 200 + 2);
		}
	assert_in_range(grey.data[26], 40, 41);
	assert_in_range(grey.data[33], 199, 200);
	free(grey.data);
}

static void a_picture_smaller_than_the_reach_stays(void **state)
{
	struct grey grey = brought(noise, 0, 5, 7, 5, 7, 1);

	(void)state;
	grey_smooth(&grey, 8);
	for (int32_t i = 0; i < 35; i++)
		assert_int_equal(grey.data[i], noise(i % 5, i / 5, 0));
	free(grey.data);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_pixel_gets_its_light),
		cmocka_unit_test(noise_makes_no_stripes),
		cmocka_unit_test(a_thin_line_keeps_its_weight),
		cmocka_unit_test(enlarging_adds_nothing),
		cmocka_unit_test(the_same_size_stays_as_it_is),
		cmocka_unit_test(smoothing_takes_the_noise_and_keeps_the_light),
		cmocka_unit_test(smoothing_moves_nothing),
		cmocka_unit_test(a_picture_smaller_than_the_reach_stays),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
