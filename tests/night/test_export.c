/*
 * The log of a scripted night, exported by a real hub on both stores and judged without it: what is whole holds, and
 * whatever somebody might change, leave out, add or pass off is found.
 */
#include "exporting.h"

/* Entries of so many days ago, every second about Karin; before the hub starts. */
static void put_old(struct scene *scene, int n, int days)
{
	assert_int_equal(scene->store.begin(scene->store.impl), ERR_OK);
	for (int i = 0; i < n; i++) {
		struct log_event event = log_event(LOG_ALARM, scene->now.utc_ms - days * MS_DAY);
		struct buf bytes = buf_new(LOG_EVENT_MAX_BYTES);
		struct log_row row = {.at_ms = event.at_ms, .type = LOG_ALARM};

		strcpy(event.resident, i % 2 ? "karin" : "");
		strcpy(row.resident, event.resident);
		assert_int_equal(log_event_encode(&event, &bytes), ERR_OK);
		memcpy(row.canonical, bytes.data, bytes.len);
		row.len = bytes.len;
		scene->crypto->random(row.salt, SALT_BYTES);
		log_leaf_hash(scene->crypto, row.salt, row.canonical, row.len, row.leaf);
		assert_int_equal(scene->store.log_append(scene->store.impl, &row), ERR_OK);
		buf_free(&bytes);
	}
	assert_int_equal(scene->store.commit(scene->store.impl), ERR_OK);
}

static struct scene *town(bool sqlite)
{
	struct scene *scene = scene_new(sqlite);

	put_old(scene, 10, 40);
	scene_add(scene, "karin", "north", 1, 10);
	scene_add(scene, "sven", "north", 1, 20);
	scene_add(scene, "elsa", "south", 2, 0);
	scene_start(scene);
	return scene;
}

/* Karin is seen, Sven not at first, Elsa's camera never came; and an export comes between the looks. */
static struct scene *night(bool sqlite)
{
	struct scene *scene = town(sqlite);
	struct scene_session *anna = scene_console(scene, "anna");
	struct exported between;

	scene_camera(scene, "cam-karin", SCENE_GOOD);
	scene_camera(scene, "cam-sven", SCENE_GOOD);
	scene_at(scene, 1, 10);
	scene_see(scene, anna, "karin", "well");
	scene_at(scene, 1, 20);
	scene_see(scene, anna, "sven", "not-seen");
	between = export_now(scene, NULL, 0);
	expect_good(scene, &between.file, NULL, "All of it holds.");
	buf_free(&between.file);
	scene_wait(scene, 9 * MS_MINUTE);
	scene_see(scene, anna, "sven", "well");
	assert_int_equal(scene->openings, 3);
	scene_at(scene, 2, 30);
	return scene;
}

static void what_the_hub_gives_holds(void **state)
{
	struct scene *scene = night(*state != NULL);
	struct exported whole = export_now(scene, NULL, 0), karin = export_now(scene, "karin", 0);

	assert_true(whole.entries > 50);
	expect_good(scene, &whole.file, NULL, "Every entry from 0 to the last is there");
	expect_good(scene, &whole.file, NULL, "counts the entries of every resident (");
	assert_true(karin.entries > 5);
	expect_good(scene, &karin.file, NULL, "They are all that the log has about karin.");
	buf_free(&whole.file);
	buf_free(&karin.file);
	scene_free(scene);
}

static void nobody_looked_is_proven(void **state)
{
	struct scene *scene = night(*state != NULL);
	struct exported nobody = export_now(scene, "gunnar", 0), karin = export_now(scene, "karin", 0);
	struct buf hidden;

	assert_int_equal(nobody.entries, 0);
	expect_good(scene, &nobody.file, NULL, "The log has nothing about gunnar: nobody looked.");
	hidden = file_part(&karin.file, 0, line_at(&karin.file, 1));
	expect_fault(scene, &hidden, NULL, "the extract has 0: it is not complete.");
	buf_free(&hidden);
	buf_free(&nobody.file);
	buf_free(&karin.file);
	scene_free(scene);
}

/*
 * No byte may be another, unless what then stands there is as true and says so: that nobody looked at somebody else, of
 * whom the log has nothing either.
 */
