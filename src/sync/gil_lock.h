/*
 * gil_lock: the lock as its own files see it. Private to src/sync.
 */
#ifndef GILBENCH_SYNC_GIL_LOCK_H
#define GILBENCH_SYNC_GIL_LOCK_H

#include <pthread.h>
#include <semaphore.h>

#include <gilbench/clock.h>
#include <gilbench/hist.h>

#include "sync/gil_logic.h"

struct gil {
	pthread_mutex_t mutex;
	pthread_cond_t cond[GIL_CLASSES]; /* the lock became free, or another's */

	pthread_mutex_t switch_mutex;
	pthread_cond_t switch_cond; /* last_holder may have changed */

	struct gil_logic logic;

	sem_t semaphore; /* 1: free; GIL_PRIMITIVE_SEMAPHORE only */

	/* The timer, GIL_SLICE_QUANTUM only. */
	pthread_t timer;
	pthread_cond_t timer_cond; /* timer_must_end has changed */
	bool has_timer, timer_must_end;
};

/* Whose waits have a monotonic deadline: they must not change their length when somebody sets the wall clock. */
void gil_cond_init(pthread_cond_t *);

/* The ways of taking and dropping, by [is accounted]: gil_mutex.c (the first where rules are py3's), gil_semaphore.c. */
extern const struct gil_way gil_ways_py3[2], gil_ways_mutex[2], gil_ways_semaphore[2];

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

/* Before it drops: what comes after is no longer time inside. */
static inline void gil_account_drop(struct gil_thread *me, bool is_forced)
{
	uint64_t now_ns = clock_now_ns();
	me->held_ns += now_ns - me->taken_at_ns;
	me->asked_at_ns = is_forced ? now_ns : 0;
}

/* gil_timer.c: the thread starts with the first thread that may take the lock, and ends with the lock. */
void gil_timer_start(struct gil *);
void gil_timer_end(struct gil *);

#endif
