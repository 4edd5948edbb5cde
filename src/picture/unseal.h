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

/* What a snapshot is judged against, and the memory (locked too) that it is opened into. */
struct seal {
	const struct crypto *crypto;
	const struct secret *secret;
	const struct viewer_expect *expect;
	int64_t key_ms, complete_ms; /* elapsed: the key was made, the last byte had come */
	uint8_t *plain;              /* SNAPSHOT_MAX_BYTES */
};

/* In plain: kept as it came, so that another place gets a picture as good as the first did. */
struct opened {
	size_t plain_len; /* bytes of plain that are to be wiped in the end */
	const uint8_t *jpeg;
	size_t jpeg_len;
	int64_t taken_utc_ms;
};

struct picture {
	struct grey grey;      /* as it is drawn */
	int32_t width, height; /* as it was taken, upright */
};

/* A reason not to show anything; fault 0 is none. */
struct refusal {
	int fault; /* enum viewer_fault */
	char words[REASON_MAX_BYTES];
};

struct refusal refusal_make(enum viewer_fault fault, const char *words);

/*
 * Opens, verifies, judges freshness: in that order, and stops at the first no, which wipes plain.
 */
struct refusal unseal(const struct seal *seal, const void *sealed, size_t len,
                      struct opened *opened);

/*
 * Decodes it for a drawing, and judges what it shows. pixels: DRAW_PIXELS_MAX in locked memory,
 * which the picture points into; its size is set before its first pixel, also of one that is
 * refused.
 */
struct refusal unseal_picture(const struct opened *opened, const struct fit *fit, uint8_t *pixels,
                              struct picture *picture);

#endif
