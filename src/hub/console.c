/* What arrives from consoles: a table from message to handler, and the short handlers. */
#include "hub/inside.h"

#include "wire/rows.h"

#include <string.h>

static void activity(struct hub *hub, struct session *session, const struct wire_message *message)
{
	(void)hub; /* that a key was pressed is noted for every message: hub_message() */
	(void)session;
	(void)message;
}

static void answer_command(struct hub *hub, struct session *session,
                           const struct wire_message *message, enum refusal refusal)
{
	if (refusal == REFUSE_NO)
		send_done(hub, session, message, "");
	else
		send_refused(hub, session, message, refusal);
}

static void release(struct hub *hub, struct session *session, const struct wire_message *message)
{
	struct check_event event = {.kind = EVENT_RELEASE, .operator_id = session->operator_id,
	                            .session = session->id};
	struct check check;
	enum refusal refusal = step_alone(hub, wire_int(message, "check"), &event);

	if (refusal == REFUSE_NO
	    && hub->store->check_get(hub->store->impl, wire_int(message, "check"), &check) == ERR_OK
	    && check.pair != 0
	    && hub->store->check_get(hub->store->impl, check.pair, &check) == ERR_OK
	    && check.session == session->id)
		refusal = step_alone(hub, check.id, &event);
	answer_command(hub, session, message, refusal);
}

/* The patrol without a look. */
static void page(struct hub *hub, struct session *session, const struct wire_message *message)
{
	struct check_event event = {.kind = EVENT_PAGE, .cause = CAUSE_JUDGEMENT,
	                            .decision_version = wire_int(message, "decision_version"),
	                            .operator_id = session->operator_id, .session = session->id,
	                            .reason = wire_text(message, "reason")};

	answer_command(hub, session, message, step_alone(hub, wire_int(message, "check"), &event));
}

static bool by_operator(enum page_event_kind kind)
{
	switch (kind) {
	case PAGE_EV_ACKNOWLEDGED:
	case PAGE_EV_ON_SITE:
	case PAGE_EV_RESEND:
	case PAGE_EV_NEXT:
	case PAGE_EV_CALLED:
	case PAGE_EV_112:
		return true;
	default:
		return false; /* channels and the service itself say the rest */
	}
}

static void page_event(struct hub *hub, struct session *session, const struct wire_message *message)
{
	int kind = page_event_from_name(wire_text(message, "event"));
	struct page_event event = {
		.kind = kind < 0 ? PAGE_EV_TICK : (enum page_event_kind)kind,
		.contact = wire_has(message, "contact") ? wire_text(message, "contact") : NULL};
	struct contact_row contact;
	enum refusal refusal = REFUSE_UNKNOWN;
	enum err r = ERR_OK;

	if (kind < 0 || !by_operator(event.kind)
	    || (event.contact != NULL
	        && hub->store->contact_get(hub->store->impl, event.contact, &contact) != ERR_OK)) {
		send_refused(hub, session, message, REFUSE_UNKNOWN);
		return;
	}
	if (hub_begin(hub) != ERR_OK)
		return;
	r = page_step_row(hub, wire_int(message, "page"), &event, &refusal);
	if (r == ERR_OK && refusal == REFUSE_NO) {
		struct log_event entry = hub_event(hub, LOG_PAGE_CALL, NULL);

		memcpy(entry.actor, session->operator_id, sizeof entry.actor);
		entry.page = wire_int(message, "page");
		log_event_text(&entry, "state", page_event_name(event.kind));
		if (event.contact != NULL)
			log_event_text(&entry, "contact", event.contact);
		r = hub_log(hub, &entry, NULL);
	}
	if (r == ERR_OK && refusal == REFUSE_NO) {
		hub_commit(hub);
	} else {
		hub_abort(hub);
		hub->failed = hub->failed || r != ERR_OK;
	}
	answer_command(hub, session, message, refusal);
}

static const struct report {
	const char *name;
	bool seen;
} reports[] = {
	{"well", true}, {"helped", true}, {"ambulance", true},
	{"nobody-home", false}, {"no-entry", false}, {"broken-off", false},
};

static const struct report *report_by_name(const char *name)
{
	for (size_t i = 0; i < sizeof reports / sizeof reports[0]; i++)
		if (strcmp(reports[i].name, name) == 0)
			return &reports[i];
	return NULL;
}

/* Who on site said it, beside the operator who wrote it down. */
static enum err log_caller(struct hub *hub, const struct session *session,
                           const struct check *check, const char *contact, const char *report)
{
	struct log_event entry = hub_event(hub, LOG_PAGE_CALL, check);

	memcpy(entry.actor, session->operator_id, sizeof entry.actor);
	log_event_text(&entry, "state", report);
	log_event_text(&entry, "contact", contact);
	return hub_log(hub, &entry, NULL);
}

