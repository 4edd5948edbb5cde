/* help: the command table, for people. */
#include "admin/admin.h"

enum admin_exit help_run(const struct admin *admin, struct args *args)
{
	if (!args_done(args, 0, 1))
		return admin_usage(admin, "help", "help wants one command, or none");
	if (args->n == 1) {
		const struct command *c = command_find(args->word[0]);

		if (c == NULL)
			return admin_usage(admin, "", "there is no command %s", args->word[0]);
		fprintf(admin->out, "tillsynctl %s%s%s\n\t%s\n", c->name,
		        c->arguments[0] ? " " : "", c->arguments, c->sentence);
		return ADMIN_OK;
	}
	fprintf(admin->out,
	        "tillsynctl [--socket PATH] [--keys DIR] COMMAND ...\n\n"
	        "  --socket PATH  the hub's socket (" ADMIN_SOCKET ")\n"
	        "  --keys DIR     the folder that init made; import signs with its key\n\n");
	for (const struct command *c = commands; c->name != NULL; c++)
		fprintf(admin->out, "  %s%s%s\n\t%s\n", c->name, c->arguments[0] ? " " : "",
		        c->arguments, c->sentence);
	fprintf(admin->out, "\nEnds with 0 when all went well, 1 when something was refused or\n"
	        "found, 2 when it was asked wrongly.\n");
	return ADMIN_OK;
}
