/*
 * Whom the lens guard refuses, whatever the hub says, and that a lens which opened is closed again on
 * every path (SERVICE.md P6, P8, P13, hard cases 5, 7, 12, 13).
 */
#include "camera/home.h"

#define RUN_MS_MAX (20 * MS_SECOND)

/* A guard on the same records and the same camera: after a start, or after a restart. */
static void switch_on(struct home *home)
{
	struct guard_set_up set_up = home_set_up(home);

	assert_int_equal(guard_new(&set_up, &home->now, &home->guard), ERR_OK);
}

static void connect(struct home *home)
{
	home->crypto->random(home->challenge, NONCE_BYTES);
	guard_connection(home->guard, home->challenge);
	guard_hub_clock(home->guard, 0);
}

static void restart(struct home *home)
{
	guard_free(home->guard, &home->now);
	switch_on(home);
	home_pass(home, MS_SECOND);
	connect(home);
}

static enum err take_agreement(struct home *home, const struct key_pair *by)
{
	struct document document = agreement_document(home, by);
	char id[ID_MAX];
	uint32_t version;

	return guard_agreement(home->guard, document.bytes, document.len, document.signature, id, &version);
}

static enum err take_roster(struct home *home, uint32_t version, const char *operator_id,
                            const struct key_pair *by)
{
	struct document document = roster_document(home, version, operator_id, by);

	return guard_roster(home->guard, document.bytes, document.len, document.signature, &version);
}

/* Connected, a minute into the slot at 01:00, agreement and roster held, and a permit drawn up. */
static int set_up(void **state)
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

static int tear_down(void **state)
{
	home_free(*state);
	return 0;
}

static enum permit_refusal present(struct home *home)
{
	struct guard_permit in = signed_permit(home);

	return guard_open(home->guard, &in, &home->now, &home->read, &home->fault);
}

/* Ticks as often as the guard asks for until the opening has ended. */
static struct guard_result await_result(struct home *home)
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
static void tick_for(struct home *home, int64_t ms)
{
	for (int64_t until_ms = home->now.elapsed_ms + ms; home->now.elapsed_ms < until_ms;) {
		guard_tick(home->guard, &home->now);
		home_pass(home, 20);
	}
}

static void assert_closed(struct home *home)
{
	assert_false(home->lens_open);
	assert_int_equal(guard_lens(home->guard, &home->now), LENS_PARKED);
	assert_true(home->open_longest_ms <= home->policy.lens_open_ms_max);
	assert_true(guard_is_idle(home->guard));
}

static void assert_refused(struct home *home, enum permit_refusal refusal)
{
	assert_string_equal(permit_refusal_name(present(home)), permit_refusal_name(refusal));
	assert_null(home->fault);
	assert_null(strstr(home->journal, "open "));
	assert_closed(home);
}

static void assert_ends(struct home *home, enum cause cause)
{
	struct guard_result result = await_result(home);

	assert_string_equal(check_cause_name(result.cause), check_cause_name(cause));
	assert_int_equal(result.permit.look, home->permit.look);
	assert_int_equal(result.jpeg.len == 0, cause != CAUSE_NONE);
	assert_true(cause == CAUSE_NONE || result.words != NULL);
	guard_result_wipe(home->guard, &result);
}

/* A whole look that succeeds. */
static void look(struct home *home)
{
	assert_string_equal(permit_refusal_name(present(home)), "granted");
	assert_null(home->fault);
	assert_ends(home, CAUSE_NONE);
	assert_closed(home);
}

static void forget_journal(struct home *home)
{
	home->journal[0] = '\0';
}

static void gives_a_picture(void **state)
{
	struct home *home = *state;
	int64_t received_ms = home->now.elapsed_ms;
	struct guard_result result;

	assert_int_equal(present(home), PERMIT_GRANTED);
	assert_null(home->fault);
	assert_int_equal(home->read.look, home->permit.look);
	result = await_result(home);
	assert_int_equal(result.cause, CAUSE_NONE);
	assert_int_equal(result.jpeg.len, PICTURE_MAX);
	assert_int_equal(result.received_ms, received_ms);
	assert_true(result.captured_ms >= received_ms + 300 && result.captured_ms < received_ms + 350);
	assert_true(result.lens_ms >= 400 && result.lens_ms < 460);
	assert_memory_equal(result.permit.nonce, home->permit.nonce, NONCE_BYTES);
	assert_closed(home);
	guard_result_wipe(home->guard, &result);
	assert_null(result.jpeg.data);
	assert_false(guard_result(home->guard, &result));
}

