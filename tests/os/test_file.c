/* Files that hold keys, agreements and settings, and the program's own log lines. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "os/file.h"
#include "os/journal.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char folder[64];

static const char *in_folder(const char *name)
{
	static char paths[4][160];
	static unsigned int next;
	char *path = paths[next++ % 4];

	snprintf(path, sizeof paths[0], "%s/%s", folder, name);
	return path;
}

static int setup(void **state)
{
	(void)state;
	snprintf(folder, sizeof folder, "/tmp/tillsyn-os-XXXXXX");
	return mkdtemp(folder) == NULL;
}

static int teardown(void **state)
{
	char command[128];

	(void)state;
	snprintf(command, sizeof command, "rm -rf '%s'", folder);
	return system(command);
}

static void what_is_written_is_read(void **state)
{
	struct buf data = buf_new(100000);
	char *text = calloc(1, 70000);

	(void)state;
	memset(text, 'a', 70000);
	assert_int_equal(file_write(in_folder("f"), text, 70000, 0600), ERR_OK);
	assert_int_equal(file_read(in_folder("f"), &data), ERR_OK);
	assert_int_equal(data.len, 70000);
	assert_memory_equal(data.data, text, 70000);
	buf_free(&data);
	free(text);
}

static int entries(void)
{
	DIR *at = opendir(folder);
	int count = 0;

	while (readdir(at) != NULL)
		count++;
	closedir(at);
	return count - 2;
}

static void a_write_replaces_and_leaves_nothing_beside(void **state)
{
	struct buf data = buf_new(100);
	struct stat about;

	(void)state;
	assert_int_equal(file_write(in_folder("f"), "old", 3, 0644), ERR_OK);
	assert_int_equal(file_write(in_folder("f"), "newer", 5, 0600), ERR_OK);
	assert_int_equal(file_read(in_folder("f"), &data), ERR_OK);
	assert_memory_equal(data.data, "newer", 5);
	assert_int_equal(stat(in_folder("f"), &about), 0);
	assert_int_equal(about.st_mode & 07777, 0600);
	assert_int_equal(entries(), 1);
	buf_free(&data);
}

static void a_failed_write_leaves_the_old_file(void **state)
{
	(void)state;
	assert_int_equal(mkdir(in_folder("d"), 0700), 0);
	assert_int_equal(file_write(in_folder("d"), "x", 1, 0600), ERR_IO);
	assert_int_equal(entries(), 1);
	assert_int_equal(file_write(in_folder("none/f"), "x", 1, 0600), ERR_IO);
}

static void reading_is_bounded_and_changes_nothing_on_failure(void **state)
{
	struct buf data = buf_new(4);

	(void)state;
	assert_int_equal(buf_add(&data, "ab", 2), ERR_OK);
	assert_int_equal(file_write(in_folder("f"), "xyz", 3, 0600), ERR_OK);
	assert_int_equal(file_read(in_folder("f"), &data), ERR_LIMIT);
	assert_int_equal(data.len, 2);
	assert_int_equal(file_read(in_folder("none"), &data), ERR_NOT_FOUND);
	assert_int_equal(file_read(folder, &data), ERR_IO);
	assert_int_equal(mkfifo(in_folder("fifo"), 0600), 0);
	assert_int_equal(file_read(in_folder("fifo"), &data), ERR_IO);
	unlink(in_folder("fifo"));
	buf_free(&data);
}

static void a_secret_that_others_can_read_is_refused(void **state)
{
	struct buf data = buf_new(100);

	(void)state;
	assert_int_equal(file_write(in_folder("key"), "secret", 6, 0600), ERR_OK);
	assert_int_equal(file_read_secret(in_folder("key"), &data), ERR_OK);
	assert_int_equal(chmod(in_folder("key"), 0640), 0);
	assert_int_equal(file_read_secret(in_folder("key"), &data), ERR_DENIED);
	assert_int_equal(chmod(in_folder("key"), 0604), 0);
	assert_int_equal(file_read_secret(in_folder("key"), &data), ERR_DENIED);
	assert_int_equal(data.len, 6);
	buf_free(&data);
}

static void a_secret_of_another_user_is_refused(void **state)
{
	struct buf data = buf_new(100);

	(void)state;
	if (geteuid() != 0)
		skip();
	assert_int_equal(file_write(in_folder("key"), "secret", 6, 0600), ERR_OK);
	assert_int_equal(chown(in_folder("key"), 12345, 12345), 0);
	assert_int_equal(file_read_secret(in_folder("key"), &data), ERR_DENIED);
	buf_free(&data);
}

static void a_pipe_in_a_keys_place_does_not_hang(void **state)
{
	struct buf data = buf_new(100);

	(void)state;
	assert_int_equal(mkfifo(in_folder("key"), 0600), 0);
	assert_int_equal(file_read_secret(in_folder("key"), &data), ERR_DENIED);
	buf_free(&data);
}

static void folders_are_made_with_their_parents(void **state)
{
	struct stat about;

	(void)state;
	assert_int_equal(file_make_folder(in_folder("a/b/c")), ERR_OK);
	assert_int_equal(file_make_folder(in_folder("a/b/c/")), ERR_OK);
	assert_int_equal(stat(in_folder("a/b"), &about), 0);
	assert_int_equal(about.st_mode & 07777, 0700);
	assert_int_equal(file_write(in_folder("f"), "", 0, 0600), ERR_OK);
	assert_int_equal(file_make_folder(in_folder("f")), ERR_EXISTS);
	assert_int_not_equal(file_make_folder(in_folder("f/g")), ERR_OK);
}

/* A phrase may quote a peer: it must neither forge a line nor reach the terminal's controls. */
static void a_journal_line_is_one_clean_line(void **state)
{
	struct buf data = buf_new(4096);
	int before = dup(STDERR_FILENO);
	int fd = open(in_folder("log"), O_WRONLY | O_CREAT, 0600);

	(void)state;
	dup2(fd, STDERR_FILENO);
	journal_open("tillsynd");
	journal_fault("peer said %s", "a\n2026 forged\x1b[2J");
	journal_note("up");
	dup2(before, STDERR_FILENO);
	close(before);
	close(fd);
	assert_int_equal(file_read(in_folder("log"), &data), ERR_OK);
	assert_int_equal(buf_add(&data, "", 1), ERR_OK);
	assert_non_null(strstr((char *)data.data, "Z tillsynd["));
	assert_non_null(strstr((char *)data.data, "fault: peer said a?2026 forged?[2J\n"));
	assert_null(strchr((char *)data.data, '\x1b'));
	buf_free(&data);
}

