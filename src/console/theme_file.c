/*
 * The parser goes over a file twice: first the palettes, so that a style may name what is further
 * down, then the styles. Rules keep places in the palette, not colours: a user's file that names
 * one colour anew changes every style that has it.
 */
#include "console/theme_file.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* A file that is something else altogether need not say so a thousand times. */
enum { SAID_MAX = 50 };

enum section { SECTION_NONE, SECTION_PALETTE, SECTION_STYLE, SECTION_UNKNOWN };

struct reader {
	struct theme_rules *rules;
	const struct fault_sink *sink;
	theme_over_fn *over;
	const char *file;
	int line, faults;
	const char *line_start;
	enum section section;
	bool styles; /* the second time over */
};

struct word {
	const char *at;
	size_t len;
};

/* One line: what is left of it. */
struct rest {
	const char *at, *end;
};

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

static bool word_is(struct word word, const char *text)
{
	return strlen(text) == word.len && memcmp(text, word.at, word.len) == 0;
}

static void __attribute__((format(printf, 3, 4)))
complain(struct reader *reader, const char *at, const char *format, ...)
{
	struct fault_place place = {reader->file, reader->line, 1 + (int)(at - reader->line_start)};
	char what[160];
	va_list args;

	if (reader->faults++ >= SAID_MAX)
		return;
	va_start(args, format);
	vsnprintf(what, sizeof what, format, args);
	va_end(args);
	fault_say(reader->sink, &place, "%s", what);
}

/* For a message; a word that is too long is cut. */
static int width(struct word word)
{
	return word.len < 40 ? (int)word.len : 40;
}

/* Up to the next blank; with stop, also up to that character. */
static struct word next_word(struct rest *rest, char stop)
{
	struct word word;

	while (rest->at < rest->end && is_blank(*rest->at))
		rest->at++;
	word = (struct word){rest->at, 0};
	while (rest->at < rest->end && !is_blank(*rest->at) && *rest->at != stop)
		rest->at++;
	word.len = (size_t)(rest->at - word.at);
	return word;
}

static bool take_equals(struct rest *rest)
{
	while (rest->at < rest->end && is_blank(*rest->at))
		rest->at++;
	if (rest->at == rest->end || *rest->at != '=')
		return false;
	rest->at++;
	return true;
}

/* Palette */

static bool read_rgb(struct word word, int32_t *rgb)
{
	static const char digits[] = "0123456789abcdef";

	*rgb = 0;
	if (word.len != 7 || word.at[0] != '#')
		return false;
	for (size_t i = 1; i < word.len; i++) {
		char c = word.at[i] >= 'A' && word.at[i] <= 'F' ? (char)(word.at[i] + 'a' - 'A')
		                                                : word.at[i];
		const char *digit = c != '\0' ? strchr(digits, c) : NULL;

		if (digit == NULL)
			return false;
		*rgb = *rgb * 16 + (int32_t)(digit - digits);
	}
	return true;
}

static bool read_256(struct word word, uint8_t *number)
{
	int value = 0;

	if (word.len == 0 || word.len > 3)
		return false;
	for (size_t i = 0; i < word.len; i++) {
		if (word.at[i] < '0' || word.at[i] > '9')
			return false;
		value = value * 10 + word.at[i] - '0';
	}
	*number = (uint8_t)value;
	return value >= 16 && value <= 255;
}

static bool read_16(struct word word, uint8_t *number)
{
	static const char *const names[] = {
		"black",        "red",         "green",          "yellow",
		"blue",         "magenta",     "cyan",           "white",
		"bright-black", "bright-red",  "bright-green",   "bright-yellow",
		"bright-blue",  "bright-magenta", "bright-cyan", "bright-white",
	};

	for (uint8_t i = 0; i < 16; i++)
		if (word_is(word, names[i])) {
			*number = i;
			return true;
		}
	return false;
}

static const struct {
	const char *name;
	unsigned bit;
} attributes[] = {
	{"bold", ATTRIBUTE_BOLD},           {"dim", ATTRIBUTE_DIM},         {"italic", ATTRIBUTE_ITALIC},
	{"underline", ATTRIBUTE_UNDERLINE}, {"reverse", ATTRIBUTE_REVERSE},
};

static unsigned attribute(struct word word)
{
	for (size_t i = 0; i < sizeof attributes / sizeof *attributes; i++)
		if (word_is(word, attributes[i].name))
			return attributes[i].bit;
	return 0;
}

