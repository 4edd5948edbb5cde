/*
 * The bundle's bytes, and the judgement: signatures first, then the log, then the records, then the
 * index.
 */
#include "core/proof.h"

#include "base/canon.h"
#include "base/text.h"
#include "core/event.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define PROOF_VERSION 1

static void put_hashes(struct canon_writer *w, const uint8_t (*hash)[HASH_BYTES], int n)
{
	canon_put_u8(w, (uint8_t)n);
	for (int i = 0; i < n; i++)
		canon_put_fixed(w, hash[i], HASH_BYTES);
}

/* At most max of them, else the reader fails. */
static int take_hashes(struct canon_reader *r, uint8_t (*hash)[HASH_BYTES], int max)
{
	int n = canon_u8(r);

	if (r->err == ERR_OK && n > max)
		r->err = ERR_LIMIT;
	for (int i = 0; i < n && r->err == ERR_OK; i++)
		canon_fixed(r, hash[i], HASH_BYTES);
	return r->err == ERR_OK ? n : 0;
}

static void put_index_proof(struct canon_writer *w, const struct index_proof *proof)
{
	put_hashes(w, proof->sibling, proof->n);
	canon_put_u8(w, (uint8_t)proof->end);
	canon_put_fixed(w, proof->entry.key, HASH_BYTES);
	canon_put_i64(w, (int64_t)proof->entry.count);
	canon_put_i64(w, (int64_t)proof->entry.last);
	canon_put_fixed(w, proof->entry.chain, HASH_BYTES);
}

static void take_index_proof(struct canon_reader *r, struct index_proof *proof)
{
	uint8_t end;

	proof->n = take_hashes(r, proof->sibling, INDEX_DEPTH_MAX);
	end = canon_u8(r);
	if (r->err == ERR_OK && end > INDEX_OTHER)
		r->err = ERR_PARSE;
	proof->end = (enum index_end)end;
	canon_fixed(r, proof->entry.key, HASH_BYTES);
	proof->entry.count = (uint64_t)canon_i64_in(r, 0, INT64_MAX);
	proof->entry.last = (uint64_t)canon_i64_in(r, 0, INT64_MAX);
	canon_fixed(r, proof->entry.chain, HASH_BYTES);
}

static void take_bytes(struct canon_reader *r, uint8_t *out, size_t max, size_t *len)
{
	const uint8_t *bytes = canon_bytes(r, max, len);

	if (bytes != NULL)
		memcpy(out, bytes, *len);
	else
		*len = 0;
}

enum err look_proof_encode(const struct look_proof *proof, struct buf *out)
{
	size_t start = out->len;
	struct canon_writer w = canon_write(out);

	canon_put_u8(&w, PROOF_VERSION);
	canon_put_bytes(&w, proof->before, proof->before_len);
	canon_put_bytes(&w, proof->after, proof->after_len);
	put_hashes(&w, proof->held_to_before.hash, proof->held_to_before.n);
	put_hashes(&w, proof->before_to_after.hash, proof->before_to_after.n);
	canon_put_u8(&w, (uint8_t)proof->n_records);
	for (int i = 0; i < proof->n_records; i++) {
		const struct look_record *record = &proof->record[i];

		canon_put_fixed(&w, record->salt, SALT_BYTES);
		canon_put_bytes(&w, record->canonical, record->len);
		put_hashes(&w, record->inclusion.hash, record->inclusion.n);
		put_index_proof(&w, &record->index);
	}
	if (w.err == ERR_OK && out->len - start > PROOF_MAX_BYTES)
		w.err = ERR_LIMIT;
	if (w.err != ERR_OK)
		out->len = start;
	return w.err;
}

static void take_record(struct canon_reader *r, struct look_record *record)
{
	canon_fixed(r, record->salt, SALT_BYTES);
	take_bytes(r, record->canonical, sizeof record->canonical, &record->len);
	record->inclusion.n = take_hashes(r, record->inclusion.hash, TREE_PROOF_MAX);
	take_index_proof(r, &record->index);
}

enum err look_proof_decode(struct look_proof *proof, const void *data, size_t len)
{
	struct canon_reader r = canon_read(data, len);
	uint8_t version = canon_u8(&r), records;

