/* TLS between console or camera and hub: pins, authorities, names and client certificates. */
#include "net/peers.h"

#include "base/buf.h"
#include "os/crypto.h"
#include "os/file.h"

#include <netinet/in.h>
#include <sys/socket.h>

static const char *const protocols[] = { "tillsyn-camera.1", NULL };

static char folder[64];

struct fixture {
	struct loop *loop;
	struct seen server, client;
	struct ws_listener *listener;
	uint8_t pin[HASH_BYTES], wrong_pin[HASH_BYTES];
};

static const char *file(const char *name)
{
	static char paths[8][128];
	static unsigned int next;
	char *path = paths[next++ % 8];

	snprintf(path, sizeof paths[0], "%s/%s", folder, name);
	return path;
}

static void run(const char *arguments)
{
	char command[1024];

	snprintf(command, sizeof command, "cd '%s' && openssl %s >openssl.log 2>&1", folder,
	         arguments);
	if (system(command) != 0)
		fail_msg("%s", command);
}

static void make_signed(const char *name, const char *extension)
{
	char arguments[512];

	snprintf(arguments, sizeof arguments, "%s.ext", name);
	assert_int_equal(file_write(file(arguments), extension, strlen(extension), 0600), ERR_OK);
	snprintf(arguments, sizeof arguments,
	         "req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout %s.key -subj "
	         "/CN=%s -out %s.csr",
	         name, name, name);
	run(arguments);
	snprintf(arguments, sizeof arguments,
	         "x509 -req -in %s.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 -extfile "
	         "%s.ext -out %s.pem",
	         name, name, name);
	run(arguments);
}

static void make_self_signed(const char *name)
{
	char arguments[512];

	snprintf(arguments, sizeof arguments,
	         "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout %s.key "
	         "-subj /CN=%s -days 2 "
	         "-out %s.pem",
	         name, name, name);
	run(arguments);
}

static int make_files(void **state)
{
	(void)state;
	make_folder(folder);
	make_self_signed("ca");
	make_self_signed("other-ca");
	make_self_signed("self");
	make_signed("hub", "subjectAltName=DNS:localhost,IP:127.0.0.1");
	make_signed("elsewhere", "subjectAltName=DNS:hub.example.org");
	make_signed("operator", "extendedKeyUsage=clientAuth");
	/* Signed by the authority, but its time is over. */
	run("x509 -req -in hub.csr -CA ca.pem -CAkey ca.key -days -1 -extfile hub.ext -out "
	    "expired.pem");
	return 0;
}

static int remove_files(void **state)
{
	(void)state;
	remove_folder(folder);
	return 0;
}

/* SHA-256 of the SubjectPublicKeyInfo, as an administrator would take it with the command line. */
static void pin_of(const char *name, uint8_t pin[HASH_BYTES])
{
	char arguments[256];
	struct buf der = buf_new(4096);

	snprintf(arguments, sizeof arguments, "x509 -in %s.pem -noout -pubkey -out %s.pub", name,
	         name);
	run(arguments);
	snprintf(arguments, sizeof arguments, "pkey -pubin -in %s.pub -outform DER -out %s.der",
	         name, name);
	run(arguments);
	snprintf(arguments, sizeof arguments, "%s.der", name);
	assert_int_equal(file_read(file(arguments), &der), ERR_OK);
	crypto_sodium()->sha256(pin, der.data, der.len);
	buf_free(&der);
}

static int setup(void **state)
{
	struct fixture *f = calloc(1, sizeof *f);

	f->loop = loop_new();
	assert_non_null(f->loop);
	f->server.loop = f->client.loop = f->loop;
	f->server.echo = true;
	memset(f->wrong_pin, 7, sizeof f->wrong_pin);
	*state = f;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *f = *state;

	loop_free(f->loop);
	free(f);
	return 0;
}

