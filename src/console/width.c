/*
 * Column widths: combining marks and East Asian wide ranges (Unicode 15, EastAsianWidth W and F).
 */
#include "console/width.h"

#include "base/text.h"

#include <string.h>

struct range {
	uint32_t first, last;
};

static const struct range joining[] = {
	{0x0300, 0x036f}, {0x0483, 0x0489}, {0x0591, 0x05bd}, {0x05bf, 0x05bf}, {0x05c1, 0x05c2},
	{0x05c4, 0x05c5}, {0x0610, 0x061a}, {0x064b, 0x065f}, {0x0670, 0x0670}, {0x06d6, 0x06dc},
	{0x06df, 0x06e4}, {0x0900, 0x0902}, {0x093c, 0x093c}, {0x0941, 0x0948}, {0x094d, 0x094d},
	{0x0e31, 0x0e31}, {0x0e34, 0x0e3a}, {0x0e47, 0x0e4e}, {0x1ab0, 0x1aff}, {0x1dc0, 0x1dff},
	{0x20d0, 0x20ff}, {0x302a, 0x302d}, {0x3099, 0x309a}, {0xfe00, 0xfe0f}, {0xfe20, 0xfe2f},
};

static const struct range wide[] = {
	{0x1100, 0x115f},   {0x2e80, 0x303e},   {0x3041, 0x33ff},   {0x3400, 0x4dbf},
	{0x4e00, 0x9fff},   {0xa000, 0xa4cf},   {0xa960, 0xa97f},   {0xac00, 0xd7a3},
	{0xf900, 0xfaff},   {0xfe30, 0xfe6f},   {0xff00, 0xff60},   {0xffe0, 0xffe6},
	{0x1f300, 0x1f64f}, {0x1f680, 0x1f6ff}, {0x1f900, 0x1f9ff}, {0x20000, 0x3fffd},
};

static int is_in(const struct range *range, size_t n, uint32_t c)
{
	for (size_t i = 0; i < n && range[i].first <= c; i++)
		if (c <= range[i].last)
			return 1;
	return 0;
}

int width_of(uint32_t code_point)
{
	if (code_point < 0x0300)
		return 1;
	if (is_in(joining, sizeof joining / sizeof *joining, code_point))
		return 0;
	return is_in(wide, sizeof wide / sizeof *wide, code_point) ? 2 : 1;
}

int width_text(const char *text)
{
	size_t len = strlen(text);
	int width = 0;

	while (len > 0) {
		uint32_t c = 0;
		size_t n = text_decode(text, len, &c);

		if (n == 0)
			break;
		width += width_of(c);
		text += n;
		len -= n;
	}
	return width;
}
