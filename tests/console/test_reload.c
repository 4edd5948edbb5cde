/* tui.conf, theme and keymap taken up while the console runs, and what was good kept. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "console/reload.h"
#include "console/themes.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

struct scene {
	char folder[64];
	struct conf_places places;
	struct command_line line;
	struct options options;
	struct theme theme;
	struct keymap *map;
	struct messages messages;
	struct loop *loop;
	struct reload *reload;
	bool told;
};

static void write_user(const struct scene *scene, const char *name, const char *text)
{
	char path[PATH_MAX_BYTES];
	FILE *file;

	snprintf(path, sizeof path, "%s/%s", scene->folder, name);
	file = fopen(path, "wb");
	assert_non_null(file);
	fputs(text, file);
	fclose(file);
}

static void on_change(void *arg)
{
	struct scene *scene = arg;

	scene->told = true;
	loop_stop(scene->loop);
}

static void out_of_time(void *arg)
{
	loop_stop(((struct scene *)arg)->loop);
}

static int setup(void **state)
{
	struct scene *scene = calloc(1, sizeof *scene);
	char path[PATH_MAX_BYTES];

	snprintf(scene->folder, sizeof scene->folder, "/tmp/tillsyn-reload.XXXXXX");
	assert_non_null(mkdtemp(scene->folder));
	memcpy(scene->places.user, scene->folder, sizeof scene->folder);
	snprintf(path, sizeof path, "%s/themes", scene->folder);
	mkdir(path, 0700);
	snprintf(path, sizeof path, "%s/keymaps", scene->folder);
	mkdir(path, 0700);
	write_user(scene, "tui.conf", "theme = mine\nkeymap = mine\n");
	write_user(scene, "themes/mine.theme", "[palette]\nink = #eeeeee 255 white\n");
	write_user(scene, "keymaps/mine.keys", "[tonight]\nW = board\n");
	assert_int_equal(conf_read(&scene->places, &scene->line, &scene->options, NULL), 0);
	scene->loop = loop_new();
	scene->reload = reload_new(scene->loop, &scene->places, &scene->line, &scene->options,
	                           on_change, scene);
	assert_non_null(scene->reload);
	reload_read(scene->reload, &scene->options, &scene->theme, &scene->map, &scene->messages);
	assert_int_equal(scene->messages.n, 0);
	assert_non_null(scene->map);
	*state = scene;
	return 0;
}

static int teardown(void **state)
{
	static const char *const names[] = {"tui.conf", "themes/mine.theme", "keymaps/mine.keys",
	                                    "themes", "keymaps", ""};
	struct scene *scene = *state;
	char path[PATH_MAX_BYTES];

	keymap_free(scene->map);
	reload_free(scene->reload);
	loop_free(scene->loop);
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		snprintf(path, sizeof path, "%s/%s", scene->folder, names[i]);
		remove(path);
	}
	free(scene);
	return 0;
}

/* Waits to be told, then reads. */
static void take_up(struct scene *scene)
{
	uint32_t limit = loop_after(scene->loop, 10000, out_of_time, scene);
	struct keymap *map;

	scene->told = false;
	loop_run(scene->loop);
	loop_cancel(scene->loop, limit);
	assert_true(scene->told);
	scene->messages.n = 0;
	reload_read(scene->reload, &scene->options, &scene->theme, &map, &scene->messages);
	if (map == NULL)
		return;
	keymap_free(scene->map);
	scene->map = map;
}

static void a_theme_is_taken_up_and_the_last_good_kept(void **state)
{
	struct scene *scene = *state;

	assert_int_equal(scene->theme.look[STYLE_TEXT].ink.rgb, 0xeeeeee);
	write_user(scene, "themes/mine.theme", "[palette]\nink = #dddddd 253 white\n");
	take_up(scene);
	assert_int_equal(scene->messages.n, 0);
	assert_int_equal(scene->theme.look[STYLE_TEXT].ink.rgb, 0xdddddd);
	write_user(scene, "themes/mine.theme",
	           "[palette]\nink = #cccccc 252 white\n[style]\ntext = inc\n");
	take_up(scene);
	assert_int_equal(scene->messages.n, 1);
	assert_non_null(strstr(scene->messages.line[0], "mine.theme:4:8: inc: "));
	assert_int_equal(scene->theme.look[STYLE_TEXT].ink.rgb, 0xdddddd);
}

static void a_keymap_is_taken_up_and_the_last_good_kept(void **state)
{
	struct scene *scene = *state;
	struct keymap *before = scene->map;

	write_user(scene, "keymaps/mine.keys", "[tonight]\nW = bord\n");
	take_up(scene);
	assert_int_equal(scene->messages.n, 1);
	assert_non_null(strstr(scene->messages.line[0], "mine.keys:2:"));
	assert_ptr_equal(scene->map, before);
	write_user(scene, "keymaps/mine.keys", "[tonight]\nW = board\nB = board\n");
	take_up(scene);
	assert_int_equal(scene->messages.n, 0);
	assert_ptr_not_equal(scene->map, before);
}

/* Another theme by its name, whose file is watched from then on. */
static void settings_are_taken_up_and_the_last_good_kept(void **state)
{
	struct scene *scene = *state;

	write_user(scene, "tui.conf", "theme = paper\ncalm = yes\n");
	take_up(scene);
	assert_int_equal(scene->messages.n, 0);
	assert_string_equal(scene->options.theme, "paper");
	assert_true(scene->options.calm);
	write_user(scene, "tui.conf", "theme = mono\ncalm = perhaps\n");
	take_up(scene);
	assert_int_equal(scene->messages.n, 1);
	assert_string_equal(scene->options.theme, "paper");
	write_user(scene, "themes/paper.theme", "[palette]\nink = #000001 16 black\n");
	take_up(scene);
	assert_int_equal(scene->theme.look[STYLE_TEXT].ink.rgb, 0x000001);
	snprintf(scene->places.file, PATH_MAX_BYTES, "%s/themes/paper.theme", scene->folder);
	remove(scene->places.file);
}

/* The hub stays the one that the console is connected to. */
static void what_cannot_change_under_way_waits_for_the_next_start(void **state)
{
	struct scene *scene = *state;

	write_user(scene, "tui.conf", "theme = mine\nkeymap = mine\nsocket = /elsewhere\n");
	take_up(scene);
	assert_int_equal(scene->messages.n, 1);
	assert_non_null(strstr(scene->messages.line[0], "next start"));
	assert_string_equal(scene->options.socket, "");
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(a_theme_is_taken_up_and_the_last_good_kept),
		CASE(a_keymap_is_taken_up_and_the_last_good_kept),
		CASE(settings_are_taken_up_and_the_last_good_kept),
		CASE(what_cannot_change_under_way_waits_for_the_next_start),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
