/*
 * tillsyn-camera: joins agents to their loop, their sockets and their cameras. One configuration
 * file is one agent; a folder of them is many agents in one process.
 */
#include "camera/agent.h"
#include "camera/driver.h"
#include "camera/keep.h"

#include "base/text.h"
#include "core/settings.h"
#include "net/loop.h"
#include "net/websocket.h"
#include "os/clock.h"
#include "os/crypto.h"
#include "os/file.h"
#include "os/journal.h"
#include "os/process.h"
#include "os/zoneinfo.h"
#include "wire/message.h"

#include <dirent.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/*
 * Between attempts to reach the hub: doubling, with jitter, so that a street does not knock at
 * once.
 */
#define BACKOFF_MS_MIN 500
#define BACKOFF_MS_MAX 15000

/*
 * Leaving: how often it is looked whether every lens is parked, how long at most, and time to be
 * heard.
 */
#define LEAVE_CHECK_MS 20
#define LEAVE_MS_MAX 4000
#define LAST_WORDS_MS 50

struct program;

struct station {
	struct program *program;
	struct camera_settings settings;
	struct clock clock;    /* its own: each connection reads the wall clock anew */
	struct agent *agent;
	ws_id connection;
	uint32_t tick_timer, connect_timer;
	int64_t backoff_ms;
};

struct program {
	const struct crypto *crypto;
	int64_t offset_ms;
	struct loop *loop;
	struct station *stations;
	int n;
	bool ending;
	int64_t end_by_ms;     /* elapsed; while ending */
};

static void connect_hub(void *arg);
static void on_tick(void *arg);

static void arm_tick(struct station *station)
{
	struct now now = clock_now(&station->clock);
	int64_t wait = agent_next_ms(station->agent) - now.elapsed_ms;

	loop_cancel(station->program->loop, station->tick_timer);
	station->tick_timer = loop_after(station->program->loop, wait < 1 ? 1 : wait, on_tick,
	                                 station);
}

static void on_tick(void *arg)
{
	struct station *station = arg;
	struct now now = clock_now(&station->clock);

	station->tick_timer = 0;
	agent_tick(station->agent, &now);
	arm_tick(station);
}

static void port_send(void *arg, const void *data, size_t len, bool binary)
{
	struct station *station = arg;

	(void)ws_send(station->program->loop, station->connection, data, len, binary);
}

static void port_close(void *arg, const char *why)
{
	struct station *station = arg;

	ws_close(station->program->loop, station->connection, why);
}

static int64_t port_clock_step(void *arg)
{
	const struct station *station = arg;

	return clock_step_ms(&station->clock);
}

static void port_note(void *arg, const char *line)
{
	(void)arg;
	journal_note("%s", line);
}

static void on_opened(void *arg, ws_id id, const struct ws_peer *peer)
{
	struct station *station = arg;
	struct now now = clock_now(&station->clock);

	(void)id;
	(void)peer;
	agent_opened(station->agent, &now);
	arm_tick(station);
}

static void on_message(void *arg, ws_id id, const uint8_t *data, size_t len, bool binary)
{
	struct station *station = arg;
	struct now now = clock_now(&station->clock);

	(void)id;
	agent_message(station->agent, data, len, binary, &now);
	if (agent_is_ready(station->agent))
		station->backoff_ms = BACKOFF_MS_MIN;
	arm_tick(station);
}

static void on_closed(void *arg, ws_id id, const char *why)
{
	struct station *station = arg;
	struct program *program = station->program;
	struct now now = clock_now(&station->clock);
	uint32_t jitter;

	(void)id;
	station->connection = 0;
	agent_closed(station->agent, &now);
	if (program->ending)
		return;
	arm_tick(station);
	program->crypto->random(&jitter, sizeof jitter);
	journal_note("%s: no contact with the hub: %s", station->settings.camera, why);
	station->connect_timer = loop_after(
		program->loop, station->backoff_ms / 2 + jitter % (station->backoff_ms / 2),
		connect_hub, station);
	station->backoff_ms = station->backoff_ms * 2 > BACKOFF_MS_MAX ? BACKOFF_MS_MAX
	                                                               : station->backoff_ms * 2;
}

