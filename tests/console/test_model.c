/* What a key does at an operator's desk, and what it must never do. */
#include "desk.h"

#include "console/words.h"

#include <stdio.h>

static void one_due(struct desk *desk)
{
	struct check karin = desk_check(1, "karin", DESK_UTC_MS - 4 * MS_MINUTE);

	desk_row(desk, &karin);
}

/* Looks */

static void test_look_ends_well(void **state)
{
	struct desk *desk = desk_open();

	(void)state;
	one_due(desk);
	desk_look(desk, 1, 0, 42);
	assert_true(desk_sent(desk, "claim", "\"check\":1"));
	assert_true(desk_sent(desk, "look", "\"look\":42"));
	assert_true(desk_sent(desk, "shown", "\"look\":42"));
	assert_int_equal(desk->expect.look, 42);
	assert_int_equal(desk->expect.view_ms, 30000);
	desk_clear(desk);
	desk_pass(desk, 1100);
	desk_press(desk, 'c');
	assert_true(desk_sent(desk, "answer", "\"answer\":\"well\""));
	assert_true(desk->picture_ends);
	desk_gone(desk, 1800);
	assert_true(desk_sent(desk, "view-over", "\"view_ms\":1800"));
	desk_done(desk);
	assert_int_equal(desk->model->screen, SCREEN_TONIGHT);
	desk_close(desk);
}

static void test_answer_needs_a_picture_that_stood_a_second(void **state)
{
	struct desk *desk = desk_open();

	(void)state;
	one_due(desk);
	desk_look(desk, 1, 0, 42);
	desk_clear(desk);
	desk_press(desk, 'c');
	assert_false(desk_sent(desk, "answer", ""));
	desk_press(desk, 'c');
	assert_true(desk_sent(desk, "answer", "well"));
	desk_close(desk);
}

static void test_typed_ahead_keys_answer_nothing(void **state)
{
	struct desk *desk = desk_open();

	(void)state;
	one_due(desk);
	desk_press(desk, INPUT_ENTER);
	desk_key(desk, 'c');
	desk_key(desk, 'c');
	desk_claimed(desk, 1, 0, 42);
	desk_clear(desk);
	desk_key_ready(desk);
	desk_key(desk, 'c');
	assert_false(desk_sent(desk, "answer", ""));
	desk_close(desk);
}

/* A paste that begins with the key for all well, on a terminal that does not mark what is pasted. */
static void test_keys_of_one_moment_answer_nothing(void **state)
{
	struct desk *desk = desk_open();

	(void)state;
	one_due(desk);
	desk_look(desk, 1, 0, 42);
	desk_clear(desk);
	desk_pass(desk, 2000);
	for (int i = 0; i < 3; i++) {
		model_burst(desk->model);
		desk_key(desk, 'c');
	}
	assert_false(desk_sent(desk, "answer", ""));
	desk_press(desk, 'c');
	assert_true(desk_sent(desk, "answer", "well"));
	desk_close(desk);
}

/* A key that repeats never leaves half a second of quiet, however long the picture stands. */
static void test_held_key_answers_nothing(void **state)
{
	struct desk *desk = desk_open();

	(void)state;
	one_due(desk);
	desk_look(desk, 1, 0, 42);
	desk_clear(desk);
	for (int i = 0; i < 100; i++) {
		desk_pass(desk, 33);
		desk_key(desk, 'c');
	}
	assert_false(desk_sent(desk, "answer", ""));
	assert_int_equal(desk->model->look.phase, LOOK_STANDING);
	desk_press(desk, 'c');
	assert_true(desk_sent(desk, "answer", "well"));
	desk_close(desk);
}

static void test_held_enter_opens_no_second_lens(void **state)
{
	struct desk *desk = desk_open();
	struct check sven = desk_check(2, "sven", DESK_UTC_MS - 3 * MS_MINUTE);

	(void)state;
	one_due(desk);
	desk_row(desk, &sven);
	desk_press(desk, INPUT_ENTER);
	desk_refused(desk, "claimed", "Somebody else has this check.");
	desk_clear(desk);
	for (int i = 0; i < 60; i++) {
		desk_pass(desk, 33);
		desk_key(desk, INPUT_ENTER);
	}
	assert_false(desk_sent(desk, "claim", ""));
	desk_close(desk);
}

static void test_view_ends_by_itself_and_the_question_stays(void **state)
{
	struct desk *desk = desk_open();

	(void)state;
	one_due(desk);
	desk_look(desk, 1, 0, 42);
	desk_pass(desk, 30000);
	desk_gone(desk, 30000);
	assert_int_equal(desk->model->look.phase, LOOK_QUESTION);
	assert_int_equal(desk->model->screen, SCREEN_LOOK);
	assert_true(desk_sent(desk, "view-over", "\"view_ms\":30000"));
	desk_press(desk, 'r');
	assert_true(desk_sent(desk, "answer", "not-seen"));
	desk_close(desk);
}

static void test_console_ends_a_view_that_does_not_end(void **state)
{
	struct desk *desk = desk_open();

	(void)state;
	one_due(desk);
	desk_look(desk, 1, 0, 42);
	desk_pass(desk, 30500);
	assert_false(desk->picture_ends);
	desk_pass(desk, 1000);
	assert_true(desk->picture_ends);
	desk_close(desk);
}

