/*
 * Reconciliation (SERVICE.md hard case 15): every decision, lapsed ones too, against the night's
 * checks, every evening, at a start and whenever somebody asks. A person with a decision and no
 * check is a standing alarm; so are a lapse, a camera that was never accepted, and a pause that
 * nobody reviewed.
 */
#include "hub/inside.h"

#include "base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct reconciling {
	struct hub *hub;
	finding_fn *finding;
	void *arg;
	int n;
	struct list agreements; /* struct agreement_row */
	struct list residents;  /* struct resident_row */
	struct list standing;   /* struct standing: alarms that have a cause now */
	struct list checked;    /* char[ID_MAX]: who has a check tonight */
	struct list named;      /* char[ID_MAX]: whom an agreement names, sorted once all are read */
};

struct standing {
	char kind[ID_MAX], subject[ID_MAX];
};

static const char *const kinds[] = {"no-check", "lapsed",       "lapse-near", "camera",
                                    "pause",    "no-agreement", "no-chain"};

/* name: of whom or what it is about, which consoles know by the subject and a list has to say. */
static void find(struct reconciling *r, const char *kind, const char *subject, const char *name,
                 enum alarm level, const char *text)
{
	struct standing *standing = list_add(&r->standing, sizeof *standing);
	char line[NAME_MAX_BYTES + NOTE_MAX_BYTES];

	text_clean(standing->kind, sizeof standing->kind, kind);
	text_clean(standing->subject, sizeof standing->subject, subject);
	r->n++;
	alarm_raise(r->hub, kind, subject, level, text);
	snprintf(line, sizeof line, "%s%s%s", name, name[0] ? ": " : "", text);
	if (r->finding != NULL)
		r->finding(r->arg,
		           level == ALARM_LOW    ? "low"
		           : level == ALARM_HIGH ? "high"
		                                 : "medium",
		           line);
}

static bool stands(const struct reconciling *r, const char *kind, const char *subject)
{
	const struct standing *standing = r->standing.items;

	for (size_t i = 0; i < r->standing.n; i++)
		if (strcmp(standing[i].kind, kind) == 0
		    && strcmp(standing[i].subject, subject) == 0)
			return true;
	return false;
}

static bool collect_agreement(void *arg, const struct agreement_row *row)
{
	struct reconciling *r = arg;

	if (strcmp(row->id, ROSTER_ROW) != 0)
		*(struct agreement_row *)list_add(&r->agreements, sizeof *row) = *row;
	return true;
}

static bool collect_resident(void *arg, const struct resident_row *row)
{
	struct reconciling *r = arg;

	*(struct resident_row *)list_add(&r->residents, sizeof *row) = *row;
	return true;
}

static bool collect_checked(void *arg, const struct check *check)
{
	struct reconciling *r = arg;

	if (check->night == r->hub->night)
		memcpy(list_add(&r->checked, ID_MAX), check->resident, ID_MAX);
	return true;
}

static int compare_ids(const void *a, const void *b)
{
	return strcmp(a, b);
}

static void sort_ids(struct list *ids)
{
	if (ids->n > 0)
		qsort(ids->items, ids->n, ID_MAX, compare_ids);
}

static bool has_id(const struct list *sorted, const char *id)
{
	return sorted->n > 0 && bsearch(id, sorted->items, sorted->n, ID_MAX, compare_ids) != NULL;
}

/* Who has a check tonight, sorted: the night is read once, however many residents there are. */
static void read_checked(struct reconciling *r)
{
	if (r->hub->store->checks_of_night(r->hub->store->impl, r->hub->night, collect_checked, r)
	    != ERR_OK)
		r->hub->failed = true;
	sort_ids(&r->checked);
}

/*
 * Was a check to be expected tonight? Yes with a slot of this weekday, and yes when every slot has
 * run out under a decision that has not: that is how a person is forgotten. No before the first
 * slot begins.
 */
static bool expects_check(const struct reconciling *r, const struct agreement *agreement)
{
	int32_t night = r->hub->night;
	int weekday = civil_from_days(night).weekday;
	bool tonight = false, other = false;

	for (int i = 0; i < agreement->n_slots; i++) {
		const struct slot *slot = &agreement->slot[i];
		bool over = night > slot->to_day, begun = night >= slot->from_day;

		tonight = tonight || (begun && !over && (slot->weekdays >> weekday & 1));
		other = other || !over;
	}
	return tonight || !other;
}

