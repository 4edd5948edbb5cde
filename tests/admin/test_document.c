/*
 * A wrong document is refused whole, with every error on its own line; a right one means what
 * docs/import.md says.
 */
#include "admin/document.h"

#include "base/civil.h"
#include "base/now.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* What is printed about a document; the caller frees it. */
static char *listing(const char *text, struct document **document)
{
	char *said = NULL;
	size_t len;
	FILE *err = open_memstream(&said, &len);
	enum err r = document_read("town.json", text, strlen(text), document, err);

	fclose(err);
	assert_true((*document != NULL) == (r == ERR_OK));
	return said;
}

static void assert_listing(const char *text, const char *expected)
{
	struct document *document;
	char *said = listing(text, &document);

	assert_string_equal(said, expected);
	assert_true((document == NULL) == (expected[0] != '\0'));
	document_free(document);
	free(said);
}

/* The example between the fences of docs/import.md. */
static char *example(void)
{
	FILE *file = fopen("docs/import.md", "r");
	char *page = calloc(1, 1 << 16), *start, *end, *text;

	assert_non_null(file);
	assert_true(fread(page, 1, (1 << 16) - 1, file) > 0);
	fclose(file);
	start = strstr(page, "```json\n");
	assert_non_null(start);
	start += strlen("```json\n");
	end = strstr(start, "```");
	assert_non_null(end);
	*end = '\0';
	text = strdup(start);
	free(page);
	return text;
}

static void the_example_of_the_page_is_right(void **state)
{
	char *text = example(), *said;
	struct document *d;
	const struct agreement *a;

	(void)state;
	said = listing(text, &d);
	assert_string_equal(said, "");
	assert_int_equal(d->n_residents, 3);
	assert_string_equal(d->residents[0].address, "Storgatan 4, door code 1234");
	assert_string_equal(d->residents[1].phone, "");
	assert_int_equal(d->n_agreements, 2);
	a = &d->agreements[0];
	assert_string_equal(a->zone, "Europe/Stockholm");
	assert_string_equal(a->camera, "c-0001");
	assert_int_equal(a->priority, 3);
	assert_int_equal(a->n_slots, 3);
	assert_int_equal(a->slot[0].from_min, 60);
	assert_int_equal(a->slot[0].to_min, -1);
	assert_int_equal(a->slot[0].weekdays, 0x7f);
	assert_int_equal(a->slot[0].from_day, civil_to_days(2026, 1, 1));
	assert_int_equal(a->slot[0].to_day, DAY_OPEN);
	assert_int_equal(a->slot[1].to_min, 4 * 60 + 15);
	assert_int_equal(a->slot[2].kind, SLOT_VISIT);
	assert_int_equal(a->slot[2].weekdays, 1 << 4 | 1 << 5);
	assert_int_equal(a->person[0].to_day, civil_to_days(2026, 12, 31));
	assert_int_equal(a->consent[0].to_day, DAY_OPEN);
	assert_int_equal(a->overrides.latest_start_ms, -1);
	a = &d->agreements[1];
	assert_int_equal(a->priority, 5);
	assert_true(a->looks_after_page);
	assert_int_equal(a->n_persons, 2);
	assert_int_equal(a->n_consents, 3);
	assert_int_equal(a->overrides.latest_start_ms, 20 * MS_MINUTE);
	assert_int_equal(a->overrides.recheck_due_ms, 14 * MS_MINUTE);
	assert_int_equal(a->overrides.rechecks, -1);
	assert_int_equal(d->n_operators, 1);
	assert_int_equal(d->operators[0].key[0], 0x8f);
	assert_int_equal(d->n_contacts, 4);
	assert_string_equal(document_contact_roles[d->contacts[2].role], "shift-lead");
	assert_string_equal(d->contacts[2].area, "");
	assert_int_equal(d->contacts[3].step, -1);
	document_free(d);
	free(said);
	free(text);
}

static void a_document_may_leave_parts_out(void **state)
{
	struct document *d;
	char *said = listing("{}", &d);

	(void)state;
	assert_non_null(d);
	assert_int_equal(d->n_residents + d->n_agreements + d->n_cameras + d->n_operators
	                         + d->n_contacts,
	                 0);
	document_free(d);
	free(said);
}

