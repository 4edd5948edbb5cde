/*
 * The night's plan. Every agreement is expanded once a night and version, in one transaction with
 * the mark that says so, so that neither a restart nor a second import plans a check twice or
 * forgets one.
 */
#include "hub/inside.h"

#include "base/text.h"
#include "core/night.h"
#include "os/journal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The name of an agreement's mark: a setting's name is shorter than an identifier may be. */
static void mark_name(const struct hub *hub, const char *agreement, char name[PATH_MAX_BYTES])
{
	uint8_t hash[HASH_BYTES];
	char hex[25];

	hub->crypto->sha256(hash, agreement, strlen(agreement));
	text_hex(hex, hash, 12);
	snprintf(name, PATH_MAX_BYTES, "planned.%s", hex);
}

/* The mark of its latest expansion, "night version"; empty when there was none. */
static void read_mark(struct hub *hub, const struct agreement_row *row, char mark[PATH_MAX_BYTES])
{
	char name[PATH_MAX_BYTES];

	mark_name(hub, row->id, name);
	if (hub->store->setting_get(hub->store->impl, name, mark) != ERR_OK)
		mark[0] = '\0';
}

static bool is_planned(struct hub *hub, const struct agreement_row *row)
{
	char mark[PATH_MAX_BYTES], want[PATH_MAX_BYTES];

	read_mark(hub, row, mark);
	snprintf(want, sizeof want, "%d %u", hub->night, row->version);
	return strcmp(mark, want) == 0;
}

/* This night was planned by an earlier version of the agreement. */
static bool is_replaced(struct hub *hub, const struct agreement_row *row)
{
	char mark[PATH_MAX_BYTES], night[32];

	read_mark(hub, row, mark);
	snprintf(night, sizeof night, "%d ", hub->night);
	return strncmp(mark, night, strlen(night)) == 0;
}

static enum err mark_planned(struct hub *hub, const struct agreement_row *row)
{
	char name[PATH_MAX_BYTES], value[PATH_MAX_BYTES];

	mark_name(hub, row->id, name);
	snprintf(value, sizeof value, "%d %u", hub->night, row->version);
	return hub->store->setting_put(hub->store->impl, name, value);
}

/*
 * Times of a check that has not begun follow a changed agreement; what has begun keeps the times it
 * had.
 */
static enum err plan_again(struct hub *hub, struct check *check, const struct check *fresh)
{
	struct check changed = *fresh;

	if (check->state != CHECK_PLANNED)
		return ERR_OK;
	changed.id = check->id;
	changed.pair = check->pair;
	changed.decision_version = check->decision_version + 1;
	*check = changed;
	return hub->store->check_put(hub->store->impl, check);
}

/* What the plan itself does not know: contact, a right that is lost, a pause. */
static enum err after_planning(struct hub *hub, struct check *check, bool withdrawn)
{
	struct check_event lost = {.kind = EVENT_CAMERA, .camera_up = false};
	struct check_event right_lost = {.kind = EVENT_RIGHT_LOST, .cause = CAUSE_WITHDRAWN};
	struct check_event pause = {.kind = EVENT_PAUSE, .cause = CAUSE_PAUSED};
	enum refusal refusal;
	enum err r = ERR_OK;

	if (check->camera[0] != '\0' && !camera_covers(hub, check))
		r = step_check(hub, check, &lost, &refusal);
	if (r == ERR_OK && withdrawn && check->kind == SLOT_CAMERA)
		r = step_check(hub, check, &right_lost, &refusal);
	if (r == ERR_OK && people_is_paused(hub, check))
		r = step_check(hub, check, &pause, &refusal);
	return r;
}

/* One planned row: new, or brought up to date. late drops what was over before it was agreed. */
static enum err plan_one(struct hub *hub, const struct agreement *agreement,
                         const struct planned *planned, const struct agreement_row *row, bool late,
                         int64_t *id)
{
	struct check check, fresh = check_plan(agreement, planned, &hub->settings.policy);
	enum err r = hub->store->check_find(hub->store->impl, fresh.resident, fresh.slot,
	                                    fresh.night, &check);

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
			if (i == j || id[i] == 0 || id[j] == 0
			    || planned[i].slot != planned[j].slot)
				continue;
			r = hub->store->check_get(hub->store->impl, id[i], &check);
			check.pair = id[j];
			if (r == ERR_OK)
				r = hub->store->check_put(hub->store->impl, &check);
		}
	return r;
}

/*
 * A resident's agreement is the one that gives her checks tonight; one follows another without an
 * import.
 */
