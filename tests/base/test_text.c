/* Text at the door: what is let in, what is replaced, and the two spellings of bytes. */
#include "base/text.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <string.h>

#include <cmocka.h>

static void names_and_notes_of_people_are_clean(void **state)
{
	(void)state;
	assert_true(text_is_clean(""));
	assert_true(text_is_clean("Åsa Öberg-Nilsson, 3 tr ö.g."));
	assert_true(text_is_clean("Nguyễn Thị Hương"));
	assert_true(text_is_clean("محمد"));
	assert_true(text_is_clean("👵"));
}

static void text_that_could_move_or_hide_other_text_is_refused(void **state)
{
	static const char *const hostile[] = {
		"\x1b[2J",              /* an escape sequence */
		"a\nb", "a\tb", "\x7f",
		"\xc2\x9b" "31m",       /* C1: CSI in one character */
		"\xe2\x80\xae" "gnp",   /* right-to-left override */
		"\xe2\x81\xa6" "x",     /* an isolate */
		"a\xe2\x80\x8b" "b",    /* zero width space */
		"\xef\xbb\xbf" "bom",
		"\xe2\x80\xa8",         /* line separator */
		"\xf3\xa0\x81\x81",     /* a tag character */
	};

	(void)state;
	for (size_t i = 0; i < sizeof hostile / sizeof hostile[0]; i++)
		assert_false(text_is_clean(hostile[i]));
}

static void malformed_utf_8_is_refused(void **state)
{
	static const char *const malformed[] = {
		"\x80", "\xc3", "\xc3(", "\xe2\x82", "\xff", "\xfe",
		"\xc0\xaf",             /* an overlong slash */
		"\xe0\x80\xaf",
		"\xed\xa0\x80",         /* a surrogate */
		"\xf4\x90\x80\x80",     /* beyond the last code point */
		"\xf8\x88\x80\x80\x80",
	};

	(void)state;
	for (size_t i = 0; i < sizeof malformed / sizeof malformed[0]; i++)
		assert_false(text_is_clean(malformed[i]));
}

static void an_identifier_is_short_and_plain(void **state)
{
	(void)state;
	assert_true(text_is_id("r-17"));
	assert_true(text_is_id("_a.B"));
	assert_true(text_is_id("12345678901234567890123456789012"));
	assert_false(text_is_id("123456789012345678901234567890123"));
	assert_false(text_is_id(""));
	assert_false(text_is_id(".."));
	assert_false(text_is_id("-v"));
	assert_false(text_is_id("a/b"));
	assert_false(text_is_id("å"));
	assert_false(text_is_id("a b"));
}

static void cleaning_replaces_what_is_bad_and_cuts_no_letter(void **state)
{
	char out[8];

	(void)state;
	text_clean(out, sizeof out, "a\x1b" "b\xff" "c");
	assert_string_equal(out, "a?b?c");
	text_clean(out, sizeof out, "123456789");
	assert_string_equal(out, "1234567");
	text_clean(out, sizeof out, "123456å");
	assert_string_equal(out, "123456");
	text_clean(out, 1, "abc");
	assert_string_equal(out, "");
}

static void a_text_is_copied_whole_or_not_at_all(void **state)
{
	char out[5] = "old";

	(void)state;
	assert_int_equal(text_copy(out, sizeof out, "four"), ERR_OK);
	assert_string_equal(out, "four");
	assert_int_equal(text_copy(out, sizeof out, "five5"), ERR_LIMIT);
	assert_string_equal(out, "");
}

static void hexadecimal_is_read_back(void **state)
{
	const uint8_t bytes[] = {0x00, 0x7f, 0xab, 0xff};
	uint8_t back[4];
	char hex[9];

	(void)state;
	text_hex(hex, bytes, sizeof bytes);
	assert_string_equal(hex, "007fabff");
	assert_int_equal(text_from_hex(back, sizeof back, "007FabFF"), ERR_OK);
	assert_memory_equal(back, bytes, sizeof bytes);
	assert_int_equal(text_from_hex(back, sizeof back, "007fabf"), ERR_PARSE);
	assert_int_equal(text_from_hex(back, sizeof back, "007fabff0"), ERR_PARSE);
	assert_int_equal(text_from_hex(back, sizeof back, "007fabfg"), ERR_PARSE);
	assert_int_equal(text_from_hex(back, sizeof back, "0x7fabff"), ERR_PARSE);
}

/* RFC 4648 §10. */
static void base64_is_that_of_its_standard(void **state)
{
	static const char *const vectors[][2] = {
		{"", ""}, {"f", "Zg=="}, {"fo", "Zm8="}, {"foo", "Zm9v"},
		{"foob", "Zm9vYg=="}, {"fooba", "Zm9vYmE="}, {"foobar", "Zm9vYmFy"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof vectors / sizeof vectors[0]; i++) {
		struct buf text = buf_new(64), back = buf_new(64);

		assert_int_equal(text_base64(&text, vectors[i][0], strlen(vectors[i][0])), ERR_OK);
		assert_int_equal(text.len, strlen(vectors[i][1]));
		if (text.len > 0)
			assert_string_equal((char *)text.data, vectors[i][1]);
		assert_int_equal(text_from_base64(&back, vectors[i][1], strlen(vectors[i][1])),
		                 ERR_OK);
		assert_int_equal(back.len, strlen(vectors[i][0]));
		if (back.len > 0)
			assert_memory_equal(back.data, vectors[i][0], back.len);
		buf_free(&text);
		buf_free(&back);
	}
}

static void malformed_base64_is_refused_and_leaves_the_buffer(void **state)
{
	static const char *const malformed[] = {
		"Zg", "Zg=", "Zg===", "Zh==",  /* the last has bits that nobody wrote */
		"Zm9=", "Z===", "====", "Zg==Zg==", "Zm 9", "Zm9\n", "Zm9-", "Zm9vYm=y",
	};
	struct buf out = buf_new(64);

	(void)state;
	assert_int_equal(buf_add_text(&out, "kept"), ERR_OK);
	for (size_t i = 0; i < sizeof malformed / sizeof malformed[0]; i++) {
		assert_int_equal(text_from_base64(&out, malformed[i], strlen(malformed[i])),
		                 ERR_PARSE);
		assert_int_equal(out.len, 4);
	}
	assert_int_equal(text_from_base64(&out, "Zm9\0", 4), ERR_PARSE);
	buf_free(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_and_notes_of_people_are_clean),
		cmocka_unit_test(text_that_could_move_or_hide_other_text_is_refused),
		cmocka_unit_test(malformed_utf_8_is_refused),
		cmocka_unit_test(an_identifier_is_short_and_plain),
		cmocka_unit_test(cleaning_replaces_what_is_bad_and_cuts_no_letter),
		cmocka_unit_test(a_text_is_copied_whole_or_not_at_all),
		cmocka_unit_test(hexadecimal_is_read_back),
		cmocka_unit_test(base64_is_that_of_its_standard),
		cmocka_unit_test(malformed_base64_is_refused_and_leaves_the_buffer),
	};

	return cmocka_run_group_tests_name("base/text", tests, NULL, NULL);
}
