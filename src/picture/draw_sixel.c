/*
 * Sixel in few greys, our own: a general encoder spends its time on a palette that an infrared
 * picture does not need, and its bytes on colours. Two thoughts make it small, which is what a look
 * over a slow line needs. What stands beside a pixel is the column to its left, whose levels are
 * named anyway. And levels are painted from dark to light, so that a pixel which a lighter level
 * will paint over may meanwhile be anything, and runs go through it.
 */
#include "picture/draw.h"

#include "picture/levels.h"

#include <assert.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define BAND 6      /* rows of a sixel */
#define TOGETHER 8  /* columns that are looked at in one word */

/* Pixels are bits: one byte a column, one bit a row. */
struct band {
	int32_t width;
	size_t words;          /* of a level */
	uint64_t *own[LEVELS]; /* the pixels that have the level; empty once it is painted */
	uint64_t *lighter;     /* those that are still to be painted, and columns beyond the width */
	uint64_t used;         /* the levels that are in it */
	struct levels levels;
	struct area area;
	char *text;            /* of one level: at most a byte a column and its name */
	size_t len;
};

#define LEVEL_NAME_MAX 8

static_assert(BAND == AREA_ROWS, "an area's rows are a band's");

static size_t band_bytes(const struct band *band)
{
	return (LEVELS + 1) * band->words * sizeof(uint64_t);
}

static size_t text_bytes(const struct band *band)
{
	return (size_t)band->width + LEVEL_NAME_MAX;
}

static enum err band_new(struct band *band, int32_t width)
{
	uint64_t *all;

	*band = (struct band){.width = width, .words = ((size_t)width + TOGETHER - 1) / TOGETHER};
	all = calloc(1, band_bytes(band));
	band->text = malloc(text_bytes(band));
	band->own[0] = all;
	if (area_new(&band->area, width) != ERR_OK || all == NULL || band->text == NULL)
		return ERR_MEMORY;
	for (size_t level = 0; level < LEVELS; level++)
		band->own[level] = all + level * band->words;
	band->lighter = all + LEVELS * band->words;
	levels_set(&band->levels);
	return ERR_OK;
}

static void band_free(struct band *band)
{
	if (band->own[0] != NULL)
		explicit_bzero(band->own[0], band_bytes(band));
	if (band->text != NULL)
		explicit_bzero(band->text, text_bytes(band));
	free(band->own[0]);
	free(band->text);
	area_free(&band->area);
}

/*
 * The hottest loop of all. What does not change is in variables, since the stores could be to
 * anything.
 */
static void read_rows(struct band *band, const uint8_t *from, int rows)
{
	const size_t apart = band->words * sizeof *band->own[0];
	const size_t width = (size_t)band->width;
	const uint8_t *area = band->area.level;
	uint8_t *own = (uint8_t *)band->own[0];
	uint64_t left = 0, used = 0; /* the levels of the column before, and of all */

	for (size_t x = 0; x < width; x++) {
		uint64_t column = 0;

		for (int y = 0; y < rows; y++) {
			int level = levels_choose(&band->levels, from[(size_t)y * width + x], left,
			                          area[x]);

			column |= levels_bit(level);
			own[(size_t)level * apart + x] |= (uint8_t)(1 << y);
		}
		left = column;
		used |= column;
	}
	band->used = used;
}

/* The columns beyond the width are lighter than everything, so that they break no run. */
static void read_band(struct band *band, const struct grey *grey, int32_t top)
{
	int rows = grey->height - top < BAND ? (int)(grey->height - top) : BAND;
	size_t width = (size_t)band->width;

	area_read(&band->area, grey, top);
	read_rows(band, grey->data + (int64_t)top * grey->width, rows);
	memset(band->lighter, (1 << rows) - 1, width);
	memset((uint8_t *)band->lighter + width, 0xff, band->words * sizeof *band->lighter - width);
}

static void put_number(struct band *band, int32_t n)
{
	char digits[12];
	size_t i = sizeof digits;

	do
		digits[--i] = (char)('0' + n % 10);
	while ((n /= 10) > 0);
	memcpy(band->text + band->len, digits + i, sizeof digits - i);
	band->len += sizeof digits - i;
}