/* Nothing that takes time, not even the record of the picture's hash, comes between picture and parking. */
static void writes_then_opens_and_parks_before_all_else(void **state)
{
	struct home *home = *state;

	look(home);
	assert_int_equal(strncmp(home->journal, "openings open capture park ", 27), 0);
}

/* Times. */

static void refuses_outside_the_agreed_time(void **state)
{
	struct home *home = *state;
	const int64_t outside_ms[] = {SLOT_MS - 1, SLOT_MS - 3 * MS_HOUR, SLOT_MS + 25 * MS_MINUTE,
	                              SLOT_MS + 5 * MS_HOUR, SLOT_MS + 12 * MS_HOUR};

	for (size_t i = 0; i < sizeof outside_ms / sizeof *outside_ms; i++) {
		home->now.utc_ms = outside_ms[i];
		draw_up(home);
		assert_refused(home, PERMIT_OUTSIDE_TIME);
	}
	home->now.utc_ms = SLOT_MS + 25 * MS_MINUTE - MS_SECOND;
	draw_up(home);
	look(home);
}

static void refuses_another_night_or_slot(void **state)
{
	struct home *home = *state;

	home->permit.night = NIGHT + 1;
	assert_refused(home, PERMIT_OUTSIDE_TIME);
	home->permit.night = NIGHT - 1;
	assert_refused(home, PERMIT_OUTSIDE_TIME);
	draw_up(home);
	strcpy(home->permit.slot, "slot1");
	assert_refused(home, PERMIT_OUTSIDE_TIME);
}

static void refuses_a_slot_of_another_weekday(void **state)
{
	struct home *home = *state;

	home->agreement.version = 2;
	/* The night begins on a Monday. */
	home->agreement.slot[0].weekdays = EVERY_DAY & ~1;
	assert_int_equal(take_agreement(home, &home->administration), ERR_OK);
	draw_up(home);
	assert_refused(home, PERMIT_OUTSIDE_TIME);
}

static void refuses_an_expired_permit(void **state)
{
	struct home *home = *state;

	home_pass(home, home->policy.permit_ms);
	assert_refused(home, PERMIT_EXPIRED);
}

static void refuses_a_permit_from_the_future_or_too_long(void **state)
{
	struct home *home = *state;

	home->permit.from_ms += MS_MINUTE;
	home->permit.to_ms += MS_MINUTE;
	home->request.at_ms += MS_MINUTE;
	assert_refused(home, PERMIT_NOT_YET);
	draw_up(home);
	home->permit.to_ms += 1;
	assert_refused(home, PERMIT_TOO_LONG);
}

/* Permits of others, of another time, or of nobody. */

static void refuses_a_replayed_permit(void **state)
{
	struct home *home = *state;

	look(home);
	forget_journal(home);
	assert_refused(home, PERMIT_REPLAYED);
	restart(home);
	/* Even if everything but its identity were new. */
	memcpy(home->permit.challenge, home->challenge, NONCE_BYTES);
	memcpy(home->request.challenge, home->challenge, NONCE_BYTES);
	home->permit.replacement = true;
	forget_journal(home);
	assert_refused(home, PERMIT_REPLAYED);
}

static void refuses_a_permit_for_another_camera(void **state)
{
	struct home *home = *state;

	strcpy(home->permit.camera, "cam2");
	strcpy(home->request.camera, "cam2");
	assert_refused(home, PERMIT_OTHER_CAMERA);
}

static void refuses_a_permit_from_an_earlier_connection(void **state)
{
	struct home *home = *state;

	connect(home);
	assert_refused(home, PERMIT_OLD_CONNECTION);
}

static void refuses_everything_without_a_connection(void **state)
{
	struct home *home = *state;

	guard_connection(home->guard, NULL);
	assert_refused(home, PERMIT_OLD_CONNECTION);
	memset(home->permit.challenge, 0, NONCE_BYTES);
	memset(home->request.challenge, 0, NONCE_BYTES);
	assert_refused(home, PERMIT_OLD_CONNECTION);
}

