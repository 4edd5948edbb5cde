/* What every screen has: the line on top, the notice or question, the keys. */
#include "console/view.h"
#include "console/width.h"
#include "console/words.h"

#include <stdio.h>
#include <string.h>

/* From here on a terminal has room for rules and blank columns. */
enum { ROOMY_ROWS = 16, ROOMY_COLUMNS = 60 };

static bool flash_on(const struct model *model, enum alarm alarm)
{
	/* 2 Hz for high, 0.5 Hz for medium: half a period each. */
	int64_t half = alarm == ALARM_HIGH ? 250 : 1000;

	return model->calm || model->now.elapsed_ms / half % 2 == 0;
}

enum style view_alarm_style(const struct model *model, enum alarm alarm)
{
	switch (alarm) {
	case ALARM_HIGH:
		return flash_on(model, alarm) ? STYLE_HIGH : STYLE_HIGH_OFF;
	case ALARM_MEDIUM:
		return flash_on(model, alarm) ? STYLE_MEDIUM : STYLE_MEDIUM_OFF;
	default:
		return STYLE_LOW;
	}
}

static const char *stars(enum alarm alarm)
{
	static const char *const of[] = {"", "", "*", "**", "***"};

	return of[alarm];
}

void view_stars(const struct model *model, struct canvas *canvas, int row, int column,
                enum alarm alarm)
{
	if (alarm >= ALARM_LOW)
		canvas_put(canvas, row, column, 3, view_alarm_style(model, alarm), stars(alarm));
}

void view_select(const struct model *model, struct canvas *canvas, int row)
{
	int end = canvas->columns - (model->centre.demo ? 5 : 0);

	canvas_fill(canvas, row, 0, end, style_selected(STYLE_TEXT, true), " ");
	canvas_text(canvas, row, 0, style_selected(STYLE_STRONG, true), "▌");
}

void view_demo_mark(const struct model *model, struct canvas *canvas, int row)
{
	if (model->centre.demo)
		canvas_right(canvas, row, STYLE_DEMO, " DEMO");
}

/* "*** 1  ** 2" at the right edge, before the mark of a demo. */
static void header_alarms(const struct model *model, struct canvas *canvas)
{
	int column = canvas->columns - (model->centre.demo ? 6 : 1);

	for (int alarm = ALARM_LOW; alarm <= ALARM_HIGH; alarm++) {
		char text[32];

		if (model->alarms_at[alarm] == 0)
			continue;
		snprintf(text, sizeof text, "%s %d", stars((enum alarm)alarm),
		         model->alarms_at[alarm]);
		column -= width_text(text) + 2;
		canvas_text(canvas, 0, column, view_alarm_style(model, (enum alarm)alarm), text);
	}
}

/* Said at once, and since when; with whom to send. */
static int link_line(const struct model *model, struct canvas *canvas, int row)
{
	const struct contact *contact = model_first_contact(model, "");
	char since[CLOCK_BYTES] = "", text[256];
	bool wide = canvas->columns >= ROOMY_COLUMNS;

	if (model->connected)
		return row;
	if (model->lost_ms == 0) {
		canvas_format(canvas, row, 0, STYLE_LOST,
		              " NO CONTACT with the hub yet · trying%s%s",
		              model->trouble[0] != '\0' ? " · " : "", model->trouble);
		return row + 1;
	}
	words_clock_seconds(model, model_utc_ms(model) - (model->now.elapsed_ms - model->lost_ms),
	                    since);
	/* Without room, whom to call is more than how old. */
	snprintf(text, sizeof text,
	         wide ? " LINK LOST since %s · rows are old%s%s%s%s" : " LOST %.5s%s%s%s%s", since,
	         contact ? wide ? " · call " : " · " : "", contact ? contact->name : "",
	         contact ? " " : "", contact ? contact->phone : "");
	canvas_fill(canvas, row, 0, canvas->columns, STYLE_LOST, " ");
	canvas_text(canvas, row, 0, STYLE_LOST, text);
	return row + 1;
}

int view_header(const struct model *model, struct canvas *canvas, const char *title)
{
	char night[48], clock[CLOCK_BYTES], who[NAME_MAX_BYTES];
	bool wide = canvas->columns >= ROOMY_COLUMNS;
	int row = 1, column;

	words_night(model, night, sizeof night);
	words_clock(model, model_utc_ms(model), clock);
	words_operator(model, model->centre.operator_id, who, sizeof who);
	column = canvas_format(canvas, 0, 0, STYLE_TITLE, " %s", title);
	if (model->centre.known && wide)
		column = canvas_format(canvas, 0, column + 3, STYLE_TEXT, "%s", night);
	if (model->centre.known) {
		column = canvas_format(canvas, 0, column + (wide ? 3 : 1), STYLE_STRONG, "%s",
		                       clock);
		/* On a narrow screen the alarms need the room. */
		if (wide)
			canvas_format(canvas, 0, column + 3, STYLE_TEXT, "%s", who);
	}
	header_alarms(model, canvas);
	view_demo_mark(model, canvas, 0);
	if (canvas->rows >= ROOMY_ROWS)
		canvas_fill(canvas, row++, 0, canvas->columns, STYLE_FAINT, "─");
	return link_line(model, canvas, row);
}

