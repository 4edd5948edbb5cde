/*
 * Option tables at work. A table, with the tables inside it, is first flattened into a list of options
 * and their fields; then each line of the file is one name looked up, one value read, one fault or none.
 */
#include "base/option.h"

#include "base/limits.h"
#include "base/text.h"

#include <assert.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	OPTIONS_MAX = 256,  /* a hub has about sixty */
	VALUE_MAX = 512,    /* the longest text field is a path, and a hexadecimal key is 64 digits */
	FAULT_MAX = 512,
	WRONG_MAX = 200,
};

struct entry {
	const struct option *option;
	uint8_t *field;
	int line; /* where it was set; 0 = at its default */
};

struct parse {
	const char *path;
	int line;
	int faults;
	option_fault_fn *fault;
	void *arg;
	int n;
	struct entry entry[OPTIONS_MAX];
};

/* The units of a duration, largest first. */
static const struct {
	const char *name;
	int64_t ms;
} units[] = {
	{"h", 3600000},
	{"min", 60000},
	{"s", 1000},
	{"ms", 1},
};

static const size_t units_n = sizeof units / sizeof units[0];

static void __attribute__((format(printf, 3, 4)))
add_fault(struct parse *parse, const char *name, const char *format, ...)
{
	char line[FAULT_MAX], words[WRONG_MAX + 80], subject[64];
	va_list args;

	va_start(args, format);
	vsnprintf(words, sizeof words, format, args);
	va_end(args);
	text_clean(subject, sizeof subject, name);
	if (parse->line > 0)
		snprintf(line, sizeof line, "%.120s:%d: %s%s%s", parse->path, parse->line, subject,
		         subject[0] ? ": " : "", words);
	else
		snprintf(line, sizeof line, "%.120s: %s%s%s", parse->path, subject,
		         subject[0] ? ": " : "", words);
	parse->faults++;
	if (parse->fault != NULL)
		parse->fault(parse->arg, line);
}

static void flatten(struct parse *parse, const struct option *table, uint8_t *settings)
{
	for (; table->name != NULL; table++) {
		if (table->type == OPTION_TABLE) {
			flatten(parse, table->table, settings + table->offset);
			continue;
		}
		assert(parse->n < OPTIONS_MAX);
		parse->entry[parse->n++] = (struct entry){.option = table, .field = settings + table->offset};
	}
}

/* Decimal digits and nothing else before *end; false when there are none or too many for 63 bits. */
static bool read_digits(const char *text, const char **end, int64_t *value)
{
	size_t len = strspn(text, "0123456789");

	if (len == 0 || len > 18)
		return false;
	*value = 0;
	for (size_t i = 0; i < len; i++)
		*value = *value * 10 + (text[i] - '0');
	*end = text + len;
	return true;
}

static bool read_duration(const char *text, int64_t *ms)
{
	const char *unit;
	int64_t number;

	if (!read_digits(text, &unit, &number))
		return false;
	if (*unit == '\0' && number == 0) {
		*ms = 0;
		return true;
	}
	for (size_t i = 0; i < units_n; i++)
		if (text_equal(unit, units[i].name) && number <= INT64_MAX / units[i].ms) {
			*ms = number * units[i].ms;
			return true;
		}
	return false;
}

/* The shortest exact spelling: 15min rather than 900s. */
static void write_duration(char out[32], int64_t ms)
{
	size_t i = 0;

	while (ms != 0 && ms % units[i].ms != 0)
		i++;
	snprintf(out, 32, "%" PRId64 "%s", ms / units[i].ms, ms == 0 ? "s" : units[i].name);
}

static void write_bound(char out[32], const struct option *option, int64_t bound)
{
	if (option->type == OPTION_DURATION)
		write_duration(out, bound);
	else
		snprintf(out, 32, "%" PRId64, bound);
}

static void store_int(uint8_t *field, int64_t value)
{
	memcpy(field, &value, sizeof value);
}

static bool parse_range(const struct option *option, uint8_t *field, int64_t value, char *wrong)
{
	char min[32], max[32];

	if (value >= option->min && value <= option->max) {
		store_int(field, value);
		return true;
	}
	write_bound(min, option, option->min);
	write_bound(max, option, option->max);
	snprintf(wrong, WRONG_MAX, "must be from %s to %s", min, max);
	return false;
}

static bool parse_text(const struct option *option, uint8_t *field, const char *value, char *wrong)
{
	if (!text_is_clean(value)) {
		snprintf(wrong, WRONG_MAX, "has characters that are not text");
		return false;
	}
	if (strlen(value) >= option->size) {
		snprintf(wrong, WRONG_MAX, "is longer than %zu bytes", option->size - 1);
		return false;
	}
	memset(field, 0, option->size);
	memcpy(field, value, strlen(value));
	return true;
}

