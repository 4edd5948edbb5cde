/*
 * Scripted nights against the real hub: each begins as SERVICE.md's life of a check says and must end in
 * the state that it names, with a log that tells who, when, lens open and picture shown.
 */
#include "scene.h"

static struct scene *town(bool sqlite)
{
	struct scene *scene = scene_new(sqlite);
	struct agreement a;

	scene_resident(scene, "karin", "Karin Lundgren");
	a = scene_agreement("a-karin", "karin", "cam-karin");
	scene_slot(&a, "one", SLOT_CAMERA, 1, 10);
	scene_put(scene, &a);
	return scene;
}

static struct scene *evening(bool sqlite)
{
	struct scene *scene = town(sqlite);

	scene_start(scene);
	return scene;
}

static void end(struct scene *scene, const char *resident, enum check_outcome outcome, enum cause cause)
{
	struct check check = scene_check(scene, resident);

	assert_string_equal(check_state_name(check.state), "closed");
	assert_string_equal(check_outcome_name(check.outcome), check_outcome_name(outcome));
	assert_string_equal(check_cause_name(check.cause), check_cause_name(cause));
	scene_free(scene);
}

static void expect_state(struct scene *scene, const char *resident, enum check_state state, enum cause cause)
{
	struct check check = scene_check(scene, resident);

	assert_string_equal(check_state_name(check.state), check_state_name(state));
	assert_string_equal(check_cause_name(check.cause), check_cause_name(cause));
}

static void look_then_well(void **state)
{
	struct scene *scene = evening(*state != NULL);
	struct scene_session *anna = scene_console(scene, "anna");

	scene_camera(scene, "cam-karin", SCENE_GOOD);
	scene_at(scene, 1, 11);
	expect_state(scene, "karin", CHECK_OPEN, CAUSE_NONE);
	scene_see(scene, anna, "karin", "well");
	assert_null(scene_refusal(anna));
	assert_int_equal(anna->pictures, 1);
	assert_int_equal(scene->openings, 1);
	assert_int_equal(scene_log_count(scene, LOG_PERMIT_RECORDED, "karin"), 1);
	assert_int_equal(scene_log_count(scene, LOG_LENS_OPENED, "karin"), 1);
	assert_int_equal(scene_log_count(scene, LOG_PICTURE_SHOWN, "karin"), 1);
	assert_int_equal(scene_log_count(scene, LOG_VIEW_OVER, "karin"), 1);
	assert_int_equal(scene_log_count(scene, LOG_ANSWERED, "karin"), 1);
	end(scene, "karin", OUTCOME_SEEN_WELL, CAUSE_NONE);
}

static void look_recheck_patrol_visited(void **state)
{
	struct scene *scene = evening(*state != NULL);
	struct scene_session *anna = scene_console(scene, "anna");
	struct check check;

	scene_camera(scene, "cam-karin", SCENE_GOOD);
	scene_at(scene, 1, 11);
	scene_see(scene, anna, "karin", "not-seen");
	expect_state(scene, "karin", CHECK_WAITING, CAUSE_NONE);
	scene_claim(scene, anna, "karin");
	assert_string_equal(scene_refusal(anna), "not-yet");
	scene_wait(scene, 8 * MS_MINUTE + MS_SECOND);
	expect_state(scene, "karin", CHECK_OPEN, CAUSE_NONE);
	scene_see(scene, anna, "karin", "not-seen");
	check = scene_check(scene, "karin");
	expect_state(scene, "karin", CHECK_PATROL, CAUSE_NOT_SEEN);
	assert_int_equal(scene_page(scene, check.page).state, PAGE_DELIVERED);
	scene_page_event(scene, anna, check.page, "acknowledged", "patrol-1");
	assert_null(scene_refusal(anna));
	scene_page_event(scene, anna, check.page, "on-site", "patrol-1");
	assert_null(scene_refusal(anna));
	expect_state(scene, "karin", CHECK_PATROL, CAUSE_NOT_SEEN);
	scene_report(scene, anna, "karin", "helped");
	assert_null(scene_refusal(anna));
	assert_int_equal(scene_page(scene, check.page).state, PAGE_CLOSED);
	assert_int_equal(scene->openings, 2);
	end(scene, "karin", OUTCOME_VISITED, CAUSE_NOT_SEEN);
}

