/*
 * Tonight in the order of work, and the patrol's board: built anew from the rows whenever one
 * changes.
 */
#include "console/model_inside.h"

#include "base/text.h"

#include <stdlib.h>
#include <string.h>

struct rung {
	int64_t subject; /* check; a standing alarm as a negative number */
	int64_t level;
};

const struct list_row *model_row(const struct rows *list, size_t at)
{
	return at < list->n ? (const struct list_row *)list->items + at : NULL;
}

int64_t model_row_ms(const struct model *model, const struct list_row *row)
{
	const struct check *check = row->alarm_id == 0 ? model_check(model, row->check[0]) : NULL;

	if (check == NULL)
		return model_alarm(model, row->alarm_id) != NULL
		               ? model_alarm(model, row->alarm_id)->since_ms
		               : 0;
	if (check->first_answer_ms != 0 && check->state != CHECK_CLOSED
	    && check->state != CHECK_PATROL)
		return check->first_answer_ms + check->recheck_due_ms;
	return check->start_ms;
}

bool model_is_mine(const struct model *model, const struct check *check)
{
	if (check->state == CHECK_UNDECIDED)
		return text_equal(check->operator_id, model->centre.operator_id)
		       && check->shown_ms != 0;
	return check->session != 0 && check->session == model->centre.session;
}

enum alarm model_list_alarm(const struct model *model, const struct check *check)
{
	int64_t now = model_utc_ms(model);
	enum alarm alarm = check_alarm(check, now, &model->centre.policy), paged = ALARM_NONE;
	const struct page *page = check->page != 0 ? model_page(model, check->page) : NULL;

	if (page != NULL && check->state == CHECK_PATROL)
		paged = page_alarm(page, now);
	return paged > alarm ? paged : alarm;
}

/*
 * A camera that was never accepted has an alarm of its own; that it is not there is no second one.
 */
static bool lost_contact(const struct model *model, const struct check *check)
{
	const struct camera *camera = model_camera(model, check->camera);

	return check->camera_lost && (camera == NULL || camera->commissioned);
}

static enum section section_of(const struct model *model, const struct check *check,
                               enum alarm alarm)
{
	switch (check->state) {
	case CHECK_CLOSED:
		return SECTION_DONE;
	case CHECK_PATROL:
		return alarm == ALARM_HIGH ? SECTION_NEEDS_YOU : SECTION_PATROL;
	case CHECK_PLANNED:
		/*
		 * The hub opens what is due; without it the console must say what now cannot be
		 * made.
		 */
		return alarm != ALARM_NONE && (lost_contact(model, check) || !model->connected)
		               ? SECTION_NEEDS_YOU
		               : SECTION_COMING;
	case CHECK_WAITING:
		return alarm != ALARM_NONE && !model->connected ? SECTION_NEEDS_YOU
		                                                : SECTION_COMING;
	default:
		return SECTION_NEEDS_YOU;
	}
}

/*
 * What of NEEDS YOU comes first: our own open question, people on site in trouble, rechecks, the
 * rest.
 */
static int rank_of(const struct model *model, const struct check *check)
{
	switch (check->state) {
	case CHECK_PATROL:
		return 1;
	case CHECK_PLANNED:
		return model->connected ? 4 : 3;
	case CHECK_CLAIMED:
	case CHECK_LOOKING:
	case CHECK_DECIDING:
		return model_is_mine(model, check) ? 0 : 5;
	case CHECK_UNDECIDED:
		if (model_is_mine(model, check))
			return 0;
		break;
	default:
		break;
	}
	return check->first_answer_ms != 0 ? 2 : 3;
}

static int64_t order_of(const struct model *model, const struct check *check, enum section section)
{
	switch (section) {
	case SECTION_NEEDS_YOU:
		return check->state == CHECK_PATROL
		               ? check->patrol_ms
		               : check_right_ends_ms(check, &model->centre.policy);
	case SECTION_PATROL:
		return check->patrol_ms;
	case SECTION_DONE:
		return -check->closed_ms;
	default:
		return check->state == CHECK_WAITING ? check_recheck_at_ms(check) : check->start_ms;
	}
}

static int compare_rows(const void *left, const void *right)
{
	const struct list_row *a = left, *b = right;

	if (a->section != b->section)
		return a->section < b->section ? -1 : 1;
	if (a->rank != b->rank)
		return a->rank - b->rank;
	if (a->order_ms != b->order_ms)
		return a->order_ms < b->order_ms ? -1 : 1;
	return a->check[0] < b->check[0] ? -1 : a->check[0] > b->check[0];
}

/* The other check of a couple, while both are in the same phase. */
static const struct check *partner(const struct model *model, const struct check *check)
{
	const struct check *other = check->pair != 0 ? model_check(model, check->pair) : NULL;

	if (other == NULL || other->state != check->state
	    || other->look_number != check->look_number || other->outcome != check->outcome
	    || other->kind != check->kind || other->page != check->page)
		return NULL;
	return other;
}

