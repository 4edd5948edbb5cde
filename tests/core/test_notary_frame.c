/* The frames between the hub and the log's signer: what is written is read, and nothing else is. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/notary_frame.h"

#include <string.h>

static struct checkpoint a_checkpoint(uint64_t size)
{
	struct checkpoint checkpoint = {.origin = "tillsyn/nordstad", .size = size, .epoch = 3, .residents = 5};

	memset(checkpoint.root, (int)size, HASH_BYTES);
	memset(checkpoint.index_root, (int)size + 1, HASH_BYTES);
	return checkpoint;
}

/* As long as one can be. */
static struct notary_order the_longest_order(void)
{
	struct notary_order order = {.permit_len = PERMIT_MAX_BYTES, .before = a_checkpoint(7), .after = a_checkpoint(9)};

	memset(order.permit, 0x11, sizeof order.permit);
	memset(order.before.origin, 'o', NAME_MAX_BYTES - 1);
	memset(order.after.origin, 'o', NAME_MAX_BYTES - 1);
	order.to_before.n = order.to_after.n = TREE_PROOF_MAX;
	memset(order.to_before.hash, 0x22, sizeof order.to_before.hash);
	memset(order.to_after.hash, 0x33, sizeof order.to_after.hash);
	return order;
}

static struct notary_answer an_answer(void)
{
	struct notary_answer answer = {.before_len = 300, .after_len = CHECKPOINT_MAX_BYTES};

	memset(answer.permit_signature, 0x44, SIGNATURE_BYTES);
	memset(answer.before, 0x55, answer.before_len);
	memset(answer.after, 0x66, answer.after_len);
	return answer;
}

static struct notary_frame whole(const struct buf *bytes)
{
	struct notary_frame frame;
	size_t size;

	assert_int_equal(notary_next(bytes->data, bytes->len, &frame, &size), ERR_OK);
	assert_int_equal(size, bytes->len);
	return frame;
}

static void assert_same_order(const struct notary_order *a, const struct notary_order *b)
{
	assert_int_equal(a->permit_len, b->permit_len);
	assert_memory_equal(a->permit, b->permit, a->permit_len);
	assert_memory_equal(&a->before, &b->before, sizeof a->before);
	assert_memory_equal(&a->after, &b->after, sizeof a->after);
	assert_memory_equal(&a->to_before, &b->to_before, sizeof a->to_before);
	assert_memory_equal(&a->to_after, &b->to_after, sizeof a->to_after);
}

static void an_order_is_read_as_it_was_written(void **state)
{
	struct notary_order order = the_longest_order(), read;
	struct buf bytes = buf_new(NOTARY_FRAME_MAX);
	struct notary_frame frame;
	int64_t id;

	(void)state;
	assert_int_equal(notary_put_order(&bytes, 77, &order), ERR_OK);
	frame = whole(&bytes);
	assert_int_equal(frame.kind, NOTARY_ORDER);
	assert_int_equal(notary_get_order(&frame, &id, &read), ERR_OK);
	assert_int_equal(id, 77);
	assert_same_order(&order, &read);

	/* The log alone. */
	bytes.len = 0;
	order = (struct notary_order){.after = a_checkpoint(9)};
	assert_int_equal(notary_put_order(&bytes, 78, &order), ERR_OK);
	frame = whole(&bytes);
	assert_int_equal(notary_get_order(&frame, &id, &read), ERR_OK);
	assert_same_order(&order, &read);
	buf_free(&bytes);
}

