/* What waits to be sent to one peer, in order and bounded, and leaves in chunks. */
#ifndef TILLSYN_NET_WS_QUEUE_H
#define TILLSYN_NET_WS_QUEUE_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>

struct lws;
struct ws_outgoing;

/* Zero-initialised it is empty. */
struct ws_queue {
	struct ws_outgoing *head, *tail;
	size_t bytes; /* what is not yet handed to the library */
};

/* No more than this goes to the library at a time, so that it never has to copy a large rest. */
enum { WS_CHUNK_MAX = 32768 };

/* Copies the message. ERR_LIMIT when the queue would hold more than max bytes. */
enum err ws_queue_add(struct ws_queue *queue, size_t max, const void *data, size_t len,
                      bool binary);
bool ws_queue_is_empty(const struct ws_queue *queue);
/*
 * Writes the next chunk; only when the library says that the connection is writable. False: it is
 * broken.
 */
bool ws_queue_write(struct ws_queue *queue, struct lws *wsi);
void ws_queue_free(struct ws_queue *queue);

#endif
