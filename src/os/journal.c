/*
 * A program's log lines. One write(2) a line, so that the lines of several processes on one
 * descriptor stay whole; and cleaned, since a phrase may quote what somebody sent.
 */
#include "os/journal.h"

#include "base/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

enum { PROGRAM_MAX = 32, LINE_MAX_BYTES = 512 };

/* The one thing a process has once by nature: its name. Set at the start, only read later. */
static char program_name[PROGRAM_MAX] = "tillsyn";

void journal_open(const char *program)
{
	text_clean(program_name, sizeof program_name, program);
}

static void write_line(const char *mark, const char *format, va_list arguments)
	__attribute__((format(printf, 2, 0)));

static void write_line(const char *mark, const char *format, va_list arguments)
{
	char text[LINE_MAX_BYTES], clean[LINE_MAX_BYTES], stamp[32], line[2 * LINE_MAX_BYTES];
	struct timespec at = { 0, 0 };
	struct tm utc;
	ssize_t ignored;
	int len;

	vsnprintf(text, sizeof text, format, arguments);
	text_clean(clean, sizeof clean, text);
	clock_gettime(CLOCK_REALTIME, &at);
	gmtime_r(&at.tv_sec, &utc);
	strftime(stamp, sizeof stamp, "%Y-%m-%dT%H:%M:%S", &utc);
	len = snprintf(line, sizeof line, "%s.%03ldZ %s[%d]: %s%s\n", stamp, at.tv_nsec / 1000000,
	               program_name, (int)getpid(), mark, clean);
	/* There is nowhere to tell that telling failed. */
	ignored = write(STDERR_FILENO, line, (size_t)len);
	(void)ignored;
}

void journal_note(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	write_line("", format, arguments);
	va_end(arguments);
}

void journal_fault(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	write_line("fault: ", format, arguments);
	va_end(arguments);
}
