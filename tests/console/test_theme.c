/*
 * Themes: every style of every shipped theme resolves, can be read, and keeps late, due and fault
 * apart at every depth of colour, for colour-blind eyes as well; and files that are wrong or mean
 * harm are told by line and column and do no more.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "console/messages.h"
#include "console/shipped.h"
#include "console/theme_contrast.h"
#include "console/theme_file.h"
#include "console/themes.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* Colours as light: linear red, green, blue from 0 to 1. */
struct light {
	double part[3];
};

static double linear(int part)
{
	double c = part / 255.0;

	/* IEC 61966-2-1 (sRGB), as WCAG 2.1 takes it. */
	return c <= 0.04045 ? c / 12.92 : pow((c + 0.055) / 1.055, 2.4);
}

static struct light light_of(int32_t rgb)
{
	return (struct light){{linear(rgb >> 16), linear(rgb >> 8 & 0xff), linear(rgb & 0xff)}};
}

/* xterm's sixteen as it comes, the cube and the greys of the 256. */
static int32_t xterm_rgb(int32_t number)
{
	static const int32_t sixteen[] = {
		0x000000, 0xcd0000, 0x00cd00, 0xcdcd00, 0x0000ee, 0xcd00cd, 0x00cdcd, 0xe5e5e5,
		0x7f7f7f, 0xff0000, 0x00ff00, 0xffff00, 0x5c5cff, 0xff00ff, 0x00ffff, 0xffffff,
	};
	static const int level[] = {0, 95, 135, 175, 215, 255};

	if (number < 16)
		return sixteen[number];
	if (number >= 232)
		return (8 + 10 * (number - 232)) * 0x010101;
	number -= 16;
	return level[number / 36] << 16 | level[number / 6 % 6] << 8 | level[number % 6];
}

struct seen {
	struct light ink, paper;
	unsigned attributes;
};

static struct seen see(const struct theme_look *look, enum depth depth)
{
	struct appearance a = theme_appearance(look, depth);
	bool direct = depth == DEPTH_DIRECT;
	struct seen seen = {.ink = light_of(direct ? a.ink : xterm_rgb(a.ink)),
	                    .paper = light_of(direct ? a.paper : xterm_rgb(a.paper)),
	                    .attributes = a.attributes};
	struct light swap = seen.ink;

	if ((a.attributes & ATTRIBUTE_REVERSE) != 0) {
		seen.ink = seen.paper;
		seen.paper = swap;
	}
	return seen;
}

/* WCAG 2.1, relative luminance and contrast ratio. */
static double luminance(struct light light)
{
	return 0.2126 * light.part[0] + 0.7152 * light.part[1] + 0.0722 * light.part[2];
}

static double contrast(struct light a, struct light b)
{
	double la = luminance(a), lb = luminance(b);

	return la > lb ? (la + 0.05) / (lb + 0.05) : (lb + 0.05) / (la + 0.05);
}

enum eyes { EYES_COMMON, EYES_PROTAN, EYES_DEUTAN, EYES };

/*
 * Machado, Oliveira, Fernandes, "A Physiologically-based Model for Simulation of Color Vision
 * Deficiency", IEEE TVCG 15 (2009), severity 1.0, on linear light.
 */
static struct light through(enum eyes eyes, struct light light)
{
	static const double matrix[EYES][3][3] = {
		[EYES_COMMON] = {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}},
		[EYES_PROTAN] = {{0.152286, 1.052583, -0.204868},
	                         {0.114503, 0.786281, 0.099216},
	                         {-0.003882, -0.048116, 1.051998}},
		[EYES_DEUTAN] = {{0.367322, 0.860646, -0.227968},
	                         {0.280085, 0.672501, 0.047413},
	                         {-0.011820, 0.042940, 0.968881}},
	};
	struct light out = {{0}};

	for (int i = 0; i < 3; i++) {
		for (int j = 0; j < 3; j++)
			out.part[i] += matrix[eyes][i][j] * light.part[j];
		out.part[i] = fmin(fmax(out.part[i], 0), 1);
	}
	return out;
}

static double cube_root(double t)
{
	return t > 216.0 / 24389 ? cbrt(t) : (24389.0 / 27 * t + 16) / 116;
}

