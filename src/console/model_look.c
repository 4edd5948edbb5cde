/*
 * The look: from the claim to the answer. The picture itself is never here; what passes through is
 * sealed. Every way out ends the view first.
 */
#include "console/model_inside.h"

#include "base/text.h"
#include "core/permit.h"

#include <stdio.h>
#include <string.h>

/* How long after the policy's freshness a picture is still waited for: the hub speaks first. */
#define PATIENCE_MS (5 * MS_SECOND)
/* The picture process ends the view by itself; this long after, the console does. */
#define OVERRUN_MS MS_SECOND

void model_look_end_picture(struct model *model)
{
	if (model->look.picture_runs)
		model->ports.picture_end(model->ports.arg);
}

void model_look_fail(struct model *model, const char *words)
{
	model_look_end_picture(model);
	text_clean(model->look.words, sizeof model->look.words, words);
	model_phase(model, LOOK_FAILED);
}

void model_look_close(struct model *model, bool top)
{
	model_look_end_picture(model);
	model->look.phase = LOOK_NONE;
	model->follow_top = top;
	model_show(model, model->home);
	model_list_build(model);
}

const char *model_name(const struct model *model, int64_t id)
{
	const struct check *check = model_check(model, id);
	const struct resident *resident = check != NULL ? model_resident(model, check->resident)
	                                                : NULL;

	return resident != NULL ? resident->name : "Resident";
}

void model_look_begin(struct model *model, const struct list_row *row)
{
	const struct check *check = model_check(model, row->check[0]);
	struct wire_message *claim;

	if (!model->connected) {
		model_note(model, "There is no contact with the hub: no look can be made.");
		return;
	}
	if (!model->ports.has_room(model->ports.arg)) {
		model_note(model, "The window is too small for a picture: make it larger.");
		return;
	}
	model_look_end_picture(model);
	model->look = (struct look){.n_checks = row->n_checks, .view_ms = -1,
	                            .check = {row->check[0], row->check[1]},
	                            .recheck = check->first_answer_ms != 0};
	if (!model->ports.picture_start(model->ports.arg)) {
		model_note(model, "The picture program does not start: page the patrol.");
		return;
	}
	model->look.picture_runs = true;
	claim = wire_new(WIRE_CLAIM);
	wire_set_int(claim, "check", check->id);
	wire_set_int(claim, "decision_version", check->decision_version);
	if (!model_send_command(model, claim, false, check->id, 0, ANSWER_NONE)) {
		model_look_end_picture(model);
		return;
	}
	model_show(model, SCREEN_LOOK);
	model_phase(model, LOOK_ASKING);
}

/* Back to a question of ours that is still open, also after a restart of this console. */
void model_look_resume(struct model *model, const struct list_row *row)
{
	const struct check *check = model_check(model, row->check[0]);

	if (model->look.id != check->look || model->look.phase == LOOK_NONE) {
		model_look_end_picture(model);
		model->look = (struct look){.n_checks = row->n_checks,
		                            .id = check->look,
		                            .view_ms = check->view_ms,
		                            .check = {row->check[0], row->check[1]},
		                            .recheck = check->first_answer_ms != 0,
		                            .other_person = check->other_person,
		                            .phase = LOOK_QUESTION};
	}
	model_show(model, SCREEN_LOOK);
	model_phase(model, LOOK_QUESTION);
}

/* Both halves must be there: the claim, and the key that the picture is to be sealed to. */
static void try_request(struct model *model)
{
	struct look *look = &model->look;
	struct look_request request = {.look = look->id, .n_checks = look->n_checks,
	                               .check = {look->check[0], look->check[1]},
	                               .at_ms = model_utc_ms(model)};
	struct buf encoded = buf_new(512);
	uint8_t signature[SIGNATURE_BYTES];
	struct wire_message *message;

	if (look->phase != LOOK_READYING || !look->has_key)
		return;
	memcpy(request.camera, look->camera, sizeof request.camera);
	memcpy(request.challenge, look->challenge, sizeof request.challenge);
	memcpy(request.picture_key, look->picture_key, sizeof request.picture_key);
	memcpy(request.operator_id, model->centre.operator_id, sizeof request.operator_id);
	if (look_request_encode(&request, &encoded) != ERR_OK) {
		model_look_fail(model, "The request could not be written.");
	} else {
		model->ports.sign(model->ports.arg, encoded.data, encoded.len, signature);
		message = wire_new(WIRE_LOOK);
		wire_set_int(message, "look", look->id);
		wire_set_bytes(message, "request", encoded.data, encoded.len);
		wire_set_bytes(message, "signature", signature, sizeof signature);
		if (model_send_command(model, message, false, look->check[0], look->id,
		                       ANSWER_NONE))
			model_phase(model, LOOK_WAITING);
		else
			model_look_fail(model, "The request could not be sent.");
	}
	buf_free(&encoded);
}

static void release(struct model *model, int64_t check)
{
	struct wire_message *message = wire_new(WIRE_RELEASE);

	wire_set_int(message, "check", check);
	model_send_command(model, message, false, check, 0, ANSWER_NONE);
}

