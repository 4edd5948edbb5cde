/* What comes before the screen. Who cannot start says why on standard error. */
#ifndef TILLSYN_CONSOLE_START_H
#define TILLSYN_CONSOLE_START_H

#include "base/crypto.h"
#include "base/err.h"
#include "console/conf.h"
#include "console/options.h"
#include "net/websocket.h"

#include <stdbool.h>
#include <stdint.h>

/*
 * Says on standard output what is wrong with tui.conf, theme and keymap, and what of the theme is
 * hard to read; a file of --config is taken as the centre's. Gives the exit status.
 */
int start_check_config(const struct conf_places *places, const struct command_line *line);

/*
 * 0, or the exit status: not a terminal, or one too small to begin in, which a window may become.
 */
int start_terminal(bool any_size);
/*
 * Where the hub is, which points into options: on this machine the login name says who the operator
 * is, from elsewhere her certificate. 0, or the exit status.
 */
int start_hub(const struct options *options, struct ws_connect *hub);
/* The operator's secret key, into locked memory that the caller frees, also after an error. */
enum err start_key(const struct crypto *crypto, const char *path, uint8_t **secret_key);

#endif
