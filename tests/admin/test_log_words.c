/*
 * The log for the person who follows it up: plain sentences, and one line that says all of one
 * look.
 */
#include "admin/log_words.h"

#include "core/event.h"
#include "wire/rows.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

/* An entry about a resident and a look, by somebody. */
static struct log_event event(enum log_type type, const char *actor, const char *resident,
                              int64_t look)
{
	struct log_event e = log_event(type, 1000);

	strcpy(e.actor, actor);
	strcpy(e.resident, resident);
	e.look = look;
	e.check = look == 0 ? 0 : 3;
	return e;
}

static void assert_words(const struct log_event *e, const char *expected)
{
	struct wire_message *entry = wire_from_log(1, e);
	char words[512];

	log_words(entry, words, sizeof words);
	assert_string_equal(words, expected);
	wire_free(entry);
}

static void a_look_is_told_in_sentences(void **state)
{
	struct log_event e = event(LOG_CLAIMED, "anna", "r-1", 0);

	(void)state;
	assert_words(&e, "anna took the check of r-1");
	e = event(LOG_PERMIT_RECORDED, "anna", "r-1", 12);
	log_event_text(&e, "camera", "c-1");
	assert_words(
		&e, "the right of anna to look at r-1 was recorded, camera c-1 (check 3, look 12)");
	e = event(LOG_LENS_OPENED, "c-1", "r-1", 12);
	log_event_int(&e, "lens_ms", 1250);
	log_event_text(&e, "result", "taken");
	assert_words(&e, "camera c-1 had its lens open for 1.2 s at r-1: taken (check 3, look 12)");
	e = event(LOG_VIEW_OVER, "anna", "r-1", 12);
	log_event_int(&e, "view_ms", 21340);
	assert_words(&e, "the picture of r-1 was before anna for 21.3 s (check 3, look 12)");
	e = event(LOG_VIEW_OVER, "anna", "r-1", 12);
	log_event_int(&e, "view_ms", -1);
	assert_words(&e,
	             "the picture of r-1 was before anna for no time at all (check 3, look 12)");
	e = event(LOG_ANSWERED, "anna", "r-1", 12);
	log_event_text(&e, "answer", "patrol");
	log_event_text(&e, "reason", "she calls out");
	assert_words(&e, "anna answered patrol about r-1: she calls out (check 3, look 12)");
}

static void what_has_no_value_is_left_out(void **state)
{
	struct log_event e = event(LOG_FAULT, "", "r-1", 0);

	(void)state;
	assert_words(&e, "no picture of r-1");
	log_event_text(&e, "cause", "camera-lost");
	assert_words(&e, "no picture of r-1: camera-lost");
	e = event(LOG_RELEASED, "", "r-1", 0);
	assert_words(&e, "the check of r-1 is open again");
	e = event(LOG_PAGED, "", "r-1", 0);
	e.page = 7;
	log_event_text(&e, "cause", "not-seen");
	assert_words(&e, "the patrol was paged about r-1: not-seen (page 7)");
	e = event(LOG_CHECK_CLOSED, "", "", 0);
	assert_words(&e, "the check of ? ended: ?");
}

/* Every type has words of its own, whatever else it carries. */
static void every_type_has_a_sentence(void **state)
{
	(void)state;
	for (int type = LOG_HUB_STARTED; type < LOG_TYPES; type++) {
		struct log_event e = event((enum log_type)type, "anna", "r-1", 0);
		struct wire_message *entry = wire_from_log(1, &e);
		char words[512], plain[64];

		log_words(entry, words, sizeof words);
		snprintf(plain, sizeof plain, "%s: anna", log_type_name((enum log_type)type));
		assert_true(words[0] != '\0');
		assert_null(strstr(words, plain));
		assert_null(strpbrk(words, "{}[]"));
		wire_free(entry);
	}
}

static void an_unknown_type_is_shown_as_it_is(void **state)
{
	struct log_event e = event(LOG_ANSWERED, "anna", "r-1", 0);
	struct wire_message *entry;
	char words[512];

	(void)state;
	log_event_text(&e, "answer", "well");
	entry = wire_from_log(1, &e);
	wire_set_text(entry, "type", "dreamt");
	log_words(entry, words, sizeof words);
	assert_string_equal(words, "dreamt: anna r-1 answer=well");
	wire_free(entry);
}

