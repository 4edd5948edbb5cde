/*
 * From a grey picture to the bytes a terminal shows it by. A drawing stands whole within its place,
 * leaves the place's last row free (a picture that ends on the screen's last row scrolls the
 * screen), and puts the cursor back where it was.
 */
#ifndef TILLSYN_PICTURE_DRAW_H
#define TILLSYN_PICTURE_DRAW_H

#include "base/buf.h"
#include "base/err.h"
#include "core/viewer.h"
#include "picture/grey.h"

/*
 * Pixels of the largest drawing: Full HD. With the largest snapshot it stays below 8 MiB of locked
 * memory.
 */
#define DRAW_PIXELS_MAX (1920 * 1080)

/* A drawing is never larger than this; a terminal that takes a second for it is given up anyhow. */
#define DRAW_BYTES_MAX (16u << 20)

/*
 * The room in the place. ERR_UNSUPPORTED: not in this mode on this terminal; ERR_LIMIT: too few
 * cells.
 */
enum err draw_fit(const struct viewer_place *place, struct fit *fit);

/*
 * Appends the drawing of a picture whose size came from draw_fit(). A picture too noisy for a slow
 * line is smoothed, in place, until its drawing is small enough or four times was not enough.
 */
enum err draw(const struct viewer_place *place, const struct grey *grey, struct buf *out);

/*
 * Draws a small, empty picture to nowhere, so that what libraries do but once (tables, and system
 * calls that the sandbox refuses) is done before the sandbox, and before a real picture is waited
 * for.
 */
enum err draw_rehearse(const struct viewer_place *place);

/* Appends what blanks the whole place, also when a drawing was cut off at any byte of it. */
enum err draw_blank(const struct viewer_place *place, struct buf *out);

/* What the modes need of each other: the cursor to a cell of the place, from 0. */
enum err draw_move(const struct viewer_place *place, int32_t row, int32_t column, struct buf *out);

/* Of graphics: how many cells the picture reaches into. */
void draw_cells_of(const struct viewer_place *place, const struct grey *grey, int32_t *rows,
                   int32_t *columns);
/* And the cursor to the cell at which it then stands in the middle of the place, by whole cells. */
enum err draw_move_to_middle(const struct viewer_place *place, const struct grey *grey,
                             struct buf *out);

/* Symbols: in 256 colours and more, and in fewer. */
enum err draw_symbols(const struct viewer_place *place, const struct grey *grey, struct buf *out);
enum err draw_shades(const struct viewer_place *place, const struct grey *grey, struct buf *out);
enum err draw_sixel(const struct viewer_place *place, const struct grey *grey, struct buf *out);
enum err draw_kitty(const struct viewer_place *place, const struct grey *grey, struct buf *out);
enum err draw_iterm(const struct viewer_place *place, const struct grey *grey, struct buf *out);

/* Pixels each way that a symbol is chosen by. */
int32_t draw_symbol_step(const struct viewer_place *place);

#endif