static void test_escape_ends_the_view_then_leaves_the_question(void **state)
{
	struct desk *desk = desk_open();
	struct check karin = desk_check(1, "karin", DESK_UTC_MS - 4 * MS_MINUTE);

	(void)state;
	one_due(desk);
	desk_look(desk, 1, 0, 42);
	desk_key(desk, INPUT_ESCAPE);
	assert_true(desk->picture_ends);
	assert_int_equal(desk->model->look.phase, LOOK_QUESTION);
	karin.state = CHECK_DECIDING;
	karin.session = 7;
	karin.look = 42;
	karin.decision_version = 2;
	desk_row(desk, &karin);
	desk_key(desk, INPUT_ESCAPE);
	assert_int_equal(desk->model->screen, SCREEN_TONIGHT);
	desk_clear(desk);
	desk_press(desk, INPUT_ENTER);
	assert_int_equal(desk->model->screen, SCREEN_LOOK);
	assert_false(desk_sent(desk, "claim", ""));
	desk_press(desk, 'c');
	assert_true(desk_sent(desk, "answer", "\"look\":42"));
	desk_close(desk);
}

static void test_second_look_has_no_r(void **state)
{
	struct desk *desk = desk_open();
	struct check karin = desk_check(1, "karin", DESK_UTC_MS - 14 * MS_MINUTE);

	(void)state;
	karin.first_answer_ms = DESK_UTC_MS - 9 * MS_MINUTE;
	karin.look_number = 1;
	karin.answer = ANSWER_NOT_SEEN;
	desk_row(desk, &karin);
	desk_look(desk, 1, 0, 43);
	desk_clear(desk);
	desk_pass(desk, 1500);
	desk_press(desk, 'r');
	assert_false(desk_sent(desk, "answer", ""));
	assert_non_null(strstr(desk->model->notice, "second look"));
	desk_close(desk);
}

static void test_p_asks_and_only_enter_sends(void **state)
{
	struct desk *desk = desk_open();

	(void)state;
	one_due(desk);
	desk_look(desk, 1, 0, 42);
	desk_clear(desk);
	desk_pass(desk, 1000);
	desk_press(desk, 'p');
	assert_non_null(strstr(desk->model->prompt.label, "Karin Lundgren"));
	assert_non_null(strstr(desk->model->prompt.label, "Patrol 1"));
	desk_press(desk, 'p');
	assert_false(desk_sent(desk, "answer", ""));
	desk_press(desk, INPUT_ESCAPE);
	assert_false(desk_sent(desk, "answer", ""));
	assert_false(desk->picture_ends);
	desk_press(desk, 'p');
	desk_key(desk, INPUT_ENTER); /* at once: typed ahead */
	assert_false(desk_sent(desk, "answer", ""));
	desk_press(desk, INPUT_ENTER);
	assert_true(desk_sent(desk, "answer", "\"answer\":\"patrol\",\"reason\":\"looks wrong\""));
	desk_close(desk);
}

static void test_view_end_keeps_a_reason_that_is_being_typed(void **state)
{
	struct desk *desk = desk_open();

	(void)state;
	one_due(desk);
	desk_look(desk, 1, 0, 42);
	desk_pass(desk, 1000);
	desk_press(desk, 'p');
	desk_press(desk, '!');
	desk_gone(desk, 30000);
	assert_int_equal(desk->model->prompt.deed.kind, DEED_ANSWER);
	desk_press(desk, INPUT_ENTER);
	assert_true(desk_sent(desk, "answer", "looks wrong!"));
	desk_close(desk);
}

static void test_needs_help_shows_the_number_until_the_operator_leaves(void **state)
{
	struct desk *desk = desk_open();

	(void)state;
	one_due(desk);
	desk_look(desk, 1, 0, 42);
	desk_pass(desk, 1000);
	desk_press(desk, 'h');
	desk_press(desk, INPUT_ENTER);
	assert_true(desk_sent(desk, "answer", "needs-help"));
	desk_done(desk);
	assert_int_equal(desk->model->look.phase, LOOK_HELP);
	desk_press(desk, INPUT_ESCAPE);
	assert_int_equal(desk->model->screen, SCREEN_TONIGHT);
	desk_close(desk);
}

static struct check with_page(int64_t number)
{
	struct check check = desk_check(1, "karin", DESK_UTC_MS - MS_MINUTE);

	check.state = CHECK_PATROL;
	check.cause = CAUSE_NEEDS_HELP;
	check.page = number;
	return check;
}

static void test_one_key_records_that_112_was_called(void **state)
{
	struct desk *desk = desk_open();
	struct page page = {.number = 9, .night = 20539, .cause = CAUSE_NEEDS_HELP,
	                    .state = PAGE_DELIVERED, .urgent = true, .steps = 2,
	                    .on_site_limit_ms = 20 * MS_MINUTE, .unanswered_ms = MS_MINUTE};
	struct check check = with_page(9);

	(void)state;
	one_due(desk);
	desk_look(desk, 1, 0, 42);
	desk_pass(desk, 1000);
	desk_press(desk, 'h');
	desk_press(desk, INPUT_ENTER);
	desk_done(desk);
	strcpy(page.contact, "patrol1");
	desk_hub(desk, wire_from_page(&page));
	desk_row(desk, &check);
	desk_press(desk, '!');
	assert_true(desk_sent(desk, "page-event", "\"event\":\"112\""));
	desk_close(desk);
}

static void test_answer_after_the_page_says_that_the_patrol_still_drives(void **state)
{
	struct desk *desk = desk_open();
	struct check check = with_page(9);

	(void)state;
	one_due(desk);
	desk_look(desk, 1, 0, 42);
	desk_gone(desk, 30000);
	desk_row(desk, &check);
	desk_press(desk, 'c');
	desk_done(desk);
	assert_non_null(strstr(desk->model->notice, "still drives"));
	desk_close(desk);
}

