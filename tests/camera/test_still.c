/* A folder of pictures as a camera: their order, and files that are no pictures. */
#include "camera/driver.h"

#include "base/limits.h"

#include "jpeg_make.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#define FILES_MAX 8

/* A folder of the test's own, and the time. */
struct folder {
	struct now now;
	char path[64];
	char file[FILES_MAX][128];
	int n;
};

static int make_folder(void **state)
{
	struct folder *folder = calloc(1, sizeof *folder);

	assert_non_null(folder);
	folder->now = (struct now){.utc_ms = 1760000000000, .elapsed_ms = 1000, .boot_id = 1};
	strcpy(folder->path, "/tmp/tillsyn-still-XXXXXX");
	assert_non_null(mkdtemp(folder->path));
	*state = folder;
	return 0;
}

static int remove_folder(void **state)
{
	struct folder *folder = *state;

	for (int i = 0; i < folder->n; i++)
		remove(folder->file[i]);
	assert_int_equal(rmdir(folder->path), 0);
	free(folder);
	return 0;
}

static const char *new_path(struct folder *folder, const char *name)
{
	char *path = folder->file[folder->n];

	assert_true(folder->n++ < FILES_MAX);
	assert_true(strlen(folder->path) + strlen(name) + 2 <= sizeof folder->file[0]);
	strcpy(path, folder->path);
	strcat(path, "/");
	return strcat(path, name);
}

static void put(struct folder *folder, const char *name, const char *content)
{
	FILE *file = fopen(new_path(folder, name), "w");

	assert_non_null(file);
	assert_true(fputs(content, file) >= 0);
	assert_int_equal(fclose(file), 0);
}

static struct driver camera(const struct folder *folder)
{
	struct driver driver;

	assert_int_equal(driver_still(&driver, folder->path), ERR_OK);
	return driver;
}

static void pass(struct folder *folder, int64_t ms)
{
	folder->now.utc_ms += ms;
	folder->now.elapsed_ms += ms;
}

static enum lens lens(const struct folder *folder, const struct driver *driver)
{
	return driver->lens(driver->impl, &folder->now);
}

static enum err take(struct folder *folder, const struct driver *driver, struct buf *jpeg)
{
	enum err err;

	assert_int_equal(driver->open(driver->impl, &folder->now), ERR_OK);
	assert_int_equal(lens(folder, driver), LENS_OPEN);
	pass(folder, 500);
	err = driver->capture(driver->impl, &folder->now, jpeg);
	assert_int_equal(driver->park(driver->impl, &folder->now), ERR_OK);
	pass(folder, 500);
	assert_int_equal(lens(folder, driver), LENS_PARKED);
	return err;
}

static void assert_takes(struct folder *folder, const struct driver *driver, const char *content)
{
	struct buf jpeg = buf_new(JPEG_MAX_BYTES);

	assert_int_equal(take(folder, driver, &jpeg), ERR_OK);
	assert_int_equal(jpeg.len, strlen(content));
	if (jpeg.len > 0)
		assert_memory_equal(jpeg.data, content, jpeg.len);
	buf_free(&jpeg);
}

static void assert_fails(struct folder *folder, const struct driver *driver, enum err expected)
{
	struct buf jpeg = buf_new(JPEG_MAX_BYTES);

	assert_int_equal(take(folder, driver, &jpeg), expected);
	buf_free(&jpeg);
}

static void goes_by_name_and_repeats_the_last(void **state)
{
	struct folder *folder = *state;
	struct driver driver;

	put(folder, "20.jpg", "third");
	put(folder, "05.jpg", "first");
	put(folder, "10.jpg", "second");
	put(folder, ".00.jpg", "hidden");
	put(folder, "00.txt", "text");
	put(folder, "99.jpeg", "another ending");
	driver = camera(folder);
	assert_takes(folder, &driver, "first");
	assert_takes(folder, &driver, "second");
	assert_takes(folder, &driver, "third");
	assert_takes(folder, &driver, "third");
	driver.free(driver.impl);
}

static void takes_with_an_open_lens_only(void **state)
{
	struct folder *folder = *state;
	struct buf jpeg = buf_new(JPEG_MAX_BYTES);
	struct driver driver;

	put(folder, "a.jpg", "picture");
	driver = camera(folder);
	assert_int_equal(lens(folder, &driver), LENS_PARKED);
	assert_int_not_equal(driver.capture(driver.impl, &folder->now, &jpeg), ERR_OK);
	assert_takes(folder, &driver, "picture");
	assert_int_not_equal(driver.capture(driver.impl, &folder->now, &jpeg), ERR_OK);
	assert_int_equal(jpeg.len, 0);
	driver.free(driver.impl);
}

