/*
 * tillsyn-picture: one look's picture in a process of its own, so that what it has held is gone
 * when it ends. The console starts it with one end of a socket pair as descriptor 3. What it does
 * to itself before it makes its key is here; the rest is view.c.
 */
#include "os/process.h"
#include "picture/view.h"

#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define CONSOLE 3

/*
 * A look needs a tenth of a second of processor; a decoder that went astray must not burn more than
 * this.
 */
#define CPU_SECONDS_MAX 20

static bool is_console(int fd)
{
	struct stat status;

	return fstat(fd, &status) == 0 && S_ISSOCK(status.st_mode);
}

/* A library's complaint on standard error would stand in the middle of the operator's screen. */
static void leave_terminal(void)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	for (int fd = STDIN_FILENO; null >= 0 && fd <= STDERR_FILENO; fd++)
		if (isatty(fd))
			dup2(null, fd);
}

static void limit(void)
{
	const struct rlimit cpu = {CPU_SECONDS_MAX, CPU_SECONDS_MAX};

	setrlimit(RLIMIT_CPU, &cpu);
	/* The decoder's and chafa's own buffers. */
	process_wipe_freed();
}

/*
 * Every signal is blocked, so that none stops or kills this process with a picture on the screen;
 * those that ask it to end are read from the descriptor. The parent's death is one of them, and not
 * SIGKILL: somebody must blank the place, and there is nobody else left.
 */
static int catch_signals(void)
{
	sigset_t all, ending;

	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, NULL);
	sigemptyset(&ending);
	sigaddset(&ending, SIGTERM);
	sigaddset(&ending, SIGHUP);
	sigaddset(&ending, SIGINT);
	sigaddset(&ending, SIGQUIT);
	prctl(PR_SET_PDEATHSIG, SIGTERM, 0, 0, 0);
	return signalfd(-1, &ending, SFD_NONBLOCK | SFD_CLOEXEC);
}

int main(void)
{
	int signals;

	if (!is_console(CONSOLE)) {
		fprintf(stderr, "tillsyn-picture: started by tillsyn, not by hand\n");
		return 2;
	}
	close_range(CONSOLE + 1, ~0u, 0);
	fcntl(CONSOLE, F_SETFL, O_NONBLOCK);
	leave_terminal();
	process_harden();
	limit();
	signals = catch_signals();
	if (signals < 0)
		return 1;
	/*
	 * The system call itself: the sandbox has no room for what libraries and sanitisers do at
	 * an exit.
	 */
	return (int)syscall(SYS_exit_group, view_run(CONSOLE, signals));
}
