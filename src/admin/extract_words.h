/*
 * What the log has about a resident, in words for her: each look with its time, how long and what
 * came of it, in Swedish or English. Who looked is the centre; a person is named only where the
 * centre has decided so.
 */
#ifndef TILLSYN_ADMIN_EXTRACT_WORDS_H
#define TILLSYN_ADMIN_EXTRACT_WORDS_H

#include "admin/export_file.h"
#include "base/zonedata.h"

#include <stdio.h>

enum extract_language { EXTRACT_SV, EXTRACT_EN, EXTRACT_LANGUAGES };

struct extract;

/* Aborts without memory, as what follows. */
struct extract *extract_new(void);
void extract_free(struct extract *extract);

/*
 * An entry about her, oldest first. name: the operator's, or empty. ERR_PARSE: it cannot be read.
 */
enum err extract_add(struct extract *extract, const struct export_entry *entry, const char *name);

struct extract_about {
	enum extract_language language;
	const char *resident;      /* name, or identifier */
	const char *centre;        /* empty = not told */
	int64_t made_ms;
	struct zone_window zone;
	bool names;
};

void extract_write(const struct extract *extract, const struct extract_about *about, FILE *out);

#endif
