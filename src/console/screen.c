/* Curses, driven by a canvas. */
#define _XOPEN_SOURCE_EXTENDED 1
#include "console/screen.h"

#include "console/ask.h"
#include "console/input.h"
#include "console/theme.h"
#include "core/viewer.h"

#include <langinfo.h>
#include <locale.h>
#include <ncurses.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

/* What curses waits for the rest of a function key after an Esc: input.c has waited already. */
#define ESCAPE_MS 1

/* The terminal is to mark what is pasted: answers.c takes it out. */
#define MARK_PASTES "\033[?2004h"
#define MARK_NOTHING "\033[?2004l"

/* A terminal that never stops sending what is no key must not hold the program. */
#define READS_MAX 32

struct screen {
	SCREEN *terminal;
	struct input *input;
	struct paint paint;
	bool ascii;
};

/* Past curses. A terminal that takes no bytes can be told nothing. */
static void tell(const char *sequence)
{
	if (write(STDOUT_FILENO, sequence, strlen(sequence)) < 0)
		return;
}

static bool is_utf8(void)
{
	return setlocale(LC_CTYPE, "") != NULL && strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
}

/*
 * ^C ^Z ^S ^\ are keys without a meaning here; a stop or an interrupt from elsewhere is not heard
 * either.
 */
static void deafen(void)
{
	signal(SIGTSTP, SIG_IGN);
	signal(SIGINT, SIG_IGN);
	signal(SIGQUIT, SIG_IGN);
	signal(SIGPIPE, SIG_IGN);
	raw();
	nonl();
	noecho();
}

void screen_theme(struct screen *screen, const struct theme *theme)
{
	theme_paint(theme, &screen->paint);
	/* Its colours alone: curses would add bold to whatever is drawn. */
	bkgdset((chtype)' ' | ((chtype)screen->paint.attributes[STYLE_TEXT] & A_COLOR));
	clearok(curscr, TRUE);
}

enum err screen_open(bool ascii, const struct theme *theme, struct screen **out)
{
	struct screen *screen = calloc(1, sizeof *screen);

	if (screen == NULL)
		return ERR_MEMORY;
	screen->ascii = !is_utf8() || ascii;
	if (input_open(STDIN_FILENO, &screen->input) != ERR_OK) {
		free(screen);
		return ERR_MEMORY;
	}
	screen->terminal = newterm(NULL, stdout, input_keys(screen->input));
	if (screen->terminal == NULL) {
		input_close(screen->input);
		free(screen);
		return ERR_UNSUPPORTED;
	}
	set_term(screen->terminal);
	set_escdelay(ESCAPE_MS);
	/* A frame is drawn whole, whatever is typed meanwhile: a picture may rely on it. */
	typeahead(-1);
	deafen();
	nodelay(stdscr, TRUE);
	keypad(stdscr, TRUE);
	leaveok(stdscr, FALSE);
	screen_theme(screen, theme);
	tell(MARK_PASTES);
	*out = screen;
	return ERR_OK;
}

void screen_close(struct screen *screen)
{
	if (screen == NULL)
		return;
	/* On a terminal without a second screen the residents' names would stay. */
	erase();
	refresh();
	endwin();
	tell(MARK_NOTHING);
	delscreen(screen->terminal);
	input_close(screen->input);
	free(screen);
}

void screen_size(const struct screen *screen, int *rows, int *columns)
{
	(void)screen;
	getmaxyx(stdscr, *rows, *columns);
}

void screen_resized(struct screen *screen)
{
	struct winsize size;

	(void)screen;
	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_row > 0 && size.ws_col > 0)
		resizeterm(size.ws_row, size.ws_col);
	clearok(curscr, TRUE);
}

bool screen_is_ascii(const struct screen *screen)
{
	return screen->ascii;
}

int screen_colours(const struct screen *screen)
{
	return screen->paint.colours;
}

/* A run of cells of one style, as curses takes it. */
static int show_run(const struct screen *screen, const struct canvas *canvas, int row, int column)
{
	const struct cell *cell = &canvas->cells[row * canvas->columns + column];
	uint8_t style = cell->style;
	char text[1024];
	size_t len = 0;

	move(row, column);
	while (column < canvas->columns && cell->style == style && len + CELL_BYTES < sizeof text) {
		size_t n = strlen(cell->text);

		memcpy(text + len, cell->text, n);
		len += n;
		cell++;
		column++;
	}
	attrset((int)screen->paint.attributes[style]);
	addnstr(text, (int)len);
	return column;
}

/*
 * The frame goes out in one write. A terminal that has mode 2026 shows it as one too, though it may
 * read it in pieces: the mark that begins it is put in with curses' own bytes.
 */
static void put_frame(const struct screen *screen)
{
	static const char begin[] = "\033[?2026h", end[] = "\033[?2026l";
	struct terminal_facts facts;

	input_facts(screen->input, &facts);
	if (!facts.synchronised) {
		refresh();
		return;
	}
	putp(begin);
	refresh();
	/*
	 * By curses too: it keeps the beginning of a frame in which nothing changed, until it is
	 * flushed.
	 */
	putp(end);
	delay_output(0);
}

