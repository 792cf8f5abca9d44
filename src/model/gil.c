/*
 * gil: one thread per task under one simulated global interpreter lock (src/sync/gil.c).
 *
 * A thread holds the lock whenever it runs a workload's step, and lets go of it around waits and native calls
 * (blocking.c). What the workload marks with task_checkpoint is where it can be asked to let go.
 *
 * Critical sections. A thread that waited for a task_mutex while it holds the lock would wait for a thread
 * that needs the lock to leave its section. So it only tries; if the mutex is taken, it drops the lock, waits
 * until the mutex is free, takes the lock, and looks again. Order: the lock, then a task_mutex by trying; a
 * task_mutex by waiting only without the lock.
 */
#include <errno.h>
#include <pthread.h>

#include "model/engine.h"

static struct gil_thread *lock_of(struct task *t)
{
	return &((struct worker *)t)->gil;
}

static void eval_break(struct task *t, unsigned ticks)
{
	gil_checkpoint(lock_of(t), ticks);
}

static void count_and_break(struct task *t, unsigned ticks)
{
	((struct worker *)t)->ticks += ticks;
	eval_break(t, ticks);
}

static void lock(struct task *t, struct task_mutex *m)
{
	struct worker *w = (struct worker *)t;
	while (pthread_mutex_trylock(&m->mutex) == EBUSY) {
		gil_drop(lock_of(t));
		worker_note(w, TRACE_WAIT, true);
		pthread_mutex_lock(&m->mutex);
		pthread_mutex_unlock(&m->mutex);
		worker_note(w, TRACE_WOKE, false);
		gil_take(lock_of(t));
	}
}

/* The same for a recording: a section that was free is one all the same. */
static void lock_and_note(struct task *t, struct task_mutex *m)
{
	worker_note((struct worker *)t, TRACE_WAIT, true);
	worker_note((struct worker *)t, TRACE_WOKE, false);
	lock(t, m);
}

static void unlock(struct task *t, struct task_mutex *m)
{
	(void)t;
	pthread_mutex_unlock(&m->mutex);
}

static void post(struct task *t, struct task_event *event)
{
	(void)t;
	sem_post(&event->sem);
}

static void release(struct task *t)
{
	gil_drop(lock_of(t));
	gil_take(lock_of(t));
}

static const struct task_ops ops = {
	.eval_break = eval_break, .lock = lock, .unlock = unlock, .signal = post, .release = release};

static const struct task_ops counting_ops = {.eval_break = count_and_break,
					     .lock = lock_and_note,
					     .unlock = unlock,
					     .signal = post,
					     .release = release};

static void trace_worker(const struct engine *e, struct worker *w)
{
	gil_thread_trace(&w->gil, w->ring);
	w->counts_ticks = e->execution->trace->counts_ticks;
	if (w->counts_ticks)
		w->task.ops = &counting_ops;
}

static int start(struct engine *e)
{
	if (e->execution->trace != NULL)
		gil_trace(e->gil, trace_timer_ring(e->execution->trace));
	for (int i = 0; i < e->task_count; i++) {
		gil_thread_init(&e->workers[i].gil, e->gil, true);
		e->workers[i].gil.waits = e->waits != NULL ? &e->waits[i] : NULL;
		if (e->workers[i].ring != NULL)
			trace_worker(e, &e->workers[i]);
		e->workers[i].task.breaker = gil_breaker(e->gil);
	}
	return thread_crew_start(e);
}

static const struct crew crew = {
	.ops = &ops,
	.start = start,
	.wake_all = thread_crew_wake,
	.interrupt = thread_crew_wake,
	.join = thread_crew_join,
};

static int run(const struct execution *execution, struct sample *sample)
{
	struct gil *gil = gil_new(&execution->policy);
	int error = engine_run(execution, sample, &crew, gil, NULL);
	gil_free(gil);
	return error;
}

const struct model model_gil = {
	.name = "gil",
	.label = "threads under a GIL (as Python's threading)",
	.legend = "threads + GIL",
	.summary = "one thread per task, and one lock that whoever runs interpreted work must hold",
	.has_lock = true,
	.run = run,
};
