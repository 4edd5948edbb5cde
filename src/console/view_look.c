/*
 * The look: who, the picture's place, what is normal there, and the keys that answer. The picture
 * itself is drawn by another process; to the console its place is blank.
 */
#include "console/view.h"
#include "console/width.h"
#include "console/words.h"
#include "core/viewer.h"

#include <stdio.h>
#include <string.h>

enum {
	SIDE_COLUMNS = 26,      /* notes beside the picture */
	SIDE_FROM_COLUMNS = 70, /* from this width on */
	FRAME_FROM_ROWS = 16,
	BAR_COLUMNS = 8,
	FOOT_ROWS = 3,          /* two rows of keys, one of notice */
};

/*
 * One row is always kept below the picture: one that ends on the last row scrolls some terminals.
 */
bool view_look_area(int rows, int columns, struct area *area)
{
	int side = columns >= SIDE_FROM_COLUMNS ? SIDE_COLUMNS : 0;
	bool framed = rows >= FRAME_FROM_ROWS && side > 0;

	area->row = framed ? 2 : 1;
	area->column = framed ? 1 : 0;
	area->rows = rows - area->row - FOOT_ROWS - 1;
	area->columns = columns - side - 2 * area->column;
	return area->rows >= VIEWER_ROWS_MIN && area->columns >= VIEWER_COLUMNS_MIN;
}

static const struct check *look_check(const struct model *model)
{
	return model_check(model, model->look.check[model->look.person]);
}

static void draw_bar(const struct model *model, struct canvas *canvas)
{
	int64_t left = model_view_left_ms(model), whole = model->centre.policy.view_ms;
	int edge = canvas->columns - (model->centre.demo ? 5 : 0), column = edge - BAR_COLUMNS - 1;
	int full = whole > 0 ? (int)((left * BAR_COLUMNS + whole - 1) / whole) : 0;

	if (left == 0)
		return;
	canvas_format(canvas, 0, column - 6, STYLE_STRONG, "%3d s ", (int)((left + 999) / 1000));
	canvas_fill(canvas, 0, column, column + full, STYLE_BAR, "█");
	canvas_fill(canvas, 0, column + full, edge - 1, STYLE_FAINT, "░");
}

static void draw_header(const struct model *model, struct canvas *canvas)
{
	const struct look *look = &model->look;
	const struct check *check = look_check(model);
	const struct resident *resident = check != NULL ? model_resident(model, check->resident)
	                                                : NULL;
	char slot[CLOCK_BYTES], names[2 * NAME_MAX_BYTES];
	struct list_row row = {.n_checks = look->n_checks,
	                       .check = {look->check[0], look->check[1]}};
	int column = canvas_text(canvas, 0, 0, STYLE_TITLE, " LOOK  "),
	    width = canvas->columns - 17 - (model->centre.demo ? 5 : 0);

	if (check == NULL)
		return;
	words_names(model, &row, names, sizeof names);
	words_clock(model, check->start_ms, slot);
	column = canvas_put(canvas, 0, column, width, STYLE_STRONG, names);
	if (resident != NULL && canvas->columns >= SIDE_FROM_COLUMNS
	    && width_text(resident->address)
	               < width - column - (int)sizeof " · 02:00 · SECOND LOOK")
		column = canvas_format(canvas, 0, column, STYLE_TEXT, " · %s", resident->address);
	if (canvas->columns >= SIDE_FROM_COLUMNS)
		canvas_format(canvas, 0, column, STYLE_TEXT, " · %s · %s", slot,
		              look->recheck ? "SECOND LOOK" : "first look");
	draw_bar(model, canvas);
	view_demo_mark(model, canvas, 0);
}

