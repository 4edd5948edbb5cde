/*
 * What a camera will believe is made here: signed once a change, never for nothing, never over
 * another key's.
 */
#include "admin/signing.h"

#include "os/crypto.h"
#include "os/file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

struct keys {
	const struct crypto *crypto;
	uint8_t public[KEY_BYTES], secret[SECRET_KEY_BYTES];
};

static struct keys make_keys(void)
{
	struct keys keys = {.crypto = crypto_sodium()};

	assert_non_null(keys.crypto);
	keys.crypto->sign_keypair(keys.public, keys.secret);
	return keys;
}

static struct agreement sample(void)
{
	struct agreement a = agreement_blank();

	strcpy(a.id, "a-1");
	strcpy(a.camera, "c-1");
	strcpy(a.zone, "Europe/Stockholm");
	strcpy(a.area, "north");
	a.priority = 5;
	a.n_persons = a.n_consents = a.n_slots = 1;
	a.person[0] = (struct person){.id = "r-1", .from_day = 20000, .to_day = DAY_OPEN};
	a.consent[0] = (struct consent){.who = "r-1", .from_day = 20000, .to_day = DAY_OPEN};
	a.slot[0] = (struct slot){.id = "s1",
	                          .kind = SLOT_CAMERA,
	                          .weekdays = 0x7f,
	                          .from_min = 60,
	                          .to_min = -1,
	                          .from_day = 20000,
	                          .to_day = DAY_OPEN};
	return a;
}

/* As the hub would give it back. */
static struct held hold(const struct signed_doc *doc)
{
	struct held held = {.doc = doc->doc.data, .len = doc->doc.len};

	memcpy(held.signature, doc->signature, sizeof held.signature);
	return held;
}

static void a_new_agreement_is_signed_as_version_one(void **state)
{
	static const struct held nothing;
	struct keys keys = make_keys();
	struct agreement wanted = sample(), got;
	struct signed_doc doc;

	(void)state;
	assert_int_equal(sign_agreement(keys.crypto, keys.secret, &wanted, &nothing, &doc), ERR_OK);
	assert_true(doc.changed);
	assert_int_equal(doc.version, 1);
	assert_true(agreement_verify(keys.crypto, doc.doc.data, doc.doc.len, keys.public,
	                             doc.signature));
	assert_int_equal(agreement_decode(&got, doc.doc.data, doc.doc.len), ERR_OK);
	assert_int_equal(got.version, 1);
	assert_string_equal(got.slot[0].id, "s1");
	buf_free(&doc.doc);
}

static void only_a_change_makes_a_version(void **state)
{
	static const struct held nothing;
	struct keys keys = make_keys();
	struct agreement wanted = sample();
	struct signed_doc first, same, second;
	struct held held;

	(void)state;
	assert_int_equal(sign_agreement(keys.crypto, keys.secret, &wanted, &nothing, &first),
	                 ERR_OK);
	held = hold(&first);
	assert_int_equal(sign_agreement(keys.crypto, keys.secret, &wanted, &held, &same), ERR_OK);
	assert_false(same.changed);
	assert_int_equal(same.doc.len, 0);
	wanted.slot[0].from_min = 75;
	assert_int_equal(sign_agreement(keys.crypto, keys.secret, &wanted, &held, &second), ERR_OK);
	assert_true(second.changed);
	assert_int_equal(second.version, 2);
	assert_true(agreement_verify(keys.crypto, second.doc.data, second.doc.len, keys.public,
	                             second.signature));
	buf_free(&first.doc);
	buf_free(&same.doc);
	buf_free(&second.doc);
}

/* A folder with the wrong key would disturb every camera at once. */
static void what_another_key_signed_is_not_signed_over(void **state)
{
	static const struct held nothing;
	struct keys keys = make_keys(), other = make_keys();
	struct agreement wanted = sample();
	struct signed_doc first, second;
	struct held held;

	(void)state;
	assert_int_equal(sign_agreement(other.crypto, other.secret, &wanted, &nothing, &first),
	                 ERR_OK);
	held = hold(&first);
	assert_int_equal(sign_agreement(keys.crypto, keys.secret, &wanted, &held, &second),
	                 ERR_SIGNATURE);
	buf_free(&second.doc);
	held.signature[0] ^= 1;
	assert_int_equal(sign_agreement(other.crypto, other.secret, &wanted, &held, &second),
	                 ERR_SIGNATURE);
	buf_free(&first.doc);
	buf_free(&second.doc);
}

static void there_is_no_version_after_the_last(void **state)
{
	struct keys keys = make_keys();
	struct agreement wanted = sample(), last = sample();
	struct signed_doc second = {.doc = buf_new(AGREEMENT_MAX_BYTES)}, third;
	struct held held;

	(void)state;
	last.version = UINT32_MAX;
	assert_int_equal(agreement_encode(&last, &second.doc), ERR_OK);
	agreement_sign(keys.crypto, second.doc.data, second.doc.len, keys.secret, second.signature);
	held = hold(&second);
	wanted.slot[0].from_min = 75;
	assert_int_equal(sign_agreement(keys.crypto, keys.secret, &wanted, &held, &third),
	                 ERR_LIMIT);
	assert_false(third.changed);
	buf_free(&second.doc);
	buf_free(&third.doc);
}

