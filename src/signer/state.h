/*
 * What the signer remembers: the note that it signed last, alone in a file. It is on the disk
 * before the answer leaves, so that whatever is lost, power or process, the signer never knows less
 * than somebody else.
 */
#ifndef TILLSYN_SIGNER_STATE_H
#define TILLSYN_SIGNER_STATE_H

#include "base/crypto.h"
#include "base/err.h"
#include "core/checkpoint.h"

#include <stddef.h>
#include <stdint.h>

struct state {
	struct checkpoint last;
	size_t len;
	uint8_t note[CHECKPOINT_MAX_BYTES]; /* signed, of last */
};

/*
 * ERR_NOT_FOUND; ERR_DENIED: others can read it, or it is not ours; ERR_LIMIT, ERR_PARSE: no note;
 * ERR_SIGNATURE: signed by another key. *state is set only when all is well.
 */
enum err state_read(const struct crypto *crypto, const char *path,
                    const uint8_t public_key[KEY_BYTES], struct state *state);
/* Durable when it returns ERR_OK; after an error the old or the new one is there. */
enum err state_write(const char *path, const struct state *state);
/* Of an empty log of that name. ERR_EXISTS: there is a state; ERR_PARSE: no name for a log. */
enum err state_begin(const struct crypto *crypto, const char *path,
                     const uint8_t secret_key[SECRET_KEY_BYTES], const char *origin);
/*
 * Holds the file's folder for this process until it ends. ERR_EXISTS: another holds it, and two
 * signers with one state would sign two logs.
 */
enum err state_hold(const char *path);

#endif
