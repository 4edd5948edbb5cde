/* The document's shape: one table an object, then its references (document_check.c). */
#include "admin/document.h"

#include "admin/members.h"
#include "base/now.h"
#include "base/text.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* Entries of one part: ten times the largest town's, so that faults stay few enough to list. */
#define PART_MAX 20000

#define MEMBER(key, kind, is_needed, of, field)                                                    \
	.name = (key), .type = (kind), .needed = (is_needed),                                      \
	.offset = offsetof(struct of, field), .size = sizeof((struct of *)0)->field
#define NEEDED true
#define OPTIONAL false

const char *const document_operator_roles[] = {"operator", "unit-manager", "administrator", NULL};
const char *const document_contact_roles[] = {"patrol", "shift-lead", "unit-manager",
                                              "manager-on-call", "support", NULL};
static const char *const slot_kinds[] = {"camera", "visit", NULL}; /* as enum slot_kind */
static const char *const weekdays[] = {"mon", "tue", "wed", "thu", "fri", "sat", "sun", NULL};

static const struct member whole_members[] = {
	{MEMBER("zone", MEMBER_TEXT, OPTIONAL, document, zone)},
	{.name = "residents", .type = MEMBER_OTHER},
	{.name = "agreements", .type = MEMBER_OTHER},
	{.name = "cameras", .type = MEMBER_OTHER},
	{.name = "operators", .type = MEMBER_OTHER},
	{.name = "contacts", .type = MEMBER_OTHER},
	{0},
};

static const struct member resident_members[] = {
	{MEMBER("id", MEMBER_ID, NEEDED, document_resident, id)},
	{MEMBER("name", MEMBER_TEXT, NEEDED, document_resident, name)},
	{MEMBER("address", MEMBER_TEXT, OPTIONAL, document_resident, address)},
	{MEMBER("bed_note", MEMBER_TEXT, OPTIONAL, document_resident, bed_note)},
	{MEMBER("door_note", MEMBER_TEXT, OPTIONAL, document_resident, door_note)},
	{MEMBER("phone", MEMBER_TEXT, OPTIONAL, document_resident, phone)},
	{0},
};

static const struct member agreement_members[] = {
	{MEMBER("id", MEMBER_ID, NEEDED, agreement, id)},
	{MEMBER("camera", MEMBER_ID, OPTIONAL, agreement, camera)},
	{MEMBER("area", MEMBER_ID, NEEDED, agreement, area)},
	{MEMBER("priority", MEMBER_INT, OPTIONAL, agreement, priority), .min = 1, .max = 9},
	{MEMBER("looks_after_page", MEMBER_BOOL, OPTIONAL, agreement, looks_after_page)},
	{MEMBER("withdrawn", MEMBER_BOOL, OPTIONAL, agreement, withdrawn)},
	{.name = "persons", .type = MEMBER_OTHER},
	{.name = "consents", .type = MEMBER_OTHER},
	{.name = "overrides", .type = MEMBER_OTHER},
	{.name = "slots", .type = MEMBER_OTHER},
	{0},
};

static const struct member person_members[] = {
	{MEMBER("resident", MEMBER_ID, NEEDED, person, id)},
	{MEMBER("from", MEMBER_DATE, NEEDED, person, from_day)},
	{MEMBER("to", MEMBER_DATE, OPTIONAL, person, to_day)},
	{MEMBER("signed_end", MEMBER_BOOL, OPTIONAL, person, signed_end)},
	{0},
};

static const struct member consent_members[] = {
	{MEMBER("who", MEMBER_ID, NEEDED, consent, who)},
	{MEMBER("from", MEMBER_DATE, NEEDED, consent, from_day)},
	{MEMBER("to", MEMBER_DATE, OPTIONAL, consent, to_day)},
	{0},
};

static const struct member slot_members[] = {
	{MEMBER("id", MEMBER_ID, NEEDED, slot, id)},
	{MEMBER("kind", MEMBER_WORD, NEEDED, slot, kind), .words = slot_kinds},
	{MEMBER("from", MEMBER_TIME, NEEDED, slot, from_min)},
	{MEMBER("to", MEMBER_TIME, OPTIONAL, slot, to_min)},
	{.name = "weekdays", .type = MEMBER_OTHER},
	{MEMBER("date_from", MEMBER_DATE, NEEDED, slot, from_day)},
	{MEMBER("date_to", MEMBER_DATE, OPTIONAL, slot, to_day)},
	{0},
};

/* The bounds of a day; what is sound among them, agreement_fault() says. */
#define MINUTES_MAX (24 * 60)

