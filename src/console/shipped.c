/* keymaps/, as make has turned it into numbers (see the Makefile, "Shipped files"). */
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
