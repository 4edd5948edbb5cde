/*
 * One row per command: what it is called, where it works, its default keys, and the sentence that
 * help shows. Keys, help and the prompt all come from this table.
 */
#ifndef TILLSYN_CONSOLE_COMMANDS_H
#define TILLSYN_CONSOLE_COMMANDS_H

#include "console/keys.h"

#include <stdbool.h>
#include <stddef.h>

struct model;

/* Contexts, as bits. */
enum {
	IN_TONIGHT = 1,
	IN_LOOK = 2,
	IN_DETAILS = 4,
	IN_PATROL = 8,
	IN_HELP = 16,
	IN_PROMPT = 32,    /* can be typed after ":" */
	IN_LISTS = IN_TONIGHT | IN_PATROL,
	IN_ALL = IN_TONIGHT | IN_LOOK | IN_DETAILS | IN_PATROL | IN_HELP,
};

struct command {
	const char *name;      /* "answer well"; what follows ":" is its first word */
	unsigned contexts;
	const char *keys;      /* as keymaps write them, blanks between; "" = prompt only */
	bool acts;             /* on a resident: guarded against held and typed-ahead keys */
	const char *label;     /* in an action line, NULL = help only */
	const char *sentence;
	void (*run)(struct model *model, const char *words); /* words: what stood behind the name */
};

extern const struct command console_commands[];
extern const size_t n_console_commands;

/* NULL when the key does nothing there. */
const struct command *command_by_key(key_code key, unsigned context);
/* By what was typed after ":"; *words is what stands behind the name. NULL: no such command. */
const struct command *command_by_name(const char *text, const char **words);
/* The first of its keys, as an operator reads it; empty without one. */
void command_key(const struct command *command, char out[KEY_NAME_BYTES]);

#endif
