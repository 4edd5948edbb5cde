/* Objects of a document, read by tables. */
#include "admin/members.h"

#include "base/civil.h"
#include "base/limits.h"
#include "base/now.h"
#include "base/text.h"

#include <assert.h>
#include <inttypes.h>
#include <string.h>

void members_path(char out[FAULT_PATH_MAX], const char *path, const char *key)
{
	snprintf(out, FAULT_PATH_MAX, "%.100s%s%.50s", path, path[0] ? "." : "", key);
}

void members_path_at(char out[FAULT_PATH_MAX], const char *path, const char *key, size_t i)
{
	snprintf(out, FAULT_PATH_MAX, "%.80s%s%.40s[%zu]", path, path[0] ? "." : "", key, i);
}

int members_word(const char *const *words, const char *word)
{
	for (int i = 0; words[i] != NULL; i++)
		if (strcmp(words[i], word) == 0)
			return i;
	return -1;
}

/* A number of exactly n digits at text. */
static bool digits(const char *text, int n, int32_t *value)
{
	*value = 0;
	for (int i = 0; i < n; i++) {
		if (text[i] < '0' || text[i] > '9')
			return false;
		*value = *value * 10 + (text[i] - '0');
	}
	return true;
}

static bool read_date(const char *text, int32_t *days)
{
	int32_t year, month, day;

	if (strlen(text) != 10 || !digits(text, 4, &year) || text[4] != '-'
	    || !digits(text + 5, 2, &month) || text[7] != '-' || !digits(text + 8, 2, &day)
	    || !civil_is_valid(year, month, day))
		return false;
	*days = civil_to_days(year, month, day);
	return true;
}

static bool read_time(const char *text, int32_t *minutes)
{
	int32_t hour, minute;

	if (strlen(text) != 5 || !digits(text, 2, &hour) || text[2] != ':'
	    || !digits(text + 3, 2, &minute) || hour > 23 || minute > 59)
		return false;
	*minutes = hour * 60 + minute;
	return true;
}

static void read_text(struct faults *faults, const char *path, const struct member *m,
                      const char *text, char *out)
{
	size_t size = m->type == MEMBER_ID ? ID_MAX : m->size;

	/* Kept even when it is faulty, so that what refers to it is not one fault more. */
	text_clean(out, size, text);
	if (m->type == MEMBER_ID && !text_is_id(text))
		faults_add(faults, path, "must be an id: 1 to 32 of a-z A-Z 0-9 . _ -, "
		           "not beginning with a dot or dash");
	else if (!text_is_clean(text))
		faults_add(faults, path, "holds characters that are not allowed");
	else if (strlen(text) >= size)
		faults_add(faults, path, "is longer than %zu bytes", size - 1);
	else if (m->needed && text[0] == '\0')
		faults_add(faults, path, "must not be empty");
}

static void read_word(struct faults *faults, const char *path, const struct member *m,
                      const char *text, void *out)
{
	int word = members_word(m->words, text);
	char list[120] = "";

	assert(m->size == sizeof word);
	if (word >= 0) {
		memcpy(out, &word, sizeof word);
		return;
	}
	for (int i = 0; m->words[i] != NULL; i++)
		snprintf(list + strlen(list), sizeof list - strlen(list), "%s%s", i ? ", " : "",
		         m->words[i]);
	faults_add(faults, path, "must be one of %s", list);
}

static void read_string(struct faults *faults, const char *path, const struct member *m,
                        const char *text, void *out)
{
	int32_t number;

	switch (m->type) {
	case MEMBER_ID:
	case MEMBER_TEXT:
		read_text(faults, path, m, text, out);
		break;
	case MEMBER_WORD:
		read_word(faults, path, m, text, out);
		break;
	case MEMBER_DATE:
		if (read_date(text, &number))
			memcpy(out, &number, sizeof number);
		else
			faults_add(faults, path, "must be a date such as 2026-01-31");
		break;
	case MEMBER_TIME:
		if (read_time(text, &number))
			memcpy(out, &number, sizeof number);
		else
			faults_add(faults, path, "must be a time such as 01:30");
		break;
	default:
		assert(m->type == MEMBER_HEX);
		if (text_from_hex(out, m->size, text) != ERR_OK)
			faults_add(faults, path, "must be %zu hexadecimal digits", 2 * m->size);
	}
}

static void read_number(struct faults *faults, const char *path, const struct member *m,
                        int64_t value, void *out)
{
	int32_t small = (int32_t)value;
	int64_t ms = value * MS_MINUTE;

	if (value < m->min || value > m->max)
		faults_add(faults, path, "must lie between %" PRId64 " and %" PRId64, m->min,
		           m->max);
	else if (m->type == MEMBER_INT)
		memcpy(out, &small, sizeof small);
	else
		memcpy(out, m->type == MEMBER_MINUTES ? &ms : &value, sizeof value);
}

static void read_member(struct faults *faults, const char *path, const struct member *m,
                        const json_t *json, void *out)
{
	bool is_number =
		m->type == MEMBER_INT || m->type == MEMBER_COUNT || m->type == MEMBER_MINUTES;

	if (m->type == MEMBER_BOOL) {
		if (json_is_boolean(json))
			*(bool *)out = json_is_true(json);
		else
			faults_add(faults, path, "must be true or false");
	} else if (is_number) {
		if (json_is_integer(json))
			read_number(faults, path, m, json_integer_value(json), out);
		else
			faults_add(faults, path, "must be a whole number");
	} else if (json_is_string(json)) {
		read_string(faults, path, m, json_string_value(json), out);
	} else {
		faults_add(faults, path, "must be a string");
	}
}

static bool is_known(const struct member *table, const char *key)
{
	for (; table->name != NULL; table++)
		if (strcmp(table->name, key) == 0)
			return true;
	return false;
}

void members_read(struct faults *faults, const char *path, const json_t *object,
                  const struct member *table, void *out)
{
	char at[FAULT_PATH_MAX];
	const char *key;
	json_t *json;

	if (!json_is_object(object)) {
		faults_add(faults, path, "must be an object");
		return;
	}
	json_object_foreach((json_t *)object, key, json) {
		members_path(at, path, key);
		if (!is_known(table, key))
			faults_add(faults, at, "there is no such key here");
	}
	for (const struct member *m = table; m->name != NULL; m++) {
		json = json_object_get(object, m->name);
		members_path(at, path, m->name);
		if (m->type == MEMBER_OTHER)
			continue;
		if (json != NULL)
			read_member(faults, at, m, json, (char *)out + m->offset);
		else if (m->needed)
			faults_add(faults, at, "is missing");
	}
}

const json_t *members_list(struct faults *faults, const char *path, const json_t *object,
                           const char *key, size_t max, bool needed)
{
	const json_t *list = json_object_get(object, key);
	char at[FAULT_PATH_MAX];

	members_path(at, path, key);
	if (list == NULL) {
		if (needed && json_is_object(object))
			faults_add(faults, at, "is missing");
		return NULL;
	}
	if (!json_is_array(list))
		faults_add(faults, at, "must be a list");
	else if (needed && json_array_size(list) == 0)
		faults_add(faults, at, "must not be empty");
	else if (json_array_size(list) > max)
		faults_add(faults, at, "has more than %zu entries", max);
	else
		return list;
	return NULL;
}
