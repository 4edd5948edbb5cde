/*
 * What a permit is handed over with, and its judgement: that the look stands in the log, that the
 * log has only grown since this agent last saw it, and that of each resident looked at exactly this
 * was added. Whoever cannot show that gets no picture. Pure; the same judgement serves the agent
 * and the tests.
 *
 * A look makes one record a person, one behind the other, and nothing between two checkpoints but
 * them. So the whole of what happened to the log is proven: before, the records, after.
 */
#ifndef TILLSYN_CORE_PROOF_H
#define TILLSYN_CORE_PROOF_H

#include "core/agreement.h"
#include "core/checkpoint.h"
#include "core/index.h"
#include "core/permit.h"
#include "core/tree.h"

/*
 * Encoded: two notes, and for each person a record and three short proofs. A hundred thousand
 * residents use half.
 */
enum { PROOF_MAX_BYTES = 16384 };

struct look_record {
	uint8_t salt[SALT_BYTES];
	size_t len;
	uint8_t canonical[LOG_EVENT_MAX_BYTES]; /* of the log event, core/event.h */
	struct tree_proof inclusion;            /* in the later checkpoint */
	struct index_proof index;               /* of her entry, as it was before this record */
};

struct look_proof {
	size_t before_len, after_len;
	uint8_t before[CHECKPOINT_MAX_BYTES];   /* signed notes */
	uint8_t after[CHECKPOINT_MAX_BYTES];
	struct tree_proof held_to_before;       /* from the checkpoint that the agent holds */
	struct tree_proof before_to_after;
	int n_records;
	struct look_record record[PERSONS_MAX];
};

/* ERR_LIMIT: longer than PROOF_MAX_BYTES. */
enum err look_proof_encode(const struct look_proof *proof, struct buf *out);
enum err look_proof_decode(struct look_proof *proof, const void *data, size_t len);

/* Every way to say no, in the order in which they are tried. */
enum proof_fault {
	PROOF_GOOD,
	PROOF_UNSIGNED,      /* a checkpoint that the log's signer has not signed */
	PROOF_OTHER_LOG,     /* another origin or epoch than the one held */
	PROOF_ROLLED_BACK,   /* a shorter log than this agent has seen */
	PROOF_FORKED,        /* not the same log any more */
	PROOF_SURPLUS,       /* something besides this look came between the two checkpoints */
	PROOF_NO_RECORD,     /* a record is not in the log */
	PROOF_OTHER_RECORD,  /* a record tells of another look, camera, operator, permit or resident */
	PROOF_INDEX,         /* the index does not say so */
	PROOF_FAULTS,
};

/*
 * held is the checkpoint this agent accepted last, with a size of 0 before its first: then any log
 * of the signer's is taken, and from then on that one. accepted is set when all is well: it must be
 * durable before a lens opens by it.
 */
enum proof_fault look_proof_judge(const struct crypto *crypto, const struct look_proof *proof,
                                  const struct checkpoint *held,
                                  const uint8_t signer_key[KEY_BYTES], const struct permit *permit,
                                  const struct look_request *request,
                                  const struct agreement *agreement, struct checkpoint *accepted);

const char *proof_fault_name(enum proof_fault fault); /* "rolled-back" */
const char *proof_fault_text(enum proof_fault fault); /* a sentence */
int proof_fault_from_name(const char *name);          /* -1 */

#endif
