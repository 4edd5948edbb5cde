/* Whole small files: read bounded, written so that a crash leaves the old or the new one. */
#ifndef TILLSYN_OS_FILE_H
#define TILLSYN_OS_FILE_H

#include "base/buf.h"
#include "base/err.h"

#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/types.h>

/* Appends the file's bytes to out, up to out->max. ERR_NOT_FOUND, ERR_LIMIT, ERR_IO. */
enum err file_read(const char *path, struct buf *out);
/*
 * As file_read, but ERR_DENIED unless it is a regular file of ours (or root's) that nobody else can
 * read.
 */
enum err file_read_secret(const char *path, struct buf *out);
/* Temporary file beside it, fsync, rename, fsync of the folder. */
enum err file_write(const char *path, const void *data, size_t len, mode_t mode);

/* A file that is written piece by piece, and is there under its name only when it is whole. */
struct file_draft {
	FILE *stream; /* to write to */
	char path[PATH_MAX], temporary[PATH_MAX];
};

enum err file_draft_begin(struct file_draft *draft, const char *path, mode_t mode);
/* As the end of file_write(). After an error nothing of it is left, and errno says why. */
enum err file_draft_keep(struct file_draft *draft);
void file_draft_drop(struct file_draft *draft);

/* Creates the folder and its parents, mode 0700. */
enum err file_make_folder(const char *path);

#endif
