/*
 * Listeners, and what they learn about who connects. The library chooses a vhost by port and by the
 * Host header that the peer sends, so a peer could ask to be taken for another listener's; each
 * connection is therefore tied to the socket that accepted it, and one port belongs to one
 * listener.
 */
#include "net/address.h"
#include "net/loop_inner.h"
#include "net/tls.h"
#include "net/ws_inner.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

static enum err set_fault(char *fault, enum err err, const char *what, const char *subject)
{
	/* A long path is cut, so that what is wrong with it stays. */
	if (fault != NULL)
		snprintf(fault, REASON_MAX_BYTES, "%.60s: %.56s", subject, what);
	return err;
}

/*
 * True when a living program answers there. A socket file alone may be left from one that was
 * killed.
 */
static bool is_served(const char *path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	bool served;

	if (fd < 0)
		return false;
	memcpy(address.sun_path, path, strlen(path) + 1);
	served = connect(fd, (struct sockaddr *)&address, sizeof address) == 0 || errno == EAGAIN;
	close(fd);
	return served;
}

/* The library unlinks whatever has the path, so what may not go is found first. */
static enum err check_unix(const char *path, char *fault)
{
	struct sockaddr_un address;
	struct stat about;

	if (strlen(path) >= sizeof address.sun_path)
		return set_fault(fault, ERR_LIMIT, "too long for a socket", path);
	/*
	 * The library takes these for names outside the file system, where no folder guards them.
	 */
	if (path[0] == '@' || path[0] == '\0')
		return set_fault(fault, ERR_IO, "not a path", path);
	if (lstat(path, &about) != 0)
		return ERR_OK;
	if (!S_ISSOCK(about.st_mode))
		return set_fault(fault, ERR_IO, "exists, and is no socket", path);
	if (is_served(path))
		return set_fault(fault, ERR_IO, "another program listens there", path);
	return ERR_OK;
}

static bool port_is_taken(const struct ws_world *world, uint16_t port)
{
	const struct ws_listener *at;

	for (at = world->listeners; port != 0 && at != NULL; at = at->next)
		if (ws_port(at) == port)
			return true;
	return false;
}

static enum err check_tcp(const struct ws_world *world, const struct ws_listen *how, char *fault)
{
	if (how->host == NULL || !address_is_numeric(how->host))
		return set_fault(fault, ERR_IO, "not a numeric address",
		                 how->host == NULL ? "host" : how->host);
	if (port_is_taken(world, how->port))
		return set_fault(fault, ERR_IO, "the port belongs to another listener", how->host);
	if (how->certificate == NULL && (how->client_ca != NULL || how->key != NULL))
		return set_fault(fault, ERR_IO, "a key or an authority, but no certificate",
		                 how->host);
	if (how->certificate == NULL && !address_is_loopback(how->host))
		return set_fault(fault, ERR_DENIED,
		                 "without a certificate only loopback may be listened on",
		                 how->host);
	return ERR_OK;
}

static enum err check(const struct ws_world *world, const struct ws_listen *how, char *fault)
{
	char wrong[REASON_MAX_BYTES] = "";
	enum err err = how->unix_path != NULL ? check_unix(how->unix_path, fault)
	                                      : check_tcp(world, how, fault);

	if (err != ERR_OK || how->certificate == NULL)
		return err;
	if (how->unix_path != NULL)
		return set_fault(fault, ERR_DENIED, "TLS on a Unix socket would hide who connects",
		                 how->unix_path);
	err = tls_check_server(how->certificate, how->key, how->client_ca, wrong);
	if (err != ERR_OK && fault != NULL)
		snprintf(fault, REASON_MAX_BYTES, "%s", wrong);
	return err;
}

static size_t count_of(const char *const *protocols)
{
	size_t count = 0;

	while (protocols[count] != NULL)
		count++;
	return count;
}

