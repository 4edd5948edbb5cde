/*
 * The log as a tree, grown by a real night: held against the log's own rows read back and computed by the
 * definition, on both stores, across restarts.
 */
#include "scene.h"

#include "hub/inside.h"

struct leaves {
	size_t n;
	uint8_t leaf[4096][HASH_BYTES];
	char resident[4096][ID_MAX];
};

static bool add_leaf(void *arg, const struct log_row *row)
{
	struct leaves *leaves = arg;

	assert_int_equal(row->number, leaves->n);
	memcpy(leaves->resident[leaves->n], row->resident, ID_MAX);
	memcpy(leaves->leaf[leaves->n++], row->leaf, HASH_BYTES);
	return true;
}

/* MTH(D[from:to]) by RFC 6962. */
static void naive(const struct crypto *crypto, const struct leaves *leaves, size_t from, size_t to,
                  uint8_t hash[HASH_BYTES])
{
	uint8_t left[HASH_BYTES], right[HASH_BYTES];
	size_t k = 1;

	if (to - from == 1) {
		memcpy(hash, leaves->leaf[from], HASH_BYTES);
		return;
	}
	while (2 * k < to - from)
		k *= 2;
	naive(crypto, leaves, from, from + k, left);
	naive(crypto, leaves, from + k, to, right);
	tree_join(crypto, left, right, hash);
}

static void check_ledger(struct scene *scene)
{
	struct leaves *leaves = calloc(1, sizeof *leaves);
	struct index *index = index_new(scene->crypto);
	struct checkpoint checkpoint;
	uint8_t root[HASH_BYTES];

	assert_int_equal(scene->store.log_read(scene->store.impl, &(struct log_filter){0}, add_leaf, leaves),
	                 ERR_OK);
	assert_true(leaves->n > 0);
	for (size_t i = 0; i < leaves->n; i++) {
		struct index_entry entry = {.count = 0};

		if (leaves->resident[i][0] == '\0')
			continue;
		index_key(scene->crypto, leaves->resident[i], entry.key);
		if (index_get(index, entry.key) != NULL)
			entry = *index_get(index, entry.key);
		index_entry_add(scene->crypto, &entry, i, leaves->leaf[i]);
		assert_int_equal(index_put(index, &entry), ERR_OK);
	}
	assert_int_equal(ledger_checkpoint(scene->hub->ledger, &checkpoint), ERR_OK);
	assert_int_equal(checkpoint.size, leaves->n);
	assert_int_equal(checkpoint.residents, index_size(index));
	naive(scene->crypto, leaves, 0, leaves->n, root);
	assert_memory_equal(checkpoint.root, root, HASH_BYTES);
	index_root(index, root);
	assert_memory_equal(checkpoint.index_root, root, HASH_BYTES);
	index_free(index);
	free(leaves);
}

static struct scene *night(bool sqlite)
{
	struct scene *scene = scene_new(sqlite);

	scene_add(scene, "karin", "north", 1, 10);
	scene_add(scene, "sven", "north", 1, 20);
	scene_add(scene, "elsa", "south", 2, 0);
	return scene;
}

static void it_grows_with_a_night_and_stands_over_restarts(void **state)
{
	struct scene *scene = night(*state != NULL);
	struct scene_session *anna;

	scene_start(scene);
	check_ledger(scene);
	for (int day = 0; day < 3; day++) {
		anna = scene_console(scene, "anna");
		scene_camera(scene, "cam-karin", SCENE_GOOD);
		scene_camera(scene, "cam-sven", SCENE_GOOD);
		scene_wait(scene, MS_HOUR);
		check_ledger(scene);
		if (scene_check(scene, "karin").state == CHECK_OPEN)
			scene_see(scene, anna, "karin", "well");
		scene_wait(scene, 3 * MS_HOUR);
		check_ledger(scene);
		scene_kill(scene);
		scene_start(scene);
		check_ledger(scene);
	}
	scene_free(scene);
}