/* CIE 1976 L*a*b*, D65. */
static void lab(struct light light, double out[3])
{
	const double *c = light.part;
	double x = cube_root((0.4124 * c[0] + 0.3576 * c[1] + 0.1805 * c[2]) / 0.95047);
	double y = cube_root(0.2126 * c[0] + 0.7152 * c[1] + 0.0722 * c[2]);
	double z = cube_root((0.0193 * c[0] + 0.1192 * c[1] + 0.9505 * c[2]) / 1.08883);

	out[0] = 116 * y - 16;
	out[1] = 500 * (x - y);
	out[2] = 200 * (y - z);
}

static double distance(struct light a, struct light b)
{
	double p[3], q[3];

	lab(a, p);
	lab(b, q);
	return sqrt(pow(p[0] - q[0], 2) + pow(p[1] - q[1], 2) + pow(p[2] - q[2], 2));
}

/* Of what a reader has before her: the letters or their ground, whichever differs more. */
static double apart(const struct seen *a, const struct seen *b, enum eyes eyes)
{
	return fmax(distance(through(eyes, a->ink), through(eyes, b->ink)),
	            distance(through(eyes, a->paper), through(eyes, b->paper)));
}

static const enum depth depths[] = {DEPTH_DIRECT, DEPTH_256, DEPTH_16, DEPTH_8};

enum { DEPTHS = 4 };

static void name_slot(char out[64], int slot)
{
	snprintf(out, 64, "%s%s", style_name((enum style)(slot % STYLE_SELECTED)),
	         slot >= STYLE_SELECTED ? ".selected" : "");
}

static struct theme shipped(const char *name)
{
	struct theme theme;

	assert_true(themes_shipped(name, &theme));
	return theme;
}

static void a_shipped_theme_has_no_fault(void **state)
{
	int n = 0;

	(void)state;
	for (const struct shipped *file = shipped_themes; file->name != NULL; file++, n++) {
		struct theme_rules rules = {0};
		struct messages messages = {0};
		const struct fault_sink faults = messages_sink(&messages);

		assert_int_equal(theme_read(&rules, file->name, (const char *)file->text, file->len,
		                            NULL, &faults), 0);
		assert_int_equal(messages.n, 0);
	}
	assert_int_equal(n, 5);
}

/* No cell is left to the terminal's own colours beside cells that are not. */
static void every_style_resolves(void **state)
{
	(void)state;
	for (const struct shipped *file = shipped_themes; file->name != NULL; file++) {
		struct theme theme = shipped(file->name);

		for (int slot = 0; slot < STYLE_SLOTS; slot++) {
			if (slot % STYLE_SELECTED >= STYLES)
				continue;
			assert_int_equal(theme.look[slot].has_ink, theme.has_colours);
			assert_int_equal(theme.look[slot].has_paper, theme.has_colours);
		}
		assert_int_equal(theme.has_colours, strcmp(file->name, "mono") != 0);
	}
}

/* The ink where bold is bright, as in xterm as it comes. */
static struct light brightened(const struct theme_look *look, enum depth depth)
{
	struct appearance a = theme_appearance(look, depth);
	bool bright = depth == DEPTH_16 && a.ink < 8 && (a.attributes & ATTRIBUTE_BOLD) != 0;

	return bright ? light_of(xterm_rgb(a.ink + 8)) : see(look, depth).ink;
}

/* WCAG 2.1, 1.4.3 (4.5:1) and 1.4.6 (7:1). */
static void every_style_can_be_read(void **state)
{
	int bad = 0;

	(void)state;
	for (const struct shipped *file = shipped_themes; file->name != NULL; file++) {
		struct theme theme = shipped(file->name);
		double least = strcmp(file->name, "contrast") == 0 ? 7.0 : 4.5;

		for (int slot = 0; slot < STYLE_SLOTS && theme.has_colours; slot++)
			for (int d = 0; d < 3 && slot % STYLE_SELECTED < STYLES; d++) {
				struct seen seen = see(&theme.look[slot], depths[d]);
				double ratio = fmin(contrast(seen.ink, seen.paper),
				                    contrast(brightened(&theme.look[slot], depths[d]),
				                             seen.paper));
				char name[64];

				name_slot(name, slot);
				if (ratio < least && ++bad)
					print_error("%s: %s at %d colours: %.2f:1\n", file->name,
					            name, (int)depths[d], ratio);
			}
	}
	assert_int_equal(bad, 0);
}

