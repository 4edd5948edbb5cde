/* Two columns of sentences, one language each; what is told, and in which order, stands once. */
#include "admin/extract_words.h"

#include "admin/local.h"
#include "admin/log_words.h"
#include "base/text.h"
#include "core/check.h"
#include "core/event.h"
#include "wire/rows.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

struct told_look {
	struct look_account account;
	int64_t check;
	bool visited;              /* the check that it is the last look of ended with a visit */
	char name[NAME_MAX_BYTES]; /* of who looked, or empty */
};

struct extract {
	struct told_look *look;
	size_t n, room;
	int64_t erased;            /* entries of which no more is known than that they were */
	int64_t readings;          /* of the log about her */
	int64_t last_reading_ms;
};

enum sentence {
	TITLE, ABOUT, UNIT, MADE,
	NOBODY, NOBODY_LEFT, ONCE, TIMES, NO_PICTURE_ONCE, NO_PICTURE_TIMES,
	SHOWN, SHOWN_UNTOLD, NOT_SHOWN, LENS, LENS_NONE,
	RESULT, VISITED, OPERATOR,
	READ_ONCE, READ_TIMES, ERASED, NOTHING_KEPT,
	SENTENCES
};

/* {} is where the number goes. */
static const char *const sentences[SENTENCES][EXTRACT_LANGUAGES] = {
	[TITLE] = {"Utdrag ur loggen för tillsyn via trygghetskamera",
	           "From the log of night-time checks by safety camera"},
	[ABOUT] = {"Om:         ", "About:      "},
	[UNIT] = {"Enhet:      ", "Unit:       "},
	[MADE] = {"Utskrivet:  ", "Printed:    "},
	[NOBODY] = {"Ingen har tittat.", "Nobody has looked."},
	[NOBODY_LEFT] = {"Ingen har tittat i det som finns kvar av loggen.",
	                 "Nobody has looked, in what is left of the log."},
	[ONCE] = {"Någon har tittat 1 gång.", "Somebody has looked once."},
	[TIMES] = {"Någon har tittat {} gånger.", "Somebody has looked {} times."},
	[NO_PICTURE_ONCE] = {"1 gång skulle någon titta men fick ingen bild.",
	                     "Once somebody was to look and got no picture."},
	[NO_PICTURE_TIMES] = {"{} gånger skulle någon titta men fick ingen bild.",
	                      "{} times somebody was to look and got no picture."},
	[SHOWN] = {"Bilden visades i {} sekunder.", "The picture was shown for {} seconds."},
	[SHOWN_UNTOLD] = {"Bilden visades. Hur länge har inte rapporterats.",
	                  "The picture was shown. For how long was not reported."},
	[NOT_SHOWN] = {"Ingen bild visades.", "No picture was shown."},
	[LENS] = {"Kameraögat var öppet i {} sekunder.", "The lens was open for {} seconds."},
	[LENS_NONE] = {"Kameran har inte rapporterat att kameraögat öppnades.",
	               "The camera has not reported that the lens was opened."},
	[RESULT] = {"Resultat: ", "Result: "},
	[VISITED] = {"Nattpatrullen kom hem till dig.", "The night patrol came to your home."},
	[OPERATOR] = {"Operatör: ", "Operator: "},
	[READ_ONCE] = {"Uppgifterna om dig i loggen har lästs 1 gång, ",
	               "What the log has about you was read once, "},
	[READ_TIMES] = {"Uppgifterna om dig i loggen har lästs {} gånger, senast ",
	                "What the log has about you was read {} times, last "},
	[ERASED] = {"Äldre uppgifter har gallrats: {} händelser.",
	            "Older details were erased after their time: {} entries."},
	[NOTHING_KEPT] = {"Ingen bild, inget ljud och ingen film sparas.",
	                  "No picture, no sound and no film is kept."},
};

