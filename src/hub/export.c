/*
 * The log for whoever wants to check it: as it stands under one checkpoint, whole or all about one
 * resident, entry by entry with its proof. The hub proves what it says and judges nothing;
 * tillsynctl verify does, elsewhere.
 */
#include "hub/inside.h"

#include <stdlib.h>
#include <string.h>

/*
 * Entries a piece: milliseconds of the hub's time, which looks want too. A proof costs a hundred
 * times what an entry does.
 */
enum { PIECE_WHOLE = 200, PIECE_PROVEN = 20 };

/* What the index says of the resident, and how the checkpoint commits to it. */
static void put_index(struct hub *hub, const char *resident, struct wire_message *head)
{
	static const char *const ends[] = {
		[INDEX_EMPTY] = "empty", [INDEX_OWN] = "own", [INDEX_OTHER] = "other"};
	struct index_proof proof;
	uint8_t key[HASH_BYTES];

	index_key(hub->crypto, resident, key);
	index_prove(ledger_index(hub->ledger), key, &proof);
	wire_set_bytes(head, "path", proof.sibling, (size_t)proof.n * HASH_BYTES);
	wire_set_text(head, "end", ends[proof.end]);
	if (proof.end == INDEX_EMPTY)
		return;
	wire_set_bytes(head, "key", proof.entry.key, HASH_BYTES);
	wire_set_int(head, "count", (int64_t)proof.entry.count);
	wire_set_int(head, "last", (int64_t)proof.entry.last);
	wire_set_bytes(head, "chain", proof.entry.chain, HASH_BYTES);
}

static void put_resident(struct hub *hub, const char *resident, struct wire_message *head)
{
	struct resident_row row;

	put_index(hub, resident, head);
	if (hub->store->resident_get(hub->store->impl, resident, &row) == ERR_OK
	    && row.name[0] != '\0')
		wire_set_text(head, "resident_name", row.name);
}

static enum err put_grown(struct hub *hub, uint64_t since, uint64_t size, struct wire_message *head)
{
	struct tree_proof proof;
	enum err r;

	if (since > size)
		return ERR_STALE;
	r = tree_prove_consistency(hub->crypto, ledger_tree(hub->ledger), since, size, &proof);
	if (r == ERR_OK)
		wire_set_bytes(head, "grown", proof.hash, (size_t)proof.n * HASH_BYTES);
	return r;
}

/* All that the hub itself can say: the log as it is, and the proofs from it. */
static enum err make_head(struct hub *hub, const struct wire_message *query,
                          struct wire_message *head, struct checkpoint *checkpoint)
{
	enum err r = ledger_checkpoint(hub->ledger, checkpoint);

	wire_set_int(head, "command", wire_int(query, "command"));
	wire_set_bool(head, "names", hub->settings.extract_names);
	if (r == ERR_OK && wire_has(query, "resident"))
		put_resident(hub, wire_text(query, "resident"), head);
	if (r == ERR_OK && wire_has(query, "since"))
		r = put_grown(hub, (uint64_t)wire_int(query, "since"), checkpoint->size, head);
	return r;
}

/*
 * That the log was exported is an entry of the log, as that it was read (P14); a checkpoint that
 * was signed is kept.
 */
static bool record(struct hub *hub, const struct session *session,
                   const struct checkpoint_row *checkpoint)
{
	struct log_event entry = hub_event(hub, LOG_FOLLOWED_UP, NULL);
	enum err r = ERR_OK;

	memcpy(entry.actor, session->operator_id, sizeof entry.actor);
	memcpy(entry.resident, session->export_resident, sizeof entry.resident);
	log_event_text(&entry, "filter", "export");
	if (hub_begin(hub) != ERR_OK)
		return false;
	if (checkpoint != NULL)
		r = hub->store->checkpoint_put(hub->store->impl, checkpoint);
	if (r == ERR_OK)
		r = hub_log(hub, &entry, NULL);
	if (r == ERR_OK)
		return hub_commit(hub) == ERR_OK;
	hub_abort(hub);
	hub->failed = true;
	return false;
}

