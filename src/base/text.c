/* Cleaning, identifiers, hexadecimal, base64. */
#include "base/text.h"

#include "base/limits.h"

#include <assert.h>
#include <string.h>

size_t text_decode(const char *text, size_t len, uint32_t *code_point)
{
	static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
	const uint8_t *byte = (const uint8_t *)text;
	size_t n;
	uint32_t value;

	if (len == 0)
		return 0;
	if (byte[0] < 0x80)
		n = 1, value = byte[0];
	else if ((byte[0] & 0xe0) == 0xc0)
		n = 2, value = byte[0] & 0x1fu;
	else if ((byte[0] & 0xf0) == 0xe0)
		n = 3, value = byte[0] & 0x0fu;
	else if ((byte[0] & 0xf8) == 0xf0)
		n = 4, value = byte[0] & 0x07u;
	else
		return 0;
	if (n > len)
		return 0;
	for (size_t i = 1; i < n; i++) {
		if ((byte[i] & 0xc0) != 0x80)
			return 0;
		value = value << 6 | (byte[i] & 0x3fu);
	}
	if (value < least[n] || value > 0x10ffff || (value >= 0xd800 && value <= 0xdfff))
		return 0;
	*code_point = value;
	return n;
}

/* Control, bidi and invisible format characters: what could move, hide or reorder other text. */
static bool is_hostile(uint32_t c)
{
	return c < 0x20 || (c >= 0x7f && c <= 0x9f) || c == 0xad || c == 0x61c || c == 0x180e
	       || (c >= 0x200b && c <= 0x200f) || (c >= 0x2028 && c <= 0x202e)
	       || (c >= 0x2060 && c <= 0x206f) || c == 0xfeff || (c >= 0xfff0 && c <= 0xfffb)
	       || (c >= 0xe0000 && c <= 0xe0fff) || (c & 0xfffe) == 0xfffe;
}

bool text_is_clean(const char *text)
{
	size_t len = strlen(text);

	while (len > 0) {
		uint32_t c;
		size_t n = text_decode(text, len, &c);

		if (n == 0 || is_hostile(c))
			return false;
		text += n;
		len -= n;
	}
	return true;
}

bool text_is_id(const char *text)
{
	size_t len = strspn(text,
	                    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-");

	return len > 0 && len < ID_MAX && text[len] == '\0' && text[0] != '.' && text[0] != '-';
}

void text_clean(char *out, size_t size, const char *text)
{
	size_t len = strlen(text), at = 0;

	assert(size > 0);
	while (len > 0) {
		uint32_t c;
		size_t n = text_decode(text, len, &c);
		bool bad = n == 0 || is_hostile(c);
		size_t step = n == 0 ? 1 : n;

		if (at + (bad ? 1 : n) >= size)
			break;
		if (bad) {
			out[at++] = '?';
		} else {
			memcpy(out + at, text, n);
			at += n;
		}
		text += step;
		len -= step;
	}
	out[at] = '\0';
}

enum err text_copy(char *out, size_t size, const char *text)
{
	size_t len = strlen(text);

	if (len >= size) {
		out[0] = '\0';
		return ERR_LIMIT;
	}
	memcpy(out, text, len + 1);
	return ERR_OK;
}

bool text_equal(const char *a, const char *b)
{
	return strcmp(a, b) == 0;
}

void text_hex(char *out, const void *data, size_t len)
{
	static const char digits[] = "0123456789abcdef";
	const uint8_t *bytes = data;

	for (size_t i = 0; i < len; i++) {
		out[2 * i] = digits[bytes[i] >> 4];
		out[2 * i + 1] = digits[bytes[i] & 15];
	}
	out[2 * len] = '\0';
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

enum err text_from_hex(void *out, size_t len, const char *hex)
{
	uint8_t *bytes = out;

	if (strlen(hex) != 2 * len)
		return ERR_PARSE;
	for (size_t i = 0; i < len; i++) {
		int high = hex_digit(hex[2 * i]), low = hex_digit(hex[2 * i + 1]);

		if (high < 0 || low < 0)
			return ERR_PARSE;
		bytes[i] = (uint8_t)(high << 4 | low);
	}
	return ERR_OK;
}

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

enum err text_base64(struct buf *out, const void *data, size_t len)
{
	const uint8_t *bytes = data;
	enum err r = ERR_OK;

	for (size_t i = 0; i < len && r == ERR_OK; i += 3) {
		size_t left = len - i;
		uint32_t group = (uint32_t)bytes[i] << 16
		               | (left > 1 ? (uint32_t)bytes[i + 1] << 8 : 0)
		               | (left > 2 ? bytes[i + 2] : 0u);
		char quad[4] = {
			alphabet[group >> 18],
			alphabet[group >> 12 & 63],
			left > 1 ? alphabet[group >> 6 & 63] : '=',
			left > 2 ? alphabet[group & 63] : '=',
		};

		r = buf_add(out, quad, sizeof quad);
	}
	return r;
}

/* One quad of base64 to 1–3 bytes; *n is 0 when it is malformed. */
static void base64_quad(const char quad[4], bool last, uint8_t out[3], size_t *n)
{
	uint32_t group = 0;
	size_t pad = 0;

	*n = 0;
	for (int i = 0; i < 4; i++) {
		const char *at = quad[i] == '\0' ? NULL : strchr(alphabet, quad[i]);

		if (quad[i] == '=' && last && i >= 2) {
			pad++;
			group <<= 6;
		} else if (at == NULL || pad > 0) {
			return;
		} else {
			group = group << 6 | (uint32_t)(at - alphabet);
		}
	}
	if ((pad == 1 && (group & 0xff)) || (pad == 2 && (group & 0xffff)))
		return;
	out[0] = (uint8_t)(group >> 16);
	out[1] = (uint8_t)(group >> 8);
	out[2] = (uint8_t)group;
	*n = 3 - pad;
}

enum err text_from_base64(struct buf *out, const char *text, size_t len)
{
	size_t start = out->len;
	enum err r = ERR_OK;

	if (len % 4 != 0)
		return ERR_PARSE;
	for (size_t i = 0; i < len && r == ERR_OK; i += 4) {
		uint8_t bytes[3];
		size_t n;

		base64_quad(text + i, i + 4 == len, bytes, &n);
		r = n == 0 ? ERR_PARSE : buf_add(out, bytes, n);
	}
	if (r != ERR_OK)
		out->len = start;
	return r;
}
