/* A theme as curses takes it, on the terminal that there is. */
#ifndef TILLSYN_CONSOLE_THEME_H
#define TILLSYN_CONSOLE_THEME_H

#include "console/theme_file.h"

struct paint {
	unsigned long attributes[STYLE_SLOTS]; /* curses' attributes, colour pair included */
	int colours;                           /* of the terminal, as enum depth */
};

/*
 * After curses has started; again when the theme has changed. NO_COLOR and terminals without
 * colours show a theme that is made of colours as the mono theme does, by attributes alone.
 */
void theme_paint(const struct theme *theme, struct paint *paint);

#endif
