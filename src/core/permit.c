/*
 * Permits and look requests: their bytes, their signatures, and the judgement that opens a lens or
 * does not. Everything that can be decided without touching a camera is decided here, so that the
 * guard in the home has nothing left to interpret.
 */
#include "core/permit.h"

#include "base/canon.h"
#include "base/text.h"

#include <assert.h>
#include <string.h>

/* The domain line and the longest of what is signed so; the wire's table bounds permits further. */
#define SIGNED_MAX_BYTES (ROSTER_MAX_BYTES + 64)

/*
 * How far apart an operator's request and the permit that answers it may lie: the claim's lease. An
 * older signature could be one that the hub kept back.
 */
#define REQUEST_APART_MS_MAX (60 * MS_SECOND)

static void put_fields(struct canon_writer *w, const struct look_request *request)
{
	canon_put_i64(w, request->look);
	canon_put_text(w, request->camera);
	canon_put_u8(w, (uint8_t)request->n_checks);
	for (int i = 0; i < request->n_checks; i++)
		canon_put_i64(w, request->check[i]);
	canon_put_fixed(w, request->challenge, NONCE_BYTES);
	canon_put_fixed(w, request->picture_key, KEY_BYTES);
	canon_put_i64(w, request->at_ms);
	canon_put_text(w, request->operator_id);
}

enum err look_request_encode(const struct look_request *request, struct buf *out)
{
	struct canon_writer w = canon_write(out);

	if (request->n_checks < 1 || request->n_checks > PERSONS_MAX)
		return ERR_LIMIT;
	put_fields(&w, request);
	return w.err;
}

static void get_id(struct canon_reader *r, char out[ID_MAX])
{
	canon_text(r, out, ID_MAX);
	if (r->err == ERR_OK && !text_is_id(out))
		r->err = ERR_PARSE;
}

enum err look_request_decode(struct look_request *request, const void *data, size_t len)
{
	struct canon_reader r = canon_read(data, len);
	enum err err;

	memset(request, 0, sizeof *request);
	request->look = canon_i64_in(&r, 1, INT64_MAX);
	get_id(&r, request->camera);
	request->n_checks = canon_u8(&r);
	if (request->n_checks < 1 || request->n_checks > PERSONS_MAX)
		r.err = r.err != ERR_OK ? r.err : ERR_PARSE;
	for (int i = 0; r.err == ERR_OK && i < request->n_checks; i++)
		request->check[i] = canon_i64_in(&r, 1, INT64_MAX);
	canon_fixed(&r, request->challenge, NONCE_BYTES);
	canon_fixed(&r, request->picture_key, KEY_BYTES);
	request->at_ms = canon_i64_in(&r, 0, INT64_MAX / 2);
	get_id(&r, request->operator_id);
	err = canon_end(&r);
	if (err != ERR_OK)
		memset(request, 0, sizeof *request);
	return err;
}

enum err permit_encode(const struct permit *permit, struct buf *out)
{
	struct canon_writer w = canon_write(out);

	canon_put_fixed(&w, permit->id, NONCE_BYTES);
	canon_put_fixed(&w, permit->nonce, NONCE_BYTES);
	canon_put_i64(&w, permit->look);
	canon_put_text(&w, permit->camera);
	canon_put_text(&w, permit->agreement);
	canon_put_u32(&w, permit->agreement_version);
	canon_put_text(&w, permit->slot);
	canon_put_i64(&w, permit->night);
	canon_put_i64(&w, permit->look_number);
	canon_put_u8(&w, permit->replacement);
	canon_put_fixed(&w, permit->challenge, NONCE_BYTES);
	canon_put_fixed(&w, permit->picture_key, KEY_BYTES);
	canon_put_i64(&w, permit->from_ms);
	canon_put_i64(&w, permit->to_ms);
	canon_put_fixed(&w, permit->request_hash, HASH_BYTES);
	canon_put_fixed(&w, permit->record_hash, HASH_BYTES);
	return w.err;
}

enum err permit_decode(struct permit *permit, const void *data, size_t len)
{
	struct canon_reader r = canon_read(data, len);
	enum err err;

