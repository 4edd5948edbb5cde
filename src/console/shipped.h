/*
 * The files that the program brings along, compiled in: the defaults are these, and no second list.
 */
#ifndef TILLSYN_CONSOLE_SHIPPED_H
#define TILLSYN_CONSOLE_SHIPPED_H

#include <stddef.h>

struct shipped {
	const char *name;   /* without the ending */
	const unsigned char *text; /* len bytes, no NUL */
	size_t len;
};

/* Ends with a row without a name. */
extern const struct shipped shipped_keymaps[], shipped_themes[];

#endif
