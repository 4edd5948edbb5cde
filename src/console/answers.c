/*
 * The sequences are those of ECMA-48: ESC [ … final, ESC O x, and strings from ESC P ] _ ^ X to
 * ESC \. A sequence that may be a key is given on whole for curses to look up; every other one
 * stays here.
 */
#include "console/answers.h"

#include <assert.h>
#include <string.h>

/* As long as an Esc is held before it is taken to be that key. */
#define ESCAPE_MS 30
/* Two bytes may be a key together with Alt; but a line may also have cut an answer there. */
#define INTRODUCER_MS 1000
/* An answer that was begun and never ends; a person gets out of it sooner, with Esc. */
#define SEQUENCE_MS 5000
/* A paste whose end was lost; whoever types meanwhile has to wait for so long. */
#define PASTE_MS 1000
/* How long answers may still be under way to a terminal that is asked over a bad line. */
#define AWAITED_MS 10000

/* Cells and pictures beyond these are no terminal's: what drew by them would spoil the screen. */
#define CELL_MIN 4
#define CELL_MAX 128
#define PICTURE_MIN 64
#define PICTURE_MAX 16384

#define NUMBER_MAX 99999
#define NUMBERS_MAX 32

#define ESC 0x1b
#define BEL 0x07

/* Around what is pasted; behind the Esc of the first one. */
static const char paste_begin[] = "[200~", paste_end[] = "\033[201~";

void answers_expect(struct answers *answers, const struct terminal_facts *known, int64_t now_ms)
{
	answers->facts = answers->coming = *known;
	answers->facts.answered = false;
	answers->asked = true;
	answers->asked_ms = now_ms;
}

static bool are_awaited(const struct answers *answers, int64_t now_ms)
{
	return answers->asked && now_ms - answers->asked_ms < AWAITED_MS;
}

/* Reading what a whole answer says */

/* The numbers of "1;22;;3"; a missing one is 0, one that is too large NUMBER_MAX. */
static int read_numbers(const char *text, int numbers[NUMBERS_MAX])
{
	int n = 0;

	memset(numbers, 0, NUMBERS_MAX * sizeof *numbers);
	for (; *text != '\0' && n < NUMBERS_MAX; text++) {
		if (*text == ';')
			n++;
		else if (*text < '0' || *text > '9')
			break;
		else if (numbers[n] < NUMBER_MAX / 10)
			numbers[n] = 10 * numbers[n] + (*text - '0');
		else
			numbers[n] = NUMBER_MAX;
	}
	return n < NUMBERS_MAX ? n + 1 : NUMBERS_MAX;
}

static bool begins(const char *text, const char *with)
{
	return strncmp(text, with, strlen(with)) == 0;
}

static bool ends(const char *text, const char *with)
{
	size_t n = strlen(text), m = strlen(with);

	return n >= m && strcmp(text + n - m, with) == 0;
}

/* DA1, the last answer: the first number is the terminal's class, 4 among the others is sixel. */
static void note_attributes(struct answers *answers, const int *numbers, int n)
{
	for (int i = 1; i < n; i++)
		if (numbers[i] == 4)
			answers->coming.sixel = true;
	answers->coming.answered = true;
	answers->facts = answers->coming;
	answers->asked = false;
}

static bool is_in(int value, int least, int most)
{
	return value >= least && value <= most;
}

static void note_cell(struct terminal_facts *facts, int height, int width)
{
	if (!is_in(height, CELL_MIN, CELL_MAX) || !is_in(width, CELL_MIN, CELL_MAX))
		return;
	facts->cell_height = height;
	facts->cell_width = width;
}

static void note_largest(struct terminal_facts *facts, int width, int height)
{
	if (!is_in(width, PICTURE_MIN, PICTURE_MAX) || !is_in(height, PICTURE_MIN, PICTURE_MAX))
		return;
	facts->picture_width = width;
	facts->picture_height = height;
}

/* body: behind ESC [, the final byte included. */
static void note_control(struct answers *answers, const char *body)
{
	struct terminal_facts *facts = &answers->coming;
	bool private = body[0] == '?' || body[0] == '>';
	int numbers[NUMBERS_MAX], n = read_numbers(body + private, numbers);

	if (body[0] == '?' && ends(body, "c"))
		note_attributes(answers, numbers, n);
	else if (body[0] == '>' && ends(body, "c")) /* DA2: S is screen, T tmux */
		facts->multiplexed |= numbers[0] == 'S' || numbers[0] == 'T';
	else if (body[0] == '?' && ends(body, "$y") && numbers[0] == 2026)
		facts->synchronised = numbers[1] == 1 || numbers[1] == 2;
	else if (body[0] == '?' && ends(body, "S") && numbers[0] == 2 && numbers[1] == 0)
		note_largest(facts, numbers[2], numbers[3]);
	else if (!private && ends(body, "t") && numbers[0] == 6)
		note_cell(facts, numbers[1], numbers[2]);
}

