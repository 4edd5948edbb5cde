/*
 * One value of an option: read from its spelling, its bounds written back in the same spelling.
 * Each type has one reader; a reader that refuses leaves the field as it is and says what would be
 * right.
 */
#include "base/option_value.h"

#include "base/text.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define HEX_BYTES_MAX 256

/* The units of a duration, largest first. */
static const struct {
	const char *name;
	int64_t ms;
} units[] = {
	{"h", 3600000},
	{"min", 60000},
	{"s", 1000},
	{"ms", 1},
};

static const size_t units_n = sizeof units / sizeof units[0];

/* Decimal digits up to *end; false when there are none or too many for 63 bits. */
static bool read_digits(const char *text, const char **end, int64_t *value)
{
	size_t len = strspn(text, "0123456789");

	if (len == 0 || len > 18)
		return false;
	*value = 0;
	for (size_t i = 0; i < len; i++)
		*value = *value * 10 + (text[i] - '0');
	*end = text + len;
	return true;
}

static bool read_duration(const char *text, int64_t *ms)
{
	const char *unit;
	int64_t number;

	if (!read_digits(text, &unit, &number))
		return false;
	if (*unit == '\0' && number == 0) {
		*ms = 0;
		return true;
	}
	for (size_t i = 0; i < units_n; i++)
		if (text_equal(unit, units[i].name) && number <= INT64_MAX / units[i].ms) {
			*ms = number * units[i].ms;
			return true;
		}
	return false;
}

/* The shortest exact spelling: 15min rather than 900s. */
static void write_duration(char out[32], int64_t ms)
{
	size_t i = 0;

	while (ms != 0 && ms % units[i].ms != 0)
		i++;
	snprintf(out, 32, "%" PRId64 "%s", ms / units[i].ms, ms == 0 ? "s" : units[i].name);
}

static void write_bound(char out[32], const struct option *option, int64_t bound)
{
	if (option->type == OPTION_DURATION)
		write_duration(out, bound);
	else
		snprintf(out, 32, "%" PRId64, bound);
}

static void store_int(uint8_t *field, int64_t value)
{
	memcpy(field, &value, sizeof value);
}

static bool value_range(const struct option *option, uint8_t *field, int64_t value, char *wrong)
{
	char min[32], max[32];

	if (value >= option->min && value <= option->max) {
		store_int(field, value);
		return true;
	}
	write_bound(min, option, option->min);
	write_bound(max, option, option->max);
	snprintf(wrong, OPTION_WRONG_MAX, "must be from %s to %s", min, max);
	return false;
}

static bool value_text(const struct option *option, uint8_t *field, const char *value, char *wrong)
{
	if (!text_is_clean(value)) {
		snprintf(wrong, OPTION_WRONG_MAX, "has characters that are not text");
		return false;
	}
	if (strlen(value) >= option->size) {
		snprintf(wrong, OPTION_WRONG_MAX, "is longer than %zu bytes", option->size - 1);
		return false;
	}
	memset(field, 0, option->size);
	memcpy(field, value, strlen(value));
	return true;
}

static bool value_int(const struct option *option, uint8_t *field, const char *value, char *wrong)
{
	bool negative = value[0] == '-';
	const char *end;
	int64_t number;

	if (!read_digits(value + negative, &end, &number) || *end != '\0') {
		snprintf(wrong, OPTION_WRONG_MAX, "must be a whole number");
		return false;
	}
	return value_range(option, field, negative ? -number : number, wrong);
}

