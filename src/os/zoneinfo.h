/* Reads a window of one zone's transitions out of the system's TZif files, footer rule included. */
#ifndef TILLSYN_OS_ZONEINFO_H
#define TILLSYN_OS_ZONEINFO_H

#include "base/err.h"
#include "base/zonedata.h"

#include <stddef.h>
#include <stdint.h>

#define ZONE_PATH_MAX (PATH_MAX_BYTES + ZONE_NAME_MAX)

/*
 * name is "Europe/Stockholm"; never a path (dots and a leading slash are refused). Its file is
 * looked for in the folder of the environment's TZDIR, as the C library does, else in
 * /usr/share/zoneinfo. Covers [from_s, to_s), which must not be empty. ERR_LIMIT when there are
 * more transitions than ZONE_TRANSITIONS_MAX, ERR_NOT_FOUND for a zone that the system does not
 * have; the window means nothing after an error.
 */
enum err zoneinfo_read(const char *name, int64_t from_s, int64_t to_s, struct zone_window *window);

/* Where that file is, for a message: empty after an error. */
enum err zoneinfo_path(const char *name, char path[ZONE_PATH_MAX]);

/* The same from a file's bytes, which may be hostile. */
enum err zoneinfo_parse(const char *name, const void *data, size_t len, int64_t from_s,
                        int64_t to_s, struct zone_window *window);

#endif
