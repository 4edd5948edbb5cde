/* libsodium behind base/crypto.h's struct. */
#ifndef TILLSYN_OS_CRYPTO_H
#define TILLSYN_OS_CRYPTO_H

#include "base/crypto.h"

/* Initialises the library once; NULL when it cannot be (no entropy). The struct is constant. */
const struct crypto *crypto_sodium(void);

#endif
