/*
 * The door: what the table allows comes through unchanged, and nothing else comes through at all.
 */
#include "wire/samples.h"

#include "base/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

#define LOG_QUERY "{\"message\":\"log-query\",\"command\":7"

/* What a console that is identified would get for this text. */
static enum err told(const char *text, char reason[REASON_MAX_BYTES])
{
	struct wire_message *message;
	enum err r = wire_decode(WIRE_CONSOLE, WIRE_FROM_PEER, WIRE_READY, text, strlen(text),
	                         &message, reason);

	assert_true((message != NULL) == (r == ERR_OK));
	assert_true((reason[0] == '\0') == (r == ERR_OK));
	assert_true(text_is_clean(reason));
	wire_free(message);
	return r;
}

#define assert_told(text, err, words) do { \
	char told_reason[REASON_MAX_BYTES]; \
	assert_int_equal(told(text, told_reason), err); \
	assert_string_equal(told_reason, words); \
} while (0)

static void round_trip(enum wire_id id, enum sample sample)
{
	struct wire_message *sent = sample_new(id, sample), *got = NULL;
	struct buf line = buf_new(MESSAGE_MAX_BYTES);
	char reason[REASON_MAX_BYTES];

	assert_int_equal(wire_encode(sent, &line), ERR_OK);
	assert_null(memchr(line.data, '\n', line.len));
	assert_int_equal(sample_decode(id, line.data, line.len, &got, reason), ERR_OK);
	assert_true(sample_equal(sent, got));
	wire_free(sent);
	wire_free(got);
	buf_free(&line);
}

static void every_kind_comes_back_as_it_was_sent(void **state)
{
	(void)state;
	for (int id = 0; id < WIRE_IDS; id++) {
		round_trip((enum wire_id)id, SAMPLE_LEAST);
		round_trip((enum wire_id)id, SAMPLE_MOST);
		round_trip((enum wire_id)id, SAMPLE_SPARSE);
	}
}

static void the_table_is_whole(void **state)
{
	(void)state;
	for (int id = 0; id < WIRE_IDS; id++) {
		const struct wire_kind *kind = &wire_kinds[id];
		int n = 0;

		assert_non_null(kind->name);
		assert_true(text_is_id(kind->name));
		assert_true(kind->protocols != 0 && kind->states != 0);
		for (int other = 0; other < id; other++)
			assert_string_not_equal(kind->name, wire_kinds[other].name);
		for (const struct wire_field *f = kind->fields; f->name != NULL; f++, n++) {
			assert_string_not_equal(f->name, "message");
			assert_true(f->min <= f->max);
			assert_true(f->type != WIRE_NAME || f->max < ID_MAX);
			for (int other = 0; other < n; other++)
				assert_string_not_equal(f->name, kind->fields[other].name);
		}
		assert_true(n <= WIRE_FIELDS_MAX);
	}
}

/*
 * As long as the protocol's own bounds allow, a message still fits the limit that both ends keep.
 */
static void the_largest_of_every_kind_fits(void **state)
{
	(void)state;
	for (int id = 0; id < WIRE_IDS; id++) {
		struct wire_message *message = sample_new((enum wire_id)id, SAMPLE_MOST);
		struct buf line = buf_new(2 * MESSAGE_MAX_BYTES);

		assert_int_equal(wire_encode(message, &line), ERR_OK);
		assert_true(line.len <= MESSAGE_MAX_BYTES);
		wire_free(message);
		buf_free(&line);
	}
}

static void fields_stand_in_the_order_of_the_table(void **state)
{
	struct wire_message *message = wire_new(WIRE_CLAIM);
	struct buf line = buf_new(MESSAGE_MAX_BYTES);

	(void)state;
	wire_set_int(message, "decision_version", 3);
	wire_set_int(message, "check", 2);
	wire_set_int(message, "command", 1);
	assert_int_equal(wire_encode(message, &line), ERR_OK);
	assert_string_equal(
		(char *)line.data,
		"{\"message\":\"claim\",\"command\":1,\"check\":2,\"decision_version\":3}");
	wire_free(message);
	buf_free(&line);
}

