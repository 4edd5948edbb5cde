/*
 * Whoever signs permits and checkpoints: a struct of functions, because in production the key lives
 * in a process of its own. sign() only starts; the answer comes through ready(), at once or later,
 * or never — the hub counts on neither.
 */
#ifndef TILLSYN_HUB_SIGNER_H
#define TILLSYN_HUB_SIGNER_H

#include "base/crypto.h"
#include "base/err.h"
#include "core/notary.h"

#include <stddef.h>
#include <stdint.h>

struct loop;

/*
 * answer is NULL after an error: ERR_STALE, ERR_DENIED as sign() says them, ERR_SIGNATURE: it was
 * not what was ordered.
 */
typedef void signer_ready_fn(void *arg, int64_t id, enum err err,
                             const struct notary_answer *answer);

struct signer {
	void *impl;
	/*
	 * The size of the log from which the next order must follow: what was signed last, or is
	 * being signed now; 0: none yet.
	 */
	uint64_t (*last)(void *impl);
	/*
	 * id comes back with the answer. ERR_STALE, ERR_DENIED: the log is not the one that was
	 * signed before, notary_sign(); ERR_CLOSED: it is not there.
	 */
	enum err (*sign)(void *impl, int64_t id, const struct notary_order *order,
	                 signer_ready_fn *ready, void *arg);
	void (*free)(void *impl);
};

/*
 * Signs at once with a key in this process, kept in locked memory; the caller may wipe its own
 * copy.
 */
enum err signer_local(struct signer *signer, const struct crypto *crypto,
                      const uint8_t secret_key[SECRET_KEY_BYTES]);

struct signer_link {
	struct loop *loop;
	const struct crypto *crypto;
	const char *path;                       /* of tillsynd-signer's socket */
	const uint8_t *public_key;              /* KEY_BYTES: an answer by another key is none */
	/*
	 * From the loop: answers have come through ready(), or the signer has come (ERR_OK) or has
	 * been away for a while. Never from inside sign().
	 */
	void (*news)(void *arg, enum err there);
	void *arg;
};

/*
 * Signs by tillsynd-signer, to which it connects again and again while it is away; all of link
 * outlives it. ERR_LIMIT: the path is too long for a socket.
 */
enum err signer_process(struct signer *signer, const struct signer_link *link);

#endif
