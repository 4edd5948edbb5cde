/*
 * Imports at the hub: refused whole, applied whole, nobody removed silently, and what they mean for the
 * night that is running (SERVICE.md hard case 15, P12, P15).
 */
#include "scene.h"

static struct scene_session *administrator(struct scene *scene)
{
	return scene_admin(scene, "root");
}

static void send_resident(struct scene *scene, struct scene_session *admin, const char *id, const char *name)
{
	struct wire_message *message = wire_new(WIRE_IMPORT_RESIDENT);

	wire_set_text(message, "id", id);
	wire_set_text(message, "name", name);
	wire_set_text(message, "address", "Storgatan 4");
	wire_set_text(message, "bed_note", "");
	wire_set_text(message, "door_note", "");
	wire_set_text(message, "phone", "");
	scene_send(scene, admin, message);
}

static void send_agreement(struct scene *scene, struct scene_session *admin, const struct agreement *a,
                           const uint8_t secret[SECRET_KEY_BYTES])
{
	struct wire_message *message = wire_new(WIRE_IMPORT_AGREEMENT);
	struct buf doc = buf_new(AGREEMENT_MAX_BYTES);
	uint8_t signature[SIGNATURE_BYTES];

	assert_int_equal(agreement_encode(a, &doc), ERR_OK);
	agreement_sign(scene->crypto, doc.data, doc.len, secret, signature);
	wire_set_bytes(message, "doc", doc.data, doc.len);
	wire_set_bytes(message, "signature", signature, SIGNATURE_BYTES);
	buf_free(&doc);
	scene_send(scene, admin, message);
}

static void send_camera(struct scene *scene, struct scene_session *admin, const char *agreement, const char *serial)
{
	struct wire_message *message = wire_new(WIRE_IMPORT_CAMERA);

	wire_set_text(message, "id", "cam-karin");
	wire_set_text(message, "serial", serial);
	wire_set_text(message, "agreement", agreement);
	scene_send(scene, admin, message);
}

static void command(struct scene *scene, struct scene_session *admin, enum wire_id id)
{
	scene_send(scene, admin, scene_command(scene, id));
}

static int lines_with(const struct scene_session *session, const char *text)
{
	int n = 0;

	for (int i = 0; i < session->n; i++)
		if (wire_id(session->inbox[i]) == WIRE_LINE && strstr(wire_text(session->inbox[i], "text"), text) != NULL)
			n++;
	return n;
}

static void enrol(struct scene *scene, struct scene_session *admin, const char *serial, const char *resident)
{
	struct wire_message *message = scene_command(scene, WIRE_ENROL);

	wire_set_text(message, "camera", "cam-karin");
	wire_set_text(message, "serial", serial);
	wire_set_text(message, "resident", resident);
	wire_set_bytes(message, "device_key", scene->device_public, KEY_BYTES);
	wire_set_bool(message, "accepted", true);
	scene_send(scene, admin, message);
}

/* Karin, her agreement with slots at 18:30 and 01:10, and her camera, through the wire. */
static void import_karin(struct scene *scene, struct scene_session *admin, uint32_t version)
{
	struct agreement a = scene_agreement("a-karin", "karin", "cam-karin");

	a.version = version;
	scene_slot(&a, "early", SLOT_CAMERA, 18, 30);
	scene_slot(&a, "one", SLOT_CAMERA, 1, 10);
	command(scene, admin, WIRE_IMPORT_BEGIN);
	send_resident(scene, admin, "karin", "Karin Lundgren");
	send_agreement(scene, admin, &a, scene->admin_secret);
	send_camera(scene, admin, "a-karin", "S1");
}

static bool count_check(void *arg, const struct check *check)
{
	(void)check;
	(*(int *)arg)++;
	return true;
}

static int checks_tonight(struct scene *scene)
{
	int n = 0;

	assert_int_equal(scene->store.checks_of_night(scene->store.impl, SCENE_NIGHT, count_check, &n), ERR_OK);
	return n;
}

