/* The names of keys, in one table for reading and writing. */
#include "console/keys.h"

#include "base/text.h"

#include <stdio.h>
#include <string.h>

static const struct {
	const char *name;
	key_code key;
} named[] = {
	{"Enter", INPUT_ENTER},    {"Esc", INPUT_ESCAPE}, {"Backspace", INPUT_BACKSPACE},
	{"Space", INPUT_SPACE},    {"Up", INPUT_UP},      {"Down", INPUT_DOWN},
	{"Home", INPUT_HOME},      {"End", INPUT_END},    {"PgUp", INPUT_PAGE_UP},
	{"PgDn", INPUT_PAGE_DOWN}, {"F1", INPUT_F1},      {"F10", INPUT_F10},
};

static key_code key_named(const char *name, size_t len)
{
	for (size_t i = 0; i < sizeof named / sizeof *named; i++)
		if (strlen(named[i].name) == len && memcmp(named[i].name, name, len) == 0)
			return named[i].key;
	return INPUT_NONE;
}

key_code keys_parse(const char **text)
{
	const char *at = *text + strspn(*text, " ");
	size_t len = strcspn(at, " ");
	uint32_t c = INPUT_NONE;

	*text = at + len;
	if (len > 2 && at[0] == '<' && at[len - 1] == '>')
		return key_named(at + 1, len - 2);
	return text_decode(at, len, &c) == len && len > 0 ? c : INPUT_NONE;
}

void keys_name(key_code key, char out[KEY_NAME_BYTES])
{
	for (size_t i = 0; i < sizeof named / sizeof *named; i++)
		if (named[i].key == key) {
			snprintf(out, KEY_NAME_BYTES, "%s", named[i].name);
			return;
		}
	if (key < 0x80)
		snprintf(out, KEY_NAME_BYTES, "%c", (char)key);
	else
		snprintf(out, KEY_NAME_BYTES, "U+%04X", (unsigned)key);
}
