/* Short, plain, in the words of the service. */
#include "console/words.h"

#include "base/text.h"
#include "console/model_inside.h"
#include "core/zone.h"

#include <stdio.h>
#include <string.h>

static struct zone_local local(const struct model *model, int64_t utc_ms)
{
	return zone_from_utc(&model->centre.zone, utc_ms / 1000);
}

void words_clock(const struct model *model, int64_t utc_ms, char out[CLOCK_BYTES])
{
	static const char *const folds[] = {"", "A", "B"};
	struct zone_local at;

	out[0] = '\0';
	if (utc_ms == 0)
		return;
	at = local(model, utc_ms);
	snprintf(out, CLOCK_BYTES, "%02d:%02d%s", (int)at.minute / 60 % 24, (int)at.minute % 60,
	         folds[at.fold]);
}

void words_clock_seconds(const struct model *model, int64_t utc_ms, char out[CLOCK_BYTES])
{
	struct zone_local at = local(model, utc_ms);

	snprintf(out, CLOCK_BYTES, "%02d:%02d:%02d", (int)at.minute / 60 % 24, (int)at.minute % 60,
	         (int)at.second % 60);
}

const char *words_month(int month)
{
	static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
	                                     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

	return months[month - 1];
}

void words_moment(const struct model *model, int64_t utc_ms, char *out, size_t size)
{
	struct civil_date day = civil_from_days(local(model, utc_ms).days);
	char clock[CLOCK_BYTES];

	words_clock(model, utc_ms, clock);
	snprintf(out, size, "%d %s %s", (int)day.day, words_month((int)day.month), clock);
}

void words_night(const struct model *model, char *out, size_t size)
{
	struct civil_date from = civil_from_days(local(model, model->centre.night_from_ms).days);
	struct civil_date to = civil_from_days(local(model, model->centre.night_to_ms).days);

	if (from.month == to.month)
		snprintf(out, size, "night %d→%d %s", (int)from.day, (int)to.day,
		         words_month((int)to.month));
	else
		snprintf(out, size, "night %d %s→%d %s", (int)from.day,
		         words_month((int)from.month), (int)to.day, words_month((int)to.month));
}

void words_span(int64_t ms, char *out, size_t size)
{
	int64_t minutes = ms / MS_MINUTE;

	if (ms < MS_MINUTE)
		snprintf(out, size, "%d s", (int)((ms < 0 ? 0 : ms) / MS_SECOND));
	else if (minutes < 60)
		snprintf(out, size, "%d min", (int)minutes);
	else
		snprintf(out, size, "%d h %02d min", (int)(minutes / 60), (int)(minutes % 60));
}

void words_resident(const struct model *model, const struct check *check, char *out, size_t size)
{
	const struct resident *resident = model_resident(model, check->resident);

	text_clean(out, size, resident != NULL ? resident->name : check->resident);
}

void words_operator(const struct model *model, const char *id, char *out, size_t size)
{
	const struct operator *operator = model_operator(model, id);
	char first[NAME_MAX_BYTES];

	text_clean(first, sizeof first, operator != NULL ? operator->name : id);
	first[strcspn(first, " ")] = '\0';
	text_clean(out, size, first);
}

void words_names(const struct model *model, const struct list_row *row, char *out, size_t size)
{
	char first[NAME_MAX_BYTES], second[NAME_MAX_BYTES];
	const struct standing_alarm *alarm;
	const struct resident *resident;

	if (row->alarm_id != 0) {
		alarm = model_alarm(model, row->alarm_id);
		resident = alarm != NULL ? model_resident(model, alarm->subject) : NULL;
		text_clean(out, size,
		           resident != NULL ? resident->name
		           : alarm != NULL  ? alarm->subject
		                            : "");
		return;
	}
	words_resident(model, model_check(model, row->check[0]), first, sizeof first);
	if (row->n_checks < 2) {
		text_clean(out, size, first);
		return;
	}
	words_resident(model, model_check(model, row->check[1]), second, sizeof second);
	snprintf(out, size, "%s + %s", first, second);
}

void words_line(const struct model *model, const struct grid_row *line, char *out, size_t size)
{
	char name[PERSONS_MAX][NAME_MAX_BYTES];

	for (int i = 0; i < line->n; i++) {
		const struct resident *resident = model_resident(model, line->resident[i]);

		text_clean(name[i], sizeof name[i],
		           resident != NULL ? resident->name : line->resident[i]);
	}
	snprintf(out, size, "%s%s%s", name[0], line->n > 1 ? " + " : "",
	         line->n > 1 ? name[1] : "");
}

