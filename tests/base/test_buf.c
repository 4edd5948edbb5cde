/* The buffer: it grows up to its limit, and an append that does not fit changes nothing. */
#include "base/buf.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <string.h>

#include <cmocka.h>

static void what_is_added_stands_in_order(void **state)
{
	struct buf buf = buf_new(1000);

	(void)state;
	for (int i = 0; i < 100; i++)
		assert_int_equal(buf_printf(&buf, "%d,", i), ERR_OK);
	assert_int_equal(buf.len, 290);
	assert_memory_equal(buf.data, "0,1,2,3,", 8);
	assert_string_equal((char *)buf.data + 287, "99,");
	buf_free(&buf);
}

static void an_append_beyond_the_limit_changes_nothing(void **state)
{
	struct buf buf = buf_new(4);

	(void)state;
	assert_int_equal(buf_add_text(&buf, "abc"), ERR_OK);
	assert_int_equal(buf_add_text(&buf, "de"), ERR_LIMIT);
	assert_int_equal(buf_printf(&buf, "%d", 10), ERR_LIMIT);
	assert_int_equal(buf_add(&buf, "x", SIZE_MAX), ERR_LIMIT);
	assert_string_equal((char *)buf.data, "abc");
	assert_int_equal(buf_add_text(&buf, "d"), ERR_OK);
	assert_int_equal(buf.len, 4);
	buf_free(&buf);
}

static void a_buffer_without_a_limit_takes_nothing(void **state)
{
	struct buf buf = {0};

	(void)state;
	assert_int_equal(buf_add_text(&buf, "a"), ERR_LIMIT);
	assert_int_equal(buf_add(&buf, "", 0), ERR_OK);
	buf_free(&buf);
}

static void dropping_forgets_the_front(void **state)
{
	struct buf buf = buf_new(16);

	(void)state;
	assert_int_equal(buf_add_text(&buf, "frames"), ERR_OK);
	buf_drop(&buf, 2);
	assert_string_equal((char *)buf.data, "ames");
	buf_drop(&buf, 0);
	buf_drop(&buf, 4);
	assert_int_equal(buf.len, 0);
	assert_int_equal(buf_add_text(&buf, "again"), ERR_OK);
	assert_string_equal((char *)buf.data, "again");
	buf_free(&buf);
}

static void a_freed_buffer_can_be_filled_again(void **state)
{
	struct buf buf = buf_new(8);

	(void)state;
	assert_int_equal(buf_add_text(&buf, "one"), ERR_OK);
	buf_free(&buf);
	assert_int_equal(buf.len, 0);
	assert_int_equal(buf_add_text(&buf, "two"), ERR_OK);
	assert_string_equal((char *)buf.data, "two");
	buf_free(&buf);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_added_stands_in_order),
		cmocka_unit_test(an_append_beyond_the_limit_changes_nothing),
		cmocka_unit_test(a_buffer_without_a_limit_takes_nothing),
		cmocka_unit_test(dropping_forgets_the_front),
		cmocka_unit_test(a_freed_buffer_can_be_filled_again),
	};

	return cmocka_run_group_tests_name("base/buf", tests, NULL, NULL);
}
