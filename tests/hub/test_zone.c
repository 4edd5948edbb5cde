/*
 * Time-zone data that changes while a night is planned or under way: what has not begun follows, what has
 * begun stays, nothing is lost or done twice, and everybody is told.
 */
#include "scene.h"

/* From now on the clock is put forward by an hour at 02:00 tonight, by the scene's clock of until now. */
static void decree_summer(struct scene *scene)
{
	scene->zone.n = 1;
	scene->zone.transition[0] = (struct zone_transition){.at_s = SCENE_MS(2, 0) / MS_SECOND,
	                                                     .offset_s = 7200};
}

static struct scene *town(bool sqlite)
{
	struct scene *scene = scene_new(sqlite);

	scene_add(scene, "karin", "north", 1, 10);
	scene_add(scene, "nora", "north", 2, 30);
	scene_add(scene, "sven", "south", 4, 10);
	scene_start(scene);
	return scene;
}

static const char *alarm_text(struct scene *scene, const char *kind)
{
	static struct alarm_row alarm;

	if (scene->store.alarm_find(scene->store.impl, kind, "", &alarm) != ERR_OK)
		return "no alarm";
	return alarm.text;
}

static void what_has_not_begun_follows_and_says_so(void **state)
{
	struct scene *scene = town(*state != NULL);
	struct scene_session *anna = scene_console(scene, "anna");

	scene_camera(scene, "cam-sven", SCENE_GOOD);
	scene_at(scene, 23, 0);
	decree_summer(scene);
	scene_wait(scene, MS_MINUTE);
	assert_int_equal(scene_check(scene, "karin").start_ms, SCENE_MS(1, 10));
	assert_int_equal(scene_check(scene, "karin").note, PLAN_PLAIN);
	assert_int_equal(scene_check(scene, "nora").start_ms, SCENE_MS(2, 0));
	assert_int_equal(scene_check(scene, "nora").note, PLAN_GAP);
	assert_int_equal(scene_check(scene, "sven").start_ms, SCENE_MS(3, 10));
	assert_int_equal(scene_check(scene, "sven").note, PLAN_MOVED);
	assert_string_equal(alarm_text(scene, "zone-changed"),
	                    "time-zone data changed: 2 checks tonight moved");
	assert_int_equal(scene_log_count(scene, LOG_ZONE_CHANGED, ""), 1);
	assert_int_equal(scene_log_count(scene, LOG_CHECK_MOVED, "nora"), 1);
	assert_int_equal(scene_log_count(scene, LOG_CHECK_MOVED, "sven"), 1);
	assert_int_equal(scene_log_count(scene, LOG_CHECK_MOVED, "karin"), 0);
	/* The console has the row as it is now, in a night that ends an hour sooner. */
	assert_int_equal(wire_int(scene_latest(anna, WIRE_RESET), "night_to_ms"), SCENE_MS(9, 0));
	assert_string_equal(wire_text(scene_latest(anna, WIRE_CHECK), "note"), "moved");
	scene_at(scene, 3, 9);
	scene_expect(scene, "sven", CHECK_PLANNED, CAUSE_NONE);
	scene_at(scene, 3, 11);
	scene_see(scene, anna, "sven", "well");
	scene_at(scene, 8, 0);
	assert_int_equal(scene->openings, 1);
	assert_int_equal(scene_check(scene, "sven").outcome, OUTCOME_SEEN_WELL);
	scene_free(scene);
}

static void data_that_says_the_same_of_tonight_changes_nothing(void **state)
{
	struct scene *scene = town(*state != NULL);

	scene_at(scene, 23, 0);
	scene->zone.n = 1;
	scene->zone.transition[0] = (struct zone_transition){.at_s = SCENE_MS(2, 0) / MS_SECOND + 18 * 86400,
	                                                     .offset_s = 7200};
	scene_wait(scene, 5 * MS_MINUTE);
	assert_int_equal(scene_log_count(scene, LOG_ZONE_CHANGED, ""), 0);
	assert_false(scene_has_alarm(scene, "zone-changed", ""));
	assert_int_equal(scene_check(scene, "sven").decision_version, 1);
	scene_free(scene);
}

static struct scene *one(bool sqlite, int hour, int minute)
{
	struct scene *scene = scene_new(sqlite);

