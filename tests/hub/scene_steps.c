/* The scene's steps and questions: what an operator does, and what the store then says. See scene.h. */
#include "scene.h"

struct finding {
	const char *resident;
	struct check check;
	bool found;
};

static bool find_check(void *arg, const struct check *check)
{
	struct finding *f = arg;

	if (strcmp(check->resident, f->resident) == 0) {
		f->check = *check;
		f->found = true;
	}
	return !f->found;
}

struct check scene_check(struct scene *scene, const char *resident)
{
	struct finding f = {.resident = resident};

	assert_int_equal(scene->store.checks_of_night(scene->store.impl, SCENE_NIGHT, find_check, &f), ERR_OK);
	if (!f.found)
		fail_msg("%s has no check", resident);
	return f.check;
}

struct page scene_page(struct scene *scene, int64_t number)
{
	struct page page;

	assert_int_equal(scene->store.page_get(scene->store.impl, number, &page), ERR_OK);
	return page;
}

struct counting {
	enum log_type type;
	int n;
};

static bool count(void *arg, const struct log_row *row)
{
	struct counting *c = arg;

	c->n += row->type == (int32_t)c->type;
	return true;
}

int scene_log_count(struct scene *scene, enum log_type type, const char *resident)
{
	struct counting c = {.type = type};
	struct log_filter filter = {.resident = resident};

	assert_int_equal(scene->store.log_read(scene->store.impl, &filter, count, &c), ERR_OK);
	return c.n;
}

static bool keep_latest(void *arg, const struct log_row *row)
{
	struct log_event *latest = arg, event;

	assert_int_equal(log_event_decode(&event, row->canonical, row->len), ERR_OK);
	if (event.type == latest->type)
		*latest = event;
	return true;
}

struct log_event scene_log_latest(struct scene *scene, enum log_type type)
{
	struct log_event latest = {.type = type};

	assert_int_equal(scene->store.log_read(scene->store.impl, &(struct log_filter){0}, keep_latest, &latest),
	                 ERR_OK);
	assert_true(latest.at_ms != 0);
	return latest;
}

bool scene_has_alarm(struct scene *scene, const char *kind, const char *subject)
{
	struct alarm_row alarm;

	return scene->store.alarm_find(scene->store.impl, kind, subject, &alarm) == ERR_OK;
}

void scene_claim(struct scene *scene, struct scene_session *console, const char *resident)
{
	struct check check = scene_check(scene, resident);
	struct wire_message *message = scene_command(scene, WIRE_CLAIM);

	wire_set_int(message, "check", check.id);
	wire_set_int(message, "decision_version", check.decision_version);
	scene_send(scene, console, message);
}

void scene_look(struct scene *scene, struct scene_session *console)
{
	const struct wire_message *claimed = scene_latest(console, WIRE_CLAIMED);
	struct look_request request = {.look = console->look, .at_ms = scene->now.utc_ms};
	struct wire_message *message = scene_command(scene, WIRE_LOOK);
	struct buf bytes = buf_new(512);
	uint8_t signature[SIGNATURE_BYTES];

	assert_non_null(claimed);
	strcpy(request.camera, wire_text(claimed, "camera"));
	request.n_checks = wire_int(claimed, "check2") ? 2 : 1;
	request.check[0] = wire_int(claimed, "check");
	request.check[1] = wire_int(claimed, "check2");
	wire_fixed(claimed, "challenge", request.challenge, NONCE_BYTES);
	strcpy(request.operator_id, console->user);
	memset(request.picture_key, 7, KEY_BYTES);
	assert_int_equal(look_request_encode(&request, &bytes), ERR_OK);
	signed_make(scene->crypto, SIGNED_REQUEST, bytes.data, bytes.len, scene->operator_secret, signature);
	wire_set_int(message, "look", console->look);
	wire_set_bytes(message, "request", bytes.data, bytes.len);
	wire_set_bytes(message, "signature", signature, SIGNATURE_BYTES);
	buf_free(&bytes);
	scene_send(scene, console, message);
}

