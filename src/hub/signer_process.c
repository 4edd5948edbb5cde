/*
 * The signer in a process of its own, on the other end of a Unix socket. It may go and come back at
 * any time: an order that was under way then is lost, and whoever waits for it is told. Nothing
 * that it says is used before its signature was verified.
 */
#include "hub/signer.h"

#include "base/buf.h"
#include "core/notary_frame.h"
#include "net/loop.h"
#include "os/journal.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

/* Looks that are signed for at once: more than there are operators. */
enum { FLIGHTS_MAX = 64 };

/*
 * Between attempts to connect: soon after a restart, and not a line of the journal every second of
 * an outage.
 */
enum { RETRY_MS = 100, RETRY_MS_MAX = 5000 };

/* A restart is over sooner; who is away longer is an alarm. */
enum { AWAY_MS = 3000 };

struct flight {
	int64_t id;
	struct notary_order order;
	signer_ready_fn *ready;
	void *arg;
};

struct process {
	struct signer_link link;
	struct sockaddr_un address;
	int fd;                    /* -1: not connected */
	uint32_t watch;
	uint32_t retry, away;      /* timers, 0 = none */
	int64_t retry_ms;
	bool there;                /* its greeting has been verified */
	uint64_t signed_last;      /* as it has said */
	struct buf in, out;
	int n;
	struct flight *flight[FLIGHTS_MAX]; /* oldest first, in which order they are answered */
};

static void try_again(void *arg);

static void lose_flights(struct process *process)
{
	for (int i = 0; i < process->n; i++) {
		process->flight[i]->ready(process->flight[i]->arg, process->flight[i]->id,
		                          ERR_CLOSED, NULL);
		free(process->flight[i]);
	}
	process->n = 0;
}

static void on_away(void *arg)
{
	struct process *process = arg;

	process->away = 0;
	process->link.news(process->link.arg, ERR_CLOSED);
}

/* Whoever lost an order need not wait for the news of it. */
static void disconnect(struct process *process, const char *why)
{
	int64_t away_ms = process->n > 0 ? 0 : AWAY_MS;

	if (process->fd < 0)
		return;
	journal_fault("signer: %s", why);
	loop_unwatch(process->link.loop, process->watch);
	close(process->fd);
	process->fd = -1;
	process->there = false;
	process->in.len = process->out.len = 0;
	lose_flights(process);
	process->retry = loop_after(process->link.loop, process->retry_ms, try_again, process);
	if (process->away == 0)
		process->away = loop_after(process->link.loop, away_ms, on_away, process);
}

/* False when it had to disconnect. */
static bool flush(struct process *process)
{
	ssize_t n = send(process->fd, process->out.data, process->out.len,
	                 MSG_DONTWAIT | MSG_NOSIGNAL);

	if (n < 0 && errno != EAGAIN && errno != EINTR) {
		disconnect(process, strerror(errno));
		return false;
	}
	if (n > 0)
		buf_drop(&process->out, (size_t)n);
	loop_rewatch(process->link.loop, process->watch,
	             process->out.len > 0 ? LOOP_READ | LOOP_WRITE : LOOP_READ);
	return true;
}

/* What it signed last is believed by its signature alone. */
static bool take_hello(struct process *process, const struct notary_frame *frame)
{
	uint8_t note[CHECKPOINT_MAX_BYTES];
	struct checkpoint last;
	size_t len;

	if (process->there || notary_get_hello(frame, note, &len) != ERR_OK)
		return false;
	if (checkpoint_open(process->link.crypto, note, len, process->link.public_key, &last)
	    != ERR_OK) {
		journal_fault("signer: its last note is not signed by signer_key");
		return false;
	}
	process->there = true;
	process->signed_last = last.size;
	process->retry_ms = RETRY_MS;
	loop_cancel(process->link.loop, process->away);
	process->away = 0;
	journal_note("signer: connected; it signed last a log of %llu",
	             (unsigned long long)last.size);
	return true;
}

/* NULL: not the order that is answered next. */
static struct flight *land(struct process *process, int64_t id)
{
	struct flight *flight;

	if (process->n == 0 || process->flight[0]->id != id)
		return NULL;
	flight = process->flight[0];
	process->n--;
	memmove(process->flight, process->flight + 1, (size_t)process->n * sizeof *process->flight);
	return flight;
}

static bool take_signed(struct process *process, const struct notary_frame *frame)
{
	struct notary_answer answer;
	struct flight *flight;
	int64_t id;
	enum err r;

	if (notary_get_signed(frame, &id, &answer) != ERR_OK
	    || (flight = land(process, id)) == NULL)
		return false;
	r = notary_check(process->link.crypto, process->link.public_key, &flight->order, &answer);
	if (r == ERR_OK)
		process->signed_last = flight->order.after.size;
	flight->ready(flight->arg, id, r, r == ERR_OK ? &answer : NULL);
	free(flight);
	return r == ERR_OK;
}

static bool take_refused(struct process *process, const struct notary_frame *frame)
{
	struct notary_refusal refusal;
	struct flight *flight;

	if (notary_get_refused(frame, &refusal) != ERR_OK)
		return false;
	journal_fault("signer: refuses: %s", refusal.reason);
	if (refusal.id == 0 || (flight = land(process, refusal.id)) == NULL)
		return false;
	flight->ready(flight->arg, refusal.id, refusal.err, NULL);
	free(flight);
	return true;
}