static void refuses_a_forged_permit(void **state)
{
	struct home *home = *state;
	struct key_pair signer = home->signer, operator_key = home->operator_key;

	home->signer = home->stranger;
	assert_refused(home, PERMIT_BAD_SIGNATURE);
	home->signer = signer;
	home->operator_key = home->stranger;
	assert_refused(home, PERMIT_BAD_REQUEST);
	home->operator_key = operator_key;
	home->crypto->random(home->permit.picture_key, KEY_BYTES);
	assert_refused(home, PERMIT_BAD_REQUEST);
	draw_up(home);
	home->permit.look++;
	assert_refused(home, PERMIT_BAD_REQUEST);
}

static void refuses_bytes_changed_on_the_way(void **state)
{
	struct home *home = *state;
	struct guard_permit in = signed_permit(home);

	for (size_t i = 0; i < home->permit_bytes.len; i++) {
		home->permit_bytes.data[i] ^= 1;
		assert_int_equal(guard_open(home->guard, &in, &home->now, &home->read, &home->fault),
		                 PERMIT_BAD_SIGNATURE);
		home->permit_bytes.data[i] ^= 1;
	}
	for (size_t i = 0; i < home->request_bytes.len; i++) {
		home->request_bytes.data[i] ^= 1;
		assert_int_equal(guard_open(home->guard, &in, &home->now, &home->read, &home->fault),
		                 PERMIT_BAD_REQUEST);
		home->request_bytes.data[i] ^= 1;
	}
	assert_string_equal(home->journal, "");
	look(home);
}

static void refuses_an_operator_who_is_not_on_the_roster(void **state)
{
	struct home *home = *state;

	strcpy(home->request.operator_id, "bertil");
	assert_refused(home, PERMIT_UNKNOWN_OPERATOR);
	assert_int_equal(take_roster(home, 2, "bertil", &home->administration), ERR_OK);
	draw_up(home);
	assert_refused(home, PERMIT_UNKNOWN_OPERATOR);
	/* An older roster brings nobody back, and a stranger's is none. */
	assert_int_equal(take_roster(home, 1, "anna", &home->administration), ERR_STALE);
	assert_int_equal(take_roster(home, 3, "anna", &home->stranger), ERR_SIGNATURE);
	assert_refused(home, PERMIT_UNKNOWN_OPERATOR);
	assert_int_equal(take_roster(home, 3, "anna", &home->administration), ERR_OK);
	look(home);
}

/* Clocks (SERVICE.md hard case 13). */

static void refuses_with_an_insane_clock(void **state)
{
	struct home *home = *state;
	int64_t utc_ms_now = home->now.utc_ms, skew_ms = home->policy.clock_skew_ms;

	home->now.utc_ms = utc_ms(2024, 12, 31, 23, 59);
	assert_refused(home, PERMIT_CLOCK);
	home->now.utc_ms = 0;
	assert_refused(home, PERMIT_CLOCK);
	home->now.utc_ms = utc_ms_now;
	guard_hub_clock(home->guard, skew_ms + 1);
	assert_refused(home, PERMIT_CLOCK);
	guard_hub_clock(home->guard, -skew_ms - 1);
	assert_refused(home, PERMIT_CLOCK);
	guard_hub_clock(home->guard, 0);
	look(home);
}

static void refuses_before_the_hub_has_told_its_clock(void **state)
{
	struct home *home = *state;

	home->crypto->random(home->challenge, NONCE_BYTES);
	guard_connection(home->guard, home->challenge);
	draw_up(home);
	assert_refused(home, PERMIT_CLOCK);
}

static void refuses_after_a_step_until_it_connects_again(void **state)
{
	struct home *home = *state;

	guard_clock_stepped(home->guard);
	guard_hub_clock(home->guard, 0);
	assert_refused(home, PERMIT_CLOCK);
	connect(home);
	draw_up(home);
	look(home);
}

/* A sound clock need not be the hub's to the second: the hub's decides what time it is. */
static void goes_by_the_hubs_clock_within_the_skew(void **state)
{
	struct home *home = *state;

	home->now.utc_ms = SLOT_MS - 20 * MS_SECOND;
	draw_up(home);
	assert_refused(home, PERMIT_OUTSIDE_TIME);
	guard_hub_clock(home->guard, 25 * MS_SECOND);
	home->now.utc_ms += 25 * MS_SECOND;
	draw_up(home);
	home->now.utc_ms -= 25 * MS_SECOND;
	look(home);
}

