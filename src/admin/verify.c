/*
 * verify: an export of the log, judged on this machine alone. No hub is asked, so the file may come
 * from somebody who has reason to have changed it.
 */
#include "admin/admin.h"

#include "admin/audit.h"
#include "admin/export_file.h"
#include "base/text.h"
#include "os/crypto.h"
#include "os/file.h"

#include <errno.h>
#include <string.h>

struct verifying {
	const struct admin *admin;
	const struct crypto *crypto;
	bool has_key;
	uint8_t key[KEY_BYTES];
	bool has_earlier;
	struct audit_earlier earlier;
};

/* A public key as hexadecimal digits, or a file that holds them: signer.pub. */
static enum admin_exit read_key(struct verifying *v, const char *where)
{
	struct buf text = buf_new(256);
	enum err r = text_from_hex(v->key, KEY_BYTES, where);

	v->has_key = true;
	if (r == ERR_OK)
		return ADMIN_OK;
	if ((r = file_read(where, &text)) == ERR_OK && (r = buf_add(&text, "", 1)) == ERR_OK) {
		char *line = (char *)text.data;

		line[strcspn(line, "\n")] = '\0';
		r = text_from_hex(v->key, KEY_BYTES, line);
	}
	buf_free(&text);
	if (r == ERR_OK)
		return ADMIN_OK;
	return admin_refuse(v->admin, "%s is no public key and no file with one", where);
}

static enum admin_exit read_earlier(struct verifying *v, const char *path)
{
	struct buf note = buf_new(CHECKPOINT_MAX_BYTES);
	enum err r = export_checkpoint_of(path, &note, &v->earlier.checkpoint);

	if (r == ERR_OK && v->has_key)
		r = checkpoint_open(v->crypto, note.data, note.len, v->key, &v->earlier.checkpoint);
	buf_free(&note);
	v->earlier.name = path;
	v->has_earlier = true;
	if (r == ERR_OK)
		return ADMIN_OK;
	if (r == ERR_IO)
		return admin_refuse(v->admin, "%s: %s", path, strerror(errno));
	if (r == ERR_SIGNATURE)
		return admin_refuse(v->admin,
		                    "%s: its checkpoint is not signed by the key that was given",
		                    path);
	return admin_refuse(v->admin, "%s: neither an export of the log nor a signed checkpoint",
	                    path);
}

static enum admin_exit judge(const struct verifying *v, const char *path)
{
	FILE *file = fopen(path, "re");
	struct audit *audit;
	char line[EXPORT_LINE_MAX + 1];
	size_t len;
	bool holds;

	if (file == NULL)
		return admin_refuse(v->admin, "%s: %s", path, strerror(errno));
	audit = audit_new(v->crypto, v->has_key ? v->key : NULL,
	                  v->has_earlier ? &v->earlier : NULL, v->admin->out);
	while (export_next_line(file, line, &len))
		audit_line(audit, line, len);
	holds = !ferror(file);
	if (!holds)
		admin_refuse(v->admin, "%s: it cannot be read to its end", path);
	holds = audit_end(audit) && holds;
	audit_free(audit);
	fclose(file);
	return holds ? ADMIN_OK : ADMIN_REFUSED;
}

enum admin_exit verify_run(const struct admin *admin, struct args *args)
{
	struct verifying v = {.admin = admin, .crypto = crypto_sodium()};
	const char *signer = args_value(args, "--signer"), *from = args_value(args, "--from");
	enum admin_exit end = ADMIN_OK;

	if (!args_done(args, 1, 1))
		return admin_usage(admin, "verify", "%s",
		                   args->fault ? args->fault
		                               : "the file is missing, or is not alone");
	if (v.crypto == NULL)
		return admin_refuse(admin, "the cryptographic library cannot be set up");
	if (signer != NULL)
		end = read_key(&v, signer);
	if (end == ADMIN_OK && from != NULL)
		end = read_earlier(&v, from);
	return end == ADMIN_OK ? judge(&v, args->word[0]) : end;
}
