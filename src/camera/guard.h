/*
 * The lens guard: the one part of the whole service that opens a lens, and it believes nobody. It
 * holds the signed agreement, judges every permit against it and against what it remembers, writes
 * an opening down before the lens moves, bounds the capture, parks again on every path, and
 * measures all of it. It is a state machine without threads or sockets: guard_tick() drives it.
 */
#ifndef TILLSYN_CAMERA_GUARD_H
#define TILLSYN_CAMERA_GUARD_H

#include "base/buf.h"
#include "base/crypto.h"
#include "base/now.h"
#include "camera/driver.h"
#include "camera/holding.h"
#include "camera/keep.h"
#include "camera/openings.h"
#include "core/check.h"
#include "core/permit.h"
#include "core/proof.h"

#include <stdbool.h>
#include <stdint.h>

typedef enum err guard_zone_fn(const char *name, int64_t from_s, int64_t to_s,
                               struct zone_window *window);

struct guard_set_up {
	const char *camera;
	const struct policy *policy;
	const uint8_t *administration_key, *signer_key; /* KEY_BYTES each, public */
	const struct crypto *crypto;
	struct driver driver;      /* becomes the guard's */
	struct keep keep;          /* becomes the guard's */
	guard_zone_fn *zone;       /* os/zoneinfo.h's, or a test's */
};

/* A permit as it came in. */
struct guard_permit {
	const uint8_t *permit;
	size_t permit_len;
	uint8_t permit_signature[SIGNATURE_BYTES];
	const uint8_t *request;
	size_t request_len;
	uint8_t request_signature[SIGNATURE_BYTES];
	const uint8_t *proof;      /* that the look is in the log, encoded */
	size_t proof_len;
};

/* What guard_open() says beside its refusal. */
struct guard_verdict {
	struct look_request request;
	enum proof_fault proof;    /* of PERMIT_NO_PROOF */
	const char *fault;         /* of a granted permit that was not carried out, or NULL */
};

/* How an opening ended. */
struct guard_result {
	struct permit permit;
	enum cause cause;          /* CAUSE_NONE: taken, and the lens is verified parked again */
	const char *words;         /* of a cause; a literal */
	int64_t received_ms;       /* the permit, elapsed */
	int64_t opened_utc_ms;     /* the driver was told to open */
	int64_t lens_ms;           /* until the lens was verified parked, or was given up on */
	int64_t captured_ms, captured_utc_ms;
	struct buf jpeg;           /* the caller's from now on: guard_result_wipe(); empty on a fault */
};

struct guard;

/* On an error driver and keep are freed too. Parks the lens, whatever it was doing. */
enum err guard_new(const struct guard_set_up *set_up, const struct now *now, struct guard **guard);
/* Parks first. NULL is fine. */
void guard_free(struct guard *guard, const struct now *now);

/* The present connection's challenge; NULL: none, and what is open closes at once. */
void guard_connection(struct guard *guard, const uint8_t challenge[NONCE_BYTES]);
/* Ends what is under way, as any fault does, and grants nothing until the next connection. */
void guard_retire(struct guard *guard);
/* What the hub's clock is ahead of ours, measured at the start of this connection. */
void guard_hub_clock(struct guard *guard, int64_t ahead_ms);
/*
 * The wall clock has moved away from ours: one of the two is wrong until a new connection compares
 * again.
 */
void guard_clock_stepped(struct guard *guard);
/* Never before 2025, never further from the hub than the skew allowed, never after a step. */
bool guard_clock_is_sound(const struct guard *guard, const struct now *now);

/* As holding_agreement(); a new version closes what is open for the old one. */
enum err guard_agreement(struct guard *guard, const void *doc, size_t len,
                         const uint8_t signature[SIGNATURE_BYTES], char id[ID_MAX],
                         uint32_t *version);
enum err guard_roster(struct guard *guard, const void *doc, size_t len,
                      const uint8_t signature[SIGNATURE_BYTES], uint32_t *version);
/* Unsigned; closes at once. */
enum err guard_stop(struct guard *guard, const char *agreement, uint32_t version);
/* True when that version is held and a stop lies on it. */
bool guard_is_stopped(const struct guard *guard, const char *agreement);

/*
 * Verifies, judges, has the look proven, and when granted writes checkpoint and opening down and
 * starts to open. A fault says in words why a granted permit was not carried out (the lens is in
 * use, not parked, nothing can be written): then the lens has not moved, and there will be no
 * result.
 */
enum permit_refusal guard_open(struct guard *guard, const struct guard_permit *permit,
                               const struct now *now, struct guard_verdict *verdict);
/* The size of the log whose checkpoint the guard holds; 0 before its first look. */
uint64_t guard_log_size(const struct guard *guard);

/* Moves on; returns the elapsed instant at which it next wants to be called. */
int64_t guard_tick(struct guard *guard, const struct now *now);
/* True once for each opening that has ended. */
bool guard_result(struct guard *guard, struct guard_result *result);
void guard_result_wipe(struct guard *guard, struct guard_result *result);

/* What the camera says, and a word for it: parked, open, unknown. */
enum lens guard_lens(const struct guard *guard, const struct now *now);
const char *guard_lens_name(enum lens lens);
/* Nothing is open, nothing waits to be parked or told. */
bool guard_is_idle(const struct guard *guard);

#endif
