/* night: the checks of one night as a table, in the centre's own time. */
#include "admin/admin.h"

#include "admin/connection.h"
#include "admin/local.h"
#include "wire/rows.h"

#include <stdlib.h>
#include <string.h>

struct name {
	char id[ID_MAX];
	char name[NAME_MAX_BYTES];
};

struct night {
	const struct admin *admin;
	struct zone_window zone;
	struct name *names;
	size_t n, room;
	int checks, unreadable;
};

static void keep_name(struct night *night, const struct wire_message *message)
{
	struct name *names;

	if (night->n == night->room) {
		night->room = night->room ? 2 * night->room : 64;
		names = realloc(night->names, night->room * sizeof *names);
		if (names == NULL)
			abort();
		night->names = names;
	}
	/* Both are no longer than the wire's table lets them be. */
	snprintf(night->names[night->n].id, ID_MAX, "%s", wire_text(message, "id"));
	snprintf(night->names[night->n].name, NAME_MAX_BYTES, "%s", wire_text(message, "name"));
	night->n++;
}

static const char *name_of(const struct night *night, const char *id)
{
	for (size_t i = 0; i < night->n; i++)
		if (strcmp(night->names[i].id, id) == 0)
			return night->names[i].name;
	return "";
}

static const char *word_or_dash(const char *word)
{
	return strcmp(word, "none") == 0 ? "-" : word;
}

static void print_check(struct night *night, const struct check *check)
{
	char clock[LOCAL_TEXT_MAX];

	if (night->checks++ == 0)
		fprintf(night->admin->out, "%-6s %7s %-7s %-10s %-10s %-15s %s\n", "time", "check",
		        "kind", "state", "outcome", "cause", "resident");
	local_clock(&night->zone, check->start_ms, clock);
	fprintf(night->admin->out, "%-6s %7lld %-7s %-10s %-10s %-15s %s %s\n", clock,
	        (long long)check->id, check->kind == SLOT_CAMERA ? "camera" : "visit",
	        check_state_name(check->state), word_or_dash(check_outcome_name(check->outcome)),
	        word_or_dash(check_cause_name(check->cause)), check->resident,
	        name_of(night, check->resident));
}

/* Residents come before the checks. */
static void take(void *arg, const struct wire_message *message)
{
	struct night *night = arg;
	struct check check;

	if (wire_id(message) == WIRE_RESIDENT)
		keep_name(night, message);
	else if (wire_id(message) == WIRE_CHECK && wire_to_check(message, &check) == ERR_OK)
		print_check(night, &check);
	else if (wire_id(message) == WIRE_CHECK)
		night->unreadable++;
}

static enum admin_exit ask(struct night *night, struct connection *c, const char *date)
{
	const struct wire_message *welcome = connection_welcome(c);
	struct wire_message *message = wire_new(WIRE_NIGHT_QUERY);
	int32_t day = (int32_t)wire_int(welcome, "night");
	char text[LOCAL_TEXT_MAX];
	enum admin_exit end;

	if (local_zone(wire_text(welcome, "zone"), wire_int(welcome, "utc_ms"), &night->zone)
	    != ERR_OK) {
		wire_free(message);
		return admin_refuse(night->admin, "this machine does not know the zone %s",
		                    wire_text(welcome, "zone"));
	}
	if (date != NULL && local_date(date, &day) == ERR_OK)
		wire_set_int(message, "night", day);
	local_day(day, text);
	fprintf(night->admin->out, "night of %s (%s)\n", text, wire_text(welcome, "zone"));
	end = connection_command(c, message, take, night, NULL);
	if (end == ADMIN_OK && night->checks == 0)
		fprintf(night->admin->out, "no checks\n");
	if (night->unreadable > 0)
		return admin_refuse(night->admin,
		                    "%d checks use words that this version does not know",
		                    night->unreadable);
	return end;
}

enum admin_exit night_run(const struct admin *admin, struct args *args)
{
	struct night night = {.admin = admin};
	struct connection *c;
	enum admin_exit end;
	int32_t day;

	if (!args_done(args, 0, 1) || (args->n == 1 && local_date(args->word[0], &day) != ERR_OK))
		return admin_usage(admin, "night",
		                   "night wants a date such as 2026-01-31, or nothing");
	c = connection_open(admin);
	if (c == NULL)
		return ADMIN_REFUSED;
	end = ask(&night, c, args->n == 1 ? args->word[0] : NULL);
	connection_close(c);
	free(night.names);
	return end;
}