/* Agreements. */

static void refuses_without_an_agreement(void **state)
{
	struct home *home = *state;

	strcpy(home->permit.agreement, "a2");
	assert_refused(home, PERMIT_NO_AGREEMENT);
}

static void refuses_an_agreement_that_is_not_signed(void **state)
{
	struct home *home = *state;
	struct document document;
	char id[ID_MAX];
	uint32_t version;

	home->agreement.version = 2;
	assert_int_equal(take_agreement(home, &home->stranger), ERR_SIGNATURE);
	assert_int_equal(take_agreement(home, &home->signer), ERR_SIGNATURE);
	document = agreement_document(home, &home->administration);
	memset(document.signature, 0, SIGNATURE_BYTES);
	assert_int_equal(guard_agreement(home->guard, document.bytes, document.len, document.signature, id,
	                                 &version),
	                 ERR_SIGNATURE);
	/* A roster's signature is no agreement's. */
	document = agreement_document(home, &home->administration);
	roster_sign(home->crypto, document.bytes, document.len, home->administration.secret_key,
	            document.signature);
	assert_int_equal(guard_agreement(home->guard, document.bytes, document.len, document.signature, id,
	                                 &version),
	                 ERR_SIGNATURE);
	draw_up(home);
	assert_refused(home, PERMIT_NO_AGREEMENT);
}

static void refuses_an_older_version_after_a_newer(void **state)
{
	struct home *home = *state;

	home->agreement.version = 2;
	assert_int_equal(take_agreement(home, &home->administration), ERR_OK);
	assert_refused(home, PERMIT_NO_AGREEMENT); /* drawn up under version 1 */
	home->agreement.version = 1;
	assert_int_equal(take_agreement(home, &home->administration), ERR_STALE);
	restart(home);
	assert_int_equal(take_agreement(home, &home->administration), ERR_STALE);
	forget_journal(home);
	draw_up(home);
	assert_refused(home, PERMIT_NO_AGREEMENT);
	/* Nor another one under the number of what is held. */
	home->agreement.version = 2;
	home->agreement.slot[0].from_min = HM(2, 0);
	assert_int_equal(take_agreement(home, &home->administration), ERR_STALE);
	home->agreement.slot[0].from_min = HM(1, 0);
	assert_int_equal(take_agreement(home, &home->administration), ERR_OK);
	draw_up(home);
	look(home);
}

static void refuses_a_signed_withdrawal_for_ever(void **state)
{
	struct home *home = *state;

	home->agreement.version = 2;
	home->agreement.withdrawn = true;
	assert_int_equal(take_agreement(home, &home->administration), ERR_OK);
	draw_up(home);
	assert_refused(home, PERMIT_WITHDRAWN);
	restart(home);
	home->agreement.version = 1;
	home->agreement.withdrawn = false;
	assert_int_equal(take_agreement(home, &home->administration), ERR_STALE);
	home->agreement.version = 2;
	draw_up(home);
	forget_journal(home);
	assert_refused(home, PERMIT_WITHDRAWN);
}

/* Closing needs no proof, and outlives a restart; a newer version that was signed opens again. */
static void refuses_after_an_unsigned_stop(void **state)
{
	struct home *home = *state;

	assert_int_equal(guard_stop(home->guard, "a1", 1), ERR_OK);
	assert_true(guard_is_stopped(home->guard, "a1"));
	assert_refused(home, PERMIT_WITHDRAWN);
	restart(home);
	forget_journal(home);
	assert_int_equal(take_agreement(home, &home->administration), ERR_OK);
	draw_up(home);
	assert_refused(home, PERMIT_WITHDRAWN);
	home->agreement.version = 2;
	assert_int_equal(take_agreement(home, &home->administration), ERR_OK);
	draw_up(home);
	look(home);
}

static void holds_a_stop_that_came_before_its_agreement(void **state)
{
	struct home *home = *state;

	home->agreement.version = 2;
	assert_int_equal(guard_stop(home->guard, "a1", 2), ERR_OK);
	assert_int_equal(take_agreement(home, &home->administration), ERR_OK);
	draw_up(home);
	assert_refused(home, PERMIT_WITHDRAWN);
}

static void stops_although_nothing_can_be_written(void **state)
{
	struct home *home = *state;

	home->disk_full = true;
	assert_int_equal(guard_stop(home->guard, "a1", 1), ERR_IO);
	assert_refused(home, PERMIT_WITHDRAWN);
}

