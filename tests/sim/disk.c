/* See disk.h. A file is what is on the platter, what the system shows, and the writes between the two. */
#include "disk.h"

#include <sqlite3.h>

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FILES_MAX = 4, DISK_NAME_MAX = 300, SECTOR = 512 };

struct bytes {
	uint8_t *data;
	size_t len, room;
};

/* A write, or with no data a new length. */
struct write {
	size_t at, len;
	uint8_t *data;
};

struct file {
	char name[DISK_NAME_MAX]; /* empty: no file */
	struct bytes platter, shown;
	struct write *write;
	size_t n, room;
	struct bytes before;  /* the platter before the latest sync */
};

struct disk {
	struct random *random;
	struct file file[FILES_MAX];
	bool frozen, full;
	bool remembers;         /* what was there before a sync, for a disk that lies about it */
	int64_t freeze_in;
	void (*wrote)(void *arg);
	void *arg;
};

/* An open one, as SQLite has it. */
struct handle {
	sqlite3_file base;
	struct disk *disk;
	struct file *file;
};

static struct disk *used;

static void *must(void *memory)
{
	if (memory == NULL)
		abort();
	return memory;
}

static void reach(struct bytes *bytes, size_t len)
{
	if (len > bytes->room) {
		bytes->room = len + len / 2 + 4096;
		bytes->data = must(realloc(bytes->data, bytes->room));
	}
	if (len > bytes->len) {
		memset(bytes->data + bytes->len, 0, len - bytes->len);
		bytes->len = len;
	}
}

static void apply(struct bytes *bytes, const struct write *write, size_t len)
{
	if (write->data == NULL) {
		reach(bytes, write->at);
		bytes->len = write->at;
		return;
	}
	if (len == 0)
		return;
	reach(bytes, write->at + len);
	memcpy(bytes->data + write->at, write->data, len);
}

static void copy_bytes(struct bytes *to, const struct bytes *from)
{
	to->len = 0;
	reach(to, from->len);
	if (from->len > 0)
		memcpy(to->data, from->data, from->len);
}

static void forget_writes(struct file *file, size_t n)
{
	for (size_t i = 0; i < n; i++)
		free(file->write[i].data);
	if (n < file->n)
		memmove(file->write, file->write + n, (file->n - n) * sizeof *file->write);
	file->n -= n;
}

static void forget_file(struct file *file)
{
	forget_writes(file, file->n);
	file->platter.len = file->shown.len = file->before.len = 0;
	file->name[0] = '\0';
}

static void drop_file(struct file *file)
{
	forget_file(file);
	free(file->write);
	free(file->platter.data);
	free(file->shown.data);
	free(file->before.data);
}

static struct file *find(struct disk *disk, const char *name)
{
	for (int i = 0; i < FILES_MAX; i++)
		if (strcmp(disk->file[i].name, name) == 0)
			return &disk->file[i];
	return NULL;
}

/* What is left of the writes that were under way: each is kept, lost, or torn at a sector. */
static void lose(struct random *random, struct bytes *bytes, const struct file *file)
{
	int64_t roll = random_below(random, 4);

	for (size_t i = 0; i < file->n; i++) {
		const struct write *write = &file->write[i];
		size_t len = write->len;

		/* Nothing kept, everything kept, or each by its own luck. */
		if (roll == 0 || (roll > 1 && random_chance(random, 500)))
			continue;
		if (roll == 3 && len > SECTOR && random_chance(random, 300))
			len = (size_t)random_below(random, (int64_t)(len / SECTOR)) * SECTOR;
		apply(bytes, write, len);
	}
}

void disk_after_cut(const struct disk *disk, bool lies, struct disk *after)
{
	for (int i = 0; i < FILES_MAX; i++) {
		struct file *file = &after->file[i];

		forget_file(file);
		if (disk->file[i].name[0] == '\0')
			continue;
		memcpy(file->name, disk->file[i].name, sizeof file->name);
		copy_bytes(&file->platter, lies ? &disk->file[i].before : &disk->file[i].platter);
		lose(disk->random, &file->platter, &disk->file[i]);
		copy_bytes(&file->shown, &file->platter);
	}
}

void disk_cut(struct disk *disk)
{
	for (int i = 0; i < FILES_MAX; i++) {
		struct file *file = &disk->file[i];

		lose(disk->random, &file->platter, file);
		forget_writes(file, file->n);
		copy_bytes(&file->shown, &file->platter);
	}
	disk->frozen = true;
}

