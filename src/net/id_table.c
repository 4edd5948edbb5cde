/*
 * A sorted array. New ids are the largest, so adding is appending and finding is a binary search. A
 * taken entry stays as a hole until half of the array is holes: a hub arms and cancels a timer for
 * each of its thousands of cameras every few seconds, and must not move the array each time.
 */
#include "net/id_table.h"

#include <assert.h>
#include <stdlib.h>

static void drop_holes(struct id_table *table)
{
	size_t from, to = 0;

	for (from = 0; from < table->count; from++)
		if (table->entries[from].item != NULL)
			table->entries[to++] = table->entries[from];
	table->count = to;
	table->taken = 0;
}

static int grow(struct id_table *table)
{
	size_t cap = table->cap == 0 ? 16 : 2 * table->cap;
	struct id_entry *entries = realloc(table->entries, cap * sizeof *entries);

	if (entries == NULL)
		return 0;
	table->entries = entries;
	table->cap = cap;
	return 1;
}

uint64_t id_table_add(struct id_table *table, void *item)
{
	assert(item != NULL);
	if (table->count == table->cap && !grow(table))
		return 0;
	table->entries[table->count++] = (struct id_entry){ ++table->last, item };
	return table->last;
}

static struct id_entry *search(const struct id_table *table, uint64_t id)
{
	size_t low = 0, high = table->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (table->entries[middle].id < id)
			low = middle + 1;
		else
			high = middle;
	}
	return low < table->count && table->entries[low].id == id ? &table->entries[low] : NULL;
}

void *id_table_find(const struct id_table *table, uint64_t id)
{
	const struct id_entry *entry = search(table, id);

	return entry == NULL ? NULL : entry->item;
}

void *id_table_take(struct id_table *table, uint64_t id)
{
	struct id_entry *entry = search(table, id);
	void *item = entry == NULL ? NULL : entry->item;

	if (item == NULL)
		return NULL;
	entry->item = NULL;
	table->taken++;
	if (table->taken > table->count / 2)
		drop_holes(table);
	return item;
}

void *id_table_take_any(struct id_table *table)
{
	drop_holes(table);
	return table->count == 0 ? NULL : table->entries[--table->count].item;
}

void id_table_free(struct id_table *table)
{
	free(table->entries);
	table->entries = NULL;
	table->count = table->cap = table->taken = 0;
}
