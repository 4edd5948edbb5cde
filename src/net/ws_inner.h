/*
 * What the websocket files share. A connection belongs to the world's table under its id; the
 * library's own object (wsi) carries a pointer to it as opaque user data for as long as both live,
 * and ws_connection_finish() parts them.
 */
#ifndef TILLSYN_NET_WS_INNER_H
#define TILLSYN_NET_WS_INNER_H

#include "base/buf.h"
#include "net/id_table.h"
#include "net/websocket.h"
#include "net/ws_queue.h"

#include <libwebsockets.h>

struct ws_client;
struct ws_home;

struct ws_world {
	struct loop *loop;
	struct lws_context *context; /* the library clears it when the context is gone */
	struct lws_protocols client_protocols[2];
	struct ws_home *homes; /* one for each set of TLS files that clients use */
	struct ws_listener *listeners;
	struct id_table connections;
};

/*
 * What the library's pointer points to: a listener until the websocket stands, then its connection.
 */
enum ws_kind { WS_LISTENER = 1, WS_CONNECTION };

struct ws_listener {
	enum ws_kind kind; /* first in both */
	struct ws_listener *next;
	struct ws_world *world;
	struct lws_vhost *vhost;
	struct lws_protocols *protocols; /* the first takes what is no websocket */
	char **names;                    /* owned, NULL-terminated */
	char *address;                   /* owned: path or numeric host */
	char vhost_name[32];
	enum ws_identity identity;
	struct ws_limits limits;
	struct ws_handler handler;
	void *arg;
};

enum ws_state {
	WS_CONNECTING,
	WS_OPEN,
	WS_CLOSING, /* ws_close() was called; what is queued goes out first */
	WS_DYING,   /* nothing more goes in or out; closed() is on its way */
};

struct ws_connection {
	enum ws_kind kind;
	struct ws_world *world;
	ws_id id;
	struct lws *wsi;          /* NULL while a client has none yet */
	struct ws_client *client; /* NULL for those that a listener accepted */
	enum ws_state state;
	struct ws_handler handler;
	void *arg;
	struct ws_limits limits;
	struct ws_queue queue;
	struct buf message; /* pieces of the message that is arriving */
	bool arriving;
	bool ping_is_due;
	int64_t heard_ms, pinged_ms, alarm_ms; /* alarm: when the timer below ought to fire */
	uint32_t timer;
	char why[REASON_MAX_BYTES];
};

/* ws_connection.c */
/* NULL when the library's object has none, or still belongs to its listener. */
struct ws_connection *ws_connection_of(struct lws *wsi);
struct ws_connection *ws_connection_new(struct ws_world *world, const struct ws_handler *handler,
                                        void *arg, const struct ws_limits *limits);
/* Everything but the handler's closed(). */
void ws_connection_free(struct ws_connection *connection);
/* The transport stands: from here on messages go both ways. Calls opened(). */
void ws_connection_open(struct ws_connection *connection, const struct ws_peer *peer);
/* Something arrived: the peer lives. */
void ws_connection_heard(struct ws_connection *connection);
/*
 * Ends it from the loop's next turn, without the peer's help. closed() follows; safe in any
 * callback.
 */
void ws_connection_kill(struct ws_connection *connection, const char *why);
/* All is sent: closes with the handshake of RFC 6455, telling the peer why. */
void ws_connection_shake_hands(struct ws_connection *connection);
/*
 * The library is closing it with a handshake; closed() comes from there, or after a bounded time.
 */
void ws_connection_await_close(struct ws_connection *connection, const char *why);
/* Remembers why it ends, unless something has been remembered before. */
void ws_connection_explain(struct ws_connection *connection, const char *why);
/* Takes it out of the world, calls closed() and frees it. */
void ws_connection_finish(struct ws_connection *connection);

/* ws_receive.c: one piece of a message; -1 tells the library to close. */
int ws_receive(struct ws_connection *connection, struct lws *wsi, const void *data, size_t len);

/* ws_client.c */
void ws_client_free(struct ws_client *client);
/* One address did not work: tries the next, or finishes the connection. */
void ws_client_failed(struct ws_connection *connection, const char *why);
/* True when a TLS server's certificate passes; asked in the middle of the handshake. */
bool ws_client_verify(struct ws_connection *connection, void *store_context, bool chain_is_good);
/* The server has accepted: 0, or -1 when it did not prove itself or speaks another protocol. */
int ws_client_filter(struct ws_connection *connection, struct lws *wsi);
void ws_client_opened(struct ws_connection *connection, struct lws *wsi);

/* ws_home.c: a client's TLS files, read once. */
enum err ws_home_find(struct ws_world *world, const struct ws_connect *how, struct ws_home **home);
struct lws_vhost *ws_home_vhost(const struct ws_home *home);
void ws_homes_free(struct ws_world *world);

/* ws_server.c */
/* Ties what a listener has just accepted to it. */
void ws_server_accepted(struct lws *wsi);
void ws_listeners_free(struct ws_world *world);
/* 0, or -1 when this connection may not become a websocket here. */
int ws_server_filter(struct lws *wsi);
/* 0, or -1 when there is no memory. */
int ws_server_opened(struct lws *wsi);

/* ws_callback.c */
int ws_callback(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in,
                size_t len);

#endif
