/* The fake channel, and the channel that is none: what a hub sees of each. */
#include "pager/pager.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>

struct seen {
	int n;
	int64_t page[8];
	enum page_event_kind kind[8];
	char contact[8][ID_MAX];
	struct pager *again; /* sends once more from within an event */
};

static const struct pager_message message = {
	.page = 41, .step = 1, .urgent = true, .contact = "patrol-1", .phone = "070-123 45 67",
	.text = "Page 41, 02:11 (+01:00): see the patrol board.",
};

static void on_event(void *arg, int64_t page, enum page_event_kind kind, const char *contact)
{
	struct seen *seen = arg;

	assert_true(seen->n < 8);
	seen->page[seen->n] = page;
	seen->kind[seen->n] = kind;
	snprintf(seen->contact[seen->n], ID_MAX, "%s", contact);
	seen->n++;
	if (seen->again != NULL) {
		struct pager *pager = seen->again;
		struct pager_message next = {.page = 42, .contact = "patrol-2"};

		seen->again = NULL;
		assert_int_equal(pager->send(pager->impl, &next), ERR_OK);
	}
}

static void a_page_is_submitted_then_delivered(void **state)
{
	static const enum page_event_kind kinds[] = {PAGE_EV_SUBMITTED, PAGE_EV_AT_NETWORK,
	                                             PAGE_EV_DELIVERED};
	struct seen seen = {0};
	struct pager_message last;
	struct pager pager;

	(void)state;
	assert_int_equal(pager_fake(&pager, on_event, &seen), ERR_OK);
	assert_int_equal(pager_fake_sent(&pager, NULL), 0);
	assert_int_equal(pager.send(pager.impl, &message), ERR_OK);
	assert_int_equal(seen.n, 3);
	for (int i = 0; i < 3; i++) {
		assert_int_equal(seen.page[i], 41);
		assert_int_equal(seen.kind[i], kinds[i]);
		assert_string_equal(seen.contact[i], "patrol-1");
	}
	assert_int_equal(pager_fake_sent(&pager, &last), 1);
	assert_string_equal(last.text, message.text);
	assert_string_equal(last.phone, message.phone);
	assert_true(last.urgent);
	pager.free(pager.impl);
}

static void out_of_reach_it_takes_nothing(void **state)
{
	struct seen seen = {0};
	struct pager pager;

	(void)state;
	assert_int_equal(pager_fake(&pager, on_event, &seen), ERR_OK);
	pager_fake_reach(&pager, false);
	assert_int_not_equal(pager.send(pager.impl, &message), ERR_OK);
	assert_int_equal(seen.n, 0);
	assert_int_equal(pager_fake_sent(&pager, NULL), 0);
	pager_fake_reach(&pager, true);
	assert_int_equal(pager.send(pager.impl, &message), ERR_OK);
	assert_int_equal(pager_fake_sent(&pager, NULL), 1);
	pager.free(pager.impl);
}

/* A report may make the hub send the next page at once; each report still names its own page. */
static void an_event_may_send_the_next_page(void **state)
{
	static const int64_t pages[] = {41, 42, 42, 42, 41, 41};
	struct seen seen = {0};
	struct pager_message last;
	struct pager pager;

	(void)state;
	assert_int_equal(pager_fake(&pager, on_event, &seen), ERR_OK);
	seen.again = &pager;
	assert_int_equal(pager.send(pager.impl, &message), ERR_OK);
	assert_int_equal(seen.n, 6);
	assert_memory_equal(seen.page, pages, sizeof pages);
	assert_int_equal(pager_fake_sent(&pager, &last), 2);
	assert_int_equal(last.page, 42);
	pager.free(pager.impl);
}

static void without_a_channel_nothing_looks_sent(void **state)
{
	struct pager pager;

	(void)state;
	pager_manual(&pager);
	assert_int_not_equal(pager.send(pager.impl, &message), ERR_OK);
	pager.free(pager.impl);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_page_is_submitted_then_delivered),
		cmocka_unit_test(out_of_reach_it_takes_nothing),
		cmocka_unit_test(an_event_may_send_the_next_page),
		cmocka_unit_test(without_a_channel_nothing_looks_sent),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
