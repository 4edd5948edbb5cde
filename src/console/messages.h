/*
 * What the program has to say about its own files, kept so that it can be read when the operator
 * has time (:messages): a notice at the bottom is gone after some seconds.
 */
#ifndef TILLSYN_CONSOLE_MESSAGES_H
#define TILLSYN_CONSOLE_MESSAGES_H

#include "console/fault.h"

/* The latest; a screenful of faults is as many as anybody reads. */
enum { MESSAGES_MAX = 24 };

struct messages {
	int n;
	char line[MESSAGES_MAX][FAULT_LINE_BYTES]; /* the oldest first */
};

/* A line that stands there already moves to the end. */
void messages_add(struct messages *messages, const char *line);
/* Adds what is said to it. */
struct fault_sink messages_sink(struct messages *messages);

#endif
