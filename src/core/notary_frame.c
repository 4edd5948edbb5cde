/*
 * Every value has one spelling, and a reader refuses every other, so that what the signer judges is
 * what the hub wrote and nothing beside it.
 */
#include "core/notary_frame.h"

#include "base/canon.h"
#include "base/text.h"

#include <string.h>

/* Length word, version, kind. */
#define FRAME_HEAD 6

enum err notary_next(const uint8_t *data, size_t len, struct notary_frame *frame, size_t *size)
{
	struct canon_reader r = canon_read(data, len);
	size_t whole;
	uint8_t version, kind;

	*size = 0;
	*frame = (struct notary_frame){0};
	if (len < FRAME_HEAD)
		return ERR_OK;
	whole = canon_u32(&r);
	version = canon_u8(&r);
	kind = canon_u8(&r);
	if (version != NOTARY_VERSION)
		return ERR_VERSION;
	if (whole < FRAME_HEAD - 4 || kind < NOTARY_HELLO || kind >= NOTARY_KINDS)
		return ERR_PARSE;
	if (whole > NOTARY_FRAME_MAX - 4)
		return ERR_LIMIT;
	if (len < 4 + whole)
		return ERR_OK;
	frame->kind = (enum notary_kind)kind;
	frame->body = r.data;
	frame->len = 4 + whole - FRAME_HEAD;
	*size = 4 + whole;
	return ERR_OK;
}

/* Of a body that was written with an own writer; frees the body. */
static enum err put_frame(struct buf *out, enum notary_kind kind, const struct canon_writer *body)
{
	struct canon_writer w = canon_write(out);
	size_t before = out->len;

	w.err = body->err;
	canon_put_u32(&w, (uint32_t)(FRAME_HEAD - 4 + body->out->len));
	canon_put_u8(&w, NOTARY_VERSION);
	canon_put_u8(&w, (uint8_t)kind);
	canon_put_fixed(&w, body->out->data, body->out->len);
	if (w.err != ERR_OK)
		out->len = before;
	buf_free(body->out);
	return w.err;
}

static void put_checkpoint(struct canon_writer *w, const struct checkpoint *checkpoint)
{
	canon_put_text(w, checkpoint->origin);
	canon_put_i64(w, (int64_t)checkpoint->size);
	canon_put_fixed(w, checkpoint->root, HASH_BYTES);
	canon_put_i64(w, (int64_t)checkpoint->epoch);
	canon_put_i64(w, (int64_t)checkpoint->residents);
	canon_put_fixed(w, checkpoint->index_root, HASH_BYTES);
}

static void take_checkpoint(struct canon_reader *r, struct checkpoint *checkpoint)
{
	canon_text(r, checkpoint->origin, sizeof checkpoint->origin);
	if (r->err == ERR_OK && !checkpoint_is_origin(checkpoint->origin))
		r->err = ERR_PARSE;
	checkpoint->size = (uint64_t)canon_i64_in(r, 0, INT64_MAX);
	canon_fixed(r, checkpoint->root, HASH_BYTES);
	checkpoint->epoch = (uint64_t)canon_i64_in(r, 0, INT64_MAX);
	checkpoint->residents = (uint64_t)canon_i64_in(r, 0, INT64_MAX);
	canon_fixed(r, checkpoint->index_root, HASH_BYTES);
}

static void put_proof(struct canon_writer *w, const struct tree_proof *proof)
{
	canon_put_u8(w, (uint8_t)proof->n);
	for (int i = 0; i < proof->n; i++)
		canon_put_fixed(w, proof->hash[i], HASH_BYTES);
}

static void take_proof(struct canon_reader *r, struct tree_proof *proof)
{
	int n = canon_u8(r);

	if (r->err == ERR_OK && n > TREE_PROOF_MAX)
		r->err = ERR_LIMIT;
	for (int i = 0; i < n && r->err == ERR_OK; i++)
		canon_fixed(r, proof->hash[i], HASH_BYTES);
	proof->n = n;
}

static void take_bytes(struct canon_reader *r, uint8_t *out, size_t max, size_t *len)
{
	const uint8_t *bytes = canon_bytes(r, max, len);

	if (bytes != NULL)
		memcpy(out, bytes, *len);
}

/* 0 is nobody's number: it is the connection's. */
static int64_t take_id(struct canon_reader *r)
{
	int64_t id = canon_i64(r);

	if (r->err == ERR_OK && id == 0)
		r->err = ERR_PARSE;
	return id;
}

