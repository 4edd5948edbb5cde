/* Time-zone data: the system's own zones far beyond their tables, and files that mean harm. */
#include "os/zoneinfo.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/civil.h"
#include "os/file.h"
#include "os/zonerule.h"

static int64_t utc_s(int32_t year, int32_t month, int32_t day, int32_t hour)
{
	return (int64_t)civil_to_days(year, month, day) * 86400 + hour * 3600;
}

static void stockholm_changes_its_clock_in_march_and_october(void **state)
{
	struct zone_window zone;

	(void)state;
	assert_int_equal(zoneinfo_read("Europe/Stockholm", utc_s(2026, 6, 1, 0),
	                               utc_s(2027, 6, 1, 0), &zone),
	                 ERR_OK);
	assert_string_equal(zone.name, "Europe/Stockholm");
	assert_int_equal(zone.offset_before_s, 7200);
	assert_int_equal(zone.n, 2);
	assert_int_equal(zone.transition[0].at_s, utc_s(2026, 10, 25, 1));
	assert_int_equal(zone.transition[0].offset_s, 3600);
	assert_int_equal(zone.transition[1].at_s, utc_s(2027, 3, 28, 1));
	assert_int_equal(zone.transition[1].offset_s, 7200);
}

/* Beyond every table there is only the rule: 2095-03-27 and 2095-10-30 are last Sundays. */
static void the_rule_carries_the_years_beyond_the_table(void **state)
{
	struct zone_window zone;

	(void)state;
	assert_int_equal(zoneinfo_read("Europe/Stockholm", utc_s(2095, 1, 1, 0),
	                               utc_s(2096, 1, 1, 0), &zone),
	                 ERR_OK);
	assert_int_equal(zone.offset_before_s, 3600);
	assert_int_equal(zone.n, 2);
	assert_int_equal(zone.transition[0].at_s, utc_s(2095, 3, 27, 1));
	assert_int_equal(zone.transition[1].at_s, utc_s(2095, 10, 30, 1));
	assert_int_equal(zoneinfo_read("Europe/Stockholm", utc_s(2095, 7, 1, 0),
	                               utc_s(2095, 7, 2, 0), &zone),
	                 ERR_OK);
	assert_int_equal(zone.offset_before_s, 7200);
	assert_int_equal(zone.n, 0);
}

static void an_edge_of_the_window_belongs_to_it_or_not(void **state)
{
	int64_t change = utc_s(2026, 10, 25, 1);
	struct zone_window zone;

	(void)state;
	assert_int_equal(zoneinfo_read("Europe/Stockholm", change, change + 3600, &zone), ERR_OK);
	assert_int_equal(zone.offset_before_s, 3600);
	assert_int_equal(zone.n, 0);
	assert_int_equal(zoneinfo_read("Europe/Stockholm", change - 3600, change, &zone), ERR_OK);
	assert_int_equal(zone.offset_before_s, 7200);
	assert_int_equal(zone.n, 0);
	assert_int_equal(zoneinfo_read("Europe/Stockholm", change - 1, change + 1, &zone), ERR_OK);
	assert_int_equal(zone.n, 1);
}

static void zones_of_every_kind_have_their_offsets(void **state)
{
	static const struct {
		const char *name;
		int32_t year, month, day, hour, offset_s;
	} known[] = {
		{"UTC", 2026, 7, 1, 0, 0},
		{"Asia/Kathmandu", 2026, 7, 1, 0, 20700},
		{"America/St_Johns", 2026, 7, 1, 0, -9000},
		{"America/St_Johns", 2060, 1, 1, 0, -12600},
		{"Australia/Sydney", 2060, 1, 1, 0, 39600},
		{"Australia/Sydney", 2060, 7, 1, 0, 36000},
		{"Australia/Lord_Howe", 2060, 1, 1, 0, 39600},
		{"Antarctica/Troll", 2060, 7, 1, 0, 7200},
		{"Asia/Gaza", 2026, 7, 1, 0, 10800},
		{"America/Nuuk", 2060, 7, 1, 0, -3600},
		{"Europe/Dublin", 2060, 7, 1, 0, 3600}, /* where winter is the "summer" time */
		{"Europe/Dublin", 2060, 1, 1, 0, 0},
		{"Europe/Stockholm", 1960, 7, 1, 0, 3600}, /* before there was a summer */
		{"Etc/GMT+5", 2026, 1, 1, 0, -18000},
	};

	(void)state;
	for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
		int64_t at = utc_s(known[i].year, known[i].month, known[i].day, known[i].hour);
		struct zone_window zone;

		assert_int_equal(zoneinfo_read(known[i].name, at, at + 1, &zone), ERR_OK);
		if (zone.offset_before_s != known[i].offset_s)
			fail_msg("%s in %d: %d", known[i].name, known[i].year,
			         zone.offset_before_s);
	}
}

