/*
 * Which files make a theme: the shipped one of that name, or night, with the centre's and the
 * user's files of the name laid over it. The shipped ones are compiled in.
 */
#ifndef TILLSYN_CONSOLE_THEMES_H
#define TILLSYN_CONSOLE_THEMES_H

#include "console/conf.h"
#include "console/theme_file.h"

/* Compiled in; without a fault. False: none is called that, and theme is night. */
bool themes_shipped(const char *name, struct theme *theme);

/*
 * The theme that the settings name. Each fault is said and what is faulty left out, so that theme
 * is always one to draw with. Returns the number of faults.
 */
int themes_load(const struct conf_places *places, const struct options *options,
                struct theme *theme, const struct fault_sink *faults);
/* The paths that it reads; returns how many. */
int themes_paths(const struct conf_places *places, const struct options *options,
                 char out[CONF_PATHS][PATH_MAX_BYTES]);

#endif
