/* The modes as a table; and what holds for all of them: the room, the cursor, the blanking. */
#include "picture/draw.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* xterm's own default; it refuses larger pictures without a word. */
#define PICTURE_SIDE_STANDARD 1000

/* A cell of unknown size is taken to be twice as high as wide, as nearly all are. */
#define CELL_WIDTH_STANDARD 10
#define CELL_HEIGHT_STANDARD 20

/*
 * What a line of 1 Mbit/s carries within a second, with some of the second left for everything
 * else. Nobody says how fast the line is, so this holds everywhere.
 */
#define LINE_BYTES 104000

/* How far the last smoothing reaches, in pixels; noise that is coarser than that is no noise. */
#define SMOOTH_REACH_MAX 8

struct mode {
	enum err (*fit)(const struct viewer_place *place, struct fit *fit);
	enum err (*draw)(const struct viewer_place *place, const struct grey *grey,
	                 struct buf *out);
	size_t bytes; /* that a drawing should not have more of */
};

static int32_t smaller(int64_t a, int64_t b)
{
	return (int32_t)(a < b ? a : b);
}

static int32_t or_standard(int32_t value, int32_t standard)
{
	return value > 0 ? value : standard;
}

/*
 * chafa looks at eight pixels each way; half of them on screens so large that nobody sees the
 * difference.
 */
int32_t draw_symbol_step(const struct viewer_place *place)
{
	return (int64_t)place->rows * place->columns * 64 > DRAW_PIXELS_MAX ? 4 : 8;
}

static struct viewer_place with_cells(const struct viewer_place *place)
{
	struct viewer_place known = *place;

	if (place->cell_width == 0 || place->cell_height == 0) {
		known.cell_width = CELL_WIDTH_STANDARD;
		known.cell_height = CELL_HEIGHT_STANDARD;
	}
	return known;
}

static enum err fit_symbols(const struct viewer_place *place, struct fit *fit)
{
	int32_t step = draw_symbol_step(place);

	*fit = (struct fit){
		.width = place->columns * step,
		.height = (place->rows - 1) * step,
		.step = step,
		.pixel_width = or_standard(place->cell_width, CELL_WIDTH_STANDARD),
		.pixel_height = or_standard(place->cell_height, CELL_HEIGHT_STANDARD),
	};
	return ERR_OK;
}

/* In pixels of the screen, no side longer than that (0: as long as the place has room). */
static enum err fit_pixels(const struct viewer_place *place, int32_t width_max, int32_t height_max,
                           struct fit *fit)
{
	if (place->cell_width == 0 || place->cell_height == 0)
		return ERR_UNSUPPORTED;
	*fit = (struct fit){
		.width = place->columns * place->cell_width,
		.height = (place->rows - 1) * place->cell_height,
		.step = 1,
		.pixel_width = 1,
		.pixel_height = 1,
	};
	if (width_max > 0)
		fit->width = smaller(fit->width, width_max);
	if (height_max > 0)
		fit->height = smaller(fit->height, height_max);
	return ERR_OK;
}

static enum err fit_sixel(const struct viewer_place *place, struct fit *fit)
{
	return fit_pixels(place, or_standard(place->picture_width, PICTURE_SIDE_STANDARD),
	                  or_standard(place->picture_height, PICTURE_SIDE_STANDARD), fit);
}

static enum err fit_kitty(const struct viewer_place *place, struct fit *fit)
{
	return fit_pixels(place, 0, 0, fit);
}

/*
 * The terminal fits it to cells, whatever their size; but all of it is one sequence, which has a
 * bound.
 */
static enum err fit_iterm(const struct viewer_place *place, struct fit *fit)
{
	const struct viewer_place known = with_cells(place);

	return fit_pixels(&known, PICTURE_SIDE_STANDARD, PICTURE_SIDE_STANDARD, fit);
}

static enum err draw_cells(const struct viewer_place *place, const struct grey *grey,
                           struct buf *out)
{
	return place->colours < 256 ? draw_shades(place, grey, out)
	                            : draw_symbols(place, grey, out);
}

static const struct mode modes[VIEWER_ITERM + 1] = {
	[VIEWER_SYMBOLS] = {fit_symbols, draw_cells, DRAW_BYTES_MAX},
	[VIEWER_SIXEL] = {fit_sixel, draw_sixel, LINE_BYTES},
	[VIEWER_KITTY] = {fit_kitty, draw_kitty, LINE_BYTES},
	[VIEWER_ITERM] = {fit_iterm, draw_iterm, LINE_BYTES},
};

/* Halves the larger side until the picture is within the bound, whatever its shape will be. */
static void bound(struct fit *fit)
{
	while ((int64_t)fit->width * fit->height > DRAW_PIXELS_MAX) {
		int32_t *side = fit->width > fit->height ? &fit->width : &fit->height;

		*side = *side / 2 / fit->step * fit->step;
	}
}

