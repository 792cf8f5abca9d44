/*
 * spin: interpreter-like arithmetic, the CPU-bound work of every introduction to the GIL. One iteration
 * stands for one turn of a Python loop: about ten opcodes, 50 ns, one checkpoint. Threads and processes scale
 * with the cores; under `gil` and on a loop one core is all there is.
 *
 * Proof: the loop's arithmetic has a closed form (arithmetic_after), so its result is known without running it.
 */
#include <gilbench/workload.h>

enum { ITERATIONS };
static const struct param params[] = {
	[ITERATIONS] = {"iterations", 20000, 1, 1e9, NULL, "turns of the loop, about 50 ns each"},
	{0},
};

static uint64_t iterations(const struct job *job)
{
	return (uint64_t)job->param[ITERATIONS];
}

static enum step step(struct task *t)
{
	task_result(t, task_interpret(t, t->op, iterations(t->job)));
	return STEP_DONE;
}

static uint64_t value(const struct job *job, uint64_t op)
{
	return arithmetic_after(op, iterations(job) * INTERPRETED_ROUNDS);
}

WORKLOAD(spin) = {
	.name = "spin",
	.summary = "interpreter-like arithmetic: CPU-bound Python",
	.class = WORK_CPU,
	.is_stand_in = true,
	.params = params,
	.step = step,
	.value = value,
};
