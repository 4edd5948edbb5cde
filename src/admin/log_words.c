/*
 * One table from an event's type to its sentence. In a sentence {key} is a column or a detail of
 * the entry, {key:s} the same as seconds; a part in brackets is left out when a key in it has no
 * value.
 */
#include "admin/log_words.h"

#include "base/text.h"
#include "wire/rows.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct {
	const char *type, *sentence;
} sentences[] = {
	{"hub-started", "the hub started"},
	{"hub-stopped", "the hub stopped"},
	{"night-expanded", "the night was planned"},
	{"login", "{actor} logged in[ as {user}][ with {program}]"},
	{"logout", "{actor} logged out"},
	{"login-refused", "a log-in was refused[: login name {user}][, {reason}]"},
	{"check-due", "a check of {resident} is due"},
	{"claimed", "{actor} took the check of {resident}"},
	{"released", "the check of {resident} is open again[, given back by {actor}][: {cause}]"},
	{"look-requested", "{actor} asked to look at {resident}[, look {look_number}]"},
	{"permit-recorded",
		"the right of {actor} to look at {resident} was recorded[, camera {camera}]"},
	{"permit-sent", "the permit was handed to camera {camera}"},
	{"permit-lapsed", "the permit lapsed[: {cause}]"},
	{"permit-refused", "camera {actor} refused the permit[: {refusal}][, {proof}]"},
	{"lens-opened",
		"camera {actor} had its lens open for {lens_ms:s}[ at {resident}][: {result}]"},
	{"picture-shown", "{actor} sees the picture of {resident}"},
	{"view-over", "the picture of {resident} was before {actor} for {view_ms:s}"},
	{"answered", "{actor} answered {answer} about {resident}[: {reason}]"},
	{"undone", "{actor} changed the answer about {resident} to {answer}[: {reason}]"},
	{"undecided", "nobody answered in time about {resident}"},
	{"fault", "no picture of {resident}[: {cause}][, {reason}]"},
	{"recheck-due", "the second look at {resident} is due"},
	{"paged", "the patrol was paged about {resident}[: {cause}][, by {by}]"},
	{"page-state", "the page is {state}[: {contact}]"},
	{"page-call", "{actor} recorded about the page: {state}[, {contact}]"},
	{"site-report", "from the site of {resident}[ (recorded by {actor})]: {reason}"},
	{"check-closed", "the check of {resident} ended: {outcome}[ ({cause})]"},
	{"right-lost",
		"the right to look at {resident} ended[: {cause}]; what remains becomes a visit"},
	{"withdrawn", "{actor} recorded that {resident} withdrew[: {reason}]"},
	{"paused", "{actor} recorded a pause of {resident}[: {reason}]"},
	{"pause-ended", "the pause of {resident} ended[, recorded by {actor}]"},
	{"excused", "{actor} excused the check of {resident}[: {cause}][, {reason}]"},
	{"camera-connected", "camera {camera} has contact"},
	{"camera-lost", "camera {camera} lost contact"},
	{"camera-refused",
		"a connection that called itself camera {camera} was refused[: {reason}]"},
	{"imported", "{actor} applied an import"},
	{"enrolled", "{actor} enrolled camera {camera}[ at {resident}][, accepted: {accepted}]"},
	{"reconciled", "decisions were held against checks[: {count} findings]"},
	{"alarm", "alarm: {kind}[ {subject}]"},
	{"alarm-over", "alarm over: {kind}[ {subject}]"},
	{"command-refused", "a command of {actor} was refused[: {command}][, {refusal}]"},
	{"clock-step", "the wall clock stepped[ by {step_ms:s}]"},
	{"followed-up", "{actor} read the log[ about {resident}]"},
	{"zone-changed", "the time-zone data of {name} changed: {count} checks of the night moved"},
	{"erased", "{actor} erased what {count} old entries of the log said"},
	{"check-moved", "the check of {resident} was moved by {step_ms:s}: time-zone data changed"},
};

