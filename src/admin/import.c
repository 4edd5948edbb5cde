/*
 * import: a document into the hub. Read and checked here, signed here where something changed,
 * staged and compared by the hub, and applied only when somebody says so.
 */
#include "admin/admin.h"

#include "admin/connection.h"
#include "admin/document.h"
#include "admin/holdings.h"
#include "admin/signing.h"
#include "os/crypto.h"
#include "os/file.h"

#include <stdlib.h>
#include <string.h>

struct importing {
	const struct admin *admin;
	const struct crypto *crypto;
	const struct document *document;
	struct connection *connection;
	const uint8_t *key;  /* SECRET_KEY_BYTES */
	struct holdings holdings;
	const char *lift[ARGS_MAX]; /* residents whose looks may begin again */
	int n_lift;
	int differences;
	const char *unlifted; /* a resident who withdrew and is not among them; the document's */
};

static void send_residents(struct importing *im)
{
	for (size_t i = 0; i < im->document->n_residents; i++) {
		const struct document_resident *r = &im->document->residents[i];
		struct wire_message *m = wire_new(WIRE_IMPORT_RESIDENT);

		wire_set_text(m, "id", r->id);
		wire_set_text(m, "name", r->name);
		wire_set_text(m, "address", r->address);
		wire_set_text(m, "bed_note", r->bed_note);
		wire_set_text(m, "door_note", r->door_note);
		wire_set_text(m, "phone", r->phone);
		connection_send(im->connection, m);
	}
}

static void send_cameras(struct importing *im)
{
	for (size_t i = 0; i < im->document->n_cameras; i++) {
		const struct document_camera *c = &im->document->cameras[i];
		struct wire_message *m = wire_new(WIRE_IMPORT_CAMERA);

		wire_set_text(m, "id", c->id);
		wire_set_text(m, "serial", c->serial);
		wire_set_text(m, "agreement", c->agreement);
		connection_send(im->connection, m);
	}
}

static void send_operators(struct importing *im)
{
	static const uint8_t none[HASH_BYTES];

	for (size_t i = 0; i < im->document->n_operators; i++) {
		const struct document_operator *o = &im->document->operators[i];
		struct wire_message *m = wire_new(WIRE_IMPORT_OPERATOR);

		wire_set_text(m, "id", o->id);
		wire_set_text(m, "name", o->name);
		wire_set_text(m, "role", document_operator_roles[o->role]);
		wire_set_text(m, "user", o->user);
		if (memcmp(o->certificate, none, sizeof none) != 0)
			wire_set_bytes(m, "certificate", o->certificate, HASH_BYTES);
		wire_set_bytes(m, "key", o->key, KEY_BYTES);
		connection_send(im->connection, m);
	}
}

static void send_contacts(struct importing *im)
{
	for (size_t i = 0; i < im->document->n_contacts; i++) {
		const struct document_contact *c = &im->document->contacts[i];
		struct wire_message *m = wire_new(WIRE_IMPORT_CONTACT);

		wire_set_text(m, "id", c->id);
		wire_set_text(m, "name", c->name);
		wire_set_text(m, "phone", c->phone);
		wire_set_text(m, "role", document_contact_roles[c->role]);
		wire_set_text(m, "area", c->area);
		wire_set_int(m, "step", c->step);
		connection_send(im->connection, m);
	}
}

static void send_signed(struct importing *im, enum wire_id kind, const struct signed_doc *doc)
{
	struct wire_message *m = wire_new(kind);

	wire_set_bytes(m, "doc", doc->doc.data, doc->doc.len);
	wire_set_bytes(m, "signature", doc->signature, SIGNATURE_BYTES);
	connection_send(im->connection, m);
}

static enum admin_exit refuse_signing(const struct importing *im, const char *what, enum err err)
{
	if (err == ERR_SIGNATURE)
		return admin_refuse(im->admin, "the hub holds %s that was signed by another "
		                    "administration key: is %s the right folder?", what,
		                    im->admin->keys);
	return admin_refuse(im->admin, "%s cannot be signed: %s", what, err_text(err));
}

static void say(struct importing *im, const char *level, const char *text)
{
	/* What stays is for the reader to see, and is no difference. */
	im->differences += strcmp(level, "kept") != 0;
	fprintf(im->admin->out, "%-8s %s\n", level, text);
}

