/*
 * What consoles are told: the night whole after a hello, then every row that a commit changed. A
 * row is always sent as it now is, so a console that hears of it twice is none the worse.
 */
#include "hub/inside.h"

#include "base/text.h"
#include "os/journal.h"
#include "wire/rows.h"

#include <stdio.h>
#include <string.h>

void send_message(struct hub *hub, int64_t session, struct wire_message *message)
{
	struct buf out = buf_new(MESSAGE_MAX_BYTES);
	enum err r = wire_encode(message, &out);

	if (r == ERR_OK)
		hub->ports.send(hub->ports.arg, session, out.data, out.len, false);
	else
		journal_fault("a %s cannot be sent: %s", wire_kinds[wire_id(message)].name,
		              err_text(r));
	buf_free(&out);
	wire_free(message);
}

void send_done(struct hub *hub, const struct session *session, const struct wire_message *command,
               const char *text)
{
	struct wire_message *message = wire_new(WIRE_DONE);

	wire_set_int(message, "command", wire_int(command, "command"));
	if (text[0] != '\0')
		wire_set_text(message, "text", text);
	send_message(hub, session->id, message);
}

void send_refused_text(struct hub *hub, const struct session *session,
                       const struct wire_message *command, const char *name, const char *text)
{
	struct wire_message *message = wire_new(WIRE_REFUSED);

	wire_set_int(message, "command", wire_int(command, "command"));
	wire_set_text(message, "refusal", name);
	wire_set_text(message, "text", text);
	send_message(hub, session->id, message);
}

void send_refused(struct hub *hub, const struct session *session,
                  const struct wire_message *command, enum refusal refusal)
{
	send_refused_text(hub, session, command, check_refusal_name(refusal),
	                  check_refusal_text(refusal));
}

void refuse_logged(struct hub *hub, const struct session *session,
                   const struct wire_message *command, const char *name, const char *text)
{
	struct log_event entry = hub_event(hub, LOG_COMMAND_REFUSED, NULL);

	send_refused_text(hub, session, command, name, text);
	if (hub->failed || hub_begin(hub) != ERR_OK)
		return;
	memcpy(entry.actor, session->operator_id, sizeof entry.actor);
	log_event_text(&entry, "command", wire_kinds[wire_id(command)].name);
	log_event_text(&entry, "refusal", name);
	log_event_text(&entry, "text", text);
	if (hub_log(hub, &entry, NULL) == ERR_OK) {
		hub_commit(hub);
	} else {
		hub_abort(hub);
		hub->failed = true;
	}
}

/* To one session, or to every console when session is NULL. Frees the message. */
static void tell(struct hub *hub, const struct session *to, struct wire_message *message)
{
	struct session **session = hub->sessions.items;
	struct buf out = buf_new(MESSAGE_MAX_BYTES);

	if (wire_encode(message, &out) == ERR_OK)
		for (size_t i = 0; i < hub->sessions.n; i++)
			if (to != NULL ? session[i] == to
			               : session[i]->protocol == WIRE_CONSOLE
			                         && session[i]->state == WIRE_READY)
				hub->ports.send(hub->ports.arg, session[i]->id, out.data, out.len,
				                false);
	buf_free(&out);
	wire_free(message);
}

static const char *standing_name(const struct agreement *agreement, const struct agreement_row *row,
                                 const char *resident, int32_t day)
{
	static const char *const names[] = {
		[RIGHT_LOOK] = "stands", [RIGHT_LAPSED] = "lapsed", [RIGHT_WITHDRAWN] = "withdrawn",
		[RIGHT_NONE] = "none",
	};

	if (row->withdrawn_ms != 0)
		return "withdrawn";
	for (int i = 0; i < agreement->n_persons; i++)
		if (strcmp(agreement->person[i].id, resident) == 0)
			return names[agreement_right(agreement, i, day)];
	return "none";
}

static void add_weekdays(struct buf *out, uint8_t weekdays)
{
	static const char *const names[] = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};

	if (weekdays == 0x7f)
		return;
	for (int i = 0; i < 7; i++)
		if (weekdays >> i & 1)
			buf_printf(out, " %s", names[i]);
}

