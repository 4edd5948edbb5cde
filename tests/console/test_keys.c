/*
 * Keys at the desk, whatever the map: the screen tells what is bound, what is half typed does nothing
 * by surprise, and the guards stand.
 */
#include "desk.h"

#include "console/keymap.h"
#include "console/shipped.h"
#include "console/view.h"

#include <stdio.h>

static const char *shoot(struct desk *desk, struct buf *text, int rows, int columns)
{
	struct canvas canvas = {0};

	text->len = 0;
	canvas_resize(&canvas, rows, columns);
	view_draw(desk->model, &canvas);
	canvas_lines(&canvas, text);
	canvas_free(&canvas);
	assert_int_equal(buf_add(text, "", 1), ERR_OK);
	return (const char *)text->data;
}

static void use(struct desk *desk, const char *text)
{
	size_t n_faults;
	struct keymap *map = keymap_parse("my.keys", text, strlen(text), NULL, NULL, &n_faults);

	assert_non_null(map);
	assert_int_equal(n_faults, 0);
	model_set_keymap(desk->model, map);
	model_drawn(desk->model, desk->model->details_top);
}

static struct desk *desk_with_checks(void)
{
	struct desk *desk = desk_open();
	struct check one = desk_check(1, "karin", DESK_UTC_MS - 4 * MS_MINUTE),
	             two = desk_check(2, "sven", DESK_UTC_MS - 3 * MS_MINUTE);

	desk_row(desk, &one);
	desk_row(desk, &two);
	return desk;
}

static void test_screens_tell_what_is_bound(void **state)
{
	struct desk *desk = desk_with_checks();
	struct buf text = buf_new(65536);
	const char *shown;

	(void)state;
	use(desk, "[tonight]\nx = page\np = none\n[look]\nW = answer well\n[everywhere]\n<F2> = help\n");
	shown = shoot(desk, &text, 24, 80);
	assert_non_null(strstr(shown, "x patrol"));
	assert_null(strstr(shown, "p patrol"));
	assert_non_null(strstr(shown, "F2 all keys"));
	desk_press(desk, 'p');
	assert_string_equal(desk->model->notice, "That key does nothing here. F2 shows all keys.");
	desk_look(desk, 1, 0, 9);
	assert_non_null(strstr(shoot(desk, &text, 24, 80), "W all well"));
	desk_press(desk, INPUT_ESCAPE);
	desk_press(desk, INPUT_ESCAPE);
	desk_press(desk, INPUT_F1 + 1);
	shown = shoot(desk, &text, 100, 80);
	assert_non_null(strstr(shown, " x           Page the night patrol without a look"));
	assert_non_null(strstr(shown, " W  c        All is well"));
	assert_non_null(strstr(shown, " gg  Home    The first line"));
	buf_free(&text);
	desk_close(desk);
}

static void assert_all(const char *shown, const char *const *words)
{
	for (; *words != NULL; words++)
		if (strstr(shown, *words) == NULL)
			fail_msg("\"%s\" is missing on:\n%s", *words, shown);
}

/* Whatever the keys are called: every answer stands, whole, on every screen that is large enough. */
static void test_every_answer_stands(void **state)
{
	static const char *const wide[] = {"all well", "not seen: look again in 10 min",
	                                   "page the night patrol", "needs help now", "other person",
	                                   "picture unusable", "end the view", NULL};
	static const char *const narrow[] = {" well", " not seen", " patrol", " help!", " other",
	                                     " unusable", " end", NULL};
	static const char long_names[] = "[look]\n<Ctrl-X><Ctrl-A> = answer well\nc = none\n"
	                                 "<Ctrl-X><Ctrl-P> = answer patrol\np = none\n";

	(void)state;
	for (const struct shipped *file = shipped_keymaps; file->name != NULL; file++) {
		struct desk *desk = desk_with_checks();
		struct buf text = buf_new(65536);
		char help[SEQUENCE_NAME_BYTES + 16], small[SEQUENCE_NAME_BYTES + 16];

		model_set_keymap(desk->model, keymap_shipped(file->name));
		model_drawn(desk->model, desk->model->details_top);
		keymap_key(desk->model->keymap, IN_TONIGHT, command_named("help"), help);
		strcat(strcpy(small, help), " keys");
		strcat(help, " all keys");
		assert_non_null(strstr(shoot(desk, &text, 24, 80), help));
		assert_non_null(strstr(shoot(desk, &text, 10, 40), small));
		desk_look(desk, 1, 0, 9);
		assert_all(shoot(desk, &text, 24, 80), wide);
		assert_all(shoot(desk, &text, 40, 120), wide);
		assert_all(shoot(desk, &text, 10, 40), narrow);
		use(desk, long_names);
		assert_all(shoot(desk, &text, 24, 80), narrow);
		assert_non_null(strstr(shoot(desk, &text, 24, 80), " Ctrl-X Ctrl-A well  r not seen"));
		buf_free(&text);
		desk_close(desk);
	}
}

