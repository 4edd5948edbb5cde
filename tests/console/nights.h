/*
 * Nights that screens are drawn of: always the same people, times and troubles, so that a screen
 * differs only when the program does.
 */
#ifndef TESTS_CONSOLE_NIGHTS_H
#define TESTS_CONSOLE_NIGHTS_H

#include "desk.h"

#include "core/zone.h"

#include <stdio.h>

/* Minutes of the night's second day; the evening before is below 0. */
#define AT(hour, minute) ((hour) * 60 + (minute))

enum { TOWN_MAX = 200 };

static inline int64_t night_ms(const struct desk *desk, int minute)
{
	int64_t utc_s = 0;

	zone_to_utc(&desk->model->centre.zone,
	            ((int64_t)desk->night.night + 1) * 86400 + (int64_t)minute * 60, &utc_s);
	return utc_s * MS_SECOND;
}

static inline const char *night_name(int i)
{
	static const char *const first[] = {"Ingrid", "Rut",   "Tage", "Maj",  "Åke",  "Gun", "Östen",
	                                    "Birgit", "Stig",  "Eva",  "Hans", "Märta", "Lars"};
	static const char *const last[] = {"Berg", "Hedman", "Ström", "Lind",  "Ahlin", "Dahl",
	                                   "Ek",   "Forsberg", "Gran", "Holm", "Sjö"};
	static char name[64];

	snprintf(name, sizeof name, "%s %s", first[i % 13], last[i * 5 % 11]);
	return name;
}

static inline struct check night_check(const struct desk *desk, int64_t id, const char *resident,
                                       int minute)
{
	struct check check = desk_check(id, resident, night_ms(desk, minute));

	check.night = desk->night.night;
	if (check.start_ms > desk_utc(desk))
		check.state = CHECK_PLANNED;
	return check;
}

static inline void night_seen(struct desk *desk, struct check *check, const char *who)
{
	check->state = CHECK_CLOSED;
	check->outcome = OUTCOME_SEEN_WELL;
	check->closed_ms = check->start_ms + MS_MINUTE + check->id % 5 * MS_MINUTE;
	check->view_ms = 7000 + check->id * 1300 % 21000;
	strcpy(check->operator_id, who);
	desk_row(desk, check);
}

/* What needs nobody: seen well where its time has passed, planned where it has not. */
static inline void night_calm(struct desk *desk, int people)
{
	for (int i = 0; i < people; i++) {
		static const int slots[] = {AT(-2, 0), AT(1, 30), AT(5, 0)};
		char id[16];

		snprintf(id, sizeof id, "p%d", i);
		desk_resident(desk, id, night_name(i));
		for (int slot = 0; slot < 3; slot++) {
			int minute = slots[slot] + i * 7 % 24 * 5;
			struct check check = night_check(desk, 1000 + i * 3 + slot, id, minute);

			snprintf(check.slot, sizeof check.slot, "s%d", slot);
			if (check.state != CHECK_PLANNED)
				night_seen(desk, &check, i % 2 ? "per" : "anna");
			else if (i % 9 == 2) /* an agreed visit */
				check.kind = SLOT_VISIT, check.cause = CAUSE_VISIT_SLOT;
			desk_row(desk, &check);
		}
	}
}

static inline void night_page(struct desk *desk, struct page *page, struct check *check)
{
	page->night = desk->night.night;
	page->steps = 4;
	page->on_site_limit_ms = 45 * MS_MINUTE;
	strcpy(page->contact, "patrol1");
	check->state = CHECK_PATROL;
	check->page = page->number;
	check->patrol_ms = page->queued_ms;
	desk_hub(desk, wire_from_page(page));
	desk_row(desk, check);
}

