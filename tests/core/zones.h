/*
 * Real zones for the tests of zone, agreement and night: the system's data, around the two clock
 * changes that the tests know by heart. Stockholm: 2026-10-25 03:00 becomes 02:00, 2027-03-28 02:00
 * becomes 03:00.
 */
#ifndef TILLSYN_TESTS_CORE_ZONES_H
#define TILLSYN_TESTS_CORE_ZONES_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/now.h"
#include "core/zone.h"
#include "os/zoneinfo.h"

static inline int64_t local_s(int32_t year, int32_t month, int32_t day, int32_t hour,
                              int32_t minute)
{
	return (int64_t)civil_to_days(year, month, day) * 86400 + hour * 3600 + minute * 60;
}

/* A UTC instant, written like a local one. */
static inline int64_t utc_ms(int32_t year, int32_t month, int32_t day, int32_t hour, int32_t minute)
{
	return local_s(year, month, day, hour, minute) * MS_SECOND;
}

static inline struct zone_window zone_named(const char *name)
{
	struct zone_window zone;

	assert_int_equal(
		zoneinfo_read(name, local_s(2026, 1, 1, 0, 0), local_s(2029, 1, 1, 0, 0), &zone),
		ERR_OK);
	return zone;
}

static inline struct zone_window stockholm(void)
{
	return zone_named("Europe/Stockholm");
}

#endif