static void connect_hub(void *arg)
{
	static const struct ws_handler handler = {
		.opened = on_opened, .message = on_message, .closed = on_closed};
	struct station *station = arg;
	const struct camera_settings *s = &station->settings;
	struct ws_limits limits = {.text_max = MESSAGE_MAX_BYTES,
	                           .queue_max = 2 * SNAPSHOT_MAX_BYTES,
	                           .ping_ms = s->policy.camera_ping_ms,
	                           .lost_ms = s->policy.camera_lost_ms};
	struct ws_connect how = {.host = s->hub_host,
	                         .port = (uint16_t)s->hub_port,
	                         .tls = s->hub_tls,
	                         .server_key_hash = s->hub_tls ? s->hub_pin : NULL,
	                         .protocol = WIRE_CAMERA_PROTOCOL,
	                         .limits = &limits,
	                         .handler = &handler,
	                         .arg = station};
	enum err err;

	station->connect_timer = 0;
	/*
	 * A wall clock that was set since is compared with the hub's in the welcome that follows.
	 */
	clock_anchor(&station->clock);
	err = ws_connect(station->program->loop, &how, &station->connection);
	if (err != ERR_OK)
		on_closed(station, 0, err_text(err));
}

static void print_fault(void *arg, const char *line)
{
	(void)arg;
	fprintf(stderr, "tillsyn-camera: %s\n", line);
}

static bool is_zero(const uint8_t *key, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (key[i] != 0)
			return false;
	return true;
}

/* What the table cannot say about settings. NULL when they are sound. */
static const char *settings_fault(const struct camera_settings *s)
{
	if (is_zero(s->administration_key, KEY_BYTES) || is_zero(s->signer_key, KEY_BYTES))
		return "administration_key and signer_key: all zeroes is nobody's key";
	if (s->hub_tls && is_zero(s->hub_pin, HASH_BYTES))
		return "hub_pin is needed with hub_tls = yes: the agent trusts one hub's key and "
		       "no other";
	if (!text_is_id(s->camera))
		return "camera: not an identifier";
	return policy_fault(&s->policy);
}

static bool read_settings(const char *path, struct camera_settings *settings)
{
	struct buf text = buf_new(CONFIG_MAX_BYTES);
	enum err err = file_read(path, &text);
	const char *why;
	int faults;

	if (err != ERR_OK) {
		fprintf(stderr, "tillsyn-camera: %s: %s\n", path, err_text(err));
		return false;
	}
	faults = option_parse(camera_options, settings, path,
	                      text.data == NULL ? "" : (const char *)text.data, text.len, true,
	                      print_fault, NULL);
	buf_free(&text);
	why = faults == 0 ? settings_fault(settings) : NULL;
	if (why != NULL)
		fprintf(stderr, "tillsyn-camera: %s: %s\n", path, why);
	return faults == 0 && why == NULL;
}

static bool read_device_key(const struct program *program, const char *path,
                            uint8_t key[SECRET_KEY_BYTES])
{
	struct buf text = buf_new(2 * SECRET_KEY_BYTES + 2);
	enum err err = file_read_secret(path, &text);

	if (err == ERR_OK) {
		while (text.len > 0 && text.data[text.len - 1] == '\n')
			text.data[--text.len] = '\0';
		err = text.len == 0 ? ERR_PARSE
		                    : text_from_hex(key, SECRET_KEY_BYTES, (const char *)text.data);
	}
	if (text.data != NULL)
		program->crypto->wipe(text.data, text.cap);
	buf_free(&text);
	if (err != ERR_OK)
		fprintf(stderr, "tillsyn-camera: %s: %s; make a device key with --make-key\n", path,
		        err_text(err));
	return err == ERR_OK;
}

/* Makes the device key, or keeps the one that is there, and prints what has to be enrolled. */
static int make_key(const struct program *program, const struct camera_settings *settings)
{
	uint8_t public_key[KEY_BYTES], secret_key[SECRET_KEY_BYTES];
	char hex[2 * SECRET_KEY_BYTES + 2];
	struct buf there = buf_new(2 * SECRET_KEY_BYTES + 2);
	enum err err = file_read_secret(settings->device_key_file, &there);

	buf_free(&there);
	if (err != ERR_NOT_FOUND) {
		if (!read_device_key(program, settings->device_key_file, secret_key))
			return 1;
		memcpy(public_key, secret_key + SECRET_KEY_BYTES - KEY_BYTES, KEY_BYTES);
	} else {
		program->crypto->sign_keypair(public_key, secret_key);
		text_hex(hex, secret_key, sizeof secret_key);
		hex[2 * SECRET_KEY_BYTES] = '\n';
		err = file_write(settings->device_key_file, hex, 2 * SECRET_KEY_BYTES + 1, 0600);
		program->crypto->wipe(hex, sizeof hex);
		if (err != ERR_OK) {
			fprintf(stderr, "tillsyn-camera: %s: %s\n", settings->device_key_file,
			        err_text(err));
			return 1;
		}
	}
	program->crypto->wipe(secret_key, sizeof secret_key);
	text_hex(hex, public_key, sizeof public_key);
	printf("%s\n", hex);
	return 0;
}

