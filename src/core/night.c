/*
 * A night's checks from an agreement. Local times become UTC instants here, once: everything after
 * this compares instants, so a clock change can neither lose a check nor double it (SERVICE.md hard
 * case 1).
 */
#include "core/night.h"

#define NOON_MIN (12 * 60)
#define DAY_S (24 * 60 * 60)

/* The instant of a minute on a local date. */
static enum zone_fit instant(const struct zone_window *zone, int64_t day, int64_t minute,
                             int64_t *utc_ms)
{
	int64_t utc_s;
	enum zone_fit fit = zone_to_utc(zone, day * DAY_S + minute * 60, &utc_s);

	*utc_ms = utc_s * MS_SECOND;
	return fit;
}

void night_bounds(const struct zone_window *zone, const struct policy *policy, int32_t night,
                  int64_t *from_ms, int64_t *to_ms)
{
	instant(zone, night, policy->night_start_min, from_ms);
	instant(zone, (int64_t)night + 1, policy->night_end_min, to_ms);
}

int32_t night_of(const struct zone_window *zone, const struct policy *policy, int64_t utc_ms)
{
	int64_t utc_s = utc_ms / MS_SECOND - (utc_ms % MS_SECOND < 0);
	int32_t today = zone_from_utc(zone, utc_s).days;
	int64_t from_ms, to_ms;

	night_bounds(zone, policy, today - 1, &from_ms, &to_ms);
	return utc_ms < to_ms ? today - 1 : today;
}

static bool slot_holds(const struct slot *slot, int32_t night)
{
	return night >= slot->from_day && night <= slot->to_day
	       && (slot->weekdays >> civil_from_days(night).weekday & 1) != 0;
}

/* An agreed minute: before noon it belongs to the night's second date. */
static enum zone_fit slot_instant(const struct zone_window *zone, int32_t night, int32_t minute,
                                  int64_t *utc_ms)
{
	return instant(zone, (int64_t)night + (minute < NOON_MIN), minute, utc_ms);
}

/* How long a span is by the clock on the wall, when no clock change falls into it. */
static int64_t span_ms(const struct slot *slot)
{
	int32_t minutes = slot->to_min - slot->from_min;

	if (minutes < 0)
		minutes += 24 * 60;
	return minutes * MS_MINUTE;
}

/*
 * A span that a clock change has swallowed still leaves the operators time for the look: the
 * policy's latest start, or the whole span where less was agreed.
 */
static int64_t span_end(const struct slot *slot, int64_t start_ms, int64_t end_ms,
                        const struct policy *policy)
{
	int64_t agreed_ms = span_ms(slot);
	int64_t least_ms =
		agreed_ms < policy->latest_start_ms ? agreed_ms : policy->latest_start_ms;

	return end_ms - start_ms < least_ms ? start_ms + least_ms : end_ms;
}

static struct planned plan_times(const struct slot *slot, int32_t night,
                                 const struct zone_window *zone, const struct policy *policy)
{
	struct planned planned = {.night = night};
	enum zone_fit fit = slot_instant(zone, night, slot->from_min, &planned.start_ms);

	planned.note = fit == ZONE_GAP ? PLAN_GAP : fit == ZONE_FIRST ? PLAN_FIRST : PLAN_PLAIN;
	if (slot->to_min < 0) {
		planned.early_ms = planned.start_ms - policy->start_early_ms;
		planned.latest_ms = planned.start_ms + policy->latest_start_ms;
	} else {
		int64_t end_ms;

		slot_instant(zone, night, slot->to_min, &end_ms);
		planned.early_ms = planned.start_ms;
		planned.latest_ms = span_end(slot, planned.start_ms, end_ms, policy);
	}
	planned.hard_end_ms = planned.latest_ms + policy->hard_end_ms;
	return planned;
}

/*
 * Keeps out ordered by start; equals stay in the agreement's order, so that a couple's two stand
 * together.
 */
static void insert(struct planned *out, size_t n, const struct planned *planned)
{
	while (n > 0 && out[n - 1].start_ms > planned->start_ms) {
		out[n] = out[n - 1];
		n--;
	}
	out[n] = *planned;
}

size_t night_expand(const struct agreement *agreement, int32_t night,
                    const struct zone_window *zone, const struct policy *policy,
                    struct planned out[NIGHT_PLANNED_MAX])
{
	struct policy own = agreement_policy(agreement, policy);
	size_t n = 0;

	for (int i = 0; i < agreement->n_slots; i++) {
		const struct slot *slot = &agreement->slot[i];
		struct planned planned;
		int32_t day;

		if (!slot_holds(slot, night))
			continue;
		planned = plan_times(slot, night, zone, &own);
		day = zone_from_utc(zone, planned.start_ms / MS_SECOND).days;
		for (int j = 0; j < agreement->n_persons; j++) {
			planned.slot = i;
			planned.person = j;
			planned.right = agreement_right(agreement, j, day);
			planned.kind = planned.right == RIGHT_LOOK ? slot->kind : SLOT_VISIT;
			if (planned.right != RIGHT_NONE)
				insert(out, n++, &planned);
		}
	}
	return n;
}