/* What somebody on site reports about one resident; only "resident seen" closes. */
static void site_report(struct hub *hub, struct session *session,
                        const struct wire_message *message)
{
	const struct report *report = report_by_name(wire_text(message, "report"));
	struct check_event event = {.operator_id = session->operator_id, .session = session->id};
	enum refusal refusal = REFUSE_UNKNOWN;
	struct check check;
	enum err r;

	if (report == NULL) {
		send_refused(hub, session, message, REFUSE_UNKNOWN);
		return;
	}
	event.kind = report->seen ? EVENT_RESIDENT_SEEN : EVENT_SITE_TROUBLE;
	event.reason = report->name;
	if (hub_begin(hub) != ERR_OK)
		return;
	r = hub->store->check_get(hub->store->impl, wire_int(message, "check"), &check);
	if (r == ERR_OK)
		r = step_check(hub, &check, &event, &refusal);
	if (r == ERR_OK && refusal == REFUSE_NO && wire_has(message, "contact"))
		r = log_caller(hub, session, &check, wire_text(message, "contact"), report->name);
	if (r == ERR_OK && refusal == REFUSE_NO && !report->seen && check.page != 0)
		r = page_step_row(hub, check.page, &(struct page_event){.kind = PAGE_EV_TROUBLE},
		                  NULL);
	if (r == ERR_OK && refusal == REFUSE_NO) {
		hub_commit(hub);
	} else {
		hub_abort(hub);
		hub->failed = hub->failed || (r != ERR_OK && r != ERR_NOT_FOUND);
	}
	answer_command(hub, session, message, refusal);
}

static void undo(struct hub *hub, struct session *session, const struct wire_message *message)
{
	int answer = check_answer_from_name(wire_text(message, "answer"));
	struct check_event event = {.kind = EVENT_UNDO,
	                            .operator_id = session->operator_id,
	                            .session = session->id,
	                            .answer = answer < 0 ? ANSWER_NONE : (enum answer)answer,
	                            .reason = wire_text(message, "reason")};

	answer_command(hub, session, message, step_alone(hub, wire_int(message, "check"), &event));
}

struct querying {
	struct hub *hub;
	struct session *session;
	int64_t left;
};

static bool tell_entry(void *arg, const struct log_row *row)
{
	struct querying *query = arg;
	struct log_event event;

	/* What an entry said may have been erased. */
	if (log_event_decode(&event, row->canonical, row->len) == ERR_OK) {
		send_message(query->hub, query->session->id,
		             wire_from_log(row->number + 1, &event));
		query->left--;
	}
	return query->left > 0;
}

/* Reading the log is an event of the log too (P14: followed up continuously). */
void log_query(struct hub *hub, struct session *session, const struct wire_message *message)
{
	struct querying query = {.hub = hub,
	                         .session = session,
	                         .left = wire_has(message, "limit") ? wire_int(message, "limit")
	                                                            : 1000};
	struct log_filter filter = {.from_ms = wire_int(message, "from_ms"),
	                            .to_ms = wire_int(message, "to_ms"),
	                            .after_id = wire_int(message, "after")};
	struct log_event entry = hub_event(hub, LOG_FOLLOWED_UP, NULL);

	if (wire_text(message, "resident")[0] != '\0')
		filter.resident = wire_text(message, "resident");
	if (wire_text(message, "actor")[0] != '\0')
		filter.actor = wire_text(message, "actor");
	if (hub->store->log_read(hub->store->impl, &filter, tell_entry, &query) != ERR_OK)
		hub->failed = true;
	memcpy(entry.actor, session->operator_id, sizeof entry.actor);
	if (filter.resident != NULL)
		memcpy(entry.resident, filter.resident, strnlen(filter.resident, ID_MAX - 1) + 1);
	if (hub->failed || hub_begin(hub) != ERR_OK)
		return;
	if (hub_log(hub, &entry, NULL) == ERR_OK) {
		hub_commit(hub);
	} else {
		hub_abort(hub);
		hub->failed = true;
	}
	send_done(hub, session, message, "");
}

typedef void handler_fn(struct hub *hub, struct session *session,
                        const struct wire_message *message);

static handler_fn *const handlers[WIRE_IDS] = {
	[WIRE_HELLO] = session_hello,
	[WIRE_ACTIVITY] = activity,
	[WIRE_CLAIM] = look_claim,
	[WIRE_RELEASE] = release,
	[WIRE_LOOK] = look_request,
	[WIRE_SHOWN] = look_shown,
	[WIRE_VIEW_OVER] = look_view_over,
	[WIRE_VIEWER_FAULT] = look_viewer_fault,
	[WIRE_ANSWER] = look_answer,
	[WIRE_PAGE] = page,
	[WIRE_PAGE_EVENT] = page_event,
	[WIRE_SITE_REPORT] = site_report,
	[WIRE_UNDO] = undo,
	[WIRE_WITHDRAW] = people_withdraw,
	[WIRE_PAUSE] = people_pause,
	[WIRE_RESUME] = people_resume,
	[WIRE_EXCUSE] = people_excuse,
	[WIRE_LOG_QUERY] = log_query,
	[WIRE_HISTORY_QUERY] = history_query,
};

void console_message(struct hub *hub, struct session *session, const struct wire_message *message)
{
	handler_fn *handler = handlers[wire_id(message)];

	if (handler != NULL)
		handler(hub, session, message);
}
