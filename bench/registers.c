/*
 * registers: plain arithmetic in registers: no checkpoint, no memory, no lock. As many processes of it as
 * workers show what this machine can do at best when nothing is shared: the ceiling that charts draw beside
 * the ideal line. A clock that drops with every busy core, SMT, and efficiency cores all lower it.
 *
 * Proof: as for spin, n rounds of x -> a x + c are one affine map, found by repeated squaring.
 */
#include <gilbench/workload.h>

/* Knuth's MMIX generator, as in spin, so that the ceiling is the ceiling of that arithmetic. */
#define FACTOR    6364136223846793005u
#define INCREMENT 1442695040888963407u

enum { ROUNDS };
static const struct param params[] = {
	[ROUNDS] = {"rounds", 900000, 1, 1e12, NULL, "multiply-adds, 4 to 5 cycles each"},
	{0},
};

static enum step step(struct task *t)
{
	uint64_t x = t->op;
	for (uint64_t left = (uint64_t)t->job->param[ROUNDS]; left > 0; left--)
		x = x * FACTOR + INCREMENT;
	task_result(t, x);
	return STEP_DONE;
}

static uint64_t value(const struct job *job, uint64_t op)
{
	uint64_t factor = FACTOR, increment = INCREMENT, x = op;
	for (uint64_t n = (uint64_t)job->param[ROUNDS]; n > 0; n /= 2) {
		if (n % 2 == 1)
			x = x * factor + increment;
		increment = increment * (factor + 1);
		factor *= factor;
	}
	return x;
}

WORKLOAD(registers) = {
	.name = "registers",
	.summary = "arithmetic in registers: what this machine can do at best",
	.class = WORK_CPU,
	.params = params,
	.step = step,
	.value = value,
};
