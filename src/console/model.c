/* The model's entries: time, the link, messages, keys. */
#include "console/model_inside.h"

#include "base/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The hub wants to know that somebody is awake, not every key. */
#define ACTIVITY_MS (20 * MS_SECOND)
/* How long a notice stands. */
#define NOTICE_MS (8 * MS_SECOND)
/* Zone data for the night and what a pause may reach beyond it. */
#define ZONE_BEFORE_S (3 * 86400)
#define ZONE_AFTER_S (70 * 86400)

struct model *model_new(const struct model_ports *ports, const struct now *now)
{
	struct model *model = calloc(1, sizeof *model);

	if (model == NULL)
		abort();
	model->ports = *ports;
	model->keymap = keymap_default();
	model->now = *now;
	model->centre.policy = policy_defaults();
	model->centre.elapsed_ms = now->elapsed_ms;
	model->centre.utc_ms = now->utc_ms;
	model->centre.zone = (struct zone_window){.from_s = 0, .to_s = INT64_MAX};
	model->changed_ms = now->elapsed_ms;
	model->follow_top = true;
	model->turns_ms = INT64_MAX;
	model->dirty = true;
	return model;
}

void model_free(struct model *model)
{
	if (model == NULL)
		return;
	model_rows_free(model);
	keymap_free(model->keymap);
	free(model);
}

int64_t model_utc_ms(const struct model *model)
{
	return model->centre.utc_ms + model->now.elapsed_ms - model->centre.elapsed_ms;
}

void model_note(struct model *model, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(model->notice, sizeof model->notice, format, args);
	va_end(args);
	model->notice_ms = model->now.elapsed_ms;
	model->dirty = true;
}

/* A path's last part says enough in a line that is gone soon. */
static const char *short_path(const char *line)
{
	const char *at = line, *end = strstr(line, ": ");

	for (const char *slash = line; slash < end; slash++)
		if (*slash == '/')
			at = slash + 1;
	return at;
}

void model_messages(struct model *model, const struct messages *messages, bool again)
{
	if (again)
		model->messages.n = 0;
	for (int i = 0; i < messages->n; i++)
		messages_add(&model->messages, messages->line[i]);
	model->dirty = true;
	if (messages->n == 0 && again)
		model_note(model, "The console's files have changed and are in use.");
	else if (messages->n == 1)
		model_note(model, "%.160s", short_path(messages->line[0]));
	else if (messages->n > 1)
		model_note(model, "The console's files: %d messages. :messages tells them.",
		           messages->n);
}

void model_changed(struct model *model)
{
	model->armed = false;
	model->typed.n = 0;
	model->changed_ms = model->now.elapsed_ms;
	model->dirty = true;
}

void model_show(struct model *model, enum screen_id screen)
{
	model->screen = screen;
	model->prompt.deed.kind = DEED_NONE;
	model_changed(model);
}

void model_phase(struct model *model, enum look_phase phase)
{
	model->look.phase = phase;
	model->look.phase_ms = model->now.elapsed_ms;
	if (phase != LOOK_SENDING)
		model->prompt.deed.kind = model->prompt.deed.kind == DEED_ANSWER
		                                          && phase == LOOK_QUESTION
		                                  ? DEED_ANSWER
		                                  : DEED_NONE;
	if (model->screen == SCREEN_LOOK)
		model_changed(model);
}

void model_drawn(struct model *model, int top)
{
	/* Beyond the end there is nothing: a key back must be seen at once. */
	if (model->details_top > top)
		model->details_top = top;
	model->named = *model_cursor(model);
	model->dirty = false;
}

/* Time */

