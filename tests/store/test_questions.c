/* What store/store.h promises to answer of a night and its people, and in which order. */
#include "contract.h"

static void what_is_due_comes_in_order(void **state)
{
	static const int64_t at[] = {300, 100, 200, 100, 0, 150, 201};
	const struct store *store = store_of(state);
	struct seen seen = {0};
	int64_t next;

	OK(store->next_at(store->impl, &next));
	assert_int_equal(next, 0);
	for (int i = 0; i < 7; i++) {
		struct check check = a_check("r", "s", i);

		check.next_at = at[i];
		check.state = i == 5 ? CHECK_CLOSED : CHECK_PATROL;
		put_check(store, check);
	}
	OK(store->checks_due(store->impl, 200, see_check, &seen));
	ASSERT_SEEN(&seen, 2, 4, 3);
	seen = (struct seen){0};
	OK(store->checks_due(store->impl, 99, see_check, &seen));
	assert_int_equal(seen.n, 0);
	OK(store->next_at(store->impl, &next));
	assert_int_equal(next, 100);
}

static void next_at_is_the_smallest_of_checks_and_pages(void **state)
{
	const struct store *store = store_of(state);
	struct check check = a_check("r", "s", 1);
	struct page page = {.next_at = 90};
	int64_t next;

	check.next_at = 100;
	begin(store);
	OK(store->check_put(store->impl, &check));
	OK(store->page_put(store->impl, &page));
	OK(store->next_at(store->impl, &next));
	assert_int_equal(next, 90);
	page.state = PAGE_CLOSED;
	OK(store->page_put(store->impl, &page));
	OK(store->next_at(store->impl, &next));
	assert_int_equal(next, 100);
	page = (struct page){.next_at = 300};
	OK(store->page_put(store->impl, &page));
	check.next_at = 0;
	OK(store->check_put(store->impl, &check));
	OK(store->next_at(store->impl, &next));
	assert_int_equal(next, 300);
	page.next_at = 0;
	OK(store->page_put(store->impl, &page));
	OK(store->next_at(store->impl, &next));
	assert_int_equal(next, 0);
	commit(store);
}

static void a_night_has_its_own_checks_and_what_was_left_over(void **state)
{
	static const struct {
		int32_t night;
		int64_t start_ms;
		enum check_state state;
	} rows[] = {
		{10, 500, CHECK_OPEN},    /* 1: tonight */
		{10, 400, CHECK_CLOSED},  /* 2: tonight, done */
		{9, 450, CHECK_PATROL},   /* 3: left over */
		{9, 300, CHECK_CLOSED},   /* 4: done last night */
		{11, 100, CHECK_PLANNED}, /* 5: tomorrow */
		{10, 500, CHECK_PLANNED}, /* 6: tonight, at the same time as 1 */
		{8, 600, CHECK_UNDECIDED} /* 7: left over longer */,
	};
	const struct store *store = store_of(state);
	struct seen seen = {0};

	for (int i = 0; i < 7; i++) {
		struct check check =
			a_check("r", (const char[]){(char)('a' + i), '\0'}, rows[i].night);

		check.start_ms = rows[i].start_ms;
		check.state = rows[i].state;
		put_check(store, check);
	}
	OK(store->checks_of_night(store->impl, 10, see_check, &seen));
	ASSERT_SEEN(&seen, 2, 3, 1, 6, 7);
	seen = (struct seen){0};
	OK(store->checks_open(store->impl, see_check, &seen));
	ASSERT_SEEN(&seen, 5, 3, 1, 6, 7);
	seen = (struct seen){.stop_at = 2};
	OK(store->checks_of_night(store->impl, 10, see_check, &seen));
	ASSERT_SEEN(&seen, 2, 3);
}

/* A check that changes its place is found at the new one and no more at the old. */
static void a_changed_check_moves(void **state)
{
	const struct store *store = store_of(state);
	struct check check = a_check("r1", "s1", 1), back;
	struct seen seen = {0};

	check.next_at = 10;
	check.start_ms = 10;
	check.id = put_check(store, check);
	check.next_at = 90;
	check.start_ms = 90;
	check.night = 2;
	strcpy(check.slot, "s2");
	put_check(store, check);
	OK(store->checks_due(store->impl, 50, see_check, &seen));
	OK(store->checks_of_night(store->impl, 1, see_check, &seen));
	assert_int_equal(seen.n, 0);
	assert_int_equal(store->check_find(store->impl, "r1", "s1", 1, &back), ERR_NOT_FOUND);
	OK(store->check_find(store->impl, "r1", "s2", 2, &back));
	OK(store->checks_due(store->impl, 90, see_check, &seen));
	OK(store->checks_of_night(store->impl, 2, see_check, &seen));
	ASSERT_SEEN(&seen, 1, 1);
}

static void a_resident_has_checks_of_many_nights(void **state)
{
	static const struct {
		const char *resident;
		int night, start;
	} rows[] = {{"a", 3, 10}, {"a", 2, 90}, {"b", 2, 10}, {"a", 2, 20}, {"a", 5, 10}, {"a", 1, 10}};
	const struct store *store = store_of(state);
	struct seen seen = {0};

	for (int i = 0; i < 6; i++) {
		struct check check = a_check(rows[i].resident, (const char[]){(char)('a' + i), '\0'},
		                             rows[i].night);

		check.start_ms = rows[i].start;
		check.state = i == 3 ? CHECK_CLOSED : CHECK_OPEN;
		put_check(store, check);
	}
	OK(store->checks_of_resident(store->impl, "a", 2, 4, see_check, &seen));
	ASSERT_SEEN(&seen, 4, 2, 1);
	seen = (struct seen){.stop_at = 1};
	OK(store->checks_of_resident(store->impl, "a", 1, 5, see_check, &seen));
	ASSERT_SEEN(&seen, 6);
	seen = (struct seen){0};
	OK(store->checks_of_resident(store->impl, "c", 1, 5, see_check, &seen));
	assert_int_equal(seen.n, 0);
}