static void change_byte(struct scene *scene, struct exported *exported, size_t at, const struct audit_earlier *earlier,
                        const char *about)
{
	char *said;

	if (judge(scene, &exported->file, scene->signer_public, earlier, &said)
	    && (about == NULL || strstr(said, about) != NULL))
		fail_msg("byte %zu may be changed to %02x:\n%s", at, exported->file.data[at], said);
	free(said);
}

/* Every byte of a file, in two ways; then some bytes less, and one more. */
static void change_every_byte(struct scene *scene, struct exported exported, const struct audit_earlier *earlier,
                              const char *about)
{
	expect_good(scene, &exported.file, earlier, "All of it holds.");
	for (size_t i = 0; i < exported.file.len; i++) {
		exported.file.data[i] ^= 0x01;
		change_byte(scene, &exported, i, earlier, about);
		exported.file.data[i] ^= 0x01 ^ 0x20;
		change_byte(scene, &exported, i, earlier, about);
		exported.file.data[i] ^= 0x20;
	}
	for (size_t cut = 1; cut < 40; cut++) {
		struct buf part = file_part(&exported.file, 0, exported.file.len - cut);

		assert_false(judge(scene, &part, scene->signer_public, earlier, NULL));
		buf_free(&part);
	}
	assert_int_equal(buf_add_text(&exported.file, "\n"), ERR_OK);
	assert_false(judge(scene, &exported.file, scene->signer_public, earlier, NULL));
	buf_free(&exported.file);
}

/* So many entries of no meaning, every second of them about her. */
static void log_alarms(struct scene *scene, const char *resident, int n)
{
	for (int i = 0; i < n; i++) {
		struct log_event event = hub_event(scene->hub, LOG_ALARM, NULL);

		strcpy(event.resident, i % 2 ? resident : "");
		assert_int_equal(hub_begin(scene->hub), ERR_OK);
		assert_int_equal(hub_log(scene->hub, &event, NULL), ERR_OK);
		assert_int_equal(hub_commit(scene->hub), ERR_OK);
	}
	scene_wait(scene, 1000);
}

/* What is older than so many days; how many entries were erased, -1 when it is refused. */
static int64_t erase(struct scene *scene, int days)
{
	struct scene_session *admin = scene_admin(scene, "root");
	struct wire_message *message = scene_command(scene, WIRE_RETAIN);
	int64_t n = -1;

	wire_set_int(message, "before_ms", scene->now.utc_ms - days * MS_DAY);
	scene_send(scene, admin, message);
	if (scene_refusal(admin) == NULL)
		n = wire_int(scene_latest(admin, WIRE_ERASED), "count");
	scene_close(scene, admin);
	return n;
}

static void every_byte_counts(void **state)
{
	struct scene *scene = town(*state != NULL);
	struct exported first = export_now(scene, NULL, 0);
	struct audit_earlier earlier = earlier_of(&first.file);
	uint64_t since = earlier.checkpoint.size;

	assert_int_equal(erase(scene, 39), 10);
	log_alarms(scene, "karin", 2);
	change_every_byte(scene, export_now(scene, NULL, 0), NULL, NULL);
	change_every_byte(scene, export_now(scene, "karin", (int64_t)since), &earlier, NULL);
	change_every_byte(scene, export_now(scene, "gunnar", 0), NULL, "about gunnar");
	buf_free(&first.file);
	scene_free(scene);
}

/* More entries than come in one piece. */
static void pieces_make_a_whole(void **state)
{
	struct scene *scene = town(*state != NULL);
	struct exported whole;

	log_alarms(scene, "karin", 1100);
	whole = export_now(scene, NULL, 0);
	assert_true(whole.entries > 1100);
	expect_good(scene, &whole.file, NULL, "All of it holds.");
	buf_free(&whole.file);
	whole = export_now(scene, "karin", 0);
	assert_true(whole.entries >= 550);
	expect_good(scene, &whole.file, NULL, "All of it holds.");
	buf_free(&whole.file);
	scene_free(scene);
}

