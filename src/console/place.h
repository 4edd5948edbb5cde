/*
 * The picture's place on this terminal: in which way it is drawn there, where, and what becomes of
 * it when the window or the font changes. The terminal is asked at the start and after every
 * change. While the picture process draws or blanks, nobody else may.
 */
#ifndef TILLSYN_CONSOLE_PLACE_H
#define TILLSYN_CONSOLE_PLACE_H

#include "console/options.h"
#include "console/picture.h"
#include "console/screen.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

struct place;

struct place_parts {
	struct screen *screen;
	struct picture *picture;
	const struct options *settings; /* which may be read anew meanwhile */
	/* Set once a picture may be on the screen that only kitty's own sequence takes away. */
	_Atomic bool *kitty;
	/* There is no room for the picture, or it cannot be drawn again: the view is to end. */
	void (*lost)(void *arg, const char *why);
	/* A setting cannot be followed on this terminal. */
	void (*say)(void *arg, const char *line);
	/* The whole screen is to be drawn again. */
	void (*redraw)(void *arg);
	void *arg;
};

/* Asks the terminal: to be called before the first frame. Aborts without memory. */
struct place *place_new(const struct place_parts *parts);
void place_free(struct place *place);

/* A look begins: its picture process was started. */
void place_begin(struct place *place);
/* The permit; it is passed on with the place, as soon as the terminal has answered. */
void place_expect(struct place *place, const struct viewer_expect *expect);
void place_sealed(struct place *place, const void *data, size_t len);
/* What the picture process says, before anybody else hears of it. */
void place_heard(struct place *place, const struct viewer_frame *frame);
/* SIGWINCH: the picture goes at once, and comes again when there was quiet. */
void place_resized(struct place *place);
/* Takes away what the picture process may have left. */
void place_wipe(struct place *place);

/* After every event: goes on as far as that is possible now. */
void place_step(struct place *place);
/* Milliseconds until it is wanted again by itself; -1 = never. */
int64_t place_wait_ms(const struct place *place);
/* The console must not draw: the picture process does. Bounded; it gets one frame before. */
bool place_is_held(struct place *place);

#endif
