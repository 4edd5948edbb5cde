/* The scene: see scene.h. */
#include "scene.h"

#include <unistd.h>

static void port_close(void *arg, int64_t id, const char *why)
{
	struct scene *scene = arg;

	(void)why;
	for (int i = 0; i < scene->sessions; i++)
		if (scene->session[i]->id == id)
			scene->session[i]->closing = true;
}

static void on_pager(void *arg, int64_t page, enum page_event_kind kind, const char *contact)
{
	struct scene *scene = arg;

	hub_pager_event(scene->hub, page, kind, contact);
}

struct parcel {
	int64_t session;
	void *data;
	size_t len;
	bool binary;
};

static struct parcel parcels[SCENE_INBOX];
static int n_parcels;

/* What the hub sends is delivered after its entry has returned, as a socket would. */
static void port_send(void *arg, int64_t session, const void *data, size_t len, bool binary)
{
	(void)arg;
	assert_true(n_parcels < SCENE_INBOX);
	parcels[n_parcels] = (struct parcel){session, malloc(len), len, binary};
	assert_non_null(parcels[n_parcels].data);
	memcpy(parcels[n_parcels++].data, data, len);
}

static void to_hub(struct scene *scene, struct scene_session *session, struct wire_message *message)
{
	struct buf out = buf_new(MESSAGE_MAX_BYTES);

	assert_int_equal(wire_encode(message, &out), ERR_OK);
	wire_free(message);
	hub_message(scene->hub, &scene->now, session->id, out.data, out.len, false);
	buf_free(&out);
}

static struct scene_witness *witness_of(struct scene *scene, const char *camera)
{
	for (int i = 0; i < SCENE_SESSIONS; i++) {
		struct scene_witness *witness = &scene->witness[i];

		if (witness->camera[0] == '\0')
			strcpy(witness->camera, camera);
		if (strcmp(witness->camera, camera) == 0)
			return witness;
	}
	fail_msg("too many cameras");
	return NULL;
}

static void agent_hello(struct scene *scene, struct scene_session *session, const struct wire_message *challenge)
{
	struct wire_message *message = wire_new(WIRE_CAMERA_HELLO);
	struct buf signed_bytes = buf_new(512);
	struct canon_writer w = canon_write(&signed_bytes);
	uint8_t nonce[NONCE_BYTES], signature[SIGNATURE_BYTES];

	wire_fixed(challenge, "nonce", nonce, sizeof nonce);
	scene->crypto->random(session->challenge, NONCE_BYTES);
	canon_put_fixed(&w, nonce, NONCE_BYTES);
	canon_put_fixed(&w, session->challenge, NONCE_BYTES);
	canon_put_text(&w, session->camera);
	canon_put_i64(&w, scene->now.utc_ms);
	signed_make(scene->crypto, SIGNED_HELLO, signed_bytes.data, signed_bytes.len, scene->device_secret, signature);
	buf_free(&signed_bytes);
	wire_set_int(message, "version", WIRE_VERSION);
	wire_set_text(message, "camera", session->camera);
	wire_set_bytes(message, "challenge", session->challenge, NONCE_BYTES);
	wire_set_int(message, "utc_ms", scene->now.utc_ms);
	wire_set_text(message, "lens", "parked");
	wire_set_int(message, "log_size", (int64_t)witness_of(scene, session->camera)->held.size);
	wire_set_bytes(message, "signature", signature, SIGNATURE_BYTES);
	to_hub(scene, session, message);
}

/* As the lens guard does: what is not proven to be in the log opens nothing. */
static void agent_judge(struct scene *scene, struct scene_session *session, const struct wire_message *message,
                        const struct permit *permit)
{
	struct scene_witness *witness = witness_of(scene, session->camera);
	struct wire_message *answer = wire_new(WIRE_LOG_HELD);
	struct look_proof *proof = malloc(sizeof *proof);
	struct look_request request;
	struct agreement_row row;
	struct agreement agreement;
	enum proof_fault fault;
	size_t len;
	const uint8_t *bytes = wire_bytes(message, "request", &len);

	assert_non_null(proof);
	assert_int_equal(look_request_decode(&request, bytes, len), ERR_OK);
	assert_int_equal(scene->store.agreement_get(scene->store.impl, permit->agreement, &row), ERR_OK);
	assert_int_equal(agreement_decode(&agreement, row.doc, row.doc_len), ERR_OK);
	bytes = wire_bytes(message, "proof", &len);
	assert_int_equal(look_proof_decode(proof, bytes, len), ERR_OK);
	fault = look_proof_judge(scene->crypto, proof, &witness->held, scene->signer_public, permit, &request,
	                         &agreement, &witness->held);
	if (fault != PROOF_GOOD)
		fail_msg("the look's proof is judged %s", proof_fault_name(fault));
	free(proof);
	wire_set_int(answer, "log_size", (int64_t)witness->held.size);
	to_hub(scene, session, answer);
}

