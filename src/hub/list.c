/* The hub's small lists: sessions, cameras, what is to be done after a commit. */
#include "hub/inside.h"

#include <stdlib.h>
#include <string.h>

void *list_add(struct list *list, size_t size)
{
	uint8_t *item;

	if (list->n == list->room) {
		size_t room = list->room ? 2 * list->room : 16;
		void *items = reallocarray(list->items, room, size);

		if (items == NULL)
			abort();
		list->items = items;
		list->room = room;
	}
	item = (uint8_t *)list->items + size * list->n++;
	memset(item, 0, size);
	return item;
}

void list_remove(struct list *list, size_t size, size_t at)
{
	uint8_t *items = list->items;

	memmove(items + size * at, items + size * (at + 1), size * (list->n - at - 1));
	list->n--;
}
