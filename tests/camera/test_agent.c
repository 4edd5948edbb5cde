/*
 * The agent against a hub that a test plays message by message: what it says of itself, what it holds,
 * the sealed picture, its refusals and faults, and that neither a hostile hub nor a kill at any moment
 * brings a second opening.
 */
#include "camera/scripted_hub.h"

static int set_up(void **state)
{
	struct hub *hub = calloc(1, sizeof *hub);

	assert_non_null(hub);
	hub->home = home_new();
	switch_on(hub);
	connect(hub);
	forget_frames(hub);
	*state = hub;
	return 0;
}

static int tear_down(void **state)
{
	struct hub *hub = *state;

	agent_free(hub->agent, &hub->home->now);
	forget_frames(hub);
	home_free(hub->home);
	free(hub);
	return 0;
}

static void says_who_it_is(void **state)
{
	struct hub *hub = *state;
	struct home *home = hub->home;
	uint8_t challenge[NONCE_BYTES], signature[SIGNATURE_BYTES];
	struct buf encoded = buf_new(256);
	struct canon_writer w = canon_write(&encoded);
	struct wire_message *hello;

	lose(hub);
	agent_opened(hub->agent, &home->now);
	assert_silent(hub);
	say_challenge(hub);
	hello = heard(hub, WIRE_CAMERA_HELLO);
	assert_int_equal(wire_int(hello, "version"), WIRE_VERSION);
	assert_string_equal(wire_text(hello, "camera"), "cam1");
	assert_string_equal(wire_text(hello, "lens"), "parked");
	assert_int_equal(wire_int(hello, "utc_ms"), home->now.utc_ms);
	wire_fixed(hello, "challenge", challenge, NONCE_BYTES);
	wire_fixed(hello, "signature", signature, SIGNATURE_BYTES);
	canon_put_fixed(&w, hub->nonce, NONCE_BYTES);
	canon_put_fixed(&w, challenge, NONCE_BYTES);
	canon_put_text(&w, "cam1");
	canon_put_i64(&w, home->now.utc_ms);
	assert_true(signed_check(home->crypto, SIGNED_HELLO, encoded.data, encoded.len,
	                         home->device.public_key, signature));
	assert_false(agent_is_ready(hub->agent));
	buf_free(&encoded);
	wire_free(hello);
}

static void says_what_it_holds(void **state)
{
	struct hub *hub = *state;
	struct document roster = roster_document(hub->home, 1, "bertil", &hub->home->administration);
	struct document garbage = {.bytes = "no agreement", .len = 12};

	say_agreement(hub, &hub->home->administration);
	hear_holding(hub, "a1", 1, "accepted");
	hub->home->agreement.version = 2;
	say_agreement(hub, &hub->home->stranger);
	hear_holding(hub, "", 0, "refused");
	say_agreement(hub, &hub->home->administration);
	hear_holding(hub, "a1", 2, "accepted");
	hub->home->agreement.version = 1;
	say_agreement(hub, &hub->home->administration);
	hear_holding(hub, "a1", 1, "refused");
	say_document(hub, WIRE_AGREEMENT, &garbage);
	hear_holding(hub, "", 0, "refused");
	say_document(hub, WIRE_ROSTER, &roster); /* another one of version 1 */
	hear_holding(hub, "", 1, "refused");
	roster = roster_document(hub->home, 2, "bertil", &hub->home->administration);
	say_document(hub, WIRE_ROSTER, &roster);
	hear_holding(hub, "", 2, "accepted");
	say_stop(hub, "a1", 2);
	hear_holding(hub, "a1", 2, "stopped");
	hub->home->agreement.version = 2;
	say_agreement(hub, &hub->home->administration);
	hear_holding(hub, "a1", 2, "stopped");
	assert_silent(hub);
	assert_false(hub->closed);
}

static void takes_a_picture(void **state)
{
	struct hub *hub = *state;
	int64_t received_ms = hub->home->now.elapsed_ms;

	say_permit(hub);
	assert_true(hub->home->lens_open);
	hear_log_held(hub);
	hear_lens(hub, "open");
	assert_silent(hub);
	run_look(hub);
	hear_lens(hub, "parked");
	hear_picture(hub, received_ms);
	hear_measured(hub, "taken");
	assert_silent(hub);
}

