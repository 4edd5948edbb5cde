/* The console's settings: the struct, and the option table behind it that files are read by. */
#ifndef TILLSYN_CONSOLE_OPTIONS_H
#define TILLSYN_CONSOLE_OPTIONS_H

#include "base/buf.h"
#include "base/err.h"
#include "base/limits.h"
#include "console/fault.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum picture_choice {
	PICTURE_AUTO,
	PICTURE_SYMBOLS,
	PICTURE_SIXEL,
	PICTURE_KITTY,
	PICTURE_ITERM,
	PICTURE_CHOICES,
};

/* Of types that base/option.h reads. */
struct options {
	char socket[PATH_MAX_BYTES]; /* the hub's, on this machine; or empty: */
	char host[NAME_MAX_BYTES];   /* where the hub is, over TLS */
	int64_t port;
	char certificate[PATH_MAX_BYTES], certificate_key[PATH_MAX_BYTES]; /* the operator's */
	char ca[PATH_MAX_BYTES];     /* who signed the hub's certificate; or empty */
	uint8_t pin[HASH_BYTES];     /* SHA-256 of the hub's public key; or zeroes */
	char key[PATH_MAX_BYTES];
	char picture_program[PATH_MAX_BYTES]; /* tillsyn-picture */
	int64_t picture;             /* enum picture_choice */
	char theme[PATH_MAX_BYTES];  /* a name, or a path with a slash in it */
	char keymap[PATH_MAX_BYTES]; /* the same */
	bool ascii;
	bool calm;
	bool locked;                 /* the centre's file alone decides */
};

/* What console_port is in the hub's settings unless told otherwise. */
enum { CONSOLE_PORT = 7440 };

/* The room for the words of what is wrong with a value. */
enum { OPTIONS_WRONG_MAX = 200 };

void options_defaults(struct options *options);
/*
 * One setting by its name. ERR_NOT_FOUND: there is none. ERR_PARSE: it stays as it is, and wrong
 * (OPTIONS_WRONG_MAX bytes) says what would be right.
 */
enum err options_set(struct options *options, const char *name, const char *value, char *wrong);
/* A file's text over what is there; each faulty line is said and left out. Returns how many. */
int options_lay(struct options *options, const char *path, const char *text, size_t len,
                const struct fault_sink *faults);
/* dist/tui.conf.example. */
enum err options_example(struct buf *out);

/* NULL when the settings go together, else what is missing or one too many. */
const char *options_fault(const struct options *options);
bool options_has_pin(const struct options *options);

#endif
