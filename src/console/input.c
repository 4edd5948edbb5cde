/* Descriptors and the clock around answers.c. */
#include "console/input.h"

#include "os/clock.h"

#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <unistd.h>

enum { READ_BYTES = 1024 };

/* How long a look waits for answers. Silence means that the terminal can do nothing. */
#define ANSWER_LOCAL_MS 300
#define ANSWER_REMOTE_MS 1000

struct input {
	int terminal;
	FILE *keys;   /* what curses reads */
	int out;      /* what is written for it */
	struct clock clock;
	struct answers answers;
};

static int64_t now_ms(const struct input *input)
{
	return clock_now(&input->clock).elapsed_ms;
}

enum err input_open(int terminal, struct input **out)
{
	struct input *input = calloc(1, sizeof *input);
	int ends[2];

	if (input == NULL)
		return ERR_MEMORY;
	if (pipe2(ends, O_CLOEXEC | O_NONBLOCK) != 0) {
		free(input);
		return ERR_IO;
	}
	input->terminal = terminal;
	input->clock = clock_start(0);
	input->out = ends[1];
	input->keys = fdopen(ends[0], "r");
	if (input->keys == NULL)
		abort();
	*out = input;
	return ERR_OK;
}

void input_close(struct input *input)
{
	if (input == NULL)
		return;
	fclose(input->keys);
	close(input->out);
	free(input);
}

FILE *input_keys(const struct input *input)
{
	return input->keys;
}

/* Curses empties the pipe before more is read; what would not go in was never going to be keys. */
static bool hand_on(const struct input *input, const uint8_t *keys, size_t n)
{
	return n > 0 && write(input->out, keys, n) > 0;
}

bool input_read(struct input *input)
{
	struct pollfd typed = {.fd = input->terminal, .events = POLLIN};
	uint8_t bytes[READ_BYTES], keys[READ_BYTES + ANSWER_BYTES];
	ssize_t n = 0;

	if (poll(&typed, 1, 0) == 1 && (typed.revents & POLLIN) != 0)
		n = read(input->terminal, bytes, sizeof bytes);
	if (n <= 0)
		return hand_on(input, keys, answers_pause(&input->answers, now_ms(input), keys));
	hand_on(input, keys,
	        answers_take(&input->answers, bytes, (size_t)n, now_ms(input), keys));
	return true;
}

int64_t input_wait_ms(const struct input *input)
{
	int64_t due_ms = answers_due_ms(&input->answers), now = now_ms(input);

	if (due_ms == INT64_MAX)
		return -1;
	return due_ms > now ? due_ms - now : 0;
}

void input_expect(struct input *input, const struct terminal_facts *known)
{
	answers_expect(&input->answers, known, now_ms(input));
}

bool input_facts(const struct input *input, struct terminal_facts *facts)
{
	const struct answers *answers = &input->answers;
	int64_t limit_ms = answers->facts.remote ? ANSWER_REMOTE_MS : ANSWER_LOCAL_MS;

	*facts = answers->facts;
	return facts->answered || now_ms(input) - answers->asked_ms >= limit_ms;
}
