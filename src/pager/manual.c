/*
 * No channel: where a centre has none configured yet, a page must not look as if somebody had been
 * told. Every sending fails, so the page stays queued, the chain moves on, and the consoles show
 * whom to call.
 */
#include "pager/pager.h"

static enum err manual_send(void *impl, const struct pager_message *message)
{
	(void)impl;
	(void)message;
	return ERR_UNSUPPORTED;
}

static void manual_free(void *impl)
{
	(void)impl;
}

void pager_manual(struct pager *pager)
{
	*pager = (struct pager){.send = manual_send, .free = manual_free};
}
