/*
 * libjpeg-turbo, kept on a short lead: sides, scans and memory are bounded, the first sign of
 * damage ends the decoding, and its words never go to standard error. The decoder scales while it
 * decodes (eighths), which saves both time and memory, since a terminal shows far fewer pixels than
 * a camera sends.
 */
#include "picture/jpeg.h"

#include "picture/exif.h"

#include <assert.h>
#include <setjmp.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include <jpeglib.h>

#include <jerror.h>

/* Less than this each way is no picture of a room, whatever else it is. */
#define SIDE_MIN 16

/* A 4K picture in progressive 4:4:4 needs 50 MB of coefficients. */
#define DECODER_BYTES_MAX (96L << 20)

/* libjpeg knows only longjmp() for errors; everything that must survive it lives here. */
struct decoder {
	struct jpeg_decompress_struct jpeg;
	struct jpeg_error_mgr errors;
	struct jpeg_progress_mgr progress;
	jmp_buf out;
	enum err err;
	char *words;
	struct shrink shrink;
};

static void give_up(struct decoder *d, enum err err, const char *words)
{
	d->err = err;
	snprintf(d->words, REASON_MAX_BYTES, "%s", words);
	longjmp(d->out, 1);
}

static void give_up_formatted(j_common_ptr jpeg, enum err err)
{
	char words[JMSG_LENGTH_MAX];

	jpeg->err->format_message(jpeg, words);
	give_up(jpeg->client_data, err, words);
}

static void on_error(j_common_ptr jpeg)
{
	int code = jpeg->err->msg_code;
	bool limit = code == JERR_NO_BACKING_STORE || code == JERR_IMAGE_TOO_BIG
	          || code == JERR_OUT_OF_MEMORY;

	if (code == JERR_NO_BACKING_STORE)
		give_up(jpeg->client_data, ERR_LIMIT,
		        "the picture needs more memory than a look may use");
	if (code == JERR_NO_SOI)
		give_up(jpeg->client_data, ERR_PARSE, "the picture is not a JPEG");
	give_up_formatted(jpeg, limit ? ERR_LIMIT : ERR_PARSE);
}

/* Level -1 is a warning: damaged data, but for three that say only how a sound file was written. */
static void on_message(j_common_ptr jpeg, int level)
{
	int code = jpeg->err->msg_code;

	if (level >= 0 || code == JWRN_ADOBE_XFORM || code == JWRN_JFIF_MAJOR
	    || code == JWRN_BOGUS_ICC)
		return;
	if (code == JWRN_JPEG_EOF)
		give_up(jpeg->client_data, ERR_PARSE, "the picture is cut off: its end is missing");
	give_up_formatted(jpeg, ERR_PARSE);
}

static void on_output(j_common_ptr jpeg)
{
	(void)jpeg;
}

/* Called between the rows of every scan, which makes it the place to count them. */
static void on_progress(j_common_ptr jpeg)
{
	struct decoder *d = jpeg->client_data;

	if (d->jpeg.input_scan_number > JPEG_SCANS_MAX)
		give_up(d, ERR_LIMIT, "the picture has more scans than any camera makes");
}

static void begin(struct decoder *d, const uint8_t *data, size_t len)
{
	d->jpeg.err = jpeg_std_error(&d->errors);
	d->errors.error_exit = on_error;
	d->errors.emit_message = on_message;
	d->errors.output_message = on_output;
	d->jpeg.client_data = d;
	jpeg_create_decompress(&d->jpeg);
	/* Creating clears everything but the error handler and the client's data. */
	d->jpeg.mem->max_memory_to_use = DECODER_BYTES_MAX;
	d->progress.progress_monitor = on_progress;
	d->jpeg.progress = &d->progress;
	jpeg_save_markers(&d->jpeg, JPEG_APP0 + 1, 0xffff);
	jpeg_mem_src(&d->jpeg, data, (unsigned long)len);
	jpeg_read_header(&d->jpeg, TRUE);
}

static void check_size(struct decoder *d)
{
	char words[REASON_MAX_BYTES];

	snprintf(words, sizeof words, "the picture is %u × %u, more than %d is refused",
	         d->jpeg.image_width, d->jpeg.image_height, JPEG_SIDE_MAX);
	if (d->jpeg.image_width > JPEG_SIDE_MAX || d->jpeg.image_height > JPEG_SIDE_MAX)
		give_up(d, ERR_LIMIT, words);
	if (d->jpeg.image_width < SIDE_MIN || d->jpeg.image_height < SIDE_MIN)
		give_up(d, ERR_PARSE, "the picture is too small to show a room");
}

static int orientation(const struct decoder *d)
{
	int found = ORIENTATION_UPRIGHT;

	for (jpeg_saved_marker_ptr marker = d->jpeg.marker_list;
	     marker != NULL && found == ORIENTATION_UPRIGHT; marker = marker->next)
		found = exif_orientation(marker->data, marker->data_length);
	return found;
}