/* XTVERSION: who has iTerm2's pictures says so nowhere else; and a multiplexer hides from TERM. */
static void note_version(struct terminal_facts *facts, const char *name)
{
	facts->iterm = begins(name, "iTerm2 ") || begins(name, "WezTerm ");
	facts->multiplexed |= begins(name, "tmux ") || begins(name, "Zellij");
}

/* body: from the introducer's letter on, the terminator left out. */
static void note_string(struct answers *answers, const char *body)
{
	struct terminal_facts *facts = &answers->coming;

	if (begins(body, "P>|"))
		note_version(facts, body + 3);
	else if (begins(body, "P1$r"))
		facts->truecolour = ends(body, ":1:2:3m") || ends(body, ";1;2;3m");
	else if (begins(body, "_Gi=7411;"))
		facts->kitty = strcmp(body, "_Gi=7411;OK") == 0;
}

/* Telling answers from keys */

/* Final bytes that no key ends with; R is F3 with a modifier, "1;2R", or the cursor's place. */
static bool is_key(const char *body, size_t len)
{
	int numbers[NUMBERS_MAX];
	char final = body[len - 1];

	if (strchr("?><=", body[0]) != NULL || strpbrk(body, " !\"#$%&'()*+,-./") != NULL)
		return false;
	if (final == 'R')
		return read_numbers(body, numbers) == 2 && numbers[0] == 1
		       && is_in(numbers[1], 2, 16);
	return strchr("cntxyqIO", final) == NULL;
}

static void give(const struct answers *answers, uint8_t *keys, size_t *n)
{
	memcpy(keys + *n, answers->text, answers->len);
	*n += answers->len;
}

/* The text behind the Esc as a string, the last bytes left out; false when it was too long. */
static bool body_of(const struct answers *answers, size_t leave_out, char body[ANSWER_BYTES + 1])
{
	size_t len = answers->len - 1 - leave_out;

	if (answers->len > ANSWER_BYTES)
		return false;
	memcpy(body, answers->text + 1, len);
	body[len] = '\0';
	return strlen(body) == len;
}

static void end_control(struct answers *answers, uint8_t *keys, size_t *n)
{
	char body[ANSWER_BYTES + 1];

	answers->state = ANSWER_NONE_YET;
	if (!body_of(answers, 0, body))
		return;
	if (strcmp(body, paste_begin) == 0) {
		answers->state = ANSWER_PASTED;
		answers->paste_end = 0;
	} else if (is_key(body + 1, answers->len - 2))
		give(answers, keys, n);
	else if (answers->asked)
		note_control(answers, body + 1);
}

static void end_string(struct answers *answers, size_t terminator)
{
	char body[ANSWER_BYTES + 1];

	answers->state = ANSWER_NONE_YET;
	if (answers->asked && body_of(answers, terminator, body))
		note_string(answers, body);
}

/* Byte by byte */

static void add(struct answers *answers, uint8_t byte)
{
	if (answers->len < ANSWER_BYTES)
		answers->text[answers->len] = byte;
	answers->len += answers->len <= ANSWER_BYTES; /* one too many says that there were more */
}

static void begin(struct answers *answers, int64_t now_ms)
{
	answers->state = ANSWER_ESCAPE;
	answers->len = 0;
	answers->since_ms = now_ms;
	add(answers, ESC);
}

static bool introduces_string(uint8_t byte)
{
	return byte == 'P' || byte == ']' || byte == '_' || byte == '^' || byte == 'X';
}

static void take_escaped(struct answers *answers, uint8_t byte, uint8_t *keys, size_t *n)
{
	add(answers, byte);
	if (byte == '[')
		answers->state = ANSWER_CONTROL;
	else if (byte == 'O')
		answers->state = ANSWER_KEYPAD;
	else if (introduces_string(byte))
		answers->state = ANSWER_STRING;
	else {
		answers->state = ANSWER_NONE_YET;
		give(answers, keys, n);
	}
}

/*
 * A line that cut an answer behind its Esc has had that taken for the key. What comes then is the
 * rest of it: while answers are awaited, nothing else begins so.
 */
static void take_plain(struct answers *answers, uint8_t byte, int64_t now_ms, uint8_t *keys,
                       size_t *n)
{
	bool rest = answers->escaped && are_awaited(answers, now_ms)
	            && (byte == '[' || introduces_string(byte));

	if (rest) {
		begin(answers, now_ms);
		take_escaped(answers, byte, keys, n);
	} else {
		keys[(*n)++] = byte;
	}
}

