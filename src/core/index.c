/*
 * The trie keeps the hash of every node, so a new entry costs as many hashes as its path is long. A
 * proof is a path with what stands beside it; from it alone follow the root as it is and the root
 * as it would be with one entry more.
 */
#include "core/index.h"

#include "core/tree.h"

#include <stdlib.h>
#include <string.h>

#define KEY_DOMAIN "tillsyn-index.1\n"
#define CHAIN_DOMAIN 0x02

struct node {
	uint8_t hash[HASH_BYTES];
	bool is_leaf;
	struct index_entry entry; /* of a leaf */
	struct node *child[2];    /* of an inner node; NULL is empty */
};

struct index {
	const struct crypto *crypto;
	struct node *top;         /* NULL is empty */
	size_t n;
};

static const uint8_t empty[HASH_BYTES];

void index_key(const struct crypto *crypto, const char *resident, uint8_t key[HASH_BYTES])
{
	uint8_t bytes[sizeof KEY_DOMAIN + ID_MAX] = KEY_DOMAIN;
	size_t len = strnlen(resident, ID_MAX - 1);

	memcpy(bytes + sizeof KEY_DOMAIN - 1, resident, len);
	crypto->sha256(key, bytes, sizeof KEY_DOMAIN - 1 + len);
}

void index_entry_add(const struct crypto *crypto, struct index_entry *entry, uint64_t number,
                     const uint8_t leaf[HASH_BYTES])
{
	uint8_t bytes[1 + 2 * HASH_BYTES] = {CHAIN_DOMAIN};

	memcpy(bytes + 1, entry->chain, HASH_BYTES);
	memcpy(bytes + 1 + HASH_BYTES, leaf, HASH_BYTES);
	crypto->sha256(entry->chain, bytes, sizeof bytes);
	entry->count++;
	entry->last = number;
}

static void put_u64(uint8_t out[8], uint64_t value)
{
	for (int i = 0; i < 8; i++)
		out[i] = (uint8_t)(value >> (56 - 8 * i));
}

static void hash_entry(const struct crypto *crypto, const struct index_entry *entry,
                       uint8_t hash[HASH_BYTES])
{
	uint8_t bytes[1 + HASH_BYTES + 8 + 8 + HASH_BYTES] = {0x00};

	memcpy(bytes + 1, entry->key, HASH_BYTES);
	put_u64(bytes + 1 + HASH_BYTES, entry->count);
	put_u64(bytes + 1 + HASH_BYTES + 8, entry->last);
	memcpy(bytes + 1 + HASH_BYTES + 16, entry->chain, HASH_BYTES);
	crypto->sha256(hash, bytes, sizeof bytes);
}

static int bit_of(const uint8_t key[HASH_BYTES], int depth)
{
	return key[depth / 8] >> (7 - depth % 8) & 1;
}

static bool keys_equal(const uint8_t a[HASH_BYTES], const uint8_t b[HASH_BYTES])
{
	return memcmp(a, b, HASH_BYTES) == 0;
}

/* How many bits two keys have in common, of those that a path can have. */
static int common_bits(const uint8_t a[HASH_BYTES], const uint8_t b[HASH_BYTES])
{
	int n = 0;

	while (n < INDEX_DEPTH_MAX && bit_of(a, n) == bit_of(b, n))
		n++;
	return n;
}

static void join_at(const struct crypto *crypto, const uint8_t key[HASH_BYTES], int depth,
                    const uint8_t beside[HASH_BYTES], uint8_t hash[HASH_BYTES])
{
	if (bit_of(key, depth) == 0)
		tree_join(crypto, hash, beside, hash);
	else
		tree_join(crypto, beside, hash, hash);
}

static void climb(const struct crypto *crypto, const uint8_t key[HASH_BYTES],
                  const struct index_proof *proof, uint8_t hash[HASH_BYTES])
{
	for (int depth = proof->n - 1; depth >= 0; depth--)
		join_at(crypto, key, depth, proof->sibling[depth], hash);
}

/* Whether the end of the path is one that this key's path can have. */
static bool is_sound(const uint8_t key[HASH_BYTES], const struct index_proof *proof)
{
	if (proof->n < 0 || proof->n > INDEX_DEPTH_MAX)
		return false;
	switch (proof->end) {
	case INDEX_EMPTY:
		return true;
	case INDEX_OWN:
		return keys_equal(key, proof->entry.key) && proof->entry.count > 0;
	case INDEX_OTHER:
		return !keys_equal(key, proof->entry.key)
		       && common_bits(key, proof->entry.key) >= proof->n;
	}
	return false;
}

bool index_proven_root(const struct crypto *crypto, const uint8_t key[HASH_BYTES],
                       const struct index_proof *proof, uint8_t root[HASH_BYTES])
{
	if (!is_sound(key, proof))
		return false;
	if (proof->end == INDEX_EMPTY)
		memcpy(root, empty, HASH_BYTES);
	else
		hash_entry(crypto, &proof->entry, root);
	climb(crypto, key, proof, root);
	return true;
}

