/*
 * Messages to and from JSON, against the one table of message.def. Nothing about a message is
 * decided anywhere else: what a kind may carry, from whom and when stands in the table, and this
 * file only reads it.
 */
#include "wire/message.h"

#include "base/text.h"
#include "core/notary.h"
#include "core/proof.h"

#include <assert.h>
#include <jansson.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "wire/message.def"

/* The key that names the kind; no kind has a field of that name. */
#define KIND_KEY "message"

struct value {
	bool set;
	int64_t number; /* WIRE_INT, WIRE_BOOL */
	uint8_t *data;  /* owned; WIRE_TEXT and WIRE_NAME end with a NUL that len does not count */
	size_t len;
};

struct wire_message {
	enum wire_id id;
	struct value value[WIRE_FIELDS_MAX]; /* in the table's order */
};

struct wire_message *wire_new(enum wire_id id)
{
	struct wire_message *message = calloc(1, sizeof *message);

	assert((size_t)id < WIRE_IDS);
	assert(message != NULL);
	message->id = id;
	return message;
}

void wire_free(struct wire_message *message)
{
	if (message == NULL)
		return;
	for (size_t i = 0; i < WIRE_FIELDS_MAX; i++)
		free(message->value[i].data);
	free(message);
}

enum wire_id wire_id(const struct wire_message *message)
{
	return message->id;
}

/* A field's place in its kind's table, or -1. */
static int field_index(enum wire_id id, const char *name)
{
	const struct wire_field *fields = wire_kinds[id].fields;

	for (int i = 0; fields[i].name != NULL; i++) {
		assert(i < WIRE_FIELDS_MAX);
		if (text_equal(fields[i].name, name))
			return i;
	}
	return -1;
}

#define TYPE(type) (1u << (type))

/*
 * A field and its value. The literal of a caller must be right: a name that the kind lacks, or a
 * getter of another type, is a defect of ours.
 */
static struct value *value_of(const struct wire_message *message, const char *name, unsigned types,
                              const struct wire_field **field)
{
	int i = field_index(message->id, name);

	assert(i >= 0);
	*field = &wire_kinds[message->id].fields[i];
	assert((types & TYPE((*field)->type)) != 0);
	return (struct value *)&message->value[i];
}

bool wire_has(const struct wire_message *message, const char *field)
{
	const struct wire_field *of;

	return value_of(message, field, ~0u, &of)->set;
}

int64_t wire_int(const struct wire_message *message, const char *field)
{
	const struct wire_field *of;

	return value_of(message, field, TYPE(WIRE_INT), &of)->number;
}

bool wire_bool(const struct wire_message *message, const char *field)
{
	const struct wire_field *of;

	return value_of(message, field, TYPE(WIRE_BOOL), &of)->number != 0;
}

const char *wire_text(const struct wire_message *message, const char *field)
{
	const struct wire_field *of;
	const struct value *value =
		value_of(message, field, TYPE(WIRE_TEXT) | TYPE(WIRE_NAME), &of);

	return value->set ? (const char *)value->data : "";
}

const uint8_t *wire_bytes(const struct wire_message *message, const char *field, size_t *len)
{
	const struct wire_field *of;
	const struct value *value = value_of(message, field, TYPE(WIRE_BYTES), &of);

	*len = value->len;
	return value->data;
}

void wire_fixed(const struct wire_message *message, const char *field, void *out, size_t size)
{
	size_t len;
	const uint8_t *data = wire_bytes(message, field, &len);

	if (data == NULL) {
		memset(out, 0, size);
		return;
	}
	assert(len == size);
	memcpy(out, data, size);
}

/* Replaces a field's bytes by a copy with a NUL behind it. */
static void keep(struct value *value, const void *data, size_t len)
{
	uint8_t *copy = malloc(len + 1);

	assert(copy != NULL);
	if (len > 0)
		memcpy(copy, data, len);
	copy[len] = 0;
	free(value->data);
	*value = (struct value){.set = true, .data = copy, .len = len};
}

void wire_set_int(struct wire_message *message, const char *field, int64_t number)
{
	const struct wire_field *of;

	*value_of(message, field, TYPE(WIRE_INT), &of) =
		(struct value){.set = true, .number = number};
}

void wire_set_bool(struct wire_message *message, const char *field, bool truth)
{
	const struct wire_field *of;

	*value_of(message, field, TYPE(WIRE_BOOL), &of) =
		(struct value){.set = true, .number = truth};
}

