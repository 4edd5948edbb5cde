/* Exports beside a signer that takes its time: a process of its own answers later, or when nobody waits any more. */
#include "exporting.h"

enum { HELD_MAX = 8 };

/* Keeps every order until it is told to let it through. */
struct slow {
	struct signer inner;
	int n;
	struct held {
		int64_t id;
		struct notary_order order;
		signer_ready_fn *ready;
		void *arg;
	} held[HELD_MAX];
};

static uint64_t slow_last(void *impl)
{
	struct slow *slow = impl;

	return slow->inner.last(slow->inner.impl);
}

static enum err slow_sign(void *impl, int64_t id, const struct notary_order *order, signer_ready_fn *ready, void *arg)
{
	struct slow *slow = impl;

	assert_true(slow->n < HELD_MAX);
	slow->held[slow->n++] = (struct held){id, *order, ready, arg};
	return ERR_OK;
}

static void slow_free(void *impl)
{
	struct slow *slow = impl;

	slow->inner.free(slow->inner.impl);
	free(slow);
}

/* The first order's answer arrives; the hub hears of it as of anything else. */
static void let_through(struct scene *scene, struct slow *slow)
{
	struct held held = slow->held[0];

	assert_true(slow->n > 0);
	memmove(slow->held, slow->held + 1, (size_t)--slow->n * sizeof slow->held[0]);
	assert_int_equal(slow->inner.sign(slow->inner.impl, held.id, &held.order, held.ready, held.arg), ERR_OK);
	scene_wait(scene, 10);
	scene_deliver(scene);
}

static struct scene *town(bool sqlite, struct slow **out)
{
	struct scene *scene = scene_new(sqlite);
	struct slow *slow = calloc(1, sizeof *slow);

	assert_non_null(slow);
	slow->inner = scene->signer;
	scene->signer = (struct signer){.impl = slow, .last = slow_last, .sign = slow_sign, .free = slow_free};
	scene_add(scene, "karin", "north", 1, 10);
	scene_add(scene, "sven", "north", 1, 20);
	scene_start(scene);
	*out = slow;
	return scene;
}

static void ask(struct scene *scene, struct scene_session *admin, const char *resident)
{
	struct wire_message *query = scene_command(scene, WIRE_EXPORT_QUERY);

	wire_set_text(query, "resident", resident);
	scene_send(scene, admin, query);
}

static int heads(const struct scene_session *session)
{
	int n = 0;

	for (int i = 0; i < session->n; i++)
		n += wire_id(session->inbox[i]) == WIRE_EXPORT_HEAD;
	return n;
}

/* Nothing is given, and nothing is in the log of it, until the signature is there. */
static void an_export_waits_for_its_signature(void **state)
{
	struct slow *slow;
	struct scene *scene = town(*state != NULL, &slow);
	struct scene_session *admin = scene_admin(scene, "root");
	static struct export_head head;
	struct checkpoint checkpoint;

	ask(scene, admin, "karin");
	scene_wait(scene, MS_MINUTE);
	assert_int_equal(heads(admin), 0);
	assert_int_equal(scene_log_count(scene, LOG_FOLLOWED_UP, "karin"), 0);
	/* The log grows meanwhile; what was asked for stays what it was. */
	scene_console(scene, "anna");
	let_through(scene, slow);
	assert_int_equal(heads(admin), 1);
	assert_null(scene_refusal(admin));
	assert_int_equal(scene_log_count(scene, LOG_FOLLOWED_UP, "karin"), 1);
	memset(&head, 0, sizeof head);
	assert_int_equal(export_head_from_wire(scene_latest(admin, WIRE_EXPORT_HEAD), "karin", 0, &head), ERR_OK);
	assert_int_equal(checkpoint_open(scene->crypto, head.note, head.note_len, scene->signer_public, &checkpoint),
	                 ERR_OK);
	assert_true(checkpoint.size < ledger_size(scene->hub->ledger));
	scene_free(scene);
}

static void whoever_is_gone_gets_nothing(void **state)
{
	struct slow *slow;
	struct scene *scene = town(*state != NULL, &slow);
	struct scene_session *admin = scene_admin(scene, "root");

	ask(scene, admin, "karin");
	scene_close(scene, admin);
	let_through(scene, slow);
	assert_int_equal(scene_log_count(scene, LOG_FOLLOWED_UP, "karin"), 0);
	/* Nor does a hub that ends with an order under way. */
	admin = scene_admin(scene, "root");
	ask(scene, admin, "karin");
	scene_free(scene);
}

/* Whoever asks for something else meanwhile gets that, and once. */
static void the_last_question_is_answered(void **state)
{
	struct slow *slow;
	struct scene *scene = town(*state != NULL, &slow);
	struct scene_session *admin = scene_admin(scene, "root");

	ask(scene, admin, "karin");
	ask(scene, admin, "sven");
	let_through(scene, slow);
	let_through(scene, slow);
	assert_int_equal(heads(admin), 1);
	assert_int_equal(scene_log_count(scene, LOG_FOLLOWED_UP, "karin"), 0);
	assert_int_equal(scene_log_count(scene, LOG_FOLLOWED_UP, "sven"), 1);
	scene_free(scene);
}

/* The signer goes forward only: a later checkpoint signed first would cost the look that waits. */
static void a_look_comes_first(void **state)
{
	struct slow *slow;
	struct scene *scene = town(*state != NULL, &slow);
	struct scene_session *anna = scene_console(scene, "anna"), *admin = scene_admin(scene, "root");

	scene_camera(scene, "cam-karin", SCENE_GOOD);
	scene_at(scene, 1, 10);
	scene_claim(scene, anna, "karin");
	scene_look(scene, anna);
	assert_int_equal(slow->n, 1);
	ask(scene, admin, "karin");
	assert_string_equal(scene_refusal(admin), "state");
	assert_int_equal(slow->n, 1);
	let_through(scene, slow);
	assert_int_equal(scene->openings, 1);
	ask(scene, admin, "karin");
	let_through(scene, slow);
	assert_int_equal(heads(admin), 1);
	scene_free(scene);
}

#define BOTH(test) {#test " (memory)", test, NULL, NULL, NULL}, {#test " (sqlite)", test, NULL, NULL, (void *)"sqlite"}

int main(void)
{
	const struct CMUnitTest tests[] = {
		BOTH(an_export_waits_for_its_signature),
		BOTH(whoever_is_gone_gets_nothing),
		BOTH(the_last_question_is_answered),
		BOTH(a_look_comes_first),
	};

	return cmocka_run_group_tests_name("export_signer", tests, NULL, NULL);
}
