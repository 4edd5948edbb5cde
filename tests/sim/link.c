/*
 * Connections: bytes arrive whole and in order, later; or the connection breaks, what was under way is
 * lost, and each end notices in its own time, as TCP and WebSocket pings have it.
 */
#include "world.h"

#include <stdlib.h>
#include <string.h>

/* How long an end may take to notice that nothing comes any more. */
#define NOTICE_MS (60 * MS_SECOND)

static struct link *link_of(const struct world *world, int64_t session)
{
	return (struct link *)world->links.items + session - 1;
}

static int64_t latency(struct world *world, const struct link *link)
{
	int64_t slow = link->home != NULL ? link->home->slow_ms : 0;

	return random_between(&world->link_random, 1, link->desk != NULL ? 5 : 60) + slow;
}

static void arrive_at_hub(struct world *world, const struct event *event)
{
	struct link *link = link_of(world, event->a);

	if (link->broken || !link->hub_open)
		return;
	if (world->centre.stalled_until_ms > world->now_ms) {
		world_at(world, world->centre.stalled_until_ms, arrive_at_hub, event->a, event->b, 0, event->data,
		         event->len);
		return;
	}
	centre_message(world, event->a, event->data, event->len, event->b != 0);
}

static void arrive_at_peer(struct world *world, const struct event *event)
{
	struct link *link = link_of(world, event->a);
	bool lost = link->broken || !link->peer_open;

	if (!lost && link->home != NULL && link->home->stalled_until_ms > world->now_ms) {
		world_at(world, link->home->stalled_until_ms, arrive_at_peer, event->a, event->b, 0, event->data,
		         event->len);
		return;
	}
	link->in_flight--;
	if (lost)
		return;
	if (link->home != NULL)
		home_message(world, link->home, event->a, event->data, event->len, event->b != 0);
	else
		desk_message(world, link->desk, event->a, event->data, event->len, event->b != 0);
}

static void notice_at_hub(struct world *world, const struct event *event)
{
	struct link *link = link_of(world, event->a);

	if (!link->hub_open)
		return;
	if (world->centre.stalled_until_ms > world->now_ms) {
		world_at(world, world->centre.stalled_until_ms, notice_at_hub, event->a, 0, 0, NULL, 0);
		return;
	}
	link->hub_open = false;
	centre_closed(world, event->a);
}

static void notice_at_peer(struct world *world, const struct event *event)
{
	struct link *link = link_of(world, event->a);

	if (!link->peer_open)
		return;
	link->peer_open = false;
	if (link->home != NULL)
		home_closed(world, link->home, event->a);
	else
		desk_closed(world, link->desk, event->a);
}

static void reach_hub(struct world *world, const struct event *event)
{
	struct link *link = link_of(world, event->a);

	if (link->broken || !link->peer_open)
		return;
	if (!world->centre.alive || world->centre.stalled_until_ms > world->now_ms) {
		world_at(world, world->now_ms + 1, notice_at_peer, event->a, 0, 0, NULL, 0);
		return;
	}
	link->hub_open = true;
	if (link->home != NULL)
		home_opened(world, link->home, event->a);
	else
		desk_opened(world, link->desk, event->a);
	centre_opened(world, link_of(world, event->a));
}

static int64_t link_open(struct world *world, struct home *home, struct desk *desk)
{
	struct link *link = list_new(&world->links, sizeof *link);

	*link = (struct link){.session = (int64_t)world->links.n, .home = home, .desk = desk, .peer_open = true};
	world_at(world, world->now_ms + latency(world, link), reach_hub, link->session, 0, 0, NULL, 0);
	return link->session;
}

int64_t link_open_home(struct world *world, struct home *home)
{
	return link_open(world, home, NULL);
}

int64_t link_open_desk(struct world *world, struct desk *desk)
{
	return link_open(world, NULL, desk);
}

void link_to_hub(struct world *world, int64_t session, const void *data, size_t len, bool binary)
{
	struct link *link = link_of(world, session);
	int64_t at = world->now_ms + latency(world, link);

	if (link->broken || !link->hub_open)
		return;
	link->to_hub_ms = at > link->to_hub_ms ? at : link->to_hub_ms;
	world_at(world, link->to_hub_ms, arrive_at_hub, session, binary, 0, data, len);
}

void link_to_peer(struct world *world, int64_t session, const void *data, size_t len, bool binary)
{
	struct link *link = link_of(world, session);
	int64_t at = world->now_ms + latency(world, link);

	if (link->broken || !link->hub_open || !link->peer_open)
		return;
	link->to_peer_ms = at > link->to_peer_ms ? at : link->to_peer_ms;
	link->in_flight++;
	world_at(world, link->to_peer_ms, arrive_at_peer, session, binary, 0, data, len);
}

void link_close_by_hub(struct world *world, int64_t session)
{
	struct link *link = link_of(world, session);

	if (!link->hub_open)
		return;
	world_at(world, world->now_ms, notice_at_hub, session, 0, 0, NULL, 0);
	world_at(world, (link->to_peer_ms > world->now_ms ? link->to_peer_ms : world->now_ms) + 1, notice_at_peer,
	         session, 0, 0, NULL, 0);
}

void link_close_by_peer(struct world *world, int64_t session)
{
	struct link *link = link_of(world, session);

	if (!link->peer_open)
		return;
	link->peer_open = false;
	world_at(world, (link->to_hub_ms > world->now_ms ? link->to_hub_ms : world->now_ms) + 1, notice_at_hub,
	         session, 0, 0, NULL, 0);
}

void link_break(struct world *world, int64_t session)
{
	struct link *link = link_of(world, session);

	if (link->broken)
		return;
	link->broken = true;
	world_at(world, world->now_ms + random_below(&world->link_random, NOTICE_MS), notice_at_hub, session, 0, 0,
	         NULL, 0);
	world_at(world, world->now_ms + random_below(&world->link_random, NOTICE_MS), notice_at_peer, session, 0, 0,
	         NULL, 0);
}

void link_hub_died(struct world *world)
{
	struct link *links = world->links.items;

	for (size_t i = 0; i < world->links.n; i++) {
		if (!links[i].hub_open)
			continue;
		links[i].hub_open = false;
		world_at(world, (links[i].to_peer_ms > world->now_ms ? links[i].to_peer_ms : world->now_ms) + 1,
		         notice_at_peer, links[i].session, 0, 0, NULL, 0);
		links = world->links.items;
	}
}

bool link_is_quiet(const struct world *world, int64_t session)
{
	const struct link *link = link_of(world, session);

	return link->hub_open && link->peer_open && !link->broken && link->in_flight == 0;
}
