/*
 * Tonight by resident: a line each, the night's own hours from left to right (on the night of a
 * clock change there is one fewer or one twice), and the present minute as a column. A mark stands
 * where its check does; the line below the names says the rest in words.
 */
#include "console/view.h"
#include "console/width.h"
#include "console/words.h"
#include "core/zone.h"

#include <stdio.h>
#include <string.h>

enum {
	HOUR_COLUMNS = 3,      /* twenty minutes to a column */
	HOUR_COLUMNS_WIDE = 6, /* ten */
	NAME_COLUMNS_MOST = 30,
	NAME_COLUMNS_WIDE = 16, /* the least beside wide hours */
	STARS_COLUMNS = 4,      /* an alarm and a blank, as in the list */
	ROOMY_COLUMNS = 60,     /* from here on they stand before the name */
	NAME_COLUMNS_NARROW = 13,
	LEGEND_FROM_ROWS = 20,
};

/* What a check is, at a glance. The later in this list the graver: it covers what is before it. */
enum mark {
	MARK_NONE,
	MARK_WELL,
	MARK_EXCUSED,
	MARK_VISITED,
	MARK_COMING,
	MARK_VISIT,
	MARK_PATROL,
	MARK_DUE,
	MARK_FAULT,
	MARK_AGAIN,
	MARK_LATE,
	MARKS,
};

/* Every sign has an ASCII character of its own in canvas.c. */
static const struct {
	const char *sign, *words;
} marks[MARKS] = {
	[MARK_NONE] = {" ", ""},         [MARK_WELL] = {"✓", "seen well"},
	[MARK_EXCUSED] = {"~", "excused"}, [MARK_VISITED] = {"⌂", "visited"},
	[MARK_COMING] = {"·", "to come"}, [MARK_VISIT] = {"○", "visit to come"},
	[MARK_PATROL] = {"►", "patrol"},  [MARK_DUE] = {"●", "due"},
	[MARK_FAULT] = {"×", "no picture"}, [MARK_AGAIN] = {"↻", "look again"},
	[MARK_LATE] = {"!", "late or in trouble"},
};

/* Where names and hours stand on this canvas. */
struct face {
	int name_columns, first_column, hour_columns;
	int hours;        /* shown */
	int hours_before; /* of the night, left of them */
	int hours_after;
	int64_t from_ms;  /* the first instant shown */
};

static enum mark mark_of_closed(const struct check *check)
{
	if (check->outcome == OUTCOME_EXCUSED)
		return MARK_EXCUSED;
	return check->outcome == OUTCOME_VISITED ? MARK_VISITED : MARK_WELL;
}

static enum mark mark_of(const struct model *model, const struct check *check)
{
	enum alarm alarm = model_list_alarm(model, check);

	if (check->state == CHECK_CLOSED)
		return mark_of_closed(check);
	if (alarm == ALARM_HIGH)
		return MARK_LATE;
	switch (check->state) {
	case CHECK_PLANNED:
		if (check->camera_lost && alarm != ALARM_NONE)
			return MARK_FAULT;
		return check->kind == SLOT_VISIT ? MARK_VISIT : MARK_COMING;
	case CHECK_PATROL:
		return MARK_PATROL;
	case CHECK_FAULT:
		return MARK_FAULT;
	case CHECK_UNDECIDED:
		return MARK_LATE;
	default:
		return check->first_answer_ms != 0 ? MARK_AGAIN : MARK_DUE;
	}
}

/* As the row of the list has it. */
static enum style mark_style(const struct model *model, enum mark mark)
{
	switch (mark) {
	case MARK_LATE:
		return view_alarm_style(model, ALARM_HIGH);
	case MARK_AGAIN:
		return STYLE_CHECK_RECHECK;
	case MARK_FAULT:
		return STYLE_CHECK_FAULT;
	case MARK_DUE:
		return STYLE_CHECK_DUE;
	case MARK_PATROL:
		return STYLE_CHECK_PATROL;
	case MARK_COMING:
	case MARK_VISIT:
		return STYLE_CHECK_COMING;
	default:
		return STYLE_CHECK_DONE;
	}
}

/* All of the night where it fits, else the hours around now: a third of them past. */
static struct face face_for(const struct model *model, const struct canvas *canvas)
{
	const struct centre *centre = &model->centre;
	int edge = canvas->columns - (centre->demo ? 5 : 0);
	int whole = (int)((centre->night_to_ms - centre->night_from_ms + MS_HOUR - 1) / MS_HOUR);
	int now = (int)((model_utc_ms(model) - centre->night_from_ms) / MS_HOUR), room;
	struct face face = {.hour_columns = HOUR_COLUMNS, .hours = whole};