static void shows_differences_and_applies(void **state)
{
	struct scene *scene = scene_new(false);
	struct scene_session *admin, *anna;

	(void)state;
	scene_start(scene);
	scene_at(scene, 22, 0);
	admin = administrator(scene);
	import_karin(scene, admin, 1);
	command(scene, admin, WIRE_IMPORT_DIFF);
	assert_null(scene_refusal(admin));
	assert_int_equal(lines_with(admin, "new resident karin"), 1);
	assert_int_equal(lines_with(admin, "new agreement a-karin"), 1);
	assert_int_equal(lines_with(admin, "new camera cam-karin"), 1);
	assert_int_equal(checks_tonight(scene), 0); /* shown is not applied */
	command(scene, admin, WIRE_IMPORT_APPLY);
	assert_null(scene_refusal(admin));
	/* What was over before it was agreed is not owed tonight; what is to come is. */
	assert_int_equal(checks_tonight(scene), 1);
	assert_true(scene_has_alarm(scene, "camera", "karin"));
	enrol(scene, admin, "S2", "karin");
	assert_string_equal(scene_refusal(admin), "enrol");
	enrol(scene, admin, "S1", "nobody");
	assert_string_equal(scene_refusal(admin), "enrol");
	enrol(scene, admin, "S1", "karin");
	assert_null(scene_refusal(admin));
	assert_false(scene_has_alarm(scene, "camera", "karin"));
	anna = scene_console(scene, "anna");
	scene_camera(scene, "cam-karin", SCENE_GOOD);
	scene_at(scene, 1, 11);
	scene_see(scene, anna, "karin", "well");
	assert_int_equal(scene_check(scene, "karin").outcome, OUTCOME_SEEN_WELL);
	/* A restart after the import plans nothing again. */
	scene_start(scene);
	assert_int_equal(checks_tonight(scene), 1);
	scene_free(scene);
}

/* The night is expanded again then, but what was over before it was agreed is still not owed. */
static void new_zone_data_owes_nothing_of_the_time_before(void **state)
{
	struct scene *scene = scene_new(false);
	struct scene_session *admin;

	(void)state;
	scene_start(scene);
	scene_at(scene, 22, 0);
	admin = administrator(scene);
	import_karin(scene, admin, 1);
	command(scene, admin, WIRE_IMPORT_APPLY);
	assert_int_equal(checks_tonight(scene), 1);
	scene->zone.n = 1;
	scene->zone.transition[0] =
		(struct zone_transition){.at_s = SCENE_MS(23, 0) / MS_SECOND, .offset_s = 7200};
	scene_wait(scene, MS_MINUTE);
	assert_int_equal(scene_check(scene, "karin").start_ms, SCENE_MS(0, 10));
	assert_int_equal(checks_tonight(scene), 1);
	scene_free(scene);
}

static void removes_nobody_silently(void **state)
{
	struct scene *scene = scene_new(false);
	struct scene_session *admin;

	(void)state;
	scene_start(scene);
	admin = administrator(scene);
	import_karin(scene, admin, 1);
	command(scene, admin, WIRE_IMPORT_APPLY);
	command(scene, admin, WIRE_IMPORT_BEGIN);
	send_resident(scene, admin, "maj", "Maj Lind");
	command(scene, admin, WIRE_IMPORT_DIFF);
	assert_int_equal(lines_with(admin, "not in the document, stays: resident karin"), 1);
	command(scene, admin, WIRE_IMPORT_APPLY);
	assert_null(scene_refusal(admin));
	assert_int_equal(checks_tonight(scene), 2);
	assert_true(scene_has_alarm(scene, "no-agreement", "maj"));
	scene_free(scene);
}

static void refuses_a_foreign_signature_whole(void **state)
{
	struct scene *scene = scene_new(false);
	struct scene_session *admin;
	struct agreement a = scene_agreement("a-karin", "karin", "cam-karin");

	(void)state;
	scene_start(scene);
	admin = administrator(scene);
	scene_slot(&a, "one", SLOT_CAMERA, 1, 10);
	command(scene, admin, WIRE_IMPORT_BEGIN);
	send_resident(scene, admin, "karin", "Karin Lundgren");
	send_agreement(scene, admin, &a, scene->signer_secret);
	command(scene, admin, WIRE_IMPORT_DIFF);
	assert_string_equal(scene_refusal(admin), "import");
	command(scene, admin, WIRE_IMPORT_APPLY);
	assert_string_equal(scene_refusal(admin), "import");
	assert_int_equal(checks_tonight(scene), 0);
	assert_int_equal(scene_log_count(scene, LOG_IMPORTED, NULL), 0);
	scene_free(scene);
}

