/*
 * The bytes of permits and look requests and the signatures over them: what a lens guard believes, from
 * one good pair with one thing wrong.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/text.h"
#include "core/permit.h"
#include "os/crypto.h"

#include <string.h>

#define FROM_MS INT64_C(1790000000000)

static void set(char *out, const char *text)
{
	assert_int_equal(text_copy(out, ID_MAX, text), ERR_OK);
}

struct signed_look {
	const struct crypto *crypto;
	uint8_t signer_public[KEY_BYTES], signer_secret[SECRET_KEY_BYTES];
	uint8_t operator_public[KEY_BYTES], operator_secret[SECRET_KEY_BYTES];
	struct roster roster;
	struct permit permit;
	struct look_request request;
	struct buf permit_bytes, request_bytes;
	uint8_t permit_signature[SIGNATURE_BYTES], request_signature[SIGNATURE_BYTES];
};

/* What is in permit and request now, encoded and signed by whom it should be. */
static void sign(struct signed_look *look)
{
	buf_free(&look->request_bytes);
	buf_free(&look->permit_bytes);
	look->request_bytes = buf_new(512);
	look->permit_bytes = buf_new(1024);
	assert_int_equal(look_request_encode(&look->request, &look->request_bytes), ERR_OK);
	look->crypto->sha256(look->permit.request_hash, look->request_bytes.data,
	                     look->request_bytes.len);
	assert_int_equal(permit_encode(&look->permit, &look->permit_bytes), ERR_OK);
	signed_make(look->crypto, SIGNED_REQUEST, look->request_bytes.data, look->request_bytes.len,
	            look->operator_secret, look->request_signature);
	signed_make(look->crypto, SIGNED_PERMIT, look->permit_bytes.data, look->permit_bytes.len,
	            look->signer_secret, look->permit_signature);
}

static void begin(struct signed_look *look)
{
	memset(look, 0, sizeof *look);
	look->crypto = crypto_sodium();
	look->crypto->sign_keypair(look->signer_public, look->signer_secret);
	look->crypto->sign_keypair(look->operator_public, look->operator_secret);
	look->roster.n = 1;
	set(look->roster.entry[0].operator_id, "anna");
	memcpy(look->roster.entry[0].key, look->operator_public, KEY_BYTES);
	look->permit = (struct permit){.look = 41, .id = {1}, .agreement_version = 3, .night = 20766,
	                               .look_number = 1, .from_ms = FROM_MS, .to_ms = FROM_MS + 10 * MS_SECOND};
	set(look->permit.camera, "cam1");
	set(look->permit.agreement, "a1");
	set(look->permit.slot, "slot0");
	memset(look->permit.challenge, 7, NONCE_BYTES);
	memset(look->permit.picture_key, 9, KEY_BYTES);
	look->request = (struct look_request){.look = 41, .n_checks = 2, .check = {5, 6},
	                                      .at_ms = look->permit.from_ms};
	set(look->request.camera, "cam1");
	set(look->request.operator_id, "anna");
	memset(look->request.challenge, 7, NONCE_BYTES);
	memset(look->request.picture_key, 9, KEY_BYTES);
	sign(look);
}

static void end(struct signed_look *look)
{
	buf_free(&look->request_bytes);
	buf_free(&look->permit_bytes);
}

static const char *verify_with(const struct signed_look *look, const struct roster *roster)
{
	struct permit permit;
	struct look_request request;

	return permit_refusal_name(permit_verify(
		look->crypto, look->permit_bytes.data, look->permit_bytes.len,
		look->permit_signature, look->request_bytes.data, look->request_bytes.len,
		look->request_signature,
		look->signer_public, roster, &permit, &request));
}

static const char *verify(const struct signed_look *look)
{
	return verify_with(look, &look->roster);
}

static void test_round_trip(void **state)
{
	struct signed_look look;
	struct permit permit;
	struct look_request request;
	struct buf again = buf_new(1024);
	const struct buf *p = &look.permit_bytes, *r = &look.request_bytes;

	(void)state;
	begin(&look);
	assert_string_equal(verify(&look), "granted");
	assert_int_equal(permit_decode(&permit, p->data, p->len), ERR_OK);
	assert_int_equal(permit_encode(&permit, &again), ERR_OK);
	assert_int_equal(again.len, p->len);
	assert_memory_equal(again.data, p->data, again.len);
	assert_int_equal(look_request_decode(&request, r->data, r->len), ERR_OK);
	assert_int_equal(request.n_checks, 2);
	assert_int_equal(request.check[1], 6);
	assert_string_equal(request.operator_id, "anna");
	buf_free(&again);
	end(&look);
}

static void test_bad_signature(void **state)
{
	struct signed_look look;

	(void)state;
	begin(&look);
	look.permit_bytes.data[look.permit_bytes.len - 1] ^= 1;
	assert_string_equal(verify(&look), "bad-signature");
	sign(&look);
	/* An operator's key signs no permits. */
	signed_make(look.crypto, SIGNED_PERMIT, look.permit_bytes.data, look.permit_bytes.len,
	            look.operator_secret, look.permit_signature);
	assert_string_equal(verify(&look), "bad-signature");
	/* The signer's key on the same bytes, meant as something else. */
	signed_make(look.crypto, SIGNED_MEASURE, look.permit_bytes.data, look.permit_bytes.len,
	            look.signer_secret, look.permit_signature);
	assert_string_equal(verify(&look), "bad-signature");
	end(&look);
}

