/*
 * A home as the lens guard sees it: a camera and records that a test can spoil, keys for everybody, an
 * agreement with one look at 01:00, and permits made as a hub would make them. The journal has every
 * order to the lens and every record written, in the order in which they came.
 */
#ifndef TILLSYN_TESTS_CAMERA_HOME_H
#define TILLSYN_TESTS_CAMERA_HOME_H

#include "core/agreed.h"
#include "core/small_log.h"

#include "camera/guard.h"
#include "os/crypto.h"

#include <stdlib.h>
#include <string.h>

#define NIGHT civil_to_days(2026, 11, 9)
/* 01:00 in Stockholm, of the night's second date. */
#define SLOT_MS (utc_ms(2026, 11, 10, 0, 0))
#define RECORDS_MAX 5
#define JOURNAL_MAX 4096
#define PICTURE_MAX 512

struct key_pair {
	uint8_t public_key[KEY_BYTES], secret_key[SECRET_KEY_BYTES];
};

struct record {
	char name[ID_MAX];
	struct buf data;
};

/* What is wrong with the camera. */
struct trouble {
	bool refuses_open;     /* says no; the lens does not move */
	bool opens_saying_no;  /* its answer is lost, the order was not */
	bool dies_at_open;     /* refuses, and is silent from then on */
	bool silent;           /* does not say where its lens is, nor listens to an order to park */
	bool never;            /* gives no picture */
	bool stuck;            /* opens, and then neither parks nor says where it is */
	bool deaf_to_park;     /* a process that was killed gives no orders */
	bool same_picture;     /* the bytes of the last one */
	enum err capture;      /* a fault of the capture */
	int64_t age_ms;        /* what it says of its picture's age */
	size_t picture_len;    /* 0: no bytes at all */
};

struct home {
	const struct crypto *crypto;
	struct policy policy;
	struct key_pair administration, signer, operator_key, device, stranger;
	uint8_t picture_public[KEY_BYTES], picture_secret[KEY_BYTES];
	struct now now;
	struct agreement agreement;
	struct guard *guard;
	uint8_t challenge[NONCE_BYTES];

	/* the camera */
	struct trouble trouble;
	bool lens_open;
	int64_t opened_ms, parked_ms, open_longest_ms;
	int opens;
	int pictures;

	/* the records */
	struct record record[RECORDS_MAX];
	bool disk_full;
	const char *unwritable; /* a record that cannot be replaced, or NULL */

	/* what is presented next */
	struct permit permit;
	struct look_request request;
	struct buf permit_bytes, request_bytes, proof_bytes;
	struct small_log log;     /* the hub's, honest unless a test makes it lie */
	struct guard_verdict verdict;

	char journal[JOURNAL_MAX];
};

static inline void jot(struct home *home, const char *what)
{
	assert_true(strlen(home->journal) + strlen(what) + 2 < sizeof home->journal);
	strcat(home->journal, what);
	strcat(home->journal, " ");
}

/* The records. */

static inline struct record *record_named(struct home *home, const char *name)
{
	for (int i = 0; i < RECORDS_MAX; i++)
		if (strcmp(home->record[i].name, name) == 0)
			return &home->record[i];
	return NULL;
}

static inline enum err home_read(void *impl, const char *name, struct buf *out)
{
	struct record *record = record_named(impl, name);

	return record == NULL ? ERR_NOT_FOUND : buf_add(out, record->data.data, record->data.len);
}

static inline enum err home_write(void *impl, const char *name, const void *data, size_t len)
{
	struct home *home = impl;
	struct record *record = record_named(home, name);

	if (home->disk_full || (home->unwritable != NULL && strcmp(home->unwritable, name) == 0))
		return ERR_IO;
	if (record == NULL)
		record = record_named(home, "");
	assert_non_null(record);
	assert_int_equal(text_copy(record->name, sizeof record->name, name), ERR_OK);
	buf_free(&record->data);
	record->data = buf_new(1 << 20);
	jot(home, name);
	return buf_add(&record->data, data, len);
}

static inline void home_forget(void *impl)
{
	(void)impl;
}

/* The camera. */

static inline bool stands_in_records(struct home *home, const uint8_t permit_id[NONCE_BYTES])
{
	struct record *record = record_named(home, "openings");

	return record != NULL && memmem(record->data.data, record->data.len, permit_id, NONCE_BYTES) != NULL;
}

static inline enum err home_open(void *impl, const struct now *now)
{
	struct home *home = impl;

	jot(home, "open");
	assert_true(stands_in_records(home, home->permit.id));
	assert_false(home->lens_open);
	if (home->trouble.dies_at_open)
		home->trouble.silent = true;
	if (home->trouble.dies_at_open || home->trouble.refuses_open)
		return ERR_IO;
	home->lens_open = true;
	home->opened_ms = now->elapsed_ms;
	home->opens++;
	return home->trouble.opens_saying_no ? ERR_IO : ERR_OK;
}

