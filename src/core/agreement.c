/*
 * What an agreement grants, and what would make it unsound. An agreement comes from an import or a
 * signed file: agreement_fault() is the one door through which it becomes something to act on.
 */
#include "core/agreement.h"

#include "base/text.h"
#include "core/permit.h"

#include <assert.h>
#include <stddef.h>

#define NOON_MIN (12 * 60)
#define DAY_MIN (24 * 60)
#define WEEKDAYS_ALL 0x7f

/* 1900-01-01 and 9999-12-31: residents' dates lie between, whatever a file says. */
#define DAY_FIRST (-25567)
#define DAY_LAST 2932896

struct agreement agreement_blank(void)
{
	return (struct agreement){
		.version = 1,
		.priority = 5,
		.overrides = {-1, -1, -1, -1, -1, -1, -1, -1, -1},
	};
}

/* Each override, the policy field that it replaces, and both in one place for all who walk them. */
static const struct {
	size_t from, to;
} overridden[] = {
	{offsetof(struct overrides, start_early_ms), offsetof(struct policy, start_early_ms)},
	{offsetof(struct overrides, latest_start_ms), offsetof(struct policy, latest_start_ms)},
	{offsetof(struct overrides, recheck_earliest_ms),
	 offsetof(struct policy, recheck_earliest_ms)},
	{offsetof(struct overrides, recheck_due_ms), offsetof(struct policy, recheck_due_ms)},
	{offsetof(struct overrides, recheck_late_ms), offsetof(struct policy, recheck_late_ms)},
	{offsetof(struct overrides, rechecks), offsetof(struct policy, rechecks)},
	{offsetof(struct overrides, page_unanswered_ms),
	 offsetof(struct policy, page_unanswered_ms)},
	{offsetof(struct overrides, on_site_ms), offsetof(struct policy, on_site_ms)},
	{offsetof(struct overrides, visit_report_ms), offsetof(struct policy, visit_report_ms)},
};

static const size_t overridden_n = sizeof overridden / sizeof overridden[0];

static int64_t override_at(const struct agreement *agreement, size_t i)
{
	return *(const int64_t *)((const char *)&agreement->overrides + overridden[i].from);
}

/*
 * The recheck's hard end has no override of its own. It keeps the distance that the policy gives it
 * from "late", or a municipality that rechecks after 20 minutes would page before the recheck may
 * start. And where everybody is to be quicker, nobody who needs help waits longer.
 */
struct policy agreement_policy(const struct agreement *agreement, const struct policy *policy)
{
	struct policy own = *policy;

	for (size_t i = 0; i < overridden_n; i++) {
		int64_t value = override_at(agreement, i);

		if (value >= 0)
			*(int64_t *)((char *)&own + overridden[i].to) = value;
	}
	own.recheck_end_ms += own.recheck_late_ms - policy->recheck_late_ms;
	if (own.help_unanswered_ms > own.page_unanswered_ms)
		own.help_unanswered_ms = own.page_unanswered_ms;
	if (own.help_on_site_ms > own.on_site_ms)
		own.help_on_site_ms = own.on_site_ms;
	return own;
}

static bool day_is_sound(int32_t day)
{
	return day >= DAY_FIRST && day <= DAY_LAST;
}

static bool days_are_sound(int32_t from_day, int32_t to_day)
{
	return day_is_sound(from_day) && (to_day == DAY_OPEN || day_is_sound(to_day))
	       && to_day >= from_day;
}

static bool uses_camera(const struct agreement *agreement)
{
	return agreement->camera[0] != '\0';
}

static const char *fault_head(const struct agreement *agreement)
{
	if (!text_is_id(agreement->id))
		return "The agreement's identifier is not one.";
	if (agreement->version < 1)
		return "The agreement's version must be 1 or more.";
	if (uses_camera(agreement) && !text_is_id(agreement->camera))
		return "The camera's identifier is not one.";
	if (!zone_name_is_sound(agreement->zone))
		return "The time zone's name is not one, like Europe/Stockholm.";
	if (agreement->area[0] != '\0' && !text_is_id(agreement->area))
		return "The area's identifier is not one.";
	if (agreement->priority < 1 || agreement->priority > 9)
		return "The priority must be from 1 (first) to 9 (last).";
	return NULL;
}

