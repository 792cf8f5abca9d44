/*
 * sim: a cell in virtual time. See sim.h.
 *
 * Problem: how would this work scale on cores that are not here, and how much of what is measured here is understood?
 *
 * Design: discrete events. Nothing happens between two of them; at each, one thread, lock or clock changes, and says
 * what comes next of it. Time is whole nanoseconds. What happens at the same moment happens in the order in which it
 * was asked for. Whatever is random comes from streams of the cell's seed, one per task and one for the rest, so that
 * a task's lengths do not depend on what others did.
 *
 *	profile ──▶ tasks.c or loops.c: segments ──▶ cores.c: who runs
 *	                  │      ▲                     │     ▲
 *	                  ▼      │                     ▼     │
 *	               locks.c (rules: src/sync/gil_logic.h)  events.h: what is next
 *
 * What is simulated: cores and one queue for them, time slices, switches, wake-up latencies; the lock of
 * include/gilbench/gil.h under every policy, with waiters' intervals, requests that are seen at checkpoints, forced
 * switching, barging as the race it is; loops, their pool; clients; closed and open arrivals.
 *
 * What is not: caches and memory bandwidth, frequencies, hyper-threads, other programs, the costs of an uncontended
 * take or drop and of a clock's reading, pages, the network. Work takes as long beside other work as alone.
 *
 * Guaranteed: the same simulation gives the same bytes everywhere. See also docs/virtual-time.md.
 */
#include <errno.h>
#include <stdio.h>

#include "sim/engine.h"

void thread_resume(struct sim *s, struct sim_thread *th)
{
	switch ((enum thread_kind)th->kind) {
	case THREAD_TASK:
		task_resume(s, (struct sim_task *)th);
		break;
	case THREAD_LOOP:
		sim_loop_resume(s, (struct sim_loop *)th);
		break;
	case THREAD_POOL:
		pool_resume(s, (struct sim_pool_thread *)th);
		break;
	case THREAD_CLIENT:
		client_resume(s, (struct sim_client *)th);
		break;
	}
}

void sim_record(struct sim *s, const struct sim_task *t, enum trace_kind kind, bool flag, int other)
{
	const struct trace *trace = s->what->trace;
	struct trace_ring *ring = t != NULL ? &trace->ring[t - s->tasks] : trace_timer_ring(trace);
	trace_record(ring, (uint64_t)s->now_ns, kind, flag, other);
}

/* Those whose turn it is at this very moment. */
static void resume_all(struct sim *s)
{
	while (s->resuming_count > 0) {
		struct sim_thread *th = s->resuming[s->resuming_first++ & s->resuming_mask];
		s->resuming_count--;
		thread_resume(s, th);
	}
}

static void lock_event(struct sim *s, uint32_t owner)
{
	struct sim_lock *lock = &s->locks[(owner - s->lock_ids) / 2];
	if (owner == lock->interval_id)
		lock_interval_event(s, lock);
	else
		lock_tick_event(s, lock);
}

static void happen(struct sim *s, uint32_t owner)
{
	if (owner < (uint32_t)s->task_count && s->loop_count > 0)
		sim_loop_timer(s, &s->tasks[owner]);
	else if (owner < s->lock_ids)
		cpu_event(s, s->thread[owner]);
	else if (owner == s->slice_id)
		cpu_slice_event(s);
	else if (owner == s->warmup_id)
		sim_reset_counts(s);
	else
		lock_event(s, owner);
}

/* Everybody wants to begin, and is woken for it in order: the gun is a signal, and cores were idle before. */
static void begin(struct sim *s)
{
	for (int i = 0; i < s->task_count; i++) {
		struct sim_task *t = &s->tasks[i];
		if (s->loop_count > 0)
			sim_loop_ready(s, t, WAKING_BY_SIGNAL);
		else
			cpu_wake(s, &t->thread, WAKING_BY_SIGNAL);
	}
	for (int i = 0; i < s->lock_count && s->policy->slice == GIL_SLICE_QUANTUM; i++)
		lock_tick_event(s, &s->locks[i]);
	if (s->what->warmup_ns > 0)
		events_put(&s->events, (int64_t)s->what->warmup_ns, s->warmup_id);
}

/* 0, or -EDEADLK: there is work left, and nothing will ever happen. */
static int go(struct sim *s)
{
	int64_t time_ns;
	uint32_t owner;
	begin(s);
	for (;;) {
		resume_all(s);
		if (s->live == 0)
			return 0;
		if (!events_next(&s->events, &time_ns, &owner))
			return s->events.has_failed ? -ENOMEM : -EDEADLK;
		if (time_ns > s->end_ns)
			break;
		s->now_ns = time_ns;
		happen(s, owner);
	}
	s->now_ns = s->end_ns;
	return s->events.has_failed ? -ENOMEM : 0;
}

int sim_run(const struct simulation *what, struct sample *sample, struct sim_counts *counts)
{
	struct sim s;
	int error = sim_setup(&s, what, sample);
	if (error != 0)
		return error;
	error = go(&s);
	if (error == 0)
		sim_result(&s, sample, counts);
	else if (error == -ENOMEM)
		snprintf(sample->error, sizeof(sample->error), "no memory for the events of %d tasks",
			 s.task_count);
	else
		snprintf(sample->error, sizeof(sample->error),
			 "nothing can happen any more: %d tasks wait for each other", s.live);
	sim_release(&s);
	return error;
}
