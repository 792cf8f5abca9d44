/*
 * tasks: what a task that is a thread does with its profile.
 *
 *	gil, hold       takes the lock, unless it has it still; works. The lock stays held, as it does from one step of a
 *	                live task to the next; the end of every segment is a checkpoint
 *	free            lets the lock go, works; whoever needs the lock next takes it then
 *	wait, block     lets the lock go, sleeps
 *	client          lets the lock go, sleeps until its client has asked again, if it has not yet
 *
 * Without a lock (threads, fork, seq, free) the first three are work, all alike. Interpreted work that is cut off in the
 * middle (a request, used-up ticks, a used-up slice) goes on where it was.
 */
#include "sim/engine.h"

static void advance(struct sim *, struct sim_task *);

/* Takes the segment's length once, however often it is cut off. */
static int64_t draw(struct sim_task *t)
{
	if (!t->is_drawn) {
		const struct segment *segment = task_segment(t);
		t->left_ns = segment->spread == SPREAD_CONSTANT ? segment->mean_ns
								: variate_segment(&t->random, segment);
		if (segment->kind == SEGMENT_GIL && t->role->scale != 1)
			t->left_ns = (int64_t)((double)t->left_ns * t->role->scale + 0.5);
		t->is_drawn = true;
	}
	return t->left_ns;
}

static void end_segment(struct sim *s, struct sim_task *t)
{
	client_hear(s, t);
	t->segment++;
	t->is_drawn = false;
	s->event_count++;
}

static void work(struct sim *s, struct sim_task *t, int64_t ns)
{
	t->why = WHY_WORKED;
	task_is(s, t, WHERE_WORK);
	cpu_work(s, &t->thread, ns);
}

/* The lock is gone, and everybody who may have it has been told. True: may go on. */
static bool let_go(struct sim *s, struct sim_task *t)
{
	return !t->holds || lock_drop(s, t, false);
}

static void sleep_for(struct sim *s, struct sim_task *t, int64_t ns)
{
	task_is(s, t, WHERE_WAIT);
	sim_note(s, t, TRACE_SLEEP, false);
	t->why = WHY_WAITED;
	cpu_sleep(s, &t->thread);
	events_put(&s->events, s->now_ns + ns, t->thread.id);
}

void task_timer(struct sim *s, struct sim_task *t)
{
	task_wake(s, t, WHY_WAITED, WAKING_BY_TIMER);
}

int64_t task_wake(struct sim *s, struct sim_task *t, enum why why, enum waking how)
{
	t->why = (uint8_t)why;
	if (t->where != WHERE_LOCK)
		task_is(s, t, WHERE_LATENCY);
	return cpu_wake(s, &t->thread, how);
}

bool task_is_asked(struct sim_task *t, int64_t left_ns)
{
	if (!t->holds || !lock_is_asked(t) || task_segment(t)->kind != SEGMENT_GIL)
		return false;
	t->left_ns += left_ns;
	t->why = WHY_ASKED;
	return true;
}

/* ---- segments: each returns true when the next may follow at once --------------------------------- */

static bool begin_interpreted(struct sim *s, struct sim_task *t)
{
	int64_t left_ns = draw(t);
	if (left_ns == 0) {
		end_segment(s, t);
		return true;
	}
	if (t->lock != NULL && !t->holds && !lock_take(s, t))
		return false;
	left_ns += t->debt_ns;
	t->debt_ns = 0;
	t->turn_ns = t->lock != NULL && task_segment(t)->kind == SEGMENT_GIL ? lock_turn_ns(s, t, left_ns)
									     : left_ns;
	t->left_ns = left_ns - t->turn_ns;
	work(s, t, t->turn_ns);
	/* A request may stand that was made of whoever had the lock before: see logic_settle. */
	if (t->lock != NULL)
		lock_notice(s, t->lock);
	return false;
}

static bool begin_native(struct sim *s, struct sim_task *t)
{
	int64_t left_ns = draw(t);
	if (left_ns == 0) {
		end_segment(s, t);
		return true;
	}
	if (!let_go(s, t))
		return false;
	sim_note(s, t, TRACE_CALL, false);
	t->left_ns = 0;
	work(s, t, left_ns);
	return false;
}

static bool begin_wait(struct sim *s, struct sim_task *t)
{
	int64_t left_ns = draw(t);
	if (left_ns == 0) {
		end_segment(s, t);
		return true;
	}
	if (let_go(s, t))
		sleep_for(s, t, left_ns);
	return false;
}