static void takes_no_agreement_that_it_cannot_keep(void **state)
{
	struct home *home = *state;

	home->agreement.version = 2;
	home->disk_full = true;
	assert_int_equal(take_agreement(home, &home->administration), ERR_IO);
	draw_up(home);
	assert_refused(home, PERMIT_NO_AGREEMENT);
	home->disk_full = false;
	home->agreement.version = 1;
	draw_up(home);
	look(home);
}

static void refuses_a_lapsed_decision_or_consent(void **state)
{
	struct home *home = *state;

	home->agreement.version = 2;
	home->agreement.person[0].to_day = NIGHT;
	assert_int_equal(take_agreement(home, &home->administration), ERR_OK);
	draw_up(home);
	assert_refused(home, PERMIT_LAPSED);
	home->agreement.version = 3;
	home->agreement.person[0].to_day = DAY_OPEN;
	home->agreement.consent[0].to_day = NIGHT;
	assert_int_equal(take_agreement(home, &home->administration), ERR_OK);
	draw_up(home);
	assert_refused(home, PERMIT_LAPSED);
}

static void refuses_an_agreement_for_another_camera(void **state)
{
	struct home *home = *state;

	strcpy(home->agreement.id, "a2");
	strcpy(home->agreement.camera, "cam2");
	assert_int_equal(take_agreement(home, &home->administration), ERR_DENIED);
	/* The camera of this agreement was exchanged: ours serves it no longer. */
	strcpy(home->agreement.id, "a1");
	home->agreement.version = 2;
	assert_int_equal(take_agreement(home, &home->administration), ERR_OK);
	draw_up(home);
	assert_refused(home, PERMIT_OTHER_CAMERA);
}

/* Rights: each look once. */

static void gives_each_look_once(void **state)
{
	struct home *home = *state;

	look(home);
	forget_journal(home);
	draw_up(home);
	assert_refused(home, PERMIT_NO_RIGHT_LEFT);
}

static void gives_one_replacement(void **state)
{
	struct home *home = *state;

	look(home);
	draw_up(home);
	home->permit.replacement = true;
	look(home);
	forget_journal(home);
	draw_up(home);
	home->permit.replacement = true;
	assert_refused(home, PERMIT_NO_RIGHT_LEFT);
}

static void draw_up_recheck(struct home *home, int64_t after_ms)
{
	home->now.utc_ms = SLOT_MS + MS_MINUTE + after_ms;
	home->now.elapsed_ms += after_ms;
	draw_up(home);
	home->permit.look_number = 2;
}

static void rechecks_in_its_own_time(void **state)
{
	struct home *home = *state;
	int64_t earliest_ms = home->policy.recheck_earliest_ms - home->policy.clock_skew_ms;

	draw_up_recheck(home, 0);
	assert_refused(home, PERMIT_NO_RIGHT_LEFT); /* before the first look */
	draw_up(home);
	look(home);
	forget_journal(home);
	draw_up_recheck(home, earliest_ms - MS_SECOND);
	assert_refused(home, PERMIT_TOO_EARLY);
	/* Two hours later nobody can say any more that it is still that night's look. */
	draw_up_recheck(home, 2 * MS_HOUR);
	assert_refused(home, PERMIT_OUTSIDE_TIME);
	draw_up_recheck(home, earliest_ms);
	look(home);
	forget_journal(home);
	draw_up_recheck(home, earliest_ms + MS_MINUTE);
	assert_refused(home, PERMIT_NO_RIGHT_LEFT);
	home->permit.look_number = 3;
	assert_refused(home, PERMIT_NO_RIGHT_LEFT);
}

static void rechecks_until_its_hard_end(void **state)
{
	struct home *home = *state;
	int64_t end_ms = SLOT_MS + home->policy.latest_start_ms + home->policy.hard_end_ms
	                 + home->policy.recheck_end_ms;

	look(home);
	forget_journal(home);
	draw_up_recheck(home, end_ms - SLOT_MS - MS_MINUTE);
	assert_refused(home, PERMIT_OUTSIDE_TIME);
	draw_up_recheck(home, end_ms - SLOT_MS - MS_MINUTE - MS_SECOND);
	look(home);
}

