/*
 * A hub for tillsynctl's tests: a process of its own behind a Unix socket, which answers by a
 * function and notes every message that it got, one line each.
 */
#ifndef TILLSYN_TESTS_ADMIN_FAKE_HUB_H
#define TILLSYN_TESTS_ADMIN_FAKE_HUB_H

#include "net/loop.h"
#include "net/websocket.h"
#include "wire/message.h"

#include <assert.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

struct fake_hub {
	char folder[40], socket[64], notes[64];
	pid_t pid;
	/* in the child */
	struct loop *loop;
	enum wire_state state;
	FILE *log;
	void (*answer)(struct fake_hub *hub, ws_id id, const struct wire_message *message);
};

static inline void fake_send(struct fake_hub *hub, ws_id id, struct wire_message *message)
{
	struct buf line = buf_new(MESSAGE_MAX_BYTES);

	if (wire_encode(message, &line) != ERR_OK)
		abort();
	ws_send(hub->loop, id, line.data, line.len, false);
	buf_free(&line);
	wire_free(message);
}

static inline void fake_done(struct fake_hub *hub, ws_id id, const struct wire_message *command,
                             const char *text)
{
	struct wire_message *message = wire_new(WIRE_DONE);

	wire_set_int(message, "command", wire_int(command, "command"));
	wire_set_text(message, "text", text);
	fake_send(hub, id, message);
}

static inline void fake_line(struct fake_hub *hub, ws_id id, const struct wire_message *command,
                             const char *level, const char *text)
{
	struct wire_message *message = wire_new(WIRE_LINE);

	wire_set_int(message, "command", wire_int(command, "command"));
	wire_set_text(message, "level", level);
	wire_set_text(message, "text", text);
	fake_send(hub, id, message);
}

static inline void fake_refuse(struct fake_hub *hub, ws_id id, const struct wire_message *command,
                               const char *text)
{
	struct wire_message *message = wire_new(WIRE_REFUSED);

	wire_set_int(message, "command", wire_int(command, "command"));
	wire_set_text(message, "refusal", "state");
	wire_set_text(message, "text", text);
	fake_send(hub, id, message);
}

/* 2026-01-02 00:14:31 UTC, which is 01:14:31 in Stockholm; the night of 2026-01-01. */
#define FAKE_UTC_MS INT64_C(1767312871000)
#define FAKE_NIGHT 20454

static inline void fake_welcome(struct fake_hub *hub, ws_id id)
{
	struct wire_message *message = wire_new(WIRE_WELCOME);

	wire_set_int(message, "version", WIRE_VERSION);
	wire_set_bool(message, "demo", false);
	wire_set_int(message, "utc_ms", FAKE_UTC_MS);
	wire_set_int(message, "session", 1);
	wire_set_text(message, "zone", "Europe/Stockholm");
	wire_set_int(message, "night", FAKE_NIGHT);
	fake_send(hub, id, message);
	hub->state = WIRE_READY;
}

static inline void fake_opened(void *arg, ws_id id, const struct ws_peer *peer)
{
	(void)arg;
	(void)id;
	(void)peer;
}

static inline void fake_message(void *arg, ws_id id, const uint8_t *data, size_t len, bool binary)
{
	struct fake_hub *hub = arg;
	struct wire_message *message;
	char reason[REASON_MAX_BYTES];

	if (binary
	    || wire_decode(WIRE_ADMIN, WIRE_FROM_PEER, hub->state, data, len, &message, reason)
	               != ERR_OK) {
		fprintf(hub->log, "malformed: %s\n", binary ? "binary" : reason);
		fflush(hub->log);
		return;
	}
	fprintf(hub->log, "%.*s\n", (int)len, (const char *)data);
	fflush(hub->log);
	hub->answer(hub, id, message);
	wire_free(message);
}

static inline void fake_closed(void *arg, ws_id id, const char *why)
{
	(void)id;
	(void)why;
	((struct fake_hub *)arg)->state = WIRE_NEW;
}

static inline void fake_run(struct fake_hub *hub, int ready)
{
	static const char *const protocols[] = {WIRE_ADMIN_PROTOCOL, NULL};
	static const struct ws_handler handler = {fake_opened, fake_message, fake_closed};
	static const struct ws_limits limits = {.text_max = MESSAGE_MAX_BYTES,
	                                        .queue_max = 1 << 20,
	                                        .ping_ms = 15000,
	                                        .lost_ms = 60000};
	struct ws_listen how = {.unix_path = hub->socket, .protocols = protocols, .limits = &limits,
	                        .handler = &handler, .arg = hub};
	struct ws_listener *listener;
	char fault[REASON_MAX_BYTES] = "";

	hub->loop = loop_new();
	hub->state = WIRE_NEW;
	hub->log = fopen(hub->notes, "w");
	if (hub->loop == NULL || hub->log == NULL
	    || ws_listen(hub->loop, &how, &listener, fault) != ERR_OK)
		_exit(1);
	if (write(ready, "r", 1) != 1)
		_exit(1);
	loop_run(hub->loop);
	_exit(0);
}

/* Starts it and waits until it listens. */
static inline void fake_start(struct fake_hub *hub,
                              void (*answer)(struct fake_hub *, ws_id, const struct wire_message *))
{
	int ready[2];
	char byte;

	*hub = (struct fake_hub){.answer = answer};
	strcpy(hub->folder, "/tmp/tillsyn-admin-XXXXXX");
	if (mkdtemp(hub->folder) == NULL || pipe(ready) != 0)
		abort();
	snprintf(hub->socket, sizeof hub->socket, "%s/hub.sock", hub->folder);
	snprintf(hub->notes, sizeof hub->notes, "%s/notes", hub->folder);
	hub->pid = fork();
	if (hub->pid == 0) {
		close(ready[0]);
		fake_run(hub, ready[1]);
	}
	close(ready[1]);
	if (hub->pid < 0 || read(ready[0], &byte, 1) != 1)
		abort();
	close(ready[0]);
}

/* Ends it; returns what it noted, the caller's. */
static inline char *fake_stop(struct fake_hub *hub)
{
	char *notes = calloc(1, 1 << 16);
	FILE *file;

	kill(hub->pid, SIGKILL);
	waitpid(hub->pid, NULL, 0);
	file = fopen(hub->notes, "r");
	if (file != NULL) {
		size_t n = fread(notes, 1, (1 << 16) - 1, file);

		notes[n] = '\0';
		fclose(file);
	}
	unlink(hub->notes);
	unlink(hub->socket);
	rmdir(hub->folder);
	return notes;
}

#endif
