/* Sorted arrays of row pointers; see memory_table.h for why that is all there is. */
#include "store/memory_table.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

static bool includes(const struct order *order, const void *row)
{
	return order->includes == NULL || order->includes(row);
}

static size_t lower_bound(const struct index *index, const struct order *order, const void *probe)
{
	size_t low = 0, high = index->n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (order->compare(index->row[middle], probe) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static bool stands_at(const struct index *index, size_t at, const void *row)
{
	return at < index->n && index->row[at] == row;
}

static void take_out(struct index *index, const struct order *order, const void *row)
{
	size_t at = lower_bound(index, order, row);

	assert(stands_at(index, at, row));
	index->n--;
	memmove(index->row + at, index->row + at + 1, (index->n - at) * sizeof *index->row);
}

static void put_in(struct index *index, const struct order *order, void *row)
{
	size_t at = lower_bound(index, order, row);

	assert(index->n < index->cap);
	memmove(index->row + at + 1, index->row + at, (index->n - at) * sizeof *index->row);
	index->row[at] = row;
	index->n++;
}

static size_t kept_size(const struct kind *kind, const void *row)
{
	size_t len;

	if (kind->tail_offset == 0)
		return kind->size;
	memcpy(&len, (const char *)row + kind->len_offset, sizeof len);
	assert(len <= kind->size - kind->tail_offset);
	return kind->tail_offset + len;
}

void table_free(struct table *table)
{
	for (size_t i = 0; i < table->index[0].n; i++)
		free(table->index[0].row[i]);
	for (int order = 0; order < ORDERS_MAX; order++)
		free(table->index[order].row);
}

void *table_copy(const struct kind *kind, const void *row)
{
	size_t size = kept_size(kind, row);
	void *copy = malloc(size);

	if (copy != NULL)
		memcpy(copy, row, size);
	return copy;
}

void table_read(const struct kind *kind, const void *stored, void *row)
{
	memcpy(row, stored, kept_size(kind, stored));
}

const void *table_find(const struct table *table, int order, const void *probe)
{
	const struct index *index = &table->index[order];
	const struct order *by = &table->kind->orders[order];
	size_t at = lower_bound(index, by, probe);

	if (at == index->n || by->compare(index->row[at], probe) != 0)
		return NULL;
	return index->row[at];
}

size_t table_from(const struct table *table, int order, const void *probe)
{
	return lower_bound(&table->index[order], &table->kind->orders[order], probe);
}

bool table_collides(const struct table *table, const void *old, const void *new)
{
	const struct order *orders = table->kind->orders;

	for (int order = 0; orders[order].compare != NULL; order++) {
		const void *standing;

		if (!includes(&orders[order], new))
			continue;
		standing = table_find(table, order, new);
		if (standing != NULL && standing != old)
			return true;
	}
	return false;
}

enum err table_reserve(struct table *table)
{
	for (int order = 0; table->kind->orders[order].compare != NULL; order++) {
		struct index *index = &table->index[order];
		size_t cap = index->cap == 0 ? 16 : 2 * index->cap;
		void **row;

		if (index->n < index->cap)
			continue;
		row = realloc(index->row, cap * sizeof *row);
		if (row == NULL)
			return ERR_MEMORY;
		index->row = row;
		index->cap = cap;
	}
	return ERR_OK;
}

void table_exchange(struct table *table, void *old, void *new)
{
	const struct order *orders = table->kind->orders;

	for (int order = 0; orders[order].compare != NULL; order++) {
		struct index *index = &table->index[order];
		bool was = old != NULL && includes(&orders[order], old);
		bool is = new != NULL && includes(&orders[order], new);

		if (was && is && orders[order].compare(old, new) == 0) {
			index->row[lower_bound(index, &orders[order], old)] = new;
			continue;
		}
		if (was)
			take_out(index, &orders[order], old);
		if (is)
			put_in(index, &orders[order], new);
	}
}
