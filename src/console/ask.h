/* What the terminal is asked, and what the environment and the kernel say unasked. */
#ifndef TILLSYN_CONSOLE_ASK_H
#define TILLSYN_CONSOLE_ASK_H

#include "console/answers.h"

/* From the environment: only what forbids a question, or tells how long its answer may take. */
struct terminal_facts ask_environment(void);
/* The bytes to write, for a terminal of which that is known; DA1's question is the last. */
const char *ask_questions(const struct terminal_facts *known);
/*
 * The kernel knows the size in pixels where the terminal, or sshd, has told it: it serves where
 * nothing was answered, and where the two differ the smaller is taken, which never scrolls.
 */
void ask_kernel(struct terminal_facts *facts);

#endif
