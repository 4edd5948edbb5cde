/* Listeners: which transport, who may connect, and who it is as far as the transport proves it. */
#include "net/loop_inner.h"
#include "net/ws_inner.h"

#include "net/address.h"
#include "net/tls.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

static void listener_free(struct ws_listener *listener)
{
	for (char **name = listener->names; name != NULL && *name != NULL; name++)
		free(*name);
	free(listener->names);
	free(listener->protocols);
	free(listener->address);
	free(listener);
}

void ws_listeners_free(struct ws_world *world)
{
	while (world->listeners != NULL) {
		struct ws_listener *listener = world->listeners;

		world->listeners = listener->next;
		if (listener->identity == WS_UNIX_USER)
			unlink(listener->address);
		listener_free(listener);
	}
}

/* The library's table: first what answers plain HTTP and those who name no protocol, then ours. */
static enum err fill_protocols(struct ws_listener *listener, const char *const *names)
{
	size_t n = 0;

	while (names[n] != NULL)
		n++;
	listener->names = calloc(n + 1, sizeof *listener->names);
	listener->protocols = calloc(n + 2, sizeof *listener->protocols);
	if (listener->names == NULL || listener->protocols == NULL)
		return ERR_MEMORY;
	listener->protocols[0] = (struct lws_protocols){.name = "http", .callback = ws_callback};
	for (size_t i = 0; i < n; i++) {
		listener->names[i] = strdup(names[i]);
		if (listener->names[i] == NULL)
			return ERR_MEMORY;
		listener->protocols[i + 1] = (struct lws_protocols){.name = listener->names[i],
			.callback = ws_callback, .rx_buffer_size = 4096};
	}
	return ERR_OK;
}

static struct ws_listener *listener_new(struct ws_world *world, const struct ws_listen *how)
{
	struct ws_listener *listener = calloc(1, sizeof *listener);

	if (listener == NULL)
		return NULL;
	listener->world = world;
	listener->limits = *how->limits;
	listener->handler = *how->handler;
	listener->arg = how->arg;
	listener->identity = how->unix_path != NULL ? WS_UNIX_USER
	                     : how->client_ca != NULL ? WS_CERTIFICATE : WS_ANONYMOUS;
	listener->address = strdup(how->unix_path != NULL ? how->unix_path : how->host);
	snprintf(listener->vhost_name, sizeof listener->vhost_name, "listen-%p", (void *)listener);
	if (listener->address != NULL && fill_protocols(listener, how->protocols) == ERR_OK)
		return listener;
	listener_free(listener);
	return NULL;
}

/* A socket file that a killed process left behind is removed; one that somebody answers on is not. */
static enum err clear_path(const char *path, char *fault)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	struct stat status;
	int fd, answered;

	if (strlen(path) >= sizeof address.sun_path) {
		snprintf(fault, REASON_MAX_BYTES, "the path is longer than a socket's name can be");
		return ERR_LIMIT;
	}
	if (lstat(path, &status) != 0)
		return ERR_OK;
	if (!S_ISSOCK(status.st_mode)) {
		snprintf(fault, REASON_MAX_BYTES, "something that is not a socket is there");
		return ERR_EXISTS;
	}
	memcpy(address.sun_path, path, strlen(path));
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	answered = fd >= 0 && connect(fd, (struct sockaddr *)&address, sizeof address) == 0;
	if (fd >= 0)
		close(fd);
	if (!answered)
		return unlink(path) == 0 ? ERR_OK : ERR_IO;
	snprintf(fault, REASON_MAX_BYTES, "another process is listening there");
	return ERR_EXISTS;
}

static enum err check(const struct ws_listen *how, char *fault)
{
	if (how->unix_path != NULL)
		return clear_path(how->unix_path, fault);
	if (!address_is_numeric(how->host)) {
		snprintf(fault, REASON_MAX_BYTES, "not a numeric address");
		return ERR_PARSE;
	}
	if (how->certificate == NULL && how->key == NULL && how->client_ca == NULL) {
		if (address_is_loopback(how->host))
			return ERR_OK;
		snprintf(fault, REASON_MAX_BYTES, "without a certificate only a loopback address is allowed");
		return ERR_DENIED;
	}
	if (how->certificate == NULL || how->key == NULL) {
		snprintf(fault, REASON_MAX_BYTES, "a certificate and its key are needed");
		return ERR_DENIED;
	}
	return tls_check_server(how->certificate, how->key, how->client_ca, fault);
}