/* The program's own measure agrees, and names what is too faint. */
static void what_is_hard_to_read_is_told(void **state)
{
	static const char faint[] = "[palette]\nink = #5f5f5f 59 white\npaper = #000000 16 black\n"
	                            "dark = #202020 250 white\n[style]\ntext = ink on paper\n"
	                            "check.late = dark bold\n";
	struct theme_rules rules = {0};
	struct messages messages = {0};
	const struct fault_sink faults = messages_sink(&messages);
	struct theme theme;

	(void)state;
	for (const struct shipped *file = shipped_themes; file->name != NULL; file++) {
		theme = shipped(file->name);
		assert_int_equal(theme_check_contrast(&theme, file->name, &faults), 0);
	}
	assert_int_equal(theme_read(&rules, "t", faint, sizeof faint - 1, NULL, NULL), 0);
	theme_resolve(&rules, &theme);
	assert_int_equal(theme_check_contrast(&theme, "mine", &faults), 2 * STYLES);
	for (int i = 0; i < messages.n; i++)
		if (strcmp(messages.line[i], "mine: check.late.selected: contrast 1.3:1 at 16777216 "
		                             "colours, less than 4.5:1") == 0)
			return;
	fail_msg("check.late is not told");
}

/* A just noticeable difference is about 2.3; across a dark room it should be ten of them. */
static const double apart_least = 23;

static void late_due_and_fault_stay_apart(void **state)
{
	static const enum style states[] = {STYLE_CHECK_DUE, STYLE_CHECK_LATE, STYLE_CHECK_FAULT};
	static const char *const eyes[EYES] = {"common", "protan", "deutan"};
	int bad = 0;

	(void)state;
	for (const struct shipped *file = shipped_themes; file->name != NULL; file++) {
		struct theme theme = shipped(file->name);

		for (int i = 0; i < 3 * 2 * DEPTHS * EYES && theme.has_colours; i++) {
			unsigned pair = (unsigned)i % 3, selected = i / 3 % 2 ? STYLE_SELECTED : 0;
			enum depth depth = depths[i / 6 % DEPTHS];
			struct seen a = see(&theme.look[states[pair] | selected], depth);
			struct seen b = see(&theme.look[states[(pair + 1) % 3] | selected], depth);
			double d = apart(&a, &b, (enum eyes)(i / 6 / DEPTHS));

			if (d >= apart_least
			    || (depth == DEPTH_8 && a.attributes != b.attributes))
				continue;
			bad++;
			print_error("%s: %s and %s%s at %d colours, %s eyes: %.1f\n", file->name,
			            style_name(states[pair]), style_name(states[(pair + 1) % 3]),
			            selected ? " selected" : "", (int)depth, eyes[i / 6 / DEPTHS], d);
		}
	}
	assert_int_equal(bad, 0);
}

static void without_colours_attributes_keep_them_apart(void **state)
{
	struct theme mono = shipped("mono");

	(void)state;
	for (int selected = 0; selected <= STYLE_SELECTED; selected += STYLE_SELECTED) {
		unsigned late = mono.look[STYLE_CHECK_LATE | selected].attributes;
		unsigned due = mono.look[STYLE_CHECK_DUE | selected].attributes;
		unsigned fault = mono.look[STYLE_CHECK_FAULT | selected].attributes;

		assert_true(late != due && due != fault && fault != late);
	}
	for (int i = 0; i < STYLES; i++)
		assert_true(mono.look[i].attributes != mono.look[i | STYLE_SELECTED].attributes);
}

