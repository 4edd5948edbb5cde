/* Dates and times as people at the centre write and read them. */
#include "admin/local.h"

#include "base/civil.h"
#include "base/now.h"
#include "core/zone.h"
#include "os/zoneinfo.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

/* As far back as a log is kept, and as far ahead as a pause is thought of. */
#define BACK_S ((int64_t)5 * 366 * 86400)
#define AHEAD_S ((int64_t)2 * 366 * 86400)
#define NOON_MIN (12 * 60)

enum err local_zone(const char *name, int64_t utc_ms, struct zone_window *zone)
{
	int64_t utc_s = utc_ms / MS_SECOND;

	return zoneinfo_read(name, utc_s - BACK_S, utc_s + AHEAD_S, zone);
}

/* A number of exactly n digits at text, moved past. */
static bool digits(const char **text, int n, int32_t *value)
{
	*value = 0;
	for (int i = 0; i < n; i++, (*text)++) {
		if (**text < '0' || **text > '9')
			return false;
		*value = *value * 10 + (**text - '0');
	}
	return true;
}

static bool take(const char **text, char c)
{
	if (**text != c)
		return false;
	(*text)++;
	return true;
}

static bool date(const char **text, int32_t *days)
{
	int32_t year, month, day;

	if (!digits(text, 4, &year) || !take(text, '-') || !digits(text, 2, &month)
	    || !take(text, '-') || !digits(text, 2, &day) || !civil_is_valid(year, month, day))
		return false;
	*days = civil_to_days(year, month, day);
	return true;
}

enum err local_date(const char *text, int32_t *days)
{
	return date(&text, days) && *text == '\0' ? ERR_OK : ERR_PARSE;
}

enum err local_when(const struct zone_window *zone, const char *text, int64_t now_ms,
                    int64_t *utc_ms)
{
	int32_t days, hour = 0, minute = NOON_MIN;
	int64_t utc_s;

	if (strcmp(text, "now") == 0) {
		*utc_ms = now_ms;
		return ERR_OK;
	}
	if (!date(&text, &days))
		return ERR_PARSE;
	if (*text != '\0'
	    && (!(take(&text, 'T') || take(&text, ' ')) || !digits(&text, 2, &hour)
	        || !take(&text, ':') || !digits(&text, 2, &minute) || *text != '\0' || hour > 23
	        || minute > 59))
		return ERR_PARSE;
	utc_s = (int64_t)days * 86400 + hour * 3600 + minute * 60;
	if (utc_s < zone->from_s || utc_s >= zone->to_s)
		return ERR_LIMIT;
	zone_to_utc(zone, utc_s, &utc_s);
	*utc_ms = utc_s * MS_SECOND;
	return ERR_OK;
}

/* What stands behind a time that the night has twice. */
static const char *mark(const struct zone_local *local)
{
	return local->fold == ZONE_FOLD_A ? "A" : local->fold == ZONE_FOLD_B ? "B" : "";
}

void local_text(const struct zone_window *zone, int64_t utc_ms, char out[LOCAL_TEXT_MAX])
{
	struct zone_local local = zone_from_utc(zone, utc_ms / MS_SECOND);
	struct civil_date day = civil_from_days(local.days);

	snprintf(out, LOCAL_TEXT_MAX, "%04u-%02u-%02u %02u:%02u:%02u%s",
	         (unsigned)day.year % 10000u, (unsigned)day.month % 100u, (unsigned)day.day % 100u,
	         (unsigned)local.minute / 60u % 100u, (unsigned)local.minute % 60u,
	         (unsigned)local.second % 100u, mark(&local));
}

void local_clock(const struct zone_window *zone, int64_t utc_ms, char out[LOCAL_TEXT_MAX])
{
	struct zone_local local = zone_from_utc(zone, utc_ms / MS_SECOND);

	snprintf(out, LOCAL_TEXT_MAX, "%02u:%02u%s", (unsigned)local.minute / 60u % 100u,
	         (unsigned)local.minute % 60u, mark(&local));
}

void local_day(int32_t days, char out[LOCAL_TEXT_MAX])
{
	struct civil_date day = civil_from_days(days);

	snprintf(out, LOCAL_TEXT_MAX, "%04u-%02u-%02u", (unsigned)day.year % 10000u,
	         (unsigned)day.month % 100u, (unsigned)day.day % 100u);
}
