/*
 * The index of residents against a second computation (a few lines of Python with hashlib gave the
 * known roots) and against its definition, followed naively over a plain list.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/text.h"
#include "core/index.h"
#include "core/tree.h"
#include "os/crypto.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { RESIDENTS = 200 };

static const struct crypto *crypto;

static void leaf_of(uint64_t number, uint8_t leaf[HASH_BYTES])
{
	char text[32];

	snprintf(text, sizeof text, "leaf%d", (int)number);
	crypto->sha256(leaf, text, strlen(text));
}

static void add(struct index_entry *entry, uint64_t number)
{
	uint8_t leaf[HASH_BYTES];

	leaf_of(number, leaf);
	index_entry_add(crypto, entry, number, leaf);
}

static struct index_entry entry_new(const char *resident)
{
	struct index_entry entry = {.count = 0};

	index_key(crypto, resident, entry.key);
	return entry;
}

static void root_is(const struct index *index, const char *hex)
{
	uint8_t root[HASH_BYTES], wanted[HASH_BYTES];

	index_root(index, root);
	assert_int_equal(text_from_hex(wanted, HASH_BYTES, hex), ERR_OK);
	assert_memory_equal(root, wanted, HASH_BYTES);
}

static void roots_by_another_hand(void **state)
{
	struct index *index = index_new(crypto);
	struct index_entry elsa = entry_new("elsa"), sven = entry_new("sven"), karin = entry_new("karin");

	(void)state;
	root_is(index, "0000000000000000000000000000000000000000000000000000000000000000");
	add(&elsa, 0);
	add(&elsa, 3);
	assert_int_equal(index_put(index, &elsa), ERR_OK);
	root_is(index, "196d90d29baeb8e1f1c4bfb20d5182abedbbf66359d096f5428fb6e6dfc625a1");
	add(&sven, 1);
	add(&karin, 2);
	assert_int_equal(index_put(index, &karin), ERR_OK);
	assert_int_equal(index_put(index, &sven), ERR_OK);
	root_is(index, "e7c26e5d38abea96ee94ab53a944aa1350ee7c84dce1f539bf4bdfcdfb1be489");
	assert_int_equal(index_size(index), 3);
	index_free(index);
}

static int bit(const struct index_entry *entry, int depth)
{
	return entry->key[depth / 8] >> (7 - depth % 8) & 1;
}

/* The definition in the header, over the entries whose first depth bits are alike. */
static void naive(const struct index_entry *entries, size_t n, int depth, uint8_t hash[HASH_BYTES])
{
	struct index_entry *half = calloc(n + 1, sizeof *half);
	uint8_t side[2][HASH_BYTES];
	struct index *alone;

	memset(hash, 0, HASH_BYTES);
	if (n == 1) {
		alone = index_new(crypto);
		assert_int_equal(index_put(alone, entries), ERR_OK);
		index_root(alone, hash);
		index_free(alone);
	} else if (n > 1) {
		for (int b = 0; b < 2; b++) {
			size_t of_half = 0;

			for (size_t i = 0; i < n; i++)
				if (bit(&entries[i], depth) == b)
					half[of_half++] = entries[i];
			naive(half, of_half, depth + 1, side[b]);
		}
		tree_join(crypto, side[0], side[1], hash);
	}
	free(half);
}

static uint64_t chance(uint64_t *seed)
{
	*seed = *seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return *seed >> 33;
}

/*
 * A thousand entries come, one after another: each time the proof before it says what was there, gives
 * the root before, and the root after; and nobody else's entry has the old proof's root any more.
 */
