/* The store in memory: what a night is made of. Checks, looks and pages. */
#include "store/memory.h"

#include "base/text.h"

#include <string.h>

static int compare_i64(int64_t a, int64_t b)
{
	return (a > b) - (a < b);
}

static int check_by_id(const void *a, const void *b)
{
	const struct check *left = a, *right = b;

	return compare_i64(left->id, right->id);
}

static int check_by_start(const void *a, const void *b)
{
	const struct check *left = a, *right = b;
	int order = compare_i64(left->start_ms, right->start_ms);

	return order != 0 ? order : check_by_id(a, b);
}

static int check_by_next(const void *a, const void *b)
{
	const struct check *left = a, *right = b;
	int order = compare_i64(left->next_at, right->next_at);

	return order != 0 ? order : check_by_id(a, b);
}

static int check_by_night(const void *a, const void *b)
{
	const struct check *left = a, *right = b;
	int order = compare_i64(left->night, right->night);

	return order != 0 ? order : check_by_start(a, b);
}

static int check_by_page(const void *a, const void *b)
{
	const struct check *left = a, *right = b;
	int order = compare_i64(left->page, right->page);

	return order != 0 ? order : check_by_start(a, b);
}

/* The night comes first so that a new night's checks are put behind all others. */
static int check_by_slot(const void *a, const void *b)
{
	const struct check *left = a, *right = b;
	int order = compare_i64(left->night, right->night);

	if (order == 0)
		order = strcmp(left->resident, right->resident);
	return order != 0 ? order : strcmp(left->slot, right->slot);
}

static bool check_is_open(const void *row)
{
	return ((const struct check *)row)->state != CHECK_CLOSED;
}

static bool check_is_awaited(const void *row)
{
	return check_is_open(row) && ((const struct check *)row)->next_at > 0;
}

static bool check_has_page(const void *row)
{
	return ((const struct check *)row)->page != 0;
}

enum { CHECK_BY_ID, CHECK_BY_SLOT, CHECK_BY_NIGHT, CHECK_BY_START, CHECK_BY_NEXT, CHECK_BY_PAGE };

static const struct order check_orders[] = {
	[CHECK_BY_ID] = {check_by_id, NULL},
	[CHECK_BY_SLOT] = {check_by_slot, NULL},
	[CHECK_BY_NIGHT] = {check_by_night, NULL},
	[CHECK_BY_START] = {check_by_start, check_is_open},
	[CHECK_BY_NEXT] = {check_by_next, check_is_awaited},
	[CHECK_BY_PAGE] = {check_by_page, check_has_page},
	{NULL, NULL},
};

static int look_by_id(const void *a, const void *b)
{
	const struct look_row *left = a, *right = b;

	return compare_i64(left->id, right->id);
}

static bool look_is_open(const void *row)
{
	return ((const struct look_row *)row)->state < LOOK_OVER;
}

enum { LOOK_BY_ID, LOOK_BY_ID_OPEN };

static const struct order look_orders[] = {
	[LOOK_BY_ID] = {look_by_id, NULL},
	[LOOK_BY_ID_OPEN] = {look_by_id, look_is_open},
	{NULL, NULL},
};

static int page_by_number(const void *a, const void *b)
{
	const struct page *left = a, *right = b;

	return compare_i64(left->number, right->number);
}

static int page_by_next(const void *a, const void *b)
{
	const struct page *left = a, *right = b;
	int order = compare_i64(left->next_at, right->next_at);

	return order != 0 ? order : page_by_number(a, b);
}

static bool page_is_open(const void *row)
{
	return ((const struct page *)row)->state != PAGE_CLOSED;
}

static bool page_is_awaited(const void *row)
{
	return page_is_open(row) && ((const struct page *)row)->next_at > 0;
}

enum { PAGE_BY_NUMBER, PAGE_BY_NUMBER_OPEN, PAGE_BY_NEXT };

static const struct order page_orders[] = {
	[PAGE_BY_NUMBER] = {page_by_number, NULL},
	[PAGE_BY_NUMBER_OPEN] = {page_by_number, page_is_open},
	[PAGE_BY_NEXT] = {page_by_next, page_is_awaited},
	{NULL, NULL},
};

