/*
 * Symbols for terminals with sixteen colours or fewer, where a general matcher makes a face and its
 * pillow the same grey. There are but two to four greys to paint with, so the shades between them
 * come from symbols that mix two of them; each cell takes the mixture that is nearest to its four
 * quarters. The symbols are those of the oldest fonts (code page 437), or ASCII.
 */
#include "picture/draw.h"

#include <assert.h>
#include <stdbool.h>
#include <string.h>

#define QUARTERS 4 /* top left, top right, bottom left, bottom right */

enum kind {
	SYMBOL_AREA,
	SYMBOL_DOTS,   /* between far greys they would be noise */
	SYMBOL_LETTER, /* the same; and none has a letter that is its opposite */
};

/* How much of each quarter the symbol covers, in hundredths. */
struct symbol {
	const char *text;
	uint8_t share[QUARTERS];
	enum kind kind;
};

static const struct symbol blocks[] = {
	{" ", {0, 0, 0, 0}, SYMBOL_AREA},
	{"\xe2\x96\x91", {25, 25, 25, 25}, SYMBOL_DOTS},
	{"\xe2\x96\x92", {50, 50, 50, 50}, SYMBOL_DOTS},
	{"\xe2\x96\x93", {75, 75, 75, 75}, SYMBOL_DOTS},
	{"\xe2\x96\x80", {100, 100, 0, 0}, SYMBOL_AREA},
	{"\xe2\x96\x84", {0, 0, 100, 100}, SYMBOL_AREA},
	{"\xe2\x96\x8c", {100, 0, 100, 0}, SYMBOL_AREA},
	{"\xe2\x96\x90", {0, 100, 0, 100}, SYMBOL_AREA},
	{"\xe2\x96\x88", {100, 100, 100, 100}, SYMBOL_AREA},
	{NULL, {0}, SYMBOL_AREA},
};

/* Measured on the usual fixed fonts. */
static const struct symbol letters[] = {
	{" ", {0, 0, 0, 0}, SYMBOL_LETTER},
	{".", {0, 0, 5, 5}, SYMBOL_LETTER},
	{":", {4, 4, 5, 5}, SYMBOL_LETTER},
	{"'", {7, 7, 0, 0}, SYMBOL_LETTER},
	{"-", {5, 5, 5, 5}, SYMBOL_LETTER},
	{"_", {0, 0, 10, 10}, SYMBOL_LETTER},
	{"=", {9, 9, 9, 9}, SYMBOL_LETTER},
	{"+", {12, 12, 12, 12}, SYMBOL_LETTER},
	{"^", {16, 16, 0, 0}, SYMBOL_LETTER},
	{"*", {18, 18, 14, 14}, SYMBOL_LETTER},
	{"o", {6, 6, 24, 24}, SYMBOL_LETTER},
	{"%", {24, 18, 18, 24}, SYMBOL_LETTER},
	{"#", {30, 30, 30, 30}, SYMBOL_LETTER},
	{"@", {32, 36, 36, 32}, SYMBOL_LETTER},
	{NULL, {0}, SYMBOL_LETTER},
};

/* A grey, from dark to light, and the attributes that paint with it; NULL: not possible. */
struct ink {
	uint8_t grey;
	const char *front, *back;
};

static const struct ink sixteen[] = {
	{0, "30", "40"}, {85, "90", "100"}, {170, "37", "47"}, {255, "97", "107"}, {0, NULL, NULL},
};

/* Bright by bold, as the Linux console has it; and there is no bright behind. */
static const struct ink eight[] = {
	{0, "22;30", "40"}, {170, "22;37", "47"}, {255, "1;37", NULL}, {0, NULL, NULL},
};

/* Whatever the terminal's own two are, light on dark on nearly all without colours; and reverse. */
static const struct ink two[] = {
	{0, "0", "0"}, {255, "0", "7"}, {0, NULL, NULL},
};

struct shades {
	const struct symbol *symbols;
	const struct ink *inks;
	int dark, bright; /* the picture's own range, which is spread over the terminal's */
	int reach;        /* the lightest that the terminal can paint */
};

/* One cell as it is painted. */
struct paint {
	const struct symbol *symbol;
	const struct ink *front, *back;
};

static bool is_ink(const struct ink *ink)
{
	return ink->front != NULL || ink->back != NULL;
}

static int value_of(const struct paint *paint, int quarter)
{
	int span = paint->front->grey - paint->back->grey;

	return paint->back->grey + span * paint->symbol->share[quarter] / 100;
}

/* The symbol covers that of all quarters. */
static bool covers(const struct symbol *symbol, int share)
{
	for (int i = 0; i < QUARTERS; i++)
		if (symbol->share[i] != share)
			return false;
	return true;
}