/* What the empty place says while there is no picture. */
static const char *place_words(const struct model *model)
{
	switch (model->look.phase) {
	case LOOK_ASKING:
		return "asking the hub";
	case LOOK_READYING:
		return "making the picture's key";
	case LOOK_WAITING:
		return "the lens opens";
	case LOOK_QUESTION:
		if (look_check(model) != NULL && look_check(model)->state == CHECK_PATROL)
			return "the patrol was paged meanwhile: what did you see?";
		return model->look.other_person ? "the view was ended: another person"
		                                : "the picture is gone: what did you see?";
	case LOOK_SENDING:
		return "sending your answer";
	case LOOK_FAILED:
		return model->look.words;
	default:
		return "";
	}
}

/* The number to call, as large as a line allows. */
static void draw_help(const struct model *model, struct canvas *canvas, const struct area *area)
{
	const struct check *check = look_check(model);
	const struct resident *resident = check != NULL ? model_resident(model, check->resident)
	                                                : NULL;
	const struct page *page = check != NULL && check->page != 0 ? model_page(model, check->page)
	                                                            : NULL;
	char text[NOTE_MAX_BYTES] = "the night patrol is being called";
	int row = area->row + area->rows / 2 - 3;

	row = row < area->row ? area->row : row;
	canvas_format(canvas, row, area->column + 2, STYLE_HIGH, " CALL %s NOW ",
	              model->centre.emergency);
	if (resident != NULL) {
		canvas_put(canvas, row + 2, area->column + 2, area->columns - 2, STYLE_STRONG,
		           resident->name);
		canvas_put(canvas, row + 3, area->column + 2, area->columns - 2, STYLE_STRONG,
		           resident->address);
		canvas_put(canvas, row + 4, area->column + 2, area->columns - 2, STYLE_TEXT,
		           resident->door_note);
	}
	if (page != NULL)
		words_page(model, page, text, sizeof text);
	canvas_put(canvas, row + 5, area->column + 2, area->columns - 2, STYLE_TEXT, text);
	if (page != NULL && page->emergency_called)
		canvas_format(canvas, row + 6, area->column + 2, STYLE_TEXT, "%s called: recorded",
		              model->centre.emergency);
}

static void draw_place(const struct model *model, struct canvas *canvas, const struct area *area,
                       bool fits)
{
	const char *words = place_words(model);
	struct area inside = {area->row + area->rows / 2, area->column + 2,
	                      area->rows - area->rows / 2, area->columns - 4};

	if (area->column > 0)
		canvas_frame(canvas, area, STYLE_FAINT);
	if (model->look.phase == LOOK_HELP) {
		draw_help(model, canvas, area);
		return;
	}
	if (!fits)
		words = "too small for a picture";
	if (words[0] != '\0')
		canvas_wrap(canvas, &inside,
		            model->look.phase == LOOK_FAILED ? STYLE_STRONG : STYLE_TEXT, words);
}

static int draw_note(struct canvas *canvas, struct area *area, const char *text)
{
	int used = text[0] != '\0' ? canvas_wrap(canvas, area, STYLE_TEXT, text) + 1 : 0;

	area->row += used;
	area->rows -= used;
	return used;
}

/* What is normal in this bedroom, and when the resident was last seen well. */
static void draw_notes(const struct model *model, struct canvas *canvas, const struct area *picture)
{
	const struct check *check = look_check(model);
	const struct resident *resident = check != NULL ? model_resident(model, check->resident)
	                                                : NULL;
	struct area side = {picture->row, picture->column + picture->columns + 2, picture->rows,
	                    SIDE_COLUMNS - 4};
	char at[CLOCK_BYTES], line[64];

	if (picture->columns + SIDE_COLUMNS > canvas->columns || resident == NULL)
		return;
	draw_note(canvas, &side, resident->bed_note);
	words_clock(model, resident->last_well_ms, at);
	snprintf(line, sizeof line, "Last seen well %s", at);
	if (at[0] != '\0')
		draw_note(canvas, &side, line);
	if (model->look.recheck) {
		words_clock(model, check->first_answer_ms, at);
		snprintf(line, sizeof line, "Not seen at %s", at);
		draw_note(canvas, &side, line);
	}
	if (model->look.phase == LOOK_QUESTION || model->look.phase == LOOK_FAILED)
		draw_note(canvas, &side, resident->door_note);
}