void wire_set_text(struct wire_message *message, const char *field, const char *text)
{
	const struct wire_field *of;
	struct value *value = value_of(message, field, TYPE(WIRE_TEXT) | TYPE(WIRE_NAME), &of);
	char *clean;

	if (of->type == WIRE_NAME) {
		keep(value, text, strlen(text));
		return;
	}
	clean = malloc((size_t)of->max + 1);
	assert(clean != NULL);
	text_clean(clean, (size_t)of->max + 1, text);
	keep(value, clean, strlen(clean));
	free(clean);
}

void wire_set_bytes(struct wire_message *message, const char *field, const void *data, size_t len)
{
	const struct wire_field *of;

	keep(value_of(message, field, TYPE(WIRE_BYTES), &of), data, len);
}

/*
 * Writes the sentence and passes the error on. Every part of a sentence from outside is short and
 * clean.
 */
static enum err __attribute__((format(printf, 3, 4)))
refuse(char reason[REASON_MAX_BYTES], enum err err, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(reason, REASON_MAX_BYTES, format, args);
	va_end(args);
	return err;
}

static bool in_bounds(const struct wire_field *field, int64_t value)
{
	return value >= field->min && value <= field->max;
}

/* Whether a value may travel: both directions ask this. *what gets the words when it may not. */
static enum err value_check(const struct wire_field *field, const struct value *value,
                            const char **what)
{
	const char *text = (const char *)value->data;
	bool is_number = field->type == WIRE_INT || field->type == WIRE_BOOL;

	if (field->type == WIRE_TEXT && (strlen(text) != value->len || !text_is_clean(text))) {
		*what = "holds characters that are not allowed";
		return ERR_PARSE;
	}
	if (field->type == WIRE_NAME && value->len > 0
	    && (strlen(text) != value->len || !text_is_id(text))) {
		*what = "is not an identifier";
		return ERR_PARSE;
	}
	if (field->type == WIRE_BOOL
	    || in_bounds(field, is_number ? value->number : (int64_t)value->len))
		return ERR_OK;
	*what = is_number ? "is out of bounds" : "is too short or too long";
	return ERR_LIMIT;
}

/* A base64 string to bytes, with no more room than the field has. */
static enum err take_bytes(const struct wire_field *field, const json_t *json, struct value *value)
{
	struct buf bytes = buf_new((size_t)field->max);
	enum err r = text_from_base64(&bytes, json_string_value(json), json_string_length(json));

	if (r == ERR_OK)
		keep(value, bytes.data, bytes.len);
	buf_free(&bytes);
	return r;
}

/* One field of the table out of the object. */
static enum err take_field(const struct wire_field *field, const json_t *json, struct value *value,
                           char reason[REASON_MAX_BYTES])
{
	static const char *const types[] = {
		[WIRE_INT] = "an integer", [WIRE_BOOL] = "true or false", [WIRE_TEXT] = "a string",
		[WIRE_NAME] = "a string", [WIRE_BYTES] = "a string",
	};
	bool right = field->type == WIRE_INT ? json_is_integer(json)
	             : field->type == WIRE_BOOL ? json_is_boolean(json) : json_is_string(json);
	const char *what;
	enum err r;

	if (!right)
		return refuse(reason, ERR_PARSE, "%s: must be %s", field->name, types[field->type]);
	if (field->type == WIRE_INT) {
		*value = (struct value){.set = true, .number = json_integer_value(json)};
	} else if (field->type == WIRE_BOOL) {
		*value = (struct value){.set = true, .number = json_is_true(json)};
	} else if (field->type == WIRE_BYTES) {
		r = take_bytes(field, json, value);
		if (r != ERR_OK)
			return refuse(reason, r, "%s: is not base64, or too long", field->name);
	} else {
		keep(value, json_string_value(json), json_string_length(json));
	}
	r = value_check(field, value, &what);
	return r == ERR_OK ? r : refuse(reason, r, "%s: %s", field->name, what);
}

/* Every key known, every mandatory field there, every value as the table says. */
static enum err take_fields(struct wire_message *message, json_t *object,
                            char reason[REASON_MAX_BYTES])
{
	const struct wire_field *fields = wire_kinds[message->id].fields;
	const char *key;
	json_t *json;
	enum err r = ERR_OK;

	json_object_foreach(object, key, json) {
		char shown[ID_MAX];

		text_clean(shown, sizeof shown, key);
		if (!text_equal(key, KIND_KEY) && field_index(message->id, key) < 0)
			return refuse(reason, ERR_PARSE, "%s: not a field of %s", shown,
			              wire_kinds[message->id].name);
	}
	for (size_t i = 0; fields[i].name != NULL && r == ERR_OK; i++) {
		json = json_object_get(object, fields[i].name);
		if (json != NULL)
			r = take_field(&fields[i], json, &message->value[i], reason);
		else if (!fields[i].optional)
			r = refuse(reason, ERR_PARSE, "%s: missing in %s", fields[i].name,
			           wire_kinds[message->id].name);
	}
	return r;
}

