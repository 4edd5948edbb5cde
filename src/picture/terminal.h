/* The picture process's own open of the operator's terminal. */
#ifndef TILLSYN_PICTURE_TERMINAL_H
#define TILLSYN_PICTURE_TERMINAL_H

#include "base/err.h"

#include <stddef.h>
#include <stdint.h>

/*
 * Its own open, because O_NONBLOCK on an inherited descriptor would hold for the console and the
 * operator's shell too. ERR_IO when it cannot be opened, ERR_UNSUPPORTED when it is not a terminal.
 */
enum err terminal_open(const char *path, int *fd);

/* Writes what goes in at once: *n may be 0. ERR_CLOSED when the terminal is gone. */
enum err terminal_write(int fd, const void *data, size_t len, size_t *n);

/* Takes back what was written and the terminal has not read, whoever wrote it. */
void terminal_discard(int fd);

#endif
