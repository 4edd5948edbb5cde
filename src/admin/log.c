/*
 * log: who looked, when and how long (P14). One line an event in plain words, or with --looks one
 * line a look, put together from the entries that name it. That the log was read is itself in the
 * log.
 */
#include "admin/admin.h"

#include "admin/connection.h"
#include "admin/local.h"
#include "admin/log_words.h"
#include "base/text.h"

#include <stdlib.h>
#include <string.h>

/* A log is asked for in pieces, so that neither end has to hold it whole. */
#define PIECE 1000
#define WORDS_MAX 4096

struct reading {
	const struct admin *admin;
	const char *resident, *actor;   /* NULL = any */
	bool looks;
	int64_t from_ms, to_ms;         /* 0 = no bound */
	struct zone_window zone;
	int64_t last;                   /* number of the last entry that came */
	int64_t came;                   /* in this piece */
	struct look_account *account;   /* ordered by look */
	size_t n, room;
};

/* The account of a look, made where it belongs in the order of looks. */
static struct look_account *account_of(struct reading *r, int64_t look)
{
	size_t at = r->n;

	while (at > 0 && r->account[at - 1].look > look)
		at--;
	if (at > 0 && r->account[at - 1].look == look)
		return &r->account[at - 1];
	if (r->n == r->room) {
		struct look_account *more;

		r->room = r->room ? 2 * r->room : 64;
		more = realloc(r->account, r->room * sizeof *more);
		if (more == NULL)
			abort();
		r->account = more;
	}
	memmove(r->account + at + 1, r->account + at, (r->n++ - at) * sizeof *r->account);
	r->account[at] = look_account_new(look);
	return &r->account[at];
}

static void take(void *arg, const struct wire_message *entry)
{
	struct reading *r = arg;
	char words[WORDS_MAX], time[LOCAL_TEXT_MAX];

	if (wire_id(entry) != WIRE_LOG_ENTRY)
		return;
	r->came++;
	if (wire_int(entry, "number") != 0 && wire_int(entry, "number") <= r->last)
		return; /* pieces may overlap */
	if (wire_int(entry, "number") != 0)
		r->last = wire_int(entry, "number");
	if (!r->looks) {
		log_words(entry, words, sizeof words);
		local_text(&r->zone, wire_int(entry, "at_ms"), time);
		fprintf(r->admin->out, "%s  %s\n", time, words);
	} else if (wire_int(entry, "look") != 0) {
		look_account_add(account_of(r, wire_int(entry, "look")), entry);
	}
}

/*
 * One piece of the log. A look's entries are needed whole, and not each of them names the resident
 * or the operator: with --looks the choice is made afterwards, among the accounts.
 */
static enum admin_exit ask_piece(struct reading *r, struct connection *c)
{
	struct wire_message *query = wire_new(WIRE_LOG_QUERY);

	if (r->resident != NULL && !r->looks)
		wire_set_text(query, "resident", r->resident);
	if (r->actor != NULL && !r->looks)
		wire_set_text(query, "actor", r->actor);
	wire_set_int(query, "from_ms", r->from_ms);
	wire_set_int(query, "to_ms", r->to_ms);
	wire_set_int(query, "after", r->last);
	wire_set_int(query, "limit", PIECE);
	r->came = 0;
	return connection_command(c, query, take, r, NULL);
}

static enum admin_exit ask(struct reading *r, struct connection *c)
{
	enum admin_exit end;
	int64_t before;

	do {
		before = r->last;
		end = ask_piece(r, c);
	} while (end == ADMIN_OK && r->came >= PIECE && r->last > before);
	return end;
}

static bool is_wanted(const struct reading *r, const struct look_account *account)
{
	bool found = r->resident == NULL;

	for (int i = 0; i < account->n_residents; i++)
		found = found || strcmp(account->resident[i], r->resident) == 0;
	return found && (r->actor == NULL || strcmp(account->operator_id, r->actor) == 0);
}

static void print_looks(const struct reading *r)
{
	char words[WORDS_MAX], time[LOCAL_TEXT_MAX];

	for (size_t i = 0; i < r->n; i++) {
		if (!is_wanted(r, &r->account[i]))
			continue;
		look_account_words(&r->account[i], words, sizeof words);
		local_text(&r->zone, r->account[i].at_ms, time);
		fprintf(r->admin->out, "%s  %s\n", time, words);
	}
}

/* Reads the bounds in the hub's zone and prints what lies between them. */
static enum admin_exit read_log(struct reading *r, struct connection *c, const char *from,
                                const char *to)
{
	const struct wire_message *welcome = connection_welcome(c);
	int64_t now_ms = wire_int(welcome, "utc_ms");
	enum admin_exit end;

	if (local_zone(wire_text(welcome, "zone"), now_ms, &r->zone) != ERR_OK)
		return admin_refuse(r->admin, "this machine does not know the zone %s",
		                    wire_text(welcome, "zone"));
	if (from != NULL && local_when(&r->zone, from, now_ms, &r->from_ms) != ERR_OK)
		return admin_usage(r->admin, "log",
		                   "%s is no time: now, 2026-01-31, or 2026-01-31T18:00", from);
	if (to != NULL && local_when(&r->zone, to, now_ms, &r->to_ms) != ERR_OK)
		return admin_usage(r->admin, "log",
		                   "%s is no time: now, 2026-01-31, or 2026-01-31T18:00", to);
	end = ask(r, c);
	if (end == ADMIN_OK && r->looks)
		print_looks(r);
	return end;
}

static enum admin_exit log_read_run(const struct admin *admin, struct args *args)
{
	struct reading r = {.admin = admin,
	                    .resident = args_value(args, "--resident"),
	                    .actor = args_value(args, "--actor"),
	                    .looks = args_flag(args, "--looks")};
	const char *from = args_value(args, "--from"), *to = args_value(args, "--to");
	struct connection *c;
	enum admin_exit end;

	if (!args_done(args, 0, 0))
		return admin_usage(admin, "log", "%s is not understood",
		                   args->fault ? args->fault : args->word[0]);
	if ((r.resident != NULL && !text_is_id(r.resident))
	    || (r.actor != NULL && !text_is_id(r.actor)))
		return admin_usage(admin, "log", "the resident or actor is no identifier");
	c = connection_open(admin);
	if (c == NULL)
		return ADMIN_REFUSED;
	end = read_log(&r, c, from, to);
	connection_close(c);
	free(r.account);
	return end;
}

enum admin_exit log_run(const struct admin *admin, struct args *args)
{
	if (args_word(args, "export"))
		return log_export_run(admin, args);
	if (args_word(args, "extract"))
		return log_extract_run(admin, args);
	return log_read_run(admin, args);
}