/* The first entry takes whoever asks for no protocol; it belongs to nobody, and so is refused. */
static bool copy_protocols(struct ws_listener *listener, const char *const *protocols)
{
	size_t count = count_of(protocols), i;

	listener->names = calloc(count + 1, sizeof *listener->names);
	listener->protocols = calloc(count + 2, sizeof *listener->protocols);
	if (listener->names == NULL || listener->protocols == NULL)
		return false;
	listener->protocols[0] = (struct lws_protocols){ .name = "=none", .callback = ws_callback };
	for (i = 0; i < count; i++) {
		listener->names[i] = strdup(protocols[i]);
		if (listener->names[i] == NULL)
			return false;
		listener->protocols[i + 1] = (struct lws_protocols){
			.name = listener->names[i],
			.callback = ws_callback,
			.tx_packet_size = WS_CHUNK_MAX,
			.user = listener,
		};
	}
	return true;
}

static void free_listener(struct ws_listener *listener)
{
	size_t i;

	for (i = 0; listener->names != NULL && listener->names[i] != NULL; i++)
		free(listener->names[i]);
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
		free_listener(listener);
	}
}

static enum ws_identity identity_of(const struct ws_listen *how)
{
	if (how->unix_path != NULL)
		return WS_UNIX_USER;
	return how->client_ca != NULL ? WS_CERTIFICATE : WS_ANONYMOUS;
}

static struct ws_listener *new_listener(struct ws_world *world, const struct ws_listen *how)
{
	struct ws_listener *listener = calloc(1, sizeof *listener);

	if (listener == NULL)
		return NULL;
	listener->kind = WS_LISTENER;
	listener->world = world;
	listener->identity = identity_of(how);
	listener->limits = *how->limits;
	listener->handler = *how->handler;
	listener->arg = how->arg;
	listener->address = strdup(how->unix_path != NULL ? how->unix_path : how->host);
	/* No Host header begins like this, so none chooses it by name. */
	snprintf(listener->vhost_name, sizeof listener->vhost_name, "=%p", (void *)listener);
	if (listener->address != NULL && copy_protocols(listener, how->protocols))
		return listener;
	free_listener(listener);
	return NULL;
}

static uint64_t options_of(const struct ws_listen *how)
{
	uint64_t options = LWS_SERVER_OPTION_FAIL_UPON_UNABLE_TO_BIND;

	if (how->unix_path != NULL)
		return options | LWS_SERVER_OPTION_UNIX_SOCK;
	if (!address_is_ipv6(how->host))
		options |= LWS_SERVER_OPTION_DISABLE_IPV6;
	if (how->certificate != NULL)
		options |= LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT |
		           LWS_SERVER_OPTION_DISABLE_OS_CA_CERTS;
	if (how->client_ca != NULL)
		options |= LWS_SERVER_OPTION_REQUIRE_VALID_OPENSSL_CLIENT_CERT;
	return options;
}

static enum err bind_listener(struct ws_listener *listener, const struct ws_listen *how,
                              char *fault)
{
	struct lws_context_creation_info info = {
		.port = how->unix_path != NULL ? 0 : how->port,
		.iface = listener->address,
		.vhost_name = listener->vhost_name,
		.protocols = listener->protocols,
		.options = options_of(how),
		.ssl_cert_filepath = how->certificate,
		.ssl_private_key_filepath = how->key,
		.ssl_ca_filepath = how->client_ca,
		.alpn = "http/1.1",
		.http_proxy_address = "",
		.user = listener,
	};

	errno = 0;
	listener->vhost = lws_create_vhost(listener->world->context, &info);
	if (listener->vhost == NULL)
		return set_fault(fault, ERR_IO,
		                 errno != 0 ? strerror(errno) : "cannot be listened on",
		                 listener->address);
	/* The folder decides who may try; whoever gets that far is asked who they are. */
	if (how->unix_path != NULL && chmod(how->unix_path, 0660) != 0)
		return set_fault(fault, ERR_IO, strerror(errno), how->unix_path);
	return ERR_OK;
}

