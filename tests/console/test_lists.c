/*
 * Moving about: the night by resident, folding, and finding by name. Whatever the list does, the
 * cursor is on whom the operator put it on, and a key acts on nobody else.
 */
#include "nights.h"

#include "console/names.h"

static const char *resident(const struct desk *desk)
{
	const struct check *check = model_check(desk->model, desk->model->focus.check);

	return check != NULL ? check->resident : "";
}

static void type(struct desk *desk, const char *ascii)
{
	for (; *ascii != '\0'; ascii++)
		desk_key(desk, (key_code)*ascii);
}

static void test_grid_keeps_its_resident(void **state)
{
	struct desk *desk = night_open("work");
	struct check karin = *model_check(desk->model, 4);

	(void)state;
	desk_press(desk, 'v');
	desk_press(desk, 'j');
	desk_press(desk, 'j');
	assert_string_equal(resident(desk), "karin");
	/* Somebody else becomes the most urgent, and hers is done: the line stays hers. */
	night_seen(desk, &karin, "per");
	assert_string_equal(resident(desk), "karin");
	assert_int_equal(desk->model->screen, SCREEN_GRID);
	desk_press(desk, INPUT_ESCAPE);
	assert_int_equal(desk->model->screen, SCREEN_TONIGHT);
	assert_string_equal(resident(desk), "karin");
	desk_close(desk);
}

static void test_grid_acts_as_the_list(void **state)
{
	struct desk *desk = night_open("work");

	(void)state;
	desk_press(desk, 'v');
	desk_press(desk, 'j');
	assert_string_equal(resident(desk), "elsa");
	desk_clear(desk);
	desk_press(desk, INPUT_ENTER);
	assert_true(desk_sent(desk, "claim", "\"check\":3"));
	assert_int_equal(desk->model->screen, SCREEN_LOOK);
	/* Back where the operator works. */
	desk_refused(desk, "claimed", "somebody else has it");
	assert_int_equal(desk->model->screen, SCREEN_GRID);
	desk_press(desk, 'p');
	assert_non_null(strstr(desk->model->prompt.label, "Elsa Wikström"));
	desk_close(desk);
}

static void test_grid_has_one_line_for_each_resident_or_couple(void **state)
{
	struct desk *desk = night_open("work");
	int couples = 0;

	(void)state;
	desk_press(desk, 'v');
	assert_int_equal(desk->model->grid.n, 20 + 4 + 1);
	for (size_t i = 0; i < desk->model->grid.n; i++)
		couples += model_grid_row(desk->model, i)->n == 2;
	assert_int_equal(couples, 1);
	desk_close(desk);
}

static void test_folded_rows_are_passed_by(void **state)
{
	struct desk *desk = night_open("few");
	const struct list_row *row;

	(void)state;
	desk_press(desk, 'f'); /* from a row of what comes: that section */
	row = model_focus(desk->model);
	assert_int_equal(row->section, SECTION_DONE);
	desk_press(desk, 'k');
	assert_int_equal(model_focus(desk->model)->section, SECTION_DONE);
	/* Found all the same: its section opens. */
	desk_press(desk, '/');
	type(desk, "rut");
	desk_press(desk, INPUT_ENTER);
	desk_press(desk, 'n');
	desk_press(desk, 'n');
	assert_false(desk->model->folded[SECTION_COMING]);
	desk_close(desk);
}

static void test_all_folded_leaves_nothing_to_act_on(void **state)
{
	struct desk *desk = night_open("few");

	(void)state;
	desk_press(desk, 'f');
	desk_press(desk, 'f');
	assert_null(model_focus(desk->model));
	desk_press(desk, 'p');
	assert_int_equal(desk->model->prompt.deed.kind, DEED_NONE);
	desk_press(desk, 'f');
	assert_non_null(model_focus(desk->model));
	desk_close(desk);
}

static void test_find_goes_along_and_back(void **state)
{
	struct desk *desk = night_open("work");

	(void)state;
	desk_press(desk, '/');
	type(desk, "karin");
	assert_string_equal(resident(desk), "karin");
	assert_non_null(strstr(desk->model->prompt.label, "1 of 1"));
	desk_key(desk, INPUT_ESCAPE);
	assert_string_equal(resident(desk), "sven");
	/* A name that nobody has leaves the cursor where it was. */
	desk_press(desk, '/');
	type(desk, "xyz");
	assert_string_equal(resident(desk), "sven");
	assert_non_null(strstr(desk->model->prompt.label, "nobody"));
	desk_close(desk);
}

/* The Enter that ends finding must not open a lens. */
static void test_find_does_not_look(void **state)
{
	struct desk *desk = night_open("work");

	(void)state;
	desk_press(desk, '/');
	type(desk, "karin");
	desk_clear(desk);
	desk_key(desk, INPUT_ENTER);
	desk_key(desk, INPUT_ENTER);
	assert_false(desk_sent(desk, "claim", ""));
	assert_string_equal(resident(desk), "karin");
	desk_close(desk);
}

static void test_find_on_the_board(void **state)
{
	struct desk *desk = night_open("busy");

	(void)state;
	desk_press(desk, 'b');
	desk_press(desk, '/');
	type(desk, "elsa");
	desk_press(desk, INPUT_ENTER);
	assert_int_equal(desk->model->board_focus.check, 42);
	desk_close(desk);
}

static void test_names(void **state)
{
	(void)state;
	assert_true(names_match("Sven Öberg", "öb"));
	assert_true(names_match("Sven Öberg", "OBERG"));
	assert_true(names_match("Zoë Ek", "zoe"));
	assert_false(names_match("Sven Oberg", "öb"));
	assert_false(names_match("Sven", "svenn"));
	assert_true(names_compare("Åke", "Ärla") < 0);
	assert_true(names_compare("Ärla", "Östen") < 0);
	assert_true(names_compare("Zara", "Åke") < 0);
	assert_int_equal(names_compare("andré", "ANDRE"), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_grid_keeps_its_resident),
		cmocka_unit_test(test_grid_acts_as_the_list),
		cmocka_unit_test(test_grid_has_one_line_for_each_resident_or_couple),
		cmocka_unit_test(test_folded_rows_are_passed_by),
		cmocka_unit_test(test_all_folded_leaves_nothing_to_act_on),
		cmocka_unit_test(test_find_goes_along_and_back),
		cmocka_unit_test(test_find_does_not_look),
		cmocka_unit_test(test_find_on_the_board),
		cmocka_unit_test(test_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