static void a_window_with_too_many_changes_is_refused_whole(void **state)
{
	struct zone_window zone;

	(void)state;
	assert_int_equal(zoneinfo_read("Europe/Stockholm", utc_s(2026, 1, 1, 0),
	                               utc_s(2042, 1, 1, 0), &zone),
	                 ERR_OK);
	assert_int_equal(zone.n, ZONE_TRANSITIONS_MAX);
	assert_int_equal(zoneinfo_read("Europe/Stockholm", utc_s(2026, 1, 1, 0),
	                               utc_s(2042, 5, 1, 0), &zone),
	                 ERR_LIMIT);
	assert_int_equal(zoneinfo_read("Europe/Stockholm", INT64_MIN, INT64_MAX, &zone), ERR_LIMIT);
}

static void a_name_is_never_a_path(void **state)
{
	static const char *const names[] = {
		"",
		"/etc/passwd",
		"../../etc/passwd",
		"Europe/../../x",
		"Europe/",
		"Europe//Stockholm",
		"a.b",
		"Europe/Stockholm\n",
		"Europe/Stock holm",
		"åland",
		"Europe/Stockholm/Stockholm/Stockholm/Stockholm/Stockholm",
	};
	struct zone_window zone;

	(void)state;
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		assert_int_equal(zoneinfo_read(names[i], 0, 1, &zone), ERR_PARSE);
	assert_int_equal(zoneinfo_read("Europe/Ankeborg", 0, 1, &zone), ERR_NOT_FOUND);
	assert_int_equal(zoneinfo_read("Europe", 0, 1, &zone), ERR_IO);
}

static struct buf stockholm_file(void)
{
	struct buf file = buf_new(65536);

	assert_int_equal(file_read("/usr/share/zoneinfo/Europe/Stockholm", &file), ERR_OK);
	return file;
}

/* A copy of exactly len bytes, so that the sanitizer sees a read beyond them. */
static enum err parse_copy(const uint8_t *data, size_t len)
{
	struct zone_window zone;
	uint8_t *copy = malloc(len > 0 ? len : 1);
	enum err err;

	assert_non_null(copy);
	memcpy(copy, data, len);
	err = zoneinfo_parse("X", copy, len, utc_s(2026, 1, 1, 0), utc_s(2030, 1, 1, 0), &zone);
	if (err == ERR_OK)
		for (size_t i = 1; i < zone.n; i++)
			assert_true(zone.transition[i - 1].at_s < zone.transition[i].at_s);
	free(copy);
	return err;
}

static void a_file_that_ends_too_early_is_refused(void **state)
{
	struct buf file = stockholm_file();

	(void)state;
	assert_int_equal(parse_copy(file.data, file.len), ERR_OK);
	for (size_t len = 0; len < file.len; len++)
		assert_int_not_equal(parse_copy(file.data, len), ERR_OK);
	buf_free(&file);
}

/* Counts, indexes, offsets, times and rule, each byte turned to several others. */
static void changed_bytes_never_make_it_fall(void **state)
{
	static const uint8_t values[] = {0x00, 0x01, 0x7f, 0x80, 0xff, '\n', ',', '9'};
	struct buf file = stockholm_file();
	int refused = 0;

	(void)state;
	for (size_t i = 0; i < file.len; i++) {
		uint8_t was = file.data[i];

		for (size_t j = 0; j < sizeof values; j++) {
			file.data[i] = values[j];
			refused += parse_copy(file.data, file.len) != ERR_OK;
		}
		file.data[i] = was;
	}
	assert_true(refused > 100);
	buf_free(&file);
}

