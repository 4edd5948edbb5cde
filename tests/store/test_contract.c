/* What store/store.h promises of rows and transactions, kept by every implementation of it. */
#include "contract.h"

static void every_field_comes_back(void **state)
{
	const struct store *store = store_of(state);
	union row row, back;

	for (enum row_kind kind = 0; kind < ROW_KINDS; kind++) {
		for (uint32_t seed = 1; seed < 4; seed++) {
			row_fill(kind, &row, seed);
			begin(store);
			OK(row_put(store, kind, &row));
			OK(row_get(store, kind, &row, &back));
			row_assert_equal(kind, &row, &back);
			commit(store);
			memset(&back, 0xa5, sizeof back);
			OK(row_get(store, kind, &row, &back));
			row_assert_equal(kind, &row, &back);
		}
	}
}

static void an_empty_row_comes_back(void **state)
{
	const struct store *store = store_of(state);
	union row row, back;

	for (enum row_kind kind = 0; kind < ROW_KINDS; kind++) {
		memset(&row, 0, sizeof row);
		begin(store);
		OK(row_put(store, kind, &row));
		commit(store);
		OK(row_get(store, kind, &row, &back));
		row_assert_equal(kind, &row, &back);
	}
}

static void what_is_not_there_is_not_found(void **state)
{
	const struct store *store = store_of(state);
	char value[PATH_MAX_BYTES];
	union row row, back;

	for (enum row_kind kind = 0; kind < ROW_KINDS; kind++) {
		row_fill(kind, &row, 1);
		assert_int_equal(row_get(store, kind, &row, &back), ERR_NOT_FOUND);
	}
	assert_int_equal(store->check_find(store->impl, "r", "s", 1, &back.check), ERR_NOT_FOUND);
	assert_int_equal(store->setting_get(store->impl, "demo", value), ERR_NOT_FOUND);
	begin(store);
	assert_int_equal(store->pause_delete(store->impl, "r"), ERR_NOT_FOUND);
	assert_int_equal(store->outbox_strike(store->impl, 1), ERR_NOT_FOUND);
	assert_int_equal(store->alarm_delete(store->impl, 1), ERR_NOT_FOUND);
	commit(store);
}

/* A second row of the same key takes the first one's place. Log rows are never replaced. */
static void a_put_replaces(void **state)
{
	const struct store *store = store_of(state);
	union row first, second, back;

	for (enum row_kind kind = 0; kind < ROW_LOG; kind++) {
		row_fill(kind, &first, 1);
		begin(store);
		OK(row_put(store, kind, &first));
		commit(store);
		row_fill(kind, &second, 2);
		if (kind == ROW_ALARM) {
			second = first;
			second.alarm.level = ALARM_LOW;
			strcpy(second.alarm.text, "another text");
		} else if (row_columns(kind)->column[0].kind == COLUMN_REFERENCE) {
			second.id = first.id;
		} else {
			memcpy(&second, &first, row_columns(kind)->column[0].size);
		}
		begin(store);
		OK(row_put(store, kind, &second));
		commit(store);
		OK(row_get(store, kind, &first, &back));
		row_assert_equal(kind, &second, &back);
	}
}

static void rollback_takes_back_new_rows(void **state)
{
	const struct store *store = store_of(state);
	char value[PATH_MAX_BYTES];
	union row row, back;

	begin(store);
	OK(store->setting_put(store->impl, "demo", "yes"));
	for (enum row_kind kind = 0; kind < ROW_KINDS; kind++) {
		row_fill(kind, &row, 1);
		OK(row_put(store, kind, &row));
	}
	store->rollback(store->impl);
	for (enum row_kind kind = 0; kind < ROW_KINDS; kind++) {
		row_fill(kind, &row, 1);
		if (row_columns(kind)->column[0].kind == COLUMN_REFERENCE)
			row.id = 1;
		assert_int_equal(row_get(store, kind, &row, &back), ERR_NOT_FOUND);
	}
	assert_int_equal(store->setting_get(store->impl, "demo", value), ERR_NOT_FOUND);
}

