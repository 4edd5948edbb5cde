/*
 * A growing byte buffer with a limit. Zero-initialise it with a max; buf_free() leaves it usable
 * again. Every append either happens whole or returns an error and changes nothing.
 */
#ifndef TILLSYN_BASE_BUF_H
#define TILLSYN_BASE_BUF_H

#include "base/err.h"

#include <stddef.h>
#include <stdint.h>

struct buf {
	uint8_t *data; /* owned; NULL while empty */
	size_t len;
	size_t cap;
	size_t max; /* appends beyond it give ERR_LIMIT; 0 means no appends at all */
};

/* An empty buffer that may grow to max bytes. */
struct buf buf_new(size_t max);
void buf_free(struct buf *buf);
enum err buf_add(struct buf *buf, const void *data, size_t len);
enum err buf_add_text(struct buf *buf, const char *text);
/* As printf; the terminating NUL is not part of len but stands behind it. */
enum err buf_printf(struct buf *buf, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Forgets the first len bytes. */
void buf_drop(struct buf *buf, size_t len);

#endif
