/*
 * tillsynctl's commands: one file each, listed in commands.c. A command writes its result to out
 * and one clear line to err when it cannot; it returns how the program ends.
 */
#ifndef TILLSYN_ADMIN_ADMIN_H
#define TILLSYN_ADMIN_ADMIN_H

#include "admin/args.h"

#include <stdio.h>

#define ADMIN_SOCKET "/run/tillsyn/hub.sock"

enum admin_exit {
	ADMIN_OK = 0,
	ADMIN_REFUSED = 1, /* refused, not possible, or a finding */
	ADMIN_USAGE = 2,
};

/* What a command works with. */
struct admin {
	const char *socket; /* the hub's */
	const char *keys;   /* the folder with the administration key; NULL = not named */
	FILE *out, *err;
};

typedef enum admin_exit command_fn(const struct admin *admin, struct args *args);

struct command {
	const char *name;
	const char *arguments;
	const char *sentence;
	command_fn *run;
};

/* Ends with a NULL name. */
extern const struct command commands[];

/* NULL when there is no such command. */
const struct command *command_find(const char *name);

/* One line on err, "tillsynctl: …"; returns ADMIN_REFUSED. */
enum admin_exit admin_refuse(const struct admin *admin, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
/* The same and how the command is written; returns ADMIN_USAGE. */
enum admin_exit admin_usage(const struct admin *admin, const char *command, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

command_fn init_run, import_run, enrol_run, night_run, log_run, withdraw_run, pause_run, resume_run,
	reconcile_run, excuse_run, verify_run, retain_run, check_config_run, help_run;
/* log's own: the word after it says which. */
command_fn log_export_run, log_extract_run;

#endif
