/*
 * The store: one struct of functions, two (later three) ways to keep it, one contract test that is
 * the promise. Only the hub reaches it.
 *
 * Every change happens between begin and commit; rollback (or a crash) leaves nothing of it. After
 * commit returns ERR_OK the change survives a power cut. Reads inside a transaction see its own
 * writes. get functions give ERR_NOT_FOUND. put functions insert or replace; those whose row
 * carries an id of 0 give it one (ids ascend, are never 0 and never used again). Iteration calls
 * each() in the order stated, with a row that is valid during the call; false stops it. each() must
 * not write to the store.
 *
 * A transaction that was rolled back never was: the ids it gave are given again. commit that fails
 * has rolled back. A change outside a transaction or from within each(), a begin inside a
 * transaction and a commit without one give ERR_WRONG_STATE. A put that would be the second row of
 * a resident × slot × night gives ERR_EXISTS, one that names a check, look, page or log record that
 * is not there ERR_NOT_FOUND; both change nothing, and the transaction goes on. After any other
 * failed change, commit fails too. To delete or strike what is not there gives ERR_NOT_FOUND.
 */
#ifndef TILLSYN_STORE_STORE_H
#define TILLSYN_STORE_STORE_H

#include "base/err.h"
#include "core/check.h"
#include "core/page.h"
#include "store/rows.h"

#include <stdbool.h>
#include <stdint.h>

typedef bool each_check_fn(void *arg, const struct check *check);
typedef bool each_page_fn(void *arg, const struct page *page);
typedef bool each_look_fn(void *arg, const struct look_row *look);
typedef bool each_resident_fn(void *arg, const struct resident_row *resident);
typedef bool each_agreement_fn(void *arg, const struct agreement_row *agreement);
typedef bool each_camera_fn(void *arg, const struct camera_row *camera);
typedef bool each_operator_fn(void *arg, const struct operator_row *row);
typedef bool each_contact_fn(void *arg, const struct contact_row *contact);
typedef bool each_pause_fn(void *arg, const struct pause_row *pause);
typedef bool each_outbox_fn(void *arg, const struct outbox_row *row);
typedef bool each_alarm_fn(void *arg, const struct alarm_row *alarm);
typedef bool each_index_fn(void *arg, const struct index_row *row);
typedef bool each_log_fn(void *arg, const struct log_row *row);

/* What to read of the log; zero, -1 or NULL leave a bound out. */
struct log_filter {
	const char *resident;
	const char *actor;
	int64_t from_ms, to_ms;  /* [from, to) */
	int64_t after_id;        /* rows with a greater id */
	int64_t look;
};

struct store {
	void *impl;
	void (*close)(void *impl);

	enum err (*begin)(void *impl);
	enum err (*commit)(void *impl);
	void (*rollback)(void *impl);

	enum err (*check_put)(void *impl, struct check *check);
	enum err (*check_get)(void *impl, int64_t id, struct check *check);
	/* The check planned for resident × slot × night. */
	enum err (*check_find)(void *impl, const char *resident, const char *slot, int32_t night,
	                       struct check *check);
	/* Unclosed with 0 < next_at <= at, ordered by next_at, id. One indexed query. */
	enum err (*checks_due)(void *impl, int64_t at, each_check_fn *each, void *arg);
	/* The smallest next_at > 0 over unclosed checks and unclosed pages; 0 = none. */
	enum err (*next_at)(void *impl, int64_t *at);
	/* All of a night, and unclosed ones of earlier nights; ordered by start, id. */
	enum err (*checks_of_night)(void *impl, int32_t night, each_check_fn *each, void *arg);
	/* All that are not closed, ordered by start, id. */
	enum err (*checks_open)(void *impl, each_check_fn *each, void *arg);
	/* One resident's of the nights from..to, ordered by night, start, id. */
	enum err (*checks_of_resident)(void *impl, const char *resident, int32_t from, int32_t to,
	                               each_check_fn *each, void *arg);
	/* Ordered by start, id. */
	enum err (*checks_of_page)(void *impl, int64_t page, each_check_fn *each, void *arg);

	enum err (*look_put)(void *impl, struct look_row *look);
	enum err (*look_get)(void *impl, int64_t id, struct look_row *look);
	/* State before LOOK_OVER, ordered by id. */
	enum err (*looks_open)(void *impl, each_look_fn *each, void *arg);
	/* Of the nights from..to, ordered by id. */
	enum err (*looks_of_nights)(void *impl, int32_t from, int32_t to, each_look_fn *each,
	                            void *arg);

	enum err (*page_put)(void *impl, struct page *page);
	enum err (*page_get)(void *impl, int64_t number, struct page *page);
	/* Not closed, ordered by number. */
	enum err (*pages_open)(void *impl, each_page_fn *each, void *arg);
	/* Unclosed with 0 < next_at <= at, ordered by next_at, number. */
	enum err (*pages_due)(void *impl, int64_t at, each_page_fn *each, void *arg);