static void refuses_an_older_version(void **state)
{
	struct scene *scene = scene_new(false);
	struct scene_session *admin;
	struct agreement a = scene_agreement("a-karin", "karin", "cam-karin");

	(void)state;
	scene_start(scene);
	admin = administrator(scene);
	import_karin(scene, admin, 2);
	command(scene, admin, WIRE_IMPORT_APPLY);
	assert_null(scene_refusal(admin));
	scene_slot(&a, "one", SLOT_CAMERA, 3, 0);
	command(scene, admin, WIRE_IMPORT_BEGIN);
	send_agreement(scene, admin, &a, scene->admin_secret);
	command(scene, admin, WIRE_IMPORT_APPLY);
	assert_string_equal(scene_refusal(admin), "import");
	scene_free(scene);
}

static void a_newer_signed_version_lifts_a_withdrawal(void **state)
{
	struct scene *scene = scene_new(false);
	struct scene_session *admin;
	struct wire_message *message;
	struct agreement_row row;

	(void)state;
	scene_start(scene);
	admin = administrator(scene);
	import_karin(scene, admin, 1);
	command(scene, admin, WIRE_IMPORT_APPLY);
	message = scene_command(scene, WIRE_WITHDRAW);
	wire_set_text(message, "resident", "karin");
	scene_send(scene, admin, message);
	assert_null(scene_refusal(admin));
	assert_int_equal(scene_check(scene, "karin").kind, SLOT_VISIT);
	import_karin(scene, admin, 1);
	command(scene, admin, WIRE_IMPORT_APPLY);
	assert_int_equal(scene->store.agreement_get(scene->store.impl, "a-karin", &row), ERR_OK);
	assert_true(row.withdrawn_ms != 0); /* the same version changes nothing */
	import_karin(scene, admin, 2);
	command(scene, admin, WIRE_IMPORT_APPLY);
	assert_null(scene_refusal(admin));
	assert_int_equal(scene_check(scene, "karin").kind, SLOT_CAMERA);
	scene_free(scene);
}

static void a_camera_that_moves_is_enrolled_again(void **state)
{
	struct scene *scene = scene_new(false);
	struct scene_session *admin, *anna;

	(void)state;
	scene_start(scene);
	admin = administrator(scene);
	import_karin(scene, admin, 1);
	command(scene, admin, WIRE_IMPORT_APPLY);
	enrol(scene, admin, "S1", "karin");
	command(scene, admin, WIRE_IMPORT_BEGIN);
	send_camera(scene, admin, "a-karin", "S9");
	command(scene, admin, WIRE_IMPORT_APPLY);
	assert_null(scene_refusal(admin));
	assert_true(scene_has_alarm(scene, "camera", "karin"));
	anna = scene_console(scene, "anna");
	scene_camera(scene, "cam-karin", SCENE_GOOD);
	scene_at(scene, 18, 31);
	scene_claim(scene, anna, "karin");
	assert_non_null(scene_refusal(anna));
	scene_free(scene);
}

static void only_administrators_import(void **state)
{
	struct scene *scene = scene_new(false);
	struct scene_session *anna;

	(void)state;
	scene_start(scene);
	anna = scene_admin(scene, "anna");
	assert_non_null(scene_latest(anna, WIRE_ERROR));
	assert_false(anna->open);
	scene_free(scene);
}

