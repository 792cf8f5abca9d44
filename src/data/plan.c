/*
 * plan: the seeded order of a block, and the seeds of its samples. See plan.h.
 *
 * The order of block b is a Fisher-Yates shuffle driven by splitmix64 from mix(seed, b): it depends on
 * nothing else, so a resumed run needs no record of it.
 */
#include <stdlib.h>

#include <gilbench/plan.h>
#include <gilbench/util.h>

/* Salts keep the orders and the sample seeds of one plan apart. The exact values do not matter. */
#define SALT_ORDER 0x6f72646572u
#define SALT_SEED  0x73656564u

/* A number in [0, bound) without modulo bias (Lemire's multiply-shift; the bias left, 2^-64 x bound, is
 * beyond notice). */
static unsigned random_below(uint64_t *state, unsigned bound)
{
	return (unsigned)(((random_next(state) >> 32) * bound) >> 32);
}

void plan_order(const struct plan *plan, unsigned block, unsigned *order)
{
	uint64_t state = mix64(plan->options.seed ^ SALT_ORDER) + block;
	random_next(&state);
	for (unsigned i = 0; i < plan->cell_count; i++) {
		unsigned j = random_below(&state, i + 1);
		order[i] = order[j];
		order[j] = i;
	}
}

uint64_t plan_sample_seed(const struct plan *plan, size_t cell, unsigned block)
{
	uint64_t state = mix64(plan->options.seed ^ SALT_SEED) + ((uint64_t)block << 32);
	state += (uint64_t)plan->cells[cell].group;
	/* 53 bits: a seed must survive a JSON number. */
	return random_next(&state) >> 11;
}

/* Every cell and group owns its strings. */
void plan_release(struct plan *plan)
{
	for (size_t i = 0; i < plan->cell_count; i++) {
		const struct cell *cell = &plan->cells[i].cell;
		const char *const strings[] = {cell->experiment, cell->cast, cell->params, cell->model,
					       cell->policy};
		for (size_t s = 0; s < ARRAY_LEN(strings); s++)
			free((void *)(uintptr_t)strings[s]);
	}
	for (size_t i = 0; i < plan->group_count; i++) {
		const struct group *group = &plan->groups[i];
		free((void *)(uintptr_t)group->experiment);
		free((void *)(uintptr_t)group->cast);
		free((void *)(uintptr_t)group->params);
		free((void *)(uintptr_t)group->name);
	}
	for (size_t i = 0; i < plan->warning_count; i++)
		free(plan->warnings[i]);
	free(plan->warnings);
	free(plan->groups);
	free(plan->cells);
	free(plan->options.affinity);
	*plan = (struct plan){0};
}
