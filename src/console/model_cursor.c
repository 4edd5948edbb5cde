/*
 * Where the cursor is. It is kept as a subject, not as a line, so it stays on its resident whatever
 * happens around it; the night by resident shares it with the list, and leads it to what the
 * resident needs first.
 */
#include "console/model_inside.h"

int model_find(const struct rows *list, const struct subject *subject)
{
	for (size_t i = 0; i < list->n; i++) {
		const struct list_row *row = model_row(list, i);
		bool same_alarm = subject->alarm != 0 && row->alarm_id == subject->alarm;
		bool same_check = subject->check != 0
		                  && (row->check[0] == subject->check
		                      || row->check[1] == subject->check);

		if (same_alarm || same_check)
			return (int)i;
	}
	return -1;
}

struct subject *model_cursor(struct model *model)
{
	return model->screen == SCREEN_PATROL ? &model->board_focus : &model->focus;
}

struct subject model_subject_of(const struct model *model, const struct list_row *row)
{
	struct subject subject = {0};
	const struct check *check;

	if (row == NULL)
		return subject;
	check = row->n_checks > 0 ? model_check(model, row->check[0]) : NULL;
	subject.alarm = row->alarm_id;
	subject.check = row->check[0];
	subject.version = check != NULL ? check->decision_version : 0;
	return subject;
}

bool model_subject_same(const struct subject *a, const struct subject *b)
{
	return a->check == b->check && a->alarm == b->alarm && a->version == b->version;
}

static bool is_folded(const struct model *model, size_t at)
{
	return model->folded[model_row(&model->list, at)->section];
}

/* From at in steps of one to a row that is not folded away; -1 = none. */
static int unfolded(const struct model *model, int at, int step)
{
	for (; at >= 0 && at < (int)model->list.n; at += step)
		if (!is_folded(model, (size_t)at))
			return at;
	return -1;
}

/* The row of the list on which the cursor now is; -1: there is nothing for it to be on. */
static int kept_row(const struct model *model, bool top)
{
	int at;

	if (model->home == SCREEN_GRID) {
		int line = top ? 0 : model_grid_focus(model);
		const struct grid_row *row = model_grid_row(model, line < 0 ? 0 : (size_t)line);

		return row != NULL ? (int)row->lead : -1;
	}
	at = top ? -1 : model_find(&model->list, &model->focus);
	return at >= 0 && !is_folded(model, (size_t)at) ? at : unfolded(model, 0, 1);
}

/* What changed under a cursor makes the keys wait for half a second of quiet. */
static void keep(struct model *model, struct subject *focus, const struct list_row *row, bool shown)
{
	struct subject now = model_subject_of(model, row);

	if (shown && !model_subject_same(&now, focus))
		model_changed(model);
	*focus = now;
}

/*
 * The cursor waits on the top row: nobody has moved it there, and it is on nothing that is work, so
 * what becomes work comes under it.
 */
static bool rests(const struct model *model)
{
	const struct check *check = model_check(model, model->focus.check);

	return !model->chosen
	       && (check == NULL || check->state == CHECK_PLANNED || check->state == CHECK_WAITING
	           || check->state == CHECK_PATROL || check->state == CHECK_CLOSED);
}

/* After the first rows of a console that was started again: the cursor stands where it stood. */
static void resume(struct model *model)
{
	struct subject left = {.check = model->resumed};

	if (model->resumed == 0 || model->list.n == 0)
		return;
	model->resumed = 0;
	model_note(model, "The console died and was started again.");
	if (model_find(&model->list, &left) < 0)
		return;
	model->focus = left;
	model->chosen = true;
	model->follow_top = false;
}

void model_cursor_keep(struct model *model)
{
	int at;

	resume(model);
	model->chosen = model->chosen && !model->follow_top;
	at = kept_row(model, model->follow_top || rests(model));
	keep(model, &model->focus, at < 0 ? NULL : model_row(&model->list, (size_t)at),
	     model->screen == model->home);
	at = model_find(&model->board, &model->board_focus);
	keep(model, &model->board_focus, model_row(&model->board, at < 0 ? 0 : (size_t)at),
	     model->screen == SCREEN_PATROL);
	model->follow_top = false;
}

const struct list_row *model_focus(const struct model *model)
{
	const struct rows *list = model->screen == SCREEN_PATROL ? &model->board : &model->list;
	const struct subject *focus = model->screen == SCREEN_PATROL ? &model->board_focus
	                                                             : &model->focus;
	int at = model_find(list, focus);

	return at < 0 ? NULL : model_row(list, (size_t)at);
}

/* The line that is by so many away from at, of n, and never beyond the first or the last. */
static int moved(int at, int by, int n)
{
	at = at < 0 ? 0 : at;
	return by > n - 1 - at ? n - 1 : by < -at ? 0 : at + by;
}

/* In the list a folded section is passed by. */
static int moved_unfolded(const struct model *model, int at, int by)
{
	int step = by < 0 ? -1 : 1;

	at = unfolded(model, at < 0 ? 0 : at, 1);
	for (; by != 0 && at >= 0; by -= step) {
		int next = unfolded(model, at + step, step);

		if (next < 0)
			break;
		at = next;
	}
	return at;
}

void model_list_move(struct model *model, int by)
{
	const struct list_row *row = NULL;
	const struct grid_row *line;
	int at;

	if (model->screen == SCREEN_PATROL) {
		at = moved(model_find(&model->board, &model->board_focus), by, (int)model->board.n);
		row = at < 0 ? NULL : model_row(&model->board, (size_t)at);
	} else if (model->screen == SCREEN_GRID) {
		at = moved(model_grid_focus(model), by, (int)model->grid.n);
		line = at < 0 ? NULL : model_grid_row(model, (size_t)at);
		row = line == NULL ? NULL : model_row(&model->list, line->lead);
	} else {
		at = moved_unfolded(model, model_find(&model->list, &model->focus), by);
		row = at < 0 ? NULL : model_row(&model->list, (size_t)at);
	}
	if (row == NULL)
		return;
	model->chosen = model->chosen || model->screen != SCREEN_PATROL;
	*model_cursor(model) = model_subject_of(model, row);
}

void model_list_top(struct model *model)
{
	model_list_move(model, -(int)model->list.n - (int)model->board.n);
}

void model_list_fold(struct model *model)
{
	const struct list_row *row = model_focus(model);
	bool *coming = &model->folded[SECTION_COMING], *done = &model->folded[SECTION_DONE];

	if (model->screen != SCREEN_TONIGHT)
		return;
	if (row != NULL && row->section >= SECTION_COMING)
		model->folded[row->section] = true;
	else
		*coming = *done = !(*coming || *done);
	model->chosen = true;
	model_list_build(model);
}
