/*
 * The rule at the end of a file, in every form that POSIX gives it, most of which no zone uses
 * today: rules by lot, quarter by quarter of an hour, against what the C library makes of the same
 * text in TZ.
 */
#include "zones/proof.h"

#include <stdio.h>

enum {
	RULES = 300,
	RULES_SAMPLE = 20,
	YEARS = 8, /* two leap years */
};

/* The same lots each time (Knuth's constants). */
struct lots {
	uint64_t state;
};

static int lot(struct lots *lots, int from, int to)
{
	lots->state = lots->state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return from + (int)((lots->state >> 33) % (uint64_t)(to - from + 1));
}

static void put_offset(struct lots *lots, struct buf *rule)
{
	buf_printf(rule, "%s%d", lot(lots, 0, 1) ? "-" : "", lot(lots, 0, 13));
	if (lot(lots, 0, 2) == 0)
		buf_printf(rule, ":%02d", lot(lots, 0, 59));
}

/*
 * Days from the second to the fifth month, or the eighth to the eleventh: where a change is in
 * another year by UTC than by its own clock, glibc answers by the wrong year.
 */
static void put_day(struct lots *lots, struct buf *rule, bool early)
{
	int form = lot(lots, 0, 3);

	if (form == 0)
		buf_printf(rule, ",J%d", early ? lot(lots, 32, 150) : lot(lots, 215, 333));
	else if (form == 1)
		buf_printf(rule, ",%d", early ? lot(lots, 32, 150) : lot(lots, 215, 333));
	else
		buf_printf(rule, ",M%d.%d.%d", early ? lot(lots, 2, 5) : lot(lots, 8, 11),
		           lot(lots, 1, 5), lot(lots, 0, 6));
	if (lot(lots, 0, 1))
		buf_printf(rule, "/%d:%02d", lot(lots, 0, 23), lot(lots, 0, 59));
}

static void put_rule(struct lots *lots, struct buf *rule)
{
	bool early = lot(lots, 0, 1);

	buf_printf(rule, "%s", lot(lots, 0, 1) ? "ABC" : "<+A-1>");
	put_offset(lots, rule);
	if (lot(lots, 0, 9) == 0)
		return;
	buf_printf(rule, "DEFG");
	if (lot(lots, 0, 2) == 0)
		put_offset(lots, rule);
	put_day(lots, rule, early);
	put_day(lots, rule, !early);
}

/* A file without a table: one type, which the rule overrides, twice. */
static struct zone_window window_of(const struct zone *zone, int64_t from_s, int64_t to_s)
{
	static const uint8_t block[] = {
		'T', 'Z', 'i', 'f', '2', 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
		0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 1,
		0, 0, 0, 0, 0, 0, 'X',
	};
	struct buf file = buf_new(1000);
	struct zone_window window;

	if (buf_add(&file, block, sizeof block) != ERR_OK
	    || buf_add(&file, block, sizeof block) != ERR_OK
	    || buf_printf(&file, "\n%s\n", zone->name) != ERR_OK
	    || zoneinfo_parse("X", file.data, file.len, from_s, to_s, &window) != ERR_OK)
		proof_refuse("%s is not understood", zone->name);
	buf_free(&file);
	return window;
}

static void prove_rule(const struct zone *zone)
{
	for (int32_t year = 2026; year < 2026 + YEARS; year++) {
		int64_t from_s = (int64_t)civil_to_days(year, 1, 1) * DAY_S;
		int64_t to_s = (int64_t)civil_to_days(year + 1, 1, 1) * DAY_S;
		struct zone_window window = window_of(zone, from_s, to_s);

		for (int64_t at_s = from_s; at_s < to_s; at_s += 900)
			AGREE(zone_from_utc(&window, at_s).offset_s, oracle_read(at_s).offset_s,
			      zone, at_s, "the offset");
	}
}

void proof_rules(const struct extent *extent)
{
	struct lots lots = {.state = 1};

	for (int i = 0; i < (extent->all ? RULES : RULES_SAMPLE); i++) {
		struct buf rule = buf_new(ZONE_NAME_MAX - 1);
		struct zone zone = {0};

		put_rule(&lots, &rule);
		snprintf(zone.name, sizeof zone.name, "%s", (const char *)rule.data);
		oracle_rule(zone.name);
		prove_rule(&zone);
		buf_free(&rule);
	}
}
