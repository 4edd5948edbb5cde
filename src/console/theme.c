/*
 * Colour pairs for a theme. A pair is made once for every two colours that stand together, since a
 * terminal of eight colours has no more than 64. The user's palette is never redefined: a terminal
 * that was killed would keep it.
 */
#include "console/theme.h"

#include "console/themes.h"

#include <ncurses.h>
#include <stdlib.h>

struct pairs {
	int n;
	struct appearance made[STYLE_SLOTS];
};

static enum depth depth_here(void)
{
	const char *no = getenv("NO_COLOR");

	if ((no != NULL && no[0] != '\0') || !has_colors() || start_color() != OK)
		return DEPTH_MONO;
	/*
	 * What a theme leaves open is the terminal's own; without it curses would paint it black.
	 */
	use_default_colors();
	if (COLORS >= DEPTH_DIRECT)
		return DEPTH_DIRECT;
	return COLORS >= DEPTH_256 ? DEPTH_256 : COLORS >= DEPTH_16 ? DEPTH_16 : DEPTH_8;
}

static attr_t attributes_of(unsigned attributes)
{
	static const struct {
		unsigned bit;
		attr_t curses;
	} map[] = {
		{ATTRIBUTE_BOLD, A_BOLD},           {ATTRIBUTE_DIM, A_DIM},         {ATTRIBUTE_ITALIC, A_ITALIC},
		{ATTRIBUTE_UNDERLINE, A_UNDERLINE}, {ATTRIBUTE_REVERSE, A_REVERSE},
	};
	attr_t out = 0;

	for (size_t i = 0; i < sizeof map / sizeof *map; i++)
		if ((attributes & map[i].bit) != 0)
			out |= map[i].curses;
	return out;
}

/* Pair 0 is the terminal's own colours, and cannot be another. */
static int pair_for(struct pairs *pairs, const struct appearance *appearance)
{
	if (appearance->ink < 0 && appearance->paper < 0)
		return 0;
	for (int i = 0; i < pairs->n; i++)
		if (pairs->made[i].ink == appearance->ink
		    && pairs->made[i].paper == appearance->paper)
			return i + 1;
	if (init_extended_pair(pairs->n + 1, appearance->ink, appearance->paper) == ERR)
		return 0;
	pairs->made[pairs->n] = *appearance;
	return ++pairs->n;
}

void theme_paint(const struct theme *theme, struct paint *paint)
{
	enum depth depth = depth_here();
	struct pairs pairs = {0};
	struct theme mono;

	if (depth == DEPTH_MONO && theme->has_colours) {
		themes_shipped("mono", &mono);
		theme = &mono;
	}
	paint->colours = (int)depth;
	for (int i = 0; i < STYLE_SLOTS; i++) {
		struct appearance here = theme_appearance(&theme->look[i], depth);
		int pair = pair_for(&pairs, &here);

		paint->attributes[i] = attributes_of(here.attributes) | (attr_t)COLOR_PAIR(pair);
	}
}
