/*
 * Objects of a document as tables: key, type, bounds and the member of a struct that takes the
 * value. A key that no table has is a fault, so a misspelt "withdrawn" is never silently ignored.
 */
#ifndef TILLSYN_ADMIN_MEMBERS_H
#define TILLSYN_ADMIN_MEMBERS_H

#include "admin/faults.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum member_type {
	MEMBER_ID,      /* char[ID_MAX] */
	MEMBER_TEXT,    /* char[size]; clean */
	MEMBER_WORD,    /* int or an enum: index into words */
	MEMBER_DATE,    /* int32_t days; "2026-01-31" */
	MEMBER_TIME,    /* int32_t minutes after midnight; "01:30" */
	MEMBER_BOOL,    /* bool */
	MEMBER_INT,     /* int32_t in [min, max] */
	MEMBER_COUNT,   /* int64_t in [min, max] */
	MEMBER_MINUTES, /* int64_t milliseconds; whole minutes in [min, max] */
	MEMBER_HEX,     /* uint8_t[size] */
	MEMBER_OTHER,   /* known, and read by code */
};

struct member {
	const char *name;
	enum member_type type;
	bool needed;
	size_t offset, size;
	int64_t min, max;
	const char *const *words; /* NULL at the end */
};

/*
 * Reads the members of object into out; what is absent or faulty leaves out as it was. table ends
 * with a NULL name.
 */
void members_read(struct faults *faults, const char *path, const json_t *object,
                  const struct member *table, void *out);
/*
 * The list under key, or NULL: absent, or a fault (not a list; longer than max; needed and absent
 * or empty).
 */
const json_t *members_list(struct faults *faults, const char *path, const json_t *object,
                           const char *key, size_t max, bool needed);
/* The path of a member, or of an element of it. */
void members_path(char out[FAULT_PATH_MAX], const char *path, const char *key);
void members_path_at(char out[FAULT_PATH_MAX], const char *path, const char *key, size_t i);
/* The word's index, or -1. */
int members_word(const char *const *words, const char *word);

#endif
