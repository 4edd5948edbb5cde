/*
 * A desk: the console's model with its link, and a picture process that does by itself what the real one
 * does behind its sandbox: make a key, open the seal, judge freshness, stand for thirty seconds, go.
 */
#include "world.h"

#include "core/snapshot.h"
#include "wire/message.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define RETRY_FIRST_MS 200
#define RETRY_MAX_MS (3 * MS_SECOND)
/* A screen that only blinks is not looked at: the model is asked less often than it wants. */
#define SLOW_TICK_MS (15 * MS_SECOND)

struct now desk_now(const struct world *world, const struct desk *desk)
{
	struct reading reading = {.utc_at_start_ms = desk->machine.booted_ms + desk->machine.wall_offset_ms};

	return machine_now(world, &desk->machine, &reading);
}

static void arm(struct world *world, struct desk *desk);

/* Every entry of the model has its instant first, and a frame behind it. */
static void before(struct world *world, struct desk *desk)
{
	struct now now = desk_now(world, desk);

	model_tick(desk->model, &now);
}

static void after(struct world *world, struct desk *desk)
{
	bool other = desk->model->screen != desk->screen || desk->model->look.phase != desk->phase;
	/* Whoever has seen the picture answers the same question when it has gone. */
	bool same_question = desk->phase == LOOK_STANDING && desk->model->look.phase == LOOK_QUESTION;

	/* Kept by another hand: keys wait for quiet when the screen has changed. */
	if (other && !same_question) {
		desk->changed_ms = world->now_ms;
		desk->quiet = false;
	}
	desk->screen = desk->model->screen;
	desk->phase = desk->model->look.phase;
	model_drawn(desk->model, desk->model->details_top);
	arm(world, desk);
}

static void on_tick(struct world *world, const struct event *event)
{
	struct desk *desk = &world->desk[event->a];

	if (desk->model == NULL || (uint64_t)event->b != desk->tick)
		return;
	before(world, desk);
	after(world, desk);
}

static void arm(struct world *world, struct desk *desk)
{
	int64_t wait = model_next_ms(desk->model) - desk_now(world, desk).elapsed_ms;
	bool in_look = desk->model->look.phase != LOOK_NONE && desk->model->look.phase <= LOOK_STANDING;

	if (!in_look && wait < SLOW_TICK_MS)
		wait = SLOW_TICK_MS;
	world_at(world, world->now_ms + (wait < 1 ? 1 : wait), on_tick, desk->index, (int64_t)++desk->tick, 0, NULL, 0);
}

/* The picture process. Its frames are what core/viewer.h says. */

static void frame(struct world *world, struct desk *desk, struct buf *out)
{
	struct viewer_frame frame;
	size_t size;

	if (viewer_next(out->data, out->len, &frame, &size) != ERR_OK)
		abort();
	before(world, desk);
	model_viewer(desk->model, &frame);
	after(world, desk);
	buf_free(out);
	operator_wake(world, desk, 300);
}

static bool is_gone(const struct desk *desk, const struct event *event)
{
	return desk->model == NULL || !desk->viewer.alive || (uint64_t)event->b != desk->viewer.run;
}

static void viewer_key(struct world *world, const struct event *event)
{
	struct desk *desk = &world->desk[event->a];
	struct buf out = buf_new(256);

	if (is_gone(desk, event))
		return;
	world->crypto->box_keypair(desk->viewer.public_key, desk->viewer.secret_key);
	desk->viewer.key_ms = world->now_ms;
	viewer_put_key(&out, desk->viewer.public_key);
	frame(world, desk, &out);
}

static void viewer_ends(struct world *world, struct desk *desk)
{
	struct buf out = buf_new(256);
	bool stood = desk->viewer.standing;

	viewer_put_gone(&out, stood ? world->now_ms - desk->viewer.shown_ms : 0);
	if (stood)
		audit_picture_gone(world, desk);
	desk->viewer.standing = desk->viewer.alive = false;
	frame(world, desk, &out);
	before(world, desk);
	model_viewer_died(desk->model);
	after(world, desk);
}

static void viewer_time(struct world *world, const struct event *event)
{
	struct desk *desk = &world->desk[event->a];

	if (!is_gone(desk, event) && desk->viewer.standing && !desk->viewer.hangs)
		viewer_ends(world, desk);
}

