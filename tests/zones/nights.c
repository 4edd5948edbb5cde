/*
 * The days before, of and after a change: every minute both ways, and for every minute of their
 * nights a clock time and a span, expanded and held against SERVICE.md hard case 1.
 */
#include "zones/proof.h"

#include "core/agreed.h"
#include "core/night.h"

#define NIGHT_MINUTES (16 * 60)

/* A change with its days by the oracle, and what the hub would have read around it. */
struct scene {
	const struct zone *zone;
	int64_t at_s;
	int32_t first, last; /* local dates just before and just after the change */
	struct oracle_days days;
	struct zone_window window;
};

static void prove_to_utc(const struct scene *scene)
{
	const struct oracle_days *days = &scene->days;

	for (size_t i = 0; i < days->n_local; i++) {
		int64_t utc_s = 0;
		enum zone_fit fit = zone_to_utc(&scene->window,
		                                days->from_s + (int64_t)i * days->step_s, &utc_s);

		AGREE(utc_s, days->first_s[i], scene->zone, days->first_s[i], "the instant");
		AGREE(fit == ZONE_GAP, days->times[i] == 0, scene->zone, utc_s, "being in a gap");
		AGREE(fit == ZONE_FIRST, days->times[i] > 1, scene->zone, utc_s, "being twofold");
	}
}

static enum zone_fold fold_of(const struct oracle_days *days, int64_t local_s, int64_t utc_s)
{
	size_t i = oracle_at(days, local_s);

	if (days->times[i] < 2)
		return ZONE_FOLD_NONE;
	return days->first_s[i] == utc_s ? ZONE_FOLD_A : ZONE_FOLD_B;
}

static void prove_from_utc(const struct scene *scene)
{
	const struct oracle_days *days = &scene->days;

	for (size_t u = 0; u < days->n_utc; u++) {
		int64_t utc_s = days->utc_from_s + (int64_t)u * days->step_s;
		int64_t shown_s = days->local_s[u];
		struct zone_local local;

		if (shown_s < days->from_s || shown_s >= days->to_s)
			continue;
		local = zone_from_utc(&scene->window, utc_s);
		AGREE(local.local_s, shown_s, scene->zone, utc_s, "the local time");
		AGREE(local.days, shown_s / DAY_S, scene->zone, utc_s, "the date");
		AGREE(local.minute, shown_s % DAY_S / 60, scene->zone, utc_s, "the minute");
		AGREE(local.second, shown_s % 60, scene->zone, utc_s, "the second");
		if (local.minute == 0 && local.second == 0)
			AGREE(civil_from_days(local.days).weekday, oracle_read(utc_s).weekday,
			      scene->zone, utc_s, "the weekday");
		AGREE(local.fold, fold_of(days, shown_s, utc_s), scene->zone, utc_s, "A or B");
	}
}

/* Agreements with a clock time and a span at every minute of a night. */
struct agreed_night {
	size_t n;
	struct agreement agreement[2 * NIGHT_MINUTES / SLOTS_MAX];
};

/* Spans of every kind: swallowed by a gap, reaching into one, over it, across a doubled hour. */
static int span_to(int at)
{
	static const int lengths[] = {1, 10, 15, 16, 30, 59, 61, 120, 240};
	int to = at + lengths[(size_t)at % (sizeof lengths / sizeof lengths[0])];

	return to > 34 * 60 ? 34 * 60 : to;
}

static void fill_agreement(struct agreement *agreement, int at, bool spans)
{
	*agreement = agreed();
	agreement->person[0].from_day = agreement->consent[0].from_day = civil_to_days(1960, 1, 1);
	for (int i = 0; i < SLOTS_MAX; i++, at++)
		add_slot(agreement, SLOT_CAMERA, at % (24 * 60),
		         spans ? span_to(at) % (24 * 60) : -1)
			->from_day = civil_to_days(1960, 1, 1);
}

static const struct agreed_night *agreed_night(void)
{
	static struct agreed_night night;
	struct policy policy = policy_defaults();

	if (night.n > 0)
		return &night;
	for (int spans = 0; spans < 2; spans++)
		for (int at = 18 * 60; at < 34 * 60; at += SLOTS_MAX) {
			fill_agreement(&night.agreement[night.n], at, spans);
			assert_null(agreement_fault(&night.agreement[night.n++], &policy));
		}
	return &night;
}

static int64_t instant_of(const struct scene *scene, int32_t night, int32_t minute, uint8_t *times)
{
	int64_t local_s = ((int64_t)night + (minute < 12 * 60)) * DAY_S + minute * 60;
	size_t i = oracle_at(&scene->days, local_s);

	*times = scene->days.times[i];
	return scene->days.first_s[i];
}

/*
 * SERVICE.md: a clock time may start for 15 minutes; a span ends at its own end, and is never made
 * shorter than 15 minutes (or than was agreed) by the clock; the hard end is 10 minutes later.
 */