	memset(permit, 0, sizeof *permit);
	canon_fixed(&r, permit->id, NONCE_BYTES);
	canon_fixed(&r, permit->nonce, NONCE_BYTES);
	permit->look = canon_i64_in(&r, 1, INT64_MAX);
	get_id(&r, permit->camera);
	get_id(&r, permit->agreement);
	permit->agreement_version = canon_u32(&r);
	get_id(&r, permit->slot);
	permit->night = (int32_t)canon_i64_in(&r, -100000, 1000000);
	permit->look_number = (int32_t)canon_i64_in(&r, 1, 99);
	permit->replacement = canon_bool(&r);
	canon_fixed(&r, permit->challenge, NONCE_BYTES);
	canon_fixed(&r, permit->picture_key, KEY_BYTES);
	permit->from_ms = canon_i64_in(&r, 0, INT64_MAX / 2);
	permit->to_ms = canon_i64_in(&r, permit->from_ms, INT64_MAX / 2);
	canon_fixed(&r, permit->request_hash, HASH_BYTES);
	canon_fixed(&r, permit->record_hash, HASH_BYTES);
	err = canon_end(&r);
	if (err != ERR_OK)
		memset(permit, 0, sizeof *permit);
	return err;
}

static const char *const domains[SIGNED_KINDS] = {
	[SIGNED_PERMIT] = "tillsyn permit 1\n",
	[SIGNED_REQUEST] = "tillsyn look request 1\n",
	[SIGNED_HELLO] = "tillsyn camera hello 1\n",
	[SIGNED_MEASURE] = "tillsyn lens measure 1\n",
	[SIGNED_SNAPSHOT] = "tillsyn snapshot 1\n",
	[SIGNED_AGREEMENT] = "tillsyn agreement 1\n",
	[SIGNED_ROSTER] = "tillsyn roster 1\n",
};

/* The domain line and the bytes; false when there are more of them than anything of ours has. */
static bool signed_bytes(struct buf *out, enum signed_kind kind, const void *encoded, size_t len)
{
	enum err err;

	assert(kind < SIGNED_KINDS);
	*out = buf_new(SIGNED_MAX_BYTES);
	err = buf_add_text(out, domains[kind]);
	assert(err == ERR_OK);
	err = buf_add(out, encoded, len);
	assert(err != ERR_MEMORY);
	return err == ERR_OK;
}

void signed_make(const struct crypto *crypto, enum signed_kind kind, const void *encoded,
                 size_t len, const uint8_t secret_key[SECRET_KEY_BYTES],
                 uint8_t signature[SIGNATURE_BYTES])
{
	struct buf bytes;
	bool fits = signed_bytes(&bytes, kind, encoded, len);

	assert(fits);
	crypto->sign(signature, bytes.data, bytes.len, secret_key);
	buf_free(&bytes);
}

bool signed_check(const struct crypto *crypto, enum signed_kind kind, const void *encoded,
                  size_t len, const uint8_t public_key[KEY_BYTES],
                  const uint8_t signature[SIGNATURE_BYTES])
{
	struct buf bytes;
	bool right = signed_bytes(&bytes, kind, encoded, len)
	             && crypto->verify(signature, bytes.data, bytes.len, public_key);

	buf_free(&bytes);
	return right;
}

static bool same_look(const struct permit *permit, const struct look_request *request)
{
	int64_t apart = permit->from_ms - request->at_ms;

	return permit->look == request->look && text_equal(permit->camera, request->camera)
	       && memcmp(permit->challenge, request->challenge, NONCE_BYTES) == 0
	       && memcmp(permit->picture_key, request->picture_key, KEY_BYTES) == 0
	       && apart <= REQUEST_APART_MS_MAX && apart >= -REQUEST_APART_MS_MAX;
}

enum permit_refusal permit_verify(const struct crypto *crypto, const void *permit_bytes,
                                  size_t permit_len,
                                  const uint8_t permit_signature[SIGNATURE_BYTES],
                                  const void *request_bytes, size_t request_len,
                                  const uint8_t request_signature[SIGNATURE_BYTES],
                                  const uint8_t signer_key[KEY_BYTES], const struct roster *roster,
                                  struct permit *permit, struct look_request *request)
{
	uint8_t hash[HASH_BYTES];
	const uint8_t *operator_key;

	memset(permit, 0, sizeof *permit);
	memset(request, 0, sizeof *request);
	if (!signed_check(crypto, SIGNED_PERMIT, permit_bytes, permit_len, signer_key,
	                  permit_signature))
		return PERMIT_BAD_SIGNATURE;
	if (permit_decode(permit, permit_bytes, permit_len) != ERR_OK)
		return PERMIT_BAD_REQUEST;
	crypto->sha256(hash, request_bytes, request_len);
	if (memcmp(hash, permit->request_hash, HASH_BYTES) != 0
	    || look_request_decode(request, request_bytes, request_len) != ERR_OK)
		return PERMIT_BAD_REQUEST;
	operator_key = roster != NULL ? roster_key(roster, request->operator_id) : NULL;
	if (operator_key == NULL)
		return PERMIT_UNKNOWN_OPERATOR;
	if (!signed_check(crypto, SIGNED_REQUEST, request_bytes, request_len, operator_key,
	                  request_signature)
	    || !same_look(permit, request))
		return PERMIT_BAD_REQUEST;
	return PERMIT_GRANTED;
}