/* A number for what is to be seen in a JPEG. */
static uint64_t picture_sum(const struct buf *data)
{
	struct jpeg_decompress_struct jpeg;
	struct jpeg_error_mgr errors;
	uint8_t row[64];
	uint8_t *rows = row;
	uint64_t sum = 0;

	jpeg.err = jpeg_std_error(&errors); /* ends the test program on a fault */
	jpeg_create_decompress(&jpeg);
	jpeg_mem_src(&jpeg, data->data, data->len);
	jpeg_read_header(&jpeg, TRUE);
	assert_int_equal(jpeg.image_width, sizeof row);
	jpeg_start_decompress(&jpeg);
	while (jpeg.output_scanline < jpeg.output_height) {
		jpeg_read_scanlines(&jpeg, &rows, 1);
		for (size_t x = 0; x < sizeof row; x++)
			sum = sum * 31 + row[x];
	}
	jpeg_finish_decompress(&jpeg);
	assert_int_equal(errors.num_warnings, 0);
	jpeg_destroy_decompress(&jpeg);
	return sum;
}

/* Or the guard would take it for a camera that has frozen; a restart makes no difference. */
static void gives_no_bytes_twice_of_one_picture(void **state)
{
	struct jpeg_recipe recipe = jpeg_recipe(64, 48);
	struct folder *folder = *state;
	struct buf made = buf_new(JPEG_MAX_BYTES), taken[3];
	FILE *file = fopen(new_path(folder, "a.jpg"), "w");

	assert_non_null(file);
	jpeg_make(&recipe, &made);
	assert_int_equal(fwrite(made.data, 1, made.len, file), made.len);
	assert_int_equal(fclose(file), 0);
	for (int i = 0; i < 3; i++) {
		struct driver driver = camera(folder);

		taken[i] = buf_new(JPEG_MAX_BYTES);
		assert_int_equal(take(folder, &driver, &taken[i]), ERR_OK);
		assert_true(picture_sum(&taken[i]) == picture_sum(&made));
		if (i > 0)
			assert_memory_not_equal(taken[i].data, taken[i - 1].data, taken[i].len);
		driver.free(driver.impl);
	}
	for (int i = 0; i < 3; i++)
		buf_free(&taken[i]);
	buf_free(&made);
}

static void fails_at_the_turn_of_what_is_no_picture(void **state)
{
	struct folder *folder = *state;
	struct driver driver;

	put(folder, "a-large.jpg", "");
	assert_int_equal(truncate(folder->file[0], JPEG_MAX_BYTES + 1), 0);
	assert_int_equal(mkdir(new_path(folder, "b-folder.jpg"), 0700), 0);
	put(folder, "c-gone.jpg", "gone");
	put(folder, "d-nothing.jpg", "");
	put(folder, "e-last.jpg", "last");
	driver = camera(folder);
	remove(folder->file[2]);
	assert_fails(folder, &driver, ERR_LIMIT);
	assert_fails(folder, &driver, ERR_IO);
	assert_fails(folder, &driver, ERR_NOT_FOUND);
	assert_takes(folder, &driver, ""); /* for the guard to refuse */
	assert_takes(folder, &driver, "last");
	driver.free(driver.impl);
}

static void needs_a_picture(void **state)
{
	struct folder *folder = *state;
	struct driver driver;
	char path[2 * PATH_MAX_BYTES];

	assert_int_equal(driver_still(&driver, folder->path), ERR_NOT_FOUND);
	put(folder, "note.txt", "no picture");
	assert_int_equal(driver_still(&driver, folder->path), ERR_NOT_FOUND);
	assert_int_equal(driver_still(&driver, folder->file[0]), ERR_NOT_FOUND);
	assert_int_equal(driver_still(&driver, ""), ERR_NOT_FOUND);
	memset(path, 'x', sizeof path - 1);
	path[sizeof path - 1] = '\0';
	assert_int_not_equal(driver_still(&driver, path), ERR_OK);
}

#define IN_FOLDER(test) cmocka_unit_test_setup_teardown(test, make_folder, remove_folder)

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_FOLDER(goes_by_name_and_repeats_the_last),
		IN_FOLDER(takes_with_an_open_lens_only),
		IN_FOLDER(gives_no_bytes_twice_of_one_picture),
		IN_FOLDER(fails_at_the_turn_of_what_is_no_picture),
		IN_FOLDER(needs_a_picture),
	};

	return cmocka_run_group_tests_name("still", tests, NULL, NULL);
}
