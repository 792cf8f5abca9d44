/*
 * registers: plain arithmetic in registers: no checkpoint, no memory, no lock. As many processes of it as
 * workers show what this machine can do at best when nothing is shared: the ceiling that charts draw beside
 * the ideal line. A clock that drops with every busy core, SMT, and efficiency cores all lower it.
 *
 * The rounds are those of interpreted work, so that the ceiling is the ceiling of that arithmetic. Proof: as for
 * spin, the result has a closed form.
 */
#include <gilbench/workload.h>

enum { ROUNDS };
static const struct param params[] = {
	[ROUNDS] = {"rounds", 900000, 1, 1e12, NULL, "multiply-adds, 4 to 5 cycles each"},
	{0},
};

static enum step step(struct task *t)
{
	uint64_t x = t->op;
	for (uint64_t left = (uint64_t)t->job->param[ROUNDS]; left > 0; left--)
		x = arithmetic_round(x);
	task_result(t, x);
	return STEP_DONE;
}

static uint64_t value(const struct job *job, uint64_t op)
{
	return arithmetic_after(op, (uint64_t)job->param[ROUNDS]);
}

WORKLOAD(registers) = {
	.name = "registers",
	.summary = "arithmetic in registers: what this machine can do at best",
	.class = WORK_CPU,
	.params = params,
	.step = step,
	.value = value,
};
