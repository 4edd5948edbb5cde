/*
 * A camera that is not there: it opens and parks in its own time, draws the room it stands in, and
 * fails in every way that a real one does. It is the first driver, and the one that tests and the
 * demonstration use, so its faults are as honest as its pictures.
 */
#include "camera/driver.h"

#include "base/limits.h"
#include "camera/jpeg.h"
#include "camera/room.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define SCRIPT_MAX 32

#define MOVE_MS 250        /* the lens opens, or closes */
#define EXPOSE_MS 400      /* from the order to open to a whole picture */
#define SLUGGISH_MS 1500
#define SLOW_MS (60 * MS_SECOND)
#define BACK_MS (15 * MS_SECOND) /* a dead or stuck camera comes back, when the script goes on */
#define FROZEN_AGE_MS (26 * MS_HOUR)
#define QUALITY 80

struct scene {
	const char *name;
	enum room_scene room;
	int64_t expose_ms;
	bool dead, stuck, frozen;
};

static const struct scene scenes[] = {
	{.name = "asleep", .room = ROOM_ASLEEP, .expose_ms = EXPOSE_MS},
	{.name = "empty", .room = ROOM_EMPTY, .expose_ms = EXPOSE_MS},
	{.name = "floor", .room = ROOM_FLOOR, .expose_ms = EXPOSE_MS},
	{.name = "other", .room = ROOM_OTHER, .expose_ms = EXPOSE_MS},
	{.name = "couple", .room = ROOM_COUPLE, .expose_ms = EXPOSE_MS},
	{.name = "couple-one", .room = ROOM_COUPLE_ONE, .expose_ms = EXPOSE_MS},
	{.name = "covered", .room = ROOM_COVERED, .expose_ms = EXPOSE_MS},
	{.name = "black", .room = ROOM_BLACK, .expose_ms = EXPOSE_MS},
	{.name = "frozen", .room = ROOM_ASLEEP, .expose_ms = EXPOSE_MS, .frozen = true},
	{.name = "stuck", .room = ROOM_ASLEEP, .expose_ms = EXPOSE_MS, .stuck = true},
	{.name = "slow", .room = ROOM_ASLEEP, .expose_ms = SLOW_MS},
	{.name = "sluggish", .room = ROOM_ASLEEP, .expose_ms = SLUGGISH_MS},
	{.name = "dead", .room = ROOM_BLACK, .expose_ms = EXPOSE_MS, .dead = true},
};

struct simulated {
	int n_scenes, next;
	const struct scene *script[SCRIPT_MAX];
	const struct scene *scene; /* of the latest opening; NULL before it */
	uint64_t seed;
	enum lens target;          /* PARKED or OPEN: where the lens is, or is on its way to */
	int64_t ordered_ms;        /* when it was sent there */
	int64_t trouble_ms;        /* when it died or got stuck */
	bool in_trouble;
};

/* Whether it answers now; trouble ends by itself only for a script that goes on. */
static bool is_well(struct simulated *camera, const struct now *now)
{
	if (camera->in_trouble && camera->next < camera->n_scenes
	    && now->elapsed_ms - camera->trouble_ms >= BACK_MS)
		camera->in_trouble = false;
	return !camera->in_trouble;
}

static void fall_into_trouble(struct simulated *camera, const struct now *now)
{
	camera->in_trouble = true;
	camera->trouble_ms = now->elapsed_ms;
}

static void send_lens(struct simulated *camera, enum lens target, const struct now *now)
{
	if (camera->target == target)
		return;
	camera->target = target;
	camera->ordered_ms = now->elapsed_ms;
}

static enum err simulated_open(void *impl, const struct now *now)
{
	struct simulated *camera = impl;
	bool well = is_well(camera, now);

	if (camera->next < camera->n_scenes)
		camera->scene = camera->script[camera->next++];
	if (camera->scene->dead)
		fall_into_trouble(camera, now);
	if (!well || camera->in_trouble)
		return ERR_IO;
	send_lens(camera, LENS_OPEN, now);
	return ERR_OK;
}

