/*
 * The log's tree against the vectors that Certificate Transparency's own tests use, and against a
 * second computation that follows the recursive definition of RFC 6962 §2.1 word by word.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/text.h"
#include "core/tree.h"
#include "os/crypto.h"

#include <stdlib.h>
#include <string.h>

enum { SIZE_MAX_TESTED = 300 };

/* A tree whose complete subtrees are kept in a plain array, as a store would keep them. */
struct forest {
	const struct crypto *crypto;
	uint64_t size;
	uint8_t leaf[SIZE_MAX_TESTED][HASH_BYTES];
	uint8_t node[10][SIZE_MAX_TESTED][HASH_BYTES];
	bool has[10][SIZE_MAX_TESTED];
	int asked;
};

static enum err find(void *arg, int level, uint64_t index, uint8_t hash[HASH_BYTES])
{
	struct forest *forest = arg;

	forest->asked++;
	if (level >= 10 || index >= SIZE_MAX_TESTED || !forest->has[level][index])
		return ERR_NOT_FOUND;
	memcpy(hash, forest->node[level][index], HASH_BYTES);
	return ERR_OK;
}

static struct tree_source source_of(struct forest *forest)
{
	return (struct tree_source){find, forest};
}

static void grow(struct forest *forest, const uint8_t leaf[HASH_BYTES])
{
	struct tree_source source = source_of(forest);
	struct tree_growth growth;

	assert_int_equal(tree_grow(forest->crypto, &source, forest->size, leaf, &growth), ERR_OK);
	for (int i = 0; i < growth.n; i++) {
		const struct tree_node *node = &growth.node[i];

		assert_false(forest->has[node->level][node->index]);
		forest->has[node->level][node->index] = true;
		memcpy(forest->node[node->level][node->index], node->hash, HASH_BYTES);
	}
	memcpy(forest->leaf[forest->size++], leaf, HASH_BYTES);
}

/* MTH(D[from:to]), by its definition. */
static void naive(const struct forest *forest, uint64_t from, uint64_t to, uint8_t hash[HASH_BYTES])
{
	uint8_t left[HASH_BYTES], right[HASH_BYTES];
	uint64_t k = 1;

	if (from == to) {
		forest->crypto->sha256(hash, "", 0);
		return;
	}
	if (to - from == 1) {
		memcpy(hash, forest->leaf[from], HASH_BYTES);
		return;
	}
	while (2 * k < to - from)
		k *= 2;
	naive(forest, from, from + k, left);
	naive(forest, from + k, to, right);
	tree_join(forest->crypto, left, right, hash);
}

/* A hash that is fast and mixes well enough to tell trees apart; its place is taken by SHA-256 elsewhere. */
static void quick_hash(uint8_t hash[HASH_BYTES], const void *data, size_t len)
{
	const uint8_t *byte = data;
	uint64_t state[4] = {len, 2, 3, 4};

	for (size_t i = 0; i < len; i++)
		state[i % 4] = (state[i % 4] ^ byte[i]) * UINT64_C(0x100000001b3) + (state[(i + 1) % 4] >> 7);
	memcpy(hash, state, HASH_BYTES);
}

static const struct crypto quick = {.sha256 = quick_hash};

static uint64_t chance(uint64_t *seed)
{
	*seed = *seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return *seed >> 33;
}

static void plant(struct forest *forest, const struct crypto *crypto, uint64_t size, uint64_t *seed)
{
	memset(forest->has, 0, sizeof forest->has);
	forest->crypto = crypto;
	forest->size = 0;
	while (forest->size < size) {
		uint64_t entry = chance(seed);
		uint8_t leaf[HASH_BYTES];

		crypto->sha256(leaf, &entry, sizeof entry);
		grow(forest, leaf);
	}
}

static void root_of(struct forest *forest, uint64_t size, uint8_t root[HASH_BYTES])
{
	struct tree_source source = source_of(forest);

	assert_int_equal(tree_root(forest->crypto, &source, size, root), ERR_OK);
}