static void what_is_no_json_names_its_line(void **state)
{
	(void)state;
	assert_listing(
		"{\n\t\"zone\": \"Europe/Stockholm\",\n\t\"residents\": [\n\t\t{\"id\": \"r-1\",}\n\t]\n}\n",
		"town.json:4: this is not JSON: string or '}' expected near '}'\n");
	assert_listing("{\"zone\": \"a\",\n \"zone\": \"b\"}",
	               "town.json:2: this is not JSON: duplicate object key near '\"zone\"'\n");
	assert_listing("[]", "town.json:1: must be an object\n");
	assert_listing("{\"residents\": {}}", "town.json:1: residents: must be a list\n");
}

/* Every kind of wrong value, each in its place, in the order of the lines. */
static void every_wrong_value_is_listed(void **state)
{
	(void)state;
	assert_listing(
		"{\n"
		"\t\"residents\": [\n"
		"\t\t{\"id\": \"r 1\", \"name\": \"\", \"adress\": \"Storgatan\"},\n"
		"\t\t{\"name\": 7, \"bed_note\": \"left\\u202eright\"},\n"
		"\t\t\"r-3\"\n"
		"\t],\n"
		"\t\"contacts\": [\n"
		"\t\t{\"id\": \"p\", \"name\": \"Patrol\", \"role\": \"nurse\", \"phone\": \"0123456789012345678901234\",\n"
		"\t\t \"step\": 8}\n"
		"\t],\n"
		"\t\"operators\": [\n"
		"\t\t{\"id\": \"anna\", \"name\": \"Anna\", \"role\": \"operator\",\n"
		"\t\t \"user\": \"anna\",\n"
		"\t\t \"key\": \"beef\"}\n"
		"\t]\n"
		"}\n",
		"town.json:3: residents[0].adress: there is no such key here\n"
		"town.json:3: residents[0].id: must be an id: 1 to 32 of a-z A-Z 0-9 . _ -, not beginning with a dot or dash\n"
		"town.json:3: residents[0].name: must not be empty\n"
		"town.json:4: residents[1].id: is missing\n"
		"town.json:4: residents[1].name: must be a string\n"
		"town.json:4: residents[1].bed_note: holds characters that are not allowed\n"
		"town.json:5: residents[2]: must be an object\n"
		"town.json:8: contacts[0].phone: is longer than 24 bytes\n"
		"town.json:8: contacts[0].role: must be one of patrol, shift-lead, unit-manager, manager-on-call, support\n"
		"town.json:9: contacts[0].step: must lie between 0 and 7\n"
		"town.json:14: operators[0].key: must be 64 hexadecimal digits\n");
}

#define HEAD                                                                                         \
	"{\"zone\": \"Europe/Stockholm\",\n"                                                         \
	"\"residents\": [{\"id\": \"r-1\", \"name\": \"A\"}, {\"id\": \"r-2\", \"name\": \"B\"}],\n" \
	"\"cameras\": [{\"id\": \"c-1\", \"serial\": \"s-1\", \"agreement\": \"a-1\"}],\n"           \
	"\"agreements\": [\n"
#define PERSON "\"persons\": [{\"resident\": \"r-1\", \"from\": \"2026-01-01\"}]"
#define CONSENT "\"consents\": [{\"who\": \"r-1\", \"from\": \"2026-01-01\"}]"
#define SLOT                                                                                       \
	"\"slots\": [{\"id\": \"s1\", \"kind\": \"camera\", \"from\": \"01:00\", \"date_from\": \"2026-01-01\"}]"
#define AGREEMENT                                                                                  \
	"{\"id\": \"a-1\", \"camera\": \"c-1\", \"area\": \"north\", " PERSON ", " CONSENT         \
	", " SLOT "}"

