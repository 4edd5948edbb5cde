/* The signer in this process: the key in locked memory, the answer at once. */
#include "hub/signer.h"

#include "os/secmem.h"

#include <string.h>

struct local {
	struct notary notary;
	uint8_t secret_key[SECRET_KEY_BYTES];
};

static uint64_t local_last(void *impl)
{
	return ((struct local *)impl)->notary.last.size;
}

static enum err local_sign(void *impl, int64_t id, const struct notary_order *order,
                           signer_ready_fn *ready, void *arg)
{
	struct local *local = impl;
	struct notary_answer answer;
	enum err r = notary_sign(&local->notary, order, &answer);

	if (r == ERR_OK)
		ready(arg, id, ERR_OK, &answer);
	return r;
}

enum err signer_local(struct signer *signer, const struct crypto *crypto,
                      const uint8_t secret_key[SECRET_KEY_BYTES])
{
	struct local *local = secmem_alloc(sizeof *local);

	if (local == NULL)
		return ERR_MEMORY;
	memcpy(local->secret_key, secret_key, SECRET_KEY_BYTES);
	/* An Ed25519 secret key ends with its public one. */
	local->notary =
		(struct notary){.crypto = crypto,
	                        .secret_key = local->secret_key,
	                        .public_key = local->secret_key + SECRET_KEY_BYTES - KEY_BYTES};
	*signer = (struct signer){
		.impl = local, .last = local_last, .sign = local_sign, .free = secmem_free};
	return ERR_OK;
}
