/*
 * Tonight in the order of work: what needs the operator, what the patrol has, what comes, what is
 * done. Enter on the top row is always the right next thing.
 */
#include "console/view.h"
#include "console/words.h"

#include <stdio.h>
#include <stdlib.h>

enum {
	NARROW_COLUMNS = 60,
	SHARED_ROWS = 4, /* the least that two sections can share with the cursor in one */
};

static const char *const titles[SECTIONS] = {"NEEDS YOU", "WITH THE PATROL", "COMING", "DONE"};

/* Columns of a row; the narrow ones keep an alarm, a time and a name on 40 columns. */
struct columns {
	int time, name, name_width, text, text_width;
};

static struct columns columns_for(const struct model *model, const struct canvas *canvas)
{
	struct columns wide = {6, 13, 22, 36, 0}, narrow = {4, 10, 14, 25, 0};
	struct columns c = canvas->columns >= NARROW_COLUMNS ? wide : narrow;

	if (canvas->columns >= 100) {
		c.name_width = 32;
		c.text = 46;
	} else if (model->centre.demo && canvas->columns >= NARROW_COLUMNS) {
		c.name_width = 18;
		c.text = 32;
	}
	c.text_width = canvas->columns - c.text - (model->centre.demo ? 5 : 0);
	return c;
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
	enum style style = row_style(model, row);
	char time[CLOCK_BYTES], names[2 * NAME_MAX_BYTES], text[NOTE_MAX_BYTES];

	words_clock(model, model_row_ms(model, row), time);
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
enum { LINE_TITLE = -1, LINE_CALM = -2, LINE_BLANK = -3, LINE_MORE = -4 };

struct line {
	enum section section;
	int row;
	int n; /* LINE_MORE: how many more */
};

/* The lines of the list as they are made, on a page of so many. */
struct paper {
	struct line *line;
	int n, page;
	bool airy;                /* room for blank lines between the sections */
	int most[SECTIONS];       /* rows shown of a section */
};

static void add_section(const struct model *model, struct paper *paper, enum section section)
{
	int n = model->count[section], most = paper->most[section], shown = 0;

	if (n == 0 && section != SECTION_NEEDS_YOU)
		return;
	if (paper->airy && paper->n > 0)
		paper->line[paper->n++] = (struct line){section, LINE_BLANK, 0};
	paper->line[paper->n++] = (struct line){section, LINE_TITLE, 0};
	if (n == 0)
		paper->line[paper->n++] = (struct line){section, LINE_CALM, 0};
	if (model->folded[section])
		return;
	/* The line that says how many more there are takes a row's place. */
	most = most < n ? most - 1 : n;
	for (size_t i = 0; i < model->list.n && shown < most; i++)
		if (model_row(&model->list, i)->section == section) {
			paper->line[paper->n++] = (struct line){section, (int)i, 0};
			shown++;
		}
	if (shown < n && paper->most[section] > 0)
		paper->line[paper->n++] = (struct line){section, LINE_MORE, n - shown};
}

/* The rows that a section would take, its title left out. */
static int wanted(const struct model *model, enum section section)
{
	return model->folded[section] ? 0 : model->count[section];
}

/*
 * While the cursor is on what needs somebody, that stands whole, and what comes and what is done
 * share what is left of the page: a third at most for what is done, as long as more comes than
 * fits. With the cursor among them all is one long list.
 */
static void share(const struct model *model, struct paper *paper)
{
	const struct list_row *focus = model_focus(model);
	int coming = wanted(model, SECTION_COMING), done = wanted(model, SECTION_DONE), left, third;

	for (int i = 0; i < SECTIONS; i++)
		paper->most[i] = model->count[i];
	left = paper->page - 1 - (model->count[SECTION_NEEDS_YOU] > 0 ? 0 : 1)
	       - model->count[SECTION_NEEDS_YOU];
	for (int i = SECTION_PATROL; i < SECTIONS; i++)
		left -= model->count[i] > 0;
	left -= model->count[SECTION_PATROL];
	left = left < 0 ? 0 : left;
	if (focus != NULL && focus->section >= SECTION_COMING
	    && (model->chosen || left < SHARED_ROWS))
		return;
	third = coming < left - left / 3 ? left - coming : left / 3;
	done = done < third ? done : third;
	/* One line would only say how many more there are, which the title does. */
	if (done < 2 && done < wanted(model, SECTION_DONE))
		done = 0;
	if (left - done < 2 && coming > left - done)
		coming = 0;
	paper->most[SECTION_DONE] = done;
	paper->most[SECTION_COMING] = coming < left - done ? coming : left - done;
}

static void draw_calm(const struct model *model, struct canvas *canvas, int at)
{
	int column = canvas->columns >= NARROW_COLUMNS ? 6 : 1;

	for (size_t i = 0; i < model->list.n; i++) {
		const struct list_row *row = model_row(&model->list, i);
		char time[CLOCK_BYTES], names[2 * NAME_MAX_BYTES];

		if (row->section != SECTION_COMING)
			continue;
		words_clock(model, model_row_ms(model, row), time);
		words_names(model, row, names, sizeof names);
		canvas_format(canvas, at, column, STYLE_TEXT, "All is calm. Next: %s %s.", time,
		              names);
		return;
	}
	canvas_text(canvas, at, column, STYLE_TEXT,
	            model->centre.known ? "All is calm. Nothing more is planned tonight."
	                                : "Waiting for the hub.");
}

/* "folded · f unfolds", by the key that does. */
static void draw_unfold(const struct model *model, struct canvas *canvas, int row, int column)
{
	char key[SEQUENCE_NAME_BYTES];

	keymap_key(model->keymap, IN_TONIGHT, command_named("fold"), key);
	canvas_format(canvas, row, column, STYLE_FAINT,
	              key[0] != '\0' ? "folded · %s unfolds" : "folded", key);
}

static void draw_title(const struct model *model, struct canvas *canvas, int at,
                       enum section section)
{
	char count[16];
	int edge = model->centre.demo ? 5 : 0;
	int column = canvas_text(canvas, at, 1, STYLE_TITLE, titles[section]);

