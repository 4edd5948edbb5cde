/* Agreements, roster and stops: taken in by signature and version, written down, then held. */
#include "camera/holding.h"

#include "base/canon.h"
#include "base/text.h"

#include <string.h>

#define AGREEMENTS_RECORD "agreements"
#define ROSTER_RECORD "roster"
#define STOPS_RECORD "stops"

#define AGREEMENTS_MAX_BYTES (HOLDING_MAX * (AGREEMENT_MAX_BYTES + 128))
#define STOPS_MAX_BYTES (HOLDING_MAX * 64 + 64)

static struct held *find(struct holding *holding, const char *id)
{
	for (int i = 0; i < holding->n; i++)
		if (text_equal(holding->held[i].id, id))
			return &holding->held[i];
	return NULL;
}

const struct held *holding_find(const struct holding *holding, const char *id)
{
	for (int i = 0; i < holding->n; i++)
		if (text_equal(holding->held[i].id, id))
			return &holding->held[i];
	return NULL;
}

bool held_is_stopped(const struct held *held)
{
	return held->present && held->agreement.version <= held->stopped_version;
}

static struct held *find_or_add(struct holding *holding, const char *id)
{
	struct held *held = find(holding, id);

	if (held != NULL || holding->n == HOLDING_MAX)
		return held;
	held = &holding->held[holding->n++];
	memset(held, 0, sizeof *held);
	memcpy(held->id, id, strlen(id) + 1);
	return held;
}

static enum err write_agreements(const struct holding *holding)
{
	struct buf out = buf_new(AGREEMENTS_MAX_BYTES);
	struct canon_writer w = canon_write(&out);
	uint32_t n = 0;
	enum err err;

	for (int i = 0; i < holding->n; i++)
		n += holding->held[i].present;
	canon_put_u32(&w, n);
	for (int i = 0; i < holding->n; i++) {
		const struct held *held = &holding->held[i];

		if (!held->present)
			continue;
		canon_put_fixed(&w, held->signature, SIGNATURE_BYTES);
		canon_put_bytes(&w, held->doc.data, held->doc.len);
	}
	err = w.err;
	if (err == ERR_OK)
		err = holding->keep->write(holding->keep->impl, AGREEMENTS_RECORD, out.data,
		                           out.len);
	buf_free(&out);
	return err;
}

static enum err write_roster(const struct holding *holding, const void *doc, size_t len,
                             const uint8_t signature[SIGNATURE_BYTES])
{
	struct buf out = buf_new(ROSTER_MAX_BYTES + 128);
	struct canon_writer w = canon_write(&out);
	enum err err;

	canon_put_fixed(&w, signature, SIGNATURE_BYTES);
	canon_put_bytes(&w, doc, len);
	err = w.err;
	if (err == ERR_OK)
		err = holding->keep->write(holding->keep->impl, ROSTER_RECORD, out.data, out.len);
	buf_free(&out);
	return err;
}

static enum err write_stops(const struct holding *holding)
{
	struct buf out = buf_new(STOPS_MAX_BYTES);
	struct canon_writer w = canon_write(&out);
	enum err err;

	canon_put_u32(&w, (uint32_t)holding->n);
	for (int i = 0; i < holding->n; i++) {
		canon_put_text(&w, holding->held[i].id);
		canon_put_u32(&w, holding->held[i].stopped_version);
	}
	err = w.err;
	if (err == ERR_OK)
		err = holding->keep->write(holding->keep->impl, STOPS_RECORD, out.data, out.len);
	buf_free(&out);
	return err;
}

/* Puts a verified agreement in its place; the caller has decided that it may stand there. */
static enum err put(struct held *held, const struct agreement *agreement, const void *doc,
                    size_t len, const uint8_t signature[SIGNATURE_BYTES])
{
	struct buf copy = buf_new(AGREEMENT_MAX_BYTES);
	enum err err = buf_add(&copy, doc, len);

	if (err != ERR_OK)
		return err;
	buf_free(&held->doc);
	held->doc = copy;
	held->agreement = *agreement;
	memcpy(held->signature, signature, SIGNATURE_BYTES);
	held->present = true;
	return ERR_OK;
}