static void dead_camera_goes_to_the_patrol(void **state)
{
	struct scene *scene = evening(*state != NULL);

	scene_console(scene, "anna");
	scene_at(scene, 1, 10);
	scene_wait(scene, MS_SECOND);
	expect_state(scene, "karin", CHECK_FAULT, CAUSE_CAMERA_LOST);
	scene_at(scene, 1, 12);
	expect_state(scene, "karin", CHECK_FAULT, CAUSE_CAMERA_LOST);
	scene_at(scene, 1, 13);
	scene_wait(scene, MS_SECOND);
	expect_state(scene, "karin", CHECK_PATROL, CAUSE_CAMERA_LOST);
	assert_int_equal(pager_fake_sent(&scene->pager, NULL), 1);
	scene_free(scene);
}

static void nobody_starts(void **state)
{
	struct scene *scene = evening(*state != NULL);

	scene_console(scene, "anna");
	scene_camera(scene, "cam-karin", SCENE_GOOD);
	scene_at(scene, 1, 34);
	expect_state(scene, "karin", CHECK_OPEN, CAUSE_NONE);
	assert_int_equal(pager_fake_sent(&scene->pager, NULL), 0);
	assert_true(scene_has_alarm(scene, "nobody-awake", ""));
	scene_at(scene, 1, 35);
	scene_wait(scene, MS_SECOND);
	expect_state(scene, "karin", CHECK_PATROL, CAUSE_NO_ANSWER);
	assert_int_equal(pager_fake_sent(&scene->pager, NULL), 1);
	scene_free(scene);
}

static void looked_at_and_never_answered(void **state)
{
	struct scene *scene = evening(*state != NULL);
	struct scene_session *anna = scene_console(scene, "anna");

	scene_camera(scene, "cam-karin", SCENE_GOOD);
	scene_at(scene, 1, 12);
	scene_claim(scene, anna, "karin");
	scene_look(scene, anna);
	scene_shown(scene, anna);
	scene_wait(scene, 30 * MS_SECOND);
	scene_view_over(scene, anna, 30000);
	expect_state(scene, "karin", CHECK_DECIDING, CAUSE_NONE);
	scene_wait(scene, 61 * MS_SECOND);
	expect_state(scene, "karin", CHECK_UNDECIDED, CAUSE_NONE);
	scene_at(scene, 1, 35);
	scene_wait(scene, MS_SECOND);
	expect_state(scene, "karin", CHECK_PATROL, CAUSE_NO_ANSWER);
	assert_int_equal(pager_fake_sent(&scene->pager, NULL), 1);
	/* The answer comes after all: it is recorded, and what was sent stands. */
	scene_answer(scene, anna, "karin", "well");
	assert_null(scene_refusal(anna));
	expect_state(scene, "karin", CHECK_PATROL, CAUSE_NO_ANSWER);
	scene_report(scene, anna, "karin", "well");
	end(scene, "karin", OUTCOME_VISITED, CAUSE_NO_ANSWER);
}

static void a_recheck_that_nobody_makes(void **state)
{
	struct scene *scene = evening(*state != NULL);
	struct scene_session *anna = scene_console(scene, "anna");
	int64_t answered;

	scene_camera(scene, "cam-karin", SCENE_GOOD);
	scene_at(scene, 1, 11);
	scene_see(scene, anna, "karin", "not-seen");
	answered = scene_check(scene, "karin").first_answer_ms;
	scene_wait(scene, answered + 15 * MS_MINUTE - scene->now.utc_ms - MS_SECOND);
	expect_state(scene, "karin", CHECK_OPEN, CAUSE_NONE);
	scene_wait(scene, 2 * MS_SECOND);
	expect_state(scene, "karin", CHECK_PATROL, CAUSE_NO_ANSWER);
	assert_int_equal(scene->openings, 1);
	scene_free(scene);
}

static void withdraw(struct scene *scene, struct scene_session *console, const char *resident)
{
	struct wire_message *message = scene_command(scene, WIRE_WITHDRAW);

	wire_set_text(message, "resident", resident);
	wire_set_text(message, "reason", "she called");
	scene_send(scene, console, message);
	assert_null(scene_refusal(console));
}

