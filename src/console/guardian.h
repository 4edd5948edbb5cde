/*
 * The parent that outlives the console. Whatever kills the console, the picture goes off the
 * screen, the terminal comes back as it was found, and the console starts again where it stood.
 */
#ifndef TILLSYN_CONSOLE_GUARDIAN_H
#define TILLSYN_CONSOLE_GUARDIAN_H

#include <stdbool.h>
#include <stdint.h>

/* What outlives a console: numbers, never a name. */
struct guardian_memory {
	_Atomic int64_t focus; /* the check that the cursor is on; for the console after this one */
	_Atomic bool stood;    /* a console was on the screen: this one comes back at any size */
	_Atomic bool kitty;    /* a picture may stand that only kitty's own sequence takes away */
};

/*
 * Runs the console in a child, again after each death, and returns the exit status of the program.
 * What the console leaves in memory the next one finds there; the first finds zeroes. Without a
 * terminal there is nothing to guard: the console runs in this process. To be called before
 * anything was opened or allocated that a child should have for itself.
 */
int guardian_run(int (*console)(int argc, char **argv, struct guardian_memory *memory), int argc,
                 char **argv);

#endif
