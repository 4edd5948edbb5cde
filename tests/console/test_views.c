/*
 * What the views must say whatever they look like: test_screens.c holds the looks themselves.
 */
#include "desk.h"

#include "console/canvas.h"
#include "console/view.h"
#include "console/width.h"

#include <stdio.h>
#include <stdlib.h>

struct shot {
	struct canvas canvas;
	struct buf text;
};

static const char *shoot(struct desk *desk, struct shot *shot, int rows, int columns)
{
	shot->text.len = 0;
	canvas_resize(&shot->canvas, rows, columns);
	view_draw(desk->model, &shot->canvas);
	canvas_lines(&shot->canvas, &shot->text);
	buf_printf(&shot->text, "%s", "");
	if (getenv("SHOW") != NULL)
		printf("%s%.*s\n", (const char *)shot->text.data, columns,
		       "================================================");
	return (const char *)shot->text.data;
}

static struct shot shot_new(void)
{
	return (struct shot){.text = buf_new(1 << 20)};
}

static void shot_free(struct shot *shot)
{
	canvas_free(&shot->canvas);
	buf_free(&shot->text);
}

#define assert_shows(text, what) assert_non_null(strstr(text, what))
#define assert_hides(text, what) assert_null(strstr(text, what))

static void fill(struct desk *desk)
{
	struct check karin = desk_check(1, "karin", DESK_UTC_MS - 4 * MS_MINUTE);
	struct check sven = desk_check(2, "sven", DESK_UTC_MS - 14 * MS_MINUTE);
	struct check berit = desk_check(5, "berit", DESK_UTC_MS),
		     nils = desk_check(6, "nils", DESK_UTC_MS);
	struct check elsa = desk_check(7, "elsa", DESK_UTC_MS - 19 * MS_MINUTE);
	struct check arne = desk_check(8, "arne", DESK_UTC_MS - 34 * MS_MINUTE);
	struct check rut = desk_check(9, "rut", DESK_UTC_MS + 16 * MS_MINUTE), tage = rut;
	struct check ingrid = desk_check(11, "ingrid", DESK_UTC_MS - 9 * MS_MINUTE);
	struct page page = {.number = 9,
	                    .night = 20539,
	                    .cause = CAUSE_NOT_SEEN,
	                    .state = PAGE_ACKNOWLEDGED,
	                    .steps = 2,
	                    .queued_ms = DESK_UTC_MS - 23 * MS_MINUTE,
	                    .acknowledged_ms = DESK_UTC_MS - 21 * MS_MINUTE,
	                    .next_at = DESK_UTC_MS + 24 * MS_MINUTE,
	                    .on_site_limit_ms = 45 * MS_MINUTE};

	desk_resident(desk, "elsa", "Elsa Wikström");
	desk_resident(desk, "arne", "Arne Falk");
	desk_resident(desk, "rut", "Rut Hedman");
	desk_resident(desk, "tage", "Tage Ström");
	desk_resident(desk, "ingrid", "Ingrid Berg");
	berit.pair = 6;
	nils.pair = 5;
	berit.state = nils.state = CHECK_CLAIMED;
	berit.session = nils.session = 8;
	strcpy(berit.operator_id, "per");
	strcpy(nils.operator_id, "per");
	sven.first_answer_ms = DESK_UTC_MS - 9 * MS_MINUTE - 30000;
	sven.look_number = 1;
	strcpy(sven.operator_id, "anna");
	arne.state = CHECK_PATROL;
	arne.cause = CAUSE_NOT_SEEN;
	arne.page = 9;
	arne.patrol_ms = DESK_UTC_MS - 23 * MS_MINUTE;
	strcpy(page.contact, "patrol1");
	strcpy(page.acknowledged_by, "patrol1");
	rut.state = CHECK_PLANNED;
	tage.id = 10;
	tage.state = CHECK_PLANNED;
	tage.kind = SLOT_VISIT;
	tage.cause = CAUSE_VISIT_SLOT;
	strcpy(tage.resident, "tage");
	ingrid.state = CHECK_CLOSED;
	ingrid.outcome = OUTCOME_SEEN_WELL;
	ingrid.closed_ms = DESK_UTC_MS - 8 * MS_MINUTE;
	ingrid.view_ms = 11200;
	strcpy(ingrid.operator_id, "anna");
	desk_hub(desk, wire_from_page(&page));
	for (size_t i = 0; i < 9; i++) {
		const struct check *all[] = {&karin, &sven, &berit, &nils,  &elsa,
		                             &arne,  &rut,  &tage,  &ingrid};

		desk_row(desk, all[i]);
	}
	desk_key(desk, INPUT_HOME);
}

