/* The pictures whose rest is searched for: made of random tones, or taken from where one is known to be. */
#include "residue.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>
#include <unistd.h>

#include <jpeglib.h>

/* Tones of a made picture: one for each square of so many pixels, blended between them. */
#define MADE_WIDTH 640
#define MADE_HEIGHT 480
#define SQUARE 32
#define NOISE 3

/* The picture process has its snapshot in a mapping of its own, of the largest snapshot's size. */
#define TAKEN_MAPPING_MAX ((uint64_t)16 << 20)
#define TAKEN_BYTES_MIN 8192

static void fill_random(uint8_t *out, size_t len)
{
	for (size_t done = 0; done < len;) {
		ssize_t n = getrandom(out + done, len - done, 0);

		if (n <= 0)
			fail("getrandom", strerror(errno));
		done += (size_t)n;
	}
}

static void paint_row(const uint8_t *tone, int across, int y, uint8_t *row)
{
	const uint8_t *above = tone + (size_t)(y / SQUARE * across), *below = above + across;
	int down = y % SQUARE;

	/* Without noise there would be even slopes, which stand in many a table. */
	fill_random(row, MADE_WIDTH);
	for (int x = 0; x < MADE_WIDTH; x++) {
		int left = x / SQUARE, right = x % SQUARE;
		int upper = above[left] * (SQUARE - right) + above[left + 1] * right;
		int lower = below[left] * (SQUARE - right) + below[left + 1] * right;

		int level = (upper * (SQUARE - down) + lower * down) / (SQUARE * SQUARE);

		row[x] = (uint8_t)(level * (UINT8_MAX - NOISE) / UINT8_MAX + row[x] % (NOISE + 1));
	}
}

void make_picture(const char *path)
{
	enum { ACROSS = MADE_WIDTH / SQUARE + 1, DOWN = MADE_HEIGHT / SQUARE + 1 };
	static uint8_t tone[ACROSS * DOWN], row[MADE_WIDTH];
	struct jpeg_compress_struct jpeg;
	struct jpeg_error_mgr errors;
	JSAMPROW rows = row;
	FILE *file = fopen(path, "wb");

	if (file == NULL)
		fail(path, strerror(errno));
	fill_random(tone, sizeof tone);
	jpeg.err = jpeg_std_error(&errors);
	jpeg_create_compress(&jpeg);
	jpeg_stdio_dest(&jpeg, file);
	jpeg.image_width = MADE_WIDTH;
	jpeg.image_height = MADE_HEIGHT;
	jpeg.input_components = 1;
	jpeg.in_color_space = JCS_GRAYSCALE;
	jpeg_set_defaults(&jpeg);
	jpeg_set_quality(&jpeg, 95, TRUE);
	jpeg_start_compress(&jpeg, TRUE);
	for (int y = 0; y < MADE_HEIGHT; y++) {
		paint_row(tone, ACROSS, y, row);
		jpeg_write_scanlines(&jpeg, &rows, 1);
	}
	jpeg_finish_compress(&jpeg);
	jpeg_destroy_compress(&jpeg);
	if (fclose(file) != 0)
		fail(path, strerror(errno));
}

/* The scan that a JPEG's segments lead to, one behind the other; NULL where the start of one stands by chance. */
static const uint8_t *scan_behind(const uint8_t *start, const uint8_t *end)
{
	const uint8_t *at = start + 2;

	while (end - at >= 4 && at[0] == 0xff && at[1] >= 0xc0 && at[1] != 0xda)
		at += 2 + (at[2] << 8 | at[3]);
	return end - at >= 4 && at[0] == 0xff && at[1] == 0xda ? at : NULL;
}

/* The first whole JPEG, or NULL; *len is set. */
static const uint8_t *find_jpeg(const uint8_t *bytes, const uint8_t *end, size_t *len)
{
	static const uint8_t start[] = {0xff, 0xd8, 0xff};
	const uint8_t *at = bytes, *scan, *last;

	while ((at = memmem(at, (size_t)(end - at), start, sizeof start)) != NULL) {
		scan = scan_behind(at, end);
		last = scan == NULL ? NULL : memmem(scan, (size_t)(end - scan), "\xff\xd9", 2);
		if (last != NULL && last - at >= TAKEN_BYTES_MIN) {
			*len = (size_t)(last + 2 - at);
			return at;
		}
		at++;
	}
	return NULL;
}

/* Whether the mapping had a whole JPEG, which is then in the file. */
static bool take_from(int memory, uint64_t from, size_t len, const char *path)
{
	uint8_t *bytes = malloc(len);
	ssize_t n = bytes == NULL ? -1 : pread(memory, bytes, len, (off_t)from);
	size_t size = 0;
	const uint8_t *first = n <= 0 ? NULL : find_jpeg(bytes, bytes + n, &size);
	FILE *file;

	if (first == NULL) {
		free(bytes);
		return false;
	}
	file = fopen(path, "wb");
	if (file == NULL || fwrite(first, 1, size, file) == 0 || fclose(file) != 0)
		fail(path, strerror(errno));
	free(bytes);
	return true;
}

int take_picture(const char *path, const char *pid)
{
	int memory = open_of(pid, "mem");
	FILE *maps = fdopen(open_of(pid, "maps"), "r");
	bool taken = false;
	char line[1024];

	if (memory < 0 || maps == NULL)
		fail(pid, strerror(errno));
	while (!taken && fgets(line, sizeof line, maps) != NULL) {
		uint64_t from, to;

		if (sscanf(line, "%" SCNx64 "-%" SCNx64 " r", &from, &to) == 2 && to - from <= TAKEN_MAPPING_MAX)
			taken = take_from(memory, from, (size_t)(to - from), path);
	}
	fclose(maps);
	close(memory);
	return taken ? EXIT_SUCCESS : EXIT_FAILURE;
}