static void agent_measured(struct scene *scene, struct scene_session *session, const struct permit *permit)
{
	struct wire_message *message = wire_new(WIRE_MEASURED);
	struct buf bytes = buf_new(512);
	struct canon_writer w = canon_write(&bytes);
	uint8_t signature[SIGNATURE_BYTES];

	canon_put_fixed(&w, permit->id, NONCE_BYTES);
	canon_put_i64(&w, permit->look);
	canon_put_i64(&w, scene->now.utc_ms);
	canon_put_i64(&w, 800);
	canon_put_text(&w, "taken");
	signed_make(scene->crypto, SIGNED_MEASURE, bytes.data, bytes.len, scene->device_secret, signature);
	buf_free(&bytes);
	wire_set_bytes(message, "permit_id", permit->id, NONCE_BYTES);
	wire_set_int(message, "look", permit->look);
	wire_set_int(message, "opened_ms", scene->now.utc_ms);
	wire_set_int(message, "lens_ms", 800);
	wire_set_text(message, "result", "taken");
	wire_set_bytes(message, "signature", signature, SIGNATURE_BYTES);
	to_hub(scene, session, message);
}

static void agent_picture(struct scene *scene, struct scene_session *session, int64_t look)
{
	struct buf frame = buf_new(64);
	struct canon_writer w = canon_write(&frame);

	canon_put_i64(&w, look);
	canon_put_fixed(&w, "sealed bytes that the hub cannot read", 37);
	hub_message(scene->hub, &scene->now, session->id, frame.data, frame.len, true);
	buf_free(&frame);
}

static void agent_permit(struct scene *scene, struct scene_session *session, const struct wire_message *message)
{
	size_t len;
	const uint8_t *bytes = wire_bytes(message, "permit", &len);
	uint8_t signature[SIGNATURE_BYTES];
	struct permit permit;
	struct wire_message *answer;

	session->permits++;
	wire_fixed(message, "permit_signature", signature, sizeof signature);
	assert_true(signed_check(scene->crypto, SIGNED_PERMIT, bytes, len, scene->signer_public, signature));
	assert_int_equal(permit_decode(&permit, bytes, len), ERR_OK);
	assert_memory_equal(permit.challenge, session->challenge, NONCE_BYTES);
	agent_judge(scene, session, message, &permit);
	switch (session->behaviour) {
	case SCENE_GOOD:
		scene->openings++;
		agent_picture(scene, session, permit.look);
		agent_measured(scene, session, &permit);
		break;
	case SCENE_REFUSES:
		answer = wire_new(WIRE_PERMIT_REFUSED);
		wire_set_int(answer, "look", permit.look);
		wire_set_text(answer, "refusal", "outside-time");
		to_hub(scene, session, answer);
		break;
	case SCENE_DOUBTS:
		answer = wire_new(WIRE_PERMIT_REFUSED);
		wire_set_int(answer, "look", permit.look);
		wire_set_text(answer, "refusal", "no-proof");
		wire_set_text(answer, "proof", "forked");
		to_hub(scene, session, answer);
		break;
	case SCENE_FAULTY:
		answer = wire_new(WIRE_CAMERA_FAULT);
		wire_set_int(answer, "look", permit.look);
		wire_set_text(answer, "cause", "camera-fault");
		wire_set_text(answer, "words", "the lens did not open");
		to_hub(scene, session, answer);
		break;
	case SCENE_SILENT:
		break;
	}
}

static void take(struct scene *scene, struct scene_session *session, struct wire_message *message)
{
	assert_true(session->n < SCENE_INBOX);
	session->inbox[session->n++] = message;
	switch (wire_id(message)) {
	case WIRE_CHALLENGE:
		agent_hello(scene, session, message);
		break;
	case WIRE_PERMIT:
		agent_permit(scene, session, message);
		break;
	case WIRE_STOP:
		session->stops++;
		break;
	case WIRE_CLAIMED:
		session->look = wire_int(message, "look");
		session->over = false;
		break;
	case WIRE_LOOK_OVER:
		session->over = session->over || wire_int(message, "look") == session->look;
		break;
	default:
		break;
	}
}