static void test_other_person_ends_the_view_and_keeps_the_question(void **state)
{
	struct desk *desk = desk_open();

	(void)state;
	one_due(desk);
	desk_look(desk, 1, 0, 42);
	desk_pass(desk, 1000);
	desk_press(desk, 'o');
	assert_true(desk->picture_ends);
	assert_true(desk_sent(desk, "answer", "other-person"));
	desk_done(desk);
	assert_int_equal(desk->model->look.phase, LOOK_QUESTION);
	desk_clear(desk);
	desk_press(desk, 'u');
	assert_false(desk_sent(desk, "answer", ""));
	desk_press(desk, 'c');
	assert_true(desk_sent(desk, "answer", "well"));
	desk_close(desk);
}

/* A picture for another look, or before the permit, goes nowhere. */
static void test_only_the_look_that_waits_gets_a_picture(void **state)
{
	struct desk *desk = desk_open();
	uint8_t sealed[64] = {[7] = 99};

	(void)state;
	one_due(desk);
	desk_press(desk, INPUT_ENTER);
	model_binary(desk->model, sealed, sizeof sealed);
	desk_claimed(desk, 1, 0, 42);
	desk_key_ready(desk);
	model_binary(desk->model, sealed, sizeof sealed);
	assert_int_equal(desk->sealed, 0);
	sealed[7] = 42;
	model_binary(desk->model, sealed, sizeof sealed);
	assert_int_equal(desk->sealed, 56);
	desk_close(desk);
}

static void test_picture_process_that_dies_is_a_fault(void **state)
{
	struct desk *desk = desk_open();

	(void)state;
	one_due(desk);
	desk_press(desk, INPUT_ENTER);
	desk_claimed(desk, 1, 0, 42);
	desk_key_ready(desk);
	model_viewer_died(desk->model);
	assert_true(desk_sent(desk, "viewer-fault", "\"look\":42"));
	assert_int_equal(desk->model->look.phase, LOOK_FAILED);
	desk_close(desk);
}

/* A look is the resident's too: none is spent on a window that cannot show it. */
static void test_no_look_without_room(void **state)
{
	struct desk *desk = desk_open();

	(void)state;
	one_due(desk);
	desk->small = true;
	desk_clear(desk);
	desk_press(desk, INPUT_ENTER);
	assert_false(desk_sent(desk, "claim", ""));
	assert_false(desk->picture_runs);
	assert_int_equal(desk->model->screen, SCREEN_TONIGHT);
	assert_non_null(strstr(desk->model->notice, "too small"));
	desk_close(desk);
}

/* The window became too small: the operator is told, and what was seen can be answered. */
static void test_view_that_is_lost_leaves_its_question(void **state)
{
	struct desk *desk = desk_open();

	(void)state;
	one_due(desk);
	desk_look(desk, 1, 0, 42);
	desk_pass(desk, 5000);
	model_lose_view(desk->model, "no room any more");
	assert_true(desk->picture_ends);
	desk_gone(desk, 5000);
	assert_int_equal(desk->model->look.phase, LOOK_QUESTION);
	assert_string_equal(desk->model->notice, "no room any more");
	assert_true(desk_sent(desk, "view-over", "\"view_ms\":5000"));
	/* Where no picture stands or comes, there is nothing to lose. */
	model_lose_view(desk->model, "nor here");
	assert_string_equal(desk->model->notice, "no room any more");
	desk_press(desk, 'c');
	assert_true(desk_sent(desk, "answer", "well"));
	desk_close(desk);
}

/* Drawn again after a change of the window's size, it is the same view: shown once, with one time. */
static void test_picture_drawn_again_is_one_showing(void **state)
{
	struct desk *desk = desk_open();

	(void)state;
	one_due(desk);
	desk_look(desk, 1, 0, 42);
	assert_true(desk_sent(desk, "shown", "\"look\":42"));
	desk_pass(desk, 5000);
	desk_clear(desk);
	desk_standing(desk);
	assert_false(desk_sent(desk, "shown", ""));
	assert_int_equal(model_view_left_ms(desk->model), 25000);
	desk_close(desk);
}

static void test_leaving_before_the_picture_releases_the_claim(void **state)
{
	struct desk *desk = desk_open();

	(void)state;
	one_due(desk);
	desk_press(desk, INPUT_ENTER);
	desk_key(desk, INPUT_ESCAPE);
	assert_true(desk_sent(desk, "release", "\"check\":1"));
	assert_true(desk->picture_ends);
	desk_close(desk);
}

/* Couples */

static void couple(struct desk *desk)
{
	struct check berit = desk_check(5, "berit", DESK_UTC_MS),
		     nils = desk_check(6, "nils", DESK_UTC_MS);

	berit.pair = 6;
	nils.pair = 5;
	desk_row(desk, &berit);
	desk_row(desk, &nils);
}

static void test_couple_is_one_row_while_in_one_phase(void **state)
{
	struct desk *desk = desk_open();
	struct check nils = desk_check(6, "nils", DESK_UTC_MS);

	(void)state;
	couple(desk);
	assert_int_equal(desk->model->list.n, 1);
	assert_int_equal(model_row(&desk->model->list, 0)->n_checks, 2);
	nils.pair = 5;
	nils.state = CHECK_WAITING;
	nils.first_answer_ms = DESK_UTC_MS;
	desk_row(desk, &nils);
	assert_int_equal(desk->model->list.n, 2);
	desk_close(desk);
}

