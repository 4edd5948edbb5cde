/*
 * The settings of hub and camera agent, and the example files that are made from them. Called with
 * --write it writes those files: build/asan/tests/core/test_settings --write, from the project's
 * root.
 */
#include "core/settings.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct example {
	const char *path;
	const char *heading;
	const struct option *table;
	size_t size;
	const char *required[4];
} examples[] = {
	{"dist/hub.conf.example",
	 "# The hub's settings: each with its default, as it is while the line is commented out.\n"
	 "# Copy to /etc/tillsyn/hub.conf. tillsynctl check-config FILE: what is wrong in it.\n\n",
	 hub_options, sizeof(struct hub_settings), {"administration_key"}},
	{"dist/camera.conf.example",
	 "# A camera's settings: each with its default, as it is while the line is commented out.\n"
	 "# Copy to /etc/tillsyn/camera.conf. tillsynctl check-config FILE: what is wrong in it.\n\n",
	 camera_options, sizeof(struct camera_settings),
	 {"camera", "administration_key", "signer_key", "driver"}},
};

enum { EXAMPLES = sizeof examples / sizeof examples[0] };

static struct buf make_example(const struct example *example)
{
	struct buf text = buf_new(CONFIG_MAX_BYTES);

	assert_int_equal(buf_add_text(&text, example->heading), ERR_OK);
	assert_int_equal(option_example(example->table, &text), ERR_OK);
	while (text.len > 1 && text.data[text.len - 2] == '\n')
		text.len--;
	return text;
}

static void the_example_files_are_the_tables(void **state)
{
	(void)state;
	for (int i = 0; i < EXAMPLES; i++) {
		struct buf expected = make_example(&examples[i]);
		char *found = calloc(1, CONFIG_MAX_BYTES);
		FILE *file = fopen(examples[i].path, "rb");
		size_t len;

		assert_non_null(found);
		assert_non_null(file);
		len = fread(found, 1, CONFIG_MAX_BYTES, file);
		fclose(file);
		if (len != expected.len || memcmp(found, expected.data, len) != 0)
			fail_msg("%s is not what the table says; run this test with --write",
			         examples[i].path);
		buf_free(&expected);
		free(found);
	}
}

struct faults {
	int n;
	char line[16][256];
};

static void note_fault(void *arg, const char *line)
{
	struct faults *faults = arg;

	assert_true(faults->n < 16);
	snprintf(faults->line[faults->n++], sizeof faults->line[0], "%s", line);
}

static int parse(const struct option *table, void *settings, const char *text,
                 struct faults *faults)
{
	*faults = (struct faults){0};
	return option_parse(table, settings, "t.conf", text, strlen(text), true, note_fault,
	                    faults);
}

/* Nothing but what no default can know is asked for; least of all is a camera's driver guessed. */
static void only_keys_names_and_the_driver_must_be_given(void **state)
{
	(void)state;
	for (int i = 0; i < EXAMPLES; i++) {
		void *settings = calloc(1, examples[i].size);
		struct faults faults;
		int n = parse(examples[i].table, settings, "", &faults);

		assert_int_equal(n, faults.n);
		for (int j = 0; j < n; j++) {
			assert_true(j < 4);
			assert_non_null(examples[i].required[j]);
			assert_non_null(strstr(faults.line[j], examples[i].required[j]));
		}
		assert_true(n == 4 || examples[i].required[n] == NULL);
		free(settings);
	}
}

/* Every commented setting of an example, taken as it stands, is accepted and changes nothing. */
static void the_examples_lines_are_the_defaults(void **state)
{
	struct policy policy = policy_defaults();

	(void)state;
	for (int i = 0; i < EXAMPLES; i++) {
		struct buf example = make_example(&examples[i]);
		void *bare = calloc(1, examples[i].size), *full = calloc(1, examples[i].size);
		struct faults faults;
		int required;

		for (size_t at = 0; at + 1 < example.len; at++) {
			if (example.data[at] == '#' && example.data[at + 1] != ' ')
				example.data[at] = ' ';
		}
		required = parse(examples[i].table, bare, "", &faults);
		assert_true(option_parse(examples[i].table, full, "example",
		                         (const char *)example.data, example.len, true, note_fault,
		                         &faults)
		            <= required);
		assert_memory_equal(bare, full, examples[i].size);
		assert_memory_equal(bare, &policy, sizeof policy);
		buf_free(&example);
		free(bare);
		free(full);
	}
}