static struct scene_session *find(struct scene *scene, int64_t id)
{
	for (int i = 0; i < scene->sessions; i++)
		if (scene->session[i]->id == id)
			return scene->session[i];
	return NULL;
}

void scene_deliver(struct scene *scene)
{
	while (n_parcels > 0) {
		struct parcel parcel = parcels[0];
		struct scene_session *session = find(scene, parcel.session);
		struct wire_message *message;
		char reason[REASON_MAX_BYTES];

		memmove(parcels, parcels + 1, sizeof parcels[0] * (size_t)--n_parcels);
		if (session != NULL && session->open && parcel.binary) {
			session->pictures++;
		} else if (session != NULL && session->open) {
			enum err r = wire_decode(session->protocol, WIRE_FROM_HUB, WIRE_NEW, parcel.data, parcel.len, &message, reason);

			if (r != ERR_OK)
				r = wire_decode(session->protocol, WIRE_FROM_HUB, WIRE_READY, parcel.data, parcel.len, &message, reason);
			if (r != ERR_OK)
				fail_msg("the hub sent what its own table refuses: %s: %.*s", reason, (int)parcel.len, (char *)parcel.data);
			take(scene, session, message);
		}
		free(parcel.data);
	}
	for (int i = 0; i < scene->sessions; i++)
		if ((scene->session[i]->closing || !scene->session[i]->open) && scene->session[i]->id > 0) {
			int64_t id = scene->session[i]->id;

			scene->session[i]->id = -id;
			scene->session[i]->open = false;
			hub_closed(scene->hub, &scene->now, id);
			scene_deliver(scene);
		}
}

struct scene *scene_new(bool sqlite)
{
	struct scene *scene = calloc(1, sizeof *scene);
	char fault[REASON_MAX_BYTES];

	assert_non_null(scene);
	scene->crypto = crypto_sodium();
	scene->settings.policy = policy_defaults();
	strcpy(scene->settings.zone, "Europe/Stockholm");
	strcpy(scene->settings.centre, "Test");
	strcpy(scene->settings.emergency, "112");
	strcpy(scene->settings.log_origin, "tillsyn/test");
	strcpy(scene->settings.administrators, "root");
	scene->zone = (struct zone_window){.name = "Europe/Stockholm", .from_s = 0, .to_s = INT64_C(4102444800), .offset_before_s = 3600};
	scene->crypto->sign_keypair(scene->admin_public, scene->admin_secret);
	scene->crypto->sign_keypair(scene->signer_public, scene->signer_secret);
	scene->crypto->sign_keypair(scene->operator_public, scene->operator_secret);
	scene->crypto->sign_keypair(scene->device_public, scene->device_secret);
	memcpy(scene->settings.administration_key, scene->admin_public, KEY_BYTES);
	scene->now = (struct now){.utc_ms = SCENE_MS(18, 0), .elapsed_ms = 1000000, .boot_id = 1};
	if (sqlite) {
		snprintf(scene->database, sizeof scene->database, "/tmp/tillsyn-scene-%d-%p.db", (int)getpid(), (void *)scene);
		unlink(scene->database);
		assert_int_equal(store_sqlite(&scene->store, scene->database, fault), ERR_OK);
	} else {
		assert_int_equal(store_memory(&scene->store), ERR_OK);
	}
	assert_int_equal(pager_fake(&scene->pager, on_pager, scene), ERR_OK);
	assert_int_equal(signer_local(&scene->signer, scene->crypto, scene->signer_secret), ERR_OK);
	assert_int_equal(scene->store.begin(scene->store.impl), ERR_OK);
	struct operator_row anna = {.id = "anna", .name = "Anna", .user = "anna"};
	struct operator_row bo = {.id = "bo", .name = "Bo", .user = "bo", .role = ROLE_UNIT_MANAGER};
	struct contact_row patrol1 = {.id = "patrol-1", .name = "Patrol 1", .phone = "0701", .step = 0};
	struct contact_row patrol2 = {.id = "patrol-2", .name = "Patrol 2", .phone = "0702", .step = 1};

