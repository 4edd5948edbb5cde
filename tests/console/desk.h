/*
 * A desk for tests: a model with an operator at it, a hub that says what the test says, a picture
 * process that shows what the test shows, and a clock that the test moves.
 */
#ifndef TESTS_CONSOLE_DESK_H
#define TESTS_CONSOLE_DESK_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "console/model.h"
#include "wire/rows.h"

/* 2026-03-28 00:14:00 UTC, 01:14 in a zone of +1 h. */
#define DESK_UTC_MS INT64_C(1774656840000)

/* Which night it is, and when the console is opened in it. Local time is an hour ahead of UTC, or two. */
struct desk_night {
	int64_t utc_ms, from_ms, to_ms;
	int32_t night;
	int32_t offset_s;
	struct zone_transition change; /* at_s 0 = the clocks are left alone */
};

#define DESK_NIGHT \
	(struct desk_night) \
	{ \
		DESK_UTC_MS, DESK_UTC_MS - 7 * MS_HOUR - 14 * MS_MINUTE, \
			DESK_UTC_MS + 9 * MS_HOUR - 14 * MS_MINUTE, 20539, 3600, {0, 0} \
	}

struct desk {
	bool small; /* the window: a picture has no room in it */
	struct desk_night night;
	struct model *model;
	struct now now;
	char sent[64][1200];
	int n_sent;
	bool picture_runs, picture_expected, picture_ends;
	size_t sealed;
	struct viewer_expect expect;
	enum alarm sounded;
	int sounds;
	bool quit;
};

static inline void desk_send(void *arg, const void *text, size_t len)
{
	struct desk *desk = arg;

	assert_true(desk->n_sent < 64 && len < sizeof desk->sent[0]);
	memcpy(desk->sent[desk->n_sent], text, len);
	desk->sent[desk->n_sent++][len] = '\0';
}

static inline bool desk_has_room(void *arg)
{
	return !((struct desk *)arg)->small;
}

static inline bool desk_picture_start(void *arg)
{
	struct desk *desk = arg;

	desk->picture_ends = false;
	return desk->picture_runs = true;
}

static inline void desk_picture_expect(void *arg, const struct viewer_expect *expect)
{
	struct desk *desk = arg;

	desk->picture_expected = true;
	desk->expect = *expect;
}

static inline void desk_picture_sealed(void *arg, const void *data, size_t len)
{
	(void)data;
	((struct desk *)arg)->sealed = len;
}

static inline void desk_picture_end(void *arg)
{
	((struct desk *)arg)->picture_ends = true;
}

static inline void desk_sign(void *arg, const void *request, size_t len,
                             uint8_t signature[SIGNATURE_BYTES])
{
	(void)arg;
	(void)request;
	memset(signature, (int)len, SIGNATURE_BYTES);
}

static inline void desk_sound(void *arg, enum alarm level)
{
	struct desk *desk = arg;

	desk->sounded = level;
	desk->sounds++;
}

static inline enum err desk_zone(void *arg, const char *name, int64_t from_s, int64_t to_s,
                                 struct zone_window *zone)
{
	const struct desk_night *night = &((struct desk *)arg)->night;

	*zone = (struct zone_window){.from_s = from_s,
	                             .to_s = to_s,
	                             .offset_before_s = night->offset_s,
	                             .n = night->change.at_s != 0,
	                             .transition = {night->change}};
	snprintf(zone->name, sizeof zone->name, "%s", name);
	return ERR_OK;
}

static inline void desk_quit(void *arg)
{
	((struct desk *)arg)->quit = true;
}

static inline void desk_pass(struct desk *desk, int64_t ms)
{
	desk->now.elapsed_ms += ms;
	desk->now.utc_ms += ms;
	model_tick(desk->model, &desk->now);
	model_drawn(desk->model, desk->model->details_top);
}

