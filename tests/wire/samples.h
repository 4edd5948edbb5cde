/* A message of any kind with every field at one end of its bounds, built from the table alone. */
#ifndef TILLSYN_TESTS_WIRE_SAMPLES_H
#define TILLSYN_TESTS_WIRE_SAMPLES_H

#include "wire/message.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum sample {
	SAMPLE_LEAST,  /* every field, at its least */
	SAMPLE_MOST,   /* every field, at its most */
	SAMPLE_SPARSE, /* mandatory fields only */
};

static inline void sample_field(struct wire_message *message, const struct wire_field *field,
                                bool most)
{
	size_t len = (size_t)(most ? field->max : field->min);
	char *text;

	if (field->type == WIRE_INT) {
		wire_set_int(message, field->name, most ? field->max : field->min);
		return;
	}
	if (field->type == WIRE_BOOL) {
		wire_set_bool(message, field->name, most);
		return;
	}
	text = malloc(len + 1);
	memset(text, field->type == WIRE_BYTES ? 0xff : 'x', len);
	text[len] = '\0';
	if (field->type == WIRE_BYTES)
		wire_set_bytes(message, field->name, text, len);
	else
		wire_set_text(message, field->name, text);
	free(text);
}

static inline struct wire_message *sample_new(enum wire_id id, enum sample sample)
{
	struct wire_message *message = wire_new(id);

	for (const struct wire_field *f = wire_kinds[id].fields; f->name != NULL; f++)
		if (sample != SAMPLE_SPARSE || !f->optional)
			sample_field(message, f, sample == SAMPLE_MOST);
	return message;
}

/* One protocol and one state in which the kind may be sent. */
static inline enum wire_protocol sample_protocol(enum wire_id id)
{
	uint8_t protocols = wire_kinds[id].protocols;

	return (enum wire_protocol)(protocols & -protocols);
}

static inline enum wire_state sample_state(enum wire_id id)
{
	return wire_kinds[id].states & WIRE_READY ? WIRE_READY : WIRE_NEW;
}

static inline enum err sample_decode(enum wire_id id, const void *data, size_t len,
                                     struct wire_message **message, char reason[REASON_MAX_BYTES])
{
	return wire_decode(sample_protocol(id), wire_kinds[id].from, sample_state(id), data, len,
	                   message, reason);
}

static inline bool sample_field_equal(const struct wire_message *a, const struct wire_message *b,
                                      const struct wire_field *field)
{
	const uint8_t *x, *y;
	size_t m, n;

	if (wire_has(a, field->name) != wire_has(b, field->name))
		return false;
	switch (field->type) {
	case WIRE_INT:
		return wire_int(a, field->name) == wire_int(b, field->name);
	case WIRE_BOOL:
		return wire_bool(a, field->name) == wire_bool(b, field->name);
	case WIRE_BYTES:
		x = wire_bytes(a, field->name, &m);
		y = wire_bytes(b, field->name, &n);
		return m == n && (m == 0 || memcmp(x, y, m) == 0);
	default:
		return strcmp(wire_text(a, field->name), wire_text(b, field->name)) == 0;
	}
}

static inline bool sample_equal(const struct wire_message *a, const struct wire_message *b)
{
	if (wire_id(a) != wire_id(b))
		return false;
	for (const struct wire_field *f = wire_kinds[wire_id(a)].fields; f->name != NULL; f++)
		if (!sample_field_equal(a, b, f))
			return false;
	return true;
}

#endif
