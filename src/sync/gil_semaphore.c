/*
 * gil_semaphore: the simulated lock on a POSIX semaphore, as CPython 2.7's on Linux.
 *
 * A semaphore of value 1 is all there is: taking is sem_wait, dropping is sem_post, and the kernel wakes one waiter,
 * who competes with whoever comes by. It knows no holder, no order and no request, which is why no policy that needs
 * one of them may choose it (gil_policy_text.c).
 *
 * It matters: glibc's sem_post does not enter the kernel unless somebody sleeps, and its sem_wait takes a semaphore
 * that is free in one atomic step. So a thread that drops and takes at once mostly wins, while it wakes a waiter for
 * nothing with every drop; that, on two cores, is what made CPython 2 slower with two threads than with one. A mutex
 * with a condition variable gives other figures (docs/policies.md).
 *
 * What the holder alone writes (last_holder, switch_number, the tick count) is protected by the semaphore itself.
 *
 * Source: CPython 2.7, Python/thread_pthread.h, PyThread_acquire_lock and PyThread_release_lock under USE_SEMAPHORES.
 */
#include <errno.h>

#include "sync/gil_lock.h"

/* The semaphore is mine, and with it the lock. gcc 12's ThreadSanitizer knows sem_wait, sem_trywait and sem_post:
 * they order what the holder writes. */
static inline void grant(struct gil_thread *me)
{
	me->switches += logic_grant(&me->gil->logic, &me->party);
	me->acquisitions++;
}

static inline void wait_for(sem_t *semaphore)
{
	while (sem_wait(semaphore) != 0 && errno == EINTR)
		;
}

static void take(struct gil_thread *me)
{
	wait_for(&me->gil->semaphore);
	grant(me);
}

static void drop(struct gil_thread *me, bool is_forced)
{
	(void)is_forced;
	me->gil->logic.is_locked = false;
	sem_post(&me->gil->semaphore);
}

/* A semaphore that is free is taken without a look at the clock before. */
static void take_accounted(struct gil_thread *me)
{
	if (sem_trywait(&me->gil->semaphore) == 0) {
		grant(me);
		gil_account_taken(me, 0);
		return;
	}
	uint64_t asked_at_ns = gil_account_ask(me);
	wait_for(&me->gil->semaphore);
	grant(me);
	gil_account_take(me, asked_at_ns);
}

static void drop_accounted(struct gil_thread *me, bool is_forced)
{
	gil_account_drop(me, is_forced);
	drop(me, is_forced);
}

static void take_traced(struct gil_thread *me)
{
	uint64_t asked_at_ns = gil_account_ask(me);
	gil_trace_ask(me, asked_at_ns);
	take(me);
	gil_account_take(me, asked_at_ns);
	gil_trace_take(me);
}

static void drop_traced(struct gil_thread *me, bool is_forced)
{
	uint64_t dropped_at_ns = gil_account_drop(me, is_forced);
	drop(me, is_forced);
	gil_trace_drop(me, dropped_at_ns);
}

const struct gil_way gil_ways_semaphore[GIL_ACCOUNTS] = {
	{take, drop}, {take_accounted, drop_accounted}, {take_traced, drop_traced}};
