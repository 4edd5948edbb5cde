/*
 * Fitting, averaging and turning rows into the picture that is drawn; and whether it shows
 * anything.
 */
#include "picture/grey.h"

#include <assert.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* Half a grey, in 256ths. */
#define SPAN_HALF 128

/* Grey levels of 255 that a dark sensor's noise and a JPEG's rounding reach on a closed lens. */
#define BLACK_BELOW 16

/*
 * Between the darkest and the brightest hundredth of a covered lens; the dimmest bedroom has
 * several times more.
 */
#define FLAT_BELOW 12

static int32_t rounded_down(int64_t value, int32_t step, int32_t max)
{
	int64_t whole = value / step * step;

	if (whole < step)
		whole = step;
	return (int32_t)(whole > max ? max : whole);
}

void fit_size(const struct fit *fit, int32_t width, int32_t height, int32_t *fit_width,
              int32_t *fit_height)
{
	/* The picture's sides in the fit's pixels, times the same factor. */
	int64_t across = (int64_t)width * fit->pixel_height;
	int64_t down = (int64_t)height * fit->pixel_width;

	assert(width > 0 && height > 0 && fit->step > 0 && fit->pixel_width > 0
	       && fit->pixel_height > 0);
	if (across * fit->height >= down * fit->width) {
		*fit_width = rounded_down(fit->width, fit->step, fit->width);
		*fit_height = rounded_down((*fit_width * down + across / 2) / across, fit->step,
		                           fit->height);
	} else {
		*fit_height = rounded_down(fit->height, fit->step, fit->height);
		*fit_width = rounded_down((*fit_height * across + down / 2) / down, fit->step,
		                          fit->width);
	}
}

/*
 * The weight falls off evenly on both sides of the pixel's centre, to nothing at the centres of its
 * neighbours in the picture or, enlarging, in the source. A plain mean of whole pixels is unequal
 * from pixel to pixel, which a noisy picture shows as stripes, and each of them costs bytes.
 */
static double weight_of(int32_t source, double centre, double reach)
{
	double weight = 1 - fabs(source + 0.5 - centre) / reach;

	return weight > 0 ? weight : 0;
}

/*
 * Sets the weights of one span, whose rounding the heaviest makes up for; returns how many there
 * are.
 */
static int32_t weigh(int32_t from, int32_t to, double centre, double reach, uint16_t *weight)
{
	double sum = 0;
	int32_t left = SPAN_WHOLE, heaviest = 0;

	for (int32_t i = from; i < to; i++)
		sum += weight_of(i, centre, reach);
	for (int32_t i = from; i < to; i++) {
		weight[i - from] = (uint16_t)(SPAN_WHOLE * weight_of(i, centre, reach) / sum);
		left -= weight[i - from];
		if (weight[i - from] > weight[heaviest])
			heaviest = i - from;
	}
	weight[heaviest] = (uint16_t)(weight[heaviest] + left);
	return to - from;
}

static double reach_of(int32_t n, int32_t source_n)
{
	return source_n > n ? (double)source_n / n : 1;
}

/*
 * The source's pixels, whose centres are one apart, that can be within reach on both sides at most.
 */
static int32_t taps_of(int32_t n, int32_t source_n)
{
	double both = ceil(2 * reach_of(n, source_n));

	return both < source_n ? (int32_t)both : source_n;
}

/* Rows: as far as there is weight. */
static void set_down(struct span *span, uint16_t *weight, int32_t n, int32_t source_n)
{
	double reach = reach_of(n, source_n);
	int32_t taps = taps_of(n, source_n);

	for (int32_t i = 0; i < n; i++, weight += taps) {
		double centre = (i + 0.5) * source_n / n;
		int32_t from = (int32_t)fmax(floor(centre - reach + 0.5), 0);
		int32_t to = (int32_t)fmin(ceil(centre + reach - 0.5), source_n);

		to = to < from + taps ? to : from + taps;
		span[i] = (struct span){from, weigh(from, to, centre, reach, weight), weight};
	}
}

/* Columns: as many for all, some without weight, since a loop of known length is the faster. */
static void set_across(struct span *span, uint16_t *weight, int32_t n, int32_t source_n)
{
	double reach = reach_of(n, source_n);
	int32_t taps = taps_of(n, source_n);

	for (int32_t i = 0; i < n; i++, weight += taps) {
		double centre = (i + 0.5) * source_n / n;
		int32_t from = (int32_t)fmin(fmax(floor(centre - reach + 0.5), 0), source_n - taps);

		span[i] = (struct span){from, weigh(from, from + taps, centre, reach, weight),
		                        weight};
	}
}

static bool shrink_allocate(struct shrink *shrink)
{
	size_t width = (size_t)shrink->width, height = (size_t)shrink->height;

	shrink->across = calloc(width, sizeof *shrink->across);
	shrink->down = calloc(height, sizeof *shrink->down);
	shrink->across_weight = calloc(width * (size_t)taps_of(shrink->width, shrink->source_width),
	                               sizeof(uint16_t));
	shrink->down_weight = calloc(
		height * (size_t)taps_of(shrink->height, shrink->source_height), sizeof(uint16_t));
	shrink->line[0] = calloc(2 * width, sizeof(uint16_t));
	shrink->sum[0] = calloc(2 * width, sizeof(uint16_t));
	if (shrink->across == NULL || shrink->down == NULL || shrink->across_weight == NULL ||
	    shrink->down_weight == NULL || shrink->line[0] == NULL || shrink->sum[0] == NULL)
		return false;
	shrink->line[1] = shrink->line[0] + width;
	shrink->sum[1] = shrink->sum[0] + width;
	return true;
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
	if (!shrink_allocate(shrink))
		return ERR_MEMORY;
	set_across(shrink->across, shrink->across_weight, shrink->width, source_width);
	set_down(shrink->down, shrink->down_weight, shrink->height, source_height);
	return ERR_OK;
}

