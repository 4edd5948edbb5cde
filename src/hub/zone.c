/*
 * The zone's data may be replaced while the hub runs, or while it does not: a country moves its
 * clock at short notice. A night is expanded once, so the hub keeps beside the plan what the zone
 * said of it. When it says something else, the checks of tonight that have not begun follow, the
 * log and the consoles are told, and each row that moved says why. What has begun keeps the times
 * it had.
 */
#include "hub/inside.h"

#include "core/night.h"
#include "os/journal.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SETTING "zone"
#define DAY_S 86400

/*
 * "night name offset at:offset …", with the changes of the night and a day on both sides: no check
 * of the night can be moved by another.
 */
static void describe(const struct hub *hub, char mark[PATH_MAX_BYTES])
{
	const struct zone_window *zone = hub->zone;
	int64_t from_ms, to_ms;
	size_t len;

	night_bounds(zone, &hub->settings.policy, hub->night, &from_ms, &to_ms);
	len = (size_t)snprintf(mark, PATH_MAX_BYTES, "%d %s %d", (int)hub->night, zone->name,
	                       (int)zone_from_utc(zone, from_ms / MS_SECOND - DAY_S).offset_s);
	for (size_t i = 0; i < zone->n && len < PATH_MAX_BYTES; i++)
		if (zone->transition[i].at_s > from_ms / MS_SECOND - DAY_S
		    && zone->transition[i].at_s <= to_ms / MS_SECOND + DAY_S)
			len += (size_t)snprintf(mark + len, PATH_MAX_BYTES - len, " %" PRId64 ":%d",
			                        zone->transition[i].at_s,
			                        (int)zone->transition[i].offset_s);
}

enum err zone_mark(struct hub *hub)
{
	char mark[PATH_MAX_BYTES];

	describe(hub, mark);
	return hub->store->setting_put(hub->store->impl, SETTING, mark);
}

/* This night was planned, by a zone that said something else of it. */
static bool has_changed(struct hub *hub)
{
	char was[PATH_MAX_BYTES], is[PATH_MAX_BYTES], night[32];

	if (hub->store->setting_get(hub->store->impl, SETTING, was) != ERR_OK)
		return false;
	describe(hub, is);
	snprintf(night, sizeof night, "%d ", (int)hub->night);
	return strncmp(was, night, strlen(night)) == 0 && strcmp(was, is) != 0;
}

static bool collect_agreement(void *arg, const struct agreement_row *row)
{
	if (strcmp(row->id, ROSTER_ROW) != 0)
		*(struct agreement_row *)list_add(arg, sizeof *row) = *row;
	return true;
}

static bool collect_planned(void *arg, const struct check *check)
{
	if (check->state == CHECK_PLANNED)
		*(struct check *)list_add(arg, sizeof *check) = *check;
	return true;
}

static enum err plan_again(struct hub *hub)
{
	struct list rows = {0};
	enum err r = hub->store->agreements(hub->store->impl, collect_agreement, &rows);

	for (size_t i = 0; i < rows.n && r == ERR_OK; i++)
		r = night_plan_one(hub, (struct agreement_row *)rows.items + i, true);
	free(rows.items);
	return r;
}

/* The row says that it was moved; that its time does not exist tonight is said rather than that. */
static enum err remark(struct hub *hub, struct check *check, const struct check *was)
{
	int64_t step_ms = check->start_ms - was->start_ms;
	struct log_event entry = hub_event(hub, LOG_CHECK_MOVED, check);
	enum err r;

	log_event_text(&entry, "slot", check->slot);
	log_event_int(&entry, "from_ms", was->start_ms);
	log_event_int(&entry, "to_ms", check->start_ms);
	/* Of a span the end alone may have moved. */
	log_event_int(&entry, "step_ms",
	              step_ms != 0 ? step_ms : check->latest_ms - was->latest_ms);
	if (check->note != PLAN_GAP)
		check->note = PLAN_MOVED;
	r = hub->store->check_put(hub->store->impl, check);
	return r == ERR_OK ? hub_log(hub, &entry, NULL) : r;
}