static bool value_duration(const struct option *option, uint8_t *field, const char *value,
                           char *wrong)
{
	int64_t ms;

	if (!read_duration(value, &ms)) {
		snprintf(wrong, OPTION_WRONG_MAX,
		         "must be a number with its unit: 500ms, 30s, 15min or 2h");
		return false;
	}
	return value_range(option, field, ms, wrong);
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool value_time(const struct option *option, uint8_t *field, const char *value, char *wrong)
{
	int hour, minute;

	(void)option;
	if (strlen(value) == 5 && is_digit(value[0]) && is_digit(value[1]) && value[2] == ':'
	    && is_digit(value[3]) && is_digit(value[4])) {
		hour = (value[0] - '0') * 10 + value[1] - '0';
		minute = (value[3] - '0') * 10 + value[4] - '0';
		if (hour < 24 && minute < 60) {
			store_int(field, hour * 60 + minute);
			return true;
		}
	}
	snprintf(wrong, OPTION_WRONG_MAX, "must be a time of day from 00:00 to 23:59");
	return false;
}

static bool value_bool(const struct option *option, uint8_t *field, const char *value, char *wrong)
{
	bool yes = text_equal(value, "yes");

	(void)option;
	if (!yes && !text_equal(value, "no")) {
		snprintf(wrong, OPTION_WRONG_MAX, "must be yes or no");
		return false;
	}
	memcpy(field, &yes, sizeof yes);
	return true;
}

static bool value_hex(const struct option *option, uint8_t *field, const char *value, char *wrong)
{
	uint8_t bytes[HEX_BYTES_MAX];

	assert(option->size <= sizeof bytes);
	if (value[0] == '\0') {
		memset(field, 0, option->size);
		return true;
	}
	if (text_from_hex(bytes, option->size, value) != ERR_OK) {
		snprintf(wrong, OPTION_WRONG_MAX, "must be %zu hexadecimal digits",
		         2 * option->size);
		return false;
	}
	memcpy(field, bytes, option->size);
	return true;
}

/* "one, two, three", cut where the room ends. */
static void write_choices(char *out, size_t size, const struct option *option)
{
	size_t at = 0;

	out[0] = '\0';
	for (int i = 0; option->choices[i] != NULL && at < size; i++) {
		int n = snprintf(out + at, size - at, "%s%s", i > 0 ? ", " : "",
		                 option->choices[i]);

		at += (size_t)n;
	}
}

static bool value_choice(const struct option *option, uint8_t *field, const char *value,
                         char *wrong)
{
	char all[OPTION_WRONG_MAX - 32];

	for (int i = 0; option->choices[i] != NULL; i++)
		if (text_equal(option->choices[i], value)) {
			store_int(field, i);
			return true;
		}
	write_choices(all, sizeof all, option);
	snprintf(wrong, OPTION_WRONG_MAX, "must be one of %s", all);
	return false;
}

bool option_read(const struct option *option, uint8_t *field, const char *value, char *wrong)
{
	static bool (*const readers[])(const struct option *, uint8_t *, const char *, char *) = {
		[OPTION_TEXT] = value_text,
		[OPTION_INT] = value_int,
		[OPTION_DURATION] = value_duration,
		[OPTION_TIME] = value_time,
		[OPTION_BOOL] = value_bool,
		[OPTION_HEX] = value_hex,
		[OPTION_CHOICE] = value_choice,
	};

	return readers[option->type](option, field, value, wrong);
}

size_t option_field_size(const struct option *option)
{
	if (option->type == OPTION_TEXT || option->type == OPTION_HEX)
		return option->size;
	return option->type == OPTION_BOOL ? sizeof(bool) : sizeof(int64_t);
}

enum err option_allowed(const struct option *option, struct buf *out)
{
	char min[32], max[32], all[OPTION_WRONG_MAX];

	switch (option->type) {
	case OPTION_INT:
	case OPTION_DURATION:
		write_bound(min, option, option->min);
		write_bound(max, option, option->max);
		return buf_printf(out, " From %s to %s.", min, max);
	case OPTION_BOOL:
		return buf_add_text(out, " yes or no.");
	case OPTION_CHOICE:
		write_choices(all, sizeof all, option);
		return buf_printf(out, " One of %s.", all);
	case OPTION_HEX:
		return buf_printf(out, " %zu hexadecimal digits.", 2 * option->size);
	default:
		return ERR_OK;
	}
}
