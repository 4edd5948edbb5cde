/*
 * JPEGs for tests: four quadrants of grey in whatever form the test needs. A test program that includes
 * this links libjpeg.
 */
#ifndef TILLSYN_TESTS_JPEG_MAKE_H
#define TILLSYN_TESTS_JPEG_MAKE_H

#include "base/buf.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <jpeglib.h>

enum jpeg_kind {
	JPEG_GREY,
	JPEG_COLOUR,
	JPEG_ADOBE_CMYK, /* inverted, with Adobe's marker */
	JPEG_ADOBE_YCCK,
	JPEG_PLAIN_CMYK, /* upright, without */
};

struct jpeg_recipe {
	int width, height;
	enum jpeg_kind kind;
	bool progressive;
	int scans;           /* 0: the library's choice */
	int orientation;     /* 0: no EXIF; 1–8 */
	int noise;           /* levels up or down, the same in every run */
	uint8_t quadrant[4]; /* top left, top right, bottom left, bottom right, as stored */
};

static inline struct jpeg_recipe jpeg_recipe(int width, int height)
{
	return (struct jpeg_recipe){.width = width, .height = height, .quadrant = {40, 100, 160, 220}};
}

static inline int jpeg_components(enum jpeg_kind kind)
{
	return kind == JPEG_GREY ? 1 : kind == JPEG_COLOUR ? 3 : 4;
}

static inline uint8_t jpeg_noise(int level, int noise, int x, int y)
{
	uint32_t mixed = ((uint32_t)x * 2654435761u) ^ ((uint32_t)y * 2246822519u);

	mixed = (mixed ^ mixed >> 15) * 3266489917u;
	if (noise > 0)
		level += (int)((mixed ^ mixed >> 16) % (uint32_t)(2 * noise + 1)) - noise;
	return (uint8_t)(level < 0 ? 0 : level > 255 ? 255 : level);
}

static inline void jpeg_paint(const struct jpeg_recipe *recipe, int y, uint8_t *row)
{
	int n = jpeg_components(recipe->kind);

	for (int x = 0; x < recipe->width; x++) {
		int right = x >= recipe->width / 2, bottom = y >= recipe->height / 2;
		uint8_t grey = jpeg_noise(recipe->quadrant[2 * bottom + right], recipe->noise, x, y);

		for (int i = 0; i < n; i++)
			row[n * x + i] = grey;
		if (n < 4)
			continue;
		for (int i = 0; i < 3; i++)
			row[n * x + i] = recipe->kind == JPEG_PLAIN_CMYK ? 0 : 255;
		row[n * x + 3] = recipe->kind == JPEG_PLAIN_CMYK ? (uint8_t)(255 - grey) : grey;
	}
}

static inline void jpeg_colour_space(struct jpeg_compress_struct *jpeg, enum jpeg_kind kind)
{
	static const J_COLOR_SPACE in[] = {JCS_GRAYSCALE, JCS_RGB, JCS_CMYK, JCS_CMYK, JCS_CMYK};

	jpeg->in_color_space = in[kind];
	jpeg->input_components = jpeg_components(kind);
	jpeg_set_defaults(jpeg);
	jpeg_set_colorspace(jpeg, kind == JPEG_GREY     ? JCS_GRAYSCALE
	                          : kind == JPEG_COLOUR ? JCS_YCbCr
	                          : kind == JPEG_ADOBE_YCCK ? JCS_YCCK
	                                                    : JCS_CMYK);
	if (kind == JPEG_PLAIN_CMYK)
		jpeg->write_Adobe_marker = FALSE;
}

/* A legal script of n scans: every coefficient of every component bit by bit. The caller frees it. */
static inline jpeg_scan_info *jpeg_script(int components, int n)
{
	jpeg_scan_info *script = calloc((size_t)n, sizeof *script);
	int at = 0;

	for (int c = 0; script != NULL && c < components && at < n; c++)
		script[at++] = (jpeg_scan_info){.comps_in_scan = 1, .component_index = {c}};
	for (int k = 1; script != NULL && k < 64; k++)
		for (int c = 0; c < components; c++)
			for (int bit = 10; bit >= 0 && at < n; bit--)
				script[at++] = (jpeg_scan_info){
					.comps_in_scan = 1, .component_index = {c}, .Ss = k, .Se = k,
					.Ah = bit == 10 ? 0 : bit + 1, .Al = bit,
				};
	return script;
}

static inline void jpeg_write_exif(struct jpeg_compress_struct *jpeg, int orientation)
{
	const uint8_t exif[] = {
		'E', 'x', 'i', 'f', 0, 0, 'M', 'M', 0, 42, 0, 0, 0, 8, /* header; the directory is at 8 */
		0, 2,                                                  /* two entries */
		0x01, 0x00, 0, 3, 0, 0, 0, 1, 0, 99, 0, 0,             /* one nobody asks for */
		0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, (uint8_t)orientation, 0, 0,
		0, 0, 0, 0,
	};

	jpeg_write_marker(jpeg, JPEG_APP0 + 1, exif, sizeof exif);
}

/* Appends the JPEG to out. */
static inline void jpeg_make(const struct jpeg_recipe *recipe, struct buf *out)
{
	struct jpeg_compress_struct jpeg;
	struct jpeg_error_mgr errors;
	jpeg_scan_info *script = NULL;
	unsigned char *bytes = NULL;
	unsigned long len = 0;
	uint8_t *row = calloc((size_t)recipe->width, 4);

	if (row == NULL)
		abort();
	jpeg.err = jpeg_std_error(&errors);
	jpeg_create_compress(&jpeg);
	jpeg_mem_dest(&jpeg, &bytes, &len);
	jpeg.image_width = (JDIMENSION)recipe->width;
	jpeg.image_height = (JDIMENSION)recipe->height;
	jpeg_colour_space(&jpeg, recipe->kind);
	jpeg_set_quality(&jpeg, 95, TRUE);
	if (recipe->progressive)
		jpeg_simple_progression(&jpeg);
	if (recipe->scans > 0) {
		jpeg.scan_info = script = jpeg_script(jpeg_components(recipe->kind), recipe->scans);
		jpeg.num_scans = recipe->scans;
	}
	jpeg_start_compress(&jpeg, TRUE);
	if (recipe->orientation > 0)
		jpeg_write_exif(&jpeg, recipe->orientation);
	for (int y = 0; y < recipe->height; y++) {
		jpeg_paint(recipe, y, row);
		jpeg_write_scanlines(&jpeg, &row, 1);
	}
	jpeg_finish_compress(&jpeg);
	jpeg_destroy_compress(&jpeg);
	if (buf_add(out, bytes, len) != ERR_OK)
		abort();
	free(bytes);
	free(script);
	free(row);
}

#endif
