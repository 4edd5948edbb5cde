/*
 * The edges of a night: what happens to a look, a permit or a right when somebody dies, reconnects, lies,
 * or changes their mind in the middle of it. Each test names what SERVICE.md would call an incident.
 */
#include "scene.h"

static struct scene *evening(bool sqlite)
{
	struct scene *scene = scene_new(sqlite);

	scene_add(scene, "karin", "north", 1, 10);
	scene_start(scene);
	return scene;
}

static bool count_row(void *arg, const struct outbox_row *row)
{
	(void)row;
	(*(int *)arg)++;
	return true;
}

static int outbox_rows(struct scene *scene)
{
	int n = 0;

	assert_int_equal(scene->store.outbox(scene->store.impl, count_row, &n), ERR_OK);
	return n;
}

static void an_agreement_may_have_a_long_name(void **state)
{
	struct scene *scene = scene_new(*state != NULL);
	struct agreement a = scene_agreement("agreement-of-karin-lundgren-2027", "karin", "cam-karin");

	scene_resident(scene, "karin", "Karin Lundgren");
	scene_slot(&a, "one", SLOT_CAMERA, 1, 10);
	scene_put(scene, &a);
	scene_start(scene);
	scene_expect(scene, "karin", CHECK_PLANNED, CAUSE_NONE);
	scene_free(scene);
}

static void a_pause_that_is_moved_gives_the_night_back(void **state)
{
	struct scene *scene = evening(*state != NULL);
	struct scene_session *anna = scene_console(scene, "anna");

	scene_pause(scene, anna, "karin", scene->now.utc_ms, SCENE_MS(9, 0));
	scene_expect(scene, "karin", CHECK_CLOSED, CAUSE_PAUSED);
	scene_pause(scene, anna, "karin", SCENE_MS(9, 0) + MS_DAY, SCENE_MS(9, 0) + 2 * MS_DAY);
	scene_expect(scene, "karin", CHECK_PLANNED, CAUSE_NONE);
	scene_free(scene);
}

static void a_pause_holds_for_what_is_due_already(void **state)
{
	struct scene *scene = evening(*state != NULL);
	struct scene_session *anna = scene_console(scene, "anna");

	scene_camera(scene, "cam-karin", SCENE_GOOD);
	scene_at(scene, 1, 12);
	scene_pause(scene, anna, "karin", scene->now.utc_ms, SCENE_MS(9, 0));
	scene_expect(scene, "karin", CHECK_CLOSED, CAUSE_PAUSED);
	scene_free(scene);
}

static void a_pause_begins_by_itself(void **state)
{
	struct scene *scene = evening(*state != NULL);
	struct scene_session *anna = scene_console(scene, "anna");

	scene_camera(scene, "cam-karin", SCENE_GOOD);
	scene_at(scene, 1, 0);
	scene_pause(scene, anna, "karin", SCENE_MS(1, 12), SCENE_MS(9, 0));
	scene_at(scene, 1, 11);
	scene_expect(scene, "karin", CHECK_OPEN, CAUSE_NONE);
	scene_at(scene, 1, 12);
	scene_wait(scene, MS_SECOND);
	scene_expect(scene, "karin", CHECK_CLOSED, CAUSE_PAUSED);
	scene_free(scene);
}

static void a_withdrawal_holds_for_what_was_excused(void **state)
{
	struct scene *scene = evening(*state != NULL);
	struct scene_session *anna = scene_console(scene, "anna");

	scene_camera(scene, "cam-karin", SCENE_GOOD);
	scene_pause(scene, anna, "karin", scene->now.utc_ms, SCENE_MS(9, 0));
	scene_about(scene, anna, WIRE_WITHDRAW, "karin");
	scene_about(scene, anna, WIRE_RESUME, "karin");
	assert_int_equal(scene_check(scene, "karin").kind, SLOT_VISIT);
	scene_free(scene);
}

static void a_withdrawal_holds_for_an_answer_undone(void **state)
{
	struct scene *scene = evening(*state != NULL);
	struct scene_session *anna = scene_console(scene, "anna");
	struct wire_message *message;

	scene_camera(scene, "cam-karin", SCENE_GOOD);
	scene_at(scene, 1, 11);
	scene_see(scene, anna, "karin", "well");
	scene_about(scene, anna, WIRE_WITHDRAW, "karin");
	message = scene_command(scene, WIRE_UNDO);
	wire_set_int(message, "check", scene_check(scene, "karin").id);
	wire_set_text(message, "answer", "not-seen");
	scene_send(scene, anna, message);
	assert_null(scene_refusal(anna));
	scene_expect(scene, "karin", CHECK_PATROL, CAUSE_NOT_SEEN);
	scene_free(scene);
}

