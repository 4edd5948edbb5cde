/*
 * By getopt_long; apart from options.c because <getopt.h> and base/option.h name a struct alike.
 */
#include "console/command_line.h"

#include "base/text.h"
#include "console/options.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What is no setting of tui.conf. */
enum { WORD_SETTING = 1, WORD_FLAG, WORD_CONFIG, WORD_CHECK, WORD_CLOCK, WORD_HELP };

int command_line_complain(const char *what, const char *detail)
{
	fprintf(stderr, "tillsyn: %s%s%s\n", what, detail[0] != '\0' ? ": " : "", detail);
	return 2;
}

static void usage(void)
{
	puts("tillsyn --socket PATH --key FILE [options]              the hub on this machine\n"
	     "tillsyn --host NAME [--port NUMBER] --certificate FILE --certificate-key FILE\n"
	     "        [--ca FILE] [--pin HEX] --key FILE [options]    a hub elsewhere\n"
	     "tillsyn --check-config [--config FILE]                  what is wrong with its "
	     "files\n"
	     "options: [--theme NAME] [--keymap NAME] [--calm] [--ascii]\n"
	     "        [--picture auto|symbols|sixel|kitty|iterm] [--picture-program PATH]\n"
	     "        [--config FILE] [--clock-offset MS]\n"
	     "The hub is known by an authority's certificate (--ca), by the SHA-256 of its public\n"
	     "key (--pin), or by both; the operator by her certificate. Each of these can stand "
	     "in\n"
	     "tui.conf as well; the command line goes before it.");
}

/* The setting that a word of the command line stands for: picture_program for --picture-program. */
static const char *setting_name(const char *word)
{
	return strcmp(word, "certificate-key") == 0   ? "certificate_key"
	       : strcmp(word, "picture-program") == 0 ? "picture_program"
	                                              : word;
}

/* Refused here and now, where its author still looks at it. */
static const char *give(struct command_line *line, const char *word, const char *value,
                        char wrong[OPTIONS_WRONG_MAX])
{
	struct options scratch;
	const char *name = setting_name(word);

	if (line->n_given == GIVEN_MAX)
		return "is one option too many";
	if (value[0] == '\0')
		return "needs a value";
	options_defaults(&scratch);
	if (options_set(&scratch, name, value, wrong) != ERR_OK)
		return wrong;
	line->given[line->n_given++] = (struct given){name, value};
	return NULL;
}

static const char *take_word(struct command_line *line, int kind, const char *word,
                             const char *value, char wrong[OPTIONS_WRONG_MAX])
{
	char *end = NULL;

	switch (kind) {
	case WORD_SETTING:
		return give(line, word, value, wrong);
	case WORD_FLAG:
		return give(line, word, "yes", wrong);
	case WORD_CONFIG:
		line->config = value;
		return value[0] == '\0' || strlen(value) >= PATH_MAX_BYTES
		               ? "needs the path of a file"
		               : NULL;
	case WORD_CHECK:
		line->check_config = true;
		return NULL;
	default:
		line->clock_offset_ms = strtoll(value, &end, 10);
		return end == value || *end != '\0' ? "must be whole milliseconds" : NULL;
	}
}

static bool is_given(const struct command_line *line, const char *name)
{
	for (int i = 0; i < line->n_given; i++)
		if (text_equal(line->given[i].name, name))
			return true;
	return false;
}

int command_line_read(struct command_line *line, int argc, char **argv)
{
	static const struct option known[] = {
		{"socket", required_argument, NULL, WORD_SETTING},
		{"host", required_argument, NULL, WORD_SETTING},
		{"port", required_argument, NULL, WORD_SETTING},
		{"certificate", required_argument, NULL, WORD_SETTING},
		{"certificate-key", required_argument, NULL, WORD_SETTING},
		{"ca", required_argument, NULL, WORD_SETTING},
		{"pin", required_argument, NULL, WORD_SETTING},
		{"key", required_argument, NULL, WORD_SETTING},
		{"picture-program", required_argument, NULL, WORD_SETTING},
		{"picture", required_argument, NULL, WORD_SETTING},
		{"theme", required_argument, NULL, WORD_SETTING},
		{"keymap", required_argument, NULL, WORD_SETTING},
		{"ascii", no_argument, NULL, WORD_FLAG},
		{"calm", no_argument, NULL, WORD_FLAG},
		{"config", required_argument, NULL, WORD_CONFIG},
		{"check-config", no_argument, NULL, WORD_CHECK},
		{"clock-offset", required_argument, NULL, WORD_CLOCK},
		{"help", no_argument, NULL, WORD_HELP},
		{0},
	};
	int kind, which = 0;

	while ((kind = getopt_long(argc, argv, "", known, &which)) != -1) {
		char wrong[OPTIONS_WRONG_MAX];
		const char *fault;

		if (kind == WORD_HELP) {
			usage();
			return 1;
		}
		if (kind == '?')
			return 1 + 2;
		fault = take_word(line, kind, known[which].name, optarg, wrong);
		if (fault != NULL) {
			fprintf(stderr, "tillsyn: --%s: %s\n", known[which].name, fault);
			return 1 + 2;
		}
	}
	if (optind < argc)
		return 1 + command_line_complain("what is this", argv[optind]);
	if (is_given(line, "socket") && (is_given(line, "host") || is_given(line, "port")))
		return 1 + command_line_complain("--host and --port are for a hub elsewhere, "
		                            "--socket for the hub on this machine", "");
	return 0;
}
