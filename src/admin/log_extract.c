/* log extract: what the log has about a resident, in words for her. */
#include "admin/admin.h"

#include "admin/export_fetch.h"
#include "admin/extract_words.h"
#include "admin/local.h"
#include "base/text.h"

#include <string.h>

struct extracting {
	struct extract *extract;
	bool names;
	char resident[NAME_MAX_BYTES]; /* name, or identifier */
};

static enum err take_head(void *arg, const struct export_head *head,
                          const struct export_beside *beside)
{
	struct extracting *e = arg;

	e->names = beside->names;
	text_clean(e->resident, sizeof e->resident,
	           beside->resident_name[0] != '\0' ? beside->resident_name : head->resident);
	return ERR_OK;
}

static enum err take_entry(void *arg, const struct export_entry *entry, const char *name)
{
	struct extracting *e = arg;

	return extract_add(e->extract, entry, name);
}

static enum admin_exit extract_from(const struct admin *admin, struct connection *c,
                                    const char *resident, enum extract_language language)
{
	const struct wire_message *welcome = connection_welcome(c);
	struct extracting e = {.extract = extract_new()};
	const struct export_taker taker = {take_head, take_entry, &e};
	struct extract_about about = {.language = language, .resident = e.resident,
	                              .centre = wire_text(welcome, "centre"),
	                              .made_ms = wire_int(welcome, "utc_ms")};
	enum admin_exit end;

	if (local_zone(wire_text(welcome, "zone"), about.made_ms, &about.zone) != ERR_OK)
		end = admin_refuse(admin, "this machine does not know the zone %s",
		                   wire_text(welcome, "zone"));
	else
		end = export_fetch(admin, c, resident, 0, &taker);
	about.names = e.names;
	if (end == ADMIN_OK)
		extract_write(e.extract, &about, admin->out);
	extract_free(e.extract);
	return end;
}

enum admin_exit log_extract_run(const struct admin *admin, struct args *args)
{
	const char *word = args_value(args, "--language");
	enum extract_language language = word == NULL || strcmp(word, "sv") == 0 ? EXTRACT_SV
	                                                                         : EXTRACT_EN;
	struct connection *c;
	enum admin_exit end;

	if (!args_done(args, 1, 1) || !text_is_id(args->word[0]))
		return admin_usage(admin, "log extract", "%s",
		                   args->fault ? args->fault
		                               : "one resident's identifier is wanted");
	if (language == EXTRACT_EN && strcmp(word, "en") != 0)
		return admin_usage(admin, "log extract", "%s is no language: sv or en", word);
	c = connection_open(admin);
	if (c == NULL)
		return ADMIN_REFUSED;
	end = extract_from(admin, c, args->word[0], language);
	connection_close(c);
	return end;
}
