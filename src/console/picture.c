/* One child at a time, on a socket pair as its descriptor 3. */
#include "console/picture.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

/* What the child gets to blank its picture and to say goodbye before it is killed. */
#define END_MS 1500
/* The same on the way out: the whole console must be gone within a second. */
#define STOP_MS 400

enum { READ_BYTES = 4096, CHILD_FD = 3 };

struct picture {
	struct loop *loop;
	const char *program;
	const struct picture_handler *handler;
	void *arg;
	pid_t pid;               /* 0 = none */
	int fd;
	uint32_t watch, timer;
	struct buf in, out;
	bool drawing;            /* a snapshot was handed over, nothing was heard since */
	bool drawn;              /* something may be on the screen */
};

struct picture *picture_new(struct loop *loop, const char *program,
                            const struct picture_handler *handler, void *arg)
{
	struct picture *picture = calloc(1, sizeof *picture);

	if (picture == NULL)
		abort();
	picture->loop = loop;
	picture->program = program;
	picture->handler = handler;
	picture->arg = arg;
	picture->fd = -1;
	picture->in = buf_new(READ_BYTES * 4);
	picture->out = buf_new(SNAPSHOT_MAX_BYTES + READ_BYTES);
	return picture;
}

/* Waits for the child, which is dead or about to be, and wipes what it may have left. */
static void reap(struct picture *picture)
{
	if (picture->pid == 0)
		return;
	kill(picture->pid, SIGKILL);
	while (waitpid(picture->pid, NULL, 0) < 0 && errno == EINTR)
		continue;
	picture->pid = 0;
	loop_unwatch(picture->loop, picture->watch);
	loop_cancel(picture->loop, picture->timer);
	picture->watch = picture->timer = 0;
	close(picture->fd);
	picture->fd = -1;
	buf_free(&picture->in);
	buf_free(&picture->out);
	picture->drawing = false;
	if (picture->drawn)
		picture->handler->wipe(picture->arg);
	picture->drawn = false;
}

static void died(struct picture *picture)
{
	reap(picture);
	picture->handler->died(picture->arg);
}

/* Frames the child has said whole; false when it said nonsense. */
static bool take_frames(struct picture *picture)
{
	struct viewer_frame frame;
	size_t size;

	while (viewer_next(picture->in.data, picture->in.len, &frame, &size) == ERR_OK) {
		if (size == 0)
			return true;
		picture->drawing = false;
		picture->handler->frame(picture->arg, &frame);
		if (picture->pid == 0)
			return true; /* the handler stopped it */
		buf_drop(&picture->in, size);
	}
	return false;
}

static void read_child(struct picture *picture)
{
	uint8_t bytes[READ_BYTES];
	ssize_t n = read(picture->fd, bytes, sizeof bytes);

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n <= 0 || buf_add(&picture->in, bytes, (size_t)n) != ERR_OK || !take_frames(picture))
		if (picture->pid != 0)
			died(picture);
}

void picture_flush(struct picture *picture)
{
	while (picture->pid != 0 && picture->out.len > 0) {
		ssize_t n = send(picture->fd, picture->out.data, picture->out.len,
		                 MSG_NOSIGNAL | MSG_DONTWAIT);

		if (n <= 0)
			break; /* full, or gone: the watch tells */
		buf_drop(&picture->out, (size_t)n);
	}
	if (picture->pid != 0)
		loop_rewatch(picture->loop, picture->watch,
		             LOOP_READ | (picture->out.len > 0 ? LOOP_WRITE : 0));
}

static void on_child(void *arg, int events)
{
	struct picture *picture = arg;

	if (events == 0 || (events & LOOP_READ) != 0)
		read_child(picture);
	if ((events & LOOP_WRITE) != 0)
		picture_flush(picture);
}

static void run_child(const struct picture *picture, int fd)
{
	char *const arguments[] = {(char *)(uintptr_t)picture->program, NULL};

	/* dup2 to itself would leave close-on-exec set. */
	if (fd == CHILD_FD)
		fcntl(fd, F_SETFD, 0);
	else
		dup2(fd, CHILD_FD);
	execv(picture->program, arguments);
	_exit(127);
}

bool picture_start(struct picture *picture)
{
	int pair[2];

	picture_stop(picture);
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, pair) != 0)
		return false;
	picture->pid = fork();
	if (picture->pid == 0)
		run_child(picture, pair[1]);
	close(pair[1]);
	if (picture->pid < 0) {
		picture->pid = 0;
		close(pair[0]);
		return false;
	}
	picture->fd = pair[0];
	picture->watch = loop_watch(picture->loop, picture->fd, LOOP_READ, on_child, picture);
	return true;
}

void picture_expect(struct picture *picture, const struct viewer_expect *expect,
                    const struct viewer_place *place)
{
	if (picture->pid == 0)
		return;
	if (viewer_put_expect(&picture->out, expect) == ERR_OK
	    && viewer_put_place(&picture->out, place) == ERR_OK)
		picture_flush(picture);
}

void picture_sealed(struct picture *picture, const void *data, size_t len)
{
	if (picture->pid == 0 || viewer_put_sealed(&picture->out, data, len) != ERR_OK)
		return;
	picture->drawing = picture->drawn = true;
}

bool picture_hide(struct picture *picture)
{
	if (picture->pid == 0 || picture->timer != 0 || viewer_put_hide(&picture->out) != ERR_OK)
		return false;
	picture_flush(picture);
	return picture->drawn;
}

void picture_place(struct picture *picture, const struct viewer_place *place)
{
	if (picture->pid == 0 || picture->timer != 0
	    || viewer_put_place(&picture->out, place) != ERR_OK)
		return;
	picture->drawing = picture->drawn;
}

bool picture_is_drawing(const struct picture *picture)
{
	return picture->drawing;
}

static void overdue(void *arg)
{
	struct picture *picture = arg;

	picture->timer = 0;
	died(picture);
}

void picture_end(struct picture *picture)
{
	if (picture->pid == 0 || picture->timer != 0)
		return;
	/* A frame that is half sent cannot be followed by another: then it is told by a signal. */
	if (picture->out.len > 0)
		kill(picture->pid, SIGTERM);
	else if (viewer_put_end(&picture->out) == ERR_OK)
		picture_flush(picture);
	picture->timer = loop_after(picture->loop, END_MS, overdue, picture);
}

void picture_stop(struct picture *picture)
{
	uint8_t bytes[READ_BYTES];
	struct pollfd gone = {.fd = picture->fd, .events = POLLIN};

	if (picture->pid == 0)
		return;
	kill(picture->pid, SIGTERM);
	/* It blanks its place and closes; what it still says is not wanted. */
	while (poll(&gone, 1, STOP_MS) == 1 && read(picture->fd, bytes, sizeof bytes) > 0)
		continue;
	reap(picture);
}

void picture_free(struct picture *picture)
{
	if (picture == NULL)
		return;
	picture_stop(picture);
	buf_free(&picture->in);
	buf_free(&picture->out);
	free(picture);
}
