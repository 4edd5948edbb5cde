/* Agreements: what is refused and why, what is granted when, the signed bytes, the roster. */
#include "core/agreed.h"

#include "os/crypto.h"

#include <string.h>

#define TODAY civil_to_days(2026, 11, 24)

typedef void spoil_fn(struct agreement *agreement);

static struct agreement sound(void)
{
	struct agreement agreement = agreed_couple();

	add_slot(&agreement, SLOT_CAMERA, HM(22, 0), -1);
	add_slot(&agreement, SLOT_CAMERA, HM(23, 0), HM(1, 0));
	add_slot(&agreement, SLOT_VISIT, HM(5, 30), -1);
	agreement.overrides.recheck_earliest_ms = 18 * MS_MINUTE;
	agreement.overrides.recheck_due_ms = 19 * MS_MINUTE;
	agreement.overrides.recheck_late_ms = 20 * MS_MINUTE;
	return agreement;
}

static const char *fault_of(const struct agreement *agreement)
{
	struct policy policy = policy_defaults();

	return agreement_fault(agreement, &policy);
}

static void bad_id(struct agreement *a) { strcpy(a->id, "../x"); }
static void no_version(struct agreement *a) { a->version = 0; }
static void bad_camera(struct agreement *a) { strcpy(a->camera, "cam 1"); }
static void zone_path(struct agreement *a) { strcpy(a->zone, "../../etc/passwd"); }
static void zone_root(struct agreement *a) { strcpy(a->zone, "/etc/localtime"); }
static void no_zone(struct agreement *a) { a->zone[0] = '\0'; }
static void bad_area(struct agreement *a) { strcpy(a->area, "-"); }
static void priority_ten(struct agreement *a) { a->priority = 10; }
static void priority_none(struct agreement *a) { a->priority = 0; }
static void nobody(struct agreement *a) { a->n_persons = 0; }
static void crowd(struct agreement *a) { a->n_persons = PERSONS_MAX + 1; }
static void bad_person(struct agreement *a) { a->person[1].id[0] = '\0'; }
static void twice_the_same(struct agreement *a) { strcpy(a->person[1].id, a->person[0].id); }
static void decision_backwards(struct agreement *a)
{
	a->person[0].to_day = a->person[0].from_day - 1;
}
static void decision_never(struct agreement *a) { a->person[0].from_day = INT32_MIN; }
static void consent_missing(struct agreement *a) { a->n_consents = 1; }
static void consents_beyond(struct agreement *a) { a->n_consents = CONSENTS_MAX + 1; }
static void consents_negative(struct agreement *a) { a->n_consents = -1; }
static void consent_backwards(struct agreement *a) { a->consent[1].to_day = LONG_AGO - 1; }
static void consent_nobody(struct agreement *a) { strcpy(a->consent[1].who, "a\nb"); }
static void own_time_huge(struct agreement *a) { a->overrides.on_site_ms = MS_DAY * 365; }
static void own_time_negative(struct agreement *a) { a->overrides.latest_start_ms = -2; }
static void two_rechecks(struct agreement *a) { a->overrides.rechecks = 2; }
static void recheck_disorder(struct agreement *a) { a->overrides.recheck_due_ms = 17 * MS_MINUTE; }
static void recheck_half(struct agreement *a) { a->overrides.recheck_late_ms = -1; }
static void slots_beyond(struct agreement *a) { a->n_slots = SLOTS_MAX + 1; }
static void slots_negative(struct agreement *a) { a->n_slots = -1; }
static void slot_id(struct agreement *a) { a->slot[0].id[0] = '\0'; }
static void slot_kind(struct agreement *a) { a->slot[0].kind = 7; }
static void slot_without_camera(struct agreement *a) { a->camera[0] = '\0'; }
static void slot_no_weekday(struct agreement *a) { a->slot[0].weekdays = 0; }
static void slot_eighth_day(struct agreement *a) { a->slot[0].weekdays = 0x80; }
static void slot_backwards(struct agreement *a) { a->slot[0].to_day = LONG_AGO - 1; }
static void slot_negative(struct agreement *a) { a->slot[0].from_min = -1; }
static void slot_beyond_day(struct agreement *a) { a->slot[0].from_min = HM(24, 0); }
static void slot_at_noon(struct agreement *a) { a->slot[0].from_min = HM(12, 0); }
static void slot_before_night(struct agreement *a) { a->slot[0].from_min = HM(17, 59); }
static void slot_after_night(struct agreement *a) { a->slot[0].from_min = HM(10, 0); }
static void span_empty(struct agreement *a) { a->slot[1].to_min = HM(23, 0); }
static void span_backwards(struct agreement *a) { a->slot[1].to_min = HM(22, 30); }
static void span_outside(struct agreement *a) { a->slot[1].to_min = HM(10, 1); }
static void span_no_time(struct agreement *a) { a->slot[1].to_min = 5000; }
static void slot_id_twice(struct agreement *a) { strcpy(a->slot[1].id, a->slot[0].id); }
static void slot_time_twice(struct agreement *a) { a->slot[1].from_min = HM(22, 0); }

