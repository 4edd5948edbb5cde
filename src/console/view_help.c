/* Help, out of the command table: first the screen one came from, then the others. */
#include "console/view.h"

#include <stdio.h>
#include <string.h>

struct part {
	const char *title;
	unsigned context;
};

static const struct part parts[] = {
	{"TONIGHT", IN_TONIGHT},  {"THE LOOK", IN_LOOK},  {"PATROL BOARD", IN_PATROL},
	{"RESIDENT", IN_DETAILS}, {"AFTER :", IN_PROMPT},
};

/* "j Down" out of "j <Down>". */
static void key_list(const struct command *command, char *out, size_t size)
{
	const char *keys = command->keys;
	key_code key;
	size_t len = 0;

	out[0] = '\0';
	while ((key = keys_parse(&keys)) != INPUT_NONE && len < size) {
		char name[KEY_NAME_BYTES];

		keys_name(key, name);
		len += (size_t)snprintf(out + len, size - len, "%s%s", len > 0 ? " " : "", name);
	}
}

struct sheet {
	const struct model *model;
	struct canvas *canvas;
	int row, end, skip;
};

static bool next_row(struct sheet *sheet)
{
	return sheet->skip-- <= 0 && sheet->row < sheet->end;
}

static void put_command(struct sheet *sheet, const struct command *command, bool typed)
{
	char keys[2 * KEY_NAME_BYTES];
	int column = sheet->canvas->columns >= 60 ? 16 : 11;
	struct area words = {sheet->row, column, sheet->end - sheet->row,
	                     sheet->canvas->columns - column - 6};

	if (!next_row(sheet))
		return;
	key_list(command, keys, sizeof keys);
	if (typed)
		snprintf(keys, sizeof keys, ":%.20s", command->name);
	canvas_put(sheet->canvas, sheet->row, 2, column - 3, STYLE_KEY, keys);
	for (int n = canvas_wrap(sheet->canvas, &words, STYLE_TEXT, command->sentence); n > 0; n--)
		view_demo_mark(sheet->model, sheet->canvas, sheet->row++);
}

static void put_part(struct sheet *sheet, const struct part *part)
{
	if (next_row(sheet))
		canvas_text(sheet->canvas, sheet->row++, 1, STYLE_TITLE, part->title);
	for (size_t i = 0; i < n_console_commands; i++)
		if (console_commands[i].contexts & part->context)
			put_command(sheet, &console_commands[i], part->context == IN_PROMPT);
}

static void draw(const struct model *model, struct canvas *canvas)
{
	static const unsigned from[SCREENS] = {
		[SCREEN_TONIGHT] = IN_TONIGHT, [SCREEN_LOOK] = IN_LOOK, [SCREEN_PATROL] = IN_PATROL,
		[SCREEN_DETAILS] = IN_DETAILS, [SCREEN_HELP] = IN_TONIGHT,
	};
	static const char *const keys[] = {"back"};
	int first = view_header(model, canvas, "HELP"), column;
	struct sheet sheet = {.model = model,
	                      .canvas = canvas,
	                      .row = first,
	                      .end = view_footer(model, canvas, 2),
	                      .skip = model->details_top};

	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
		if (parts[i].context == from[model->back])
			put_part(&sheet, &parts[i]);
	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
		if (parts[i].context != from[model->back])
			put_part(&sheet, &parts[i]);
	canvas_cursor(canvas, first, 0);
	if (!view_prompt(model, canvas, canvas->rows - 2)) {
		column = view_keys(canvas, canvas->rows - 1, 1, keys, 1);
		canvas_text(canvas, canvas->rows - 1, column, STYLE_TEXT, "j k move");
	}
}

const struct view view_help = {
	.name = "help",
	.context = IN_HELP,
	.draw = draw,
};
