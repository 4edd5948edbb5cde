/*
 * One resident: tonight, plan, whom to call, the door, the camera. Pause and withdrawal from here.
 */
#include "console/view.h"
#include "console/words.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

/* Lines are counted as they are drawn, so that the screen can be scrolled. */
struct sheet {
	const struct model *model;
	struct canvas *canvas;
	int row, end, skip;
};

static void put(struct sheet *sheet, enum style style, const char *label, const char *text)
{
	int indent = sheet->canvas->columns >= 60 ? 18 : 10;

	if (sheet->skip-- > 0 || sheet->row >= sheet->end)
		return;
	canvas_put(sheet->canvas, sheet->row, 1, indent - 2, STYLE_FAINT, label);
	canvas_put(sheet->canvas, sheet->row, indent,
	           sheet->canvas->columns - indent - (sheet->model->centre.demo ? 5 : 0), style,
	           text);
	view_demo_mark(sheet->model, sheet->canvas, sheet->row);
	sheet->row++;
}

static void put_checks(struct sheet *sheet, const struct resident *resident)
{
	const struct check *check = sheet->model->checks.items;
	const char *label = "Tonight";

	for (size_t i = 0; i < sheet->model->checks.n; i++) {
		struct list_row row = {.check = {check[i].id}, .n_checks = 1};
		char at[CLOCK_BYTES], words[NOTE_MAX_BYTES], line[NOTE_MAX_BYTES + 16];

		if (strcmp(check[i].resident, resident->id) != 0)
			continue;
		words_clock(sheet->model, check[i].start_ms, at);
		words_row(sheet->model, &row, words, sizeof words);
		snprintf(line, sizeof line, "%-6s %s", at, words[0] != '\0' ? words : "planned");
		put(sheet, STYLE_TEXT, label, line);
		label = "";
	}
}

static void put_camera(struct sheet *sheet, const struct resident *resident)
{
	const struct camera *camera = model_camera(sheet->model, resident->camera);
	char at[CLOCK_BYTES], line[NOTE_MAX_BYTES];

	if (camera == NULL) {
		put(sheet, STYLE_TEXT, "Camera",
		    resident->camera[0] != '\0' ? "nothing is known of it" : "none: visits only");
		return;
	}
	words_clock(sheet->model, camera->since_ms, at);
	snprintf(line, sizeof line, "%s · %s since %s · lens %s%s", camera->id,
	         camera->connected ? "in contact" : "NO CONTACT", at, camera->lens,
	         camera->commissioned ? "" : " · not accepted yet");
	put(sheet, camera->connected ? STYLE_TEXT : STYLE_STRONG, "Camera", line);
}

static void put_contacts(struct sheet *sheet, const struct resident *resident)
{
	const struct contact *contact = sheet->model->contacts.items;
	const char *label = "Call";

	for (size_t i = 0; i < sheet->model->contacts.n; i++) {
		char line[NOTE_MAX_BYTES];

		if (contact[i].area[0] != '\0' && strcmp(contact[i].area, resident->area) != 0)
			continue;
		snprintf(line, sizeof line, "%-24s %-16s %s", contact[i].name, contact[i].phone,
		         contact[i].role);
		put(sheet, STYLE_TEXT, label, line);
		label = "";
	}
	put(sheet, STYLE_TEXT, "Emergency", sheet->model->centre.emergency);
}

/* In full: a row of the list has seldom room for why an alarm stands. */
static void put_alarms(struct sheet *sheet, const struct resident *resident)
{
	const struct standing_alarm *alarm = sheet->model->alarms.items;

	for (size_t i = 0; i < sheet->model->alarms.n; i++)
		if (strcmp(alarm[i].subject, resident->id) == 0)
			put(sheet, STYLE_STRONG, "Alarm", alarm[i].text);
}

static void put_pause(struct sheet *sheet, const struct resident *resident)
{
	char from[CLOCK_BYTES], to[CLOCK_BYTES], line[64];

	if (resident->pause_from_ms == 0)
		return;
	words_clock(sheet->model, resident->pause_from_ms, from);
	words_clock(sheet->model,
	            resident->pause_to_ms != 0 ? resident->pause_to_ms : resident->pause_review_ms,
	            to);
	snprintf(line, sizeof line, "from %s, %s %s", from,
	         resident->pause_to_ms != 0 ? "until" : "to be reviewed", to);
	put(sheet, STYLE_STRONG, "Pause", line);
}

static const char *standing_words(const char *standing)
{
	if (strcmp(standing, "stands") == 0)
		return "stands: a look may be made at the agreed times";
	if (strcmp(standing, "lapsed") == 0)
		return "LAPSED: visits instead of looks";
	if (strcmp(standing, "withdrawn") == 0)
		return "WITHDRAWN: the lens stays shut, visits instead";
	return "none";
}

static void put_all(struct sheet *sheet, const struct resident *resident)
{
	char at[CLOCK_BYTES];

	put(sheet, STYLE_STRONG, "Name", resident->name);
	put_alarms(sheet, resident);
	put(sheet, STYLE_TEXT, "Address", resident->address);
	put(sheet, STYLE_TEXT, "Telephone", resident->phone);
	put(sheet, STYLE_TEXT, "Door", resident->door_note);
	put(sheet, STYLE_TEXT, "Bed", resident->bed_note);
	put(sheet, STYLE_TEXT, "Agreement", standing_words(resident->standing));
	put(sheet, STYLE_TEXT, "Plan", resident->plan);
	put_pause(sheet, resident);
	words_clock(sheet->model, resident->last_well_ms, at);
	put(sheet, STYLE_TEXT, "Last seen well", at[0] != '\0' ? at : "not in these two nights");
	put_camera(sheet, resident);
	put_checks(sheet, resident);
	put_contacts(sheet, resident);
}

/* How far the sheet may be scrolled: never past its last line. */
static int top_of(const struct sheet *sheet, const struct resident *resident)
{
	struct sheet counted = *sheet;
	int last;

	counted.skip = INT_MAX;
	put_all(&counted, resident);
	last = INT_MAX - counted.skip - (sheet->end - sheet->row);
	last = last < 0 ? 0 : last;
	return sheet->skip < last ? sheet->skip : last;
}

static void draw(const struct model *model, struct canvas *canvas)
{
	static const struct view_key keys[] = {{"withdraw", NULL}, {"pause", NULL}, {"resume", NULL},
	                                       {"board", NULL},    {"back", NULL},  {"help", NULL}};
	const struct resident *resident = model_resident(model, model->details);
	int first = view_header(model, canvas, "RESIDENT");
	int end = view_footer(model, canvas, 2);
	struct sheet sheet = {.model = model,
	                      .canvas = canvas,
	                      .row = first,
	                      .end = end,
	                      .skip = model->details_top};

	canvas_cursor(canvas, first, 0);
	if (resident != NULL) {
		sheet.skip = top_of(&sheet, resident);
		put_all(&sheet, resident);
	}
	if (!view_prompt(model, canvas, canvas->rows - 2))
		view_keys(model, canvas, canvas->rows - 1, 1, keys, sizeof keys / sizeof *keys);
}

const struct view view_details = {
	.name = "details",
	.context = IN_DETAILS,
	.draw = draw,
};
