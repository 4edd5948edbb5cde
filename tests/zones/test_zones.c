/*
 * Time, exhaustively: every zone of tzdata from 1970 to 2100, against the oracle of oracle.h. Every
 * hour of all those years; every minute of the days around each change of offset, both ways; every
 * check of their nights: as many as were agreed, each in its place by SERVICE.md hard case 1. The
 * zones are read as the hub reads them, a year or so at a time.
 *
 * ZONES=all (make zones) does all of it. Without it a sample is taken: the zones that are unlike
 * others, some of the rest, day by day, and some of their changes.
 */
#include "zones/proof.h"

#include "os/file.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define SYSTEM_FOLDER "/usr/share/zoneinfo"

enum {
	ZONES_MAX = 1000,
	/* As src/hub/main.c reads them. */
	BACK_S = 40 * DAY_S,
	AHEAD_S = 400 * DAY_S,
};

static struct zone zone[ZONES_MAX];
static size_t zones;
static struct extent *extent;

/* Half hours, whole days, years turned round, four changes a year, odd seconds, late rules. */
static const char *const unlike_others[] = {
	"Africa/Casablanca", "Africa/Monrovia", "America/Nuuk",    "America/St_Johns",
	"Antarctica/Troll",  "Asia/Gaza",       "Asia/Kathmandu",  "Australia/Lord_Howe",
	"Europe/Dublin",     "Europe/Stockholm", "Pacific/Apia",   "Pacific/Kwajalein",
};

_Noreturn void proof_refuse(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vfprintf(stderr, format, arguments);
	va_end(arguments);
	fputc('\n', stderr);
	_exit(1);
}

const char *proof_words(int64_t at_s)
{
	static char words[64];
	struct civil_date date = civil_from_days((int32_t)(at_s / DAY_S - (at_s % DAY_S < 0)));
	int64_t second = (at_s % DAY_S + DAY_S) % DAY_S;

	snprintf(words, sizeof words, "%04d-%02d-%02d %02d:%02d:%02d UTC", (int)date.year,
	         (int)date.month, (int)date.day, (int)(second / 3600), (int)(second / 60 % 60),
	         (int)(second % 60));
	return words;
}

static void load(struct zone *new)
{
	char path[256];

	new->system = buf_new(65536);
	new->slim = buf_new(65536);
	snprintf(path, sizeof path, SYSTEM_FOLDER "/%s", new->name);
	if (file_read(path, &new->system) != ERR_OK)
		fail_msg("%s cannot be read", path);
	snprintf(path, sizeof path, "%s/slim/%s", extent->folder, new->name);
	assert_int_equal(file_read(path, &new->slim), ERR_OK);
}

/* Two names of one zone are one file to zic; the second is wanted only if the system's differ. */
static bool is_known(const struct zone *new)
{
	for (const struct zone *other = zone; other < new; other++)
		if (other->inode == new->inode && other->system.len == new->system.len
		    && memcmp(other->system.data, new->system.data, new->system.len) == 0)
			return true;
	return false;
}

static bool is_unlike_others(const char *name)
{
	for (size_t i = 0; i < sizeof unlike_others / sizeof unlike_others[0]; i++)
		if (strcmp(unlike_others[i], name) == 0)
			return true;
	return false;
}

static int take_file(const char *path, const struct stat *status, int type, struct FTW *ftw)
{
	const char *name = path + strlen(extent->folder) + strlen("/slim/");
	struct zone *new = &zone[zones];

	(void)ftw;
	if (type != FTW_F)
		return 0;
	assert_true(zones < ZONES_MAX && strlen(name) < ZONE_NAME_MAX);
	memcpy(new->name, name, strlen(name) + 1);
	new->inode = status->st_ino;
	load(new);
	new->wanted = !is_known(new)
	              && (extent->all || zones % 23 == 0 || is_unlike_others(new->name));
	zones++;
	return 0;
}

static int find_zones(void **state)
{
	char command[256], path[96];

	(void)state;
	extent = mmap(NULL, sizeof *extent, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
	              -1, 0);
	if (extent == MAP_FAILED)
		return -1;
	extent->all = getenv("ZONES") != NULL && strcmp(getenv("ZONES"), "all") == 0;
	snprintf(extent->folder, sizeof extent->folder, "/tmp/tillsyn-zones.XXXXXX");
	if (mkdtemp(extent->folder) == NULL)
		return -1;
	snprintf(command, sizeof command, "tests/zones/compile.sh %s", extent->folder);
	snprintf(path, sizeof path, "%s/slim", extent->folder);
	return system(command) == 0 ? nftw(path, take_file, 16, FTW_PHYS) : -1;
}

static int remove_one(const char *path, const struct stat *status, int type, struct FTW *ftw)
{
	(void)status;
	(void)type;
	(void)ftw;
	return remove(path);
}

