/*
 * What the pure folders need of cryptography, as a struct of functions: os/crypto.h hands out
 * libsodium's, a simulator may hand in something faster. All sizes are in base/limits.h.
 */
#ifndef TILLSYN_BASE_CRYPTO_H
#define TILLSYN_BASE_CRYPTO_H

#include "base/err.h"
#include "base/limits.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct crypto {
	void (*sha256)(uint8_t hash[HASH_BYTES], const void *data, size_t len);
	/* Ed25519, RFC 8032. */
	void (*sign_keypair)(uint8_t public_key[KEY_BYTES], uint8_t secret_key[SECRET_KEY_BYTES]);
	void (*sign)(uint8_t signature[SIGNATURE_BYTES], const void *data, size_t len,
	             const uint8_t secret_key[SECRET_KEY_BYTES]);
	bool (*verify)(const uint8_t signature[SIGNATURE_BYTES], const void *data, size_t len,
	               const uint8_t public_key[KEY_BYTES]);
	/* X25519 sealed box: anyone can seal to a key, only its owner can open. */
	void (*box_keypair)(uint8_t public_key[KEY_BYTES], uint8_t secret_key[KEY_BYTES]);
	/* Writes len + SEAL_BYTES bytes to out. */
	enum err (*seal)(uint8_t *out, const void *data, size_t len,
	                 const uint8_t public_key[KEY_BYTES]);
	/* Writes len - SEAL_BYTES bytes to out; ERR_SIGNATURE when it is not for this key. */
	enum err (*open)(uint8_t *out, const void *sealed, size_t len,
	                 const uint8_t public_key[KEY_BYTES], const uint8_t secret_key[KEY_BYTES]);
	void (*random)(void *out, size_t len);
	/* Overwrites memory in a way the compiler keeps. */
	void (*wipe)(void *data, size_t len);
};

#endif
