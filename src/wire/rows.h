/*
 * Rows as messages: a console holds the same struct check and struct page as the hub, so that both
 * judge them by the same core functions (check_alarm, check_right_ends_ms …). get functions check
 * words against the core's names: ERR_PARSE for an unknown one.
 */
#ifndef TILLSYN_WIRE_ROWS_H
#define TILLSYN_WIRE_ROWS_H

#include "core/check.h"
#include "core/event.h"
#include "core/page.h"
#include "wire/message.h"

struct wire_message *wire_from_check(const struct check *check);
enum err wire_to_check(const struct wire_message *message, struct check *check);
struct wire_message *wire_from_page(const struct page *page);
enum err wire_to_page(const struct wire_message *message, struct page *page);
/*
 * number: its place in the log, 0 while it has none. detail is "key=value key=value"; a value that
 * is empty or holds a space, a quote, a backslash or an equals sign stands in double quotes, with a
 * backslash before each quote and backslash in it, so that no operator's words can pass for a
 * field.
 */
struct wire_message *wire_from_log(int64_t number, const struct log_event *event);
/*
 * The value of one key of such a detail; false (and an empty value) when it is not there or detail
 * is malformed before it.
 */
bool wire_detail_value(const char *detail, const char *key, char value[REASON_MAX_BYTES]);

#endif
