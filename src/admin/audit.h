/*
 * The judgement of an export of the log (admin/export_file.h): everything it says is computed again
 * from its own bytes and held against its checkpoint, and the checkpoint against the signer's key.
 * Neither hub nor database is asked or believed. What does not hold is told in plain words, with
 * the entry and the resident it is about.
 */
#ifndef TILLSYN_ADMIN_AUDIT_H
#define TILLSYN_ADMIN_AUDIT_H

#include "core/checkpoint.h"

#include <stdbool.h>
#include <stdio.h>

struct audit;

/* An earlier state of the same log, from a checkpoint or export that was kept. */
struct audit_earlier {
	const char *name;               /* of the file, for the words */
	struct checkpoint checkpoint;
};

/*
 * signer_key NULL: nothing can be said about who signed, and so not all holds. earlier NULL: not
 * asked. Both must outlive the audit. Aborts without memory.
 */
struct audit *audit_new(const struct crypto *crypto, const uint8_t *signer_key,
                        const struct audit_earlier *earlier, FILE *out);
void audit_free(struct audit *audit);

/*
 * A line of the file, newline included; the first is the head. Findings are written to out as they
 * are made.
 */
void audit_line(struct audit *audit, const char *line, size_t len);
/*
 * After the last line: says what was checked. True only when everything was and everything holds.
 */
bool audit_end(struct audit *audit);

#endif
