/* What Enter does on a row, and whether the operators present can keep up with what falls due. */
#include "console/model_inside.h"

#include "base/text.h"

#include <stdlib.h>

/* The pace of one operator: a picture, an answer, the next row. */
#define LOOK_PACE_MS (45 * MS_SECOND)
/* How far ahead the forecast looks. */
#define FORECAST_MS (15 * MS_MINUTE)

static enum next_step step_of_check(const struct model *model, const struct check *check)
{
	bool mine = model_is_mine(model, check);
	bool no_picture = check->camera_lost || check->kind == SLOT_VISIT;

	if (check->look != 0 && model_has_pending_answer(model, check->look))
		return NEXT_DETAILS;
	switch (check->state) {
	case CHECK_OPEN:
		return no_picture ? NEXT_PAGE : NEXT_LOOK;
	case CHECK_CLAIMED:
		return mine ? NEXT_LOOK : NEXT_DETAILS;
	case CHECK_LOOKING:
	case CHECK_DECIDING:
		return mine ? NEXT_ANSWER : NEXT_DETAILS;
	case CHECK_UNDECIDED:
		if (mine)
			return NEXT_ANSWER;
		return no_picture || check->rechecks_left == 0 ? NEXT_PAGE : NEXT_LOOK;
	case CHECK_FAULT:
		return no_picture || (check->cause == CAUSE_UNUSABLE && check->replacement_used)
		               ? NEXT_PAGE
		               : NEXT_LOOK;
	case CHECK_PATROL:
		return NEXT_BOARD;
	default:
		return NEXT_DETAILS;
	}
}

enum next_step model_next_step(const struct model *model, const struct list_row *row)
{
	const struct standing_alarm *alarm;

	if (row == NULL)
		return NEXT_NOTHING;
	if (row->alarm_id == 0)
		return step_of_check(model, model_check(model, row->check[0]));
	alarm = model_alarm(model, row->alarm_id);
	return alarm != NULL && model_resident(model, alarm->subject) != NULL ? NEXT_DETAILS
	                                                                      : NEXT_NOTHING;
}

bool model_can_page(const struct model *model)
{
	const struct list_row *row = model_focus(model);
	const struct check *check = row != NULL ? model_check(model, row->check[0]) : NULL;

	return check != NULL && check->state != CHECK_CLOSED && check->state != CHECK_PATROL;
}

static int operators_present(const struct model *model)
{
	const struct operator *operator = model->operators.items;
	int n = 0;

	for (size_t i = 0; i < model->operators.n; i++)
		n += operator[i].present;
	return n > 0 ? n : 1;
}

static bool is_due_soon(const struct check *check, int64_t now)
{
	return check->kind == SLOT_CAMERA && check->latest_ms > now
	       && check->early_ms <= now + FORECAST_MS
	       && (check->state == CHECK_OPEN || check->state == CHECK_PLANNED)
	       && check->first_answer_ms == 0;
}

static int compare_latest(const void *left, const void *right)
{
	const int64_t *a = left, *b = right;

	return *a < *b ? -1 : *a > *b;
}

int model_forecast(const struct model *model, int64_t *late_ms)
{
	const struct check *check = model->checks.items;
	int64_t now = model_utc_ms(model), *latest = calloc(model->checks.n + 1, sizeof *latest);
	int operators = operators_present(model), late = 0;
	size_t n = 0;

	if (latest == NULL)
		abort();
	for (size_t i = 0; i < model->checks.n; i++)
		if (is_due_soon(&check[i], now)
		    && (check[i].pair == 0 || check[i].id < check[i].pair))
			latest[n++] = check[i].latest_ms;
	qsort(latest, n, sizeof *latest, compare_latest);
	for (size_t i = 0; i < n; i++)
		if (now + (int64_t)(i / (size_t)operators) * LOOK_PACE_MS > latest[i]) {
			late++;
			*late_ms = latest[i];
		}
	free(latest);
	return late;
}
