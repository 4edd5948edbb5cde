/* The world's clock and queue. */
#include "world.h"

#include "os/zoneinfo.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void *list_new(struct list *list, size_t size)
{
	uint8_t *item;

	if (list->n == list->room) {
		list->room = list->room ? 2 * list->room : 64;
		list->items = reallocarray(list->items, list->room, size);
		if (list->items == NULL)
			abort();
	}
	item = (uint8_t *)list->items + size * list->n++;
	memset(item, 0, size);
	return item;
}

void list_drop(struct list *list, size_t size, size_t at)
{
	uint8_t *items = list->items;

	memmove(items + size * at, items + size * (at + 1), size * (list->n - at - 1));
	list->n--;
}

void world_at(struct world *world, int64_t at_ms, event_fn *run, int64_t a, int64_t b, int64_t c,
              const void *data, size_t len)
{
	struct event event = {.at_ms = at_ms < world->now_ms ? world->now_ms : at_ms, .run = run, .a = a, .b = b,
	                      .c = c, .len = len};
	void *copy = NULL;

	memcpy(&copy, &data, sizeof copy); /* the queue copies the bytes; it never writes to them */
	event.data = copy;
	queue_add(&world->queue, &event);
}

/* Clocks */

int64_t machine_elapsed_ms(const struct world *world, const struct machine *machine)
{
	int64_t since = world->now_ms - machine->booted_ms;

	return since + since * machine->drift_ppm / 1000000;
}

int64_t machine_wall_ms(const struct world *world, const struct machine *machine)
{
	return world->now_ms + machine->wall_offset_ms;
}

struct reading machine_read(const struct world *world, const struct machine *machine)
{
	return (struct reading){.utc_at_start_ms = machine_wall_ms(world, machine),
	                        .elapsed_at_start_ms = machine_elapsed_ms(world, machine)};
}

struct now machine_now(const struct world *world, const struct machine *machine, const struct reading *reading)
{
	int64_t elapsed = machine_elapsed_ms(world, machine);

	return (struct now){.utc_ms = reading->utc_at_start_ms + elapsed - reading->elapsed_at_start_ms,
	                    .elapsed_ms = elapsed, .boot_id = machine->boot_id};
}

/* Nights */

static int64_t dawn_ms(const struct world *world, int32_t night)
{
	int64_t from, to;

	night_bounds(&world->centre.zone, &world->policy, night, &from, &to);
	return to;
}

static void audit_now(struct world *world, const struct event *event)
{
	audit_consoles(world);
	world_at(world, world->now_ms + 10 * MS_MINUTE, audit_now, 0, 0, 0, NULL, 0);
	(void)event;
}

static void begin_night(struct world *world, const struct event *event)
{
	patrol_night(world, (int32_t)event->a);
}

static void end_night(struct world *world, const struct event *event)
{
	int32_t night = (int32_t)event->a;

	audit_dawn(world, night);
	world->counts.nights++;
	if (night + 1 >= world->spec.first_night + world->spec.nights)
		return;
	world_at(world, dawn_ms(world, night) + MS_HOUR, begin_night, night + 1, 0, 0, NULL, 0);
	/* An hour into the day: what the night left open has been brought to an end, or is an alarm. */
	world_at(world, dawn_ms(world, night + 1) + MS_HOUR, end_night, night + 1, 0, 0, NULL, 0);
}

static void make_keys(struct world *world)
{
	world->crypto->sign_keypair(world->admin_public, world->admin_secret);
	world->crypto->sign_keypair(world->signer_public, world->signer_secret);
	world->notary = (struct notary){.crypto = world->crypto, .public_key = world->signer_public,
	                                .secret_key = world->signer_secret};
	world->crypto->sign_keypair(world->operator_public, world->operator_secret);
}

struct world *world_new(const struct spec *spec)
{
	struct world *world = calloc(1, sizeof *world);
	int64_t first_s = (int64_t)spec->first_night * 86400;

	if (world == NULL)
		abort();
	world->spec = *spec;
	history_world = world;
	random_seed(&world->crypto_random, spec->seed, 1);
	random_seed(&world->link_random, spec->seed, 2);
	random_seed(&world->patrol_random, spec->seed, 3);
	random_seed(&world->centre.random, spec->seed, 5);
	random_seed(&world->disk_random, spec->seed, 6);
	world->crypto = sim_crypto(spec->real, &world->crypto_random);
	world->policy = policy_defaults();
	if (zoneinfo_read("Europe/Stockholm", first_s - 40 * 86400, first_s + ((int64_t)spec->nights + 40) * 86400,
	                  &world->centre.zone) != ERR_OK) {
		fprintf(stderr, "sim: no zone data for Europe/Stockholm; is tzdata installed?\n");
		exit(2);
	}
	make_keys(world);
	night_bounds(&world->centre.zone, &world->policy, spec->first_night, &world->now_ms, &world->end_ms);
	world->now_ms -= MS_HOUR;
	world->end_ms = dawn_ms(world, spec->first_night + spec->nights - 1) + 2 * MS_HOUR;
	if (spec->until_ms != 0 && spec->until_ms < world->end_ms)
		world->end_ms = spec->until_ms;
	town_make(world);
	return world;
}

static void start_all(struct world *world)
{
	centre_start(world);
	for (int i = 0; i < world->n_homes; i++) {
		if (!world->home[i].present)
			continue;
		world->home[i].powered = true;
		home_start(world, &world->home[i]);
	}
	for (int i = 0; i < world->n_desks; i++) {
		desk_start(world, &world->desk[i]);
		operator_begin(world, &world->desk[i]);
	}
}

static bool is_cut_enough(const struct world *world)
{
	return world->spec.crash_points > 0 && world->counts.crash_points >= world->spec.crash_points;
}

void world_run(struct world *world)
{
	struct event event;

	start_all(world);
	if (world->spec.crash_points > 0)
		crash_watch(world);
	if (!world->spec.calm)
		fault_plan(world);
	patrol_night(world, world->spec.first_night);
	world_at(world, dawn_ms(world, world->spec.first_night) + MS_HOUR, end_night, world->spec.first_night, 0, 0,
	         NULL, 0);
	world_at(world, world->now_ms + 10 * MS_MINUTE, audit_now, 0, 0, 0, NULL, 0);
	while (queue_take(&world->queue, &event)) {
		if (event.at_ms > world->end_ms || is_cut_enough(world)) {
			free(event.data);
			break;
		}
		world->now_ms = event.at_ms;
		world->counts.events++;
		event.run(world, &event);
		free(event.data);
	}
}

void world_free(struct world *world)
{
	centre_stop(world);
	disk_free(world->disk);
	disk_free(world->cut_disk);
	for (int i = 0; i < world->n_desks; i++)
		desk_end(world, &world->desk[i]);
	for (int i = 0; i < world->n_homes; i++) {
		home_end(world, &world->home[i], true);
		for (int r = 0; r < 4; r++)
			buf_free(&world->home[i].record[r]);
	}
	queue_free(&world->queue);
	free(world->home);
	free(world->links.items);
	free(world->faults.items);
	free(world->looks.items);
	free(world->said.items);
	free(world->sent.items);
	free(world->calls.items);
	free(world->centre.touched_checks.items);
	free(world->centre.touched_pages.items);
	free(world->centre.recording.items);
	free(world);
}