	memset(proof, 0, sizeof *proof);
	if (r.err == ERR_OK && version != PROOF_VERSION)
		return ERR_VERSION;
	take_bytes(&r, proof->before, sizeof proof->before, &proof->before_len);
	take_bytes(&r, proof->after, sizeof proof->after, &proof->after_len);
	proof->held_to_before.n = take_hashes(&r, proof->held_to_before.hash, TREE_PROOF_MAX);
	proof->before_to_after.n = take_hashes(&r, proof->before_to_after.hash, TREE_PROOF_MAX);
	records = canon_u8(&r);
	if (r.err == ERR_OK && (records < 1 || records > PERSONS_MAX))
		r.err = ERR_LIMIT;
	for (int i = 0; i < records && r.err == ERR_OK; i++)
		take_record(&r, &proof->record[i]);
	proof->n_records = records;
	return canon_end(&r);
}

/* What is known while a bundle is judged. */
struct judging {
	const struct crypto *crypto;
	const struct look_proof *proof;
	const struct permit *permit;
	const struct look_request *request;
	const struct agreement *agreement;
	struct checkpoint before, after;
};

static bool is_same_log(const struct checkpoint *a, const struct checkpoint *b)
{
	return text_equal(a->origin, b->origin) && a->epoch == b->epoch;
}

static enum proof_fault judge_log(const struct judging *j, const struct checkpoint *held)
{
	const struct checkpoint *before = &j->before, *after = &j->after;

	if (!is_same_log(before, after) || (held->size > 0 && !is_same_log(held, before)))
		return PROOF_OTHER_LOG;
	if (before->size < held->size || after->size < before->size)
		return PROOF_ROLLED_BACK;
	/* Before the first there is nothing to be consistent with. */
	if ((held->size > 0
	     && !tree_extends(j->crypto, held->size, held->root, before->size, before->root,
	                      &j->proof->held_to_before))
	    || !tree_extends(j->crypto, before->size, before->root, after->size, after->root,
	                     &j->proof->before_to_after))
		return PROOF_FORKED;
	if (after->size - before->size != (uint64_t)j->proof->n_records)
		return PROOF_SURPLUS;
	return PROOF_GOOD;
}

static bool field_is(const struct log_event *event, const char *key, const char *wanted)
{
	const char *value = log_event_value(event, key);

	return value != NULL && text_equal(value, wanted);
}

static bool lives_there(const struct agreement *agreement, const char *resident)
{
	for (int i = 0; i < agreement->n_persons; i++)
		if (text_equal(agreement->person[i].id, resident))
			return true;
	return false;
}

static bool tells_of_this(const struct judging *j, int i, const struct log_event *event)
{
	char permit[2 * NONCE_BYTES + 1], number[16];

	text_hex(permit, j->permit->id, NONCE_BYTES);
	snprintf(number, sizeof number, "%" PRId32, j->permit->look_number);
	return event->type == LOG_PERMIT_RECORDED && event->look == j->permit->look
	       && event->check == j->request->check[i]
	       && text_equal(event->actor, j->request->operator_id)
	       && lives_there(j->agreement, event->resident)
	       && field_is(event, "permit", permit) && field_is(event, "camera", j->permit->camera)
	       && field_is(event, "look_number", number);
}

/* Sets the record's leaf and whom it is about. */
static enum proof_fault judge_record(const struct judging *j, int i, uint8_t leaf[HASH_BYTES],
                                     char resident[ID_MAX])
{
	const struct look_record *record = &j->proof->record[i];
	struct log_event event;

	log_leaf_hash(j->crypto, record->salt, record->canonical, record->len, leaf);
	if (!tree_includes(j->crypto, leaf, j->before.size + (uint64_t)i, j->after.size,
	                   &record->inclusion, j->after.root))
		return PROOF_NO_RECORD;
	if (log_event_decode(&event, record->canonical, record->len) != ERR_OK
	    || !tells_of_this(j, i, &event)
	    || (i == 0 && memcmp(leaf, j->permit->record_hash, HASH_BYTES) != 0))
		return PROOF_OTHER_RECORD;
	memcpy(resident, event.resident, ID_MAX);
	return PROOF_GOOD;
}

