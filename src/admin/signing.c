/*
 * Versions and signatures. What has not changed is not signed again: a new version would disturb
 * every camera.
 */
#include "admin/signing.h"

#include "base/text.h"
#include "os/file.h"

#include <stdlib.h>
#include <string.h>

/* libsodium's secret key carries the public one in its second half. */
static const uint8_t *public_half(const uint8_t secret_key[SECRET_KEY_BYTES])
{
	return secret_key + SECRET_KEY_BYTES - KEY_BYTES;
}

static bool is_same(const struct signed_doc *out, const struct held *held)
{
	return held->doc != NULL && out->doc.len == held->len
	       && memcmp(out->doc.data, held->doc, held->len) == 0;
}

/* The held version, 0 for none. */
static enum err held_version(const struct crypto *crypto,
                             const uint8_t secret_key[SECRET_KEY_BYTES], const struct held *held,
                             uint32_t *version)
{
	struct agreement agreement;
	enum err r;

	*version = 0;
	if (held->doc == NULL)
		return ERR_OK;
	if (!agreement_verify(crypto, held->doc, held->len, public_half(secret_key),
	                      held->signature))
		return ERR_SIGNATURE;
	r = agreement_decode(&agreement, held->doc, held->len);
	*version = r == ERR_OK ? agreement.version : 0;
	return r;
}

enum err sign_agreement(const struct crypto *crypto, const uint8_t secret_key[SECRET_KEY_BYTES],
                        const struct agreement *wanted, const struct held *held,
                        struct signed_doc *out)
{
	struct agreement agreement = *wanted;
	enum err r;

	*out = (struct signed_doc){.doc = buf_new(AGREEMENT_MAX_BYTES)};
	r = held_version(crypto, secret_key, held, &agreement.version);
	if (r == ERR_OK && agreement.version > 0)
		r = agreement_encode(&agreement, &out->doc);
	if (r != ERR_OK)
		return r;
	out->version = agreement.version;
	if (is_same(out, held)) {
		buf_free(&out->doc);
		return ERR_OK;
	}
	if (agreement.version == UINT32_MAX)
		return ERR_LIMIT;
	buf_free(&out->doc);
	out->version = ++agreement.version;
	out->changed = true;
	r = agreement_encode(&agreement, &out->doc);
	if (r == ERR_OK)
		agreement_sign(crypto, out->doc.data, out->doc.len, secret_key, out->signature);
	return r;
}

static int by_id(const void *a, const void *b)
{
	return strcmp(((const struct document_operator *)a)->id,
	              ((const struct document_operator *)b)->id);
}

/* In the order of ids, so that the order in the document changes nothing. */
static void fill_roster(struct roster *roster, const struct document *document)
{
	struct document_operator *sorted = calloc(document->n_operators + 1, sizeof *sorted);

	if (sorted == NULL)
		abort();
	if (document->n_operators > 0)
		memcpy(sorted, document->operators, document->n_operators * sizeof *sorted);
	qsort(sorted, document->n_operators, sizeof *sorted, by_id);
	roster->n = (int)document->n_operators;
	for (int i = 0; i < roster->n; i++) {
		memcpy(roster->entry[i].operator_id, sorted[i].id,
		       sizeof roster->entry[i].operator_id);
		memcpy(roster->entry[i].key, sorted[i].key, sizeof roster->entry[i].key);
	}
	free(sorted);
}

static enum err held_roster_version(const struct crypto *crypto,
                                    const uint8_t secret_key[SECRET_KEY_BYTES],
                                    const struct held *held, uint32_t *version)
{
	struct roster *roster;
	enum err r;

	*version = 0;
	if (held->doc == NULL)
		return ERR_OK;
	if (!roster_verify(crypto, held->doc, held->len, public_half(secret_key), held->signature))
		return ERR_SIGNATURE;
	roster = calloc(1, sizeof *roster);
	if (roster == NULL)
		return ERR_MEMORY;
	r = roster_decode(roster, held->doc, held->len);
	*version = r == ERR_OK ? roster->version : 0;
	free(roster);
	return r;
}

static enum err sign_filled(const struct crypto *crypto, const uint8_t secret_key[SECRET_KEY_BYTES],
                            struct roster *roster, const struct held *held, struct signed_doc *out)
{
	enum err r = held_roster_version(crypto, secret_key, held, &roster->version);

	if (r == ERR_OK && roster->version > 0)
		r = roster_encode(roster, &out->doc);
	if (r != ERR_OK)
		return r;
	out->version = roster->version;
	if (is_same(out, held)) {
		buf_free(&out->doc);
		return ERR_OK;
	}
	if (roster->version == UINT32_MAX)
		return ERR_LIMIT;
	buf_free(&out->doc);
	out->version = ++roster->version;
	out->changed = true;
	r = roster_encode(roster, &out->doc);
	if (r == ERR_OK)
		roster_sign(crypto, out->doc.data, out->doc.len, secret_key, out->signature);
	return r;
}

enum err sign_roster(const struct crypto *crypto, const uint8_t secret_key[SECRET_KEY_BYTES],
                     const struct document *document, const struct held *held,
                     struct signed_doc *out)
{
	struct roster *roster = calloc(1, sizeof *roster);
	enum err r = ERR_MEMORY;

	*out = (struct signed_doc){.doc = buf_new(ROSTER_MAX_BYTES)};
	if (roster != NULL) {
		fill_roster(roster, document);
		r = sign_filled(crypto, secret_key, roster, held, out);
	}
	free(roster);
	return r;
}

bool secret_key_read(const struct admin *admin, const struct crypto *crypto, const char *folder,
                     const char *name, uint8_t key[SECRET_KEY_BYTES])
{
	struct buf text = buf_new(2 * SECRET_KEY_BYTES + 2);
	char path[2 * PATH_MAX_BYTES];
	enum err r;

	snprintf(path, sizeof path, "%s/%s", folder, name);
	r = file_read_secret(path, &text);
	if (r == ERR_OK && text.len > 0 && text.data[text.len - 1] == '\n')
		text.data[--text.len] = 0;
	if (r == ERR_OK)
		r = text.len == 2 * SECRET_KEY_BYTES
		            ? text_from_hex(key, SECRET_KEY_BYTES, (const char *)text.data)
		            : ERR_PARSE;
	if (text.data != NULL)
		crypto->wipe(text.data, text.cap);
	buf_free(&text);
	if (r == ERR_DENIED)
		admin_refuse(admin, "%s: must be readable by you alone (chmod 600)", path);
	else if (r == ERR_PARSE || r == ERR_LIMIT)
		admin_refuse(admin, "%s: is not a secret key of 128 hexadecimal digits", path);
	else if (r != ERR_OK)
		admin_refuse(admin, "%s: %s", path, err_text(r));
	return r == ERR_OK;
}
