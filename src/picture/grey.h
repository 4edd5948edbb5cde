/*
 * The picture as the terminal will show it: grey, and already of the size that is drawn. Rows come
 * from the decoder one at a time and are averaged into place, turned as the camera says, so that a
 * whole picture at full size never stands in memory.
 */
#ifndef TILLSYN_PICTURE_GREY_H
#define TILLSYN_PICTURE_GREY_H

#include "base/err.h"

#include <stddef.h>
#include <stdint.h>

struct grey {
	uint8_t *data; /* the caller's: width * height bytes, row by row */
	int32_t width, height;
};

/* How much room there is, in the pixels that a drawing needs. */
struct fit {
	int32_t width, height;             /* at most */
	int32_t step;                      /* both sides are multiples of it: the pixels of a symbol */
	int32_t pixel_width, pixel_height; /* the shape of one pixel on the screen */
};

/*
 * The largest size of that shape inside the fit, at least one step each way. width and height > 0.
 */
void fit_size(const struct fit *fit, int32_t width, int32_t height, int32_t *fit_width,
              int32_t *fit_height);

/* EXIF's eight ways of holding a camera: 1 is upright, 5 to 8 exchange width and height. */
enum { ORIENTATION_UPRIGHT = 1, ORIENTATION_TRANSPOSED = 5, ORIENTATIONS = 8 };

/*
 * The source's pixels, along one side, that one pixel of the picture is the mean of, and how much
 * of each.
 */
struct span {
	int32_t from, n;
	const uint16_t *weight; /* n of them; together SPAN_WHOLE */
};

#define SPAN_WHOLE 65535

/* Averages rows of a source picture into a grey one; all fields are its own. */
struct shrink {
	const struct grey *grey;
	int orientation;
	int32_t source_width, source_height;
	int32_t width, height;        /* of grey, seen as the source lies */
	int32_t source_y, y;          /* the next row in, the next row out */
	struct span *across, *down;   /* of each of the width columns, and of the height rows */
	uint16_t *across_weight, *down_weight;
	uint16_t *line[2];            /* the last two source rows, brought to width; in 256ths of a grey */
	uint16_t *sum[2];             /* rows y and y + 1, as far as their source rows have come */
};

/*
 * grey has its final size and data. ERR_MEMORY. End it with shrink_end(), whatever happened
 * between.
 */
enum err shrink_begin(struct shrink *shrink, const struct grey *grey, int orientation,
                      int32_t source_width, int32_t source_height);
/* The next of source_height rows. */
void shrink_row(struct shrink *shrink, const uint8_t *row);
void shrink_end(struct shrink *shrink);

/*
 * Averages each pixel, in place, with those that are reach away across and down: a quarter from
 * either side. Reach 1, then 2, then 4 is a smooth blur of growing width.
 */
void grey_smooth(const struct grey *grey, int32_t reach);

/* The levels of its darkest and its brightest hundredth. */
void grey_range(const struct grey *grey, int *dark, int *bright);

enum content {
	CONTENT_GOOD,
	CONTENT_BLACK, /* nothing in it is brighter than a sensor's noise */
	CONTENT_FLAT,  /* bright or not, there is nothing to see in it */
};

/* SERVICE.md P11 and case 12: a picture nobody could judge a person by is a fault of the camera. */
enum content grey_judge(const struct grey *grey);

#endif