static void rollback_brings_back_changed_rows(void **state)
{
	const struct store *store = store_of(state);
	struct check old = a_check("r1", "s1", 7), changed, back;
	struct pause_row pause = {.resident = "r1", .to_ms = 9};
	struct outbox_row row = {.subject = 3};
	struct seen seen = {0};

	old.next_at = 50;
	begin(store);
	OK(store->check_put(store->impl, &old));
	OK(store->pause_put(store->impl, &pause));
	OK(store->outbox_put(store->impl, &row));
	commit(store);
	begin(store);
	changed = old;
	changed.next_at = 20;
	OK(store->check_put(store->impl, &changed));
	changed.state = CHECK_CLOSED;
	strcpy(changed.slot, "s2");
	OK(store->check_put(store->impl, &changed));
	OK(store->pause_delete(store->impl, "r1"));
	OK(store->outbox_strike(store->impl, row.id));
	store->rollback(store->impl);
	OK(store->check_find(store->impl, "r1", "s1", 7, &back));
	row_assert_equal(ROW_CHECK, &old, &back);
	OK(store->checks_due(store->impl, 50, see_check, &seen));
	ASSERT_SEEN(&seen, old.id);
	OK(store->pause_get(store->impl, "r1", &pause));
	assert_int_equal(pause.to_ms, 9);
	OK(store->outbox_get(store->impl, row.id, &row));
}

static void transactions_have_a_beginning_and_an_end(void **state)
{
	const struct store *store = store_of(state);
	union row row;

	for (enum row_kind kind = 0; kind < ROW_KINDS; kind++) {
		row_fill(kind, &row, 1);
		assert_int_equal(row_put(store, kind, &row), ERR_WRONG_STATE);
	}
	assert_int_equal(store->setting_put(store->impl, "demo", "yes"), ERR_WRONG_STATE);
	assert_int_equal(store->pause_delete(store->impl, "r"), ERR_WRONG_STATE);
	assert_int_equal(store->commit(store->impl), ERR_WRONG_STATE);
	store->rollback(store->impl);
	begin(store);
	assert_int_equal(store->begin(store->impl), ERR_WRONG_STATE);
	commit(store);
	assert_int_equal(store->commit(store->impl), ERR_WRONG_STATE);
}

static void ids_ascend_and_are_never_given_twice(void **state)
{
	const struct store *store = store_of(state);
	static const enum row_kind kinds[] = {ROW_CHECK,  ROW_LOOK,  ROW_PAGE,
	                                      ROW_OUTBOX, ROW_ALARM, ROW_LOG};
	union row row;

	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
		for (uint32_t seed = 1; seed < 4; seed++) {
			row_fill(kinds[i], &row, seed);
			begin(store);
			OK(row_put(store, kinds[i], &row));
			commit(store);
			assert_int_equal(row.id, seed);
		}
	}
	begin(store);
	OK(store->outbox_strike(store->impl, 3));
	OK(store->alarm_delete(store->impl, 3));
	commit(store);
	begin(store);
	for (enum row_kind kind = ROW_OUTBOX; kind <= ROW_ALARM; kind++) {
		row_fill(kind, &row, 9);
		OK(row_put(store, kind, &row));
		assert_int_equal(row.id, 4);
	}
	commit(store);
}

/* A rolled-back transaction never was: not even a gap in the numbers tells of it. */
static void ids_of_a_rolled_back_transaction_come_again(void **state)
{
	const struct store *store = store_of(state);
	struct check check = a_check("r1", "s1", 1);
	struct outbox_row row = {.subject = 1};

	begin(store);
	OK(store->outbox_put(store->impl, &row));
	commit(store);
	begin(store);
	OK(store->check_put(store->impl, &check));
	OK(store->outbox_strike(store->impl, row.id));
	row.id = 0;
	OK(store->outbox_put(store->impl, &row));
	store->rollback(store->impl);
	assert_int_equal(put_check(store, a_check("r2", "s1", 1)), 1);
	begin(store);
	row.id = 0;
	OK(store->outbox_put(store->impl, &row));
	commit(store);
	assert_int_equal(row.id, 2);
}

