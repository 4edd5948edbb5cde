/* The names of the meanings. */
#include "console/style.h"

#include <string.h>

static const char *const names[STYLES] = {
	[STYLE_TEXT] = "text",
	[STYLE_FAINT] = "faint",
	[STYLE_STRONG] = "strong",
	[STYLE_TITLE] = "title",
	[STYLE_KEY] = "key",
	[STYLE_ALARM] = "alarm",
	[STYLE_HIGH] = "alarm.high",
	[STYLE_HIGH_OFF] = "alarm.high.off",
	[STYLE_MEDIUM] = "alarm.medium",
	[STYLE_MEDIUM_OFF] = "alarm.medium.off",
	[STYLE_LOW] = "alarm.low",
	[STYLE_LOST] = "lost",
	[STYLE_FORECAST] = "forecast",
	[STYLE_NOTICE] = "notice",
	[STYLE_PROMPT] = "prompt",
	[STYLE_BAR] = "countdown",
	[STYLE_DEMO] = "demo",
	[STYLE_CHECK] = "check",
	[STYLE_CHECK_DUE] = "check.due",
	[STYLE_CHECK_LATE] = "check.late",
	[STYLE_CHECK_RECHECK] = "check.recheck",
	[STYLE_CHECK_FAULT] = "check.fault",
	[STYLE_CHECK_PATROL] = "check.patrol",
	[STYLE_CHECK_COMING] = "check.coming",
	[STYLE_CHECK_DONE] = "check.done",
};

const char *style_name(enum style style)
{
	return names[style];
}

enum style style_by_name(const char *name, size_t len)
{
	for (int i = 0; i < STYLES; i++)
		if (strlen(names[i]) == len && memcmp(names[i], name, len) == 0)
			return (enum style)i;
	return STYLES;
}

enum style style_parent(enum style style)
{
	const char *dot = strrchr(names[style], '.');

	return dot != NULL ? style_by_name(names[style], (size_t)(dot - names[style])) : STYLE_TEXT;
}

enum style style_selected(enum style style, bool selected)
{
	return selected ? (enum style)(style | STYLE_SELECTED) : style;
}