static void gives_no_recheck_that_was_not_agreed(void **state)
{
	struct home *home = *state;

	home->agreement.version = 2;
	home->agreement.overrides.rechecks = 0;
	assert_int_equal(take_agreement(home, &home->administration), ERR_OK);
	draw_up(home);
	look(home);
	forget_journal(home);
	draw_up_recheck(home, home->policy.recheck_due_ms);
	assert_refused(home, PERMIT_NO_RIGHT_LEFT);
}

/* Records. */

static void forgets_no_opening_over_a_restart(void **state)
{
	struct home *home = *state;

	look(home);
	restart(home);
	forget_journal(home);
	draw_up(home);
	assert_refused(home, PERMIT_NO_RIGHT_LEFT);
}

/* A power cut in the middle of a look: the look has been taken, and the lens is told to close. */
static void forgets_no_opening_that_a_power_cut_ended(void **state)
{
	struct home *home = *state;

	assert_int_equal(present(home), PERMIT_GRANTED);
	tick_for(home, 100);
	home->trouble.deaf_to_park = true;
	guard_free(home->guard, &home->now);
	assert_true(home->lens_open);
	home->trouble.deaf_to_park = false;
	switch_on(home);
	assert_false(home->lens_open);
	home_pass(home, MS_SECOND);
	connect(home);
	draw_up(home);
	forget_journal(home);
	assert_refused(home, PERMIT_NO_RIGHT_LEFT);
}

static void opens_nothing_that_it_cannot_write_down(void **state)
{
	struct home *home = *state;

	home->disk_full = true;
	assert_int_equal(present(home), PERMIT_GRANTED);
	assert_non_null(home->fault);
	assert_string_equal(home->journal, "");
	assert_closed(home);
	/* The permit is spent all the same; its right is not. */
	home->disk_full = false;
	assert_refused(home, PERMIT_REPLAYED);
	draw_up(home);
	look(home);
}

static void does_not_start_on_records_that_it_cannot_read(void **state)
{
	struct home *home = *state;
	struct guard_set_up set_up = home_set_up(home);
	struct record *record;
	struct guard *guard;

	look(home);
	record = record_named(home, "openings");
	for (size_t len = record->data.len; len > 0; len--) {
		record->data.len = len - 1;
		assert_int_not_equal(guard_new(&set_up, &home->now, &guard), ERR_OK);
		assert_null(guard);
	}
}

/* A camera that gives nothing. Whatever happens, the lens is closed within its bound. */

static void bounds_the_capture(void **state)
{
	struct home *home = *state;

	home->trouble.never = true;
	assert_int_equal(present(home), PERMIT_GRANTED);
	assert_ends(home, CAUSE_CAMERA_FAULT);
	assert_closed(home);
	assert_true(home->open_longest_ms > home->policy.lens_open_ms_max / 2);
}

static void closes_after_a_fault(void **state)
{
	const enum err faults[] = {ERR_IO, ERR_LIMIT, ERR_PARSE, ERR_CLOSED};
	struct home *home = *state;

	for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
		home->trouble.capture = faults[i];
		home->now.utc_ms += MS_DAY;
		home->now.elapsed_ms += MS_DAY;
		draw_up(home);
		home->permit.night += (int32_t)i + 1;
		assert_int_equal(present(home), PERMIT_GRANTED);
		assert_ends(home, CAUSE_CAMERA_FAULT);
		assert_closed(home);
	}
}

static void takes_no_empty_picture(void **state)
{
	struct home *home = *state;

	home->trouble.picture_len = 0;
	assert_int_equal(present(home), PERMIT_GRANTED);
	assert_ends(home, CAUSE_CAMERA_FAULT);
	assert_closed(home);
}

static void calls_a_stuck_lens_a_fault_and_opens_no_more(void **state)
{
	struct home *home = *state;

	home->trouble.stuck = true;
	assert_int_equal(present(home), PERMIT_GRANTED);
	assert_ends(home, CAUSE_CAMERA_FAULT);
	assert_int_equal(guard_lens(home->guard, &home->now), LENS_UNKNOWN);
	forget_journal(home);
	draw_up(home);
	home->permit.replacement = true;
	assert_int_equal(present(home), PERMIT_GRANTED);
	assert_non_null(home->fault);
	assert_string_equal(home->journal, "");
	/* It is told to park for as long as it takes. */
	for (int i = 0; i < 3; i++) {
		forget_journal(home);
		home_pass(home, guard_tick(home->guard, &home->now) - home->now.elapsed_ms);
		guard_tick(home->guard, &home->now);
		assert_non_null(strstr(home->journal, "park"));
	}
}

