/*
 * What a camera holds: agreements and the roster of operators, both signed by the administration
 * key, and the stops that voided an agreement's version. Everything is durable before it counts,
 * and a version never goes back, so that no hub can bring a withdrawn agreement to life again.
 */
#ifndef TILLSYN_CAMERA_HOLDING_H
#define TILLSYN_CAMERA_HOLDING_H

#include "base/buf.h"
#include "base/crypto.h"
#include "camera/keep.h"
#include "core/agreement.h"

#include <stdbool.h>
#include <stdint.h>

/*
 * A camera serves one household; the rest is room for those before it, whose versions are
 * remembered.
 */
#define HOLDING_MAX 16

struct held {
	char id[ID_MAX];
	bool present;                 /* false: only a stop is known */
	struct agreement agreement;
	struct buf doc;               /* as it was signed */
	uint8_t signature[SIGNATURE_BYTES];
	uint32_t stopped_version;     /* this version and older ones allow no look; 0 = none */
};

struct holding {
	const struct crypto *crypto;
	const struct keep *keep;
	char camera[ID_MAX];
	uint8_t administration_key[KEY_BYTES];
	int n;
	struct held held[HOLDING_MAX];
	bool has_roster;
	struct roster roster;
	uint8_t roster_hash[HASH_BYTES]; /* of the signed document */
};

/*
 * Reads what was kept; signatures are verified again, and what does not verify is not held. keep
 * must outlive it. ERR_PARSE: a record is not what was written there.
 */
enum err holding_load(struct holding *holding, const struct crypto *crypto, const struct keep *keep,
                      const char *camera, const uint8_t administration_key[KEY_BYTES]);
void holding_free(struct holding *holding);

/*
 * Takes a signed agreement. id and version are set when the document can be read. ERR_SIGNATURE,
 * ERR_PARSE; ERR_STALE: older than what is held, or another of the same version; ERR_DENIED: it is
 * for another camera and was never this one's; ERR_LIMIT; ERR_IO: not kept, so not taken.
 */
enum err holding_agreement(struct holding *holding, const void *doc, size_t len,
                           const uint8_t signature[SIGNATURE_BYTES], char id[ID_MAX],
                           uint32_t *version);
/* As an agreement. */
enum err holding_roster(struct holding *holding, const void *doc, size_t len,
                        const uint8_t signature[SIGNATURE_BYTES], uint32_t *version);
/*
 * Closing needs no proof: this version and older ones allow no look from now on. It counts even
 * when an error says that it could not be kept. ERR_LIMIT: an agreement that is not held, and no
 * room.
 */
enum err holding_stop(struct holding *holding, const char *id, uint32_t version);

/* NULL when nothing of that id is known. */
const struct held *holding_find(const struct holding *holding, const char *id);
bool held_is_stopped(const struct held *held);

#endif
