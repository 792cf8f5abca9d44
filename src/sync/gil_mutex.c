/*
 * gil_mutex: the simulated lock on a mutex and condition variables: sleeping and waking as the rules say.
 *
 * What py3 does, take by take, is CPython's: the mutex, the switch mutex inside it, a signal to who waits for the
 * switch; and at a drop the mutex and a signal to a waiter. CPython signals whether anybody listens or not; who
 * does is known here under the very mutex, and where nobody does the call is left out, which nobody can tell.
 *
 * Accounting reads the clock once in a take that finds the lock free, and not before it: trying the mutex first
 * tells the two apart. Who must wait, for the mutex or for the lock, reads it when it begins to.
 *
 * Waiters sleep on one condition per class (primitive=condition), or each on one of its own (per-waiter). A shared
 * condition knows nobody by name: for a direct hand-off all its sleepers wake, and all but the heir lie down again.
 *
 * Locks: `mutex` protects the logic; `switch_mutex` protects last_holder's change against the sleeper in
 * see_switch. Order: mutex, then switch_mutex; neither is held while a caller's code runs.
 *
 * Source: CPython 3.11, Python/ceval_gil.h, take_gil and drop_gil.
 */
#include <pthread.h>

#include <gilbench/clock.h>

#include "sync/gil_lock.h"

#define NOT_INLINE __attribute__((noinline))
#define INLINE     inline __attribute__((always_inline))

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
		uint32_t seen = logic->switch_number;
		if (!sleep_on(me->gil, cond))
			continue;
		bool was_asked = me->ring == NULL || logic_is_asked(logic);
		logic_timed_out(logic, seen);
		gil_trace_request(me->ring, logic, was_asked);
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
	bool was_asked = me->ring == NULL || logic_is_asked(&gil->logic);
	logic_enter(&gil->logic, &me->party);
	gil_trace_request(me->ring, &gil->logic, was_asked);
	if (gil->logic.policy.primitive == GIL_PRIMITIVE_PER_WAITER)
		wait_on_own(me);
	else
		wait_on(me, &gil->cond[me->party.waits_as_io ? GIL_IO : GIL_OTHERS].cond);
	if (!me->party.is_heir)
		logic_leave(&gil->logic, &me->party);
}

static INLINE void wake(struct gil *gil, struct gil_wake wake)
{
	switch (wake.how) {
	case GIL_WAKE_NOBODY:
		break;
	case GIL_WAKE_ONE:
		pthread_cond_signal(&gil->cond[wake.of].cond);
		break;
	case GIL_WAKE_ALL:
		pthread_cond_broadcast(&gil->cond[wake.of].cond);
		break;
	case GIL_WAKE_THIS:
		pthread_cond_signal(wake.whom->sleeper);
		break;
	}
}

/* ---- take --------------------------------------------------------------------------------------------
 *
 * There are two ways to take and drop, each without accounting, with it, and recorded, chosen once per thread. Both are the same
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
	if (gil->switch_sleepers > 0)
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

/* Locks `mutex`. With accounting: when it began to wait for that, or 0. */
static INLINE uint64_t enter(struct gil *gil, const bool is_accounted)
{
	uint64_t asked_at_ns = 0;
	if (is_accounted && pthread_mutex_trylock(&gil->mutex) == 0)
		return asked_at_ns;
	if (is_accounted)
		asked_at_ns = clock_now_ns();
	pthread_mutex_lock(&gil->mutex);
	return asked_at_ns;
}

/* With accounting: when it began to wait, or 0: it did not. */
static INLINE uint64_t take(struct gil_thread *me, const bool is_py3, const bool is_accounted)
{
	struct gil *gil = me->gil;
	uint64_t asked_at_ns = enter(gil, is_accounted);
	if (!logic_is_free(&gil->logic)) {
		if (is_accounted && asked_at_ns == 0)
			asked_at_ns = clock_now_ns();
		wait_for_turn(me);
	}
	me->acquisitions++;
	if (rules_of(me, is_py3)->handoff == GIL_HANDOFF_FORCED)
		grant_and_tell(me, is_py3);
	else
		grant_quietly(me);
	pthread_mutex_unlock(&gil->mutex);
	return asked_at_ns;
}

/* ---- drop -------------------------------------------------------------------------------------------- */

/* I was asked, and the lock is free: wait until another has it, or has had it. */
static NOT_INLINE void see_switch(struct gil_thread *me)
{
	struct gil *gil = me->gil;
	pthread_mutex_lock(&gil->switch_mutex);
	gil->switch_sleepers++;
	while (!logic_has_switched(&gil->logic, &me->party))
		pthread_cond_wait(&gil->switch_cond, &gil->switch_mutex);
	gil->switch_sleepers--;
	pthread_mutex_unlock(&gil->switch_mutex);
}

/* `is_forced`: not of its own accord. */
static INLINE void drop(struct gil_thread *me, bool is_forced, const bool is_py3)
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

/* ---- the ways ---------------------------------------------------------------------------------------- */

static void take_py3(struct gil_thread *me)
{
	take(me, true, false);
}

static void drop_py3(struct gil_thread *me, bool is_forced)
{
	drop(me, is_forced, true);
}

static void take_py3_accounted(struct gil_thread *me)
{
	gil_account_taken(me, take(me, true, true));
}

static void drop_py3_accounted(struct gil_thread *me, bool is_forced)
{
	gil_account_drop(me, is_forced);
	drop(me, is_forced, true);
}

static void take_any(struct gil_thread *me)
{
	take(me, false, false);
}

static void drop_any(struct gil_thread *me, bool is_forced)
{
	drop(me, is_forced, false);
}

static void take_any_accounted(struct gil_thread *me)
{
	gil_account_taken(me, take(me, false, true));
}

static void drop_any_accounted(struct gil_thread *me, bool is_forced)
{
	gil_account_drop(me, is_forced);
	drop(me, is_forced, false);
}

static INLINE void take_traced(struct gil_thread *me, const bool is_py3)
{
	uint64_t asked_at_ns = gil_account_ask(me);
	gil_trace_ask(me, asked_at_ns);
	take(me, is_py3, false);
	gil_account_take(me, asked_at_ns);
	gil_trace_take(me);
}

static INLINE void drop_traced(struct gil_thread *me, bool is_forced, const bool is_py3)
{
	uint64_t dropped_at_ns = gil_account_drop(me, is_forced);
	drop(me, is_forced, is_py3);
	gil_trace_drop(me, dropped_at_ns);
}

static void take_py3_traced(struct gil_thread *me)
{
	take_traced(me, true);
}

static void drop_py3_traced(struct gil_thread *me, bool is_forced)
{
	drop_traced(me, is_forced, true);
}

static void take_any_traced(struct gil_thread *me)
{
	take_traced(me, false);
}

static void drop_any_traced(struct gil_thread *me, bool is_forced)
{
	drop_traced(me, is_forced, false);
}

const struct gil_way gil_ways_py3[GIL_ACCOUNTS] = {
	{take_py3, drop_py3}, {take_py3_accounted, drop_py3_accounted}, {take_py3_traced, drop_py3_traced}};
const struct gil_way gil_ways_mutex[GIL_ACCOUNTS] = {
	{take_any, drop_any}, {take_any_accounted, drop_any_accounted}, {take_any_traced, drop_any_traced}};
