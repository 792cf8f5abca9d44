/*
 * gil: the simulated global interpreter lock, policy py3. See gil.h.
 *
 * Problem: to measure what one interpreter lock does to a program, without the interpreter. The lock must
 * hand over exactly when CPython's does, or every chart about it is fiction: it is not fair, not first-come,
 * and most of what people observe (5 ms convoys, waiters that starve one another) follows from its details.
 *
 * The state of one lock, and who may make each move:
 *
 *	          take (any thread)                     a waiter's interval passed without a switch
 *	  FREE --------------------------> HELD  ------------------------------------------> HELD, ASKED
 *	   ^  ^                             |                                                     |
 *	   |  |        drop (the holder)    |                                                     |
 *	   |  +-----------------------------+                                                     |
 *	   |                       drop (the holder, at its next checkpoint or at a blocking call)|
 *	   +--------------------------------------------------------------------------------------+
 *	      ... and then that thread sleeps until somebody else has taken the lock: a forced switch
 *
 * Rules, each as in CPython 3.11, Python/ceval_gil.h, after A. Pitrou's design of 2009:
 *
 *  - The *waiter's* clock runs. It sleeps on the condition for one interval. Only if that timed out, the lock
 *    is held, and nobody switched meanwhile (switch_number as before), does it raise the drop request. Any
 *    switch during its sleep starts its clock anew, so with many waiters the wait is no multiple of anything.
 *  - Releasing wakes one waiter, and hands nothing over: whoever comes first has the lock (barging). A thread
 *    that lets go for a moment mostly has it back before the waiter is awake.
 *  - Only who was asked may not barge: after its drop it waits until the last holder is another thread.
 *    Without that, a thread that drops and takes again at once would win nearly always.
 *  - The request is one word for the whole lock, cleared by every take.
 *
 * Guaranteed: at most one holder; what one holder wrote is visible to the next; no wake-up is lost (a
 * waiter looks at the lock under the mutex that every release holds); a forced switch always ends, for
 * the request stands only while its waiter waits, and a waiter never gives up. Not guaranteed, on
 * purpose: any order among waiters, any bound on a wait.
 *
 * Locks: `mutex` protects is_locked and switch_number; `switch_mutex` protects last_holder's change against
 * the sleeper in force_switch. Order: mutex, then switch_mutex; neither is held while a caller's code runs.
 * After fork, both may be in any state: the child must not use the lock.
 *
 * Hostile builds (GILBENCH_HOSTILE): the shortest interval, and every checkpoint drops and takes, so that
 * tests see hand-overs at every place where one may happen.
 */
#include <pthread.h>
#include <sched.h>
#include <stdlib.h>

#include <gilbench/clock.h>
#include <gilbench/gil.h>
#include <gilbench/shm.h>
#include <gilbench/util.h>

struct gil {
	struct gil_policy policy;
	pthread_mutex_t mutex;
	pthread_cond_t cond; /* the lock became free */
	bool is_locked;
	uint64_t switch_number; /* takes by another thread than the last holder */

	pthread_mutex_t switch_mutex;
	pthread_cond_t switch_cond; /* last_holder may have changed */
	struct gil_thread *last_holder;

	/*
	 * The drop request, on a line of its own: the holder polls it at every checkpoint.
	 * Written under `mutex`: 1 by a waiter, 0 by who takes. (Cleared without `mutex` by nobody.)
	 * Read without it: by the holder at checkpoints, relaxed: it is a hint, and a stale 0 costs one more
	 * round of a loop; by the holder in gil_drop, where a request that comes later than the release finds
	 * the lock free and is not made. No data is published through it; the mutex does that.
	 */
	_Alignas(SHM_LINE_BYTES) _Atomic uint32_t drop_request;
	char padding[SHM_LINE_BYTES - sizeof(uint32_t)];
};

static void cond_init_monotonic(pthread_cond_t *cond)
{
	pthread_condattr_t attributes;
	pthread_condattr_init(&attributes);
	/* A wait must not change its length when somebody sets the wall clock. */
	pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
	pthread_cond_init(cond, &attributes);
	pthread_condattr_destroy(&attributes);
}

struct gil *gil_new(const struct gil_policy *policy)
{
	struct gil *gil = aligned_alloc(SHM_LINE_BYTES, sizeof(*gil));
	if (gil == NULL)
		die("aligned_alloc of %zu bytes", sizeof(*gil));
	*gil = (struct gil){.policy = *policy};
#ifdef GILBENCH_HOSTILE
	gil->policy.interval_ns = 1;
#endif
	pthread_mutex_init(&gil->mutex, NULL);
	pthread_mutex_init(&gil->switch_mutex, NULL);
	cond_init_monotonic(&gil->cond);
	cond_init_monotonic(&gil->switch_cond);
	atomic_init(&gil->drop_request, 0);
	return gil;
}

