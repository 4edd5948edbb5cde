/* What the program has said about its own files, the latest first. */
#include "console/view.h"

static void fill(struct sheet *sheet)
{
	const struct messages *messages = &sheet->model->messages;

	sheet->column = 1;
	for (int i = messages->n - 1; i >= 0; i--)
		view_sheet_put(sheet, STYLE_TEXT, "", STYLE_TEXT, messages->line[i]);
	if (messages->n == 0)
		view_sheet_put(sheet, STYLE_TEXT, "", STYLE_TEXT,
		               "The console's files are in order.");
}

static void draw(const struct model *model, struct canvas *canvas)
{
	static const struct view_key keys[] = {
		{"move down", "a line on"}, {"move up", "a line back"}, {"back", NULL}};
	int first = view_header(model, canvas, "MESSAGES");

	view_sheet(model, canvas, first, view_footer(model, canvas, 2), fill);
	if (!view_prompt(model, canvas, canvas->rows - 2))
		view_keys(model, canvas, canvas->rows - 1, 1, keys, 3);
}

const struct view view_messages = {
	.name = "messages",
	.context = IN_HELP,
	.draw = draw,
};
