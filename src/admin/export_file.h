/*
 * An export of the log as a file: one line of JSON that says what it is and under which checkpoint,
 * then one line an entry (docs/log.md). Every line has one spelling alone, and nothing stands in
 * the file that a proof does not cover, so that no byte of it can be changed unnoticed.
 */
#ifndef TILLSYN_ADMIN_EXPORT_FILE_H
#define TILLSYN_ADMIN_EXPORT_FILE_H

#include "base/buf.h"
#include "core/checkpoint.h"
#include "core/index.h"
#include "core/tree.h"
#include "wire/message.h"

#include <stdbool.h>
#include <stdio.h>

/* The longest line: an entry at its most bytes in base64, with the longest proof there can be. */
enum { EXPORT_LINE_MAX = 16384 };

struct export_head {
	char resident[ID_MAX];          /* whose extract it is; empty = the whole log */
	size_t note_len;
	char note[CHECKPOINT_MAX_BYTES]; /* as the hub gave it; without a signature when none was to
	                                    be had */
	struct index_proof index;       /* of the resident's entry; nothing for the whole log */
	bool has_since;                 /* a proof that the log has only grown since it had so many entries */
	uint64_t since;
	struct tree_proof grown;
};

struct export_entry {
	uint64_t number;                /* place in the log, from 0 */
	uint8_t leaf[HASH_BYTES];
	bool erased;                    /* after its retention: the leaf is what is left */
	char resident[ID_MAX];          /* of an erased one; the others say it in their bytes */
	uint8_t salt[SALT_BYTES];
	size_t len;
	uint8_t canonical[LOG_EVENT_MAX_BYTES];
	struct tree_proof proof;        /* that it is in the log; of an extract only */
};

/* Appends a line with its newline. ERR_PARSE: it holds what no file can say. */
enum err export_head_line(const struct export_head *head, struct buf *out);
enum err export_entry_line(const struct export_entry *entry, struct buf *out);
/* ERR_PARSE for every line, newline included, but the one that the functions above write. */
enum err export_head_read(const char *line, size_t len, struct export_head *head);
enum err export_entry_read(const char *line, size_t len, struct export_entry *entry);

/*
 * The next line of a file, its newline included; false at its end. One that is too long for any
 * export, and one with a NUL in it, come in pieces that are no line.
 */
bool export_next_line(FILE *file, char line[EXPORT_LINE_MAX + 1], size_t *len);
/*
 * The checkpoint of an export that was kept, or one that was kept alone; note (may be NULL) gets it
 * as it is signed. Nothing is said about who signed. ERR_PARSE: the file holds neither; ERR_IO: it
 * cannot be read.
 */
enum err export_checkpoint_of(const char *path, struct buf *note, struct checkpoint *checkpoint);

/* From what the hub sends: WIRE_EXPORT_HEAD, WIRE_EXPORT_ENTRY. */
enum err export_head_from_wire(const struct wire_message *message, const char *resident,
                               int64_t since, struct export_head *head);
enum err export_entry_from_wire(const struct crypto *crypto, const struct wire_message *message,
                                struct export_entry *entry);

#endif