/* A log from before it was a tree: rows with numbers and nothing beside them. */
static void an_older_log_is_taken_up_whole(void **state)
{
	struct scene *scene = night(*state != NULL);
	int64_t size;

	assert_int_equal(scene->store.begin(scene->store.impl), ERR_OK);
	for (int i = 0; i < 300; i++) {
		struct log_row row = {.at_ms = i + 1, .type = LOG_ALARM};

		scene->crypto->random(row.leaf, HASH_BYTES);
		strcpy(row.resident, i % 3 == 0 ? "karin" : i % 3 == 1 ? "sven" : "");
		assert_int_equal(scene->store.log_append(scene->store.impl, &row), ERR_OK);
	}
	assert_int_equal(scene->store.log_sequence(scene->store.impl, &size), ERR_OK);
	assert_int_equal(scene->store.commit(scene->store.impl), ERR_OK);
	scene_start(scene);
	assert_true(ledger_size(scene->hub->ledger) > 300);
	check_ledger(scene);
	scene_free(scene);
}

static void proofs_of_a_real_log_verify(void **state)
{
	struct scene *scene = night(*state != NULL);
	struct checkpoint before, after;
	const struct tree_source *tree;
	struct tree_proof proof;
	struct log_row row;

	scene_start(scene);
	assert_int_equal(ledger_checkpoint(scene->hub->ledger, &before), ERR_OK);
	scene_at(scene, 4, 0);
	assert_int_equal(ledger_checkpoint(scene->hub->ledger, &after), ERR_OK);
	assert_true(after.size > before.size);
	tree = ledger_tree(scene->hub->ledger);
	assert_int_equal(tree_prove_consistency(scene->crypto, tree, before.size, after.size, &proof), ERR_OK);
	assert_true(tree_extends(scene->crypto, before.size, before.root, after.size, after.root, &proof));
	for (uint64_t i = 0; i < after.size; i++) {
		assert_int_equal(scene->store.log_numbered(scene->store.impl, (int64_t)i, &row), ERR_OK);
		assert_int_equal(tree_prove_inclusion(scene->crypto, tree, i, after.size, &proof), ERR_OK);
		assert_true(tree_includes(scene->crypto, row.leaf, i, after.size, &proof, after.root));
	}
	scene_free(scene);
}

static void look(struct scene *scene, struct scene_session *anna)
{
	scene_at(scene, 1, 11);
	scene_claim(scene, anna, "karin");
	scene_look(scene, anna);
}

/* Each camera is a witness: what one does not believe is everybody's business. */
static void a_camera_that_doubts_the_log_is_an_alarm(void **state)
{
	struct scene *scene = night(*state != NULL);
	struct scene_session *anna;
	struct log_event refused;

	scene_start(scene);
	anna = scene_console(scene, "anna");
	scene_camera(scene, "cam-karin", SCENE_DOUBTS);
	look(scene, anna);
	assert_true(anna->over);
	assert_int_equal(scene->openings, 0);
	assert_true(scene_has_alarm(scene, "proof", "cam-karin"));
	refused = scene_log_latest(scene, LOG_PERMIT_REFUSED);
	assert_string_equal(log_event_value(&refused, "refusal"), "no-proof");
	assert_string_equal(log_event_value(&refused, "proof"), "forked");
	scene_free(scene);
}

/* The hub of a restored backup: the cameras have seen more than it has. */
static void a_camera_that_has_seen_more_is_an_alarm(void **state)
{
	struct scene *scene = night(*state != NULL);
	struct scene_session *anna;

	strcpy(scene->witness[0].camera, "cam-karin");
	scene->witness[0].held.size = 100000;
	scene_start(scene);
	anna = scene_console(scene, "anna");
	scene_camera(scene, "cam-karin", SCENE_GOOD);
	look(scene, anna);
	assert_true(anna->over);
	assert_int_equal(scene->openings, 0);
	assert_true(scene_has_alarm(scene, "proof", "cam-karin"));
	assert_int_equal(scene_check(scene, "karin").state, CHECK_FAULT);
	scene_free(scene);
}

