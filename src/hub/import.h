/* What an import has brought so far, and the questions about it as a whole. */
#ifndef TILLSYN_HUB_IMPORT_H
#define TILLSYN_HUB_IMPORT_H

#include "hub/inside.h"

/*
 * Rows of one import: several times what a large centre has; an endless one must not fill the
 * memory.
 */
#define IMPORT_ROWS_MAX 20000

struct import_stage {
	struct list residents;  /* struct resident_row */
	struct list agreements; /* struct agreement_row, the roster among them */
	struct list cameras;    /* struct camera_row */
	struct list operators;  /* struct operator_row */
	struct list contacts;   /* struct contact_row */
	int faults;             /* refused rows: the whole is refused */
	char fault[REASON_MAX_BYTES]; /* the first of them */
};

void import_fault(struct import_stage *stage, const char *what, const char *id);
/*
 * Holds the rows against each other and against what stays in the store: no identifier twice, no
 * agreement for a person whom nobody knows, no resident in two agreements at once, and camera and
 * agreement name each other (SERVICE.md hard case 15). Notes a fault for each that fails.
 */
void import_check(struct hub *hub, struct import_stage *stage);
/*
 * Inside the transaction, rows applied: every resident whom an agreement of the import names points
 * to hers.
 */
enum err import_link(struct hub *hub, const struct import_stage *stage);

#endif
