/*
 * Whose requests a camera accepts. An agent holds no other list of operators, so a key that is not
 * in the roster that the administration key signed opens nothing, whatever the hub says.
 */
#include "base/canon.h"
#include "base/text.h"
#include "core/agreement.h"
#include "core/permit.h"

#include <assert.h>
#include <string.h>

#define FORM 1

enum err roster_encode(const struct roster *roster, struct buf *out)
{
	struct canon_writer w = canon_write(out);
	size_t start = out->len;

	assert(roster->n >= 0 && roster->n <= ROSTER_MAX);
	canon_put_u8(&w, FORM);
	canon_put_u32(&w, roster->version);
	canon_put_u32(&w, (uint32_t)roster->n);
	for (int i = 0; i < roster->n; i++) {
		canon_put_text(&w, roster->entry[i].operator_id);
		canon_put_fixed(&w, roster->entry[i].key, KEY_BYTES);
	}
	if (w.err != ERR_OK)
		out->len = start;
	return w.err;
}

/* An operator who stood twice could be struck from the list and still be on it. */
static bool is_sound(const struct roster *roster)
{
	for (int i = 0; i < roster->n; i++) {
		const char *operator_id = roster->entry[i].operator_id;

		if (!text_is_id(operator_id)
		    || roster_key(roster, operator_id) != roster->entry[i].key)
			return false;
	}
	return true;
}

static enum err get_roster(struct roster *roster, const void *data, size_t len)
{
	struct canon_reader r = canon_read(data, len);
	uint8_t form = canon_u8(&r);
	uint32_t n;

	if (r.err == ERR_OK && form != FORM)
		return ERR_VERSION;
	roster->version = canon_u32(&r);
	n = canon_u32(&r);
	if (r.err != ERR_OK)
		return r.err;
	if (n > ROSTER_MAX)
		return ERR_LIMIT;
	roster->n = (int)n;
	for (int i = 0; i < roster->n; i++) {
		canon_text(&r, roster->entry[i].operator_id, sizeof roster->entry[i].operator_id);
		canon_fixed(&r, roster->entry[i].key, KEY_BYTES);
	}
	return canon_end(&r);
}

enum err roster_decode(struct roster *roster, const void *data, size_t len)
{
	enum err err;

	memset(roster, 0, sizeof *roster);
	err = get_roster(roster, data, len);
	if (err == ERR_OK && !is_sound(roster))
		err = ERR_PARSE;
	if (err != ERR_OK)
		memset(roster, 0, sizeof *roster);
	return err;
}

void roster_sign(const struct crypto *crypto, const void *encoded, size_t len,
                 const uint8_t secret_key[SECRET_KEY_BYTES], uint8_t signature[SIGNATURE_BYTES])
{
	signed_make(crypto, SIGNED_ROSTER, encoded, len, secret_key, signature);
}

bool roster_verify(const struct crypto *crypto, const void *encoded, size_t len,
                   const uint8_t public_key[KEY_BYTES], const uint8_t signature[SIGNATURE_BYTES])
{
	return signed_check(crypto, SIGNED_ROSTER, encoded, len, public_key, signature);
}

const uint8_t *roster_key(const struct roster *roster, const char *operator_id)
{
	for (int i = 0; i < roster->n; i++)
		if (text_equal(roster->entry[i].operator_id, operator_id))
			return roster->entry[i].key;
	return NULL;
}
