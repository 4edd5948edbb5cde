/* Log events: one encoding each, read back whole, and nothing read that was not written by us. */
#include "core/event.h"

#include "base/canon.h"
#include "base/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static struct log_event shown(void)
{
	struct log_event event = log_event(LOG_PICTURE_SHOWN, INT64_C(1790000000000));

	memcpy(event.actor, "anna", sizeof "anna");
	memcpy(event.resident, "sven", sizeof "sven");
	event.check = 7;
	event.look = 9;
	log_event_text(&event, "cause", "not-seen");
	log_event_int(&event, "view_ms", -1);
	return event;
}

static void an_event_comes_back_as_it_was_written(void **state)
{
	struct log_event event = shown(), read;
	struct buf buf = buf_new(LOG_EVENT_MAX_BYTES);

	(void)state;
	log_event_text(&event, "reason", NULL);
	assert_int_equal(log_event_encode(&event, &buf), ERR_OK);
	assert_int_equal(log_event_decode(&read, buf.data, buf.len), ERR_OK);
	assert_int_equal(read.type, LOG_PICTURE_SHOWN);
	assert_int_equal(read.at_ms, event.at_ms);
	assert_string_equal(read.actor, "anna");
	assert_string_equal(read.resident, "sven");
	assert_int_equal(read.check, 7);
	assert_int_equal(read.look, 9);
	assert_int_equal(read.page, 0);
	assert_int_equal(read.n_fields, 2);
	assert_string_equal(log_event_value(&read, "view_ms"), "-1");
	assert_null(log_event_value(&read, "reason"));
	buf_free(&buf);
}

/* The bytes that every log ever written depends on. */
static void the_encoding_does_not_change(void **state)
{
	static const char expected[] =
		"01" "00000010" "000001a0c4506c00" "00000004616e6e61" "000000047376656e"
		"0000000000000007" "0000000000000009" "0000000000000000" "02"
		"000000056361757365" "000000086e6f742d7365656e"
		"00000007766965775f6d73" "000000022d31";
	struct log_event event = shown();
	struct buf buf = buf_new(LOG_EVENT_MAX_BYTES);
	char hex[512];

	(void)state;
	assert_int_equal(log_event_encode(&event, &buf), ERR_OK);
	assert_true(buf.len * 2 < sizeof hex);
	text_hex(hex, buf.data, buf.len);
	assert_string_equal(hex, expected);
	buf_free(&buf);
}

static void hostile_bytes_are_refused(void **state)
{
	struct log_event event = shown(), read;
	struct buf buf = buf_new(LOG_EVENT_MAX_BYTES);

	(void)state;
	assert_int_equal(log_event_encode(&event, &buf), ERR_OK);
	for (size_t len = 0; len < buf.len; len++)
		assert_int_not_equal(log_event_decode(&read, buf.data, len), ERR_OK);
	buf.data[0] = 2;
	assert_int_equal(log_event_decode(&read, buf.data, buf.len), ERR_VERSION);
	buf.data[0] = 1;
	buf.data[4] = LOG_TYPES;
	assert_int_equal(log_event_decode(&read, buf.data, buf.len), ERR_PARSE);
	buf.data[4] = 0;
	assert_int_equal(log_event_decode(&read, buf.data, buf.len), ERR_PARSE);
	buf.data[4] = LOG_PICTURE_SHOWN;
	assert_int_equal(log_event_decode(&read, buf.data, buf.len), ERR_OK);
	buf_add(&buf, "x", 1);
	assert_int_equal(log_event_decode(&read, buf.data, buf.len), ERR_PARSE);
	buf_free(&buf);
}

static enum err decode_fields(int claimed, const char *first, const char *second)
{
	struct log_event event = log_event(LOG_LOGIN, 1), read;
	struct buf buf = buf_new(LOG_EVENT_MAX_BYTES);
	struct canon_writer w;
	enum err r;

	log_event_encode(&event, &buf);
	buf.data[buf.len - 1] = (uint8_t)claimed;
	w = canon_write(&buf);
	canon_put_text(&w, first);
	canon_put_text(&w, "a");
	canon_put_text(&w, second);
	canon_put_text(&w, "b");
	r = log_event_decode(&read, buf.data, buf.len);
	buf_free(&buf);
	return r;
}

static void fields_are_known_and_given_once(void **state)
{
	(void)state;
	assert_int_equal(decode_fields(2, "cause", "reason"), ERR_OK);
	assert_int_equal(decode_fields(2, "cause", "cause"), ERR_PARSE);
	assert_int_equal(decode_fields(2, "cause", "colour"), ERR_PARSE);
	assert_int_equal(decode_fields(1, "cause", "reason"), ERR_PARSE);
	assert_int_equal(decode_fields(LOG_FIELDS_MAX + 1, "cause", "reason"), ERR_LIMIT);
}

