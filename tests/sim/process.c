/*
 * What a simulated process has instead of a process: its journal is the history, and secrets lie in plain
 * memory, since three hundred agents together may not lock as much as one may. Defined here, they stand in
 * for os/journal.o and os/secmem.o when the simulator is linked.
 */
#include "world.h"

#include "os/journal.h"
#include "os/secmem.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

void journal_open(const char *program)
{
	(void)program;
}

void journal_note(const char *format, ...)
{
	char line[512];
	va_list args;

	if (!history_world->spec.history)
		return;
	va_start(args, format);
	vsnprintf(line, sizeof line, format, args);
	va_end(args);
	history_note(history_world, "hub: %s", line);
}

void journal_fault(const char *format, ...)
{
	char line[512];
	va_list args;

	va_start(args, format);
	vsnprintf(line, sizeof line, format, args);
	va_end(args);
	history_note(history_world, "hub: fault: %s", line);
}

void *secmem_alloc(size_t len)
{
	return calloc(1, len);
}

void secmem_free(void *data)
{
	free(data);
}
