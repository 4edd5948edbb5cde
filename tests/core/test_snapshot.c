/* The sealed snapshot: what the picture process may believe, and each way in which it must not. */
#include "core/snapshot.h"

#include "base/canon.h"
#include "core/permit.h"
#include "os/crypto.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const char jpeg[] = "not a JPEG, but bytes all the same";

struct fixture {
	const struct crypto *crypto;
	uint8_t device_public[KEY_BYTES], device_secret[SECRET_KEY_BYTES];
	uint8_t box_public[KEY_BYTES], box_secret[KEY_BYTES];
	struct snapshot_header header;
};

static struct fixture make(void)
{
	struct fixture f = {
		.crypto = crypto_sodium(),
		.header = {.look = 41, .camera = "cam-7", .permit_received_ms = 1000, .captured_ms = 1800,
		           .captured_utc_ms = 1760000000000, .jpeg_len = sizeof jpeg},
	};

	assert_non_null(f.crypto);
	f.crypto->sign_keypair(f.device_public, f.device_secret);
	f.crypto->box_keypair(f.box_public, f.box_secret);
	memset(f.header.nonce, 0x5a, NONCE_BYTES);
	return f;
}

/* The plaintext of a snapshot sealed by the fixture; the caller frees it. */
static uint8_t *open_sealed(const struct fixture *f, size_t *len)
{
	struct buf sealed = buf_new(SNAPSHOT_MAX_BYTES);
	uint8_t *plain;

	assert_int_equal(snapshot_seal(f->crypto, &f->header, jpeg, f->device_secret, f->box_public, &sealed),
	                 ERR_OK);
	*len = sealed.len - SEAL_BYTES;
	plain = malloc(*len);
	assert_non_null(plain);
	assert_int_equal(f->crypto->open(plain, sealed.data, sealed.len, f->box_public, f->box_secret), ERR_OK);
	buf_free(&sealed);
	return plain;
}

static void arrives_as_sent(void **state)
{
	struct fixture f = make();
	struct snapshot_header header;
	const uint8_t *got;
	size_t len;
	uint8_t *plain = open_sealed(&f, &len);

	(void)state;
	assert_int_equal(snapshot_split(f.crypto, plain, len, f.device_public, &header, &got), ERR_OK);
	assert_int_equal(header.look, 41);
	assert_string_equal(header.camera, "cam-7");
	assert_int_equal(header.captured_ms, 1800);
	assert_int_equal(header.captured_utc_ms, 1760000000000);
	assert_int_equal(header.jpeg_len, sizeof jpeg);
	assert_memory_equal(got, jpeg, sizeof jpeg);
	free(plain);
}

static void opens_for_its_key_alone(void **state)
{
	struct fixture f = make(), other = make();
	struct buf sealed = buf_new(SNAPSHOT_MAX_BYTES);
	uint8_t plain[512];

	(void)state;
	assert_int_equal(snapshot_seal(f.crypto, &f.header, jpeg, f.device_secret, f.box_public, &sealed), ERR_OK);
	assert_int_equal(f.crypto->open(plain, sealed.data, sealed.len, other.box_public, other.box_secret),
	                 ERR_SIGNATURE);
	buf_free(&sealed);
}

static void another_camera_cannot_sign(void **state)
{
	struct fixture f = make(), other = make();
	struct snapshot_header header;
	const uint8_t *got;
	size_t len;
	uint8_t *plain = open_sealed(&f, &len);

	(void)state;
	assert_int_equal(snapshot_split(f.crypto, plain, len, other.device_public, &header, &got), ERR_SIGNATURE);
	assert_null(got);
	assert_int_equal(header.look, 0);
	free(plain);
}

