/*
 * Proofs go down from the root: at each step the range of entries falls into a complete left part
 * and the rest, and the part that is left behind is one hash of the proof. Verification goes up, by
 * the bits of the two numbers alone, and never needs a node of ours.
 */
#include "core/tree.h"

#include <assert.h>
#include <string.h>

void tree_join(const struct crypto *crypto, const uint8_t left[HASH_BYTES],
               const uint8_t right[HASH_BYTES], uint8_t hash[HASH_BYTES])
{
	uint8_t bytes[1 + 2 * HASH_BYTES] = {0x01};

	memcpy(bytes + 1, left, HASH_BYTES);
	memcpy(bytes + 1 + HASH_BYTES, right, HASH_BYTES);
	crypto->sha256(hash, bytes, sizeof bytes);
}

/* Entries [from, to). */
struct range {
	uint64_t from, to;
};

static uint64_t range_size(const struct range *range)
{
	return range->to - range->from;
}

/*
 * Where the complete left part of two entries or more ends: its size is a power of two, smaller
 * than the whole.
 */
static uint64_t range_split(const struct range *range)
{
	uint64_t left = 1;

	while (left < range_size(range) - left)
		left *= 2;
	return range->from + left;
}

/* The level of the largest complete subtree that a range begins with. */
static int first_level(const struct range *range)
{
	int level = 0;

	while (range_size(range) >> level > 1)
		level++;
	return level;
}

/*
 * A range that a root or a proof is made of begins at a multiple of its largest power of two, so it
 * falls into complete subtrees, larger ones first, which join from the right.
 */
static enum err range_hash(const struct crypto *crypto, const struct tree_source *source,
                           struct range range, uint8_t hash[HASH_BYTES])
{
	uint8_t part[TREE_LEVELS_MAX + 1][HASH_BYTES];
	int n = 0;

	assert(range_size(&range) > 0);
	while (range.from < range.to) {
		int level = first_level(&range);
		enum err r = source->node(source->arg, level, range.from >> level, part[n]);

		if (r != ERR_OK)
			return r;
		range.from += UINT64_C(1) << level;
		n++;
	}
	for (n--; n > 0; n--)
		tree_join(crypto, part[n - 1], part[n], part[n - 1]);
	memcpy(hash, part[0], HASH_BYTES);
	return ERR_OK;
}

static bool is_size(uint64_t size)
{
	return size <= UINT64_C(1) << TREE_LEVELS_MAX;
}

enum err tree_grow(const struct crypto *crypto, const struct tree_source *source, uint64_t size,
                   const uint8_t leaf[HASH_BYTES], struct tree_growth *growth)
{
	struct tree_node *node = growth->node;

	if (size >= (UINT64_C(1) << TREE_LEVELS_MAX) - 1)
		return ERR_LIMIT;
	*node = (struct tree_node){.index = size};
	memcpy(node->hash, leaf, HASH_BYTES);
	/* A right child completes its parent. */
	for (; (node->index & 1) != 0; node++) {
		uint8_t left[HASH_BYTES];
		enum err r = source->node(source->arg, node->level, node->index - 1, left);

		if (r != ERR_OK)
			return r;
		node[1] = (struct tree_node){.level = node->level + 1, .index = node->index / 2};
		tree_join(crypto, left, node->hash, node[1].hash);
	}
	growth->n = (int)(node - growth->node) + 1;
	return ERR_OK;
}

enum err tree_root(const struct crypto *crypto, const struct tree_source *source, uint64_t size,
                   uint8_t root[HASH_BYTES])
{
	if (!is_size(size))
		return ERR_LIMIT;
	if (size > 0)
		return range_hash(crypto, source, (struct range){0, size}, root);
	crypto->sha256(root, "", 0);
	return ERR_OK;
}

/* Proofs are found from the root down and read from the leaf up. */
static void turn(struct tree_proof *proof)
{
	uint8_t hash[HASH_BYTES];

	for (int i = 0, j = proof->n - 1; i < j; i++, j--) {
		memcpy(hash, proof->hash[i], HASH_BYTES);
		memcpy(proof->hash[i], proof->hash[j], HASH_BYTES);
		memcpy(proof->hash[j], hash, HASH_BYTES);
	}
}

/* Goes on with the part that holds an entry; the other part is the next hash of the proof. */
static enum err descend(const struct crypto *crypto, const struct tree_source *source,
                        uint64_t entry, struct range *range, struct tree_proof *proof)
{
	uint64_t split = range_split(range);
	struct range left = {range->from, split}, right = {split, range->to};
	bool goes_left = entry < split;

	*range = goes_left ? left : right;
	return range_hash(crypto, source, goes_left ? right : left, proof->hash[proof->n++]);
}

