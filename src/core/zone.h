/*
 * Local time by SERVICE.md hard case 1. Pure: the zone is a window of transitions
 * (base/zonedata.h). A day is a day number of base/civil.h; a local second is day * 86400 + second
 * of the day, as a wall clock would show it.
 */
#ifndef TILLSYN_CORE_ZONE_H
#define TILLSYN_CORE_ZONE_H

#include "base/civil.h"
#include "base/zonedata.h"

#include <stdbool.h>
#include <stdint.h>

/* How a local time lies in its zone. */
enum zone_fit {
	ZONE_ONCE,   /* exactly one instant */
	ZONE_GAP,    /* no such time: the first instant after the gap is given */
	ZONE_FIRST,  /* twice: the first (A) is given */
};

/* The UTC second for a local second. */
enum zone_fit zone_to_utc(const struct zone_window *zone, int64_t local_s, int64_t *utc_s);

enum zone_fold {
	ZONE_FOLD_NONE,
	ZONE_FOLD_A, /* the first of two hours with the same name */
	ZONE_FOLD_B, /* the second */
};

struct zone_local {
	int64_t local_s;
	int32_t days;   /* local date */
	int32_t minute; /* of the day, 0–1439 */
	int32_t second; /* 0–59 */
	int32_t offset_s;
	enum zone_fold fold;
};

/* The local reading of a UTC second. */
struct zone_local zone_from_utc(const struct zone_window *zone, int64_t utc_s);

#endif
