/*
 * What must hold, whatever happens (SERVICE.md). Rows that an entry of the hub touched are looked at when
 * it ends; lenses, pictures, answers and sendings when they happen; everything else every ten minutes and
 * at dawn. Nothing here asks core/ what is right: instants come from the town's own oracle.
 */
#include "world.h"

#include <stdlib.h>
#include <string.h>

/* A clock may be this far from the truth and still be sound: 30 s to the hub, and the hub's own. */
#define SKEW_MS (75 * MS_SECOND)
/* A permit lives ten seconds, and a message takes its time. */
#define VOID_MS (12 * MS_SECOND)

static const struct store *store_of(const struct world *world)
{
	return &world->centre.inner;
}

static const struct town_slot *slot_of(const struct home *home, const char *id)
{
	for (int i = 0; i < home->n_slots; i++)
		if (strcmp(home->slot[i].id, id) == 0)
			return &home->slot[i];
	return NULL;
}

/* Until when a look of this slot may begin: the agreed end and ten minutes. */
static int64_t slot_ends_ms(const struct world *world, int32_t night, const struct town_slot *slot)
{
	int64_t start = town_start_ms(world, night, slot), latest = start + 15 * MS_MINUTE;
	struct town_slot end = *slot;

	if (slot->to_min >= 0) {
		end.from_min = slot->to_min;
		latest = town_start_ms(world, night, &end);
		/* A span that the clock change swallowed keeps a quarter of an hour. */
		if (latest < start + 15 * MS_MINUTE)
			latest = start + 15 * MS_MINUTE;
	}
	return latest + 10 * MS_MINUTE;
}

static bool is_ended(const struct check *check)
{
	return check->outcome == OUTCOME_SEEN_WELL || check->outcome == OUTCOME_VISITED
	       || check->outcome == OUTCOME_EXCUSED;
}

/* A check without an answer pages by itself: after its hard end it is with the patrol. */
static void audit_hard_end(struct world *world, const struct check *check, int64_t slack_ms)
{
	struct home *home = town_home_of(world, check->resident);
	const struct town_slot *slot = home != NULL ? slot_of(home, check->slot) : NULL;
	int64_t now = centre_now(world).utc_ms, ends;

	if (slot == NULL || slot->kind == SLOT_VISIT || check->state >= CHECK_PATROL)
		return;
	ends = check->first_answer_ms != 0 ? check->first_answer_ms + 15 * MS_MINUTE
	                                   : slot_ends_ms(world, check->night, slot);
	if (now >= ends + slack_ms)
		history_fail(world, "hard-end", "%s %s is %s %lld s after its hard end", check->resident, check->slot,
		             check_state_name(check->state), (long long)((now - ends) / MS_SECOND));
}

/* Sixty seconds of retries, and never before the slot has stood for three minutes; then the patrol. */
static void audit_fault(struct world *world, const struct check *check, int64_t slack_ms)
{
	int64_t begun = check->start_ms + 3 * MS_MINUTE, retried = check->fault_ms + MS_MINUTE;
	int64_t pages = begun > retried ? begun : retried;

	if (check->state == CHECK_FAULT && centre_now(world).utc_ms >= pages + slack_ms)
		history_fail(world, "fault", "check %lld is at fault for %lld s, and the patrol is not called",
		             (long long)check->id, (long long)((centre_now(world).utc_ms - check->fault_ms) / MS_SECOND));
}

static void audit_check(struct world *world, int64_t id)
{
	struct check check;

	if (store_of(world)->check_get(store_of(world)->impl, id, &check) != ERR_OK)
		return;
	if ((check.state == CHECK_CLOSED) != is_ended(&check))
		history_fail(world, "ending", "check %lld is %s with the outcome %s", (long long)id,
		             check_state_name(check.state), check_outcome_name(check.outcome));
	if (check.state == CHECK_PATROL && check.cause != CAUSE_VISIT_SLOT && check.page == 0)
		history_fail(world, "paged", "check %lld is with the patrol and has no page", (long long)id);
	if (check.look_number > 2)
		history_fail(world, "looks", "check %lld counts %d looks", (long long)id, (int)check.look_number);
	audit_hard_end(world, &check, 0);
	audit_fault(world, &check, 0);
}

