/*
 * Sealing and opening of a look's one picture. The camera signs what it says about the picture
 * (which look, which permit, when) together with the picture's hash, and the whole goes into a
 * sealed box, so that everything between lens and screen carries bytes it can neither read nor
 * exchange.
 */
#include "core/snapshot.h"

#include "base/canon.h"
#include "base/text.h"
#include "core/permit.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* The header in canonical bytes, its length word included, is about 150 bytes. */
#define HEADER_MAX_BYTES 256

static_assert(JPEG_MAX_BYTES + HEADER_MAX_BYTES + SIGNATURE_BYTES + SEAL_BYTES + 4
                      <= SNAPSHOT_MAX_BYTES,
              "a whole snapshot fits the limit that everybody reads with");

static enum err header_encode(const struct snapshot_header *header, struct buf *out)
{
	struct canon_writer w = canon_write(out);

	canon_put_i64(&w, header->look);
	canon_put_text(&w, header->camera);
	canon_put_fixed(&w, header->nonce, NONCE_BYTES);
	canon_put_i64(&w, header->permit_received_ms);
	canon_put_i64(&w, header->captured_ms);
	canon_put_i64(&w, header->captured_utc_ms);
	canon_put_fixed(&w, header->jpeg_hash, HASH_BYTES);
	canon_put_u32(&w, header->jpeg_len);
	return w.err;
}

static enum err header_decode(struct snapshot_header *header, const void *data, size_t len)
{
	struct canon_reader r = canon_read(data, len);

	header->look = canon_i64_in(&r, 1, INT64_MAX);
	canon_text(&r, header->camera, sizeof header->camera);
	canon_fixed(&r, header->nonce, NONCE_BYTES);
	header->permit_received_ms = canon_i64_in(&r, 0, INT64_MAX / 2);
	header->captured_ms = canon_i64_in(&r, 0, INT64_MAX / 2);
	header->captured_utc_ms = canon_i64_in(&r, 0, INT64_MAX / 2);
	canon_fixed(&r, header->jpeg_hash, HASH_BYTES);
	header->jpeg_len = canon_u32(&r);
	if (r.err == ERR_OK && !text_is_id(header->camera))
		return ERR_PARSE;
	return canon_end(&r);
}

/* Header and signature, as they stand before the JPEG. */
static enum err put_front(const struct crypto *crypto, const struct snapshot_header *header,
                          const uint8_t device_secret_key[SECRET_KEY_BYTES], struct buf *out)
{
	struct buf encoded = buf_new(HEADER_MAX_BYTES);
	uint8_t signature[SIGNATURE_BYTES];
	struct canon_writer w = canon_write(out);
	enum err r = header_encode(header, &encoded);

	if (r == ERR_OK) {
		signed_make(crypto, SIGNED_SNAPSHOT, encoded.data, encoded.len, device_secret_key,
		            signature);
		canon_put_bytes(&w, encoded.data, encoded.len);
		canon_put_fixed(&w, signature, SIGNATURE_BYTES);
		r = w.err;
	}
	buf_free(&encoded);
	return r;
}

/* plain is len bytes long, of which front comes first and the JPEG fills the rest. */
static enum err seal_whole(const struct crypto *crypto, const struct buf *front, const void *jpeg,
                           size_t jpeg_len, const uint8_t picture_key[KEY_BYTES], struct buf *out)
{
	size_t len = front->len + jpeg_len;
	uint8_t *plain = malloc(len), *sealed = malloc(len + SEAL_BYTES);
	enum err r = ERR_MEMORY;

	if (plain != NULL && sealed != NULL) {
		memcpy(plain, front->data, front->len);
		memcpy(plain + front->len, jpeg, jpeg_len);
		r = crypto->seal(sealed, plain, len, picture_key);
		crypto->wipe(plain, len);
	}
	if (r == ERR_OK)
		r = buf_add(out, sealed, len + SEAL_BYTES);
	free(plain);
	free(sealed);
	return r;
}

enum err snapshot_seal(const struct crypto *crypto, const struct snapshot_header *header,
                       const void *jpeg, const uint8_t device_secret_key[SECRET_KEY_BYTES],
                       const uint8_t picture_key[KEY_BYTES], struct buf *out)
{
	struct buf front = buf_new(HEADER_MAX_BYTES + SIGNATURE_BYTES);
	struct snapshot_header whole = *header;
	enum err r;

	if (header->jpeg_len > JPEG_MAX_BYTES)
		return ERR_LIMIT;
	crypto->sha256(whole.jpeg_hash, jpeg, whole.jpeg_len);
	r = put_front(crypto, &whole, device_secret_key, &front);
	if (r == ERR_OK)
		r = seal_whole(crypto, &front, jpeg, whole.jpeg_len, picture_key, out);
	buf_free(&front);
	return r;
}

static enum err check_jpeg(const struct crypto *crypto, const struct snapshot_header *header,
                           const uint8_t *jpeg, size_t len)
{
	uint8_t hash[HASH_BYTES];

	if (len != header->jpeg_len)
		return ERR_PARSE;
	crypto->sha256(hash, jpeg, len);
	return memcmp(hash, header->jpeg_hash, HASH_BYTES) == 0 ? ERR_OK : ERR_SIGNATURE;
}

enum err snapshot_split(const struct crypto *crypto, const void *plain, size_t len,
                        const uint8_t device_key[KEY_BYTES], struct snapshot_header *header,
                        const uint8_t **jpeg)
{
	struct canon_reader r = canon_read(plain, len);
	uint8_t signature[SIGNATURE_BYTES];
	const uint8_t *encoded;
	size_t encoded_len;
	enum err err;

	memset(header, 0, sizeof *header);
	*jpeg = NULL;
	if (len > SNAPSHOT_MAX_BYTES)
		return ERR_LIMIT;
	encoded = canon_bytes(&r, HEADER_MAX_BYTES, &encoded_len);
	canon_fixed(&r, signature, SIGNATURE_BYTES);
	if (r.err != ERR_OK)
		return r.err;
	if (!signed_check(crypto, SIGNED_SNAPSHOT, encoded, encoded_len, device_key, signature))
		return ERR_SIGNATURE;
	err = header_decode(header, encoded, encoded_len);
	if (err == ERR_OK && header->jpeg_len > JPEG_MAX_BYTES)
		err = ERR_LIMIT;
	if (err == ERR_OK)
		err = check_jpeg(crypto, header, r.data, r.len);
	if (err != ERR_OK)
		memset(header, 0, sizeof *header);
	else
		*jpeg = r.data;
	return err;
}

enum err snapshot_fresh(const struct snapshot_header *header, int64_t look, const char *camera,
                        const uint8_t nonce[NONCE_BYTES], int64_t key_elapsed_ms,
                        int64_t complete_elapsed_ms, int64_t fresh_ms)
{
	if (header->look != look || !text_equal(header->camera, camera))
		return ERR_STALE;
	if (memcmp(header->nonce, nonce, NONCE_BYTES) != 0)
		return ERR_STALE;
	if (header->captured_ms < header->permit_received_ms)
		return ERR_STALE;
	if (complete_elapsed_ms < key_elapsed_ms)
		return ERR_CLOCK;
	return complete_elapsed_ms - key_elapsed_ms <= fresh_ms ? ERR_OK : ERR_EXPIRED;
}
