/*
 * Screens as text, beside the keys that led to them: NAME.keys says which night (nights.h), what is
 * pressed and what the hub does; NAME.80x24.screen and its like are what an operator then reads.
 * After a change that was meant, "make screens" writes them anew: read the difference.
 */
#include "nights.h"

#include "base/text.h"
#include "console/canvas.h"
#include "console/view.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

#define FOLDER "tests/console"
#define LOOK 42

static const struct size {
	int columns, rows;
} sizes[] = {{80, 24}, {120, 40}, {40, 10}};

/* What a line of a .keys file does. */

static void press(struct desk *desk, const char *keys)
{
	key_code key;
	size_t n;

	for (keys += strspn(keys, " "); *keys != '\0'; keys += n + strspn(keys + n, " ")) {
		n = keys_parse(keys, strlen(keys), &key);
		if (n == 0)
			fail_msg("no such key: %s", keys);
		desk_press(desk, key);
	}
}

/* Words as they are typed: a name, a reason, a command. */
static void type(struct desk *desk, const char *text)
{
	size_t left = strlen(text), n;
	uint32_t c;

	for (; left > 0 && (n = text_decode(text, left, &c)) > 0; text += n, left -= n)
		desk_key(desk, c == ' ' ? INPUT_SPACE : c);
}

static void pass(struct desk *desk, const char *ms)
{
	desk_pass(desk, atoi(ms));
}

static void claimed(struct desk *desk, const char *words)
{
	const struct look *look = &desk->model->look;

	(void)words;
	desk_claimed(desk, look->check[0], look->n_checks > 1 ? look->check[1] : 0, LOOK);
}

static void permitted(struct desk *desk, const char *words)
{
	struct wire_message *m = wire_new(WIRE_PERMITTED);
	uint8_t nonce[NONCE_BYTES] = {5};

	(void)words;
	desk_key_ready(desk);
	desk_done(desk);
	wire_set_int(m, "look", LOOK);
	wire_set_bytes(m, "nonce", nonce, sizeof nonce);
	desk_hub(desk, m);
}

static void picture(struct desk *desk, const char *words)
{
	uint8_t sealed[64] = {0};

	(void)words;
	sealed[7] = LOOK;
	model_binary(desk->model, sealed, sizeof sealed);
	desk_standing(desk);
}

static void gone(struct desk *desk, const char *ms)
{
	desk_gone(desk, atoi(ms));
}

static void fault(struct desk *desk, const char *words)
{
	struct wire_message *m = wire_new(WIRE_LOOK_OVER);

	wire_set_int(m, "look", LOOK);
	wire_set_text(m, "cause", "camera-fault");
	wire_set_text(m, "text", words);
	desk_hub(desk, m);
}

static void done(struct desk *desk, const char *words)
{
	(void)words;
	desk_done(desk);
}

/* The check of the look is with the patrol now, and somebody is being called. */
static void paged(struct desk *desk, const char *words)
{
	struct check check = *model_check(desk->model, desk->model->look.check[0]);
	struct page page = {.number = 77,
	                    .cause = CAUSE_NEEDS_HELP,
	                    .urgent = true,
	                    .state = PAGE_SUBMITTED,
	                    .queued_ms = desk_utc(desk),
	                    .step_ms = desk_utc(desk)};

	(void)words;
	check.cause = CAUSE_NEEDS_HELP;
	night_page(desk, &page, &check);
}

/* What the details asked for. */
static void history(struct desk *desk, const char *words)
{
	(void)words;
	night_history(desk);
}

static void lost(struct desk *desk, const char *words)
{
	(void)words;
	model_link(desk->model, false);
	model_drawn(desk->model, desk->model->details_top);
}

static const struct step {
	const char *name;
	void (*run)(struct desk *desk, const char *words);
} steps[] = {
	{"press", press},     {"type", type},       {"pass", pass}, {"claimed", claimed},
	{"permitted", permitted}, {"picture", picture}, {"gone", gone}, {"fault", fault},
	{"done", done},       {"paged", paged},     {"lost", lost},
	{"history", history},
};

