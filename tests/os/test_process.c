/*
 * What a process gives up, and memory for what must not get out. Each case runs in a child of its
 * own.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "os/crypto.h"
#include "os/process.h"
#include "os/secmem.h"

#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

/* The child's exit status, or minus the signal that killed it. */
static int in_child(int (*what)(void))
{
	const struct rlimit none = { 0, 0 };
	int status;
	pid_t pid = fork();

	if (pid == 0) {
		setrlimit(RLIMIT_CORE, &none);
		_exit(what());
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status);
}

static int is_hardened(void)
{
	struct rlimit limit;

	process_harden();
	if (getrlimit(RLIMIT_CORE, &limit) != 0 || limit.rlim_cur != 0 || limit.rlim_max != 0)
		return 1;
	if (prctl(PR_GET_DUMPABLE) != 0)
		return 2;
	return umask(0) == 077 ? 0 : 3;
}

static void a_hardened_process_leaves_no_core(void **state)
{
	(void)state;
	assert_int_equal(in_child(is_hardened), 0);
}

static int dies_with_its_parent(void)
{
	int pipes[2];
	char byte;
	pid_t middle;

	if (pipe(pipes) != 0)
		return 1;
	middle = fork();
	if (middle == 0) {
		pid_t parent = getpid();

		if (fork() == 0) {
			close(pipes[0]);
			if (process_die_with_parent(parent) == ERR_OK)
				write(pipes[1], "x", 1) == 1 ? pause() : 0;
			_exit(1);
		}
		/* Its child has said that it is ready: now die. */
		_exit(read(pipes[0], &byte, 1) == 1 ? 0 : 1);
	}
	close(pipes[1]);
	waitpid(middle, NULL, 0);
	/* The end of the pipe is what tells that the last writer is gone. */
	return read(pipes[0], &byte, 1) == 0 ? 0 : 2;
}

static void a_child_does_not_outlive_its_parent(void **state)
{
	(void)state;
	alarm(10);
	assert_int_equal(in_child(dies_with_its_parent), 0);
	alarm(0);
}

static int has_another_parent(void)
{
	return process_die_with_parent(getppid() + 100000) == ERR_CLOSED ? 0 : 1;
}

static void a_parent_dead_already_is_told(void **state)
{
	(void)state;
	assert_int_equal(in_child(has_another_parent), 0);
}

static int works_inside(void)
{
	struct pollfd ready = { .fd = STDERR_FILENO, .events = POLLOUT };
	const struct crypto *crypto = crypto_sodium();
	uint8_t *secret = secmem_alloc(100000), public_key[KEY_BYTES];
	struct timespec at;
	char *large;

	if (secret == NULL || process_sandbox_picture() != ERR_OK)
		return 1;
	large = malloc(20 << 20);
	if (large == NULL)
		return 2;
	memset(large, 1, 20 << 20);
	large = realloc(large, 40 << 20);
	free(large);
	crypto->box_keypair(public_key, secret);
	if (poll(&ready, 1, 0) < 0 || clock_gettime(CLOCK_BOOTTIME, &at) != 0)
		return 3;
	if (write(STDERR_FILENO, "", 0) != 0)
		return 4;
	tcflush(STDERR_FILENO, TCOFLUSH);
	secmem_free(secret);
	return 0;
}

static int opens_a_file(void)
{
	return process_sandbox_picture() != ERR_OK ? 1 : open("/dev/null", O_RDONLY);
}

static int opens_a_socket(void)
{
	return process_sandbox_picture() != ERR_OK ? 1 : socket(AF_UNIX, SOCK_STREAM, 0);
}

static int runs_a_program(void)
{
	return process_sandbox_picture() != ERR_OK ? 1 : execl("/bin/true", "true", (char *)NULL);
}

static int forks(void)
{
	return process_sandbox_picture() != ERR_OK ? 1 : fork();
}

static int maps_code(void)
{
	void *code;

	if (process_sandbox_picture() != ERR_OK)
		return 1;
	code = mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	return code == MAP_FAILED;
}

/* A terminal that could be typed into, or whose input could be thrown away, would be a way out. */
static int takes_back_input(void)
{
	return process_sandbox_picture() != ERR_OK ? 1 : tcflush(STDERR_FILENO, TCIFLUSH);
}

static int types(void)
{
	return process_sandbox_picture() != ERR_OK ? 1 : ioctl(STDERR_FILENO, TIOCSTI, "x");
}

static void the_sandbox_lets_a_picture_be_drawn(void **state)
{
	(void)state;
	assert_int_equal(in_child(works_inside), 0);
}

