/*
 * What the patrol says by telephone, recorded by the operator: acknowledged, on site, what was
 * found. Every record asks first, since an acknowledgement stops the escalation and a report can
 * close a check.
 */
#include "console/model_inside.h"

#include "base/text.h"
#include "console/words.h"

#include <string.h>

/* The check that the keys are about: the board's row, or the look whose help is on its way. */
const struct check *model_patrol_check(const struct model *model)
{
	const struct list_row *row;

	if (model->screen == SCREEN_LOOK) {
		for (int i = 0; i < model->look.n_checks; i++)
			if (model->look.answer[i] == ANSWER_NEEDS_HELP)
				return model_check(model, model->look.check[i]);
		return model_check(model, model->look.check[model->look.person]);
	}
	row = model_focus(model);
	return row != NULL ? model_check(model, row->check[0]) : NULL;
}

/* Who is meant: the one who acknowledged, else the one being called. */
static const char *contact_of(const struct page *page)
{
	return page->acknowledged_by[0] != '\0' ? page->acknowledged_by : page->contact;
}

static const char *contact_name(const struct model *model, const char *id)
{
	const struct contact *contact = model_contact(model, id);

	return contact != NULL ? contact->name : id[0] != '\0' ? id : "the patrol";
}

static bool needs_contact(const char *word)
{
	return text_equal(word, "acknowledged") || text_equal(word, "called");
}

static const char *event_words(const char *word)
{
	static const struct {
		const char *word, *words;
	} words[] = {
		{"acknowledged", "has acknowledged"},
		{"on-site", "is on site"},
		{"called", "was called by telephone"},
		{"resend", "is sent the page again"},
		{"next", "is passed over: page the next person"},
	};

	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (text_equal(words[i].word, word))
			return words[i].words;
	return word;
}

/* Asks, for the person whom the deed names. */
static void ask_event(struct model *model, const struct deed *deed)
{
	const struct check *check = model_check(model, deed->check);
	const struct page *page = model_page(model, deed->page);
	const char *who = needs_contact(deed->word) ? deed->contact
	                  : page != NULL            ? contact_of(page)
	                                            : "";
	char name[NAME_MAX_BYTES];

	words_resident(model, check, name, sizeof name);
	model_prompt_open(model, deed, "", false, "%s: record that %s %s", name,
	                  contact_name(model, who), event_words(deed->word));
}

void model_patrol_event(struct model *model, const char *word)
{
	const struct check *check = model_patrol_check(model);
	const struct page *page = check != NULL ? model_page(model, check->page) : NULL;
	struct deed deed = {.kind = DEED_PAGE_EVENT, .word = word};

	if (page == NULL) {
		model_note(model, "%s",
		           check != NULL ? "An agreed visit has no page: record what was found."
		                         : "");
		return;
	}
	deed.check = check->id;
	deed.page = page->number;
	if (needs_contact(word))
		memcpy(deed.contact, page->contact, sizeof deed.contact);
	ask_event(model, &deed);
}

bool model_patrol_is_about_somebody(const struct prompt *prompt)
{
	return (prompt->deed.kind == DEED_PAGE_EVENT || prompt->deed.kind == DEED_SITE_REPORT)
	       && prompt->deed.contact[0] != '\0';
}

void model_patrol_emergency(struct model *model)
{
	const struct check *check = model_patrol_check(model);
	const struct page *page = check != NULL ? model_page(model, check->page) : NULL;
	struct deed deed = {.kind = DEED_PAGE_EVENT, .word = page_event_name(PAGE_EV_112)};
	char name[NAME_MAX_BYTES];

	if (page == NULL) {
		model_note(model, "Call %s. It can be recorded as soon as the page is there.",
		           model->centre.emergency);
		return;
	}
	deed.check = check->id;
	deed.page = page->number;
	/*
	 * Where the screen is about one resident, one key records it; on the board it asks for
	 * whom.
	 */
	if (model->screen == SCREEN_LOOK && model->look.phase == LOOK_HELP) {
		model_deed_do(model, &deed, "");
		return;
	}
	words_resident(model, check, name, sizeof name);
	model_prompt_open(model, &deed, "", false, "%s: record that %s was called", name,
	                  model->centre.emergency);
}

static const char *report_words(const char *word)
{
	static const struct {
		const char *word, *words;
	} words[] = {
		{"well", "was seen and is well"},
		{"helped", "was seen and has been helped"},
		{"ambulance", "was seen and taken by ambulance"},
		{"nobody-home", "was not found: nobody home"},
		{"no-entry", "was not seen: no entry"},
		{"broken-off", "was not seen: the visit was broken off"},
	};

	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (text_equal(words[i].word, word))
			return words[i].words;
	return word;
}

static void ask_report(struct model *model, const struct deed *deed)
{
	const struct check *check = model_check(model, deed->check);
	char name[NAME_MAX_BYTES];

	words_resident(model, check, name, sizeof name);
	if (deed->contact[0] != '\0')
		model_prompt_open(model, deed, "", false, "%s says: %s %s",
		                  contact_name(model, deed->contact), name,
		                  report_words(deed->word));
	else
		model_prompt_open(model, deed, "", false, "Record from the site: %s %s", name,
		                  report_words(deed->word));
}

void model_patrol_report(struct model *model, const char *word)
{
	const struct check *check = model_patrol_check(model);
	const struct page *page = check != NULL ? model_page(model, check->page) : NULL;
	struct deed deed = {.kind = DEED_SITE_REPORT, .word = word};

	if (check == NULL)
		return;
	deed.check = check->id;
	if (page != NULL)
		memcpy(deed.contact, contact_of(page), sizeof deed.contact);
	ask_report(model, &deed);
}

void model_patrol_choose(struct model *model, int by)
{
	struct prompt before = model->prompt;
	struct deed deed = before.deed;
	const struct check *check = model_check(model, deed.check);
	const struct contact *other = check == NULL ? NULL
	                              : model_other_contact(model, check->area, deed.contact, by);

	if (other == NULL)
		return;
	memcpy(deed.contact, other->id, sizeof deed.contact);
	if (deed.kind == DEED_SITE_REPORT)
		ask_report(model, &deed);
	else
		ask_event(model, &deed);
	model->prompt.by_enter = before.by_enter;
}
