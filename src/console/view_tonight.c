/*
 * Tonight in the order of work: what needs the operator, what the patrol has, what comes, what is
 * done. Enter on the top row is always the right next thing.
 */
#include "console/view.h"
#include "console/words.h"

#include <stdio.h>
#include <stdlib.h>

static const char *const titles[SECTIONS] = {"NEEDS YOU", "WITH THE PATROL", "COMING", "DONE"};

/* Columns of a row; the narrow ones keep an alarm, a time and a name on 40 columns. */
struct columns {
	int time, name, name_width, text, text_width;
};

static struct columns columns_for(const struct model *model, const struct canvas *canvas)
{
	struct columns wide = {6, 13, 22, 36, 0}, narrow = {4, 10, 14, 25, 0};
	struct columns c = canvas->columns >= 60 ? wide : narrow;

	if (canvas->columns >= 100) {
		c.name_width = 32;
		c.text = 46;
	} else if (model->centre.demo && canvas->columns >= 60) {
		c.name_width = 18;
		c.text = 32;
	}
	c.text_width = canvas->columns - c.text - (model->centre.demo ? 5 : 0);
	return c;
}

/* What time a row shows: when it was due, or for a recheck when that is. */
static int64_t row_time(const struct model *model, const struct list_row *row)
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

static enum style style_of_check(const struct list_row *row, const struct check *check)
{
	if (check->state == CHECK_FAULT || check->camera_lost)
		return STYLE_CHECK_FAULT;
	if (row->alarm == ALARM_HIGH)
		return STYLE_CHECK_LATE;
	return check->first_answer_ms != 0 ? STYLE_CHECK_RECHECK : STYLE_CHECK_DUE;
}

static enum style row_style(const struct model *model, const struct list_row *row)
{
	const struct check *check = row->alarm_id == 0 ? model_check(model, row->check[0]) : NULL;

	/* Without contact the rows are old, and nothing can be done about most of them. */
	if (!model->connected)
		return STYLE_CHECK_COMING;
	switch (row->section) {
	case SECTION_NEEDS_YOU:
		return check != NULL ? style_of_check(row, check) : STYLE_CHECK;
	case SECTION_PATROL:
		return STYLE_CHECK_PATROL;
	case SECTION_COMING:
		return STYLE_CHECK_COMING;
	default:
		return STYLE_CHECK_DONE;
	}
}

static void draw_row(const struct model *model, struct canvas *canvas, int at,
                     const struct list_row *row, bool focused)
{
	struct columns c = columns_for(model, canvas);
	enum style style = style_selected(row_style(model, row), focused);
	char time[CLOCK_BYTES], names[2 * NAME_MAX_BYTES], text[NOTE_MAX_BYTES];

	words_clock(model, row_time(model, row), time);
	words_names(model, row, names, sizeof names);
	words_row(model, row, text, sizeof text);
	if (focused)
		view_select(model, canvas, at);
	if (row->alarm >= ALARM_LOW && row->section != SECTION_DONE)
		view_stars(model, canvas, at, 1, row->alarm);
	else if (row->section == SECTION_PATROL)
		canvas_text(canvas, at, 1, style, "►");
	canvas_put(canvas, at, c.time, 6, style, time);
	canvas_put(canvas, at, c.name, c.name_width, style, names);
	canvas_put(canvas, at, c.text, c.text_width, style, text);
	view_demo_mark(model, canvas, at);
	if (focused)
		canvas_cursor(canvas, at, 0);
}

/* One line of the list: a row of it, or what stands between rows. */
enum { LINE_TITLE = -1, LINE_CALM = -2, LINE_BLANK = -3 };

struct line {
	enum section section;
	int row;
};

static int add_section(const struct model *model, struct line *line, int n, enum section section,
                       bool airy)
{
	if (model->count[section] == 0 && section != SECTION_NEEDS_YOU)
		return n;
	if (airy && n > 0)
		line[n++] = (struct line){section, LINE_BLANK};
	line[n++] = (struct line){section, LINE_TITLE};
	if (model->count[section] == 0)
		line[n++] = (struct line){section, LINE_CALM};
	for (size_t i = 0; i < model->list.n; i++)
		if (model_row(&model->list, i)->section == section)
			line[n++] = (struct line){section, (int)i};
	return n;
}

static void draw_calm(const struct model *model, struct canvas *canvas, int at)
{
	for (size_t i = 0; i < model->list.n; i++) {
		const struct list_row *row = model_row(&model->list, i);
		char time[CLOCK_BYTES], names[2 * NAME_MAX_BYTES];

		if (row->section != SECTION_COMING)
			continue;
		words_clock(model, row_time(model, row), time);
		words_names(model, row, names, sizeof names);
		canvas_format(canvas, at, 6, STYLE_TEXT, "All is calm. Next: %s %s.", time, names);
		return;
	}
	canvas_text(canvas, at, 6, STYLE_TEXT,
	            model->centre.known ? "All is calm. Nothing more is planned tonight."
	                                : "Waiting for the hub.");
}