/* Whether this version would let somebody be looked at tonight or later. */
static bool lets_look(const struct agreement *agreement, int person, int32_t night)
{
	enum right right = agreement_right(agreement, person, night);

	return agreement->camera[0] != '\0' && !agreement->withdrawn
	       && (right == RIGHT_LOOK || right == RIGHT_NONE);
}

/*
 * A new version lifts what was withdrawn at the hub (P15: a withdrawal stands until there is a new
 * consent). That is never a side effect of some other change: it is said, and has to be asked for.
 */
static void say_lifted(struct importing *im, const struct agreement *wanted)
{
	int32_t night = (int32_t)wire_int(connection_welcome(im->connection), "night");
	char text[2 * ID_MAX + 80];

	for (int p = 0; p < wanted->n_persons; p++) {
		const char *id = wanted->person[p].id;
		bool asked = false;

		if (!holdings_has_withdrawn(&im->holdings, id) || !lets_look(wanted, p, night))
			continue;
		for (int i = 0; i < im->n_lift; i++)
			asked = asked || strcmp(im->lift[i], id) == 0;
		if (!asked)
			im->unlifted = id;
		snprintf(text, sizeof text, "%s has withdrawn; by agreement %s looks begin again",
		         id, wanted->id);
		say(im, "lifted", text);
	}
}

static enum admin_exit send_agreements(struct importing *im)
{
	static const struct held nothing;

	for (size_t i = 0; i < im->document->n_agreements; i++) {
		const struct agreement *wanted = &im->document->agreements[i];
		struct holding *holding = holdings_find(&im->holdings, wanted->id);
		struct signed_doc doc;
		enum err r = sign_agreement(im->crypto, im->key, wanted,
		                            holding ? &holding->held : &nothing, &doc);

		if (holding != NULL)
			holding->mentioned = true;
		if (r == ERR_OK && doc.changed) {
			say_lifted(im, wanted);
			send_signed(im, WIRE_IMPORT_AGREEMENT, &doc);
		}
		buf_free(&doc.doc);
		if (r != ERR_OK)
			return refuse_signing(im, wanted->id, r);
	}
	return ADMIN_OK;
}

/* Whose looks the cameras would no longer accept: named, so that nobody is removed silently. */
static void say_dropped(struct importing *im, const struct held *held)
{
	struct roster *roster = calloc(1, sizeof *roster);
	char text[ID_MAX + 80];

	if (roster == NULL)
		abort();
	if (roster_decode(roster, held->doc, held->len) != ERR_OK)
		roster->n = 0;
	for (int i = 0; i < roster->n; i++) {
		const char *id = roster->entry[i].operator_id;
		bool stays = false;

		for (size_t j = 0; j < im->document->n_operators; j++)
			stays = stays || strcmp(im->document->operators[j].id, id) == 0;
		snprintf(text, sizeof text,
		         "operator %s is not in the document: cameras will refuse that key", id);
		if (!stays)
			say(im, "removed", text);
	}
	free(roster);
}

static enum admin_exit send_roster(struct importing *im)
{
	static const struct held nothing;
	struct holding *holding = holdings_find(&im->holdings, "");
	struct signed_doc doc;
	enum err r;

	if (im->document->n_operators == 0)
		return ADMIN_OK;
	r = sign_roster(im->crypto, im->key, im->document, holding ? &holding->held : &nothing,
	                &doc);
	if (r == ERR_OK && doc.changed && holding != NULL)
		say_dropped(im, &holding->held);
	if (r == ERR_OK && doc.changed)
		send_signed(im, WIRE_IMPORT_ROSTER, &doc);
	buf_free(&doc.doc);
	return r == ERR_OK ? ADMIN_OK : refuse_signing(im, "the roster", r);
}

static void print_difference(void *arg, const struct wire_message *message)
{
	if (wire_id(message) == WIRE_LINE)
		say(arg, wire_text(message, "level"), wire_text(message, "text"));
}

/* Everything into the hub's stage, and what the hub says about it. */
static enum admin_exit stage(struct importing *im)
{
	enum admin_exit end =
		connection_command(im->connection, wire_new(WIRE_IMPORT_BEGIN), NULL, NULL, NULL);
	char text[ID_MAX + 80];

