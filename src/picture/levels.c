/* Which levels lie on both sides of a grey, and which one an area has. */
#include "picture/levels.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

static_assert(LEVELS <= 64, "a set of levels is bits of a word");
static_assert((LEVELS - 1) * LEVELS_APART <= 100, "levels are hundredths of white");
static_assert((2 * AREA_REACH + 1) * AREA_ROWS * 255 <= UINT16_MAX, "an area's sum has 16 bits");

/* From one level to the next, in hundredths of a grey. */
#define STEP (LEVELS_APART * 255)

static int nearest_to(int grey)
{
	int level = (grey * 100 + STEP / 2) / STEP;

	return level < LEVELS ? level : LEVELS - 1;
}

void levels_set(struct levels *levels)
{
	for (int grey = 0; grey < 256; grey++) {
		int nearest = nearest_to(grey), beyond = grey * 100 - nearest * STEP;
		int next = nearest + (beyond > 0) - (beyond < 0);

		levels->nearest[grey] = (uint8_t)nearest;
		levels->next[grey] = (uint8_t)(next < LEVELS ? next : nearest);
	}
}

uint8_t levels_grey(int level)
{
	return (uint8_t)((level * STEP + 50) / 100);
}

enum err area_new(struct area *area, int32_t width)
{
	*area = (struct area){
		.width = width,
		.level = calloc((size_t)width, sizeof *area->level),
		.sum = calloc((size_t)width, sizeof *area->sum),
	};
	return area->level == NULL || area->sum == NULL ? ERR_MEMORY : ERR_OK;
}

void area_free(struct area *area)
{
	size_t width = (size_t)area->width;

	if (area->level != NULL)
		explicit_bzero(area->level, width * sizeof *area->level);
	if (area->sum != NULL)
		explicit_bzero(area->sum, width * sizeof *area->sum);
	free(area->level);
	free(area->sum);
}

static void add_columns(struct area *area, const struct grey *grey, int32_t top, int32_t rows)
{
	uint16_t *sum = area->sum;

	memset(sum, 0, (size_t)area->width * sizeof *sum);
	for (int32_t y = top; y < top + rows; y++) {
		const uint8_t *row = grey->data + (int64_t)y * area->width;

		for (int32_t x = 0; x < area->width; x++)
			sum[x] = (uint16_t)(sum[x] + row[x]);
	}
}

/* At both sides of the picture the area is that of the nearest column which has it whole. */
void area_read(struct area *area, const struct grey *grey, int32_t top)
{
	const int32_t width = area->width;
	const int32_t across = width < 2 * AREA_REACH + 1 ? width : 2 * AREA_REACH + 1;
	const int32_t rows = grey->height - top < AREA_ROWS ? grey->height - top : AREA_ROWS;
	const float levels_of = 100.0F / (float)(STEP * across * rows);
	const uint16_t *sum = area->sum;
	uint8_t *level = area->level;
	uint32_t all = 0;

	assert(grey->width == width && rows > 0);
	add_columns(area, grey, top, rows);
	for (int32_t x = 0; x < across; x++)
		all += sum[x];
	for (int32_t x = 0; x < width; x++) {
		int nearest;

		if (x > AREA_REACH && x + AREA_REACH < width)
			all = all + sum[x + AREA_REACH] - sum[x - AREA_REACH - 1];
		nearest = (int)((float)all * levels_of + 0.5F);
		level[x] = (uint8_t)(nearest < LEVELS ? nearest : LEVELS - 1);
	}
}