static void test_couple_needs_both_answers(void **state)
{
	struct desk *desk = desk_open();

	(void)state;
	couple(desk);
	desk_look(desk, 5, 6, 50);
	desk_clear(desk);
	desk_pass(desk, 1000);
	desk_press(desk, 'c');
	assert_false(desk_sent(desk, "answer", ""));
	assert_false(desk->picture_ends);
	assert_int_equal(desk->model->look.person, 1);
	desk_key(desk, 'c'); /* the same key once more, held: not an answer for the other person */
	assert_false(desk_sent(desk, "answer", ""));
	desk_press(desk, 'r');
	assert_true(desk_sent(desk, "answer", "\"check\":5,\"answer\":\"well\""));
	assert_true(desk_sent(desk, "answer", "\"check2\":6,\"answer2\":\"not-seen\""));
	desk_close(desk);
}

static void test_couple_second_person_first(void **state)
{
	struct desk *desk = desk_open();

	(void)state;
	couple(desk);
	desk_look(desk, 5, 6, 50);
	desk_clear(desk);
	desk_pass(desk, 1000);
	desk_press(desk, '2');
	desk_press(desk, 'r');
	assert_int_equal(desk->model->look.person, 0);
	desk_press(desk, 'c');
	assert_true(desk_sent(desk, "answer", "\"answer2\":\"not-seen\""));
	desk_close(desk);
}

/* The rows and the cursor */

static void test_cursor_stays_on_its_resident(void **state)
{
	struct desk *desk = desk_open();
	struct check sven = desk_check(2, "sven", DESK_UTC_MS - 6 * MS_MINUTE);

	(void)state;
	one_due(desk);
	assert_int_equal(desk->model->focus.check, 1);
	desk_row(desk, &sven);
	assert_int_equal(model_row(&desk->model->list, 0)->check[0], 2);
	assert_int_equal(desk->model->focus.check, 1);
	desk_close(desk);
}

/* The console before this one died with the cursor on Karin, below Sven, who is late. */
static void test_cursor_comes_back_after_a_death(void **state)
{
	struct desk *desk = desk_open();
	struct check sven = desk_check(2, "sven", DESK_UTC_MS - 6 * MS_MINUTE);

	(void)state;
	desk->model->resumed = 1;
	model_link(desk->model, false);
	model_link(desk->model, true);
	desk_welcome(desk, false);
	desk_reset(desk);
	desk_row(desk, &sven);
	one_due(desk);
	desk_level(desk);
	assert_int_equal(model_row(&desk->model->list, 0)->check[0], 2);
	assert_int_equal(desk->model->focus.check, 1);
	assert_non_null(strstr(desk->model->notice, "started again"));
	/* Once: whatever comes later moves the cursor as ever. */
	assert_int_equal(desk->model->resumed, 0);
	desk_close(desk);
}

/* The hub read other time-zone data, and moved what it had planned: the console's clock follows. */
static void test_reset_reads_the_zone_anew(void **state)
{
	struct desk *desk = desk_open();
	struct check karin = desk_check(1, "karin", DESK_UTC_MS + 3 * MS_HOUR);
	char clock[CLOCK_BYTES], words[200];

	(void)state;
	karin.state = CHECK_PLANNED;
	desk_row(desk, &karin);
	words_clock(desk->model, karin.start_ms, clock);
	assert_string_equal(clock, "04:14");
	desk->night.change = (struct zone_transition){DESK_UTC_MS / 1000 + 3600, 7200};
	desk_reset(desk);
	karin.start_ms -= MS_HOUR;
	karin.note = PLAN_MOVED;
	desk_row(desk, &karin);
	desk_level(desk);
	words_clock(desk->model, karin.start_ms, clock);
	assert_string_equal(clock, "04:14");
	words_row(desk->model, model_row(&desk->model->list, 0), words, sizeof words);
	assert_string_equal(words, "time-zone data changed: moved");
	desk_close(desk);
}

/* The row under the cursor changes between the last frame and the key. */
static void test_key_never_lands_on_another_resident(void **state)
{
	struct desk *desk = desk_open();
	struct check karin = desk_check(1, "karin", DESK_UTC_MS - 4 * MS_MINUTE);
	struct check sven = desk_check(2, "sven", DESK_UTC_MS - 3 * MS_MINUTE);
	struct wire_message *reset = wire_new(WIRE_RESET);
	struct buf out = buf_new(MESSAGE_MAX_BYTES);

	(void)state;
	desk_row(desk, &karin);
	desk_row(desk, &sven);
	desk_pass(desk, 5000);
	desk_key(desk, 'j');
	desk_key(desk, 'k');
	desk_pass(desk, 5000);
	desk_clear(desk);
	/* Karin is gone and nothing was drawn yet when Enter arrives. */
	wire_set_int(reset, "night", 20539);
	wire_set_int(reset, "night_from_ms", 1);
	wire_set_int(reset, "night_to_ms", 2);
	assert_int_equal(wire_encode(reset, &out), ERR_OK);
	wire_free(reset);
	assert_int_equal(model_message(desk->model, out.data, out.len), ERR_OK);
	buf_free(&out);
	reset = wire_from_check(&sven);
	assert_int_equal(wire_encode(reset, &out), ERR_OK);
	wire_free(reset);
	assert_int_equal(model_message(desk->model, out.data, out.len), ERR_OK);
	buf_free(&out);
	reset = wire_new(WIRE_LEVEL);
	wire_set_int(reset, "utc_ms", DESK_UTC_MS);
	assert_int_equal(wire_encode(reset, &out), ERR_OK);
	wire_free(reset);
	assert_int_equal(model_message(desk->model, out.data, out.len), ERR_OK);
	buf_free(&out);
	assert_int_equal(desk->model->focus.check, 2);
	model_key(desk->model, INPUT_ENTER);
	assert_false(desk_sent(desk, "claim", ""));
	/* Even after half a second, as long as no frame has named the new resident. */
	desk->now.elapsed_ms += 900;
	model_tick(desk->model, &desk->now);
	model_key(desk->model, INPUT_ENTER);
	assert_false(desk_sent(desk, "claim", ""));
	desk_close(desk);
}

