/*
 * A console's end of the socket, a pseudo-terminal, and the real tillsyn-picture between them. A test
 * begins a stage, sends what a console would, awaits frames, and looks at what the terminal was sent.
 */
#ifndef TILLSYN_TESTS_PICTURE_STAGE_H
#define TILLSYN_TESTS_PICTURE_STAGE_H

#include "core/snapshot.h"
#include "core/viewer.h"
#include "os/crypto.h"
#include "picture/draw.h"

#include "jpeg_make.h"

#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include <cmocka.h>

#define PATIENCE_MS 15000 /* a sanitised program on a busy machine */

struct stage {
	const struct crypto *crypto;
	uint8_t device_public[KEY_BYTES], device_secret[SECRET_KEY_BYTES];
	uint8_t picture_key[KEY_BYTES];
	int master, slave, console;
	pid_t child;
	bool deaf;          /* does not read its terminal */
	struct buf in;      /* from the picture process */
	size_t taken;       /* of in: the frame that await() last gave */
	struct buf screen;  /* all that the terminal was sent */
	struct viewer_expect expect;
	struct viewer_place place;
	struct snapshot_header header;
	struct jpeg_recipe recipe;
};

static inline void program_path(char *path, size_t size)
{
	ssize_t n = readlink("/proc/self/exe", path, size - 1);
	char *end;

	assert_true(n > 0);
	path[n] = '\0';
	/* build/VARIANT/tests/picture/test_process */
	for (int i = 0; i < 3; i++) {
		end = strrchr(path, '/');
		assert_non_null(end);
		*end = '\0';
	}
	assert_true(strlen(path) + sizeof "/tillsyn-picture" <= size);
	strcat(path, "/tillsyn-picture");
	if (access(path, X_OK) != 0)
		fail_msg("%s has not been built", path);
}

/* The child's half of a fork: the program, with its end of the socket as descriptor 3. */
static inline void become_program(const char *path, int socket)
{
	char *argv[] = {(char *)"tillsyn-picture", NULL};

	if (dup2(socket, 3) == 3)
		execv(path, argv);
	_exit(127);
}

static inline void send_frame(struct stage *stage, enum err r, struct buf *frame)
{
	size_t at = 0;

	assert_int_equal(r, ERR_OK);
	while (at < frame->len) {
		ssize_t n = send(stage->console, frame->data + at, frame->len - at, MSG_NOSIGNAL);

		if (n <= 0)
			break; /* it ends when it has refused: what comes after is not read */
		at += (size_t)n;
	}
	buf_free(frame);
}

static inline void send_expect(struct stage *stage)
{
	struct buf frame = buf_new(1024);

	send_frame(stage, viewer_put_expect(&frame, &stage->expect), &frame);
}

static inline void send_place(struct stage *stage)
{
	struct buf frame = buf_new(1024);

	send_frame(stage, viewer_put_place(&frame, &stage->place), &frame);
}

static inline void send_hide(struct stage *stage)
{
	struct buf frame = buf_new(1024);

	send_frame(stage, viewer_put_hide(&frame), &frame);
}

static inline void send_end(struct stage *stage)
{
	struct buf frame = buf_new(1024);

	send_frame(stage, viewer_put_end(&frame), &frame);
}

/* Seals bytes (or the recipe's JPEG) as the camera would, and hands them on. */
static inline void send_bytes(struct stage *stage, const void *jpeg, size_t len)
{
	struct buf sealed = buf_new(SNAPSHOT_MAX_BYTES), frame = buf_new(SNAPSHOT_MAX_BYTES + 64);

	stage->header.jpeg_len = (uint32_t)len;
	assert_int_equal(snapshot_seal(stage->crypto, &stage->header, jpeg, stage->device_secret,
	                               stage->picture_key, &sealed),
	                 ERR_OK);
	send_frame(stage, viewer_put_sealed(&frame, sealed.data, sealed.len), &frame);
	buf_free(&sealed);
}

static inline void send_snapshot(struct stage *stage)
{
	struct buf jpeg = buf_new(JPEG_MAX_BYTES);

	jpeg_make(&stage->recipe, &jpeg);
	send_bytes(stage, jpeg.data, jpeg.len);
	buf_free(&jpeg);
}

/* Reads what there is of one descriptor; false at its end. */
static inline bool drain(int fd, struct buf *into)
{
	uint8_t bytes[8192];
	ssize_t n = read(fd, bytes, sizeof bytes);

	if (n > 0)
		assert_int_equal(buf_add(into, bytes, (size_t)n), ERR_OK);
	return n > 0;
}

/* One turn of reading both; false when the picture process has closed its end. */
static inline bool turn(struct stage *stage, int timeout_ms)
{
	struct pollfd fds[] = {
		{.fd = stage->console, .events = POLLIN},
		{.fd = stage->deaf ? -1 : stage->master, .events = POLLIN},
	};

	if (poll(fds, 2, timeout_ms) == 0 && timeout_ms == PATIENCE_MS)
		fail_msg("nothing came within %d ms", timeout_ms);
	if ((fds[1].revents & POLLIN) != 0)
		drain(stage->master, &stage->screen);
	return fds[0].revents == 0 || drain(stage->console, &stage->in);
}