static void withdrawn_between_look_and_recheck(void **state)
{
	struct scene *scene = evening(*state != NULL);
	struct scene_session *anna = scene_console(scene, "anna");
	struct scene_session *camera = scene_camera(scene, "cam-karin", SCENE_GOOD);

	scene_at(scene, 1, 11);
	scene_see(scene, anna, "karin", "not-seen");
	withdraw(scene, anna, "karin");
	assert_int_equal(camera->stops, 1);
	assert_int_equal(scene_check(scene, "karin").kind, SLOT_VISIT);
	expect_state(scene, "karin", CHECK_PATROL, CAUSE_WITHDRAWN);
	scene_wait(scene, 9 * MS_MINUTE);
	scene_claim(scene, anna, "karin");
	assert_non_null(scene_refusal(anna));
	assert_int_equal(scene->openings, 1);
	scene_report(scene, anna, "karin", "well");
	assert_int_equal(scene_log_count(scene, LOG_WITHDRAWN, "karin"), 1);
	end(scene, "karin", OUTCOME_VISITED, CAUSE_WITHDRAWN);
}

static void withdrawn_while_looking(void **state)
{
	struct scene *scene = evening(*state != NULL);
	struct scene_session *anna = scene_console(scene, "anna");

	scene_camera(scene, "cam-karin", SCENE_SILENT);
	scene_at(scene, 1, 11);
	scene_claim(scene, anna, "karin");
	scene_look(scene, anna);
	withdraw(scene, anna, "karin");
	assert_true(anna->over);
	assert_int_equal(scene_log_count(scene, LOG_PERMIT_LAPSED, NULL), 1);
	expect_state(scene, "karin", CHECK_PATROL, CAUSE_WITHDRAWN);
	scene_free(scene);
}

static void a_decision_that_lapses_tonight(void **state)
{
	struct scene *scene = scene_new(*state != NULL);
	struct agreement a;
	struct scene_session *anna;

	scene_resident(scene, "karin", "Karin Lundgren");
	a = scene_agreement("a-karin", "karin", "cam-karin");
	scene_slot(&a, "one", SLOT_CAMERA, 1, 10);
	a.person[0].to_day = SCENE_NIGHT; /* midnight ends it */
	scene_put(scene, &a);
	scene_start(scene);
	anna = scene_console(scene, "anna");
	scene_camera(scene, "cam-karin", SCENE_GOOD);
	assert_true(scene_has_alarm(scene, "lapsed", "karin"));
	assert_int_equal(scene_check(scene, "karin").kind, SLOT_VISIT);
	scene_at(scene, 1, 11);
	expect_state(scene, "karin", CHECK_PATROL, CAUSE_LAPSED);
	assert_int_equal(pager_fake_sent(&scene->pager, NULL), 1);
	scene_claim(scene, anna, "karin");
	assert_non_null(scene_refusal(anna));
	scene_report(scene, anna, "karin", "well");
	assert_int_equal(scene->openings, 0);
	end(scene, "karin", OUTCOME_VISITED, CAUSE_LAPSED);
}

static void a_visit_slot(void **state)
{
	struct scene *scene = scene_new(*state != NULL);
	struct agreement a;
	struct scene_session *anna;
	struct check check;

	scene_resident(scene, "tage", "Tage Strom");
	a = scene_agreement("a-tage", "tage", "");
	scene_slot(&a, "visit", SLOT_VISIT, 1, 30);
	scene_put(scene, &a);
	scene_start(scene);
	anna = scene_console(scene, "anna");
	scene_at(scene, 1, 31);
	expect_state(scene, "tage", CHECK_PATROL, CAUSE_VISIT_SLOT);
	assert_int_equal(pager_fake_sent(&scene->pager, NULL), 0);
	scene_at(scene, 2, 16);
	check = scene_check(scene, "tage");
	assert_int_equal(check_alarm(&check, scene->now.utc_ms, &scene->settings.policy), ALARM_HIGH);
	scene_report(scene, anna, "tage", "nobody-home");
	assert_null(scene_refusal(anna));
	expect_state(scene, "tage", CHECK_PATROL, CAUSE_VISIT_SLOT);
	scene_report(scene, anna, "tage", "well");
	end(scene, "tage", OUTCOME_VISITED, CAUSE_VISIT_SLOT);
}

