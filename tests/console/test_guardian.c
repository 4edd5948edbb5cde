/*
 * The guardian on a real pseudo-terminal. Its console is a stand-in that makes the terminal raw, begins a
 * picture, tells what it found, and then does what the key typed to it says; once it is the real one.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "console/guardian.h"
#include "os/clock.h"

#include <errno.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#define PATIENCE_MS 10000
/* What the stand-in of the picture process takes to blank its place. */
#define BLANKING_MS 100

/* What is typed to the stand-in: a signal to die of, or one of these. */
enum { KEY_LEAVE = 'l', KEY_MOVE = 'm', KEY_DEAF = 'd', KEY_PICTURE = 'p', KEY_KITTY = 'k' };

/* The console's stand-in */

static void say(const char *text)
{
	if (write(STDOUT_FILENO, text, strlen(text)) < 0)
		_exit(9);
}

static void say_blanked(int by_signal)
{
	(void)by_signal;
	say("<told to end>");
	_exit(0);
}

/* As tillsyn-picture: when its console has died it blanks its place, and that takes a while. */
static void picture(void)
{
	sigset_t ending;
	int ended_by;

	sigemptyset(&ending);
	sigaddset(&ending, SIGTERM);
	sigprocmask(SIG_BLOCK, &ending, NULL);
	prctl(PR_SET_PDEATHSIG, SIGTERM, 0, 0, 0);
	say("<drawn>");
	sigwait(&ending, &ended_by);
	usleep(BLANKING_MS * 1000);
	say("<blanked>");
	_exit(0);
}

static void be_deaf(void)
{
	signal(SIGHUP, SIG_IGN);
	signal(SIGTERM, SIG_IGN);
	say("<deaf>");
	for (;;)
		pause();
}

static void obey(unsigned char key, struct guardian_memory *memory)
{
	if (key == KEY_LEAVE)
		_exit(7);
	if (key == KEY_MOVE) {
		memory->focus = 41;
		say("<moved>");
	} else if (key == KEY_KITTY) {
		memory->kitty = true;
		say("<kitty>");
	} else if (key == KEY_DEAF) {
		be_deaf();
	} else if (key == KEY_PICTURE) {
		if (fork() == 0)
			picture();
	} else {
		signal(key, SIG_DFL); /* the sanitisers' own answer is an orderly exit */
		raise(key);
	}
}

static int stand_in(int argc, char **argv, struct guardian_memory *memory)
{
	const struct rlimit no_core = {0, 0};
	struct termios found, raw;
	unsigned char key;
	char text[128];

	(void)argc;
	(void)argv;
	setrlimit(RLIMIT_CORE, &no_core);
	signal(SIGTERM, say_blanked);
	tcgetattr(STDIN_FILENO, &found);
	raw = found;
	cfmakeraw(&raw);
	tcsetattr(STDIN_FILENO, TCSANOW, &raw);
	snprintf(text, sizeof text, "\033[?1049h\033[?25l<start focus=%d %s guardian=%d>\033Pq#0",
	         (int)memory->focus, found.c_lflag & ECHO && found.c_lflag & ICANON ? "sane" : "raw",
	         (int)getppid());
	say(text);
	while (read(STDIN_FILENO, &key, 1) == 1)
		obey(key, memory);
	return 0;
}

/* The test's side: the terminal */

struct terminal {
	int master;
	pid_t child;          /* the guardian, or the shell it was started from */
	size_t heard, len;
	char text[1 << 16];
};

static int64_t elapsed_ms(void)
{
	struct clock clock = clock_start(0);

	return clock_now(&clock).elapsed_ms;
}

static void open_terminal(struct terminal *terminal)
{
	struct winsize size = {.ws_row = 24, .ws_col = 80};

	memset(terminal, 0, sizeof *terminal);
	terminal->child = forkpty(&terminal->master, NULL, NULL, &size);
	assert_true(terminal->child >= 0);
}

