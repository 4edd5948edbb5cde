/* What the program has said about its own files, the latest first. */
#include "console/view.h"

struct sheet {
	const struct model *model;
	struct canvas *canvas;
	int row, end, skip;
};

/* A line may take several rows; the view is scrolled by lines. */
static void put(struct sheet *sheet, const char *text)
{
	struct area area = {sheet->row, 1, sheet->end - sheet->row,
	                    sheet->canvas->columns - (sheet->model->centre.demo ? 7 : 2)};

	if (sheet->skip-- > 0 || area.rows <= 0)
		return;
	for (int n = canvas_wrap(sheet->canvas, &area, STYLE_TEXT, text); n > 0; n--)
		view_demo_mark(sheet->model, sheet->canvas, sheet->row++);
}

static void draw(const struct model *model, struct canvas *canvas)
{
	static const struct view_key keys[] = {
		{"move down", "a line on"}, {"move up", "a line back"}, {"back", NULL}};
	int first = view_header(model, canvas, "MESSAGES"), last = model->messages.n - 1;
	struct sheet sheet = {.model = model,
	                      .canvas = canvas,
	                      .row = first,
	                      .end = view_footer(model, canvas, 2),
	                      .skip = model->details_top < last ? model->details_top : last};

	for (int i = last; i >= 0; i--)
		put(&sheet, model->messages.line[i]);
	if (model->messages.n == 0)
		put(&sheet, "The console's files are in order.");
	canvas_cursor(canvas, first, 0);
	if (!view_prompt(model, canvas, canvas->rows - 2))
		view_keys(model, canvas, canvas->rows - 1, 1, keys, 3);
}

const struct view view_messages = {
	.name = "messages",
	.context = IN_HELP,
	.draw = draw,
};