static void reconciliation_tells_what_is_wrong(void **state)
{
	struct scene *scene = scene_new(false);
	struct scene_session *admin;
	struct agreement a = scene_agreement("a-karin", "karin", "cam-karin");

	(void)state;
	scene_resident(scene, "karin", "Karin Lundgren");
	scene_resident(scene, "olle", "Olle Nyman");
	scene_slot(&a, "one", SLOT_CAMERA, 1, 10);
	a.slot[0].to_day = SCENE_NIGHT - 1; /* nobody renewed the slot: a decision and no check */
	a.slot[0].weekdays = 0x7f;
	scene_slot(&a, "two", SLOT_CAMERA, 3, 10);
	a.slot[1].to_day = SCENE_NIGHT - 1;
	a.person[0].to_day = SCENE_NIGHT + 6; /* over when the seventh day from now begins */
	scene_put(scene, &a);
	scene_start(scene);
	admin = administrator(scene);
	command(scene, admin, WIRE_RECONCILE);
	assert_null(scene_refusal(admin));
	assert_int_equal(lines_with(admin, "Karin Lundgren: the decision ends in 7 days"), 1);
	assert_int_equal(lines_with(admin, "Karin Lundgren: has a decision and no check tonight"), 1);
	assert_int_equal(lines_with(admin, "Olle Nyman: no agreement"), 1);
	scene_free(scene);
}

static void refused(struct scene *scene, struct scene_session *admin, const char *why)
{
	command(scene, admin, WIRE_IMPORT_DIFF);
	assert_string_equal(scene_refusal(admin), "import");
	command(scene, admin, WIRE_IMPORT_APPLY);
	assert_string_equal(scene_refusal(admin), "import");
	if (strstr(wire_text(scene_latest(admin, WIRE_REFUSED), "text"), why) == NULL)
		fail_msg("refused, but said: %s", wire_text(scene_latest(admin, WIRE_REFUSED), "text"));
	command(scene, admin, WIRE_IMPORT_BEGIN);
}

/* Camera and agreement, person and agreement: what names another must be named by it (hard case 15). */
static void refuses_what_does_not_agree(void **state)
{
	struct scene *scene = scene_new(false);
	struct scene_session *admin;
	struct agreement a = scene_agreement("a-maj", "maj", "cam-karin"), second;

	(void)state;
	scene_start(scene);
	admin = administrator(scene);
	import_karin(scene, admin, 1);
	command(scene, admin, WIRE_IMPORT_APPLY);
	assert_null(scene_refusal(admin));
	scene_slot(&a, "one", SLOT_CAMERA, 1, 10);
	command(scene, admin, WIRE_IMPORT_BEGIN);
	send_agreement(scene, admin, &a, scene->admin_secret);
	refused(scene, admin, "whom nobody knows");
	send_resident(scene, admin, "maj", "Maj Lind");
	send_agreement(scene, admin, &a, scene->admin_secret);
	refused(scene, admin, "camera that belongs to another agreement");
	send_resident(scene, admin, "maj", "Maj Lind");
	send_resident(scene, admin, "maj", "Maj Berg");
	refused(scene, admin, "twice");
	send_camera(scene, admin, "a-maj", "S1");
	refused(scene, admin, "does not name this camera");
	second = scene_agreement("a-second", "karin", "");
	scene_slot(&second, "other", SLOT_VISIT, 2, 0);
	send_agreement(scene, admin, &second, scene->admin_secret);
	refused(scene, admin, "under another agreement");
	strcpy(second.zone, "Europe/Helsinki");
	send_agreement(scene, admin, &second, scene->admin_secret);
	refused(scene, admin, "another time zone");
	/* A camera that is taken from Karin while her agreement still names it. */
	send_resident(scene, admin, "maj", "Maj Lind");
	send_agreement(scene, admin, &a, scene->admin_secret);
	send_camera(scene, admin, "a-maj", "S1");
	refused(scene, admin, "camera that belongs to another agreement");
	scene_free(scene);
}

