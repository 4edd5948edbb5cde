/*
 * What a document's tables cannot see: that names exist and are used once, that both ends of a
 * reference agree (SERVICE.md hard case 15), that everybody has consented, that somebody can be
 * paged, and that each agreement is sound as a whole.
 */
#include "admin/document.h"

#include "admin/members.h"
#include "core/policy.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* Texts of one part in order, each with its place in the document. */
struct index {
	size_t n;
	struct entry {
		const char *text;
		size_t i;
	} *entry;
};

static int by_text(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;
	int order = strcmp(x->text, y->text);

	return order != 0 ? order : (x->i > y->i) - (x->i < y->i);
}

/* The texts at offset in n items of size bytes; empty ones are left out. */
static struct index index_new(const void *items, size_t n, size_t size, size_t offset)
{
	struct index index = {0};

	index.entry = calloc(n + 1, sizeof *index.entry);
	assert(index.entry != NULL);
	for (size_t i = 0; i < n; i++) {
		const char *text = (const char *)items + i * size + offset;

		if (text[0] != '\0')
			index.entry[index.n++] = (struct entry){text, i};
	}
	if (index.n > 0)
		qsort(index.entry, index.n, sizeof *index.entry, by_text);
	return index;
}

static int compare_text(const void *key, const void *entry)
{
	return strcmp(key, ((const struct entry *)entry)->text);
}

/* The first item with this text, or -1. */
static long index_find(const struct index *index, const char *text)
{
	const struct entry *found;

	if (index->n == 0)
		return -1;
	found = bsearch(text, index->entry, index->n, sizeof *index->entry, compare_text);
	if (found == NULL)
		return -1;
	while (found > index->entry && strcmp(found[-1].text, text) == 0)
		found--;
	return (long)found->i;
}

static void check_unique(struct faults *faults, const struct index *index, const char *part,
                         const char *key)
{
	char path[FAULT_PATH_MAX], at[FAULT_PATH_MAX];
	size_t first = 0;

	for (size_t i = 1; i < index->n; i++) {
		if (strcmp(index->entry[i].text, index->entry[first].text) != 0) {
			first = i;
			continue;
		}
		members_path_at(path, "", part, index->entry[i].i);
		members_path(at, path, key);
		faults_add(faults, at, "%s stands at %s[%zu] as well", index->entry[i].text, part,
		           index->entry[first].i);
	}
}

static void check_unique_texts(struct faults *faults, const void *items, size_t n, size_t size,
                               size_t offset, const char *part, const char *key)
{
	struct index index = index_new(items, n, size, offset);

	check_unique(faults, &index, part, key);
	free(index.entry);
}

/* What references are looked up in. */
struct checking {
	const struct document *d;
	struct faults *faults;
	struct index residents, agreements, cameras;
	size_t *taken;       /* per resident: 1 + the agreement that has her, 0 = none */
	size_t *camera_taken;/* per camera: the same */
};

static void check_person(struct checking *c, size_t i, const char *path, int p)
{
	const struct person *person = &c->d->agreements[i].person[p];
	char at[FAULT_PATH_MAX], key[FAULT_PATH_MAX];
	long resident = index_find(&c->residents, person->id);

	members_path_at(at, path, "persons", (size_t)p);
	members_path(key, at, "resident");
	if (resident < 0 && person->id[0] != '\0')
		faults_add(c->faults, key, "there is no resident %s in the document", person->id);
	else if (resident >= 0 && c->taken[resident] != 0)
		faults_add(c->faults, key, "%s is a person of %s already", person->id,
		           c->d->agreements[c->taken[resident] - 1].id);
	else if (resident >= 0)
		c->taken[resident] = i + 1;
	members_path(key, at, "to");
	if (person->to_day < person->from_day)
		faults_add(c->faults, key, "lies before from");
}

/*
 * Everyone who is looked at has consented herself; a household without a camera needs no consent.
 */
static void check_consents(struct checking *c, size_t i, const char *path)
{
	const struct agreement *a = &c->d->agreements[i];
	char at[FAULT_PATH_MAX], key[FAULT_PATH_MAX];

	for (int j = 0; j < a->n_consents; j++) {
		members_path_at(at, path, "consents", (size_t)j);
		members_path(key, at, "to");
		if (a->consent[j].to_day < a->consent[j].from_day)
			faults_add(c->faults, key, "lies before from");
	}
	members_path(at, path, "consents");
	for (int p = 0; p < a->n_persons && a->camera[0] != '\0'; p++) {
		bool found = a->person[p].id[0] == '\0';

		for (int j = 0; j < a->n_consents; j++)
			found = found || strcmp(a->consent[j].who, a->person[p].id) == 0;
		if (!found)
			faults_add(c->faults, at, "%s has not consented to the camera",
			           a->person[p].id);
	}
}

