/*
 * The table of a check from outside: every event in every situation a check can be in, what it
 * becomes, what else has to happen, and what is refused. A cell that changes is a rule that
 * changes.
 */
#include "core/life.h"

enum situation {
	PLANNED, VISIT, OPEN, CLAIMED, LOOKING, SHOWN, DECIDING, UNDECIDED, WAITING, RECHECK, FAULT, LOST,
	PATROL, WITH_PATROL, WELL, VISITED, PAUSED, SITUATIONS,
};

static struct life reach_undecided(void)
{
	struct life life = life_deciding();

	life_wake(&life);
	return life;
}

static struct life reach_lost(void)
{
	struct life life = life_open();

	life.now += S(5);
	life_camera(&life, false);
	return life;
}

static struct life reach_with_patrol(void)
{
	struct life life = life_planned(SLOT_VISIT);

	life_wake(&life);
	return life;
}

static struct life reach_well(void)
{
	struct life life = life_shown();

	life_do(&life, S(6), EVENT_ANSWER);
	return life;
}

static struct life reach_visited(void)
{
	struct life life = life_patrol();

	life_do(&life, M(20), EVENT_RESIDENT_SEEN);
	return life;
}

static struct life reach_paused(void)
{
	struct life life = life_open();

	life_do(&life, S(30), EVENT_PAUSE);
	return life;
}

static struct life reach_planned(void)
{
	return life_planned(SLOT_CAMERA);
}

static struct life reach_visit(void)
{
	return life_planned(SLOT_VISIT);
}

static const struct {
	const char *name;
	enum check_state state;
	struct life (*reach)(void);
} situations[SITUATIONS] = {
	[PLANNED] = {"planned", CHECK_PLANNED, reach_planned},
	[VISIT] = {"planned visit", CHECK_PLANNED, reach_visit},
	[OPEN] = {"open", CHECK_OPEN, life_open},
	[CLAIMED] = {"claimed", CHECK_CLAIMED, life_claimed},
	[LOOKING] = {"looking, nothing shown", CHECK_LOOKING, life_looking},
	[SHOWN] = {"looking, picture shown", CHECK_LOOKING, life_shown},
	[DECIDING] = {"deciding", CHECK_DECIDING, life_deciding},
	[UNDECIDED] = {"undecided", CHECK_UNDECIDED, reach_undecided},
	[WAITING] = {"waiting for recheck", CHECK_WAITING, life_waiting},
	[RECHECK] = {"recheck open", CHECK_OPEN, life_recheck},
	[FAULT] = {"fault of a look", CHECK_FAULT, life_fault},
	[LOST] = {"camera lost at its time", CHECK_FAULT, reach_lost},
	[PATROL] = {"paged, not seen twice", CHECK_PATROL, life_patrol},
	[WITH_PATROL] = {"visit slot due", CHECK_PATROL, reach_with_patrol},
	[WELL] = {"closed, seen well", CHECK_CLOSED, reach_well},
	[VISITED] = {"closed, visited", CHECK_CLOSED, reach_visited},
	[PAUSED] = {"closed, excused", CHECK_CLOSED, reach_paused},
};

/*
 * "state +effect …": accepted, what it becomes and what else happens. "-": accepted, nothing
 * changes. "!word": refused; a cell that is left out: refused in this state. The events are
 * life_event()'s, with rows for what cameras and answers say (C R H P O U: the console's keys).
 */
enum row {
	TICK, CAMERA_LOST, CAMERA_BACK, CLAIM, RELEASE, LOOK, STANDS, VIEW_OVER, ANSWER_C,
	ANSWER_R, ANSWER_H, ANSWER_P, ANSWER_O, ANSWER_U, FAULTY, PAGE, SEEN, TROUBLE, UNDO, RIGHT, PAUSE, RESUME, EXCUSE, RESTART, ROWS,
};

