/*
 * The rule at the end of a TZif file: what holds after its last transition, in the form of POSIX TZ
 * with RFC 8536's extension (times from -167 to 167 hours). Today's zones are described by it for
 * every year to come.
 */
#ifndef TILLSYN_OS_ZONERULE_H
#define TILLSYN_OS_ZONERULE_H

#include "base/err.h"
#include "base/zonedata.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum zone_day_form {
	ZONE_DAY_MONTH,  /* Mm.w.d: the w-th weekday d of a month; week 5 is the last */
	ZONE_DAY_JULIAN, /* Jn: 1–365, 29 February is never counted */
	ZONE_DAY_ZERO,   /* n: 0–365, 29 February is counted */
};

/* When in a year the clock is changed, by the clock that is about to be changed. */
struct zone_day {
	enum zone_day_form form;
	int32_t month, week, weekday; /* weekday 0 = Sunday, as POSIX has it */
	int32_t day;
	int32_t time_s;
};

struct zone_rule {
	int32_t standard_s, summer_s; /* local = UTC + these */
	bool has_summer;
	struct zone_day summer_begins, summer_ends;
};

/* Hostile text: ERR_PARSE for all that is not exactly one rule. */
enum err zone_rule_parse(const char *text, size_t len, struct zone_rule *rule);

/* The two changes of a year (1–9999), in order of time. The rule must have a summer. */
void zone_rule_year(const struct zone_rule *rule, int32_t year, struct zone_transition out[2]);

#endif
