/*
 * Reading takes what it finds and then writes it again: a line that does not come out as it was is
 * refused. So there is no second place that says what a line may look like.
 */
#include "admin/export_file.h"

#include "base/text.h"
#include "core/event.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#define FORMAT "tillsyn-log"
#define FORMAT_VERSION 1

static const char *const ends[] = {
	[INDEX_EMPTY] = "empty",
	[INDEX_OWN] = "own",
	[INDEX_OTHER] = "other",
};

enum { ENDS = sizeof ends / sizeof ends[0] };

/* The number of a word in ends; ENDS when it is none. */
static int end_of(const char *word)
{
	int i = 0;

	while (i < ENDS && strcmp(ends[i], word) != 0)
		i++;
	return i;
}

static json_t *bytes_new(const void *data, size_t len)
{
	struct buf text = buf_new(EXPORT_LINE_MAX);
	json_t *value = NULL;

	if (text_base64(&text, data, len) == ERR_OK)
		value = json_stringn(text.data == NULL ? "" : (const char *)text.data, text.len);
	buf_free(&text);
	return value;
}

static json_t *hashes_new(uint8_t (*hash)[HASH_BYTES], int n)
{
	json_t *list = json_array();

	for (int i = 0; i < n; i++)
		json_array_append_new(list, bytes_new(hash[i], HASH_BYTES));
	return list;
}

static json_t *index_new_json(const struct index_proof *proof)
{
	struct index_proof copy = *proof;
	json_t *object = json_object();

	json_object_set_new(object, "path", hashes_new(copy.sibling, copy.n));
	json_object_set_new(object, "end", json_string(ends[proof->end]));
	if (proof->end != INDEX_EMPTY) {
		json_object_set_new(object, "key", bytes_new(proof->entry.key, HASH_BYTES));
		json_object_set_new(object, "count", json_integer((json_int_t)proof->entry.count));
		json_object_set_new(object, "last", json_integer((json_int_t)proof->entry.last));
		json_object_set_new(object, "chain", bytes_new(proof->entry.chain, HASH_BYTES));
	}
	return object;
}

static json_t *since_new(const struct export_head *head)
{
	struct tree_proof copy = head->grown;
	json_t *object = json_object();

	json_object_set_new(object, "size", json_integer((json_int_t)head->since));
	json_object_set_new(object, "proof", hashes_new(copy.hash, copy.n));
	return object;
}

/* What jansson could not make is missing in the object, and then the line is not written. */
static enum err add_line(json_t *object, size_t members, struct buf *out)
{
	char *text = json_object_size(object) == members ? json_dumps(object, JSON_COMPACT) : NULL;
	enum err r = text == NULL ? ERR_PARSE : buf_printf(out, "%s\n", text);

	free(text);
	json_decref(object);
	return r;
}

enum err export_head_line(const struct export_head *head, struct buf *out)
{
	json_t *object = json_object();
	size_t members = 3;

	json_object_set_new(object, "format", json_string(FORMAT));
	json_object_set_new(object, "version", json_integer(FORMAT_VERSION));
	json_object_set_new(object, "checkpoint", json_stringn(head->note, head->note_len));
	if (head->resident[0] != '\0') {
		json_object_set_new(object, "resident", json_string(head->resident));
		json_object_set_new(object, "index", index_new_json(&head->index));
		members += 2;
	}
	if (head->has_since) {
		json_object_set_new(object, "since", since_new(head));
		members++;
	}
	return add_line(object, members, out);
}

enum err export_entry_line(const struct export_entry *entry, struct buf *out)
{
	struct tree_proof copy = entry->proof;
	json_t *object = json_object();
	size_t members = 2;

	json_object_set_new(object, "number", json_integer((json_int_t)entry->number));
	json_object_set_new(object, "leaf", bytes_new(entry->leaf, HASH_BYTES));
	if (entry->erased) {
		json_object_set_new(object, "resident", json_string(entry->resident));
		members++;
	} else {
		json_object_set_new(object, "salt", bytes_new(entry->salt, SALT_BYTES));
		json_object_set_new(object, "event", bytes_new(entry->canonical, entry->len));
		members += 2;
	}
	if (copy.n > 0) {
		json_object_set_new(object, "proof", hashes_new(copy.hash, copy.n));
		members++;
	}
	return add_line(object, members, out);
}

