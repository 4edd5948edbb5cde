/*
 * The outbox: what leaves the process, written in the transaction that caused it and struck when
 * carried out. Pages go at least once, with the same number; permits wait for their place in the
 * log and for the signer, and lapse with their seconds.
 */
#include "hub/inside.h"

#include "base/canon.h"
#include "base/text.h"
#include "core/zone.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool collect(void *arg, const struct outbox_row *row)
{
	*(struct outbox_row *)list_add(arg, sizeof *row) = *row;
	return true;
}

static void strike(struct hub *hub, int64_t id)
{
	if (hub_begin(hub) != ERR_OK)
		return;
	if (hub->store->outbox_strike(hub->store->impl, id) == ERR_OK) {
		hub_commit(hub);
	} else {
		/* A row that cannot be struck would be sent for ever. */
		hub_abort(hub);
		hub->failed = true;
	}
}

/* "tillsyn 17, 01:14+01:00: see the list or call the centre". No name, no address. */
static void page_text(const struct hub *hub, const struct page *page, char text[REASON_MAX_BYTES])
{
	struct zone_local local = zone_from_utc(hub->zone, page->queued_ms / MS_SECOND);
	int offset = local.offset_s / 60;

	snprintf(text, REASON_MAX_BYTES,
	         "tillsyn %lld, %02d:%02d%c%02d:%02d%s: see the list or call the centre",
	         (long long)page->number, local.minute / 60, local.minute % 60,
	         offset < 0 ? '-' : '+', abs(offset) / 60, abs(offset) % 60,
	         page->urgent ? " URGENT" : "");
}

static void deliver_page(struct hub *hub, const struct outbox_row *row)
{
	struct pager_message message = {.page = row->subject};
	struct contact_row contact;
	struct page page;

	if (hub->store->page_get(hub->store->impl, row->subject, &page) == ERR_OK
	    && hub->store->contact_get(hub->store->impl, row->name, &contact) == ERR_OK
	    && page.state < PAGE_ACKNOWLEDGED) {
		message.step = page.step;
		message.urgent = page.urgent;
		memcpy(message.contact, contact.id, sizeof message.contact);
		memcpy(message.phone, contact.phone, sizeof message.phone);
		page_text(hub, &page, message.text);
		if (hub->pager->send(hub->pager->impl, &message) != ERR_OK) {
			hub_pager_event(hub, page.number, PAGE_EV_FAILED, contact.id);
			alarm_raise(hub, "channel", "", ALARM_HIGH,
			            "pages do not go out: call the patrol by phone");
		} else {
			alarm_lower(hub, "channel", "");
		}
	}
	/* A crash before this line sends it again, with the same number. */
	strike(hub, row->id);
}

/* The look's permit as it waits in the outbox. */
struct waiting {
	struct outbox_row row;
	struct look_row look;
	struct permit permit;
	const uint8_t *permit_bytes, *request; /* within row */
	size_t permit_len, request_len;
	uint8_t request_signature[SIGNATURE_BYTES];
};

/* False when it lapsed meanwhile. */
static bool find_waiting(struct hub *hub, int64_t id, struct waiting *w)
{
	struct canon_reader in;

	if (hub->store->outbox_get(hub->store->impl, id, &w->row) != ERR_OK
	    || hub->store->look_get(hub->store->impl, w->row.subject, &w->look) != ERR_OK
	    || w->look.state != LOOK_RECORDED)
		return false;
	in = canon_read(w->row.payload, w->row.payload_len);
	w->permit_bytes = canon_bytes(&in, sizeof w->row.payload, &w->permit_len);
	w->request = canon_bytes(&in, sizeof w->row.payload, &w->request_len);
	canon_fixed(&in, w->request_signature, sizeof w->request_signature);
	return canon_end(&in) == ERR_OK
	    && permit_decode(&w->permit, w->permit_bytes, w->permit_len) == ERR_OK;
}