/* The row changes, and is drawn, in the moment before the key: the hand had decided on something
 * else. */
static void test_change_under_the_hand_asks_for_quiet(void **state)
{
	struct desk *desk = desk_open();
	struct check karin = desk_check(1, "karin", DESK_UTC_MS - 4 * MS_MINUTE);

	(void)state;
	desk_row(desk, &karin);
	desk_pass(desk, 5000);
	desk_key(desk, INPUT_HOME);
	karin.rechecks_left = 0;
	karin.decision_version = 2;
	desk_row(desk, &karin);
	desk_pass(desk, 100);
	desk_key(desk, INPUT_ENTER);
	assert_false(desk_sent(desk, "claim", ""));
	desk_press(desk, INPUT_ENTER);
	assert_true(desk_sent(desk, "claim", "\"decision_version\":2"));
	desk_close(desk);
}

static void test_command_carries_the_version_seen(void **state)
{
	struct desk *desk = desk_open();
	struct check karin = desk_check(1, "karin", DESK_UTC_MS);

	(void)state;
	karin.decision_version = 17;
	desk_row(desk, &karin);
	desk_press(desk, INPUT_ENTER);
	assert_true(desk_sent(desk, "claim", "\"decision_version\":17"));
	desk_close(desk);
}

static void test_order_of_work(void **state)
{
	struct desk *desk = desk_open();
	struct check karin = desk_check(1, "karin", DESK_UTC_MS - 10 * MS_MINUTE);
	struct check sven = desk_check(2, "sven", DESK_UTC_MS - 12 * MS_MINUTE);
	struct check berit = desk_check(5, "berit", DESK_UTC_MS + MS_HOUR);
	struct check nils = desk_check(6, "nils", DESK_UTC_MS - MS_HOUR);

	(void)state;
	sven.first_answer_ms = DESK_UTC_MS - 9 * MS_MINUTE;
	berit.state = CHECK_PLANNED;
	nils.state = CHECK_CLOSED;
	nils.outcome = OUTCOME_SEEN_WELL;
	desk_row(desk, &nils);
	desk_row(desk, &berit);
	desk_row(desk, &karin);
	desk_row(desk, &sven);
	assert_int_equal(model_row(&desk->model->list, 0)->check[0], 2); /* the recheck first */
	assert_int_equal(model_row(&desk->model->list, 1)->check[0], 1);
	assert_int_equal(model_row(&desk->model->list, 2)->section, SECTION_COMING);
	assert_int_equal(model_row(&desk->model->list, 3)->section, SECTION_DONE);
	desk_close(desk);
}

static void test_cursor_goes_to_the_top_after_an_answer(void **state)
{
	struct desk *desk = desk_open();
	struct check karin = desk_check(1, "karin", DESK_UTC_MS - 4 * MS_MINUTE);
	struct check sven = desk_check(2, "sven", DESK_UTC_MS - 3 * MS_MINUTE);
	struct check berit = desk_check(5, "berit", DESK_UTC_MS - 2 * MS_MINUTE);

	(void)state;
	desk_row(desk, &karin);
	desk_row(desk, &sven);
	desk_row(desk, &berit);
	desk_press(desk, 'j');
	desk_look(desk, 2, 0, 42);
	desk_pass(desk, 1000);
	desk_press(desk, 'c');
	sven.state = CHECK_CLOSED;
	sven.outcome = OUTCOME_SEEN_WELL;
	desk_row(desk, &sven);
	desk_done(desk);
	assert_int_equal(desk->model->focus.check, 1);
	desk_close(desk);
}

/* A fault without a look left: Enter asks for a page, and Enter alone does not send it. */
static void test_enter_that_asked_does_not_confirm(void **state)
{
	struct desk *desk = desk_open();
	struct check karin = desk_check(1, "karin", DESK_UTC_MS - 2 * MS_MINUTE);

	(void)state;
	karin.state = CHECK_FAULT;
	karin.cause = CAUSE_CAMERA_LOST;
	karin.camera_lost = true;
	karin.fault_page_ms = DESK_UTC_MS + MS_MINUTE;
	desk_row(desk, &karin);
	desk_press(desk, INPUT_ENTER);
	assert_int_equal(desk->model->prompt.deed.kind, DEED_PAGE);
	desk_press(desk, INPUT_ENTER);
	desk_press(desk, INPUT_ENTER);
	assert_false(desk_sent(desk, "page", "reason"));
	desk_press(desk, 'x');
	desk_press(desk, INPUT_ENTER);
	assert_true(desk_sent(desk, "page", "\"reason\":\"x\""));
	desk_close(desk);
}

/* Alarms */

static void test_bell_once_for_the_highest_that_is_new(void **state)
{
	struct desk *desk = desk_open();

	(void)state;
	one_due(desk);
	assert_int_equal(desk->sounds, 0);
	desk_pass(desk, 12 * MS_MINUTE);
	assert_int_equal(desk->sounds, 1);
	assert_int_equal(desk->sounded, ALARM_HIGH);
	desk_pass(desk, MS_MINUTE);
	assert_int_equal(desk->sounds, 1);
	desk_close(desk);
}