static int compare_resident_rows(const void *a, const void *b)
{
	return strcmp(((const struct resident_row *)a)->id, ((const struct resident_row *)b)->id);
}

static int compare_resident(const void *id, const void *row)
{
	return strcmp(id, ((const struct resident_row *)row)->id);
}

static const char *name_of(const struct reconciling *r, const char *id)
{
	const struct resident_row *row = r->residents.n == 0 ? NULL
		: bsearch(id, r->residents.items, r->residents.n, sizeof *row, compare_resident);

	return row == NULL ? id : row->name;
}

static void check_lapse(struct reconciling *r, const struct agreement *agreement, int person)
{
	const char *id = agreement->person[person].id, *name = name_of(r, id);
	int32_t left = agreement_days_left(agreement, person, r->hub->night);
	enum right right = agreement_right(agreement, person, r->hub->night);
	/*
	 * A decision whose last day is the night's first date lapses at midnight, in the middle of
	 * the night.
	 */
	enum right later = agreement_right(agreement, person, r->hub->night + 1);
	char text[NOTE_MAX_BYTES];

	if (right == RIGHT_LAPSED || later == RIGHT_LAPSED) {
		find(r, "lapsed", id, name, ALARM_MEDIUM,
		     "visits only: decision or consent lapsed");
	} else if (left == 30 || left == 7 || left == 1) {
		snprintf(text, sizeof text, "the decision ends in %d day%s", left,
		         left == 1 ? "" : "s");
		find(r, "lapse-near", id, name, ALARM_LOW, text);
	}
}

static void check_person(struct reconciling *r, const struct agreement *agreement, int person)
{
	const char *id = agreement->person[person].id;
	enum right right = agreement_right(agreement, person, r->hub->night);

	check_lapse(r, agreement, person);
	if (right == RIGHT_NONE || !expects_check(r, agreement) || has_id(&r->checked, id))
		return;
	find(r, "no-check", id, name_of(r, id), ALARM_HIGH, "has a decision and no check tonight");
}

static void check_camera(struct reconciling *r, const struct agreement *agreement)
{
	const struct camera_live *live;
	char text[NOTE_MAX_BYTES];

	if (agreement->camera[0] == '\0' || agreement->withdrawn)
		return;
	live = camera_live(r->hub, agreement->camera);
	if (live != NULL && live->commissioned && strcmp(live->agreement, agreement->id) == 0)
		return;
	if (live != NULL && strcmp(live->agreement, agreement->id) != 0) {
		snprintf(text, sizeof text,
		         "camera %s belongs to another agreement: its checks are the patrol's",
		         agreement->camera);
		find(r, "camera", agreement->person[0].id, name_of(r, agreement->person[0].id),
		     ALARM_MEDIUM, text);
		return;
	}
	snprintf(text, sizeof text, "visits only: camera %s not accepted", agreement->camera);
	find(r, "camera", agreement->person[0].id, name_of(r, agreement->person[0].id), ALARM_LOW,
	     text);
}

struct chain_search {
	const char *area;
	bool found;
};

static bool in_chain(void *arg, const struct contact_row *contact)
{
	struct chain_search *search = arg;

	search->found = contact->step >= 0
	                && (contact->area[0] == '\0' || strcmp(contact->area, search->area) == 0);
	return !search->found;
}

/* An area that no contact covers has nobody to be paged, however long the chain of another is. */
static void check_chain(struct reconciling *r, const struct agreement *agreement)
{
	struct chain_search search = {.area = agreement->area};

	if (r->hub->store->contacts(r->hub->store->impl, in_chain, &search) != ERR_OK)
		r->hub->failed = true;
	if (!search.found && !stands(r, "no-chain", agreement->area))
		find(r, "no-chain", agreement->area, agreement->area, ALARM_HIGH,
		     "no patrol contact is configured: nobody can be paged");
}

