/*
 * From a planned time to a check: what its agreement says is fixed here, once, for the whole night.
 */
#include "core/check.h"

#include "base/text.h"

#include <assert.h>

static void copy_id(char out[ID_MAX], const char *id)
{
	enum err r = text_copy(out, ID_MAX, id);

	assert(r == ERR_OK);
	(void)r;
}

/* A visit that was agreed is in the patrol's plan; one for want of a right is not, and pages. */
static enum cause visit_cause(const struct agreement *agreement, const struct planned *planned)
{
	if (planned->kind == SLOT_CAMERA)
		return CAUSE_NONE;
	if (agreement->slot[planned->slot].kind == SLOT_VISIT)
		return CAUSE_VISIT_SLOT;
	return planned->right == RIGHT_WITHDRAWN ? CAUSE_WITHDRAWN : CAUSE_LAPSED;
}

struct check check_plan(const struct agreement *agreement, const struct planned *planned,
                        const struct policy *policy)
{
	struct policy agreed = agreement_policy(agreement, policy);
	struct check check = {
		.night = planned->night,
		.agreement_version = agreement->version,
		.priority = agreement->priority,
		.kind = planned->kind,
		.note = planned->note,
		.start_ms = planned->start_ms,
		.early_ms = planned->early_ms,
		.latest_ms = planned->latest_ms,
		.hard_end_ms = planned->hard_end_ms,
		.rechecks_left = agreed.rechecks,
		.recheck_earliest_ms = agreed.recheck_earliest_ms,
		.recheck_due_ms = agreed.recheck_due_ms,
		.recheck_late_ms = agreed.recheck_late_ms,
		.on_site_ms = agreed.on_site_ms,
		.page_unanswered_ms = agreed.page_unanswered_ms,
		.visit_report_ms = agreed.visit_report_ms,
		.state = CHECK_PLANNED,
		.cause = visit_cause(agreement, planned),
		.view_ms = -1,
		.decision_version = 1,
	};

	assert(planned->slot >= 0 && planned->slot < agreement->n_slots);
	assert(planned->person >= 0 && planned->person < agreement->n_persons);
	copy_id(check.resident, agreement->person[planned->person].id);
	copy_id(check.agreement, agreement->id);
	copy_id(check.slot, agreement->slot[planned->slot].id);
	copy_id(check.camera, agreement->camera);
	copy_id(check.area, agreement->area);
	check.next_at = check.kind == SLOT_VISIT ? check.start_ms : check.early_ms;
	return check;
}