static void run(struct desk **desk, const char *file, const char *line)
{
	size_t len = strcspn(line, " ");
	const char *words = line + len + strspn(line + len, " ");

	if (line[0] == '#' || line[0] == '\0')
		return;
	if (len == 5 && strncmp(line, "night", 5) == 0) {
		*desk = night_open(words);
		if (*desk == NULL)
			fail_msg("%s: no such night: %s", file, words);
		return;
	}
	for (size_t i = 0; i < sizeof steps / sizeof *steps; i++)
		if (strlen(steps[i].name) == len && strncmp(steps[i].name, line, len) == 0) {
			if (*desk == NULL)
				fail_msg("%s: the night comes first", file);
			steps[i].run(*desk, words);
			return;
		}
	fail_msg("%s: no such step: %s", file, line);
}

/* The night of a .keys file, after its last line. The caller closes it. */
static struct desk *play(const char *name)
{
	char path[512], line[256];
	struct desk *desk = NULL;
	FILE *file;

	snprintf(path, sizeof path, FOLDER "/%s.keys", name);
	file = fopen(path, "r");
	assert_non_null(file);
	while (fgets(line, sizeof line, file) != NULL) {
		line[strcspn(line, "\n")] = '\0';
		run(&desk, path, line);
	}
	fclose(file);
	if (desk == NULL)
		fail_msg("%s: no night", path);
	return desk;
}

/* What a screen file holds. */

static enum style style_of(const struct cell *cell)
{
	return (enum style)(cell->style % STYLE_SELECTED);
}

static bool is_blank(const struct cell *cell)
{
	return strcmp(cell->text, " ") == 0 && style_of(cell) != STYLE_PROMPT
	       && style_of(cell) != STYLE_LOST;
}

/* "  4  high 2-4, strong 7-21": every run of a style that is not plain text. */
static void add_styles(const struct canvas *canvas, int row, struct buf *out)
{
	const struct cell *cells = canvas->cells + (size_t)row * (size_t)canvas->columns;
	bool any = false;

	for (int from = 0, end; from < canvas->columns; from = end) {
		int last = from;

		for (end = from; end < canvas->columns
		                 && (cells[end].style == cells[from].style || is_blank(&cells[end]));
		     end++)
			last = is_blank(&cells[end]) ? last : end;
		if (style_of(&cells[from]) == STYLE_TEXT || is_blank(&cells[from])) {
			end = is_blank(&cells[from]) ? from + 1 : end;
			continue;
		}
		if (!any)
			buf_printf(out, "%3d ", row + 1);
		buf_printf(out, "%s%s %d-%d", any ? ", " : " ", style_name(style_of(&cells[from])),
		           from + 1, last + 1);
		any = true;
	}
	if (any)
		buf_printf(out, "\n");
}

static void add_rule(const struct canvas *canvas, struct buf *out)
{
	buf_printf(out, "+");
	for (int i = 0; i < canvas->columns; i++)
		buf_printf(out, "-");
	buf_printf(out, "+\n");
}

/* The frame in a frame of its own, an arrow beside the row of the cursor, then the styles. */
static void write_screen(const struct canvas *canvas, struct buf *out)
{
	struct buf text = buf_new(1 << 20);
	const char *line;
	int row = 0;

	canvas_lines(canvas, &text);
	buf_printf(&text, "%s", "");
	add_rule(canvas, out);
	for (line = (const char *)text.data; row < canvas->rows; row++) {
		size_t len = strcspn(line, "\n");

		buf_printf(out, "%s%.*s\n", row == canvas->cursor_row ? ">" : "|", (int)len, line);
		line += len + 1;
	}
	add_rule(canvas, out);
	buf_printf(out, "cursor %d,%d\n", canvas->cursor_row + 1, canvas->cursor_column + 1);
	for (row = 0; row < canvas->rows; row++)
		add_styles(canvas, row, out);
	buf_free(&text);
}

static char *read_file(const char *path)
{
	FILE *file = fopen(path, "r");
	char *text = calloc(1, 1 << 17);

	assert_non_null(text);
	if (file != NULL) {
		assert_true(fread(text, 1, (1 << 17) - 1, file) > 0);
		fclose(file);
	}
	return text;
}

static void write_file(const char *path, const char *text)
{
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	assert_true(fputs(text, file) >= 0);
	assert_int_equal(fclose(file), 0);
}

