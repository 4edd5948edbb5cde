/* The commands as somebody types them, against a hub that answers by script. */
#include "admin/fake_hub.h"

#include "admin/admin.h"
#include "admin/signing.h"
#include "base/text.h"
#include "os/crypto.h"
#include "os/file.h"
#include "wire/rows.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

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

/* Runs one command line of words with no more than a command's name and its words. */
static struct ran run_at(const char *socket, const char *keys, struct args words)
{
	struct admin admin = {.socket = socket, .keys = keys};
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
	ran = run_at(hub.socket, NULL, words);
	ran.notes = fake_stop(&hub);
	return ran;
}

static struct wire_message *resident(const char *id, const char *name)
{
	struct wire_message *m = wire_new(WIRE_RESIDENT);

	wire_set_text(m, "id", id);
	wire_set_text(m, "name", name);
	wire_set_text(m, "address", "");
	wire_set_text(m, "bed_note", "");
	wire_set_text(m, "door_note", "");
	wire_set_text(m, "phone", "");
	wire_set_text(m, "agreement", "a-1");
	wire_set_text(m, "camera", "c-1");
	wire_set_text(m, "area", "north");
	wire_set_text(m, "standing", "stands");
	wire_set_text(m, "plan", "");
	wire_set_int(m, "pause_from_ms", 0);
	wire_set_int(m, "pause_to_ms", 0);
	wire_set_int(m, "pause_review_ms", 0);
	wire_set_int(m, "last_well_ms", 0);
	return m;
}

static struct check check_row(int64_t id, const char *who, int64_t start_ms)
{
	struct check check = {.id = id,
	                      .night = FAKE_NIGHT,
	                      .agreement = "a-1",
	                      .agreement_version = 1,
	                      .slot = "s1",
	                      .camera = "c-1",
	                      .area = "north",
	                      .priority = 5,
	                      .start_ms = start_ms,
	                      .view_ms = -1};

	strcpy(check.resident, who);
	return check;
}

static void send_night(struct fake_hub *hub, ws_id id)
{
	struct check check = check_row(3, "r-1", FAKE_UTC_MS - 871000);

	fake_send(hub, id, resident("r-1", "Anna Lund"));
	fake_send(hub, id, resident("r-2", "Karl Berg"));
	check.state = CHECK_CLOSED;
	check.outcome = OUTCOME_SEEN_WELL;
	fake_send(hub, id, wire_from_check(&check));
	check = check_row(4, "r-2", FAKE_UTC_MS + 2729000);
	check.state = CHECK_PATROL;
	check.cause = CAUSE_CAMERA_LOST;
	fake_send(hub, id, wire_from_check(&check));
}

static struct log_event entry(enum log_type type, int64_t look, const char *actor, const char *who)
{
	struct log_event event = log_event(type, FAKE_UTC_MS);

	strcpy(event.actor, actor);
	strcpy(event.resident, who);
	event.look = look;
	return event;
}

static void send_log(struct fake_hub *hub, ws_id id)
{
	struct log_event event = entry(LOG_PERMIT_RECORDED, 12, "anna", "r-1");

	log_event_text(&event, "camera", "c-1");
	fake_send(hub, id, wire_from_log(1, &event));
	event = entry(LOG_PERMIT_RECORDED, 13, "bo", "r-2");
	fake_send(hub, id, wire_from_log(2, &event));
	event = entry(LOG_LENS_OPENED, 12, "c-1", "r-1");
	log_event_int(&event, "lens_ms", 1250);
	fake_send(hub, id, wire_from_log(3, &event));
	event = entry(LOG_VIEW_OVER, 12, "anna", "r-1");
	log_event_int(&event, "view_ms", 21340);
	fake_send(hub, id, wire_from_log(4, &event));
	event = entry(LOG_ANSWERED, 12, "anna", "r-1");
	log_event_text(&event, "answer", "well");
	fake_send(hub, id, wire_from_log(5, &event));
}

