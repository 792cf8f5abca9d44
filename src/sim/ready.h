/*
 * ready: threads that want a core, and which comes first. Private to src/sim.
 *
 * A heap of four children per parent, by what a thread has used; of those that have used the same, whoever came first
 * comes first, on every machine. Never more than there are threads.
 */
#ifndef GILBENCH_SIM_READY_H
#define GILBENCH_SIM_READY_H

#include <assert.h>
#include <stddef.h>
#include <stdint.h>

/* What it has used in ns (64 bits, not negative), the order of coming (40 bits), the thread (24 bits). */
__extension__ typedef unsigned __int128 ready_key;
#define READY_THREAD_BITS 24

struct ready {
	ready_key *heap;
	size_t count, room;
	uint64_t order;
};

static inline void ready_put(struct ready *r, int64_t used_ns, uint32_t thread)
{
	ready_key key = (ready_key)(uint64_t)used_ns << 64 | r->order++ << READY_THREAD_BITS | thread;
	size_t at = r->count++;
	assert(r->count <= r->room);
	while (at > 0 && key < r->heap[(at - 1) / 4]) {
		r->heap[at] = r->heap[(at - 1) / 4];
		at = (at - 1) / 4;
	}
	r->heap[at] = key;
}

/* What the first has used. There must be one. */
static inline int64_t ready_first_ns(const struct ready *r)
{
	return (int64_t)(r->heap[0] >> 64);
}

static inline size_t ready_least_child(const struct ready *r, size_t at)
{
	size_t least = 4 * at + 1, end = least + 4 < r->count ? least + 4 : r->count;
	for (size_t child = least + 1; child < end; child++)
		least = r->heap[child] < r->heap[least] ? child : least;
	return least;
}

/* The first, which is taken out. */
static inline uint32_t ready_take(struct ready *r)
{
	uint32_t thread = (uint32_t)r->heap[0] & ((1u << READY_THREAD_BITS) - 1);
	ready_key last = r->heap[--r->count];
	size_t at = 0, child;
	while ((child = ready_least_child(r, at)) < r->count && r->heap[child] < last) {
		r->heap[at] = r->heap[child];
		at = child;
	}
	r->heap[at] = last;
	return thread;
}

#endif
