/*
 * The picture process decodes bytes from a camera, and JPEG decoders have had holes. Once it has
 * its descriptors and its keys it gives up every system call but those that decoding and drawing
 * need: no files, no sockets, no programs. What asks for more is killed, not refused, so that
 * nothing goes on in a state nobody tested.
 */
#include "os/process.h"

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
static const int allowed[] = {
	SCMP_SYS(read),          SCMP_SYS(write),     SCMP_SYS(brk),        SCMP_SYS(munmap),
	SCMP_SYS(mremap),        SCMP_SYS(madvise),   SCMP_SYS(futex),      SCMP_SYS(poll),
	SCMP_SYS(ppoll),         SCMP_SYS(getrandom), SCMP_SYS(exit_group), SCMP_SYS(rt_sigreturn),
	SCMP_SYS(clock_gettime),
#ifdef SANITISED
	SCMP_SYS(sigaltstack),
#endif
};

static int add_rules(scmp_filter_ctx filter)
{
	/* New memory may hold pictures, never code. */
	int result = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mmap), 1,
	                              SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0));
	size_t i;

	/* What the terminal has not shown yet may be taken back: that, and nothing else of a terminal. */
	if (result == 0)
		result = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(ioctl), 2,
		                          SCMP_A1(SCMP_CMP_EQ, TCFLSH, 0),
		                          SCMP_A2(SCMP_CMP_EQ, TCOFLUSH, 0));
	for (i = 0; result == 0 && i < sizeof allowed / sizeof allowed[0]; i++)
		result = seccomp_rule_add(filter, SCMP_ACT_ALLOW, allowed[i], 0);
	return result;
}

enum err process_sandbox_picture(void)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_KILL_PROCESS);
	int result;

	if (filter == NULL)
		return ERR_MEMORY;
	result = add_rules(filter);
	if (result == 0)
		result = seccomp_load(filter);
	seccomp_release(filter);
	return result == 0 ? ERR_OK : ERR_IO;
}
