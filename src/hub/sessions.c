/*
 * Sessions: who is connected. What a client claims about itself is never believed: an operator is
 * the login name behind the Unix socket or the client certificate, as the import has it.
 */
#include "hub/inside.h"

#include "base/text.h"
#include "os/journal.h"

#include <stdlib.h>
#include <string.h>

struct session *session_find(struct hub *hub, int64_t id)
{
	struct session **session = hub->sessions.items;

	for (size_t i = 0; i < hub->sessions.n; i++)
		if (session[i]->id == id)
			return session[i];
	return NULL;
}

int sessions_count(const struct hub *hub, enum wire_protocol protocol)
{
	struct session *const *session = hub->sessions.items;
	int n = 0;

	for (size_t i = 0; i < hub->sessions.n; i++)
		n += session[i]->protocol == protocol && session[i]->state == WIRE_READY;
	return n;
}

struct identifying {
	struct session *session;
	bool found;
};

static bool identify(void *arg, const struct operator_row *row)
{
	static const uint8_t none[HASH_BYTES];
	struct identifying *who = arg;
	struct session *session = who->session;
	bool by_certificate = session->has_certificate
	                   && memcmp(row->certificate, none, HASH_BYTES) != 0
	                   && memcmp(row->certificate, session->certificate, HASH_BYTES) == 0;
	bool by_user = !session->has_certificate && session->user[0] != '\0'
	               && strcmp(row->user, session->user) == 0;

	if (!by_certificate && !by_user)
		return true;
	who->found = true;
	memcpy(session->operator_id, row->id, sizeof session->operator_id);
	memcpy(session->name, row->name, sizeof session->name);
	session->role = row->role;
	session->administrator = session->administrator || row->role == ROLE_ADMINISTRATOR;
	return false;
}

/* Is user one of the comma-separated names? */
static bool is_listed(const char *names, const char *user)
{
	size_t len = strlen(user);

	for (const char *at = names; len > 0 && *at != '\0'; at += strcspn(at, ",")) {
		at += strspn(at, ", ");
		if (strncmp(at, user, len) == 0
		    && (at[len] == ',' || at[len] == ' ' || at[len] == '\0'))
			return true;
	}
	return false;
}

static void refuse(struct hub *hub, struct session *session, const char *why)
{
	struct log_event entry = hub_event(hub, LOG_LOGIN_REFUSED, NULL);
	struct wire_message *message = wire_new(WIRE_ERROR);

	journal_note("session refused: %s", why);
	log_event_text(&entry, "user", session->user);
	log_event_text(&entry, "reason", why);
	if (hub_begin(hub) == ERR_OK) {
		if (hub_log(hub, &entry, NULL) == ERR_OK) {
			hub_commit(hub);
		} else {
			hub_abort(hub);
			hub->failed = true;
		}
	}
	wire_set_text(message, "reason", why);
	send_message(hub, session->id, message);
	hub->ports.close(hub->ports.arg, session->id, why);
}

static void log_in(struct hub *hub, struct session *session, const char *program)
{
	struct log_event entry = hub_event(hub, LOG_LOGIN, NULL);

	memcpy(entry.actor, session->operator_id, sizeof entry.actor);
	log_event_text(&entry, "program", program);
	log_event_text(&entry, "user", session->user);
	log_event_int(&entry, "session", session->id);
	if (hub_begin(hub) != ERR_OK)
		return;
	if (hub_log(hub, &entry, NULL) == ERR_OK) {
		hub_commit(hub);
	} else {
		hub_abort(hub);
		hub->failed = true;
	}
}

void sessions_refresh(struct hub *hub)
{
	struct session **session = hub->sessions.items;
	struct operator_row row;

	for (size_t i = 0; i < hub->sessions.n; i++) {
		if (session[i]->protocol == WIRE_CAMERA || session[i]->state != WIRE_READY
		    || hub->store->operator_get(hub->store->impl, session[i]->operator_id, &row)
		               != ERR_OK)
			continue;
		memcpy(session[i]->name, row.name, sizeof session[i]->name);
		session[i]->role = row.role;
		session[i]->administrator = row.role == ROLE_ADMINISTRATOR
		                         || is_listed(hub->settings.administrators,
		                                      session[i]->user);
	}
}