/* The number to call must not fall off the end of a narrow row. */
static void test_call_of_112_stands_first(void **state)
{
	struct desk *desk = desk_open();
	struct shot shot = shot_new();
	struct page page = {.number = 9,
	                    .night = 20539,
	                    .state = PAGE_DELIVERED,
	                    .repeated = true,
	                    .steps = 2,
	                    .step_ms = DESK_UTC_MS - MS_MINUTE,
	                    .on_site_limit_ms = 45 * MS_MINUTE};

	(void)state;
	fill(desk);
	strcpy(page.contact, "patrol1");
	desk_hub(desk, wire_from_page(&page));
	assert_shows(shoot(desk, &shot, 24, 80), "CALL 112 · calling Patrol 1 since 01:13");
	assert_shows(shoot(desk, &shot, 10, 40), "CALL 112");
	shot_free(&shot);
	desk_close(desk);
}

static void test_tonight(void **state)
{
	struct desk *desk = desk_open();
	struct shot shot = shot_new();
	const char *text;

	(void)state;
	fill(desk);
	text = shoot(desk, &shot, 24, 80);
	assert_shows(text, " tillsyn   night 27→28 Mar   01:14   Anna");
	assert_shows(text, "*** 1");
	assert_shows(text, " NEEDS YOU");
	assert_shows(
		text,
		"▌**   01:13  Sven Öberg             recheck · not seen 01:04 (Anna) · by 01:14");
	assert_shows(text,
	             " ***  00:55  Elsa Wikström          late 4 min · patrol by itself 01:20");
	assert_shows(text, "      01:10  Karin Lundgren         due · start by 01:25");
	assert_shows(text, "Berit Ek + Nils Ek     due · start by 01:29 · Per has it");
	assert_shows(
		text,
		" ►    00:40  Arne Falk              Patrol 1 acknowledged 00:53 · 21 min ago");
	assert_shows(text, "Tage Ström             visit (no camera)");
	assert_shows(text, "seen well · Anna · 01:06 · shown 11 s");
	assert_shows(text,
	             " Sven Öberg: Enter look  p patrol  Space details  v grid  b board  ? all keys");
	assert_hides(text, "DEMO");
	/* The hardware cursor stands on the focused row. */
	assert_int_equal(shot.canvas.cursor_row, 3);
	shot_free(&shot);
	desk_close(desk);
}

static void test_demo_marks_every_row(void **state)
{
	static const key_code ways[] = {INPUT_SPACE, INPUT_ESCAPE, 'b', INPUT_ESCAPE, '?'};
	struct desk *desk = desk_open();
	struct shot shot = shot_new();
	const char *text;
	int marks = 0;

	(void)state;
	model_link(desk->model, false);
	model_link(desk->model, true);
	desk_welcome(desk, true);
	desk_reset(desk);
	desk_operator(desk, "anna", "Anna Lind");
	desk_contact(desk, "patrol1", "Patrol 1", 0);
	desk_resident(desk, "karin", "Karin Lundgren");
	desk_resident(desk, "sven", "Sven Öberg");
	desk_resident(desk, "berit", "Berit Ek");
	desk_resident(desk, "nils", "Nils Ek");
	desk_level(desk);
	fill(desk);
	text = shoot(desk, &shot, 24, 80);
	for (const char *at = text; (at = strstr(at, "DEMO")) != NULL; at++)
		marks++;
	assert_int_equal(marks, 1 + 4 + 8); /* header, titles, rows */
	for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
		desk_press(desk, ways[i]);
		assert_shows(shoot(desk, &shot, 24, 80), "DEMO");
	}
	shot_free(&shot);
	desk_close(desk);
}