const char *words_cause(enum cause cause)
{
	static const char *const words[CAUSES] = {
		[CAUSE_NONE] = "",
		[CAUSE_NOT_SEEN] = "not seen",
		[CAUSE_NEEDS_HELP] = "needs help",
		[CAUSE_JUDGEMENT] = "paged by an operator",
		[CAUSE_NO_ANSWER] = "no answer in time",
		[CAUSE_CAMERA_LOST] = "camera has no contact",
		[CAUSE_CAMERA_FAULT] = "camera fault",
		[CAUSE_UNUSABLE] = "picture unusable",
		[CAUSE_STALE] = "no fresh picture",
		[CAUSE_CLOCK] = "camera's clock unsound",
		[CAUSE_REFUSED] = "camera refused",
		[CAUSE_SIGNER] = "no proof from the log",
		[CAUSE_LAPSED] = "decision lapsed",
		[CAUSE_WITHDRAWN] = "consent withdrawn",
		[CAUSE_VISIT_SLOT] = "agreed visit",
		[CAUSE_PAUSED] = "pause",
		[CAUSE_STAFF_ON_SITE] = "staff on site",
		[CAUSE_VISITS_DECLINED] = "visits declined",
		[CAUSE_DECEASED] = "deceased",
	};

	return words[cause];
}

const char *words_answer(enum answer answer)
{
	static const char *const words[ANSWERS] = {
		[ANSWER_NONE] = "", [ANSWER_WELL] = "all well", [ANSWER_NOT_SEEN] = "not seen",
		[ANSWER_NEEDS_HELP] = "needs help", [ANSWER_PATROL] = "night patrol",
		[ANSWER_OTHER_PERSON] = "another person", [ANSWER_UNUSABLE] = "picture unusable",
	};

	return words[answer];
}

static void contact_words(const struct model *model, const char *id, char *out, size_t size)
{
	const struct contact *contact = model_contact(model, id);

	text_clean(out, size, contact != NULL ? contact->name : id[0] != '\0' ? id : "the patrol");
}

void words_page(const struct model *model, const struct page *page, char *out, size_t size)
{
	int64_t now = model_utc_ms(model);
	char who[NAME_MAX_BYTES], at[CLOCK_BYTES], span[32];
	bool answered = page->state == PAGE_ACKNOWLEDGED || page->state == PAGE_ON_SITE;
	bool call = page->repeated && !answered;
	int64_t since = page->state == PAGE_ON_SITE ? page->on_site_ms
	                : answered ? page->acknowledged_ms
	                : page->step_ms != 0 ? page->step_ms : page->queued_ms;

	contact_words(model,
	              answered && page->acknowledged_by[0] ? page->acknowledged_by : page->contact,
	              who, sizeof who);
	words_clock(model, since, at);
	words_span(now - since, span, sizeof span);
	if (page->state == PAGE_ON_SITE)
		snprintf(out, size, "%s on site %s · %s ago", who, at, span);
	else if (answered)
		snprintf(out, size, "%s acknowledged %s · %s ago%s", who, at, span,
		         page->silent ? " · not on site" : "");
	else if (page->held)
		snprintf(out, size, "page is held after a restart of the hub");
	else if (call) /* the number first: a narrow row is cut at its end */
		snprintf(out, size, "CALL %s · calling %s since %s", model->centre.emergency, who,
		         at);
	else
		snprintf(out, size, "calling %s since %s · no answer", who, at);
}

/* Late, due, or a second look, with the instant that matters next. */
static void words_open(const struct model *model, const struct check *check, char *out, size_t size)
{
	int64_t now = model_utc_ms(model), end = check_right_ends_ms(check, &model->centre.policy);
	char by[CLOCK_BYTES], first[CLOCK_BYTES], who[NAME_MAX_BYTES], span[32];
	int64_t late_from = check->first_answer_ms != 0
	                            ? check->first_answer_ms + check->recheck_late_ms
	                            : check->latest_ms;
	bool late = now > late_from;

	words_clock(model, late ? end : late_from, by);
	words_span(now - late_from, span, sizeof span);
	if (check->first_answer_ms != 0) {
		words_clock(model, check->first_answer_ms, first);
		words_operator(model, check->operator_id, who, sizeof who);
		if (late)
			snprintf(out, size, "recheck late %s · patrol by itself %s", span, by);
		else
			snprintf(out, size, "recheck · not seen %s (%s) · by %s", first, who, by);
	} else if (late) {
		snprintf(out, size, "late %s · patrol by itself %s", span, by);
	} else {
		snprintf(out, size, "due · start by %s%s", by,
		         check->note == PLAN_GAP ? " · moved, no such time" : "");
	}
}

static void words_taken(const struct model *model, const struct check *check, char *out,
                        size_t size)
{
	char who[NAME_MAX_BYTES], base[NOTE_MAX_BYTES];
	bool mine = model_is_mine(model, check);

	words_operator(model, check->operator_id, who, sizeof who);
	if (check->state == CHECK_CLAIMED) {
		words_open(model, check, base, sizeof base);
		snprintf(out, size, "%s · %s", base, mine ? "you have it" : who);
		if (!mine)
			strncat(out, " has it", size - strlen(out) - 1);
	} else if (check->state == CHECK_LOOKING) {
		snprintf(out, size, "%s", mine ? "you are looking" : who);
		if (!mine)
			strncat(out, " is looking", size - strlen(out) - 1);
	} else {
		snprintf(out, size, "%s%s", mine ? "your answer is awaited" : who,
		         mine ? "" : " is to answer");
	}
}