/* At most max bytes of base64; 0 for what is none, which the comparison then finds. */
static size_t take_bytes(const json_t *value, void *out, size_t max)
{
	struct buf bytes = buf_new(max);
	size_t n = 0;

	if (json_is_string(value)
	    && text_from_base64(&bytes, json_string_value(value), json_string_length(value))
	               == ERR_OK) {
		n = bytes.len;
		if (n > 0)
			memcpy(out, bytes.data, n);
	}
	buf_free(&bytes);
	return n;
}

static int take_hashes(const json_t *list, uint8_t (*hash)[HASH_BYTES], int max)
{
	int n = 0;

	for (; n < max && n < (int)json_array_size(list); n++)
		take_bytes(json_array_get(list, (size_t)n), hash[n], HASH_BYTES);
	return n;
}

static uint64_t take_number(const json_t *object, const char *key)
{
	json_int_t value = json_integer_value(json_object_get(object, key));

	return value < 0 ? 0 : (uint64_t)value;
}

static void take_text(const json_t *object, const char *key, char *out, size_t size)
{
	const char *text = json_string_value(json_object_get(object, key));

	out[0] = '\0';
	if (text != NULL)
		text_copy(out, size, text);
}

static void take_index(const json_t *object, struct index_proof *proof)
{
	const char *word = json_string_value(json_object_get(object, "end"));
	int end = word == NULL ? ENDS : end_of(word);

	proof->n = take_hashes(json_object_get(object, "path"), proof->sibling, INDEX_DEPTH_MAX);
	proof->end = end == ENDS ? INDEX_EMPTY : (enum index_end)end;
	take_bytes(json_object_get(object, "key"), proof->entry.key, HASH_BYTES);
	proof->entry.count = take_number(object, "count");
	proof->entry.last = take_number(object, "last");
	take_bytes(json_object_get(object, "chain"), proof->entry.chain, HASH_BYTES);
}

static void take_note(const json_t *value, struct export_head *head)
{
	size_t len = json_string_length(value);

	if (json_is_string(value) && len <= sizeof head->note) {
		memcpy(head->note, json_string_value(value), len);
		head->note_len = len;
	}
}

/* Whether what was read is written as the line is. */
static enum err compare(enum err r, struct buf *again, const char *line, size_t len)
{
	if (r == ERR_OK && (again->len != len || memcmp(again->data, line, len) != 0))
		r = ERR_PARSE;
	buf_free(again);
	return r == ERR_LIMIT ? ERR_PARSE : r;
}

static json_t *parse(const char *line, size_t len)
{
	return len <= EXPORT_LINE_MAX ? json_loadb(line, len, JSON_REJECT_DUPLICATES, NULL) : NULL;
}

enum err export_head_read(const char *line, size_t len, struct export_head *head)
{
	struct buf again = buf_new(EXPORT_LINE_MAX);
	json_t *object = parse(line, len);
	const json_t *since = json_object_get(object, "since");

	memset(head, 0, sizeof *head);
	take_text(object, "resident", head->resident, sizeof head->resident);
	take_note(json_object_get(object, "checkpoint"), head);
	take_index(json_object_get(object, "index"), &head->index);
	head->has_since = since != NULL;
	head->since = take_number(since, "size");
	head->grown.n = take_hashes(json_object_get(since, "proof"), head->grown.hash,
	                            TREE_PROOF_MAX);
	json_decref(object);
	if (object == NULL || (head->resident[0] != '\0' && !text_is_id(head->resident)))
		return ERR_PARSE;
	return compare(export_head_line(head, &again), &again, line, len);
}

enum err export_entry_read(const char *line, size_t len, struct export_entry *entry)
{
	struct buf again = buf_new(EXPORT_LINE_MAX);
	json_t *object = parse(line, len);

	memset(entry, 0, sizeof *entry);
	entry->number = take_number(object, "number");
	take_bytes(json_object_get(object, "leaf"), entry->leaf, HASH_BYTES);
	take_text(object, "resident", entry->resident, sizeof entry->resident);
	take_bytes(json_object_get(object, "salt"), entry->salt, SALT_BYTES);
	entry->len = take_bytes(json_object_get(object, "event"), entry->canonical,
	                        sizeof entry->canonical);
	entry->erased = json_object_get(object, "event") == NULL;
	entry->proof.n = take_hashes(json_object_get(object, "proof"), entry->proof.hash,
	                             TREE_PROOF_MAX);
	json_decref(object);
	if (object == NULL || (entry->resident[0] != '\0' && !text_is_id(entry->resident)))
		return ERR_PARSE;
	return compare(export_entry_line(entry, &again), &again, line, len);
}

