/*
 * The centre: the real hub on its store, between the sockets and the clock that tillsynd has. A death can
 * come between two entries, or inside one at any commit, before it or behind it; nothing that the entry
 * still does then leaves the process.
 */
#include "world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static struct hall *centre_of(void)
{
	return &history_world->centre;
}

/* The store's own door, with a hook on what the invariants want to hear of. */

static enum err hook_begin(void *impl)
{
	struct hall *centre = centre_of();

	return centre->dead ? ERR_IO : centre->inner.begin(impl);
}

static void note_look(struct world *world, int64_t look)
{
	while ((int64_t)world->looks.n < look)
		list_new(&world->looks, sizeof(struct look_seen));
	((struct look_seen *)world->looks.items)[look - 1].recorded = true;
}

/* The transaction is committed: what it recorded is in the log. */
static void records_stand(struct world *world)
{
	struct list *recording = &world->centre.recording;
	const struct recorded *recorded = recording->items;

	for (size_t i = 0; i < recording->n; i++) {
		struct home *home = town_home_of(world, recorded[i].resident);

		if (recorded[i].type == LOG_PERMIT_RECORDED)
			note_look(world, recorded[i].look);
		else if (recorded[i].type == LOG_WITHDRAWN && home != NULL)
			home->withdrawn_ms = world->now_ms;
		else if (home != NULL)
			home->paused_ms = recorded[i].type == LOG_PAUSED ? world->now_ms : 0;
	}
	recording->n = 0;
}

static void rows_stand(struct hall *centre)
{
	centre->rows_committed += centre->rows_open;
	if (centre->rows_open > 0) {
		centre->last_row = centre->open_row;
		memcpy(centre->last_leaf, centre->open_leaf, HASH_BYTES);
	}
}

static void hook_rollback(void *impl)
{
	struct hall *centre = centre_of();

	centre->recording.n = 0;
	centre->rows_open = 0;
	centre->inner.rollback(impl);
}

static enum err hook_commit(void *impl)
{
	struct hall *centre = centre_of();
	enum err r;

	if (centre->commits_left > 0 && --centre->commits_left == 0 && !centre->death_behind)
		centre->dead = true;
	if (centre->dead || (!history_world->spec.sqlite && centre->disk_full > 0 && random_chance(&centre->random, 300))) {
		hook_rollback(impl);
		return ERR_IO;
	}
	r = centre->inner.commit(impl);
	if (r == ERR_OK)
		rows_stand(centre);
	if (r == ERR_OK)
		records_stand(history_world);
	centre->rows_open = 0;
	if (centre->commits_left == 0 && centre->death_behind) {
		centre->dead = true;
		centre->death_behind = false;
	}
	return r;
}

static enum err hook_sequence(void *impl, int64_t *size)
{
	struct hall *centre = centre_of();
	enum err r = centre->dead ? ERR_IO : centre->inner.log_sequence(impl, size);

	if (r == ERR_OK)
		centre->log_size = *size;
	return r;
}

static enum err hook_append(void *impl, struct log_row *row)
{
	enum err r = centre_of()->inner.log_append(impl, row);

	struct recorded *recorded;

	if (r == ERR_OK) {
		centre_of()->rows_open++;
		centre_of()->open_row = row->id;
		memcpy(centre_of()->open_leaf, row->leaf, HASH_BYTES);
	}
	if (r != ERR_OK || (row->type != LOG_PERMIT_RECORDED && row->type != LOG_WITHDRAWN
	                    && row->type != LOG_PAUSED && row->type != LOG_PAUSE_ENDED))
		return r;
	recorded = list_new(&centre_of()->recording, sizeof *recorded);
	recorded->type = (enum log_type)row->type;
	recorded->look = row->look;
	memcpy(recorded->resident, row->resident, sizeof recorded->resident);
	return r;
}

static enum err hook_check_put(void *impl, struct check *check)
{
	enum err r = centre_of()->inner.check_put(impl, check);

	if (r == ERR_OK)
		*(int64_t *)list_new(&centre_of()->touched_checks, sizeof(int64_t)) = check->id;
	return r;
}

static enum err hook_page_put(void *impl, struct page *page)
{
	enum err r = centre_of()->inner.page_put(impl, page);

	if (r == ERR_OK)
		*(int64_t *)list_new(&centre_of()->touched_pages, sizeof(int64_t)) = page->number;
	return r;
}

static void hook_store(struct hall *centre)
{
	centre->store = centre->inner;
	centre->store.begin = hook_begin;
	centre->store.commit = hook_commit;
	centre->store.rollback = hook_rollback;
	centre->store.log_sequence = hook_sequence;
	centre->store.log_append = hook_append;
	centre->store.check_put = hook_check_put;
	centre->store.page_put = hook_page_put;
}

/* The hub's ports. */

static void port_send(void *arg, int64_t session, const void *data, size_t len, bool binary)
{
	struct world *world = arg;

	if (!world->centre.dead)
		link_to_peer(world, session, data, len, binary);
}

