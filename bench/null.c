/*
 * null: an operation that does nothing. It measures the harness itself: claiming an operation, reading the
 * clock, recording a latency. Whatever another workload costs per operation, this much of it is ours. Under
 * `gil` the lock stays held from one operation to the next; on a loop every operation is a turn.
 */
#include <gilbench/workload.h>

static enum step step(struct task *t)
{
	task_result(t, t->op);
	return STEP_DONE;
}

static uint64_t value(const struct job *job, uint64_t op)
{
	(void)job;
	return op;
}

WORKLOAD(null) = {
	.name = "null",
	.summary = "nothing: the harness's own cost per operation",
	.class = WORK_NOTHING,
	.step = step,
	.value = value,
};
