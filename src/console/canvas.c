/* Cells, clipped and measured. */
#include "console/canvas.h"

#include "base/text.h"
#include "console/names.h"
#include "console/width.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FORMAT_BYTES = 512 };

void canvas_resize(struct canvas *canvas, int rows, int columns)
{
	canvas->rows = rows < 1 ? 1 : rows;
	canvas->columns = columns < 1 ? 1 : columns;
	canvas->cells = reallocarray(canvas->cells, (size_t)canvas->rows * (size_t)canvas->columns,
	                             sizeof *canvas->cells);
	if (canvas->cells == NULL)
		abort();
	canvas_clear(canvas);
}

void canvas_free(struct canvas *canvas)
{
	free(canvas->cells);
	canvas->cells = NULL;
}

static struct cell *cell_at(struct canvas *canvas, int row, int column)
{
	assert(row >= 0 && row < canvas->rows && column >= 0 && column < canvas->columns);
	return &canvas->cells[(size_t)row * (size_t)canvas->columns + (size_t)column];
}

static void cell_set(struct cell *cell, const char *text, size_t len, enum style style)
{
	assert(len < CELL_BYTES);
	memset(cell->text, 0, sizeof cell->text);
	memcpy(cell->text, text, len);
	cell->style = (uint8_t)style;
}

void canvas_clear(struct canvas *canvas)
{
	for (int row = 0; row < canvas->rows; row++)
		for (int column = 0; column < canvas->columns; column++)
			cell_set(cell_at(canvas, row, column), " ", 1, STYLE_TEXT);
	canvas->cursor_row = canvas->cursor_column = canvas->top = 0;
}

/* The nearest ASCII character, for terminals that show nothing else. */
static char to_ascii(uint32_t c)
{
	static const struct {
		uint32_t c;
		char ascii;
	} marks[] = {
		{0xb7, '-'},   {0x2013, '-'}, {0x2014, '-'},  {0x2026, '~'}, {0x2192, '>'},
		{0x21bb, '@'}, {0x2500, '-'}, {0x2502, '|'},  {0x250c, '+'}, {0x2510, '+'},
		{0x2514, '+'}, {0x2518, '+'}, {0x2588, '#'},  {0x2591, '.'}, {0x258c, '>'},
		{0x25ba, '>'}, {0x2713, 'v'}, {0x2019, '\''}, {0x25cf, '#'}, {0x25cb, 'o'},
		{0x2302, '^'}, {0x2039, '<'}, {0x203a, '>'},  {0x2191, '^'}, {0x2193, 'v'},
	};

	if (names_plain(c) != 0)
		return names_plain(c);
	for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
		if (marks[i].c == c)
			return marks[i].ascii;
	return '?';
}

/* Adds a combining mark to the character before it, where there is room. */
static void cell_join(struct canvas *canvas, int row, int column, const char *text, size_t len)
{
	struct cell *cell;
	size_t have;

	if (canvas->ascii || column < 1)
		return;
	cell = cell_at(canvas, row, column - 1);
	have = strlen(cell->text);
	if (have > 0 && have + len < CELL_BYTES)
		memcpy(cell->text + have, text, len);
}

/* Draws one character; the caller has seen to it that it fits. */
static void cell_draw(struct canvas *canvas, int row, int column, const char *text, size_t len,
                      uint32_t c, enum style style)
{
	char ascii = to_ascii(c);

	/* A row that is selected stays so, whatever is written on it. */
	style = (enum style)(style | (cell_at(canvas, row, column)->style & STYLE_SELECTED));
	if (canvas->ascii)
		cell_set(cell_at(canvas, row, column), &ascii, 1, style);
	else
		cell_set(cell_at(canvas, row, column), text, len, style);
	if (width_of(c) == 2)
		cell_set(cell_at(canvas, row, column + 1), canvas->ascii ? " " : "", canvas->ascii,
		         style);
}

int canvas_put(struct canvas *canvas, int row, int column, int width, enum style style,
               const char *text)
{
	int end = column + width < canvas->columns ? column + width : canvas->columns;
	bool cut = width_text(text) > end - column;
	int limit = cut ? end - 1 : end;
	size_t len = strlen(text), n;

	if (row < 0 || row >= canvas->rows || column < 0 || column >= end)
		return column;
	for (; len > 0; text += n, len -= n) {
		uint32_t c = 0;

		n = text_decode(text, len, &c);
		if (n == 0 || column + width_of(c) > limit)
			break;
		if (width_of(c) == 0)
			cell_join(canvas, row, column, text, n);
		else
			cell_draw(canvas, row, column, text, n, c, style);
		column += width_of(c);
	}
	if (cut)
		cell_draw(canvas, row, column++, "…", strlen("…"), 0x2026, style);
	return column;
}

