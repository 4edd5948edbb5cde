/*
 * The openings that a lens guard remembers, durable, so that a restart gives nobody a second look.
 * With them stands the hash of the latest picture, by which a camera that has frozen gives itself
 * away; the picture itself is kept nowhere.
 */
#ifndef TILLSYN_CAMERA_OPENINGS_H
#define TILLSYN_CAMERA_OPENINGS_H

#include "camera/keep.h"
#include "core/permit.h"

#include <stddef.h>
#include <stdint.h>

/* Three nights of a household at its fullest, and as many permits again that opened nothing. */
#define OPENINGS_MAX 512

struct openings {
	const struct keep *keep;
	size_t n;
	struct opening opening[OPENINGS_MAX];
	uint8_t picture_hash[HASH_BYTES]; /* of the latest picture; zeroes before the first */
};

/*
 * ERR_PARSE or ERR_IO: what was kept cannot be read, and nothing may be opened on the strength of
 * it.
 */
enum err openings_load(struct openings *openings, const struct keep *keep);
/*
 * Remembers one opening and forgets those of nights long past. Anything but ERR_OK: the lens must
 * not open; the permit then counts as spent and the look's right as unused. ERR_LIMIT: too many.
 */
enum err openings_add(struct openings *openings, const struct opening *opening);
/*
 * The latest opening has provably not opened the lens: its permit stays spent, its right is given
 * back.
 */
enum err openings_give_back(struct openings *openings);
enum err openings_set_picture(struct openings *openings, const uint8_t hash[HASH_BYTES]);

#endif
