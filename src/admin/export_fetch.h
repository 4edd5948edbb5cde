/* An export of the log, as it comes from the hub: its head, then every entry. */
#ifndef TILLSYN_ADMIN_EXPORT_FETCH_H
#define TILLSYN_ADMIN_EXPORT_FETCH_H

#include "admin/connection.h"
#include "admin/export_file.h"

/* What the hub says beside the export, and no proof covers. */
struct export_beside {
	bool names;                /* what is written for a resident may name the staff */
	const char *resident_name; /* empty when it is not known */
};

struct export_taker {
	/* ERR_OK, or what ends it. */
	enum err (*head)(void *arg, const struct export_head *head,
	                 const struct export_beside *beside);
	/* name: the operator's, where the hub gives it; else empty. */
	enum err (*entry)(void *arg, const struct export_entry *entry, const char *name);
	void *arg;
};

/*
 * resident NULL: the whole log. since: how many entries it is known to have had, 0 = nothing asked.
 * One line is on admin->err unless it ends with ADMIN_OK.
 */
enum admin_exit export_fetch(const struct admin *admin, struct connection *connection,
                             const char *resident, int64_t since, const struct export_taker *taker);

#endif