static const struct {
	spoil_fn *spoil;
	const char *words; /* part of the sentence */
} faults[] = {
	{bad_id, "agreement's identifier"},
	{no_version, "version"},
	{bad_camera, "camera's identifier"},
	{zone_path, "time zone"},
	{zone_root, "time zone"},
	{no_zone, "time zone"},
	{bad_area, "area's identifier"},
	{priority_ten, "priority"},
	{priority_none, "priority"},
	{nobody, "one resident, or two"},
	{crowd, "one resident, or two"},
	{bad_person, "resident's identifier"},
	{twice_the_same, "stands twice"},
	{decision_backwards, "decision's last day"},
	{decision_never, "decision's last day"},
	{consent_missing, "one has none"},
	{consents_beyond, "more consents"},
	{consents_negative, "more consents"},
	{consent_backwards, "consent's last day"},
	{consent_nobody, "somebody who consents"},
	{own_time_huge, "own times"},
	{own_time_negative, "own times"},
	{two_rechecks, "own times"},
	{recheck_disorder, "due before its earliest"},
	{recheck_half, "late before it is due"},
	{slots_beyond, "more slots"},
	{slots_negative, "more slots"},
	{slot_id, "slot's identifier"},
	{slot_kind, "neither a camera slot nor a visit"},
	{slot_without_camera, "and no camera"},
	{slot_no_weekday, "weekday"},
	{slot_eighth_day, "weekday"},
	{slot_backwards, "slot's last night"},
	{slot_negative, "not a time of day"},
	{slot_beyond_day, "not a time of day"},
	{slot_at_noon, "outside the night"},
	{slot_before_night, "outside the night"},
	{slot_after_night, "outside the night"},
	{span_empty, "not after its beginning"},
	{span_backwards, "not after its beginning"},
	{span_outside, "ends outside the night"},
	{span_no_time, "not a time of day"},
	{slot_id_twice, "same identifier"},
	{slot_time_twice, "begin at the same time"},
};

static void every_fault_is_named(void **state)
{
	struct agreement agreement = sound();

	(void)state;
	assert_null(fault_of(&agreement));
	for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++) {
		const char *fault;

		agreement = sound();
		faults[i].spoil(&agreement);
		fault = fault_of(&agreement);
		if (fault == NULL || strstr(fault, faults[i].words) == NULL)
			fail_msg("fault %zu: \"%s\", not \"%s\"", i, fault ? fault : "none",
			         faults[i].words);
		assert_int_equal(fault[strlen(fault) - 1], '.');
	}
}

/* The signed bytes of a faulty agreement are refused too: a signature makes nothing sound. */
static void faulty_bytes_are_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++) {
		struct agreement agreement = sound(), back;
		struct buf bytes = buf_new(AGREEMENT_MAX_BYTES);

		faults[i].spoil(&agreement);
		if (agreement.n_persons <= PERSONS_MAX && agreement.n_consents <= CONSENTS_MAX
		    && agreement.n_slots <= SLOTS_MAX) {
			assert_int_equal(agreement_encode(&agreement, &bytes), ERR_OK);
			assert_int_equal(agreement_decode(&back, bytes.data, bytes.len), ERR_PARSE);
			assert_int_equal(back.n_slots, 0);
		}
		buf_free(&bytes);
	}
}

