/*
 * Keys as the program knows them: a code point, or one of the named keys beyond Unicode. A
 * terminal's own codes are turned into these in screen.c.
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
	INPUT_F1,
	INPUT_F10 = INPUT_F1 + 9,
};

enum { KEY_NAME_BYTES = 16 };

/*
 * Reads one key of a space-separated list as keymaps write it ("j", "<Down>") and moves *text
 * behind it. INPUT_NONE at the end of the list or for an unknown name.
 */
key_code keys_parse(const char **text);
/* As an operator reads it: "Enter", "F1", "c". */
void keys_name(key_code key, char out[KEY_NAME_BYTES]);

#endif
