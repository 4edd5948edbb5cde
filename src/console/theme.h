/* What each meaning looks like on this terminal. */
#ifndef TILLSYN_CONSOLE_THEME_H
#define TILLSYN_CONSOLE_THEME_H

#include "console/canvas.h"

struct theme {
	unsigned long attributes[STYLES]; /* curses' attributes, colour pair included */
	int colours;                      /* 256, 16, 8, or 2 for none */
};

/* After curses has started. NO_COLOR and terminals without colours get attributes only. */
struct theme theme_night(void);

#endif
