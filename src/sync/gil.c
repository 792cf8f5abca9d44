/*
 * gil: the simulated global interpreter lock: sleeping and waking. See gil.h; the rules are in gil_logic.h.
 *
 * Problem: to measure what one interpreter lock does to a program, without the interpreter. The lock must
 * hand over exactly when the interpreter's does, or every chart about it is fiction: it is not fair, not
 * first-come, and most of what people observe (5 ms convoys, waiters that starve one another) follows from its
 * details. Which details, differs between interpreters and is data (struct gil_policy); this file is what all
 * policies but semaphores share.
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
 * Locks: `mutex` protects the logic; `switch_mutex` protects last_holder's change against the sleeper in
 * see_switch. Order: mutex, then switch_mutex; neither is held while a caller's code runs. After fork, both may
 * be in any state: the child must not use the lock.
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

#define NOT_INLINE __attribute__((noinline))
#define INLINE     inline __attribute__((always_inline))

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
	gil_cond_init(&gil->cond[GIL_IO]);
	gil_cond_init(&gil->cond[GIL_OTHERS]);
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
	pthread_cond_destroy(&gil->cond[GIL_OTHERS]);
	pthread_cond_destroy(&gil->cond[GIL_IO]);
	pthread_mutex_destroy(&gil->switch_mutex);
	pthread_mutex_destroy(&gil->mutex);
	free(gil);
}

/* ---- sleeping and waking, `mutex` held --------------------------------------------------------------- */

/* One sleep; true when an interval passed. Only a policy of intervals has waiters that watch the clock. */
static bool sleep_on(struct gil *gil, pthread_cond_t *cond)
{
	if (gil->logic.policy.slice != GIL_SLICE_INTERVAL) {
		pthread_cond_wait(cond, &gil->mutex);
		return false;
	}
	struct timespec until = clock_timespec(clock_now_ns() + gil->logic.policy.interval_ns);
	return pthread_cond_timedwait(cond, &gil->mutex, &until) != 0;
}

static void wait_on(struct gil_thread *me, pthread_cond_t *cond)
{
	struct gil_logic *logic = &me->gil->logic;
	while (!logic_may_go(logic, &me->party)) {
		uint64_t seen = logic->switch_number;
		if (sleep_on(me->gil, cond))
			logic_timed_out(logic, seen);
	}
}

/* On a condition of my own, which lives as long as this wait: who wakes me holds the mutex. */
static void wait_on_own(struct gil_thread *me)
{
	pthread_cond_t cond;
	gil_cond_init(&cond);
	me->party.sleeper = &cond;
	wait_on(me, &cond);
	me->party.sleeper = NULL;
	pthread_cond_destroy(&cond);
}

/* Sleep until the lock is free, or mine; it is then still to be granted in the first case. Out of line: the way
 * of those who need not wait stays short. */
static NOT_INLINE void wait_for_turn(struct gil_thread *me)
{
	struct gil *gil = me->gil;
	logic_enter(&gil->logic, &me->party);
	if (gil->logic.policy.primitive == GIL_PRIMITIVE_PER_WAITER)
		wait_on_own(me);
	else
		wait_on(me, &gil->cond[me->party.waits_as_io ? GIL_IO : GIL_OTHERS]);
	if (!me->party.is_heir)
		logic_leave(&gil->logic, &me->party);
}

static INLINE void wake(struct gil *gil, struct gil_wake wake)
{
	switch (wake.how) {
	case GIL_WAKE_NOBODY:
		break;
	case GIL_WAKE_ONE:
		pthread_cond_signal(&gil->cond[wake.of]);
		break;
	case GIL_WAKE_ALL:
		pthread_cond_broadcast(&gil->cond[wake.of]);
		break;
	case GIL_WAKE_THIS:
		pthread_cond_signal(wake.whom->sleeper);
		break;
	}
}

/* ---- take --------------------------------------------------------------------------------------------
 *
 * There are two ways to take and drop, each with and without accounting, chosen once per thread. Both are the same
 * lines: what py3 needs (forced hand-off, one shared condition, no priorities) is known when they are compiled for
 * it, for its takes and drops are in every figure of the `gil` model. `is_py3` is that knowledge.
 */

/* What of py3's rules decides which lines run. */
static const struct gil_policy py3_rules = {
	.handoff = GIL_HANDOFF_FORCED, .priority = GIL_PRIORITY_NONE, .primitive = GIL_PRIMITIVE_CONDITION};

static INLINE const struct gil_policy *rules_of(const struct gil_thread *me, const bool is_py3)
{
	return is_py3 ? &py3_rules : &me->gil->logic.policy;
}

/* The lock is free and `mutex` is held: it is mine. Who sleeps in see_switch hears of it. */
static INLINE void grant_and_tell(struct gil_thread *me, const bool is_py3)
{
	struct gil *gil = me->gil;
	pthread_mutex_lock(&gil->switch_mutex);
	me->switches += logic_grant(&gil->logic, &me->party);
	pthread_cond_signal(&gil->switch_cond);
	pthread_mutex_unlock(&gil->switch_mutex);
	logic_settle(&gil->logic, rules_of(me, is_py3), &me->party);
}

