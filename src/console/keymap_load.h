/* Where an operator's keys come from: the map that is named, and the files of that name over it. */
#ifndef TILLSYN_CONSOLE_KEYMAP_LOAD_H
#define TILLSYN_CONSOLE_KEYMAP_LOAD_H

#include "console/conf.h"
#include "console/keymap.h"

/*
 * The map that the settings name: a shipped one, then the centre's file of that name, then the
 * operator's, each over the one before; or one file by its path, over the default map. Never NULL:
 * a file that is refused, or that is not there, leaves what lies below it. Each fault is said and
 * counted. The caller frees the map.
 */
struct keymap *keymap_load(const struct conf_places *places, const struct options *options,
                           const struct fault_sink *faults, size_t *n_faults);
/* The paths that it reads, for who wants to notice a change; returns how many. */
int keymap_paths(const struct conf_places *places, const struct options *options,
                 char out[CONF_PATHS][PATH_MAX_BYTES]);

#endif
