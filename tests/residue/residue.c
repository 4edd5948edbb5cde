/*
 * Looks for what is left of a picture. A picture is made anew for each run, of random tones, so that none
 * of its bytes is known to any memory before; afterwards pieces of it are searched for in the memory of
 * processes and in files.
 *
 *   residue picture FILE                   makes a JPEG
 *   residue take FILE PID                  finds one in the memory of a picture process
 *   residue scan NEEDLES... -- PLACE...    tells how many pieces are in each place: a process's number, a
 *                                          file, or a folder with all that is in it
 *   residue catch FILE PID NEEDLES...      waits until the process has read the file, and stops it for as
 *                                          long as it is searched
 *
 * Needles are
 *
 *   jpeg=FILE        the bytes of a JPEG, from its scan on
 *   pixels=FILE      the rows that it decodes to, at each scale that the picture process may choose
 *   pixels=FILE,RECORDING  and those of the size that the sixel in the recording was drawn at
 *   drawn=RECORDING  the longest drawing among the bytes that a terminal was sent
 *   cells=FILE       a captured screen's text where it shows more than letters
 *
 * One line of output a place and kind: kind, place, pieces found, pieces looked for. The exit status is 3
 * when a process may not be read.
 */
#include "residue.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/inotify.h>
#include <sys/resource.h>
#include <unistd.h>

#define CATCH_MS 20000

#define EXIT_DENIED 3

void fail(const char *what, const char *detail)
{
	fprintf(stderr, "residue: %s: %s\n", what, detail);
	exit(2);
}

int open_of(const char *pid, const char *name)
{
	char path[64];

	snprintf(path, sizeof path, "/proc/%s/%s", pid, name);
	return open(path, O_RDONLY | O_CLOEXEC);
}

static struct search *begin(void)
{
	struct search *search = calloc(1, sizeof *search);

	if (search == NULL)
		fail("memory", strerror(errno));
	return search;
}

static int scan(int n, char **arguments)
{
	struct search *search = begin();
	bool readable = true;
	int i = 0;

	for (; i < n && strcmp(arguments[i], "--") != 0; i++)
		add_needles(search, arguments[i]);
	for (i++; readable && i < n; i++) {
		readable = search_place(search, arguments[i]);
		if (readable)
			tell(search, arguments[i]);
	}
	free(search);
	return readable ? EXIT_SUCCESS : EXIT_DENIED;
}

/* The watched file has been closed by its reader, or it takes too long. */
static bool await_reader(int watch)
{
	struct pollfd read_ = {.fd = watch, .events = POLLIN};

	return poll(&read_, 1, CATCH_MS) == 1;
}

static int catch(const char *path, const char *pid, int n, char **needles)
{
	struct search *search = begin();
	pid_t process = (pid_t)atoi(pid);
	bool readable;
	int watch;

	for (int i = 0; i < n; i++)
		add_needles(search, needles[i]);
	/* The lens closes in a tenth of a second: on a busy machine too this must be sooner. */
	setpriority(PRIO_PROCESS, 0, -20);
	watch = inotify_init1(IN_CLOEXEC);
	if (watch < 0 || inotify_add_watch(watch, path, IN_CLOSE_NOWRITE) < 0)
		fail(path, strerror(errno));
	printf("watching\n");
	fflush(stdout);
	if (!await_reader(watch))
		fail(path, "nobody has read it");
	if (kill(process, SIGSTOP) != 0)
		fail(pid, strerror(errno));
	readable = search_process(search, pid);
	kill(process, SIGCONT);
	tell(search, pid);
	free(search);
	return readable ? EXIT_SUCCESS : EXIT_DENIED;
}

int main(int argc, char **argv)
{
	if (argc == 3 && strcmp(argv[1], "picture") == 0) {
		make_picture(argv[2]);
		return EXIT_SUCCESS;
	}
	if (argc == 4 && strcmp(argv[1], "take") == 0)
		return take_picture(argv[2], argv[3]);
	if (argc > 3 && strcmp(argv[1], "scan") == 0)
		return scan(argc - 2, argv + 2);
	if (argc > 4 && strcmp(argv[1], "catch") == 0)
		return catch(argv[2], argv[3], argc - 4, argv + 4);
	fprintf(stderr, "usage: residue picture FILE | take FILE PID | scan NEEDLES... -- PLACE... | catch FILE PID NEEDLES...\n");
	return 2;
}
