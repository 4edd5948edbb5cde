/*
 * A process that is killed cannot tidy up after itself, so a parent that does next to nothing, and
 * therefore does not die, does it. It sleeps in the kernel until the console ends or a signal is to
 * be passed on.
 */
#include "console/guardian.h"

#include "base/now.h"
#include "core/viewer.h"
#include "os/clock.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

/* So many deaths within the time, and the next start would only die as well. */
#define DEATHS_MAX 5
#define DEATHS_MS MS_MINUTE
/* What a console that was told to leave gets; all must be gone within a second. */
#define LEAVE_MS 900
/* What the picture process gets, which ends by itself when its console has died. */
#define PICTURE_MS 400
/* A terminal that takes no bytes for so long takes none. */
#define WRITE_MS 200

struct guardian {
	struct clock clock;
	struct termios found;             /* the terminal, as it was */
	sigset_t before, heard;
	const struct guardian_memory *memory;
	int64_t leave_ms;                 /* elapsed, when told to leave; 0 = not */
	int64_t death_ms[DEATHS_MAX - 1]; /* the latest, oldest first */
};

static int64_t now_ms(const struct guardian *guardian)
{
	return clock_now(&guardian->clock).elapsed_ms;
}

/* The next signal, or 0 when none came in time. */
static int hear(const sigset_t *signals, int64_t within_ms)
{
	const struct timespec wait = {within_ms / 1000, within_ms % 1000 * 1000000};
	int heard = sigtimedwait(signals, NULL, &wait);

	return heard > 0 ? heard : 0;
}

static void begin(struct guardian *guardian)
{
	sigset_t blocked;

	guardian->clock = clock_start(0);
	sigemptyset(&guardian->heard);
	sigaddset(&guardian->heard, SIGCHLD);
	sigaddset(&guardian->heard, SIGTERM);
	sigaddset(&guardian->heard, SIGHUP);
	sigaddset(&guardian->heard, SIGINT);
	/*
	 * Not heard: keys typed while the terminal is not raw, reaching for it from the background.
	 */
	blocked = guardian->heard;
	sigaddset(&blocked, SIGQUIT);
	sigaddset(&blocked, SIGTSTP);
	sigaddset(&blocked, SIGTTOU);
	sigprocmask(SIG_BLOCK, &blocked, &guardian->before);
	/* The picture process of a dead console becomes a child of this one, which waits for it. */
	prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
}

/* In the child: a guardian that dies takes the console with it, which erases on its way out. */
static void become_child(const struct guardian *guardian, pid_t parent)
{
	prctl(PR_SET_PDEATHSIG, SIGTERM, 0, 0, 0);
	if (getppid() != parent)
		_exit(EXIT_FAILURE);
	/* ^Z would stop it and leave the guardian waiting. */
	signal(SIGTSTP, SIG_IGN);
	sigprocmask(SIG_SETMASK, &guardian->before, NULL);
}

/* Started in the background, it reached for the terminal: the shell must see its job stopped. */
static void stop_together(pid_t console, int status)
{
	if (WSTOPSIG(status) != SIGTTOU && WSTOPSIG(status) != SIGTTIN)
		return;
	raise(SIGSTOP);
	kill(console, SIGCONT);
}

/* Sleeps until the console has ended, and passes signals on to it; returns its wait status. */
static int watch(struct guardian *guardian, pid_t console)
{
	pid_t ended;
	int status, heard;

	for (;;) {
		while ((ended = waitpid(-1, &status, WNOHANG | WUNTRACED)) > 0)
			if (ended == console && !WIFSTOPPED(status))
				return status;
			else if (ended == console)
				stop_together(console, status);
		if (guardian->leave_ms != 0
		    && now_ms(guardian) - guardian->leave_ms >= LEAVE_MS)
			kill(console, SIGKILL);
		heard = hear(&guardian->heard,
		             guardian->leave_ms != 0 ? LEAVE_MS / 9 : MS_HOUR);
		if (heard != 0 && heard != SIGCHLD)
			kill(console, heard);
		if ((heard == SIGTERM || heard == SIGHUP) && guardian->leave_ms == 0)
			guardian->leave_ms = now_ms(guardian);
	}
}

