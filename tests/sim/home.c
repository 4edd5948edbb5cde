/*
 * A home: the real agent and lens guard on a camera that is not there, with what tillsyn-camera's program
 * does around them: connect, wait, connect again, keep records. The records survive the process and the
 * power; the camera is closed while it has none.
 */
#include "world.h"

#include "camera/keep.h"
#include "os/zoneinfo.h"
#include "wire/message.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MOVE_MS 250    /* the lens opens, or closes */
#define EXPOSE_MS 400
#define BACKOFF_MS_MIN 500
#define BACKOFF_MS_MAX (15 * MS_SECOND)
/* A quiet agent is asked less often than it wants: its idle tick only looks whether the lens is parked. */
#define IDLE_MS (2 * MS_MINUTE)

/* What is in the room: episodes of a quarter of an hour. */

static const char *scene_for(struct world *world, struct home *home)
{
	int64_t roll = random_below(&home->random, 1000);

	(void)world;
	if (home->away)
		return "empty";
	if (home->fallen)
		return "floor";
	if (roll < 6) {
		home->fallen = true;
		return "floor";
	}
	return roll < 30 ? "empty" : roll < 40 ? "other" : "asleep";
}

static void look_around(struct world *world, struct home *home)
{
	if (world->now_ms < home->scene_until_ms && !home->fallen)
		return;
	for (int p = 0; p < home->n_persons; p++)
		snprintf(home->scene[p], sizeof home->scene[p], "%s", scene_for(world, home));
	home->scene_until_ms = world->now_ms + random_between(&home->random, 3, 25) * MS_MINUTE;
}

/* The driver. */

static bool is_dumb(const struct home *home)
{
	return !home->powered || home->trouble == CAMERA_DEAD;
}

static void move(struct world *world, struct home *home, enum lens lens)
{
	if (home->lens == lens)
		return;
	if (lens == LENS_PARKED && home->lens == LENS_OPEN)
		audit_lens_parked(world, home);
	home->lens = lens;
	home->moved_ms = world->now_ms;
}

static enum err camera_open(void *impl, const struct now *now)
{
	struct home *home = impl;

	(void)now;
	if (is_dumb(home))
		return ERR_IO;
	move(history_world, home, LENS_OPEN);
	home->opened_ms = history_world->now_ms;
	audit_lens_open(history_world, home);
	return ERR_OK;
}

/* The bytes of a picture say what it shows, so that whoever sees it knows. */
static enum err camera_capture(void *impl, const struct now *now, struct buf *jpeg)
{
	struct home *home = impl;
	struct world *world = history_world;

	(void)now;
	if (is_dumb(home) || home->lens != LENS_OPEN)
		return ERR_IO;
	if (world->now_ms - home->moved_ms < EXPOSE_MS || home->trouble == CAMERA_SLOW)
		return ERR_NOT_YET;
	look_around(world, home);
	if (home->trouble != CAMERA_FROZEN || home->pictures == 0)
		snprintf(home->picture, sizeof home->picture, "%s %s %s %lld", home->camera,
		         home->trouble == CAMERA_BLACK ? "black" : home->trouble == CAMERA_COVERED ? "covered"
		                                                                                 : home->scene[0],
		         home->n_persons == 2 ? home->scene[1] : "-", (long long)++home->pictures);
	return buf_add_text(jpeg, home->picture);
}

static enum err camera_park(void *impl, const struct now *now)
{
	struct home *home = impl;

	(void)now;
	if (is_dumb(home) || (home->trouble == CAMERA_STUCK && home->lens == LENS_OPEN))
		return ERR_IO;
	move(history_world, home, LENS_PARKED);
	return ERR_OK;
}

static enum lens camera_lens(void *impl, const struct now *now)
{
	struct home *home = impl;

	(void)now;
	if (is_dumb(home))
		return LENS_UNKNOWN;
	if (home->lens == LENS_PARKED && history_world->now_ms - home->moved_ms >= MOVE_MS)
		return LENS_PARKED;
	return home->trouble == CAMERA_STUCK ? LENS_UNKNOWN : LENS_OPEN;
}

