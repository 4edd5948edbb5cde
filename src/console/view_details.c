/*
 * One resident: tonight, the plan, the door, the camera, whom to call, and how the latest fourteen
 * nights ended. Pause and withdrawal from here. Nothing is cut: what is long takes more lines, and
 * the sheet scrolls.
 */
#include "base/civil.h"
#include "console/view.h"
#include "console/words.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

enum { COLUMN = 18, COLUMN_NARROW = 12, NARROW_COLUMNS = 60, NIGHT_COLUMNS = 3 };

static void put(struct sheet *sheet, enum style style, const char *label, const char *text)
{
	view_sheet_put(sheet, STYLE_FAINT, label, style, text);
}

static void put_some(struct sheet *sheet, const char *label, const char *text)
{
	if (text[0] != '\0')
		put(sheet, STYLE_TEXT, label, text);
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
		snprintf(line, sizeof line, "%-6s %s", at, words[0] != '\0' ? words : "to come");
		put(sheet, STYLE_TEXT, label, line);
		label = "";
	}
	if (label[0] != '\0')
		put(sheet, STYLE_TEXT, label, "no check");
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

static const char *role_words(const char *role)
{
	static const struct {
		const char *role, *words;
	} roles[] = {
		{"patrol", "night patrol"},          {"shift-lead", "shift lead"},
		{"unit-manager", "unit manager"},    {"manager-on-call", "manager on call"},
		{"support", "technical support"},
	};

	for (size_t i = 0; i < sizeof roles / sizeof *roles; i++)
		if (strcmp(roles[i].role, role) == 0)
			return roles[i].words;
	return role;
}

