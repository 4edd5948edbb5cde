/*
 * Where clients connect from: one vhost for each set of TLS files, read once, since a program has one or
 * two sets and may have a hundred connections.
 */
#include "net/loop_inner.h"
#include "net/ws_inner.h"

#include "net/tls.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct ws_home {
	struct ws_home *next;
	struct lws_vhost *vhost;
	void *context; /* SSL_CTX; NULL for the plain one */
	bool tls;
	char *ca, *certificate, *key;
	char name[32];
};

static bool same(const char *a, const char *b)
{
	return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

static void home_free(struct ws_home *home)
{
	tls_context_free(home->context);
	free(home->ca);
	free(home->certificate);
	free(home->key);
	free(home);
}

static char *copy(const char *text)
{
	return text == NULL ? NULL : strdup(text);
}

static enum err make_vhost(struct ws_world *world, struct ws_home *home)
{
	struct lws_context_creation_info info = {
		.port = CONTEXT_PORT_NO_LISTEN,
		.protocols = world->client_protocols,
		.vhost_name = home->name,
		.provided_client_ssl_ctx = home->context,
	};

	home->vhost = lws_create_vhost(world->context, &info);
	return home->vhost == NULL ? ERR_MEMORY : ERR_OK;
}

enum err ws_home_find(struct ws_world *world, const struct ws_connect *how, struct ws_home **out)
{
	char fault[REASON_MAX_BYTES];
	struct ws_home *home;
	enum err err = ERR_OK;

	for (home = world->homes; home != NULL; home = home->next)
		if (home->tls == how->tls && same(home->ca, how->ca) && same(home->certificate, how->certificate)
		    && same(home->key, how->key)) {
			*out = home;
			return ERR_OK;
		}
	home = calloc(1, sizeof *home);
	if (home == NULL)
		return ERR_MEMORY;
	snprintf(home->name, sizeof home->name, "client-%p", (void *)home);
	home->tls = how->tls;
	home->ca = copy(how->ca);
	home->certificate = copy(how->certificate);
	home->key = copy(how->key);
	if (how->tls)
		err = tls_client_context(how->ca, how->certificate, how->key, &home->context, fault);
	if (err == ERR_OK)
		err = make_vhost(world, home);
	if (err != ERR_OK) {
		home_free(home);
		return err;
	}
	home->next = world->homes;
	world->homes = *out = home;
	return ERR_OK;
}

struct lws_vhost *ws_home_vhost(const struct ws_home *home)
{
	return home->vhost;
}

void ws_homes_free(struct ws_world *world)
{
	while (world->homes != NULL) {
		struct ws_home *home = world->homes;

		world->homes = home->next;
		home_free(home);
	}
}