/* The checkpoint, the state and the entry that it left, in one transaction; then it may leave. */
static bool record_sending(struct hub *hub, struct waiting *w,
                           const struct checkpoint_row *checkpoint)
{
	struct log_event entry;
	enum err r;

	w->look.state = LOOK_SENT;
	w->look.sent_ms = hub->now.utc_ms;
	if (hub_begin(hub) != ERR_OK)
		return false;
	if ((r = hub->store->checkpoint_put(hub->store->impl, checkpoint)) == ERR_OK
	    && (r = hub->store->look_put(hub->store->impl, &w->look)) == ERR_OK
	    && (r = hub->store->outbox_strike(hub->store->impl, w->row.id)) == ERR_OK) {
		entry = look_event(hub, LOG_PERMIT_SENT, &w->look, w->look.check[0]);
		r = hub_log(hub, &entry, NULL);
	}
	if (r == ERR_OK)
		return hub_commit(hub) == ERR_OK;
	hub_abort(hub);
	hub->failed = true;
	return false;
}

static void send_permit(struct hub *hub, const struct waiting *w, int64_t agent,
                        const struct buf *proof, const uint8_t signature[SIGNATURE_BYTES])
{
	struct wire_message *message = wire_new(WIRE_PERMITTED);

	wire_set_int(message, "look", w->look.id);
	wire_set_bytes(message, "nonce", w->permit.nonce, NONCE_BYTES);
	send_message(hub, w->look.session, message);
	message = wire_new(WIRE_PERMIT);
	wire_set_bytes(message, "permit", w->permit_bytes, w->permit_len);
	wire_set_bytes(message, "proof", proof->data, proof->len);
	wire_set_bytes(message, "permit_signature", signature, SIGNATURE_BYTES);
	wire_set_bytes(message, "request", w->request, w->request_len);
	wire_set_bytes(message, "request_signature", w->request_signature, SIGNATURE_BYTES);
	send_message(hub, agent, message);
}

/* What the agent will judge, from the checkpoint that it holds. */
static enum err make_proof(struct hub *hub, const struct waiting *w,
                           const struct notary_answer *answer, uint64_t held, struct buf *out)
{
	const struct ledger_look *records = ledger_look(hub->ledger, w->look.id);
	struct look_proof *proof = malloc(sizeof *proof);
	enum err r = proof == NULL ? ERR_MEMORY : records == NULL ? ERR_NOT_FOUND : ERR_OK;

	if (r == ERR_OK)
		r = ledger_prove(hub->ledger, records, answer, held, proof);
	if (r == ERR_OK)
		r = look_proof_encode(proof, out);
	free(proof);
	return r;
}

/* All is signed: hand the permit and its proof to the agent, and its nonce to the console. */
static void take_permit(struct hub *hub, struct waiting *w, const struct notary_answer *answer)
{
	struct buf proof = buf_new(PROOF_MAX_BYTES);
	struct checkpoint_row checkpoint = {.at_ms = hub->now.utc_ms, .len = answer->after_len};
	struct session *agent = camera_session(hub, w->row.name, w->look.agreement);

	if (agent == NULL || memcmp(agent->challenge, w->permit.challenge, NONCE_BYTES) != 0) {
		look_fault(hub, w->look.id, CAUSE_CAMERA_LOST,
		           "no contact when the permit was ready");
		return;
	}
	if (hub->now.utc_ms >= w->permit.to_ms) {
		look_fault(hub, w->look.id, CAUSE_SIGNER,
		           "the permit's seconds were over when it was ready");
		return;
	}
	alarm_lower(hub, "signer", "");
	if (make_proof(hub, w, answer, agent->log_held, &proof) != ERR_OK) {
		alarm_raise(hub, "proof", agent->camera, ALARM_HIGH,
		            "the camera has seen a longer log than this hub has: was a backup "
		            "restored?");
		look_fault(hub, w->look.id, CAUSE_REFUSED,
		           "the log cannot be proven to the camera");
		buf_free(&proof);
		return;
	}
	memcpy(checkpoint.note, answer->after, answer->after_len);
	checkpoint.size = (int64_t)ledger_look(hub->ledger, w->look.id)->after.size;
	if (record_sending(hub, w, &checkpoint))
		send_permit(hub, w, agent->id, &proof, answer->permit_signature);
	buf_free(&proof);
}