static bool parse_int(const struct option *option, uint8_t *field, const char *value, char *wrong)
{
	bool negative = value[0] == '-';
	const char *end;
	int64_t number;

	if (!read_digits(value + negative, &end, &number) || *end != '\0') {
		snprintf(wrong, WRONG_MAX, "must be a whole number");
		return false;
	}
	return parse_range(option, field, negative ? -number : number, wrong);
}

static bool parse_duration(const struct option *option, uint8_t *field, const char *value, char *wrong)
{
	int64_t ms;

	if (!read_duration(value, &ms)) {
		snprintf(wrong, WRONG_MAX, "must be a number with its unit: 500ms, 30s, 15min or 2h");
		return false;
	}
	return parse_range(option, field, ms, wrong);
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool parse_time(const struct option *option, uint8_t *field, const char *value, char *wrong)
{
	int hour, minute;

	(void)option;
	if (strlen(value) == 5 && is_digit(value[0]) && is_digit(value[1]) && value[2] == ':'
	    && is_digit(value[3]) && is_digit(value[4])) {
		hour = (value[0] - '0') * 10 + value[1] - '0';
		minute = (value[3] - '0') * 10 + value[4] - '0';
		if (hour < 24 && minute < 60) {
			store_int(field, hour * 60 + minute);
			return true;
		}
	}
	snprintf(wrong, WRONG_MAX, "must be a time of day from 00:00 to 23:59");
	return false;
}

static bool parse_bool(const struct option *option, uint8_t *field, const char *value, char *wrong)
{
	bool yes = text_equal(value, "yes");

	(void)option;
	if (!yes && !text_equal(value, "no")) {
		snprintf(wrong, WRONG_MAX, "must be yes or no");
		return false;
	}
	memcpy(field, &yes, sizeof yes);
	return true;
}

static bool parse_hex(const struct option *option, uint8_t *field, const char *value, char *wrong)
{
	uint8_t bytes[VALUE_MAX / 2];

	assert(option->size <= sizeof bytes);
	if (value[0] == '\0') {
		memset(field, 0, option->size);
		return true;
	}
	if (text_from_hex(bytes, option->size, value) != ERR_OK) {
		snprintf(wrong, WRONG_MAX, "must be %zu hexadecimal digits", 2 * option->size);
		return false;
	}
	memcpy(field, bytes, option->size);
	return true;
}

/* "one, two, three", cut where the room ends. */
static void write_choices(char *out, size_t size, const struct option *option)
{
	size_t at = 0;

	out[0] = '\0';
	for (int i = 0; option->choices[i] != NULL && at < size; i++) {
		int n = snprintf(out + at, size - at, "%s%s", i > 0 ? ", " : "", option->choices[i]);

		at += (size_t)n;
	}
}

static bool parse_choice(const struct option *option, uint8_t *field, const char *value, char *wrong)
{
	char all[WRONG_MAX - 32];

	for (int i = 0; option->choices[i] != NULL; i++)
		if (text_equal(option->choices[i], value)) {
			store_int(field, i);
			return true;
		}
	write_choices(all, sizeof all, option);
	snprintf(wrong, WRONG_MAX, "must be one of %s", all);
	return false;
}

/* Reads one value; false leaves the field as it is and says in wrong (WRONG_MAX bytes) what is wrong. */
static bool parse_value(const struct option *option, uint8_t *field, const char *value, char *wrong)
{
	static bool (*const parsers[])(const struct option *, uint8_t *, const char *, char *) = {
		[OPTION_TEXT] = parse_text,
		[OPTION_INT] = parse_int,
		[OPTION_DURATION] = parse_duration,
		[OPTION_TIME] = parse_time,
		[OPTION_BOOL] = parse_bool,
		[OPTION_HEX] = parse_hex,
		[OPTION_CHOICE] = parse_choice,
	};

	return parsers[option->type](option, field, value, wrong);
}

static size_t field_size(const struct option *option)
{
	if (option->type == OPTION_TEXT || option->type == OPTION_HEX)
		return option->size;
	return option->type == OPTION_BOOL ? sizeof(bool) : sizeof(int64_t);
}

/* A default that its own table refuses is a mistake of ours. */
static void set_defaults(struct parse *parse)
{
	char wrong[WRONG_MAX];

	for (int i = 0; i < parse->n; i++) {
		const struct option *option = parse->entry[i].option;

		memset(parse->entry[i].field, 0, field_size(option));
		if (option->standard != NULL) {
			bool sound = parse_value(option, parse->entry[i].field, option->standard, wrong);

			assert(sound);
			(void)sound;
		}
	}
}

static struct entry *find_entry(struct parse *parse, const char *name)
{
	for (int i = 0; i < parse->n; i++)
		if (text_equal(parse->entry[i].option->name, name))
			return &parse->entry[i];
	return NULL;
}

static void set_option(struct parse *parse, const char *name, const char *value)
{
	struct entry *entry = find_entry(parse, name);
	char wrong[WRONG_MAX];

	if (entry == NULL) {
		add_fault(parse, name, "is not a setting");
	} else if (entry->line > 0) {
		add_fault(parse, name, "is set already in line %d", entry->line);
	} else {
		entry->line = parse->line;
		if (!parse_value(entry->option, entry->field, value, wrong))
			add_fault(parse, name, "%s", wrong);
	}
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

/* Cuts blanks off both ends, in place. */
static char *trim(char *text)
{
	size_t len;

	while (is_blank(*text))
		text++;
	len = strlen(text);
	while (len > 0 && is_blank(text[len - 1]))
		len--;
	text[len] = '\0';
	return text;
}

static void cut_comment(char *line)
{
	for (size_t i = 0; line[i] != '\0'; i++)
		if (line[i] == '#' && (i == 0 || is_blank(line[i - 1]))) {
			line[i] = '\0';
			return;
		}
}

static void parse_line(struct parse *parse, const char *text, size_t len)
{
	char line[VALUE_MAX + 64];
	char *equals;

	if (len >= sizeof line) {
		add_fault(parse, "", "the line is longer than %zu bytes", sizeof line - 1);
		return;
	}
	if (memchr(text, '\0', len) != NULL) {
		add_fault(parse, "", "the line has a zero byte");
		return;
	}
	memcpy(line, text, len);
	line[len] = '\0';
	cut_comment(line);
	if (*trim(line) == '\0')
		return;
	equals = strchr(line, '=');
	if (equals == NULL) {
		add_fault(parse, trim(line), "must have the form name = value");
		return;
	}
	*equals = '\0';
	set_option(parse, trim(line), trim(equals + 1));
}

static void parse_lines(struct parse *parse, const char *text, size_t len)
{
	while (len > 0) {
		const char *end = memchr(text, '\n', len);
		size_t line_len = end != NULL ? (size_t)(end - text) : len;
		size_t step = end != NULL ? line_len + 1 : line_len;

		parse->line++;
		parse_line(parse, text, line_len);
		text += step;
		len -= step;
	}
}

static void require_all(struct parse *parse)
{
	parse->line = 0;
	for (int i = 0; i < parse->n; i++) {
		const struct option *option = parse->entry[i].option;

		if (option->standard == NULL && parse->entry[i].line == 0)
			add_fault(parse, option->name, "must be given: %s", option->sentence);
	}
}

int option_parse(const struct option *table, void *settings, const char *path, const char *text,
                 size_t len, bool whole, option_fault_fn *fault, void *arg)
{
	struct parse parse = {.path = path, .fault = fault, .arg = arg};

	flatten(&parse, table, settings);
	set_defaults(&parse);
	if (len > CONFIG_MAX_BYTES)
		add_fault(&parse, "", "the file is larger than %d bytes", CONFIG_MAX_BYTES);
	else
		parse_lines(&parse, text, len);
	if (whole)
		require_all(&parse);
	return parse.faults;
}

static enum err add_allowed(const struct option *option, struct buf *out)
{
	char min[32], max[32], all[WRONG_MAX];

	switch (option->type) {
	case OPTION_INT:
	case OPTION_DURATION:
		write_bound(min, option, option->min);
		write_bound(max, option, option->max);
		return buf_printf(out, " From %s to %s.", min, max);
	case OPTION_BOOL:
		return buf_add_text(out, " yes or no.");
	case OPTION_CHOICE:
		write_choices(all, sizeof all, option);
		return buf_printf(out, " One of %s.", all);
	case OPTION_HEX:
		return buf_printf(out, " %zu hexadecimal digits.", 2 * option->size);
	default:
		return ERR_OK;
	}
}

enum err option_example(const struct option *table, struct buf *out)
{
	enum err r = ERR_OK;

	for (; table->name != NULL && r == ERR_OK; table++) {
		const char *standard = table->standard != NULL ? table->standard : "";

		if (table->type == OPTION_TABLE) {
			r = option_example(table->table, out);
			continue;
		}
		if ((r = buf_printf(out, "# %s", table->sentence)) != ERR_OK
		    || (r = add_allowed(table, out)) != ERR_OK
		    || (r = buf_add_text(out, table->standard != NULL ? "\n" : " Must be given.\n")) != ERR_OK)
			return r;
		r = buf_printf(out, "#%s =%s%s\n\n", table->name, standard[0] ? " " : "", standard);
	}
	return r;
}
