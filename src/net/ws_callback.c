/*
 * The one function that the library calls, for servers and clients alike: it finds the connection
 * and hands on. The library asks the first vhost's first protocol for verdicts on certificates and
 * calls most things with arguments that mean something only together with the reason, so all of
 * that stays here.
 */
#include "net/loop_inner.h"
#include "net/tls.h"
#include "net/ws_inner.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static int write_ping(struct ws_connection *connection, struct lws *wsi)
{
	/* The library keeps the answer to an empty ping to itself. */
	unsigned char space[LWS_PRE + 1] = { 0 };

	connection->ping_is_due = false;
	return lws_write(wsi, space + LWS_PRE, 1, LWS_WRITE_PING) < 0 ? -1 : 0;
}

/* One thing at a time: only after the next such call is there surely room again. */
static int writable(struct ws_connection *connection, struct lws *wsi)
{
	if (connection->state == WS_DYING)
		return 0;
	if (connection->ping_is_due) {
		if (write_ping(connection, wsi) != 0)
			return -1;
	} else if (!ws_queue_is_empty(&connection->queue)) {
		if (!ws_queue_write(&connection->queue, wsi))
			return -1;
	} else if (connection->state == WS_CLOSING) {
		ws_connection_shake_hands(connection);
		return 0;
	}
	if (connection->ping_is_due || !ws_queue_is_empty(&connection->queue) ||
	    connection->state == WS_CLOSING)
		lws_callback_on_writable(wsi);
	return 0;
}

/* RFC 6455 §5.5.1: a status in two bytes, then a phrase; or nothing. */
static void note_peer_close(struct ws_connection *connection, const uint8_t *data, size_t len)
{
	char why[REASON_MAX_BYTES];

	if (len < 2)
		return;
	snprintf(why, sizeof why, "closed by the other end (%d): %.*s", data[0] << 8 | data[1],
	         len > 90 ? 90 : (int)len - 2, (const char *)data + 2);
	ws_connection_explain(connection, why);
}

/* Reasons that concern one established connection. */
static int on_connection(struct ws_connection *connection, struct lws *wsi,
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
		return writable(connection, wsi);
	case LWS_CALLBACK_WS_PEER_INITIATED_CLOSE:
		note_peer_close(connection, in, len);
		return 0;
	case LWS_CALLBACK_CLOSED:
	case LWS_CALLBACK_CLIENT_CLOSED:
		ws_connection_finish(connection);
		return 0;
	default:
		return 0;
	}
}

/* Reasons on a client's way to being established. */
static int on_client(struct ws_connection *connection, struct lws *wsi,
                     enum lws_callback_reasons reason, const char *why)
{
	switch (reason) {
	case LWS_CALLBACK_CLIENT_FILTER_PRE_ESTABLISH:
		return ws_client_filter(connection, wsi);
	case LWS_CALLBACK_CLIENT_ESTABLISHED:
		ws_client_opened(connection, wsi);
		return 0;
	case LWS_CALLBACK_CLIENT_CONNECTION_ERROR:
		ws_client_failed(connection, why == NULL ? "" : why);
		return 0;
	default:
		return 0;
	}
}

/*
 * The library's object ends here, whatever it has called before: a client whose server hangs up
 * between TLS and its answer, for one, gets neither the error nor the close that the manual
 * promises.
 */
static void part(struct lws *wsi)
{
	struct ws_connection *connection = ws_connection_of(wsi);

	/* While a client is being started it is not yet ours, and its end is told by the result. */
	if (connection == NULL || connection->wsi != wsi)
		return;
	if (connection->client != NULL && connection->state == WS_CONNECTING)
		ws_client_failed(connection, "the server closed the connection");
	else
		ws_connection_finish(connection);
}

static void free_handle(uv_handle_t *handle)
{
	free(handle);
}

static void close_orphan(uv_handle_t *handle, void *wsi)
{
	if (handle->data == wsi && uv_handle_get_type(handle) == UV_POLL && !uv_is_closing(handle))
		uv_close(handle, free_handle);
}

/*
 * libwebsockets 4.1 forgets the poll handle of a client whose connect() failed: it closes the
 * socket first and then takes the client for one that never had any. A console that waits for its
 * hub all night would grow by every attempt.
 */
static void close_forgotten(struct lws *wsi)
{
	struct ws_world *world = lws_context_user(lws_get_context(wsi));

	if (lws_vhost_user(lws_get_vhost(wsi)) == NULL)
		uv_walk(loop_uv(world->loop), close_orphan, wsi);
}

/*
 * An answer of 0 makes the library accept a certificate whatever OpenSSL thought of it; what
 * OpenSSL thought arrives as the length.
 */
static int verify_server(struct lws *wsi, void *store_context, size_t chain_is_good)
{
	struct ws_connection *connection = ws_connection_of(wsi);

	if (connection == NULL)
		return 1;
	return ws_client_verify(connection, store_context, chain_is_good != 0) ? 0 : 1;
}

int ws_callback(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len)
{
	struct ws_connection *connection;

	switch (reason) {
	case LWS_CALLBACK_OPENSSL_PERFORM_CLIENT_CERT_VERIFICATION:
		return len != 0 ? 0 : 1;
	case LWS_CALLBACK_OPENSSL_PERFORM_SERVER_CERT_VERIFICATION:
		return verify_server(wsi, user, len);
	case LWS_CALLBACK_OPENSSL_LOAD_EXTRA_SERVER_VERIFY_CERTS:
		tls_harden_server(user);
		return 0;
	case LWS_CALLBACK_SERVER_NEW_CLIENT_INSTANTIATED:
		ws_server_accepted(wsi);
		return 0;
	case LWS_CALLBACK_WSI_DESTROY:
		close_forgotten(wsi);
		part(wsi);
		return 0;
	case LWS_CALLBACK_CLOSED_CLIENT_HTTP:
		part(wsi);
		return 0;
	case LWS_CALLBACK_HTTP_CONFIRM_UPGRADE:
		return in != NULL && strcasecmp(in, "websocket") == 0 ? 0 : -1;
	case LWS_CALLBACK_HTTP:
		return -1;
	case LWS_CALLBACK_FILTER_PROTOCOL_CONNECTION:
		return ws_server_filter(wsi);
	case LWS_CALLBACK_ESTABLISHED:
		return ws_server_opened(wsi);
	case LWS_CALLBACK_CLIENT_FILTER_PRE_ESTABLISH:
	case LWS_CALLBACK_CLIENT_ESTABLISHED:
	case LWS_CALLBACK_CLIENT_CONNECTION_ERROR:
		connection = ws_connection_of(wsi);
		return connection == NULL ? -1 : on_client(connection, wsi, reason, in);
	case LWS_CALLBACK_RECEIVE:
	case LWS_CALLBACK_CLIENT_RECEIVE:
	case LWS_CALLBACK_RECEIVE_PONG:
	case LWS_CALLBACK_CLIENT_RECEIVE_PONG:
	case LWS_CALLBACK_SERVER_WRITEABLE:
	case LWS_CALLBACK_CLIENT_WRITEABLE:
	case LWS_CALLBACK_WS_PEER_INITIATED_CLOSE:
	case LWS_CALLBACK_CLOSED:
	case LWS_CALLBACK_CLIENT_CLOSED:
		connection = ws_connection_of(wsi);
		return connection == NULL ? -1 : on_connection(connection, wsi, reason, in, len);
	default:
		return 0;
	}
}