static void add_check(struct model *model, const struct check *check)
{
	const struct check *other = partner(model, check);
	enum alarm alarm = model_list_alarm(model, check);
	struct list_row *row;

	if (other != NULL && other->id < check->id)
		return;
	if (other != NULL && model_list_alarm(model, other) > alarm)
		alarm = model_list_alarm(model, other);
	row = model_rows_add(&model->list, sizeof *row);
	row->section = section_of(model, check, alarm);
	row->alarm = alarm;
	row->check[0] = check->id;
	row->check[1] = other != NULL ? other->id : 0;
	row->n_checks = other != NULL ? 2 : 1;
	row->rank = row->section == SECTION_NEEDS_YOU ? rank_of(model, check) : 0;
	row->order_ms = order_of(model, check, row->section);
}

static void add_alarm(struct model *model, const struct standing_alarm *alarm)
{
	struct list_row *row = model_rows_add(&model->list, sizeof *row);

	row->section = SECTION_NEEDS_YOU;
	row->alarm_id = alarm->id;
	row->alarm = alarm->level;
	/* Behind what is due, which Enter can do at once; the graver first. */
	row->rank = alarm->level == ALARM_HIGH ? 4 : alarm->level == ALARM_MEDIUM ? 6 : 7;
	row->order_ms = alarm->since_ms;
}

static void turn_at(struct model *model, int64_t at_ms)
{
	if (at_ms > model_utc_ms(model) && at_ms < model->turns_ms)
		model->turns_ms = at_ms;
}

/* The instants at which time alone changes what a check asks for (core/check.h, check_alarm). */
static void note_turns(struct model *model, const struct check *check)
{
	const struct page *page = check->page != 0 ? model_page(model, check->page) : NULL;
	int64_t first = check->first_answer_ms;

	if (check->state == CHECK_CLOSED)
		return;
	turn_at(model, check->early_ms);
	turn_at(model, check->start_ms - model->centre.policy.camera_work_ms);
	turn_at(model, check->latest_ms + 1);
	turn_at(model, check->next_at);
	if (first != 0) {
		turn_at(model, first + check->recheck_earliest_ms);
		turn_at(model, first + check->recheck_due_ms);
		turn_at(model, first + check->recheck_late_ms);
	}
	if (page != NULL)
		turn_at(model, page->next_at);
}

/* The board has one line a check: reports from the site are about one resident each. */
static void add_to_board(struct model *model, const struct check *check)
{
	struct list_row *row;

	if (check->state != CHECK_PATROL)
		return;
	row = model_rows_add(&model->board, sizeof *row);
	row->section = SECTION_PATROL;
	row->check[0] = check->id;
	row->n_checks = 1;
	row->alarm = model_list_alarm(model, check);
	row->rank = ALARM_HIGH - (int)row->alarm;
	row->order_ms = check->patrol_ms;
}

static struct rung *rung_of(struct model *model, const struct list_row *row)
{
	int64_t subject = row->alarm_id != 0 ? -row->alarm_id : row->check[0];

	return model_rows_numbered(&model->rung, sizeof(struct rung), subject);
}

/* Sounds once for the highest that is new; counts what stands. */
static void tell_alarms(struct model *model)
{
	enum alarm highest = ALARM_NONE;

	memset(model->count, 0, sizeof model->count);
	memset(model->alarms_at, 0, sizeof model->alarms_at);
	for (size_t i = 0; i < model->list.n; i++) {
		const struct list_row *row = model_row(&model->list, i);

		model->count[row->section]++;
		model->alarms_at[row->alarm]++;
		if (row->section != SECTION_DONE) {
			struct rung *rung = rung_of(model, row);

			if (row->alarm >= ALARM_LOW && (int64_t)row->alarm > rung->level
			    && row->alarm > highest)
				highest = row->alarm;
			rung->level = row->alarm;
		}
	}
	if (highest != ALARM_NONE)
		model->ports.sound(model->ports.arg, highest);
}

void model_list_build(struct model *model)
{
	const struct check *check = model->checks.items;
	const struct standing_alarm *alarm = model->alarms.items;

	model->list.n = model->board.n = 0;
	model->turns_ms = INT64_MAX;
	for (size_t i = 0; i < model->checks.n; i++) {
		note_turns(model, &check[i]);
		add_check(model, &check[i]);
		add_to_board(model, &check[i]);
	}
	for (size_t i = 0; i < model->alarms.n; i++)
		add_alarm(model, &alarm[i]);
	if (model->list.n > 0)
		qsort(model->list.items, model->list.n, sizeof(struct list_row), compare_rows);
	if (model->board.n > 0)
		qsort(model->board.items, model->board.n, sizeof(struct list_row), compare_rows);
	if (model->home == SCREEN_GRID)
		model_grid_build(model);
	model_cursor_keep(model);
	tell_alarms(model);
	model->dirty = true;
}
