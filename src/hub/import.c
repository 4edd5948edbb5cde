/*
 * An import at the hub: rows one by one into a stage, the differences as sentences, then all of it
 * in one transaction or nothing. What the document does not mention stays as it is and is named in
 * the differences: nobody is removed silently (SERVICE.md hard case 15). Agreements and roster must
 * carry the administration key's signature, which the hub can check and cannot make.
 */
#include "hub/import.h"

#include "base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void import_free(struct import_stage *stage)
{
	if (stage == NULL)
		return;
	free(stage->residents.items);
	free(stage->agreements.items);
	free(stage->cameras.items);
	free(stage->operators.items);
	free(stage->contacts.items);
	free(stage);
}

void import_fault(struct import_stage *stage, const char *what, const char *id)
{
	if (stage->faults++ == 0)
		snprintf(stage->fault, sizeof stage->fault, "%s: %s", id, what);
}

static void take_text(char *out, size_t size, const struct wire_message *message, const char *field)
{
	text_clean(out, size, wire_text(message, field));
}

static void take_resident(struct import_stage *stage, const struct wire_message *message)
{
	struct resident_row *row = list_add(&stage->residents, sizeof *row);

	take_text(row->id, sizeof row->id, message, "id");
	take_text(row->name, sizeof row->name, message, "name");
	take_text(row->address, sizeof row->address, message, "address");
	take_text(row->bed_note, sizeof row->bed_note, message, "bed_note");
	take_text(row->door_note, sizeof row->door_note, message, "door_note");
	take_text(row->phone, sizeof row->phone, message, "phone");
}

static void take_signed(struct hub *hub, struct import_stage *stage,
                        const struct wire_message *message, bool is_roster)
{
	struct agreement_row *row = list_add(&stage->agreements, sizeof *row);
	const uint8_t *key = hub->settings.administration_key;
	struct agreement agreement;
	struct roster *roster = calloc(1, sizeof *roster);
	const uint8_t *doc = wire_bytes(message, "doc", &row->doc_len);

	if (roster == NULL)
		abort();
	wire_fixed(message, "signature", row->signature, SIGNATURE_BYTES);
	if (row->doc_len > sizeof row->doc) {
		row->doc_len = 0;
		import_fault(stage, "is larger than this hub keeps",
		             is_roster ? "roster" : "agreement");
	} else if (is_roster) {
		memcpy(row->doc, doc, row->doc_len);
		strcpy(row->id, ROSTER_ROW);
		if (!roster_verify(hub->crypto, doc, row->doc_len, key, row->signature))
			import_fault(stage, "is not signed by the administration key", "roster");
		else if (roster_decode(roster, doc, row->doc_len) != ERR_OK)
			import_fault(stage, "cannot be read", "roster");
		row->version = roster->version;
	} else {
		memcpy(row->doc, doc, row->doc_len);
		if (!agreement_verify(hub->crypto, doc, row->doc_len, key, row->signature)) {
			import_fault(stage, "is not signed by the administration key", "agreement");
		} else if (agreement_decode(&agreement, doc, row->doc_len) != ERR_OK) {
			import_fault(stage, "cannot be read", "agreement");
		} else if (strcmp(agreement.zone, hub->settings.zone) != 0) {
			/* Its agent would count the agreed times by another clock than the hub. */
			import_fault(stage, "is in another time zone than the centre",
			             agreement.id);
		} else {
			memcpy(row->id, agreement.id, sizeof row->id);
			row->version = agreement.version;
		}
	}
	free(roster);
}

static void take_camera(struct import_stage *stage, const struct wire_message *message)
{
	struct camera_row *row = list_add(&stage->cameras, sizeof *row);

	take_text(row->id, sizeof row->id, message, "id");
	take_text(row->serial, sizeof row->serial, message, "serial");
	take_text(row->agreement, sizeof row->agreement, message, "agreement");
}

static int word_in(const char *const *words, int n, const char *word)
{
	for (int i = 0; i < n; i++)
		if (strcmp(words[i], word) == 0)
			return i;
	return -1;
}

static void take_operator(struct import_stage *stage, const struct wire_message *message)
{
	static const char *const roles[] = {"operator", "unit-manager", "administrator"};
	struct operator_row *row = list_add(&stage->operators, sizeof *row);
	int role = word_in(roles, ROLES, wire_text(message, "role"));

	take_text(row->id, sizeof row->id, message, "id");
	take_text(row->name, sizeof row->name, message, "name");
	take_text(row->user, sizeof row->user, message, "user");
	wire_fixed(message, "certificate", row->certificate, sizeof row->certificate);
	wire_fixed(message, "key", row->key, sizeof row->key);
	if (role < 0)
		import_fault(stage, "unknown role", row->id);
	else
		row->role = (enum role)role;
}

