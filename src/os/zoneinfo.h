/* Reads a window of one zone's transitions out of the system's TZif files, footer rule included. */
#ifndef TILLSYN_OS_ZONEINFO_H
#define TILLSYN_OS_ZONEINFO_H

#include "base/err.h"
#include "base/zonedata.h"

#include <stddef.h>
#include <stdint.h>

/*
 * name is "Europe/Stockholm"; never a path (dots and a leading slash are refused). Covers [from_s,
 * to_s), which must not be empty. ERR_LIMIT when there are more transitions than
 * ZONE_TRANSITIONS_MAX, ERR_NOT_FOUND for a zone that the system does not have; the window means
 * nothing after an error.
 */
enum err zoneinfo_read(const char *name, int64_t from_s, int64_t to_s, struct zone_window *window);

/* The same from a file's bytes, which may be hostile. */
enum err zoneinfo_parse(const char *name, const void *data, size_t len, int64_t from_s,
                        int64_t to_s, struct zone_window *window);

#endif
