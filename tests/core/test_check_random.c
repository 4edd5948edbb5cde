/*
 * Ten thousand random nights with a fixed seed. Whatever happens in whatever order, a check is
 * never forgotten, never closed otherwise than in the three ways, never looked at outside its right
 * or more often than agreed, and time alone always brings it to the patrol.
 */
#include "core/life.h"

#include <stdlib.h>

#define NIGHTS 10000
#define STEPS 60
#define LOOKS_MAX 64

/* xorshift64*: the same nights on every machine. */
struct dice {
	uint64_t state;
};

static uint64_t roll(struct dice *dice, uint64_t n)
{
	dice->state ^= dice->state >> 12;
	dice->state ^= dice->state << 25;
	dice->state ^= dice->state >> 27;
	return (dice->state * UINT64_C(2685821657736338717) >> 33) % n;
}

/*
 * Which pictures stood, by look number, and apart for the replacement; and which of the two each
 * look was.
 */
struct tally {
	int64_t rechecks;
	int shown[8][2];
	struct {
		int number, replacement;
	} look[LOOKS_MAX];
};

/* life_event() numbers looks 101, 202 … */
static int look_index(const struct check *check)
{
	assert_in_range(check->look / 101, 1, LOOKS_MAX - 1);
	return (int)(check->look / 101);
}

/* What usually comes next, or few nights would come far. */
static enum check_event_kind usual(struct dice *dice, const struct check *check)
{
	switch (check->state) {
	case CHECK_OPEN:
	case CHECK_FAULT:
	case CHECK_UNDECIDED:
		return EVENT_CLAIM;
	case CHECK_CLAIMED:
		return EVENT_LOOK;
	case CHECK_LOOKING:
		if (check->shown_ms == 0)
			return EVENT_SHOWN;
		return roll(dice, 2) == 0 ? EVENT_VIEW_OVER : EVENT_ANSWER;
	case CHECK_DECIDING:
		return EVENT_ANSWER;
	default:
		return EVENT_TICK;
	}
}

static struct check_event roll_event(struct dice *dice, const struct life *life)
{
	static const enum cause faults[] = {CAUSE_CAMERA_FAULT, CAUSE_UNUSABLE, CAUSE_STALE, CAUSE_CLOCK,
	                                    CAUSE_REFUSED, CAUSE_SIGNER, CAUSE_CAMERA_LOST};
	static const enum cause excuses[] = {CAUSE_STAFF_ON_SITE, CAUSE_DECEASED, CAUSE_NOT_SEEN};
	enum check_event_kind kind = roll(dice, 3) != 0 ? usual(dice, &life->check)
	                                                : (enum check_event_kind)roll(dice, CHECK_EVENTS);
	struct check_event event = life_event(life, kind);

	/* Endings, and what ends a camera night, are rare. */
	if ((kind == EVENT_EXCUSE || kind == EVENT_PAUSE || kind == EVENT_RIGHT_LOST || kind == EVENT_PAGE)
	    && roll(dice, 6) != 0)
		event = life_event(life, EVENT_TICK);
	event.session = roll(dice, 8) == 0 ? 8 : 7;
	if (roll(dice, 16) == 0)
		event.decision_version--;
	if (roll(dice, 16) == 0 && event.look > 0 && kind != EVENT_LOOK)
		event.look--;
	if (kind == EVENT_ANSWER || kind == EVENT_UNDO) {
		event.answer = roll(dice, 2) == 0 ? ANSWER_NOT_SEEN : (enum answer)roll(dice, ANSWERS);
		event.reason = roll(dice, 4) == 0 ? NULL : "words";
		event.earlier_look = roll(dice, 8) == 0;
		event.page_unsent = roll(dice, 8) == 0;
	}
	event.camera_up = roll(dice, 3) != 0;
	if (kind == EVENT_VIEW_OVER && roll(dice, 6) == 0)
		event.view_ms = -1;
	if (event.kind == EVENT_FAULT)
		event.cause = faults[roll(dice, 7)];
	if (event.kind == EVENT_EXCUSE)
		event.cause = excuses[roll(dice, 3)];
	return event;
}

static void pass_time(struct dice *dice, struct life *life)
{
	static const int64_t often[] = {0, 1, S(1), S(1), S(3), S(3), S(10), S(31), S(61), M(3)};
	bool waits = life->check.state == CHECK_PLANNED || life->check.state == CHECK_WAITING;

	if (life->check.next_at > life->now && roll(dice, waits ? 2 : 12) == 0)
		life->now = life->check.next_at - (int64_t)roll(dice, 2);
	else
		life->now += often[roll(dice, 10)];
}

/* Never forgotten: it has its instant, or its alarm stands. */
static void assert_not_forgotten(const struct life *life)
{
	const struct check *check = &life->check;

	if (check->state == CHECK_CLOSED) {
		assert_int_equal(check->next_at, 0);
		return;
	}
	if (check->next_at == 0) {
		assert_state(life, CHECK_PATROL);
		assert_int_equal(check_alarm(check, life->now, &life->policy), ALARM_HIGH);
		return;
	}
	assert_true(check->next_at >= life->now);
	if (check->state != CHECK_PATROL && check->state != CHECK_PLANNED)
		assert_true(check->next_at <= check_right_ends_ms(check, &life->policy)
		            || check->next_at == life->now);
}

