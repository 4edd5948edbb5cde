/* The rows of the store that core/ does not define. Plain data; times are UTC ms, 0 = none. */
#ifndef TILLSYN_STORE_ROWS_H
#define TILLSYN_STORE_ROWS_H

#include "base/limits.h"
#include "core/check.h"
#include "core/checkpoint.h"
#include "core/tree.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct resident_row {
	char id[ID_MAX];
	char name[NAME_MAX_BYTES];
	char address[NAME_MAX_BYTES];
	char bed_note[NOTE_MAX_BYTES];
	char door_note[NOTE_MAX_BYTES];
	char phone[PHONE_MAX];
	char agreement[ID_MAX];   /* empty = none */
};

/* The signed agreement as it came, and what the hub knows beside it. */
struct agreement_row {
	char id[ID_MAX];
	uint32_t version;
	size_t doc_len;
	uint8_t doc[AGREEMENT_MAX_BYTES];
	uint8_t signature[SIGNATURE_BYTES];
	int64_t withdrawn_ms;     /* stopped at the hub; a newer signed version may begin again */
};

struct camera_row {
	char id[ID_MAX];
	char serial[ID_MAX];
	char agreement[ID_MAX];
	uint8_t device_key[KEY_BYTES]; /* zeroes until enrolled */
	int64_t enrolled_ms;
	int64_t accepted_ms;      /* acceptance test with the resident present (P12) */
	int64_t last_seen_ms;
	bool connected;
};

enum role { ROLE_OPERATOR, ROLE_UNIT_MANAGER, ROLE_ADMINISTRATOR, ROLES };

struct operator_row {
	char id[ID_MAX];
	char name[NAME_MAX_BYTES];
	char user[ID_MAX];                 /* login name, for the Unix socket */
	uint8_t certificate[HASH_BYTES];   /* zeroes = none */
	uint8_t key[KEY_BYTES];            /* Ed25519, signs look requests */
	enum role role;
};

enum contact_role {
	CONTACT_PATROL,
	CONTACT_SHIFT_LEAD,
	CONTACT_UNIT_MANAGER,
	CONTACT_ON_CALL,
	CONTACT_SUPPORT,
	CONTACT_ROLES
};

struct contact_row {
	char id[ID_MAX];
	char name[NAME_MAX_BYTES];
	char phone[PHONE_MAX];
	enum contact_role role;
	char area[ID_MAX];        /* empty = every area */
	int32_t step;             /* place in the patrol chain; -1 = not in it */
};

struct pause_row {
	char resident[ID_MAX];    /* one open pause a resident */
	int64_t from_ms;
	int64_t to_ms;            /* 0 = no end, then review_ms is set */
	int64_t review_ms;
	char reason[REASON_MAX_BYTES];
	char by[ID_MAX];
};

enum look_state {
	LOOK_CLAIMED,   /* given to a console, request awaited */
	LOOK_RECORDED,  /* its permit is in the log */
	LOOK_SENT,      /* the permit was handed to the agent */
	LOOK_TAKEN,     /* the agent measured an opening */
	LOOK_SHOWN,
	LOOK_OVER,      /* the view ended */
	LOOK_LAPSED,    /* voided before a picture was shown */
	LOOK_FAULT,
	LOOK_STATES,
};

struct look_row {
	int64_t id;               /* given by the store; > 0 */
	int32_t night;
	int32_t n_checks;
	int64_t check[PERSONS_MAX];
	char camera[ID_MAX];
	char agreement[ID_MAX];
	char operator_id[ID_MAX];
	int64_t session;
	int32_t number;           /* 1 first, 2 recheck */
	bool replacement;
	enum look_state state;
	uint8_t permit_id[NONCE_BYTES];
	uint8_t nonce[NONCE_BYTES];
	int64_t claimed_ms, recorded_ms, sent_ms;
	int64_t opened_ms, lens_ms; /* measured by the agent; lens_ms -1 = no report */
	int64_t shown_ms, view_ms;  /* by the picture process; view_ms -1 = none */
	enum cause cause;         /* of LAPSED or FAULT */
};

enum outbox_kind {
	OUTBOX_PERMIT,  /* payload: what WIRE_PERMIT carries, canonical */
	OUTBOX_PAGE,    /* to the present step of page `subject` */
	OUTBOX_STOP,    /* a withdrawal that the agent must hear of */
	OUTBOX_KINDS,
};

struct outbox_row {
	int64_t id;               /* given by the store */
	enum outbox_kind kind;
	int64_t subject;          /* look or page */
	char name[ID_MAX];        /* camera, contact */
	int64_t created_ms;
	int64_t record;           /* the log entry that must be numbered first; 0 = none */
	int64_t attempts, next_at;
	size_t payload_len;
	uint8_t payload[2048];
};

/* A standing alarm: one a kind and subject. */
struct alarm_row {
	int64_t id;               /* given by the store */
	char kind[ID_MAX];        /* "lapsed", "no-check", "signer" … */
	char subject[ID_MAX];     /* resident, camera … or empty */
	enum alarm level;
	char text[NOTE_MAX_BYTES];
	int64_t since_ms;
};

/* A log entry: canonical bytes, salt and leaf hash, beside the columns one searches by. */
struct log_row {
	int64_t id;               /* order of insertion, given by the store */
	int64_t number;           /* place in the log from 0; -1 until it has been numbered */
	int64_t at_ms;
	int32_t type;             /* enum log_type */
	char actor[ID_MAX];
	char resident[ID_MAX];
	int64_t check, look, page;
	uint8_t salt[SALT_BYTES];
	uint8_t leaf[HASH_BYTES];
	size_t len;
	uint8_t canonical[LOG_EVENT_MAX_BYTES];
};

/* A complete subtree of the log's tree (core/tree.h) that is worth keeping. */
struct node_row {
	int64_t place;            /* node_place() */
	uint8_t hash[HASH_BYTES];
};

/* One number for a node's level and its index within it; nodes of a level stand together. */
static inline int64_t node_place(int level, uint64_t index)
{
	return (int64_t)((uint64_t)level << TREE_LEVELS_MAX | index);
}

/* What the log's index (core/index.h) has of a resident. */
struct index_row {
	char resident[ID_MAX];
	int64_t count, last;
	uint8_t chain[HASH_BYTES];
};

struct checkpoint_row {
	int64_t size;             /* of the log that it is about */
	int64_t at_ms;
	size_t len;
	uint8_t note[CHECKPOINT_MAX_BYTES];
};

#endif
