/*
 * The simulated camera: a script of scenes, one an opening. It answers as a real one does — the lens takes
 * its time, a capture is asked for until it is there — and it fails in the ways that real ones fail.
 */
#include "camera/driver.h"

#include "base/text.h"
#include "camera/jpeg.h"
#include "camera/room.h"

#include <stdlib.h>
#include <string.h>

#define SCENES_MAX 16
#define QUALITY 82
/* From the order to open until a picture is there, and from the order to park until it is parked. */
#define CAPTURE_MS 400
#define PARK_MS 150
#define SLUGGISH_MS 1500
/* After a fault of the camera itself it answers again. */
#define RECOVER_MS (30 * MS_SECOND)

enum manner {
	MANNER_PLAIN,
	MANNER_FROZEN,
	MANNER_STUCK,
	MANNER_SLOW,
	MANNER_SLUGGISH,
	MANNER_DEAD,
};

static const struct scene {
	const char *name;
	enum room_scene room;
	enum manner manner;
} scenes[] = {
	{"asleep", ROOM_ASLEEP, MANNER_PLAIN},
	{"empty", ROOM_EMPTY, MANNER_PLAIN},
	{"floor", ROOM_FLOOR, MANNER_PLAIN},
	{"other", ROOM_OTHER, MANNER_PLAIN},
	{"couple", ROOM_COUPLE, MANNER_PLAIN},
	{"couple-one", ROOM_COUPLE_ONE, MANNER_PLAIN},
	{"covered", ROOM_COVERED, MANNER_PLAIN},
	{"black", ROOM_BLACK, MANNER_PLAIN},
	{"frozen", ROOM_ASLEEP, MANNER_FROZEN},
	{"stuck", ROOM_ASLEEP, MANNER_STUCK},
	{"slow", ROOM_ASLEEP, MANNER_SLOW},
	{"sluggish", ROOM_ASLEEP, MANNER_SLUGGISH},
	{"dead", ROOM_ASLEEP, MANNER_DEAD},
};

struct simulated {
	const struct scene *script[SCENES_MAX];
	int n, at;                 /* at: the scene of the next opening */
	const struct scene *scene; /* of the present or latest opening; NULL before the first */
	uint64_t home, moment;
	bool told_open;
	int64_t opened_ms, parked_ms; /* elapsed, of the latest orders */
};

static const struct scene *find_scene(const char *name, size_t len)
{
	for (size_t i = 0; i < sizeof scenes / sizeof scenes[0]; i++)
		if (strlen(scenes[i].name) == len && strncmp(scenes[i].name, name, len) == 0)
			return &scenes[i];
	return NULL;
}

static enum err read_script(struct simulated *camera, const char *script)
{
	for (const char *at = script;; at++) {
		size_t len = strcspn(at, ",");
		const struct scene *scene = find_scene(at, len);

		if (scene == NULL)
			return ERR_PARSE;
		if (camera->n == SCENES_MAX)
			return ERR_LIMIT;
		camera->script[camera->n++] = scene;
		at += len;
		if (*at == '\0')
			return ERR_OK;
	}
}

static bool does_not_answer(const struct simulated *camera, const struct now *now)
{
	return camera->scene != NULL && camera->scene->manner == MANNER_DEAD
	       && now->elapsed_ms - camera->opened_ms < RECOVER_MS;
}

static enum err simulated_open(void *impl, const struct now *now)
{
	struct simulated *camera = impl;

	camera->scene = camera->script[camera->at];
	if (camera->at + 1 < camera->n)
		camera->at++;
	camera->opened_ms = now->elapsed_ms;
	if (camera->scene->manner == MANNER_DEAD)
		return ERR_IO;
	camera->told_open = true;
	return ERR_OK;
}

static int64_t capture_ms(const struct simulated *camera)
{
	return camera->scene->manner == MANNER_SLUGGISH ? SLUGGISH_MS : CAPTURE_MS;
}

static enum err simulated_capture(void *impl, const struct now *now, struct buf *jpeg)
{
	struct simulated *camera = impl;
	uint8_t *pixels;
	enum err err;

	if (!camera->told_open)
		return ERR_WRONG_STATE;
	if (camera->scene->manner == MANNER_SLOW || now->elapsed_ms - camera->opened_ms < capture_ms(camera))
		return ERR_NOT_YET;
	pixels = malloc(ROOM_WIDTH * ROOM_HEIGHT);
	if (pixels == NULL)
		return ERR_MEMORY;
	if (camera->scene->manner != MANNER_FROZEN)
		camera->moment += (uint64_t)now->elapsed_ms | 1;
	err = room_draw(camera->scene->room, camera->home, camera->moment, pixels);
	if (err == ERR_OK)
		err = jpeg_encode(jpeg, pixels, ROOM_WIDTH, ROOM_HEIGHT, QUALITY);
	explicit_bzero(pixels, ROOM_WIDTH * ROOM_HEIGHT);
	free(pixels);
	return err;
}

static enum err simulated_park(void *impl, const struct now *now)
{
	struct simulated *camera = impl;

	if (does_not_answer(camera, now))
		return ERR_IO;
	if (camera->told_open)
		camera->parked_ms = now->elapsed_ms;
	camera->told_open = false;
	return ERR_OK;
}

static enum lens simulated_lens(void *impl, const struct now *now)
{
	const struct simulated *camera = impl;

	if (does_not_answer(camera, now))
		return LENS_UNKNOWN;
	if (camera->told_open)
		return LENS_OPEN;
	if (camera->scene != NULL && camera->scene->manner == MANNER_STUCK
	    && now->elapsed_ms - camera->parked_ms < RECOVER_MS)
		return LENS_UNKNOWN;
	/* Still turning: not yet where it says it will be. */
	if (camera->scene != NULL && camera->scene->manner != MANNER_DEAD
	    && now->elapsed_ms - camera->parked_ms < PARK_MS)
		return LENS_OPEN;
	return LENS_PARKED;
}

/* A frozen camera hands out yesterday's picture, and says so where it is asked. */
static int64_t simulated_age_ms(void *impl, const struct now *now)
{
	const struct simulated *camera = impl;

	(void)now;
	return camera->scene != NULL && camera->scene->manner == MANNER_FROZEN ? MS_DAY : 0;
}

enum err driver_simulated(struct driver *driver, const char *script, uint64_t seed)
{
	struct simulated *camera = calloc(1, sizeof *camera);
	enum err err;

	if (camera == NULL)
		return ERR_MEMORY;
	camera->home = seed;
	camera->moment = seed;
	camera->parked_ms = INT64_MIN / 2;
	err = read_script(camera, script);
	if (err != ERR_OK) {
		free(camera);
		return err;
	}
	*driver = (struct driver){.impl = camera, .open = simulated_open, .capture = simulated_capture,
	                          .park = simulated_park, .lens = simulated_lens,
	                          .age_ms = simulated_age_ms, .free = free};
	return ERR_OK;
}
