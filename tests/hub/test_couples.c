/*
 * A couple behind one camera (SERVICE.md hard case 4): one look, one outcome for each; and what happens to
 * the other when one of them is paged, excused, withdrawn or thought over.
 */
#include "scene.h"

static void page_without_a_look(struct scene *scene, struct scene_session *console, const char *resident)
{
	struct check check = scene_check(scene, resident);
	struct wire_message *message = scene_command(scene, WIRE_PAGE);

	wire_set_int(message, "check", check.id);
	wire_set_int(message, "decision_version", check.decision_version);
	wire_set_text(message, "reason", "she rang the bell");
	scene_send(scene, console, message);
	assert_null(scene_refusal(console));
}

static void two_answers(struct scene *scene, struct scene_session *console, const char *berit, const char *nils)
{
	struct wire_message *message = scene_command(scene, WIRE_ANSWER);

	wire_set_int(message, "look", console->look);
	wire_set_int(message, "check", scene_check(scene, "berit").id);
	wire_set_text(message, "answer", berit);
	wire_set_int(message, "check2", scene_check(scene, "nils").id);
	wire_set_text(message, "answer2", nils);
	scene_send(scene, console, message);
}

static void look_at_both(struct scene *scene, struct scene_session *console)
{
	scene_claim(scene, console, "berit");
	assert_null(scene_refusal(console));
	assert_true(wire_int(scene_latest(console, WIRE_CLAIMED), "check2") != 0);
	scene_look(scene, console);
	scene_shown(scene, console);
	scene_wait(scene, 3000);
	scene_view_over(scene, console, 3000);
}

static void a_withdrawal_by_one_closes_the_lens_for_both(void **state)
{
	struct scene *scene = scene_couple(*state != NULL);
	struct scene_session *anna = scene_console(scene, "anna");

	scene_camera(scene, "cam-ek", SCENE_SILENT);
	scene_at(scene, 1, 11);
	scene_claim(scene, anna, "berit");
	scene_look(scene, anna);
	scene_about(scene, anna, WIRE_WITHDRAW, "nils");
	assert_true(anna->over);
	scene_expect(scene, "berit", CHECK_PATROL, CAUSE_WITHDRAWN);
	scene_expect(scene, "nils", CHECK_PATROL, CAUSE_WITHDRAWN);
	assert_int_equal(scene_open_looks(scene), 0);
	assert_int_equal(pager_fake_sent(&scene->pager, NULL), 1); /* one door, one page */
	scene_free(scene);
}

static void a_page_for_one_leaves_the_other_to_be_looked_at(void **state)
{
	struct scene *scene = scene_couple(*state != NULL);
	struct scene_session *anna = scene_console(scene, "anna");

	scene_camera(scene, "cam-ek", SCENE_SILENT);
	scene_at(scene, 1, 11);
	scene_claim(scene, anna, "berit");
	scene_look(scene, anna);
	page_without_a_look(scene, anna, "berit");
	scene_expect(scene, "berit", CHECK_PATROL, CAUSE_JUDGEMENT);
	scene_expect(scene, "nils", CHECK_OPEN, CAUSE_NONE);
	assert_int_equal(scene_open_looks(scene), 0);
	assert_true(scene_log_says(scene, "she rang the bell"));
	scene_claim(scene, anna, "nils");
	assert_null(scene_refusal(anna));
	scene_free(scene);
}

static void a_couple_stays_together_when_no_picture_comes(void **state)
{
	struct scene *scene = scene_couple(*state != NULL);
	struct scene_session *anna = scene_console(scene, "anna");

	scene_camera(scene, "cam-ek", SCENE_SILENT);
	scene_at(scene, 1, 11);
	scene_claim(scene, anna, "berit");
	scene_look(scene, anna);
	scene_wait(scene, 31 * MS_SECOND);
	scene_expect(scene, "berit", CHECK_FAULT, CAUSE_STALE);
	scene_expect(scene, "nils", CHECK_FAULT, CAUSE_STALE);
	scene_claim(scene, anna, "berit");
	assert_null(scene_refusal(anna));
	assert_int_equal(wire_int(scene_latest(anna, WIRE_CLAIMED), "check2"), scene_check(scene, "nils").id);
	scene_free(scene);
}

