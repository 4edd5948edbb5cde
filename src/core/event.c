/*
 * Log events to canonical bytes and back, and their names. What stands here decides what every log
 * ever written means, so types and keys are only added to.
 */
#include "core/event.h"

#include "base/canon.h"
#include "base/text.h"

#include <assert.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#define EVENT_VERSION 1

const char *const log_event_keys[] = {
	/* what the event is about, beside the columns */
	"night",
	"slot",
	"start_ms",
	"due_ms",
	"agreement",
	"agreement_version",
	"version",
	"camera",
	"serial",
	"area",
	"pair",
	"kind",
	"note",
	"level",
	"subject",
	"id",
	/* who and from where */
	"operator",
	"operator_name",
	"session",
	"user",
	"program",
	"role",
	"contact",
	"by",
	"second",
	"peer",
	/* the check */
	"state",
	"outcome",
	"cause",
	"reason",
	"answer",
	"undone",
	"look_number",
	"replacement",
	"event",
	"refusal",
	"command",
	"urgent",
	"late_ms",
	/* the look */
	"permit",
	"permit_id",
	"nonce",
	"challenge",
	"picture_key",
	"request",
	"request_hash",
	"record_hash",
	"from_ms",
	"to_ms",
	"opened_ms",
	"lens_ms",
	"result",
	"lens",
	"signature",
	"taken_ms",
	"shown_ms",
	"view_ms",
	"words",
	/* the page */
	"step",
	"channel",
	"page_state",
	"held",
	"report",
	"checks",
	/* administration and follow-up */
	"standing",
	"review_ms",
	"doc_hash",
	"device_key",
	"accepted",
	"filter",
	"count",
	"missing",
	"name",
	"text",
	"day",
	"epoch",
	"size",
	"residents",
	"agreements",
	"demo",
	/* clock */
	"step_ms",
	"utc_ms",
	"elapsed_ms",
	"boot_id",
	"offset_ms",
	"synchronised",
	/* the log's own proofs */
	"proof",
	NULL,
};

static const char *const type_names[LOG_TYPES] = {
	[LOG_HUB_STARTED] = "hub-started",
	[LOG_HUB_STOPPED] = "hub-stopped",
	[LOG_NIGHT_EXPANDED] = "night-expanded",
	[LOG_LOGIN] = "login",
	[LOG_LOGOUT] = "logout",
	[LOG_LOGIN_REFUSED] = "login-refused",
	[LOG_CHECK_DUE] = "check-due",
	[LOG_CLAIMED] = "claimed",
	[LOG_RELEASED] = "released",
	[LOG_LOOK_REQUESTED] = "look-requested",
	[LOG_PERMIT_RECORDED] = "permit-recorded",
	[LOG_PERMIT_SENT] = "permit-sent",
	[LOG_PERMIT_LAPSED] = "permit-lapsed",
	[LOG_PERMIT_REFUSED] = "permit-refused",
	[LOG_LENS_OPENED] = "lens-opened",
	[LOG_PICTURE_SHOWN] = "picture-shown",
	[LOG_VIEW_OVER] = "view-over",
	[LOG_ANSWERED] = "answered",
	[LOG_UNDONE] = "undone",
	[LOG_UNDECIDED] = "undecided",
	[LOG_FAULT] = "fault",
	[LOG_RECHECK_DUE] = "recheck-due",
	[LOG_PAGED] = "paged",
	[LOG_PAGE_STATE] = "page-state",
	[LOG_PAGE_CALL] = "page-call",
	[LOG_SITE_REPORT] = "site-report",
	[LOG_CHECK_CLOSED] = "check-closed",
	[LOG_RIGHT_LOST] = "right-lost",
	[LOG_WITHDRAWN] = "withdrawn",
	[LOG_PAUSED] = "paused",
	[LOG_PAUSE_ENDED] = "pause-ended",
	[LOG_EXCUSED] = "excused",
	[LOG_CAMERA_CONNECTED] = "camera-connected",
	[LOG_CAMERA_LOST] = "camera-lost",
	[LOG_CAMERA_REFUSED] = "camera-refused",
	[LOG_IMPORTED] = "imported",
	[LOG_ENROLLED] = "enrolled",
	[LOG_RECONCILED] = "reconciled",
	[LOG_ALARM] = "alarm",
	[LOG_ALARM_OVER] = "alarm-over",
	[LOG_COMMAND_REFUSED] = "command-refused",
	[LOG_CLOCK_STEP] = "clock-step",
	[LOG_FOLLOWED_UP] = "followed-up",
	[LOG_ZONE_CHANGED] = "zone-changed",
	[LOG_CHECK_MOVED] = "check-moved",
	[LOG_ERASED] = "erased",
};

/* The literal of ours that spells key, NULL when there is none. */
static const char *known_key(const char *key)
{
	for (int i = 0; log_event_keys[i] != NULL; i++)
		if (strcmp(log_event_keys[i], key) == 0)
			return log_event_keys[i];
	return NULL;
}

