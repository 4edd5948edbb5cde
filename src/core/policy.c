/*
 * The policy table: SERVICE.md's rows with their defaults and the ranges that a centre may choose
 * from. The ranges keep a typing mistake from becoming a policy (a view of 30 minutes, a page after
 * a week); their lower ends are low enough for a demonstration that lives through a night in
 * minutes.
 */
#include "core/policy.h"

#include "base/now.h"

#include <stdbool.h>
#include <stddef.h>

#define AT(field) .offset = offsetof(struct policy, field)

/* Minutes after midnight that divide the two dates of a night. */
#define NOON_MIN (12 * 60)

const struct option policy_options[] = {
	{.name = "policy.night_start_min", .type = OPTION_TIME, AT(night_start_min),
	 .standard = "18:00",
	 .sentence = "A night begins at this local time."},
	{.name = "policy.night_end_min", .type = OPTION_TIME, AT(night_end_min),
	 .standard = "10:00",
	 .sentence = "A night ends at this local time of the next day."},
	{.name = "policy.start_early", .type = OPTION_DURATION, AT(start_early_ms),
	 .max = 30 * MS_MINUTE, .standard = "0s",
	 .sentence = "A look may start so long before an agreed clock time."},
	{.name = "policy.latest_start", .type = OPTION_DURATION, AT(latest_start_ms),
	 .min = MS_SECOND, .max = 60 * MS_MINUTE, .standard = "15min",
	 .sentence = "A look must start within this after an agreed clock time."},
	{.name = "policy.hard_end", .type = OPTION_DURATION, AT(hard_end_ms),
	 .min = MS_SECOND, .max = 60 * MS_MINUTE, .standard = "10min",
	 .sentence = "A check without an answer pages the patrol by itself so long after its "
	             "latest start."},
	{.name = "policy.view", .type = OPTION_DURATION, AT(view_ms),
	 .min = MS_SECOND, .max = 30 * MS_SECOND, .standard = "30s",
	 .sentence = "A picture stands on the screen at most so long."},
	{.name = "policy.lens_open_max", .type = OPTION_DURATION, AT(lens_open_ms_max),
	 .min = 100, .max = 5 * MS_SECOND, .standard = "5s",
	 .sentence = "A lens is open at most so long for one picture."},
	{.name = "policy.permit", .type = OPTION_DURATION, AT(permit_ms),
	 .min = MS_SECOND, .max = 60 * MS_SECOND, .standard = "10s",
	 .sentence = "A permit to open a lens is valid so long."},
	{.name = "policy.lease", .type = OPTION_DURATION, AT(lease_ms),
	 .min = MS_SECOND, .max = 10 * MS_MINUTE, .standard = "60s",
	 .sentence = "A claimed check without a permit goes back to the queue after this."},
	{.name = "policy.answer", .type = OPTION_DURATION, AT(answer_ms),
	 .min = MS_SECOND, .max = 10 * MS_MINUTE, .standard = "60s",
	 .sentence = "A look without an answer is undecided so long after its view."},
	{.name = "policy.recheck_earliest", .type = OPTION_DURATION, AT(recheck_earliest_ms),
	 .min = MS_SECOND, .max = 60 * MS_MINUTE, .standard = "8min",
	 .sentence = "A recheck may start so long after the first answer."},
	{.name = "policy.recheck_due", .type = OPTION_DURATION, AT(recheck_due_ms),
	 .min = MS_SECOND, .max = 60 * MS_MINUTE, .standard = "9min",
	 .sentence = "A recheck is due so long after the first answer."},
	{.name = "policy.recheck_late", .type = OPTION_DURATION, AT(recheck_late_ms),
	 .min = MS_SECOND, .max = 60 * MS_MINUTE, .standard = "10min",
	 .sentence = "A recheck is late so long after the first answer."},
	{.name = "policy.recheck_end", .type = OPTION_DURATION, AT(recheck_end_ms),
	 .min = MS_SECOND, .max = 90 * MS_MINUTE, .standard = "15min",
	 .sentence = "A recheck without an answer pages the patrol by itself so long after the "
	             "first answer."},
	{.name = "policy.rechecks", .type = OPTION_INT, AT(rechecks), .max = 1, .standard = "1",
	 .sentence = "Looks that follow when the resident was not seen; 0 pages the patrol at "
	             "once."},
	{.name = "policy.fault_retry", .type = OPTION_DURATION, AT(fault_retry_ms),
	 .max = 10 * MS_MINUTE, .standard = "60s",
	 .sentence = "A camera's fault at a slot is retried for so long."},
	{.name = "policy.fault_page", .type = OPTION_DURATION, AT(fault_page_ms),
	 .min = MS_SECOND, .max = 30 * MS_MINUTE, .standard = "3min",
	 .sentence = "A fault pages the patrol by itself so long after the slot's start."},
	{.name = "policy.camera_work", .type = OPTION_DURATION, AT(camera_work_ms),
	 .max = 12 * MS_HOUR, .standard = "45min",
	 .sentence = "A lost camera is work so long before its next slot."},
	{.name = "policy.camera_ping", .type = OPTION_DURATION, AT(camera_ping_ms),
	 .min = MS_SECOND, .max = 5 * MS_MINUTE, .standard = "15s",
	 .sentence = "A camera is asked for a sign of life this often."},
	{.name = "policy.camera_lost", .type = OPTION_DURATION, AT(camera_lost_ms),
	 .min = MS_SECOND, .max = 15 * MS_MINUTE, .standard = "60s",
	 .sentence = "A camera that has been silent for so long is lost."},
	{.name = "policy.incident_cameras", .type = OPTION_INT, AT(incident_cameras),
	 .min = 2, .max = 1000, .standard = "5",
	 .sentence = "So many cameras lost together are one incident."},
	{.name = "policy.incident", .type = OPTION_DURATION, AT(incident_ms),
	 .min = MS_SECOND, .max = 30 * MS_MINUTE, .standard = "3min",
	 .sentence = "Cameras lost within this of each other are lost together."},
	{.name = "policy.page_undelivered", .type = OPTION_DURATION, AT(page_undelivered_ms),
	 .min = MS_SECOND, .max = 10 * MS_MINUTE, .standard = "60s",
	 .sentence = "A page that is not delivered goes to the next channel after this."},
	{.name = "policy.page_unanswered", .type = OPTION_DURATION, AT(page_unanswered_ms),
	 .min = MS_SECOND, .max = 30 * MS_MINUTE, .standard = "3min",
	 .sentence = "A page that nobody acknowledges goes to the next person after this."},
	{.name = "policy.help_unanswered", .type = OPTION_DURATION, AT(help_unanswered_ms),
	 .min = MS_SECOND, .max = 10 * MS_MINUTE, .standard = "60s",
	 .sentence = "The same for a resident who needs help."},
	{.name = "policy.on_site", .type = OPTION_DURATION, AT(on_site_ms),
	 .min = MS_SECOND, .max = 4 * MS_HOUR, .standard = "45min",
	 .sentence = "Nobody on site so long after the acknowledgement is an alarm."},
	{.name = "policy.help_on_site", .type = OPTION_DURATION, AT(help_on_site_ms),
	 .min = MS_SECOND, .max = 2 * MS_HOUR, .standard = "20min",
	 .sentence = "The same for a resident who needs help."},
	{.name = "policy.visit_report", .type = OPTION_DURATION, AT(visit_report_ms),
	 .min = MS_SECOND, .max = 4 * MS_HOUR, .standard = "30min",
	 .sentence = "A visit without a report so long after its latest start is an alarm."},
	{.name = "policy.fresh", .type = OPTION_DURATION, AT(fresh_ms),
	 .min = MS_SECOND, .max = 60 * MS_SECOND, .standard = "20s",
	 .sentence = "A picture must be complete so soon after its picture process made its key."},
	{.name = "policy.clock_skew", .type = OPTION_DURATION, AT(clock_skew_ms),
	 .max = 2 * MS_MINUTE, .standard = "30s",
	 .sentence = "A camera whose clock differs by more than this opens for nobody."},
	{.name = "policy.nobody_awake", .type = OPTION_DURATION, AT(nobody_awake_ms),
	 .min = MS_SECOND, .max = 30 * MS_MINUTE, .standard = "5min",
	 .sentence = "Work due and no key pressed for so long raises the external alarm."},
	{.name = "policy.restart_hold", .type = OPTION_DURATION, AT(restart_hold_ms),
	 .max = 5 * MS_MINUTE, .standard = "120s",
	 .sentence = "Automatic pages wait so long after a start of the hub."},
	{.name = "policy.undo", .type = OPTION_DURATION, AT(undo_ms),
	 .max = 10 * MS_MINUTE, .standard = "2min",
	 .sentence = "An answer can be changed towards more care for so long."},
	{.name = NULL},
};