static const struct member override_members[] = {
	{MEMBER("start_early_min", MEMBER_MINUTES, OPTIONAL, overrides, start_early_ms),
		.min = 0, .max = MINUTES_MAX},
	{MEMBER("latest_start_min", MEMBER_MINUTES, OPTIONAL, overrides, latest_start_ms),
		.min = 0, .max = MINUTES_MAX},
	{MEMBER("recheck_earliest_min", MEMBER_MINUTES, OPTIONAL, overrides, recheck_earliest_ms),
		.min = 0, .max = MINUTES_MAX},
	{MEMBER("recheck_due_min", MEMBER_MINUTES, OPTIONAL, overrides, recheck_due_ms),
		.min = 0, .max = MINUTES_MAX},
	{MEMBER("recheck_late_min", MEMBER_MINUTES, OPTIONAL, overrides, recheck_late_ms),
		.min = 0, .max = MINUTES_MAX},
	{MEMBER("rechecks", MEMBER_COUNT, OPTIONAL, overrides, rechecks), .min = 0, .max = 9},
	{MEMBER("page_unanswered_min", MEMBER_MINUTES, OPTIONAL, overrides, page_unanswered_ms),
		.min = 1, .max = MINUTES_MAX},
	{MEMBER("on_site_min", MEMBER_MINUTES, OPTIONAL, overrides, on_site_ms),
		.min = 1, .max = MINUTES_MAX},
	{MEMBER("visit_report_min", MEMBER_MINUTES, OPTIONAL, overrides, visit_report_ms),
		.min = 1, .max = MINUTES_MAX},
	{0},
};

static const struct member camera_members[] = {
	{MEMBER("id", MEMBER_ID, NEEDED, document_camera, id)},
	{MEMBER("serial", MEMBER_ID, NEEDED, document_camera, serial)},
	{MEMBER("agreement", MEMBER_ID, NEEDED, document_camera, agreement)},
	{0},
};

static const struct member operator_members[] = {
	{MEMBER("id", MEMBER_ID, NEEDED, document_operator, id)},
	{MEMBER("name", MEMBER_TEXT, NEEDED, document_operator, name)},
	{MEMBER("role", MEMBER_WORD, NEEDED, document_operator, role),
		.words = document_operator_roles},
	{MEMBER("user", MEMBER_ID, OPTIONAL, document_operator, user)},
	{MEMBER("certificate", MEMBER_HEX, OPTIONAL, document_operator, certificate)},
	{MEMBER("key", MEMBER_HEX, NEEDED, document_operator, key)},
	{0},
};

static const struct member contact_members[] = {
	{MEMBER("id", MEMBER_ID, NEEDED, document_contact, id)},
	{MEMBER("name", MEMBER_TEXT, NEEDED, document_contact, name)},
	{MEMBER("phone", MEMBER_TEXT, NEEDED, document_contact, phone)},
	{MEMBER("role", MEMBER_WORD, NEEDED, document_contact, role),
		.words = document_contact_roles},
	{MEMBER("area", MEMBER_ID, OPTIONAL, document_contact, area)},
	{MEMBER("step", MEMBER_INT, OPTIONAL, document_contact, step),
		.min = 0, .max = CHAIN_MAX - 1},
	{0},
};

/* Every night, unless the slot names its days. */
static uint8_t read_weekdays(struct faults *faults, const char *path, const json_t *slot)
{
	const json_t *list = members_list(faults, path, slot, "weekdays", 7, false);
	char at[FAULT_PATH_MAX];
	uint8_t days = 0;
	json_t *json;
	size_t i;

	if (list == NULL)
		return 0x7f;
	json_array_foreach(list, i, json) {
		const char *word = json_string_value(json);
		int day = word == NULL ? -1 : members_word(weekdays, word);

		members_path_at(at, path, "weekdays", i);
		if (day < 0)
			faults_add(faults, at, "must be one of mon, tue, wed, thu, fri, sat, sun");
		else if (days >> day & 1)
			faults_add(faults, at, "stands there twice");
		else
			days |= (uint8_t)(1u << day);
	}
	if (json_array_size(list) == 0) {
		members_path(at, path, "weekdays");
		faults_add(faults, at, "names no day");
	}
	return days;
}

static void read_persons(struct faults *faults, const char *path, const json_t *json,
                         struct agreement *agreement)
{
	const json_t *list = members_list(faults, path, json, "persons", PERSONS_MAX, true);
	char at[FAULT_PATH_MAX];

	for (size_t i = 0; i < json_array_size(list); i++) {
		struct person *person = &agreement->person[agreement->n_persons++];

		*person = (struct person){.to_day = DAY_OPEN};
		members_path_at(at, path, "persons", i);
		members_read(faults, at, json_array_get(list, i), person_members, person);
	}
}

static void read_consents(struct faults *faults, const char *path, const json_t *json,
                          struct agreement *agreement)
{
	const json_t *list = members_list(faults, path, json, "consents", CONSENTS_MAX, false);
	char at[FAULT_PATH_MAX];

	for (size_t i = 0; i < json_array_size(list); i++) {
		struct consent *consent = &agreement->consent[agreement->n_consents++];

		*consent = (struct consent){.to_day = DAY_OPEN};
		members_path_at(at, path, "consents", i);
		members_read(faults, at, json_array_get(list, i), consent_members, consent);
	}
}

static void read_slots(struct faults *faults, const char *path, const json_t *json,
                       struct agreement *agreement)
{
	const json_t *list = members_list(faults, path, json, "slots", SLOTS_MAX, true);
	char at[FAULT_PATH_MAX];