static void what_is_left_out_or_moved_is_found(void **state)
{
	struct scene *scene = night(*state != NULL);
	struct exported whole = export_now(scene, NULL, 0), karin = export_now(scene, "karin", 0);
	struct exported sven = export_now(scene, "sven", 0);
	struct buf changed = without_line(&whole.file, 7);

	expect_fault(scene, &changed, NULL, "Entries 6 to 6 are missing before line 8.");
	buf_free(&changed);
	changed = with_lines_exchanged(&whole.file, 7);
	expect_fault(scene, &changed, NULL, "entry 6 stands in the wrong place.");
	buf_free(&changed);
	changed = file_part(&whole.file, 0, line_at(&whole.file, whole.entries));
	expect_fault(scene, &changed, NULL, "entries, the file has ");
	buf_free(&changed);
	changed = without_line(&karin.file, 3);
	expect_fault(scene, &changed, NULL, "it is not complete.");
	buf_free(&changed);
	changed = with_lines_exchanged(&karin.file, 3);
	expect_fault(scene, &changed, NULL, "The entries about karin are not those that the log has");
	buf_free(&changed);
	/* Another resident's index, or entries, for hers. */
	changed = head_and_entries(&karin.file, &sven.file);
	expect_fault(scene, &changed, NULL, "is about sven, not about karin.");
	buf_free(&changed);
	buf_free(&whole.file);
	buf_free(&karin.file);
	buf_free(&sven.file);
	scene_free(scene);
}

/* A head in which one thing is another's. */
static struct buf with_head(const struct buf *file, void (*change)(struct export_head *head, const struct export_head *other),
                            const struct buf *other)
{
	static struct export_head head, from;
	struct buf out = buf_new(1 << 22);
	size_t rest = line_at(file, 1);

	assert_int_equal(export_head_read((const char *)file->data, rest, &head), ERR_OK);
	assert_int_equal(export_head_read((const char *)other->data, line_at(other, 1), &from), ERR_OK);
	change(&head, &from);
	assert_int_equal(export_head_line(&head, &out), ERR_OK);
	assert_int_equal(buf_add(&out, file->data + rest, file->len - rest), ERR_OK);
	return out;
}

static void take_index(struct export_head *head, const struct export_head *other)
{
	head->index = other->index;
}

static void take_note(struct export_head *head, const struct export_head *other)
{
	memcpy(head->note, other->note, other->note_len);
	head->note_len = other->note_len;
}

static void claim_absence(struct export_head *head, const struct export_head *other)
{
	head->index = other->index;
	head->index.end = INDEX_EMPTY;
	head->index.entry = (struct index_entry){.count = 0};
}

static void another_ones_proof_is_found(void **state)
{
	struct scene *scene = night(*state != NULL);
	struct exported karin = export_now(scene, "karin", 0), sven = export_now(scene, "sven", 0);
	struct buf changed = with_head(&karin.file, take_index, &sven.file), none;

	expect_fault(scene, &changed, NULL, "What is said about karin in the index is not what the checkpoint");
	buf_free(&changed);
	changed = file_part(&karin.file, 0, line_at(&karin.file, 1));
	none = with_head(&changed, claim_absence, &karin.file);
	expect_fault(scene, &none, NULL, "What is said about karin in the index is not what the checkpoint");
	buf_free(&none);
	buf_free(&changed);
	buf_free(&karin.file);
	buf_free(&sven.file);
	scene_free(scene);
}

static void an_old_checkpoint_does_not_carry_new_entries(void **state)
{
	struct scene *scene = night(*state != NULL);
	struct exported old = export_now(scene, NULL, 0), new = export_now(scene, NULL, 0);
	struct exported old_karin = export_now(scene, "karin", 0), new_karin;
	struct buf changed = with_head(&new.file, take_note, &old.file);

	expect_fault(scene, &changed, NULL, "entries, the file has ");
	buf_free(&changed);
	/* The index went on, too: her last export is an entry about her. */
	new_karin = export_now(scene, "karin", 0);
	changed = with_head(&new_karin.file, take_note, &old_karin.file);
	expect_fault(scene, &changed, NULL, "is not in the log as it stands here.");
	buf_free(&changed);
	buf_free(&old.file);
	buf_free(&new.file);
	buf_free(&old_karin.file);
	buf_free(&new_karin.file);
	scene_free(scene);
}

