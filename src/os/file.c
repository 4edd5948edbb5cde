/*
 * Whole small files. What is written here (keys, agreements, configuration) must survive a power
 * cut as either the old file or the new one, so every write goes through a temporary file, fsync
 * and rename.
 */
#include "os/file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* O_NONBLOCK, so that a FIFO in a file's place does not hang the program. */
static enum err open_to_read(const char *path, int *fd)
{
	*fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (*fd >= 0)
		return ERR_OK;
	return errno == ENOENT || errno == ENOTDIR ? ERR_NOT_FOUND : ERR_IO;
}

/* A FIFO would read as an empty file: as settings that are all left at their defaults. */
static bool is_fifo(int fd)
{
	struct stat about;

	return fstat(fd, &about) == 0 && S_ISFIFO(about.st_mode);
}

static enum err read_all(int fd, struct buf *out)
{
	uint8_t chunk[8192];
	size_t len_before = out->len;
	enum err err = ERR_OK;
	ssize_t len;

	do {
		len = read(fd, chunk, sizeof chunk);
		if (len > 0)
			err = buf_add(out, chunk, (size_t)len);
		else if (len < 0 && errno != EINTR)
			err = ERR_IO;
	} while (err == ERR_OK && len != 0);
	if (err != ERR_OK)
		out->len = len_before;
	/* It may have been a key. */
	explicit_bzero(chunk, sizeof chunk);
	return err;
}

enum err file_read(const char *path, struct buf *out)
{
	int fd;
	enum err err = open_to_read(path, &fd);

	if (err != ERR_OK)
		return err;
	err = is_fifo(fd) ? ERR_IO : read_all(fd, out);
	close(fd);
	return err;
}

/* Asked of the open file, not of its path, so that nobody can exchange it in between. */
static enum err check_secret(int fd)
{
	struct stat about;

	if (fstat(fd, &about) != 0)
		return ERR_IO;
	if (!S_ISREG(about.st_mode) || (about.st_mode & (S_IRWXG | S_IRWXO)) != 0)
		return ERR_DENIED;
	return about.st_uid == geteuid() || about.st_uid == 0 ? ERR_OK : ERR_DENIED;
}

enum err file_read_secret(const char *path, struct buf *out)
{
	int fd;
	enum err err = open_to_read(path, &fd);

	if (err != ERR_OK)
		return err;
	err = check_secret(fd);
	if (err == ERR_OK)
		err = read_all(fd, out);
	close(fd);
	return err;
}

static enum err write_all(int fd, const uint8_t *data, size_t len)
{
	while (len > 0) {
		ssize_t written = write(fd, data, len);

		if (written < 0 && errno == EINTR)
			continue;
		if (written <= 0)
			return ERR_IO;
		data += written;
		len -= (size_t)written;
	}
	return ERR_OK;
}

/* The rename itself is on disk only when the folder is. */
static enum err sync_folder_of(const char *path)
{
	char folder[PATH_MAX];
	const char *slash = strrchr(path, '/');
	size_t len = slash == NULL ? 0 : (size_t)(slash - path);
	enum err err = ERR_OK;
	int fd;

	if (slash == NULL)
		snprintf(folder, sizeof folder, ".");
	else
		snprintf(folder, sizeof folder, "%.*s/", (int)len, path);
	fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return ERR_IO;
	if (fsync(fd) != 0)
		err = ERR_IO;
	close(fd);
	return err;
}

static enum err fill_temporary(int fd, const void *data, size_t len, mode_t mode)
{
	enum err err = write_all(fd, data, len);

	if (err == ERR_OK && (fchmod(fd, mode) != 0 || fsync(fd) != 0))
		err = ERR_IO;
	if (close(fd) != 0 && err == ERR_OK)
		err = ERR_IO;
	return err;
}

enum err file_write(const char *path, const void *data, size_t len, mode_t mode)
{
	char temporary[PATH_MAX];
	enum err err;
	int fd;

	if (snprintf(temporary, sizeof temporary, "%s.XXXXXX", path) >= (int)sizeof temporary)
		return ERR_LIMIT;
	fd = mkostemp(temporary, O_CLOEXEC);
	if (fd < 0)
		return ERR_IO;
	err = fill_temporary(fd, data, len, mode);
	if (err == ERR_OK && rename(temporary, path) != 0)
		err = ERR_IO;
	if (err != ERR_OK) {
		int error = errno;

		unlink(temporary);
		errno = error;
		return err;
	}
	return sync_folder_of(path);
}

enum err file_draft_begin(struct file_draft *draft, const char *path, mode_t mode)
{
	int fd;

	if (snprintf(draft->path, sizeof draft->path, "%s", path) >= (int)sizeof draft->path
	    || snprintf(draft->temporary, sizeof draft->temporary, "%s.XXXXXX", path)
	               >= (int)sizeof draft->temporary)
		return ERR_LIMIT;
	fd = mkostemp(draft->temporary, O_CLOEXEC);
	if (fd < 0)
		return ERR_IO;
	draft->stream = fchmod(fd, mode) == 0 ? fdopen(fd, "w") : NULL;
	if (draft->stream != NULL)
		return ERR_OK;
	close(fd);
	unlink(draft->temporary);
	return ERR_IO;
}

void file_draft_drop(struct file_draft *draft)
{
	int error = errno;

	if (draft->stream != NULL)
		fclose(draft->stream);
	draft->stream = NULL;
	unlink(draft->temporary);
	errno = error;
}

enum err file_draft_keep(struct file_draft *draft)
{
	bool whole = fflush(draft->stream) == 0 && !ferror(draft->stream)
	             && fsync(fileno(draft->stream)) == 0;

	whole = fclose(draft->stream) == 0 && whole;
	draft->stream = NULL;
	if (whole && rename(draft->temporary, draft->path) == 0)
		return sync_folder_of(draft->path);
	file_draft_drop(draft);
	return ERR_IO;
}

/* Existing is as good as made, if it is a folder. */
static enum err make_one(const char *path)
{
	struct stat about;

	if (mkdir(path, 0700) == 0)
		return ERR_OK;
	if (errno != EEXIST || stat(path, &about) != 0)
		return ERR_IO;
	return S_ISDIR(about.st_mode) ? ERR_OK : ERR_EXISTS;
}

enum err file_make_folder(const char *path)
{
	char part[PATH_MAX];
	enum err err = ERR_OK;
	char *at;

	if (snprintf(part, sizeof part, "%s", path) >= (int)sizeof part)
		return ERR_LIMIT;
	for (at = part + strspn(part, "/"); err == ERR_OK && (at = strchr(at, '/')) != NULL; at++) {
		*at = '\0';
		err = make_one(part);
		*at = '/';
	}
	return err == ERR_OK ? make_one(part) : err;
}