static inline void night_couple(struct desk *desk, int64_t id, int minute, bool taken)
{
	struct check berit = night_check(desk, id, "berit", minute);
	struct check nils = night_check(desk, id + 1, "nils", minute);

	berit.pair = id + 1;
	nils.pair = id;
	if (taken) {
		berit.state = nils.state = CHECK_CLAIMED;
		berit.session = nils.session = 8;
		strcpy(berit.operator_id, "per");
		strcpy(nils.operator_id, "per");
	}
	if (berit.state == CHECK_OPEN && desk_utc(desk) > berit.latest_ms) {
		night_seen(desk, &berit, "anna");
		night_seen(desk, &nils, "anna");
	}
	desk_row(desk, &berit);
	desk_row(desk, &nils);
}

/* A quarter past one with a little of everything (SCREENS.md, the first screen). */
static inline void night_work(struct desk *desk)
{
	struct check sven = night_check(desk, 2, "sven", AT(1, 0));
	struct check elsa = night_check(desk, 3, "elsa", AT(0, 55));
	struct check karin = night_check(desk, 4, "karin", AT(1, 10));
	struct check arne = night_check(desk, 7, "arne", AT(0, 40));
	struct check early = night_check(desk, 8, "elsa", AT(-2, 10));
	struct check later = night_check(desk, 9, "sven", AT(5, 0));
	struct page page = {.number = 9,
	                    .cause = CAUSE_NOT_SEEN,
	                    .state = PAGE_ACKNOWLEDGED,
	                    .queued_ms = night_ms(desk, AT(0, 51)),
	                    .acknowledged_ms = night_ms(desk, AT(0, 53))};

	desk_resident(desk, "elsa", "Elsa Wikström");
	desk_resident(desk, "arne", "Arne Falk");
	sven.first_answer_ms = night_ms(desk, AT(1, 4)) + 30000;
	sven.look_number = 1;
	sven.answer = ANSWER_NOT_SEEN;
	strcpy(sven.operator_id, "anna");
	arne.cause = CAUSE_NOT_SEEN;
	strcpy(page.acknowledged_by, "patrol1");
	desk_row(desk, &sven);
	desk_row(desk, &elsa);
	desk_row(desk, &karin);
	night_seen(desk, &early, "per");
	desk_row(desk, &later);
	night_page(desk, &page, &arne);
	night_couple(desk, 20, AT(1, 14), true);
	night_couple(desk, 22, AT(-1, 30), false);
	night_couple(desk, 24, AT(4, 45), false);
	night_calm(desk, 20);
}

static inline void night_alarm(struct desk *desk, int64_t id, const char *subject, enum alarm level,
                               int minute, const char *text)
{
	struct wire_message *m = wire_new(WIRE_ALARM);

	wire_set_int(m, "id", id);
	wire_set_text(m, "kind", "test");
	wire_set_text(m, "subject", subject);
	wire_set_int(m, "level", level);
	wire_set_text(m, "text", text);
	wire_set_int(m, "since_ms", night_ms(desk, minute));
	desk_hub(desk, m);
}

