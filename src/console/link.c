/* One WebSocket to the hub, tried again with growing pauses. */
#include "console/link.h"

#include "net/websocket.h"
#include "wire/message.h"

#include <stdlib.h>

#define RETRY_FIRST_MS 200
#define RETRY_MAX_MS 3000
/*
 * A hub that hangs up so soon after it was found refuses us, and writes down each time that it did.
 */
#define SETTLED_MS 3000
#define REFUSED_MAX_MS 15000
#define QUEUE_MAX (1 << 20)

/* A hub that hangs must be noticed while an operator still counts on it. */
static const struct ws_limits limits = {
	.text_max = MESSAGE_MAX_BYTES,
	.binary_max = SNAPSHOT_MAX_BYTES + 8,
	.queue_max = QUEUE_MAX,
	.ping_ms = 4000,
	.lost_ms = 10000,
};

struct link {
	struct loop *loop;
	struct ws_connect hub;
	const struct link_handler *handler;
	void *arg;
	ws_id id;             /* 0 = none */
	bool up;
	int64_t retry_ms;
	uint32_t timer;       /* down: the next attempt; up: when it counts as settled */
};

static void retry(void *arg);

static void retry_later(struct link *link, int64_t max_ms)
{
	int64_t next_ms = 2 * link->retry_ms;

	link->timer = loop_after(link->loop, link->retry_ms, retry, link);
	link->retry_ms = next_ms > max_ms ? max_ms : next_ms;
}

static void settled(void *arg)
{
	struct link *link = arg;

	link->timer = 0;
	link->retry_ms = RETRY_FIRST_MS;
}

static void opened(void *arg, ws_id id, const struct ws_peer *peer)
{
	struct link *link = arg;

	(void)peer;
	if (id != link->id)
		return;
	link->up = true;
	link->timer = loop_after(link->loop, SETTLED_MS, settled, link);
	link->handler->up(link->arg);
}

static void message(void *arg, ws_id id, const uint8_t *data, size_t len, bool binary)
{
	struct link *link = arg;

	if (id == link->id && link->handler->message(link->arg, data, len, binary) != ERR_OK)
		ws_close(link->loop, id, "not understood");
}

static void closed(void *arg, ws_id id, const char *why)
{
	struct link *link = arg;
	bool was_up = link->up;

	if (id != link->id)
		return;
	link->id = 0;
	link->up = false;
	if (link->timer != 0)
		loop_cancel(link->loop, link->timer);
	retry_later(link, was_up ? REFUSED_MAX_MS : RETRY_MAX_MS);
	if (was_up)
		link->handler->down(link->arg);
	else if (link->handler->failed != NULL)
		link->handler->failed(link->arg, why);
}

static const struct ws_handler ws_events = {.opened = opened, .message = message, .closed = closed};

static void retry(void *arg)
{
	struct link *link = arg;

	link->timer = 0;
	if (ws_connect(link->loop, &link->hub, &link->id) != ERR_OK) {
		link->id = 0;
		retry_later(link, RETRY_MAX_MS);
	}
}

struct link *link_new(struct loop *loop, const struct ws_connect *hub,
                      const struct link_handler *handler, void *arg)
{
	struct link *link = calloc(1, sizeof *link);

	if (link == NULL)
		abort();
	link->loop = loop;
	link->hub = *hub;
	link->hub.protocol = WIRE_CONSOLE_PROTOCOL;
	link->hub.limits = &limits;
	link->hub.handler = &ws_events;
	link->hub.arg = link;
	link->handler = handler;
	link->arg = arg;
	link->retry_ms = RETRY_FIRST_MS;
	retry(link);
	return link;
}

void link_free(struct link *link)
{
	if (link == NULL)
		return;
	if (link->timer != 0)
		loop_cancel(link->loop, link->timer);
	free(link);
}

void link_send(struct link *link, const void *data, size_t len)
{
	if (link->up)
		ws_send(link->loop, link->id, data, len, false);
}
