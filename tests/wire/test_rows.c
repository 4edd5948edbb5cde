/* A console judges by the rows that it was sent, so a row must arrive exactly as the hub has it. */
#include "wire/rows.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* Every member different, so that none can pass for another. */
static void fill_check(struct check *check)
{
	memset(check, 0, sizeof *check); /* padding too */
	check->id = 41;
	check->night = 20454;
	strcpy(check->resident, "r-0017");
	strcpy(check->agreement, "a-0012");
	check->agreement_version = 3;
	strcpy(check->slot, "s1");
	strcpy(check->camera, "c-0004");
	strcpy(check->area, "north");
	check->priority = 2;
	check->pair = 42;
	check->kind = SLOT_VISIT;
	check->note = PLAN_FIRST;
	check->start_ms = 1001;
	check->early_ms = 1002;
	check->latest_ms = 1003;
	check->hard_end_ms = 1004;
	check->rechecks_left = 1;
	check->recheck_earliest_ms = 1005;
	check->recheck_due_ms = 1006;
	check->recheck_late_ms = 1007;
	check->on_site_ms = 1008;
	check->page_unanswered_ms = 1009;
	check->visit_report_ms = 1010;
	check->state = CHECK_PATROL;
	check->outcome = OUTCOME_VISITED;
	check->cause = CAUSE_JUDGEMENT;
	strcpy(check->reason, "cries, åäö");
	check->camera_lost = true;
	check->look_number = 2;
	check->look = 77;
	check->replacement_used = true;
	check->other_person = true;
	check->answer = ANSWER_PATROL;
	strcpy(check->operator_id, "anna");
	check->session = 9;
	check->claimed_ms = 1011;
	check->look_ms = 1012;
	check->shown_ms = 1013;
	check->view_over_ms = 1014;
	check->view_ms = -1;
	check->answered_ms = 1015;
	check->first_answer_ms = 1016;
	check->fault_ms = 1017;
	check->fault_page_ms = 1018;
	check->page = 5;
	check->patrol_ms = 1019;
	check->on_site_trouble = true;
	check->closed_ms = 1020;
	check->next_at = 1021;
	check->decision_version = 12;
}

static void fill_page(struct page *page)
{
	memset(page, 0, sizeof *page); /* padding too */
	page->number = 5;
	page->night = 20454;
	page->cause = CAUSE_CAMERA_LOST;
	page->urgent = true;
	strcpy(page->area, "north");
	page->state = PAGE_DELIVERED;
	page->step = 1;
	page->steps = 4;
	strcpy(page->contact, "patrol-1");
	strcpy(page->acknowledged_by, "patrol-2");
	page->held = true;
	page->hold_until_ms = 1001;
	page->on_site_limit_ms = 1002;
	page->unanswered_ms = 1003;
	page->queued_ms = 1004;
	page->submitted_ms = 1005;
	page->at_network_ms = 1006;
	page->delivered_ms = 1007;
	page->acknowledged_ms = 1008;
	page->on_site_ms = 1009;
	page->closed_ms = 1010;
	page->step_ms = 1011;
	page->silent = true;
	page->trouble = true;
	page->repeated = true;
	page->emergency_called = true;
	page->next_at = 1012;
	page->decision_version = 8;
}

static struct check full_check(void)
{
	struct check check;

	fill_check(&check);
	return check;
}

static struct page full_page(void)
{
	struct page page;

	fill_page(&page);
	return page;
}

/* As it would arrive at the other end. */
static struct wire_message *travel(struct wire_message *message)
{
	struct buf line = buf_new(MESSAGE_MAX_BYTES);
	struct wire_message *got;
	char reason[REASON_MAX_BYTES];

	assert_int_equal(wire_encode(message, &line), ERR_OK);
	assert_int_equal(wire_decode(WIRE_CONSOLE, WIRE_FROM_HUB, WIRE_READY, line.data, line.len,
	                             &got, reason),
	                 ERR_OK);
	wire_free(message);
	buf_free(&line);
	return got;
}