const struct kind memory_check_kind = {
	.size = sizeof(struct check),
	.numbered = true,
	.id_offset = offsetof(struct check, id),
	.orders = check_orders,
};

const struct kind memory_look_kind = {
	.size = sizeof(struct look_row),
	.numbered = true,
	.id_offset = offsetof(struct look_row, id),
	.orders = look_orders,
};

const struct kind memory_page_kind = {
	.size = sizeof(struct page),
	.numbered = true,
	.id_offset = offsetof(struct page, number),
	.orders = page_orders,
};

MEMORY_DEFINE_EACH(each_check, struct check)
MEMORY_DEFINE_EACH(each_look, struct look_row)
MEMORY_DEFINE_EACH(each_page, struct page)

/* A reference to a row that the store numbered: 0, or one that stands. */
static bool stands(const struct memory *memory, enum memory_table table, int64_t id)
{
	struct check check = {.id = id};
	struct look_row look = {.id = id};
	struct page page = {.number = id};
	const void *probe = table == MEMORY_CHECKS ? (const void *)&check
	                    : table == MEMORY_LOOKS ? (const void *)&look : (const void *)&page;

	return id == 0 || table_find(&memory->table[table], 0, probe) != NULL;
}

bool memory_check_refers(const struct memory *memory, const void *row)
{
	const struct check *check = row;

	return stands(memory, MEMORY_CHECKS, check->pair)
	       && stands(memory, MEMORY_LOOKS, check->look)
	       && stands(memory, MEMORY_PAGES, check->page);
}

bool memory_look_refers(const struct memory *memory, const void *row)
{
	const struct look_row *look = row;

	for (int i = 0; i < PERSONS_MAX; i++) {
		if (!stands(memory, MEMORY_CHECKS, look->check[i]))
			return false;
	}
	return true;
}

static enum err check_put(void *impl, struct check *check)
{
	return memory_put(impl, MEMORY_CHECKS, check, &check->id);
}

static enum err check_get(void *impl, int64_t id, struct check *check)
{
	struct check probe = {.id = id};

	return memory_get(impl, MEMORY_CHECKS, CHECK_BY_ID, &probe, check);
}

static enum err check_find(void *impl, const char *resident, const char *slot, int32_t night,
                           struct check *check)
{
	struct check probe = {.night = night};

	if (text_copy(probe.resident, sizeof probe.resident, resident) != ERR_OK
	    || text_copy(probe.slot, sizeof probe.slot, slot) != ERR_OK)
		return ERR_NOT_FOUND;
	return memory_get(impl, MEMORY_CHECKS, CHECK_BY_SLOT, &probe, check);
}

static bool check_until(const struct check *check, int64_t at)
{
	return check->next_at <= at;
}

static enum err checks_due(void *impl, int64_t at, each_check_fn *each, void *arg)
{
	return each_check(impl, MEMORY_CHECKS, CHECK_BY_NEXT, 0, check_until, at, each, arg);
}

static enum err next_at(void *impl, int64_t *at)
{
	const struct memory *memory = impl;
	const struct index *checks = &memory->table[MEMORY_CHECKS].index[CHECK_BY_NEXT];
	const struct index *pages = &memory->table[MEMORY_PAGES].index[PAGE_BY_NEXT];

	*at = 0;
	if (checks->n > 0)
		*at = ((const struct check *)checks->row[0])->next_at;
	if (pages->n > 0) {
		const struct page *page = pages->row[0];

		if (*at == 0 || page->next_at < *at)
			*at = page->next_at;
	}
	return ERR_OK;
}

/* The next unclosed check of an earlier night, from place at on. */
static const struct check *left_over(const struct index *open, size_t *at, int32_t night)
{
	for (; *at < open->n; (*at)++) {
		const struct check *check = open->row[*at];

		if (check->night < night)
			return check;
	}
	return NULL;
}

/* The night's own and what earlier nights left over are both in order already: they are merged. */
static enum err checks_of_night(void *impl, int32_t night, each_check_fn *each, void *arg)
{
	struct memory *memory = impl;
	const struct index *own = &memory->table[MEMORY_CHECKS].index[CHECK_BY_NIGHT];
	const struct index *open = &memory->table[MEMORY_CHECKS].index[CHECK_BY_START];
	struct check probe = {.night = night, .start_ms = INT64_MIN};
	size_t i = table_from(&memory->table[MEMORY_CHECKS], CHECK_BY_NIGHT, &probe), j = 0;
	bool more = true;