/* A hub that has one thing to say to each command. */
static void obliging(struct fake_hub *hub, ws_id id, const struct wire_message *message)
{
	switch (wire_id(message)) {
	case WIRE_HELLO:
		fake_welcome(hub, id);
		return;
	case WIRE_NIGHT_QUERY:
		send_night(hub, id);
		break;
	case WIRE_LOG_QUERY:
		send_log(hub, id);
		break;
	case WIRE_RECONCILE:
		fake_line(hub, id, message, "high",
		          "Anna Lund: has a decision and no check tonight");
		break;
	case WIRE_IMPORT_DIFF:
		fake_line(hub, id, message, "new", "new resident r-1: A");
		fake_line(hub, id, message, "kept", "not in the document, stays: resident r-2: B");
		break;
	case WIRE_IMPORT_RESIDENT:
	case WIRE_IMPORT_AGREEMENT:
	case WIRE_IMPORT_CAMERA:
	case WIRE_IMPORT_OPERATOR:
	case WIRE_IMPORT_CONTACT:
	case WIRE_IMPORT_ROSTER:
		return;
	default:
		break;
	}
	fake_done(hub, id, message, wire_id(message) == WIRE_RECONCILE ? "" : "so be it");
}

static void simple_commands_say_what_the_hub_says(void **state)
{
	struct ran ran = run(WORDS("withdraw", "r-1", "--reason", "she said so"), obliging);

	(void)state;
	assert_int_equal(ran.end, ADMIN_OK);
	assert_string_equal(ran.out, "so be it\n");
	assert_string_equal(ran.err, "");
	assert_non_null(strstr(
		ran.notes,
		"{\"message\":\"hello\",\"version\":1,\"program\":\"tillsynctl\"}\n"
		"{\"message\":\"withdraw\",\"command\":1,\"resident\":\"r-1\",\"reason\":\"she said so\"}\n"));
	ran_free(&ran);
	ran = run(WORDS("excuse", "7", "staff-on-site", "--reason", "seen by the nurse"), obliging);
	assert_int_equal(ran.end, ADMIN_OK);
	assert_non_null(strstr(
		ran.notes,
		"\"check\":7,\"cause\":\"staff-on-site\",\"reason\":\"seen by the nurse\"}\n"));
	ran_free(&ran);
	ran = run(WORDS("enrol", "c-1", "sn-1", "r-1", "--accepted",
	                "8f40c5adb68f25624ae5b214ea767a6ec94d829d3d7b5e1ad1ba6f3e2138285f"),
	          obliging);
	assert_int_equal(ran.end, ADMIN_OK);
	assert_non_null(strstr(
		ran.notes,
		"\"camera\":\"c-1\",\"serial\":\"sn-1\",\"resident\":\"r-1\","
		"\"device_key\":\"j0DFrbaPJWJK5bIU6nZ6bslNgp09e14a0bpvPiE4KF8=\",\"accepted\":true}\n"));
	ran_free(&ran);
}

/* Times are the centre's, whatever zone this machine is in. */
static void a_pause_is_read_in_the_time_of_the_centre(void **state)
{
	struct ran ran = run(WORDS("pause", "r-1", "2026-07-01T18:00", "2026-07-03"), obliging);

	(void)state;
	assert_int_equal(ran.end, ADMIN_OK);
	/* 16:00 and 10:00 UTC: summer time */
	assert_non_null(strstr(
		ran.notes, "\"from_ms\":1782921600000,\"to_ms\":1783072800000,\"review_ms\":0}"));
	ran_free(&ran);
	ran = run(WORDS("pause", "r-1", "now", "--review", "2026-01-09"), obliging);
	assert_non_null(strstr(
		ran.notes, "\"from_ms\":1767312871000,\"to_ms\":0,\"review_ms\":1767956400000}"));
	ran_free(&ran);
	ran = run(WORDS("pause", "r-1", "2026-13-01", "2026-07-03"), obliging);
	assert_int_equal(ran.end, ADMIN_USAGE);
	assert_non_null(strstr(ran.err, "2026-13-01 is no time"));
	assert_null(strstr(ran.notes, "\"pause\""));
	ran_free(&ran);
}

