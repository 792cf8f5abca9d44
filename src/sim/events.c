/*
 * events: memory of the event queue. See events.h.
 */
#include <errno.h>
#include <stdlib.h>

#include "sim/events.h"

/* As many stale events as sound ones, and some for the smallest simulations. The exact values do not matter. */
#define ROOM_FACTOR 2
#define ROOM_LEAST  64

int events_init(struct events *e, size_t owners)
{
	assert(owners <= EVENT_OWNERS_MAX);
	*e = (struct events){.order = 1, .room = ROOM_FACTOR * owners + ROOM_LEAST};
	e->heap = calloc(e->room, sizeof(e->heap[0]));
	e->due = calloc(owners, sizeof(e->due[0]));
	if (e->heap != NULL && e->due != NULL)
		return 0;
	events_release(e);
	return -ENOMEM;
}

void events_release(struct events *e)
{
	free(e->heap);
	free(e->due);
	*e = (struct events){0};
}

void events_tidy(struct events *e)
{
	size_t count = e->count;
	assert(!e->has_hole);
	e->count = 0;
	/* What is put back never passes what is still to be read: a heap of the first few is built in their place. */
	for (size_t i = 0; i < count; i++) {
		event_key key = e->heap[i];
		if (e->due[event_owner(key)] == event_order(key))
			events_rise(e, key);
	}
	assert(e->count < e->room);
}