static inline enum err home_capture(void *impl, const struct now *now, struct buf *jpeg)
{
	struct home *home = impl;
	uint8_t picture[PICTURE_MAX];

	assert_true(home->lens_open);
	if (home->trouble.never || now->elapsed_ms - home->opened_ms < 300)
		return ERR_NOT_YET;
	jot(home, "capture");
	if (home->trouble.capture != ERR_OK)
		return home->trouble.capture;
	home->pictures += !home->trouble.same_picture;
	memset(picture, home->pictures, sizeof picture);
	return buf_add(jpeg, picture, home->trouble.picture_len);
}

static inline enum err home_park(void *impl, const struct now *now)
{
	struct home *home = impl;

	jot(home, "park");
	if (home->trouble.silent || home->trouble.deaf_to_park)
		return ERR_IO;
	if (home->lens_open) {
		home->parked_ms = now->elapsed_ms;
		if (now->elapsed_ms - home->opened_ms > home->open_longest_ms)
			home->open_longest_ms = now->elapsed_ms - home->opened_ms;
	}
	home->lens_open = false;
	return ERR_OK;
}

static inline enum lens home_lens(void *impl, const struct now *now)
{
	const struct home *home = impl;

	if (home->trouble.silent || (home->trouble.stuck && home->opens > 0))
		return LENS_UNKNOWN;
	if (home->lens_open || now->elapsed_ms - home->parked_ms < 100)
		return LENS_OPEN;
	return LENS_PARKED;
}

static inline int64_t home_age_ms(void *impl, const struct now *now)
{
	const struct home *home = impl;

	(void)now;
	return home->trouble.age_ms;
}

/* Everybody's keys, and time. */

static inline void home_pass(struct home *home, int64_t ms)
{
	home->now.utc_ms += ms;
	home->now.elapsed_ms += ms;
}

static inline struct guard_set_up home_set_up(struct home *home)
{
	return (struct guard_set_up){
		.camera = "cam1",
		.policy = &home->policy,
		.administration_key = home->administration.public_key,
		.signer_key = home->signer.public_key,
		.crypto = home->crypto,
		.driver = {.impl = home, .open = home_open, .capture = home_capture, .park = home_park,
		           .lens = home_lens, .age_ms = home_age_ms, .free = home_forget},
		.keep = {.impl = home, .read = home_read, .write = home_write, .free = home_forget},
		.zone = zoneinfo_read,
	};
}

static inline void make_pair(const struct home *home, struct key_pair *pair)
{
	home->crypto->sign_keypair(pair->public_key, pair->secret_key);
}

static inline struct home *home_new(void)
{
	struct home *home = calloc(1, sizeof *home);

	assert_non_null(home);
	home->crypto = crypto_sodium();
	home->policy = policy_defaults();
	make_pair(home, &home->administration);
	make_pair(home, &home->signer);
	make_pair(home, &home->operator_key);
	make_pair(home, &home->device);
	make_pair(home, &home->stranger);
	home->log.crypto = home->crypto;
	strcpy(home->log.origin, "tillsyn/test");
	home->crypto->box_keypair(home->picture_public, home->picture_secret);
	home->now = (struct now){.utc_ms = SLOT_MS + MS_MINUTE, .elapsed_ms = MS_HOUR, .boot_id = 1};
	home->agreement = agreed();
	home->agreement.version = 1;
	add_slot(&home->agreement, SLOT_CAMERA, HM(1, 0), -1);
	home->trouble.age_ms = -1;
	home->trouble.picture_len = PICTURE_MAX;
	return home;
}

static inline void home_free(struct home *home)
{
	guard_free(home->guard, &home->now);
	for (int i = 0; i < RECORDS_MAX; i++)
		buf_free(&home->record[i].data);
	buf_free(&home->permit_bytes);
	buf_free(&home->request_bytes);
	buf_free(&home->proof_bytes);
	free(home);
}

/* Documents, signed. */

struct document {
	uint8_t bytes[AGREEMENT_MAX_BYTES];
	size_t len;
	uint8_t signature[SIGNATURE_BYTES];
};

static inline void document_take(struct document *document, struct buf *encoded)
{
	assert_true(encoded->len <= sizeof document->bytes);
	memcpy(document->bytes, encoded->data, encoded->len);
	document->len = encoded->len;
	buf_free(encoded);
}

static inline struct document agreement_document(struct home *home, const struct key_pair *by)
{
	struct document document = {.len = 0};
	struct buf encoded = buf_new(AGREEMENT_MAX_BYTES);

	assert_null(agreement_fault(&home->agreement, &home->policy));
	assert_int_equal(agreement_encode(&home->agreement, &encoded), ERR_OK);
	document_take(&document, &encoded);
	agreement_sign(home->crypto, document.bytes, document.len, by->secret_key, document.signature);
	return document;
}

