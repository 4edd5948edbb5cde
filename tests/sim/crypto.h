/*
 * Cryptography for a simulated night. The stand-in keeps every property that the product builds on but
 * secrecy and strength: a signature fits one key and one text, a seal opens with one key, a hash tells
 * texts apart. The real one is libsodium's. Both draw their random bytes from the simulator's seed.
 */
#ifndef TESTS_SIM_CRYPTO_H
#define TESTS_SIM_CRYPTO_H

#include "base/crypto.h"
#include "random.h"

/* The functions of struct crypto have no argument to find a stream by, so one world a process. */
const struct crypto *sim_crypto(bool real, struct random *random);

#endif