static void words_closed(const struct model *model, const struct check *check, char *out,
                         size_t size)
{
	char at[CLOCK_BYTES], who[NAME_MAX_BYTES];

	words_clock(model, check->closed_ms, at);
	words_operator(model, check->operator_id, who, sizeof who);
	if (check->outcome == OUTCOME_EXCUSED)
		snprintf(out, size, "excused (%s)", words_cause(check->cause));
	else if (check->outcome == OUTCOME_VISITED)
		snprintf(out, size, "visited · resident seen · %s", at);
	else if (check->view_ms >= 0)
		snprintf(out, size, "seen well · %s · %s · shown %d s", who, at,
		         (int)((check->view_ms + 500) / 1000));
	else
		snprintf(out, size, "seen well · %s · %s", who, at);
}

static void words_planned(const struct model *model, const struct check *check, char *out,
                          size_t size)
{
	const char *note = check->note == PLAN_GAP     ? "moved: its time does not exist tonight"
	                   : check->note == PLAN_MOVED ? "time-zone data changed: moved"
	                                               : "";
	const char *kind = check->kind == SLOT_VISIT ? "visit (no camera)" : "";

	if (check->kind == SLOT_VISIT
	    && (check->cause == CAUSE_WITHDRAWN || check->cause == CAUSE_LAPSED))
		snprintf(out, size, "visit (%s)", words_cause(check->cause));
	else if (check->camera_lost)
		snprintf(out, size, "camera has no contact: call support");
	else if (!model->connected && model_list_alarm(model, check) != ALARM_NONE)
		words_open(model, check, out, size);
	else
		snprintf(out, size, "%s%s%s", kind, *kind && *note ? " · " : "", note);
}

static void words_with_patrol(const struct model *model, const struct check *check, char *out,
                              size_t size)
{
	const struct page *page = check->page != 0 ? model_page(model, check->page) : NULL;
	char at[CLOCK_BYTES];

	if (check->on_site_trouble) {
		snprintf(out, size, "NOT SEEN on site (%s) · still open",
		         check->reason[0] != '\0' ? check->reason : "visit failed");
	} else if (page != NULL) {
		words_page(model, page, out, size);
	} else {
		words_clock(model, check->latest_ms + check->visit_report_ms, at);
		snprintf(out, size, "visit (%s) · report by %s", words_cause(check->cause), at);
	}
}

static void words_fault(const struct model *model, const struct check *check, char *out,
                        size_t size)
{
	char at[CLOCK_BYTES];

	words_clock(model, check->fault_page_ms, at);
	snprintf(out, size, "fault: %s · patrol by itself %s", words_cause(check->cause), at);
}

static void words_undecided(const struct model *model, const struct check *check, char *out,
                            size_t size)
{
	char at[CLOCK_BYTES], seen[CLOCK_BYTES], who[NAME_MAX_BYTES];

	words_clock(model, check_right_ends_ms(check, &model->centre.policy), at);
	words_clock(model, check->shown_ms, seen);
	words_operator(model, check->operator_id, who, sizeof who);
	snprintf(out, size, "NO ANSWER · %s looked %s · patrol %s", who, seen, at);
}

static void words_waiting(const struct model *model, const struct check *check, char *out,
                          size_t size)
{
	char first[CLOCK_BYTES], from[CLOCK_BYTES], who[NAME_MAX_BYTES];

	words_clock(model, check->first_answer_ms, first);
	words_clock(model, check_recheck_at_ms(check), from);
	words_operator(model, check->operator_id, who, sizeof who);
	snprintf(out, size, "not seen %s (%s) · look again %s", first, who, from);
}

void words_row(const struct model *model, const struct list_row *row, char *out, size_t size)
{
	static void (*const of[CHECK_STATES])(const struct model *, const struct check *, char *,
	                                      size_t) = {
		[CHECK_PLANNED] = words_planned,    [CHECK_OPEN] = words_open,
		[CHECK_CLAIMED] = words_taken,      [CHECK_LOOKING] = words_taken,
		[CHECK_DECIDING] = words_taken,     [CHECK_UNDECIDED] = words_undecided,
		[CHECK_WAITING] = words_waiting,    [CHECK_FAULT] = words_fault,
		[CHECK_PATROL] = words_with_patrol, [CHECK_CLOSED] = words_closed,
	};
	const struct check *check;

	if (row->alarm_id != 0) {
		const struct standing_alarm *alarm = model_alarm(model, row->alarm_id);

		text_clean(out, size, alarm != NULL ? alarm->text : "");
		return;
	}
	check = model_check(model, row->check[0]);
	if (model_has_pending_answer(model, check->look) && check->look != 0)
		snprintf(out, size, "your answer is kept and will be sent");
	else
		of[check->state](model, check, out, size);
}
