/*
 * The town: who lives where, what was agreed, who works tonight. Everything is put into the store as an
 * import leaves it. The oracle of a slot's instant is here too, and knows nothing of core/zone: it walks
 * the minutes of the night and reads each off the zone's transitions.
 */
#include "world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const operators[DESKS_MAX] = {"anna", "bo", "carin", "david", "eva", "folke"};

/* Where agreed times crowd, as SERVICE.md hard case 2 has it. */
static const int crowded_min[] = {22 * 60, 23 * 60, 60, 3 * 60, 5 * 60};

static void name(char out[ID_MAX], const char *kind, int number)
{
	snprintf(out, ID_MAX, "%s%03d", kind, number);
}

static int32_t zone_offset(const struct zone_window *zone, int64_t utc_s)
{
	int32_t offset = zone->offset_before_s;

	for (size_t i = 0; i < zone->n && zone->transition[i].at_s <= utc_s; i++)
		offset = zone->transition[i].offset_s;
	return offset;
}

int64_t town_start_ms(const struct world *world, int32_t night, const struct town_slot *slot)
{
	const struct zone_window *zone = &world->centre.zone;
	int32_t day = slot->from_min < 12 * 60 ? night + 1 : night;
	int64_t local_s = (int64_t)day * 86400 + slot->from_min * 60, from_s = local_s - 16 * 3600;

	/* The first minute that reads so; where none does, the first that reads later. */
	for (int64_t s = from_s; s < local_s + 16 * 3600; s += 60)
		if (s + zone_offset(zone, s) >= local_s)
			return s * MS_SECOND;
	return 0;
}

/* 1970-01-01 was a Thursday; bit 0 is Monday. */
bool town_is_agreed(const struct town_slot *slot, int32_t night)
{
	return slot->weekdays >> ((night + 3) % 7) & 1;
}

struct home *town_home_of(struct world *world, const char *resident)
{
	for (int i = 0; i < world->n_homes; i++)
		for (int p = 0; p < world->home[i].n_persons; p++)
			if (strcmp(world->home[i].resident[p], resident) == 0)
				return &world->home[i];
	return NULL;
}

static void make_slots(struct home *home)
{
	struct random *random = &home->random;
	int n = (int)random_between(random, 1, 3), crowd = (int)random_below(random, 5);

	for (int i = 0; i < n; i++) {
		struct town_slot *slot = &home->slot[home->n_slots++];

		name(slot->id, "s", i);
		slot->from_min = crowded_min[(crowd + i) % 5];
		if (random_chance(random, 600))
			slot->from_min = (slot->from_min + (int)random_between(random, 0, 11) * 5) % (24 * 60);
		if (random_chance(random, 80))
			slot->from_min = 2 * 60 + 30; /* the hour that the clock change takes, or gives twice */
		slot->to_min = random_chance(random, 150) ? slot->from_min + 30 : -1;
		if (slot->to_min >= 24 * 60)
			slot->to_min -= 24 * 60;
		slot->kind = random_chance(random, 120) ? SLOT_VISIT : SLOT_CAMERA;
		slot->weekdays = random_chance(random, 150) ? (uint8_t)random_between(random, 1, 126) : 0x7f;
		for (int j = 0; j < i; j++)
			if (home->slot[j].from_min == slot->from_min)
				home->n_slots = i; /* one of a kind is enough */
		if (home->n_slots == i)
			return;
	}
}

static struct agreement agreement_of(const struct world *world, const struct home *home)
{
	struct agreement a = agreement_blank();
	int32_t from = world->spec.first_night - 100;

	memcpy(a.id, home->agreement, sizeof a.id);
	a.version = 1;
	memcpy(a.camera, home->camera, sizeof a.camera);
	strcpy(a.zone, "Europe/Stockholm");
	memcpy(a.area, home->area, sizeof a.area);
	a.priority = 5;
	a.n_persons = a.n_consents = home->n_persons;
	for (int p = 0; p < home->n_persons; p++) {
		a.person[p] = (struct person){.from_day = from, .to_day = home->decision_to};
		memcpy(a.person[p].id, home->resident[p], ID_MAX);
		a.consent[p] = (struct consent){.from_day = from, .to_day = home->consent_to};
		memcpy(a.consent[p].who, home->resident[p], ID_MAX);
	}
	for (int i = 0; i < home->n_slots; i++) {
		struct slot *slot = &a.slot[a.n_slots++];

		*slot = (struct slot){.kind = home->slot[i].kind, .weekdays = home->slot[i].weekdays,
		                      .from_min = home->slot[i].from_min, .to_min = home->slot[i].to_min,
		                      .from_day = from, .to_day = DAY_OPEN};
		memcpy(slot->id, home->slot[i].id, ID_MAX);
	}
	return a;
}

