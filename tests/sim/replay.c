/*
 * The log, read from the beginning of a night, must lead to the rows as they stand: what was answered,
 * paged and closed is in both or in neither. And every answer in the log is one that somebody gave with a
 * key, for that resident; every answer that the hub said it has is in the log.
 */
#include "world.h"

#include <stdlib.h>
#include <string.h>

struct row {
	int64_t check, page, answer_look, view_look, view_ms;
	bool closed, known;
	int shown;
	char outcome[ID_MAX], answer[ID_MAX];
};

struct replay {
	struct world *world;
	int32_t night;
	struct row *row; /* n of them, from check number first */
	int64_t first;
	size_t n;
	struct list arrived, on_site; /* int64_t: pages */
};

static bool bound(void *arg, const struct check *check)
{
	struct replay *replay = arg;

	if (replay->first == 0 || check->id < replay->first)
		replay->first = check->id;
	if ((size_t)check->id > replay->n)
		replay->n = (size_t)check->id; /* for now the last */
	return true;
}

static void take_value(char out[ID_MAX], const struct log_event *event, const char *key)
{
	const char *value = log_event_value(event, key);

	out[0] = '\0';
	if (value != NULL)
		strncat(out, value, ID_MAX - 1);
}

/* The same answer may have been given more than once, where the first had not arrived. */
static bool mark_said(struct world *world, const struct log_event *event, const char *answer)
{
	struct said *said = world->said.items;
	bool found = false;

	for (size_t i = 0; i < world->said.n; i++)
		if (said[i].look == event->look && said[i].check == event->check
		    && strcmp(check_answer_name(said[i].answer), answer) == 0
		    && strcmp(said[i].resident, event->resident) == 0
		    && strcmp(said[i].operator_id, event->actor) == 0)
			found = said[i].logged = true;
	return found;
}

static void replay_answer(struct replay *replay, struct row *row, const struct log_event *event)
{
	take_value(row->answer, event, "answer");
	row->answer_look = event->look;
	if (event->type == LOG_ANSWERED && !mark_said(replay->world, event, row->answer))
		history_fail(replay->world, "answer", "the log has %s for %s by %s, look %lld, which nobody pressed",
		             row->answer, event->resident, event->actor, (long long)event->look);
}

static void replay_event(struct replay *replay, struct row *row, const struct log_event *event)
{
	const char *value;

	switch (event->type) {
	case LOG_PAGED:
		row->page = event->page;
		break;
	case LOG_CHECK_CLOSED:
		row->closed = true;
		take_value(row->outcome, event, "outcome");
		break;
	case LOG_UNDONE:
		row->closed = false;
		replay_answer(replay, row, event);
		break;
	case LOG_PAUSE_ENDED:
		row->closed = false;
		break;
	case LOG_ANSWERED:
		replay_answer(replay, row, event);
		break;
	case LOG_PICTURE_SHOWN:
		row->shown++;
		break;
	case LOG_VIEW_OVER:
		value = log_event_value(event, "view_ms");
		row->view_look = event->look;
		row->view_ms = value != NULL ? strtoll(value, NULL, 10) : -1;
		break;
	default:
		break;
	}
}

/* Nobody is on site by himself: a call or a report of the site says so first. */
static void replay_page(struct replay *replay, const struct log_event *event)
{
	const char *state = log_event_value(event, "state");
	struct list *arrived = &replay->arrived;
	const int64_t *page = arrived->items;

	if (event->type == LOG_SITE_REPORT || (event->type == LOG_PAGE_CALL && state != NULL
	                                       && strcmp(state, "on-site") == 0)) {
		*(int64_t *)list_new(arrived, sizeof *page) = event->page;
		return;
	}
	if (event->type != LOG_PAGE_STATE || state == NULL || strcmp(state, "on-site") != 0)
		return;
	/* The call stands behind what it brought about, in the same moment. */
	*(int64_t *)list_new(&replay->on_site, sizeof *page) = event->page;
}