static void a_night_is_a_table_in_local_time(void **state)
{
	struct ran ran = run(WORDS("night"), obliging);

	(void)state;
	assert_int_equal(ran.end, ADMIN_OK);
	assert_string_equal(ran.out,
		"night of 2026-01-01 (Europe/Stockholm)\n"
		"time     check kind    state      outcome    cause           resident\n"
		"01:00        3 camera  closed     seen-well  -               r-1 Anna Lund\n"
		"02:00        4 camera  patrol     -          camera-lost     r-2 Karl Berg\n");
	assert_null(strstr(ran.notes, "\"night\":"));
	ran_free(&ran);
	ran = run(WORDS("night", "2025-12-31"), obliging);
	assert_non_null(strstr(ran.notes, "\"night\":20453"));
	ran_free(&ran);
}

static void the_log_is_told_an_event_a_line(void **state)
{
	struct ran ran = run(WORDS("log", "--actor", "anna", "--from", "2026-01-01"), obliging);

	(void)state;
	assert_int_equal(ran.end, ADMIN_OK);
	assert_non_null(strstr(
		ran.out,
		"2026-01-02 01:14:31  the right of anna to look at r-1 was recorded, camera c-1 (look 12)\n"));
	assert_non_null(strstr(
		ran.out,
		"2026-01-02 01:14:31  the picture of r-1 was before anna for 21.3 s (look 12)\n"));
	assert_non_null(strstr(ran.notes, "\"actor\":\"anna\",\"from_ms\":1767265200000,"));
	ran_free(&ran);
}

static void the_looks_are_told_a_look_a_line(void **state)
{
	struct ran ran = run(WORDS("log", "--looks"), obliging);

	(void)state;
	assert_string_equal(
		ran.out,
		"2026-01-02 01:14:31  look 12  r-1  anna  lens open 1.2 s  picture shown 21.3 s  answer well\n"
		"2026-01-02 01:14:31  look 13  r-2  bo  lens not opened  picture not shown  no answer\n");
	ran_free(&ran);
	ran = run(WORDS("log", "--looks", "--resident", "r-2"), obliging);
	assert_string_equal(
		ran.out,
		"2026-01-02 01:14:31  look 13  r-2  bo  lens not opened  picture not shown  no answer\n");
	ran_free(&ran);
}

static void a_finding_ends_with_one(void **state)
{
	struct ran ran = run(WORDS("reconcile"), obliging);

	(void)state;
	assert_int_equal(ran.end, ADMIN_REFUSED);
	assert_string_equal(ran.out, "high     Anna Lund: has a decision and no check tonight\n");
	assert_string_equal(ran.err, "");
	ran_free(&ran);
}

static void refusing(struct fake_hub *hub, ws_id id, const struct wire_message *message)
{
	if (wire_id(message) == WIRE_HELLO)
		fake_welcome(hub, id);
	else
		fake_refuse(hub, id, message, "There is no such thing.");
}

static void a_refusal_is_one_line_and_ends_with_one(void **state)
{
	struct ran ran = run(WORDS("resume", "r-1"), refusing);

	(void)state;
	assert_int_equal(ran.end, ADMIN_REFUSED);
	assert_string_equal(ran.out, "");
	assert_string_equal(ran.err, "tillsynctl: refused: There is no such thing.\n");
	ran_free(&ran);
}

static void unwelcoming(struct fake_hub *hub, ws_id id, const struct wire_message *message)
{
	struct wire_message *error = wire_new(WIRE_ERROR);

	(void)message;
	wire_set_text(error, "reason", "this login name may not administrate");
	fake_send(hub, id, error);
	ws_close(hub->loop, id, "no");
}

static void hanging_up(struct fake_hub *hub, ws_id id, const struct wire_message *message)
{
	if (wire_id(message) == WIRE_HELLO)
		fake_welcome(hub, id);
	else
		ws_close(hub->loop, id, "gone");
}

static void garbling(struct fake_hub *hub, ws_id id, const struct wire_message *message)
{
	static const char text[] = "{\"message\":\"done\",\"command\":1,\"extra\":\"\\u001b[2J\"}";

	if (wire_id(message) == WIRE_HELLO)
		fake_welcome(hub, id);
	else
		ws_send(hub->loop, id, text, strlen(text), false);
}

