/* The store on SQLite: the log's tree, its index, and what was signed of them. */
#include "store/sqlite.h"

SQLITE_DEFINE_EACH(each_index, struct index_row)

static enum err node_put(void *impl, const struct node_row *node)
{
	static const struct query query = {VERB_PUT, &node_columns, NULL};

	return sqlite_put(impl, &query, node, NULL);
}

static enum err node_get(void *impl, int64_t place, struct node_row *node)
{
	static const struct query query = {VERB_SELECT, &node_columns, "WHERE place = ?1"};

	return sqlite_get(impl, &query, BIND({.number = place}), node);
}

static enum err index_put(void *impl, const struct index_row *row)
{
	static const struct query query = {VERB_PUT, &index_columns, NULL};

	return sqlite_put(impl, &query, row, NULL);
}

static enum err index_rows(void *impl, each_index_fn *each, void *arg)
{
	static const struct query query = {VERB_SELECT, &index_columns, "ORDER BY resident"};

	return each_index(impl, &query, NO_BIND, each, arg);
}

static enum err checkpoint_put(void *impl, const struct checkpoint_row *checkpoint)
{
	static const struct query query = {VERB_PUT, &checkpoint_columns, NULL};

	return sqlite_put(impl, &query, checkpoint, NULL);
}

static enum err checkpoint_get(void *impl, int64_t size, struct checkpoint_row *checkpoint)
{
	static const struct query query = {VERB_SELECT, &checkpoint_columns, "WHERE size = ?1"};

	return sqlite_get(impl, &query, BIND({.number = size}), checkpoint);
}

static enum err checkpoint_latest(void *impl, struct checkpoint_row *checkpoint)
{
	static const struct query query = {VERB_SELECT, &checkpoint_columns,
	                                   "ORDER BY size DESC LIMIT 1"};

	return sqlite_get(impl, &query, NO_BIND, checkpoint);
}

void sqlite_tree_functions(struct store *store)
{
	store->node_put = node_put;
	store->node_get = node_get;
	store->index_put = index_put;
	store->index = index_rows;
	store->checkpoint_put = checkpoint_put;
	store->checkpoint_get = checkpoint_get;
	store->checkpoint_latest = checkpoint_latest;
}