/* As many looks as agreed: a second check of a slot in a night would be a second right to look. */
static void a_slot_has_one_check_a_night(void **state)
{
	const struct store *store = store_of(state);
	struct check check = a_check("r1", "s1", 1), other = a_check("r1", "s2", 1), back;

	begin(store);
	OK(store->check_put(store->impl, &check));
	OK(store->check_put(store->impl, &other));
	check.id = 0;
	assert_int_equal(store->check_put(store->impl, &check), ERR_EXISTS);
	strcpy(other.slot, "s1");
	assert_int_equal(store->check_put(store->impl, &other), ERR_EXISTS);
	check.night = 2;
	OK(store->check_put(store->impl, &check));
	commit(store);
	assert_int_equal(check.id, 3);
	OK(store->check_find(store->impl, "r1", "s1", 1, &back));
	assert_int_equal(back.id, 1);
	OK(store->check_find(store->impl, "r1", "s2", 1, &back));
	assert_int_equal(back.id, 2);
	OK(store->check_find(store->impl, "r1", "s1", 2, &back));
	assert_int_equal(back.id, 3);
}

static void a_reference_names_a_row_that_stands(void **state)
{
	const struct store *store = store_of(state);
	struct check check = a_check("r1", "s1", 1), bad;
	struct look_row look = {.n_checks = 1, .check = {77}};
	struct page page = {.night = 1};
	struct outbox_row row = {.record = 77};
	struct log_row record = {.len = 0};

	begin(store);
	for (int field = 0; field < 3; field++) {
		bad = check;
		*(field == 0 ? &bad.pair : field == 1 ? &bad.look : &bad.page) = 77;
		assert_int_equal(store->check_put(store->impl, &bad), ERR_NOT_FOUND);
	}
	assert_int_equal(store->look_put(store->impl, &look), ERR_NOT_FOUND);
	assert_int_equal(store->outbox_put(store->impl, &row), ERR_NOT_FOUND);
	OK(store->check_put(store->impl, &check));
	OK(store->page_put(store->impl, &page));
	OK(store->log_append(store->impl, &record));
	look.check[0] = check.id;
	OK(store->look_put(store->impl, &look));
	check.look = look.id;
	check.page = page.number;
	check.pair = check.id;
	OK(store->check_put(store->impl, &check));
	row.record = record.id;
	OK(store->outbox_put(store->impl, &row));
	commit(store);
	OK(store->check_get(store->impl, check.id, &bad));
	row_assert_equal(ROW_CHECK, &check, &bad);
}

static void the_outbox_is_struck_in_any_order(void **state)
{
	const struct store *store = store_of(state);
	struct seen seen = {0};

	begin(store);
	for (int i = 0; i < 4; i++) {
		struct outbox_row row = {.kind = OUTBOX_PAGE, .subject = i};

		OK(store->outbox_put(store->impl, &row));
	}
	OK(store->outbox_strike(store->impl, 2));
	assert_int_equal(store->outbox_strike(store->impl, 2), ERR_NOT_FOUND);
	commit(store);
	OK(store->outbox(store->impl, see_outbox, &seen));
	ASSERT_SEEN(&seen, 1, 3, 4);
}

static void an_alarm_stands_once(void **state)
{
	const struct store *store = store_of(state);
	struct alarm_row alarm = {
		.kind = "lapsed", .subject = "r1", .text = "old", .since_ms = 100};
	struct alarm_row other = {.kind = "lapsed", .subject = "r2", .since_ms = 150}, again;
	struct seen seen = {0};

	begin(store);
	OK(store->alarm_put(store->impl, &alarm));
	OK(store->alarm_put(store->impl, &other));
	again = alarm;
	again.id = 0;
	again.since_ms = 200;
	again.level = ALARM_HIGH;
	strcpy(again.text, "new");
	OK(store->alarm_put(store->impl, &again));
	commit(store);
	assert_int_equal(again.id, alarm.id);
	assert_int_equal(again.since_ms, 100);
	OK(store->alarm_find(store->impl, "lapsed", "r1", &alarm));
	row_assert_equal(ROW_ALARM, &again, &alarm);
	OK(store->alarms(store->impl, see_alarm, &seen));
	ASSERT_SEEN(&seen, 1, 2);
	begin(store);
	OK(store->alarm_delete(store->impl, alarm.id));
	commit(store);
	assert_int_equal(store->alarm_find(store->impl, "lapsed", "r1", &alarm), ERR_NOT_FOUND);
	OK(store->alarm_find(store->impl, "lapsed", "r2", &alarm));
}

