/* The oracle: see oracle.h. */
#include "oracle.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
	DAY_S = 86400,
	/* No zone is further from UTC. */
	FAR_S = 16 * 3600,
};

void oracle_rule(const char *rule)
{
	if (setenv("TZ", rule, 1) != 0)
		abort();
	tzset();
}

void oracle_zone(const char *path)
{
	char zone[4096];

	snprintf(zone, sizeof zone, ":%s", path);
	oracle_rule(zone);
}

/* timegm for a date, and the date before is remembered: a day's readings follow each other. */
static int64_t day_of(const struct tm *tm)
{
	static struct tm known;
	static int64_t day_s;

	if (known.tm_mday != tm->tm_mday || known.tm_mon != tm->tm_mon
	    || known.tm_year != tm->tm_year) {
		known = (struct tm){.tm_mday = tm->tm_mday, .tm_mon = tm->tm_mon,
		                    .tm_year = tm->tm_year};
		day_s = timegm(&known);
	}
	return day_s;
}

struct oracle_reading oracle_read(int64_t utc_s)
{
	time_t at = utc_s;
	struct tm tm;

	if (localtime_r(&at, &tm) == NULL)
		abort();
	/* The fields as they stand, counted as if they were UTC's. */
	return (struct oracle_reading){
		.local_s = day_of(&tm) + tm.tm_hour * 3600 + tm.tm_min * 60 + tm.tm_sec,
		.offset_s = (int32_t)tm.tm_gmtoff,
		.weekday = (tm.tm_wday + 6) % 7,
	};
}

static long offset(int64_t utc_s)
{
	return oracle_read(utc_s).offset_s;
}

int64_t oracle_change(int64_t from_s, int64_t to_s)
{
	long before = offset(from_s);

	assert(offset(to_s) != before);
	while (to_s - from_s > 1) {
		int64_t middle = from_s + (to_s - from_s) / 2;

		if (offset(middle) == before)
			from_s = middle;
		else
			to_s = middle;
	}
	return to_s;
}

/* Whether the clock is whole minutes from UTC, and changed at whole minutes, in all this time. */
static bool has_whole_minutes(int64_t from_s, int64_t to_s)
{
	long before = offset(from_s);

	for (int64_t at = from_s; at < to_s && before % 60 == 0; at += 900) {
		long after = offset(at + 900);

		if (before != after && oracle_change(at, at + 900) % 60 != 0)
			return false;
		before = after;
	}
	return before % 60 == 0;
}

static void *room(size_t n, size_t size)
{
	void *items = calloc(n, size);

	if (items == NULL)
		abort();
	return items;
}

/* In a gap the running instant is the first whose clock has passed it. */
static void fill_gaps(struct oracle_days *days)
{
	size_t u = 0;

	for (size_t i = 0; i < days->n_local; i++) {
		int64_t local = days->from_s + (int64_t)i * days->step_s;

		while (days->local_s[u] <= local)
			u++;
		if (days->times[i] == 0)
			days->first_s[i] = days->utc_from_s + (int64_t)u * days->step_s;
	}
}

struct oracle_days oracle_days(int32_t first, int32_t last)
{
	struct oracle_days days = {.from_s = (int64_t)first * DAY_S,
	                           .to_s = ((int64_t)last + 1) * DAY_S};
	int64_t utc_to_s = days.to_s + FAR_S;

	days.utc_from_s = days.from_s - FAR_S;
	days.step_s = has_whole_minutes(days.utc_from_s, utc_to_s) ? 60 : 1;
	days.n_utc = (size_t)((utc_to_s - days.utc_from_s) / days.step_s);
	days.n_local = (size_t)((days.to_s - days.from_s) / days.step_s);
	days.local_s = room(days.n_utc, sizeof *days.local_s);
	days.first_s = room(days.n_local, sizeof *days.first_s);
	days.times = room(days.n_local, sizeof *days.times);
	for (size_t u = 0; u < days.n_utc; u++) {
		int64_t at = days.utc_from_s + (int64_t)u * days.step_s;
		int64_t local = oracle_read(at).local_s;

		days.local_s[u] = local;
		if (local < days.from_s || local >= days.to_s)
			continue;
		if (days.times[oracle_at(&days, local)]++ == 0)
			days.first_s[oracle_at(&days, local)] = at;
	}
	fill_gaps(&days);
	return days;
}

void oracle_days_free(struct oracle_days *days)
{
	free(days->local_s);
	free(days->first_s);
	free(days->times);
	*days = (struct oracle_days){0};
}

size_t oracle_at(const struct oracle_days *days, int64_t local_s)
{
	assert(local_s >= days->from_s && local_s < days->to_s);
	assert((local_s - days->from_s) % days->step_s == 0);
	return (size_t)((local_s - days->from_s) / days->step_s);
}