/* Four in the morning, and more than two operators can look at in time. */
static inline void night_busy(struct desk *desk)
{
	struct check undecided, fault, silent, trouble;
	struct page page = {.number = 31,
	                    .cause = CAUSE_NEEDS_HELP,
	                    .urgent = true,
	                    .state = PAGE_DELIVERED,
	                    .silent = true,
	                    .repeated = true,
	                    .queued_ms = night_ms(desk, AT(3, 48)),
	                    .step_ms = night_ms(desk, AT(3, 57))};
	struct page other = {.number = 30,
	                     .cause = CAUSE_CAMERA_LOST,
	                     .state = PAGE_ON_SITE,
	                     .queued_ms = night_ms(desk, AT(3, 10)),
	                     .acknowledged_ms = night_ms(desk, AT(3, 12)),
	                     .on_site_ms = night_ms(desk, AT(3, 40))};

	night_calm(desk, 30);
	desk_resident(desk, "elsa", "Elsa Wikström");
	desk_resident(desk, "arne", "Arne Falk");
	for (int i = 0; i < 46; i++) {
		char id[16];
		struct check check;

		snprintf(id, sizeof id, "m%d", i);
		desk_resident(desk, id, night_name(i * 3 + 7));
		check = night_check(desk, 100 + i, id, AT(4, 0));
		desk_row(desk, &check);
	}
	undecided = night_check(desk, 40, "sven", AT(3, 45));
	undecided.state = CHECK_UNDECIDED;
	undecided.shown_ms = night_ms(desk, AT(3, 52));
	strcpy(undecided.operator_id, "per");
	desk_row(desk, &undecided);
	fault = night_check(desk, 41, "karin", AT(3, 55));
	fault.state = CHECK_FAULT;
	fault.cause = CAUSE_CAMERA_FAULT;
	fault.fault_page_ms = night_ms(desk, AT(4, 1));
	desk_row(desk, &fault);
	silent = night_check(desk, 42, "elsa", AT(3, 40));
	silent.cause = CAUSE_NEEDS_HELP;
	night_page(desk, &page, &silent);
	trouble = night_check(desk, 43, "arne", AT(3, 0));
	trouble.cause = CAUSE_CAMERA_LOST;
	trouble.on_site_trouble = true;
	strcpy(trouble.reason, "no-entry");
	night_page(desk, &other, &trouble);
	night_couple(desk, 50, AT(3, 44), false);
	desk_resident(desk, "vera", "Vera Sjögren");
	night_alarm(desk, 7, "vera", ALARM_HIGH, AT(3, 50), "has a decision and no check tonight");
	night_alarm(desk, 5, "", ALARM_MEDIUM, AT(3, 30),
	            "5 cameras lost within 3 minutes: one page with one list was sent");
	night_alarm(desk, 6, "p4", ALARM_LOW, AT(-4, 0), "The decision lapses in 7 days.");
}

static inline void night_pair(struct desk *desk)
{
	night_couple(desk, 20, AT(1, 10), false);
	night_calm(desk, 4);
}

static inline void night_quiet(struct desk *desk)
{
	night_calm(desk, 24);
}

static inline void night_few(struct desk *desk)
{
	night_calm(desk, 4);
}

static inline void night_town(struct desk *desk)
{
	night_calm(desk, TOWN_MAX);
}

static inline void night_empty(struct desk *desk)
{
	(void)desk;
}

/* Half past two does not exist tonight, or does so twice. */
static inline void night_change(struct desk *desk)
{
	bool gap = desk->night.change.offset_s == 7200;
	struct check maj = night_check(desk, 60, "maj", AT(2, 30));
	struct check rut = night_check(desk, 61, "rut", AT(1, 40));

	desk_resident(desk, "maj", "Maj Lind");
	desk_resident(desk, "rut", "Rut Hedman");
	maj.note = gap ? PLAN_GAP : PLAN_FIRST;
	desk_row(desk, &maj);
	night_seen(desk, &rut, "anna");
	night_couple(desk, 62, AT(3, 30), false);
	night_calm(desk, 6);
}

static const struct night {
	const char *name;
	struct desk_night when;
	void (*fill)(struct desk *desk);
} nights[] = {
	{"work", {DESK_UTC_MS, INT64_C(1774630800000), INT64_C(1774688400000), 20539, 3600, {0, 0}},
	 night_work},
	{"calm", {DESK_UTC_MS, INT64_C(1774630800000), INT64_C(1774688400000), 20539, 3600, {0, 0}},
	 night_quiet},
	{"few", {DESK_UTC_MS, INT64_C(1774630800000), INT64_C(1774688400000), 20539, 3600, {0, 0}},
	 night_few},
	{"couple", {DESK_UTC_MS, INT64_C(1774630800000), INT64_C(1774688400000), 20539, 3600, {0, 0}},
	 night_pair},
	{"empty", {DESK_UTC_MS, INT64_C(1774630800000), INT64_C(1774688400000), 20539, 3600, {0, 0}},
	 night_empty},
	/* 04:00 of the same night */
	{"busy", {INT64_C(1774666800000), INT64_C(1774630800000), INT64_C(1774688400000), 20539, 3600,
	          {0, 0}}, night_busy},
	{"town", {DESK_UTC_MS, INT64_C(1774630800000), INT64_C(1774688400000), 20539, 3600, {0, 0}},
	 night_town},
	/* 2027-03-28 03:12 in summer time, twelve minutes after the clocks went from two to three */
	{"spring", {INT64_C(1806196320000), INT64_C(1806166800000), INT64_C(1806220800000), 20904, 3600,
	            {INT64_C(1806195600), 7200}}, night_change},
	/* 2026-10-25, a quarter past two for the second time */
	{"autumn", {INT64_C(1792890900000), INT64_C(1792857600000), INT64_C(1792918800000), 20750, 7200,
	            {INT64_C(1792890000), 3600}}, night_change},
};