	memcpy(anna.key, scene->operator_public, KEY_BYTES);
	memcpy(bo.key, scene->operator_public, KEY_BYTES);
	assert_int_equal(scene->store.operator_put(scene->store.impl, &anna), ERR_OK);
	assert_int_equal(scene->store.operator_put(scene->store.impl, &bo), ERR_OK);
	assert_int_equal(scene->store.contact_put(scene->store.impl, &patrol1), ERR_OK);
	assert_int_equal(scene->store.contact_put(scene->store.impl, &patrol2), ERR_OK);
	assert_int_equal(scene->store.commit(scene->store.impl), ERR_OK);
	return scene;
}

static void forget(struct scene *scene)
{
	for (int i = 0; i < scene->sessions; i++) {
		for (int m = 0; m < scene->session[i]->n; m++)
			wire_free(scene->session[i]->inbox[m]);
		free(scene->session[i]);
	}
	scene->sessions = 0;
	while (n_parcels > 0)
		free(parcels[--n_parcels].data);
}

void scene_kill(struct scene *scene)
{
	hub_free(scene->hub);
	scene->hub = NULL;
	forget(scene);
}

void scene_free(struct scene *scene)
{
	scene_kill(scene);
	scene->store.close(scene->store.impl);
	scene->pager.free(scene->pager.impl);
	scene->signer.free(scene->signer.impl);
	if (scene->database[0] != '\0') {
		char path[80];

		unlink(scene->database);
		snprintf(path, sizeof path, "%s-wal", scene->database);
		unlink(path);
		snprintf(path, sizeof path, "%s-shm", scene->database);
		unlink(path);
	}
	free(scene);
}

void scene_start(struct scene *scene)
{
	struct hub_parts parts = {.settings = &scene->settings, .store = &scene->store, .crypto = scene->crypto,
	                          .zone = &scene->zone, .pager = &scene->pager, .signer = &scene->signer,
	                          .ports = {.arg = scene, .send = port_send, .close = port_close}};
	char fault[REASON_MAX_BYTES];

	scene_kill(scene);
	if (hub_start(&parts, &scene->now, &scene->hub, fault) != ERR_OK)
		fail_msg("the hub did not start: %s", fault);
	scene_deliver(scene);
}

void scene_resident(struct scene *scene, const char *id, const char *name)
{
	struct resident_row row = {0};

	strcpy(row.id, id);
	strcpy(row.name, name);
	assert_int_equal(scene->store.begin(scene->store.impl), ERR_OK);
	assert_int_equal(scene->store.resident_put(scene->store.impl, &row), ERR_OK);
	assert_int_equal(scene->store.commit(scene->store.impl), ERR_OK);
}

struct agreement scene_agreement(const char *id, const char *resident, const char *camera)
{
	struct agreement a = agreement_blank();

	strcpy(a.id, id);
	a.version = 1;
	strcpy(a.camera, camera);
	strcpy(a.zone, "Europe/Stockholm");
	strcpy(a.area, "north");
	a.priority = 5;
	a.n_persons = 1;
	a.person[0] = (struct person){.from_day = SCENE_NIGHT - 100, .to_day = DAY_OPEN};
	strcpy(a.person[0].id, resident);
	a.n_consents = 1;
	a.consent[0] = (struct consent){.from_day = SCENE_NIGHT - 100, .to_day = DAY_OPEN};
	strcpy(a.consent[0].who, resident);
	return a;
}

void scene_slot(struct agreement *a, const char *id, enum slot_kind kind, int hour, int minute)
{
	struct slot *slot = &a->slot[a->n_slots++];

	*slot = (struct slot){.kind = kind, .weekdays = 0x7f, .from_min = hour * 60 + minute, .to_min = -1,
	                      .from_day = SCENE_NIGHT - 100, .to_day = DAY_OPEN};
	strcpy(slot->id, id);
}

void scene_put(struct scene *scene, const struct agreement *a)
{
	struct agreement_row row = {.version = a->version};
	struct camera_row camera = {.enrolled_ms = 1, .accepted_ms = 1};
	struct buf doc = buf_new(AGREEMENT_MAX_BYTES);

	assert_null(agreement_fault(a, &scene->settings.policy));
	assert_int_equal(agreement_encode(a, &doc), ERR_OK);
	strcpy(row.id, a->id);
	memcpy(row.doc, doc.data, doc.len);
	row.doc_len = doc.len;
	agreement_sign(scene->crypto, doc.data, doc.len, scene->admin_secret, row.signature);
	buf_free(&doc);
	assert_int_equal(scene->store.begin(scene->store.impl), ERR_OK);
	assert_int_equal(scene->store.agreement_put(scene->store.impl, &row), ERR_OK);
	if (a->camera[0] != '\0') {
		strcpy(camera.id, a->camera);
		strcpy(camera.serial, "S1");
		strcpy(camera.agreement, a->id);
		memcpy(camera.device_key, scene->device_public, KEY_BYTES);
		assert_int_equal(scene->store.camera_put(scene->store.impl, &camera), ERR_OK);
	}
	for (int i = 0; i < a->n_persons; i++) {
		struct resident_row resident;

		assert_int_equal(scene->store.resident_get(scene->store.impl, a->person[i].id, &resident), ERR_OK);
		strcpy(resident.agreement, a->id);
		assert_int_equal(scene->store.resident_put(scene->store.impl, &resident), ERR_OK);
	}
	assert_int_equal(scene->store.commit(scene->store.impl), ERR_OK);
}

