/*
 * A hub that lies gets no picture: one honest log and agent, and every way to cheat them that we could
 * think of, each of which must be named for what it is.
 */
#include "core/small_log.h"

#include "os/crypto.h"

#include <stdlib.h>

/* What a look is made of, on the hub's side and on the agent's. */
struct look {
	struct small_log log;
	struct checkpoint held;
	struct permit permit;
	struct look_request request;
	struct agreement agreement;
	struct look_proof proof;
};

static const struct crypto *crypto;
static uint8_t signer_public[KEY_BYTES], signer_secret[SECRET_KEY_BYTES];

static void prove(struct look *look, uint64_t n, const char *hidden)
{
	small_log_prove(&look->log, look->held.size, n, hidden, &look->proof);
}

static struct log_event record_of(const struct look *look, int person)
{
	return small_log_record(&look->permit, &look->request, person, look->agreement.person[person].id);
}

/* An agent that has seen eleven entries, a log of twenty, and a look at a couple. */
static struct look *look_new(int persons)
{
	struct look *look = calloc(1, sizeof *look);

	look->log.crypto = crypto;
	memcpy(look->log.signer_public, signer_public, KEY_BYTES);
	memcpy(look->log.signer_secret, signer_secret, SECRET_KEY_BYTES);
	strcpy(look->log.origin, "tillsyn/nordstad");
	for (int i = 0; i < 20; i++)
		small_log_other(&look->log, i % 3 == 0 ? "berit" : i % 3 == 1 ? "sven" : "");
	look->held = small_log_checkpoint(&look->log, 11, "");
	look->agreement = agreement_blank();
	look->agreement.n_persons = persons;
	strcpy(look->agreement.person[0].id, "berit");
	strcpy(look->agreement.person[1].id, "nils");
	look->request = (struct look_request){.look = 7, .n_checks = persons, .check = {31, 32},
	                                      .operator_id = "anna"};
	look->permit = (struct permit){.look = 7, .camera = "cam-berit", .look_number = 1, .id = {9, 8, 7}};
	return look;
}

static void record_all(struct look *look)
{
	for (int i = 0; i < look->request.n_checks; i++) {
		struct log_event event = record_of(look, i);

		small_log_append(&look->log, &event);
		if (i == 0)
			memcpy(look->permit.record_hash, look->log.leaf[look->log.size - 1], HASH_BYTES);
	}
}

static enum proof_fault judge(const struct look *look, struct checkpoint *accepted)
{
	return look_proof_judge(crypto, &look->proof, &look->held, signer_public, &look->permit,
	                        &look->request, &look->agreement, accepted);
}

static void assert_refused(const struct look *look, enum proof_fault wanted)
{
	struct checkpoint accepted = {.size = 77};
	enum proof_fault fault = judge(look, &accepted);

	if (fault != wanted)
		fail_msg("judged %s, not %s", proof_fault_name(fault), proof_fault_name(wanted));
	assert_int_equal(accepted.size, 77);
}

static void an_honest_look_is_proven(void **state)
{
	(void)state;
	for (int persons = 1; persons <= 2; persons++) {
		struct look *look = look_new(persons);
		struct checkpoint accepted;
		struct buf bytes = buf_new(PROOF_MAX_BYTES);
		struct look_proof again;

		record_all(look);
		prove(look, (uint64_t)persons, "");
		assert_int_equal(judge(look, &accepted), PROOF_GOOD);
		assert_int_equal(accepted.size, 20 + persons);
		/* As it travels. */
		assert_int_equal(look_proof_encode(&look->proof, &bytes), ERR_OK);
		assert_int_equal(look_proof_decode(&again, bytes.data, bytes.len), ERR_OK);
		look->proof = again;
		assert_int_equal(judge(look, &accepted), PROOF_GOOD);
		/* An agent that has seen nothing yet takes the log as it is, and that one from then on. */
		look->held = (struct checkpoint){.size = 0};
		assert_int_equal(judge(look, &accepted), PROOF_GOOD);
		buf_free(&bytes);
		free(look);
	}
}