void session_hello(struct hub *hub, struct session *session, const struct wire_message *message)
{
	struct identifying who = {.session = session};

	if (wire_int(message, "version") != WIRE_VERSION) {
		refuse(hub, session,
		       "this hub speaks protocol version 1 only: install the same release");
		return;
	}
	session->administrator = is_listed(hub->settings.administrators, session->user);
	if (hub->store->operators(hub->store->impl, identify, &who) != ERR_OK)
		hub->failed = true;
	if (session->protocol == WIRE_CONSOLE && !who.found) {
		refuse(hub, session,
		       "no operator has this login name or certificate: ask the administrator to "
		       "import it");
		return;
	}
	if (session->protocol == WIRE_ADMIN && !session->administrator) {
		refuse(hub, session,
		       "this login name may not administrate: see `administrators` in hub.conf");
		return;
	}
	if (!who.found) {
		text_clean(session->name, sizeof session->name, session->user);
		if (text_is_id(session->user))
			text_clean(session->operator_id, sizeof session->operator_id,
			           session->user);
		else
			strcpy(session->operator_id, "administrator");
	}
	session->state = WIRE_READY;
	log_in(hub, session, wire_text(message, "program"));
	publish_welcome(hub, session);
	if (session->protocol != WIRE_CONSOLE)
		return;
	publish_all(hub, session);
	publish_operators(hub);
}

void hub_opened(struct hub *hub, const struct now *now, int64_t id, const struct hub_peer *peer)
{
	struct session **place = list_add(&hub->sessions, sizeof *place);
	struct session *session = calloc(1, sizeof *session);

	if (session == NULL)
		abort();
	*place = session;
	hub->now = *now;
	session->id = id;
	session->protocol = peer->protocol;
	session->state = WIRE_NEW;
	text_clean(session->user, sizeof session->user, peer->user);
	if (peer->certificate != NULL) {
		session->has_certificate = true;
		memcpy(session->certificate, peer->certificate, HASH_BYTES);
	}
	if (peer->protocol == WIRE_CAMERA)
		camera_opened(hub, session);
}

static bool is_held_by(const struct check *check, const void *session)
{
	return check->session == *(const int64_t *)session;
}

/*
 * A console that is gone holds nothing: its claims return, its looks are left undecided (hard case
 * 8).
 */
static void release(struct hub *hub, const struct session *session)
{
	struct check_event event = {.kind = EVENT_RELEASE, .operator_id = session->operator_id,
	                            .session = session->id};
	struct log_event entry = hub_event(hub, LOG_LOGOUT, NULL);

	step_all(hub, is_held_by, &session->id, &event);
	memcpy(entry.actor, session->operator_id, sizeof entry.actor);
	log_event_int(&entry, "session", session->id);
	if (hub->failed || hub_begin(hub) != ERR_OK)
		return;
	if (hub_log(hub, &entry, NULL) == ERR_OK) {
		hub_commit(hub);
	} else {
		hub_abort(hub);
		hub->failed = true;
	}
}

void hub_closed(struct hub *hub, const struct now *now, int64_t id)
{
	struct session **session = hub->sessions.items;
	size_t at = 0;
	struct session *gone;

	while (at < hub->sessions.n && session[at]->id != id)
		at++;
	if (at == hub->sessions.n)
		return;
	hub->now = *now;
	gone = session[at];
	list_remove(&hub->sessions, sizeof *session, at);
	if (gone->state == WIRE_READY && gone->protocol == WIRE_CAMERA)
		camera_closed(hub, gone);
	else if (gone->state == WIRE_READY)
		release(hub, gone);
	if (gone->protocol == WIRE_CONSOLE)
		publish_operators(hub);
	import_free(gone->stage);
	export_end(gone);
	free(gone);
	if (!hub->failed)
		hub_tick(hub, now);
}
