/*
 * retain: what old entries of the log said is erased; that they were, and every proof, stays
 * (docs/log.md).
 */
#include "admin/admin.h"

#include "admin/connection.h"
#include "admin/local.h"

#include <inttypes.h>

static void take(void *arg, const struct wire_message *message)
{
	if (wire_id(message) == WIRE_ERASED)
		*(int64_t *)arg = wire_int(message, "count");
}

/* The hub erases in pieces, so that no look waits for it. */
static enum admin_exit erase(const struct admin *admin, struct connection *c, int64_t before_ms)
{
	int64_t sum = 0, n;
	enum admin_exit end;

	do {
		struct wire_message *message = wire_new(WIRE_RETAIN);

		wire_set_int(message, "before_ms", before_ms);
		n = 0;
		end = connection_command(c, message, take, &n, NULL);
		sum += n;
	} while (end == ADMIN_OK && n > 0);
	if (end == ADMIN_OK || sum > 0)
		fprintf(admin->out,
		        "%" PRId64 " entries erased; their hashes and all proofs stay\n", sum);
	return end;
}

static enum admin_exit retain_before(const struct admin *admin, struct connection *c,
                                     const char *before)
{
	const struct wire_message *welcome = connection_welcome(c);
	int64_t now_ms = wire_int(welcome, "utc_ms"), before_ms;
	struct zone_window zone;

	if (local_zone(wire_text(welcome, "zone"), now_ms, &zone) != ERR_OK)
		return admin_refuse(admin, "this machine does not know the zone %s",
		                    wire_text(welcome, "zone"));
	if (local_when(&zone, before, now_ms, &before_ms) != ERR_OK)
		return admin_usage(admin, "retain",
		                   "%s is no time: 2026-01-31 (its noon), or 2026-01-31T18:00",
		                   before);
	return erase(admin, c, before_ms);
}

enum admin_exit retain_run(const struct admin *admin, struct args *args)
{
	const char *before = args_value(args, "--before");
	struct connection *c;
	enum admin_exit end;

	if (!args_done(args, 0, 0) || before == NULL)
		return admin_usage(admin, "retain", "%s",
		                   args->fault ? args->fault : "it is not said before when");
	c = connection_open(admin);
	if (c == NULL)
		return ADMIN_REFUSED;
	end = retain_before(admin, c, before);
	connection_close(c);
	return end;
}