	for (size_t i = 0; i < json_array_size(list); i++) {
		struct slot *slot = &agreement->slot[agreement->n_slots++];

		*slot = (struct slot){.to_min = -1, .to_day = DAY_OPEN};
		members_path_at(at, path, "slots", i);
		members_read(faults, at, json_array_get(list, i), slot_members, slot);
		slot->weekdays = read_weekdays(faults, at, json_array_get(list, i));
	}
}

static void read_agreement(struct faults *faults, const char *path, const json_t *json, void *out)
{
	struct agreement *agreement = out;
	const json_t *overrides = json_object_get(json, "overrides");
	char at[FAULT_PATH_MAX];

	*agreement = agreement_blank();
	agreement->priority = 5;
	members_read(faults, path, json, agreement_members, agreement);
	read_persons(faults, path, json, agreement);
	read_consents(faults, path, json, agreement);
	read_slots(faults, path, json, agreement);
	members_path(at, path, "overrides");
	if (overrides != NULL)
		members_read(faults, at, overrides, override_members, &agreement->overrides);
}

static void read_resident(struct faults *faults, const char *path, const json_t *json, void *out)
{
	members_read(faults, path, json, resident_members, out);
}

static void read_camera(struct faults *faults, const char *path, const json_t *json, void *out)
{
	members_read(faults, path, json, camera_members, out);
}

static void read_operator(struct faults *faults, const char *path, const json_t *json, void *out)
{
	members_read(faults, path, json, operator_members, out);
}

static void read_contact(struct faults *faults, const char *path, const json_t *json, void *out)
{
	((struct document_contact *)out)->step = -1;
	members_read(faults, path, json, contact_members, out);
}

typedef void read_fn(struct faults *faults, const char *path, const json_t *json, void *out);

/* One part of the document into an array of its own. */
static void *read_part(struct faults *faults, const json_t *whole, const char *key, size_t max,
                       size_t size, read_fn *read, size_t *n)
{
	const json_t *list = members_list(faults, "", whole, key, max, false);
	char path[FAULT_PATH_MAX];
	char *items;

	*n = json_array_size(list);
	items = calloc(*n + 1, size);
	assert(items != NULL);
	for (size_t i = 0; i < *n; i++) {
		members_path_at(path, "", key, i);
		read(faults, path, json_array_get(list, i), items + i * size);
	}
	return items;
}

static struct document *read_whole(struct faults *faults, const json_t *json)
{
	struct document *d = calloc(1, sizeof *d);

	assert(d != NULL);
	members_read(faults, "", json, whole_members, d);
	d->residents = read_part(faults, json, "residents", PART_MAX, sizeof *d->residents,
	                         read_resident, &d->n_residents);
	d->agreements = read_part(faults, json, "agreements", PART_MAX, sizeof *d->agreements,
	                          read_agreement, &d->n_agreements);
	d->cameras = read_part(faults, json, "cameras", PART_MAX, sizeof *d->cameras, read_camera,
	                       &d->n_cameras);
	d->operators = read_part(faults, json, "operators", ROSTER_MAX, sizeof *d->operators,
	                         read_operator, &d->n_operators);
	d->contacts = read_part(faults, json, "contacts", PART_MAX, sizeof *d->contacts,
	                        read_contact, &d->n_contacts);
	for (size_t i = 0; i < d->n_agreements; i++)
		memcpy(d->agreements[i].zone, d->zone, sizeof d->zone);
	return d;
}

static enum err refuse_text(const char *file, const json_error_t *error, FILE *err)
{
	char words[JSON_ERROR_TEXT_LENGTH];

	text_clean(words, sizeof words, error->text);
	fprintf(err, "%s:%d: this is not JSON: %s\n", file, error->line < 1 ? 1 : error->line,
	        words);
	return ERR_PARSE;
}

enum err document_read(const char *file, const char *text, size_t len, struct document **document,
                       FILE *err)
{
	struct faults faults = {0};
	struct json_lines *lines;
	json_error_t error;
	json_t *json;
	enum err r;

	*document = NULL;
	if (len > IMPORT_MAX_BYTES)
		return ERR_LIMIT;
	json = json_loadb(text, len, JSON_REJECT_DUPLICATES, &error);
	if (json == NULL)
		return refuse_text(file, &error, err);
	r = json_lines_read(text, len, &lines);
	if (r == ERR_OK) {
		*document = read_whole(&faults, json);
		document_check(*document, &faults);
		faults_print(&faults, file, lines, err);
		r = faults.n > 0 ? ERR_PARSE : ERR_OK;
	}
	if (r != ERR_OK) {
		document_free(*document);
		*document = NULL;
	}
	json_lines_free(lines);
	faults_free(&faults);
	json_decref(json);
	return r;
}

void document_free(struct document *document)
{
	if (document == NULL)
		return;
	free(document->residents);
	free(document->agreements);
	free(document->cameras);
	free(document->operators);
	free(document->contacts);
	free(document);
}
