/*
 * What signs for the log: a key, and the memory of the checkpoint it signed last. It signs nothing
 * that does not follow from that, so whoever rewrites the log finds no signature for it. Pure;
 * whoever uses it makes the new checkpoint durable before it lets the answer out.
 */
#ifndef TILLSYN_CORE_NOTARY_H
#define TILLSYN_CORE_NOTARY_H

#include "core/checkpoint.h"
#include "core/permit.h"
#include "core/tree.h"

/* An encoded permit. */
enum { PERMIT_MAX_BYTES = 1024 };

/* For a look: its permit, and the log before and after its records. For the log alone: after. */
struct notary_order {
	size_t permit_len;                   /* 0: no permit, and no before */
	uint8_t permit[PERMIT_MAX_BYTES];
	struct checkpoint before, after;
	struct tree_proof to_before;         /* from the checkpoint that was signed last */
	struct tree_proof to_after;          /* from before; without a permit from the last */
};

struct notary_answer {
	uint8_t permit_signature[SIGNATURE_BYTES];
	size_t before_len, after_len;
	uint8_t before[CHECKPOINT_MAX_BYTES], after[CHECKPOINT_MAX_BYTES]; /* signed notes */
};

struct notary {
	const struct crypto *crypto;
	const uint8_t *public_key, *secret_key; /* KEY_BYTES, SECRET_KEY_BYTES; the caller's */
	struct checkpoint last;                 /* size 0: none yet; with an origin it signs for no other log */
};

/*
 * ERR_STALE: shorter than what was signed last; ERR_DENIED: not the same log any more, or another
 * origin or epoch; ERR_PARSE: no permit, or no origin. notary->last changes only when the answer is
 * whole.
 */
enum err notary_sign(struct notary *notary, const struct notary_order *order,
                     struct notary_answer *answer);

/* Whether the answer is what was ordered, signed by that key; ERR_SIGNATURE: it is not. */
enum err notary_check(const struct crypto *crypto, const uint8_t public_key[KEY_BYTES],
                      const struct notary_order *order, const struct notary_answer *answer);

#endif
