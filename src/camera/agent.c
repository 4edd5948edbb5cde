/*
 * Messages in, guard, messages out. Whatever comes that is not in the protocol's table for this
 * moment ends the connection; nothing that comes can open the lens but a permit that the guard
 * grants.
 */
#include "camera/agent.h"

#include "base/canon.h"
#include "base/text.h"
#include "core/snapshot.h"
#include "os/secmem.h"
#include "wire/message.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CLOCK_CHECK_MS (10 * MS_SECOND)
/*
 * Openings whose measure has not reached the hub; each needs a lost connection, and patrols come
 * first.
 */
#define UNSENT_MAX 16
#define NOTE_LINE_MAX 256

/* What was measured and has to be in the log, if need be after the next welcome. */
struct measure {
	uint8_t permit_id[NONCE_BYTES];
	int64_t look, opened_ms, lens_ms;
	char result[ID_MAX];
};

struct agent {
	struct guard *guard;
	const struct crypto *crypto;
	struct policy policy;
	char camera[ID_MAX];
	uint8_t *device_secret_key; /* locked memory */
	struct agent_ports ports;
	bool connected, ready, greeted;
	int64_t hello_elapsed_ms;
	enum lens lens_told;
	int64_t clock_checked_ms;
	int64_t next_ms;
	int n_unsent;
	struct measure unsent[UNSENT_MAX];
};

static void note(const struct agent *agent, const char *what, const char *detail)
{
	char line[NOTE_LINE_MAX];

	if (agent->ports.note == NULL)
		return;
	snprintf(line, sizeof line, "%s: %s%s%s", agent->camera, what,
	         detail[0] == '\0' ? "" : ": ", detail);
	agent->ports.note(agent->ports.arg, line);
}

/*
 * What still comes on this connection is not heard, and no look outlives it; the next tick parks.
 */
static void hang_up(struct agent *agent, const char *why)
{
	note(agent, "connection given up", why);
	agent->connected = false;
	agent->ready = false;
	agent->greeted = false;
	guard_connection(agent->guard, NULL);
	agent->ports.close(agent->ports.arg, why);
}

/* Frees the message. */
static void send_message(struct agent *agent, struct wire_message *message)
{
	struct buf out = buf_new(MESSAGE_MAX_BYTES);

	if (wire_encode(message, &out) == ERR_OK)
		agent->ports.send(agent->ports.arg, out.data, out.len, false);
	else
		hang_up(agent, "a message of ours cannot be written");
	buf_free(&out);
	wire_free(message);
}

enum err agent_new(const struct guard_set_up *set_up,
                   const uint8_t device_secret_key[SECRET_KEY_BYTES],
                   const struct agent_ports *ports, const struct now *now, struct agent **out)
{
	struct agent *agent = calloc(1, sizeof *agent);
	uint8_t *key = secmem_alloc(SECRET_KEY_BYTES);
	enum err err = ERR_MEMORY;

	*out = NULL;
	if (agent == NULL || key == NULL) {
		set_up->driver.free(set_up->driver.impl);
		set_up->keep.free(set_up->keep.impl);
	} else {
		err = guard_new(set_up, now, &agent->guard);
	}
	if (err != ERR_OK) {
		if (key != NULL)
			secmem_free(key);
		free(agent);
		return err;
	}
	memcpy(key, device_secret_key, SECRET_KEY_BYTES);
	agent->device_secret_key = key;
	agent->crypto = set_up->crypto;
	agent->policy = *set_up->policy;
	agent->ports = *ports;
	agent->next_ms = now->elapsed_ms;
	memcpy(agent->camera, set_up->camera, strlen(set_up->camera) + 1);
	*out = agent;
	return ERR_OK;
}

void agent_free(struct agent *agent, const struct now *now)
{
	if (agent == NULL)
		return;
	guard_free(agent->guard, now);
	secmem_free(agent->device_secret_key);
	free(agent);
}

/* Telling the hub. */