/* One that is shown the log as it should be lowers its alarm. */
static void a_proof_that_is_believed_ends_the_alarm(void **state)
{
	struct scene *scene = night(*state != NULL);
	struct scene_session *anna;

	scene_start(scene);
	anna = scene_console(scene, "anna");
	scene_camera(scene, "cam-karin", SCENE_DOUBTS);
	look(scene, anna);
	assert_true(scene_has_alarm(scene, "proof", "cam-karin"));
	scene_camera(scene, "cam-karin", SCENE_GOOD);
	scene_claim(scene, anna, "karin");
	scene_look(scene, anna);
	assert_int_equal(scene->openings, 1);
	assert_false(scene_has_alarm(scene, "proof", "cam-karin"));
	scene_free(scene);
}

static void ignore(void *arg, int64_t id, enum err err, const struct notary_answer *answer)
{
	(void)arg, (void)id, (void)err, (void)answer;
}

static void a_signer_that_refuses_is_an_alarm(void **state)
{
	struct scene *scene = night(*state != NULL);
	struct notary_order *order = calloc(1, sizeof *order);
	struct scene_session *anna;

	/* It has signed a longer log of that name. */
	strcpy(order->after.origin, "tillsyn/test");
	order->after.size = 100000;
	assert_int_equal(scene->signer.sign(scene->signer.impl, 1, order, ignore, NULL), ERR_OK);
	free(order);
	scene_start(scene);
	anna = scene_console(scene, "anna");
	scene_camera(scene, "cam-karin", SCENE_GOOD);
	look(scene, anna);
	assert_true(anna->over);
	assert_int_equal(scene->openings, 0);
	assert_true(scene_has_alarm(scene, "signer", ""));
	scene_expect(scene, "karin", CHECK_FAULT, CAUSE_SIGNER);
	scene_free(scene);
}

static enum err try_start(struct scene *scene, char fault[REASON_MAX_BYTES])
{
	struct hub_parts parts = {.settings = &scene->settings, .store = &scene->store,
	                          .crypto = scene->crypto, .zone = &scene->zone, .pager = &scene->pager,
	                          .signer = &scene->signer};
	struct hub *hub;
	enum err r = hub_start(&parts, &scene->now, &hub, fault);

	if (r == ERR_OK)
		hub_free(hub);
	return r;
}

static void what_does_not_agree_with_the_log_is_refused(void **state)
{
	struct scene *scene = night(*state != NULL);
	struct index_row ahead = {.resident = "karin", .count = 3, .last = 100000};
	char fault[REASON_MAX_BYTES];

	scene_start(scene);
	scene_kill(scene);
	strcpy(scene->settings.log_origin, "a name with blanks");
	assert_int_equal(try_start(scene, fault), ERR_PARSE);
	assert_non_null(strstr(fault, "log_origin"));
	strcpy(scene->settings.log_origin, "tillsyn/test");
	assert_int_equal(scene->store.begin(scene->store.impl), ERR_OK);
	assert_int_equal(scene->store.index_put(scene->store.impl, &ahead), ERR_OK);
	assert_int_equal(scene->store.commit(scene->store.impl), ERR_OK);
	assert_int_equal(try_start(scene, fault), ERR_PARSE);
	assert_non_null(strstr(fault, "do not agree"));
	scene_free(scene);
}

#define BOTH(test) {#test " (memory)", test, NULL, NULL, NULL}, {#test " (sqlite)", test, NULL, NULL, (void *)"sqlite"}

int main(void)
{
	const struct CMUnitTest tests[] = {
		BOTH(it_grows_with_a_night_and_stands_over_restarts),
		BOTH(an_older_log_is_taken_up_whole),
		BOTH(proofs_of_a_real_log_verify),
		BOTH(a_camera_that_doubts_the_log_is_an_alarm),
		BOTH(a_camera_that_has_seen_more_is_an_alarm),
		BOTH(a_proof_that_is_believed_ends_the_alarm),
		BOTH(a_signer_that_refuses_is_an_alarm),
		BOTH(what_does_not_agree_with_the_log_is_refused),
	};

	return cmocka_run_group_tests_name("ledger", tests, NULL, NULL);
}
