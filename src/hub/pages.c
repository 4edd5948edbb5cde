/*
 * Pages: raised in the transaction of the check that needs one, stepped by the core's rules, sent
 * through the outbox. Automatic pages that fall together are one page with one list (SERVICE.md
 * policy: incident, and after a hub start).
 */
#include "hub/inside.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/*
 * The chain of one area: contacts with a step whose area is this one or every one, in their order.
 */
struct chain {
	const char *area;
	int32_t n;
	struct contact_row contact[CHAIN_MAX];
};

static bool add_to_chain(void *arg, const struct contact_row *contact)
{
	struct chain *chain = arg;
	bool here = contact->area[0] == '\0' || strcmp(contact->area, chain->area) == 0;

	if (contact->step >= 0 && here && chain->n < CHAIN_MAX)
		chain->contact[chain->n++] = *contact;
	return true;
}

static enum err chain_of(struct hub *hub, const char *area, struct chain *chain)
{
	*chain = (struct chain){.area = area};
	return hub->store->contacts(hub->store->impl, add_to_chain, chain);
}

static bool find_sending(void *arg, const struct outbox_row *row)
{
	struct outbox_row *wanted = arg;

	if (row->kind == OUTBOX_PAGE && row->subject == wanted->subject)
		wanted->id = row->id;
	return wanted->id == 0;
}

/*
 * Names the person of the present step, and puts the sending into the outbox: in the place of one
 * that has not left yet (a death came in between, or help is needed in the same moment), so that
 * nobody is called twice for it.
 */
static enum err queue_sending(struct hub *hub, struct page *page)
{
	struct outbox_row row = {.kind = OUTBOX_PAGE,
	                         .subject = page->number,
	                         .created_ms = hub->now.utc_ms,
	                         .next_at = hub->now.utc_ms};
	struct chain chain;
	enum err r = chain_of(hub, page->area, &chain);

	if (r == ERR_OK)
		r = hub->store->outbox(hub->store->impl, find_sending, &row);
	if (r != ERR_OK)
		return r;
	/* An import may have changed the chain since the page was raised. */
	page->steps = chain.n;
	/*
	 * Without a chain nobody can be woken by the hub: the page stands, the alarm says whom to
	 * call.
	 */
	if (chain.n == 0)
		return ERR_OK;
	memcpy(page->contact, chain.contact[page->step < chain.n ? page->step : chain.n - 1].id,
	       ID_MAX);
	memcpy(row.name, page->contact, sizeof row.name);
	return hub->store->outbox_put(hub->store->impl, &row);
}

static enum err log_page(struct hub *hub, const struct page *page, const char *what,
                         const char *contact)
{
	struct log_event entry = hub_event(hub, LOG_PAGE_STATE, NULL);

	entry.page = page->number;
	log_event_text(&entry, "state", what);
	if (contact != NULL && contact[0] != '\0')
		log_event_text(&entry, "contact", contact);
	return hub_log(hub, &entry, NULL);
}

static enum err save(struct hub *hub, struct page *page)
{
	enum err r = hub->store->page_put(hub->store->impl, page);

	if (r == ERR_OK)
		hub_note(hub, AFTER_PAGE, page->number, "");
	return r;
}

struct finding_list {
	const struct hub *hub;
	const char *area;
	int64_t number;
};

static bool is_of_this_entry(const struct hub *hub, int64_t number)
{
	const int64_t *ours = hub->automatic_pages.items;

	for (size_t i = 0; i < hub->automatic_pages.n; i++)
		if (ours[i] == number)
			return true;
	return false;
}

static bool find_list(void *arg, const struct page *page)
{
	struct finding_list *f = arg;

	if (strcmp(page->area, f->area) == 0
	    && (page->held || is_of_this_entry(f->hub, page->number)))
		f->number = page->number;
	return f->number == 0;
}

/*
 * The area's list that waits for the consoles' journals after a hub start, or the one of this
 * entry.
 */
static int64_t automatic_list(struct hub *hub, const struct check *check)
{
	struct finding_list f = {.hub = hub, .area = check->area};

	return hub->store->pages_open(hub->store->impl, find_list, &f) == ERR_OK ? f.number : 0;
}

/* A page that this check may join: its couple's, or the list that automatic causes share. */
static int64_t page_to_join(struct hub *hub, const struct check *check, bool automatic)
{
	struct check other;
	struct page page;
	int64_t number = 0;

	if (check->pair != 0
	    && hub->store->check_get(hub->store->impl, check->pair, &other) == ERR_OK
	    && other.state == CHECK_PATROL && other.look == check->look)
		number = other.page;
	if (number == 0 && automatic)
		number = automatic_list(hub, check);
	if (number == 0 || hub->store->page_get(hub->store->impl, number, &page) != ERR_OK)
		return 0;
	if (page.state == PAGE_CLOSED || strcmp(page.area, check->area) != 0)
		return 0;
	return number;
}

static bool hold_applies(const struct hub *hub, bool automatic)
{
	return automatic
	    && hub->now.utc_ms < hub->started_ms + hub->settings.policy.restart_hold_ms;
}