static void port_close(void *arg, int64_t session, const char *why)
{
	struct world *world = arg;

	(void)why;
	if (!world->centre.dead)
		link_close_by_hub(world, session);
}

static enum err pager_take(void *impl, const struct pager_message *message)
{
	struct world *world = impl;

	return world->centre.dead ? ERR_OK : patrol_send(world, message);
}

static void nothing_to_free(void *impl)
{
	(void)impl;
}

static enum err sign(void *impl, int64_t id, const struct notary_order *order, signer_ready_fn *ready, void *arg)
{
	struct world *world = impl;
	struct notary_answer answer;
	enum err r;

	if (world->centre.no_signer > 0)
		return ERR_OK; /* taken, and never answered */
	r = notary_sign(&world->notary, order, &answer);
	if (r == ERR_OK)
		ready(arg, id, ERR_OK, &answer);
	return r;
}

static uint64_t signed_last(void *impl)
{
	return ((struct world *)impl)->notary.last.size;
}

struct now centre_now(const struct world *world)
{
	return machine_now(world, &world->centre.machine, &world->centre.reading);
}

/* What tillsynd does around an entry. */

static void on_timer(struct world *world, const struct event *event);

static void arm(struct world *world)
{
	struct hall *centre = &world->centre;
	int64_t wait = hub_next_ms(centre->hub) - centre_now(world).utc_ms;

	world_at(world, world->now_ms + (wait < 1 ? 1 : wait), on_timer, (int64_t)++centre->tick, 0, 0, NULL, 0);
}

static void leave(struct world *world)
{
	struct hall *centre = &world->centre;

	world->counts.entries++;
	if (centre->dead || hub_has_failed(centre->hub)) {
		if (centre->dead)
			history_note(world, "the hub dies in the middle of an entry");
		else
			history_note(world, "the hub ends: its store refused a write");
		centre_die(world, random_between(&centre->random, 1, 20) * MS_SECOND,
		           world->spec.sqlite && disk_is_frozen(world->disk));
		return;
	}
	audit_entry(world);
	arm(world);
}

static void on_timer(struct world *world, const struct event *event)
{
	struct hall *centre = &world->centre;
	struct now now;

	if (!centre->alive || (uint64_t)event->a != centre->tick)
		return;
	if (centre->stalled_until_ms > world->now_ms) {
		world_at(world, centre->stalled_until_ms, on_timer, event->a, 0, 0, NULL, 0);
		return;
	}
	now = centre_now(world);
	hub_wall_clock(centre->hub, &now, machine_wall_ms(world, &centre->machine) - now.utc_ms);
	hub_tick(centre->hub, &now);
	leave(world);
}

void centre_opened(struct world *world, struct link *link)
{
	struct hub_peer peer = {.protocol = link->home != NULL ? WIRE_CAMERA : WIRE_CONSOLE,
	                        .user = link->desk != NULL ? link->desk->user : ""};
	struct now now = centre_now(world);

	hub_opened(world->centre.hub, &now, link->session, &peer);
	leave(world);
}

/* A claim as it arrived, and the row that it met. */
struct claim {
	bool is;
	int64_t version;
	struct check before;
};

static struct claim read_claim(const struct world *world, const void *data, size_t len, bool binary)
{
	const struct store *store = &world->centre.inner;
	struct claim claim = {0};
	struct wire_message *message;
	char reason[REASON_MAX_BYTES];

	if (binary || memmem(data, len, "\"claim\"", 7) == NULL
	    || wire_decode(WIRE_CONSOLE, WIRE_FROM_PEER, WIRE_READY, data, len, &message, reason) != ERR_OK)
		return claim;
	claim.is = wire_id(message) == WIRE_CLAIM
	           && store->check_get(store->impl, wire_int(message, "check"), &claim.before) == ERR_OK;
	if (claim.is)
		claim.version = wire_int(message, "decision_version");
	wire_free(message);
	return claim;
}

/* Whoever chose by a row that has changed since has not chosen. */
static void audit_claim(struct world *world, const struct claim *claim, int64_t session)
{
	const struct store *store = &world->centre.inner;
	struct check check;

	if (!claim->is || store->check_get(store->impl, claim->before.id, &check) != ERR_OK)
		return;
	if (check.state == CHECK_CLAIMED && check.session == session && claim->before.session != session
	    && claim->before.decision_version > claim->version)
		history_fail(world, "stale", "check %lld was claimed by what it was before", (long long)check.id);
}

void centre_message(struct world *world, int64_t session, const void *data, size_t len, bool binary)
{
	struct now now = centre_now(world);
	struct claim claim = read_claim(world, data, len, binary);

	hub_message(world->centre.hub, &now, session, data, len, binary);
	if (!world->centre.dead)
		audit_claim(world, &claim, session);
	leave(world);
}

void centre_closed(struct world *world, int64_t session)
{
	struct now now = centre_now(world);

	hub_closed(world->centre.hub, &now, session);
	leave(world);
}

