/* The store on SQLite: what a night is made of. Checks, looks and pages. */
#include "store/sqlite.h"

/*
 * The conditions on state repeat those of the partial indexes word for word, else SQLite does not
 * use them.
 */
SQLITE_DEFINE_EACH(each_check, struct check)
SQLITE_DEFINE_EACH(each_look, struct look_row)
SQLITE_DEFINE_EACH(each_page, struct page)

static enum err check_put(void *impl, struct check *check)
{
	static const struct query query = {VERB_PUT, &check_columns, NULL};

	return sqlite_put(impl, &query, check, &check->id);
}

static enum err check_get(void *impl, int64_t id, struct check *check)
{
	static const struct query query = {VERB_SELECT, &check_columns, "WHERE id = ?1"};

	return sqlite_get(impl, &query, BIND({.number = id}), check);
}

static enum err check_find(void *impl, const char *resident, const char *slot, int32_t night,
                           struct check *check)
{
	static const struct query query = {
		VERB_SELECT, &check_columns, "WHERE night = ?1 AND resident = ?2 AND slot = ?3",
	};

	return sqlite_get(impl, &query, BIND({.number = night}, {.text = resident}, {.text = slot}),
	                  check);
}

static enum err checks_due(void *impl, int64_t at, each_check_fn *each, void *arg)
{
	static const struct query query = {
		VERB_SELECT, &check_columns,
		"WHERE state <> 9 AND next_at > 0 AND next_at <= ?1 ORDER BY next_at, id",
	};

	return each_check(impl, &query, BIND({.number = at}), each, arg);
}

static enum err next_at(void *impl, int64_t *at)
{
	static const struct query query = {
		VERB_PLAIN, NULL,
		"SELECT min(at) FROM ("
		" SELECT min(next_at) AS at FROM checks WHERE state <> 9 AND next_at > 0"
		" UNION ALL"
		" SELECT min(next_at) AS at FROM pages WHERE state <> 6 AND next_at > 0)",
	};

	return sqlite_number(impl, &query, NO_BIND, at);
}

static enum err checks_of_night(void *impl, int32_t night, each_check_fn *each, void *arg)
{
	/* +night: the few that are open are to be read, not the many nights before this one. */
	static const struct query query = {
		VERB_SELECT, &check_columns,
		"WHERE id IN (SELECT id FROM checks WHERE night = ?1"
		" UNION ALL SELECT id FROM checks WHERE state <> 9 AND +night < ?1)"
		" ORDER BY start_ms, id",
	};

	return each_check(impl, &query, BIND({.number = night}), each, arg);
}

static enum err checks_open(void *impl, each_check_fn *each, void *arg)
{
	static const struct query query = {
		VERB_SELECT, &check_columns, "WHERE state <> 9 ORDER BY start_ms, id",
	};

	return each_check(impl, &query, NO_BIND, each, arg);
}

static enum err checks_of_resident(void *impl, const char *resident, int32_t from, int32_t to,
                                   each_check_fn *each, void *arg)
{
	static const struct query query = {
		VERB_SELECT, &check_columns,
		"WHERE night BETWEEN ?1 AND ?2 AND resident = ?3 ORDER BY night, start_ms, id",
	};

	return each_check(impl, &query, BIND({.number = from}, {.number = to}, {.text = resident}),
	                  each, arg);
}

static enum err checks_of_page(void *impl, int64_t page, each_check_fn *each, void *arg)
{
	static const struct query query = {
		VERB_SELECT, &check_columns, "WHERE page = ?1 ORDER BY start_ms, id",
	};

	return each_check(impl, &query, BIND({.number = page}), each, arg);
}

static enum err look_put(void *impl, struct look_row *look)
{
	static const struct query query = {VERB_PUT, &look_columns, NULL};

	return sqlite_put(impl, &query, look, &look->id);
}

static enum err look_get(void *impl, int64_t id, struct look_row *look)
{
	static const struct query query = {VERB_SELECT, &look_columns, "WHERE id = ?1"};

	return sqlite_get(impl, &query, BIND({.number = id}), look);
}

static enum err looks_open(void *impl, each_look_fn *each, void *arg)
{
	static const struct query query = {VERB_SELECT, &look_columns,
	                                   "WHERE state < 5 ORDER BY id"};

	return each_look(impl, &query, NO_BIND, each, arg);
}

static enum err looks_of_nights(void *impl, int32_t from, int32_t to, each_look_fn *each, void *arg)
{
	static const struct query query = {
		VERB_SELECT, &look_columns, "WHERE night BETWEEN ?1 AND ?2 ORDER BY id",
	};

	return each_look(impl, &query, BIND({.number = from}, {.number = to}), each, arg);
}

static enum err page_put(void *impl, struct page *page)
{
	static const struct query query = {VERB_PUT, &page_columns, NULL};

	return sqlite_put(impl, &query, page, &page->number);
}

static enum err page_get(void *impl, int64_t number, struct page *page)
{
	static const struct query query = {VERB_SELECT, &page_columns, "WHERE number = ?1"};

	return sqlite_get(impl, &query, BIND({.number = number}), page);
}

static enum err pages_open(void *impl, each_page_fn *each, void *arg)
{
	static const struct query query = {VERB_SELECT, &page_columns,
	                                   "WHERE state <> 6 ORDER BY number"};

	return each_page(impl, &query, NO_BIND, each, arg);
}

static enum err pages_due(void *impl, int64_t at, each_page_fn *each, void *arg)
{
	static const struct query query = {
		VERB_SELECT, &page_columns,
		"WHERE state <> 6 AND next_at > 0 AND next_at <= ?1 ORDER BY next_at, number",
	};

	return each_page(impl, &query, BIND({.number = at}), each, arg);
}

void sqlite_night_functions(struct store *store)
{
	store->check_put = check_put;
	store->check_get = check_get;
	store->check_find = check_find;
	store->checks_due = checks_due;
	store->next_at = next_at;
	store->checks_of_night = checks_of_night;
	store->checks_open = checks_open;
	store->checks_of_resident = checks_of_resident;
	store->checks_of_page = checks_of_page;
	store->look_put = look_put;
	store->look_get = look_get;
	store->looks_open = looks_open;
	store->looks_of_nights = looks_of_nights;
	store->page_put = page_put;
	store->page_get = page_get;
	store->pages_open = pages_open;
	store->pages_due = pages_due;
}
