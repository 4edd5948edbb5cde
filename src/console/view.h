/*
 * Views: each draws one screen out of the model onto a canvas, and knows neither terminal nor
 * colours. A view is a file that ends in a table; adding one touches its file and one line of
 * views.c.
 */
#ifndef TILLSYN_CONSOLE_VIEW_H
#define TILLSYN_CONSOLE_VIEW_H

#include "console/canvas.h"
#include "console/commands.h"
#include "console/keymap.h"
#include "console/model.h"

struct view {
	const char *name;
	unsigned context;      /* whose commands work there */
	void (*draw)(const struct model *model, struct canvas *canvas);
};

extern const struct view view_tonight, view_grid, view_look, view_details, view_patrol, view_help,
	view_messages;

/* Draws the present screen, its frame and its cursor. */
void view_draw(const struct model *model, struct canvas *canvas);

/* Where the picture goes on a terminal of that size; false: it is too small for one. */
bool view_look_area(int rows, int columns, struct area *area);

/* view_frame.c: what every screen has. */
/* The first line and the rule below; returns the first free row. */
int view_header(const struct model *model, struct canvas *canvas, const char *title);
/*
 * The last lines: a rule, then foot_rows (2 or more) for notice or prompt and keys. Returns the
 * first row that they take.
 */
int view_footer(const struct model *model, struct canvas *canvas, int foot_rows);
/* What the program answers, or the keys of a command that is half typed; true: the row is taken. */
bool view_notice(const struct model *model, struct canvas *canvas, int row);
/* The row that the cursor is on, with its mark; what is written on it then is selected as well. */
void view_select(const struct model *model, struct canvas *canvas, int row);
/* One alarm mark, flashing by the program's own clock: "***", "**", "*" or nothing. */
void view_stars(const struct model *model, struct canvas *canvas, int row, int column,
                enum alarm alarm);
/* The style of an alarm's mark at this moment of its flash. */
enum style view_alarm_style(const struct model *model, enum alarm alarm);
/*
 * "Karin Lundgren: Enter look  p patrol": whom the keys act on, what Enter does, and the other
 * commands as far as they fit.
 */
void view_action(const struct model *model, struct canvas *canvas, int row);
/* A command that an action line names, by words that are fit for here; NULL: by its label. */
struct view_key {
	const char *name, *words;
};

/*
 * "Enter look  p patrol": what is bound now on the screen that is shown, in one row from column. A
 * command without a key is not named. Where there is no room for all, those before the last one
 * make way, and at last the last one before the first. Returns the column behind the gap after
 * them.
 */
int view_keys(const struct model *model, struct canvas *canvas, int row, int column,
              const struct view_key *keys, size_t n);
/* The same where each must stand: closer together, when there is no room otherwise. */
int view_keys_all(const struct model *model, struct canvas *canvas, int row, int column,
                  const struct view_key *keys, size_t n);
/* Whether all of them have room there. */
bool view_keys_fit(const struct model *model, const struct canvas *canvas, int column,
                   const struct view_key *keys, size_t n);
void view_demo_mark(const struct model *model, struct canvas *canvas, int row);
/*
 * view_prompt.c: the prompt where one is open, in two rows from row, and in those above where it
 * needs them; true when it was drawn.
 */
bool view_prompt(const struct model *model, struct canvas *canvas, int row);
/* view_sheet.c: a screen of lines that can be scrolled. */
struct sheet {
	const struct model *model;
	struct canvas *canvas;
	int row, end, skip, n;    /* view_sheet()'s own */
	int label_column, column; /* where labels and texts begin; fill sets them */
};
typedef void fill_fn(struct sheet *sheet);

/* Draws what fill puts, between the rows; fill is called twice and must put the same both times. */
void view_sheet(const struct model *model, struct canvas *canvas, int first, int end,
                fill_fn *fill);
/* A label and its text, which takes as many lines as it needs. */
void view_sheet_put(struct sheet *sheet, enum style label_style, const char *label,
                    enum style style, const char *text);
/* In one line, cut where it does not fit. */
void view_sheet_line(struct sheet *sheet, enum style label_style, const char *label,
                     enum style style, const char *text);
/* How wide its texts may be. */
int view_sheet_columns(const struct sheet *sheet);
/*
 * "3 above · 12 below", at the right edge of the row of notices, where nothing else stands in it:
 * nothing is out of sight without a sign. Returns where it begins.
 */
int view_beyond(const struct model *model, struct canvas *canvas, int row, int above, int below);
/*
 * What the row of the cursor says, in the row of notices as far as end, where nothing else stands
 * in it: the row itself has no room for it.
 */
void view_words(const struct model *model, struct canvas *canvas, int row, int end);
/* The scrolled-to line that keeps focus visible among n lines on a page of rows. */
int view_scroll(int focus, int n, int rows);

#endif
