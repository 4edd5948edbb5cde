/*
 * Waking a person: one struct of functions a channel. The hub writes the row first; send() only
 * starts, what became of it comes back as an event with the page's number (twice, late or never).
 */
#ifndef TILLSYN_PAGER_PAGER_H
#define TILLSYN_PAGER_PAGER_H

#include "base/err.h"
#include "base/limits.h"
#include "core/page.h"

#include <stdint.h>

struct pager_message {
	int64_t page;              /* the number that the text carries, the same at every sending */
	int32_t step;
	bool urgent;
	char contact[ID_MAX];
	char phone[PHONE_MAX];
	char text[REASON_MAX_BYTES]; /* number, local time with offset, where to look it up; no name, no address */
};

/*
 * From the channel: submitted, at network, delivered, failed; acknowledged where replies come back.
 */
typedef void pager_event_fn(void *arg, int64_t page, enum page_event_kind kind,
                            const char *contact);

struct pager {
	void *impl;
	/* ERR_OK: taken for sending. Anything else counts as PAGE_EV_FAILED. */
	enum err (*send)(void *impl, const struct pager_message *message);
	void (*free)(void *impl);
};

/*
 * Takes every message and reports it submitted, at network and delivered at once; keeps the last
 * for a test to read.
 */
enum err pager_fake(struct pager *pager, pager_event_fn *event, void *arg);
/* What the fake sent so far, and its latest message. */
int64_t pager_fake_sent(const struct pager *pager, struct pager_message *last);
/* A fake that is out of reach takes nothing. */
void pager_fake_reach(struct pager *pager, bool reachable);

/* No channel: every sending fails, and operators call by hand. */
void pager_manual(struct pager *pager);

#endif
