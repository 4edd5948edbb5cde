/*
 * libsodium, dressed as base/crypto.h's struct, so that the pure folders take cryptography as an
 * argument and never name a library.
 */
#include "os/crypto.h"

#include <assert.h>
#include <sodium.h>

static_assert(KEY_BYTES == crypto_sign_PUBLICKEYBYTES, "Ed25519 public key");
static_assert(SECRET_KEY_BYTES == crypto_sign_SECRETKEYBYTES, "Ed25519 secret key");
static_assert(SIGNATURE_BYTES == crypto_sign_BYTES, "Ed25519 signature");
static_assert(KEY_BYTES == crypto_box_PUBLICKEYBYTES, "X25519 public key");
static_assert(KEY_BYTES == crypto_box_SECRETKEYBYTES, "X25519 secret key");
static_assert(SEAL_BYTES == crypto_box_SEALBYTES, "sealed box");
static_assert(HASH_BYTES == crypto_hash_sha256_BYTES, "SHA-256");

static void hash(uint8_t out[HASH_BYTES], const void *data, size_t len)
{
	crypto_hash_sha256(out, data, len);
}

static void make_sign_keypair(uint8_t public_key[KEY_BYTES], uint8_t secret_key[SECRET_KEY_BYTES])
{
	crypto_sign_keypair(public_key, secret_key);
}

static void sign(uint8_t signature[SIGNATURE_BYTES], const void *data, size_t len,
                 const uint8_t secret_key[SECRET_KEY_BYTES])
{
	crypto_sign_detached(signature, NULL, data, len, secret_key);
}

static bool verify(const uint8_t signature[SIGNATURE_BYTES], const void *data, size_t len,
                   const uint8_t public_key[KEY_BYTES])
{
	return crypto_sign_verify_detached(signature, data, len, public_key) == 0;
}

static void make_box_keypair(uint8_t public_key[KEY_BYTES], uint8_t secret_key[KEY_BYTES])
{
	crypto_box_keypair(public_key, secret_key);
}

static enum err seal(uint8_t *out, const void *data, size_t len,
                     const uint8_t public_key[KEY_BYTES])
{
	/* The library refuses keys of low order; such a key came from outside and is no key. */
	return crypto_box_seal(out, data, len, public_key) == 0 ? ERR_OK : ERR_PARSE;
}

static enum err open_seal(uint8_t *out, const void *sealed, size_t len,
                          const uint8_t public_key[KEY_BYTES], const uint8_t secret_key[KEY_BYTES])
{
	if (len < SEAL_BYTES)
		return ERR_SIGNATURE;
	return crypto_box_seal_open(out, sealed, len, public_key, secret_key) == 0 ? ERR_OK
	                                                                           : ERR_SIGNATURE;
}

static void fill_random(void *out, size_t len)
{
	randombytes_buf(out, len);
}

static void wipe(void *data, size_t len)
{
	sodium_memzero(data, len);
}

const struct crypto *crypto_sodium(void)
{
	static const struct crypto sodium = {
		.sha256 = hash,
		.sign_keypair = make_sign_keypair,
		.sign = sign,
		.verify = verify,
		.box_keypair = make_box_keypair,
		.seal = seal,
		.open = open_seal,
		.random = fill_random,
		.wipe = wipe,
	};

	return sodium_init() < 0 ? NULL : &sodium;
}