static void a_silent_patrol_is_escalated(void **state)
{
	struct scene *scene = evening(*state != NULL);
	struct check check;

	scene_console(scene, "anna");
	scene_camera(scene, "cam-karin", SCENE_GOOD);
	scene_at(scene, 1, 36);
	check = scene_check(scene, "karin");
	assert_string_equal(scene_page(scene, check.page).contact, "patrol-1");
	scene_wait(scene, 3 * MS_MINUTE + MS_SECOND);
	assert_string_equal(scene_page(scene, check.page).contact, "patrol-2");
	scene_wait(scene, 3 * MS_MINUTE + MS_SECOND);
	assert_true(scene_page(scene, check.page).repeated);
	assert_true(pager_fake_sent(&scene->pager, NULL) >= 3);
	scene_free(scene);
}

static void an_agent_that_refuses_is_a_fault(void **state)
{
	struct scene *scene = evening(*state != NULL);
	struct scene_session *anna = scene_console(scene, "anna");

	scene_camera(scene, "cam-karin", SCENE_REFUSES);
	scene_at(scene, 1, 12);
	scene_claim(scene, anna, "karin");
	scene_look(scene, anna);
	assert_true(anna->over);
	expect_state(scene, "karin", CHECK_FAULT, CAUSE_REFUSED);
	assert_int_equal(scene_log_count(scene, LOG_PERMIT_REFUSED, NULL), 1);
	scene_wait(scene, 2 * MS_MINUTE);
	expect_state(scene, "karin", CHECK_PATROL, CAUSE_REFUSED);
	scene_free(scene);
}

static void a_key_never_lands_on_changed_ground(void **state)
{
	struct scene *scene = evening(*state != NULL);
	struct scene_session *anna = scene_console(scene, "anna"), *bo = scene_console(scene, "bo");
	struct wire_message *message;
	struct check check;

	scene_camera(scene, "cam-karin", SCENE_GOOD);
	scene_at(scene, 1, 11);
	check = scene_check(scene, "karin");
	scene_claim(scene, anna, "karin");
	message = scene_command(scene, WIRE_PAGE);
	wire_set_int(message, "check", check.id);
	wire_set_int(message, "decision_version", check.decision_version);
	wire_set_text(message, "reason", "worried");
	scene_send(scene, bo, message);
	assert_string_equal(scene_refusal(bo), "stale");
	bo->look = anna->look;
	message = wire_new(WIRE_SHOWN);
	wire_set_int(message, "look", anna->look);
	wire_set_int(message, "taken_ms", scene->now.utc_ms);
	scene_send(scene, bo, message);
	expect_state(scene, "karin", CHECK_CLAIMED, CAUSE_NONE);
	scene_free(scene);
}

static void a_crashed_console_gives_its_claim_back(void **state)
{
	struct scene *scene = evening(*state != NULL);
	struct scene_session *anna = scene_console(scene, "anna"), *bo = scene_console(scene, "bo");

	scene_camera(scene, "cam-karin", SCENE_GOOD);
	scene_at(scene, 1, 11);
	scene_claim(scene, anna, "karin");
	scene_close(scene, anna);
	expect_state(scene, "karin", CHECK_OPEN, CAUSE_NONE);
	scene_see(scene, bo, "karin", "well");
	end(scene, "karin", OUTCOME_SEEN_WELL, CAUSE_NONE);
}

