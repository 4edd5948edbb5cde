/*
 * What the hub has before an import: every signed document, and who has withdrawn. A withdrawal is
 * recorded at the hub alone, so a new version made here could lift it without anybody noticing.
 */
#ifndef TILLSYN_ADMIN_HOLDINGS_H
#define TILLSYN_ADMIN_HOLDINGS_H

#include "admin/connection.h"
#include "admin/signing.h"

#include <stdbool.h>
#include <stddef.h>

/* One signed document, with its agreement's id; the roster's is empty. */
struct holding {
	char id[ID_MAX];
	struct held held;
	bool mentioned; /* by the import; the caller's */
};

/* Zero-initialised; holdings_free() at the end. */
struct holdings {
	struct holding *holding;
	size_t n, room;
	char (*withdrawn)[ID_MAX]; /* residents */
	size_t n_withdrawn, room_withdrawn;
	bool unreadable;
};

/* Asks the hub; one line on admin->err when it cannot tell, or holds what cannot be read. */
enum admin_exit holdings_ask(const struct admin *admin, struct connection *connection,
                             struct holdings *holdings);
/* NULL when there is none. */
struct holding *holdings_find(const struct holdings *holdings, const char *id);
bool holdings_has_withdrawn(const struct holdings *holdings, const char *resident);
void holdings_free(struct holdings *holdings);

#endif
