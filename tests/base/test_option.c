/* Options: every type read and refused, faults that say where and what, files that mean harm. */
#include "base/option.h"

#include "base/limits.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

struct inner {
	int64_t wait_ms;
};

struct settings {
	int64_t first; /* so that no field of interest has offset 0 */
	char path[12];
	int64_t count;
	int64_t view_ms;
	int64_t begins_min;
	bool demo;
	uint8_t key[4];
	int64_t driver;
	struct inner inner;
};

static const char *const drivers[] = {"simulated", "still", NULL};

static const struct option inner_table[] = {
	{.name = "inner.wait", .type = OPTION_DURATION, .offset = offsetof(struct inner, wait_ms),
	 .min = 0, .max = 3600000, .standard = "2min", .sentence = "It waits so long."},
	{.name = NULL},
};

static const struct option table[] = {
	{.name = "path", .type = OPTION_TEXT, .offset = offsetof(struct settings, path), .size = 12,
	 .standard = "/run/x", .sentence = "Where it is."},
	{.name = "count", .type = OPTION_INT, .offset = offsetof(struct settings, count),
	 .min = -5, .max = 10, .standard = "3", .sentence = "How many there are."},
	{.name = "view", .type = OPTION_DURATION, .offset = offsetof(struct settings, view_ms),
	 .min = 1000, .max = 90000, .standard = "30s", .sentence = "How long it stands."},
	{.name = "begins", .type = OPTION_TIME, .offset = offsetof(struct settings, begins_min),
	 .standard = "18:00", .sentence = "When it begins."},
	{.name = "demo", .type = OPTION_BOOL, .offset = offsetof(struct settings, demo),
	 .standard = "no", .sentence = "Whether it is one."},
	{.name = "key", .type = OPTION_HEX, .offset = offsetof(struct settings, key), .size = 4,
	 .sentence = "Whose it is."},
	{.name = "driver", .type = OPTION_CHOICE, .offset = offsetof(struct settings, driver),
	 .choices = drivers, .standard = "simulated", .sentence = "Which it is."},
	{.name = "inner", .type = OPTION_TABLE, .offset = offsetof(struct settings, inner),
	 .table = inner_table},
	{.name = NULL},
};

/* The faults of one parse, a line each. */
struct faults {
	char text[4096];
	int n;
};

static void note(void *arg, const char *line)
{
	struct faults *faults = arg;
	size_t len = strlen(faults->text);

	assert_null(strchr(line, '\n'));
	snprintf(faults->text + len, sizeof faults->text - len, "%s\n", line);
	faults->n++;
}

static struct faults parse_bytes(struct settings *settings, const char *text, size_t len,
                                 bool whole)
{
	struct faults faults = {0};
	int n = option_parse(table, settings, "x.conf", text, len, whole, note, &faults);

	assert_int_equal(n, faults.n);
	return faults;
}

static struct faults parse(struct settings *settings, const char *text)
{
	return parse_bytes(settings, text, strlen(text), false);
}

static void assert_defaults(const struct settings *settings)
{
	static const uint8_t zeroes[4];

	assert_string_equal(settings->path, "/run/x");
	assert_int_equal(settings->count, 3);
	assert_int_equal(settings->view_ms, 30000);
	assert_int_equal(settings->begins_min, 18 * 60);
	assert_false(settings->demo);
	assert_memory_equal(settings->key, zeroes, 4);
	assert_int_equal(settings->driver, 0);
	assert_int_equal(settings->inner.wait_ms, 120000);
}

static void an_empty_file_gives_every_default(void **state)
{
	struct settings settings;

	(void)state;
	memset(&settings, 0xa5, sizeof settings);
	assert_int_equal(parse(&settings, "").n, 0);
	assert_defaults(&settings);
	assert_int_equal(parse(&settings, "\n  \n# only a comment\n\t# another").n, 0);
	assert_defaults(&settings);
}

static void every_type_is_read(void **state)
{
	struct settings settings;
	struct faults faults = parse(&settings, "path = /tmp/a b\r\n"
	                                        "count=-5   # after a blank, a comment\n"
	                                        "  view\t=  1500ms\n"
	                                        "begins = 00:05\n"
	                                        "demo = yes\n"
	                                        "key = 00fFa1b2\n"
	                                        "driver = still\n"
	                                        "inner.wait = 1h");

	(void)state;
	assert_string_equal(faults.text, "");
	assert_string_equal(settings.path, "/tmp/a b");
	assert_int_equal(settings.count, -5);
	assert_int_equal(settings.view_ms, 1500);
	assert_int_equal(settings.begins_min, 5);
	assert_true(settings.demo);
	assert_memory_equal(settings.key, "\x00\xff\xa1\xb2", 4);
	assert_int_equal(settings.driver, 1);
	assert_int_equal(settings.inner.wait_ms, 3600000);
}