static void what_is_no_object_is_refused(void **state)
{
	static const char *const texts[] = {
		"",
		" ",
		"null",
		"7",
		"[]",
		"\"hello\"",
		"{",
		"{}}",
		"{\"message\"}",
		"{\"message\":\"activity\"} x",
		"{\"message\":\"activity\",}",
		"{'message':'activity'}",
		"{\"message\":\"activity\"}{}",
		"{\"message\":\"activity\",\"message\":\"claim\"}", /* which of the two would it be? */
		LOG_QUERY ",\"after\":1,\"after\":2}",
		LOG_QUERY ",\"after\":99999999999999999999999}",
		"{\"message\":\"acti\\u0000vity\"}",
		"\xef\xbb\xbf{\"message\":\"activity\"}",
		"{\"message\":\"\xff\"}",
	};
	char reason[REASON_MAX_BYTES];

	(void)state;
	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
		assert_int_equal(told(texts[i], reason), ERR_PARSE);
	assert_told("[", ERR_PARSE, "not a JSON object with each key once");
}

static void bytes_of_zero_are_refused(void **state)
{
	static const char text[] = "{\"message\":\"activity\"}\0";
	struct wire_message *message;
	char reason[REASON_MAX_BYTES];

	(void)state;
	assert_int_equal(wire_decode(WIRE_CONSOLE, WIRE_FROM_PEER, WIRE_READY, text, sizeof text,
	                             &message, reason),
	                 ERR_PARSE);
	assert_null(message);
}

static void nesting_is_refused(void **state)
{
	static char deep[20001];

	(void)state;
	assert_told(LOG_QUERY ",\"after\":[1]}", ERR_PARSE, "after: must be an integer");
	assert_told(LOG_QUERY ",\"resident\":{\"a\":1}}", ERR_PARSE, "resident: must be a string");
	memset(deep, '[', sizeof deep - 1);
	assert_told(deep, ERR_PARSE, "not a JSON object with each key once");
}

static void a_kind_must_be_known(void **state)
{
	(void)state;
	assert_told("{}", ERR_PARSE, "no \"message\" that names the kind");
	assert_told("{\"message\":7}", ERR_PARSE, "no \"message\" that names the kind");
	assert_told("{\"message\":\"open-lens\"}", ERR_PARSE, "open-lens: no such message");
	assert_told("{\"message\":\"\\u202e\\u001b[2J\"}", ERR_PARSE, "??[2J: no such message");
}

static void fields_must_be_those_of_the_kind(void **state)
{
	(void)state;
	assert_told("{\"message\":\"claim\",\"command\":1,\"check\":2}", ERR_PARSE,
	            "decision_version: missing in claim");
	assert_told("{\"message\":\"activity\",\"force\":true}", ERR_PARSE,
	            "force: not a field of activity");
	assert_told("{\"message\":\"activity\",\"\\u202eforce\":true}", ERR_PARSE,
	            "?force: not a field of activity");
	assert_told(LOG_QUERY ",\"a key that is far longer than any name of ours\":1}", ERR_PARSE,
	            "a key that is far longer than an: not a field of log-query");
}

static void types_must_be_those_of_the_table(void **state)
{
	(void)state;
	assert_told("{\"message\":\"log-query\",\"command\":\"7\"}", ERR_PARSE,
	            "command: must be an integer");
	assert_told("{\"message\":\"log-query\",\"command\":7.0}", ERR_PARSE,
	            "command: must be an integer");
	assert_told("{\"message\":\"log-query\",\"command\":null}", ERR_PARSE,
	            "command: must be an integer");
	assert_told("{\"message\":\"log-query\",\"command\":true}", ERR_PARSE,
	            "command: must be an integer");
	assert_told(LOG_QUERY ",\"resident\":7}", ERR_PARSE, "resident: must be a string");
	assert_told(LOG_QUERY ",\"resident\":null}", ERR_PARSE, "resident: must be a string");
}

static void numbers_must_lie_in_their_bounds(void **state)
{
	char reason[REASON_MAX_BYTES];

	(void)state;
	assert_told("{\"message\":\"log-query\",\"command\":0}", ERR_LIMIT,
	            "command: is out of bounds");
	assert_told(LOG_QUERY ",\"limit\":5001}", ERR_LIMIT, "limit: is out of bounds");
	assert_told(LOG_QUERY ",\"from_ms\":-1}", ERR_LIMIT, "from_ms: is out of bounds");
	assert_told(LOG_QUERY ",\"from_ms\":9007199254740992}", ERR_LIMIT,
	            "from_ms: is out of bounds");
	assert_int_equal(told(LOG_QUERY ",\"from_ms\":9007199254740991}", reason), ERR_OK);
}