static enum err read_agreement(struct holding *holding, struct canon_reader *r)
{
	uint8_t signature[SIGNATURE_BYTES];
	struct agreement agreement;
	struct held *held;
	const uint8_t *doc;
	size_t len;

	canon_fixed(r, signature, SIGNATURE_BYTES);
	doc = canon_bytes(r, AGREEMENT_MAX_BYTES, &len);
	if (doc == NULL)
		return r->err;
	/* Of another administration key, after a new enrolment: as if it had never been here. */
	if (!agreement_verify(holding->crypto, doc, len, holding->administration_key, signature))
		return ERR_OK;
	if (agreement_decode(&agreement, doc, len) != ERR_OK)
		return ERR_PARSE;
	held = find_or_add(holding, agreement.id);
	return held == NULL ? ERR_PARSE : put(held, &agreement, doc, len, signature);
}

static enum err load_agreements(struct holding *holding, const struct buf *record)
{
	struct canon_reader r = canon_read(record->data, record->len);
	uint32_t n = canon_u32(&r);
	enum err err = r.err;

	for (uint32_t i = 0; i < n && err == ERR_OK; i++)
		err = read_agreement(holding, &r);
	return err != ERR_OK ? err : canon_end(&r);
}

static enum err load_roster(struct holding *holding, const struct buf *record)
{
	struct canon_reader r = canon_read(record->data, record->len);
	uint8_t signature[SIGNATURE_BYTES];
	const uint8_t *doc;
	size_t len;

	canon_fixed(&r, signature, SIGNATURE_BYTES);
	doc = canon_bytes(&r, ROSTER_MAX_BYTES, &len);
	if (doc == NULL || canon_end(&r) != ERR_OK)
		return ERR_PARSE;
	if (!roster_verify(holding->crypto, doc, len, holding->administration_key, signature))
		return ERR_OK;
	holding->crypto->sha256(holding->roster_hash, doc, len);
	holding->has_roster = roster_decode(&holding->roster, doc, len) == ERR_OK;
	return holding->has_roster ? ERR_OK : ERR_PARSE;
}

static enum err load_stops(struct holding *holding, const struct buf *record)
{
	struct canon_reader r = canon_read(record->data, record->len);
	uint32_t n = canon_u32(&r);

	for (uint32_t i = 0; i < n && r.err == ERR_OK; i++) {
		char id[ID_MAX];
		uint32_t version;
		struct held *held;

		canon_text(&r, id, sizeof id);
		version = canon_u32(&r);
		if (r.err != ERR_OK || !text_is_id(id))
			return ERR_PARSE;
		held = find_or_add(holding, id);
		if (held == NULL)
			return ERR_PARSE;
		held->stopped_version = version;
	}
	return canon_end(&r);
}

static enum err load(struct holding *holding, const char *name, size_t max,
                     enum err (*take)(struct holding *, const struct buf *))
{
	struct buf record = buf_new(max);
	enum err err = holding->keep->read(holding->keep->impl, name, &record);

	if (err == ERR_OK)
		err = take(holding, &record);
	else if (err == ERR_NOT_FOUND)
		err = ERR_OK;
	buf_free(&record);
	return err;
}

enum err holding_load(struct holding *holding, const struct crypto *crypto, const struct keep *keep,
                      const char *camera, const uint8_t administration_key[KEY_BYTES])
{
	enum err err;

	memset(holding, 0, sizeof *holding);
	holding->crypto = crypto;
	holding->keep = keep;
	memcpy(holding->administration_key, administration_key, KEY_BYTES);
	if ((err = text_copy(holding->camera, sizeof holding->camera, camera)) != ERR_OK
	    || (err = load(holding, AGREEMENTS_RECORD, AGREEMENTS_MAX_BYTES, load_agreements))
	               != ERR_OK
	    || (err = load(holding, ROSTER_RECORD, ROSTER_MAX_BYTES + 128, load_roster)) != ERR_OK
	    || (err = load(holding, STOPS_RECORD, STOPS_MAX_BYTES, load_stops)) != ERR_OK)
		holding_free(holding);
	return err;
}