static void compare_pages(struct replay *replay)
{
	const int64_t *arrived = replay->arrived.items, *on_site = replay->on_site.items;

	for (size_t i = 0; i < replay->on_site.n; i++) {
		bool said = false;

		for (size_t j = 0; j < replay->arrived.n; j++)
			said = said || arrived[j] == on_site[i];
		if (!said)
			history_fail(replay->world, "on-site", "page %lld is on site, and nobody said so",
			             (long long)on_site[i]);
	}
	free(replay->arrived.items);
	free(replay->on_site.items);
}

static bool each_entry(void *arg, const struct log_row *log)
{
	struct replay *replay = arg;
	struct log_event event;

	if (log_event_decode(&event, log->canonical, log->len) != ERR_OK)
		history_fail(replay->world, "log", "entry %lld cannot be read", (long long)log->id);
	replay_page(replay, &event);
	if (event.check >= replay->first && event.check < replay->first + (int64_t)replay->n)
		replay_event(replay, &replay->row[event.check - replay->first], &event);
	return true;
}

/* Those that stayed open from an earlier night were compared with their own. */
static bool compare(void *arg, const struct check *check)
{
	struct replay *replay = arg;
	const struct row *row = &replay->row[check->id - replay->first];
	const char *outcome = check->state == CHECK_CLOSED ? check_outcome_name(check->outcome) : "";

	if (check->night != replay->night)
		return true;
	if (row->closed != (check->state == CHECK_CLOSED) || strcmp(row->closed ? row->outcome : "", outcome) != 0)
		history_fail(replay->world, "replay", "check %lld is %s %s, and by the log %s %s", (long long)check->id,
		             check_state_name(check->state), outcome, row->closed ? "closed" : "open", row->outcome);
	if (row->page != check->page)
		history_fail(replay->world, "replay", "check %lld has page %lld, and by the log %lld",
		             (long long)check->id, (long long)check->page, (long long)row->page);
	if (row->answer_look == check->look && check->look != 0
	    && strcmp(row->answer, check_answer_name(check->answer)) != 0)
		history_fail(replay->world, "replay", "check %lld has the answer %s, and by the log %s",
		             (long long)check->id, check_answer_name(check->answer), row->answer);
	if (check->answer != ANSWER_NONE && row->answer_look == 0)
		history_fail(replay->world, "replay", "check %lld has an answer that is not in the log",
		             (long long)check->id);
	if (check->view_ms > 0 && row->view_look == check->look && row->view_ms != check->view_ms)
		history_fail(replay->world, "replay", "check %lld was viewed %lld ms, and by the log %lld",
		             (long long)check->id, (long long)check->view_ms, (long long)row->view_ms);
	return true;
}

static void audit_acknowledged(struct world *world)
{
	const struct said *said = world->said.items;

	for (size_t i = 0; i < world->said.n; i++)
		if (said[i].done && !said[i].logged)
			history_fail(world, "lost", "%s said %s for %s, look %lld; the hub had it, the log has not",
			             said[i].operator_id, check_answer_name(said[i].answer), said[i].resident,
			             (long long)said[i].look);
}

void replay_night(struct world *world, int32_t night)
{
	const struct store *store = &world->centre.inner;
	struct replay replay = {.world = world, .night = night};
	struct log_filter filter = {0};
	int64_t to;

	night_bounds(&world->centre.zone, &world->policy, night, &filter.from_ms, &to);
	filter.from_ms -= 12 * MS_HOUR;
	store->checks_of_night(store->impl, night, bound, &replay);
	if (replay.first == 0)
		return;
	replay.n = replay.n - (size_t)replay.first + 1;
	replay.row = calloc(replay.n, sizeof *replay.row);
	if (replay.row == NULL)
		abort();
	store->log_read(store->impl, &filter, each_entry, &replay);
	store->checks_of_night(store->impl, night, compare, &replay);
	compare_pages(&replay);
	audit_acknowledged(world);
	free(replay.row);
}