static void alarm_signer(struct hub *hub, enum err why)
{
	alarm_raise(hub, "signer", "", ALARM_HIGH,
	            why == ERR_STALE || why == ERR_DENIED
	                    ? "the signer refuses this log: was a backup restored?"
	            : why == ERR_SIGNATURE
	                    ? "the signer's answer is not signed by its key: no look is possible"
	                    : "the log's signer does not answer: no look is possible");
}

static void refuse_permit(struct hub *hub, int64_t look, enum err why)
{
	alarm_signer(hub, why);
	look_fault(hub, look, CAUSE_SIGNER, err_text(why));
}

/* What the signer said, until the hub has its hands free for it. */
struct signed_note {
	int64_t id;
	enum err err;
	struct notary_answer answer;
};

void signer_says(void *arg, int64_t id, enum err err, const struct notary_answer *answer)
{
	struct hub *hub = arg;
	struct signed_note *note = list_add(&hub->signed_notes, sizeof *note);

	note->id = id;
	note->err = err;
	if (answer != NULL)
		note->answer = *answer;
}

static void take_signed_note(struct hub *hub)
{
	struct signed_note note = *(struct signed_note *)hub->signed_notes.items;
	struct waiting w;

	list_remove(&hub->signed_notes, sizeof note, 0);
	if (note.id < 0)
		export_signed(hub, -note.id, note.err, &note.answer);
	else if (!find_waiting(hub, note.id, &w))
		return;
	else if (note.err == ERR_OK)
		take_permit(hub, &w, &note.answer);
	else
		refuse_permit(hub, w.look.id, note.err);
}

/*
 * Its state is on its disk before its answer leaves, so only a state that was put back knows less
 * than we do.
 */
static void watch_signers_memory(struct hub *hub, uint64_t last)
{
	struct checkpoint_row latest;

	if (hub->store->checkpoint_latest(hub->store->impl, &latest) == ERR_OK
	    && (uint64_t)latest.size > last)
		alarm_raise(hub, "signer-memory", "", ALARM_MEDIUM,
		            "the signer has forgotten what it signed last: its state is new, or an "
		            "older one");
	else
		alarm_lower(hub, "signer-memory", "");
}

void signer_is(struct hub *hub, enum err there)
{
	uint64_t last;

	if (there == hub->signer_there)
		return;
	hub->signer_there = there;
	if (there != ERR_OK) {
		alarm_signer(hub, there);
		return;
	}
	last = hub->signer->last(hub->signer->impl);
	watch_signers_memory(hub, last);
	if (last > ledger_size(hub->ledger))
		alarm_signer(hub, ERR_STALE);
	else
		alarm_lower(hub, "signer", "");
}

static bool is_numbered(struct hub *hub, int64_t record)
{
	struct log_row row;

	return record == 0
	    || (hub->store->log_get(hub->store->impl, record, &row) == ERR_OK && row.number >= 0);
}

/* Asks the signer for the permit and for the log before and after its records. */
static enum err order_permit(struct hub *hub, const struct outbox_row *row)
{
	const struct ledger_look *records = ledger_look(hub->ledger, row->subject);
	struct canon_reader in = canon_read(row->payload, row->payload_len);
	struct notary_order *order = calloc(1, sizeof *order);
	const uint8_t *permit;
	enum err r = order == NULL ? ERR_MEMORY : records == NULL ? ERR_NOT_FOUND : ERR_OK;

	if (r == ERR_OK) {
		permit = canon_bytes(&in, sizeof order->permit, &order->permit_len);
		r = permit == NULL ? ERR_LIMIT : ERR_OK;
	}
	if (r == ERR_OK) {
		memcpy(order->permit, permit, order->permit_len);
		r = ledger_order(hub->ledger, records, hub->signer->last(hub->signer->impl), order);
	}
	if (r == ERR_OK)
		r = hub->signer->sign(hub->signer->impl, row->id, order, signer_says, hub);
	free(order);
	return r;
}