/* "taken 01:14:31, 1 s before shown", just below the picture, in its frame where it has one. */
static void draw_caption(const struct model *model, struct canvas *canvas, const struct area *area)
{
	const struct look *look = &model->look;
	char taken[CLOCK_BYTES], shown[32] = "";
	int64_t age = (look->shown_utc_ms - look->taken_utc_ms + 500) / MS_SECOND;

	/* While help is called for, the place belongs to whom to call. */
	if (look->shown_ms == 0 || look->phase == LOOK_HELP)
		return;
	words_clock_seconds(model, look->taken_utc_ms, taken);
	if (look->phase == LOOK_QUESTION && look->view_ms >= 0
	    && canvas->columns >= SIDE_FROM_COLUMNS)
		snprintf(shown, sizeof shown, ", shown %d s", (int)((look->view_ms + 500) / 1000));
	canvas_format(canvas, area->row + area->rows, 1 + area->column, STYLE_TEXT,
	              " taken %s, %d s before shown%s ", taken, (int)(age < 0 ? 0 : age), shown);
}

/* Who is answered for: a couple is chosen by key, and both need an answer. */
static void draw_persons(const struct model *model, struct canvas *canvas, int row)
{
	const struct look *look = &model->look;
	int column = 1;

	for (int i = 0; i < look->n_checks && look->n_checks == 2; i++) {
		const struct check *check = model_check(model, look->check[i]);
		char name[NAME_MAX_BYTES] = "", key[SEQUENCE_NAME_BYTES];

		if (check != NULL)
			words_resident(model, check, name, sizeof name);
		keymap_key(model->keymap, IN_LOOK,
		           command_named(i == 0 ? "first person" : "second person"), key);
		column = canvas_text(canvas, row, column, STYLE_KEY, key);
		column = canvas_format(
				 canvas, row, column, i == look->person ? STYLE_STRONG : STYLE_TEXT,
				 "%s%s: %s%s", i == look->person ? " ►" : "  ", name,
				 look->answer[i] != ANSWER_NONE ? words_answer(look->answer[i])
								: "?",
				 look->sent[i] ? " (sent)" : "")
		         + 3;
	}
}

/* The second look has no r, and the line says why. */
static void say_why_not(const struct model *model, struct canvas *canvas, int row, int column)
{
	char key[SEQUENCE_NAME_BYTES];

	keymap_key(model->keymap, IN_LOOK, command_named("answer not-seen"), key);
	canvas_format(canvas, row, column, STYLE_FAINT, "second look: no %s", key);
}

/* On a narrow screen, and with long names of keys, every answer stands by the shortest words. */
static void draw_short_keys(const struct model *model, struct canvas *canvas, int row)
{
	static const struct view_key first[] = {
		{"answer well", "well"}, {"answer not-seen", "not seen"}, {"answer patrol", "patrol"}};
	static const struct view_key second[] = {{"answer well", "well"},
	                                         {"answer patrol", "patrol"}};
	static const struct view_key more[] = {{"answer help", "help!"},
	                                       {"answer other", "other"},
	                                       {"answer unusable", "unusable"},
	                                       {"end view", "end"}};

	if (model->look.recheck)
		say_why_not(model, canvas, row, view_keys_all(model, canvas, row, 1, second, 2));
	else
		view_keys_all(model, canvas, row, 1, first, 3);
	view_keys_all(model, canvas, row + 1, 1, more, 4);
}

/*
 * The three keys of the service, and the others; how long until the second look is the
 * municipality's own. false: there is no room for these words.
 */
