/*
 * A listener and clients on one loop, which write down what happens to them, and a bounded way to
 * run the loop until something has. Shared by the tests of net/.
 */
#ifndef TESTS_NET_PEERS_H
#define TESTS_NET_PEERS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "net/websocket.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { WAIT_MS = 5000 };

/* What one handler has seen. */
struct seen {
	struct loop *loop;
	ws_id id; /* the last that opened */
	struct ws_peer peer;
	char protocol[64];
	int opened, messages, closed;
	bool echo; /* send back what arrives */
	bool binary;
	size_t len;
	uint32_t hash; /* of the last message */
	uint8_t text[64];
	char why[REASON_MAX_BYTES];
	ws_id closed_id;
};

static inline uint32_t hash_of(const uint8_t *data, size_t len)
{
	uint32_t hash = 2166136261u;
	size_t i;

	for (i = 0; i < len; i++)
		hash = (hash ^ data[i]) * 16777619u;
	return hash;
}

static inline void seen_opened(void *arg, ws_id id, const struct ws_peer *peer)
{
	struct seen *seen = arg;

	seen->opened++;
	seen->id = id;
	seen->peer = *peer;
	snprintf(seen->protocol, sizeof seen->protocol, "%s", peer->protocol);
}

static inline void seen_message(void *arg, ws_id id, const uint8_t *data, size_t len, bool binary)
{
	struct seen *seen = arg;

	seen->messages++;
	seen->binary = binary;
	seen->len = len;
	seen->hash = hash_of(data, len);
	if (len > 0)
		memcpy(seen->text, data, len < sizeof seen->text ? len : sizeof seen->text);
	if (seen->echo)
		ws_send(seen->loop, id, data, len, binary);
}

static inline void seen_closed(void *arg, ws_id id, const char *why)
{
	struct seen *seen = arg;

	seen->closed++;
	seen->closed_id = id;
	snprintf(seen->why, sizeof seen->why, "%s", why);
}

static const struct ws_handler seen_handler = { seen_opened, seen_message, seen_closed };

static const struct ws_limits roomy = {
	.text_max = 65536,
	.binary_max = 8 << 20,
	.queue_max = 16 << 20,
	.ping_ms = 15000,
	.lost_ms = 60000,
};

static inline void give_up(void *arg)
{
	loop_stop(arg);
}

struct waiting {
	struct loop *loop;
	const int *count;
	int target;
};

static inline void look(void *arg)
{
	struct waiting *waiting = arg;

	if (*waiting->count >= waiting->target)
		loop_stop(waiting->loop);
	else
		loop_after(waiting->loop, 1, look, waiting);
}

/* Runs the loop until *count has reached target, or five seconds; true if it has. */
static inline bool reaches(struct loop *loop, const int *count, int target)
{
	struct waiting *waiting = malloc(sizeof *waiting);
	uint32_t limit = loop_after(loop, WAIT_MS, give_up, loop);
	uint32_t first;

	*waiting = (struct waiting){ loop, count, target };
	first = loop_after(loop, 0, look, waiting);
	loop_run(loop);
	loop_cancel(loop, limit);
	loop_cancel(loop, first);
	/*
	 * When time was up, its next look still holds the memory; the test has failed then anyway.
	 */
	if (*count < target)
		return false;
	free(waiting);
	return true;
}

static inline void run_for(struct loop *loop, int64_t ms)
{
	loop_after(loop, ms, give_up, loop);
	loop_run(loop);
}

static inline void make_folder(char folder[64])
{
	snprintf(folder, 64, "/tmp/tillsyn-net-XXXXXX");
	assert_non_null(mkdtemp(folder));
}

static inline void remove_folder(const char *folder)
{
	char command[128];

	snprintf(command, sizeof command, "rm -rf '%s'", folder);
	assert_int_equal(system(command), 0);
}

#endif
