/* tillsynd-signer as the hub meets it: what it signs and refuses, over restarts and deaths, and who may speak. */
#include "signer/served.h"

#include "signer/state.h"

#include <sys/resource.h>

static void it_signs_what_follows(void **state)
{
	struct desk *desk = desk_new();
	struct notary_order order;

	(void)state;
	begin_state(desk);
	assert_int_equal(start_signer(desk), 0);
	for (int64_t id = 1; id < 5; id++) {
		order = order_look(desk, id == 1 ? 0 : desk->log.size - 2);
		send_order(desk, id, &order);
		await_signed(desk, id, &order);
		small_log_other(&desk->log, "elsa");
		small_log_other(&desk->log, "elsa");
	}
	/* A restart forgets nothing. */
	kill_signer(desk);
	assert_int_equal(start_signer(desk), desk->log.size - 2);
	order = order_look(desk, desk->log.size - 2);
	send_order(desk, 9, &order);
	await_signed(desk, 9, &order);
	desk_free(desk);
}

static void it_refuses_what_does_not(void **state)
{
	struct desk *desk = desk_new();
	struct notary_order order;

	(void)state;
	begin_state(desk);
	start_signer(desk);
	order = order_look(desk, 0);
	send_order(desk, 1, &order);
	await_signed(desk, 1, &order);
	/* A hub on an older copy of its database. */
	desk->log.size -= 3;
	order = order_look(desk, 9);
	send_order(desk, 2, &order);
	await_refused(desk, 2, ERR_STALE);
	/* It grows past what was signed, and is another log; over a restart too. */
	while (desk->log.size < 14)
		small_log_other(&desk->log, "rut");
	order = order_look(desk, 9);
	send_order(desk, 3, &order);
	await_refused(desk, 3, ERR_DENIED);
	kill_signer(desk);
	assert_int_equal(start_signer(desk), 9);
	send_order(desk, 4, &order);
	await_refused(desk, 4, ERR_DENIED);
	/* Another log's name. */
	strcpy(order.before.origin, "tillsyn/sydstad");
	strcpy(order.after.origin, "tillsyn/sydstad");
	send_order(desk, 5, &order);
	await_refused(desk, 5, ERR_DENIED);
	desk_free(desk);
}

/*
 * The power fails between the state and the answer: the state is as it would have been written, the answer was never
 * seen. The look is over; its checkpoint can be had, another log cannot, and the log goes on.
 */
static void an_answer_that_was_lost(void **state)
{
	struct desk *desk = desk_new();
	struct notary_order order, alone, other;
	struct state signed_last = {.len = 0};
	uint64_t size = desk->log.size;

	(void)state;
	begin_state(desk);
	order = order_look(desk, 0);
	small_log_note(&desk->log, &order.after, signed_last.note, &signed_last.len);
	assert_int_equal(state_write(desk->state, &signed_last), ERR_OK);
	assert_int_equal(start_signer(desk), size);
	send_order(desk, 1, &order);
	await_refused(desk, 1, ERR_STALE);
	alone = (struct notary_order){.after = order.after};
	send_order(desk, 2, &alone);
	await_signed(desk, 2, &alone);
	other = alone;
	other.after.index_root[0] ^= 1;
	other.after.root[0] ^= 1;
	send_order(desk, 3, &other);
	await_refused(desk, 3, ERR_DENIED);
	small_log_other(&desk->log, "elsa");
	order = order_look(desk, size);
	send_order(desk, 4, &order);
	await_signed(desk, 4, &order);
	desk_free(desk);
}

