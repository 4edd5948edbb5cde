/*
 * A signed statement about the log: so many entries, this root, this index. As text it is a signed
 * note (C2SP signed-note) in the form of a tlog-checkpoint, so that others' tools can read and
 *witness it; the epoch and the index are extension lines. Pure.
 *
 *	tillsyn/nordstad                                 origin, and the key's name
 *	1042                                             entries
 *	ZGVmZ2hpamtsbW5vcHFyc3R1dnd4eXp7fH1+f4CBgoM=     root of the tree (core/tree.h)
 *	epoch 3                                          how often the log went on from a backup
 *	index 87 yMnKy8zNzs/Q0dLT1NXW19jZ2tvc3d7f4OHi4+Tl5uc=
 *	                                                 residents, root of the index (core/index.h)
 *
 *	— tillsyn/nordstad UD5hmjxglpvyR3uk1ldgSrEfnrPR25reXEAcoS+8…
 */
#ifndef TILLSYN_CORE_CHECKPOINT_H
#define TILLSYN_CORE_CHECKPOINT_H

#include "base/buf.h"
#include "base/crypto.h"
#include "base/err.h"
#include "base/limits.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A whole note: five lines and one signature, with room for the longest of each. */
enum { CHECKPOINT_MAX_BYTES = 1024 };

struct checkpoint {
	char origin[NAME_MAX_BYTES];     /* checkpoint_is_origin() */
	uint64_t size;
	uint8_t root[HASH_BYTES];
	uint64_t epoch;
	uint64_t residents;              /* with an entry in the index */
	uint8_t index_root[HASH_BYTES];
};

/* No blank, no plus, nothing but clean text: what a note's key name may be. */
bool checkpoint_is_origin(const char *origin);

/* Appends the text that is signed, its last newline included. */
enum err checkpoint_text(const struct checkpoint *checkpoint, struct buf *out);
/* Appends the whole note: text, blank line, signature line. ERR_PARSE: the origin is none. */
enum err checkpoint_sign(const struct crypto *crypto, const struct checkpoint *checkpoint,
                         const uint8_t public_key[KEY_BYTES],
                         const uint8_t secret_key[SECRET_KEY_BYTES], struct buf *out);
/*
 * Reads a whole note. ERR_PARSE: not a checkpoint, or in another spelling than ours; ERR_SIGNATURE:
 * none of its signatures is by this key under the checkpoint's own origin. Others' signatures,
 * witnesses', may stand beside ours. What was read is only set when all is well.
 */
enum err checkpoint_open(const struct crypto *crypto, const void *note, size_t len,
                         const uint8_t public_key[KEY_BYTES], struct checkpoint *checkpoint);

/*
 * What a note says, whoever signed it or nobody: for telling what it is about, and never for
 * believing it. Takes the text alone, too, as checkpoint_text() writes it. ERR_PARSE.
 */
enum err checkpoint_read(const void *note, size_t len, struct checkpoint *checkpoint);

#endif
