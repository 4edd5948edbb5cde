/* The table of tui.conf. */
#include "console/options.h"

#include "base/option.h"

#include <stddef.h>
#include <string.h>

#define FIELD(field)                                                                                \
	.offset = offsetof(struct options, field), .size = sizeof((struct options *)0)->field

/* In the order of enum picture_choice. */
static const char *const pictures[PICTURE_CHOICES + 1] = {"auto", "symbols", "sixel", "kitty",
                                                          "iterm", NULL};

static const char heading[] =
	"# The console's settings: each with its default, as it is while the line is commented "
        "out.\n"
	"# Copy to ~/.config/tillsyn/tui.conf, or to /etc/tillsyn/tui.conf for every desk.\n"
	"# tillsyn --check-config --config FILE: what is wrong in it.\n\n";

static const struct option table[] = {
	{.name = "socket",
         .type = OPTION_TEXT,
         FIELD(socket),
         .standard = "",
         .sentence = "The hub's Unix socket, where the hub is on this machine: "
                     "/run/tillsyn/hub.sock."},
	{.name = "host",
         .type = OPTION_TEXT,
         FIELD(host),
         .standard = "",
         .sentence = "Where the hub is, when it is elsewhere: a name or an address."},
	{.name = "port",
         .type = OPTION_INT,
         FIELD(port),
         .min = 1,
         .max = 65535,
         .standard = "7440",
         .sentence = "That hub's port for consoles."},
	{.name = "certificate",
         .type = OPTION_TEXT,
         FIELD(certificate),
         .standard = "",
         .sentence = "The operator's certificate for that hub, a PEM file. ~/ is her home folder."},
	{.name = "certificate_key",
         .type = OPTION_TEXT,
         FIELD(certificate_key),
         .standard = "",
         .sentence = "The certificate's secret key, a PEM file."},
	{.name = "ca",
         .type = OPTION_TEXT,
         FIELD(ca),
         .standard = "",
         .sentence = "Who signed that hub's certificate, a PEM file."},
	{.name = "pin",
         .type = OPTION_HEX,
         FIELD(pin),
         .standard = "",
         .sentence = "SHA-256 of that hub's public key; another hub is refused."},
	{.name = "key",
         .type = OPTION_TEXT,
         FIELD(key),
         .standard = "",
         .sentence = "The operator's own secret key, which signs her looks: ~/operator.key."},
	{.name = "picture_program",
         .type = OPTION_TEXT,
         FIELD(picture_program),
         .standard = "",
         .sentence = "The program that draws a picture, in /etc or on the command line; empty: "
                     "tillsyn-picture beside this one."},
	{.name = "picture",
         .type = OPTION_CHOICE,
         FIELD(picture),
         .choices = pictures,
         .standard = "auto",
         .sentence = "How a picture is drawn; auto asks the terminal what it can do."},
	{.name = "theme",
         .type = OPTION_TEXT,
         FIELD(theme),
         .standard = "night",
         .sentence =
                 "Colours: night, paper, contrast, mono, deutan, one of your own by its name, or "
                 "the path of a file."},
	{.name = "keymap",
         .type = OPTION_TEXT,
         FIELD(keymap),
         .standard = "default",
         .sentence = "Keys: default, vi, function, one of your own by its name, or the path of a "
                     "file."},
	{.name = "ascii",
         .type = OPTION_BOOL,
         FIELD(ascii),
         .standard = "no",
         .sentence = "Marks and lines in ASCII alone."},
	{.name = "calm",
         .type = OPTION_BOOL,
         FIELD(calm),
         .standard = "no",
         .sentence = "Alarms stand inverse and do not flash."},
	{.name = "locked",
         .type = OPTION_BOOL,
         FIELD(locked),
         .standard = "no",
         .sentence = "In /etc/tillsyn/tui.conf: this file decides, and no other is read."},
	{.name = NULL},
};

void options_defaults(struct options *options)
{
	*options = (struct options){0};
	option_parse(table, options, "", "", 0, false, NULL, NULL);
}

enum err options_set(struct options *options, const char *name, const char *value, char *wrong)
{
	_Static_assert(OPTIONS_WRONG_MAX >= OPTION_WRONG_MAX, "the words fit");
	return option_set(table, options, name, value, wrong);
}

int options_lay(struct options *options, const char *path, const char *text, size_t len,
                const struct fault_sink *faults)
{
	return option_lay(table, options, path, text, len, faults->say, faults->arg);
}

enum err options_example(struct buf *out)
{
	enum err r = buf_add_text(out, heading);

	return r != ERR_OK ? r : option_example(table, out);
}

bool options_has_pin(const struct options *options)
{
	static const uint8_t none[HASH_BYTES];

	return memcmp(options->pin, none, sizeof none) != 0;
}

const char *options_fault(const struct options *options)
{
	bool network = options->host[0] != '\0', pin = options_has_pin(options);
	bool shows = options->certificate[0] != '\0' && options->certificate_key[0] != '\0';
	bool for_network = options->port != CONSOLE_PORT || options->certificate[0] != '\0'
	                   || options->certificate_key[0] != '\0' || options->ca[0] != '\0' || pin;

	if (options->key[0] == '\0' || network == (options->socket[0] != '\0'))
		return "--key FILE and either --socket PATH or --host NAME are needed, "
		       "here or in tui.conf";
	if (!network && for_network)
		return "on this machine the login name decides: "
		       "certificates, --pin and --port go with --host";
	if (network && !shows)
		return "--host needs --certificate FILE and --certificate-key FILE";
	if (network && options->ca[0] == '\0' && !pin)
		return "--host needs --ca FILE or --pin HEX, to know the hub by";
	return NULL;
}