static void audit_page(struct world *world, int64_t number)
{
	struct page page;

	if (store_of(world)->page_get(store_of(world)->impl, number, &page) != ERR_OK)
		return;
	if (page.state < PAGE_ACKNOWLEDGED && page.next_at == 0)
		history_fail(world, "escalation", "page %lld waits for nobody and nothing", (long long)number);
}

void audit_entry(struct world *world)
{
	struct list *checks = &world->centre.touched_checks, *pages = &world->centre.touched_pages;

	for (size_t i = 0; i < checks->n; i++)
		audit_check(world, ((int64_t *)checks->items)[i]);
	for (size_t i = 0; i < pages->n; i++)
		audit_page(world, ((int64_t *)pages->items)[i]);
	checks->n = pages->n = 0;
}

/* Lenses */

static struct look_seen *look_seen(struct world *world, int64_t look)
{
	return look > 0 && look <= (int64_t)world->looks.n ? (struct look_seen *)world->looks.items + look - 1 : NULL;
}

static void audit_right(struct world *world, struct home *home)
{
	const struct permit *permit = &home->permit;
	const struct town_slot *slot = slot_of(home, permit->slot);
	int64_t start, ends;
	int32_t day;

	if (slot == NULL || slot->kind != SLOT_CAMERA || !town_is_agreed(slot, permit->night))
		history_fail(world, "lens", "%s opened for a slot without a look, %s", home->camera, permit->slot);
	day = slot->from_min < 12 * 60 ? permit->night + 1 : permit->night;
	if (day > home->decision_to || day > home->consent_to)
		history_fail(world, "lens", "%s opened after the decision or the consent had lapsed", home->camera);
	start = town_start_ms(world, permit->night, slot);
	ends = slot_ends_ms(world, permit->night, slot) + (permit->look_number > 1 ? 15 * MS_MINUTE : 0);
	if (world->now_ms < start - SKEW_MS || world->now_ms >= ends + SKEW_MS)
		history_fail(world, "lens", "%s opened %lld s after the start of %s", home->camera,
		             (long long)((world->now_ms - start) / MS_SECOND), permit->slot);
	if (home->withdrawn_ms != 0 && world->now_ms > home->withdrawn_ms + VOID_MS)
		history_fail(world, "lens", "%s opened %lld s after the withdrawal", home->camera,
		             (long long)((world->now_ms - home->withdrawn_ms) / MS_SECOND));
	if (home->n_persons == 1 && home->paused_ms != 0 && world->now_ms > home->paused_ms + VOID_MS)
		history_fail(world, "lens", "%s opened in a pause", home->camera);
}

/* Each right opens the lens once, and a recheck keeps its distance. */
static void audit_once(struct world *world, struct home *home)
{
	const struct permit *permit = &home->permit;
	struct opening *fresh;

	for (int i = 0; i < home->n_openings; i++) {
		const struct opening *was = &home->opening[i];

		if (was->night != permit->night || strcmp(was->slot, permit->slot) != 0)
			continue;
		if (was->look_number == permit->look_number && was->replacement == permit->replacement)
			history_fail(world, "lens", "%s opened twice on one right: %s, look %d%s", home->camera,
			             permit->slot, (int)permit->look_number, permit->replacement ? " again" : "");
		if (was->look_number == permit->look_number - 1
		    && world->now_ms < was->at_ms + 8 * MS_MINUTE - SKEW_MS)
			history_fail(world, "lens", "%s opened %lld s after the first look", home->camera,
			             (long long)((world->now_ms - was->at_ms) / MS_SECOND));
	}
	if (home->n_openings == OPENINGS_SEEN)
		memmove(&home->opening[0], &home->opening[1], sizeof home->opening[0] * (size_t)--home->n_openings);
	fresh = &home->opening[home->n_openings++];
	*fresh = (struct opening){.night = permit->night, .look_number = permit->look_number,
	                          .replacement = permit->replacement, .at_ms = world->now_ms};
	memcpy(fresh->slot, permit->slot, sizeof fresh->slot);
}

