/*
 * What goes wrong, planned before the first night begins: a list of faults with their instants, so that a
 * history can be shrunk by leaving some out without changing the rest.
 */
#include "world.h"

#include <stdlib.h>
#include <string.h>

/* How often a night has one, in per mille, and how long it lasts. */
static const struct kind {
	const char *name;
	int per_night;                 /* expected number a night, per mille; above 1000 several */
	int64_t for_min_ms, for_max_ms;
} kinds[FAULTS] = {
	[FAULT_HUB_KILL] = {"hub killed", 900, MS_SECOND, 90 * MS_SECOND},
	[FAULT_HUB_AT_COMMIT] = {"hub killed at a commit", 1500, MS_SECOND, MS_SECOND},
	[FAULT_HUB_POWER] = {"hub's power", 300, 20 * MS_SECOND, 20 * MS_MINUTE},
	[FAULT_HUB_STALL] = {"hub stalled", 500, 500, 25 * MS_SECOND},
	[FAULT_HUB_CLOCK] = {"hub's clock set", 200, MS_MINUTE, 3 * MS_HOUR},
	[FAULT_DISK_FULL] = {"disk full", 200, 5 * MS_SECOND, 2 * MS_MINUTE},
	[FAULT_SIGNER] = {"signer silent", 400, 5 * MS_SECOND, 10 * MS_MINUTE},
	[FAULT_HOME_POWER] = {"home's power", 1500, 10 * MS_SECOND, 3 * MS_HOUR},
	[FAULT_AREA_POWER] = {"area's power", 120, MS_MINUTE, 2 * MS_HOUR},
	[FAULT_HOME_KILL] = {"agent killed", 1500, MS_SECOND, 30 * MS_SECOND},
	[FAULT_HOME_CLOCK] = {"home's clock set", 800, MS_MINUTE, 4 * MS_HOUR},
	[FAULT_HOME_STALL] = {"home asleep", 1000, MS_SECOND, 2 * MS_MINUTE},
	[FAULT_HOME_LINK] = {"home's link", 3000, MS_SECOND, MS_HOUR},
	[FAULT_HOME_SLOW] = {"home's link slow", 1500, MS_MINUTE, 2 * MS_HOUR},
	[FAULT_CAMERA] = {"camera", 2500, MS_MINUTE, 5 * MS_HOUR},
	[FAULT_DESK_LINK] = {"desk's link", 800, MS_SECOND, 10 * MS_MINUTE},
	[FAULT_DESK_KILL] = {"console killed", 700, MS_SECOND, 2 * MS_MINUTE},
	[FAULT_VIEWER] = {"picture processes", 600, MS_MINUTE, 40 * MS_MINUTE},
	[FAULT_ASLEEP] = {"operator asleep", 700, 3 * MS_MINUTE, 90 * MS_MINUTE},
	[FAULT_LEAVES] = {"operator away", 2000, 20 * MS_SECOND, 20 * MS_MINUTE},
	[FAULT_GATEWAY] = {"gateway down", 300, MS_MINUTE, MS_HOUR},
	[FAULT_COVERAGE] = {"no coverage", 1500, 5 * MS_MINUTE, 90 * MS_MINUTE},
	[FAULT_FORGETS] = {"patrol forgets", 700, 10 * MS_MINUTE, 2 * MS_HOUR},
	[FAULT_WITHDRAW] = {"withdrawn", 400, MS_SECOND, MS_SECOND},
	[FAULT_PAUSE] = {"paused", 500, MS_HOUR, 8 * MS_HOUR},
};

const char *fault_name(enum fault_kind kind)
{
	return kinds[kind].name;
}

static void each_home_of_area(struct world *world, const char *area, void (*act)(struct world *, struct home *))
{
	for (int i = 0; i < world->n_homes; i++)
		if (world->home[i].present && strcmp(world->home[i].area, area) == 0)
			act(world, &world->home[i]);
}

static void power_off(struct world *world, struct home *home)
{
	if (home->no_power++ > 0)
		return;
	home_end(world, home, true);
	home->powered = false;
}

static void power_on(struct world *world, struct home *home)
{
	if (--home->no_power > 0)
		return;
	home->powered = true;
	home->machine.booted_ms = world->now_ms;
	home->machine.boot_id++;
	home_start(world, home);
}

static const char *area_of(const struct fault *fault)
{
	return fault->target % 2 == 0 ? "north" : "south";
}

static void break_desk(struct world *world, struct desk *desk)
{
	if (desk->session != 0)
		link_break(world, desk->session);
}