/* "01:10, 03:00-03:30 Mon Tue, visit 05:00": what was agreed, in the order of the night. */
static void plan_words(const struct agreement *agreement, struct buf *out)
{
	for (int i = 0; i < agreement->n_slots; i++) {
		const struct slot *slot = &agreement->slot[i];

		buf_printf(out, "%s%s%02d:%02d", i ? ", " : "",
		           slot->kind == SLOT_VISIT ? "visit " : "", (int)slot->from_min / 60,
		           (int)slot->from_min % 60);
		if (slot->to_min >= 0)
			buf_printf(out, "-%02d:%02d", (int)slot->to_min / 60,
			           (int)slot->to_min % 60);
		add_weekdays(out, slot->weekdays);
	}
}

static struct wire_message *resident_message(struct hub *hub, const struct resident_row *row)
{
	struct wire_message *message = wire_new(WIRE_RESIDENT);
	struct agreement_row agreement_row;
	struct agreement agreement = agreement_blank();
	struct pause_row pause = {0};
	struct buf plan = buf_new(512);
	bool has = row->agreement[0] != '\0'
	        && hub->store->agreement_get(hub->store->impl, row->agreement, &agreement_row)
	                   == ERR_OK
	        && agreement_decode(&agreement, agreement_row.doc, agreement_row.doc_len) == ERR_OK;

	if (hub->store->pause_get(hub->store->impl, row->id, &pause) != ERR_OK)
		memset(&pause, 0, sizeof pause);
	buf_add_text(&plan, "");
	plan_words(&agreement, &plan);
	wire_set_text(message, "id", row->id);
	wire_set_text(message, "name", row->name);
	wire_set_text(message, "address", row->address);
	wire_set_text(message, "bed_note", row->bed_note);
	wire_set_text(message, "door_note", row->door_note);
	wire_set_text(message, "phone", row->phone);
	wire_set_text(message, "agreement", row->agreement);
	wire_set_text(message, "camera", has ? agreement.camera : "");
	wire_set_text(message, "area", has ? agreement.area : "");
	wire_set_text(
		message, "standing",
		has ? standing_name(&agreement, &agreement_row, row->id,
	                            zone_from_utc(hub->zone, hub->now.utc_ms / MS_SECOND).days)
		    : "none");
	wire_set_text(message, "plan", (const char *)plan.data);
	wire_set_int(message, "pause_from_ms", pause.from_ms);
	wire_set_int(message, "pause_to_ms", pause.to_ms);
	wire_set_int(message, "pause_review_ms", pause.review_ms);
	wire_set_int(message, "last_well_ms", wells_last_ms(hub, row->id));
	buf_free(&plan);
	return message;
}

void publish_resident(struct hub *hub, const struct session *to, const struct resident_row *row)
{
	tell(hub, to, resident_message(hub, row));
}

static struct wire_message *alarm_message(const struct alarm_row *alarm)
{
	struct wire_message *message = wire_new(WIRE_ALARM);

	wire_set_int(message, "id", alarm->id);
	wire_set_text(message, "kind", alarm->kind);
	wire_set_text(message, "subject", alarm->subject);
	wire_set_int(message, "level", alarm->level);
	wire_set_text(message, "text", alarm->text);
	wire_set_int(message, "since_ms", alarm->since_ms);
	return message;
}

static struct wire_message *camera_row_message(const struct camera_live *live)
{
	struct wire_message *message = wire_new(WIRE_CAMERA_ROW);

	wire_set_text(message, "id", live->id);
	wire_set_text(message, "agreement", live->agreement);
	wire_set_bool(message, "connected", live->session != 0);
	wire_set_int(message, "since_ms", live->since_ms);
	wire_set_text(message, "lens", live->session != 0 ? live->lens : "unknown");
	wire_set_bool(message, "commissioned", live->commissioned);
	return message;
}

void publish_camera(struct hub *hub, const struct camera_live *live)
{
	tell(hub, NULL, camera_row_message(live));
}

static const char *const contact_roles[CONTACT_ROLES] = {
	[CONTACT_PATROL] = "patrol", [CONTACT_SHIFT_LEAD] = "shift-lead",
	[CONTACT_UNIT_MANAGER] = "unit-manager", [CONTACT_ON_CALL] = "manager-on-call",
	[CONTACT_SUPPORT] = "support",
};

