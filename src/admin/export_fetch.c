/* The hub gives an export in pieces, so that neither end has to hold it whole. */
#include "admin/export_fetch.h"

#include "os/crypto.h"

#include <errno.h>
#include <string.h>

struct fetching {
	const struct export_taker *taker;
	const struct crypto *crypto;
	const char *resident; /* empty = the whole log */
	int64_t since;
	struct export_head head;
	struct export_entry entry;
	bool begun;
	int64_t next, came;
	enum err r;
};

static void take_head(struct fetching *f, const struct wire_message *message)
{
	const struct export_beside beside = {wire_bool(message, "names"),
	                                     wire_text(message, "resident_name")};

	memset(&f->head, 0, sizeof f->head);
	f->r = export_head_from_wire(message, f->resident, f->since, &f->head);
	if (f->r == ERR_OK)
		f->r = f->taker->head(f->taker->arg, &f->head, &beside);
	f->begun = true;
}

static void take_entry(struct fetching *f, const struct wire_message *message)
{
	f->r = export_entry_from_wire(f->crypto, message, &f->entry);
	/* Whoever goes back would send for ever. */
	if (f->r == ERR_OK && wire_int(message, "number") < f->next)
		f->r = ERR_PARSE;
	if (f->r == ERR_OK)
		f->r = f->taker->entry(f->taker->arg, &f->entry, wire_text(message, "name"));
	f->next = wire_int(message, "number") + 1;
	f->came++;
}

static void take(void *arg, const struct wire_message *message)
{
	struct fetching *f = arg;

	if (f->r != ERR_OK)
		return;
	if (wire_id(message) == WIRE_EXPORT_HEAD && !f->begun)
		take_head(f, message);
	else if (wire_id(message) == WIRE_EXPORT_ENTRY && f->begun)
		take_entry(f, message);
}

static enum admin_exit fail(const struct admin *admin, enum err r)
{
	return admin_refuse(admin, "the export does not come to its end: %s",
	                    r == ERR_IO ? strerror(errno) : err_text(r));
}

static enum admin_exit fetch_entries(const struct admin *admin, struct connection *connection,
                                     struct fetching *f)
{
	enum admin_exit end;

	do {
		struct wire_message *more = wire_new(WIRE_EXPORT_MORE);

		wire_set_int(more, "from", f->next);
		f->came = 0;
		end = connection_command(connection, more, take, f, NULL);
	} while (end == ADMIN_OK && f->r == ERR_OK && f->came > 0);
	return end == ADMIN_OK && f->r != ERR_OK ? fail(admin, f->r) : end;
}

enum admin_exit export_fetch(const struct admin *admin, struct connection *connection,
                             const char *resident, int64_t since, const struct export_taker *taker)
{
	struct fetching f = {.taker = taker, .crypto = crypto_sodium(), .since = since,
	                     .resident = resident == NULL ? "" : resident};
	struct wire_message *query = wire_new(WIRE_EXPORT_QUERY);
	enum admin_exit end;

	if (resident != NULL)
		wire_set_text(query, "resident", resident);
	if (since > 0)
		wire_set_int(query, "since", since);
	end = connection_command(connection, query, take, &f, NULL);
	if (end != ADMIN_OK)
		return end;
	if (f.r != ERR_OK || !f.begun)
		return fail(admin, f.begun ? f.r : ERR_PARSE);
	return fetch_entries(admin, connection, &f);
}