static void a_view_that_never_stood_ends_its_look(void **state)
{
	struct scene *scene = evening(*state != NULL);
	struct scene_session *anna = scene_console(scene, "anna");
	struct look_row look;

	scene_camera(scene, "cam-karin", SCENE_GOOD);
	scene_at(scene, 1, 11);
	scene_claim(scene, anna, "karin");
	scene_look(scene, anna);
	scene_view_over(scene, anna, -1);
	scene_expect(scene, "karin", CHECK_FAULT, CAUSE_STALE);
	assert_int_equal(scene->store.look_get(scene->store.impl, anna->look, &look), ERR_OK);
	assert_int_equal(look.state, LOOK_LAPSED);
	scene_free(scene);
}

static void no_look_is_left_open(void **state)
{
	struct scene *scene = evening(*state != NULL);
	struct scene_session *anna = scene_console(scene, "anna"), *bo = scene_console(scene, "bo");
	struct wire_message *message;

	scene_camera(scene, "cam-karin", SCENE_GOOD);
	scene_at(scene, 1, 11);
	scene_claim(scene, anna, "karin");
	scene_claim(scene, anna, "karin"); /* a console that asks twice */
	assert_int_equal(scene_open_looks(scene), 1);
	message = scene_command(scene, WIRE_RELEASE);
	wire_set_int(message, "check", scene_check(scene, "karin").id);
	scene_send(scene, anna, message);
	assert_int_equal(scene_open_looks(scene), 0);
	scene_claim(scene, anna, "karin");
	scene_wait(scene, 61 * MS_SECOND);
	assert_int_equal(scene_open_looks(scene), 0);
	assert_int_equal(scene_log_count(scene, LOG_PERMIT_LAPSED, NULL), 0); /* none was recorded */
	scene_claim(scene, bo, "karin");
	scene_look(scene, bo);
	scene_shown(scene, bo);
	scene_close(scene, bo);
	scene_expect(scene, "karin", CHECK_UNDECIDED, CAUSE_NONE);
	assert_int_equal(scene_open_looks(scene), 0);
	scene_free(scene);
}

static void a_released_claim_cannot_look(void **state)
{
	struct scene *scene = evening(*state != NULL);
	struct scene_session *anna = scene_console(scene, "anna");
	int64_t old;

	scene_camera(scene, "cam-karin", SCENE_GOOD);
	scene_at(scene, 1, 11);
	scene_claim(scene, anna, "karin");
	old = anna->look;
	scene_wait(scene, 61 * MS_SECOND);
	scene_claim(scene, anna, "karin");
	assert_true(anna->look != old);
	anna->look = old;
	scene_look(scene, anna);
	assert_string_equal(scene_refusal(anna), "look");
	assert_int_equal(scene->openings, 0);
	scene_free(scene);
}

static void nobody_answers_for_a_picture_of_another(void **state)
{
	struct scene *scene = evening(*state != NULL);
	struct scene_session *anna = scene_console(scene, "anna"), *bo = scene_console(scene, "bo");

	scene_camera(scene, "cam-karin", SCENE_GOOD);
	scene_at(scene, 1, 11);
	scene_claim(scene, anna, "karin");
	scene_look(scene, anna);
	scene_shown(scene, anna);
	bo->look = anna->look;
	scene_answer(scene, bo, "karin", "well");
	assert_string_equal(scene_refusal(bo), "look");
	scene_expect(scene, "karin", CHECK_LOOKING, CAUSE_NONE);
	scene_free(scene);
}

static void nothing_is_shown_before_a_permit_left(void **state)
{
	struct scene *scene = evening(*state != NULL);
	struct scene_session *anna = scene_console(scene, "anna");

	scene_camera(scene, "cam-karin", SCENE_GOOD);
	scene_at(scene, 1, 11);
	scene_claim(scene, anna, "karin");
	scene_shown(scene, anna);
	scene_view_over(scene, anna, 20000);
	scene_answer(scene, anna, "karin", "well");
	assert_non_null(scene_refusal(anna));
	scene_expect(scene, "karin", CHECK_CLAIMED, CAUSE_NONE);
	scene_free(scene);
}