static void camera_free(void *impl)
{
	(void)impl;
}

/* The records. */

static int record_named(struct home *home, const char *name)
{
	for (int i = 0; i < 4; i++)
		if (strcmp(home->record_name[i], name) == 0)
			return i;
	return -1;
}

static enum err keep_read(void *impl, const char *name, struct buf *out)
{
	struct home *home = impl;
	int i = record_named(home, name);

	return i < 0 ? ERR_NOT_FOUND : buf_add(out, home->record[i].data, home->record[i].len);
}

static enum err keep_write(void *impl, const char *name, const void *data, size_t len)
{
	struct home *home = impl;
	int i = record_named(home, name);

	if (i < 0 && (i = record_named(home, "")) < 0)
		return ERR_LIMIT;
	snprintf(home->record_name[i], ID_MAX, "%s", name);
	buf_free(&home->record[i]);
	home->record[i] = buf_new(1 << 20);
	return buf_add(&home->record[i], data, len);
}

/* The program around the agent. */

static struct now now_of(const struct world *world, const struct home *home)
{
	return machine_now(world, &home->machine, &home->reading);
}

static void arm(struct world *world, struct home *home);

static void on_tick(struct world *world, const struct event *event)
{
	struct home *home = &world->home[event->a];
	struct now now = now_of(world, home);

	if (home->agent == NULL || (uint64_t)event->b != home->tick)
		return;
	if (home->stalled_until_ms > world->now_ms) {
		world_at(world, home->stalled_until_ms, on_tick, event->a, event->b, 0, NULL, 0);
		return;
	}
	agent_tick(home->agent, &now);
	arm(world, home);
}

static void arm(struct world *world, struct home *home)
{
	struct now now = now_of(world, home);
	int64_t wait = agent_next_ms(home->agent) - now.elapsed_ms;

	if (wait < 1)
		wait = 1;
	if (agent_is_idle(home->agent) && home->trouble == CAMERA_WELL && wait > 100 && wait < IDLE_MS)
		wait = IDLE_MS;
	world_at(world, world->now_ms + wait, on_tick, home->index, (int64_t)++home->tick, 0, NULL, 0);
}

static void port_send(void *arg, const void *data, size_t len, bool binary)
{
	struct home *home = arg;

	if (home->session != 0)
		link_to_hub(history_world, home->session, data, len, binary);
}

static void closed_later(struct world *world, const struct event *event)
{
	home_closed(world, &world->home[event->a], event->b);
}

static void port_close(void *arg, const char *why)
{
	struct home *home = arg;

	history_note(history_world, "%s hangs up: %s", home->camera, why);
	if (home->session == 0)
		return;
	link_close_by_peer(history_world, home->session);
	world_at(history_world, history_world->now_ms + 1, closed_later, home->index, home->session, 0, NULL, 0);
}

static int64_t port_clock_step(void *arg)
{
	struct home *home = arg;

	return machine_wall_ms(history_world, &home->machine) - now_of(history_world, home).utc_ms;
}

static void port_note(void *arg, const char *line)
{
	(void)arg;
	history_note(history_world, "%s", line);
}

static void connect_hub(struct world *world, const struct event *event)
{
	struct home *home = &world->home[event->a];

	if (home->agent == NULL || home->session != 0)
		return;
	if (home->no_link > 0) {
		home_connect_again(world, home);
		return;
	}
	home->reading = machine_read(world, &home->machine);
	home->session = link_open_home(world, home);
}

void home_connect_again(struct world *world, struct home *home)
{
	world_at(world, world->now_ms + home->backoff_ms / 2 + random_below(&home->random, home->backoff_ms / 2),
	         connect_hub, home->index, 0, 0, NULL, 0);
	home->backoff_ms = home->backoff_ms * 2 > BACKOFF_MS_MAX ? BACKOFF_MS_MAX : home->backoff_ms * 2;
}

