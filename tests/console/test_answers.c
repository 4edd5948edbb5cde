/*
 * Answers among keys. The answers are what the named terminals really sent to the console's questions;
 * each is cut everywhere, delayed, and mixed with what somebody types.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "console/answers.h"

#include <stdio.h>
#include <string.h>

#define XTERM                                                                                      \
	"\033[>19;379;0c\033P>|XTerm(379)\033\\\033[?2;0;1000;600S\033[?2026;0$y"                  \
	"\033P1$r0;48:2::1:2:3m\033\\\033[?63;1;2;4;6;9;15;16;22;28c"
#define FOOT                                                                                       \
	"\033[>1;011301;0c\033P>|foot(1.13.1)\033\\\033[6;16;7t\033[?2;0;1092;688S"                \
	"\033[?2026;2$y\033P1$r0;48:2::1:2:3m\033\\\033[?62;4;22c"
#define KITTY                                                                                      \
	"\033_Gi=7411;OK\033\\\033[>1;4000;26c\033P>|kitty(0.26.5)\033\\\033[6;20;9t"              \
	"\033[?2026;2$y\033P1$r48:2:1:2:3m\033\\\033[?62;c"
#define MLTERM                                                                                     \
	"\033[>24;279;0c\033[6;22;10t\033[?1;3;0S\033[?2026;0$y\033P1$r0;48;5;16m\033\\"           \
	"\033[?63;1;2;3;4;6;7;15;18;22;29c"
#define TMUX "\033[>84;0;0c\033P>|tmux 3.3a\033\\\033[?1;2c"
#define LINUX "\033[?6c"
#define XTERM_PLAIN                                                                                \
	"\033[>41;379;0c\033P>|XTerm(379)\033\\\033[?2;3S\033[?2026;0$y\033P1$r0;48:2::1:2:3m\033\\" \
	"\033[?64;1;2;6;9;15;16;17;18;21;22;28c"
#define ITERM                                                                                      \
	"\033[>64;2500;0c\033P>|iTerm2 3.5.0\033\\\033[6;17;8t\033[?2026;2$y"                      \
	"\033P1$r0;48:2:1:2:3m\033\\\033[?62;4c"

static const struct known {
	const char *name, *answers;
	struct terminal_facts facts;
} terminals[] = {
	{"xterm -ti vt340", XTERM,
	 {.answered = true, .sixel = true, .truecolour = true, .picture_width = 1000, .picture_height = 600}},
	{"foot", FOOT,
	 {.answered = true, .sixel = true, .synchronised = true, .truecolour = true, .cell_width = 7,
	  .cell_height = 16, .picture_width = 1092, .picture_height = 688}},
	{"kitty", KITTY,
	 {.answered = true, .kitty = true, .synchronised = true, .truecolour = true, .cell_width = 9,
	  .cell_height = 20}},
	{"mlterm", MLTERM, {.answered = true, .sixel = true, .cell_width = 10, .cell_height = 22}},
	{"tmux", TMUX, {.answered = true, .multiplexed = true}},
	{"Linux", LINUX, {.answered = true}},
	{"xterm", XTERM_PLAIN, {.answered = true, .truecolour = true}},
	{"iTerm2", ITERM,
	 {.answered = true, .sixel = true, .iterm = true, .synchronised = true, .truecolour = true,
	  .cell_width = 8, .cell_height = 17}},
};

enum { TERMINALS = sizeof terminals / sizeof *terminals };

struct typist {
	struct answers answers;
	int64_t now_ms;
	char keys[4096];
	size_t n;
};

static void begin(struct typist *typist, bool asked)
{
	const struct terminal_facts known = {0};

	memset(typist, 0, sizeof *typist);
	typist->now_ms = 1000000;
	if (asked)
		answers_expect(&typist->answers, &known, typist->now_ms);
}

static void come(struct typist *typist, const char *bytes, size_t n)
{
	assert_true(typist->n + n + ANSWER_BYTES < sizeof typist->keys);
	typist->n += answers_take(&typist->answers, (const uint8_t *)bytes, n, typist->now_ms,
	                          (uint8_t *)typist->keys + typist->n);
	typist->keys[typist->n] = '\0';
}

static void say(struct typist *typist, const char *text)
{
	come(typist, text, strlen(text));
}

/* Time goes by, and the program looks when it is due. */
static void wait_ms(struct typist *typist, int64_t ms)
{
	int64_t until = typist->now_ms + ms;

	while (answers_due_ms(&typist->answers) <= until) {
		typist->now_ms = answers_due_ms(&typist->answers);
		typist->n += answers_pause(&typist->answers, typist->now_ms,
		                           (uint8_t *)typist->keys + typist->n);
	}
	typist->keys[typist->n] = '\0';
	typist->now_ms = until;
}

