/*
 * What a cell means. Views ask for a meaning, never for a colour; themes/NAME.theme says by name
 * what each looks like. A name's part before the last dot is its parent, which it falls back to;
 * text is the parent of all.
 */
#ifndef TILLSYN_CONSOLE_STYLE_H
#define TILLSYN_CONSOLE_STYLE_H

#include <stdbool.h>
#include <stddef.h>

enum style {
	STYLE_TEXT,
	STYLE_FAINT,    /* rules, what can wait */
	STYLE_STRONG,   /* names, the mark of the focused row */
	STYLE_TITLE,    /* section and screen titles */
	STYLE_KEY,      /* a key that can be pressed now */
	STYLE_ALARM,    /* the parent of the alarms */
	STYLE_HIGH,
	STYLE_HIGH_OFF, /* the other half of its flash */
	STYLE_MEDIUM,
	STYLE_MEDIUM_OFF,
	STYLE_LOW,
	STYLE_LOST,     /* the line that says that the hub is not reachable */
	STYLE_FORECAST, /* more falls due than can be looked at */
	STYLE_NOTICE,   /* an answer of the program to what was just pressed */
	STYLE_PROMPT,
	STYLE_BAR,      /* the countdown */
	STYLE_DEMO,
	STYLE_CHECK,    /* the parent of the rows, by where their check stands: */
	STYLE_CHECK_DUE,
	STYLE_CHECK_LATE,
	STYLE_CHECK_RECHECK,
	STYLE_CHECK_FAULT,
	STYLE_CHECK_PATROL,
	STYLE_CHECK_COMING,
	STYLE_CHECK_DONE,
	STYLES,
};

/* Added to a style: the row that the cursor is on. */
enum { STYLE_SELECTED = 64, STYLE_SLOTS = 2 * STYLE_SELECTED };
_Static_assert((int)STYLES <= (int)STYLE_SELECTED, "a style and its selection fit in a byte");

/* As a theme has it: "check.late". */
const char *style_name(enum style style);
/* STYLES: there is none of that name (len bytes). */
enum style style_by_name(const char *name, size_t len);
/* What it falls back to; text is its own parent. */
enum style style_parent(enum style style);
enum style style_selected(enum style style, bool selected);

#endif