static void gives_the_right_back_when_the_lens_never_moved(void **state)
{
	struct home *home = *state;

	home->trouble.refuses_open = true;
	assert_int_equal(present(home), PERMIT_GRANTED);
	assert_ends(home, CAUSE_CAMERA_FAULT);
	home->trouble.refuses_open = false;
	restart(home);
	assert_int_equal(present(home), PERMIT_OLD_CONNECTION);
	draw_up(home);
	look(home);
}

static void gives_nothing_back_of_a_camera_that_does_not_answer(void **state)
{
	struct home *home = *state;

	home->trouble.dies_at_open = true;
	assert_int_equal(present(home), PERMIT_GRANTED);
	assert_ends(home, CAUSE_CAMERA_FAULT);
	home->trouble = (struct trouble){.age_ms = -1, .picture_len = PICTURE_MAX};
	forget_journal(home);
	draw_up(home);
	assert_refused(home, PERMIT_NO_RIGHT_LEFT);
}

/* What ends a look from outside closes the lens at the next tick, and leaves no picture. */
static void assert_cut_short(struct home *home, enum cause cause)
{
	forget_journal(home);
	assert_ends(home, cause);
	assert_int_equal(strncmp(home->journal, "park ", 5), 0);
	assert_closed(home);
}

static void begin(struct home *home)
{
	assert_int_equal(present(home), PERMIT_GRANTED);
	tick_for(home, 200);
	assert_true(home->lens_open);
}

static void closes_when_the_connection_is_lost(void **state)
{
	struct home *home = *state;

	begin(home);
	guard_connection(home->guard, NULL);
	assert_cut_short(home, CAUSE_CAMERA_LOST);
}

static void closes_when_the_agreement_is_stopped(void **state)
{
	struct home *home = *state;

	begin(home);
	assert_int_equal(guard_stop(home->guard, "a1", 1), ERR_OK);
	assert_cut_short(home, CAUSE_WITHDRAWN);
}

static void closes_when_the_agreement_changes(void **state)
{
	struct home *home = *state;

	begin(home);
	assert_int_equal(take_agreement(home, &home->administration), ERR_OK); /* the very same: no change */
	home->agreement.version = 2;
	home->agreement.withdrawn = true;
	assert_int_equal(take_agreement(home, &home->administration), ERR_OK);
	assert_cut_short(home, CAUSE_WITHDRAWN);
}

static void closes_when_the_clock_is_set(void **state)
{
	struct home *home = *state;

	begin(home);
	guard_clock_stepped(home->guard);
	assert_cut_short(home, CAUSE_CLOCK);
}

static void keeps_no_picture_when_stopped_while_it_parks(void **state)
{
	struct home *home = *state;

	assert_int_equal(present(home), PERMIT_GRANTED);
	tick_for(home, 340);
	assert_non_null(strstr(home->journal, "capture"));
	assert_int_equal(guard_stop(home->guard, "a1", 1), ERR_OK);
	assert_cut_short(home, CAUSE_WITHDRAWN);
}

static void leaves_a_look_alone_that_is_not_meant(void **state)
{
	struct home *home = *state;

	begin(home);
	assert_int_equal(guard_stop(home->guard, "a2", 9), ERR_OK);
	assert_ends(home, CAUSE_NONE);
}

static void closes_when_the_guard_ends(void **state)
{
	struct home *home = *state;

	begin(home);
	guard_free(home->guard, &home->now);
	home->guard = NULL;
	assert_false(home->lens_open);
}

static void opens_for_one_look_at_a_time(void **state)
{
	struct home *home = *state;

	begin(home);
	draw_up(home);
	home->permit.replacement = true;
	assert_int_equal(present(home), PERMIT_GRANTED);
	assert_non_null(home->fault);
	assert_int_equal(home->opens, 1);
	home->permit.look--;
	assert_ends(home, CAUSE_NONE);
	assert_int_equal(home->opens, 1);
}

static void opens_only_a_lens_that_is_verified_parked(void **state)
{
	struct home *home = *state;

	home->trouble.silent = true;
	assert_int_equal(present(home), PERMIT_GRANTED);
	assert_non_null(home->fault);
	assert_string_equal(home->journal, "");
	assert_true(guard_is_idle(home->guard));
}