static void slots_on_other_days_may_share_a_time(void **state)
{
	struct agreement agreement = sound();

	(void)state;
	slot_time_twice(&agreement);
	agreement.slot[0].weekdays = 0x1f;
	agreement.slot[1].weekdays = 0x60;
	assert_null(fault_of(&agreement));
	agreement.slot[1].weekdays = EVERY_DAY;
	agreement.slot[0].to_day = TODAY;
	agreement.slot[1].from_day = TODAY + 1;
	assert_null(fault_of(&agreement));
	agreement.slot[1].from_day = TODAY;
	assert_non_null(fault_of(&agreement));
	/* And the other way round. */
	agreement.slot[0].to_day = agreement.slot[1].to_day = DAY_OPEN;
	agreement.slot[0].from_day = TODAY + 1;
	agreement.slot[1].from_day = LONG_AGO;
	agreement.slot[1].to_day = TODAY;
	assert_null(fault_of(&agreement));
	agreement.slot[1].to_day = TODAY + 1;
	assert_non_null(fault_of(&agreement));
	agreement.slot[1].kind = SLOT_VISIT; /* a visit beside the camera, P2 */
	assert_null(fault_of(&agreement));
}

static void visits_alone_need_no_consent(void **state)
{
	struct agreement agreement = agreed();

	(void)state;
	agreement.camera[0] = '\0';
	agreement.n_consents = 0;
	add_slot(&agreement, SLOT_VISIT, HM(2, 0), -1);
	assert_null(fault_of(&agreement));
	assert_int_equal(agreement_right(&agreement, 0, TODAY), RIGHT_LOOK);
}

static void an_agreement_may_have_no_area(void **state)
{
	struct agreement agreement = sound();

	(void)state;
	agreement.area[0] = '\0';
	assert_null(fault_of(&agreement));
}

/* Also of an agreement that no door has judged: a resident who never consented is not looked at. */
static void no_consent_is_no_look(void **state)
{
	struct agreement agreement = agreed_couple();

	(void)state;
	agreement.n_consents = 1;
	assert_int_equal(agreement_right(&agreement, 0, TODAY), RIGHT_LAPSED);
	assert_int_equal(agreement_right(&agreement, 1, TODAY), RIGHT_LAPSED);
	/* Who has moved out needs none. */
	agreement.person[1].to_day = TODAY - 1;
	agreement.person[1].signed_end = true;
	assert_int_equal(agreement_right(&agreement, 0, TODAY), RIGHT_LOOK);
}

static void a_decision_grants_from_its_first_day_to_its_last(void **state)
{
	struct agreement agreement = agreed();

	(void)state;
	agreement.person[0].from_day = TODAY;
	agreement.person[0].to_day = TODAY + 1;
	assert_int_equal(agreement_right(&agreement, 0, TODAY - 1), RIGHT_NONE);
	assert_int_equal(agreement_right(&agreement, 0, TODAY), RIGHT_LOOK);
	assert_int_equal(agreement_right(&agreement, 0, TODAY + 1), RIGHT_LOOK);
	assert_int_equal(agreement_right(&agreement, 0, TODAY + 2), RIGHT_LAPSED);
	agreement.person[0].signed_end = true;
	assert_int_equal(agreement_right(&agreement, 0, TODAY + 1), RIGHT_LOOK);
	assert_int_equal(agreement_right(&agreement, 0, TODAY + 2), RIGHT_NONE);
}

static void every_consent_must_stand(void **state)
{
	struct agreement agreement = agreed_couple();
	struct consent *lodger = &agreement.consent[agreement.n_consents++];

	(void)state;
	*lodger = (struct consent){.who = "lodger", .from_day = LONG_AGO, .to_day = TODAY};
	assert_int_equal(agreement_right(&agreement, 0, TODAY), RIGHT_LOOK);
	assert_int_equal(agreement_right(&agreement, 0, TODAY + 1), RIGHT_LAPSED);
	assert_int_equal(agreement_right(&agreement, 1, TODAY + 1), RIGHT_LAPSED);
	lodger->from_day = lodger->to_day = TODAY + 3; /* not yet given */
	assert_int_equal(agreement_right(&agreement, 0, TODAY), RIGHT_LAPSED);
}