static void listen_tls(struct fixture *f, const char *certificate, const char *key,
                       const char *client_ca)
{
	const struct ws_listen how = {
		.host = "127.0.0.1",
		.protocols = protocols,
		.limits = &roomy,
		.handler = &seen_handler,
		.arg = &f->server,
		.certificate = file(certificate),
		.key = file(key),
		.client_ca = client_ca == NULL ? NULL : file(client_ca),
	};
	char fault[REASON_MAX_BYTES] = "";

	if (ws_listen(f->loop, &how, &f->listener, fault) != ERR_OK)
		fail_msg("%s", fault);
}

static void connect_tls(struct fixture *f, struct ws_connect how)
{
	ws_id id;

	how.port = ws_port(f->listener);
	how.tls = true;
	how.protocol = protocols[0];
	how.limits = &roomy;
	how.handler = &seen_handler;
	how.arg = &f->client;
	if (how.host == NULL)
		how.host = "127.0.0.1";
	assert_int_equal(ws_connect(f->loop, &how, &id), ERR_OK);
}

static void assert_opens(struct fixture *f)
{
	if (!reaches(f->loop, &f->client.opened, 1))
		fail_msg("%s", f->client.why);
	assert_int_equal(ws_send(f->loop, f->client.id, "{}", 2, false), ERR_OK);
	assert_true(reaches(f->loop, &f->client.messages, 1));
}

static void assert_refused(struct fixture *f)
{
	assert_true(reaches(f->loop, &f->client.closed, 1));
	run_for(f->loop, 20);
	assert_int_equal(f->client.closed, 1);
	assert_int_equal(f->client.opened, 0);
	assert_int_equal(f->server.opened, 0);
}

static void a_right_pin_opens_a_self_signed_server(void **state)
{
	struct fixture *f = *state;

	listen_tls(f, "self.pem", "self.key", NULL);
	pin_of("self", f->pin);
	connect_tls(f, (struct ws_connect){ .server_key_hash = f->pin });
	assert_opens(f);
	assert_int_equal(f->server.peer.identity, WS_ANONYMOUS);
	assert_memory_equal(f->client.peer.key_hash, f->pin, HASH_BYTES);
}

/* The camera holds the pin from enrolment, and its clock may be wrong. */
static void a_right_pin_opens_whatever_chain_and_time(void **state)
{
	struct fixture *f = *state;

	listen_tls(f, "expired.pem", "hub.key", NULL);
	pin_of("hub", f->pin);
	connect_tls(f, (struct ws_connect){ .server_key_hash = f->pin });
	assert_opens(f);
}

static void a_wrong_pin_is_refused(void **state)
{
	struct fixture *f = *state;

	listen_tls(f, "self.pem", "self.key", NULL);
	connect_tls(f, (struct ws_connect){ .server_key_hash = f->wrong_pin });
	assert_refused(f);
	assert_non_null(strstr(f->client.why, "certificate"));
}

static void an_authority_opens_a_server_by_address(void **state)
{
	struct fixture *f = *state;

	listen_tls(f, "hub.pem", "hub.key", NULL);
	connect_tls(f, (struct ws_connect){ .ca = file("ca.pem") });
	assert_opens(f);
}

static void an_authority_opens_a_server_by_name(void **state)
{
	struct fixture *f = *state;

	listen_tls(f, "hub.pem", "hub.key", NULL);
	connect_tls(f, (struct ws_connect){ .host = "localhost", .ca = file("ca.pem") });
	assert_opens(f);
}

static void another_name_is_refused(void **state)
{
	struct fixture *f = *state;

	listen_tls(f, "elsewhere.pem", "elsewhere.key", NULL);
	connect_tls(f, (struct ws_connect){ .ca = file("ca.pem") });
	assert_refused(f);
}

static void another_authority_is_refused(void **state)
{
	struct fixture *f = *state;

	listen_tls(f, "hub.pem", "hub.key", NULL);
	connect_tls(f, (struct ws_connect){ .ca = file("other-ca.pem") });
	assert_refused(f);
}

