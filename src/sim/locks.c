/*
 * locks: the simulated lock in virtual time.
 *
 * Who has it, who is asked to let go and who is woken is decided by src/sync/gil_logic.h, the very functions that the
 * live lock calls. What is here is what threads do around those decisions:
 *
 *	take ── free ──▶ has it
 *	  └── not ──▶ sleeps, an interval at most ──▶ called, or the interval is over ──▶ awake (latency, a core) ──▶ looks:
 *	                 ▲                                free: has it
 *	                 └── not: asks, if it was an interval without a switch, and sleeps again
 *
 * So the race of barging is a race: whoever let go and comes back within the time that the one who was called needs to
 * wake up, finds the lock free; the other finds it taken and begins a new interval.
 *
 * Intervals end late by the timer's slack (costs.wakeup), as live ones do. The time that taking and dropping need
 * themselves (tens of nanoseconds) is not simulated, but for the post of a semaphore on which somebody sleeps.
 */
#include "sim/engine.h"

/* ---- requests ------------------------------------------------------------------------------------------ */

/* Its turn ends at its next checkpoint, which is a tick away at most; whoever has just taken the lock does a tick's work
 * before. */
static void end_turn(struct sim *s, struct sim_task *t)
{
	int64_t done_ns = t->turn_ns - (t->thread.due_ns - s->now_ns);
	int64_t cut_off_ns =
		cpu_shorten(s, &t->thread, done_ns < t->role->tick_ns ? t->role->tick_ns - done_ns : 0);
	t->turn_ns -= cut_off_ns;
	t->left_ns += cut_off_ns;
}

/* It holds the lock, does interpreted work, and is not preempted. */
static bool has_checkpoints(const struct sim_task *t)
{
	return t != NULL && t->thread.is_working && task_segment(t)->kind == SEGMENT_GIL;
}

void lock_notice(struct sim *s, struct sim_lock *lock)
{
	if (logic_is_asked(&lock->logic) && has_checkpoints(lock->holder))
		end_turn(s, lock->holder);
}

static void note_request(struct sim *s, const struct sim_task *by, bool was_asked)
{
	const struct sim_lock *lock = by->lock;
	if (__builtin_expect(s->what->trace != NULL, 0) && !was_asked && logic_is_asked(&lock->logic))
		sim_record(s, by, TRACE_REQUEST, false,
			   lock->holder != NULL ? (int)(lock->holder - s->tasks) : -1);
}

/* ---- having it ---------------------------------------------------------------------------------------- */

static void account_taken(struct sim *s, struct sim_task *t, bool is_switch)
{
	int64_t wait_ns = s->now_ns - t->asked_ns;
	t->taken_ns = t->lock->held_since_ns = s->now_ns;
	t->acquisitions++;
	t->switches += is_switch;
	t->wait_ns += (uint64_t)wait_ns;
	if ((uint64_t)wait_ns > t->longest_wait_ns)
		t->longest_wait_ns = (uint64_t)wait_ns;
	if (t->waits != NULL)
		hist_record(t->waits, (uint64_t)wait_ns);
	s->event_count++;
}

static void has_it(struct sim *s, struct sim_task *t, bool is_switch)
{
	struct sim_lock *lock = t->lock;
	struct sim_task *yielding = lock->yielding;
	t->holds = true;
	lock->holder = t;
	account_taken(s, t, is_switch);
	sim_note(s, t, TRACE_TAKE, is_switch);
	if (yielding != NULL && logic_has_switched(&lock->logic, &yielding->party)) {
		lock->yielding = NULL;
		t->debt_ns += task_wake(s, yielding, WHY_SWITCHED, WAKING_BY_SIGNAL);
	}
}

static void grant(struct sim *s, struct sim_task *t)
{
	bool is_switch = logic_grant(&t->lock->logic, &t->party);
	logic_settle(&t->lock->logic, s->policy, &t->party);
	has_it(s, t, is_switch);
}

/* A turn of ticks is not counted while nobody waits. Now somebody does: it is somewhere in its middle. */
static void count_turn(struct sim *s, struct sim_lock *lock)
{
	struct sim_task *t = lock->holder;
	if (s->policy->slice != GIL_SLICE_TICKS || lock->logic.waiting_count[GIL_OTHERS] != 1 ||
	    !has_checkpoints(t))
		return;
	int64_t ticks = (int64_t)(variate_uniform(&s->random) * (double)s->policy->check_ticks);
	int64_t cut_off_ns = cpu_shorten(s, &t->thread, (ticks + 1) * t->role->tick_ns);
	lock->logic.ticks_left = ticks;
	t->turn_ns = t->thread.due_ns - s->now_ns;
	t->left_ns += cut_off_ns;
}