/* The smallest scale whose picture is no smaller than what is drawn. */
static void choose_scale(struct decoder *d, int32_t width, int32_t height)
{
	d->jpeg.scale_denom = 8;
	for (d->jpeg.scale_num = 1; d->jpeg.scale_num < 8; d->jpeg.scale_num *= 2) {
		jpeg_calc_output_dimensions(&d->jpeg);
		if ((int32_t)d->jpeg.output_width >= width
		    && (int32_t)d->jpeg.output_height >= height)
			break;
	}
}

static bool is_ink(const struct decoder *d)
{
	return d->jpeg.jpeg_color_space == JCS_CMYK || d->jpeg.jpeg_color_space == JCS_YCCK;
}

/*
 * Four inks to one grey, in place. Adobe writes them inverted (0 = full ink), everybody else
 * upright; libjpeg hands both on as they are.
 */
static void ink_to_grey(uint8_t *row, JDIMENSION width, bool inverted)
{
	for (JDIMENSION x = 0; x < width; x++) {
		uint32_t light[4];

		for (int i = 0; i < 4; i++)
			light[i] = inverted ? row[4 * x + (JDIMENSION)i]
			                    : 255u - row[4 * x + (JDIMENSION)i];
		row[x] = (uint8_t)((299 * light[0] + 587 * light[1] + 114 * light[2]) * light[3]
		                   / 255000);
	}
}

static void read_rows(struct decoder *d)
{
	JDIMENSION width = d->jpeg.output_width;
	JSAMPARRAY row = d->jpeg.mem->alloc_sarray((j_common_ptr)&d->jpeg, JPOOL_IMAGE,
	                                           width * (JDIMENSION)d->jpeg.output_components,
	                                           1);

	while (d->jpeg.output_scanline < d->jpeg.output_height) {
		if (jpeg_read_scanlines(&d->jpeg, row, 1) != 1)
			give_up(d, ERR_PARSE, "the picture is cut off");
		if (is_ink(d))
			ink_to_grey(row[0], width, d->jpeg.saw_Adobe_marker);
		shrink_row(&d->shrink, row[0]);
	}
	memset(row[0], 0, width);
}

static void decode(struct decoder *d, const struct fit *fit, size_t capacity, struct grey *grey,
                   int32_t *width, int32_t *height)
{
	int turn = orientation(d);
	bool transposed = turn >= ORIENTATION_TRANSPOSED;

	check_size(d);
	*width = (int32_t)(transposed ? d->jpeg.image_height : d->jpeg.image_width);
	*height = (int32_t)(transposed ? d->jpeg.image_width : d->jpeg.image_height);
	fit_size(fit, *width, *height, &grey->width, &grey->height);
	assert((size_t)grey->width * (size_t)grey->height <= capacity);
	choose_scale(d, transposed ? grey->height : grey->width,
	             transposed ? grey->width : grey->height);
	d->jpeg.out_color_space = is_ink(d) ? JCS_CMYK : JCS_GRAYSCALE;
	jpeg_start_decompress(&d->jpeg);
	if (shrink_begin(&d->shrink, grey, turn, (int32_t)d->jpeg.output_width,
	                 (int32_t)d->jpeg.output_height) != ERR_OK)
		give_up(d, ERR_MEMORY, "no memory for the picture");
	read_rows(d);
	jpeg_finish_decompress(&d->jpeg);
}

/* Apart from its caller, whose decoder a longjmp() therefore cannot leave half in registers. */
static void decode_or_give_up(struct decoder *d, const uint8_t *data, size_t len,
                              const struct fit *fit, size_t capacity, struct grey *grey,
                              int32_t *width, int32_t *height)
{
	if (setjmp(d->out) != 0)
		return;
	begin(d, data, len);
	decode(d, fit, capacity, grey, width, height);
}

enum err jpeg_decode(const uint8_t *data, size_t len, const struct fit *fit, size_t capacity,
                     struct grey *grey, int32_t *width, int32_t *height,
                     char words[REASON_MAX_BYTES])
{
	struct decoder d = {.words = words};

	words[0] = '\0';
	*width = *height = 0;
	if (len == 0) {
		snprintf(words, REASON_MAX_BYTES, "the picture is empty");
		return ERR_PARSE;
	}
	if (len > JPEG_MAX_BYTES) {
		snprintf(words, REASON_MAX_BYTES, "the picture has more than %d bytes",
		         JPEG_MAX_BYTES);
		return ERR_LIMIT;
	}
	decode_or_give_up(&d, data, len, fit, capacity, grey, width, height);
	shrink_end(&d.shrink);
	jpeg_destroy_decompress(&d.jpeg);
	return d.err;
}