static void either_of_a_couple_can_close_the_lens(void **state)
{
	struct agreement agreement = agreed_couple();

	(void)state;
	agreement.consent[1].to_day = TODAY - 1;
	assert_int_equal(agreement_right(&agreement, 0, TODAY), RIGHT_LAPSED);
	assert_int_equal(agreement_right(&agreement, 1, TODAY), RIGHT_LAPSED);
	agreement.withdrawn = true;
	assert_int_equal(agreement_right(&agreement, 0, TODAY), RIGHT_WITHDRAWN);
}

static void consent_can_be_given_again(void **state)
{
	struct agreement agreement = agreed();

	(void)state;
	agreement.consent[0].to_day = TODAY - 10;
	agreement.consent[agreement.n_consents++] =
		(struct consent){.who = "sven", .from_day = TODAY, .to_day = DAY_OPEN};
	assert_int_equal(agreement_right(&agreement, 0, TODAY - 11), RIGHT_LOOK);
	assert_int_equal(agreement_right(&agreement, 0, TODAY - 5), RIGHT_LAPSED);
	assert_int_equal(agreement_right(&agreement, 0, TODAY), RIGHT_LOOK);
}

static void a_lapse_is_counted_down(void **state)
{
	struct agreement agreement = agreed();

	(void)state;
	assert_int_equal(agreement_days_left(&agreement, 0, TODAY), INT32_MAX);
	agreement.person[0].to_day = TODAY + 6;
	assert_int_equal(agreement_days_left(&agreement, 0, TODAY), 7);
	assert_int_equal(agreement_days_left(&agreement, 0, TODAY + 6), 1);
	assert_int_equal(agreement_days_left(&agreement, 0, TODAY + 7), 0);
	assert_int_equal(agreement_days_left(&agreement, 0, TODAY + 100), 0);
	agreement.person[0].signed_end = true; /* an end, no lapse */
	assert_int_equal(agreement_days_left(&agreement, 0, TODAY), INT32_MAX);
}

static void own_times_replace_the_policys(void **state)
{
	struct agreement agreement = sound();
	struct policy policy = policy_defaults(), own;

	(void)state;
	agreement.overrides.rechecks = 0;
	agreement.overrides.page_unanswered_ms = 30 * MS_SECOND;
	own = agreement_policy(&agreement, &policy);
	assert_int_equal(own.rechecks, 0);
	assert_int_equal(own.recheck_due_ms, 19 * MS_MINUTE);
	assert_int_equal(own.page_unanswered_ms, 30 * MS_SECOND);
	assert_int_equal(own.latest_start_ms, policy.latest_start_ms);
	/* What follows: room for the late recheck, and no longer wait for help than for others. */
	assert_int_equal(own.recheck_end_ms, 25 * MS_MINUTE);
	assert_int_equal(own.help_unanswered_ms, 30 * MS_SECOND);
	assert_int_equal(own.help_on_site_ms, policy.help_on_site_ms);
	agreement.overrides.on_site_ms = policy.help_on_site_ms - 1;
	own = agreement_policy(&agreement, &policy);
	assert_int_equal(own.help_on_site_ms, policy.help_on_site_ms - 1);
	agreement = agreed();
	own = agreement_policy(&agreement, &policy);
	assert_memory_equal(&own, &policy, sizeof own);
}

static void an_agreement_is_read_back_as_it_was(void **state)
{
	struct agreement agreement = sound(), back;
	struct buf bytes = buf_new(AGREEMENT_MAX_BYTES), again = buf_new(AGREEMENT_MAX_BYTES);

	(void)state;
	agreement.withdrawn = agreement.looks_after_page = agreement.person[1].signed_end = true;
	agreement.version = 0x01020304;
	assert_int_equal(agreement_encode(&agreement, &bytes), ERR_OK);
	assert_int_equal(agreement_decode(&back, bytes.data, bytes.len), ERR_OK);
	assert_int_equal(agreement_encode(&back, &again), ERR_OK);
	assert_int_equal(again.len, bytes.len);
	assert_memory_equal(again.data, bytes.data, bytes.len);
	assert_string_equal(back.camera, "cam1");
	assert_string_equal(back.consent[1].who, "sara");
	assert_int_equal(back.version, 0x01020304);
	assert_true(back.withdrawn && back.looks_after_page && back.person[1].signed_end);
	assert_int_equal(back.slot[1].to_min, HM(1, 0));
	assert_int_equal(back.slot[0].to_day, DAY_OPEN);
	assert_int_equal(back.overrides.recheck_late_ms, 20 * MS_MINUTE);
	buf_free(&bytes);
	buf_free(&again);
}

