/*
 * Where a client lives: the library ties TLS files to a vhost, so clients with the same files share
 * one. A hundred agents in one process read their authority once, and one that reconnects all night
 * adds nothing.
 */
#include "net/loop_inner.h"
#include "net/tls.h"
#include "net/ws_inner.h"

#include "base/text.h"
#include "os/journal.h"

#include <stdio.h>
#include <stdlib.h>

struct ws_home {
	struct ws_home *next;
	struct lws_vhost *vhost;
	void *context; /* SSL_CTX; NULL for plain */
	bool tls;
	/* Empty means none. */
	char ca[PATH_MAX_BYTES], certificate[PATH_MAX_BYTES], key[PATH_MAX_BYTES];
	char name[24];
};

static const char *or_empty(const char *path)
{
	return path == NULL ? "" : path;
}

static const char *or_null(const char *path)
{
	return path[0] == '\0' ? NULL : path;
}

static bool suits(const struct ws_home *home, const struct ws_connect *how)
{
	if (!home->tls || !how->tls)
		return home->tls == how->tls;
	return text_equal(home->ca, or_empty(how->ca)) &&
	       text_equal(home->certificate, or_empty(how->certificate)) &&
	       text_equal(home->key, or_empty(how->key));
}

static enum err copy_paths(struct ws_home *home, const struct ws_connect *how)
{
	enum err err = text_copy(home->ca, sizeof home->ca, or_empty(how->ca));

	if (err == ERR_OK)
		err = text_copy(home->certificate, sizeof home->certificate,
		                or_empty(how->certificate));
	if (err == ERR_OK)
		err = text_copy(home->key, sizeof home->key, or_empty(how->key));
	return err;
}

static enum err read_files(struct ws_home *home)
{
	char fault[REASON_MAX_BYTES] = "";
	enum err err = tls_client_context(or_null(home->ca), or_null(home->certificate),
	                                  or_null(home->key), &home->context, fault);

	if (err != ERR_OK)
		journal_fault("TLS of a client: %s", fault[0] == '\0' ? err_text(err) : fault);
	return err;
}

static enum err create_vhost(struct ws_world *world, struct ws_home *home)
{
	struct lws_context_creation_info info = {
		.port = CONTEXT_PORT_NO_LISTEN,
		.vhost_name = home->name,
		.protocols = world->client_protocols,
		.options = home->tls ? LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT |
		                               LWS_SERVER_OPTION_DISABLE_OS_CA_CERTS
		                     : 0,
		.provided_client_ssl_ctx = home->context,
		.alpn = "http/1.1",
		/* Not NULL, so that the library does not take a proxy from the environment. */
		.http_proxy_address = "",
	};

	home->vhost = lws_create_vhost(world->context, &info);
	return home->vhost == NULL ? ERR_MEMORY : ERR_OK;
}

static enum err make_home(struct ws_world *world, const struct ws_connect *how,
                          struct ws_home **made)
{
	struct ws_home *home = calloc(1, sizeof *home);
	enum err err;

	if (home == NULL)
		return ERR_MEMORY;
	home->tls = how->tls;
	snprintf(home->name, sizeof home->name, "=%p", (void *)home);
	err = home->tls ? copy_paths(home, how) : ERR_OK;
	if (err == ERR_OK && home->tls)
		err = read_files(home);
	if (err == ERR_OK)
		err = create_vhost(world, home);
	if (err != ERR_OK) {
		tls_context_free(home->context);
		free(home);
		return err;
	}
	home->next = world->homes;
	world->homes = home;
	*made = home;
	return ERR_OK;
}

enum err ws_home_find(struct ws_world *world, const struct ws_connect *how, struct ws_home **home)
{
	struct ws_home *at;

	for (at = world->homes; at != NULL; at = at->next) {
		if (suits(at, how)) {
			*home = at;
			return ERR_OK;
		}
	}
	return make_home(world, how, home);
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
		tls_context_free(home->context);
		free(home);
	}
}