	scene_add(scene, "karin", "north", hour, minute);
	scene_start(scene);
	scene_at(scene, 23, 0);
	decree_summer(scene);
	scene_wait(scene, MS_MINUTE);
	assert_int_equal(scene_log_count(scene, LOG_ZONE_CHANGED, ""), 1);
	return scene;
}

static void nobody_is_told_of_a_change_that_moves_nothing(void **state)
{
	struct scene *scene = one(*state != NULL, 1, 10);

	assert_false(scene_has_alarm(scene, "zone-changed", ""));
	scene_free(scene);
}

static void a_time_that_is_no_more_is_told_until_it_has_begun(void **state)
{
	struct scene *scene = one(*state != NULL, 2, 30);

	scene_at(scene, 1, 59);
	assert_string_equal(alarm_text(scene, "zone-changed"),
	                    "time-zone data changed: 1 check tonight moved");
	scene_at(scene, 2, 1);
	assert_false(scene_has_alarm(scene, "zone-changed", ""));
	scene_free(scene);
}

static void a_span_whose_end_alone_moved_says_so(void **state)
{
	struct scene *scene = scene_new(*state != NULL);
	struct agreement a = scene_agreement("a-karin", "karin", "cam-karin");

	scene_resident(scene, "karin", "Karin Lundgren");
	scene_slot(&a, "span", SLOT_CAMERA, 1, 30);
	a.slot[0].to_min = 4 * 60;
	scene_put(scene, &a);
	scene_start(scene);
	decree_summer(scene);
	scene_wait(scene, MS_MINUTE);
	assert_int_equal(scene_check(scene, "karin").start_ms, SCENE_MS(1, 30));
	assert_int_equal(scene_check(scene, "karin").latest_ms, SCENE_MS(3, 0));
	assert_int_equal(scene_check(scene, "karin").note, PLAN_MOVED);
	assert_true(scene_log_says(scene, "-3600000"));
	scene_free(scene);
}

static void what_has_begun_keeps_its_times(void **state)
{
	struct scene *scene = town(*state != NULL);
	struct scene_session *anna = scene_console(scene, "anna");

	scene_camera(scene, "cam-nora", SCENE_GOOD);
	scene_at(scene, 2, 31);
	scene_claim(scene, anna, "nora");
	decree_summer(scene);
	scene_wait(scene, 5 * MS_SECOND);
	hub_tick(scene->hub, &scene->now);
	assert_int_equal(scene_check(scene, "nora").start_ms, SCENE_MS(2, 30));
	assert_int_equal(scene_check(scene, "nora").note, PLAN_PLAIN);
	assert_int_equal(scene_check(scene, "sven").start_ms, SCENE_MS(3, 10));
	scene_look(scene, anna);
	scene_shown(scene, anna);
	scene_view_over(scene, anna, 4000);
	scene_answer(scene, anna, "nora", "well");
	assert_int_equal(scene_check(scene, "nora").outcome, OUTCOME_SEEN_WELL);
	scene_at(scene, 3, 5);
	assert_int_equal(scene->openings, 1);
	scene_free(scene);
}

/* An hour has gone: what should have been is overdue, or the patrol's; never passed over. */
static void what_moved_into_the_past_is_owed(void **state)
{
	struct scene *scene = scene_new(*state != NULL);

	scene_add(scene, "nora", "north", 4, 25);
	scene_add(scene, "sven", "south", 4, 0);
	scene_start(scene);
	scene_console(scene, "anna");
	scene_camera(scene, "cam-nora", SCENE_GOOD);
	scene_camera(scene, "cam-sven", SCENE_GOOD);
	scene_at(scene, 3, 30);
	decree_summer(scene);
	scene_wait(scene, MS_MINUTE);
	scene_expect(scene, "nora", CHECK_OPEN, CAUSE_NONE);
	scene_expect(scene, "sven", CHECK_PATROL, CAUSE_NO_ANSWER);
	scene_free(scene);
}

