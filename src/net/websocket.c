/* The world of websockets on one loop: one library context, its connections by id, sending and closing. */
#include "net/loop_inner.h"
#include "net/ws_inner.h"

#include "base/text.h"
#include "os/journal.h"

#include <stdlib.h>
#include <string.h>

static void log_line(int level, const char *line)
{
	(void)level;
	journal_fault("libwebsockets: %.*s", (int)strcspn(line, "\n"), line);
}

static struct lws_context *new_context(struct ws_world *world)
{
	void *loops[] = {loop_uv(world->loop)};
	struct lws_context_creation_info info = {
		.port = CONTEXT_PORT_NO_LISTEN,
		.protocols = world->client_protocols,
		.options = LWS_SERVER_OPTION_EXPLICIT_VHOSTS | LWS_SERVER_OPTION_LIBUV
		           | LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT,
		.foreign_loops = loops,
		.user = world,
		.pcontext = &world->context,
	};

	lws_set_log_level(LLL_ERR, log_line);
	return lws_create_context(&info);
}

struct ws_world *ws_world_new(struct loop *loop)
{
	struct ws_world *world = calloc(1, sizeof *world);

	if (world == NULL)
		return NULL;
	world->loop = loop;
	world->client_protocols[0] = (struct lws_protocols){.name = "client", .callback = ws_callback, .rx_buffer_size = 4096};
	world->context = new_context(world);
	if (world->context != NULL)
		return world;
	free(world);
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
	/* A foreign loop's context is destroyed in two goes; the library clears the pointer when it is gone. */
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

	if (connection == NULL || connection->state != WS_OPEN)
		return ERR_NOT_FOUND;
	err = ws_queue_add(&connection->queue, connection->limits.queue_max, data, len, binary);
	if (err == ERR_LIMIT)
		ws_connection_kill(connection, "the peer does not read");
	else if (err == ERR_OK)
		lws_callback_on_writable(connection->wsi);
	return err;
}

void ws_close(struct loop *loop, ws_id id, const char *why)
{
	struct ws_connection *connection = id_table_find(&loop_websockets(loop)->connections, id);

	if (connection == NULL || connection->state == WS_CLOSING || connection->state == WS_DYING)
		return;
	if (connection->state == WS_CONNECTING) {
		ws_connection_kill(connection, why);
		return;
	}
	ws_connection_explain(connection, why);
	connection->state = WS_CLOSING;
	lws_callback_on_writable(connection->wsi);
}
