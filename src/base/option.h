/*
 * Options are a table: name, type, range, unit, default, one sentence. Parser, checker, example
 * file and manual come from it, so there is no second list of defaults. The file's form is
 * "name = value", one a line; # begins a comment at the start of a line or after a blank.
 */
#ifndef TILLSYN_BASE_OPTION_H
#define TILLSYN_BASE_OPTION_H

#include "base/buf.h"
#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The room for the words of what is wrong with a value. */
#define OPTION_WRONG_MAX 200

enum option_type {
	OPTION_TEXT,     /* char[size] */
	OPTION_INT,      /* int64_t, in [min, max] */
	OPTION_DURATION, /* int64_t milliseconds, in [min, max]; written 500ms 30s 15min 2h */
	OPTION_TIME,     /* int64_t minutes after midnight; written 18:00 */
	OPTION_BOOL,     /* bool; written yes or no */
	OPTION_HEX,      /* uint8_t[size]; 2 * size hexadecimal digits, or empty for zeroes */
	OPTION_CHOICE,   /* int64_t index into choices */
	OPTION_TABLE,    /* a struct at offset with its own table; its names stand as they are */
};

struct option {
	const char *name;
	enum option_type type;
	size_t offset;              /* of the field in the settings struct */
	size_t size;                /* bytes of a TEXT or HEX field */
	int64_t min, max;           /* INT, DURATION */
	const char *standard;       /* the default, as a file would have it; NULL = must be given */
	const char *const *choices; /* CHOICE: NULL-terminated */
	const char *sentence;       /* what it does, one line, ends with a full stop */
	const struct option *table; /* TABLE */
};

/*
 * Where faults go: called once a fault with a whole line, "path:line:column: name: what is wrong".
 */
typedef void option_fault_fn(void *arg, const char *line);

/*
 * Sets every default, then reads text (len bytes, named path in faults) over them. Unknown names,
 * second settings of a name, values out of range and, with whole, missing required names are each a
 * fault (the last kind has no line: "path: name: ..."). Returns the number of faults; a faulty line
 * leaves its default in place. table ends with a NULL name.
 */
int option_parse(const struct option *table, void *settings, const char *path, const char *text,
                 size_t len, bool whole, option_fault_fn *fault, void *arg);

/* The same without the defaults: what the text does not name keeps the value that it has. */
int option_lay(const struct option *table, void *settings, const char *path, const char *text,
               size_t len, option_fault_fn *fault, void *arg);

/*
 * One option from elsewhere than a file. ERR_NOT_FOUND: no such name. ERR_PARSE: the field stays as
 * it is, and wrong (OPTION_WRONG_MAX bytes) says what would be right.
 */
enum err option_set(const struct option *table, void *settings, const char *name, const char *value,
                    char *wrong);

/* The example file: every option commented out at its default, with its sentence and range. */
enum err option_example(const struct option *table, struct buf *out);

#endif
