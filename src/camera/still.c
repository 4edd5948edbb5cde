/*
 * A folder of JPEG files in a camera's place: real pictures, or wrong ones, for tests and for
 * showing the service on pictures of one's own. The files are given as they are, but for a comment
 * that has the instant of the exposure: a scene that stands still is not a camera that has frozen,
 * and no sensor gives the same bytes twice, not even after a restart.
 */
#include "camera/driver.h"

#include "base/limits.h"
#include "os/file.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define EXPOSE_MS 200
#define MOVE_MS 100

struct still {
	int n_files, next;
	struct dirent **file; /* scandir's */
	const char *name;     /* of the latest opening */
	int64_t opened_utc_ms;
	enum lens target;
	int64_t ordered_ms;
	char folder[PATH_MAX_BYTES];
};

static enum err still_open(void *impl, const struct now *now)
{
	struct still *still = impl;

	still->name = still->file[still->next]->d_name;
	if (still->next + 1 < still->n_files)
		still->next++;
	still->opened_utc_ms = now->utc_ms;
	still->target = LENS_OPEN;
	still->ordered_ms = now->elapsed_ms;
	return ERR_OK;
}

/* The picture with our comment (a COM segment, T.81 B.2.4.5) behind its start marker. */
static enum err add_picture(const struct buf *file, int64_t utc_ms, struct buf *jpeg)
{
	uint8_t segment[4 + 16] = {0xff, 0xfe, 0, sizeof segment - 2};
	size_t start = file->len >= 2 && file->data[0] == 0xff && file->data[1] == 0xd8 ? 2 : 0;
	enum err err = buf_add(jpeg, file->data, start);

	for (int i = 0; i < 16; i++)
		segment[4 + i] = (uint8_t)('a' + ((uint64_t)utc_ms >> (4 * i) & 15));
	if (err == ERR_OK && start > 0)
		err = buf_add(jpeg, segment, sizeof segment);
	return err != ERR_OK ? err : buf_add(jpeg, file->data + start, file->len - start);
}

static enum err still_capture(void *impl, const struct now *now, struct buf *jpeg)
{
	struct still *still = impl;
	char path[PATH_MAX_BYTES + sizeof still->file[0]->d_name + 1];
	struct buf file = buf_new(JPEG_MAX_BYTES);
	enum err err;

	if (still->target != LENS_OPEN)
		return ERR_IO;
	if (now->elapsed_ms - still->ordered_ms < EXPOSE_MS)
		return ERR_NOT_YET;
	snprintf(path, sizeof path, "%s/%s", still->folder, still->name);
	err = file_read(path, &file);
	if (err == ERR_OK && file.len > 0)
		err = add_picture(&file, still->opened_utc_ms, jpeg);
	if (file.data != NULL)
		explicit_bzero(file.data, file.len);
	buf_free(&file);
	return err;
}

static enum err still_park(void *impl, const struct now *now)
{
	struct still *still = impl;

	if (still->target == LENS_OPEN)
		still->ordered_ms = now->elapsed_ms;
	still->target = LENS_PARKED;
	return ERR_OK;
}

static enum lens still_lens(void *impl, const struct now *now)
{
	const struct still *still = impl;
	bool arrived = now->elapsed_ms - still->ordered_ms >= MOVE_MS;

	return still->target == LENS_PARKED && arrived ? LENS_PARKED : LENS_OPEN;
}

static void still_free(void *impl)
{
	struct still *still = impl;

	for (int i = 0; i < still->n_files; i++)
		free(still->file[i]);
	free(still->file);
	free(still);
}

static int is_picture(const struct dirent *entry)
{
	size_t len = strlen(entry->d_name);

	return entry->d_name[0] != '.' && len > 4 && strcmp(entry->d_name + len - 4, ".jpg") == 0;
}

/* Not alphasort(): that follows the locale, and the order is a test's script. */
static int by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

enum err driver_still(struct driver *driver, const char *folder)
{
	struct still *still = calloc(1, sizeof *still);

	if (still == NULL)
		return ERR_MEMORY;
	if (snprintf(still->folder, sizeof still->folder, "%s", folder)
	    >= (int)sizeof still->folder)
		still->n_files = 0;
	else
		still->n_files = scandir(folder, &still->file, is_picture, by_name);
	if (still->n_files <= 0) {
		still->n_files = 0;
		still_free(still);
		return ERR_NOT_FOUND;
	}
	still->target = LENS_PARKED;
	still->ordered_ms = INT64_MIN / 2;
	*driver = (struct driver){
		.impl = still,
		.open = still_open,
		.capture = still_capture,
		.park = still_park,
		.lens = still_lens,
		.free = still_free,
	};
	return ERR_OK;
}
