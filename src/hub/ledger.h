/*
 * The log as a tree: numbers what the hub has appended, and grows the Merkle tree and the index of
 * residents by it, in one transaction. What it derives can always be made anew from the log's rows.
 */
#ifndef TILLSYN_HUB_LEDGER_H
#define TILLSYN_HUB_LEDGER_H

#include "core/checkpoint.h"
#include "core/index.h"
#include "core/notary.h"
#include "core/proof.h"
#include "core/tree.h"

#include <stdint.h>

struct hub;
struct ledger;

/*
 * Reads the index and takes up what was not yet derived, be it the whole of an older log. *ledger
 * is NULL after an error; ERR_PARSE: the rows beside the log do not agree with each other.
 */
enum err ledger_open(struct hub *hub, struct ledger **ledger);
void ledger_free(struct ledger *ledger);

/* After a commit that appended: outside a transaction. An error leaves hub->failed set. */
void ledger_advance(struct hub *hub, struct ledger *ledger);

uint64_t ledger_size(const struct ledger *ledger);
/* Root and index as they are now, unsigned. */
enum err ledger_checkpoint(struct ledger *ledger, struct checkpoint *checkpoint);
/*
 * A look's records as they came into the log, one a person: what its permit has to be proven with.
 */
struct ledger_look {
	int64_t look;
	int n;
	struct checkpoint before, after;        /* unsigned */
	struct index_proof index[PERSONS_MAX];  /* each before its record */
};

/* NULL: not in the log yet, or long past. Valid until the next ledger_advance(). */
const struct ledger_look *ledger_look(const struct ledger *ledger, int64_t look);
/*
 * What the signer is asked for, that signed a log of the size last before; the permit is the
 * caller's to add.
 */
enum err ledger_order(const struct ledger *ledger, const struct ledger_look *look, uint64_t last,
                      struct notary_order *order);
/*
 * What goes to an agent that holds a checkpoint of the size held. ERR_NOT_FOUND: it has seen a
 * longer log.
 */
enum err ledger_prove(const struct ledger *ledger, const struct ledger_look *look,
                      const struct notary_answer *answer, uint64_t held, struct look_proof *proof);

/* For proofs, valid as long as the ledger. */
const struct tree_source *ledger_tree(const struct ledger *ledger);
const struct index *ledger_index(const struct ledger *ledger);

#endif