/* A column or a detail of the entry; false when it has no value. */
static bool value_of(const struct wire_message *entry, const char *key,
                     char value[REASON_MAX_BYTES])
{
	if (strcmp(key, "actor") == 0 || strcmp(key, "resident") == 0) {
		text_clean(value, REASON_MAX_BYTES, wire_text(entry, key));
		return value[0] != '\0';
	}
	return wire_detail_value(wire_text(entry, "detail"), key, value) && value[0] != '\0';
}

/* Milliseconds as "21.3 s"; -1 is what nobody measured. */
static void seconds(char *out, size_t size, int64_t ms)
{
	if (ms == -1)
		snprintf(out, size, "no time at all");
	else
		snprintf(out, size, "%s%" PRId64 ".%d s", ms < 0 ? "-" : "",
		         (ms < 0 ? -ms : ms) / 1000, (int)((ms < 0 ? -ms : ms) % 1000 / 100));
}

static void add(char *out, size_t size, const char *text, size_t len)
{
	size_t at = strlen(out);

	if (at + len >= size)
		len = size - 1 - at;
	memcpy(out + at, text, len);
	out[at + len] = '\0';
}

/* Writes one {key} that begins at *at, moved past it; false when it has no value. */
static bool put_key(const struct wire_message *entry, const char **at, char *out, size_t size)
{
	const char *end = strchr(*at, '}');
	char key[32] = "", value[REASON_MAX_BYTES] = "", text[REASON_MAX_BYTES];
	char *colon;
	bool found;

	memcpy(key, *at + 1, (size_t)(end - *at - 1));
	*at = end + 1;
	colon = strchr(key, ':');
	if (colon != NULL)
		*colon = '\0';
	found = value_of(entry, key, value);
	if (!found)
		strcpy(value, strcmp(key, "actor") == 0 ? "the service" : "?");
	if (found && colon != NULL)
		seconds(text, sizeof text, strtoll(value, NULL, 10));
	else
		memcpy(text, value, sizeof text);
	add(out, size, text, strlen(text));
	return found;
}

static void put_sentence(const struct wire_message *entry, const char *sentence, char *out,
                         size_t size)
{
	size_t part = 0;
	bool in_part = false, whole = true;

	for (const char *at = sentence; *at != '\0';) {
		if (*at == '[') {
			part = strlen(out);
			in_part = whole = true;
			at++;
		} else if (*at == ']') {
			if (!whole)
				out[part] = '\0';
			in_part = false;
			at++;
		} else if (*at == '{') {
			bool found = put_key(entry, &at, out, size);

			whole = whole && (found || !in_part);
		} else {
			add(out, size, at++, 1);
		}
	}
}

/* Where it belongs: "(check 3, look 12, page 4)". */
static void put_numbers(const struct wire_message *entry, char *out, size_t size)
{
	static const char *const columns[] = {"check", "look", "page"};
	char text[48];
	bool any = false;

	for (size_t i = 0; i < sizeof columns / sizeof columns[0]; i++) {
		if (wire_int(entry, columns[i]) == 0)
			continue;
		snprintf(text, sizeof text, "%s%s %" PRId64, any ? ", " : " (", columns[i],
		         wire_int(entry, columns[i]));
		add(out, size, text, strlen(text));
		any = true;
	}
	if (any)
		add(out, size, ")", 1);
}

void log_words(const struct wire_message *entry, char *out, size_t size)
{
	const char *type = wire_text(entry, "type");
	size_t i = 0;

	out[0] = '\0';
	while (i < sizeof sentences / sizeof sentences[0] && strcmp(sentences[i].type, type) != 0)
		i++;
	if (i < sizeof sentences / sizeof sentences[0])
		put_sentence(entry, sentences[i].sentence, out, size);
	else
		snprintf(out, size, "%s: %s %s %s", type, wire_text(entry, "actor"),
		         wire_text(entry, "resident"), wire_text(entry, "detail"));
	put_numbers(entry, out, size);
}

struct look_account look_account_new(int64_t look)
{
	return (struct look_account){.look = look, .lens_ms = -1, .view_ms = -1};
}

