/*
 * A page: waking the patrol. A row before it is a message. Only a person's acknowledgement stops
 * the escalation, only "resident seen" from the site closes it (SERVICE.md P10; DESIGN.md, Waking
 * the patrol). One page may carry many checks (a couple, an incident, the list after a restart):
 * checks name their page.
 */
#ifndef TILLSYN_CORE_PAGE_H
#define TILLSYN_CORE_PAGE_H

#include "base/limits.h"
#include "base/now.h"
#include "core/check.h"
#include "core/policy.h"

#include <stdbool.h>
#include <stdint.h>

enum page_state {
	PAGE_QUEUED,
	PAGE_SUBMITTED,    /* the channel took it */
	PAGE_AT_NETWORK,
	PAGE_DELIVERED,
	PAGE_ACKNOWLEDGED, /* by a person: escalation stops */
	PAGE_ON_SITE,
	PAGE_CLOSED,       /* every check of it was reported seen, or it was called off by a recorded call */
	PAGE_STATES,
};

struct page {
	int64_t number;             /* given by the store; what the SMS carries */
	int32_t night;
	enum cause cause;
	bool urgent;                /* needs help: shorter limits, every channel at once */
	char area[ID_MAX];
	enum page_state state;
	int32_t step;               /* index into the chain of who is paged now */
	int32_t steps;              /* length of the chain; the last one repeats */
	char contact[ID_MAX];       /* who is paged now; filled by the hub from the chain */
	char acknowledged_by[ID_MAX];
	bool held;                  /* an automatic page after a hub start: waits until hold_until_ms */
	int64_t hold_until_ms;
	int64_t on_site_limit_ms, unanswered_ms; /* durations, of the agreement or policy */
	int64_t queued_ms, submitted_ms, at_network_ms, delivered_ms, acknowledged_ms, on_site_ms,
		closed_ms;
	int64_t step_ms;            /* when the present step was first sent; 0 = nothing was sent yet */
	bool silent;                /* acknowledged but not on site in time, or on site without a report: high alarm */
	bool trouble;               /* nobody home, no entry, broken off */
	bool repeated;              /* the chain's last step has been repeated: the screen says 112 */
	bool emergency_called;      /* "112 called" was recorded */
	int64_t next_at;
	int64_t decision_version;
};

enum page_event_kind {
	PAGE_EV_TICK,
	PAGE_EV_SUBMITTED,   /* from the channel */
	PAGE_EV_AT_NETWORK,
	PAGE_EV_DELIVERED,
	PAGE_EV_FAILED,
	PAGE_EV_ACKNOWLEDGED,/* by: a contact; from a reply or recorded by an operator */
	PAGE_EV_ON_SITE,
	PAGE_EV_TROUBLE,     /* nobody home, no entry, broken off */
	PAGE_EV_SEEN_ALL,    /* the last of its checks was closed */
	PAGE_EV_URGENT,      /* it became needs-help */
	PAGE_EV_RESEND,      /* operator: again to the same step */
	PAGE_EV_NEXT,        /* operator: the next person */
	PAGE_EV_CALLED,      /* operator: a phone call to a contact, recorded; changes no state */
	PAGE_EV_112,         /* operator: emergency number called */
	PAGE_EV_RESTART,     /* hub start: what was not acknowledged is sent again */
	PAGE_EVENTS,
};

struct page_event {
	enum page_event_kind kind;
	const char *contact;        /* ACKNOWLEDGED, CALLED: who */
};

enum page_effect_kind {
	PAGE_SEND,          /* to the present step (all channels at once when urgent) */
};

struct page_effects {
	int n;
	struct page_effect { enum page_effect_kind kind; } effect[2];
};

/*
 * A queued page for one check's cause, with the limits of its agreement; next_at is at once, or
 * hold_until_ms when that lies ahead. Nothing is sent before its first tick. steps is 0 where
 * nobody can be paged: then it is a high alarm from the first moment.
 */
struct page page_new(const struct check *check, enum cause cause, bool urgent, int32_t steps,
                     const struct now *now, int64_t hold_until_ms, const struct policy *policy);

/*
 * One step. Reports of a channel and records of an operator never fail; what needs an open page
 * gives REFUSE_STATE on a closed one, and changes nothing. Until a person acknowledges there is
 * always a next_at.
 */
enum refusal page_step(struct page *page, const struct page_event *event, const struct now *now,
                       const struct policy *policy, struct page_effects *effects);

/* Unacknowledged or undelivered (medium); silent, trouble, or the chain repeating (high). */
enum alarm page_alarm(const struct page *page, int64_t utc_ms);

const char *page_state_name(enum page_state state);
const char *page_event_name(enum page_event_kind kind);
int page_state_from_name(const char *name);
int page_event_from_name(const char *name);

#endif