void audit_lens_open(struct world *world, struct home *home)
{
	struct look_seen *look = home->has_permit ? look_seen(world, home->permit.look) : NULL;

	world->counts.openings++;
	history_note(world, "%s opens its lens for look %lld", home->camera,
	             home->has_permit ? (long long)home->permit.look : 0);
	if (!home->has_permit)
		history_fail(world, "lens", "%s opened without a permit", home->camera);
	if (look == NULL || !look->recorded)
		history_fail(world, "log-first", "%s opened for look %lld, which is not in the log", home->camera,
		             (long long)home->permit.look);
	if (look->openings++ > 0)
		history_fail(world, "lens", "look %lld opened a lens twice", (long long)home->permit.look);
	audit_right(world, home);
	audit_once(world, home);
}

void audit_lens_parked(struct world *world, struct home *home)
{
	int64_t open_ms = world->now_ms - home->opened_ms;
	bool undisturbed = home->agent != NULL && home->powered && home->trouble == CAMERA_WELL
	                   && home->stalled_until_ms < home->opened_ms && home->disturbed_ms < home->opened_ms;

	if (undisturbed && open_ms > 8 * MS_SECOND)
		history_fail(world, "lens", "%s was open for %lld ms", home->camera, (long long)open_ms);
}

/* Pictures and answers */

/* Never yesterday's: each picture that stands is a later one than the last. */
void audit_picture_stands(struct world *world, struct desk *desk, int64_t number)
{
	for (int i = 0; i < world->n_homes; i++) {
		struct home *home = &world->home[i];

		if (strcmp(home->camera, desk->viewer.camera) != 0)
			continue;
		if (number <= home->shown_picture)
			history_fail(world, "stale", "%s sees an old picture of %s", desk->user, home->camera);
		home->shown_picture = number;
	}
}

void audit_picture_gone(struct world *world, struct desk *desk)
{
	int64_t stood = world->now_ms - desk->viewer.shown_ms;

	if (stood > world->policy.view_ms + (desk->viewer.hangs ? 2500 : 100))
		history_fail(world, "view", "%s had a picture for %lld ms", desk->user, (long long)stood);
}

void audit_answer(struct world *world, struct desk *desk, const struct said *said)
{
	struct home *home = town_home_of(world, said->resident);

	world->counts.answers++;
	if (!desk->quiet)
		history_fail(world, "typed-ahead", "%s answered look %lld with a key from before it", desk->user,
		             (long long)said->look);
	if (desk->viewer.standing && world->now_ms - desk->viewer.shown_ms < MS_SECOND - 50)
		history_fail(world, "typed-ahead", "%s answered look %lld after %lld ms", desk->user,
		             (long long)said->look, (long long)(world->now_ms - desk->viewer.shown_ms));
	history_note(world, "%s answers %s for %s, look %lld", desk->user, check_answer_name(said->answer),
	             said->resident, (long long)said->look);
	if (desk->saw_look == said->look && desk->viewer.expect.look == said->look
	    && (home == NULL || strcmp(home->camera, desk->viewer.camera) != 0))
		history_fail(world, "answer", "%s answered for %s with the picture of %s", desk->user, said->resident,
		             desk->viewer.camera);
}

/* Pages */

static struct sent *last_sent(struct world *world, int64_t page, const char *contact)
{
	struct sent *sent = world->sent.items;

	for (size_t i = world->sent.n; i > 0; i--)
		if (sent[i - 1].page == page && (contact == NULL || strcmp(sent[i - 1].contact, contact) == 0))
			return &sent[i - 1];
	return NULL;
}

void audit_sending(struct world *world, const struct pager_message *message)
{
	const struct sent *last = last_sent(world, message->page, message->contact);
	const struct sent *before = last_sent(world, message->page, NULL);
	bool first = before == NULL || strcmp(before->contact, message->contact) != 0;
	struct sent *fresh;
	int64_t least = 60 * MS_SECOND;

	world->counts.sendings++;
	/* One that was delivered is not sent again before its step is over. */
	if (last != NULL && last->delivered && last->first && !message->urgent)
		least = 3 * MS_MINUTE;
	if (last != NULL && last->at_ms > world->centre.started_ms && last->urgent == message->urgent
	    && world->now_ms - last->at_ms < least - 100)
		history_fail(world, "twice", "%s was called twice for page %lld within %lld s", message->contact,
		             (long long)message->page, (long long)((world->now_ms - last->at_ms) / MS_SECOND));
	fresh = list_new(&world->sent, sizeof *fresh);
	*fresh = (struct sent){.page = message->page, .at_ms = world->now_ms, .urgent = message->urgent, .first = first};
	memcpy(fresh->contact, message->contact, sizeof fresh->contact);
}

