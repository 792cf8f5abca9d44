/*
 * gil: the simulated global interpreter lock. See gil.h. The rules are in gil_logic.h, sleeping and waking in
 * gil_mutex.c, gil_semaphore.c and gil_timer.c.
 *
 * Problem: to measure what one interpreter lock does to a program, without the interpreter. The lock must
 * hand over exactly when the interpreter's does, or every chart about it is fiction: it is not fair, not
 * first-come, and most of what people observe (5 ms convoys, waiters that starve one another) follows from its
 * details. Which details, differs between interpreters and is data (struct gil_policy).
 *
 * The state of one lock, and who may make each move:
 *
 *	          take (any thread)                    a waiter's interval passed without a switch; or the
 *	                                               timer saw its quantum used; or an I/O-bound waiter came
 *	  FREE --------------------------> HELD  ------------------------------------------> HELD, ASKED
 *	   ^  ^                             |  |                                                  |
 *	   |  |        drop (the holder)    |  | its ticks are used up: drop, take (the holder)   |
 *	   |  +-----------------------------+--+                                                  |
 *	   |                       drop (the holder, at its next checkpoint or at a blocking call)|
 *	   +--------------------------------------------------------------------------------------+
 *	      handoff=barging: that is all           handoff=forced: ... and then who was asked sleeps until
 *	      handoff=fifo: never FREE while somebody     somebody else has taken the lock
 *	      waits, but HELD by who waited longest
 *
 * Rules of py3, each as in CPython 3.11, Python/ceval_gil.h, after A. Pitrou's design of 2009:
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
 * Guaranteed, under every policy: at most one holder; what one holder wrote is visible to the next; no wake-up
 * is lost (a waiter looks at the lock under the mutex that every release holds); a forced switch always ends,
 * for the request stands only while its waiter waits, and a waiter never gives up. Not guaranteed, on
 * purpose: any order among waiters and any bound on a wait, but where the policy says fifo.
 *
 * After fork, mutexes and conditions may be in any state and the timer is gone: the child must not use the lock.
 *
 * Hostile builds (GILBENCH_HOSTILE): the shortest turns, and every checkpoint drops and takes, so that
 * tests see hand-overs at every place where one may happen.
 */
#include <pthread.h>
#include <sched.h>
#include <stdlib.h>

#include <gilbench/clock.h>
#include <gilbench/gil.h>
#include <gilbench/util.h>

#include "sync/gil_lock.h"

#ifdef GILBENCH_HOSTILE
#define IS_HOSTILE true
#else
#define IS_HOSTILE false
#endif

/* The breaker of policies that count ticks: every checkpoint is told. Constant, so no order matters. */
static const _Atomic uint32_t always = 1;

void gil_cond_init(pthread_cond_t *cond)
{
	pthread_condattr_t attributes;
	pthread_condattr_init(&attributes);
	pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
	pthread_cond_init(cond, &attributes);
	pthread_condattr_destroy(&attributes);
}

/* For hostile builds. */
static void shorten_turns(struct gil_policy *policy)
{
	policy->interval_ns = policy->quantum_ns = 1;
	policy->check_ticks = 0;
	policy->tick_ns = 100 * NS_PER_US;
}

struct gil *gil_new(const struct gil_policy *policy)
{
	struct gil *gil = aligned_alloc(_Alignof(struct gil), sizeof(*gil));
	if (gil == NULL)
		die("aligned_alloc of %zu bytes", sizeof(*gil));
	*gil = (struct gil){.has_timer = false};
	struct gil_policy own = *policy;
	if (IS_HOSTILE)
		shorten_turns(&own);
	logic_init(&gil->logic, &own);
	pthread_mutex_init(&gil->mutex, NULL);
	pthread_mutex_init(&gil->switch_mutex, NULL);
	gil_cond_init(&gil->cond[GIL_IO].cond);
	gil_cond_init(&gil->cond[GIL_OTHERS].cond);
	gil_cond_init(&gil->switch_cond);
	gil_cond_init(&gil->timer_cond);
	sem_init(&gil->semaphore, 0, 1);
	return gil;
}

void gil_free(struct gil *gil)
{
	gil_timer_end(gil);
	sem_destroy(&gil->semaphore);
	pthread_cond_destroy(&gil->timer_cond);
	pthread_cond_destroy(&gil->switch_cond);
	pthread_cond_destroy(&gil->cond[GIL_OTHERS].cond);
	pthread_cond_destroy(&gil->cond[GIL_IO].cond);
	pthread_mutex_destroy(&gil->switch_mutex);
	pthread_mutex_destroy(&gil->mutex);
	free(gil);
}

static const struct gil_way *way_of(const struct gil_policy *policy, enum gil_account how)
{
	if (policy->primitive == GIL_PRIMITIVE_SEMAPHORE)
		return &gil_ways_semaphore[how];
	bool is_like_py3 = policy->handoff == GIL_HANDOFF_FORCED && policy->priority == GIL_PRIORITY_NONE &&
			   policy->primitive == GIL_PRIMITIVE_CONDITION;
	return is_like_py3 ? &gil_ways_py3[how] : &gil_ways_mutex[how];
}

void gil_thread_init(struct gil_thread *me, struct gil *gil, bool is_accounting)
{
	const struct gil_policy *policy = &gil->logic.policy;
	*me = (struct gil_thread){.gil = gil, .is_accounting = is_accounting && policy->has_stats};
	me->way = way_of(policy, me->is_accounting ? GIL_ACCOUNTED : GIL_PLAIN);
	/* Not in gil_new: between that and this, processes may be forked. */
	if (policy->slice == GIL_SLICE_QUANTUM)
		gil_timer_start(gil);
}

void gil_thread_trace(struct gil_thread *me, struct trace_ring *ring)
{
	me->ring = ring;
	me->is_accounting = true;
	me->way = way_of(&me->gil->logic.policy, GIL_TRACED);
}

void gil_trace(struct gil *gil, struct trace_ring *timer)
{
	gil->timer_ring = timer;
}

void gil_take(struct gil_thread *me)
{
	me->way->take(me);
}

void gil_drop(struct gil_thread *me)
{
	me->way->drop(me, false);
}

/* ---- checkpoints ------------------------------------------------------------------------------------- */

const _Atomic uint32_t *gil_breaker(const struct gil *gil)
{
	return IS_HOSTILE || gil->logic.policy.slice == GIL_SLICE_TICKS ? &always : &gil->logic.drop_request;
}

#ifdef GILBENCH_HOSTILE
/* Its turn is always over, and somebody else shall have had the time to wake up. */
static bool must_give_way(struct gil_thread *me, unsigned ticks)
{
	(void)me, (void)ticks;
	sched_yield();
	return true;
}
#else
/* Is the holder's turn over? */
static bool must_give_way(struct gil_thread *me, unsigned ticks)
{
	struct gil_logic *logic = &me->gil->logic;
	if (logic->policy.slice != GIL_SLICE_TICKS)
		return logic_is_asked(logic);
	if (!logic_spend(logic, ticks))
		return false;
	me->forced++;
	return true;
}
#endif

void gil_checkpoint(struct gil_thread *me, unsigned ticks)
{
	if (!must_give_way(me, ticks))
		return;
	me->way->drop(me, true);
	me->way->take(me);
}