static const char *const answers[ANSWERS][EXTRACT_LANGUAGES] = {
	[ANSWER_NONE] = {"inget svar är antecknat.", "no answer is recorded."},
	[ANSWER_WELL] = {"allt var väl.", "all was well."},
	[ANSWER_NOT_SEEN] = {"du syntes inte i bilden.", "you were not seen in the picture."},
	[ANSWER_NEEDS_HELP] = {"du behövde hjälp, nattpatrullen kallades.",
	                       "you needed help, the night patrol was called."},
	[ANSWER_PATROL] = {"nattpatrullen kallades.", "the night patrol was called."},
	[ANSWER_OTHER_PERSON] = {"visningen avbröts.", "the view was ended."},
	[ANSWER_UNUSABLE] = {"bilden gick inte att använda.", "the picture could not be used."},
};

struct extract *extract_new(void)
{
	struct extract *extract = calloc(1, sizeof *extract);

	if (extract == NULL)
		abort();
	return extract;
}

void extract_free(struct extract *extract)
{
	if (extract == NULL)
		return;
	free(extract->look);
	free(extract);
}

/* A look's entries come apart: its answer may be changed after the next look has begun. */
static struct told_look *look_of(struct extract *extract, int64_t id)
{
	for (size_t i = extract->n; i > 0; i--)
		if (extract->look[i - 1].account.look == id)
			return &extract->look[i - 1];
	if (extract->n == extract->room) {
		struct told_look *more;

		extract->room = extract->room ? 2 * extract->room : 64;
		more = realloc(extract->look, extract->room * sizeof *more);
		if (more == NULL)
			abort();
		extract->look = more;
	}
	extract->look[extract->n] = (struct told_look){.account = look_account_new(id)};
	return &extract->look[extract->n++];
}

static void add_to_look(struct extract *extract, const struct log_event *event, const char *name)
{
	struct told_look *look = look_of(extract, event->look);
	struct wire_message *entry = wire_from_log(0, event);

	look_account_add(&look->account, entry);
	wire_free(entry);
	look->check = event->check != 0 ? event->check : look->check;
	if (event->type == LOG_PERMIT_RECORDED)
		text_clean(look->name, sizeof look->name, name);
}

/* The visit belongs to the last look before it. */
static void close_check(struct extract *extract, const struct log_event *event)
{
	const char *outcome = log_event_value(event, "outcome");
	size_t i = extract->n;

	if (outcome == NULL || strcmp(outcome, check_outcome_name(OUTCOME_VISITED)) != 0)
		return;
	while (i > 0 && extract->look[i - 1].check != event->check)
		i--;
	if (i > 0)
		extract->look[i - 1].visited = true;
}

enum err extract_add(struct extract *extract, const struct export_entry *entry, const char *name)
{
	struct log_event event;
	enum err r;

	if (entry->erased) {
		extract->erased++;
		return ERR_OK;
	}
	if ((r = log_event_decode(&event, entry->canonical, entry->len)) != ERR_OK)
		return r;
	if (event.type == LOG_CHECK_CLOSED) {
		close_check(extract, &event);
	} else if (event.type == LOG_FOLLOWED_UP) {
		extract->readings++;
		extract->last_reading_ms = event.at_ms;
	} else if (event.look != 0) {
		add_to_look(extract, &event, name);
	}
	return ERR_OK;
}

/* Seconds with one decimal, as the language writes them. */
static void seconds(enum extract_language language, int64_t ms, char out[32])
{
	snprintf(out, 32, "%" PRId64 "%c%d", ms / 1000, language == EXTRACT_SV ? ',' : '.',
	         (int)(ms % 1000 / 100));
}

static bool was_opened(const struct look_account *account)
{
	return account->lens_ms >= 0 || account->was_shown || account->view_ms >= 0;
}

static bool is_look(const struct told_look *look)
{
	return look->account.recorded || was_opened(&look->account);
}

struct writing {
	const struct extract_about *about;
	FILE *out;
};

static const char *say(const struct writing *w, enum sentence sentence)
{
	return sentences[sentence][w->about->language];
}

static void put(const struct writing *w, enum sentence sentence, const char *value)
{
	const char *text = say(w, sentence), *at = strstr(text, "{}");

	if (at == NULL)
		fputs(text, w->out);
	else
		fprintf(w->out, "%.*s%s%s", (int)(at - text), text, value, at + 2);
}