/* One script, killed at one of its moments and started again; the night must end right all the same. */
static void night_killed_at(bool sqlite, int moment)
{
	struct scene *scene = evening(sqlite);
	struct scene_session *anna = NULL;
	int at = 0;
	int64_t look_id = 0;
	bool permitted;
	enum check_state before;

#define MOMENT() \
	do { \
		if (at++ == moment) { \
			scene_kill(scene); \
			scene->now.utc_ms += 5000; \
			scene->now.elapsed_ms += 5000; \
			scene_start(scene); \
			scene_camera(scene, "cam-karin", SCENE_GOOD); \
			anna = scene_console(scene, "anna"); \
			anna->look = look_id; \
		} \
	} while (0)

	scene_camera(scene, "cam-karin", SCENE_GOOD);
	anna = scene_console(scene, "anna");
	scene_at(scene, 1, 9);
	MOMENT();
	scene_at(scene, 1, 11);
	MOMENT();
	for (int look = 0; look < 6 && scene_check(scene, "karin").state != CHECK_PATROL; look++) {
		before = scene_check(scene, "karin").state;
		if (before == CHECK_WAITING)
			scene_wait(scene, 8 * MS_MINUTE + 2 * MS_SECOND);
		MOMENT();
		scene_claim(scene, anna, "karin");
		look_id = anna->look;
		MOMENT();
		if (scene_latest(anna, WIRE_CLAIMED) != NULL && scene_refusal(anna) == NULL)
			scene_look(scene, anna);
		permitted = scene_latest(anna, WIRE_PERMITTED) != NULL;
		MOMENT();
		if (permitted) {
			scene_shown(scene, anna);
			MOMENT();
			scene_view_over(scene, anna, 2000);
			MOMENT();
			scene_answer(scene, anna, "karin", "not-seen");
			MOMENT();
		}
		scene_wait(scene, MS_SECOND);
	}
	scene_at(scene, 1, 50);
	expect_state(scene, "karin", CHECK_PATROL, scene_check(scene, "karin").cause);
	assert_true(pager_fake_sent(&scene->pager, NULL) >= 1);
	MOMENT();
	scene_page_event(scene, anna, scene_check(scene, "karin").page, "acknowledged", "patrol-1");
	MOMENT();
	scene_report(scene, anna, "karin", "well");
	MOMENT();
	assert_int_equal(scene_check(scene, "karin").outcome, OUTCOME_VISITED);
	/* As many looks as agreed: a look that a restart voided may be made again, each under its own permit. */
	assert_true(scene->openings <= scene_log_count(scene, LOG_PERMIT_RECORDED, "karin"));
	assert_true(scene_log_count(scene, LOG_ANSWERED, "karin") <= 2);
#undef MOMENT
	scene_free(scene);
}

static void killed_at_every_moment(void **state)
{
	for (int moment = 0; moment < 18; moment++)
		night_killed_at(*state != NULL, moment);
}

static void pages_wait_for_journals_after_a_start(void **state)
{
	struct scene *scene = evening(*state != NULL);
	int64_t page;

	scene_camera(scene, "cam-karin", SCENE_GOOD);
	scene_at(scene, 1, 11);
	scene_kill(scene);
	scene->now.utc_ms = SCENE_MS(1, 50);
	scene_start(scene);
	expect_state(scene, "karin", CHECK_PATROL, CAUSE_NO_ANSWER);
	page = scene_check(scene, "karin").page;
	assert_true(scene_page(scene, page).held);
	assert_int_equal(pager_fake_sent(&scene->pager, NULL), 0);
	scene_wait(scene, 121 * MS_SECOND);
	assert_int_equal(pager_fake_sent(&scene->pager, NULL), 1);
	scene_free(scene);
}

/* The console's link was lost with the answer in its hand; the hub came back and would have paged. */
static void an_answer_from_before_a_start_comes_before_the_page(void **state)
{
	struct scene *scene = evening(*state != NULL);
	struct scene_session *anna = scene_console(scene, "anna");
	int64_t look;

	scene_camera(scene, "cam-karin", SCENE_GOOD);
	scene_at(scene, 1, 11);
	scene_claim(scene, anna, "karin");
	scene_look(scene, anna);
	scene_shown(scene, anna);
	look = anna->look;
	scene_kill(scene);
	scene->now.utc_ms = SCENE_MS(1, 50);
	scene_start(scene);
	expect_state(scene, "karin", CHECK_PATROL, CAUSE_NO_ANSWER);
	anna = scene_console(scene, "anna");
	anna->look = look;
	scene_answer(scene, anna, "karin", "well");
	assert_null(scene_refusal(anna));
	scene_wait(scene, 125 * MS_SECOND);
	assert_int_equal(pager_fake_sent(&scene->pager, NULL), 0);
	end(scene, "karin", OUTCOME_SEEN_WELL, CAUSE_NONE);
}

static void a_demo_stays_a_demo(void **state)
{
	struct scene *scene = evening(*state != NULL);
	struct hub_parts parts = {.settings = &scene->settings, .store = &scene->store, .crypto = scene->crypto,
	                          .zone = &scene->zone, .pager = &scene->pager, .signer = &scene->signer};
	struct hub *hub;
	char fault[REASON_MAX_BYTES];

	scene_kill(scene);
	scene->settings.demo = true;
	assert_int_equal(hub_start(&parts, &scene->now, &hub, fault), ERR_DENIED);
	assert_non_null(strstr(fault, "demo"));
	scene_free(scene);
}