static void a_camera_that_connects_again_ends_its_look_at_once(void **state)
{
	struct scene *scene = evening(*state != NULL);
	struct scene_session *anna = scene_console(scene, "anna");

	scene_camera(scene, "cam-karin", SCENE_SILENT);
	scene_at(scene, 1, 11);
	scene_claim(scene, anna, "karin");
	scene_look(scene, anna);
	scene_camera(scene, "cam-karin", SCENE_GOOD);
	assert_true(anna->over);
	scene_expect(scene, "karin", CHECK_FAULT, CAUSE_CAMERA_LOST);
	scene_see(scene, anna, "karin", "well");
	assert_null(scene_refusal(anna));
	scene_free(scene);
}

static enum err sign_never(void *impl, int64_t id, const struct notary_order *order, signer_ready_fn *ready,
                           void *arg)
{
	(void)impl, (void)id, (void)order, (void)ready, (void)arg;
	return ERR_OK;
}

static void a_silent_signer_is_a_fault_and_an_alarm(void **state)
{
	struct scene *scene = scene_new(*state != NULL);
	struct scene_session *anna;

	scene_add(scene, "karin", "north", 1, 10);
	scene->signer.sign = sign_never;
	scene_start(scene);
	anna = scene_console(scene, "anna");
	scene_camera(scene, "cam-karin", SCENE_GOOD);
	scene_at(scene, 1, 11);
	scene_claim(scene, anna, "karin");
	scene_look(scene, anna);
	scene_wait(scene, 11 * MS_SECOND);
	assert_true(anna->over);
	scene_expect(scene, "karin", CHECK_FAULT, CAUSE_SIGNER);
	assert_true(scene_has_alarm(scene, "signer", ""));
	assert_int_equal(outbox_rows(scene), 0);
	assert_int_equal(scene_open_looks(scene), 0);
	scene_free(scene);
}

static enum err disk_is_full(void *impl)
{
	(void)impl;
	return ERR_IO;
}

/* Record first, act after: what could not be recorded is told to nobody, and the hub ends. */
static void nothing_is_told_that_was_not_recorded(void **state)
{
	struct scene *scene = evening(*state != NULL);
	struct scene_session *anna = scene_console(scene, "anna");
	enum err (*commit)(void *impl) = scene->store.commit;
	int64_t due_ms;
	int told;

	scene_camera(scene, "cam-karin", SCENE_GOOD);
	scene_at(scene, 1, 0);
	due_ms = scene_check(scene, "karin").next_at;
	scene_wait(scene, due_ms - 1 - scene->now.utc_ms);
	told = anna->n;
	scene->store.commit = disk_is_full;
	scene->now.utc_ms++;
	scene->now.elapsed_ms++;
	hub_tick(scene->hub, &scene->now);
	assert_true(hub_has_failed(scene->hub));
	scene_deliver(scene);
	assert_int_equal(anna->n, told);
	scene->store.rollback(scene->store.impl);
	scene->store.commit = commit;
	scene_free(scene);
}

static void whoever_comes_is_in_the_log(void **state)
{
	struct scene *scene = evening(*state != NULL);
	struct scene_session *anna = scene_console(scene, "anna");
	struct log_event login = scene_log_latest(scene, LOG_LOGIN);
	char session[24];

	snprintf(session, sizeof session, "%lld", (long long)anna->id);
	assert_string_equal(login.actor, "anna");
	assert_string_equal(log_event_value(&login, "session"), session);
	assert_string_equal(log_event_value(&login, "user"), "anna");
	scene_free(scene);
}

static void a_stop_for_an_absent_camera_waits_for_it_alone(void **state)
{
	struct scene *scene = evening(*state != NULL);
	struct scene_session *anna = scene_console(scene, "anna"), *camera;

	scene_about(scene, anna, WIRE_WITHDRAW, "karin");
	assert_int_equal(outbox_rows(scene), 0);
	camera = scene_camera(scene, "cam-karin", SCENE_GOOD);
	assert_int_equal(camera->stops, 1);
	scene_free(scene);
}

static void camera_row(struct scene *scene, const char *agreement, int64_t accepted_ms)
{
	struct camera_row row = {.enrolled_ms = 1, .accepted_ms = accepted_ms};

	strcpy(row.id, "cam-karin");
	strcpy(row.serial, "S1");
	strcpy(row.agreement, agreement);
	memcpy(row.device_key, scene->device_public, KEY_BYTES);
	assert_int_equal(scene->store.begin(scene->store.impl), ERR_OK);
	assert_int_equal(scene->store.camera_put(scene->store.impl, &row), ERR_OK);
	assert_int_equal(scene->store.commit(scene->store.impl), ERR_OK);
}

