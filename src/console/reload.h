/*
 * tui.conf, theme and keymap while the console runs: taken up when they change. A file with a fault
 * leaves what was good before it, and says what is wrong.
 */
#ifndef TILLSYN_CONSOLE_RELOAD_H
#define TILLSYN_CONSOLE_RELOAD_H

#include "console/conf.h"
#include "console/keymap.h"
#include "console/messages.h"
#include "console/theme_file.h"
#include "net/loop.h"

struct reload;

/*
 * Watches every file that the settings come from or name. changed is called when one of them may
 * say something else; when it suits, reload_read() then is. places and line must outlive it. NULL:
 * no memory.
 */
struct reload *reload_new(struct loop *loop, const struct conf_places *places,
                          const struct command_line *line, const struct options *options,
                          loop_fn *changed, void *arg);
void reload_free(struct reload *reload);

/*
 * Reads all of it again. Of options only what can change while the console runs does: theme,
 * keymap, picture, calm. *map is a new map for the caller to keep, or NULL: the old one stays.
 * Everything said is in messages, that something counts only from the next start as well.
 */
void reload_read(struct reload *reload, struct options *options, struct theme *theme,
                 struct keymap **map, struct messages *messages);

#endif