static struct scene_session *add_session(struct scene *scene, enum wire_protocol protocol, const char *user, const char *camera)
{
	struct scene_session *session = calloc(1, sizeof *session);
	struct hub_peer peer = {.protocol = protocol, .user = user};

	assert_non_null(session);
	assert_true(scene->sessions < SCENE_SESSIONS);
	scene->session[scene->sessions++] = session;
	session->id = ++scene->next_session;
	session->protocol = protocol;
	session->open = true;
	strcpy(session->user, user);
	strcpy(session->camera, camera);
	hub_opened(scene->hub, &scene->now, session->id, &peer);
	return session;
}

static struct scene_session *say_hello(struct scene *scene, enum wire_protocol protocol, const char *user)
{
	struct scene_session *session = add_session(scene, protocol, user, "");
	struct wire_message *hello = wire_new(WIRE_HELLO);

	wire_set_int(hello, "version", WIRE_VERSION);
	wire_set_text(hello, "program", "test");
	to_hub(scene, session, hello);
	scene_deliver(scene);
	return session;
}

struct scene_session *scene_console(struct scene *scene, const char *user)
{
	return say_hello(scene, WIRE_CONSOLE, user);
}

struct scene_session *scene_admin(struct scene *scene, const char *user)
{
	return say_hello(scene, WIRE_ADMIN, user);
}

struct scene_session *scene_camera(struct scene *scene, const char *camera, enum scene_camera behaviour)
{
	struct scene_session *session = add_session(scene, WIRE_CAMERA, "", camera);

	session->behaviour = behaviour;
	scene_deliver(scene);
	return session;
}

void scene_close(struct scene *scene, struct scene_session *session)
{
	session->open = false;
	scene_deliver(scene);
}

void scene_wait(struct scene *scene, int64_t ms)
{
	int64_t until = scene->now.utc_ms + ms;
	int rounds = 0;

	while (scene->now.utc_ms < until) {
		int64_t next = hub_next_ms(scene->hub);

		next = next < until ? next : until;
		if (next <= scene->now.utc_ms)
			next = scene->now.utc_ms + 1;
		scene->now.elapsed_ms += next - scene->now.utc_ms;
		scene->now.utc_ms = next;
		hub_tick(scene->hub, &scene->now);
		assert_false(hub_has_failed(scene->hub));
		scene_deliver(scene);
		assert_true(++rounds < 100000); /* a hub that asks for a tick every millisecond spins */
	}
}

void scene_at(struct scene *scene, int hour, int minute)
{
	assert_true(SCENE_MS(hour, minute) >= scene->now.utc_ms);
	scene_wait(scene, SCENE_MS(hour, minute) - scene->now.utc_ms);
}

struct wire_message *scene_command(struct scene *scene, enum wire_id id)
{
	struct wire_message *message = wire_new(id);

	wire_set_int(message, "command", ++scene->commands);
	return message;
}

void scene_send(struct scene *scene, struct scene_session *session, struct wire_message *message)
{
	to_hub(scene, session, message);
	assert_false(hub_has_failed(scene->hub));
	scene_deliver(scene);
}

const struct wire_message *scene_latest(const struct scene_session *session, enum wire_id id)
{
	for (int i = session->n - 1; i >= 0; i--)
		if (wire_id(session->inbox[i]) == id)
			return session->inbox[i];
	return NULL;
}

const char *scene_refusal(const struct scene_session *session)
{
	for (int i = session->n - 1; i >= 0; i--) {
		enum wire_id id = wire_id(session->inbox[i]);

		if (id == WIRE_DONE || id == WIRE_CLAIMED)
			return NULL;
		if (id == WIRE_REFUSED)
			return wire_text(session->inbox[i], "refusal");
	}
	return "no answer";
}
