/* Bindings, found by key or by command; keymap_parse.c reads them, keymap_bind.c lets them in. */
#include "console/keymap_inside.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { EVERYWHERE, LIST, SHEET };

const struct keymap_section keymap_sections[] = {
	[EVERYWHERE] = {"everywhere", NULL, IN_ALL},
	[LIST] = {"list", &keymap_sections[EVERYWHERE], IN_LISTS},
	[SHEET] = {"sheet", &keymap_sections[EVERYWHERE], IN_SHEETS},
	{"tonight", &keymap_sections[LIST], IN_TONIGHT},
	{"patrol", &keymap_sections[LIST], IN_PATROL},
	{"look", &keymap_sections[EVERYWHERE], IN_LOOK},
	{"details", &keymap_sections[SHEET], IN_DETAILS},
	{"help", &keymap_sections[SHEET], IN_HELP},
};

const size_t n_keymap_sections = sizeof keymap_sections / sizeof *keymap_sections;

void keymap_free(struct keymap *map)
{
	free(map);
}

bool keymap_sequence_equal(const struct key_sequence *a, const struct key_sequence *b)
{
	return a->n == b->n && memcmp(a->key, b->key, (size_t)a->n * sizeof a->key[0]) == 0;
}

bool keymap_sequence_begins(const struct key_sequence *a, const struct key_sequence *b)
{
	return a->n < b->n && memcmp(a->key, b->key, (size_t)a->n * sizeof a->key[0]) == 0;
}

/* The section of one screen alone, where looking begins. */
static const struct keymap_section *section_of(unsigned context)
{
	for (size_t i = 0; i < n_keymap_sections; i++)
		if (keymap_sections[i].screens == context)
			return &keymap_sections[i];
	return NULL;
}

const struct binding *keymap_find(const struct keymap *map, unsigned context,
                                  const struct key_sequence *keys)
{
	for (const struct keymap_section *in = section_of(context); in != NULL; in = in->parent)
		for (size_t i = 0; i < map->n; i++)
			if (map->binding[i].section == in
			    && keymap_sequence_equal(&map->binding[i].keys, keys))
				return &map->binding[i];
	return NULL;
}

/* Whether a binding is what its keys mean there, and not one that a section nearer by hides. */
static bool decides(const struct keymap *map, unsigned context, const struct binding *binding)
{
	return binding->command != NULL && (binding->section->screens & context) != 0
	       && keymap_find(map, context, &binding->keys) == binding;
}

enum keymap_match keymap_match(const struct keymap *map, unsigned context,
                               const struct key_sequence *typed, const struct command **command)
{
	const struct binding *found = keymap_find(map, context, typed);

	*command = NULL;
	if (found != NULL && found->command != NULL) {
		*command = found->command;
		return KEYMAP_COMMAND;
	}
	for (size_t i = 0; i < map->n; i++)
		if (keymap_sequence_begins(typed, &map->binding[i].keys)
		    && decides(map, context, &map->binding[i]))
			return KEYMAP_BEGUN;
	return KEYMAP_NOTHING;
}

bool keymap_has_key(const struct keymap *map, unsigned context, const struct command *command)
{
	char key[SEQUENCE_NAME_BYTES];

	keymap_key(map, context, command, key);
	return key[0] != '\0';
}

/* The section nearest by speaks first: its keys were chosen for this screen. */
size_t keymap_keys(const struct keymap *map, unsigned context, const struct command *command,
                   char *out, size_t size)
{
	size_t n = 0, len = 0;

	out[0] = '\0';
	for (const struct keymap_section *in = section_of(context); in != NULL; in = in->parent)
		for (size_t i = 0; i < map->n; i++) {
			const struct binding *binding = &map->binding[i];
			char name[SEQUENCE_NAME_BYTES];

			if (binding->section != in || binding->command != command
			    || !decides(map, context, binding))
				continue;
			keys_sequence_name(&binding->keys, name);
			if (len + strlen(name) + 2 < size)
				len += (size_t)snprintf(out + len, size - len, "%s%s",
				                        len > 0 ? "  " : "", name);
			n++;
		}
	return n;
}

void keymap_key(const struct keymap *map, unsigned context, const struct command *command,
                char out[SEQUENCE_NAME_BYTES])
{
	for (const struct keymap_section *in = section_of(context); in != NULL; in = in->parent)
		for (size_t i = 0; i < map->n; i++)
			if (map->binding[i].section == in && map->binding[i].command == command
			    && decides(map, context, &map->binding[i])) {
				keys_sequence_name(&map->binding[i].keys, out);
				return;
			}
	out[0] = '\0';
}
