/* The lines of an export: one spelling each, and whatever else somebody writes is no line. */
#include "admin/export_file.h"

#include "base/text.h"
#include "core/event.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct export_head head, head_again;
static struct export_entry entry, entry_again;

#define ZEROS "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="
#define NOTE "tillsyn/test\\n1\\n" ZEROS "\\nepoch 0\\nindex 1 " ZEROS "\\n"

static enum err read_head(const char *line)
{
	return export_head_read(line, strlen(line), &head);
}

static enum err read_entry(const char *line)
{
	return export_entry_read(line, strlen(line), &entry);
}

static void known_lines_are_read(void **state)
{
	(void)state;
	assert_int_equal(read_head("{\"format\":\"tillsyn-log\",\"version\":1,\"checkpoint\":\"" NOTE "\"}\n"), ERR_OK);
	assert_string_equal(head.resident, "");
	assert_int_equal(read_head("{\"format\":\"tillsyn-log\",\"version\":1,\"checkpoint\":\"" NOTE
	                           "\",\"resident\":\"r-1\",\"index\":{\"path\":[\"" ZEROS
	                           "\"],\"end\":\"own\",\"key\":\"" ZEROS "\",\"count\":3,\"last\":7,\"chain\":\"" ZEROS
	                           "\"},\"since\":{\"size\":2,\"proof\":[]}}\n"),
	                 ERR_OK);
	assert_string_equal(head.resident, "r-1");
	assert_int_equal(head.index.n, 1);
	assert_int_equal(head.index.entry.count, 3);
	assert_int_equal(head.index.entry.last, 7);
	assert_true(head.has_since && head.since == 2 && head.grown.n == 0);
	assert_int_equal(read_entry("{\"number\":5,\"leaf\":\"" ZEROS "\",\"salt\":\"" ZEROS "\",\"event\":\"YWJj\"}\n"),
	                 ERR_OK);
	assert_true(entry.number == 5 && !entry.erased && entry.len == 3);
	assert_int_equal(read_entry("{\"number\":5,\"leaf\":\"" ZEROS "\",\"resident\":\"\"}\n"), ERR_OK);
	assert_true(entry.erased);
}

static void another_spelling_is_no_line(void **state)
{
	static const char *const heads[] = {
		"", "\n", "{}\n", "[]\n", "null\n", "{\"format\":\"tillsyn-log\"}\n",
		/* version, format, order, blank, no newline, two, more members, twice the same */
		"{\"format\":\"tillsyn-log\",\"version\":2,\"checkpoint\":\"" NOTE "\"}\n",
		"{\"format\":\"tillsyn-log\",\"version\":1.0,\"checkpoint\":\"" NOTE "\"}\n",
		"{\"format\":\"Tillsyn-log\",\"version\":1,\"checkpoint\":\"" NOTE "\"}\n",
		"{\"version\":1,\"format\":\"tillsyn-log\",\"checkpoint\":\"" NOTE "\"}\n",
		"{\"format\": \"tillsyn-log\",\"version\":1,\"checkpoint\":\"" NOTE "\"}\n",
		"{\"format\":\"tillsyn-log\",\"version\":1,\"checkpoint\":\"" NOTE "\"}",
		"{\"format\":\"tillsyn-log\",\"version\":1,\"checkpoint\":\"" NOTE "\"}\n\n",
		"{\"format\":\"tillsyn-log\",\"version\":1,\"checkpoint\":\"" NOTE "\",\"more\":1}\n",
		"{\"format\":\"tillsyn-log\",\"version\":1,\"version\":1,\"checkpoint\":\"" NOTE "\"}\n",
		"{\"format\":\"tillsyn-log\",\"version\":1,\"checkpoint\":\"\\u0074illsyn\"}\n",
		/* a resident who is none, an index without one, an end that is none */
		"{\"format\":\"tillsyn-log\",\"version\":1,\"checkpoint\":\"x\",\"resident\":\"r 1\","
		"\"index\":{\"path\":[],\"end\":\"empty\"}}\n",
		"{\"format\":\"tillsyn-log\",\"version\":1,\"checkpoint\":\"x\",\"index\":{\"path\":[],\"end\":\"empty\"}}\n",
		"{\"format\":\"tillsyn-log\",\"version\":1,\"checkpoint\":\"x\",\"resident\":\"r-1\","
		"\"index\":{\"path\":[],\"end\":\"nowhere\"}}\n",
		"{\"format\":\"tillsyn-log\",\"version\":1,\"checkpoint\":\"x\",\"resident\":\"r-1\","
		"\"index\":{\"path\":[\"AAAA\"],\"end\":\"empty\"}}\n",
	};
	static const char *const entries[] = {
		"{\"number\":-1,\"leaf\":\"" ZEROS "\",\"resident\":\"\"}\n",
		"{\"number\":05,\"leaf\":\"" ZEROS "\",\"resident\":\"\"}\n",
		"{\"number\":1e2,\"leaf\":\"" ZEROS "\",\"resident\":\"\"}\n",
		"{\"number\":99999999999999999999,\"leaf\":\"" ZEROS "\",\"resident\":\"\"}\n",
		"{\"number\":\"5\",\"leaf\":\"" ZEROS "\",\"resident\":\"\"}\n",
		"{\"number\":5,\"leaf\":\"AAAA\",\"resident\":\"\"}\n",
		"{\"number\":5,\"leaf\":\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAB=\",\"resident\":\"\"}\n",
		"{\"number\":5,\"leaf\":\"" ZEROS "\",\"resident\":\"\x1b[2J\"}\n",
		"{\"number\":5,\"leaf\":\"" ZEROS "\",\"resident\":\"\xff\"}\n",
		"{\"number\":5,\"leaf\":\"" ZEROS "\",\"salt\":\"" ZEROS "\"}\n",
		"{\"number\":5,\"leaf\":\"" ZEROS "\",\"salt\":\"" ZEROS "\",\"event\":\"YWJj\",\"resident\":\"r\"}\n",
		"{\"number\":5,\"leaf\":\"" ZEROS "\",\"resident\":\"\",\"proof\":[]}\n",
		"{\"number\":5,\"leaf\":\"" ZEROS "\",\"resident\":\"\",\"proof\":[[]]}\n",
		"{\"number\":5,\"leaf\":\"" ZEROS "\",\"resident\":\"\",\"proof\":{}}\n",
	};

	(void)state;
	for (size_t i = 0; i < sizeof heads / sizeof heads[0]; i++)
		if (read_head(heads[i]) != ERR_PARSE)
			fail_msg("is read: %s", heads[i]);
	for (size_t i = 0; i < sizeof entries / sizeof entries[0]; i++)
		if (read_entry(entries[i]) != ERR_PARSE)
			fail_msg("is read: %s", entries[i]);
}