static void a_pause_excuses_and_can_end(void **state)
{
	struct scene *scene = evening(*state != NULL);
	struct scene_session *anna = scene_console(scene, "anna");
	struct wire_message *message;

	scene_camera(scene, "cam-karin", SCENE_GOOD);
	message = scene_command(scene, WIRE_PAUSE);
	wire_set_text(message, "resident", "karin");
	wire_set_int(message, "from_ms", scene->now.utc_ms);
	wire_set_int(message, "to_ms", 0);
	wire_set_int(message, "review_ms", 0);
	scene_send(scene, anna, message);
	assert_string_equal(scene_refusal(anna), "pause");
	message = scene_command(scene, WIRE_PAUSE);
	wire_set_text(message, "resident", "karin");
	wire_set_int(message, "from_ms", scene->now.utc_ms);
	wire_set_int(message, "to_ms", SCENE_MS(9, 0));
	wire_set_int(message, "review_ms", 0);
	scene_send(scene, anna, message);
	assert_null(scene_refusal(anna));
	expect_state(scene, "karin", CHECK_CLOSED, CAUSE_PAUSED);
	message = scene_command(scene, WIRE_RESUME);
	wire_set_text(message, "resident", "karin");
	scene_send(scene, anna, message);
	assert_null(scene_refusal(anna));
	expect_state(scene, "karin", CHECK_PLANNED, CAUSE_NONE);
	scene_at(scene, 1, 11);
	scene_see(scene, anna, "karin", "well");
	end(scene, "karin", OUTCOME_SEEN_WELL, CAUSE_NONE);
}

static void who_may_excuse(void **state)
{
	struct scene *scene = evening(*state != NULL);
	struct scene_session *anna = scene_console(scene, "anna"), *bo = scene_console(scene, "bo");
	struct scene_session *who[] = {anna, anna, bo};
	const char *cause[] = {"visits-declined", "deceased", "deceased"};

	scene_at(scene, 1, 9);
	for (int i = 0; i < 3; i++) {
		struct wire_message *message = scene_command(scene, WIRE_EXCUSE);

		wire_set_int(message, "check", scene_check(scene, "karin").id);
		wire_set_text(message, "cause", cause[i]);
		wire_set_text(message, "reason", "told by the unit");
		scene_send(scene, who[i], message);
		if (i < 2)
			assert_string_equal(scene_refusal(who[i]), "authority");
		else
			assert_null(scene_refusal(who[i]));
	}
	end(scene, "karin", OUTCOME_EXCUSED, CAUSE_DECEASED);
}

static void a_stranger_is_refused(void **state)
{
	struct scene *scene = evening(*state != NULL);
	struct scene_session *mallory = scene_console(scene, "mallory");

	assert_non_null(scene_latest(mallory, WIRE_ERROR));
	assert_null(scene_latest(mallory, WIRE_RESET));
	assert_false(mallory->open);
	assert_int_equal(scene_log_count(scene, LOG_LOGIN_REFUSED, NULL), 1);
	scene_free(scene);
}

#define BOTH(test) {#test " (memory)", test, NULL, NULL, NULL}, {#test " (sqlite)", test, NULL, NULL, (void *)"sqlite"}

int main(void)
{
	const struct CMUnitTest tests[] = {
		BOTH(look_then_well),
		BOTH(look_recheck_patrol_visited),
		BOTH(dead_camera_goes_to_the_patrol),
		BOTH(nobody_starts),
		BOTH(looked_at_and_never_answered),
		BOTH(a_recheck_that_nobody_makes),
		BOTH(withdrawn_between_look_and_recheck),
		BOTH(withdrawn_while_looking),
		BOTH(a_decision_that_lapses_tonight),
		BOTH(a_visit_slot),
		BOTH(a_silent_patrol_is_escalated),
		BOTH(an_agent_that_refuses_is_a_fault),
		BOTH(a_key_never_lands_on_changed_ground),
		BOTH(a_crashed_console_gives_its_claim_back),
		BOTH(killed_at_every_moment),
		BOTH(pages_wait_for_journals_after_a_start),
		BOTH(an_answer_from_before_a_start_comes_before_the_page),
		BOTH(a_demo_stays_a_demo),
		BOTH(a_pause_excuses_and_can_end),
		BOTH(who_may_excuse),
		BOTH(a_stranger_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
