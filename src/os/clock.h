/*
 * What time it is: UTC read at start plus CLOCK_BOOTTIME since. A step of the wall clock changes
 * nothing here by itself; clock_step_ms() tells of it.
 */
#ifndef TILLSYN_OS_CLOCK_H
#define TILLSYN_OS_CLOCK_H

#include "base/err.h"
#include "base/now.h"

#include <stdbool.h>

struct clock {
	int64_t utc_at_start_ms;
	int64_t elapsed_at_start_ms;
	uint64_t boot_id;
	int64_t offset_ms; /* --clock-offset of a demo or test; 0 in production */
};

/* Reads the wall clock once. */
struct clock clock_start(int64_t offset_ms);
struct now clock_now(const struct clock *clock);
/* How far the wall clock has moved away from ours since the start (positive: it jumped forward). */
int64_t clock_step_ms(const struct clock *clock);
/* Takes the wall clock's present reading as ours (after a step was logged). */
void clock_anchor(struct clock *clock);
/* True when the kernel says that the wall clock is synchronised (adjtimex). */
bool clock_is_synchronised(void);

#endif
