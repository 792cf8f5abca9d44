/*
 * loops: tasks that take turns on one thread, an event loop.
 *
 * A turn of the loop runs every task that was ready when it began, in order; each until it waits or has done an operation.
 * Then the loop looks at what has come meanwhile: waits that have ended, calls that have returned, requests. Whoever began
 * another operation in that turn stands before those. (So has libuv it, with src/model/loop.c on top: a turn is an idle
 * handle, and polling comes after it. A call that returns from the pool in the middle of somebody's long turn waits for the
 * end of that turn, and then for all who are ready.)
 *
 * gil, hold and free run on the loop's thread; a wait is a timer, and the others run meanwhile; block stops the loop. For
 * every wait that has ended the loop spends costs.poll. A loop with nobody ready sleeps, and needs a core and its latency
 * to come back.
 *
 * With a pool (uv-pool), free and block are done by threads of the pool, first come, first served; the loop hears of the
 * end as of any event.
 */
#include "sim/engine.h"

static void queue_append(struct sim_queue *q, struct sim_task *t)
{
	t->next = NULL;
	*(q->last != NULL ? &q->last->next : &q->first) = t;
	q->last = t;
}

static struct sim_task *queue_take(struct sim_queue *q)
{
	struct sim_task *t = q->first;
	if (t == NULL)
		return NULL;
	q->first = t->next;
	if (q->first == NULL)
		q->last = NULL;
	return t;
}

void sim_loop_ready(struct sim *s, struct sim_task *t, enum waking how)
{
	struct sim_loop *loop = t->loop;
	task_is(s, t, WHERE_READY);
	queue_append(&loop->arrived, t);
	if (!loop->is_polling)
		return;
	loop->is_polling = false;
	loop->idle_ns += s->now_ns - loop->idle_since_ns;
	cpu_wake(s, &loop->thread, how);
}

static void work(struct sim *s, struct sim_task *t, int64_t ns)
{
	task_is(s, t, WHERE_WORK);
	cpu_work(s, &t->loop->thread, ns + t->loop->debt_ns);
	t->loop->debt_ns = 0;
}

static int64_t draw(struct sim_task *t)
{
	return variate_segment(&t->random, task_segment(t));
}

static void end_segment(struct sim *s, struct sim_task *t)
{
	t->loop->debt_ns += client_hear(s, t);
	t->segment++;
	s->event_count++;
}

void sim_loop_asked(struct sim *s, struct sim_task *t)
{
	end_segment(s, t);
	sim_loop_ready(s, t, WAKING_BY_SIGNAL);
}

/* ---- the pool -------------------------------------------------------------------------------------------- */

static void pool_assign(struct sim_pool_thread *th, struct sim_task *t)
{
	th->task = t;
	th->is_at_work = false;
}

static void pool_submit(struct sim *s, struct sim_task *t)
{
	struct sim_pool *pool = t->loop->pool;
	struct sim_pool_thread *th = pool->idle;
	task_is(s, t, WHERE_READY);
	t->has_polled = false;
	if (th == NULL) {
		queue_append(&pool->waiting, t);
		return;
	}
	pool->idle = th->next_idle;
	pool_assign(th, t);
	t->loop->debt_ns += cpu_wake(s, &th->thread, WAKING_BY_SIGNAL);
}

/* The call has returned. */
static void pool_done(struct sim *s, struct sim_pool_thread *th)
{
	struct sim_task *t = th->task;
	sim_note(s, t, TRACE_RETURN, false);
	end_segment(s, t);
	sim_loop_ready(s, t, WAKING_BY_SIGNAL);
	struct sim_task *next = queue_take(&th->pool->waiting);
	if (next != NULL) {
		pool_assign(th, next);
		pool_resume(s, th);
		return;
	}
	th->task = NULL;
	th->next_idle = th->pool->idle;
	th->pool->idle = th;
	cpu_sleep(s, &th->thread);
}

void pool_resume(struct sim *s, struct sim_pool_thread *th)
{
	struct sim_task *t = th->task;
	if (th->is_at_work) {
		pool_done(s, th);
		return;
	}
	th->is_at_work = true;
	sim_note(s, t, TRACE_CALL, task_segment(t)->kind == SEGMENT_BLOCK);
	bool is_work = task_segment(t)->kind == SEGMENT_FREE;
	task_is(s, t, is_work ? WHERE_WORK : WHERE_WAIT);
	int64_t ns = draw(t);
	if (is_work) {
		cpu_work(s, &th->thread, ns);
		return;
	}
	cpu_sleep(s, &th->thread);
	events_put(&s->events, s->now_ns + ns, th->thread.id);
}

/* ---- the loop -------------------------------------------------------------------------------------------- */

/* A call stops the whole loop, without using a core. */
static void block(struct sim *s, struct sim_task *t)
{
	task_is(s, t, WHERE_WAIT);
	sim_note(s, t, TRACE_CALL, true);
	int64_t ns = draw(t);
	cpu_sleep(s, &t->loop->thread);
	events_put(&s->events, s->now_ns + ns, t->loop->thread.id);
}

