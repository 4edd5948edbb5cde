/*
 * tillsynd: joins the hub to its loop, its sockets, its store and its keys. It refuses to start on
 * a wrong line of its configuration, and ends with an error when its store refuses a write.
 */
#include "hub/hub.h"

#include "base/option.h"
#include "base/text.h"
#include "net/loop.h"
#include "net/websocket.h"
#include "os/clock.h"
#include "os/crypto.h"
#include "os/file.h"
#include "os/journal.h"
#include "os/key.h"
#include "os/process.h"
#include "os/user.h"
#include "os/zoneinfo.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/*
 * How far ahead and back zone data is read; and how often it is read again without a sign that its
 * file was replaced: the years move on, and not every file system gives signs.
 */
#define ZONE_BACK_S (40 * 86400)
#define ZONE_AHEAD_S (400 * 86400)
#define ZONE_AGAIN_MS (10 * MS_MINUTE)

struct daemon {
	struct hub_settings settings;
	const struct crypto *crypto;
	struct clock clock;
	struct zone_window zone;
	struct store store;
	struct pager pager;
	struct signer signer;
	struct loop *loop;
	struct hub *hub;
	uint32_t timer;
	int status;
};

static void arm(struct daemon *daemon);

static void on_timer(void *arg)
{
	struct daemon *daemon = arg;
	struct now now = clock_now(&daemon->clock);

	daemon->timer = 0;
	hub_wall_clock(daemon->hub, &now, clock_step_ms(&daemon->clock));
	hub_tick(daemon->hub, &now);
	arm(daemon);
}

/* Ends with an error when the hub can record nothing more; otherwise sets the next tick. */
static void arm(struct daemon *daemon)
{
	struct now now = clock_now(&daemon->clock);
	int64_t wait = hub_next_ms(daemon->hub) - now.utc_ms;

	if (hub_has_failed(daemon->hub)) {
		journal_fault("the store refused a write: ending, so that nothing is done that is "
		              "not recorded");
		daemon->status = 1;
		loop_stop(daemon->loop);
		return;
	}
	loop_cancel(daemon->loop, daemon->timer);
	daemon->timer = loop_after(daemon->loop, wait < 1 ? 1 : wait, on_timer, daemon);
}

static enum err read_zone(const struct daemon *daemon, const struct now *now,
                          struct zone_window *zone)
{
	int64_t utc_s = now->utc_ms / MS_SECOND;

	return zoneinfo_read(daemon->settings.zone, utc_s - ZONE_BACK_S, utc_s + ZONE_AHEAD_S,
	                     zone);
}

static bool is_same_zone(const struct zone_window *a, const struct zone_window *b)
{
	return a->offset_before_s == b->offset_before_s && a->n == b->n
	       && memcmp(a->transition, b->transition, a->n * sizeof a->transition[0]) == 0;
}

static void take_zone(void *arg)
{
	struct daemon *daemon = arg;
	struct now now = clock_now(&daemon->clock);
	struct zone_window zone;
	enum err r = read_zone(daemon, &now, &zone);
	bool same = r != ERR_OK || is_same_zone(&zone, &daemon->zone);

	if (r == ERR_OK)
		daemon->zone = zone;
	hub_zone_unreadable(daemon->hub, &now, r == ERR_OK ? NULL : err_text(r));
	if (!same)
		hub_tick(daemon->hub, &now);
	arm(daemon);
}

static void on_zone_timer(void *arg)
{
	struct daemon *daemon = arg;

	take_zone(daemon);
	loop_after(daemon->loop, ZONE_AGAIN_MS, on_zone_timer, daemon);
}

static void watch_zone(struct daemon *daemon)
{
	char path[ZONE_PATH_MAX];

	if (zoneinfo_path(daemon->settings.zone, path) != ERR_OK
	    || loop_watch_file(daemon->loop, path, take_zone, daemon) == 0)
		journal_note("%s cannot be watched: it is read every ten minutes", path);
	loop_after(daemon->loop, ZONE_AGAIN_MS, on_zone_timer, daemon);
}

static enum wire_protocol protocol_of(const char *name)
{
	if (strcmp(name, WIRE_CAMERA_PROTOCOL) == 0)
		return WIRE_CAMERA;
	return strcmp(name, WIRE_ADMIN_PROTOCOL) == 0 ? WIRE_ADMIN : WIRE_CONSOLE;
}