void holding_free(struct holding *holding)
{
	for (int i = 0; i < holding->n; i++)
		buf_free(&holding->held[i].doc);
	holding->n = 0;
}

/* Whether a verified agreement may take the place of what is held: newer, or the very same. */
static enum err judge(const struct holding *holding, const struct held *held,
                      const struct agreement *agreement, const void *doc, size_t len)
{
	if (held == NULL || !held->present)
		return text_equal(agreement->camera, holding->camera) ? ERR_OK : ERR_DENIED;
	if (agreement->version > held->agreement.version)
		return ERR_OK;
	if (agreement->version == held->agreement.version && len == held->doc.len
	    && memcmp(doc, held->doc.data, len) == 0)
		return ERR_EXISTS;
	return ERR_STALE;
}

/* Exchanges an agreement, and back again when it cannot be written down. */
static enum err exchange(struct holding *holding, struct held *held,
                         const struct agreement *agreement, const void *doc, size_t len,
                         const uint8_t signature[SIGNATURE_BYTES])
{
	struct held before = *held;
	enum err err;

	held->doc = buf_new(0);
	err = put(held, agreement, doc, len, signature);
	if (err == ERR_OK)
		err = write_agreements(holding);
	if (err == ERR_OK) {
		buf_free(&before.doc);
		return ERR_OK;
	}
	buf_free(&held->doc);
	*held = before;
	return err;
}

enum err holding_agreement(struct holding *holding, const void *doc, size_t len,
                           const uint8_t signature[SIGNATURE_BYTES], char id[ID_MAX],
                           uint32_t *version)
{
	struct agreement agreement;
	struct held *held;
	enum err err;

	id[0] = '\0';
	*version = 0;
	if (!agreement_verify(holding->crypto, doc, len, holding->administration_key, signature))
		return ERR_SIGNATURE;
	err = agreement_decode(&agreement, doc, len);
	if (err != ERR_OK)
		return err;
	memcpy(id, agreement.id, ID_MAX);
	*version = agreement.version;
	err = judge(holding, find(holding, agreement.id), &agreement, doc, len);
	if (err != ERR_OK)
		return err == ERR_EXISTS ? ERR_OK : err;
	held = find_or_add(holding, agreement.id);
	return held == NULL ? ERR_LIMIT : exchange(holding, held, &agreement, doc, len, signature);
}

/* As judge(), for the roster. */
static enum err judge_roster(const struct holding *holding, const struct roster *roster,
                             const uint8_t hash[HASH_BYTES])
{
	if (!holding->has_roster || roster->version > holding->roster.version)
		return ERR_OK;
	if (roster->version == holding->roster.version
	    && memcmp(hash, holding->roster_hash, HASH_BYTES) == 0)
		return ERR_EXISTS;
	return ERR_STALE;
}

enum err holding_roster(struct holding *holding, const void *doc, size_t len,
                        const uint8_t signature[SIGNATURE_BYTES], uint32_t *version)
{
	uint8_t hash[HASH_BYTES];
	struct roster roster;
	enum err err;

	*version = 0;
	if (!roster_verify(holding->crypto, doc, len, holding->administration_key, signature))
		return ERR_SIGNATURE;
	err = roster_decode(&roster, doc, len);
	if (err != ERR_OK)
		return err;
	*version = roster.version;
	holding->crypto->sha256(hash, doc, len);
	err = judge_roster(holding, &roster, hash);
	if (err != ERR_OK)
		return err == ERR_EXISTS ? ERR_OK : err;
	err = write_roster(holding, doc, len, signature);
	if (err != ERR_OK)
		return err;
	holding->roster = roster;
	memcpy(holding->roster_hash, hash, HASH_BYTES);
	holding->has_roster = true;
	return ERR_OK;
}

enum err holding_stop(struct holding *holding, const char *id, uint32_t version)
{
	struct held *held = find_or_add(holding, id);

	if (held == NULL)
		return ERR_LIMIT;
	if (version <= held->stopped_version)
		return ERR_OK;
	held->stopped_version = version;
	return write_stops(holding);
}
