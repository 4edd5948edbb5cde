/* The policy: SERVICE.md's numbers, and settings that contradict each other. */
#include "core/zones.h"

#include "base/limits.h"
#include "core/policy.h"

#include <string.h>

static void the_defaults_are_the_services(void **state)
{
	struct policy policy = policy_defaults();

	(void)state;
	assert_int_equal(policy.night_start_min, 18 * 60);
	assert_int_equal(policy.night_end_min, 10 * 60);
	assert_int_equal(policy.start_early_ms, 0);
	assert_int_equal(policy.latest_start_ms, 15 * MS_MINUTE);
	assert_int_equal(policy.hard_end_ms, 10 * MS_MINUTE);
	assert_int_equal(policy.view_ms, 30 * MS_SECOND);
	assert_int_equal(policy.lens_open_ms_max, 5 * MS_SECOND);
	assert_int_equal(policy.permit_ms, 10 * MS_SECOND);
	assert_int_equal(policy.lease_ms, 60 * MS_SECOND);
	assert_int_equal(policy.answer_ms, 60 * MS_SECOND);
	assert_int_equal(policy.recheck_earliest_ms, 8 * MS_MINUTE);
	assert_int_equal(policy.recheck_due_ms, 9 * MS_MINUTE);
	assert_int_equal(policy.recheck_late_ms, 10 * MS_MINUTE);
	assert_int_equal(policy.recheck_end_ms, 15 * MS_MINUTE);
	assert_int_equal(policy.rechecks, 1);
	assert_int_equal(policy.fault_retry_ms, 60 * MS_SECOND);
	assert_int_equal(policy.fault_page_ms, 3 * MS_MINUTE);
	assert_int_equal(policy.camera_work_ms, 45 * MS_MINUTE);
	assert_int_equal(policy.camera_ping_ms, 15 * MS_SECOND);
	assert_int_equal(policy.camera_lost_ms, 60 * MS_SECOND);
	assert_int_equal(policy.incident_cameras, 5);
	assert_int_equal(policy.incident_ms, 3 * MS_MINUTE);
	assert_int_equal(policy.page_undelivered_ms, 60 * MS_SECOND);
	assert_int_equal(policy.page_unanswered_ms, 3 * MS_MINUTE);
	assert_int_equal(policy.help_unanswered_ms, 60 * MS_SECOND);
	assert_int_equal(policy.on_site_ms, 45 * MS_MINUTE);
	assert_int_equal(policy.help_on_site_ms, 20 * MS_MINUTE);
	assert_int_equal(policy.visit_report_ms, 30 * MS_MINUTE);
	assert_int_equal(policy.fresh_ms, 20 * MS_SECOND);
	assert_int_equal(policy.clock_skew_ms, 30 * MS_SECOND);
	assert_int_equal(policy.nobody_awake_ms, 5 * MS_MINUTE);
	assert_int_equal(policy.restart_hold_ms, 120 * MS_SECOND);
	assert_int_equal(policy.undo_ms, 2 * MS_MINUTE);
	assert_null(policy_fault(&policy));
}

/* A field without a row would keep whatever stood in memory. */
static void every_field_has_its_row(void **state)
{
	size_t rows = 0;

	(void)state;
	for (const struct option *option = policy_options; option->name != NULL; option++) {
		assert_int_equal(option->offset, rows++ * sizeof(int64_t));
		assert_memory_equal(option->name, "policy.", 7);
	}
	assert_int_equal(rows * sizeof(int64_t), sizeof(struct policy));
}

static void contradictions_are_named(void **state)
{
	static const struct {
		const char *settings, *words;
	} wrong[] = {
		{"policy.night_start_min = 11:00", "noon"},
		{"policy.night_end_min = 12:01", "noon"},
		{"policy.recheck_due = 7min", "due before its earliest"},
		{"policy.recheck_late = 8min", "late before it is due"},
		{"policy.recheck_end = 10min", "hard end must come after"},
		{"policy.fault_retry = 4min", "before its retries"},
		{"policy.fault_page = 26min", "before its fault's page"},
		{"policy.camera_ping = 60s", "sign of life"},
		{"policy.fresh = 5s", "stale before"},
		{"policy.help_unanswered = 4min", "needs help waits longer"},
		{"policy.help_on_site = 50min", "Help may take longer"},
	};
	struct policy policy;

	(void)state;
	for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
		const char *fault;

		assert_int_equal(option_parse(policy_options, &policy, "", wrong[i].settings,
		                              strlen(wrong[i].settings), true, NULL, NULL), 0);
		fault = policy_fault(&policy);
		assert_non_null(fault);
		assert_non_null(strstr(fault, wrong[i].words));
	}
}

/* P13: no setting lets a picture stand longer than 30 seconds, or a lens be open beyond five. */
static void no_setting_exceeds_the_promises(void **state)
{
	(void)state;
	assert_true(policy_allows(offsetof(struct policy, view_ms), 30 * MS_SECOND));
	assert_false(policy_allows(offsetof(struct policy, view_ms), 30 * MS_SECOND + 1));
	assert_false(policy_allows(offsetof(struct policy, lens_open_ms_max), 5 * MS_SECOND + 1));
	assert_false(policy_allows(offsetof(struct policy, rechecks), 2));
	assert_false(policy_allows(sizeof(struct policy), 0));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_defaults_are_the_services),
		cmocka_unit_test(every_field_has_its_row),
		cmocka_unit_test(contradictions_are_named),
		cmocka_unit_test(no_setting_exceeds_the_promises),
	};

	return cmocka_run_group_tests_name("core/policy", tests, NULL, NULL);
}