static void take_contact(struct import_stage *stage, const struct wire_message *message)
{
	static const char *const roles[] = {"patrol", "shift-lead", "unit-manager",
	                                    "manager-on-call", "support"};
	struct contact_row *row = list_add(&stage->contacts, sizeof *row);
	int role = word_in(roles, CONTACT_ROLES, wire_text(message, "role"));

	take_text(row->id, sizeof row->id, message, "id");
	take_text(row->name, sizeof row->name, message, "name");
	take_text(row->phone, sizeof row->phone, message, "phone");
	take_text(row->area, sizeof row->area, message, "area");
	row->step = (int32_t)wire_int(message, "step");
	if (role < 0)
		import_fault(stage, "unknown role", row->id);
	else
		row->role = (enum contact_role)role;
}

static void line(struct hub *hub, const struct session *session, const struct wire_message *command,
                 const char *level, const char *text)
{
	struct wire_message *message = wire_new(WIRE_LINE);

	wire_set_int(message, "command", wire_int(command, "command"));
	wire_set_text(message, "level", level);
	wire_set_text(message, "text", text);
	send_message(hub, session->id, message);
}

struct differing {
	struct hub *hub;
	struct session *session;
	const struct wire_message *command;
	const struct import_stage *stage;
};

static void differ(const struct differing *d, const char *level, const char *what, const char *id,
                   const char *name)
{
	char text[512];

	snprintf(text, sizeof text, "%s %s%s%s", what, id, name[0] ? ": " : "", name);
	line(d->hub, d->session, d->command, level, text);
}

static bool staged(const struct list *list, size_t size, const char *id)
{
	/* Every staged row begins with its id. */
	for (size_t i = 0; i < list->n; i++)
		if (strcmp((const char *)list->items + size * i, id) == 0)
			return true;
	return false;
}

static bool resident_missing(void *arg, const struct resident_row *row)
{
	const struct differing *d = arg;

	if (!staged(&d->stage->residents, sizeof *row, row->id))
		differ(d, "kept", "not in the document, stays: resident", row->id, row->name);
	return true;
}

static void differ_residents(const struct differing *d)
{
	const struct resident_row *row = d->stage->residents.items;
	struct resident_row old;

	for (size_t i = 0; i < d->stage->residents.n; i++) {
		if (d->hub->store->resident_get(d->hub->store->impl, row[i].id, &old) != ERR_OK) {
			differ(d, "new", "new resident", row[i].id, row[i].name);
			continue;
		}
		if (strcmp(old.name, row[i].name) != 0)
			differ(d, "changed", "name of resident", row[i].id, row[i].name);
		if (strcmp(old.address, row[i].address) != 0)
			differ(d, "changed", "address of resident", row[i].id, row[i].address);
		if (strcmp(old.bed_note, row[i].bed_note) != 0
		    || strcmp(old.door_note, row[i].door_note) != 0
		    || strcmp(old.phone, row[i].phone) != 0)
			differ(d, "changed", "notes or phone of resident", row[i].id, "");
	}
}

static void differ_agreements(const struct differing *d)
{
	const struct agreement_row *row = d->stage->agreements.items;
	struct agreement_row old;
	char text[ID_MAX + 32];

	for (size_t i = 0; i < d->stage->agreements.n; i++) {
		bool is_roster = strcmp(row[i].id, ROSTER_ROW) == 0;
		bool stands = d->hub->store->agreement_get(d->hub->store->impl, row[i].id, &old)
		           == ERR_OK;

		snprintf(text, sizeof text, "version %u", row[i].version);
		if (!stands)
			differ(d, "new", is_roster ? "new roster of operators" : "new agreement",
			       is_roster ? "" : row[i].id, text);
		else if (old.doc_len != row[i].doc_len
		         || memcmp(old.doc, row[i].doc, old.doc_len) != 0)
			differ(d, "changed", is_roster ? "roster of operators" : "agreement",
			       is_roster ? "" : row[i].id, text);
	}
}

static void differ_cameras(const struct differing *d)
{
	const struct camera_row *row = d->stage->cameras.items;
	struct camera_row old;
	char text[2 * ID_MAX + 8];

	for (size_t i = 0; i < d->stage->cameras.n; i++) {
		if (d->hub->store->camera_get(d->hub->store->impl, row[i].id, &old) != ERR_OK) {
			differ(d, "new", "new camera", row[i].id, row[i].serial);
		} else if (strcmp(old.agreement, row[i].agreement) != 0
		           || strcmp(old.serial, row[i].serial) != 0) {
			snprintf(text, sizeof text, "%s %s", row[i].agreement, row[i].serial);
			differ(d, "changed", "re-assigned, has to be enrolled again: camera",
			       row[i].id, text);
		}
	}
}