static uint64_t seed_of(const char *camera)
{
	uint64_t seed = 14695981039346656037u; /* FNV-1a: the same home looks the same every night */

	for (; *camera != '\0'; camera++)
		seed = (seed ^ (uint8_t)*camera) * 1099511628211u;
	return seed;
}

static enum err make_driver(const struct camera_settings *s, struct driver *driver)
{
	return s->driver == 0 ? driver_simulated(driver, s->scene, seed_of(s->camera))
	                      : driver_still(driver, s->pictures);
}

static bool start_station(struct program *program, struct station *station)
{
	const struct camera_settings *s = &station->settings;
	struct guard_set_up set_up = {.camera = s->camera,
	                              .policy = &s->policy,
	                              .administration_key = s->administration_key,
	                              .signer_key = s->signer_key,
	                              .crypto = program->crypto,
	                              .zone = zoneinfo_read};
	struct agent_ports ports = {.arg = station, .send = port_send, .close = port_close,
	                            .clock_step_ms = port_clock_step, .note = port_note};
	uint8_t key[SECRET_KEY_BYTES];
	struct now now;
	enum err err;

	station->clock = clock_start(program->offset_ms);
	now = clock_now(&station->clock);
	if (!read_device_key(program, s->device_key_file, key))
		return false;
	if ((err = make_driver(s, &set_up.driver)) != ERR_OK) {
		fprintf(stderr, "tillsyn-camera: %s: %s %s: %s\n", s->camera,
		        s->driver == 0 ? "scene" : "pictures",
		        s->driver == 0 ? s->scene : s->pictures, err_text(err));
		return false;
	}
	if ((err = keep_folder(&set_up.keep, s->state_folder)) != ERR_OK) {
		fprintf(stderr, "tillsyn-camera: %s: %s\n", s->state_folder, err_text(err));
		set_up.driver.free(set_up.driver.impl);
		return false;
	}
	err = agent_new(&set_up, key, &ports, &now, &station->agent);
	program->crypto->wipe(key, sizeof key);
	if (err != ERR_OK) {
		fprintf(stderr, "tillsyn-camera: %s: cannot start: %s\n", s->camera, err_text(err));
		return false;
	}
	station->backoff_ms = BACKOFF_MS_MIN;
	connect_hub(station);
	arm_tick(station);
	return true;
}

static int is_conf(const struct dirent *entry)
{
	size_t len = strlen(entry->d_name);

	return entry->d_name[0] != '.' && len > 5 && strcmp(entry->d_name + len - 5, ".conf") == 0;
}

/* Two agents that shared a memory of openings would each forget the other's. */
static bool are_apart(const struct program *program)
{
	bool good = true;

	for (int i = 0; i < program->n; i++) {
		const struct camera_settings *a = &program->stations[i].settings;

		for (int j = 0; j < i; j++) {
			const struct camera_settings *b = &program->stations[j].settings;

			if (!text_equal(a->camera, b->camera)
			    && !text_equal(a->state_folder, b->state_folder))
				continue;
			fprintf(stderr,
			        "tillsyn-camera: %s and %s: each needs a camera and a state_folder "
			        "of its own\n",
			        b->camera, a->camera);
			good = false;
		}
	}
	return good;
}

/* One file, or every *.conf of a folder; false when any of them is wrong, after all were read. */
static bool read_stations(struct program *program, const char *path)
{
	struct dirent **files = NULL;
	struct stat status;
	bool good = true;
	int n = stat(path, &status) == 0 && S_ISDIR(status.st_mode)
	              ? scandir(path, &files, is_conf, alphasort)
	              : -1;

	program->n = n < 0 ? 1 : n;
	program->stations = calloc((size_t)program->n + 1, sizeof *program->stations);
	if (program->stations == NULL)
		abort();
	if (n < 0)
		good = read_settings(path, &program->stations[0].settings);
	for (int i = 0; i < n; i++) {
		char file[2 * PATH_MAX_BYTES + 2];

		snprintf(file, sizeof file, "%s/%s", path, files[i]->d_name);
		good = read_settings(file, &program->stations[i].settings) && good;
		free(files[i]);
	}
	free(files);
	if (n == 0) {
		fprintf(stderr, "tillsyn-camera: %s: no *.conf in that folder\n", path);
		good = false;
	}
	for (int i = 0; i < program->n; i++)
		program->stations[i].program = program;
	return good && are_apart(program);
}