/* from_shell: the guardian does not lead the session, as under a shell. */
static void start(struct terminal *terminal, bool from_shell)
{
	open_terminal(terminal);
	if (terminal->child != 0)
		return;
	signal(SIGHUP, from_shell ? SIG_IGN : SIG_DFL);
	if (from_shell && fork() != 0) {
		while (waitpid(-1, NULL, 0) >= 0 || errno != ECHILD)
			continue;
		sleep(1);
		_exit(0);
	}
	signal(SIGHUP, SIG_DFL);
	_exit(guardian_run(stand_in, 0, NULL));
}

/* Waits until the terminal has been sent that text, from what was not yet heard on. */
static void hear(struct terminal *terminal, const char *text)
{
	int64_t until = elapsed_ms() + PATIENCE_MS;
	const char *at;

	while ((at = strstr(terminal->text + terminal->heard, text)) == NULL) {
		struct pollfd master = {.fd = terminal->master, .events = POLLIN};
		ssize_t n;

		if (elapsed_ms() > until || poll(&master, 1, PATIENCE_MS) != 1)
			fail_msg("never heard %s in: %s", text, terminal->text);
		n = read(terminal->master, terminal->text + terminal->len,
		         sizeof terminal->text - 1 - terminal->len);
		if (n <= 0)
			fail_msg("the terminal ended without %s in: %s", text, terminal->text);
		/* A null would end the text. */
		for (ssize_t i = 0; i < n; i++)
			if (terminal->text[terminal->len + (size_t)i] == '\0')
				terminal->text[terminal->len + (size_t)i] = '@';
		terminal->len += (size_t)n;
	}
	terminal->heard = (size_t)(at - terminal->text) + strlen(text);
}

static void type(struct terminal *terminal, int key)
{
	char byte = (char)key;

	assert_int_equal(write(terminal->master, &byte, 1), 1);
}

static bool is_sane(const struct terminal *terminal)
{
	struct termios now;

	assert_int_equal(tcgetattr(terminal->master, &now), 0);
	return (now.c_lflag & ECHO) && (now.c_lflag & ICANON) && (now.c_oflag & OPOST);
}

