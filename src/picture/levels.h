/*
 * The greys that pixels are sent in. Half as many lose a face on its pillow; more are noise, of
 * which each grain costs bytes. For the same reason a grey between two levels may take the one that
 * its area has instead of its own: noise then brings no levels of its own. What an area has comes
 * from the picture alone, not from what was chosen before, or a level would run on through areas
 * that it is wrong for and end at an edge that nobody has in his room.
 */
#ifndef TILLSYN_PICTURE_LEVELS_H
#define TILLSYN_PICTURE_LEVELS_H

#include "base/err.h"
#include "picture/grey.h"

#include <stdint.h>

/*
 * Three hundredths of white apart: a sixel names its greys in hundredths, and uneven steps would be
 * edges.
 */
#define LEVELS 34
#define LEVELS_APART 3

/* The levels on both sides of each grey; of a grey that is a level itself they are the same. */
struct levels {
	uint8_t nearest[256], next[256];
};

void levels_set(struct levels *levels);

/* The grey of a level, 0 to LEVELS - 1. */
uint8_t levels_grey(int level);

/* An area around a pixel: as many rows as a sixel has, and some columns to either side. */
#define AREA_ROWS 6
#define AREA_REACH 8

/* Of AREA_ROWS rows, the level that is nearest to the mean of the area around each column. */
struct area {
	int32_t width;
	uint8_t *level;
	uint16_t *sum; /* of each column */
};

/* ERR_MEMORY. End it with area_free(), whatever happened between; that wipes it. */
enum err area_new(struct area *area, int32_t width);
/* Of the rows of a picture of that width from top on, as many as there are. */
void area_read(struct area *area, const struct grey *grey, int32_t top);
void area_free(struct area *area);

/* Sets of levels, a bit each. */
static inline uint64_t levels_bit(int level)
{
	return UINT64_C(1) << level;
}

/*
 * The nearer of a grey's two levels, unless that is not beside it and the other one is its area's.
 */
static inline int levels_choose(const struct levels *levels, uint8_t grey, uint64_t beside,
                                int area)
{
	int nearest = levels->nearest[grey], next = levels->next[grey];

	return next == area && (beside & levels_bit(nearest)) == 0 ? next : nearest;
}

#endif
