/* keymaps/ and themes/, as make has turned it into numbers (see the Makefile, "Shipped files"). */
#include "console/shipped.h"

static const unsigned char keymap_of_default[] = {
#include "console/default.keys.inc"
};
static const unsigned char keymap_of_vi[] = {
#include "console/vi.keys.inc"
};
static const unsigned char keymap_of_function[] = {
#include "console/function.keys.inc"
};

const struct shipped shipped_keymaps[] = {
	{"default", keymap_of_default, sizeof keymap_of_default},
	{"vi", keymap_of_vi, sizeof keymap_of_vi},
	{"function", keymap_of_function, sizeof keymap_of_function},
	{0},
};

static const unsigned char theme_of_night[] = {
#include "console/night.theme.inc"
};
static const unsigned char theme_of_paper[] = {
#include "console/paper.theme.inc"
};
static const unsigned char theme_of_contrast[] = {
#include "console/contrast.theme.inc"
};
static const unsigned char theme_of_mono[] = {
#include "console/mono.theme.inc"
};
static const unsigned char theme_of_deutan[] = {
#include "console/deutan.theme.inc"
};

const struct shipped shipped_themes[] = {
	{"night", theme_of_night, sizeof theme_of_night},
	{"paper", theme_of_paper, sizeof theme_of_paper},
	{"contrast", theme_of_contrast, sizeof theme_of_contrast},
	{"mono", theme_of_mono, sizeof theme_of_mono},
	{"deutan", theme_of_deutan, sizeof theme_of_deutan},
	{0},
};
