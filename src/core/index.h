/*
 * The log's index: for every resident how many entries are about her, the last of them, and a hash
 * chained over all of their leaves. Each checkpoint commits to it, so that an extract can be proven
 * complete, "nobody looked" can be proven, and an agent sees that a look is the one thing that
 * came.
 *
 * It is a binary trie over the bits of a hashed identifier: no entry below a node is EMPTY (zeros),
 * one entry is its leaf, more are tree_join() of the two halves. Pure.
 */
#ifndef TILLSYN_CORE_INDEX_H
#define TILLSYN_CORE_INDEX_H

#include "base/crypto.h"
#include "base/err.h"
#include "base/limits.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Two of a million residents share about forty bits; sixty-four are never shared by chance. */
enum { INDEX_DEPTH_MAX = 64 };

struct index_entry {
	uint8_t key[HASH_BYTES];   /* index_key() of the resident */
	uint64_t count;            /* of the log's entries about her, not 0 */
	uint64_t last;             /* number of the last one, from 0 */
	uint8_t chain[HASH_BYTES]; /* over the leaf hashes of all of them, oldest first */
};

void index_key(const struct crypto *crypto, const char *resident, uint8_t key[HASH_BYTES]);

/* Her entry with one more of the log's; entry is zeros but for its key before the first. */
void index_entry_add(const struct crypto *crypto, struct index_entry *entry, uint64_t number,
                     const uint8_t leaf[HASH_BYTES]);

/* What stands where the path of a key ends. */
enum index_end { INDEX_EMPTY, INDEX_OWN, INDEX_OTHER };

struct index_proof {
	int n;                            /* how far the path goes */
	uint8_t sibling[INDEX_DEPTH_MAX][HASH_BYTES]; /* beside it, from the root down */
	enum index_end end;
	struct index_entry entry;         /* the key's own, or the other one that is alone there */
};

/* The root that a proof belongs to. False for a proof that could not be one for this key. */
bool index_proven_root(const struct crypto *crypto, const uint8_t key[HASH_BYTES],
                       const struct index_proof *proof, uint8_t root[HASH_BYTES]);
/*
 * The root after the entry has taken its place where the proof's path ends, and nothing else
 * changed.
 */
bool index_root_after(const struct crypto *crypto, const struct index_entry *entry,
                      const struct index_proof *proof, uint8_t root[HASH_BYTES]);

/* The index itself, in memory. */
struct index;

/* NULL without memory. */
struct index *index_new(const struct crypto *crypto);
void index_free(struct index *index);
size_t index_size(const struct index *index);
/*
 * Adds an entry or replaces the key's. ERR_MEMORY; ERR_LIMIT: two keys that are alike too far.
 * After an error the index is good for nothing but index_free().
 */
enum err index_put(struct index *index, const struct index_entry *entry);
/* NULL when the log has nothing about the key. Valid until the next index_put(). */
const struct index_entry *index_get(const struct index *index, const uint8_t key[HASH_BYTES]);
void index_root(const struct index *index, uint8_t root[HASH_BYTES]);
void index_prove(const struct index *index, const uint8_t key[HASH_BYTES],
                 struct index_proof *proof);

#endif