/* The same where nobody listens; an heir was granted it when it was given. Who waits was not its last holder. */
static inline void grant_quietly(struct gil_thread *me)
{
	if (me->party.is_heir) {
		me->party.is_heir = false;
		me->switches++;
		return;
	}
	me->switches += logic_grant(&me->gil->logic, &me->party);
	logic_settle(&me->gil->logic, &me->gil->logic.policy, &me->party);
}

static INLINE void take_by_mutex(struct gil_thread *me, const bool is_py3)
{
	struct gil *gil = me->gil;
	pthread_mutex_lock(&gil->mutex);
	if (!logic_is_free(&gil->logic))
		wait_for_turn(me);
	me->acquisitions++;
	if (rules_of(me, is_py3)->handoff == GIL_HANDOFF_FORCED)
		grant_and_tell(me, is_py3);
	else
		grant_quietly(me);
	pthread_mutex_unlock(&gil->mutex);
}

static INLINE void take(struct gil_thread *me, const bool is_py3)
{
	if (rules_of(me, is_py3)->primitive == GIL_PRIMITIVE_SEMAPHORE)
		gil_semaphore_take(me);
	else
		take_by_mutex(me, is_py3);
}

static INLINE void take_and_account(struct gil_thread *me, const bool is_py3)
{
	uint64_t asked_at_ns = clock_now_ns();
	take(me, is_py3);
	me->taken_at_ns = clock_now_ns();
	uint64_t waited_ns = me->taken_at_ns - asked_at_ns;
	me->wait_ns += waited_ns;
	if (waited_ns > me->longest_wait_ns)
		me->longest_wait_ns = waited_ns;
}

/* ---- drop -------------------------------------------------------------------------------------------- */

/* I was asked, and the lock is free: wait until another has it, or has had it. */
static NOT_INLINE void see_switch(struct gil_thread *me)
{
	struct gil *gil = me->gil;
	pthread_mutex_lock(&gil->switch_mutex);
	while (!logic_has_switched(&gil->logic, &me->party))
		pthread_cond_wait(&gil->switch_cond, &gil->switch_mutex);
	pthread_mutex_unlock(&gil->switch_mutex);
}

static INLINE void drop_by_mutex(struct gil_thread *me, bool is_forced, const bool is_py3)
{
	struct gil *gil = me->gil;
	pthread_mutex_lock(&gil->mutex);
	/* Read under the mutex: after it, the next holder may have cleared a request that was made of me.
	 * Then the switch has happened, and nothing is to be waited for; but it counts as forced. */
	bool was_asked = logic_is_asked(&gil->logic);
	wake(gil, logic_drop(&gil->logic, rules_of(me, is_py3), &me->party, is_forced));
	pthread_mutex_unlock(&gil->mutex);
	if (!was_asked)
		return;
	me->forced++;
	if (logic_must_see_switch(rules_of(me, is_py3)))
		see_switch(me);
}

/* `is_forced`: not of its own accord. */
static INLINE void drop(struct gil_thread *me, bool is_forced, const bool is_py3)
{
	if (rules_of(me, is_py3)->primitive == GIL_PRIMITIVE_SEMAPHORE)
		gil_semaphore_drop(me);
	else
		drop_by_mutex(me, is_forced, is_py3);
}

static INLINE void account_and_drop(struct gil_thread *me, bool is_forced, const bool is_py3)
{
	me->held_ns += clock_now_ns() - me->taken_at_ns;
	drop(me, is_forced, is_py3);
}

/* ---- the ways ---------------------------------------------------------------------------------------- */

static void take_py3(struct gil_thread *me)
{
	take(me, true);
}

static void drop_py3(struct gil_thread *me, bool is_forced)
{
	drop(me, is_forced, true);
}

static void take_py3_accounted(struct gil_thread *me)
{
	take_and_account(me, true);
}

static void drop_py3_accounted(struct gil_thread *me, bool is_forced)
{
	account_and_drop(me, is_forced, true);
}

static void take_any(struct gil_thread *me)
{
	take(me, false);
}

static void drop_any(struct gil_thread *me, bool is_forced)
{
	drop(me, is_forced, false);
}

static void take_any_accounted(struct gil_thread *me)
{
	take_and_account(me, false);
}

static void drop_any_accounted(struct gil_thread *me, bool is_forced)
{
	account_and_drop(me, is_forced, false);
}

/* By [is like py3][is accounted]. */
static const struct gil_way ways[2][2] = {{{take_any, drop_any}, {take_any_accounted, drop_any_accounted}},
					  {{take_py3, drop_py3}, {take_py3_accounted, drop_py3_accounted}}};

void gil_thread_init(struct gil_thread *me, struct gil *gil, bool is_accounting)
{
	const struct gil_policy *policy = &gil->logic.policy;
	bool is_like_py3 = policy->handoff == GIL_HANDOFF_FORCED && policy->priority == GIL_PRIORITY_NONE &&
			   policy->primitive == GIL_PRIMITIVE_CONDITION;
	*me = (struct gil_thread){.gil = gil, .is_accounting = is_accounting && policy->has_stats};
	me->way = &ways[is_like_py3][me->is_accounting];
	/* Not in gil_new: between that and this, processes may be forked. */
	if (policy->slice == GIL_SLICE_QUANTUM)
		gil_timer_start(gil);
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
