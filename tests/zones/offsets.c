/*
 * Every hour of every year, and the exact second of each change, by the system's file and by the
 * rule at the end of a slim one.
 */
#include "zones/proof.h"

#include <stdlib.h>
#include <string.h>

enum {
	FIRST_YEAR = 1970,
	LAST_YEAR = 2100,
	/* Nobody has changed the clock more than four times a year for long. */
	CHANGES_MAX = 4 * (LAST_YEAR - FIRST_YEAR + 1),
};

static int64_t year_s(int32_t year)
{
	return (int64_t)civil_to_days(year, 1, 1) * DAY_S;
}

/* The oracle found a change between the two: it must be the window's next. */
static void agree_on_change(const struct zone *zone, const struct zone_window *window, size_t next,
                            int64_t from_s, int64_t to_s)
{
	int64_t at_s = oracle_change(from_s, to_s);

	if (next == window->n)
		proof_refuse("%s: the change at %s is missing", zone->name, proof_words(at_s));
	AGREE(window->transition[next].at_s, at_s, zone, at_s, "the change");
	AGREE(window->transition[next].offset_s, oracle_read(to_s).offset_s, zone, at_s,
	      "the offset after the change");
}

static void note_change(struct proof *proof, int64_t at_s)
{
	if (proof->changes == CHANGES_MAX)
		proof_refuse("%s changes too often", proof->zone->name);
	proof->change_s[proof->changes++] = at_s;
}

static void agree_on_year(struct proof *proof, const struct zone_window *window, int32_t year,
                          void (*found)(struct proof *proof, int64_t at_s))
{
	const struct zone *zone = proof->zone;
	int64_t step_s = proof->extent->all ? 3600 : DAY_S;
	int32_t before = oracle_read(year_s(year)).offset_s;
	size_t next = 0;

	while (next < window->n && window->transition[next].at_s <= year_s(year))
		next++;
	for (int64_t at_s = year_s(year); at_s < year_s(year + 1); at_s += step_s) {
		int32_t after = oracle_read(at_s + step_s).offset_s;

		AGREE(zone_from_utc(window, at_s).offset_s, before, zone, at_s, "the offset");
		if (before != after) {
			agree_on_change(zone, window, next, at_s, at_s + step_s);
			if (found != NULL)
				found(proof, window->transition[next].at_s);
			next++;
		} else if (next < window->n && window->transition[next].at_s <= at_s + step_s) {
			proof_refuse("%s: the oracle knows no change at %s", zone->name,
			         proof_words(window->transition[next].at_s));
		}
		before = after;
	}
}

static bool windows_are_equal(const struct zone_window *a, const struct zone_window *b)
{
	return a->offset_before_s == b->offset_before_s && a->n == b->n
	       && memcmp(a->transition, b->transition, a->n * sizeof a->transition[0]) == 0;
}

/*
 * The slim file says the same as the system's, by the rule at its end instead of its table. Where
 * zic itself wrote something else into it (2.36 forgets Gaza's months of fasting after 2072), the
 * oracle is asked about that file.
 */
static void agree_on_rule(struct proof *proof, const struct zone_window *window, int32_t year)
{
	struct zone_window slim = proof_window(proof->zone, &proof->zone->slim, year_s(year));

	if (windows_are_equal(&slim, window))
		return;
	proof_ask(proof, "slim");
	agree_on_year(proof, &slim, year, NULL);
	proof_ask(proof, "long");
}

void proof_offsets(struct proof *proof)
{
	proof->change_s = calloc(CHANGES_MAX, sizeof *proof->change_s);
	if (proof->change_s == NULL)
		proof_refuse("no memory");
	proof_ask(proof, "long");
	for (int32_t year = FIRST_YEAR; year <= LAST_YEAR; year++) {
		struct zone_window window =
			proof_window(proof->zone, &proof->zone->system, year_s(year));

		agree_on_year(proof, &window, year, note_change);
		agree_on_rule(proof, &window, year);
	}
}
