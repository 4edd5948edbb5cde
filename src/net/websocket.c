/*
 * The public calls that need only an id, and the library's context: one for each loop, shared by
 * every listener and client on it, since a program may hold hundreds of either.
 */
#include "net/websocket.h"

#include "net/loop_inner.h"
#include "net/ws_inner.h"

#include <stdlib.h>

/* A peer gets this long for TCP, TLS and the HTTP request together, each. */
enum { HANDSHAKE_SECONDS = 10 };

static const char CLIENT_PROTOCOL[] = "client";

static bool create_context(struct ws_world *world)
{
	void *loops[1] = { loop_uv(world->loop) };
	struct lws_context_creation_info info = {
		.port = CONTEXT_PORT_NO_LISTEN,
		.options = LWS_SERVER_OPTION_EXPLICIT_VHOSTS | LWS_SERVER_OPTION_LIBUV |
		           LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT | LWS_SERVER_OPTION_VALIDATE_UTF8,
		.foreign_loops = loops,
		.pcontext = &world->context,
		.timeout_secs = HANDSHAKE_SECONDS,
		.user = world,
	};

	world->context = lws_create_context(&info);
	return world->context != NULL;
}

struct ws_world *ws_world_new(struct loop *loop)
{
	const struct ws_connect plain = { .tls = false };
	struct ws_world *world = calloc(1, sizeof *world);
	struct ws_home *home;

	if (world == NULL)
		return NULL;
	/* What the library has to say about hostile peers would let them fill the journal. */
	lws_set_log_level(0, NULL);
	world->loop = loop;
	world->client_protocols[0] = (struct lws_protocols){
		.name = CLIENT_PROTOCOL,
		.callback = ws_callback,
		.tx_packet_size = WS_CHUNK_MAX,
	};
	/*
	 * The plain clients' home comes first: the library asks the first vhost about every
	 * certificate.
	 */
	if (create_context(world) && ws_home_find(world, &plain, &home) == ERR_OK)
		return world;
	ws_world_close(world);
	ws_world_free(world);
	return NULL;
}

void ws_world_close(struct ws_world *world)
{
	struct ws_connection *connection;

	if (world == NULL)
		return;
	while ((connection = id_table_take_any(&world->connections)) != NULL)
		ws_connection_free(connection);
	if (world->context != NULL)
		lws_context_destroy(world->context);
}

void ws_world_free(struct ws_world *world)
{
	if (world == NULL)
		return;
	/* The library finishes by itself only if the last handle it closed was a connection's. */
	if (world->context != NULL)
		lws_context_destroy(world->context);
	ws_listeners_free(world);
	ws_homes_free(world);
	id_table_free(&world->connections);
	free(world);
}

enum err ws_send(struct loop *loop, ws_id id, const void *data, size_t len, bool binary)
{
	struct ws_connection *connection = id_table_find(&loop_websockets(loop)->connections, id);
	enum err err;

	if (connection == NULL || connection->state == WS_CLOSING || connection->state == WS_DYING)
		return ERR_NOT_FOUND;
	err = ws_queue_add(&connection->queue, connection->limits.queue_max, data, len, binary);
	if (err != ERR_OK)
		ws_connection_kill(connection, err == ERR_LIMIT ? "it does not read what is sent"
		                                                : err_text(err));
	else if (connection->state == WS_OPEN)
		lws_callback_on_writable(connection->wsi);
	return err;
}

void ws_close(struct loop *loop, ws_id id, const char *why)
{
	struct ws_connection *connection = id_table_find(&loop_websockets(loop)->connections, id);

	if (connection == NULL || connection->state == WS_CLOSING || connection->state == WS_DYING)
		return;
	ws_connection_explain(connection, why);
	if (connection->state == WS_CONNECTING) {
		ws_connection_kill(connection, why);
		return;
	}
	connection->state = WS_CLOSING;
	lws_callback_on_writable(connection->wsi);
}
