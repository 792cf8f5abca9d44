/*
 * gil_lock: the lock as its own files see it. Private to src/sync.
 */
#ifndef GILBENCH_SYNC_GIL_LOCK_H
#define GILBENCH_SYNC_GIL_LOCK_H

#include <assert.h>
#include <pthread.h>
#include <semaphore.h>
#include <stddef.h>

#include <gilbench/clock.h>
#include <gilbench/hist.h>

#include "sync/gil_logic.h"

/* A condition on a line of its own: who is woken touches that, and not its neighbours'. */
struct gil_cond {
	_Alignas(SHM_LINE_BYTES) pthread_cond_t cond;
};

/*
 * A hand-over carries what was written from one core to another, a line of the cache at a time, while both wait for
 * it. So what a hand-over writes lies close together: the mutex with the state that it protects, a condition, the
 * switch mutex with its count; and what it only reads lies elsewhere.
 */
struct gil {
	_Alignas(SHM_LINE_BYTES) struct gil_logic logic;
	pthread_mutex_t mutex;
	struct gil_cond cond[GIL_CLASSES]; /* the lock became free, or another's */

	_Alignas(SHM_LINE_BYTES) pthread_mutex_t switch_mutex;
	unsigned switch_sleepers;                            /* on switch_cond; protected by switch_mutex */
	_Alignas(SHM_LINE_BYTES) pthread_cond_t switch_cond; /* last_holder may have changed */

	sem_t semaphore; /* 1: free; GIL_PRIMITIVE_SEMAPHORE only */

	/* The timer, GIL_SLICE_QUANTUM only. */
	pthread_t timer;
	pthread_cond_t timer_cond; /* timer_must_end has changed */
	bool has_timer, timer_must_end;
	struct trace_ring *timer_ring; /* NULL: its requests are not recorded */
};

static_assert(offsetof(struct gil, logic.last_holder) / SHM_LINE_BYTES ==
		      (offsetof(struct gil, mutex) + sizeof(pthread_mutex_t) - 1) / SHM_LINE_BYTES,
	      "the mutex lies in the line of what it protects");

/* Whose waits have a monotonic deadline: they must not change their length when somebody sets the wall clock. */
void gil_cond_init(pthread_cond_t *);

/* Nothing but counts; held and waited times too; and every take and drop recorded. */
enum gil_account { GIL_PLAIN, GIL_ACCOUNTED, GIL_TRACED, GIL_ACCOUNTS };

/* The ways of taking and dropping, by enum gil_account: gil_mutex.c (the first where rules are py3's),
 * gil_semaphore.c. */
extern const struct gil_way gil_ways_py3[GIL_ACCOUNTS], gil_ways_mutex[GIL_ACCOUNTS],
	gil_ways_semaphore[GIL_ACCOUNTS];

/*
 * Accounting is the same in all. Who is made to let go wants the lock from that moment on, so that its wait begins
 * with its drop and contains the time in which it waits to see its successor: held and waited together are then all
 * the time of a thread that never sleeps and never works without the lock.
 */
static inline uint64_t gil_account_ask(const struct gil_thread *me)
{
	return me->asked_at_ns != 0 ? me->asked_at_ns : clock_now_ns();
}

static inline void gil_account_take(struct gil_thread *me, uint64_t asked_at_ns)
{
	me->taken_at_ns = clock_now_ns();
	uint64_t waited_ns = me->taken_at_ns - asked_at_ns;
	me->wait_ns += waited_ns;
	if (waited_ns > me->longest_wait_ns)
		me->longest_wait_ns = waited_ns;
	if (me->waits != NULL)
		hist_record(me->waits, waited_ns);
}

/*
 * The same for one who may not have waited: `asked_at_ns` is 0 for a lock that was free. Then nothing was waited for,
 * and one reading of the clock says so.
 */
static inline void gil_account_taken(struct gil_thread *me, uint64_t asked_at_ns)
{
	if (me->asked_at_ns != 0)
		asked_at_ns = me->asked_at_ns;
	if (asked_at_ns != 0) {
		gil_account_take(me, asked_at_ns);
		return;
	}
	me->taken_at_ns = clock_now_ns();
	if (me->waits != NULL)
		hist_record(me->waits, 0);
}

/* Before it drops: what comes after is no longer time inside. Returns the clock's reading. */
static inline uint64_t gil_account_drop(struct gil_thread *me, bool is_forced)
{
	uint64_t now_ns = clock_now_ns();
	me->held_ns += now_ns - me->taken_at_ns;
	me->asked_at_ns = is_forced ? now_ns : 0;
	return now_ns;
}

/* Recording: in the traced ways alone, with the readings of the clock that accounting made anyway, so that the sums of
 * what is recorded are the counters, to the nanosecond. */
static inline void gil_trace_ask(struct gil_thread *me, uint64_t asked_at_ns)
{
	trace_record(me->ring, asked_at_ns, TRACE_ASK, false, 0);
}

static inline void gil_trace_take(struct gil_thread *me)
{
	trace_record(me->ring, me->taken_at_ns, TRACE_TAKE, me->switches != me->seen_switches, 0);
	me->seen_switches = me->switches;
}

/* After the drop: only then is it known whether it was forced. */
static inline void gil_trace_drop(struct gil_thread *me, uint64_t dropped_at_ns)
{
	trace_record(me->ring, dropped_at_ns, TRACE_DROP, me->forced != me->seen_forced, 0);
	me->seen_forced = me->forced;
}

/* Under the mutex, where a rule may just have raised the drop request: it did, and `was_asked` says whether it stood
 * before. */
static inline void gil_trace_request(struct trace_ring *ring, const struct gil_logic *logic, bool was_asked)
{
	if (was_asked || !logic_is_asked(logic))
		return;
	const struct gil_thread *holder = (const struct gil_thread *)((const char *)logic->last_holder -
								      offsetof(struct gil_thread, party));
	trace_record(ring, clock_now_ns(), TRACE_REQUEST, false,
		     holder->ring != NULL ? holder->ring->task : -1);
}

/* gil_timer.c: the thread starts with the first thread that may take the lock, and ends with the lock. */
void gil_timer_start(struct gil *);
void gil_timer_end(struct gil *);

#endif
