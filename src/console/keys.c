/* The names of keys, in one table for reading and writing. */
#include "console/keys.h"

#include "base/text.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

static const struct {
	const char *name;
	key_code key;
} named[] = {
	{"Enter", INPUT_ENTER},
	{"Esc", INPUT_ESCAPE},
	{"Backspace", INPUT_BACKSPACE},
	{"Space", INPUT_SPACE},
	{"Up", INPUT_UP},
	{"Down", INPUT_DOWN},
	{"Left", INPUT_LEFT},
	{"Right", INPUT_RIGHT},
	{"Home", INPUT_HOME},
	{"End", INPUT_END},
	{"PgUp", INPUT_PAGE_UP},
	{"PgDn", INPUT_PAGE_DOWN},
	{"Tab", INPUT_TAB},
	{"Insert", INPUT_INSERT},
	{"Delete", INPUT_DELETE},
};

/* What a keymap's own form needs; an operator reads the character itself. */
static const struct {
	const char *name;
	key_code key;
} spelled[] = {
	{"Less", '<'}, {"Equal", '='}, {"Hash", '#'}, {"Bracket", '['},
};

static const char control[] = "Ctrl-";

static key_code function_key(const char *name, size_t len)
{
	for (key_code key = INPUT_F1; key <= INPUT_F12; key++) {
		char own[KEY_NAME_BYTES];

		keys_name(key, own);
		if (strlen(own) == len && strncasecmp(own, name, len) == 0)
			return key;
	}
	return INPUT_NONE;
}

/* A terminal sends the same for Ctrl-H, I, J, M as for Backspace, Tab and Enter. */
static key_code control_key(const char *name, size_t len)
{
	char letter;

	if (len != sizeof control || strncasecmp(name, control, sizeof control - 1) != 0)
		return INPUT_NONE;
	letter = (char)(name[len - 1] | 0x20);
	if (letter < 'a' || letter > 'z' || strchr("hijm", letter) != NULL)
		return INPUT_NONE;
	return (key_code)letter & 0x1f;
}

static key_code key_named(const char *name, size_t len)
{
	for (size_t i = 0; i < sizeof named / sizeof *named; i++)
		if (strlen(named[i].name) == len && strncasecmp(named[i].name, name, len) == 0)
			return named[i].key;
	for (size_t i = 0; i < sizeof spelled / sizeof *spelled; i++)
		if (strlen(spelled[i].name) == len && strncasecmp(spelled[i].name, name, len) == 0)
			return spelled[i].key;
	if (function_key(name, len) != INPUT_NONE)
		return function_key(name, len);
	return control_key(name, len);
}

size_t keys_parse(const char *text, size_t len, key_code *key)
{
	const char *end = len > 0 && text[0] == '<' ? memchr(text, '>', len) : NULL;
	size_t size;

	*key = INPUT_NONE;
	if (len > 0 && text[0] == '<') {
		size = end != NULL ? (size_t)(end - text) + 1 : 0;
		if (size > 2)
			*key = key_named(text + 1, size - 2);
	} else {
		size = text_decode(text, len, key);
		if (*key <= ' ')
			*key = INPUT_NONE;
	}
	return *key != INPUT_NONE ? size : 0;
}

/* Four bytes at most; a code point of the program's own text is one that can be written. */
static void put_code_point(key_code c, char out[KEY_NAME_BYTES])
{
	unsigned char *at = (unsigned char *)out;

	if (c < 0x80) {
		*at++ = (unsigned char)c;
	} else if (c < 0x800) {
		*at++ = (unsigned char)(0xc0 | c >> 6);
		*at++ = (unsigned char)(0x80 | (c & 0x3f));
	} else if (c < 0x10000) {
		*at++ = (unsigned char)(0xe0 | c >> 12);
		*at++ = (unsigned char)(0x80 | (c >> 6 & 0x3f));
		*at++ = (unsigned char)(0x80 | (c & 0x3f));
	} else {
		*at++ = (unsigned char)(0xf0 | c >> 18);
		*at++ = (unsigned char)(0x80 | (c >> 12 & 0x3f));
		*at++ = (unsigned char)(0x80 | (c >> 6 & 0x3f));
		*at++ = (unsigned char)(0x80 | (c & 0x3f));
	}
	*at = '\0';
}

void keys_name(key_code key, char out[KEY_NAME_BYTES])
{
	for (size_t i = 0; i < sizeof named / sizeof *named; i++)
		if (named[i].key == key) {
			snprintf(out, KEY_NAME_BYTES, "%s", named[i].name);
			return;
		}
	if (key >= INPUT_F1 && key <= INPUT_F12)
		snprintf(out, KEY_NAME_BYTES, "F%u", (unsigned)(key - INPUT_F1 + 1));
	else if (key < ' ')
		snprintf(out, KEY_NAME_BYTES, "%s%c", control, (char)(key + '@'));
	else
		put_code_point(key, out);
}

void keys_sequence_name(const struct key_sequence *sequence, char out[SEQUENCE_NAME_BYTES])
{
	size_t len = 0;
	bool was_long = false;

	out[0] = '\0';
	for (int i = 0; i < sequence->n; i++) {
		char name[KEY_NAME_BYTES];
		bool is_long = sequence->key[i] < ' ' || sequence->key[i] >= INPUT_ENTER;

		keys_name(sequence->key[i], name);
		len += (size_t)snprintf(out + len, SEQUENCE_NAME_BYTES - len, "%s%s",
		                        i > 0 && (is_long || was_long) ? " " : "", name);
		was_long = is_long;
	}
}