static void a_hub_reads_its_file(void **state)
{
	static const char text[] =
		"database = /tmp/hub.db\n"
		"administration_key = "
		"000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f\n"
		"agent_port = 9000\n"
		"demo = yes\n"
		"policy.view = 20s\n";
	struct hub_settings settings;
	struct policy policy = policy_defaults();
	struct faults faults;

	(void)state;
	memset(&settings, 0xa5, sizeof settings);
	assert_int_equal(parse(hub_options, &settings, text, &faults), 0);
	assert_string_equal(settings.database, "/tmp/hub.db");
	assert_string_equal(settings.emergency, "112");
	assert_string_equal(settings.console_host, "");
	assert_int_equal(settings.administration_key[31], 0x1f);
	assert_int_equal(settings.agent_port, 9000);
	assert_true(settings.demo);
	policy.view_ms = 20000;
	assert_memory_equal(&settings.policy, &policy, sizeof policy);
}

static void a_camera_reads_its_file(void **state)
{
	static const char text[] =
		"camera = c-17\n"
		"administration_key = "
		"000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f\n"
		"signer_key = 000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f\n"
		"driver = still\n"
		"policy.lens_open_max = 4s\n";
	struct camera_settings settings;
	struct faults faults;

	(void)state;
	assert_int_equal(parse(camera_options, &settings, text, &faults), 0);
	assert_string_equal(settings.camera, "c-17");
	assert_int_equal(settings.driver, 1);
	assert_true(settings.hub_tls);
	assert_false(settings.demo);
	assert_int_equal(settings.policy.lens_open_ms_max, 4000);
	assert_int_equal(settings.policy.clock_skew_ms, policy_defaults().clock_skew_ms);
}

static void a_fault_names_file_line_and_setting(void **state)
{
	struct hub_settings settings;
	struct faults faults;

	(void)state;
	parse(hub_options, &settings,
	      "administration_key =\n\nagent_port = 70000\npolicy.view = 30min\n", &faults);
	assert_int_equal(faults.n, 2);
	assert_non_null(strstr(faults.line[0], "t.conf:3:14: agent_port: "));
	assert_non_null(strstr(faults.line[1], "t.conf:4:15: policy.view: "));
	assert_int_equal(settings.policy.view_ms, policy_defaults().view_ms);
}

struct extent {
	size_t from, to, align;
};

static int compare_extents(const void *a, const void *b)
{
	const struct extent *left = a, *right = b;

	return (left->from > right->from) - (left->from < right->from);
}

/*
 * A field without an option could not be set by anybody: it would leave a hole that is no padding.
 */
static void every_setting_has_an_option(void **state)
{
	(void)state;
	for (int i = 0; i < EXAMPLES; i++) {
		struct extent extent[64];
		const struct option *option = examples[i].table;
		size_t n = 0, at = 0;

		for (; option->name != NULL; option++) {
			bool bytes = option->type == OPTION_TEXT || option->type == OPTION_HEX;
			size_t align = bytes || option->type == OPTION_BOOL ? 1 : sizeof(int64_t);

			extent[n++] = (struct extent){option->offset, option->offset + option->size,
			                              align};
		}
		qsort(extent, n, sizeof extent[0], compare_extents);
		for (size_t j = 0; j < n; j++) {
			assert_int_equal(extent[j].from, (at + extent[j].align - 1)
			                                         / extent[j].align
			                                         * extent[j].align);
			at = extent[j].to;
		}
		assert_true(examples[i].size - at < sizeof(int64_t));
	}
}

static int write_examples(void)
{
	for (int i = 0; i < EXAMPLES; i++) {
		struct buf text = make_example(&examples[i]);
		FILE *file = fopen(examples[i].path, "wb");

		if (file == NULL || fwrite(text.data, 1, text.len, file) != text.len
		    || fclose(file) != 0) {
			perror(examples[i].path);
			return 1;
		}
		buf_free(&text);
	}
	return 0;
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_example_files_are_the_tables),
		cmocka_unit_test(only_keys_names_and_the_driver_must_be_given),
		cmocka_unit_test(the_examples_lines_are_the_defaults),
		cmocka_unit_test(a_hub_reads_its_file),
		cmocka_unit_test(a_camera_reads_its_file),
		cmocka_unit_test(a_fault_names_file_line_and_setting),
		cmocka_unit_test(every_setting_has_an_option),
	};

	if (argc == 2 && strcmp(argv[1], "--write") == 0)
		return write_examples();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