/* The next look of the same resident, with other entries between, follows from what was accepted. */
static void looks_follow_each_other(void **state)
{
	struct look *look = look_new(1);

	(void)state;
	for (int i = 0; i < 10; i++) {
		look->permit.id[0] = (uint8_t)i;
		record_all(look);
		prove(look, 1, "");
		assert_int_equal(judge(look, &look->held), PROOF_GOOD);
		small_log_other(&look->log, "berit");
		small_log_other(&look->log, "");
	}
	/* The bundle of an earlier look does not open twice: the log has gone on. */
	look->held = small_log_checkpoint(&look->log, look->log.size, "");
	assert_refused(look, PROOF_ROLLED_BACK);
	free(look);
}

static void a_look_that_is_not_recorded(void **state)
{
	struct look *look = look_new(1);

	(void)state;
	small_log_other(&look->log, "berit");
	prove(look, 1, "");
	memcpy(look->permit.record_hash, look->log.leaf[20], HASH_BYTES);
	assert_refused(look, PROOF_OTHER_RECORD);
	/* Its record is shown, but another entry stands in the log. */
	record_all(look);
	memcpy(look->proof.record[0].canonical, look->log.canonical[21], look->log.len[21]);
	look->proof.record[0].len = look->log.len[21];
	memcpy(look->proof.record[0].salt, look->log.salt[21], SALT_BYTES);
	assert_refused(look, PROOF_NO_RECORD);
	free(look);
}

static void a_record_that_tells_something_else(void **state)
{
	static const char *const lies[] = {"operator", "camera", "permit", "look", "check", "resident",
	                                   "number", "type"};

	(void)state;
	for (size_t i = 0; i < sizeof lies / sizeof *lies; i++) {
		struct look *look = look_new(1);
		struct look told = *look;
		struct log_event event;

		if (strcmp(lies[i], "operator") == 0)
			strcpy(told.request.operator_id, "bo");
		if (strcmp(lies[i], "camera") == 0)
			strcpy(told.permit.camera, "cam-sven");
		if (strcmp(lies[i], "permit") == 0)
			told.permit.id[0] ^= 1;
		if (strcmp(lies[i], "look") == 0)
			told.permit.look = 8;
		if (strcmp(lies[i], "check") == 0)
			told.request.check[0] = 99;
		if (strcmp(lies[i], "resident") == 0)
			strcpy(told.agreement.person[0].id, "sven");
		if (strcmp(lies[i], "number") == 0)
			told.permit.look_number = 2;
		event = record_of(&told, 0);
		if (strcmp(lies[i], "type") == 0)
			event.type = LOG_CLAIMED;
		small_log_append(&look->log, &event);
		memcpy(look->permit.record_hash, look->log.leaf[20], HASH_BYTES);
		prove(look, 1, "");
		assert_refused(look, PROOF_OTHER_RECORD);
		free(look);
	}
}

/* It is in the log and tells of the look, and the permit was signed for another. */
static void a_record_that_the_permit_does_not_name(void **state)
{
	struct look *look = look_new(1);

	(void)state;
	record_all(look);
	look->permit.record_hash[HASH_BYTES - 1] ^= 1;
	prove(look, 1, "");
	assert_refused(look, PROOF_OTHER_RECORD);
	free(look);
}

/* Bytes that are no log event, or one that leaves out what it has to tell, are committed to like any. */
static void a_record_that_tells_nothing(void **state)
{
	struct look *look = look_new(1);
	struct log_event event = record_of(look, 0);

	(void)state;
	event.n_fields--;
	small_log_append(&look->log, &event);
	memcpy(look->permit.record_hash, look->log.leaf[20], HASH_BYTES);
	prove(look, 1, "");
	assert_refused(look, PROOF_OTHER_RECORD);
	look->log.size--;
	record_all(look);
	look->log.len[20]++; /* all of it is told, and then something */
	log_leaf_hash(crypto, look->log.salt[20], look->log.canonical[20], look->log.len[20], look->log.leaf[20]);
	memcpy(look->permit.record_hash, look->log.leaf[20], HASH_BYTES);
	prove(look, 1, "");
	assert_refused(look, PROOF_OTHER_RECORD);
	free(look);
}

/* One of a couple is looked at without a record of hers, or with the other's twice. */
static void a_couple_half_recorded(void **state)
{
	struct look *look = look_new(2);
	struct log_event event = record_of(look, 0);

	(void)state;
	small_log_append(&look->log, &event);
	memcpy(look->permit.record_hash, look->log.leaf[20], HASH_BYTES);
	prove(look, 1, "");
	assert_refused(look, PROOF_OTHER_RECORD);
	event.check = look->request.check[1];
	small_log_append(&look->log, &event);
	prove(look, 2, "");
	assert_refused(look, PROOF_OTHER_RECORD);
	free(look);
}