enum err tree_prove_inclusion(const struct crypto *crypto, const struct tree_source *source,
                              uint64_t index, uint64_t size, struct tree_proof *proof)
{
	struct range range = {0, size};
	enum err r = ERR_OK;

	proof->n = 0;
	if (index >= size || !is_size(size))
		return ERR_NOT_FOUND;
	while (r == ERR_OK && range_size(&range) > 1)
		r = descend(crypto, source, index, &range, proof);
	turn(proof);
	return r;
}

enum err tree_prove_consistency(const struct crypto *crypto, const struct tree_source *source,
                                uint64_t old_size, uint64_t size, struct tree_proof *proof)
{
	struct range range = {0, size};
	enum err r = ERR_OK;

	proof->n = 0;
	if (old_size > size || !is_size(size))
		return ERR_NOT_FOUND;
	if (old_size == 0 || old_size == size)
		return ERR_OK;
	while (r == ERR_OK && range.to != old_size)
		r = descend(crypto, source, old_size - 1, &range, proof);
	/* Whoever has the old root has the hash of a part that begins at the first entry. */
	if (r == ERR_OK && range.from > 0)
		r = range_hash(crypto, source, range, proof->hash[proof->n++]);
	turn(proof);
	return r;
}

/* How far up the last node of a level is a lone left child, which has the hash of its parent. */
static void climb_alone(uint64_t *node, uint64_t *last)
{
	while ((*node & 1) == 0 && *node != 0) {
		*node >>= 1;
		*last >>= 1;
	}
}

bool tree_includes(const struct crypto *crypto, const uint8_t leaf[HASH_BYTES], uint64_t index,
                   uint64_t size, const struct tree_proof *proof, const uint8_t root[HASH_BYTES])
{
	uint64_t node = index, last = size - 1;
	uint8_t hash[HASH_BYTES];

	if (index >= size || proof->n < 0 || proof->n > TREE_PROOF_MAX)
		return false;
	memcpy(hash, leaf, HASH_BYTES);
	for (int i = 0; i < proof->n; i++) {
		if (last == 0)
			return false;
		if ((node & 1) != 0 || node == last) {
			tree_join(crypto, proof->hash[i], hash, hash);
			climb_alone(&node, &last);
		} else {
			tree_join(crypto, hash, proof->hash[i], hash);
		}
		node >>= 1;
		last >>= 1;
	}
	return last == 0 && memcmp(hash, root, HASH_BYTES) == 0;
}

/*
 * Climbs from the node that both trees have; what stands left of it is in both, what is right only
 * in the new.
 */
static bool extends_from(const struct crypto *crypto, uint64_t node, uint64_t last,
                         const uint8_t start[HASH_BYTES], const uint8_t (*proof)[HASH_BYTES], int n,
                         uint8_t old_root[HASH_BYTES], uint8_t root[HASH_BYTES])
{
	memcpy(old_root, start, HASH_BYTES);
	memcpy(root, start, HASH_BYTES);
	for (int i = 0; i < n; i++) {
		if (last == 0)
			return false;
		if ((node & 1) != 0 || node == last) {
			tree_join(crypto, proof[i], old_root, old_root);
			tree_join(crypto, proof[i], root, root);
			climb_alone(&node, &last);
		} else {
			tree_join(crypto, root, proof[i], root);
		}
		node >>= 1;
		last >>= 1;
	}
	return last == 0;
}

bool tree_extends(const struct crypto *crypto, uint64_t old_size,
                  const uint8_t old_root[HASH_BYTES], uint64_t size,
                  const uint8_t root[HASH_BYTES], const struct tree_proof *proof)
{
	bool is_subtree = (old_size & (old_size - 1)) == 0;
	uint64_t node = old_size - 1, last = size - 1;
	uint8_t old_hash[HASH_BYTES], hash[HASH_BYTES];
	int skip = is_subtree ? 0 : 1;

	if (old_size > size || proof->n < 0 || proof->n > TREE_PROOF_MAX)
		return false;
	if (old_size == 0) {
		crypto->sha256(hash, "", 0);
		return proof->n == 0 && memcmp(old_root, hash, HASH_BYTES) == 0;
	}
	if (old_size == size)
		return proof->n == 0 && memcmp(old_root, root, HASH_BYTES) == 0;
	if (proof->n == 0)
		return false;
	for (; (node & 1) != 0; node >>= 1)
		last >>= 1;
	return extends_from(crypto, node, last, is_subtree ? old_root : proof->hash[0],
	                    proof->hash + skip, proof->n - skip, old_hash, hash)
	       && memcmp(old_hash, old_root, HASH_BYTES) == 0
	       && memcmp(hash, root, HASH_BYTES) == 0;
}