static enum err remark_moved(struct hub *hub, const struct list *before, int *moved)
{
	const struct check *was = before->items;
	enum err r = ERR_OK;

	*moved = 0;
	for (size_t i = 0; i < before->n && r == ERR_OK; i++) {
		struct check check;

		r = hub->store->check_get(hub->store->impl, was[i].id, &check);
		if (r != ERR_OK
		    || (check.start_ms == was[i].start_ms && check.latest_ms == was[i].latest_ms))
			continue;
		(*moved)++;
		r = remark(hub, &check, &was[i]);
	}
	return r;
}

static enum err tell(struct hub *hub, int moved)
{
	struct log_event entry = hub_event(hub, LOG_ZONE_CHANGED, NULL);
	char text[NOTE_MAX_BYTES];
	enum err r = zone_mark(hub);

	log_event_int(&entry, "night", hub->night);
	log_event_text(&entry, "name", hub->zone->name);
	log_event_int(&entry, "count", moved);
	if (r == ERR_OK)
		r = hub_log(hub, &entry, NULL);
	snprintf(text, sizeof text, "time-zone data changed: %d %s tonight moved", moved,
	         moved == 1 ? "check" : "checks");
	if (r == ERR_OK && moved > 0)
		alarm_raise(hub, "zone-changed", "", ALARM_LOW, text);
	/*
	 * The night's bounds may have moved too, and the consoles have to read their own data
	 * again.
	 */
	hub_note(hub, AFTER_RESET, 0, "");
	return r;
}

static bool is_moved_and_planned(void *arg, const struct check *check)
{
	bool *found = arg;

	*found = check->state == CHECK_PLANNED
	      && (check->note == PLAN_MOVED || check->note == PLAN_GAP);
	return !*found;
}

/* Once all that moved has begun there is nothing to prepare for; the log keeps it. */
static void lower_when_begun(struct hub *hub)
{
	struct alarm_row alarm;
	bool found = false;

	if (hub->store->alarm_find(hub->store->impl, "zone-changed", "", &alarm) != ERR_OK)
		return;
	if (hub->store->checks_of_night(hub->store->impl, hub->night, is_moved_and_planned, &found)
	    != ERR_OK)
		hub->failed = true;
	else if (!found)
		alarm_lower(hub, "zone-changed", "");
}

void zone_follow(struct hub *hub)
{
	struct list before = {0};
	int moved = 0;
	enum err r;

	if (!has_changed(hub)) {
		lower_when_begun(hub);
		return;
	}
	r = hub->store->checks_of_night(hub->store->impl, hub->night, collect_planned, &before);
	if (r == ERR_OK && (r = hub_begin(hub)) == ERR_OK) {
		if ((r = plan_again(hub)) == ERR_OK
		    && (r = remark_moved(hub, &before, &moved)) == ERR_OK)
			r = tell(hub, moved);
		if (r == ERR_OK)
			r = hub_commit(hub);
		else
			hub_abort(hub);
	}
	free(before.items);
	hub->failed = hub->failed || r != ERR_OK;
	if (r != ERR_OK)
		journal_fault("the night cannot be planned by the new time-zone data: %s",
		              err_text(r));
	else
		journal_note("the time-zone data of %s changed: %d checks tonight moved",
		             hub->zone->name, moved);
}

void zone_unreadable(struct hub *hub, const char *why)
{
	char text[NOTE_MAX_BYTES];

	if (why == NULL) {
		alarm_lower(hub, "zone-data", "");
		return;
	}
	snprintf(text, sizeof text,
	         "time-zone data of %s: %s; the hub keeps what it had: see to tzdata",
	         hub->settings.zone, why);
	alarm_raise(hub, "zone-data", "", ALARM_LOW, text);
}
