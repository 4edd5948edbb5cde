/*
 * Finding somebody by name, in whichever list is on the screen. The cursor goes along while the
 * name is typed; Escape takes it back to where it was.
 */
#include "console/model_inside.h"

#include "base/text.h"
#include "console/names.h"
#include "console/words.h"

#include <stdio.h>
#include <string.h>

/* Lines of the list that is shown, and the row of the list that one stands for. */
static int places(const struct model *model)
{
	return (int)(model->screen == SCREEN_PATROL ? model->board.n
	             : model->screen == SCREEN_GRID ? model->grid.n
	                                            : model->list.n);
}

static const struct list_row *place(const struct model *model, int at)
{
	if (model->screen == SCREEN_PATROL)
		return model_row(&model->board, (size_t)at);
	if (model->screen == SCREEN_GRID)
		return model_row(&model->list, model_grid_row(model, (size_t)at)->lead);
	return model_row(&model->list, (size_t)at);
}

static int place_of(const struct model *model, const struct subject *subject)
{
	for (int i = 0; i < places(model); i++) {
		const struct list_row *row = place(model, i);

		if ((subject->check != 0
		     && (row->check[0] == subject->check || row->check[1] == subject->check))
		    || (subject->alarm != 0 && row->alarm_id == subject->alarm))
			return i;
	}
	return 0;
}

static bool is_called(const struct model *model, int at, const char *name)
{
	const struct grid_row *line;
	char names[2 * NAME_MAX_BYTES];

	if (model->screen != SCREEN_GRID) {
		words_names(model, place(model, at), names, sizeof names);
		return names_match(names, name);
	}
	line = model_grid_row(model, (size_t)at);
	words_line(model, line, names, sizeof names);
	return names_match(names, name);
}

/* Puts the cursor on a line; a folded section opens for it. */
static void go(struct model *model, int at)
{
	const struct list_row *row = place(model, at);

	if (model->screen == SCREEN_TONIGHT)
		model->folded[row->section] = false;
	model->chosen = model->chosen || model->screen != SCREEN_PATROL;
	*model_cursor(model) = model_subject_of(model, row);
}

/* How many lines have the name; *nth says which of them the one at is, from 1. */
static int count(const struct model *model, const char *name, int at, int *nth)
{
	int n = 0;

	for (int i = 0; i < places(model); i++) {
		n += is_called(model, i, name);
		if (i == at)
			*nth = n;
	}
	return n;
}

/* From a line on, that line included, round the end; -1 = nobody. */
static int first_from(const struct model *model, const char *name, int from, int by)
{
	int n = places(model);

	for (int i = 0; i < n; i++) {
		int at = ((from + by * i) % n + n) % n;

		if (is_called(model, at, name))
			return at;
	}
	return -1;
}

static void label(struct model *model, int at)
{
	struct prompt *prompt = &model->prompt;
	int nth = 0, n = count(model, prompt->text, at, &nth);

	if (prompt->text[0] == '\0')
		snprintf(prompt->label, sizeof prompt->label, "Find a name%s%.60s",
		         model->sought[0] != '\0' ? "; Enter alone goes on with " : "",
		         model->sought);
	else if (at < 0)
		snprintf(prompt->label, sizeof prompt->label,
		         "Find a name: nobody here is called so");
	else
		snprintf(prompt->label, sizeof prompt->label, "Find a name: %d of %d", nth, n);
}

void model_search_open(struct model *model)
{
	struct deed deed = {.kind = DEED_FIND};

	model->sought_from = *model_cursor(model);
	model_prompt_open(model, &deed, "", true, "Find a name");
	label(model, 0);
}

void model_search_typed(struct model *model)
{
	int from = place_of(model, &model->sought_from);
	int at = model->prompt.text[0] != '\0' && places(model) > 0
	                 ? first_from(model, model->prompt.text, from, 1)
	                 : -1;

	if (places(model) > 0)
		go(model, at < 0 ? from : at);
	label(model, at);
}

void model_search_give_up(struct model *model)
{
	if (places(model) > 0)
		go(model, place_of(model, &model->sought_from));
}

void model_search_next(struct model *model, int by)
{
	int at, nth = 0, n;

	if (model->sought[0] == '\0') {
		model_note(model, "Nothing has been looked for yet.");
		return;
	}
	at = places(model) > 0
	             ? first_from(model, model->sought,
	                          place_of(model, model_cursor(model)) + by, by)
	             : -1;
	if (at < 0) {
		model_note(model, "Nobody here is called \"%s\".", model->sought);
		return;
	}
	go(model, at);
	n = count(model, model->sought, at, &nth);
	model_note(model, "\"%s\": %d of %d", model->sought, nth, n);
}

void model_search_done(struct model *model, const char *typed)
{
	int at, nth = 0, n;

	if (typed[strspn(typed, " ")] == '\0') {
		if (model->sought[0] != '\0')
			model_search_next(model, 1);
		return;
	}
	text_clean(model->sought, sizeof model->sought, typed);
	at = place_of(model, model_cursor(model));
	n = count(model, typed, at, &nth);
	if (n == 0)
		model_note(model, "Nobody here is called \"%s\".", typed);
	else
		model_note(model, "\"%s\": %d of %d", typed, nth, n);
}
