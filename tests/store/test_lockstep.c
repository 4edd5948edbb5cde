/*
 * The same random changes to both stores, and after each the same answers from both: what no list
 * of cases thought of. A failure names its seed and step, which give it again.
 */
#include "rows.h"

enum { SEEDS = 12, STEPS = 160, ANSWERS_BYTES = 1 << 16 };

struct pair {
	struct scratch scratch;
	struct store store[2];
	uint64_t random;
};

/* A small generator of our own, so that a seed means the same on every machine. */
static int random_below(struct pair *pair, int n)
{
	pair->random = pair->random * 6364136223846793005u + 1442695040888963407u;
	return (int)((pair->random >> 33) % (uint64_t)n);
}

struct answers {
	size_t len;
	char text[ANSWERS_BYTES];
};

static void answer(struct answers *answers, const char *what, int64_t a, int64_t b)
{
	int n = snprintf(answers->text + answers->len, sizeof answers->text - answers->len,
	                 "%s %lld %lld\n", what, (long long)a, (long long)b);

	assert_true(n > 0 && answers->len + (size_t)n < sizeof answers->text);
	answers->len += (size_t)n;
}

static bool tell_check(void *arg, const struct check *check)
{
	answer(arg, check->slot, check->id, check->next_at);
	return true;
}

static bool tell_look(void *arg, const struct look_row *look)
{
	answer(arg, "look", look->id, (int64_t)look->state);
	return true;
}

static bool tell_page(void *arg, const struct page *page)
{
	answer(arg, "page", page->number, page->next_at);
	return true;
}

static bool tell_outbox(void *arg, const struct outbox_row *row)
{
	answer(arg, "outbox", row->id, row->subject);
	return true;
}

static bool tell_alarm(void *arg, const struct alarm_row *alarm)
{
	answer(arg, alarm->subject, alarm->id, alarm->since_ms);
	return true;
}

static bool tell_log(void *arg, const struct log_row *row)
{
	answer(arg, row->actor, row->id, row->number);
	answer(arg, "at", row->at_ms, (int64_t)row->len);
	return true;
}

/* All that can be asked, with small numbers for what was put in. */
static void ask_everything(const struct store *store, int number, struct answers *answers)
{
	char name[] = {(char)('a' + number % 3), '\0'};
	struct log_filter filter = {.actor = name, .after_id = number};
	struct check check = {0};
	void *impl = store->impl;
	int64_t at;

	OK(store->checks_due(impl, number, tell_check, answers));
	OK(store->checks_of_night(impl, number % 4, tell_check, answers));
	OK(store->checks_open(impl, tell_check, answers));
	OK(store->checks_of_resident(impl, name, 1, number % 4, tell_check, answers));
	OK(store->checks_of_page(impl, number % 5 + 1, tell_check, answers));
	OK(store->looks_open(impl, tell_look, answers));
	OK(store->looks_of_nights(impl, 1, number % 4, tell_look, answers));
	OK(store->pages_open(impl, tell_page, answers));
	OK(store->pages_due(impl, number, tell_page, answers));
	OK(store->outbox(impl, tell_outbox, answers));
	OK(store->alarms(impl, tell_alarm, answers));
	OK(store->log_read(impl, &filter, tell_log, answers));
	filter.actor = NULL;
	OK(store->log_read(impl, &filter, tell_log, answers));
	OK(store->next_at(impl, &at));
	answer(answers, "next", at, 0);
	answer(answers, "find", (int64_t)store->check_find(impl, name, name, number % 4, &check),
	       check.id);
}

