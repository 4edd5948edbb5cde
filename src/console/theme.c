/*
 * The night theme: grey on black, colour only where someone must act. Every meaning that colours
 * carry is carried by attributes too, so nothing is lost without them.
 */
#include "console/theme.h"

#include <ncurses.h>
#include <stdlib.h>
#include <string.h>

struct look_of {
	short ink256, paper256, ink8, paper8;
	attr_t with_colour, without;
};

static const struct look_of night[STYLES] = {
	[STYLE_TEXT] = {250, 16, COLOR_WHITE, COLOR_BLACK, 0, 0},
	[STYLE_FAINT] = {244, 16, COLOR_WHITE, COLOR_BLACK, 0, 0},
	[STYLE_STRONG] = {255, 16, COLOR_WHITE, COLOR_BLACK, A_BOLD, A_BOLD},
	[STYLE_TITLE] = {250, 16, COLOR_WHITE, COLOR_BLACK, A_BOLD, A_BOLD},
	[STYLE_KEY] = {255, 16, COLOR_WHITE, COLOR_BLACK, A_BOLD, A_BOLD},
	[STYLE_HIGH] = {231, 160, COLOR_WHITE, COLOR_RED, A_BOLD, A_REVERSE | A_BOLD},
	[STYLE_HIGH_OFF] = {210, 16, COLOR_RED, COLOR_BLACK, A_BOLD, A_BOLD},
	[STYLE_MEDIUM] = {16, 214, COLOR_BLACK, COLOR_YELLOW, 0, A_REVERSE},
	[STYLE_MEDIUM_OFF] = {214, 16, COLOR_YELLOW, COLOR_BLACK, A_BOLD, A_BOLD},
	[STYLE_LOW] = {180, 16, COLOR_YELLOW, COLOR_BLACK, 0, A_BOLD},
	[STYLE_LOST] = {231, 160, COLOR_WHITE, COLOR_RED, A_BOLD, A_REVERSE | A_BOLD},
	[STYLE_NOTICE] = {255, 236, COLOR_WHITE, COLOR_BLACK, A_BOLD, A_BOLD},
	[STYLE_PROMPT] = {16, 250, COLOR_BLACK, COLOR_WHITE, 0, A_REVERSE},
	[STYLE_BAR] = {250, 16, COLOR_WHITE, COLOR_BLACK, 0, 0},
	[STYLE_DEMO] = {244, 16, COLOR_WHITE, COLOR_BLACK, 0, 0},
};

static bool wants_colour(void)
{
	const char *no = getenv("NO_COLOR");

	return (no == NULL || no[0] == '\0') && has_colors() && start_color() == OK;
}

struct theme theme_night(void)
{
	struct theme theme = {.colours = 2};
	bool colour = wants_colour();

	if (colour)
		theme.colours = COLORS >= 256 ? 256 : COLORS >= 16 ? 16 : 8;
	for (int i = 0; i < STYLES; i++) {
		short pair = (short)(i + 1);

		theme.attributes[i] = night[i].without;
		if (!colour)
			continue;
		if (theme.colours == 256)
			init_pair(pair, night[i].ink256, night[i].paper256);
		else
			init_pair(pair, night[i].ink8, night[i].paper8);
		theme.attributes[i] = night[i].with_colour | COLOR_PAIR(pair);
	}
	return theme;
}
