/*
 * Peers that lie, repeat themselves or come too late: agents that report what they were not asked, consoles
 * that speak of looks which are not theirs. Nothing of it opens a lens, closes a check or ends the hub.
 */
#include "scene.h"

static struct scene *evening(void)
{
	static const char *const who[] = {"karin", "olle"};
	struct scene *scene = scene_new(false);

	for (int i = 0; i < 2; i++) {
		char agreement[ID_MAX], camera[ID_MAX];
		struct agreement a;

		snprintf(agreement, sizeof agreement, "a-%s", who[i]);
		snprintf(camera, sizeof camera, "cam-%s", who[i]);
		scene_resident(scene, who[i], who[i]);
		a = scene_agreement(agreement, who[i], camera);
		scene_slot(&a, "one", SLOT_CAMERA, 1, 10);
		scene_put(scene, &a);
	}
	scene_start(scene);
	return scene;
}

static struct permit permit_of(const struct scene_session *camera)
{
	const struct wire_message *message = scene_latest(camera, WIRE_PERMIT);
	struct permit permit;
	const uint8_t *bytes;
	size_t len;

	assert_non_null(message);
	bytes = wire_bytes(message, "permit", &len);
	assert_int_equal(permit_decode(&permit, bytes, len), ERR_OK);
	return permit;
}

static void measured(struct scene *scene, struct scene_session *camera, const struct permit *permit, int64_t lens_ms,
                     const uint8_t secret[SECRET_KEY_BYTES])
{
	struct wire_message *message = wire_new(WIRE_MEASURED);
	struct buf bytes = buf_new(512);
	struct canon_writer w = canon_write(&bytes);
	uint8_t signature[SIGNATURE_BYTES];

	canon_put_fixed(&w, permit->id, NONCE_BYTES);
	canon_put_i64(&w, permit->look);
	canon_put_i64(&w, SCENE_MS(1, 11));
	canon_put_i64(&w, lens_ms);
	canon_put_text(&w, "taken");
	signed_make(scene->crypto, SIGNED_MEASURE, bytes.data, bytes.len, secret, signature);
	buf_free(&bytes);
	wire_set_bytes(message, "permit_id", permit->id, NONCE_BYTES);
	wire_set_int(message, "look", permit->look);
	wire_set_int(message, "opened_ms", SCENE_MS(1, 11));
	wire_set_int(message, "lens_ms", lens_ms);
	wire_set_text(message, "result", "taken");
	wire_set_bytes(message, "signature", signature, SIGNATURE_BYTES);
	scene_send(scene, camera, message);
}

static void lens(struct scene *scene, struct scene_session *camera, const char *word)
{
	struct wire_message *message = wire_new(WIRE_LENS);

	wire_set_text(message, "lens", word);
	scene_send(scene, camera, message);
}

static void picture(struct scene *scene, struct scene_session *camera, int64_t look)
{
	struct buf frame = buf_new(64);
	struct canon_writer w = canon_write(&frame);

	canon_put_i64(&w, look);
	canon_put_fixed(&w, "sealed", 6);
	hub_message(scene->hub, &scene->now, camera->id, frame.data, frame.len, true);
	buf_free(&frame);
	lens(scene, camera, "parked"); /* delivers what the hub has sent */
}

struct look {
	struct scene *scene;
	struct scene_session *anna, *camera, *other;
	struct permit permit;
};

static struct look begin(void)
{
	struct look l = {.scene = evening()};

	l.anna = scene_console(l.scene, "anna");
	l.camera = scene_camera(l.scene, "cam-karin", SCENE_SILENT);
	l.other = scene_camera(l.scene, "cam-olle", SCENE_SILENT);
	scene_at(l.scene, 1, 11);
	scene_claim(l.scene, l.anna, "karin");
	scene_look(l.scene, l.anna);
	l.permit = permit_of(l.camera);
	return l;
}

static int lens_entries(struct scene *scene)
{
	return scene_log_count(scene, LOG_LENS_OPENED, "karin");
}

static void a_measure_said_twice_is_one(void **state)
{
	struct look l = begin();

	(void)state;
	measured(l.scene, l.camera, &l.permit, 800, l.scene->device_secret);
	measured(l.scene, l.camera, &l.permit, 800, l.scene->device_secret);
	assert_int_equal(lens_entries(l.scene), 1);
	assert_false(scene_has_alarm(l.scene, "measure", "cam-karin"));
	measured(l.scene, l.camera, &l.permit, 4000, l.scene->device_secret);
	assert_int_equal(lens_entries(l.scene), 1);
	assert_true(scene_has_alarm(l.scene, "measure", "cam-karin"));
	scene_free(l.scene);
}

static void a_measure_that_is_not_signed_is_an_alarm(void **state)
{
	struct look l = begin();

	(void)state;
	measured(l.scene, l.camera, &l.permit, 800, l.scene->operator_secret);
	assert_int_equal(lens_entries(l.scene), 0);
	assert_true(scene_has_alarm(l.scene, "measure", "cam-karin"));
	scene_free(l.scene);
}

