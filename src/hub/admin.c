/* What arrives from tillsynctl: imports, enrolment, questions about the night and the log. */
#include "hub/inside.h"

#include "wire/rows.h"

#include <stdio.h>
#include <string.h>

struct asking {
	struct hub *hub;
	struct session *session;
	const struct wire_message *command;
};

static bool tell_agreement(void *arg, const struct agreement_row *row)
{
	const struct asking *a = arg;
	bool is_roster = strcmp(row->id, ROSTER_ROW) == 0;
	struct wire_message *message = wire_new(is_roster ? WIRE_ROSTER : WIRE_AGREEMENT);

	wire_set_bytes(message, "doc", row->doc, row->doc_len);
	wire_set_bytes(message, "signature", row->signature, SIGNATURE_BYTES);
	send_message(a->hub, a->session->id, message);
	return true;
}

static void agreements_query(struct hub *hub, struct session *session,
                             const struct wire_message *message)
{
	struct asking a = {hub, session, message};

	if (hub->store->agreements(hub->store->impl, tell_agreement, &a) != ERR_OK)
		hub->failed = true;
	send_done(hub, session, message, "");
}

static bool tell_check(void *arg, const struct check *check)
{
	const struct asking *a = arg;

	send_message(a->hub, a->session->id, wire_from_check(check));
	return true;
}

static bool tell_resident(void *arg, const struct resident_row *row)
{
	const struct asking *a = arg;

	publish_resident(a->hub, a->session, row);
	return true;
}

static void night_query(struct hub *hub, struct session *session,
                        const struct wire_message *message)
{
	struct asking a = {hub, session, message};
	int32_t night = wire_has(message, "night") ? (int32_t)wire_int(message, "night")
	                                           : hub->night;

	if (hub->store->residents(hub->store->impl, tell_resident, &a) != ERR_OK
	    || hub->store->checks_of_night(hub->store->impl, night, tell_check, &a) != ERR_OK)
		hub->failed = true;
	send_done(hub, session, message, "");
}

/* The two identifiers, and the resident, must agree with the import (P12, hard case 15). */
static bool agrees(struct hub *hub, const struct wire_message *message, struct camera_row *camera)
{
	struct resident_row resident;
	struct agreement_row row;
	struct agreement agreement;

	return hub->store->camera_get(hub->store->impl, wire_text(message, "camera"), camera)
	            == ERR_OK
	    && strcmp(camera->serial, wire_text(message, "serial")) == 0
	    && hub->store->resident_get(hub->store->impl, wire_text(message, "resident"), &resident)
	               == ERR_OK
	    && strcmp(resident.agreement, camera->agreement) == 0
	    && hub->store->agreement_get(hub->store->impl, camera->agreement, &row) == ERR_OK
	    && agreement_decode(&agreement, row.doc, row.doc_len) == ERR_OK
	    && strcmp(agreement.camera, camera->id) == 0;
}

static void enrol(struct hub *hub, struct session *session, const struct wire_message *message)
{
	struct log_event entry = hub_event(hub, LOG_ENROLLED, NULL);
	struct camera_live *live;
	struct camera_row camera;
	enum err r;

	if (!agrees(hub, message, &camera)) {
		refuse_logged(hub, session, message, "enrol",
		              "Camera, serial number and resident do not agree with the import; "
		              "nothing was changed.");
		return;
	}
	wire_fixed(message, "device_key", camera.device_key, KEY_BYTES);
	camera.enrolled_ms = hub->now.utc_ms;
	camera.accepted_ms = wire_bool(message, "accepted") ? hub->now.utc_ms : 0;
	memcpy(entry.actor, session->operator_id, sizeof entry.actor);
	memcpy(entry.resident, wire_text(message, "resident"),
	       strlen(wire_text(message, "resident")) + 1);
	log_event_text(&entry, "camera", camera.id);
	log_event_text(&entry, "serial", camera.serial);
	log_event_text(&entry, "accepted", camera.accepted_ms ? "yes" : "no");
	if (hub_begin(hub) != ERR_OK)
		return;
	if ((r = hub->store->camera_put(hub->store->impl, &camera)) == ERR_OK)
		r = hub_log(hub, &entry, NULL);
	if (r != ERR_OK) {
		hub_abort(hub);
		hub->failed = true;
		return;
	}
	if (hub_commit(hub) != ERR_OK)
		return;
	cameras_load(hub);
	live = camera_live(hub, camera.id);
	/* Another key, another proof: a connection under the old key ends. */
	if (live != NULL && live->session != 0)
		hub->ports.close(hub->ports.arg, live->session, "enrolled anew");
	publish_camera(hub, live);
	cameras_uncovered(hub);
	night_reconcile(hub, NULL, NULL);
	send_done(hub, session, message,
	          camera.accepted_ms
	                  ? "enrolled and accepted"
	                  : "enrolled; its checks are the patrol's until the acceptance test");
}

static void tell_finding(void *arg, const char *level, const char *text)
{
	const struct asking *a = arg;
	struct wire_message *message = wire_new(WIRE_LINE);

	wire_set_int(message, "command", wire_int(a->command, "command"));
	wire_set_text(message, "level", level);
	wire_set_text(message, "text", text);
	send_message(a->hub, a->session->id, message);
}

static void reconcile(struct hub *hub, struct session *session, const struct wire_message *message)
{
	struct asking a = {hub, session, message};

	night_reconcile(hub, tell_finding, &a);
	send_done(hub, session, message, "");
}

void admin_message(struct hub *hub, struct session *session, const struct wire_message *message)
{
	switch (wire_id(message)) {
	case WIRE_HELLO:
		session_hello(hub, session, message);
		break;
	case WIRE_AGREEMENTS_QUERY:
		agreements_query(hub, session, message);
		break;
	case WIRE_NIGHT_QUERY:
		night_query(hub, session, message);
		break;
	case WIRE_ENROL:
		enrol(hub, session, message);
		break;
	case WIRE_RECONCILE:
		reconcile(hub, session, message);
		break;
	case WIRE_WITHDRAW:
		people_withdraw(hub, session, message);
		break;
	case WIRE_PAUSE:
		people_pause(hub, session, message);
		break;
	case WIRE_RESUME:
		people_resume(hub, session, message);
		break;
	case WIRE_EXCUSE:
		people_excuse(hub, session, message);
		break;
	case WIRE_LOG_QUERY:
		log_query(hub, session, message);
		break;
	case WIRE_RETAIN:
		retain(hub, session, message);
		break;
	case WIRE_EXPORT_QUERY:
		export_query(hub, session, message);
		break;
	case WIRE_EXPORT_MORE:
		export_more(hub, session, message);
		break;
	default:
		import_message(hub, session, message);
	}
}