static void viewer_end(struct world *world, const struct event *event)
{
	struct desk *desk = &world->desk[event->a];

	if (!is_gone(desk, event))
		viewer_ends(world, desk);
}

static void viewer_dies(struct world *world, const struct event *event)
{
	struct desk *desk = &world->desk[event->a];

	if (is_gone(desk, event))
		return;
	history_note(world, "%s: the picture process dies", desk->user);
	if (desk->viewer.standing)
		audit_picture_gone(world, desk);
	desk->viewer.standing = desk->viewer.alive = false;
	before(world, desk);
	model_viewer_died(desk->model);
	after(world, desk);
	operator_wake(world, desk, 500);
}

static void viewer_refuses(struct world *world, struct desk *desk, enum viewer_fault fault, const char *words)
{
	struct buf out = buf_new(512);

	viewer_put_fault(&out, fault, words);
	frame(world, desk, &out);
	desk->viewer.alive = false;
	before(world, desk);
	model_viewer_died(desk->model);
	after(world, desk);
}

static void stand(struct world *world, struct desk *desk, const struct snapshot_header *header, const uint8_t *jpeg)
{
	struct viewer *viewer = &desk->viewer;
	struct buf out = buf_new(256);
	char text[128] = "";
	long long number;

	memcpy(text, jpeg, header->jpeg_len < sizeof text ? header->jpeg_len : sizeof text - 1);
	if (sscanf(text, "%32s %15s %15s %lld", viewer->camera, viewer->seen[0], viewer->seen[1], &number) != 4)
		abort();
	if (strcmp(viewer->seen[0], "black") == 0) {
		viewer_refuses(world, desk, VIEWER_FAULT_CONTENT, "the picture is black");
		return;
	}
	audit_picture_stands(world, desk, number);
	viewer->standing = true;
	viewer->shown_ms = world->now_ms;
	world->counts.looks++;
	history_note(world, "%s sees look %lld: %s %s %s", desk->user, (long long)header->look, viewer->camera,
	             viewer->seen[0], viewer->seen[1]);
	world_at(world, world->now_ms + viewer->expect.view_ms, viewer_time, desk->index, (int64_t)viewer->run, 0, NULL, 0);
	viewer_put_standing(&out, &(struct viewer_standing){.taken_utc_ms = header->captured_utc_ms,
	                                                    .mode = VIEWER_SYMBOLS, .drawn_width = 640,
	                                                    .drawn_height = 480, .width = 640, .height = 480});
	frame(world, desk, &out);
}

static void viewer_opens(struct world *world, const struct event *event)
{
	struct desk *desk = &world->desk[event->a];
	struct viewer *viewer = &desk->viewer;
	struct snapshot_header header;
	const uint8_t *jpeg;
	uint8_t *plain;
	enum err r;

	if (is_gone(desk, event))
		return;
	plain = malloc(event->len);
	if (plain == NULL)
		abort();
	r = world->crypto->open(plain, event->data, event->len, viewer->public_key, viewer->secret_key);
	if (r == ERR_OK)
		r = snapshot_split(world->crypto, plain, event->len - SEAL_BYTES, viewer->expect.device_key, &header,
		                   &jpeg);
	if (r != ERR_OK) {
		viewer_refuses(world, desk, VIEWER_FAULT_SEAL, "the seal is not for this key");
	} else if (snapshot_fresh(&header, viewer->expect.look, viewer->expect.camera, viewer->expect.nonce,
	                          viewer->key_ms, world->now_ms, viewer->expect.fresh_ms) != ERR_OK) {
		viewer_refuses(world, desk, VIEWER_FAULT_STALE, "the picture is not fresh");
	} else {
		stand(world, desk, &header, jpeg);
	}
	free(plain);
}

/* The model's ports. */

static void port_send(void *arg, const void *text, size_t len)
{
	struct desk *desk = arg;

	if (desk->session != 0)
		link_to_hub(history_world, desk->session, text, len, false);
}

static bool port_has_room(void *arg)
{
	(void)arg;
	return true;
}

