/*
 * The hub at the other end of a Unix socket: callbacks put messages into a queue, the commands take
 * them out.
 */
#include "admin/connection.h"

#include "base/text.h"
#include "net/loop.h"
#include "net/websocket.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* A hub that is busy with an import of thousands still says something within this. */
#define SILENT_MS 30000
/*
 * A whole import waits in our own queue while the hub reads it; base64 and keys make it half as
 * large again.
 */
#define QUEUE_MAX ((size_t)2 * IMPORT_MAX_BYTES)

struct arrived {
	struct wire_message *message;
	struct arrived *next;
};

struct connection {
	const struct admin *admin;
	struct loop *loop;
	ws_id id;
	enum wire_state state;
	bool opened, closed, silent;
	char why[REASON_MAX_BYTES]; /* it is closed, or what came cannot be believed */
	struct arrived *first, **last;
	struct wire_message *welcome;
	int64_t command;
};

static void give_up(struct connection *c, const char *why)
{
	if (!c->closed)
		text_clean(c->why, sizeof c->why, why);
	c->closed = true;
	loop_stop(c->loop);
}

static void on_opened(void *arg, ws_id id, const struct ws_peer *peer)
{
	struct connection *c = arg;

	(void)id;
	(void)peer;
	c->opened = true;
	loop_stop(c->loop);
}

static void on_message(void *arg, ws_id id, const uint8_t *data, size_t len, bool binary)
{
	struct connection *c = arg;
	struct arrived *arrived;
	struct wire_message *message;
	char reason[REASON_MAX_BYTES] = "a picture";

	(void)id;
	if (binary
	    || wire_decode(WIRE_ADMIN, WIRE_FROM_HUB, c->state, data, len, &message, reason)
	               != ERR_OK) {
		char why[REASON_MAX_BYTES + 64];

		snprintf(why, sizeof why, "the hub sent what this version does not understand: %s",
		         reason);
		give_up(c, why);
		return;
	}
	if (wire_id(message) == WIRE_WELCOME)
		c->state = WIRE_READY;
	arrived = calloc(1, sizeof *arrived);
	assert(arrived != NULL);
	arrived->message = message;
	*c->last = arrived;
	c->last = &arrived->next;
	loop_stop(c->loop);
}

static void on_closed(void *arg, ws_id id, const char *why)
{
	(void)id;
	give_up(arg, why);
}

static void on_silent(void *arg)
{
	struct connection *c = arg;

	c->silent = true;
	loop_stop(c->loop);
}

/*
 * Runs the loop until something arrived, the connection is gone or nothing happened for too long.
 */
static void wait_for_more(struct connection *c, const bool *also)
{
	uint32_t timer = loop_after(c->loop, SILENT_MS, on_silent, c);

	c->silent = false;
	while (c->first == NULL && !c->closed && !c->silent && (also == NULL || !*also))
		loop_run(c->loop);
	loop_cancel(c->loop, timer);
}

/* The next message, the caller's; NULL when none will come: why says it. */
static struct wire_message *next_message(struct connection *c)
{
	struct arrived *arrived;
	struct wire_message *message;

	wait_for_more(c, NULL);
	arrived = c->first;
	if (arrived == NULL) {
		if (!c->closed)
			text_clean(c->why, sizeof c->why, "the hub does not answer");
		return NULL;
	}
	message = arrived->message;
	c->first = arrived->next;
	if (c->first == NULL)
		c->last = &c->first;
	free(arrived);
	return message;
}

void connection_send(struct connection *c, struct wire_message *message)
{
	struct buf line = buf_new(MESSAGE_MAX_BYTES);
	enum err r = wire_encode(message, &line);

	/* A connection that is gone says so when its answer is awaited. */
	if (r == ERR_OK && !c->closed)
		r = ws_send(c->loop, c->id, line.data, line.len, false);
	if (r != ERR_OK && r != ERR_NOT_FOUND) {
		char why[REASON_MAX_BYTES];

		snprintf(why, sizeof why, "%s cannot be sent: %s",
		         wire_kinds[wire_id(message)].name, err_text(r));
		give_up(c, why);
	}
	buf_free(&line);
	wire_free(message);
}

static enum err connect_to(struct connection *c)
{
	static const struct ws_handler handler = {
		.opened = on_opened, .message = on_message, .closed = on_closed};
	static const struct ws_limits limits = {.text_max = MESSAGE_MAX_BYTES,
	                                        .queue_max = QUEUE_MAX,
	                                        .ping_ms = 15000,
	                                        .lost_ms = 60000};
	struct ws_connect how = {.unix_path = c->admin->socket,
	                         .protocol = WIRE_ADMIN_PROTOCOL,
	                         .limits = &limits,
	                         .handler = &handler,
	                         .arg = c};

