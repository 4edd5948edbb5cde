/* The hub's side of the signer's socket, against a signer that this test plays: honest, lying, and gone. */
#include "core/small_log.h"

#include "core/notary_frame.h"
#include "hub/signer.h"
#include "net/loop.h"
#include "os/crypto.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define PATIENCE_MS 10000

struct town {
	struct small_log log;
	struct notary notary;
	char folder[64], path[96];
	int listener, fd;
	struct loop *loop;
	struct signer signer;
	enum err there;
	int news, answers;
	enum err err;              /* of the latest answer */
	bool late;
};

static void on_news(void *arg, enum err there)
{
	struct town *town = arg;

	town->there = there;
	town->news++;
	loop_stop(town->loop);
}

static void on_answer(void *arg, int64_t id, enum err err, const struct notary_answer *answer)
{
	struct town *town = arg;

	assert_int_equal(id, 7);
	assert_int_equal(answer != NULL, err == ERR_OK);
	town->answers++;
	town->err = err;
}

static void on_late(void *arg)
{
	struct town *town = arg;

	town->late = true;
	loop_stop(town->loop);
}

static void await_news(struct town *town)
{
	int before = town->news;
	uint32_t timer = loop_after(town->loop, PATIENCE_MS, on_late, town);

	while (town->news == before && !town->late)
		loop_run(town->loop);
	assert_false(town->late);
	loop_cancel(town->loop, timer);
}

static struct town *town_new(void)
{
	struct town *town = calloc(1, sizeof *town);
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	struct signer_link link;

	assert_non_null(town);
	town->log.crypto = crypto_sodium();
	strcpy(town->log.origin, "tillsyn/nordstad");
	town->log.crypto->sign_keypair(town->log.signer_public, town->log.signer_secret);
	town->notary = (struct notary){.crypto = town->log.crypto, .public_key = town->log.signer_public,
	                               .secret_key = town->log.signer_secret};
	for (int i = 0; i < 5; i++)
		small_log_other(&town->log, "sven");
	strcpy(town->folder, "/tmp/tillsyn-hub-signer-XXXXXX");
	assert_non_null(mkdtemp(town->folder));
	snprintf(town->path, sizeof town->path, "%s/socket", town->folder);
	strcpy(address.sun_path, town->path);
	town->listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_int_equal(bind(town->listener, (struct sockaddr *)&address, sizeof address), 0);
	assert_int_equal(listen(town->listener, 4), 0);
	town->fd = -1;
	town->loop = loop_new();
	assert_non_null(town->loop);
	link = (struct signer_link){.loop = town->loop, .crypto = town->log.crypto, .path = town->path,
	                            .public_key = town->log.signer_public, .news = on_news, .arg = town};
	assert_int_equal(signer_process(&town->signer, &link), ERR_OK);
	return town;
}

static void town_free(struct town *town)
{
	town->signer.free(town->signer.impl);
	loop_free(town->loop);
	if (town->fd >= 0)
		close(town->fd);
	close(town->listener);
	unlink(town->path);
	rmdir(town->folder);
	free(town);
}

static void say(struct town *town, struct buf *out)
{
	assert_int_equal(send(town->fd, out->data, out->len, MSG_NOSIGNAL), out->len);
	buf_free(out);
}

static void on_pending(void *arg, int events)
{
	struct town *town = arg;

	(void)events;
	loop_stop(town->loop);
}

/* The hub connects, and is greeted with a note of so many entries by whatever key. */
static void greet(struct town *town, uint64_t size, const uint8_t secret_key[SECRET_KEY_BYTES])
{
	struct checkpoint last = small_log_checkpoint(&town->log, size, "");
	struct buf note = buf_new(CHECKPOINT_MAX_BYTES), out = buf_new(NOTARY_FRAME_MAX);
	uint32_t watch = loop_watch(town->loop, town->listener, LOOP_READ, on_pending, town);

	loop_run(town->loop);
	loop_unwatch(town->loop, watch);
	town->fd = accept(town->listener, NULL, NULL);
	assert_true(town->fd >= 0);
	assert_int_equal(checkpoint_sign(town->log.crypto, &last, secret_key + SECRET_KEY_BYTES - KEY_BYTES, secret_key,
	                                 &note), ERR_OK);
	assert_int_equal(notary_put_hello(&out, note.data, note.len), ERR_OK);
	buf_free(&note);
	say(town, &out);
	await_news(town);
}

static struct notary_order order_after(struct town *town, uint64_t last)
{
	struct tree_source source = {small_log_node, &town->log};
	struct notary_order order = {.after = small_log_checkpoint(&town->log, town->log.size, "")};

	assert_int_equal(tree_prove_consistency(town->log.crypto, &source, last, town->log.size, &order.to_after), ERR_OK);
	return order;
}

