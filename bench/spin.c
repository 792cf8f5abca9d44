/*
 * spin: interpreter-like arithmetic, the CPU-bound work of every introduction to the GIL. One iteration
 * stands for one turn of a Python loop: about ten opcodes, 50 ns, one checkpoint. Threads and processes scale
 * with the cores; under `gil` and on a loop one core is all there is.
 *
 * Proof: n rounds of x -> a x + c are again one affine map, found by repeated squaring without running the
 * loop.
 */
#include <gilbench/workload.h>

/* Knuth's MMIX generator; any odd pair would do. */
#define FACTOR    6364136223846793005u
#define INCREMENT 1442695040888963407u
/* Rounds in one iteration: multiply and add wait for each other, 4 to 5 cycles a round, so about 50 ns. */
#define ROUNDS 45
/* Opcodes that one iteration stands for. */
#define TICKS 10

enum { ITERATIONS };
static const struct param params[] = {
	[ITERATIONS] = {"iterations", 20000, 1, 1e9, NULL, "turns of the loop, about 50 ns each"},
	{0},
};

static enum step step(struct task *t)
{
	uint64_t x = t->op, left = (uint64_t)t->job->param[ITERATIONS];
	while (left-- > 0) {
		for (int round = 0; round < ROUNDS; round++)
			x = x * FACTOR + INCREMENT;
		task_checkpoint(t, TICKS);
	}
	task_result(t, x);
	return STEP_DONE;
}

static uint64_t value(const struct job *job, uint64_t op)
{
	uint64_t factor = FACTOR, increment = INCREMENT, x = op;
	for (uint64_t n = (uint64_t)job->param[ITERATIONS] * ROUNDS; n > 0; n /= 2) {
		if (n % 2 == 1)
			x = x * factor + increment;
		increment = increment * (factor + 1);
		factor *= factor;
	}
	return x;
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
