/* The latest lines, the oldest first. */
#include "console/messages.h"

#include "base/text.h"

#include <string.h>

static void remove_line(struct messages *messages, int at)
{
	messages->n--;
	memmove(messages->line[at], messages->line[at + 1],
	        (size_t)(messages->n - at) * sizeof messages->line[0]);
}

void messages_add(struct messages *messages, const char *line)
{
	char clean[FAULT_LINE_BYTES];

	text_clean(clean, sizeof clean, line);
	for (int i = messages->n - 1; i >= 0; i--)
		if (text_equal(messages->line[i], clean))
			remove_line(messages, i);
	if (messages->n == MESSAGES_MAX)
		remove_line(messages, 0);
	memcpy(messages->line[messages->n++], clean, sizeof clean);
}

static void say(void *arg, const char *line)
{
	messages_add(arg, line);
}

struct fault_sink messages_sink(struct messages *messages)
{
	return (struct fault_sink){say, messages};
}
