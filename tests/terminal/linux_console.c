/*
 * A program on a Linux console of its own, in the background: nobody's screen changes. Says the console's
 * number on its standard output, and types what it is told to on its standard input, line by line, \r for
 * Enter and \e for Esc. Where a machine has no consoles, or does not let them be used, it says why and
 * exits with 77.
 *
 * usage: linux_console COMMAND [ARGUMENT...]
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/vt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#define CANNOT 77

static int complain(const char *what)
{
	fprintf(stderr, "%s: %s\n", what, strerror(errno));
	return CANNOT;
}

static void become_program(const char *path, char **argv)
{
	int tty;

	/* A test that ends in any way hangs up: nothing stays behind on the console. */
	prctl(PR_SET_PDEATHSIG, SIGHUP, 0, 0, 0);
	setsid();
	tty = open(path, O_RDWR);
	if (tty < 0 || ioctl(tty, TIOCSCTTY, 0) != 0 || dup2(tty, 0) < 0 || dup2(tty, 1) < 0
	    || dup2(tty, 2) < 0)
		_exit(CANNOT);
	setenv("TERM", "linux", 1);
	execvp(argv[0], argv);
	_exit(127);
}

static int type(int tty, const char *text)
{
	for (; *text != '\0' && *text != '\n'; text++) {
		char key = *text;

		if (key == '\\')
			key = *++text == 'r' ? '\r' : '\033';
		if (ioctl(tty, TIOCSTI, &key) != 0)
			return -1;
	}
	return 0;
}

int main(int argc, char **argv)
{
	char path[32], line[256];
	int any = open("/dev/tty0", O_RDWR | O_NOCTTY | O_CLOEXEC), number = -1, tty, status = 0;
	pid_t child;

	if (argc < 2)
		return 2;
	if (any < 0 || ioctl(any, VT_OPENQRY, &number) != 0 || number <= 0)
		return complain("no Linux console can be had");
	snprintf(path, sizeof path, "/dev/tty%d", number);
	tty = open(path, O_RDWR | O_NOCTTY | O_CLOEXEC);
	if (tty < 0)
		return complain(path);
	if (ioctl(tty, TIOCSTI, "") != 0)
		return complain("nothing can be typed on a Linux console");
	child = fork();
	if (child == 0)
		become_program(path, argv + 1);
	printf("%d\n", number);
	fflush(stdout);
	while (fgets(line, sizeof line, stdin) != NULL)
		if (type(tty, line) != 0)
			return complain("nothing can be typed");
	kill(child, SIGHUP);
	waitpid(child, &status, 0);
	close(tty);
	ioctl(any, VT_DISALLOCATE, number);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 0;
}
