/*
 * Symbols by chafa, for terminals with 256 colours and more: blocks where they have UTF-8, ASCII
 * where not. chafa starts threads unless told otherwise, and the sandbox kills who starts threads.
 */
#include "picture/draw.h"

#include <assert.h>
#include <chafa.h>
#include <stdbool.h>
#include <string.h>

static ChafaCanvasMode canvas_mode(int32_t colours)
{
	/* Of 256 the sixteen that every terminal and every user sets differently are left out. */
	return colours > 256 ? CHAFA_CANVAS_MODE_TRUECOLOR : CHAFA_CANVAS_MODE_INDEXED_240;
}

static ChafaSymbolTags symbols(bool utf8)
{
	if (!utf8)
		return CHAFA_SYMBOL_TAG_SPACE | CHAFA_SYMBOL_TAG_ASCII;
	return CHAFA_SYMBOL_TAG_SPACE | CHAFA_SYMBOL_TAG_SOLID | CHAFA_SYMBOL_TAG_HALF
	     | CHAFA_SYMBOL_TAG_QUAD | CHAFA_SYMBOL_TAG_BLOCK;
}

static ChafaCanvas *canvas_new(const struct viewer_place *place, int32_t columns, int32_t rows)
{
	ChafaCanvasConfig *config = chafa_canvas_config_new();
	ChafaSymbolMap *map = chafa_symbol_map_new();
	ChafaCanvas *canvas;

	chafa_symbol_map_add_by_tags(map, symbols(place->utf8));
	chafa_canvas_config_set_symbol_map(config, map);
	chafa_canvas_config_set_pixel_mode(config, CHAFA_PIXEL_MODE_SYMBOLS);
	chafa_canvas_config_set_canvas_mode(config, canvas_mode(place->colours));
	chafa_canvas_config_set_geometry(config, columns, rows);
	chafa_canvas_config_set_preprocessing_enabled(config, FALSE);
	/* Not the repeating of characters (REP), which some terminals ignore. */
	chafa_canvas_config_set_optimizations(config, CHAFA_OPTIMIZATION_REUSE_ATTRIBUTES);
	canvas = chafa_canvas_new(config);
	chafa_symbol_map_unref(map);
	chafa_canvas_config_unref(config);
	return canvas;
}

/* chafa takes no grey pixels. */
static void draw_pixels(ChafaCanvas *canvas, const struct grey *grey)
{
	size_t n = (size_t)grey->width * (size_t)grey->height;
	uint8_t *rgb = g_malloc(3 * n);

	for (size_t i = 0; i < n; i++)
		memset(rgb + 3 * i, grey->data[i], 3);
	chafa_canvas_draw_all_pixels(canvas, CHAFA_PIXEL_RGB8, rgb, grey->width, grey->height,
	                             3 * grey->width);
	explicit_bzero(rgb, 3 * n);
	g_free(rgb);
}

/* chafa ends rows by line feeds; on a screen shared with others each goes to its own cell. */
static enum err put_rows(const struct viewer_place *place, int32_t top, int32_t left,
                         const GString *text, struct buf *out)
{
	const char *at = text->str, *end = text->str + text->len;
	enum err r = ERR_OK;

	for (int32_t row = top; r == ERR_OK && at < end && row < place->rows - 1; row++) {
		const char *stop = memchr(at, '\n', (size_t)(end - at));

		if (stop == NULL)
			stop = end;
		r = draw_move(place, row, left, out);
		if (r == ERR_OK)
			r = buf_add(out, at, (size_t)(stop - at));
		at = stop < end ? stop + 1 : end;
	}
	return r != ERR_OK ? r : buf_add_text(out, "\033[0m");
}

enum err draw_symbols(const struct viewer_place *place, const struct grey *grey, struct buf *out)
{
	int32_t step = draw_symbol_step(place);
	int32_t columns = grey->width / step, rows = grey->height / step;
	ChafaTermInfo *terminal = chafa_term_db_get_fallback_info(chafa_term_db_get_default());
	ChafaCanvas *canvas;
	GString *text;
	enum err r;

	assert(columns > 0 && rows > 0);
	chafa_set_n_threads(1);
	canvas = canvas_new(place, columns, rows);
	draw_pixels(canvas, grey);
	text = chafa_canvas_print(canvas, terminal);
	r = put_rows(place, (place->rows - 1 - rows) / 2, (place->columns - columns) / 2, text,
	             out);
	explicit_bzero(text->str, text->len);
	g_string_free(text, TRUE);
	chafa_canvas_unref(canvas);
	chafa_term_info_unref(terminal);
	return r;
}