/* Killed at any moment under orders, it never knows less than what it has answered. */
static void deaths_under_orders(void **state)
{
	struct desk *desk = desk_new();
	uint64_t answered = 0;

	(void)state;
	begin_state(desk);
	for (int death = 0; death < 6; death++) {
		uint64_t last = start_signer(desk);
		struct notary_frame frame;

		assert_true(last >= answered);
		for (int64_t id = 1; id <= 5; id++) {
			struct notary_order order;

			small_log_other(&desk->log, "elsa");
			small_log_other(&desk->log, "elsa");
			order = order_look(desk, last);
			send_order(desk, id, &order);
			last = desk->log.size;
			if (id > death)
				continue;
			await_signed(desk, id, &order);
			answered = last;
		}
		kill(desk->child, SIGKILL);
		assert_int_equal(await_exit(desk->child), -SIGKILL);
		desk->child = 0;
		while (next_frame(desk, &frame)) {
			struct notary_answer answer;
			struct checkpoint after;
			int64_t id;

			assert_int_equal(notary_get_signed(&frame, &id, &answer), ERR_OK);
			assert_int_equal(checkpoint_open(desk->log.crypto, answer.after, answer.after_len,
			                                 desk->log.signer_public, &after), ERR_OK);
			answered = after.size;
		}
	}
	assert_true(start_signer(desk) >= answered);
	desk_free(desk);
}

static void expect_no_start(struct desk *desk, const char *words)
{
	assert_int_equal(await_exit(run_signer(desk, "--socket", desk->socket, NULL)), 1);
	if (!said(desk, words))
		fail_msg("it did not say: %s", words);
	unlink(desk->words);
	assert_int_equal(try_connect(desk), -1);
}

static void without_its_state_it_does_not_start(void **state)
{
	struct desk *desk = desk_new();

	(void)state;
	expect_no_start(desk, "no state");
	begin_state(desk);
	/* Beginning again would forget. */
	assert_int_equal(await_exit(run_signer(desk, "--new", "tillsyn/nordstad", NULL)), 1);
	assert_true(said(desk, "is kept"));
	assert_int_equal(start_signer(desk), 0);
	kill_signer(desk);
	assert_int_equal(unlink(desk->state), 0);
	expect_no_start(desk, "no state");
	assert_int_equal(await_exit(run_signer(desk, "--new", "no origin", NULL)), 1);
	assert_true(said(desk, "not a log's name"));
	assert_int_equal(access(desk->state, F_OK), -1);
	desk_free(desk);
}

/* Any byte of it, and any length. */
static void a_damaged_state_is_none(void **state)
{
	struct desk *desk = desk_new();
	struct state good, read;

	(void)state;
	begin_state(desk);
	assert_int_equal(state_read(desk->log.crypto, desk->state, desk->log.signer_public, &good), ERR_OK);
	for (size_t i = 0; i < good.len; i++) {
		struct state bad = good;

		bad.note[i] ^= 1;
		assert_int_equal(file_write(desk->state, bad.note, bad.len, 0600), ERR_OK);
		assert_int_not_equal(state_read(desk->log.crypto, desk->state, desk->log.signer_public, &read), ERR_OK);
		assert_int_equal(file_write(desk->state, good.note, i, 0600), ERR_OK);
		assert_int_not_equal(state_read(desk->log.crypto, desk->state, desk->log.signer_public, &read), ERR_OK);
	}
	expect_no_start(desk, "damaged");
	good.note[1] ^= 1;
	assert_int_equal(file_write(desk->state, good.note, good.len, 0600), ERR_OK);
	expect_no_start(desk, "damaged");
	desk_free(desk);
}

static void anothers_state_or_key_is_refused(void **state)
{
	struct desk *desk = desk_new();

	(void)state;
	begin_state(desk);
	desk->log.crypto->sign_keypair(desk->log.signer_public, desk->log.signer_secret);
	write_key(desk, desk->key, 0600);
	expect_no_start(desk, "not signed by this key");
	/* Halves of two keys. */
	desk->log.signer_secret[SECRET_KEY_BYTES - 1] ^= 1;
	write_key(desk, desk->key, 0600);
	expect_no_start(desk, "a key that only this user can read");
	desk->log.signer_secret[SECRET_KEY_BYTES - 1] ^= 1;
	write_key(desk, desk->key, 0640);
	expect_no_start(desk, "a key that only this user can read");
	desk_free(desk);
}

