/*
 * excuse: ends a check without a look or a visit; the hub decides who may (SERVICE.md, the life of
 * a check).
 */
#include "admin/admin.h"

#include "admin/connection.h"
#include "admin/members.h"

#include <stdlib.h>
#include <string.h>

static const char *const causes[] = {"staff-on-site", "visits-declined", "deceased", NULL};

enum admin_exit excuse_run(const struct admin *admin, struct args *args)
{
	const char *reason = args_value(args, "--reason");
	struct wire_message *message;
	int64_t check;
	char *end;

	if (!args_done(args, 2, 2) || reason == NULL || reason[0] == '\0')
		return admin_usage(admin, "excuse", "excuse wants a check, a cause and a --reason");
	check = strtoll(args->word[0], &end, 10);
	if (check < 1 || *end != '\0')
		return admin_usage(admin, "excuse", "%s is no number of a check", args->word[0]);
	if (members_word(causes, args->word[1]) < 0)
		return admin_usage(admin, "excuse", "%s is no cause", args->word[1]);
	message = wire_new(WIRE_EXCUSE);
	wire_set_int(message, "check", check);
	wire_set_text(message, "cause", args->word[1]);
	wire_set_text(message, "reason", reason);
	return connection_simple(admin, message);
}
