/*
 * WebSockets: listeners and clients. Text and binary messages are handed over whole, up to a limit
 * each; what is larger closes the connection. Liveness is WebSocket ping inside net/: a peer that
 * does not answer is closed. Bounds of the send queue are net's too: a peer that does not read is
 * closed.
 */
#ifndef TILLSYN_NET_WEBSOCKET_H
#define TILLSYN_NET_WEBSOCKET_H

#include "base/err.h"
#include "base/limits.h"
#include "net/loop.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* One connection, for the life of the program: never 0, never used again. */
typedef uint64_t ws_id;

/* Who is at the other end, as far as the transport proves it. */
enum ws_identity {
	WS_ANONYMOUS,   /* agents: they prove themselves in their first message */
	WS_UNIX_USER,   /* SO_PEERCRED: uid */
	WS_CERTIFICATE, /* client certificate: SHA-256 of its public key (SubjectPublicKeyInfo) */
};

struct ws_peer {
	const char *protocol; /* the subprotocol agreed on */
	enum ws_identity identity;
	uint32_t uid;
	uint8_t key_hash[HASH_BYTES];
};

/* Called from the loop. data is valid during the call only. */
struct ws_handler {
	void (*opened)(void *arg, ws_id id, const struct ws_peer *peer);
	void (*message)(void *arg, ws_id id, const uint8_t *data, size_t len, bool binary);
	/*
	 * why is a clean phrase; after it the id means nothing. Comes exactly once for each
	 * connection, also for a client's that never opened, and never from inside a call of ours;
	 * not at all after loop_free().
	 */
	void (*closed)(void *arg, ws_id id, const char *why);
};

struct ws_limits {
	size_t text_max, binary_max; /* received; 0 = refused */
	size_t queue_max; /* bytes waiting to be sent to one peer; more than its largest message */
	/* policy.camera_ping_ms and camera_lost_ms; 0 = never. Connecting takes lost_ms at most. */
	int64_t ping_ms, lost_ms;
};

struct ws_listen {
	const char *unix_path;         /* or NULL: */
	const char *host;              /* numeric address */
	uint16_t port;                 /* 0 = any; ws_port() tells */
	const char *const *protocols;  /* NULL-terminated */
	const char *certificate, *key; /* PEM files; NULL = plain, on loopback only */
	const char *client_ca;         /* PEM file: a client certificate under it is required */
	const struct ws_limits *limits;
	const struct ws_handler *handler;
	void *arg;
};

struct ws_listener;
/*
 * One port belongs to one listener of a loop. A Unix socket gets mode 0660, so its folder decides
 * who may connect; one left by a killed program is replaced, a living program's is not. ERR_DENIED:
 * plain outside loopback. ERR_LIMIT: path too long. ERR_IO: cannot bind, or a file cannot be read;
 * fault (may be NULL) gets a phrase.
 */
enum err ws_listen(struct loop *loop, const struct ws_listen *how, struct ws_listener **listener,
                   char fault[REASON_MAX_BYTES]);
uint16_t ws_port(const struct ws_listener *listener);

struct ws_connect {
	const char *unix_path; /* or NULL: */
	const char *host;      /* name or address */
	uint16_t port;
	bool tls;       /* false is refused unless host is a loopback address */
	const char *ca; /* PEM file for the server's chain; NULL = the pin alone decides */
	const char *certificate, *key;  /* of this client, or NULL */
	const uint8_t *server_key_hash; /* of the server's SubjectPublicKeyInfo, or NULL */
	const char *protocol;
	const struct ws_limits *limits;
	const struct ws_handler *handler;
	void *arg;
};

/*
 * Starts to connect; opened() or closed() follows, from the loop. What is sent meanwhile waits. A
 * server under ca must carry the host's name or address; with a pin alone neither chain nor name
 * nor time matter. ERR_DENIED: plain outside loopback, or TLS with neither ca nor pin. ERR_IO: a
 * TLS file (journal says which).
 */
enum err ws_connect(struct loop *loop, const struct ws_connect *how, ws_id *id);
/*
 * What ws_connect() would refuse at once, with a phrase: for a program that wants to say so before
 * it fills the screen.
 */
enum err ws_connect_check(const struct ws_connect *how, char fault[REASON_MAX_BYTES]);

/*
 * Queues one message (copied). ERR_NOT_FOUND: gone; ERR_LIMIT: the peer does not read, it is being
 * closed.
 */
enum err ws_send(struct loop *loop, ws_id id, const void *data, size_t len, bool binary);
/* Closes after what is queued was sent; closed() follows. */
void ws_close(struct loop *loop, ws_id id, const char *why);

#endif
