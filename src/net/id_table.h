/*
 * Things by number, where numbers only grow and are never given out twice: what callers may keep
 * instead of a pointer to something that can be gone.
 */
#ifndef TILLSYN_NET_ID_TABLE_H
#define TILLSYN_NET_ID_TABLE_H

#include <stddef.h>
#include <stdint.h>

struct id_entry {
	uint64_t id;
	void *item; /* NULL once taken */
};

/* Zero-initialised it is empty. */
struct id_table {
	struct id_entry *entries; /* ascending by id */
	size_t count, cap;
	size_t taken; /* entries whose item is gone */
	uint64_t last;
};

/* 0 = no memory; item is not NULL. */
uint64_t id_table_add(struct id_table *table, void *item);
/* NULL = no such id, or no longer. */
void *id_table_find(const struct id_table *table, uint64_t id);
/* As find, and forgets it. */
void *id_table_take(struct id_table *table, uint64_t id);
/* Takes any one; NULL when none is left. */
void *id_table_take_any(struct id_table *table);
void id_table_free(struct id_table *table);

#endif