static void a_log_that_was_rolled_back(void **state)
{
	struct look *look = look_new(1);

	(void)state;
	look->held = small_log_checkpoint(&look->log, 20, "");
	/* The database of yesterday, with another night after it. */
	look->log.size = 15;
	record_all(look);
	prove(look, 1, "");
	assert_refused(look, PROOF_ROLLED_BACK);
	/* As long again as it was, but not the same. */
	while (look->log.size < 20)
		small_log_other(&look->log, "rut");
	look->permit.id[3] = 1;
	record_all(look);
	prove(look, 1, "");
	assert_refused(look, PROOF_FORKED);
	free(look);
}

static void a_fork_for_this_agent_alone(void **state)
{
	struct look *look = look_new(1);
	struct small_log other = look->log;

	(void)state;
	/* What it has seen is what everybody has; then entry 5 is another. */
	other.leaf[5][0] ^= 1;
	look->log = other;
	record_all(look);
	prove(look, 1, "");
	assert_refused(look, PROOF_FORKED);
	free(look);
}

static void something_that_comes_along(void **state)
{
	struct look *look = look_new(1);

	(void)state;
	small_log_other(&look->log, "sven");
	record_all(look);
	prove(look, 2, "");
	look->proof.n_records = 1;
	look->proof.record[0] = look->proof.record[1];
	assert_refused(look, PROOF_SURPLUS);
	free(look);
}

static void an_index_that_hides_her(void **state)
{
	struct look *look = look_new(1);

	(void)state;
	record_all(look);
	prove(look, 1, "berit");
	assert_refused(look, PROOF_INDEX);
	/* Or has counted what is not there. */
	prove(look, 1, "");
	look->proof.record[0].index.entry.count++;
	assert_refused(look, PROOF_INDEX);
	prove(look, 1, "");
	look->proof.record[0].index.end = INDEX_EMPTY;
	assert_refused(look, PROOF_INDEX);
	free(look);
}

static void another_signer_origin_or_epoch(void **state)
{
	struct look *look = look_new(1);

	(void)state;
	record_all(look);
	crypto->sign_keypair(look->log.signer_public, look->log.signer_secret);
	prove(look, 1, "");
	assert_refused(look, PROOF_UNSIGNED);
	memcpy(look->log.signer_public, signer_public, KEY_BYTES);
	memcpy(look->log.signer_secret, signer_secret, SECRET_KEY_BYTES);
	strcpy(look->log.origin, "tillsyn/sydstad");
	prove(look, 1, "");
	assert_refused(look, PROOF_OTHER_LOG);
	strcpy(look->log.origin, "tillsyn/nordstad");
	look->log.epoch = 1;
	prove(look, 1, "");
	assert_refused(look, PROOF_OTHER_LOG);
	free(look);
}

/* Each of the two checkpoints is the signer's own, and they do not belong together. */
static void two_checkpoints_that_are_no_pair(void **state)
{
	struct look *look = look_new(1);
	struct look_proof honest;
	struct checkpoint other;

	(void)state;
	record_all(look);
	prove(look, 1, "");
	honest = look->proof;
	/* Of two epochs. */
	other = small_log_checkpoint(&look->log, look->log.size, "");
	other.epoch = 1;
	small_log_note(&look->log, &other, look->proof.after, &look->proof.after_len);
	assert_refused(look, PROOF_OTHER_LOG);
	/* The later one is the shorter one, though longer than what the agent has seen. */
	look->proof = honest;
	other = small_log_checkpoint(&look->log, 15, "");
	small_log_note(&look->log, &other, look->proof.after, &look->proof.after_len);
	assert_refused(look, PROOF_ROLLED_BACK);
	/* One is signed, the other is not. */
	look->proof = honest;
	look->proof.after[look->proof.after_len - 3] ^= 1;
	assert_refused(look, PROOF_UNSIGNED);
	free(look);
}