static void words_from_outside_are_cleaned_and_cut(void **state)
{
	struct log_event event = log_event(LOG_ANSWERED, 1), read;
	struct buf buf = buf_new(LOG_EVENT_MAX_BYTES);
	char words[300];

	(void)state;
	memset(words, 'w', sizeof words - 1);
	words[sizeof words - 1] = '\0';
	log_event_text(&event, "words", words);
	log_event_text(&event, "reason", "a\x1b[2Jb");
	assert_int_equal(log_event_encode(&event, &buf), ERR_OK);
	assert_int_equal(log_event_decode(&read, buf.data, buf.len), ERR_OK);
	assert_int_equal(strlen(log_event_value(&read, "words")), REASON_MAX_BYTES - 1);
	assert_true(text_is_clean(log_event_value(&read, "reason")));
	memcpy(event.actor, "a\x1b", 3);
	assert_int_equal(log_event_encode(&event, &buf), ERR_PARSE);
	buf_free(&buf);
}

static void a_full_event_fits_and_a_failed_one_leaves_nothing(void **state)
{
	struct log_event event = log_event(LOG_ANSWERED, 1);
	struct buf buf = buf_new(LOG_EVENT_MAX_BYTES), small = buf_new(64);
	char words[REASON_MAX_BYTES];

	(void)state;
	memset(words, 'w', sizeof words - 1);
	words[sizeof words - 1] = '\0';
	for (int i = 0; i < LOG_FIELDS_MAX; i++)
		log_event_text(&event, log_event_keys[i], words);
	assert_int_equal(log_event_encode(&event, &buf), ERR_OK);
	assert_int_equal(log_event_encode(&event, &small), ERR_LIMIT);
	assert_int_equal(small.len, 0);
	buf_free(&buf);
	buf_free(&small);
}

/* The reader would refuse it, and a log that cannot be read back proves nothing. */
static void what_could_not_be_read_back_is_not_written(void **state)
{
	struct log_event actor = shown(), resident = shown();
	struct buf buf = buf_new(LOG_EVENT_MAX_BYTES);

	(void)state;
	memcpy(actor.actor, "an\nna", sizeof "an\nna");
	assert_int_equal(log_event_encode(&actor, &buf), ERR_PARSE);
	memcpy(resident.resident, "sv\x1b" "en", sizeof "sv\x1b" "en");
	assert_int_equal(log_event_encode(&resident, &buf), ERR_PARSE);
	assert_int_equal(buf.len, 0);
	buf_free(&buf);
}

static void types_and_keys_have_names_of_their_own(void **state)
{
	(void)state;
	for (int i = LOG_HUB_STARTED; i < LOG_TYPES; i++)
		assert_int_equal(log_type_from_name(log_type_name((enum log_type)i)), i);
	assert_int_equal(log_type_from_name("seen"), -1);
	for (int i = 0; log_event_keys[i] != NULL; i++) {
		assert_true(strlen(log_event_keys[i]) < ID_MAX);
		for (int j = 0; j < i; j++)
			assert_string_not_equal(log_event_keys[i], log_event_keys[j]);
	}
}

/* A hash whose input can be read back: its length, then its first bytes. */
static void sum(uint8_t hash[HASH_BYTES], const void *data, size_t len)
{
	memset(hash, 0, HASH_BYTES);
	hash[0] = (uint8_t)len;
	memcpy(hash + 1, data, len < HASH_BYTES - 1 ? len : HASH_BYTES - 1);
}

/* RFC 6962 §2.1: a leaf is hashed behind a zero byte; the entry commits to salt and bytes. */
static void a_leaf_is_domain_separated(void **state)
{
	const struct crypto crypto = {.sha256 = sum};
	uint8_t salt[SALT_BYTES] = {9}, hash[HASH_BYTES];

	(void)state;
	log_leaf_hash(&crypto, salt, "abc", 3, hash);
	assert_int_equal(hash[0], 1 + HASH_BYTES);
	assert_int_equal(hash[1], 0x00);
	assert_int_equal(hash[2], SALT_BYTES + 3);
	assert_int_equal(hash[3], 9);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_event_comes_back_as_it_was_written),
		cmocka_unit_test(the_encoding_does_not_change),
		cmocka_unit_test(hostile_bytes_are_refused),
		cmocka_unit_test(fields_are_known_and_given_once),
		cmocka_unit_test(words_from_outside_are_cleaned_and_cut),
		cmocka_unit_test(a_full_event_fits_and_a_failed_one_leaves_nothing),
		cmocka_unit_test(what_could_not_be_read_back_is_not_written),
		cmocka_unit_test(types_and_keys_have_names_of_their_own),
		cmocka_unit_test(a_leaf_is_domain_separated),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