/* Which kind it is, and whether this sender may send it now. */
static enum err take_kind(const json_t *object, enum wire_protocol protocol, enum wire_from from,
                          enum wire_state state, enum wire_id *id, char reason[REASON_MAX_BYTES])
{
	const char *name = json_string_value(json_object_get(object, KIND_KEY));
	char shown[ID_MAX];
	int i = 0;

	if (name == NULL)
		return refuse(reason, ERR_PARSE, "no \"" KIND_KEY "\" that names the kind");
	text_clean(shown, sizeof shown, name);
	while (i < WIRE_IDS && !text_equal(wire_kinds[i].name, name))
		i++;
	if (i == WIRE_IDS)
		return refuse(reason, ERR_PARSE, "%s: no such message", shown);
	if ((wire_kinds[i].protocols & protocol) == 0)
		return refuse(reason, ERR_DENIED, "%s: not a message of this protocol", shown);
	if (wire_kinds[i].from != from)
		return refuse(reason, ERR_DENIED, "%s: not yours to send", shown);
	if ((wire_kinds[i].states & state) == 0)
		return refuse(reason, ERR_DENIED, "%s: not now", shown);
	*id = (enum wire_id)i;
	return ERR_OK;
}

enum err wire_decode(enum wire_protocol protocol, enum wire_from from, enum wire_state state,
                     const void *data, size_t len, struct wire_message **message,
                     char reason[REASON_MAX_BYTES])
{
	enum wire_id id = WIRE_IDS;
	json_t *object;
	enum err r;

	*message = NULL;
	reason[0] = '\0';
	if (len > MESSAGE_MAX_BYTES)
		return refuse(reason, ERR_LIMIT, "the message is longer than %d bytes",
		              MESSAGE_MAX_BYTES);
	object = len == 0 ? NULL : json_loadb(data, len, JSON_REJECT_DUPLICATES, NULL);
	if (object == NULL)
		return refuse(reason, ERR_PARSE, "not a JSON object with each key once");
	r = take_kind(object, protocol, from, state, &id, reason);
	if (r == ERR_OK) {
		*message = wire_new(id);
		r = take_fields(*message, object, reason);
	}
	if (r != ERR_OK) {
		wire_free(*message);
		*message = NULL;
	}
	json_decref(object);
	return r;
}

/* NULL without memory. */
static json_t *value_to_json(const struct wire_field *field, const struct value *value)
{
	struct buf text;
	json_t *json = NULL;

	if (field->type == WIRE_INT)
		return json_integer(value->number);
	if (field->type == WIRE_BOOL)
		return json_boolean(value->number);
	if (field->type != WIRE_BYTES)
		return json_stringn((const char *)value->data, value->len);
	text = buf_new(MESSAGE_MAX_BYTES);
	if (text_base64(&text, value->data, value->len) == ERR_OK)
		json = json_stringn(text.data == NULL ? "" : (const char *)text.data, text.len);
	buf_free(&text);
	return json;
}

/* Checks every field and puts those that are set into object. */
static enum err fill(const struct wire_message *message, json_t *object)
{
	const struct wire_field *fields = wire_kinds[message->id].fields;
	const char *what;

	if (json_object_set_new(object, KIND_KEY, json_string(wire_kinds[message->id].name)) != 0)
		return ERR_MEMORY;
	for (size_t i = 0; fields[i].name != NULL; i++) {
		const struct value *value = &message->value[i];

		assert(value->set || fields[i].optional);
		if (!value->set)
			continue;
		if (value_check(&fields[i], value, &what) != ERR_OK)
			return ERR_LIMIT;
		if (json_object_set_new(object, fields[i].name, value_to_json(&fields[i], value))
		    != 0)
			return ERR_MEMORY;
	}
	return ERR_OK;
}

enum err wire_encode(const struct wire_message *message, struct buf *out)
{
	json_t *object = json_object();
	char *line = NULL;
	enum err r = object == NULL ? ERR_MEMORY : fill(message, object);

	if (r == ERR_OK) {
		line = json_dumps(object, JSON_COMPACT);
		r = line == NULL ? ERR_MEMORY : ERR_OK;
	}
	if (r == ERR_OK)
		r = strlen(line) > MESSAGE_MAX_BYTES ? ERR_LIMIT : buf_add_text(out, line);
	free(line);
	json_decref(object);
	return r;
}