static bool draw_answer_keys(const struct model *model, struct canvas *canvas, int row)
{
	bool stands = model->look.phase == LOOK_STANDING, recheck = model->look.recheck;
	const struct check *check = look_check(model);
	char span[32], words[64];
	const struct view_key three[] = {
		{"answer well", NULL}, {"answer not-seen", words}, {"answer patrol", NULL}};
	const struct view_key second[] = {{"answer well", NULL}, {"answer patrol", NULL}};
	const struct view_key more[] = {{"answer help", NULL},
	                                {"answer other", NULL},
	                                {"answer unusable", NULL},
	                                {"end view", stands ? NULL : "later"}};
	int column;

	words_span(check != NULL ? check->recheck_late_ms : model->centre.policy.recheck_late_ms,
	           span, sizeof span);
	snprintf(words, sizeof words, "not seen: look again in %s", span);
	if (!view_keys_fit(model, canvas, 1, recheck ? second : three, recheck ? 2 : 3)
	    || !view_keys_fit(model, canvas, 1, more, 4))
		return false;
	column = view_keys(model, canvas, row, 1, recheck ? second : three, recheck ? 2 : 3);
	if (recheck)
		say_why_not(model, canvas, row, column);
	view_keys(model, canvas, row + 1, 1, more, 4);
	return true;
}

static void draw_keys(const struct model *model, struct canvas *canvas, int row)
{
	static const struct view_key patrol = {"answer patrol", NULL};
	static const struct view_key again = {
		"end view", "back to the list, to try again where a try remains"};
	static const struct view_key emergency = {"emergency", NULL};
	static const struct view_key back = {"end view", "back to the list"};
	static const struct view_key stop = {"end view", "stop"};
	int column;

	switch (model->look.phase) {
	case LOOK_STANDING:
	case LOOK_QUESTION:
		if (canvas->columns < SIDE_FROM_COLUMNS || !draw_answer_keys(model, canvas, row))
			draw_short_keys(model, canvas, row);
		break;
	case LOOK_FAILED:
		view_keys(model, canvas, row, 1, &patrol, 1);
		view_keys(model, canvas, row + 1, 1,
		          view_keys_fit(model, canvas, 1, &again, 1) ? &again : &back, 1);
		break;
	case LOOK_HELP:
		column = view_keys(model, canvas, row, 1, &emergency, 1);
		view_keys(model, canvas, row, column, &back, 1);
		break;
	case LOOK_NONE:
	case LOOK_SENDING:
		break;
	default:
		view_keys(model, canvas, row, 1, &stop, 1);
		break;
	}
}

/* The number stands as soon as help is asked for, not only once it is sent. */
static void draw_emergency(const struct model *model, struct canvas *canvas, int row)
{
	bool asked = model->prompt.deed.kind == DEED_ANSWER
	             && model->prompt.deed.answer == ANSWER_NEEDS_HELP;
	char text[PHONE_MAX + 16];
	bool sent = model->look.phase != LOOK_HELP
	            && (model->look.answer[0] == ANSWER_NEEDS_HELP
	                || model->look.answer[1] == ANSWER_NEEDS_HELP);

	if (!asked && !sent)
		return;
	snprintf(text, sizeof text, " CALL %s NOW ", model->centre.emergency);
	canvas_right(canvas, row, STYLE_HIGH, text);
}

static void draw(const struct model *model, struct canvas *canvas)
{
	struct area area;
	bool fits = view_look_area(canvas->rows, canvas->columns, &area);
	int foot = canvas->rows - FOOT_ROWS;

	draw_header(model, canvas);
	draw_place(model, canvas, &area, fits);
	draw_notes(model, canvas, &area);
	if (fits)
		draw_caption(model, canvas, &area);
	canvas_cursor(canvas, 0, 7);
	if (!model->connected)
		canvas_text(canvas, foot, 0, STYLE_LOST,
		            " LINK LOST · your answer is kept and sent later ");
	else if (model->look.n_checks == 2)
		draw_persons(model, canvas, foot);
	view_notice(model, canvas, foot);
	if (!view_prompt(model, canvas, canvas->rows - 2))
		draw_keys(model, canvas, canvas->rows - 2);
	draw_emergency(model, canvas, foot);
}

const struct view view_look = {
	.name = "look",
	.context = IN_LOOK,
	.draw = draw,
};
