/*
 * Checkpoints as signed notes, against a note that another program made: a few lines of Python with
 * hashlib and the cryptography package, from the key whose seed is 00 01 … 1f.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/text.h"
#include "core/checkpoint.h"
#include "os/crypto.h"

#include <stdio.h>
#include <string.h>

static const char known[] =
	"tillsyn/nordstad\n"
	"1042\n"
	"ZGVmZ2hpamtsbW5vcHFyc3R1dnd4eXp7fH1+f4CBgoM=\n"
	"epoch 3\n"
	"index 87 yMnKy8zNzs/Q0dLT1NXW19jZ2tvc3d7f4OHi4+Tl5uc=\n"
	"\n"
	"\xe2\x80\x94 tillsyn/nordstad UD5hmjxglpvyR3uk1ldgSrEfnrPR25reXEAcoS+8gI8VFc4DE75ffjUMbC/b0KCP0BhI/OAqDsqeEZWtaDIETw/akgw=\n";

static const struct crypto *crypto;
static uint8_t public_key[KEY_BYTES], secret_key[SECRET_KEY_BYTES];

static struct checkpoint known_checkpoint(void)
{
	struct checkpoint checkpoint = {
		.origin = "tillsyn/nordstad", .size = 1042, .epoch = 3, .residents = 87};

	for (uint8_t i = 0; i < HASH_BYTES; i++) {
		checkpoint.root[i] = (uint8_t)(100 + i);
		checkpoint.index_root[i] = (uint8_t)(200 + i);
	}
	return checkpoint;
}

static enum err open_text(const char *note, size_t len, struct checkpoint *checkpoint)
{
	return checkpoint_open(crypto, note, len, public_key, checkpoint);
}

static void a_note_of_another_program_is_the_same(void **state)
{
	struct checkpoint checkpoint = known_checkpoint(), opened;
	struct buf note = buf_new(CHECKPOINT_MAX_BYTES);

	(void)state;
	assert_int_equal(checkpoint_sign(crypto, &checkpoint, public_key, secret_key, &note), ERR_OK);
	assert_int_equal(note.len, sizeof known - 1);
	assert_memory_equal(note.data, known, note.len);
	assert_int_equal(open_text(known, sizeof known - 1, &opened), ERR_OK);
	assert_memory_equal(&opened, &checkpoint, sizeof opened);
	buf_free(&note);
}

/* No byte of it can be another: either it is no checkpoint any more, or nobody signed it. */
static void no_byte_can_be_changed(void **state)
{
	struct checkpoint opened;
	char note[sizeof known];

	(void)state;
	for (size_t i = 0; i < sizeof known - 1; i++)
		for (int bit = 0; bit < 8; bit++) {
			memcpy(note, known, sizeof known);
			note[i] = (char)(note[i] ^ 1 << bit);
			assert_int_not_equal(open_text(note, sizeof known - 1, &opened), ERR_OK);
		}
	for (size_t len = 0; len < sizeof known - 1; len++)
		assert_int_not_equal(open_text(known, len, &opened), ERR_OK);
}

static void witnesses_may_sign_beside_it(void **state)
{
	struct checkpoint opened;
	char note[2 * sizeof known], *signature;

	(void)state;
	strcpy(note, known);
	strcat(note, "\xe2\x80\x94 witness.example/w1 AAAAAAAA\n");
	assert_int_equal(open_text(note, strlen(note), &opened), ERR_OK);
	/* Before ours, too. */
	strcpy(note, known);
	signature = strstr(note, "\n\n") + 2;
	strcpy(signature, "\xe2\x80\x94 witness.example/w1 AAAAAAAA\n");
	strcat(note, strstr(known, "\n\n") + 2);
	assert_int_equal(open_text(note, strlen(note), &opened), ERR_OK);
	/* Alone, they are not ours. */
	signature[strlen("\xe2\x80\x94 witness.example/w1 AAAAAAAA\n")] = '\0';
	assert_int_equal(open_text(note, strlen(note), &opened), ERR_SIGNATURE);
}

