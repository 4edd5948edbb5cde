/*
 * Watching a file that people edit. Editors write a new file and rename it over the old one, which
 * a watch of the file itself would go on following into oblivion; so its folder is watched, or
 * while that does not exist the nearest one above. A link's target is watched besides. What was
 * seen is told when it has been quiet for a moment, since a file is written in several steps.
 * Nothing is polled.
 */
#include "net/loop_inner.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Longer than an editor takes from its first write to its rename, shorter than anybody waits. */
enum { QUIET_MS = 100 };

/* A folder that is made while we look for it is looked for again; not for ever. */
enum { ARM_TRIES = 4 };

struct file_watch {
	uv_fs_event_t folder, target;
	uv_timer_t quiet;
	int open;       /* handles that libuv has not let go of */
	char *path;     /* of the file */
	char *watched;  /* the folder that is watched now, "" = none */
	const char *next; /* in path: what is waited for in that folder */
	loop_fn *fn;
	void *arg;
};

static void arm(struct file_watch *watch);

static void on_quiet(uv_timer_t *handle)
{
	struct file_watch *watch = handle->data;

	/* First: what changes from here on is seen again. */
	arm(watch);
	watch->fn(watch->arg);
}

static void wait_for_quiet(struct file_watch *watch)
{
	uv_timer_start(&watch->quiet, on_quiet, QUIET_MS, 0);
}

/* Whether name is the first part of rest. */
static bool is_part(const char *name, const char *rest)
{
	size_t len = strcspn(rest, "/");

	return strlen(name) == len && memcmp(name, rest, len) == 0;
}

static const char *last_part(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash != NULL ? slash + 1 : path;
}

/* Other files of the folder are nobody's business; the folder itself may go. */
static void on_folder(uv_fs_event_t *handle, const char *name, int events, int status)
{
	struct file_watch *watch = handle->data;

	(void)events;
	if (status != 0 || name == NULL || is_part(name, watch->next)
	    || strcmp(name, last_part(watch->watched)) == 0)
		wait_for_quiet(watch);
}

static void on_target(uv_fs_event_t *handle, const char *name, int events, int status)
{
	(void)name;
	(void)events;
	(void)status;
	wait_for_quiet(handle->data);
}

/* Puts the folder of path's part before next into watched: "/" and "." where there is no other. */
static void name_folder(struct file_watch *watch)
{
	size_t len = (size_t)(watch->next - watch->path);

	while (len > 1 && watch->path[len - 1] == '/')
		len--;
	memcpy(watch->watched, len > 0 ? watch->path : ".", len > 0 ? len : 1);
	watch->watched[len > 0 ? len : 1] = '\0';
}

/* One part further up; false at the top. */
static bool go_up(struct file_watch *watch)
{
	const char *at = watch->next;

	while (at > watch->path && at[-1] == '/')
		at--;
	if (at == watch->path)
		return false;
	while (at > watch->path && at[-1] != '/')
		at--;
	watch->next = at;
	return true;
}

/* Whether the folder below the one that is watched has come meanwhile. */
static bool is_outrun(const struct file_watch *watch)
{
	size_t len = (size_t)(watch->next - watch->path) + strcspn(watch->next, "/");
	char below[PATH_MAX];

	if (watch->path[len] == '\0' || len >= sizeof below)
		return false;
	memcpy(below, watch->path, len);
	below[len] = '\0';
	return access(below, X_OK) == 0;
}

static void watch_folder(struct file_watch *watch)
{
	uv_fs_event_stop(&watch->folder);
	watch->next = last_part(watch->path);
	do {
		name_folder(watch);
		if (uv_fs_event_start(&watch->folder, on_folder, watch->watched, 0) == 0)
			return;
	} while (go_up(watch));
	watch->watched[0] = '\0';
}

static void watch_target(struct file_watch *watch)
{
	struct stat link;

	uv_fs_event_stop(&watch->target);
	if (lstat(watch->path, &link) == 0 && S_ISLNK(link.st_mode))
		uv_fs_event_start(&watch->target, on_target, watch->path, 0);
}

static void arm(struct file_watch *watch)
{
	int tries = 0;

	do
		watch_folder(watch);
	while (watch->watched[0] != '\0' && is_outrun(watch) && ++tries < ARM_TRIES);
	watch_target(watch);
}

static void on_closed(uv_handle_t *handle)
{
	struct file_watch *watch = handle->data;

	if (--watch->open > 0)
		return;
	free(watch->path);
	free(watch->watched);
	free(watch);
}

void file_watch_close(struct file_watch *watch)
{
	uv_close((uv_handle_t *)&watch->folder, on_closed);
	uv_close((uv_handle_t *)&watch->target, on_closed);
	uv_close((uv_handle_t *)&watch->quiet, on_closed);
}

struct file_watch *file_watch_new(uv_loop_t *loop, const char *path, loop_fn *fn, void *arg)
{
	struct file_watch *watch = calloc(1, sizeof *watch);

	if (watch == NULL)
		return NULL;
	watch->path = strdup(path);
	watch->watched = calloc(1, strlen(path) + 2);
	if (watch->path == NULL || watch->watched == NULL) {
		free(watch->path);
		free(watch->watched);
		free(watch);
		return NULL;
	}
	watch->fn = fn;
	watch->arg = arg;
	watch->open = 3;
	watch->folder.data = watch->target.data = watch->quiet.data = watch;
	uv_fs_event_init(loop, &watch->folder);
	uv_fs_event_init(loop, &watch->target);
	uv_timer_init(loop, &watch->quiet);
	arm(watch);
	return watch;
}

bool file_watch_is_armed(const struct file_watch *watch)
{
	return watch->watched[0] != '\0';
}
