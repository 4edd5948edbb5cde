/*
 * The store on SQLite: people and things. Residents, agreements, cameras, operators, contacts,
 * pauses, settings.
 */
#include "store/sqlite.h"

#include <string.h>

SQLITE_DEFINE_EACH(each_resident, struct resident_row)
SQLITE_DEFINE_EACH(each_agreement, struct agreement_row)
SQLITE_DEFINE_EACH(each_camera, struct camera_row)
SQLITE_DEFINE_EACH(each_operator, struct operator_row)
SQLITE_DEFINE_EACH(each_contact, struct contact_row)
SQLITE_DEFINE_EACH(each_pause, struct pause_row)

static enum err resident_put(void *impl, const struct resident_row *resident)
{
	static const struct query query = {VERB_PUT, &resident_columns, NULL};

	return sqlite_put(impl, &query, resident, NULL);
}

static enum err resident_get(void *impl, const char *id, struct resident_row *resident)
{
	static const struct query query = {VERB_SELECT, &resident_columns, "WHERE id = ?1"};

	return sqlite_get(impl, &query, BIND({.text = id}), resident);
}

static enum err residents(void *impl, each_resident_fn *each, void *arg)
{
	static const struct query query = {VERB_SELECT, &resident_columns, "ORDER BY id"};

	return each_resident(impl, &query, NO_BIND, each, arg);
}

static enum err agreement_put(void *impl, const struct agreement_row *agreement)
{
	static const struct query query = {VERB_PUT, &agreement_columns, NULL};

	return sqlite_put(impl, &query, agreement, NULL);
}

static enum err agreement_get(void *impl, const char *id, struct agreement_row *agreement)
{
	static const struct query query = {VERB_SELECT, &agreement_columns, "WHERE id = ?1"};

	return sqlite_get(impl, &query, BIND({.text = id}), agreement);
}

static enum err agreements(void *impl, each_agreement_fn *each, void *arg)
{
	static const struct query query = {VERB_SELECT, &agreement_columns, "ORDER BY id"};

	return each_agreement(impl, &query, NO_BIND, each, arg);
}

static enum err camera_put(void *impl, const struct camera_row *camera)
{
	static const struct query query = {VERB_PUT, &camera_columns, NULL};

	return sqlite_put(impl, &query, camera, NULL);
}

static enum err camera_get(void *impl, const char *id, struct camera_row *camera)
{
	static const struct query query = {VERB_SELECT, &camera_columns, "WHERE id = ?1"};

	return sqlite_get(impl, &query, BIND({.text = id}), camera);
}

static enum err cameras(void *impl, each_camera_fn *each, void *arg)
{
	static const struct query query = {VERB_SELECT, &camera_columns, "ORDER BY id"};

	return each_camera(impl, &query, NO_BIND, each, arg);
}

static enum err operator_put(void *impl, const struct operator_row *row)
{
	static const struct query query = {VERB_PUT, &operator_columns, NULL};

	return sqlite_put(impl, &query, row, NULL);
}

static enum err operator_get(void *impl, const char *id, struct operator_row *row)
{
	static const struct query query = {VERB_SELECT, &operator_columns, "WHERE id = ?1"};

	return sqlite_get(impl, &query, BIND({.text = id}), row);
}

static enum err operators(void *impl, each_operator_fn *each, void *arg)
{
	static const struct query query = {VERB_SELECT, &operator_columns, "ORDER BY id"};

	return each_operator(impl, &query, NO_BIND, each, arg);
}

static enum err contact_put(void *impl, const struct contact_row *contact)
{
	static const struct query query = {VERB_PUT, &contact_columns, NULL};

	return sqlite_put(impl, &query, contact, NULL);
}

static enum err contact_get(void *impl, const char *id, struct contact_row *contact)
{
	static const struct query query = {VERB_SELECT, &contact_columns, "WHERE id = ?1"};

	return sqlite_get(impl, &query, BIND({.text = id}), contact);
}

static enum err contacts(void *impl, each_contact_fn *each, void *arg)
{
	static const struct query query = {VERB_SELECT, &contact_columns,
	                                   "ORDER BY step < 0, step, id"};

	return each_contact(impl, &query, NO_BIND, each, arg);
}

static enum err pause_put(void *impl, const struct pause_row *pause)
{
	static const struct query query = {VERB_PUT, &pause_columns, NULL};

	return sqlite_put(impl, &query, pause, NULL);
}

static enum err pause_get(void *impl, const char *resident, struct pause_row *pause)
{
	static const struct query query = {VERB_SELECT, &pause_columns, "WHERE resident = ?1"};

	return sqlite_get(impl, &query, BIND({.text = resident}), pause);
}

static enum err pause_delete(void *impl, const char *resident)
{
	static const struct query query = {VERB_PLAIN, NULL,
	                                   "DELETE FROM pauses WHERE resident = ?1"};

	return sqlite_change(impl, &query, BIND({.text = resident}));
}

static enum err pauses(void *impl, each_pause_fn *each, void *arg)
{
	static const struct query query = {VERB_SELECT, &pause_columns, "ORDER BY resident"};

	return each_pause(impl, &query, NO_BIND, each, arg);
}

static enum err setting_put(void *impl, const char *name, const char *value)
{
	static const struct query query = {
		VERB_PLAIN, NULL,
		"INSERT INTO settings (name, value) VALUES (?1, ?2)"
		" ON CONFLICT (name) DO UPDATE SET value = excluded.value",
	};

	if (strlen(name) >= ID_MAX || strlen(value) >= PATH_MAX_BYTES)
		return ERR_LIMIT;
	return sqlite_change(impl, &query, BIND({.text = name}, {.text = value}));
}

static enum err setting_get(void *impl, const char *name, char value[PATH_MAX_BYTES])
{
	static const struct query query = {VERB_PLAIN, NULL,
	                                   "SELECT value FROM settings WHERE name = ?1"};

	return sqlite_text(impl, &query, BIND({.text = name}), value, PATH_MAX_BYTES);
}

void sqlite_people_functions(struct store *store)
{
	store->resident_put = resident_put;
	store->resident_get = resident_get;
	store->residents = residents;
	store->agreement_put = agreement_put;
	store->agreement_get = agreement_get;
	store->agreements = agreements;
	store->camera_put = camera_put;
	store->camera_get = camera_get;
	store->cameras = cameras;
	store->operator_put = operator_put;
	store->operator_get = operator_get;
	store->operators = operators;
	store->contact_put = contact_put;
	store->contact_get = contact_get;
	store->contacts = contacts;
	store->pause_put = pause_put;
	store->pause_get = pause_get;
	store->pause_delete = pause_delete;
	store->pauses = pauses;
	store->setting_put = setting_put;
	store->setting_get = setting_get;
}
