/* What a theme's rules come to for each meaning, and that at each depth of colour. */
#include "console/theme_file.h"

static void take_colours(const struct theme_rules *rules, const struct style_rule *rule,
                         struct theme_look *look)
{
	if (rule->line != 0 && rule->ink >= 0 && !look->has_ink) {
		look->has_ink = true;
		look->ink = rules->palette[rule->ink].colour;
	}
	if (rule->line != 0 && rule->paper >= 0 && !look->has_paper) {
		look->has_paper = true;
		look->paper = rules->palette[rule->paper].colour;
	}
}

/*
 * The nearest that says an ink, a paper, and attributes; attributes are the nearest rule's alone.
 */
static struct theme_look resolve(const struct theme_rules *rules, enum style style)
{
	struct theme_look look = {0};
	bool has_attributes = false;

	for (;;) {
		const struct style_rule *rule = &rules->style[style];

		take_colours(rules, rule, &look);
		if (rule->line != 0 && !has_attributes) {
			has_attributes = true;
			look.attributes = rule->attributes;
		}
		if (style == STYLE_TEXT)
			return look;
		style = style_parent(style);
	}
}

/* The nearest selected form above a style, or what stands for all. */
static const struct style_rule *selected_rule(const struct theme_rules *rules, enum style style)
{
	for (;; style = style_parent(style)) {
		const struct style_rule *rule = &rules->style[style | STYLE_SELECTED];

		if (rule->line != 0)
			return rule;
		if (style == STYLE_TEXT)
			return &rules->any_selected;
	}
}

/*
 * An alarm keeps its ground on the row that the cursor is on: letters for it need not suit another.
 */
static bool has_own_paper(const struct theme_rules *rules, const struct theme_look *look)
{
	struct theme_look text = resolve(rules, STYLE_TEXT);

	return look->has_paper && (!text.has_paper || look->paper.rgb != text.paper.rgb);
}

static struct theme_look resolve_selected(const struct theme_rules *rules, enum style style)
{
	const struct style_rule *rule = selected_rule(rules, style);
	struct theme_look look = {0}, base = resolve(rules, style);

	if (rule->line == 0)
		return base;
	if (rule != &rules->any_selected || !has_own_paper(rules, &base))
		take_colours(rules, rule, &look);
	if (look.has_ink) {
		base.has_ink = true;
		base.ink = look.ink;
	}
	if (look.has_paper) {
		base.has_paper = true;
		base.paper = look.paper;
	}
	/* What is reversed already is turned back, so that an alarm is seen to flash there too. */
	base.attributes ^= rule->attributes & ATTRIBUTE_REVERSE;
	base.attributes |= rule->attributes & ~(unsigned)ATTRIBUTE_REVERSE;
	return base;
}

void theme_resolve(const struct theme_rules *rules, struct theme *theme)
{
	*theme = (struct theme){0};
	for (int i = 0; i < STYLES; i++) {
		enum style style = (enum style)i;

		theme->look[i] = resolve(rules, style);
		theme->look[i | STYLE_SELECTED] = resolve_selected(rules, style);
	}
	for (int i = 0; i < STYLE_SLOTS; i++)
		theme->has_colours |= theme->look[i].has_ink || theme->look[i].has_paper;
}

/* Depths */

/*
 * In ncurses' direct colour the numbers below 8 are the old eight colours, the first of which
 * becomes grey where it is bold.
 */
static int32_t direct(int32_t rgb)
{
	return rgb < 8 ? 0x010101 : rgb;
}

/*
 * Dark grey is black and bold, which many terminals show as black: better too bright than unread.
 */
static int32_t ink_of_8(uint8_t of_16, unsigned *extra)
{
	if (of_16 == 8)
		return 7;
	if (of_16 > 8)
		*extra |= ATTRIBUTE_BOLD;
	return of_16 & 7;
}

static int32_t paper_of_8(uint8_t of_16)
{
	return of_16 == 8 ? 0 : of_16 & 7;
}

static int32_t number(const struct colour *colour, enum depth depth)
{
	switch (depth) {
	case DEPTH_DIRECT:
		return direct(colour->rgb);
	case DEPTH_256:
		return colour->of_256;
	default:
		return colour->of_16;
	}
}

/*
 * Many terminals show a bold one of the first eight as the bright one, which is pale where the
 * paper is the lighter of the two.
 */
static bool bold_pales(const struct appearance *appearance, enum depth depth)
{
	/* Relative luminance of the usual sixteen, in hundredths. */
	static const uint8_t light[16] = {0,  13, 44, 57, 6,  17, 50, 78,
	                                  21, 21, 72, 93, 17, 28, 79, 100};

	return (depth == DEPTH_8 || depth == DEPTH_16) && appearance->ink >= 0
	       && appearance->ink < 8 && appearance->paper >= 0
	       && light[appearance->ink] < light[appearance->paper];
}

struct appearance theme_appearance(const struct theme_look *look, enum depth depth)
{
	struct appearance out = {-1, -1, look->attributes};

	if (depth == DEPTH_MONO)
		return out;
	if (look->has_ink)
		out.ink = depth == DEPTH_8 ? ink_of_8(look->ink.of_16, &out.attributes)
		                           : number(&look->ink, depth);
	if (look->has_paper)
		out.paper = depth == DEPTH_8 ? paper_of_8(look->paper.of_16)
		                             : number(&look->paper, depth);
	/* Two shades that fall together in eight colours. */
	if (depth == DEPTH_8 && out.ink >= 0 && out.ink == out.paper)
		out.ink = out.paper == 0 ? 7 : 0;
	if (bold_pales(&out, depth))
		out.attributes &= ~(unsigned)ATTRIBUTE_BOLD;
	return out;
}