static void check_inclusion(struct forest *forest, uint64_t index, uint64_t size)
{
	struct tree_source source = source_of(forest);
	struct tree_proof proof;
	uint8_t root[HASH_BYTES];

	naive(forest, 0, size, root);
	assert_int_equal(tree_prove_inclusion(forest->crypto, &source, index, size, &proof), ERR_OK);
	assert_true(tree_includes(forest->crypto, forest->leaf[index], index, size, &proof, root));
	assert_int_equal(tree_includes(forest->crypto, forest->leaf[index], index + 1, size, &proof, root),
	                 false);
	if (proof.n > 0) {
		proof.hash[proof.n / 2][7] ^= 1;
		assert_false(tree_includes(forest->crypto, forest->leaf[index], index, size, &proof, root));
	}
}

static void check_consistency(struct forest *forest, uint64_t old_size, uint64_t size)
{
	struct tree_source source = source_of(forest);
	struct tree_proof proof;
	uint8_t old_root[HASH_BYTES], root[HASH_BYTES];

	naive(forest, 0, old_size, old_root);
	naive(forest, 0, size, root);
	assert_int_equal(tree_prove_consistency(forest->crypto, &source, old_size, size, &proof), ERR_OK);
	assert_true(tree_extends(forest->crypto, old_size, old_root, size, root, &proof));
	old_root[3] ^= 1;
	assert_false(tree_extends(forest->crypto, old_size, old_root, size, root, &proof));
	old_root[3] ^= 1;
	root[3] ^= 1;
	assert_int_equal(tree_extends(forest->crypto, old_size, old_root, size, root, &proof),
	                 old_size == 0);
	root[3] ^= 1;
	for (int i = 0; i < proof.n; i++) {
		proof.hash[i][0] ^= 1;
		assert_false(tree_extends(forest->crypto, old_size, old_root, size, root, &proof));
		proof.hash[i][0] ^= 1;
	}
}

static void hex_is(const uint8_t hash[HASH_BYTES], const char *hex)
{
	uint8_t wanted[HASH_BYTES];

	assert_int_equal(text_from_hex(wanted, HASH_BYTES, hex), ERR_OK);
	assert_memory_equal(hash, wanted, HASH_BYTES);
}

/* The eight entries of certificate-transparency's merkletree tests. */
static void plant_known(struct forest *forest)
{
	static const char *const entries[] = {"", "00", "10", "2021", "3031", "40414243",
	                                      "5051525354555657", "606162636465666768696a6b6c6d6e6f"};

	*forest = (struct forest){.crypto = crypto_sodium()};
	for (size_t i = 0; i < sizeof entries / sizeof *entries; i++) {
		uint8_t bytes[17] = {0x00}, leaf[HASH_BYTES];
		size_t len = strlen(entries[i]) / 2;

		if (len > 0)
			assert_int_equal(text_from_hex(bytes + 1, len, entries[i]), ERR_OK);
		forest->crypto->sha256(leaf, bytes, len + 1);
		grow(forest, leaf);
	}
}

static void the_roots_that_others_publish(void **state)
{
	static const char *const roots[] = {
		"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
		"6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
		"fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
		"aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
		"d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
		"4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
		"76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
		"ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
		"5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
	};
	struct forest *forest = malloc(sizeof *forest);
	uint8_t root[HASH_BYTES];

	(void)state;
	plant_known(forest);
	for (uint64_t size = 0; size <= 8; size++) {
		root_of(forest, size, root);
		hex_is(root, roots[size]);
	}
	free(forest);
}

static void the_proofs_that_others_publish(void **state)
{
	static const char *const first_of_eight[] = {
		"96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
		"5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
		"6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
	};
	static const char *const six_to_eight[] = {
		"0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
		"ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
		"d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
	};
	struct forest *forest = malloc(sizeof *forest);
	struct tree_source source = source_of(forest);
	struct tree_proof proof;

	(void)state;
	plant_known(forest);
	assert_int_equal(tree_prove_inclusion(forest->crypto, &source, 0, 8, &proof), ERR_OK);
	assert_int_equal(proof.n, 3);
	for (int i = 0; i < 3; i++)
		hex_is(proof.hash[i], first_of_eight[i]);
	assert_int_equal(tree_prove_consistency(forest->crypto, &source, 1, 8, &proof), ERR_OK);
	assert_int_equal(proof.n, 3);
	for (int i = 0; i < 3; i++)
		hex_is(proof.hash[i], first_of_eight[i]);
	assert_int_equal(tree_prove_consistency(forest->crypto, &source, 6, 8, &proof), ERR_OK);
	assert_int_equal(proof.n, 3);
	for (int i = 0; i < 3; i++)
		hex_is(proof.hash[i], six_to_eight[i]);
	free(forest);
}

