/*
 * Theme files, and what comes of them: for each meaning an ink, a paper and attributes. Pure: what
 * a terminal makes of it is theme.c's.
 *
 *   over = paper                  # instead of night, as the first line
 *   [palette]                     # truecolour   256   16
 *   ink        = #c8c4b8           251           white
 *   red        = #ff8a80           210           bright-red
 *   [style]
 *   text       = ink on paper
 *   check.late = red bold
 *   *.selected = on tint bold
 *
 * A style that says no ink or no paper has its parent's; without any it is the terminal's own. What
 * *.selected says is laid over every style that has no selected form of its own; its colours only
 * where the style has no paper of its own. A comment begins
 * with # at the start of a line, or with # and a blank.
 */
#ifndef TILLSYN_CONSOLE_THEME_FILE_H
#define TILLSYN_CONSOLE_THEME_FILE_H

#include "console/fault.h"
#include "console/style.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	ATTRIBUTE_BOLD = 1,
	ATTRIBUTE_DIM = 2,
	ATTRIBUTE_ITALIC = 4,
	ATTRIBUTE_UNDERLINE = 8,
	ATTRIBUTE_REVERSE = 16,
};

/* One colour as each kind of terminal has it. */
struct colour {
	int32_t rgb;    /* 0xrrggbb */
	uint8_t of_256; /* 16 to 255: below, users have changed what they look like */
	uint8_t of_16;
};

struct theme_look {
	bool has_ink, has_paper; /* else the terminal's own */
	struct colour ink, paper;
	unsigned attributes;
};

struct theme {
	struct theme_look look[STYLE_SLOTS]; /* by style, and by style | STYLE_SELECTED */
	bool has_colours;              /* any at all */
};

enum { PALETTE_MAX = 64, PALETTE_NAME_BYTES = 24 };

/* What the files have said so far. All zeroes is nothing. */
struct theme_rules {
	int layer;
	int n_palette;
	struct palette_entry {
		char name[PALETTE_NAME_BYTES];
		struct colour colour;
		int layer, line;
	} palette[PALETTE_MAX];
	struct style_rule {
		int layer, line;   /* line 0: nothing was said */
		int ink, paper;    /* in the palette, -1 = none */
		unsigned attributes;
	} style[STYLE_SLOTS], any_selected;
};

/* Makes rules those of a shipped theme; false: there is none of that name. */
typedef bool theme_over_fn(struct theme_rules *rules, const char *name);

/*
 * Lays a file (text of any content, named file in faults) over what is there. Each faulty line is
 * said and left out. Where it says "over = NAME" it lies over that theme instead, which over()
 * finds. Returns the number of faults.
 */
int theme_read(struct theme_rules *rules, const char *file, const char *text, size_t len,
               theme_over_fn *over, const struct fault_sink *faults);
/* theme_look.c: what they come to. */
void theme_resolve(const struct theme_rules *rules, struct theme *theme);

/* How many colours a terminal has. */
enum depth { DEPTH_MONO = 2, DEPTH_8 = 8, DEPTH_16 = 16, DEPTH_256 = 256, DEPTH_DIRECT = 1 << 24 };

/* What a terminal of a depth is told: colours by its own numbers, -1 = its own default. */
struct appearance {
	int32_t ink, paper;
	unsigned attributes;
};

struct appearance theme_appearance(const struct theme_look *look, enum depth depth);

#endif