struct policy policy_defaults(void)
{
	struct policy policy;

	option_parse(policy_options, &policy, "", "", 0, false, NULL, NULL);
	return policy;
}

bool policy_allows(size_t offset, int64_t value)
{
	for (const struct option *option = policy_options; option->name != NULL; option++)
		if (option->offset == offset)
			return value >= option->min && value <= option->max;
	return false;
}

const char *policy_fault(const struct policy *policy)
{
	if (policy->night_start_min < NOON_MIN || policy->night_end_min > NOON_MIN)
		return "A night must begin at or after noon and end at or before the next noon.";
	if (policy->recheck_due_ms < policy->recheck_earliest_ms)
		return "A recheck is due before its earliest start.";
	if (policy->recheck_late_ms < policy->recheck_due_ms)
		return "A recheck is late before it is due.";
	if (policy->recheck_end_ms <= policy->recheck_late_ms)
		return "A recheck's hard end must come after it is late.";
	if (policy->fault_retry_ms > policy->fault_page_ms)
		return "A fault pages the patrol before its retries are over.";
	if (policy->fault_page_ms > policy->latest_start_ms + policy->hard_end_ms)
		return "A check's hard end comes before its fault's page.";
	if (policy->camera_lost_ms <= policy->camera_ping_ms)
		return "A camera counts as lost before it has missed a sign of life.";
	if (policy->lens_open_ms_max >= policy->fresh_ms)
		return "A picture is stale before the lens has closed.";
	if (policy->help_unanswered_ms > policy->page_unanswered_ms)
		return "A page for a resident who needs help waits longer than any other.";
	if (policy->help_on_site_ms > policy->on_site_ms)
		return "Help may take longer to arrive than any other visit.";
	return NULL;
}