static void names_must_be_identifiers(void **state)
{
	char reason[REASON_MAX_BYTES];

	(void)state;
	assert_told(LOG_QUERY ",\"resident\":\"a b\"}", ERR_PARSE,
	            "resident: is not an identifier");
	assert_told(LOG_QUERY ",\"resident\":\"../etc\"}", ERR_PARSE,
	            "resident: is not an identifier");
	assert_told(LOG_QUERY ",\"resident\":\"an-identifier-of-thirty-three-ch.\"}", ERR_PARSE,
	            "resident: is not an identifier");
	assert_int_equal(told(LOG_QUERY ",\"resident\":\"\"}", reason),
	                 ERR_OK); /* may be empty by the table */
	assert_told("{\"message\":\"resume\",\"command\":1,\"resident\":\"\"}", ERR_LIMIT,
	            "resident: is too short or too long");
}

static void hostile_text_is_refused(void **state)
{
	static const char *const words[] = {
		"\\u001b[2J", "line\\nline",  "\\u202egnp.exe",   "\\u200bhidden",
		"\\ufeff",    "\\u0007",      "\\u0085",          "\\ud83d",
		"\xc3\x28",   "\xed\xa0\x80", "\xf5\x80\x80\x80",
	};
	char text[256], reason[REASON_MAX_BYTES];

	(void)state;
	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
		snprintf(
			text, sizeof text,
			"{\"message\":\"withdraw\",\"command\":1,\"resident\":\"r1\",\"reason\":\"%s\"}",
			words[i]);
		assert_int_equal(told(text, reason), ERR_PARSE);
	}
	assert_int_equal(
		told("{\"message\":\"withdraw\",\"command\":1,\"resident\":\"r1\",\"reason\":\"åäö – \xf0\x9f\x91\xa9\"}",
	             reason),
		ERR_OK);
}

static void bytes_must_be_base64_of_their_length(void **state)
{
	static const char *const right =
		"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA==";
	char text[512];

	(void)state;
	snprintf(
		text, sizeof text,
		"{\"message\":\"look\",\"command\":1,\"look\":1,\"request\":\"AA==\",\"signature\":\"%s\"}",
		right);
	assert_told(text, ERR_OK, "");
	snprintf(
		text, sizeof text,
		"{\"message\":\"look\",\"command\":1,\"look\":1,\"request\":\"AB==\",\"signature\":\"%s\"}",
		right);
	assert_told(text, ERR_PARSE, "request: is not base64, or too long");
	snprintf(
		text, sizeof text,
		"{\"message\":\"look\",\"command\":1,\"look\":1,\"request\":\"\",\"signature\":\"%s\"}",
		right);
	assert_told(text, ERR_LIMIT, "request: is too short or too long");
	assert_told(
		"{\"message\":\"look\",\"command\":1,\"look\":1,\"request\":\"AA==\",\"signature\":\"AAAA\"}",
		ERR_LIMIT, "signature: is too short or too long");
	snprintf(
		text, sizeof text,
		"{\"message\":\"look\",\"command\":1,\"look\":1,\"request\":\"AA==\",\"signature\":\"AAAA%s\"}",
		right);
	assert_told(text, ERR_LIMIT, "signature: is not base64, or too long");
}

static void a_message_has_a_size_limit(void **state)
{
	size_t len = MESSAGE_MAX_BYTES + 1;
	char *text = malloc(len + 1);
	char reason[REASON_MAX_BYTES];

	(void)state;
	memset(text, ' ', len);
	text[len] = '\0';
	memcpy(text, "{\"message\":\"activity\"}", 22);
	assert_int_equal(told(text, reason), ERR_LIMIT);
	text[MESSAGE_MAX_BYTES] = '\0';
	assert_int_equal(told(text, reason), ERR_OK);
	free(text);
}

/*
 * Every kind against every protocol, direction and state: exactly the table's combinations come
 * through.
 */
