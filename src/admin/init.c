/*
 * init: the keys of a centre. What exists is never overwritten: a lost administration key is lost
 * for every camera.
 */
#include "admin/admin.h"

#include "admin/signing.h"
#include "base/text.h"
#include "os/crypto.h"
#include "os/file.h"

#include <string.h>

#define PATH_ROOM (2 * PATH_MAX_BYTES)

static bool exists(const char *path)
{
	struct buf nothing = buf_new(0);
	enum err r = file_read(path, &nothing);

	buf_free(&nothing);
	return r != ERR_NOT_FOUND;
}

static bool write_hex(const struct admin *admin, const struct crypto *crypto, const char *path,
                      const uint8_t *data, size_t len, mode_t mode)
{
	char line[2 * SECRET_KEY_BYTES + 2];
	enum err r;

	text_hex(line, data, len);
	strcat(line, "\n");
	r = file_write(path, line, 2 * len + 1, mode);
	crypto->wipe(line, sizeof line);
	if (r != ERR_OK)
		admin_refuse(admin, "%s: %s", path, err_text(r));
	return r == ERR_OK;
}

/*
 * The pair FOLDER/NAME.key and .pub; a key that exists is kept, and its public half written if that
 * is missing.
 */
static bool make_pair(const struct admin *admin, const struct crypto *crypto, const char *folder,
                      const char *name)
{
	uint8_t secret[SECRET_KEY_BYTES], public[KEY_BYTES];
	char key_name[ID_MAX + 8], key_path[PATH_ROOM], public_path[PATH_ROOM],
		hex[2 * KEY_BYTES + 1];
	bool kept, ok;

	snprintf(key_name, sizeof key_name, "%s.key", name);
	snprintf(key_path, sizeof key_path, "%s/%s", folder, key_name);
	snprintf(public_path, sizeof public_path, "%s/%s.pub", folder, name);
	kept = exists(key_path);
	if (kept) {
		ok = secret_key_read(admin, crypto, folder, key_name, secret);
	} else {
		crypto->sign_keypair(public, secret);
		ok = write_hex(admin, crypto, key_path, secret, sizeof secret, 0600);
	}
	if (ok) {
		memcpy(public, secret + SECRET_KEY_BYTES - KEY_BYTES, KEY_BYTES);
		ok = write_hex(admin, crypto, public_path, public, sizeof public, 0644);
	}
	crypto->wipe(secret, sizeof secret);
	if (ok) {
		text_hex(hex, public, sizeof public);
		fprintf(admin->out, "%-8s %s %s\n", kept ? "kept" : "made", key_path, hex);
	}
	return ok;
}

static bool make_folder(const struct admin *admin, const char *path)
{
	enum err r = file_make_folder(path);

	if (r != ERR_OK)
		admin_refuse(admin, "%s: %s", path, err_text(r));
	return r == ERR_OK;
}

enum admin_exit init_run(const struct admin *admin, struct args *args)
{
	const struct crypto *crypto = crypto_sodium();
	const char *operators[ARGS_MAX], *id;
	char folder[PATH_ROOM];
	int n = 0;
	bool ok;

	while ((id = args_value(args, "--operator")) != NULL) {
		if (!text_is_id(id))
			return admin_usage(admin, "init", "%s is no identifier", id);
		operators[n++] = id;
	}
	if (!args_done(args, 1, 1))
		return admin_usage(admin, "init", "init wants the folder for the keys");
	if (strlen(args->word[0]) >= PATH_MAX_BYTES)
		return admin_usage(admin, "init", "the folder's name is too long");
	if (crypto == NULL)
		return admin_refuse(admin, "the cryptography cannot be set up");
	snprintf(folder, sizeof folder, "%s/operators", args->word[0]);
	ok = make_folder(admin, args->word[0])
	     && make_pair(admin, crypto, args->word[0], "administration")
	     && make_pair(admin, crypto, args->word[0], "signer") && make_folder(admin, folder);
	for (int i = 0; i < n && ok; i++)
		ok = make_pair(admin, crypto, folder, operators[i]);
	return ok ? ADMIN_OK : ADMIN_REFUSED;
}