/* Recorded first, given then. */
static void give_head(struct hub *hub, struct session *session,
                      const struct checkpoint_row *checkpoint, const void *note, size_t len)
{
	struct wire_message *head = session->export_head, *done;

	session->export_head = NULL;
	if (!record(hub, session, checkpoint)) {
		wire_free(head);
		return;
	}
	wire_set_bytes(head, "checkpoint", note, len);
	done = wire_new(WIRE_DONE);
	wire_set_int(done, "command", wire_int(head, "command"));
	session->export_open = true;
	send_message(hub, session->id, head);
	send_message(hub, session->id, done);
}

static enum err order_signature(struct hub *hub, const struct session *session,
                                const struct checkpoint *checkpoint)
{
	struct notary_order *order = calloc(1, sizeof *order);
	enum err r = order == NULL ? ERR_MEMORY : ERR_OK;

	if (r == ERR_OK) {
		order->after = *checkpoint;
		r = tree_prove_consistency(hub->crypto, ledger_tree(hub->ledger),
		                           hub->signer->last(hub->signer->impl), checkpoint->size,
		                           &order->to_after);
	}
	if (r == ERR_OK)
		r = hub->signer->sign(hub->signer->impl, -session->id, order, signer_says, hub);
	free(order);
	return r;
}

/* Without the signer there is still an export, and it says itself that nobody answers for it. */
static void give_unsigned(struct hub *hub, struct session *session,
                          const struct checkpoint *checkpoint)
{
	struct buf note = buf_new(CHECKPOINT_MAX_BYTES);

	if (checkpoint_text(checkpoint, &note) == ERR_OK)
		give_head(hub, session, NULL, note.data, note.len);
	else
		hub->failed = true;
	buf_free(&note);
}

/* It may be gone, or have asked for something else meanwhile. */
void export_signed(struct hub *hub, int64_t id, enum err err, const struct notary_answer *answer)
{
	struct session *session = session_find(hub, id);
	struct checkpoint_row row = {.at_ms = hub->now.utc_ms, .len = answer->after_len};
	struct checkpoint signed_now;

	if (session == NULL || session->export_head == NULL)
		return;
	if (err != ERR_OK) {
		give_unsigned(hub, session, &session->export_checkpoint);
		return;
	}
	if (checkpoint_read(answer->after, answer->after_len, &signed_now) != ERR_OK
	    || signed_now.size != session->export_size)
		return;
	row.size = (int64_t)signed_now.size;
	memcpy(row.note, answer->after, answer->after_len);
	give_head(hub, session, &row, answer->after, answer->after_len);
}

static bool see_permit(void *arg, const struct outbox_row *row)
{
	bool *waits = arg;

	*waits = row->kind == OUTBOX_PERMIT;
	return !*waits;
}

/*
 * A look comes first: the signer goes forward only, and would refuse the checkpoints of a permit
 * that waits once it has signed a later one.
 */
static bool look_waits(struct hub *hub)
{
	bool waits = false;

	if (hub->store->outbox(hub->store->impl, see_permit, &waits) != ERR_OK)
		hub->failed = true;
	return waits;
}

void export_end(struct session *session)
{
	wire_free(session->export_head);
	session->export_head = NULL;
	session->export_open = false;
}

void export_query(struct hub *hub, struct session *session, const struct wire_message *message)
{
	const char *resident = wire_text(message, "resident");
	struct checkpoint checkpoint;
	enum err r;

	export_end(session);
	if (look_waits(hub)) {
		send_refused_text(hub, session, message, "state",
		                  "A look is just being signed; ask again in a moment.");
		return;
	}
	session->export_head = wire_new(WIRE_EXPORT_HEAD);
	r = make_head(hub, message, session->export_head, &checkpoint);
	if (r != ERR_OK) {
		export_end(session);
		if (r == ERR_STALE)
			send_refused_text(hub, session, message, "since",
			                  "The log has fewer entries than it is said to have had.");
		else
			hub->failed = true;
		return;
	}
	session->export_size = checkpoint.size;
	session->export_checkpoint = checkpoint;
	memcpy(session->export_resident, resident, strlen(resident) + 1);
	if (order_signature(hub, session, &checkpoint) != ERR_OK)
		give_unsigned(hub, session, &checkpoint);
}