static void draw_title(const struct model *model, struct canvas *canvas, int at,
                       enum section section)
{
	char count[16];
	int edge = model->centre.demo ? 5 : 0;

	canvas_format(canvas, at, 1, STYLE_TITLE, "%s", titles[section]);
	snprintf(count, sizeof count, "%d", model->count[section]);
	canvas_text(canvas, at, canvas->columns - edge - 1 - (int)(model->count[section] > 9)
	            - (int)(model->count[section] > 99), STYLE_TITLE, count);
	view_demo_mark(model, canvas, at);
}

static void draw_line(const struct model *model, struct canvas *canvas, int at,
                      const struct line *line, int focus)
{
	switch (line->row) {
	case LINE_TITLE:
		draw_title(model, canvas, at, line->section);
		break;
	case LINE_CALM:
		draw_calm(model, canvas, at);
		break;
	case LINE_BLANK:
		break;
	default:
		draw_row(model, canvas, at, model_row(&model->list, (size_t)line->row),
		         line->row == focus);
		break;
	}
}

static void draw_list(const struct model *model, struct canvas *canvas, int first, int end)
{
	size_t most = model->list.n + 3 * SECTIONS;
	struct line *line = calloc(most, sizeof *line);
	int n = 0, focus = model_find(&model->list, &model->focus), at = 0, top;
	/* Air between the sections, where everything fits with it. */
	bool airy = (int)most <= end - first;

	if (line == NULL)
		abort();
	for (int section = 0; section < SECTIONS; section++)
		n = add_section(model, line, n, (enum section)section, airy);
	for (int i = 0; i < n; i++)
		if (line[i].row == focus && focus >= 0)
			at = i;
	top = view_scroll(at, n, end - first);
	for (int i = top; i < n && first < end; i++, first++)
		draw_line(model, canvas, first, &line[i], focus);
	free(line);
}

/* "18 will be late by 01:25: call help" — before they are. */
static int draw_forecast(const struct model *model, struct canvas *canvas, int row)
{
	int64_t by_ms = 0;
	int late = model_forecast(model, &by_ms);
	char by[CLOCK_BYTES];

	if (late == 0)
		return row;
	words_clock(model, by_ms, by);
	canvas_format(canvas, row, 1, STYLE_FORECAST, "%d will be late by %s: call help", late,
	              by);
	return row + 1;
}

static void draw_keys(const struct model *model, struct canvas *canvas, int row)
{
	static const char *const enter[] = {
		[NEXT_NOTHING] = NULL,         [NEXT_LOOK] = "look",
		[NEXT_ANSWER] = "answer",      [NEXT_PAGE] = "page the patrol",
		[NEXT_BOARD] = "patrol board", [NEXT_DETAILS] = "details",
	};
	static const struct view_key idle[] = {{"board", NULL}, {"help", NULL}};
	const struct list_row *focus = model_focus(model);
	enum next_step next = model_next_step(model, focus);
	const struct view_key keys[] = {{"look", enter[next]}, {"page", NULL}, {"details", NULL},
	                                {"board", NULL},       {"find", NULL}, {"help", NULL}};
	int skip = enter[next] == NULL ? 1 : 0;
	char names[2 * NAME_MAX_BYTES];
	int column = 1;

	if (focus == NULL) {
		view_keys(model, canvas, row, column, idle, sizeof idle / sizeof *idle);
		return;
	}
	words_names(model, focus, names, sizeof names);
	column = canvas_put(canvas, row, column, canvas->columns / 3, STYLE_STRONG, names);
	column = canvas_text(canvas, row, column, STYLE_STRONG, ":") + 1;
	view_keys(model, canvas, row, column, keys + skip, sizeof keys / sizeof *keys - (size_t)skip);
}

static void draw(const struct model *model, struct canvas *canvas)
{
	int first = view_header(model, canvas, "tillsyn");
	int end = view_footer(model, canvas, 2);

	first = draw_forecast(model, canvas, first);
	draw_list(model, canvas, first, end);
	if (model->prompt.deed.kind == DEED_NONE)
		draw_keys(model, canvas, canvas->rows - 1);
	else
		view_prompt(model, canvas, canvas->rows - 2);
}

const struct view view_tonight = {
	.name = "tonight",
	.context = IN_TONIGHT,
	.draw = draw,
};
