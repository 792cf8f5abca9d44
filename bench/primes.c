/*
 * primes: counts the primes in a range of numbers by trial division: CPU-bound Python with branches and
 * division instead of spin's straight arithmetic. It checks in every few divisions, so that under `gil` it
 * can be asked to drop the lock as an interpreter would be; threads and processes scale with the cores.
 *
 * Proof: the same range through a sieve of Eratosthenes. Operations cycle through 16 ranges just above a
 * million, where all cost the same; with numbers=62500 they count the primes from one million to two: 70435.
 */
#include <stdlib.h>
#include <string.h>

#include <gilbench/workload.h>

#define FIRST_NUMBER 1000000u
#define RANGES       16
/* Divisions between two checkpoints, about 50 ns; each stands for some opcodes (%, compare, +=, jump). */
#define DIVISIONS 16
#define TICKS     16

enum { NUMBERS };
static const struct param params[] = {
	[NUMBERS] = {"numbers", 12500, 1, 1e6, NULL, "numbers looked at in one operation"},
	{0},
};

static uint32_t range_start(const struct job *job, uint64_t op)
{
	return FIRST_NUMBER + (uint32_t)(op % RANGES) * (uint32_t)job->param[NUMBERS];
}

static bool is_prime(struct task *t, uint32_t number)
{
	if (number % 2 == 0)
		return false;
	for (uint32_t divisor = 3; divisor * divisor <= number;) {
		for (int i = 0; i < DIVISIONS; i++, divisor += 2)
			if (number % divisor == 0)
				return divisor == number;
		task_checkpoint(t, TICKS);
	}
	return true;
}

static enum step step(struct task *t)
{
	uint32_t first = range_start(t->job, t->op), primes = 0;
	for (uint32_t i = 0; i < (uint32_t)t->job->param[NUMBERS]; i++)
		primes += is_prime(t, first + i);
	task_result(t, primes);
	return STEP_DONE;
}

static uint64_t value(const struct job *job, uint64_t op)
{
	uint32_t first = range_start(job, op), count = (uint32_t)job->param[NUMBERS], primes = 0;
	char *is_composite = calloc(count, 1);
	for (uint32_t p = 2; is_composite != NULL && p * p < first + count; p++)
		for (uint32_t n = (first + p - 1) / p * p; n < first + count; n += p)
			is_composite[n - first] = 1;
	for (uint32_t i = 0; is_composite != NULL && i < count; i++)
		primes += !is_composite[i];
	free(is_composite);
	return primes;
}

WORKLOAD(primes) = {
	.name = "primes",
	.summary = "primes by trial division: CPU-bound Python with branches",
	.class = WORK_CPU,
	.is_stand_in = true,
	.period = RANGES,
	.params = params,
	.step = step,
	.value = value,
};
