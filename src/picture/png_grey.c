/*
 * libpng, which knows only longjmp() for errors. What it held is overwritten when it frees it, as
 * all memory of this process is (main.c); the encoded bytes are wiped here.
 */
#include "picture/png_grey.h"

#include "picture/levels.h"

#include <glib.h>
#include <png.h>
#include <setjmp.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

/*
 * In few levels, and with the row above taken off, nearly all that is left to save are runs of
 * zeros.
 */
#define COMPRESSION 3
#define STRATEGY Z_RLE

/* What must survive the jump. */
struct encoder {
	png_structp png;
	png_infop info;
	struct buf *out;
	enum err err;
	struct levels levels;
	struct area area;
	uint64_t *above; /* the level of each pixel of the row before, as a bit */
	uint8_t *line;   /* the row as it is written */
};

static void on_error(png_structp png, png_const_charp words)
{
	struct encoder *encoder = png_get_error_ptr(png);

	(void)words;
	if (encoder->err == ERR_OK)
		encoder->err = ERR_MEMORY;
	png_longjmp(png, 1);
}

static void on_warning(png_structp png, png_const_charp words)
{
	(void)png;
	(void)words;
}

static void on_bytes(png_structp png, png_bytep data, size_t len)
{
	struct encoder *encoder = png_get_io_ptr(png);

	encoder->err = buf_add(encoder->out, data, len);
	if (encoder->err != ERR_OK)
		png_error(png, "");
}

static void on_flush(png_structp png)
{
	(void)png;
}

static void put_row(struct encoder *encoder, const uint8_t *row, int32_t width)
{
	uint64_t left = 0;

	for (int32_t x = 0; x < width; x++) {
		int level = levels_choose(&encoder->levels, row[x], left | encoder->above[x],
		                          encoder->area.level[x]);

		left = encoder->above[x] = levels_bit(level);
		encoder->line[x] = levels_grey(level);
	}
	png_write_row(encoder->png, encoder->line);
}

/* Up alone: in few levels no other filter is as small, and trying them all takes time. */
static void encode(struct encoder *encoder, const struct grey *grey)
{
	png_structp png = encoder->png;

	if (setjmp(png_jmpbuf(png)) != 0)
		return;
	png_set_write_fn(png, encoder, on_bytes, on_flush);
	png_set_compression_level(png, COMPRESSION);
	png_set_compression_strategy(png, STRATEGY);
	png_set_filter(png, PNG_FILTER_TYPE_BASE, PNG_FILTER_UP);
	png_set_IHDR(png, encoder->info, (png_uint_32)grey->width, (png_uint_32)grey->height, 8,
	             PNG_COLOR_TYPE_GRAY, PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT,
	             PNG_FILTER_TYPE_DEFAULT);
	png_write_info(png, encoder->info);
	for (int32_t y = 0; y < grey->height; y++) {
		if (y % AREA_ROWS == 0)
			area_read(&encoder->area, grey, y);
		put_row(encoder, grey->data + (int64_t)y * grey->width, grey->width);
	}
	png_write_end(png, NULL);
}

static bool encoder_begin(struct encoder *encoder, int32_t columns)
{
	size_t width = (size_t)columns;

	levels_set(&encoder->levels);
	encoder->above = calloc(width, sizeof *encoder->above);
	encoder->line = calloc(width, 1);
	encoder->png = png_create_write_struct(PNG_LIBPNG_VER_STRING, encoder, on_error,
	                                       on_warning);
	encoder->info = encoder->png != NULL ? png_create_info_struct(encoder->png) : NULL;
	return area_new(&encoder->area, columns) == ERR_OK && encoder->above != NULL
	    && encoder->line != NULL && encoder->info != NULL;
}

static void encoder_end(struct encoder *encoder, size_t width)
{
	png_destroy_write_struct(&encoder->png, &encoder->info);
	if (encoder->above != NULL)
		explicit_bzero(encoder->above, width * sizeof *encoder->above);
	if (encoder->line != NULL)
		explicit_bzero(encoder->line, width);
	free(encoder->above);
	free(encoder->line);
	area_free(&encoder->area);
}

enum err png_grey(const struct grey *grey, struct buf *out)
{
	struct encoder encoder = {.out = out};

	if (encoder_begin(&encoder, grey->width))
		encode(&encoder, grey);
	else
		encoder.err = ERR_MEMORY;
	encoder_end(&encoder, (size_t)grey->width);
	return encoder.err;
}

enum err png_grey_base64(const struct grey *grey, struct buf *out)
{
	struct buf png = buf_new(out->max);
	enum err r = png_grey(grey, &png);
	char *text = NULL;

	if (r == ERR_OK) {
		text = g_base64_encode(png.data, png.len);
		r = buf_add_text(out, text);
		explicit_bzero(text, strlen(text));
	}
	g_free(text);
	if (png.data != NULL)
		explicit_bzero(png.data, png.cap);
	buf_free(&png);
	return r;
}
