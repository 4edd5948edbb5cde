/* tillsynctl: the administrator's tool. Reads the words before the command, and runs it. */
#include "admin/admin.h"

#include "os/process.h"

#include <signal.h>
#include <string.h>

static enum admin_exit run(int argc, char **argv)
{
	struct admin admin = {.socket = ADMIN_SOCKET, .out = stdout, .err = stderr};
	const struct command *command;
	struct args args, rest;
	int at = 1;

	/* Only what stands before the command is the program's own. */
	while (at < argc && strncmp(argv[at], "--", 2) == 0 && strcmp(argv[at], "--help") != 0)
		at += strchr(argv[at], '=') != NULL ? 1 : 2;
	if (at > argc)
		at = argc;
	args = args_new(at - 1, argv + 1);
	for (const char *value; (value = args_value(&args, "--socket")) != NULL;)
		admin.socket = value;
	for (const char *value; (value = args_value(&args, "--keys")) != NULL;)
		admin.keys = value;
	if (!args_done(&args, 0, 0))
		return admin_usage(&admin, "", "%s is no option, or has no value",
		                   args.fault ? args.fault : args.word[0]);
	if (at == argc)
		return admin_usage(&admin, "", "no command");
	command = command_find(strcmp(argv[at], "--help") == 0 ? "help" : argv[at]);
	if (command == NULL)
		return admin_usage(&admin, "", "there is no command %s", argv[at]);
	rest = args_new(argc - at - 1, argv + at + 1);
	return command->run(&admin, &rest);
}

int main(int argc, char **argv)
{
	process_harden();
	signal(SIGPIPE, SIG_IGN);
	return (int)run(argc, argv);
}