/* Her first agreement is ended by a signature; the second begins after it, and is hers. */
static void follows_a_resident_to_her_next_agreement(void **state)
{
	struct scene *scene = scene_new(false);
	struct scene_session *admin;
	struct agreement first = scene_agreement("a-karin", "karin", ""), second;
	struct resident_row row;
	struct agreement_row agreement;

	(void)state;
	scene_resident(scene, "karin", "Karin Lundgren");
	scene_slot(&first, "one", SLOT_VISIT, 1, 10);
	scene_put(scene, &first);
	scene_start(scene);
	admin = administrator(scene);
	first.version = 2;
	first.person[0].to_day = SCENE_NIGHT + 5;
	first.person[0].signed_end = true;
	second = scene_agreement("a-second", "karin", "");
	second.person[0].from_day = SCENE_NIGHT + 6;
	scene_slot(&second, "other", SLOT_VISIT, 2, 0);
	command(scene, admin, WIRE_IMPORT_BEGIN);
	send_agreement(scene, admin, &second, scene->admin_secret);
	send_agreement(scene, admin, &first, scene->admin_secret);
	command(scene, admin, WIRE_IMPORT_APPLY);
	assert_null(scene_refusal(admin));
	assert_int_equal(scene->store.resident_get(scene->store.impl, "karin", &row), ERR_OK);
	assert_string_equal(row.agreement, "a-karin");
	assert_int_equal(checks_tonight(scene), 1);
	scene_kill(scene);
	scene->now.utc_ms += 6 * MS_DAY;
	scene_start(scene);
	assert_int_equal(scene->store.resident_get(scene->store.impl, "karin", &row), ERR_OK);
	assert_string_equal(row.agreement, "a-second");
	/* What she withdraws is both. */
	scene_about(scene, scene_console(scene, "anna"), WIRE_WITHDRAW, "karin");
	for (int i = 0; i < 2; i++) {
		assert_int_equal(scene->store.agreement_get(scene->store.impl, i ? "a-second" : "a-karin", &agreement), ERR_OK);
		assert_true(agreement.withdrawn_ms != 0);
	}
	scene_free(scene);
}

/* A slot that the new version does not have, a decision that it ends: no look, at once. */
static void a_new_version_takes_a_look_back(void **state)
{
	struct scene *scene = scene_new(false);
	struct scene_session *admin, *anna;
	struct agreement a = scene_agreement("a-karin", "karin", "cam-karin");

	(void)state;
	scene_resident(scene, "karin", "Karin Lundgren");
	scene_slot(&a, "one", SLOT_CAMERA, 1, 10);
	scene_put(scene, &a);
	scene_start(scene);
	admin = administrator(scene);
	anna = scene_console(scene, "anna");
	scene_camera(scene, "cam-karin", SCENE_SILENT);
	scene_at(scene, 1, 11);
	scene_claim(scene, anna, "karin");
	scene_look(scene, anna);
	a.version = 2;
	strcpy(a.slot[0].id, "later");
	a.slot[0].from_min = 5 * 60;
	command(scene, admin, WIRE_IMPORT_BEGIN);
	send_agreement(scene, admin, &a, scene->admin_secret);
	command(scene, admin, WIRE_IMPORT_APPLY);
	assert_null(scene_refusal(admin));
	assert_true(anna->over);
	assert_int_equal(scene_check(scene, "karin").state, CHECK_PATROL);
	assert_int_equal(checks_tonight(scene), 2);
	a.version = 3;
	a.person[0].to_day = SCENE_NIGHT - 1;
	a.person[0].signed_end = true;
	command(scene, admin, WIRE_IMPORT_BEGIN);
	send_agreement(scene, admin, &a, scene->admin_secret);
	command(scene, admin, WIRE_IMPORT_APPLY);
	assert_null(scene_refusal(admin));
	scene_at(scene, 5, 1);
	scene_claim(scene, anna, "karin");
	assert_non_null(scene_refusal(anna));
	assert_int_equal(scene->openings, 0);
	scene_free(scene);
}

static void send_roster(struct scene *scene, struct scene_session *admin, uint32_t version, const char *who)
{
	struct wire_message *message = wire_new(WIRE_IMPORT_ROSTER);
	struct roster *roster = calloc(1, sizeof *roster);
	struct buf doc = buf_new(ROSTER_MAX_BYTES);
	uint8_t signature[SIGNATURE_BYTES];

	assert_non_null(roster);
	roster->version = version;
	roster->n = 1;
	strcpy(roster->entry[0].operator_id, who);
	memcpy(roster->entry[0].key, scene->operator_public, KEY_BYTES);
	assert_int_equal(roster_encode(roster, &doc), ERR_OK);
	roster_sign(scene->crypto, doc.data, doc.len, scene->admin_secret, signature);
	wire_set_bytes(message, "doc", doc.data, doc.len);
	wire_set_bytes(message, "signature", signature, SIGNATURE_BYTES);
	buf_free(&doc);
	free(roster);
	scene_send(scene, admin, message);
}