static int64_t latest_of(const struct scene *scene, const struct slot *slot, int32_t night,
                         int64_t start_s)
{
	uint8_t times;
	int64_t agreed_s, end_s;

	if (slot->to_min < 0)
		return start_s + 15 * 60;
	agreed_s = (slot->to_min - slot->from_min + 24 * 60) % (24 * 60) * 60;
	end_s = start_s + (agreed_s < 15 * 60 ? agreed_s : 15 * 60);
	if (instant_of(scene, night, slot->to_min, &times) > end_s)
		end_s = instant_of(scene, night, slot->to_min, &times);
	return end_s;
}

static void prove_planned(const struct scene *scene, const struct agreement *agreement,
                          int32_t night, const struct planned *planned)
{
	const struct slot *slot = &agreement->slot[planned->slot];
	uint8_t times;
	int64_t start_s = instant_of(scene, night, slot->from_min, &times);
	int64_t latest_s = latest_of(scene, slot, night, start_s);
	enum plan_note note = times == 0 ? PLAN_GAP : times > 1 ? PLAN_FIRST : PLAN_PLAIN;

	AGREE(planned->start_ms, start_s * 1000, scene->zone, start_s, "the start");
	AGREE(planned->early_ms, start_s * 1000, scene->zone, start_s, "the earliest start");
	AGREE(planned->latest_ms, latest_s * 1000, scene->zone, start_s, "the latest start");
	AGREE(planned->hard_end_ms, (latest_s + 600) * 1000, scene->zone, start_s, "the hard end");
	AGREE(planned->note, note, scene->zone, start_s, "the note");
	AGREE(planned->night, night, scene->zone, start_s, "the night");
	AGREE(planned->right, RIGHT_LOOK, scene->zone, start_s, "the right to look");
}

/* Each slot once: never none, never two. */
static void prove_expansion(const struct scene *scene, const struct agreement *agreement,
                            int32_t night, const struct policy *policy)
{
	struct planned planned[NIGHT_PLANNED_MAX];
	size_t n = night_expand(agreement, night, &scene->window, policy, planned);
	uint32_t seen = 0;

	AGREE(n, (size_t)SLOTS_MAX, scene->zone, scene->at_s, "the number of checks");
	for (size_t i = 0; i < n; i++) {
		prove_planned(scene, agreement, night, &planned[i]);
		AGREE(seen >> planned[i].slot & 1, 0u, scene->zone, scene->at_s, "planned before");
		seen |= 1u << planned[i].slot;
		if (i > 0 && planned[i].start_ms < planned[i - 1].start_ms)
			proof_refuse("%s: the checks of %s are out of order", scene->zone->name,
			         proof_words(planned[i].start_ms / 1000));
	}
}

static void prove_nights(const struct scene *scene, struct extent *extent)
{
	const struct agreed_night *agreed = agreed_night();
	struct policy policy = policy_defaults();

	for (int32_t night = scene->first - 1; night <= scene->last; night++)
		for (size_t i = 0; i < agreed->n; i++) {
			prove_expansion(scene, &agreed->agreement[i], night, &policy);
			extent->checks += SLOTS_MAX;
		}
}

/* Every instant is of one night, and the nights follow each other at the instant of 10:00. */
static void prove_bounds(const struct scene *scene)
{
	struct policy policy = policy_defaults();
	const struct oracle_days *days = &scene->days;

	for (size_t u = 0; u < days->n_utc; u++) {
		int64_t utc_s = days->utc_from_s + (int64_t)u * days->step_s;
		int32_t today = (int32_t)(days->local_s[u] / DAY_S);
		uint8_t times;

		if (today < scene->first || today > scene->last)
			continue;
		AGREE(night_of(&scene->window, &policy, utc_s * 1000),
		      utc_s < instant_of(scene, today - 1, 10 * 60, &times) ? today - 1 : today,
		      scene->zone, utc_s, "the night");
	}
}

void proof_nights(const struct proof *proof, int64_t change_s)
{
	struct scene scene = {.zone = proof->zone, .at_s = change_s};
	int64_t before_s = oracle_read(change_s - 1).local_s;
	int64_t after_s = oracle_read(change_s).local_s;

	scene.first = (int32_t)((before_s < after_s ? before_s : after_s) / DAY_S);
	scene.last = (int32_t)((before_s < after_s ? after_s : before_s) / DAY_S);
	scene.days = oracle_days(scene.first - 1, scene.last + 1);
	scene.window = proof_window(proof->zone, &proof->zone->system, change_s);
	prove_to_utc(&scene);
	prove_from_utc(&scene);
	prove_bounds(&scene);
	prove_nights(&scene, proof->extent);
	proof->extent->minutes += (int64_t)scene.days.n_local;
	oracle_days_free(&scene.days);
}
