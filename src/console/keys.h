/*
 * Keys as the program knows them: a code point, a control key (its C0 code), or one of the named
 * keys beyond Unicode. A terminal's own codes are turned into these in screen.c.
 */
#ifndef TILLSYN_CONSOLE_KEYS_H
#define TILLSYN_CONSOLE_KEYS_H

#include <stddef.h>
#include <stdint.h>

typedef uint32_t key_code;

enum {
	INPUT_NONE = 0,
	INPUT_ENTER = 0x110000,
	INPUT_ESCAPE,
	INPUT_BACKSPACE,
	INPUT_SPACE,
	INPUT_UP,
	INPUT_DOWN,
	INPUT_HOME,
	INPUT_END,
	INPUT_PAGE_UP,
	INPUT_PAGE_DOWN,
	INPUT_LEFT,
	INPUT_RIGHT,
	INPUT_TAB,
	INPUT_INSERT,
	INPUT_DELETE,
	INPUT_F1,
	INPUT_F10 = INPUT_F1 + 9,
	INPUT_F12 = INPUT_F1 + 11,
};

enum {
	/* The longest name, "Backspace", and room for a code point of four bytes. */
	KEY_NAME_BYTES = 16,
	/* Keys pressed one after the other for one command: what a hand remembers. */
	SEQUENCE_KEYS = 4,
	SEQUENCE_NAME_BYTES = SEQUENCE_KEYS * KEY_NAME_BYTES,
};

struct key_sequence {
	key_code key[SEQUENCE_KEYS];
	int n;
};

/*
 * Reads one key as keymaps write it ("j", "<Down>", "<Ctrl-D>") from the first bytes of text (len
 * bytes left, valid UTF-8). Returns how many bytes it took; 0: there is no such key.
 */
size_t keys_parse(const char *text, size_t len, key_code *key);
/* As an operator reads it: "Enter", "F1", "Ctrl-D", "c", "å". */
void keys_name(key_code key, char out[KEY_NAME_BYTES]);
/* "gg", "Ctrl-X c". */
void keys_sequence_name(const struct key_sequence *sequence, char out[SEQUENCE_NAME_BYTES]);

#endif