static void who_signed_counts(void **state)
{
	struct scene *scene = night(*state != NULL);
	struct exported karin = export_now(scene, "karin", 0);
	char *said;

	assert_false(judge(scene, &karin.file, NULL, NULL, &said));
	assert_non_null(strstr(said, "NOT CHECKED  Who signed the checkpoint"));
	assert_null(strstr(said, "FAILED"));
	free(said);
	assert_false(judge(scene, &karin.file, scene->operator_public, NULL, &said));
	assert_non_null(strstr(said, "FAILED       The checkpoint is not signed by the key that was given."));
	free(said);
	buf_free(&karin.file);
	scene_free(scene);
}

/* Signs what the head says with the other head's key: all of it holds together, but for who signed. */
static void sign_anew(struct export_head *head, const struct export_head *other)
{
	const struct crypto *crypto = crypto_sodium();
	uint8_t public_key[KEY_BYTES], secret_key[SECRET_KEY_BYTES];
	struct buf note = buf_new(CHECKPOINT_MAX_BYTES);
	struct checkpoint checkpoint;

	crypto->sign_keypair(public_key, secret_key);
	assert_int_equal(checkpoint_read(other->note, other->note_len, &checkpoint), ERR_OK);
	assert_int_equal(checkpoint_sign(crypto, &checkpoint, public_key, secret_key, &note), ERR_OK);
	memcpy(head->note, note.data, note.len);
	head->note_len = note.len;
	buf_free(&note);
}

static void forget_signature(struct export_head *head, const struct export_head *other)
{
	struct buf text = buf_new(CHECKPOINT_MAX_BYTES);
	struct checkpoint checkpoint;

	assert_int_equal(checkpoint_read(other->note, other->note_len, &checkpoint), ERR_OK);
	assert_int_equal(checkpoint_text(&checkpoint, &text), ERR_OK);
	head->note_len = text.len;
	buf_free(&text);
}

static void a_forged_signer_is_found(void **state)
{
	struct scene *scene = night(*state != NULL);
	struct exported karin = export_now(scene, "karin", 0);
	struct buf changed = with_head(&karin.file, sign_anew, &karin.file);

	expect_fault(scene, &changed, NULL, "The checkpoint is not signed by the key that was given.");
	buf_free(&changed);
	changed = with_head(&karin.file, forget_signature, &karin.file);
	expect_fault(scene, &changed, NULL, "The checkpoint is not signed: nobody answers for this export.");
	buf_free(&changed);
	buf_free(&karin.file);
	scene_free(scene);
}

static void the_log_has_only_grown(void **state)
{
	struct scene *scene = night(*state != NULL);
	struct exported old = export_now(scene, "karin", 0), new;
	struct audit_earlier earlier = earlier_of(&old.file);

	scene_wait(scene, MS_HOUR);
	new = export_now(scene, NULL, 0);
	expect_good(scene, &new.file, &earlier, "The log has only grown since before.log: its first ");
	earlier.checkpoint.root[5] ^= 1;
	expect_fault(scene, &new.file, &earlier, "The log is not the one of before.log any more");
	earlier.checkpoint.root[5] ^= 1;
	earlier.checkpoint.size += 100000;
	expect_fault(scene, &new.file, &earlier, "it was cut.");
	earlier.checkpoint.size -= 100000;
	strcpy(earlier.checkpoint.origin, "tillsyn/elsewhere");
	expect_fault(scene, &new.file, &earlier, "before.log is of another log: tillsyn/elsewhere.");
	buf_free(&new.file);
	earlier = earlier_of(&old.file);
	new = export_now(scene, "karin", 0);
	expect_fault(scene, &new.file, &earlier, "make it with --since.");
	buf_free(&new.file);
	new = export_now(scene, "karin", (int64_t)earlier.checkpoint.size);
	expect_good(scene, &new.file, &earlier, "The log has only grown since before.log: its first ");
	expect_fault(scene, &new.file, NULL, "NOT CHECKED  That the log has only grown");
	earlier.checkpoint.root[5] ^= 1;
	expect_fault(scene, &new.file, &earlier, "The log is not the one of before.log any more");
	buf_free(&new.file);
	buf_free(&old.file);
	scene_free(scene);
}

