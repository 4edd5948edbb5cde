/* The Latin letters that names here are written with; others are compared as they are. */
#include "console/names.h"

#include "base/text.h"

#include <string.h>

char names_plain(uint32_t c)
{
	static const char latin[] =
		"AAAAAAACEEEEIIIIDNOOOOOxOUUUUYTsaaaaaaaceeeeiiiidnooooo/ouuuuyty";

	if (c < 0x80)
		return (char)c;
	return c >= 0xc0 && c <= 0xff ? latin[c - 0xc0] : 0;
}

static uint32_t lower(uint32_t c)
{
	if (c >= 'A' && c <= 'Z')
		return c + ('a' - 'A');
	return c >= 0xc0 && c <= 0xde && c != 0xd7 ? c + 0x20 : c;
}

/* Takes one character; 0 at the end. */
static uint32_t next(const char **text)
{
	uint32_t c = 0;
	size_t n = text_decode(*text, strlen(*text), &c);

	*text += n;
	return n > 0 ? lower(c) : 0;
}

/* Where a letter stands in the alphabet: å, ä and ö are its last three. */
static uint32_t rank(uint32_t c)
{
	switch (c) {
	case 0xe5:
		return 'z' + 1;
	case 0xe4:
		return 'z' + 2;
	case 0xf6:
		return 'z' + 3;
	default:
		return names_plain(c) != 0 ? (uint32_t)names_plain(c) : c;
	}
}

int names_compare(const char *a, const char *b)
{
	uint32_t x, y;

	do {
		x = rank(next(&a));
		y = rank(next(&b));
	} while (x == y && x != 0);
	return x < y ? -1 : x > y;
}

static bool begins_with(const char *name, const char *typed)
{
	while (*typed != '\0') {
		uint32_t want = next(&typed), have = next(&name);

		if (want == 0 || (have != want && (uint32_t)names_plain(have) != want))
			return false;
	}
	return true;
}

bool names_match(const char *name, const char *typed)
{
	while (*name != '\0') {
		if (begins_with(name, typed))
			return true;
		if (next(&name) == 0)
			break;
	}
	return false;
}
