/* The commands that export, judge, tell and erase the log, as somebody types them, against hubs good and bad. */
#include "admin/fake_hub.h"

#include "admin/admin.h"
#include "admin/export_file.h"
#include "base/text.h"
#include "core/event.h"
#include "os/crypto.h"
#include "os/file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <sys/stat.h>

#include <cmocka.h>

struct ran {
	enum admin_exit end;
	char *out, *err, *notes; /* notes: what the hub got */
};

static void ran_free(struct ran *ran)
{
	free(ran->out);
	free(ran->err);
	free(ran->notes);
}

static char folder[40];

static const char *in_folder(const char *name)
{
	static char paths[4][64];
	static int next;
	char *path = paths[next++ % 4];

	snprintf(path, sizeof paths[0], "%s/%s", folder, name);
	return path;
}

static int make_folder(void **state)
{
	(void)state;
	strcpy(folder, "/tmp/tillsyn-log-XXXXXX");
	return mkdtemp(folder) == NULL;
}

static int remove_folder(void **state)
{
	char command[64];

	(void)state;
	snprintf(command, sizeof command, "rm -rf '%s'", folder);
	return system(command);
}

static bool is_empty(const char *path)
{
	return rmdir(path) == 0 && mkdir(path, 0700) == 0;
}

static struct ran run_at(const char *socket, struct args words)
{
	struct admin admin = {.socket = socket};
	const struct command *command = command_find(words.word[0]);
	struct ran ran = {0};
	size_t out_len, err_len;

	assert_non_null(command);
	memmove(words.word, words.word + 1, (size_t)--words.n * sizeof words.word[0]);
	admin.out = open_memstream(&ran.out, &out_len);
	admin.err = open_memstream(&ran.err, &err_len);
	ran.end = command->run(&admin, &words);
	fclose(admin.out);
	fclose(admin.err);
	return ran;
}

#define WORDS(...)                                                                                 \
	((struct args){.n = sizeof((const char *[]){__VA_ARGS__}) / sizeof(char *),                \
	               .word = {__VA_ARGS__}})

static struct ran run(struct args words,
                      void (*answer)(struct fake_hub *, ws_id, const struct wire_message *))
{
	struct fake_hub hub;
	struct ran ran;

	fake_start(&hub, answer);
	ran = run_at(hub.socket, words);
	ran.notes = fake_stop(&hub);
	return ran;
}

static void expect(struct ran ran, enum admin_exit end, const char *words)
{
	if (ran.end != end || (strstr(ran.err, words) == NULL && strstr(ran.out, words) == NULL))
		fail_msg("ended with %d, expected %d and \"%s\":\n%s%s", ran.end, end, words, ran.err, ran.out);
	ran_free(&ran);
}

/* A log with one entry, about r-1, whose checkpoint nobody has signed. */
static const char unsigned_note[] = "tillsyn/test\n1\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n"
				    "epoch 0\nindex 1 AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n";

static void send_head(struct fake_hub *hub, ws_id id, const struct wire_message *query)
{
	struct wire_message *head = wire_new(WIRE_EXPORT_HEAD);

	wire_set_int(head, "command", wire_int(query, "command"));
	wire_set_bytes(head, "checkpoint", unsigned_note, sizeof unsigned_note - 1);
	wire_set_bool(head, "names", false);
	fake_send(hub, id, head);
}

static void send_entry(struct fake_hub *hub, ws_id id, const struct wire_message *query, int64_t number)
{
	static const uint8_t salt[SALT_BYTES] = {1};
	struct wire_message *entry = wire_new(WIRE_EXPORT_ENTRY);
	struct log_event event = log_event(LOG_FOLLOWED_UP, FAKE_UTC_MS);
	struct buf bytes = buf_new(LOG_EVENT_MAX_BYTES);

	strcpy(event.resident, "r-1");
	if (log_event_encode(&event, &bytes) != ERR_OK)
		abort();
	wire_set_int(entry, "command", wire_int(query, "command"));
	wire_set_int(entry, "number", number);
	wire_set_bytes(entry, "salt", salt, SALT_BYTES);
	wire_set_bytes(entry, "event", bytes.data, bytes.len);
	buf_free(&bytes);
	fake_send(hub, id, entry);
}

