/* The signer's judgement: what it signs follows from what it signed, and a refusal changes nothing. */
#include "core/small_log.h"

#include "core/notary.h"
#include "os/crypto.h"

#include <stdlib.h>

struct desk {
	struct small_log log;
	struct notary notary;
	struct notary_order order;
	struct notary_answer answer;
};

static const struct crypto *crypto;

static struct desk *desk_new(void)
{
	struct desk *desk = calloc(1, sizeof *desk);

	assert_non_null(desk);
	desk->log.crypto = crypto;
	strcpy(desk->log.origin, "tillsyn/nordstad");
	crypto->sign_keypair(desk->log.signer_public, desk->log.signer_secret);
	desk->notary = (struct notary){.crypto = crypto, .public_key = desk->log.signer_public,
	                               .secret_key = desk->log.signer_secret};
	for (int i = 0; i < 9; i++)
		small_log_other(&desk->log, "sven");
	return desk;
}

static struct permit a_permit(void)
{
	return (struct permit){.look = 7, .camera = "cam1", .agreement = "a1", .slot = "s1",
	                       .agreement_version = 1, .night = 20000, .look_number = 1,
	                       .from_ms = 1000, .to_ms = 2000};
}

/* An order for a permit whose one record is the last of the log. */
static void order_look(struct desk *desk)
{
	struct tree_source source = {small_log_node, &desk->log};
	struct permit permit = a_permit();
	struct buf bytes = buf_new(PERMIT_MAX_BYTES);
	uint64_t size = desk->log.size, last = desk->notary.last.size;

	memset(&desk->order, 0, sizeof desk->order);
	assert_int_equal(permit_encode(&permit, &bytes), ERR_OK);
	memcpy(desk->order.permit, bytes.data, bytes.len);
	desk->order.permit_len = bytes.len;
	buf_free(&bytes);
	desk->order.before = small_log_checkpoint(&desk->log, size - 1, "");
	desk->order.after = small_log_checkpoint(&desk->log, size, "");
	if (last < size)
		assert_int_equal(tree_prove_consistency(crypto, &source, last, size - 1, &desk->order.to_before),
		                 ERR_OK);
	assert_int_equal(tree_prove_consistency(crypto, &source, size - 1, size, &desk->order.to_after), ERR_OK);
}

static enum err sign(struct desk *desk)
{
	return notary_sign(&desk->notary, &desk->order, &desk->answer);
}

static void an_order_that_follows_is_signed(void **state)
{
	struct desk *desk = desk_new();
	struct checkpoint opened;

	(void)state;
	for (int i = 0; i < 4; i++) {
		order_look(desk);
		assert_int_equal(sign(desk), ERR_OK);
		assert_true(signed_check(crypto, SIGNED_PERMIT, desk->order.permit, desk->order.permit_len,
		                         desk->log.signer_public, desk->answer.permit_signature));
		assert_int_equal(checkpoint_open(crypto, desk->answer.before, desk->answer.before_len,
		                                 desk->log.signer_public, &opened), ERR_OK);
		assert_int_equal(opened.size, desk->log.size - 1);
		assert_int_equal(checkpoint_open(crypto, desk->answer.after, desk->answer.after_len,
		                                 desk->log.signer_public, &opened), ERR_OK);
		assert_int_equal(opened.size, desk->log.size);
		assert_int_equal(desk->notary.last.size, desk->log.size);
		small_log_other(&desk->log, "elsa");
		small_log_other(&desk->log, "");
	}
	free(desk);
}

/* The log alone: nothing is permitted, and nothing before is signed. */
static void a_checkpoint_alone(void **state)
{
	struct desk *desk = desk_new();
	static const uint8_t none[SIGNATURE_BYTES];

	(void)state;
	order_look(desk);
	desk->order.permit_len = 0;
	assert_int_equal(sign(desk), ERR_OK);
	assert_memory_equal(desk->answer.permit_signature, none, SIGNATURE_BYTES);
	assert_int_equal(desk->answer.before_len, 0);
	assert_true(desk->answer.after_len > 0);
	free(desk);
}

static void assert_refused(struct desk *desk, enum err wanted)
{
	static const uint8_t none[SIGNATURE_BYTES];
	struct checkpoint last = desk->notary.last;

	assert_int_equal(sign(desk), wanted);
	assert_memory_equal(&desk->notary.last, &last, sizeof last);
	assert_memory_equal(desk->answer.permit_signature, none, SIGNATURE_BYTES);
	assert_int_equal(desk->answer.after_len, 0);
}

static void a_rewritten_log_finds_no_signature(void **state)
{
	struct desk *desk = desk_new();

	(void)state;
	order_look(desk);
	assert_int_equal(sign(desk), ERR_OK);
	/* Shorter. */
	desk->log.size -= 3;
	order_look(desk);
	assert_refused(desk, ERR_STALE);
	/* As long again, and longer, and not the same. */
	while (desk->log.size < 20)
		small_log_other(&desk->log, "rut");
	order_look(desk);
	assert_refused(desk, ERR_DENIED);
	free(desk);
}

