/*
 * Sixel in 32 greys, our own: a general encoder spends its time on a palette that an infrared picture does
 * not need, and its bytes on colours. Two thoughts make it small, which is what a look over a slow line
 * needs. The quantiser is sticky: it keeps its left neighbour's level while that is nearly right, so noise
 * breaks no runs. And levels are painted from dark to light, so that a pixel which a lighter level will
 * paint over may meanwhile be anything, and runs go through it.
 */
#include "picture/draw.h"

#include <assert.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define LEVELS 32
#define BAND 6 /* rows of a sixel */

struct band {
	int32_t width;
	/* One byte a column, one bit a row, for each level: the pixels that have it, and those that are lighter. */
	uint8_t *own[LEVELS], *lighter[LEVELS];
	bool used[LEVELS];
};

static size_t band_bytes(int32_t width)
{
	return 2 * LEVELS * (size_t)width;
}

static enum err band_new(struct band *band, int32_t width)
{
	uint8_t *bytes = calloc(1, band_bytes(width));

	if (bytes == NULL)
		return ERR_MEMORY;
	band->width = width;
	for (int level = 0; level < LEVELS; level++) {
		band->own[level] = bytes + 2 * (size_t)level * (size_t)width;
		band->lighter[level] = band->own[level] + width;
	}
	return ERR_OK;
}

static void band_free(struct band *band)
{
	explicit_bzero(band->own[0], band_bytes(band->width));
	free(band->own[0]);
}

/* The left neighbour's level while it is within three quarters of a step, else the nearest. */
static int quantise(int value, int left)
{
	int distance = value * (LEVELS - 1) - left * 255;

	if (left >= 0 && abs(distance) * 4 <= 3 * 255)
		return left;
	return (value * (LEVELS - 1) + 127) / 255;
}

static void read_band(struct band *band, const struct grey *grey, int32_t top)
{
	memset(band->own[0], 0, band_bytes(band->width));
	memset(band->used, 0, sizeof band->used);
	for (int32_t y = 0; y < BAND && top + y < grey->height; y++) {
		const uint8_t *row = grey->data + (int64_t)(top + y) * grey->width;
		int level = -1;

		for (int32_t x = 0; x < grey->width; x++) {
			level = quantise(row[x], level);
			band->own[level][x] |= (uint8_t)(1 << y);
			band->used[level] = true;
		}
	}
	for (int level = LEVELS - 2; level >= 0; level--)
		for (int32_t x = 0; x < band->width; x++)
			band->lighter[level][x] = band->own[level + 1][x] | band->lighter[level + 1][x];
}

static enum err put_run(struct buf *out, int32_t n, uint8_t bits)
{
	const char cell[3] = {(char)('?' + bits), (char)('?' + bits), (char)('?' + bits)};

	return n > 3 ? buf_printf(out, "!%d%c", n, cell[0]) : buf_add(out, cell, (size_t)n);
}

/* A run holds while what must be painted in it stays within what may be painted in all of it. */
static enum err put_level(const struct band *band, int level, struct buf *out)
{
	const uint8_t *own = band->own[level], *lighter = band->lighter[level];
	uint8_t must = 0, may = (1 << BAND) - 1;
	int32_t start = 0;
	enum err r = buf_printf(out, "#%d", level);

	for (int32_t x = 0; r == ERR_OK && x < band->width; x++) {
		uint8_t both = must | own[x], all = may & (own[x] | lighter[x]);

		if ((both & ~all) != 0) {
			r = put_run(out, x - start, must);
			start = x;
			both = own[x];
			all = own[x] | lighter[x];
		}
		must = both;
		may = all;
	}
	if (r == ERR_OK && must != 0)
		r = put_run(out, band->width - start, must);
	return r;
}

static enum err put_band(const struct band *band, struct buf *out)
{
	bool first = true;
	enum err r = ERR_OK;

	for (int level = 0; r == ERR_OK && level < LEVELS; level++) {
		if (!band->used[level])
			continue;
		if (!first)
			r = buf_add_text(out, "$");
		if (r == ERR_OK)
			r = put_level(band, level, out);
		first = false;
	}
	return r;
}

/* DCS 0;1 q: square pixels, and what is not painted stays as it is; then the greys, in hundredths. */
static enum err put_head(const struct grey *grey, struct buf *out)
{
	enum err r = buf_printf(out, "\033P0;1;0q\"1;1;%d;%d", grey->width, grey->height);

	for (int level = 0; r == ERR_OK && level < LEVELS; level++) {
		int share = (level * 100 + (LEVELS - 1) / 2) / (LEVELS - 1);

		r = buf_printf(out, "#%d;2;%d;%d;%d", level, share, share, share);
	}
	return r;
}

static enum err put_bands(const struct grey *grey, struct buf *out)
{
	struct band band;
	enum err r = band_new(&band, grey->width);

	if (r != ERR_OK)
		return r;
	for (int32_t top = 0; r == ERR_OK && top < grey->height; top += BAND) {
		read_band(&band, grey, top);
		r = top > 0 ? buf_add_text(out, "-") : ERR_OK;
		if (r == ERR_OK)
			r = put_band(&band, out);
	}
	band_free(&band);
	return r;
}

/* In the middle of the place, by whole cells. */
static enum err move_to_corner(const struct viewer_place *place, const struct grey *grey, struct buf *out)
{
	int32_t rows = (grey->height + place->cell_height - 1) / place->cell_height;
	int32_t columns = (grey->width + place->cell_width - 1) / place->cell_width;

	assert(rows < place->rows && columns <= place->columns);
	return draw_move(place, (place->rows - 1 - rows) / 2, (place->columns - columns) / 2, out);
}

enum err draw_sixel(const struct viewer_place *place, const struct grey *grey, struct buf *out)
{
	enum err r = move_to_corner(place, grey, out);

	if (r == ERR_OK)
		r = put_head(grey, out);
	if (r == ERR_OK)
		r = put_bands(grey, out);
	return r != ERR_OK ? r : buf_add_text(out, "\033\\");
}
