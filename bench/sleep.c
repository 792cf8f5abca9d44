/*
 * sleep: a pure wait, as `await asyncio.sleep(0.005)` or a thread in time.sleep: no processor is needed, so
 * every model overlaps waits and even `gil` scales with the number of tasks. The lock is dropped for the
 * wait.
 *
 * Proof: an operation counts only when its own deadline has passed; an early waking waits again.
 */
#include <gilbench/workload.h>

enum { MS };
static const struct param params[] = {
	[MS] = {"ms", 5, 0.001, 60000, NULL, "length of one wait, milliseconds"},
	{0},
};

struct nap {
	uint64_t deadline_ns;
};

static enum step step(struct task *t)
{
	struct nap *nap = t->state;
	uint64_t now = clock_now_ns();
	if (t->phase == 0) {
		t->phase = 1;
		nap->deadline_ns = now + (uint64_t)(t->job->param[MS] * NS_PER_MS);
	}
	if (now < nap->deadline_ns)
		return task_wait_until(t, nap->deadline_ns);
	task_result(t, t->op);
	return STEP_DONE;
}

static uint64_t value(const struct job *job, uint64_t op)
{
	(void)job;
	return op;
}

WORKLOAD(sleep) = {
	.name = "sleep",
	.summary = "a pure wait",
	.class = WORK_WAIT,
	.params = params,
	.task_bytes = sizeof(struct nap),
	.step = step,
	.value = value,
};
