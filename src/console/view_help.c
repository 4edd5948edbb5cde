/* Help, out of the command table: first the screen one came from, then the others. */
#include "console/view.h"
#include "console/width.h"

#include <stdio.h>
#include <string.h>

struct part {
	const char *title;
	unsigned context;
};

static const struct part parts[] = {
	{"TONIGHT", IN_TONIGHT},  {"THE LOOK", IN_LOOK},  {"PATROL BOARD", IN_PATROL},
	{"RESIDENT", IN_DETAILS}, {"TYPED AFTER THE PROMPT", IN_PROMPT},
};

static const size_t n_parts = sizeof parts / sizeof *parts;

enum { KEYS_FROM = 2, KEYS_WIDTH = 8, GAP = 3, KEYS_BYTES = 4 * SEQUENCE_NAME_BYTES };

struct sheet {
	const struct model *model;
	struct canvas *canvas;
	int row, end, skip;
	int words_from;     /* the column behind the keys */
};

static void key_list(const struct model *model, const struct part *part,
                     const struct command *command, char out[KEYS_BYTES])
{
	if (part->context == IN_PROMPT)
		snprintf(out, KEYS_BYTES, ":%.20s", command->name);
	else if (keymap_keys(model->keymap, part->context, command, out, KEYS_BYTES) == 0)
		snprintf(out, KEYS_BYTES, "no key");
}

/* As wide as the longest list of keys, so that nothing is cut; on a narrow screen half of it. */
static int words_from(const struct model *model, const struct canvas *canvas)
{
	int widest = KEYS_WIDTH, most = canvas->columns / 2 - KEYS_FROM - GAP;

	for (size_t p = 0; p < n_parts; p++)
		for (size_t i = 0; i < n_console_commands; i++) {
			char keys[KEYS_BYTES];

			if ((console_commands[i].contexts & parts[p].context) == 0)
				continue;
			key_list(model, &parts[p], &console_commands[i], keys);
			if (width_text(keys) > widest)
				widest = width_text(keys);
		}
	return KEYS_FROM + (widest < most ? widest : most) + GAP;
}

static bool next_row(struct sheet *sheet)
{
	return sheet->skip-- <= 0 && sheet->row < sheet->end;
}

static void put_command(struct sheet *sheet, const struct part *part, const struct command *command)
{
	char keys[KEYS_BYTES];
	struct area words = {sheet->row, sheet->words_from, sheet->end - sheet->row,
	                     sheet->canvas->columns - sheet->words_from - 6};

	if (!next_row(sheet))
		return;
	key_list(sheet->model, part, command, keys);
	canvas_put(sheet->canvas, sheet->row, KEYS_FROM, sheet->words_from - KEYS_FROM - 1, STYLE_KEY,
	           keys);
	for (int n = canvas_wrap(sheet->canvas, &words, STYLE_TEXT, command->sentence); n > 0; n--)
		view_demo_mark(sheet->model, sheet->canvas, sheet->row++);
}

static void put_part(struct sheet *sheet, const struct part *part)
{
	if (next_row(sheet))
		canvas_text(sheet->canvas, sheet->row++, 1, STYLE_TITLE, part->title);
	for (size_t i = 0; i < n_console_commands; i++)
		if (console_commands[i].contexts & part->context)
			put_command(sheet, part, &console_commands[i]);
}

static void draw(const struct model *model, struct canvas *canvas)
{
	static const unsigned from[SCREENS] = {
		[SCREEN_TONIGHT] = IN_TONIGHT, [SCREEN_LOOK] = IN_LOOK, [SCREEN_PATROL] = IN_PATROL,
		[SCREEN_DETAILS] = IN_DETAILS, [SCREEN_HELP] = IN_TONIGHT,
	};
	static const struct view_key keys[] = {{"move down", "a line on"},
	                                       {"move up", "a line back"},
	                                       {"page down", "a page on"},
	                                       {"page up", "a page back"},
	                                       {"back", NULL}};
	int first = view_header(model, canvas, "HELP");
	struct sheet sheet = {.model = model,
	                      .canvas = canvas,
	                      .row = first,
	                      .end = view_footer(model, canvas, 2),
	                      .skip = model->details_top,
	                      .words_from = words_from(model, canvas)};

	for (size_t i = 0; i < n_parts; i++)
		if (parts[i].context == from[model->back])
			put_part(&sheet, &parts[i]);
	for (size_t i = 0; i < n_parts; i++)
		if (parts[i].context != from[model->back])
			put_part(&sheet, &parts[i]);
	canvas_cursor(canvas, first, 0);
	if (!view_prompt(model, canvas, canvas->rows - 2))
		view_keys(model, canvas, canvas->rows - 1, 1, keys, sizeof keys / sizeof *keys);
}

const struct view view_help = {
	.name = "help",
	.context = IN_HELP,
	.draw = draw,
};
