/*
 * Whether an import is sound as a whole. Each row was judged when it came; here are the faults that
 * only show between rows: a resident under two agreements would be looked at twice or by the wrong
 * right, and a camera whose agreement does not name it is how the wrong one gets closed (SERVICE.md
 * hard case 15).
 */
#include "hub/import.h"

#include "base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* An agreement as it will stand once the import is applied. */
struct claim {
	char agreement[ID_MAX];
	char camera[ID_MAX];
	bool staged, withdrawn;
	int n_persons;
	struct person person[PERSONS_MAX];
};

struct claims {
	const struct import_stage *stage;
	struct list list; /* struct claim */
};

/* Every staged row begins with its id. */
static const void *staged_row(const struct list *list, size_t size, const char *id)
{
	for (size_t i = 0; i < list->n; i++)
		if (strcmp((const char *)list->items + size * i, id) == 0)
			return (const char *)list->items + size * i;
	return NULL;
}

static void add_claim(struct claims *claims, const struct agreement_row *row, bool is_staged)
{
	struct agreement agreement;
	struct claim *claim;

	if (strcmp(row->id, ROSTER_ROW) == 0
	    || agreement_decode(&agreement, row->doc, row->doc_len) != ERR_OK)
		return;
	claim = list_add(&claims->list, sizeof *claim);
	*claim = (struct claim){.staged = is_staged, .withdrawn = agreement.withdrawn,
	                        .n_persons = agreement.n_persons};
	memcpy(claim->agreement, agreement.id, sizeof claim->agreement);
	memcpy(claim->camera, agreement.camera, sizeof claim->camera);
	memcpy(claim->person, agreement.person, sizeof claim->person);
}

static bool add_stored(void *arg, const struct agreement_row *row)
{
	struct claims *claims = arg;

	if (staged_row(&claims->stage->agreements, sizeof *row, row->id) == NULL)
		add_claim(claims, row, false);
	return true;
}

static enum err read_claims(struct hub *hub, const struct import_stage *stage,
                            struct claims *claims)
{
	const struct agreement_row *row = stage->agreements.items;

	*claims = (struct claims){.stage = stage};
	for (size_t i = 0; i < stage->agreements.n; i++)
		add_claim(claims, &row[i], true);
	return hub->store->agreements(hub->store->impl, add_stored, claims);
}

/*
 * The last day of a person's part in it: only a signature ends it, a decision that ran out does
 * not.
 */
static int32_t last_day(const struct person *person)
{
	return person->signed_end ? person->to_day : DAY_OPEN;
}

static bool is_over(const struct claim *claim, int32_t night)
{
	for (int i = 0; i < claim->n_persons; i++)
		if (last_day(&claim->person[i]) >= night)
			return false;
	return true;
}

static bool overlap(const struct person *a, const struct person *b)
{
	return strcmp(a->id, b->id) == 0 && a->from_day <= last_day(b)
	    && b->from_day <= last_day(a);
}

static bool share_a_person(const struct claim *a, const struct claim *b)
{
	for (int i = 0; i < a->n_persons; i++)
		for (int j = 0; j < b->n_persons; j++)
			if (overlap(&a->person[i], &b->person[j]))
				return true;
	return false;
}

static void check_twice(struct import_stage *stage, const struct list *list, size_t size)
{
	const char *items = list->items;

	for (size_t i = 1; i < list->n; i++) {
		const struct list before = {.items = list->items, .n = i};

		if (staged_row(&before, size, items + size * i) != NULL)
			import_fault(stage, "is in the import twice", items + size * i);
	}
}

static void check_persons(struct hub *hub, struct import_stage *stage, const struct claim *claim)
{
	struct resident_row resident;

	for (int i = 0; i < claim->n_persons; i++)
		if (staged_row(&stage->residents, sizeof resident, claim->person[i].id) == NULL
		    && hub->store->resident_get(hub->store->impl, claim->person[i].id, &resident)
		               != ERR_OK)
			import_fault(stage, "names a resident whom nobody knows", claim->agreement);
}

/* The camera row that an identifier will mean: the import's, else the store's. */
static bool camera_row(struct hub *hub, const struct import_stage *stage, const char *id,
                       struct camera_row *row)
{
	const struct camera_row *brought = staged_row(&stage->cameras, sizeof *row, id);

