/*
 * mixed: a request as servers see them: interpreted work, then a wait for somebody else (a database, a disk).
 * One core can serve (work + wait) / work tasks: under `gil` and on a loop throughput rises with the tasks up
 * to there and stops; threads and processes go on up to that many per core. Work shorter than the switch
 * interval (5 ms) never provokes a forced switch: under `gil` a task that comes back from its wait waits for
 * the other's whole work.
 *
 * With spread=exp waits are drawn from an exponential distribution, the same sequence under every model;
 * constant waits lock a loop's tasks into step. The amount of work is a count of iterations, never a time, so
 * that every model does the same. Proof: as for spin, the result of the work has a closed form.
 */
#include <gilbench/workload.h>

enum { WORK_MS, WAIT_MS, SPREAD, ITERATIONS_PER_MS };
enum { SPREAD_CONST, SPREAD_EXP };
static const struct param params[] = {
	[WORK_MS] = {"work_ms", 1, 0, 60000, NULL, "interpreted work of one request, milliseconds"},
	[WAIT_MS] = {"wait_ms", 4, 0, 60000, NULL, "wait of one request, milliseconds"},
	[SPREAD] = {"spread", SPREAD_CONST, 0, 1, "const|exp",
		    "how long waits are: all alike, or exponential"},
	[ITERATIONS_PER_MS] = {"iterations_per_ms", 20000, 1, 1e7, NULL, "what a millisecond of work is"},
	{0},
};

struct request {
	uint64_t result, deadline_ns;
};

static uint64_t iterations(const struct job *job)
{
	return (uint64_t)(job->param[WORK_MS] * job->param[ITERATIONS_PER_MS]);
}

static uint64_t wait_ns(const struct job *job, uint64_t op)
{
	double ms = job->param[WAIT_MS];
	if (job->param[SPREAD] == SPREAD_EXP)
		ms = job_exponential(job, op, 0, ms);
	return (uint64_t)(ms * NS_PER_MS);
}

static enum step step(struct task *t)
{
	struct request *r = t->state;
	if (t->phase == 0) {
		t->phase = 1;
		r->result = task_interpret(t, t->op, iterations(t->job));
		r->deadline_ns = clock_now_ns() + wait_ns(t->job, t->op);
	}
	if (clock_now_ns() < r->deadline_ns)
		return task_wait_until(t, r->deadline_ns);
	task_result(t, r->result);
	return STEP_DONE;
}

static uint64_t value(const struct job *job, uint64_t op)
{
	return arithmetic_after(op, iterations(job) * INTERPRETED_ROUNDS);
}

WORKLOAD(mixed) = {
	.name = "mixed",
	.summary = "a request: interpreted work, then a wait",
	.class = WORK_MIXED,
	.is_stand_in = true,
	.params = params,
	.task_bytes = sizeof(struct request),
	.step = step,
	.value = value,
};
