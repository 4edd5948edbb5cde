/*
 * Clients: from a name to an open websocket. Names are resolved on libuv's threads, because the
 * library would stop the whole loop for a slow name server; the addresses are then tried in turn.
 */
#include "net/address.h"
#include "net/loop_inner.h"
#include "net/tls.h"
#include "net/ws_inner.h"

#include "base/text.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>

enum {
	ADDRESSES_MAX = 4,  /* a name with more of them that all fail has another problem */
	HOST_MAX = 253 + 1, /* RFC 1035 */
	PROTOCOL_MAX = 64,
	/* A Unix path with the library's plus before it. */
	ADDRESS_MAX = sizeof(((struct sockaddr_un *)NULL)->sun_path) + 1,
};

struct resolution {
	uv_getaddrinfo_t request;
	struct ws_world *world;
	ws_id id;
};

struct ws_client {
	struct loop *loop;
	struct ws_home *home;
	char host[HOST_MAX];
	uint16_t port;
	bool tls, local; /* local: a Unix socket */
	struct tls_expect expect;
	uint8_t key_hash[HASH_BYTES];
	char protocol[PROTOCOL_MAX];
	char addresses[ADDRESSES_MAX][ADDRESS_MAX];
	size_t count, next;
	struct resolution *resolution; /* owned by libuv while it runs */
	uint32_t step;                 /* the timer that tries the next address */
	bool verified;                 /* this attempt's server has shown the right certificate */
	bool shows_certificate;        /* we have one of our own */
};

void ws_client_free(struct ws_client *client)
{
	if (client == NULL)
		return;
	loop_cancel(client->loop, client->step);
	/* Its callback comes either way, and frees it when it finds the connection gone. */
	if (client->resolution != NULL)
		uv_cancel((uv_req_t *)&client->resolution->request);
	free(client);
}

static bool connect_one(struct ws_connection *connection)
{
	struct ws_client *client = connection->client;
	struct lws_client_connect_info info = {
		.context = connection->world->context,
		.vhost = ws_home_vhost(client->home),
		.address = client->addresses[client->next++],
		.port = client->port,
		.path = "/",
		.host = client->host,
		.protocol = client->protocol,
		.local_protocol_name = connection->world->client_protocols[0].name,
		.alpn = "http/1.1",
		.opaque_user_data = connection,
		/* The name is checked with the rest of the certificate, in tls.c. */
		.ssl_connection =
			LCCSCF_HTTP_NO_FOLLOW_REDIRECT |
			(client->tls ? LCCSCF_USE_SSL | LCCSCF_SKIP_SERVER_CERT_HOSTNAME_CHECK : 0),
	};

	client->verified = !client->tls;
	connection->wsi = lws_client_connect_via_info(&info);
	return connection->wsi != NULL;
}

static void try_next(void *arg)
{
	struct ws_connection *connection = arg;
	struct ws_client *client = connection->client;

	client->step = 0;
	if (connection->state != WS_CONNECTING)
		return;
	while (client->next < client->count)
		if (connect_one(connection))
			return;
	ws_connection_explain(connection, "cannot connect");
	ws_connection_finish(connection);
}

static void try_soon(struct ws_connection *connection)
{
	connection->client->step = loop_after(connection->client->loop, 0, try_next, connection);
}

void ws_client_failed(struct ws_connection *connection, const char *why)
{
	char phrase[REASON_MAX_BYTES];

	lws_set_opaque_user_data(connection->wsi, NULL);
	connection->wsi = NULL;
	/*
	 * TLS 1.3 refuses a client's certificate after the handshake, and the library drops the
	 * alert.
	 */
	if (connection->client->shows_certificate && connection->client->verified)
		snprintf(phrase, sizeof phrase, "the server may not accept our certificate (%.60s)",
		         why);
	else
		snprintf(phrase, sizeof phrase, "cannot connect: %.80s", why);
	ws_connection_explain(connection, phrase);
	/* If it is dying, its end is on the way already. */
	if (connection->state != WS_CONNECTING)
		return;
	if (connection->client->next < connection->client->count)
		try_soon(connection);
	else
		ws_connection_finish(connection);
}

