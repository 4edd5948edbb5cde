/*
 * Messages: JSON text with a flat object, checked against one table (wire/message.def). Unknown,
 * missing, surplus, ill-typed, oversized or out-of-turn is refused with a reason and changes
 * nothing.
 *
 * The key "message" names the kind. A field is named by its literal; asking a message for a field
 * that its kind does not have asserts.
 */
#ifndef TILLSYN_WIRE_MESSAGE_H
#define TILLSYN_WIRE_MESSAGE_H

#include "base/buf.h"
#include "base/err.h"
#include "base/limits.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define WIRE_VERSION 1
#define WIRE_CONSOLE_PROTOCOL "tillsyn-console.1"
#define WIRE_CAMERA_PROTOCOL "tillsyn-camera.1"
#define WIRE_ADMIN_PROTOCOL "tillsyn-admin.1"

/* Who talks with the hub; bits of a kind's protocols. */
enum wire_protocol {
	WIRE_CONSOLE = 1,
	WIRE_ADMIN = 2,
	WIRE_CAMERA = 4,
};

enum wire_from {
	WIRE_FROM_PEER, /* console, tillsynctl or agent → hub */
	WIRE_FROM_HUB,
};

/* Where a session stands; bits of a kind's states. */
enum wire_state {
	WIRE_NEW = 1,   /* connected, hello not yet accepted */
	WIRE_READY = 2, /* identified */
};

enum wire_id {
	/* every session */
	WIRE_HELLO,
	WIRE_WELCOME,
	WIRE_ERROR,
	WIRE_DONE,
	WIRE_REFUSED,
	/* hub → console (and tillsynctl where it asked) */
	WIRE_RESET,
	WIRE_CHECK,
	WIRE_RESIDENT,
	WIRE_PAGE_ROW,
	WIRE_CAMERA_ROW,
	WIRE_CONTACT,
	WIRE_OPERATOR,
	WIRE_ALARM,
	WIRE_ALARM_OVER,
	WIRE_LEVEL,
	WIRE_CLAIMED,
	WIRE_PERMITTED,
	WIRE_LOOK_OVER,
	WIRE_LOG_ENTRY,
	WIRE_HISTORY,
	WIRE_LINE,
	WIRE_EXPORT_HEAD,
	WIRE_EXPORT_ENTRY,
	WIRE_ERASED,
	/* console → hub (some also from tillsynctl) */
	WIRE_ACTIVITY,
	WIRE_CLAIM,
	WIRE_RELEASE,
	WIRE_LOOK,
	WIRE_SHOWN,
	WIRE_VIEW_OVER,
	WIRE_VIEWER_FAULT,
	WIRE_ANSWER,
	WIRE_PAGE,
	WIRE_PAGE_EVENT,
	WIRE_SITE_REPORT,
	WIRE_UNDO,
	WIRE_WITHDRAW,
	WIRE_PAUSE,
	WIRE_RESUME,
	WIRE_EXCUSE,
	WIRE_LOG_QUERY,
	WIRE_HISTORY_QUERY,
	/* tillsynctl → hub */
	WIRE_IMPORT_BEGIN,
	WIRE_IMPORT_RESIDENT,
	WIRE_IMPORT_AGREEMENT,
	WIRE_IMPORT_CAMERA,
	WIRE_IMPORT_OPERATOR,
	WIRE_IMPORT_CONTACT,
	WIRE_IMPORT_ROSTER,
	WIRE_IMPORT_DIFF,
	WIRE_IMPORT_APPLY,
	WIRE_AGREEMENTS_QUERY,
	WIRE_NIGHT_QUERY,
	WIRE_ENROL,
	WIRE_RECONCILE,
	WIRE_EXPORT_QUERY,
	WIRE_EXPORT_MORE,
	WIRE_RETAIN,
	/* hub → agent, and hub → tillsynctl (agreement, roster) */
	WIRE_CHALLENGE,
	WIRE_AGREEMENT,
	WIRE_ROSTER,
	WIRE_STOP,
	WIRE_PERMIT,
	/* agent → hub */
	WIRE_CAMERA_HELLO,
	WIRE_LOG_HELD,
	WIRE_HOLDING,
	WIRE_LENS,
	WIRE_MEASURED,
	WIRE_PERMIT_REFUSED,
	WIRE_CAMERA_FAULT,
	WIRE_IDS,
};

enum wire_type {
	WIRE_INT = 1, /* an integer in [min, max] */
	WIRE_BOOL,
	WIRE_TEXT,    /* clean UTF-8 (base/text.h), min–max bytes */
	WIRE_NAME,    /* an identifier, or empty where min is 0 */
	WIRE_BYTES,   /* base64 of min–max bytes */
};

struct wire_field {
	const char *name;
	enum wire_type type;
	int64_t min, max;
	bool optional;
};

#define WIRE_FIELDS_MAX 56

struct wire_kind {
	const char *name;
	uint8_t protocols; /* enum wire_protocol bits */
	enum wire_from from;
	uint8_t states;    /* enum wire_state bits in which the receiver accepts it */
	const struct wire_field *fields; /* ends with a NULL name */
};

/* Indexed by enum wire_id; the whole of the protocol. */
extern const struct wire_kind wire_kinds[WIRE_IDS];

struct wire_message;

/*
 * Decodes and checks one text message. On an error *message is NULL and reason holds a sentence fit
 * to be sent back. ERR_PARSE, ERR_LIMIT, ERR_DENIED (not from you, not now).
 */
enum err wire_decode(enum wire_protocol protocol, enum wire_from from, enum wire_state state,
                     const void *data, size_t len, struct wire_message **message,
                     char reason[REASON_MAX_BYTES]);
struct wire_message *wire_new(enum wire_id id); /* aborts without memory */
void wire_free(struct wire_message *message);   /* NULL is fine */
enum wire_id wire_id(const struct wire_message *message);

bool wire_has(const struct wire_message *message, const char *field);
int64_t wire_int(const struct wire_message *message, const char *field);      /* 0 when absent */
bool wire_bool(const struct wire_message *message, const char *field); /* false when absent */
const char *wire_text(const struct wire_message *message,
                      const char *field); /* "" when absent; message's */
/* NULL and 0 when absent; message's. */
const uint8_t *wire_bytes(const struct wire_message *message, const char *field, size_t *len);
/* Exactly size bytes, by the table; zeroes when absent. */
void wire_fixed(const struct wire_message *message, const char *field, void *out, size_t size);

void wire_set_int(struct wire_message *message, const char *field, int64_t value);
void wire_set_bool(struct wire_message *message, const char *field, bool value);
/*
 * Text is cut to the field's max at a code point, and cleaned. A name is kept as it is, since a cut
 * one would be another's: what is no name is refused by wire_encode().
 */
void wire_set_text(struct wire_message *message, const char *field, const char *text);
void wire_set_bytes(struct wire_message *message, const char *field, const void *data, size_t len);

/*
 * Appends one line of JSON without its end of line, fields in the table's order. A missing
 * mandatory field asserts; a value that the table does not allow gives ERR_LIMIT.
 */
enum err wire_encode(const struct wire_message *message, struct buf *out);

#endif
