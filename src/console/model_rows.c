/* Rows as the hub sends them: kept by their keys, replaced whole. */
#include "console/model_inside.h"

#include "wire/rows.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

void *model_rows_add(struct rows *rows, size_t size)
{
	uint8_t *item;

	if (rows->n == rows->room) {
		size_t room = rows->room ? 2 * rows->room : 32;
		void *items = reallocarray(rows->items, room, size);

		if (items == NULL)
			abort();
		rows->items = items;
		rows->room = room;
	}
	item = (uint8_t *)rows->items + size * rows->n++;
	memset(item, 0, size);
	return item;
}

void model_rows_remove(struct rows *rows, size_t size, size_t at)
{
	uint8_t *items = rows->items;

	assert(at < rows->n);
	memmove(items + size * at, items + size * (at + 1), size * (rows->n - at - 1));
	rows->n--;
}

/*
 * Every kind of row begins with its key: a number, or an identifier. They stand in the order of
 * their keys, since every line of a list asks for its row; but contacts, which are few, in the
 * order of the hub.
 */
static void *row_at(const struct rows *rows, size_t size, size_t at)
{
	return (uint8_t *)rows->items + size * at;
}

/* The first place whose key is not before this one. */
static size_t number_place(const struct rows *rows, size_t size, int64_t number)
{
	size_t low = 0, high = rows->n;

	while (low < high) {
		size_t middle = (low + high) / 2;

		if (*(int64_t *)row_at(rows, size, middle) < number)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static size_t id_place(const struct rows *rows, size_t size, const char *id)
{
	size_t low = 0, high = rows->n;

	while (low < high) {
		size_t middle = (low + high) / 2;

		if (strcmp(row_at(rows, size, middle), id) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static void *insert(struct rows *rows, size_t size, size_t at)
{
	model_rows_add(rows, size);
	memmove(row_at(rows, size, at + 1), row_at(rows, size, at), size * (rows->n - 1 - at));
	return memset(row_at(rows, size, at), 0, size);
}

static void *by_number(const struct rows *rows, size_t size, int64_t number)
{
	size_t at = number_place(rows, size, number);
	int64_t *row = at < rows->n ? row_at(rows, size, at) : NULL;

	return row != NULL && *row == number ? row : NULL;
}

static void *by_id(const struct rows *rows, size_t size, const char *id)
{
	size_t at = id_place(rows, size, id);
	char *row = at < rows->n ? row_at(rows, size, at) : NULL;

	return row != NULL && strcmp(row, id) == 0 ? row : NULL;
}

void *model_rows_numbered(struct rows *rows, size_t size, int64_t number)
{
	int64_t *row = by_number(rows, size, number);

	if (row == NULL) {
		row = insert(rows, size, number_place(rows, size, number));
		*row = number;
	}
	return row;
}

static void *id_slot(struct rows *rows, size_t size, const char *id)
{
	void *row = by_id(rows, size, id);

	return row != NULL ? row : insert(rows, size, id_place(rows, size, id));
}

static struct contact *contact_of(const struct model *model, const char *id)
{
	struct contact *contact = model->contacts.items;

	for (size_t i = 0; i < model->contacts.n; i++)
		if (strcmp(contact[i].id, id) == 0)
			return &contact[i];
	return NULL;
}

const struct check *model_check(const struct model *model, int64_t id)
{
	return by_number(&model->checks, sizeof(struct check), id);
}

const struct page *model_page(const struct model *model, int64_t number)
{
	return by_number(&model->pages, sizeof(struct page), number);
}

const struct resident *model_resident(const struct model *model, const char *id)
{
	return by_id(&model->residents, sizeof(struct resident), id);
}

const struct camera *model_camera(const struct model *model, const char *id)
{
	return by_id(&model->cameras, sizeof(struct camera), id);
}

const struct contact *model_contact(const struct model *model, const char *id)
{
	return contact_of(model, id);
}

const struct operator *model_operator(const struct model *model, const char *id)
{
	return by_id(&model->operators, sizeof(struct operator), id);
}

const struct standing_alarm *model_alarm(const struct model *model, int64_t id)
{
	return by_number(&model->alarms, sizeof(struct standing_alarm), id);
}

static bool is_in_chain(const struct contact *contact, const char *area)
{
	return contact->step >= 0
	       && (contact->area[0] == '\0' || strcmp(contact->area, area) == 0);
}

const struct contact *model_first_contact(const struct model *model, const char *area)
{
	const struct contact *contact = model->contacts.items, *first = NULL;

	for (size_t i = 0; i < model->contacts.n; i++)
		if (is_in_chain(&contact[i], area)
		    && (first == NULL || contact[i].step < first->step))
			first = &contact[i];
	return first;
}

const struct contact *model_other_contact(const struct model *model, const char *area,
                                          const char *id, int by)
{
	const struct contact *contact = model->contacts.items, *from = model_contact(model, id);
	const struct contact *next = NULL, *farthest = NULL;

	/*
	 * The next one is the nearest beyond it; behind the last comes the farthest on the other
	 * side.
	 */
	for (size_t i = 0; i < model->contacts.n; i++) {
		int64_t distance = from != NULL ? by * (contact[i].step - from->step) : 0;

		if (!is_in_chain(&contact[i], area))
			continue;
		if (distance > 0 && (next == NULL || distance < by * (next->step - from->step)))
			next = &contact[i];
		if (farthest == NULL || by * contact[i].step < by * farthest->step)
			farthest = &contact[i];
	}
	return next != NULL ? next : farthest != NULL ? farthest : from;
}

/* Copies a text field into an array of a row; the table's bounds are those of the row. */
static void take(const struct wire_message *message, const char *field, char *out, size_t size)
{
	const char *text = wire_text(message, field);
	size_t len = strlen(text);

	assert(len < size);
	memcpy(out, text, len + 1);
}

#define TAKE(row, member) take(message, #member, (row)->member, sizeof (row)->member)

static enum err take_check(struct model *model, const struct wire_message *message)
{
	struct check check;
	enum err r = wire_to_check(message, &check);

	if (r == ERR_OK)
		*(struct check *)model_rows_numbered(&model->checks, sizeof check,
		                                     check.id) = check;
	return r;
}

static enum err take_page(struct model *model, const struct wire_message *message)
{
	struct page page;
	enum err r = wire_to_page(message, &page);

	if (r == ERR_OK)
		*(struct page *)model_rows_numbered(&model->pages, sizeof page, page.number) = page;
	return r;
}

static enum err take_resident(struct model *model, const struct wire_message *message)
{
	struct resident *row = id_slot(&model->residents, sizeof *row, wire_text(message, "id"));

	TAKE(row, id);
	TAKE(row, name);
	TAKE(row, address);
	TAKE(row, bed_note);
	TAKE(row, door_note);
	TAKE(row, phone);
	TAKE(row, agreement);
	TAKE(row, camera);
	TAKE(row, area);
	TAKE(row, standing);
	TAKE(row, plan);
	row->pause_from_ms = wire_int(message, "pause_from_ms");
	row->pause_to_ms = wire_int(message, "pause_to_ms");
	row->pause_review_ms = wire_int(message, "pause_review_ms");
	row->last_well_ms = wire_int(message, "last_well_ms");
	return ERR_OK;
}

static enum err take_camera(struct model *model, const struct wire_message *message)
{
	struct camera *row = id_slot(&model->cameras, sizeof *row, wire_text(message, "id"));

	TAKE(row, id);
	TAKE(row, lens);
	row->connected = wire_bool(message, "connected");
	row->commissioned = wire_bool(message, "commissioned");
	row->since_ms = wire_int(message, "since_ms");
	return ERR_OK;
}

static enum err take_contact(struct model *model, const struct wire_message *message)
{
	struct contact *row = contact_of(model, wire_text(message, "id"));

	if (row == NULL)
		row = model_rows_add(&model->contacts, sizeof *row);
	TAKE(row, id);
	TAKE(row, name);
	TAKE(row, phone);
	TAKE(row, role);
	TAKE(row, area);
	row->step = wire_int(message, "step");
	return ERR_OK;
}

static enum err take_operator(struct model *model, const struct wire_message *message)
{
	struct operator *row = id_slot(&model->operators, sizeof *row, wire_text(message, "id"));

	TAKE(row, id);
	TAKE(row, name);
	row->present = wire_bool(message, "present");
	return ERR_OK;
}

static enum err take_alarm(struct model *model, const struct wire_message *message)
{
	struct standing_alarm *row = model_rows_numbered(&model->alarms, sizeof *row,
	                                         wire_int(message, "id"));
	int64_t level = wire_int(message, "level");

	row->id = wire_int(message, "id");
	TAKE(row, subject);
	TAKE(row, text);
	row->level = level > ALARM_HIGH ? ALARM_HIGH : (enum alarm)level;
	row->since_ms = wire_int(message, "since_ms");
	return ERR_OK;
}

static enum err drop_alarm(struct model *model, const struct wire_message *message)
{
	const struct standing_alarm *first = model->alarms.items;
	const struct standing_alarm *row = model_alarm(model, wire_int(message, "id"));

	if (row != NULL)
		model_rows_remove(&model->alarms, sizeof *row, (size_t)(row - first));
	return ERR_OK;
}

enum err model_rows_message(struct model *model, const struct wire_message *message)
{
	switch (wire_id(message)) {
	case WIRE_CHECK:
		return take_check(model, message);
	case WIRE_PAGE_ROW:
		return take_page(model, message);
	case WIRE_RESIDENT:
		return take_resident(model, message);
	case WIRE_CAMERA_ROW:
		return take_camera(model, message);
	case WIRE_CONTACT:
		return take_contact(model, message);
	case WIRE_OPERATOR:
		return take_operator(model, message);
	case WIRE_ALARM:
		return take_alarm(model, message);
	case WIRE_ALARM_OVER:
		return drop_alarm(model, message);
	default:
		return ERR_NOT_FOUND;
	}
}

void model_rows_clear(struct model *model)
{
	model->checks.n = model->pages.n = model->residents.n = model->cameras.n = 0;
	model->contacts.n = model->operators.n = model->alarms.n = 0;
	/* No line may name a row that is not there; the next ones come with the rows. */
	model->list.n = model->board.n = 0;
}

void model_rows_free(struct model *model)
{
	struct rows *all[] = {&model->checks,  &model->pages,    &model->residents,
	                      &model->cameras, &model->contacts, &model->operators,
	                      &model->alarms,  &model->rung,     &model->list,
	                      &model->board,   &model->grid};

	for (size_t i = 0; i < sizeof all / sizeof *all; i++)
		free(all[i]->items);
}
