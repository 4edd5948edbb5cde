/* What the library calls back with, turned into events of a connection: the one place that knows its reasons. */
#include "net/loop_inner.h"
#include "net/ws_inner.h"

#include <string.h>

static int write_close(struct ws_connection *connection, struct lws *wsi)
{
	unsigned char reason[REASON_MAX_BYTES];
	size_t len = strlen(connection->why);

	memcpy(reason, connection->why, len);
	lws_close_reason(wsi, LWS_CLOSE_STATUS_NORMAL, reason, len);
	ws_connection_await_close(connection, connection->why);
	return -1;
}

static int write_some(struct ws_connection *connection, struct lws *wsi)
{
	if (connection->state == WS_DYING)
		return 0;
	if (connection->ping_is_due) {
		/* The library keeps the answer to an empty ping to itself. */
		unsigned char ping[LWS_PRE + 1] = {0};

		connection->ping_is_due = false;
		if (lws_write(wsi, ping + LWS_PRE, 1, LWS_WRITE_PING) < 0)
			return -1;
	} else if (!ws_queue_is_empty(&connection->queue) && !ws_queue_write(&connection->queue, wsi)) {
		return -1;
	}
	if (!ws_queue_is_empty(&connection->queue))
		lws_callback_on_writable(wsi);
	else if (connection->state == WS_CLOSING)
		return write_close(connection, wsi);
	return 0;
}

static int part(struct ws_connection *connection)
{
	connection->wsi = NULL;
	ws_connection_finish(connection);
	return 0;
}

/* Reasons that concern a connection that both sides know. */
static int connection_callback(struct ws_connection *connection, struct lws *wsi,
                               enum lws_callback_reasons reason, void *in, size_t len)
{
	switch (reason) {
	case LWS_CALLBACK_RECEIVE:
	case LWS_CALLBACK_CLIENT_RECEIVE:
		return ws_receive(connection, wsi, in, len);
	case LWS_CALLBACK_RECEIVE_PONG:
	case LWS_CALLBACK_CLIENT_RECEIVE_PONG:
		ws_connection_heard(connection);
		return 0;
	case LWS_CALLBACK_SERVER_WRITEABLE:
	case LWS_CALLBACK_CLIENT_WRITEABLE:
		return write_some(connection, wsi);
	case LWS_CALLBACK_CLIENT_FILTER_PRE_ESTABLISH:
		return ws_client_filter(connection, wsi);
	case LWS_CALLBACK_CLIENT_ESTABLISHED:
		ws_client_opened(connection, wsi);
		return 0;
	case LWS_CALLBACK_CLIENT_CONNECTION_ERROR:
		connection->wsi = NULL;
		ws_client_failed(connection, in == NULL ? "cannot connect" : in);
		return 0;
	case LWS_CALLBACK_CLOSED:
	case LWS_CALLBACK_CLIENT_CLOSED:
		return part(connection);
	default:
		return 0;
	}
}

int ws_callback(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len)
{
	struct ws_connection *connection;

	switch (reason) {
	case LWS_CALLBACK_FILTER_PROTOCOL_CONNECTION:
		return ws_server_filter(wsi);
	case LWS_CALLBACK_ESTABLISHED:
		return ws_server_opened(wsi);
	case LWS_CALLBACK_HTTP:
		/* Plain HTTP has no business here. */
		return -1;
	case LWS_CALLBACK_OPENSSL_PERFORM_SERVER_CERT_VERIFICATION:
		connection = lws_get_opaque_user_data(wsi);
		return connection != NULL && ws_client_verify(connection, user, len != 0) ? 0 : 1;
	case LWS_CALLBACK_WSI_CREATE:
	case LWS_CALLBACK_WSI_DESTROY:
	case LWS_CALLBACK_PROTOCOL_INIT:
	case LWS_CALLBACK_PROTOCOL_DESTROY:
		return 0;
	default:
		connection = wsi == NULL ? NULL : lws_get_opaque_user_data(wsi);
		return connection == NULL ? 0 : connection_callback(connection, wsi, reason, in, len);
	}
}
