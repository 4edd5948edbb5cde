/* What a resident reads, letter by letter. */
#include "admin/extract_words.h"

#include "core/event.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* 2027-03-11 00:10:31 UTC. */
#define LOOK_MS INT64_C(1804723831000)

static void add(struct extract *extract, const struct log_event *event, const char *name)
{
	static struct export_entry entry;
	struct buf bytes = buf_new(LOG_EVENT_MAX_BYTES);

	memset(&entry, 0, sizeof entry);
	assert_int_equal(log_event_encode(event, &bytes), ERR_OK);
	memcpy(entry.canonical, bytes.data, bytes.len);
	entry.len = bytes.len;
	buf_free(&bytes);
	assert_int_equal(extract_add(extract, &entry, name), ERR_OK);
}

static struct log_event about(enum log_type type, int64_t at_ms, int64_t look, int64_t check)
{
	struct log_event event = log_event(type, at_ms);

	strcpy(event.resident, "r-17");
	strcpy(event.actor, "anna");
	event.look = look;
	event.check = check;
	return event;
}

static void add_look(struct extract *extract, int64_t at_ms, int64_t look, const char *answer)
{
	struct log_event event = about(LOG_PERMIT_RECORDED, at_ms, look, 3);

	add(extract, &event, "Anna Berg");
	event = about(LOG_LENS_OPENED, at_ms + 1000, look, 3);
	log_event_int(&event, "lens_ms", 840);
	add(extract, &event, "");
	event = about(LOG_PICTURE_SHOWN, at_ms + 2000, look, 3);
	add(extract, &event, "Anna Berg");
	event = about(LOG_VIEW_OVER, at_ms + 24000, look, 3);
	log_event_int(&event, "view_ms", 21340);
	add(extract, &event, "Anna Berg");
	event = about(LOG_ANSWERED, at_ms + 25000, look, 3);
	log_event_text(&event, "answer", answer);
	add(extract, &event, "Anna Berg");
}

static struct zone_window one_hour_east(void)
{
	return (struct zone_window){.to_s = INT64_C(4000000000), .offset_before_s = 3600};
}

static void expect(const struct extract *extract, enum extract_language language, bool names, const char *words)
{
	struct extract_about about_her = {.language = language, .resident = "Karin Ek",
	                                  .centre = "Trygghetscentralen Nordstad", .zone = one_hour_east(),
	                                  .made_ms = LOOK_MS + 86400000, .names = names};
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	extract_write(extract, &about_her, out);
	fclose(out);
	assert_string_equal(text, words);
	free(text);
}

static void two_looks_and_a_visit(void **state)
{
	struct extract *extract = extract_new();
	struct log_event event;

	(void)state;
	add_look(extract, LOOK_MS, 12, "not-seen");
	add_look(extract, LOOK_MS + 540000, 13, "not-seen");
	event = about(LOG_CHECK_CLOSED, LOOK_MS + 1800000, 13, 3);
	log_event_text(&event, "outcome", "visited");
	add(extract, &event, "");
	event = about(LOG_FOLLOWED_UP, LOOK_MS + 7200000, 0, 0);
	add(extract, &event, "");
	expect(extract, EXTRACT_SV, false,
	       "Utdrag ur loggen för tillsyn via trygghetskamera\n"
	       "\n"
	       "Om:         Karin Ek\n"
	       "Enhet:      Trygghetscentralen Nordstad\n"
	       "Utskrivet:  2027-03-12 01:10:31\n"
	       "\n"
	       "Någon har tittat 2 gånger.\n"
	       "\n"
	       "2027-03-11 01:10:31\n"
	       "    Bilden visades i 21,3 sekunder.\n"
	       "    Kameraögat var öppet i 0,8 sekunder.\n"
	       "    Resultat: du syntes inte i bilden.\n"
	       "\n"
	       "2027-03-11 01:19:31\n"
	       "    Bilden visades i 21,3 sekunder.\n"
	       "    Kameraögat var öppet i 0,8 sekunder.\n"
	       "    Resultat: du syntes inte i bilden.\n"
	       "    Nattpatrullen kom hem till dig.\n"
	       "\n"
	       "Uppgifterna om dig i loggen har lästs 1 gång, 2027-03-11 03:10:31.\n"
	       "Ingen bild, inget ljud och ingen film sparas.\n");
	extract_free(extract);
}