struct log_event log_event(enum log_type type, int64_t at_ms)
{
	assert(type >= LOG_HUB_STARTED && type < LOG_TYPES);
	return (struct log_event){.type = type, .at_ms = at_ms};
}

void log_event_text(struct log_event *event, const char *key, const char *value)
{
	struct log_field *field;

	if (value == NULL)
		return;
	assert(event->n_fields < LOG_FIELDS_MAX);
	assert(known_key(key) != NULL && log_event_value(event, key) == NULL);
	field = &event->field[event->n_fields++];
	field->key = known_key(key);
	text_clean(field->value, sizeof field->value, value);
}

void log_event_int(struct log_event *event, const char *key, int64_t value)
{
	char text[24];

	snprintf(text, sizeof text, "%" PRId64, value);
	log_event_text(event, key, text);
}

const char *log_event_value(const struct log_event *event, const char *key)
{
	for (int i = 0; i < event->n_fields; i++)
		if (strcmp(event->field[i].key, key) == 0)
			return event->field[i].value;
	return NULL;
}

enum err log_event_encode(const struct log_event *event, struct buf *out)
{
	size_t start = out->len;
	struct canon_writer w = canon_write(out);

	/*
	 * The reader refuses what is not clean, and a record that cannot be read must not be
	 * written.
	 */
	if (!text_is_clean(event->actor) || !text_is_clean(event->resident))
		return ERR_PARSE;
	canon_put_u8(&w, EVENT_VERSION);
	canon_put_u32(&w, (uint32_t)event->type);
	canon_put_i64(&w, event->at_ms);
	canon_put_text(&w, event->actor);
	canon_put_text(&w, event->resident);
	canon_put_i64(&w, event->check);
	canon_put_i64(&w, event->look);
	canon_put_i64(&w, event->page);
	canon_put_u8(&w, (uint8_t)event->n_fields);
	for (int i = 0; i < event->n_fields; i++) {
		canon_put_text(&w, event->field[i].key);
		canon_put_text(&w, event->field[i].value);
	}
	if (w.err != ERR_OK)
		out->len = start;
	return w.err;
}

static void decode_field(struct log_event *event, struct canon_reader *r)
{
	struct log_field *field = &event->field[event->n_fields];
	char key[ID_MAX];

	canon_text(r, key, sizeof key);
	canon_text(r, field->value, sizeof field->value);
	field->key = known_key(key);
	if (r->err == ERR_OK && (field->key == NULL || log_event_value(event, key) != NULL))
		r->err = ERR_PARSE;
	if (r->err == ERR_OK)
		event->n_fields++;
}

enum err log_event_decode(struct log_event *event, const void *data, size_t len)
{
	struct canon_reader r = canon_read(data, len);
	uint8_t version = canon_u8(&r);
	uint32_t type = canon_u32(&r);
	int fields;

	*event = (struct log_event){0};
	if (r.err == ERR_OK && version != EVENT_VERSION)
		return ERR_VERSION;
	if (r.err == ERR_OK && (type < LOG_HUB_STARTED || type >= LOG_TYPES))
		r.err = ERR_PARSE;
	event->type = (enum log_type)type;
	event->at_ms = canon_i64(&r);
	canon_text(&r, event->actor, sizeof event->actor);
	canon_text(&r, event->resident, sizeof event->resident);
	event->check = canon_i64_in(&r, 0, INT64_MAX);
	event->look = canon_i64_in(&r, 0, INT64_MAX);
	event->page = canon_i64_in(&r, 0, INT64_MAX);
	fields = canon_u8(&r);
	if (r.err == ERR_OK && fields > LOG_FIELDS_MAX)
		r.err = ERR_LIMIT;
	for (int i = 0; i < fields && r.err == ERR_OK; i++)
		decode_field(event, &r);
	return canon_end(&r);
}

void log_leaf_hash(const struct crypto *crypto, const uint8_t salt[SALT_BYTES],
                   const void *canonical, size_t len, uint8_t hash[HASH_BYTES])
{
	uint8_t entry[SALT_BYTES + LOG_EVENT_MAX_BYTES];
	uint8_t leaf[1 + HASH_BYTES] = {0x00};

	assert(len <= LOG_EVENT_MAX_BYTES);
	memcpy(entry, salt, SALT_BYTES);
	memcpy(entry + SALT_BYTES, canonical, len);
	crypto->sha256(leaf + 1, entry, SALT_BYTES + len);
	crypto->sha256(hash, leaf, sizeof leaf);
}

const char *log_type_name(enum log_type type)
{
	assert(type >= LOG_HUB_STARTED && type < LOG_TYPES);
	return type_names[type];
}

int log_type_from_name(const char *name)
{
	for (int i = LOG_HUB_STARTED; i < LOG_TYPES; i++)
		if (strcmp(type_names[i], name) == 0)
			return i;
	return -1;
}
