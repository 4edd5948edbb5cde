/*
 * Text from outside, cleaned once at the door: valid UTF-8, no control characters, no characters
 * that reorder or hide text. And the two spellings of bytes, hexadecimal and base64.
 */
#ifndef TILLSYN_BASE_TEXT_H
#define TILLSYN_BASE_TEXT_H

#include "base/buf.h"
#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Decodes one code point of valid UTF-8 from text (len bytes left). Returns its length in bytes, or
 * 0 for a malformed, overlong or surrogate sequence and at the end.
 */
size_t text_decode(const char *text, size_t len, uint32_t *code_point);
/*
 * Valid UTF-8 without control characters (C0, C1, DEL), bidi controls, or invisible format
 * characters.
 */
bool text_is_clean(const char *text);
/* An identifier: 1–32 of a–z A–Z 0–9 . _ -, not beginning with a dot or a dash. */
bool text_is_id(const char *text);
/*
 * Copies what is clean of text into out (size bytes with NUL), replacing each bad byte by '?',
 * never cutting a code point.
 */
void text_clean(char *out, size_t size, const char *text);
/* Copies text whole, or gives ERR_LIMIT and an empty out. */
enum err text_copy(char *out, size_t size, const char *text);
bool text_equal(const char *a, const char *b);

/* out needs 2 * len + 1 bytes. Lower case. */
void text_hex(char *out, const void *data, size_t len);
/* Exactly len bytes from exactly 2 * len hexadecimal digits. */
enum err text_from_hex(void *out, size_t len, const char *hex);
/* RFC 4648 §4 with padding. */
enum err text_base64(struct buf *out, const void *data, size_t len);
/* Refuses white space, missing padding and non-canonical trailing bits. */
enum err text_from_base64(struct buf *out, const char *text, size_t len);

#endif
