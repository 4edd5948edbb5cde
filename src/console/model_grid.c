/*
 * Tonight by resident: one line for each, a couple that shares a slot in one. Those who need
 * somebody stand first and in the order of work, so that Enter on the top line is the right next
 * thing here too; the others follow by name.
 */
#include "console/model_inside.h"

#include "base/text.h"
#include "console/names.h"

#include <stdlib.h>
#include <string.h>

const struct grid_row *model_grid_row(const struct model *model, size_t at)
{
	return at < model->grid.n ? (const struct grid_row *)model->grid.items + at : NULL;
}

static int line_of(const struct model *model, const char *resident)
{
	for (size_t i = 0; i < model->grid.n; i++) {
		const struct grid_row *row = model_grid_row(model, i);

		for (int person = 0; person < row->n; person++)
			if (text_equal(row->resident[person], resident))
				return (int)i;
	}
	return -1;
}

static void add_person(struct grid_row *row, const char *resident)
{
	if (row->n < PERSONS_MAX)
		memcpy(row->resident[row->n++], resident, strlen(resident) + 1);
}

/*
 * The line of a resident, made when there is none; lead is where the list first has the resident.
 */
static void add(struct model *model, const char *resident, const char *partner, size_t lead)
{
	int at = line_of(model, resident);
	struct grid_row *row;

	if (at < 0 && partner != NULL)
		at = line_of(model, partner);
	if (at < 0) {
		row = model_rows_add(&model->grid, sizeof *row);
		row->lead = lead;
		add_person(row, resident);
		at = (int)model->grid.n - 1;
	}
	row = (struct grid_row *)model->grid.items + at;
	if (line_of(model, resident) < 0)
		add_person(row, resident);
	if (partner != NULL && line_of(model, partner) < 0)
		add_person(row, partner);
}

static void add_row(struct model *model, size_t at)
{
	const struct list_row *row = model_row(&model->list, at);
	const struct standing_alarm *alarm = model_alarm(model, row->alarm_id);

	if (alarm != NULL && model_resident(model, alarm->subject) != NULL)
		add(model, alarm->subject, NULL, at);
	for (int i = 0; i < row->n_checks; i++) {
		const struct check *check = model_check(model, row->check[i]);
		const struct check *other = model_check(model, check->pair);

		add(model, check->resident, other != NULL ? other->resident : NULL, at);
	}
}

/* A couple's two in the order of their names, whichever of them needs somebody first. */
static void sort_persons(const struct model *model, struct grid_row *row)
{
	const struct resident *a = model_resident(model, row->resident[0]);
	const struct resident *b = model_resident(model, row->resident[1]);
	char first[ID_MAX];

	if (row->n < 2 || a == NULL || b == NULL || names_compare(a->name, b->name) <= 0)
		return;
	memcpy(first, row->resident[0], sizeof first);
	memcpy(row->resident[0], row->resident[1], sizeof first);
	memcpy(row->resident[1], first, sizeof first);
}

static int compare_lines(const void *left, const void *right, void *arg)
{
	const struct model *model = arg;
	const struct grid_row *a = left, *b = right;
	const struct resident *x = model_resident(model, a->resident[0]);
	const struct resident *y = model_resident(model, b->resident[0]);
	bool a_needs = model_row(&model->list, a->lead)->section == SECTION_NEEDS_YOU;
	bool b_needs = model_row(&model->list, b->lead)->section == SECTION_NEEDS_YOU;
	int order = 0;

	if (a_needs != b_needs)
		return a_needs ? -1 : 1;
	if (!a_needs)
		order = names_compare(x != NULL ? x->name : a->resident[0],
		                      y != NULL ? y->name : b->resident[0]);
	return order != 0 ? order : a->lead < b->lead ? -1 : a->lead > b->lead;
}

void model_grid_build(struct model *model)
{
	struct grid_row *row;

	model->grid.n = 0;
	for (size_t i = 0; i < model->list.n; i++)
		add_row(model, i);
	row = model->grid.items;
	for (size_t i = 0; i < model->grid.n; i++)
		sort_persons(model, &row[i]);
	if (model->grid.n > 0)
		qsort_r(row, model->grid.n, sizeof *row, compare_lines, model);
}

int model_grid_focus(const struct model *model)
{
	const struct check *check = model_check(model, model->focus.check);
	const struct standing_alarm *alarm = model_alarm(model, model->focus.alarm);

	if (check != NULL)
		return line_of(model, check->resident);
	return alarm != NULL ? line_of(model, alarm->subject) : -1;
}
