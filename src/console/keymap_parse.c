/*
 * Reads keymap files. One line is one small thing; a line with a fault leaves no trace in the map.
 */
#include "console/keymap_inside.h"
#include "console/shipped.h"

#include "base/text.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	LINE_BYTES = 200 + 1,  /* a few keys, a command, a comment */
	FAULTS_SAID = 20,      /* what a person reads; the rest is counted */
};

struct reader {
	struct keymap *map;
	const struct fault_sink *faults;
	size_t n_faults;
	struct fault_place place;
	char line[LINE_BYTES];
	const struct keymap_section *section; /* NULL: none yet, or one that is not known */
	bool has_section;
	const struct keymap *below; /* or NULL */
	bool is_laid;          /* what lies below is in the map */
};

/* at: where in the line. */
static void fault(struct reader *reader, const char *at, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

static void fault(struct reader *reader, const char *at, const char *format, ...)
{
	char what[NOTE_MAX_BYTES];
	va_list args;

	if (reader->n_faults++ >= FAULTS_SAID)
		return;
	va_start(args, format);
	vsnprintf(what, sizeof what, format, args);
	va_end(args);
	reader->place.column = (int)(at - reader->line) + 1;
	fault_say(reader->faults, &reader->place, "%s", what);
}

/* Words of a line: what a blank ends. */

static char *skip_blanks(char *at)
{
	return at + strspn(at, " ");
}

static bool read_sequence(struct reader *reader, const char *at, size_t len,
                          struct key_sequence *keys)
{
	*keys = (struct key_sequence){0};
	while (len > 0) {
		key_code key;
		size_t size = keys_parse(at, len, &key);

		if (size == 0) {
			fault(reader, at, "unknown key %.*s", (int)len, at);
			return false;
		}
		if (keys->n == SEQUENCE_KEYS) {
			fault(reader, at, "more than %d keys one after the other", SEQUENCE_KEYS);
			return false;
		}
		keys->key[keys->n++] = key;
		at += size;
		len -= size;
	}
	return true;
}

/* "[tonight] [look]": where a command has its screens. */
static void sections_of(const struct command *command, char *out, size_t size)
{
	size_t len = 0;

	out[0] = '\0';
	for (size_t i = 0; i < n_keymap_sections && len < size; i++) {
		const struct keymap_section *section = &keymap_sections[i];

		if ((section->screens & (section->screens - 1)) == 0
		    && (section->screens & command->contexts) != 0)
			len += (size_t)snprintf(out + len, size - len, "%s[%s]",
			                        len > 0 ? " " : "", section->name);
	}
}

/* false: it has been said why no key can stand for those words here. NULL is "none". */
static bool read_command(struct reader *reader, const char *words, const struct command **command)
{
	char where[128];

	*command = NULL;
	if (strcmp(words, "none") == 0)
		return true;
	*command = command_named(words);
	if (*command == NULL) {
		fault(reader, words, "unknown command \"%s\"", words);
		return false;
	}
	if ((reader->section->screens & ~(*command)->contexts) == 0)
		return true;
	sections_of(*command, where, sizeof where);
	if (where[0] == '\0')
		fault(reader, words, "\"%s\" has no key: it is typed after the prompt", words);
	else
		fault(reader, words, "\"%s\" does not work everywhere in [%s]; it works in %s",
		      words, reader->section->name, where);
	return false;
}

/* The " = " between keys and command; NULL: there is none. */
static char *find_equals(char *line)
{
	for (char *at = skip_blanks(line); *at != '\0'; at = skip_blanks(at + strcspn(at, " ")))
		if (at[0] == '=' && (at[1] == ' ' || at[1] == '\0'))
			return at;
	return NULL;
}

static void read_binding(struct reader *reader, char *equals)
{
	char *words = skip_blanks(equals + 1), *at = skip_blanks(reader->line);
	const struct command *command;
	struct key_sequence keys;
	char what[NOTE_MAX_BYTES];

	if (!read_command(reader, words, &command))
		return;
	for (; at < equals; at = skip_blanks(at + strcspn(at, " ")))
		if (read_sequence(reader, at, strcspn(at, " "), &keys)
		    && !keymap_bind(reader->map,
		                    &(struct binding){reader->section, keys, command,
		                                      reader->place.line},
		                    what))
			fault(reader, at, "%s", what);
}

/* The map below */

/* below: taken; NULL: nothing. */
static void lay(struct reader *reader, struct keymap *below)
{
	reader->is_laid = true;
	if (below == NULL)
		return;
	*reader->map = *below;
	keymap_free(below);
}

static void lay_usual(struct reader *reader)
{
	if (reader->is_laid)
		return;
	if (reader->below == NULL)
		lay(reader, keymap_default());
	else
		*reader->map = *reader->below;
	reader->is_laid = true;
}

static void read_over(struct reader *reader, const char *name)
{
	struct keymap *below = NULL;

	if (strcmp(name, "nothing") != 0 && (below = keymap_shipped(name)) == NULL) {
		fault(reader, name, "unknown map \"%s\": it is default, vi, function or nothing",
		      name);
		return;
	}
	lay(reader, below);
}

static void read_outside(struct reader *reader, char *equals)
{
	char *first = skip_blanks(reader->line);

	if (strncmp(first, "over", 4) == 0 && skip_blanks(first + 4) == equals
	    && !reader->is_laid)
		read_over(reader, skip_blanks(equals + 1));
	else
		fault(reader, first,
		      "a key stands in a section: write [everywhere] or another above");
}

/* Sections */

static const struct keymap_section *section_named(const char *name, size_t len)
{
	for (size_t i = 0; i < n_keymap_sections; i++)
		if (strlen(keymap_sections[i].name) == len
		    && memcmp(keymap_sections[i].name, name, len) == 0)
			return &keymap_sections[i];
	return NULL;
}

/* "[name]" or "[name : parent]". The lines of one that is not known belong nowhere. */
static void read_section(struct reader *reader)
{
	char *bracket = strchr(reader->line, '['), *name = skip_blanks(bracket + 1), *parent, *end;
	size_t len = strcspn(name, " :]");
	const struct keymap_section *section = section_named(name, len);

	reader->has_section = true;
	reader->section = NULL;
	lay_usual(reader);
	end = parent = skip_blanks(name + len);
	if (*end == ':') {
		parent = skip_blanks(end + 1);
		end = skip_blanks(parent + strcspn(parent, " ]"));
	}
	if (*end != ']' || *skip_blanks(end + 1) != '\0')
		fault(reader, end, "a section is written [name] or [name : parent]; "
		      "the lines below it are left out");
	else if (section == NULL)
		fault(reader, name, "unknown section [%.*s]; the lines below it are left out",
		      (int)len, name);
	else if (parent != end
	         && (section->parent == NULL
	             || section_named(parent, strcspn(parent, " ]")) != section->parent))
		fault(reader, parent, "[%s] inherits from %s; the lines below it are left out",
		      section->name,
		      section->parent != NULL ? section->parent->name : "nothing");
	else
		reader->section = section;
}

/* Lines */

static void cut_comment(char *line)
{
	for (char *at = strchr(line, '#'); at != NULL; at = strchr(at + 1, '#'))
		if (at == line || at[-1] == ' ') {
			*at = '\0';
			return;
		}
}

static void cut_blanks(char *line)
{
	size_t len = strlen(line);

	while (len > 0 && line[len - 1] == ' ')
		line[--len] = '\0';
}

static void read_line(struct reader *reader)
{
	char *first = skip_blanks(reader->line), *equals;

	if (*first == '\0')
		return;
	if (*first == '[') {
		read_section(reader);
		return;
	}
	equals = find_equals(reader->line);
	if (equals == NULL || equals == first || *skip_blanks(equals + 1) == '\0')
		fault(reader, first, "a line is written: keys = command");
	else if (reader->section != NULL)
		read_binding(reader, equals);
	else if (!reader->has_section)
		read_outside(reader, equals);
}

/* The first byte that no text has; NULL: all of it is text. Blanks are made of tabs. */
static const char *find_dirt(char *line, size_t len)
{
	for (size_t i = 0, size; i < len; i += size) {
		char piece[5] = "";
		uint32_t c;

		if (line[i] == '\t')
			line[i] = ' ';
		size = text_decode(line + i, len - i, &c);
		if (size == 0)
			return line + i;
		memcpy(piece, line + i, size);
		if (piece[0] == '\0' || !text_is_clean(piece))
			return line + i;
	}
	return NULL;
}

static void take_line(struct reader *reader, const char *text, size_t len)
{
	const char *dirt;

	if (len > 0 && text[len - 1] == '\r')
		len--;
	if (len >= sizeof reader->line) {
		fault(reader, reader->line, "a line has at most %d bytes", LINE_BYTES - 1);
		return;
	}
	memcpy(reader->line, text, len);
	reader->line[len] = '\0';
	dirt = find_dirt(reader->line, len);
	if (dirt != NULL) {
		fault(reader, dirt, "this is not text in UTF-8");
		return;
	}
	cut_comment(reader->line);
	cut_blanks(reader->line);
	read_line(reader);
}

/* The whole */

/* What this file bound is shown before what lay below it. */
static void put_new_first(struct keymap *map)
{
	struct keymap *sorted = calloc(1, sizeof *sorted);

	if (sorted == NULL)
		abort();
	for (size_t i = 0; i < map->n; i++)
		if (map->binding[i].line > 0)
			sorted->binding[sorted->n++] = map->binding[i];
	for (size_t i = 0; i < map->n; i++)
		if (map->binding[i].line == 0)
			sorted->binding[sorted->n++] = map->binding[i];
	for (size_t i = 0; i < sorted->n; i++)
		sorted->binding[i].line = 0;
	*map = *sorted;
	free(sorted);
}

static bool is_complete(struct reader *reader)
{
	bool complete = true;

	for (size_t i = 0; i < n_console_commands; i++)
		for (size_t s = 0; s < n_keymap_sections; s++) {
			const struct keymap_section *section = &keymap_sections[s];
			unsigned screen = section->screens;

			if ((screen & (screen - 1)) != 0
			    || (console_commands[i].contexts & screen) == 0
			    || (console_commands[i].traits & COMMAND_NEEDED) == 0
			    || keymap_has_key(reader->map, screen, &console_commands[i]))
				continue;
			complete = false;
			reader->n_faults++;
			fault_say(reader->faults, &reader->place,
			          "no key in [%s] for \"%s\": this map is not used", section->name,
			          console_commands[i].name);
		}
	return complete;
}

static void read_all(struct reader *reader, const char *text, size_t len)
{
	static const char mark[] = "\xef\xbb\xbf";

	/* What some editors put before the first line. */
	if (len >= sizeof mark - 1 && memcmp(text, mark, sizeof mark - 1) == 0) {
		text += sizeof mark - 1;
		len -= sizeof mark - 1;
	}
	while (len > 0) {
		const char *end = memchr(text, '\n', len);
		size_t line = end != NULL ? (size_t)(end - text) : len;

		reader->place.line++;
		take_line(reader, text, line);
		line += end != NULL;
		text += line;
		len -= line;
	}
	lay_usual(reader);
}

struct keymap *keymap_parse(const char *file, const char *text, size_t len,
                            const struct keymap *below, const struct fault_sink *faults,
                            size_t *n_faults)
{
	struct reader reader = {.faults = faults,
	                        .place = {.file = file},
	                        .below = below,
	                        .map = calloc(1, sizeof *reader.map)};
	bool complete = false;

	if (reader.map == NULL)
		abort();
	if (len > CONFIG_MAX_BYTES) {
		reader.n_faults = 1;
		fault_say(faults, &reader.place, "more than %d bytes: this map is not used",
		          CONFIG_MAX_BYTES);
	} else {
		read_all(&reader, text, len);
		reader.place.line = 0;
		if (reader.n_faults > FAULTS_SAID)
			fault_say(faults, &reader.place, "%zu more faults",
			          reader.n_faults - FAULTS_SAID);
		complete = is_complete(&reader);
	}
	*n_faults = reader.n_faults;
	if (complete) {
		put_new_first(reader.map);
		return reader.map;
	}
	keymap_free(reader.map);
	return NULL;
}

struct keymap *keymap_shipped(const char *name)
{
	for (const struct shipped *file = shipped_keymaps; file->name != NULL; file++) {
		size_t n_faults;

		if (strcmp(file->name, name) == 0)
			return keymap_parse(file->name, (const char *)file->text, file->len, NULL,
			                    NULL, &n_faults);
	}
	return NULL;
}

struct keymap *keymap_default(void)
{
	struct keymap *map = keymap_shipped("default");

	/* It is a part of the program, and a test reads it. */
	assert(map != NULL);
	return map;
}