static void on_opened(void *arg, ws_id id, const struct ws_peer *peer)
{
	struct daemon *daemon = arg;
	struct now now = clock_now(&daemon->clock);
	char user[ID_MAX] = "";
	struct hub_peer who = {.protocol = protocol_of(peer->protocol), .user = user};

	if (peer->identity == WS_UNIX_USER)
		user_name(peer->uid, user);
	else if (peer->identity == WS_CERTIFICATE)
		who.certificate = peer->key_hash;
	hub_opened(daemon->hub, &now, (int64_t)id, &who);
	arm(daemon);
}

static void on_message(void *arg, ws_id id, const uint8_t *data, size_t len, bool binary)
{
	struct daemon *daemon = arg;
	struct now now = clock_now(&daemon->clock);

	hub_message(daemon->hub, &now, (int64_t)id, data, len, binary);
	arm(daemon);
}

static void on_closed(void *arg, ws_id id, const char *why)
{
	struct daemon *daemon = arg;
	struct now now = clock_now(&daemon->clock);

	(void)why;
	hub_closed(daemon->hub, &now, (int64_t)id);
	arm(daemon);
}

static void port_send(void *arg, int64_t session, const void *data, size_t len, bool binary)
{
	struct daemon *daemon = arg;

	/*
	 * A session that is gone, or that does not read, is closed by net; the rows are in the
	 * store.
	 */
	(void)ws_send(daemon->loop, (ws_id)session, data, len, binary);
}

static void port_close(void *arg, int64_t session, const char *why)
{
	struct daemon *daemon = arg;

	ws_close(daemon->loop, (ws_id)session, why);
}

static void on_pager(void *arg, int64_t page, enum page_event_kind kind, const char *contact)
{
	struct daemon *daemon = arg;

	hub_pager_event(daemon->hub, page, kind, contact);
}

static void on_end(void *arg)
{
	struct daemon *daemon = arg;
	struct now now = clock_now(&daemon->clock);

	hub_stop(daemon->hub, &now);
	loop_stop(daemon->loop);
}

static void print_fault(void *arg, const char *line)
{
	(void)arg;
	fprintf(stderr, "tillsynd: %s\n", line);
}

static bool read_settings(const char *path, struct hub_settings *settings)
{
	static const uint8_t no_key[KEY_BYTES];
	struct buf text = buf_new(CONFIG_MAX_BYTES);
	enum err r = file_read(path, &text);
	const char *why;
	int faults;

	if (r != ERR_OK) {
		fprintf(stderr, "tillsynd: %s: %s\n", path, err_text(r));
		return false;
	}
	faults = option_parse(hub_options, settings, path,
	                      text.data == NULL ? "" : (const char *)text.data, text.len, true,
	                      print_fault, NULL);
	buf_free(&text);
	why = memcmp(settings->administration_key, no_key, KEY_BYTES) == 0
	            ? "administration_key: all zeroes is nobody's key; put the content of "
	              "administration.pub here"
	            : policy_fault(&settings->policy);
	if (faults == 0 && why != NULL) {
		fprintf(stderr, "tillsynd: %s: %s\n", path, why);
		faults++;
	}
	return faults == 0;
}

static void on_signer(void *arg, enum err there)
{
	struct daemon *daemon = arg;
	struct now now = clock_now(&daemon->clock);

	hub_signer_news(daemon->hub, &now, there);
	arm(daemon);
}

/* The key in this process: for a trial, or where nobody but us is on the machine. */
static bool sign_here(struct daemon *daemon)
{
	const char *path = daemon->settings.signer_key_file;
	uint8_t key[SECRET_KEY_BYTES];
	enum err r = key_read(daemon->crypto, path, key);

	if (r == ERR_OK)
		r = signer_local(&daemon->signer, daemon->crypto, key);
	daemon->crypto->wipe(key, sizeof key);
	if (r != ERR_OK)
		fprintf(stderr,
		        "tillsynd: %s: %s; a key that only this user can read, as tillsynctl init "
		        "makes it, is needed\n",
		        path, err_text(r));
	return r == ERR_OK;
}

