/*
 * Options by getopt_long; apart from main.c because <getopt.h> and base/option.h name a struct
 * alike.
 */
#include "console/options.h"

#include "base/text.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int options_complain(const char *what, const char *detail)
{
	fprintf(stderr, "tillsyn: %s%s%s\n", what, detail[0] != '\0' ? ": " : "", detail);
	return 2;
}

static void usage(void)
{
	puts("tillsyn --socket PATH --key FILE [--picture-program PATH]\n"
	     "        [--picture auto|symbols|sixel] [--clock-offset MS] [--ascii]");
}

/* Beside this program, wherever it was installed. */
static void beside(char out[PATH_MAX_BYTES])
{
	char self[PATH_MAX_BYTES];
	ssize_t n = readlink("/proc/self/exe", self, sizeof self - 1);
	char *slash;

	self[n > 0 ? n : 0] = '\0';
	slash = strrchr(self, '/');
	if (slash != NULL)
		slash[1] = '\0';
	if (snprintf(out, PATH_MAX_BYTES, "%stillsyn-picture", slash != NULL ? self : "./")
	    >= PATH_MAX_BYTES)
		out[0] = '\0';
}

static bool take_picture(const char *text, enum picture_choice *choice)
{
	static const char *const names[] = {"auto", "symbols", "sixel"};

	for (int i = 0; i < 3; i++)
		if (strcmp(text, names[i]) == 0) {
			*choice = (enum picture_choice)i;
			return true;
		}
	return false;
}

static bool take_option(struct options *options, int option, const char *text)
{
	char *end = NULL;

	switch (option) {
	case 's':
		return text_copy(options->socket, sizeof options->socket, text) == ERR_OK;
	case 'k':
		return text_copy(options->key, sizeof options->key, text) == ERR_OK;
	case 'P':
		return text_copy(options->picture_program, sizeof options->picture_program, text)
		       == ERR_OK;
	case 'p':
		return take_picture(text, &options->picture);
	case 'o':
		options->clock_offset_ms = strtoll(text, &end, 10);
		return end != text && *end == '\0';
	case 'a':
		options->ascii = true;
		return true;
	default:
		return false;
	}
}

/* 0: go on; else the exit status + 1. */
int options_read(struct options *options, int argc, char **argv)
{
	static const struct option known[] = {
		{"socket", required_argument, NULL, 's'},
		{"key", required_argument, NULL, 'k'},
		{"picture-program", required_argument, NULL, 'P'},
		{"picture", required_argument, NULL, 'p'},
		{"clock-offset", required_argument, NULL, 'o'},
		{"ascii", no_argument, NULL, 'a'},
		{"help", no_argument, NULL, 'h'},
		{0},
	};
	int option;

	beside(options->picture_program);
	while ((option = getopt_long(argc, argv, "", known, NULL)) != -1) {
		if (option == 'h') {
			usage();
			return 1;
		}
		if (option == '?' || !take_option(options, option, optarg))
			return 1
			       + (option == '?' ? 2
			                        : options_complain(
							"an option has a value that cannot be used",
							optarg ? optarg : ""));
	}
	if (optind < argc)
		return 1 + options_complain("what is this", argv[optind]);
	if (options->socket[0] == '\0' || options->key[0] == '\0')
		return 1 + options_complain("--socket PATH and --key FILE are needed", "");
	return 0;
}