static void a_hash_inside_a_word_is_no_comment(void **state)
{
	struct settings settings;

	(void)state;
	assert_int_equal(parse(&settings, "path = /a#b #c").n, 0);
	assert_string_equal(settings.path, "/a#b");
}

#define NO_UNIT "x.conf:1:8: view: must be a number with its unit: 500ms, 30s, 15min or 2h\n"

static void a_fault_says_where_and_what_and_keeps_the_default(void **state)
{
	static const char *const faulty[][2] = {
		{"\ncount = 11", "x.conf:2:9: count: must be from -5 to 10\n"},
		{"count = 1e1", "x.conf:1:9: count: must be a whole number\n"},
		{"count =", "x.conf:1:8: count: must be a whole number\n"},
		{"count = --1", "x.conf:1:9: count: must be a whole number\n"},
		{"count = 99999999999999999999", "x.conf:1:9: count: must be a whole number\n"},
		{"view = 2min", "x.conf:1:8: view: must be from 1s to 90s\n"},
		{"view = 0", "x.conf:1:8: view: must be from 1s to 90s\n"},
		{"view = 30", NO_UNIT},
		{"view = 30 s", NO_UNIT},
		{"view = -1s", NO_UNIT},
		{"view = 999999999999999999h", NO_UNIT},
		{"begins = 24:00", "x.conf:1:10: begins: must be a time of day from 00:00 to 23:59\n"},
		{"begins = 7:00", "x.conf:1:10: begins: must be a time of day from 00:00 to 23:59\n"},
		{"begins = 07:60", "x.conf:1:10: begins: must be a time of day from 00:00 to 23:59\n"},
		{"demo = true", "x.conf:1:8: demo: must be yes or no\n"},
		{"key = 00ff", "x.conf:1:7: key: must be 8 hexadecimal digits\n"},
		{"key = 00ff00fg", "x.conf:1:7: key: must be 8 hexadecimal digits\n"},
		{"driver = Still", "x.conf:1:10: driver: must be one of simulated, still\n"},
		{"path = /longer/than/11", "x.conf:1:8: path: is longer than 11 bytes\n"},
		{"path = a\x1b[2J", "x.conf:1:8: path: has characters that are not text\n"},
		{"path = \xc3", "x.conf:1:8: path: has characters that are not text\n"},
		{"inner.wait = 2h", "x.conf:1:14: inner.wait: must be from 0s to 1h\n"},
		{"inner = 2h", "x.conf:1:1: inner: is not a setting\n"},
		{"cuont = 2", "x.conf:1:1: cuont: is not a setting\n"},
		{"= 2", "x.conf:1:1: is not a setting\n"},
		{"demo", "x.conf:1:1: demo: must have the form name = value\n"},
		{"dem\x1b[1mo = yes", "x.conf:1:1: dem?[1mo: is not a setting\n"},
	};
	struct settings settings;

	(void)state;
	for (size_t i = 0; i < sizeof faulty / sizeof faulty[0]; i++) {
		assert_string_equal(parse(&settings, faulty[i][0]).text, faulty[i][1]);
		assert_defaults(&settings);
	}
}

static void a_second_setting_is_a_fault_and_the_first_stands(void **state)
{
	struct settings settings;
	struct faults faults = parse(&settings, "count = 4\n\ncount = 5\n");

	(void)state;
	assert_string_equal(faults.text, "x.conf:3:1: count: is set already in line 1\n");
	assert_int_equal(settings.count, 4);
}

/* A user's file over the centre's: what it does not name, or names wrongly, stays the centre's. */
static void a_file_laid_over_another_changes_what_it_names(void **state)
{
	static const char over[] = "view = 40s\ncount = 99\n";
	struct faults faults = {0};
	struct settings settings;

	(void)state;
	parse(&settings, "count = 5\npath = /centre\nview = 20s\n");
	assert_int_equal(option_lay(table, &settings, "y.conf", over, sizeof over - 1, note, &faults),
	                 1);
	assert_string_equal(faults.text, "y.conf:2:9: count: must be from -5 to 10\n");
	assert_int_equal(settings.view_ms, 40000);
	assert_int_equal(settings.count, 5);
	assert_string_equal(settings.path, "/centre");
}