static void begin_home(struct world *world, const struct fault *fault)
{
	struct home *home = &world->home[fault->target % world->n_homes];

	if (!home->present)
		return;
	switch (fault->kind) {
	case FAULT_HOME_POWER:
		power_off(world, home);
		break;
	case FAULT_HOME_KILL:
		home_end(world, home, false);
		break;
	case FAULT_HOME_CLOCK:
		home_clock(world, home, fault->value);
		break;
	case FAULT_HOME_STALL:
		home->stalled_until_ms = world->now_ms + fault->for_ms;
		break;
	case FAULT_HOME_LINK:
		home->no_link++;
		if (home->session != 0)
			link_break(world, home->session);
		break;
	case FAULT_HOME_SLOW:
		home->slow_ms += (int)fault->value;
		break;
	case FAULT_CAMERA:
		home->disturbed_ms = world->now_ms;
		home->trouble = (enum camera_trouble)fault->value;
		break;
	case FAULT_WITHDRAW:
		patrol_ring(world, world->now_ms, 0, 0, "resident", home->resident[0], "withdraw");
		break;
	case FAULT_PAUSE:
		patrol_ring(world, world->now_ms, 0, 0, "resident", home->resident[0], "pause");
		break;
	default:
		break;
	}
}

static void end_home(struct world *world, const struct fault *fault)
{
	struct home *home = &world->home[fault->target % world->n_homes];

	if (!home->present)
		return;
	switch (fault->kind) {
	case FAULT_HOME_POWER:
		power_on(world, home);
		break;
	case FAULT_HOME_KILL:
		home_start(world, home);
		break;
	case FAULT_HOME_CLOCK:
		home_clock(world, home, -fault->value);
		break;
	case FAULT_HOME_LINK:
		home->no_link--;
		break;
	case FAULT_HOME_SLOW:
		home->slow_ms -= (int)fault->value;
		break;
	case FAULT_CAMERA:
		home->disturbed_ms = world->now_ms;
		home->trouble = CAMERA_WELL;
		break;
	case FAULT_PAUSE:
		patrol_ring(world, world->now_ms, 0, 0, "resident", home->resident[0], "resume");
		break;
	default:
		break;
	}
}

static void begin_desk(struct world *world, const struct fault *fault)
{
	struct desk *desk = &world->desk[fault->target % world->n_desks];

	switch (fault->kind) {
	case FAULT_DESK_LINK:
		desk->no_link++;
		break_desk(world, desk);
		break;
	case FAULT_DESK_KILL:
		desk_end(world, desk);
		break;
	case FAULT_VIEWER:
		desk->viewer_trouble = (int)fault->value;
		break;
	case FAULT_ASLEEP:
		desk->asleep++;
		break;
	default:
		desk->away++;
		break;
	}
}

static void end_desk(struct world *world, const struct fault *fault)
{
	struct desk *desk = &world->desk[fault->target % world->n_desks];

	switch (fault->kind) {
	case FAULT_DESK_LINK:
		desk->no_link--;
		break;
	case FAULT_DESK_KILL:
		desk_start(world, desk);
		break;
	case FAULT_VIEWER:
		desk->viewer_trouble = -1;
		break;
	case FAULT_ASLEEP:
		desk->asleep--;
		break;
	default:
		desk->away--;
		break;
	}
}

static void begin_centre(struct world *world, const struct fault *fault)
{
	struct hall *centre = &world->centre;

	switch (fault->kind) {
	case FAULT_HUB_KILL:
		centre_die(world, fault->for_ms, false);
		break;
	case FAULT_HUB_POWER:
		centre_die(world, fault->for_ms, true);
		break;
	case FAULT_HUB_AT_COMMIT:
		/* On a disk the power may go at any write, in the middle of a commit. */
		if (world->disk != NULL && fault->value % 3 != 0) {
			disk_freeze_in(world->disk, fault->value * 7 + 1);
			break;
		}
		centre->commits_left = (int)(fault->value / 2) + 1;
		centre->death_behind = fault->value % 2 != 0;
		break;
	case FAULT_HUB_STALL:
		centre->stalled_until_ms = world->now_ms + fault->for_ms;
		break;
	case FAULT_HUB_CLOCK:
		centre_clock(world, fault->value);
		break;
	case FAULT_DISK_FULL:
		centre->disk_full++;
		if (world->disk != NULL)
			disk_fill(world->disk, true);
		break;
	case FAULT_SIGNER:
		centre->no_signer++;
		break;
	case FAULT_GATEWAY:
		centre->gateway_down++;
		break;
	default:
		break;
	}
}

static void end_centre(struct world *world, const struct fault *fault)
{
	struct hall *centre = &world->centre;

	switch (fault->kind) {
	case FAULT_HUB_CLOCK:
		centre_clock(world, -fault->value);
		break;
	case FAULT_DISK_FULL:
		centre->disk_full--;
		if (world->disk != NULL)
			disk_fill(world->disk, centre->disk_full > 0);
		break;
	case FAULT_SIGNER:
		centre->no_signer--;
		break;
	case FAULT_GATEWAY:
		centre->gateway_down--;
		break;
	default:
		break;
	}
}