enum err ws_listen(struct loop *loop, const struct ws_listen *how, struct ws_listener **listener,
                   char fault[REASON_MAX_BYTES])
{
	struct ws_world *world = loop_websockets(loop);
	struct ws_listener *made;
	enum err err = check(world, how, fault);

	if (err != ERR_OK)
		return err;
	made = new_listener(world, how);
	if (made == NULL)
		return set_fault(fault, ERR_MEMORY, err_text(ERR_MEMORY), "listener");
	err = bind_listener(made, how, fault);
	if (err != ERR_OK && made->vhost == NULL) {
		free_listener(made);
		return err;
	}
	made->next = world->listeners;
	world->listeners = made;
	if (err == ERR_OK)
		*listener = made;
	return err;
}

uint16_t ws_port(const struct ws_listener *listener)
{
	return listener->identity == WS_UNIX_USER
	               ? 0
	               : (uint16_t)lws_get_vhost_listen_port(listener->vhost);
}

/* On a TCP socket the same question succeeds, with a uid of -1. */
static bool find_user(int fd, uint32_t *uid)
{
	struct sockaddr_storage address;
	struct ucred credentials;
	socklen_t address_len = sizeof address, len = sizeof credentials;

	if (getsockname(fd, (struct sockaddr *)&address, &address_len) != 0 ||
	    address.ss_family != AF_UNIX)
		return false;
	if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &credentials, &len) != 0 ||
	    credentials.uid == (uid_t)-1)
		return false;
	*uid = credentials.uid;
	return true;
}

static bool find_identity(const struct ws_listener *listener, struct lws *wsi, struct ws_peer *peer)
{
	peer->identity = listener->identity;
	switch (listener->identity) {
	case WS_UNIX_USER:
		return find_user(lws_get_socket_fd(wsi), &peer->uid);
	case WS_CERTIFICATE:
		return tls_peer_key_hash(lws_get_ssl(wsi), true, peer->key_hash) == ERR_OK;
	case WS_ANONYMOUS:
		return true;
	}
	return false;
}

/* Which socket took it is known now; later a Host header could name another listener. */
void ws_server_accepted(struct lws *wsi)
{
	struct ws_listener *listener = lws_vhost_user(lws_get_vhost(wsi));

	/* The library calls this for clients too. */
	if (listener != NULL && lws_get_opaque_user_data(wsi) == NULL)
		lws_set_opaque_user_data(wsi, listener);
}

static struct ws_listener *listener_of(struct lws *wsi)
{
	enum ws_kind *kind = lws_get_opaque_user_data(wsi);

	return kind != NULL && *kind == WS_LISTENER ? lws_get_opaque_user_data(wsi) : NULL;
}

int ws_server_filter(struct lws *wsi)
{
	const struct ws_listener *listener = listener_of(wsi);
	struct ws_peer peer = { .identity = WS_ANONYMOUS };

	if (listener == NULL || lws_get_protocol(wsi)->user != listener)
		return -1;
	return find_identity(listener, wsi, &peer) ? 0 : -1;
}

int ws_server_opened(struct lws *wsi)
{
	struct ws_listener *listener = listener_of(wsi);
	struct ws_peer peer = { .protocol = lws_get_protocol(wsi)->name };
	struct ws_connection *connection = NULL;

	/* From here on the pointer is a connection's, or nothing. */
	lws_set_opaque_user_data(wsi, NULL);
	if (listener != NULL && find_identity(listener, wsi, &peer))
		connection = ws_connection_new(listener->world, &listener->handler, listener->arg,
		                               &listener->limits);
	if (connection == NULL)
		return -1;
	connection->wsi = wsi;
	lws_set_opaque_user_data(wsi, connection);
	ws_connection_open(connection, &peer);
	return 0;
}