static void another_key_is_another_log(void **state)
{
	struct checkpoint opened = {.size = 7};
	uint8_t other_public[KEY_BYTES], other_secret[SECRET_KEY_BYTES];

	(void)state;
	crypto->sign_keypair(other_public, other_secret);
	assert_int_equal(checkpoint_open(crypto, known, sizeof known - 1, other_public, &opened),
	                 ERR_SIGNATURE);
	assert_int_equal(opened.size, 7);
}

/* Each is refused although nothing in it is wrong but its spelling, or what it leaves out. */
static void one_spelling_only(void **state)
{
	static const char *const changes[][2] = {
		{"1042", "01042"},
		{"1042", "+1042"},
		{"1042", "18446744073709552658"}, /* 1042, wrapped around */
		{"1042", ""},
		{"1042", "28446744073709551616"}, /* wrapped around to as many digits */
		{"ZGVmZ2hpamtsbW5vcHFyc3R1dnd4eXp7fH1+f4CBgoM=", "ZGVm"},
		{"ZGVmZ2hpamtsbW5vcHFyc3R1dnd4eXp7fH1+f4CBgoM=", "ZGVmZ2hpamtsbW5vcHFyc3R1dnd4eXp7fH1+f4CBgoN="},
		{"epoch 3", "epoch 03"},
		{"epoch 3", "Epoch 3"},
		{"epoch 3\n", ""},
		{"index 87 ", "index 87  "},
		{"index 87 ", "index "},
		{"tillsyn/nordstad\n1042", "tillsyn nordstad\n1042"},
		{"\nepoch", "\nmore\nepoch"},
		{"\n\n", "\n"},
	};
	struct checkpoint opened;
	char note[2 * sizeof known];

	(void)state;
	for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
		const char *at = strstr(known, changes[i][0]);

		snprintf(note, sizeof note, "%.*s%s%s", (int)(at - known), known, changes[i][1],
		         at + strlen(changes[i][0]));
		assert_int_equal(open_text(note, strlen(note), &opened), ERR_PARSE);
	}
}

static void an_origin_is_a_key_name(void **state)
{
	struct checkpoint checkpoint = known_checkpoint();
	struct buf note = buf_new(CHECKPOINT_MAX_BYTES);
	char longest[NAME_MAX_BYTES + 1] = {0};

	(void)state;
	assert_true(checkpoint_is_origin("tillsyn/nordstad"));
	assert_false(checkpoint_is_origin(""));
	assert_false(checkpoint_is_origin("a b"));
	assert_false(checkpoint_is_origin("a+b"));
	assert_false(checkpoint_is_origin("a\nb"));
	memset(longest, 'o', sizeof longest - 1);
	assert_false(checkpoint_is_origin(longest));
	longest[NAME_MAX_BYTES - 1] = '\0';
	assert_true(checkpoint_is_origin(longest));
	strcpy(checkpoint.origin, "a b");
	assert_int_equal(checkpoint_sign(crypto, &checkpoint, public_key, secret_key, &note), ERR_PARSE);
	assert_int_equal(note.len, 0);
	buf_free(&note);
}

/* For telling what a note is about: whoever signed it, and if nobody did. */
static void a_note_is_read_without_a_key(void **state)
{
	struct checkpoint checkpoint = known_checkpoint(), read = {.size = 7};
	size_t text_len = (size_t)(strstr(known, "\n\n") + 1 - known);
	char note[sizeof known];

	(void)state;
	assert_int_equal(checkpoint_read(known, sizeof known - 1, &read), ERR_OK);
	assert_string_equal(read.origin, checkpoint.origin);
	assert_int_equal(read.size, checkpoint.size);
	assert_memory_equal(read.root, checkpoint.root, HASH_BYTES);
	assert_int_equal(checkpoint_read(known, text_len, &read), ERR_OK);
	assert_int_equal(read.residents, checkpoint.residents);
	read.size = 7;
	for (size_t len = 0; len < text_len; len++)
		assert_int_equal(checkpoint_read(known, len, &read), ERR_PARSE);
	/* Only signatures may follow. */
	memcpy(note, known, sizeof known);
	note[text_len] = 'x';
	assert_int_equal(checkpoint_read(note, sizeof known - 1, &read), ERR_PARSE);
	assert_int_equal(read.size, 7);
}