/* Hands a message of the hub to the model and frees it. */
static inline void desk_hub(struct desk *desk, struct wire_message *message)
{
	struct buf out = buf_new(MESSAGE_MAX_BYTES);

	assert_int_equal(wire_encode(message, &out), ERR_OK);
	assert_int_equal(model_message(desk->model, out.data, out.len), ERR_OK);
	buf_free(&out);
	wire_free(message);
	model_drawn(desk->model, desk->model->details_top);
}

static inline int64_t desk_utc(const struct desk *desk)
{
	return desk->night.utc_ms + desk->now.elapsed_ms - 1000;
}

static inline void desk_welcome(struct desk *desk, bool demo)
{
	struct wire_message *m = wire_new(WIRE_WELCOME);
	struct policy policy = policy_defaults();

	wire_set_int(m, "version", WIRE_VERSION);
	wire_set_bool(m, "demo", demo);
	wire_set_int(m, "utc_ms", desk_utc(desk));
	wire_set_int(m, "session", 7);
	wire_set_text(m, "operator", "anna");
	wire_set_text(m, "operator_name", "Anna Lind");
	wire_set_text(m, "role", "operator");
	wire_set_text(m, "zone", "Europe/Stockholm");
	wire_set_int(m, "night", desk->night.night);
	wire_set_int(m, "night_from_ms", desk->night.from_ms);
	wire_set_int(m, "night_to_ms", desk->night.to_ms);
	wire_set_text(m, "centre", "Trygghetscentralen");
	wire_set_text(m, "emergency", "112");
	wire_set_int(m, "view_ms", policy.view_ms);
	wire_set_int(m, "hard_end_ms", policy.hard_end_ms);
	wire_set_int(m, "recheck_end_ms", policy.recheck_end_ms);
	wire_set_int(m, "answer_ms", policy.answer_ms);
	wire_set_int(m, "lease_ms", policy.lease_ms);
	wire_set_int(m, "fresh_ms", policy.fresh_ms);
	wire_set_int(m, "fault_retry_ms", policy.fault_retry_ms);
	wire_set_int(m, "undo_ms", policy.undo_ms);
	wire_set_int(m, "camera_work_ms", policy.camera_work_ms);
	desk_hub(desk, m);
}

static inline void desk_reset(struct desk *desk)
{
	struct wire_message *m = wire_new(WIRE_RESET);

	wire_set_int(m, "night", desk->night.night);
	wire_set_int(m, "night_from_ms", desk->night.from_ms);
	wire_set_int(m, "night_to_ms", desk->night.to_ms);
	desk_hub(desk, m);
}

static inline void desk_level(struct desk *desk)
{
	struct wire_message *m = wire_new(WIRE_LEVEL);

	wire_set_int(m, "utc_ms", desk_utc(desk));
	desk_hub(desk, m);
}

static inline void desk_resident(struct desk *desk, const char *id, const char *name)
{
	struct wire_message *m = wire_new(WIRE_RESIDENT);

	wire_set_text(m, "id", id);
	wire_set_text(m, "name", name);
	wire_set_text(m, "address", "Storgatan 4 B");
	wire_set_text(m, "bed_note", "Bed by the window, left. Sleeps on her right side.");
	wire_set_text(m, "door_note", "Key box at the door");
	wire_set_text(m, "phone", "070-111 22 33");
	wire_set_text(m, "agreement", "ag");
	wire_set_text(m, "camera", "cam");
	wire_set_text(m, "area", "north");
	wire_set_text(m, "standing", "stands");
	wire_set_text(m, "plan", "22:00, 01:10");
	wire_set_int(m, "pause_from_ms", 0);
	wire_set_int(m, "pause_to_ms", 0);
	wire_set_int(m, "pause_review_ms", 0);
	wire_set_int(m, "last_well_ms", DESK_UTC_MS - 3 * MS_HOUR - 11 * MS_MINUTE);
	desk_hub(desk, m);
}

