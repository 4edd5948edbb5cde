/*
 * A frame before it is on a terminal: a grid of cells with meanings, not colours. Views draw here
 * and know no terminal; the screen copies it out, a test reads it as text. Drawing outside of it is
 * allowed and draws nothing, so that views need not fear a small terminal.
 */
#ifndef TILLSYN_CONSOLE_CANVAS_H
#define TILLSYN_CONSOLE_CANVAS_H

#include "base/buf.h"
#include "console/style.h"

#include <stdbool.h>
#include <stdint.h>

enum { CELL_BYTES = 16 }; /* one character with a few combining marks */

struct cell {
	char text[CELL_BYTES]; /* empty: the right half of a wide character */
	uint8_t style;
};

/* A rectangle in cells, from 0. */
struct area {
	int row, column, rows, columns;
};

struct canvas {
	int rows, columns;
	struct cell *cells; /* owned */
	bool ascii;         /* draw with ASCII alone */
	int cursor_row, cursor_column; /* where the hardware cursor stands */
	int top;            /* the first line shown of what can be scrolled */
};

/* Sizes below 1 are taken as 1. Aborts without memory. */
void canvas_resize(struct canvas *canvas, int rows, int columns);
void canvas_free(struct canvas *canvas);
/* Blank, cursor at the origin. */
void canvas_clear(struct canvas *canvas);
/*
 * Draws clean text in at most width columns (and not beyond the edge); what does not fit is cut and
 * ends with an ellipsis. Returns the column after the last one drawn.
 */
int canvas_put(struct canvas *canvas, int row, int column, int width, enum style style,
               const char *text);
/* The same, as far as the edge. */
int canvas_text(struct canvas *canvas, int row, int column, enum style style, const char *text);
int canvas_format(struct canvas *canvas, int row, int column, enum style style, const char *format,
                  ...) __attribute__((format(printf, 5, 6)));
/* Ends at the right edge. */
void canvas_right(struct canvas *canvas, int row, enum style style, const char *text);
/* How many bytes of text make its next line of at most so many columns; one character at least. */
size_t canvas_break(const char *text, int columns);
/* Draws text in rows of at most area->columns, broken at spaces. Returns how many rows it took. */
int canvas_wrap(struct canvas *canvas, const struct area *area, enum style style, const char *text);
/* Fills the row from column to before end with one character. */
void canvas_fill(struct canvas *canvas, int row, int column, int end, enum style style,
                 const char *text);
void canvas_style_row(struct canvas *canvas, int row, enum style style);
/* A frame of lines just outside of the area. */
void canvas_frame(struct canvas *canvas, const struct area *area, enum style style);
void canvas_cursor(struct canvas *canvas, int row, int column);
/* The frame as lines of text without trailing spaces. */
void canvas_lines(const struct canvas *canvas, struct buf *out);

#endif