bool export_next_line(FILE *file, char line[EXPORT_LINE_MAX + 1], size_t *len)
{
	if (fgets(line, EXPORT_LINE_MAX + 1, file) == NULL)
		return false;
	*len = strlen(line);
	return true;
}

static enum err read_note(FILE *file, struct buf *note)
{
	char line[EXPORT_LINE_MAX + 1];
	struct export_head head;
	size_t len;

	if (!export_next_line(file, line, &len))
		return ERR_PARSE;
	if (line[0] == '{') {
		enum err r = export_head_read(line, len, &head);

		return r != ERR_OK ? r : buf_add(note, head.note, head.note_len);
	}
	do {
		if (buf_add(note, line, len) != ERR_OK)
			return ERR_PARSE;
	} while (export_next_line(file, line, &len));
	return ERR_OK;
}

enum err export_checkpoint_of(const char *path, struct buf *note, struct checkpoint *checkpoint)
{
	struct buf own = buf_new(CHECKPOINT_MAX_BYTES);
	FILE *file = fopen(path, "re");
	enum err r;

	if (file == NULL)
		return ERR_IO;
	note = note == NULL ? &own : note;
	r = read_note(file, note);
	if (r == ERR_OK)
		r = note->len > 0 ? checkpoint_read(note->data, note->len, checkpoint) : ERR_PARSE;
	fclose(file);
	buf_free(&own);
	return r;
}

/* Hashes one behind the other; ERR_LIMIT for more than max, ERR_PARSE for a part of one. */
static enum err split(const struct wire_message *message, const char *field,
                      uint8_t (*hash)[HASH_BYTES], int max, int *n)
{
	size_t len;
	const uint8_t *bytes = wire_bytes(message, field, &len);

	if (len % HASH_BYTES != 0)
		return ERR_PARSE;
	if (len / HASH_BYTES > (size_t)max)
		return ERR_LIMIT;
	if (len > 0)
		memcpy(hash, bytes, len);
	*n = (int)(len / HASH_BYTES);
	return ERR_OK;
}

enum err export_head_from_wire(const struct wire_message *message, const char *resident,
                               int64_t since, struct export_head *head)
{
	const uint8_t *note = wire_bytes(message, "checkpoint", &head->note_len);
	int end = wire_has(message, "end") ? end_of(wire_text(message, "end")) : INDEX_EMPTY;
	enum err r;

	if (end == ENDS || head->note_len > sizeof head->note)
		return ERR_PARSE;
	memcpy(head->note, note, head->note_len);
	if ((r = text_copy(head->resident, sizeof head->resident, resident)) != ERR_OK
	    || (r = split(message, "path", head->index.sibling, INDEX_DEPTH_MAX, &head->index.n))
	               != ERR_OK
	    || (r = split(message, "grown", head->grown.hash, TREE_PROOF_MAX, &head->grown.n))
	               != ERR_OK)
		return r;
	head->index.end = (enum index_end)end;
	wire_fixed(message, "key", head->index.entry.key, HASH_BYTES);
	head->index.entry.count = (uint64_t)wire_int(message, "count");
	head->index.entry.last = (uint64_t)wire_int(message, "last");
	wire_fixed(message, "chain", head->index.entry.chain, HASH_BYTES);
	head->has_since = since > 0;
	head->since = (uint64_t)since;
	return ERR_OK;
}

enum err export_entry_from_wire(const struct crypto *crypto, const struct wire_message *message,
                                struct export_entry *entry)
{
	const uint8_t *event = wire_bytes(message, "event", &entry->len);

	entry->number = (uint64_t)wire_int(message, "number");
	entry->erased = event == NULL;
	wire_fixed(message, "salt", entry->salt, SALT_BYTES);
	if (entry->erased) {
		entry->len = 0;
		wire_fixed(message, "leaf", entry->leaf, HASH_BYTES);
		text_clean(entry->resident, sizeof entry->resident, wire_text(message, "resident"));
	} else {
		memcpy(entry->canonical, event, entry->len);
		entry->resident[0] = '\0';
		log_leaf_hash(crypto, entry->salt, entry->canonical, entry->len, entry->leaf);
	}
	return split(message, "proof", entry->proof.hash, TREE_PROOF_MAX, &entry->proof.n);
}