static enum err raise_new(struct hub *hub, struct check *check, const struct effect *effect,
                          bool automatic, struct page *page)
{
	int64_t hold = hold_applies(hub, automatic)
	               ? hub->started_ms + hub->settings.policy.restart_hold_ms : 0;
	struct chain chain;
	enum err r = chain_of(hub, check->area, &chain);

	if (r != ERR_OK)
		return r;
	*page = page_new(check, effect->cause, effect->urgent, chain.n, &hub->now, hold,
	                 &hub->settings.policy);
	r = hub->store->page_put(hub->store->impl, page);
	if (r != ERR_OK)
		return r;
	if (automatic)
		*(int64_t *)list_add(&hub->automatic_pages, sizeof(int64_t)) = page->number;
	/* Its first step is due at once, unless it is held. */
	hub_note(hub, AFTER_PAGE, page->number, "");
	return page_step_row(hub, page->number, &(struct page_event){.kind = PAGE_EV_TICK}, NULL);
}

enum err page_raise(struct hub *hub, struct check *check, const struct effect *effect,
                    const struct check_event *event, bool automatic)
{
	int64_t number = page_to_join(hub, check, automatic);
	struct log_event entry;
	struct page page;
	enum err r;

	if (number == 0) {
		r = raise_new(hub, check, effect, automatic, &page);
	} else {
		page.number = number;
		r = effect->urgent ? page_step_row(
			    hub, number, &(struct page_event){.kind = PAGE_EV_URGENT}, NULL)
		                   : ERR_OK;
	}
	if (r != ERR_OK)
		return r;
	check->page = page.number;
	entry = hub_event(hub, LOG_PAGED, check);
	if (!automatic)
		memcpy(entry.actor, event->operator_id,
		       strnlen(event->operator_id, ID_MAX - 1) + 1);
	log_event_text(&entry, "cause", check_cause_name(effect->cause));
	log_event_text(&entry, "by", automatic ? "service" : event->operator_id);
	if (event->kind == EVENT_PAGE)
		log_event_text(&entry, "reason", event->reason);
	return hub_log(hub, &entry, NULL);
}

enum err page_step_row(struct hub *hub, int64_t number, const struct page_event *event,
                       enum refusal *refusal)
{
	struct page_effects effects;
	struct page page, before;
	enum refusal refused;
	enum err r = hub->store->page_get(hub->store->impl, number, &page);

	if (refusal != NULL)
		*refusal = r == ERR_NOT_FOUND ? REFUSE_UNKNOWN : REFUSE_NO;
	if (r != ERR_OK)
		return r == ERR_NOT_FOUND ? ERR_OK : r;
	before = page;
	refused = page_step(&page, event, &hub->now, &hub->settings.policy, &effects);
	if (refusal != NULL)
		*refusal = refused;
	if (refused != REFUSE_NO)
		return ERR_OK;
	for (int i = 0; i < effects.n && r == ERR_OK; i++)
		if (effects.effect[i].kind == PAGE_SEND)
			r = queue_sending(hub, &page);
	if (r == ERR_OK && (page.state != before.state || page.step != before.step
	                    || page.trouble != before.trouble || page.silent != before.silent
	                    || event->kind == PAGE_EV_FAILED))
		r = log_page(hub, &page,
		             event->kind == PAGE_EV_FAILED     ? "failed"
		             : page.silent && !before.silent   ? "silent"
		             : page.trouble && !before.trouble ? "trouble"
		                                               : page_state_name(page.state),
		             event->contact != NULL ? event->contact : page.contact);
	return r == ERR_OK ? save(hub, &page) : r;
}

static bool any_open(void *arg, const struct check *check)
{
	bool *open = arg;

	*open = *open || check->state != CHECK_CLOSED;
	return !*open;
}

enum err page_check_closed(struct hub *hub, int64_t number)
{
	bool open = false;
	enum err r = hub->store->checks_of_page(hub->store->impl, number, any_open, &open);

	if (r != ERR_OK || open)
		return r;
	return page_step_row(hub, number, &(struct page_event){.kind = PAGE_EV_SEEN_ALL}, NULL);
}

static bool collect(void *arg, const struct page *page)
{
	*(int64_t *)list_add(arg, sizeof(int64_t)) = page->number;
	return true;
}

static void step_pages(struct hub *hub, struct list *numbers, enum page_event_kind kind)
{
	const int64_t *number = numbers->items;

	for (size_t i = 0; i < numbers->n && !hub->failed; i++) {
		if (hub_begin(hub) != ERR_OK)
			break;
		if (page_step_row(hub, number[i], &(struct page_event){.kind = kind}, NULL)
		    == ERR_OK) {
			hub_commit(hub);
		} else {
			hub_abort(hub);
			hub->failed = true;
		}
	}
	free(numbers->items);
}

void pages_restart(struct hub *hub)
{
	struct list numbers = {0};

	if (hub->store->pages_open(hub->store->impl, collect, &numbers) != ERR_OK)
		hub->failed = true;
	step_pages(hub, &numbers, PAGE_EV_RESTART);
}

void pages_tick(struct hub *hub)
{
	struct list numbers = {0};

	if (hub->store->pages_due(hub->store->impl, hub->now.utc_ms, collect, &numbers) != ERR_OK)
		hub->failed = true;
	step_pages(hub, &numbers, PAGE_EV_TICK);
}