static bool make_signer(struct daemon *daemon)
{
	static const uint8_t no_key[KEY_BYTES];
	const struct hub_settings *settings = &daemon->settings;
	struct signer_link link = {.loop = daemon->loop,
	                           .crypto = daemon->crypto,
	                           .path = settings->signer_socket,
	                           .public_key = settings->signer_key,
	                           .news = on_signer,
	                           .arg = daemon};
	enum err r;

	if (settings->signer_socket[0] == '\0')
		return sign_here(daemon);
	if (memcmp(settings->signer_key, no_key, KEY_BYTES) == 0) {
		fprintf(stderr, "tillsynd: signer_socket needs signer_key: put the content of "
		                "signer.pub there\n");
		return false;
	}
	r = signer_process(&daemon->signer, &link);
	if (r != ERR_OK)
		fprintf(stderr, "tillsynd: signer_socket = %s: %s\n", settings->signer_socket,
		        err_text(r));
	return r == ERR_OK;
}

static bool listen_on(struct daemon *daemon, struct ws_listen *how)
{
	struct ws_listener *listener;
	char fault[REASON_MAX_BYTES] = "";
	enum err r = ws_listen(daemon->loop, how, &listener, fault);

	if (r == ERR_OK)
		return true;
	if (how->unix_path != NULL)
		fprintf(stderr, "tillsynd: cannot listen on %s: %s %s\n", how->unix_path,
		        err_text(r), fault);
	else
		fprintf(stderr, "tillsynd: cannot listen on %s:%u: %s %s\n", how->host,
		        (unsigned)how->port, err_text(r), fault);
	return false;
}

static const char *or_null(const char *text)
{
	return text[0] == '\0' ? NULL : text;
}

static bool listen_all(struct daemon *daemon)
{
	static const char *const console_protocols[] = {WIRE_CONSOLE_PROTOCOL, WIRE_ADMIN_PROTOCOL,
	                                                NULL};
	static const char *const network_protocols[] = {WIRE_CONSOLE_PROTOCOL, NULL};
	static const char *const camera_protocols[] = {WIRE_CAMERA_PROTOCOL, NULL};
	static const struct ws_handler handler = {
		.opened = on_opened, .message = on_message, .closed = on_closed};
	const struct hub_settings *s = &daemon->settings;
	struct ws_limits consoles = {.text_max = MESSAGE_MAX_BYTES,
	                             .queue_max = 2 * SNAPSHOT_MAX_BYTES,
	                             .ping_ms = s->policy.camera_ping_ms,
	                             .lost_ms = s->policy.camera_lost_ms};
	struct ws_limits cameras = consoles;
	struct ws_listen local = {.unix_path = s->socket,
	                          .protocols = console_protocols,
	                          .limits = &consoles,
	                          .handler = &handler,
	                          .arg = daemon};
	struct ws_listen network = {.host = s->console_host,
	                            .port = (uint16_t)s->console_port,
	                            .protocols = network_protocols,
	                            .certificate = or_null(s->console_certificate),
	                            .key = or_null(s->console_key),
	                            .client_ca = or_null(s->console_ca),
	                            .limits = &consoles,
	                            .handler = &handler,
	                            .arg = daemon};
	struct ws_listen agents = {.host = s->agent_host,
	                           .port = (uint16_t)s->agent_port,
	                           .protocols = camera_protocols,
	                           .certificate = or_null(s->agent_certificate),
	                           .key = or_null(s->agent_key),
	                           .limits = &cameras,
	                           .handler = &handler,
	                           .arg = daemon};

	cameras.binary_max = SNAPSHOT_MAX_BYTES + 8;
	if (!listen_on(daemon, &local) || !listen_on(daemon, &agents))
		return false;
	if (s->console_host[0] == '\0')
		return true;
	/* A console over the network is known by its certificate only. */
	if (network.client_ca == NULL || network.certificate == NULL) {
		fprintf(stderr, "tillsynd: console_host needs console_certificate, console_key and "
		                "console_ca\n");
		return false;
	}
	return listen_on(daemon, &network);
}

/* A demo's gateway is simulated; elsewhere nobody is told by a machine until a channel is there. */
static bool make_pager(struct daemon *daemon)
{
	if (daemon->settings.demo)
		return pager_fake(&daemon->pager, on_pager, daemon) == ERR_OK;
	journal_fault("no paging channel is configured: the consoles show whom to call by phone");
	pager_manual(&daemon->pager);
	return true;
}

static void print_zone_fault(const struct hub_settings *settings, enum err r)
{
	char path[ZONE_PATH_MAX];

	if (zoneinfo_path(settings->zone, path) != ERR_OK)
		fprintf(stderr,
		        "tillsynd: zone = %s: not a zone's name, such as Europe/Stockholm\n",
		        settings->zone);
	else
		fprintf(stderr, "tillsynd: zone = %s: %s: %s; Debian's package tzdata brings it\n",
		        settings->zone, path, err_text(r));
}