static enum err draw(const struct simulated *camera, uint64_t moment, struct buf *jpeg)
{
	uint8_t *pixels = malloc(ROOM_WIDTH * ROOM_HEIGHT);
	enum err err;

	if (pixels == NULL)
		return ERR_MEMORY;
	err = room_draw(camera->scene->room, camera->seed, moment, pixels);
	if (err == ERR_OK)
		err = jpeg_encode(jpeg, pixels, ROOM_WIDTH, ROOM_HEIGHT, QUALITY);
	explicit_bzero(pixels, ROOM_WIDTH * ROOM_HEIGHT);
	free(pixels);
	return err;
}

static enum err simulated_capture(void *impl, const struct now *now, struct buf *jpeg)
{
	struct simulated *camera = impl;
	uint64_t moment;

	if (!is_well(camera, now) || camera->target != LENS_OPEN)
		return ERR_IO;
	if (now->elapsed_ms - camera->ordered_ms < camera->scene->expose_ms)
		return ERR_NOT_YET;
	moment = camera->scene->frozen ? camera->seed
	                               : camera->seed ^ ((uint64_t)now->utc_ms << 20);
	return draw(camera, moment, jpeg);
}

static enum err simulated_park(void *impl, const struct now *now)
{
	struct simulated *camera = impl;

	if (!is_well(camera, now))
		return ERR_IO;
	if (camera->target == LENS_OPEN && camera->scene->stuck) {
		fall_into_trouble(camera, now);
		camera->target = LENS_PARKED;
		return ERR_IO;
	}
	send_lens(camera, LENS_PARKED, now);
	return ERR_OK;
}

/* On its way it counts as open: only an arrived lens is parked. */
static enum lens simulated_lens(void *impl, const struct now *now)
{
	struct simulated *camera = impl;

	if (!is_well(camera, now))
		return LENS_UNKNOWN;
	if (camera->target == LENS_PARKED && now->elapsed_ms - camera->ordered_ms >= MOVE_MS)
		return LENS_PARKED;
	return LENS_OPEN;
}

static int64_t simulated_age_ms(void *impl, const struct now *now)
{
	const struct simulated *camera = impl;

	(void)now;
	return camera->scene != NULL && camera->scene->frozen ? FROZEN_AGE_MS : 0;
}

static const struct scene *find_scene(const char *name, size_t len)
{
	for (size_t i = 0; i < sizeof scenes / sizeof *scenes; i++)
		if (strlen(scenes[i].name) == len && memcmp(scenes[i].name, name, len) == 0)
			return &scenes[i];
	return NULL;
}

static enum err read_script(struct simulated *camera, const char *script)
{
	while (camera->n_scenes < SCRIPT_MAX) {
		size_t len = strcspn(script, ",");
		const struct scene *scene = find_scene(script, len);

		if (scene == NULL)
			return ERR_PARSE;
		camera->script[camera->n_scenes++] = scene;
		if (script[len] == '\0')
			return ERR_OK;
		script += len + 1;
	}
	return ERR_LIMIT;
}

enum err driver_simulated(struct driver *driver, const char *script, uint64_t seed)
{
	struct simulated *camera = calloc(1, sizeof *camera);
	enum err err;

	if (camera == NULL)
		return ERR_MEMORY;
	err = read_script(camera, script);
	if (err != ERR_OK) {
		free(camera);
		return err;
	}
	camera->seed = seed;
	camera->target = LENS_PARKED;
	camera->ordered_ms = INT64_MIN / 2;
	*driver = (struct driver){
		.impl = camera,
		.open = simulated_open,
		.capture = simulated_capture,
		.park = simulated_park,
		.lens = simulated_lens,
		.age_ms = simulated_age_ms,
		.free = free,
	};
	return ERR_OK;
}
