/* See crypto.h. */
#include "crypto.h"

#include "os/crypto.h"

#include <sodium.h>
#include <string.h>

static struct random *stream;

/* Four lanes, each multiplied on by every word: quick, and well spread for what is not an attacker. */
static void digest(uint8_t *out, size_t words, uint64_t salt, const void *data, size_t len)
{
	const uint8_t *bytes = data;
	uint64_t lane[4] = {salt ^ UINT64_C(0x243f6a8885a308d3), UINT64_C(0x13198a2e03707344),
	                    UINT64_C(0xa4093822299f31d0), UINT64_C(0x082efa98ec4e6c89) ^ len};
	uint64_t word;

	for (size_t at = 0, i = 0; at < len; at += 8, i++) {
		size_t n = len - at < 8 ? len - at : 8;

		word = 0;
		memcpy(&word, bytes + at, n);
		lane[i & 3] = (lane[i & 3] ^ word) * UINT64_C(0x9e3779b97f4a7c15);
		lane[i & 3] ^= lane[i & 3] >> 29;
		lane[(i + 1) & 3] += lane[i & 3];
	}
	for (size_t i = 0; i < words; i++) {
		word = lane[0] + i;
		for (int j = 1; j < 4; j++)
			word = (word ^ word >> 31 ^ lane[j]) * UINT64_C(0xbf58476d1ce4e5b9);
		word ^= word >> 32;
		memcpy(out + 8 * i, &word, 8);
	}
}

static void quick_hash(uint8_t hash[HASH_BYTES], const void *data, size_t len)
{
	digest(hash, HASH_BYTES / 8, 1, data, len);
}

static void quick_random(void *out, size_t len)
{
	random_fill(stream, out, len);
}

/* Libsodium's form: the public key is the second half of the secret one. */
static void quick_sign_keypair(uint8_t public_key[KEY_BYTES], uint8_t secret_key[SECRET_KEY_BYTES])
{
	quick_random(secret_key, SECRET_KEY_BYTES);
	memcpy(public_key, secret_key + SECRET_KEY_BYTES - KEY_BYTES, KEY_BYTES);
}

static void mark(uint8_t signature[SIGNATURE_BYTES], const void *data, size_t len,
                 const uint8_t public_key[KEY_BYTES])
{
	uint64_t salt;

	memcpy(&salt, public_key, sizeof salt);
	digest(signature, SIGNATURE_BYTES / 8, salt, data, len);
}

static void quick_sign(uint8_t signature[SIGNATURE_BYTES], const void *data, size_t len,
                       const uint8_t secret_key[SECRET_KEY_BYTES])
{
	mark(signature, data, len, secret_key + SECRET_KEY_BYTES - KEY_BYTES);
}

static bool quick_verify(const uint8_t signature[SIGNATURE_BYTES], const void *data, size_t len,
                         const uint8_t public_key[KEY_BYTES])
{
	uint8_t want[SIGNATURE_BYTES];

	mark(want, data, len, public_key);
	return memcmp(want, signature, SIGNATURE_BYTES) == 0;
}

static void quick_box_keypair(uint8_t public_key[KEY_BYTES], uint8_t secret_key[KEY_BYTES])
{
	quick_random(secret_key, KEY_BYTES);
	quick_hash(public_key, secret_key, KEY_BYTES);
}

static enum err quick_seal(uint8_t *out, const void *data, size_t len, const uint8_t public_key[KEY_BYTES])
{
	memcpy(out, public_key, KEY_BYTES);
	digest(out + KEY_BYTES, (SEAL_BYTES - KEY_BYTES) / 8, 2, data, len);
	memcpy(out + SEAL_BYTES, data, len);
	return ERR_OK;
}

static enum err quick_open(uint8_t *out, const void *sealed, size_t len, const uint8_t public_key[KEY_BYTES],
                           const uint8_t secret_key[KEY_BYTES])
{
	const uint8_t *bytes = sealed;
	uint8_t want[SEAL_BYTES - KEY_BYTES], mine[KEY_BYTES];

	quick_hash(mine, secret_key, KEY_BYTES);
	if (len < SEAL_BYTES || memcmp(bytes, public_key, KEY_BYTES) != 0
	    || memcmp(mine, public_key, KEY_BYTES) != 0)
		return ERR_SIGNATURE;
	digest(want, sizeof want / 8, 2, bytes + SEAL_BYTES, len - SEAL_BYTES);
	if (memcmp(want, bytes + KEY_BYTES, sizeof want) != 0)
		return ERR_SIGNATURE;
	memcpy(out, bytes + SEAL_BYTES, len - SEAL_BYTES);
	return ERR_OK;
}

static void quick_wipe(void *data, size_t len)
{
	memset(data, 0, len);
}

static const char *sodium_name(void)
{
	return "seeded";
}

static uint32_t sodium_word(void)
{
	return (uint32_t)random_next(stream);
}

static void sodium_fill(void *const out, const size_t len)
{
	random_fill(stream, out, len);
}

const struct crypto *sim_crypto(bool real, struct random *random)
{
	static const struct crypto quick = {
		.sha256 = quick_hash, .sign_keypair = quick_sign_keypair, .sign = quick_sign,
		.verify = quick_verify, .box_keypair = quick_box_keypair, .seal = quick_seal,
		.open = quick_open, .random = quick_random, .wipe = quick_wipe,
	};
	static struct randombytes_implementation seeded = {
		.implementation_name = sodium_name, .random = sodium_word, .buf = sodium_fill,
	};

	stream = random;
	if (!real)
		return &quick;
	randombytes_set_implementation(&seeded);
	return crypto_sodium();
}
