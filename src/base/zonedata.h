/* A stretch of one time zone's history, as os/zoneinfo.h reads it and core/zone.h uses it. */
#ifndef TILLSYN_BASE_ZONEDATA_H
#define TILLSYN_BASE_ZONEDATA_H

#include "base/limits.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct zone_transition {
	int64_t at_s;     /* UTC second from which the new offset holds */
	int32_t offset_s; /* local = UTC + offset */
};

/* Valid for UTC seconds in [from_s, to_s); transitions ascend and lie inside. */
struct zone_window {
	char name[ZONE_NAME_MAX];
	int64_t from_s, to_s;
	int32_t offset_before_s; /* the offset at from_s */
	size_t n;
	struct zone_transition transition[ZONE_TRANSITIONS_MAX];
};

/*
 * The form of "Europe/Stockholm": letters, digits, / _ + -; no dots, so that it is never a path
 * upwards.
 */
bool zone_name_is_sound(const char *name);

#endif