static void test_sleeps_to_the_minute_when_nothing_runs(void **state)
{
	struct desk *desk = desk_open();

	(void)state;
	desk_pass(desk, 10000);
	assert_true(model_next_ms(desk->model) - desk->now.elapsed_ms > 45000);
	one_due(desk);
	assert_true(model_next_ms(desk->model) - desk->now.elapsed_ms > 45000);
	desk_look(desk, 1, 0, 42);
	assert_true(model_next_ms(desk->model) - desk->now.elapsed_ms <= 250);
	desk_close(desk);
}

/* An alarm that does not flash wakes nobody twice a second either. */
static void test_calm_alarms_stand(void **state)
{
	struct desk *desk = desk_open();
	struct check late = desk_check(1, "karin", DESK_UTC_MS - 16 * MS_MINUTE);

	(void)state;
	desk_row(desk, &late);
	desk_pass(desk, 10000);
	assert_int_equal(desk->model->alarms_at[ALARM_HIGH], 1);
	assert_true(model_next_ms(desk->model) - desk->now.elapsed_ms <= 250);
	desk->model->calm = true;
	assert_true(model_next_ms(desk->model) - desk->now.elapsed_ms > 1000);
	model_drawn(desk->model, desk->model->details_top);
	desk_pass(desk, 1000);
	assert_false(desk->model->dirty);
	desk_close(desk);
}

/* The link */

static void test_link_lost_keeps_rows_and_raises_what_cannot_be_made(void **state)
{
	struct desk *desk = desk_open();
	struct check karin = desk_check(1, "karin", DESK_UTC_MS + 5 * MS_MINUTE);

	(void)state;
	karin.state = CHECK_PLANNED;
	desk_row(desk, &karin);
	model_link(desk->model, false);
	assert_int_equal(desk->sounded, ALARM_HIGH);
	assert_int_equal(desk->model->list.n, 1);
	assert_int_equal(model_row(&desk->model->list, 0)->section, SECTION_COMING);
	desk_pass(desk, 6 * MS_MINUTE);
	assert_int_equal(model_row(&desk->model->list, 0)->section, SECTION_NEEDS_YOU);
	desk_close(desk);
}

static void test_answer_outlives_a_lost_link(void **state)
{
	struct desk *desk = desk_open();

	(void)state;
	one_due(desk);
	desk_look(desk, 1, 0, 42);
	desk_gone(desk, 30000);
	model_link(desk->model, false);
	assert_int_equal(desk->model->look.phase, LOOK_QUESTION);
	desk_clear(desk);
	desk_press(desk, 'c');
	assert_false(desk_sent(desk, "answer", ""));
	assert_int_equal(desk->model->screen, SCREEN_TONIGHT);
	model_link(desk->model, true);
	desk_welcome(desk, false);
	assert_true(desk_sent(desk, "answer", "\"look\":42"));
	desk_done(desk);
	desk_clear(desk);
	model_link(desk->model, false);
	model_link(desk->model, true);
	desk_welcome(desk, false);
	assert_false(desk_sent(desk, "answer", ""));
	desk_close(desk);
}

static void test_no_look_without_a_link(void **state)
{
	struct desk *desk = desk_open();

	(void)state;
	one_due(desk);
	model_link(desk->model, false);
	desk_clear(desk);
	desk_press(desk, INPUT_ENTER);
	assert_int_equal(desk->n_sent, 0);
	assert_int_equal(desk->model->screen, SCREEN_TONIGHT);
	desk_close(desk);
}

static void test_nonsense_from_the_hub_is_refused(void **state)
{
	struct desk *desk = desk_open();
	static const char nonsense[] = "{\"message\":\"check\",\"id\":\"one\"}";

	(void)state;
	assert_int_not_equal(model_message(desk->model, nonsense, sizeof nonsense - 1), ERR_OK);
	assert_int_equal(desk->model->checks.n, 0);
	desk_close(desk);
}

/* The patrol */

static void paged(struct desk *desk)
{
	struct check karin = desk_check(1, "karin", DESK_UTC_MS - 20 * MS_MINUTE);
	struct page page = {.number = 9,
	                    .night = 20539,
	                    .cause = CAUSE_NOT_SEEN,
	                    .state = PAGE_DELIVERED,
	                    .steps = 2,
	                    .queued_ms = DESK_UTC_MS - 60000,
	                    .step_ms = DESK_UTC_MS - 60000,
	                    .next_at = DESK_UTC_MS + 60000,
	                    .on_site_limit_ms = 45 * MS_MINUTE,
	                    .unanswered_ms = 3 * MS_MINUTE};

	strcpy(page.contact, "patrol1");
	karin.state = CHECK_PATROL;
	karin.cause = CAUSE_NOT_SEEN;
	karin.page = 9;
	karin.patrol_ms = DESK_UTC_MS - 60000;
	desk_hub(desk, wire_from_page(&page));
	desk_row(desk, &karin);
}

