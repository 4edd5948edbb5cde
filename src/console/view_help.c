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

static void put_part(struct sheet *sheet, const struct part *part)
{
	int column = sheet->column;

	sheet->column = 1;
	view_sheet_line(sheet, STYLE_TEXT, "", STYLE_TITLE, part->title);
	sheet->column = column;
	sheet->label_column = KEYS_FROM;
	for (size_t i = 0; i < n_console_commands; i++) {
		const struct command *command = &console_commands[i];
		char keys[KEYS_BYTES];

		if ((command->contexts & part->context) == 0)
			continue;
		key_list(sheet->model, part, command, keys);
		view_sheet_put(sheet, STYLE_KEY, keys, STYLE_TEXT, command->sentence);
	}
}

static void fill(struct sheet *sheet)
{
	static const unsigned from[SCREENS] = {
		[SCREEN_TONIGHT] = IN_TONIGHT, [SCREEN_GRID] = IN_TONIGHT,
		[SCREEN_LOOK] = IN_LOOK,       [SCREEN_PATROL] = IN_PATROL,
		[SCREEN_DETAILS] = IN_DETAILS, [SCREEN_HELP] = IN_TONIGHT,
	};
	unsigned here = from[sheet->model->back];

	sheet->column = words_from(sheet->model, sheet->canvas);
	for (size_t i = 0; i < n_parts; i++)
		if (parts[i].context == here)
			put_part(sheet, &parts[i]);
	for (size_t i = 0; i < n_parts; i++)
		if (parts[i].context != here)
			put_part(sheet, &parts[i]);
}

static void draw(const struct model *model, struct canvas *canvas)
{
	static const struct view_key keys[] = {{"move down", "a line on"},
	                                       {"move up", "a line back"},
	                                       {"page down", "a page on"},
	                                       {"page up", "a page back"},
	                                       {"back", NULL}};
	int first = view_header(model, canvas, "HELP");

	view_sheet(model, canvas, first, view_footer(model, canvas, 2), fill);
	if (!view_prompt(model, canvas, canvas->rows - 2))
		view_keys(model, canvas, canvas->rows - 1, 1, keys, sizeof keys / sizeof *keys);
}

const struct view view_help = {
	.name = "help",
	.context = IN_HELP,
	.draw = draw,
};
