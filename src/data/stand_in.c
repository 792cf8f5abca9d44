/*
 * stand_in: the compiled work that stands for interpreted code, in one place, so that a turn of the loop means
 * the same in every workload and a change of its pace changes all of them. See workload.h.
 *
 * A round is x -> a x + c in registers. It cannot be shortened by a compiler or vectorised, since each waits for
 * the last, and its result after n rounds can be had in log n steps, which is how workloads prove their answer:
 * two affine maps one after the other are again one, so n of them are found by repeated squaring.
 */
#include <gilbench/workload.h>

uint64_t task_interpret(struct task *t, uint64_t x, uint64_t turns)
{
	for (; turns > 0; turns--) {
		for (int round = 0; round < INTERPRETED_ROUNDS; round++)
			x = arithmetic_round(x);
		task_checkpoint(t, INTERPRETED_TICKS);
	}
	return x;
}

uint64_t arithmetic_after(uint64_t x, uint64_t rounds)
{
	uint64_t factor = ARITHMETIC_FACTOR, increment = ARITHMETIC_INCREMENT;
	for (; rounds > 0; rounds /= 2) {
		if (rounds % 2 == 1)
			x = x * factor + increment;
		increment = increment * (factor + 1);
		factor *= factor;
	}
	return x;
}