int canvas_text(struct canvas *canvas, int row, int column, enum style style, const char *text)
{
	return canvas_put(canvas, row, column, canvas->columns - column, style, text);
}

int canvas_format(struct canvas *canvas, int row, int column, enum style style, const char *format,
                  ...)
{
	char text[FORMAT_BYTES];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof text, format, args);
	va_end(args);
	return canvas_text(canvas, row, column, style, text);
}

void canvas_right(struct canvas *canvas, int row, enum style style, const char *text)
{
	int column = canvas->columns - width_text(text);

	canvas_text(canvas, row, column < 0 ? 0 : column, style, text);
}

size_t canvas_break(const char *text, int columns)
{
	size_t len = strlen(text), at = 0, space = 0;
	int width = 0;

	while (at < len) {
		uint32_t c = 0;
		size_t n = text_decode(text + at, len - at, &c);

		if (n == 0)
			return at;
		if (c == ' ')
			space = at;
		if (width + width_of(c) > columns)
			return space > 0 ? space : at > 0 ? at : n;
		width += width_of(c);
		at += n;
	}
	return len;
}

int canvas_wrap(struct canvas *canvas, const struct area *area, enum style style, const char *text)
{
	int used = 0;

	while (*text != '\0' && used < area->rows && area->columns > 0) {
		char line[FORMAT_BYTES];
		size_t len = canvas_break(text, area->columns);
		size_t copied = len < sizeof line - 1 ? len : sizeof line - 1;

		if (len == 0)
			break;
		if (used == area->rows - 1)
			copied = strlen(text) < sizeof line - 1 ? strlen(text) : sizeof line - 1;
		memcpy(line, text, copied);
		line[copied] = '\0';
		canvas_put(canvas, area->row + used++, area->column, area->columns, style, line);
		text += len;
		text += strspn(text, " ");
	}
	return used;
}

void canvas_fill(struct canvas *canvas, int row, int column, int end, enum style style,
                 const char *text)
{
	for (; column < end && column < canvas->columns; column++)
		canvas_put(canvas, row, column, 1, style, text);
}

void canvas_style_row(struct canvas *canvas, int row, enum style style)
{
	if (row < 0 || row >= canvas->rows)
		return;
	for (int column = 0; column < canvas->columns; column++)
		cell_at(canvas, row, column)->style = (uint8_t)style;
}

void canvas_frame(struct canvas *canvas, const struct area *area, enum style style)
{
	int left = area->column - 1, right = area->column + area->columns;
	int top = area->row - 1, bottom = area->row + area->rows;

	canvas_fill(canvas, top, left, right + 1, style, "─");
	canvas_fill(canvas, bottom, left, right + 1, style, "─");
	for (int row = area->row; row < bottom; row++) {
		canvas_put(canvas, row, left, 1, style, "│");
		canvas_put(canvas, row, right, 1, style, "│");
	}
	canvas_put(canvas, top, left, 1, style, "┌");
	canvas_put(canvas, top, right, 1, style, "┐");
	canvas_put(canvas, bottom, left, 1, style, "└");
	canvas_put(canvas, bottom, right, 1, style, "┘");
}

void canvas_cursor(struct canvas *canvas, int row, int column)
{
	canvas->cursor_row = row < 0 ? 0 : row >= canvas->rows ? canvas->rows - 1 : row;
	canvas->cursor_column = column < 0                  ? 0
	                        : column >= canvas->columns ? canvas->columns - 1
	                                                    : column;
}

void canvas_lines(const struct canvas *canvas, struct buf *out)
{
	for (int row = 0; row < canvas->rows; row++) {
		size_t start = out->len, end = out->len;

		for (int column = 0; column < canvas->columns; column++) {
			const struct cell *cell = &canvas->cells[row * canvas->columns + column];

			if (buf_add_text(out, cell->text) != ERR_OK)
				return;
			if (strcmp(cell->text, " ") != 0)
				end = out->len;
		}
		assert(end >= start);
		out->len = end;
		if (buf_add_text(out, "\n") != ERR_OK)
			return;
	}
}
