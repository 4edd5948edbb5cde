/* Openings as one record, written whole before a lens opens. */
#include "camera/openings.h"

#include "base/canon.h"
#include "base/text.h"

#include <assert.h>
#include <string.h>

#define RECORD "openings"
#define RECORD_MAX_BYTES (OPENINGS_MAX * (2 * ID_MAX + 64) + 64)
#define FORM 1

/*
 * Nights after which an opening is past every right: no permit for that night is within its times.
 */
#define NIGHTS_KEPT 3

static void put_opening(struct canon_writer *w, const struct opening *opening)
{
	canon_put_text(w, opening->agreement);
	canon_put_text(w, opening->slot);
	canon_put_i64(w, opening->night);
	canon_put_i64(w, opening->look_number);
	canon_put_u8(w, opening->replacement);
	canon_put_i64(w, opening->at_ms);
	canon_put_fixed(w, opening->permit_id, NONCE_BYTES);
}

static enum err write_record(const struct openings *openings)
{
	struct buf out = buf_new(RECORD_MAX_BYTES);
	struct canon_writer w = canon_write(&out);
	enum err err;

	canon_put_u8(&w, FORM);
	canon_put_fixed(&w, openings->picture_hash, HASH_BYTES);
	canon_put_u32(&w, (uint32_t)openings->n);
	for (size_t i = 0; i < openings->n; i++)
		put_opening(&w, &openings->opening[i]);
	err = w.err;
	if (err == ERR_OK)
		err = openings->keep->write(openings->keep->impl, RECORD, out.data, out.len);
	buf_free(&out);
	return err;
}

static void get_opening(struct canon_reader *r, struct opening *opening)
{
	canon_text(r, opening->agreement, sizeof opening->agreement);
	canon_text(r, opening->slot, sizeof opening->slot);
	opening->night = (int32_t)canon_i64_in(r, INT32_MIN, INT32_MAX);
	opening->look_number = (int32_t)canon_i64_in(r, 0, INT32_MAX);
	opening->replacement = canon_bool(r);
	opening->at_ms = canon_i64(r);
	canon_fixed(r, opening->permit_id, NONCE_BYTES);
}

static enum err read_record(struct openings *openings, const struct buf *record)
{
	struct canon_reader r = canon_read(record->data, record->len);
	uint8_t form = canon_u8(&r);
	uint32_t n;

	canon_fixed(&r, openings->picture_hash, HASH_BYTES);
	n = canon_u32(&r);
	if (r.err != ERR_OK || n > OPENINGS_MAX)
		return ERR_PARSE;
	if (form != FORM)
		return ERR_VERSION;
	for (uint32_t i = 0; i < n; i++)
		get_opening(&r, &openings->opening[i]);
	openings->n = n;
	return canon_end(&r);
}

enum err openings_load(struct openings *openings, const struct keep *keep)
{
	struct buf record = buf_new(RECORD_MAX_BYTES);
	enum err err;

	memset(openings, 0, sizeof *openings);
	openings->keep = keep;
	err = keep->read(keep->impl, RECORD, &record);
	if (err == ERR_OK)
		err = read_record(openings, &record);
	else if (err == ERR_NOT_FOUND)
		err = ERR_OK;
	buf_free(&record);
	return err;
}

static void forget_before(struct openings *openings, int32_t night)
{
	size_t kept = 0;

	for (size_t i = 0; i < openings->n; i++)
		if (openings->opening[i].night >= night)
			openings->opening[kept++] = openings->opening[i];
	openings->n = kept;
}

enum err openings_add(struct openings *openings, const struct opening *opening)
{
	enum err err;

	forget_before(openings, opening->night - NIGHTS_KEPT);
	if (openings->n == OPENINGS_MAX)
		return ERR_LIMIT;
	openings->opening[openings->n++] = *opening;
	err = write_record(openings);
	if (err != ERR_OK)
		openings->opening[openings->n - 1].look_number = 0;
	return err;
}

enum err openings_give_back(struct openings *openings)
{
	assert(openings->n > 0);
	openings->opening[openings->n - 1].look_number = 0;
	return write_record(openings);
}

enum err openings_set_picture(struct openings *openings, const uint8_t hash[HASH_BYTES])
{
	memcpy(openings->picture_hash, hash, HASH_BYTES);
	return write_record(openings);
}