	if (edge - 2 - HOUR_COLUMNS_WIDE * whole >= NAME_COLUMNS_WIDE)
		face.hour_columns = HOUR_COLUMNS_WIDE;
	room = edge - 2 - face.hour_columns * whole;
	face.name_columns = room > NAME_COLUMNS_MOST     ? NAME_COLUMNS_MOST
	                    : room < NAME_COLUMNS_NARROW ? NAME_COLUMNS_NARROW
	                                                 : room;
	face.first_column = face.name_columns + 2;
	if (room < NAME_COLUMNS_NARROW) {
		face.hours = (edge - face.first_column) / face.hour_columns;
		face.hours = face.hours < 1 ? 1 : face.hours;
		face.hours_before = now - face.hours / 3;
	}
	if (face.hours_before > whole - face.hours)
		face.hours_before = whole - face.hours;
	if (face.hours_before < 0)
		face.hours_before = 0;
	face.hours_after = whole - face.hours - face.hours_before;
	face.from_ms = centre->night_from_ms + face.hours_before * MS_HOUR;
	return face;
}

/*
 * The column of an instant; outside of what is shown it is left of the first or right of the last.
 */
static int column_of(const struct face *face, int64_t at_ms)
{
	int64_t by = at_ms - face->from_ms;

	if (by < 0)
		return face->first_column - 1;
	return face->first_column + (int)(by * face->hour_columns / MS_HOUR);
}

static int end_column(const struct face *face)
{
	return face->first_column + face->hours * face->hour_columns;
}

static void draw_hours(const struct model *model, struct canvas *canvas, int row,
                       const struct face *face, const char *title)
{
	int64_t now = model_utc_ms(model);
	int column = face->first_column;

	canvas_put(canvas, row, 1, face->name_columns, STYLE_TITLE, title);
	if (face->hours_before > 0)
		canvas_put(canvas, row, column - 1, 1, STYLE_FAINT, "‹");
	for (int i = 0; i < face->hours; i++, column += face->hour_columns) {
		int64_t at_ms = face->from_ms + i * MS_HOUR;
		struct zone_local at = zone_from_utc(&model->centre.zone, at_ms / MS_SECOND);
		bool present = now >= at_ms && now < at_ms + MS_HOUR;
		enum style style = present ? STYLE_STRONG : STYLE_FAINT;

		if (at.fold == ZONE_FOLD_NONE)
			canvas_format(canvas, row, column, style, "%02d", (int)at.minute / 60);
		else /* two hours of one name: 2A, 2B as in the list */
			canvas_format(canvas, row, column, style, "%d%c", (int)at.minute / 60,
			              at.fold == ZONE_FOLD_A ? 'A' : 'B');
		if (face->hour_columns == HOUR_COLUMNS_WIDE)
			canvas_put(canvas, row, column + HOUR_COLUMNS_WIDE / 2, 1, STYLE_FAINT,
			           "'");
	}
	if (face->hours_after > 0)
		canvas_put(canvas, row, column - 1, 1, STYLE_FAINT, "›");
	view_demo_mark(model, canvas, row);
}

static bool is_on_line(const struct grid_row *line, const struct check *check)
{
	for (int i = 0; i < line->n; i++)
		if (strcmp(line->resident[i], check->resident) == 0)
			return true;
	return false;
}

/* What needs somebody is never out of sight: beyond the left edge it stands on it. */
static int mark_column(const struct face *face, int64_t at_ms, enum mark mark)
{
	int column = column_of(face, at_ms);

	if (column < face->first_column)
		return mark >= MARK_PATROL ? face->first_column : -1;
	return column < end_column(face) ? column : -1;
}

static void draw_marks(const struct model *model, struct canvas *canvas, int at,
                       const struct face *face, const struct grid_row *line)
{
	const struct check *check = model->checks.items;
	enum mark shown[512] = {MARK_NONE};

	for (size_t i = 0; i < model->checks.n; i++) {
		struct list_row alone = {.check = {check[i].id}, .n_checks = 1};
		enum mark mark;
		int column;

		if (!is_on_line(line, &check[i]))
			continue;
		mark = mark_of(model, &check[i]);
		column = mark_column(face, model_row_ms(model, &alone), mark);
		if (column < 0 || column >= (int)(sizeof shown / sizeof *shown)
		    || mark <= shown[column])
			continue;
		shown[column] = mark;
		canvas_put(canvas, at, column, 1, mark_style(model, mark), marks[mark].sign);
	}
}

