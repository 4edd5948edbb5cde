/*
 * What each key means where. A keymap file (keymaps/default.keys tells its form) is laid over a map
 * that is compiled in; a line with a fault is left out and said, and a map that would leave an
 * operator without a key she cannot do without is refused whole. No files are read here.
 *
 * Sections inherit: [tonight] and [patrol] from [list], [details] and [help] from [sheet], all and
 * [look] from [everywhere]. The innermost section in which a key stands decides.
 */
#ifndef TILLSYN_CONSOLE_KEYMAP_H
#define TILLSYN_CONSOLE_KEYMAP_H

#include "console/commands.h"
#include "console/fault.h"
#include "console/keys.h"

#include <stddef.h>

struct keymap;

/* The map that is compiled in; never NULL, the caller frees it. Aborts without memory. */
struct keymap *keymap_default(void);
/* Any of the shipped maps, "default", "vi" or "function". NULL: there is none of that name. */
struct keymap *keymap_shipped(const char *name);
/*
 * Reads text (len bytes of any content), named file in faults, over the map below, unless the text
 * names another; NULL: over the default. The caller frees the result. NULL: it was refused whole.
 * Every fault is counted in *n_faults; their number may be large, what is said of them is bounded.
 */
struct keymap *keymap_parse(const char *file, const char *text, size_t len,
                            const struct keymap *below, const struct fault_sink *faults,
                            size_t *n_faults);
void keymap_free(struct keymap *map);

enum keymap_match {
	KEYMAP_NOTHING,
	KEYMAP_BEGUN,   /* more keys must follow */
	KEYMAP_COMMAND,
};
/* context is one bit of commands.h; *command is set for KEYMAP_COMMAND alone. */
enum keymap_match keymap_match(const struct keymap *map, unsigned context,
                               const struct key_sequence *typed, const struct command **command);

/* What an operator reads for a command there: the first of its keys, empty without one. */
void keymap_key(const struct keymap *map, unsigned context, const struct command *command,
                char out[SEQUENCE_NAME_BYTES]);
/* All of them, as many as fit size bytes whole, two blanks between; returns how many it has. */
size_t keymap_keys(const struct keymap *map, unsigned context, const struct command *command,
                   char *out, size_t size);

#endif