static void check_agreements(struct reconciling *r)
{
	const struct agreement_row *row = r->agreements.items;
	struct agreement agreement;

	for (size_t i = 0; i < r->agreements.n && !r->hub->failed; i++) {
		if (agreement_decode(&agreement, row[i].doc, row[i].doc_len) != ERR_OK) {
			find(r, "no-agreement", row[i].id, row[i].id, ALARM_HIGH,
			     "an agreement in the store cannot be read");
			continue;
		}
		for (int person = 0; person < agreement.n_persons; person++) {
			memcpy(list_add(&r->named, ID_MAX), agreement.person[person].id, ID_MAX);
			check_person(r, &agreement, person);
		}
		check_camera(r, &agreement);
		check_chain(r, &agreement);
	}
}

static void check_residents(struct reconciling *r)
{
	const struct resident_row *row = r->residents.items;

	sort_ids(&r->named);
	for (size_t i = 0; i < r->residents.n; i++) {
		if (has_id(&r->named, row[i].id))
			continue;
		find(r, "no-agreement", row[i].id, row[i].name, ALARM_MEDIUM,
		     "no agreement, so no check");
	}
}

static bool check_pause(void *arg, const struct pause_row *pause)
{
	*(struct pause_row *)list_add(arg, sizeof *pause) = *pause;
	return true;
}

static void check_pauses(struct reconciling *r)
{
	struct list pauses = {0};
	const struct pause_row *pause;

	if (r->hub->store->pauses(r->hub->store->impl, check_pause, &pauses) != ERR_OK)
		r->hub->failed = true;
	pause = pauses.items;
	for (size_t i = 0; i < pauses.n; i++) {
		if (pause[i].to_ms != 0 || pause[i].review_ms == 0
		    || pause[i].review_ms > r->hub->now.utc_ms)
			continue;
		find(r, "pause", pause[i].resident, name_of(r, pause[i].resident), ALARM_MEDIUM,
		     "the pause was to be reviewed by now");
	}
	free(pauses.items);
}

struct lowering {
	const struct reconciling *r;
	struct list gone; /* struct standing */
};

static bool collect_gone(void *arg, const struct alarm_row *alarm)
{
	struct lowering *lowering = arg;
	bool ours = false;

	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
		ours = ours || strcmp(kinds[i], alarm->kind) == 0;
	if (ours && !stands(lowering->r, alarm->kind, alarm->subject)) {
		struct standing *gone = list_add(&lowering->gone, sizeof *gone);

		memcpy(gone->kind, alarm->kind, sizeof gone->kind);
		memcpy(gone->subject, alarm->subject, sizeof gone->subject);
	}
	return true;
}

/* What has no cause any more is over. */
static void lower_the_rest(struct reconciling *r)
{
	struct lowering lowering = {.r = r};
	const struct standing *gone;

	if (r->hub->store->alarms(r->hub->store->impl, collect_gone, &lowering) != ERR_OK)
		r->hub->failed = true;
	gone = lowering.gone.items;
	for (size_t i = 0; i < lowering.gone.n; i++)
		alarm_lower(r->hub, gone[i].kind, gone[i].subject);
	free(lowering.gone.items);
}

static void reconcile(struct reconciling *r)
{
	struct log_event entry = hub_event(r->hub, LOG_RECONCILED, NULL);

	if (r->hub->store->agreements(r->hub->store->impl, collect_agreement, r) != ERR_OK
	    || r->hub->store->residents(r->hub->store->impl, collect_resident, r) != ERR_OK)
		r->hub->failed = true;
	if (r->residents.n > 0)
		qsort(r->residents.items, r->residents.n, sizeof(struct resident_row),
		      compare_resident_rows);
	read_checked(r);
	check_agreements(r);
	check_residents(r);
	check_pauses(r);
	lower_the_rest(r);
	log_event_int(&entry, "count", r->n);
	log_event_int(&entry, "night", r->hub->night);
	if (hub_log(r->hub, &entry, NULL) != ERR_OK)
		r->hub->failed = true;
}

void night_reconcile(struct hub *hub, finding_fn *finding, void *arg)
{
	struct reconciling r = {.hub = hub, .finding = finding, .arg = arg};

	/*
	 * One transaction: two thousand alarms of their own would stop the hub for as many syncs.
	 */
	if (hub->failed || hub_begin(hub) != ERR_OK)
		return;
	reconcile(&r);
	if (hub->failed)
		hub_abort(hub);
	else
		hub_commit(hub);
	free(r.agreements.items);
	free(r.residents.items);
	free(r.standing.items);
	free(r.checked.items);
	free(r.named.items);
}
