/*
 * The agreement's canonical bytes. They are what the administration key signs and what a camera
 * keeps for years, so the form has a version, and nothing unused is in it: an agreement has one
 * encoding.
 */
#include "base/canon.h"
#include "core/agreement.h"

#include <string.h>

#define FORM 1

static void put_days(struct canon_writer *w, int32_t from_day, int32_t to_day)
{
	canon_put_i64(w, from_day);
	canon_put_i64(w, to_day);
}

static void get_days(struct canon_reader *r, int32_t *from_day, int32_t *to_day)
{
	*from_day = (int32_t)canon_i64_in(r, INT32_MIN, INT32_MAX);
	*to_day = (int32_t)canon_i64_in(r, INT32_MIN, INT32_MAX);
}

/* A count that its array can hold. */
static int get_count(struct canon_reader *r, int max)
{
	return (int)canon_i64_in(r, 0, max);
}

static void put_person(struct canon_writer *w, const struct person *person)
{
	canon_put_text(w, person->id);
	put_days(w, person->from_day, person->to_day);
	canon_put_u8(w, person->signed_end);
}

static void get_person(struct canon_reader *r, struct person *person)
{
	canon_text(r, person->id, sizeof person->id);
	get_days(r, &person->from_day, &person->to_day);
	person->signed_end = canon_bool(r);
}

static void put_consent(struct canon_writer *w, const struct consent *consent)
{
	canon_put_text(w, consent->who);
	put_days(w, consent->from_day, consent->to_day);
}

static void get_consent(struct canon_reader *r, struct consent *consent)
{
	canon_text(r, consent->who, sizeof consent->who);
	get_days(r, &consent->from_day, &consent->to_day);
}

static void put_overrides(struct canon_writer *w, const struct overrides *overrides)
{
	canon_put_i64(w, overrides->start_early_ms);
	canon_put_i64(w, overrides->latest_start_ms);
	canon_put_i64(w, overrides->recheck_earliest_ms);
	canon_put_i64(w, overrides->recheck_due_ms);
	canon_put_i64(w, overrides->recheck_late_ms);
	canon_put_i64(w, overrides->rechecks);
	canon_put_i64(w, overrides->page_unanswered_ms);
	canon_put_i64(w, overrides->on_site_ms);
	canon_put_i64(w, overrides->visit_report_ms);
}

static void get_overrides(struct canon_reader *r, struct overrides *overrides)
{
	overrides->start_early_ms = canon_i64(r);
	overrides->latest_start_ms = canon_i64(r);
	overrides->recheck_earliest_ms = canon_i64(r);
	overrides->recheck_due_ms = canon_i64(r);
	overrides->recheck_late_ms = canon_i64(r);
	overrides->rechecks = canon_i64(r);
	overrides->page_unanswered_ms = canon_i64(r);
	overrides->on_site_ms = canon_i64(r);
	overrides->visit_report_ms = canon_i64(r);
}

static void put_slot(struct canon_writer *w, const struct slot *slot)
{
	canon_put_text(w, slot->id);
	canon_put_u8(w, (uint8_t)slot->kind);
	canon_put_u8(w, slot->weekdays);
	canon_put_i64(w, slot->from_min);
	canon_put_i64(w, slot->to_min);
	put_days(w, slot->from_day, slot->to_day);
}

static void get_slot(struct canon_reader *r, struct slot *slot)
{
	canon_text(r, slot->id, sizeof slot->id);
	slot->kind = canon_u8(r);
	slot->weekdays = canon_u8(r);
	slot->from_min = (int32_t)canon_i64_in(r, INT32_MIN, INT32_MAX);
	slot->to_min = (int32_t)canon_i64_in(r, INT32_MIN, INT32_MAX);
	get_days(r, &slot->from_day, &slot->to_day);
}

enum err agreement_encode(const struct agreement *agreement, struct buf *out)
{
	struct canon_writer w = canon_write(out);
	size_t start = out->len;

	canon_put_u8(&w, FORM);
	canon_put_text(&w, agreement->id);
	canon_put_u32(&w, agreement->version);
	canon_put_text(&w, agreement->camera);
	canon_put_text(&w, agreement->zone);
	canon_put_text(&w, agreement->area);
	canon_put_i64(&w, agreement->priority);
	canon_put_u8(&w, agreement->withdrawn);
	canon_put_u8(&w, agreement->looks_after_page);
	canon_put_i64(&w, agreement->n_persons);
	for (int i = 0; i < agreement->n_persons; i++)
		put_person(&w, &agreement->person[i]);
	canon_put_i64(&w, agreement->n_consents);
	for (int i = 0; i < agreement->n_consents; i++)
		put_consent(&w, &agreement->consent[i]);
	put_overrides(&w, &agreement->overrides);
	canon_put_i64(&w, agreement->n_slots);
	for (int i = 0; i < agreement->n_slots; i++)
		put_slot(&w, &agreement->slot[i]);
	if (w.err != ERR_OK)
		out->len = start;
	return w.err;
}

static void get_agreement(struct canon_reader *r, struct agreement *agreement)
{
	canon_text(r, agreement->id, sizeof agreement->id);
	agreement->version = canon_u32(r);
	canon_text(r, agreement->camera, sizeof agreement->camera);
	canon_text(r, agreement->zone, sizeof agreement->zone);
	canon_text(r, agreement->area, sizeof agreement->area);
	agreement->priority = (int32_t)canon_i64_in(r, 1, 9);
	agreement->withdrawn = canon_bool(r);
	agreement->looks_after_page = canon_bool(r);
	agreement->n_persons = get_count(r, PERSONS_MAX);
	for (int i = 0; i < agreement->n_persons; i++)
		get_person(r, &agreement->person[i]);
	agreement->n_consents = get_count(r, CONSENTS_MAX);
	for (int i = 0; i < agreement->n_consents; i++)
		get_consent(r, &agreement->consent[i]);
	get_overrides(r, &agreement->overrides);
	agreement->n_slots = get_count(r, SLOTS_MAX);
	for (int i = 0; i < agreement->n_slots; i++)
		get_slot(r, &agreement->slot[i]);
}

enum err agreement_decode(struct agreement *agreement, const void *data, size_t len)
{
	struct canon_reader r = canon_read(data, len);
	struct policy policy = policy_defaults();
	uint8_t form = canon_u8(&r);
	enum err err = r.err;

	memset(agreement, 0, sizeof *agreement);
	if (err == ERR_OK && form != FORM)
		err = ERR_VERSION;
	if (err == ERR_OK) {
		get_agreement(&r, agreement);
		err = canon_end(&r);
	}
	if (err == ERR_OK && agreement_fault(agreement, &policy) != NULL)
		err = ERR_PARSE;
	if (err != ERR_OK)
		memset(agreement, 0, sizeof *agreement);
	return err;
}
