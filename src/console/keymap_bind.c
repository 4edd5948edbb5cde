/*
 * What may be bound. Whatever a file says, three things hold, since a tired hand at four in the
 * morning relies on them: Esc takes back and never acts, Enter confirms and never answers, and the
 * key that opens a look does not answer it. And a key means one thing: none is bound twice in one
 * file, and none begins another.
 */
#include "console/keymap_inside.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* Why not, for the fault's line. */
static bool refuse(char what[NOTE_MAX_BYTES], const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static bool refuse(char what[NOTE_MAX_BYTES], const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(what, NOTE_MAX_BYTES, format, args);
	va_end(args);
	return false;
}

/* Keys that may not act */

static bool has_key(const struct key_sequence *keys, key_code key)
{
	for (int i = 0; i < keys->n; i++)
		if (keys->key[i] == key)
			return true;
	return false;
}

/* Pressing the key that opens a look once more, or often, would give the answer. */
static bool repeats(const struct key_sequence *opens, const struct key_sequence *answers)
{
	for (int i = 0; i < answers->n; i++)
		if (answers->key[i] != opens->key[opens->n - 1])
			return false;
	return true;
}

static bool answers_a_look(const struct command *command)
{
	return (command->contexts & IN_LOOK) != 0 && (command->traits & COMMAND_ACTS) != 0;
}

static const struct command *opener_conflict(const struct keymap *map,
                                             const struct key_sequence *keys,
                                             const struct command *command)
{
	for (size_t i = 0; i < map->n; i++) {
		const struct binding *other = &map->binding[i];

		if (other->command == NULL)
			continue;
		if ((answers_a_look(command) && (other->command->traits & COMMAND_OPENS) != 0
		     && repeats(&other->keys, keys))
		    || ((command->traits & COMMAND_OPENS) != 0 && answers_a_look(other->command)
		        && repeats(keys, &other->keys)))
			return other->command;
	}
	return NULL;
}

static bool is_safe(const struct keymap *map, const struct binding *new, char what[NOTE_MAX_BYTES])
{
	const struct command *command = new->command, *other;
	bool does = (command->traits & (COMMAND_ACTS | COMMAND_ASKS)) != 0;

	if (does && has_key(&new->keys, INPUT_ESCAPE))
		return refuse(what, "<Esc> takes back; it cannot be a key of \"%s\"",
		              command->name);
	if (does && (command->traits & COMMAND_OPENS) == 0 && has_key(&new->keys, INPUT_ENTER))
		return refuse(what, "<Enter> confirms; the key of \"%s\" must be another",
		              command->name);
	if ((other = opener_conflict(map, &new->keys, command)) != NULL)
		return refuse(
			what,
			"the key that opens a look cannot answer it: \"%s\" has this key as well",
			other->name);
	return true;
}

/* Keys that begin others */

/* Whether keys of that section would be heard there, and not hidden by a section nearer by. */
static bool would_decide(const struct keymap *map, const struct keymap_section *section,
                         unsigned context, const struct key_sequence *keys)
{
	const struct binding *found = keymap_find(map, context, keys);

	return found == NULL || (section->screens & ~found->section->screens) == 0;
}

/* A binding that begins with these keys, or whose keys they begin with, on a screen of both. */
static const struct binding *clash(const struct keymap *map, const struct keymap_section *section,
                                   const struct key_sequence *keys)
{
	for (size_t i = 0; i < map->n; i++) {
		const struct binding *other = &map->binding[i];
		unsigned both = other->section->screens & section->screens;

		if (other->command == NULL
		    || !(keymap_sequence_begins(keys, &other->keys)
		         || keymap_sequence_begins(&other->keys, keys)))
			continue;
		for (unsigned context = 1; context <= both; context <<= 1)
			if ((both & context) != 0 && would_decide(map, section, context, keys)
			    && keymap_find(map, context, &other->keys) == other)
				return other;
	}
	return NULL;
}

static bool is_alone(const struct keymap *map, const struct binding *new, char what[NOTE_MAX_BYTES])
{
	const struct binding *other = clash(map, new->section, &new->keys);
	char own[SEQUENCE_NAME_BYTES], others[SEQUENCE_NAME_BYTES];

	if (other == NULL)
		return true;
	keys_sequence_name(&new->keys, own);
	keys_sequence_name(&other->keys, others);
	return refuse(what, "%s begins %s%s of \"%s\" in [%s]: first write %s = none there", own,
	              other->keys.n > new->keys.n ? "" : "with ", others, other->command->name,
	              other->section->name, others);
}

/* Binding */

static struct binding *binding_of(struct keymap *map, const struct keymap_section *section,
                                  const struct key_sequence *keys)
{
	for (size_t i = 0; i < map->n; i++)
		if (map->binding[i].section == section
		    && keymap_sequence_equal(&map->binding[i].keys, keys))
			return &map->binding[i];
	return NULL;
}

static bool has_something(const struct keymap *map, const struct keymap_section *section,
                          const struct key_sequence *keys)
{
	for (; section != NULL; section = section->parent)
		for (size_t i = 0; i < map->n; i++)
			if (map->binding[i].section == section && map->binding[i].command != NULL
			    && keymap_sequence_equal(&map->binding[i].keys, keys))
				return true;
	return false;
}

bool keymap_bind(struct keymap *map, const struct binding *new, char what[NOTE_MAX_BYTES])
{
	struct binding *old = binding_of(map, new->section, &new->keys);
	char name[SEQUENCE_NAME_BYTES];

	keys_sequence_name(&new->keys, name);
	if (old != NULL && old->line > 0)
		return refuse(what, "%s stands in line %d of [%s] already", name, old->line,
		              new->section->name);
	if (new->command == NULL && !has_something(map, new->section, &new->keys))
		return refuse(what, "%s does nothing in [%s]: there is nothing to take away", name,
		              new->section->name);
	if (new->command != NULL && (!is_safe(map, new, what) || !is_alone(map, new, what)))
		return false;
	if (old == NULL && map->n == BINDINGS_MAX)
		return refuse(what, "more than %d keys", BINDINGS_MAX);
	if (old != NULL)
		memmove(old, old + 1, (size_t)(&map->binding[--map->n] - old) * sizeof *old);
	map->binding[map->n++] = *new;
	return true;
}
