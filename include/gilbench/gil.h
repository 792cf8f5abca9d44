/*
 * gil: a simulated global interpreter lock. Layer 1.
 *
 * A lock is an object; several may live in one process; there is no file-scope state. What a lock does is
 * data, struct gil_policy. After fork the child must not use the parent's lock.
 *
 *	struct gil_policy policy;
 *	gil_policy_parse("prio,interval=1ms", &policy, error, sizeof(error));
 *	struct gil *gil = gil_new(&policy);
 *	gil_thread_init(&me, gil, true);            each thread, or the starter for it
 *	gil_take(&me); ... gil_checkpoint(&me, 1); ... gil_drop(&me);
 *	gil_free(gil);                              when no thread uses it any more
 *
 * Sources: CPython 3.11 Python/ceval_gil.h (take_gil, drop_gil) and 2.7 Python/ceval.c; docs/policies.md has all.
 */
#ifndef GILBENCH_GIL_H
#define GILBENCH_GIL_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <gilbench/trace.h>

/* What ends a turn. */
enum gil_slice {
	GIL_SLICE_INTERVAL, /* a waiter that has waited `interval_ns` asks the holder to drop */
	GIL_SLICE_TICKS, /* the holder has used up `check_ticks` ticks: it drops and takes at once, unasked */
	GIL_SLICE_QUANTUM, /* a timer finds that the holder ran `quantum_ns` while somebody waits, and asks */
};

/* What a drop does with the lock. */
enum gil_handoff {
	GIL_HANDOFF_BARGING, /* free it and wake one waiter: whoever comes first has it */
	GIL_HANDOFF_FORCED,  /* the same, but a holder that was asked waits until another has taken it */
	GIL_HANDOFF_FIFO,    /* give it to the waiter that has waited longest */
};

enum gil_priority {
	GIL_PRIORITY_NONE,
	GIL_PRIORITY_IO, /* waiters that last let go of their own accord come first, and ask the others at once */
};

/* What waiters sleep on. */
enum gil_primitive {
	GIL_PRIMITIVE_CONDITION,  /* mutex and condition variable (one per class of waiters) */
	GIL_PRIMITIVE_SEMAPHORE,  /* POSIX semaphore: knows neither its holder nor an order */
	GIL_PRIMITIVE_PER_WAITER, /* mutex, and a condition variable per waiter: who is woken is chosen */
};

struct gil_policy {
	char name[16]; /* the policy that the fields were taken from: "py3" */
	enum gil_slice slice;
	enum gil_handoff handoff;
	enum gil_priority priority;
	enum gil_primitive primitive;
	bool has_stats;       /* held and waited times are kept: the clock is read at every take and drop */
	uint64_t check_ticks; /* with GIL_SLICE_TICKS; 2.7: 100 */
	uint64_t interval_ns; /* with GIL_SLICE_INTERVAL; CPython: 5 ms */
	uint64_t quantum_ns;  /* with GIL_SLICE_QUANTUM; Ruby: 100 ms */
	uint64_t tick_ns;     /* with GIL_SLICE_QUANTUM: how often the timer looks; Ruby: 10 ms */
};

/* A policy that has a name, as `gilbench list policies` shows it. */
struct gil_policy_entry {
	struct gil_policy policy;
	const char *summary; /* one line */
	const char *follows; /* the release or patch */
	const char *source;  /* where that can be read */
};

/* The named policies; the first is the default. The last one's `summary` is NULL. */
extern const struct gil_policy_entry gil_policies[];

/* "py3", "py3,interval=1ms", "handoff=fifo,interval=2ms" (fields of the default): 0, or -1 with one sentence in
 * `error`. */
int gil_policy_parse(const char *text, struct gil_policy *, char *error, size_t error_bytes);
/* Canonical text: the name, then what differs from the policy of that name, "py3,interval=1ms". Free it. */
char *gil_policy_text(const struct gil_policy *);
/* The `index`-th field that this policy heeds, as "interval=5ms" and a line on what that means; false: there are
 * not so many. Free both. */
bool gil_policy_field(const struct gil_policy *, size_t index, char **text, char **meaning);

struct gil;
struct gil_thread;
struct hist;

/* How a thread takes and drops: src/sync/gil.c. */
struct gil_way {
	void (*take)(struct gil_thread *);
	void (*drop)(struct gil_thread *, bool is_forced);
};

/* The rules' side of one thread: src/sync/gil_logic.h. Protected by the lock's mutex. */
struct gil_party {
	struct gil_party *before, *after; /* among the waiters of its class, in order of arrival */
	void *sleeper;                    /* what it sleeps on, where every waiter has its own */
	bool is_cpu_bound;                /* its last drop was not of its own accord */
	bool is_heir;                     /* the lock was given to it in its sleep */
	bool waits_as_io;                 /* the class that it waits in */
};

/* One thread's relation to one lock. Written by its own thread only (but for `party`); read after join. */
struct gil_thread {
	struct gil *gil;
	const struct gil_way *way;
	bool is_accounting; /* read the clock at take and drop */
	uint64_t taken_at_ns;
	uint64_t asked_at_ns; /* 0, or when it was made to let go, and has wanted the lock back since */
	uint64_t held_ns;     /* time inside */
	uint64_t wait_ns;     /* time from asking to having */
	uint64_t longest_wait_ns;
	uint64_t acquisitions;
	uint64_t switches;  /* acquisitions after another thread had it */
	uint64_t forced;    /* drops that were asked for, or that used-up ticks made */
	struct hist *waits; /* NULL, or where each wait goes that `wait_ns` adds up: one record per take */
	struct gil_party party;
	/* NULL, or where its takes, drops and requests are recorded; and what was recorded of the counts. */
	struct trace_ring *ring;
	uint64_t seen_switches, seen_forced;
};

/* Dies where a timer's thread cannot be had. */
struct gil *gil_new(const struct gil_policy *);
/* No thread may hold it or wait for it. Ends the timer's thread, if there is one. */
void gil_free(struct gil *);
/* `is_accounting`: keep held and waited times, unless the policy says stats=off. Who wants a histogram of the waits
 * sets `waits` afterwards; it stays empty without accounting. */
void gil_thread_init(struct gil_thread *, struct gil *, bool is_accounting);
/* After gil_thread_init: record into this ring, and keep held and waited times whatever was said there. */
void gil_thread_trace(struct gil_thread *, struct trace_ring *);
/* Before the first gil_thread_init: where the lock's own timer records its requests. */
void gil_trace(struct gil *, struct trace_ring *timer);
/* Blocks until this thread holds the lock. Must not hold it. */
void gil_take(struct gil_thread *);
/* Lets it go, of its own accord. Must hold it. Under forced hand-off: blocks while a drop was asked of this
 * thread and nobody else has taken it yet. */
void gil_drop(struct gil_thread *);
/* Not 0 when the holder should call gil_checkpoint: a drop request, or a policy that counts ticks. */
const _Atomic uint32_t *gil_breaker(const struct gil *);
/* The holder has got `ticks` further: give the lock away and take it again if the policy says so now. Must hold
 * it. Call it when the breaker is raised; a call too many is harmless under policies that count no ticks. */
void gil_checkpoint(struct gil_thread *, unsigned ticks);

#endif
