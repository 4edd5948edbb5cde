/*
 * A small log, the real tillsynd-signer over it, and the hub's end of its socket, spoken byte by byte. A test opens a
 * desk, orders, and reads what comes back.
 */
#ifndef TILLSYN_TESTS_SIGNER_SERVED_H
#define TILLSYN_TESTS_SIGNER_SERVED_H

#include "core/small_log.h"

#include "core/notary_frame.h"
#include "os/crypto.h"
#include "os/file.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#define PATIENCE_MS 15000 /* a sanitised program on a busy machine */

struct desk {
	struct small_log log;
	char folder[64], key[96], state[96], socket[96], words[96];
	pid_t child;
	int fd;
	struct buf in;
	size_t taken;   /* of in: the frame that next_frame() last gave */
};

static inline void desk_path(const struct desk *desk, const char *name, char path[96])
{
	snprintf(path, 96, "%s/%s", desk->folder, name);
}

static inline void write_key(const struct desk *desk, const char *path, mode_t mode)
{
	char hex[2 * SECRET_KEY_BYTES + 1];

	text_hex(hex, desk->log.signer_secret, SECRET_KEY_BYTES);
	assert_int_equal(file_write(path, hex, sizeof hex - 1, mode), ERR_OK);
}

static inline struct desk *desk_new(void)
{
	struct desk *desk = calloc(1, sizeof *desk);

	assert_non_null(desk);
	strcpy(desk->folder, "/tmp/tillsyn-signer-XXXXXX");
	assert_non_null(mkdtemp(desk->folder));
	desk_path(desk, "key", desk->key);
	desk_path(desk, "state", desk->state);
	desk_path(desk, "socket", desk->socket);
	desk_path(desk, "words", desk->words);
	desk->fd = -1;
	desk->in = buf_new(1 << 20);
	desk->log.crypto = crypto_sodium();
	strcpy(desk->log.origin, "tillsyn/nordstad");
	desk->log.crypto->sign_keypair(desk->log.signer_public, desk->log.signer_secret);
	write_key(desk, desk->key, 0600);
	for (int i = 0; i < 9; i++)
		small_log_other(&desk->log, "sven");
	return desk;
}

static inline void program_path(char *path, size_t size)
{
	ssize_t n = readlink("/proc/self/exe", path, size - 1);
	char *end;

	assert_true(n > 0);
	path[n] = '\0';
	/* build/VARIANT/tests/signer/test_process */
	for (int i = 0; i < 3; i++) {
		end = strrchr(path, '/');
		assert_non_null(end);
		*end = '\0';
	}
	assert_true(strlen(path) + sizeof "/tillsynd-signer" <= size);
	strcat(path, "/tillsynd-signer");
	if (access(path, X_OK) != 0)
		fail_msg("%s has not been built", path);
}

/* Its words go to a file. */
static inline pid_t run_signer(const struct desk *desk, const char *option, const char *value, const char *peer)
{
	char path[4096];
	char *argv[] = {(char *)"tillsynd-signer", (char *)"--key", (char *)desk->key, (char *)"--state",
	                (char *)desk->state, (char *)option, (char *)value, peer ? (char *)"--peer" : NULL,
	                (char *)peer, NULL};
	pid_t child;
	int words;

	program_path(path, sizeof path);
	child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		/* A test that fails leaves nothing behind. */
		prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
		words = open(desk->words, O_WRONLY | O_CREAT | O_APPEND, 0600);
		dup2(words, STDERR_FILENO);
		execv(path, argv);
		_exit(127);
	}
	return child;
}

/* The exit status, or minus the signal. */
static inline int await_exit(pid_t child)
{
	int status;

	assert_int_equal(waitpid(child, &status, 0), child);
	return WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status);
}

static inline bool said(const struct desk *desk, const char *words)
{
	struct buf text = buf_new(1 << 20);
	bool found;

	assert_int_equal(file_read(desk->words, &text), ERR_OK);
	found = text.len > 0 && strstr((const char *)text.data, words) != NULL;
	buf_free(&text);
	return found;
}

static inline void begin_state(const struct desk *desk)
{
	assert_int_equal(await_exit(run_signer(desk, "--new", "tillsyn/nordstad", NULL)), 0);
}

static inline int try_connect(const struct desk *desk)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	strcpy(address.sun_path, desk->socket);
	if (connect(fd, (struct sockaddr *)&address, sizeof address) == 0)
		return fd;
	close(fd);
	return -1;
}

static inline int connect_soon(const struct desk *desk)
{
	for (int ms = 0; ms < PATIENCE_MS; ms += 10) {
		int fd = try_connect(desk);

		if (fd >= 0)
			return fd;
		usleep(10000);
	}
	fail_msg("the signer does not listen");
	return -1;
}

