/*
 * gil_logic: the rules of the simulated lock, and nothing else. Private to src/sync and its tests.
 *
 * Problem: what a lock decides (who has it, who is asked to let go, who is woken) is hard to test where it is
 * tangled with sleeping and waking. So the decisions are here, without a clock, a thread or a primitive, as
 * functions that each are one critical section. src/sync/gil.c sleeps and wakes as they say;
 * tests/unit/test_gil_explore.c calls them in every order that threads can.
 *
 *	take:  logic_is_free?  yes: logic_grant
 *	                       no:  logic_enter; asleep until logic_may_go, a time-out being told to logic_timed_out;
 *	                            logic_leave; logic_grant
 *	drop:  logic_drop says whom to wake; who was asked and logic_must_see_switch, waits until logic_has_switched
 *	at a checkpoint:  logic_spend (ticks) or the drop request
 *	timer: logic_tick
 *
 * One critical section means: the lock's mutex is held (a semaphore's holder counts as such for logic_grant and
 * logic_spend, the only ones used there). A drop under GIL_HANDOFF_FIFO never frees a lock that is waited for:
 * it becomes the heir's at once, who learns of it when it wakes. So "free" implies "nobody waits" there.
 *
 * Functions are inline, and those on the way of every take and drop are handed the rules beside the lock: a caller
 * for whom they are constant passes a constant, and the compiler leaves out what they never do. It must say the same
 * as the lock's own policy.
 */
#ifndef GILBENCH_SYNC_GIL_LOGIC_H
#define GILBENCH_SYNC_GIL_LOGIC_H

#include <assert.h>

#include <gilbench/gil.h>
#include <gilbench/shm.h>

/* Classes of waiters, in the order in which they are woken. Without priorities all are GIL_OTHERS. */
enum { GIL_IO, GIL_OTHERS, GIL_CLASSES };

/* In order of arrival; kept only where the policy asks for an order. */
struct gil_queue {
	struct gil_party *first, *last;
};

/* What every take and drop writes stands last, where struct gil puts the mutex that protects it into the same line of
 * the cache: who gets the lock gets both at once. */
struct gil_logic {
	/*
	 * The drop request, on a line of its own (struct gil begins one with it): the holder polls it at every
	 * checkpoint. Written under the mutex: 1 by a waiter or the timer, 0 by a grant.
	 * Read without it by the holder at checkpoints, relaxed: it is a hint, and a stale 0 costs one more round
	 * of a loop. No data is published through it; the mutex does that.
	 */
	_Atomic uint32_t drop_request;
	char padding[SHM_LINE_BYTES - sizeof(uint32_t)];

	struct gil_policy policy;
	uint64_t timer_ticks;  /* in which the present turn was seen to last */
	uint64_t timed_switch; /* switch_number of that turn */
	int64_t ticks_left;    /* of the holder's turn; one count for all threads, as _Py_Ticker is */
	struct gil_queue waiting[GIL_CLASSES];

	struct gil_party *last_holder; /* while it is locked: the holder */
	uint32_t
		switch_number; /* grants to another than the last holder; only asked whether it is the same */
	uint32_t waiting_count[GIL_CLASSES];
	bool is_locked;
	bool is_ordered; /* somebody needs to know who came first */
};

/* Whom a drop wakes. */
struct gil_wake {
	enum { GIL_WAKE_NOBODY, GIL_WAKE_ONE, GIL_WAKE_ALL, GIL_WAKE_THIS } how;
	int of;                 /* GIL_WAKE_ONE, _ALL: of the sleepers of this class */
	struct gil_party *whom; /* GIL_WAKE_THIS */
};

static inline void logic_init(struct gil_logic *l, const struct gil_policy *policy)
{
	*l = (struct gil_logic){.policy = *policy, .ticks_left = (int64_t)policy->check_ticks};
	l->is_ordered = policy->handoff == GIL_HANDOFF_FIFO || policy->primitive == GIL_PRIMITIVE_PER_WAITER;
	atomic_init(&l->drop_request, 0);
}

static inline bool logic_is_asked(const struct gil_logic *l)
{
	return atomic_load_explicit(&l->drop_request, memory_order_relaxed) != 0;
}

/* Mostly nothing changes, and then the line stays with all who poll it. */
static inline void logic_ask(struct gil_logic *l, bool is_asked)
{
	if (logic_is_asked(l) != is_asked)
		atomic_store_explicit(&l->drop_request, is_asked, memory_order_relaxed);
}

static inline bool logic_is_waited_for(const struct gil_logic *l)
{
	return l->waiting_count[GIL_IO] + l->waiting_count[GIL_OTHERS] > 0;
}

static inline bool logic_is_free(const struct gil_logic *l)
{
	return !l->is_locked;
}

/* A free lock, or one given to it, becomes `p`'s. True when another had it last. The request that was made of
 * the holder before is logic_settle's, for no waiter need be kept out meanwhile. */
static inline bool logic_grant(struct gil_logic *l, struct gil_party *p)
{
	bool is_switch = l->last_holder != p;
	l->is_locked = true;
	if (is_switch) {
		l->last_holder = p;
		l->switch_number++;
	}
	return is_switch;
}

/* After a grant. A request is its maker's business with the holder before; but an I/O-bound waiter would make
 * its own again at once of a CPU-bound holder, so it stands. */
static inline void logic_settle(struct gil_logic *l, const struct gil_policy *rules,
				const struct gil_party *holder)
{
	logic_ask(l,
		  rules->priority == GIL_PRIORITY_IO && l->waiting_count[GIL_IO] > 0 && holder->is_cpu_bound);
}

