/*
 * How many columns text takes on a terminal. Own tables, so that the same text has the same width
 * under every locale and in every test.
 */
#ifndef TILLSYN_CONSOLE_WIDTH_H
#define TILLSYN_CONSOLE_WIDTH_H

#include <stddef.h>
#include <stdint.h>

/* 0 for a mark that joins the character before it, 2 for East Asian wide ones, else 1. */
int width_of(uint32_t code_point);
/* Of clean UTF-8. */
int width_text(const char *text);

#endif
