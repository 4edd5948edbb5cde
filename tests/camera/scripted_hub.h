/*
 * A hub that a test plays message by message, with one agent in one home: what it says, and what it heard,
 * decoded and verified as a hub, and a picture process, would.
 */
#ifndef TILLSYN_TESTS_CAMERA_SCRIPTED_HUB_H
#define TILLSYN_TESTS_CAMERA_SCRIPTED_HUB_H

#include "camera/home.h"

#include "base/canon.h"
#include "camera/agent.h"
#include "core/snapshot.h"
#include "wire/message.h"

#include <stdio.h>

#define FRAMES_MAX 64
#define LOOK_MS_MAX (20 * MS_SECOND)

struct frame {
	struct buf data;
	bool binary;
};

/* A hub with one agent, in one home. */
struct hub {
	struct home *home;
	struct agent *agent;
	struct frame frame[FRAMES_MAX];
	int n, at; /* frames that came, and how many of them the test has read */
	bool closed;
	int64_t step_ms;
	uint8_t nonce[NONCE_BYTES];
};

static inline void on_send(void *arg, const void *data, size_t len, bool binary)
{
	struct hub *hub = arg;
	struct frame *frame = &hub->frame[hub->n];

	assert_false(hub->closed);
	assert_true(hub->n++ < FRAMES_MAX);
	frame->binary = binary;
	frame->data = buf_new(SNAPSHOT_MAX_BYTES);
	assert_int_equal(buf_add(&frame->data, data, len), ERR_OK);
}

static inline void on_close(void *arg, const char *why)
{
	struct hub *hub = arg;

	assert_true(strlen(why) > 0);
	hub->closed = true;
}

static inline int64_t on_clock_step(void *arg)
{
	const struct hub *hub = arg;

	return hub->step_ms;
}

static inline void switch_on(struct hub *hub)
{
	struct guard_set_up set_up = home_set_up(hub->home);
	const struct agent_ports ports = {.arg = hub, .send = on_send, .close = on_close,
	                                  .clock_step_ms = on_clock_step};

	assert_int_equal(agent_new(&set_up, hub->home->device.secret_key, &ports, &hub->home->now,
	                           &hub->agent),
	                 ERR_OK);
}

static inline void forget_frames(struct hub *hub)
{
	for (int i = 0; i < hub->n; i++)
		buf_free(&hub->frame[i].data);
	hub->n = hub->at = 0;
}

/* To the agent; frees the message. */
static inline void say(struct hub *hub, struct wire_message *message)
{
	struct buf out = buf_new(MESSAGE_MAX_BYTES);

	assert_int_equal(wire_encode(message, &out), ERR_OK);
	agent_message(hub->agent, out.data, out.len, false, &hub->home->now);
	buf_free(&out);
	wire_free(message);
}

static inline void say_challenge(struct hub *hub)
{
	struct wire_message *message = wire_new(WIRE_CHALLENGE);

	hub->home->crypto->random(hub->nonce, NONCE_BYTES);
	wire_set_int(message, "version", WIRE_VERSION);
	wire_set_bytes(message, "nonce", hub->nonce, NONCE_BYTES);
	say(hub, message);
}

static inline void say_welcome(struct hub *hub, int64_t ahead_ms)
{
	struct wire_message *message = wire_new(WIRE_WELCOME);

	wire_set_int(message, "version", WIRE_VERSION);
	wire_set_bool(message, "demo", false);
	wire_set_int(message, "utc_ms", hub->home->now.utc_ms + ahead_ms);
	wire_set_int(message, "session", 1);
	say(hub, message);
}

static inline void say_document(struct hub *hub, enum wire_id id, const struct document *document)
{
	struct wire_message *message = wire_new(id);

	wire_set_bytes(message, "doc", document->bytes, document->len);
	wire_set_bytes(message, "signature", document->signature, SIGNATURE_BYTES);
	say(hub, message);
}

static inline void say_agreement(struct hub *hub, const struct key_pair *by)
{
	struct document document = agreement_document(hub->home, by);

	say_document(hub, WIRE_AGREEMENT, &document);
}

