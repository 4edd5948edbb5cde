/* Canonical bytes: writer and reader. */
#include "base/canon.h"

#include "base/text.h"

#include <assert.h>
#include <string.h>

struct canon_writer canon_write(struct buf *out)
{
	return (struct canon_writer){.out = out};
}

void canon_put_fixed(struct canon_writer *w, const void *data, size_t len)
{
	if (w->err == ERR_OK)
		w->err = buf_add(w->out, data, len);
}

void canon_put_u8(struct canon_writer *w, uint8_t value)
{
	canon_put_fixed(w, &value, 1);
}

void canon_put_u32(struct canon_writer *w, uint32_t value)
{
	uint8_t bytes[4];

	for (int i = 0; i < 4; i++)
		bytes[i] = (uint8_t)(value >> (24 - 8 * i));
	canon_put_fixed(w, bytes, sizeof bytes);
}

void canon_put_i64(struct canon_writer *w, int64_t value)
{
	uint8_t bytes[8];

	for (int i = 0; i < 8; i++)
		bytes[i] = (uint8_t)((uint64_t)value >> (56 - 8 * i));
	canon_put_fixed(w, bytes, sizeof bytes);
}

void canon_put_bytes(struct canon_writer *w, const void *data, size_t len)
{
	assert(len <= UINT32_MAX);
	canon_put_u32(w, (uint32_t)len);
	canon_put_fixed(w, data, len);
}

void canon_put_text(struct canon_writer *w, const char *text)
{
	canon_put_bytes(w, text, strlen(text));
}

struct canon_reader canon_read(const void *data, size_t len)
{
	return (struct canon_reader){.data = data, .len = len};
}

void canon_fixed(struct canon_reader *r, void *out, size_t len)
{
	if (r->err == ERR_OK && r->len < len)
		r->err = ERR_PARSE;
	if (r->err != ERR_OK) {
		memset(out, 0, len);
		return;
	}
	if (len > 0)
		memcpy(out, r->data, len);
	r->data += len;
	r->len -= len;
}

uint8_t canon_u8(struct canon_reader *r)
{
	uint8_t value;

	canon_fixed(r, &value, 1);
	return value;
}

uint32_t canon_u32(struct canon_reader *r)
{
	uint8_t bytes[4];
	uint32_t value = 0;

	canon_fixed(r, bytes, sizeof bytes);
	for (int i = 0; i < 4; i++)
		value = value << 8 | bytes[i];
	return value;
}

int64_t canon_i64(struct canon_reader *r)
{
	uint8_t bytes[8];
	uint64_t value = 0;

	canon_fixed(r, bytes, sizeof bytes);
	for (int i = 0; i < 8; i++)
		value = value << 8 | bytes[i];
	return (int64_t)value;
}

bool canon_bool(struct canon_reader *r)
{
	uint8_t value = canon_u8(r);

	if (r->err == ERR_OK && value > 1)
		r->err = ERR_PARSE;
	return value == 1;
}

int64_t canon_i64_in(struct canon_reader *r, int64_t min, int64_t max)
{
	int64_t value = canon_i64(r);

	if (r->err == ERR_OK && (value < min || value > max))
		r->err = ERR_PARSE;
	return r->err == ERR_OK ? value : min;
}

const uint8_t *canon_bytes(struct canon_reader *r, size_t max, size_t *len)
{
	uint32_t claimed = canon_u32(r);
	const uint8_t *data = r->data;

	*len = 0;
	if (r->err == ERR_OK && claimed > max)
		r->err = ERR_LIMIT;
	if (r->err == ERR_OK && claimed > r->len)
		r->err = ERR_PARSE;
	if (r->err != ERR_OK)
		return NULL;
	r->data += claimed;
	r->len -= claimed;
	*len = claimed;
	return data;
}

void canon_text(struct canon_reader *r, char *out, size_t size)
{
	size_t len;
	const uint8_t *data;

	assert(size > 0);
	out[0] = '\0';
	data = canon_bytes(r, size - 1, &len);
	if (data == NULL)
		return;
	memcpy(out, data, len);
	out[len] = '\0';
	if (strlen(out) != len || !text_is_clean(out)) {
		out[0] = '\0';
		r->err = ERR_PARSE;
	}
}

enum err canon_end(const struct canon_reader *r)
{
	if (r->err != ERR_OK)
		return r->err;
	return r->len == 0 ? ERR_OK : ERR_PARSE;
}