/* An alarm and the other half of its flash, in the dark. */
static void a_flash_is_seen(void **state)
{
	static const enum style halves[][2] = {{STYLE_HIGH, STYLE_HIGH_OFF},
	                                       {STYLE_MEDIUM, STYLE_MEDIUM_OFF}};

	(void)state;
	for (const struct shipped *file = shipped_themes; file->name != NULL; file++) {
		struct theme theme = shipped(file->name);

		for (int i = 0; i < 2 * DEPTHS * EYES && theme.has_colours; i++) {
			enum depth depth = depths[i / 2 % DEPTHS];
			struct seen on = see(&theme.look[halves[i % 2][0]], depth);
			struct seen off = see(&theme.look[halves[i % 2][1]], depth);

			assert_true(apart(&on, &off, (enum eyes)(i / 2 / DEPTHS)) >= apart_least);
		}
		for (int i = 0; i < 2; i++) {
			unsigned on = halves[i][0], off = halves[i][1];

			assert_int_not_equal(theme.look[on | STYLE_SELECTED].attributes
			                     + theme.look[on | STYLE_SELECTED].paper.of_16 * 64u,
			                     theme.look[off | STYLE_SELECTED].attributes
			                     + theme.look[off | STYLE_SELECTED].paper.of_16 * 64u);
		}
	}
}

/* Files */

struct reading {
	struct theme_rules rules;
	struct theme theme;
	struct messages messages;
	int faults;
};

/* Stands for the shipped themes, of which it knows one. */
static bool over_mono(struct theme_rules *rules, const char *name)
{
	static const char mono[] = "[style]\ntext = bold\n";

	if (strcmp(name, "mono") != 0)
		return false;
	*rules = (struct theme_rules){0};
	theme_read(rules, "mono", mono, sizeof mono - 1, NULL, NULL);
	return true;
}

static void lay(struct reading *reading, const char *text, size_t len)
{
	const struct fault_sink faults = messages_sink(&reading->messages);

	reading->faults = theme_read(&reading->rules, "t.theme", text, len, over_mono, &faults);
	theme_resolve(&reading->rules, &reading->theme);
}

static struct reading read_text(const char *text)
{
	struct reading reading = {0};

	lay(&reading, text, strlen(text));
	return reading;
}

#define PALETTE "[palette]\nink = #c8c4b8 251 white\nred = #e05048 167 red\n[style]\n"

static void a_missing_name_is_its_parents(void **state)
{
	struct reading r = read_text(PALETTE "text = ink on red\ncheck = bold\n"
	                                     "check.late = red underline\n*.selected = reverse\n"
	                                     "check.late.selected = on ink\n");
	const struct theme_look *look = r.theme.look;

	(void)state;
	assert_int_equal(r.faults, 0);
	assert_int_equal(look[STYLE_CHECK_DUE].ink.rgb, 0xc8c4b8);
	assert_int_equal(look[STYLE_CHECK_DUE].attributes, ATTRIBUTE_BOLD);
	assert_int_equal(look[STYLE_CHECK_LATE].ink.of_256, 167);
	assert_int_equal(look[STYLE_CHECK_LATE].paper.of_16, 1);
	assert_int_equal(look[STYLE_CHECK_LATE].attributes, ATTRIBUTE_UNDERLINE);
	assert_int_equal(look[STYLE_HIGH_OFF].attributes, 0);
	/* Laid over what it is the selected form of. */
	assert_int_equal(look[STYLE_CHECK_DUE | STYLE_SELECTED].attributes,
	                 ATTRIBUTE_BOLD | ATTRIBUTE_REVERSE);
	assert_int_equal(look[STYLE_CHECK_LATE | STYLE_SELECTED].attributes, ATTRIBUTE_UNDERLINE);
	assert_int_equal(look[STYLE_CHECK_LATE | STYLE_SELECTED].paper.rgb, 0xc8c4b8);
	assert_int_equal(look[STYLE_CHECK_LATE | STYLE_SELECTED].ink.rgb, 0xe05048);
}

/* With as little in it as is to be different. */
static void a_users_file_changes_what_it_names(void **state)
{
	static const char user[] = "[palette]\nred = #0000ff 21 blue\n[style]\nkey = red\n";
	struct reading r = read_text(PALETTE "text = ink\ncheck.late = red bold\nkey = ink bold\n");

	(void)state;
	lay(&r, user, sizeof user - 1);
	assert_int_equal(r.faults, 0);
	assert_int_equal(r.theme.look[STYLE_CHECK_LATE].ink.rgb, 0x0000ff);
	assert_int_equal(r.theme.look[STYLE_CHECK_LATE].attributes, ATTRIBUTE_BOLD);
	assert_int_equal(r.theme.look[STYLE_KEY].ink.of_256, 21);
	assert_int_equal(r.theme.look[STYLE_KEY].attributes, 0);
	assert_int_equal(r.theme.look[STYLE_TEXT].ink.rgb, 0xc8c4b8);
}

