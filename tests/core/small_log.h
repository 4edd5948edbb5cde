/*
 * A log as a hub keeps it, small enough to be copied (a fork is a copy), and the proof of a look in it: for tests
 * that judge proofs. It lies where it is told to.
 */
#ifndef TILLSYN_TESTS_CORE_SMALL_LOG_H
#define TILLSYN_TESTS_CORE_SMALL_LOG_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/text.h"
#include "core/event.h"
#include "core/proof.h"

#include <string.h>

enum { SMALL_LOG_MAX = 300 };

struct small_log {
	const struct crypto *crypto;
	uint64_t size;
	uint8_t leaf[SMALL_LOG_MAX][HASH_BYTES];
	uint8_t salt[SMALL_LOG_MAX][SALT_BYTES];
	size_t len[SMALL_LOG_MAX];
	uint8_t canonical[SMALL_LOG_MAX][512];
	char resident[SMALL_LOG_MAX][ID_MAX];
	uint64_t epoch;
	char origin[NAME_MAX_BYTES];
	uint8_t signer_public[KEY_BYTES], signer_secret[SECRET_KEY_BYTES];
};

static inline enum err small_log_node(void *arg, int level, uint64_t index, uint8_t hash[HASH_BYTES])
{
	const struct small_log *log = arg;
	uint8_t left[HASH_BYTES], right[HASH_BYTES];
	enum err r;

	if (level == 0) {
		if (index >= log->size)
			return ERR_NOT_FOUND;
		memcpy(hash, log->leaf[index], HASH_BYTES);
		return ERR_OK;
	}
	if ((r = small_log_node(arg, level - 1, 2 * index, left)) != ERR_OK
	    || (r = small_log_node(arg, level - 1, 2 * index + 1, right)) != ERR_OK)
		return r;
	tree_join(log->crypto, left, right, hash);
	return ERR_OK;
}

static inline void small_log_append(struct small_log *log, const struct log_event *event)
{
	struct buf bytes = buf_new(sizeof log->canonical[0]);
	uint64_t n = log->size++;

	assert_true(n < SMALL_LOG_MAX);
	assert_int_equal(log_event_encode(event, &bytes), ERR_OK);
	memcpy(log->canonical[n], bytes.data, bytes.len);
	log->len[n] = bytes.len;
	memset(log->salt[n], (int)n + 1, SALT_BYTES);
	log_leaf_hash(log->crypto, log->salt[n], bytes.data, bytes.len, log->leaf[n]);
	memcpy(log->resident[n], event->resident, ID_MAX);
	buf_free(&bytes);
}

/* Some entry about a resident, or nobody. */
static inline void small_log_other(struct small_log *log, const char *resident)
{
	struct log_event event = log_event(LOG_ANSWERED, 1000 + (int64_t)log->size);

	strcpy(event.resident, resident);
	small_log_append(log, &event);
}

/* What an honest hub records of one person of a look. */
static inline struct log_event small_log_record(const struct permit *permit, const struct look_request *request,
                                                int person, const char *resident)
{
	struct log_event event = log_event(LOG_PERMIT_RECORDED, 5000);
	char hex[2 * NONCE_BYTES + 1];

	text_hex(hex, permit->id, NONCE_BYTES);
	strcpy(event.actor, request->operator_id);
	strcpy(event.resident, resident);
	event.look = permit->look;
	event.check = request->check[person];
	log_event_text(&event, "camera", permit->camera);
	log_event_text(&event, "permit", hex);
	log_event_int(&event, "look_number", permit->look_number);
	return event;
}

/* The index of the first size entries, but for those about hidden. */
static inline struct index *small_log_index(const struct small_log *log, uint64_t size, const char *hidden)
{
	struct index *index = index_new(log->crypto);

	for (uint64_t i = 0; i < size; i++) {
		struct index_entry entry = {.count = 0};

		if (log->resident[i][0] == '\0' || strcmp(log->resident[i], hidden) == 0)
			continue;
		index_key(log->crypto, log->resident[i], entry.key);
		if (index_get(index, entry.key) != NULL)
			entry = *index_get(index, entry.key);
		index_entry_add(log->crypto, &entry, i, log->leaf[i]);
		assert_int_equal(index_put(index, &entry), ERR_OK);
	}
	return index;
}

static inline struct checkpoint small_log_checkpoint(struct small_log *log, uint64_t size, const char *hidden)
{
	struct tree_source source = {small_log_node, log};
	struct checkpoint checkpoint = {.size = size, .epoch = log->epoch};
	struct index *index = small_log_index(log, size, hidden);

	strcpy(checkpoint.origin, log->origin);
	assert_int_equal(tree_root(log->crypto, &source, size, checkpoint.root), ERR_OK);
	checkpoint.residents = index_size(index);
	index_root(index, checkpoint.index_root);
	index_free(index);
	return checkpoint;
}

static inline void small_log_note(struct small_log *log, const struct checkpoint *checkpoint, uint8_t *note,
                                  size_t *len)
{
	struct buf out = buf_new(CHECKPOINT_MAX_BYTES);

	assert_int_equal(checkpoint_sign(log->crypto, checkpoint, log->signer_public, log->signer_secret, &out),
	                 ERR_OK);
	memcpy(note, out.data, out.len);
	*len = out.len;
	buf_free(&out);
}

/* The proof of the last n entries for an agent that holds so much; the later index leaves somebody out where it lies. */
static inline void small_log_prove(struct small_log *log, uint64_t held, uint64_t n, const char *hidden,
                                   struct look_proof *proof)
{
	struct tree_source source = {small_log_node, log};
	uint64_t from = log->size - n;
	struct checkpoint before = small_log_checkpoint(log, from, ""),
	                  after = small_log_checkpoint(log, log->size, hidden);

	*proof = (struct look_proof){.n_records = (int)n};
	small_log_note(log, &before, proof->before, &proof->before_len);
	small_log_note(log, &after, proof->after, &proof->after_len);
	if (held <= from)
		assert_int_equal(tree_prove_consistency(log->crypto, &source, held, from, &proof->held_to_before),
		                 ERR_OK);
	assert_int_equal(tree_prove_consistency(log->crypto, &source, from, log->size, &proof->before_to_after),
	                 ERR_OK);
	for (uint64_t i = 0; i < n && i < PERSONS_MAX; i++) {
		struct look_record *record = &proof->record[i];
		struct index *index = small_log_index(log, from + i, "");
		uint8_t key[HASH_BYTES];

		memcpy(record->salt, log->salt[from + i], SALT_BYTES);
		memcpy(record->canonical, log->canonical[from + i], log->len[from + i]);
		record->len = log->len[from + i];
		assert_int_equal(tree_prove_inclusion(log->crypto, &source, from + i, log->size,
		                                      &record->inclusion), ERR_OK);
		index_key(log->crypto, log->resident[from + i], key);
		index_prove(index, key, &record->index);
		index_free(index);
	}
}

#endif