void audit_delivered(struct world *world, int64_t page, const char *contact)
{
	struct sent *last = last_sent(world, page, contact);

	if (last != NULL)
		last->delivered = true;
}

static bool audit_calling(void *arg, const struct page *page)
{
	struct world *world = arg;
	const struct sent *last;
	int64_t since;

	if (page->state >= PAGE_ACKNOWLEDGED || page->held || world->centre.gateway_down > 0)
		return true;
	last = last_sent(world, page->number, NULL);
	since = last != NULL ? last->at_ms : world->centre.started_ms;
	if (since < world->centre.started_ms)
		since = world->centre.started_ms;
	if (world->now_ms - since > 3 * MS_MINUTE + 30 * MS_SECOND)
		history_fail(world, "escalation", "page %lld, unacknowledged, was last sent %lld s ago",
		             (long long)page->number, (long long)((world->now_ms - since) / MS_SECOND));
	return true;
}

/* Consoles */

struct comparing {
	struct world *world;
	struct desk *desk;
};

/* Nobody has reported by the agreed time: it must stand where the operator looks first. */
static bool is_overdue(const struct world *world, const struct check *check)
{
	int64_t now = centre_now(world).utc_ms - 2 * MS_MINUTE;
	int64_t latest = check->latest_ms > check->patrol_ms ? check->latest_ms : check->patrol_ms;

	if (check->state != CHECK_PATROL)
		return false;
	return now > (check->kind == SLOT_VISIT ? latest + 30 * MS_MINUTE : check->patrol_ms + 75 * MS_MINUTE);
}

static bool needs_somebody(const struct desk *desk, int64_t check)
{
	for (size_t i = 0; i < desk->model->list.n; i++) {
		const struct list_row *row = model_row(&desk->model->list, i);

		if (row->check[0] == check || row->check[1] == check)
			return row->section == SECTION_NEEDS_YOU && row->alarm == ALARM_HIGH;
	}
	return false;
}

static bool compare_check(void *arg, const struct check *check)
{
	const struct comparing *c = arg;
	const struct check *shown = model_check(c->desk->model, check->id);

	if (shown == NULL)
		history_fail(c->world, "console", "%s does not know check %lld", c->desk->user, (long long)check->id);
	if (shown->state != check->state || shown->decision_version != check->decision_version
	    || shown->look != check->look || shown->session != check->session || shown->page != check->page
	    || shown->outcome != check->outcome || shown->cause != check->cause || shown->kind != check->kind
	    || shown->next_at != check->next_at || shown->camera_lost != check->camera_lost)
		history_fail(c->world, "console", "%s shows check %lld as %s, which is %s", c->desk->user,
		             (long long)check->id, check_state_name(shown->state), check_state_name(check->state));
	if (is_overdue(c->world, check) && !needs_somebody(c->desk, check->id))
		history_fail(c->world, "alarm", "check %lld is overdue, and %s does not say so", (long long)check->id,
		             c->desk->user);
	return true;
}

static bool compare_page(void *arg, const struct page *page)
{
	const struct comparing *c = arg;
	const struct page *shown = model_page(c->desk->model, page->number);

	if (shown == NULL || shown->state != page->state || shown->step != page->step
	    || strcmp(shown->contact, page->contact) != 0 || shown->next_at != page->next_at)
		history_fail(c->world, "console", "%s shows page %lld as it is not", c->desk->user,
		             (long long)page->number);
	return true;
}

static bool compare_alarm(void *arg, const struct alarm_row *alarm)
{
	const struct comparing *c = arg;

	if (model_alarm(c->desk->model, alarm->id) == NULL)
		history_fail(c->world, "console", "%s does not show the alarm %s %s", c->desk->user, alarm->kind,
		             alarm->subject);
	return true;
}