static void append(const struct store *store, int n)
{
	for (int i = 0; i < n; i++) {
		struct log_row row = {.number = 55, .at_ms = i};

		OK(store->log_append(store->impl, &row));
		assert_int_equal(row.number, -1);
	}
}

/* Numbers follow the order of ids without a gap, whatever was rolled back between. */
static void the_log_is_numbered_without_a_gap(void **state)
{
	const struct store *store = store_of(state);
	const struct log_filter all = {0};
	struct seen seen = {0};
	int64_t size = -1;

	OK(store->log_sequence(store->impl, &size));
	assert_int_equal(size, 0);
	begin(store);
	append(store, 3);
	commit(store);
	begin(store);
	append(store, 2);
	OK(store->log_sequence(store->impl, &size));
	assert_int_equal(size, 5);
	store->rollback(store->impl);
	OK(store->log_read(store->impl, &all, see_log_number, &seen));
	ASSERT_SEEN(&seen, -1, -1, -1);
	OK(store->log_sequence(store->impl, &size));
	assert_int_equal(size, 3);
	begin(store);
	append(store, 2);
	OK(store->log_sequence(store->impl, &size));
	commit(store);
	assert_int_equal(size, 5);
	OK(store->log_sequence(store->impl, &size));
	assert_int_equal(size, 5);
	seen = (struct seen){0};
	OK(store->log_read(store->impl, &all, see_log_number, &seen));
	ASSERT_SEEN(&seen, 0, 1, 2, 3, 4);
}

static void a_log_row_is_found_by_its_number(void **state)
{
	const struct store *store = store_of(state);
	struct log_row row;
	int64_t size;

	begin(store);
	append(store, 3);
	assert_int_equal(store->log_numbered(store->impl, 0, &row), ERR_NOT_FOUND);
	OK(store->log_sequence(store->impl, &size));
	append(store, 1);
	commit(store);
	for (int64_t number = 0; number < 3; number++) {
		OK(store->log_numbered(store->impl, number, &row));
		assert_int_equal(row.number, number);
		assert_int_equal(row.at_ms, number);
	}
	assert_int_equal(store->log_numbered(store->impl, 3, &row), ERR_NOT_FOUND);
	assert_int_equal(store->log_numbered(store->impl, -1, &row), ERR_NOT_FOUND);
}

static void assert_left(const struct store *store, int64_t number, int64_t at_ms, const struct log_row *was)
{
	static const uint8_t nothing[SALT_BYTES];
	struct log_row left;

	OK(store->log_numbered(store->impl, number, &left));
	assert_string_equal(left.resident, "r1");
	assert_memory_equal(left.leaf, was->leaf, HASH_BYTES);
	assert_int_equal(left.at_ms, at_ms);
	if (at_ms > 0) {
		assert_string_equal(left.actor, "op1");
		assert_int_equal(left.len, 3);
		return;
	}
	assert_true(left.type == 0 && left.check == 0 && left.look == 0 && left.page == 0);
	assert_int_equal(left.len, 0);
	assert_string_equal(left.actor, "");
	assert_memory_equal(left.salt, nothing, SALT_BYTES);
}

/* What rows say goes from the log's beginning on, as far as they are old, and never of one without a number. */
static void what_the_log_said_can_be_erased(void **state)
{
	static const int64_t times[] = {50, 60, 40, 90, 70, 30};
	const struct store *store = store_of(state);
	struct log_row row = {.type = 4, .actor = "op1", .resident = "r1", .check = 3, .look = 4,
	                      .page = 5, .len = 3, .canonical = "abc"};
	int64_t size, n = -1;

	memset(row.salt, 7, sizeof row.salt);
	memset(row.leaf, 8, sizeof row.leaf);
	begin(store);
	for (int i = 0; i < 6; i++) {
		row.at_ms = times[i];
		OK(store->log_append(store->impl, &row));
	}
	OK(store->log_erase(store->impl, 1000, 10, &n));
	assert_int_equal(n, 0);
	OK(store->log_sequence(store->impl, &size));
	assert_int_equal(store->forget(store->impl), ERR_WRONG_STATE);
	OK(store->log_erase(store->impl, 80, 2, &n));
	assert_int_equal(n, 2);
	commit(store);
	for (int64_t number = 0; number < 6; number++)
		assert_left(store, number, number < 2 ? 0 : times[number], &row);
	assert_int_equal(store->log_erase(store->impl, 80, 2, &n), ERR_WRONG_STATE);
	begin(store);
	OK(store->log_erase(store->impl, 80, 10, &n));
	assert_int_equal(n, 1);
	store->rollback(store->impl);
	assert_left(store, 2, 40, &row);
	begin(store);
	OK(store->log_erase(store->impl, 80, 10, &n));
	assert_int_equal(n, 1);
	OK(store->log_erase(store->impl, 80, 10, &n));
	assert_int_equal(n, 0);
	commit(store);
	/* Younger ones behind an older one stay, and so does what is older behind them. */
	for (int64_t number = 0; number < 6; number++)
		assert_left(store, number, number < 3 ? 0 : times[number], &row);
	OK(store->forget(store->impl));
}