	memory->reading++;
	while (more) {
		const struct check *here = i < own->n ? own->row[i] : NULL;
		const struct check *older = left_over(open, &j, night);
		struct check row;

		if (here != NULL && here->night != night)
			here = NULL;
		if (here == NULL && older == NULL)
			break;
		if (here != NULL && (older == NULL || check_by_start(here, older) < 0)) {
			row = *here;
			i++;
		} else {
			row = *older;
			j++;
		}
		more = each(arg, &row);
	}
	memory->reading--;
	return ERR_OK;
}

static enum err checks_open(void *impl, each_check_fn *each, void *arg)
{
	return each_check(impl, MEMORY_CHECKS, CHECK_BY_START, 0, NULL, 0, each, arg);
}

static enum err checks_of_resident(void *impl, const char *resident, int32_t from, int32_t to,
                                   each_check_fn *each, void *arg)
{
	struct memory *memory = impl;
	const struct index *checks = &memory->table[MEMORY_CHECKS].index[CHECK_BY_NIGHT];
	struct check probe = {.night = from, .start_ms = INT64_MIN};
	size_t i = table_from(&memory->table[MEMORY_CHECKS], CHECK_BY_NIGHT, &probe);
	bool more = true;

	memory->reading++;
	for (; more && i < checks->n; i++) {
		const struct check *check = checks->row[i];

		if (check->night > to)
			break;
		if (text_equal(check->resident, resident)) {
			struct check row = *check;

			more = each(arg, &row);
		}
	}
	memory->reading--;
	return ERR_OK;
}

static bool check_of_page(const struct check *check, int64_t page)
{
	return check->page == page;
}

static enum err checks_of_page(void *impl, int64_t page, each_check_fn *each, void *arg)
{
	struct memory *memory = impl;
	struct check probe = {.page = page, .start_ms = INT64_MIN};
	size_t from = table_from(&memory->table[MEMORY_CHECKS], CHECK_BY_PAGE, &probe);

	return each_check(memory, MEMORY_CHECKS, CHECK_BY_PAGE, from, check_of_page, page, each,
	                  arg);
}

static enum err look_put(void *impl, struct look_row *look)
{
	return memory_put(impl, MEMORY_LOOKS, look, &look->id);
}

static enum err look_get(void *impl, int64_t id, struct look_row *look)
{
	struct look_row probe = {.id = id};

	return memory_get(impl, MEMORY_LOOKS, LOOK_BY_ID, &probe, look);
}

static enum err looks_open(void *impl, each_look_fn *each, void *arg)
{
	return each_look(impl, MEMORY_LOOKS, LOOK_BY_ID_OPEN, 0, NULL, 0, each, arg);
}

static enum err looks_of_nights(void *impl, int32_t from, int32_t to, each_look_fn *each, void *arg)
{
	struct memory *memory = impl;
	const struct index *looks = &memory->table[MEMORY_LOOKS].index[LOOK_BY_ID];
	bool more = true;

	memory->reading++;
	for (size_t i = 0; more && i < looks->n; i++) {
		const struct look_row *look = looks->row[i];

		if (look->night >= from && look->night <= to)
			more = each(arg, look);
	}
	memory->reading--;
	return ERR_OK;
}

static enum err page_put(void *impl, struct page *page)
{
	return memory_put(impl, MEMORY_PAGES, page, &page->number);
}

static enum err page_get(void *impl, int64_t number, struct page *page)
{
	struct page probe = {.number = number};

	return memory_get(impl, MEMORY_PAGES, PAGE_BY_NUMBER, &probe, page);
}

static enum err pages_open(void *impl, each_page_fn *each, void *arg)
{
	return each_page(impl, MEMORY_PAGES, PAGE_BY_NUMBER_OPEN, 0, NULL, 0, each, arg);
}

static bool page_until(const struct page *page, int64_t at)
{
	return page->next_at <= at;
}

static enum err pages_due(void *impl, int64_t at, each_page_fn *each, void *arg)
{
	return each_page(impl, MEMORY_PAGES, PAGE_BY_NEXT, 0, page_until, at, each, arg);
}

void memory_night_functions(struct store *store)
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