/* Exporting is follow-up, and an export that was not begun gives nothing. */
static void an_export_is_in_the_log(void **state)
{
	struct scene *scene = night(*state != NULL);
	struct scene_session *admin = scene_admin(scene, "root");
	struct wire_message *more = scene_command(scene, WIRE_EXPORT_MORE), *query;
	struct exported karin;
	int before = scene_log_count(scene, LOG_FOLLOWED_UP, "karin");

	wire_set_int(more, "from", 0);
	scene_send(scene, admin, more);
	assert_string_equal(scene_refusal(admin), "state");
	query = scene_command(scene, WIRE_EXPORT_QUERY);
	wire_set_int(query, "since", 1 << 30);
	scene_send(scene, admin, query);
	assert_string_equal(scene_refusal(admin), "since");
	assert_int_equal(scene_log_count(scene, LOG_FOLLOWED_UP, "karin"), before);
	karin = export_now(scene, "karin", 0);
	assert_int_equal(scene_log_count(scene, LOG_FOLLOWED_UP, "karin"), before + 1);
	buf_free(&karin.file);
	scene_free(scene);
}

static void ignore_answer(void *arg, int64_t id, enum err err, const struct notary_answer *answer)
{
	(void)arg;
	(void)id;
	(void)err;
	(void)answer;
}

/* A signer that has seen a longer log: the hub's was put back, and it does not sign. */
static void without_the_signer_there_is_an_unsigned_export(void **state)
{
	struct scene *scene = town(*state != NULL);
	struct notary_order ahead = {.after = {.origin = "tillsyn/test", .size = 100000}};
	struct exported karin;

	assert_int_equal(scene->signer.sign(scene->signer.impl, 1, &ahead, ignore_answer, NULL), ERR_OK);
	karin = export_now(scene, "karin", 0);
	expect_fault(scene, &karin.file, NULL, "The checkpoint is not signed: nobody answers for this export.");
	buf_free(&karin.file);
	scene_free(scene);
}

static void give_to_another(struct buf *file)
{
	char *karin = strstr((char *)file->data, "\"resident\":\"karin\"");

	assert_non_null(karin);
	memcpy(karin, "\"resident\":\"kalle\"", strlen("\"resident\":\"karin\""));
}

/* After its time what entries said is gone, and everything that can be proven is as it was. */
static void proofs_outlive_what_entries_said(void **state)
{
	struct scene *scene = night(*state != NULL);
	struct exported before, whole, karin;
	struct audit_earlier earlier;
	char *said;

	before = export_now(scene, NULL, 0);
	earlier = earlier_of(&before.file);
	assert_int_equal(erase(scene, 50), 0);
	assert_int_equal(scene_log_count(scene, LOG_ERASED, NULL), 0);
	assert_int_equal(erase(scene, 39), 10);
	assert_int_equal(scene_log_count(scene, LOG_ERASED, NULL), 1);
	assert_int_equal(erase(scene, 39), 0);
	whole = export_now(scene, NULL, 0);
	expect_good(scene, &whole.file, &earlier, "Of the oldest 10 only the hash is left: what can be read begins on 2027-03-10.");
	karin = export_now(scene, "karin", (int64_t)earlier.checkpoint.size);
	expect_good(scene, &karin.file, &earlier, "Of the oldest 5 only the hash is left");
	assert_int_equal(buf_add(&whole.file, "", 1), ERR_OK);
	whole.file.len--;
	give_to_another(&whole.file);
	expect_fault(scene, &whole.file, NULL, "The index is not that of these entries.");
	/* The same over a restart, and the nights go on. */
	scene_kill(scene);
	scene_start(scene);
	buf_free(&whole.file);
	whole = export_now(scene, NULL, 0);
	assert_true(judge(scene, &whole.file, scene->signer_public, &earlier, &said));
	free(said);
	buf_free(&before.file);
	buf_free(&whole.file);
	buf_free(&karin.file);
	scene_free(scene);
}