bool index_root_after(const struct crypto *crypto, const struct index_entry *entry,
                      const struct index_proof *proof, uint8_t root[HASH_BYTES])
{
	uint8_t other[HASH_BYTES];
	int common;

	if (!is_sound(entry->key, proof))
		return false;
	hash_entry(crypto, entry, root);
	if (proof->end == INDEX_OTHER) {
		/* The two part where their bits do; between here and there nobody else is. */
		common = common_bits(entry->key, proof->entry.key);
		if (common == INDEX_DEPTH_MAX)
			return false;
		hash_entry(crypto, &proof->entry, other);
		join_at(crypto, entry->key, common, other, root);
		for (int depth = common - 1; depth >= proof->n; depth--)
			join_at(crypto, entry->key, depth, empty, root);
	}
	climb(crypto, entry->key, proof, root);
	return true;
}

struct index *index_new(const struct crypto *crypto)
{
	struct index *index = calloc(1, sizeof *index);

	if (index != NULL)
		index->crypto = crypto;
	return index;
}

static void free_nodes(struct node *node)
{
	if (node == NULL)
		return;
	free_nodes(node->child[0]);
	free_nodes(node->child[1]);
	free(node);
}

void index_free(struct index *index)
{
	if (index == NULL)
		return;
	free_nodes(index->top);
	free(index);
}

size_t index_size(const struct index *index)
{
	return index->n;
}

static const uint8_t *hash_of(const struct node *node)
{
	return node != NULL ? node->hash : empty;
}

static struct node *leaf_new(const struct crypto *crypto, const struct index_entry *entry)
{
	struct node *node = calloc(1, sizeof *node);

	if (node == NULL)
		return NULL;
	node->is_leaf = true;
	node->entry = *entry;
	hash_entry(crypto, entry, node->hash);
	return node;
}

/*
 * A leaf that the new key's path runs into moves down, beneath inner nodes, to where the two part.
 */
static enum err part(struct node **at, const uint8_t key[HASH_BYTES], int depth)
{
	struct node *leaf = *at;
	int common = common_bits(key, leaf->entry.key);

	if (common == INDEX_DEPTH_MAX)
		return ERR_LIMIT;
	for (; depth <= common; depth++) {
		struct node *inner = calloc(1, sizeof *inner);

		if (inner == NULL)
			return ERR_MEMORY;
		inner->child[bit_of(leaf->entry.key, depth)] = leaf;
		*at = inner;
		at = &inner->child[bit_of(leaf->entry.key, depth)];
	}
	return ERR_OK;
}

static void rehash(const struct crypto *crypto, struct node *const *path, int n)
{
	while (n-- > 0)
		tree_join(crypto, hash_of(path[n]->child[0]), hash_of(path[n]->child[1]),
		          path[n]->hash);
}

/* Nothing is there, or the key's own leaf. */
static bool ends_at(const struct node *node, const uint8_t key[HASH_BYTES])
{
	return node == NULL || (node->is_leaf && keys_equal(node->entry.key, key));
}

enum err index_put(struct index *index, const struct index_entry *entry)
{
	struct node *path[INDEX_DEPTH_MAX + 1], **at = &index->top;
	struct node *leaf = leaf_new(index->crypto, entry);
	enum err r = leaf == NULL ? ERR_MEMORY : ERR_OK;
	int depth = 0;

	while (r == ERR_OK && !ends_at(*at, entry->key)) {
		if ((*at)->is_leaf)
			r = part(at, entry->key, depth);
		path[depth] = *at;
		if (r == ERR_OK)
			at = &(*at)->child[bit_of(entry->key, depth++)];
	}
	if (r == ERR_OK) {
		index->n += *at == NULL;
		free(*at);
		*at = leaf;
	} else {
		free(leaf);
	}
	rehash(index->crypto, path, depth);
	return r;
}

/* The node where the key's path ends, and how far down; NULL when nothing is there. */
static const struct node *path_end(const struct index *index, const uint8_t key[HASH_BYTES],
                                   struct index_proof *proof)
{
	const struct node *node = index->top;
	int depth = 0;

	for (; node != NULL && !node->is_leaf; depth++) {
		int bit = bit_of(key, depth);

		if (proof != NULL)
			memcpy(proof->sibling[depth], hash_of(node->child[!bit]), HASH_BYTES);
		node = node->child[bit];
	}
	if (proof != NULL)
		proof->n = depth;
	return node;
}

const struct index_entry *index_get(const struct index *index, const uint8_t key[HASH_BYTES])
{
	const struct node *node = path_end(index, key, NULL);

	return node != NULL && keys_equal(node->entry.key, key) ? &node->entry : NULL;
}

void index_root(const struct index *index, uint8_t root[HASH_BYTES])
{
	memcpy(root, hash_of(index->top), HASH_BYTES);
}

void index_prove(const struct index *index, const uint8_t key[HASH_BYTES],
                 struct index_proof *proof)
{
	const struct node *node = path_end(index, key, proof);

	proof->end = INDEX_EMPTY;
	proof->entry = (struct index_entry){.count = 0};
	if (node == NULL)
		return;
	proof->entry = node->entry;
	proof->end = keys_equal(node->entry.key, key) ? INDEX_OWN : INDEX_OTHER;
}
