/* What the model's files share; views and programs have no business here. */
#ifndef TILLSYN_CONSOLE_MODEL_INSIDE_H
#define TILLSYN_CONSOLE_MODEL_INSIDE_H

#include "console/commands.h"
#include "console/keymap.h"
#include "console/model.h"
#include "wire/message.h"

/* How long the screen must have stood, and the keys been quiet, before a key may act. */
#define QUIET_MS 500
/* How long a half-typed command waits for its next key. */
#define TYPED_MS (2 * MS_SECOND)
/* How long a picture must have stood before an answer counts. */
#define STOOD_MS MS_SECOND

/* model.c */
void model_note(struct model *model, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* The first key of a command on the screen that is shown, for a sentence. */
const char *model_key_words(const struct model *model, const char *command,
                            char out[SEQUENCE_NAME_BYTES]);
/* Shows another screen, or another phase of this one: keys must be quiet again. */
void model_show(struct model *model, enum screen_id screen);
void model_changed(struct model *model);
void model_phase(struct model *model, enum look_phase phase);

/* model_send.c */
void model_send_plain(struct model *model, struct wire_message *message);
/* Numbers the command and remembers it; kept: it is sent again after a lost link. */
bool model_send_command(struct model *model, struct wire_message *message, bool kept, int64_t check,
                  int64_t look, enum answer answer);
/* Takes a command that the hub has answered off the list. */
bool model_pending_take(struct model *model, int64_t command, struct pending *out);
void model_pending_link_lost(struct model *model);
void model_pending_resend(struct model *model);
bool model_has_pending_answer(const struct model *model, int64_t look);

/* model_rows.c */
void model_rows_clear(struct model *model);
void model_rows_free(struct model *model);
void *model_rows_add(struct rows *rows, size_t size);
/* The row whose first field is this number, kept in their order; a new one where there is none. */
void *model_rows_numbered(struct rows *rows, size_t size, int64_t number);
void model_rows_remove(struct rows *rows, size_t size, size_t at);
enum err model_rows_message(struct model *model, const struct wire_message *message);

/* model_list.c */
void model_list_build(struct model *model);

/* model_cursor.c */
/* After the lists were built: the cursors stay on their subjects, or go to the top. */
void model_cursor_keep(struct model *model);
void model_list_move(struct model *model, int by);
void model_list_top(struct model *model);
/* The subject of the cursor of the screen that is shown. */
struct subject *model_cursor(struct model *model);
struct subject model_subject_of(const struct model *model, const struct list_row *row);
bool model_subject_same(const struct subject *a, const struct subject *b);
/* Folds or unfolds the section that the cursor is in; from what needs somebody, all that can be. */
void model_list_fold(struct model *model);

/* model_grid.c */
/* Out of the list, which is in order. */
void model_grid_build(struct model *model);

/* model_search.c */
void model_search_open(struct model *model);
/* The cursor goes to the first who is called so, from where it was when the line opened. */
void model_search_typed(struct model *model);
void model_search_done(struct model *model, const char *typed);
void model_search_give_up(struct model *model);
void model_search_next(struct model *model, int by);

/* model_look.c */
void model_look_begin(struct model *model, const struct list_row *row);
void model_look_resume(struct model *model, const struct list_row *row);
void model_look_claimed(struct model *model, const struct wire_message *message);
void model_look_permitted(struct model *model, const struct wire_message *message);
void model_look_over(struct model *model, const struct wire_message *message);
void model_look_done(struct model *model, const struct pending *pending);
void model_look_refused(struct model *model, const struct pending *pending, const char *text);
void model_look_tick(struct model *model);
void model_look_link_lost(struct model *model);
void model_look_leave(struct model *model);
/* A standing picture goes, and the question stays; a look without one is left. */
void model_end_view(struct model *model);
void model_look_end_picture(struct model *model);
/* Back to tonight, at the top or where the cursor was; the look is over for this desk. */
void model_look_close(struct model *model, bool top);
bool model_look_awaits_picture(const struct look *look);
/* No picture will come; words say why. */
void model_look_fail(struct model *model, const char *words);
const char *model_name(const struct model *model, int64_t check);

/* model_answer.c */
void model_look_choose(struct model *model, int person);
/* Records an answer for the chosen person, or for both; sends when nothing is missing. */
void model_look_answer(struct model *model, enum answer answer, const char *reason);
/* NULL when an answer may be given now, else why not. */
const char *model_look_objection(const struct model *model, enum answer answer);

/* model_prompt.c */
void model_prompt_open(struct model *model, const struct deed *deed, const char *text,
                       bool takes_text, const char *format, ...)
	__attribute__((format(printf, 5, 6)));
void model_prompt_key(struct model *model, key_code key);
void model_prompt_page(struct model *model, const struct check *check);
void model_prompt_answer(struct model *model, enum answer answer);
void model_prompt_withdraw(struct model *model, const char *resident);
void model_prompt_pause(struct model *model, const char *resident, int nights);
void model_prompt_resume(struct model *model, const char *resident);
void model_prompt_undo(struct model *model, bool to_patrol);
void model_prompt_quit(struct model *model);

/* model_deeds.c */
void model_deed_do(struct model *model, const struct deed *deed, const char *text);

/* model_history.c */
/* When details are opened, and when there is contact again while they are. */
void model_history_ask(struct model *model);
void model_history_message(struct model *model, const struct wire_message *message);

/* model_patrol.c */
void model_patrol_event(struct model *model, const char *word);
void model_patrol_report(struct model *model, const char *word);
void model_patrol_emergency(struct model *model);
/*
 * Who said it is part of what is recorded, and whoever is being called now need not be the one who
 * rings: while the line asks, another person of the chain can be chosen.
 */
void model_patrol_choose(struct model *model, int by);
const struct check *model_patrol_check(const struct model *model);

#endif
