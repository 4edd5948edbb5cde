/* Pages: who is woken when, what stops it, and what a restart does. */
#include "core/life.h"

#include "core/page.h"

struct call {
	struct page page;
	struct policy policy;
	int64_t now;
	int sent; /* by the latest step */
};

static struct call call_new(bool urgent, int32_t steps, int64_t hold_ms)
{
	struct life life = life_planned(SLOT_CAMERA);
	struct call call = {.policy = life.policy, .now = START};
	struct now now = {.utc_ms = START};

	call.page = page_new(&life.check, urgent ? CAUSE_NEEDS_HELP : CAUSE_NOT_SEEN, urgent, steps, &now,
	                     hold_ms != 0 ? START + hold_ms : 0, &call.policy);
	return call;
}

static enum refusal step(struct call *call, enum page_event_kind kind, const char *contact)
{
	struct page_event event = {.kind = kind, .contact = contact};
	struct now now = {.utc_ms = call->now};
	struct page_effects effects;
	enum refusal refusal = page_step(&call->page, &event, &now, &call->policy, &effects);

	call->sent = effects.n;
	return refusal;
}

static void after(struct call *call, int64_t ms, enum page_event_kind kind)
{
	call->now += ms;
	assert_int_equal(step(call, kind, "patrol1"), REFUSE_NO);
}

/* Sleeps until the page asks for attention by itself. */
static void wake(struct call *call)
{
	assert_true(call->page.next_at != 0);
	if (call->now < call->page.next_at)
		call->now = call->page.next_at;
	assert_int_equal(step(call, PAGE_EV_TICK, NULL), REFUSE_NO);
}

static void an_undelivered_page_is_sent_again_and_an_unanswered_one_moves_on(void **state)
{
	struct call call = call_new(false, 2, 0);

	(void)state;
	assert_int_equal(call.page.next_at, START);
	wake(&call);
	assert_int_equal(call.sent, 1);
	assert_int_equal(page_alarm(&call.page, call.now), ALARM_MEDIUM);
	wake(&call);
	assert_int_equal(call.now, START + S(60));
	assert_int_equal(call.sent, 1);
	assert_int_equal(call.page.step, 0);
	after(&call, S(5), PAGE_EV_SUBMITTED);
	after(&call, S(5), PAGE_EV_DELIVERED);
	wake(&call);
	assert_int_equal(call.now, START + M(3));
	assert_int_equal(call.sent, 1);
	assert_int_equal(call.page.step, 1);
	assert_int_equal(call.page.state, PAGE_QUEUED);
	assert_int_equal(call.page.delivered_ms, 0);
	assert_false(call.page.repeated);
	after(&call, S(1), PAGE_EV_DELIVERED);
	wake(&call);
	assert_int_equal(call.now, START + M(6));
	assert_int_equal(call.page.step, 1);
	assert_true(call.page.repeated);
	assert_int_equal(page_alarm(&call.page, call.now), ALARM_HIGH);
	after(&call, S(1), PAGE_EV_DELIVERED);
	wake(&call);
	assert_int_equal(call.now, START + M(9));
	assert_int_equal(call.sent, 1);
}

static void only_a_person_stops_the_escalation(void **state)
{
	struct call call = call_new(false, 3, 0);

	(void)state;
	wake(&call);
	after(&call, S(10), PAGE_EV_DELIVERED);
	assert_int_equal(call.page.next_at, START + M(3));
	after(&call, S(20), PAGE_EV_ACKNOWLEDGED);
	assert_int_equal(call.page.state, PAGE_ACKNOWLEDGED);
	assert_string_equal(call.page.acknowledged_by, "patrol1");
	assert_int_equal(call.page.next_at, call.now + M(45));
	assert_int_equal(page_alarm(&call.page, call.now), ALARM_NONE);
	call.now += S(5);
	assert_int_equal(step(&call, PAGE_EV_ACKNOWLEDGED, "patrol2"), REFUSE_NO);
	assert_string_equal(call.page.acknowledged_by, "patrol1");
	after(&call, S(5), PAGE_EV_DELIVERED);
	assert_int_equal(call.page.state, PAGE_ACKNOWLEDGED);
}

