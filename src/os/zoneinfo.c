/*
 * Time-zone data without the C library's: TZ, localtime and mktime are one process-wide setting,
 * and a night needs the zone of its resident. TZif (RFC 8536) is small, so it is read here, with
 * every count and index of the file taken for hostile.
 */
#include "os/zoneinfo.h"

#include "base/civil.h"
#include "os/file.h"
#include "os/zonerule.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FOLDER "/usr/share/zoneinfo"

enum {
	FILE_MAX_BYTES = 65536, /* the largest today has 4 kB */
	HEADER_BYTES = 44,
	TYPE_BYTES = 6,
	COUNT_MAX = 8192,       /* keeps sizes far from overflow; today's largest is 1,250 */
	OFFSET_MAX_S = 26 * 60 * 60,
};

/* The parts of a version 2 block, all inside the file. */
struct tzif {
	uint32_t times_n, types_n;
	const uint8_t *times;   /* 8 bytes each */
	const uint8_t *indexes; /* 1 byte each: the type from that time on */
	const uint8_t *types;   /* 6 bytes each: offset, is summer, abbreviation */
	const char *rule;
	size_t rule_len;
};

struct counts {
	uint32_t ut, standard, leaps, times, types, characters;
};

static uint32_t big_endian_32(const uint8_t *bytes)
{
	return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8
	       | bytes[3];
}

static int64_t big_endian_64(const uint8_t *bytes)
{
	return (int64_t)((uint64_t)big_endian_32(bytes) << 32 | big_endian_32(bytes + 4));
}

static enum err read_header(const uint8_t *data, size_t len, struct counts *counts)
{
	uint32_t *const field[] = {&counts->ut, &counts->standard, &counts->leaps,
	                           &counts->times, &counts->types, &counts->characters};

	if (len < HEADER_BYTES || memcmp(data, "TZif", 4) != 0)
		return ERR_PARSE;
	if (data[4] < '2')
		return ERR_VERSION;
	for (size_t i = 0; i < sizeof field / sizeof field[0]; i++) {
		*field[i] = big_endian_32(data + 20 + 4 * i);
		if (*field[i] > COUNT_MAX)
			return ERR_LIMIT;
	}
	return ERR_OK;
}

static size_t block_len(const struct counts *counts, size_t time_bytes)
{
	return counts->times * (time_bytes + 1) + counts->types * (size_t)TYPE_BYTES
	       + counts->characters + counts->leaps * (time_bytes + 4) + counts->standard
	       + counts->ut;
}

/* The last line: a newline, the rule, a newline. An empty rule means that nothing is known. */
static enum err find_rule(const uint8_t *data, size_t len, struct tzif *tzif)
{
	const uint8_t *end;

	if (len < 2 || data[0] != '\n')
		return ERR_PARSE;
	end = memchr(data + 1, '\n', len - 1);
	if (end == NULL)
		return ERR_PARSE;
	tzif->rule = (const char *)data + 1;
	tzif->rule_len = (size_t)(end - data) - 1;
	return ERR_OK;
}

static int64_t time_at(const struct tzif *tzif, uint32_t i)
{
	return big_endian_64(tzif->times + (size_t)8 * i);
}

static int32_t type_offset(const struct tzif *tzif, uint32_t type)
{
	return (int32_t)big_endian_32(tzif->types + (size_t)TYPE_BYTES * type);
}

static enum err check_block(const struct tzif *tzif)
{
	for (uint32_t i = 0; i < tzif->types_n; i++) {
		int32_t offset_s = type_offset(tzif, i);

		if (offset_s < -OFFSET_MAX_S || offset_s > OFFSET_MAX_S)
			return ERR_PARSE;
	}
	for (uint32_t i = 0; i < tzif->times_n; i++)
		if (tzif->indexes[i] >= tzif->types_n
		    || (i > 0 && time_at(tzif, i) <= time_at(tzif, i - 1)))
			return ERR_PARSE;
	return ERR_OK;
}

static enum err read_block(const uint8_t *data, size_t len, struct tzif *tzif)
{
	struct counts counts;
	enum err err = read_header(data, len, &counts);
	size_t size;

	if (err != ERR_OK)
		return err;
	data += HEADER_BYTES;
	len -= HEADER_BYTES;
	size = block_len(&counts, 8);
	if (len < size || counts.types == 0)
		return ERR_PARSE;
	/* With leap seconds ("right/...") its seconds are not UTC's. */
	if (counts.leaps > 0)
		return ERR_UNSUPPORTED;
	tzif->times_n = counts.times;
	tzif->types_n = counts.types;
	tzif->times = data;
	tzif->indexes = tzif->times + (size_t)8 * counts.times;
	tzif->types = tzif->indexes + counts.times;
	err = check_block(tzif);
	return err != ERR_OK ? err : find_rule(data + size, len - size, tzif);
}

/* The first block has 32-bit times for programs of the last century; it is skipped. */
static enum err read_tzif(const uint8_t *data, size_t len, struct tzif *tzif)
{
	struct counts counts;
	enum err err = read_header(data, len, &counts);
	size_t skip = HEADER_BYTES;

	if (err != ERR_OK)
		return err;
	skip += block_len(&counts, 4);
	return skip > len ? ERR_PARSE : read_block(data + skip, len - skip, tzif);
}

