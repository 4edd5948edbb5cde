/* What keymap.c, keymap_bind.c and keymap_parse.c share. */
#ifndef TILLSYN_CONSOLE_KEYMAP_INSIDE_H
#define TILLSYN_CONSOLE_KEYMAP_INSIDE_H

#include "console/keymap.h"

#include <stdbool.h>

/* Three times what the shipped maps bind together; a file that binds more is no keymap. */
enum { BINDINGS_MAX = 512 };

/* A part of the file, and of the screens. */
struct keymap_section {
	const char *name;
	const struct keymap_section *parent; /* whose keys work here too */
	unsigned screens;                    /* as contexts of commands.h */
};

extern const struct keymap_section keymap_sections[];
extern const size_t n_keymap_sections;

struct binding {
	const struct keymap_section *section;
	struct key_sequence keys;
	const struct command *command;       /* NULL: "none" stands there, also for what is inherited */
	int line;                            /* of the file that is being read, 0 = laid below it */
};

struct keymap {
	struct binding binding[BINDINGS_MAX]; /* in the order of the file, which is the order shown */
	size_t n;
};

bool keymap_sequence_equal(const struct key_sequence *a, const struct key_sequence *b);
/* a is the beginning of b, and shorter. */
bool keymap_sequence_begins(const struct key_sequence *a, const struct key_sequence *b);
/* The binding that decides there, "none" too; NULL without one. */
const struct binding *keymap_find(const struct keymap *map, unsigned context,
                                  const struct key_sequence *keys);
/*
 * keymap_bind.c: adds a binding, or puts it in place of one that lay below. false: it may not stand
 * there, and what (NOTE_MAX_BYTES) says why.
 */
bool keymap_bind(struct keymap *map, const struct binding *binding, char what[NOTE_MAX_BYTES]);
bool keymap_has_key(const struct keymap *map, unsigned context, const struct command *command);

#endif
