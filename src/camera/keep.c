/* The agent's records as files, each written so that a power cut leaves the old or the new one. */
#include "camera/keep.h"

#include "base/limits.h"
#include "os/file.h"

#include <stdio.h>
#include <stdlib.h>

struct folder {
	char path[PATH_MAX_BYTES];
};

#define FILE_PATH_MAX (PATH_MAX_BYTES + ID_MAX)

static void path_of(const struct folder *folder, const char *name, char path[FILE_PATH_MAX])
{
	snprintf(path, FILE_PATH_MAX, "%s/%.*s", folder->path, ID_MAX - 1, name);
}

static enum err folder_read(void *impl, const char *name, struct buf *out)
{
	char path[FILE_PATH_MAX];

	path_of(impl, name, path);
	return file_read(path, out);
}

static enum err folder_write(void *impl, const char *name, const void *data, size_t len)
{
	char path[FILE_PATH_MAX];

	path_of(impl, name, path);
	return file_write(path, data, len, 0600);
}

enum err keep_folder(struct keep *keep, const char *path)
{
	struct folder *folder;
	enum err err = file_make_folder(path);

	if (err != ERR_OK)
		return err;
	folder = calloc(1, sizeof *folder);
	if (folder == NULL)
		return ERR_MEMORY;
	if (snprintf(folder->path, sizeof folder->path, "%s", path) >= (int)sizeof folder->path) {
		free(folder);
		return ERR_LIMIT;
	}
	*keep = (struct keep){folder, folder_read, folder_write, free};
	return ERR_OK;
}