static bool all_idle(const struct program *program)
{
	for (int i = 0; i < program->n; i++)
		if (!agent_is_idle(program->stations[i].agent))
			return false;
	return true;
}

static void close_all(void *arg)
{
	struct program *program = arg;

	loop_stop(program->loop);
}

/* Lenses first; the hub hears what was measured; then the program leaves. */
static void leave(void *arg)
{
	struct program *program = arg;
	struct now now = clock_now(&program->stations[0].clock);

	if (all_idle(program) || now.elapsed_ms >= program->end_by_ms)
		loop_after(program->loop, LAST_WORDS_MS, close_all, program);
	else
		loop_after(program->loop, LEAVE_CHECK_MS, leave, program);
}

static void on_end(void *arg)
{
	struct program *program = arg;

	if (program->ending)
		return;
	program->ending = true;
	for (int i = 0; i < program->n; i++) {
		struct station *station = &program->stations[i];
		struct now now = clock_now(&station->clock);

		program->end_by_ms = now.elapsed_ms + LEAVE_MS_MAX;
		agent_retire(station->agent, &now);
		arm_tick(station);
	}
	leave(program);
}

static bool all_demo(const struct program *program)
{
	for (int i = 0; i < program->n; i++)
		if (!program->stations[i].settings.demo)
			return false;
	return true;
}

/* Parks the lens before anything else goes, and says so when that cannot be verified. */
static void end_station(struct station *station)
{
	struct now now;

	if (station->agent == NULL)
		return;
	now = clock_now(&station->clock);
	if (!agent_is_parked(station->agent, &now))
		journal_fault("%s: the lens is not verified as parked", station->settings.camera);
	agent_free(station->agent, &now);
}

static int run(struct program *program)
{
	bool good = true;

	program->loop = loop_new();
	if (program->loop == NULL) {
		fprintf(stderr, "tillsyn-camera: cannot start its loop; is libwebsockets-evlib-uv "
		                "installed?\n");
		return 1;
	}
	for (int i = 0; i < program->n && good; i++)
		good = start_station(program, &program->stations[i]);
	if (good) {
		loop_signal(program->loop, SIGTERM, on_end, program);
		loop_signal(program->loop, SIGINT, on_end, program);
		loop_run(program->loop);
	}
	program->ending = true;
	for (int i = 0; i < program->n; i++)
		end_station(&program->stations[i]);
	loop_free(program->loop);
	return good ? 0 : 1;
}

struct arguments {
	const char *config;
	int64_t offset_ms;
	bool make_key;
};

static bool read_arguments(int argc, char **argv, struct arguments *arguments)
{
	for (int i = 1; i < argc; i++) {
		char *rest = NULL;

		if (strcmp(argv[i], "--make-key") == 0) {
			arguments->make_key = true;
		} else if (strcmp(argv[i], "--config") == 0 && i + 1 < argc) {
			arguments->config = argv[++i];
		} else if (strcmp(argv[i], "--clock-offset") == 0 && i + 1 < argc) {
			arguments->offset_ms = strtoll(argv[++i], &rest, 10);
			if (rest == argv[i] || *rest != '\0')
				return false;
		} else {
			return false;
		}
	}
	return arguments->config != NULL;
}

int main(int argc, char **argv)
{
	struct program program = {0};
	struct arguments arguments = {0};
	int status = 1;

	if (!read_arguments(argc, argv, &arguments)) {
		fprintf(stderr, "usage: tillsyn-camera --config FILE|FOLDER [--clock-offset "
		                "MILLISECONDS] [--make-key]\n");
		return 2;
	}
	process_harden();
	/* What the JPEG library and the sockets hold of a picture on its way. */
	process_wipe_freed();
	journal_open("tillsyn-camera");
	program.crypto = crypto_sodium();
	program.offset_ms = arguments.offset_ms;
	if (program.crypto == NULL)
		fprintf(stderr, "tillsyn-camera: no source of random numbers\n");
	else if (!read_stations(&program, arguments.config))
		status = 1;
	else if (arguments.make_key)
		status = make_key(&program, &program.stations[0].settings);
	else if (arguments.offset_ms != 0 && !all_demo(&program))
		fprintf(stderr, "tillsyn-camera: --clock-offset is for demo = yes only\n");
	else
		status = run(&program);
	free(program.stations);
	return status;
}