static void every_proof_of_every_small_tree(void **state)
{
	struct forest *forest = malloc(sizeof *forest);
	uint64_t seed = 1;
	uint8_t root[HASH_BYTES], wanted[HASH_BYTES];

	(void)state;
	plant(forest, crypto_sodium(), 40, &seed);
	for (uint64_t size = 0; size <= forest->size; size++) {
		root_of(forest, size, root);
		naive(forest, 0, size, wanted);
		assert_memory_equal(root, wanted, HASH_BYTES);
		for (uint64_t i = 0; i < size; i++)
			check_inclusion(forest, i, size);
		for (uint64_t old = 0; old <= size; old++)
			check_consistency(forest, old, size);
	}
	free(forest);
}

static void a_hundred_thousand_random_trees(void **state)
{
	struct forest *forest = malloc(sizeof *forest);
	uint64_t seed = 20261124;
	uint8_t root[HASH_BYTES], wanted[HASH_BYTES];

	(void)state;
	for (int i = 0; i < 100000; i++) {
		uint64_t size = 1 + chance(&seed) % (i % 1000 == 0 ? SIZE_MAX_TESTED : 20);

		plant(forest, &quick, size, &seed);
		root_of(forest, size, root);
		naive(forest, 0, size, wanted);
		assert_memory_equal(root, wanted, HASH_BYTES);
		check_inclusion(forest, chance(&seed) % size, size);
		check_consistency(forest, chance(&seed) % (size + 1), size);
	}
	free(forest);
}

/* A proof that is longer, shorter or for another tree proves nothing. */
static void what_is_no_proof(void **state)
{
	struct forest *forest = malloc(sizeof *forest);
	struct tree_source source = source_of(forest);
	struct tree_proof proof;
	uint8_t root[HASH_BYTES], old_root[HASH_BYTES];
	uint64_t seed = 5;

	(void)state;
	plant(forest, crypto_sodium(), 21, &seed);
	root_of(forest, 21, root);
	root_of(forest, 13, old_root);
	assert_int_equal(tree_prove_inclusion(forest->crypto, &source, 21, 21, &proof), ERR_NOT_FOUND);
	assert_int_equal(tree_prove_consistency(forest->crypto, &source, 22, 21, &proof), ERR_NOT_FOUND);
	assert_int_equal(tree_prove_inclusion(forest->crypto, &source, 4, 21, &proof), ERR_OK);
	for (int n = -1; n <= TREE_PROOF_MAX + 1; n++) {
		struct tree_proof other = proof;

		if (n == proof.n)
			continue;
		other.n = n;
		assert_false(tree_includes(forest->crypto, forest->leaf[4], 4, 21, &other, root));
	}
	assert_false(tree_includes(forest->crypto, forest->leaf[4], 4, UINT64_MAX, &proof, root));
	assert_false(tree_includes(forest->crypto, forest->leaf[4], 4, 0, &proof, root));
	assert_int_equal(tree_prove_consistency(forest->crypto, &source, 13, 21, &proof), ERR_OK);
	for (int n = -1; n <= TREE_PROOF_MAX + 1; n++) {
		struct tree_proof other = proof;

		if (n == proof.n)
			continue;
		other.n = n;
		assert_false(tree_extends(forest->crypto, 13, old_root, 21, root, &other));
	}
	assert_false(tree_extends(forest->crypto, 21, root, 13, old_root, &proof));
	assert_false(tree_extends(forest->crypto, 0, root, 21, root, &(struct tree_proof){.n = 0}));
	/* From nothing, and to itself, a tree needs no proof; one is a second spelling. */
	root_of(forest, 0, old_root);
	assert_true(tree_extends(forest->crypto, 0, old_root, 21, root, &(struct tree_proof){.n = 0}));
	assert_false(tree_extends(forest->crypto, 0, old_root, 21, root, &(struct tree_proof){.n = 1}));
	assert_true(tree_extends(forest->crypto, 21, root, 21, root, &(struct tree_proof){.n = 0}));
	assert_false(tree_extends(forest->crypto, 21, root, 21, root, &(struct tree_proof){.n = 1}));
	free(forest);
}