static void names_its_refusal(void **state)
{
	struct hub *hub = *state;
	struct home *home = hub->home;

	strcpy(home->permit.slot, "slot9");
	say_permit(hub);
	hear_refused(hub, PERMIT_OUTSIDE_TIME);
	draw_up(home);
	home_pass(home, home->policy.permit_ms);
	say_permit(hub);
	hear_refused(hub, PERMIT_EXPIRED);
	draw_up(home);
	say_stop(hub, "a1", 1);
	hear_holding(hub, "a1", 1, "stopped");
	say_permit(hub);
	hear_refused(hub, PERMIT_WITHDRAWN);
	home->operator_key = home->stranger;
	draw_up(home);
	say_permit(hub);
	hear_refused(hub, PERMIT_BAD_REQUEST);
	home->signer = home->stranger;
	draw_up(home);
	say_permit(hub);
	hear_refused(hub, PERMIT_BAD_SIGNATURE);
	assert_null(strstr(home->journal, "open"));
}

static void tells_a_fault_and_what_it_measured(void **state)
{
	struct hub *hub = *state;

	hub->home->trouble.never = true;
	say_permit(hub);
	run_look(hub);
	hear_log_held(hub);
	hear_lens(hub, "open");
	hear_lens(hub, "parked");
	hear_fault(hub, hub->home->permit.look, CAUSE_CAMERA_FAULT);
	hear_measured(hub, "camera-fault");
	assert_silent(hub);
}

static void tells_yesterdays_picture(void **state)
{
	struct hub *hub = *state;

	hub->home->trouble.age_ms = MS_DAY;
	say_permit(hub);
	run_look(hub);
	hear_log_held(hub);
	hear_lens(hub, "open");
	hear_lens(hub, "parked");
	hear_fault(hub, hub->home->permit.look, CAUSE_STALE);
	hear_measured(hub, check_cause_name(CAUSE_STALE));
	assert_silent(hub);
}

static void tells_a_lens_that_does_not_park(void **state)
{
	struct hub *hub = *state;

	hub->home->trouble.stuck = true;
	say_permit(hub);
	run_look(hub);
	hear_log_held(hub);
	hear_lens(hub, "unknown");
	hear_fault(hub, hub->home->permit.look, CAUSE_CAMERA_FAULT);
	hear_measured(hub, "camera-fault");
	draw_up(hub->home);
	hub->home->permit.replacement = true;
	say_permit(hub);
	/* Not told to open, so nothing was measured. */
	hear_fault(hub, hub->home->permit.look, CAUSE_CAMERA_FAULT);
	assert_silent(hub);
	hub->home->trouble.stuck = false;
	home_pass(hub->home, 10 * MS_SECOND);
	agent_tick(hub->agent, &hub->home->now);
	hear_lens(hub, "parked");
}

static void closes_when_stopped_in_mid_capture(void **state)
{
	struct hub *hub = *state;

	say_permit(hub);
	hear_log_held(hub);
	hear_lens(hub, "open");
	say_stop(hub, "a1", 1);
	assert_false(hub->home->lens_open);
	hear_holding(hub, "a1", 1, "stopped");
	run_look(hub);
	hear_lens(hub, "parked");
	hear_fault(hub, hub->home->permit.look, CAUSE_WITHDRAWN);
	hear_measured(hub, check_cause_name(CAUSE_WITHDRAWN));
}

/* The log must have every opening, also one that the hub lost sight of. */
static void measures_a_look_whose_connection_was_lost(void **state)
{
	struct hub *hub = *state;
	struct permit before = hub->home->permit;

	say_permit(hub);
	hear_log_held(hub);
	hear_lens(hub, "open");
	lose(hub);
	assert_false(hub->home->lens_open);
	run_look(hub);
	assert_silent(hub);
	greet(hub);
	say_welcome(hub, 0);
	assert_memory_not_equal(before.challenge, hub->home->challenge, NONCE_BYTES);
	hear_measured(hub, "camera-lost");
	assert_silent(hub);
	say_permit(hub);
	hear_refused(hub, PERMIT_OLD_CONNECTION);
	draw_up(hub->home);
	say_permit(hub);
	hear_refused(hub, PERMIT_NO_RIGHT_LEFT);
	draw_up(hub->home);
	hub->home->permit.replacement = true;
	say_permit(hub);
	run_look(hub);
	assert_int_equal(hub->home->opens, 2);
}