bool ws_client_verify(struct ws_connection *connection, void *store_context, bool chain_is_good)
{
	struct ws_client *client = connection->client;

	client->verified = tls_verify_server(store_context, chain_is_good, &client->expect);
	if (!client->verified)
		ws_connection_explain(connection,
		                      "the server's certificate is not the expected one");
	return client->verified;
}

int ws_client_filter(struct ws_connection *connection, struct lws *wsi)
{
	struct ws_client *client = connection->client;
	char agreed[PROTOCOL_MAX] = "";

	if (!client->verified || connection->state != WS_CONNECTING)
		return -1;
	if (lws_hdr_copy(wsi, agreed, sizeof agreed, WSI_TOKEN_PROTOCOL) > 0 &&
	    text_equal(agreed, client->protocol))
		return 0;
	ws_connection_explain(connection, "the server does not speak the protocol asked for");
	return -1;
}

/* Whom we reached, as far as the transport proves it. */
static void describe_server(const struct ws_client *client, struct lws *wsi, struct ws_peer *peer)
{
	struct ucred credentials;
	socklen_t len = sizeof credentials;

	peer->protocol = client->protocol;
	if (client->local &&
	    getsockopt(lws_get_socket_fd(wsi), SOL_SOCKET, SO_PEERCRED, &credentials, &len) == 0) {
		peer->identity = WS_UNIX_USER;
		peer->uid = credentials.uid;
	} else if (client->tls &&
	           tls_peer_key_hash(lws_get_ssl(wsi), true, peer->key_hash) == ERR_OK) {
		peer->identity = WS_CERTIFICATE;
	}
}

void ws_client_opened(struct ws_connection *connection, struct lws *wsi)
{
	struct ws_peer peer = { .identity = WS_ANONYMOUS };

	if (connection->state != WS_CONNECTING)
		return;
	connection->wsi = wsi;
	describe_server(connection->client, wsi, &peer);
	ws_connection_open(connection, &peer);
}

static void add_address(struct ws_client *client, const struct addrinfo *at)
{
	char *text = client->addresses[client->count];

	if (client->count < ADDRESSES_MAX && getnameinfo(at->ai_addr, at->ai_addrlen, text,
	                                                 ADDRESS_MAX, NULL, 0, NI_NUMERICHOST) == 0)
		client->count++;
}

static void resolved(uv_getaddrinfo_t *request, int status, struct addrinfo *found)
{
	struct resolution *resolution = (struct resolution *)request;
	struct ws_connection *connection = id_table_find(&resolution->world->connections,
	                                                 resolution->id);
	const struct addrinfo *at;

	free(resolution);
	if (connection != NULL) {
		connection->client->resolution = NULL;
		for (at = found; status == 0 && at != NULL; at = at->ai_next)
			add_address(connection->client, at);
		if (connection->client->count == 0)
			ws_connection_explain(connection, "the host's name is not known");
		if (connection->state == WS_CONNECTING)
			try_soon(connection);
	}
	uv_freeaddrinfo(found);
}

static enum err start_resolution(struct ws_connection *connection)
{
	const struct addrinfo hints = { .ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM };
	struct resolution *resolution = calloc(1, sizeof *resolution);

	if (resolution == NULL)
		return ERR_MEMORY;
	resolution->world = connection->world;
	resolution->id = connection->id;
	if (uv_getaddrinfo(loop_uv(connection->world->loop), &resolution->request, resolved,
	                   connection->client->host, NULL, &hints) != 0) {
		free(resolution);
		return ERR_IO;
	}
	connection->client->resolution = resolution;
	return ERR_OK;
}

/*
 * Nothing is called from inside ws_connect(): even what fails at once does so in the loop's next
 * turn.
 */
