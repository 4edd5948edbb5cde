/*
 * Cuts what is searched for into pieces: of a picture as it comes from the camera, as it is decoded, as it is
 * drawn, and as it stands on a screen.
 */
#include "residue.h"

#include "picture/draw.h"
#include "picture/jpeg.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <jpeglib.h>

/* What has fewer different bytes may stand in any memory. */
#define DIFFERENT_MIN 8

/* A drawing begins with what is the same for every picture: a palette, a file's header. */
#define HEAD_BYTES 512

static struct buf read_file(const char *path)
{
	struct buf out = buf_new((size_t)1 << 30);
	static uint8_t chunk[CHUNK];
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n;

	if (fd < 0)
		fail(path, strerror(errno));
	while ((n = read(fd, chunk, sizeof chunk)) > 0)
		if (buf_add(&out, chunk, (size_t)n) != ERR_OK)
			fail(path, "too large");
	close(fd);
	return out;
}

static bool is_peculiar(const uint8_t *piece)
{
	bool seen[256] = {false};
	int different = 0;

	for (int i = 0; i < PIECE; i++) {
		different += !seen[piece[i]];
		seen[piece[i]] = true;
	}
	return different >= DIFFERENT_MIN;
}

static void add_piece(struct search *search, const uint8_t *piece)
{
	uint32_t slot = slot_of(piece);

	memcpy(search->piece[search->n], piece, PIECE);
	search->kind_of[search->n] = (uint8_t)(search->n_kinds - 1);
	while (search->slots[slot] != 0)
		slot = (slot + 1) % SLOTS;
	search->slots[slot] = ++search->n;
	search->filled[slot / 64] |= (uint64_t)1 << slot % 64;
}

/* Of the present kind. */
static void cut(struct search *search, const uint8_t *data, size_t len)
{
	for (size_t at = 0; at + PIECE <= len && search->n < PIECES_MAX; at += STEP)
		if (is_peculiar(data + at))
			add_piece(search, data + at);
}

static void cut_jpeg(struct search *search, char *path)
{
	struct buf file = read_file(path);
	const uint8_t *scan = memmem(file.data, file.len, "\xff\xda", 2);

	if (scan == NULL)
		fail(path, "no JPEG");
	/* Behind the scan's header, which every JPEG of one grey component has. */
	scan += 2 + 8;
	cut(search, scan, file.len - (size_t)(scan - file.data));
	buf_free(&file);
}

static void cut_scaled(struct search *search, const struct buf *file, unsigned scale)
{
	struct jpeg_decompress_struct jpeg;
	struct jpeg_error_mgr errors;
	static uint8_t row[JPEG_SIDE_MAX];
	JSAMPROW rows = row;

	jpeg.err = jpeg_std_error(&errors);
	jpeg_create_decompress(&jpeg);
	jpeg_mem_src(&jpeg, file->data, file->len);
	jpeg_read_header(&jpeg, TRUE);
	jpeg.scale_num = scale;
	jpeg.scale_denom = 8;
	jpeg.out_color_space = JCS_GRAYSCALE;
	jpeg_start_decompress(&jpeg);
	while (jpeg.output_scanline < jpeg.output_height) {
		jpeg_read_scanlines(&jpeg, &rows, 1);
		cut(search, row, jpeg.output_width);
	}
	jpeg_finish_decompress(&jpeg);
	jpeg_destroy_decompress(&jpeg);
}

/* As the picture process makes them: averaged to the size that is drawn. */
static void cut_fitted(struct search *search, const struct buf *file, const struct buf *recording)
{
	struct fit fit = {.step = 1, .pixel_width = 1, .pixel_height = 1};
	struct grey grey = {.data = malloc(DRAW_PIXELS_MAX)};
	const char *sixel = memmem(recording->data, recording->len, "\"1;1;", 5);
	char words[REASON_MAX_BYTES];
	int32_t width, height;

	if (sixel == NULL || sscanf(sixel, "\"1;1;%" SCNd32 ";%" SCNd32, &fit.width, &fit.height) != 2)
		fail("recording", "no sixel");
	if (grey.data == NULL || jpeg_decode(file->data, file->len, &fit, DRAW_PIXELS_MAX, &grey, &width,
	                                     &height, words) != ERR_OK)
		fail("picture", "cannot be decoded");
	cut(search, grey.data, (size_t)grey.width * (size_t)grey.height);
	free(grey.data);
}

static void cut_pixels(struct search *search, char *paths)
{
	char *recording_path = strchr(paths, ',');
	struct buf file, recording;

	if (recording_path != NULL)
		*recording_path++ = '\0';
	file = read_file(paths);
	for (unsigned scale = 1; scale <= 8; scale *= 2)
		cut_scaled(search, &file, scale);
	if (recording_path != NULL) {
		recording = read_file(recording_path);
		cut_fitted(search, &file, &recording);
		buf_free(&recording);
	}
	buf_free(&file);
}

/* A drawing is what stands between saving the cursor and putting it back. */
static void cut_drawing(struct search *search, char *path)
{
	struct buf file = read_file(path);
	const uint8_t *at = file.data, *end = file.data + file.len, *longest = NULL;
	size_t len = 0;

	while (at != NULL && (at = memmem(at, (size_t)(end - at), "\0337", 2)) != NULL) {
		const uint8_t *last = memmem(at, (size_t)(end - at), "\0338", 2);

		if (last != NULL && (size_t)(last - at) > len) {
			longest = at;
			len = (size_t)(last - at);
		}
		at = last;
	}
	if (len > HEAD_BYTES)
		cut(search, longest + HEAD_BYTES, len - HEAD_BYTES);
	buf_free(&file);
}

/* Block elements (U+2580 to U+259F) are what pictures are made of there; the console's cursor is a single one. */
static void cut_cells(struct search *search, char *path)
{
	struct buf file = read_file(path);

	for (size_t at = 0; at + PIECE <= file.len; at += STEP) {
		const uint8_t *piece = file.data + at;
		const uint8_t *first = memmem(piece, PIECE, "\xe2\x96", 2);

		if (first != NULL && memmem(first + 2, (size_t)(piece + PIECE - first - 2), "\xe2\x96", 2) != NULL)
			cut(search, piece, PIECE);
	}
	buf_free(&file);
}

void add_needles(struct search *search, char *argument)
{
	static const struct {
		const char *kind;
		void (*cut)(struct search *, char *);
	} cutters[] = {
		{"jpeg", cut_jpeg},
		{"pixels", cut_pixels},
		{"drawn", cut_drawing},
		{"cells", cut_cells},
	};
	char *path = strchr(argument, '=');

	if (path == NULL || search->n_kinds == KINDS_MAX)
		fail(argument, "no needles");
	*path++ = '\0';
	search->kind[search->n_kinds++] = argument;
	for (size_t i = 0; i < sizeof cutters / sizeof *cutters; i++)
		if (strcmp(cutters[i].kind, argument) == 0) {
			cutters[i].cut(search, path);
			return;
		}
	fail(argument, "no kind of needles");
}
