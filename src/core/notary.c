/* Judges first, signs then, and remembers last. */
#include "core/notary.h"

#include "base/text.h"

#include <string.h>

static enum err follows(const struct crypto *crypto, const struct checkpoint *from,
                        const struct checkpoint *to, const struct tree_proof *proof)
{
	if (from->origin[0] != '\0'
	    && (!text_equal(from->origin, to->origin) || from->epoch != to->epoch))
		return ERR_DENIED;
	if (from->size == 0)
		return ERR_OK;
	if (to->size < from->size)
		return ERR_STALE;
	return tree_extends(crypto, from->size, from->root, to->size, to->root, proof)
	               ? ERR_OK : ERR_DENIED;
}

static enum err judge(const struct notary *notary, const struct notary_order *order)
{
	const struct checkpoint *from = &notary->last;
	enum err r = ERR_OK;

	if (order->permit_len > 0) {
		r = follows(notary->crypto, from, &order->before, &order->to_before);
		from = &order->before;
	}
	return r != ERR_OK ? r : follows(notary->crypto, from, &order->after, &order->to_after);
}

static enum err sign_note(const struct notary *notary, const struct checkpoint *checkpoint,
                          uint8_t note[CHECKPOINT_MAX_BYTES], size_t *len)
{
	struct buf out = buf_new(CHECKPOINT_MAX_BYTES);
	enum err r = checkpoint_sign(notary->crypto, checkpoint, notary->public_key,
	                             notary->secret_key, &out);

	if (r == ERR_OK) {
		memcpy(note, out.data, out.len);
		*len = out.len;
	}
	buf_free(&out);
	return r;
}

static enum err sign_permit(const struct notary *notary, const struct notary_order *order,
                            struct notary_answer *answer)
{
	struct permit permit;

	if (permit_decode(&permit, order->permit, order->permit_len) != ERR_OK)
		return ERR_PARSE;
	signed_make(notary->crypto, SIGNED_PERMIT, order->permit, order->permit_len,
	            notary->secret_key, answer->permit_signature);
	return sign_note(notary, &order->before, answer->before, &answer->before_len);
}

enum err notary_sign(struct notary *notary, const struct notary_order *order,
                     struct notary_answer *answer)
{
	enum err r = judge(notary, order);

	memset(answer, 0, sizeof *answer);
	if (r == ERR_OK && order->permit_len > 0)
		r = sign_permit(notary, order, answer);
	if (r == ERR_OK)
		r = sign_note(notary, &order->after, answer->after, &answer->after_len);
	if (r == ERR_OK)
		notary->last = order->after;
	else
		memset(answer, 0, sizeof *answer);
	return r;
}

static bool is_note_of(const struct crypto *crypto, const uint8_t public_key[KEY_BYTES],
                       const uint8_t *note, size_t len, const struct checkpoint *wanted)
{
	struct checkpoint signed_one;

	return checkpoint_open(crypto, note, len, public_key, &signed_one) == ERR_OK
	       && text_equal(signed_one.origin, wanted->origin) && signed_one.size == wanted->size
	       && signed_one.epoch == wanted->epoch && signed_one.residents == wanted->residents
	       && memcmp(signed_one.root, wanted->root, HASH_BYTES) == 0
	       && memcmp(signed_one.index_root, wanted->index_root, HASH_BYTES) == 0;
}

enum err notary_check(const struct crypto *crypto, const uint8_t public_key[KEY_BYTES],
                      const struct notary_order *order, const struct notary_answer *answer)
{
	if (!is_note_of(crypto, public_key, answer->after, answer->after_len, &order->after))
		return ERR_SIGNATURE;
	if (order->permit_len == 0)
		return answer->before_len == 0 ? ERR_OK : ERR_SIGNATURE;
	return is_note_of(crypto, public_key, answer->before, answer->before_len, &order->before)
	               && signed_check(crypto, SIGNED_PERMIT, order->permit, order->permit_len,
	                               public_key, answer->permit_signature)
	               ? ERR_OK : ERR_SIGNATURE;
}