static bool port_picture_start(void *arg)
{
	struct desk *desk = arg;
	struct viewer *viewer = &desk->viewer;
	uint64_t run = viewer->run + 1;

	if (viewer->standing)
		audit_picture_gone(history_world, desk);
	*viewer = (struct viewer){.run = run, .alive = true, .hangs = desk->viewer_trouble == 1};
	world_at(history_world, history_world->now_ms + random_between(&desk->random, 1, desk->viewer_trouble == 2 ? 9000 : 30),
	         viewer_key, desk->index, (int64_t)run, 0, NULL, 0);
	if (desk->viewer_trouble == 0)
		world_at(history_world, history_world->now_ms + random_between(&desk->random, 1, 20000), viewer_dies,
		         desk->index, (int64_t)run, 0, NULL, 0);
	return true;
}

static void port_picture_expect(void *arg, const struct viewer_expect *expect)
{
	struct desk *desk = arg;

	desk->viewer.expected = true;
	desk->viewer.expect = *expect;
}

static void port_picture_sealed(void *arg, const void *data, size_t len)
{
	struct desk *desk = arg;

	world_at(history_world, history_world->now_ms + random_between(&desk->random, 5, 200), viewer_opens,
	         desk->index, (int64_t)desk->viewer.run, 0, data, len);
}

static void port_picture_end(void *arg)
{
	struct desk *desk = arg;

	if (desk->viewer.alive)
		world_at(history_world, history_world->now_ms + random_between(&desk->random, 1, 40), viewer_end,
		         desk->index, (int64_t)desk->viewer.run, 0, NULL, 0);
}

static void port_sign(void *arg, const void *request, size_t len, uint8_t signature[SIGNATURE_BYTES])
{
	(void)arg;
	signed_make(history_world->crypto, SIGNED_REQUEST, request, len, history_world->operator_secret, signature);
}

static void port_sound(void *arg, enum alarm level)
{
	struct desk *desk = arg;
	int64_t now = history_world->now_ms, in_ten = 1;

	desk->sounds[level >= ALARM_LOW ? level - ALARM_LOW : 0]++;
	memmove(&desk->sound_ms[1], &desk->sound_ms[0], sizeof desk->sound_ms - sizeof desk->sound_ms[0]);
	desk->sound_ms[0] = now;
	for (int i = 1; i < 10; i++)
		in_ten += desk->sound_ms[i] != 0 && now - desk->sound_ms[i] < 10 * MS_MINUTE;
	if (in_ten > desk->sounds_in_ten_min_max)
		desk->sounds_in_ten_min_max = in_ten;
	operator_wake(history_world, desk, 1500);
}

static enum err port_zone(void *arg, const char *name, int64_t from_s, int64_t to_s, struct zone_window *zone)
{
	(void)arg;
	(void)name;
	*zone = history_world->centre.zone;
	zone->from_s = zone->from_s > from_s ? zone->from_s : from_s;
	zone->to_s = zone->to_s < to_s ? zone->to_s : to_s;
	return ERR_OK;
}

static void port_quit(void *arg)
{
	(void)arg;
}

/* The link. */

static void connect_hub(struct world *world, const struct event *event)
{
	struct desk *desk = &world->desk[event->a];

	if (desk->model == NULL || desk->session != 0)
		return;
	if (desk->no_link > 0)
		world_at(world, world->now_ms + RETRY_MAX_MS, connect_hub, desk->index, 0, 0, NULL, 0);
	else
		desk->session = link_open_desk(world, desk);
}

void desk_start(struct world *world, struct desk *desk)
{
	struct model_ports ports = {.arg = desk, .send = port_send, .has_room = port_has_room,
	                            .picture_start = port_picture_start, .picture_expect = port_picture_expect,
	                            .picture_sealed = port_picture_sealed, .picture_end = port_picture_end,
	                            .sign = port_sign, .sound = port_sound, .zone = port_zone, .quit = port_quit};
	struct now now = desk_now(world, desk);

	if (desk->model != NULL)
		return;
	desk->model = model_new(&ports, &now);
	desk->session = 0;
	desk->retry_ms = RETRY_FIRST_MS;
	world_at(world, world->now_ms + 50, connect_hub, desk->index, 0, 0, NULL, 0);
	arm(world, desk);
}

static void note_attention(struct world *world, struct desk *desk, bool there)
{
	if (desk->awake_from_ms != 0)
		desk->awake_ms += world->now_ms - desk->awake_from_ms;
	desk->awake_from_ms = there ? world->now_ms : 0;
}

