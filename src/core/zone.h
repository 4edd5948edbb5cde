/*
 * Local time by SERVICE.md hard case 1. Pure: the zone is a window of transitions (base/zonedata.h). A
 * day is a number of days since 1970-01-01; a local second is day * 86400 + second of the day, as a wall
 * clock would show it.
 */
#ifndef TILLSYN_CORE_ZONE_H
#define TILLSYN_CORE_ZONE_H

#include "base/zonedata.h"

#include <stdbool.h>
#include <stdint.h>

struct civil_date {
	int32_t year;
	int32_t month;   /* 1–12 */
	int32_t day;     /* 1–31 */
	int32_t weekday; /* 0 = Monday … 6 = Sunday */
};

int32_t civil_to_days(int32_t year, int32_t month, int32_t day);
struct civil_date civil_from_days(int32_t days);
/* True for a day that the Gregorian calendar has. */
bool civil_is_valid(int32_t year, int32_t month, int32_t day);

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
