/*
 * Looks: claim, request, permit, picture, answer. A look serves one check, or both of a couple;
 * every change of it and of its checks is one transaction. The hub can ask for a look only with the
 * operator's own signature, and it relays a picture that it cannot read.
 */
#include "hub/inside.h"

#include "base/canon.h"
#include "base/text.h"

#include <string.h>

static int64_t min_ms(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

/* A couple's other check comes along while both are in the same phase. */
static bool comes_along(struct hub *hub, const struct check *check, struct check *other)
{
	return check->pair != 0
	    && hub->store->check_get(hub->store->impl, check->pair, other) == ERR_OK
	    && other->state == check->state && other->kind == SLOT_CAMERA
	    && other->look_number == check->look_number;
}

static enum err claim_one(struct hub *hub, const struct session *session, struct check *check,
                          int64_t version, enum refusal *refusal)
{
	struct check_event event = {.kind = EVENT_CLAIM, .decision_version = version,
	                            .operator_id = session->operator_id, .session = session->id};

	return step_check(hub, check, &event, refusal);
}

static enum err claim(struct hub *hub, const struct session *session, struct check *check,
                      int64_t version, struct look_row *look, enum refusal *refusal)
{
	struct check other;
	bool both = comes_along(hub, check, &other);
	enum err r = claim_one(hub, session, check, version, refusal);

	if (r == ERR_OK && *refusal == REFUSE_NO && both)
		r = claim_one(hub, session, &other, other.decision_version, refusal);
	if (r != ERR_OK || *refusal != REFUSE_NO)
		return r;
	*look = (struct look_row){.night = check->night,
	                          .n_checks = both ? 2 : 1,
	                          .session = session->id,
	                          .check = {check->id, both ? other.id : 0},
	                          .claimed_ms = hub->now.utc_ms,
	                          .lens_ms = -1,
	                          .view_ms = -1};
	memcpy(look->camera, check->camera, sizeof look->camera);
	memcpy(look->agreement, check->agreement, sizeof look->agreement);
	memcpy(look->operator_id, session->operator_id, sizeof look->operator_id);
	r = looks_of_claim_lapse(hub, check->id, false);
	return r == ERR_OK ? hub->store->look_put(hub->store->impl, look) : r;
}

static void send_claimed(struct hub *hub, const struct session *session,
                         const struct session *agent, const struct wire_message *command,
                         const struct look_row *look)
{
	struct wire_message *message = wire_new(WIRE_CLAIMED);
	struct camera_row camera;

	if (hub->store->camera_get(hub->store->impl, look->camera, &camera) != ERR_OK)
		memset(&camera, 0, sizeof camera);
	wire_set_int(message, "command", wire_int(command, "command"));
	wire_set_int(message, "check", look->check[0]);
	wire_set_int(message, "check2", look->check[1]);
	wire_set_int(message, "look", look->id);
	wire_set_text(message, "camera", look->camera);
	wire_set_bytes(message, "challenge", agent->challenge, NONCE_BYTES);
	wire_set_bytes(message, "device_key", camera.device_key, KEY_BYTES);
	send_message(hub, session->id, message);
}

void look_claim(struct hub *hub, struct session *session, const struct wire_message *message)
{
	const struct session *agent = NULL;
	enum refusal refusal = REFUSE_UNKNOWN;
	struct look_row look;
	struct check check;
	enum err r = hub->store->check_get(hub->store->impl, wire_int(message, "check"), &check);

	if (r == ERR_OK)
		agent = camera_session(hub, check.camera, check.agreement);
	if (r == ERR_OK && agent == NULL)
		refusal = check.kind == SLOT_VISIT ? REFUSE_VISIT : REFUSE_CAMERA;
	if (agent == NULL || hub_begin(hub) != ERR_OK) {
		send_refused(hub, session, message, refusal);
		return;
	}
	r = claim(hub, session, &check, wire_int(message, "decision_version"), &look, &refusal);
	if (r != ERR_OK || refusal != REFUSE_NO) {
		hub_abort(hub);
		hub->failed = hub->failed || r != ERR_OK;
		send_refused(hub, session, message, refusal);
	} else if (hub_commit(hub) == ERR_OK) {
		send_claimed(hub, session, agent, message, &look);
	}
}

/*
 * The request must say what the claim said, for the agent's present connection, by this operator,
 * now.
 */
static bool request_agrees(const struct hub *hub, const struct session *session,
                           const struct session *agent, const struct look_row *look,
                           const struct look_request *request)
{
	int64_t skew = hub->now.utc_ms - request->at_ms;

	return request->look == look->id && strcmp(request->camera, look->camera) == 0
	    && strcmp(request->operator_id, session->operator_id) == 0
	    && request->n_checks == look->n_checks && request->check[0] == look->check[0]
	    && (look->n_checks == 1 || request->check[1] == look->check[1])
	    && memcmp(request->challenge, agent->challenge, NONCE_BYTES) == 0
	    && skew <= hub->settings.policy.clock_skew_ms
	    && -skew <= hub->settings.policy.clock_skew_ms;
}

/*
 * The operator's key: by the signed roster, which the agents go by as well. Who is not in it any
 * more is refused here, with a reason, and not by every camera as a fault.
 */
static bool operator_key(struct hub *hub, const char *id, uint8_t key[KEY_BYTES])
{
	struct agreement_row row;
	struct operator_row operator_row;
	struct roster roster;
	const uint8_t *listed;

	if (hub->store->operator_get(hub->store->impl, id, &operator_row) != ERR_OK)
		return false;
	memcpy(key, operator_row.key, KEY_BYTES);
	if (hub->store->agreement_get(hub->store->impl, ROSTER_ROW, &row) != ERR_OK)
		return true;
	if (roster_decode(&roster, row.doc, row.doc_len) != ERR_OK
	    || (listed = roster_key(&roster, id)) == NULL)
		return false;
	memcpy(key, listed, KEY_BYTES);
	return true;
}

static bool request_is_signed(struct hub *hub, const struct session *session,
                              const struct wire_message *message)
{
	uint8_t key[KEY_BYTES], signature[SIGNATURE_BYTES];
	size_t len;
	const uint8_t *request = wire_bytes(message, "request", &len);

	wire_fixed(message, "signature", signature, sizeof signature);
	return operator_key(hub, session->operator_id, key)
	       && signed_check(hub->crypto, SIGNED_REQUEST, request, len, key, signature);
}

static struct permit make_permit(struct hub *hub, const struct look_row *look,
                                 const struct check *check, const struct look_request *request,
                                 uint32_t version)
{
	struct permit permit = {.look = look->id,
	                        .agreement_version = version,
	                        .night = check->night,
	                        .look_number = check->look_number,
	                        .replacement = check->replacement_used,
	                        .from_ms = hub->now.utc_ms};

	permit.to_ms = min_ms(hub->now.utc_ms + hub->settings.policy.permit_ms,
	                      check_right_ends_ms(check, &hub->settings.policy));
	memcpy(permit.id, look->permit_id, sizeof permit.id);
	memcpy(permit.nonce, look->nonce, sizeof permit.nonce);
	memcpy(permit.camera, look->camera, sizeof permit.camera);
	memcpy(permit.agreement, check->agreement, sizeof permit.agreement);
	memcpy(permit.slot, check->slot, sizeof permit.slot);
	memcpy(permit.challenge, request->challenge, sizeof permit.challenge);
	memcpy(permit.picture_key, request->picture_key, sizeof permit.picture_key);
	return permit;
}

/* The permit's log entry for one person of the look. */
static enum err record_person(struct hub *hub, const struct look_row *look, int person,
                              const struct permit *permit, int64_t *record)
{
	struct log_event entry;
	struct check check;
	char hex[2 * NONCE_BYTES + 1];
	enum err r = hub->store->check_get(hub->store->impl, look->check[person], &check);

	if (r != ERR_OK)
		return r;
	entry = hub_event(hub, LOG_PERMIT_RECORDED, &check);
	text_hex(hex, permit->id, sizeof permit->id);
	memcpy(entry.actor, look->operator_id, sizeof entry.actor);
	entry.look = look->id;
	log_event_text(&entry, "camera", look->camera);
	log_event_text(&entry, "permit", hex);
	log_event_int(&entry, "look_number", permit->look_number);
	if (look->n_checks == 2)
		log_event_int(&entry, "pair", look->check[!person]);
	return hub_log(hub, &entry, record);
}

/*
 * One entry a person and nothing between them, as core/proof.h wants it: each one's extract has to
 * show the look. The first one's leaf goes into the permit; *record is the last, which is numbered
 * last.
 */
static enum err record_permit(struct hub *hub, const struct look_row *look, struct permit *permit,
                              int64_t *record)
{
	struct log_row row;
	int64_t first;
	enum err r = record_person(hub, look, 0, permit, &first);

	*record = first;
	if (r == ERR_OK && look->n_checks == 2)
		r = record_person(hub, look, 1, permit, record);
	if (r == ERR_OK)
		r = hub->store->log_get(hub->store->impl, first, &row);
	if (r == ERR_OK)
		memcpy(permit->record_hash, row.leaf, HASH_BYTES);
	return r;
}

/* What WIRE_PERMIT will carry, kept until its record has its number. */
static enum err queue_permit(struct hub *hub, const struct look_row *look,
                             const struct permit *permit, const struct wire_message *message,
                             int64_t record)
{
	struct outbox_row row = {.kind = OUTBOX_PERMIT, .subject = look->id, .record = record,
	                         .created_ms = hub->now.utc_ms, .next_at = hub->now.utc_ms};
	struct buf encoded = buf_new(1024), payload = buf_new(sizeof row.payload);
	struct canon_writer out = canon_write(&payload);
	size_t len;
	const uint8_t *request = wire_bytes(message, "request", &len);
	uint8_t signature[SIGNATURE_BYTES];
	enum err r = permit_encode(permit, &encoded);

	memcpy(row.name, look->camera, sizeof row.name);
	wire_fixed(message, "signature", signature, sizeof signature);
	canon_put_bytes(&out, encoded.data, encoded.len);
	canon_put_bytes(&out, request, len);
	canon_put_fixed(&out, signature, sizeof signature);
	if (r == ERR_OK)
		r = out.err;
	if (r == ERR_OK) {
		memcpy(row.payload, payload.data, payload.len);
		row.payload_len = payload.len;
		r = hub->store->outbox_put(hub->store->impl, &row);
	}
	buf_free(&encoded);
	buf_free(&payload);
	return r;
}

/* Steps every check of a look with the same event; stops at the first refusal. */
static enum err step_look(struct hub *hub, const struct look_row *look,
                          const struct check_event *event, struct check *first,
                          enum refusal *refusal)
{
	struct check check;
	enum err r = ERR_OK;

	*refusal = REFUSE_NO;
	for (int i = 0; i < look->n_checks && r == ERR_OK && *refusal == REFUSE_NO; i++) {
		r = hub->store->check_get(hub->store->impl, look->check[i], &check);
		if (r == ERR_OK)
			r = step_check(hub, &check, event, refusal);
		if (i == 0 && first != NULL)
			*first = check;
	}
	return r;
}

static enum err record_look(struct hub *hub, const struct session *session, struct look_row *look,
                            const struct look_request *request, const struct wire_message *message,
                            enum refusal *refusal)
{
	struct check_event event = {.kind = EVENT_LOOK, .operator_id = session->operator_id,
	                            .session = session->id, .look = look->id};
	struct agreement_row agreement;
	struct permit permit;
	struct check check;
	size_t len;
	const uint8_t *bytes = wire_bytes(message, "request", &len);
	int64_t record;
	enum err r = step_look(hub, look, &event, &check, refusal);

	if (r != ERR_OK || *refusal != REFUSE_NO)
		return r;
	r = hub->store->agreement_get(hub->store->impl, check.agreement, &agreement);
	if (r != ERR_OK)
		return r;
	hub->crypto->random(look->permit_id, sizeof look->permit_id);
	hub->crypto->random(look->nonce, sizeof look->nonce);
	look->state = LOOK_RECORDED;
	look->number = check.look_number;
	look->replacement = check.replacement_used;
	look->recorded_ms = hub->now.utc_ms;
	permit = make_permit(hub, look, &check, request, agreement.version);
	hub->crypto->sha256(permit.request_hash, bytes, len);
	if ((r = record_permit(hub, look, &permit, &record)) != ERR_OK
	    || (r = queue_permit(hub, look, &permit, message, record)) != ERR_OK)
		return r;
	return hub->store->look_put(hub->store->impl, look);
}

void look_request(struct hub *hub, struct session *session, const struct wire_message *message)
{
	struct look_request request;
	struct look_row look;
	const struct session *agent;
	enum refusal refusal;
	size_t len;
	const uint8_t *bytes = wire_bytes(message, "request", &len);
	enum err r;

	if (!look_of_operator(hub, session, message, &look) || look.session != session->id
	    || look.state != LOOK_CLAIMED) {
		refuse_logged(hub, session, message, check_refusal_name(REFUSE_LOOK),
		              check_refusal_text(REFUSE_LOOK));
		return;
	}
	agent = camera_session(hub, look.camera, look.agreement);
	if (agent == NULL) {
		send_refused(hub, session, message, REFUSE_CAMERA);
		return;
	}
	if (look_request_decode(&request, bytes, len) != ERR_OK
	    || !request_is_signed(hub, session, message)
	    || !request_agrees(hub, session, agent, &look, &request)) {
		refuse_logged(
			hub, session, message, "request",
			"The signed request does not agree with the claim; is this your own key?");
		return;
	}
	if (hub_begin(hub) != ERR_OK)
		return;
	r = record_look(hub, session, &look, &request, message, &refusal);
	if (r != ERR_OK || refusal != REFUSE_NO) {
		hub_abort(hub);
		hub->failed = hub->failed || r != ERR_OK;
		send_refused(hub, session, message, r == ERR_OK ? refusal : REFUSE_STATE);
	} else if (hub_commit(hub) == ERR_OK) {
		send_done(hub, session, message, "");
	}
}