static void check_slots(struct checking *c, size_t i, const char *path)
{
	const struct agreement *a = &c->d->agreements[i];
	char at[FAULT_PATH_MAX], key[FAULT_PATH_MAX];

	for (int j = 0; j < a->n_slots; j++) {
		members_path_at(at, path, "slots", (size_t)j);
		members_path(key, at, "kind");
		if (a->slot[j].kind == SLOT_CAMERA && a->camera[0] == '\0')
			faults_add(c->faults, key,
			           "is a camera slot of an agreement without a camera");
		members_path(key, at, "date_to");
		if (a->slot[j].to_day < a->slot[j].from_day)
			faults_add(c->faults, key, "lies before date_from");
		members_path(key, at, "id");
		for (int k = 0; k < j && a->slot[j].id[0] != '\0'; k++)
			if (strcmp(a->slot[j].id, a->slot[k].id) == 0)
				faults_add(c->faults, key, "%s stands at slots[%d] as well",
				           a->slot[j].id, k);
	}
}

/* A camera looks into one home: named by one agreement, and naming it. */
static void check_agreement_camera(struct checking *c, size_t i, const char *path)
{
	const struct agreement *a = &c->d->agreements[i];
	long camera = index_find(&c->cameras, a->camera);
	char at[FAULT_PATH_MAX];

	members_path(at, path, "camera");
	if (a->camera[0] == '\0')
		return;
	if (camera < 0)
		faults_add(c->faults, at, "there is no camera %s in the document", a->camera);
	else if (c->camera_taken[camera] != 0)
		faults_add(c->faults, at, "%s is used by agreement %s as well", a->camera,
		           c->d->agreements[c->camera_taken[camera] - 1].id);
	else
		c->camera_taken[camera] = i + 1;
}

static void check_cameras(struct checking *c)
{
	char path[FAULT_PATH_MAX], at[FAULT_PATH_MAX];

	for (size_t i = 0; i < c->d->n_cameras; i++) {
		const struct document_camera *camera = &c->d->cameras[i];
		long agreement = index_find(&c->agreements, camera->agreement);

		members_path_at(path, "", "cameras", i);
		members_path(at, path, "agreement");
		if (camera->agreement[0] == '\0')
			continue;
		if (agreement < 0)
			faults_add(c->faults, at, "there is no agreement %s in the document",
			           camera->agreement);
		else if (strcmp(c->d->agreements[agreement].camera, camera->id) != 0)
			faults_add(c->faults, at, "agreement %s does not name this camera",
			           camera->agreement);
	}
}

static bool in_chain(const struct document_contact *contact, const char *area)
{
	return contact->step >= 0 && (contact->area[0] == '\0' || strcmp(contact->area, area) == 0);
}

/* An area whose patrol nobody has named would page nobody. */
static void check_area(struct checking *c, size_t i, const char *path)
{
	const char *area = c->d->agreements[i].area;
	char at[FAULT_PATH_MAX];

	members_path(at, path, "area");
	for (size_t j = 0; j < c->d->n_contacts; j++)
		if (in_chain(&c->d->contacts[j], area))
			return;
	if (c->d->n_contacts > 0 && area[0] != '\0')
		faults_add(c->faults, at, "nobody of the contacts is in the patrol chain of %s",
		           area);
}

/* Two at one step of the same area: nobody could say whom to page first. */
static void check_contacts(struct checking *c)
{
	const struct document_contact *contact = c->d->contacts;
	char path[FAULT_PATH_MAX], at[FAULT_PATH_MAX];

	for (size_t i = 0; i < c->d->n_contacts; i++)
		for (size_t j = 0; j < i; j++) {
			if (contact[i].step < 0 || contact[i].step != contact[j].step
			    || strcmp(contact[i].area, contact[j].area) != 0)
				continue;
			members_path_at(path, "", "contacts", i);
			members_path(at, path, "step");
			faults_add(c->faults, at, "contacts[%zu] has this step in the same area",
			           j);
			break;
		}
}

static bool is_zero(const uint8_t *bytes, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (bytes[i] != 0)
			return false;
	return true;
}

/* Who somebody is must be beyond doubt, and one key must mean one person. */
static void check_operators(struct checking *c)
{
	const struct document_operator *o = c->d->operators;
	char path[FAULT_PATH_MAX], at[FAULT_PATH_MAX];

	for (size_t i = 0; i < c->d->n_operators; i++) {
		bool has_certificate = !is_zero(o[i].certificate, HASH_BYTES);

		members_path_at(path, "", "operators", i);
		if (o[i].user[0] == '\0' && !has_certificate)
			faults_add(c->faults, path, "needs a user or a certificate");
		for (size_t j = 0; j < i; j++) {
			members_path(at, path, "certificate");
			if (has_certificate
			    && memcmp(o[i].certificate, o[j].certificate, HASH_BYTES) == 0)
				faults_add(c->faults, at, "stands at operators[%zu] as well", j);
			members_path(at, path, "key");
			if (!is_zero(o[i].key, KEY_BYTES)
			    && memcmp(o[i].key, o[j].key, KEY_BYTES) == 0)
				faults_add(c->faults, at, "stands at operators[%zu] as well", j);
		}
	}
}