static void test_half_typed(void **state)
{
	struct desk *desk = desk_with_checks();
	struct buf text = buf_new(65536);

	(void)state;
	desk_press(desk, 'j');
	assert_int_equal(desk->model->focus.check, 2);
	desk_press(desk, 'g');
	assert_non_null(strstr(shoot(desk, &text, 24, 80), "\n g …"));
	desk_press(desk, 'g');
	assert_int_equal(desk->model->focus.check, 1);
	assert_null(strstr(shoot(desk, &text, 24, 80), "g …"));
	/* Left alone, it is forgotten, and the screen is told so in time. */
	desk_press(desk, 'j');
	desk_press(desk, 'g');
	assert_true(model_next_ms(desk->model) <= desk->now.elapsed_ms + 2000);
	desk_pass(desk, 2000);
	assert_null(strstr(shoot(desk, &text, 24, 80), "g …"));
	desk_press(desk, 'g');
	assert_int_equal(desk->model->focus.check, 2);
	/* What does not go on with it is swallowed with it. */
	desk_press(desk, 'k');
	assert_int_equal(desk->model->focus.check, 2);
	assert_string_equal(desk->model->notice, "gk does nothing here. ? shows all keys.");
	desk_press(desk, 'k');
	assert_int_equal(desk->model->focus.check, 1);
	buf_free(&text);
	desk_close(desk);
}

/* A key that belongs to what was begun before is no answer. */
static void test_half_typed_answers_nothing(void **state)
{
	struct desk *desk = desk_with_checks();

	(void)state;
	use(desk, "[look]\nxy = answer other\n");
	desk_look(desk, 1, 0, 9);
	desk_pass(desk, 1500);
	desk_clear(desk);
	desk_press(desk, 'x');
	desk_press(desk, 'c');
	assert_false(desk_sent(desk, "answer", ""));
	/* Esc ends the view at once, whatever was begun. */
	desk_press(desk, 'x');
	desk_key(desk, INPUT_ESCAPE);
	assert_true(desk->picture_ends);
	desk_press(desk, 'c');
	assert_true(desk_sent(desk, "answer", "well"));
	desk_close(desk);
}

/* What is begun is over with the screen that it was meant for. */
static void test_half_typed_over_a_change(void **state)
{
	struct desk *desk = desk_with_checks();

	(void)state;
	use(desk, "[look]\nxy = answer other\n");
	desk_look(desk, 1, 0, 9);
	desk_pass(desk, 1500);
	desk_clear(desk);
	desk_press(desk, 'x');
	desk_gone(desk, 5000);
	desk_press(desk, 'y');
	assert_false(desk_sent(desk, "answer", ""));
	desk_close(desk);
}

/* The guards are the program's and not a map's. */
static void test_guards_hold_for_any_map(void **state)
{
	struct desk *desk = desk_with_checks();

	(void)state;
	use(desk, "[look]\nww = answer well\n[tonight]\n<Space> = look\n");
	desk_press(desk, INPUT_SPACE);
	desk->picture_runs = false;
	/* Held: no second lens, no answer. */
	for (int i = 0; i < 50; i++) {
		desk_pass(desk, 30);
		desk_key(desk, INPUT_SPACE);
	}
	assert_false(desk->picture_runs);
	desk_press(desk, INPUT_ESCAPE);
	desk_look(desk, 1, 0, 9);
	desk_clear(desk);
	for (int i = 0; i < 100; i++) {
		desk_pass(desk, 30);
		desk_key(desk, 'w');
	}
	assert_false(desk_sent(desk, "answer", ""));
	desk_press(desk, 'w');
	desk_key(desk, 'w');
	assert_true(desk_sent(desk, "answer", "well"));
	desk_close(desk);
}

/* Begun for one resident, it is not done to another. */
static void test_the_row_changes_between_two_keys(void **state)
{
	struct desk *desk = desk_with_checks();
	struct check one = desk_check(1, "karin", DESK_UTC_MS - 4 * MS_MINUTE);

	(void)state;
	use(desk, "[tonight]\nxx = look\n<Enter> = look\n");
	desk_press(desk, 'x');
	one.decision_version = 2;
	desk_row(desk, &one);
	desk_press(desk, 'x');
	assert_false(desk->picture_runs);
	/* That was the first key for what the row says now. */
	desk_press(desk, 'x');
	assert_true(desk->picture_runs);
	desk_close(desk);
}

static void test_exchanged_in_the_middle(void **state)
{
	struct desk *desk = desk_with_checks();

	(void)state;
	desk_look(desk, 1, 0, 9);
	desk_pass(desk, 1500);
	desk_clear(desk);
	use(desk, "[look]\nr = answer well\nc = answer not-seen\n");
	/* The key was on its way while the map changed. */
	desk_key(desk, 'c');
	assert_false(desk_sent(desk, "answer", ""));
	desk_press(desk, 'c');
	assert_true(desk_sent(desk, "answer", "not-seen"));
	desk_close(desk);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_screens_tell_what_is_bound),
		cmocka_unit_test(test_every_answer_stands),
		cmocka_unit_test(test_half_typed),
		cmocka_unit_test(test_half_typed_answers_nothing),
		cmocka_unit_test(test_half_typed_over_a_change),
		cmocka_unit_test(test_guards_hold_for_any_map),
		cmocka_unit_test(test_the_row_changes_between_two_keys),
		cmocka_unit_test(test_exchanged_in_the_middle),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