static void a_camera_before_its_acceptance_covers_nothing(void **state)
{
	struct scene *scene = scene_new(*state != NULL);

	scene_add(scene, "karin", "north", 1, 10);
	camera_row(scene, "a-karin", 0);
	scene_start(scene);
	scene_console(scene, "anna");
	scene_camera(scene, "cam-karin", SCENE_GOOD);
	scene_at(scene, 1, 11);
	scene_expect(scene, "karin", CHECK_FAULT, CAUSE_CAMERA_LOST);
	scene_at(scene, 1, 14);
	scene_expect(scene, "karin", CHECK_PATROL, CAUSE_CAMERA_LOST);
	scene_free(scene);
}

static void a_camera_of_another_agreement_covers_nothing(void **state)
{
	struct scene *scene = scene_new(*state != NULL);
	struct scene_session *anna;

	scene_add(scene, "karin", "north", 1, 10);
	camera_row(scene, "a-other", 1);
	scene_start(scene);
	anna = scene_console(scene, "anna");
	scene_camera(scene, "cam-karin", SCENE_GOOD);
	scene_at(scene, 1, 11);
	scene_claim(scene, anna, "karin");
	assert_non_null(scene_refusal(anna));
	scene_expect(scene, "karin", CHECK_FAULT, CAUSE_CAMERA_LOST);
	assert_true(scene_has_alarm(scene, "camera", "karin"));
	scene_free(scene);
}

static void a_night_that_the_hub_slept_through_is_owed(void **state)
{
	struct scene *scene = evening(*state != NULL);

	scene_kill(scene);
	scene->now.utc_ms += 2 * MS_DAY - 6 * MS_HOUR; /* noon, the day after tomorrow: one night is missing */
	scene_start(scene);
	/* scene_check() asks for the first night; the one that was never planned comes after it. */
	assert_int_equal(scene_log_count(scene, LOG_PAGED, "karin"), 2);
	scene_free(scene);
}

/* A restart while work is due is not a centre without people: its consoles are on their way back. */
static void nobody_is_missed_right_after_a_start(void **state)
{
	struct scene *scene = evening(*state != NULL);

	scene_at(scene, 1, 11);
	scene_start(scene);
	scene_camera(scene, "cam-karin", SCENE_GOOD);
	assert_false(scene_has_alarm(scene, "nobody-awake", ""));
	scene_wait(scene, scene->settings.policy.restart_hold_ms + MS_SECOND);
	assert_true(scene_has_alarm(scene, "nobody-awake", ""));
	scene_free(scene);
}

static void a_key_ends_the_alarm_that_nobody_is_awake(void **state)
{
	struct scene *scene = evening(*state != NULL);
	struct scene_session *anna = scene_console(scene, "anna");

	scene_camera(scene, "cam-karin", SCENE_GOOD);
	scene_at(scene, 1, 11);
	assert_true(scene_has_alarm(scene, "nobody-awake", ""));
	scene_send(scene, anna, wire_new(WIRE_ACTIVITY));
	assert_false(scene_has_alarm(scene, "nobody-awake", ""));
	scene_free(scene);
}

static bool was_told_since_reset(const struct scene_session *console, int64_t check)
{
	bool told = false;

	for (int i = 0; i < console->n; i++) {
		if (wire_id(console->inbox[i]) == WIRE_RESET)
			told = false;
		if (wire_id(console->inbox[i]) == WIRE_CHECK && wire_int(console->inbox[i], "id") == check)
			told = true;
	}
	return told;
}

static void what_is_open_at_ten_stays(void **state)
{
	struct scene *scene = evening(*state != NULL);
	struct scene_session *anna = scene_console(scene, "anna");
	int64_t check = scene_check(scene, "karin").id, page;

	scene_at(scene, 9, 59);
	page = scene_check(scene, "karin").page;
	scene_page_event(scene, anna, page, "acknowledged", "patrol-1");
	scene_wait(scene, 2 * MS_MINUTE);
	assert_int_equal(wire_int(scene_latest(anna, WIRE_RESET), "night"), SCENE_NIGHT + 1);
	assert_true(was_told_since_reset(anna, check));
	scene_wait(scene, 46 * MS_MINUTE);
	assert_true(scene_page(scene, page).silent); /* acknowledged is not on site, whatever the date */
	scene_report(scene, anna, "karin", "well");
	assert_null(scene_refusal(anna));
	assert_int_equal(scene_page(scene, page).state, PAGE_CLOSED);
	scene_free(scene);
}