	if (brought == NULL)
		return hub->store->camera_get(hub->store->impl, id, row) == ERR_OK;
	*row = *brought;
	return true;
}

/*
 * A claim against all that come after it; pairs of which neither is the import's stand as they
 * stood.
 */
static void check_claim(struct hub *hub, struct import_stage *stage, const struct claims *claims,
                        size_t at)
{
	const struct claim *claim = (const struct claim *)claims->list.items + at;
	struct camera_row row;

	if (claim->staged)
		check_persons(hub, stage, claim);
	for (size_t i = at + 1; i < claims->list.n; i++) {
		const struct claim *other = (const struct claim *)claims->list.items + i;

		if ((claim->staged || other->staged) && share_a_person(claim, other))
			import_fault(
				stage,
				"a resident of it is under another agreement that has not ended",
				claim->agreement);
	}
	if (claim->camera[0] == '\0' || claim->withdrawn || is_over(claim, hub->night)
	    || (!claim->staged && staged_row(&stage->cameras, sizeof row, claim->camera) == NULL))
		return;
	if (camera_row(hub, stage, claim->camera, &row)
	    && strcmp(row.agreement, claim->agreement) != 0)
		import_fault(stage, "names a camera that belongs to another agreement",
		             claim->agreement);
}

static void check_cameras(struct import_stage *stage, const struct claims *claims)
{
	const struct camera_row *row = stage->cameras.items;

	for (size_t i = 0; i < stage->cameras.n; i++) {
		const struct claim *claim = staged_row(&claims->list, sizeof *claim,
		                                       row[i].agreement);

		if (claim == NULL || strcmp(claim->camera, row[i].id) != 0)
			import_fault(stage, "its agreement does not name this camera", row[i].id);
	}
}

void import_check(struct hub *hub, struct import_stage *stage)
{
	struct claims claims;

	check_twice(stage, &stage->residents, sizeof(struct resident_row));
	check_twice(stage, &stage->agreements, sizeof(struct agreement_row));
	check_twice(stage, &stage->cameras, sizeof(struct camera_row));
	check_twice(stage, &stage->operators, sizeof(struct operator_row));
	check_twice(stage, &stage->contacts, sizeof(struct contact_row));
	if (read_claims(hub, stage, &claims) != ERR_OK)
		hub->failed = true;
	check_cameras(stage, &claims);
	for (size_t i = 0; i < claims.list.n; i++)
		check_claim(hub, stage, &claims, i);
	free(claims.list.items);
}

/*
 * Whose agreement a resident's is: of those that name her the one that runs tonight, else the last
 * to end.
 */
static const struct claim *claim_of(const struct claims *claims, const char *resident,
                                    int32_t night)
{
	const struct claim *claim = claims->list.items, *found = NULL;
	const struct person *best = NULL;

	for (size_t i = 0; i < claims->list.n; i++)
		for (int p = 0; p < claim[i].n_persons; p++) {
			const struct person *person = &claim[i].person[p];
			bool runs = person->from_day <= night && night <= last_day(person);

			if (strcmp(person->id, resident) != 0)
				continue;
			if (runs)
				return &claim[i];
			if (best == NULL || last_day(person) > last_day(best)) {
				best = person;
				found = &claim[i];
			}
		}
	return found;
}

static enum err link_person(struct hub *hub, const struct claims *claims, const char *id)
{
	const struct claim *claim = claim_of(claims, id, hub->night);
	struct resident_row row;
	enum err r = hub->store->resident_get(hub->store->impl, id, &row);

	if (r != ERR_OK || strcmp(row.agreement, claim->agreement) == 0)
		return r;
	memcpy(row.agreement, claim->agreement, sizeof row.agreement);
	return hub->store->resident_put(hub->store->impl, &row);
}

enum err import_link(struct hub *hub, const struct import_stage *stage)
{
	struct claims claims;
	enum err r = read_claims(hub, stage, &claims);
	const struct claim *claim = claims.list.items;

	for (size_t i = 0; i < claims.list.n && r == ERR_OK; i++)
		for (int p = 0; claim[i].staged && p < claim[i].n_persons && r == ERR_OK; p++)
			r = link_person(hub, &claims, claim[i].person[p].id);
	free(claims.list.items);
	return r;
}