static const char *fault_persons(const struct agreement *agreement)
{
	if (agreement->n_persons < 1 || agreement->n_persons > PERSONS_MAX)
		return "An agreement has one resident, or two who share a camera.";
	for (int i = 0; i < agreement->n_persons; i++) {
		const struct person *person = &agreement->person[i];

		if (!text_is_id(person->id))
			return "A resident's identifier is not one.";
		if (!days_are_sound(person->from_day, person->to_day))
			return "A decision's last day is before its first, or a day is not one.";
		for (int j = 0; j < i; j++)
			if (text_equal(person->id, agreement->person[j].id))
				return "The same resident stands twice in the agreement.";
	}
	return NULL;
}

static bool has_consent(const struct agreement *agreement, const char *who)
{
	for (int i = 0; i < agreement->n_consents; i++)
		if (text_equal(agreement->consent[i].who, who))
			return true;
	return false;
}

static const char *fault_consents(const struct agreement *agreement)
{
	if (agreement->n_consents < 0 || agreement->n_consents > CONSENTS_MAX)
		return "The agreement has more consents than a home can have.";
	for (int i = 0; i < agreement->n_consents; i++) {
		if (!text_is_id(agreement->consent[i].who))
			return "The identifier of somebody who consents is not one.";
		if (!days_are_sound(agreement->consent[i].from_day, agreement->consent[i].to_day))
			return "A consent's last day is before its first, or a day is not one.";
	}
	for (int i = 0; uses_camera(agreement) && i < agreement->n_persons; i++)
		if (!has_consent(agreement, agreement->person[i].id))
			return "A camera needs the consent of every resident, and one has none.";
	return NULL;
}

static const char *fault_overrides(const struct agreement *agreement, const struct policy *policy)
{
	struct policy own;

	for (size_t i = 0; i < overridden_n; i++) {
		int64_t value = override_at(agreement, i);

		if (value != -1 && !policy_allows(overridden[i].to, value))
			return "One of the agreement's own times is outside the range that the "
			       "service allows.";
	}
	own = agreement_policy(agreement, policy);
	return policy_fault(&own);
}

/* Minutes after the midnight that begins the night's first date. */
static int32_t minute_of_night(int32_t minute)
{
	return minute < NOON_MIN ? minute + DAY_MIN : minute;
}

static const char *fault_slot_times(const struct slot *slot, const struct policy *policy)
{
	int32_t from = minute_of_night(slot->from_min), to = minute_of_night(slot->to_min);

	if (slot->from_min < 0 || slot->from_min >= DAY_MIN)
		return "A slot's time is not a time of day.";
	if (from < policy->night_start_min || from >= policy->night_end_min + DAY_MIN)
		return "A slot begins outside the night.";
	if (slot->to_min == -1)
		return NULL;
	if (slot->to_min < 0 || slot->to_min >= DAY_MIN)
		return "The end of a slot's span is not a time of day.";
	if (to <= from)
		return "The end of a slot's span is not after its beginning.";
	if (to > policy->night_end_min + DAY_MIN)
		return "A slot's span ends outside the night.";
	return NULL;
}

static const char *fault_slot(const struct agreement *agreement, const struct slot *slot,
                              const struct policy *policy)
{
	if (!text_is_id(slot->id))
		return "A slot's identifier is not one.";
	if (slot->kind != SLOT_CAMERA && slot->kind != SLOT_VISIT)
		return "A slot is neither a camera slot nor a visit.";
	if (slot->kind == SLOT_CAMERA && !uses_camera(agreement))
		return "A camera slot is agreed, and no camera.";
	if (slot->weekdays == 0 || slot->weekdays > WEEKDAYS_ALL)
		return "A slot has no weekday, or one beyond Sunday.";
	if (!days_are_sound(slot->from_day, slot->to_day))
		return "A slot's last night is before its first, or a day is not one.";
	return fault_slot_times(slot, policy);
}

/* Two that would ask for two looks where one was meant. */
static bool slots_collide(const struct slot *a, const struct slot *b)
{
	return a->kind == b->kind && a->from_min == b->from_min && (a->weekdays & b->weekdays) != 0
	       && a->from_day <= b->to_day && b->from_day <= a->to_day;
}