static void a_page_has_its_checks(void **state)
{
	const struct store *store = store_of(state);
	struct page page = {.night = 1}, other = {.night = 1};
	struct seen seen = {0};

	begin(store);
	OK(store->page_put(store->impl, &page));
	OK(store->page_put(store->impl, &other));
	commit(store);
	for (int i = 0; i < 4; i++) {
		struct check check = a_check("r", "s", i);

		check.page = i == 1 ? 0 : i == 2 ? other.number : page.number;
		check.start_ms = 100 - i;
		check.state = i == 3 ? CHECK_CLOSED : CHECK_PATROL;
		put_check(store, check);
	}
	OK(store->checks_of_page(store->impl, page.number, see_check, &seen));
	ASSERT_SEEN(&seen, 4, 1);
}

static void looks_are_found_while_open_and_by_night(void **state)
{
	const struct store *store = store_of(state);
	struct seen seen = {0};

	begin(store);
	for (int i = 0; i < LOOK_STATES; i++) {
		struct look_row look = {.night = 20 - i, .state = (enum look_state)i};

		OK(store->look_put(store->impl, &look));
	}
	commit(store);
	OK(store->looks_open(store->impl, see_look, &seen));
	ASSERT_SEEN(&seen, 1, 2, 3, 4, 5);
	seen = (struct seen){0};
	OK(store->looks_of_nights(store->impl, 14, 17, see_look, &seen));
	ASSERT_SEEN(&seen, 4, 5, 6, 7);
	seen = (struct seen){.stop_at = 1};
	OK(store->looks_of_nights(store->impl, 14, 17, see_look, &seen));
	ASSERT_SEEN(&seen, 4);
}

static void pages_are_found_while_open_and_when_due(void **state)
{
	static const int64_t at[] = {30, 10, 0, 20, 10};
	const struct store *store = store_of(state);
	struct seen seen = {0};

	begin(store);
	for (int i = 0; i < 5; i++) {
		struct page page = {.next_at = at[i], .state = i == 3 ? PAGE_CLOSED : PAGE_ON_SITE};

		OK(store->page_put(store->impl, &page));
	}
	commit(store);
	OK(store->pages_open(store->impl, see_page, &seen));
	ASSERT_SEEN(&seen, 1, 2, 3, 5);
	seen = (struct seen){0};
	OK(store->pages_due(store->impl, 30, see_page, &seen));
	ASSERT_SEEN(&seen, 2, 5, 1);
	seen = (struct seen){0};
	OK(store->pages_due(store->impl, 10, see_page, &seen));
	ASSERT_SEEN(&seen, 2, 5);
}

static void people_and_things_come_by_their_id(void **state)
{
	static const char *const ids[] = {"b2", "a", "b10", "B"};
	const struct store *store = store_of(state);
	struct seen seen = {0};

	begin(store);
	for (int i = 0; i < 4; i++) {
		union row row;

		for (enum row_kind kind = ROW_RESIDENT; kind <= ROW_OPERATOR; kind++) {
			memset(&row, 0, sizeof row);
			strcpy((char *)&row, ids[i]);
			OK(row_put(store, kind, &row));
		}
		memset(&row, 0, sizeof row);
		strcpy(row.pause.resident, ids[i]);
		OK(store->pause_put(store->impl, &row.pause));
	}
	OK(store->pause_delete(store->impl, "a"));
	commit(store);
	OK(store->residents(store->impl, see_resident, &seen));
	OK(store->agreements(store->impl, see_agreement, &seen));
	OK(store->cameras(store->impl, see_camera, &seen));
	OK(store->operators(store->impl, see_operator, &seen));
	OK(store->pauses(store->impl, see_pause, &seen));
	assert_string_equal(seen.text, "B a b10 b2 B a b10 b2 B a b10 b2 B a b10 b2 B b10 b2");
}

static void contacts_come_in_the_order_of_the_chain(void **state)
{
	static const struct contact_row rows[] = {
		{.id = "support", .step = -1},
		{.id = "lead", .step = 2},
		{.id = "patrol2", .step = 1},
		{.id = "anna", .step = -1},
		{.id = "patrol1", .step = 0},
		{.id = "area2", .step = 0},
	};
	const struct store *store = store_of(state);
	struct seen seen = {0};

	begin(store);
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		OK(store->contact_put(store->impl, &rows[i]));
	commit(store);
	OK(store->contacts(store->impl, see_contact, &seen));
	assert_string_equal(seen.text, "area2 patrol1 patrol2 lead anna support");
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		BOTH(what_is_due_comes_in_order),
		BOTH(next_at_is_the_smallest_of_checks_and_pages),
		BOTH(a_night_has_its_own_checks_and_what_was_left_over),
		BOTH(a_changed_check_moves),
		BOTH(a_resident_has_checks_of_many_nights),
		BOTH(a_page_has_its_checks),
		BOTH(looks_are_found_while_open_and_by_night),
		BOTH(pages_are_found_while_open_and_when_due),
		BOTH(people_and_things_come_by_their_id),
		BOTH(contacts_come_in_the_order_of_the_chain),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