/* One change, made of five random numbers so that both stores get the same. */
static enum err change(const struct store *store, const int r[5], int64_t *given)
{
	char name[] = {(char)('a' + r[1] % 3), '\0'}, slot[] = {(char)('a' + r[2] % 3), '\0'};
	struct check check = a_check(name, slot, r[3] % 4);
	struct look_row look = {.id = r[1] % 4,
	                        .night = r[3] % 4,
	                        .check = {r[4] % 4},
	                        .state = (enum look_state)(r[2] % LOOK_STATES)};
	struct page page = {.number = r[1] % 4,
	                    .next_at = r[2] % 20,
	                    .state = (enum page_state)(r[3] % PAGE_STATES)};
	struct outbox_row row = {.subject = r[1], .record = r[2] % 3};
	struct alarm_row alarm = {.kind = "k", .since_ms = r[2]};
	struct log_row record = {.at_ms = r[2] % 20, .len = (size_t)(r[1] % 50)};
	enum err err;

	check.id = r[4] % 6;
	check.next_at = r[0] % 20;
	check.start_ms = r[1] % 5;
	check.page = r[2] % 4;
	check.look = r[3] % 3;
	check.state = (enum check_state)((r[1] + r[2]) % CHECK_STATES);
	strcpy(alarm.subject, slot);
	strcpy(record.actor, name);
	switch (r[0] % 9) {
	case 0:
		err = store->look_put(store->impl, &look);
		*given = look.id;
		return err;
	case 1:
		err = store->page_put(store->impl, &page);
		*given = page.number;
		return err;
	case 2:
		err = store->outbox_put(store->impl, &row);
		*given = row.id;
		return err;
	case 3:
		return store->outbox_strike(store->impl, r[1] % 8);
	case 4:
		err = store->alarm_put(store->impl, &alarm);
		*given = alarm.id;
		return err;
	case 5:
		return store->alarm_delete(store->impl, r[1] % 5);
	case 6:
		err = store->log_append(store->impl, &record);
		*given = record.id;
		return err;
	case 7:
		if (r[1] % 3 == 0)
			return store->log_erase(store->impl, r[2] % 20, r[3] % 4, given);
		return store->log_sequence(store->impl, given);
	default:
		err = store->check_put(store->impl, &check);
		*given = check.id;
		return err;
	}
}

/* begin, commit or rollback, at random. */
static void turn(struct pair *pair, bool *open, int r)
{
	for (int i = 0; i < 2; i++) {
		const struct store *store = &pair->store[i];

		if (!*open)
			OK(store->begin(store->impl));
		else if (r % 3 == 0)
			store->rollback(store->impl);
		else
			OK(store->commit(store->impl));
	}
	*open = !*open;
}

static void run(struct pair *pair, struct answers answers[2], int seed)
{
	bool open = false;

	for (int step = 0; step < STEPS; step++) {
		int r[5], number = random_below(pair, 20);
		enum err err[2];
		int64_t given[2] = {0, 0};

		for (int i = 0; i < 5; i++)
			r[i] = random_below(pair, 1000);
		if (!open || r[0] % 10 == 0)
			turn(pair, &open, r[1]);
		for (int i = 0; i < 2; i++) {
			answers[i].len = 0;
			err[i] = change(&pair->store[i], r, &given[i]);
			if (err[i] == ERR_OK)
				answer(&answers[i], "given", given[i], 0);
			ask_everything(&pair->store[i], number, &answers[i]);
		}
		if (err[0] != err[1])
			fail_msg("seed %d step %d: memory says %s, SQLite says %s", seed, step,
			         err_text(err[0]), err_text(err[1]));
		if (strcmp(answers[0].text, answers[1].text) != 0)
			fail_msg("seed %d step %d: memory\n%sSQLite\n%s", seed, step,
			         answers[0].text, answers[1].text);
	}
}

static void both_stores_answer_alike(void **state)
{
	struct answers *answers = calloc(2, sizeof *answers);

	(void)state;
	assert_non_null(answers);
	for (int seed = 1; seed <= SEEDS; seed++) {
		struct pair pair = {.random = (uint64_t)seed};

		scratch_make(&pair.scratch);
		OK(store_memory(&pair.store[0]));
		store_open(&pair.store[1], &pair.scratch);
		run(&pair, answers, seed);
		for (int i = 0; i < 2; i++)
			pair.store[i].close(pair.store[i].impl);
		scratch_remove(&pair.scratch);
	}
	free(answers);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(both_stores_answer_alike)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
