/*
 * The edges of a night: what happens to a look, a permit or a right when somebody dies, reconnects, lies,
 * or changes their mind in the middle of it. Each test names what SERVICE.md would call an incident.
 */
#include "scene.h"

static void add(struct scene *scene, const char *id, const char *area, int hour, int minute)
{
	struct agreement a;
	char agreement[ID_MAX], camera[ID_MAX];

	snprintf(agreement, sizeof agreement, "a-%s", id);
	snprintf(camera, sizeof camera, "cam-%s", id);
	scene_resident(scene, id, id);
	a = scene_agreement(agreement, id, camera);
	strcpy(a.area, area);
	scene_slot(&a, "one", SLOT_CAMERA, hour, minute);
	scene_put(scene, &a);
}

static struct scene *evening(bool sqlite)
{
	struct scene *scene = scene_new(sqlite);

	add(scene, "karin", "north", 1, 10);
	scene_start(scene);
	return scene;
}

static struct agreement couple_agreement(void)
{
	struct agreement a = scene_agreement("a-ek", "berit", "cam-ek");

	a.n_persons = 2;
	a.person[1] = a.person[0];
	strcpy(a.person[1].id, "nils");
	a.n_consents = 2;
	a.consent[1] = a.consent[0];
	strcpy(a.consent[1].who, "nils");
	scene_slot(&a, "one", SLOT_CAMERA, 1, 10);
	return a;
}

static struct scene *couple(bool sqlite)
{
	struct scene *scene = scene_new(sqlite);
	struct agreement a = couple_agreement();

	scene_resident(scene, "berit", "Berit Ek");
	scene_resident(scene, "nils", "Nils Ek");
	scene_put(scene, &a);
	scene_start(scene);
	return scene;
}

static void expect(struct scene *scene, const char *resident, enum check_state state, enum cause cause)
{
	struct check check = scene_check(scene, resident);

	assert_string_equal(check_state_name(check.state), check_state_name(state));
	assert_string_equal(check_cause_name(check.cause), check_cause_name(cause));
}

static bool count_look(void *arg, const struct look_row *look)
{
	(void)look;
	(*(int *)arg)++;
	return true;
}

