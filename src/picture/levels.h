/*
 * The 32 greys that pixels are sent in. Fewer lose a face on its pillow; more are noise, of which each grain
 * costs bytes. For the same reason a grey between two levels takes the one that stands beside it anyway:
 * noise then brings no levels of its own, and no pixel is further from its grey than a level.
 */
#ifndef TILLSYN_PICTURE_LEVELS_H
#define TILLSYN_PICTURE_LEVELS_H

#include <stdint.h>

#define LEVELS 32

/* The levels on both sides of each grey; of a grey that is a level itself they are the same. */
struct levels {
	uint8_t nearest[256], next[256];
};

void levels_set(struct levels *levels);

/* The grey of a level, 0 to LEVELS - 1. */
uint8_t levels_grey(int level);

/* Sets of levels, a bit each. */
static inline uint32_t levels_bit(int level)
{
	return UINT32_C(1) << level;
}

/* The nearer of a grey's two levels, unless only the other one is beside it. */
static inline int levels_choose(const struct levels *levels, uint8_t grey, uint32_t beside)
{
	int nearest = levels->nearest[grey], next = levels->next[grey];

	return (beside & levels_bit(nearest)) == 0 && (beside & levels_bit(next)) != 0 ? next : nearest;
}

#endif
