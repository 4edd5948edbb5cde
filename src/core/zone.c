/*
 * Gaps and overlaps. A window is a row of stretches with one offset each; a local time is tried in
 * every stretch. It fits none (a gap), one, or two (an overlap).
 */
#include "core/zone.h"

#include <assert.h>

#define SECONDS_PER_DAY 86400

/* The offset of a stretch; stretch 0 is before the first transition. */
static int64_t stretch_offset(const struct zone_window *zone, size_t stretch)
{
	return stretch == 0 ? zone->offset_before_s : zone->transition[stretch - 1].offset_s;
}

/*
 * The instant that local_s would be in a stretch, if it lies in it. The outermost two are
 * unbounded.
 */
static bool fits(const struct zone_window *zone, size_t stretch, int64_t local_s, int64_t *utc_s)
{
	*utc_s = local_s - stretch_offset(zone, stretch);
	return (stretch == 0 || *utc_s >= zone->transition[stretch - 1].at_s)
	       && (stretch == zone->n || *utc_s < zone->transition[stretch].at_s);
}

/*
 * The end of the gap that holds local_s: the first transition that no local clock before it has
 * passed.
 */
static int64_t gap_end(const struct zone_window *zone, int64_t local_s)
{
	size_t i = 0;

	for (; local_s >= zone->transition[i].at_s + zone->transition[i].offset_s; i++)
		assert(i + 1 < zone->n);
	return zone->transition[i].at_s;
}

enum zone_fit zone_to_utc(const struct zone_window *zone, int64_t local_s, int64_t *utc_s)
{
	size_t found = 0;

	for (size_t i = 0; i <= zone->n; i++) {
		int64_t candidate;

		if (fits(zone, i, local_s, &candidate) && found++ == 0)
			*utc_s = candidate;
	}
	if (found == 0) {
		*utc_s = gap_end(zone, local_s);
		return ZONE_GAP;
	}
	return found == 1 ? ZONE_ONCE : ZONE_FIRST;
}

/* Whether the clock shows local_s at another instant too, and on which side of utc_s that is. */
static enum zone_fold find_fold(const struct zone_window *zone, int64_t local_s, int64_t utc_s)
{
	enum zone_fold fold = ZONE_FOLD_NONE;

	for (size_t i = 0; i <= zone->n; i++) {
		int64_t other;

		if (!fits(zone, i, local_s, &other) || other == utc_s)
			continue;
		if (other < utc_s)
			return ZONE_FOLD_B;
		fold = ZONE_FOLD_A;
	}
	return fold;
}

struct zone_local zone_from_utc(const struct zone_window *zone, int64_t utc_s)
{
	struct zone_local local = {0};
	size_t stretch = 0;
	int64_t second_of_day;

	while (stretch < zone->n && zone->transition[stretch].at_s <= utc_s)
		stretch++;
	local.offset_s = (int32_t)stretch_offset(zone, stretch);
	local.local_s = utc_s + local.offset_s;
	second_of_day = local.local_s % SECONDS_PER_DAY;
	if (second_of_day < 0)
		second_of_day += SECONDS_PER_DAY;
	local.days = (int32_t)((local.local_s - second_of_day) / SECONDS_PER_DAY);
	local.minute = (int32_t)(second_of_day / 60);
	local.second = (int32_t)(second_of_day % 60);
	local.fold = find_fold(zone, local.local_s, utc_s);
	return local;
}
