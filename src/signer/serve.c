/*
 * One thread, one connection at a time, one order after the other: there is nothing here to be in
 * the middle of. Whoever connects is asked of the kernel, and what it sends is a stranger's bytes
 * all the same.
 */
#include "signer/serve.h"

#include "core/notary.h"
#include "core/notary_frame.h"
#include "os/journal.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

struct talk {
	struct serve *serve;
	int fd;          /* -1: nobody is connected */
	struct buf in;
};

static enum err set_fault(char fault[REASON_MAX_BYTES], enum err r, const char *text)
{
	snprintf(fault, REASON_MAX_BYTES, "%s", text);
	return r;
}

static bool is_served(const struct sockaddr_un *address)
{
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	bool served = fd >= 0
	              && connect(fd, (const struct sockaddr *)address, sizeof *address) == 0;

	if (fd >= 0)
		close(fd);
	return served;
}

static enum err take_away(const struct sockaddr_un *address, char fault[REASON_MAX_BYTES])
{
	struct stat about;

	if (lstat(address->sun_path, &about) != 0)
		return ERR_OK;
	if (!S_ISSOCK(about.st_mode))
		return set_fault(fault, ERR_EXISTS, "there is something that is no socket");
	if (is_served(address))
		return set_fault(fault, ERR_EXISTS, "another program listens there");
	return unlink(address->sun_path) == 0 ? ERR_OK : set_fault(fault, ERR_IO, strerror(errno));
}

enum err serve_listen(const char *path, int *listener, char fault[REASON_MAX_BYTES])
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	enum err r;

	if (strlen(path) >= sizeof address.sun_path)
		return set_fault(fault, ERR_LIMIT, "the path is too long for a socket");
	strcpy(address.sun_path, path);
	if ((r = take_away(&address, fault)) != ERR_OK)
		return r;
	*listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (*listener >= 0 && bind(*listener, (struct sockaddr *)&address, sizeof address) == 0
	    && chmod(path, 0660) == 0 && listen(*listener, 4) == 0)
		return ERR_OK;
	r = set_fault(fault, ERR_IO, strerror(errno));
	if (*listener >= 0)
		close(*listener);
	return r;
}

/* An answer is small against a socket's buffer: whoever lets that run full does not read. */
static bool send_all(int fd, const struct buf *out)
{
	return send(fd, out->data, out->len, MSG_DONTWAIT | MSG_NOSIGNAL) == (ssize_t)out->len;
}

static bool say_refused(int fd, int64_t id, enum err why, const char *reason)
{
	struct notary_refusal refusal = {.id = id, .err = why};
	struct buf out = buf_new(NOTARY_FRAME_MAX);
	bool ok;

	snprintf(refusal.reason, sizeof refusal.reason, "%s", reason);
	ok = notary_put_refused(&out, &refusal) == ERR_OK && send_all(fd, &out);
	buf_free(&out);
	return ok;
}

static void hang_up(struct talk *talk, const char *why)
{
	journal_note("the hub's connection ended: %s", why);
	close(talk->fd);
	talk->fd = -1;
	talk->in.len = 0;
}

static const char *reason_of(enum err r)
{
	switch (r) {
	case ERR_STALE:
		return "the log is shorter than the one that was signed last";
	case ERR_DENIED:
		return "the log does not follow from the one that was signed last";
	case ERR_PARSE:
		return "what is to be signed is no permit, or no log";
	case ERR_IO:
		return "the state file cannot be written";
	default:
		return err_text(r);
	}
}

/* The state is on the disk before the answer is anywhere; without it the order was never signed. */
static enum err sign(struct serve *serve, const struct notary_order *order,
                     struct notary_answer *answer)
{
	struct notary notary = {.crypto = serve->crypto, .secret_key = serve->secret_key,
	                        .public_key = serve->secret_key + SECRET_KEY_BYTES - KEY_BYTES,
	                        .last = serve->state.last};
	struct state next = {.len = 0};
	enum err r = notary_sign(&notary, order, answer);

	if (r != ERR_OK)
		return r;
	next.last = notary.last;
	next.len = answer->after_len;
	memcpy(next.note, answer->after, answer->after_len);
	r = state_write(serve->state_path, &next);
	if (r == ERR_OK)
		serve->state = next;
	return r;
}