void screen_show(struct screen *screen, const struct canvas *canvas)
{
	int rows, columns;

	getmaxyx(stdscr, rows, columns);
	for (int row = 0; row < rows && row < canvas->rows; row++)
		for (int column = 0; column < columns && column < canvas->columns;)
			column = show_run(screen, canvas, row, column);
	move(canvas->cursor_row, canvas->cursor_column);
	put_frame(screen);
}

/* Reads to the end of a control sequence: a key that is not known here. */
static void swallow_sequence(void)
{
	wint_t c;

	for (int i = 0; i < 64 && get_wch(&c) == OK; i++)
		if (c >= 0x40 && c <= 0x7e)
			return;
}

static key_code escape_or_sequence(void)
{
	wint_t next;
	int r = get_wch(&next);

	if (r == ERR)
		return INPUT_ESCAPE;
	if (r == OK && (next == '[' || next == 'O')) {
		swallow_sequence();
		return INPUT_NONE;
	}
	if (r == KEY_CODE_YES)
		ungetch((int)next);
	else
		unget_wch((wchar_t)next);
	return INPUT_ESCAPE;
}

static key_code named_key(wint_t c)
{
	static const struct {
		int curses;
		key_code key;
	} keys[] = {
		{KEY_UP, INPUT_UP},         {KEY_DOWN, INPUT_DOWN},
		{KEY_HOME, INPUT_HOME},     {KEY_END, INPUT_END},
		{KEY_PPAGE, INPUT_PAGE_UP}, {KEY_NPAGE, INPUT_PAGE_DOWN},
		{KEY_ENTER, INPUT_ENTER},   {KEY_BACKSPACE, INPUT_BACKSPACE},
		{KEY_LEFT, INPUT_LEFT},     {KEY_RIGHT, INPUT_RIGHT},
		{KEY_IC, INPUT_INSERT},     {KEY_DC, INPUT_DELETE},
	};

	if (c >= KEY_F(1) && c <= KEY_F(12))
		return INPUT_F1 + (key_code)c - KEY_F(1);
	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
		if ((wint_t)keys[i].curses == c)
			return keys[i].key;
	return INPUT_NONE;
}

static key_code plain_key(wint_t c)
{
	switch (c) {
	case '\r':
	case '\n':
		return INPUT_ENTER;
	case 0x1b:
		return escape_or_sequence();
	case '\b':
	case 0x7f:
		return INPUT_BACKSPACE;
	case '\t':
		return INPUT_TAB;
	case ' ':
		return INPUT_SPACE;
	default:
		/* A control key is its own code; the others of C0 are no key of a keyboard. */
		return c <= 'Z' - '@' || c >= 0x20 ? (key_code)c : INPUT_NONE;
	}
}

key_code screen_key(struct screen *screen)
{
	wint_t c;
	int r;

	for (int i = 0; i < READS_MAX; i++) {
		while ((r = get_wch(&c)) != ERR) {
			key_code key = r == KEY_CODE_YES ? named_key(c) : plain_key(c);

			if (key != INPUT_NONE)
				return key;
		}
		if (i == READS_MAX - 1 || !input_read(screen->input))
			break;
	}
	return INPUT_NONE;
}

int64_t screen_wait_ms(const struct screen *screen)
{
	return input_wait_ms(screen->input);
}

void screen_ask(struct screen *screen)
{
	struct terminal_facts known = ask_environment();

	input_expect(screen->input, &known);
	tell(ask_questions(&known));
}

bool screen_facts(const struct screen *screen, struct terminal_facts *facts)
{
	bool final = input_facts(screen->input, facts);

	ask_kernel(facts);
	return final;
}

bool screen_takes_bytes(const struct screen *screen)
{
	struct pollfd terminal = {.fd = STDOUT_FILENO, .events = POLLOUT};

	(void)screen;
	return poll(&terminal, 1, 0) == 1;
}

bool screen_is_hung_up(const struct screen *screen)
{
	struct pollfd terminal = {.fd = STDIN_FILENO, .events = POLLIN};

	(void)screen;
	return poll(&terminal, 1, 0) == 1
	       && (terminal.revents & (POLLHUP | POLLERR | POLLNVAL)) != 0;
}

void screen_bell(struct screen *screen)
{
	(void)screen;
	beep();
}

void screen_wipe(struct screen *screen, const struct area *area, bool kitty)
{
	const char *first = kitty ? "\033\\" VIEWER_KITTY_DELETE : "\033\\";
	int rows, columns;

	(void)screen;
	getmaxyx(stdscr, rows, columns);
	(void)columns;
	if (write(STDOUT_FILENO, first, strlen(first)) < 0)
		return;
	if (area->row < rows)
		wredrawln(stdscr, area->row,
		          area->row + area->rows > rows ? rows - area->row : area->rows);
	refresh();
}
