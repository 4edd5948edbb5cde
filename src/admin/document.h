/*
 * The import document (docs/import.md): read whole or refused whole, with every fault listed. What
 * it yields is sound in itself: ids exist, references agree, times lie within the night, consents
 * are there.
 */
#ifndef TILLSYN_ADMIN_DOCUMENT_H
#define TILLSYN_ADMIN_DOCUMENT_H

#include "admin/faults.h"
#include "base/limits.h"
#include "core/agreement.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct document_resident {
	char id[ID_MAX];
	char name[NAME_MAX_BYTES];
	char address[NAME_MAX_BYTES];
	char bed_note[NOTE_MAX_BYTES];
	char door_note[NOTE_MAX_BYTES];
	char phone[PHONE_MAX];
};

struct document_camera {
	char id[ID_MAX];
	char serial[ID_MAX];
	char agreement[ID_MAX];
};

struct document_operator {
	char id[ID_MAX];
	char name[NAME_MAX_BYTES];
	int role;                        /* index into document_operator_roles */
	char user[ID_MAX];
	uint8_t certificate[HASH_BYTES]; /* zeroes = none */
	uint8_t key[KEY_BYTES];
};

struct document_contact {
	char id[ID_MAX];
	char name[NAME_MAX_BYTES];
	char phone[PHONE_MAX];
	int role;                        /* index into document_contact_roles */
	char area[ID_MAX];               /* empty = every area */
	int32_t step;                    /* -1 = not in the chain */
};

/* Every array begins with its id. A part that the document leaves out is empty. */
struct document {
	char zone[ZONE_NAME_MAX];
	size_t n_residents, n_agreements, n_cameras, n_operators, n_contacts;
	struct document_resident *residents;
	struct agreement *agreements;    /* version 0: it is the hub's that decides */
	struct document_camera *cameras;
	struct document_operator *operators;
	struct document_contact *contacts;
};

/* The wire's words, NULL at the end. */
extern const char *const document_operator_roles[];
extern const char *const document_contact_roles[];

/*
 * What text (len bytes, named file in faults) says. Faults are printed to err; ERR_PARSE when there
 * is one.
 */
enum err document_read(const char *file, const char *text, size_t len, struct document **document,
                       FILE *err);
void document_free(struct document *document);

/* document_check.c: the references inside, and each agreement as a whole. */
void document_check(const struct document *document, struct faults *faults);

#endif