static bool answer_order(struct talk *talk, int64_t id, const struct notary_order *order)
{
	struct buf out = buf_new(NOTARY_FRAME_MAX);
	struct notary_answer answer;
	enum err r = sign(talk->serve, order, &answer);
	bool ok;

	if (r != ERR_OK) {
		journal_fault("order %lld is refused: %s", (long long)id, reason_of(r));
		return say_refused(talk->fd, id, r, reason_of(r));
	}
	ok = notary_put_signed(&out, id, &answer) == ERR_OK && send_all(talk->fd, &out);
	buf_free(&out);
	return ok;
}

static bool take_frame(struct talk *talk, const struct notary_frame *frame)
{
	struct notary_order order;
	int64_t id;

	if (frame->kind != NOTARY_ORDER || notary_get_order(frame, &id, &order) != ERR_OK) {
		say_refused(talk->fd, 0, ERR_PARSE, "that is no order");
		hang_up(talk, "it sent what is no order");
		return false;
	}
	if (answer_order(talk, id, &order))
		return true;
	hang_up(talk, "it does not read");
	return false;
}

static void take_frames(struct talk *talk)
{
	struct notary_frame frame;
	size_t size = 0, at = 0;
	enum err r;

	do {
		at += size;
		r = notary_next(talk->in.data + at, talk->in.len - at, &frame, &size);
	} while (r == ERR_OK && size > 0 && take_frame(talk, &frame));
	if (talk->fd < 0)
		return;
	if (r != ERR_OK) {
		say_refused(talk->fd, 0, r,
		            r == ERR_VERSION ? "another version of this conversation is spoken"
		                             : "that is no frame");
		hang_up(talk, err_text(r));
		return;
	}
	buf_drop(&talk->in, at);
}

static void on_readable(struct talk *talk)
{
	uint8_t chunk[4096];
	ssize_t n = recv(talk->fd, chunk, sizeof chunk, 0);

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n <= 0)
		hang_up(talk, n == 0 ? "closed" : strerror(errno));
	else if (buf_add(&talk->in, chunk, (size_t)n) != ERR_OK)
		hang_up(talk, "no memory");
	else
		take_frames(talk);
}

static bool is_peer(const struct serve *serve, int fd)
{
	struct ucred who;
	socklen_t len = sizeof who;

	if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &who, &len) != 0)
		return false;
	if (who.uid != serve->peer)
		journal_fault("user %u may not connect", (unsigned)who.uid);
	return who.uid == serve->peer;
}

static bool say_hello(const struct talk *talk)
{
	const struct state *state = &talk->serve->state;
	struct buf out = buf_new(NOTARY_FRAME_MAX);
	bool ok = notary_put_hello(&out, state->note, state->len) == ERR_OK
	       && send_all(talk->fd, &out);

	buf_free(&out);
	return ok;
}

static void on_connection(struct talk *talk)
{
	int fd = accept4(talk->serve->listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);

	if (fd < 0)
		return; /* gone again */
	if (!is_peer(talk->serve, fd)) {
		say_refused(fd, 0, ERR_DENIED, "this user may not connect");
		close(fd);
	} else if (talk->fd >= 0) {
		say_refused(fd, 0, ERR_EXISTS, "another connection is there");
		close(fd);
	} else {
		talk->fd = fd;
		journal_note("the hub is connected; signed last: a log of %llu",
		             (unsigned long long)talk->serve->state.last.size);
		if (!say_hello(talk))
			hang_up(talk, "it does not read");
	}
}

enum err serve_run(struct serve *serve)
{
	/* A frame that is not whole yet, and what was read behind it. */
	struct talk talk = {.serve = serve, .fd = -1, .in = buf_new(NOTARY_FRAME_MAX + 4096)};

	for (;;) {
		struct pollfd fds[] = {{.fd = serve->listener, .events = POLLIN},
		                       {.fd = talk.fd, .events = POLLIN}};

		if (poll(fds, 2, -1) < 0 && errno != EINTR)
			break;
		/* The old connection first: a hub that was started again has ended it. */
		if (fds[1].fd >= 0 && fds[1].revents != 0)
			on_readable(&talk);
		if ((fds[0].revents & POLLIN) != 0)
			on_connection(&talk);
		else if (fds[0].revents != 0)
			break;
	}
	buf_free(&talk.in);
	return ERR_IO;
}
