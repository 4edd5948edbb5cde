/*
 * What is wrong with a document: every fault with the path of what it is about, printed in the
 * order of the document's lines.
 */
#ifndef TILLSYN_ADMIN_FAULTS_H
#define TILLSYN_ADMIN_FAULTS_H

#include "admin/json_lines.h"

#include <stdio.h>

#define FAULT_PATH_MAX 160

struct fault {
	char path[FAULT_PATH_MAX];
	char text[200];
	int line, order;
};

/* Zero-initialised; faults_free() at the end. */
struct faults {
	struct fault *fault;
	size_t n, room;
};

/* Aborts without memory. Text of the document in the sentence must be clean. */
void faults_add(struct faults *faults, const char *path, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
/* "file:line: path: what is wrong", one a line. */
void faults_print(struct faults *faults, const char *file, const struct json_lines *lines,
                  FILE *out);
void faults_free(struct faults *faults);

#endif
