/*
 * mixed: a request as servers see them: interpreted work, then a wait for somebody else (a database, a disk).
 * One core can serve (work + wait) / work tasks: under `gil` and on a loop throughput rises with the tasks up
 * to there and stops; threads and processes go on up to that many per core. Work shorter than the switch
 * interval (5 ms) never provokes a forced switch: under `gil` a task that comes back from its wait waits for
 * the other's whole work.
 *
 * With spread=exp waits are drawn from an exponential distribution, the same sequence under every model;
 * constant waits lock a loop's tasks into step. The amount of work is a count of iterations, never a time, so
 * that every model does the same. Proof: as for spin, the work is an affine map that repeated squaring finds
 * again.
 */
#include <gilbench/workload.h>

/* Knuth's MMIX generator, and one iteration of about 50 ns, ten opcodes: as in spin. */
#define FACTOR    6364136223846793005u
#define INCREMENT 1442695040888963407u
#define ROUNDS    45
#define TICKS     10

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

static uint64_t work(struct task *t)
{
	uint64_t x = t->op;
	for (uint64_t left = iterations(t->job); left > 0; left--) {
		for (int round = 0; round < ROUNDS; round++)
			x = x * FACTOR + INCREMENT;
		task_checkpoint(t, TICKS);
	}
	return x;
}

static enum step step(struct task *t)
{
	struct request *r = t->state;
	if (t->phase == 0) {
		t->phase = 1;
		r->result = work(t);
		r->deadline_ns = clock_now_ns() + wait_ns(t->job, t->op);
	}
	if (clock_now_ns() < r->deadline_ns)
		return task_wait_until(t, r->deadline_ns);
	task_result(t, r->result);
	return STEP_DONE;
}

static uint64_t value(const struct job *job, uint64_t op)
{
	uint64_t factor = FACTOR, increment = INCREMENT, x = op;
	for (uint64_t n = iterations(job) * ROUNDS; n > 0; n /= 2) {
		if (n % 2 == 1)
			x = x * factor + increment;
		increment = increment * (factor + 1);
		factor *= factor;
	}
	return x;
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