/* True when it may go on. */
static bool count(struct disk *disk)
{
	if (disk->freeze_in > 0 && --disk->freeze_in == 0)
		disk->frozen = true;
	return !disk->frozen;
}

static void tell(struct disk *disk)
{
	if (disk->wrote != NULL)
		disk->wrote(disk->arg);
}

static int put(struct handle *handle, const void *data, size_t len, size_t at)
{
	struct file *file = handle->file;
	struct write *write;

	if (!count(handle->disk))
		return SQLITE_IOERR_WRITE;
	if (handle->disk->full && data != NULL && at + len > file->shown.len)
		return SQLITE_FULL;
	if (file->n == file->room) {
		file->room = file->room ? 2 * file->room : 64;
		file->write = must(reallocarray(file->write, file->room, sizeof *write));
	}
	write = &file->write[file->n++];
	*write = (struct write){.at = at, .len = len};
	if (data != NULL) {
		write->data = must(malloc(len));
		memcpy(write->data, data, len);
	}
	apply(&file->shown, write, len);
	tell(handle->disk);
	return SQLITE_OK;
}

/* SQLite's methods of an open file. */

static int on_close(sqlite3_file *file)
{
	(void)file;
	return SQLITE_OK;
}

static int on_read(sqlite3_file *base, void *out, int amount, sqlite3_int64 offset)
{
	const struct bytes *shown = &((struct handle *)base)->file->shown;
	size_t at = (size_t)offset, len = (size_t)amount;
	size_t n = at >= shown->len ? 0 : shown->len - at < len ? shown->len - at : len;

	if (((struct handle *)base)->disk->frozen)
		return SQLITE_IOERR_READ;
	if (n > 0)
		memcpy(out, shown->data + at, n);
	if (n == len)
		return SQLITE_OK;
	memset((uint8_t *)out + n, 0, len - n);
	return SQLITE_IOERR_SHORT_READ;
}

static int on_write(sqlite3_file *base, const void *data, int amount, sqlite3_int64 offset)
{
	return put((struct handle *)base, data, (size_t)amount, (size_t)offset);
}

static int on_truncate(sqlite3_file *base, sqlite3_int64 size)
{
	return put((struct handle *)base, NULL, 0, (size_t)size);
}

static int on_sync(sqlite3_file *base, int flags)
{
	struct handle *handle = (struct handle *)base;
	struct file *file = handle->file;

	(void)flags;
	if (!count(handle->disk))
		return SQLITE_IOERR_FSYNC;
	if (handle->disk->remembers)
		copy_bytes(&file->before, &file->platter);
	for (size_t i = 0; i < file->n; i++)
		apply(&file->platter, &file->write[i], file->write[i].len);
	forget_writes(file, file->n);
	tell(handle->disk);
	return SQLITE_OK;
}

static int on_size(sqlite3_file *base, sqlite3_int64 *size)
{
	*size = (sqlite3_int64)((struct handle *)base)->file->shown.len;
	return SQLITE_OK;
}

static int on_lock(sqlite3_file *file, int level)
{
	(void)file;
	(void)level;
	return SQLITE_OK;
}

static int on_reserved(sqlite3_file *file, int *out)
{
	(void)file;
	*out = 0;
	return SQLITE_OK;
}

static int on_control(sqlite3_file *file, int op, void *arg)
{
	(void)file;
	(void)op;
	(void)arg;
	return SQLITE_NOTFOUND;
}

static int sector_size(sqlite3_file *file)
{
	(void)file;
	return 4096;
}

static int characteristics(sqlite3_file *file)
{
	(void)file;
	return SQLITE_IOCAP_POWERSAFE_OVERWRITE;
}

static const sqlite3_io_methods methods = {
	.iVersion = 1, .xClose = on_close, .xRead = on_read, .xWrite = on_write, .xTruncate = on_truncate,
	.xSync = on_sync, .xFileSize = on_size, .xLock = on_lock, .xUnlock = on_lock,
	.xCheckReservedLock = on_reserved, .xFileControl = on_control, .xSectorSize = sector_size,
	.xDeviceCharacteristics = characteristics,
};

/* And of the file system. */

