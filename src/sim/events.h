/*
 * events: what will happen next, in virtual time. Private to src/sim.
 *
 * Problem: nearly all of a simulator's time goes into "put this in", "what is first?" and "I have changed my mind".
 *
 * Design: a radix heap (Ahuja, Mehlhorn, Orlin and Tarjan, "Faster algorithms for the shortest path problem", J. ACM 37,
 * 1990), for time never goes back: nothing is put in before the last that came out.
 *
 *	bucket 0        what happens at the time of the last that came out, in order
 *	level l, digit d   what differs from that time first in digit l (of 4 bits, from the right) and has d there, in the
 *	                order in which it was put in
 *
 * Putting in is one look at the highest digit that differs. When bucket 0 is empty, the first bucket of the lowest level
 * that has one is opened: its earliest time is the new "now", and all that was in it falls into levels below. An event
 * falls 16 times at most, and mostly as often as its bucket was shared: the logarithm of how many events there are.
 *
 * What happens at the same moment happens in the order in which it was put in, on every machine: two events of one time
 * are always in the same bucket, and falling keeps the order.
 *
 * Every owner has at most one event that counts, and a number that says which; putting in another, or taking it back,
 * makes the earlier one stale, and a stale one is dropped when its bucket is opened or it comes out.
 */
#ifndef GILBENCH_SIM_EVENTS_H
#define GILBENCH_SIM_EVENTS_H

#include <assert.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define EVENT_DIGIT_BITS 4
#define EVENT_DIGITS     (1 << EVENT_DIGIT_BITS)
#define EVENT_LEVELS     (64 / EVENT_DIGIT_BITS)
/* Bucket 0, and then level by level. */
#define EVENT_BUCKETS (1 + EVENT_LEVELS * EVENT_DIGITS)

struct event {
	int64_t time_ns;
	uint32_t owner, stamp;
};

struct event_bucket {
	struct event *event;
	uint32_t count, room;
};

struct events {
	int64_t last_ns;               /* the time of the last that came out */
	uint32_t levels;               /* bit l: level l has a bucket that is not empty */
	uint16_t digits[EVENT_LEVELS]; /* bit d: that bucket is not */
	uint32_t next;                 /* in bucket 0: the first that has not come out */
	bool has_failed;               /* there was no memory for one: it is lost */
	struct event_bucket bucket[EVENT_BUCKETS];
	uint32_t *stamp; /* of each owner: of its last event */
	bool *counts;    /* of each owner: that one is still to come */
};

/* 0, or -ENOMEM. */
int events_init(struct events *, size_t owners);
void events_release(struct events *);
/* Opens the first bucket that is not empty. False: all are. */
bool events_open(struct events *);
/* Makes room for one more. False: there is no memory. */
bool events_grow(struct events *, struct event_bucket *);

/* Into the bucket that its time belongs to. */
static inline void events_append(struct events *e, struct event event)
{
	uint64_t differs = (uint64_t)event.time_ns ^ (uint64_t)e->last_ns;
	struct event_bucket *b = &e->bucket[0];
	if (differs != 0) {
		unsigned level = (unsigned)(63 - __builtin_clzll(differs)) / EVENT_DIGIT_BITS;
		unsigned digit = (uint64_t)event.time_ns >> level * EVENT_DIGIT_BITS & (EVENT_DIGITS - 1);
		e->levels |= 1u << level;
		e->digits[level] |= (uint16_t)(1u << digit);
		b = &e->bucket[1 + level * EVENT_DIGITS + digit];
	}
	if (__builtin_expect(b->count == b->room, 0) && !events_grow(e, b))
		return;
	b->event[b->count++] = event;
}

/* The owner's event is now this one. Not before the last that came out. */
static inline void events_put(struct events *e, int64_t time_ns, uint32_t owner)
{
	assert(time_ns >= e->last_ns);
	e->counts[owner] = true;
	events_append(e, (struct event){.time_ns = time_ns, .owner = owner, .stamp = ++e->stamp[owner]});
}

/* It has none any more. */
static inline void events_take_back(struct events *e, uint32_t owner)
{
	e->counts[owner] = false;
}

static inline bool events_has(const struct events *e, uint32_t owner)
{
	return e->counts[owner];
}

static inline bool events_is_sound(const struct events *e, const struct event *event)
{
	return e->stamp[event->owner] == event->stamp && e->counts[event->owner];
}

/* The first that counts, which is its owner's no more: its time and owner; false: there are none. */
static inline bool events_next(struct events *e, int64_t *time_ns, uint32_t *owner)
{
	for (;;) {
		if (e->next == e->bucket[0].count && !events_open(e))
			return false;
		const struct event *event = &e->bucket[0].event[e->next++];
		if (!events_is_sound(e, event))
			continue;
		e->counts[event->owner] = false;
		*owner = event->owner;
		*time_ns = event->time_ns;
		return true;
	}
}

#endif