/* The hub died between permit and picture; the console saw it, and says so when the hub is back. */
static void a_picture_seen_across_a_restart_counts(void **state)
{
	struct scene *scene = evening(*state != NULL);
	struct scene_session *anna = scene_console(scene, "anna");
	int64_t look;

	scene_camera(scene, "cam-karin", SCENE_GOOD);
	scene_at(scene, 1, 11);
	scene_claim(scene, anna, "karin");
	scene_look(scene, anna);
	look = anna->look;
	scene_kill(scene);
	scene->now.utc_ms += 8000;
	scene_start(scene);
	scene_expect(scene, "karin", CHECK_OPEN, CAUSE_NONE);
	assert_int_equal(scene_open_looks(scene), 0);
	anna = scene_console(scene, "anna");
	anna->look = look;
	scene_view_over(scene, anna, 3000);
	scene_expect(scene, "karin", CHECK_DECIDING, CAUSE_NONE);
	scene_answer(scene, anna, "karin", "well");
	assert_null(scene_refusal(anna));
	scene_expect(scene, "karin", CHECK_CLOSED, CAUSE_NONE);
	assert_int_equal(scene_log_count(scene, LOG_VIEW_OVER, "karin"), 1);
	scene_free(scene);
}

/* The report of a first look arrives when a second has begun: it moves nothing, and is in the log. */
static void a_late_report_of_an_earlier_look_is_logged(void **state)
{
	struct scene *scene = evening(*state != NULL);
	struct scene_session *anna = scene_console(scene, "anna"), *bo = scene_console(scene, "bo");

	scene_camera(scene, "cam-karin", SCENE_GOOD);
	scene_at(scene, 1, 11);
	scene_claim(scene, anna, "karin");
	scene_look(scene, anna);
	scene_wait(scene, 31 * MS_SECOND);
	scene_expect(scene, "karin", CHECK_FAULT, CAUSE_STALE);
	scene_claim(scene, bo, "karin");
	scene_look(scene, bo);
	assert_null(scene_refusal(bo));
	scene_shown(scene, bo);
	scene_view_over(scene, anna, 2000);
	scene_expect(scene, "karin", CHECK_LOOKING, CAUSE_NONE);
	assert_int_equal(scene_log_count(scene, LOG_VIEW_OVER, "karin"), 1);
	assert_string_equal(scene_log_latest(scene, LOG_VIEW_OVER).actor, "anna");
	scene_answer(scene, anna, "karin", "well");
	assert_string_equal(scene_refusal(anna), "look");
	scene_answer(scene, anna, "karin", "needs-help");
	assert_null(scene_refusal(anna));
	assert_true(bo->over);
	scene_expect(scene, "karin", CHECK_PATROL, CAUSE_NEEDS_HELP);
	scene_free(scene);
}

/* Whatever a signer, an agent or a console was about to say when the hub died, no permit of it is left. */
static void no_permit_outlives_a_restart(void **state)
{
	struct scene *scene = scene_new(*state != NULL);
	struct scene_session *anna, *camera;

	scene_add(scene, "karin", "north", 1, 10);
	scene->signer.sign = sign_never;
	scene_start(scene);
	anna = scene_console(scene, "anna");
	scene_camera(scene, "cam-karin", SCENE_GOOD);
	scene_at(scene, 1, 11);
	scene_claim(scene, anna, "karin");
	scene_look(scene, anna);
	assert_int_equal(outbox_rows(scene), 1);
	scene_kill(scene);
	scene->now.utc_ms += 2000;
	scene_start(scene);
	camera = scene_camera(scene, "cam-karin", SCENE_GOOD);
	scene_wait(scene, 5000);
	assert_int_equal(camera->permits, 0);
	assert_int_equal(outbox_rows(scene), 0);
	assert_int_equal(scene_log_count(scene, LOG_PERMIT_LAPSED, "karin"), 1);
	scene_expect(scene, "karin", CHECK_OPEN, CAUSE_NONE);
	scene_free(scene);
}