static void the_roster_does_not_depend_on_the_order_of_the_document(void **state)
{
	static const struct held nothing;
	struct keys keys = make_keys();
	struct document_operator forth[] = {{.id = "anna", .key = {1}}, {.id = "bo", .key = {2}}};
	struct document_operator back[] = {{.id = "bo", .key = {2}}, {.id = "anna", .key = {1}}};
	struct document document = {.operators = forth, .n_operators = 2};
	struct roster roster;
	struct signed_doc first, same, second;
	struct held held;

	(void)state;
	assert_int_equal(sign_roster(keys.crypto, keys.secret, &document, &nothing, &first),
	                 ERR_OK);
	assert_true(first.changed);
	assert_true(roster_verify(keys.crypto, first.doc.data, first.doc.len, keys.public,
	                          first.signature));
	held = hold(&first);
	document.operators = back;
	assert_int_equal(sign_roster(keys.crypto, keys.secret, &document, &held, &same), ERR_OK);
	assert_false(same.changed);
	document.n_operators = 1;
	assert_int_equal(sign_roster(keys.crypto, keys.secret, &document, &held, &second), ERR_OK);
	assert_true(second.changed);
	assert_int_equal(roster_decode(&roster, second.doc.data, second.doc.len), ERR_OK);
	assert_int_equal(roster.version, 2);
	assert_non_null(roster_key(&roster, "bo"));
	assert_null(roster_key(&roster, "anna"));
	buf_free(&first.doc);
	buf_free(&same.doc);
	buf_free(&second.doc);
}

/* A folder of a test; the caller removes it with remove_folder(). */
static void make_folder(char folder[32])
{
	strcpy(folder, "/tmp/tillsyn-keys-XXXXXX");
	assert_non_null(mkdtemp(folder));
}

static void remove_folder(const char *folder)
{
	static const char *const names[] = {"administration.key", "administration.pub",
	                                    "signer.key",         "signer.pub",
	                                    "operators/anna.key", "operators/anna.pub",
	                                    "operators/bo.key",   "operators/bo.pub",
	                                    "operators",          "."};
	char path[96];

	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		snprintf(path, sizeof path, "%s/%s", folder, names[i]);
		if (unlink(path) != 0)
			rmdir(strcmp(names[i], ".") == 0 ? folder : path);
	}
}

/* Runs init; what it printed goes to said, the caller's. */
static enum admin_exit init(struct args args, char **said)
{
	struct admin admin = {0};
	size_t len;
	enum admin_exit end;

	admin.out = admin.err = open_memstream(said, &len);
	end = init_run(&admin, &args);
	fclose(admin.out);
	return end;
}

static void init_makes_keys_and_keeps_what_exists(void **state)
{
	const struct crypto *crypto = crypto_sodium();
	struct admin admin = {.out = stdout, .err = stderr};
	uint8_t before[SECRET_KEY_BYTES], after[SECRET_KEY_BYTES];
	char folder[32], *said;
	struct args first = {.n = 3, .word = {folder, "--operator", "anna"}};
	struct args second = {.n = 5, .word = {folder, "--operator", "anna", "--operator", "bo"}};

	(void)state;
	make_folder(folder);
	assert_int_equal(init(first, &said), ADMIN_OK);
	assert_non_null(strstr(said, "made     /tmp/"));
	assert_null(strstr(said, "kept"));
	free(said);
	assert_true(secret_key_read(&admin, crypto, folder, "administration.key", before));
	assert_int_equal(init(second, &said), ADMIN_OK);
	assert_non_null(strstr(said, "kept"));
	assert_non_null(strstr(said, "bo.key"));
	free(said);
	assert_true(secret_key_read(&admin, crypto, folder, "administration.key", after));
	assert_memory_equal(before, after, sizeof before);
	remove_folder(folder);
}

static void a_key_that_others_can_read_is_refused(void **state)
{
	const struct crypto *crypto = crypto_sodium();
	struct admin admin = {.out = stdout};
	uint8_t key[SECRET_KEY_BYTES];
	char folder[32], path[64], *said;
	size_t len;

	(void)state;
	make_folder(folder);
	assert_int_equal(init((struct args){.n = 1, .word = {folder}}, &said), ADMIN_OK);
	free(said);
	snprintf(path, sizeof path, "%s/administration.key", folder);
	assert_int_equal(file_write(path, "00", 2, 0644), ERR_OK);
	admin.err = open_memstream(&said, &len);
	assert_false(secret_key_read(&admin, crypto, folder, "administration.key", key));
	assert_int_equal(file_write(path, "00", 2, 0600), ERR_OK);
	assert_false(secret_key_read(&admin, crypto, folder, "administration.key", key));
	assert_false(secret_key_read(&admin, crypto, folder, "nobody.key", key));
	fclose(admin.err);
	assert_non_null(strstr(said, "must be readable by you alone"));
	assert_non_null(strstr(said, "is not a secret key of 128 hexadecimal digits"));
	assert_non_null(strstr(said, "nobody.key: not found"));
	free(said);
	remove_folder(folder);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_new_agreement_is_signed_as_version_one),
		cmocka_unit_test(only_a_change_makes_a_version),
		cmocka_unit_test(what_another_key_signed_is_not_signed_over),
		cmocka_unit_test(there_is_no_version_after_the_last),
		cmocka_unit_test(the_roster_does_not_depend_on_the_order_of_the_document),
		cmocka_unit_test(init_makes_keys_and_keeps_what_exists),
		cmocka_unit_test(a_key_that_others_can_read_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
