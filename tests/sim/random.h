/*
 * The simulator's only chance: xoshiro256** (Blackman and Vigna), seeded by splitmix64. Every actor has a
 * stream of its own, so that leaving one out when a history is shrunk changes nothing for the others.
 */
#ifndef TESTS_SIM_RANDOM_H
#define TESTS_SIM_RANDOM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct random {
	uint64_t s[4];
};

/* stream tells actors of one seed apart. */
void random_seed(struct random *random, uint64_t seed, uint64_t stream);
uint64_t random_next(struct random *random);
/* 0 … n - 1; n > 0. */
int64_t random_below(struct random *random, int64_t n);
/* from … to, both included. */
int64_t random_between(struct random *random, int64_t from, int64_t to);
bool random_chance(struct random *random, int per_mille);
void random_fill(struct random *random, void *out, size_t len);

#endif