static void differ_people(const struct differing *d)
{
	const struct operator_row *operator_row = d->stage->operators.items;
	const struct contact_row *contact = d->stage->contacts.items;
	struct operator_row old_operator;
	struct contact_row old_contact;

	for (size_t i = 0; i < d->stage->operators.n; i++) {
		const struct operator_row *row = &operator_row[i];

		if (d->hub->store->operator_get(d->hub->store->impl, row->id, &old_operator)
		    != ERR_OK)
			differ(d, "new", "new operator", row->id, row->name);
		else if (old_operator.role != row->role || strcmp(old_operator.name, row->name) != 0
		         || strcmp(old_operator.user, row->user) != 0
		         || memcmp(old_operator.key, row->key, KEY_BYTES) != 0
		         || memcmp(old_operator.certificate, row->certificate, HASH_BYTES) != 0)
			differ(d, "changed", "operator", row->id, row->name);
	}
	for (size_t i = 0; i < d->stage->contacts.n; i++) {
		const struct contact_row *row = &contact[i];

		if (d->hub->store->contact_get(d->hub->store->impl, row->id, &old_contact)
		    != ERR_OK)
			differ(d, "new", "new contact", row->id, row->name);
		else if (old_contact.step != row->step || old_contact.role != row->role
		         || strcmp(old_contact.name, row->name) != 0
		         || strcmp(old_contact.phone, row->phone) != 0
		         || strcmp(old_contact.area, row->area) != 0)
			differ(d, "changed", "contact", row->id, row->name);
	}
}

/* Also what came between the rows that were judged one by one. */
static bool refused_whole(struct hub *hub, struct session *session,
                          const struct wire_message *message)
{
	if (session->stage == NULL) {
		send_refused_text(hub, session, message, "import", "No import has begun.");
		return true;
	}
	if (session->stage->faults == 0)
		import_check(hub, session->stage);
	if (session->stage->faults > 0) {
		refuse_logged(hub, session, message, "import", session->stage->fault);
		return true;
	}
	return false;
}

static void import_diff(struct hub *hub, struct session *session,
                        const struct wire_message *message)
{
	struct differing d = {
		.hub = hub, .session = session, .command = message, .stage = session->stage};

	if (refused_whole(hub, session, message))
		return;
	differ_residents(&d);
	differ_agreements(&d);
	differ_cameras(&d);
	differ_people(&d);
	if (hub->store->residents(hub->store->impl, resident_missing, &d) != ERR_OK)
		hub->failed = true;
	send_done(hub, session, message, "");
}

/* A resident keeps the agreement she has unless the document brings one: import_link(). */
static enum err apply_residents(struct hub *hub, const struct import_stage *stage)
{
	struct resident_row *row = stage->residents.items, old;
	enum err r = ERR_OK;

	for (size_t i = 0; i < stage->residents.n && r == ERR_OK; i++) {
		if (hub->store->resident_get(hub->store->impl, row[i].id, &old) == ERR_OK)
			memcpy(row[i].agreement, old.agreement, sizeof old.agreement);
		r = hub->store->resident_put(hub->store->impl, &row[i]);
	}
	return r;
}

/* A newer signed version lifts a withdrawal; an older or equal one is refused by its number. */
static enum err apply_agreements(struct hub *hub, const struct import_stage *stage)
{
	const struct agreement_row *row = stage->agreements.items;
	struct agreement_row old;
	enum err r = ERR_OK;

	for (size_t i = 0; i < stage->agreements.n && r == ERR_OK; i++) {
		if (hub->store->agreement_get(hub->store->impl, row[i].id, &old) == ERR_OK
		    && old.version >= row[i].version) {
			if (old.version > row[i].version || old.doc_len != row[i].doc_len
			    || memcmp(old.doc, row[i].doc, old.doc_len) != 0)
				r = ERR_STALE;
			continue;
		}
		r = hub->store->agreement_put(hub->store->impl, &row[i]);
		if (r == ERR_OK && strcmp(row[i].id, ROSTER_ROW) != 0)
			r = night_plan_one(hub, &row[i], true);
	}
	return r;
}

/*
 * A camera that moves to another agreement, or whose serial changed, has to be enrolled and
 * accepted anew.
 */
static enum err apply_cameras(struct hub *hub, const struct import_stage *stage)
{
	struct camera_row *row = stage->cameras.items, old;
	enum err r = ERR_OK;