static void tells_a_clock_that_is_off(void **state)
{
	struct hub *hub = *state;

	lose(hub);
	greet(hub);
	say_welcome(hub, hub->home->policy.clock_skew_ms + MS_SECOND);
	hear_fault(hub, 0, CAUSE_CLOCK);
	draw_up(hub->home);
	say_permit(hub);
	hear_refused(hub, PERMIT_CLOCK);
}

static void hangs_up_when_its_clock_is_set(void **state)
{
	struct hub *hub = *state;

	hub->step_ms = -MS_HOUR;
	say_permit(hub);
	hear_fault(hub, 0, CAUSE_CLOCK);
	hear_refused(hub, PERMIT_CLOCK);
	assert_true(hub->closed);
	lose(hub);
	/* It noticed without a permit, too. */
	hub->step_ms = 0;
	connect(hub);
	forget_frames(hub);
	hub->step_ms = MS_HOUR;
	home_pass(hub->home, 10 * MS_SECOND);
	agent_tick(hub->agent, &hub->home->now);
	hear_fault(hub, 0, CAUSE_CLOCK);
	assert_true(hub->closed);
}

/* The program is told to end in mid-capture: the hub still hears what the lens did. */
static void tells_what_it_did_before_it_leaves(void **state)
{
	struct hub *hub = *state;

	say_permit(hub);
	hear_log_held(hub);
	hear_lens(hub, "open");
	agent_retire(hub->agent, &hub->home->now);
	assert_false(hub->home->lens_open);
	run_look(hub);
	assert_true(agent_is_parked(hub->agent, &hub->home->now));
	hear_lens(hub, "parked");
	hear_fault(hub, hub->home->permit.look, CAUSE_CAMERA_FAULT);
	hear_measured(hub, "camera-fault");
	draw_up(hub->home);
	hub->home->permit.replacement = true;
	say_permit(hub);
	hear_refused(hub, PERMIT_OLD_CONNECTION);
}

/* A hostile or broken hub. */

static void assert_given_up(struct hub *hub)
{
	assert_true(hub->closed);
	assert_false(agent_is_ready(hub->agent));
	/* What comes behind it on the same connection is not heard. */
	draw_up(hub->home);
	say_permit(hub);
	assert_null(strstr(hub->home->journal, "open"));
	lose(hub);
	forget_frames(hub);
	connect(hub);
	forget_frames(hub);
}

static void gives_up_a_hub_that_talks_nonsense(void **state)
{
	static const char *const nonsense[] = {
		"",
		"{",
		"[]",
		"{\"message\":\"open\"}",
		"{\"message\":\"permit\"}",
		"{\"message\":\"permit\",\"permit\":\"AA==\",\"request\":\"AA==\"}",
		"{\"message\":\"stop\",\"agreement\":\"a1\",\"version\":1,\"surplus\":1}",
		"{\"message\":\"stop\",\"agreement\":\"../a1\",\"version\":1}",
		"{\"message\":\"lens\",\"lens\":\"open\"}",
		"{\"message\":\"done\",\"command\":1}",
		"{\"message\":\"welcome\",\"version\":1,\"demo\":false,\"utc_ms\":1,\"session\":1}",
		"{\"message\":\"challenge\",\"version\":1,\"nonce\":\"AAAAAAAAAAAAAAAAAAAAAA==\"}",
	};
	struct hub *hub = *state;

	for (size_t i = 0; i < sizeof nonsense / sizeof *nonsense; i++) {
		agent_message(hub->agent, (const uint8_t *)nonsense[i], strlen(nonsense[i]), false,
		              &hub->home->now);
		assert_given_up(hub);
	}
	agent_message(hub->agent, (const uint8_t *)"\0\0\0\0\0\0\0\1", 8, true, &hub->home->now);
	assert_given_up(hub);
}

static void gives_up_a_hub_that_talks_out_of_turn(void **state)
{
	struct hub *hub = *state;

	lose(hub);
	agent_opened(hub->agent, &hub->home->now);
	say_welcome(hub, 0);
	assert_given_up(hub);
	lose(hub);
	agent_opened(hub->agent, &hub->home->now);
	say_permit(hub);
	assert_given_up(hub);
	lose(hub);
	greet(hub);
	say_challenge(hub);
	assert_given_up(hub);
	lose(hub);
	greet(hub);
	draw_up(hub->home);
	say_permit(hub);
	assert_given_up(hub);
}