static inline void say_stop(struct hub *hub, const char *agreement, uint32_t version)
{
	struct wire_message *message = wire_new(WIRE_STOP);

	wire_set_text(message, "agreement", agreement);
	wire_set_int(message, "version", version);
	say(hub, message);
}

static inline void say_permit(struct hub *hub)
{
	struct guard_permit in = signed_permit(hub->home);
	struct wire_message *message = wire_new(WIRE_PERMIT);

	wire_set_bytes(message, "permit", in.permit, in.permit_len);
	wire_set_bytes(message, "proof", in.proof, in.proof_len);
	wire_set_bytes(message, "permit_signature", in.permit_signature, SIGNATURE_BYTES);
	wire_set_bytes(message, "request", in.request, in.request_len);
	wire_set_bytes(message, "request_signature", in.request_signature, SIGNATURE_BYTES);
	say(hub, message);
}

/* The next that came from the agent; the caller frees it. */
static inline struct wire_message *heard(struct hub *hub, enum wire_id id)
{
	struct wire_message *message;
	char reason[REASON_MAX_BYTES];
	struct frame *frame = &hub->frame[hub->at++];

	assert_true(hub->at <= hub->n);
	assert_false(frame->binary);
	if (wire_decode(WIRE_CAMERA, WIRE_FROM_PEER, id == WIRE_CAMERA_HELLO ? WIRE_NEW : WIRE_READY,
	                frame->data.data, frame->data.len, &message, reason) != ERR_OK)
		fail_msg("%s: %.*s", reason, (int)frame->data.len, (const char *)frame->data.data);
	assert_string_equal(wire_kinds[wire_id(message)].name, wire_kinds[id].name);
	return message;
}

static inline void assert_silent(struct hub *hub)
{
	assert_int_equal(hub->at, hub->n);
}

static inline void hear_holding(struct hub *hub, const char *agreement, int64_t version, const char *standing)
{
	struct wire_message *message = heard(hub, WIRE_HOLDING);

	assert_string_equal(wire_text(message, "agreement"), agreement);
	assert_int_equal(wire_int(message, "version"), version);
	assert_string_equal(wire_text(message, "standing"), standing);
	wire_free(message);
}

/* The agent holds what the hub's log is now. */
static inline void hear_log_held(struct hub *hub)
{
	struct wire_message *message = heard(hub, WIRE_LOG_HELD);

	assert_int_equal(wire_int(message, "log_size"), hub->home->log.size);
	wire_free(message);
}

static inline void hear_lens(struct hub *hub, const char *lens)
{
	struct wire_message *message = heard(hub, WIRE_LENS);

	assert_string_equal(wire_text(message, "lens"), lens);
	wire_free(message);
}

static inline void hear_refused(struct hub *hub, enum permit_refusal refusal)
{
	struct wire_message *message = heard(hub, WIRE_PERMIT_REFUSED);

	assert_string_equal(wire_text(message, "refusal"), permit_refusal_name(refusal));
	assert_int_equal(wire_int(message, "look"), hub->home->permit.look);
	wire_free(message);
	assert_silent(hub);
	assert_false(hub->home->lens_open);
}

static inline void hear_fault(struct hub *hub, int64_t look, enum cause cause)
{
	struct wire_message *message = heard(hub, WIRE_CAMERA_FAULT);

	assert_int_equal(wire_int(message, "look"), look);
	assert_string_equal(wire_text(message, "cause"), check_cause_name(cause));
	assert_true(strlen(wire_text(message, "words")) > 0);
	wire_free(message);
}

/* What was measured, signed by the device. */
static inline void hear_measured(struct hub *hub, const char *result)
{
	struct wire_message *message = heard(hub, WIRE_MEASURED);
	uint8_t permit_id[NONCE_BYTES], signature[SIGNATURE_BYTES];
	struct buf encoded = buf_new(256);
	struct canon_writer w = canon_write(&encoded);

	wire_fixed(message, "permit_id", permit_id, NONCE_BYTES);
	wire_fixed(message, "signature", signature, SIGNATURE_BYTES);
	assert_memory_equal(permit_id, hub->home->permit.id, NONCE_BYTES);
	assert_int_equal(wire_int(message, "look"), hub->home->permit.look);
	assert_int_equal(wire_int(message, "opened_ms"), hub->home->permit.from_ms);
	assert_true(wire_int(message, "lens_ms") <= hub->home->policy.lens_open_ms_max + 2 * MS_SECOND);
	assert_string_equal(wire_text(message, "result"), result);
	canon_put_fixed(&w, permit_id, NONCE_BYTES);
	canon_put_i64(&w, wire_int(message, "look"));
	canon_put_i64(&w, wire_int(message, "opened_ms"));
	canon_put_i64(&w, wire_int(message, "lens_ms"));
	canon_put_text(&w, result);
	assert_true(signed_check(hub->home->crypto, SIGNED_MEASURE, encoded.data, encoded.len,
	                         hub->home->device.public_key, signature));
	buf_free(&encoded);
	wire_free(message);
}