/*
 * Between the keys of an action line: on a wide screen, usually, and where each of them must stand.
 */
enum { GAP_WIDE = 3, GAP = 2, GAP_CLOSE = 1, WIDE_COLUMNS = 100 };

static const char *words_of(const struct view_key *key)
{
	return key->words != NULL ? key->words : command_named(key->name)->label;
}

static int key_width(const struct model *model, const struct view_key *key,
                     char text[SEQUENCE_NAME_BYTES])
{
	keymap_key(model->keymap, model_context(model), command_named(key->name), text);
	return text[0] != '\0' ? width_text(text) + 1 + width_text(words_of(key)) : 0;
}

static int keys_width(const struct model *model, const struct view_key *keys, size_t n, int gap)
{
	char text[SEQUENCE_NAME_BYTES];
	int sum = 0;

	for (size_t i = 0; i < n; i++) {
		int width = key_width(model, &keys[i], text);

		sum += width > 0 ? width + (sum > 0 ? gap : 0) : 0;
	}
	return sum;
}

static int draw_keys(const struct model *model, struct canvas *canvas, int row, int column,
                     const struct view_key *keys, size_t n, int gap)
{
	char text[SEQUENCE_NAME_BYTES];

	for (size_t i = 0; i < n; i++) {
		if (key_width(model, &keys[i], text) == 0)
			continue;
		column = canvas_text(canvas, row, column, STYLE_KEY, text);
		column = canvas_format(canvas, row, column, STYLE_TEXT, " %s", words_of(&keys[i]))
		         + gap;
	}
	return column;
}

bool view_keys_fit(const struct model *model, const struct canvas *canvas, int column,
                   const struct view_key *keys, size_t n)
{
	return column + keys_width(model, keys, n, GAP) <= canvas->columns;
}

/* Columns of the first so many of them and the last one. */
static int kept_width(const struct model *model, const struct view_key *keys, size_t n,
                      size_t first, int gap)
{
	return keys_width(model, keys, first, gap) + gap + keys_width(model, keys + n - 1, 1, gap);
}

int view_keys(const struct model *model, struct canvas *canvas, int row, int column,
              const struct view_key *keys, size_t n)
{
	int room = canvas->columns - column;
	bool wide = canvas->columns >= WIDE_COLUMNS && keys_width(model, keys, n, GAP_WIDE) <= room;
	int gap = wide ? GAP_WIDE : GAP;
	size_t first = n - 1;

	if (n < 2 || keys_width(model, keys, n, gap) <= room)
		return draw_keys(model, canvas, row, column, keys, n, gap);
	while (first > 1 && kept_width(model, keys, n, first, gap) > room)
		first--;
	column = draw_keys(model, canvas, row, column, keys, first, gap);
	if (kept_width(model, keys, n, first, gap) <= room)
		column = draw_keys(model, canvas, row, column, keys + n - 1, 1, gap);
	return column;
}

int view_keys_all(const struct model *model, struct canvas *canvas, int row, int column,
                  const struct view_key *keys, size_t n)
{
	int gap = view_keys_fit(model, canvas, column, keys, n) ? GAP : GAP_CLOSE;

	return draw_keys(model, canvas, row, column, keys, n, gap);
}