static void only_the_right_sender_at_the_right_time(void **state)
{
	static const enum wire_protocol protocols[] = {WIRE_CONSOLE, WIRE_ADMIN, WIRE_CAMERA};

	(void)state;
	for (int id = 0; id < WIRE_IDS; id++) {
		struct wire_message *message = sample_new((enum wire_id)id, SAMPLE_LEAST), *got;
		struct buf line = buf_new(MESSAGE_MAX_BYTES);
		char reason[REASON_MAX_BYTES];

		assert_int_equal(wire_encode(message, &line), ERR_OK);
		for (int i = 0; i < 12; i++) {
			enum wire_protocol protocol = protocols[i / 4];
			enum wire_from from = i & 1 ? WIRE_FROM_HUB : WIRE_FROM_PEER;
			enum wire_state when = i & 2 ? WIRE_NEW : WIRE_READY;
			bool may = (wire_kinds[id].protocols & protocol) != 0
			           && wire_kinds[id].from == from
			           && (wire_kinds[id].states & when) != 0;

			assert_int_equal(wire_decode(protocol, from, when, line.data, line.len,
			                             &got, reason),
			                 may ? ERR_OK : ERR_DENIED);
			wire_free(got);
		}
		wire_free(message);
		buf_free(&line);
	}
	assert_told("{\"message\":\"permit\"}", ERR_DENIED,
	            "permit: not a message of this protocol");
	assert_told("{\"message\":\"welcome\"}", ERR_DENIED, "welcome: not yours to send");
	assert_told("{\"message\":\"hello\",\"version\":1,\"program\":\"x\"}", ERR_DENIED,
	            "hello: not now");
}

static void text_of_ours_is_cut_and_cleaned_before_it_travels(void **state)
{
	struct wire_message *message = wire_new(WIRE_ERROR);
	char text[REASON_MAX_BYTES + 8];

	(void)state;
	wire_set_text(message, "reason", "a\033[2Jb\nc");
	assert_string_equal(wire_text(message, "reason"), "a?[2Jb?c");
	memset(text, 'x', sizeof text);
	memcpy(text + REASON_MAX_BYTES - 2, "ö", 3); /* would end one byte too late */
	wire_set_text(message, "reason", text);
	assert_int_equal(strlen(wire_text(message, "reason")), REASON_MAX_BYTES - 2);
	wire_free(message);
}

/* A cut identifier would be somebody else's. */
static void a_name_is_never_cut(void **state)
{
	struct wire_message *message = wire_new(WIRE_RESUME);
	struct buf line = buf_new(MESSAGE_MAX_BYTES);

	(void)state;
	wire_set_int(message, "command", 1);
	wire_set_text(message, "resident", "an-identifier-of-thirty-three-ch.");
	assert_int_equal(wire_encode(message, &line), ERR_LIMIT);
	assert_int_equal(line.len, 0);
	wire_set_text(message, "resident", "two words");
	assert_int_equal(wire_encode(message, &line), ERR_LIMIT);
	wire_set_text(message, "resident", "r1");
	assert_int_equal(wire_encode(message, &line), ERR_OK);
	wire_free(message);
	buf_free(&line);
}

static void values_out_of_bounds_do_not_leave(void **state)
{
	struct wire_message *message = wire_new(WIRE_LOG_QUERY);
	struct buf line = buf_new(MESSAGE_MAX_BYTES);

	(void)state;
	wire_set_int(message, "command", 0);
	assert_int_equal(wire_encode(message, &line), ERR_LIMIT);
	wire_set_int(message, "command", 1);
	wire_set_int(message, "limit", 5001);
	assert_int_equal(wire_encode(message, &line), ERR_LIMIT);
	assert_int_equal(line.len, 0);
	wire_free(message);
	buf_free(&line);
}

static void what_is_absent_reads_as_nothing(void **state)
{
	struct wire_message *message = wire_new(WIRE_WELCOME);
	struct wire_message *other = wire_new(WIRE_IMPORT_OPERATOR);
	uint8_t hash[HASH_BYTES], none[HASH_BYTES] = {0};
	size_t len;

	(void)state;
	memset(hash, 1, sizeof hash);
	assert_false(wire_has(message, "operator"));
	assert_string_equal(wire_text(message, "operator"), "");
	assert_int_equal(wire_int(message, "view_ms"), 0);
	assert_false(wire_bool(message, "demo"));
	assert_null(wire_bytes(other, "certificate", &len));
	assert_int_equal(len, 0);
	wire_fixed(other, "certificate", hash, sizeof hash);
	assert_memory_equal(hash, none, sizeof hash);
	wire_free(message);
	wire_free(other);
	wire_free(NULL);
}