static void deliver_permit(struct hub *hub, struct outbox_row *row)
{
	enum err r;

	if (row->attempts > 0 || !is_numbered(hub, row->record))
		return; /* with the signer already, or not yet in the log */
	row->attempts++;
	if (hub_begin(hub) != ERR_OK)
		return;
	if (hub->store->outbox_put(hub->store->impl, row) != ERR_OK) {
		hub_abort(hub);
		hub->failed = true;
		return;
	}
	if (hub_commit(hub) != ERR_OK)
		return;
	r = order_permit(hub, row);
	if (r != ERR_OK)
		refuse_permit(hub, row->subject, r);
}

/* An agent that is not there now is told when it comes back, by camera_bring_level(). */
static void deliver_stop(struct hub *hub, const struct outbox_row *row)
{
	const struct camera_live *live = camera_live(hub, row->name);
	struct canon_reader in = canon_read(row->payload, row->payload_len);
	char agreement[ID_MAX];
	struct wire_message *message;

	if (live != NULL && live->session != 0) {
		canon_text(&in, agreement, sizeof agreement);
		message = wire_new(WIRE_STOP);
		wire_set_text(message, "agreement", agreement);
		wire_set_int(message, "version", row->subject);
		send_message(hub, live->session, message);
	}
	strike(hub, row->id);
}

static void deliver_all(struct hub *hub)
{
	struct list rows = {0};
	struct outbox_row *row;

	if (hub->store->outbox(hub->store->impl, collect, &rows) != ERR_OK)
		hub->failed = true;
	row = rows.items;
	for (size_t i = 0; i < rows.n && !hub->failed; i++) {
		switch (row[i].kind) {
		case OUTBOX_PERMIT:
			deliver_permit(hub, &row[i]);
			break;
		case OUTBOX_PAGE:
			deliver_page(hub, &row[i]);
			break;
		case OUTBOX_STOP:
			deliver_stop(hub, &row[i]);
			break;
		case OUTBOX_KINDS:
			break;
		}
	}
	free(rows.items);
}

void hub_pager_event(struct hub *hub, int64_t page, enum page_event_kind kind, const char *contact)
{
	struct pager_note *note = list_add(&hub->pager_notes, sizeof *note);

	note->page = page;
	note->kind = kind;
	if (contact != NULL)
		text_clean(note->contact, sizeof note->contact, contact);
}

static void take_pager_note(struct hub *hub)
{
	struct pager_note note = *(struct pager_note *)hub->pager_notes.items;
	struct page_event event = {.kind = note.kind,
	                           .contact = note.contact[0] ? note.contact : NULL};

	list_remove(&hub->pager_notes, sizeof note, 0);
	if (hub_begin(hub) != ERR_OK)
		return;
	if (page_step_row(hub, note.page, &event, NULL) == ERR_OK) {
		hub_commit(hub);
	} else {
		hub_abort(hub);
		hub->failed = true;
	}
}

static bool anything(void *arg, const struct outbox_row *row)
{
	bool *is = arg;

	/* Permits with the signer wait for an event, not for another round. */
	*is = *is || row->kind != OUTBOX_PERMIT || row->attempts == 0;
	return !*is;
}

void hub_settle(struct hub *hub)
{
	bool more = true;

	for (int round = 0; more && !hub->failed && round < 100; round++) {
		ledger_advance(hub, hub->ledger);
		deliver_all(hub);
		while (hub->signed_notes.n > 0 && !hub->failed)
			take_signed_note(hub);
		while (hub->pager_notes.n > 0 && !hub->failed)
			take_pager_note(hub);
		more = false;
		if (hub->store->outbox(hub->store->impl, anything, &more) != ERR_OK)
			hub->failed = true;
	}
	/* What the delivery itself wrote down. */
	ledger_advance(hub, hub->ledger);
}