static enum err link_persons(struct hub *hub, const struct agreement *agreement,
                             const struct planned *planned, size_t n)
{
	struct resident_row row;
	enum err r = ERR_OK;

	for (size_t i = 0; i < n && r == ERR_OK; i++) {
		r = hub->store->resident_get(hub->store->impl,
		                             agreement->person[planned[i].person].id, &row);
		if (r == ERR_NOT_FOUND
		    || (r == ERR_OK && strcmp(row.agreement, agreement->id) == 0)) {
			r = ERR_OK;
			continue;
		}
		memcpy(row.agreement, agreement->id, sizeof row.agreement);
		if (r == ERR_OK)
			r = hub->store->resident_put(hub->store->impl, &row);
	}
	return r;
}

struct replacing {
	const struct agreement *agreement;
	const struct planned *planned; /* n of them, by the new version */
	size_t n;
};

/* A look that the new version does not grant: its slot is gone, or the right to it. */
static bool is_not_granted(const struct check *check, const void *arg)
{
	const struct replacing *r = arg;

	if (strcmp(check->agreement, r->agreement->id) != 0 || check->kind != SLOT_CAMERA)
		return false;
	for (size_t i = 0; i < r->n; i++)
		if (r->planned[i].kind == SLOT_CAMERA && r->planned[i].night == check->night
		    && strcmp(r->agreement->person[r->planned[i].person].id, check->resident) == 0
		    && strcmp(r->agreement->slot[r->planned[i].slot].id, check->slot) == 0)
			return false;
	return true;
}

/*
 * What the version before granted and this one does not: the lens stays shut at once, and the need
 * behind the check becomes a visit until a person says that there is none.
 */
static enum err take_back(struct hub *hub, const struct agreement *agreement,
                          const struct planned *planned, size_t n)
{
	struct replacing replacing = {.agreement = agreement, .planned = planned, .n = n};
	struct check_event lost = {.kind = EVENT_RIGHT_LOST,
	                           .cause = agreement->withdrawn ? CAUSE_WITHDRAWN : CAUSE_LAPSED};

	return step_wanted(hub, is_not_granted, &replacing, &lost);
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
	if (r == ERR_OK)
		r = link_persons(hub, &agreement, planned, n);
	if (r == ERR_OK && is_replaced(hub, row))
		r = take_back(hub, &agreement, planned, n);
	return r == ERR_OK ? mark_planned(hub, row) : r;
}

static bool collect(void *arg, const struct agreement_row *row)
{
	if (strcmp(row->id, ROSTER_ROW) != 0)
		*(struct agreement_row *)list_add(arg, sizeof *row) = *row;
	return true;
}

static enum err plan_this_night(struct hub *hub, const struct list *rows)
{
	const struct agreement_row *row = rows->items;
	struct log_event entry = hub_event(hub, LOG_NIGHT_EXPANDED, NULL);
	char night[PATH_MAX_BYTES];
	enum err r = ERR_OK;

	log_event_int(&entry, "night", hub->night);
	snprintf(night, sizeof night, "%d", hub->night);
	for (size_t i = 0; i < rows->n && r == ERR_OK; i++)
		if (!is_planned(hub, &row[i]))
			r = night_plan_one(hub, &row[i], false);
	if (r == ERR_OK)
		r = hub->store->setting_put(hub->store->impl, "night", night);
	if (r == ERR_OK)
		r = zone_mark(hub);
	return r == ERR_OK ? hub_log(hub, &entry, NULL) : r;
}

/* A whole night without a hub: its checks are owed, and overdue (SERVICE.md hard case 10). */
static bool night_before_is_missing(struct hub *hub)
{
	char night[PATH_MAX_BYTES];

	return hub->store->setting_get(hub->store->impl, "night", night) == ERR_OK
	       && strtol(night, NULL, 10) < hub->night - 1;
}

void night_plan(struct hub *hub)
{
	struct list rows = {0};
	enum err r = hub->store->agreements(hub->store->impl, collect, &rows);

	if (r == ERR_OK && (r = hub_begin(hub)) == ERR_OK) {
		if (night_before_is_missing(hub)) {
			hub->night--;
			r = plan_this_night(hub, &rows);
			hub->night++;
		}
		if (r == ERR_OK)
			r = plan_this_night(hub, &rows);
		hub_note(hub, AFTER_RESET, 0, "");
		if (r == ERR_OK)
			r = hub_commit(hub);
		else
			hub_abort(hub);
	}
	if (r != ERR_OK) {
		hub->failed = true;
		journal_fault("the night cannot be planned: %s", err_text(r));
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
	zone_follow(hub);
	night_bounds(hub->zone, &hub->settings.policy, night, &from, &to);
	if (hub->evening_done || hub->now.utc_ms < from)
		return;
	hub->evening_done = true;
	night_reconcile(hub, NULL, NULL);
}