static void one_excused_the_other_looked_at(void **state)
{
	struct scene *scene = scene_couple(*state != NULL);
	struct scene_session *anna = scene_console(scene, "anna");

	scene_camera(scene, "cam-ek", SCENE_GOOD);
	scene_pause(scene, anna, "berit", scene->now.utc_ms, SCENE_MS(9, 0));
	scene_expect(scene, "nils", CHECK_PLANNED, CAUSE_NONE);
	scene_at(scene, 1, 11);
	scene_see(scene, anna, "nils", "well");
	assert_null(scene_refusal(anna));
	assert_int_equal(scene_check(scene, "nils").outcome, OUTCOME_SEEN_WELL);
	scene_expect(scene, "berit", CHECK_CLOSED, CAUSE_PAUSED);
	scene_free(scene);
}

static void what_is_about_the_picture_is_about_who_is_left(void **state)
{
	struct scene *scene = scene_couple(*state != NULL);
	struct scene_session *anna = scene_console(scene, "anna");

	scene_camera(scene, "cam-ek", SCENE_GOOD);
	scene_at(scene, 1, 11);
	scene_claim(scene, anna, "berit");
	scene_look(scene, anna);
	scene_shown(scene, anna);
	scene_answer(scene, anna, "berit", "needs-help");
	assert_null(scene_refusal(anna));
	scene_view_over(scene, anna, 3000);
	scene_answer(scene, anna, "nils", "other-person");
	assert_null(scene_refusal(anna));
	assert_true(scene_check(scene, "nils").other_person);
	scene_answer(scene, anna, "nils", "well");
	assert_null(scene_refusal(anna));
	scene_free(scene);
}

static void both_of_a_couple_have_the_lens_in_their_log(void **state)
{
	struct scene *scene = scene_couple(*state != NULL);
	struct scene_session *anna = scene_console(scene, "anna");

	scene_camera(scene, "cam-ek", SCENE_GOOD);
	scene_at(scene, 1, 11);
	scene_claim(scene, anna, "berit");
	scene_look(scene, anna);
	assert_int_equal(scene_log_count(scene, LOG_LENS_OPENED, "berit"), 1);
	assert_int_equal(scene_log_count(scene, LOG_LENS_OPENED, "nils"), 1);
	assert_int_equal(scene_log_count(scene, LOG_PERMIT_SENT, "berit"), 1);
	scene_free(scene);
}

static void a_couple_not_seen_is_looked_at_again_once(void **state)
{
	struct scene *scene = scene_couple(*state != NULL);
	struct scene_session *anna = scene_console(scene, "anna");

	scene_camera(scene, "cam-ek", SCENE_GOOD);
	scene_at(scene, 1, 11);
	look_at_both(scene, anna);
	two_answers(scene, anna, "well", "unusable");
	assert_string_equal(scene_refusal(anna), "both");
	two_answers(scene, anna, "not-seen", "not-seen");
	assert_null(scene_refusal(anna));
	scene_wait(scene, 8 * MS_MINUTE + MS_SECOND);
	look_at_both(scene, anna);
	two_answers(scene, anna, "not-seen", "well");
	assert_null(scene_refusal(anna));
	assert_int_equal(scene->openings, 2);
	scene_expect(scene, "berit", CHECK_PATROL, CAUSE_NOT_SEEN);
	scene_expect(scene, "nils", CHECK_CLOSED, CAUSE_NONE);
	scene_free(scene);
}

static void an_unusable_picture_is_replaced_once_for_both(void **state)
{
	struct scene *scene = scene_couple(*state != NULL);
	struct scene_session *anna = scene_console(scene, "anna");

	scene_camera(scene, "cam-ek", SCENE_GOOD);
	scene_at(scene, 1, 11);
	look_at_both(scene, anna);
	scene_answer(scene, anna, "nils", "unusable");
	assert_null(scene_refusal(anna));
	look_at_both(scene, anna);
	scene_answer(scene, anna, "berit", "unusable");
	assert_null(scene_refusal(anna));
	scene_expect(scene, "berit", CHECK_FAULT, CAUSE_UNUSABLE);
	scene_expect(scene, "nils", CHECK_FAULT, CAUSE_UNUSABLE);
	scene_claim(scene, anna, "berit");
	assert_string_equal(scene_refusal(anna), "no-recheck");
	assert_int_equal(scene->openings, 2);
	scene_wait(scene, 3 * MS_MINUTE);
	assert_int_equal(scene_check(scene, "berit").page, scene_check(scene, "nils").page);
	assert_int_equal(scene_open_looks(scene), 0);
	scene_free(scene);
}

