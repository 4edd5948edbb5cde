/*
 * The words after a command. Options are taken out by name, wherever they stand; what is left are
 * the arguments in their order, and an option that nobody took is an error.
 */
#ifndef TILLSYN_ADMIN_ARGS_H
#define TILLSYN_ADMIN_ARGS_H

#include <stdbool.h>

#define ARGS_MAX 160

struct args {
	int n;
	const char *word[ARGS_MAX]; /* the caller's */
	const char *fault;          /* the first option that was wrong; NULL = none */
};

/* Words beyond ARGS_MAX are a fault. */
struct args args_new(int argc, char **argv);
/* Takes the first word out if it is this one; whether it was. */
bool args_word(struct args *args, const char *word);
/* Takes the option out; whether it was there. */
bool args_flag(struct args *args, const char *option);
/*
 * Takes "option VALUE" or "option=VALUE" out; NULL when it is not there (again). Without a value it
 * is a fault.
 */
const char *args_value(struct args *args, const char *option);
/* Whether exactly least to most arguments are left and no option is. */
bool args_done(struct args *args, int least, int most);

#endif
