/* Good JPEGs of every form come out right; bad ones are refused with words, never a crash, never half a picture. */
#include "picture/jpeg.h"

#include "jpeg_make.h"
#include "picture/exif.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static const struct fit room = {.width = 160, .height = 120, .step = 1, .pixel_width = 1, .pixel_height = 1};

struct result {
	enum err err;
	struct grey grey;
	int32_t width, height;
	char words[REASON_MAX_BYTES];
	uint8_t pixels[160 * 120];
};

static void decode_bytes(const uint8_t *data, size_t len, struct result *result)
{
	uint8_t *copy = malloc(len > 0 ? len : 1);

	/* A block of its own, so that the sanitiser sees a read beyond the end. */
	assert_non_null(copy);
	if (len > 0)
		memcpy(copy, data, len);
	memset(result, 0, sizeof *result);
	result->grey.data = result->pixels;
	result->err = jpeg_decode(copy, len, &room, sizeof result->pixels, &result->grey, &result->width,
	                          &result->height, result->words);
	free(copy);
	if (result->err == ERR_OK)
		assert_string_equal(result->words, "");
	else
		assert_string_not_equal(result->words, "");
}

static void decode_recipe(const struct jpeg_recipe *recipe, struct result *result)
{
	struct buf jpeg = buf_new(JPEG_MAX_BYTES);

	jpeg_make(recipe, &jpeg);
	decode_bytes(jpeg.data, jpeg.len, result);
	buf_free(&jpeg);
}

static int at(const struct grey *grey, int32_t eighth_x, int32_t eighth_y)
{
	return grey->data[grey->height * eighth_y / 8 * grey->width + grey->width * eighth_x / 8];
}

static void assert_near(int value, int wanted)
{
	assert_in_range(value, wanted - 3, wanted + 3);
}

static void assert_quadrants(const struct grey *grey, int top_left, int top_right, int bottom_left,
                             int bottom_right)
{
	assert_near(at(grey, 1, 1), top_left);
	assert_near(at(grey, 6, 1), top_right);
	assert_near(at(grey, 1, 6), bottom_left);
	assert_near(at(grey, 6, 6), bottom_right);
}

static void every_form_comes_out_grey(void **state)
{
	static const enum jpeg_kind kinds[] = {JPEG_GREY, JPEG_COLOUR, JPEG_ADOBE_CMYK, JPEG_ADOBE_YCCK,
	                                       JPEG_PLAIN_CMYK};
	struct result result;

	(void)state;
	for (size_t i = 0; i < 2 * sizeof kinds / sizeof kinds[0]; i++) {
		struct jpeg_recipe recipe = jpeg_recipe(640, 480);

		recipe.kind = kinds[i / 2];
		recipe.progressive = i % 2 == 1;
		decode_recipe(&recipe, &result);
		assert_int_equal(result.err, ERR_OK);
		assert_int_equal(result.width, 640);
		assert_int_equal(result.height, 480);
		assert_quadrants(&result.grey, 40, 100, 160, 220);
	}
}

static void every_size_fits(void **state)
{
	static const int sizes[][2] = {{16, 16}, {17, 31}, {160, 120}, {161, 121}, {1280, 720}, {3840, 2160},
	                               {64, 480}, {8192, 16}};
	struct result result;

	(void)state;
	for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
		struct jpeg_recipe recipe = jpeg_recipe(sizes[i][0], sizes[i][1]);

		decode_recipe(&recipe, &result);
		assert_int_equal(result.err, ERR_OK);
		assert_in_range(result.grey.width, 1, 160);
		assert_in_range(result.grey.height, 1, 120);
		assert_true(result.grey.width == 160 || result.grey.height == 120);
		if (result.grey.height >= 8 && sizes[i][1] > 100)
			assert_quadrants(&result.grey, 40, 100, 160, 220);
	}
}

