/* One shape for every fault of a file that people write by hand. */
#include "console/fault.h"

#include "base/text.h"

#include <stdarg.h>
#include <stdio.h>

void fault_say(const struct fault_sink *sink, const struct fault_place *place, const char *format,
               ...)
{
	char where[PATH_MAX_BYTES + 2 * 12], what[NOTE_MAX_BYTES];
	char line[FAULT_LINE_BYTES], clean[FAULT_LINE_BYTES];
	va_list args;

	if (sink == NULL || sink->say == NULL)
		return;
	va_start(args, format);
	vsnprintf(what, sizeof what, format, args);
	va_end(args);
	if (place->line > 0)
		snprintf(where, sizeof where, "%.*s:%d:%d", PATH_MAX_BYTES - 1, place->file,
		         place->line, place->column);
	else
		snprintf(where, sizeof where, "%.*s", PATH_MAX_BYTES - 1, place->file);
	snprintf(line, sizeof line, "%s: %s", where, what);
	text_clean(clean, sizeof clean, line);
	sink->say(sink->arg, clean);
}
