/*
 * One connection's life, whichever side began it: the table entry, liveness, and the one road to
 * closed(). Nothing is freed while the library or a handler may still be using it:
 * ws_connection_kill() waits for the loop's next turn, when neither is on the stack.
 */
#include "net/loop_inner.h"
#include "net/ws_inner.h"

#include "base/text.h"

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

/* How long a peer may take to answer our close. It is leaving either way. */
enum { CLOSE_WAIT_MS = 5000 };
#define FOREVER_MS ((int64_t)1 << 50)

static void set_alarm(struct ws_connection *connection);

struct ws_connection *ws_connection_of(struct lws *wsi)
{
	const enum ws_kind *kind = lws_get_opaque_user_data(wsi);

	return kind != NULL && *kind == WS_CONNECTION ? lws_get_opaque_user_data(wsi) : NULL;
}

struct ws_connection *ws_connection_new(struct ws_world *world, const struct ws_handler *handler,
                                        void *arg, const struct ws_limits *limits)
{
	struct ws_connection *connection = calloc(1, sizeof *connection);

	if (connection == NULL)
		return NULL;
	connection->id = id_table_add(&world->connections, connection);
	if (connection->id == 0) {
		free(connection);
		return NULL;
	}
	connection->kind = WS_CONNECTION;
	connection->world = world;
	connection->handler = *handler;
	connection->arg = arg;
	connection->limits = *limits;
	/* Nothing given means no limit, far beyond any connection's life. */
	if (limits->lost_ms <= 0)
		connection->limits.lost_ms = FOREVER_MS;
	if (limits->ping_ms <= 0)
		connection->limits.ping_ms = FOREVER_MS;
	connection->heard_ms = connection->pinged_ms = loop_now_ms(world->loop);
	set_alarm(connection);
	return connection;
}

void ws_connection_free(struct ws_connection *connection)
{
	if (connection->wsi != NULL)
		lws_set_opaque_user_data(connection->wsi, NULL);
	loop_cancel(connection->world->loop, connection->timer);
	ws_queue_free(&connection->queue);
	buf_free(&connection->message);
	ws_client_free(connection->client);
	free(connection);
}

void ws_connection_finish(struct ws_connection *connection)
{
	void (*closed)(void *, ws_id, const char *) = connection->handler.closed;
	char why[REASON_MAX_BYTES];
	void *arg = connection->arg;
	ws_id id = connection->id;

	text_clean(why, sizeof why,
	           connection->why[0] == '\0' ? "closed by the other end" : connection->why);
	id_table_take(&connection->world->connections, id);
	ws_connection_free(connection);
	closed(arg, id, why);
}

void ws_connection_explain(struct ws_connection *connection, const char *why)
{
	if (connection->why[0] == '\0')
		text_clean(connection->why, sizeof connection->why, why);
}

/* The library would still shake hands for a while; our side is over now. */
static void kill_now(void *arg)
{
	struct ws_connection *connection = arg;
	struct lws_context *context = connection->world->context;
	struct lws *wsi = connection->wsi;

	connection->timer = 0;
	if (wsi != NULL) {
		int fd = lws_get_socket_fd(wsi);

		lws_set_opaque_user_data(wsi, NULL);
		connection->wsi = NULL;
		if (fd >= 0)
			shutdown(fd, SHUT_RDWR);
		lws_set_timeout(wsi, PENDING_TIMEOUT_CLOSE_SEND, LWS_TO_KILL_SYNC);
		/* The library looks at its timeouts only after it has been woken. */
		lws_cancel_service(context);
	}
	ws_connection_finish(connection);
}

static void finish_after(struct ws_connection *connection, int64_t ms)
{
	loop_cancel(connection->world->loop, connection->timer);
	connection->timer = loop_after(connection->world->loop, ms, kill_now, connection);
}

void ws_connection_kill(struct ws_connection *connection, const char *why)
{
	ws_connection_explain(connection, why);
	connection->state = WS_DYING;
	finish_after(connection, 0);
}

void ws_connection_await_close(struct ws_connection *connection, const char *why)
{
	ws_connection_explain(connection, why);
	connection->state = WS_DYING;
	finish_after(connection, CLOSE_WAIT_MS);
}

/* Not by -1 from its callback: then it drops the connection before the close frame is out. */
static void close_now(void *arg)
{
	struct ws_connection *connection = arg;
	struct lws *wsi = connection->wsi;

	connection->timer = loop_after(connection->world->loop, CLOSE_WAIT_MS, kill_now,
	                               connection);
	lws_close_reason(wsi, LWS_CLOSE_STATUS_NORMAL, (unsigned char *)connection->why,
	                 strlen(connection->why));
	lws_set_timeout(wsi, PENDING_TIMEOUT_CLOSE_SEND, LWS_TO_KILL_SYNC);
}

void ws_connection_shake_hands(struct ws_connection *connection)
{
	ws_connection_explain(connection, "closed");
	connection->state = WS_DYING;
	loop_cancel(connection->world->loop, connection->timer);
	connection->timer = loop_after(connection->world->loop, 0, close_now, connection);
}

void ws_connection_open(struct ws_connection *connection, const struct ws_peer *peer)
{
	connection->state = WS_OPEN;
	ws_connection_heard(connection);
	if (!ws_queue_is_empty(&connection->queue))
		lws_callback_on_writable(connection->wsi);
	connection->handler.opened(connection->arg, connection->id, peer);
}

void ws_connection_heard(struct ws_connection *connection)
{
	/* One that is to close gets no more time by talking. */
	if (connection->state == WS_CONNECTING || connection->state == WS_OPEN)
		connection->heard_ms = loop_now_ms(connection->world->loop);
}

static void send_ping(struct ws_connection *connection, int64_t now_ms)
{
	connection->pinged_ms = now_ms;
	if (connection->state == WS_CONNECTING || connection->wsi == NULL)
		return;
	connection->ping_is_due = true;
	lws_callback_on_writable(connection->wsi);
}

static void check_alive(void *arg)
{
	struct ws_connection *connection = arg;
	int64_t now_ms = loop_now_ms(connection->world->loop);

	connection->timer = 0;
	/*
	 * Timers run before descriptors. If this program was stopped or busy, what the peer sent
	 * meanwhile is unread, so that time is not held against it.
	 */
	connection->heard_ms += now_ms - connection->alarm_ms;
	if (now_ms - connection->heard_ms >= connection->limits.lost_ms) {
		ws_connection_kill(connection, connection->state == WS_CONNECTING
		                                       ? "no answer in time"
		                                       : "lost: it does not answer");
		return;
	}
	if (now_ms - connection->pinged_ms >= connection->limits.ping_ms)
		send_ping(connection, now_ms);
	set_alarm(connection);
}

static void set_alarm(struct ws_connection *connection)
{
	int64_t lost_ms = connection->heard_ms + connection->limits.lost_ms;
	int64_t ping_ms = connection->pinged_ms + connection->limits.ping_ms;
	int64_t now_ms = loop_now_ms(connection->world->loop);

	connection->alarm_ms = lost_ms < ping_ms ? lost_ms : ping_ms;
	if (connection->alarm_ms < now_ms)
		connection->alarm_ms = now_ms;
	connection->timer = loop_after(connection->world->loop, connection->alarm_ms - now_ms,
	                               check_alive, connection);
}