void blocked_thread_event(struct sim *s, struct sim_thread *th)
{
	cpu_wake(s, th, WAKING_BY_TIMER);
}

static void wait_for_time(struct sim *s, struct sim_task *t, int64_t ns)
{
	task_is(s, t, WHERE_WAIT);
	sim_note(s, t, TRACE_SLEEP, false);
	t->has_polled = false;
	events_put(&s->events, s->now_ns + ns, t->thread.id);
}

/* The event of a task's timer. */
void sim_loop_timer(struct sim *s, struct sim_task *t)
{
	sim_note(s, t, TRACE_WOKE, false);
	if (!t->is_early)
		end_segment(s, t);
	t->is_early = false;
	sim_loop_ready(s, t, WAKING_BY_TIMER);
}

/* True: the loop is at work for it (or stands still). False: the task has gone, and the loop is free. */
static bool begin_segment(struct sim *s, struct sim_task *t)
{
	bool has_pool = t->loop->pool != NULL;
	switch (task_segment(t)->kind) {
	case SEGMENT_FREE:
		if (has_pool) {
			pool_submit(s, t);
			return false;
		}
		sim_note(s, t, TRACE_CALL, false);
		work(s, t, draw(t));
		return true;
	case SEGMENT_BLOCK:
		if (has_pool) {
			pool_submit(s, t);
			return false;
		}
		block(s, t);
		return true;
	case SEGMENT_WAIT:
		wait_for_time(s, t, draw(t));
		return false;
	case SEGMENT_CLIENT:
		task_is(s, t, WHERE_WAIT);
		t->has_polled = false;
		sim_note(s, t, TRACE_WAIT, false);
		client_answer(s, t);
		if (client_has_asked(t))
			sim_loop_asked(s, t);
		return false;
	case SEGMENT_GIL:
	case SEGMENT_HOLD:
	case SEGMENT_KINDS:
		break;
	}
	work(s, t, draw(t));
	return true;
}

/* The operation is done, or there was none yet. False, as above: the task is at the queue's end, or has none left. */
static bool begin_operation(struct sim *s, struct sim_task *t)
{
	if (!operation_begin(s, t)) {
		sim_note(s, t, TRACE_END, false);
		task_is(s, t, WHERE_WAIT);
		s->live--;
	} else if (t->is_early) {
		wait_for_time(s, t, t->began_ns - s->now_ns);
	} else {
		task_is(s, t, WHERE_READY);
		queue_append(&t->loop->ready, t);
	}
	return false;
}

/* The same. */
static bool advance(struct sim *s, struct sim_task *t)
{
	if (!t->has_polled) {
		t->has_polled = true;
		if (s->what->costs.poll_ns > 0) {
			t->is_polled_for = true;
			work(s, t, s->what->costs.poll_ns);
			return true;
		}
	}
	if (t->segment == t->role->segment_count) {
		operation_done(s, t);
		return begin_operation(s, t);
	}
	return begin_segment(s, t);
}

/* What the loop did for its current task has ended. */
static void current_worked(struct sim *s, struct sim_task *t)
{
	if (t->is_polled_for) {
		t->is_polled_for = false;
		return;
	}
	if (task_segment(t)->kind == SEGMENT_FREE || task_segment(t)->kind == SEGMENT_BLOCK)
		sim_note(s, t, TRACE_RETURN, false);
	end_segment(s, t);
}

static void begin(struct sim *s, struct sim_task *t)
{
	sim_note(s, t, TRACE_BEGIN, false);
	t->has_begun = true;
	begin_operation(s, t);
}

/* The loop looks at what has come while it was busy, which stands behind those that are ready already. False: nobody is
 * ready. */
static bool next_turn(struct sim_loop *loop)
{
	struct sim_task *t;
	while ((t = queue_take(&loop->arrived)) != NULL)
		queue_append(&loop->ready, t);
	loop->turn = loop->ready;
	loop->ready = (struct sim_queue){.first = NULL};
	return loop->turn.first != NULL;
}

void sim_loop_resume(struct sim *s, struct sim_loop *loop)
{
	if (!loop->has_looked) {
		/* Whatever else comes at this very moment is seen by the same look. */
		loop->has_looked = true;
		cpu_work(s, &loop->thread, 0);
		return;
	}
	if (loop->current != NULL) {
		current_worked(s, loop->current);
		if (advance(s, loop->current))
			return;
	}
	do {
		while ((loop->current = queue_take(&loop->turn)) != NULL) {
			if (!loop->current->has_begun)
				begin(s, loop->current);
			else if (advance(s, loop->current))
				return;
		}
	} while (next_turn(loop));
	loop->is_polling = true;
	loop->has_looked = false;
	loop->idle_since_ns = s->now_ns;
	cpu_sleep(s, &loop->thread);
}