static void assert_facts(const struct typist *typist, const struct known *terminal)
{
	const struct terminal_facts *is = &typist->answers.facts, *shall = &terminal->facts;

	if (is->answered != shall->answered || is->multiplexed != shall->multiplexed
	    || is->sixel != shall->sixel || is->kitty != shall->kitty || is->iterm != shall->iterm
	    || is->synchronised != shall->synchronised || is->truecolour != shall->truecolour
	    || is->cell_width != shall->cell_width || is->cell_height != shall->cell_height
	    || is->picture_width != shall->picture_width
	    || is->picture_height != shall->picture_height)
		fail_msg("%s is not understood", terminal->name);
}

static void every_terminal_is_understood(void **state)
{
	struct typist typist;

	(void)state;
	for (int i = 0; i < TERMINALS; i++) {
		begin(&typist, true);
		say(&typist, terminals[i].answers);
		assert_facts(&typist, &terminals[i]);
		assert_string_equal(typist.keys, "");
	}
}

/* Cut in two anywhere, the second half after a time; and what is typed before and after arrives. */
static void answers_come_in_pieces(void **state)
{
	static const int gaps_ms[] = {0, 20, 500, 900};
	struct typist typist;

	(void)state;
	for (int i = 0; i < TERMINALS; i++) {
		size_t len = strlen(terminals[i].answers);

		for (size_t g = 0; g < sizeof gaps_ms / sizeof *gaps_ms; g++)
			for (size_t cut = 0; cut <= len; cut++) {
				bool behind_escape = cut > 0 && terminals[i].answers[cut - 1] == '\033'
				                     && terminals[i].answers[cut] != '\\';

				begin(&typist, true);
				say(&typist, "j");
				come(&typist, terminals[i].answers, cut);
				wait_ms(&typist, gaps_ms[g]);
				say(&typist, terminals[i].answers + cut);
				say(&typist, "\033[Bk");
				assert_facts(&typist, &terminals[i]);
				/* An Esc alone is that key, and nothing is after it that would answer. */
				assert_string_equal(typist.keys, behind_escape && gaps_ms[g] > 30
				                                         ? "j\033\033[Bk"
				                                         : "j\033[Bk");
			}
	}
}

static void answers_come_byte_by_byte(void **state)
{
	struct typist typist;

	(void)state;
	for (int i = 0; i < TERMINALS; i++) {
		begin(&typist, true);
		for (const char *at = terminals[i].answers; *at != '\0'; at++) {
			come(&typist, at, 1);
			wait_ms(&typist, 25);
		}
		assert_facts(&typist, &terminals[i]);
		assert_string_equal(typist.keys, "");
	}
}

/* Keys that a person types while answers come are those keys, in that order. */
static void keys_between_answers_are_kept(void **state)
{
	struct typist typist;

	(void)state;
	begin(&typist, true);
	say(&typist, "c\033[>1;4000;26c\033[A\033_Gi=7411;OK\033\\r\033OP\033P>|kitty(0.26.5)\033\\"
		     "\033[6;20;9t\033[5~\xc3\xa5\033[?62;c\r");
	assert_string_equal(typist.keys, "c\033[Ar\033OP\033[5~\xc3\xa5\r");
	assert_true(typist.answers.facts.kitty);
	assert_int_equal(typist.answers.facts.cell_height, 20);
}

