/*
 * What opens a lens and, much more, what does not: every refusal by its name, from a good permit
 * with one thing wrong. Times are local Stockholm, the agreed look is at 01:00 in the night of
 * 9 November.
 */
#include "core/agreed.h"

#include "base/text.h"
#include "core/permit.h"

#include <string.h>

#define NIGHT civil_to_days(2026, 11, 9)
/* A minute of 10 November by the clock on the wall, which is UTC+1 then. */
#define AT_MS(hour, minute) (utc_ms(2026, 11, 10, 0, 0) + ((hour) * 60 + (minute) - 60) * MS_MINUTE)

struct desk {
	struct agreement agreement;
	struct zone_window zone;
	struct policy policy;
	struct opening opening[8];
	uint8_t challenge[NONCE_BYTES];
	struct guard_view view;
	struct permit permit;
	struct now now;
};

static void stand_at(struct desk *desk, int64_t utc)
{
	desk->now = (struct now){.utc_ms = utc, .elapsed_ms = 1000, .boot_id = 1};
	desk->permit.from_ms = utc;
	desk->permit.to_ms = utc + desk->policy.permit_ms;
}

static void set(char *out, const char *text)
{
	assert_int_equal(text_copy(out, ID_MAX, text), ERR_OK);
}

/* A desk at 01:05 where the permit is good. */
static void lay(struct desk *desk)
{
	memset(desk, 0, sizeof *desk);
	desk->agreement = agreed();
	desk->agreement.version = 3;
	add_slot(&desk->agreement, SLOT_CAMERA, HM(1, 0), -1);
	desk->zone = stockholm();
	desk->policy = policy_defaults();
	memset(desk->challenge, 7, sizeof desk->challenge);
	desk->view = (struct guard_view){.camera = "cam1", .challenge = desk->challenge,
	                                 .agreement = &desk->agreement, .clock_sound = true,
	                                 .zone = &desk->zone, .policy = &desk->policy,
	                                 .opening = desk->opening};
	desk->permit = (struct permit){.look = 41, .agreement_version = 3, .night = NIGHT,
	                               .look_number = 1};
	memset(desk->permit.id, 1, NONCE_BYTES);
	memset(desk->permit.challenge, 7, NONCE_BYTES);
	set(desk->permit.camera, "cam1");
	set(desk->permit.agreement, "a1");
	set(desk->permit.slot, "slot0");
	stand_at(desk, AT_MS(1, 5));
}

/* What the guard does with a granted permit: it remembers. The next permit has another id. */
static void open_lens(struct desk *desk)
{
	struct opening *opening = &desk->opening[desk->view.n_openings++];

	*opening = (struct opening){.night = desk->permit.night,
	                            .look_number = desk->permit.look_number,
	                            .replacement = desk->permit.replacement,
	                            .at_ms = desk->now.utc_ms};
	set(opening->agreement, desk->permit.agreement);
	set(opening->slot, desk->permit.slot);
	memcpy(opening->permit_id, desk->permit.id, NONCE_BYTES);
	desk->permit.id[0]++;
}

static const char *judged(const struct desk *desk)
{
	return permit_refusal_name(permit_judge(&desk->permit, &desk->view, &desk->now));
}

#define assert_says(desk, name) assert_string_equal(judged(desk), name)

static void test_good(void **state)
{
	struct desk desk;

	(void)state;
	lay(&desk);
	assert_says(&desk, "granted");
}

static void test_other_camera(void **state)
{
	struct desk desk;

	(void)state;
	lay(&desk);
	set(desk.permit.camera, "cam2");
	assert_says(&desk, "other-camera");
	/* The hub says ours, the agreement says another: the agreement is what was signed. */
	lay(&desk);
	set(desk.agreement.camera, "cam2");
	assert_says(&desk, "other-camera");
}

static void test_old_connection(void **state)
{
	struct desk desk;

	(void)state;
	lay(&desk);
	desk.permit.challenge[NONCE_BYTES - 1] ^= 1;
	assert_says(&desk, "old-connection");
}

static void test_replay(void **state)
{
	struct desk desk;

	(void)state;
	lay(&desk);
	open_lens(&desk);
	memcpy(desk.permit.id, desk.opening[0].permit_id, NONCE_BYTES);
	assert_says(&desk, "replayed");
	/* A permit is spent also when its lens never opened, and also for another look. */
	desk.opening[0].look_number = 0;
	assert_says(&desk, "replayed");
	desk.permit.look_number = 2;
	assert_says(&desk, "replayed");
	desk.permit.id[0] ^= 0x80;
	desk.permit.look_number = 1;
	assert_says(&desk, "granted");
}

