/* Contrast as WCAG 2.1 defines it, on the colours that an xterm has as it comes. */
#include "console/theme_contrast.h"

#include <math.h>

#define CONTRAST_MIN 4.5

static double linear(int part)
{
	double c = part / 255.0;

	return c <= 0.04045 ? c / 12.92 : pow((c + 0.055) / 1.055, 2.4);
}

static double luminance(int32_t rgb)
{
	return 0.2126 * linear(rgb >> 16) + 0.7152 * linear(rgb >> 8 & 0xff)
	       + 0.0722 * linear(rgb & 0xff);
}

/* The sixteen, the cube of six levels a side, and the greys. */
static int32_t rgb_of(int32_t number, enum depth depth)
{
	static const int32_t sixteen[] = {
		0x000000, 0xcd0000, 0x00cd00, 0xcdcd00, 0x0000ee, 0xcd00cd, 0x00cdcd, 0xe5e5e5,
		0x7f7f7f, 0xff0000, 0x00ff00, 0xffff00, 0x5c5cff, 0xff00ff, 0x00ffff, 0xffffff,
	};
	static const int level[] = {0, 95, 135, 175, 215, 255};

	if (depth == DEPTH_DIRECT)
		return number;
	if (number < 16)
		return sixteen[number];
	if (number >= 232)
		return (8 + 10 * (number - 232)) * 0x010101;
	number -= 16;
	return level[number / 36] << 16 | level[number / 6 % 6] << 8 | level[number % 6];
}

/* 21 where the terminal's own colours are part of it: nobody here knows them. */
static double contrast(const struct theme_look *look, enum depth depth)
{
	struct appearance a = theme_appearance(look, depth);
	double ink, paper;

	if (a.ink < 0 || a.paper < 0)
		return 21;
	ink = luminance(rgb_of(a.ink, depth));
	paper = luminance(rgb_of(a.paper, depth));
	return (fmax(ink, paper) + 0.05) / (fmin(ink, paper) + 0.05);
}

static bool check_style(const struct theme *theme, int slot, const char *name,
                        const struct fault_sink *faults)
{
	static const enum depth depths[] = {DEPTH_DIRECT, DEPTH_256, DEPTH_16};
	enum depth worst = DEPTH_DIRECT;
	double least = 21;

	for (size_t i = 0; i < sizeof depths / sizeof *depths; i++) {
		double here = contrast(&theme->look[slot], depths[i]);

		if (here < least) {
			least = here;
			worst = depths[i];
		}
	}
	if (least >= CONTRAST_MIN)
		return true;
	fault_say(faults, &(struct fault_place){.file = name},
	          "%s%s: contrast %.1f:1 at %d colours, less than %.1f:1",
	          style_name((enum style)(slot % STYLE_SELECTED)),
	          slot >= STYLE_SELECTED ? ".selected" : "", least, (int)worst, CONTRAST_MIN);
	return false;
}

int theme_check_contrast(const struct theme *theme, const char *name,
                         const struct fault_sink *faults)
{
	int n = 0;

	for (int slot = 0; slot < STYLE_SLOTS; slot++)
		if (slot % STYLE_SELECTED < STYLES && !check_style(theme, slot, name, faults))
			n++;
	return n;
}