static inline void drain_screen(struct stage *stage)
{
	struct pollfd ready = {.fd = stage->master, .events = POLLIN};

	while (poll(&ready, 1, 0) == 1 && (ready.revents & POLLIN) != 0)
		drain(stage->master, &stage->screen);
}

static inline struct viewer_frame await(struct stage *stage, enum viewer_kind kind)
{
	struct viewer_frame frame;

	buf_drop(&stage->in, stage->taken);
	for (;;) {
		assert_int_equal(viewer_next(stage->in.data, stage->in.len, &frame, &stage->taken), ERR_OK);
		if (stage->taken > 0)
			break;
		assert_true(turn(stage, PATIENCE_MS));
	}
	if (frame.kind == VIEWER_FAULT && kind != VIEWER_FAULT) {
		enum viewer_fault fault;
		char words[REASON_MAX_BYTES];

		viewer_get_fault(&frame, &fault, words);
		fail_msg("fault %d: %s", (int)fault, words);
	}
	assert_int_equal(frame.kind, kind);
	return frame;
}

static inline int await_exit(struct stage *stage)
{
	int status;

	assert_int_equal(waitpid(stage->child, &status, 0), stage->child);
	stage->child = 0;
	drain_screen(stage);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static inline void open_terminal(struct stage *stage)
{
	struct termios raw = {0};
	struct winsize size = {.ws_row = 24, .ws_col = 80};

	cfmakeraw(&raw);
	assert_int_equal(openpty(&stage->master, &stage->slave, stage->place.tty, &raw, &size), 0);
	fcntl(stage->master, F_SETFD, FD_CLOEXEC);
	fcntl(stage->slave, F_SETFD, FD_CLOEXEC);
}

static inline struct stage *stage_new(void)
{
	struct stage *stage = calloc(1, sizeof *stage);

	assert_non_null(stage);
	stage->crypto = crypto_sodium();
	stage->crypto->sign_keypair(stage->device_public, stage->device_secret);
	stage->in = buf_new(1 << 20);
	stage->screen = buf_new(64 << 20);
	stage->recipe = jpeg_recipe(640, 480);
	stage->place = (struct viewer_place){.mode = VIEWER_SYMBOLS, .row = 2, .column = 1, .rows = 18,
	                                     .columns = 60, .cell_width = 10, .cell_height = 20,
	                                     .colours = 256, .utf8 = true};
	stage->expect = (struct viewer_expect){.look = 77, .camera = "cam-3", .nonce = {9, 8, 7},
	                                       .fresh_ms = PATIENCE_MS, .view_ms = 30000};
	stage->header = (struct snapshot_header){.look = 77, .camera = "cam-3", .nonce = {9, 8, 7},
	                                         .permit_received_ms = 100, .captured_ms = 900,
	                                         .captured_utc_ms = 1760000000000};
	memcpy(stage->expect.device_key, stage->device_public, KEY_BYTES);
	open_terminal(stage);
	return stage;
}

/* Starts the program and takes its key. */
static inline struct stage *stage_begin(void)
{
	struct stage *stage = stage_new();
	struct viewer_frame frame;
	char path[4096];
	int ends[2];

	program_path(path, sizeof path);
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
	stage->console = ends[0];
	stage->child = fork();
	assert_true(stage->child >= 0);
	if (stage->child == 0)
		become_program(path, ends[1]);
	close(ends[1]);
	frame = await(stage, VIEWER_KEY);
	assert_int_equal(viewer_get_key(&frame, stage->picture_key), ERR_OK);
	return stage;
}

static inline void stage_free(struct stage *stage)
{
	if (stage->child > 0) {
		kill(stage->child, SIGKILL);
		waitpid(stage->child, NULL, 0);
	}
	close(stage->console);
	if (stage->master >= 0)
		close(stage->master);
	close(stage->slave);
	buf_free(&stage->in);
	buf_free(&stage->screen);
	free(stage);
}

/* The picture stands on the terminal. */
static inline struct stage *stage_standing(int64_t view_ms)
{
	struct stage *stage = stage_begin();

	stage->expect.view_ms = view_ms;
	send_place(stage);
	send_expect(stage);
	send_snapshot(stage);
	await(stage, VIEWER_STANDING);
	return stage;
}

/* The last that the terminal was sent is what blanks the whole place. */
static inline void assert_blanked(struct stage *stage)
{
	struct buf blank = buf_new(DRAW_BYTES_MAX);

	assert_int_equal(draw_blank(&stage->place, &blank), ERR_OK);
	drain_screen(stage);
	assert_true(stage->screen.len > blank.len);
	assert_memory_equal(stage->screen.data + stage->screen.len - blank.len, blank.data, blank.len);
	buf_free(&blank);
}

static inline int64_t await_gone(struct stage *stage)
{
	struct viewer_frame frame = await(stage, VIEWER_GONE);
	int64_t view_ms;

	assert_int_equal(viewer_get_gone(&frame, &view_ms), ERR_OK);
	return view_ms;
}

#endif