/* All of the log's beginning, but nobody ever erased it. */
static void an_erasure_that_never_was_is_found(void **state)
{
	static struct export_entry entry;
	struct scene *scene = town(*state != NULL);
	struct exported whole = export_now(scene, NULL, 0);
	size_t from = line_at(&whole.file, 1), to = line_at(&whole.file, 2);
	struct buf held = file_part(&whole.file, 0, from);

	assert_int_equal(export_entry_read((const char *)whole.file.data + from, to - from, &entry), ERR_OK);
	entry.erased = true;
	assert_int_equal(export_entry_line(&entry, &held), ERR_OK);
	assert_int_equal(buf_add(&held, whole.file.data + to, whole.file.len - to), ERR_OK);
	expect_fault(scene, &held, NULL, "but no entry of the log says so: they are held back.");
	buf_free(&held);
	buf_free(&whole.file);
	scene_free(scene);
}

/* What is half exported stays until the export is done. */
static void nothing_is_erased_under_an_export(void **state)
{
	struct scene *scene = town(*state != NULL);
	struct scene_session *admin = scene_admin(scene, "root");

	scene_send(scene, admin, scene_command(scene, WIRE_EXPORT_QUERY));
	assert_null(scene_refusal(admin));
	assert_int_equal(erase(scene, 39), -1);
	scene_close(scene, admin);
	assert_int_equal(erase(scene, 39), 10);
	scene_free(scene);
}

/* A look that somebody would rather not show, passed off as erased: its leaf and all proofs are right. */
static void what_is_held_back_is_not_erased(void **state)
{
	static struct export_entry entry;
	struct scene *scene = night(*state != NULL);
	struct exported karin = export_now(scene, "karin", 0);
	int line = karin.entries - 1;
	size_t from = line_at(&karin.file, line), to = line_at(&karin.file, line + 1);
	struct buf held = file_part(&karin.file, 0, from);

	assert_int_equal(export_entry_read((const char *)karin.file.data + from, to - from, &entry), ERR_OK);
	entry.erased = true;
	strcpy(entry.resident, "karin");
	assert_int_equal(export_entry_line(&entry, &held), ERR_OK);
	assert_int_equal(buf_add(&held, karin.file.data + to, karin.file.len - to), ERR_OK);
	expect_fault(scene, &held, NULL, "is said to be erased, but older ones are not: it is held back.");
	buf_free(&held);
	buf_free(&karin.file);
	scene_free(scene);
}

/* Last night is not erased, and whoever wanted to is in the log. */
static void the_last_month_is_not_erased(void **state)
{
	struct scene *scene = night(*state != NULL);
	struct exported whole;

	assert_int_equal(erase(scene, 30), -1);
	assert_int_equal(scene_log_count(scene, LOG_ERASED, NULL), 0);
	assert_int_equal(scene_log_count(scene, LOG_COMMAND_REFUSED, NULL), 1);
	whole = export_now(scene, NULL, 0);
	assert_null(strstr((const char *)whole.file.data, "\"resident\":"));
	buf_free(&whole.file);
	scene_free(scene);
}

#define BOTH(test) {#test " (memory)", test, NULL, NULL, NULL}, {#test " (sqlite)", test, NULL, NULL, (void *)"sqlite"}

int main(void)
{
	const struct CMUnitTest tests[] = {
		BOTH(what_the_hub_gives_holds),
		BOTH(pieces_make_a_whole),
		BOTH(nobody_looked_is_proven),
		BOTH(every_byte_counts),
		BOTH(what_is_left_out_or_moved_is_found),
		BOTH(another_ones_proof_is_found),
		BOTH(an_old_checkpoint_does_not_carry_new_entries),
		BOTH(who_signed_counts),
		BOTH(the_log_has_only_grown),
		BOTH(an_export_is_in_the_log),
		BOTH(proofs_outlive_what_entries_said),
		BOTH(nothing_is_erased_under_an_export),
		BOTH(what_is_held_back_is_not_erased),
		BOTH(an_erasure_that_never_was_is_found),
		BOTH(the_last_month_is_not_erased),
		BOTH(a_forged_signer_is_found),
		BOTH(without_the_signer_there_is_an_unsigned_export),
	};

	return cmocka_run_group_tests_name("export", tests, NULL, NULL);
}
