/*
 * The fixture of the contract's tests: each runs once on the store in memory and once on a file,
 * and does not know which.
 */
#ifndef TILLSYN_TESTS_STORE_CONTRACT_H
#define TILLSYN_TESTS_STORE_CONTRACT_H

#include "rows.h"

struct fixture {
	bool on_disk;
	struct scratch scratch;
	struct store store;
};

static inline int open_memory(void **state)
{
	struct fixture *fixture = calloc(1, sizeof *fixture);

	assert_non_null(fixture);
	OK(store_memory(&fixture->store));
	*state = fixture;
	return 0;
}

static inline int open_sqlite(void **state)
{
	struct fixture *fixture = calloc(1, sizeof *fixture);

	assert_non_null(fixture);
	fixture->on_disk = true;
	scratch_make(&fixture->scratch);
	store_open(&fixture->store, &fixture->scratch);
	*state = fixture;
	return 0;
}

static inline int close_store(void **state)
{
	struct fixture *fixture = *state;

	fixture->store.close(fixture->store.impl);
	if (fixture->on_disk)
		scratch_remove(&fixture->scratch);
	free(fixture);
	return 0;
}

static inline struct store *store_of(void **state)
{
	return &((struct fixture *)*state)->store;
}

static inline void begin(const struct store *store)
{
	OK(store->begin(store->impl));
}

static inline void commit(const struct store *store)
{
	OK(store->commit(store->impl));
}

/* Puts one check in a transaction of its own. */
static inline int64_t put_check(const struct store *store, struct check check)
{
	begin(store);
	OK(store->check_put(store->impl, &check));
	commit(store);
	return check.id;
}

#define BOTH(test)                                                                                  \
	{"memory: " #test, test, open_memory, close_store, NULL},                                   \
	{"sqlite: " #test, test, open_sqlite, close_store, NULL}

#endif