static void must(enum err r, const char *what)
{
	if (r == ERR_OK)
		return;
	fprintf(stderr, "sim: the town cannot be made: %s: %s\n", what, err_text(r));
	exit(2);
}

static void put_home(struct world *world, const struct home *home)
{
	const struct store *store = &world->centre.inner;
	struct agreement a = agreement_of(world, home);
	struct agreement_row row = {.version = 1};
	struct camera_row camera = {.serial = "S1", .enrolled_ms = 1, .accepted_ms = 1};
	struct buf doc = buf_new(AGREEMENT_MAX_BYTES);
	const char *fault = agreement_fault(&a, &world->policy);

	if (fault != NULL) {
		fprintf(stderr, "sim: %s: %s\n", home->agreement, fault);
		exit(2);
	}
	must(agreement_encode(&a, &doc), "agreement");
	memcpy(row.id, a.id, sizeof row.id);
	memcpy(row.doc, doc.data, doc.len);
	row.doc_len = doc.len;
	agreement_sign(world->crypto, doc.data, doc.len, world->admin_secret, row.signature);
	buf_free(&doc);
	must(store->agreement_put(store->impl, &row), "agreement");
	memcpy(camera.id, home->camera, sizeof camera.id);
	memcpy(camera.agreement, home->agreement, sizeof camera.agreement);
	memcpy(camera.device_key, home->device_public, KEY_BYTES);
	must(store->camera_put(store->impl, &camera), "camera");
	for (int p = 0; p < home->n_persons; p++) {
		struct resident_row resident = {.address = "Storgatan 4"};

		memcpy(resident.id, home->resident[p], sizeof resident.id);
		memcpy(resident.name, home->resident[p], ID_MAX);
		memcpy(resident.agreement, home->agreement, sizeof resident.agreement);
		must(store->resident_put(store->impl, &resident), "resident");
	}
}

static void put_operators(struct world *world)
{
	const struct store *store = &world->centre.inner;
	struct roster roster = {.version = 1};
	struct agreement_row row = {.id = "*roster", .version = 1};
	struct buf doc = buf_new(ROSTER_MAX_BYTES);

	for (int i = 0; i < world->n_desks; i++) {
		struct operator_row operator = {.role = i == 0 ? ROLE_UNIT_MANAGER : ROLE_OPERATOR};

		strcpy(operator.id, operators[i]);
		strcpy(operator.name, operators[i]);
		strcpy(operator.user, operators[i]);
		memcpy(operator.key, world->operator_public, KEY_BYTES);
		must(store->operator_put(store->impl, &operator), "operator");
		strcpy(roster.entry[roster.n].operator_id, operators[i]);
		memcpy(roster.entry[roster.n++].key, world->operator_public, KEY_BYTES);
	}
	must(roster_encode(&roster, &doc), "roster");
	memcpy(row.doc, doc.data, doc.len);
	row.doc_len = doc.len;
	roster_sign(world->crypto, doc.data, doc.len, world->admin_secret, row.signature);
	buf_free(&doc);
	must(store->agreement_put(store->impl, &row), "roster");
}