static void send_fault(struct agent *agent, int64_t look, enum cause cause, const char *words)
{
	struct wire_message *message = wire_new(WIRE_CAMERA_FAULT);

	note(agent, check_cause_name(cause), words);
	wire_set_int(message, "look", look);
	wire_set_text(message, "cause", check_cause_name(cause));
	wire_set_text(message, "words", words);
	send_message(agent, message);
}

static void send_refused(struct agent *agent, int64_t look, enum permit_refusal refusal,
                         enum proof_fault proof)
{
	struct wire_message *message = wire_new(WIRE_PERMIT_REFUSED);

	note(agent, "permit refused",
	     refusal == PERMIT_NO_PROOF ? proof_fault_text(proof) : permit_refusal_text(refusal));
	wire_set_int(message, "look", look);
	wire_set_text(message, "refusal", permit_refusal_name(refusal));
	if (refusal == PERMIT_NO_PROOF)
		wire_set_text(message, "proof", proof_fault_name(proof));
	send_message(agent, message);
}

static void send_log_held(struct agent *agent)
{
	struct wire_message *message = wire_new(WIRE_LOG_HELD);

	wire_set_int(message, "log_size", (int64_t)guard_log_size(agent->guard));
	send_message(agent, message);
}

static void send_holding(struct agent *agent, const char *agreement, uint32_t version,
                         const char *standing)
{
	struct wire_message *message = wire_new(WIRE_HOLDING);

	wire_set_text(message, "agreement", agreement);
	wire_set_int(message, "version", version);
	wire_set_text(message, "standing", standing);
	send_message(agent, message);
}

static void tell_lens(struct agent *agent, const struct now *now)
{
	enum lens lens = guard_lens(agent->guard, now);
	struct wire_message *message;

	if (!agent->ready || lens == agent->lens_told)
		return;
	agent->lens_told = lens;
	message = wire_new(WIRE_LENS);
	wire_set_text(message, "lens", guard_lens_name(lens));
	send_message(agent, message);
}

static void send_measure(struct agent *agent, const struct measure *measure)
{
	struct wire_message *message = wire_new(WIRE_MEASURED);
	uint8_t signature[SIGNATURE_BYTES];
	struct buf encoded = buf_new(256);
	struct canon_writer w = canon_write(&encoded);

	canon_put_fixed(&w, measure->permit_id, NONCE_BYTES);
	canon_put_i64(&w, measure->look);
	canon_put_i64(&w, measure->opened_ms);
	canon_put_i64(&w, measure->lens_ms);
	canon_put_text(&w, measure->result);
	signed_make(agent->crypto, SIGNED_MEASURE, encoded.data, encoded.len,
	            agent->device_secret_key, signature);
	buf_free(&encoded);
	wire_set_bytes(message, "permit_id", measure->permit_id, NONCE_BYTES);
	wire_set_int(message, "look", measure->look);
	wire_set_int(message, "opened_ms", measure->opened_ms);
	wire_set_int(message, "lens_ms", measure->lens_ms);
	wire_set_text(message, "result", measure->result);
	wire_set_bytes(message, "signature", signature, SIGNATURE_BYTES);
	send_message(agent, message);
}

static void send_unsent(struct agent *agent)
{
	for (int i = 0; agent->ready && i < agent->n_unsent; i++)
		send_measure(agent, &agent->unsent[i]);
	if (agent->ready)
		agent->n_unsent = 0;
}

/* The oldest goes when there is no room: its look has long been a fault. */
static void remember_measure(struct agent *agent, const struct guard_result *result)
{
	struct measure measure = {
		.look = result->permit.look,
		.opened_ms = result->opened_utc_ms,
		.lens_ms = result->lens_ms,
	};
	const char *word = result->cause == CAUSE_NONE ? "taken" : check_cause_name(result->cause);

	memcpy(measure.permit_id, result->permit.id, NONCE_BYTES);
	snprintf(measure.result, sizeof measure.result, "%s", word);
	if (agent->n_unsent == UNSENT_MAX)
		memmove(&agent->unsent[0], &agent->unsent[1],
		        (size_t)--agent->n_unsent * sizeof measure);
	agent->unsent[agent->n_unsent++] = measure;
}