static const char *const role_names[ROLES] = {
	[ROLE_OPERATOR] = "operator", [ROLE_UNIT_MANAGER] = "unit-manager",
	[ROLE_ADMINISTRATOR] = "administrator",
};

/* Where the rows of a whole publication go. */
struct telling {
	struct hub *hub;
	const struct session *to;
};

static bool tell_check(void *arg, const struct check *check)
{
	const struct telling *t = arg;

	tell(t->hub, t->to, wire_from_check(check));
	return true;
}

static bool tell_page(void *arg, const struct page *page)
{
	const struct telling *t = arg;

	tell(t->hub, t->to, wire_from_page(page));
	return true;
}

static bool tell_resident(void *arg, const struct resident_row *row)
{
	const struct telling *t = arg;

	tell(t->hub, t->to, resident_message(t->hub, row));
	return true;
}

static bool tell_alarm(void *arg, const struct alarm_row *alarm)
{
	const struct telling *t = arg;

	tell(t->hub, t->to, alarm_message(alarm));
	return true;
}

static bool tell_contact(void *arg, const struct contact_row *contact)
{
	const struct telling *t = arg;
	struct wire_message *message = wire_new(WIRE_CONTACT);

	wire_set_text(message, "id", contact->id);
	wire_set_text(message, "name", contact->name);
	wire_set_text(message, "phone", contact->phone);
	wire_set_text(message, "role", contact_roles[contact->role]);
	wire_set_text(message, "area", contact->area);
	wire_set_int(message, "step", contact->step);
	tell(t->hub, t->to, message);
	return true;
}

static bool is_present(const struct hub *hub, const char *operator_id)
{
	struct session *const *session = hub->sessions.items;

	for (size_t i = 0; i < hub->sessions.n; i++)
		if (session[i]->protocol == WIRE_CONSOLE && session[i]->state == WIRE_READY
		    && strcmp(session[i]->operator_id, operator_id) == 0)
			return true;
	return false;
}

static bool tell_operator(void *arg, const struct operator_row *row)
{
	const struct telling *t = arg;
	struct wire_message *message = wire_new(WIRE_OPERATOR);

	wire_set_text(message, "id", row->id);
	wire_set_text(message, "name", row->name);
	wire_set_bool(message, "present", is_present(t->hub, row->id));
	tell(t->hub, t->to, message);
	return true;
}

void publish_operators(struct hub *hub)
{
	struct telling t = {.hub = hub};

	if (hub->store->operators(hub->store->impl, tell_operator, &t) != ERR_OK)
		hub->failed = true;
}

void publish_welcome(struct hub *hub, struct session *session)
{
	const struct policy *policy = &hub->settings.policy;
	struct wire_message *message = wire_new(WIRE_WELCOME);
	int64_t from, to;

	night_bounds(hub->zone, policy, hub->night, &from, &to);
	wire_set_int(message, "version", WIRE_VERSION);
	wire_set_bool(message, "demo", hub->settings.demo);
	wire_set_int(message, "utc_ms", hub->now.utc_ms);
	wire_set_int(message, "session", session->id);
	wire_set_text(message, "operator", session->operator_id);
	wire_set_text(message, "operator_name", session->name);
	wire_set_text(message, "role", role_names[session->role]);
	wire_set_text(message, "zone", hub->settings.zone);
	wire_set_int(message, "night", hub->night);
	wire_set_int(message, "night_from_ms", from);
	wire_set_int(message, "night_to_ms", to);
	wire_set_text(message, "centre", hub->settings.centre);
	wire_set_text(message, "emergency", hub->settings.emergency);
	wire_set_int(message, "view_ms", policy->view_ms);
	wire_set_int(message, "hard_end_ms", policy->hard_end_ms);
	wire_set_int(message, "recheck_end_ms", policy->recheck_end_ms);
	wire_set_int(message, "recheck_late_ms", policy->recheck_late_ms);
	wire_set_int(message, "answer_ms", policy->answer_ms);
	wire_set_int(message, "lease_ms", policy->lease_ms);
	wire_set_int(message, "fresh_ms", policy->fresh_ms);
	wire_set_int(message, "fault_retry_ms", policy->fault_retry_ms);
	wire_set_int(message, "undo_ms", policy->undo_ms);
	wire_set_int(message, "camera_work_ms", policy->camera_work_ms);
	send_message(hub, session->id, message);
}

