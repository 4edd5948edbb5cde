/*
 * tui.conf: which files are read, and who may overrule whom. The centre's file
 * lies in /etc; over it the user's, or the one of --config in its place; over both the command
 * line. A centre that wants every desk alike locks its file: then it is laid last, no other is
 * read, and theme and keymap are the centre's whatever a command line says (SCREENS.md, tui.conf).
 */
#ifndef TILLSYN_CONSOLE_CONF_H
#define TILLSYN_CONSOLE_CONF_H

#include "base/limits.h"
#include "console/command_line.h"
#include "console/fault.h"
#include "console/options.h"

/* Where files are looked for; an empty path is nowhere. */
struct conf_places {
	char centre[PATH_MAX_BYTES]; /* folder: /etc/tillsyn */
	char user[PATH_MAX_BYTES];   /* folder: $XDG_CONFIG_HOME/tillsyn or ~/.config/tillsyn */
	char home[PATH_MAX_BYTES];   /* what ~/ stands for */
	char file[PATH_MAX_BYTES];   /* of --config, read in place of the user's tui.conf */
};

/* The places of this process's user: the only function here that asks the environment. */
void conf_places(struct conf_places *places, const struct command_line *line);
/*
 * Reads the files, lays the command line over them (or under a locked one), and says each fault;
 * what is faulty keeps the value that it had. Returns the number of faults;
 * that something is not used because of a lock is said and is none. A centre's file that is
 * there but cannot be read locks the console: nobody gets past it by running out of descriptors.
 */
int conf_read(const struct conf_places *places, const struct command_line *line,
              struct options *options, const struct fault_sink *faults);

/*
 * Tries files without starting: the one of --config as if it were the centre's, so that it may
 * lock, or those that would be read.
 */
int conf_check(const struct conf_places *places, struct options *options,
               const struct fault_sink *faults);

/*
 * The paths at which a theme or keymap is looked for, which need not exist; the later is laid over
 * the earlier. folder "themes", suffix ".theme". A name with a slash is one path. A locked console
 * looks nowhere but at the centre's. Returns how many.
 */
enum { CONF_PATHS = 2 };
int conf_paths(const struct conf_places *places, const struct options *options, const char *folder,
               const char *name, const char *suffix, char out[CONF_PATHS][PATH_MAX_BYTES]);
/* The same for tui.conf itself. */
int conf_files(const struct conf_places *places, const struct options *options,
               char out[CONF_PATHS][PATH_MAX_BYTES]);

#endif