/*
 * The stars of the list's row before the name. On a narrow screen only those of a standing alarm
 * have room, behind it: a check's own mark says as much.
 */
static void draw_name(const struct model *model, struct canvas *canvas, int at,
                      const struct face *face, const struct grid_row *line, enum style style)
{
	const struct list_row *lead = model_row(&model->list, line->lead);
	bool wide = canvas->columns >= ROOMY_COLUMNS;
	bool stars = lead->section == SECTION_NEEDS_YOU && lead->alarm >= ALARM_LOW
	             && (wide || lead->alarm_id != 0);
	int column = wide ? 1 + STARS_COLUMNS : 1;
	int width = face->name_columns - (wide || stars ? STARS_COLUMNS : 0);
	char names[2 * NAME_MAX_BYTES];

	words_line(model, line, names, sizeof names);
	canvas_put(canvas, at, column, width, style, names);
	if (stars)
		view_stars(model, canvas, at, wide ? 1 : column + width + 1, lead->alarm);
}

static void draw_line(const struct model *model, struct canvas *canvas, int at,
                      const struct face *face, const struct grid_row *line, bool focused)
{
	enum section section = model_row(&model->list, line->lead)->section;
	bool needs = section == SECTION_NEEDS_YOU && model->connected;
	enum style style = needs ? STYLE_CHECK : STYLE_CHECK_COMING;
	int64_t now = model_utc_ms(model);
	int present = column_of(face, now);

	if (focused)
		view_select(model, canvas, at);
	draw_name(model, canvas, at, face, line, style);
	if (present >= face->first_column && present < end_column(face))
		canvas_put(canvas, at, present, 1, STYLE_FAINT, "│");
	draw_marks(model, canvas, at, face, line);
	view_demo_mark(model, canvas, at);
	if (focused)
		canvas_cursor(canvas, at, 0);
}

static void note_marks(const struct model *model, bool seen[MARKS])
{
	const struct check *check = model->checks.items;

	for (size_t i = 0; i < model->checks.n; i++)
		seen[mark_of(model, &check[i])] = true;
}

/* The marks of this night, the gravest first: on a narrow screen the others explain themselves. */
static void draw_legend(const struct model *model, struct canvas *canvas, int row)
{
	int column = 1, edge = canvas->columns - (model->centre.demo ? 5 : 0);
	bool seen[MARKS] = {false};

	note_marks(model, seen);
	for (int mark = MARKS - 1; mark > MARK_NONE; mark--) {
		int width = 2 + width_text(marks[mark].words);

		if (!seen[mark] || column + width > edge)
			continue;
		canvas_put(canvas, row, column, 1, STYLE_TEXT, marks[mark].sign);
		canvas_text(canvas, row, column + 2, STYLE_FAINT, marks[mark].words);
		column += width + 2;
	}
	view_demo_mark(model, canvas, row);
}

static void draw_lines(const struct model *model, struct canvas *canvas, int first, int end)
{
	struct face face = face_for(model, canvas);
	int n = (int)model->grid.n, focus = model_grid_focus(model), rows = end - first - 1;
	int top = view_scroll(focus < 0 ? 0 : focus, n, rows);
	char title[48] = "by resident";

	if (n > rows && rows > 0)
		snprintf(title, sizeof title, "%d–%d of %d", top + 1,
		         top + rows < n ? top + rows : n, n);
	draw_hours(model, canvas, first++, &face, title);
	if (n == 0)
		canvas_text(canvas, first, 6, STYLE_TEXT, "Nobody has a check tonight.");
	for (int i = top; i < n && first < end; i++, first++)
		draw_line(model, canvas, first, &face, model_grid_row(model, (size_t)i),
		          i == focus);
}

static void draw(const struct model *model, struct canvas *canvas)
{
	int first = view_header(model, canvas, "tillsyn");
	int end = view_footer(model, canvas, 2);

	if (canvas->rows >= LEGEND_FROM_ROWS)
		draw_legend(model, canvas, --end);
	draw_lines(model, canvas, first, end);
	if (model->prompt.deed.kind != DEED_NONE) {
		view_prompt(model, canvas, canvas->rows - 2);
		return;
	}
	view_words(model, canvas, canvas->rows - 2, canvas->columns);
	view_action(model, canvas, canvas->rows - 1);
}

const struct view view_grid = {
	.name = "by resident",
	.context = IN_TONIGHT,
	.draw = draw,
};