static void wrong_times_and_dates_are_listed(void **state)
{
	(void)state;
	assert_listing(
		HEAD
		"{\"id\": \"a-1\", \"camera\": \"c-1\", \"area\": \"north\", \"priority\": 0, \"withdrawn\": \"no\",\n"
		"\"persons\": [{\"resident\": \"r-1\", \"from\": \"2026-02-30\", \"to\": \"yesterday\"}],\n"
		"\"consents\": [{\"who\": \"r-1\", \"from\": \"2026-01-01\", \"to\": \"2025-12-31\"}],\n"
		"\"overrides\": {\"latest_start_min\": 20.5, \"rechecks\": 10, \"latest_start\": 20},\n"
		"\"slots\": [\n"
		"{\"id\": \"s1\", \"kind\": \"look\", \"from\": \"24:00\", \"to\": \"1:30\", \"date_from\": \"2026-01-01\"},\n"
		"{\"id\": \"s1\", \"kind\": \"camera\", \"from\": \"02:00\", \"weekdays\": [\"mon\", \"moon\", \"mon\"],\n"
		" \"date_from\": \"2026-01-02\", \"date_to\": \"2026-01-01\"},\n"
		"{\"id\": \"s3\", \"kind\": \"camera\", \"from\": \"02:00\", \"weekdays\": [], \"date_from\": \"2026-01-01\"}]}\n"
		"]}",
		"town.json:5: agreements[0].priority: must lie between 1 and 9\n"
		"town.json:5: agreements[0].withdrawn: must be true or false\n"
		"town.json:6: agreements[0].persons[0].from: must be a date such as 2026-01-31\n"
		"town.json:6: agreements[0].persons[0].to: must be a date such as 2026-01-31\n"
		"town.json:7: agreements[0].consents[0].to: lies before from\n"
		"town.json:8: agreements[0].overrides.latest_start: there is no such key here\n"
		"town.json:8: agreements[0].overrides.latest_start_min: must be a whole number\n"
		"town.json:8: agreements[0].overrides.rechecks: must lie between 0 and 9\n"
		"town.json:10: agreements[0].slots[0].kind: must be one of camera, visit\n"
		"town.json:10: agreements[0].slots[0].from: must be a time such as 01:30\n"
		"town.json:10: agreements[0].slots[0].to: must be a time such as 01:30\n"
		"town.json:11: agreements[0].slots[1].weekdays[1]: must be one of mon, tue, wed, thu, fri, sat, sun\n"
		"town.json:11: agreements[0].slots[1].weekdays[2]: stands there twice\n"
		"town.json:11: agreements[0].slots[1].id: s1 stands at slots[0] as well\n"
		"town.json:12: agreements[0].slots[1].date_to: lies before date_from\n"
		"town.json:13: agreements[0].slots[2].weekdays: names no day\n");
}

static void names_must_exist_and_agree(void **state)
{
	(void)state;
	assert_listing(HEAD AGREEMENT "]}", "");
	assert_listing(
		HEAD AGREEMENT
		",\n"
		"{\"id\": \"a-1\", \"camera\": \"c-9\", \"area\": \"north\",\n"
		"\"persons\": [{\"resident\": \"r-9\", \"from\": \"2026-01-01\"},\n"
		"{\"resident\": \"r-1\", \"from\": \"2026-01-01\"}], " CONSENT ", " SLOT "},\n"
		"{\"id\": \"a-3\", \"camera\": \"c-1\", \"area\": \"north\",\n"
		"\"persons\": [{\"resident\": \"r-2\", \"from\": \"2026-01-01\"}],\n" CONSENT
		", " SLOT "}\n"
		"]}",
		"town.json:6: agreements[1].id: a-1 stands at agreements[0] as well\n"
		"town.json:6: agreements[1].camera: there is no camera c-9 in the document\n"
		"town.json:7: agreements[1].persons[0].resident: there is no resident r-9 in the document\n"
		"town.json:8: agreements[1].persons[1].resident: r-1 is a person of a-1 already\n"
		"town.json:8: agreements[1].consents: r-9 has not consented to the camera\n"
		"town.json:9: agreements[2].camera: c-1 is used by agreement a-1 as well\n"
		"town.json:11: agreements[2].consents: r-2 has not consented to the camera\n");
}

