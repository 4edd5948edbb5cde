/*
 * Local time at the centre, which is the hub's zone whatever the machine of the administrator
 * thinks: for reading dates that people type and for writing instants that people read.
 */
#ifndef TILLSYN_ADMIN_LOCAL_H
#define TILLSYN_ADMIN_LOCAL_H

#include "base/err.h"
#include "base/zonedata.h"

#include <stdint.h>

/* The zone around an instant: five years back, two ahead. */
enum err local_zone(const char *name, int64_t utc_ms, struct zone_window *zone);

/* "2026-01-31": days since 1970. */
enum err local_date(const char *text, int32_t *days);

/*
 * "now", "2026-01-31T18:00", or "2026-01-31" alone, which is that date's noon: between two nights,
 * so that the night named by the date is the first one after it. ERR_PARSE.
 */
enum err local_when(const struct zone_window *zone, const char *text, int64_t now_ms,
                    int64_t *utc_ms);

#define LOCAL_TEXT_MAX 24

/* "2026-01-31 01:14:31", with A or B behind it in an hour that exists twice. */
void local_text(const struct zone_window *zone, int64_t utc_ms, char out[LOCAL_TEXT_MAX]);
/* "01:14", with A or B. */
void local_clock(const struct zone_window *zone, int64_t utc_ms, char out[LOCAL_TEXT_MAX]);
/* "2026-01-31" */
void local_day(int32_t days, char out[LOCAL_TEXT_MAX]);

#endif
