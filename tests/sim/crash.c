/*
 * Crash points: after every write of a night the disk is looked at as a power cut would leave it, with any
 * subset of what was not synced, and the store is opened on that. Whatever was committed is there, whole;
 * what was being committed is there whole or not at all; and now and then a hub is started on it.
 */
#include "world.h"

#include <sqlite3.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* How many of the points are looked at more closely. */
enum { LOOK_THROUGH_EVERY = 40, START_EVERY = 400, LIE_EVERY = 25 };

static void nowhere(void *arg, int64_t session, const void *data, size_t len, bool binary)
{
	(void)arg;
	(void)session;
	(void)data;
	(void)len;
	(void)binary;
}

static void closed(void *arg, int64_t session, const char *why)
{
	(void)arg;
	(void)session;
	(void)why;
}

static enum err taken(void *impl, const struct pager_message *message)
{
	(void)impl;
	(void)message;
	return ERR_OK;
}

static enum err silent(void *impl, int64_t id, const struct notary_order *order, signer_ready_fn *ready, void *arg)
{
	(void)impl;
	(void)id;
	(void)order;
	(void)ready;
	(void)arg;
	return ERR_OK;
}

static uint64_t nothing_signed(void *impl)
{
	(void)impl;
	return 0;
}

static void start_hub(struct world *world, const struct store *store)
{
	struct pager pager = {.send = taken};
	struct signer signer = {.last = nothing_signed, .sign = silent};
	struct hub_parts parts = {.settings = &world->centre.settings, .store = store, .crypto = world->crypto,
	                          .zone = &world->centre.zone, .pager = &pager, .signer = &signer,
	                          .ports = {.send = nowhere, .close = closed}};
	struct now now = centre_now(world);
	struct hub *hub;
	char fault[REASON_MAX_BYTES];

	if (hub_start(&parts, &now, &hub, fault) != ERR_OK)
		history_fail(world, "crash-start", "a hub does not start on what a cut left: %s", fault);
	hub_free(hub);
}

static int says_ok(void *arg, int n, char **text, char **names)
{
	(void)names;
	if (n < 1 || strcmp(text[0], "ok") != 0)
		*(bool *)arg = false;
	return 0;
}

static void look_through(struct world *world, const char *path)
{
	sqlite3 *db = NULL;
	bool good = true;

	if (sqlite3_open(path, &db) != SQLITE_OK
	    || sqlite3_exec(db, "PRAGMA locking_mode = EXCLUSIVE", NULL, NULL, NULL) != SQLITE_OK
	    || sqlite3_exec(db, "PRAGMA integrity_check", says_ok, &good, NULL) != SQLITE_OK)
		good = false;
	sqlite3_close(db);
	if (!good)
		history_fail(world, "crash-damage", "what a cut left is damaged");
}

static void judge(struct world *world, const struct store *store)
{
	const struct hall *centre = &world->centre;
	struct log_row row;
	int64_t size = -1;

	if (store->log_sequence(store->impl, &size) != ERR_OK)
		history_fail(world, "crash-read", "the log cannot be read after a cut");
	if (size < centre->rows_committed)
		history_fail(world, "crash-lost", "%lld committed entries of the log are lost",
		             (long long)(centre->rows_committed - size));
	if (size != centre->rows_committed && size != centre->rows_committed + centre->rows_open)
		history_fail(world, "crash-torn", "a transaction of %lld entries left %lld of them",
		             (long long)centre->rows_open, (long long)(size - centre->rows_committed));
	if (centre->last_row != 0
	    && (store->log_get(store->impl, centre->last_row, &row) != ERR_OK
	        || memcmp(row.leaf, centre->last_leaf, HASH_BYTES) != 0))
		history_fail(world, "crash-lost", "the latest committed entry is another after a cut");
}

static void try_point(struct world *world, bool lies)
{
	int64_t point = ++world->counts.crash_points;
	char fault[REASON_MAX_BYTES], path[64];
	struct store store;
	enum err r;

	disk_after_cut(world->disk, lies, world->cut_disk);
	disk_use(world->cut_disk);
	centre_path(path);
	r = store_sqlite(&store, path, fault);
	/* What a disk has lied about may be damaged beyond use; it must be said, and nothing more. */
	if (r != ERR_OK && !(lies && fault[0] != '\0'))
		history_fail(world, "crash-open", "the store does not open after a cut: %s", fault);
	if (r == ERR_OK && !lies) {
		judge(world, &store);
		if (point % START_EVERY == 0)
			start_hub(world, &store);
	}
	if (r == ERR_OK)
		store.close(store.impl);
	if (!lies && point % LOOK_THROUGH_EVERY == 0)
		look_through(world, path);
	unlink(path);
	disk_use(world->disk);
}

static void wrote(void *arg)
{
	struct world *world = arg;

	if (world->counts.crash_points >= world->spec.crash_points)
		return;
	for (int i = 0; i < 2; i++)
		try_point(world, false);
	if (++world->counts.crash_writes % LIE_EVERY == 0)
		try_point(world, true);
}

void crash_watch(struct world *world)
{
	world->cut_disk = disk_new(&world->disk_random);
	disk_watch(world->disk, wrote, world);
}