/* Hard case 15: the wrong camera. Both ends must name each other. */
static void a_camera_and_its_agreement_must_name_each_other(void **state)
{
	(void)state;
	assert_listing(
		"{\"zone\": \"Europe/Stockholm\", \"residents\": [{\"id\": \"r-1\", \"name\": \"A\"}],\n"
		"\"agreements\": [" AGREEMENT "],\n"
		"\"cameras\": [\n"
		"{\"id\": \"c-1\", \"serial\": \"s-1\", \"agreement\": \"a-2\"},\n"
		"{\"id\": \"c-2\", \"serial\": \"s-1\", \"agreement\": \"a-1\"}]}",
		"town.json:4: cameras[0].agreement: there is no agreement a-2 in the document\n"
		"town.json:5: cameras[1].serial: s-1 stands at cameras[0] as well\n"
		"town.json:5: cameras[1].agreement: agreement a-1 does not name this camera\n");
}

static void a_camera_slot_needs_a_camera(void **state)
{
	(void)state;
	assert_listing(
		"{\"zone\": \"Europe/Stockholm\", \"residents\": [{\"id\": \"r-1\", \"name\": \"A\"}],\n"
		"\"agreements\": [{\"id\": \"a-1\", \"area\": \"north\", " PERSON ",\n" SLOT "}]}",
		"town.json:3: agreements[0].slots[0].kind: is a camera slot of an agreement without a camera\n");
}

static void the_zone_of_the_times_must_be_said(void **state)
{
	(void)state;
	assert_listing(
		"{\"residents\": [{\"id\": \"r-1\", \"name\": \"A\"}],\n"
		"\"cameras\": [{\"id\": \"c-1\", \"serial\": \"s-1\", \"agreement\": \"a-1\"}],\n"
		"\"agreements\": [" AGREEMENT "]}",
		"town.json:1: zone: is missing: the times of agreements are meant in it\n");
	assert_listing(
		"{\"zone\": \"../etc/passwd\", \"residents\": [{\"id\": \"r-1\", \"name\": \"A\"}],\n"
		"\"cameras\": [{\"id\": \"c-1\", \"serial\": \"s-1\", \"agreement\": \"a-1\"}],\n"
		"\"agreements\": [\n" AGREEMENT "]}",
		"town.json:4: agreements[0]: The time zone's name is not one, like Europe/Stockholm.\n");
}

/* What the service itself says of an agreement is told at the slot that it is about. */
static void a_slot_outside_the_night_is_found(void **state)
{
	(void)state;
	assert_listing(
		HEAD
		"{\"id\": \"a-1\", \"camera\": \"c-1\", \"area\": \"north\", " PERSON ", " CONSENT
		", \"slots\": [\n"
		"{\"id\": \"s1\", \"kind\": \"camera\", \"from\": \"12:00\", \"date_from\": \"2026-01-01\"},\n"
		"{\"id\": \"s2\", \"kind\": \"camera\", \"from\": \"02:00\", \"date_from\": \"2026-01-01\"},\n"
		"{\"id\": \"s3\", \"kind\": \"camera\", \"from\": \"03:00\", \"to\": \"02:30\", \"date_from\": \"2026-01-01\"}]}\n"
		"]}",
		"town.json:6: agreements[0].slots[0]: A slot begins outside the night.\n"
		"town.json:8: agreements[0].slots[2]: The end of a slot's span is not after its beginning.\n");
	assert_listing(
		HEAD
		"{\"id\": \"a-1\", \"camera\": \"c-1\", \"area\": \"north\", " PERSON ", " CONSENT
		", \"slots\": [\n"
		"{\"id\": \"s1\", \"kind\": \"camera\", \"from\": \"02:00\", \"date_from\": \"2026-01-01\"},\n"
		"{\"id\": \"s2\", \"kind\": \"camera\", \"from\": \"02:00\", \"date_from\": \"2026-01-01\"}]}\n"
		"]}",
		"town.json:5: agreements[0]: Two slots of the same kind begin at the same time of the same night.\n");
}

static void somebody_must_be_there_to_be_paged(void **state)
{
	(void)state;
	assert_listing(
		HEAD AGREEMENT
		"],\n"
		"\"contacts\": [\n"
		"{\"id\": \"p1\", \"name\": \"P\", \"phone\": \"1\", \"role\": \"patrol\", \"area\": \"south\", \"step\": 0},\n"
		"{\"id\": \"p2\", \"name\": \"P\", \"phone\": \"2\", \"role\": \"patrol\", \"area\": \"south\", \"step\": 0},\n"
		"{\"id\": \"p3\", \"name\": \"P\", \"phone\": \"3\", \"role\": \"patrol\", \"area\": \"north\"}]}",
		"town.json:5: agreements[0].area: nobody of the contacts is in the patrol chain of north\n"
		"town.json:8: contacts[1].step: contacts[0] has this step in the same area\n");
}