static void late_and_unasked_answers_are_swallowed(void **state)
{
	static const char *const unasked[] = {
		"\033[5;1R", "\033[24;80R", "\033[0n", "\033[?1u", "\033[I", "\033[O", "\033[8;24;80t",
		"\033]11;rgb:0000/0000/0000\033\\", "\033]11;rgb:0000/0000/0000\007",
		"\033]52;c;Y2NjY2NjYw==\007", "\033P1+r5463=\033\\", "\033[<0;10;10M", "\033[>0;95;0c",
		"\033^private\033\\", "\033Xstart\033\\", "\033[?2026;1$y", "\033[2;1$y", "\033[3;1;1;1x",
	};
	struct typist typist;

	(void)state;
	begin(&typist, false);
	for (int i = 0; i < TERMINALS; i++)
		say(&typist, terminals[i].answers);
	for (size_t i = 0; i < sizeof unasked / sizeof *unasked; i++)
		say(&typist, unasked[i]);
	assert_string_equal(typist.keys, "");
	assert_false(typist.answers.facts.answered);
	/* What comes after the last answer that was asked for changes nothing any more. */
	begin(&typist, true);
	wait_ms(&typist, 5000);
	say(&typist, LINUX KITTY);
	assert_string_equal(typist.keys, "");
	assert_facts(&typist, &terminals[5]);
}

static void keys_of_all_kinds_pass(void **state)
{
	static const char *const typed[] = {
		"c",          "\r",         "\x7f",     "\t",        "\xc3\xb6",  "\033[A",
		"\033OA",     "\033[1;5A",  "\033[5~",  "\033[15~",  "\033[15;2~", "\033OP",
		"\033[[A",    "\033[[E",    "\033[Z",   "\033[1;2P", "\033[1;2R", "\033[H",
		"\033[3;5~",  "\033c",      "\033\033[A", "\033\r",
	};
	struct typist typist;

	(void)state;
	for (int asked = 0; asked < 2; asked++)
		for (size_t i = 0; i < sizeof typed / sizeof *typed; i++) {
			begin(&typist, asked != 0);
			say(&typist, typed[i]);
			assert_string_equal(typist.keys, typed[i]);
		}
}

static void an_escape_alone_is_a_key_in_time(void **state)
{
	struct typist typist;

	(void)state;
	for (int asked = 0; asked < 2; asked++) {
		begin(&typist, asked != 0);
		say(&typist, "\033");
		assert_string_equal(typist.keys, "");
		wait_ms(&typist, 30);
		assert_string_equal(typist.keys, "\033");
		say(&typist, "c");
		assert_string_equal(typist.keys, "\033c");
	}
	/* Two quick ones are two. */
	begin(&typist, false);
	say(&typist, "\033\033");
	wait_ms(&typist, 30);
	assert_string_equal(typist.keys, "\033\033");
}

/* Alt and a letter that begins a sequence: nothing is typed by it, and soon keys are keys again. */
static void alt_does_not_make_the_console_deaf(void **state)
{
	static const char *const begun[] = {"\033[", "\033O", "\033P", "\033]", "\033_", "\033X"};
	struct typist typist;

	(void)state;
	for (size_t i = 0; i < sizeof begun / sizeof *begun; i++) {
		begin(&typist, false);
		say(&typist, begun[i]);
		wait_ms(&typist, 1000);
		say(&typist, "c");
		assert_string_equal(typist.keys, "c");
		/* Esc gets out of it at once. */
		begin(&typist, false);
		say(&typist, begun[i]);
		say(&typist, "\033");
		wait_ms(&typist, 30);
		say(&typist, "c");
		assert_string_equal(typist.keys, "\033c");
	}
}

static void a_string_without_an_end_is_given_up(void **state)
{
	struct typist typist;

	(void)state;
	begin(&typist, true);
	say(&typist, "\033P>|c");
	wait_ms(&typist, 4900);
	say(&typist, "ccc");
	assert_string_equal(typist.keys, "");
	wait_ms(&typist, 200);
	say(&typist, "k");
	assert_string_equal(typist.keys, "k");
}