bool lock_take(struct sim *s, struct sim_task *t)
{
	struct gil_logic *logic = &t->lock->logic;
	if (!t->was_forced)
		t->asked_ns = s->now_ns;
	t->was_forced = false;
	sim_note(s, t, TRACE_ASK, false);
	if (logic_is_free(logic)) {
		grant(s, t);
		return true;
	}
	bool was_asked = logic_is_asked(logic);
	task_is(s, t, WHERE_LOCK);
	logic_enter(logic, &t->party);
	note_request(s, t, was_asked);
	sleepers_add(s, t);
	lock_notice(s, t->lock);
	count_turn(s, t->lock);
	return false;
}

bool lock_woken(struct sim *s, struct sim_task *t)
{
	struct gil_logic *logic = &t->lock->logic;
	if (logic_may_go(logic, &t->party)) {
		if (t->party.is_heir) {
			t->party.is_heir = false;
			has_it(s, t, true);
		} else {
			logic_leave(logic, &t->party);
			grant(s, t);
		}
		return true;
	}
	if (t->why == WHY_INTERVAL) {
		bool was_asked = logic_is_asked(logic);
		logic_timed_out(logic, t->seen);
		note_request(s, t, was_asked);
	}
	sleepers_add(s, t);
	lock_notice(s, t->lock);
	return false;
}

/* ---- letting go ---------------------------------------------------------------------------------------- */

/* Whoever posts while somebody is on the way makes a system call that wakes nobody. */
static int64_t drop_semaphore(struct sim *s, struct sim_task *t, bool is_forced)
{
	struct sim_lock *lock = t->lock;
	t->party.is_cpu_bound = is_forced;
	lock->logic.is_locked = false;
	int64_t ns = sleepers_call(s, lock, sleepers_anyone(s, lock));
	return ns > 0 || lock->logic.waiting_count[GIL_OTHERS] == 0 ? ns : s->post_ns;
}

bool lock_drop(struct sim *s, struct sim_task *t, bool is_forced)
{
	struct sim_lock *lock = t->lock;
	t->must_see_switch = logic_is_asked(&lock->logic) && logic_must_see_switch(s->policy);
	t->held_ns += (uint64_t)(s->now_ns - t->taken_ns);
	lock->held_ns += s->now_ns - lock->held_since_ns;
	t->holds = false;
	t->was_forced = is_forced;
	t->forced += is_forced;
	if (is_forced)
		t->asked_ns = s->now_ns;
	lock->holder = NULL;
	sim_note(s, t, TRACE_DROP, is_forced);
	int64_t ns =
		s->policy->primitive == GIL_PRIMITIVE_SEMAPHORE
			? drop_semaphore(s, t, is_forced)
			: sleepers_wake(s, lock, logic_drop(&lock->logic, s->policy, &t->party, is_forced));
	if (ns == 0)
		return lock_dropped(s, t);
	t->why = WHY_DROPPED;
	task_is(s, t, WHERE_LATENCY);
	cpu_work(s, &t->thread, ns);
	return false;
}

bool lock_dropped(struct sim *s, struct sim_task *t)
{
	struct sim_lock *lock = t->lock;
	if (!t->must_see_switch || logic_has_switched(&lock->logic, &t->party))
		return true;
	lock->yielding = t;
	task_is(s, t, WHERE_LOCK);
	cpu_sleep(s, &t->thread);
	return false;
}

/* ---- clocks -------------------------------------------------------------------------------------------- */

static struct sim_task *first_overdue(const struct sim *s, const struct sim_lock *lock)
{
	for (int class = 0; class < GIL_CLASSES; class ++)
		if (lock->first[class] != NULL && lock->first[class]->deadline_ns <= s->now_ns)
			return lock->first[class];
	return NULL;
}

void lock_interval_event(struct sim *s, struct sim_lock *lock)
{
	struct sim_task *t;
	while ((t = first_overdue(s, lock)) != NULL) {
		sleepers_remove(lock, t);
		task_wake(s, t, WHY_INTERVAL, WAKING_BY_TIMER);
	}
	sleepers_arm(s, lock);
}

/* One timer for all turns, which ticks whether anybody waits or not: where a turn falls between its ticks is chance. */
void lock_tick_event(struct sim *s, struct sim_lock *lock)
{
	logic_tick(&lock->logic);
	lock_notice(s, lock);
	events_put(&s->events, s->now_ns + (int64_t)s->policy->tick_ns, lock->tick_id);
}

int64_t lock_turn_ns(const struct sim *s, const struct sim_task *t, int64_t left_ns)
{
	const struct gil_logic *logic = &t->lock->logic;
	if (s->policy->slice != GIL_SLICE_TICKS || logic->waiting_count[GIL_OTHERS] == 0)
		return left_ns;
	int64_t turn_ns = (logic->ticks_left + 1) * t->role->tick_ns;
	return turn_ns < left_ns ? turn_ns : left_ns;
}

bool lock_spend(struct sim *s, struct sim_task *t, int64_t ns)
{
	struct gil_logic *logic = &t->lock->logic;
	if (s->policy->slice != GIL_SLICE_TICKS || logic->waiting_count[GIL_OTHERS] == 0)
		return false;
	return logic_spend(logic, (unsigned)(ns / t->role->tick_ns));
}
