/* The store in memory: the log's tree, its index, and what was signed of them. */
#include "store/memory.h"

#include <string.h>

static int compare_i64(int64_t a, int64_t b)
{
	return (a > b) - (a < b);
}

static int node_by_place(const void *a, const void *b)
{
	return compare_i64(((const struct node_row *)a)->place,
	                   ((const struct node_row *)b)->place);
}

static int index_by_resident(const void *a, const void *b)
{
	return strcmp(((const struct index_row *)a)->resident,
	              ((const struct index_row *)b)->resident);
}

static int checkpoint_by_size(const void *a, const void *b)
{
	return compare_i64(((const struct checkpoint_row *)a)->size,
	                   ((const struct checkpoint_row *)b)->size);
}

static const struct order node_orders[] = {{node_by_place, NULL}, {NULL, NULL}};
static const struct order index_orders[] = {{index_by_resident, NULL}, {NULL, NULL}};
static const struct order checkpoint_orders[] = {{checkpoint_by_size, NULL}, {NULL, NULL}};

const struct kind memory_node_kind = {.size = sizeof(struct node_row), .orders = node_orders};
const struct kind memory_index_kind = {.size = sizeof(struct index_row), .orders = index_orders};
const struct kind memory_checkpoint_kind = {
	.size = sizeof(struct checkpoint_row),
	.len_offset = offsetof(struct checkpoint_row, len),
	.tail_offset = offsetof(struct checkpoint_row, note),
	.orders = checkpoint_orders,
};

MEMORY_DEFINE_EACH(each_index, struct index_row)

static enum err node_put(void *impl, const struct node_row *node)
{
	return memory_put(impl, MEMORY_NODES, node, NULL);
}

static enum err node_get(void *impl, int64_t place, struct node_row *node)
{
	struct node_row probe = {.place = place};

	return memory_get(impl, MEMORY_NODES, 0, &probe, node);
}

static enum err index_put(void *impl, const struct index_row *row)
{
	return memory_put(impl, MEMORY_INDEX, row, NULL);
}

static enum err index_rows(void *impl, each_index_fn *each, void *arg)
{
	return each_index(impl, MEMORY_INDEX, 0, 0, NULL, 0, each, arg);
}

static enum err checkpoint_put(void *impl, const struct checkpoint_row *checkpoint)
{
	return memory_put(impl, MEMORY_CHECKPOINTS, checkpoint, NULL);
}

static enum err checkpoint_get(void *impl, int64_t size, struct checkpoint_row *checkpoint)
{
	struct checkpoint_row probe = {.size = size};

	return memory_get(impl, MEMORY_CHECKPOINTS, 0, &probe, checkpoint);
}

static enum err checkpoint_latest(void *impl, struct checkpoint_row *checkpoint)
{
	struct memory *memory = impl;
	const struct index *all = &memory->table[MEMORY_CHECKPOINTS].index[0];

	if (all->n == 0)
		return ERR_NOT_FOUND;
	table_read(&memory_checkpoint_kind, all->row[all->n - 1], checkpoint);
	return ERR_OK;
}

void memory_tree_functions(struct store *store)
{
	store->node_put = node_put;
	store->node_get = node_get;
	store->index_put = index_put;
	store->index = index_rows;
	store->checkpoint_put = checkpoint_put;
	store->checkpoint_get = checkpoint_get;
	store->checkpoint_latest = checkpoint_latest;
}
