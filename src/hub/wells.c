/*
 * When each resident was last seen well, this night or the one before. It is asked for with every
 * resident's row, so it is read from the store once a night and kept up from there.
 */
#include "hub/inside.h"

#include <stdlib.h>
#include <string.h>

struct well {
	char resident[ID_MAX];
	int64_t at_ms;
};

/* The first place whose resident is not before id. */
static size_t place_of(const struct list *wells, const char *id)
{
	const struct well *well = wells->items;
	size_t low = 0, high = wells->n;

	while (low < high) {
		size_t middle = (low + high) / 2;

		if (strcmp(well[middle].resident, id) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

void wells_note(struct hub *hub, const struct check *check)
{
	size_t at;
	struct well *well;

	if (check->outcome != OUTCOME_SEEN_WELL)
		return;
	at = place_of(&hub->wells, check->resident);
	well = hub->wells.items;
	if (at == hub->wells.n || strcmp(well[at].resident, check->resident) != 0) {
		list_add(&hub->wells, sizeof *well);
		well = hub->wells.items;
		memmove(well + at + 1, well + at, sizeof *well * (hub->wells.n - 1 - at));
		well[at] = (struct well){.at_ms = 0};
		memcpy(well[at].resident, check->resident, sizeof well[at].resident);
	}
	if (check->closed_ms > well[at].at_ms)
		well[at].at_ms = check->closed_ms;
}

int64_t wells_last_ms(const struct hub *hub, const char *resident)
{
	const struct well *well = hub->wells.items;
	size_t at = place_of(&hub->wells, resident);

	return at < hub->wells.n && strcmp(well[at].resident, resident) == 0 ? well[at].at_ms : 0;
}

static bool note_one(void *arg, const struct check *check)
{
	wells_note(arg, check);
	return true;
}

void wells_read(struct hub *hub)
{
	hub->wells.n = 0;
	for (int32_t night = hub->night - 1; night <= hub->night; night++)
		if (hub->store->checks_of_night(hub->store->impl, night, note_one, hub) != ERR_OK)
			hub->failed = true;
}
