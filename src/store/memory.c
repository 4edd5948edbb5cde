/*
 * The store that keeps nothing, for tests and the simulator: opening, transactions, and the three
 * things that every table can do. A transaction keeps an undo list of exchanged pointers instead of
 * a copy of everything, so that its cost is that of its changes and not of the nights behind it.
 */
#include "store/memory.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

static const struct kind *const kinds[MEMORY_TABLES] = {
	[MEMORY_CHECKS] = &memory_check_kind,
	[MEMORY_LOOKS] = &memory_look_kind,
	[MEMORY_PAGES] = &memory_page_kind,
	[MEMORY_RESIDENTS] = &memory_resident_kind,
	[MEMORY_AGREEMENTS] = &memory_agreement_kind,
	[MEMORY_CAMERAS] = &memory_camera_kind,
	[MEMORY_OPERATORS] = &memory_operator_kind,
	[MEMORY_CONTACTS] = &memory_contact_kind,
	[MEMORY_PAUSES] = &memory_pause_kind,
	[MEMORY_OUTBOX] = &memory_outbox_kind,
	[MEMORY_ALARMS] = &memory_alarm_kind,
	[MEMORY_LOG] = &memory_log_kind,
	[MEMORY_NODES] = &memory_node_kind,
	[MEMORY_INDEX] = &memory_index_kind,
	[MEMORY_CHECKPOINTS] = &memory_checkpoint_kind,
	[MEMORY_SETTINGS] = &memory_setting_kind,
};

static bool (*const refers[MEMORY_TABLES])(const struct memory *memory, const void *row) = {
	[MEMORY_CHECKS] = memory_check_refers,
	[MEMORY_LOOKS] = memory_look_refers,
	[MEMORY_OUTBOX] = memory_outbox_refers,
};

enum err memory_begin(void *impl)
{
	struct memory *memory = impl;

	if (memory->open || memory->reading > 0)
		return ERR_WRONG_STATE;
	memory->open = true;
	memory->failed = ERR_OK;
	for (int i = 0; i < MEMORY_TABLES; i++)
		memory->last_id[i] = memory->table[i].last_id;
	return ERR_OK;
}

enum err memory_commit(void *impl)
{
	struct memory *memory = impl;

	if (!memory->open || memory->reading > 0)
		return ERR_WRONG_STATE;
	if (memory->failed != ERR_OK) {
		memory_rollback(memory);
		return memory->failed;
	}
	for (size_t i = 0; i < memory->n_changes; i++)
		free(memory->change[i].before);
	memory->n_changes = 0;
	memory->open = false;
	return ERR_OK;
}

void memory_rollback(void *impl)
{
	struct memory *memory = impl;

	assert(memory->reading == 0);
	if (!memory->open)
		return;
	while (memory->n_changes > 0) {
		struct change *change = &memory->change[--memory->n_changes];

		table_exchange(change->table, change->after, change->before);
		free(change->after);
	}
	for (int i = 0; i < MEMORY_TABLES; i++)
		memory->table[i].last_id = memory->last_id[i];
	memory->open = false;
}

static void memory_close(void *impl)
{
	struct memory *memory = impl;

	memory_rollback(memory);
	for (int i = 0; i < MEMORY_TABLES; i++)
		table_free(&memory->table[i]);
	free(memory->change);
	free(memory);
}

static enum err reserve_change(struct memory *memory)
{
	size_t cap = memory->changes_cap == 0 ? 64 : 2 * memory->changes_cap;
	struct change *change;

	if (memory->n_changes < memory->changes_cap)
		return ERR_OK;
	change = realloc(memory->change, cap * sizeof *change);
	if (change == NULL)
		return ERR_MEMORY;
	memory->change = change;
	memory->changes_cap = cap;
	return ERR_OK;
}

static void exchange(struct memory *memory, struct table *table, const void *old, void *new)
{
	/* The table owns old and let go of its const only for the one who reads. */
	void *before = (void *)(uintptr_t)old;

	table_exchange(table, before, new);
	memory->change[memory->n_changes++] = (struct change){table, before, new};
}

/* The id of a numbered row; a new one when it has none. Afterwards that id is never given again. */
static int64_t number_row(struct table *table, void *row)
{
	char *place = (char *)row + table->kind->id_offset;
	int64_t id;

	memcpy(&id, place, sizeof id);
	assert(id >= 0);
	if (id == 0)
		id = table->last_id + 1;
	if (id > table->last_id)
		table->last_id = id;
	memcpy(place, &id, sizeof id);
	return id;
}

enum err memory_put(struct memory *memory, enum memory_table id, const void *row, int64_t *number)
{
	struct table *table = &memory->table[id];
	int64_t last_id = table->last_id, given = 0;
	const void *old;
	void *new;
	enum err r;

	if (!memory->open || memory->reading > 0)
		return ERR_WRONG_STATE;
	if ((r = reserve_change(memory)) != ERR_OK || (r = table_reserve(table)) != ERR_OK)
		return memory->failed = r;
	new = table_copy(table->kind, row);
	if (new == NULL)
		return memory->failed = ERR_MEMORY;
	if (table->kind->numbered)
		given = number_row(table, new);
	old = table_find(table, 0, new);
	if (table_collides(table, old, new))
		r = ERR_EXISTS;
	else if (refers[id] != NULL && !refers[id](memory, new))
		r = ERR_NOT_FOUND;
	if (r != ERR_OK) {
		table->last_id = last_id;
		free(new);
		return r;
	}
	exchange(memory, table, old, new);
	if (number != NULL)
		*number = given;
	return ERR_OK;
}

enum err memory_get(struct memory *memory, enum memory_table id, int order, const void *probe,
                    void *row)
{
	const struct table *table = &memory->table[id];
	const void *found = table_find(table, order, probe);

	if (found == NULL)
		return ERR_NOT_FOUND;
	table_read(table->kind, found, row);
	return ERR_OK;
}

enum err memory_delete(struct memory *memory, enum memory_table id, const void *probe)
{
	struct table *table = &memory->table[id];
	const void *old = table_find(table, 0, probe);
	enum err r;

	if (!memory->open || memory->reading > 0)
		return ERR_WRONG_STATE;
	if (old == NULL)
		return ERR_NOT_FOUND;
	if ((r = reserve_change(memory)) != ERR_OK)
		return memory->failed = r;
	exchange(memory, table, old, NULL);
	return ERR_OK;
}

enum err store_memory(struct store *store)
{
	struct memory *memory = calloc(1, sizeof *memory);

	if (memory == NULL)
		return ERR_MEMORY;
	for (int i = 0; i < MEMORY_TABLES; i++)
		memory->table[i].kind = kinds[i];
	*store = (struct store){
		.impl = memory,
		.close = memory_close,
		.begin = memory_begin,
		.commit = memory_commit,
		.rollback = memory_rollback,
	};
	memory_night_functions(store);
	memory_people_functions(store);
	memory_log_functions(store);
	memory_tree_functions(store);
	return ERR_OK;
}