static const char *fault_slots(const struct agreement *agreement, const struct policy *policy)
{
	if (agreement->n_slots < 0 || agreement->n_slots > SLOTS_MAX)
		return "The agreement has more slots than a night can hold.";
	for (int i = 0; i < agreement->n_slots; i++) {
		const struct slot *slot = &agreement->slot[i];
		const char *fault = fault_slot(agreement, slot, policy);

		if (fault != NULL)
			return fault;
		for (int j = 0; j < i; j++) {
			if (text_equal(slot->id, agreement->slot[j].id))
				return "Two slots have the same identifier.";
			if (slots_collide(slot, &agreement->slot[j]))
				return "Two slots of the same kind begin at the same time of the "
				       "same night.";
		}
	}
	return NULL;
}

const char *agreement_fault(const struct agreement *agreement, const struct policy *policy)
{
	const char *fault;

	if ((fault = fault_head(agreement)) != NULL || (fault = fault_persons(agreement)) != NULL
	    || (fault = fault_consents(agreement)) != NULL
	    || (fault = fault_overrides(agreement, policy)) != NULL)
		return fault;
	return fault_slots(agreement, policy);
}

static bool decision_has_ended(const struct person *person, int32_t day)
{
	return person->signed_end && day > person->to_day;
}

/* A person may have consented, withdrawn and consented again: one that covers the day is enough. */
static bool consent_stands(const struct agreement *agreement, const char *who, int32_t day)
{
	for (int i = 0; i < agreement->n_consents; i++) {
		const struct consent *consent = &agreement->consent[i];

		if (text_equal(consent->who, who) && day >= consent->from_day
		    && day <= consent->to_day)
			return true;
	}
	return false;
}

/*
 * Death or a move is a signed end: it closes nothing for the other of a couple (SERVICE.md hard
 * case 4).
 */
static bool has_left(const struct agreement *agreement, const char *who, int32_t day)
{
	for (int i = 0; i < agreement->n_persons; i++)
		if (text_equal(agreement->person[i].id, who))
			return decision_has_ended(&agreement->person[i], day);
	return false;
}

static bool consents_stand(const struct agreement *agreement, int32_t day)
{
	for (int i = 0; i < agreement->n_consents; i++) {
		const char *who = agreement->consent[i].who;

		if (!has_left(agreement, who, day) && !consent_stands(agreement, who, day))
			return false;
	}
	for (int i = 0; uses_camera(agreement) && i < agreement->n_persons; i++) {
		const char *who = agreement->person[i].id;

		if (!has_left(agreement, who, day) && !consent_stands(agreement, who, day))
			return false;
	}
	return true;
}

enum right agreement_right(const struct agreement *agreement, int person, int32_t day)
{
	const struct person *who;

	assert(person >= 0 && person < agreement->n_persons);
	who = &agreement->person[person];
	if (day < who->from_day || decision_has_ended(who, day))
		return RIGHT_NONE;
	if (day > who->to_day)
		return RIGHT_LAPSED;
	if (agreement->withdrawn)
		return RIGHT_WITHDRAWN;
	return consents_stand(agreement, day) ? RIGHT_LOOK : RIGHT_LAPSED;
}

int32_t agreement_days_left(const struct agreement *agreement, int person, int32_t day)
{
	const struct person *who;
	int64_t left;

	assert(person >= 0 && person < agreement->n_persons);
	who = &agreement->person[person];
	if (who->to_day == DAY_OPEN || who->signed_end)
		return INT32_MAX;
	left = (int64_t)who->to_day - day + 1;
	return left < 0 ? 0 : (int32_t)left;
}

void agreement_sign(const struct crypto *crypto, const void *encoded, size_t len,
                    const uint8_t secret_key[SECRET_KEY_BYTES], uint8_t signature[SIGNATURE_BYTES])
{
	signed_make(crypto, SIGNED_AGREEMENT, encoded, len, secret_key, signature);
}

bool agreement_verify(const struct crypto *crypto, const void *encoded, size_t len,
                      const uint8_t public_key[KEY_BYTES], const uint8_t signature[SIGNATURE_BYTES])
{
	return signed_check(crypto, SIGNED_AGREEMENT, encoded, len, public_key, signature);
}
