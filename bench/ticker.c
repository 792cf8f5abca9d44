/*
 * ticker: wakes every millisecond and does little, as a thread that serves a meter, a screen or a heartbeat: the
 * prompt task of bpo-7946's comparison of lock policies. Alone it is always in time. Beside CPU-bound tasks under
 * `gil` each waking must get the lock first, and what that takes is the operation's latency: from the time at which
 * it meant to wake to the time at which its work is done.
 *
 * Closed loop: the next tick is a period after this one was done, so a late tick delays the next and is counted
 * once. With --rate ticks are due at fixed times, and each late one is counted from its own.
 *
 * Proof: as for spin, the result of the work has a closed form.
 */
#include <gilbench/workload.h>

/* Interpreted turns per microsecond of work: task_interpret's turn is about 50 ns. */
#define TURNS_PER_US 20

enum { PERIOD_MS, WORK_US };
static const struct param params[] = {
	[PERIOD_MS] = {"period_ms", 1, 0.01, 60000, NULL,
		       "from the end of one tick to the next, milliseconds"},
	[WORK_US] = {"work_us", 10, 0, 1e6, NULL, "interpreted work of one tick, microseconds"},
	{0},
};

struct tick {
	uint64_t due_ns;
};

static uint64_t turns(const struct job *job)
{
	return (uint64_t)(job->param[WORK_US] * TURNS_PER_US);
}

static enum step step(struct task *t)
{
	struct tick *tick = t->state;
	bool is_open = t->job->rate_per_s > 0;
	if (t->phase++ == 0 && !is_open) {
		tick->due_ns = clock_now_ns() + (uint64_t)(t->job->param[PERIOD_MS] * NS_PER_MS);
		return task_wait_until(t, tick->due_ns);
	}
	task_result(t, task_interpret(t, t->op, turns(t->job)));
	if (!is_open)
		task_latency(t, clock_now_ns() - tick->due_ns);
	return STEP_DONE;
}

static uint64_t value(const struct job *job, uint64_t op)
{
	return arithmetic_after(op, turns(job) * INTERPRETED_ROUNDS);
}

WORKLOAD(ticker) = {
	.name = "ticker",
	.summary = "wakes every millisecond and does little; latency is how late",
	.class = WORK_WAIT,
	.is_stand_in = true,
	.params = params,
	.task_bytes = sizeof(struct tick),
	.step = step,
	.value = value,
};
