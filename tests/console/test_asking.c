/*
 * The real console on a pseudo-terminal that answers late, oddly, or never. There is no hub: the screen
 * says so, and help can be opened, which is how a typed question mark shows.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define PATIENCE_MS 10000
#define QUESTIONS "\033[?2026$p"
#define LAST_QUESTION "\033[c"
/* On the screen of help, and nowhere else. */
#define HELP "Find a resident"
#define FRAME "Waiting for the hub"

#define KITTY                                                                                      \
	"\033_Gi=7411;OK\033\\\033[>1;4000;26c\033P>|kitty(0.26.5)?\033\\\033[6;20;9t"             \
	"\033[?2026;2$y\033P1$r48:2:1:2:3m\033\\\033[?62;c"

struct terminal {
	int master;
	pid_t child;
	char key[64];
	size_t heard, len;
	char text[1 << 18];
};

static void become_console(const char *key, const char *term)
{
	char path[4096];
	ssize_t n = readlink("/proc/self/exe", path, sizeof path - sizeof "/tillsyn");

	path[n > 0 ? n : 0] = '\0';
	for (int i = 0; i < 3; i++) /* build/VARIANT/tests/console/test_asking */
		*strrchr(path, '/') = '\0';
	strcat(path, "/tillsyn");
	setenv("TERM", term, 1);
	unsetenv("TMUX");
	unsetenv("STY");
	execl(path, path, "--socket", "/nonexistent/hub.sock", "--key", key, (char *)NULL);
	_exit(127);
}

static void start(struct terminal *terminal, const char *term)
{
	struct winsize size = {.ws_row = 24, .ws_col = 80};
	int fd;

	memset(terminal, 0, sizeof *terminal);
	strcpy(terminal->key, "/tmp/tillsyn-asking-XXXXXX");
	fd = mkstemp(terminal->key);
	assert_true(fd >= 0);
	for (int i = 0; i < 64; i++)
		assert_int_equal(write(fd, "5a", 2), 2);
	close(fd);
	terminal->child = forkpty(&terminal->master, NULL, NULL, &size);
	assert_true(terminal->child >= 0);
	if (terminal->child == 0)
		become_console(terminal->key, term);
}

/* Reads what comes within the time; false when nothing did. */
static bool read_more(struct terminal *terminal, int within_ms)
{
	struct pollfd master = {.fd = terminal->master, .events = POLLIN};
	ssize_t n;

	if (poll(&master, 1, within_ms) != 1)
		return false;
	n = read(terminal->master, terminal->text + terminal->len,
	         sizeof terminal->text - 1 - terminal->len);
	if (n <= 0)
		return false;
	for (ssize_t i = 0; i < n; i++)
		if (terminal->text[terminal->len + (size_t)i] == '\0')
			terminal->text[terminal->len + (size_t)i] = '@';
	terminal->len += (size_t)n;
	return true;
}

static void hear(struct terminal *terminal, const char *text)
{
	const char *at;

	while ((at = strstr(terminal->text + terminal->heard, text)) == NULL)
		if (!read_more(terminal, PATIENCE_MS))
			fail_msg("never heard %s in: %s", text, terminal->text);
	terminal->heard = (size_t)(at - terminal->text) + strlen(text);
}

/* Whether that is drawn within half a second. */
static bool is_drawn(struct terminal *terminal, const char *text)
{
	while (read_more(terminal, 500))
		continue;
	return strstr(terminal->text + terminal->heard, text) != NULL;
}

static void type(struct terminal *terminal, const char *bytes)
{
	assert_int_equal(write(terminal->master, bytes, strlen(bytes)), strlen(bytes));
}

static void stop(struct terminal *terminal)
{
	int status;

	kill(terminal->child, SIGTERM);
	while (read_more(terminal, PATIENCE_MS))
		continue;
	assert_int_equal(waitpid(terminal->child, &status, 0), terminal->child);
	close(terminal->master);
	unlink(terminal->key);
}

static void the_first_frame_waits_for_no_answer(void **state)
{
	struct terminal terminal;

	(void)state;
	start(&terminal, "xterm-256color");
	hear(&terminal, QUESTIONS);
	hear(&terminal, LAST_QUESTION);
	hear(&terminal, FRAME); /* and nothing was answered */
	type(&terminal, "?");
	assert_true(is_drawn(&terminal, HELP));
	stop(&terminal);
}

