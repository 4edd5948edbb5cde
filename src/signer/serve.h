/* The signer's one socket, and the one conversation on it (core/notary_frame.h). */
#ifndef TILLSYN_SIGNER_SERVE_H
#define TILLSYN_SIGNER_SERVE_H

#include "base/crypto.h"
#include "base/err.h"
#include "base/limits.h"
#include "signer/state.h"

#include <stdint.h>

struct serve {
	const struct crypto *crypto;
	const uint8_t *secret_key;   /* SECRET_KEY_BYTES, locked */
	const char *state_path;
	struct state state;
	uint32_t peer;               /* the user id of whoever may connect */
	int listener;
};

/*
 * A listening socket, mode 0660; what an earlier signer left there is taken away. fault says what
 * was wrong: ERR_EXISTS: another program listens there, or it is no socket; ERR_LIMIT: the path is
 * too long; ERR_IO.
 */
enum err serve_listen(const char *path, int *listener, char fault[REASON_MAX_BYTES]);
/*
 * Signs for one connection after the other, for ever; returns only when the listener itself has
 * failed.
 */
enum err serve_run(struct serve *serve);

#endif
