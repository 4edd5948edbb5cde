/* A lens guard in its home: how a test connects it, hands it documents and permits, and lets it run. */
#ifndef TILLSYN_TESTS_CAMERA_GUARDED_H
#define TILLSYN_TESTS_CAMERA_GUARDED_H

#include "camera/home.h"

#define RUN_MS_MAX (20 * MS_SECOND)

/* A guard on the same records and the same camera: after a start, or after a restart. */
static inline void switch_on(struct home *home)
{
	struct guard_set_up set_up = home_set_up(home);

	assert_int_equal(guard_new(&set_up, &home->now, &home->guard), ERR_OK);
}

static inline void connect(struct home *home)
{
	home->crypto->random(home->challenge, NONCE_BYTES);
	guard_connection(home->guard, home->challenge);
	guard_hub_clock(home->guard, 0);
}

static inline void restart(struct home *home)
{
	guard_free(home->guard, &home->now);
	switch_on(home);
	home_pass(home, MS_SECOND);
	connect(home);
}

static inline enum err take_agreement(struct home *home, const struct key_pair *by)
{
	struct document document = agreement_document(home, by);
	char id[ID_MAX];
	uint32_t version;

	return guard_agreement(home->guard, document.bytes, document.len, document.signature, id, &version);
}

static inline enum err take_roster(struct home *home, uint32_t version, const char *operator_id,
                                   const struct key_pair *by)
{
	struct document document = roster_document(home, version, operator_id, by);

	return guard_roster(home->guard, document.bytes, document.len, document.signature, &version);
}

/* Connected, a minute into the slot at 01:00, agreement and roster held, and a permit drawn up. */
static inline int set_up(void **state)
{
	struct home *home = home_new();

	switch_on(home);
	connect(home);
	assert_int_equal(take_agreement(home, &home->administration), ERR_OK);
	assert_int_equal(take_roster(home, 1, "anna", &home->administration), ERR_OK);
	home->journal[0] = '\0';
	draw_up(home);
	*state = home;
	return 0;
}

static inline int tear_down(void **state)
{
	home_free(*state);
	return 0;
}

static inline enum permit_refusal present(struct home *home)
{
	struct guard_permit in = signed_permit(home);

	return guard_open(home->guard, &in, &home->now, &home->verdict);
}

/* Ticks as often as the guard asks for until the opening has ended. */
static inline struct guard_result await_result(struct home *home)
{
	struct guard_result result;

	for (int64_t from_ms = home->now.elapsed_ms; home->now.elapsed_ms - from_ms < RUN_MS_MAX;) {
		int64_t next_ms = guard_tick(home->guard, &home->now);

		if (guard_result(home->guard, &result))
			return result;
		assert_true(next_ms > home->now.elapsed_ms);
		home_pass(home, next_ms - home->now.elapsed_ms);
	}
	fail_msg("an opening has no end");
	return result;
}

/* Ticks for so long; nothing may end meanwhile. */
static inline void tick_for(struct home *home, int64_t ms)
{
	for (int64_t until_ms = home->now.elapsed_ms + ms; home->now.elapsed_ms < until_ms;) {
		guard_tick(home->guard, &home->now);
		home_pass(home, 20);
	}
}

static inline void assert_closed(struct home *home)
{
	assert_false(home->lens_open);
	assert_int_equal(guard_lens(home->guard, &home->now), LENS_PARKED);
	assert_true(home->open_longest_ms <= home->policy.lens_open_ms_max);
	assert_true(guard_is_idle(home->guard));
}

static inline void assert_refused(struct home *home, enum permit_refusal refusal)
{
	assert_string_equal(permit_refusal_name(present(home)), permit_refusal_name(refusal));
	assert_null(home->verdict.fault);
	assert_null(strstr(home->journal, "open "));
	assert_closed(home);
}

static inline void assert_ends(struct home *home, enum cause cause)
{
	struct guard_result result = await_result(home);

	assert_string_equal(check_cause_name(result.cause), check_cause_name(cause));
	assert_int_equal(result.permit.look, home->permit.look);
	assert_int_equal(result.jpeg.len == 0, cause != CAUSE_NONE);
	assert_true(cause == CAUSE_NONE || result.words != NULL);
	guard_result_wipe(home->guard, &result);
}

/* A whole look that succeeds. */
static inline void look(struct home *home)
{
	assert_string_equal(permit_refusal_name(present(home)), "granted");
	assert_null(home->verdict.fault);
	assert_ends(home, CAUSE_NONE);
	assert_closed(home);
}

static inline void forget_journal(struct home *home)
{
	home->journal[0] = '\0';
}

static inline void begin(struct home *home)
{
	assert_int_equal(present(home), PERMIT_GRANTED);
	tick_for(home, 200);
	assert_true(home->lens_open);
}

#define GUARDED(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

#endif