/*
 * Dots and letters only between neighbouring greys. Many fonts leave a gap around a block, which
 * shows as a grid: so what is even is painted behind a space if it can be, and blocks are the
 * lighter part of a cell, whose opposite is a block too. A front on itself would show on a terminal
 * that has but reverse.
 */
static bool is_possible(const struct paint *paint)
{
	long apart = paint->front - paint->back;

	if (paint->front->front == NULL || paint->back->back == NULL)
		return false;
	if (apart == 0)
		return covers(paint->symbol, 0);
	if (covers(paint->symbol, 100) && paint->front->back != NULL)
		return false;
	if (paint->symbol->kind == SYMBOL_LETTER)
		return apart == 1 || apart == -1;
	return paint->symbol->kind == SYMBOL_AREA ? apart > 0 : apart == 1;
}

static int64_t distance(const struct paint *paint, const int wanted[QUARTERS])
{
	int64_t sum = 0;

	for (int i = 0; i < QUARTERS; i++) {
		int64_t apart = value_of(paint, i) - wanted[i];

		sum += apart * apart;
	}
	return sum;
}

/* The first of the nearest. */
static struct paint nearest(const struct shades *shades, const int wanted[QUARTERS])
{
	struct paint best = {0};
	int64_t least = INT64_MAX;

	for (const struct ink *back = shades->inks; is_ink(back); back++)
		for (const struct ink *front = shades->inks; is_ink(front); front++)
			for (const struct symbol *symbol = shades->symbols; symbol->text != NULL;
			     symbol++) {
				struct paint paint = {symbol, front, back};
				int64_t apart = is_possible(&paint) ? distance(&paint, wanted)
				                                    : INT64_MAX;

				if (apart >= least)
					continue;
				best = paint;
				least = apart;
			}
	assert(best.symbol != NULL);
	return best;
}

static struct shades shades_of(const struct viewer_place *place, const struct grey *grey)
{
	static const int white[QUARTERS] = {255, 255, 255, 255};
	struct shades shades = {
		.symbols = place->utf8 ? blocks : letters,
		.inks = place->colours == 16 ? sixteen : place->colours == 8 ? eight : two,
	};
	struct paint lightest = nearest(&shades, white);

	shades.reach = value_of(&lightest, 0);
	grey_range(grey, &shades.dark, &shades.bright);
	return shades;
}

/* The mean of one quarter of a cell, spread over what the terminal can paint. */
static int quarter_of(const struct shades *shades, const struct grey *grey, int32_t x, int32_t y,
                      int32_t side)
{
	int64_t sum = 0;
	int mean;

	for (int32_t i = 0; i < side * side; i++)
		sum += grey->data[(int64_t)(y + i / side) * grey->width + x + i % side];
	mean = (int)(sum / (side * side));
	if (mean <= shades->dark || shades->bright <= shades->dark)
		return 0;
	if (mean >= shades->bright)
		return shades->reach;
	return (mean - shades->dark) * shades->reach / (shades->bright - shades->dark);
}

static struct paint paint_of(const struct shades *shades, const struct grey *grey, int32_t column,
                             int32_t row, int32_t step)
{
	int32_t side = step / 2;
	int wanted[QUARTERS];

	for (int32_t i = 0; i < QUARTERS; i++)
		wanted[i] = quarter_of(shades, grey, column * step + i % 2 * side,
		                       row * step + i / 2 * side, side);
	return nearest(shades, wanted);
}

static enum err put_row(const struct shades *shades, const struct grey *grey, int32_t row,
                        int32_t step, struct buf *out)
{
	struct paint last = {0};
	enum err r = ERR_OK;

	for (int32_t column = 0; r == ERR_OK && column < grey->width / step; column++) {
		struct paint paint = paint_of(shades, grey, column, row, step);

		if (paint.front != last.front || paint.back != last.back)
			r = buf_printf(out, "\033[%s;%sm", paint.front->front, paint.back->back);
		if (r == ERR_OK)
			r = buf_add_text(out, paint.symbol->text);
		last = paint;
	}
	return r;
}

enum err draw_shades(const struct viewer_place *place, const struct grey *grey, struct buf *out)
{
	struct shades shades = shades_of(place, grey);
	int32_t step = draw_symbol_step(place), rows = grey->height / step;
	int32_t top = (place->rows - 1 - rows) / 2,
		left = (place->columns - grey->width / step) / 2;
	enum err r = ERR_OK;

	for (int32_t row = 0; r == ERR_OK && row < rows; row++) {
		r = draw_move(place, top + row, left, out);
		if (r == ERR_OK)
			r = put_row(&shades, grey, row, step, out);
	}
	return r != ERR_OK ? r : buf_add_text(out, "\033[0m");
}