static void data_replaced_while_the_hub_was_down_is_taken_up_at_its_start(void **state)
{
	struct scene *scene = town(*state != NULL);

	scene_at(scene, 23, 0);
	scene_kill(scene);
	decree_summer(scene);
	scene_start(scene);
	assert_int_equal(scene_check(scene, "sven").start_ms, SCENE_MS(3, 10));
	assert_int_equal(scene_check(scene, "sven").note, PLAN_MOVED);
	assert_int_equal(scene_log_count(scene, LOG_ZONE_CHANGED, ""), 1);
	scene_kill(scene);
	scene_start(scene);
	assert_int_equal(scene_log_count(scene, LOG_ZONE_CHANGED, ""), 1);
	scene_free(scene);
}

static void a_change_that_is_taken_back_moves_them_back(void **state)
{
	struct scene *scene = town(*state != NULL);

	scene_at(scene, 22, 0);
	decree_summer(scene);
	scene_wait(scene, MS_MINUTE);
	scene->zone.n = 0;
	scene_wait(scene, MS_MINUTE);
	assert_int_equal(scene_check(scene, "sven").start_ms, SCENE_MS(4, 10));
	assert_int_equal(scene_check(scene, "nora").start_ms, SCENE_MS(2, 30));
	assert_int_equal(scene_log_count(scene, LOG_CHECK_MOVED, "sven"), 2);
	scene_free(scene);
}

static void a_pause_and_a_lost_camera_hold_for_what_moved(void **state)
{
	struct scene *scene = town(*state != NULL);
	struct scene_session *anna = scene_console(scene, "anna");

	scene_camera(scene, "cam-nora", SCENE_GOOD);
	scene_at(scene, 20, 0);
	scene_pause(scene, anna, "sven", SCENE_MS(19, 0), SCENE_MS(9, 0));
	assert_true(scene_check(scene, "karin").camera_lost);
	decree_summer(scene);
	scene_wait(scene, MS_MINUTE);
	assert_int_equal(scene_check(scene, "sven").outcome, OUTCOME_EXCUSED);
	assert_true(scene_check(scene, "karin").camera_lost);
	assert_false(scene_check(scene, "nora").camera_lost);
	scene_free(scene);
}

static void nobody_is_told_any_more_once_all_has_begun(void **state)
{
	struct scene *scene = town(*state != NULL);

	scene_at(scene, 23, 0);
	decree_summer(scene);
	scene_at(scene, 3, 9);
	assert_true(scene_has_alarm(scene, "zone-changed", ""));
	scene_at(scene, 3, 11);
	assert_false(scene_has_alarm(scene, "zone-changed", ""));
	scene_free(scene);
}

static void data_that_cannot_be_read_is_said(void **state)
{
	struct scene *scene = town(*state != NULL);

	hub_zone_unreadable(scene->hub, &scene->now, "malformed");
	hub_zone_unreadable(scene->hub, &scene->now, "malformed");
	assert_string_equal(alarm_text(scene, "zone-data"),
	                    "time-zone data of Europe/Stockholm: malformed; the hub keeps what it had: "
	                    "see to tzdata");
	assert_int_equal(scene_log_count(scene, LOG_ALARM, ""), 1);
	hub_zone_unreadable(scene->hub, &scene->now, NULL);
	assert_false(scene_has_alarm(scene, "zone-data", ""));
	scene_free(scene);
}

#define BOTH(test) {#test " (memory)", test, NULL, NULL, NULL}, {#test " (sqlite)", test, NULL, NULL, (void *)"sqlite"}

int main(void)
{
	const struct CMUnitTest tests[] = {
		BOTH(what_has_not_begun_follows_and_says_so),
		BOTH(data_that_says_the_same_of_tonight_changes_nothing),
		BOTH(nobody_is_told_of_a_change_that_moves_nothing),
		BOTH(a_time_that_is_no_more_is_told_until_it_has_begun),
		BOTH(a_span_whose_end_alone_moved_says_so),
		BOTH(what_has_begun_keeps_its_times),
		BOTH(what_moved_into_the_past_is_owed),
		BOTH(data_replaced_while_the_hub_was_down_is_taken_up_at_its_start),
		BOTH(a_change_that_is_taken_back_moves_them_back),
		BOTH(a_pause_and_a_lost_camera_hold_for_what_moved),
		BOTH(nobody_is_told_any_more_once_all_has_begun),
		BOTH(data_that_cannot_be_read_is_said),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