static void staff_are_named_only_where_it_is_allowed(void **state)
{
	struct extract *extract = extract_new();

	(void)state;
	add_look(extract, LOOK_MS, 12, "well");
	expect(extract, EXTRACT_EN, true,
	       "From the log of night-time checks by safety camera\n"
	       "\n"
	       "About:      Karin Ek\n"
	       "Unit:       Trygghetscentralen Nordstad\n"
	       "Printed:    2027-03-12 01:10:31\n"
	       "\n"
	       "Somebody has looked once.\n"
	       "\n"
	       "2027-03-11 01:10:31\n"
	       "    The picture was shown for 21.3 seconds.\n"
	       "    The lens was open for 0.8 seconds.\n"
	       "    Result: all was well.\n"
	       "    Operator: Anna Berg\n"
	       "\n"
	       "No picture, no sound and no film is kept.\n");
	expect(extract, EXTRACT_SV, false,
	       "Utdrag ur loggen för tillsyn via trygghetskamera\n"
	       "\n"
	       "Om:         Karin Ek\n"
	       "Enhet:      Trygghetscentralen Nordstad\n"
	       "Utskrivet:  2027-03-12 01:10:31\n"
	       "\n"
	       "Någon har tittat 1 gång.\n"
	       "\n"
	       "2027-03-11 01:10:31\n"
	       "    Bilden visades i 21,3 sekunder.\n"
	       "    Kameraögat var öppet i 0,8 sekunder.\n"
	       "    Resultat: allt var väl.\n"
	       "\n"
	       "Ingen bild, inget ljud och ingen film sparas.\n");
	extract_free(extract);
}

/* A permit that came to nothing, a night of which the details are erased, and nothing at all. */
static void nobody_looked(void **state)
{
	static const struct export_entry gone = {.erased = true};
	struct extract *extract = extract_new();
	struct log_event event = about(LOG_PERMIT_RECORDED, LOOK_MS, 12, 3);

	(void)state;
	expect(extract, EXTRACT_SV, false,
	       "Utdrag ur loggen för tillsyn via trygghetskamera\n"
	       "\n"
	       "Om:         Karin Ek\n"
	       "Enhet:      Trygghetscentralen Nordstad\n"
	       "Utskrivet:  2027-03-12 01:10:31\n"
	       "\n"
	       "Ingen har tittat.\n"
	       "\n"
	       "Ingen bild, inget ljud och ingen film sparas.\n");
	add(extract, &event, "Anna Berg");
	assert_int_equal(extract_add(extract, &gone, ""), ERR_OK);
	assert_int_equal(extract_add(extract, &gone, ""), ERR_OK);
	expect(extract, EXTRACT_SV, false,
	       "Utdrag ur loggen för tillsyn via trygghetskamera\n"
	       "\n"
	       "Om:         Karin Ek\n"
	       "Enhet:      Trygghetscentralen Nordstad\n"
	       "Utskrivet:  2027-03-12 01:10:31\n"
	       "\n"
	       "Ingen har tittat i det som finns kvar av loggen.\n"
	       "1 gång skulle någon titta men fick ingen bild.\n"
	       "\n"
	       "2027-03-11 01:10:31\n"
	       "    Ingen bild visades.\n"
	       "    Kameran har inte rapporterat att kameraögat öppnades.\n"
	       "\n"
	       "Äldre uppgifter har gallrats: 2 händelser.\n"
	       "Ingen bild, inget ljud och ingen film sparas.\n");
	extract_free(extract);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(two_looks_and_a_visit),
		cmocka_unit_test(staff_are_named_only_where_it_is_allowed),
		cmocka_unit_test(nobody_looked),
	};

	return cmocka_run_group_tests_name("extract_words", tests, NULL, NULL);
}
