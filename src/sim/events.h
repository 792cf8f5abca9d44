/*
 * events: what will happen next, in virtual time. Private to src/sim.
 *
 * Problem: nearly all of a simulator's time goes into "put this in", "what is first?" and "I have changed my mind".
 *
 * Design: a heap of four children per parent, of keys of 16 bytes: time, then the order in which events were put in
 * (so that what happens at the same moment happens in that order, on every machine), then whose it is. Every owner has
 * at most one event that counts, and a word that says which; putting in another, or taking it back, makes the earlier
 * one stale, and a stale one is passed over when it comes to the top. Taking the first leaves a hole there, which the
 * next that is put in fills: mostly one comes in for one that goes out, and one way down the heap is saved.
 *
 * Room is bounded: when it is full, the stale are thrown out, and of the others there are as many as owners at most.
 */
#ifndef GILBENCH_SIM_EVENTS_H
#define GILBENCH_SIM_EVENTS_H

#include <assert.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Key: time in ns (64 bits), order (40 bits), owner (24 bits). 10^12 events are a day of simulating. */
__extension__ typedef unsigned __int128 event_key;
#define EVENT_OWNER_BITS 24
#define EVENT_OWNERS_MAX (1u << EVENT_OWNER_BITS)

struct events {
	event_key *heap;
	size_t count, room; /* the hole counts */
	bool has_hole;      /* heap[0] has been taken */
	uint64_t order;     /* of the next one that is put in, from 1 */
	uint64_t *due;      /* of each owner: the order of its event that counts; 0: none */
};

/* 0, or -ENOMEM. */
int events_init(struct events *, size_t owners);
void events_release(struct events *);
/* Throws out what is stale. */
void events_tidy(struct events *);

static inline uint64_t event_order(event_key key)
{
	return (uint64_t)key >> EVENT_OWNER_BITS;
}

static inline uint32_t event_owner(event_key key)
{
	return (uint32_t)key & (EVENT_OWNERS_MAX - 1);
}

static inline int64_t event_time(event_key key)
{
	return (int64_t)(key >> 64);
}

static inline void events_sink(struct events *e, event_key key)
{
	event_key *heap = e->heap;
	size_t at = 0, count = e->count;
	for (;;) {
		size_t child = 4 * at + 1;
		if (child + 4 <= count) {
			size_t a = child + (heap[child + 1] < heap[child]);
			size_t b = child + 2 + (heap[child + 3] < heap[child + 2]);
			child = heap[b] < heap[a] ? b : a;
		} else {
			if (child >= count)
				break;
			for (size_t other = child + 1; other < count; other++)
				child = heap[other] < heap[child] ? other : child;
		}
		if (key < heap[child])
			break;
		heap[at] = heap[child];
		at = child;
	}
	heap[at] = key;
}

static inline void events_rise(struct events *e, event_key key)
{
	event_key *heap = e->heap;
	size_t at = e->count++;
	while (at > 0 && key < heap[(at - 1) / 4]) {
		heap[at] = heap[(at - 1) / 4];
		at = (at - 1) / 4;
	}
	heap[at] = key;
}

/* The owner's event is now this one. */
static inline void events_put(struct events *e, int64_t time_ns, uint32_t owner)
{
	uint64_t order = e->order++;
	event_key key = (event_key)(uint64_t)time_ns << 64 | order << EVENT_OWNER_BITS | owner;
	e->due[owner] = order;
	if (e->has_hole) {
		e->has_hole = false;
		events_sink(e, key);
		return;
	}
	if (__builtin_expect(e->count == e->room, 0))
		events_tidy(e);
	events_rise(e, key);
}

/* It has none any more. */
static inline void events_take_back(struct events *e, uint32_t owner)
{
	e->due[owner] = 0;
}

static inline void events_close_hole(struct events *e)
{
	e->has_hole = false;
	event_key last = e->heap[--e->count];
	if (e->count > 0)
		events_sink(e, last);
}

/* The first that counts, which is its owner's no more: its time and owner; false: there are none. */
static inline bool events_next(struct events *e, int64_t *time_ns, uint32_t *owner)
{
	for (;;) {
		if (e->has_hole)
			events_close_hole(e);
		if (e->count == 0)
			return false;
		event_key first = e->heap[0];
		e->has_hole = true;
		*owner = event_owner(first);
		if (e->due[*owner] != event_order(first))
			continue;
		e->due[*owner] = 0;
		*time_ns = event_time(first);
		return true;
	}
}

#endif
