/*
 * The log as a tree: numbers what the hub has appended, and grows the Merkle tree and the index of
 * residents by it, in one transaction. What it derives can always be made anew from the log's rows.
 */
#ifndef TILLSYN_HUB_LEDGER_H
#define TILLSYN_HUB_LEDGER_H

#include "core/checkpoint.h"
#include "core/index.h"
#include "core/tree.h"

#include <stdint.h>

struct hub;
struct ledger;

/*
 * Reads the index and takes up what was not yet derived, be it the whole of an older log. *ledger is NULL after
 * an error; ERR_PARSE: the rows beside the log do not agree with each other.
 */
enum err ledger_open(struct hub *hub, struct ledger **ledger);
void ledger_free(struct ledger *ledger);

/* After a commit that appended: outside a transaction. An error leaves hub->failed set. */
void ledger_advance(struct hub *hub, struct ledger *ledger);

uint64_t ledger_size(const struct ledger *ledger);
/* Root and index as they are now, unsigned. */
enum err ledger_checkpoint(struct ledger *ledger, struct checkpoint *checkpoint);
/* For proofs, valid as long as the ledger. */
const struct tree_source *ledger_tree(const struct ledger *ledger);
const struct index *ledger_index(const struct ledger *ledger);

#endif
