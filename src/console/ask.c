/*
 * One bounded question to the terminal: cell size, and DA1 as the sentinel that every terminal
 * answers. What comes later is swallowed where keys are read.
 */
#include "console/ask.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#define ANSWER_MS 300

static bool is_multiplexed(void)
{
	const char *term = getenv("TERM");

	return getenv("TMUX") != NULL || getenv("STY") != NULL
	       || (term != NULL
	           && (strncmp(term, "tmux", 4) == 0 || strncmp(term, "screen", 6) == 0));
}

/*
 * Whether the text holds a whole DA1 answer: ESC [ ? … c. *attributes points behind the question
 * mark.
 */
static bool find_da1(const char *text, const char **attributes)
{
	const char *at = strstr(text, "\033[?");

	if (at == NULL || at[3 + strspn(at + 3, "0123456789;")] != 'c')
		return false;
	*attributes = at + 3;
	return true;
}

static bool has_attribute(const char *attributes, const char *wanted)
{
	size_t len = strlen(wanted);

	while (*attributes != 'c' && *attributes != '\0') {
		size_t n = strcspn(attributes, ";c");

		if (n == len && strncmp(attributes, wanted, len) == 0)
			return true;
		attributes += n + (attributes[n] == ';');
	}
	return false;
}

/* Reads answers until DA1's has come or the time is over. */
static void listen(char *answer, size_t size)
{
	struct pollfd terminal = {.fd = STDIN_FILENO, .events = POLLIN};
	const char *attributes;
	size_t len = 0;

	answer[0] = '\0';
	while (len + 1 < size && poll(&terminal, 1, ANSWER_MS) == 1) {
		ssize_t n = read(STDIN_FILENO, answer + len, size - len - 1);

		if (n <= 0)
			return;
		len += (size_t)n;
		answer[len] = '\0';
		if (find_da1(answer, &attributes))
			return;
	}
}

static void ask(struct terminal_facts *facts)
{
	static const char question[] = "\033[16t\033[c";
	struct termios before, during;
	const char *attributes, *cell;
	char answer[256];

	if (tcgetattr(STDIN_FILENO, &before) != 0)
		return;
	during = before;
	during.c_lflag &= ~(tcflag_t)(ICANON | ECHO);
	during.c_cc[VMIN] = 0;
	during.c_cc[VTIME] = 0;
	tcsetattr(STDIN_FILENO, TCSANOW, &during);
	if (write(STDOUT_FILENO, question, sizeof question - 1) == (ssize_t)sizeof question - 1) {
		listen(answer, sizeof answer);
		facts->sixel = find_da1(answer, &attributes) && has_attribute(attributes, "4");
		cell = strstr(answer, "\033[6;");
		if (cell != NULL)
			sscanf(cell + 4, "%d;%dt", &facts->cell_height, &facts->cell_width);
	}
	tcsetattr(STDIN_FILENO, TCSANOW, &before);
}

/* The kernel knows the size in pixels where the terminal, or sshd, has told it. */
static void ask_kernel(struct terminal_facts *facts)
{
	struct winsize size;

	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_row == 0 || size.ws_col == 0)
		return;
	if (facts->cell_width <= 0 || facts->cell_height <= 0 || facts->cell_width > 200
	    || facts->cell_height > 200) {
		facts->cell_width = size.ws_xpixel / size.ws_col;
		facts->cell_height = size.ws_ypixel / size.ws_row;
	}
}

struct terminal_facts ask_terminal(void)
{
	struct terminal_facts facts = {.multiplexed = is_multiplexed()};

	if (!facts.multiplexed)
		ask(&facts);
	ask_kernel(&facts);
	return facts;
}
