/*
 * Names as people read them: in the order of a Swedish telephone list, and found by whoever types
 * part of one, whether or not the keyboard has its letters.
 */
#ifndef TILLSYN_CONSOLE_NAMES_H
#define TILLSYN_CONSOLE_NAMES_H

#include <stdbool.h>
#include <stdint.h>

/* The ASCII letter beneath a Latin one ("O" of "Ö"); 0 for what has none. */
char names_plain(uint32_t c);
/* Below, at or above 0, as strcmp(): without regard to case, å ä ö after z. */
int names_compare(const char *a, const char *b);
/* Part of the name is what was typed: a letter without a mark also finds one with it. */
bool names_match(const char *name, const char *typed);

#endif
