/*
 * The picture process decodes bytes from a camera, and JPEG decoders have had holes; the signer
 * holds a key that a town's log hangs on. Once they have their descriptors and their keys they give
 * up every system call but those that their one task needs. What asks for more is killed, not
 * refused, so that nothing goes on in a state nobody tested.
 */
#include "os/process.h"

#include <fcntl.h>
#include <seccomp.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <termios.h>

/*
 * The sanitisers ask for the signal stack on every longjmp(); a program for production never does.
 */
#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SANITISED
#endif
#endif
#if defined(__SANITIZE_ADDRESS__)
#define SANITISED
#endif

/* ppoll is what poll() becomes on architectures without the older call. */
static const int picture_calls[] = {
	SCMP_SYS(read),          SCMP_SYS(write),     SCMP_SYS(brk),        SCMP_SYS(munmap),
	SCMP_SYS(mremap),        SCMP_SYS(madvise),   SCMP_SYS(futex),      SCMP_SYS(poll),
	SCMP_SYS(ppoll),         SCMP_SYS(getrandom), SCMP_SYS(exit_group), SCMP_SYS(rt_sigreturn),
	SCMP_SYS(clock_gettime),
#ifdef SANITISED
	SCMP_SYS(sigaltstack),
#endif
};

/*
 * Of each call that has two names, one an architecture: a name that is none here is left out by the
 * library.
 */
static const int signer_calls[] = {
	SCMP_SYS(read),          SCMP_SYS(write),      SCMP_SYS(brk),
	SCMP_SYS(munmap),        SCMP_SYS(mremap),     SCMP_SYS(madvise),
	SCMP_SYS(futex),         SCMP_SYS(poll),       SCMP_SYS(ppoll),
	SCMP_SYS(getrandom),     SCMP_SYS(exit_group), SCMP_SYS(rt_sigreturn),
	SCMP_SYS(clock_gettime), SCMP_SYS(accept4),    SCMP_SYS(getsockopt),
	SCMP_SYS(recvfrom),      SCMP_SYS(sendto),     SCMP_SYS(close),
	SCMP_SYS(fchmod),        SCMP_SYS(fsync),      SCMP_SYS(rename),
	SCMP_SYS(renameat),      SCMP_SYS(renameat2),  SCMP_SYS(unlink),
	SCMP_SYS(unlinkat),      SCMP_SYS(getpid),     SCMP_SYS(restart_syscall),
#ifdef SANITISED
	SCMP_SYS(sigaltstack),
#endif
};

static int allow_calls(scmp_filter_ctx filter, const int *calls, size_t n)
{
	/* New memory may hold pictures or notes, never code. */
	int result = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mmap), 1,
	                              SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0));

	for (size_t i = 0; result == 0 && i < n; i++)
		result = seccomp_rule_add(filter, SCMP_ACT_ALLOW, calls[i], 0);
	return result;
}

/* What the terminal has not shown yet may be taken back: that, and nothing else of a terminal. */
static int allow_taking_back(scmp_filter_ctx filter)
{
	return seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(ioctl), 2,
	                        SCMP_A1(SCMP_CMP_EQ, TCFLSH, 0),
	                        SCMP_A2(SCMP_CMP_EQ, TCOFLUSH, 0));
}

/* A file that must be new, and a folder, to sync it. */
static int allow_new_files(scmp_filter_ctx filter)
{
	int result =
		seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(openat), 1,
	                         SCMP_A2(SCMP_CMP_MASKED_EQ, O_CREAT | O_EXCL, O_CREAT | O_EXCL));

	if (result == 0)
		result = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(openat), 1,
		                          SCMP_A2(SCMP_CMP_MASKED_EQ,
		                                  O_ACCMODE | O_CREAT | O_DIRECTORY,
		                                  O_RDONLY | O_DIRECTORY));
	return result;
}

static enum err load(scmp_filter_ctx filter, int result)
{
	if (result == 0)
		result = seccomp_load(filter);
	seccomp_release(filter);
	return result == 0 ? ERR_OK : ERR_IO;
}

enum err process_sandbox_picture(void)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_KILL_PROCESS);
	int result;

	if (filter == NULL)
		return ERR_MEMORY;
	result = allow_calls(filter, picture_calls, sizeof picture_calls / sizeof *picture_calls);
	if (result == 0)
		result = allow_taking_back(filter);
	return load(filter, result);
}

enum err process_sandbox_signer(void)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_KILL_PROCESS);
	int result;

	if (filter == NULL)
		return ERR_MEMORY;
	result = allow_calls(filter, signer_calls, sizeof signer_calls / sizeof *signer_calls);
	if (result == 0)
		result = allow_new_files(filter);
	return load(filter, result);
}