static void another_log_or_epoch_finds_none(void **state)
{
	struct desk *desk = desk_new();

	(void)state;
	order_look(desk);
	assert_int_equal(sign(desk), ERR_OK);
	small_log_other(&desk->log, "elsa");
	desk->log.epoch = 1;
	order_look(desk);
	assert_refused(desk, ERR_DENIED);
	desk->log.epoch = 0;
	strcpy(desk->log.origin, "tillsyn/sydstad");
	order_look(desk);
	assert_refused(desk, ERR_DENIED);
	free(desk);
}

static void what_is_no_permit_is_not_signed(void **state)
{
	struct desk *desk = desk_new();

	(void)state;
	order_look(desk);
	desk->order.permit_len--;
	assert_refused(desk, ERR_PARSE);
	free(desk);
}

/* No note can be written of it, so neither the permit nor the other checkpoint goes out. */
static void a_log_without_a_name_is_not_signed(void **state)
{
	struct desk *desk = desk_new();

	(void)state;
	strcpy(desk->log.origin, "tillsyn nordstad");
	order_look(desk);
	assert_refused(desk, ERR_PARSE);
	desk->order.permit_len = 0;
	assert_refused(desk, ERR_PARSE);
	free(desk);
}

/* A signer that begins with the name of a log signs for no other. */
static void an_empty_log_has_its_name(void **state)
{
	struct desk *desk = desk_new();

	(void)state;
	strcpy(desk->notary.last.origin, "tillsyn/sydstad");
	order_look(desk);
	assert_refused(desk, ERR_DENIED);
	strcpy(desk->notary.last.origin, "tillsyn/nordstad");
	assert_int_equal(sign(desk), ERR_OK);
	free(desk);
}

/* An answer that was lost: its checkpoint can be had again, its look cannot. */
static void what_was_signed_last_is_signed_again(void **state)
{
	struct desk *desk = desk_new();

	(void)state;
	order_look(desk);
	assert_int_equal(sign(desk), ERR_OK);
	assert_refused(desk, ERR_STALE);
	desk->order.permit_len = 0;
	desk->order.to_after.n = 0;
	assert_int_equal(sign(desk), ERR_OK);
	free(desk);
}

static enum err check(const struct desk *desk)
{
	return notary_check(crypto, desk->log.signer_public, &desk->order, &desk->answer);
}

static void an_answer_is_checked_against_its_order(void **state)
{
	struct desk *desk = desk_new();
	struct notary_answer good;
	struct notary_order ordered;

	(void)state;
	order_look(desk);
	assert_int_equal(sign(desk), ERR_OK);
	assert_int_equal(check(desk), ERR_OK);
	good = desk->answer;
	ordered = desk->order;
	desk->answer.permit_signature[5] ^= 1;
	assert_int_equal(check(desk), ERR_SIGNATURE);
	/* Its two notes the wrong way round, or none. */
	desk->answer = good;
	memcpy(desk->answer.after, good.before, good.before_len);
	desk->answer.after_len = good.before_len;
	assert_int_equal(check(desk), ERR_SIGNATURE);
	desk->answer = good;
	memcpy(desk->answer.before, good.after, good.after_len);
	desk->answer.before_len = good.after_len;
	assert_int_equal(check(desk), ERR_SIGNATURE);
	desk->answer.before_len = 0;
	assert_int_equal(check(desk), ERR_SIGNATURE);
	/* A good signature of something else. */
	desk->answer = good;
	desk->order.after.index_root[0] ^= 1;
	assert_int_equal(check(desk), ERR_SIGNATURE);
	desk->order = ordered;
	desk->order.permit[20] ^= 1;
	assert_int_equal(check(desk), ERR_SIGNATURE);
	desk->order = ordered;
	crypto->sign_keypair(desk->log.signer_public, desk->log.signer_secret);
	assert_int_equal(check(desk), ERR_SIGNATURE);
	free(desk);
}

static int start(void **state)
{
	(void)state;
	crypto = crypto_sodium();
	return crypto == NULL;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_order_that_follows_is_signed),
		cmocka_unit_test(a_checkpoint_alone),
		cmocka_unit_test(a_rewritten_log_finds_no_signature),
		cmocka_unit_test(another_log_or_epoch_finds_none),
		cmocka_unit_test(what_is_no_permit_is_not_signed),
		cmocka_unit_test(an_empty_log_has_its_name),
		cmocka_unit_test(what_was_signed_last_is_signed_again),
		cmocka_unit_test(an_answer_is_checked_against_its_order),
		cmocka_unit_test(a_log_without_a_name_is_not_signed),
	};

	return cmocka_run_group_tests_name("notary", tests, start, NULL);
}
