/*
 * events: opening buckets, and their memory. See events.h.
 */
#include <errno.h>
#include <stdlib.h>

#include "sim/events.h"

/* Room of a bucket at first. The exact value does not matter. */
#define ROOM_LEAST 16

int events_init(struct events *e, size_t owners)
{
	*e = (struct events){.last_ns = 0};
	e->stamp = calloc(owners, sizeof(e->stamp[0]));
	e->counts = calloc(owners, sizeof(e->counts[0]));
	if (e->stamp != NULL && e->counts != NULL)
		return 0;
	events_release(e);
	return -ENOMEM;
}

void events_release(struct events *e)
{
	for (int b = 0; b < EVENT_BUCKETS; b++)
		free(e->bucket[b].event);
	free(e->stamp);
	free(e->counts);
	*e = (struct events){.last_ns = 0};
}

/* Where a bucket is full, the stale go first. */
static void drop_stale(struct events *e, struct event_bucket *b)
{
	uint32_t kept = 0;
	for (uint32_t i = 0; i < b->count; i++)
		if (events_is_sound(e, &b->event[i]))
			b->event[kept++] = b->event[i];
	b->count = kept;
}

bool events_grow(struct events *e, struct event_bucket *b)
{
	/* Bucket 0 is being read, and what has been read of it is no use. */
	if (b != &e->bucket[0])
		drop_stale(e, b);
	if (b->count <= b->room / 2 && b->room > 0)
		return true;
	uint32_t room = b->room > 0 ? 2 * b->room : ROOM_LEAST;
	struct event *event = realloc(b->event, room * sizeof(*event));
	if (event == NULL) {
		e->has_failed = true;
		return false;
	}
	b->event = event;
	b->room = room;
	return true;
}

/* Whether an event is sound is asked when it comes out: asking here costs more than letting the few others fall too. */
static int64_t earliest_ns(const struct event_bucket *b)
{
	int64_t time_ns = b->event[0].time_ns;
	for (uint32_t i = 1; i < b->count; i++)
		time_ns = b->event[i].time_ns < time_ns ? b->event[i].time_ns : time_ns;
	return time_ns;
}

bool events_open(struct events *e)
{
	e->bucket[0].count = e->next = 0;
	if (e->levels == 0)
		return false;
	unsigned level = (unsigned)__builtin_ctz(e->levels),
		 digit = (unsigned)__builtin_ctz(e->digits[level]);
	struct event_bucket *b = &e->bucket[1 + level * EVENT_DIGITS + digit];
	uint32_t count = b->count;
	e->digits[level] &= (uint16_t)(e->digits[level] - 1);
	if (e->digits[level] == 0)
		e->levels &= e->levels - 1;
	e->last_ns = earliest_ns(b);
	b->count = 0;
	/* None falls back into its own bucket, whose digit they now all have in common. */
	for (uint32_t i = 0; i < count; i++)
		events_append(e, b->event[i]);
	return true;
}
