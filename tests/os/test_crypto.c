/* That the struct of cryptography is the standards' and not merely consistent with itself. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/text.h"
#include "os/crypto.h"

#include <string.h>

static void bytes(void *out, size_t len, const char *hex)
{
	assert_int_equal(text_from_hex(out, len, hex), ERR_OK);
}

/* FIPS 180-4 example. */
static void hashes_as_the_standard_says(void **state)
{
	uint8_t hash[HASH_BYTES], expected[HASH_BYTES];

	(void)state;
	bytes(expected, sizeof expected,
	      "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
	crypto_sodium()->sha256(hash, "abc", 3);
	assert_memory_equal(hash, expected, sizeof hash);
}

/* RFC 8032 §7.1, test 2. */
static void signs_as_the_standard_says(void **state)
{
	const struct crypto *crypto = crypto_sodium();
	uint8_t secret[SECRET_KEY_BYTES], signature[SIGNATURE_BYTES], expected[SIGNATURE_BYTES];

	(void)state;
	bytes(secret, sizeof secret,
	      "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb"
	      "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c");
	bytes(expected, sizeof expected,
	      "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
	      "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00");
	crypto->sign(signature, "\x72", 1, secret);
	assert_memory_equal(signature, expected, sizeof signature);
	assert_true(crypto->verify(signature, "\x72", 1, secret + KEY_BYTES));
	assert_false(crypto->verify(signature, "\x73", 1, secret + KEY_BYTES));
	signature[0] ^= 1;
	assert_false(crypto->verify(signature, "\x72", 1, secret + KEY_BYTES));
}

static void a_key_of_low_order_verifies_nothing(void **state)
{
	uint8_t key[KEY_BYTES] = { 1 }, signature[SIGNATURE_BYTES] = { 1 };

	(void)state;
	assert_false(crypto_sodium()->verify(signature, "x", 1, key));
}

static void only_the_owner_opens_a_seal(void **state)
{
	const struct crypto *crypto = crypto_sodium();
	uint8_t public_key[KEY_BYTES], secret_key[KEY_BYTES], other_public[KEY_BYTES],
		other_secret[KEY_BYTES];
	uint8_t sealed[5 + SEAL_BYTES], opened[5];

	(void)state;
	crypto->box_keypair(public_key, secret_key);
	crypto->box_keypair(other_public, other_secret);
	assert_int_equal(crypto->seal(sealed, "hello", 5, public_key), ERR_OK);
	assert_int_equal(crypto->open(opened, sealed, sizeof sealed, public_key, secret_key),
	                 ERR_OK);
	assert_memory_equal(opened, "hello", 5);
	assert_int_equal(crypto->open(opened, sealed, sizeof sealed, other_public, other_secret),
	                 ERR_SIGNATURE);
	sealed[SEAL_BYTES] ^= 1;
	assert_int_equal(crypto->open(opened, sealed, sizeof sealed, public_key, secret_key),
	                 ERR_SIGNATURE);
	assert_int_equal(crypto->open(opened, sealed, SEAL_BYTES - 1, public_key, secret_key),
	                 ERR_SIGNATURE);
}

static void sealing_to_no_key_is_refused(void **state)
{
	uint8_t zero[KEY_BYTES] = { 0 }, sealed[1 + SEAL_BYTES];

	(void)state;
	assert_int_equal(crypto_sodium()->seal(sealed, "x", 1, zero), ERR_PARSE);
}

static void random_bytes_differ_and_wiped_ones_are_zero(void **state)
{
	uint8_t one[32], two[32], zero[32] = { 0 };

	(void)state;
	crypto_sodium()->random(one, sizeof one);
	crypto_sodium()->random(two, sizeof two);
	assert_memory_not_equal(one, two, sizeof one);
	crypto_sodium()->wipe(one, sizeof one);
	assert_memory_equal(one, zero, sizeof one);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hashes_as_the_standard_says),
		cmocka_unit_test(signs_as_the_standard_says),
		cmocka_unit_test(a_key_of_low_order_verifies_nothing),
		cmocka_unit_test(only_the_owner_opens_a_seal),
		cmocka_unit_test(sealing_to_no_key_is_refused),
		cmocka_unit_test(random_bytes_differ_and_wiped_ones_are_zero),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
