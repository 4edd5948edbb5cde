/* Watching, and reading again, each file whole or not at all. */
#include "console/reload.h"

#include "base/text.h"
#include "console/keymap_load.h"
#include "console/themes.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* tui.conf, theme and keymap, each of the centre and of the user. */
enum { FILES_MAX = 3 * CONF_PATHS };

struct reload {
	struct loop *loop;
	const struct conf_places *places;
	const struct command_line *line;
	loop_fn *changed;
	void *arg;
	int n;
	char path[FILES_MAX][PATH_MAX_BYTES];
	uint32_t watch[FILES_MAX];
};

static int list_files(const struct reload *reload, const struct options *options,
                      char path[FILES_MAX][PATH_MAX_BYTES])
{
	int n = conf_files(reload->places, options, path);

	n += themes_paths(reload->places, options, path + n);
	return n + keymap_paths(reload->places, options, path + n);
}

static void unwatch(struct reload *reload)
{
	for (int i = 0; i < reload->n; i++)
		loop_unwatch_file(reload->loop, reload->watch[i]);
	reload->n = 0;
}

/* What the settings name may be another file than before. */
static void watch(struct reload *reload, const struct options *options)
{
	unwatch(reload);
	memset(reload->path, 0, sizeof reload->path);
	reload->n = list_files(reload, options, reload->path);
	for (int i = 0; i < reload->n; i++)
		reload->watch[i] = reload->path[i][0] != '\0'
		                           ? loop_watch_file(reload->loop, reload->path[i],
		                                             reload->changed, reload->arg)
		                           : 0;
}

struct reload *reload_new(struct loop *loop, const struct conf_places *places,
                          const struct command_line *line, const struct options *options,
                          loop_fn *changed, void *arg)
{
	struct reload *reload = calloc(1, sizeof *reload);

	if (reload == NULL)
		return NULL;
	reload->loop = loop;
	reload->places = places;
	reload->line = line;
	reload->changed = changed;
	reload->arg = arg;
	watch(reload, options);
	return reload;
}

void reload_free(struct reload *reload)
{
	if (reload == NULL)
		return;
	unwatch(reload);
	free(reload);
}

/*
 * A connection, a key and a terminal that are in use are not exchanged under an operator's hands.
 */
static void say_later(const struct options *now, const struct options *read,
                      struct messages *messages)
{
	bool hub = !text_equal(now->socket, read->socket) || !text_equal(now->host, read->host)
	           || now->port != read->port || !text_equal(now->certificate, read->certificate)
	           || !text_equal(now->certificate_key, read->certificate_key)
	           || !text_equal(now->ca, read->ca) || !text_equal(now->key, read->key)
	           || memcmp(now->pin, read->pin, sizeof now->pin) != 0;
	bool rest = !text_equal(now->picture_program, read->picture_program)
	            || now->ascii != read->ascii || now->locked != read->locked;

	if (hub)
		messages_add(messages,
		             "tui.conf: the hub and the keys to it count from the next start");
	if (rest)
		messages_add(messages,
		             "tui.conf: picture_program, ascii and locked count from the next "
		             "start");
}

static void take_settings(struct options *options, const struct options *read)
{
	memcpy(options->theme, read->theme, sizeof options->theme);
	memcpy(options->keymap, read->keymap, sizeof options->keymap);
	options->picture = read->picture;
	options->calm = read->calm;
}

void reload_read(struct reload *reload, struct options *options, struct theme *theme,
                 struct keymap **map, struct messages *messages)
{
	const struct fault_sink faults = messages_sink(messages);
	struct options read;
	struct theme read_theme;
	size_t n_faults = 0;

	if (conf_read(reload->places, reload->line, &read, &faults) == 0) {
		say_later(options, &read, messages);
		/* A lock that came or went decides from the next start on whose files count. */
		if (read.locked == options->locked)
			take_settings(options, &read);
	}
	if (themes_load(reload->places, options, &read_theme, &faults) == 0)
		*theme = read_theme;
	*map = keymap_load(reload->places, options, &faults, &n_faults);
	if (n_faults > 0) {
		keymap_free(*map);
		*map = NULL;
	}
	watch(reload, options);
}
