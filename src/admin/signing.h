/*
 * From what a document says to what a camera will believe: an agreement or the roster, encoded and
 * signed by the administration key, and only where it differs from what the hub holds.
 */
#ifndef TILLSYN_ADMIN_SIGNING_H
#define TILLSYN_ADMIN_SIGNING_H

#include "admin/admin.h"
#include "admin/document.h"
#include "base/buf.h"
#include "base/crypto.h"
#include "core/agreement.h"

#include <stdbool.h>

/*
 * A signed document as the hub holds it; the bytes are the caller's. doc is NULL when the hub has
 * none.
 */
struct held {
	const uint8_t *doc;
	size_t len;
	uint8_t signature[SIGNATURE_BYTES];
};

struct signed_doc {
	struct buf doc;         /* buf_free() */
	uint8_t signature[SIGNATURE_BYTES];
	uint32_t version;
	bool changed;           /* false: the hub's own is what is wanted, doc is empty */
};

/*
 * The version after the held one, or the first. ERR_SIGNATURE: what is held was not signed by this
 * key; ERR_PARSE: it cannot be read; ERR_LIMIT: too large, or the last version there can be.
 */
enum err sign_agreement(const struct crypto *crypto, const uint8_t secret_key[SECRET_KEY_BYTES],
                        const struct agreement *wanted, const struct held *held,
                        struct signed_doc *out);
/* The document's operators, in the order of their ids. */
enum err sign_roster(const struct crypto *crypto, const uint8_t secret_key[SECRET_KEY_BYTES],
                     const struct document *document, const struct held *held,
                     struct signed_doc *out);

/*
 * Reads FOLDER/NAME, 128 hexadecimal digits; one line on admin->err when it cannot. Wipe it after
 * use.
 */
bool secret_key_read(const struct admin *admin, const struct crypto *crypto, const char *folder,
                     const char *name, uint8_t key[SECRET_KEY_BYTES]);

#endif
