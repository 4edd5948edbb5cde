/*
 * One row per command: what it is called, where it works, and the sentence that help shows.
 * Keymaps, help and the prompt all come from this table; which key runs it is the keymap's.
 */
#ifndef TILLSYN_CONSOLE_COMMANDS_H
#define TILLSYN_CONSOLE_COMMANDS_H

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
	IN_SHEETS = IN_DETAILS | IN_HELP,
	IN_ALL = IN_TONIGHT | IN_LOOK | IN_DETAILS | IN_PATROL | IN_HELP,
};

/* What a keymap and the guards must know of a command, as bits. */
enum {
	COMMAND_ACTS = 1,  /* on a resident: guarded against held and typed-ahead keys */
	COMMAND_ASKS = 2,  /* opens the line that another key confirms */
	COMMAND_OPENS = 4, /* a look: the same key must not answer it */
	COMMAND_NEEDED = 8, /* no keymap may leave it without a key on a screen where it works */
};

struct command {
	const char *name;      /* "answer well"; what follows ":" is its first word */
	unsigned contexts;
	unsigned traits;
	const char *label;     /* in an action line, NULL = help only */
	const char *sentence;
	void (*run)(struct model *model, const char *words); /* words: what stood behind the name */
};

extern const struct command console_commands[];
extern const size_t n_console_commands;

/* NULL: no command has that name. */
const struct command *command_named(const char *name);
/* By what was typed after ":"; *words is what stands behind the name. NULL: no such command. */
const struct command *command_by_name(const char *text, const char **words);
#endif