/* What the remembered openings say about the look that a permit is for. */
struct taken {
	bool replayed;          /* this very permit */
	bool look, replacement; /* the same look, and its one replacement */
	bool before;            /* the look before it */
	int64_t before_ms;      /* its latest opening */
};

static struct taken taken_of(const struct permit *permit, const struct guard_view *view)
{
	struct taken taken = {.before_ms = INT64_MIN};

	for (size_t i = 0; i < view->n_openings; i++) {
		const struct opening *opening = &view->opening[i];

		if (memcmp(opening->permit_id, permit->id, NONCE_BYTES) == 0)
			taken.replayed = true;
		if (opening->night != permit->night
		    || !text_equal(opening->agreement, permit->agreement)
		    || !text_equal(opening->slot, permit->slot))
			continue;
		if (opening->look_number == permit->look_number) {
			taken.look = taken.look || !opening->replacement;
			taken.replacement = taken.replacement || opening->replacement;
		}
		if (opening->look_number == permit->look_number - 1 && opening->look_number > 0) {
			taken.before = true;
			if (opening->at_ms > taken.before_ms)
				taken.before_ms = opening->at_ms;
		}
	}
	return taken;
}

/* The slot's stretch tonight, and what the agreement grants in it. */
struct granted {
	bool planned, look;
	int64_t early_ms, hard_end_ms;
};

static struct granted granted_of(const struct permit *permit, const struct guard_view *view)
{
	const struct agreement *agreement = view->agreement;
	struct planned planned[NIGHT_PLANNED_MAX];
	struct granted granted = {0};
	size_t n = night_expand(agreement, permit->night, view->zone, view->policy, planned);

	for (size_t i = 0; i < n; i++) {
		const struct slot *slot = &agreement->slot[planned[i].slot];

		if (slot->kind != SLOT_CAMERA || !text_equal(slot->id, permit->slot))
			continue;
		granted.planned = true;
		granted.look = granted.look || planned[i].right == RIGHT_LOOK;
		granted.early_ms = planned[i].early_ms;
		granted.hard_end_ms = planned[i].hard_end_ms;
	}
	return granted;
}

/* Who, when and on which connection: what can be said before any agreement is asked. */
static enum permit_refusal judge_permit(const struct permit *permit, const struct guard_view *view,
                                        const struct taken *taken, int64_t hub_ms)
{
	const struct policy *policy = view->policy;

	if (!text_equal(permit->camera, view->camera))
		return PERMIT_OTHER_CAMERA;
	if (memcmp(permit->challenge, view->challenge, NONCE_BYTES) != 0)
		return PERMIT_OLD_CONNECTION;
	if (taken->replayed)
		return PERMIT_REPLAYED;
	if (!view->clock_sound)
		return PERMIT_CLOCK;
	if (hub_ms >= permit->to_ms)
		return PERMIT_EXPIRED;
	/* A clock a little behind the hub's is sound, and must not make every permit early. */
	if (hub_ms + policy->clock_skew_ms < permit->from_ms)
		return PERMIT_NOT_YET;
	if (permit->to_ms - permit->from_ms > policy->permit_ms)
		return PERMIT_TOO_LONG;
	return PERMIT_GRANTED;
}

static enum permit_refusal judge_agreement(const struct permit *permit,
                                           const struct guard_view *view,
                                           const struct granted *granted)
{
	const struct agreement *agreement = view->agreement;

	if (view->stopped || agreement->withdrawn)
		return PERMIT_WITHDRAWN;
	if (!granted->planned)
		return PERMIT_OUTSIDE_TIME;
	/* Planned, not withdrawn, and no right: what remains is a lapse. */
	if (!granted->look)
		return PERMIT_LAPSED;
	if (permit->look_number > 1 + view->policy->rechecks)
		return PERMIT_NO_RIGHT_LEFT;
	return PERMIT_GRANTED;
}