static inline void night_contact(struct desk *desk, const char *id, const char *name, const char *phone,
                                 const char *role, int step)
{
	struct wire_message *m = wire_new(WIRE_CONTACT);

	wire_set_text(m, "id", id);
	wire_set_text(m, "name", name);
	wire_set_text(m, "phone", phone);
	wire_set_text(m, "role", role);
	wire_set_text(m, "area", "");
	wire_set_int(m, "step", step);
	desk_hub(desk, m);
}

static inline void night_contacts(struct desk *desk)
{
	night_contact(desk, "patrol1", "Patrol 1", "070-123 45 67", "patrol", 0);
	night_contact(desk, "patrol2", "Patrol 2", "070-123 45 68", "patrol", 1);
	night_contact(desk, "lead", "Lena Hall", "070-987 65 43", "shift-lead", 2);
	night_contact(desk, "manager", "Olof Kvist", "08-555 123 45", "unit-manager", 3);
	night_contact(desk, "support", "Kameratjänst", "020-12 34 56", "support", -1);
}

static inline void night_camera(struct desk *desk)
{
	struct wire_message *m = wire_new(WIRE_CAMERA_ROW);

	wire_set_text(m, "id", "cam");
	wire_set_text(m, "agreement", "ag");
	wire_set_bool(m, "connected", true);
	wire_set_int(m, "since_ms", night_ms(desk, AT(-5, 12)));
	wire_set_text(m, "lens", "parked");
	wire_set_bool(m, "commissioned", true);
	desk_hub(desk, m);
}

/* The hub's answer to what the details ask for: a camera that has begun to fail. */
static inline void night_history(struct desk *desk)
{
	for (int i = 0; i < HISTORY_NIGHTS; i++) {
		struct wire_message *m = wire_new(WIRE_HISTORY);

		wire_set_int(m, "command", desk->model->history.command);
		wire_set_text(m, "resident", desk->model->history.resident);
		wire_set_int(m, "night", desk->night.night - HISTORY_NIGHTS + i);
		wire_set_int(m, "well", i < 10 ? 3 : i == 13 ? 0 : 2);
		wire_set_int(m, "visited", i < 10 ? 0 : i == 13 ? 3 : 1);
		wire_set_int(m, "excused", 0);
		wire_set_int(m, "open", 0);
		wire_set_int(m, "rechecked", i % 5 == 4);
		wire_set_int(m, "no_picture", i < 10 ? 0 : i == 13 ? 3 : 1);
		wire_set_int(m, "unanswered", 0);
		desk_hub(desk, m);
	}
}

/* NULL: there is no such night. */
static inline struct desk *night_open(const char *name)
{
	struct desk *desk;

	for (size_t i = 0; i < sizeof nights / sizeof *nights; i++) {
		if (strcmp(nights[i].name, name) != 0)
			continue;
		desk = desk_open_at(&nights[i].when);
		desk_operator(desk, "anna", "Anna Lind");
		desk_operator(desk, "per", "Per Holm");
		night_contacts(desk);
		night_camera(desk);
		desk_resident(desk, "karin", "Karin Lundgren");
		desk_resident(desk, "sven", "Sven Öberg");
		desk_resident(desk, "berit", "Berit Ek");
		desk_resident(desk, "nils", "Nils Ek");
		nights[i].fill(desk);
		desk_level(desk);
		return desk;
	}
	return NULL;
}

#endif