static void a_camera_cannot_report_for_another(void **state)
{
	struct look l = begin();

	(void)state;
	measured(l.scene, l.other, &l.permit, 800, l.scene->device_secret);
	assert_int_equal(lens_entries(l.scene), 0);
	assert_true(scene_has_alarm(l.scene, "measure", "cam-olle"));
	picture(l.scene, l.other, l.permit.look);
	assert_int_equal(l.anna->pictures, 0);
	scene_free(l.scene);
}

static void a_look_has_one_picture(void **state)
{
	struct look l = begin();

	(void)state;
	picture(l.scene, l.camera, l.permit.look);
	picture(l.scene, l.camera, l.permit.look);
	picture(l.scene, l.camera, INT64_MAX);
	assert_int_equal(l.anna->pictures, 1);
	scene_free(l.scene);
}

/* The console died and the permit with it; the lens opened all the same, and the log says so. */
static void what_comes_after_a_lapse_is_logged_and_not_shown(void **state)
{
	struct look l = begin();
	struct scene_session *bo = scene_console(l.scene, "bo");

	(void)state;
	scene_close(l.scene, l.anna);
	assert_int_equal(scene_check(l.scene, "karin").state, CHECK_OPEN);
	picture(l.scene, l.camera, l.permit.look);
	measured(l.scene, l.camera, &l.permit, 800, l.scene->device_secret);
	assert_int_equal(bo->pictures, 0);
	assert_int_equal(lens_entries(l.scene), 1);
	assert_int_equal(scene_check(l.scene, "karin").state, CHECK_OPEN);
	scene_free(l.scene);
}

static void an_unknown_lens_is_an_alarm_until_it_is_parked(void **state)
{
	struct look l = begin();

	(void)state;
	lens(l.scene, l.camera, "unknown");
	assert_true(scene_has_alarm(l.scene, "lens", "cam-karin"));
	scene_camera(l.scene, "cam-karin", SCENE_GOOD); /* connects again, and says that it is parked */
	assert_false(scene_has_alarm(l.scene, "lens", "cam-karin"));
	scene_free(l.scene);
}

static void reports_of_a_console_count_once(void **state)
{
	struct look l = begin();
	struct check check;

	(void)state;
	scene_shown(l.scene, l.anna);
	scene_shown(l.scene, l.anna);
	scene_view_over(l.scene, l.anna, INT64_C(9007199254740991));
	scene_view_over(l.scene, l.anna, 3000);
	assert_int_equal(scene_log_count(l.scene, LOG_PICTURE_SHOWN, "karin"), 1);
	assert_int_equal(scene_log_count(l.scene, LOG_VIEW_OVER, "karin"), 1);
	check = scene_check(l.scene, "karin");
	assert_int_equal(check.state, CHECK_DECIDING);
	scene_answer(l.scene, l.anna, "olle", "well"); /* a check that this look does not serve */
	assert_string_equal(scene_refusal(l.anna), "look");
	scene_answer(l.scene, l.anna, "karin", "splendid");
	assert_non_null(scene_refusal(l.anna));
	scene_answer(l.scene, l.anna, "karin", "well");
	assert_null(scene_refusal(l.anna));
	scene_claim(l.scene, l.anna, "karin");
	assert_string_equal(scene_refusal(l.anna), "state");
	scene_free(l.scene);
}

/* The signature of one look does not carry another, nor another person's look. */
static void a_request_is_for_its_own_claim(void **state)
{
	struct look l = begin();
	struct scene_session *bo = scene_console(l.scene, "bo");
	struct wire_message *message = scene_command(l.scene, WIRE_LOOK);
	static const uint8_t nonsense[64];

	(void)state;
	bo->look = l.anna->look;
	wire_set_int(message, "look", bo->look);
	wire_set_bytes(message, "request", nonsense, sizeof nonsense);
	wire_set_bytes(message, "signature", nonsense, SIGNATURE_BYTES);
	scene_send(l.scene, bo, message);
	assert_string_equal(scene_refusal(bo), "look");
	scene_claim(l.scene, bo, "olle");
	message = scene_command(l.scene, WIRE_LOOK);
	wire_set_int(message, "look", bo->look);
	wire_set_bytes(message, "request", nonsense, sizeof nonsense);
	wire_set_bytes(message, "signature", nonsense, SIGNATURE_BYTES);
	scene_send(l.scene, bo, message);
	assert_string_equal(scene_refusal(bo), "request");
	assert_int_equal(scene_log_count(l.scene, LOG_COMMAND_REFUSED, NULL), 2);
	assert_int_equal(l.other->permits, 0);
	scene_free(l.scene);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_measure_said_twice_is_one),
		cmocka_unit_test(a_measure_that_is_not_signed_is_an_alarm),
		cmocka_unit_test(a_camera_cannot_report_for_another),
		cmocka_unit_test(a_look_has_one_picture),
		cmocka_unit_test(what_comes_after_a_lapse_is_logged_and_not_shown),
		cmocka_unit_test(an_unknown_lens_is_an_alarm_until_it_is_parked),
		cmocka_unit_test(reports_of_a_console_count_once),
		cmocka_unit_test(a_request_is_for_its_own_claim),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