/* 8 bytes of look id, then what only the picture process can open. */
static enum err seal(struct agent *agent, const struct guard_result *result, struct buf *frame)
{
	struct canon_writer w = canon_write(frame);
	struct snapshot_header header = {
		.look = result->permit.look,
		.permit_received_ms = result->received_ms,
		.captured_ms = result->captured_ms,
		.captured_utc_ms = result->captured_utc_ms,
		.jpeg_len = (uint32_t)result->jpeg.len,
	};

	memcpy(header.camera, agent->camera, sizeof header.camera);
	memcpy(header.nonce, result->permit.nonce, NONCE_BYTES);
	agent->crypto->sha256(header.jpeg_hash, result->jpeg.data, result->jpeg.len);
	canon_put_i64(&w, header.look);
	if (w.err != ERR_OK)
		return w.err;
	return snapshot_seal(agent->crypto, &header, result->jpeg.data, agent->device_secret_key,
	                     result->permit.picture_key, frame);
}

static void send_picture(struct agent *agent, struct guard_result *result)
{
	struct buf frame = buf_new(SNAPSHOT_MAX_BYTES + sizeof(int64_t));

	if (seal(agent, result, &frame) == ERR_OK) {
		agent->ports.send(agent->ports.arg, frame.data, frame.len, true);
	} else {
		result->cause = CAUSE_CAMERA_FAULT;
		result->words = "the picture could not be sealed";
	}
	buf_free(&frame);
}

static void tell_result(struct agent *agent, const struct now *now)
{
	struct guard_result result;

	if (!guard_result(agent->guard, &result))
		return;
	/* The lens first: a fault that leaves it unknown must not wait behind anything. */
	tell_lens(agent, now);
	if (result.cause == CAUSE_NONE && agent->ready)
		send_picture(agent, &result);
	if (result.cause != CAUSE_NONE && agent->ready)
		send_fault(agent, result.permit.look, result.cause, result.words);
	remember_measure(agent, &result);
	send_unsent(agent);
	guard_result_wipe(agent->guard, &result);
}

/* What the hub says. */

static void greet(struct agent *agent, const struct wire_message *message, const struct now *now)
{
	uint8_t nonce[NONCE_BYTES], challenge[NONCE_BYTES], signature[SIGNATURE_BYTES];
	struct wire_message *hello = wire_new(WIRE_CAMERA_HELLO);
	struct buf encoded = buf_new(256);
	struct canon_writer w = canon_write(&encoded);

	agent->greeted = true;
	agent->hello_elapsed_ms = now->elapsed_ms;
	agent->lens_told = guard_lens(agent->guard, now);
	wire_fixed(message, "nonce", nonce, NONCE_BYTES);
	agent->crypto->random(challenge, NONCE_BYTES);
	guard_connection(agent->guard, challenge);
	canon_put_fixed(&w, nonce, NONCE_BYTES);
	canon_put_fixed(&w, challenge, NONCE_BYTES);
	canon_put_text(&w, agent->camera);
	canon_put_i64(&w, now->utc_ms);
	signed_make(agent->crypto, SIGNED_HELLO, encoded.data, encoded.len,
	            agent->device_secret_key, signature);
	buf_free(&encoded);
	wire_set_int(hello, "version", WIRE_VERSION);
	wire_set_text(hello, "camera", agent->camera);
	wire_set_bytes(hello, "challenge", challenge, NONCE_BYTES);
	wire_set_int(hello, "utc_ms", now->utc_ms < 0 ? 0 : now->utc_ms);
	wire_set_text(hello, "lens", guard_lens_name(agent->lens_told));
	wire_set_int(hello, "log_size", (int64_t)guard_log_size(agent->guard));
	wire_set_bytes(hello, "signature", signature, SIGNATURE_BYTES);
	send_message(agent, hello);
}

/* The hub read its clock between our hello and now: the middle is off by half that at most. */
static int64_t hub_ahead_ms(const struct agent *agent, int64_t hub_utc_ms, const struct now *now)
{
	return hub_utc_ms - (now->utc_ms - (now->elapsed_ms - agent->hello_elapsed_ms) / 2);
}

