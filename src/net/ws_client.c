/* The client's side of a connection: where it goes, and whether the server that answers is the right one. */
#include "net/loop_inner.h"
#include "net/ws_inner.h"

#include "net/address.h"
#include "net/tls.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct ws_client {
	char *host;     /* name or address, or "+/path" for a Unix socket */
	char *protocol;
	uint16_t port;
	bool tls, by_authority, pinned;
	bool verified;  /* the server's own certificate passed */
	bool starting;  /* inside ws_client_start(): failures wait for the loop's next turn */
	uint8_t key_hash[HASH_BYTES];
	struct lws_vhost *vhost;
};

void ws_client_free(struct ws_client *client)
{
	if (client == NULL)
		return;
	free(client->host);
	free(client->protocol);
	free(client);
}

static char *host_of(const struct ws_connect *how)
{
	char *host = NULL;

	if (how->unix_path == NULL)
		return strdup(how->host);
	return asprintf(&host, "+%s", how->unix_path) < 0 ? NULL : host;
}

static struct ws_client *client_new(const struct ws_connect *how, const struct ws_home *home)
{
	struct ws_client *client = calloc(1, sizeof *client);

	if (client == NULL)
		return NULL;
	client->host = host_of(how);
	client->protocol = strdup(how->protocol);
	client->port = how->port;
	client->tls = how->tls;
	client->by_authority = how->ca != NULL;
	client->pinned = how->server_key_hash != NULL;
	client->vhost = ws_home_vhost(home);
	if (client->pinned)
		memcpy(client->key_hash, how->server_key_hash, HASH_BYTES);
	if (client->host != NULL && client->protocol != NULL)
		return client;
	ws_client_free(client);
	return NULL;
}

/* The address a browser would send; a Unix socket has none. */
static const char *host_header(const struct ws_client *client)
{
	return client->host[0] == '+' ? "localhost" : client->host;
}

static void start(struct ws_connection *connection)
{
	struct ws_client *client = connection->client;
	struct lws_client_connect_info info = {
		.context = connection->world->context,
		.vhost = client->vhost,
		.address = client->host,
		.port = client->port,
		.path = "/",
		.host = host_header(client),
		.origin = host_header(client),
		.protocol = client->protocol,
		.local_protocol_name = "client",
		.opaque_user_data = connection,
		.pwsi = &connection->wsi,
		/* Names and chains are judged in ws_client_verify(), which knows what was asked for. */
		.ssl_connection = client->tls ? LCCSCF_USE_SSL | LCCSCF_SKIP_SERVER_CERT_HOSTNAME_CHECK : 0,
	};

	client->starting = true;
	/* Without a connection the callback has said why already, or there was no memory. */
	if (lws_client_connect_via_info(&info) == NULL && connection->state != WS_DYING)
		ws_connection_kill(connection, "cannot connect");
	client->starting = false;
}

enum err ws_connect(struct loop *loop, const struct ws_connect *how, ws_id *id)
{
	struct ws_world *world = loop_websockets(loop);
	struct ws_connection *connection;
	struct ws_home *home;
	enum err err;

	if (how->unix_path == NULL && !how->tls && !address_is_loopback(how->host))
		return ERR_DENIED;
	/* With neither an authority nor a pin any server would do. */
	if (how->tls && how->ca == NULL && how->server_key_hash == NULL)
		return ERR_DENIED;
	if ((err = ws_home_find(world, how, &home)) != ERR_OK)
		return err;
	connection = ws_connection_new(world, how->handler, how->arg, how->limits);
	if (connection == NULL)
		return ERR_MEMORY;
	connection->client = client_new(how, home);
	*id = connection->id;
	if (connection->client == NULL)
		ws_connection_kill(connection, "out of memory");
	else
		start(connection);
	return ERR_OK;
}


void ws_client_failed(struct ws_connection *connection, const char *why)
{
	ws_connection_explain(connection, why);
	if (connection->client != NULL && connection->client->starting)
		ws_connection_kill(connection, why);
	else
		ws_connection_finish(connection);
}

bool ws_client_verify(struct ws_connection *connection, void *store_context, bool chain_is_good)
{
	struct ws_client *client = connection->client;
	struct tls_expect expect = {.host = client->host, .by_authority = client->by_authority,
	                            .key_hash = client->pinned ? client->key_hash : NULL};

	client->verified = tls_verify_server(store_context, chain_is_good, &expect);
	if (!client->verified)
		ws_connection_explain(connection, "the server's certificate is not the expected one");
	return client->verified;
}

int ws_client_filter(struct ws_connection *connection, struct lws *wsi)
{
	(void)wsi;
	if (!connection->client->tls || connection->client->verified)
		return 0;
	ws_connection_explain(connection, "the server did not prove itself");
	return -1;
}

void ws_client_opened(struct ws_connection *connection, struct lws *wsi)
{
	struct ws_peer peer = {.protocol = connection->client->protocol};

	connection->wsi = wsi;
	if (connection->state == WS_CONNECTING)
		ws_connection_open(connection, &peer);
}