static const struct {
	enum check_event_kind kind;
	enum answer answer;
	bool camera_up;
} rows[ROWS] = {
	[TICK] = {.kind = EVENT_TICK},
	[CAMERA_LOST] = {.kind = EVENT_CAMERA},
	[CAMERA_BACK] = {.kind = EVENT_CAMERA, .camera_up = true},
	[CLAIM] = {.kind = EVENT_CLAIM},
	[RELEASE] = {.kind = EVENT_RELEASE},
	[LOOK] = {.kind = EVENT_LOOK},
	[STANDS] = {.kind = EVENT_SHOWN},
	[VIEW_OVER] = {.kind = EVENT_VIEW_OVER},
	[ANSWER_C] = {EVENT_ANSWER, ANSWER_WELL, false},
	[ANSWER_R] = {EVENT_ANSWER, ANSWER_NOT_SEEN, false},
	[ANSWER_H] = {EVENT_ANSWER, ANSWER_NEEDS_HELP, false},
	[ANSWER_P] = {EVENT_ANSWER, ANSWER_PATROL, false},
	[ANSWER_O] = {EVENT_ANSWER, ANSWER_OTHER_PERSON, false},
	[ANSWER_U] = {EVENT_ANSWER, ANSWER_UNUSABLE, false},
	[FAULTY] = {.kind = EVENT_FAULT},
	[PAGE] = {.kind = EVENT_PAGE},
	[SEEN] = {.kind = EVENT_RESIDENT_SEEN},
	[TROUBLE] = {.kind = EVENT_SITE_TROUBLE},
	[UNDO] = {EVENT_UNDO, ANSWER_PATROL, false},
	[RIGHT] = {.kind = EVENT_RIGHT_LOST},
	[PAUSE] = {.kind = EVENT_PAUSE},
	[RESUME] = {.kind = EVENT_RESUME},
	[EXCUSE] = {.kind = EVENT_EXCUSE},
	[RESTART] = {.kind = EVENT_RESTART},
};

