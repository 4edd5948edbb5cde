/*
 * A camera's driver: a struct of functions. The lens guard calls it and believes only what it
 * measures. Calls return at once; what takes time is asked for again until it is there.
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
	/*
	 * ERR_OK and one whole JPEG appended, or ERR_NOT_YET: ask again; anything else is a fault.
	 */
	enum err (*capture)(void *impl, const struct now *now, struct buf *jpeg);
	/* Starts to close and park, infrared off. May be called at any time, also twice. */
	enum err (*park)(void *impl, const struct now *now);
	/* What the camera itself says now; LENS_UNKNOWN when it does not answer. */
	enum lens (*lens)(void *impl, const struct now *now);
	/*
	 * How old the camera itself says that the picture just captured is; -1 when it does not
	 * say. NULL for a camera that never does.
	 */
	int64_t (*age_ms)(void *impl, const struct now *now);
	void (*free)(void *impl);
};

/*
 * Draws a bedroom in infrared and encodes a real JPEG. script is a comma-separated list of scenes,
 * one an opening, the last repeats. ERR_PARSE: a scene that there is not.
 *
 *   asleep         the resident in bed        couple       two in a double bed
 *   empty          nobody                     couple-one   one of the two, the other side empty
 *   floor          on the floor by the bed    other        in bed, and somebody standing there
 *   covered        something over the lens    black        no light at all
 *   frozen         yesterday's picture, the same every time
 *   stuck          takes its picture, then the lens neither parks nor says where it is
 *   slow           no picture before the guard's patience ends
 *   sluggish       a good picture, after a second and a half
 *   dead           stops answering when asked to open
 *
 * A camera that is stuck or dead comes back by itself after a while when the script goes on.
 */
enum err driver_simulated(struct driver *driver, const char *script, uint64_t seed);
/*
 * A folder of .jpg files, in the order of their names, one an opening, the last repeats. A file
 * that is too large for a picture is a fault at its turn; ERR_NOT_FOUND: there is none at all.
 */
enum err driver_still(struct driver *driver, const char *folder);

#endif