/* What the hub has sent is an order; the answer to it. */
static struct notary_answer answer_order(struct town *town, struct notary_order *order)
{
	uint8_t bytes[NOTARY_FRAME_MAX];
	struct notary_answer answer;
	struct notary_frame frame;
	ssize_t n = recv(town->fd, bytes, sizeof bytes, 0);
	size_t size;
	int64_t id;

	assert_true(n > 0);
	assert_int_equal(notary_next(bytes, (size_t)n, &frame, &size), ERR_OK);
	assert_int_equal(size, n);
	assert_int_equal(notary_get_order(&frame, &id, order), ERR_OK);
	assert_int_equal(id, 7);
	assert_int_equal(notary_sign(&town->notary, order, &answer), ERR_OK);
	return answer;
}

static enum err sign(struct town *town, uint64_t last)
{
	struct notary_order order = order_after(town, last);

	return town->signer.sign(town->signer.impl, 7, &order, on_answer, town);
}

static uint64_t last_of(const struct town *town)
{
	return town->signer.last(town->signer.impl);
}

static void an_honest_signer(void **state)
{
	struct town *town = town_new();
	struct buf out = buf_new(NOTARY_FRAME_MAX);
	struct notary_answer answer;
	struct notary_order order;

	(void)state;
	assert_int_equal(sign(town, 0), ERR_CLOSED);
	greet(town, 3, town->log.signer_secret);
	assert_int_equal(town->there, ERR_OK);
	assert_int_equal(last_of(town), 3);
	assert_int_equal(sign(town, 3), ERR_OK);
	/* The next follows from what is under way. */
	assert_int_equal(last_of(town), 5);
	answer = answer_order(town, &order);
	assert_int_equal(notary_put_signed(&out, 7, &answer), ERR_OK);
	say(town, &out);
	await_news(town);
	assert_int_equal(town->answers, 1);
	assert_int_equal(town->err, ERR_OK);
	assert_int_equal(last_of(town), 5);
	town_free(town);
}

static void a_refusal_takes_nothing_forward(void **state)
{
	struct town *town = town_new();
	struct notary_refusal refusal = {.id = 7, .err = ERR_DENIED, .reason = "no"};
	struct buf out = buf_new(NOTARY_FRAME_MAX);

	(void)state;
	greet(town, 3, town->log.signer_secret);
	assert_int_equal(sign(town, 3), ERR_OK);
	assert_int_equal(notary_put_refused(&out, &refusal), ERR_OK);
	say(town, &out);
	await_news(town);
	assert_int_equal(town->err, ERR_DENIED);
	assert_int_equal(town->there, ERR_OK);
	assert_int_equal(last_of(town), 3);
	town_free(town);
}

/* Whoever has the socket and not the key is no signer. */
static void a_lie_is_not_used(void **state)
{
	struct town *town = town_new();
	uint8_t public_key[KEY_BYTES], secret_key[SECRET_KEY_BYTES];
	struct buf out = buf_new(NOTARY_FRAME_MAX);
	struct notary_answer answer;
	struct notary_order order;

	(void)state;
	town->log.crypto->sign_keypair(public_key, secret_key);
	greet(town, 3, secret_key);
	assert_int_equal(town->there, ERR_CLOSED);
	assert_int_equal(sign(town, 0), ERR_CLOSED);
	close(town->fd);
	/* It comes again, greets well, and answers with a changed note. */
	greet(town, 3, town->log.signer_secret);
	assert_int_equal(town->there, ERR_OK);
	assert_int_equal(sign(town, 3), ERR_OK);
	answer = answer_order(town, &order);
	answer.after[answer.after_len - 4] ^= 1;
	assert_int_equal(notary_put_signed(&out, 7, &answer), ERR_OK);
	say(town, &out);
	await_news(town);
	assert_int_equal(town->err, ERR_SIGNATURE);
	assert_int_equal(town->there, ERR_CLOSED);
	town_free(town);
}

static void an_order_that_is_lost_is_told(void **state)
{
	struct town *town = town_new();

	(void)state;
	greet(town, 3, town->log.signer_secret);
	assert_int_equal(sign(town, 3), ERR_OK);
	close(town->fd);
	town->fd = -1;
	await_news(town);
	assert_int_equal(town->answers, 1);
	assert_int_equal(town->err, ERR_CLOSED);
	assert_int_equal(town->there, ERR_CLOSED);
	/* And what it signed all the same is what counts when it is back. */
	greet(town, 5, town->log.signer_secret);
	assert_int_equal(town->there, ERR_OK);
	assert_int_equal(last_of(town), 5);
	town_free(town);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_honest_signer),
		cmocka_unit_test(a_refusal_takes_nothing_forward),
		cmocka_unit_test(a_lie_is_not_used),
		cmocka_unit_test(an_order_that_is_lost_is_told),
	};

	return cmocka_run_group_tests_name("signer's socket", tests, NULL, NULL);
}