void model_tick(struct model *model, const struct now *now)
{
	int64_t before = model_utc_ms(model);

	model->now = *now;
	model_look_tick(model);
	if (model->typed.n > 0 && now->elapsed_ms - model->typed_ms >= TYPED_MS) {
		model->typed.n = 0;
		model->dirty = true;
	}
	if (model->notice[0] != '\0' && now->elapsed_ms - model->notice_ms >= NOTICE_MS) {
		model->notice[0] = '\0';
		model->dirty = true;
	}
	/* What is due and late follows from the clock as well as from the hub's rows. */
	if (!model->loading
	    && (before / MS_MINUTE != model_utc_ms(model) / MS_MINUTE
	        || model_utc_ms(model) >= model->turns_ms))
		model_list_build(model);
	if (model_view_left_ms(model) > 0
	    || (!model->calm
	        && model->alarms_at[ALARM_MEDIUM] + model->alarms_at[ALARM_HIGH] > 0))
		model->dirty = true;
}

static int64_t sooner(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

int64_t model_next_ms(const struct model *model)
{
	int64_t now = model->now.elapsed_ms;
	int64_t next = now + MS_MINUTE - model_utc_ms(model) % MS_MINUTE;

	if (model->turns_ms < INT64_MAX)
		next = sooner(next, now + model->turns_ms - model_utc_ms(model));
	/*
	 * A countdown moves four times a second, a high alarm flashes at 2 Hz, a medium one at 0.5
	 * Hz.
	 */
	if (model_view_left_ms(model) > 0
	    || (!model->calm && model->alarms_at[ALARM_HIGH] > 0))
		next = sooner(next, now + 250 - now % 250);
	else if (!model->calm && model->alarms_at[ALARM_MEDIUM] > 0)
		next = sooner(next, now + 1000 - now % 1000);
	if (model->notice[0] != '\0')
		next = sooner(next, model->notice_ms + NOTICE_MS);
	if (model->typed.n > 0)
		next = sooner(next, model->typed_ms + TYPED_MS);
	if (model->look.phase != LOOK_NONE && model->look.phase <= LOOK_STANDING)
		next = sooner(next, now + MS_SECOND);
	return next > now ? next : now + 1;
}

/* The link */

static void send_hello(struct model *model)
{
	struct wire_message *hello = wire_new(WIRE_HELLO);
	struct buf out = buf_new(MESSAGE_MAX_BYTES);

	wire_set_int(hello, "version", WIRE_VERSION);
	wire_set_text(hello, "program", "tillsyn");
	if (wire_encode(hello, &out) == ERR_OK)
		model->ports.send(model->ports.arg, out.data, out.len);
	buf_free(&out);
	wire_free(hello);
}

void model_link(struct model *model, bool up)
{
	model->dirty = true;
	if (up) {
		send_hello(model);
		return;
	}
	if (model->connected) {
		model->lost_ms = model->now.elapsed_ms;
		model->ports.sound(model->ports.arg, ALARM_HIGH);
	}
	model->connected = false;
	model_pending_link_lost(model);
	model_look_link_lost(model);
	if (!model->loading)
		model_list_build(model);
}

void model_link_failed(struct model *model, const char *why)
{
	text_clean(model->trouble, sizeof model->trouble, why);
	model->dirty = true;
}

/* Messages */

static void take(char *out, size_t size, const char *text)
{
	text_clean(out, size, text);
}

static void take_policy(struct policy *policy, const struct wire_message *message)
{
	policy->view_ms = wire_int(message, "view_ms");
	policy->hard_end_ms = wire_int(message, "hard_end_ms");
	policy->recheck_end_ms = wire_int(message, "recheck_end_ms");
	policy->answer_ms = wire_int(message, "answer_ms");
	policy->lease_ms = wire_int(message, "lease_ms");
	policy->fresh_ms = wire_int(message, "fresh_ms");
	policy->fault_retry_ms = wire_int(message, "fault_retry_ms");
	policy->undo_ms = wire_int(message, "undo_ms");
	policy->camera_work_ms = wire_int(message, "camera_work_ms");
}

static void take_zone(struct model *model, const char *name)
{
	struct zone_window zone;
	int64_t now_s = model->centre.utc_ms / 1000;

	if (model->ports.zone(model->ports.arg, name, now_s - ZONE_BEFORE_S, now_s + ZONE_AFTER_S,
	                      &zone)
	    == ERR_OK)
		model->centre.zone = zone;
	else
		model_note(model, "Times are shown in UTC: the zone %s is not known here.", name);
}

static void take_night(struct model *model, const struct wire_message *message)
{
	model->centre.night_from_ms = wire_int(message, "night_from_ms");
	model->centre.night_to_ms = wire_int(message, "night_to_ms");
}

static enum err welcome(struct model *model, const struct wire_message *message)
{
	struct centre *centre = &model->centre;

	if (wire_int(message, "version") != WIRE_VERSION)
		return ERR_VERSION;
	if (wire_text(message, "operator")[0] == '\0')
		return ERR_PARSE;
	centre->known = true;
	centre->demo = wire_bool(message, "demo");
	centre->utc_ms = wire_int(message, "utc_ms");
	centre->elapsed_ms = model->now.elapsed_ms;
	centre->session = wire_int(message, "session");
	take(centre->operator_id, sizeof centre->operator_id, wire_text(message, "operator"));
	take(centre->operator_name, sizeof centre->operator_name,
	     wire_text(message, "operator_name"));
	take(centre->name, sizeof centre->name, wire_text(message, "centre"));
	take(centre->emergency, sizeof centre->emergency, wire_text(message, "emergency"));
	take_policy(&centre->policy, message);
	take_night(model, message);
	take_zone(model, wire_text(message, "zone"));
	model->connected = true;
	model->loading = true;
	model_pending_resend(model);
	return ERR_OK;
}

static void done(struct model *model, const struct wire_message *message)
{
	struct pending pending;

	if (model_pending_take(model, wire_int(message, "command"), &pending))
		model_look_done(model, &pending);
	if (wire_text(message, "text")[0] != '\0')
		model_note(model, "%s", wire_text(message, "text"));
}

static void refused(struct model *model, const struct wire_message *message)
{
	struct pending pending;

	if (!model_pending_take(model, wire_int(message, "command"), &pending))
		return;
	/* A release that comes too late is nobody's concern. */
	if (pending.kind != WIRE_RELEASE)
		model_look_refused(model, &pending, wire_text(message, "text"));
}

static enum err message_by_kind(struct model *model, const struct wire_message *message)
{
	switch (wire_id(message)) {
	case WIRE_WELCOME:
		return welcome(model, message);
	case WIRE_ERROR:
		model_note(model, "The hub says: %s", wire_text(message, "reason"));
		/* It hangs up after this, and the note goes away sooner than the reason for it. */
		if (!model->connected)
			model_link_failed(model, wire_text(message, "reason"));
		break;
	case WIRE_RESET:
		take_night(model, message);
		/*
		 * The hub may have read other time-zone data; this console's may have come with it.
		 */
		if (model->centre.zone.name[0] != '\0')
			take_zone(model, model->centre.zone.name);
		model_rows_clear(model);
		model->loading = true;
		break;
	case WIRE_LEVEL:
		model->loading = false;
		model_history_ask(model);
		break;
	case WIRE_DONE:
		done(model, message);
		break;
	case WIRE_REFUSED:
		refused(model, message);
		break;
	case WIRE_CLAIMED:
		model_look_claimed(model, message);
		break;
	case WIRE_PERMITTED:
		model_look_permitted(model, message);
		break;
	case WIRE_HISTORY:
		model_history_message(model, message);
		break;
	case WIRE_LOOK_OVER:
		model_look_over(model, message);
		break;
	default:
		return model_rows_message(model, message) == ERR_PARSE ? ERR_PARSE : ERR_OK;
	}
	return ERR_OK;
}

enum err model_message(struct model *model, const void *data, size_t len)
{
	char reason[REASON_MAX_BYTES];
	struct wire_message *message;
	enum err r = wire_decode(WIRE_CONSOLE, WIRE_FROM_HUB,
	                         model->connected ? WIRE_READY : WIRE_NEW, data, len, &message,
	                         reason);

	if (r != ERR_OK) {
		model_note(model, "The hub sent what this console does not understand: %s", reason);
		return r;
	}
	r = message_by_kind(model, message);
	wire_free(message);
	if (r == ERR_OK && !model->loading)
		model_list_build(model);
	model->dirty = true;
	return r;
}

/* Keys */

unsigned model_context(const struct model *model)
{
	static const unsigned contexts[SCREENS] = {
		[SCREEN_TONIGHT] = IN_TONIGHT, [SCREEN_GRID] = IN_TONIGHT,
		[SCREEN_LOOK] = IN_LOOK,       [SCREEN_DETAILS] = IN_DETAILS,
		[SCREEN_PATROL] = IN_PATROL,   [SCREEN_HELP] = IN_HELP,
		[SCREEN_MESSAGES] = IN_HELP,
	};

	return contexts[model->screen];
}

static void send_activity(struct model *model)
{
	if (!model->connected
	    || (model->activity_ms != 0
	        && model->now.elapsed_ms - model->activity_ms < ACTIVITY_MS))
		return;
	model->activity_ms = model->now.elapsed_ms;
	model_send_plain(model, wire_new(WIRE_ACTIVITY));
}

/* Quiet since the screen changed; once it was, keys may follow each other as fast as they like. */
static void listen(struct model *model)
{
	int64_t since = model->input_ms > model->changed_ms ? model->input_ms : model->changed_ms;

	if (model->now.elapsed_ms - since >= QUIET_MS)
		model->armed = true;
	model->input_ms = model->now.elapsed_ms;
}

void model_burst(struct model *model)
{
	model->armed = false;
	model->input_ms = model->now.elapsed_ms;
}

/* A key acts on whom the last frame named, or not at all. */
static bool is_named(struct model *model)
{
	if (model->screen != SCREEN_TONIGHT && model->screen != SCREEN_GRID
	    && model->screen != SCREEN_PATROL)
		return true;
	return model_subject_same(&model->named, model_cursor(model));
}

const char *model_key_words(const struct model *model, const char *command,
                            char out[SEQUENCE_NAME_BYTES])
{
	keymap_key(model->keymap, model_context(model), command_named(command), out);
	return out;
}

void model_set_keymap(struct model *model, struct keymap *map)
{
	keymap_free(model->keymap);
	model->keymap = map;
	model_changed(model);
}

static void note_unknown(struct model *model, const struct key_sequence *keys)
{
	char typed[SEQUENCE_NAME_BYTES], help[SEQUENCE_NAME_BYTES];

	model_key_words(model, "help", help);
	keys_sequence_name(keys, typed);
	if (keys->n > 1)
		model_note(model, "%s does nothing here. %s shows all keys.", typed, help);
	else
		model_note(model, "That key does nothing here. %s shows all keys.", help);
}

static void run_command(struct model *model, const struct command *command)
{
	bool acts = (command->traits & COMMAND_ACTS) != 0;

	if (acts && !model->armed) {
		model_note(model, "Not yet: press it again, by itself.");
	} else if (acts && !is_named(model)) {
		model_changed(model);
		model_note(model, "The row changed under the key: nothing was done.");
	} else {
		model->notice[0] = '\0';
		command->run(model, "");
	}
}

/*
 * A key that does not go on with what was begun is swallowed with it: it was meant as a part of
 * something else. Only Esc, which never acts, is always what it is. What changes the screen or the
 * row under the cursor forgets what was begun (model_changed).
 */
static void take_key(struct model *model, key_code key)
{
	struct key_sequence *typed = &model->typed, done;
	const struct command *command;
	enum keymap_match match;

	if (key == INPUT_ESCAPE)
		typed->n = 0;
	typed->key[typed->n++] = key;
	model->typed_ms = model->now.elapsed_ms;
	match = keymap_match(model->keymap, model_context(model), typed, &command);
	if (match == KEYMAP_BEGUN)
		return;
	done = *typed;
	typed->n = 0;
	if (match == KEYMAP_NOTHING)
		note_unknown(model, &done);
	else
		run_command(model, command);
}

void model_key(struct model *model, key_code key)
{
	model->dirty = true;
	listen(model);
	model->last_key = key;
	send_activity(model);
	if (model->prompt.deed.kind != DEED_NONE)
		model_prompt_key(model, key);
	else
		take_key(model, key);
}