/* The binary frame, opened as the picture process opens it. */
static inline void hear_picture(struct hub *hub, int64_t received_ms)
{
	struct home *home = hub->home;
	struct frame *frame = &hub->frame[hub->at++];
	struct canon_reader r = canon_read(frame->data.data, frame->data.len);
	uint8_t plain[2 * PICTURE_MAX], expected[PICTURE_MAX];
	struct snapshot_header header;
	const uint8_t *jpeg;

	assert_true(hub->at <= hub->n && frame->binary);
	assert_int_equal(canon_i64(&r), home->permit.look);
	assert_true(r.len > SEAL_BYTES && r.len - SEAL_BYTES <= sizeof plain);
	assert_int_equal(home->crypto->open(plain, r.data, r.len, home->picture_public, home->picture_secret),
	                 ERR_OK);
	assert_int_equal(snapshot_split(home->crypto, plain, r.len - SEAL_BYTES, home->device.public_key,
	                                &header, &jpeg),
	                 ERR_OK);
	assert_int_equal(snapshot_fresh(&header, home->permit.look, "cam1", home->permit.nonce, 0, 1, 1),
	                 ERR_OK);
	assert_int_equal(header.permit_received_ms, received_ms);
	assert_true(header.captured_ms > received_ms && header.captured_ms < received_ms + MS_SECOND);
	assert_int_equal(header.captured_utc_ms - home->permit.from_ms, header.captured_ms - received_ms);
	assert_int_equal(header.jpeg_len, PICTURE_MAX);
	memset(expected, home->pictures, sizeof expected);
	assert_memory_equal(jpeg, expected, sizeof expected);
	/* The hub, which has every key but that one, opens nothing. */
	assert_int_not_equal(home->crypto->open(plain, r.data, r.len, home->device.public_key,
	                                        home->device.secret_key),
	                     ERR_OK);
}

/* Until the agent is idle again, as often as it asks for. */
static inline void run_look(struct hub *hub)
{
	struct home *home = hub->home;
	int64_t until_ms = home->now.elapsed_ms + LOOK_MS_MAX;

	while (!agent_is_idle(hub->agent)) {
		assert_true(home->now.elapsed_ms < until_ms);
		home_pass(home, agent_next_ms(hub->agent) - home->now.elapsed_ms);
		agent_tick(hub->agent, &home->now);
	}
}

/* Opens the connection and takes the challenge out of the agent's hello. */
static inline void greet(struct hub *hub)
{
	struct wire_message *hello;

	hub->closed = false;
	agent_opened(hub->agent, &hub->home->now);
	say_challenge(hub);
	hello = heard(hub, WIRE_CAMERA_HELLO);
	wire_fixed(hello, "challenge", hub->home->challenge, NONCE_BYTES);
	wire_free(hello);
}

/* Connected and welcomed, agreement and roster held, a permit drawn up, everything heard. */
static inline void connect(struct hub *hub)
{
	struct document roster = roster_document(hub->home, 1, "anna", &hub->home->administration);

	greet(hub);
	say_welcome(hub, 0);
	assert_true(agent_is_ready(hub->agent));
	say_document(hub, WIRE_ROSTER, &roster);
	say_agreement(hub, &hub->home->administration);
	draw_up(hub->home);
	hub->home->journal[0] = '\0';
}

static inline void lose(struct hub *hub)
{
	agent_closed(hub->agent, &hub->home->now);
	assert_false(agent_is_ready(hub->agent));
}

#endif
