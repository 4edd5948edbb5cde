/* The words that an operator reads: times, names, and what a row says about its check. */
#ifndef TILLSYN_CONSOLE_WORDS_H
#define TILLSYN_CONSOLE_WORDS_H

#include "console/model.h"

enum { CLOCK_BYTES = 12 };

/* "01:14" in the centre's zone; "02:30B" in the second of two hours with one name. "" for 0. */
void words_clock(const struct model *model, int64_t utc_ms, char out[CLOCK_BYTES]);
/* "01:14:31" */
void words_clock_seconds(const struct model *model, int64_t utc_ms, char out[CLOCK_BYTES]);
/* "28 Mar 10:00": where the day is not plain. */
void words_moment(const struct model *model, int64_t utc_ms, char *out, size_t size);
/* "Mar" */
const char *words_month(int month);
/* "night 27→28 Mar" */
void words_night(const struct model *model, char *out, size_t size);
/* "4 min", "1 h 05 min", "30 s" */
void words_span(int64_t ms, char *out, size_t size);
void words_resident(const struct model *model, const struct check *check, char *out, size_t size);
/* Of a row: "Berit Ek + Nils Ek", or an alarm's subject. */
void words_names(const struct model *model, const struct list_row *row, char *out, size_t size);
/* Of a line by resident: "Berit Ek + Nils Ek". */
void words_line(const struct model *model, const struct grid_row *line, char *out, size_t size);
/* What a row says: state, time, who has it. */
void words_row(const struct model *model, const struct list_row *row, char *out, size_t size);
/* The page's state: who, what, since when. */
void words_page(const struct model *model, const struct page *page, char *out, size_t size);
const char *words_cause(enum cause cause);
const char *words_answer(enum answer answer);
/* An operator as others call them: the first word of the name. */
void words_operator(const struct model *model, const char *id, char *out, size_t size);

#endif
