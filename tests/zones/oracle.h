/*
 * The oracle of local time: the C library's. It is independent, for it shares nothing with what it
 * judges but the source of tzdata: the files are compiled anew (compile.sh) with zic's own
 * expansion of every rule until 2101, and read, searched and turned into dates by glibc's
 * localtime_r, while os/zoneinfo.c reads the system's files and the rules at their ends, and
 * core/zone.c and base/civil.c compute the rest. What a local time means is not computed at all but
 * looked up: all instants of some days are written into a table under the local time they show.
 */
#ifndef TILLSYN_TESTS_ZONES_ORACLE_H
#define TILLSYN_TESTS_ZONES_ORACLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Makes the zone in this file the process's, or the one that this rule describes. */
void oracle_zone(const char *path);
void oracle_rule(const char *rule);

struct oracle_reading {
	int64_t local_s;  /* as core/zone.h counts, from the calendar fields of localtime_r */
	int32_t offset_s; /* tm_gmtoff */
	int32_t weekday;  /* 0 = Monday */
};

struct oracle_reading oracle_read(int64_t utc_s);
/* The first second in (from_s, to_s] whose offset is not that of from_s; there must be one. */
int64_t oracle_change(int64_t from_s, int64_t to_s);

/* The instants of some local days. */
struct oracle_days {
	int64_t from_s, to_s; /* local, both midnights */
	int64_t step_s;       /* 60, or 1 where an offset or a change has odd seconds */
	int64_t utc_from_s;
	size_t n_utc;         /* every step from utc_from_s on: */
	int64_t *local_s;     /* what the clock shows */
	size_t n_local;       /* every step of [from_s, to_s): */
	int64_t *first_s;     /* the first instant to show it; in a gap, the first to show more */
	uint8_t *times;       /* how many instants show it */
};

/* The local days from first to last inclusive, in the present zone. */
struct oracle_days oracle_days(int32_t first, int32_t last);
void oracle_days_free(struct oracle_days *days);
/* The place of a local second in first_s and times; it must lie on a step. */
size_t oracle_at(const struct oracle_days *days, int64_t local_s);

#endif
