/* What the terminal itself says that it can do, asked once before anything is drawn. */
#ifndef TILLSYN_CONSOLE_ASK_H
#define TILLSYN_CONSOLE_ASK_H

#include <stdbool.h>

struct terminal_facts {
	bool multiplexed; /* tmux or screen: symbols only, a picture could stay in them */
	bool sixel;
	int cell_width, cell_height;  /* pixels; 0 = not known */
};

/* Asks for at most 300 ms; silence means that it can do nothing. */
struct terminal_facts ask_terminal(void);

#endif