void gil_free(struct gil *gil)
{
	pthread_cond_destroy(&gil->switch_cond);
	pthread_cond_destroy(&gil->cond);
	pthread_mutex_destroy(&gil->switch_mutex);
	pthread_mutex_destroy(&gil->mutex);
	free(gil);
}

void gil_thread_init(struct gil_thread *me, struct gil *gil, bool is_accounting)
{
	*me = (struct gil_thread){.gil = gil, .is_accounting = is_accounting};
}

/* Sleep until the lock is free; ask for it whenever an interval passed without a switch. `mutex` is held. */
static void wait_until_free(struct gil *gil)
{
	while (gil->is_locked) {
		uint64_t seen = gil->switch_number;
		struct timespec until = clock_timespec(clock_now_ns() + gil->policy.interval_ns);
		bool timed_out = pthread_cond_timedwait(&gil->cond, &gil->mutex, &until) != 0;
		if (timed_out && gil->is_locked && gil->switch_number == seen)
			atomic_store_explicit(&gil->drop_request, 1, memory_order_relaxed);
	}
}

/* The lock is free and `mutex` is held: it is mine. */
static void become_holder(struct gil_thread *me)
{
	struct gil *gil = me->gil;
	pthread_mutex_lock(&gil->switch_mutex);
	gil->is_locked = true;
	if (gil->last_holder != me) {
		gil->last_holder = me;
		gil->switch_number++;
		me->switches++;
	}
	pthread_cond_signal(&gil->switch_cond);
	pthread_mutex_unlock(&gil->switch_mutex);
	atomic_store_explicit(&gil->drop_request, 0, memory_order_relaxed);
	me->acquisitions++;
}

static void account_wait(struct gil_thread *me, uint64_t asked_at_ns)
{
	me->taken_at_ns = clock_now_ns();
	uint64_t waited_ns = me->taken_at_ns - asked_at_ns;
	me->wait_ns += waited_ns;
	if (waited_ns > me->longest_wait_ns)
		me->longest_wait_ns = waited_ns;
}

void gil_take(struct gil_thread *me)
{
	struct gil *gil = me->gil;
	uint64_t asked_at_ns = me->is_accounting ? clock_now_ns() : 0;
	pthread_mutex_lock(&gil->mutex);
	wait_until_free(gil);
	become_holder(me);
	pthread_mutex_unlock(&gil->mutex);
	if (me->is_accounting)
		account_wait(me, asked_at_ns);
}

/* I was asked, and the lock is free: wait until another has it, or has had it. */
static void force_switch(struct gil_thread *me)
{
	struct gil *gil = me->gil;
	me->forced++;
	pthread_mutex_lock(&gil->switch_mutex);
	while (gil->last_holder == me)
		pthread_cond_wait(&gil->switch_cond, &gil->switch_mutex);
	pthread_mutex_unlock(&gil->switch_mutex);
}

void gil_drop(struct gil_thread *me)
{
	struct gil *gil = me->gil;
	if (me->is_accounting)
		me->held_ns += clock_now_ns() - me->taken_at_ns;
	pthread_mutex_lock(&gil->mutex);
	gil->is_locked = false;
	/* Read under the mutex: after it, the next holder may have cleared a request that was made of me.
	 * Then the switch has happened, and nothing is to be waited for; but it counts as forced. */
	bool was_asked = atomic_load_explicit(&gil->drop_request, memory_order_relaxed) != 0;
	pthread_cond_signal(&gil->cond);
	pthread_mutex_unlock(&gil->mutex);
	if (was_asked)
		force_switch(me);
}

#ifdef GILBENCH_HOSTILE
/* Raised for good: every checkpoint is one. Constant, so no order matters. */
static const _Atomic uint32_t always = 1;

const _Atomic uint32_t *gil_breaker(const struct gil *gil)
{
	(void)gil;
	return &always;
}

void gil_checkpoint(struct gil_thread *me, unsigned ticks)
{
	(void)ticks;
	gil_drop(me);
	sched_yield();
	gil_take(me);
}
#else
const _Atomic uint32_t *gil_breaker(const struct gil *gil)
{
	return &gil->drop_request;
}

void gil_checkpoint(struct gil_thread *me, unsigned ticks)
{
	(void)ticks; /* py3 counts time, not ticks */
	if (atomic_load_explicit(&me->gil->drop_request, memory_order_relaxed) == 0)
		return;
	gil_drop(me);
	gil_take(me);
}
#endif
