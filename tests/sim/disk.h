/*
 * A disk that can lose power: SQLite's files in memory, through a VFS of our own. What was written and not
 * synced may be there after a cut, or not, each write for itself; a disk that lies has not done what it said.
 * One disk a process, since SQLite finds its VFS by itself.
 */
#ifndef TESTS_SIM_DISK_H
#define TESTS_SIM_DISK_H

#include "random.h"

#include <stdbool.h>
#include <stdint.h>

struct disk;

/* The first use makes it SQLite's own file system. The random numbers are SQLite's, and the cuts'. */
struct disk *disk_new(struct random *random);
void disk_free(struct disk *disk);
/* The one that files are opened on from now on. */
void disk_use(struct disk *disk);
/* Makes another disk what this one would be after a cut now; lies: its latest sync of each file did nothing. */
void disk_after_cut(const struct disk *disk, bool lies, struct disk *after);
/* Nothing goes to it any more, as for a process that is dead; or it does again. */
void disk_freeze(struct disk *disk, bool frozen);
/* The power fails: what is lost is lost, and it stands frozen until disk_freeze(false). */
void disk_cut(struct disk *disk);
/* Freezes by itself at the n-th write from now, before or in the middle of it. */
void disk_freeze_in(struct disk *disk, int64_t writes);
bool disk_is_frozen(const struct disk *disk);
/* Full: writes beyond the end of a file fail. */
void disk_fill(struct disk *disk, bool full);
/* Called after each write and sync, for whoever cuts there. */
void disk_watch(struct disk *disk, void (*wrote)(void *arg), void *arg);

#endif