/* One type at one hour, no times, and a rule of the test's choice. */
static enum err parse_rule(const char *rule, struct zone_window *zone)
{
	static const uint8_t block[] = {
		'T', 'Z', 'i', 'f', '2', 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
		0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 1,
		0, 0, 0x0e, 0x10, 0, 0, 'X',
	};
	struct buf file = buf_new(1000);
	enum err err;

	assert_int_equal(buf_add(&file, block, sizeof block), ERR_OK);
	assert_int_equal(buf_add(&file, block, sizeof block), ERR_OK);
	assert_int_equal(buf_printf(&file, "\n%s\n", rule), ERR_OK);
	err = zoneinfo_parse("X", file.data, file.len, utc_s(2027, 1, 1, 0), utc_s(2028, 1, 1, 0),
	                     zone);
	buf_free(&file);
	return err;
}

static void every_form_of_a_rule_is_understood(void **state)
{
	static const struct {
		const char *rule;
		int32_t month, day, hour, offset_s; /* of 2027's first change; 0 = none */
		int32_t before_s;
	} rules[] = {
		{"", 0, 0, 0, 0, 3600},
		{"CET-1", 0, 0, 0, 0, 3600},
		{"<-03>3", 0, 0, 0, 0, -10800},
		{"XXX-5:30:15", 0, 0, 0, 0, 19815},
		{"CET-1CEST,M3.5.0,M10.5.0/3", 3, 28, 1, 7200, 3600},
		{"EST5EDT,M3.2.0,M11.1.0", 3, 14, 7, -14400, -18000},
		{"AEST-10AEDT,M10.1.0,M4.1.0/3", 4, 3, 16, 36000, 39600},
		{"XXX0YYY,J60/0,J300", 3, 1, 0, 3600, 0},    /* the same in a leap year */
		{"XXX0YYY,59/0,J300", 3, 1, 0, 3600, 0},     /* 29 February in one */
		{"<-02>2<-01>,M3.5.0/-1,M10.5.0/0", 3, 28, 1, -3600, -7200},
		{"IST-1GMT0,M10.5.0,M3.5.0/1", 3, 28, 1, 3600, 0},
		{"XXX3EDT4,0/0,J365/23", 0, 0, 0, 0, -14400}, /* summer all the year */
	};

	(void)state;
	for (size_t i = 0; i < sizeof rules / sizeof rules[0]; i++) {
		struct zone_window zone;
		const struct zone_transition *first = &zone.transition[0];

		assert_int_equal(parse_rule(rules[i].rule, &zone), ERR_OK);
		if (zone.offset_before_s != rules[i].before_s)
			fail_msg("%s: before %d", rules[i].rule, zone.offset_before_s);
		if (rules[i].month == 0) {
			assert_int_equal(zone.n, 0);
			continue;
		}
		if (first->at_s != utc_s(2027, rules[i].month, rules[i].day, rules[i].hour)
		    || first->offset_s != rules[i].offset_s)
			fail_msg("%s: %lld %d", rules[i].rule, (long long)first->at_s,
			         first->offset_s);
		assert_int_equal(zone.n, 2);
	}
}

static void what_is_no_rule_is_refused(void **state)
{
	static const char *const rules[] = {
		"C",
		"CE-1",
		"CET",
		"CET-",
		"CET-25",
		"CET-1:60",
		"<+01",
		"<+>-1",
		"CET-1 ",
		"CET-1CEST",
		"CET-1CEST,M3.5.0",
		"CET-1CEST,M3.5.0,",
		"CET-1CEST,M13.1.0,M10.5.0",
		"CET-1CEST,M3.6.0,M10.5.0",
		"CET-1CEST,M3.5.7,M10.5.0",
		"CET-1CEST,M3.5.0/168,M10.5.0",
		"CET-1CEST,J0,J300",
		"CET-1CEST,J366,J300",
		"CET-1CEST,366,1",
		"CET-1CEST,M3.5.0,M10.5.0/3x",
		"CET-1CEST,M3.5.0,M10.5.0,M11.1.0",
		"CET-99999999999999999999",
		"CET-1CEST,M99999999999.1.0,J1",
		/* Two years' changes that overtake each other. */
		"XXX0YYY,0/-167,J365/167",
	};

	(void)state;
	for (size_t i = 0; i < sizeof rules / sizeof rules[0]; i++) {
		struct zone_window zone;

		if (parse_rule(rules[i], &zone) != ERR_PARSE)
			fail_msg("%s is accepted", rules[i]);
	}
}