static void test_calm_night(void **state)
{
	struct desk *desk = desk_open();
	struct check rut = desk_check(9, "karin", DESK_UTC_MS + 16 * MS_MINUTE);
	struct shot shot = shot_new();

	(void)state;
	rut.state = CHECK_PLANNED;
	desk_row(desk, &rut);
	assert_shows(shoot(desk, &shot, 24, 80), "All is calm. Next: 01:30 Karin Lundgren.");
	shot_free(&shot);
	desk_close(desk);
}

static void test_look(void **state)
{
	struct desk *desk = desk_open();
	struct check karin = desk_check(1, "karin", DESK_UTC_MS - 4 * MS_MINUTE);
	struct shot shot = shot_new();
	struct area area;
	const char *text;

	(void)state;
	desk_row(desk, &karin);
	desk_look(desk, 1, 0, 42);
	desk_pass(desk, 1500);
	text = shoot(desk, &shot, 24, 80);
	assert_shows(text, " LOOK  Karin Lundgren · Storgatan 4 B · 01:10 · first look");
	assert_shows(text, "29 s ████████");
	assert_shows(text, "Bed by the window,");
	assert_shows(text, "Last seen well 22:03");
	assert_shows(text, "1 s before shown");
	assert_shows(text, "c all well  r not seen: look again in 10 min  p page the night patrol");
	assert_shows(text,
	             "h needs help now  o other person  u picture unusable  Esc end the view");
	/* The picture's place is blank. */
	assert_true(view_look_area(24, 80, &area));
	for (int row = area.row; row < area.row + area.rows; row++)
		for (int column = area.column; column < area.column + area.columns; column++)
			assert_string_equal(shot.canvas.cells[row * 80 + column].text, " ");
	desk_press(desk, 'h');
	text = shoot(desk, &shot, 24, 80);
	assert_shows(text, "CALL 112");
	assert_shows(text, "HELP NOW for Karin Lundgren: wakes Patrol 1 070-123 45 67");
	assert_shows(text, "reason: needs help now   Enter sends   Esc does not");
	shot_free(&shot);
	desk_close(desk);
}

static void test_second_look_says_why_r_is_gone(void **state)
{
	struct desk *desk = desk_open();
	struct check karin = desk_check(1, "karin", DESK_UTC_MS - 14 * MS_MINUTE);
	struct shot shot = shot_new();
	const char *text;

	(void)state;
	karin.first_answer_ms = DESK_UTC_MS - 9 * MS_MINUTE;
	karin.look_number = 1;
	desk_row(desk, &karin);
	desk_look(desk, 1, 0, 43);
	text = shoot(desk, &shot, 24, 80);
	assert_shows(text, "SECOND LOOK");
	assert_shows(text, "second look: no r");
	assert_hides(text, "r not seen");
	shot_free(&shot);
	desk_close(desk);
}

static void test_couple(void **state)
{
	struct desk *desk = desk_open();
	struct check berit = desk_check(5, "berit", DESK_UTC_MS),
		     nils = desk_check(6, "nils", DESK_UTC_MS);
	struct shot shot = shot_new();
	const char *text;

	(void)state;
	berit.pair = 6;
	nils.pair = 5;
	desk_row(desk, &berit);
	desk_row(desk, &nils);
	desk_look(desk, 5, 6, 50);
	desk_pass(desk, 9000);
	desk_press(desk, 'c');
	desk_pass(desk, 9000);
	text = shoot(desk, &shot, 24, 80);
	assert_shows(text, "LOOK  Berit Ek + Nils Ek");
	assert_shows(text, "1  Berit Ek: all well");
	assert_shows(text, "2 ►Nils Ek: ?");
	shot_free(&shot);
	desk_close(desk);
}

