/* The patrol board: every check that is with the patrol, its page, whom to call, and since when. */
#include "console/view.h"
#include "console/words.h"

#include <stdio.h>

/* Who, what the page is at, and whom to call; a blank one between where there is room. */
enum { ROW_LINES = 3, WIDE_COLUMNS = 60, NAME_COLUMNS = 28 };

/* "page 31 URGENT · needs help", or for an agreed visit what it is. */
static void page_words(const struct check *check, const struct page *page, char *out, size_t size)
{
	if (page != NULL)
		snprintf(out, size, "page %lld%s · %s", (long long)page->number,
		         page->urgent ? " URGENT" : "", words_cause(check->cause));
	else
		snprintf(out, size, "%s", words_cause(check->cause));
}

/* Whom to call, and on a wide screen about what: the number is what must not be cut. */
static void draw_call(const struct model *model, struct canvas *canvas, int at, int column,
                      int width, const struct check *check)
{
	const struct page *page = check->page != 0 ? model_page(model, check->page) : NULL;
	const struct contact *contact = page != NULL ? model_contact(model, page->contact)
	                                             : model_first_contact(model, check->area);
	char line[3 * NOTE_MAX_BYTES], about[NOTE_MAX_BYTES];

	page_words(check, page, about, sizeof about);
	if (contact != NULL)
		snprintf(line, sizeof line, "%s %s · %s", contact->name, contact->phone, about);
	else
		snprintf(line, sizeof line, "%s", about);
	canvas_put(canvas, at, column, width, STYLE_FAINT, line);
}

static void draw_row(const struct model *model, struct canvas *canvas, int at,
                     const struct list_row *row, bool focused)
{
	const struct check *check = model_check(model, row->check[0]);
	const struct resident *resident = model_resident(model, check->resident);
	char since[CLOCK_BYTES], names[2 * NAME_MAX_BYTES], words[NOTE_MAX_BYTES];
	bool wide = canvas->columns >= WIDE_COLUMNS;
	int edge = canvas->columns - (model->centre.demo ? 5 : 0), name = wide ? 13 : 11,
	    below = wide ? name : 5;

	words_clock(model, check->patrol_ms, since);
	words_names(model, row, names, sizeof names);
	words_row(model, row, words, sizeof words);
	if (focused)
		view_select(model, canvas, at);
	view_stars(model, canvas, at, 1, row->alarm);
	canvas_put(canvas, at, 5, 6, STYLE_CHECK_PATROL, since);
	canvas_put(canvas, at, name, wide ? NAME_COLUMNS : edge - name, STYLE_CHECK_PATROL, names);
	if (wide && resident != NULL)
		canvas_put(canvas, at, name + NAME_COLUMNS + 1, edge - name - NAME_COLUMNS - 1,
		           STYLE_CHECK_PATROL, resident->address);
	canvas_put(canvas, at + 1, below, edge - below, STYLE_TEXT, words);
	draw_call(model, canvas, at + 2, below, edge - below, check);
	for (int line = at; line < at + ROW_LINES; line++)
		view_demo_mark(model, canvas, line);
	if (focused)
		canvas_cursor(canvas, at, 0);
}

static void draw_board(const struct model *model, struct canvas *canvas, int first, int end)
{
	int n = (int)model->board.n,
	    lines = n * (ROW_LINES + 1) <= end - first ? ROW_LINES + 1 : ROW_LINES;
	int shown = (end - first) / lines;
	int focus = model_find(&model->board, &model->board_focus), top;

	if (n == 0) {
		canvas_text(canvas, first, 6, STYLE_TEXT, "Nothing is with the patrol.");
		return;
	}
	shown = shown < 1 ? 1 : shown;
	top = view_scroll(focus < 0 ? 0 : focus, n, shown);
	for (int i = top; i < n && i < top + shown; i++)
		draw_row(model, canvas, first + (i - top) * lines,
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

	if (model->board.n == 0) {
		static const struct view_key none[] = {{"back", NULL}, {"help", NULL}};

		view_keys(model, canvas, top + 2, 1, none, sizeof none / sizeof *none);
		view_notice(model, canvas, top);
		return;
	}
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