#define KEY "8f40c5adb68f25624ae5b214ea767a6ec94d829d3d7b5e1ad1ba6f3e2138285f"

static void an_operator_is_one_person(void **state)
{
	(void)state;
	assert_listing(
		"{\"operators\": [\n"
		"{\"id\": \"a\", \"name\": \"A\", \"role\": \"operator\", \"user\": \"anna\", \"key\": \"" KEY
		"\"},\n"
		"{\"id\": \"b\", \"name\": \"B\", \"role\": \"operator\", \"user\": \"anna\", \"key\": \"" KEY
		"\"},\n"
		"{\"id\": \"c\", \"name\": \"C\", \"role\": \"operator\",\n"
		"\"key\": \"0f40c5adb68f25624ae5b214ea767a6ec94d829d3d7b5e1ad1ba6f3e2138285f\"}]}",
		"town.json:3: operators[1].user: anna stands at operators[0] as well\n"
		"town.json:3: operators[1].key: stands at operators[0] as well\n"
		"town.json:4: operators[2]: needs a user or a certificate\n");
}

static void hostile_keys_are_shown_harmless(void **state)
{
	(void)state;
	assert_listing("{\"\\u001b[2J\\u202e\": 1,\n \"a.b[3]\": 2}",
	               "town.json:1: ?[2J?: there is no such key here\n"
	               "town.json:1: a.b[3]: there is no such key here\n");
}

static uint64_t next_random(uint64_t *seed)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 7;
	*seed ^= *seed << 17;
	return *seed;
}

/* Every line of a listing names the file and a line that the document has. */
static void assert_lines(const char *said, const char *text)
{
	int lines = 1;

	for (; *text != '\0'; text++)
		lines += *text == '\n';
	while (*said != '\0') {
		int line;

		assert_int_equal(sscanf(said, "town.json:%d: ", &line), 1);
		assert_in_range(line, 1, lines);
		said = strchr(said, '\n') + 1;
	}
}

/* Whatever a document has become, it is read, or refused with lines that point into it. */
static void mutated_documents_are_read_or_refused(void **state)
{
	static const char bytes[] = "{}[]\",:\\0123456789-.eE\ntfn";
	char *text = example();
	uint64_t seed = 20260131;
	size_t len = strlen(text);
	int refused = 0;

	(void)state;
	for (int round = 0; round < 1500; round++) {
		char *copy = strdup(text), *said;
		struct document *document;

		for (int n = 1 + round % 3; n > 0; n--)
			copy[next_random(&seed) % len] = bytes[next_random(&seed) % (sizeof bytes - 1)];
		said = listing(copy, &document);
		assert_true((document == NULL) == (said[0] != '\0'));
		assert_lines(said, copy);
		refused += document == NULL;
		document_free(document);
		free(said);
		free(copy);
	}
	assert_in_range(refused, 500, 1499);
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_example_of_the_page_is_right),
		cmocka_unit_test(a_document_may_leave_parts_out),
		cmocka_unit_test(what_is_no_json_names_its_line),
		cmocka_unit_test(every_wrong_value_is_listed),
		cmocka_unit_test(wrong_times_and_dates_are_listed),
		cmocka_unit_test(names_must_exist_and_agree),
		cmocka_unit_test(a_camera_and_its_agreement_must_name_each_other),
		cmocka_unit_test(a_camera_slot_needs_a_camera),
		cmocka_unit_test(the_zone_of_the_times_must_be_said),
		cmocka_unit_test(a_slot_outside_the_night_is_found),
		cmocka_unit_test(somebody_must_be_there_to_be_paged),
		cmocka_unit_test(an_operator_is_one_person),
		cmocka_unit_test(hostile_keys_are_shown_harmless),
		cmocka_unit_test(mutated_documents_are_read_or_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
