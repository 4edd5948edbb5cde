/*
 * tui.conf: the example file is the table, files lie over one another, a centre's lock holds, and
 * whatever is wrong is said and leaves an operator with a screen. Called with --write it writes
 * dist/tui.conf.example, from the project's root.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "console/conf.h"
#include "console/messages.h"
#include "console/options.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#define EXAMPLE "dist/tui.conf.example"

struct scene {
	char folder[64];
	struct conf_places places;
	struct options options;
	struct messages messages;
};

static void write_file(const char *path, const char *text)
{
	FILE *file = fopen(path, "wb");

	assert_non_null(file);
	fputs(text, file);
	fclose(file);
}

/* NULL: there is no such file. */
static struct scene scene_new(const char *centre, const char *user)
{
	struct scene scene = {.folder = "/tmp/tillsyn-conf.XXXXXX"};
	char path[PATH_MAX_BYTES];

	assert_non_null(mkdtemp(scene.folder));
	snprintf(scene.places.centre, PATH_MAX_BYTES, "%s/etc", scene.folder);
	snprintf(scene.places.user, PATH_MAX_BYTES, "%s/user", scene.folder);
	snprintf(scene.places.home, PATH_MAX_BYTES, "/home/anna");
	mkdir(scene.places.centre, 0700);
	mkdir(scene.places.user, 0700);
	snprintf(path, sizeof path, "%s/etc/tui.conf", scene.folder);
	if (centre != NULL)
		write_file(path, centre);
	snprintf(path, sizeof path, "%s/user/tui.conf", scene.folder);
	if (user != NULL)
		write_file(path, user);
	return scene;
}

static void scene_free(struct scene *scene)
{
	static const char *const files[] = {"etc/tui.conf", "user/tui.conf", "own.conf", "etc",
	                                    "user", ""};
	char path[PATH_MAX_BYTES];

	for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
		snprintf(path, sizeof path, "%s/%s", scene->folder, files[i]);
		remove(path);
	}
}

static int read_scene(struct scene *scene, const struct command_line *line)
{
	const struct fault_sink faults = messages_sink(&scene->messages);

	scene->messages.n = 0;
	return conf_read(&scene->places, line, &scene->options, &faults);
}

static const struct command_line silent;
static const struct command_line loud = {
	.given = {{"theme", "mono"}, {"keymap", "vi"}, {"key", "/k"}, {"socket", "/s"}},
	.n_given = 4,
};

static struct buf make_example(void)
{
	struct buf text = buf_new(CONFIG_MAX_BYTES);

	assert_int_equal(options_example(&text), ERR_OK);
	while (text.len > 1 && text.data[text.len - 2] == '\n')
		text.len--;
	return text;
}

static void the_example_file_is_the_table(void **state)
{
	struct buf expected = make_example();
	static char found[CONFIG_MAX_BYTES];
	FILE *file = fopen(EXAMPLE, "rb");
	size_t len;

	(void)state;
	assert_non_null(file);
	len = fread(found, 1, sizeof found, file);
	fclose(file);
	if (len != expected.len || memcmp(found, expected.data, len) != 0)
		fail_msg(EXAMPLE " is not what the table says; run this test with --write");
	buf_free(&expected);
}

/* Every commented setting of the example, taken as it stands, is accepted and changes nothing. */
static void the_examples_lines_are_the_defaults(void **state)
{
	struct buf example = make_example();
	struct messages messages = {0};
	const struct fault_sink faults = messages_sink(&messages);
	struct options bare, full;
	int settings = 0;

	(void)state;
	options_defaults(&bare);
	options_defaults(&full);
	for (size_t at = 0; at + 1 < example.len; at++)
		if (example.data[at] == '#' && example.data[at + 1] != ' ') {
			example.data[at] = ' ';
			settings++;
		}
	assert_true(settings >= 15);
	assert_int_equal(options_lay(&full, "example", (const char *)example.data, example.len,
	                             &faults), 0);
	assert_memory_equal(&bare, &full, sizeof bare);
	buf_free(&example);
}

static void without_files_there_are_defaults(void **state)
{
	struct scene scene = scene_new(NULL, NULL);

	(void)state;
	assert_int_equal(read_scene(&scene, &silent), 0);
	assert_string_equal(scene.options.theme, "night");
	assert_string_equal(scene.options.keymap, "default");
	assert_int_equal(scene.options.port, CONSOLE_PORT);
	assert_false(scene.options.locked);
	assert_non_null(options_fault(&scene.options));
	scene_free(&scene);
}