static void test_small(void **state)
{
	struct desk *desk = desk_open();
	struct shot shot = shot_new();
	const char *text;

	(void)state;
	fill(desk);
	text = shoot(desk, &shot, 10, 40);
	assert_shows(text, "01:14");
	assert_shows(text, "** 1");
	assert_shows(text, "01:13 Sven Öberg");
	desk_look(desk, 2, 0, 43);
	text = shoot(desk, &shot, 10, 40);
	assert_shows(text, "LOOK  Sven Öberg");
	assert_shows(text, "30 s");
	assert_shows(text, "c well  p patrol");
	assert_shows(text, "h help!  o other  u unusable  Esc end");
	desk_pass(desk, 1500);
	desk_press(desk, 'p');
	text = shoot(desk, &shot, 10, 40);
	assert_shows(text, "070-123 45 67"); /* the question stands whole */
	desk_press(desk, INPUT_ESCAPE);
	desk_press(desk, INPUT_ESCAPE);
	assert_true(desk->picture_ends);
	shot_free(&shot);
	desk_close(desk);
}

/* No size and no screen may stop the program. */
static void test_any_size(void **state)
{
	static const key_code ways[] = {INPUT_NONE,   INPUT_SPACE, INPUT_ESCAPE, 'b',
	                                INPUT_ESCAPE, '?',         INPUT_ESCAPE, ':'};
	struct desk *desk = desk_open();
	struct shot shot = shot_new();

	(void)state;
	fill(desk);
	for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
		desk_press(desk, ways[i]);
		for (int rows = 1; rows < 26; rows += 3)
			for (int columns = 1; columns < 100; columns += 7) {
				shoot(desk, &shot, rows, columns);
				assert_in_range(shot.canvas.cursor_row, 0, rows - 1);
				assert_in_range(shot.canvas.cursor_column, 0, columns - 1);
			}
	}
	desk_press(desk, INPUT_ESCAPE);
	desk_look(desk, 2, 0, 43);
	for (int rows = 1; rows < 26; rows++)
		for (int columns = 1; columns < 100; columns += 3)
			shoot(desk, &shot, rows, columns);
	shot_free(&shot);
	desk_close(desk);
}

static void test_link_lost(void **state)
{
	struct desk *desk = desk_open();
	struct shot shot = shot_new();
	const char *text;

	(void)state;
	fill(desk);
	model_link(desk->model, false);
	desk_pass(desk, 65000);
	text = shoot(desk, &shot, 24, 80);
	assert_shows(text, "LINK LOST since 01:14:0");
	assert_shows(text, "rows are old · call Patrol 1 070-123 45 67");
	assert_shows(text, "Karin Lundgren");
	shot_free(&shot);
	desk_close(desk);
}

static void test_board_and_details(void **state)
{
	struct desk *desk = desk_open();
	struct shot shot = shot_new();
	const char *text;

	(void)state;
	fill(desk);
	desk_press(desk, 'b');
	text = shoot(desk, &shot, 24, 80);
	assert_shows(text, "PATROL BOARD");
	assert_shows(text, "Patrol 1 070-123 45 67 · page 9 · not seen");
	assert_shows(text, "a acknowledged  s on site  t called");
	assert_shows(text,
	             "c well  d helped  m ambulance  x nobody home  e no entry  f broken off");
	desk_press(desk, INPUT_SPACE);
	text = shoot(desk, &shot, 24, 80);
	assert_shows(text, "RESIDENT");
	assert_shows(text, "Key box at the door");
	assert_shows(text, "070-111 22 33");
	shot_free(&shot);
	desk_close(desk);
}

