/* Between option.c and option_value.c: a line of a file on one side, its value on the other. */
#ifndef TILLSYN_BASE_OPTION_VALUE_H
#define TILLSYN_BASE_OPTION_VALUE_H

#include "base/buf.h"
#include "base/option.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* False leaves the field as it is and says in wrong (OPTION_WRONG_MAX bytes) what is wrong. */
bool option_read(const struct option *option, uint8_t *field, const char *value, char *wrong);

/* Bytes of the field in the settings struct. */
size_t option_field_size(const struct option *option);

/* " From 1s to 90s.": which values the option takes, as a sentence of the example file. */
enum err option_allowed(const struct option *option, struct buf *out);

#endif