static void the_users_file_lies_over_the_centres(void **state)
{
	struct scene scene = scene_new("socket = /run/hub.sock\ntheme = paper\ncalm = yes\n",
	                               "theme = contrast\nkey = ~/anna.key\n");

	(void)state;
	assert_int_equal(read_scene(&scene, &silent), 0);
	assert_string_equal(scene.options.socket, "/run/hub.sock");
	assert_string_equal(scene.options.theme, "contrast");
	assert_true(scene.options.calm);
	assert_string_equal(scene.options.key, "/home/anna/anna.key");
	assert_null(options_fault(&scene.options));
	assert_int_equal(read_scene(&scene, &loud), 0);
	assert_string_equal(scene.options.theme, "mono");
	assert_string_equal(scene.options.socket, "/s");
	scene_free(&scene);
}

static void a_named_file_is_read_in_place_of_the_users(void **state)
{
	struct scene scene = scene_new("calm = yes\n", "theme = contrast\n");

	(void)state;
	snprintf(scene.places.file, PATH_MAX_BYTES, "%s/own.conf", scene.folder);
	assert_int_equal(read_scene(&scene, &silent), 1);
	assert_non_null(strstr(scene.messages.line[0], "own.conf: not found"));
	write_file(scene.places.file, "ascii = yes\n");
	assert_int_equal(read_scene(&scene, &silent), 0);
	assert_true(scene.options.ascii && scene.options.calm);
	assert_string_equal(scene.options.theme, "night");
	scene_free(&scene);
}

static void a_wrong_line_is_told_and_the_rest_works(void **state)
{
	struct scene scene = scene_new("port = 9000\n", "port = 70000\n  thme = mono\ncalm = yes\n");
	char expected[2][FAULT_LINE_BYTES];

	(void)state;
	snprintf(expected[0], FAULT_LINE_BYTES,
	         "%s/user/tui.conf:1:8: port: must be from 1 to 65535", scene.folder);
	snprintf(expected[1], FAULT_LINE_BYTES, "%s/user/tui.conf:2:3: thme: is not a setting",
	         scene.folder);
	assert_int_equal(read_scene(&scene, &silent), 2);
	assert_string_equal(scene.messages.line[0], expected[0]);
	assert_string_equal(scene.messages.line[1], expected[1]);
	assert_int_equal(scene.options.port, 9000);
	assert_true(scene.options.calm);
	scene_free(&scene);
}

/* So that c means the same at every desk. */
static void nothing_goes_past_a_locked_file(void **state)
{
	struct scene scene = scene_new("locked = yes\ntheme = paper\nsocket = /run/hub.sock\n",
	                               "theme = mono\nkeymap = vi\nsocket = /tmp/x\ncalm = yes\n");

	(void)state;
	assert_int_equal(read_scene(&scene, &silent), 0);
	assert_true(scene.options.locked);
	assert_false(scene.options.calm);
	assert_string_equal(scene.options.theme, "paper");
	/* Not even what the centre left at its default, when it is the keys. */
	assert_int_equal(read_scene(&scene, &loud), 0);
	assert_int_equal(scene.messages.n, 2);
	assert_string_equal(scene.options.theme, "paper");
	assert_string_equal(scene.options.keymap, "default");
	assert_string_equal(scene.options.socket, "/run/hub.sock");
	assert_non_null(strstr(scene.messages.line[0], "--theme is not used"));
	/* Whose key it is, a locked file for every desk cannot know. */
	assert_string_equal(scene.options.key, "/k");
	snprintf(scene.places.file, PATH_MAX_BYTES, "%s/user/tui.conf", scene.folder);
	assert_int_equal(read_scene(&scene, &silent), 0);
	assert_non_null(strstr(scene.messages.line[0], "is not read"));
	assert_string_equal(scene.options.theme, "paper");
	assert_true(scene.options.locked);
	scene_free(&scene);
}

static void a_user_cannot_lock(void **state)
{
	struct scene scene = scene_new(NULL, "locked = yes\ntheme = paper\n");

	(void)state;
	assert_int_equal(read_scene(&scene, &loud), 1);
	assert_false(scene.options.locked);
	assert_string_equal(scene.options.theme, "mono");
	scene_free(&scene);
}

