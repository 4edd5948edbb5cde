/*
 * What every measurement stands on: a pseudo-terminal that knows its size in cells and pixels, a clock, a
 * started program, and a median. A bench that cannot go on says why and ends.
 */
#ifndef TILLSYN_BENCH_SCREEN_H
#define TILLSYN_BENCH_SCREEN_H

#include "base/buf.h"

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* The cells of the whole bench, in pixels. */
#define CELL_WIDTH 10
#define CELL_HEIGHT 20

/* More than any program draws. */
#define SCREEN_BYTES_MAX (64u << 20)

#define RUNS_MAX 1001

struct screen {
	int master, slave; /* slave is -1 once screen_give_up_slave() has been called */
	char path[256];
};

void fail(const char *format, ...) __attribute__((format(printf, 1, 2), noreturn));

struct screen screen_open(int columns, int rows);
void screen_give_up_slave(struct screen *screen);
void screen_close(struct screen *screen);

/* Appends at most max bytes of what was written to the terminal; 0 when every writer has closed it. */
size_t screen_read(const struct screen *screen, struct buf *into, size_t max);

/* A clock that only goes forward. */
double now_ms(void);

/* Forks; the child's descriptors 0 and 1 are low, if it is not -1, its 3 is third, if it is not -1. */
pid_t start(char *const argv[], int low, int third);
void await_exit(pid_t child);

/* Sorts the values. */
double median(double *values, size_t n);

/* A whole number from the command line. */
long number(const char *text, long min, long max);

/* All of a file; and a file of all these bytes. */
struct buf file_read(const char *path, size_t max);
void file_write(const char *path, const struct buf *bytes);

#endif