static void late_answers_type_nothing(void **state)
{
	static const char *const answers[] = {
		KITTY,
		"\033[?1;2c",
		"\033]11;rgb:0000/0000/0000?\007",
	};
	struct terminal terminal;

	(void)state;
	start(&terminal, "xterm-256color");
	hear(&terminal, FRAME);
	usleep(500 * 1000);
	for (size_t i = 0; i < sizeof answers / sizeof *answers; i++) {
		size_t half = strlen(answers[i]) / 2;

		assert_int_equal(write(terminal.master, answers[i], half), half);
		usleep(150 * 1000);
		type(&terminal, answers[i] + half);
	}
	assert_false(is_drawn(&terminal, HELP));
	type(&terminal, "?");
	assert_true(is_drawn(&terminal, HELP));
	stop(&terminal);
}

/* Curses decodes the keys as ever, and an Esc alone closes what was opened. */
static void keys_are_keys(void **state)
{
	struct terminal terminal;

	(void)state;
	start(&terminal, "xterm-256color");
	hear(&terminal, FRAME);
	type(&terminal, "\033OP"); /* F1 */
	assert_true(is_drawn(&terminal, HELP));
	terminal.heard = terminal.len;
	type(&terminal, "\033");
	assert_true(is_drawn(&terminal, "NEEDS YOU"));
	stop(&terminal);
}

/* One letter of a text that got here by mistake would answer a look. */
static void what_is_pasted_is_no_key(void **state)
{
	static const char *const pastes[] = {
		"\033[200~c?c?\r\033[201~",
		"\033[200~?\033[A\033OP\033\033[201~",
		"\033[200~?\033[20", "1~",
	};
	struct terminal terminal;

	(void)state;
	start(&terminal, "xterm-256color");
	hear(&terminal, "\033[?2004h");
	hear(&terminal, FRAME);
	for (size_t i = 0; i < sizeof pastes / sizeof *pastes; i++) {
		type(&terminal, pastes[i]);
		usleep(50 * 1000);
	}
	assert_false(is_drawn(&terminal, HELP));
	type(&terminal, "?");
	assert_true(is_drawn(&terminal, HELP));
	terminal.heard = terminal.len;
	type(&terminal, "\033[200~and its end is lost");
	usleep(1500 * 1000);
	type(&terminal, "\033");
	assert_true(is_drawn(&terminal, "NEEDS YOU"));
	stop(&terminal);
	hear(&terminal, "\033[?2004l");
}

/* Whatever a terminal sends without end, the console hears that it is to leave. */
static void a_flood_does_not_hold_the_console(void **state)
{
	static const char *const floods[] = {"\033[?62;4c", "j", "\033P", "\033]0;x", "\033"};
	char flood[4096], drawn[4096];

	(void)state;
	for (size_t i = 0; i < sizeof floods / sizeof *floods; i++) {
		struct terminal terminal;
		int status = -1;
		size_t n = 0;

		for (; n + 16 < sizeof flood; n += strlen(floods[i]))
			strcpy(flood + n, floods[i]);
		start(&terminal, "xterm-256color");
		hear(&terminal, FRAME);
		fcntl(terminal.master, F_SETFL, O_NONBLOCK);
		for (int turn = 0; turn < 2000; turn++) {
			if (turn == 100)
				kill(terminal.child, SIGTERM);
			if (write(terminal.master, flood, n) < 0 && read(terminal.master, drawn, sizeof drawn) < 0)
				usleep(1000);
			if (waitpid(terminal.child, &status, WNOHANG) == terminal.child)
				break;
		}
		/* In order, not killed by its guardian. */
		assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
		close(terminal.master);
		unlink(terminal.key);
	}
}

/* Where a question could leave something behind, only the last is asked. */
static void some_terminals_are_asked_less(void **state)
{
	static const char *const terms[] = {"linux", "tmux-256color", "screen-256color"};
	struct terminal terminal;

	(void)state;
	for (size_t i = 0; i < sizeof terms / sizeof *terms; i++) {
		start(&terminal, terms[i]);
		hear(&terminal, LAST_QUESTION);
		hear(&terminal, FRAME);
		assert_null(strstr(terminal.text, "\033_"));
		assert_null(strstr(terminal.text, "\033P"));
		assert_null(strstr(terminal.text, "$p"));
		stop(&terminal);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_first_frame_waits_for_no_answer),
		cmocka_unit_test(late_answers_type_nothing),
		cmocka_unit_test(keys_are_keys),
		cmocka_unit_test(what_is_pasted_is_no_key),
		cmocka_unit_test(a_flood_does_not_hold_the_console),
		cmocka_unit_test(some_terminals_are_asked_less),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
