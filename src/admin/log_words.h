/*
 * The log in plain words: what happened, as one sentence an event, and what belongs to one look, as
 * one line.
 */
#ifndef TILLSYN_ADMIN_LOG_WORDS_H
#define TILLSYN_ADMIN_LOG_WORDS_H

#include "base/limits.h"
#include "wire/message.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * The sentence for one WIRE_LOG_ENTRY, without its time. A type that this version does not know is
 * shown with its detail.
 */
void log_words(const struct wire_message *entry, char *out, size_t size);

/* One look, put together from the entries that name it. */
struct look_account {
	int64_t look;
	int64_t at_ms;              /* when its permit was recorded, or its first entry */
	bool recorded;
	char operator_id[ID_MAX];
	int n_residents;
	char resident[PERSONS_MAX][ID_MAX];
	char answer[PERSONS_MAX][ID_MAX]; /* the latest; empty = none */
	int64_t lens_ms;            /* measured by the agent; -1 = not opened, or not reported */
	bool was_shown;             /* the picture process said so; how long may never be told */
	int64_t view_ms;            /* measured by the picture process; -1 = not reported */
	char cause[ID_MAX];         /* why there was no picture, or empty */
};

struct look_account look_account_new(int64_t look);
/* Adds what an entry with this look says. */
void look_account_add(struct look_account *account, const struct wire_message *entry);
/*
 * "r-1, r-2  anna  lens open 1.2 s  picture shown 21.3 s  r-1 well, r-2 not-seen", without its
 * time.
 */
void look_account_words(const struct look_account *account, char *out, size_t size);

#endif