static void a_bad_hub_is_one_line_too(void **state)
{
	struct ran ran = run(WORDS("resume", "r-1"), unwelcoming);

	(void)state;
	assert_int_equal(ran.end, ADMIN_REFUSED);
	assert_string_equal(ran.err,
	                    "tillsynctl: the hub refuses: this login name may not administrate\n");
	ran_free(&ran);
	ran = run(WORDS("resume", "r-1"), hanging_up);
	assert_int_equal(ran.end, ADMIN_REFUSED);
	assert_non_null(strstr(ran.err, "tillsynctl: the connection to the hub ended: "));
	ran_free(&ran);
	ran = run(WORDS("resume", "r-1"), garbling);
	assert_int_equal(ran.end, ADMIN_REFUSED);
	assert_non_null(strstr(
		ran.err, "what this version does not understand: extra: not a field of done"));
	assert_null(strchr(ran.err, '\033'));
	ran_free(&ran);
	ran = run_at("/tmp/tillsyn-nobody.sock", NULL, WORDS("resume", "r-1"));
	assert_int_equal(ran.end, ADMIN_REFUSED);
	assert_non_null(strstr(ran.err, "tillsynctl: /tmp/tillsyn-nobody.sock: "));
	ran_free(&ran);
}

/* Nothing is asked of a hub that the words themselves cannot mean. */
static void bad_words_end_with_two_and_reach_nobody(void **state)
{
	const struct args words[] = {
		WORDS("withdraw"),
		WORDS("withdraw", "r 1"),
		WORDS("withdraw", "r-1", "--because", "x"),
		WORDS("withdraw", "r-1", "--reason"),
		WORDS("pause", "r-1", "now"),
		WORDS("pause", "r-1"),
		WORDS("resume", "r-1", "r-2"),
		WORDS("excuse", "7", "staff-on-site"),
		WORDS("excuse", "seven", "deceased", "--reason", "x"),
		WORDS("excuse", "7", "asleep", "--reason", "x"),
		WORDS("enrol", "c-1", "sn-1", "r-1", "beef"),
		WORDS("night", "tomorrow"),
		WORDS("night", "2026-02-30"),
		WORDS("log", "--resident", "../x"),
		WORDS("log", "everything"),
		WORDS("reconcile", "now"),
		WORDS("import"),
		WORDS("import", "town.json"),
		WORDS("init"),
		WORDS("init", "x", "--operator", "a b"),
		WORDS("help", "me"),
		WORDS("check-config"),
		WORDS("check-config", "x", "--hub", "--camera"),
	};

	(void)state;
	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
		struct ran ran = run_at("/tmp/tillsyn-nobody.sock", NULL, words[i]);

		assert_int_equal(ran.end, ADMIN_USAGE);
		assert_string_equal(ran.out, "");
		assert_non_null(strstr(ran.err, "usage: tillsynctl "));
		ran_free(&ran);
	}
}

static const char town[] =
	"{\"zone\": \"Europe/Stockholm\",\n"
	"\"residents\": [{\"id\": \"r-1\", \"name\": \"A\"}],\n"
	"\"cameras\": [{\"id\": \"c-1\", \"serial\": \"s-1\", \"agreement\": \"a-1\"}],\n"
	"\"agreements\": [{\"id\": \"a-1\", \"camera\": \"c-1\", \"area\": \"north\",\n"
	"\"persons\": [{\"resident\": \"r-1\", \"from\": \"2026-01-01\"}],\n"
	"\"consents\": [{\"who\": \"r-1\", \"from\": \"2026-01-01\"}],\n"
	"\"slots\": [{\"id\": \"s1\", \"kind\": \"camera\", \"from\": \"01:00\", \"date_from\": \"2026-01-01\"}]}],\n"
	"\"contacts\": [{\"id\": \"p-1\", \"name\": \"P\", \"phone\": \"1\", \"role\": \"patrol\", \"step\": 0}]}\n";

/* Where an import finds its key and its document. */
struct desk {
	char folder[40], key[64], document[64];
	uint8_t secret[SECRET_KEY_BYTES];
};

static void desk_make(struct desk *desk, const char *document)
{
	char hex[2 * SECRET_KEY_BYTES + 1];
	uint8_t public[KEY_BYTES];

	strcpy(desk->folder, "/tmp/tillsyn-desk-XXXXXX");
	assert_non_null(mkdtemp(desk->folder));
	snprintf(desk->key, sizeof desk->key, "%s/administration.key", desk->folder);
	snprintf(desk->document, sizeof desk->document, "%s/town.json", desk->folder);
	crypto_sodium()->sign_keypair(public, desk->secret);
	text_hex(hex, desk->secret, sizeof desk->secret);
	assert_int_equal(file_write(desk->key, hex, strlen(hex), 0600), ERR_OK);
	assert_int_equal(file_write(desk->document, document, strlen(document), 0644), ERR_OK);
}