/* As many records as there may be persons; a longer bundle is none, and is not written. */
static void a_bundle_has_a_largest_size(void **state)
{
	struct look *look = look_new(2);
	struct buf bytes = buf_new(4 * PROOF_MAX_BYTES), small = buf_new(100);
	struct look_proof proof;
	size_t at;

	(void)state;
	record_all(look);
	prove(look, 2, "");
	assert_int_equal(buf_add_text(&small, "before"), ERR_OK);
	assert_int_equal(look_proof_encode(&look->proof, &small), ERR_LIMIT);
	assert_int_equal(small.len, strlen("before"));
	assert_int_equal(look_proof_encode(&look->proof, &bytes), ERR_OK);
	/* The number of records stands behind version, notes and consistency proofs. */
	at = 1 + 4 + look->proof.before_len + 4 + look->proof.after_len
	     + 1 + HASH_BYTES * (size_t)look->proof.held_to_before.n
	     + 1 + HASH_BYTES * (size_t)look->proof.before_to_after.n;
	assert_int_equal(bytes.data[at], 2);
	bytes.data[at] = PERSONS_MAX + 1;
	assert_int_equal(look_proof_decode(&proof, bytes.data, bytes.len), ERR_LIMIT);
	bytes.data[at] = 0;
	assert_int_equal(look_proof_decode(&proof, bytes.data, bytes.len), ERR_LIMIT);
	buf_free(&bytes);
	for (int i = 0; i < 2; i++) {
		struct look_record *record = &look->proof.record[i];

		record->len = sizeof record->canonical;
		record->inclusion.n = TREE_PROOF_MAX;
		record->index.n = INDEX_DEPTH_MAX;
	}
	look->proof.before_to_after.n = look->proof.held_to_before.n = TREE_PROOF_MAX;
	assert_int_equal(look_proof_encode(&look->proof, &bytes), ERR_LIMIT);
	assert_int_equal(bytes.len, 0);
	buf_free(&small);
	buf_free(&bytes);
	free(look);
}

static void faults_have_names_and_sentences(void **state)
{
	(void)state;
	for (int i = 0; i < PROOF_FAULTS; i++) {
		assert_int_equal(proof_fault_from_name(proof_fault_name((enum proof_fault)i)), i);
		assert_true(strlen(proof_fault_text((enum proof_fault)i)) > 10);
	}
	assert_int_equal(proof_fault_from_name("perhaps"), -1);
}

/* Whatever arrives is refused or is the proof; nothing in between, and nothing is read beyond its end. */
static void bytes_that_are_no_proof(void **state)
{
	struct look *look = look_new(2);
	struct buf bytes = buf_new(PROOF_MAX_BYTES);
	struct checkpoint accepted;
	struct look_proof proof;

	(void)state;
	record_all(look);
	prove(look, 2, "");
	assert_int_equal(look_proof_encode(&look->proof, &bytes), ERR_OK);
	for (size_t len = 0; len < bytes.len; len++) {
		uint8_t *cut = malloc(len + 1);

		memcpy(cut, bytes.data, len);
		assert_int_not_equal(look_proof_decode(&proof, cut, len), ERR_OK);
		free(cut);
	}
	for (size_t i = 0; i < bytes.len; i++) {
		bytes.data[i] ^= 0x10;
		if (look_proof_decode(&look->proof, bytes.data, bytes.len) == ERR_OK)
			assert_int_not_equal(judge(look, &accepted), PROOF_GOOD);
		bytes.data[i] ^= 0x10;
	}
	buf_free(&bytes);
	free(look);
}

static int start(void **state)
{
	(void)state;
	crypto = crypto_sodium();
	if (crypto == NULL)
		return 1;
	crypto->sign_keypair(signer_public, signer_secret);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_honest_look_is_proven),
		cmocka_unit_test(looks_follow_each_other),
		cmocka_unit_test(a_look_that_is_not_recorded),
		cmocka_unit_test(a_record_that_tells_something_else),
		cmocka_unit_test(a_couple_half_recorded),
		cmocka_unit_test(a_log_that_was_rolled_back),
		cmocka_unit_test(a_fork_for_this_agent_alone),
		cmocka_unit_test(something_that_comes_along),
		cmocka_unit_test(an_index_that_hides_her),
		cmocka_unit_test(another_signer_origin_or_epoch),
		cmocka_unit_test(a_record_that_the_permit_does_not_name),
		cmocka_unit_test(a_record_that_tells_nothing),
		cmocka_unit_test(two_checkpoints_that_are_no_pair),
		cmocka_unit_test(a_bundle_has_a_largest_size),
		cmocka_unit_test(faults_have_names_and_sentences),
		cmocka_unit_test(bytes_that_are_no_proof),
	};

	return cmocka_run_group_tests_name("proof", tests, start, NULL);
}