static int fs_open(sqlite3_vfs *vfs, sqlite3_filename name, sqlite3_file *base, int flags, int *out)
{
	struct handle *handle = (struct handle *)base;
	struct file *file;

	(void)vfs;
	handle->base.pMethods = NULL;
	if (name == NULL || used == NULL)
		return SQLITE_CANTOPEN; /* nothing of ours needs a nameless file: temp_store is memory */
	file = find(used, name);
	if (file == NULL && (flags & (SQLITE_OPEN_CREATE | SQLITE_OPEN_MAIN_DB)) != 0 && (file = find(used, "")) != NULL)
		snprintf(file->name, sizeof file->name, "%s", name);
	if (file == NULL)
		return SQLITE_CANTOPEN;
	handle->disk = used;
	handle->file = file;
	handle->base.pMethods = &methods;
	if (out != NULL)
		*out = flags;
	return SQLITE_OK;
}

/* A directory's entry is durable at once: journals are deleted by a journalling file system. */
static int fs_delete(sqlite3_vfs *vfs, const char *name, int sync)
{
	struct file *file = find(used, name);

	(void)vfs;
	(void)sync;
	if (!count(used))
		return SQLITE_IOERR_DELETE;
	if (file == NULL)
		return SQLITE_IOERR_DELETE_NOENT;
	forget_file(file);
	tell(used);
	return SQLITE_OK;
}

static int fs_access(sqlite3_vfs *vfs, const char *name, int flags, int *out)
{
	(void)vfs;
	(void)flags;
	*out = find(used, name) != NULL;
	return SQLITE_OK;
}

static int fs_path(sqlite3_vfs *vfs, const char *name, int room, char *out)
{
	(void)vfs;
	snprintf(out, (size_t)room, "%s", name);
	return SQLITE_OK;
}

static int fs_randomness(sqlite3_vfs *vfs, int len, char *out)
{
	(void)vfs;
	random_fill(used->random, out, (size_t)len);
	return len;
}

static int fs_sleep(sqlite3_vfs *vfs, int microseconds)
{
	(void)vfs;
	return microseconds;
}

static int fs_time(sqlite3_vfs *vfs, sqlite3_int64 *out)
{
	(void)vfs;
	*out = INT64_C(210866803200000); /* 1970, in milliseconds of Julian days; nothing of ours asks */
	return SQLITE_OK;
}

static int fs_time_double(sqlite3_vfs *vfs, double *out)
{
	(void)vfs;
	*out = 2440587.5;
	return SQLITE_OK;
}

static int fs_error(sqlite3_vfs *vfs, int len, char *out)
{
	(void)vfs;
	(void)len;
	(void)out;
	return 0;
}

static sqlite3_vfs file_system = {
	.iVersion = 2, .szOsFile = sizeof(struct handle), .mxPathname = DISK_NAME_MAX, .zName = "sim",
	.xOpen = fs_open, .xDelete = fs_delete, .xAccess = fs_access, .xFullPathname = fs_path,
	.xRandomness = fs_randomness, .xSleep = fs_sleep, .xCurrentTime = fs_time_double,
	.xGetLastError = fs_error, .xCurrentTimeInt64 = fs_time,
};

struct disk *disk_new(struct random *random)
{
	struct disk *disk = must(calloc(1, sizeof *disk));

	disk->random = random;
	if (used == NULL) {
		used = disk;
		if (sqlite3_vfs_register(&file_system, 1) != SQLITE_OK)
			abort();
	}
	return disk;
}

void disk_free(struct disk *disk)
{
	if (disk == NULL)
		return;
	for (int i = 0; i < FILES_MAX; i++)
		drop_file(&disk->file[i]);
	free(disk);
}

void disk_use(struct disk *disk)
{
	used = disk;
}

void disk_freeze(struct disk *disk, bool frozen)
{
	disk->frozen = frozen;
	disk->freeze_in = 0;
}

void disk_freeze_in(struct disk *disk, int64_t writes)
{
	disk->freeze_in = writes;
}

bool disk_is_frozen(const struct disk *disk)
{
	return disk->frozen;
}

void disk_fill(struct disk *disk, bool full)
{
	disk->full = full;
}

void disk_watch(struct disk *disk, void (*wrote)(void *arg), void *arg)
{
	disk->wrote = wrote;
	disk->remembers = wrote != NULL;
	disk->arg = arg;
}