static void tell_clock(struct agent *agent, int64_t off_ms)
{
	char words[REASON_MAX_BYTES];

	snprintf(words, sizeof words, "the camera's clock cannot be trusted, %lld s off",
	         (long long)(off_ms / MS_SECOND));
	send_fault(agent, 0, CAUSE_CLOCK, words);
}

static void take_welcome(struct agent *agent, const struct wire_message *message,
                         const struct now *now)
{
	int64_t ahead_ms = hub_ahead_ms(agent, wire_int(message, "utc_ms"), now);

	agent->ready = true;
	agent->clock_checked_ms = now->elapsed_ms;
	guard_hub_clock(agent->guard, ahead_ms);
	if (!guard_clock_is_sound(agent->guard, now))
		tell_clock(agent, ahead_ms);
	tell_lens(agent, now);
	send_unsent(agent);
}

static void take_agreement(struct agent *agent, const struct wire_message *message)
{
	uint8_t signature[SIGNATURE_BYTES];
	char id[ID_MAX];
	uint32_t version;
	size_t len;
	const uint8_t *doc = wire_bytes(message, "doc", &len);
	enum err err;

	wire_fixed(message, "signature", signature, SIGNATURE_BYTES);
	err = guard_agreement(agent->guard, doc, len, signature, id, &version);
	if (err != ERR_OK)
		note(agent, "agreement refused", err_text(err));
	send_holding(agent, id, version,
	             err != ERR_OK                        ? "refused"
	             : guard_is_stopped(agent->guard, id) ? "stopped"
	                                                  : "accepted");
}

static void take_roster(struct agent *agent, const struct wire_message *message)
{
	uint8_t signature[SIGNATURE_BYTES];
	uint32_t version;
	size_t len;
	const uint8_t *doc = wire_bytes(message, "doc", &len);
	enum err err;

	wire_fixed(message, "signature", signature, SIGNATURE_BYTES);
	err = guard_roster(agent->guard, doc, len, signature, &version);
	if (err != ERR_OK)
		note(agent, "roster refused", err_text(err));
	send_holding(agent, "", version, err == ERR_OK ? "accepted" : "refused");
}

static void take_stop(struct agent *agent, const struct wire_message *message)
{
	const char *agreement = wire_text(message, "agreement");
	int64_t version = wire_int(message, "version");
	uint32_t stopped = version > UINT32_MAX ? UINT32_MAX : (uint32_t)version;
	enum err err = guard_stop(agent->guard, agreement, stopped);

	if (err != ERR_OK)
		note(agent, "the stop holds, but not over a restart", err_text(err));
	send_holding(agent, agreement, stopped, "stopped");
}

/*
 * The look's id for an answer: of the request if it could be read, else of the permit, else none.
 */
static int64_t look_of(const struct look_request *request, const struct guard_permit *in)
{
	struct permit permit;

	if (request->look > 0)
		return request->look;
	return permit_decode(&permit, in->permit, in->permit_len) == ERR_OK ? permit.look : 0;
}

static bool check_clock(struct agent *agent, const struct now *now)
{
	int64_t step_ms;

	agent->clock_checked_ms = now->elapsed_ms;
	if (agent->ports.clock_step_ms == NULL)
		return true;
	step_ms = agent->ports.clock_step_ms(agent->ports.arg);
	if (step_ms <= agent->policy.clock_skew_ms && step_ms >= -agent->policy.clock_skew_ms)
		return true;
	guard_clock_stepped(agent->guard);
	tell_clock(agent, step_ms);
	return false;
}