static void the_longest_agreement_fits_its_limit(void **state)
{
	static const char longest[] = "12345678901234567890123456789012";
	struct agreement agreement = agreed_couple(), back;
	struct buf bytes = buf_new(AGREEMENT_MAX_BYTES);

	(void)state;
	strcpy(agreement.id, longest);
	strcpy(agreement.camera, longest);
	for (int i = 0; i < SLOTS_MAX; i++) {
		struct slot *slot = add_slot(&agreement, SLOT_CAMERA, HM(0, 20 * i), -1);

		snprintf(slot->id, sizeof slot->id, "%032d", i);
	}
	while (agreement.n_consents < CONSENTS_MAX) {
		struct consent *consent = &agreement.consent[agreement.n_consents++];

		*consent = agreement.consent[0];
		strcpy(consent->who, longest);
	}
	assert_int_equal(agreement_encode(&agreement, &bytes), ERR_OK);
	assert_int_equal(agreement_decode(&back, bytes.data, bytes.len), ERR_OK);
	buf_free(&bytes);
	bytes = buf_new(100);
	assert_int_equal(agreement_encode(&agreement, &bytes), ERR_LIMIT);
	assert_int_equal(bytes.len, 0);
	buf_free(&bytes);
}

/* Cut anywhere, lengthened, every byte turned over: an error, or another sound agreement. */
static void hostile_bytes_are_refused(void **state)
{
	struct agreement agreement = sound(), back;
	struct buf bytes = buf_new(AGREEMENT_MAX_BYTES);

	(void)state;
	assert_int_equal(agreement_encode(&agreement, &bytes), ERR_OK);
	for (size_t len = 0; len < bytes.len; len++)
		assert_int_not_equal(agreement_decode(&back, bytes.data, len), ERR_OK);
	for (size_t i = 0; i < bytes.len; i++) {
		bytes.data[i] ^= 0xff;
		if (agreement_decode(&back, bytes.data, bytes.len) == ERR_OK)
			assert_null(fault_of(&back));
		bytes.data[i] ^= 0xff;
	}
	bytes.data[0] = 2;
	assert_int_equal(agreement_decode(&back, bytes.data, bytes.len), ERR_VERSION);
	bytes.data[0] = 1;
	assert_int_equal(buf_add(&bytes, "", 1), ERR_OK);
	assert_int_equal(agreement_decode(&back, bytes.data, bytes.len), ERR_PARSE);
	buf_free(&bytes);
}

static void a_signature_is_for_these_bytes_this_key_and_this_purpose(void **state)
{
	const struct crypto *crypto = crypto_sodium();
	uint8_t public_key[KEY_BYTES], secret_key[SECRET_KEY_BYTES], other_key[KEY_BYTES];
	uint8_t signature[SIGNATURE_BYTES], other_secret[SECRET_KEY_BYTES];
	uint8_t bytes[] = "an agreement";
	static const uint8_t large[ROSTER_MAX_BYTES + 100];

	(void)state;
	assert_non_null(crypto);
	crypto->sign_keypair(public_key, secret_key);
	crypto->sign_keypair(other_key, other_secret);
	agreement_sign(crypto, bytes, sizeof bytes, secret_key, signature);
	assert_true(agreement_verify(crypto, bytes, sizeof bytes, public_key, signature));
	assert_false(agreement_verify(crypto, bytes, sizeof bytes, other_key, signature));
	assert_false(agreement_verify(crypto, bytes, sizeof bytes - 1, public_key, signature));
	assert_false(roster_verify(crypto, bytes, sizeof bytes, public_key, signature));
	assert_false(agreement_verify(crypto, large, sizeof large, public_key, signature));
	bytes[3] ^= 1;
	assert_false(agreement_verify(crypto, bytes, sizeof bytes, public_key, signature));
	roster_sign(crypto, bytes, sizeof bytes, secret_key, signature);
	assert_true(roster_verify(crypto, bytes, sizeof bytes, public_key, signature));
	assert_false(agreement_verify(crypto, bytes, sizeof bytes, public_key, signature));
}

static struct roster full_roster(void)
{
	struct roster roster = {.version = 9, .n = ROSTER_MAX};