/* What is larger than a note may be is not read, though its signature were good. */
static void a_note_has_a_largest_size(void **state)
{
	static const char witness[] = "\xe2\x80\x94 witness.example/w1 AAAAAAAA\n";
	struct checkpoint opened;
	char note[CHECKPOINT_MAX_BYTES + sizeof witness];
	size_t len = sizeof known - 1;

	(void)state;
	memcpy(note, known, len);
	while (len + sizeof witness - 1 <= CHECKPOINT_MAX_BYTES) {
		memcpy(note + len, witness, sizeof witness - 1);
		len += sizeof witness - 1;
	}
	assert_int_equal(open_text(note, len, &opened), ERR_OK);
	assert_int_equal(checkpoint_read(note, len, &opened), ERR_OK);
	memcpy(note + len, witness, sizeof witness - 1);
	len += sizeof witness - 1;
	assert_int_equal(open_text(note, len, &opened), ERR_PARSE);
	assert_int_equal(checkpoint_read(note, len, &opened), ERR_PARSE);
}

static void a_first_line_without_end_is_no_origin(void **state)
{
	static const size_t lengths[] = {NAME_MAX_BYTES, CHECKPOINT_MAX_BYTES - sizeof known};
	struct checkpoint opened;
	char note[sizeof known + CHECKPOINT_MAX_BYTES];

	(void)state;
	for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
		memset(note, 'o', lengths[i]);
		strcpy(note + lengths[i], strchr(known, '\n'));
		assert_int_equal(open_text(note, strlen(note), &opened), ERR_PARSE);
		assert_int_equal(checkpoint_read(note, strlen(note), &opened), ERR_PARSE);
	}
}

/* Where the room ends in the middle of a note, nobody takes the half of it for one. */
static void half_a_note_is_an_error(void **state)
{
	struct checkpoint checkpoint = known_checkpoint();

	(void)state;
	for (size_t room = 0; room < sizeof known; room++) {
		struct buf note = buf_new(room);
		enum err r = checkpoint_sign(crypto, &checkpoint, public_key, secret_key, &note);

		assert_int_equal(r, room < sizeof known - 1 ? ERR_LIMIT : ERR_OK);
		buf_free(&note);
	}
}

static int start(void **state)
{
	(void)state;
	crypto = crypto_sodium();
	if (crypto == NULL
	    || text_from_hex(public_key, KEY_BYTES,
	                     "03a107bff3ce10be1d70dd18e74bc09967e4d6309ba50d5f1ddc8664125531b8") != ERR_OK)
		return 1;
	for (uint8_t i = 0; i < KEY_BYTES; i++)
		secret_key[i] = i;
	memcpy(secret_key + KEY_BYTES, public_key, KEY_BYTES);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_note_of_another_program_is_the_same),
		cmocka_unit_test(no_byte_can_be_changed),
		cmocka_unit_test(witnesses_may_sign_beside_it),
		cmocka_unit_test(another_key_is_another_log),
		cmocka_unit_test(one_spelling_only),
		cmocka_unit_test(an_origin_is_a_key_name),
		cmocka_unit_test(a_note_is_read_without_a_key),
		cmocka_unit_test(a_note_has_a_largest_size),
		cmocka_unit_test(a_first_line_without_end_is_no_origin),
		cmocka_unit_test(half_a_note_is_an_error),
	};

	return cmocka_run_group_tests_name("checkpoint", tests, start, NULL);
}
