/*
 * SERVICE.md's policy table as a struct. Everything is a duration in milliseconds unless its name
 * says otherwise. policy_options is its option table (base/option.h), which holds the defaults and
 * ranges.
 */
#ifndef TILLSYN_CORE_POLICY_H
#define TILLSYN_CORE_POLICY_H

#include "base/option.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct policy {
	int64_t night_start_min;     /* minutes after local midnight: 18:00 */
	int64_t night_end_min;       /* of the next day: 10:00 */
	int64_t start_early_ms;      /* before a slot's start: 0 */
	int64_t latest_start_ms;     /* after a clock time's, a swallowed span's start: 15 min */
	int64_t hard_end_ms;         /* after the latest start: 10 min */
	int64_t view_ms;             /* a picture stands: 30 s */
	int64_t lens_open_ms_max;    /* the capture: 5 s */
	int64_t permit_ms;           /* a permit's interval: 10 s */
	int64_t lease_ms;            /* a claim without a permit: 60 s */
	int64_t answer_ms;           /* after the view: 60 s */
	int64_t recheck_earliest_ms; /* after the first answer: 8 min */
	int64_t recheck_due_ms;      /* 9 min */
	int64_t recheck_late_ms;     /* 10 min */
	int64_t recheck_end_ms;      /* the recheck's hard end after the first answer: 15 min */
	int64_t rechecks;            /* a number: 1 */
	int64_t fault_retry_ms;      /* 60 s of retries */
	int64_t fault_page_ms;       /* after the slot's start: 3 min */
	int64_t camera_work_ms;      /* a lost camera is work from 45 min before its next slot */
	int64_t camera_ping_ms;      /* 15 s */
	int64_t camera_lost_ms;      /* 60 s */
	int64_t incident_cameras;    /* a number: 5 */
	int64_t incident_ms;         /* within 3 min */
	int64_t page_undelivered_ms; /* then the next channel: 60 s */
	int64_t page_unanswered_ms;  /* then the next person: 3 min */
	int64_t help_unanswered_ms;  /* the same for needs help: 60 s */
	int64_t on_site_ms;          /* after acknowledgement: 45 min */
	int64_t help_on_site_ms;     /* 20 min */
	int64_t visit_report_ms;     /* a visit slot after its latest start: 30 min */
	int64_t fresh_ms;            /* a picture is complete within 20 s of its key */
	int64_t clock_skew_ms;       /* an agent's clock: 30 s */
	int64_t nobody_awake_ms;     /* 5 min */
	int64_t restart_hold_ms;     /* automatic pages wait after a hub start: 120 s */
	int64_t undo_ms;             /* :undo: 2 min */
};

/* Ends with a NULL name. Names are "policy.<field without _ms>", offsets those of struct policy. */
extern const struct option policy_options[];

/* SERVICE.md's defaults. */
struct policy policy_defaults(void);

/* Whether the table's range for the number or duration at this offset holds value. */
bool policy_allows(size_t offset, int64_t value);

/*
 * Settings that contradict each other (recheck due before earliest, a hard end before a fault's
 * page …): NULL when sound, else a sentence for the person who wrote them.
 */
const char *policy_fault(const struct policy *policy);

#endif
