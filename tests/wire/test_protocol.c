/*
 * PROTOCOL.md against the table: every message with its sender and state, every field with its type
 * and bounds, in the table's order, and none besides. Somebody who writes another client has only
 * the page.
 */
#include "wire/message.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define EXACT_MAX INT64_C(9007199254740991)

static char *read_page(void)
{
	FILE *file = fopen("src/wire/PROTOCOL.md", "r");
	char *text = calloc(1, 1 << 18);

	assert_non_null(file);
	assert_non_null(text);
	assert_true(fread(text, 1, (1 << 18) - 1, file) > 0);
	fclose(file);
	return text;
}

static void type_words(const struct wire_field *field, char *out, size_t size)
{
	switch (field->type) {
	case WIRE_INT:
		if (field->max == EXACT_MAX)
			snprintf(out, size, "integer ≥ %" PRId64, field->min);
		else
			snprintf(out, size, "integer %" PRId64 " to %" PRId64, field->min,
			         field->max);
		break;
	case WIRE_BOOL:
		snprintf(out, size, "true or false");
		break;
	case WIRE_TEXT:
		snprintf(out, size, "text, %" PRId64 " to %" PRId64 " bytes", field->min,
		         field->max);
		break;
	case WIRE_NAME:
		snprintf(out, size, field->min > 0 ? "name" : "name or empty");
		break;
	case WIRE_BYTES:
		if (field->min == field->max)
			snprintf(out, size, "base64 of %" PRId64 " bytes", field->min);
		else
			snprintf(out, size, "base64 of %" PRId64 " to %" PRId64 " bytes",
			         field->min, field->max);
		break;
	}
}

/* "console, tillsynctl → hub, ready" */
static void head_words(const struct wire_kind *kind, char *out, size_t size)
{
	static const char *const states[] = {"", "new", "ready", "new or ready"};
	char who[64] = "";

	if (kind->protocols & WIRE_CONSOLE)
		strcat(who, "console");
	if (kind->protocols & WIRE_ADMIN)
		strcat(strcat(who, who[0] ? ", " : ""), "tillsynctl");
	if (kind->protocols & WIRE_CAMERA)
		strcat(strcat(who, who[0] ? ", " : ""), "agent");
	if (kind->from == WIRE_FROM_PEER)
		snprintf(out, size, "%s → hub, %s. ", who, states[kind->states]);
	else
		snprintf(out, size, "hub → %s, %s. ", who, states[kind->states]);
}

static bool begins_with(const char *text, const char *start)
{
	return strncmp(text, start, strlen(start)) == 0;
}

/* The next line of text; NULL at the end. */
static const char *next_line(const char *text)
{
	text = strchr(text, '\n');
	return text == NULL ? NULL : text + 1;
}

static void expect(const char *line, const char *words, const char *kind, const char *field)
{
	if (line == NULL || !begins_with(line, words))
		fail_msg("PROTOCOL.md, %s%s%s: expected a line that begins \"%s\"", kind,
		         field[0] ? ", " : "", field, words);
}

static void check_kind(const char *page, const struct wire_kind *kind)
{
	char words[256], type[96];
	const char *line;

	snprintf(words, sizeof words, "\n### `%s`\n", kind->name);
	line = strstr(page, words);
	if (line == NULL)
		fail_msg("PROTOCOL.md: no section for %s", kind->name);
	line = next_line(next_line(line + 1));
	head_words(kind, words, sizeof words);
	expect(line, words, kind->name, "");
	line = next_line(next_line(line));
	if (kind->fields[0].name != NULL) {
		expect(line, "| field | type | | meaning |", kind->name, "");
		line = next_line(next_line(line));
	}
	for (const struct wire_field *f = kind->fields; f->name != NULL; f++) {
		type_words(f, type, sizeof type);
		snprintf(words, sizeof words, "| `%s` | %s | %s | ", f->name, type,
		         f->optional ? "may be absent" : "");
		expect(line, words, kind->name, f->name);
		assert_true(line[strlen(words)] != '|'); /* a meaning */
		line = next_line(line);
	}
	if (line != NULL && begins_with(line, "| "))
		fail_msg("PROTOCOL.md, %s: a field that the table does not have: %.30s", kind->name,
		         line);
}

static void the_page_says_what_the_table_says(void **state)
{
	char *page = read_page();

	(void)state;
	for (int id = 0; id < WIRE_IDS; id++)
		check_kind(page, &wire_kinds[id]);
	free(page);
}

static void the_page_has_no_other_messages(void **state)
{
	char *page = read_page();
	int sections = 0;

	(void)state;
	for (const char *line = page; line != NULL; line = next_line(line))
		sections += begins_with(line, "### ");
	assert_int_equal(sections, WIRE_IDS);
	free(page);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_page_says_what_the_table_says),
		cmocka_unit_test(the_page_has_no_other_messages),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
