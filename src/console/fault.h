/*
 * Where faults of the files that people write by hand go: keymaps, themes, tui.conf. A fault is one
 * line, `file:line:column: what`, said as it is found; what it is about is left out and the rest
 * works, since an operator always gets a screen (SCREENS.md, tui.conf).
 */
#ifndef TILLSYN_CONSOLE_FAULT_H
#define TILLSYN_CONSOLE_FAULT_H

#include "base/limits.h"

/* A path at its longest, two numbers, and a sentence. */
enum { FAULT_LINE_BYTES = PATH_MAX_BYTES + 2 * 16 + NOTE_MAX_BYTES };

/* Whoever wants to know; say may be NULL. line is clean text, and only lent. */
struct fault_sink {
	void (*say)(void *arg, const char *line);
	void *arg;
};

/* Where in a file: lines and columns count from 1, columns in bytes; 0 = the file as a whole. */
struct fault_place {
	const char *file;
	int line, column;
};

/* Says "file:line:column: what" once, cleaned: what may hold text from the file. */
void fault_say(const struct fault_sink *sink, const struct fault_place *place, const char *format,
               ...) __attribute__((format(printf, 3, 4)));

#endif
