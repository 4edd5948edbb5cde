/* Pages at the hub: what is one list and what is not, who is on it, who is woken next, what is written down. */
#include "scene.h"

static struct scene *evening(bool sqlite)
{
	struct scene *scene = scene_new(sqlite);

	scene_add(scene, "karin", "north", 1, 10);
	scene_start(scene);
	return scene;
}

static void pages_that_fall_together_are_one_an_area(void **state)
{
	struct scene *scene = scene_new(*state != NULL);

	scene_add(scene, "a", "north", 1, 10);
	scene_add(scene, "b", "south", 1, 10);
	scene_add(scene, "c", "north", 1, 10);
	scene_add(scene, "d", "south", 1, 10);
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

	scene_add(scene, "karin", "north", 1, 10);
	scene_add(scene, "olle", "north", 1, 10);
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
	scene_expect(scene, "olle", CHECK_PATROL, CAUSE_NO_ANSWER);
	scene_wait(scene, 125 * MS_SECOND);
	assert_int_equal(pager_fake_sent(&scene->pager, NULL), 1);
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

/* No chain is longer than a page can step through, whatever an import said. */
static void the_longest_chain_ends_where_a_page_does(void **state)
{
	struct scene *scene = evening(*state != NULL);

	assert_int_equal(scene->store.begin(scene->store.impl), ERR_OK);
	for (int step = 2; step <= CHAIN_MAX; step++) {
		struct contact_row more = {.phone = "0704", .role = CONTACT_SHIFT_LEAD, .step = step};

		snprintf(more.id, sizeof more.id, "step-%d", step);
		assert_int_equal(scene->store.contact_put(scene->store.impl, &more), ERR_OK);
	}
	assert_int_equal(scene->store.commit(scene->store.impl), ERR_OK);
	scene_console(scene, "anna");
	scene_camera(scene, "cam-karin", SCENE_GOOD);
	scene_at(scene, 1, 36);
	assert_int_equal(scene_page(scene, scene_check(scene, "karin").page).steps, CHAIN_MAX);
	scene_free(scene);
}

/* The hub died between the commit and the sending: the row that waits and the start are one message. */
static void a_start_sends_what_had_not_left_once(void **state)
{
	struct scene *scene = evening(*state != NULL);
	struct outbox_row row = {.kind = OUTBOX_PAGE, .name = "patrol-1"};
	int64_t sent;

	scene_at(scene, 1, 36);
	row.subject = scene_check(scene, "karin").page;
	sent = pager_fake_sent(&scene->pager, NULL);
	scene_kill(scene);
	assert_int_equal(scene->store.begin(scene->store.impl), ERR_OK);
	assert_int_equal(scene->store.outbox_put(scene->store.impl, &row), ERR_OK);
	assert_int_equal(scene->store.commit(scene->store.impl), ERR_OK);
	scene_start(scene);
	assert_int_equal(pager_fake_sent(&scene->pager, NULL), sent + 1);
	scene_free(scene);
}

#define BOTH(test) {#test " (memory)", test, NULL, NULL, NULL}, {#test " (sqlite)", test, NULL, NULL, (void *)"sqlite"}

int main(void)
{
	const struct CMUnitTest tests[] = {
		BOTH(pages_that_fall_together_are_one_an_area),
		BOTH(a_journal_takes_one_off_the_held_list),
		BOTH(every_report_from_the_site_is_in_the_log),
		BOTH(a_page_follows_its_chain),
		BOTH(the_longest_chain_ends_where_a_page_does),
		BOTH(a_start_sends_what_had_not_left_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