static void an_expired_certificate_is_refused(void **state)
{
	struct fixture *f = *state;

	listen_tls(f, "expired.pem", "hub.key", NULL);
	connect_tls(f, (struct ws_connect){ .ca = file("ca.pem") });
	assert_refused(f);
}

static void authority_and_pin_must_both_pass(void **state)
{
	struct fixture *f = *state;

	listen_tls(f, "hub.pem", "hub.key", NULL);
	pin_of("hub", f->pin);
	connect_tls(f,
	            (struct ws_connect){ .ca = file("ca.pem"), .server_key_hash = f->wrong_pin });
	assert_refused(f);
	connect_tls(f,
	            (struct ws_connect){ .ca = file("other-ca.pem"), .server_key_hash = f->pin });
	assert_true(reaches(f->loop, &f->client.closed, 2));
	connect_tls(f, (struct ws_connect){ .ca = file("ca.pem"), .server_key_hash = f->pin });
	assert_opens(f);
}

static void tls_needs_something_to_know_the_server_by(void **state)
{
	struct fixture *f = *state;
	const struct ws_connect how = {
		.host = "127.0.0.1",
		.port = 1,
		.tls = true,
		.protocol = protocols[0],
		.limits = &roomy,
		.handler = &seen_handler,
		.arg = &f->client,
	};
	ws_id id;

	assert_int_equal(ws_connect(f->loop, &how, &id), ERR_DENIED);
}

static void a_client_certificate_is_its_identity(void **state)
{
	struct fixture *f = *state;

	listen_tls(f, "hub.pem", "hub.key", "ca.pem");
	pin_of("operator", f->pin);
	connect_tls(f, (struct ws_connect){ .ca = file("ca.pem"),
	                                    .certificate = file("operator.pem"),
	                                    .key = file("operator.key") });
	assert_opens(f);
	assert_int_equal(f->server.peer.identity, WS_CERTIFICATE);
	assert_memory_equal(f->server.peer.key_hash, f->pin, HASH_BYTES);
}

static void no_client_certificate_is_refused(void **state)
{
	struct fixture *f = *state;

	listen_tls(f, "hub.pem", "hub.key", "ca.pem");
	connect_tls(f, (struct ws_connect){ .ca = file("ca.pem") });
	assert_refused(f);
}

static void a_client_certificate_of_another_authority_is_refused(void **state)
{
	struct fixture *f = *state;

	listen_tls(f, "hub.pem", "hub.key", "ca.pem");
	connect_tls(f, (struct ws_connect){ .ca = file("ca.pem"),
	                                    .certificate = file("self.pem"),
	                                    .key = file("self.key") });
	assert_refused(f);
	assert_non_null(strstr(f->client.why, "may not accept our certificate"));
}

static void an_expired_client_certificate_is_refused(void **state)
{
	struct fixture *f = *state;

	listen_tls(f, "hub.pem", "hub.key", "ca.pem");
	connect_tls(f, (struct ws_connect){ .ca = file("ca.pem"),
	                                    .certificate = file("expired.pem"),
	                                    .key = file("hub.key") });
	assert_refused(f);
}

/* A server that takes the connection and then says nothing, not even its certificate. */
static void a_server_that_never_shakes_hands_is_given_up(void **state)
{
	struct fixture *f = *state;
	const struct ws_limits hasty = {
		.text_max = 100, .queue_max = 100, .ping_ms = 20, .lost_ms = 100
	};
	struct sockaddr_in address = { .sin_family = AF_INET,
		                       .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof address;
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	struct ws_connect how = {
		.host = "127.0.0.1",
		.tls = true,
		.server_key_hash = f->pin,
		.protocol = protocols[0],
		.limits = &hasty,
		.handler = &seen_handler,
		.arg = &f->client,
	};
	ws_id id;

	assert_int_equal(bind(fd, (struct sockaddr *)&address, len), 0);
	assert_int_equal(listen(fd, 8), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&address, &len), 0);
	how.port = ntohs(address.sin_port);
	assert_int_equal(ws_connect(f->loop, &how, &id), ERR_OK);
	assert_true(reaches(f->loop, &f->client.closed, 1));
	assert_int_equal(f->client.opened, 0);
	assert_string_equal(f->client.why, "no answer in time");
	close(fd);
}

