/*
 * What a terminal answers comes in among the keys that are typed. This takes the answers out, byte
 * by byte, so that none is ever read as a key: not one that came late or in pieces, not one that
 * nobody asked for. So it is with text that is pasted, where the terminal marks it (mode 2004): one
 * letter of it would answer a look. A terminal is hostile until understood: lengths, numbers and
 * waiting are bounded. Pure: no curses, no clock.
 */
#ifndef TILLSYN_CONSOLE_ANSWERS_H
#define TILLSYN_CONSOLE_ANSWERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Of the picture that asks whether the terminal takes kitty's graphics; any number would do. */
#define ANSWERS_KITTY_ID 7411

struct terminal_facts {
	bool answered;      /* to all that was asked: DA1, the last question, has its answer */
	bool multiplexed;   /* tmux or screen: symbols only, a picture could stay in them */
	bool linux_console;
	bool remote;        /* over SSH: answers take longer */
	bool sixel, kitty, iterm;
	bool synchronised;  /* mode 2026: shows a frame when it is whole */
	bool truecolour;
	int cell_width, cell_height;       /* pixels; 0 = not known */
	int picture_width, picture_height; /* pixels of the largest sixel; 0 = not known */
};

/* Longer answers are swallowed too, but not understood. */
enum { ANSWER_BYTES = 128 };

enum answer_state {
	ANSWER_NONE_YET,    /* keys */
	ANSWER_ESCAPE,      /* an Esc: a key of that name, or the beginning of something */
	ANSWER_CONTROL,     /* CSI */
	ANSWER_CONSOLE_KEY, /* CSI [, as the Linux console begins its function keys */
	ANSWER_KEYPAD,      /* SS3 */
	ANSWER_STRING,      /* DCS, OSC, APC and their like, which end with ESC \ */
	ANSWER_STRING_END,  /* an Esc within one */
	ANSWER_PASTED,      /* between CSI 200 ~ and CSI 201 ~ */
};

/* All fields are its own but facts; zero-initialised at the start. */
struct answers {
	struct terminal_facts facts;  /* what is known for certain */
	struct terminal_facts coming; /* what has been answered before DA1 */
	bool asked;                   /* DA1's answer is still to come */
	int64_t asked_ms;
	enum answer_state state;
	uint8_t text[ANSWER_BYTES];   /* from the Esc on */
	size_t len;                   /* may be more than the text has room for */
	int64_t since_ms;             /* its first byte came; the last one of what is pasted */
	size_t paste_end;             /* bytes of the end of a paste that have come */
	bool escaped;                 /* an Esc was given away as a key, and nothing has come since */
};

/* The questions are being written. known: what the environment says without being asked. */
void answers_expect(struct answers *answers, const struct terminal_facts *known, int64_t now_ms);

/*
 * Takes n bytes of input and gives those that are keys, in keys, which has room for n +
 * ANSWER_BYTES; returns how many. answers_pause() is part of it.
 */
size_t answers_take(struct answers *answers, const uint8_t *bytes, size_t n, int64_t now_ms,
                    uint8_t *keys);
/*
 * Nothing came: what has been held for too long is a key after all, or given up. Room and return
 * value as above.
 */
size_t answers_pause(struct answers *answers, int64_t now_ms, uint8_t *keys);
/* When answers_pause() is due; INT64_MAX when nothing is held. */
int64_t answers_due_ms(const struct answers *answers);

#endif