static bool open_check(void *arg, const struct check *check)
{
	audit_hard_end(arg, check, 2 * MS_SECOND);
	audit_fault(arg, check, 2 * MS_SECOND);
	return true;
}

void audit_consoles(struct world *world)
{
	const struct store *store = store_of(world);
	int32_t night;

	/* A hub that stands still, or has just started, has not had its say. */
	if (!world->centre.alive || world->centre.stalled_until_ms > world->now_ms
	    || world->now_ms - world->centre.started_ms < 5 * MS_SECOND)
		return;
	/* Between two nights it takes the hub a minute to change over. */
	night = night_of(&world->centre.zone, &world->policy, centre_now(world).utc_ms);
	if (night != night_of(&world->centre.zone, &world->policy, centre_now(world).utc_ms - 70 * MS_SECOND))
		return;
	store->pages_open(store->impl, audit_calling, world);
	store->checks_open(store->impl, open_check, world);
	for (int i = 0; i < world->n_desks; i++) {
		struct comparing comparing = {.world = world, .desk = &world->desk[i]};
		struct now now = desk_now(world, comparing.desk);

		if (comparing.desk->model == NULL || !comparing.desk->model->connected
		    || comparing.desk->model->loading || comparing.desk->session == 0
		    || !link_is_quiet(world, comparing.desk->session))
			continue;
		model_tick(comparing.desk->model, &now);
		store->checks_of_night(store->impl, night, compare_check, &comparing);
		store->pages_open(store->impl, compare_page, &comparing);
		store->alarms(store->impl, compare_alarm, &comparing);
	}
}

/* Crashes and dawn */

void audit_restart(struct world *world)
{
	int64_t size = 0;

	if (store_of(world)->log_sequence(store_of(world)->impl, &size) != ERR_OK)
		history_fail(world, "restart", "the store cannot be read");
	if (size < world->centre.log_size)
		history_fail(world, "lost", "%lld entries of the log were lost in a crash",
		             (long long)(world->centre.log_size - size));
	world->centre.log_size = size;
}

static void audit_slot(struct world *world, struct home *home, const struct town_slot *slot, int32_t night, int person)
{
	struct counts *counts = &world->counts;
	struct check check;

	if (store_of(world)->check_find(store_of(world)->impl, home->resident[person], slot->id, night, &check)
	    != ERR_OK)
		history_fail(world, "plan", "%s has no check for %s", home->resident[person], slot->id);
	if (check.start_ms != town_start_ms(world, night, slot))
		history_fail(world, "plan", "%s %s begins %lld s away from what was agreed", check.resident, slot->id,
		             (long long)((check.start_ms - town_start_ms(world, night, slot)) / MS_SECOND));
	counts->checks++;
	counts->well += check.outcome == OUTCOME_SEEN_WELL;
	counts->visited += check.outcome == OUTCOME_VISITED;
	counts->excused += check.outcome == OUTCOME_EXCUSED;
	counts->open_at_dawn += check.state != CHECK_CLOSED;
	if (check.state < CHECK_PATROL)
		history_fail(world, "dawn", "%s %s is %s at dawn", check.resident, slot->id,
		             check_state_name(check.state));
}

static void dawn_again(struct world *world, const struct event *event)
{
	audit_dawn(world, (int32_t)event->a);
}

void audit_dawn(struct world *world, int32_t night)
{
	if (!world->centre.alive) {
		world_at(world, world->now_ms + 30 * MS_SECOND, dawn_again, night, 0, 0, NULL, 0);
		return;
	}
	for (int i = 0; i < world->n_homes; i++)
		for (int s = 0; s < world->home[i].n_slots; s++)
			for (int p = 0; p < world->home[i].n_persons; p++)
				if (world->home[i].present && town_is_agreed(&world->home[i].slot[s], night))
					audit_slot(world, &world->home[i], &world->home[i].slot[s], night, p);
	replay_night(world, night);
	world->sent.n = 0;
	/* What the hub has not had yet may still come, out of a console that had lost it. */
	for (size_t i = world->said.n; i > 0; i--)
		if (((struct said *)world->said.items)[i - 1].logged)
			list_drop(&world->said, sizeof(struct said), i - 1);
}