/* Who has the console and nothing else over SSH gets no other program out of it. */
static void a_users_file_names_no_program(void **state)
{
	struct scene scene = scene_new("picture_program = /centre\n", "picture_program = /bin/sh\n");

	(void)state;
	assert_int_equal(read_scene(&scene, &silent), 1);
	assert_string_equal(scene.options.picture_program, "/centre");
	scene_free(&scene);
}

/* A centre's file that is there and cannot be read may have been locked. */
static void running_out_of_descriptors_does_not_unlock(void **state)
{
	struct scene scene = scene_new("locked = yes\n", "theme = mono\n");
	struct rlimit before, none;
	int faults;

	(void)state;
	getrlimit(RLIMIT_NOFILE, &before);
	none = before;
	none.rlim_cur = 0;
	setrlimit(RLIMIT_NOFILE, &none);
	faults = read_scene(&scene, &loud);
	setrlimit(RLIMIT_NOFILE, &before);
	assert_true(faults >= 1);
	assert_true(scene.options.locked);
	assert_string_equal(scene.options.theme, "night");
	assert_string_equal(scene.options.keymap, "default");
	scene_free(&scene);
}

static void a_locked_console_looks_for_themes_at_the_centre_alone(void **state)
{
	struct scene scene = scene_new("", "");
	char path[CONF_PATHS][PATH_MAX_BYTES];

	(void)state;
	read_scene(&scene, &silent);
	assert_int_equal(conf_paths(&scene.places, &scene.options, "themes", "x", ".theme", path), 2);
	assert_non_null(strstr(path[0], "/etc/themes/x.theme"));
	assert_non_null(strstr(path[1], "/user/themes/x.theme"));
	assert_int_equal(conf_paths(&scene.places, &scene.options, "themes", "/y", ".theme", path),
	                 1);
	assert_string_equal(path[0], "/y");
	scene.options.locked = true;
	assert_int_equal(conf_paths(&scene.places, &scene.options, "themes", "x", ".theme", path), 1);
	assert_int_equal(conf_files(&scene.places, &scene.options, path), 1);
	scene_free(&scene);
}

/* To be tried before it stands in /etc: it may say all that it will say there. */
static void a_file_can_be_tried_first(void **state)
{
	struct scene scene = scene_new("locked = yes\n", NULL);
	const struct fault_sink faults = messages_sink(&scene.messages);

	(void)state;
	snprintf(scene.places.file, PATH_MAX_BYTES, "%s/own.conf", scene.folder);
	assert_int_equal(conf_check(&scene.places, &scene.options, &faults), 1);
	write_file(scene.places.file, "locked = yes\ntheme = paper\n");
	assert_int_equal(conf_check(&scene.places, &scene.options, &faults), 0);
	assert_string_equal(scene.options.theme, "paper");
	write_file(scene.places.file, "locked = maybe\n");
	assert_int_equal(conf_check(&scene.places, &scene.options, &faults), 1);
	scene_free(&scene);
}

static int write_example(void)
{
	struct buf text = make_example();
	FILE *file = fopen(EXAMPLE, "wb");

	if (file == NULL || fwrite(text.data, 1, text.len, file) != text.len || fclose(file) != 0) {
		perror(EXAMPLE);
		return 1;
	}
	buf_free(&text);
	return 0;
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_example_file_is_the_table),
		cmocka_unit_test(the_examples_lines_are_the_defaults),
		cmocka_unit_test(without_files_there_are_defaults),
		cmocka_unit_test(the_users_file_lies_over_the_centres),
		cmocka_unit_test(a_named_file_is_read_in_place_of_the_users),
		cmocka_unit_test(a_wrong_line_is_told_and_the_rest_works),
		cmocka_unit_test(nothing_goes_past_a_locked_file),
		cmocka_unit_test(a_user_cannot_lock),
		cmocka_unit_test(a_users_file_names_no_program),
		cmocka_unit_test(running_out_of_descriptors_does_not_unlock),
		cmocka_unit_test(a_locked_console_looks_for_themes_at_the_centre_alone),
		cmocka_unit_test(a_file_can_be_tried_first),
	};

	if (argc == 2 && strcmp(argv[1], "--write") == 0)
		return write_example();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
