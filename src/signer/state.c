/* A signed note is its own proof: a state that this key did not sign is nobody's memory. */
#include "signer/state.h"

#include "base/text.h"
#include "os/file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

enum err state_read(const struct crypto *crypto, const char *path,
                    const uint8_t public_key[KEY_BYTES], struct state *state)
{
	struct buf note = buf_new(CHECKPOINT_MAX_BYTES);
	struct checkpoint last;
	enum err r = file_read_secret(path, &note);

	if (r == ERR_OK)
		r = note.len == 0 ? ERR_PARSE
		                  : checkpoint_open(crypto, note.data, note.len, public_key, &last);
	if (r == ERR_OK) {
		state->last = last;
		state->len = note.len;
		memcpy(state->note, note.data, note.len);
	}
	buf_free(&note);
	return r;
}

enum err state_write(const char *path, const struct state *state)
{
	return file_write(path, state->note, state->len, 0600);
}

enum err state_begin(const struct crypto *crypto, const char *path,
                     const uint8_t secret_key[SECRET_KEY_BYTES], const char *origin)
{
	const uint8_t *public_key = secret_key + SECRET_KEY_BYTES - KEY_BYTES;
	struct buf note = buf_new(CHECKPOINT_MAX_BYTES);
	struct checkpoint empty = {.size = 0};
	enum err r;

	if (access(path, F_OK) == 0 || errno != ENOENT)
		return ERR_EXISTS;
	if (text_copy(empty.origin, sizeof empty.origin, origin) != ERR_OK)
		return ERR_PARSE;
	crypto->sha256(empty.root, "", 0);
	r = checkpoint_sign(crypto, &empty, public_key, secret_key, &note);
	if (r == ERR_OK)
		r = file_write(path, note.data, note.len, 0600);
	buf_free(&note);
	return r;
}

/* A lock of the file itself would end with the first file that is renamed over it. */
enum err state_hold(const char *path)
{
	char folder[PATH_MAX];
	const char *slash = strrchr(path, '/');
	int fd;

	if (snprintf(folder, sizeof folder, "%.*s/", slash == NULL ? 1 : (int)(slash - path),
	             slash == NULL ? "." : path) >= (int)sizeof folder)
		return ERR_LIMIT;
	fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return errno == ENOENT ? ERR_NOT_FOUND : ERR_IO;
	if (flock(fd, LOCK_EX | LOCK_NB) == 0)
		return ERR_OK; /* the kernel closes it with the process */
	close(fd);
	return errno == EWOULDBLOCK ? ERR_EXISTS : ERR_IO;
}