/* What Enter does here, and the rest of what can be done, but for what would come to nothing. */
static void draw_commands(const struct model *model, struct canvas *canvas, int row, int column)
{
	static const char *const enter[] = {
		[NEXT_NOTHING] = NULL,         [NEXT_LOOK] = "look",
		[NEXT_ANSWER] = "answer",      [NEXT_PAGE] = "page patrol",
		[NEXT_BOARD] = "patrol board", [NEXT_DETAILS] = "details",
	};
	static const struct view_key others[] = {{"details", NULL}, {"by-resident", NULL},
	                                         {"board", NULL},   {"find", NULL},
	                                         {"fold", NULL},    {"help", NULL}};
	static const struct view_key in_grid[] = {
		{"details", NULL}, {"back", NULL}, {"board", NULL}, {"find", NULL}, {"help", NULL}};
	enum next_step next = model_next_step(model, model_focus(model));
	bool grid = model->screen == SCREEN_GRID;
	struct view_key keys[2 + sizeof others / sizeof *others];
	const struct view_key *rest;
	size_t n = 0, n_rest;

	if (enter[next] != NULL)
		keys[n++] = (struct view_key){"look", enter[next]};
	if (next != NEXT_NOTHING && model_can_page(model))
		keys[n++] = (struct view_key){"page", NULL};
	rest = grid ? in_grid : others;
	n_rest = grid ? sizeof in_grid / sizeof *in_grid : sizeof others / sizeof *others;
	/* Details stand first among the rest; where Enter shows them, once is enough. */
	for (size_t i = next == NEXT_DETAILS ? 1 : 0; i < n_rest; i++)
		keys[n++] = rest[i];
	if (canvas->columns < ROOMY_COLUMNS)
		keys[n - 1].words = "keys";
	view_keys(model, canvas, row, column, keys, n);
}

void view_action(const struct model *model, struct canvas *canvas, int row)
{
	const struct list_row *focus = model_focus(model);
	char names[2 * NAME_MAX_BYTES];
	int column = 1;

	if (focus != NULL) {
		words_names(model, focus, names, sizeof names);
		column = canvas_put(canvas, row, column,
		                    canvas->columns / (canvas->columns < ROOMY_COLUMNS ? 4 : 3),
		                    STYLE_STRONG, names);
		column = canvas_text(canvas, row, column, STYLE_STRONG, ":") + 1;
	}
	draw_commands(model, canvas, row, column);
}

bool view_notice(const struct model *model, struct canvas *canvas, int row)
{
	char typed[SEQUENCE_NAME_BYTES];

	if (model->prompt.deed.kind != DEED_NONE)
		return false;
	keys_sequence_name(&model->typed, typed);
	if (typed[0] != '\0')
		canvas_format(canvas, row, 0, STYLE_KEY, " %s … ", typed);
	else if (model->notice[0] != '\0')
		canvas_format(canvas, row, 0, STYLE_NOTICE, " %s ", model->notice);
	return typed[0] != '\0' || model->notice[0] != '\0';
}

int view_footer(const struct model *model, struct canvas *canvas, int foot_rows)
{
	int row = canvas->rows - foot_rows;
	bool roomy = canvas->rows >= ROOMY_ROWS;

	if (roomy)
		canvas_fill(canvas, row - 1, 0, canvas->columns, STYLE_FAINT, "─");
	if (!view_prompt(model, canvas, canvas->rows - 2))
		view_notice(model, canvas, row);
	return roomy ? row - 1 : row;
}

int view_scroll(int focus, int n, int rows)
{
	int top = focus - rows * 2 / 3;

	if (focus < rows - 1 || n <= rows)
		return 0;
	return top > n - rows ? n - rows : top;
}

/* "3 above · 12 below", or on a narrow screen "↑3 ↓12". */
static void beyond_words(bool wide, int above, int below, char *out, size_t size)
{
	char up[24] = "", down[24] = "";

	if (above > 0)
		snprintf(up, sizeof up, wide ? "%d above" : "↑%d", above);
	if (below > 0)
		snprintf(down, sizeof down, wide ? "%d below" : "↓%d", below);
	snprintf(out, size, "%s%s%s ", up, up[0] && down[0] ? wide ? " · " : " " : "", down);
}

int view_beyond(const struct model *model, struct canvas *canvas, int row, int above, int below)
{
	char text[64];

	if (model->notice[0] != '\0' || model->prompt.deed.kind != DEED_NONE
	    || (above <= 0 && below <= 0))
		return canvas->columns;
	beyond_words(canvas->columns >= ROOMY_COLUMNS, above, below, text, sizeof text);
	canvas_right(canvas, row, STYLE_FAINT, text);
	return canvas->columns - width_text(text);
}

void view_words(const struct model *model, struct canvas *canvas, int row, int end)
{
	const struct list_row *focus = model_focus(model);
	char at[CLOCK_BYTES], words[NOTE_MAX_BYTES], line[NOTE_MAX_BYTES + CLOCK_BYTES + 2];

	if (focus == NULL || model->notice[0] != '\0' || model->prompt.deed.kind != DEED_NONE)
		return;
	words_clock(model, model_row_ms(model, focus), at);
	words_row(model, focus, words, sizeof words);
	/* The list has the time in the row itself. */
	snprintf(line, sizeof line, "%s%s%s", model->screen == SCREEN_GRID ? at : "",
	         model->screen == SCREEN_GRID ? "  " : "", words[0] != '\0' ? words : "to come");
	canvas_put(canvas, row, 1, end - 2, STYLE_TEXT, line);
}