static void second_thoughts_about_one_leave_the_other(void **state)
{
	struct scene *scene = scene_couple(*state != NULL);
	struct scene_session *anna = scene_console(scene, "anna");
	struct wire_message *message;

	scene_camera(scene, "cam-ek", SCENE_GOOD);
	scene_at(scene, 1, 11);
	look_at_both(scene, anna);
	two_answers(scene, anna, "well", "well");
	message = scene_command(scene, WIRE_UNDO);
	wire_set_int(message, "check", scene_check(scene, "nils").id);
	wire_set_text(message, "answer", "needs-help");
	scene_send(scene, anna, message);
	assert_null(scene_refusal(anna));
	scene_expect(scene, "berit", CHECK_CLOSED, CAUSE_NONE);
	scene_expect(scene, "nils", CHECK_PATROL, CAUSE_NEEDS_HELP);
	assert_true(scene_page(scene, scene_check(scene, "nils").page).urgent);
	scene_free(scene);
}

static void a_couple_one_seen_and_one_not(void **state)
{
	struct scene *scene = scene_couple(*state != NULL);
	struct scene_session *anna = scene_console(scene, "anna");
	struct wire_message *message;

	scene_camera(scene, "cam-ek", SCENE_GOOD);
	scene_at(scene, 1, 11);
	scene_claim(scene, anna, "nils");
	scene_look(scene, anna);
	scene_shown(scene, anna);
	scene_wait(scene, 5000);
	scene_view_over(scene, anna, 5000);
	scene_answer(scene, anna, "berit", "well");
	assert_string_equal(scene_refusal(anna), "both");
	message = scene_command(scene, WIRE_ANSWER);
	wire_set_int(message, "look", anna->look);
	wire_set_int(message, "check", scene_check(scene, "berit").id);
	wire_set_text(message, "answer", "well");
	wire_set_int(message, "check2", scene_check(scene, "nils").id);
	wire_set_text(message, "answer2", "not-seen");
	scene_send(scene, anna, message);
	assert_null(scene_refusal(anna));
	assert_int_equal(scene->openings, 1);
	scene_expect(scene, "berit", CHECK_CLOSED, CAUSE_NONE);
	scene_expect(scene, "nils", CHECK_WAITING, CAUSE_NONE);
	scene_wait(scene, 8 * MS_MINUTE + MS_SECOND);
	scene_see(scene, anna, "nils", "well");
	assert_null(scene_refusal(anna));
	assert_int_equal(scene_check(scene, "berit").outcome, OUTCOME_SEEN_WELL);
	scene_expect(scene, "nils", CHECK_CLOSED, CAUSE_NONE);
	assert_int_equal(scene_check(scene, "nils").outcome, OUTCOME_SEEN_WELL);
	scene_free(scene);
}

static void help_for_one_of_a_couple_does_not_wait(void **state)
{
	struct scene *scene = scene_couple(*state != NULL);
	struct scene_session *anna = scene_console(scene, "anna");

	scene_camera(scene, "cam-ek", SCENE_GOOD);
	scene_at(scene, 1, 11);
	scene_claim(scene, anna, "berit");
	scene_look(scene, anna);
	scene_shown(scene, anna);
	scene_answer(scene, anna, "nils", "needs-help");
	assert_null(scene_refusal(anna));
	scene_expect(scene, "nils", CHECK_PATROL, CAUSE_NEEDS_HELP);
	assert_true(scene_page(scene, scene_check(scene, "nils").page).urgent);
	scene_view_over(scene, anna, 3000);
	scene_answer(scene, anna, "berit", "well");
	assert_null(scene_refusal(anna));
	scene_expect(scene, "berit", CHECK_CLOSED, CAUSE_NONE);
	assert_int_equal(scene_check(scene, "berit").outcome, OUTCOME_SEEN_WELL);
	scene_free(scene);
}

#define BOTH(test) {#test " (memory)", test, NULL, NULL, NULL}, {#test " (sqlite)", test, NULL, NULL, (void *)"sqlite"}

int main(void)
{
	const struct CMUnitTest tests[] = {
		BOTH(a_couple_one_seen_and_one_not),
		BOTH(help_for_one_of_a_couple_does_not_wait),
		BOTH(a_withdrawal_by_one_closes_the_lens_for_both),
		BOTH(a_page_for_one_leaves_the_other_to_be_looked_at),
		BOTH(a_couple_stays_together_when_no_picture_comes),
		BOTH(one_excused_the_other_looked_at),
		BOTH(what_is_about_the_picture_is_about_who_is_left),
		BOTH(both_of_a_couple_have_the_lens_in_their_log),
		BOTH(a_couple_not_seen_is_looked_at_again_once),
		BOTH(an_unusable_picture_is_replaced_once_for_both),
		BOTH(second_thoughts_about_one_leave_the_other),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