/* EXIF 2.3 names the visual side of the stored picture's first row and first column. */
static void exif_orientations_are_honoured(void **state)
{
	static const uint8_t stored[8][4] = {
		{40, 100, 160, 220}, /* top, left */
		{100, 40, 220, 160}, /* top, right */
		{220, 160, 100, 40}, /* bottom, right */
		{160, 220, 40, 100}, /* bottom, left */
		{40, 160, 100, 220}, /* left, top */
		{100, 220, 40, 160}, /* right, top */
		{220, 100, 160, 40}, /* right, bottom */
		{160, 40, 220, 100}, /* left, bottom */
	};
	struct result result;

	(void)state;
	for (int i = 0; i < 8; i++) {
		struct jpeg_recipe recipe = jpeg_recipe(i < 4 ? 640 : 480, i < 4 ? 480 : 640);

		recipe.orientation = i + 1;
		memcpy(recipe.quadrant, stored[i], 4);
		decode_recipe(&recipe, &result);
		assert_int_equal(result.err, ERR_OK);
		assert_int_equal(result.width, 640);
		assert_int_equal(result.height, 480);
		assert_int_equal(result.grey.width, 160);
		assert_int_equal(result.grey.height, 120);
		assert_quadrants(&result.grey, 40, 100, 160, 220);
	}
}

static void hostile_exif_is_upright(void **state)
{
	static const uint8_t whole[] = {
		'E', 'x', 'i', 'f', 0, 0, 'I', 'I', 42, 0, 8, 0, 0, 0, 1, 0,
		0x12, 0x01, 3, 0, 1, 0, 0, 0, 6, 0, 0, 0, 0, 0, 0, 0,
	};
	uint8_t changed[sizeof whole];

	(void)state;
	assert_int_equal(exif_orientation(whole, sizeof whole), 6);
	for (size_t len = 0; len < 28; len++) {
		uint8_t *cut = malloc(len + 1);

		assert_non_null(cut);
		memcpy(cut, whole, len);
		assert_int_equal(exif_orientation(cut, len), 1);
		free(cut);
	}
	memcpy(changed, whole, sizeof whole);
	memset(changed + 10, 0xff, 4); /* the directory is 4 GB away */
	assert_int_equal(exif_orientation(changed, sizeof changed), 1);
	memcpy(changed, whole, sizeof whole);
	memset(changed + 14, 0xff, 2); /* 65,535 entries, of which one is there */
	changed[16] = 0;
	assert_int_equal(exif_orientation(changed, sizeof changed), 1);
	memcpy(changed, whole, sizeof whole);
	changed[24] = 9; /* no such orientation */
	assert_int_equal(exif_orientation(changed, sizeof changed), 1);
}

static void assert_refused(const struct result *result, enum err err, const char *words)
{
	assert_int_equal(result->err, err);
	assert_non_null(strstr(result->words, words));
}