/* A store that has lost a node says so; no proof is made up around it. */
static void a_lost_node_is_told(void **state)
{
	struct forest *forest = malloc(sizeof *forest);
	struct tree_source source = source_of(forest);
	struct tree_proof proof;
	uint8_t root[HASH_BYTES];
	struct tree_growth growth;
	uint64_t seed = 9;

	(void)state;
	plant(forest, crypto_sodium(), 7, &seed);
	forest->has[2][0] = false;
	assert_int_equal(tree_root(forest->crypto, &source, 7, root), ERR_NOT_FOUND);
	assert_int_equal(tree_prove_inclusion(forest->crypto, &source, 5, 7, &proof), ERR_NOT_FOUND);
	assert_int_equal(tree_prove_consistency(forest->crypto, &source, 5, 7, &proof), ERR_NOT_FOUND);
	assert_int_equal(tree_grow(forest->crypto, &source, 7, root, &growth), ERR_NOT_FOUND);
	free(forest);
}

/* What a store says of its size is not believed beyond what the nodes of a tree can count. */
static void a_tree_has_an_end(void **state)
{
	static const uint64_t most = UINT64_C(1) << TREE_LEVELS_MAX;
	struct forest *forest = malloc(sizeof *forest);
	struct tree_source source = source_of(forest);
	struct tree_growth growth;
	struct tree_proof proof;
	uint8_t root[HASH_BYTES] = {0};
	uint64_t seed = 9;

	(void)state;
	plant(forest, crypto_sodium(), 7, &seed);
	forest->asked = 0;
	assert_int_equal(tree_grow(forest->crypto, &source, most - 2, root, &growth), ERR_OK);
	assert_int_equal(tree_grow(forest->crypto, &source, most - 1, root, &growth), ERR_LIMIT);
	assert_int_equal(tree_grow(forest->crypto, &source, most, root, &growth), ERR_LIMIT);
	assert_int_equal(tree_grow(forest->crypto, &source, UINT64_MAX, root, &growth), ERR_LIMIT);
	assert_int_equal(tree_root(forest->crypto, &source, most + 1, root), ERR_LIMIT);
	assert_int_equal(tree_prove_inclusion(forest->crypto, &source, 0, most + 1, &proof), ERR_NOT_FOUND);
	assert_int_equal(tree_prove_consistency(forest->crypto, &source, 1, most + 1, &proof), ERR_NOT_FOUND);
	assert_int_equal(forest->asked, 0);
	free(forest);
}

/* What a look costs at the hub: a few nodes are read, however long the log is. */
static void a_proof_reads_few_nodes(void **state)
{
	struct forest *forest = malloc(sizeof *forest);
	struct tree_source source = source_of(forest);
	struct tree_proof proof;
	uint64_t seed = 3;

	(void)state;
	plant(forest, &quick, 299, &seed);
	forest->asked = 0;
	assert_int_equal(tree_prove_inclusion(&quick, &source, 298, 299, &proof), ERR_OK);
	assert_in_range(forest->asked, 1, 2 * 9);
	free(forest);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_roots_that_others_publish),
		cmocka_unit_test(the_proofs_that_others_publish),
		cmocka_unit_test(every_proof_of_every_small_tree),
		cmocka_unit_test(a_hundred_thousand_random_trees),
		cmocka_unit_test(what_is_no_proof),
		cmocka_unit_test(a_lost_node_is_told),
		cmocka_unit_test(a_tree_has_an_end),
		cmocka_unit_test(a_proof_reads_few_nodes),
	};

	return cmocka_run_group_tests_name("tree", tests, NULL, NULL);
}