static void put_contacts(struct world *world)
{
	static const struct {
		const char *id, *area;
		int step;
		enum contact_role role;
	} chain[] = {
		{"patrol-north", "north", 0, CONTACT_PATROL}, {"patrol-south", "south", 0, CONTACT_PATROL},
		{"patrol-2", "", 1, CONTACT_PATROL}, {"shift-lead", "", 2, CONTACT_SHIFT_LEAD},
		{"manager", "", 3, CONTACT_ON_CALL},
	};
	const struct store *store = &world->centre.inner;

	for (size_t i = 0; i < sizeof chain / sizeof chain[0]; i++) {
		struct contact_row row = {.phone = "0701", .role = chain[i].role, .step = chain[i].step};
		struct carer *contact = &world->contact[world->n_contacts++];

		strcpy(row.id, chain[i].id);
		strcpy(row.name, chain[i].id);
		strcpy(row.area, chain[i].area);
		must(store->contact_put(store->impl, &row), "contact");
		strcpy(contact->id, chain[i].id);
		strcpy(contact->area, chain[i].area);
		contact->step = chain[i].step;
		random_seed(&contact->random, world->spec.seed, 200 + i);
	}
}

static bool is_present(const struct spec *spec, int index)
{
	return spec->all_homes || ((size_t)index < spec->n_home_kept && spec->home_kept[index]);
}

/* Most have none; what ends in these nights ends without a signature. */
static int32_t last_day(const struct world *world, struct home *home)
{
	if (!random_chance(&home->random, 40))
		return DAY_OPEN;
	return world->spec.first_night + (int32_t)random_below(&home->random, world->spec.nights + 1);
}

static void make_home(struct world *world, int index)
{
	struct home *home = &world->home[index];

	random_seed(&home->random, world->spec.seed, 1000 + (uint64_t)index);
	home->index = index;
	home->present = is_present(&world->spec, index);
	name(home->agreement, "a", index);
	name(home->camera, "cam", index);
	strcpy(home->area, random_chance(&home->random, 500) ? "north" : "south");
	home->n_persons = random_chance(&home->random, 60) ? 2 : 1;
	name(home->resident[0], "r", index);
	name(home->resident[1], "q", index);
	make_slots(home);
	home->decision_to = last_day(world, home);
	home->consent_to = last_day(world, home);
	home->lens = LENS_PARKED;
	home->machine = (struct machine){.booted_ms = world->now_ms - random_below(&home->random, 30 * MS_DAY),
	                                 .wall_offset_ms = random_between(&home->random, -3000, 3000),
	                                 .drift_ppm = random_between(&home->random, -40, 40),
	                                 .boot_id = 1};
	world->crypto->sign_keypair(home->device_public, home->device_secret);
}

static void make_desk(struct world *world, int index)
{
	struct desk *desk = &world->desk[index];

	random_seed(&desk->random, world->spec.seed, 100 + (uint64_t)index);
	desk->index = index;
	strcpy(desk->user, operators[index]);
	desk->viewer_trouble = -1;
	desk->machine = (struct machine){.booted_ms = world->now_ms - MS_DAY, .boot_id = 1,
	                                 .wall_offset_ms = random_between(&desk->random, -200000, 200000),
	                                 .drift_ppm = random_between(&desk->random, -40, 40)};
}

static void settings(struct world *world)
{
	struct hub_settings *settings = &world->centre.settings;

	settings->policy = world->policy;
	strcpy(settings->zone, "Europe/Stockholm");
	strcpy(settings->centre, "Simulated");
	strcpy(settings->emergency, "112");
	strcpy(settings->administrators, "root");
	strcpy(settings->log_origin, "simulated.example/log");
	memcpy(settings->administration_key, world->admin_public, KEY_BYTES);
}

void town_make(struct world *world)
{
	const struct store *store;

	settings(world);
	world->n_homes = world->spec.residents < HOMES_MAX ? world->spec.residents : HOMES_MAX;
	world->n_desks = world->spec.desks < DESKS_MAX ? world->spec.desks : DESKS_MAX;
	world->home = calloc((size_t)world->n_homes, sizeof *world->home);
	if (world->home == NULL)
		abort();
	for (int i = 0; i < world->n_homes; i++)
		make_home(world, i);
	for (int i = 0; i < world->n_desks; i++)
		make_desk(world, i);
	centre_open_store(world);
	store = &world->centre.inner;
	must(store->begin(store->impl), "store");
	put_operators(world);
	put_contacts(world);
	for (int i = 0; i < world->n_homes; i++)
		if (world->home[i].present)
			put_home(world, &world->home[i]);
	must(store->commit(store->impl), "store");
}