static void closes_when_nonsense_comes_in_mid_capture(void **state)
{
	struct hub *hub = *state;

	say_permit(hub);
	assert_true(hub->home->lens_open);
	agent_message(hub->agent, (const uint8_t *)"{", 1, false, &hub->home->now);
	assert_true(hub->closed);
	assert_false(hub->home->lens_open);
}

static void hears_nothing_before_it_is_connected(void **state)
{
	struct hub *hub = *state;

	lose(hub);
	say_challenge(hub);
	say_permit(hub);
	assert_silent(hub);
	assert_int_equal(hub->home->opens, 0);
}

/* A kill gives no orders; what the camera does then is its own affair until the agent is back. */
static void kill_and_start_again(struct hub *hub)
{
	hub->home->trouble.deaf_to_park = true;
	agent_free(hub->agent, &hub->home->now);
	hub->home->trouble.deaf_to_park = false;
	forget_frames(hub);
	switch_on(hub);
	assert_false(hub->home->lens_open);
	home_pass(hub->home, MS_SECOND);
	connect(hub);
	forget_frames(hub);
}

static void killed_at_any_tick_opens_once(void **state)
{
	const int ticks_of_a_look = 24;
	struct hub *hub = *state;
	int over = 0;

	for (int kill_at = 0; kill_at <= ticks_of_a_look; kill_at++) {
		int opens = hub->home->opens;

		hub->home->permit.night = NIGHT + kill_at;
		hub->home->now.utc_ms = SLOT_MS + kill_at * MS_DAY + MS_MINUTE;
		draw_up(hub->home);
		hub->home->permit.night = NIGHT + kill_at;
		say_permit(hub);
		for (int i = 0; i < kill_at; i++) {
			home_pass(hub->home, 20);
			agent_tick(hub->agent, &hub->home->now);
		}
		over += agent_is_idle(hub->agent);
		kill_and_start_again(hub);
		hub->home->permit.night = NIGHT + kill_at;
		say_permit(hub);
		hear_refused(hub, PERMIT_NO_RIGHT_LEFT);
		assert_int_equal(hub->home->opens, opens + 1);
	}
	/* The first in mid-capture, the last of them after the look. */
	assert_true(over > 0 && over < ticks_of_a_look);
}

static void killed_before_the_permit_opens_once(void **state)
{
	struct hub *hub = *state;

	kill_and_start_again(hub);
	say_permit(hub);
	run_look(hub);
	assert_int_equal(hub->home->opens, 1);
}

/* Between the record and the lens: the look is spent, and a patrol comes. */
static void killed_before_the_lens_moves_opens_never(void **state)
{
	struct hub *hub = *state;

	hub->home->trouble.dies_at_open = true;
	say_permit(hub);
	hub->home->trouble = (struct trouble){.age_ms = -1, .picture_len = PICTURE_MAX};
	kill_and_start_again(hub);
	say_permit(hub);
	hear_refused(hub, PERMIT_NO_RIGHT_LEFT);
	assert_int_equal(hub->home->opens, 0);
}

#define WITH_HUB(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_HUB(says_who_it_is),
		WITH_HUB(says_what_it_holds),
		WITH_HUB(takes_a_picture),
		WITH_HUB(names_its_refusal),
		WITH_HUB(tells_a_fault_and_what_it_measured),
		WITH_HUB(tells_yesterdays_picture),
		WITH_HUB(tells_a_lens_that_does_not_park),
		WITH_HUB(closes_when_stopped_in_mid_capture),
		WITH_HUB(measures_a_look_whose_connection_was_lost),
		WITH_HUB(tells_a_clock_that_is_off),
		WITH_HUB(hangs_up_when_its_clock_is_set),
		WITH_HUB(tells_what_it_did_before_it_leaves),
		WITH_HUB(gives_up_a_hub_that_talks_nonsense),
		WITH_HUB(gives_up_a_hub_that_talks_out_of_turn),
		WITH_HUB(closes_when_nonsense_comes_in_mid_capture),
		WITH_HUB(hears_nothing_before_it_is_connected),
		WITH_HUB(killed_at_any_tick_opens_once),
		WITH_HUB(killed_before_the_permit_opens_once),
		WITH_HUB(killed_before_the_lens_moves_opens_never),
	};

	return cmocka_run_group_tests_name("agent", tests, NULL, NULL);
}