/* There when it is kept, whole, and not before; else nothing of it. */
static void a_draft_is_there_only_when_it_is_whole(void **state)
{
	struct file_draft draft;
	struct buf data = buf_new(100);
	struct stat about;

	(void)state;
	assert_int_equal(file_write(in_folder("f"), "old", 3, 0644), ERR_OK);
	assert_int_equal(file_draft_begin(&draft, in_folder("f"), 0600), ERR_OK);
	assert_int_equal(fputs("new", draft.stream) >= 0, 1);
	assert_int_equal(file_read(in_folder("f"), &data), ERR_OK);
	assert_memory_equal(data.data, "old", 3);
	data.len = 0;
	assert_int_equal(file_draft_keep(&draft), ERR_OK);
	assert_int_equal(file_read(in_folder("f"), &data), ERR_OK);
	assert_int_equal(data.len, 3);
	assert_memory_equal(data.data, "new", 3);
	buf_free(&data);
	assert_int_equal(stat(in_folder("f"), &about), 0);
	assert_int_equal(about.st_mode & 07777, 0600);
	assert_int_equal(file_draft_begin(&draft, in_folder("f"), 0600), ERR_OK);
	file_draft_drop(&draft);
	assert_int_equal(file_draft_begin(&draft, "/nowhere/at/all", 0600), ERR_IO);
	/* A folder stands where it should go. */
	assert_int_equal(mkdir(in_folder("d"), 0700), 0);
	assert_int_equal(file_draft_begin(&draft, in_folder("d"), 0600), ERR_OK);
	assert_int_equal(file_draft_keep(&draft), ERR_IO);
	assert_int_equal(rmdir(in_folder("d")), 0);
	assert_int_equal(unlink(in_folder("f")), 0);
	assert_int_equal(rmdir(folder), 0); /* nothing stands beside */
	assert_int_equal(mkdir(folder, 0700), 0);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(what_is_written_is_read),
		CASE(a_write_replaces_and_leaves_nothing_beside),
		CASE(a_failed_write_leaves_the_old_file),
		CASE(a_draft_is_there_only_when_it_is_whole),
		CASE(reading_is_bounded_and_changes_nothing_on_failure),
		CASE(a_secret_that_others_can_read_is_refused),
		CASE(a_secret_of_another_user_is_refused),
		CASE(a_pipe_in_a_keys_place_does_not_hang),
		CASE(folders_are_made_with_their_parents),
		CASE(a_journal_line_is_one_clean_line),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
