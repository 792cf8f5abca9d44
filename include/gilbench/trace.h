/*
 * trace: what every task of one cell did, and when. Layer 1.
 *
 * One ring per task and one for a lock's timer, made before the cell begins, in memory that processes share. A ring
 * has one writer at a time; recording never blocks, never allocates and makes no system call. A full ring keeps what
 * it has and counts what comes after: what is there is whole from the beginning, and it is known until when.
 *
 *	struct trace trace;
 *	if (trace_open(&trace, tasks, 100000) == 0) {
 *		trace_record(&trace.ring[task], clock_now_ns(), TRACE_DONE, false, 0);      the task itself
 *		... after it was joined: trace.ring[task].event[0 .. count - 1] ...
 *		trace_close(&trace);
 *	}
 *
 * Memory: 16 bytes an event, touched when the trace is opened, so that no page is asked for while a cell runs.
 */
#ifndef GILBENCH_TRACE_H
#define GILBENCH_TRACE_H

#include <stdbool.h>
#include <stdint.h>

#include <gilbench/shm.h>

/* What happened. `flag` and `other` of an event mean nothing where nothing is said. "The turn" is the simulated lock,
 * or the loop's attention: a task without either just runs. */
enum trace_kind {
	TRACE_BEGIN,   /* the gun was heard */
	TRACE_ASK,     /* wants its turn */
	TRACE_TAKE,    /* has it; flag: another had it before (a switch) */
	TRACE_DROP,    /* gave it back; flag: not of its own accord */
	TRACE_REQUEST, /* raised the drop request; other: the task of whom it was asked, -1 not known */
	TRACE_WAIT, /* waits: for a descriptor, an event, a critical section; flag: what another task ends */
	TRACE_SLEEP, /* waits for the time alone; other: for how many ns it means to, INT32_MAX: as many or more */
	TRACE_WOKE, /* either has ended; left out where it asks for its turn at once */
	TRACE_CALL, /* is in a native call; flag: that waits in the kernel instead of computing; other: 1 if it
			  names the descriptor that it waits for */
	TRACE_RETURN, /* it has ended */
	TRACE_DONE,   /* an operation was done, and counts */
	TRACE_END,    /* no more operations */
	TRACE_TICKS, /* other: ticks of its checkpoints since the last of these. Only where they are counted */
	TRACE_KINDS
};

struct trace_event {
	uint64_t time_ns; /* clock_now_ns() */
	uint16_t kind;    /* enum trace_kind */
	uint16_t flag;
	int32_t other;
};

struct trace_ring {
	/* The writer's; read after it was joined. */
	_Alignas(SHM_LINE_BYTES) uint32_t count;
	uint32_t room;
	uint64_t lost; /* events that found it full */
	int task;
	struct trace_event *event;
	char padding[SHM_LINE_BYTES];
};

struct trace {
	struct arena arena;
	int tasks;
	struct trace_ring *ring; /* of each task, and one more: the lock's timer's */
	uint64_t start_ns;       /* the clock before the gun was fired */
	/* Set after trace_open: ticks and critical sections are recorded, too, under a lock that counts ticks. Slows
	 * down what it counts. */
	bool counts_ticks;
};

/* Most events of the timer: it raises a request every few milliseconds at most. */
#define TRACE_TIMER_ROOM 16384

/* 0, or -errno. `room`: events per task. Before any fork: the rings lie at the same address in every process. */
int trace_open(struct trace *, int tasks, uint32_t room);
void trace_close(struct trace *);
static inline struct trace_ring *trace_timer_ring(const struct trace *trace)
{
	return &trace->ring[trace->tasks];
}

static inline void trace_record(struct trace_ring *ring, uint64_t time_ns, enum trace_kind kind, bool flag,
				int other)
{
	if (__builtin_expect(ring->count == ring->room, 0)) {
		ring->lost++;
		return;
	}
	ring->event[ring->count++] = (struct trace_event){
		.time_ns = time_ns, .kind = (uint16_t)kind, .flag = flag, .other = other};
}

#endif
