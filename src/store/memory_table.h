/*
 * A table of rows in memory: each row is its own allocation, and every order that the store
 * promises is a sorted array of pointers to them. A change exchanges one pointer for another, so
 * undoing it is to exchange them back; that is all a rollback does.
 */
#ifndef TILLSYN_STORE_MEMORY_TABLE_H
#define TILLSYN_STORE_MEMORY_TABLE_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* One order of a table's rows. It is total: no two rows that it includes compare equal. */
struct order {
	int (*compare)(const void *a, const void *b);
	bool (*includes)(const void *row); /* NULL = every row */
};

/* What a row is. The first order is its key; the list ends where compare is NULL. */
struct kind {
	size_t size;
	bool numbered;                     /* the table gives the row its id */
	size_t id_offset;                  /* of a numbered row's int64_t id */
	/*
	 * Of a row whose last field is bytes, of which only so many count as its len says; 0 =
	 * none.
	 */
	size_t len_offset, tail_offset;
	const struct order *orders;
};

enum { ORDERS_MAX = 6 };

struct index {
	void **row;
	size_t n, cap;
};

struct table {
	const struct kind *kind;
	int64_t last_id;                   /* the highest ever given */
	struct index index[ORDERS_MAX];
};

void table_free(struct table *table);
/* A copy of row that the caller owns, no larger than what counts of it. NULL: no memory. */
void *table_copy(const struct kind *kind, const void *row);
/* Writes a stored row out; bytes behind its len are left alone. */
void table_read(const struct kind *kind, const void *stored, void *row);

/* The row that compares equal to probe in an order, or NULL. */
const void *table_find(const struct table *table, int order, const void *probe);
/* The place of the first row that is not before probe in an order. */
size_t table_from(const struct table *table, int order, const void *probe);

/* True when a row other than old stands where new would have to. */
bool table_collides(const struct table *table, const void *old, const void *new);
/* Makes room, so that the next table_exchange() cannot fail. */
enum err table_reserve(struct table *table);
/* Takes old out and puts new in; either may be NULL. Frees nothing. */
void table_exchange(struct table *table, void *old, void *new);

#endif