static void giving_one(struct fake_hub *hub, ws_id id, const struct wire_message *message)
{
	if (wire_id(message) == WIRE_HELLO) {
		fake_welcome(hub, id);
		return;
	}
	if (wire_id(message) == WIRE_EXPORT_QUERY)
		send_head(hub, id, message);
	else if (wire_int(message, "from") == 0)
		send_entry(hub, id, message, 0);
	fake_done(hub, id, message, "");
}

/* Gives the same entry for ever. */
static void going_in_circles(struct fake_hub *hub, ws_id id, const struct wire_message *message)
{
	if (wire_id(message) == WIRE_EXPORT_MORE)
		send_entry(hub, id, message, 0);
	if (wire_id(message) == WIRE_HELLO)
		fake_welcome(hub, id);
	else if (wire_id(message) == WIRE_EXPORT_QUERY)
		send_head(hub, id, message);
	if (wire_id(message) != WIRE_HELLO)
		fake_done(hub, id, message, "");
}

static void refusing(struct fake_hub *hub, ws_id id, const struct wire_message *message)
{
	if (wire_id(message) == WIRE_HELLO)
		fake_welcome(hub, id);
	else
		fake_refuse(hub, id, message, "Not now.");
}

static void saying_nothing(struct fake_hub *hub, ws_id id, const struct wire_message *message)
{
	if (wire_id(message) == WIRE_HELLO)
		fake_welcome(hub, id);
	else
		fake_done(hub, id, message, "");
}

static void an_export_is_a_file_of_ones_own(void **state)
{
	struct stat about;
	struct ran ran = run(WORDS("log", "export", in_folder("town.log")), giving_one);

	(void)state;
	assert_non_null(strstr(ran.out, "Its checkpoint is not signed: nobody answers for it."));
	assert_non_null(strstr(ran.notes, "{\"message\":\"export-query\",\"command\":1}\n"));
	assert_non_null(strstr(ran.notes, "{\"message\":\"export-more\",\"command\":2,\"from\":0}\n"));
	expect(ran, ADMIN_OK, "town.log: 1 entries, of a log of 1");
	assert_int_equal(stat(in_folder("town.log"), &about), 0);
	assert_int_equal(about.st_mode & 07777, 0600);
	/* It says of itself that it is nobody's. */
	ran = run_at("/tmp/tillsyn-nobody.sock", WORDS("verify", in_folder("town.log")));
	assert_non_null(strstr(ran.out, "FAILED       The checkpoint is not signed"));
	assert_non_null(strstr(ran.out, "FAILED       The entries are not those that the checkpoint is about"));
	expect(ran, ADMIN_REFUSED, "It does not hold.");
	ran = run(WORDS("log", "export", "--resident", "r-1", "--since", in_folder("town.log"), in_folder("r.log")),
	          giving_one);
	assert_non_null(strstr(ran.notes, "\"resident\":\"r-1\",\"since\":1}"));
	ran_free(&ran);
}

static void what_did_not_come_whole_is_no_file(void **state)
{
	(void)state;
	expect(run(WORDS("log", "export", in_folder("a")), going_in_circles), ADMIN_REFUSED,
	       "the export does not come to its end");
	expect(run(WORDS("log", "export", in_folder("a")), refusing), ADMIN_REFUSED, "refused: Not now.");
	expect(run(WORDS("log", "export", in_folder("a")), saying_nothing), ADMIN_REFUSED,
	       "the export does not come to its end");
	expect(run(WORDS("log", "export", "/nowhere/at/all"), giving_one), ADMIN_REFUSED,
	       "/nowhere/at/all: No such file or directory");
	assert_true(is_empty(folder));
	expect(run(WORDS("log", "extract", "r-1"), going_in_circles), ADMIN_REFUSED,
	       "the export does not come to its end");
}

static void a_resident_reads_her_own_language(void **state)
{
	(void)state;
	expect(run(WORDS("log", "extract", "r-1"), giving_one), ADMIN_OK, "Ingen har tittat.\n");
	expect(run(WORDS("log", "extract", "--language", "sv", "r-1"), giving_one), ADMIN_OK,
	       "Uppgifterna om dig i loggen har lästs 1 gång, 2026-01-02 01:14:31.\n");
	expect(run(WORDS("log", "extract", "r-1", "--language=en"), giving_one), ADMIN_OK,
	       "Nobody has looked.\n");
}

