/* Which levels lie on both sides of a grey. */
#include "picture/levels.h"

#include <assert.h>

static_assert(LEVELS <= 32, "a set of levels is bits of a word");

void levels_set(struct levels *levels)
{
	for (int grey = 0; grey < 256; grey++) {
		int nearest = (grey * (LEVELS - 1) + 127) / 255;
		int beyond = grey * (LEVELS - 1) - nearest * 255;

		levels->nearest[grey] = (uint8_t)nearest;
		levels->next[grey] = (uint8_t)(nearest + (beyond > 0) - (beyond < 0));
	}
}

uint8_t levels_grey(int level)
{
	return (uint8_t)((level * 255 + (LEVELS - 1) / 2) / (LEVELS - 1));
}
