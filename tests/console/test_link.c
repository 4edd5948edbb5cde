/* The connection to the hub: found, lost, found again, and left in peace. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "console/link.h"
#include "net/websocket.h"
#include "wire/message.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct bench {
	struct loop *loop;
	char folder[64], path[96];
	struct ws_connect hub;
	struct link *link;
	struct ws_listener *listener;
	ws_id client;          /* at the hub's side, 0 = none */
	int up, down;
	char heard[64];        /* by the console */
	char said[64];         /* to the hub */
	char why[128];         /* there is no contact */
	bool refuse;           /* the console does not understand */
	bool refuse_all;       /* the hub hangs up on everybody */
	bool timed_out;
};

static void hub_opened(void *arg, ws_id id, const struct ws_peer *peer)
{
	struct bench *bench = arg;

	assert_int_equal(peer->identity, WS_UNIX_USER);
	assert_int_equal(peer->uid, getuid());
	bench->client = id;
	if (bench->refuse_all)
		ws_close(bench->loop, id, "not you");
}

static void hub_message(void *arg, ws_id id, const uint8_t *data, size_t len, bool binary)
{
	struct bench *bench = arg;

	(void)id;
	assert_false(binary);
	assert_true(len < sizeof bench->said);
	memcpy(bench->said, data, len);
	bench->said[len] = '\0';
	loop_stop(bench->loop);
}

static void hub_closed(void *arg, ws_id id, const char *why)
{
	(void)id;
	(void)why;
	((struct bench *)arg)->client = 0;
}

static void on_up(void *arg)
{
	struct bench *bench = arg;

	bench->up++;
	link_send(bench->link, "hello", 5);
}

static void on_down(void *arg)
{
	struct bench *bench = arg;

	bench->down++;
	loop_stop(bench->loop);
}

static void on_failed(void *arg, const char *why)
{
	struct bench *bench = arg;

	snprintf(bench->why, sizeof bench->why, "%s", why);
}

static enum err on_message(void *arg, const uint8_t *data, size_t len, bool binary)
{
	struct bench *bench = arg;

	(void)binary;
	assert_true(len < sizeof bench->heard);
	memcpy(bench->heard, data, len);
	bench->heard[len] = '\0';
	loop_stop(bench->loop);
	return bench->refuse ? ERR_PARSE : ERR_OK;
}

static const struct link_handler handler = {
	.up = on_up, .down = on_down, .failed = on_failed, .message = on_message};

static void on_time(void *arg)
{
	struct bench *bench = arg;

	bench->timed_out = true;
	loop_stop(bench->loop);
}

static void run(struct bench *bench, int64_t ms)
{
	uint32_t timer = loop_after(bench->loop, ms, on_time, bench);

	bench->timed_out = false;
	loop_run(bench->loop);
	loop_cancel(bench->loop, timer);
}

static void bench_open(struct bench *bench)
{
	*bench = (struct bench){.loop = loop_new()};
	assert_non_null(bench->loop);
	strcpy(bench->folder, "/tmp/tillsyn-link-XXXXXX");
	assert_non_null(mkdtemp(bench->folder));
	snprintf(bench->path, sizeof bench->path, "%s/hub", bench->folder);
	bench->hub.unix_path = bench->path;
}

static void bench_listen(struct bench *bench)
{
	static const struct ws_handler events = {hub_opened, hub_message, hub_closed};
	static const struct ws_limits limits = {.text_max = 4096, .queue_max = 65536, .ping_ms = 15000,
	                                        .lost_ms = 60000};
	static const char *const protocols[] = {WIRE_CONSOLE_PROTOCOL, NULL};
	struct ws_listen how = {.unix_path = bench->path, .protocols = protocols, .limits = &limits,
	                        .handler = &events, .arg = bench};

	assert_int_equal(ws_listen(bench->loop, &how, &bench->listener, NULL), ERR_OK);
}

static void bench_close(struct bench *bench)
{
	link_free(bench->link);
	loop_free(bench->loop);
	unlink(bench->path);
	rmdir(bench->folder);
}

static void test_found_lost_and_found_again(void **state)
{
	struct bench bench;

	(void)state;
	bench_open(&bench);
	bench_listen(&bench);
	bench.link = link_new(bench.loop, &bench.hub, &handler, &bench);
	run(&bench, 5000);
	assert_string_equal(bench.said, "hello");
	assert_int_equal(ws_send(bench.loop, bench.client, "welcome", 7, false), ERR_OK);
	run(&bench, 5000);
	assert_string_equal(bench.heard, "welcome");
	ws_close(bench.loop, bench.client, "restart");
	run(&bench, 5000);
	assert_int_equal(bench.down, 1);
	bench.said[0] = '\0';
	run(&bench, 5000);
	assert_string_equal(bench.said, "hello");
	assert_int_equal(bench.up, 2);
	bench_close(&bench);
}

static void test_hub_that_comes_later_is_found(void **state)
{
	struct bench bench;

	(void)state;
	bench_open(&bench);
	bench.link = link_new(bench.loop, &bench.hub, &handler, &bench);
	run(&bench, 500);
	assert_true(bench.timed_out);
	assert_int_equal(bench.up + bench.down, 0);
	assert_non_null(strstr(bench.why, "cannot connect"));
	bench_listen(&bench);
	run(&bench, 5000);
	assert_string_equal(bench.said, "hello");
	bench_close(&bench);
}

static void test_nobody_ever_there(void **state)
{
	struct bench bench;

	(void)state;
	bench_open(&bench);
	bench.link = link_new(bench.loop, &bench.hub, &handler, &bench);
	run(&bench, 500);
	link_send(bench.link, "into the void", 13);
	bench_close(&bench);
}

static void test_what_is_not_understood_ends_the_connection(void **state)
{
	struct bench bench;

	(void)state;
	bench_open(&bench);
	bench_listen(&bench);
	bench.refuse = true;
	bench.link = link_new(bench.loop, &bench.hub, &handler, &bench);
	run(&bench, 5000);
	assert_int_equal(ws_send(bench.loop, bench.client, "?", 1, false), ERR_OK);
	run(&bench, 5000);
	run(&bench, 5000);
	assert_int_equal(bench.down, 1);
	bench_close(&bench);
}

/* Each refusal is a row of the hub's log. */
static void test_a_hub_that_refuses_is_not_pestered(void **state)
{
	struct bench bench;

	(void)state;
	bench_open(&bench);
	bench_listen(&bench);
	bench.refuse_all = true;
	bench.link = link_new(bench.loop, &bench.hub, &handler, &bench);
	for (int i = 0; i < 3; i++)
		run(&bench, 5000);
	assert_int_equal(bench.down, 3);
	/* The waits were 200 and 400 ms; the next is 800. */
	run(&bench, 400);
	assert_true(bench.timed_out);
	bench_close(&bench);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_found_lost_and_found_again),
		cmocka_unit_test(test_hub_that_comes_later_is_found),
		cmocka_unit_test(test_nobody_ever_there),
		cmocka_unit_test(test_a_hub_that_refuses_is_not_pestered),
		cmocka_unit_test(test_what_is_not_understood_ends_the_connection),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
