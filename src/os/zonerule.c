/* Reading the rule at the end of a TZif file, and asking it about a year. */
#include "os/zonerule.h"

#include "base/civil.h"

#include <assert.h>
#include <string.h>

#define HOUR_S 3600
#define DAY_S (24 * HOUR_S)

/* The text that is left, and whether all went well so far. */
struct cursor {
	const char *at;
	size_t len;
	bool bad;
};

static char peek(const struct cursor *c)
{
	return c->bad || c->len == 0 ? '\0' : *c->at;
}

static void advance(struct cursor *c)
{
	c->at++;
	c->len--;
}

static bool accept(struct cursor *c, char wanted)
{
	if (peek(c) != wanted)
		return false;
	advance(c);
	return true;
}

static void expect(struct cursor *c, char wanted)
{
	if (!accept(c, wanted))
		c->bad = true;
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static int32_t number(struct cursor *c, int32_t min, int32_t max)
{
	int32_t value = 0;

	if (!is_digit(peek(c)))
		c->bad = true;
	while (is_digit(peek(c))) {
		value = value * 10 + (peek(c) - '0');
		if (value > max)
			c->bad = true;
		else
			advance(c);
	}
	if (value < min)
		c->bad = true;
	return c->bad ? min : value;
}

/*
 * An abbreviation: letters, or anything of +-, digits and letters in angle brackets. Nobody needs
 * it.
 */
static void skip_name(struct cursor *c)
{
	size_t n = 0;
	bool quoted = accept(c, '<');

	while (is_letter(peek(c))
	       || (quoted && (is_digit(peek(c)) || peek(c) == '+' || peek(c) == '-'))) {
		advance(c);
		n++;
	}
	if (n < 3)
		c->bad = true;
	if (quoted)
		expect(c, '>');
}

/* [+-]hh[:mm[:ss]] in seconds. */
static int32_t clock_time(struct cursor *c, int32_t hours_max)
{
	bool negative = accept(c, '-');
	int32_t seconds;

	if (!negative)
		accept(c, '+');
	seconds = number(c, 0, hours_max) * HOUR_S;
	if (accept(c, ':'))
		seconds += number(c, 0, 59) * 60;
	if (accept(c, ':'))
		seconds += number(c, 0, 59);
	return negative ? -seconds : seconds;
}

static struct zone_day read_day(struct cursor *c)
{
	struct zone_day day = {.time_s = 2 * HOUR_S};

	expect(c, ',');
	if (accept(c, 'M')) {
		day.form = ZONE_DAY_MONTH;
		day.month = number(c, 1, 12);
		expect(c, '.');
		day.week = number(c, 1, 5);
		expect(c, '.');
		day.weekday = number(c, 0, 6);
	} else if (accept(c, 'J')) {
		day.form = ZONE_DAY_JULIAN;
		day.day = number(c, 1, 365);
	} else {
		day.form = ZONE_DAY_ZERO;
		day.day = number(c, 0, 365);
	}
	if (accept(c, '/'))
		day.time_s = clock_time(c, 167);
	return day;
}

/* POSIX counts offsets westwards: UTC = local + offset. */
enum err zone_rule_parse(const char *text, size_t len, struct zone_rule *rule)
{
	struct cursor c = {.at = text, .len = len};

	memset(rule, 0, sizeof *rule);
	skip_name(&c);
	rule->standard_s = -clock_time(&c, 24);
	rule->summer_s = rule->standard_s;
	if (!c.bad && c.len > 0) {
		rule->has_summer = true;
		skip_name(&c);
		rule->summer_s = peek(&c) == ',' ? rule->standard_s + HOUR_S : -clock_time(&c, 24);
		rule->summer_begins = read_day(&c);
		rule->summer_ends = read_day(&c);
	}
	return c.bad || c.len > 0 ? ERR_PARSE : ERR_OK;
}

/* The w-th given weekday of a month; 5 means the last, which may be the fourth. */
static int32_t month_day(const struct zone_day *day, int32_t year)
{
	int32_t first = civil_to_days(year, day->month, 1);
	int32_t first_weekday = (civil_from_days(first).weekday + 1) % 7; /* Sunday is 0 here */
	int32_t date = 1 + (day->weekday - first_weekday + 7) % 7 + (day->week - 1) * 7;

	if (!civil_is_valid(year, day->month, date))
		date -= 7;
	return first + date - 1;
}

static int32_t day_of_year(const struct zone_day *day, int32_t year)
{
	int32_t first = civil_to_days(year, 1, 1);

	switch (day->form) {
	case ZONE_DAY_MONTH:
		return month_day(day, year);
	case ZONE_DAY_JULIAN:
		return first + day->day - 1 + (day->day >= 60 && civil_is_leap_year(year));
	case ZONE_DAY_ZERO:
		return first + day->day;
	}
	assert(0);
	return first;
}

static int64_t change_at(const struct zone_day *day, int32_t year, int32_t offset_before_s)
{
	return (int64_t)day_of_year(day, year) * DAY_S + day->time_s - offset_before_s;
}

void zone_rule_year(const struct zone_rule *rule, int32_t year, struct zone_transition out[2])
{
	struct zone_transition begins = {
		.at_s = change_at(&rule->summer_begins, year, rule->standard_s),
		.offset_s = rule->summer_s,
	};
	struct zone_transition ends = {
		.at_s = change_at(&rule->summer_ends, year, rule->summer_s),
		.offset_s = rule->standard_s,
	};

	assert(rule->has_summer);
	out[0] = begins.at_s < ends.at_s ? begins : ends;
	out[1] = begins.at_s < ends.at_s ? ends : begins;
}
