/* withdraw: consent is withdrawn, effective at once (P15). */
#include "admin/admin.h"

#include "admin/connection.h"
#include "base/text.h"

enum admin_exit withdraw_run(const struct admin *admin, struct args *args)
{
	const char *reason = args_value(args, "--reason");
	struct wire_message *message;

	if (!args_done(args, 1, 1))
		return admin_usage(admin, "withdraw", "withdraw wants one resident");
	if (!text_is_id(args->word[0]))
		return admin_usage(admin, "withdraw", "%s is no identifier", args->word[0]);
	message = wire_new(WIRE_WITHDRAW);
	wire_set_text(message, "resident", args->word[0]);
	if (reason != NULL)
		wire_set_text(message, "reason", reason);
	return connection_simple(admin, message);
}
