/*
 * Whether a theme can be read: what an administrator wants to know before a night, not during it.
 */
#ifndef TILLSYN_CONSOLE_THEME_CONTRAST_H
#define TILLSYN_CONSOLE_THEME_CONTRAST_H

#include "console/theme_file.h"

/*
 * Says for each style whose letters stand out too little (WCAG 2.1, 1.4.3: 4.5 to 1) at how many
 * colours they do so least. name is the theme's. Returns how many styles there are.
 */
int theme_check_contrast(const struct theme *theme, const char *name,
                         const struct fault_sink *faults);

#endif
