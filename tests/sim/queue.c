/* A binary heap. */
#include "queue.h"

#include <stdlib.h>
#include <string.h>

static bool is_before(const struct event *a, const struct event *b)
{
	return a->at_ms != b->at_ms ? a->at_ms < b->at_ms : a->order < b->order;
}

void queue_add(struct queue *queue, const struct event *event)
{
	struct event fresh = *event;
	size_t at = queue->n++;

	if (queue->n > queue->room) {
		queue->room = queue->room ? 2 * queue->room : 1024;
		queue->event = reallocarray(queue->event, queue->room, sizeof *event);
		if (queue->event == NULL)
			abort();
	}
	if (event->len > 0) {
		fresh.data = malloc(event->len);
		if (fresh.data == NULL)
			abort();
		memcpy(fresh.data, event->data, event->len);
	}
	fresh.order = queue->order++;
	for (; at > 0 && is_before(&fresh, &queue->event[(at - 1) / 2]); at = (at - 1) / 2)
		queue->event[at] = queue->event[(at - 1) / 2];
	queue->event[at] = fresh;
}

bool queue_take(struct queue *queue, struct event *event)
{
	struct event last;
	size_t at = 0, child;

	if (queue->n == 0)
		return false;
	*event = queue->event[0];
	last = queue->event[--queue->n];
	while ((child = 2 * at + 1) < queue->n) {
		if (child + 1 < queue->n && is_before(&queue->event[child + 1], &queue->event[child]))
			child++;
		if (!is_before(&queue->event[child], &last))
			break;
		queue->event[at] = queue->event[child];
		at = child;
	}
	queue->event[at] = last;
	return true;
}

void queue_free(struct queue *queue)
{
	struct event event;

	while (queue_take(queue, &event))
		free(event.data);
	free(queue->event);
}