static const char *const expected[ROWS][SITUATIONS] = {
	[TICK] = {
		[PLANNED] = "-", [VISIT] = "-", [OPEN] = "-", [CLAIMED] = "-", [LOOKING] = "-",
		[SHOWN] = "-", [DECIDING] = "-", [UNDECIDED] = "-", [WAITING] = "-",
		[RECHECK] = "-", [FAULT] = "-", [LOST] = "-", [PATROL] = "-", [WITH_PATROL] = "-",
		[WELL] = "-", [VISITED] = "-", [PAUSED] = "-",
	},
	[CAMERA_LOST] = {
		[PLANNED] = "planned", [VISIT] = "planned", [OPEN] = "fault", [CLAIMED] = "fault",
		[LOOKING] = "fault +void +view-end", [SHOWN] = "looking", [DECIDING] = "deciding",
		[UNDECIDED] = "undecided", [WAITING] = "waiting", [RECHECK] = "fault",
		[FAULT] = "fault", [LOST] = "-", [PATROL] = "patrol", [WITH_PATROL] = "patrol",
		[WELL] = "closed", [VISITED] = "closed", [PAUSED] = "closed",
	},
	[CAMERA_BACK] = {
		[PLANNED] = "-", [VISIT] = "-", [OPEN] = "-", [CLAIMED] = "-", [LOOKING] = "-",
		[SHOWN] = "-", [DECIDING] = "-", [UNDECIDED] = "-", [WAITING] = "-",
		[RECHECK] = "-", [FAULT] = "-", [LOST] = "open", [PATROL] = "-",
		[WITH_PATROL] = "-", [WELL] = "-", [VISITED] = "-", [PAUSED] = "-",
	},
	[CLAIM] = {
		[PLANNED] = "!not-yet", [VISIT] = "!visit", [OPEN] = "claimed", [CLAIMED] = "-",
		[LOOKING] = "!claimed", [SHOWN] = "!claimed", [DECIDING] = "!claimed",
		[UNDECIDED] = "!not-yet", [WAITING] = "!not-yet", [RECHECK] = "claimed",
		[FAULT] = "claimed", [LOST] = "!camera", [WITH_PATROL] = "!visit",
	},
	[RELEASE] = {
		[PLANNED] = "-", [VISIT] = "-", [OPEN] = "-", [CLAIMED] = "open",
		[LOOKING] = "open +void +view-end", [SHOWN] = "undecided +view-end",
		[DECIDING] = "undecided", [UNDECIDED] = "-", [WAITING] = "-", [RECHECK] = "-",
		[FAULT] = "-", [LOST] = "-", [PATROL] = "-", [WITH_PATROL] = "-", [WELL] = "-",
		[VISITED] = "-", [PAUSED] = "-",
	},
	[LOOK] = {
		[CLAIMED] = "looking +permit",
	},
	[STANDS] = {
		[OPEN] = "!look", [CLAIMED] = "!look", [LOOKING] = "looking", [SHOWN] = "-",
		[DECIDING] = "-", [UNDECIDED] = "-", [WAITING] = "-", [RECHECK] = "-",
		[FAULT] = "looking", [LOST] = "!look", [PATROL] = "-", [WITH_PATROL] = "!look",
		[WELL] = "-", [VISITED] = "-", [PAUSED] = "!look",
	},
	[VIEW_OVER] = {
		[OPEN] = "!look", [CLAIMED] = "!look", [LOOKING] = "deciding",
		[SHOWN] = "deciding", [DECIDING] = "-", [UNDECIDED] = "-", [WAITING] = "waiting",
		[RECHECK] = "open", [FAULT] = "deciding", [LOST] = "!look", [PATROL] = "patrol",
		[WITH_PATROL] = "!look", [WELL] = "closed", [VISITED] = "closed",
		[PAUSED] = "!look",
	},
	[ANSWER_C] = {
		[OPEN] = "!look", [CLAIMED] = "!look", [SHOWN] = "closed +view-end",
		[DECIDING] = "closed", [UNDECIDED] = "closed", [WAITING] = "!less-care",
		[RECHECK] = "!less-care", [LOST] = "!look", [PATROL] = "!less-care",
		[WITH_PATROL] = "!look", [WELL] = "-", [PAUSED] = "!look",
	},
	[ANSWER_R] = {
		[OPEN] = "!look", [CLAIMED] = "!look", [SHOWN] = "waiting +view-end",
		[DECIDING] = "waiting", [UNDECIDED] = "waiting", [WAITING] = "-", [RECHECK] = "-",
		[LOST] = "!look", [PATROL] = "-", [WITH_PATROL] = "!look", [VISITED] = "-",
		[PAUSED] = "!look",
	},
	[ANSWER_H] = {
		[OPEN] = "!look", [CLAIMED] = "!look", [LOOKING] = "patrol +void +view-end +page",
		[SHOWN] = "patrol +view-end +page", [DECIDING] = "patrol +page",
		[UNDECIDED] = "patrol +page", [WAITING] = "patrol +page",
		[RECHECK] = "patrol +page", [FAULT] = "patrol +page", [LOST] = "!look",
		[PATROL] = "patrol +urgent", [WITH_PATROL] = "!look", [PAUSED] = "!look",
	},
	[ANSWER_P] = {
		[OPEN] = "!look", [CLAIMED] = "!look", [LOOKING] = "patrol +void +view-end +page",
		[SHOWN] = "patrol +view-end +page", [DECIDING] = "patrol +page",
		[UNDECIDED] = "patrol +page", [WAITING] = "patrol +page",
		[RECHECK] = "patrol +page", [FAULT] = "patrol +page", [LOST] = "!look",
		[PATROL] = "patrol", [WITH_PATROL] = "!look", [PAUSED] = "!look",
	},
	[ANSWER_O] = {
		[OPEN] = "!look", [CLAIMED] = "!look", [SHOWN] = "deciding +view-end",
		[DECIDING] = "deciding", [UNDECIDED] = "undecided", [LOST] = "!look",
		[WITH_PATROL] = "!look", [PAUSED] = "!look",
	},
	[ANSWER_U] = {
		[OPEN] = "!look", [CLAIMED] = "!look", [LOOKING] = "claimed +void +view-end",
		[SHOWN] = "claimed +view-end", [DECIDING] = "claimed", [UNDECIDED] = "open",
		[LOST] = "!look", [WITH_PATROL] = "!look", [PAUSED] = "!look",
	},
	[FAULTY] = {
		[PLANNED] = "-", [VISIT] = "-", [OPEN] = "fault", [CLAIMED] = "fault",
		[LOOKING] = "fault +void +view-end", [SHOWN] = "-", [DECIDING] = "-",
		[UNDECIDED] = "-", [WAITING] = "-", [RECHECK] = "-", [FAULT] = "-", [LOST] = "-",
		[PATROL] = "-", [WITH_PATROL] = "-", [WELL] = "-", [VISITED] = "-", [PAUSED] = "-",
	},
	[PAGE] = {
		[PLANNED] = "!not-yet", [VISIT] = "!not-yet", [OPEN] = "patrol +page",
		[CLAIMED] = "patrol +page", [LOOKING] = "patrol +void +view-end +page",
		[SHOWN] = "patrol +view-end +page", [DECIDING] = "patrol +page",
		[UNDECIDED] = "patrol +page", [WAITING] = "patrol +page",
		[RECHECK] = "patrol +page", [FAULT] = "patrol +page", [LOST] = "patrol +page",
		[WITH_PATROL] = "patrol +page",
	},
	[SEEN] = {
		[PLANNED] = "!not-yet", [VISIT] = "!not-yet", [PATROL] = "closed +page-close",
		[WITH_PATROL] = "closed",
	},
	[TROUBLE] = {
		[PATROL] = "patrol", [WITH_PATROL] = "patrol",
	},
	[UNDO] = {
		[WAITING] = "patrol +page", [RECHECK] = "!too-late", [PATROL] = "patrol",
		[WELL] = "patrol +page",
	},
	[RIGHT] = {
		[PLANNED] = "planned", [VISIT] = "-", [OPEN] = "patrol +page",
		[CLAIMED] = "patrol +page", [LOOKING] = "patrol +void +view-end +page",
		[SHOWN] = "patrol +view-end +page", [DECIDING] = "deciding",
		[UNDECIDED] = "patrol +page", [WAITING] = "patrol +page",
		[RECHECK] = "patrol +page", [FAULT] = "patrol +page", [LOST] = "patrol +page",
		[PATROL] = "patrol", [WITH_PATROL] = "-", [WELL] = "closed", [VISITED] = "-",
		[PAUSED] = "closed",
	},
	[PAUSE] = {
		[PLANNED] = "closed", [VISIT] = "closed", [OPEN] = "closed", [CLAIMED] = "closed",
		[LOOKING] = "closed +void +view-end", [SHOWN] = "looking", [DECIDING] = "deciding",
		[UNDECIDED] = "undecided", [WAITING] = "patrol +page", [RECHECK] = "patrol +page",
		[FAULT] = "closed", [LOST] = "closed", [PATROL] = "-", [WITH_PATROL] = "-",
		[WELL] = "-", [VISITED] = "-", [PAUSED] = "-",
	},
	[RESUME] = {
		[PLANNED] = "-", [VISIT] = "-", [OPEN] = "-", [CLAIMED] = "-", [LOOKING] = "-",
		[SHOWN] = "-", [DECIDING] = "-", [UNDECIDED] = "-", [WAITING] = "-",
		[RECHECK] = "-", [FAULT] = "-", [LOST] = "-", [PATROL] = "-", [WITH_PATROL] = "-",
		[WELL] = "-", [VISITED] = "-", [PAUSED] = "open",
	},
	[EXCUSE] = {
		[PLANNED] = "!not-yet", [VISIT] = "!not-yet", [OPEN] = "closed",
		[CLAIMED] = "closed", [LOOKING] = "closed +void +view-end",
		[SHOWN] = "closed +view-end", [DECIDING] = "closed", [UNDECIDED] = "closed",
		[WAITING] = "closed", [RECHECK] = "closed", [FAULT] = "closed", [LOST] = "closed",
		[PATROL] = "closed +page-close", [WITH_PATROL] = "closed",
	},
	[RESTART] = {
		[PLANNED] = "-", [VISIT] = "-", [OPEN] = "-", [CLAIMED] = "open",
		[LOOKING] = "open +void +view-end", [SHOWN] = "undecided",
		[DECIDING] = "undecided", [UNDECIDED] = "-", [WAITING] = "-", [RECHECK] = "-",
		[FAULT] = "-", [LOST] = "-", [PATROL] = "-", [WITH_PATROL] = "-", [WELL] = "-",
		[VISITED] = "-", [PAUSED] = "-",
	},
};