	for (int i = 0; i < roster.n; i++) {
		snprintf(roster.entry[i].operator_id, ID_MAX, "operator-%022d", i);
		memset(roster.entry[i].key, i, KEY_BYTES);
	}
	return roster;
}

static void a_roster_is_read_back_as_it_was(void **state)
{
	struct roster roster = full_roster(), back;
	struct buf bytes = buf_new(ROSTER_MAX_BYTES);
	const uint8_t *key;

	(void)state;
	assert_int_equal(roster_encode(&roster, &bytes), ERR_OK);
	assert_int_equal(roster_decode(&back, bytes.data, bytes.len), ERR_OK);
	assert_int_equal(back.version, 9);
	assert_int_equal(back.n, ROSTER_MAX);
	key = roster_key(&back, roster.entry[77].operator_id);
	assert_non_null(key);
	assert_int_equal(key[31], 77);
	assert_null(roster_key(&back, "stranger"));
	assert_null(roster_key(&back, ""));
	buf_free(&bytes);
}

static enum err decode_changed(const struct roster *roster)
{
	struct buf bytes = buf_new(ROSTER_MAX_BYTES);
	struct roster back;
	enum err err;

	assert_int_equal(roster_encode(roster, &bytes), ERR_OK);
	err = roster_decode(&back, bytes.data, bytes.len);
	if (err != ERR_OK)
		assert_int_equal(back.n, 0);
	buf_free(&bytes);
	return err;
}

static void a_hostile_roster_is_refused(void **state)
{
	struct roster roster = full_roster(), back;
	struct buf bytes = buf_new(ROSTER_MAX_BYTES);

	(void)state;
	assert_int_equal(roster_encode(&roster, &bytes), ERR_OK);
	for (size_t len = 0; len < bytes.len; len++)
		assert_int_not_equal(roster_decode(&back, bytes.data, len), ERR_OK);
	bytes.data[8]++; /* one more than there may be */
	assert_int_equal(roster_decode(&back, bytes.data, bytes.len), ERR_LIMIT);
	bytes.data[0] = 7;
	assert_int_equal(roster_decode(&back, bytes.data, bytes.len), ERR_VERSION);
	buf_free(&bytes);
	strcpy(roster.entry[5].operator_id, roster.entry[3].operator_id);
	assert_int_equal(decode_changed(&roster), ERR_PARSE);
	strcpy(roster.entry[5].operator_id, "no id");
	assert_int_equal(decode_changed(&roster), ERR_PARSE);
	roster.n = 0;
	assert_int_equal(decode_changed(&roster), ERR_OK);
}

static void half_a_roster_is_not_written(void **state)
{
	struct roster roster = full_roster();
	struct buf bytes = buf_new(1000);

	(void)state;
	assert_int_equal(buf_add_text(&bytes, "before"), ERR_OK);
	assert_int_equal(roster_encode(&roster, &bytes), ERR_LIMIT);
	assert_int_equal(bytes.len, strlen("before"));
	buf_free(&bytes);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_fault_is_named),
		cmocka_unit_test(faulty_bytes_are_refused),
		cmocka_unit_test(slots_on_other_days_may_share_a_time),
		cmocka_unit_test(visits_alone_need_no_consent),
		cmocka_unit_test(an_agreement_may_have_no_area),
		cmocka_unit_test(no_consent_is_no_look),
		cmocka_unit_test(a_decision_grants_from_its_first_day_to_its_last),
		cmocka_unit_test(every_consent_must_stand),
		cmocka_unit_test(either_of_a_couple_can_close_the_lens),
		cmocka_unit_test(consent_can_be_given_again),
		cmocka_unit_test(a_lapse_is_counted_down),
		cmocka_unit_test(own_times_replace_the_policys),
		cmocka_unit_test(an_agreement_is_read_back_as_it_was),
		cmocka_unit_test(the_longest_agreement_fits_its_limit),
		cmocka_unit_test(hostile_bytes_are_refused),
		cmocka_unit_test(a_signature_is_for_these_bytes_this_key_and_this_purpose),
		cmocka_unit_test(a_roster_is_read_back_as_it_was),
		cmocka_unit_test(a_hostile_roster_is_refused),
		cmocka_unit_test(half_a_roster_is_not_written),
	};

	return cmocka_run_group_tests_name("core/agreement", tests, NULL, NULL);
}