struct telling {
	struct hub *hub;
	struct session *session;
	const struct wire_message *command;
	int left;
	enum err r;
};

/* Who it was, for words that may say it. */
static void put_name(struct hub *hub, const char *actor, struct wire_message *entry)
{
	struct operator_row row;

	if (hub->settings.extract_names && actor[0] != '\0'
	    && hub->store->operator_get(hub->store->impl, actor, &row) == ERR_OK
	    && row.name[0] != '\0')
		wire_set_text(entry, "name", row.name);
}

static enum err put_proof(struct hub *hub, const struct session *session, const struct log_row *row,
                          struct wire_message *entry)
{
	struct tree_proof proof;
	enum err r = tree_prove_inclusion(hub->crypto, ledger_tree(hub->ledger),
	                                  (uint64_t)row->number, session->export_size, &proof);

	if (r == ERR_OK)
		wire_set_bytes(entry, "proof", proof.hash, (size_t)proof.n * HASH_BYTES);
	return r;
}

static bool tell_entry(void *arg, const struct log_row *row)
{
	struct telling *t = arg;
	struct wire_message *entry;

	if (row->number < 0 || (uint64_t)row->number >= t->session->export_size)
		return false;
	entry = wire_new(WIRE_EXPORT_ENTRY);
	wire_set_int(entry, "command", wire_int(t->command, "command"));
	wire_set_int(entry, "number", row->number);
	if (row->len > 0) {
		wire_set_bytes(entry, "salt", row->salt, SALT_BYTES);
		wire_set_bytes(entry, "event", row->canonical, row->len);
	} else {
		wire_set_bytes(entry, "leaf", row->leaf, HASH_BYTES);
		wire_set_text(entry, "resident", row->resident);
	}
	if (t->session->export_resident[0] != '\0') {
		put_name(t->hub, row->actor, entry);
		t->r = put_proof(t->hub, t->session, row, entry);
	}
	if (t->r != ERR_OK) {
		wire_free(entry);
		return false;
	}
	send_message(t->hub, t->session->id, entry);
	return --t->left > 0;
}

/* The rows behind the one that has the number before from; its id, 0 for the beginning. */
static enum err id_before(struct hub *hub, int64_t from, int64_t *id)
{
	struct log_row row;
	enum err r;

	*id = 0;
	if (from == 0)
		return ERR_OK;
	r = hub->store->log_numbered(hub->store->impl, from - 1, &row);
	if (r == ERR_OK)
		*id = row.id;
	return r;
}

void export_more(struct hub *hub, struct session *session, const struct wire_message *message)
{
	struct telling t = {
		.hub = hub, .session = session, .command = message, .left = PIECE_WHOLE};
	struct log_filter filter = {0};
	int64_t from = wire_int(message, "from");
	enum err r;

	if (!session->export_open || (uint64_t)from > session->export_size) {
		send_refused_text(hub, session, message, "state",
		                  "No export that goes so far was begun.");
		return;
	}
	if (session->export_resident[0] != '\0') {
		filter.resident = session->export_resident;
		t.left = PIECE_PROVEN;
	}
	r = id_before(hub, from, &filter.after_id);
	if (r == ERR_OK)
		r = hub->store->log_read(hub->store->impl, &filter, tell_entry, &t);
	if (r != ERR_OK || t.r != ERR_OK)
		hub->failed = true;
	else
		send_done(hub, session, message, "");
}