static void test_clock(void **state)
{
	struct desk desk;

	(void)state;
	lay(&desk);
	desk.view.clock_sound = false;
	assert_says(&desk, "clock");
}

static void test_interval(void **state)
{
	struct desk desk;

	(void)state;
	lay(&desk);
	desk.now.utc_ms = desk.permit.to_ms - 1;
	assert_says(&desk, "granted");
	desk.now.utc_ms = desk.permit.to_ms;
	assert_says(&desk, "expired");
	lay(&desk);
	desk.now.utc_ms = desk.permit.from_ms - desk.policy.clock_skew_ms;
	assert_says(&desk, "granted");
	desk.now.utc_ms--;
	assert_says(&desk, "not-yet");
	lay(&desk);
	desk.permit.to_ms = desk.permit.from_ms + desk.policy.permit_ms + 1;
	assert_says(&desk, "too-long");
}

/* A clock 20 s behind the hub's is sound, and must neither refuse good permits nor prolong them. */
static void test_skew(void **state)
{
	struct desk desk;

	(void)state;
	lay(&desk);
	desk.now.utc_ms -= 20 * MS_SECOND;
	desk.view.hub_ahead_ms = 20 * MS_SECOND;
	assert_says(&desk, "granted");
	desk.now.utc_ms += desk.policy.permit_ms;
	assert_says(&desk, "expired");
	lay(&desk);
	desk.now.utc_ms += 20 * MS_SECOND;
	desk.view.hub_ahead_ms = -20 * MS_SECOND;
	assert_says(&desk, "granted");
}

static void test_no_agreement(void **state)
{
	struct desk desk;

	(void)state;
	lay(&desk);
	desk.view.agreement = NULL;
	assert_says(&desk, "no-agreement");
	lay(&desk);
	desk.view.zone = NULL;
	assert_says(&desk, "no-agreement");
	lay(&desk);
	set(desk.permit.agreement, "a2");
	assert_says(&desk, "no-agreement");
	lay(&desk);
	desk.permit.agreement_version = 2;
	assert_says(&desk, "no-agreement");
	desk.permit.agreement_version = 4;
	assert_says(&desk, "no-agreement");
}

static void test_withdrawn(void **state)
{
	struct desk desk;

	(void)state;
	lay(&desk);
	desk.view.stopped = true;
	assert_says(&desk, "withdrawn");
	lay(&desk);
	desk.agreement.withdrawn = true;
	assert_says(&desk, "withdrawn");
	/* Whatever else is wrong with the hour: who closed the lens is told that it is closed. */
	set(desk.permit.slot, "slot9");
	assert_says(&desk, "withdrawn");
}

/* Also when it comes between the first look and the recheck (SERVICE.md hard case 7). */
static void test_withdrawn_before_recheck(void **state)
{
	struct desk desk;

	(void)state;
	lay(&desk);
	open_lens(&desk);
	desk.permit.look_number = 2;
	stand_at(&desk, AT_MS(1, 14));
	assert_says(&desk, "granted");
	desk.view.stopped = true;
	assert_says(&desk, "withdrawn");
}

static void test_lapsed(void **state)
{
	struct desk desk;

	(void)state;
	lay(&desk);
	desk.agreement.person[0].to_day = NIGHT; /* the look is on the date after it */
	assert_says(&desk, "lapsed");
	desk.agreement.person[0].to_day = NIGHT + 1;
	assert_says(&desk, "granted");
	/* Ended by a signature there is no check at all. */
	desk.agreement.person[0].to_day = NIGHT;
	desk.agreement.person[0].signed_end = true;
	assert_says(&desk, "outside-time");
}

static void test_outside_time(void **state)
{
	struct desk desk;

	(void)state;
	lay(&desk);
	stand_at(&desk, AT_MS(1, 0) - 1);
	assert_says(&desk, "outside-time");
	stand_at(&desk, AT_MS(1, 0));
	assert_says(&desk, "granted");
	stand_at(&desk, AT_MS(1, 25) - 1); /* latest start 15 min, hard end 10 min */
	assert_says(&desk, "granted");
	stand_at(&desk, AT_MS(1, 25));
	assert_says(&desk, "outside-time");
}