static void check_equal(const struct check *a, const struct check *b)
{
	struct wire_message *x = wire_from_check(a), *y = wire_from_check(b);
	struct buf left = buf_new(MESSAGE_MAX_BYTES), right = buf_new(MESSAGE_MAX_BYTES);

	assert_int_equal(wire_encode(x, &left), ERR_OK);
	assert_int_equal(wire_encode(y, &right), ERR_OK);
	assert_string_equal((char *)left.data, (char *)right.data);
	wire_free(x);
	wire_free(y);
	buf_free(&left);
	buf_free(&right);
}

static void a_check_arrives_whole(void **state)
{
	struct check sent = full_check(), got;
	struct wire_message *message = travel(wire_from_check(&sent));

	(void)state;
	assert_int_equal(wire_to_check(message, &got), ERR_OK);
	check_equal(&sent, &got);
	/* Not by the encoder's word alone: members that it might forget. */
	assert_int_equal(got.id, 41);
	assert_int_equal(got.kind, SLOT_VISIT);
	assert_int_equal(got.note, PLAN_FIRST);
	assert_int_equal(got.state, CHECK_PATROL);
	assert_int_equal(got.outcome, OUTCOME_VISITED);
	assert_int_equal(got.cause, CAUSE_JUDGEMENT);
	assert_int_equal(got.answer, ANSWER_PATROL);
	assert_int_equal(got.view_ms, -1);
	assert_int_equal(got.agreement_version, 3);
	assert_int_equal(got.decision_version, 12);
	assert_string_equal(got.reason, "cries, åäö");
	wire_free(message);
}

/*
 * Every member of the struct that a sample fills comes back, byte for byte: none is missing in the
 * table.
 */
static void no_member_is_forgotten(void **state)
{
	struct check sent, got;
	struct page page_sent, page_got;
	struct wire_message *message;

	(void)state;
	fill_check(&sent);
	fill_page(&page_sent);
	message = wire_from_check(&sent);
	assert_int_equal(wire_to_check(message, &got), ERR_OK);
	assert_memory_equal(&sent, &got, sizeof sent);
	wire_free(message);
	message = wire_from_page(&page_sent);
	assert_int_equal(wire_to_page(message, &page_got), ERR_OK);
	assert_memory_equal(&page_sent, &page_got, sizeof page_sent);
	wire_free(message);
}

static void every_word_of_a_check_travels(void **state)
{
	struct check sent = full_check(), got;
	struct wire_message *message;

	(void)state;
	for (int i = 0; i < CHECK_STATES + CAUSES + ANSWERS; i++) {
		sent.state = (enum check_state)(i % CHECK_STATES);
		sent.cause = (enum cause)(i % CAUSES);
		sent.answer = (enum answer)(i % ANSWERS);
		sent.outcome = (enum check_outcome)(i % (OUTCOME_EXCUSED + 1));
		sent.kind = i % 2 ? SLOT_CAMERA : SLOT_VISIT;
		sent.note = (enum plan_note)(i % PLAN_NOTES);
		message = travel(wire_from_check(&sent));
		assert_int_equal(wire_to_check(message, &got), ERR_OK);
		check_equal(&sent, &got);
		wire_free(message);
	}
}

static void a_page_arrives_whole(void **state)
{
	struct page sent = full_page(), got;
	struct wire_message *message;

	(void)state;
	for (int i = 0; i < PAGE_STATES; i++) {
		sent.state = (enum page_state)i;
		message = travel(wire_from_page(&sent));
		assert_int_equal(wire_to_page(message, &got), ERR_OK);
		assert_int_equal(got.state, i);
		assert_int_equal(got.cause, CAUSE_CAMERA_LOST);
		assert_string_equal(got.contact, "patrol-1");
		assert_int_equal(got.on_site_ms, 1009);
		wire_free(message);
	}
}

static void unknown_words_are_refused(void **state)
{
	static const char *const fields[] = {"kind", "note", "state", "outcome", "cause", "answer"};
	struct check sent = full_check(), got;
	struct page page = full_page(), page_got;
	struct wire_message *message;

	(void)state;
	for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++) {
		message = wire_from_check(&sent);
		wire_set_text(message, fields[i], "sleepwalking");
		assert_int_equal(wire_to_check(message, &got), ERR_PARSE);
		wire_free(message);
	}
	message = wire_from_page(&page);
	wire_set_text(message, "state", "sleepwalking");
	assert_int_equal(wire_to_page(message, &page_got), ERR_PARSE);
	wire_set_text(message, "state", page_state_name(page.state));
	wire_set_text(message, "cause", "sleepwalking");
	assert_int_equal(wire_to_page(message, &page_got), ERR_PARSE);
	wire_free(message);
}

