/*
 * Where in a JSON text its values stand: jansson tells that only of the error at which it gives up.
 * One pass over a text that jansson has accepted.
 */
#ifndef TILLSYN_ADMIN_JSON_LINES_H
#define TILLSYN_ADMIN_JSON_LINES_H

#include "base/err.h"

#include <stddef.h>

struct json_lines;

/* text must outlive the result. ERR_PARSE for a text that is no single JSON value. */
enum err json_lines_read(const char *text, size_t len, struct json_lines **lines);
void json_lines_free(struct json_lines *lines);

/*
 * The line, from 1, of a path such as agreements[3].slots[0].from; for a member of an object that
 * of its key; of the nearest ancestor when the path does not exist. An empty path is the whole.
 */
int json_lines_find(const struct json_lines *lines, const char *path);

#endif
