/*
 * The terminal: the only file beside theme.c that knows curses. It copies a canvas out, reads keys,
 * and wipes the place of a picture that another process has drawn and that curses believes blank.
 */
#ifndef TILLSYN_CONSOLE_SCREEN_H
#define TILLSYN_CONSOLE_SCREEN_H

#include "base/err.h"
#include "console/answers.h"
#include "console/canvas.h"
#include "console/keys.h"
#include "console/theme_file.h"

#include <stdbool.h>

struct screen;

/*
 * ERR_UNSUPPORTED: curses knows no such terminal. ascii: draw with ASCII alone, as without UTF-8.
 */
enum err screen_open(bool ascii, const struct theme *theme, struct screen **screen);
/* Another look from the next frame on, which is drawn whole: not while a picture stands. */
void screen_theme(struct screen *screen, const struct theme *theme);
/* Gives the terminal back as it was. */
void screen_close(struct screen *screen);
void screen_size(const struct screen *screen, int *rows, int *columns);
/* After SIGWINCH: asks the terminal for its size, and draws it whole with the next frame. */
void screen_resized(struct screen *screen);
bool screen_is_ascii(const struct screen *screen);
int screen_colours(const struct screen *screen);
void screen_show(struct screen *screen, const struct canvas *canvas);
/* The next key that has been typed; INPUT_NONE when there is none now. */
key_code screen_key(struct screen *screen);
/*
 * Milliseconds until screen_key() is to be called though nothing was typed: an Esc shows only by
 * what does not follow it. -1 = never.
 */
int64_t screen_wait_ms(const struct screen *screen);
/*
 * Asks the terminal what it can do; the next frame is to be drawn whole. Answers come in by keys.
 */
void screen_ask(struct screen *screen);
/* What is known of it; true when that is final. */
bool screen_facts(const struct screen *screen, struct terminal_facts *facts);
/*
 * A terminal that is full would hold the program until it takes bytes again: then no frame is
 * drawn.
 */
bool screen_takes_bytes(const struct screen *screen);
/* Nobody types any more. A program that does not leave then spins. */
bool screen_is_hung_up(const struct screen *screen);
void screen_bell(struct screen *screen);
/*
 * Wipes what another process drew there: a string terminator first, since a writer that was killed
 * inside a picture leaves some terminals swallowing everything, then the rows whole. kitty: it may
 * be a picture that only kitty's own sequence takes away.
 */
void screen_wipe(struct screen *screen, const struct area *area, bool kitty);

#endif