static bool see_index(void *arg, const struct index_row *row)
{
	return seen_text(arg, row->resident);
}

/* What follows from the log: the index by resident, and the newest checkpoint. */
static void the_tree_beside_the_log(void **state)
{
	const struct store *store = store_of(state);
	struct index_row sven = {.resident = "sven", .count = 1}, elsa = {.resident = "elsa", .count = 1};
	struct checkpoint_row latest, old = {.size = 7, .len = 3, .note = "old"},
	                              new = {.size = 30, .len = 3, .note = "new"};
	struct seen seen = {0};

	assert_int_equal(store->checkpoint_latest(store->impl, &latest), ERR_NOT_FOUND);
	begin(store);
	OK(store->index_put(store->impl, &sven));
	OK(store->index_put(store->impl, &elsa));
	OK(store->checkpoint_put(store->impl, &new));
	OK(store->checkpoint_put(store->impl, &old));
	commit(store);
	begin(store);
	sven.count = 2;
	OK(store->index_put(store->impl, &sven));
	store->rollback(store->impl);
	OK(store->index(store->impl, see_index, &seen));
	assert_string_equal(seen.text, "elsa sven");
	OK(index_get_row(store, "sven", &sven));
	assert_int_equal(sven.count, 1);
	OK(store->checkpoint_latest(store->impl, &latest));
	assert_int_equal(latest.size, 30);
	assert_memory_equal(latest.note, "new", 3);
}

static void the_log_is_read_by_what_one_asks(void **state)
{
	static const struct log_row rows[] = {
		{.at_ms = 10, .actor = "op1", .resident = "r1", .look = 7},
		{.at_ms = 20, .actor = "op2", .resident = "r1"},
		{.at_ms = 15, .actor = "op1", .resident = "r2", .look = 8},
		{.at_ms = 30, .actor = "", .resident = "r1", .look = 7},
	};
	static const struct {
		struct log_filter filter;
		const char *expected;
	} questions[] = {
		{{0}, "1 2 3 4"},
		{{.from_ms = -1, .to_ms = -1, .after_id = -1, .look = -1}, "1 2 3 4"},
		{{.resident = "r1"}, "1 2 4"},
		{{.actor = "op1"}, "1 3"},
		{{.actor = ""}, "4"},
		{{.resident = "r1", .actor = "op1"}, "1"},
		{{.from_ms = 15}, "2 3 4"},
		{{.to_ms = 20}, "1 3"},
		{{.from_ms = 15, .to_ms = 20}, "3"},
		{{.after_id = 2}, "3 4"},
		{{.look = 7}, "1 4"},
		{{.resident = "r1", .from_ms = 11, .to_ms = 99, .after_id = 2, .look = 7}, "4"},
		{{.resident = "nobody"}, ""},
	};
	const struct store *store = store_of(state);

	begin(store);
	for (int i = 0; i < 4; i++) {
		struct log_row row = rows[i];

		OK(store->log_append(store->impl, &row));
	}
	commit(store);
	for (size_t i = 0; i < sizeof questions / sizeof questions[0]; i++) {
		struct seen seen = {0};
		char text[64] = "", *at = text;

		OK(store->log_read(store->impl, &questions[i].filter, see_log, &seen));
		for (int j = 0; j < seen.n; j++)
			at += sprintf(at, "%s%d", j == 0 ? "" : " ", (int)seen.id[j]);
		assert_string_equal(text, questions[i].expected);
	}
}