void home_start(struct world *world, struct home *home)
{
	struct guard_set_up set_up = {.camera = home->camera, .policy = &world->policy,
	                              .administration_key = world->admin_public,
	                              .signer_key = world->signer_public, .crypto = world->crypto,
	                              .zone = zoneinfo_read,
	                              .driver = {.impl = home, .open = camera_open, .capture = camera_capture,
	                                         .park = camera_park, .lens = camera_lens, .free = camera_free},
	                              .keep = {.impl = home, .read = keep_read, .write = keep_write,
	                                       .free = camera_free}};
	struct agent_ports ports = {.arg = home, .send = port_send, .close = port_close,
	                            .clock_step_ms = port_clock_step, .note = port_note};
	struct now now;
	enum err r;

	if (home->agent != NULL || !home->powered)
		return;
	home->reading = machine_read(world, &home->machine);
	now = now_of(world, home);
	r = agent_new(&set_up, home->device_secret, &ports, &now, &home->agent);
	if (r != ERR_OK)
		history_fail(world, "agent", "%s does not start: %s", home->camera, err_text(r));
	home->backoff_ms = BACKOFF_MS_MIN;
	home->session = 0;
	world_at(world, world->now_ms + random_below(&home->random, MS_SECOND), connect_hub, home->index, 0, 0, NULL, 0);
	arm(world, home);
}

void home_end(struct world *world, struct home *home, bool power)
{
	struct now now = now_of(world, home);

	if (home->agent == NULL)
		return;
	home->disturbed_ms = world->now_ms;
	/* A process that is killed gives no last order, nor does one without power. */
	home->powered = false;
	agent_free(home->agent, &now);
	home->agent = NULL;
	home->powered = !power;
	if (power) {
		if (home->lens == LENS_OPEN)
			audit_lens_parked(world, home);
		home->lens = LENS_PARKED;
		home->moved_ms = world->now_ms;
	}
	if (home->session != 0 && power)
		link_break(world, home->session);
	else if (home->session != 0)
		link_close_by_peer(world, home->session);
	home->session = 0;
}

void home_opened(struct world *world, struct home *home, int64_t session)
{
	struct now now = now_of(world, home);

	if (home->agent == NULL || home->session != session)
		return;
	agent_opened(home->agent, &now);
	arm(world, home);
}

/* The permit that an opening will be judged by, read from the wire. */
static void note_permit(struct home *home, const void *data, size_t len)
{
	struct wire_message *message;
	char reason[REASON_MAX_BYTES];
	size_t permit_len;
	const uint8_t *permit;

	if (memmem(data, len, "\"permit\"", 8) == NULL
	    || wire_decode(WIRE_CAMERA, WIRE_FROM_HUB, WIRE_READY, data, len, &message, reason) != ERR_OK)
		return;
	if (wire_id(message) == WIRE_PERMIT) {
		permit = wire_bytes(message, "permit", &permit_len);
		home->has_permit = permit_decode(&home->permit, permit, permit_len) == ERR_OK;
	}
	wire_free(message);
}

void home_message(struct world *world, struct home *home, int64_t session, const void *data, size_t len, bool binary)
{
	struct now now = now_of(world, home);

	if (home->agent == NULL || home->session != session)
		return;
	note_permit(home, data, len);
	agent_message(home->agent, data, len, binary, &now);
	home->has_permit = false;
	if (agent_is_ready(home->agent))
		home->backoff_ms = BACKOFF_MS_MIN;
	arm(world, home);
}

void home_closed(struct world *world, struct home *home, int64_t session)
{
	struct now now = now_of(world, home);

	if (home->agent == NULL || home->session != session)
		return;
	home->session = 0;
	agent_closed(home->agent, &now);
	arm(world, home);
	home_connect_again(world, home);
}

void home_clock(struct world *world, struct home *home, int64_t step_ms)
{
	home->machine.wall_offset_ms += step_ms;
	if (home->agent != NULL)
		world_at(world, world->now_ms + random_below(&home->random, 10 * MS_SECOND), on_tick, home->index,
		         (int64_t)home->tick, 0, NULL, 0);
}