static void a_file_lies_over_the_theme_that_it_names(void **state)
{
	static const char user[] = "over = mono # and no colours\n[style]\nkey = reverse\n";
	struct reading r = read_text(PALETTE "text = ink\n");

	(void)state;
	lay(&r, user, sizeof user - 1);
	assert_int_equal(r.faults, 0);
	assert_false(r.theme.has_colours);
	assert_int_equal(r.theme.look[STYLE_TITLE].attributes, ATTRIBUTE_BOLD);
	assert_int_equal(r.theme.look[STYLE_KEY].attributes, ATTRIBUTE_REVERSE);
}

static void a_fault_says_where_and_what(void **state)
{
	static const char *const faulty[][2] = {
		{"ink = white\n", "t.theme:1:1: before the first line there must be [palette] or "
	                          "[style]"},
		{"over = dawn\n", "t.theme:1:8: dawn: is no shipped theme"},
		{"over = mono mono\n", "t.theme:1:8: mono: is no shipped theme"},
		{"\n[colours]\nink = white\n", "t.theme:2:1: [colours]: is neither [palette] nor "
	                                       "[style]; its lines are left out"},
		{"[palette]\nink #c8c4b8 251 white", "t.theme:2:1: ink: must have the form name = value"},
		{"[palette]\nink = #c8c4b 251 white", "t.theme:2:7: the colour must be # and six "
	                                              "hexadecimal digits"},
		{"[palette]\nink = #c8c4b8 15 white", "t.theme:2:15: the second must be the colour's "
	                                              "number, 16 to 255"},
		{"[palette]\nink = #c8c4b8 256 white", "t.theme:2:15: the second must be the colour's "
	                                               "number, 16 to 255"},
		{"[palette]\nink = #c8c4b8 251 grey", "t.theme:2:19: the third must be one of black, "
	                                              "red, green, yellow, blue, magenta, cyan, white, "
	                                              "or bright- and one of these"},
		{"[palette]\nink = #c8c4b8 251 white 7", "t.theme:2:25: a colour ends with its third "
	                                                 "word"},
		{"[palette]\nbold = #c8c4b8 251 white", "t.theme:2:1: bold: is no name for a colour: "
	                                                "small letters, digits and dashes, at most 23"},
		{PALETTE "  check.lte = red", "t.theme:5:3: check.lte: is no meaning that a style can be "
	                                      "given to"},
		{PALETTE "*.selcted = red", "t.theme:5:1: *.selcted: is no meaning that a style can be "
	                                    "given to"},
		{PALETTE "text = ink red", "t.theme:5:12: red: is one ink too many"},
		{PALETTE "text = ink on red on ink", "t.theme:5:22: ink: is one paper too many"},
		{PALETTE "text = ink on", "t.theme:5:14: a colour must follow on"},
		{PALETTE "text = inc bold", "t.theme:5:8: inc: is neither a colour of the palette nor "
	                                    "bold, dim, italic, underline or reverse"},
		{PALETTE "text = ink blink", "t.theme:5:12: blink: is neither a colour of the palette "
	                                     "nor bold, dim, italic, underline or reverse"},
		{PALETTE "text = ink\ntext = red", "t.theme:6:1: text: is set already in line 5"},
		{"[palette]\nink = #c8c4b8 251 white\nink = #c8c4b8 251 white",
	         "t.theme:3:1: ink: is set already in line 2"},
		{PALETTE "te\x1b[2Jxt = ink", "t.theme:5:1: te?[2Jxt: is no meaning that a style can be "
	                                      "given to"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof faulty / sizeof *faulty; i++) {
		struct reading r = read_text(faulty[i][0]);

		assert_int_equal(r.faults, 1);
		assert_string_equal(r.messages.line[0], faulty[i][1]);
	}
}

static void a_faulty_line_is_left_out_and_the_rest_works(void **state)
{
	struct reading r = read_text(PALETTE "text = ink on red # a comment\n#title = red\n"
	                                     "key = inc bold\r\ntitle = red bold\r\n[style]\n"
	                                     "faint=ink\n");

	(void)state;
	assert_int_equal(r.faults, 1);
	assert_int_equal(r.theme.look[STYLE_KEY].attributes, 0);
	assert_int_equal(r.theme.look[STYLE_KEY].ink.rgb, 0xc8c4b8);
	assert_int_equal(r.theme.look[STYLE_TITLE].attributes, ATTRIBUTE_BOLD);
	assert_int_equal(r.theme.look[STYLE_FAINT].ink.rgb, 0xc8c4b8);
}

static void hostile_files_are_faults_and_nothing_worse(void **state)
{
	static char large[CONFIG_MAX_BYTES + 1], many[CONFIG_MAX_BYTES];
	struct reading r = {0};
	size_t len = 0;

	(void)state;
	lay(&r, large, sizeof large);
	assert_int_equal(r.faults, 1);
	lay(&r, large, sizeof large - 1);
	assert_true(r.faults >= 1);
	memset(large, '=', sizeof large);
	lay(&r, large, sizeof large - 1);
	assert_true(r.faults >= 1);
	memset(large, '\n', sizeof large);
	lay(&r, large, sizeof large - 1);
	assert_int_equal(r.faults, 0);
	len = (size_t)snprintf(many, sizeof many, "[palette]\n");
	for (int i = 0; i < 1000; i++)
		len += (size_t)snprintf(many + len, sizeof many - len, "c%d = #000000 16 black\n", i);
	r = (struct reading){0};
	lay(&r, many, len);
	assert_int_equal(r.faults, 1000 - PALETTE_MAX);
	assert_int_equal(r.messages.n, MESSAGES_MAX);
}

/* Each byte of each shipped file in turn is another: whatever comes of it can be drawn. */
static void a_flipped_byte_makes_nothing_fall(void **state)
{
	uint32_t seed = 1;

	(void)state;
	for (const struct shipped *file = shipped_themes; file->name != NULL; file++)
		for (size_t at = 0; at < file->len; at++) {
			static char text[CONFIG_MAX_BYTES];
			struct reading r = {0};

			seed = seed * 1664525 + 1013904223;
			memcpy(text, file->text, file->len);
			text[at] = (char)(file->text[at] ^ (1 + (seed >> 16) % 255));
			lay(&r, text, file->len);
			for (unsigned slot = 0; slot < STYLE_SLOTS; slot++) {
				struct appearance a =
					theme_appearance(&r.theme.look[slot], DEPTH_8);

				assert_in_range((uintmax_t)(a.ink + 1), 0, 8);
				assert_in_range((uintmax_t)(a.paper + 1), 0, 8);
			}
		}
}

static void names_and_parents_agree(void **state)
{
	(void)state;
	for (int i = 0; i < STYLES; i++) {
		const char *name = style_name((enum style)i);

		assert_int_equal(style_by_name(name, strlen(name)), i);
		assert_true((int)style_parent((enum style)i) < STYLES);
	}
	assert_int_equal(style_parent(STYLE_HIGH_OFF), STYLE_HIGH);
	assert_int_equal(style_parent(STYLE_CHECK_LATE), STYLE_CHECK);
	assert_int_equal(style_parent(STYLE_CHECK), STYLE_TEXT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_and_parents_agree),
		cmocka_unit_test(a_shipped_theme_has_no_fault),
		cmocka_unit_test(every_style_resolves),
		cmocka_unit_test(every_style_can_be_read),
		cmocka_unit_test(what_is_hard_to_read_is_told),
		cmocka_unit_test(late_due_and_fault_stay_apart),
		cmocka_unit_test(without_colours_attributes_keep_them_apart),
		cmocka_unit_test(a_flash_is_seen),
		cmocka_unit_test(a_missing_name_is_its_parents),
		cmocka_unit_test(a_users_file_changes_what_it_names),
		cmocka_unit_test(a_file_lies_over_the_theme_that_it_names),
		cmocka_unit_test(a_fault_says_where_and_what),
		cmocka_unit_test(a_faulty_line_is_left_out_and_the_rest_works),
		cmocka_unit_test(hostile_files_are_faults_and_nothing_worse),
		cmocka_unit_test(a_flipped_byte_makes_nothing_fall),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
