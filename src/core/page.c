/*
 * A page's rules: who is woken next and when, until a person acknowledges, until somebody on site
 * has seen the resident. Like check_step() it is pure and derives when it next needs attention;
 * unlike a check it keeps next_at as state, since a message that is sent again does not restart its
 * step's clock.
 */
#include "core/page.h"

#include "base/text.h"

#include <assert.h>
#include <string.h>

static const char *const state_names[PAGE_STATES] = {
	[PAGE_QUEUED] = "queued",
	[PAGE_SUBMITTED] = "submitted",
	[PAGE_AT_NETWORK] = "at-network",
	[PAGE_DELIVERED] = "delivered",
	[PAGE_ACKNOWLEDGED] = "acknowledged",
	[PAGE_ON_SITE] = "on-site",
	[PAGE_CLOSED] = "closed",
};

static const char *const event_names[PAGE_EVENTS] = {
	[PAGE_EV_TICK] = "tick",
	[PAGE_EV_SUBMITTED] = "submitted",
	[PAGE_EV_AT_NETWORK] = "at-network",
	[PAGE_EV_DELIVERED] = "delivered",
	[PAGE_EV_FAILED] = "failed",
	[PAGE_EV_ACKNOWLEDGED] = "acknowledged",
	[PAGE_EV_ON_SITE] = "on-site",
	[PAGE_EV_TROUBLE] = "trouble",
	[PAGE_EV_SEEN_ALL] = "seen-all",
	[PAGE_EV_URGENT] = "urgent",
	[PAGE_EV_RESEND] = "resend",
	[PAGE_EV_NEXT] = "next",
	[PAGE_EV_CALLED] = "called",
	[PAGE_EV_112] = "112",
	[PAGE_EV_RESTART] = "restart",
};

/* One step in work: the copy that becomes the page if the event is accepted. */
struct step {
	struct page *page;
	const struct page_event *event;
	int64_t now;
	const struct policy *policy;
	struct page_effects *effects;
};

