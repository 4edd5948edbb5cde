/* What will happen, in the order of its instant, and of its scheduling where instants are equal. */
#ifndef TESTS_SIM_QUEUE_H
#define TESTS_SIM_QUEUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct world;
struct event;
typedef void event_fn(struct world *world, const struct event *event);

struct event {
	int64_t at_ms; /* true UTC */
	uint64_t order;
	event_fn *run;
	int64_t a, b, c;
	void *data;    /* owned by the queue, freed after run */
	size_t len;
};

struct queue {
	struct event *event;
	size_t n, room;
	uint64_t order;
};

/* data is copied. */
void queue_add(struct queue *queue, const struct event *event);
bool queue_take(struct queue *queue, struct event *event);
void queue_free(struct queue *queue);

#endif