/* The exit status, once it has ended; 128 and more: of a signal. */
static int await_end(const struct terminal *terminal)
{
	int64_t until = elapsed_ms() + PATIENCE_MS;
	int status;

	while (waitpid(terminal->child, &status, WNOHANG) != terminal->child) {
		if (elapsed_ms() > until)
			fail_msg("it does not end");
		usleep(2000);
	}
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static void every_death_is_tidied_up_and_followed_by_a_start(void **state)
{
	static const int deaths[] = {SIGKILL, SIGSEGV, SIGABRT, SIGBUS,  SIGFPE,  SIGILL,
	                             SIGTRAP, SIGSYS,  SIGQUIT, SIGXCPU, SIGXFSZ, SIGUSR1};
	struct terminal terminal;

	(void)state;
	for (size_t i = 0; i < sizeof deaths / sizeof *deaths; i++) {
		int64_t died;

		start(&terminal, false);
		hear(&terminal, "<start focus=0 sane");
		hear(&terminal, "\033Pq#0");
		type(&terminal, KEY_MOVE);
		hear(&terminal, "<moved>");
		assert_false(is_sane(&terminal));
		died = elapsed_ms();
		type(&terminal, deaths[i]);
		/* The picture that was begun ends first; then the screen is cleared and left. */
		hear(&terminal, "\033\\");
		hear(&terminal, "\033[m");
		hear(&terminal, "\033[2J");
		hear(&terminal, "\033[?1049l");
		hear(&terminal, "\033[?25h");
		hear(&terminal, "<start focus=41 sane");
		assert_true(elapsed_ms() - died < 1000);
		type(&terminal, KEY_LEAVE);
		assert_int_equal(await_end(&terminal), 7);
		assert_true(is_sane(&terminal));
		close(terminal.master);
	}
}

static void five_deaths_in_a_minute_end_it_with_a_reason(void **state)
{
	struct terminal terminal;

	(void)state;
	start(&terminal, false);
	for (int i = 0; i < 5; i++) {
		hear(&terminal, "<start");
		hear(&terminal, "\033Pq#0");
		type(&terminal, SIGSEGV);
	}
	hear(&terminal, "\033[?25h");
	hear(&terminal, "tillsyn: the console died 5 times within a minute");
	hear(&terminal, "Segmentation fault");
	assert_true(is_sane(&terminal));
	assert_int_equal(await_end(&terminal), EXIT_FAILURE);
	close(terminal.master);
}

static void an_end_of_its_own_is_passed_on(void **state)
{
	struct terminal terminal;

	(void)state;
	start(&terminal, false);
	hear(&terminal, "\033Pq#0");
	type(&terminal, KEY_LEAVE);
	assert_int_equal(await_end(&terminal), 7);
	assert_true(is_sane(&terminal));
	assert_null(strstr(terminal.text, "\033[2J"));
	close(terminal.master);
}

static void a_request_to_end_is_passed_on(void **state)
{
	struct terminal terminal;

	(void)state;
	start(&terminal, false);
	hear(&terminal, "\033Pq#0");
	kill(terminal.child, SIGTERM);
	hear(&terminal, "<told to end>");
	assert_int_equal(await_end(&terminal), 0);
	assert_true(is_sane(&terminal));
	close(terminal.master);
}

static void a_console_that_does_not_leave_is_killed_in_time(void **state)
{
	struct terminal terminal;
	int64_t told;

	(void)state;
	start(&terminal, false);
	hear(&terminal, "\033Pq#0");
	type(&terminal, KEY_DEAF);
	hear(&terminal, "<deaf>");
	told = elapsed_ms();
	kill(terminal.child, SIGTERM);
	hear(&terminal, "\033[?25h");
	assert_int_equal(await_end(&terminal), 128 + SIGKILL);
	assert_true(elapsed_ms() - told < 1500);
	assert_true(is_sane(&terminal));
	close(terminal.master);
}

static void a_hang_up_ends_all_within_a_second(void **state)
{
	struct terminal terminal;
	int64_t hung_up;

	(void)state;
	for (int deaf = 0; deaf < 2; deaf++) {
		start(&terminal, false);
		hear(&terminal, "\033Pq#0");
		if (deaf) {
			type(&terminal, KEY_DEAF);
			hear(&terminal, "<deaf>");
		}
		hung_up = elapsed_ms();
		close(terminal.master);
		await_end(&terminal);
		assert_true(elapsed_ms() - hung_up < 1200);
	}
}

static void a_console_whose_guardian_is_killed_ends_in_order(void **state)
{
	struct terminal terminal;
	int guardian = 0;

	(void)state;
	start(&terminal, true);
	hear(&terminal, "\033Pq#0");
	assert_int_equal(sscanf(strstr(terminal.text, "guardian="), "guardian=%d", &guardian), 1);
	assert_true(guardian > 1 && guardian != terminal.child);
	kill(guardian, SIGKILL);
	hear(&terminal, "<told to end>");
	assert_int_equal(await_end(&terminal), 0);
	close(terminal.master);
}

static void the_screen_is_cleared_after_the_picture_process_has_ended(void **state)
{
	struct terminal terminal;
	int64_t died;

	(void)state;
	start(&terminal, false);
	hear(&terminal, "\033Pq#0");
	type(&terminal, KEY_PICTURE);
	hear(&terminal, "<drawn>");
	died = elapsed_ms();
	type(&terminal, SIGKILL);
	hear(&terminal, "\033[2J");
	assert_true(elapsed_ms() - died >= BLANKING_MS);
	hear(&terminal, "<start focus=0 sane");
	assert_true(elapsed_ms() - died < 1000);
	hear(&terminal, "\033Pq#0");
	type(&terminal, KEY_LEAVE);
	assert_int_equal(await_end(&terminal), 7);
	/* It may have been dropped on its way to the terminal, but it does not come late. */
	assert_null(strstr(strstr(terminal.text, "\033[2J"), "<blanked>"));
	close(terminal.master);
}

/* And where no kitty picture was drawn, nothing is sent that another terminal could show. */
static void a_kitty_picture_is_erased_by_its_own_sequence(void **state)
{
	struct terminal terminal;

	(void)state;
	start(&terminal, false);
	hear(&terminal, "\033Pq#0");
	type(&terminal, SIGKILL);
	hear(&terminal, "<start");
	hear(&terminal, "\033Pq#0");
	assert_null(strstr(terminal.text, "\033_G"));
	type(&terminal, KEY_KITTY);
	hear(&terminal, "<kitty>");
	type(&terminal, SIGKILL);
	hear(&terminal, "\033\\\033_Ga=d,d=I,i=7412,q=2\033\\");
	hear(&terminal, "\033[2J");
	hear(&terminal, "\033Pq#0");
	type(&terminal, KEY_LEAVE);
	assert_int_equal(await_end(&terminal), 7);
	close(terminal.master);
}

/* The real console, without a hub */

static void become_console(const char *key)
{
	char path[4096];
	ssize_t n = readlink("/proc/self/exe", path, sizeof path - sizeof "/tillsyn");

	path[n > 0 ? n : 0] = '\0';
	for (int i = 0; i < 3; i++) /* build/VARIANT/tests/console/test_guardian */
		*strrchr(path, '/') = '\0';
	strcat(path, "/tillsyn");
	setenv("TERM", "xterm-256color", 1);
	unsetenv("TMUX");
	execl(path, path, "--socket", "/nonexistent/hub.sock", "--key", key, (char *)NULL);
	_exit(127);
}

static int only_child(pid_t parent)
{
	char path[64];
	int child = 0;
	FILE *file;

	snprintf(path, sizeof path, "/proc/%d/task/%d/children", (int)parent, (int)parent);
	file = fopen(path, "re");
	if (file != NULL) {
		if (fscanf(file, "%d", &child) != 1)
			child = 0;
		fclose(file);
	}
	return child;
}

static void make_key(char *path)
{
	int fd = mkstemp(path);

	assert_true(fd >= 0);
	for (int i = 0; i < 64; i++)
		assert_int_equal(write(fd, "5a", 2), 2);
	close(fd);
}

static void the_console_itself_comes_back(void **state)
{
	char key[] = "/tmp/tillsyn-guardian-XXXXXX";
	const struct winsize small = {.ws_row = 9, .ws_col = 39};
	struct terminal terminal;
	int console;

	(void)state;
	make_key(key);
	open_terminal(&terminal);
	if (terminal.child == 0)
		become_console(key);
	hear(&terminal, "\033[?1049h");
	hear(&terminal, "ub");
	/* Too small to begin in, but nobody began: it was on the screen. */
	assert_int_equal(ioctl(terminal.master, TIOCSWINSZ, &small), 0);
	console = only_child(terminal.child);
	assert_true(console > 1);
	kill(console, SIGKILL);
	hear(&terminal, "\033\\");
	hear(&terminal, "\033[?1049l");
	hear(&terminal, "\033[?1049h");
	hear(&terminal, "ub"); /* of the line that says that the hub is not there */
	kill(terminal.child, SIGTERM);
	hear(&terminal, "\033[?1049l");
	assert_int_equal(await_end(&terminal), 0);
	assert_true(is_sane(&terminal));
	close(terminal.master);
	unlink(key);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_death_is_tidied_up_and_followed_by_a_start),
		cmocka_unit_test(five_deaths_in_a_minute_end_it_with_a_reason),
		cmocka_unit_test(an_end_of_its_own_is_passed_on),
		cmocka_unit_test(a_request_to_end_is_passed_on),
		cmocka_unit_test(a_console_that_does_not_leave_is_killed_in_time),
		cmocka_unit_test(a_hang_up_ends_all_within_a_second),
		cmocka_unit_test(a_console_whose_guardian_is_killed_ends_in_order),
		cmocka_unit_test(the_screen_is_cleared_after_the_picture_process_has_ended),
		cmocka_unit_test(a_kitty_picture_is_erased_by_its_own_sequence),
		cmocka_unit_test(the_console_itself_comes_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