static void take_control(struct answers *answers, uint8_t byte, uint8_t *keys, size_t *n)
{
	if (byte >= 0x20 && byte < 0x7f)
		add(answers, byte);
	if (answers->len == 3 && byte == '[')
		answers->state = ANSWER_CONSOLE_KEY;
	else if (byte >= 0x40 && byte < 0x7f)
		end_control(answers, keys, n);
}

static void take_key_end(struct answers *answers, uint8_t byte, uint8_t *keys, size_t *n)
{
	add(answers, byte);
	give(answers, keys, n);
	answers->state = ANSWER_NONE_YET;
}

static void take_string(struct answers *answers, uint8_t byte)
{
	add(answers, byte);
	if (byte == BEL && answers->text[1] == ']')
		end_string(answers, 1);
}

/* Only ESC \ ends a string in order; any other Esc ends it as well, and begins something itself. */
static void take_string_end(struct answers *answers, uint8_t byte, int64_t now_ms, uint8_t *keys,
                            size_t *n)
{
	if (byte == '\\') {
		end_string(answers, 0);
		return;
	}
	begin(answers, now_ms);
	take_escaped(answers, byte, keys, n);
}

static void take_escape(struct answers *answers, int64_t now_ms, uint8_t *keys, size_t *n)
{
	if (answers->state == ANSWER_STRING) {
		answers->state = ANSWER_STRING_END;
		answers->since_ms = now_ms;
		return;
	}
	/* Two in a row: the first was the key. Within anything else it ends that. */
	if (answers->state == ANSWER_ESCAPE)
		give(answers, keys, n);
	begin(answers, now_ms);
}

static void take_pasted(struct answers *answers, uint8_t byte, int64_t now_ms)
{
	answers->since_ms = now_ms;
	if (byte == (uint8_t)paste_end[answers->paste_end])
		answers->paste_end++;
	else
		answers->paste_end = byte == ESC;
	if (paste_end[answers->paste_end] == '\0')
		answers->state = ANSWER_NONE_YET;
}

static void take(struct answers *answers, uint8_t byte, int64_t now_ms, uint8_t *keys, size_t *n)
{
	if (byte == ESC && answers->state != ANSWER_PASTED) {
		take_escape(answers, now_ms, keys, n);
		return;
	}
	switch (answers->state) {
	case ANSWER_NONE_YET:
		take_plain(answers, byte, now_ms, keys, n);
		break;
	case ANSWER_ESCAPE:
		take_escaped(answers, byte, keys, n);
		break;
	case ANSWER_CONTROL:
		take_control(answers, byte, keys, n);
		break;
	case ANSWER_CONSOLE_KEY:
	case ANSWER_KEYPAD:
		take_key_end(answers, byte, keys, n);
		break;
	case ANSWER_STRING:
		take_string(answers, byte);
		break;
	case ANSWER_STRING_END:
		take_string_end(answers, byte, now_ms, keys, n);
		break;
	case ANSWER_PASTED:
		take_pasted(answers, byte, now_ms);
		break;
	}
	answers->escaped = false;
}

int64_t answers_due_ms(const struct answers *answers)
{
	switch (answers->state) {
	case ANSWER_NONE_YET:
		return INT64_MAX;
	case ANSWER_ESCAPE:
		return answers->since_ms + ESCAPE_MS;
	case ANSWER_STRING_END:
		return answers->since_ms
		       + (are_awaited(answers, answers->since_ms) ? INTRODUCER_MS : ESCAPE_MS);
	case ANSWER_PASTED:
		return answers->since_ms + PASTE_MS;
	default:
		return answers->since_ms + (answers->len == 2 ? INTRODUCER_MS : SEQUENCE_MS);
	}
}

size_t answers_pause(struct answers *answers, int64_t now_ms, uint8_t *keys)
{
	size_t n = 0;

	if (now_ms < answers_due_ms(answers))
		return 0;
	if (answers->state == ANSWER_ESCAPE || answers->state == ANSWER_STRING_END) {
		keys[n++] = ESC;
		answers->escaped = true;
	}
	answers->state = ANSWER_NONE_YET;
	return n;
}

size_t answers_take(struct answers *answers, const uint8_t *bytes, size_t n, int64_t now_ms,
                    uint8_t *keys)
{
	size_t given = answers_pause(answers, now_ms, keys);

	for (size_t i = 0; i < n; i++)
		take(answers, bytes[i], now_ms, keys, &given);
	assert(given <= n + ANSWER_BYTES);
	return given;
}