static struct check_event row_event(const struct life *life, enum row row)
{
	struct check_event event = life_event(life, rows[row].kind);

	if (rows[row].kind == EVENT_ANSWER) {
		event.answer = rows[row].answer;
		event.reason = "cannot tell";
	}
	if (rows[row].kind == EVENT_CAMERA)
		event.camera_up = rows[row].camera_up;
	return event;
}

/* A row's content without what every step may touch. */
static bool is_same_row(struct check a, const struct check *b)
{
	a.next_at = b->next_at;
	return memcmp(&a, b, sizeof a) == 0;
}

static void describe(char out[128], struct life *life, enum row row)
{
	struct check before;
	enum refusal refusal;
	size_t len;

	memcpy(&before, &life->check, sizeof before);
	refusal = life_step(life, row_event(life, row));
	if (refusal != REFUSE_NO) {
		assert_memory_equal(&before, &life->check, sizeof before);
		assert_int_equal(life->effects.n, 0);
		snprintf(out, 128, "!%s", check_refusal_name(refusal));
		return;
	}
	if (is_same_row(before, &life->check) && life->effects.n == 0) {
		snprintf(out, 128, "-");
		return;
	}
	snprintf(out, 128, "%s", check_state_name(life->check.state));
	for (int i = 0; i < life->effects.n; i++) {
		len = strlen(out);
		snprintf(out + len, 128 - len, " +%s", life_effect_name(life->effects.effect[i].kind));
	}
}

static void every_event_in_every_situation_does_what_the_table_says(void **arg)
{
	(void)arg;
	for (int row = 0; row < ROWS; row++) {
		for (int at = 0; at < SITUATIONS; at++) {
			const char *cell = expected[row][at] != NULL ? expected[row][at] : "!state";
			struct life life = situations[at].reach();
			char found[128];

			assert_state(&life, situations[at].state);
			describe(found, &life, (enum row)row);
			if (strcmp(found, cell) != 0)
				print_error("%s: %s\n", situations[at].name,
				            check_event_name(rows[row].kind));
			assert_string_equal(found, cell);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_event_in_every_situation_does_what_the_table_says),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
