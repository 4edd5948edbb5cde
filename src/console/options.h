/* What the console is told on its command line. */
#ifndef TILLSYN_CONSOLE_OPTIONS_H
#define TILLSYN_CONSOLE_OPTIONS_H

#include "base/limits.h"

#include <stdbool.h>
#include <stdint.h>

enum picture_choice {
	PICTURE_AUTO,
	PICTURE_SYMBOLS,
	PICTURE_SIXEL,
	PICTURE_KITTY,
	PICTURE_ITERM,
	PICTURE_CHOICES,
};

/* What console_port is in the hub's settings unless told otherwise. */
enum { CONSOLE_PORT = 7440 };

struct options {
	char socket[PATH_MAX_BYTES]; /* the hub's, on this machine; or empty: */
	char host[NAME_MAX_BYTES];   /* where the hub is, over TLS */
	uint16_t port;
	char certificate[PATH_MAX_BYTES], certificate_key[PATH_MAX_BYTES]; /* the operator's */
	char ca[PATH_MAX_BYTES];     /* who signed the hub's certificate; or empty */
	bool has_pin;
	uint8_t pin[HASH_BYTES];     /* SHA-256 of the hub's public key */
	char key[PATH_MAX_BYTES];
	char picture_program[PATH_MAX_BYTES]; /* tillsyn-picture, unless told otherwise beside this
	                                         program */
	enum picture_choice picture;
	int64_t clock_offset_ms;
	bool ascii;
};

/* 0: go on. Else the exit status + 1; what was wrong has been said. */
int options_read(struct options *options, int argc, char **argv);
/* Says one line on standard error; gives the exit status for it. */
int options_complain(const char *what, const char *detail);

#endif