static void put_number(const struct writing *w, enum sentence sentence, int64_t n)
{
	char text[24];

	snprintf(text, sizeof text, "%" PRId64, n);
	put(w, sentence, text);
}

static void put_seconds(const struct writing *w, enum sentence sentence, int64_t ms)
{
	char text[32];

	seconds(w->about->language, ms, text);
	put(w, sentence, text);
}

static void write_picture(const struct writing *w, const struct look_account *account)
{
	fputs("    ", w->out);
	if (account->view_ms >= 0)
		put_seconds(w, SHOWN, account->view_ms);
	else
		fputs(say(w, account->was_shown ? SHOWN_UNTOLD : NOT_SHOWN), w->out);
	fputs("\n    ", w->out);
	if (account->lens_ms >= 0)
		put_seconds(w, LENS, account->lens_ms);
	else
		fputs(say(w, LENS_NONE), w->out);
	fputc('\n', w->out);
}

static void write_look(const struct writing *w, const struct told_look *look)
{
	const struct look_account *account = &look->account;
	int answer = account->answer[0][0] != '\0' ? check_answer_from_name(account->answer[0])
	                                           : ANSWER_NONE;
	char time[LOCAL_TEXT_MAX];

	local_text(&w->about->zone, account->at_ms, time);
	fprintf(w->out, "%s\n", time);
	write_picture(w, account);
	if (account->answer[0][0] != '\0' || was_opened(account))
		fprintf(w->out, "    %s%s\n", say(w, RESULT),
		        answers[answer < 0 ? ANSWER_NONE : answer][w->about->language]);
	if (look->visited)
		fprintf(w->out, "    %s\n", say(w, VISITED));
	if (w->about->names && look->name[0] != '\0')
		fprintf(w->out, "    %s%s\n", say(w, OPERATOR), look->name);
	fputc('\n', w->out);
}

static void write_count(const struct writing *w, const struct extract *extract)
{
	int64_t opened = 0, without = 0;

	for (size_t i = 0; i < extract->n; i++) {
		opened += was_opened(&extract->look[i].account);
		without += is_look(&extract->look[i]) && !was_opened(&extract->look[i].account);
	}
	if (opened == 0)
		fputs(say(w, extract->erased > 0 ? NOBODY_LEFT : NOBODY), w->out);
	else
		put_number(w, opened == 1 ? ONCE : TIMES, opened);
	fputc('\n', w->out);
	if (without > 0) {
		put_number(w, without == 1 ? NO_PICTURE_ONCE : NO_PICTURE_TIMES, without);
		fputc('\n', w->out);
	}
	fputc('\n', w->out);
}

static void write_rest(const struct writing *w, const struct extract *extract)
{
	char time[LOCAL_TEXT_MAX];

	if (extract->readings > 0) {
		local_text(&w->about->zone, extract->last_reading_ms, time);
		put_number(w, extract->readings == 1 ? READ_ONCE : READ_TIMES, extract->readings);
		fprintf(w->out, "%s.\n", time);
	}
	if (extract->erased > 0) {
		put_number(w, ERASED, extract->erased);
		fputc('\n', w->out);
	}
	fprintf(w->out, "%s\n", say(w, NOTHING_KEPT));
}

void extract_write(const struct extract *extract, const struct extract_about *about, FILE *out)
{
	const struct writing w = {about, out};
	char time[LOCAL_TEXT_MAX];

	local_text(&about->zone, about->made_ms, time);
	fprintf(out, "%s\n\n%s%s\n", say(&w, TITLE), say(&w, ABOUT), about->resident);
	if (about->centre[0] != '\0')
		fprintf(out, "%s%s\n", say(&w, UNIT), about->centre);
	fprintf(out, "%s%s\n\n", say(&w, MADE), time);
	write_count(&w, extract);
	for (size_t i = 0; i < extract->n; i++)
		if (is_look(&extract->look[i]))
			write_look(&w, &extract->look[i]);
	write_rest(&w, extract);
}
