/*
 * The conversation between a console and its picture process, over one socket pair: frames of a
 * 32-bit big-endian length, a kind byte, and canonical bytes. The console passes sealed bytes on
 * and never holds what is in them.
 *
 *   picture → console   VIEWER_KEY        at start: its one-time public key
 *   console → picture   VIEWER_EXPECT     the permit's look, camera, nonce, device key, freshness
 * and view limits console → picture   VIEWER_PLACE      where and how to draw; again before the
 * snapshot it moves the place, and after it where the picture is hidden (terminal, mode and colours
 * stay); else it ends the view console → picture   VIEWER_SEALED     the snapshot picture → console
 * VIEWER_STANDING   the picture is on the screen, whole: what was drawn, which may be less than was
 *                                         asked for; again after each hiding
 *   console → picture   VIEWER_HIDE       the terminal's size changes: blank the place, keep the
 * snapshot, wait for a new place; the view's time goes on picture → console   VIEWER_HIDDEN     the
 * place is blank picture → console   VIEWER_FAULT      not shown: cause in words; the process ends
 *   console → picture   VIEWER_END        end the view now
 *   picture → console   VIEWER_GONE       the place is blank again: view_ms from the first byte
 * that was drawn to the erasing (0 = nothing was drawn); the process exits
 */
#ifndef TILLSYN_CORE_VIEWER_H
#define TILLSYN_CORE_VIEWER_H

#include "base/buf.h"
#include "base/err.h"
#include "base/limits.h"

#include <stdbool.h>
#include <stdint.h>

enum viewer_kind {
	VIEWER_KEY = 1,
	VIEWER_EXPECT,
	VIEWER_PLACE,
	VIEWER_SEALED,
	VIEWER_STANDING,
	VIEWER_FAULT,
	VIEWER_END,
	VIEWER_GONE,
	VIEWER_HIDE,
	VIEWER_HIDDEN,
	VIEWER_KINDS,
};

enum viewer_mode {
	VIEWER_SYMBOLS,
	VIEWER_SIXEL,
	VIEWER_KITTY,
	VIEWER_ITERM,
};

/*
 * kitty keeps a picture beside the text, where neither spaces nor a clear screen reach it: it goes
 * by its number, and whoever erases needs that. Other terminals ignore the sequence (not the Linux
 * console, nor tmux and screen, where no such picture is drawn).
 */
enum { VIEWER_KITTY_ID = 7412 };
#define VIEWER_KITTY_DELETE "\033_Ga=d,d=I,i=7412,q=2\033\\"

enum viewer_fault {
	VIEWER_FAULT_SEAL = 1,   /* not for this key, or the camera's signature is wrong */
	VIEWER_FAULT_STALE,      /* freshness or nonce */
	VIEWER_FAULT_JPEG,       /* not a picture that can be decoded within the limits */
	VIEWER_FAULT_CONTENT,    /* black, flat */
	VIEWER_FAULT_TERMINAL,   /* cannot be drawn here */
	VIEWER_FAULT_TIME,       /* nothing came in time */
	VIEWER_FAULTS,
};

struct viewer_expect {
	int64_t look;
	char camera[ID_MAX];
	uint8_t nonce[NONCE_BYTES];
	uint8_t device_key[KEY_BYTES];
	int64_t fresh_ms, view_ms;
};

/* Fewer cells show nothing that a person could be judged by. */
enum { VIEWER_ROWS_MIN = 4, VIEWER_COLUMNS_MIN = 8 };

struct viewer_place {
	char tty[PATH_MAX_BYTES];
	enum viewer_mode mode;
	int32_t row, column, rows, columns;   /* the picture's area in cells, from 0 */
	int32_t cell_width, cell_height;      /* pixels; 0 = unknown */
	int32_t picture_width, picture_height; /* pixels of the largest picture that the terminal takes (XTSMGRAPHICS); 0 = unknown */
	int32_t colours;                      /* 16777216, 256, 16, 8 or 2 */
	bool utf8;
};

struct viewer_standing {
	int64_t taken_utc_ms;
	enum viewer_mode mode;               /* what it was drawn in */
	int32_t drawn_width, drawn_height;   /* its pixels, of symbols too */
	int32_t width, height;               /* as it was taken */
};

/* One frame as it is read off the socket; body points into the caller's buffer. */
struct viewer_frame {
	enum viewer_kind kind;
	const uint8_t *body;
	size_t len;
};

/*
 * The size of the first whole frame in data (its length word included), 0 = more is needed;
 * ERR_PARSE / ERR_LIMIT ends the conversation.
 */
enum err viewer_next(const uint8_t *data, size_t len, struct viewer_frame *frame, size_t *size);

enum err viewer_put_key(struct buf *out, const uint8_t key[KEY_BYTES]);
enum err viewer_put_expect(struct buf *out, const struct viewer_expect *expect);
enum err viewer_put_place(struct buf *out, const struct viewer_place *place);
enum err viewer_put_sealed(struct buf *out, const void *sealed, size_t len);
enum err viewer_put_standing(struct buf *out, const struct viewer_standing *standing);
enum err viewer_put_fault(struct buf *out, enum viewer_fault fault, const char *words);
enum err viewer_put_end(struct buf *out);
enum err viewer_put_gone(struct buf *out, int64_t view_ms);
enum err viewer_put_hide(struct buf *out);
enum err viewer_put_hidden(struct buf *out);

enum err viewer_get_key(const struct viewer_frame *frame, uint8_t key[KEY_BYTES]);
enum err viewer_get_expect(const struct viewer_frame *frame, struct viewer_expect *expect);
enum err viewer_get_place(const struct viewer_frame *frame, struct viewer_place *place);
enum err viewer_get_standing(const struct viewer_frame *frame, struct viewer_standing *standing);
enum err viewer_get_fault(const struct viewer_frame *frame, enum viewer_fault *fault,
                          char words[REASON_MAX_BYTES]);
enum err viewer_get_gone(const struct viewer_frame *frame, int64_t *view_ms);

#endif
