/*
 * Pictures of symbols, read back from a terminal's own cells: libvterm is the terminal that the real
 * program draws on. What stands there is painted to greys again, cell by cell, and must be like what
 * the camera took, in its place; the cells around it are nobody's business; and after the view the
 * place is blank, and nothing was ever scrolled away.
 */
#include "stage.h"

#include <math.h>
#include <vterm.h>

#define OUTSIDE "x"
/* Greys a cell is painted to, each way: the eighths of block symbols. */
#define FINE 8

struct size {
	int rows, columns;
	struct viewer_place place; /* as the console lays it out */
};

static const struct size sizes[] = {
	{24, 80, {.row = 2, .column = 1, .rows = 18, .columns = 52}},
	{40, 120, {.row = 2, .column = 1, .rows = 34, .columns = 92}},
};

/* A room: a bright window to the right, a bed with a pillow low on the left, a dark floor. */
static uint8_t room(double u, double v)
{
	if (u > 0.66 && u < 0.92 && v > 0.08 && v < 0.42)
		return 235;
	if (u > 0.08 && u < 0.24 && v > 0.46 && v < 0.66)
		return 250;
	if (u > 0.08 && u < 0.6 && v > 0.52 && v < 0.88)
		return 170;
	return v > 0.7 ? 40 : 95;
}

static void make_room(struct buf *jpeg)
{
	enum { WIDTH = 640, HEIGHT = 480 };
	struct jpeg_compress_struct compress = {0};
	struct jpeg_error_mgr errors;
	unsigned char *bytes = NULL, row[WIDTH], *rows[1] = {row};
	unsigned long len = 0;

	compress.err = jpeg_std_error(&errors);
	jpeg_create_compress(&compress);
	jpeg_mem_dest(&compress, &bytes, &len);
	compress.image_width = WIDTH;
	compress.image_height = HEIGHT;
	compress.input_components = 1;
	compress.in_color_space = JCS_GRAYSCALE;
	jpeg_set_defaults(&compress);
	jpeg_set_quality(&compress, 90, TRUE);
	jpeg_start_compress(&compress, TRUE);
	for (int y = 0; y < HEIGHT; y++) {
		for (int x = 0; x < WIDTH; x++)
			row[x] = room((x + 0.5) / WIDTH, (y + 0.5) / HEIGHT);
		jpeg_write_scanlines(&compress, rows, 1);
	}
	jpeg_finish_compress(&compress);
	jpeg_destroy_compress(&compress);
	assert_int_equal(buf_add(jpeg, bytes, len), ERR_OK);
	free(bytes);
}

/* The terminal */

struct screen {
	VTerm *term;
	VTermScreen *cells;
	const struct size *size;
	int scrolled; /* lines */
};

static int on_scrolled(int columns, const VTermScreenCell *cells, void *arg)
{
	(void)columns;
	(void)cells;
	((struct screen *)arg)->scrolled++;
	return 1;
}

static const VTermScreenCallbacks callbacks = {.sb_pushline = on_scrolled};

static bool is_inside(const struct viewer_place *place, int row, int column)
{
	return row >= place->row && row < place->row + place->rows && column >= place->column
	       && column < place->column + place->columns;
}

/* Every cell around the place has a mark, and the cursor is somewhere of its own. */
static void screen_open(struct screen *screen, const struct size *size)
{
	char text[32];

	*screen = (struct screen){.term = vterm_new(size->rows, size->columns), .size = size};
	vterm_set_utf8(screen->term, 1);
	screen->cells = vterm_obtain_screen(screen->term);
	vterm_screen_set_callbacks(screen->cells, &callbacks, screen);
	vterm_state_set_bold_highbright(vterm_obtain_state(screen->term), 1);
	vterm_screen_reset(screen->cells, 1);
	for (int row = 0; row < size->rows; row++)
		for (int column = 0; column < size->columns; column++) {
			int n = snprintf(text, sizeof text, "\033[%d;%dH%s", row + 1, column + 1,
			                 is_inside(&size->place, row, column) ? " " : OUTSIDE);

			vterm_input_write(screen->term, text, (size_t)n);
		}
	vterm_input_write(screen->term, "\033[1;8H", 6);
}

static void screen_close(struct screen *screen)
{
	vterm_free(screen->term);
}

/* What the terminal was sent since the last time. */
static void screen_take(struct screen *screen, struct stage *stage)
{
	drain_screen(stage);
	vterm_input_write(screen->term, (const char *)stage->screen.data, stage->screen.len);
	buf_drop(&stage->screen, stage->screen.len);
}

static VTermScreenCell cell_at(const struct screen *screen, int row, int column)
{
	VTermScreenCell cell;

	assert_true(vterm_screen_get_cell(screen->cells, (VTermPos){.row = row, .col = column}, &cell));
	if (cell.attrs.reverse) {
		VTermColor front = cell.fg;

		cell.fg = cell.bg;
		cell.bg = front;
	}
	return cell;
}

static double grey_of(const struct screen *screen, VTermColor colour)
{
	vterm_screen_convert_color_to_rgb(screen->cells, &colour);
	return 0.299 * colour.rgb.red + 0.587 * colour.rgb.green + 0.114 * colour.rgb.blue;
}

