/*
 * The right to open one lens once (SERVICE.md: permit), the operator's signed request behind it,
 * and the judgement of both. The judge is pure so that the agent's lens guard, the hub and a test
 * use the same.
 *
 * Signatures are over a domain line and canonical bytes. The permit is signed by the log's signer
 * key, the request by the operator's own key: a hub alone can make neither look nor lens.
 */
#ifndef TILLSYN_CORE_PERMIT_H
#define TILLSYN_CORE_PERMIT_H

#include "base/buf.h"
#include "base/crypto.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/now.h"
#include "core/agreement.h"
#include "core/night.h"

#include <stdbool.h>
#include <stdint.h>

struct look_request {
	int64_t look;
	char camera[ID_MAX];
	int n_checks;
	int64_t check[PERSONS_MAX];
	uint8_t challenge[NONCE_BYTES];   /* of the agent's present connection */
	uint8_t picture_key[KEY_BYTES];   /* X25519, of the picture process */
	int64_t at_ms;                    /* UTC, console's hub time */
	char operator_id[ID_MAX];
};

enum err look_request_encode(const struct look_request *request, struct buf *out);
enum err look_request_decode(struct look_request *request, const void *data, size_t len);

struct permit {
	uint8_t id[NONCE_BYTES];          /* single use */
	uint8_t nonce[NONCE_BYTES];       /* the snapshot must carry it */
	int64_t look;
	char camera[ID_MAX];
	char agreement[ID_MAX];
	uint32_t agreement_version;
	char slot[ID_MAX];
	int32_t night;
	int32_t look_number;              /* 1 first, 2 recheck */
	bool replacement;                 /* the one technical replacement of that look */
	uint8_t challenge[NONCE_BYTES];   /* of the agent's present connection */
	uint8_t picture_key[KEY_BYTES];
	int64_t from_ms, to_ms;           /* its interval, UTC */
	uint8_t request_hash[HASH_BYTES]; /* SHA-256 of the encoded request it answers */
	uint8_t record_hash[HASH_BYTES];  /* leaf hash of its log record */
};

enum err permit_encode(const struct permit *permit, struct buf *out);
enum err permit_decode(struct permit *permit, const void *data, size_t len);

/*
 * What is signed is domain line + encoded bytes; the domains keep a signature from meaning two
 * things.
 */
enum signed_kind {
	SIGNED_PERMIT,
	SIGNED_REQUEST,
	SIGNED_HELLO,
	SIGNED_MEASURE,
	SIGNED_SNAPSHOT,
	SIGNED_AGREEMENT,
	SIGNED_ROSTER,
	SIGNED_KINDS,
};

void signed_make(const struct crypto *crypto, enum signed_kind kind, const void *encoded,
                 size_t len, const uint8_t secret_key[SECRET_KEY_BYTES],
                 uint8_t signature[SIGNATURE_BYTES]);
bool signed_check(const struct crypto *crypto, enum signed_kind kind, const void *encoded,
                  size_t len, const uint8_t public_key[KEY_BYTES],
                  const uint8_t signature[SIGNATURE_BYTES]);

/* Openings that a lens guard remembers, per agreement × slot × night; kept on disk by the agent. */
struct opening {
	char agreement[ID_MAX];
	char slot[ID_MAX];
	int32_t night;
	int32_t look_number;              /* 0: the permit is spent, but the lens was never opened for it */
	bool replacement;
	int64_t at_ms;
	uint8_t permit_id[NONCE_BYTES];
};

/* What the guard knows when it judges. Pointers are the caller's. */
struct guard_view {
	const char *camera;
	const uint8_t *challenge;         /* NONCE_BYTES, of the present connection */
	const struct agreement *agreement;/* NULL: holds none of that id */
	bool stopped;                     /* an unsigned stop arrived for this version: closing needs no proof */
	bool clock_sound;                 /* the agent's own judgement of its clock */
	int64_t hub_ahead_ms;             /* the hub's clock less ours, as far as the skew allowed; 0 on the hub */
	const struct zone_window *zone;   /* of the agreement */
	const struct policy *policy;
	const struct opening *opening;    /* n_openings of them */
	size_t n_openings;
};

/* Every way to say no, in the order in which they are tried. */
enum permit_refusal {
	PERMIT_GRANTED,
	PERMIT_BAD_SIGNATURE,
	PERMIT_BAD_REQUEST,      /* request hash, fields or the operator's signature do not agree */
	PERMIT_UNKNOWN_OPERATOR,
	PERMIT_OTHER_CAMERA,
	PERMIT_OLD_CONNECTION,   /* challenge of another connection */
	PERMIT_REPLAYED,
	PERMIT_CLOCK,
	PERMIT_EXPIRED,
	PERMIT_NOT_YET,
	PERMIT_TOO_LONG,         /* its interval is longer than policy allows */
	PERMIT_NO_AGREEMENT,
	PERMIT_WITHDRAWN,
	PERMIT_LAPSED,
	PERMIT_OUTSIDE_TIME,     /* not within an agreed slot's right tonight */
	PERMIT_NO_RIGHT_LEFT,    /* that look has been taken, or a recheck before the first look */
	PERMIT_TOO_EARLY,        /* a recheck sooner than agreed */
	PERMIT_NO_PROOF,         /* the look is not proven to be in the log: core/proof.h */
	PERMIT_REFUSALS,
};

/*
 * Judges a decoded permit whose signatures the caller has verified (permit_verify), by everything
 * but the signatures. night_expand() on the held agreement decides the times. The recheck's right
 * is bounded by what the guard can know: from the first opening + recheck_earliest (less the clock
 * skew allowed), to the slot's hard end + recheck_end.
 */
enum permit_refusal permit_judge(const struct permit *permit, const struct guard_view *view,
                                 const struct now *now);

/*
 * Verifies permit and request signatures and that they speak of the same look, camera, challenge,
 * key.
 */
enum permit_refusal permit_verify(const struct crypto *crypto, const void *permit_bytes,
                                  size_t permit_len,
                                  const uint8_t permit_signature[SIGNATURE_BYTES],
                                  const void *request_bytes, size_t request_len,
                                  const uint8_t request_signature[SIGNATURE_BYTES],
                                  const uint8_t signer_key[KEY_BYTES], const struct roster *roster,
                                  struct permit *permit, struct look_request *request);

const char *permit_refusal_name(enum permit_refusal refusal); /* "outside-time" */
const char *permit_refusal_text(enum permit_refusal refusal); /* a sentence */
int permit_refusal_from_name(const char *name);               /* -1 when unknown */

#endif
