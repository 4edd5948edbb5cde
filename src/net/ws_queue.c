/*
 * The send queue. A message leaves as fragments of at most WS_CHUNK_MAX bytes, one each time the
 * peer has room: a picture of 4 MB on a slow line must neither block the loop nor keep a ping from
 * going out.
 */
#include "net/ws_queue.h"

#include <libwebsockets.h>
#include <stdlib.h>
#include <string.h>

struct ws_outgoing {
	struct ws_outgoing *next;
	size_t len, sent;
	size_t cost;
	bool binary;
	uint8_t space[]; /* the library's headroom, then the message */
};

/* A flood of empty messages costs memory too. */
static size_t cost_of(size_t len)
{
	return len < 64 ? 64 : len;
}

enum err ws_queue_add(struct ws_queue *queue, size_t max, const void *data, size_t len, bool binary)
{
	struct ws_outgoing *message;

	if (len > max || queue->bytes > max - len)
		return ERR_LIMIT;
	message = malloc(sizeof *message + LWS_PRE + len);
	if (message == NULL)
		return ERR_MEMORY;
	*message = (struct ws_outgoing){ .len = len, .cost = cost_of(len), .binary = binary };
	if (len > 0)
		memcpy(message->space + LWS_PRE, data, len);
	if (queue->tail == NULL)
		queue->head = message;
	else
		queue->tail->next = message;
	queue->tail = message;
	queue->bytes += message->cost;
	return ERR_OK;
}

bool ws_queue_is_empty(const struct ws_queue *queue)
{
	return queue->head == NULL;
}

static void drop_head(struct ws_queue *queue)
{
	struct ws_outgoing *message = queue->head;

	queue->head = message->next;
	if (queue->head == NULL)
		queue->tail = NULL;
	queue->bytes -= message->cost;
	free(message);
}

bool ws_queue_write(struct ws_queue *queue, struct lws *wsi)
{
	struct ws_outgoing *message = queue->head;
	size_t left = message->len - message->sent;
	size_t chunk = left < WS_CHUNK_MAX ? left : WS_CHUNK_MAX;
	enum lws_write_protocol whole = message->binary ? LWS_WRITE_BINARY : LWS_WRITE_TEXT;
	int flags = lws_write_ws_flags((int)whole, message->sent == 0, chunk == left);
	/* The library scribbles over the headroom, which here is what was sent before. */
	int written = lws_write(wsi, message->space + LWS_PRE + message->sent, chunk,
	                        (enum lws_write_protocol)flags);

	if (written < (int)chunk)
		return false;
	message->sent += chunk;
	if (message->sent == message->len)
		drop_head(queue);
	return true;
}

void ws_queue_free(struct ws_queue *queue)
{
	while (queue->head != NULL)
		drop_head(queue);
}