static enum err start(struct ws_connection *connection)
{
	struct ws_client *client = connection->client;

	if (client->count == 0)
		return start_resolution(connection);
	try_soon(connection);
	return client->step == 0 ? ERR_MEMORY : ERR_OK;
}

static enum err set_target(struct ws_client *client, const struct ws_connect *how)
{
	if (how->unix_path != NULL) {
		client->local = true;
		client->count = 1;
		client->addresses[0][0] = '+';
		text_copy(client->host, sizeof client->host, "localhost");
		return text_copy(client->addresses[0] + 1, ADDRESS_MAX - 1, how->unix_path);
	}
	client->port = how->port;
	client->tls = how->tls;
	if (address_is_numeric(how->host)) {
		client->count = 1;
		text_copy(client->addresses[0], ADDRESS_MAX, how->host);
	} else if (text_equal(how->host, "localhost")) {
		/* By RFC 6761 it never leaves this machine, whatever a resolver says. */
		client->count = 1;
		text_copy(client->addresses[0], ADDRESS_MAX, "127.0.0.1");
	}
	return text_copy(client->host, sizeof client->host, how->host);
}

static enum err set_client(struct ws_client *client, struct ws_world *world,
                           const struct ws_connect *how)
{
	enum err err = set_target(client, how);

	if (err == ERR_OK)
		err = text_copy(client->protocol, sizeof client->protocol, how->protocol);
	if (err != ERR_OK)
		return err;
	client->loop = world->loop;
	client->expect.host = client->host;
	client->shows_certificate = how->tls && how->certificate != NULL;
	client->expect.by_authority = how->ca != NULL;
	if (how->server_key_hash != NULL) {
		memcpy(client->key_hash, how->server_key_hash, HASH_BYTES);
		client->expect.key_hash = client->key_hash;
	}
	return ws_home_find(world, how, &client->home);
}

/* Plain text stays on this machine, and TLS needs something to know the server by. */
static bool is_allowed(const struct ws_connect *how)
{
	if (how->unix_path != NULL)
		return !how->tls;
	if (how->tls)
		return how->ca != NULL || how->server_key_hash != NULL;
	return address_is_loopback(how->host) || text_equal(how->host, "localhost");
}

enum err ws_connect_check(const struct ws_connect *how, char fault[REASON_MAX_BYTES])
{
	void *context;
	enum err err;

	snprintf(fault, REASON_MAX_BYTES, "%s",
	         how->tls ? "nothing is given to know the server by"
	                  : "without TLS only this machine may be reached");
	if (!is_allowed(how))
		return ERR_DENIED;
	fault[0] = '\0';
	if (!how->tls)
		return ERR_OK;
	err = tls_client_context(how->ca, how->certificate, how->key, &context, fault);
	tls_context_free(context);
	return err;
}

static enum err add_connection(struct ws_world *world, const struct ws_connect *how,
                               struct ws_client *client, ws_id *id)
{
	struct ws_connection *connection = ws_connection_new(world, how->handler, how->arg,
	                                                     how->limits);
	enum err err;

	if (connection == NULL) {
		ws_client_free(client);
		return ERR_MEMORY;
	}
	connection->client = client;
	err = start(connection);
	if (err != ERR_OK) {
		id_table_take(&world->connections, connection->id);
		ws_connection_free(connection);
		return err;
	}
	*id = connection->id;
	return ERR_OK;
}

enum err ws_connect(struct loop *loop, const struct ws_connect *how, ws_id *id)
{
	struct ws_world *world = loop_websockets(loop);
	struct ws_client *client;
	enum err err;

	if (!is_allowed(how))
		return ERR_DENIED;
	client = calloc(1, sizeof *client);
	if (client == NULL)
		return ERR_MEMORY;
	err = set_client(client, world, how);
	if (err != ERR_OK) {
		free(client);
		return err;
	}
	return add_connection(world, how, client, id);
}