static inline struct document roster_document(struct home *home, uint32_t version,
                                              const char *operator_id, const struct key_pair *by)
{
	struct document document = {.len = 0};
	struct buf encoded = buf_new(ROSTER_MAX_BYTES);
	struct roster roster = {.version = version, .n = 1};

	text_copy(roster.entry[0].operator_id, ID_MAX, operator_id);
	memcpy(roster.entry[0].key, home->operator_key.public_key, KEY_BYTES);
	assert_int_equal(roster_encode(&roster, &encoded), ERR_OK);
	document_take(&document, &encoded);
	roster_sign(home->crypto, document.bytes, document.len, by->secret_key, document.signature);
	return document;
}

/* A new permit for the first look of the slot at 01:00, and the operator's request behind it. */
static inline void draw_up(struct home *home)
{
	int64_t look = home->permit.look + 1;

	home->permit = (struct permit){.look = look, .camera = "cam1", .agreement = "a1", .slot = "slot0",
	                               .agreement_version = home->agreement.version, .night = NIGHT,
	                               .look_number = 1, .from_ms = home->now.utc_ms,
	                               .to_ms = home->now.utc_ms + home->policy.permit_ms};
	home->crypto->random(home->permit.id, NONCE_BYTES);
	home->crypto->random(home->permit.nonce, NONCE_BYTES);
	memcpy(home->permit.challenge, home->challenge, NONCE_BYTES);
	memcpy(home->permit.picture_key, home->picture_public, KEY_BYTES);
	home->request = (struct look_request){.look = look, .camera = "cam1", .n_checks = 1, .check = {7},
	                                      .at_ms = home->now.utc_ms, .operator_id = "anna"};
	memcpy(home->request.challenge, home->challenge, NONCE_BYTES);
	memcpy(home->request.picture_key, home->picture_public, KEY_BYTES);
}

/* Of the log whose checkpoint the guard has kept. */
static inline uint64_t log_held(struct home *home)
{
	struct record *record = record_named(home, "checkpoint");
	struct checkpoint checkpoint = {.size = 0};

	if (record != NULL && record->data.len > 0)
		(void)checkpoint_open(home->crypto, record->data.data, record->data.len,
		                      home->log.signer_public, &checkpoint);
	return checkpoint.size;
}

/* Records what is drawn up in the hub's log, and proves it to a guard that holds so much of it. */
static inline void record_permit(struct home *home)
{
	struct log_event event = small_log_record(&home->permit, &home->request, 0, home->agreement.person[0].id);
	struct look_proof *proof = malloc(sizeof *proof);

	assert_non_null(proof);
	memcpy(home->log.signer_public, home->signer.public_key, KEY_BYTES);
	memcpy(home->log.signer_secret, home->signer.secret_key, SECRET_KEY_BYTES);
	small_log_append(&home->log, &event);
	memcpy(home->permit.record_hash, home->log.leaf[home->log.size - 1], HASH_BYTES);
	small_log_prove(&home->log, log_held(home), 1, "", proof);
	buf_free(&home->proof_bytes);
	home->proof_bytes = buf_new(PROOF_MAX_BYTES);
	assert_int_equal(look_proof_encode(proof, &home->proof_bytes), ERR_OK);
	free(proof);
}

/* Signs what is drawn up. What in points to is home's until the next. */
static inline struct guard_permit signed_permit(struct home *home)
{
	struct guard_permit in = {0};

	buf_free(&home->permit_bytes);
	buf_free(&home->request_bytes);
	record_permit(home);
	home->permit_bytes = buf_new(1024);
	home->request_bytes = buf_new(512);
	assert_int_equal(look_request_encode(&home->request, &home->request_bytes), ERR_OK);
	home->crypto->sha256(home->permit.request_hash, home->request_bytes.data, home->request_bytes.len);
	assert_int_equal(permit_encode(&home->permit, &home->permit_bytes), ERR_OK);
	signed_make(home->crypto, SIGNED_REQUEST, home->request_bytes.data, home->request_bytes.len,
	            home->operator_key.secret_key, in.request_signature);
	signed_make(home->crypto, SIGNED_PERMIT, home->permit_bytes.data, home->permit_bytes.len,
	            home->signer.secret_key, in.permit_signature);
	in.permit = home->permit_bytes.data;
	in.permit_len = home->permit_bytes.len;
	in.request = home->request_bytes.data;
	in.request_len = home->request_bytes.len;
	in.proof = home->proof_bytes.data;
	in.proof_len = home->proof_bytes.len;
	return in;
}

#endif