/*
 * Her entry before gives the root before; with this record, and nothing else, comes the next root.
 */
static bool index_grows(const struct judging *j, int i, const char *resident,
                        const uint8_t leaf[HASH_BYTES], uint8_t root[HASH_BYTES])
{
	const struct index_proof *proof = &j->proof->record[i].index;
	struct index_entry entry = {.count = 0};
	uint8_t proven[HASH_BYTES];

	index_key(j->crypto, resident, entry.key);
	if (!index_proven_root(j->crypto, entry.key, proof, proven)
	    || memcmp(proven, root, HASH_BYTES) != 0)
		return false;
	if (proof->end == INDEX_OWN)
		entry = proof->entry;
	index_entry_add(j->crypto, &entry, j->before.size + (uint64_t)i, leaf);
	return index_root_after(j->crypto, &entry, proof, root);
}

static enum proof_fault judge_records(const struct judging *j)
{
	uint8_t leaf[HASH_BYTES], root[HASH_BYTES];
	char resident[PERSONS_MAX][ID_MAX];

	memcpy(root, j->before.index_root, HASH_BYTES);
	for (int i = 0; i < j->proof->n_records; i++) {
		enum proof_fault fault = judge_record(j, i, leaf, resident[i]);

		if (fault != PROOF_GOOD)
			return fault;
		if (i > 0 && text_equal(resident[i], resident[0]))
			return PROOF_OTHER_RECORD;
		if (!index_grows(j, i, resident[i], leaf, root))
			return PROOF_INDEX;
	}
	return memcmp(root, j->after.index_root, HASH_BYTES) == 0 ? PROOF_GOOD : PROOF_INDEX;
}

enum proof_fault look_proof_judge(const struct crypto *crypto, const struct look_proof *proof,
                                  const struct checkpoint *held,
                                  const uint8_t signer_key[KEY_BYTES], const struct permit *permit,
                                  const struct look_request *request,
                                  const struct agreement *agreement, struct checkpoint *accepted)
{
	struct judging j = {crypto, proof, permit, request, agreement, {.size = 0}, {.size = 0}};
	enum proof_fault fault;

	if (checkpoint_open(crypto, proof->before, proof->before_len, signer_key, &j.before)
	            != ERR_OK
	    || checkpoint_open(crypto, proof->after, proof->after_len, signer_key, &j.after)
	               != ERR_OK)
		return PROOF_UNSIGNED;
	fault = judge_log(&j, held);
	/* As many records as the operator asked for, and one for each. */
	if (fault == PROOF_GOOD && proof->n_records != request->n_checks)
		fault = PROOF_OTHER_RECORD;
	if (fault == PROOF_GOOD)
		fault = judge_records(&j);
	if (fault == PROOF_GOOD)
		*accepted = j.after;
	return fault;
}

static const struct {
	const char *name, *text;
} faults[PROOF_FAULTS] = {
	[PROOF_GOOD] = {"good", "The look is proven to be in the log."},
	[PROOF_UNSIGNED] = {"unsigned", "A checkpoint is not signed by the log's signer."},
	[PROOF_OTHER_LOG] = {"other-log",
                             "The checkpoints are of another log, or of another epoch of it."},
	[PROOF_ROLLED_BACK] = {"rolled-back", "The log is shorter than the camera has seen it."},
	[PROOF_FORKED] = {"forked", "The log is not the one that the camera has seen."},
	[PROOF_SURPLUS] = {"surplus", "Something besides this look came between the checkpoints."},
	[PROOF_NO_RECORD] = {"no-record", "The look is not in the log."},
	[PROOF_OTHER_RECORD] = {"other-record", "What the log has is not about this look."},
	[PROOF_INDEX] = {"index", "The log's index does not count this look."},
};

const char *proof_fault_name(enum proof_fault fault)
{
	assert(fault < PROOF_FAULTS);
	return faults[fault].name;
}

const char *proof_fault_text(enum proof_fault fault)
{
	assert(fault < PROOF_FAULTS);
	return faults[fault].text;
}

int proof_fault_from_name(const char *name)
{
	for (int i = 0; i < PROOF_FAULTS; i++)
		if (text_equal(faults[i].name, name))
			return i;
	return -1;
}