static inline void logic_enter(struct gil_logic *l, struct gil_party *p)
{
	p->waits_as_io = l->policy.priority == GIL_PRIORITY_IO && !p->is_cpu_bound;
	int class = p->waits_as_io ? GIL_IO : GIL_OTHERS;
	struct gil_queue *q = &l->waiting[class];
	l->waiting_count[class]++;
	if (l->is_ordered) {
		p->before = q->last;
		p->after = NULL;
		*(q->last != NULL ? &q->last->after : &q->first) = p;
		q->last = p;
	}
	if (p->waits_as_io && l->last_holder->is_cpu_bound)
		logic_ask(l, true);
}

/* `p` waits no more. */
static inline void logic_leave(struct gil_logic *l, struct gil_party *p)
{
	int class = p->waits_as_io ? GIL_IO : GIL_OTHERS;
	struct gil_queue *q = &l->waiting[class];
	assert(l->waiting_count[class] > 0);
	l->waiting_count[class]--;
	if (!l->is_ordered)
		return;
	*(p->before != NULL ? &p->before->after : &q->first) = p->after;
	*(p->after != NULL ? &p->after->before : &q->last) = p->before;
}

/* `p`, which has entered and was awake or is woken: may it go on? If so, and it is no heir, it leaves and is
 * granted the lock in the same critical section. */
static inline bool logic_may_go(const struct gil_logic *l, const struct gil_party *p)
{
	return l->policy.handoff == GIL_HANDOFF_FIFO ? p->is_heir : !l->is_locked;
}

/* A waiter's interval passed, in which it saw `seen` as the switch number at the beginning. */
static inline void logic_timed_out(struct gil_logic *l, uint32_t seen)
{
	if (l->is_locked && l->switch_number == seen)
		logic_ask(l, true);
}

/* Who comes next where there is an order. NULL: nobody waits. */
static inline struct gil_party *logic_first(const struct gil_logic *l)
{
	return l->waiting[GIL_IO].first != NULL ? l->waiting[GIL_IO].first : l->waiting[GIL_OTHERS].first;
}

/* The lock goes straight to who has waited longest. */
static inline struct gil_wake logic_hand_over(struct gil_logic *l)
{
	struct gil_party *heir = logic_first(l);
	if (heir == NULL) {
		l->is_locked = false;
		return (struct gil_wake){.how = GIL_WAKE_NOBODY};
	}
	logic_leave(l, heir);
	heir->is_heir = true;
	logic_grant(l, heir);
	logic_settle(l, &l->policy, heir);
	/* On a shared condition nobody can be called by name: all wake, and one may go on. */
	if (l->policy.primitive == GIL_PRIMITIVE_CONDITION)
		return (struct gil_wake){.how = GIL_WAKE_ALL, .of = heir->waits_as_io ? GIL_IO : GIL_OTHERS};
	return (struct gil_wake){.how = GIL_WAKE_THIS, .whom = heir};
}

/* The lock is free, and a waiter hears of it, if there is one. */
static inline struct gil_wake logic_release(struct gil_logic *l, const struct gil_policy *rules)
{
	l->is_locked = false;
	bool has_io = rules->priority == GIL_PRIORITY_IO && l->waiting_count[GIL_IO] > 0;
	if (rules->primitive == GIL_PRIMITIVE_CONDITION)
		return (struct gil_wake){.how = has_io || l->waiting_count[GIL_OTHERS] > 0 ? GIL_WAKE_ONE
											   : GIL_WAKE_NOBODY,
					 .of = has_io ? GIL_IO : GIL_OTHERS};
	struct gil_party *first = logic_first(l);
	return (struct gil_wake){.how = first != NULL ? GIL_WAKE_THIS : GIL_WAKE_NOBODY, .whom = first};
}

/* The holder lets go; `is_forced`: not of its own accord. Who is to be woken is woken before the mutex is let go. */
static inline struct gil_wake logic_drop(struct gil_logic *l, const struct gil_policy *rules,
					 struct gil_party *p, bool is_forced)
{
	p->is_cpu_bound = is_forced;
	return rules->handoff == GIL_HANDOFF_FIFO ? logic_hand_over(l) : logic_release(l, rules);
}

/* Does a holder that was asked, and has dropped, have to wait for its successor? */
static inline bool logic_must_see_switch(const struct gil_policy *rules)
{
	return rules->handoff == GIL_HANDOFF_FORCED;
}

static inline bool logic_has_switched(const struct gil_logic *l, const struct gil_party *p)
{
	return l->last_holder != p;
}

/*
 * The holder used `ticks` ticks: is its turn over? As 2.7 counts: 100 ticks pass, and the one after them ends the
 * turn. What a checkpoint used beyond that is the next turn's, so that turns are right on average whatever a
 * checkpoint stands for; a checkpoint ends one turn at most.
 */
static inline bool logic_spend(struct gil_logic *l, unsigned ticks)
{
	l->ticks_left -= ticks;
	if (l->ticks_left >= 0)
		return false;
	l->ticks_left += (int64_t)l->policy.check_ticks + 1;
	if (l->ticks_left < 0)
		l->ticks_left = 0;
	return true;
}

/*
 * The timer's clock has ticked. It counts the ticks in which a thread held the lock since it had it from another;
 * letting go for a while with nobody in between begins no new turn, as in Ruby. The first of them may have come right
 * after the turn's beginning, so n ticks prove n - 1 periods: a turn lasts its quantum at least, and a tick more at
 * most.
 */
static inline void logic_tick(struct gil_logic *l)
{
	if (!l->is_locked)
		return;
	if (l->timed_switch != l->switch_number)
		l->timer_ticks = 0;
	l->timed_switch = l->switch_number;
	l->timer_ticks++;
	if (logic_is_waited_for(l) && (l->timer_ticks - 1) * l->policy.tick_ns >= l->policy.quantum_ns)
		logic_ask(l, true);
}

#endif