/* More than there can be, and nesting without end. */
static void too_much_is_no_line(void **state)
{
	char *line = calloc(1, 2 * EXPORT_LINE_MAX);

	(void)state;
	memset(line, '[', EXPORT_LINE_MAX);
	assert_int_equal(read_entry(line), ERR_PARSE);
	memset(line, '[', 2 * EXPORT_LINE_MAX - 1);
	assert_int_equal(read_entry(line), ERR_PARSE);
	strcpy(line, "{\"number\":5,\"leaf\":\"" ZEROS "\",\"resident\":\"\",\"proof\":[");
	for (int i = 0; i <= TREE_PROOF_MAX; i++)
		strcat(strcat(line, i > 0 ? "," : ""), "\"" ZEROS "\"");
	strcat(line, "]}\n");
	assert_int_equal(read_entry(line), ERR_PARSE);
	free(line);
}

/* The longest of each has room in a line, and comes back as it was. */
static void the_most_fits(void **state)
{
	struct buf line = buf_new(EXPORT_LINE_MAX);

	(void)state;
	memset(&entry, 0, sizeof entry);
	memset(entry.canonical, 0xff, sizeof entry.canonical);
	entry.len = sizeof entry.canonical;
	entry.number = INT64_MAX;
	entry.proof.n = TREE_PROOF_MAX;
	memset(entry.proof.hash, 0xff, sizeof entry.proof.hash);
	assert_int_equal(export_entry_line(&entry, &line), ERR_OK);
	assert_int_equal(export_entry_read((char *)line.data, line.len, &entry_again), ERR_OK);
	assert_memory_equal(&entry, &entry_again, sizeof entry);
	buf_free(&line);
	memset(&head, 0, sizeof head);
	memset(head.note, '"', sizeof head.note);
	head.note_len = sizeof head.note;
	memset(head.resident, 'r', ID_MAX - 1);
	head.index.n = INDEX_DEPTH_MAX;
	head.index.end = INDEX_OTHER;
	head.index.entry.count = head.index.entry.last = INT64_MAX;
	head.has_since = true;
	head.since = INT64_MAX;
	head.grown.n = TREE_PROOF_MAX;
	assert_int_equal(export_head_line(&head, &line), ERR_OK);
	assert_int_equal(export_head_read((char *)line.data, line.len, &head_again), ERR_OK);
	assert_memory_equal(&head, &head_again, sizeof head);
	buf_free(&line);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(known_lines_are_read),
		cmocka_unit_test(another_spelling_is_no_line),
		cmocka_unit_test(too_much_is_no_line),
		cmocka_unit_test(the_most_fits),
	};

	return cmocka_run_group_tests_name("export_file", tests, NULL, NULL);
}