static inline void weigh_row(const struct shrink *shrink, const uint8_t *row, uint16_t *line,
                             int32_t taps)
{
	const uint16_t *weight = shrink->across_weight;

	for (int32_t x = 0; x < shrink->width; x++, weight += taps) {
		const uint8_t *from = row + shrink->across[x].from;
		uint32_t sum = 0;

		for (int32_t i = 0; i < taps; i++)
			sum += (uint32_t)weight[i] * from[i];
		line[x] = (uint16_t)(sum >> 8);
	}
}

/* The decoder seldom leaves more than twice what is drawn. */
static void bring_to_width(const struct shrink *shrink, const uint8_t *row, uint16_t *line)
{
	switch (shrink->across[0].n) {
	case 2:
		weigh_row(shrink, row, line, 2);
		break;
	case 3:
		weigh_row(shrink, row, line, 3);
		break;
	case 4:
		weigh_row(shrink, row, line, 4);
		break;
	default:
		weigh_row(shrink, row, line, shrink->across[0].n);
	}
}

/*
 * Everything in 16 bits, which processors do eight of at once. Each line's share is rounded down;
 * half of what that loses is there from the beginning, as far as white does not run over.
 */
static void add_line(const struct shrink *shrink, int32_t y, int32_t source_y)
{
	const struct span *down = &shrink->down[y];
	const uint16_t *line = shrink->line[source_y % 2];
	uint16_t *sum = shrink->sum[y % 2], weight = down->weight[source_y - down->from];
	uint16_t begin = (uint16_t)(down->n < SPAN_HALF ? down->n / 2 : SPAN_HALF / 2);

	for (int32_t x = 0; source_y == down->from && x < shrink->width; x++)
		sum[x] = begin;
	for (int32_t x = 0; x < shrink->width; x++)
		sum[x] = (uint16_t)(sum[x] + ((uint32_t)line[x] * weight >> 16));
}

/*
 * Where a pixel of the source's own lie belongs in the picture as it is seen (EXIF 2.3, tag
 * 0x0112).
 */
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

static uint8_t rounded(uint16_t sum)
{
	return (uint8_t)((sum + SPAN_HALF) >> 8);
}

static void put_row(struct shrink *shrink)
{
	uint8_t *to = turned(shrink, 0, shrink->y);
	ptrdiff_t step = shrink->width > 1 ? turned(shrink, 1, shrink->y) - to : 1;
	const uint16_t *sum = shrink->sum[shrink->y % 2];

	if (step == 1)
		for (int32_t x = 0; x < shrink->width; x++)
			to[x] = rounded(sum[x]);
	else
		for (int32_t x = 0; x < shrink->width; x++)
			to[x * step] = rounded(sum[x]);
	shrink->y++;
}

/*
 * Shrinking, a source row belongs to one row of the picture or two; enlarging, a row to one or two
 * source rows.
 */
static void add_to_rows(struct shrink *shrink, int32_t source_y)
{
	bool enlarging = shrink->height >= shrink->source_height;

	for (int32_t y = shrink->y; y < shrink->height && shrink->down[y].from <= source_y; y++) {
		const struct span *down = &shrink->down[y];
		bool last = source_y == down->from + down->n - 1;

		if (!last && enlarging)
			break;
		for (int32_t from = enlarging ? down->from : source_y; from <= source_y; from++)
			add_line(shrink, y, from);
		if (last)
			put_row(shrink);
	}
}

void shrink_row(struct shrink *shrink, const uint8_t *row)
{
	assert(shrink->source_y < shrink->source_height);
	bring_to_width(shrink, row, shrink->line[shrink->source_y % 2]);
	add_to_rows(shrink, shrink->source_y);
	shrink->source_y++;
}

void shrink_end(struct shrink *shrink)
{
	size_t width = (size_t)shrink->width;

	if (shrink->line[0] != NULL)
		explicit_bzero(shrink->line[0], 2 * width * sizeof *shrink->line[0]);
	if (shrink->sum[0] != NULL)
		explicit_bzero(shrink->sum[0], 2 * width * sizeof *shrink->sum[0]);
	free(shrink->across);
	free(shrink->down);
	free(shrink->across_weight);
	free(shrink->down_weight);
	free(shrink->line[0]);
	free(shrink->sum[0]);
	*shrink = (struct shrink){0};
}

/*
 * The mean with the pixel ahead for all, then with the one behind from the end on: together a
 * quarter, a half and a quarter, without a copy. One rounds down and the other up, so that the
 * light stays.
 */
static void smooth(uint8_t *data, size_t n, size_t apart)
{
	for (size_t i = 0; i + apart < n; i++)
		data[i] = (uint8_t)((data[i] + data[i + apart]) / 2);
	for (size_t i = n; i-- > apart;)
		data[i] = (uint8_t)((data[i] + data[i - apart] + 1) / 2);
}

void grey_smooth(const struct grey *grey, int32_t reach)
{
	size_t width = (size_t)grey->width, height = (size_t)grey->height;

	assert(reach > 0);
	for (size_t y = 0; y < height; y++)
		smooth(grey->data + y * width, width, (size_t)reach);
	smooth(grey->data, width * height, width * (size_t)reach);
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