/* The number first: on a narrow screen it is what the operator came for. */
static void put_contacts(struct sheet *sheet, const struct resident *resident)
{
	const struct contact *contact = sheet->model->contacts.items;
	const char *label = "Call";
	char line[NOTE_MAX_BYTES];

	for (size_t i = 0; i < sheet->model->contacts.n; i++) {
		if (contact[i].area[0] != '\0' && strcmp(contact[i].area, resident->area) != 0)
			continue;
		snprintf(line, sizeof line, "%-14s %s · %s", contact[i].phone, contact[i].name,
		         role_words(contact[i].role));
		put(sheet, STYLE_TEXT, label, line);
		label = "";
	}
	snprintf(line, sizeof line, "%-14s emergency", sheet->model->centre.emergency);
	put(sheet, STYLE_TEXT, label, line);
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
	char from[2 * CLOCK_BYTES], to[2 * CLOCK_BYTES], line[96];

	if (resident->pause_from_ms == 0)
		return;
	words_moment(sheet->model, resident->pause_from_ms, from, sizeof from);
	words_moment(sheet->model,
	             resident->pause_to_ms != 0 ? resident->pause_to_ms : resident->pause_review_ms,
	             to, sizeof to);
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

/* A line of the table of nights; one in which every night is empty is left out. */
struct line_of_nights {
	const char *label;
	size_t offset; /* in struct past_night */
};

#define NIGHTS(words, member) {words, offsetof(struct past_night, member)}

static const struct line_of_nights lines_of_nights[] = {
	NIGHTS("seen well", well),     NIGHTS("visited", visited),
	NIGHTS("excused", excused),    NIGHTS("still open", open),
	NIGHTS("look again", rechecked), NIGHTS("no picture", no_picture),
	NIGHTS("no answer", unanswered),
};

static int value_of(const struct past_night *night, const struct line_of_nights *line)
{
	return *(const int *)(const void *)((const char *)night + line->offset);
}

static void put_days(struct sheet *sheet, const struct past_night *night, int n, const char *label)
{
	char text[NOTE_MAX_BYTES];
	size_t len = 0;
	struct civil_date day = {0};

	for (int i = 0; i < n; i++) {
		day = civil_from_days(night[i].night);
		len += (size_t)snprintf(text + len, sizeof text - len, "%2d ", (int)day.day);
	}
	snprintf(text + len, sizeof text - len, "%s", words_month((int)day.month));
	view_sheet_line(sheet, STYLE_FAINT, label, STYLE_FAINT, text);
}

/* false: it is empty in every night, and was left out. */
static bool put_values(struct sheet *sheet, const struct past_night *night, int n,
                       const struct line_of_nights *line)
{
	char text[NOTE_MAX_BYTES] = "";
	size_t len = 0;
	bool any = false;

	for (int i = 0; i < n; i++) {
		int value = value_of(&night[i], line);

		any = any || value != 0;
		if (value != 0)
			len += (size_t)snprintf(text + len, sizeof text - len, "%2d ", value);
		else
			len += (size_t)snprintf(text + len, sizeof text - len, " - ");
	}
	if (any)
		view_sheet_line(sheet, STYLE_FAINT, line->label, STYLE_TEXT, text);
	return any;
}

static void put_nights(struct sheet *sheet, const struct resident *resident)
{
	const struct history *history = &sheet->model->history;
	int most = (view_sheet_columns(sheet) - NIGHT_COLUMNS) / NIGHT_COLUMNS;
	const char *label = "Nights";

	if (strcmp(history->resident, resident->id) != 0 || history->n == 0) {
		put(sheet, STYLE_FAINT, label,
		    sheet->model->connected ? "asking the hub" : "not known without the hub");
		return;
	}
	/* On a narrow screen a week at a time. */
	most = most >= HISTORY_NIGHTS     ? HISTORY_NIGHTS
	     : most >= HISTORY_NIGHTS / 2 ? HISTORY_NIGHTS / 2
	                                  : 1;
	for (int from = 0; from < history->n; from += most) {
		int n = history->n - from < most ? history->n - from : most;

		bool any = false;

		put_days(sheet, history->night + from, n, label);
		for (size_t i = 0; i < sizeof lines_of_nights / sizeof *lines_of_nights; i++)
			any |= put_values(sheet, history->night + from, n, &lines_of_nights[i]);
		if (!any)
			put(sheet, STYLE_FAINT, "", "no checks");
		label = "";
	}
}

static void fill(struct sheet *sheet)
{
	const struct resident *resident = model_resident(sheet->model, sheet->model->details);
	char at[2 * CLOCK_BYTES];

	sheet->label_column = 1;
	sheet->column = sheet->canvas->columns >= NARROW_COLUMNS ? COLUMN : COLUMN_NARROW;
	if (resident == NULL)
		return;
	put(sheet, STYLE_STRONG, "Name", resident->name);
	put_alarms(sheet, resident);
	put_checks(sheet, resident);
	put_pause(sheet, resident);
	put_some(sheet, "Plan", resident->plan);
	put(sheet, STYLE_TEXT, "Agreement", standing_words(resident->standing));
	words_moment(sheet->model, resident->last_well_ms, at, sizeof at);
	put(sheet, STYLE_TEXT, "Seen well",
	    resident->last_well_ms != 0 ? at : "not in these two nights");
	put_some(sheet, "Address", resident->address);
	put_some(sheet, "Telephone", resident->phone);
	put_some(sheet, "Door", resident->door_note);
	put_some(sheet, "Bed", resident->bed_note);
	put_camera(sheet, resident);
	put_contacts(sheet, resident);
	put_nights(sheet, resident);
}

/* A pause can be ended where there is one, and begun where there is none. */
static void draw_keys(const struct model *model, struct canvas *canvas,
                      const struct resident *resident)
{
	bool paused = resident != NULL && resident->pause_from_ms != 0;
	const struct view_key keys[] = {{"back", NULL},
	                                {paused ? "resume" : "pause", NULL},
	                                {"withdraw", NULL},
	                                {"board", NULL},
	                                {"help", NULL}};

	view_keys(model, canvas, canvas->rows - 1, 1, keys, sizeof keys / sizeof *keys);
}

static void draw(const struct model *model, struct canvas *canvas)
{
	const struct resident *resident = model_resident(model, model->details);
	int first = view_header(model, canvas, "RESIDENT");

	view_sheet(model, canvas, first, view_footer(model, canvas, 2), fill);
	if (!view_prompt(model, canvas, canvas->rows - 2))
		draw_keys(model, canvas, resident);
}

const struct view view_details = {
	.name = "details",
	.context = IN_DETAILS,
	.draw = draw,
};