static bool has_fault(const struct faults *faults, const char *path)
{
	size_t len = strlen(path);

	for (size_t i = 0; i < faults->n; i++)
		if (strncmp(faults->fault[i].path, path, len) == 0)
			return true;
	return false;
}

/*
 * agreement_fault() says one sentence and no place. Asked again with each slot alone it tells which
 * one; asked with a slot that is beyond doubt it tells that the fault is not a slot's.
 */
static void check_whole(struct checking *c, size_t i, const char *path)
{
	static const struct slot beyond_doubt = {.id = "x",
	                                         .kind = SLOT_VISIT,
	                                         .weekdays = 0x7f,
	                                         .from_min = 23 * 60,
	                                         .to_min = -1,
	                                         .to_day = DAY_OPEN};
	struct policy policy = policy_defaults();
	struct agreement a = c->d->agreements[i], one;
	const char *fault, *whole;
	char at[FAULT_PATH_MAX];
	bool found = false;

	a.version = 1;
	whole = agreement_fault(&a, &policy);
	if (whole == NULL)
		return;
	one = a;
	one.n_slots = 1;
	one.slot[0] = beyond_doubt;
	fault = agreement_fault(&one, &policy);
	if (fault != NULL) {
		faults_add(c->faults, path, "%s", fault);
		return;
	}
	for (int j = 0; j < a.n_slots; j++) {
		one.slot[0] = a.slot[j];
		fault = agreement_fault(&one, &policy);
		members_path_at(at, path, "slots", (size_t)j);
		if (fault != NULL)
			faults_add(c->faults, at, "%s", fault);
		found = found || fault != NULL;
	}
	if (!found)
		faults_add(c->faults, path, "%s", whole);
}

static void check_agreements(struct checking *c)
{
	char path[FAULT_PATH_MAX];

	if (c->d->n_agreements > 0 && c->d->zone[0] == '\0' && !has_fault(c->faults, "zone"))
		faults_add(c->faults, "zone",
		           "is missing: the times of agreements are meant in it");
	for (size_t i = 0; i < c->d->n_agreements; i++) {
		members_path_at(path, "", "agreements", i);
		for (int p = 0; p < c->d->agreements[i].n_persons; p++)
			check_person(c, i, path, p);
		check_consents(c, i, path);
		check_slots(c, i, path);
		check_agreement_camera(c, i, path);
		check_area(c, i, path);
		if (c->d->zone[0] != '\0' && !has_fault(c->faults, path))
			check_whole(c, i, path);
	}
}

static void check_ids(struct checking *c)
{
	const struct document *d = c->d;

	check_unique(c->faults, &c->residents, "residents", "id");
	check_unique(c->faults, &c->agreements, "agreements", "id");
	check_unique(c->faults, &c->cameras, "cameras", "id");
	check_unique_texts(c->faults, d->cameras, d->n_cameras, sizeof *d->cameras,
	                   offsetof(struct document_camera, serial), "cameras", "serial");
	check_unique_texts(c->faults, d->operators, d->n_operators, sizeof *d->operators, 0,
	                   "operators", "id");
	check_unique_texts(c->faults, d->operators, d->n_operators, sizeof *d->operators,
	                   offsetof(struct document_operator, user), "operators", "user");
	check_unique_texts(c->faults, d->contacts, d->n_contacts, sizeof *d->contacts, 0,
	                   "contacts", "id");
}

void document_check(const struct document *d, struct faults *faults)
{
	struct checking c = {.d = d, .faults = faults};

	c.residents = index_new(d->residents, d->n_residents, sizeof *d->residents, 0);
	c.agreements = index_new(d->agreements, d->n_agreements, sizeof *d->agreements, 0);
	c.cameras = index_new(d->cameras, d->n_cameras, sizeof *d->cameras, 0);
	c.taken = calloc(d->n_residents + 1, sizeof *c.taken);
	c.camera_taken = calloc(d->n_cameras + 1, sizeof *c.camera_taken);
	assert(c.taken != NULL && c.camera_taken != NULL);
	check_ids(&c);
	check_agreements(&c);
	check_cameras(&c);
	check_contacts(&c);
	check_operators(&c);
	free(c.residents.entry);
	free(c.agreements.entry);
	free(c.cameras.entry);
	free(c.taken);
	free(c.camera_taken);
}