static int32_t offset_now(const struct zone_window *window)
{
	return window->n > 0 ? window->transition[window->n - 1].offset_s : window->offset_before_s;
}

/*
 * Transitions arrive in order of time; those that change nothing but a name are left out. A rule
 * with summer all the year ends it and begins it again at the same instant: there the later word
 * counts.
 */
static enum err add_transition(struct zone_window *window, int64_t at_s, int32_t offset_s)
{
	if (at_s <= window->from_s) {
		window->offset_before_s = offset_s;
		return ERR_OK;
	}
	if (at_s >= window->to_s)
		return ERR_OK;
	if (window->n > 0 && at_s == window->transition[window->n - 1].at_s)
		window->n--;
	if (offset_s == offset_now(window))
		return ERR_OK;
	if (window->n == ZONE_TRANSITIONS_MAX)
		return ERR_LIMIT;
	window->transition[window->n++] =
		(struct zone_transition){.at_s = at_s, .offset_s = offset_s};
	return ERR_OK;
}

static enum err add_table(struct zone_window *window, const struct tzif *tzif)
{
	enum err err = ERR_OK;

	for (uint32_t i = 0; i < tzif->times_n && err == ERR_OK; i++)
		err = add_transition(window, time_at(tzif, i), type_offset(tzif, tzif->indexes[i]));
	return err;
}

/* The year of a second, within those that base/civil.h knows, with a year's room on both sides. */
static int32_t year_of(int64_t utc_s)
{
	const int64_t first = (int64_t)civil_to_days(2, 1, 1) * 86400;
	const int64_t last = (int64_t)civil_to_days(9998, 1, 1) * 86400;

	if (utc_s < first)
		utc_s = first;
	if (utc_s > last)
		utc_s = last;
	return civil_from_days((int32_t)(utc_s / 86400 - (utc_s % 86400 < 0))).year;
}

/*
 * The changes of the years that touch the window, after last_s. Years that overtake each other are
 * no rule.
 */
static enum err add_years(struct zone_window *window, const struct zone_rule *rule, int64_t last_s)
{
	int32_t year = year_of(last_s > window->from_s ? last_s : window->from_s) - 1;
	int32_t year_end = year_of(window->to_s) + 1;
	int64_t previous_s = INT64_MIN;
	enum err err = ERR_OK;

	for (; year <= year_end && err == ERR_OK; year++) {
		struct zone_transition change[2];

		zone_rule_year(rule, year, change);
		if (change[0].at_s < previous_s)
			return ERR_PARSE;
		previous_s = change[1].at_s;
		for (int i = 0; i < 2 && err == ERR_OK; i++)
			if (change[i].at_s > last_s)
				err = add_transition(window, change[i].at_s, change[i].offset_s);
	}
	return err;
}

static enum err add_rule(struct zone_window *window, const struct tzif *tzif)
{
	int64_t last_s = tzif->times_n > 0 ? time_at(tzif, tzif->times_n - 1) : INT64_MIN;
	struct zone_rule rule;
	enum err err;

	if (tzif->rule_len == 0)
		return ERR_OK;
	err = zone_rule_parse(tzif->rule, tzif->rule_len, &rule);
	if (err != ERR_OK)
		return err;
	if (tzif->times_n == 0)
		window->offset_before_s = rule.standard_s;
	return rule.has_summer ? add_years(window, &rule, last_s) : ERR_OK;
}

enum err zoneinfo_parse(const char *name, const void *data, size_t len, int64_t from_s,
                        int64_t to_s, struct zone_window *window)
{
	struct tzif tzif = {0};
	enum err err;

	assert(from_s < to_s);
	memset(window, 0, sizeof *window);
	if (!zone_name_is_sound(name))
		return ERR_PARSE;
	memcpy(window->name, name, strlen(name) + 1);
	window->from_s = from_s;
	window->to_s = to_s;
	if ((err = read_tzif(data, len, &tzif)) != ERR_OK)
		return err;
	window->offset_before_s = type_offset(&tzif, 0);
	if ((err = add_table(window, &tzif)) != ERR_OK)
		return err;
	return add_rule(window, &tzif);
}

static const char *folder(void)
{
	const char *own = secure_getenv("TZDIR");

	return own != NULL && own[0] != '\0' ? own : FOLDER;
}

enum err zoneinfo_path(const char *name, char path[ZONE_PATH_MAX])
{
	path[0] = '\0';
	if (!zone_name_is_sound(name))
		return ERR_PARSE;
	if (strlen(folder()) >= PATH_MAX_BYTES)
		return ERR_LIMIT;
	snprintf(path, ZONE_PATH_MAX, "%s/%s", folder(), name);
	return ERR_OK;
}

enum err zoneinfo_read(const char *name, int64_t from_s, int64_t to_s, struct zone_window *window)
{
	char path[ZONE_PATH_MAX];
	struct buf file = buf_new(FILE_MAX_BYTES);
	enum err err;

	memset(window, 0, sizeof *window);
	if ((err = zoneinfo_path(name, path)) != ERR_OK)
		return err;
	err = file_read(path, &file);
	if (err == ERR_OK)
		err = zoneinfo_parse(name, file.data, file.len, from_s, to_s, window);
	buf_free(&file);
	return err;
}