	return ws_connect(c->loop, &how, &c->id);
}

/* Says hello and takes the welcome. */
static bool greet(struct connection *c)
{
	struct wire_message *hello = wire_new(WIRE_HELLO);

	wire_set_int(hello, "version", WIRE_VERSION);
	wire_set_text(hello, "program", "tillsynctl");
	connection_send(c, hello);
	c->welcome = next_message(c);
	if (c->welcome == NULL) {
		admin_refuse(c->admin, "%s: %s", c->admin->socket, c->why);
		return false;
	}
	if (wire_id(c->welcome) == WIRE_WELCOME)
		return true;
	admin_refuse(c->admin, "the hub refuses: %s",
	             wire_id(c->welcome) == WIRE_ERROR ? wire_text(c->welcome, "reason")
	                                               : "no welcome came");
	return false;
}

struct connection *connection_open(const struct admin *admin)
{
	struct connection *c = calloc(1, sizeof *c);

	assert(c != NULL);
	c->admin = admin;
	c->state = WIRE_NEW;
	c->last = &c->first;
	c->loop = loop_new();
	if (c->loop == NULL) {
		admin_refuse(admin,
		             "the loop cannot be set up: is libwebsockets-evlib-uv installed?");
		free(c);
		return NULL;
	}
	if (connect_to(c) != ERR_OK)
		give_up(c, "no hub listens there");
	wait_for_more(c, &c->opened);
	if (!c->opened)
		admin_refuse(admin, "%s: %s", admin->socket,
		             c->closed ? c->why : "no hub answers there");
	if (c->opened && greet(c))
		return c;
	connection_close(c);
	return NULL;
}

void connection_close(struct connection *c)
{
	if (c == NULL)
		return;
	if (c->opened && !c->closed) {
		ws_close(c->loop, c->id, "done");
		while (!c->closed && !c->silent) {
			uint32_t timer = loop_after(c->loop, 1000, on_silent, c);

			loop_run(c->loop);
			loop_cancel(c->loop, timer);
		}
	}
	loop_free(c->loop);
	for (struct arrived *next, *at = c->first; at != NULL; at = next) {
		next = at->next;
		wire_free(at->message);
		free(at);
	}
	wire_free(c->welcome);
	free(c);
}

const struct wire_message *connection_welcome(const struct connection *c)
{
	return c->welcome;
}

/* Whether this message ends our command; then *end says how. */
static bool is_end(struct connection *c, const struct wire_message *message, enum admin_exit *end,
                   char text[NOTE_MAX_BYTES])
{
	enum wire_id id = wire_id(message);

	if (id == WIRE_ERROR) {
		*end = admin_refuse(c->admin, "the hub refuses: %s", wire_text(message, "reason"));
		return true;
	}
	if ((id != WIRE_DONE && id != WIRE_REFUSED) || wire_int(message, "command") != c->command)
		return false;
	if (id == WIRE_REFUSED) {
		*end = admin_refuse(c->admin, "refused: %s", wire_text(message, "text"));
		return true;
	}
	*end = ADMIN_OK;
	if (text != NULL)
		text_clean(text, NOTE_MAX_BYTES, wire_text(message, "text"));
	return true;
}

enum admin_exit connection_command(struct connection *c, struct wire_message *message,
                                   connection_fn *each, void *arg, char text[NOTE_MAX_BYTES])
{
	enum admin_exit end = ADMIN_REFUSED;
	bool ended = false;

	wire_set_int(message, "command", ++c->command);
	connection_send(c, message);
	while (!ended) {
		struct wire_message *came = next_message(c);

		if (came == NULL)
			return admin_refuse(c->admin, "the connection to the hub ended: %s",
			                    c->why);
		ended = is_end(c, came, &end, text);
		if (!ended && each != NULL)
			each(arg, came);
		wire_free(came);
	}
	return end;
}

enum admin_exit connection_simple(const struct admin *admin, struct wire_message *message)
{
	struct connection *c = connection_open(admin);
	char text[NOTE_MAX_BYTES];
	enum admin_exit end = ADMIN_REFUSED;

	if (c == NULL)
		wire_free(message);
	else
		end = connection_command(c, message, NULL, NULL, text);
	if (end == ADMIN_OK)
		fprintf(admin->out, "%s\n", text[0] ? text : "done");
	connection_close(c);
	return end;
}