static void desk_remove(struct desk *desk)
{
	unlink(desk->key);
	unlink(desk->document);
	rmdir(desk->folder);
}

static struct ran import_words(const struct desk *desk, struct args words,
                               void (*answer)(struct fake_hub *, ws_id,
                                              const struct wire_message *))
{
	struct fake_hub hub;
	struct ran ran;

	fake_start(&hub, answer);
	ran = run_at(hub.socket, desk->folder, words);
	ran.notes = fake_stop(&hub);
	return ran;
}

static struct ran import(const struct desk *desk, const char *apply,
                         void (*answer)(struct fake_hub *, ws_id, const struct wire_message *))
{
	return import_words(desk, apply ? WORDS("import", desk->document, apply)
	                                : WORDS("import", desk->document), answer);
}

static void an_import_shows_and_applies_only_when_told(void **state)
{
	struct desk desk;
	struct ran ran;

	(void)state;
	desk_make(&desk, town);
	ran = import(&desk, NULL, obliging);
	assert_int_equal(ran.end, ADMIN_OK);
	assert_string_equal(ran.err, "");
	assert_string_equal(
		ran.out,
		"new      new resident r-1: A\n"
		"kept     not in the document, stays: resident r-2: B\n"
		"1 to be changed; nothing was changed yet. To apply: the same with --apply\n");
	assert_non_null(strstr(
		ran.notes,
		"{\"message\":\"import-resident\",\"id\":\"r-1\",\"name\":\"A\",\"address\":\"\","));
	assert_non_null(strstr(
		ran.notes,
		"{\"message\":\"import-camera\",\"id\":\"c-1\",\"serial\":\"s-1\",\"agreement\":\"a-1\"}"));
	assert_non_null(strstr(ran.notes, "{\"message\":\"import-agreement\",\"doc\":\""));
	assert_null(strstr(ran.notes, "import-roster")); /* no operators in the document */
	assert_null(strstr(ran.notes, "import-apply"));
	assert_null(strstr(ran.notes, "malformed"));
	ran_free(&ran);
	ran = import(&desk, "--apply", obliging);
	assert_int_equal(ran.end, ADMIN_OK);
	assert_non_null(strstr(ran.notes, "{\"message\":\"import-apply\",\"command\":5}"));
	assert_non_null(strstr(ran.out, "\n1 changed\n"));
	ran_free(&ran);
	desk_remove(&desk);
}

/* What the hub below holds; the child has it from before the fork. */
static struct signed_doc held;
static bool agreement_came; /* in the child */

static void holding(struct fake_hub *hub, ws_id id, const struct wire_message *message)
{
	if (wire_id(message) == WIRE_AGREEMENTS_QUERY) {
		struct wire_message *m = wire_new(WIRE_AGREEMENT);

		wire_set_bytes(m, "doc", held.doc.data, held.doc.len);
		wire_set_bytes(m, "signature", held.signature, SIGNATURE_BYTES);
		fake_send(hub, id, m);
	}
	if (wire_id(message) == WIRE_IMPORT_AGREEMENT)
		agreement_came = true;
	if (wire_id(message) == WIRE_IMPORT_DIFF) {
		if (agreement_came)
			fake_line(hub, id, message, "changed", "agreement a-1: version 2");
		fake_done(hub, id, message, "");
	} else {
		obliging(hub, id, message);
	}
}

static void hold_town(const uint8_t secret[SECRET_KEY_BYTES])
{
	static const struct held nothing;
	struct document *document;

	assert_int_equal(document_read("town.json", town, strlen(town), &document, stderr), ERR_OK);
	assert_int_equal(
		sign_agreement(crypto_sodium(), secret, &document->agreements[0], &nothing, &held),
		ERR_OK);
	document_free(document);
}

