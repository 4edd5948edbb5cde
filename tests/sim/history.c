/* What happened, for people: lines with the town's own time. Nothing is written unless it is wanted. */
#include "world.h"

#include "base/civil.h"
#include "core/zone.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

struct world *history_world;

static void print_time(const struct world *world)
{
	struct zone_local local = zone_from_utc(&world->centre.zone, world->now_ms / MS_SECOND);
	struct civil_date date = civil_from_days(local.days);

	printf("%02d-%02d %02d:%02d:%02d.%03d ", date.month, date.day, local.minute / 60, local.minute % 60,
	       local.second, (int)(world->now_ms % 1000));
}

void history_note(struct world *world, const char *format, ...)
{
	va_list args;

	if (!world->spec.history)
		return;
	print_time(world);
	va_start(args, format);
	vprintf(format, args);
	va_end(args);
	putchar('\n');
}

_Noreturn void history_fail(struct world *world, const char *invariant, const char *format, ...)
{
	va_list args;

	printf("broken %s at %lld: ", invariant, (long long)world->now_ms);
	print_time(world);
	va_start(args, format);
	vprintf(format, args);
	va_end(args);
	putchar('\n');
	fflush(stdout);
	_Exit(3);
}

void history_summary(struct world *world)
{
	const struct counts *c = &world->counts;
	int64_t awake_ms = 0, sounds[4] = {0}, most = 0;

	for (int i = 0; i < world->n_desks; i++) {
		struct desk *desk = &world->desk[i];

		awake_ms += desk->awake_ms + (desk->awake_from_ms != 0 ? world->now_ms - desk->awake_from_ms : 0);
		for (int level = 0; level < 4; level++)
			sounds[level] += desk->sounds[level];
		most = desk->sounds_in_ten_min_max > most ? desk->sounds_in_ten_min_max : most;
	}
	printf("seed %llu: %lld nights, %lld checks: %lld well, %lld visited, %lld excused, %lld open at dawn; "
	       "%lld looks, %lld openings, %lld pages sent, %lld calls; %lld faults, %lld deaths of the hub; "
	       "alarms an operator-hour %.1f (high %.1f), at most %lld in ten minutes; %lld events\n",
	       (unsigned long long)world->spec.seed, (long long)c->nights, (long long)c->checks,
	       (long long)c->well, (long long)c->visited, (long long)c->excused, (long long)c->open_at_dawn,
	       (long long)c->looks, (long long)c->openings, (long long)c->sendings, (long long)c->calls,
	       (long long)c->faults, (long long)c->deaths,
	       (double)(sounds[0] + sounds[1] + sounds[2]) * (double)MS_HOUR / (double)(awake_ms + 1),
	       (double)sounds[2] * (double)MS_HOUR / (double)(awake_ms + 1), (long long)most,
	       (long long)c->events);
	if (c->crash_points > 0)
		printf("%lld crash points behind %lld writes\n", (long long)c->crash_points, (long long)c->crash_writes);
}