	/* People and things are ordered by their id. */
	enum err (*resident_put)(void *impl, const struct resident_row *resident);
	enum err (*resident_get)(void *impl, const char *id, struct resident_row *resident);
	enum err (*residents)(void *impl, each_resident_fn *each, void *arg);
	enum err (*agreement_put)(void *impl, const struct agreement_row *agreement);
	enum err (*agreement_get)(void *impl, const char *id, struct agreement_row *agreement);
	enum err (*agreements)(void *impl, each_agreement_fn *each, void *arg);
	enum err (*camera_put)(void *impl, const struct camera_row *camera);
	enum err (*camera_get)(void *impl, const char *id, struct camera_row *camera);
	enum err (*cameras)(void *impl, each_camera_fn *each, void *arg);
	enum err (*operator_put)(void *impl, const struct operator_row *row);
	enum err (*operator_get)(void *impl, const char *id, struct operator_row *row);
	enum err (*operators)(void *impl, each_operator_fn *each, void *arg);
	enum err (*contact_put)(void *impl, const struct contact_row *contact);
	enum err (*contact_get)(void *impl, const char *id, struct contact_row *contact);
	/* Ordered by step (those outside the chain last), id. */
	enum err (*contacts)(void *impl, each_contact_fn *each, void *arg);
	enum err (*pause_put)(void *impl, const struct pause_row *pause);
	enum err (*pause_get)(void *impl, const char *resident, struct pause_row *pause);
	enum err (*pause_delete)(void *impl, const char *resident);
	enum err (*pauses)(void *impl, each_pause_fn *each, void *arg);

	enum err (*outbox_put)(void *impl, struct outbox_row *row);
	enum err (*outbox_get)(void *impl, int64_t id, struct outbox_row *row);
	enum err (*outbox_strike)(void *impl, int64_t id);
	enum err (*outbox)(void *impl, each_outbox_fn *each, void *arg); /* ordered by id */

	/*
	 * Inserts, or renews text and level of the one that stands (same kind and subject) and
	 * returns its id and since_ms.
	 */
	enum err (*alarm_put)(void *impl, struct alarm_row *alarm);
	enum err (*alarm_find)(void *impl, const char *kind, const char *subject,
	                       struct alarm_row *alarm);
	enum err (*alarm_delete)(void *impl, int64_t id);
	enum err (*alarms)(void *impl, each_alarm_fn *each, void *arg); /* ordered by id */

	/*
	 * Appended unnumbered (number is set to -1). Rows are never changed again but for their
	 * number, and by log_erase().
	 */
	enum err (*log_append)(void *impl, struct log_row *row);
	/*
	 * Numbers every unnumbered row in the order of ids, without a gap; *size is the log's
	 * length. Its own or the caller's transaction.
	 */
	enum err (*log_sequence)(void *impl, int64_t *size);
	enum err (*log_get)(void *impl, int64_t id, struct log_row *row);
	/* By its place in the log. */
	enum err (*log_numbered)(void *impl, int64_t number, struct log_row *row);
	enum err (*log_read)(void *impl, const struct log_filter *filter, each_log_fn *each,
	                     void *arg); /* ordered by id */

	/*
	 * Erases what rows say, at most limit of them, from the log's beginning to before the first
	 * whose at_ms is before_ms or later: of the log always the beginning is erased and the rest
	 * is not, so nobody can pass off one entry between others as erased. id, number, resident
	 * and leaf are left, all else is zero or empty. *n is how many they were.
	 */
	enum err (*log_erase)(void *impl, int64_t before_ms, int64_t limit, int64_t *n);
	/* After a commit: what was erased is not in the store's files any more. */
	enum err (*forget)(void *impl);

	/*
	 * What is derived from the log and grows with it. A node, once put, is put again only as it
	 * was.
	 */
	enum err (*node_put)(void *impl, const struct node_row *node);
	enum err (*node_get)(void *impl, int64_t place, struct node_row *node);
	enum err (*index_put)(void *impl, const struct index_row *row);
	enum err (*index)(void *impl, each_index_fn *each, void *arg); /* ordered by resident */
	enum err (*checkpoint_put)(void *impl, const struct checkpoint_row *checkpoint);
	enum err (*checkpoint_get)(void *impl, int64_t size, struct checkpoint_row *checkpoint);
	/* The one of the largest log. */
	enum err (*checkpoint_latest)(void *impl, struct checkpoint_row *checkpoint);

	/* "demo", "zone" …; name up to 32 bytes, value up to 255, else ERR_LIMIT. */
	enum err (*setting_put)(void *impl, const char *name, const char *value);
	enum err (*setting_get)(void *impl, const char *name, char value[PATH_MAX_BYTES]);
};

/*
 * Opens or creates (mode 0600), takes the schema forward to the newest version, and locks the file
 * until close: one hub a file. fault gets a sentence without the path. ERR_VERSION: made by a newer
 * program; ERR_WRONG_STATE: another hub has it open; ERR_PARSE: not a database, damaged, or another
 * program's.
 */
enum err store_sqlite(struct store *store, const char *path, char fault[REASON_MAX_BYTES]);
/* Keeps nothing; for tests and the simulator. */
enum err store_memory(struct store *store);

#endif