static void test_help_is_the_command_table(void **state)
{
	struct desk *desk = desk_open();
	struct shot shot = shot_new();
	const char *text;

	(void)state;
	desk_press(desk, '?');
	text = shoot(desk, &shot, 200, 100);
	for (size_t i = 0; i < n_console_commands; i++)
		assert_shows(text, console_commands[i].sentence);
	shot_free(&shot);
	desk_close(desk);
}

/* What is wrong with a file is told at once in short, and whole when asked for. */
static void test_messages(void **state)
{
	struct desk *desk = desk_open();
	struct shot shot = shot_new();
	struct messages messages = {0};
	const char *text;

	(void)state;
	fill(desk);
	messages_add(&messages, "/home/anna/.config/tillsyn/tui.conf:3:8: port: must be from 1 to 65535");
	model_messages(desk->model, &messages, false);
	text = shoot(desk, &shot, 24, 80);
	assert_shows(text, " tui.conf:3:8: port: must be from 1 to 65535");
	messages_add(&messages, "/home/anna/mine.theme:1:1: inc: is no meaning");
	model_messages(desk->model, &messages, false);
	text = shoot(desk, &shot, 24, 80);
	assert_shows(text, "2 messages. :messages tells them.");
	desk_press(desk, ':');
	for (const char *word = "messages"; *word != '\0'; word++)
		desk_press(desk, (key_code)*word);
	desk_press(desk, INPUT_ENTER);
	text = shoot(desk, &shot, 10, 40);
	assert_shows(text, "MESSAGES");
	assert_shows(text, "mine.theme:1:1: inc:");
	text = shoot(desk, &shot, 24, 80);
	assert_shows(text, "/home/anna/.config/tillsyn/tui.conf:3:8:");
	assert_true(strstr(text, "mine.theme") < strstr(text, "tui.conf"));
	desk_press(desk, INPUT_ESCAPE);
	assert_shows(shoot(desk, &shot, 24, 80), "NEEDS YOU");
	shot_free(&shot);
	desk_close(desk);
}

static void test_ascii(void **state)
{
	struct desk *desk = desk_open();
	struct shot shot = shot_new();

	(void)state;
	fill(desk);
	shot.canvas.ascii = true;
	for (const char *text = shoot(desk, &shot, 24, 80); *text != '\0'; text++)
		assert_true((unsigned char)*text < 0x80);
	assert_shows((const char *)shot.text.data, "Sven Oberg");
	shot_free(&shot);
	desk_close(desk);
}

static void test_width(void **state)
{
	struct shot shot = shot_new();

	(void)state;
	assert_int_equal(width_text("Öberg"), 5);
	assert_int_equal(width_text("O\xcc\x88" "berg"), 5);
	assert_int_equal(width_text("田中"), 4);
	canvas_resize(&shot.canvas, 1, 4);
	assert_int_equal(canvas_put(&shot.canvas, 0, 0, 4, STYLE_TEXT, "田中"), 4);
	assert_int_equal(canvas_put(&shot.canvas, 0, 0, 3, STYLE_TEXT, "田中"), 3);
	canvas_lines(&shot.canvas, &shot.text);
	assert_int_equal(memcmp(shot.text.data, "田…", strlen("田…")), 0);
	shot_free(&shot);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_call_of_112_stands_first),
		cmocka_unit_test(test_tonight),
		cmocka_unit_test(test_demo_marks_every_row),
		cmocka_unit_test(test_calm_night),
		cmocka_unit_test(test_look),
		cmocka_unit_test(test_second_look_says_why_r_is_gone),
		cmocka_unit_test(test_couple),
		cmocka_unit_test(test_small),
		cmocka_unit_test(test_any_size),
		cmocka_unit_test(test_link_lost),
		cmocka_unit_test(test_board_and_details),
		cmocka_unit_test(test_help_is_the_command_table),
		cmocka_unit_test(test_messages),
		cmocka_unit_test(test_ascii),
		cmocka_unit_test(test_width),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