/*
 * The wire's bounds are wider than some members: what does not fit is refused, not wrapped around.
 */
static void a_number_that_its_member_cannot_hold_is_refused(void **state)
{
	struct check sent = full_check(), got;
	struct wire_message *message = wire_from_check(&sent);

	(void)state;
	wire_set_int(message, "agreement_version", INT64_C(4294967297));
	assert_int_equal(wire_to_check(message, &got), ERR_PARSE);
	wire_free(message);
}

static void a_log_entry_keeps_its_words_apart(void **state)
{
	struct log_event event = log_event(LOG_ANSWERED, 1234);
	struct wire_message *message;
	char value[REASON_MAX_BYTES];

	(void)state;
	strcpy(event.actor, "anna");
	strcpy(event.resident, "r1");
	event.check = 3;
	event.look = 7;
	log_event_text(&event, "answer", "patrol");
	log_event_text(&event, "reason", "she said \"no\" \\ view_ms=9 lens_ms=8");
	log_event_text(&event, "words", "");
	log_event_int(&event, "view_ms", -1);
	message = travel(wire_from_log(12, &event));
	assert_int_equal(wire_int(message, "number"), 12);
	assert_string_equal(wire_text(message, "type"), "answered");
	assert_int_equal(wire_int(message, "at_ms"), 1234);
	assert_string_equal(wire_text(message, "actor"), "anna");
	assert_int_equal(wire_int(message, "look"), 7);
	assert_string_equal(
		wire_text(message, "detail"),
		"answer=patrol reason=\"she said \\\"no\\\" \\\\ view_ms=9 lens_ms=8\" words=\"\" view_ms=-1");
	assert_true(wire_detail_value(wire_text(message, "detail"), "reason", value));
	assert_string_equal(value, "she said \"no\" \\ view_ms=9 lens_ms=8");
	assert_true(wire_detail_value(wire_text(message, "detail"), "view_ms", value));
	assert_string_equal(value, "-1");
	assert_true(wire_detail_value(wire_text(message, "detail"), "words", value));
	assert_string_equal(value, "");
	assert_false(wire_detail_value(wire_text(message, "detail"), "lens_ms", value));
	wire_free(message);
}

/*
 * The longest that an event can hold still fits: twelve values, every byte of which has to be
 * escaped.
 */
static void the_longest_log_entry_fits(void **state)
{
	struct log_event event = log_event(LOG_FAULT, 1);
	char quotes[REASON_MAX_BYTES], value[REASON_MAX_BYTES];
	struct wire_message *message;

	(void)state;
	memset(quotes, '"', sizeof quotes - 1);
	quotes[sizeof quotes - 1] = '\0';
	for (int i = 0; i < LOG_FIELDS_MAX; i++)
		log_event_text(&event, log_event_keys[i], quotes);
	message = travel(wire_from_log(0, &event));
	assert_true(wire_detail_value(wire_text(message, "detail"),
	                              log_event_keys[LOG_FIELDS_MAX - 1], value));
	assert_string_equal(value, quotes);
	wire_free(message);
}

static void a_malformed_detail_has_no_values(void **state)
{
	static const char *const details[] = {
		"", "=", "view_ms", "reason=\"open view_ms=7", "\"view_ms=7\"", " view_ms=7"};
	char value[REASON_MAX_BYTES];

	(void)state;
	for (size_t i = 0; i < sizeof details / sizeof details[0]; i++) {
		assert_false(wire_detail_value(details[i], "view_ms", value));
		assert_string_equal(value, "");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_check_arrives_whole),
		cmocka_unit_test(no_member_is_forgotten),
		cmocka_unit_test(every_word_of_a_check_travels),
		cmocka_unit_test(a_page_arrives_whole),
		cmocka_unit_test(unknown_words_are_refused),
		cmocka_unit_test(a_number_that_its_member_cannot_hold_is_refused),
		cmocka_unit_test(a_log_entry_keeps_its_words_apart),
		cmocka_unit_test(the_longest_log_entry_fits),
		cmocka_unit_test(a_malformed_detail_has_no_values),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
