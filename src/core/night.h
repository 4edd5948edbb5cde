/*
 * The night: which one it is, and its expansion into planned checks, once, to UTC instants
 * (SERVICE.md hard case 1). A night is named by the local date on which it begins.
 */
#ifndef TILLSYN_CORE_NIGHT_H
#define TILLSYN_CORE_NIGHT_H

#include "base/now.h"
#include "core/agreement.h"
#include "core/policy.h"
#include "core/zone.h"

#include <stddef.h>
#include <stdint.h>

/* The night that is running, or the next one between 10:00 and 18:00. */
int32_t night_of(const struct zone_window *zone, const struct policy *policy, int64_t utc_ms);
/* Its first and last instants; a night with a clock change is 15 or 17 hours long. */
void night_bounds(const struct zone_window *zone, const struct policy *policy, int32_t night,
                  int64_t *from_ms, int64_t *to_ms);

/* What a clock change did to a planned time; the row says so. */
enum plan_note {
	PLAN_PLAIN,
	PLAN_GAP,     /* the agreed time does not exist tonight: the first instant after it */
	PLAN_FIRST,   /* exists twice: the first, marked A */
	/*
	 * The hub's alone, no expansion gives it: time-zone data that came after the expansion
	 * moved the time.
	 */
	PLAN_MOVED,
	PLAN_NOTES,
};

/* One person × slot × night. */
struct planned {
	int32_t night;
	int slot;                   /* index into the agreement's slots */
	int person;                 /* index into its persons */
	enum slot_kind kind;        /* SLOT_VISIT too where the right lapsed or was withdrawn */
	enum right right;           /* on the local date of its start; never RIGHT_NONE */
	enum plan_note note;
	int64_t start_ms;           /* UTC; a span's beginning */
	int64_t early_ms;           /* a look may start from here; a span's is its start */
	int64_t latest_ms;          /* latest start; a span's is its end (SERVICE.md hard case 1) */
	int64_t hard_end_ms;        /* the page by itself, and the end of the right to look */
};

/* The most that one agreement can give in one night. */
#define NIGHT_PLANNED_MAX (SLOTS_MAX * PERSONS_MAX)

/*
 * Expands one agreement for one night, ordered by start; a couple's two stand together. Returns how
 * many. The policy is the hub's; overrides are applied here. A span that a clock change swallowed
 * keeps latest_start, or its agreed length where that is less.
 */
size_t night_expand(const struct agreement *agreement, int32_t night,
                    const struct zone_window *zone, const struct policy *policy,
                    struct planned out[NIGHT_PLANNED_MAX]);

#endif
