/*
 * What is typed, between the terminal and curses: read here, rid of the terminal's answers, and
 * handed on through a pipe that curses takes for its terminal's input. So curses keeps its own
 * business, which is to know every terminal's function keys, and never sees an answer.
 */
#ifndef TILLSYN_CONSOLE_INPUT_H
#define TILLSYN_CONSOLE_INPUT_H

#include "base/err.h"
#include "console/answers.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

struct input;

/* terminal: the descriptor that is typed to. ERR_MEMORY, ERR_IO. */
enum err input_open(int terminal, struct input **input);
void input_close(struct input *input);
/* For newterm(); stays the input's own. */
FILE *input_keys(const struct input *input);
/* Moves on what has been typed, without waiting; false when there was nothing. */
bool input_read(struct input *input);
/* Milliseconds until input_read() has something to do by itself; -1 = never. */
int64_t input_wait_ms(const struct input *input);

/* The questions are being written. */
void input_expect(struct input *input, const struct terminal_facts *known);
/*
 * What the terminal has answered. True once that is final: all was answered, or so much time has
 * gone by that what was not answered by then does not exist.
 */
bool input_facts(const struct input *input, struct terminal_facts *facts);

#endif