static void old_files_and_leap_seconds_are_refused(void **state)
{
	struct buf file = stockholm_file();
	struct zone_window zone;

	(void)state;
	file.data[4] = '\0';
	assert_int_equal(parse_copy(file.data, file.len), ERR_VERSION);
	file.data[0] = 't';
	assert_int_equal(parse_copy(file.data, file.len), ERR_PARSE);
	buf_free(&file);
	/* Debian has them in a folder of their own, when they are installed at all. */
	if (zoneinfo_read("right/Europe/Stockholm", 0, 1, &zone) != ERR_NOT_FOUND)
		assert_int_equal(zoneinfo_read("right/Europe/Stockholm", 0, 1, &zone),
		                 ERR_UNSUPPORTED);
}

/* A folder of the test's own with one file, which TZDIR names. */
static void put_zone(const char *folder, const void *data, size_t len)
{
	char path[128];

	snprintf(path, sizeof path, "%s/Own", folder);
	assert_int_equal(file_write(path, data, len, 0600), ERR_OK);
}

static enum err read_own(struct zone_window *zone)
{
	return zoneinfo_read("Own", utc_s(2026, 6, 1, 0), utc_s(2027, 6, 1, 0), zone);
}

static void a_file_of_another_folder_is_read_each_time_anew(void **state)
{
	static uint8_t huge[70000];
	char folder[] = "/tmp/tillsyn-zoneinfo.XXXXXX", path[128], long_name[400];
	struct buf file = stockholm_file();
	struct zone_window zone;

	(void)state;
	assert_non_null(mkdtemp(folder));
	setenv("TZDIR", folder, 1);
	assert_int_equal(read_own(&zone), ERR_NOT_FOUND);
	put_zone(folder, file.data, file.len);
	assert_int_equal(read_own(&zone), ERR_OK);
	assert_int_equal(zone.n, 2);
	put_zone(folder, file.data, file.len - 1); /* without the newline after the rule */
	assert_int_equal(read_own(&zone), ERR_PARSE);
	put_zone(folder, "", 0);
	assert_int_equal(read_own(&zone), ERR_PARSE);
	put_zone(folder, huge, sizeof huge);
	assert_int_equal(read_own(&zone), ERR_LIMIT);
	memset(long_name, 'x', sizeof long_name - 1);
	long_name[sizeof long_name - 1] = '\0';
	setenv("TZDIR", long_name, 1);
	assert_int_equal(read_own(&zone), ERR_LIMIT);
	unsetenv("TZDIR");
	assert_int_equal(zoneinfo_read("Europe/Stockholm", 0, 1, &zone), ERR_OK);
	snprintf(path, sizeof path, "%s/Own", folder);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(rmdir(folder), 0);
	buf_free(&file);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(stockholm_changes_its_clock_in_march_and_october),
		cmocka_unit_test(the_rule_carries_the_years_beyond_the_table),
		cmocka_unit_test(an_edge_of_the_window_belongs_to_it_or_not),
		cmocka_unit_test(zones_of_every_kind_have_their_offsets),
		cmocka_unit_test(a_window_with_too_many_changes_is_refused_whole),
		cmocka_unit_test(a_name_is_never_a_path),
		cmocka_unit_test(a_file_that_ends_too_early_is_refused),
		cmocka_unit_test(changed_bytes_never_make_it_fall),
		cmocka_unit_test(every_form_of_a_rule_is_understood),
		cmocka_unit_test(what_is_no_rule_is_refused),
		cmocka_unit_test(old_files_and_leap_seconds_are_refused),
		cmocka_unit_test(a_file_of_another_folder_is_read_each_time_anew),
	};

	return cmocka_run_group_tests_name("os/zoneinfo", tests, NULL, NULL);
}
