/*
 * The line that asks before something is done: the question whole, what is typed, and the keys that
 * do it or do not. On a narrow screen each of the three has a row of its own.
 */
#include "console/view.h"
#include "console/width.h"

#include <stdio.h>
#include <string.h>

enum {
	GAP = 3,
	TYPED_COLUMNS = 24, /* the least that what is typed must have beside the keys */
	HINT_BYTES = 64,
};

static const char *before_text(const struct prompt *prompt)
{
	switch (prompt->deed.kind) {
	case DEED_COMMAND:
		return ":";
	case DEED_FIND:
		return "/";
	default:
		return "reason: ";
	}
}

static const char *enter_words(const struct prompt *prompt)
{
	if (prompt->deed.kind == DEED_FIND)
		return "stays";
	return prompt->takes_text ? "sends" : "does it";
}

static const char *escape_words(const struct prompt *prompt)
{
	return prompt->deed.kind == DEED_FIND ? "goes back" : "does not";
}

static int hint_columns(const struct prompt *prompt)
{
	char hint[HINT_BYTES], confirm[KEY_NAME_BYTES];

	keys_name(model_confirm_key(prompt), confirm);
	snprintf(hint, sizeof hint, "%s %s   Esc %s", confirm, enter_words(prompt),
	         escape_words(prompt));
	return width_text(hint);
}

static void draw_hint(const struct prompt *prompt, struct canvas *canvas, int row, int column)
{
	char confirm[KEY_NAME_BYTES];

	keys_name(model_confirm_key(prompt), confirm);
	column = canvas_text(canvas, row, column, STYLE_KEY, confirm);
	column = canvas_format(canvas, row, column, STYLE_TEXT, " %s   ", enter_words(prompt));
	column = canvas_text(canvas, row, column, STYLE_KEY, "Esc");
	column = canvas_format(canvas, row, column, STYLE_TEXT, " %s   ", escape_words(prompt));
	/* Too narrow for it, the answer's own words are the more needed ones. */
	if (!model_patrol_is_about_somebody(prompt)
	    || column + (int)sizeof "Up Down somebody else" > canvas->columns)
		return;
	column = canvas_text(canvas, row, column, STYLE_KEY, "Up Down");
	canvas_text(canvas, row, column, STYLE_TEXT, " somebody else");
}

/* The end of what is typed is what the hands are at; a beginning that has no room makes way. */
static const char *tail_of(const char *text, int columns)
{
	while (width_text(text) > columns && *text != '\0')
		do
			text++;
		while (((unsigned char)*text & 0xc0) == 0x80);
	return text;
}

/* Returns the column behind it, where the cursor stands. */
static int draw_typed(const struct prompt *prompt, struct canvas *canvas, int row, int columns)
{
	int column = canvas_text(canvas, row, 1, STYLE_TEXT, before_text(prompt));
	const char *tail = tail_of(prompt->text, columns - column - 1);

	if (tail != prompt->text) {
		tail = tail_of(prompt->text, columns - column - 2);
		column = canvas_text(canvas, row, column, STYLE_FAINT, "…");
	}
	column = canvas_text(canvas, row, column, STYLE_STRONG, tail);
	canvas_cursor(canvas, row, column);
	return column;
}

/* Whole: where one row has no room for it, it takes the row above as well. Its last row is last. */
static void draw_question(const struct prompt *prompt, struct canvas *canvas, int last)
{
	struct area area = {last, 1, 1, canvas->columns - 2};

	if (width_text(prompt->label) > area.columns && last > 1) {
		area.row--;
		area.rows++;
	}
	for (int row = area.row; row <= last; row++)
		canvas_fill(canvas, row, 0, canvas->columns, STYLE_PROMPT, " ");
	canvas_wrap(canvas, &area, STYLE_PROMPT, prompt->label);
}

bool view_prompt(const struct model *model, struct canvas *canvas, int row)
{
	const struct prompt *prompt = &model->prompt;
	int beside, column = 1;
	bool stacked;

	if (prompt->deed.kind == DEED_NONE)
		return false;
	beside = canvas->columns - hint_columns(prompt) - GAP;
	stacked = prompt->takes_text && beside < TYPED_COLUMNS;
	draw_question(prompt, canvas, stacked ? row - 1 : row);
	if (stacked)
		canvas_fill(canvas, row, 0, canvas->columns, STYLE_TEXT, " ");
	canvas_fill(canvas, row + 1, 0, canvas->columns, STYLE_TEXT, " ");
	if (!prompt->takes_text)
		canvas_cursor(canvas, row + 1, column);
	else if (stacked)
		draw_typed(prompt, canvas, row, canvas->columns);
	else
		column = draw_typed(prompt, canvas, row + 1, beside) + GAP;
	draw_hint(prompt, canvas, row + 1, column);
	return true;
}