static void erasing(struct fake_hub *hub, ws_id id, const struct wire_message *message)
{
	static const int64_t counts[] = {2000, 3, 0};
	static int asked;
	struct wire_message *erased;

	if (wire_id(message) == WIRE_HELLO) {
		fake_welcome(hub, id);
		return;
	}
	erased = wire_new(WIRE_ERASED);
	wire_set_int(erased, "command", wire_int(message, "command"));
	wire_set_int(erased, "count", counts[asked++]);
	fake_send(hub, id, erased);
	fake_done(hub, id, message, "");
}

/* The noon of a date, in the centre's time. */
static void old_entries_are_erased_to_the_last(void **state)
{
	struct ran ran = run(WORDS("retain", "--before", "2025-07-01"), erasing);

	(void)state;
	assert_non_null(strstr(ran.notes, "{\"message\":\"retain\",\"command\":3,\"before_ms\":1751364000000}\n"));
	expect(ran, ADMIN_OK, "2003 entries erased; their hashes and all proofs stay\n");
	expect(run(WORDS("retain", "--before", "2025-12-31"), refusing), ADMIN_REFUSED, "refused: Not now.");
}

static void write_text(const char *name, const char *text)
{
	assert_int_equal(file_write(in_folder(name), text, strlen(text), 0600), ERR_OK);
}

static void bad_words_reach_nobody(void **state)
{
	static const char nobody[] = "/tmp/tillsyn-nobody.sock";

	(void)state;
	write_text("empty", "");
	write_text("note", unsigned_note);
	write_text("key", "8f40c5adb68f25624ae5b214ea767a6ec94d829d3d7b5e1ad1ba6f3e2138285f\n");
	expect(run_at(nobody, WORDS("log", "export")), ADMIN_USAGE, "usage: tillsynctl log export ");
	expect(run_at(nobody, WORDS("log", "export", "--resident", "r 1", "f")), ADMIN_USAGE, "r 1 is no identifier");
	expect(run_at(nobody, WORDS("log", "export", "--since", in_folder("none"), "f")), ADMIN_REFUSED,
	       "none: No such file or directory");
	expect(run_at(nobody, WORDS("log", "export", "--since", in_folder("key"), "f")), ADMIN_REFUSED,
	       "key: neither an export of the log nor a checkpoint");
	expect(run_at(nobody, WORDS("log", "extract")), ADMIN_USAGE, "usage: tillsynctl log extract ");
	expect(run_at(nobody, WORDS("log", "extract", "r-1", "--language", "de")), ADMIN_USAGE,
	       "de is no language: sv or en");
	expect(run_at(nobody, WORDS("retain")), ADMIN_USAGE, "usage: tillsynctl retain --before DATE");
	expect(run_at(nobody, WORDS("verify")), ADMIN_USAGE, "usage: tillsynctl verify FILE ");
	expect(run_at(nobody, WORDS("verify", in_folder("none"))), ADMIN_REFUSED, "none: No such file or directory");
	expect(run_at(nobody, WORDS("verify", in_folder("empty"))), ADMIN_REFUSED, "FAILED       The file is empty.");
	expect(run_at(nobody, WORDS("verify", folder)), ADMIN_REFUSED, "it cannot be read to its end");
	expect(run_at(nobody, WORDS("verify", in_folder("note"), "--signer", "abc")), ADMIN_REFUSED,
	       "abc is no public key and no file with one");
	expect(run_at(nobody, WORDS("verify", in_folder("note"), "--signer", in_folder("note"))), ADMIN_REFUSED,
	       "note is no public key and no file with one");
	expect(run_at(nobody, WORDS("verify", in_folder("note"), "--signer", in_folder("key"), "--from",
	                            in_folder("empty"))),
	       ADMIN_REFUSED, "empty: neither an export of the log nor a signed checkpoint");
	expect(run_at(nobody, WORDS("verify", in_folder("note"), "--signer", in_folder("key"), "--from",
	                            in_folder("note"))),
	       ADMIN_REFUSED, "note: neither an export of the log nor a signed checkpoint");
	expect(run_at(nobody, WORDS("verify", in_folder("note"), "--from", in_folder("note"))), ADMIN_REFUSED,
	       "FAILED       Line 1 is not the beginning of an export of the log, or was changed.");
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, make_folder, remove_folder)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(an_export_is_a_file_of_ones_own),
		CASE(what_did_not_come_whole_is_no_file),
		CASE(a_resident_reads_her_own_language),
		CASE(old_entries_are_erased_to_the_last),
		CASE(bad_words_reach_nobody),
	};

	return cmocka_run_group_tests_name("log_commands", tests, NULL, NULL);
}
