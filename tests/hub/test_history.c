/* What a resident's details tell of the nights before: how their checks ended, and for whose lack. */
#include "scene.h"

static const struct wire_message *of_night(const struct scene_session *console, int32_t night)
{
	const struct wire_message *found = NULL;

	for (int i = 0; i < console->n; i++)
		if (wire_id(console->inbox[i]) == WIRE_HISTORY
		    && wire_int(console->inbox[i], "night") == night)
			found = console->inbox[i];
	return found;
}

static int nights(const struct scene_session *console)
{
	int n = 0;

	for (int i = 0; i < console->n; i++)
		n += wire_id(console->inbox[i]) == WIRE_HISTORY;
	return n;
}

static void ask(struct scene *scene, struct scene_session *console, const char *resident)
{
	struct wire_message *query = scene_command(scene, WIRE_HISTORY_QUERY);

	wire_set_text(query, "resident", resident);
	scene_send(scene, console, query);
}

static void last_night_is_counted(void **state)
{
	struct scene *scene = scene_new(*state != NULL);
	const struct wire_message *night;
	struct scene_session *anna;

	scene_add(scene, "karin", "north", 1, 10);
	scene_add(scene, "olle", "north", 1, 10);
	scene_add(scene, "sven", "north", 1, 10);
	scene_start(scene);
	anna = scene_console(scene, "anna");
	scene_camera(scene, "cam-karin", SCENE_GOOD);
	scene_camera(scene, "cam-sven", SCENE_GOOD);
	scene_at(scene, 1, 11);
	scene_see(scene, anna, "karin", "not-seen");
	scene_wait(scene, 9 * MS_MINUTE);
	scene_see(scene, anna, "karin", "well");
	/* Nobody looks at Sven, and Olle's camera has no contact: the patrol goes to both. */
	scene_at(scene, 2, 30);
	scene_report(scene, anna, "sven", "well");
	scene_at(scene, 10, 1);
	ask(scene, anna, "karin");
	assert_null(scene_refusal(anna));
	assert_int_equal(nights(anna), HISTORY_NIGHTS);
	night = of_night(anna, SCENE_NIGHT);
	assert_int_equal(wire_int(night, "well"), 1);
	assert_int_equal(wire_int(night, "rechecked"), 1);
	assert_int_equal(wire_int(night, "open") + wire_int(night, "visited"), 0);
	/* A night without a check is told too. */
	assert_int_equal(wire_int(of_night(anna, SCENE_NIGHT - 1), "well"), 0);
	/* Tonight is not history. */
	assert_null(of_night(anna, SCENE_NIGHT + 1));
	ask(scene, anna, "sven");
	night = of_night(anna, SCENE_NIGHT);
	assert_int_equal(wire_int(night, "visited"), 1);
	assert_int_equal(wire_int(night, "unanswered"), 1);
	ask(scene, anna, "olle");
	night = of_night(anna, SCENE_NIGHT);
	assert_int_equal(wire_int(night, "open"), 1);
	assert_int_equal(wire_int(night, "no_picture"), 1);
	scene_free(scene);
}

static void a_stranger_has_no_history(void **state)
{
	struct scene *scene = scene_new(*state != NULL);
	struct scene_session *anna;

	scene_add(scene, "karin", "north", 1, 10);
	scene_start(scene);
	anna = scene_console(scene, "anna");
	ask(scene, anna, "nobody");
	assert_string_equal(scene_refusal(anna), "unknown");
	assert_int_equal(nights(anna), 0);
	scene_free(scene);
}

#define BOTH(test) {#test " (memory)", test, NULL, NULL, NULL}, {#test " (sqlite)", test, NULL, NULL, (void *)"sqlite"}

int main(void)
{
	const struct CMUnitTest tests[] = {
		BOTH(last_night_is_counted),
		BOTH(a_stranger_has_no_history),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
