/* Websockets over Unix sockets and loopback, as the hub, its consoles and its cameras use them. */
#include "net/peers.h"

#include "net/loop_inner.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>

static const char *const protocols[] = { "tillsyn-console.1", "tillsyn-admin.1", NULL };

struct fixture {
	char folder[64], path[96];
	struct loop *loop;
	struct seen server, client;
	struct ws_listener *listener;
	struct ws_limits limits, client_limits;
};

static int setup(void **state)
{
	struct fixture *f = calloc(1, sizeof *f);

	make_folder(f->folder);
	snprintf(f->path, sizeof f->path, "%s/hub.sock", f->folder);
	f->loop = loop_new();
	assert_non_null(f->loop);
	f->server.loop = f->client.loop = f->loop;
	f->server.echo = true;
	f->limits = f->client_limits = roomy;
	*state = f;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *f = *state;

	loop_free(f->loop);
	remove_folder(f->folder);
	free(f);
	return 0;
}

static void listen_unix(struct fixture *f)
{
	const struct ws_listen how = {
		.unix_path = f->path,
		.protocols = protocols,
		.limits = &f->limits,
		.handler = &seen_handler,
		.arg = &f->server,
	};
	char fault[REASON_MAX_BYTES] = "";
	enum err err = ws_listen(f->loop, &how, &f->listener, fault);

	if (err != ERR_OK)
		print_message("%s\n", fault);
	assert_int_equal(err, ERR_OK);
}

static ws_id connect_unix(struct fixture *f, struct seen *seen, const char *protocol)
{
	const struct ws_connect how = {
		.unix_path = f->path,
		.protocol = protocol,
		.limits = &f->client_limits,
		.handler = &seen_handler,
		.arg = seen,
	};
	ws_id id = 0;

	assert_int_equal(ws_connect(f->loop, &how, &id), ERR_OK);
	assert_int_not_equal(id, 0);
	return id;
}

static void open_unix(struct fixture *f)
{
	listen_unix(f);
	connect_unix(f, &f->client, "tillsyn-console.1");
	assert_true(reaches(f->loop, &f->client.opened, 1));
}

static void echoes_over_a_unix_socket_with_the_users_identity(void **state)
{
	struct fixture *f = *state;

	open_unix(f);
	assert_int_equal(f->server.opened, 1);
	assert_int_equal(f->server.peer.identity, WS_UNIX_USER);
	assert_int_equal(f->server.peer.uid, getuid());
	assert_string_equal(f->server.protocol, "tillsyn-console.1");
	assert_int_equal(ws_send(f->loop, f->client.id, "{\"a\":1}", 7, false), ERR_OK);
	assert_true(reaches(f->loop, &f->client.messages, 1));
	assert_int_equal(f->client.len, 7);
	assert_false(f->client.binary);
	assert_memory_equal(f->client.text, "{\"a\":1}", 7);
}

static void gives_each_listener_protocol_its_name(void **state)
{
	struct fixture *f = *state;

	listen_unix(f);
	connect_unix(f, &f->client, "tillsyn-admin.1");
	assert_true(reaches(f->loop, &f->client.opened, 1));
	assert_string_equal(f->server.protocol, "tillsyn-admin.1");
	assert_string_equal(f->client.protocol, "tillsyn-admin.1");
}

static void refuses_an_unknown_protocol(void **state)
{
	struct fixture *f = *state;

	listen_unix(f);
	connect_unix(f, &f->client, "tillsyn-console.99");
	assert_true(reaches(f->loop, &f->client.closed, 1));
	assert_int_equal(f->client.opened, 0);
	assert_int_equal(f->server.opened, 0);
}

/* The socket's file mode lets the group in; the folder around it decides who reaches it. */
static void makes_a_socket_for_owner_and_group(void **state)
{
	struct fixture *f = *state;
	struct stat about;

	listen_unix(f);
	assert_int_equal(stat(f->path, &about), 0);
	assert_int_equal(about.st_mode & 0777, 0660);
}

static enum err try_listen(struct fixture *f, const char *path, char fault[REASON_MAX_BYTES])
{
	const struct ws_listen how = {
		.unix_path = path,
		.protocols = protocols,
		.limits = &f->limits,
		.handler = &seen_handler,
		.arg = &f->server,
	};
	struct ws_listener *listener;