/* Yesterday's picture (SERVICE.md hard case 12). */

static void refuses_the_same_picture_twice(void **state)
{
	struct home *home = *state;

	look(home);
	restart(home);
	home->trouble.same_picture = true;
	draw_up(home);
	home->permit.replacement = true;
	assert_int_equal(present(home), PERMIT_GRANTED);
	assert_ends(home, CAUSE_STALE);
	assert_closed(home);
}

static void refuses_a_picture_from_before_the_look(void **state)
{
	struct home *home = *state;

	home->trouble.age_ms = MS_MINUTE;
	assert_int_equal(present(home), PERMIT_GRANTED);
	assert_ends(home, CAUSE_STALE);
	assert_closed(home);
	home->trouble.age_ms = 0;
	draw_up(home);
	home->permit.replacement = true;
	look(home);
}

#define GUARDED(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		GUARDED(gives_a_picture),
		GUARDED(writes_then_opens_and_parks_before_all_else),
		GUARDED(refuses_outside_the_agreed_time),
		GUARDED(refuses_another_night_or_slot),
		GUARDED(refuses_a_slot_of_another_weekday),
		GUARDED(refuses_an_expired_permit),
		GUARDED(refuses_a_permit_from_the_future_or_too_long),
		GUARDED(refuses_a_replayed_permit),
		GUARDED(refuses_a_permit_for_another_camera),
		GUARDED(refuses_a_permit_from_an_earlier_connection),
		GUARDED(refuses_everything_without_a_connection),
		GUARDED(refuses_a_forged_permit),
		GUARDED(refuses_bytes_changed_on_the_way),
		GUARDED(refuses_an_operator_who_is_not_on_the_roster),
		GUARDED(refuses_with_an_insane_clock),
		GUARDED(refuses_before_the_hub_has_told_its_clock),
		GUARDED(refuses_after_a_step_until_it_connects_again),
		GUARDED(goes_by_the_hubs_clock_within_the_skew),
		GUARDED(refuses_without_an_agreement),
		GUARDED(refuses_an_agreement_that_is_not_signed),
		GUARDED(refuses_an_older_version_after_a_newer),
		GUARDED(refuses_a_signed_withdrawal_for_ever),
		GUARDED(refuses_after_an_unsigned_stop),
		GUARDED(holds_a_stop_that_came_before_its_agreement),
		GUARDED(stops_although_nothing_can_be_written),
		GUARDED(takes_no_agreement_that_it_cannot_keep),
		GUARDED(refuses_a_lapsed_decision_or_consent),
		GUARDED(refuses_an_agreement_for_another_camera),
		GUARDED(gives_each_look_once),
		GUARDED(gives_one_replacement),
		GUARDED(rechecks_in_its_own_time),
		GUARDED(rechecks_until_its_hard_end),
		GUARDED(gives_no_recheck_that_was_not_agreed),
		GUARDED(forgets_no_opening_over_a_restart),
		GUARDED(forgets_no_opening_that_a_power_cut_ended),
		GUARDED(opens_nothing_that_it_cannot_write_down),
		GUARDED(does_not_start_on_records_that_it_cannot_read),
		GUARDED(bounds_the_capture),
		GUARDED(closes_after_a_fault),
		GUARDED(takes_no_empty_picture),
		GUARDED(calls_a_stuck_lens_a_fault_and_opens_no_more),
		GUARDED(gives_the_right_back_when_the_lens_never_moved),
		GUARDED(gives_nothing_back_of_a_camera_that_does_not_answer),
		GUARDED(closes_when_the_connection_is_lost),
		GUARDED(closes_when_the_agreement_is_stopped),
		GUARDED(closes_when_the_agreement_changes),
		GUARDED(closes_when_the_clock_is_set),
		GUARDED(keeps_no_picture_when_stopped_while_it_parks),
		GUARDED(leaves_a_look_alone_that_is_not_meant),
		GUARDED(closes_when_the_guard_ends),
		GUARDED(opens_for_one_look_at_a_time),
		GUARDED(opens_only_a_lens_that_is_verified_parked),
		GUARDED(refuses_the_same_picture_twice),
		GUARDED(refuses_a_picture_from_before_the_look),
	};

	return cmocka_run_group_tests_name("guard", tests, NULL, NULL);
}