static enum permit_refusal judge_time(const struct permit *permit, const struct policy *policy,
                                      const struct taken *taken, const struct granted *granted,
                                      int64_t hub_ms)
{
	bool recheck = permit->look_number > 1;
	int64_t end_ms = granted->hard_end_ms + (recheck ? policy->recheck_end_ms : 0);

	/*
	 * The permit says what the hub's clock had reached; ours may be a little behind it, and
	 * whoever looks in the first second must not find a camera at fault.
	 */
	if ((hub_ms < granted->early_ms && permit->from_ms < granted->early_ms) || hub_ms >= end_ms)
		return PERMIT_OUTSIDE_TIME;
	if (recheck && !taken->before)
		return PERMIT_NO_RIGHT_LEFT;
	/* The replacement's right is its own: whether the first was opened only the guard knows. */
	if (permit->replacement ? taken->replacement : taken->look)
		return PERMIT_NO_RIGHT_LEFT;
	if (recheck
	    && hub_ms < taken->before_ms + policy->recheck_earliest_ms - policy->clock_skew_ms)
		return PERMIT_TOO_EARLY;
	return PERMIT_GRANTED;
}

enum permit_refusal permit_judge(const struct permit *permit, const struct guard_view *view,
                                 const struct now *now)
{
	struct taken taken = taken_of(permit, view);
	int64_t hub_ms = now->utc_ms + view->hub_ahead_ms;
	enum permit_refusal refusal = judge_permit(permit, view, &taken, hub_ms);
	struct guard_view own = *view;
	struct granted granted;
	struct policy policy;

	if (refusal != PERMIT_GRANTED)
		return refusal;
	if (view->agreement == NULL || view->zone == NULL
	    || !text_equal(view->agreement->id, permit->agreement)
	    || view->agreement->version != permit->agreement_version)
		return PERMIT_NO_AGREEMENT;
	if (!text_equal(view->agreement->camera, view->camera))
		return PERMIT_OTHER_CAMERA;
	granted = granted_of(permit, view);
	policy = agreement_policy(view->agreement, view->policy);
	own.policy = &policy;
	refusal = judge_agreement(permit, &own, &granted);
	if (refusal != PERMIT_GRANTED)
		return refusal;
	return judge_time(permit, &policy, &taken, &granted, hub_ms);
}

static const struct {
	const char *name, *text;
} refusals[PERMIT_REFUSALS] = {
	[PERMIT_GRANTED] = {"granted",
		"The permit is good."},
	[PERMIT_BAD_SIGNATURE] = {"bad-signature",
		"The permit is not signed by the log's signer."},
	[PERMIT_BAD_REQUEST] = {"bad-request",
		"The operator's signed request and the permit do not agree."},
	[PERMIT_UNKNOWN_OPERATOR] = {"unknown-operator",
		"The operator is not among those whom the camera accepts."},
	[PERMIT_OTHER_CAMERA] = {"other-camera",
		"The permit is for another camera."},
	[PERMIT_OLD_CONNECTION] = {"old-connection",
		"The permit is from an earlier connection."},
	[PERMIT_REPLAYED] = {"replayed",
		"The permit has been used."},
	[PERMIT_CLOCK] = {"clock",
		"The camera's clock cannot be trusted."},
	[PERMIT_EXPIRED] = {"expired",
		"The permit has expired."},
	[PERMIT_NOT_YET] = {"not-yet",
		"The permit is not valid yet."},
	[PERMIT_TOO_LONG] = {"too-long",
		"The permit is valid for longer than is allowed."},
	[PERMIT_NO_AGREEMENT] = {"no-agreement",
		"The camera does not hold that agreement in that version."},
	[PERMIT_WITHDRAWN] = {"withdrawn",
		"The agreement is withdrawn or stopped."},
	[PERMIT_LAPSED] = {"lapsed",
		"The decision or a consent has lapsed."},
	[PERMIT_OUTSIDE_TIME] = {"outside-time",
		"It is outside the agreed time."},
	[PERMIT_NO_RIGHT_LEFT] = {"no-right-left",
		"No look is left of that slot's right tonight."},
	[PERMIT_TOO_EARLY] = {"too-early",
		"It is too early for a recheck."},
	[PERMIT_NO_PROOF] = {"no-proof",
		"The look is not proven to be in the log."},
};

const char *permit_refusal_name(enum permit_refusal refusal)
{
	assert(refusal < PERMIT_REFUSALS);
	return refusals[refusal].name;
}

const char *permit_refusal_text(enum permit_refusal refusal)
{
	assert(refusal < PERMIT_REFUSALS);
	return refusals[refusal].text;
}

int permit_refusal_from_name(const char *name)
{
	for (int i = 0; i < PERMIT_REFUSALS; i++)
		if (text_equal(name, refusals[i].name))
			return i;
	return -1;
}
