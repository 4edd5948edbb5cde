/*
 * What every program does to itself before it touches a secret: nothing of it may reach a core file
 * or a debugger, and nothing it makes may be readable by others.
 */
#include "os/process.h"

#include <malloc.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

void process_harden(void)
{
	const struct rlimit none = { 0, 0 };

	setrlimit(RLIMIT_CORE, &none);
	prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
	umask(077);
}

/* What free() fills memory with. */
#define WIPE_BYTE 0x5a

void process_wipe_freed(void)
{
	mallopt(M_PERTURB, WIPE_BYTE);
}

enum err process_die_with_parent(int parent_pid)
{
	if (prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) != 0)
		return ERR_IO;
	/* A parent that died before the line above sends no signal any more. */
	return getppid() == parent_pid ? ERR_OK : ERR_CLOSED;
}
