/*
 * The Merkle tree over the log's leaf hashes: RFC 6962 §2.1, whose hashes RFC 9162 §2.1 keeps.
 * Pure: nodes come from whoever stores them, and the hash function is handed in. What is stored are
 * the complete subtrees, which never change once they are there; everything else is computed from
 * them.
 */
#ifndef TILLSYN_CORE_TREE_H
#define TILLSYN_CORE_TREE_H

#include "base/crypto.h"
#include "base/err.h"
#include "base/limits.h"

#include <stdbool.h>
#include <stdint.h>

/* 2^48 entries are more than any hub writes; a proof has at most one hash a level, and one. */
enum { TREE_LEVELS_MAX = 48, TREE_PROOF_MAX = TREE_LEVELS_MAX + 1 };

struct tree_proof {
	int n;
	uint8_t hash[TREE_PROOF_MAX][HASH_BYTES]; /* in the order of RFC 6962 §2.1.1 and §2.1.2 */
};

/* Node i of a level covers the leaves [i << level, (i + 1) << level). */
struct tree_node {
	int level;
	uint64_t index;
	uint8_t hash[HASH_BYTES];
};

/*
 * Where complete subtrees are kept. What else it says than ERR_OK ends the computation, and is
 * returned.
 */
struct tree_source {
	enum err (*node)(void *arg, int level, uint64_t index, uint8_t hash[HASH_BYTES]);
	void *arg;
};

/* The nodes that an entry completes: its leaf first, then upwards. To be stored with the entry. */
struct tree_growth {
	int n;
	struct tree_node node[TREE_LEVELS_MAX];
};

/* The node above two. */
void tree_join(const struct crypto *crypto, const uint8_t left[HASH_BYTES],
               const uint8_t right[HASH_BYTES], uint8_t hash[HASH_BYTES]);

/* Entry number size, from 0, has this leaf hash. ERR_LIMIT: the tree is full. */
enum err tree_grow(const struct crypto *crypto, const struct tree_source *source, uint64_t size,
                   const uint8_t leaf[HASH_BYTES], struct tree_growth *growth);

/* Of the first size entries; of none it is the hash of nothing. */
enum err tree_root(const struct crypto *crypto, const struct tree_source *source, uint64_t size,
                   uint8_t root[HASH_BYTES]);

/* That entry index is among the first size. ERR_NOT_FOUND: it is not. */
enum err tree_prove_inclusion(const struct crypto *crypto, const struct tree_source *source,
                              uint64_t index, uint64_t size, struct tree_proof *proof);

/* That the first size entries begin with the first old_size. ERR_NOT_FOUND: they cannot. */
enum err tree_prove_consistency(const struct crypto *crypto, const struct tree_source *source,
                                uint64_t old_size, uint64_t size, struct tree_proof *proof);

/* RFC 9162 §2.1.3.2. False for whatever does not prove it, however it was made. */
bool tree_includes(const struct crypto *crypto, const uint8_t leaf[HASH_BYTES], uint64_t index,
                   uint64_t size, const struct tree_proof *proof, const uint8_t root[HASH_BYTES]);

/* RFC 9162 §2.1.4.2; every tree extends the empty one. */
bool tree_extends(const struct crypto *crypto, uint64_t old_size,
                  const uint8_t old_root[HASH_BYTES], uint64_t size,
                  const uint8_t root[HASH_BYTES], const struct tree_proof *proof);

#endif