static bool begin_client(struct sim *s, struct sim_task *t)
{
	if (!let_go(s, t))
		return false;
	client_answer(s, t);
	if (client_has_asked(t)) {
		end_segment(s, t);
		return true;
	}
	task_is(s, t, WHERE_WAIT);
	sim_note(s, t, TRACE_WAIT, false);
	cpu_sleep(s, &t->thread);
	return false;
}

static bool begin_segment(struct sim *s, struct sim_task *t)
{
	switch (task_segment(t)->kind) {
	case SEGMENT_GIL:
	case SEGMENT_HOLD:
		return begin_interpreted(s, t);
	case SEGMENT_FREE:
		return begin_native(s, t);
	case SEGMENT_WAIT:
	case SEGMENT_BLOCK:
		return begin_wait(s, t);
	case SEGMENT_CLIENT:
		return begin_client(s, t);
	case SEGMENT_KINDS:
		break;
	}
	return false;
}

/* ---- operations ---------------------------------------------------------------------------------------- */

static void end_task(struct sim *s, struct sim_task *t)
{
	if (t->holds && !lock_drop(s, t, false)) {
		/* It does not look back. */
		t->lock->yielding = NULL;
		t->thread.is_working = false;
		events_take_back(&s->events, t->thread.id);
	}
	sim_note(s, t, TRACE_END, false);
	task_is(s, t, WHERE_WAIT);
	if (t->thread.state != THREAD_ASLEEP)
		cpu_sleep(s, &t->thread);
	t->thread.state = THREAD_ENDED;
	s->live--;
}

static bool begin_operation(struct sim *s, struct sim_task *t)
{
	if (operation_begin(s, t))
		return true;
	end_task(s, t);
	return false;
}

static void wait_until_due(struct sim *s, struct sim_task *t)
{
	if (!let_go(s, t))
		return;
	t->is_early = false;
	sleep_for(s, t, t->began_ns - s->now_ns);
}

static void advance(struct sim *s, struct sim_task *t)
{
	for (;;) {
		if (t->is_early) {
			wait_until_due(s, t);
			return;
		}
		if (t->segment == t->role->segment_count) {
			operation_done(s, t);
			if (!begin_operation(s, t))
				return;
			continue;
		}
		if (!begin_segment(s, t))
			return;
	}
}

/* Is the turn of a holder over, that has worked? Native code that held the lock stands for one tick. */
static bool must_let_go(struct sim *s, struct sim_task *t)
{
	if (!t->holds)
		return false;
	bool is_native = task_segment(t)->kind != SEGMENT_GIL;
	return lock_spend(s, t, is_native ? t->role->tick_ns : t->turn_ns) || lock_is_asked(t);
}

/* Work has ended: the segment, or a turn of it. */
static void worked(struct sim *s, struct sim_task *t)
{
	/* A call that answers is over when the client has been woken. */
	int64_t more_ns = t->left_ns == 0 && !t->holds ? client_hear(s, t) : 0;
	if (more_ns > 0) {
		work(s, t, more_ns);
		return;
	}
	bool is_asked = must_let_go(s, t);
	if (task_segment(t)->kind == SEGMENT_FREE)
		sim_note(s, t, TRACE_RETURN, false);
	if (t->left_ns == 0)
		end_segment(s, t);
	if (!is_asked || lock_drop(s, t, true))
		advance(s, t);
}

void task_resume(struct sim *s, struct sim_task *t)
{
	switch ((enum why)t->why) {
	case WHY_BEGIN:
		sim_note(s, t, TRACE_BEGIN, false);
		if (begin_operation(s, t))
			advance(s, t);
		break;
	case WHY_WORKED:
		worked(s, t);
		break;
	case WHY_WAITED:
		sim_note(s, t, TRACE_WOKE, false);
		if (t->is_drawn || task_segment(t)->kind == SEGMENT_CLIENT)
			end_segment(s, t);
		advance(s, t);
		break;
	case WHY_LOCK:
	case WHY_INTERVAL:
		if (lock_woken(s, t))
			advance(s, t);
		break;
	case WHY_ASKED:
		if (lock_drop(s, t, true))
			advance(s, t);
		break;
	case WHY_DROPPED:
		if (lock_dropped(s, t))
			advance(s, t);
		break;
	case WHY_SWITCHED:
		advance(s, t);
		break;
	}
}