void model_look_claimed(struct model *model, const struct wire_message *message)
{
	struct look *look = &model->look;
	struct pending pending;
	int64_t second = wire_int(message, "check2");

	if (!model_pending_take(model, wire_int(message, "command"), &pending))
		return;
	if (look->phase != LOOK_ASKING || look->check[0] != pending.check)
		return; /* the operator left; the release is on its way behind the claim */
	look->id = wire_int(message, "look");
	look->check[0] = wire_int(message, "check");
	look->check[1] = second;
	look->n_checks = second != 0 ? 2 : 1;
	memcpy(look->camera, wire_text(message, "camera"),
	       strlen(wire_text(message, "camera")) + 1);
	wire_fixed(message, "challenge", look->challenge, sizeof look->challenge);
	wire_fixed(message, "device_key", look->device_key, sizeof look->device_key);
	model_phase(model, LOOK_READYING);
	try_request(model);
}

void model_look_permitted(struct model *model, const struct wire_message *message)
{
	struct look *look = &model->look;
	struct viewer_expect expect = {.look = look->id, .fresh_ms = model->centre.policy.fresh_ms,
	                               .view_ms = model->centre.policy.view_ms};

	if (look->phase != LOOK_WAITING || wire_int(message, "look") != look->id)
		return;
	memcpy(expect.camera, look->camera, sizeof expect.camera);
	memcpy(expect.device_key, look->device_key, sizeof expect.device_key);
	wire_fixed(message, "nonce", expect.nonce, sizeof expect.nonce);
	model->ports.picture_expect(model->ports.arg, &expect);
}

void model_binary(struct model *model, const void *data, size_t len)
{
	const uint8_t *bytes = data;
	uint64_t look = 0;

	if (len <= 8)
		return;
	for (int i = 0; i < 8; i++)
		look = look << 8 | bytes[i];
	if (model->look.phase != LOOK_WAITING || look != (uint64_t)model->look.id)
		return;
	model->ports.picture_sealed(model->ports.arg, bytes + 8, len - 8);
	model_phase(model, LOOK_DRAWING);
}

/* For an operator; the hub's own words are neutral codes. */
static const char *cause_words(const char *cause)
{
	static const struct {
		const char *cause, *words;
	} words[] = {
		{"camera-lost", "The camera has no contact."},
		{"camera-fault", "The camera could not take a picture."},
		{"unusable", "The picture is dark, covered or flat."},
		{"stale", "No fresh picture came in time."},
		{"clock", "The camera's clock cannot be trusted; its lens stayed shut."},
		{"refused", "The camera refused: not within what it holds as agreed."},
		{"signer", "The log gave no proof in time; without proof no picture."},
		{"withdrawn", "Consent was withdrawn: a visit is made instead."},
		{"lapsed", "The decision has lapsed: a visit is made instead."},
	};

	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (text_equal(words[i].cause, cause))
			return words[i].words;
	return "The look was ended by the hub.";
}

void model_look_over(struct model *model, const struct wire_message *message)
{
	struct look *look = &model->look;

	if (wire_int(message, "look") != look->id || look->phase == LOOK_NONE)
		return;
	if (look->phase == LOOK_STANDING) {
		model_look_end_picture(model);
		model_phase(model, LOOK_QUESTION);
	} else if (look->phase >= LOOK_READYING && look->phase <= LOOK_DRAWING) {
		const char *text = wire_text(message, "text");

		model_look_fail(model,
		                text[0] != '\0' ? text : cause_words(wire_text(message, "cause")));
	}
}

static void send_shown(struct model *model)
{
	struct wire_message *message = wire_new(WIRE_SHOWN);

	wire_set_int(message, "look", model->look.id);
	wire_set_int(message, "taken_ms", model->look.taken_utc_ms);
	model_send_plain(model, message);
}

static void send_view_over(struct model *model, int64_t view_ms)
{
	struct wire_message *message = wire_new(WIRE_VIEW_OVER);

	model->look.view_ms = view_ms;
	wire_set_int(message, "look", model->look.id);
	wire_set_int(message, "view_ms", view_ms);
	model_send_plain(model, message);
}

static void viewer_fault(struct model *model, enum viewer_fault fault, const char *words)
{
	static const enum cause causes[VIEWER_FAULTS] = {
		[VIEWER_FAULT_SEAL] = CAUSE_CAMERA_FAULT, [VIEWER_FAULT_STALE] = CAUSE_STALE,
		[VIEWER_FAULT_JPEG] = CAUSE_CAMERA_FAULT, [VIEWER_FAULT_CONTENT] = CAUSE_UNUSABLE,
		[VIEWER_FAULT_TERMINAL] = CAUSE_CAMERA_FAULT, [VIEWER_FAULT_TIME] = CAUSE_STALE,
	};
	struct wire_message *message;

	if (model->look.id != 0) {
		message = wire_new(WIRE_VIEWER_FAULT);
		wire_set_int(message, "look", model->look.id);
		wire_set_text(message, "cause", check_cause_name(causes[fault]));
		wire_set_text(message, "words", words);
		model_send_plain(model, message);
	}
	model_look_fail(model, words);
}

