/* A secret key as it lies in a file: one line of hexadecimal digits that only its user can read. */
#ifndef TILLSYN_OS_KEY_H
#define TILLSYN_OS_KEY_H

#include "base/crypto.h"
#include "base/err.h"
#include "base/limits.h"

#include <stdint.h>

/*
 * Into memory of the caller's, which locks and wipes it; no other copy stays. ERR_NOT_FOUND;
 * ERR_DENIED: others can read the file, or it is not ours; ERR_LIMIT, ERR_PARSE: no key, or its
 * halves do not belong together.
 */
enum err key_read(const struct crypto *crypto, const char *path,
                  uint8_t secret_key[SECRET_KEY_BYTES]);

#endif