static void test_patrol_board_asks_before_it_records(void **state)
{
	struct desk *desk = desk_open();

	(void)state;
	paged(desk);
	desk_press(desk, INPUT_ENTER);
	assert_int_equal(desk->model->screen, SCREEN_PATROL);
	desk_press(desk, 'a');
	assert_non_null(strstr(desk->model->prompt.label, "Patrol 1"));
	assert_false(desk_sent(desk, "page-event", ""));
	desk_press(desk, INPUT_ENTER);
	assert_true(desk_sent(desk, "page-event",
	                      "\"event\":\"acknowledged\",\"contact\":\"patrol1\""));
	desk_press(desk, 'c');
	desk_press(desk, INPUT_ESCAPE);
	assert_false(desk_sent(desk, "site-report", ""));
	desk_press(desk, 'c');
	desk_press(desk, INPUT_ENTER);
	assert_true(desk_sent(desk, "site-report", "\"check\":1,\"report\":\"well\""));
	desk_press(desk, '!');
	desk_press(desk, INPUT_ENTER);
	assert_true(desk_sent(desk, "page-event", "\"event\":\"112\""));
	desk_close(desk);
}

/* Who rings need not be the one who is being called now. */
static void test_an_earlier_person_of_the_chain_can_be_recorded(void **state)
{
	struct desk *desk = desk_open();

	(void)state;
	desk_contact(desk, "patrol2", "Patrol 2", 1);
	desk_contact(desk, "lead", "Shift lead", 2);
	paged(desk);
	desk_press(desk, INPUT_ENTER);
	desk_press(desk, 'a');
	desk_press(desk, INPUT_UP);
	assert_non_null(strstr(desk->model->prompt.label, "Shift lead has acknowledged"));
	desk_press(desk, INPUT_UP);
	assert_non_null(strstr(desk->model->prompt.label, "Patrol 2 has acknowledged"));
	desk_press(desk, INPUT_ENTER);
	assert_true(desk_sent(desk, "page-event",
	                      "\"event\":\"acknowledged\",\"contact\":\"patrol2\""));
	desk_press(desk, 'c');
	desk_press(desk, INPUT_DOWN);
	assert_non_null(strstr(desk->model->prompt.label, "Patrol 2 says: Karin"));
	desk_press(desk, INPUT_ENTER);
	assert_true(desk_sent(desk, "site-report", "\"contact\":\"patrol2\""));
	desk_close(desk);
}

static void test_visit_slot_is_closed_the_same_way(void **state)
{
	struct desk *desk = desk_open();
	struct check karin = desk_check(1, "karin", DESK_UTC_MS - 5 * MS_MINUTE);

	(void)state;
	karin.kind = SLOT_VISIT;
	karin.state = CHECK_PATROL;
	karin.cause = CAUSE_VISIT_SLOT;
	karin.patrol_ms = DESK_UTC_MS - 5 * MS_MINUTE;
	desk_row(desk, &karin);
	desk_press(desk, 'b');
	desk_press(desk, 'a');
	assert_int_equal(desk->model->prompt.deed.kind, DEED_NONE);
	desk_press(desk, 'x');
	desk_press(desk, INPUT_ENTER);
	assert_true(desk_sent(desk, "site-report", "nobody-home"));
	desk_close(desk);
}

/* Typed commands */

static void type(struct desk *desk, const char *text)
{
	for (; *text != '\0'; text++)
		desk_key(desk, *text == ' ' ? INPUT_SPACE : (key_code)(unsigned char)*text);
}

static void test_undo_names_the_resident_and_moves_towards_care(void **state)
{
	struct desk *desk = desk_open();

	(void)state;
	one_due(desk);
	desk_look(desk, 1, 0, 42);
	desk_pass(desk, 1000);
	desk_press(desk, 'c');
	desk_done(desk);
	desk_press(desk, ':');
	type(desk, "undo");
	desk_press(desk, INPUT_ENTER);
	assert_non_null(strstr(desk->model->prompt.label, "Karin Lundgren"));
	desk_press(desk, INPUT_ENTER); /* Enter asked */
	assert_false(desk_sent(desk, "undo", ""));
	desk_press(desk, 'y');
	assert_true(desk_sent(desk, "undo", "\"check\":1,\"answer\":\"not-seen\""));
	desk_close(desk);
}

static void test_undo_is_over_after_two_minutes(void **state)
{
	struct desk *desk = desk_open();

	(void)state;
	one_due(desk);
	desk_look(desk, 1, 0, 42);
	desk_pass(desk, 1000);
	desk_press(desk, 'c');
	desk_done(desk);
	desk_pass(desk, 2 * MS_MINUTE);
	desk_press(desk, ':');
	type(desk, "undo");
	desk_press(desk, INPUT_ENTER);
	assert_int_equal(desk->model->prompt.deed.kind, DEED_NONE);
	desk_close(desk);
}

static void test_withdraw_from_details(void **state)
{
	struct desk *desk = desk_open();

	(void)state;
	one_due(desk);
	desk_press(desk, INPUT_SPACE);
	assert_int_equal(desk->model->screen, SCREEN_DETAILS);
	desk_press(desk, 'w');
	assert_non_null(strstr(desk->model->prompt.label, "Karin Lundgren"));
	desk_press(desk, INPUT_ENTER);
	assert_true(desk_sent(desk, "withdraw", "\"resident\":\"karin\""));
	desk_close(desk);
}

/* Enter sent the word, so Enter alone does not confirm: a reason must be typed. */
static void test_typed_command_is_not_confirmed_by_enter_alone(void **state)
{
	struct desk *desk = desk_open();

	(void)state;
	one_due(desk);
	desk_press(desk, ':');
	type(desk, "withdraw");
	desk_press(desk, INPUT_ENTER);
	desk_press(desk, INPUT_ENTER);
	assert_false(desk_sent(desk, "withdraw", ""));
	type(desk, "said so");
	desk_press(desk, INPUT_ENTER);
	assert_true(desk_sent(desk, "withdraw", "said so"));
	desk_close(desk);
}

