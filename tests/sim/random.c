/* xoshiro256** and splitmix64, as their authors published them. */
#include "random.h"

#include <assert.h>
#include <string.h>

static uint64_t splitmix(uint64_t *state)
{
	uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	return z ^ z >> 31;
}

void random_seed(struct random *random, uint64_t seed, uint64_t stream)
{
	uint64_t state = seed ^ splitmix(&stream);

	for (int i = 0; i < 4; i++)
		random->s[i] = splitmix(&state);
}

static uint64_t rotate(uint64_t x, int k)
{
	return x << k | x >> (64 - k);
}

uint64_t random_next(struct random *random)
{
	uint64_t *s = random->s, result = rotate(s[1] * 5, 7) * 9, t = s[1] << 17;

	s[2] ^= s[0];
	s[3] ^= s[1];
	s[1] ^= s[2];
	s[0] ^= s[3];
	s[2] ^= t;
	s[3] = rotate(s[3], 45);
	return result;
}

int64_t random_below(struct random *random, int64_t n)
{
	assert(n > 0);
	return (int64_t)(random_next(random) % (uint64_t)n);
}

int64_t random_between(struct random *random, int64_t from, int64_t to)
{
	return from + random_below(random, to - from + 1);
}

bool random_chance(struct random *random, int per_mille)
{
	return random_below(random, 1000) < per_mille;
}

void random_fill(struct random *random, void *out, size_t len)
{
	uint8_t *bytes = out;

	while (len > 0) {
		uint64_t word = random_next(random);
		size_t n = len < sizeof word ? len : sizeof word;

		memcpy(bytes, &word, n);
		bytes += n;
		len -= n;
	}
}