static void an_unchanged_agreement_is_not_signed_again(void **state)
{
	struct desk desk;
	struct ran ran;

	(void)state;
	desk_make(&desk, town);
	hold_town(desk.secret);
	ran = import(&desk, "--apply", holding);
	assert_int_equal(ran.end, ADMIN_OK);
	assert_null(strstr(ran.notes, "import-agreement"));
	assert_null(strstr(ran.notes, "import-apply"));
	assert_non_null(strstr(ran.out, "nothing is to be changed"));
	ran_free(&ran);
	buf_free(&held.doc);
	desk_remove(&desk);
}

/* The same hub; its one resident has withdrawn. */
static void holding_withdrawn(struct fake_hub *hub, ws_id id, const struct wire_message *message)
{
	if (wire_id(message) == WIRE_NIGHT_QUERY) {
		struct wire_message *m = resident("r-1", "A");

		wire_set_text(m, "standing", "withdrawn");
		fake_send(hub, id, m);
		fake_done(hub, id, message, "");
	} else {
		holding(hub, id, message);
	}
}

/* P15: a withdrawal is not undone as a side effect of some other change. */
static void a_withdrawal_is_lifted_only_by_name(void **state)
{
	char changed[sizeof town];
	struct desk desk;
	struct ran ran;

	(void)state;
	strcpy(changed, town);
	memcpy(strstr(changed, "01:00"), "01:15", 5);
	desk_make(&desk, changed);
	hold_town(desk.secret);
	ran = import(&desk, NULL, holding_withdrawn);
	assert_int_equal(ran.end, ADMIN_OK);
	assert_non_null(strstr(ran.out, "lifted   r-1 has withdrawn; by agreement a-1 looks begin again\n"));
	ran_free(&ran);
	ran = import(&desk, "--apply", holding_withdrawn);
	assert_int_equal(ran.end, ADMIN_REFUSED);
	assert_non_null(strstr(ran.err, "add --lift r-1"));
	assert_null(strstr(ran.notes, "import-apply"));
	ran_free(&ran);
	ran = import_words(&desk, WORDS("import", desk.document, "--apply", "--lift", "r-1"),
	                   holding_withdrawn);
	assert_int_equal(ran.end, ADMIN_OK);
	assert_non_null(strstr(ran.notes, "import-apply"));
	ran_free(&ran);
	buf_free(&held.doc);
	desk_remove(&desk);
}

/* What ends the consent instead agrees with the withdrawal, and needs no more words. */
static void an_ended_consent_lifts_nothing(void **state)
{
	static const char from[] = "\"who\": \"r-1\", \"from\": \"2026-01-01\"";
	char ended[sizeof town + 64];
	const char *at = strstr(town, from);
	struct desk desk;
	struct ran ran;

	(void)state;
	snprintf(ended, sizeof ended, "%.*s\"who\": \"r-1\", \"from\": \"2025-01-01\", \"to\": \"2025-12-30\"%s",
	         (int)(at - town), town, at + strlen(from));
	desk_make(&desk, ended);
	hold_town(desk.secret);
	ran = import(&desk, "--apply", holding_withdrawn);
	assert_int_equal(ran.end, ADMIN_OK);
	assert_non_null(strstr(ran.notes, "import-agreement"));
	assert_null(strstr(ran.out, "lifted"));
	ran_free(&ran);
	buf_free(&held.doc);
	desk_remove(&desk);
}

static void a_folder_with_another_key_stops_the_import(void **state)
{
	uint8_t public[KEY_BYTES], other[SECRET_KEY_BYTES];
	struct desk desk;
	struct ran ran;

	(void)state;
	desk_make(&desk, town);
	crypto_sodium()->sign_keypair(public, other);
	hold_town(other);
	ran = import(&desk, "--apply", holding);
	assert_int_equal(ran.end, ADMIN_REFUSED);
	assert_non_null(
		strstr(ran.err, "the hub holds a-1 that was signed by another administration key"));
	assert_null(strstr(ran.notes, "import-apply"));
	ran_free(&ran);
	buf_free(&held.doc);
	desk_remove(&desk);
}