/* The lines that differ, the old above the new. */
static void tell_difference(const char *path, const char *want, const char *have)
{
	print_error("%s is not what it was:\n", path);
	for (int row = 1; *want != '\0' || *have != '\0'; row++) {
		size_t m = strcspn(want, "\n"), n = strcspn(have, "\n");

		if (m != n || strncmp(want, have, m) != 0)
			print_error("%3d - %.*s\n%3d + %.*s\n", row, (int)m, want, row, (int)n,
			            have);
		want += m + (want[m] == '\n');
		have += n + (have[n] == '\n');
	}
}

/* false: it differs from its file, which was told. */
static bool is_as_before(const char *name, struct desk *desk, const struct size *size)
{
	struct canvas canvas = {0};
	struct buf out = buf_new(1 << 20);
	char path[512], *want;
	bool same;

	snprintf(path, sizeof path, FOLDER "/%s.%dx%d.screen", name, size->columns, size->rows);
	canvas_resize(&canvas, size->rows, size->columns);
	view_draw(desk->model, &canvas);
	write_screen(&canvas, &out);
	buf_printf(&out, "%s", "");
	want = read_file(path);
	same = strcmp(want, (const char *)out.data) == 0;
	if (!same && getenv("WRITE_SCREENS") != NULL) {
		write_file(path, (const char *)out.data);
		same = true;
	} else if (!same) {
		tell_difference(path, want, (const char *)out.data);
	}
	free(want);
	canvas_free(&canvas);
	buf_free(&out);
	return same;
}

static int is_keys(const struct dirent *entry)
{
	size_t len = strlen(entry->d_name);

	return len > 5 && strcmp(entry->d_name + len - 5, ".keys") == 0;
}

/* Calls each with every NAME of a NAME.keys, in the order of their names. */
static void each_script(void (*each)(const char *name))
{
	struct dirent **entry;
	int n = scandir(FOLDER, &entry, is_keys, alphasort);

	assert_true(n > 0);
	for (int i = 0; i < n; i++) {
		entry[i]->d_name[strlen(entry[i]->d_name) - 5] = '\0';
		each(entry[i]->d_name);
		free(entry[i]);
	}
	free(entry);
}

static int different;

static void compare(const char *name)
{
	for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
		struct desk *desk = play(name);

		different += !is_as_before(name, desk, &sizes[i]);
		desk_close(desk);
	}
}

static void test_screens_are_as_they_were(void **state)
{
	(void)state;
	different = 0;
	each_script(compare);
	assert_int_equal(different, 0);
}

static bool has_rows(const struct desk *desk)
{
	enum screen_id screen = desk->model->screen;

	return (screen == SCREEN_TONIGHT || screen == SCREEN_GRID || screen == SCREEN_PATROL)
	       && model_focus(desk->model) != NULL && desk->model->prompt.deed.kind == DEED_NONE;
}

/* The row that keys act on is in sight, and the hardware cursor on it. */
static void assert_focus_in_sight(const struct canvas *canvas)
{
	const struct cell *cell = canvas->cells + canvas->cursor_row * canvas->columns;

	assert_string_equal(cell->text, "▌");
}

/* No size and no screen may stop the program, and the cursor stays on the terminal. */
static void draw_at_any_size(const char *name)
{
	/* Around the sizes at which a screen is laid out anew. */
	static const int heights[] = {1, 3, 9, 12, 15, 16, 25}, widths[] = {1, 9, 41, 59, 60, 99, 130};
	struct desk *desk = play(name);
	struct canvas canvas = {0};

	for (size_t i = 0; i < sizeof heights / sizeof *heights; i++)
		for (size_t j = 0; j < sizeof widths / sizeof *widths; j++) {
			canvas_resize(&canvas, heights[i], widths[j]);
			view_draw(desk->model, &canvas);
			assert_in_range(canvas.cursor_row, 0, heights[i] - 1);
			assert_in_range(canvas.cursor_column, 0, widths[j] - 1);
			if (heights[i] >= 9 && widths[j] >= 40 && has_rows(desk))
				assert_focus_in_sight(&canvas);
		}
	canvas_free(&canvas);
	desk_close(desk);
}

static void test_screens_at_any_size(void **state)
{
	(void)state;
	each_script(draw_at_any_size);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_screens_are_as_they_were),
		cmocka_unit_test(test_screens_at_any_size),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