	if (model->folded[section] && model->count[section] > 0)
		draw_unfold(model, canvas, at, column + 2);
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
	case LINE_MORE:
		canvas_format(canvas, at, columns_for(model, canvas).time, STYLE_FAINT, "… %d more",
		              line->n);
		view_demo_mark(model, canvas, at);
		break;
	default:
		draw_row(model, canvas, at, model_row(&model->list, (size_t)line->row),
		         line->row == focus);
		break;
	}
}

static void draw_list(const struct model *model, struct canvas *canvas, int first, int end)
{
	size_t most = model->list.n + 4 * SECTIONS;
	struct paper paper = {.line = calloc(most, sizeof *paper.line), .page = end - first};
	int focus = model_find(&model->list, &model->focus), at = 0, top, edge;

	if (paper.line == NULL)
		abort();
	/* Air between the sections, where everything fits with it. */
	paper.airy = (int)model->list.n + 3 * SECTIONS <= paper.page;
	share(model, &paper);
	for (int section = 0; section < SECTIONS; section++)
		add_section(model, &paper, (enum section)section);
	for (int i = 0; i < paper.n; i++)
		if (paper.line[i].row == focus && focus >= 0)
			at = i;
	top = view_scroll(at, paper.n, end - first);
	edge = view_beyond(model, canvas, canvas->rows - 2, top, paper.n - top - (end - first));
	if (canvas->columns < NARROW_COLUMNS)
		view_words(model, canvas, canvas->rows - 2, edge);
	for (int i = top; i < paper.n && first < end; i++, first++)
		draw_line(model, canvas, first, &paper.line[i], focus);
	free(paper.line);
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

static void draw(const struct model *model, struct canvas *canvas)
{
	int first = view_header(model, canvas, "tillsyn");
	int end = view_footer(model, canvas, 2);

	first = draw_forecast(model, canvas, first);
	draw_list(model, canvas, first, end);
	if (model->prompt.deed.kind == DEED_NONE)
		view_action(model, canvas, canvas->rows - 1);
	else
		view_prompt(model, canvas, canvas->rows - 2);
}

const struct view view_tonight = {
	.name = "tonight",
	.context = IN_TONIGHT,
	.draw = draw,
};