static void test_unknown_operator(void **state)
{
	struct signed_look look;

	(void)state;
	begin(&look);
	set(look.request.operator_id, "eve");
	sign(&look);
	assert_string_equal(verify(&look), "unknown-operator");
	/* A camera that has no roster yet opens for nobody. */
	set(look.request.operator_id, "anna");
	sign(&look);
	assert_string_equal(verify_with(&look, NULL), "unknown-operator");
	assert_string_equal(verify(&look), "granted");
	end(&look);
}

/* The hub's signer alone makes no look: the request has to be the operator's, and about this. */
static void test_bad_request(void **state)
{
	struct signed_look look;

	(void)state;
	begin(&look);
	signed_make(look.crypto, SIGNED_REQUEST, look.request_bytes.data, look.request_bytes.len,
	            look.signer_secret, look.request_signature);
	assert_string_equal(verify(&look), "bad-request");
	sign(&look);
	look.request_bytes.data[8] ^= 1;
	assert_string_equal(verify(&look), "bad-request");
	sign(&look);
	look.permit.look = 42;
	sign(&look);
	assert_string_equal(verify(&look), "bad-request");
	look.permit.look = 41;
	look.request.picture_key[0] ^= 1;
	sign(&look);
	assert_string_equal(verify(&look), "bad-request");
	look.request.picture_key[0] ^= 1;
	look.request.challenge[0] ^= 1;
	sign(&look);
	assert_string_equal(verify(&look), "bad-request");
	look.request.challenge[0] ^= 1;
	set(look.request.camera, "cam2");
	sign(&look);
	assert_string_equal(verify(&look), "bad-request");
	end(&look);
}

/* A request that the hub kept back is of no use to it. */
static void test_old_request(void **state)
{
	struct signed_look look;

	(void)state;
	begin(&look);
	look.request.at_ms = look.permit.from_ms - MS_MINUTE;
	sign(&look);
	assert_string_equal(verify(&look), "granted");
	look.request.at_ms--;
	sign(&look);
	assert_string_equal(verify(&look), "bad-request");
	/* Nor is one that is meant for later. */
	look.request.at_ms = look.permit.from_ms + MS_MINUTE;
	sign(&look);
	assert_string_equal(verify(&look), "granted");
	look.request.at_ms++;
	sign(&look);
	assert_string_equal(verify(&look), "bad-request");
	end(&look);
}

/* Every shorter and longer form of their bytes is refused. */
static void test_cut_bytes(void **state)
{
	struct signed_look look;
	struct permit permit;
	struct look_request request;
	const struct buf *p = &look.permit_bytes, *r = &look.request_bytes;
	uint8_t longer[1024] = {0};

	(void)state;
	begin(&look);
	for (size_t len = 0; len < p->len; len++)
		assert_int_not_equal(permit_decode(&permit, p->data, len), ERR_OK);
	for (size_t len = 0; len < r->len; len++)
		assert_int_not_equal(look_request_decode(&request, r->data, len), ERR_OK);
	memcpy(longer, p->data, p->len);
	assert_int_not_equal(permit_decode(&permit, longer, p->len + 1), ERR_OK);
	look.request.n_checks = 3;
	assert_int_equal(look_request_encode(&look.request, &look.request_bytes), ERR_LIMIT);
	look.request.n_checks = 0;
	assert_int_equal(look_request_encode(&look.request, &look.request_bytes), ERR_LIMIT);
	end(&look);
}

/* A good signature makes no sound permit or request: both are read as if a stranger had sent them. */
static void test_signed_nonsense(void **state)
{
	struct signed_look look;

	(void)state;
	begin(&look);
	look.permit.look_number = 0;
	sign(&look);
	assert_string_equal(verify(&look), "bad-request");
	look.permit.look_number = 1;
	set(look.permit.slot, "../slot");
	sign(&look);
	assert_string_equal(verify(&look), "bad-request");
	set(look.permit.slot, "slot0");
	set(look.request.operator_id, "anna maria");
	sign(&look);
	assert_string_equal(verify(&look), "bad-request");
	set(look.request.operator_id, "anna");
	sign(&look);
	assert_string_equal(verify(&look), "granted");
	end(&look);
}

/* One look is at one or two persons; the count in the bytes is nobody's to choose. */
static void test_count_of_checks(void **state)
{
	enum { COUNT_AT = 8 + 4 + 4 }; /* behind the look and "cam1" with its length */
	static const uint8_t counts[] = {0, 3, 255};
	struct signed_look look;
	struct look_request request;
	const struct buf *bytes = &look.request_bytes;

	(void)state;
	begin(&look);
	assert_int_equal(bytes->data[COUNT_AT], 2);
	for (size_t i = 0; i < sizeof counts; i++) {
		bytes->data[COUNT_AT] = counts[i];
		assert_int_equal(look_request_decode(&request, bytes->data, bytes->len), ERR_PARSE);
		assert_int_equal(request.n_checks, 0);
	}
	end(&look);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_round_trip),
		cmocka_unit_test(test_bad_signature),
		cmocka_unit_test(test_unknown_operator),
		cmocka_unit_test(test_bad_request),
		cmocka_unit_test(test_old_request),
		cmocka_unit_test(test_cut_bytes),
		cmocka_unit_test(test_signed_nonsense),
		cmocka_unit_test(test_count_of_checks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