void desk_end(struct world *world, struct desk *desk)
{
	note_attention(world, desk, false);
	if (desk->model == NULL)
		return;
	/* The guardian kills the picture process with its console. */
	if (desk->viewer.standing)
		audit_picture_gone(world, desk);
	desk->viewer.alive = desk->viewer.standing = false;
	desk->viewer.run++;
	if (desk->session != 0)
		link_close_by_peer(world, desk->session);
	model_free(desk->model);
	desk->model = NULL;
	desk->session = 0;
	desk->wants = false;
	desk->typing = NULL;
}

void desk_opened(struct world *world, struct desk *desk, int64_t session)
{
	if (desk->model == NULL || desk->session != session)
		return;
	before(world, desk);
	model_link(desk->model, true);
	after(world, desk);
	desk->retry_ms = RETRY_FIRST_MS;
	note_attention(world, desk, true);
}

/* The hub said that it has a command: if that was an answer, no crash may lose it from now on. */
static void note_done(struct world *world, const struct desk *desk, const struct pending *was)
{
	struct said *said = world->said.items;

	for (int i = 0; i < PENDING_MAX; i++)
		for (size_t s = 0; s < world->said.n; s++)
			if (was[i].command != 0 && desk->model->pending[i].command != was[i].command
			    && was[i].kind == WIRE_ANSWER && said[s].command == was[i].command
			    && said[s].look == was[i].look && strcmp(said[s].operator_id, desk->user) == 0)
				said[s].done = true;
}

void desk_message(struct world *world, struct desk *desk, int64_t session, const void *data, size_t len, bool binary)
{
	struct pending was[PENDING_MAX];
	enum look_phase phase;

	if (desk->model == NULL || desk->session != session)
		return;
	before(world, desk);
	phase = desk->model->look.phase;
	memcpy(was, desk->model->pending, sizeof was);
	if (binary)
		model_binary(desk->model, data, len);
	else if (model_message(desk->model, data, len) != ERR_OK)
		history_fail(world, "wire", "%s does not understand the hub: %.*s", desk->user, (int)len,
		             (const char *)data);
	if (!binary && memmem(data, len, "\"done\"", 6) != NULL)
		note_done(world, desk, was);
	after(world, desk);
	if (desk->model->look.phase != phase)
		operator_wake(world, desk, 300);
}

void desk_closed(struct world *world, struct desk *desk, int64_t session)
{
	if (desk->model == NULL || desk->session != session)
		return;
	desk->session = 0;
	before(world, desk);
	model_link(desk->model, false);
	after(world, desk);
	note_attention(world, desk, false);
	world_at(world, world->now_ms + desk->retry_ms, connect_hub, desk->index, 0, 0, NULL, 0);
	desk->retry_ms = desk->retry_ms * 2 > RETRY_MAX_MS ? RETRY_MAX_MS : desk->retry_ms * 2;
}

/* A key may answer a look: what it meant is compared with what the log will say. */
static void note_said(struct world *world, struct desk *desk, const struct look *was)
{
	const struct look *look = &desk->model->look;

	for (int i = 0; i < was->n_checks; i++) {
		const struct check *check = model_check(desk->model, was->check[i]);
		struct said *said;

		if (look->id != was->id || !look->sent[i] || was->sent[i] || check == NULL)
			continue;
		said = list_new(&world->said, sizeof *said);
		*said = (struct said){.look = was->id, .check = was->check[i], .answer = look->answer[i],
		                       .command = desk->model->last_command};
		memcpy(said->resident, check->resident, sizeof said->resident);
		memcpy(said->operator_id, desk->user, sizeof said->operator_id);
		audit_answer(world, desk, said);
	}
}

void desk_key(struct world *world, struct desk *desk, key_code key)
{
	struct look was;

	if (desk->model == NULL)
		return;
	before(world, desk);
	was = desk->model->look;
	if (world->now_ms - (desk->key_ms > desk->changed_ms ? desk->key_ms : desk->changed_ms) >= 500)
		desk->quiet = true;
	desk->key_ms = world->now_ms;
	/* What asks before it acts stands by itself: a line that was opened in time may be confirmed. */
	if (desk->model->prompt.deed.kind == DEED_ANSWER)
		desk->quiet = true;
	model_key(desk->model, key);
	note_said(world, desk, &was);
	after(world, desk);
}