static void so_is_every_answer(void **state)
{
	struct notary_answer answer = an_answer(), read;
	struct notary_refusal refusal = {.id = 4, .err = ERR_STALE, .reason = "the log is\nshorter"}, said;
	struct buf bytes = buf_new(NOTARY_FRAME_MAX);
	uint8_t note[CHECKPOINT_MAX_BYTES];
	struct notary_frame frame;
	int64_t id;
	size_t len;

	(void)state;
	assert_int_equal(notary_put_signed(&bytes, -5, &answer), ERR_OK);
	frame = whole(&bytes);
	assert_int_equal(frame.kind, NOTARY_SIGNED);
	assert_int_equal(notary_get_signed(&frame, &id, &read), ERR_OK);
	assert_int_equal(id, -5);
	assert_memory_equal(&read, &answer, sizeof read);

	bytes.len = 0;
	assert_int_equal(notary_put_refused(&bytes, &refusal), ERR_OK);
	frame = whole(&bytes);
	assert_int_equal(frame.kind, NOTARY_REFUSED);
	assert_int_equal(notary_get_refused(&frame, &said), ERR_OK);
	assert_int_equal(said.id, 4);
	assert_int_equal(said.err, ERR_STALE);
	assert_string_equal(said.reason, "the log is?shorter");

	bytes.len = 0;
	assert_int_equal(notary_put_hello(&bytes, answer.before, answer.before_len), ERR_OK);
	frame = whole(&bytes);
	assert_int_equal(frame.kind, NOTARY_HELLO);
	assert_int_equal(notary_get_hello(&frame, note, &len), ERR_OK);
	assert_int_equal(len, answer.before_len);
	assert_memory_equal(note, answer.before, len);
	buf_free(&bytes);
}

/* A frame that comes in pieces is waited for; one whose own length cuts it short is refused. */
static void every_cut(void **state)
{
	struct notary_order order = the_longest_order(), read;
	struct buf bytes = buf_new(NOTARY_FRAME_MAX);
	struct notary_frame frame;
	size_t size;
	int64_t id;

	(void)state;
	assert_int_equal(notary_put_order(&bytes, 77, &order), ERR_OK);
	for (size_t len = 0; len < bytes.len; len++) {
		assert_int_equal(notary_next(bytes.data, len, &frame, &size), ERR_OK);
		assert_int_equal(size, 0);
	}
	frame = whole(&bytes);
	for (size_t len = frame.len; len-- > 0;) {
		frame.len = len;
		assert_int_not_equal(notary_get_order(&frame, &id, &read), ERR_OK);
		assert_int_equal(read.permit_len, 0);
	}
	buf_free(&bytes);
}

static void what_is_left_over_is_refused(void **state)
{
	struct notary_order order = the_longest_order(), read;
	struct buf bytes = buf_new(NOTARY_FRAME_MAX);
	struct notary_frame frame;
	int64_t id;

	(void)state;
	assert_int_equal(notary_put_order(&bytes, 77, &order), ERR_OK);
	frame = whole(&bytes);
	assert_int_equal(buf_add(&bytes, "x", 1), ERR_OK);
	frame.body = bytes.data + (bytes.len - 1 - frame.len);
	frame.len++;
	assert_int_equal(notary_get_order(&frame, &id, &read), ERR_PARSE);
	buf_free(&bytes);
}

/* Whatever can still be read is exactly what those bytes mean: written again they are the same. */
static void a_changed_byte_is_refused_or_means_itself(void **state)
{
	struct notary_order order = the_longest_order(), read;
	struct buf bytes = buf_new(NOTARY_FRAME_MAX), again = buf_new(NOTARY_FRAME_MAX);
	struct notary_frame frame;
	int refused = 0;
	size_t size;
	int64_t id;

	(void)state;
	order.permit_len = 40;
	order.to_before.n = 2;
	order.to_after.n = 1;
	strcpy(order.before.origin, "tillsyn/nordstad");
	strcpy(order.after.origin, "tillsyn/nordstad");
	assert_int_equal(notary_put_order(&bytes, 77, &order), ERR_OK);
	for (size_t i = 0; i < bytes.len; i++) {
		for (int bit = 0; bit < 8; bit++) {
			bytes.data[i] ^= (uint8_t)(1 << bit);
			if (notary_next(bytes.data, bytes.len, &frame, &size) != ERR_OK || size != bytes.len
			    || frame.kind != NOTARY_ORDER || notary_get_order(&frame, &id, &read) != ERR_OK) {
				refused++;
			} else {
				again.len = 0;
				assert_int_equal(notary_put_order(&again, id, &read), ERR_OK);
				assert_int_equal(again.len, bytes.len);
				assert_memory_equal(again.data, bytes.data, bytes.len);
			}
			bytes.data[i] ^= (uint8_t)(1 << bit);
		}
	}
	assert_true(refused > 200);
	buf_free(&bytes);
	buf_free(&again);
}