static bool is_palette_name(struct word word)
{
	if (word.len == 0 || word.len >= PALETTE_NAME_BYTES || word_is(word, "on")
	    || attribute(word) != 0)
		return false;
	for (size_t i = 0; i < word.len; i++)
		if ((word.at[i] < 'a' || word.at[i] > 'z') && (word.at[i] < '0' || word.at[i] > '9')
		    && word.at[i] != '-')
			return false;
	return true;
}

static int find_colour(const struct theme_rules *rules, struct word word)
{
	for (int i = 0; i < rules->n_palette; i++)
		if (word_is(word, rules->palette[i].name))
			return i;
	return -1;
}

static bool read_colour(struct reader *reader, struct rest *rest, struct colour *colour)
{
	struct word rgb = next_word(rest, '\0'), of_256 = next_word(rest, '\0'),
		    of_16 = next_word(rest, '\0'), more = next_word(rest, '\0');

	if (!read_rgb(rgb, &colour->rgb))
		complain(reader, rgb.at, "the colour must be # and six hexadecimal digits");
	else if (!read_256(of_256, &colour->of_256))
		complain(reader, of_256.at, "the second must be the colour's number, 16 to 255");
	else if (!read_16(of_16, &colour->of_16))
		complain(reader, of_16.at, "the third must be one of black, red, green, yellow, "
		         "blue, magenta, cyan, white, or bright- and one of these");
	else if (more.len > 0)
		complain(reader, more.at, "a colour ends with its third word");
	else
		return true;
	return false;
}

static void read_palette_line(struct reader *reader, struct word name, struct rest *rest)
{
	struct theme_rules *rules = reader->rules;
	struct colour colour = {0};
	struct palette_entry *entry;
	int at;

	if (!is_palette_name(name)) {
		complain(reader, name.at,
		         "%.*s: is no name for a colour: small letters, digits and "
		         "dashes, at most %d",
		         width(name), name.at, PALETTE_NAME_BYTES - 1);
		return;
	}
	at = find_colour(rules, name);
	if (at >= 0 && rules->palette[at].layer == rules->layer) {
		complain(reader, name.at, "%.*s: is set already in line %d", width(name), name.at,
		         rules->palette[at].line);
		return;
	}
	if (at < 0 && rules->n_palette == PALETTE_MAX) {
		complain(reader, name.at, "there are more than %d colours", PALETTE_MAX);
		return;
	}
	if (!read_colour(reader, rest, &colour))
		return;
	entry = &rules->palette[at >= 0 ? at : rules->n_palette++];
	memcpy(entry->name, name.at, name.len);
	entry->name[name.len] = '\0';
	entry->colour = colour;
	entry->layer = rules->layer;
	entry->line = reader->line;
}

/* Styles */

/* "check.late", "check.late.selected", "*.selected"; NULL: there is no such meaning. */
static struct style_rule *rule_named(struct theme_rules *rules, struct word name)
{
	static const char selected[] = ".selected";
	size_t len = sizeof selected - 1;
	bool is_selected = name.len > len
	                   && memcmp(name.at + name.len - len, selected, len) == 0;
	enum style style;

	if (word_is(name, "*.selected"))
		return &rules->any_selected;
	style = style_by_name(name.at, is_selected ? name.len - len : name.len);
	if (style == STYLES)
		return NULL;
	return &rules->style[style_selected(style, is_selected)];
}

/* One word of a style's value, which may be the last of a pair. */
static bool read_style_word(struct reader *reader, struct rest *rest, struct word word,
                            struct style_rule *rule)
{
	bool on = word_is(word, "on");
	int colour;

	if (attribute(word) != 0) {
		rule->attributes |= attribute(word);
		return true;
	}
	if (on)
		word = next_word(rest, '\0');
	colour = find_colour(reader->rules, word);
	if (colour < 0)
		complain(reader, word.at, word.len == 0 ? "a colour must follow on%.*s"
		         : "%.*s: is neither a colour of the palette nor bold, dim, italic, "
		           "underline or reverse", width(word), word.at);
	else if ((on ? rule->paper : rule->ink) >= 0)
		complain(reader, word.at, "%.*s: is one %s too many", width(word), word.at,
		         on ? "paper" : "ink");
	else
		*(on ? &rule->paper : &rule->ink) = colour;
	return colour >= 0;
}

