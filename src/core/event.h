/*
 * A log event: who did what to whom, when. Its canonical bytes are ours (base/canon.h), versioned;
 * a leaf commits to them with a random salt, so that the payload can be erased later while proofs
 * hold (RFC 6962 §2.1: leaf hash = SHA-256(0x00 ‖ entry), entry = SHA-256(salt ‖ canonical bytes)).
 */
#ifndef TILLSYN_CORE_EVENT_H
#define TILLSYN_CORE_EVENT_H

#include "base/buf.h"
#include "base/crypto.h"
#include "base/err.h"
#include "base/limits.h"

#include <stdint.h>

/* Numbers are for ever; add at the end. */
enum log_type {
	LOG_HUB_STARTED = 1,
	LOG_HUB_STOPPED,
	LOG_NIGHT_EXPANDED,
	LOG_LOGIN,
	LOG_LOGOUT,
	LOG_LOGIN_REFUSED,
	LOG_CHECK_DUE,
	LOG_CLAIMED,
	LOG_RELEASED,
	LOG_LOOK_REQUESTED,
	LOG_PERMIT_RECORDED,
	LOG_PERMIT_SENT,
	LOG_PERMIT_LAPSED,
	LOG_PERMIT_REFUSED,  /* by the agent */
	LOG_LENS_OPENED,     /* measured by the agent: opened_ms, lens_ms, signature */
	LOG_PICTURE_SHOWN,   /* by the picture process */
	LOG_VIEW_OVER,       /* view_ms */
	LOG_ANSWERED,
	LOG_UNDONE,
	LOG_UNDECIDED,
	LOG_FAULT,
	LOG_RECHECK_DUE,
	LOG_PAGED,
	LOG_PAGE_STATE,      /* submitted, delivered, acknowledged, on site … with contact */
	LOG_PAGE_CALL,       /* a phone call that an operator recorded */
	LOG_SITE_REPORT,     /* resident seen (well, helped, ambulance), or nobody home, no entry, broken off */
	LOG_CHECK_CLOSED,
	LOG_RIGHT_LOST,
	LOG_WITHDRAWN,
	LOG_PAUSED,
	LOG_PAUSE_ENDED,
	LOG_EXCUSED,
	LOG_CAMERA_CONNECTED,
	LOG_CAMERA_LOST,
	LOG_CAMERA_REFUSED,  /* a connection that did not prove its key */
	LOG_IMPORTED,
	LOG_ENROLLED,
	LOG_RECONCILED,
	LOG_ALARM,
	LOG_ALARM_OVER,
	LOG_COMMAND_REFUSED,
	LOG_CLOCK_STEP,
	LOG_FOLLOWED_UP,     /* somebody read the log: who, what filter */
	LOG_ZONE_CHANGED,    /* other time-zone data for this night: count checks moved */
	LOG_CHECK_MOVED,     /* by it: from_ms, to_ms */
	LOG_ERASED,          /* what count entries from before to_ms said; their leaves stand */
	LOG_TYPES,
};

struct log_event {
	enum log_type type;
	int64_t at_ms;
	char actor[ID_MAX];      /* operator, camera, contact; empty = the service itself */
	char resident[ID_MAX];   /* empty = none */
	int64_t check, look, page; /* 0 = none */
	int n_fields;
	struct log_field {
		const char *key;     /* a literal of ours when writing; into the reader's storage when reading */
		char value[REASON_MAX_BYTES];
	} field[LOG_FIELDS_MAX];
};

/*
 * Every key a field may have, NULL-terminated; add what is needed at the end. Keys are for ever,
 * too.
 */
extern const char *const log_event_keys[];

struct log_event log_event(enum log_type type, int64_t at_ms);
/*
 * Values are cleaned and cut to their room (a signature fits as base64); a NULL value adds nothing.
 * A thirteenth field, a key outside log_event_keys and a key given twice assert.
 */
void log_event_text(struct log_event *event, const char *key, const char *value);
void log_event_int(struct log_event *event, const char *key, int64_t value);

/* ERR_PARSE when actor or resident is not clean text; out is as before after an error. */
enum err log_event_encode(const struct log_event *event, struct buf *out);
/*
 * Keys are matched against log_event_keys; an unknown or repeated one gives ERR_PARSE, another
 * version ERR_VERSION.
 */
enum err log_event_decode(struct log_event *event, const void *data, size_t len);
/* The value of a field, NULL when absent. */
const char *log_event_value(const struct log_event *event, const char *key);

void log_leaf_hash(const struct crypto *crypto, const uint8_t salt[SALT_BYTES],
                   const void *canonical, size_t len, uint8_t hash[HASH_BYTES]);

const char *log_type_name(enum log_type type); /* "picture-shown" */
int log_type_from_name(const char *name);      /* -1 */

#endif
