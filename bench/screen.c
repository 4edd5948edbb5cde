/* The pseudo-terminal, the clock and the child that every measurement needs. */
#include "screen.h"

#include <errno.h>
#include <fcntl.h>
#include <pty.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

void fail(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	fputs("bench: ", stderr);
	vfprintf(stderr, format, arguments);
	fputc('\n', stderr);
	va_end(arguments);
	exit(1);
}

struct screen screen_open(int columns, int rows)
{
	struct screen screen;
	struct termios raw = {0};
	const struct winsize size = {
		.ws_row = (unsigned short)rows,
		.ws_col = (unsigned short)columns,
		.ws_xpixel = (unsigned short)(columns * CELL_WIDTH),
		.ws_ypixel = (unsigned short)(rows * CELL_HEIGHT),
	};

	cfmakeraw(&raw);
	if (openpty(&screen.master, &screen.slave, screen.path, &raw, &size) != 0)
		fail("no pseudo-terminal");
	fcntl(screen.master, F_SETFD, FD_CLOEXEC);
	fcntl(screen.slave, F_SETFD, FD_CLOEXEC);
	return screen;
}

void screen_give_up_slave(struct screen *screen)
{
	close(screen->slave);
	screen->slave = -1;
}

void screen_close(struct screen *screen)
{
	if (screen->slave >= 0)
		close(screen->slave);
	close(screen->master);
}

size_t screen_read(const struct screen *screen, struct buf *into, size_t max)
{
	uint8_t bytes[65536];
	ssize_t n = read(screen->master, bytes, max < sizeof bytes ? max : sizeof bytes);

	/* EIO: nobody has it open any more. */
	if (n < 0 && errno != EIO)
		fail("the pseudo-terminal cannot be read");
	if (n > 0 && buf_add(into, bytes, (size_t)n) != ERR_OK)
		fail("more than %u bytes were drawn", SCREEN_BYTES_MAX);
	return n > 0 ? (size_t)n : 0;
}

double now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

/* What a program says on standard error is no part of its picture. */
static void become(char *const argv[], int low, int third)
{
	int null = open("/dev/null", O_WRONLY | O_CLOEXEC);

	dup2(null, STDERR_FILENO);
	if (low >= 0) {
		dup2(low, STDIN_FILENO);
		dup2(low, STDOUT_FILENO);
	}
	if (third >= 0)
		dup2(third, 3);
	execvp(argv[0], argv);
	_exit(127);
}

pid_t start(char *const argv[], int low, int third)
{
	pid_t child = fork();

	if (child < 0)
		fail("no process for %s", argv[0]);
	if (child == 0)
		become(argv, low, third);
	return child;
}

void await_exit(pid_t child)
{
	int status;

	if (waitpid(child, &status, 0) != child || !WIFEXITED(status) || WEXITSTATUS(status) != 0)
		fail("the program did not end well");
}

static int compare(const void *a, const void *b)
{
	const double *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

double median(double *values, size_t n)
{
	qsort(values, n, sizeof *values, compare);
	return n % 2 == 1 ? values[n / 2] : (values[n / 2 - 1] + values[n / 2]) / 2;
}

long number(const char *text, long min, long max)
{
	char *end;
	long value = strtol(text, &end, 10);

	if (end == text || *end != '\0' || value < min || value > max)
		fail("%s: not a whole number from %ld to %ld", text, min, max);
	return value;
}

struct buf file_read(const char *path, size_t max)
{
	struct buf bytes = buf_new(max);
	FILE *file = fopen(path, "rb");
	char part[65536];
	size_t n;

	if (file == NULL)
		fail("%s cannot be opened", path);
	while ((n = fread(part, 1, sizeof part, file)) > 0)
		if (buf_add(&bytes, part, n) != ERR_OK)
			fail("%s has more than %zu bytes", path, max);
	fclose(file);
	return bytes;
}

void file_write(const char *path, const struct buf *bytes)
{
	FILE *file = fopen(path, "wb");

	if (file == NULL || fwrite(bytes->data, 1, bytes->len, file) != bytes->len || fclose(file) != 0)
		fail("%s cannot be written", path);
}
