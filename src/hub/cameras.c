/*
 * Agents' sessions: they prove their device key on a fresh challenge, get roster and agreement, and
 * from then on only what they are asked. Contact is a status; its loss is announced to the checks
 * when it has lasted (SERVICE.md policy, camera lost).
 */
#include "hub/inside.h"

#include "base/canon.h"
#include "base/text.h"
#include "os/journal.h"

#include <string.h>

/* They stand in the order of their ids: every check that is looked at asks for its camera. */
static size_t place_of(const struct hub *hub, const char *id)
{
	const struct camera_live *camera = hub->cameras.items;
	size_t low = 0, high = hub->cameras.n;

	while (low < high) {
		size_t middle = (low + high) / 2;

		if (strcmp(camera[middle].id, id) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

struct camera_live *camera_live(struct hub *hub, const char *id)
{
	size_t at = place_of(hub, id);
	struct camera_live *camera = hub->cameras.items;

	return at < hub->cameras.n && strcmp(camera[at].id, id) == 0 ? &camera[at] : NULL;
}

static struct camera_live *add_live(struct hub *hub, const char *id)
{
	size_t at = place_of(hub, id);
	struct camera_live *camera;

	list_add(&hub->cameras, sizeof *camera);
	camera = (struct camera_live *)hub->cameras.items + at;
	memmove(camera + 1, camera, sizeof *camera * (hub->cameras.n - 1 - at));
	*camera = (struct camera_live){.since_ms = hub->now.utc_ms};
	memcpy(camera->id, id, strlen(id) + 1);
	strcpy(camera->lens, "unknown");
	return camera;
}

static bool load_one(void *arg, const struct camera_row *row)
{
	struct hub *hub = arg;
	struct camera_live *live = camera_live(hub, row->id);

	if (live == NULL)
		live = add_live(hub, row->id);
	memcpy(live->agreement, row->agreement, sizeof live->agreement);
	live->commissioned = row->enrolled_ms != 0 && row->accepted_ms != 0;
	return true;
}

void cameras_load(struct hub *hub)
{
	if (hub->store->cameras(hub->store->impl, load_one, hub) != ERR_OK)
		hub->failed = true;
}

struct session *camera_session(struct hub *hub, const char *id, const char *agreement)
{
	const struct camera_live *live = camera_live(hub, id);

	if (live == NULL || live->session == 0 || !live->commissioned
	    || strcmp(live->agreement, agreement) != 0)
		return NULL;
	return session_find(hub, live->session);
}

bool camera_covers(struct hub *hub, const struct check *check)
{
	const struct camera_live *live = camera_live(hub, check->camera);

	return live != NULL && live->commissioned && !live->lost
	    && strcmp(live->agreement, check->agreement) == 0;
}

void camera_opened(struct hub *hub, struct session *session)
{
	struct wire_message *message = wire_new(WIRE_CHALLENGE);

	hub->crypto->random(session->nonce, sizeof session->nonce);
	wire_set_int(message, "version", WIRE_VERSION);
	wire_set_bytes(message, "nonce", session->nonce, NONCE_BYTES);
	send_message(hub, session->id, message);
}

static void log_contact(struct hub *hub, enum log_type type, const char *camera, const char *why)
{
	struct log_event entry = hub_event(hub, type, NULL);

	if (hub_begin(hub) != ERR_OK)
		return;
	memcpy(entry.actor, camera, strnlen(camera, ID_MAX - 1) + 1);
	log_event_text(&entry, "camera", camera);
	if (why != NULL)
		log_event_text(&entry, "reason", why);
	if (hub_log(hub, &entry, NULL) != ERR_OK) {
		hub_abort(hub);
		hub->failed = true;
		return;
	}
	hub_note(hub, AFTER_CAMERA, 0, camera);
	hub_commit(hub);
}

/* SIGNED_HELLO over: nonce, challenge, camera, utc_ms. */
static bool hello_is_signed(struct hub *hub, const struct session *session,
                            const struct wire_message *message, const struct camera_row *camera)
{
	static const uint8_t none[KEY_BYTES];
	struct buf encoded = buf_new(512);
	struct canon_writer out = canon_write(&encoded);
	uint8_t challenge[NONCE_BYTES], signature[SIGNATURE_BYTES];
	bool ok;

	wire_fixed(message, "challenge", challenge, sizeof challenge);
	wire_fixed(message, "signature", signature, sizeof signature);
	canon_put_fixed(&out, session->nonce, NONCE_BYTES);
	canon_put_fixed(&out, challenge, NONCE_BYTES);
	canon_put_text(&out, camera->id);
	canon_put_i64(&out, wire_int(message, "utc_ms"));
	ok = out.err == ERR_OK && memcmp(camera->device_key, none, KEY_BYTES) != 0
	  && signed_check(hub->crypto, SIGNED_HELLO, encoded.data, encoded.len, camera->device_key,
	                  signature);
	buf_free(&encoded);
	return ok;
}

struct covering {
	struct hub *hub;
	const char *camera; /* NULL = every one */
};

static bool is_about(const struct covering *c, const struct check *check)
{
	return check->camera[0] != '\0'
	    && (c->camera == NULL || strcmp(c->camera, check->camera) == 0);
}

static bool is_uncovered(const struct check *check, const void *arg)
{
	const struct covering *c = arg;

	return is_about(c, check) && !check->camera_lost && !camera_covers(c->hub, check);
}

static bool is_covered_again(const struct check *check, const void *arg)
{
	const struct covering *c = arg;

	return is_about(c, check) && check->camera_lost && camera_covers(c->hub, check);
}

void cameras_uncovered(struct hub *hub)
{
	struct covering covering = {.hub = hub};

	step_all(hub, is_uncovered, &covering,
	         &(struct check_event){.kind = EVENT_CAMERA, .camera_up = false});
}

static void announce_contact(struct hub *hub, struct camera_live *live)
{
	struct covering covering = {.hub = hub, .camera = live->id};

	live->lost = false;
	step_all(hub, is_covered_again, &covering,
	         &(struct check_event){.kind = EVENT_CAMERA, .camera_up = true});
}

static void send_roster(struct hub *hub, int64_t session)
{
	struct agreement_row roster;
	struct wire_message *message;

	if (hub->store->agreement_get(hub->store->impl, ROSTER_ROW, &roster) != ERR_OK)
		return;
	message = wire_new(WIRE_ROSTER);
	wire_set_bytes(message, "doc", roster.doc, roster.doc_len);
	wire_set_bytes(message, "signature", roster.signature, SIGNATURE_BYTES);
	send_message(hub, session, message);
}

void camera_bring_level(struct hub *hub, const char *camera)
{
	const struct camera_live *live = camera_live(hub, camera);
	struct agreement_row row;
	struct wire_message *message;

	if (live == NULL || live->session == 0)
		return;
	send_roster(hub, live->session);
	if (hub->store->agreement_get(hub->store->impl, live->agreement, &row) != ERR_OK)
		return;
	message = wire_new(WIRE_AGREEMENT);
	wire_set_bytes(message, "doc", row.doc, row.doc_len);
	wire_set_bytes(message, "signature", row.signature, SIGNATURE_BYTES);
	send_message(hub, live->session, message);
	if (row.withdrawn_ms == 0)
		return;
	message = wire_new(WIRE_STOP);
	wire_set_text(message, "agreement", row.id);
	wire_set_int(message, "version", row.version);
	send_message(hub, live->session, message);
}

static void refuse_camera(struct hub *hub, struct session *session, const char *camera,
                          const char *why)
{
	struct wire_message *message = wire_new(WIRE_ERROR);

	journal_note("camera %s refused: %s", camera, why);
	log_contact(hub, LOG_CAMERA_REFUSED, camera, why);
	wire_set_text(message, "reason", why);
	send_message(hub, session->id, message);
	hub->ports.close(hub->ports.arg, session->id, why);
}

static void welcome_camera(struct hub *hub, const struct session *session)
{
	struct wire_message *message = wire_new(WIRE_WELCOME);

	wire_set_int(message, "version", WIRE_VERSION);
	wire_set_bool(message, "demo", hub->settings.demo);
	wire_set_int(message, "utc_ms", hub->now.utc_ms);
	wire_set_int(message, "session", session->id);
	send_message(hub, session->id, message);
}

/* Unknown is never parked (P8). */
static void take_lens(struct hub *hub, struct camera_live *live, const char *lens)
{
	text_clean(live->lens, sizeof live->lens, lens);
	if (strcmp(lens, "unknown") == 0)
		alarm_raise(hub, "lens", live->id, ALARM_HIGH,
		            "the lens cannot be verified as parked: send someone to look at the "
		            "camera");
	else if (strcmp(lens, "parked") == 0)
		alarm_lower(hub, "lens", live->id);
}

static void camera_hello(struct hub *hub, struct session *session,
                         const struct wire_message *message)
{
	const char *id = wire_text(message, "camera");
	struct camera_live *live = camera_live(hub, id);
	struct camera_row camera;

	if (wire_int(message, "version") != WIRE_VERSION) {
		refuse_camera(hub, session, id, "unknown protocol version");
		return;
	}
	if (live == NULL || hub->store->camera_get(hub->store->impl, id, &camera) != ERR_OK
	    || !hello_is_signed(hub, session, message, &camera)) {
		refuse_camera(hub, session, id, "unknown camera, or its device key was not proven");
		return;
	}
	/*
	 * The proof is fresh, so an older connection of the same camera is a dead one, and its
	 * permits are void.
	 */
	if (live->session != 0) {
		looks_of_camera_fault(hub, camera.id);
		hub->ports.close(hub->ports.arg, live->session, "the camera connected again");
	}
	memcpy(session->camera, camera.id, sizeof session->camera);
	wire_fixed(message, "challenge", session->challenge, NONCE_BYTES);
	session->log_held = (uint64_t)wire_int(message, "log_size");
	session->state = WIRE_READY;
	live->session = session->id;
	live->since_ms = hub->now.utc_ms;
	take_lens(hub, live, wire_text(message, "lens"));
	welcome_camera(hub, session);
	camera_bring_level(hub, camera.id);
	log_contact(hub, LOG_CAMERA_CONNECTED, camera.id, NULL);
	if (live->commissioned)
		announce_contact(hub, live);
}

/* One entry a person: each one's extract has to show that the lens was open on her. */
static enum err log_measured(struct hub *hub, const struct look_row *look, const char *result)
{
	struct log_event entry;
	enum err r = ERR_OK;

	for (int i = 0; i < look->n_checks && r == ERR_OK; i++) {
		entry = look_event(hub, LOG_LENS_OPENED, look, look->check[i]);
		memcpy(entry.actor, look->camera, sizeof entry.actor);
		log_event_int(&entry, "opened_ms", look->opened_ms);
		log_event_int(&entry, "lens_ms", look->lens_ms);
		log_event_text(&entry, "result", result);
		r = hub_log(hub, &entry, NULL);
	}
	return r;
}

static void save_measured(struct hub *hub, struct look_row *look, const char *result)
{
	if (hub_begin(hub) != ERR_OK)
		return;
	if (hub->store->look_put(hub->store->impl, look) == ERR_OK
	    && log_measured(hub, look, result) == ERR_OK) {
		hub_commit(hub);
	} else {
		hub_abort(hub);
		hub->failed = true;
	}
}

/* SIGNED_MEASURE over: permit_id, look, opened_ms, lens_ms, result. */
static bool measure_is_signed(struct hub *hub, const struct wire_message *message,
                              const char *camera)
{
	struct camera_row row;
	struct buf encoded = buf_new(512);
	struct canon_writer out = canon_write(&encoded);
	uint8_t permit[NONCE_BYTES], signature[SIGNATURE_BYTES];
	bool ok;

	wire_fixed(message, "permit_id", permit, sizeof permit);
	wire_fixed(message, "signature", signature, sizeof signature);
	canon_put_fixed(&out, permit, sizeof permit);
	canon_put_i64(&out, wire_int(message, "look"));
	canon_put_i64(&out, wire_int(message, "opened_ms"));
	canon_put_i64(&out, wire_int(message, "lens_ms"));
	canon_put_text(&out, wire_text(message, "result"));
	ok = out.err == ERR_OK && hub->store->camera_get(hub->store->impl, camera, &row) == ERR_OK
	  && signed_check(hub->crypto, SIGNED_MEASURE, encoded.data, encoded.len, row.device_key,
	                  signature);
	buf_free(&encoded);
	return ok;
}

static void camera_measured(struct hub *hub, struct session *session,
                            const struct wire_message *message)
{
	struct look_row look;
	uint8_t permit[NONCE_BYTES];
	const char *result = wire_text(message, "result");
	int64_t opened_ms = wire_int(message, "opened_ms"), lens_ms = wire_int(message, "lens_ms");
	int cause = check_cause_from_name(result);
	bool known;

	wire_fixed(message, "permit_id", permit, sizeof permit);
	known = hub->store->look_get(hub->store->impl, wire_int(message, "look"), &look) == ERR_OK
	        && strcmp(look.camera, session->camera) == 0 && look.sent_ms != 0
	        && memcmp(look.permit_id, permit, sizeof permit) == 0
	        && measure_is_signed(hub, message, session->camera);
	/* An agent that does not know whether it was heard says it again. */
	if (known && look.opened_ms == opened_ms && look.lens_ms == lens_ms)
		return;
	if (!known || look.lens_ms >= 0) {
		alarm_raise(hub, "measure", session->camera, ALARM_HIGH,
		            "a camera reported an opening that the log does not know");
		return;
	}
	look.opened_ms = opened_ms;
	look.lens_ms = lens_ms;
	if (look.state == LOOK_SENT)
		look.state = LOOK_TAKEN;
	save_measured(hub, &look, result);
	if (strcmp(result, "taken") != 0)
		look_fault(hub, look.id, cause < 0 ? CAUSE_CAMERA_FAULT : (enum cause)cause,
		           result);
}

/* A camera that is not shown the log as it should be is a witness: somebody must find out. */
static void alarm_proof(struct hub *hub, const char *camera, const char *name)
{
	int fault = proof_fault_from_name(name);

	alarm_raise(hub, "proof", camera, ALARM_HIGH,
	            fault < 0 ? permit_refusal_text(PERMIT_NO_PROOF)
	                      : proof_fault_text((enum proof_fault)fault));
}

static void camera_log_held(struct hub *hub, struct session *session,
                            const struct wire_message *message)
{
	session->log_held = (uint64_t)wire_int(message, "log_size");
	alarm_lower(hub, "proof", session->camera);
}

static void camera_refused(struct hub *hub, struct session *session,
                           const struct wire_message *message)
{
	const char *name = wire_text(message, "refusal");
	struct look_row look;
	struct log_event entry;
	int refusal = permit_refusal_from_name(name);

	if (hub->store->look_get(hub->store->impl, wire_int(message, "look"), &look) != ERR_OK
	    || strcmp(look.camera, session->camera) != 0 || look.state != LOOK_SENT)
		return;
	entry = look_event(hub, LOG_PERMIT_REFUSED, &look, look.check[0]);
	memcpy(entry.actor, session->camera, sizeof entry.actor);
	log_event_text(&entry, "refusal", name);
	if (wire_has(message, "proof"))
		log_event_text(&entry, "proof", wire_text(message, "proof"));
	if (hub_begin(hub) != ERR_OK)
		return;
	if (hub_log(hub, &entry, NULL) != ERR_OK) {
		hub_abort(hub);
		hub->failed = true;
		return;
	}
	hub_commit(hub);
	if (refusal == PERMIT_NO_PROOF)
		alarm_proof(hub, session->camera, wire_text(message, "proof"));
	look_fault(hub, look.id, refusal == PERMIT_CLOCK ? CAUSE_CLOCK : CAUSE_REFUSED,
	           refusal < 0 ? name : permit_refusal_text((enum permit_refusal)refusal));
}

static void camera_fault(struct hub *hub, struct session *session,
                         const struct wire_message *message)
{
	struct look_row look;
	int cause = check_cause_from_name(wire_text(message, "cause"));

	if (hub->store->look_get(hub->store->impl, wire_int(message, "look"), &look) == ERR_OK
	    && strcmp(look.camera, session->camera) == 0)
		look_fault(hub, look.id, cause <= 0 ? CAUSE_CAMERA_FAULT : (enum cause)cause,
		           wire_text(message, "words"));
}

static void camera_lens(struct hub *hub, struct session *session, const char *lens)
{
	struct camera_live *live = camera_live(hub, session->camera);

	if (live == NULL || strcmp(live->lens, lens) == 0)
		return;
	take_lens(hub, live, lens);
	publish_camera(hub, live);
}

static void camera_holding(struct hub *hub, struct session *session,
                           const struct wire_message *message)
{
	if (strcmp(wire_text(message, "standing"), "refused") == 0)
		alarm_raise(
			hub, "agreement", session->camera, ALARM_MEDIUM,
			"the camera refused its agreement: wrong key, or older than what it holds");
	else
		alarm_lower(hub, "agreement", session->camera);
}

void camera_message(struct hub *hub, struct session *session, const struct wire_message *message)
{
	switch (wire_id(message)) {
	case WIRE_CAMERA_HELLO:
		camera_hello(hub, session, message);
		break;
	case WIRE_LOG_HELD:
		camera_log_held(hub, session, message);
		break;
	case WIRE_HOLDING:
		camera_holding(hub, session, message);
		break;
	case WIRE_LENS:
		camera_lens(hub, session, wire_text(message, "lens"));
		break;
	case WIRE_MEASURED:
		camera_measured(hub, session, message);
		break;
	case WIRE_PERMIT_REFUSED:
		camera_refused(hub, session, message);
		break;
	case WIRE_CAMERA_FAULT:
		camera_fault(hub, session, message);
		break;
	default:
		break; /* the table lets nothing else through */
	}
}

void camera_picture(struct hub *hub, struct session *session, const uint8_t *data, size_t len)
{
	struct camera_live *live = camera_live(hub, session->camera);
	struct canon_reader in = canon_read(data, len);
	int64_t id = canon_i64(&in);
	struct look_row look;

	if (live == NULL || live->session != session->id || live->pictured == id
	    || session->state != WIRE_READY || in.err != ERR_OK
	    || hub->store->look_get(hub->store->impl, id, &look) != ERR_OK
	    || strcmp(look.camera, session->camera) != 0
	    || (look.state != LOOK_SENT && look.state != LOOK_TAKEN))
		return; /* a picture that nobody waits for, or a second one, goes nowhere */
	live->pictured = id;
	hub->ports.send(hub->ports.arg, look.session, data, len, true);
}

void camera_closed(struct hub *hub, struct session *session)
{
	struct camera_live *live = camera_live(hub, session->camera);

	if (session->camera[0] == '\0' || live == NULL || live->session != session->id)
		return;
	live->session = 0;
	live->since_ms = hub->now.utc_ms;
	looks_of_camera_fault(hub, session->camera);
	log_contact(hub, LOG_CAMERA_LOST, session->camera, NULL);
}

/*
 * Those that are lost together are announced together: a power cut is one transaction, not one a
 * camera.
 */
void cameras_tick(struct hub *hub)
{
	bool any = false;

	for (size_t i = 0; i < hub->cameras.n; i++) {
		struct camera_live *live = (struct camera_live *)hub->cameras.items + i;

		if (live->session != 0 || live->lost
		    || hub->now.utc_ms < live->since_ms + hub->settings.policy.camera_lost_ms)
			continue;
		live->lost = any = true;
	}
	if (any)
		cameras_uncovered(hub);
}