static void long_answers_are_swallowed_whole(void **state)
{
	char text[3000];
	struct typist typist;

	(void)state;
	begin(&typist, true);
	memset(text, 'c', sizeof text);
	memcpy(text, "\033P>|iTerm2 ", 11);
	come(&typist, text, sizeof text);
	say(&typist, "\033\\");
	memset(text, '4', sizeof text);
	memcpy(text, "\033[?", 3);
	come(&typist, text, sizeof text);
	say(&typist, "c");
	memset(text + 2, ';', sizeof text - 2);
	come(&typist, text, sizeof text);
	say(&typist, "R" LINUX);
	assert_string_equal(typist.keys, "");
	assert_facts(&typist, &terminals[5]);
}

/* What no terminal has is not believed, whoever sent it. */
static void sizes_that_cannot_be_are_not_believed(void **state)
{
	static const char *const forged[] = {
		"\033[6;100000;100000t",
		"\033[6;99999999999999999999;10t",
		"\033[6;0;0t",
		"\033[6;1;1t",
		"\033[6;-5;-5t",
		"\033[6;20t",
		"\033[6;;10t",
		"\033[?2;0;1000000;1000000S",
		"\033[?2;0;0;0S",
		"\033[?2;0;4294967297;4294967297S",
		"\033[?2;3;1000;1000S",
		"\033[4;600;800t",
		"\033_Gi=7411;ENOENT:no\033\\",
		"\033_Gi=1;OK\033\\",
		"\033_Gi=7411;OK and more\033\\",
		"\033P>|not iTerm2 3\033\\",
		"\033P0$r48:2:1:2:4m\033\\",
		"\033[?2026;0$y",
		"\033[?2027;1$y",
	};
	struct typist typist;

	(void)state;
	for (size_t i = 0; i < sizeof forged / sizeof *forged; i++) {
		begin(&typist, true);
		say(&typist, forged[i]);
		say(&typist, LINUX);
		assert_facts(&typist, &terminals[5]);
		assert_string_equal(typist.keys, "");
	}
}

/* Until the last answer has come, what was known before is not mixed with what comes. */
static void asked_again_the_old_answers_do_not_count(void **state)
{
	const struct terminal_facts known = {.remote = true};
	struct typist typist;

	(void)state;
	begin(&typist, true);
	say(&typist, FOOT);
	answers_expect(&typist.answers, &known, typist.now_ms);
	say(&typist, "\033[6;18;9t");
	assert_false(typist.answers.facts.answered);
	assert_int_equal(typist.answers.facts.cell_width, 0);
	assert_true(typist.answers.facts.remote);
	say(&typist, "\033[?62;4c");
	assert_true(typist.answers.facts.answered);
	assert_int_equal(typist.answers.facts.cell_width, 9);
}

/* Every two bytes after every beginning: nothing is lost that is a key, and the bounds hold. */
static void nothing_overflows(void **state)
{
	static const char *const begun[] = {"", "\033", "\033[", "\033[?6", "\033P", "\033P>|\033", "\033O"};
	struct typist typist;

	(void)state;
	for (size_t i = 0; i < sizeof begun / sizeof *begun; i++)
		for (int a = 0; a < 256; a++)
			for (int b = 0; b < 256; b += 3) {
				const char bytes[2] = {(char)a, (char)b};

				begin(&typist, true);
				say(&typist, begun[i]);
				come(&typist, bytes, 2);
				wait_ms(&typist, 20000);
				assert_true(typist.n <= strlen(begun[i]) + 2);
				assert_true(answers_due_ms(&typist.answers) == INT64_MAX);
			}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_terminal_is_understood),
		cmocka_unit_test(answers_come_in_pieces),
		cmocka_unit_test(answers_come_byte_by_byte),
		cmocka_unit_test(keys_between_answers_are_kept),
		cmocka_unit_test(late_and_unasked_answers_are_swallowed),
		cmocka_unit_test(keys_of_all_kinds_pass),
		cmocka_unit_test(an_escape_alone_is_a_key_in_time),
		cmocka_unit_test(alt_does_not_make_the_console_deaf),
		cmocka_unit_test(a_string_without_an_end_is_given_up),
		cmocka_unit_test(long_answers_are_swallowed_whole),
		cmocka_unit_test(sizes_that_cannot_be_are_not_believed),
		cmocka_unit_test(asked_again_the_old_answers_do_not_count),
		cmocka_unit_test(nothing_overflows),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