	if (end != ADMIN_OK)
		return end;
	send_residents(im);
	send_cameras(im);
	send_operators(im);
	send_contacts(im);
	if ((end = send_agreements(im)) != ADMIN_OK || (end = send_roster(im)) != ADMIN_OK)
		return end;
	end = connection_command(im->connection, wire_new(WIRE_IMPORT_DIFF), print_difference, im,
	                         NULL);
	for (size_t i = 0; i < im->holdings.n && end == ADMIN_OK; i++) {
		const struct holding *holding = &im->holdings.holding[i];

		if (holding->mentioned || holding->id[0] == '\0')
			continue;
		snprintf(text, sizeof text, "not in the document, stays: agreement %s",
		         holding->id);
		say(im, "kept", text);
	}
	return end;
}

static enum admin_exit settle(struct importing *im, const char *file, bool apply)
{
	enum admin_exit end;

	if (im->differences == 0) {
		fprintf(im->admin->out, "The hub has all that %s says; nothing is to be changed.\n",
		        file);
		return ADMIN_OK;
	}
	if (im->unlifted != NULL && apply)
		return admin_refuse(im->admin,
		                    "%s has withdrawn: nothing was changed. Where there is a "
		                    "new consent, add --lift %s",
		                    im->unlifted, im->unlifted);
	if (!apply) {
		fprintf(im->admin->out, "%d to be changed; nothing was changed yet. "
		        "To apply: the same with --apply\n", im->differences);
		return ADMIN_OK;
	}
	end = connection_command(im->connection, wire_new(WIRE_IMPORT_APPLY), NULL, NULL, NULL);
	if (end == ADMIN_OK)
		fprintf(im->admin->out, "%d changed\n", im->differences);
	return end;
}

static enum admin_exit import_into(struct importing *im, const char *file, bool apply)
{
	const char *zone = wire_text(connection_welcome(im->connection), "zone");
	enum admin_exit end;

	if (im->document->zone[0] != '\0' && strcmp(im->document->zone, zone) != 0)
		return admin_refuse(im->admin, "%s is meant in %s, but the hub's zone is %s", file,
		                    im->document->zone, zone);
	end = holdings_ask(im->admin, im->connection, &im->holdings);
	if (end == ADMIN_OK)
		end = stage(im);
	return end == ADMIN_OK ? settle(im, file, apply) : end;
}

static enum admin_exit import_document(struct importing *im, const char *file, bool apply)
{
	uint8_t key[SECRET_KEY_BYTES];
	enum admin_exit end = ADMIN_REFUSED;

	im->crypto = crypto_sodium();
	if (im->crypto == NULL)
		return admin_refuse(im->admin, "the cryptography cannot be set up");
	if (!secret_key_read(im->admin, im->crypto, im->admin->keys, "administration.key", key))
		return ADMIN_REFUSED;
	im->key = key;
	im->connection = connection_open(im->admin);
	if (im->connection != NULL)
		end = import_into(im, file, apply);
	connection_close(im->connection);
	im->crypto->wipe(key, sizeof key);
	holdings_free(&im->holdings);
	return end;
}

enum admin_exit import_run(const struct admin *admin, struct args *args)
{
	struct importing im = {.admin = admin};
	bool apply = args_flag(args, "--apply");
	struct buf text = buf_new(IMPORT_MAX_BYTES);
	struct document *document;
	const char *file, *resident;
	enum admin_exit end;
	enum err r;

	while ((resident = args_value(args, "--lift")) != NULL)
		im.lift[im.n_lift++] = resident;
	if (!args_done(args, 1, 1))
		return admin_usage(admin, "import", "import wants one document");
	if (admin->keys == NULL)
		return admin_usage(admin, "import", "import signs: --keys DIR before the command "
		                   "names the folder that init made");
	file = args->word[0];
	r = file_read(file, &text);
	if (r != ERR_OK) {
		buf_free(&text);
		return admin_refuse(admin, "%s: %s", file, err_text(r));
	}
	r = document_read(file, text.data == NULL ? "" : (const char *)text.data, text.len,
	                  &document, admin->err);
	buf_free(&text);
	if (r != ERR_OK)
		return admin_refuse(admin, "%s is refused whole; nothing was sent", file);
	im.document = document;
	end = import_document(&im, file, apply);
	document_free(document);
	return end;
}