static void each_step_is_proven(void **state)
{
	struct index *index = index_new(crypto);
	struct index_entry entries[RESIDENTS];
	uint8_t root[HASH_BYTES], proven[HASH_BYTES];
	struct index_proof proof;
	uint64_t seed = 11;
	size_t known = 0;

	(void)state;
	for (int i = 0; i < RESIDENTS; i++) {
		char name[16];

		snprintf(name, sizeof name, "r%d", i);
		entries[i] = entry_new(name);
	}
	for (uint64_t number = 0; number < 1000; number++) {
		struct index_entry *entry = &entries[chance(&seed) % RESIDENTS];

		index_prove(index, entry->key, &proof);
		assert_int_equal(proof.end == INDEX_OWN, entry->count > 0);
		if (proof.end == INDEX_OWN)
			assert_memory_equal(&proof.entry, entry, sizeof *entry);
		index_root(index, root);
		assert_true(index_proven_root(crypto, entry->key, &proof, proven));
		assert_memory_equal(proven, root, HASH_BYTES);
		known += entry->count == 0;
		add(entry, number);
		assert_true(index_root_after(crypto, entry, &proof, proven));
		assert_int_equal(index_put(index, entry), ERR_OK);
		index_root(index, root);
		assert_memory_equal(proven, root, HASH_BYTES);
		assert_int_equal(index_size(index), known);
		assert_memory_equal(index_get(index, entry->key), entry, sizeof *entry);
	}
	for (int i = 0, n = 0; i < RESIDENTS; i++)
		if (entries[i].count > 0)
			entries[n++] = entries[i];
	naive(entries, known, 0, proven);
	assert_memory_equal(proven, root, HASH_BYTES);
	index_free(index);
}

static void the_order_does_not_matter(void **state)
{
	struct index *one = index_new(crypto), *other = index_new(crypto);
	uint8_t a[HASH_BYTES], b[HASH_BYTES];

	(void)state;
	for (int i = 0; i < RESIDENTS; i++) {
		char name[16];
		struct index_entry entry;

		snprintf(name, sizeof name, "r%d", i);
		entry = entry_new(name);
		add(&entry, (uint64_t)i);
		assert_int_equal(index_put(one, &entry), ERR_OK);
		snprintf(name, sizeof name, "r%d", RESIDENTS - 1 - i);
		entry = entry_new(name);
		add(&entry, (uint64_t)(RESIDENTS - 1 - i));
		assert_int_equal(index_put(other, &entry), ERR_OK);
	}
	index_root(one, a);
	index_root(other, b);
	assert_memory_equal(a, b, HASH_BYTES);
	index_free(one);
	index_free(other);
}

static bool proves(const struct index_entry *entry, const struct index_proof *proof,
                   const uint8_t root[HASH_BYTES])
{
	uint8_t proven[HASH_BYTES];

	return index_proven_root(crypto, entry->key, proof, proven)
	       && memcmp(proven, root, HASH_BYTES) == 0;
}

/* "Nobody looked" cannot be said of somebody who was looked at, nor a look taken out of the count. */
static void a_lie_has_another_root(void **state)
{
	struct index *index = index_new(crypto);
	struct index_entry elsa = entry_new("elsa"), sven = entry_new("sven"), nobody = entry_new("rut");
	struct index_proof proof = {.n = 0}, lie;
	uint8_t root[HASH_BYTES];

	(void)state;
	add(&elsa, 0);
	add(&elsa, 2);
	add(&sven, 1);
	assert_int_equal(index_put(index, &elsa), ERR_OK);
	assert_int_equal(index_put(index, &sven), ERR_OK);
	index_root(index, root);

	index_prove(index, nobody.key, &proof);
	assert_int_not_equal(proof.end, INDEX_OWN);
	assert_true(proves(&nobody, &proof, root));

	index_prove(index, elsa.key, &proof);
	assert_true(proves(&elsa, &proof, root));
	lie = proof;
	lie.end = INDEX_EMPTY;
	assert_false(proves(&elsa, &lie, root));
	lie = proof;
	lie.end = INDEX_OTHER;
	assert_false(proves(&elsa, &lie, root));
	lie.entry = sven;
	assert_false(proves(&elsa, &lie, root));
	lie = proof;
	lie.entry.count = 1;
	assert_false(proves(&elsa, &lie, root));
	lie = proof;
	lie.entry.last = 0;
	assert_false(proves(&elsa, &lie, root));
	lie = proof;
	lie.entry.chain[0] ^= 1;
	assert_false(proves(&elsa, &lie, root));
	for (int n = -1; n <= INDEX_DEPTH_MAX + 1; n++) {
		lie = proof;
		lie.n = n;
		if (n != proof.n)
			assert_false(proves(&elsa, &lie, root));
	}
	/* Somebody else's proof. */
	index_prove(index, sven.key, &lie);
	assert_false(proves(&elsa, &lie, root));
	index_free(index);
}

