/*
 * Whoever signs permits: a struct of functions, because the key moves to a process of its own. sign()
 * only starts; the answer comes through ready(), at once or later, or never — the hub counts on neither.
 */
#ifndef TILLSYN_HUB_SIGNER_H
#define TILLSYN_HUB_SIGNER_H

#include "base/crypto.h"
#include "base/err.h"

#include <stddef.h>
#include <stdint.h>

typedef void signer_ready_fn(void *arg, int64_t id, const uint8_t signature[SIGNATURE_BYTES]);

struct signer {
	void *impl;
	/* Signs an encoded permit (SIGNED_PERMIT); id comes back with the answer. */
	enum err (*sign)(void *impl, int64_t id, const void *encoded, size_t len, signer_ready_fn *ready,
	                 void *arg);
	void (*free)(void *impl);
};

/* Signs at once with a key in this process, kept in locked memory; the caller may wipe its own copy. */
enum err signer_local(struct signer *signer, const struct crypto *crypto,
                      const uint8_t secret_key[SECRET_KEY_BYTES]);

#endif
