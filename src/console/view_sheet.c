/*
 * A screen of lines longer than the terminal is high: details, help, messages. Nothing is cut, what
 * is long takes more lines, and how much is out of sight is said.
 */
#include "console/view.h"

#include <limits.h>
#include <string.h>

enum { LINE_BYTES = 512 };

static int text_columns(const struct sheet *sheet, int column)
{
	int columns = sheet->canvas->columns - column - (sheet->model->centre.demo ? 6 : 1);

	return columns > 1 ? columns : 1;
}

int view_sheet_columns(const struct sheet *sheet)
{
	return text_columns(sheet, sheet->column);
}

void view_sheet_line(struct sheet *sheet, enum style label_style, const char *label,
                     enum style style, const char *text)
{
	if (sheet->n++ < sheet->skip || sheet->row >= sheet->end)
		return;
	canvas_put(sheet->canvas, sheet->row, sheet->label_column,
	           sheet->column - sheet->label_column - 1, label_style, label);
	canvas_put(sheet->canvas, sheet->row, sheet->column, text_columns(sheet, sheet->column),
	           style, text);
	view_demo_mark(sheet->model, sheet->canvas, sheet->row);
	sheet->row++;
}

void view_sheet_put(struct sheet *sheet, enum style label_style, const char *label,
                    enum style style, const char *text)
{
	char line[LINE_BYTES];

	do {
		size_t len = canvas_break(text, view_sheet_columns(sheet));

		len = len < sizeof line ? len : sizeof line - 1;
		memcpy(line, text, len);
		line[len] = '\0';
		view_sheet_line(sheet, label_style, label, style, line);
		text += len;
		text += strspn(text, " ");
		label = "";
	} while (*text != '\0');
}

/* All lines are counted first, so that it is never scrolled past its last one. */
void view_sheet(const struct model *model, struct canvas *canvas, int first, int end, fill_fn *fill)
{
	struct sheet sheet = {.model = model, .canvas = canvas, .row = first, .end = end,
	                      .skip = INT_MAX};
	int rows = end - first > 0 ? end - first : 0, last, n;

	fill(&sheet);
	n = sheet.n;
	last = n > rows ? n - rows : 0;
	sheet = (struct sheet){.model = model, .canvas = canvas, .row = first, .end = end};
	sheet.skip = model->details_top < last ? model->details_top : last;
	fill(&sheet);
	canvas->top = sheet.skip;
	canvas_cursor(canvas, first, 0);
	view_beyond(model, canvas, canvas->rows - 2, sheet.skip, last - sheet.skip);
}