void scene_shown(struct scene *scene, struct scene_session *console)
{
	struct wire_message *message = wire_new(WIRE_SHOWN);

	wire_set_int(message, "look", console->look);
	wire_set_int(message, "taken_ms", scene->now.utc_ms);
	scene_send(scene, console, message);
}

void scene_view_over(struct scene *scene, struct scene_session *console, int64_t view_ms)
{
	struct wire_message *message = wire_new(WIRE_VIEW_OVER);

	wire_set_int(message, "look", console->look);
	wire_set_int(message, "view_ms", view_ms);
	scene_send(scene, console, message);
}

void scene_answer(struct scene *scene, struct scene_session *console, const char *resident, const char *answer)
{
	struct wire_message *message = scene_command(scene, WIRE_ANSWER);

	wire_set_int(message, "look", console->look);
	wire_set_int(message, "check", scene_check(scene, resident).id);
	wire_set_text(message, "answer", answer);
	wire_set_text(message, "reason", "as seen");
	scene_send(scene, console, message);
}

void scene_see(struct scene *scene, struct scene_session *console, const char *resident, const char *answer)
{
	scene_claim(scene, console, resident);
	assert_null(scene_refusal(console));
	scene_look(scene, console);
	assert_null(scene_refusal(console));
	scene_shown(scene, console);
	scene_wait(scene, 4000);
	scene_view_over(scene, console, 4000);
	scene_answer(scene, console, resident, answer);
}

void scene_page_event(struct scene *scene, struct scene_session *console, int64_t page, const char *event, const char *contact)
{
	struct wire_message *message = scene_command(scene, WIRE_PAGE_EVENT);

	wire_set_int(message, "page", page);
	wire_set_text(message, "event", event);
	if (contact != NULL)
		wire_set_text(message, "contact", contact);
	scene_send(scene, console, message);
}

void scene_report(struct scene *scene, struct scene_session *console, const char *resident, const char *report)
{
	struct wire_message *message = scene_command(scene, WIRE_SITE_REPORT);

	wire_set_int(message, "check", scene_check(scene, resident).id);
	wire_set_text(message, "report", report);
	scene_send(scene, console, message);
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

struct scene *scene_couple(bool sqlite)
{
	struct scene *scene = scene_new(sqlite);
	struct agreement a = couple_agreement();

	scene_resident(scene, "berit", "Berit Ek");
	scene_resident(scene, "nils", "Nils Ek");
	scene_put(scene, &a);
	scene_start(scene);
	return scene;
}

void scene_expect(struct scene *scene, const char *resident, enum check_state state, enum cause cause)
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

int scene_open_looks(struct scene *scene)
{
	int n = 0;

	assert_int_equal(scene->store.looks_open(scene->store.impl, count_look, &n), ERR_OK);
	return n;
}

void scene_pause(struct scene *scene, struct scene_session *console, const char *resident, int64_t from, int64_t to)
{
	struct wire_message *message = scene_command(scene, WIRE_PAUSE);

	wire_set_text(message, "resident", resident);
	wire_set_int(message, "from_ms", from);
	wire_set_int(message, "to_ms", to);
	wire_set_int(message, "review_ms", 0);
	scene_send(scene, console, message);
	assert_null(scene_refusal(console));
}

void scene_about(struct scene *scene, struct scene_session *console, enum wire_id id, const char *resident)
{
	struct wire_message *message = scene_command(scene, id);

	wire_set_text(message, "resident", resident);
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

bool scene_log_says(struct scene *scene, const char *value)
{
	struct log_filter filter = {0};

	assert_int_equal(scene->store.log_read(scene->store.impl, &filter, find_text, &value), ERR_OK);
	return value == NULL;
}

void scene_add(struct scene *scene, const char *id, const char *area, int hour, int minute)
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
