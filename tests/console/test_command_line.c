/* The console's command line: what goes together, and one clear line for what does not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "console/conf.h"
#include "console/options.h"

#include <getopt.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define PIN "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"
#define SHOWS "--certificate", "a.pem", "--certificate-key", "a.key"
#define READ(options, ...) read_all(options, (const char *const[]){"tillsyn", __VA_ARGS__, NULL})

enum { GOES_ON = 0, USAGE = 2 + 1 };

static int read_all(struct options *options, const char *const *words)
{
	static const struct conf_places nowhere;
	struct command_line line = {0};
	char copies[16][128], *argv[17];
	int argc = 0, status, before = dup(STDERR_FILENO);

	for (; words[argc] != NULL; argc++) {
		snprintf(copies[argc], sizeof copies[argc], "%s", words[argc]);
		argv[argc] = copies[argc];
	}
	argv[argc] = NULL;
	optind = 0; /* glibc begins anew */
	/* What it says is for people. */
	assert_non_null(freopen("/dev/null", "w", stderr));
	status = command_line_read(&line, argc, argv);
	if (status == GOES_ON) {
		assert_int_equal(conf_read(&nowhere, &line, options, NULL), 0);
		status = options_fault(options) != NULL ? USAGE : GOES_ON;
	}
	fflush(stderr);
	dup2(before, STDERR_FILENO);
	close(before);
	return status;
}

static void test_hub_on_this_machine(void **state)
{
	struct options options;

	(void)state;
	assert_int_equal(READ(&options, "--socket", "hub.sock", "--key", "anna.key"), GOES_ON);
	assert_string_equal(options.socket, "hub.sock");
	assert_string_equal(options.host, "");
	assert_non_null(strstr(options.picture_program, "/tillsyn-picture"));
	assert_int_equal(READ(&options, "--socket", "hub.sock"), USAGE);
	assert_int_equal(READ(&options, "--key", "anna.key"), USAGE);
	assert_int_equal(READ(&options, "--socket", "", "--key", "anna.key"), USAGE);
}

static void test_hub_elsewhere(void **state)
{
	struct options options;

	(void)state;
	assert_int_equal(
		READ(&options, "--host", "hub.example.org", SHOWS, "--ca", "ca.pem", "--key", "k"),
		GOES_ON);
	assert_string_equal(options.host, "hub.example.org");
	assert_int_equal(options.port, CONSOLE_PORT);
	assert_string_equal(options.certificate, "a.pem");
	assert_string_equal(options.certificate_key, "a.key");
	assert_string_equal(options.ca, "ca.pem");
	assert_false(options_has_pin(&options));
	assert_int_equal(
		READ(&options, "--host", "::1", "--port", "65535", SHOWS, "--pin", PIN, "--key", "k"),
		GOES_ON);
	assert_int_equal(options.port, 65535);
	assert_true(options_has_pin(&options));
	assert_int_equal(options.pin[1], 0x11);
	assert_int_equal(options.pin[HASH_BYTES - 1], 0xff);
}

static void test_nobody_known(void **state)
{
	struct options options;

	(void)state;
	/* The hub must be known by something, and the operator by hers. */
	assert_int_equal(READ(&options, "--host", "h", SHOWS, "--key", "k"), USAGE);
	assert_int_equal(READ(&options, "--host", "h", "--ca", "ca.pem", "--key", "k"), USAGE);
	assert_int_equal(
		READ(&options, "--host", "h", "--certificate", "a.pem", "--ca", "c.pem", "--key", "k"),
		USAGE);
}

static void test_neither_one_nor_the_other(void **state)
{
	struct options options;

	(void)state;
	assert_int_equal(
		READ(&options, "--socket", "s", "--host", "h", SHOWS, "--pin", PIN, "--key", "k"),
		USAGE);
	/* Who gives a certificate expects it to count. */
	assert_int_equal(READ(&options, "--socket", "s", SHOWS, "--key", "k"), USAGE);
	assert_int_equal(READ(&options, "--socket", "s", "--pin", PIN, "--key", "k"), USAGE);
	assert_int_equal(READ(&options, "--socket", "s", "--port", "7440", "--key", "k"), USAGE);
}

static void test_values_that_cannot_be_used(void **state)
{
	static const char *const ports[] = {"0", "65536", "-1", "http", "7440x", ""};
	static const char *const pins[] = {"", "00", (PIN "00"), ("z" PIN)};
	struct options options;

	(void)state;
	for (size_t i = 0; i < sizeof ports / sizeof ports[0]; i++)
		assert_int_equal(READ(&options, "--host", "h", "--port", ports[i], SHOWS, "--pin",
		                      PIN, "--key", "k"),
		                 USAGE);
	for (size_t i = 0; i < sizeof pins / sizeof pins[0]; i++)
		assert_int_equal(READ(&options, "--host", "h", SHOWS, "--pin", pins[i], "--key", "k"),
		                 USAGE);
	assert_int_equal(READ(&options, "--socket", "s", "--key", "k", "--picture", "oil"), USAGE);
	assert_int_equal(READ(&options, "--socket", "s", "--key", "k", "--theme", ""), USAGE);
	assert_int_equal(READ(&options, "--socket", "s", "--key", "k", "more"), USAGE);
	assert_int_equal(READ(&options, "--socket", "s", "--key", "k", "--more"), USAGE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_hub_on_this_machine),
		cmocka_unit_test(test_hub_elsewhere),
		cmocka_unit_test(test_nobody_known),
		cmocka_unit_test(test_neither_one_nor_the_other),
		cmocka_unit_test(test_values_that_cannot_be_used),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