static inline void desk_contact(struct desk *desk, const char *id, const char *name, int step)
{
	struct wire_message *m = wire_new(WIRE_CONTACT);

	wire_set_text(m, "id", id);
	wire_set_text(m, "name", name);
	wire_set_text(m, "phone", "070-123 45 67");
	wire_set_text(m, "role", "patrol");
	wire_set_text(m, "area", "");
	wire_set_int(m, "step", step);
	desk_hub(desk, m);
}

static inline void desk_operator(struct desk *desk, const char *id, const char *name)
{
	struct wire_message *m = wire_new(WIRE_OPERATOR);

	wire_set_text(m, "id", id);
	wire_set_text(m, "name", name);
	wire_set_bool(m, "present", true);
	desk_hub(desk, m);
}

/* A check that has just fallen due, with the default times. */
static inline struct check desk_check(int64_t id, const char *resident, int64_t start_ms)
{
	struct policy p = policy_defaults();
	struct check check = {.id = id,
	                      .night = 20539,
	                      .agreement_version = 1,
	                      .priority = 5,
	                      .kind = SLOT_CAMERA,
	                      .start_ms = start_ms,
	                      .early_ms = start_ms,
	                      .latest_ms = start_ms + p.latest_start_ms,
	                      .hard_end_ms = start_ms + p.latest_start_ms + p.hard_end_ms,
	                      .rechecks_left = 1,
	                      .recheck_earliest_ms = p.recheck_earliest_ms,
	                      .recheck_due_ms = p.recheck_due_ms,
	                      .recheck_late_ms = p.recheck_late_ms,
	                      .on_site_ms = p.on_site_ms,
	                      .page_unanswered_ms = p.page_unanswered_ms,
	                      .visit_report_ms = p.visit_report_ms,
	                      .state = CHECK_OPEN,
	                      .view_ms = -1,
	                      .decision_version = 1};

	strcpy(check.resident, resident);
	strcpy(check.agreement, "ag");
	strcpy(check.slot, "s1");
	strcpy(check.camera, "cam");
	strcpy(check.area, "north");
	return check;
}

static inline void desk_row(struct desk *desk, const struct check *check)
{
	desk_hub(desk, wire_from_check(check));
}

/* Connected, welcomed, and with nothing in it yet. */
static inline struct desk *desk_open_at(const struct desk_night *night)
{
	struct desk *desk = test_calloc(1, sizeof *desk);
	const struct model_ports ports = {desk,
	                                  desk_send,
	                                  desk_has_room,
	                                  desk_picture_start,
	                                  desk_picture_expect,
	                                  desk_picture_sealed,
	                                  desk_picture_end,
	                                  desk_sign,
	                                  desk_sound,
	                                  desk_zone,
	                                  desk_quit};

	desk->night = *night;
	desk->now = (struct now){.utc_ms = night->utc_ms, .elapsed_ms = 1000, .boot_id = 1};
	desk->model = model_new(&ports, &desk->now);
	model_link(desk->model, true);
	desk_welcome(desk, false);
	desk_reset(desk);
	return desk;
}

static inline struct desk *desk_open(void)
{
	struct desk *desk = desk_open_at(&DESK_NIGHT);

	desk_operator(desk, "anna", "Anna Lind");
	desk_operator(desk, "per", "Per Holm");
	desk_contact(desk, "patrol1", "Patrol 1", 0);
	desk_resident(desk, "karin", "Karin Lundgren");
	desk_resident(desk, "sven", "Sven Öberg");
	desk_resident(desk, "berit", "Berit Ek");
	desk_resident(desk, "nils", "Nils Ek");
	desk_level(desk);
	return desk;
}

static inline void desk_close(struct desk *desk)
{
	model_free(desk->model);
	test_free(desk);
}

static inline void desk_key(struct desk *desk, key_code key)
{
	model_key(desk->model, key);
	model_drawn(desk->model, desk->model->details_top);
}