static void standing(struct model *model, int64_t taken_utc_ms)
{
	struct look *look = &model->look;

	if (look->phase != LOOK_DRAWING)
		return;
	look->taken_utc_ms = taken_utc_ms;
	look->shown_ms = model->now.elapsed_ms;
	look->shown_utc_ms = model_utc_ms(model);
	send_shown(model);
	model_phase(model, LOOK_STANDING);
}

bool model_look_awaits_picture(const struct look *look)
{
	return look->phase >= LOOK_ASKING && look->phase <= LOOK_DRAWING;
}

static void gone(struct model *model, int64_t view_ms)
{
	if (model->look.shown_ms != 0 && model->look.view_ms < 0)
		send_view_over(model, view_ms);
	if (model->look.phase == LOOK_STANDING)
		model_phase(model, LOOK_QUESTION);
}

void model_viewer(struct model *model, const struct viewer_frame *frame)
{
	struct look *look = &model->look;
	enum viewer_fault fault = VIEWER_FAULT_TIME;
	char words[REASON_MAX_BYTES];
	struct viewer_standing drawn;
	int64_t at_ms;

	switch (frame->kind) {
	case VIEWER_KEY:
		look->has_key = viewer_get_key(frame, look->picture_key) == ERR_OK;
		try_request(model);
		break;
	case VIEWER_STANDING:
		if (viewer_get_standing(frame, &drawn) == ERR_OK)
			standing(model, drawn.taken_utc_ms);
		break;
	case VIEWER_FAULT:
		if (viewer_get_fault(frame, &fault, words) == ERR_OK
		    && model_look_awaits_picture(look))
			viewer_fault(model, fault, words);
		break;
	case VIEWER_GONE:
		if (viewer_get_gone(frame, &at_ms) == ERR_OK)
			gone(model, at_ms);
		break;
	default:
		break;
	}
	model->dirty = true;
}

void model_viewer_died(struct model *model)
{
	struct look *look = &model->look;

	look->picture_runs = false;
	if (model_look_awaits_picture(look))
		viewer_fault(model, VIEWER_FAULT_TERMINAL,
		             "The picture program ended before it showed anything.");
	else
		gone(model, look->shown_ms != 0 ? model->now.elapsed_ms - look->shown_ms : -1);
	model->dirty = true;
}

bool model_leave(struct model *model)
{
	const struct look *look = &model->look;

	if (!model->connected || look->shown_ms == 0 || look->view_ms >= 0)
		return false;
	gone(model, model->now.elapsed_ms - look->shown_ms);
	return true;
}

int64_t model_view_left_ms(const struct model *model)
{
	int64_t left = model->look.shown_ms + model->centre.policy.view_ms - model->now.elapsed_ms;

	return model->look.phase == LOOK_STANDING && left > 0 ? left : 0;
}

void model_end_view(struct model *model)
{
	struct look *look = &model->look;

	if (look->phase == LOOK_STANDING) {
		model_look_end_picture(model);
		model_phase(model, LOOK_QUESTION);
	} else if (model_look_awaits_picture(look)) {
		model_look_leave(model);
	}
}

void model_lose_view(struct model *model, const char *why)
{
	if (model->look.phase != LOOK_STANDING && !model_look_awaits_picture(&model->look))
		return;
	model_end_view(model);
	model_note(model, "%s", why);
}

void model_look_tick(struct model *model)
{
	struct look *look = &model->look;
	int64_t stood = model->now.elapsed_ms - look->shown_ms,
		waited = model->now.elapsed_ms - look->phase_ms;

	if (look->phase == LOOK_STANDING && stood > model->centre.policy.view_ms + OVERRUN_MS)
		model_end_view(model);
	else if (model_look_awaits_picture(look)
	         && waited > model->centre.policy.fresh_ms + PATIENCE_MS)
		viewer_fault(model, VIEWER_FAULT_TIME, "No picture came in time.");
}

void model_look_link_lost(struct model *model)
{
	struct look *look = &model->look;

	if (look->phase >= LOOK_ASKING && look->phase <= LOOK_WAITING) {
		model_look_close(model, false);
		model_note(model, "Contact with the hub was lost before the picture came.");
	} else if (look->phase == LOOK_SENDING) {
		model_look_close(model, true);
		model_note(model, "The answer is kept, and sent when the hub is back.");
	}
}

void model_look_leave(struct model *model)
{
	struct look *look = &model->look;

	switch (look->phase) {
	case LOOK_STANDING:
		model_end_view(model);
		break;
	case LOOK_ASKING:
	case LOOK_READYING:
	case LOOK_WAITING:
	case LOOK_DRAWING:
		release(model, look->check[0]);
		model_look_close(model, false);
		break;
	case LOOK_QUESTION:
		model_note(model, "%s: your answer is still awaited.",
		           model_name(model, look->check[look->person]));
		model_show(model, model->home);
		model_list_build(model);
		break;
	case LOOK_SENDING:
		break;
	default:
		model_look_close(model, look->phase == LOOK_HELP);
		break;
	}
}
