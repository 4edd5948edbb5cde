/* A planned time becomes a check that carries everything its night needs, and starts where it should. */
#include "core/life.h"

#include "core/night.h"

static struct agreement couple(void)
{
	struct agreement agreement = agreement_blank();

	memcpy(agreement.id, "a7", sizeof "a7");
	agreement.version = 3;
	memcpy(agreement.camera, "cam7", sizeof "cam7");
	memcpy(agreement.area, "north", sizeof "north");
	agreement.priority = 2;
	agreement.n_persons = 2;
	agreement.person[0] = (struct person){.id = "berit", .to_day = DAY_OPEN};
	agreement.person[1] = (struct person){.id = "nils", .to_day = DAY_OPEN};
	agreement.n_slots = 2;
	agreement.slot[0] = (struct slot){.id = "0100", .kind = SLOT_CAMERA};
	agreement.slot[1] = (struct slot){.id = "0400", .kind = SLOT_VISIT};
	return agreement;
}

static struct planned at(int slot, enum slot_kind kind, enum right right)
{
	return (struct planned){.night = 20000, .slot = slot, .person = 1, .kind = kind, .right = right,
	                        .note = PLAN_GAP, .start_ms = START, .early_ms = START - M(5),
	                        .latest_ms = START + M(15), .hard_end_ms = START + M(25)};
}

static void a_check_carries_what_was_agreed(void **state)
{
	struct agreement agreement = couple();
	struct policy policy = policy_defaults();
	struct planned planned = at(0, SLOT_CAMERA, RIGHT_LOOK);
	struct check check;

	(void)state;
	agreement.overrides.rechecks = 0;
	agreement.overrides.recheck_due_ms = M(14);
	check = check_plan(&agreement, &planned, &policy);
	assert_string_equal(check.resident, "nils");
	assert_string_equal(check.agreement, "a7");
	assert_int_equal(check.agreement_version, 3);
	assert_string_equal(check.slot, "0100");
	assert_string_equal(check.camera, "cam7");
	assert_int_equal(check.priority, 2);
	assert_int_equal(check.note, PLAN_GAP);
	assert_int_equal(check.rechecks_left, 0);
	assert_int_equal(check.recheck_due_ms, M(14));
	assert_int_equal(check.recheck_earliest_ms, policy.recheck_earliest_ms);
	assert_int_equal(check.hard_end_ms, START + M(25));
	assert_int_equal(check.state, CHECK_PLANNED);
	assert_int_equal(check.cause, CAUSE_NONE);
	assert_int_equal(check.view_ms, -1);
	/* A look may start early, and then so does the check. */
	assert_int_equal(check.next_at, START - M(5));
}

static void only_an_agreed_visit_is_in_the_plan_of_the_patrol(void **state)
{
	static const struct {
		int slot;
		enum right right;
		enum cause cause;
		enum effect_kind effect;
	} visits[] = {
		{1, RIGHT_LOOK, CAUSE_VISIT_SLOT, EFFECT_VISIT},
		{1, RIGHT_LAPSED, CAUSE_VISIT_SLOT, EFFECT_VISIT},
		{0, RIGHT_LAPSED, CAUSE_LAPSED, EFFECT_PAGE},
		{0, RIGHT_WITHDRAWN, CAUSE_WITHDRAWN, EFFECT_PAGE},
	};
	struct agreement agreement = couple();

	(void)state;
	for (size_t i = 0; i < sizeof visits / sizeof visits[0]; i++) {
		struct life life = life_planned(SLOT_VISIT);
		struct planned planned = at(visits[i].slot, SLOT_VISIT, visits[i].right);

		life.check = check_plan(&agreement, &planned, &life.policy);
		assert_int_equal(life.check.cause, visits[i].cause);
		assert_int_equal(life.check.next_at, START);
		life_wake(&life);
		assert_state(&life, CHECK_PATROL);
		assert_int_equal(life.effects.n, 1);
		assert_int_equal(life.effects.effect[0].kind, visits[i].effect);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_check_carries_what_was_agreed),
		cmocka_unit_test(only_an_agreed_visit_is_in_the_plan_of_the_patrol),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