/* The night whole: to one console, or to all. */
static void publish_to(struct hub *hub, const struct session *to)
{
	const struct store *store = hub->store;
	struct telling t = {.hub = hub, .to = to};
	struct wire_message *message = wire_new(WIRE_RESET);
	int64_t from, until;

	night_bounds(hub->zone, &hub->settings.policy, hub->night, &from, &until);
	wire_set_int(message, "night", hub->night);
	wire_set_int(message, "night_from_ms", from);
	wire_set_int(message, "night_to_ms", until);
	tell(hub, to, message);
	if (store->operators(store->impl, tell_operator, &t) != ERR_OK
	    || store->contacts(store->impl, tell_contact, &t) != ERR_OK
	    || store->residents(store->impl, tell_resident, &t) != ERR_OK)
		hub->failed = true;
	for (size_t i = 0; i < hub->cameras.n; i++)
		tell(hub, to, camera_row_message((struct camera_live *)hub->cameras.items + i));
	if (store->pages_open(store->impl, tell_page, &t) != ERR_OK
	    || store->checks_of_night(store->impl, hub->night, tell_check, &t) != ERR_OK
	    || store->alarms(store->impl, tell_alarm, &t) != ERR_OK)
		hub->failed = true;
	message = wire_new(WIRE_LEVEL);
	wire_set_int(message, "utc_ms", hub->now.utc_ms);
	tell(hub, to, message);
}

void publish_all(struct hub *hub, struct session *session)
{
	publish_to(hub, session);
}

static void publish_check(struct hub *hub, int64_t id)
{
	struct resident_row resident;
	struct check check;

	if (hub->store->check_get(hub->store->impl, id, &check) != ERR_OK)
		return;
	wells_note(hub, &check); /* only what was committed is published */
	tell(hub, NULL, wire_from_check(&check));
	if (check.state == CHECK_CLOSED
	    && hub->store->resident_get(hub->store->impl, check.resident, &resident) == ERR_OK)
		publish_resident(hub, NULL, &resident);
}

struct finding_alarm {
	int64_t id;
	struct alarm_row alarm;
	bool found;
};

static bool find_alarm(void *arg, const struct alarm_row *alarm)
{
	struct finding_alarm *f = arg;

	if (alarm->id != f->id)
		return true;
	f->alarm = *alarm;
	f->found = true;
	return false;
}

static void publish_alarm(struct hub *hub, int64_t id)
{
	struct finding_alarm f = {.id = id};
	struct wire_message *message;

	if (hub->store->alarms(hub->store->impl, find_alarm, &f) != ERR_OK)
		return;
	if (f.found) {
		tell(hub, NULL, alarm_message(&f.alarm));
		return;
	}
	message = wire_new(WIRE_ALARM_OVER);
	wire_set_int(message, "id", id);
	tell(hub, NULL, message);
}

static void publish_look_over(struct hub *hub, const struct after *after)
{
	struct wire_message *message = wire_new(WIRE_LOOK_OVER);

	wire_set_int(message, "look", after->id);
	wire_set_text(message, "cause", check_cause_name(after->cause));
	wire_set_text(message, "text", "");
	send_message(hub, after->session, message);
}

void publish_after(struct hub *hub, const struct after *after)
{
	struct resident_row resident;
	struct page page;

	switch (after->kind) {
	case AFTER_CHECK:
		publish_check(hub, after->id);
		break;
	case AFTER_PAGE:
		if (hub->store->page_get(hub->store->impl, after->id, &page) == ERR_OK)
			tell(hub, NULL, wire_from_page(&page));
		break;
	case AFTER_RESIDENT:
		if (hub->store->resident_get(hub->store->impl, after->name, &resident) == ERR_OK)
			publish_resident(hub, NULL, &resident);
		break;
	case AFTER_CAMERA:
		if (camera_live(hub, after->name) != NULL)
			publish_camera(hub, camera_live(hub, after->name));
		break;
	case AFTER_ALARM:
		publish_alarm(hub, after->id);
		break;
	case AFTER_LOOK_OVER:
		publish_look_over(hub, after);
		break;
	case AFTER_RESET:
		publish_to(hub, NULL);
		break;
	}
}