/* How much of that spot of a cell a character covers (Unicode, block elements; ASCII by its weight). */
static double ink_at(uint32_t c, int x, int y)
{
	static const uint8_t quarters[] = {4, 8, 1, 13, 9, 7, 11, 2, 6, 14}; /* from 2596: 1 2 over 4 8 */
	static const char letters[] = " .'-:_^=+*o%#@";
	const char *letter;

	if (c == 0x2580)
		return y < FINE / 2;
	if (c >= 0x2581 && c <= 0x2588)
		return FINE - y <= (int)(c - 0x2580);
	if (c >= 0x2589 && c <= 0x258f)
		return x < (int)(0x2590 - c);
	if (c == 0x2590)
		return x >= FINE / 2;
	if (c >= 0x2591 && c <= 0x2593)
		return 0.25 * (c - 0x2590);
	if (c == 0x2594)
		return y == 0;
	if (c == 0x2595)
		return x == FINE - 1;
	if (c >= 0x2596 && c <= 0x259f)
		return quarters[c - 0x2596] >> ((y >= FINE / 2) * 2 + (x >= FINE / 2)) & 1;
	letter = c > ' ' && c < 0x7f ? strchr(letters, (char)c) : letters;
	return letter == NULL ? 0.2 : 0.35 * (double)(letter - letters) / (sizeof letters - 2);
}

struct sums {
	double n, a, b, aa, bb, ab;
};

/* Correlation of what stands there with the room, over the part of the place that its shape gives it. */
static double likeness(const struct screen *screen)
{
	const struct viewer_place *place = &screen->size->place;
	double rows = place->rows - 1, columns = place->columns, top, left;
	struct sums s = {0};

	/* Four by three, of cells twice as high as wide, in the middle, above the spare row. */
	if (columns > rows * 8 / 3)
		columns = rows * 8 / 3;
	else
		rows = columns * 3 / 8;
	top = (place->rows - 1 - rows) / 2;
	left = (place->columns - columns) / 2;
	for (int y = 0; y < (place->rows - 1) * FINE; y++)
		for (int x = 0; x < place->columns * FINE; x++) {
			VTermScreenCell cell = cell_at(screen, place->row + y / FINE, place->column + x / FINE);
			double ink = ink_at(cell.chars[0], x % FINE, y % FINE), back = grey_of(screen, cell.bg),
			       u = ((x + 0.5) / FINE - left) / columns, v = ((y + 0.5) / FINE - top) / rows,
			       a = back + ink * (grey_of(screen, cell.fg) - back), b;

			if (u < 0 || u >= 1 || v < 0 || v >= 1)
				continue;
			b = room(u, v);
			s.n++, s.a += a, s.b += b, s.aa += a * a, s.bb += b * b, s.ab += a * b;
		}
	return (s.n * s.ab - s.a * s.b) / sqrt((s.n * s.aa - s.a * s.a) * (s.n * s.bb - s.b * s.b));
}

static void assert_around_untouched(const struct screen *screen)
{
	for (int row = 0; row < screen->size->rows; row++)
		for (int column = 0; column < screen->size->columns; column++)
			if (!is_inside(&screen->size->place, row, column))
				assert_int_equal(cell_at(screen, row, column).chars[0], OUTSIDE[0]);
	assert_int_equal(screen->scrolled, 0);
}

static void assert_place_blank(const struct screen *screen)
{
	const struct viewer_place *place = &screen->size->place;

	for (int row = place->row; row < place->row + place->rows; row++)
		for (int column = place->column; column < place->column + place->columns; column++) {
			VTermScreenCell cell = cell_at(screen, row, column);

			assert_true(cell.chars[0] == 0 || cell.chars[0] == ' ');
			assert_int_equal((int)grey_of(screen, cell.bg), 0);
		}
}

static void look(const struct size *size, int32_t colours, bool utf8, double wanted)
{
	struct buf jpeg = buf_new(JPEG_MAX_BYTES);
	struct stage *stage = stage_begin();
	struct screen screen;
	VTermPos cursor;
	double like;

	screen_open(&screen, size);
	stage->place.row = size->place.row;
	stage->place.column = size->place.column;
	stage->place.rows = size->place.rows;
	stage->place.columns = size->place.columns;
	stage->place.colours = colours;
	stage->place.utf8 = utf8;
	send_place(stage);
	send_expect(stage);
	make_room(&jpeg);
	send_bytes(stage, jpeg.data, jpeg.len);
	buf_free(&jpeg);
	await(stage, VIEWER_STANDING);
	screen_take(&screen, stage);
	like = likeness(&screen);
	if (like < wanted)
		fail_msg("%dx%d, %d colours, %s: %.3f like the room, not %.3f", size->columns, size->rows,
		         (int)colours, utf8 ? "UTF-8" : "ASCII", like, wanted);
	assert_around_untouched(&screen);
	send_end(stage);
	await_gone(stage);
	assert_int_equal(await_exit(stage), 0);
	screen_take(&screen, stage);
	assert_place_blank(&screen);
	assert_around_untouched(&screen);
	vterm_state_get_cursorpos(vterm_obtain_state(screen.term), &cursor);
	assert_int_equal(cursor.row, 0);
	assert_int_equal(cursor.col, 7);
	screen_close(&screen);
	stage_free(stage);
}

static void looks(int32_t colours, double wanted_blocks, double wanted_letters)
{
	for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
		look(&sizes[i], colours, true, wanted_blocks);
		look(&sizes[i], colours, false, wanted_letters);
	}
}

static void in_all_colours(void **state)
{
	(void)state;
	looks(16777216, 0.9, 0.9);
}

static void in_256_colours(void **state)
{
	(void)state;
	looks(256, 0.88, 0.88);
}

static void in_16_colours(void **state)
{
	(void)state;
	looks(16, 0.88, 0.88);
}

static void in_8_colours(void **state)
{
	(void)state;
	looks(8, 0.85, 0.85);
}

static void in_none(void **state)
{
	(void)state;
	looks(2, 0.85, 0.82);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(in_all_colours), cmocka_unit_test(in_256_colours),
		cmocka_unit_test(in_16_colours),  cmocka_unit_test(in_8_colours),
		cmocka_unit_test(in_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