static void acknowledged_is_not_on_site(void **state)
{
	struct call call = call_new(false, 3, 0);

	(void)state;
	wake(&call);
	after(&call, S(30), PAGE_EV_ACKNOWLEDGED);
	assert_int_equal(page_alarm(&call.page, call.page.next_at), ALARM_HIGH);
	wake(&call);
	assert_true(call.page.silent);
	assert_int_equal(call.page.next_at, 0);
	assert_int_equal(page_alarm(&call.page, call.now), ALARM_HIGH);
	after(&call, M(1), PAGE_EV_ON_SITE);
	assert_int_equal(call.page.state, PAGE_ON_SITE);
	assert_int_equal(page_alarm(&call.page, call.now), ALARM_NONE);
	/* Who is there and says nothing is silent as well. */
	wake(&call);
	assert_int_equal(page_alarm(&call.page, call.now), ALARM_HIGH);
	after(&call, M(1), PAGE_EV_SEEN_ALL);
	assert_int_equal(call.page.state, PAGE_CLOSED);
	assert_int_equal(call.page.next_at, 0);
	assert_int_equal(page_alarm(&call.page, call.now), ALARM_NONE);
}

static void the_next_person_can_be_called_after_a_yes(void **state)
{
	struct call call = call_new(false, 3, 0);

	(void)state;
	wake(&call);
	after(&call, S(30), PAGE_EV_ACKNOWLEDGED);
	wake(&call);
	after(&call, S(10), PAGE_EV_NEXT);
	assert_int_equal(call.sent, 1);
	assert_int_equal(call.page.step, 1);
	assert_string_equal(call.page.acknowledged_by, "");
	assert_int_equal(page_alarm(&call.page, call.now), ALARM_HIGH);
	call.now += S(5);
	assert_int_equal(step(&call, PAGE_EV_ACKNOWLEDGED, "lead"), REFUSE_NO);
	assert_string_equal(call.page.acknowledged_by, "lead");
	assert_int_equal(page_alarm(&call.page, call.now), ALARM_NONE);
}

static void trouble_is_a_high_alarm_until_the_resident_was_seen(void **state)
{
	struct call call = call_new(false, 3, 0);

	(void)state;
	wake(&call);
	after(&call, M(2), PAGE_EV_TROUBLE);
	assert_int_equal(call.page.state, PAGE_ON_SITE);
	assert_int_equal(page_alarm(&call.page, call.now), ALARM_HIGH);
	after(&call, M(5), PAGE_EV_ON_SITE);
	assert_int_equal(page_alarm(&call.page, call.now), ALARM_HIGH);
}

static void help_has_shorter_limits(void **state)
{
	struct call call = call_new(true, 3, 0);
	struct call later = call_new(false, 3, 0);

	(void)state;
	wake(&call);
	after(&call, S(1), PAGE_EV_DELIVERED);
	wake(&call);
	assert_int_equal(call.now, START + S(60));
	assert_int_equal(call.page.step, 1);
	after(&call, S(1), PAGE_EV_ACKNOWLEDGED);
	assert_int_equal(call.page.next_at, call.now + M(20));

	wake(&later);
	after(&later, S(100), PAGE_EV_URGENT);
	assert_int_equal(later.sent, 1);
	assert_int_equal(later.page.next_at, later.now + S(60));
	after(&later, S(1), PAGE_EV_URGENT);
	assert_int_equal(later.sent, 0);
	after(&later, S(1), PAGE_EV_112);
	assert_true(later.page.emergency_called);
}

static void help_shortens_the_limit_of_who_is_on_the_way(void **state)
{
	struct call call = call_new(false, 3, 0);

	(void)state;
	wake(&call);
	after(&call, S(0), PAGE_EV_ACKNOWLEDGED);
	after(&call, M(10), PAGE_EV_URGENT);
	assert_int_equal(call.sent, 0);
	assert_int_equal(call.page.next_at, START + M(20));
	call = call_new(false, 3, 0);
	wake(&call);
	after(&call, S(0), PAGE_EV_ACKNOWLEDGED);
	after(&call, M(30), PAGE_EV_URGENT);
	assert_int_equal(call.page.next_at, call.now);
}

/* The alarm of somebody silent stands until somebody acts: no tick and no urgency sets it a new limit. */
static void who_is_silent_stays_an_alarm(void **state)
{
	struct call call = call_new(false, 3, 0);

	(void)state;
	wake(&call);
	after(&call, S(30), PAGE_EV_ACKNOWLEDGED);
	wake(&call);
	assert_true(call.page.silent);
	after(&call, M(30), PAGE_EV_TICK);
	assert_int_equal(call.sent, 0);
	assert_int_equal(call.page.next_at, 0);
	after(&call, S(1), PAGE_EV_URGENT);
	assert_true(call.page.urgent);
	assert_int_equal(call.page.next_at, 0);
	assert_int_equal(page_alarm(&call.page, call.now), ALARM_HIGH);
}