enum err draw_fit(const struct viewer_place *place, struct fit *fit)
{
	enum err r;

	memset(fit, 0, sizeof *fit);
	if (place->rows < VIEWER_ROWS_MIN || place->columns < VIEWER_COLUMNS_MIN)
		return ERR_LIMIT;
	r = modes[place->mode].fit(place, fit);
	if (r == ERR_OK)
		bound(fit);
	return r;
}

/* Of a drawing that would have more bytes nothing remains. */
static enum err draw_within(const struct viewer_place *place, const struct grey *grey, size_t bytes,
                            struct buf *out)
{
	size_t start = out->len, max = out->max;
	enum err r;

	if (bytes < max - start)
		out->max = start + bytes;
	r = buf_add_text(out, "\0337");
	if (r == ERR_OK)
		r = modes[place->mode].draw(place, grey, out);
	if (r == ERR_OK)
		r = buf_add_text(out, "\0338");
	out->max = max;
	if (r != ERR_OK && out->data != NULL) {
		explicit_bzero(out->data + start, out->len - start);
		out->len = start;
	}
	return r;
}

enum err draw(const struct viewer_place *place, const struct grey *grey, struct buf *out)
{
	size_t bytes = modes[place->mode].bytes;
	enum err r = draw_within(place, grey, bytes, out);

	for (int32_t reach = 1; r == ERR_LIMIT && reach <= SMOOTH_REACH_MAX; reach *= 2) {
		grey_smooth(grey, reach);
		r = draw_within(place, grey, reach < SMOOTH_REACH_MAX ? bytes : DRAW_BYTES_MAX,
		                out);
	}
	return r;
}

enum err draw_rehearse(const struct viewer_place *place)
{
	struct buf out = buf_new(DRAW_BYTES_MAX);
	struct viewer_place small = *place;
	struct grey grey;
	struct fit fit;
	enum err r;

	small.rows = smaller(small.rows, VIEWER_ROWS_MIN);
	small.columns = smaller(small.columns, VIEWER_COLUMNS_MIN);
	r = draw_fit(&small, &fit);
	if (r != ERR_OK)
		return r;
	fit_size(&fit, 4, 3, &grey.width, &grey.height);
	grey.data = calloc((size_t)grey.width, (size_t)grey.height);
	r = grey.data == NULL ? ERR_MEMORY : draw(&small, &grey, &out);
	free(grey.data);
	buf_free(&out);
	return r;
}

enum err draw_move(const struct viewer_place *place, int32_t row, int32_t column, struct buf *out)
{
	return buf_printf(out, "\033[%d;%dH", place->row + row + 1, place->column + column + 1);
}

void draw_cells_of(const struct viewer_place *place, const struct grey *grey, int32_t *rows,
                   int32_t *columns)
{
	const struct viewer_place known = with_cells(place);

	*rows = (grey->height + known.cell_height - 1) / known.cell_height;
	*columns = (grey->width + known.cell_width - 1) / known.cell_width;
	assert(*rows < place->rows && *columns <= place->columns);
}

enum err draw_move_to_middle(const struct viewer_place *place, const struct grey *grey,
                             struct buf *out)
{
	int32_t rows, columns;

	draw_cells_of(place, grey, &rows, &columns);
	return draw_move(place, (place->rows - 1 - rows) / 2, (place->columns - columns) / 2, out);
}

static enum err blank_row(const struct viewer_place *place, int32_t row, struct buf *out)
{
	static const char spaces[] =
		"                                                                ";
	enum err r = draw_move(place, row, 0, out);

	for (int32_t left = place->columns; r == ERR_OK && left > 0;
	     left -= (int32_t)sizeof spaces - 1)
		r = buf_add(out, spaces, (size_t)smaller(left, (int64_t)sizeof spaces - 1));
	return r;
}

/*
 * The string terminator first: a terminal that is in the middle of a picture swallows everything
 * until it. Spaces, because they alone take a picture away everywhere (erasing by rectangle leaves
 * sixels); where the terminal has become smaller meanwhile they must not wrap, which would scroll
 * it.
 */
enum err draw_blank(const struct viewer_place *place, struct buf *out)
{
	enum err r = buf_add_text(out, "\033\\");

	if (r == ERR_OK && place->mode == VIEWER_KITTY)
		r = buf_add_text(out, VIEWER_KITTY_DELETE);
	if (r == ERR_OK)
		r = buf_add_text(out, "\0337\033[0m\033[?7l");
	for (int32_t row = 0; r == ERR_OK && row < place->rows; row++)
		r = blank_row(place, row, out);
	return r != ERR_OK ? r : buf_add_text(out, "\033[?7h\0338");
}
