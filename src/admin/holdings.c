/* Answers of the hub, kept until the import has been compared with them. */
#include "admin/holdings.h"

#include "core/agreement.h"

#include <stdlib.h>
#include <string.h>

/* Room for one more of size bytes each. */
static void *grow(void *items, size_t n, size_t *room, size_t size)
{
	if (n < *room)
		return items;
	*room = *room ? 2 * *room : 64;
	items = realloc(items, *room * size);
	if (items == NULL)
		abort();
	return items;
}

/* Answers to agreements-query. */
static void hold(void *arg, const struct wire_message *message)
{
	struct holdings *h = arg;
	struct agreement agreement = {.id = ""};
	struct holding *holding;
	const uint8_t *doc;
	uint8_t *copy;
	size_t len;

	if (wire_id(message) != WIRE_AGREEMENT && wire_id(message) != WIRE_ROSTER)
		return;
	doc = wire_bytes(message, "doc", &len);
	if (wire_id(message) == WIRE_AGREEMENT
	    && agreement_decode(&agreement, doc, len) != ERR_OK) {
		h->unreadable = true;
		return;
	}
	copy = malloc(len);
	if (copy == NULL)
		abort();
	memcpy(copy, doc, len);
	h->holding = grow(h->holding, h->n, &h->room, sizeof *h->holding);
	holding = &h->holding[h->n++];
	*holding = (struct holding){.held = {.doc = copy, .len = len}};
	memcpy(holding->id, agreement.id, sizeof holding->id);
	wire_fixed(message, "signature", holding->held.signature, SIGNATURE_BYTES);
}

/* Answers to night-query. */
static void note_withdrawn(void *arg, const struct wire_message *message)
{
	struct holdings *h = arg;

	if (wire_id(message) != WIRE_RESIDENT
	    || strcmp(wire_text(message, "standing"), "withdrawn") != 0)
		return;
	h->withdrawn = grow(h->withdrawn, h->n_withdrawn, &h->room_withdrawn,
	                    sizeof *h->withdrawn);
	/* No longer than the wire's table lets it be. */
	strcpy(h->withdrawn[h->n_withdrawn++], wire_text(message, "id"));
}

enum admin_exit holdings_ask(const struct admin *admin, struct connection *connection,
                             struct holdings *h)
{
	enum admin_exit end =
		connection_command(connection, wire_new(WIRE_AGREEMENTS_QUERY), hold, h, NULL);

	if (end == ADMIN_OK)
		end = connection_command(connection, wire_new(WIRE_NIGHT_QUERY), note_withdrawn, h,
		                         NULL);
	if (end == ADMIN_OK && h->unreadable)
		end = admin_refuse(admin,
		                   "the hub holds an agreement that this version cannot read");
	return end;
}

struct holding *holdings_find(const struct holdings *h, const char *id)
{
	for (size_t i = 0; i < h->n; i++)
		if (strcmp(h->holding[i].id, id) == 0)
			return &h->holding[i];
	return NULL;
}

bool holdings_has_withdrawn(const struct holdings *h, const char *resident)
{
	for (size_t i = 0; i < h->n_withdrawn; i++)
		if (strcmp(h->withdrawn[i], resident) == 0)
			return true;
	return false;
}

void holdings_free(struct holdings *h)
{
	for (size_t i = 0; i < h->n; i++)
		free((uint8_t *)h->holding[i].held.doc);
	free(h->holding);
	free(h->withdrawn);
	*h = (struct holdings){0};
}
