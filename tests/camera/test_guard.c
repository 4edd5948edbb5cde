/*
 * Whom the lens guard refuses, whatever the hub says: by time, by permit, by clock, by agreement, and
 * once a look has been taken (SERVICE.md P6, hard cases 7, 13).
 */
#include "camera/guarded.h"

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

/* Our clock is behind the hub's by no more than is allowed: what is due there is due here. */
static void looks_in_the_first_second_with_a_clock_behind(void **state)
{
	struct home *home = *state;

	home->now.utc_ms = SLOT_MS;
	draw_up(home);
	home->now.utc_ms = SLOT_MS - 2 * MS_SECOND;
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
		assert_int_equal(guard_open(home->guard, &in, &home->now, &home->verdict),
		                 PERMIT_BAD_SIGNATURE);
		home->permit_bytes.data[i] ^= 1;
	}
	for (size_t i = 0; i < home->request_bytes.len; i++) {
		home->request_bytes.data[i] ^= 1;
		assert_int_equal(guard_open(home->guard, &in, &home->now, &home->verdict),
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

/* A hub that lies about its log: each guard in the field is a witness. */
static void refuses_a_look_that_is_not_proven(void **state)
{
	struct home *home = *state;
	struct guard_permit in;

	for (int i = 0; i < 5; i++)
		small_log_other(&home->log, "elsa");
	look(home);
	home_pass(home, home->policy.recheck_earliest_ms);
	/* The log is an older one now. */
	home->log.size = 3;
	draw_up(home);
	home->permit.look_number = 2;
	forget_journal(home);
	assert_refused(home, PERMIT_NO_PROOF);
	assert_string_equal(proof_fault_name(home->verdict.proof), "rolled-back");
	restart(home);
	draw_up(home);
	home->permit.look_number = 2;
	forget_journal(home);
	assert_refused(home, PERMIT_NO_PROOF);
	/* It never left the log, and is not in it; and what is no proof at all. */
	while (home->log.size < 20)
		small_log_other(&home->log, "elsa");
	assert_refused(home, PERMIT_NO_PROOF);
	assert_string_equal(proof_fault_name(home->verdict.proof), "forked");
	in = signed_permit(home);
	in.proof_len--;
	assert_int_equal(guard_open(home->guard, &in, &home->now, &home->verdict), PERMIT_NO_PROOF);
	assert_closed(home);
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		GUARDED(refuses_outside_the_agreed_time),
		GUARDED(looks_in_the_first_second_with_a_clock_behind),
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
		GUARDED(refuses_a_look_that_is_not_proven),
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
	};

	return cmocka_run_group_tests_name("guard", tests, NULL, NULL);
}