static struct lws_vhost *make_vhost(struct ws_listener *listener, const struct ws_listen *how)
{
	struct lws_context_creation_info info = {
		.port = how->port,
		.iface = listener->address,
		.protocols = listener->protocols,
		.vhost_name = listener->vhost_name,
		.user = listener,
		.options = LWS_SERVER_OPTION_FAIL_UPON_UNABLE_TO_BIND,
		.ssl_cert_filepath = how->certificate,
		.ssl_private_key_filepath = how->key,
		.ssl_ca_filepath = how->client_ca,
	};

	if (how->unix_path != NULL) {
		info.options |= LWS_SERVER_OPTION_UNIX_SOCK;
	} else {
		if (!address_is_ipv6(how->host))
			info.options |= LWS_SERVER_OPTION_DISABLE_IPV6;
		if (how->certificate != NULL)
			info.options |= LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT;
		if (how->client_ca != NULL)
			info.options |= LWS_SERVER_OPTION_REQUIRE_VALID_OPENSSL_CLIENT_CERT;
		if (how->port == 0)
			info.port = 0;
	}
	return lws_create_vhost(listener->world->context, &info);
}

enum err ws_listen(struct loop *loop, const struct ws_listen *how, struct ws_listener **out,
                   char fault[REASON_MAX_BYTES])
{
	struct ws_world *world = loop_websockets(loop);
	char unused[REASON_MAX_BYTES];
	struct ws_listener *listener;
	enum err err;

	*out = NULL;
	if (fault == NULL)
		fault = unused;
	fault[0] = '\0';
	if ((err = check(how, fault)) != ERR_OK)
		return err;
	if ((listener = listener_new(world, how)) == NULL)
		return ERR_MEMORY;
	listener->vhost = make_vhost(listener, how);
	if (listener->vhost == NULL) {
		snprintf(fault, REASON_MAX_BYTES, "the address cannot be bound; is something else listening there?");
		listener_free(listener);
		return ERR_IO;
	}
	if (how->unix_path != NULL)
		chmod(how->unix_path, 0660);
	listener->next = world->listeners;
	world->listeners = *out = listener;
	return ERR_OK;
}

uint16_t ws_port(const struct ws_listener *listener)
{
	return (uint16_t)lws_get_vhost_listen_port(listener->vhost);
}

static struct ws_listener *listener_of(struct lws *wsi)
{
	return lws_get_vhost_user(lws_get_vhost(wsi));
}

static bool speaks_ours(const struct ws_listener *listener, struct lws *wsi)
{
	const struct lws_protocols *protocol = lws_get_protocol(wsi);

	return protocol != NULL && protocol != &listener->protocols[0] && strcmp(protocol->name, "http") != 0;
}

int ws_server_filter(struct lws *wsi)
{
	const struct ws_listener *listener = listener_of(wsi);
	uint8_t hash[HASH_BYTES];

	if (listener == NULL || !speaks_ours(listener, wsi))
		return -1;
	if (listener->identity == WS_CERTIFICATE && tls_peer_key_hash(lws_get_ssl(wsi), true, hash) != ERR_OK)
		return -1;
	return 0;
}

/* SO_PEERCRED succeeds on a TCP socket too, with a uid of -1; a listener of ours knows which it is. */
static bool identify(struct lws *wsi, const struct ws_listener *listener, struct ws_peer *peer)
{
	struct ucred credentials;
	socklen_t len = sizeof credentials;

	peer->protocol = lws_get_protocol(wsi)->name;
	peer->identity = listener->identity;
	if (listener->identity == WS_CERTIFICATE)
		return tls_peer_key_hash(lws_get_ssl(wsi), true, peer->key_hash) == ERR_OK;
	if (listener->identity != WS_UNIX_USER)
		return true;
	if (getsockopt(lws_get_socket_fd(wsi), SOL_SOCKET, SO_PEERCRED, &credentials, &len) != 0)
		return false;
	peer->uid = credentials.uid;
	return true;
}

int ws_server_opened(struct lws *wsi)
{
	struct ws_listener *listener = listener_of(wsi);
	struct ws_connection *connection;
	struct ws_peer peer = {0};

	if (!identify(wsi, listener, &peer))
		return -1;
	connection = ws_connection_new(listener->world, &listener->handler, listener->arg, &listener->limits);
	if (connection == NULL)
		return -1;
	connection->wsi = wsi;
	lws_set_opaque_user_data(wsi, connection);
	ws_connection_open(connection, &peer);
	return 0;
}