static void a_failure_is_sent_again_without_hammering(void **state)
{
	struct call call = call_new(false, 2, 0);

	(void)state;
	wake(&call);
	after(&call, S(1), PAGE_EV_SUBMITTED);
	after(&call, S(1), PAGE_EV_FAILED);
	assert_int_equal(call.page.state, PAGE_QUEUED);
	assert_int_equal(call.sent, 0);
	assert_int_equal(call.page.next_at, START + S(60));
	/* One that reported delivery first is not taken at its word. */
	after(&call, S(1), PAGE_EV_DELIVERED);
	after(&call, S(1), PAGE_EV_FAILED);
	assert_int_equal(call.page.next_at, call.now + S(60));
}

static void a_held_page_waits_and_then_goes(void **state)
{
	struct call call = call_new(false, 2, S(120));
	struct call closed = call_new(false, 2, S(120));
	struct call urgent = call_new(false, 2, S(120));

	(void)state;
	assert_true(call.page.held);
	after(&call, S(10), PAGE_EV_TICK);
	assert_int_equal(call.sent, 0);
	after(&call, S(10), PAGE_EV_RESTART);
	assert_int_equal(call.sent, 0);
	wake(&call);
	assert_int_equal(call.now, START + S(120));
	assert_int_equal(call.sent, 1);
	assert_false(call.page.held);

	after(&closed, S(10), PAGE_EV_SEEN_ALL);
	after(&closed, S(200), PAGE_EV_TICK);
	assert_int_equal(closed.sent, 0);

	after(&urgent, S(10), PAGE_EV_URGENT);
	assert_int_equal(urgent.sent, 1);
}

static void a_restart_sends_again_and_still_reaches_the_next_person(void **state)
{
	struct call call = call_new(false, 2, 0);
	struct call yes = call_new(false, 2, 0);
	int restarts = 0;

	(void)state;
	wake(&call);
	while (call.page.step == 0) {
		after(&call, S(61), PAGE_EV_RESTART);
		assert_int_equal(call.sent, 1);
		wake(&call);
		assert_true(++restarts < 5);
	}
	wake(&yes);
	after(&yes, S(5), PAGE_EV_ACKNOWLEDGED);
	after(&yes, S(5), PAGE_EV_RESTART);
	assert_int_equal(yes.sent, 0);
	assert_int_equal(yes.page.next_at, START + S(5) + M(45));
}

static void a_chain_of_nobody_is_a_high_alarm(void **state)
{
	struct call call = call_new(false, 0, 0);

	(void)state;
	assert_int_equal(page_alarm(&call.page, call.now), ALARM_HIGH);
	wake(&call);
	assert_true(call.page.next_at > call.now);
}

static void a_closed_page_is_left_alone(void **state)
{
	static const enum page_event_kind refused[] = {PAGE_EV_ON_SITE, PAGE_EV_TROUBLE, PAGE_EV_URGENT,
	                                               PAGE_EV_RESEND, PAGE_EV_NEXT};
	struct call call = call_new(false, 2, 0);

	(void)state;
	wake(&call);
	after(&call, S(1), PAGE_EV_SEEN_ALL);
	for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++)
		assert_int_equal(step(&call, refused[i], "patrol1"), REFUSE_STATE);
	for (int kind = 0; kind < PAGE_EVENTS; kind++) {
		step(&call, (enum page_event_kind)kind, "patrol1");
		assert_int_equal(call.sent, 0);
		assert_int_equal(call.page.state, PAGE_CLOSED);
		assert_int_equal(call.page.next_at, 0);
	}
}

static void only_choices_change_the_decision_version(void **state)
{
	struct call call = call_new(false, 2, 0);
	int64_t version;

	(void)state;
	wake(&call);
	version = call.page.decision_version;
	after(&call, S(1), PAGE_EV_SUBMITTED);
	after(&call, S(1), PAGE_EV_DELIVERED);
	after(&call, S(1), PAGE_EV_CALLED);
	assert_int_equal(call.page.decision_version, version);
	after(&call, S(1), PAGE_EV_ACKNOWLEDGED);
	assert_true(call.page.decision_version > version);
}