static void take_permit(struct agent *agent, const struct wire_message *message,
                        const struct now *now)
{
	uint64_t held = guard_log_size(agent->guard);
	struct guard_verdict verdict;
	struct guard_permit in;
	enum permit_refusal refusal;
	bool steady = check_clock(agent, now);

	in.permit = wire_bytes(message, "permit", &in.permit_len);
	in.request = wire_bytes(message, "request", &in.request_len);
	in.proof = wire_bytes(message, "proof", &in.proof_len);
	wire_fixed(message, "permit_signature", in.permit_signature, SIGNATURE_BYTES);
	wire_fixed(message, "request_signature", in.request_signature, SIGNATURE_BYTES);
	refusal = guard_open(agent->guard, &in, now, &verdict);
	if (guard_log_size(agent->guard) != held)
		send_log_held(agent);
	if (refusal != PERMIT_GRANTED)
		send_refused(agent, look_of(&verdict.request, &in), refusal, verdict.proof);
	else if (verdict.fault != NULL)
		send_fault(agent, verdict.request.look, CAUSE_CAMERA_FAULT, verdict.fault);
	/* A new connection reads the clock anew and compares it with the hub's. */
	if (!steady)
		hang_up(agent, "the clock was set");
}

static void take(struct agent *agent, const struct wire_message *message, const struct now *now)
{
	switch (wire_id(message)) {
	case WIRE_CHALLENGE:
		if (agent->greeted || wire_int(message, "version") != WIRE_VERSION)
			hang_up(agent,
			        agent->greeted ? "a second challenge" : "unknown protocol version");
		else
			greet(agent, message, now);
		break;
	case WIRE_WELCOME:
		if (!agent->greeted || wire_int(message, "version") != WIRE_VERSION)
			hang_up(agent, "a welcome out of turn, or of an unknown version");
		else
			take_welcome(agent, message, now);
		break;
	case WIRE_ERROR:
		note(agent, "the hub says", wire_text(message, "reason"));
		break;
	case WIRE_AGREEMENT:
		take_agreement(agent, message);
		break;
	case WIRE_ROSTER:
		take_roster(agent, message);
		break;
	case WIRE_STOP:
		take_stop(agent, message);
		break;
	case WIRE_PERMIT:
		take_permit(agent, message, now);
		break;
	default:
		hang_up(agent, "a message that is not for cameras");
		break;
	}
}

void agent_opened(struct agent *agent, const struct now *now)
{
	agent->connected = true;
	agent->ready = false;
	agent->greeted = false;
	agent->next_ms = now->elapsed_ms;
}

void agent_message(struct agent *agent, const uint8_t *data, size_t len, bool binary,
                   const struct now *now)
{
	char reason[REASON_MAX_BYTES] = "binary messages are not for cameras";
	struct wire_message *message = NULL;

	if (!agent->connected)
		return;
	if (binary
	    || wire_decode(WIRE_CAMERA, WIRE_FROM_HUB, agent->ready ? WIRE_READY : WIRE_NEW, data,
	                   len, &message, reason)
	               != ERR_OK)
		hang_up(agent, reason);
	else
		take(agent, message, now);
	wire_free(message);
	/* A stop closes now, a permit opens now; neither waits for a timer. */
	agent_tick(agent, now);
}

void agent_closed(struct agent *agent, const struct now *now)
{
	agent->connected = false;
	agent->ready = false;
	agent->greeted = false;
	guard_connection(agent->guard, NULL);
	agent_tick(agent, now);
}

void agent_retire(struct agent *agent, const struct now *now)
{
	guard_retire(agent->guard);
	agent_tick(agent, now);
}

int64_t agent_tick(struct agent *agent, const struct now *now)
{
	int64_t clock_ms = agent->clock_checked_ms + CLOCK_CHECK_MS;

	if (agent->ready && now->elapsed_ms >= clock_ms && !check_clock(agent, now))
		hang_up(agent, "the clock was set");
	agent->next_ms = guard_tick(agent->guard, now);
	tell_result(agent, now);
	tell_lens(agent, now);
	clock_ms = agent->clock_checked_ms + CLOCK_CHECK_MS;
	if (agent->ready && clock_ms < agent->next_ms)
		agent->next_ms = clock_ms;
	return agent->next_ms;
}

int64_t agent_next_ms(const struct agent *agent)
{
	return agent->next_ms;
}

bool agent_is_ready(const struct agent *agent)
{
	return agent->ready;
}

bool agent_is_idle(const struct agent *agent)
{
	return guard_is_idle(agent->guard);
}

bool agent_is_parked(const struct agent *agent, const struct now *now)
{
	return guard_lens(agent->guard, now) == LENS_PARKED;
}
