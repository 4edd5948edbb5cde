/*
 * Whoever signs permits and checkpoints: a struct of functions, because the key moves to a process of its own.
 * sign() only starts; the answer comes through ready(), at once or later, or never — the hub counts on neither.
 */
#ifndef TILLSYN_HUB_SIGNER_H
#define TILLSYN_HUB_SIGNER_H

#include "base/crypto.h"
#include "base/err.h"
#include "core/notary.h"

#include <stddef.h>
#include <stdint.h>

typedef void signer_ready_fn(void *arg, int64_t id, const struct notary_answer *answer);

struct signer {
	void *impl;
	/* The size of the log that it signed last, from which an order must follow; 0: none yet. */
	uint64_t (*last)(void *impl);
	/*
	 * id comes back with the answer. ERR_STALE, ERR_DENIED: the log is not the one that was signed before,
	 * notary_sign(); ERR_CLOSED: it is not there.
	 */
	enum err (*sign)(void *impl, int64_t id, const struct notary_order *order, signer_ready_fn *ready,
	                 void *arg);
	void (*free)(void *impl);
};

/* Signs at once with a key in this process, kept in locked memory; the caller may wipe its own copy. */
enum err signer_local(struct signer *signer, const struct crypto *crypto,
                      const uint8_t secret_key[SECRET_KEY_BYTES]);

#endif