static void what_is_no_jpeg_is_refused(void **state)
{
	static const uint8_t png[] = {0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n', 0, 0, 0, 13, 'I', 'H', 'D', 'R'};
	static const uint8_t zeroes[4096];
	struct result result;

	(void)state;
	decode_bytes(png, sizeof png, &result);
	assert_refused(&result, ERR_PARSE, "not a JPEG");
	decode_bytes(zeroes, sizeof zeroes, &result);
	assert_refused(&result, ERR_PARSE, "not a JPEG");
	decode_bytes(NULL, 0, &result);
	assert_refused(&result, ERR_PARSE, "empty");
}

/* A picture that is cut anywhere, its last byte included, is refused. */
static void cut_off_is_refused(void **state)
{
	struct jpeg_recipe recipe = jpeg_recipe(96, 96);
	struct buf jpeg = buf_new(JPEG_MAX_BYTES);
	struct result result;

	(void)state;
	for (int progressive = 0; progressive < 2; progressive++) {
		recipe.progressive = progressive == 1;
		jpeg_make(&recipe, &jpeg);
		for (size_t len = 0; len < jpeg.len; len++) {
			decode_bytes(jpeg.data, len, &result);
			assert_int_equal(result.err, ERR_PARSE);
		}
		decode_bytes(jpeg.data, jpeg.len, &result);
		assert_int_equal(result.err, ERR_OK);
		buf_free(&jpeg);
	}
}

/* The width and height of the first frame header, whatever its kind. */
static uint8_t *frame_size(struct buf *jpeg)
{
	for (size_t i = 2; i + 9 < jpeg->len; i += 2 + (size_t)(jpeg->data[i + 2] << 8 | jpeg->data[i + 3]))
		if (jpeg->data[i + 1] >= 0xc0 && jpeg->data[i + 1] <= 0xc2)
			return &jpeg->data[i + 5];
	fail();
	return NULL;
}

static void decode_with_size(bool progressive, uint16_t width, uint16_t height, struct result *result)
{
	struct jpeg_recipe recipe = jpeg_recipe(96, 96);
	struct buf jpeg = buf_new(JPEG_MAX_BYTES);
	uint8_t *size;

	recipe.progressive = progressive;
	recipe.kind = JPEG_COLOUR;
	jpeg_make(&recipe, &jpeg);
	size = frame_size(&jpeg);
	size[0] = (uint8_t)(height >> 8);
	size[1] = (uint8_t)height;
	size[2] = (uint8_t)(width >> 8);
	size[3] = (uint8_t)width;
	decode_bytes(jpeg.data, jpeg.len, result);
	buf_free(&jpeg);
}

static void sizes_beyond_the_limit_are_refused(void **state)
{
	struct result result;

	(void)state;
	decode_with_size(false, 30000, 30000, &result);
	assert_refused(&result, ERR_LIMIT, "30000");
	decode_with_size(true, 30000, 30000, &result);
	assert_refused(&result, ERR_LIMIT, "30000");
	decode_with_size(false, 65535, 65535, &result);
	assert_int_not_equal(result.err, ERR_OK);
	decode_with_size(false, 8193, 96, &result);
	assert_refused(&result, ERR_LIMIT, "8193");
	decode_with_size(false, 0, 96, &result);
	assert_int_equal(result.err, ERR_PARSE);
	decode_with_size(false, 4, 4, &result);
	assert_refused(&result, ERR_PARSE, "small");
	/* Within the sides, but a progressive picture of that size holds 400 MB of coefficients. */
	decode_with_size(true, 8192, 8192, &result);
	assert_refused(&result, ERR_LIMIT, "memory");
}

static void a_thousand_scans_are_refused(void **state)
{
	struct jpeg_recipe recipe = jpeg_recipe(64, 64);
	struct result result;

	(void)state;
	recipe.kind = JPEG_COLOUR;
	recipe.progressive = true;
	recipe.scans = 1000;
	decode_recipe(&recipe, &result);
	assert_refused(&result, ERR_LIMIT, "scans");
	recipe.scans = JPEG_SCANS_MAX;
	decode_recipe(&recipe, &result);
	assert_int_equal(result.err, ERR_OK);
	recipe.scans = JPEG_SCANS_MAX + 1;
	decode_recipe(&recipe, &result);
	assert_refused(&result, ERR_LIMIT, "scans");
}

static void too_many_bytes_are_refused(void **state)
{
	uint8_t *large = calloc(1, JPEG_MAX_BYTES + 1);
	struct result result;

	(void)state;
	assert_non_null(large);
	decode_bytes(large, JPEG_MAX_BYTES + 1, &result);
	assert_refused(&result, ERR_LIMIT, "bytes");
	free(large);
}

/* Whatever byte is damaged: a picture or a refusal, no crash and no words on standard error. */
static void damage_never_crashes(void **state)
{
	struct jpeg_recipe recipe = jpeg_recipe(48, 48);
	struct buf jpeg = buf_new(JPEG_MAX_BYTES);
	static const uint8_t values[] = {0x00, 0xff, 0x80};
	struct result result;

	(void)state;
	recipe.kind = JPEG_COLOUR;
	recipe.progressive = true;
	recipe.orientation = 6;
	jpeg_make(&recipe, &jpeg);
	for (size_t i = 0; i < jpeg.len; i++) {
		uint8_t was = jpeg.data[i];

		jpeg.data[i] = values[i % sizeof values];
		decode_bytes(jpeg.data, jpeg.len, &result);
		jpeg.data[i] = was;
	}
	buf_free(&jpeg);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_form_comes_out_grey),
		cmocka_unit_test(every_size_fits),
		cmocka_unit_test(exif_orientations_are_honoured),
		cmocka_unit_test(hostile_exif_is_upright),
		cmocka_unit_test(what_is_no_jpeg_is_refused),
		cmocka_unit_test(cut_off_is_refused),
		cmocka_unit_test(sizes_beyond_the_limit_are_refused),
		cmocka_unit_test(a_thousand_scans_are_refused),
		cmocka_unit_test(too_many_bytes_are_refused),
		cmocka_unit_test(damage_never_crashes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
