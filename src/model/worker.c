/*
 * worker: claiming, timing and counting operations. The same for every model.
 *
 * An operation costs the harness one addition to the role's shared counter, one look at the clock, and one
 * bucket of a histogram. The end of an operation is the beginning of the worker's next, so a latency contains
 * all that delayed the operation: waiting for a lock, for the loop's turn, for a processor.
 *
 * A batch ends when no number is left. In a window an operation counts if it ended before the stop. One that
 * ended after it was done all the same (its effects are there), so the answer is checked over all that were
 * done, and only `ops` leaves it out. One that never ended is `open` and is taken out of the answer.
 */

#include "model/engine.h"

int worker_setup(struct worker *w)
{
	const struct workload *workload = w->task.job->workload;
	if (workload->task_setup != NULL && workload->task_setup(&w->task) != 0)
		return -1;
	w->is_set_up = true;
	return 0;
}

void worker_teardown(struct worker *w)
{
	const struct workload *workload = w->task.job->workload;
	if (w->is_set_up && workload->task_teardown != NULL)
		workload->task_teardown(&w->task);
	w->is_set_up = false;
}

void worker_begin(struct worker *w)
{
	w->stop_ns = w->lane->engine->gun->stop_ns;
	w->began_ns = clock_now_ns();
}

void worker_reset_wants(struct task *t)
{
	t->wait = (struct task_wait){.fd = -1};
}

bool worker_claim(struct worker *w)
{
	/* Relaxed: see struct claims. */
	uint64_t op = atomic_fetch_add_explicit(&w->claims->next, 1, memory_order_relaxed);
	if (__builtin_expect(op >= w->limit, 0))
		return false;
	w->task.op = op;
	w->task.phase = 0;
	w->has_open = true;
	return true;
}

bool worker_done(struct worker *w)
{
	w->has_open = false;
	w->done++;
	w->sum = w->task.sum;
	if (!w->reads_clock) {
		w->ops++;
		return true;
	}
	uint64_t now = clock_now_ns();
	if (__builtin_expect(now > w->stop_ns, 0))
		return false;
	if (w->hist != NULL)
		hist_record(w->hist, now - w->began_ns);
	w->began_ns = w->end_ns = now;
	w->ops++;
	return true;
}

void worker_publish(struct worker *w)
{
	struct slot *slot = w->slot;
	if (!w->reads_clock && w->ops > 0)
		w->end_ns = clock_now_ns();
	slot->ops = w->ops;
	slot->done = w->done;
	slot->sum = w->sum;
	slot->end_ns = w->end_ns;
	slot->open_op = w->task.op;
	slot->has_open = w->has_open;
	slot->gil_held_ns = w->gil.held_ns;
	slot->gil_wait_ns = w->gil.wait_ns;
	slot->gil_switches = w->gil.switches;
	slot->gil_forced = w->gil.forced;
	slot->has_published = true;
}