static void settings_are_kept_whole_or_refused(void **state)
{
	const struct store *store = store_of(state);
	char longest[PATH_MAX_BYTES + 1], value[PATH_MAX_BYTES];

	memset(longest, 'x', sizeof longest);
	longest[PATH_MAX_BYTES] = '\0';
	begin(store);
	assert_int_equal(store->setting_put(store->impl, "zone", longest), ERR_LIMIT);
	assert_int_equal(store->setting_put(store->impl, longest, "x"), ERR_LIMIT);
	OK(store->setting_put(store->impl, "zone", longest + 1));
	OK(store->setting_put(store->impl, "demo", "no"));
	OK(store->setting_put(store->impl, "demo", "yes"));
	commit(store);
	OK(store->setting_get(store->impl, "zone", value));
	assert_string_equal(value, longest + 1);
	OK(store->setting_get(store->impl, "demo", value));
	assert_string_equal(value, "yes");
}

struct reader {
	const struct store *store;
	struct seen outer, inner;
	enum err put, begin;
};

/* Reads, and tries to write, from within an iteration. */
static bool read_and_write(void *arg, const struct check *check)
{
	struct reader *reader = arg;
	const struct store *store = reader->store;
	struct check copy = *check, back;

	reader->put = store->check_put(store->impl, &copy);
	reader->begin = store->begin(store->impl);
	OK(store->check_get(store->impl, check->id, &back));
	row_assert_equal(ROW_CHECK, check, &back);
	OK(store->checks_open(store->impl, see_check, &reader->inner));
	return seen_id(&reader->outer, check->id);
}

static void an_iteration_may_read_and_stop_but_not_write(void **state)
{
	struct reader reader = {.store = store_of(state), .outer = {.stop_at = 2}};
	const struct store *store = reader.store;

	for (int i = 0; i < 3; i++)
		put_check(store, a_check("r", "s", i));
	OK(store->checks_open(store->impl, read_and_write, &reader));
	ASSERT_SEEN(&reader.outer, 1, 2);
	ASSERT_SEEN(&reader.inner, 1, 2, 3, 1, 2, 3);
	assert_int_equal(reader.begin, ERR_WRONG_STATE);
	reader = (struct reader){.store = store};
	begin(store);
	OK(store->checks_open(store->impl, read_and_write, &reader));
	assert_int_equal(reader.put, ERR_WRONG_STATE);
	commit(store);
	ASSERT_SEEN(&reader.outer, 1, 2, 3);
}

/* What an operator typed is data, whatever it looks like. */
static void text_is_never_code(void **state)
{
	const struct store *store = store_of(state);
	struct resident_row resident = {.id = "r'; DROP TABLE checks; --",
	                                .name = "Å\"sa 'x' %s ?1"},
			    back;

	begin(store);
	OK(store->resident_put(store->impl, &resident));
	commit(store);
	OK(store->resident_get(store->impl, resident.id, &back));
	row_assert_equal(ROW_RESIDENT, &resident, &back);
	put_check(store, a_check("r", "s", 1));
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		BOTH(every_field_comes_back),
		BOTH(an_empty_row_comes_back),
		BOTH(what_is_not_there_is_not_found),
		BOTH(a_put_replaces),
		BOTH(rollback_takes_back_new_rows),
		BOTH(rollback_brings_back_changed_rows),
		BOTH(transactions_have_a_beginning_and_an_end),
		BOTH(ids_ascend_and_are_never_given_twice),
		BOTH(ids_of_a_rolled_back_transaction_come_again),
		BOTH(a_slot_has_one_check_a_night),
		BOTH(a_reference_names_a_row_that_stands),
		BOTH(the_outbox_is_struck_in_any_order),
		BOTH(an_alarm_stands_once),
		BOTH(the_log_is_numbered_without_a_gap),
		BOTH(a_log_row_is_found_by_its_number),
		BOTH(what_the_log_said_can_be_erased),
		BOTH(the_tree_beside_the_log),
		BOTH(the_log_is_read_by_what_one_asks),
		BOTH(settings_are_kept_whole_or_refused),
		BOTH(an_iteration_may_read_and_stop_but_not_write),
		BOTH(text_is_never_code),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