static bool take_frame(struct process *process, const struct notary_frame *frame)
{
	switch (frame->kind) {
	case NOTARY_HELLO:
		return take_hello(process, frame);
	case NOTARY_SIGNED:
		return take_signed(process, frame);
	case NOTARY_REFUSED:
		return take_refused(process, frame);
	default:
		return false;
	}
}

static void take_frames(struct process *process)
{
	struct notary_frame frame;
	size_t size = 0, at = 0;
	bool ok = true;
	bool any = false;

	while (ok
	       && notary_next(process->in.data + at, process->in.len - at, &frame, &size) == ERR_OK
	       && size > 0) {
		ok = take_frame(process, &frame);
		any = true;
		at += size;
	}
	ok = ok
	  && notary_next(process->in.data + at, process->in.len - at, &frame, &size) == ERR_OK;
	if (ok)
		buf_drop(&process->in, at);
	else
		disconnect(process, "what it says is not to be used: disconnected");
	if (any)
		process->link.news(process->link.arg, process->there ? ERR_OK : ERR_CLOSED);
}

static void on_ready(void *arg, int events)
{
	struct process *process = arg;
	uint8_t chunk[4096];
	ssize_t n;

	if ((events & LOOP_WRITE) != 0 && !flush(process))
		return;
	if (events != 0 && (events & LOOP_READ) == 0)
		return;
	n = recv(process->fd, chunk, sizeof chunk, MSG_DONTWAIT);
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n <= 0)
		disconnect(process, n == 0 ? "the connection ended" : strerror(errno));
	else if (buf_add(&process->in, chunk, (size_t)n) != ERR_OK)
		disconnect(process, "it says too much: disconnected");
	else
		take_frames(process);
}

/* A Unix socket connects at once or not at all. */
static bool connect_now(struct process *process)
{
	process->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (process->fd < 0)
		return false;
	if (connect(process->fd, (struct sockaddr *)&process->address, sizeof process->address)
	    == 0) {
		process->watch = loop_watch(process->link.loop, process->fd, LOOP_READ, on_ready,
		                            process);
		if (process->watch != 0)
			return true;
	}
	close(process->fd);
	process->fd = -1;
	return false;
}

static void try_again(void *arg)
{
	struct process *process = arg;

	process->retry = 0;
	process->retry_ms = process->retry_ms * 2 > RETRY_MS_MAX ? RETRY_MS_MAX
	                                                         : process->retry_ms * 2;
	if (!connect_now(process))
		process->retry = loop_after(process->link.loop, process->retry_ms, try_again,
		                            process);
}

/* An order that is under way will have been signed, or refused, before the next is judged. */
static uint64_t process_last(void *impl)
{
	const struct process *process = impl;

	return process->n > 0 ? process->flight[process->n - 1]->order.after.size
	                      : process->signed_last;
}

static enum err process_sign(void *impl, int64_t id, const struct notary_order *order,
                             signer_ready_fn *ready, void *arg)
{
	struct process *process = impl;
	struct flight *flight;
	enum err r;

	if (!process->there)
		return ERR_CLOSED;
	if (process->n == FLIGHTS_MAX)
		return ERR_LIMIT;
	flight = malloc(sizeof *flight);
	if (flight == NULL)
		return ERR_MEMORY;
	*flight = (struct flight){.id = id, .order = *order, .ready = ready, .arg = arg};
	r = notary_put_order(&process->out, id, order);
	if (r != ERR_OK) {
		free(flight);
		return r;
	}
	process->flight[process->n++] = flight;
	/* When that ends the connection, this order is told of like the others. */
	flush(process);
	return ERR_OK;
}

static void process_free(void *impl)
{
	struct process *process = impl;

	if (process->fd >= 0) {
		loop_unwatch(process->link.loop, process->watch);
		close(process->fd);
	}
	loop_cancel(process->link.loop, process->retry);
	loop_cancel(process->link.loop, process->away);
	for (int i = 0; i < process->n; i++)
		free(process->flight[i]);
	buf_free(&process->in);
	buf_free(&process->out);
	free(process);
}

enum err signer_process(struct signer *signer, const struct signer_link *link)
{
	struct process *process = calloc(1, sizeof *process);

	if (process == NULL)
		return ERR_MEMORY;
	*process = (struct process){.link = *link, .fd = -1, .retry_ms = RETRY_MS,
	                            .address.sun_family = AF_UNIX,
	                            .in = buf_new(NOTARY_FRAME_MAX + 4096),
	                            .out = buf_new(FLIGHTS_MAX * NOTARY_FRAME_MAX)};
	if (strlen(link->path) >= sizeof process->address.sun_path) {
		free(process);
		return ERR_LIMIT;
	}
	strcpy(process->address.sun_path, link->path);
	process->retry = loop_after(link->loop, 0, try_again, process);
	process->away = loop_after(link->loop, AWAY_MS, on_away, process);
	*signer = (struct signer){
		.impl = process, .last = process_last, .sign = process_sign, .free = process_free};
	return ERR_OK;
}