/* It cannot be noticed here: what follows from it is signed, and the hub is told how old it is. */
static void an_older_state_says_so(void **state)
{
	struct desk *desk = desk_new();
	struct state older;
	struct notary_order order;

	(void)state;
	begin_state(desk);
	assert_int_equal(state_read(desk->log.crypto, desk->state, desk->log.signer_public, &older), ERR_OK);
	start_signer(desk);
	order = order_look(desk, 0);
	send_order(desk, 1, &order);
	await_signed(desk, 1, &order);
	kill_signer(desk);
	assert_int_equal(state_write(desk->state, &older), ERR_OK);
	assert_int_equal(start_signer(desk), 0);
	desk_free(desk);
}

static void two_signers_never_share_a_state(void **state)
{
	struct desk *desk = desk_new();
	char first[96];

	(void)state;
	begin_state(desk);
	start_signer(desk);
	strcpy(first, desk->socket);
	desk_path(desk, "second", desk->socket);
	expect_no_start(desk, "another signer is at work");
	strcpy(desk->socket, first);
	meet(desk);
	desk_free(desk);
}

static void only_its_peer_may_connect(void **state)
{
	struct desk *desk = desk_new();
	char somebody[24];

	(void)state;
	begin_state(desk);
	snprintf(somebody, sizeof somebody, "%u", (unsigned)getuid() + 1);
	desk->child = run_signer(desk, "--socket", desk->socket, somebody);
	desk->fd = connect_soon(desk);
	await_refused(desk, 0, ERR_DENIED);
	await_end(desk);
	assert_int_equal(await_exit(run_signer(desk, "--socket", desk->socket, "no-such-user")), 1);
	assert_true(said(desk, "no such user"));
	desk_free(desk);
}

static void one_connection_at_a_time(void **state)
{
	struct desk *desk = desk_new();
	struct notary_order order;
	int first;

	(void)state;
	begin_state(desk);
	start_signer(desk);
	first = desk->fd;
	desk->fd = connect_soon(desk);
	await_refused(desk, 0, ERR_EXISTS);
	await_end(desk);
	hang_up(desk);
	/* The first is none the worse for it. */
	desk->fd = first;
	order = order_look(desk, 0);
	send_order(desk, 1, &order);
	await_signed(desk, 1, &order);
	assert_int_equal(meet(desk), desk->log.size);
	desk_free(desk);
}

/* Each ends its connection with a reason, and the signer is there for the next. */
static void hostile_bytes_end_their_connection(void **state)
{
	static const struct {
		const char *bytes;
		size_t len;
		enum err why;
	} bad[] = {
		{"GET / HTTP/1.1\r\n\r\n", 18, ERR_VERSION},
		{"\0\0\0\x02\x01\x02", 6, ERR_PARSE},
		{"\0\0\0\x02\x01\x01", 6, ERR_PARSE},
		{"\0\0\0\x02\x01\x09", 6, ERR_PARSE},
		{"\xff\xff\xff\xff\x01\x02", 6, ERR_LIMIT},
		{"\0\0\0\x12\x01\x02\0\0\0\0\0\0\0\x01\xff\xff\xff\xff\0\0\0\0", 22, ERR_PARSE},
	};
	struct desk *desk = desk_new();
	struct notary_order order;

	(void)state;
	begin_state(desk);
	start_signer(desk);
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		meet(desk);
		assert_int_equal(send(desk->fd, bad[i].bytes, bad[i].len, MSG_NOSIGNAL), bad[i].len);
		await_refused(desk, 0, bad[i].why);
		await_end(desk);
	}
	meet(desk);
	order = order_look(desk, 0);
	send_order(desk, 1, &order);
	await_signed(desk, 1, &order);
	desk_free(desk);
}

