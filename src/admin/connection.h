/*
 * A conversation with the hub that reads as if it were synchronous: send a command, get what it
 * brings, and know at the end whether it was done. Below it is the loop.
 */
#ifndef TILLSYN_ADMIN_CONNECTION_H
#define TILLSYN_ADMIN_CONNECTION_H

#include "admin/admin.h"
#include "base/err.h"
#include "base/limits.h"
#include "wire/message.h"

struct connection;

/* Connects, says hello and waits to be welcome. NULL after one line on admin->err. */
struct connection *connection_open(const struct admin *admin);
void connection_close(struct connection *connection); /* NULL is fine */

/* What the hub said of itself (WIRE_WELCOME); the connection's. */
const struct wire_message *connection_welcome(const struct connection *connection);

/* Queues a message without a command, such as a row of an import. Frees it. */
void connection_send(struct connection *connection, struct wire_message *message);

/* Called for everything that comes before done or refused. */
typedef void connection_fn(void *arg, const struct wire_message *message);

/*
 * Gives the message its command number, sends it (and frees it), hands what comes back to each
 * (NULL = ignore) and waits for the end. ADMIN_OK: done, text (may be NULL) gets what the hub said.
 * Else one line is on admin->err: refused, lost, or a hub that is silent for too long.
 */
enum admin_exit connection_command(struct connection *connection, struct wire_message *message,
                                   connection_fn *each, void *arg, char text[NOTE_MAX_BYTES]);

/* The whole of a command that prints nothing but the hub's own sentence. Frees the message. */
enum admin_exit connection_simple(const struct admin *admin, struct wire_message *message);

#endif