static void test_pause_has_an_end(void **state)
{
	struct desk *desk = desk_open();
	char until[64];

	(void)state;
	one_due(desk);
	desk_press(desk, ':');
	type(desk, "pause 3");
	desk_press(desk, INPUT_ENTER);
	type(desk, "hospital");
	desk_press(desk, INPUT_ENTER);
	snprintf(until, sizeof until, "\"to_ms\":%lld",
	         (long long)(DESK_UTC_MS + 9 * MS_HOUR - 14 * MS_MINUTE + 2 * MS_DAY));
	assert_true(desk_sent(desk, "pause", until));
	assert_true(desk_sent(desk, "pause", "hospital"));
	desk_close(desk);
}

/* Between the hub's reset and its last row there are no rows for a key to act on. */
static void test_keys_while_the_night_is_read_anew(void **state)
{
	static const key_code keys[] = {INPUT_ENTER, INPUT_SPACE, 'p', 'j', 'b', INPUT_ENTER, INPUT_ESCAPE};
	struct desk *desk = desk_open();
	struct check check = desk_check(1, "karin", DESK_UTC_MS);

	(void)state;
	desk_row(desk, &check);
	desk_reset(desk);
	for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++)
		desk_press(desk, keys[i]);
	assert_int_equal(desk->model->screen, SCREEN_TONIGHT);
	desk_row(desk, &check);
	desk_level(desk);
	assert_int_equal(model_focus(desk->model)->check[0], 1);
	desk_close(desk);
}

static void test_quit(void **state)
{
	struct desk *desk = desk_open();

	(void)state;
	desk_press(desk, ':');
	type(desk, "quit");
	desk_press(desk, INPUT_ENTER);
	assert_true(desk->quit);
	desk_close(desk);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_look_ends_well),
		cmocka_unit_test(test_answer_needs_a_picture_that_stood_a_second),
		cmocka_unit_test(test_typed_ahead_keys_answer_nothing),
		cmocka_unit_test(test_keys_of_one_moment_answer_nothing),
		cmocka_unit_test(test_held_key_answers_nothing),
		cmocka_unit_test(test_held_enter_opens_no_second_lens),
		cmocka_unit_test(test_view_ends_by_itself_and_the_question_stays),
		cmocka_unit_test(test_console_ends_a_view_that_does_not_end),
		cmocka_unit_test(test_escape_ends_the_view_then_leaves_the_question),
		cmocka_unit_test(test_second_look_has_no_r),
		cmocka_unit_test(test_p_asks_and_only_enter_sends),
		cmocka_unit_test(test_view_end_keeps_a_reason_that_is_being_typed),
		cmocka_unit_test(test_needs_help_shows_the_number_until_the_operator_leaves),
		cmocka_unit_test(test_other_person_ends_the_view_and_keeps_the_question),
		cmocka_unit_test(test_only_the_look_that_waits_gets_a_picture),
		cmocka_unit_test(test_picture_process_that_dies_is_a_fault),
		cmocka_unit_test(test_no_look_without_room),
		cmocka_unit_test(test_view_that_is_lost_leaves_its_question),
		cmocka_unit_test(test_picture_drawn_again_is_one_showing),
		cmocka_unit_test(test_leaving_before_the_picture_releases_the_claim),
		cmocka_unit_test(test_one_key_records_that_112_was_called),
		cmocka_unit_test(test_answer_after_the_page_says_that_the_patrol_still_drives),
		cmocka_unit_test(test_couple_is_one_row_while_in_one_phase),
		cmocka_unit_test(test_couple_needs_both_answers),
		cmocka_unit_test(test_couple_second_person_first),
		cmocka_unit_test(test_cursor_stays_on_its_resident),
		cmocka_unit_test(test_cursor_comes_back_after_a_death),
		cmocka_unit_test(test_reset_reads_the_zone_anew),
		cmocka_unit_test(test_key_never_lands_on_another_resident),
		cmocka_unit_test(test_change_under_the_hand_asks_for_quiet),
		cmocka_unit_test(test_command_carries_the_version_seen),
		cmocka_unit_test(test_order_of_work),
		cmocka_unit_test(test_cursor_goes_to_the_top_after_an_answer),
		cmocka_unit_test(test_enter_that_asked_does_not_confirm),
		cmocka_unit_test(test_bell_once_for_the_highest_that_is_new),
		cmocka_unit_test(test_sleeps_to_the_minute_when_nothing_runs),
		cmocka_unit_test(test_calm_alarms_stand),
		cmocka_unit_test(test_link_lost_keeps_rows_and_raises_what_cannot_be_made),
		cmocka_unit_test(test_answer_outlives_a_lost_link),
		cmocka_unit_test(test_no_look_without_a_link),
		cmocka_unit_test(test_nonsense_from_the_hub_is_refused),
		cmocka_unit_test(test_patrol_board_asks_before_it_records),
		cmocka_unit_test(test_an_earlier_person_of_the_chain_can_be_recorded),
		cmocka_unit_test(test_visit_slot_is_closed_the_same_way),
		cmocka_unit_test(test_undo_names_the_resident_and_moves_towards_care),
		cmocka_unit_test(test_undo_is_over_after_two_minutes),
		cmocka_unit_test(test_withdraw_from_details),
		cmocka_unit_test(test_typed_command_is_not_confirmed_by_enter_alone),
		cmocka_unit_test(test_pause_has_an_end),
		cmocka_unit_test(test_keys_while_the_night_is_read_anew),
		cmocka_unit_test(test_quit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