/* Who is not in the signed roster any more gets no permit, rather than a fault from every camera. */
static void a_roster_takes_an_operator_off(void **state)
{
	struct scene *scene = scene_new(false);
	struct scene_session *admin, *anna, *bo;
	struct agreement a = scene_agreement("a-karin", "karin", "cam-karin");

	(void)state;
	scene_resident(scene, "karin", "Karin Lundgren");
	scene_slot(&a, "one", SLOT_CAMERA, 1, 10);
	scene_put(scene, &a);
	scene_start(scene);
	admin = administrator(scene);
	anna = scene_console(scene, "anna");
	bo = scene_console(scene, "bo");
	scene_camera(scene, "cam-karin", SCENE_GOOD);
	command(scene, admin, WIRE_IMPORT_BEGIN);
	send_roster(scene, admin, 1, "bo");
	command(scene, admin, WIRE_IMPORT_APPLY);
	assert_null(scene_refusal(admin));
	scene_at(scene, 1, 11);
	scene_claim(scene, anna, "karin");
	scene_look(scene, anna);
	assert_string_equal(scene_refusal(anna), "request");
	assert_int_equal(scene->openings, 0);
	scene_wait(scene, 61 * MS_SECOND);
	scene_see(scene, bo, "karin", "well");
	assert_null(scene_refusal(bo));
	scene_free(scene);
}

static void a_role_changes_at_once(void **state)
{
	struct scene *scene = scene_new(false);
	struct scene_session *admin, *bo;
	struct wire_message *message = wire_new(WIRE_IMPORT_OPERATOR);
	struct agreement a = scene_agreement("a-karin", "karin", "cam-karin");

	(void)state;
	scene_resident(scene, "karin", "Karin Lundgren");
	scene_slot(&a, "one", SLOT_CAMERA, 1, 10);
	scene_put(scene, &a);
	scene_start(scene);
	admin = administrator(scene);
	bo = scene_console(scene, "bo");
	command(scene, admin, WIRE_IMPORT_BEGIN);
	wire_set_text(message, "id", "bo");
	wire_set_text(message, "name", "Bo");
	wire_set_text(message, "role", "operator");
	wire_set_text(message, "user", "bo");
	wire_set_bytes(message, "key", scene->operator_public, KEY_BYTES);
	scene_send(scene, admin, message);
	command(scene, admin, WIRE_IMPORT_APPLY);
	assert_null(scene_refusal(admin));
	message = scene_command(scene, WIRE_EXCUSE);
	wire_set_int(message, "check", scene_check(scene, "karin").id);
	wire_set_text(message, "cause", "visits-declined");
	wire_set_text(message, "reason", "told by the unit");
	scene_send(scene, bo, message);
	assert_string_equal(scene_refusal(bo), "authority");
	scene_free(scene);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(shows_differences_and_applies),
		cmocka_unit_test(new_zone_data_owes_nothing_of_the_time_before),
		cmocka_unit_test(removes_nobody_silently),
		cmocka_unit_test(refuses_a_foreign_signature_whole),
		cmocka_unit_test(refuses_an_older_version),
		cmocka_unit_test(a_newer_signed_version_lifts_a_withdrawal),
		cmocka_unit_test(a_camera_that_moves_is_enrolled_again),
		cmocka_unit_test(only_administrators_import),
		cmocka_unit_test(refuses_what_does_not_agree),
		cmocka_unit_test(a_roster_takes_an_operator_off),
		cmocka_unit_test(a_role_changes_at_once),
		cmocka_unit_test(follows_a_resident_to_her_next_agreement),
		cmocka_unit_test(a_new_version_takes_a_look_back),
		cmocka_unit_test(reconciliation_tells_what_is_wrong),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
