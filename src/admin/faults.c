/* Faults of a document: collected, brought into the document's order, printed. */
#include "admin/faults.h"

#include "base/text.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

void faults_add(struct faults *faults, const char *path, const char *format, ...)
{
	struct fault *fault;
	va_list args;

	if (faults->n == faults->room) {
		faults->room = faults->room ? 2 * faults->room : 16;
		fault = realloc(faults->fault, faults->room * sizeof *fault);
		if (fault == NULL)
			abort();
		faults->fault = fault;
	}
	fault = &faults->fault[faults->n];
	*fault = (struct fault){.order = (int)faults->n};
	text_clean(fault->path, sizeof fault->path, path);
	va_start(args, format);
	vsnprintf(fault->text, sizeof fault->text, format, args);
	va_end(args);
	faults->n++;
}

static int by_line(const void *a, const void *b)
{
	const struct fault *x = a, *y = b;

	return x->line != y->line ? (x->line > y->line) - (x->line < y->line)
	                          : (x->order > y->order) - (x->order < y->order);
}

void faults_print(struct faults *faults, const char *file, const struct json_lines *lines,
                  FILE *out)
{
	for (size_t i = 0; i < faults->n; i++)
		faults->fault[i].line = json_lines_find(lines, faults->fault[i].path);
	if (faults->n > 1)
		qsort(faults->fault, faults->n, sizeof faults->fault[0], by_line);
	for (size_t i = 0; i < faults->n; i++) {
		const struct fault *fault = &faults->fault[i];

		fprintf(out, "%s:%d: %s%s%s\n", file, fault->line, fault->path,
		        fault->path[0] ? ": " : "", fault->text);
	}
}

void faults_free(struct faults *faults)
{
	free(faults->fault);
	*faults = (struct faults){0};
}