static uint64_t next_random(uint64_t *seed)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 7;
	*seed ^= *seed << 17;
	return *seed;
}

/* Changes, removes, repeats or inserts a few bytes. */
static void mutate(uint8_t *text, size_t *len, uint64_t *seed)
{
	static const char alphabet[] = "{}[]\",:\\0123456789-.eEtrufalsn \n\x00\xc3\xff";

	for (uint64_t n = 1 + next_random(seed) % 4; n > 0 && *len > 1; n--) {
		size_t at = next_random(seed) % *len;

		switch (next_random(seed) % 4) {
		case 0:
			text[at] ^= (uint8_t)(1u << next_random(seed) % 8);
			break;
		case 1:
			text[at] = (uint8_t)alphabet[next_random(seed) % (sizeof alphabet - 1)];
			break;
		case 2:
			memmove(text + at, text + at + 1, --*len - at);
			break;
		default:
			memmove(text + at + 1, text + at, (*len)++ - at);
			break;
		}
	}
}

/*
 * A mutated message is refused with words, or it is a message that encodes and comes back the same.
 */
static void mutations_never_break_the_door(void **state)
{
	uint64_t seed = 20260102;
	int refused = 0, accepted = 0;

	(void)state;
	for (int round = 0; round < 10000; round++) {
		enum wire_id id = (enum wire_id)(round % WIRE_IDS);
		struct wire_message *message =
			sample_new(id, round / WIRE_IDS % 4 == 0 ? SAMPLE_MOST : SAMPLE_LEAST);
		struct buf line = buf_new(MESSAGE_MAX_BYTES), again = buf_new(MESSAGE_MAX_BYTES);
		struct wire_message *got, *back;
		char reason[REASON_MAX_BYTES];
		uint8_t *text;
		size_t len;

		assert_int_equal(wire_encode(message, &line), ERR_OK);
		text = malloc(line.len + 8);
		memcpy(text, line.data, line.len);
		len = line.len;
		mutate(text, &len, &seed);
		if (sample_decode(id, text, len, &got, reason) == ERR_OK) {
			accepted++;
			assert_int_equal(wire_encode(got, &again), ERR_OK);
			assert_int_equal(sample_decode(id, again.data, again.len, &back, reason),
			                 ERR_OK);
			assert_true(sample_equal(got, back));
			wire_free(back);
		} else {
			refused++;
			assert_null(got);
			assert_true(reason[0] != '\0' && text_is_clean(reason));
		}
		wire_free(got);
		wire_free(message);
		free(text);
		buf_free(&line);
		buf_free(&again);
	}
	assert_true(refused > 1000 && accepted > 100);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_kind_comes_back_as_it_was_sent),
		cmocka_unit_test(the_table_is_whole),
		cmocka_unit_test(the_largest_of_every_kind_fits),
		cmocka_unit_test(fields_stand_in_the_order_of_the_table),
		cmocka_unit_test(what_is_no_object_is_refused),
		cmocka_unit_test(bytes_of_zero_are_refused),
		cmocka_unit_test(nesting_is_refused),
		cmocka_unit_test(a_kind_must_be_known),
		cmocka_unit_test(fields_must_be_those_of_the_kind),
		cmocka_unit_test(types_must_be_those_of_the_table),
		cmocka_unit_test(numbers_must_lie_in_their_bounds),
		cmocka_unit_test(names_must_be_identifiers),
		cmocka_unit_test(hostile_text_is_refused),
		cmocka_unit_test(bytes_must_be_base64_of_their_length),
		cmocka_unit_test(a_message_has_a_size_limit),
		cmocka_unit_test(only_the_right_sender_at_the_right_time),
		cmocka_unit_test(text_of_ours_is_cut_and_cleaned_before_it_travels),
		cmocka_unit_test(a_name_is_never_cut),
		cmocka_unit_test(values_out_of_bounds_do_not_leave),
		cmocka_unit_test(what_is_absent_reads_as_nothing),
		cmocka_unit_test(mutations_never_break_the_door),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
