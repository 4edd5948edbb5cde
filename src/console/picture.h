/*
 * The parent's side of tillsyn-picture: starts one for a look, relays sealed bytes that it never
 * looks into, and sees to it that none outlives its look. What was on the screen is wiped on every
 * path.
 */
#ifndef TILLSYN_CONSOLE_PICTURE_H
#define TILLSYN_CONSOLE_PICTURE_H

#include "base/err.h"
#include "core/viewer.h"
#include "net/loop.h"

#include <stdbool.h>
#include <stddef.h>

struct picture;

struct picture_handler {
	void (*frame)(void *arg, const struct viewer_frame *frame);
	/*
	 * The process is gone and was waited for. Not called for one that picture_start() or
	 * picture_stop() replaced.
	 */
	void (*died)(void *arg);
	/* Wipe the picture's place. */
	void (*wipe)(void *arg);
};

/* handler and program outlive it. Aborts without memory. */
struct picture *picture_new(struct loop *loop, const char *program,
                            const struct picture_handler *handler, void *arg);
/* Ends a view as picture_stop() does. */
void picture_free(struct picture *picture);

/* False: it cannot be started. */
bool picture_start(struct picture *picture);
void picture_expect(struct picture *picture, const struct viewer_expect *expect,
                    const struct viewer_place *place);
void picture_sealed(struct picture *picture, const void *data, size_t len);
/*
 * The terminal's size changes. True: there is a picture that it now blanks, and VIEWER_HIDDEN
 * follows; false: there is none yet, and none will be drawn before it has a new place.
 */
bool picture_hide(struct picture *picture);
/* A new place for what was hidden; leaves with the next picture_flush(). */
void picture_place(struct picture *picture, const struct viewer_place *place);
/* Bytes leave only here: after the frame was drawn that leaves the picture's place blank. */
void picture_flush(struct picture *picture);
/*
 * True between handing over a snapshot, or a new place, and the picture standing: the console must
 * not draw.
 */
bool picture_is_drawing(const struct picture *picture);
/* Asks it to end, and kills it when it does not. died() follows. */
void picture_end(struct picture *picture);
/* At once, for the way out: waits for it for a bounded time, kills it, wipes. */
void picture_stop(struct picture *picture);

#endif