static void a_wrong_document_reaches_nobody(void **state)
{
	struct desk desk;
	struct ran ran;

	(void)state;
	desk_make(&desk, "{\n\"residents\": [{\"id\": \"r-1\"}]}");
	ran = import(&desk, "--apply", obliging);
	assert_int_equal(ran.end, ADMIN_REFUSED);
	assert_non_null(strstr(ran.err, "town.json:2: residents[0].name: is missing\n"));
	assert_non_null(strstr(ran.err, "is refused whole; nothing was sent\n"));
	assert_string_equal(ran.notes, "");
	ran_free(&ran);
	desk_remove(&desk);
}

static void an_import_in_another_zone_is_refused(void **state)
{
	struct desk desk;
	struct ran ran;

	(void)state;
	desk_make(&desk, "{\"zone\": \"Europe/Helsinki\"}");
	ran = import(&desk, "--apply", obliging);
	assert_int_equal(ran.end, ADMIN_REFUSED);
	assert_non_null(strstr(
		ran.err, "is meant in Europe/Helsinki, but the hub's zone is Europe/Stockholm"));
	assert_null(strstr(ran.notes, "import"));
	ran_free(&ran);
	desk_remove(&desk);
}

static void check_config_lists_every_wrong_line(void **state)
{
	struct desk desk;
	struct ran ran;

	(void)state;
	desk_make(&desk, "zone = Europe/Stockholm\n"
	          "databse = x\n"
	          "policy.view = 31h\n"
	          "policy.recheck_due = 2min\n");
	ran = run_at("/tmp/tillsyn-nobody.sock", NULL,
	             WORDS("check-config", desk.document, "--hub"));
	assert_int_equal(ran.end, ADMIN_REFUSED);
	assert_non_null(strstr(ran.out, "town.json:2:1: databse: "));
	assert_non_null(strstr(ran.out, "town.json:3:15: policy.view: "));
	assert_non_null(strstr(ran.out, "administration_key: ")); /* required, and missing */
	assert_non_null(strstr(ran.out, "recheck")); /* due before the earliest */
	ran_free(&ran);
	ran = run_at("/tmp/tillsyn-nobody.sock", NULL,
	             WORDS("check-config", "/tmp/tillsyn-no-such.conf"));
	assert_int_equal(ran.end, ADMIN_REFUSED);
	assert_string_equal(ran.err, "tillsynctl: /tmp/tillsyn-no-such.conf: not found\n");
	ran_free(&ran);
	desk_remove(&desk);
}

static void help_names_every_command(void **state)
{
	struct ran ran = run_at("/tmp/tillsyn-nobody.sock", NULL, WORDS("help"));

	(void)state;
	assert_int_equal(ran.end, ADMIN_OK);
	for (const struct command *c = commands; c->name != NULL; c++)
		assert_non_null(strstr(ran.out, c->sentence));
	ran_free(&ran);
	ran = run_at("/tmp/tillsyn-nobody.sock", NULL, WORDS("help", "enrol"));
	assert_non_null(
		strstr(ran.out, "tillsynctl enrol CAMERA SERIAL RESIDENT KEYHEX [--accepted]\n"));
	ran_free(&ran);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(simple_commands_say_what_the_hub_says),
		cmocka_unit_test(a_pause_is_read_in_the_time_of_the_centre),
		cmocka_unit_test(a_night_is_a_table_in_local_time),
		cmocka_unit_test(the_log_is_told_an_event_a_line),
		cmocka_unit_test(the_looks_are_told_a_look_a_line),
		cmocka_unit_test(a_finding_ends_with_one),
		cmocka_unit_test(a_refusal_is_one_line_and_ends_with_one),
		cmocka_unit_test(a_bad_hub_is_one_line_too),
		cmocka_unit_test(bad_words_end_with_two_and_reach_nobody),
		cmocka_unit_test(an_import_shows_and_applies_only_when_told),
		cmocka_unit_test(an_unchanged_agreement_is_not_signed_again),
		cmocka_unit_test(a_withdrawal_is_lifted_only_by_name),
		cmocka_unit_test(an_ended_consent_lifts_nothing),
		cmocka_unit_test(a_folder_with_another_key_stops_the_import),
		cmocka_unit_test(a_wrong_document_reaches_nobody),
		cmocka_unit_test(an_import_in_another_zone_is_refused),
		cmocka_unit_test(check_config_lists_every_wrong_line),
		cmocka_unit_test(help_names_every_command),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