/* Nobody may draw any more when the screen is cleared. */
static void await_picture(const struct guardian *guardian)
{
	int64_t until = now_ms(guardian) + PICTURE_MS;
	sigset_t child;
	pid_t ended;

	sigemptyset(&child);
	sigaddset(&child, SIGCHLD);
	while ((ended = waitpid(-1, NULL, WNOHANG)) >= 0 && now_ms(guardian) < until)
		if (ended == 0)
			hear(&child, until - now_ms(guardian));
}

static void put(int terminal, const char *text)
{
	struct pollfd ready = {.fd = terminal, .events = POLLOUT};
	ssize_t len = (ssize_t)strlen(text);

	if (poll(&ready, 1, WRITE_MS) == 1 && write(terminal, text, (size_t)len) != len)
		tcflush(terminal, TCOFLUSH);
}

/*
 * A string terminator first: a writer that was killed inside a picture leaves some terminals
 * swallowing everything. Then the whole screen is cleared, in the alternate one and by leaving it.
 */
static void erase(bool kitty)
{
	/* Its own open file: a terminal that takes nothing must not hold the guardian. */
	int terminal = open("/dev/tty", O_WRONLY | O_NONBLOCK | O_CLOEXEC);

	if (terminal < 0)
		return;
	tcflush(terminal, TCOFLUSH);
	put(terminal, kitty ? "\033\\" VIEWER_KITTY_DELETE : "\033\\");
	put(terminal, "\033[?2026l\033[m\033(B\017\033[r\033[?7h\033[?1l\033>\033[H\033[2J"
		      "\033[?1049l\033[?2004l\033[?25h");
	close(terminal);
}

static void restore(const struct guardian *guardian)
{
	await_picture(guardian);
	erase(guardian->memory->kitty);
	tcsetattr(STDIN_FILENO, TCSANOW, &guardian->found);
	/* Keys meant for a console that is gone are not for the next one, nor for a shell. */
	tcflush(STDIN_FILENO, TCIFLUSH);
}

/* SIGALRM is the console's own bound on its way out (main.c). */
static bool is_leaving(const struct guardian *guardian, int by_signal)
{
	return guardian->leave_ms != 0 || by_signal == SIGTERM || by_signal == SIGHUP
	       || by_signal == SIGINT || by_signal == SIGALRM;
}

/* Whether there were too many deaths, with this one. */
static bool count_death(struct guardian *guardian)
{
	int64_t oldest = guardian->death_ms[0];

	memmove(guardian->death_ms, guardian->death_ms + 1,
	        sizeof guardian->death_ms - sizeof oldest);
	guardian->death_ms[DEATHS_MAX - 2] = now_ms(guardian);
	return oldest != 0 && now_ms(guardian) - oldest < DEATHS_MS;
}

/* The exit status of the program, or -1: the console starts again. */
static int judge(struct guardian *guardian, int status)
{
	int by_signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;

	if (by_signal == 0) {
		tcsetattr(STDIN_FILENO, TCSANOW, &guardian->found);
		return WEXITSTATUS(status);
	}
	restore(guardian);
	if (is_leaving(guardian, by_signal))
		return 128 + by_signal;
	if (!count_death(guardian))
		return -1;
	fprintf(stderr, "tillsyn: the console died %d times within a minute, at last of: %s\n",
	        DEATHS_MAX, strsignal(by_signal));
	return EXIT_FAILURE;
}

int guardian_run(int (*console)(int argc, char **argv, struct guardian_memory *memory), int argc,
                 char **argv)
{
	struct guardian guardian = {0};
	struct guardian_memory alone = {0};
	struct guardian_memory *memory = mmap(NULL, sizeof *memory, PROT_READ | PROT_WRITE,
	                                      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	pid_t parent = getpid(), child;
	int status = -1;

	if (memory == MAP_FAILED || tcgetattr(STDIN_FILENO, &guardian.found) != 0)
		return console(argc, argv, &alone);
	guardian.memory = memory;
	begin(&guardian);
	while (status < 0) {
		child = fork();
		if (child < 0) {
			fprintf(stderr, "tillsyn: no process can be started\n");
			return EXIT_FAILURE;
		}
		if (child == 0) {
			become_child(&guardian, parent);
			return console(argc, argv, memory);
		}
		status = judge(&guardian, watch(&guardian, child));
	}
	return status;
}
