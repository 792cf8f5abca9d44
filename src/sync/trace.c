/*
 * trace: the memory of the rings. See trace.h.
 *
 * Problem: to see what a lock does to its threads without becoming part of what is seen. A trace that writes to a
 * file, takes a lock or allocates adds its own waits to those that it shows; one that overwrites its oldest events
 * ends with holes where a task was quick and none where it was slow. So a ring is plain memory of one writer that keeps
 * its first events. When one is full, the timeline ends there for all tasks, and says so; a shorter window or more
 * room shows the rest.
 *
 * What it does not do: no order among tasks but that of their clock readings. Takes and drops of one lock are read
 * while it is held, so theirs is the lock's own.
 */
#include <string.h>

#include <gilbench/trace.h>

static void ring_prepare(struct trace *trace, int task, uint32_t room)
{
	struct trace_ring *ring = &trace->ring[task];
	size_t bytes = room * sizeof(struct trace_event);
	*ring = (struct trace_ring){.room = room, .task = task, .event = arena_take(&trace->arena, bytes)};
	/* Every page is there before the cell begins; the value does not matter. */
	memset(ring->event, 0xff, bytes);
}

int trace_open(struct trace *trace, int tasks, uint32_t room)
{
	*trace = (struct trace){.tasks = tasks};
	size_t bytes = arena_room((size_t)(tasks + 1) * sizeof(struct trace_ring)) +
		       (size_t)tasks * arena_room(room * sizeof(struct trace_event)) +
		       arena_room(TRACE_TIMER_ROOM * sizeof(struct trace_event));
	int error = arena_open(&trace->arena, bytes);
	if (error != 0)
		return error;
	trace->ring = arena_take(&trace->arena, (size_t)(tasks + 1) * sizeof(struct trace_ring));
	for (int i = 0; i < tasks; i++)
		ring_prepare(trace, i, room);
	ring_prepare(trace, tasks, TRACE_TIMER_ROOM);
	return 0;
}

void trace_close(struct trace *trace)
{
	arena_close(&trace->arena);
}