static void assert_ended_rightly(const struct check *before, const struct check *after,
                                 const struct check_event *event)
{
	if (after->state != CHECK_CLOSED || before->state == CHECK_CLOSED) {
		if (after->state != CHECK_CLOSED)
			assert_int_equal(after->outcome, OUTCOME_NONE);
		return;
	}
	switch (after->outcome) {
	case OUTCOME_SEEN_WELL:
		assert_int_equal(event->kind, EVENT_ANSWER);
		assert_int_equal(event->answer, ANSWER_WELL);
		assert_true(after->shown_ms != 0);
		break;
	case OUTCOME_VISITED:
		assert_int_equal(event->kind, EVENT_RESIDENT_SEEN);
		break;
	case OUTCOME_EXCUSED:
		assert_true(event->kind == EVENT_PAUSE || event->kind == EVENT_EXCUSE);
		break;
	default:
		fail_msg("closed without an outcome");
	}
}

/* A lens opens inside its right only, and never again for a look whose picture has stood. */
static void assert_look_is_agreed(const struct life *life, const struct check *before,
                                  struct tally *tally)
{
	const struct check *check = &life->check;
	int64_t from = check->look_number == 1 ? check->early_ms
	             : before->first_answer_ms != 0 ? check_recheck_at_ms(before)
	             : check->early_ms;

	if (!life_has(life, EFFECT_PERMIT))
		return;
	assert_int_equal(check->kind, SLOT_CAMERA);
	assert_false(check->camera_lost);
	assert_true(life->now >= from);
	assert_true(life->now < check_right_ends_ms(check, &life->policy));
	assert_in_range(check->look_number, 1, 1 + tally->rechecks);
	assert_int_equal(tally->shown[check->look_number][check->replacement_used], 0);
	tally->look[look_index(check)].number = check->look_number;
	tally->look[look_index(check)].replacement = check->replacement_used;
}

static void count_picture(struct tally *tally, const struct check *before, const struct check *after)
{
	int at;

	if (after->shown_ms == 0 || (before->look == after->look && before->shown_ms != 0))
		return;
	at = look_index(after);
	assert_int_equal(++tally->shown[tally->look[at].number][tally->look[at].replacement], 1);
}

/* Pages are not sent for what has one, nor forgotten for what goes to the patrol. */
static void assert_paged_rightly(const struct life *life, const struct check *before)
{
	bool arrived = life->check.state == CHECK_PATROL && before->state != CHECK_PATROL;

	if (arrived && life->check.cause == CAUSE_VISIT_SLOT)
		assert_true(life_has(life, EFFECT_VISIT) && !life_has(life, EFFECT_PAGE));
	if (arrived && life->check.cause != CAUSE_VISIT_SLOT)
		assert_true(life_has(life, EFFECT_PAGE));
	if (before->state == CHECK_PATROL && before->cause != CAUSE_VISIT_SLOT)
		assert_false(life_has(life, EFFECT_PAGE));
}

static void assert_time_alone_brings_the_patrol(struct life life)
{
	for (int turn = 0; turn < 20 && life.check.state < CHECK_PATROL; turn++)
		life_wake(&life);
	assert_true(life.check.state == CHECK_PATROL || life.check.state == CHECK_CLOSED);
}

static void assert_claim_is_whole(const struct check *check)
{
	if (check->state == CHECK_CLAIMED)
		assert_true(check->session != 0 && check->claimed_ms != 0);
	if (check->state != CHECK_CLAIMED && check->state != CHECK_LOOKING && check->state != CHECK_DECIDING)
		assert_int_equal(check->session, 0);
	assert_in_range(check->rechecks_left, 0, 2);
	assert_in_range(check->look_number, 0, 3);
}

static void live_one_night(struct dice *dice, int reached[CHECK_STATES])
{
	struct life life = life_planned(roll(dice, 10) == 0 ? SLOT_VISIT : SLOT_CAMERA);
	struct tally tally = {.rechecks = (int64_t)roll(dice, 3)};

	life.check.rechecks_left = tally.rechecks;
	life.now = START - M(1);
	for (int step = 0; step < STEPS; step++) {
		struct check before = life.check;
		struct check_event event;

		pass_time(dice, &life);
		event = roll_event(dice, &life);
		if (life_step(&life, event) != REFUSE_NO) {
			assert_memory_equal(&before, &life.check, sizeof before);
			assert_int_equal(life.effects.n, 0);
			continue;
		}
		assert_true(life.check.decision_version >= before.decision_version);
		if (before.state != life.check.state || before.session != life.check.session
		    || before.look != life.check.look || before.outcome != life.check.outcome)
			assert_true(life.check.decision_version > before.decision_version);
		assert_not_forgotten(&life);
		assert_ended_rightly(&before, &life.check, &event);
		assert_look_is_agreed(&life, &before, &tally);
		count_picture(&tally, &before, &life.check);
		assert_paged_rightly(&life, &before);
		assert_claim_is_whole(&life.check);
		reached[life.check.state]++;
		if (roll(dice, 8) == 0)
			assert_time_alone_brings_the_patrol(life);
	}
	assert_time_alone_brings_the_patrol(life);
}

static void no_night_breaks_a_promise(void **state)
{
	struct dice dice = {UINT64_C(0x7469746c6c73796e)};
	int reached[CHECK_STATES] = {0};

	(void)state;
	for (int night = 0; night < NIGHTS; night++)
		live_one_night(&dice, reached);
	/* Nights that never come to a state would prove nothing about it. */
	for (int at = 0; at < CHECK_STATES; at++)
		assert_true(reached[at] > NIGHTS / 20);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_night_breaks_a_promise),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