static void one_option_is_set_from_elsewhere(void **state)
{
	char wrong[OPTION_WRONG_MAX] = "";
	struct settings settings;

	(void)state;
	parse(&settings, "");
	assert_int_equal(option_set(table, &settings, "inner.wait", "1min", wrong), ERR_OK);
	assert_int_equal(settings.inner.wait_ms, 60000);
	assert_int_equal(option_set(table, &settings, "count", "11", wrong), ERR_PARSE);
	assert_string_equal(wrong, "must be from -5 to 10");
	assert_int_equal(settings.count, 3);
	assert_int_equal(option_set(table, &settings, "inner", "1min", wrong), ERR_NOT_FOUND);
}

static void what_must_be_given_is_missed_only_in_a_whole_file(void **state)
{
	struct settings settings;

	(void)state;
	assert_int_equal(parse_bytes(&settings, "", 0, false).n, 0);
	assert_string_equal(parse_bytes(&settings, "", 0, true).text,
	                    "x.conf: key: must be given: Whose it is.\n");
	assert_int_equal(parse_bytes(&settings, "key = 00000000", 14, true).n, 0);
}

static void every_fault_of_a_file_is_told(void **state)
{
	struct settings settings;
	struct faults faults = parse(&settings, "a = 1\ncount = 99\nview = 45s\ndemo = maybe\n");

	(void)state;
	assert_int_equal(faults.n, 3);
	assert_int_equal(settings.view_ms, 45000);
}

static void hostile_files_are_faults_and_nothing_worse(void **state)
{
	static char long_line[2000], large[CONFIG_MAX_BYTES + 1];
	struct settings settings;

	(void)state;
	memset(long_line, 'a', sizeof long_line);
	memset(large, '\n', sizeof large);
	assert_int_equal(parse_bytes(&settings, long_line, sizeof long_line, false).n, 1);
	assert_int_equal(parse_bytes(&settings, large, sizeof large, false).n, 1);
	assert_int_equal(parse_bytes(&settings, large, sizeof large - 1, false).n, 0);
	assert_int_equal(parse_bytes(&settings, "count = 4\0\n", 11, false).n, 1);
	assert_int_equal(parse_bytes(&settings, "\xff\xfe" "c\0o\0", 6, false).n, 1);
	assert_defaults(&settings);
}

/* Two thousand files of pieces that the parser knows, in every order; under the sanitizers. */
static void no_bytes_at_all_make_it_fall(void **state)
{
	uint32_t seed = 1;
	struct settings settings;

	(void)state;
	for (int round = 0; round < 2000; round++) {
		static const char pieces[] = "count = view=demo\n#key \0\xc3\x1b" "7:0hmins.";
		char text[300];

		for (size_t i = 0; i < sizeof text; i++) {
			seed = seed * 1664525 + 1013904223;
			text[i] = pieces[(seed >> 16) % (sizeof pieces - 1)];
		}
		option_parse(table, &settings, "x", text, sizeof text, true, NULL, NULL);
		assert_in_range(settings.view_ms, 1000, 90000);
	}
}

static void the_example_is_the_defaults(void **state)
{
	struct buf example = buf_new(CONFIG_MAX_BYTES);
	struct settings settings;
	char *text;

	(void)state;
	assert_int_equal(option_example(table, &example), ERR_OK);
	text = (char *)example.data;
	assert_non_null(strstr(text, "# How long it stands. From 1s to 90s.\n#view = 30s\n"));
	assert_non_null(strstr(text, "# It waits so long. From 0s to 1h.\n#inner.wait = 2min\n"));
	assert_non_null(strstr(text, "Must be given.\n#key =\n"));
	/* As it is, and with every setting in force. */
	assert_int_equal(parse(&settings, text).n, 0);
	for (char *at = text; (at = strchr(at, '#')) != NULL; at++)
		if (at[1] != ' ')
			*at = ' ';
	assert_string_equal(parse(&settings, text).text, "");
	assert_defaults(&settings);
	buf_free(&example);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_empty_file_gives_every_default),
		cmocka_unit_test(every_type_is_read),
		cmocka_unit_test(a_hash_inside_a_word_is_no_comment),
		cmocka_unit_test(a_fault_says_where_and_what_and_keeps_the_default),
		cmocka_unit_test(a_second_setting_is_a_fault_and_the_first_stands),
		cmocka_unit_test(a_file_laid_over_another_changes_what_it_names),
		cmocka_unit_test(one_option_is_set_from_elsewhere),
		cmocka_unit_test(what_must_be_given_is_missed_only_in_a_whole_file),
		cmocka_unit_test(every_fault_of_a_file_is_told),
		cmocka_unit_test(hostile_files_are_faults_and_nothing_worse),
		cmocka_unit_test(no_bytes_at_all_make_it_fall),
		cmocka_unit_test(the_example_is_the_defaults),
	};

	return cmocka_run_group_tests_name("base/option", tests, NULL, NULL);
}