	return ws_listen(f->loop, &how, &listener, fault);
}

static void takes_over_a_socket_left_by_a_killed_program(void **state)
{
	struct fixture *f = *state;
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	snprintf(address.sun_path, sizeof address.sun_path, "%s", f->path);
	assert_int_equal(bind(fd, (struct sockaddr *)&address, sizeof address), 0);
	assert_int_equal(listen(fd, 1), 0);
	close(fd);
	open_unix(f);
}

static void leaves_a_living_programs_socket_alone(void **state)
{
	struct fixture *f = *state;
	char fault[REASON_MAX_BYTES] = "";

	open_unix(f);
	assert_int_equal(try_listen(f, f->path, fault), ERR_IO);
	assert_non_null(strstr(fault, "another program"));
	connect_unix(f, &f->client, "tillsyn-console.1");
	assert_true(reaches(f->loop, &f->client.opened, 2));
}

static void does_not_delete_a_file_in_the_sockets_place(void **state)
{
	struct fixture *f = *state;
	char fault[REASON_MAX_BYTES] = "";
	FILE *file = fopen(f->path, "w");

	fclose(file);
	assert_int_equal(try_listen(f, f->path, fault), ERR_IO);
	assert_int_equal(access(f->path, F_OK), 0);
	assert_int_equal(try_listen(f, "/no/such/folder/hub.sock", fault), ERR_IO);
	assert_int_equal(try_listen(f, "@abstract", NULL), ERR_IO);
}

static enum err listen_tcp(struct fixture *f, const char *host, uint16_t port)
{
	const struct ws_listen how = {
		.host = host,
		.port = port,
		.protocols = protocols,
		.limits = &f->limits,
		.handler = &seen_handler,
		.arg = &f->server,
	};

	return ws_listen(f->loop, &how, &f->listener, NULL);
}

static enum err connect_tcp(struct fixture *f, const char *host, uint16_t port)
{
	const struct ws_connect how = {
		.host = host,
		.port = port,
		.protocol = protocols[0],
		.limits = &f->client_limits,
		.handler = &seen_handler,
		.arg = &f->client,
	};
	ws_id id;

	return ws_connect(f->loop, &how, &id);
}

static void speaks_plain_tcp_on_loopback(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(listen_tcp(f, "127.0.0.1", 0), ERR_OK);
	assert_int_not_equal(ws_port(f->listener), 0);
	assert_int_equal(connect_tcp(f, "127.0.0.1", ws_port(f->listener)), ERR_OK);
	assert_int_equal(connect_tcp(f, "localhost", ws_port(f->listener)), ERR_OK);
	assert_true(reaches(f->loop, &f->client.opened, 2));
	assert_int_equal(f->server.peer.identity, WS_ANONYMOUS);
}

static void speaks_plain_tcp_on_ipv6_loopback(void **state)
{
	struct fixture *f = *state;

	if (listen_tcp(f, "::1", 0) != ERR_OK)
		skip();
	assert_int_equal(connect_tcp(f, "::1", ws_port(f->listener)), ERR_OK);
	assert_true(reaches(f->loop, &f->client.opened, 1));
}

static void refuses_plain_text_outside_loopback(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(listen_tcp(f, "0.0.0.0", 0), ERR_DENIED);
	assert_int_equal(listen_tcp(f, "::", 0), ERR_DENIED);
	assert_int_equal(listen_tcp(f, "192.0.2.1", 0), ERR_DENIED);
	assert_int_equal(connect_tcp(f, "192.0.2.1", 80), ERR_DENIED);
	assert_int_equal(connect_tcp(f, "::ffff:192.0.2.1", 80), ERR_DENIED);
	assert_int_equal(connect_tcp(f, "127.example.org", 80), ERR_DENIED);
}

