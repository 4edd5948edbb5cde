/*
 * What was agreed: decision + consents + slots (SERVICE.md P1, P2, P5). The signed form that a
 * camera holds carries no names, only identifiers. It is encoded as canonical bytes (base/canon.h),
 * signed by the administration key, and the same bytes are kept by hub and agent.
 */
#ifndef TILLSYN_CORE_AGREEMENT_H
#define TILLSYN_CORE_AGREEMENT_H

#include "base/buf.h"
#include "base/crypto.h"
#include "base/err.h"
#include "base/limits.h"
#include "core/policy.h"
#include "core/zone.h"

#include <stdbool.h>
#include <stdint.h>

#define DAY_OPEN INT32_MAX /* no last day */

enum slot_kind {
	SLOT_CAMERA,
	SLOT_VISIT,
};

/* One agreed time or span, recurring by weekday. */
struct slot {
	char id[ID_MAX];
	enum slot_kind kind;
	uint8_t weekdays;           /* bit 0 = Monday; of the date that names the night */
	int32_t from_min;           /* after midnight; before noon: of the night's second date */
	int32_t to_min;             /* end of a span; -1 = a clock time */
	int32_t from_day, to_day;   /* first and last night in which it holds, by their dates */
};

struct person {
	char id[ID_MAX];            /* resident */
	int32_t from_day, to_day;   /* the decision: first and last date on which it is valid */
	bool signed_end;            /* the decision was ended by a signature: its checks stop */
};

/* The resident's own, or of somebody who lives there permanently. */
struct consent {
	char who[ID_MAX];
	int32_t from_day, to_day;   /* DAY_OPEN while it stands */
};

/* Where the hub's policy does not apply; -1 = the policy's. */
struct overrides {
	int64_t start_early_ms, latest_start_ms;
	int64_t recheck_earliest_ms, recheck_due_ms, recheck_late_ms;
	int64_t rechecks;
	int64_t page_unanswered_ms, on_site_ms, visit_report_ms;
};

struct agreement {
	char id[ID_MAX];
	uint32_t version;           /* grows by one with each change */
	char camera[ID_MAX];        /* empty: visits only */
	char zone[ZONE_NAME_MAX];
	char area[ID_MAX];          /* for the patrol chain and incidents */
	int32_t priority;           /* order of need in an incident: 1 first … 9 last */
	bool withdrawn;             /* signed as withdrawn: no look at all */
	bool looks_after_page;      /* hard case 11: one look after power returns is covered */
	int n_persons;              /* 1, or 2 for a couple */
	struct person person[PERSONS_MAX];
	int n_consents;
	struct consent consent[CONSENTS_MAX];
	struct overrides overrides;
	int n_slots;
	struct slot slot[SLOTS_MAX];
};

/* An agreement with no slots and no overrides. */
struct agreement agreement_blank(void);

/*
 * Bounds, identifiers, duplicate slots, times outside the night, persons without a consent: NULL
 * when sound, else a sentence. A camera needs a consent of every person; visits alone need none.
 */
const char *agreement_fault(const struct agreement *agreement, const struct policy *policy);

enum err agreement_encode(const struct agreement *agreement, struct buf *out);
/* Hostile bytes: every field is checked by agreement_fault() with the default policy. */
enum err agreement_decode(struct agreement *agreement, const void *data, size_t len);

/* What is signed: a domain line, then the encoded bytes. */
void agreement_sign(const struct crypto *crypto, const void *encoded, size_t len,
                    const uint8_t secret_key[SECRET_KEY_BYTES], uint8_t signature[SIGNATURE_BYTES]);
bool agreement_verify(const struct crypto *crypto, const void *encoded, size_t len,
                      const uint8_t public_key[KEY_BYTES],
                      const uint8_t signature[SIGNATURE_BYTES]);

/*
 * The hub's policy with the agreement's own values in it, and what follows from them: a recheck's
 * hard end keeps its distance from "late", and who needs help never waits longer than others.
 */
struct policy agreement_policy(const struct agreement *agreement, const struct policy *policy);

/* What the agreement grants one of its persons on one local date (SERVICE.md P1). */
enum right {
	RIGHT_LOOK,      /* a camera look */
	RIGHT_LAPSED,    /* the decision ran out, or a consent is missing: visits, and an alarm */
	RIGHT_WITHDRAWN, /* the agreement is signed as withdrawn: visits */
	RIGHT_NONE,      /* not begun, or ended by a signature: no check */
};

enum right agreement_right(const struct agreement *agreement, int person, int32_t day);

/*
 * The lapse of a decision: days from day until its last day has passed (1 on that day, 0
 * afterwards); INT32_MAX when it is open or has a signed end.
 */
int32_t agreement_days_left(const struct agreement *agreement, int person, int32_t day);

/* Operators whose signed requests an agent accepts; signed like an agreement. */
struct roster {
	uint32_t version;
	int n;
	struct {
		char operator_id[ID_MAX];
		uint8_t key[KEY_BYTES];
	} entry[ROSTER_MAX];
};

enum err roster_encode(const struct roster *roster, struct buf *out);
enum err roster_decode(struct roster *roster, const void *data, size_t len);
void roster_sign(const struct crypto *crypto, const void *encoded, size_t len,
                 const uint8_t secret_key[SECRET_KEY_BYTES], uint8_t signature[SIGNATURE_BYTES]);
bool roster_verify(const struct crypto *crypto, const void *encoded, size_t len,
                   const uint8_t public_key[KEY_BYTES], const uint8_t signature[SIGNATURE_BYTES]);
/* NULL when the operator is not in it. */
const uint8_t *roster_key(const struct roster *roster, const char *operator_id);

#endif
