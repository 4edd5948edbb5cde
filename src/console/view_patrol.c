/* The patrol board: every check that is with the patrol, its page, whom to call, and since when. */
#include "console/view.h"
#include "console/words.h"

#include <stdio.h>

enum { ROW_LINES = 2 };

static void draw_row(const struct model *model, struct canvas *canvas, int at,
                     const struct list_row *row, bool focused)
{
	const struct check *check = model_check(model, row->check[0]);
	const struct page *page = check->page != 0 ? model_page(model, check->page) : NULL;
	const struct resident *resident = model_resident(model, check->resident);
	const struct contact *contact = page != NULL ? model_contact(model, page->contact)
	                                             : model_first_contact(model, check->area);
	char since[CLOCK_BYTES], names[2 * NAME_MAX_BYTES], words[NOTE_MAX_BYTES],
		line[3 * NOTE_MAX_BYTES], number[24] = "visit";
	enum style style = STYLE_CHECK_PATROL;
	int edge = canvas->columns - (model->centre.demo ? 5 : 0),
	    name = canvas->columns >= 60 ? 13 : 11;

	words_clock(model, check->patrol_ms, since);
	words_names(model, row, names, sizeof names);
	words_row(model, row, words, sizeof words);
	if (page != NULL)
		snprintf(number, sizeof number, "page %lld%s", (long long)page->number,
		         page->urgent ? " URGENT" : "");
	if (focused)
		view_select(model, canvas, at);
	view_stars(model, canvas, at, 1, row->alarm);
	canvas_put(canvas, at, 5, 6, style, since);
	canvas_put(canvas, at, name, 23, style, names);
	canvas_put(canvas, at, name + 24, edge - name - 24, style, words);
	snprintf(line, sizeof line, "%s · %s · %s%s%s · %s", number, words_cause(check->cause),
	         contact != NULL ? contact->name : "", contact != NULL ? " " : "",
	         contact != NULL ? contact->phone : "", resident != NULL ? resident->address : "");
	canvas_put(canvas, at + 1, name, edge - name, STYLE_FAINT, line);
	view_demo_mark(model, canvas, at);
	if (focused)
		canvas_cursor(canvas, at, 0);
}

static void draw_board(const struct model *model, struct canvas *canvas, int first, int end)
{
	int n = (int)model->board.n, shown = (end - first) / ROW_LINES;
	int focus = model_find(&model->board, &model->board_focus), top;

	if (n == 0) {
		canvas_text(canvas, first, 6, STYLE_TEXT, "Nothing is with the patrol.");
		return;
	}
	shown = shown < 1 ? 1 : shown;
	top = view_scroll(focus < 0 ? 0 : focus, n, shown);
	for (int i = top; i < n && i < top + shown; i++)
		draw_row(model, canvas, first + (i - top) * ROW_LINES,
		         model_row(&model->board, (size_t)i), i == focus);
}

/*
 * Three rows: whom it is about and what the telephone says, what was found on site, and the rest.
 */
static void draw_keys(const struct model *model, struct canvas *canvas)
{
	static const struct view_key calls[] = {
		{"acknowledged", NULL}, {"on site", NULL}, {"called", NULL}};
	static const struct view_key reports[] = {{"seen well", NULL},      {"seen helped", NULL},
	                                          {"seen ambulance", NULL}, {"nobody home", NULL},
	                                          {"no entry", NULL},       {"broken off", NULL}};
	static const struct view_key rest[] = {{"emergency", NULL}, {"next person", NULL},
	                                       {"resend", NULL},    {"details", NULL},
	                                       {"back", NULL},      {"help", NULL}};
	const struct list_row *focus = model_focus(model);
	char names[2 * NAME_MAX_BYTES];
	int top = canvas->rows - 3, column = 1;

	view_keys(model, canvas, top + 1, 1, reports, sizeof reports / sizeof *reports);
	view_keys(model, canvas, top + 2, 1, rest, sizeof rest / sizeof *rest);
	/* What the program has to say takes the first row. */
	if (view_notice(model, canvas, top))
		return;
	if (focus != NULL) {
		words_names(model, focus, names, sizeof names);
		column = canvas_put(canvas, top, column, canvas->columns / 3, STYLE_STRONG, names);
		column = canvas_text(canvas, top, column, STYLE_STRONG, ":") + 1;
	}
	view_keys(model, canvas, top, column, calls, sizeof calls / sizeof *calls);
}

static void draw(const struct model *model, struct canvas *canvas)
{
	int first = view_header(model, canvas, canvas->columns >= 60 ? "PATROL BOARD" : "PATROL");
	int end;

	if (model->prompt.deed.kind == DEED_NONE)
		draw_keys(model, canvas);
	end = view_footer(model, canvas, 3);
	draw_board(model, canvas, first, end);
}

const struct view view_patrol = {
	.name = "patrol",
	.context = IN_PATROL,
	.draw = draw,
};
