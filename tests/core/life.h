/*
 * One check to live through: a slot at 01:00 with the service's own policy, a clock that the test
 * moves, and words for what happens. Situations are reached by events alone, never by setting
 * fields.
 */
#ifndef TILLSYN_TESTS_CORE_LIFE_H
#define TILLSYN_TESTS_CORE_LIFE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/check.h"

#include <stdio.h>
#include <string.h>

#define START (INT64_C(1790000000) * MS_SECOND)
#define S(n) ((int64_t)(n) * MS_SECOND)
#define M(n) ((int64_t)(n) * MS_MINUTE)

struct life {
	struct check check;
	struct policy policy;
	int64_t now;         /* moved by the test */
	struct effects effects; /* of the latest step */
};

static inline struct life life_planned(enum slot_kind kind)
{
	struct life life = {.policy = policy_defaults()};
	const struct policy *p = &life.policy;

	life.now = START - M(60);
	life.check = (struct check){
		.id = 1, .night = 20000, .resident = "sven", .agreement = "a1", .agreement_version = 1,
		.slot = "0100", .camera = "cam1", .area = "north", .priority = 5, .kind = kind,
		.start_ms = START, .early_ms = START, .latest_ms = START + p->latest_start_ms,
		.hard_end_ms = START + p->latest_start_ms + p->hard_end_ms, .rechecks_left = p->rechecks,
		.recheck_earliest_ms = p->recheck_earliest_ms, .recheck_due_ms = p->recheck_due_ms,
		.recheck_late_ms = p->recheck_late_ms, .on_site_ms = p->on_site_ms,
		.page_unanswered_ms = p->page_unanswered_ms, .visit_report_ms = p->visit_report_ms,
		.cause = kind == SLOT_VISIT ? CAUSE_VISIT_SLOT : CAUSE_NONE, .view_ms = -1,
		.next_at = START, .decision_version = 1,
	};
	return life;
}

static inline enum refusal life_step(struct life *life, struct check_event event)
{
	struct now now = {.utc_ms = life->now, .elapsed_ms = life->now, .boot_id = 1};

	return check_step(&life->check, &event, &now, &life->policy, &life->effects);
}

/* The event in its usual form: anna at session 7, about what the check is about now. */
static inline struct check_event life_event(const struct life *life, enum check_event_kind kind)
{
	struct check_event event = {
		.kind = kind, .decision_version = life->check.decision_version, .operator_id = "anna",
		.session = 7, .look = life->check.look,
	};

	switch (kind) {
	case EVENT_LOOK:
		event.look = life->check.look + 101;
		break;
	case EVENT_VIEW_OVER:
		event.view_ms = S(11);
		break;
	case EVENT_ANSWER:
		event.answer = ANSWER_WELL;
		break;
	case EVENT_UNDO:
		event.answer = ANSWER_PATROL;
		event.reason = "changed my mind";
		break;
	case EVENT_FAULT:
		event.cause = CAUSE_CAMERA_FAULT;
		break;
	case EVENT_PAGE:
		event.reason = "alarm button";
		break;
	case EVENT_RIGHT_LOST:
		event.cause = CAUSE_WITHDRAWN;
		break;
	case EVENT_EXCUSE:
		event.cause = CAUSE_STAFF_ON_SITE;
		break;
	default:
		break;
	}
	return event;
}

/* Moves the clock on and steps; what it must be accepted. */
static inline void life_do(struct life *life, int64_t after_ms, enum check_event_kind kind)
{
	life->now += after_ms;
	assert_int_equal(life_step(life, life_event(life, kind)), REFUSE_NO);
}

static inline enum refusal life_try(struct life *life, enum check_event_kind kind)
{
	return life_step(life, life_event(life, kind));
}

static inline enum refusal life_answer(struct life *life, enum answer answer)
{
	struct check_event event = life_event(life, EVENT_ANSWER);

	event.answer = answer;
	event.reason = answer == ANSWER_PATROL ? "cannot tell" : NULL;
	return life_step(life, event);
}

static inline void life_camera(struct life *life, bool up)
{
	struct check_event event = life_event(life, EVENT_CAMERA);

	event.camera_up = up;
	assert_int_equal(life_step(life, event), REFUSE_NO);
}

/* Sleeps until the check asks for attention by itself, and gives it. */
static inline void life_wake(struct life *life)
{
	assert_true(life->check.next_at != 0);
	if (life->now < life->check.next_at)
		life->now = life->check.next_at;
	assert_int_equal(life_try(life, EVENT_TICK), REFUSE_NO);
}

static inline bool life_has(const struct life *life, enum effect_kind kind)
{
	for (int i = 0; i < life->effects.n; i++)
		if (life->effects.effect[i].kind == kind)
			return true;
	return false;
}

static inline const char *life_effect_name(enum effect_kind kind)
{
	static const char *const names[] = {
		[EFFECT_PERMIT] = "permit", [EFFECT_PERMIT_VOID] = "void", [EFFECT_VIEW_END] = "view-end",
		[EFFECT_PAGE] = "page", [EFFECT_PAGE_CLOSE] = "page-close", [EFFECT_VISIT] = "visit",
		[EFFECT_URGENT] = "urgent",
	};

	return names[kind];
}

#define assert_state(life, expected) \
	assert_string_equal(check_state_name((life)->check.state), check_state_name(expected))

/* Due, claimed, a look in flight, its picture standing. */
static inline struct life life_open(void)
{
	struct life life = life_planned(SLOT_CAMERA);

	life_wake(&life);
	return life;
}

static inline struct life life_claimed(void)
{
	struct life life = life_open();

	life_do(&life, S(10), EVENT_CLAIM);
	return life;
}

static inline struct life life_looking(void)
{
	struct life life = life_claimed();

	life_do(&life, S(2), EVENT_LOOK);
	return life;
}

static inline struct life life_shown(void)
{
	struct life life = life_looking();

	life_do(&life, S(3), EVENT_SHOWN);
	return life;
}

static inline struct life life_deciding(void)
{
	struct life life = life_shown();

	life_do(&life, S(30), EVENT_VIEW_OVER);
	return life;
}

static inline struct life life_waiting(void)
{
	struct life life = life_shown();

	life.now += S(5);
	assert_int_equal(life_answer(&life, ANSWER_NOT_SEEN), REFUSE_NO);
	return life;
}

/* The recheck waits for an operator. */
static inline struct life life_recheck(void)
{
	struct life life = life_waiting();

	life_wake(&life);
	return life;
}

/* The recheck's picture stands. */
static inline struct life life_recheck_shown(void)
{
	struct life life = life_recheck();

	life_do(&life, S(20), EVENT_CLAIM);
	life_do(&life, S(2), EVENT_LOOK);
	life_do(&life, S(3), EVENT_SHOWN);
	return life;
}

static inline struct life life_fault(void)
{
	struct life life = life_looking();

	life_do(&life, S(4), EVENT_FAULT);
	return life;
}

static inline struct life life_patrol(void)
{
	struct life life = life_recheck_shown();

	life.now += S(5);
	assert_int_equal(life_answer(&life, ANSWER_NOT_SEEN), REFUSE_NO);
	return life;
}

#endif
