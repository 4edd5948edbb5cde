/* Fitting, averaging and turning rows into the picture that is drawn; and whether it shows anything. */
#include "picture/grey.h"

#include <assert.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* Grey levels of 255 that a dark sensor's noise and a JPEG's rounding reach on a closed lens. */
#define BLACK_BELOW 16

/* Between the darkest and the brightest hundredth of a covered lens; the dimmest bedroom has several times more. */
#define FLAT_BELOW 12

static int32_t rounded_down(int64_t value, int32_t step, int32_t max)
{
	int64_t whole = value / step * step;

	if (whole < step)
		whole = step;
	return (int32_t)(whole > max ? max : whole);
}

void fit_size(const struct fit *fit, int32_t width, int32_t height, int32_t *fit_width, int32_t *fit_height)
{
	/* The picture's sides in the fit's pixels, times the same factor. */
	int64_t across = (int64_t)width * fit->pixel_height;
	int64_t down = (int64_t)height * fit->pixel_width;

	assert(width > 0 && height > 0 && fit->step > 0 && fit->pixel_width > 0 && fit->pixel_height > 0);
	if (across * fit->height >= down * fit->width) {
		*fit_width = rounded_down(fit->width, fit->step, fit->width);
		*fit_height = rounded_down((*fit_width * down + across / 2) / across, fit->step, fit->height);
	} else {
		*fit_height = rounded_down(fit->height, fit->step, fit->height);
		*fit_width = rounded_down((*fit_height * across + down / 2) / down, fit->step, fit->width);
	}
}

static struct span span_of(int32_t i, int32_t n, int32_t source_n)
{
	int32_t from = (int32_t)((int64_t)i * source_n / n);
	int32_t to = (int32_t)((int64_t)(i + 1) * source_n / n);

	return (struct span){from, to > from ? to - from : 1};
}

enum err shrink_begin(struct shrink *shrink, const struct grey *grey, int orientation,
                      int32_t source_width, int32_t source_height)
{
	bool transposed = orientation >= ORIENTATION_TRANSPOSED;

	assert(orientation >= ORIENTATION_UPRIGHT && orientation <= ORIENTATIONS);
	*shrink = (struct shrink){
		.grey = grey,
		.orientation = orientation,
		.source_width = source_width,
		.source_height = source_height,
		.width = transposed ? grey->height : grey->width,
		.height = transposed ? grey->width : grey->height,
	};
	shrink->sum = calloc((size_t)shrink->width, sizeof *shrink->sum);
	shrink->across = calloc((size_t)shrink->width, sizeof *shrink->across);
	if (shrink->sum == NULL || shrink->across == NULL)
		return ERR_MEMORY;
	for (int32_t x = 0; x < shrink->width; x++)
		shrink->across[x] = span_of(x, shrink->width, source_width);
	return ERR_OK;
}

static void add_row(struct shrink *shrink, const uint8_t *row)
{
	for (int32_t x = 0; x < shrink->width; x++) {
		const uint8_t *from = row + shrink->across[x].from;
		uint32_t sum = from[0];

		for (int32_t i = 1; i < shrink->across[x].n; i++)
			sum += from[i];
		shrink->sum[x] += sum;
	}
	shrink->rows++;
}

/* Where a pixel of the source's own lie belongs in the picture as it is seen (EXIF 2.3, tag 0x0112). */
static uint8_t *turned(const struct shrink *shrink, int32_t x, int32_t y)
{
	int o = shrink->orientation;
	bool flip_x = o == 2 || o == 3 || o == 7 || o == 8;
	bool flip_y = o == 3 || o == 4 || o == 6 || o == 7;
	int32_t across = flip_x ? shrink->width - 1 - x : x;
	int32_t down = flip_y ? shrink->height - 1 - y : y;

	if (o >= ORIENTATION_TRANSPOSED)
		return &shrink->grey->data[(int64_t)across * shrink->grey->width + down];
	return &shrink->grey->data[(int64_t)down * shrink->grey->width + across];
}

/* What divides by n when it is multiplied with; columns differ by one source pixel at most, so two will do. */
static uint64_t inverse(uint32_t n)
{
	return ((UINT64_C(1) << 32) + n - 1) / n;
}

static void put_row(struct shrink *shrink)
{
	uint8_t *to = turned(shrink, 0, shrink->y);
	ptrdiff_t step = shrink->width > 1 ? turned(shrink, 1, shrink->y) - to : 0;
	int32_t fewest = shrink->across[0].n;
	uint64_t few = inverse(shrink->rows * (uint32_t)fewest);
	uint64_t more = inverse(shrink->rows * (uint32_t)(fewest + 1));

	for (int32_t x = 0; x < shrink->width; x++, to += step) {
		uint64_t share = shrink->across[x].n == fewest ? few : more;

		*to = (uint8_t)(shrink->sum[x] * share >> 32);
		shrink->sum[x] = 0;
	}
	shrink->rows = 0;
	shrink->y++;
}

void shrink_row(struct shrink *shrink, const uint8_t *row)
{
	assert(shrink->source_y < shrink->source_height);
	/* Enlarging, one source row may be several rows of the picture. */
	while (shrink->y < shrink->height) {
		struct span down = span_of(shrink->y, shrink->height, shrink->source_height);

		if (shrink->source_y < down.from)
			break;
		add_row(shrink, row);
		if (shrink->source_y + 1 < down.from + down.n)
			break;
		put_row(shrink);
	}
	shrink->source_y++;
}

void shrink_end(struct shrink *shrink)
{
	if (shrink->sum != NULL)
		explicit_bzero(shrink->sum, (size_t)shrink->width * sizeof *shrink->sum);
	free(shrink->sum);
	free(shrink->across);
	shrink->sum = NULL;
	shrink->across = NULL;
}

/* The level below which a share of the pixels lies, in hundredths. */
static int level_at(const uint64_t histogram[256], uint64_t n, unsigned hundredths)
{
	uint64_t below = 0;

	for (int level = 0; level < 256; level++) {
		below += histogram[level];
		if (below * 100 >= n * hundredths)
			return level;
	}
	return 255;
}

void grey_range(const struct grey *grey, int *dark, int *bright)
{
	uint64_t histogram[256] = {0};
	uint64_t n = (uint64_t)grey->width * (uint64_t)grey->height;

	for (uint64_t i = 0; i < n; i++)
		histogram[grey->data[i]]++;
	*dark = level_at(histogram, n, 1);
	*bright = level_at(histogram, n, 99);
}

enum content grey_judge(const struct grey *grey)
{
	int dark, bright;

	grey_range(grey, &dark, &bright);
	if (bright < BLACK_BELOW)
		return CONTENT_BLACK;
	return bright - dark < FLAT_BELOW ? CONTENT_FLAT : CONTENT_GOOD;
}
