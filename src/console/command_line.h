/* What the console is told on its command line: the settings of tui.conf, and a few words more. */
#ifndef TILLSYN_CONSOLE_COMMAND_LINE_H
#define TILLSYN_CONSOLE_COMMAND_LINE_H

#include <stdbool.h>
#include <stdint.h>

/* One setting of the command line: a name of tui.conf, and a value that is sound. Of argv. */
struct given {
	const char *name, *value;
};

enum { GIVEN_MAX = 32 };

struct command_line {
	struct given given[GIVEN_MAX];
	int n_given;
	const char *config;      /* the file to read in place of the user's, or NULL */
	bool check_config;       /* say what is wrong with the files, and no more */
	int64_t clock_offset_ms; /* demonstrations: the console's clock differs by so much */
};

/* 0: go on. Else the exit status + 1; what was wrong has been said. */
int command_line_read(struct command_line *line, int argc, char **argv);
/* Says one line on standard error; gives the exit status for it. */
int command_line_complain(const char *what, const char *detail);

#endif
