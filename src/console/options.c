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
	puts("tillsyn --socket PATH --key FILE [options]              the hub on this machine\n"
	     "tillsyn --host NAME [--port NUMBER] --certificate FILE --certificate-key FILE\n"
	     "        [--ca FILE] [--pin HEX] --key FILE [options]    a hub elsewhere\n"
	     "options: [--picture-program PATH] [--picture auto|symbols|sixel|kitty|iterm]\n"
	     "        [--clock-offset MS] [--ascii]\n"
	     "The hub is known by an authority's certificate (--ca), by the SHA-256 of its public\n"
	     "key (--pin), or by both; the operator by her certificate.");
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
	static const char *const names[PICTURE_CHOICES] = {"auto", "symbols", "sixel", "kitty",
	                                                   "iterm"};

	for (int i = 0; i < PICTURE_CHOICES; i++)
		if (strcmp(text, names[i]) == 0) {
			*choice = (enum picture_choice)i;
			return true;
		}
	return false;
}

static bool take_port(const char *text, uint16_t *port)
{
	char *end = NULL;
	long number = strtol(text, &end, 10);

	*port = (uint16_t)number;
	return end != text && *end == '\0' && number > 0 && number <= UINT16_MAX;
}

static bool take_path(char path[PATH_MAX_BYTES], const char *text)
{
	return text[0] != '\0' && text_copy(path, PATH_MAX_BYTES, text) == ERR_OK;
}

static bool take_option(struct options *options, int option, const char *text)
{
	char *end = NULL;

	switch (option) {
	case 's':
		return take_path(options->socket, text);
	case 'H':
		return text[0] != '\0'
		       && text_copy(options->host, sizeof options->host, text) == ERR_OK;
	case 'n':
		return take_port(text, &options->port);
	case 'c':
		return take_path(options->certificate, text);
	case 'C':
		return take_path(options->certificate_key, text);
	case 'A':
		return take_path(options->ca, text);
	case 'i':
		options->has_pin = true;
		return text_from_hex(options->pin, HASH_BYTES, text) == ERR_OK;
	case 'k':
		return take_path(options->key, text);
	case 'P':
		return take_path(options->picture_program, text);
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

/* NULL when they go together. */
static const char *options_fault(const struct options *options)
{
	bool network = options->host[0] != '\0';
	bool shows = options->certificate[0] != '\0' && options->certificate_key[0] != '\0';
	bool for_network = options->port != 0 || options->certificate[0] != '\0'
	                   || options->certificate_key[0] != '\0' || options->ca[0] != '\0'
	                   || options->has_pin;

	if (options->key[0] == '\0' || network == (options->socket[0] != '\0'))
		return "--key FILE and either --socket PATH or --host NAME are needed";
	if (!network && for_network)
		return "on this machine the login name decides: "
		       "certificates, --pin and --port go with --host";
	if (network && !shows)
		return "--host needs --certificate FILE and --certificate-key FILE";
	if (network && options->ca[0] == '\0' && !options->has_pin)
		return "--host needs --ca FILE or --pin HEX, to know the hub by";
	return NULL;
}

/* 0: go on; else the exit status + 1. */
int options_read(struct options *options, int argc, char **argv)
{
	static const struct option known[] = {
		{"socket", required_argument, NULL, 's'},
		{"host", required_argument, NULL, 'H'},
		{"port", required_argument, NULL, 'n'},
		{"certificate", required_argument, NULL, 'c'},
		{"certificate-key", required_argument, NULL, 'C'},
		{"ca", required_argument, NULL, 'A'},
		{"pin", required_argument, NULL, 'i'},
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
	if (options_fault(options) != NULL)
		return 1 + options_complain(options_fault(options), "");
	if (options->port == 0)
		options->port = CONSOLE_PORT;
	return 0;
}