	for (size_t i = 0; i < stage->cameras.n && r == ERR_OK; i++) {
		if (hub->store->camera_get(hub->store->impl, row[i].id, &old) == ERR_OK
		    && strcmp(old.agreement, row[i].agreement) == 0
		    && strcmp(old.serial, row[i].serial) == 0)
			row[i] = old;
		r = hub->store->camera_put(hub->store->impl, &row[i]);
	}
	return r;
}

static enum err apply(struct hub *hub, struct session *session)
{
	const struct import_stage *stage = session->stage;
	const struct operator_row *operator_row = stage->operators.items;
	const struct contact_row *contact = stage->contacts.items;
	struct log_event entry = hub_event(hub, LOG_IMPORTED, NULL);
	enum err r;

	if ((r = apply_residents(hub, stage)) != ERR_OK
	    || (r = apply_cameras(hub, stage)) != ERR_OK)
		return r;
	for (size_t i = 0; i < stage->operators.n && r == ERR_OK; i++)
		r = hub->store->operator_put(hub->store->impl, &operator_row[i]);
	for (size_t i = 0; i < stage->contacts.n && r == ERR_OK; i++)
		r = hub->store->contact_put(hub->store->impl, &contact[i]);
	if (r == ERR_OK)
		r = apply_agreements(hub, stage);
	if (r == ERR_OK)
		r = import_link(hub, stage);
	memcpy(entry.actor, session->operator_id, sizeof entry.actor);
	log_event_int(&entry, "residents", (int64_t)stage->residents.n);
	log_event_int(&entry, "agreements", (int64_t)stage->agreements.n);
	return r == ERR_OK ? hub_log(hub, &entry, NULL) : r;
}

static void bring_all_level(struct hub *hub)
{
	for (size_t i = 0; i < hub->cameras.n; i++) {
		char id[ID_MAX];

		memcpy(id, ((struct camera_live *)hub->cameras.items + i)->id, sizeof id);
		camera_bring_level(hub, id);
	}
}

static void import_apply(struct hub *hub, struct session *session,
                         const struct wire_message *message)
{
	struct import_stage *stage = session->stage;
	enum err r;

	if (refused_whole(hub, session, message))
		return;
	if (hub_begin(hub) != ERR_OK)
		return;
	r = apply(hub, session);
	if (r != ERR_OK) {
		hub_abort(hub);
		hub->failed = hub->failed || r != ERR_STALE;
		send_refused_text(hub, session, message, "import",
		                  r == ERR_STALE ? "An agreement has changed since it was read: "
		                                   "run the import again."
		                                 : "The hub could not write; nothing was changed.");
		return;
	}
	if (hub_commit(hub) != ERR_OK)
		return;
	cameras_load(hub);
	sessions_refresh(hub);
	bring_all_level(hub);
	cameras_uncovered(hub);
	session->stage = NULL;
	import_free(stage);
	night_reconcile(hub, NULL, NULL);
	publish_after(hub, &(struct after){.kind = AFTER_RESET});
	send_done(hub, session, message, "applied");
}

static void import_begin(struct hub *hub, struct session *session,
                         const struct wire_message *message)
{
	import_free(session->stage);
	session->stage = calloc(1, sizeof *session->stage);
	if (session->stage == NULL)
		abort();
	send_done(hub, session, message, "");
}

static bool has_room(struct import_stage *stage)
{
	size_t n = stage->residents.n + stage->agreements.n + stage->cameras.n + stage->operators.n
	           + stage->contacts.n;

	if (n >= IMPORT_ROWS_MAX)
		import_fault(stage, "has more rows than a hub takes", "import");
	return n < IMPORT_ROWS_MAX;
}

void import_message(struct hub *hub, struct session *session, const struct wire_message *message)
{
	enum wire_id id = wire_id(message);

	if (id == WIRE_IMPORT_BEGIN) {
		import_begin(hub, session, message);
	} else if (id == WIRE_IMPORT_DIFF) {
		import_diff(hub, session, message);
	} else if (id == WIRE_IMPORT_APPLY) {
		import_apply(hub, session, message);
	} else if (session->stage != NULL && has_room(session->stage)) {
		switch (id) {
		case WIRE_IMPORT_RESIDENT:
			take_resident(session->stage, message);
			break;
		case WIRE_IMPORT_AGREEMENT:
			take_signed(hub, session->stage, message, false);
			break;
		case WIRE_IMPORT_ROSTER:
			take_signed(hub, session->stage, message, true);
			break;
		case WIRE_IMPORT_CAMERA:
			take_camera(session->stage, message);
			break;
		case WIRE_IMPORT_OPERATOR:
			take_operator(session->stage, message);
			break;
		case WIRE_IMPORT_CONTACT:
			take_contact(session->stage, message);
			break;
		default:
			break;
		}
	}
}
