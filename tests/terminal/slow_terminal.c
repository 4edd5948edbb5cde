/*
 * A terminal that reads slowly, or not at all: runs a program on a pseudo-terminal and keeps what it
 * writes, no faster than it is told to on its standard input, line by line:
 *
 *   rate N      bytes a second; 0 = it reads nothing
 *   keys TEXT   types, \r for Enter and \e for Esc
 *
 * usage: slow_terminal ROWS COLUMNS FILE COMMAND [ARGUMENT...]
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define CELL_WIDTH 10
#define CELL_HEIGHT 20
#define TICK_MS 10

static int64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void type(int master, const char *text)
{
	for (; *text != '\0' && *text != '\n'; text++) {
		char key = *text;

		if (key == '\\') {
			text++;
			key = *text == 'r' ? '\r' : '\033';
		}
		if (write(master, &key, 1) != 1)
			return;
	}
}

static void obey(int master, const char *line, long *rate)
{
	if (strncmp(line, "rate ", 5) == 0)
		*rate = strtol(line + 5, NULL, 10);
	else if (strncmp(line, "keys ", 5) == 0)
		type(master, line + 5);
}

/* False at the end of the program. */
static int take(int master, int file, size_t most)
{
	char bytes[4096];
	ssize_t n = read(master, bytes, most < sizeof bytes ? most : sizeof bytes);

	if (n < 0 && errno == EIO)
		return 0;
	return n > 0 && write(file, bytes, (size_t)n) == n ? (int)n : 0;
}

static int run(int master, int file)
{
	char line[256] = "";
	size_t len = 0;
	long rate = 1000000000;
	int64_t allowed = 0, last_ms = now_ms();

	for (;;) {
		int64_t passed = now_ms() - last_ms;
		struct pollfd fds[] = {
			{.fd = STDIN_FILENO, .events = POLLIN},
			{.fd = allowed > 0 ? master : -1, .events = POLLIN},
		};

		/* What was not used within a tick is lost: a slow reader does not save up. */
		if (passed >= TICK_MS) {
			allowed = rate * passed / 1000;
			last_ms += passed;
		}
		poll(fds, 2, TICK_MS);
		if ((fds[0].revents & (POLLIN | POLLHUP)) != 0) {
			if (read(STDIN_FILENO, line + len, 1) != 1)
				return EXIT_SUCCESS;
			line[++len] = '\0';
			if (line[len - 1] == '\n' || len + 2 > sizeof line) {
				obey(master, line, &rate);
				len = 0;
				if (rate == 0)
					allowed = 0;
			}
		}
		if ((fds[1].revents & (POLLIN | POLLHUP)) != 0 && allowed > 0) {
			int n = take(master, file, (size_t)allowed);

			if (n == 0)
				return EXIT_SUCCESS;
			allowed -= n;
		}
	}
}

int main(int argc, char **argv)
{
	struct winsize size;
	int master, file;
	pid_t child;

	if (argc < 5 || (file = open(argv[3], O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600)) < 0) {
		fprintf(stderr, "usage: slow_terminal ROWS COLUMNS FILE COMMAND [ARGUMENT...]\n");
		return 2;
	}
	size.ws_row = (unsigned short)atoi(argv[1]);
	size.ws_col = (unsigned short)atoi(argv[2]);
	size.ws_xpixel = (unsigned short)(size.ws_col * CELL_WIDTH);
	size.ws_ypixel = (unsigned short)(size.ws_row * CELL_HEIGHT);
	child = forkpty(&master, NULL, NULL, &size);
	if (child == 0) {
		execvp(argv[4], argv + 4);
		_exit(127);
	}
	return child < 0 ? EXIT_FAILURE : run(master, file);
}
