/* Canonical bytes: one encoding of a value, and a reader that takes nothing else. */
#include "base/canon.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <string.h>

#include <cmocka.h>

static void the_encoding_never_changes(void **state)
{
	static const uint8_t expected[] = {
		0x07,
		0x01, 0x02, 0x03, 0x04,
		0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xfe,
		0x00, 0x00, 0x00, 0x02, 'a', 'b',
		0x00, 0x00, 0x00, 0x00,
		0xee, 0xdd,
	};
	struct buf out = buf_new(100);
	struct canon_writer w = canon_write(&out);

	(void)state;
	canon_put_u8(&w, 7);
	canon_put_u32(&w, 0x01020304);
	canon_put_i64(&w, -2);
	canon_put_text(&w, "ab");
	canon_put_bytes(&w, "", 0);
	canon_put_fixed(&w, "\xee\xdd", 2);
	assert_int_equal(w.err, ERR_OK);
	assert_int_equal(out.len, sizeof expected);
	assert_memory_equal(out.data, expected, sizeof expected);
	buf_free(&out);
}

static void what_was_written_is_read(void **state)
{
	struct buf out = buf_new(100);
	struct canon_writer w = canon_write(&out);
	struct canon_reader r;
	const uint8_t *bytes;
	char text[8];
	size_t len;

	(void)state;
	canon_put_i64(&w, INT64_MIN);
	canon_put_u8(&w, 1);
	canon_put_text(&w, "Åsa");
	canon_put_bytes(&w, "\0\1", 2);
	r = canon_read(out.data, out.len);
	assert_true(canon_i64(&r) == INT64_MIN);
	assert_true(canon_bool(&r));
	canon_text(&r, text, sizeof text);
	assert_string_equal(text, "Åsa");
	bytes = canon_bytes(&r, 2, &len);
	assert_int_equal(len, 2);
	assert_memory_equal(bytes, "\0\1", 2);
	assert_int_equal(canon_end(&r), ERR_OK);
	buf_free(&out);
}

static void the_writer_remembers_that_something_did_not_fit(void **state)
{
	struct buf out = buf_new(6);
	struct canon_writer w = canon_write(&out);

	(void)state;
	canon_put_u32(&w, 1);
	canon_put_i64(&w, 2);
	canon_put_u8(&w, 3);
	assert_int_equal(w.err, ERR_LIMIT);
	buf_free(&out);
}

static void what_is_left_over_or_missing_is_refused(void **state)
{
	struct canon_reader r = canon_read("\0\0\0\1\2", 5);

	(void)state;
	assert_int_equal(canon_u32(&r), 1);
	assert_int_equal(canon_end(&r), ERR_PARSE);
	assert_int_equal(canon_u32(&r), 0);
	assert_int_equal(canon_end(&r), ERR_PARSE);
	/* The first error stays, and nothing is read after it. */
	assert_int_equal(canon_u8(&r), 0);
	assert_int_equal(canon_end(&r), ERR_PARSE);
}

static enum err read_text(const char *data, size_t len, size_t size)
{
	struct canon_reader r = canon_read(data, len);
	char text[16] = "untouched";

	canon_text(&r, text, size);
	if (r.err != ERR_OK)
		assert_string_equal(text, "");
	return canon_end(&r);
}

static void a_hostile_text_is_refused(void **state)
{
	(void)state;
	assert_int_equal(read_text("\0\0\0\3abc", 7, 4), ERR_OK);
	assert_int_equal(read_text("\0\0\0\3abc", 7, 3), ERR_LIMIT);
	assert_int_equal(read_text("\0\0\0\4abc", 7, 16), ERR_PARSE);
	assert_int_equal(read_text("\xff\xff\xff\xff" "abc", 7, 16), ERR_LIMIT);
	assert_int_equal(read_text("\0\0\0\3a\0c", 7, 16), ERR_PARSE);
	assert_int_equal(read_text("\0\0\0\3a\x1b" "c", 7, 16), ERR_PARSE);
	assert_int_equal(read_text("\0\0\0\1\xc3", 5, 16), ERR_PARSE);
	assert_int_equal(read_text("\0\0", 2, 16), ERR_PARSE);
	assert_int_equal(read_text(NULL, 0, 16), ERR_PARSE);
}

static void a_value_out_of_its_bounds_is_refused(void **state)
{
	static const uint8_t five[8] = {0, 0, 0, 0, 0, 0, 0, 5};
	struct canon_reader r = canon_read(five, sizeof five);

	(void)state;
	assert_int_equal(canon_i64_in(&r, 5, 5), 5);
	assert_int_equal(canon_end(&r), ERR_OK);
	r = canon_read(five, sizeof five);
	assert_int_equal(canon_i64_in(&r, -3, 4), -3);
	assert_int_equal(canon_end(&r), ERR_PARSE);
	r = canon_read("\2", 1);
	assert_false(canon_bool(&r));
	assert_int_equal(canon_end(&r), ERR_PARSE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_encoding_never_changes),
		cmocka_unit_test(what_was_written_is_read),
		cmocka_unit_test(the_writer_remembers_that_something_did_not_fit),
		cmocka_unit_test(what_is_left_over_or_missing_is_refused),
		cmocka_unit_test(a_hostile_text_is_refused),
		cmocka_unit_test(a_value_out_of_its_bounds_is_refused),
	};

	return cmocka_run_group_tests_name("base/canon", tests, NULL, NULL);
}
