/*
 * The outbox: what leaves the process, written in the transaction that caused it and struck when carried
 * out. Pages go at least once, with the same number; permits wait for their place in the log and for the
 * signer, and lapse with their seconds.
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

	snprintf(text, REASON_MAX_BYTES, "tillsyn %lld, %02d:%02d%c%02d:%02d%s: see the list or call the centre",
	         (long long)page->number, local.minute / 60, local.minute % 60, offset < 0 ? '-' : '+',
	         abs(offset) / 60, abs(offset) % 60, page->urgent ? " URGENT" : "");
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
			alarm_raise(hub, "channel", "", ALARM_HIGH, "pages do not go out: call the patrol by phone");
		} else {
			alarm_lower(hub, "channel", "");
		}
	}
	/* A crash before this line sends it again, with the same number. */
	strike(hub, row->id);
}

/* The signature is there: hand the permit to the agent and its nonce to the console. */
static void permit_ready(void *arg, int64_t id, const uint8_t signature[SIGNATURE_BYTES])
{
	struct hub *hub = arg;
	struct outbox_row row;
	struct look_row look;
	struct permit permit;
	struct canon_reader in;
	const uint8_t *permit_bytes, *request;
	size_t permit_len, request_len;
	uint8_t request_signature[SIGNATURE_BYTES];
	struct session *agent;
	struct wire_message *message;
	enum err r;

	if (hub->store->outbox_get(hub->store->impl, id, &row) != ERR_OK
	    || hub->store->look_get(hub->store->impl, row.subject, &look) != ERR_OK
	    || look.state != LOOK_RECORDED)
		return; /* it lapsed meanwhile */
	in = canon_read(row.payload, row.payload_len);
	permit_bytes = canon_bytes(&in, sizeof row.payload, &permit_len);
	request = canon_bytes(&in, sizeof row.payload, &request_len);
	canon_fixed(&in, request_signature, sizeof request_signature);
	agent = camera_session(hub, row.name, look.agreement);
	if (canon_end(&in) != ERR_OK || permit_decode(&permit, permit_bytes, permit_len) != ERR_OK
	    || agent == NULL || memcmp(agent->challenge, permit.challenge, NONCE_BYTES) != 0) {
		look_fault(hub, look.id, CAUSE_CAMERA_LOST, "no contact when the permit was ready");
		return;
	}
	if (hub->now.utc_ms >= permit.to_ms) {
		look_fault(hub, look.id, CAUSE_SIGNER, "the permit's seconds were over when it was ready");
		return;
	}
	alarm_lower(hub, "signer", "");
	look.state = LOOK_SENT;
	look.sent_ms = hub->now.utc_ms;
	if (hub_begin(hub) != ERR_OK)
		return;
	if ((r = hub->store->look_put(hub->store->impl, &look)) == ERR_OK
	    && (r = hub->store->outbox_strike(hub->store->impl, row.id)) == ERR_OK) {
		struct log_event entry = look_event(hub, LOG_PERMIT_SENT, &look, look.check[0]);

		r = hub_log(hub, &entry, NULL);
	}
	if (r != ERR_OK) {
		hub_abort(hub);
		hub->failed = true;
		return;
	}
	if (hub_commit(hub) != ERR_OK)
		return;
	message = wire_new(WIRE_PERMITTED);
	wire_set_int(message, "look", look.id);
	wire_set_bytes(message, "nonce", permit.nonce, NONCE_BYTES);
	send_message(hub, look.session, message);
	message = wire_new(WIRE_PERMIT);
	wire_set_bytes(message, "permit", permit_bytes, permit_len);
	wire_set_bytes(message, "permit_signature", signature, SIGNATURE_BYTES);
	wire_set_bytes(message, "request", request, request_len);
	wire_set_bytes(message, "request_signature", request_signature, SIGNATURE_BYTES);
	send_message(hub, agent->id, message);
}

static bool is_numbered(struct hub *hub, int64_t record)
{
	struct log_row row;

	return record == 0
	       || (hub->store->log_get(hub->store->impl, record, &row) == ERR_OK && row.number >= 0);
}

static void deliver_permit(struct hub *hub, struct outbox_row *row)
{
	struct canon_reader in = canon_read(row->payload, row->payload_len);
	size_t len;
	const uint8_t *permit = canon_bytes(&in, sizeof row->payload, &len);
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
	r = hub->signer->sign(hub->signer->impl, row->id, permit, len, permit_ready, hub);
	if (r != ERR_OK) {
		alarm_raise(hub, "signer", "", ALARM_HIGH, "the log's signer does not answer: no look is possible");
		look_fault(hub, row->subject, CAUSE_SIGNER, err_text(r));
	}
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
	struct page_event event = {.kind = note.kind, .contact = note.contact[0] ? note.contact : NULL};

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
		while (hub->pager_notes.n > 0 && !hub->failed)
			take_pager_note(hub);
		more = false;
		if (hub->store->outbox(hub->store->impl, anything, &more) != ERR_OK)
			hub->failed = true;
	}
	/* What the delivery itself wrote down. */
	ledger_advance(hub, hub->ledger);
}
