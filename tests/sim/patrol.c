/*
 * The patrol, and the gateway that wakes it. Messages take their time or are lost; whoever gets one says
 * yes, or sleeps on; whoever said yes drives, finds or does not find, and rings the centre about each.
 */
#include "world.h"

#include <stdio.h>
#include <string.h>

struct visit {
	int64_t check;
	int tries, arrived;
	char contact[ID_MAX];
};

static struct carer *contact_of(struct world *world, const char *id)
{
	for (int i = 0; i < world->n_contacts; i++)
		if (strcmp(world->contact[i].id, id) == 0)
			return &world->contact[i];
	return NULL;
}

void patrol_ring(struct world *world, int64_t at_ms, int64_t check, int64_t page, const char *contact,
                 const char *resident, const char *word)
{
	struct call *call = list_new(&world->calls, sizeof *call);

	*call = (struct call){.at_ms = at_ms, .check = check, .page = page, .word = word};
	snprintf(call->contact, sizeof call->contact, "%s", contact);
	snprintf(call->resident, sizeof call->resident, "%s", resident);
	for (int i = 0; i < world->n_desks; i++)
		if (world->desk[i].call.word == NULL)
			operator_wake(world, &world->desk[i], 2 * MS_SECOND);
}

static void channel(struct world *world, const struct event *event)
{
	centre_paged(world, event->a, (enum page_event_kind)event->b, event->data);
}

static void report(struct world *world, int64_t in_ms, int64_t page, enum page_event_kind kind, const char *contact)
{
	world_at(world, world->now_ms + in_ms, channel, page, kind, 0, contact, strlen(contact) + 1);
}

/* Visits. */

static void visit(struct world *world, const struct event *event);

static void visit_later(struct world *world, int64_t in_ms, const struct visit *next)
{
	world_at(world, world->now_ms + in_ms, visit, 0, 0, 0, next, sizeof *next);
}

static void stand_up(struct world *world, const char *resident)
{
	struct home *home = town_home_of(world, resident);

	if (home != NULL)
		home->fallen = false;
}

static const char *find(struct world *world, const struct check *check)
{
	struct home *home = town_home_of(world, check->resident);
	int64_t roll = random_below(&world->patrol_random, 1000);

	if (roll < 40)
		return "no-entry";
	if (roll < 60)
		return "broken-off";
	if (roll < 90)
		return "nobody-home";
	if (home != NULL && home->fallen)
		return random_chance(&world->patrol_random, 300) ? "ambulance" : "helped";
	return "well";
}

/* At the door; rings, and comes back until somebody has written down that the resident was seen. */
static void visit(struct world *world, const struct event *event)
{
	struct visit next;
	struct check check;
	const char *word;

	memcpy(&next, event->data, sizeof next);
	if (world->centre.inner.check_get(world->centre.inner.impl, next.check, &check) != ERR_OK
	    || check.state == CHECK_CLOSED || next.tries++ > 12)
		return;
	if (next.arrived == 0 && random_chance(&world->patrol_random, 400)) {
		next.arrived = 1;
		next.tries--;
		patrol_ring(world, world->now_ms, check.id, check.page, next.contact, check.resident, "on-site");
		visit_later(world, random_between(&world->patrol_random, 1, 6) * MS_MINUTE, &next);
		return;
	}
	next.arrived = 1;
	word = find(world, &check);
	if (strcmp(word, "well") == 0 || strcmp(word, "helped") == 0 || strcmp(word, "ambulance") == 0)
		stand_up(world, check.resident);
	patrol_ring(world, world->now_ms, check.id, check.page, next.contact, check.resident, word);
	visit_later(world, random_between(&world->patrol_random, 12, 30) * MS_MINUTE, &next);
}

struct round {
	struct world *world;
	const char *contact;
	int64_t in_ms;
};

static bool add_visit(void *arg, const struct check *check)
{
	struct round *round = arg;
	struct visit next = {.check = check->id};

	if (check->state == CHECK_CLOSED)
		return true;
	snprintf(next.contact, sizeof next.contact, "%s", round->contact);
	round->in_ms += random_between(&round->world->patrol_random, 3, 12) * MS_MINUTE;
	visit_later(round->world, round->in_ms, &next);
	return true;
}