static enum err taken(const struct canon_reader *r, void *what, size_t size)
{
	enum err err = canon_end(r);

	if (err != ERR_OK)
		memset(what, 0, size);
	return err;
}

enum err notary_put_hello(struct buf *out, const uint8_t *note, size_t len)
{
	struct buf body = buf_new(NOTARY_FRAME_MAX);
	struct canon_writer w = canon_write(&body);

	canon_put_bytes(&w, note, len);
	return put_frame(out, NOTARY_HELLO, &w);
}

enum err notary_get_hello(const struct notary_frame *frame, uint8_t note[CHECKPOINT_MAX_BYTES],
                          size_t *len)
{
	struct canon_reader r = canon_read(frame->body, frame->len);
	enum err err;

	memset(note, 0, CHECKPOINT_MAX_BYTES);
	take_bytes(&r, note, CHECKPOINT_MAX_BYTES, len);
	err = taken(&r, note, CHECKPOINT_MAX_BYTES);
	if (err != ERR_OK)
		*len = 0;
	return err;
}

enum err notary_put_order(struct buf *out, int64_t id, const struct notary_order *order)
{
	struct buf body = buf_new(NOTARY_FRAME_MAX);
	struct canon_writer w = canon_write(&body);

	canon_put_i64(&w, id);
	canon_put_bytes(&w, order->permit, order->permit_len);
	if (order->permit_len > 0) {
		put_checkpoint(&w, &order->before);
		put_proof(&w, &order->to_before);
	}
	put_checkpoint(&w, &order->after);
	put_proof(&w, &order->to_after);
	return put_frame(out, NOTARY_ORDER, &w);
}

enum err notary_get_order(const struct notary_frame *frame, int64_t *id, struct notary_order *order)
{
	struct canon_reader r = canon_read(frame->body, frame->len);

	memset(order, 0, sizeof *order);
	*id = take_id(&r);
	take_bytes(&r, order->permit, sizeof order->permit, &order->permit_len);
	if (order->permit_len > 0) {
		take_checkpoint(&r, &order->before);
		take_proof(&r, &order->to_before);
	}
	take_checkpoint(&r, &order->after);
	take_proof(&r, &order->to_after);
	return taken(&r, order, sizeof *order);
}

enum err notary_put_signed(struct buf *out, int64_t id, const struct notary_answer *answer)
{
	struct buf body = buf_new(NOTARY_FRAME_MAX);
	struct canon_writer w = canon_write(&body);

	canon_put_i64(&w, id);
	canon_put_fixed(&w, answer->permit_signature, SIGNATURE_BYTES);
	canon_put_bytes(&w, answer->before, answer->before_len);
	canon_put_bytes(&w, answer->after, answer->after_len);
	return put_frame(out, NOTARY_SIGNED, &w);
}

enum err notary_get_signed(const struct notary_frame *frame, int64_t *id,
                           struct notary_answer *answer)
{
	struct canon_reader r = canon_read(frame->body, frame->len);

	memset(answer, 0, sizeof *answer);
	*id = take_id(&r);
	canon_fixed(&r, answer->permit_signature, SIGNATURE_BYTES);
	take_bytes(&r, answer->before, sizeof answer->before, &answer->before_len);
	take_bytes(&r, answer->after, sizeof answer->after, &answer->after_len);
	return taken(&r, answer, sizeof *answer);
}

enum err notary_put_refused(struct buf *out, const struct notary_refusal *refusal)
{
	struct buf body = buf_new(NOTARY_FRAME_MAX);
	struct canon_writer w = canon_write(&body);
	char reason[REASON_MAX_BYTES];

	text_clean(reason, sizeof reason, refusal->reason);
	canon_put_i64(&w, refusal->id);
	canon_put_u8(&w, (uint8_t)refusal->err);
	canon_put_text(&w, reason);
	return put_frame(out, NOTARY_REFUSED, &w);
}

enum err notary_get_refused(const struct notary_frame *frame, struct notary_refusal *refusal)
{
	struct canon_reader r = canon_read(frame->body, frame->len);
	uint8_t why;

	memset(refusal, 0, sizeof *refusal);
	refusal->id = canon_i64(&r);
	why = canon_u8(&r);
	/* A refusal for no reason would be an answer. */
	if (r.err == ERR_OK && (why == ERR_OK || why > ERR_UNSUPPORTED))
		r.err = ERR_PARSE;
	refusal->err = (enum err)why;
	canon_text(&r, refusal->reason, sizeof refusal->reason);
	return taken(&r, refusal, sizeof *refusal);
}
