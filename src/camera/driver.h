/*
 * A camera's driver: a struct of functions. The lens guard calls it and believes only what it measures.
 * Calls return at once; a driver answers through its events from its loop, or from driver_poll() for
 * those that compute in place.
 */
#ifndef TILLSYN_CAMERA_DRIVER_H
#define TILLSYN_CAMERA_DRIVER_H

#include "base/buf.h"
#include "base/err.h"
#include "base/now.h"

#include <stdint.h>

enum lens {
	LENS_UNKNOWN,  /* never treated as parked (SERVICE.md P8) */
	LENS_PARKED,   /* closed and towards the ceiling, verified */
	LENS_OPEN,
};

struct driver {
	void *impl;
	/* Starts to open the lens, infrared on. ERR_IO: the camera does not answer. */
	enum err (*open)(void *impl, const struct now *now);
	/* ERR_OK and one whole JPEG appended, or ERR_NOT_YET: ask again; anything else is a fault. */
	enum err (*capture)(void *impl, const struct now *now, struct buf *jpeg);
	/* Starts to close and park, infrared off. May be called at any time, also twice. */
	enum err (*park)(void *impl, const struct now *now);
	/* What the camera itself says now; LENS_UNKNOWN when it does not answer. */
	enum lens (*lens)(void *impl, const struct now *now);
	void (*free)(void *impl);
};

/*
 * Draws a bedroom in infrared and encodes a real JPEG. scene is a comma-separated list, one a look, the
 * last repeats: asleep, empty, floor, other, covered, black, frozen, stuck, slow, dead.
 */
enum err driver_simulated(struct driver *driver, const char *scene, uint64_t seed);
/* A folder of .jpg files, in the order of their names, one a look, the last repeats. */
enum err driver_still(struct driver *driver, const char *folder);

#endif
