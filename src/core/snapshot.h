/*
 * The sealed snapshot: what travels from agent to picture process through a hub that cannot read
 * it. Plaintext = header in canonical bytes, its signature by the camera's device key, then the
 * JPEG. crypto_box_seal'ed to the picture process's one-time key.
 */
#ifndef TILLSYN_CORE_SNAPSHOT_H
#define TILLSYN_CORE_SNAPSHOT_H

#include "base/buf.h"
#include "base/crypto.h"
#include "base/err.h"
#include "base/limits.h"

#include <stdint.h>

struct snapshot_header {
	int64_t look;
	char camera[ID_MAX];
	uint8_t nonce[NONCE_BYTES];       /* the permit's */
	int64_t permit_received_ms;       /* agent's elapsed clock */
	int64_t captured_ms;              /* agent's elapsed clock; never before permit_received_ms */
	int64_t captured_utc_ms;          /* for the caption "taken 01:14:31"; never for freshness */
	uint8_t jpeg_hash[HASH_BYTES];
	uint32_t jpeg_len;
};

/*
 * Appends the sealed bytes to out. Takes the JPEG's length from the header and computes its hash
 * itself.
 */
enum err snapshot_seal(const struct crypto *crypto, const struct snapshot_header *header,
                       const void *jpeg, const uint8_t device_secret_key[SECRET_KEY_BYTES],
                       const uint8_t picture_key[KEY_BYTES], struct buf *out);

/*
 * Splits an opened snapshot (plain, len bytes) into its header and JPEG (points into plain).
 * Verifies the device's signature, the JPEG's hash and length. ERR_PARSE, ERR_SIGNATURE or
 * ERR_LIMIT.
 */
enum err snapshot_split(const struct crypto *crypto, const void *plain, size_t len,
                        const uint8_t device_key[KEY_BYTES], struct snapshot_header *header,
                        const uint8_t **jpeg);

/* Freshness by SERVICE.md's policy row: look, camera and nonce are the permit's, captured after its
 * receipt, and complete within fresh_ms of the picture process's key on that process's own clock.
 */
enum err snapshot_fresh(const struct snapshot_header *header, int64_t look, const char *camera,
                        const uint8_t nonce[NONCE_BYTES], int64_t key_elapsed_ms,
                        int64_t complete_elapsed_ms, int64_t fresh_ms);

#endif
