/*
 * Option tables at work. A table, with the tables inside it, is first flattened into a list of
 * options and their fields; then each line of the file is one name looked up, one value read, one
 * fault or none.
 */
#include "base/option.h"

#include "base/limits.h"
#include "base/option_value.h"
#include "base/text.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum {
	OPTIONS_MAX = 256, /* a hub has about sixty */
	VALUE_MAX = 512, /* the longest text field is a path, and a hexadecimal key is 64 digits */
	FAULT_MAX = 512,
};

struct entry {
	const struct option *option;
	uint8_t *field;
	int line; /* where it was set; 0 = at its default */
};

struct parse {
	const char *path;
	int line, column;
	int faults;
	option_fault_fn *fault;
	void *arg;
	int n;
	struct entry entry[OPTIONS_MAX];
};

static void __attribute__((format(printf, 3, 4)))
add_fault(struct parse *parse, const char *name, const char *format, ...)
{
	char line[FAULT_MAX], words[OPTION_WRONG_MAX + 80], subject[64];
	va_list args;

	va_start(args, format);
	vsnprintf(words, sizeof words, format, args);
	va_end(args);
	text_clean(subject, sizeof subject, name);
	if (parse->line > 0)
		snprintf(line, sizeof line, "%.120s:%d:%d: %s%s%s", parse->path, parse->line,
		         parse->column, subject, subject[0] ? ": " : "", words);
	else
		snprintf(line, sizeof line, "%.120s: %s%s%s", parse->path, subject,
		         subject[0] ? ": " : "", words);
	parse->faults++;
	if (parse->fault != NULL)
		parse->fault(parse->arg, line);
}

static struct entry *find_entry(struct parse *parse, const char *name)
{
	for (int i = 0; i < parse->n; i++)
		if (text_equal(parse->entry[i].option->name, name))
			return &parse->entry[i];
	return NULL;
}

/* One list of the table and of those inside it. Two rows of one name are a mistake of ours. */
static void flatten(struct parse *parse, const struct option *table, uint8_t *settings)
{
	for (; table->name != NULL; table++) {
		if (table->type == OPTION_TABLE) {
			flatten(parse, table->table, settings + table->offset);
			continue;
		}
		assert(parse->n < OPTIONS_MAX && find_entry(parse, table->name) == NULL);
		parse->entry[parse->n++] = (struct entry){
			.option = table,
			.field = settings + table->offset,
		};
	}
}

/* A default that its own table refuses is a mistake of ours. */
static void set_defaults(struct parse *parse)
{
	char wrong[OPTION_WRONG_MAX];

	for (int i = 0; i < parse->n; i++) {
		const struct option *option = parse->entry[i].option;

		memset(parse->entry[i].field, 0, option_field_size(option));
		if (option->standard != NULL) {
			bool sound =
				option_read(option, parse->entry[i].field, option->standard, wrong);

			assert(sound);
			(void)sound;
		}
	}
}

/* value_column: where the value begins, which is what a wrong one is told by. */
static void set_option(struct parse *parse, const char *name, const char *value, int value_column)
{
	struct entry *entry = find_entry(parse, name);
	char wrong[OPTION_WRONG_MAX];

	if (entry == NULL) {
		add_fault(parse, name, "is not a setting");
	} else if (entry->line > 0) {
		add_fault(parse, name, "is set already in line %d", entry->line);
	} else {
		entry->line = parse->line;
		parse->column = value_column;
		if (!option_read(entry->option, entry->field, value, wrong))
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
	char *equals, *name, *value;

	parse->column = 1;
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
	name = trim(line);
	if (*name == '\0')
		return;
	parse->column = 1 + (int)(name - line);
	equals = strchr(name, '=');
	if (equals == NULL) {
		add_fault(parse, name, "must have the form name = value");
		return;
	}
	value = trim(equals + 1);
	*equals = '\0';
	set_option(parse, trim(name), value, 1 + (int)(value - line));
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

static int lay(struct parse *parse, const char *text, size_t len)
{
	if (len > CONFIG_MAX_BYTES)
		add_fault(parse, "", "the file is larger than %d bytes", CONFIG_MAX_BYTES);
	else
		parse_lines(parse, text, len);
	return parse->faults;
}

int option_parse(const struct option *table, void *settings, const char *path, const char *text,
                 size_t len, bool whole, option_fault_fn *fault, void *arg)
{
	struct parse parse = {.path = path, .fault = fault, .arg = arg};

	flatten(&parse, table, settings);
	set_defaults(&parse);
	lay(&parse, text, len);
	if (whole)
		require_all(&parse);
	return parse.faults;
}

int option_lay(const struct option *table, void *settings, const char *path, const char *text,
               size_t len, option_fault_fn *fault, void *arg)
{
	struct parse parse = {.path = path, .fault = fault, .arg = arg};

	flatten(&parse, table, settings);
	return lay(&parse, text, len);
}

enum err option_set(const struct option *table, void *settings, const char *name, const char *value,
                    char *wrong)
{
	struct parse parse = {0};
	struct entry *entry;

	flatten(&parse, table, settings);
	entry = find_entry(&parse, name);
	if (entry == NULL)
		return ERR_NOT_FOUND;
	return option_read(entry->option, entry->field, value, wrong) ? ERR_OK : ERR_PARSE;
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
		    || (r = option_allowed(table, out)) != ERR_OK
		    || (r = buf_add_text(out, table->standard != NULL ? "\n" : " Must be given.\n"))
		               != ERR_OK)
			return r;
		r = buf_printf(out, "#%s =%s%s\n\n", table->name, standard[0] ? " " : "", standard);
	}
	return r;
}
