/*
 * The store in memory: people and things. Residents, agreements, cameras, operators, contacts,
 * pauses, settings.
 */
#include "store/memory.h"

#include "base/text.h"

#include <string.h>

static int resident_by_id(const void *a, const void *b)
{
	return strcmp(((const struct resident_row *)a)->id, ((const struct resident_row *)b)->id);
}

static int agreement_by_id(const void *a, const void *b)
{
	return strcmp(((const struct agreement_row *)a)->id, ((const struct agreement_row *)b)->id);
}

static int camera_by_id(const void *a, const void *b)
{
	return strcmp(((const struct camera_row *)a)->id, ((const struct camera_row *)b)->id);
}

static int operator_by_id(const void *a, const void *b)
{
	return strcmp(((const struct operator_row *)a)->id, ((const struct operator_row *)b)->id);
}

static int contact_by_id(const void *a, const void *b)
{
	return strcmp(((const struct contact_row *)a)->id, ((const struct contact_row *)b)->id);
}

/* Those outside the chain, with a negative step, come last. */
static int contact_by_step(const void *a, const void *b)
{
	const struct contact_row *left = a, *right = b;
	int order = (left->step < 0) - (right->step < 0);

	if (order == 0)
		order = (left->step > right->step) - (left->step < right->step);
	return order != 0 ? order : contact_by_id(a, b);
}

static int pause_by_resident(const void *a, const void *b)
{
	return strcmp(((const struct pause_row *)a)->resident,
	              ((const struct pause_row *)b)->resident);
}

struct setting_row {
	char name[ID_MAX];
	char value[PATH_MAX_BYTES];
};

static int setting_by_name(const void *a, const void *b)
{
	return strcmp(((const struct setting_row *)a)->name, ((const struct setting_row *)b)->name);
}

static const struct order resident_orders[] = {{resident_by_id, NULL}, {NULL, NULL}};
static const struct order agreement_orders[] = {{agreement_by_id, NULL}, {NULL, NULL}};
static const struct order camera_orders[] = {{camera_by_id, NULL}, {NULL, NULL}};
static const struct order operator_orders[] = {{operator_by_id, NULL}, {NULL, NULL}};
static const struct order contact_orders[] = {
	{contact_by_id, NULL}, {contact_by_step, NULL}, {NULL, NULL}};
static const struct order pause_orders[] = {{pause_by_resident, NULL}, {NULL, NULL}};
static const struct order setting_orders[] = {{setting_by_name, NULL}, {NULL, NULL}};

enum { CONTACT_BY_STEP = 1 };

/* Rows that bring their own key. */
#define KIND(row, by) {.size = sizeof(struct row), .orders = by}

const struct kind memory_resident_kind = KIND(resident_row, resident_orders);
const struct kind memory_agreement_kind = KIND(agreement_row, agreement_orders);
const struct kind memory_camera_kind = KIND(camera_row, camera_orders);
const struct kind memory_operator_kind = KIND(operator_row, operator_orders);
const struct kind memory_contact_kind = KIND(contact_row, contact_orders);
const struct kind memory_pause_kind = KIND(pause_row, pause_orders);
const struct kind memory_setting_kind = KIND(setting_row, setting_orders);

MEMORY_DEFINE_EACH(each_resident, struct resident_row)
MEMORY_DEFINE_EACH(each_agreement, struct agreement_row)
MEMORY_DEFINE_EACH(each_camera, struct camera_row)
MEMORY_DEFINE_EACH(each_operator, struct operator_row)
MEMORY_DEFINE_EACH(each_contact, struct contact_row)
MEMORY_DEFINE_EACH(each_pause, struct pause_row)

static enum err resident_put(void *impl, const struct resident_row *resident)
{
	return memory_put(impl, MEMORY_RESIDENTS, resident, NULL);
}

static enum err resident_get(void *impl, const char *id, struct resident_row *resident)
{
	struct resident_row probe = {.id = ""};

	if (text_copy(probe.id, sizeof probe.id, id) != ERR_OK)
		return ERR_NOT_FOUND;
	return memory_get(impl, MEMORY_RESIDENTS, 0, &probe, resident);
}

static enum err residents(void *impl, each_resident_fn *each, void *arg)
{
	return each_resident(impl, MEMORY_RESIDENTS, 0, 0, NULL, 0, each, arg);
}

static enum err agreement_put(void *impl, const struct agreement_row *agreement)
{
	return memory_put(impl, MEMORY_AGREEMENTS, agreement, NULL);
}

