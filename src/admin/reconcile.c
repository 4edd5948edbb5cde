/*
 * reconcile: decisions against the night's checks (hard case 15). A finding makes the command end
 * with 1.
 */
#include "admin/admin.h"

#include "admin/connection.h"

struct finding {
	const struct admin *admin;
	int n;
};

static void print(void *arg, const struct wire_message *message)
{
	struct finding *finding = arg;

	if (wire_id(message) != WIRE_LINE)
		return;
	finding->n++;
	fprintf(finding->admin->out, "%-8s %s\n", wire_text(message, "level"),
	        wire_text(message, "text"));
}

enum admin_exit reconcile_run(const struct admin *admin, struct args *args)
{
	struct finding finding = {.admin = admin};
	struct connection *c;
	enum admin_exit end;

	if (!args_done(args, 0, 0))
		return admin_usage(admin, "reconcile", "reconcile wants nothing");
	c = connection_open(admin);
	if (c == NULL)
		return ADMIN_REFUSED;
	end = connection_command(c, wire_new(WIRE_RECONCILE), print, &finding, NULL);
	connection_close(c);
	if (end == ADMIN_OK && finding.n == 0)
		fprintf(admin->out, "nothing found\n");
	return end == ADMIN_OK && finding.n > 0 ? ADMIN_REFUSED : end;
}