static void test_other_night_or_slot(void **state)
{
	struct desk desk;

	(void)state;
	lay(&desk);
	desk.permit.night = NIGHT - 1;
	assert_says(&desk, "outside-time");
	desk.permit.night = 1000000;
	assert_says(&desk, "outside-time");
	desk.permit.night = -100000;
	assert_says(&desk, "outside-time");
	lay(&desk);
	set(desk.permit.slot, "slot9");
	assert_says(&desk, "outside-time");
	/* Not a Monday's slot. */
	lay(&desk);
	desk.agreement.slot[0].weekdays = 0x7e;
	assert_says(&desk, "outside-time");
	/* A visit is made by people; no lens opens for it. */
	lay(&desk);
	desk.agreement.slot[0].kind = SLOT_VISIT;
	assert_says(&desk, "outside-time");
}

static void test_one_look(void **state)
{
	struct desk desk;

	(void)state;
	lay(&desk);
	open_lens(&desk);
	assert_says(&desk, "no-right-left");
	/* The next night, and another slot, have their own. */
	stand_at(&desk, AT_MS(1, 5) + MS_DAY);
	desk.permit.night = NIGHT + 1;
	assert_says(&desk, "granted");
	lay(&desk);
	add_slot(&desk.agreement, SLOT_CAMERA, HM(1, 2), -1);
	open_lens(&desk);
	set(desk.permit.slot, "slot1");
	assert_says(&desk, "granted");
}

static void test_one_replacement(void **state)
{
	struct desk desk;

	(void)state;
	lay(&desk);
	open_lens(&desk);
	desk.permit.replacement = true;
	assert_says(&desk, "granted");
	open_lens(&desk);
	assert_says(&desk, "no-right-left");
	desk.permit.replacement = false;
	assert_says(&desk, "no-right-left");
}

/*
 * Two remembered openings of one look, in either order and whichever of them was the replacement: both
 * rights are spent, and the recheck's distance runs from the later one.
 */
static void test_replacement_first(void **state)
{
	struct desk desk;

	(void)state;
	lay(&desk);
	stand_at(&desk, AT_MS(1, 6));
	desk.permit.replacement = true;
	open_lens(&desk);
	assert_says(&desk, "no-right-left");
	desk.permit.replacement = false;
	stand_at(&desk, AT_MS(1, 5));
	assert_says(&desk, "granted");
	open_lens(&desk);
	assert_says(&desk, "no-right-left");
	desk.permit.replacement = true;
	assert_says(&desk, "no-right-left");
	desk.permit.replacement = false;
	desk.permit.look_number = 2;
	stand_at(&desk, AT_MS(1, 13));
	assert_says(&desk, "too-early");
	stand_at(&desk, AT_MS(1, 14));
	assert_says(&desk, "granted");
}

/* A camera that serves two agreements counts the looks of each by themselves. */
static void test_opening_of_another_agreement(void **state)
{
	struct desk desk;

	(void)state;
	lay(&desk);
	open_lens(&desk);
	assert_says(&desk, "no-right-left");
	set(desk.opening[0].agreement, "a2");
	assert_says(&desk, "granted");
}

static void test_recheck(void **state)
{
	struct desk desk;

	(void)state;
	lay(&desk);
	desk.permit.look_number = 2;
	assert_says(&desk, "no-right-left");
	desk.permit.look_number = 1;
	open_lens(&desk);
	desk.permit.look_number = 2;
	/* Eight minutes after the opening, less the skew allowed between hub and agent. */
	stand_at(&desk, AT_MS(1, 13) - desk.policy.clock_skew_ms - 1);
	assert_says(&desk, "too-early");
	stand_at(&desk, AT_MS(1, 13) - desk.policy.clock_skew_ms);
	assert_says(&desk, "granted");
	stand_at(&desk, AT_MS(1, 40) - 1); /* the hard end, and the recheck's 15 minutes */
	assert_says(&desk, "granted");
	stand_at(&desk, AT_MS(1, 40));
	assert_says(&desk, "outside-time");
}

static void test_recheck_after_replacement(void **state)
{
	struct desk desk;

	(void)state;
	lay(&desk);
	open_lens(&desk);
	stand_at(&desk, AT_MS(1, 6));
	desk.permit.replacement = true;
	open_lens(&desk);
	desk.permit.replacement = false;
	desk.permit.look_number = 2;
	/* The answer came after the latest of the two. */
	stand_at(&desk, AT_MS(1, 13));
	assert_says(&desk, "too-early");
	stand_at(&desk, AT_MS(1, 14));
	assert_says(&desk, "granted");
}

