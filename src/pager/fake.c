/*
 * A channel that reaches everybody at once and nobody at all: for the demonstration and for tests.
 * What it took is counted and the last message kept, so that a test can read what a person would
 * have read.
 */
#include "pager/pager.h"

#include <assert.h>
#include <stdlib.h>

struct fake {
	pager_event_fn *event;
	void *arg;
	bool reachable;
	int64_t sent;
	struct pager_message last;
};

/* The message is remembered before anything is reported: an event may lead to the next sending. */
static enum err fake_send(void *impl, const struct pager_message *message)
{
	static const enum page_event_kind kinds[] = {PAGE_EV_SUBMITTED, PAGE_EV_AT_NETWORK,
	                                             PAGE_EV_DELIVERED};
	struct fake *fake = impl;
	struct pager_message taken = *message;

	if (!fake->reachable)
		return ERR_CLOSED;
	fake->sent++;
	fake->last = taken;
	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
		fake->event(fake->arg, taken.page, kinds[i], taken.contact);
	return ERR_OK;
}

enum err pager_fake(struct pager *pager, pager_event_fn *event, void *arg)
{
	struct fake *fake = calloc(1, sizeof *fake);

	if (fake == NULL)
		return ERR_MEMORY;
	*fake = (struct fake){.event = event, .arg = arg, .reachable = true};
	*pager = (struct pager){.impl = fake, .send = fake_send, .free = free};
	return ERR_OK;
}

int64_t pager_fake_sent(const struct pager *pager, struct pager_message *last)
{
	const struct fake *fake = pager->impl;

	assert(pager->send == fake_send);
	if (last != NULL)
		*last = fake->last;
	return fake->sent;
}

void pager_fake_reach(struct pager *pager, bool reachable)
{
	struct fake *fake = pager->impl;

	assert(pager->send == fake_send);
	fake->reachable = reachable;
}
