/*
 * One bundle of questions. DA1 stands last, since every terminal answers it: what has no answer
 * by then never gets one. No question may leave a mark on a terminal that does not know it; one
 * that does all the same is painted over by the frame that follows.
 */
#include "console/ask.h"

#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

/* A picture of one pixel that is only asked about: ESC _ G i=…,a=q ESC \. */
#define KITTY "\033_Gi=7411,s=1,v=1,a=q,t=d,f=24;AAAA\033\\"
#define DA2 "\033[>c"
#define XTVERSION "\033[>0q"
#define CELL_SIZE "\033[16t"
/* XTSMGRAPHICS: the sixel geometry, read. */
#define SIXEL_SIZE "\033[?2;1;0S"
/* DECRQM of mode 2026. */
#define SYNCHRONISED "\033[?2026$p"
/* DECRQSS, after a colour that only true colour keeps as it was given. */
#define TRUE_COLOUR "\0337\033[48;2;1;2;3m\033P$qm\033\\\033[m\0338"
#define DA1 "\033[c"

static const char every_question[] =
	KITTY DA2 XTVERSION CELL_SIZE SIXEL_SIZE SYNCHRONISED TRUE_COLOUR DA1;
/*
 * The Linux console shows what it does not know, tmux makes a title of it, and screen passes it to
 * the terminal behind.
 */
static const char few_questions[] = DA1;

static bool term_begins(const char *with)
{
	const char *term = getenv("TERM");

	return term != NULL && strncmp(term, with, strlen(with)) == 0;
}

static bool is_set(const char *name)
{
	const char *value = getenv(name);

	return value != NULL && value[0] != '\0';
}

struct terminal_facts ask_environment(void)
{
	return (struct terminal_facts){
		.multiplexed = is_set("TMUX") || is_set("STY") || term_begins("tmux")
		               || term_begins("screen"),
		.linux_console = term_begins("linux"),
		.remote = is_set("SSH_CONNECTION"),
	};
}

const char *ask_questions(const struct terminal_facts *known)
{
	return known->multiplexed || known->linux_console ? few_questions : every_question;
}

static int smaller_known(int answered, int kernel)
{
	if (kernel <= 0)
		return answered;
	return answered > 0 && answered < kernel ? answered : kernel;
}

void ask_kernel(struct terminal_facts *facts)
{
	struct winsize size;

	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_row == 0 || size.ws_col == 0)
		return;
	facts->cell_width = smaller_known(facts->cell_width, size.ws_xpixel / size.ws_col);
	facts->cell_height = smaller_known(facts->cell_height, size.ws_ypixel / size.ws_row);
}
