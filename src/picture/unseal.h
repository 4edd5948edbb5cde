/* From sealed bytes to a picture that may be shown, with every reason why it may not. */
#ifndef TILLSYN_PICTURE_UNSEAL_H
#define TILLSYN_PICTURE_UNSEAL_H

#include "base/crypto.h"
#include "base/limits.h"
#include "core/viewer.h"
#include "picture/grey.h"

#include <stddef.h>
#include <stdint.h>

/* The one-time key; in locked memory. */
struct secret {
	uint8_t public_key[KEY_BYTES];
	uint8_t secret_key[KEY_BYTES];
};

/* What a picture is judged against, and the memory (locked too) that it may take up. */
struct seal {
	const struct crypto *crypto;
	const struct secret *secret;
	const struct viewer_expect *expect;
	const struct fit *fit;
	int64_t key_ms, complete_ms; /* elapsed: the key was made, the last byte had come */
	uint8_t *plain;              /* SNAPSHOT_MAX_BYTES; wiped again before unseal() returns */
	uint8_t *pixels;             /* DRAW_PIXELS_MAX; the picture points into it */
};

struct picture {
	struct grey grey;      /* as it is drawn */
	int32_t width, height; /* as it was taken, upright */
	int64_t taken_utc_ms;
};

/* A reason not to show anything; fault 0 is none. */
struct refusal {
	int fault; /* enum viewer_fault */
	char words[REASON_MAX_BYTES];
};

struct refusal refusal_make(enum viewer_fault fault, const char *words);

/* Opens, verifies, judges freshness, decodes, judges content: in that order, and stops at the first no. */
struct refusal unseal(const struct seal *seal, const void *sealed, size_t len, struct picture *picture);

#endif