static void test_rechecks_agreed(void **state)
{
	struct desk desk;

	(void)state;
	lay(&desk);
	open_lens(&desk);
	desk.permit.look_number = 2;
	stand_at(&desk, AT_MS(1, 14));
	open_lens(&desk);
	assert_says(&desk, "no-right-left");
	desk.permit.look_number = 3;
	stand_at(&desk, AT_MS(1, 23));
	assert_says(&desk, "no-right-left");
	/* None agreed: straight to the patrol. */
	lay(&desk);
	desk.agreement.overrides.rechecks = 0;
	open_lens(&desk);
	desk.permit.look_number = 2;
	stand_at(&desk, AT_MS(1, 14));
	assert_says(&desk, "no-right-left");
}

/* A couple has one look; either consent closes the lens; one decision's end closes nothing. */
static void test_couple(void **state)
{
	struct desk desk;

	(void)state;
	lay(&desk);
	desk.agreement = agreed_couple();
	desk.agreement.version = 3;
	add_slot(&desk.agreement, SLOT_CAMERA, HM(1, 0), -1);
	assert_says(&desk, "granted");
	open_lens(&desk);
	assert_says(&desk, "no-right-left");
	desk.view.n_openings = 0;
	desk.agreement.person[1].to_day = NIGHT;
	desk.agreement.person[1].signed_end = true;
	assert_says(&desk, "granted");
	desk.agreement.person[1] = desk.agreement.person[0];
	set(desk.agreement.person[1].id, "sara");
	desk.agreement.consent[1].to_day = NIGHT;
	assert_string_not_equal(judged(&desk), "granted");
}

/* 02:30 exists twice in the night of 24 October 2026: the look has the first of them alone. */
static void test_autumn(void **state)
{
	struct desk desk;
	int64_t first = utc_ms(2026, 10, 25, 0, 30);

	(void)state;
	lay(&desk);
	desk.agreement.slot[0].from_min = HM(2, 30);
	desk.permit.night = civil_to_days(2026, 10, 24);
	stand_at(&desk, first);
	assert_says(&desk, "granted");
	open_lens(&desk);
	stand_at(&desk, first + MS_HOUR);
	assert_says(&desk, "outside-time");
	desk.view.n_openings = 0;
	assert_says(&desk, "outside-time");
}

/* 02:30 does not exist in the night of 27 March 2027: the look is right after the gap. */
static void test_spring(void **state)
{
	struct desk desk;
	int64_t after_gap = utc_ms(2027, 3, 28, 1, 0);

	(void)state;
	lay(&desk);
	desk.agreement.slot[0].from_min = HM(2, 30);
	desk.permit.night = civil_to_days(2027, 3, 27);
	stand_at(&desk, after_gap - 1);
	assert_says(&desk, "outside-time");
	stand_at(&desk, after_gap);
	assert_says(&desk, "granted");
}

static void test_names(void **state)
{
	(void)state;
	for (int i = 0; i < PERMIT_REFUSALS; i++) {
		const char *name = permit_refusal_name((enum permit_refusal)i);

		assert_true(text_is_id(name));
		assert_int_equal(permit_refusal_from_name(name), i);
		assert_true(strlen(permit_refusal_text((enum permit_refusal)i)) > 10);
	}
	assert_int_equal(permit_refusal_from_name("perhaps"), -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good),
		cmocka_unit_test(test_other_camera),
		cmocka_unit_test(test_old_connection),
		cmocka_unit_test(test_replay),
		cmocka_unit_test(test_clock),
		cmocka_unit_test(test_interval),
		cmocka_unit_test(test_skew),
		cmocka_unit_test(test_no_agreement),
		cmocka_unit_test(test_withdrawn),
		cmocka_unit_test(test_withdrawn_before_recheck),
		cmocka_unit_test(test_lapsed),
		cmocka_unit_test(test_outside_time),
		cmocka_unit_test(test_other_night_or_slot),
		cmocka_unit_test(test_one_look),
		cmocka_unit_test(test_one_replacement),
		cmocka_unit_test(test_replacement_first),
		cmocka_unit_test(test_opening_of_another_agreement),
		cmocka_unit_test(test_recheck),
		cmocka_unit_test(test_recheck_after_replacement),
		cmocka_unit_test(test_rechecks_agreed),
		cmocka_unit_test(test_couple),
		cmocka_unit_test(test_autumn),
		cmocka_unit_test(test_spring),
		cmocka_unit_test(test_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
