/* Watching files as editors, configuration tools and people write them. */
#include "net/peers.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct scene {
	struct loop *loop;
	char folder[64], path[128];
	char seen[64]; /* the content when it was last told */
	int told;
	const char *expected;
	uint32_t limit, watch;
};

static void write_text(const char *path, const char *text)
{
	FILE *file = fopen(path, "wb");

	assert_non_null(file);
	fputs(text, file);
	fclose(file);
}

static const char *in_folder(const struct scene *s, const char *name)
{
	static char path[2][160];
	static int turn;

	turn = !turn;
	snprintf(path[turn], sizeof path[turn], "%s/%s", s->folder, name);
	return path[turn];
}

static int setup(void **state)
{
	struct scene *s = calloc(1, sizeof *s);

	snprintf(s->folder, sizeof s->folder, "/tmp/tillsyn-watch.XXXXXX");
	assert_non_null(mkdtemp(s->folder));
	snprintf(s->path, sizeof s->path, "%s/file", s->folder);
	s->loop = loop_new();
	assert_non_null(s->loop);
	*state = s;
	return 0;
}

static int teardown(void **state)
{
	static const char *const names[] = {"file", "file.new", "other", "link", "a/b/file", "a/b",
	                                    "a", ""};
	struct scene *s = *state;

	loop_free(s->loop);
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		remove(in_folder(s, names[i]));
	free(s);
	return 0;
}

static void on_change(void *arg)
{
	struct scene *s = arg;
	FILE *file = fopen(s->path, "rb");

	s->told++;
	memset(s->seen, 0, sizeof s->seen);
	if (file != NULL) {
		s->seen[fread(s->seen, 1, sizeof s->seen - 1, file)] = '\0';
		fclose(file);
	}
	if (s->expected != NULL && strcmp(s->seen, s->expected) == 0)
		loop_stop(s->loop);
}

static void out_of_time(void *arg)
{
	loop_stop(((struct scene *)arg)->loop);
}

/* Until the file was told to have this content, for a generous while. */
static void expect(struct scene *s, const char *content)
{
	s->expected = content;
	s->limit = loop_after(s->loop, 10000, out_of_time, s);
	loop_run(s->loop);
	loop_cancel(s->loop, s->limit);
	assert_string_equal(s->seen, content);
}

static void watch(struct scene *s)
{
	s->watch = loop_watch_file(s->loop, s->path, on_change, s);
	assert_int_not_equal(s->watch, 0);
}

static void a_file_written_in_place_is_told(void **state)
{
	struct scene *s = *state;

	write_text(s->path, "one");
	watch(s);
	write_text(s->path, "two");
	expect(s, "two");
	write_text(s->path, "three");
	expect(s, "three");
}

/* As vim, emacs and most tools do it; again and again. */
static void a_file_renamed_over_is_told(void **state)
{
	static const char *const contents[] = {"two", "three", "four"};
	struct scene *s = *state;

	write_text(s->path, "one");
	watch(s);
	for (int i = 0; i < 3; i++) {
		write_text(in_folder(s, "file.new"), contents[i]);
		assert_int_equal(rename(in_folder(s, "file.new"), s->path), 0);
		expect(s, contents[i]);
	}
}

static void a_file_comes_and_goes(void **state)
{
	struct scene *s = *state;

	watch(s);
	write_text(s->path, "one");
	expect(s, "one");
	remove(s->path);
	expect(s, "");
	write_text(s->path, "two");
	expect(s, "two");
}

static void a_folder_that_is_not_there_yet_is_waited_for(void **state)
{
	struct scene *s = *state;

	snprintf(s->path, sizeof s->path, "%s/a/b/file", s->folder);
	watch(s);
	mkdir(in_folder(s, "a"), 0700);
	mkdir(in_folder(s, "a/b"), 0700);
	write_text(s->path, "one");
	expect(s, "one");
	write_text(s->path, "two");
	expect(s, "two");
	/* And one that is taken away with all that is in it. */
	remove(s->path);
	rmdir(in_folder(s, "a/b"));
	rmdir(in_folder(s, "a"));
	expect(s, "");
	mkdir(in_folder(s, "a"), 0700);
	mkdir(in_folder(s, "a/b"), 0700);
	write_text(s->path, "three");
	expect(s, "three");
}

static void a_links_target_is_told(void **state)
{
	struct scene *s = *state;
	char other[128];

	snprintf(other, sizeof other, "%s", in_folder(s, "other"));
	write_text(other, "one");
	assert_int_equal(symlink(other, in_folder(s, "link")), 0);
	snprintf(s->path, sizeof s->path, "%s", in_folder(s, "link"));
	watch(s);
	write_text(other, "two");
	expect(s, "two");
	write_text(in_folder(s, "file.new"), "three");
	rename(in_folder(s, "file.new"), other);
	expect(s, "three");
}

/* Nothing wakes for what goes on beside it, nor after it was let go. */
static void other_files_are_not_told(void **state)
{
	struct scene *s = *state;

	write_text(s->path, "one");
	watch(s);
	write_text(in_folder(s, "other"), "x");
	write_text(in_folder(s, "file.new"), "x");
	loop_after(s->loop, 400, out_of_time, s);
	loop_run(s->loop);
	assert_int_equal(s->told, 0);
	loop_unwatch_file(s->loop, s->watch);
	loop_unwatch_file(s->loop, s->watch);
	write_text(s->path, "two");
	loop_after(s->loop, 400, out_of_time, s);
	loop_run(s->loop);
	assert_int_equal(s->told, 0);
}

static void let_go(void *arg)
{
	struct scene *s = arg;

	loop_unwatch_file(s->loop, s->watch);
	loop_stop(s->loop);
}

static void a_watch_may_be_let_go_when_it_tells(void **state)
{
	struct scene *s = *state;

	s->watch = loop_watch_file(s->loop, s->path, let_go, s);
	write_text(s->path, "one");
	s->limit = loop_after(s->loop, 10000, out_of_time, s);
	loop_run(s->loop);
	loop_cancel(s->loop, s->limit);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(a_file_written_in_place_is_told),
		CASE(a_file_renamed_over_is_told),
		CASE(a_file_comes_and_goes),
		CASE(a_folder_that_is_not_there_yet_is_waited_for),
		CASE(a_links_target_is_told),
		CASE(other_files_are_not_told),
		CASE(a_watch_may_be_let_go_when_it_tells),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
