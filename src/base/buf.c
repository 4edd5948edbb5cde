/* The growing buffer: doubling, bounded, all or nothing. */
#include "base/buf.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct buf buf_new(size_t max)
{
	return (struct buf){.max = max};
}

void buf_free(struct buf *buf)
{
	free(buf->data);
	*buf = (struct buf){.max = buf->max};
}

/*
 * Room for len more bytes and a NUL. What the buffer has outgrown is wiped, which realloc() would
 * not do: it may be the beginning of a picture or of a key, and nobody could reach it any more.
 */
static enum err reserve(struct buf *buf, size_t len)
{
	size_t cap = buf->cap ? buf->cap : 64;
	uint8_t *data;

	if (len > buf->max || buf->len > buf->max - len)
		return ERR_LIMIT;
	while (cap < buf->len + len + 1)
		cap *= 2;
	if (cap == buf->cap)
		return ERR_OK;
	data = malloc(cap);
	if (data == NULL)
		return ERR_MEMORY;
	if (buf->data != NULL) {
		memcpy(data, buf->data, buf->len + 1);
		explicit_bzero(buf->data, buf->cap);
		free(buf->data);
	}
	buf->data = data;
	buf->cap = cap;
	return ERR_OK;
}

enum err buf_add(struct buf *buf, const void *data, size_t len)
{
	enum err r = reserve(buf, len);

	if (r != ERR_OK)
		return r;
	if (len > 0)
		memcpy(buf->data + buf->len, data, len);
	buf->len += len;
	buf->data[buf->len] = 0;
	return ERR_OK;
}

enum err buf_add_text(struct buf *buf, const char *text)
{
	return buf_add(buf, text, strlen(text));
}

enum err buf_printf(struct buf *buf, const char *format, ...)
{
	va_list args, again;
	enum err r;
	int len;

	va_start(args, format);
	va_copy(again, args);
	len = vsnprintf(NULL, 0, format, args);
	va_end(args);
	assert(len >= 0);
	r = reserve(buf, (size_t)len);
	if (r == ERR_OK) {
		vsnprintf((char *)buf->data + buf->len, (size_t)len + 1, format, again);
		buf->len += (size_t)len;
	}
	va_end(again);
	return r;
}

void buf_drop(struct buf *buf, size_t len)
{
	assert(len <= buf->len);
	if (len == 0)
		return;
	memmove(buf->data, buf->data + len, buf->len - len);
	buf->len -= len;
	buf->data[buf->len] = 0;
}
