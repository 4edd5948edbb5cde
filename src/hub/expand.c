/*
 * The night's plan. Every agreement is expanded once a night and version, in one transaction with the
 * mark that says so, so that neither a restart nor a second import plans a check twice or forgets one.
 */
#include "hub/inside.h"

#include "core/night.h"
#include "os/journal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* "night version" of the latest expansion of one agreement. */
static void mark_name(const char *agreement, char name[PATH_MAX_BYTES])
{
	snprintf(name, PATH_MAX_BYTES, "planned.%s", agreement);
}

static bool is_planned(struct hub *hub, const struct agreement_row *row)
{
	char name[PATH_MAX_BYTES], value[PATH_MAX_BYTES], want[PATH_MAX_BYTES];

	mark_name(row->id, name);
	snprintf(want, sizeof want, "%d %u", hub->night, row->version);
	return hub->store->setting_get(hub->store->impl, name, value) == ERR_OK && strcmp(value, want) == 0;
}

static enum err mark_planned(struct hub *hub, const struct agreement_row *row)
{
	char name[PATH_MAX_BYTES], value[PATH_MAX_BYTES];

	mark_name(row->id, name);
	snprintf(value, sizeof value, "%d %u", hub->night, row->version);
	return hub->store->setting_put(hub->store->impl, name, value);
}

/* Times of a check that has not begun follow a changed agreement; what has begun keeps the times it had. */
static enum err plan_again(struct hub *hub, struct check *check, const struct check *fresh)
{
	struct check changed = *fresh;

	if (check->state != CHECK_PLANNED)
		return ERR_OK;
	changed.id = check->id;
	changed.pair = check->pair;
	changed.camera_lost = check->camera_lost;
	changed.decision_version = check->decision_version + 1;
	*check = changed;
	return hub->store->check_put(hub->store->impl, check);
}

/* What the plan itself does not know: contact, a right that is lost, a pause. */
static enum err after_planning(struct hub *hub, struct check *check, bool withdrawn)
{
	const struct camera_live *live = camera_live(hub, check->camera);
	struct check_event lost = {.kind = EVENT_CAMERA, .camera_up = false};
	struct check_event right_lost = {.kind = EVENT_RIGHT_LOST, .cause = CAUSE_WITHDRAWN};
	struct check_event pause = {.kind = EVENT_PAUSE, .cause = CAUSE_PAUSED};
	enum refusal refusal;
	enum err r = ERR_OK;

	if (live != NULL && live->lost)
		r = step_check(hub, check, &lost, &refusal);
	if (r == ERR_OK && withdrawn && check->kind == SLOT_CAMERA)
		r = step_check(hub, check, &right_lost, &refusal);
	if (r == ERR_OK && people_is_paused(hub, check->resident, check->start_ms))
		r = step_check(hub, check, &pause, &refusal);
	return r;
}

/* One planned row: new, or brought up to date. late drops what was over before it was agreed. */
static enum err plan_one(struct hub *hub, const struct agreement *agreement,
                         const struct planned *planned, const struct agreement_row *row, bool late,
                         int64_t *id)
{
	struct check check, fresh = check_plan(agreement, planned, &hub->settings.policy);
	enum err r = hub->store->check_find(hub->store->impl, fresh.resident, fresh.slot, fresh.night, &check);

	*id = 0;
	if (r == ERR_OK) {
		r = plan_again(hub, &check, &fresh);
	} else if (r == ERR_NOT_FOUND) {
		if (late && planned->hard_end_ms <= hub->now.utc_ms)
			return ERR_OK;
		check = fresh;
		r = hub->store->check_put(hub->store->impl, &check);
	}
	if (r == ERR_OK && check.state == CHECK_PLANNED)
		r = after_planning(hub, &check, row->withdrawn_ms != 0);
	*id = check.id;
	return r;
}

/* A couple's checks of one slot name each other. */
static enum err pair_up(struct hub *hub, const struct planned *planned, size_t n, const int64_t *id)
{
	enum err r = ERR_OK;
	struct check check;

	for (size_t i = 0; i < n; i++)
		for (size_t j = 0; j < n && r == ERR_OK; j++) {
			if (i == j || id[i] == 0 || id[j] == 0 || planned[i].slot != planned[j].slot)
				continue;
			r = hub->store->check_get(hub->store->impl, id[i], &check);
			check.pair = id[j];
			if (r == ERR_OK)
				r = hub->store->check_put(hub->store->impl, &check);
		}
	return r;
}

enum err night_plan_one(struct hub *hub, const struct agreement_row *row, bool late)
{
	struct planned planned[NIGHT_PLANNED_MAX];
	int64_t id[NIGHT_PLANNED_MAX];
	struct agreement agreement;
	size_t n;
	enum err r = agreement_decode(&agreement, row->doc, row->doc_len);

	if (r != ERR_OK)
		return r;
	n = night_expand(&agreement, hub->night, hub->zone, &hub->settings.policy, planned);
	for (size_t i = 0; i < n && r == ERR_OK; i++)
		r = plan_one(hub, &agreement, &planned[i], row, late, &id[i]);
	if (r == ERR_OK)
		r = pair_up(hub, planned, n, id);
	return r == ERR_OK ? mark_planned(hub, row) : r;
}


static bool collect(void *arg, const struct agreement_row *row)
{
	if (strcmp(row->id, ROSTER_ROW) != 0)
		*(struct agreement_row *)list_add(arg, sizeof *row) = *row;
	return true;
}

void night_plan(struct hub *hub)
{
	struct list rows = {0};
	const struct agreement_row *row;
	struct log_event entry = hub_event(hub, LOG_NIGHT_EXPANDED, NULL);

	if (hub->store->agreements(hub->store->impl, collect, &rows) != ERR_OK)
		hub->failed = true;
	row = rows.items;
	log_event_int(&entry, "night", hub->night);
	if (!hub->failed && hub_begin(hub) == ERR_OK) {
		enum err r = ERR_OK;

		for (size_t i = 0; i < rows.n && r == ERR_OK; i++)
			if (!is_planned(hub, &row[i]))
				r = night_plan_one(hub, &row[i], false);
		if (r == ERR_OK)
			r = hub_log(hub, &entry, NULL);
		if (r == ERR_OK) {
			hub_note(hub, AFTER_RESET, 0, "");
			hub_commit(hub);
		} else {
			hub_abort(hub);
			hub->failed = true;
			journal_fault("the night cannot be planned: %s", err_text(r));
		}
	}
	free(rows.items);
}

void night_tick(struct hub *hub)
{
	int32_t night = night_of(hub->zone, &hub->settings.policy, hub->now.utc_ms);
	int64_t from, to;

	if (night != hub->night) {
		hub->night = night;
		hub->evening_done = false;
		wells_read(hub);
		night_plan(hub);
		night_reconcile(hub, NULL, NULL);
	}
	night_bounds(hub->zone, &hub->settings.policy, night, &from, &to);
	if (hub->evening_done || hub->now.utc_ms < from)
		return;
	hub->evening_done = true;
	night_reconcile(hub, NULL, NULL);
}