static bool start(struct daemon *daemon, int64_t offset_ms)
{
	struct hub_parts parts = {.settings = &daemon->settings,
	                          .store = &daemon->store,
	                          .zone = &daemon->zone,
	                          .pager = &daemon->pager,
	                          .signer = &daemon->signer,
	                          .ports = {.arg = daemon, .send = port_send, .close = port_close}};
	char fault[REASON_MAX_BYTES] = "";
	struct now now;
	enum err r;

	parts.crypto = daemon->crypto = crypto_sodium();
	if (daemon->crypto == NULL)
		return false;
	daemon->clock = clock_start(offset_ms);
	if (!clock_is_synchronised() && !daemon->settings.demo)
		journal_fault("the wall clock is not synchronised: times may be wrong until it is");
	now = clock_now(&daemon->clock);
	if ((r = read_zone(daemon, &now, &daemon->zone)) != ERR_OK) {
		print_zone_fault(&daemon->settings, r);
		return false;
	}
	if ((r = store_sqlite(&daemon->store, daemon->settings.database, fault)) != ERR_OK) {
		fprintf(stderr, "tillsynd: %s: %s %s\n", daemon->settings.database, err_text(r),
		        fault);
		return false;
	}
	if ((daemon->loop = loop_new()) == NULL || !make_pager(daemon)) {
		fprintf(stderr,
		        "tillsynd: cannot start its loop; is libwebsockets-evlib-uv installed?\n");
		return false;
	}
	if (!make_signer(daemon))
		return false;
	if ((r = hub_start(&parts, &now, &daemon->hub, fault)) != ERR_OK) {
		fprintf(stderr, "tillsynd: %s: %s\n", daemon->settings.database, fault);
		return false;
	}
	return listen_all(daemon);
}

static void end(struct daemon *daemon)
{
	/* What watches the loop goes first. */
	if (daemon->signer.free != NULL)
		daemon->signer.free(daemon->signer.impl);
	loop_free(daemon->loop);
	hub_free(daemon->hub);
	if (daemon->pager.free != NULL)
		daemon->pager.free(daemon->pager.impl);
	if (daemon->store.close != NULL)
		daemon->store.close(daemon->store.impl);
}

static int usage(void)
{
	fprintf(stderr, "usage: tillsynd --config FILE [--clock-offset MILLISECONDS]\n");
	return 2;
}

/* "--name VALUE" pairs; getopt_long's struct option would clash with ours. */
static bool read_arguments(int argc, char **argv, const char **config, int64_t *offset_ms)
{
	for (int i = 1; i < argc; i += 2) {
		char *rest = NULL;

		if (i + 1 >= argc)
			return false;
		if (strcmp(argv[i], "--config") == 0) {
			*config = argv[i + 1];
		} else if (strcmp(argv[i], "--clock-offset") == 0) {
			*offset_ms = strtoll(argv[i + 1], &rest, 10);
			if (*rest != '\0' || rest == argv[i + 1])
				return false;
		} else {
			return false;
		}
	}
	return *config != NULL;
}

int main(int argc, char **argv)
{
	struct daemon *daemon = calloc(1, sizeof *daemon);
	const char *config = NULL;
	int64_t offset_ms = 0;
	int status = 1;

	if (daemon == NULL || !read_arguments(argc, argv, &config, &offset_ms)) {
		free(daemon);
		return usage();
	}
	process_harden();
	journal_open("tillsynd");
	if (!read_settings(config, &daemon->settings)) {
		free(daemon);
		return 1;
	}
	if (offset_ms != 0 && !daemon->settings.demo) {
		fprintf(stderr,
		        "tillsynd: --clock-offset is for a demo's database only (demo = yes)\n");
		free(daemon);
		return 1;
	}
	if (start(daemon, offset_ms)) {
		loop_signal(daemon->loop, SIGTERM, on_end, daemon);
		loop_signal(daemon->loop, SIGINT, on_end, daemon);
		journal_note("listening on %s", daemon->settings.socket);
		watch_zone(daemon);
		arm(daemon);
		loop_run(daemon->loop);
		status = daemon->status;
	}
	end(daemon);
	free(daemon);
	return status;
}
