/*
 * What a sixel terminal has on its screen after reading a drawing. Greys are what the drawing itself says
 * of its colours, in hundredths, as a terminal has no other way to know them.
 */
#ifndef TILLSYN_TESTS_PICTURE_SIXEL_H
#define TILLSYN_TESTS_PICTURE_SIXEL_H

#include "base/buf.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SIXEL_COLOURS 64

struct screen {
	int32_t width, height;
	int shade[SIXEL_COLOURS]; /* -1: not defined */
	int16_t *grey;            /* -1: never painted; the caller frees it */
};

static int number(const char **at)
{
	return (int)strtol(*at, (char **)at, 10);
}

static void paint(struct screen *screen, int32_t x, int32_t y, int bits, int shade)
{
	for (int32_t i = 0; i < 6; i++) {
		if ((bits >> i & 1) == 0)
			continue;
		assert_in_range(x, 0, screen->width - 1);
		assert_in_range(y + i, 0, screen->height - 1);
		screen->grey[(y + i) * screen->width + x] = (int16_t)shade;
	}
}

/* "#n" chooses a colour, "#n;2;r;g;b" defines it; returns which. */
static int read_colour(const char **at, struct screen *screen)
{
	int colour = number(at), red, green, blue, end = 0;

	assert_in_range(colour, 0, SIXEL_COLOURS - 1);
	if (**at != ';')
		return colour;
	assert_int_equal(sscanf(*at, ";2;%d;%d;%d%n", &red, &green, &blue, &end), 3);
	assert_in_range(red, 0, 100);
	assert_true(red == green && green == blue);
	screen->shade[colour] = (red * 255 + 50) / 100;
	*at += end;
	return colour;
}

static void read_bands(const char *at, struct screen *screen)
{
	int32_t x = 0, y = 0;
	int colour = 0, n;

	while (*at != '\033') {
		char c = *at++;

		n = 1;
		if (c == '#') {
			colour = read_colour(&at, screen);
			continue;
		}
		if (c == '$' || c == '-') {
			x = 0;
			y += c == '-' ? 6 : 0;
			continue;
		}
		if (c == '!') {
			n = number(&at);
			c = *at++;
		}
		assert_in_range(c, '?', '~');
		assert_int_not_equal(screen->shade[colour], -1);
		for (int i = 0; i < n; i++)
			paint(screen, x++, y, c - '?', screen->shade[colour]);
	}
	assert_memory_equal(at, "\033\\", 2);
}

static struct screen read_sixel(const struct buf *out)
{
	struct screen screen = {0};
	const char *at = strstr((const char *)out->data, "\033P");
	int end = 0;

	assert_non_null(at);
	assert_int_equal(sscanf(at, "\033P0;1;0q\"1;1;%d;%d%n", &screen.width, &screen.height, &end), 2);
	assert_int_not_equal(end, 0);
	screen.grey = malloc((size_t)screen.width * (size_t)screen.height * sizeof *screen.grey);
	assert_non_null(screen.grey);
	memset(screen.grey, 0xff, (size_t)screen.width * (size_t)screen.height * sizeof *screen.grey);
	memset(screen.shade, 0xff, sizeof screen.shade);
	read_bands(at + end, &screen);
	return screen;
}

#endif
