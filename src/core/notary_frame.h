/*
 * The conversation between the hub and the log's signer, over one Unix socket: frames of a 32-bit
 * big-endian length, a version byte, a kind byte, and canonical bytes. The signer believes nothing
 * that it is told, and the hub verifies what comes back. Pure.
 *
 *   signer → hub   NOTARY_HELLO     at once: the note that it signed last, of the size 0 when it
 * has signed none hub → signer   NOTARY_ORDER     what is to be signed, under a number of the
 * hub's, which is not 0 signer → hub   NOTARY_SIGNED    the answer to that number signer → hub
 * NOTARY_REFUSED   why not, to that number; with number 0 to the connection, which then ends
 */
#ifndef TILLSYN_CORE_NOTARY_FRAME_H
#define TILLSYN_CORE_NOTARY_FRAME_H

#include "base/buf.h"
#include "base/err.h"
#include "base/limits.h"
#include "core/notary.h"

#include <stddef.h>
#include <stdint.h>

enum { NOTARY_VERSION = 1 };

/* A whole frame. The longest is an order: a permit, two checkpoints and two proofs, some 4.7 kB. */
enum { NOTARY_FRAME_MAX = 8192 };

enum notary_kind {
	NOTARY_HELLO = 1,
	NOTARY_ORDER,
	NOTARY_SIGNED,
	NOTARY_REFUSED,
	NOTARY_KINDS,
};

/* One frame as it is read off the socket; body points into the caller's buffer. */
struct notary_frame {
	enum notary_kind kind;
	const uint8_t *body;
	size_t len;
};

struct notary_refusal {
	int64_t id;
	enum err err;
	char reason[REASON_MAX_BYTES];
};

/*
 * The size of the first whole frame in data (its length word included), 0 = more is needed.
 * ERR_VERSION, ERR_PARSE, ERR_LIMIT end the conversation.
 */
enum err notary_next(const uint8_t *data, size_t len, struct notary_frame *frame, size_t *size);

/* A frame either stands in out whole or not at all. */
enum err notary_put_hello(struct buf *out, const uint8_t *note, size_t len);
enum err notary_put_order(struct buf *out, int64_t id, const struct notary_order *order);
enum err notary_put_signed(struct buf *out, int64_t id, const struct notary_answer *answer);
/* The reason is cleaned and cut as text_clean() does. */
enum err notary_put_refused(struct buf *out, const struct notary_refusal *refusal);

/* What was read is all zero after an error. */
enum err notary_get_hello(const struct notary_frame *frame, uint8_t note[CHECKPOINT_MAX_BYTES],
                          size_t *len);
enum err notary_get_order(const struct notary_frame *frame, int64_t *id,
                          struct notary_order *order);
enum err notary_get_signed(const struct notary_frame *frame, int64_t *id,
                           struct notary_answer *answer);
enum err notary_get_refused(const struct notary_frame *frame, struct notary_refusal *refusal);

#endif
