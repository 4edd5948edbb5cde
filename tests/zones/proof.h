/*
 * What the proofs share: a zone with its files, and the refusal. Each zone is proven in a process
 * of its own, since the C library's zone is the process's, and since it keeps every abbreviation it
 * has met and searches them all each time.
 */
#ifndef TILLSYN_TESTS_ZONES_PROOF_H
#define TILLSYN_TESTS_ZONES_PROOF_H

#include "core/zones.h"
#include "zones/oracle.h"

#include "base/buf.h"

#include <sys/types.h>

#define DAY_S 86400

struct zone {
	char name[ZONE_NAME_MAX];
	struct buf system, slim; /* the files' bytes; compile.sh says what slim is */
	ino_t inode;
	bool wanted;
};

/* How much is done, and what was done: in memory that the processes share. */
struct extent {
	bool all;
	char folder[64];
	int64_t zones, changes, minutes, checks;
};

struct proof {
	const struct zone *zone;
	struct extent *extent;
	int64_t *change_s;
	size_t changes;
};

/* Says so and ends the zone's process. */
_Noreturn void proof_refuse(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* "2027-03-28 01:00:00 UTC", in a place that the next call uses again. */
const char *proof_words(int64_t at_s);

#define AGREE(found, expected, zone, at_s, what) \
	do { \
		if ((found) != (expected)) \
			proof_refuse("%s at %s: %s is %lld, and the oracle says %lld", \
			             (zone)->name, proof_words(at_s), what, (long long)(found), \
			             (long long)(expected)); \
	} while (0)

/* A file of the zone as the hub would read it at this time. */
struct zone_window proof_window(const struct zone *zone, const struct buf *file, int64_t at_s);
/* kind is "long" or "slim": compile.sh. */
void proof_ask(const struct proof *proof, const char *kind);

/* rules.c: rules by lot. */
void proof_rules(const struct extent *extent);
/* offsets.c: every hour from 1970 to 2100; finds the changes. */
void proof_offsets(struct proof *proof);
/* nights.c: every minute of a change's days, and every check of its nights. */
void proof_nights(const struct proof *proof, int64_t change_s);

#endif