static void read_style_line(struct reader *reader, struct word name, struct rest *rest)
{
	struct style_rule *rule = rule_named(reader->rules, name);
	struct style_rule said = {.layer = reader->rules->layer, .line = reader->line, .ink = -1,
	                          .paper = -1};
	int before = reader->faults;
	struct word word;

	if (rule == NULL) {
		complain(reader, name.at, "%.*s: is no meaning that a style can be given to",
		         width(name), name.at);
		return;
	}
	if (rule->line != 0 && rule->layer == reader->rules->layer) {
		complain(reader, name.at, "%.*s: is set already in line %d", width(name), name.at,
		         rule->line);
		return;
	}
	while ((word = next_word(rest, '\0')).len > 0)
		if (!read_style_word(reader, rest, word, &said))
			return;
	if (reader->faults == before)
		*rule = said;
}

/* Lines */

/* Without its comment: # at the start, or # before a blank, since colours begin with # as well. */
static const char *cut_comment(const char *at, const char *end)
{
	const char *start = at;

	for (; at < end; at++)
		if (*at == '#' && (at == start || is_blank(at[-1]))
		    && (at == start || at + 1 == end || is_blank(at[1])))
			return at;
	return end;
}

static void read_section(struct reader *reader, struct word name)
{
	reader->section = word_is(name, "[palette]") ? SECTION_PALETTE
	                  : word_is(name, "[style]") ? SECTION_STYLE
	                                             : SECTION_UNKNOWN;
	if (reader->section == SECTION_UNKNOWN && !reader->styles)
		complain(reader, name.at,
		         "%.*s: is neither [palette] nor [style]; its lines are left "
		         "out",
		         width(name), name.at);
}

/* Before anything else, since it takes the place of what lies below. */
static void read_first(struct reader *reader, struct word name, struct rest *rest)
{
	struct word theme, more;
	char text[PALETTE_NAME_BYTES] = "";
	int layer = reader->rules->layer;

	if (!word_is(name, "over") || !take_equals(rest)) {
		complain(reader, name.at,
		         "before the first line there must be [palette] or [style]");
		return;
	}
	theme = next_word(rest, '\0');
	more = next_word(rest, '\0');
	if (theme.len < sizeof text)
		memcpy(text, theme.at, theme.len);
	if (more.len > 0 || reader->over == NULL || !reader->over(reader->rules, text))
		complain(reader, theme.at, "%.*s: is no shipped theme", width(theme), theme.at);
	reader->rules->layer = layer + 1;
}

static void read_line(struct reader *reader, const char *at, const char *end)
{
	struct rest rest = {at, cut_comment(at, end)};
	struct word name;

	reader->line_start = at;
	name = next_word(&rest, '=');
	if (name.len == 0 && rest.at == rest.end)
		return;
	if (name.len > 0 && name.at[0] == '[') {
		read_section(reader, name);
		return;
	}
	if (reader->section == SECTION_UNKNOWN
	    || reader->styles != (reader->section == SECTION_STYLE))
		return;
	if (reader->section == SECTION_NONE)
		read_first(reader, name, &rest);
	else if (!take_equals(&rest))
		complain(reader, name.at, "%.*s: must have the form name = value", width(name),
		         name.at);
	else if (reader->styles)
		read_style_line(reader, name, &rest);
	else
		read_palette_line(reader, name, &rest);
}

static void read_lines(struct reader *reader, const char *text, size_t len)
{
	const char *end = text + len;

	reader->line = 0;
	reader->section = SECTION_NONE;
	while (text < end) {
		const char *newline = memchr(text, '\n', (size_t)(end - text));

		reader->line++;
		read_line(reader, text, newline != NULL ? newline : end);
		text = newline != NULL ? newline + 1 : end;
	}
}

int theme_read(struct theme_rules *rules, const char *file, const char *text, size_t len,
               theme_over_fn *over, const struct fault_sink *faults)
{
	struct reader reader = {.rules = rules, .sink = faults, .over = over, .file = file};

	rules->layer++;
	if (len > CONFIG_MAX_BYTES) {
		fault_say(faults, &(struct fault_place){.file = file},
		          "the file is larger than %d bytes", CONFIG_MAX_BYTES);
		return 1;
	}
	read_lines(&reader, text, len);
	reader.styles = true;
	read_lines(&reader, text, len);
	return reader.faults;
}
