/* The commands as one table: dispatch, usage lines and help come from it. */
#include "admin/admin.h"

#include "base/text.h"

#include <stdarg.h>
#include <string.h>

const struct command commands[] = {
	{"init", "DIR [--operator ID]...",
         "make the keys of a centre and of its operators; what exists is kept", init_run},
	{"import", "FILE [--apply] [--lift RESIDENT]...",
         "show how FILE differs from what the hub has, and apply it (docs/import.md)", import_run},
	{"enrol", "CAMERA SERIAL RESIDENT KEYHEX [--accepted]",
         "bind a mounted camera's device key; --accepted after the acceptance test", enrol_run},
	{"night", "[DATE]", "the checks of a night, named by the date on which it begins",
         night_run},
	{"log", "[--resident ID] [--actor ID] [--from WHEN] [--to WHEN] [--looks]",
         "who looked, when and how long; --looks: one line a look", log_run},
	{"log export", "[--resident ID] [--since FILE] FILE",
         "the log, or all of it about one resident, as a file that verify can judge (docs/log.md)",
         log_export_run},
	{"log extract", "RESIDENT [--language sv|en]",
         "who looked at a resident, when, how long and what came of it, in words for her",
         log_extract_run},
	{"verify", "FILE [--signer KEYHEX|FILE] [--from FILE]",
         "judge an export of the log, here and without the hub; ends with 1 unless all holds",
         verify_run},
	{"retain", "--before DATE",
         "erase what older entries of the log said; their hashes and all proofs stay", retain_run},
	{"withdraw", "RESIDENT [--reason TEXT]",
         "consent is withdrawn: no more looks, what remains becomes visits", withdraw_run},
	{"pause", "RESIDENT FROM TO|--review WHEN [--reason TEXT]",
         "the resident is away; WHEN is now, 2026-01-31T18:00, or a date: its noon", pause_run},
	{"resume", "RESIDENT", "the pause is over", resume_run},
	{"reconcile", "", "hold decisions against checks; ends with 1 when there is a finding",
         reconcile_run},
	{"excuse", "CHECK staff-on-site|visits-declined|deceased --reason TEXT",
         "end a check without a look or a visit", excuse_run},
	{"check-config", "FILE [--camera|--hub]",
         "list every wrong line of a hub.conf or camera.conf", check_config_run},
	{"help", "[COMMAND]", "this", help_run},
	{0},
};

const struct command *command_find(const char *name)
{
	for (const struct command *c = commands; c->name != NULL; c++)
		if (strcmp(c->name, name) == 0)
			return c;
	return NULL;
}

static void __attribute__((format(printf, 2, 0)))
say(const struct admin *admin, const char *format, va_list args)
{
	char line[512], clean[512];

	vsnprintf(line, sizeof line, format, args);
	text_clean(clean, sizeof clean, line);
	fprintf(admin->err, "tillsynctl: %s\n", clean);
}

enum admin_exit admin_refuse(const struct admin *admin, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	say(admin, format, args);
	va_end(args);
	return ADMIN_REFUSED;
}

enum admin_exit admin_usage(const struct admin *admin, const char *command, const char *format, ...)
{
	const struct command *of = command_find(command);
	va_list args;

	if (format[0] != '\0') {
		va_start(args, format);
		say(admin, format, args);
		va_end(args);
	}
	if (of != NULL)
		fprintf(admin->err, "usage: tillsynctl %s%s%s\n", of->name,
		        of->arguments[0] ? " " : "", of->arguments);
	else
		fprintf(admin->err, "usage: tillsynctl [--socket PATH] [--keys DIR] COMMAND; "
		        "see tillsynctl help\n");
	return ADMIN_USAGE;
}