static int64_t earlier(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

static int64_t later(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

/* Nobody has said yes yet: it is still being sent. */
static bool is_calling(const struct page *page)
{
	return page->state < PAGE_ACKNOWLEDGED;
}

/* When the present step is given up for the next one. */
static int64_t unanswered_at(const struct page *page)
{
	return page->step_ms + page->unanswered_ms;
}

/* The chain ends with her: what comes after her turn is her turn again. */
static bool is_last(const struct page *page)
{
	return page->step + 1 >= page->steps;
}

/* To the present step, whose clock began at step_ms. */
static void send(struct step *s)
{
	struct page *page = s->page;
	int64_t again = s->now + s->policy->page_undelivered_ms;

	assert(s->effects->n < (int)(sizeof s->effects->effect / sizeof s->effects->effect[0]));
	s->effects->effect[s->effects->n++].kind = PAGE_SEND;
	page->held = false;
	if (!is_calling(page))
		return;
	page->state = PAGE_QUEUED;
	page->submitted_ms = page->at_network_ms = page->delivered_ms = 0;
	/* A step whose time ran out while the hub was away still gets this one attempt. */
	page->next_at = unanswered_at(page) > s->now ? earlier(unanswered_at(page), again) : again;
	/* Sent anew by a start shortly before, it would be the same person twice in a moment. */
	if (is_last(page))
		page->next_at = later(page->next_at, again);
}

static void begin_step(struct step *s)
{
	s->page->step_ms = s->now;
	send(s);
}

/* The next person; the last one again and again, and then the screen says 112. */
static void next_step(struct step *s)
{
	if (is_last(s->page))
		s->page->repeated = true;
	else
		s->page->step++;
	begin_step(s);
}

static void nothing(struct step *s)
{
	(void)s;
}

static void tick(struct step *s)
{
	struct page *page = s->page;

	if (page->next_at == 0 || s->now < page->next_at)
		return;
	if (!is_calling(page)) {
		page->silent = true;
		page->next_at = 0;
	} else if (page->step_ms == 0) {
		begin_step(s);
	} else if (s->now >= unanswered_at(page)) {
		next_step(s);
	} else {
		send(s);
	}
}

/* Reports of a channel overtake each other: a page never goes back. */
static void reach(struct page *page, enum page_state state, int64_t *at_ms, int64_t now)
{
	if (*at_ms == 0)
		*at_ms = now;
	if (page->state < state)
		page->state = state;
}

static void submitted(struct step *s)
{
	reach(s->page, PAGE_SUBMITTED, &s->page->submitted_ms, s->now);
}

static void at_network(struct step *s)
{
	reach(s->page, PAGE_AT_NETWORK, &s->page->at_network_ms, s->now);
}

static void delivered(struct step *s)
{
	reach(s->page, PAGE_DELIVERED, &s->page->delivered_ms, s->now);
	if (is_calling(s->page) && s->page->step_ms != 0)
		s->page->next_at = is_last(s->page)
		                         ? later(unanswered_at(s->page), s->page->next_at)
		                         : unanswered_at(s->page);
}

/*
 * The channel gave up. It is sent again at the limit that an undelivered page has anyway: sooner
 * would only hammer a gateway that is down, and later would let a known failure wait.
 */
static void failed(struct step *s)
{
	struct page *page = s->page;

	if (!is_calling(page) || page->step_ms == 0)
		return;
	page->state = PAGE_QUEUED;
	page->next_at = earlier(page->next_at, s->now + s->policy->page_undelivered_ms);
}

/* The first to say yes drives: a second one changes nothing. */
static void acknowledged(struct step *s)
{
	struct page *page = s->page;

	if (!is_calling(page))
		return;
	page->state = PAGE_ACKNOWLEDGED;
	page->acknowledged_ms = s->now;
	if (s->event->contact != NULL)
		text_clean(page->acknowledged_by, sizeof page->acknowledged_by, s->event->contact);
	page->held = false;
	page->silent = false;
	page->next_at = s->now + page->on_site_limit_ms;
}

/*
 * Somebody who is there has said yes as well. Silence on site is silence: the same limit runs
 * again.
 */
static void on_site(struct step *s)
{
	struct page *page = s->page;

	acknowledged(s);
	if (page->state == PAGE_ON_SITE)
		return;
	page->state = PAGE_ON_SITE;
	page->on_site_ms = s->now;
	page->silent = false;
	page->next_at = s->now + page->on_site_limit_ms;
}

static void trouble(struct step *s)
{
	on_site(s);
	s->page->trouble = true;
}

static void seen_all(struct step *s)
{
	s->page->state = PAGE_CLOSED;
	s->page->closed_ms = s->now;
	s->page->held = false;
	s->page->next_at = 0;
}

/* The limits shorten for what already runs, and nothing that waited waits longer. */
static void urgent(struct step *s)
{
	struct page *page = s->page;

	if (page->urgent)
		return;
	page->urgent = true;
	page->unanswered_ms = earlier(page->unanswered_ms, s->policy->help_unanswered_ms);
	page->on_site_limit_ms = earlier(page->on_site_limit_ms, s->policy->help_on_site_ms);
	if (is_calling(page))
		begin_step(s);
	else if (page->next_at != 0)
		page->next_at = earlier(page->next_at, later(s->now, page->state == PAGE_ON_SITE
			? page->on_site_ms + page->on_site_limit_ms
			: page->acknowledged_ms + page->on_site_limit_ms));
}

static void resend(struct step *s)
{
	if (s->page->step_ms == 0)
		begin_step(s);
	else
		send(s);
}

/* Whoever said yes is not coming: somebody else has to say it. */
static void next(struct step *s)
{
	struct page *page = s->page;

	if (!is_calling(page)) {
		page->state = PAGE_QUEUED;
		page->acknowledged_ms = 0;
		page->acknowledged_by[0] = '\0';
		page->on_site_ms = 0;
	}
	if (page->step_ms == 0)
		begin_step(s);
	else
		next_step(s);
}

static void emergency(struct step *s)
{
	s->page->emergency_called = true;
}

/*
 * Sent again with the same number, since nobody knows whether it left. The step's clock goes on, so
 * that a hub that keeps restarting still reaches the next person. A page that is held goes when its
 * time comes.
 */
static void restart(struct step *s)
{
	if (is_calling(s->page) && s->page->step_ms != 0)
		send(s);
}

typedef void handler(struct step *);

/* What each event does while the page is open, and whether it means anything once it is closed. */
static const struct {
	handler *open;
	handler *closed; /* NULL = refused */
} handlers[PAGE_EVENTS] = {
	[PAGE_EV_TICK] = {tick, nothing},
	[PAGE_EV_SUBMITTED] = {submitted, nothing},
	[PAGE_EV_AT_NETWORK] = {at_network, nothing},
	[PAGE_EV_DELIVERED] = {delivered, nothing},
	[PAGE_EV_FAILED] = {failed, nothing},
	[PAGE_EV_ACKNOWLEDGED] = {acknowledged, nothing},
	[PAGE_EV_ON_SITE] = {on_site, NULL},
	[PAGE_EV_TROUBLE] = {trouble, NULL},
	[PAGE_EV_SEEN_ALL] = {seen_all, nothing},
	[PAGE_EV_URGENT] = {urgent, NULL},
	[PAGE_EV_RESEND] = {resend, NULL},
	[PAGE_EV_NEXT] = {next, NULL},
	[PAGE_EV_CALLED] = {nothing, nothing},
	[PAGE_EV_112] = {emergency, emergency},
	[PAGE_EV_RESTART] = {restart, nothing},
};

struct page page_new(const struct check *check, enum cause cause, bool urgent, int32_t steps,
                     const struct now *now, int64_t hold_until_ms, const struct policy *policy)
{
	struct page page = {
		.night = check->night,
		.cause = cause,
		.urgent = urgent,
		.steps = steps,
		.held = hold_until_ms > now->utc_ms,
		.on_site_limit_ms = check->on_site_ms,
		.unanswered_ms = check->page_unanswered_ms,
		.queued_ms = now->utc_ms,
		.decision_version = 1,
	};

	assert(steps >= 0 && steps <= CHAIN_MAX);
	memcpy(page.area, check->area, sizeof page.area);
	page.hold_until_ms = page.held ? hold_until_ms : 0;
	page.next_at = page.held ? hold_until_ms : now->utc_ms;
	if (urgent) {
		page.on_site_limit_ms = earlier(page.on_site_limit_ms, policy->help_on_site_ms);
		page.unanswered_ms = earlier(page.unanswered_ms, policy->help_unanswered_ms);
	}
	return page;
}

/* What an operator decides by; a delivery report is not among it. */
static bool looks_the_same(const struct page *a, const struct page *b)
{
	return is_calling(a) == is_calling(b) && (is_calling(a) || a->state == b->state)
	       && a->step == b->step && a->urgent == b->urgent && a->silent == b->silent
	       && a->trouble == b->trouble && a->repeated == b->repeated
	       && a->emergency_called == b->emergency_called;
}

enum refusal page_step(struct page *page, const struct page_event *event, const struct now *now,
                       const struct policy *policy, struct page_effects *effects)
{
	struct page next_page = *page;
	struct step step = {&next_page, event, now->utc_ms, policy, effects};
	handler *handle;

	assert((int)event->kind >= 0 && event->kind < PAGE_EVENTS);
	effects->n = 0;
	handle = page->state == PAGE_CLOSED ? handlers[event->kind].closed
	                                    : handlers[event->kind].open;
	if (handle == NULL)
		return REFUSE_STATE;
	handle(&step);
	if (!looks_the_same(page, &next_page))
		next_page.decision_version++;
	*page = next_page;
	return REFUSE_NO;
}

enum alarm page_alarm(const struct page *page, int64_t utc_ms)
{
	bool overdue = page->next_at != 0 && utc_ms >= page->next_at;

	if (page->state == PAGE_CLOSED)
		return ALARM_NONE;
	if (page->silent || page->trouble)
		return ALARM_HIGH;
	if (is_calling(page))
		return page->repeated || page->steps == 0 ? ALARM_HIGH : ALARM_MEDIUM;
	return overdue ? ALARM_HIGH : ALARM_NONE;
}

const char *page_state_name(enum page_state state)
{
	assert((int)state >= 0 && state < PAGE_STATES);
	return state_names[state];
}

const char *page_event_name(enum page_event_kind kind)
{
	assert((int)kind >= 0 && kind < PAGE_EVENTS);
	return event_names[kind];
}

static int from_name(const char *const *names, int n, const char *name)
{
	for (int i = 0; i < n; i++)
		if (text_equal(names[i], name))
			return i;
	return -1;
}

int page_state_from_name(const char *name)
{
	return from_name(state_names, PAGE_STATES, name);
}

int page_event_from_name(const char *name)
{
	return from_name(event_names, PAGE_EVENTS, name);
}
