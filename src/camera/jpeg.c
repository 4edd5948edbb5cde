/*
 * The one place where the agent meets libjpeg, which reports errors by not returning. It gets room
 * that no picture outgrows, for what it outgrows it frees as it is; and the room is wiped before it
 * is freed: nothing of a picture stays behind (SERVICE.md P7).
 */
#include "camera/jpeg.h"

#include <setjmp.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jpeglib.h>

/* What a JPEG has beside its pixels: headers and tables. */
#define TABLES_BYTES 4096

struct encoding {
	struct jpeg_compress_struct jpeg;
	struct jpeg_error_mgr errors;
	jmp_buf failed;
	unsigned char *room; /* ours */
	size_t room_len;
	unsigned char *data; /* where the JPEG is: in the room, unless the library has made more */
	unsigned long len;
};

static void fail(j_common_ptr common)
{
	struct encoding *encoding = common->client_data;

	longjmp(encoding->failed, 1);
}

static void stay_silent(j_common_ptr common)
{
	(void)common;
}

static void compress(struct encoding *encoding, const uint8_t *pixels, int width, int height,
                     int quality)
{
	struct jpeg_compress_struct *jpeg = &encoding->jpeg;

	jpeg_mem_dest(jpeg, &encoding->data, &encoding->len);
	jpeg->image_width = (JDIMENSION)width;
	jpeg->image_height = (JDIMENSION)height;
	jpeg->input_components = 1;
	jpeg->in_color_space = JCS_GRAYSCALE;
	jpeg_set_defaults(jpeg);
	jpeg_set_quality(jpeg, quality, TRUE);
	jpeg_start_compress(jpeg, TRUE);
	while (jpeg->next_scanline < jpeg->image_height) {
		/* libjpeg's row type is not const, but it only reads. */
		JSAMPROW row =
			(JSAMPROW)(uintptr_t)(pixels + (size_t)jpeg->next_scanline * (size_t)width);

		jpeg_write_scanlines(jpeg, &row, 1);
	}
	jpeg_finish_compress(jpeg);
}

/* False when libjpeg gave up; apart from its caller, whose variables a longjmp would endanger. */
static bool try_to_compress(struct encoding *encoding, const uint8_t *pixels, int width, int height,
                            int quality)
{
	if (setjmp(encoding->failed) != 0)
		return false;
	jpeg_create_compress(&encoding->jpeg);
	compress(encoding, pixels, width, height, quality);
	return true;
}

enum err jpeg_encode(struct buf *out, const uint8_t *pixels, int width, int height, int quality)
{
	struct encoding *encoding = calloc(1, sizeof *encoding);
	enum err err = ERR_MEMORY;

	if (encoding == NULL)
		return ERR_MEMORY;
	/* White noise at the highest quality needs less than two bytes a pixel. */
	encoding->room_len = 2 * (size_t)width * (size_t)height + TABLES_BYTES;
	encoding->room = malloc(encoding->room_len);
	encoding->data = encoding->room;
	encoding->len = encoding->room_len;
	if (encoding->room == NULL) {
		free(encoding);
		return ERR_MEMORY;
	}
	encoding->jpeg.err = jpeg_std_error(&encoding->errors);
	encoding->errors.error_exit = fail;
	encoding->errors.output_message = stay_silent;
	encoding->jpeg.client_data = encoding;
	if (try_to_compress(encoding, pixels, width, height, quality))
		err = buf_add(out, encoding->data, encoding->len);
	jpeg_destroy_compress(&encoding->jpeg);
	if (encoding->data != encoding->room) {
		explicit_bzero(encoding->data, encoding->len);
		free(encoding->data);
	}
	explicit_bzero(encoding->room, encoding->room_len);
	free(encoding->room);
	free(encoding);
	return err;
}