void centre_paged(struct world *world, int64_t page, enum page_event_kind kind, const char *contact)
{
	struct now now = centre_now(world);

	if (!world->centre.alive)
		return; /* the gateway told nobody */
	if (kind == PAGE_EV_DELIVERED)
		audit_delivered(world, page, contact);
	hub_pager_event(world->centre.hub, page, kind, contact);
	hub_tick(world->centre.hub, &now);
	leave(world);
}

void centre_clock(struct world *world, int64_t step_ms)
{
	world->centre.machine.wall_offset_ms += step_ms;
}

/* Birth and death. */

void centre_path(char path[64])
{
	snprintf(path, 64, "/tmp/tillsyn-sim-%d.db", (int)getpid());
}

/* The store makes an empty file of its name on the real disk, which nobody needs. */
static void open_sqlite(struct world *world)
{
	char path[64], fault[REASON_MAX_BYTES];
	enum err r;

	if (world->disk == NULL)
		world->disk = disk_new(&world->disk_random);
	centre_path(path);
	r = store_sqlite(&world->centre.inner, path, fault);
	unlink(path);
	if (r != ERR_OK)
		history_fail(world, "store", "the store does not open: %s", fault);
}

/* The process ends as a killed one does, with nothing put in order; then what is on the disk is opened anew. */
static void reopen_sqlite(struct world *world, bool power)
{
	struct hall *centre = &world->centre;

	disk_freeze(world->disk, true);
	centre->inner.close(centre->inner.impl);
	if (power)
		disk_cut(world->disk);
	disk_freeze(world->disk, false);
	open_sqlite(world);
	hook_store(centre);
}

void centre_open_store(struct world *world)
{
	struct hall *centre = &world->centre;

	if (centre->has_store)
		return;
	if (world->spec.sqlite)
		open_sqlite(world);
	else if (store_memory(&centre->inner) != ERR_OK)
		abort();
	centre->has_store = true;
	hook_store(centre);
}

static void start_again(struct world *world, const struct event *event)
{
	if (!world->centre.alive && world->centre.no_power == 0 && (uint64_t)event->a == world->centre.start)
		centre_start(world);
}

static void start_later(struct world *world, int64_t in_ms)
{
	world_at(world, world->now_ms + in_ms, start_again, (int64_t)++world->centre.start, 0, 0, NULL, 0);
}

void centre_start(struct world *world)
{
	struct hall *centre = &world->centre;
	struct hub_parts parts = {.settings = &centre->settings, .store = &centre->store, .crypto = world->crypto,
	                          .zone = &centre->zone, .pager = &centre->pager, .signer = &centre->signer,
	                          .ports = {.arg = world, .send = port_send, .close = port_close}};
	struct now now;
	char fault[REASON_MAX_BYTES];
	enum err r;

	centre_open_store(world);
	if (world->counts.deaths == 0)
		centre->machine.booted_ms = world->now_ms - MS_DAY;
	centre->reading = machine_read(world, &centre->machine);
	centre->pager = (struct pager){.impl = world, .send = pager_take, .free = nothing_to_free};
	centre->signer = (struct signer){.impl = world, .last = signed_last, .sign = sign, .free = nothing_to_free};
	centre->dead = false;
	now = centre_now(world);
	audit_restart(world);
	centre->started_ms = world->now_ms;
	history_note(world, "the hub starts");
	r = hub_start(&parts, &now, &centre->hub, fault);
	if (r != ERR_OK) {
		history_note(world, "the hub does not start: %s", fault);
		if (!centre->dead && centre->disk_full == 0 && !(world->spec.sqlite && disk_is_frozen(world->disk)))
			history_fail(world, "start", "the hub does not start: %s", fault);
		if (world->spec.sqlite)
			reopen_sqlite(world, disk_is_frozen(world->disk));
		centre->dead = false;
		start_later(world, 5 * MS_SECOND);
		return;
	}
	centre->alive = true;
	leave(world);
}

void centre_die(struct world *world, int64_t back_ms, bool power)
{
	struct hall *centre = &world->centre;

	if (!centre->alive)
		return;
	centre->alive = false;
	world->counts.deaths++;
	hub_free(centre->hub);
	centre->hub = NULL;
	centre->dead = false;
	centre->commits_left = 0;
	centre->death_behind = false;
	centre->touched_checks.n = centre->touched_pages.n = centre->recording.n = 0;
	centre->rows_open = 0;
	if (world->spec.sqlite)
		reopen_sqlite(world, power);
	else
		centre->inner.rollback(centre->inner.impl);
	if (power)
		centre->machine = (struct machine){.booted_ms = world->now_ms + back_ms,
		                                   .wall_offset_ms = centre->machine.wall_offset_ms,
		                                   .drift_ppm = centre->machine.drift_ppm,
		                                   .boot_id = centre->machine.boot_id + 1};
	link_hub_died(world);
	start_later(world, back_ms);
}

void centre_stop(struct world *world)
{
	struct hall *centre = &world->centre;

	hub_free(centre->hub);
	if (centre->has_store)
		centre->inner.close(centre->inner.impl);
}