/* An operator's own words cannot pass for what the picture process measured. */
static void words_do_not_pass_for_measurements(void **state)
{
	struct look_account account = look_account_new(12);
	struct log_event e = event(LOG_VIEW_OVER, "anna", "r-1", 12);
	struct wire_message *entry;

	(void)state;
	log_event_text(&e, "reason", "x view_ms=1");
	log_event_int(&e, "view_ms", 30000);
	entry = wire_from_log(1, &e);
	look_account_add(&account, entry);
	assert_int_equal(account.view_ms, 30000);
	wire_free(entry);
}

static void add(struct look_account *account, struct log_event e)
{
	struct wire_message *entry = wire_from_log(1, &e);

	look_account_add(account, entry);
	wire_free(entry);
}

/* A console that died while the picture stood never tells for how long; shown it was all the same. */
static void a_picture_whose_end_was_not_told_was_shown(void **state)
{
	struct look_account account = look_account_new(12);
	char words[512];

	(void)state;
	add(&account, event(LOG_PERMIT_RECORDED, "anna", "r-1", 12));
	add(&account, event(LOG_PICTURE_SHOWN, "anna", "r-1", 12));
	look_account_words(&account, words, sizeof words);
	assert_string_equal(words, "look 12  r-1  anna  lens not opened  "
	                           "picture shown for a time not reported  no answer");
}

static void one_line_tells_a_look(void **state)
{
	struct look_account account = look_account_new(12);
	struct log_event e;
	char words[512];

	(void)state;
	add(&account, event(LOG_LOOK_REQUESTED, "anna", "r-1", 12));
	e = event(LOG_PERMIT_RECORDED, "anna", "r-1", 12);
	e.at_ms = 5000;
	add(&account, e);
	e = event(LOG_LENS_OPENED, "c-1", "r-1", 12);
	log_event_int(&e, "lens_ms", 1250);
	add(&account, e);
	e = event(LOG_VIEW_OVER, "anna", "r-1", 12);
	log_event_int(&e, "view_ms", 21340);
	add(&account, e);
	look_account_words(&account, words, sizeof words);
	assert_string_equal(words,
	                    "look 12  r-1  anna  lens open 1.2 s  picture shown 21.3 s  no answer");
	e = event(LOG_ANSWERED, "anna", "r-1", 12);
	log_event_text(&e, "answer", "well");
	add(&account, e);
	look_account_words(&account, words, sizeof words);
	assert_string_equal(
		words, "look 12  r-1  anna  lens open 1.2 s  picture shown 21.3 s  answer well");
	assert_int_equal(account.at_ms, 5000);
}

static void a_couple_has_an_answer_each(void **state)
{
	static const char *const residents[] = {"r-1", "r-2"}, *const answers[] = {"well",
	                                                                           "not-seen"};
	struct look_account account = look_account_new(12);
	struct log_event e;
	char words[512];

	(void)state;
	for (int i = 0; i < 2; i++) {
		add(&account, event(LOG_LOOK_REQUESTED, "anna", residents[i], 12));
		e = event(LOG_ANSWERED, "anna", residents[i], 12);
		log_event_text(&e, "answer", answers[i]);
		add(&account, e);
	}
	look_account_words(&account, words, sizeof words);
	assert_string_equal(
		words,
		"look 12  r-1, r-2  anna  lens not opened  picture not shown  r-1 well, r-2 not-seen");
}

static void a_look_without_a_picture_says_why(void **state)
{
	struct look_account account = look_account_new(12);
	struct log_event e;
	char words[512];

	(void)state;
	add(&account, event(LOG_PERMIT_RECORDED, "anna", "r-1", 12));
	e = event(LOG_PERMIT_REFUSED, "c-1", "", 12);
	log_event_text(&e, "refusal", "outside-time");
	add(&account, e);
	look_account_words(&account, words, sizeof words);
	assert_string_equal(
		words,
		"look 12  r-1  anna  lens not opened  picture not shown (outside-time)  no answer");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_look_is_told_in_sentences),
		cmocka_unit_test(what_has_no_value_is_left_out),
		cmocka_unit_test(every_type_has_a_sentence),
		cmocka_unit_test(an_unknown_type_is_shown_as_it_is),
		cmocka_unit_test(words_do_not_pass_for_measurements),
		cmocka_unit_test(a_picture_whose_end_was_not_told_was_shown),
		cmocka_unit_test(one_line_tells_a_look),
		cmocka_unit_test(a_couple_has_an_answer_each),
		cmocka_unit_test(a_look_without_a_picture_says_why),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