static void the_sandbox_kills_whatever_reaches_out(void **state)
{
	(void)state;
	assert_int_equal(in_child(opens_a_file), -SIGSYS);
	assert_int_equal(in_child(opens_a_socket), -SIGSYS);
	assert_int_equal(in_child(runs_a_program), -SIGSYS);
	assert_int_equal(in_child(forks), -SIGSYS);
	assert_int_equal(in_child(maps_code), -SIGSYS);
	assert_int_equal(in_child(takes_back_input), -SIGSYS);
	assert_int_equal(in_child(types), -SIGSYS);
}

static void secret_memory_is_usable_and_zeroed(void **state)
{
	size_t sizes[] = { 0, 1, 32, 4096, 4033, 100000 }, i, j;

	(void)state;
	for (i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
		uint8_t *data = secmem_alloc(sizes[i]);

		assert_non_null(data);
		assert_int_equal((uintptr_t)data % 16, 0);
		for (j = 0; j < sizes[i]; j++)
			assert_int_equal(data[j], 0);
		memset(data, 7, sizes[i]);
		secmem_free(data);
	}
	secmem_free(NULL);
	assert_null(secmem_alloc(SIZE_MAX));
}

static int overruns(void)
{
	volatile uint8_t *data = secmem_alloc(10);

	signal(SIGSEGV, SIG_DFL);
	data[4096] = 1;
	return 0;
}

static void an_overrun_of_secret_memory_crashes(void **state)
{
	(void)state;
	assert_int_equal(in_child(overruns), -SIGSEGV);
}

static long locked_kilobytes(void)
{
	FILE *status = fopen("/proc/self/status", "r");
	char line[256];
	long locked = -1;

	while (fgets(line, sizeof line, status) != NULL)
		sscanf(line, "VmLck: %ld", &locked);
	fclose(status);
	return locked;
}

static void secret_memory_is_locked(void **state)
{
	long before = locked_kilobytes();
	void *data;

	(void)state;
	data = secmem_alloc(100000);
	assert_true(locked_kilobytes() >= before + 97);
	secmem_free(data);
	assert_int_equal(locked_kilobytes(), before);
}

/* Of the mapping that holds an address: the kilobytes that are in memory and will not leave it. */
static long held_kilobytes(const void *at)
{
	FILE *maps = fopen("/proc/self/smaps", "r");
	uintptr_t from = 0, to = 0;
	char line[256];
	long held = -1;

	assert_non_null(maps);
	while (held < 0 && fgets(line, sizeof line, maps) != NULL) {
		sscanf(line, "%" SCNxPTR "-%" SCNxPTR " ", &from, &to);
		if ((uintptr_t)at >= from && (uintptr_t)at < to)
			sscanf(line, "Locked: %ld", &held);
	}
	fclose(maps);
	return held;
}

/* Pages come when they are first touched: one that holds a secret is locked, one that never did costs nothing. */
static void every_page_with_a_secret_is_held(void **state)
{
	uint8_t *data = secmem_alloc(1000000);

	(void)state;
	assert_in_range(held_kilobytes(data), 0, 100);
	memset(data + 300000, 7, 400000);
	assert_true(held_kilobytes(data) >= 390);
	secmem_free(data);
}

static int cannot_lock(void)
{
	const struct rlimit little = { 65536, 65536 };

	/* Root may lock beyond the limit. */
	if (setrlimit(RLIMIT_MEMLOCK, &little) != 0 || (geteuid() == 0 && setuid(65534) != 0))
		return 1;
	return secmem_alloc(1 << 20) == NULL ? 0 : 2;
}

static void memory_that_cannot_be_locked_is_not_given(void **state)
{
	(void)state;
	assert_int_equal(in_child(cannot_lock), 0);
}

static uint8_t *shared;

static int reads_nothing(void)
{
	return shared[0];
}

static void a_forked_child_gets_no_secrets(void **state)
{
	(void)state;
	shared = secmem_alloc(32);
	shared[0] = 42;
	assert_int_equal(in_child(reads_nothing), 0);
	assert_int_equal(shared[0], 42);
	secmem_free(shared);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_hardened_process_leaves_no_core),
		cmocka_unit_test(a_child_does_not_outlive_its_parent),
		cmocka_unit_test(a_parent_dead_already_is_told),
		cmocka_unit_test(the_sandbox_lets_a_picture_be_drawn),
		cmocka_unit_test(the_sandbox_kills_whatever_reaches_out),
		cmocka_unit_test(secret_memory_is_usable_and_zeroed),
		cmocka_unit_test(an_overrun_of_secret_memory_crashes),
		cmocka_unit_test(secret_memory_is_locked),
		cmocka_unit_test(every_page_with_a_secret_is_held),
		cmocka_unit_test(memory_that_cannot_be_locked_is_not_given),
		cmocka_unit_test(a_forked_child_gets_no_secrets),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