/* 2027-10-31 would be Stockholm's; here the scene's own night gets its second 02:30. */
static void a_time_that_comes_twice_is_looked_at_once(void **state)
{
	struct scene *scene = scene_new(*state != NULL);
	struct scene_session *anna;
	struct check check;

	scene_add(scene, "karin", "north", 2, 30);
	scene->zone.offset_before_s = 7200;
	scene->zone.n = 1;
	scene->zone.transition[0].at_s = SCENE_MS(2, 0) / MS_SECOND; /* 03:00 summer time becomes 02:00 */
	scene->zone.transition[0].offset_s = 3600;
	scene_start(scene);
	anna = scene_console(scene, "anna");
	scene_camera(scene, "cam-karin", SCENE_GOOD);
	check = scene_check(scene, "karin");
	assert_int_equal(check.note, PLAN_FIRST);
	assert_int_equal(check.start_ms, SCENE_MS(1, 30));
	scene_at(scene, 1, 31);
	scene_see(scene, anna, "karin", "well");
	scene_at(scene, 4, 0);
	assert_int_equal(scene->openings, 1);
	assert_int_equal(scene_check(scene, "karin").outcome, OUTCOME_SEEN_WELL);
	scene_free(scene);
}

/* SERVICE.md hard case 1: a step of the wall clock is told, and nothing that runs is moved by it. */
static void a_wall_clock_that_is_set_moves_nothing(void **state)
{
	struct scene *scene = evening(*state != NULL);
	struct scene_session *anna = scene_console(scene, "anna");
	int64_t next;

	scene_camera(scene, "cam-karin", SCENE_GOOD);
	scene_at(scene, 1, 11);
	scene_see(scene, anna, "karin", "not-seen");
	next = scene_check(scene, "karin").next_at;
	hub_wall_clock(scene->hub, &scene->now, -MS_HOUR);
	hub_wall_clock(scene->hub, &scene->now, -MS_HOUR + 500);
	assert_int_equal(scene_log_count(scene, LOG_CLOCK_STEP, NULL), 1);
	assert_true(scene_has_alarm(scene, "clock", ""));
	assert_int_equal(scene_check(scene, "karin").next_at, next);
	scene_wait(scene, 8 * MS_MINUTE + MS_SECOND);
	scene_expect(scene, "karin", CHECK_OPEN, CAUSE_NONE);
	hub_wall_clock(scene->hub, &scene->now, 0);
	assert_false(scene_has_alarm(scene, "clock", ""));
	hub_wall_clock(scene->hub, &scene->now, MS_HOUR);
	assert_true(scene_has_alarm(scene, "clock", ""));
	/* A start reads it anew. */
	scene_start(scene);
	assert_false(scene_has_alarm(scene, "clock", ""));
	scene_free(scene);
}

#define BOTH(test) {#test " (memory)", test, NULL, NULL, NULL}, {#test " (sqlite)", test, NULL, NULL, (void *)"sqlite"}

int main(void)
{
	const struct CMUnitTest tests[] = {
		BOTH(a_wall_clock_that_is_set_moves_nothing),
		BOTH(nobody_is_missed_right_after_a_start),
		BOTH(an_agreement_may_have_a_long_name),
		BOTH(a_pause_that_is_moved_gives_the_night_back),
		BOTH(a_pause_holds_for_what_is_due_already),
		BOTH(a_pause_begins_by_itself),
		BOTH(a_withdrawal_holds_for_what_was_excused),
		BOTH(a_withdrawal_holds_for_an_answer_undone),
		BOTH(a_view_that_never_stood_ends_its_look),
		BOTH(no_look_is_left_open),
		BOTH(a_released_claim_cannot_look),
		BOTH(nobody_answers_for_a_picture_of_another),
		BOTH(nothing_is_shown_before_a_permit_left),
		BOTH(a_camera_that_connects_again_ends_its_look_at_once),
		BOTH(a_silent_signer_is_a_fault_and_an_alarm),
		BOTH(nothing_is_told_that_was_not_recorded),
		BOTH(whoever_comes_is_in_the_log),
		BOTH(a_stop_for_an_absent_camera_waits_for_it_alone),
		BOTH(a_camera_before_its_acceptance_covers_nothing),
		BOTH(a_camera_of_another_agreement_covers_nothing),
		BOTH(a_night_that_the_hub_slept_through_is_owed),
		BOTH(a_key_ends_the_alarm_that_nobody_is_awake),
		BOTH(what_is_open_at_ten_stays),
		BOTH(a_picture_seen_across_a_restart_counts),
		BOTH(a_late_report_of_an_earlier_look_is_logged),
		BOTH(no_permit_outlives_a_restart),
		BOTH(a_time_that_comes_twice_is_looked_at_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