/* As an unhurried person presses it. */
static inline void desk_press(struct desk *desk, key_code key)
{
	desk_pass(desk, 700);
	desk_key(desk, key);
}

/* Whether something with all of this text was sent since the desk was last cleared. */
static inline bool desk_sent(const struct desk *desk, const char *kind, const char *text)
{
	char name[64] = "\"";

	strcat(strcat(name, kind), "\"");
	for (int i = 0; i < desk->n_sent; i++)
		if (strstr(desk->sent[i], name) != NULL && strstr(desk->sent[i], text) != NULL)
			return true;
	return false;
}

static inline void desk_clear(struct desk *desk)
{
	desk->n_sent = 0;
}

static inline void desk_frame(struct desk *desk, struct buf *out)
{
	struct viewer_frame frame;
	size_t size;

	assert_int_equal(viewer_next(out->data, out->len, &frame, &size), ERR_OK);
	model_viewer(desk->model, &frame);
	buf_free(out);
	model_drawn(desk->model, desk->model->details_top);
}

static inline void desk_claimed(struct desk *desk, int64_t check, int64_t check2, int64_t look)
{
	struct wire_message *m = wire_new(WIRE_CLAIMED);
	uint8_t bytes[KEY_BYTES] = {1, 2, 3};

	wire_set_int(m, "command", desk->model->last_command);
	wire_set_int(m, "check", check);
	wire_set_int(m, "check2", check2);
	wire_set_int(m, "look", look);
	wire_set_text(m, "camera", "cam");
	wire_set_bytes(m, "challenge", bytes, NONCE_BYTES);
	wire_set_bytes(m, "device_key", bytes, KEY_BYTES);
	desk_hub(desk, m);
}

static inline void desk_done(struct desk *desk)
{
	struct wire_message *m = wire_new(WIRE_DONE);

	wire_set_int(m, "command", desk->model->last_command);
	desk_hub(desk, m);
}

static inline void desk_refused(struct desk *desk, const char *refusal, const char *text)
{
	struct wire_message *m = wire_new(WIRE_REFUSED);

	wire_set_int(m, "command", desk->model->last_command);
	wire_set_text(m, "refusal", refusal);
	wire_set_text(m, "text", text);
	desk_hub(desk, m);
}

static inline void desk_key_ready(struct desk *desk)
{
	struct buf out = buf_new(256);
	uint8_t key[KEY_BYTES] = {9};

	assert_int_equal(viewer_put_key(&out, key), ERR_OK);
	desk_frame(desk, &out);
}

static inline void desk_standing(struct desk *desk)
{
	const struct viewer_standing drawn = {desk_utc(desk) - 1000, VIEWER_SIXEL, 400, 300, 640, 480};
	struct buf out = buf_new(256);

	assert_int_equal(viewer_put_standing(&out, &drawn), ERR_OK);
	desk_frame(desk, &out);
}

static inline void desk_gone(struct desk *desk, int64_t view_ms)
{
	struct buf out = buf_new(256);

	assert_int_equal(viewer_put_gone(&out, view_ms), ERR_OK);
	desk_frame(desk, &out);
	model_viewer_died(desk->model);
	model_drawn(desk->model, desk->model->details_top);
}

/* From Enter on the focused row to a picture that stands. */
static inline void desk_look(struct desk *desk, int64_t check, int64_t check2, int64_t look)
{
	struct wire_message *m = wire_new(WIRE_PERMITTED);
	uint8_t nonce[NONCE_BYTES] = {5}, sealed[64] = {0};

	desk_press(desk, INPUT_ENTER);
	desk_claimed(desk, check, check2, look);
	desk_key_ready(desk);
	desk_done(desk);
	wire_set_int(m, "look", look);
	wire_set_bytes(m, "nonce", nonce, sizeof nonce);
	desk_hub(desk, m);
	sealed[7] = (uint8_t)look;
	model_binary(desk->model, sealed, sizeof sealed);
	desk_standing(desk);
}

#endif
