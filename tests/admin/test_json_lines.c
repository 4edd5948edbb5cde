/* A fault is of use only when it names the right line. */
#include "admin/json_lines.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static const char text[] =
	"{\n"                                         /* 1 */
	"\t\"zone\": \"Europe/Stockholm\",\n"         /* 2 */
	"\t\"agreements\": [\n"                       /* 3 */
	"\t\t{\"id\": \"a-1\", \"slots\": []},\n"     /* 4 */
	"\t\t{\n"                                     /* 5 */
	"\t\t\t\"id\": \"}]\\\"{[ a, b\",\n"          /* 6 */
	"\t\t\t\"slots\": [{\"from\": 1.5e3}, {\n"    /* 7 */
	"\t\t\t\t\"to\":\n"                           /* 8 */
	"\t\t\t\t\t\"02:00\",\n"                      /* 9 */
	"\t\t\t\t\"from\"\n"                          /* 10 */
	"\t\t\t\t: null}]\n"                          /* 11 */
	"\t\t}\n"                                     /* 12 */
	"\t]\n"                                       /* 13 */
	"}\n";

static void every_value_knows_its_line(void **state)
{
	static const struct {
		const char *path;
		int line;
	} expected[] = {
		{"", 1},
		{"zone", 2},
		{"agreements", 3},
		{"agreements[0]", 4},
		{"agreements[0].slots", 4},
		{"agreements[1]", 5},
		{"agreements[1].id", 6},
		{"agreements[1].slots[0].from", 7},
		{"agreements[1].slots[1]", 7},
		{"agreements[1].slots[1].to", 8},
		{"agreements[1].slots[1].from", 10},
	};
	struct json_lines *lines;

	(void)state;
	assert_int_equal(json_lines_read(text, strlen(text), &lines), ERR_OK);
	for (size_t i = 0; i < sizeof expected / sizeof expected[0]; i++)
		assert_int_equal(json_lines_find(lines, expected[i].path), expected[i].line);
	json_lines_free(lines);
}

/* What is missing is reported where it ought to be. */
static void a_path_that_does_not_exist_has_the_line_of_its_nearest_ancestor(void **state)
{
	static const struct {
		const char *path;
		int line;
	} expected[] = {
		{"residents", 1},
		{"agreements[7]", 3},
		{"agreements[1].area", 5},
		{"agreements[1].slots[1].id", 7},
		{"agreements[0].slots[0].from", 4},
		{"zone.x", 2},
		{"agreements[", 3},
		{"agreements[x]", 3},
		{"[1]", 1},
		{"..", 1},
	};
	struct json_lines *lines;

	(void)state;
	assert_int_equal(json_lines_read(text, strlen(text), &lines), ERR_OK);
	for (size_t i = 0; i < sizeof expected / sizeof expected[0]; i++)
		assert_int_equal(json_lines_find(lines, expected[i].path), expected[i].line);
	json_lines_free(lines);
}

static void what_is_no_json_is_refused(void **state)
{
	static const char *const texts[] = {"",         " ",   "{",     "[1",    "[1}", "{\"a\"}",
	                                    "{\"a\":}", "\"a", "[] []", "[1 2]", "\"\\"};
	struct json_lines *lines;

	(void)state;
	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
		assert_int_equal(json_lines_read(texts[i], strlen(texts[i]), &lines), ERR_PARSE);
		assert_null(lines);
	}
}

static void depth_is_bounded(void **state)
{
	static char deep[10001];
	struct json_lines *lines;

	(void)state;
	memset(deep, '[', sizeof deep - 1);
	assert_int_equal(json_lines_read(deep, sizeof deep - 1, &lines), ERR_PARSE);
	assert_null(lines);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_value_knows_its_line),
		cmocka_unit_test(a_path_that_does_not_exist_has_the_line_of_its_nearest_ancestor),
		cmocka_unit_test(what_is_no_json_is_refused),
		cmocka_unit_test(depth_is_bounded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