/* The next frame; its body stands until the next call. False: the connection has ended. */
static inline bool next_frame(struct desk *desk, struct notary_frame *frame)
{
	uint8_t chunk[4096];
	size_t size;

	buf_drop(&desk->in, desk->taken);
	desk->taken = 0;
	for (;;) {
		struct pollfd poll_fd = {.fd = desk->fd, .events = POLLIN};
		ssize_t n;

		if (desk->in.len > 0) {
			assert_int_equal(notary_next(desk->in.data, desk->in.len, frame, &size), ERR_OK);
			if (size > 0) {
				desk->taken = size;
				return true;
			}
		}
		if (poll(&poll_fd, 1, PATIENCE_MS) != 1)
			fail_msg("the signer says nothing");
		n = recv(desk->fd, chunk, sizeof chunk, 0);
		if (n <= 0)
			return false;
		assert_int_equal(buf_add(&desk->in, chunk, (size_t)n), ERR_OK);
	}
}

static inline void hang_up(struct desk *desk)
{
	if (desk->fd >= 0)
		close(desk->fd);
	desk->fd = -1;
	desk->in.len = desk->taken = 0;
}

/* Connects and takes the greeting: how long the log was that it signed last. */
static inline uint64_t meet(struct desk *desk)
{
	uint8_t note[CHECKPOINT_MAX_BYTES];
	struct notary_frame frame;
	struct checkpoint last;
	size_t len;

	hang_up(desk);
	desk->fd = connect_soon(desk);
	assert_true(next_frame(desk, &frame));
	assert_int_equal(frame.kind, NOTARY_HELLO);
	assert_int_equal(notary_get_hello(&frame, note, &len), ERR_OK);
	assert_int_equal(checkpoint_open(desk->log.crypto, note, len, desk->log.signer_public, &last), ERR_OK);
	assert_string_equal(last.origin, "tillsyn/nordstad");
	return last.size;
}

static inline uint64_t start_signer(struct desk *desk)
{
	desk->child = run_signer(desk, "--socket", desk->socket, NULL);
	return meet(desk);
}

static inline void kill_signer(struct desk *desk)
{
	kill(desk->child, SIGKILL);
	assert_int_equal(await_exit(desk->child), -SIGKILL);
	desk->child = 0;
	hang_up(desk);
}

static inline void desk_free(struct desk *desk)
{
	char command[128];

	if (desk->child > 0) {
		/* It would have died before, of the sandbox. */
		kill(desk->child, SIGTERM);
		assert_int_equal(await_exit(desk->child), -SIGTERM);
	}
	hang_up(desk);
	buf_free(&desk->in);
	snprintf(command, sizeof command, "rm -rf '%s'", desk->folder);
	assert_int_equal(system(command), 0);
	free(desk);
}

/* The log's last entry as a look's one record, for a signer that has signed so much. */
static inline struct notary_order order_look(struct desk *desk, uint64_t last)
{
	struct tree_source source = {small_log_node, &desk->log};
	struct permit permit = {.look = 7, .camera = "cam1", .agreement = "a1", .slot = "s1", .agreement_version = 1,
	                        .night = 20000, .look_number = 1, .from_ms = 1000, .to_ms = 2000};
	struct notary_order order = {.permit_len = 0};
	struct buf bytes = buf_new(PERMIT_MAX_BYTES);
	uint64_t size = desk->log.size;

	assert_int_equal(permit_encode(&permit, &bytes), ERR_OK);
	memcpy(order.permit, bytes.data, bytes.len);
	order.permit_len = bytes.len;
	buf_free(&bytes);
	order.before = small_log_checkpoint(&desk->log, size - 1, "");
	order.after = small_log_checkpoint(&desk->log, size, "");
	if (last < size)
		assert_int_equal(tree_prove_consistency(desk->log.crypto, &source, last, size - 1, &order.to_before),
		                 ERR_OK);
	assert_int_equal(tree_prove_consistency(desk->log.crypto, &source, size - 1, size, &order.to_after), ERR_OK);
	return order;
}

static inline void send_order(struct desk *desk, int64_t id, const struct notary_order *order)
{
	struct buf out = buf_new(NOTARY_FRAME_MAX);

	assert_int_equal(notary_put_order(&out, id, order), ERR_OK);
	assert_int_equal(send(desk->fd, out.data, out.len, MSG_NOSIGNAL), out.len);
	buf_free(&out);
}

static inline void await_signed(struct desk *desk, int64_t id, const struct notary_order *order)
{
	struct notary_answer answer;
	struct notary_frame frame;
	int64_t answered;

	assert_true(next_frame(desk, &frame));
	assert_int_equal(frame.kind, NOTARY_SIGNED);
	assert_int_equal(notary_get_signed(&frame, &answered, &answer), ERR_OK);
	assert_int_equal(answered, id);
	assert_int_equal(notary_check(desk->log.crypto, desk->log.signer_public, order, &answer), ERR_OK);
}

static inline void await_refused(struct desk *desk, int64_t id, enum err why)
{
	struct notary_refusal refusal;
	struct notary_frame frame;

	assert_true(next_frame(desk, &frame));
	assert_int_equal(frame.kind, NOTARY_REFUSED);
	assert_int_equal(notary_get_refused(&frame, &refusal), ERR_OK);
	assert_int_equal(refusal.id, id);
	assert_int_equal(refusal.err, why);
	assert_true(refusal.reason[0] != '\0');
}

static inline void await_end(struct desk *desk)
{
	struct notary_frame frame;

	assert_false(next_frame(desk, &frame));
}

#endif