static int open_looks(struct scene *scene)
{
	int n = 0;

	assert_int_equal(scene->store.looks_open(scene->store.impl, count_look, &n), ERR_OK);
	return n;
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

static void pause(struct scene *scene, struct scene_session *console, const char *resident, int64_t from, int64_t to)
{
	struct wire_message *message = scene_command(scene, WIRE_PAUSE);

	wire_set_text(message, "resident", resident);
	wire_set_int(message, "from_ms", from);
	wire_set_int(message, "to_ms", to);
	wire_set_int(message, "review_ms", 0);
	scene_send(scene, console, message);
	assert_null(scene_refusal(console));
}

static void about(struct scene *scene, struct scene_session *console, enum wire_id id, const char *resident)
{
	struct wire_message *message = scene_command(scene, id);

	wire_set_text(message, "resident", resident);
	scene_send(scene, console, message);
	assert_null(scene_refusal(console));
}

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

static bool find_text(void *arg, const struct log_row *row)
{
	const char **want = arg;
	struct log_event event;

	assert_int_equal(log_event_decode(&event, row->canonical, row->len), ERR_OK);
	for (int i = 0; i < event.n_fields; i++)
		if (*want != NULL && strcmp(event.field[i].value, *want) == 0)
			*want = NULL;
	return *want != NULL;
}

static bool log_says(struct scene *scene, const char *value)
{
	struct log_filter filter = {0};

	assert_int_equal(scene->store.log_read(scene->store.impl, &filter, find_text, &value), ERR_OK);
	return value == NULL;
}

static void an_agreement_may_have_a_long_name(void **state)
{
	struct scene *scene = scene_new(*state != NULL);
	struct agreement a = scene_agreement("agreement-of-karin-lundgren-2027", "karin", "cam-karin");

	scene_resident(scene, "karin", "Karin Lundgren");
	scene_slot(&a, "one", SLOT_CAMERA, 1, 10);
	scene_put(scene, &a);
	scene_start(scene);
	expect(scene, "karin", CHECK_PLANNED, CAUSE_NONE);
	scene_free(scene);
}

static void a_pause_that_is_moved_gives_the_night_back(void **state)
{
	struct scene *scene = evening(*state != NULL);
	struct scene_session *anna = scene_console(scene, "anna");

	pause(scene, anna, "karin", scene->now.utc_ms, SCENE_MS(9, 0));
	expect(scene, "karin", CHECK_CLOSED, CAUSE_PAUSED);
	pause(scene, anna, "karin", SCENE_MS(9, 0) + MS_DAY, SCENE_MS(9, 0) + 2 * MS_DAY);
	expect(scene, "karin", CHECK_PLANNED, CAUSE_NONE);
	scene_free(scene);
}

static void a_pause_holds_for_what_is_due_already(void **state)
{
	struct scene *scene = evening(*state != NULL);
	struct scene_session *anna = scene_console(scene, "anna");

	scene_camera(scene, "cam-karin", SCENE_GOOD);
	scene_at(scene, 1, 12);
	pause(scene, anna, "karin", scene->now.utc_ms, SCENE_MS(9, 0));
	expect(scene, "karin", CHECK_CLOSED, CAUSE_PAUSED);
	scene_free(scene);
}

static void a_pause_begins_by_itself(void **state)
{
	struct scene *scene = evening(*state != NULL);
	struct scene_session *anna = scene_console(scene, "anna");

	scene_camera(scene, "cam-karin", SCENE_GOOD);
	scene_at(scene, 1, 0);
	pause(scene, anna, "karin", SCENE_MS(1, 12), SCENE_MS(9, 0));
	scene_at(scene, 1, 11);
	expect(scene, "karin", CHECK_OPEN, CAUSE_NONE);
	scene_at(scene, 1, 12);
	scene_wait(scene, MS_SECOND);
	expect(scene, "karin", CHECK_CLOSED, CAUSE_PAUSED);
	scene_free(scene);
}

static void a_withdrawal_holds_for_what_was_excused(void **state)
{
	struct scene *scene = evening(*state != NULL);
	struct scene_session *anna = scene_console(scene, "anna");

	scene_camera(scene, "cam-karin", SCENE_GOOD);
	pause(scene, anna, "karin", scene->now.utc_ms, SCENE_MS(9, 0));
	about(scene, anna, WIRE_WITHDRAW, "karin");
	about(scene, anna, WIRE_RESUME, "karin");
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
	about(scene, anna, WIRE_WITHDRAW, "karin");
	message = scene_command(scene, WIRE_UNDO);
	wire_set_int(message, "check", scene_check(scene, "karin").id);
	wire_set_text(message, "answer", "not-seen");
	scene_send(scene, anna, message);
	assert_null(scene_refusal(anna));
	expect(scene, "karin", CHECK_PATROL, CAUSE_NOT_SEEN);
	scene_free(scene);
}

static void a_withdrawal_by_one_closes_the_lens_for_both(void **state)
{
	struct scene *scene = couple(*state != NULL);
	struct scene_session *anna = scene_console(scene, "anna");

	scene_camera(scene, "cam-ek", SCENE_SILENT);
	scene_at(scene, 1, 11);
	scene_claim(scene, anna, "berit");
	scene_look(scene, anna);
	about(scene, anna, WIRE_WITHDRAW, "nils");
	assert_true(anna->over);
	expect(scene, "berit", CHECK_PATROL, CAUSE_WITHDRAWN);
	expect(scene, "nils", CHECK_PATROL, CAUSE_WITHDRAWN);
	assert_int_equal(open_looks(scene), 0);
	assert_int_equal(pager_fake_sent(&scene->pager, NULL), 1); /* one door, one page */
	scene_free(scene);
}

static void a_page_for_one_leaves_the_other_to_be_looked_at(void **state)
{
	struct scene *scene = couple(*state != NULL);
	struct scene_session *anna = scene_console(scene, "anna");

	scene_camera(scene, "cam-ek", SCENE_SILENT);
	scene_at(scene, 1, 11);
	scene_claim(scene, anna, "berit");
	scene_look(scene, anna);
	page_without_a_look(scene, anna, "berit");
	expect(scene, "berit", CHECK_PATROL, CAUSE_JUDGEMENT);
	expect(scene, "nils", CHECK_OPEN, CAUSE_NONE);
	assert_int_equal(open_looks(scene), 0);
	assert_true(log_says(scene, "she rang the bell"));
	scene_claim(scene, anna, "nils");
	assert_null(scene_refusal(anna));
	scene_free(scene);
}

static void a_couple_stays_together_when_no_picture_comes(void **state)
{
	struct scene *scene = couple(*state != NULL);
	struct scene_session *anna = scene_console(scene, "anna");

	scene_camera(scene, "cam-ek", SCENE_SILENT);
	scene_at(scene, 1, 11);
	scene_claim(scene, anna, "berit");
	scene_look(scene, anna);
	scene_wait(scene, 31 * MS_SECOND);
	expect(scene, "berit", CHECK_FAULT, CAUSE_STALE);
	expect(scene, "nils", CHECK_FAULT, CAUSE_STALE);
	scene_claim(scene, anna, "berit");
	assert_null(scene_refusal(anna));
	assert_int_equal(wire_int(scene_latest(anna, WIRE_CLAIMED), "check2"), scene_check(scene, "nils").id);
	scene_free(scene);
}

static void one_excused_the_other_looked_at(void **state)
{
	struct scene *scene = couple(*state != NULL);
	struct scene_session *anna = scene_console(scene, "anna");

	scene_camera(scene, "cam-ek", SCENE_GOOD);
	pause(scene, anna, "berit", scene->now.utc_ms, SCENE_MS(9, 0));
	expect(scene, "nils", CHECK_PLANNED, CAUSE_NONE);
	scene_at(scene, 1, 11);
	scene_see(scene, anna, "nils", "well");
	assert_null(scene_refusal(anna));
	assert_int_equal(scene_check(scene, "nils").outcome, OUTCOME_SEEN_WELL);
	expect(scene, "berit", CHECK_CLOSED, CAUSE_PAUSED);
	scene_free(scene);
}

static void what_is_about_the_picture_is_about_who_is_left(void **state)
{
	struct scene *scene = couple(*state != NULL);
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
	struct scene *scene = couple(*state != NULL);
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
	expect(scene, "karin", CHECK_FAULT, CAUSE_STALE);
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
	assert_int_equal(open_looks(scene), 1);
	message = scene_command(scene, WIRE_RELEASE);
	wire_set_int(message, "check", scene_check(scene, "karin").id);
	scene_send(scene, anna, message);
	assert_int_equal(open_looks(scene), 0);
	scene_claim(scene, anna, "karin");
	scene_wait(scene, 61 * MS_SECOND);
	assert_int_equal(open_looks(scene), 0);
	assert_int_equal(scene_log_count(scene, LOG_PERMIT_LAPSED, NULL), 0); /* none was recorded */
	scene_claim(scene, bo, "karin");
	scene_look(scene, bo);
	scene_shown(scene, bo);
	scene_close(scene, bo);
	expect(scene, "karin", CHECK_UNDECIDED, CAUSE_NONE);
	assert_int_equal(open_looks(scene), 0);
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
	expect(scene, "karin", CHECK_LOOKING, CAUSE_NONE);
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
	expect(scene, "karin", CHECK_CLAIMED, CAUSE_NONE);
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
	expect(scene, "karin", CHECK_FAULT, CAUSE_CAMERA_LOST);
	scene_see(scene, anna, "karin", "well");
	assert_null(scene_refusal(anna));
	scene_free(scene);
}

static enum err sign_never(void *impl, int64_t id, const void *encoded, size_t len, signer_ready_fn *ready, void *arg)
{
	(void)impl, (void)id, (void)encoded, (void)len, (void)ready, (void)arg;
	return ERR_OK;
}

static void a_silent_signer_is_a_fault_and_an_alarm(void **state)
{
	struct scene *scene = scene_new(*state != NULL);
	struct scene_session *anna;

	add(scene, "karin", "north", 1, 10);
	scene->signer.sign = sign_never;
	scene_start(scene);
	anna = scene_console(scene, "anna");
	scene_camera(scene, "cam-karin", SCENE_GOOD);
	scene_at(scene, 1, 11);
	scene_claim(scene, anna, "karin");
	scene_look(scene, anna);
	scene_wait(scene, 11 * MS_SECOND);
	assert_true(anna->over);
	expect(scene, "karin", CHECK_FAULT, CAUSE_SIGNER);
	assert_true(scene_has_alarm(scene, "signer", ""));
	assert_int_equal(outbox_rows(scene), 0);
	assert_int_equal(open_looks(scene), 0);
	scene_free(scene);
}

static void a_stop_for_an_absent_camera_waits_for_it_alone(void **state)
{
	struct scene *scene = evening(*state != NULL);
	struct scene_session *anna = scene_console(scene, "anna"), *camera;

	about(scene, anna, WIRE_WITHDRAW, "karin");
	assert_int_equal(outbox_rows(scene), 0);
	camera = scene_camera(scene, "cam-karin", SCENE_GOOD);
	assert_int_equal(camera->stops, 1);
	scene_free(scene);
}

static void pages_that_fall_together_are_one_an_area(void **state)
{
	struct scene *scene = scene_new(*state != NULL);

	add(scene, "a", "north", 1, 10);
	add(scene, "b", "south", 1, 10);
	add(scene, "c", "north", 1, 10);
	add(scene, "d", "south", 1, 10);
	scene_start(scene);
	scene_console(scene, "anna");
	scene_at(scene, 1, 40);
	assert_int_equal(pager_fake_sent(&scene->pager, NULL) >= 2, 1);
	assert_int_equal(scene_check(scene, "a").page, scene_check(scene, "c").page);
	assert_int_equal(scene_check(scene, "b").page, scene_check(scene, "d").page);
	assert_int_not_equal(scene_check(scene, "a").page, scene_check(scene, "b").page);
	scene_free(scene);
}

static void a_journal_takes_one_off_the_held_list(void **state)
{
	struct scene *scene = scene_new(*state != NULL);
	struct scene_session *anna;
	int64_t look;

	add(scene, "karin", "north", 1, 10);
	add(scene, "olle", "north", 1, 10);
	scene_start(scene);
	anna = scene_console(scene, "anna");
	scene_camera(scene, "cam-karin", SCENE_GOOD);
	scene_camera(scene, "cam-olle", SCENE_GOOD);
	scene_at(scene, 1, 11);
	scene_claim(scene, anna, "karin");
	scene_look(scene, anna);
	scene_shown(scene, anna);
	look = anna->look;
	scene_kill(scene);
	scene->now.utc_ms = SCENE_MS(1, 50);
	scene_start(scene);
	assert_int_equal(scene_check(scene, "karin").page, scene_check(scene, "olle").page);
	anna = scene_console(scene, "anna");
	anna->look = look;
	scene_answer(scene, anna, "karin", "well");
	assert_null(scene_refusal(anna));
	assert_int_equal(scene_check(scene, "karin").outcome, OUTCOME_SEEN_WELL);
	expect(scene, "olle", CHECK_PATROL, CAUSE_NO_ANSWER);
	scene_wait(scene, 125 * MS_SECOND);
	assert_int_equal(pager_fake_sent(&scene->pager, NULL), 1);
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

	add(scene, "karin", "north", 1, 10);
	camera_row(scene, "a-karin", 0);
	scene_start(scene);
	scene_console(scene, "anna");
	scene_camera(scene, "cam-karin", SCENE_GOOD);
	scene_at(scene, 1, 11);
	expect(scene, "karin", CHECK_FAULT, CAUSE_CAMERA_LOST);
	scene_at(scene, 1, 14);
	expect(scene, "karin", CHECK_PATROL, CAUSE_CAMERA_LOST);
	scene_free(scene);
}

static void a_camera_of_another_agreement_covers_nothing(void **state)
{
	struct scene *scene = scene_new(*state != NULL);
	struct scene_session *anna;

	add(scene, "karin", "north", 1, 10);
	camera_row(scene, "a-other", 1);
	scene_start(scene);
	anna = scene_console(scene, "anna");
	scene_camera(scene, "cam-karin", SCENE_GOOD);
	scene_at(scene, 1, 11);
	scene_claim(scene, anna, "karin");
	assert_non_null(scene_refusal(anna));
	expect(scene, "karin", CHECK_FAULT, CAUSE_CAMERA_LOST);
	assert_true(scene_has_alarm(scene, "camera", "karin"));
	scene_free(scene);
}

static void every_report_from_the_site_is_in_the_log(void **state)
{
	struct scene *scene = evening(*state != NULL);
	struct scene_session *anna = scene_console(scene, "anna");

	scene_at(scene, 1, 40);
	scene_report(scene, anna, "karin", "nobody-home");
	scene_report(scene, anna, "karin", "nobody-home");
	assert_int_equal(scene_log_count(scene, LOG_SITE_REPORT, "karin"), 2);
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

static void a_couple_not_seen_is_looked_at_again_once(void **state)
{
	struct scene *scene = couple(*state != NULL);
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
	expect(scene, "berit", CHECK_PATROL, CAUSE_NOT_SEEN);
	expect(scene, "nils", CHECK_CLOSED, CAUSE_NONE);
	scene_free(scene);
}

static void an_unusable_picture_is_replaced_once_for_both(void **state)
{
	struct scene *scene = couple(*state != NULL);
	struct scene_session *anna = scene_console(scene, "anna");

	scene_camera(scene, "cam-ek", SCENE_GOOD);
	scene_at(scene, 1, 11);
	look_at_both(scene, anna);
	scene_answer(scene, anna, "nils", "unusable");
	assert_null(scene_refusal(anna));
	look_at_both(scene, anna);
	scene_answer(scene, anna, "berit", "unusable");
	assert_null(scene_refusal(anna));
	expect(scene, "berit", CHECK_FAULT, CAUSE_UNUSABLE);
	expect(scene, "nils", CHECK_FAULT, CAUSE_UNUSABLE);
	scene_claim(scene, anna, "berit");
	assert_string_equal(scene_refusal(anna), "no-recheck");
	assert_int_equal(scene->openings, 2);
	scene_wait(scene, 3 * MS_MINUTE);
	assert_int_equal(scene_check(scene, "berit").page, scene_check(scene, "nils").page);
	assert_int_equal(open_looks(scene), 0);
	scene_free(scene);
}

static void second_thoughts_about_one_leave_the_other(void **state)
{
	struct scene *scene = couple(*state != NULL);
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
	expect(scene, "berit", CHECK_CLOSED, CAUSE_NONE);
	expect(scene, "nils", CHECK_PATROL, CAUSE_NEEDS_HELP);
	assert_true(scene_page(scene, scene_check(scene, "nils").page).urgent);
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
	expect(scene, "karin", CHECK_OPEN, CAUSE_NONE);
	assert_int_equal(open_looks(scene), 0);
	anna = scene_console(scene, "anna");
	anna->look = look;
	scene_view_over(scene, anna, 3000);
	expect(scene, "karin", CHECK_DECIDING, CAUSE_NONE);
	scene_answer(scene, anna, "karin", "well");
	assert_null(scene_refusal(anna));
	expect(scene, "karin", CHECK_CLOSED, CAUSE_NONE);
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
	expect(scene, "karin", CHECK_FAULT, CAUSE_STALE);
	scene_claim(scene, bo, "karin");
	scene_look(scene, bo);
	assert_null(scene_refusal(bo));
	scene_shown(scene, bo);
	scene_view_over(scene, anna, 2000);
	expect(scene, "karin", CHECK_LOOKING, CAUSE_NONE);
	assert_int_equal(scene_log_count(scene, LOG_VIEW_OVER, "karin"), 1);
	scene_answer(scene, anna, "karin", "well");
	assert_string_equal(scene_refusal(anna), "look");
	scene_answer(scene, anna, "karin", "needs-help");
	assert_null(scene_refusal(anna));
	assert_true(bo->over);
	expect(scene, "karin", CHECK_PATROL, CAUSE_NEEDS_HELP);
	scene_free(scene);
}

/* Whatever a signer, an agent or a console was about to say when the hub died, no permit of it is left. */
static void no_permit_outlives_a_restart(void **state)
{
	struct scene *scene = scene_new(*state != NULL);
	struct scene_session *anna, *camera;

	add(scene, "karin", "north", 1, 10);
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
	expect(scene, "karin", CHECK_OPEN, CAUSE_NONE);
	scene_free(scene);
}

/* A chain that an import made longer is the chain of the pages that run. */
static void a_page_follows_its_chain(void **state)
{
	struct scene *scene = evening(*state != NULL);
	struct contact_row lead = {.id = "shift-lead", .name = "Lead", .phone = "0703", .role = CONTACT_SHIFT_LEAD, .step = 2};
	int64_t page;

	scene_console(scene, "anna");
	scene_camera(scene, "cam-karin", SCENE_GOOD);
	scene_at(scene, 1, 36);
	page = scene_check(scene, "karin").page;
	assert_int_equal(scene->store.begin(scene->store.impl), ERR_OK);
	assert_int_equal(scene->store.contact_put(scene->store.impl, &lead), ERR_OK);
	assert_int_equal(scene->store.commit(scene->store.impl), ERR_OK);
	scene_wait(scene, 7 * MS_MINUTE);
	assert_string_equal(scene_page(scene, page).contact, "shift-lead");
	assert_false(scene_page(scene, page).repeated);
	scene_free(scene);
}

/* 2027-10-31 would be Stockholm's; here the scene's own night gets its second 02:30. */
static void a_time_that_comes_twice_is_looked_at_once(void **state)
{
	struct scene *scene = scene_new(*state != NULL);
	struct scene_session *anna;
	struct check check;

	add(scene, "karin", "north", 2, 30);
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

#define BOTH(test) {#test " (memory)", test, NULL, NULL, NULL}, {#test " (sqlite)", test, NULL, NULL, (void *)"sqlite"}

int main(void)
{
	const struct CMUnitTest tests[] = {
		BOTH(an_agreement_may_have_a_long_name),
		BOTH(a_pause_that_is_moved_gives_the_night_back),
		BOTH(a_pause_holds_for_what_is_due_already),
		BOTH(a_pause_begins_by_itself),
		BOTH(a_withdrawal_holds_for_what_was_excused),
		BOTH(a_withdrawal_holds_for_an_answer_undone),
		BOTH(a_withdrawal_by_one_closes_the_lens_for_both),
		BOTH(a_page_for_one_leaves_the_other_to_be_looked_at),
		BOTH(a_couple_stays_together_when_no_picture_comes),
		BOTH(one_excused_the_other_looked_at),
		BOTH(what_is_about_the_picture_is_about_who_is_left),
		BOTH(both_of_a_couple_have_the_lens_in_their_log),
		BOTH(a_view_that_never_stood_ends_its_look),
		BOTH(no_look_is_left_open),
		BOTH(a_released_claim_cannot_look),
		BOTH(nobody_answers_for_a_picture_of_another),
		BOTH(nothing_is_shown_before_a_permit_left),
		BOTH(a_camera_that_connects_again_ends_its_look_at_once),
		BOTH(a_silent_signer_is_a_fault_and_an_alarm),
		BOTH(a_stop_for_an_absent_camera_waits_for_it_alone),
		BOTH(pages_that_fall_together_are_one_an_area),
		BOTH(a_journal_takes_one_off_the_held_list),
		BOTH(a_camera_before_its_acceptance_covers_nothing),
		BOTH(a_camera_of_another_agreement_covers_nothing),
		BOTH(every_report_from_the_site_is_in_the_log),
		BOTH(a_night_that_the_hub_slept_through_is_owed),
		BOTH(a_key_ends_the_alarm_that_nobody_is_awake),
		BOTH(a_couple_not_seen_is_looked_at_again_once),
		BOTH(an_unusable_picture_is_replaced_once_for_both),
		BOTH(second_thoughts_about_one_leave_the_other),
		BOTH(what_is_open_at_ten_stays),
		BOTH(a_picture_seen_across_a_restart_counts),
		BOTH(a_late_report_of_an_earlier_look_is_logged),
		BOTH(no_permit_outlives_a_restart),
		BOTH(a_page_follows_its_chain),
		BOTH(a_time_that_comes_twice_is_looked_at_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
