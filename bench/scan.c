/*
 * scan: adds up an array that is larger than the caches, as numpy's sum: native code, lock released. No lock
 * is in the way under any model with several cores, and yet it stops scaling where the memory bus is full:
 * what all cores share is not always a lock.
 *
 * Proof: word k holds k, so the sum is known. Operations start at different words, so that tasks do not walk
 * in step through a shared cache.
 */
#include <gilbench/workload.h>

/* Where operation i starts: steps of the golden ratio spread any number of starts evenly. */
#define GOLDEN 0x9E3779B97F4A7C15u

enum { BYTES };
static const struct param params[] = {
	[BYTES] = {"bytes", 64 << 20, 8, 16e9, NULL, "length of the array"},
	{0},
};

static size_t word_count(const struct job *job)
{
	return (size_t)job->param[BYTES] / sizeof(uint64_t);
}

static size_t shared_bytes(const struct job *job)
{
	return word_count(job) * sizeof(uint64_t);
}

static int setup(struct job *job)
{
	uint64_t *words = job->shared;
	for (size_t k = 0; k < word_count(job); k++)
		words[k] = k;
	return 0;
}

static uint64_t sum(const uint64_t *from, const uint64_t *end)
{
	uint64_t total = 0;
	while (from < end)
		total += *from++;
	return total;
}

static void scan(struct task *t)
{
	const uint64_t *words = t->job->shared;
	size_t count = word_count(t->job), start = t->op * GOLDEN % count;
	*(uint64_t *)t->state = sum(words + start, words + count) + sum(words, words + start);
}

static enum step step(struct task *t)
{
	if (t->phase++ == 0)
		return task_call(t, scan, CALL_CPU);
	task_result(t, *(uint64_t *)t->state);
	return STEP_DONE;
}

static uint64_t value(const struct job *job, uint64_t op)
{
	uint64_t count = word_count(job);
	(void)op;
	return count % 2 == 0 ? count / 2 * (count - 1) : (count - 1) / 2 * count;
}

WORKLOAD(scan) = {
	.name = "scan",
	.summary = "sum of a large array: memory bandwidth, lock released",
	.class = WORK_CPU,
	.has_call = true,
	.period = 1,
	.params = params,
	.task_bytes = sizeof(uint64_t),
	.shared_bytes = shared_bytes,
	.setup = setup,
	.step = step,
	.value = value,
};
