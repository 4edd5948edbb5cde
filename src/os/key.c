/*
 * Whoever signs with a key whose halves do not belong together gives signatures that nobody can
 * verify.
 */
#include "os/key.h"

#include "base/text.h"
#include "os/file.h"

#include <string.h>

/* An Ed25519 secret key ends with its public one. */
static bool is_whole(const struct crypto *crypto, const uint8_t secret_key[SECRET_KEY_BYTES])
{
	static const char trial[] = "tillsyn: do these halves belong together?";
	uint8_t signature[SIGNATURE_BYTES];

	crypto->sign(signature, trial, sizeof trial, secret_key);
	return crypto->verify(signature, trial, sizeof trial,
	                      secret_key + SECRET_KEY_BYTES - KEY_BYTES);
}

enum err key_read(const struct crypto *crypto, const char *path,
                  uint8_t secret_key[SECRET_KEY_BYTES])
{
	struct buf text = buf_new(2 * SECRET_KEY_BYTES + 2);
	enum err r = file_read_secret(path, &text);

	if (r == ERR_OK) {
		while (text.len > 0 && text.data[text.len - 1] == '\n')
			text.data[--text.len] = '\0';
		r = text.len != 2 * SECRET_KEY_BYTES
		          ? ERR_PARSE
		          : text_from_hex(secret_key, SECRET_KEY_BYTES, (const char *)text.data);
	}
	if (r == ERR_OK && !is_whole(crypto, secret_key))
		r = ERR_PARSE;
	if (text.data != NULL)
		crypto->wipe(text.data, text.cap);
	buf_free(&text);
	if (r != ERR_OK)
		crypto->wipe(secret_key, SECRET_KEY_BYTES);
	return r;
}