static void every_open_page_has_its_instant_or_its_alarm(void **state)
{
	(void)state;
	for (uint32_t seed = 1; seed < 2000; seed++) {
		struct call call = call_new(seed % 3 == 0, (int32_t)(seed % 4), seed % 5 == 0 ? S(120) : 0);
		uint32_t dice = seed;

		for (int turn = 0; turn < 30; turn++) {
			dice = dice * 1664525u + 1013904223u;
			call.now += (dice >> 16) % 90 * MS_SECOND;
			step(&call, (enum page_event_kind)((dice >> 8) % PAGE_EVENTS), "patrol1");
			if (call.page.state == PAGE_CLOSED)
				break;
			assert_true(call.page.next_at != 0 || page_alarm(&call.page, call.now) == ALARM_HIGH);
			if (call.page.state < PAGE_ACKNOWLEDGED)
				assert_true(call.page.next_at != 0);
			assert_true(call.page.step < call.page.steps || call.page.steps == 0);
		}
	}
}

static void names_go_both_ways(void **state)
{
	(void)state;
	for (int i = 0; i < PAGE_STATES; i++)
		assert_int_equal(page_state_from_name(page_state_name((enum page_state)i)), i);
	for (int i = 0; i < PAGE_EVENTS; i++)
		assert_int_equal(page_event_from_name(page_event_name((enum page_event_kind)i)), i);
	for (int i = 0; i < CHECK_STATES; i++)
		assert_int_equal(check_state_from_name(check_state_name((enum check_state)i)), i);
	for (int i = 0; i < OUTCOMES; i++)
		assert_int_equal(check_outcome_from_name(check_outcome_name((enum check_outcome)i)), i);
	for (int i = 0; i < ANSWERS; i++)
		assert_int_equal(check_answer_from_name(check_answer_name((enum answer)i)), i);
	for (int i = 0; i < CAUSES; i++)
		assert_int_equal(check_cause_from_name(check_cause_name((enum cause)i)), i);
	for (int i = 0; i < REFUSALS; i++) {
		assert_non_null(check_refusal_name((enum refusal)i));
		assert_non_null(check_refusal_text((enum refusal)i));
	}
	assert_int_equal(check_answer_from_name("fine"), -1);
	assert_int_equal(page_event_from_name(""), -1);
}

/* A start sends anew; where nobody comes after her, her next turn keeps its distance from that. */
static void the_last_of_the_chain_is_not_called_twice_in_a_moment(void **state)
{
	struct call call = call_new(false, 1, 0);
	int64_t sent;

	(void)state;
	wake(&call);
	call.now = START + S(160);
	after(&call, 0, PAGE_EV_RESTART);
	assert_int_equal(call.sent, 1);
	sent = call.now;
	wake(&call);
	assert_int_equal(call.sent, 1);
	assert_int_equal(call.now, sent + S(60));
	assert_true(call.page.repeated);

	/* Delivered, too. */
	call.now = call.page.step_ms + S(170);
	after(&call, 0, PAGE_EV_RESTART);
	sent = call.now;
	after(&call, S(5), PAGE_EV_DELIVERED);
	wake(&call);
	assert_int_equal(call.now, sent + S(60));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_last_of_the_chain_is_not_called_twice_in_a_moment),
		cmocka_unit_test(an_undelivered_page_is_sent_again_and_an_unanswered_one_moves_on),
		cmocka_unit_test(only_a_person_stops_the_escalation),
		cmocka_unit_test(acknowledged_is_not_on_site),
		cmocka_unit_test(the_next_person_can_be_called_after_a_yes),
		cmocka_unit_test(trouble_is_a_high_alarm_until_the_resident_was_seen),
		cmocka_unit_test(help_has_shorter_limits),
		cmocka_unit_test(help_shortens_the_limit_of_who_is_on_the_way),
		cmocka_unit_test(who_is_silent_stays_an_alarm),
		cmocka_unit_test(a_failure_is_sent_again_without_hammering),
		cmocka_unit_test(a_held_page_waits_and_then_goes),
		cmocka_unit_test(a_restart_sends_again_and_still_reaches_the_next_person),
		cmocka_unit_test(a_chain_of_nobody_is_a_high_alarm),
		cmocka_unit_test(a_closed_page_is_left_alone),
		cmocka_unit_test(only_choices_change_the_decision_version),
		cmocka_unit_test(every_open_page_has_its_instant_or_its_alarm),
		cmocka_unit_test(names_go_both_ways),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