/* A proof that could be none for its key is refused before any root is computed of it. */
static void what_cannot_be_a_proof(void **state)
{
	struct index *index = index_new(crypto);
	struct index_entry elsa = entry_new("elsa"), sven = entry_new("sven"), twin = elsa;
	struct index_proof proof = {.n = 0}, lie;
	uint8_t root[HASH_BYTES];

	(void)state;
	add(&elsa, 0);
	add(&sven, 1);
	assert_int_equal(index_put(index, &elsa), ERR_OK);
	assert_int_equal(index_put(index, &sven), ERR_OK);
	index_prove(index, elsa.key, &proof);
	assert_true(index_proven_root(crypto, elsa.key, &proof, root));
	assert_true(index_root_after(crypto, &elsa, &proof, root));
	assert_false(index_proven_root(crypto, sven.key, &proof, root));
	assert_false(index_root_after(crypto, &sven, &proof, root));
	lie = proof;
	lie.entry.count = 0; /* an entry of nothing */
	assert_false(index_proven_root(crypto, elsa.key, &lie, root));
	lie = proof;
	lie.end = (enum index_end)(INDEX_OTHER + 1);
	assert_false(index_proven_root(crypto, elsa.key, &lie, root));
	/* Two keys that are alike to the last bit that a path can have part nowhere. */
	twin.key[HASH_BYTES - 1] ^= 1;
	twin.count = 1;
	lie = (struct index_proof){.end = INDEX_OTHER, .entry = twin};
	assert_true(index_proven_root(crypto, elsa.key, &lie, root));
	assert_false(index_root_after(crypto, &elsa, &lie, root));
	index_free(index);
}

static void keys_that_are_alike_too_far(void **state)
{
	struct index *index = index_new(crypto);
	struct index_entry elsa = entry_new("elsa"), near = elsa, twin = elsa, rut = entry_new("rut");

	(void)state;
	assert_null(index_get(index, rut.key));
	add(&elsa, 0);
	assert_int_equal(index_put(index, &elsa), ERR_OK);
	assert_null(index_get(index, rut.key));
	/* They part at the last bit. */
	near.key[INDEX_DEPTH_MAX / 8 - 1] ^= 1;
	add(&near, 1);
	assert_int_equal(index_put(index, &near), ERR_OK);
	assert_int_equal(index_get(index, elsa.key)->last, 0);
	assert_int_equal(index_get(index, near.key)->last, 1);
	/* They part behind it. */
	twin.key[INDEX_DEPTH_MAX / 8] ^= 0x80;
	add(&twin, 2);
	assert_int_equal(index_put(index, &twin), ERR_LIMIT);
	index_free(index);
}

static int start(void **state)
{
	(void)state;
	crypto = crypto_sodium();
	return crypto == NULL;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(roots_by_another_hand),
		cmocka_unit_test(each_step_is_proven),
		cmocka_unit_test(the_order_does_not_matter),
		cmocka_unit_test(a_lie_has_another_root),
		cmocka_unit_test(what_cannot_be_a_proof),
		cmocka_unit_test(keys_that_are_alike_too_far),
	};

	return cmocka_run_group_tests_name("index", tests, start, NULL);
}