static void a_frame_of_another_kind_or_length_ends_the_conversation(void **state)
{
	static const struct {
		uint8_t head[6];
		enum err err;
	} bad[] = {
		{{0, 0, 0, 10, NOTARY_VERSION + 1, NOTARY_ORDER}, ERR_VERSION},
		{{0, 0, 0, 10, NOTARY_VERSION, 0}, ERR_PARSE},
		{{0, 0, 0, 10, NOTARY_VERSION, NOTARY_KINDS}, ERR_PARSE},
		{{0, 0, 0, 1, NOTARY_VERSION, NOTARY_ORDER}, ERR_PARSE},
		{{0, 0, 0, 0, NOTARY_VERSION, NOTARY_ORDER}, ERR_PARSE},
		{{0, 0, 0x20, 0, NOTARY_VERSION, NOTARY_ORDER}, ERR_LIMIT},
		{{0xff, 0xff, 0xff, 0xff, NOTARY_VERSION, NOTARY_ORDER}, ERR_LIMIT},
	};
	struct notary_frame frame;
	size_t size;

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		assert_int_equal(notary_next(bad[i].head, 6, &frame, &size), bad[i].err);
		assert_int_equal(size, 0);
	}
}

/* Number 0 is the connection's, a refusal has a reason, an origin is one. */
static void values_out_of_bounds_are_refused(void **state)
{
	struct notary_order order = the_longest_order();
	struct notary_answer answer = an_answer(), read_answer;
	struct notary_refusal refusal = {.id = 1, .err = ERR_OK};
	struct buf bytes = buf_new(NOTARY_FRAME_MAX);
	struct notary_frame frame;
	int64_t id;

	(void)state;
	assert_int_equal(notary_put_order(&bytes, 0, &order), ERR_OK);
	frame = whole(&bytes);
	assert_int_not_equal(notary_get_order(&frame, &id, &order), ERR_OK);
	bytes.len = 0;
	assert_int_equal(notary_put_signed(&bytes, 0, &answer), ERR_OK);
	frame = whole(&bytes);
	assert_int_not_equal(notary_get_signed(&frame, &id, &read_answer), ERR_OK);
	bytes.len = 0;
	assert_int_equal(notary_put_refused(&bytes, &refusal), ERR_OK);
	frame = whole(&bytes);
	assert_int_not_equal(notary_get_refused(&frame, &refusal), ERR_OK);
	bytes.len = 0;
	order = (struct notary_order){.after = a_checkpoint(9)};
	strcpy(order.after.origin, "with blanks");
	assert_int_equal(notary_put_order(&bytes, 1, &order), ERR_OK);
	frame = whole(&bytes);
	assert_int_not_equal(notary_get_order(&frame, &id, &order), ERR_OK);
	buf_free(&bytes);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_order_is_read_as_it_was_written),
		cmocka_unit_test(so_is_every_answer),
		cmocka_unit_test(every_cut),
		cmocka_unit_test(what_is_left_over_is_refused),
		cmocka_unit_test(a_changed_byte_is_refused_or_means_itself),
		cmocka_unit_test(a_frame_of_another_kind_or_length_ends_the_conversation),
		cmocka_unit_test(values_out_of_bounds_are_refused),
	};

	return cmocka_run_group_tests_name("notary frames", tests, NULL, NULL);
}
