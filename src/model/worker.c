/*
 * worker: claiming, timing and counting operations. The same for every model.
 *
 * An operation costs the harness one addition to the role's shared counter, one look at the clock, and one
 * bucket of a histogram. The end of an operation is the beginning of the worker's next, so a latency contains
 * all that delayed the operation: waiting for a lock, for the loop's turn, for a processor.
 *
 * Runs. An addition to a word that another processor has just written costs about 100 ns, four times the rest
 * together. So workers that run truly at the same time claim very short operations by the run: one number at
 * first, twice as many while a run takes less than RUN_NS / 2, and one again as soon as a run took longer
 * than RUN_NS. What is left over at the end of a batch is thus shared out to within microseconds, and
 * operations of more than a few microseconds are claimed one by one; so are operations that do anything but
 * compute, for one may wait until the next has begun, which another worker must then be free to do.
 *
 * Open loop (--rate): operation i is due at i / rate after the start. A worker that claims it early waits; its
 * latency counts from when it was due, not from when somebody got round to it, so that a worker which was held
 * up shows in every operation that it kept waiting.
 *
 * A batch ends when no number is left. In a window an operation counts if it ended before the stop. One that
 * ended after it was done all the same (its effects are there), so the answer is checked over all that were
 * done, and only `ops` leaves it out. What was claimed and never ended is `open` and taken out of the answer.
 */

#include "model/engine.h"

/* A run's length in time: long beside an addition to a contended word, short beside a sample of 100 ms. */
#define RUN_NS (10u * NS_PER_US)

/* A run's length in operations: enough for a word's 100 ns to vanish beside the clock's 20 ns per operation.
 */
#define RUN_MAX 64

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
	const struct gun *gun = w->lane->engine->gun;
	w->start_ns = gun->start_ns;
	w->stop_ns = gun->stop_ns;
	w->began_ns = clock_now_ns();
	if (w->ring != NULL)
		trace_record(w->ring, w->began_ns, TRACE_BEGIN, false, 0);
	if (w->task.job->rate_per_s > 0 && w->lane->clients == NULL) {
		w->period_ns = (double)NS_PER_S / w->task.job->rate_per_s;
		worker_claim_singly(w);
	}
}

void worker_reset_wants(struct task *t)
{
	t->wait = (struct task_wait){.fd = -1};
}

/* How long the next run should be: see the note above. */
static void fit_run(struct worker *w)
{
	uint64_t now = w->reads_clock ? w->began_ns : clock_now_ns();
	if (w->run_end != 0) {
		uint64_t took_ns = now - w->run_began_ns;
		if (took_ns > RUN_NS)
			w->run_length = 1;
		else if (took_ns < RUN_NS / 2 && w->run_length < RUN_MAX)
			w->run_length *= 2;
	}
	w->run_began_ns = now;
}

static bool claim_run(struct worker *w)
{
	if (w->claims_runs)
		fit_run(w);
	/* Relaxed: see struct claims. */
	uint64_t first = atomic_fetch_add_explicit(&w->claims->next, w->run_length, memory_order_relaxed);
	if (first >= w->limit)
		return false;
	w->run_next = first;
	w->run_end = w->run_length < w->limit - first ? first + w->run_length : w->limit;
	return true;
}

bool worker_claim(struct worker *w)
{
	if (w->run_next == w->run_end && !claim_run(w))
		return false;
	w->task.op = w->run_next++;
	w->task.phase = 0;
	w->task.latency_ns = NOT_SAID;
	w->has_open = true;
	if (w->period_ns > 0)
		w->began_ns = worker_due_ns(w, w->task.op);
	return true;
}

/* Before what ends a stretch of interpreted work. */
static void note_ticks(struct worker *w, uint64_t now)
{
	if (!w->counts_ticks)
		return;
	trace_record(w->ring, now, TRACE_TICKS, false, (int)w->ticks);
	w->ticks = 0;
}

/* Out of line: the way of those who record nothing stays as short as it can be. */
static __attribute__((noinline, cold)) void note_done(struct worker *w, uint64_t now)
{
	note_ticks(w, now);
	trace_record(w->ring, now, TRACE_DONE, false, 0);
}

void worker_note_wait(struct worker *w, const struct task_wait *wait)
{
	if (__builtin_expect(w->ring == NULL, 1))
		return;
	uint64_t now = clock_now_ns(), left_ns = wait->deadline_ns > now ? wait->deadline_ns - now : 0;
	note_ticks(w, now);
	if (wait->event != NULL || wait->fd >= 0)
		trace_record(w->ring, now, TRACE_WAIT, wait->event != NULL, 0);
	else
		trace_record(w->ring, now, TRACE_SLEEP, false,
			     left_ns < INT32_MAX ? (int)left_ns : INT32_MAX);
}

void worker_note_call(struct worker *w, const struct task_call *call)
{
	if (__builtin_expect(w->ring == NULL, 1))
		return;
	uint64_t now = clock_now_ns();
	note_ticks(w, now);
	trace_record(w->ring, now, TRACE_CALL, call->time == CALL_WAIT, call->fd >= 0);
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
	if (__builtin_expect(now > w->stop_ns, 0)) {
		/* Too late to count; but it was due, and has waited at least until the end. */
		if (w->period_ns > 0 && w->hist != NULL && w->began_ns < w->stop_ns)
			hist_record(w->hist, w->stop_ns - w->began_ns);
		return false;
	}
	if (__builtin_expect(w->ring != NULL, 0))
		note_done(w, now);
	if (w->hist != NULL)
		hist_record(w->hist, w->task.latency_ns == NOT_SAID ? now - w->began_ns : w->task.latency_ns);
	w->began_ns = w->end_ns = now;
	w->ops++;
	return true;
}

void worker_publish(struct worker *w)
{
	struct slot *slot = w->slot;
	slot->left_ns = clock_now_ns();
	if (w->ring != NULL)
		trace_record(w->ring, slot->left_ns, TRACE_END, false, 0);
	if (!w->reads_clock && w->ops > 0)
		w->end_ns = slot->left_ns;
	slot->ops = w->ops;
	slot->done = w->done;
	slot->sum = w->sum;
	slot->end_ns = w->end_ns;
	slot->open_from = w->has_open ? w->task.op : w->run_next;
	slot->open_to = w->run_end;
	slot->gil_held_ns = w->gil.held_ns;
	slot->gil_wait_ns = w->gil.wait_ns;
	slot->gil_longest_wait_ns = w->gil.longest_wait_ns;
	slot->gil_acquisitions = w->gil.acquisitions;
	slot->gil_switches = w->gil.switches;
	slot->gil_forced = w->gil.forced;
	slot->has_published = true;
}
