/* The connection to the hub: opened, watched, and opened again for as long as the console runs. */
#ifndef TILLSYN_CONSOLE_LINK_H
#define TILLSYN_CONSOLE_LINK_H

#include "base/err.h"
#include "net/loop.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct link;
struct ws_connect;

struct link_handler {
	void (*up)(void *arg);
	void (*down)(void *arg); /* once for each up */
	/* An attempt came to nothing; why is a clean phrase. May be NULL. */
	void (*failed)(void *arg, const char *why);
	/* Anything but ERR_OK closes the connection. */
	enum err (*message)(void *arg, const uint8_t *data, size_t len, bool binary);
};

/*
 * Begins to connect to the hub. hub says where it is and how the two know each other; the rest of
 * it is the link's. What it points to, and handler, outlive the link. Aborts without memory.
 */
struct link *link_new(struct loop *loop, const struct ws_connect *hub,
                      const struct link_handler *handler, void *arg);
void link_free(struct link *link);
/* Text; dropped while there is no connection. */
void link_send(struct link *link, const void *data, size_t len);

#endif