/* Every byte of header, signature and JPEG is covered: no single one can be changed, cut or added. */
static void no_byte_can_be_changed(void **state)
{
	struct fixture f = make();
	struct snapshot_header header;
	const uint8_t *got;
	size_t len;
	uint8_t *plain = open_sealed(&f, &len), *longer;

	(void)state;
	for (size_t i = 0; i < len; i++) {
		plain[i] ^= 1;
		assert_int_not_equal(snapshot_split(f.crypto, plain, len, f.device_public, &header, &got), ERR_OK);
		plain[i] ^= 1;
	}
	for (size_t cut = 0; cut < len; cut++) {
		uint8_t *shorter = malloc(cut + 1);

		assert_non_null(shorter);
		memcpy(shorter, plain, cut);
		assert_int_not_equal(snapshot_split(f.crypto, shorter, cut, f.device_public, &header, &got), ERR_OK);
		free(shorter);
	}
	longer = calloc(1, len + 1);
	assert_non_null(longer);
	memcpy(longer, plain, len);
	assert_int_equal(snapshot_split(f.crypto, longer, len + 1, f.device_public, &header, &got), ERR_PARSE);
	free(longer);
	free(plain);
}

/* A header as the camera's own key signs it, whatever it says, with the JPEG behind it. */
static enum err split_signed(const struct fixture *f, const struct snapshot_header *header, size_t cut)
{
	struct buf encoded = buf_new(512), plain = buf_new(1024);
	struct canon_writer w = canon_write(&encoded), p = canon_write(&plain);
	uint8_t signature[SIGNATURE_BYTES], hash[HASH_BYTES];
	struct snapshot_header got;
	const uint8_t *bytes;
	enum err r;

	f->crypto->sha256(hash, jpeg, sizeof jpeg);
	canon_put_i64(&w, header->look);
	canon_put_text(&w, header->camera);
	canon_put_fixed(&w, header->nonce, NONCE_BYTES);
	canon_put_i64(&w, header->permit_received_ms);
	canon_put_i64(&w, header->captured_ms);
	canon_put_i64(&w, header->captured_utc_ms);
	canon_put_fixed(&w, hash, HASH_BYTES);
	canon_put_u32(&w, header->jpeg_len);
	encoded.len -= cut;
	signed_make(f->crypto, SIGNED_SNAPSHOT, encoded.data, encoded.len, f->device_secret, signature);
	canon_put_bytes(&p, encoded.data, encoded.len);
	canon_put_fixed(&p, signature, SIGNATURE_BYTES);
	canon_put_fixed(&p, jpeg, sizeof jpeg);
	r = snapshot_split(f->crypto, plain.data, plain.len, f->device_public, &got, &bytes);
	assert_int_equal(bytes != NULL, r == ERR_OK);
	assert_int_equal(got.look, r == ERR_OK ? header->look : 0);
	buf_free(&encoded);
	buf_free(&plain);
	return r;
}

/* A camera that was opened up has the key: its signature makes no header sound. */
static void a_signed_header_is_judged_all_the_same(void **state)
{
	struct fixture f = make();
	struct snapshot_header changed = f.header;

	(void)state;
	assert_int_equal(split_signed(&f, &changed, 0), ERR_OK);
	assert_int_equal(split_signed(&f, &changed, 1), ERR_PARSE);
	changed.look = 0;
	assert_int_equal(split_signed(&f, &changed, 0), ERR_PARSE);
	changed = f.header;
	memcpy(changed.camera, "../cam", sizeof "../cam");
	assert_int_equal(split_signed(&f, &changed, 0), ERR_PARSE);
	changed = f.header;
	changed.captured_ms = -1;
	assert_int_equal(split_signed(&f, &changed, 0), ERR_PARSE);
	changed = f.header;
	changed.jpeg_len = JPEG_MAX_BYTES + 1;
	assert_int_equal(split_signed(&f, &changed, 0), ERR_LIMIT);
	changed.jpeg_len = sizeof jpeg - 1;
	assert_int_equal(split_signed(&f, &changed, 0), ERR_PARSE);
}

static void more_than_a_snapshot_is_not_read(void **state)
{
	struct fixture f = make();
	struct snapshot_header header;
	const uint8_t *got;
	size_t len;
	uint8_t *plain = open_sealed(&f, &len), *larger = calloc(1, SNAPSHOT_MAX_BYTES + 1);

	(void)state;
	assert_non_null(larger);
	memcpy(larger, plain, len);
	assert_int_equal(snapshot_split(f.crypto, larger, SNAPSHOT_MAX_BYTES + 1, f.device_public, &header, &got),
	                 ERR_LIMIT);
	assert_null(got);
	free(larger);
	free(plain);
}