static enum err agreement_get(void *impl, const char *id, struct agreement_row *agreement)
{
	struct agreement_row probe = {.id = ""};

	if (text_copy(probe.id, sizeof probe.id, id) != ERR_OK)
		return ERR_NOT_FOUND;
	return memory_get(impl, MEMORY_AGREEMENTS, 0, &probe, agreement);
}

static enum err agreements(void *impl, each_agreement_fn *each, void *arg)
{
	return each_agreement(impl, MEMORY_AGREEMENTS, 0, 0, NULL, 0, each, arg);
}

static enum err camera_put(void *impl, const struct camera_row *camera)
{
	return memory_put(impl, MEMORY_CAMERAS, camera, NULL);
}

static enum err camera_get(void *impl, const char *id, struct camera_row *camera)
{
	struct camera_row probe = {.id = ""};

	if (text_copy(probe.id, sizeof probe.id, id) != ERR_OK)
		return ERR_NOT_FOUND;
	return memory_get(impl, MEMORY_CAMERAS, 0, &probe, camera);
}

static enum err cameras(void *impl, each_camera_fn *each, void *arg)
{
	return each_camera(impl, MEMORY_CAMERAS, 0, 0, NULL, 0, each, arg);
}

static enum err operator_put(void *impl, const struct operator_row *row)
{
	return memory_put(impl, MEMORY_OPERATORS, row, NULL);
}

static enum err operator_get(void *impl, const char *id, struct operator_row *row)
{
	struct operator_row probe = {.id = ""};

	if (text_copy(probe.id, sizeof probe.id, id) != ERR_OK)
		return ERR_NOT_FOUND;
	return memory_get(impl, MEMORY_OPERATORS, 0, &probe, row);
}

static enum err operators(void *impl, each_operator_fn *each, void *arg)
{
	return each_operator(impl, MEMORY_OPERATORS, 0, 0, NULL, 0, each, arg);
}

static enum err contact_put(void *impl, const struct contact_row *contact)
{
	return memory_put(impl, MEMORY_CONTACTS, contact, NULL);
}

static enum err contact_get(void *impl, const char *id, struct contact_row *contact)
{
	struct contact_row probe = {.id = ""};

	if (text_copy(probe.id, sizeof probe.id, id) != ERR_OK)
		return ERR_NOT_FOUND;
	return memory_get(impl, MEMORY_CONTACTS, 0, &probe, contact);
}

static enum err contacts(void *impl, each_contact_fn *each, void *arg)
{
	return each_contact(impl, MEMORY_CONTACTS, CONTACT_BY_STEP, 0, NULL, 0, each, arg);
}

static enum err pause_put(void *impl, const struct pause_row *pause)
{
	return memory_put(impl, MEMORY_PAUSES, pause, NULL);
}

static enum err pause_get(void *impl, const char *resident, struct pause_row *pause)
{
	struct pause_row probe = {.resident = ""};

	if (text_copy(probe.resident, sizeof probe.resident, resident) != ERR_OK)
		return ERR_NOT_FOUND;
	return memory_get(impl, MEMORY_PAUSES, 0, &probe, pause);
}

static enum err pause_delete(void *impl, const char *resident)
{
	struct pause_row probe = {.resident = ""};

	if (text_copy(probe.resident, sizeof probe.resident, resident) != ERR_OK)
		return ERR_NOT_FOUND;
	return memory_delete(impl, MEMORY_PAUSES, &probe);
}

static enum err pauses(void *impl, each_pause_fn *each, void *arg)
{
	return each_pause(impl, MEMORY_PAUSES, 0, 0, NULL, 0, each, arg);
}

static enum err setting_put(void *impl, const char *name, const char *value)
{
	struct setting_row row;

	if (text_copy(row.name, sizeof row.name, name) != ERR_OK
	    || text_copy(row.value, sizeof row.value, value) != ERR_OK)
		return ERR_LIMIT;
	return memory_put(impl, MEMORY_SETTINGS, &row, NULL);
}

static enum err setting_get(void *impl, const char *name, char value[PATH_MAX_BYTES])
{
	struct setting_row row;
	enum err r;

	if (text_copy(row.name, sizeof row.name, name) != ERR_OK)
		return ERR_NOT_FOUND;
	r = memory_get(impl, MEMORY_SETTINGS, 0, &row, &row);
	return r != ERR_OK ? r : text_copy(value, PATH_MAX_BYTES, row.value);
}

void memory_people_functions(struct store *store)
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
