/* One agreement to vary: a resident with a camera, a decision without end, and no slot yet. */
#ifndef TILLSYN_TESTS_CORE_AGREED_H
#define TILLSYN_TESTS_CORE_AGREED_H

#include "core/zones.h"

#include "base/text.h"
#include "core/agreement.h"

#include <stdio.h>

#define EVERY_DAY 0x7f
#define LONG_AGO civil_to_days(2020, 1, 1)
#define HM(hour, minute) ((hour) * 60 + (minute))

static inline void add_person(struct agreement *agreement, const char *id)
{
	struct person *person = &agreement->person[agreement->n_persons++];
	struct consent *consent = &agreement->consent[agreement->n_consents++];

	*person = (struct person){.from_day = LONG_AGO, .to_day = DAY_OPEN};
	*consent = (struct consent){.from_day = LONG_AGO, .to_day = DAY_OPEN};
	assert_int_equal(text_copy(person->id, sizeof person->id, id), ERR_OK);
	assert_int_equal(text_copy(consent->who, sizeof consent->who, id), ERR_OK);
}

/* The new slot, for what a test wants to change of it. A clock time has to = -1. */
static inline struct slot *add_slot(struct agreement *agreement, enum slot_kind kind, int from,
                                    int to)
{
	struct slot *slot = &agreement->slot[agreement->n_slots];

	*slot = (struct slot){.kind = kind, .weekdays = EVERY_DAY, .from_min = from, .to_min = to,
	                      .from_day = LONG_AGO, .to_day = DAY_OPEN};
	snprintf(slot->id, sizeof slot->id, "slot%d", agreement->n_slots++);
	return slot;
}

static inline struct agreement agreed(void)
{
	struct agreement agreement = agreement_blank();

	text_copy(agreement.id, sizeof agreement.id, "a1");
	text_copy(agreement.camera, sizeof agreement.camera, "cam1");
	text_copy(agreement.zone, sizeof agreement.zone, "Europe/Stockholm");
	text_copy(agreement.area, sizeof agreement.area, "north");
	add_person(&agreement, "sven");
	return agreement;
}

static inline struct agreement agreed_couple(void)
{
	struct agreement agreement = agreed();

	add_person(&agreement, "sara");
	return agreement;
}

#endif