static void set_contact(struct world *world, const struct fault *fault, int by)
{
	struct carer *contact = &world->contact[fault->target % world->n_contacts];

	if (fault->kind == FAULT_COVERAGE)
		contact->no_coverage += by;
	else
		contact->forgets += by;
}

static void apply(struct world *world, const struct fault *fault, bool begins)
{
	switch (fault->kind) {
	case FAULT_AREA_POWER:
		each_home_of_area(world, area_of(fault), begins ? power_off : power_on);
		break;
	case FAULT_COVERAGE:
	case FAULT_FORGETS:
		set_contact(world, fault, begins ? 1 : -1);
		break;
	case FAULT_HOME_POWER:
	case FAULT_HOME_KILL:
	case FAULT_HOME_CLOCK:
	case FAULT_HOME_STALL:
	case FAULT_HOME_LINK:
	case FAULT_HOME_SLOW:
	case FAULT_CAMERA:
	case FAULT_WITHDRAW:
	case FAULT_PAUSE:
		(begins ? begin_home : end_home)(world, fault);
		break;
	case FAULT_DESK_LINK:
	case FAULT_DESK_KILL:
	case FAULT_VIEWER:
	case FAULT_ASLEEP:
	case FAULT_LEAVES:
		(begins ? begin_desk : end_desk)(world, fault);
		break;
	default:
		(begins ? begin_centre : end_centre)(world, fault);
		break;
	}
}

static void ends(struct world *world, const struct event *event)
{
	const struct fault *fault = (struct fault *)world->faults.items + event->a;

	history_note(world, "-- over: %s %d (fault %lld)", fault_name(fault->kind), fault->target, (long long)event->a);
	apply(world, fault, false);
}

static void begins(struct world *world, const struct event *event)
{
	const struct fault *fault = (struct fault *)world->faults.items + event->a;

	history_note(world, "-- fault %lld: %s %d, %lld, for %lld s", (long long)event->a, fault_name(fault->kind),
	             fault->target, (long long)fault->value, (long long)(fault->for_ms / MS_SECOND));
	world->counts.faults++;
	apply(world, fault, true);
	world_at(world, world->now_ms + fault->for_ms, ends, event->a, 0, 0, NULL, 0);
}

static int64_t value_of(struct random *random, enum fault_kind kind)
{
	static const int64_t steps[] = {-3600, -300, -40, -20, 20, 40, 300, 3600};

	switch (kind) {
	case FAULT_HUB_AT_COMMIT:
		return random_below(random, 12);
	case FAULT_HUB_CLOCK:
	case FAULT_HOME_CLOCK:
		return steps[random_below(random, 8)] * MS_SECOND;
	case FAULT_HOME_SLOW:
		return random_between(random, 200, 12000);
	case FAULT_CAMERA:
		return random_between(random, CAMERA_DEAD, CAMERA_COVERED);
	case FAULT_VIEWER:
		return random_below(random, 3);
	default:
		return 0;
	}
}

static bool is_kept(const struct spec *spec, size_t index)
{
	return spec->all_faults || (index < spec->n_fault_kept && spec->fault_kept[index]);
}

static void plan_one(struct world *world, struct random *random, enum fault_kind kind, int64_t from, int64_t to)
{
	struct fault *fault = list_new(&world->faults, sizeof *fault);

	*fault = (struct fault){.kind = kind, .at_ms = random_between(random, from, to),
	                        .for_ms = random_between(random, kinds[kind].for_min_ms, kinds[kind].for_max_ms),
	                        .target = (int)random_below(random, 1 << 20), .value = value_of(random, kind)};
	/* Most are short: what is quick to come back is what catches a program between two steps. */
	if (random_chance(random, 600))
		fault->for_ms = kinds[kind].for_min_ms + (fault->for_ms - kinds[kind].for_min_ms) / 10;
	if (is_kept(&world->spec, world->faults.n - 1))
		world_at(world, fault->at_ms, begins, (int64_t)world->faults.n - 1, 0, 0, NULL, 0);
}

void fault_plan(struct world *world)
{
	for (int n = 0; n < world->spec.nights; n++) {
		struct random random;
		int64_t from, to;

		random_seed(&random, world->spec.seed, 10000 + (uint64_t)n);
		night_bounds(&world->centre.zone, &world->policy, world->spec.first_night + n, &from, &to);
		for (int kind = 0; kind < FAULTS; kind++) {
			int64_t left = kinds[kind].per_night;

			/* Some nights have none of a kind, some many. */
			left = left * world->spec.storm * random_between(&random, 0, 2000) / 1000;
			for (; left > 0; left -= 1000)
				if (random_chance(&random, left > 1000 ? 1000 : (int)left))
					plan_one(world, &random, (enum fault_kind)kind, from, to);
		}
	}
}
