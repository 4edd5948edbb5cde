/*
 * Canonical bytes: the one encoding behind everything that is hashed, signed or sealed (agreements,
 * permits, look requests, log events, snapshot headers). Big-endian integers, and byte strings with
 * a 32-bit length before them. A value has exactly one encoding, a reader refuses what is left
 * over.
 *
 * Both halves remember their first error, so a caller writes a straight line and asks once at the
 * end.
 */
#ifndef TILLSYN_BASE_CANON_H
#define TILLSYN_BASE_CANON_H

#include "base/buf.h"
#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct canon_writer {
	struct buf *out; /* the caller's */
	enum err err;
};

struct canon_writer canon_write(struct buf *out);
void canon_put_u8(struct canon_writer *w, uint8_t value);
void canon_put_u32(struct canon_writer *w, uint32_t value);
void canon_put_i64(struct canon_writer *w, int64_t value);
void canon_put_bytes(struct canon_writer *w, const void *data, size_t len);
void canon_put_text(struct canon_writer *w, const char *text);
/* Bytes whose length both sides know: no length before them. */
void canon_put_fixed(struct canon_writer *w, const void *data, size_t len);

struct canon_reader {
	const uint8_t *data; /* the caller's, must outlive the reader */
	size_t len;
	enum err err;
};

struct canon_reader canon_read(const void *data, size_t len);
uint8_t canon_u8(struct canon_reader *r);
uint32_t canon_u32(struct canon_reader *r);
int64_t canon_i64(struct canon_reader *r);
/* A byte that must be 0 or 1. */
bool canon_bool(struct canon_reader *r);
/* A value in [min, max], else the reader fails with ERR_PARSE. */
int64_t canon_i64_in(struct canon_reader *r, int64_t min, int64_t max);
/* Points into the reader's data; *len is set. NULL after an error. */
const uint8_t *canon_bytes(struct canon_reader *r, size_t max, size_t *len);
/*
 * Copies a text into out (size bytes with its NUL). Refuses one that is longer, or that
 * text_is_clean() refuses.
 */
void canon_text(struct canon_reader *r, char *out, size_t size);
void canon_fixed(struct canon_reader *r, void *out, size_t len);
/* ERR_OK when all went well and nothing is left over. */
enum err canon_end(const struct canon_reader *r);

#endif