static void a_picture_passes_tls_whole(void **state)
{
	struct fixture *f = *state;
	size_t len = SNAPSHOT_MAX_BYTES, i;
	uint8_t *data = malloc(len);

	for (i = 0; i < len; i++)
		data[i] = (uint8_t)(i * 31 >> 3);
	listen_tls(f, "hub.pem", "hub.key", NULL);
	connect_tls(f, (struct ws_connect){ .ca = file("ca.pem") });
	assert_true(reaches(f->loop, &f->client.opened, 1));
	assert_int_equal(ws_send(f->loop, f->client.id, data, len, true), ERR_OK);
	assert_true(reaches(f->loop, &f->client.messages, 1));
	assert_int_equal(f->client.len, len);
	assert_int_equal(f->client.hash, hash_of(data, len));
	free(data);
}

static void a_plain_client_on_a_tls_port_is_refused(void **state)
{
	struct fixture *f = *state;
	struct ws_connect how = {
		.host = "127.0.0.1",
		.protocol = protocols[0],
		.limits = &roomy,
		.handler = &seen_handler,
		.arg = &f->client,
	};
	ws_id id;

	listen_tls(f, "hub.pem", "hub.key", NULL);
	how.port = ws_port(f->listener);
	assert_int_equal(ws_connect(f->loop, &how, &id), ERR_OK);
	assert_refused(f);
}

static bool handshakes(struct fixture *f, const char *options)
{
	char command[512];
	int status;

	snprintf(command, sizeof command,
	         "openssl s_client -connect 127.0.0.1:%u %s </dev/null >'%s/client.log' 2>&1; "
	         "touch '%s/done'",
	         (unsigned int)ws_port(f->listener), options, folder, folder);
	unlink(file("done"));
	status = fork();
	if (status == 0)
		_exit(execl("/bin/sh", "sh", "-c", command, (char *)NULL));
	for (int i = 0; i < 500 && access(file("done"), F_OK) != 0; i++)
		run_for(f->loop, 10);
	snprintf(command, sizeof command, "grep -q 'Cipher is \\(TLS_\\|ECDHE\\)' '%s/client.log'",
	         folder);
	return system(command) == 0;
}

static void old_versions_of_tls_are_refused(void **state)
{
	struct fixture *f = *state;

	listen_tls(f, "hub.pem", "hub.key", NULL);
	assert_false(handshakes(f, "-tls1_1 -cipher ALL:@SECLEVEL=0"));
	assert_true(handshakes(f, "-tls1_2"));
	assert_true(handshakes(f, "-tls1_3"));
}

static enum err try_listen(struct fixture *f, const char *certificate, const char *key,
                           const char *ca, char *fault)
{
	const struct ws_listen how = {
		.host = "127.0.0.1",
		.protocols = protocols,
		.limits = &roomy,
		.handler = &seen_handler,
		.arg = &f->server,
		.certificate = certificate,
		.key = key,
		.client_ca = ca,
	};

	return ws_listen(f->loop, &how, &f->listener, fault);
}

static void wrong_files_are_named(void **state)
{
	struct fixture *f = *state;
	char fault[REASON_MAX_BYTES] = "";

	assert_int_equal(try_listen(f, file("missing.pem"), file("hub.key"), NULL, fault), ERR_IO);
	assert_non_null(strstr(fault, "missing.pem"));
	assert_int_equal(try_listen(f, file("hub.pem"), file("self.key"), NULL, fault), ERR_IO);
	assert_non_null(strstr(fault, "self.key"));
	assert_int_equal(try_listen(f, file("hub.pem"), file("hub.key"), file("hub.key"), fault),
	                 ERR_IO);
	assert_non_null(strstr(fault, "hub.key"));
	assert_int_equal(try_listen(f, file("hub.pem"), NULL, NULL, NULL), ERR_IO);
	assert_int_equal(try_listen(f, NULL, NULL, file("ca.pem"), NULL), ERR_IO);
}

