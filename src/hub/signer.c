/* The signer in this process: the key in locked memory, the answer at once. */
#include "hub/signer.h"

#include "core/permit.h"
#include "os/secmem.h"

#include <string.h>

struct local {
	const struct crypto *crypto;
	uint8_t secret_key[SECRET_KEY_BYTES];
};

static enum err local_sign(void *impl, int64_t id, const void *encoded, size_t len,
                           signer_ready_fn *ready, void *arg)
{
	struct local *local = impl;
	uint8_t signature[SIGNATURE_BYTES];

	signed_make(local->crypto, SIGNED_PERMIT, encoded, len, local->secret_key, signature);
	ready(arg, id, signature);
	return ERR_OK;
}

enum err signer_local(struct signer *signer, const struct crypto *crypto,
                      const uint8_t secret_key[SECRET_KEY_BYTES])
{
	struct local *local = secmem_alloc(sizeof *local);

	if (local == NULL)
		return ERR_MEMORY;
	local->crypto = crypto;
	memcpy(local->secret_key, secret_key, SECRET_KEY_BYTES);
	*signer = (struct signer){.impl = local, .sign = local_sign, .free = secmem_free};
	return ERR_OK;
}