static enum err no_seal(uint8_t *out, const void *data, size_t len, const uint8_t key[KEY_BYTES])
{
	(void)data;
	(void)key;
	memset(out, 0, len + SEAL_BYTES);
	return ERR_PARSE;
}

/* A key that nothing can be sealed for (the picture process's word is a stranger's) lets nothing out. */
static void without_a_seal_nothing_leaves(void **state)
{
	struct fixture f = make();
	struct crypto broken = *f.crypto;
	struct buf sealed = buf_new(SNAPSHOT_MAX_BYTES);

	(void)state;
	broken.seal = no_seal;
	assert_int_equal(snapshot_seal(&broken, &f.header, jpeg, f.device_secret, f.box_public, &sealed),
	                 ERR_PARSE);
	assert_int_equal(sealed.len, 0);
	buf_free(&sealed);
}

static void too_large_is_not_sealed(void **state)
{
	struct fixture f = make();
	struct buf sealed = buf_new(SNAPSHOT_MAX_BYTES);

	(void)state;
	f.header.jpeg_len = JPEG_MAX_BYTES + 1;
	assert_int_equal(snapshot_seal(f.crypto, &f.header, jpeg, f.device_secret, f.box_public, &sealed),
	                 ERR_LIMIT);
	assert_int_equal(sealed.len, 0);
}

static void largest_fits_the_limit(void **state)
{
	struct fixture f = make();
	struct buf sealed = buf_new(SNAPSHOT_MAX_BYTES);
	uint8_t *large = calloc(1, JPEG_MAX_BYTES);

	(void)state;
	assert_non_null(large);
	f.header.jpeg_len = JPEG_MAX_BYTES;
	memset(f.header.camera, 'c', ID_MAX - 1);
	assert_int_equal(snapshot_seal(f.crypto, &f.header, large, f.device_secret, f.box_public, &sealed), ERR_OK);
	free(large);
	buf_free(&sealed);
}

static void freshness(void **state)
{
	static const struct {
		int64_t look, permit_received_ms, key_ms, complete_ms;
		const char *camera;
		uint8_t nonce;
		enum err want;
	} rows[] = {
		{41, 1000, 500000, 500000, "cam-7", 0x5a, ERR_OK},
		{41, 1800, 500000, 520000, "cam-7", 0x5a, ERR_OK},      /* the last good instant */
		{41, 1000, 500000, 520001, "cam-7", 0x5a, ERR_EXPIRED}, /* too late */
		{41, 1000, 500000, 499999, "cam-7", 0x5a, ERR_CLOCK},   /* before its key was made */
		{42, 1000, 500000, 501000, "cam-7", 0x5a, ERR_STALE},   /* another look */
		{41, 1000, 500000, 501000, "cam-8", 0x5a, ERR_STALE},   /* another camera */
		{41, 1000, 500000, 501000, "cam-7", 0x5b, ERR_STALE},   /* another permit */
		{41, 1801, 500000, 501000, "cam-7", 0x5a, ERR_STALE},   /* captured before its permit came */
	};
	struct fixture f = make();
	uint8_t nonce[NONCE_BYTES];

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		memset(nonce, rows[i].nonce, sizeof nonce);
		f.header.permit_received_ms = rows[i].permit_received_ms;
		assert_int_equal(snapshot_fresh(&f.header, rows[i].look, rows[i].camera, nonce, rows[i].key_ms,
		                                rows[i].complete_ms, 20000),
		                 rows[i].want);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(arrives_as_sent),
		cmocka_unit_test(opens_for_its_key_alone),
		cmocka_unit_test(another_camera_cannot_sign),
		cmocka_unit_test(no_byte_can_be_changed),
		cmocka_unit_test(a_signed_header_is_judged_all_the_same),
		cmocka_unit_test(more_than_a_snapshot_is_not_read),
		cmocka_unit_test(without_a_seal_nothing_leaves),
		cmocka_unit_test(too_large_is_not_sealed),
		cmocka_unit_test(largest_fits_the_limit),
		cmocka_unit_test(freshness),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
