/*
 * pause and resume: a resident who is away. A pause always has an end or a time to review it (hard
 * case 3).
 */
#include "admin/admin.h"

#include "admin/connection.h"
#include "admin/local.h"
#include "base/text.h"

/* What was typed, with the hub's clock and zone. */
struct typed {
	const char *resident, *from, *to, *review, *reason;
};

/* Reads one time into a field of the message; 0 where nothing was typed. */
static bool set_time(const struct admin *admin, const struct connection *c,
                     const struct zone_window *zone, struct wire_message *message,
                     const char *field, const char *text)
{
	int64_t at_ms = 0;

	if (text != NULL
	    && local_when(zone, text, wire_int(connection_welcome(c), "utc_ms"), &at_ms)
	               != ERR_OK) {
		admin_usage(admin, "pause", "%s is no time: now, 2026-01-31, or 2026-01-31T18:00",
		            text);
		return false;
	}
	wire_set_int(message, field, at_ms);
	return true;
}

static enum admin_exit pause_with(const struct admin *admin, struct connection *c,
                                  const struct typed *typed)
{
	const struct wire_message *welcome = connection_welcome(c);
	struct wire_message *message = wire_new(WIRE_PAUSE);
	struct zone_window zone;
	char text[NOTE_MAX_BYTES];

	if (local_zone(wire_text(welcome, "zone"), wire_int(welcome, "utc_ms"), &zone) != ERR_OK) {
		wire_free(message);
		return admin_refuse(admin, "this machine does not know the zone %s",
		                    wire_text(welcome, "zone"));
	}
	wire_set_text(message, "resident", typed->resident);
	if (typed->reason != NULL)
		wire_set_text(message, "reason", typed->reason);
	if (!set_time(admin, c, &zone, message, "from_ms", typed->from)
	    || !set_time(admin, c, &zone, message, "to_ms", typed->to)
	    || !set_time(admin, c, &zone, message, "review_ms", typed->review)) {
		wire_free(message);
		return ADMIN_USAGE;
	}
	if (connection_command(c, message, NULL, NULL, text) != ADMIN_OK)
		return ADMIN_REFUSED;
	fprintf(admin->out, "%s\n", text[0] ? text : "paused");
	return ADMIN_OK;
}

enum admin_exit pause_run(const struct admin *admin, struct args *args)
{
	struct typed typed = {.review = args_value(args, "--review"),
	                      .reason = args_value(args, "--reason")};
	struct connection *c;
	enum admin_exit end;

	if (!args_done(args, 2, 3) || (args->n == 2 && typed.review == NULL))
		return admin_usage(
			admin, "pause",
			"a pause wants a resident, its beginning, and its end or a --review");
	typed.resident = args->word[0];
	typed.from = args->word[1];
	typed.to = args->n == 3 ? args->word[2] : NULL;
	if (!text_is_id(typed.resident))
		return admin_usage(admin, "pause", "%s is no identifier", typed.resident);
	c = connection_open(admin);
	if (c == NULL)
		return ADMIN_REFUSED;
	end = pause_with(admin, c, &typed);
	connection_close(c);
	return end;
}

enum admin_exit resume_run(const struct admin *admin, struct args *args)
{
	struct wire_message *message;

	if (!args_done(args, 1, 1))
		return admin_usage(admin, "resume", "resume wants one resident");
	if (!text_is_id(args->word[0]))
		return admin_usage(admin, "resume", "%s is no identifier", args->word[0]);
	message = wire_new(WIRE_RESUME);
	wire_set_text(message, "resident", args->word[0]);
	return connection_simple(admin, message);
}