static void drive(struct world *world, const struct event *event)
{
	struct round round = {.world = world, .contact = event->data,
	                      .in_ms = random_between(&world->patrol_random, 3, 15) * MS_MINUTE};
	struct page page;

	if (world->centre.inner.page_get(world->centre.inner.impl, event->a, &page) != ERR_OK
	    || page.state == PAGE_CLOSED)
		return;
	world->centre.inner.checks_of_page(world->centre.inner.impl, event->a, add_visit, &round);
}

/* A call is about one row of the board; any of the page's will do. */
struct first {
	int64_t check;
	char resident[ID_MAX];
};

static bool take_first(void *arg, const struct check *check)
{
	struct first *first = arg;

	if (check->state != CHECK_PATROL)
		return true;
	first->check = check->id;
	memcpy(first->resident, check->resident, sizeof first->resident);
	return false;
}

static void say_yes(struct world *world, int64_t page, struct carer *contact)
{
	struct first first = {0};

	if (random_chance(&contact->random, 700)) {
		report(world, 1, page, PAGE_EV_ACKNOWLEDGED, contact->id);
	} else {
		world->centre.inner.checks_of_page(world->centre.inner.impl, page, take_first, &first);
		patrol_ring(world, world->now_ms, first.check, page, contact->id, first.resident, "acknowledged");
	}
	if (contact->forgets == 0)
		world_at(world, world->now_ms + random_between(&contact->random, 10, 120) * MS_SECOND, drive, page, 0, 0,
		         contact->id, strlen(contact->id) + 1);
}

static void read_message(struct world *world, const struct event *event)
{
	struct carer *contact = contact_of(world, event->data);
	struct page page;

	if (contact == NULL || contact->no_coverage > 0
	    || world->centre.inner.page_get(world->centre.inner.impl, event->a, &page) != ERR_OK
	    || page.state >= PAGE_ACKNOWLEDGED)
		return;
	if (random_chance(&contact->random, 180))
		return; /* asleep, or at another door */
	say_yes(world, event->a, contact);
}

enum err patrol_send(struct world *world, const struct pager_message *message)
{
	struct carer *contact = contact_of(world, message->contact);
	struct random *random = &world->patrol_random;
	int64_t took = random_between(random, 300, 3000), arrived = took + random_between(random, 1000, 25000);

	history_note(world, "page %lld to %s%s", (long long)message->page, message->contact,
	             message->urgent ? ", urgent" : "");
	audit_sending(world, message);
	if (world->centre.gateway_down > 0 && random_chance(random, 500))
		return ERR_CLOSED;
	if (world->centre.gateway_down > 0 || contact == NULL || random_chance(random, 20))
		return ERR_OK; /* taken, and never heard of again */
	report(world, took, message->page, PAGE_EV_SUBMITTED, message->contact);
	if (random_chance(random, 20)) {
		report(world, arrived, message->page, PAGE_EV_FAILED, message->contact);
		return ERR_OK;
	}
	report(world, took + 500, message->page, PAGE_EV_AT_NETWORK, message->contact);
	if (contact->no_coverage > 0)
		return ERR_OK;
	report(world, arrived, message->page, PAGE_EV_DELIVERED, message->contact);
	world_at(world, world->now_ms + arrived + random_between(random, 5, 90) * MS_SECOND, read_message,
	         message->page, 0, 0, message->contact, strlen(message->contact) + 1);
	return ERR_OK;
}

/* The patrol has the agreed visits in its plan, and makes them without a page. */
static void agreed_visit(struct world *world, const struct event *event)
{
	struct home *home = &world->home[event->a];
	struct visit next = {.contact = "patrol-2"};
	struct check check;

	for (int p = 0; p < home->n_persons; p++)
		if (world->centre.inner.check_find(world->centre.inner.impl, home->resident[p],
		                                   home->slot[event->b].id, (int32_t)event->c, &check) == ERR_OK
		    && check.kind == SLOT_VISIT && check.state == CHECK_PATROL && check.page == 0) {
			next.check = check.id;
			visit_later(world, p * 2 * MS_MINUTE, &next);
		}
}

void patrol_night(struct world *world, int32_t night)
{
	for (int i = 0; i < world->n_homes; i++)
		for (int s = 0; s < world->home[i].n_slots; s++) {
			const struct town_slot *slot = &world->home[i].slot[s];

			if (world->home[i].present && slot->kind == SLOT_VISIT && town_is_agreed(slot, night))
				world_at(world, town_start_ms(world, night, slot)
				                + random_between(&world->patrol_random, 2, 40) * MS_MINUTE,
				         agreed_visit, i, s, night, NULL, 0);
		}
}