/* The place of a resident in the account; -1 when there are more than a couple. */
static int resident_of(struct look_account *account, const char *id)
{
	if (id[0] == '\0')
		return -1;
	for (int i = 0; i < account->n_residents; i++)
		if (strcmp(account->resident[i], id) == 0)
			return i;
	if (account->n_residents == PERSONS_MAX)
		return -1;
	text_clean(account->resident[account->n_residents], ID_MAX, id);
	return account->n_residents++;
}

static void take_number(const struct wire_message *entry, const char *key, int64_t *number)
{
	char value[REASON_MAX_BYTES];

	if (value_of(entry, key, value))
		*number = strtoll(value, NULL, 10);
}

void look_account_add(struct look_account *account, const struct wire_message *entry)
{
	const char *type = wire_text(entry, "type");
	int resident = resident_of(account, wire_text(entry, "resident"));
	char value[REASON_MAX_BYTES];

	if (account->at_ms == 0)
		account->at_ms = wire_int(entry, "at_ms");
	if (strcmp(type, "permit-recorded") == 0) {
		account->recorded = true;
		account->at_ms = wire_int(entry, "at_ms");
		text_clean(account->operator_id, ID_MAX, wire_text(entry, "actor"));
	} else if (strcmp(type, "lens-opened") == 0) {
		take_number(entry, "lens_ms", &account->lens_ms);
	} else if (strcmp(type, "picture-shown") == 0) {
		account->was_shown = true;
	} else if (strcmp(type, "view-over") == 0) {
		take_number(entry, "view_ms", &account->view_ms);
	} else if (strcmp(type, "answered") == 0 || strcmp(type, "undone") == 0) {
		if (resident >= 0 && value_of(entry, "answer", value))
			text_clean(account->answer[resident], ID_MAX, value);
	} else if (strcmp(type, "fault") == 0 || strcmp(type, "permit-lapsed") == 0) {
		if (value_of(entry, "cause", value))
			text_clean(account->cause, ID_MAX, value);
	} else if (strcmp(type, "permit-refused") == 0) {
		if (value_of(entry, "refusal", value))
			text_clean(account->cause, ID_MAX, value);
	}
	if (account->operator_id[0] == '\0' && strcmp(type, "look-requested") == 0)
		text_clean(account->operator_id, ID_MAX, wire_text(entry, "actor"));
}

static void put_answers(const struct look_account *account, char *out, size_t size)
{
	char text[3 * ID_MAX];
	bool any = false;

	for (int i = 0; i < account->n_residents; i++) {
		if (account->answer[i][0] == '\0')
			continue;
		snprintf(text, sizeof text, "%s%s %s", any ? ", " : "  ",
		         account->n_residents > 1 ? account->resident[i] : "answer",
		         account->answer[i]);
		add(out, size, text, strlen(text));
		any = true;
	}
	if (!any)
		add(out, size, "  no answer", strlen("  no answer"));
}

void look_account_words(const struct look_account *account, char *out, size_t size)
{
	bool opened = account->lens_ms >= 0, shown = account->view_ms >= 0 || account->was_shown;
	bool two = account->n_residents > 1;
	char lens[48] = "not opened", view[48] = "not shown";

	if (opened)
		seconds(lens, sizeof lens, account->lens_ms);
	if (account->view_ms >= 0)
		seconds(view, sizeof view, account->view_ms);
	else if (shown) /* a console that died, or one that shows it still */
		snprintf(view, sizeof view, "for a time not reported");
	snprintf(out, size, "look %" PRId64 "  %s%s%s  %s  lens %s%s  picture %s%s", account->look,
	         account->n_residents > 0 ? account->resident[0] : "?", two ? ", " : "",
	         two ? account->resident[1] : "",
	         account->operator_id[0] ? account->operator_id : "?", opened ? "open " : "", lens,
	         shown ? "shown " : "", view);
	if (!shown && account->cause[0] != '\0') {
		add(out, size, " (", 2);
		add(out, size, account->cause, strlen(account->cause));
		add(out, size, ")", 1);
	}
	put_answers(account, out, size);
}
