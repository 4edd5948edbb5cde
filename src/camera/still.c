/* A folder of JPEG files as a camera: for trying real pictures through the whole chain. */
#include "camera/driver.h"

#include "base/limits.h"
#include "os/file.h"

#include <dirent.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define FILES_MAX 1000

struct still {
	char folder[PATH_MAX_BYTES];
	struct dirent **files;
	int n, at;
	bool open;
};

static int is_jpeg(const struct dirent *entry)
{
	size_t len = strlen(entry->d_name);

	return entry->d_name[0] != '.' && len > 4 && strcasecmp(entry->d_name + len - 4, ".jpg") == 0;
}

static enum err still_open(void *impl, const struct now *now)
{
	struct still *still = impl;

	(void)now;
	still->open = true;
	return ERR_OK;
}

static enum err still_capture(void *impl, const struct now *now, struct buf *jpeg)
{
	struct still *still = impl;
	char path[2 * PATH_MAX_BYTES + 2];

	(void)now;
	if (!still->open)
		return ERR_WRONG_STATE;
	snprintf(path, sizeof path, "%s/%s", still->folder, still->files[still->at]->d_name);
	if (still->at + 1 < still->n)
		still->at++;
	return file_read(path, jpeg);
}

static enum err still_park(void *impl, const struct now *now)
{
	struct still *still = impl;

	(void)now;
	still->open = false;
	return ERR_OK;
}

static enum lens still_lens(void *impl, const struct now *now)
{
	const struct still *still = impl;

	(void)now;
	return still->open ? LENS_OPEN : LENS_PARKED;
}

static void still_free(void *impl)
{
	struct still *still = impl;

	for (int i = 0; i < still->n; i++)
		free(still->files[i]);
	free(still->files);
	free(still);
}

enum err driver_still(struct driver *driver, const char *folder)
{
	struct still *still = calloc(1, sizeof *still);

	if (still == NULL)
		return ERR_MEMORY;
	if (strlen(folder) >= sizeof still->folder) {
		free(still);
		return ERR_LIMIT;
	}
	strcpy(still->folder, folder);
	still->n = scandir(folder, &still->files, is_jpeg, alphasort);
	if (still->n <= 0 || still->n > FILES_MAX) {
		if (still->n < 0)
			still->n = 0;
		still_free(still);
		return ERR_NOT_FOUND;
	}
	*driver = (struct driver){.impl = still, .open = still_open, .capture = still_capture,
	                          .park = still_park, .lens = still_lens, .free = still_free};
	return ERR_OK;
}
