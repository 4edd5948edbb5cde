/*
 * Puts messages together. The library hands over pieces of some kilobytes whatever it is told, and
 * would let a frame claim 2^62 bytes; so the total is ours to keep, and what a frame still promises
 * counts against it before it arrives.
 */
#include "net/ws_inner.h"

#include <string.h>

/* A buffer larger than this is given back after its message. */
enum { KEEP_BYTES = 16384 };

/* Refuses what arrives with a status of RFC 6455 §7.4.1. */
static int refuse(struct ws_connection *connection, struct lws *wsi, enum lws_close_status status,
                  const char *why)
{
	/* The library copies the reason, and does not write to it. */
	union {
		const char *in;
		unsigned char *out;
	} reason = { .in = why };

	lws_close_reason(wsi, status, reason.out, strlen(why));
	ws_connection_await_close(connection, why);
	return -1;
}

static void deliver(struct ws_connection *connection, const void *data, size_t len, bool binary)
{
	connection->handler.message(connection->arg, connection->id, data, len, binary);
}

static void deliver_collected(struct ws_connection *connection, bool binary)
{
	struct buf message = connection->message;

	/* Taken out first: the handler may do anything with the connection. */
	connection->message = buf_new(0);
	connection->arriving = false;
	deliver(connection, message.data, message.len, binary);
	if (message.cap > KEEP_BYTES) {
		buf_free(&message);
	} else {
		message.len = 0;
		connection->message = message;
	}
}

static int collect(struct ws_connection *connection, struct lws *wsi, const void *data, size_t len,
                   size_t max)
{
	if (!connection->arriving)
		connection->message.len = 0;
	connection->arriving = true;
	connection->message.max = max;
	if (buf_add(&connection->message, data, len) != ERR_OK)
		return refuse(connection, wsi, LWS_CLOSE_STATUS_UNEXPECTED_CONDITION,
		              "out of memory");
	if (lws_is_final_fragment(wsi))
		deliver_collected(connection, lws_frame_is_binary(wsi));
	return 0;
}

int ws_receive(struct ws_connection *connection, struct lws *wsi, const void *data, size_t len)
{
	bool binary = lws_frame_is_binary(wsi);
	size_t max = binary ? connection->limits.binary_max : connection->limits.text_max;
	size_t so_far = connection->arriving ? connection->message.len : 0;
	size_t promised = lws_remaining_packet_payload(wsi);

	ws_connection_heard(connection);
	if (connection->state != WS_OPEN)
		return 0;
	if (max == 0)
		return refuse(connection, wsi, LWS_CLOSE_STATUS_UNACCEPTABLE_OPCODE,
		              binary ? "binary messages are not accepted"
		                     : "text messages are not accepted");
	if (len > max - so_far || promised > max - so_far - len)
		return refuse(connection, wsi, LWS_CLOSE_STATUS_MESSAGE_TOO_LARGE,
		              "the message is too large");
	if (connection->arriving || !lws_is_final_fragment(wsi))
		return collect(connection, wsi, data, len, max);
	deliver(connection, data, len, binary);
	return 0;
}
