/* A command's words: options out, arguments left. */
#include "admin/args.h"

#include <string.h>

struct args args_new(int argc, char **argv)
{
	struct args args = {0};

	for (int i = 0; i < argc && args.n < ARGS_MAX; i++)
		args.word[args.n++] = argv[i];
	if (argc > ARGS_MAX)
		args.fault = argv[ARGS_MAX];
	return args;
}

static void take(struct args *args, int at, int n)
{
	args->n -= n;
	memmove(args->word + at, args->word + at + n,
	        (size_t)(args->n - at) * sizeof args->word[0]);
}

bool args_word(struct args *args, const char *word)
{
	if (args->n == 0 || strcmp(args->word[0], word) != 0)
		return false;
	take(args, 0, 1);
	return true;
}

bool args_flag(struct args *args, const char *option)
{
	bool found = false;

	for (int i = 0; i < args->n;) {
		if (strcmp(args->word[i], option) != 0) {
			i++;
			continue;
		}
		take(args, i, 1);
		found = true;
	}
	return found;
}

const char *args_value(struct args *args, const char *option)
{
	size_t len = strlen(option);

	for (int i = 0; i < args->n; i++) {
		const char *word = args->word[i], *value;

		if (strncmp(word, option, len) != 0 || (word[len] != '\0' && word[len] != '='))
			continue;
		if (word[len] == '=') {
			take(args, i, 1);
			return word + len + 1;
		}
		if (i + 1 == args->n) {
			args->fault = args->fault ? args->fault : word;
			take(args, i, 1);
			return NULL;
		}
		value = args->word[i + 1];
		take(args, i, 2);
		return value;
	}
	return NULL;
}

bool args_done(struct args *args, int least, int most)
{
	for (int i = 0; i < args->n; i++)
		if (args->fault == NULL && strncmp(args->word[i], "--", 2) == 0)
			args->fault = args->word[i];
	return args->fault == NULL && args->n >= least && args->n <= most;
}