static int forget_zones(void **state)
{
	(void)state;
	for (size_t i = 0; i < zones; i++) {
		buf_free(&zone[i].system);
		buf_free(&zone[i].slim);
	}
	return nftw(extent->folder, remove_one, 16, FTW_PHYS | FTW_DEPTH);
}

void proof_ask(const struct proof *proof, const char *kind)
{
	char path[256];

	snprintf(path, sizeof path, "%s/%s/%s", proof->extent->folder, kind, proof->zone->name);
	if (access(path, R_OK) != 0)
		proof_refuse("%s is missing", path);
	oracle_zone(path);
}

struct zone_window proof_window(const struct zone *of, const struct buf *file, int64_t at_s)
{
	struct zone_window window;
	enum err r = zoneinfo_parse(of->name, file->data, file->len, at_s - BACK_S, at_s + AHEAD_S,
	                            &window);

	if (r != ERR_OK)
		proof_refuse("%s around %s: %s", of->name, proof_words(at_s), err_text(r));
	return window;
}

/* Were it not the zone's data that is asked, all would be UTC, and agree. */
static void the_oracle_knows_what_people_know(void **state)
{
	static const struct {
		const char *name;
		int32_t year, month, day, hour, minute, offset_s;
	} known[] = {
		{"Europe/Stockholm", 2026, 7, 1, 0, 0, 7200},
		{"Europe/Stockholm", 2100, 10, 31, 0, 59, 7200},
		{"Europe/Stockholm", 2100, 10, 31, 1, 0, 3600},
		{"Asia/Kathmandu", 2026, 7, 1, 0, 0, 20700},
		{"Australia/Lord_Howe", 2027, 1, 1, 0, 0, 39600},
		{"Australia/Lord_Howe", 2027, 7, 1, 0, 0, 37800},
		{"Antarctica/Troll", 2099, 7, 1, 0, 0, 7200},
		{"Africa/Monrovia", 1971, 1, 1, 0, 0, -2670},
		{"Pacific/Apia", 2011, 12, 30, 9, 59, -36000},
		{"Pacific/Apia", 2011, 12, 30, 10, 0, 50400},
	};

	(void)state;
	for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
		struct zone asked = {0};

		snprintf(asked.name, sizeof asked.name, "%s", known[i].name);
		proof_ask(&(struct proof){.zone = &asked, .extent = extent}, "long");
		assert_int_equal(oracle_read(local_s(known[i].year, known[i].month, known[i].day,
		                                     known[i].hour, known[i].minute))
		                         .offset_s,
		                 known[i].offset_s);
	}
}


/* In a sample too, no clock that leaps over a day is left out. */
static bool is_leap(int64_t change_s)
{
	return labs((long)(oracle_read(change_s).offset_s - oracle_read(change_s - 1).offset_s))
	       > 2 * 3600;
}

static void prove_zone(const struct zone *of)
{
	struct proof proof = {.zone = of, .extent = extent};

	proof_offsets(&proof);
	for (size_t i = 0; i < proof.changes; i++)
		if (extent->all || i % 13 == 0 || is_leap(proof.change_s[i]))
			proof_nights(&proof, proof.change_s[i]);
	extent->zones++;
	extent->changes += (int64_t)proof.changes;
	free(proof.change_s);
}

static void prove_rules(const struct zone *of)
{
	(void)of;
	proof_rules(extent);
}

/* Whatever is wrong with a zone is said by its process, and all of them are tried. */
static bool is_right(void (*prove)(const struct zone *of), const struct zone *of)
{
	pid_t child = fork();
	int status = 1;

	if (child == 0) {
		prove(of);
		_exit(0);
	}
	return child > 0 && waitpid(child, &status, 0) == child && status == 0;
}

static void every_form_of_a_rule_means_what_posix_says(void **state)
{
	(void)state;
	assert_true(is_right(prove_rules, NULL));
}

static void every_zone_is_right_at_every_hour_and_around_every_change(void **state)
{
	size_t wrong = 0;

	(void)state;
	for (size_t i = 0; i < zones; i++)
		if (zone[i].wanted && !is_right(prove_zone, &zone[i]))
			wrong++;
	print_message("# %zu names, %lld zones, %lld changes, %lld minutes, %lld checks\n", zones,
	              (long long)extent->zones, (long long)extent->changes,
	              (long long)extent->minutes, (long long)extent->checks);
	assert_int_equal(wrong, 0);
	assert_in_range(extent->zones, sizeof unlike_others / sizeof unlike_others[0], ZONES_MAX);
	assert_in_range(extent->checks, 500000, INT64_MAX);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_oracle_knows_what_people_know),
		cmocka_unit_test(every_form_of_a_rule_means_what_posix_says),
		cmocka_unit_test(every_zone_is_right_at_every_hour_and_around_every_change),
	};

	return cmocka_run_group_tests_name("zones", tests, find_zones, forget_zones);
}