static void a_client_with_wrong_files_does_not_start(void **state)
{
	struct fixture *f = *state;
	const struct ws_connect how = {
		.host = "127.0.0.1",
		.port = 1,
		.tls = true,
		.protocol = protocols[0],
		.limits = &roomy,
		.handler = &seen_handler,
		.arg = &f->client,
		.ca = file("missing.pem"),
	};
	char fault[REASON_MAX_BYTES];
	ws_id id;

	assert_int_equal(ws_connect(f->loop, &how, &id), ERR_IO);
	assert_int_equal(ws_connect_check(&how, fault), ERR_IO);
	assert_non_null(strstr(fault, "missing.pem"));
}

static void what_is_wrong_with_a_client_is_told_before_it_starts(void **state)
{
	struct fixture *f = *state;
	struct ws_connect how = { .host = "192.0.2.1" };
	char fault[REASON_MAX_BYTES], deep[200];

	assert_int_equal(ws_connect_check(&how, fault), ERR_DENIED);
	assert_non_null(strstr(fault, "TLS"));
	how.tls = true;
	assert_int_equal(ws_connect_check(&how, fault), ERR_DENIED);
	assert_non_null(strstr(fault, "know the server"));
	how.server_key_hash = f->pin;
	assert_int_equal(ws_connect_check(&how, fault), ERR_OK);
	assert_string_equal(fault, "");
	how.certificate = file("operator.pem");
	assert_int_equal(ws_connect_check(&how, fault), ERR_IO);
	how.key = file("hub.key");
	assert_int_equal(ws_connect_check(&how, fault), ERR_IO);
	assert_non_null(strstr(fault, "hub.key"));
	how.key = file("operator.key");
	assert_int_equal(ws_connect_check(&how, fault), ERR_OK);
	memset(deep, 'd', sizeof deep - 1);
	deep[sizeof deep - 1] = '\0';
	how.ca = deep;
	assert_int_equal(ws_connect_check(&how, fault), ERR_IO);
	assert_non_null(strstr(fault, "no authority's certificate can be read"));
}

enum { MANY = 40 };

static void many_cameras_share_a_process(void **state)
{
	struct fixture *f = *state;
	int i;

	listen_tls(f, "self.pem", "self.key", NULL);
	pin_of("self", f->pin);
	for (i = 0; i < MANY; i++)
		connect_tls(f, (struct ws_connect){ .server_key_hash = f->pin });
	assert_true(reaches(f->loop, &f->client.opened, MANY));
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(a_right_pin_opens_a_self_signed_server),
		CASE(a_right_pin_opens_whatever_chain_and_time),
		CASE(a_wrong_pin_is_refused),
		CASE(an_authority_opens_a_server_by_address),
		CASE(an_authority_opens_a_server_by_name),
		CASE(another_name_is_refused),
		CASE(another_authority_is_refused),
		CASE(an_expired_certificate_is_refused),
		CASE(authority_and_pin_must_both_pass),
		CASE(tls_needs_something_to_know_the_server_by),
		CASE(a_client_certificate_is_its_identity),
		CASE(no_client_certificate_is_refused),
		CASE(a_client_certificate_of_another_authority_is_refused),
		CASE(an_expired_client_certificate_is_refused),
		CASE(a_server_that_never_shakes_hands_is_given_up),
		CASE(a_picture_passes_tls_whole),
		CASE(a_plain_client_on_a_tls_port_is_refused),
		CASE(old_versions_of_tls_are_refused),
		CASE(wrong_files_are_named),
		CASE(a_client_with_wrong_files_does_not_start),
		CASE(what_is_wrong_with_a_client_is_told_before_it_starts),
		CASE(many_cameras_share_a_process),
	};

	return cmocka_run_group_tests(tests, make_files, remove_files);
}