static void tells_when_a_port_is_taken(void **state)
{
	struct fixture *f = *state;
	struct sockaddr_in address = { .sin_family = AF_INET,
		                       .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof address;
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	assert_int_equal(bind(fd, (struct sockaddr *)&address, len), 0);
	assert_int_equal(listen(fd, 1), 0);
	getsockname(fd, (struct sockaddr *)&address, &len);
	assert_int_equal(listen_tcp(f, "127.0.0.1", ntohs(address.sin_port)), ERR_IO);
	close(fd);
	assert_int_equal(listen_tcp(f, "127.0.0.1", 0), ERR_OK);
	assert_int_equal(listen_tcp(f, "127.0.0.1", ws_port(f->listener)), ERR_IO);
}

static void tells_when_nobody_listens(void **state)
{
	struct fixture *f = *state;
	struct sockaddr_in address = { .sin_family = AF_INET,
		                       .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof address;
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	connect_unix(f, &f->client, "tillsyn-console.1");
	assert_int_equal(f->client.closed, 0);
	assert_true(reaches(f->loop, &f->client.closed, 1));
	bind(fd, (struct sockaddr *)&address, len);
	getsockname(fd, (struct sockaddr *)&address, &len);
	close(fd);
	assert_int_equal(connect_tcp(f, "127.0.0.1", ntohs(address.sin_port)), ERR_OK);
	assert_true(reaches(f->loop, &f->client.closed, 2));
	run_for(f->loop, 20);
	assert_int_equal(f->client.closed, 2);
	assert_int_equal(f->client.opened, 0);
}

static void count_handle(uv_handle_t *handle, void *arg)
{
	int *count = arg;

	(void)handle;
	++*count;
}

static int handles(struct fixture *f)
{
	int count = 0;

	uv_walk(loop_uv(f->loop), count_handle, &count);
	return count;
}

/* A console asks for its hub again and again all night. */
static void waiting_for_a_hub_does_not_grow(void **state)
{
	struct fixture *f = *state;
	int before, i;

	run_for(f->loop, 5);
	before = handles(f);
	for (i = 0; i < 20; i++) {
		connect_unix(f, &f->client, "tillsyn-console.1");
		assert_int_equal(connect_tcp(f, "127.0.0.1", 1), ERR_OK);
		assert_true(reaches(f->loop, &f->client.closed, 2 * i + 2));
	}
	run_for(f->loop, 5);
	/* What may still be closing is the last run's own timers. */
	assert_true(handles(f) <= before + 2);
}

static void tells_when_a_name_is_unknown(void **state)
{
	struct fixture *f = *state;
	const uint8_t pin[HASH_BYTES] = { 1 };
	const struct ws_connect how = {
		.host = "no-such-host.invalid",
		.port = 1,
		.tls = true,
		.server_key_hash = pin,
		.protocol = protocols[0],
		.limits = &f->client_limits,
		.handler = &seen_handler,
		.arg = &f->client,
	};
	ws_id id;

	assert_int_equal(ws_connect(f->loop, &how, &id), ERR_OK);
	assert_true(reaches(f->loop, &f->client.closed, 1));
	assert_non_null(strstr(f->client.why, "name"));
}

static void closes_once_and_says_why(void **state)
{
	struct fixture *f = *state;
	ws_id id;

	open_unix(f);
	id = f->client.id;
	ws_close(f->loop, f->server.id, "the shift is over");
	ws_close(f->loop, f->server.id, "again");
	assert_true(reaches(f->loop, &f->client.closed, 1));
	assert_true(reaches(f->loop, &f->server.closed, 1));
	run_for(f->loop, 20);
	assert_int_equal(f->client.closed, 1);
	assert_int_equal(f->server.closed, 1);
	assert_int_equal(f->client.closed_id, id);
	assert_string_equal(f->server.why, "the shift is over");
	assert_non_null(strstr(f->client.why, "the shift is over"));
	assert_int_equal(ws_send(f->loop, id, "x", 1, false), ERR_NOT_FOUND);
	ws_close(f->loop, id, "gone already");
}

static void sends_what_was_queued_before_a_close(void **state)
{
	struct fixture *f = *state;
	size_t len = 1 << 20;
	uint8_t *data = calloc(1, len);

	open_unix(f);
	assert_int_equal(ws_send(f->loop, f->server.id, data, len, true), ERR_OK);
	assert_int_equal(ws_send(f->loop, f->server.id, "bye", 3, false), ERR_OK);
	ws_close(f->loop, f->server.id, "done");
	assert_int_equal(ws_send(f->loop, f->server.id, "late", 4, false), ERR_NOT_FOUND);
	assert_true(reaches(f->loop, &f->client.closed, 1));
	assert_int_equal(f->client.messages, 2);
	assert_memory_equal(f->client.text, "bye", 3);
	free(data);
}

static void closes_a_client_that_is_still_connecting(void **state)
{
	struct fixture *f = *state;
	ws_id id;

	listen_unix(f);
	id = connect_unix(f, &f->client, "tillsyn-console.1");
	ws_close(f->loop, id, "changed my mind");
	assert_int_equal(f->client.closed, 0);
	assert_true(reaches(f->loop, &f->client.closed, 1));
	run_for(f->loop, 20);
	assert_int_equal(f->client.closed, 1);
	assert_int_equal(f->client.opened, 0);
	assert_string_equal(f->client.why, "changed my mind");
}

static void sends_what_was_queued_while_connecting(void **state)
{
	struct fixture *f = *state;
	ws_id id;

	listen_unix(f);
	id = connect_unix(f, &f->client, "tillsyn-console.1");
	assert_int_equal(ws_send(f->loop, id, "early", 5, false), ERR_OK);
	assert_true(reaches(f->loop, &f->client.messages, 1));
	assert_memory_equal(f->client.text, "early", 5);
}

/* A handler that does everything at once from inside its callbacks. */
struct busy {
	struct loop *loop;
	int opened, closed, messages;
};

static void busy_opened(void *arg, ws_id id, const struct ws_peer *peer)
{
	struct busy *busy = arg;

	(void)peer;
	busy->opened++;
	ws_send(busy->loop, id, "one", 3, false);
	ws_send(busy->loop, id, "two", 3, false);
}

static void busy_message(void *arg, ws_id id, const uint8_t *data, size_t len, bool binary)
{
	struct busy *busy = arg;

	busy->messages++;
	ws_send(busy->loop, id, data, len, binary);
	ws_close(busy->loop, id, "enough");
	ws_close(busy->loop, id, "enough");
	assert_int_equal(ws_send(busy->loop, id, data, len, binary), ERR_NOT_FOUND);
}

static void busy_closed(void *arg, ws_id id, const char *why)
{
	struct busy *busy = arg;

	(void)why;
	busy->closed++;
	ws_close(busy->loop, id, "twice");
	assert_int_equal(ws_send(busy->loop, id, "x", 1, false), ERR_NOT_FOUND);
}

static void may_be_told_anything_from_inside_callbacks(void **state)
{
	static const struct ws_handler handler = { busy_opened, busy_message, busy_closed };
	struct fixture *f = *state;
	struct busy busy = { .loop = f->loop };
	const struct ws_connect how = {
		.unix_path = f->path,
		.protocol = protocols[0],
		.limits = &f->client_limits,
		.handler = &handler,
		.arg = &busy,
	};
	ws_id id;

	listen_unix(f);
	assert_int_equal(ws_connect(f->loop, &how, &id), ERR_OK);
	assert_true(reaches(f->loop, &busy.closed, 1));
	assert_int_equal(busy.opened, 1);
	assert_int_equal(busy.messages, 1);
	assert_true(reaches(f->loop, &f->server.closed, 1));
}

/* As the hub does with a peer that it does not want: a word, then the door. */
static void turn_away(void *arg, ws_id id, const struct ws_peer *peer)
{
	struct busy *busy = arg;

	(void)peer;
	busy->opened++;
	assert_int_equal(ws_send(busy->loop, id, "not you", 7, false), ERR_OK);
	ws_close(busy->loop, id, "not you");
}

static void may_turn_a_peer_away_as_it_opens(void **state)
{
	static const struct ws_handler handler = { turn_away, busy_message, busy_closed };
	struct fixture *f = *state;
	struct busy busy = { .loop = f->loop };
	const struct ws_listen how = {
		.unix_path = f->path,
		.protocols = protocols,
		.limits = &f->limits,
		.handler = &handler,
		.arg = &busy,
	};

	assert_int_equal(ws_listen(f->loop, &how, &f->listener, NULL), ERR_OK);
	connect_unix(f, &f->client, "tillsyn-console.1");
	assert_true(reaches(f->loop, &f->client.closed, 1));
	assert_true(reaches(f->loop, &busy.closed, 1));
	assert_int_equal(f->client.messages, 1);
	assert_memory_equal(f->client.text, "not you", 7);
	assert_non_null(strstr(f->client.why, "not you"));
	assert_int_equal(busy.messages, 0);
	run_for(f->loop, 20);
	assert_int_equal(busy.closed, 1);
	assert_int_equal(f->client.closed, 1);
}

static void fill(uint8_t *data, size_t len)
{
	uint32_t random = 1;
	size_t i;

	for (i = 0; i < len; i++) {
		random = random * 1664525u + 1013904223u;
		data[i] = (uint8_t)(random >> 24);
	}
}

static void carries_a_whole_picture_both_ways(void **state)
{
	struct fixture *f = *state;
	size_t len = SNAPSHOT_MAX_BYTES;
	uint8_t *data = malloc(len);

	fill(data, len);
	open_unix(f);
	assert_int_equal(ws_send(f->loop, f->client.id, data, len, true), ERR_OK);
	assert_true(reaches(f->loop, &f->client.messages, 1));
	assert_int_equal(f->client.len, len);
	assert_true(f->client.binary);
	assert_int_equal(f->client.hash, hash_of(data, len));
	free(data);
}

/* Pings go out between a message's fragments, and must not end up in it. */
static void carries_a_picture_between_pings(void **state)
{
	struct fixture *f = *state;
	size_t len = SNAPSHOT_MAX_BYTES;
	uint8_t *data = malloc(len);

	fill(data, len);
	f->limits.ping_ms = f->client_limits.ping_ms = 1;
	open_unix(f);
	assert_int_equal(ws_send(f->loop, f->client.id, data, len, true), ERR_OK);
	assert_int_equal(ws_send(f->loop, f->client.id, data, len, true), ERR_OK);
	assert_true(reaches(f->loop, &f->client.messages, 2));
	assert_int_equal(f->client.hash, hash_of(data, len));
	free(data);
}

static void carries_empty_messages(void **state)
{
	struct fixture *f = *state;

	open_unix(f);
	assert_int_equal(ws_send(f->loop, f->client.id, "", 0, false), ERR_OK);
	assert_int_equal(ws_send(f->loop, f->client.id, NULL, 0, true), ERR_OK);
	assert_true(reaches(f->loop, &f->client.messages, 2));
	assert_int_equal(f->client.len, 0);
	assert_true(f->client.binary);
}

static void accepts_up_to_the_limit_and_closes_beyond_it(void **state)
{
	struct fixture *f = *state;
	char text[5001];

	memset(text, 'a', sizeof text);
	f->limits.text_max = 5000;
	open_unix(f);
	ws_send(f->loop, f->client.id, text, 5000, false);
	assert_true(reaches(f->loop, &f->client.messages, 1));
	ws_send(f->loop, f->client.id, text, 5001, false);
	assert_true(reaches(f->loop, &f->client.closed, 1));
	assert_int_equal(f->server.messages, 1);
	assert_non_null(strstr(f->client.why, "1009"));
	assert_true(reaches(f->loop, &f->server.closed, 1));
	assert_string_equal(f->server.why, "the message is too large");
}

static void refuses_binary_where_none_is_expected(void **state)
{
	struct fixture *f = *state;

	f->limits.binary_max = 0;
	open_unix(f);
	ws_send(f->loop, f->client.id, "x", 1, true);
	assert_true(reaches(f->loop, &f->client.closed, 1));
	assert_int_equal(f->server.messages, 0);
	assert_non_null(strstr(f->client.why, "1003"));
}

static void closes_on_text_that_is_not_utf8(void **state)
{
	struct fixture *f = *state;

	open_unix(f);
	ws_send(f->loop, f->client.id, "\xc3(", 2, false);
	assert_true(reaches(f->loop, &f->client.closed, 1));
	assert_int_equal(f->server.messages, 0);
}

/* A peer that speaks HTTP but then neither reads nor answers. */
static int raw_unix(struct fixture *f)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	snprintf(address.sun_path, sizeof address.sun_path, "%s", f->path);
	assert_int_equal(connect(fd, (struct sockaddr *)&address, sizeof address), 0);
	return fd;
}

static int raw_websocket(struct fixture *f, const char *host)
{
	char request[512];
	int len = snprintf(
		request, sizeof request,
		"GET / HTTP/1.1\r\nHost: %s\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
		"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
		"Sec-WebSocket-Protocol: tillsyn-console.1\r\n\r\n",
		host);
	int fd = raw_unix(f);

	assert_int_equal(write(fd, request, (size_t)len), len);
	return fd;
}

/* One masked frame of a client, with a mask of zeroes; len is below 126. */
static void write_frame(int fd, uint8_t first, const char *text)
{
	uint8_t frame[6 + 125] = { first };
	size_t len = strlen(text);

	assert_true(len < 126);
	frame[1] = (uint8_t)(0x80 | len);
	memcpy(frame + 6, text, len);
	assert_int_equal(write(fd, frame, 6 + len), 6 + len);
}

enum { TEXT_BEGINS = 0x01, GOES_ON = 0x00, ENDS = 0x80, PING = 0x89 };

static void puts_a_peers_fragments_together(void **state)
{
	struct fixture *f = *state;
	int fd;

	f->server.echo = false;
	listen_unix(f);
	fd = raw_websocket(f, "localhost");
	assert_true(reaches(f->loop, &f->server.opened, 1));
	write_frame(fd, TEXT_BEGINS, "eight o'clock, ");
	run_for(f->loop, 10);
	assert_int_equal(f->server.messages, 0);
	write_frame(fd, PING, "well?");
	write_frame(fd, GOES_ON, "");
	write_frame(fd, GOES_ON, "all is ");
	write_frame(fd, ENDS, "well");
	assert_true(reaches(f->loop, &f->server.messages, 1));
	assert_int_equal(f->server.len, 26);
	assert_memory_equal(f->server.text, "eight o'clock, all is well", 26);
	assert_false(f->server.binary);
	close(fd);
}

static void counts_all_fragments_against_the_limit(void **state)
{
	struct fixture *f = *state;
	int fd, i;

	f->limits.text_max = 100;
	listen_unix(f);
	fd = raw_websocket(f, "localhost");
	assert_true(reaches(f->loop, &f->server.opened, 1));
	write_frame(fd, TEXT_BEGINS, "0123456789012345678901234567890123456789");
	for (i = 0; i < 2; i++)
		write_frame(fd, GOES_ON, "0123456789012345678901234567890123456789");
	/* Or the server would wait for an answer to its close. */
	shutdown(fd, SHUT_WR);
	assert_true(reaches(f->loop, &f->server.closed, 1));
	assert_string_equal(f->server.why, "the message is too large");
	assert_int_equal(f->server.messages, 0);
	close(fd);
}

static void closes_a_peer_that_does_not_read(void **state)
{
	struct fixture *f = *state;
	size_t len = 1 << 20;
	uint8_t *data = calloc(1, len);
	enum err err = ERR_OK;
	int fd, sent;

	f->limits.queue_max = 4 << 20;
	listen_unix(f);
	fd = raw_websocket(f, "localhost");
	assert_true(reaches(f->loop, &f->server.opened, 1));
	for (sent = 0; sent < 20 && err == ERR_OK; sent++) {
		err = ws_send(f->loop, f->server.id, data, len, true);
		run_for(f->loop, 2);
	}
	assert_int_equal(err, ERR_LIMIT);
	assert_true(sent <= 7);
	assert_true(reaches(f->loop, &f->server.closed, 1));
	assert_non_null(strstr(f->server.why, "not read"));
	close(fd);
	free(data);
}

static void notices_a_peer_that_stays_silent(void **state)
{
	struct fixture *f = *state;
	int fd;

	f->limits.ping_ms = 20;
	f->limits.lost_ms = 100;
	listen_unix(f);
	fd = raw_websocket(f, "localhost");
	assert_true(reaches(f->loop, &f->server.opened, 1));
	run_for(f->loop, 60);
	assert_int_equal(f->server.closed, 0);
	assert_true(reaches(f->loop, &f->server.closed, 1));
	assert_non_null(strstr(f->server.why, "lost"));
	close(fd);
}

static void keeps_a_peer_that_answers_pings(void **state)
{
	struct fixture *f = *state;

	f->limits.ping_ms = f->client_limits.ping_ms = 20;
	f->limits.lost_ms = f->client_limits.lost_ms = 100;
	open_unix(f);
	run_for(f->loop, 400);
	assert_int_equal(f->server.closed, 0);
	assert_int_equal(f->client.closed, 0);
}

static void does_not_blame_the_peer_for_its_own_stop(void **state)
{
	struct fixture *f = *state;

	f->limits.ping_ms = f->client_limits.ping_ms = 20;
	f->limits.lost_ms = f->client_limits.lost_ms = 100;
	open_unix(f);
	usleep(300000);
	run_for(f->loop, 200);
	assert_int_equal(f->server.closed, 0);
	assert_int_equal(f->client.closed, 0);
}

/* A program that is stopped: its kernel takes what is sent, and nobody answers. */
static void notices_a_peer_that_is_stopped(void **state)
{
	struct fixture *f = *state;
	pid_t child;
	int status;

	f->limits.ping_ms = 20;
	f->limits.lost_ms = 200;
	listen_unix(f);
	child = fork();
	if (child == 0) {
		/* The parent's loop is left as it is: its descriptors are the parent's too. */
		f->client.loop = loop_new();
		f->loop = f->client.loop;
		connect_unix(f, &f->client, "tillsyn-console.1");
		run_for(f->loop, WAIT_MS);
		_exit(0);
	}
	assert_true(reaches(f->loop, &f->server.opened, 1));
	run_for(f->loop, 300);
	assert_int_equal(f->server.closed, 0);
	kill(child, SIGSTOP);
	assert_true(reaches(f->loop, &f->server.closed, 1));
	assert_non_null(strstr(f->server.why, "lost"));
	kill(child, SIGKILL);
	waitpid(child, &status, 0);
}

static void notices_a_peer_that_dies(void **state)
{
	struct fixture *f = *state;
	int fd;

	listen_unix(f);
	fd = raw_websocket(f, "localhost");
	assert_true(reaches(f->loop, &f->server.opened, 1));
	close(fd);
	assert_true(reaches(f->loop, &f->server.closed, 1));
}

static void gives_up_on_a_server_that_never_answers(void **state)
{
	struct fixture *f = *state;
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	snprintf(address.sun_path, sizeof address.sun_path, "%s", f->path);
	assert_int_equal(bind(fd, (struct sockaddr *)&address, sizeof address), 0);
	assert_int_equal(listen(fd, 8), 0);
	f->client_limits.lost_ms = 100;
	connect_unix(f, &f->client, "tillsyn-console.1");
	assert_true(reaches(f->loop, &f->client.closed, 1));
	assert_int_equal(f->client.opened, 0);
	assert_non_null(strstr(f->client.why, "no answer"));
	close(fd);
}

static bool is_closed_by_server(struct fixture *f, int fd)
{
	char byte;
	int tries;

	for (tries = 0; tries < 100; tries++) {
		ssize_t len = recv(fd, &byte, 1, MSG_DONTWAIT);

		if (len == 0)
			return true;
		run_for(f->loop, 5);
	}
	return false;
}

static void answers_nothing_but_websockets(void **state)
{
	static const char *const requests[] = {
		"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n",
		"GET / HTTP/1.1\r\nHost: localhost\r\nUpgrade: h2c\r\nConnection: Upgrade, "
		"HTTP2-Settings\r\n"
		"HTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA\r\n\r\n",
		"GET / HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
		"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n",
		"GET / HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
		"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
		"Sec-WebSocket-Protocol: =none\r\n\r\n",
		"PUT /x HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99999999999\r\n\r\nxx",
	};
	struct fixture *f = *state;
	size_t i;

	listen_unix(f);
	for (i = 0; i < sizeof requests / sizeof requests[0]; i++) {
		int fd = raw_unix(f);

		assert_true(write(fd, requests[i], strlen(requests[i])) > 0);
		if (!is_closed_by_server(f, fd))
			fail_msg("answered: %s", requests[i]);
		close(fd);
	}
	assert_int_equal(f->server.opened, 0);
}

/* Two listeners, one for everybody and one not: a Host header must not carry a peer across. */
static void does_not_let_a_header_choose_the_listener(void **state)
{
	static const char *const hosts[] = { ":", "=", "listen", "" };
	struct fixture *f = *state;
	struct seen other = { .loop = f->loop };
	char second[128];
	size_t i;

	listen_unix(f);
	snprintf(second, sizeof second, "%s/other.sock", f->folder);
	const struct ws_listen how = {
		.unix_path = second,
		.protocols = protocols,
		.limits = &f->limits,
		.handler = &seen_handler,
		.arg = &other,
	};

	assert_int_equal(ws_listen(f->loop, &how, &f->listener, NULL), ERR_OK);
	for (i = 0; i < sizeof hosts / sizeof hosts[0]; i++) {
		int fd = raw_websocket(f, hosts[i]);

		run_for(f->loop, 30);
		close(fd);
	}
	run_for(f->loop, 30);
	assert_int_equal(other.opened, 0);
}

static void closes_on_a_frame_that_claims_the_world(void **state)
{
	static const uint8_t frame[] = { 0x82, 0xff, 0x3f, 0xff, 0xff, 0xff, 0xff, 0xff,
		                         0xff, 0xff, 1,    2,    3,    4,    'x' };
	struct fixture *f = *state;
	int fd;

	listen_unix(f);
	fd = raw_websocket(f, "localhost");
	assert_true(reaches(f->loop, &f->server.opened, 1));
	assert_int_equal(write(fd, frame, sizeof frame), sizeof frame);
	shutdown(fd, SHUT_WR);
	assert_true(reaches(f->loop, &f->server.closed, 1));
	assert_int_equal(f->server.messages, 0);
	assert_string_equal(f->server.why, "the message is too large");
	close(fd);
}

enum { MANY = 300 };

static void holds_hundreds_of_connections_in_one_process(void **state)
{
	struct fixture *f = *state;
	ws_id ids[MANY];
	int i;

	listen_unix(f);
	for (i = 0; i < MANY; i++)
		ids[i] = connect_unix(f, &f->client, "tillsyn-console.1");
	assert_true(reaches(f->loop, &f->client.opened, MANY));
	for (i = 0; i < MANY; i++) {
		assert_true(i == 0 || ids[i] > ids[i - 1]);
		assert_int_equal(ws_send(f->loop, ids[i], "{}", 2, false), ERR_OK);
	}
	assert_true(reaches(f->loop, &f->client.messages, MANY));
	for (i = 0; i < MANY / 2; i++)
		ws_close(f->loop, ids[i], "half");
	assert_true(reaches(f->loop, &f->client.closed, MANY / 2));
	assert_true(reaches(f->loop, &f->server.closed, MANY / 2));
	/* The other half is alive when the loop goes. */
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(echoes_over_a_unix_socket_with_the_users_identity),
		CASE(gives_each_listener_protocol_its_name),
		CASE(refuses_an_unknown_protocol),
		CASE(makes_a_socket_for_owner_and_group),
		CASE(takes_over_a_socket_left_by_a_killed_program),
		CASE(leaves_a_living_programs_socket_alone),
		CASE(does_not_delete_a_file_in_the_sockets_place),
		CASE(speaks_plain_tcp_on_loopback),
		CASE(speaks_plain_tcp_on_ipv6_loopback),
		CASE(refuses_plain_text_outside_loopback),
		CASE(tells_when_a_port_is_taken),
		CASE(tells_when_nobody_listens),
		CASE(waiting_for_a_hub_does_not_grow),
		CASE(tells_when_a_name_is_unknown),
		CASE(closes_once_and_says_why),
		CASE(sends_what_was_queued_before_a_close),
		CASE(closes_a_client_that_is_still_connecting),
		CASE(sends_what_was_queued_while_connecting),
		CASE(may_be_told_anything_from_inside_callbacks),
		CASE(may_turn_a_peer_away_as_it_opens),
		CASE(carries_a_whole_picture_both_ways),
		CASE(carries_a_picture_between_pings),
		CASE(carries_empty_messages),
		CASE(accepts_up_to_the_limit_and_closes_beyond_it),
		CASE(refuses_binary_where_none_is_expected),
		CASE(closes_on_text_that_is_not_utf8),
		CASE(puts_a_peers_fragments_together),
		CASE(counts_all_fragments_against_the_limit),
		CASE(closes_a_peer_that_does_not_read),
		CASE(notices_a_peer_that_stays_silent),
		CASE(keeps_a_peer_that_answers_pings),
		CASE(does_not_blame_the_peer_for_its_own_stop),
		CASE(notices_a_peer_that_is_stopped),
		CASE(notices_a_peer_that_dies),
		CASE(gives_up_on_a_server_that_never_answers),
		CASE(answers_nothing_but_websockets),
		CASE(does_not_let_a_header_choose_the_listener),
		CASE(closes_on_a_frame_that_claims_the_world),
		CASE(holds_hundreds_of_connections_in_one_process),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