/* Sent in single bytes, and two at once: a stream has no edges. */
static void orders_come_in_any_pieces(void **state)
{
	struct desk *desk = desk_new();
	struct buf out = buf_new(2 * NOTARY_FRAME_MAX);
	struct notary_order first, second;

	(void)state;
	begin_state(desk);
	start_signer(desk);
	first = order_look(desk, 0);
	assert_int_equal(notary_put_order(&out, 1, &first), ERR_OK);
	for (size_t i = 0; i < out.len; i++)
		assert_int_equal(send(desk->fd, out.data + i, 1, MSG_NOSIGNAL), 1);
	await_signed(desk, 1, &first);
	out.len = 0;
	small_log_other(&desk->log, "elsa");
	first = order_look(desk, 9);
	assert_int_equal(notary_put_order(&out, 2, &first), ERR_OK);
	small_log_other(&desk->log, "elsa");
	second = order_look(desk, 10);
	assert_int_equal(notary_put_order(&out, 3, &second), ERR_OK);
	assert_int_equal(send(desk->fd, out.data, out.len, MSG_NOSIGNAL), out.len);
	await_signed(desk, 2, &first);
	await_signed(desk, 3, &second);
	buf_free(&out);
	desk_free(desk);
}

/* An answer without its state would be a signature that nobody remembers. */
static void without_room_for_the_state_nothing_is_signed(void **state)
{
	struct desk *desk = desk_new();
	struct notary_order order;
	char away[112];

	(void)state;
	begin_state(desk);
	start_signer(desk);
	/* The folder of the state is gone, for a moment. */
	snprintf(away, sizeof away, "%s.away", desk->folder);
	assert_int_equal(rename(desk->folder, away), 0);
	order = order_look(desk, 0);
	send_order(desk, 1, &order);
	await_refused(desk, 1, ERR_IO);
	assert_int_equal(rename(away, desk->folder), 0);
	assert_int_equal(meet(desk), 0);
	send_order(desk, 2, &order);
	await_signed(desk, 2, &order);
	desk_free(desk);
}

static long status_value(pid_t pid, const char *name)
{
	char path[64], line[256];
	long value = -1;
	FILE *file;

	snprintf(path, sizeof path, "/proc/%ld/status", (long)pid);
	file = fopen(path, "r");
	assert_non_null(file);
	while (fgets(line, sizeof line, file) != NULL)
		if (strncmp(line, name, strlen(name)) == 0)
			value = strtol(line + strlen(name), NULL, 10);
	fclose(file);
	return value;
}

static void it_has_given_up_what_it_does_not_need(void **state)
{
	struct desk *desk = desk_new();
	struct rlimit core;

	(void)state;
	begin_state(desk);
	start_signer(desk);
	assert_int_equal(status_value(desk->child, "Seccomp:"), 2);
	assert_true(status_value(desk->child, "VmLck:") > 0);
	assert_int_equal(prlimit(desk->child, RLIMIT_CORE, NULL, &core), 0);
	assert_int_equal(core.rlim_max, 0);
	desk_free(desk);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_signs_what_follows),
		cmocka_unit_test(it_refuses_what_does_not),
		cmocka_unit_test(an_answer_that_was_lost),
		cmocka_unit_test(deaths_under_orders),
		cmocka_unit_test(without_its_state_it_does_not_start),
		cmocka_unit_test(a_damaged_state_is_none),
		cmocka_unit_test(anothers_state_or_key_is_refused),
		cmocka_unit_test(an_older_state_says_so),
		cmocka_unit_test(two_signers_never_share_a_state),
		cmocka_unit_test(only_its_peer_may_connect),
		cmocka_unit_test(one_connection_at_a_time),
		cmocka_unit_test(hostile_bytes_end_their_connection),
		cmocka_unit_test(orders_come_in_any_pieces),
		cmocka_unit_test(without_room_for_the_state_nothing_is_signed),
		cmocka_unit_test(it_has_given_up_what_it_does_not_need),
	};

	return cmocka_run_group_tests_name("signer", tests, NULL, NULL);
}