static void put_run(struct band *band, int32_t n, uint8_t bits)
{
	char cell = (char)('?' + bits);

	if (n > 3) {
		band->text[band->len++] = '!';
		put_number(band, n);
		n = 1;
	}
	for (; n > 0; n--)
		band->text[band->len++] = cell;
}

/* A run holds while what must be painted in it stays within what may be painted in all of it. */
struct run {
	int32_t start;
	uint8_t must, may;
};

static bool run_holds(struct run *run, uint8_t own, uint8_t allowed)
{
	uint8_t must = run->must | own, may = run->may & allowed;

	if ((must & ~may) != 0)
		return false;
	run->must = must;
	run->may = may;
	return true;
}

static uint8_t in_all(uint64_t columns)
{
	columns &= columns >> 32;
	columns &= columns >> 16;
	return (uint8_t)(columns & columns >> 8);
}

static void put_columns(struct band *band, int level, int32_t from, struct run *run)
{
	const uint8_t *own = (uint8_t *)band->own[level], *lighter = (uint8_t *)band->lighter;

	for (int32_t x = from; x < from + TOGETHER && x < band->width; x++) {
		uint8_t allowed = own[x] | lighter[x];

		if (run_holds(run, own[x], allowed))
			continue;
		put_run(band, x - run->start, run->must);
		*run = (struct run){x, own[x], allowed};
	}
}

/*
 * Most levels are elsewhere in most columns, so those without any of it are passed over together.
 */
static void put_level(struct band *band, int level)
{
	uint64_t *own = band->own[level], *lighter = band->lighter;
	struct run run = {.may = (1 << BAND) - 1};

	band->text[band->len++] = '#';
	put_number(band, level);
	for (size_t i = 0; i < band->words; i++) {
		lighter[i] &= ~own[i];
		if (own[i] != 0 || !run_holds(&run, 0, in_all(lighter[i])))
			put_columns(band, level, (int32_t)(i * TOGETHER), &run);
		own[i] = 0;
	}
	if (run.must != 0)
		put_run(band, band->width - run.start, run.must);
}

static enum err put_band(struct band *band, struct buf *out)
{
	bool first = true;
	enum err r = ERR_OK;

	for (int level = 0; r == ERR_OK && level < LEVELS; level++) {
		if ((band->used & levels_bit(level)) == 0)
			continue;
		band->len = 0;
		if (!first)
			band->text[band->len++] = '$';
		first = false;
		put_level(band, level);
		assert(band->len <= text_bytes(band));
		r = buf_add(out, band->text, band->len);
	}
	return r;
}

/*
 * DCS 0;1 q: square pixels, and what is not painted stays as it is; then the greys, in hundredths.
 */
static enum err put_head(const struct grey *grey, struct buf *out)
{
	enum err r = buf_printf(out, "\033P0;1;0q\"1;1;%d;%d", grey->width, grey->height);

	for (int level = 0; r == ERR_OK && level < LEVELS; level++) {
		int share = level * LEVELS_APART;

		r = buf_printf(out, "#%d;2;%d;%d;%d", level, share, share, share);
	}
	return r;
}

static enum err put_bands(const struct grey *grey, struct buf *out)
{
	struct band band;
	enum err r = band_new(&band, grey->width);

	for (int32_t top = 0; r == ERR_OK && top < grey->height; top += BAND) {
		read_band(&band, grey, top);
		r = top > 0 ? buf_add_text(out, "-") : ERR_OK;
		if (r == ERR_OK)
			r = put_band(&band, out);
	}
	band_free(&band);
	return r;
}

enum err draw_sixel(const struct viewer_place *place, const struct grey *grey, struct buf *out)
{
	enum err r = draw_move_to_middle(place, grey, out);

	if (r == ERR_OK)
		r = put_head(grey, out);
	if (r == ERR_OK)
		r = put_bands(grey, out);
	return r != ERR_OK ? r : buf_add_text(out, "\033\\");
}
